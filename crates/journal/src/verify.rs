//! All of it checked from bytes and a public key alone.
//!
//! It promises that nothing recorded is trusted: hashes are recomputed, order and times are
//! compared, the root must be the one that was signed. It says nothing about whether a
//! conclusion was right: that is a replay, and not the journal's to know.

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::entry::{EntryError, Header, Salt, body_hash};
use crate::genesis::{self, Genesis};
use crate::note::VerifierKey;
use crate::proof::{InclusionProof, ProofError, verify_consistency, verify_inclusion};
use crate::tree::{Tree, leaf_hash};
use crate::{Hash, cbor};
use core::fmt;

/// A body as it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body<'a> {
    /// There, with its salt.
    Present {
        /// The salt.
        salt: &'a Salt,
        /// The body.
        body: &'a [u8],
    },
    /// Destroyed for good; its hash remains.
    Destroyed,
}

/// Checks a journal entry by entry.
#[derive(Debug, Default)]
pub struct Checker {
    tree: Tree,
    last_time: i64,
    destroyed: u64,
    genesis: Option<Genesis>,
}

impl Checker {
    /// A checker that expects entry 0.
    pub fn new() -> Self {
        Self::default()
    }

    /// Checks the next leaf and its body; gives the leaf's hash. `full` is told of every tile
    /// that the leaf completes, as in [`Tree::push`].
    pub fn entry(&mut self, leaf: &[u8], body: Body<'_>, full: impl FnMut(u8, u64, &[Hash])) -> Result<Hash, Fault> {
        let index = self.tree.size();
        let header = Header::decode(leaf).map_err(|error| Fault::Entry { index, error })?;
        if header.index != index {
            return Err(Fault::Index { expected: index, found: header.index });
        }
        if header.time < self.last_time {
            return Err(Fault::Time { index, last: self.last_time, found: header.time });
        }
        match body {
            Body::Present { salt, body } if body_hash(salt, body) != header.body_hash => {
                return Err(Fault::Body { index });
            }
            Body::Present { .. } => {}
            Body::Destroyed => self.destroyed += 1,
        }
        match (index, header.kind, body) {
            (0, genesis::KIND, Body::Present { body, .. }) => {
                self.genesis = Some(Genesis::decode(body).map_err(Fault::Genesis)?);
            }
            (0, ..) | (_, genesis::KIND, _) => return Err(Fault::NoGenesis { index }),
            _ => {}
        }
        let hash = leaf_hash(leaf);
        self.tree.push(hash, full);
        self.last_time = header.time;
        Ok(hash)
    }

    /// Checks that the entries so far are those of a signed checkpoint of the same size.
    pub fn checkpoint(&self, checkpoint: &Checkpoint) -> Result<(), Fault> {
        if checkpoint.size != self.tree.size() {
            return Err(Fault::Size { signed: checkpoint.size, found: self.tree.size() });
        }
        if checkpoint.root != self.tree.root() {
            return Err(Fault::Root { size: checkpoint.size });
        }
        Ok(())
    }

    /// The tree so far.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// How many bodies were destroyed.
    pub fn destroyed(&self) -> u64 {
        self.destroyed
    }

    /// What entry 0 said.
    pub fn genesis(&self) -> Option<&Genesis> {
        self.genesis.as_ref()
    }
}

/// Checks one entry against a proof and the key of its journal; gives the header.
pub fn entry<'a>(
    leaf: &'a [u8],
    body: Body<'_>,
    proof: &InclusionProof,
    key: &VerifierKey,
) -> Result<Header<'a>, Fault> {
    let index = proof.index;
    let header = Header::decode(leaf).map_err(|error| Fault::Entry { index, error })?;
    if header.index != index {
        return Err(Fault::Index { expected: index, found: header.index });
    }
    if let Body::Present { salt, body } = body
        && body_hash(salt, body) != header.body_hash
    {
        return Err(Fault::Body { index });
    }
    let checkpoint = Checkpoint::open(&proof.checkpoint, key).map_err(Fault::Checkpoint)?;
    verify_inclusion(&leaf_hash(leaf), index, checkpoint.size, &checkpoint.root, &proof.hashes)
        .map_err(Fault::Proof)?;
    Ok(header)
}

/// Checks that one signed checkpoint continues another; gives both, older first.
pub fn growth(old: &str, new: &str, proof: &[Hash], key: &VerifierKey) -> Result<(Checkpoint, Checkpoint), Fault> {
    let old = Checkpoint::open(old, key).map_err(Fault::Checkpoint)?;
    let new = Checkpoint::open(new, key).map_err(Fault::Checkpoint)?;
    verify_consistency(old.size, &old.root, new.size, &new.root, proof).map_err(Fault::Proof)?;
    Ok((old, new))
}

/// What does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A leaf is no header.
    Entry {
        /// Entry.
        index: u64,
        /// Why.
        error: EntryError,
    },
    /// An entry is missing, repeated or moved.
    Index {
        /// Index by position.
        expected: u64,
        /// Index in the header.
        found: u64,
    },
    /// Time went back.
    Time {
        /// Entry.
        index: u64,
        /// Time of the entry before.
        last: i64,
        /// Time found.
        found: i64,
    },
    /// A body or its salt is not what the header was made from.
    Body {
        /// Entry.
        index: u64,
    },
    /// The genesis body cannot be read.
    Genesis(cbor::Error),
    /// Entry 0 is not genesis, or another entry is.
    NoGenesis {
        /// Entry.
        index: u64,
    },
    /// More or fewer entries than were signed for.
    Size {
        /// Size in the checkpoint.
        signed: u64,
        /// Entries found.
        found: u64,
    },
    /// Other entries than were signed for.
    Root {
        /// Size of the checkpoint.
        size: u64,
    },
    /// The checkpoint itself.
    Checkpoint(CheckpointError),
    /// The proof itself.
    Proof(ProofError),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entry { index, error } => write!(f, "entry {index}: {error}"),
            Self::Index { expected, found } => {
                write!(f, "expected entry {expected}, found entry {found}; entries were removed, repeated or moved")
            }
            Self::Time { index, last, found } => {
                write!(
                    f,
                    "entry {index}: expected a time of at least {last}, found {found}; entries were moved or edited"
                )
            }
            Self::Body { index } => {
                write!(f, "entry {index}: expected the body that its header was made from; body or salt was changed")
            }
            Self::Genesis(error) => write!(f, "entry 0: {error}"),
            Self::NoGenesis { index } => {
                write!(
                    f,
                    "entry {index}: expected genesis as entry 0, present, and nowhere else; this is no whole journal"
                )
            }
            Self::Size { signed, found } => {
                write!(f, "expected the {signed} entries that were signed for, found {found}; look for a lost segment")
            }
            Self::Root { size } => {
                write!(f, "expected the root signed for {size} entries; entries were changed after they were signed")
            }
            Self::Checkpoint(error) => write!(f, "checkpoint: {error}"),
            Self::Proof(error) => write!(f, "proof: {error}"),
        }
    }
}

impl core::error::Error for Fault {}
