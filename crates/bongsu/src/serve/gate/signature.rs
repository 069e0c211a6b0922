//! Signed requests: HTTP message signatures (RFC 9421) with Ed25519, and digests of bodies (RFC 9530) with SHA-256.
//!
//! It promises that what is verified is method, path, query and body, by one reading of the headers: what has two readings is
//! refused. One signature a request; `created`, `expires`, `nonce` and `keyid` must be there. `@target-uri` is not taken: a
//! proxy in front of the server changes scheme and authority. It must never know whose key it is.

use super::limits;
use super::problem::Problem;
use axum::http::HeaderMap;
use base64ct::{Base64, Encoding};
use journal::note::{Algorithm, SignerKey, VerifierKey};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// What a request is, as far as it is signed.
#[derive(Clone, Copy, Debug)]
pub struct Message<'m> {
    /// `POST`, in capitals.
    pub method: &'m str,
    /// The path as it is on the wire.
    pub path: &'m str,
    /// What follows the question mark; empty where nothing does.
    pub query: &'m str,
    /// The body.
    pub body: &'m [u8],
}

/// A signature as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The key's id.
    pub key: String,
    /// Seconds since 1970.
    pub created: i64,
    /// Seconds since 1970.
    pub expires: i64,
    /// Said once.
    pub nonce: String,
    components: Vec<String>,
    parameters: String,
    signature: [u8; 64],
}

/// The components that must be covered; the digest only where there is a body.
const COVERED: [&str; 3] = ["@method", "@path", "@query"];
const DIGEST: &str = "content-digest";

fn malformed(detail: impl Into<String>) -> Problem {
    let hint = "`bongsu request` signs as this server reads; docs/gate.md has an example";
    Problem::new("signature-malformed", detail, hint)
}

/// The one value of a header.
fn only<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<&'h str>, Problem> {
    let mut all = headers.get_all(name).iter();
    let Some(first) = all.next() else { return Ok(None) };
    if all.next().is_some() {
        return Err(malformed(format!("{name} is there twice")));
    }
    first.to_str().map(Some).map_err(|_| malformed(format!("{name} is no ASCII")))
}

/// Reads the signature of a request and holds the body against its digest. Nothing is verified yet.
pub fn read(headers: &HeaderMap, message: &Message<'_>) -> Result<Signed, Problem> {
    let (Some(input), Some(signature)) = (only(headers, "signature-input")?, only(headers, "signature")?) else {
        let hint = "sign it by RFC 9421: `bongsu request METHOD URL --key FILE` does";
        return Err(Problem::new("unsigned", "no Signature-Input or no Signature", hint));
    };
    let (label, parameters) = input.split_once('=').ok_or_else(|| malformed("Signature-Input has no label"))?;
    let label_ok = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b"_-.*".contains(&c);
    if label.is_empty() || !label.bytes().all(label_ok) {
        return Err(malformed("Signature-Input: the label is no key of a dictionary"));
    }
    let encoded = signature
        .strip_prefix(label)
        .and_then(|rest| rest.strip_prefix("=:"))
        .and_then(|rest| rest.strip_suffix(':'))
        .ok_or_else(|| malformed("Signature has another label, or is no byte sequence"))?;
    let signature: [u8; 64] = Base64::decode_vec(encoded)
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| malformed("Signature is not 64 bytes in base64"))?;
    let (components, rest) = covered(parameters)?;
    let (mut created, mut expires, mut nonce, mut key) = (None, None, None, None);
    for parameter in rest.split(';').skip(1) {
        let (name, value) = parameter.split_once('=').ok_or_else(|| malformed(format!("{parameter}: no value")))?;
        let twice = match name {
            "created" => created.replace(number(value)?).is_some(),
            "expires" => expires.replace(number(value)?).is_some(),
            "nonce" => nonce.replace(quoted(value)?).is_some(),
            "keyid" => key.replace(quoted(value)?).is_some(),
            "alg" if quoted(value)? == "ed25519" => false,
            "tag" => quoted(value).map(|_| false)?,
            _ => return Err(malformed(format!("{name}: not a parameter that is taken"))),
        };
        if twice {
            return Err(malformed(format!("{name} is there twice")));
        }
    }
    if !rest.starts_with(';') {
        return Err(malformed("no parameters"));
    }
    let missing = |what: &str| malformed(format!("{what} is missing"));
    let signed = Signed {
        key: key.ok_or_else(|| missing("keyid"))?.to_string(),
        created: created.ok_or_else(|| missing("created"))?,
        expires: expires.ok_or_else(|| missing("expires"))?,
        nonce: nonce.ok_or_else(|| missing("nonce"))?.to_string(),
        components,
        parameters: parameters.to_string(),
        signature,
    };
    if signed.nonce.len() < 8 || signed.nonce.len() > limits::NONCE {
        return Err(malformed(format!("a nonce has 8 to {} letters", limits::NONCE)));
    }
    for must in COVERED {
        if !signed.components.iter().any(|c| c == must) {
            return Err(malformed(format!("{must} is not covered")));
        }
    }
    let digested = signed.components.iter().any(|c| c == DIGEST);
    match only(headers, DIGEST)? {
        None if message.body.is_empty() && !digested => {}
        None => return Err(malformed("content-digest must be there and covered")),
        Some(_) if !digested => return Err(malformed("content-digest is not covered")),
        Some(found) if found == digest(message.body) => {}
        Some(_) => {
            let hint = "Content-Digest: sha-256=:BASE64: over the bytes of the body, and no other digest";
            return Err(Problem::new("digest-wrong", "the digest is not that of the body", hint));
        }
    }
    Ok(signed)
}

