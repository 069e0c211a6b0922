//! C2SP signed notes: text, a blank line, and signature lines; and the keys that sign them.
//!
//! It promises to accept what `golang.org/x/mod/sumdb/note` accepts for Ed25519 and to write
//! what it writes. It must never know what a text says.

use alloc::{format, string::String, vec::Vec};
use base64ct::{Base64, Encoding};
use core::fmt;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

/// Longest note: 100 signatures of a post-quantum kind (5 kB in base64 each) would be 500 kB;
/// ours are 150 bytes. 64 kB holds 400 of them.
pub const MAX_NOTE: usize = 64 * 1024;
/// Most signatures of a note, as in the Go implementation.
pub const MAX_SIGNATURES: usize = 100;

/// How a key signs; the numbers are the signature types of the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// The note's text.
    Ed25519 = 1,
    /// The note's text and a time: a cosignature.
    Cosignature = 4,
}

/// A named public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    algorithm: Algorithm,
    key: VerifyingKey,
}

/// A named private key. It is not printed by `Debug`.
#[derive(Clone)]
pub struct SignerKey {
    name: String,
    key: SigningKey,
}

/// A note taken apart; nothing in it is trusted before [`Note::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note<'a> {
    /// The signed text, with its last newline.
    pub text: &'a str,
    /// The signatures, in order.
    pub signatures: Vec<SignatureLine<'a>>,
}

/// One signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureLine<'a> {
    /// Name of the key.
    pub name: &'a str,
    /// Id of the key.
    pub id: u32,
    /// What follows the id: 64 bytes for [`Algorithm::Ed25519`], 72 for a cosignature.
    pub bytes: Vec<u8>,
}

impl VerifierKey {
    /// A key from its 32 bytes.
    pub fn new(name: &str, algorithm: Algorithm, public: &[u8; 32]) -> Result<Self, NoteError> {
        let key = VerifyingKey::from_bytes(public).map_err(|_| NoteError::Key)?;
        if !is_name(name) || key.is_weak() {
            return Err(NoteError::Key);
        }
        Ok(Self { name: name.into(), algorithm, key })
    }

    /// Reads `name+id+base64`.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let (name, id, algorithm, public) = parse_key(text)?;
        let algorithm = match algorithm {
            1 => Algorithm::Ed25519,
            4 => Algorithm::Cosignature,
            _ => return Err(NoteError::Key),
        };
        let key = Self::new(name, algorithm, &public)?;
        if key.id() == id { Ok(key) } else { Err(NoteError::Key) }
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id: the first four bytes of SHA-256(name ‖ newline ‖ algorithm ‖ key).
    pub fn id(&self) -> u32 {
        key_id(&self.name, self.algorithm as u8, self.key.as_bytes())
    }

    /// The algorithm.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The 32 bytes of the key.
    pub fn public(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// The same key for another algorithm, with another id.
    pub fn for_algorithm(&self, algorithm: Algorithm) -> Self {
        Self { algorithm, ..self.clone() }
    }

    /// Checks a 64-byte signature of `message`; strict, so that one message has one signature.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), NoteError> {
        let signature = Signature::from_slice(signature).map_err(|_| NoteError::Signature)?;
        self.key.verify_strict(message, &signature).map_err(|_| NoteError::Signature)
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format_key(&self.name, self.id(), self.algorithm as u8, self.key.as_bytes()))
    }
}

impl SignerKey {
    /// A key from 32 random bytes.
    pub fn new(name: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        if !is_name(name) {
            return Err(NoteError::Key);
        }
        Ok(Self { name: name.into(), key: SigningKey::from_bytes(seed) })
    }

    /// Reads `PRIVATE+KEY+name+id+base64`.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let (name, id, algorithm, seed) = parse_key(text.strip_prefix("PRIVATE+KEY+").ok_or(NoteError::Key)?)?;
        let key = Self::new(name, &seed)?;
        if algorithm == 1 && key.verifier(Algorithm::Ed25519).id() == id { Ok(key) } else { Err(NoteError::Key) }
    }

    /// Writes `PRIVATE+KEY+name+id+base64`: a secret.
    pub fn encode(&self) -> String {
        let id = self.verifier(Algorithm::Ed25519).id();
        format!("PRIVATE+KEY+{}", format_key(&self.name, id, 1, self.key.as_bytes()))
    }

    /// The public half.
    pub fn verifier(&self, algorithm: Algorithm) -> VerifierKey {
        VerifierKey { name: self.name.clone(), algorithm, key: self.key.verifying_key() }
    }

    /// The Ed25519 signature of a message.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.key.sign(message).to_bytes()
    }

    /// A signature line for `text`, which ends in a newline.
    pub fn sign_note(&self, text: &str) -> String {
        signature_line(&self.verifier(Algorithm::Ed25519), &self.sign(text.as_bytes()))
    }
}

