//! The header of an entry, which is the leaf of the tree, and the salted hash of its body.
//!
//! It promises that a leaf proves index, time, kind, version, principal and body while holding
//! nothing of the body: when body and salt are destroyed, the leaf and every proof stay.
//! It must never know what a kind or a principal stands for.
//!
//! | offset | bytes | field                                             |
//! |-------:|------:|---------------------------------------------------|
//! |      0 |     1 | format, 1                                         |
//! |      1 |     8 | index                                             |
//! |      9 |     8 | time, UTC milliseconds since 1970, at least 0     |
//! |     17 |     2 | kind                                              |
//! |     19 |     2 | version of the kind                               |
//! |     21 |    32 | SHA-256(`bongsu/body/001\n` ‖ salt ‖ body)         |
//! |     53 |  0–64 | principal, UTF-8, to the end                      |
//!
//! Numbers are big-endian. The principal has no length of its own: leaves are always framed, and
//! one length fewer is one contradiction fewer.

use crate::Hash;
use alloc::vec::Vec;
use core::fmt;
use sha2::{Digest, Sha256};

/// The number of this header format.
pub const FORMAT: u8 = 1;
/// Bytes of a header before its principal.
pub const FIXED: usize = 53;
/// Longest principal in bytes. A reference, not a name: a UUID takes 36, a hash in hex 64. With
/// it a leaf and its prefix fill two SHA-256 blocks (1 + 53 + 64 + 9 ≤ 128).
pub const MAX_PRINCIPAL: usize = 64;
/// Longest body in bytes: 1 MiB, a rulebook page (the longest is 200 kB) five times over.
pub const MAX_BODY: usize = 1 << 20;

/// The random bytes that keep the hash of a short body from being guessed.
pub type Salt = [u8; 16];

const BODY_DOMAIN: &[u8; 16] = b"bongsu/body/001\n";

/// The header of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header<'a> {
    /// Position in the journal, from 0.
    pub index: u64,
    /// UTC milliseconds since 1970, never below the entry before it.
    pub time: i64,
    /// What the entry is; a number to this crate.
    pub kind: u16,
    /// Version of the kind's body.
    pub version: u16,
    /// Who brought it: an opaque reference of at most [`MAX_PRINCIPAL`] bytes.
    pub principal: &'a str,
    /// [`body_hash`] of salt and body.
    pub body_hash: Hash,
}

impl<'a> Header<'a> {
    /// Appends the leaf: [`FIXED`] bytes and the principal.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let mut fixed = [0u8; FIXED];
        fixed[0] = FORMAT;
        fixed[1..9].copy_from_slice(&self.index.to_be_bytes());
        fixed[9..17].copy_from_slice(&self.time.to_be_bytes());
        fixed[17..19].copy_from_slice(&self.kind.to_be_bytes());
        fixed[19..21].copy_from_slice(&self.version.to_be_bytes());
        fixed[21..53].copy_from_slice(&self.body_hash);
        out.extend_from_slice(&fixed);
        out.extend_from_slice(self.principal.as_bytes());
    }

    /// Reads a leaf.
    pub fn decode(leaf: &'a [u8]) -> Result<Self, EntryError> {
        let (fixed, principal) = leaf.split_first_chunk::<FIXED>().ok_or(EntryError::Short { length: leaf.len() })?;
        if fixed[0] != FORMAT {
            return Err(EntryError::Format { found: fixed[0] });
        }
        let time = i64::from_be_bytes(part(fixed, 9));
        if time < 0 {
            return Err(EntryError::Time { found: time });
        }
        if principal.len() > MAX_PRINCIPAL {
            return Err(EntryError::Principal);
        }
        Ok(Self {
            index: u64::from_be_bytes(part(fixed, 1)),
            time,
            kind: u16::from_be_bytes(part(fixed, 17)),
            version: u16::from_be_bytes(part(fixed, 19)),
            principal: core::str::from_utf8(principal).map_err(|_| EntryError::Principal)?,
            body_hash: part(fixed, 21),
        })
    }
}

/// The hash that a header carries for its body.
pub fn body_hash(salt: &Salt, body: &[u8]) -> Hash {
    Sha256::new().chain_update(BODY_DOMAIN).chain_update(salt).chain_update(body).finalize().into()
}

fn part<const N: usize>(fixed: &[u8; FIXED], at: usize) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(&fixed[at..at + N]);
    out
}

/// Why bytes are not a leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryError {
    /// Fewer bytes than the fixed part.
    Short {
        /// Bytes found.
        length: usize,
    },
    /// A format this program does not speak.
    Format {
        /// Format found.
        found: u8,
    },
    /// A time before 1970.
    Time {
        /// Time found.
        found: i64,
    },
    /// A principal that is too long or not UTF-8.
    Principal,
}

impl fmt::Display for EntryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Short { length } => {
                write!(f, "expected a header of at least {FIXED} bytes, found {length}; the leaf is cut off")
            }
            Self::Format { found } => {
                write!(f, "expected header format {FORMAT}, found {found}; a newer bongsu may read it")
            }
            Self::Time { found } => write!(f, "expected a time of 0 or later, found {found}; give UTC milliseconds"),
            Self::Principal => {
                write!(f, "expected a principal of at most {MAX_PRINCIPAL} bytes of UTF-8; use a shorter reference")
            }
        }
    }
}

impl core::error::Error for EntryError {}