/// The covered components, and the parameters behind them.
fn covered(text: &str) -> Result<(Vec<String>, &str), Problem> {
    let list = text.strip_prefix('(').and_then(|rest| rest.split_once(')'));
    let (list, rest) = list.ok_or_else(|| malformed("Signature-Input has no list of components"))?;
    let mut components: Vec<String> = Vec::new();
    for item in list.split(' ') {
        let name = quoted(item)?;
        if !COVERED.contains(&name) && name != DIGEST {
            return Err(malformed(format!("{name}: covered are @method, @path, @query and content-digest")));
        }
        if components.iter().any(|known| known == name) {
            return Err(malformed(format!("{name} is covered twice")));
        }
        components.push(name.to_string());
    }
    Ok((components, rest))
}

fn number(text: &str) -> Result<i64, Problem> {
    let plain = !text.is_empty() && text.len() <= 15 && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| plain).ok_or_else(|| malformed(format!("{text}: no whole seconds")))
}

/// A string without escapes: none of ours needs one.
fn quoted(text: &str) -> Result<&str, Problem> {
    let inner = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let plain = |c: u8| (0x20..0x7f).contains(&c) && !b"\"\\;,".contains(&c);
    inner.filter(|s| s.bytes().all(plain)).ok_or_else(|| malformed(format!("{text}: no plain quoted string")))
}

/// `Content-Digest` of a body.
pub fn digest(body: &[u8]) -> String {
    format!("sha-256=:{}:", Base64::encode_string(&Sha256::digest(body)))
}

/// What is signed.
pub fn base(message: &Message<'_>, components: &[String], parameters: &str) -> String {
    let mut base = String::new();
    for component in components {
        let value = match component.as_str() {
            "@method" => message.method.to_string(),
            "@path" => message.path.to_string(),
            "@query" => format!("?{}", message.query),
            _ => digest(message.body),
        };
        let _never = writeln!(base, "\"{component}\": {value}");
    }
    let _never = write!(base, "\"@signature-params\": {parameters}");
    base
}

impl Signed {
    /// Whether it is of this time, in seconds since 1970.
    pub fn is_of(&self, now: i64) -> Result<(), Problem> {
        let hint = "sign again just before sending; both clocks must be set";
        let wrong = |what: String| Err(Problem::new("signature-expired", what, hint));
        if self.created > now + limits::AHEAD {
            return wrong(format!("created {} s ahead of this server", self.created - now));
        }
        if now - self.created > limits::SIGNED || self.expires <= now {
            return wrong(format!("created {} s ago, expires at {}", now - self.created, self.expires));
        }
        if self.expires < self.created || self.expires - self.created > limits::SIGNED {
            return wrong(format!("it may count for {} s at most", limits::SIGNED));
        }
        Ok(())
    }

    /// Whether this key made it over this message.
    pub fn verify(&self, message: &Message<'_>, public: &[u8; 32]) -> Result<(), Problem> {
        let hint = "the signature base must be that of RFC 9421 section 2.5; docs/gate.md has an example";
        let wrong = || Problem::new("signature-wrong", format!("not a signature by {} over this", self.key), hint);
        let key = VerifierKey::new("request", Algorithm::Ed25519, public).map_err(|_| wrong())?;
        let base = base(message, &self.components, &self.parameters);
        key.verify(base.as_bytes(), &self.signature).map_err(|_| wrong())
    }
}

/// The headers of a signed request: `Signature-Input`, `Signature`, and `Content-Digest` where there is a body.
pub fn sign(key: &SignerKey, message: &Message<'_>, created: i64, nonce: &str) -> Vec<(&'static str, String)> {
    let mut components: Vec<String> = COVERED.iter().map(|c| (*c).to_string()).collect();
    let mut headers = Vec::new();
    if !message.body.is_empty() {
        components.push(DIGEST.to_string());
        headers.push((DIGEST, digest(message.body)));
    }
    let list: Vec<String> = components.iter().map(|c| format!("\"{c}\"")).collect();
    let id = key.verifier(Algorithm::Ed25519).name().to_string();
    let parameters = format!(
        "({});created={created};expires={};nonce=\"{nonce}\";keyid=\"{id}\";alg=\"ed25519\"",
        list.join(" "),
        created + limits::SIGNED
    );
    let signature = key.sign(base(message, &components, &parameters).as_bytes());
    headers.push(("signature-input", format!("sig={parameters}")));
    headers.push(("signature", format!("sig=:{}:", Base64::encode_string(&signature))));
    headers
}
