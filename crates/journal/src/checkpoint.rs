//! C2SP checkpoints and cosignatures: how large a tree is and which root it has, signed.
//!
//! It promises that a checkpoint of a journal says who, how many, which root and, through the
//! journal's own cosignature, when. It must never know what witnesses are trusted.
//!
//! A checkpoint has no field for time. The journal therefore signs twice with one key: the note
//! (signature type 1) and a `cosignature/v1` (type 4), which carries POSIX seconds. The two
//! messages cannot be mistaken for each other, since no origin is `cosignature/v1`.

use crate::Hash;
use crate::note::{Algorithm, Note, NoteError, SignerKey, VerifierKey, signature_line};
use crate::proof::{decimal, hash_of};
use alloc::{format, string::String};
use base64ct::{Base64, Encoding};
use core::fmt;

/// The body of a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Who: the journal's origin, which is also the name of its key.
    pub origin: String,
    /// How many entries.
    pub size: u64,
    /// Root of the tree of that size.
    pub root: Hash,
}

impl Checkpoint {
    /// The text that is signed: three lines.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, Base64::encode_string(&self.root))
    }

    /// Reads the text; lines after the third (extensions) are passed over.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.strip_suffix('\n').ok_or(CheckpointError::Body)?.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(CheckpointError::Body);
        };
        if origin.is_empty() || lines.any(str::is_empty) {
            return Err(CheckpointError::Body);
        }
        Ok(Self {
            origin: origin.into(),
            size: decimal(size).ok_or(CheckpointError::Body)?,
            root: hash_of(root).ok_or(CheckpointError::Body)?,
        })
    }

    /// The signed note: text, the journal's signature, and its cosignature at `seconds`.
    pub fn sign(&self, key: &SignerKey, seconds: u64) -> String {
        let text = self.text();
        format!("{text}\n{}{}", key.sign_note(&text), cosign(&text, key, seconds))
    }

    /// Reads a signed note and checks that `key` signed it and is the key of its origin.
    pub fn open(note: &str, key: &VerifierKey) -> Result<Self, CheckpointError> {
        let note = Note::parse(note).map_err(CheckpointError::Note)?;
        note.verify(key).map_err(CheckpointError::Note)?;
        let checkpoint = Self::parse(note.text)?;
        if checkpoint.origin == key.name() { Ok(checkpoint) } else { Err(CheckpointError::Origin) }
    }
}

/// A cosignature line for a checkpoint's text: that `key` saw it, consistent, at `seconds`.
pub fn cosign(text: &str, key: &SignerKey, seconds: u64) -> String {
    let signature = key.sign(cosigned(text, seconds).as_bytes());
    let mut bytes = [0; 72];
    bytes[..8].copy_from_slice(&seconds.to_be_bytes());
    bytes[8..].copy_from_slice(&signature);
    signature_line(&key.verifier(Algorithm::Cosignature), &bytes)
}

/// Checks the cosignature of `key` on a signed note and gives its time in POSIX seconds; the
/// latest where there are several. Every line of the key must hold.
pub fn cosigned_at(note: &str, key: &VerifierKey) -> Result<u64, CheckpointError> {
    let note = Note::parse(note).map_err(CheckpointError::Note)?;
    let key = key.for_algorithm(Algorithm::Cosignature);
    let mut latest = None;
    for line in note.lines_of(&key) {
        let (seconds, signature) =
            line.bytes.split_first_chunk::<8>().ok_or(CheckpointError::Note(NoteError::Signature))?;
        let seconds = u64::from_be_bytes(*seconds);
        if seconds > i64::MAX as u64 {
            return Err(CheckpointError::Note(NoteError::Signature));
        }
        key.verify(cosigned(note.text, seconds).as_bytes(), signature).map_err(CheckpointError::Note)?;
        latest = latest.max(Some(seconds));
    }
    latest.ok_or(CheckpointError::Note(NoteError::Unsigned))
}

fn cosigned(text: &str, seconds: u64) -> String {
    format!("cosignature/v1\ntime {seconds}\n{text}")
}

/// Why a checkpoint is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckpointError {
    /// The note or a signature.
    Note(NoteError),
    /// Not origin, size and root.
    Body,
    /// Signed by a key whose name is not the origin.
    Origin,
}

impl fmt::Display for CheckpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Note(error) => error.fmt(f),
            Self::Body => f.write_str("expected the lines origin, size and root; give the checkpoint as published"),
            Self::Origin => {
                f.write_str("expected the origin to be the key's name; this checkpoint is of another journal")
            }
        }
    }
}

impl core::error::Error for CheckpointError {}
