//! The bytes of a package: one file, sealed by the key of the journal it comes from.
//!
//! ```text
//! "bongsu/filing/001\n" ‖ length of the content, 8 bytes, big-endian ‖ content ‖ seal
//! ```
//!
//! The content is one map of deterministic CBOR. The seal is a signed note over the SHA-256 of all bytes before it, so that
//! one changed byte anywhere is noticed before anything is interpreted. It must never know what a fact says.

use super::fault::Fault;
use crate::command::verify::hex;
use crate::store::keys;
use crate::trouble::Trouble;
use journal::Hash;
use journal::cbor::{Decoder, Encoder, Error};
use journal::entry::Salt;
use journal::note::{Algorithm, Note, NoteError, SignerKey, VerifierKey, signature_line};
use journal::set_proof::SetProof;
use kernel::fact::{Period, Signatory};
use rulebook::time::Instant;
use sha2::{Digest, Sha256};
use std::path::Path;

/// The first line of every package.
pub const MAGIC: &[u8; 18] = b"bongsu/filing/001\n";
/// Bytes before the content.
const HEAD: usize = MAGIC.len() + 8;
const SEAL: &str = "bongsu/filing/001";
/// Largest package: a million facts of 400 bytes, and the rulebook a hundred times over.
pub const MAX_PACKAGE: u64 = 1 << 29;

/// What a package says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Type of filing.
    pub kind: String,
    /// Which filing.
    pub id: String,
    /// Which version of it.
    pub version: u64,
    /// The exchange.
    pub exchange: String,
    /// The period it covers; its findings are for the last moment.
    pub period: Period,
    /// The rules it covers, by id, each with all below it.
    pub rules: Vec<String>,
    /// Number of the semantics.
    pub semantics: u64,
    /// The program that wrote it.
    pub program: String,
    /// What was kept back by default and is revealed here.
    pub revealed: Vec<String>,
}

/// An entry of the journal: its leaf, and salt and body unless these are kept back or destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The leaf.
    pub leaf: &'a [u8],
    /// Salt and body.
    pub content: Option<(&'a Salt, &'a [u8])>,
}

/// A package taken apart; nothing in it is trusted before [`super::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package<'a> {
    /// What it says about itself.
    pub header: Header,
    /// The signed checkpoint, with its cosignatures.
    pub checkpoint: &'a str,
    /// The entries, ascending.
    pub entries: Vec<Entry<'a>>,
    /// That all of them are under the checkpoint; none where it was left out.
    pub proof: Option<SetProof>,
    /// The findings, as the journal would keep them.
    pub findings: &'a [u8],
    /// How each came about, in the same order; empty where it rests on what is kept back.
    pub traces: Vec<String>,
    /// Explanations: rule and text.
    pub explained: Vec<(String, String)>,
    /// Who sealed it, as it says itself.
    pub signer: String,
}

/// A package taken apart, and the seal that covers it.
pub struct Opened<'a> {
    /// The package.
    pub package: Package<'a>,
    /// The seal; not yet checked against a key.
    pub seal: Note<'a>,
    /// SHA-256 of everything before the seal: what a filing names its package by. Signing it does not change it.
    pub hash: Hash,
}

impl<'a> Package<'a> {
    /// The content as bytes.
    fn content(&self) -> Vec<u8> {
        let mut out = Encoder::new();
        let header = &self.header;
        let texts = |out: &mut Encoder, list: &[String]| {
            out.array(list.len());
            list.iter().for_each(|text| out.text(text));
        };
        out.map(15 + usize::from(self.proof.is_some()));
        for (key, text) in [(0, &header.kind), (2, &header.id)] {
            out.key(key);
            out.text(text);
        }
        out.key(4);
        out.u64(header.version);
        out.key(6);
        out.text(&header.exchange);
        out.key(8);
        out.array(2);
        out.i64(header.period.from.0);
        out.i64(header.period.until.0);
        out.key(10);
        texts(&mut out, &header.rules);
        out.key(12);
        out.u64(header.semantics);
        out.key(14);
        out.text(&header.program);
        out.key(16);
        texts(&mut out, &header.revealed);
        out.key(18);
        out.text(self.checkpoint);
        out.key(20);
        out.array(self.entries.len());
        for entry in &self.entries {
            out.array(if entry.content.is_some() { 3 } else { 1 });
            out.bytes(entry.leaf);
            if let Some((salt, body)) = entry.content {
                out.bytes(salt);
                out.bytes(body);
            }
        }
        if let Some(proof) = &self.proof {
            out.key(22);
            out.bytes(&proof.hashes.concat());
        }
        out.key(24);
        out.bytes(self.findings);
        out.key(26);
        texts(&mut out, &self.traces);
        out.key(28);
        out.array(self.explained.len());
        for (rule, text) in &self.explained {
            out.array(2);
            out.text(rule);
            out.text(text);
        }
        out.key(30);
        out.text(&self.signer);
        out.into_bytes()
    }

