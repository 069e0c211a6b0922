//! Checking proofs, and the text form in which a proof travels (C2SP tlog-proof).
//!
//! It promises that a proof is checked from its own bytes and a root: nothing is looked up.
//! The algorithms are those of RFC 9162, sections 2.1.3.2 and 2.1.4.2.

use crate::Hash;
use crate::tree::node_hash;
use alloc::{format, string::String, vec::Vec};
use base64ct::{Base64, Encoding};
use core::fmt;

/// Most hashes of a proof: one per level of a tree of 2⁶⁴ leaves, and one.
pub const MAX_HASHES: usize = 65;

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";

/// Why a proof does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProofError {
    /// Index or sizes that no tree has.
    Range,
    /// More or fewer hashes than the tree's shape asks for.
    Length,
    /// The hashes lead to another root.
    Root,
    /// The text is not a tlog-proof.
    Text,
}

impl fmt::Display for ProofError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Range => {
                "expected an index below the size and an old size up to the new; ask again for this checkpoint"
            }
            Self::Length => "expected one hash per level of the tree; ask again for this checkpoint",
            Self::Root => {
                "expected the hashes to lead to the checkpoint's root; entry or journal is not what was signed"
            }
            Self::Text => "expected the lines of c2sp.org/tlog-proof@v1; give the file as it was exported",
        })
    }
}

impl core::error::Error for ProofError {}

/// Checks that `leaf` (a leaf hash) is at `index` of the tree with `size` leaves and `root`.
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, root: &Hash, proof: &[Hash]) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Range);
    }
    let (mut node, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in proof {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if node % 2 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            // A node without a right neighbour is lifted unhashed until it has a left one.
            while node % 2 == 0 && node != 0 {
                (node, last) = (node >> 1, last >> 1);
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    if last != 0 {
        return Err(ProofError::Length);
    }
    if hash == *root { Ok(()) } else { Err(ProofError::Root) }
}

/// Checks that the tree of `old` leaves with `old_root` is the beginning of the tree of `new`
/// leaves with `new_root`.
pub fn verify_consistency(
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if old > new {
        return Err(ProofError::Range);
    }
    if old == 0 || old == new {
        let known = if old == 0 { crate::tree::empty_root() } else { *new_root };
        return match (proof.is_empty(), known == *old_root) {
            (false, _) => Err(ProofError::Length),
            (true, false) => Err(ProofError::Root),
            (true, true) => Ok(()),
        };
    }
    // Where the old tree is one full subtree, its root is the first hash and is not sent.
    let (first, rest) = match old.is_power_of_two() {
        true => (old_root, proof),
        false => proof.split_first().ok_or(ProofError::Length)?,
    };
    let (mut node, mut last) = (old - 1, new - 1);
    while node % 2 == 1 {
        (node, last) = (node >> 1, last >> 1);
    }
    let (mut from_old, mut from_new) = (*first, *first);
    for sibling in rest {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if node % 2 == 1 || node == last {
            from_old = node_hash(sibling, &from_old);
            from_new = node_hash(sibling, &from_new);
            while node % 2 == 0 && node != 0 {
                (node, last) = (node >> 1, last >> 1);
            }
        } else {
            from_new = node_hash(&from_new, sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    if last != 0 {
        return Err(ProofError::Length);
    }
    if from_old == *old_root && from_new == *new_root { Ok(()) } else { Err(ProofError::Root) }
}

/// An inclusion proof together with the checkpoint it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionProof {
    /// Position of the entry.
    pub index: u64,
    /// Siblings from the leaf up.
    pub hashes: Vec<Hash>,
    /// The signed checkpoint, as the journal published it.
    pub checkpoint: String,
}

impl InclusionProof {
    /// The text form, `*.tlog-proof`.
    pub fn encode(&self) -> String {
        let mut out = format!("{FIRST_LINE}\nindex {}\n", self.index);
        for hash in &self.hashes {
            out.push_str(&Base64::encode_string(hash));
            out.push('\n');
        }
        out.push('\n');
        out.push_str(&self.checkpoint);
        out
    }

    /// Reads the text form; extra data is passed over, since nothing authenticates it.
    pub fn decode(text: &str) -> Result<Self, ProofError> {
        let (proof, checkpoint) = text.split_once("\n\n").ok_or(ProofError::Text)?;
        let mut lines = proof.split('\n').peekable();
        if lines.next() != Some(FIRST_LINE) {
            return Err(ProofError::Text);
        }
        lines.next_if(|line| line.starts_with("extra "));
        let index = lines.next().and_then(|line| decimal(line.strip_prefix("index ")?)).ok_or(ProofError::Text)?;
        let mut hashes = Vec::new();
        for line in lines {
            if hashes.len() == MAX_HASHES {
                return Err(ProofError::Length);
            }
            hashes.push(hash_of(line).ok_or(ProofError::Text)?);
        }
        Ok(Self { index, hashes, checkpoint: checkpoint.into() })
    }
}

/// A decimal number without sign or leading zeros.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if plain { text.parse().ok() } else { None }
}

/// A hash in base64.
pub(crate) fn hash_of(line: &str) -> Option<Hash> {
    let mut hash = [0; 32];
    let decoded = Base64::decode(line, &mut hash).ok()?.len();
    (decoded == 32).then_some(hash)
}