impl fmt::Debug for SignerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignerKey({})", self.name)
    }
}

impl<'a> Note<'a> {
    /// Takes a note apart.
    pub fn parse(note: &'a str) -> Result<Self, NoteError> {
        if note.len() > MAX_NOTE || note.bytes().any(|byte| byte < 0x20 && byte != b'\n') {
            return Err(NoteError::Malformed);
        }
        let gap = note.rfind("\n\n").ok_or(NoteError::Malformed)?;
        let (text, lines) = (&note[..gap + 1], &note[gap + 2..]);
        let lines = lines.strip_suffix('\n').ok_or(NoteError::Malformed)?;
        let signatures = lines.split('\n').map(SignatureLine::parse).collect::<Result<Vec<_>, _>>()?;
        if signatures.len() > MAX_SIGNATURES {
            return Err(NoteError::Malformed);
        }
        Ok(Self { text, signatures })
    }

    /// Checks that `key` signed the text. Every line of that key must hold, and there must be one.
    pub fn verify(&self, key: &VerifierKey) -> Result<(), NoteError> {
        let mut found = false;
        for line in self.lines_of(key) {
            key.verify(self.text.as_bytes(), &line.bytes)?;
            found = true;
        }
        if found { Ok(()) } else { Err(NoteError::Unsigned) }
    }

    /// The lines that name `key`.
    pub fn lines_of(&self, key: &VerifierKey) -> impl Iterator<Item = &SignatureLine<'a>> {
        let (name, id) = (key.name.clone(), key.id());
        self.signatures.iter().filter(move |line| line.name == name && line.id == id)
    }
}

impl<'a> SignatureLine<'a> {
    fn parse(line: &'a str) -> Result<Self, NoteError> {
        let (name, encoded) =
            line.strip_prefix("— ").and_then(|rest| rest.split_once(' ')).ok_or(NoteError::Malformed)?;
        let bytes = Base64::decode_vec(encoded).map_err(|_| NoteError::Malformed)?;
        let (id, bytes) = bytes.split_first_chunk::<4>().ok_or(NoteError::Malformed)?;
        if !is_name(name) || bytes.is_empty() {
            return Err(NoteError::Malformed);
        }
        Ok(Self { name, id: u32::from_be_bytes(*id), bytes: bytes.into() })
    }
}

/// A signature line of `key`, with its newline.
pub fn signature_line(key: &VerifierKey, signature: &[u8]) -> String {
    let mut bytes = Vec::from(key.id().to_be_bytes());
    bytes.extend_from_slice(signature);
    format!("— {} {}\n", key.name, Base64::encode_string(&bytes))
}

fn key_id(name: &str, algorithm: u8, key: &[u8; 32]) -> u32 {
    let digest: [u8; 32] =
        Sha256::new().chain_update(name).chain_update([b'\n', algorithm]).chain_update(key).finalize().into();
    u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|letter: char| letter.is_whitespace() || letter.is_control() || letter == '+')
}

fn format_key(name: &str, id: u32, algorithm: u8, key: &[u8; 32]) -> String {
    let mut bytes = [algorithm; 33];
    bytes[1..].copy_from_slice(key);
    format!("{name}+{id:08x}+{}", Base64::encode_string(&bytes))
}

/// Name, id, algorithm and key of `name+id+base64`; the base64 may hold a plus itself.
fn parse_key(text: &str) -> Result<(&str, u32, u8, [u8; 32]), NoteError> {
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(id), Some(encoded)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(NoteError::Key);
    };
    let mut bytes = [0; 33];
    if Base64::decode(encoded, &mut bytes).map(<[u8]>::len) != Ok(33) {
        return Err(NoteError::Key);
    }
    let hex = id.len() == 8 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let id = u32::from_str_radix(id, 16).ok().filter(|_| hex).ok_or(NoteError::Key)?;
    let mut key = [0; 32];
    key.copy_from_slice(&bytes[1..]);
    Ok((name, id, bytes[0], key))
}

/// Why a note or a key is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteError {
    /// Not the form of a note.
    Malformed,
    /// Not the form of a key, or a weak key, or its id does not fit.
    Key,
    /// No line of the key that was asked for.
    Unsigned,
    /// A line of the key does not hold.
    Signature,
}

impl fmt::Display for NoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "expected text, a blank line and signature lines; the note is cut off or edited",
            Self::Key => "expected a key as name+id+base64 whose id fits; copy the whole line",
            Self::Unsigned => "expected a signature by the given key and found none; is it the key of this journal?",
            Self::Signature => "expected the signature to hold; the text was changed after it was signed",
        })
    }
}

impl core::error::Error for NoteError {}