    /// The whole file, sealed, and the hash that names it.
    pub fn seal(&self, key: &SignerKey) -> (Vec<u8>, Hash) {
        let content = self.content();
        let mut out = Vec::with_capacity(HEAD + content.len() + 256);
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&(content.len() as u64).to_be_bytes());
        out.extend_from_slice(&content);
        let hash = seal(&mut out, key);
        (out, hash)
    }

    /// Takes a file apart, and checks that its seal covers its bytes; not yet whose seal it is.
    pub fn open(bytes: &'a [u8]) -> Result<Opened<'a>, Fault> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(Fault::NotAPackage)?;
        let truncated = |said| Fault::Truncated { said, found: bytes.len() as u64 };
        let (length, rest) = rest.split_first_chunk::<8>().ok_or(truncated(HEAD as u64))?;
        let said = u64::from_be_bytes(*length);
        let cut = || truncated(said.saturating_add(HEAD as u64));
        let length = usize::try_from(said).ok().filter(|length| *length < rest.len()).ok_or(cut())?;
        let (content, note) = rest.split_at(length);
        let note = std::str::from_utf8(note).map_err(|_| Fault::Seal(journal::note::NoteError::Malformed))?;
        let note = Note::parse(note).map_err(|error| if note.ends_with('\n') { Fault::Seal(error) } else { cut() })?;
        let hash: Hash = Sha256::digest(&bytes[..HEAD + length]).into();
        if note.text != seal_text(&hash) {
            return Err(Fault::Altered);
        }
        Ok(Opened { package: Package::decode(content)?, seal: note, hash })
    }

    fn decode(content: &'a [u8]) -> Result<Package<'a>, Fault> {
        let mut from = Decoder::new(content);
        let mut fields = from.map()?;
        let (mut kind, mut id, mut version, mut exchange, mut period) = (None, None, None, None, None);
        let (mut rules, mut semantics, mut program, mut revealed, mut checkpoint) = (None, None, None, None, None);
        let (mut entries, mut proof, mut findings, mut traces) = (None, None, None, None);
        let (mut explained, mut signer) = (None, None);
        while let Some(key) = fields.next(&mut from)? {
            match key {
                0 => kind = Some(from.text()?.to_string()),
                2 => id = Some(from.text()?.to_string()),
                4 => version = Some(from.u64()?),
                6 => exchange = Some(from.text()?.to_string()),
                8 => {
                    two(&mut from)?;
                    period = Some(Period { from: Instant(from.i64()?), until: Instant(from.i64()?) });
                }
                10 => rules = Some(texts(&mut from)?),
                12 => semantics = Some(from.u64()?),
                14 => program = Some(from.text()?.to_string()),
                16 => revealed = Some(texts(&mut from)?),
                18 => checkpoint = Some(from.text()?),
                20 => entries = Some(read_entries(&mut from)?),
                22 => proof = Some(read_proof(&mut from)?),
                24 => findings = Some(from.bytes()?),
                26 => traces = Some(texts(&mut from)?),
                28 => {
                    let length = from.array()?;
                    let pair = |from: &mut Decoder<'_>| {
                        two(from)?;
                        Ok::<_, Error>((from.text()?.to_string(), from.text()?.to_string()))
                    };
                    explained = Some((0..length).map(|_| pair(&mut from)).collect::<Result<Vec<_>, _>>()?);
                }
                30 => signer = Some(from.text()?.to_string()),
                unknown => from.unknown(unknown)?,
            }
        }
        let missing = Error { at: from.position(), expected: "every required field of a package" };
        from.finish()?;
        let header = Header {
            kind: kind.ok_or(missing)?,
            id: id.ok_or(missing)?,
            version: version.ok_or(missing)?,
            exchange: exchange.ok_or(missing)?,
            period: period.ok_or(missing)?,
            rules: rules.ok_or(missing)?,
            semantics: semantics.ok_or(missing)?,
            program: program.ok_or(missing)?,
            revealed: revealed.ok_or(missing)?,
        };
        Ok(Package {
            header,
            checkpoint: checkpoint.ok_or(missing)?,
            entries: entries.ok_or(missing)?,
            proof,
            findings: findings.ok_or(missing)?,
            traces: traces.ok_or(missing)?,
            explained: explained.ok_or(missing)?,
            signer: signer.ok_or(missing)?,
        })
    }
}

