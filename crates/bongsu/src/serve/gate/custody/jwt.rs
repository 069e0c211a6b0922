//! Signed tokens (JWT, compact form) as co-signers exchange them: RS256 or EdDSA, by the key and never by what the token says.
//!
//! It promises that a token is read only after its signature holds under the one algorithm of the registered key: "none" and every other
//! algorithm are refused. It must never know what is asked.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, DecodePublicKey as _};
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use rsa::pkcs1v15;
use rsa::signature::{SignatureEncoding as _, Verifier as _};
use rsa::traits::PublicKeyParts as _;
use serde_json::{Value, json};
use sha2::Sha256;

/// Shortest RSA modulus: what NIST lets sign after 2013.
const RSA_BITS: usize = 2048;

/// The key of whoever asks.
#[derive(Debug)]
pub enum Public {
    /// RS256.
    Rsa(Box<pkcs1v15::VerifyingKey<Sha256>>),
    /// EdDSA over Ed25519.
    Ed25519(VerifyingKey),
}

/// The key that answers.
pub enum Private {
    /// RS256.
    Rsa(Box<pkcs1v15::SigningKey<Sha256>>),
    /// EdDSA over Ed25519.
    Ed25519(Box<SigningKey>),
}

impl Public {
    /// Reads `-----BEGIN PUBLIC KEY-----`.
    pub fn pem(text: &str) -> Result<Public, &'static str> {
        if let Ok(key) = VerifyingKey::from_public_key_pem(text) {
            return Ok(Public::Ed25519(key));
        }
        match rsa::PublicKey::from_public_key_pem(text) {
            Ok(key) if key.size() * 8 < RSA_BITS => Err("an RSA key of at least 2048 bits"),
            Ok(key) => Ok(Public::Rsa(Box::new(pkcs1v15::VerifyingKey::new(key)))),
            Err(_) => Err("a public key in PEM, RSA or Ed25519"),
        }
    }

    /// The claims of a token that this key signed.
    pub fn read(&self, token: &str) -> Result<Value, &'static str> {
        let token = token.trim();
        let (signed, signature) = token.rsplit_once('.').ok_or("three parts between points")?;
        let (header, claims) = signed.split_once('.').ok_or("three parts between points")?;
        let part = |text: &str| {
            let bytes = Base64UrlUnpadded::decode_vec(text).map_err(|_| "base64url without padding")?;
            serde_json::from_slice::<Value>(&bytes).map_err(|_| "JSON in each part")
        };
        let signature = Base64UrlUnpadded::decode_vec(signature).map_err(|_| "base64url without padding")?;
        let (algorithm, holds) = match self {
            Public::Rsa(key) => {
                let signature = pkcs1v15::Signature::try_from(signature.as_slice()).map_err(|_| "a signature")?;
                ("RS256", key.verify(signed.as_bytes(), &signature).is_ok())
            }
            Public::Ed25519(key) => {
                let signature =
                    ed25519_dalek::Signature::from_slice(&signature).map_err(|_| "a signature of 64 bytes")?;
                ("EdDSA", key.verify_strict(signed.as_bytes(), &signature).is_ok())
            }
        };
        // The key says which algorithm; a header that says another is not believed, nor one that needs more to be understood.
        let header = part(header)?;
        if header.get("alg").and_then(Value::as_str) != Some(algorithm) || header.get("crit").is_some() {
            return Err("the algorithm of the registered key");
        }
        if !holds {
            return Err("a signature of the registered key");
        }
        part(claims).and_then(|claims| if claims.is_object() { Ok(claims) } else { Err("an object of claims") })
    }
}

impl Private {
    /// Reads `-----BEGIN PRIVATE KEY-----`.
    pub fn pem(text: &str) -> Result<Private, &'static str> {
        if let Ok(key) = SigningKey::from_pkcs8_pem(text) {
            return Ok(Private::Ed25519(Box::new(key)));
        }
        let key = rsa::PrivateKey::from_pkcs8_pem(text).map_err(|_| "a private key in PEM (PKCS#8), RSA or Ed25519")?;
        if key.size() * 8 < RSA_BITS {
            return Err("an RSA key of at least 2048 bits");
        }
        Ok(Private::Rsa(Box::new(pkcs1v15::SigningKey::new(key))))
    }

    /// A token of these claims.
    pub fn sign(&self, claims: &Value) -> Result<String, &'static str> {
        let algorithm = if matches!(self, Private::Rsa(_)) { "RS256" } else { "EdDSA" };
        let part = |value: &Value| Base64UrlUnpadded::encode_string(value.to_string().as_bytes());
        let signed = format!("{}.{}", part(&json!({"alg": algorithm, "typ": "JWT"})), part(claims));
        let signature = match self {
            Private::Rsa(key) => {
                use rsa::signature::Signer as _;
                key.try_sign(signed.as_bytes()).map_err(|_| "a key that signs")?.to_vec()
            }
            Private::Ed25519(key) => key.sign(signed.as_bytes()).to_bytes().to_vec(),
        };
        Ok(format!("{signed}.{}", Base64UrlUnpadded::encode_string(&signature)))
    }
}