fn two(from: &mut Decoder<'_>) -> Result<(), Error> {
    let at = from.position();
    if from.array()? == 2 { Ok(()) } else { Err(Error { at, expected: "an array of two" }) }
}

fn texts(from: &mut Decoder<'_>) -> Result<Vec<String>, Error> {
    let length = from.array()?;
    (0..length).map(|_| from.text().map(String::from)).collect()
}

fn read_entries<'a>(from: &mut Decoder<'a>) -> Result<Vec<Entry<'a>>, Error> {
    let length = from.array()?;
    let mut entries = Vec::with_capacity(length);
    for _ in 0..length {
        let at = from.position();
        let parts = from.array()?;
        let leaf = from.bytes()?;
        let content = match parts {
            1 => None,
            3 => {
                let wrong = Error { at, expected: "a salt of 16 bytes" };
                Some((<&Salt>::try_from(from.bytes()?).map_err(|_| wrong)?, from.bytes()?))
            }
            _ => return Err(Error { at, expected: "a leaf, or leaf, salt and body" }),
        };
        entries.push(Entry { leaf, content });
    }
    Ok(entries)
}

fn read_proof(from: &mut Decoder<'_>) -> Result<SetProof, Error> {
    let at = from.position();
    let (hashes, rest) = from.bytes()?.as_chunks::<32>();
    if rest.is_empty() {
        Ok(SetProof { hashes: hashes.to_vec() })
    } else {
        Err(Error { at, expected: "hashes of 32 bytes" })
    }
}

fn seal_text(hash: &Hash) -> String {
    format!("{SEAL}\n{}\n", hex(hash))
}

/// Puts the seal behind the bytes of a package; gives the hash that it covers.
pub fn seal(bytes: &mut Vec<u8>, key: &SignerKey) -> Hash {
    let hash: Hash = Sha256::digest(&*bytes).into();
    let text = seal_text(&hash);
    bytes.extend_from_slice(format!("{text}\n{}", key.sign_note(&text)).as_bytes());
    hash
}

/// What is signed for somebody who answers for a package: the seal's text and whose line it is.
fn signed_for(text: &str, name: &str) -> String {
    format!("{text}signatory {name}\n")
}

/// Adds to the seal that somebody answers for the package, vouched for by the journal's key. Role and person are the name of
/// the line, so the signature of one serves for no other.
pub fn sign(bytes: &mut Vec<u8>, key: &SignerKey, role: &str, who: &str) -> Result<Signatory, Trouble> {
    let name = format!("{role}/{who}");
    let wrong = |e: NoteError| Trouble::new(format!("`{name}`: {e}"), "write --sign ceo=p-1, without spaces, + or /");
    let text = seal_text(&Package::open(bytes)?.hash);
    let signature = key.sign(signed_for(&text, &name).as_bytes());
    let line = VerifierKey::new(&name, Algorithm::Ed25519, key.verifier(Algorithm::Ed25519).public()).map_err(wrong)?;
    bytes.extend_from_slice(signature_line(&line, &signature).as_bytes());
    Ok(Signatory { who: who.into(), role: role.into(), signature: Some(signature.to_vec()) })
}

/// Who answers for a package. Every line of the seal must be the journal's own or such a person's.
pub fn signatories(seal: &Note<'_>, key: &VerifierKey) -> Result<Vec<Signatory>, Fault> {
    let mut people = Vec::new();
    for line in seal.signatures.iter().filter(|line| line.name != key.name() || line.id != key.id()) {
        let (role, who) = line.name.split_once('/').ok_or(Fault::Seal(NoteError::Malformed))?;
        let of_line = VerifierKey::new(line.name, Algorithm::Ed25519, key.public()).map_err(Fault::Seal)?;
        if of_line.id() != line.id {
            return Err(Fault::Seal(NoteError::Signature));
        }
        of_line.verify(signed_for(seal.text, line.name).as_bytes(), &line.bytes).map_err(Fault::Seal)?;
        people.push(Signatory { who: who.into(), role: role.into(), signature: Some(line.bytes.clone()) });
    }
    Ok(people)
}

/// Reads a package from disk.
pub fn read(path: &Path) -> Result<Vec<u8>, Trouble> {
    let length = std::fs::metadata(path).map_err(|e| Trouble::file(path, &e))?.len();
    if length > MAX_PACKAGE {
        return Err(Trouble::new(
            format!("{}: {length} bytes; a package has at most {MAX_PACKAGE}", path.display()),
            "file fewer rules, or a shorter period",
        ));
    }
    std::fs::read(path).map_err(|e| Trouble::file(path, &e))
}

/// The key that seals the packages of a journal: its own.
pub fn key(dir: &Path) -> Result<SignerKey, Trouble> {
    Ok(keys::read(dir)?)
}
