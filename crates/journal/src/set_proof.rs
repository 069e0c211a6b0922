//! One proof for many leaves: that each of them stands at its place in one tree.
//!
//! It promises the least a verifier needs: the roots of the largest subtrees that hold none of the leaves, from left to right.
//! A hundred thousand leaves in a row need some forty hashes, where single proofs would need two million. What is not among
//! the leaves stays unseen: a set proof says nothing about what was left out.

use crate::Hash;
use crate::proof::ProofError;
use crate::tree::{node_hash, range_root, split};
use alloc::vec::Vec;

/// The roots of the subtrees without a proven leaf, from left to right.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SetProof {
    /// The hashes.
    pub hashes: Vec<Hash>,
}

impl SetProof {
    /// Proves the leaves at `indexes` (ascending, each once) in the tree of `size` leaves. `node(level, index)` gives the root
    /// of the full subtree of 2^level leaves that starts at leaf index × 2^level. `None` where an index has no leaf, or they
    /// do not ascend.
    pub fn new<E>(
        indexes: &[u64],
        size: u64,
        node: &mut impl FnMut(u8, u64) -> Result<Hash, E>,
    ) -> Result<Option<SetProof>, E> {
        if !indexes.is_sorted_by(|a, b| a < b) || indexes.last().is_some_and(|last| *last >= size) {
            return Ok(None);
        }
        let mut proof = SetProof::default();
        if size > 0 {
            gather(indexes, 0, size, node, &mut proof.hashes)?;
        }
        Ok(Some(proof))
    }

    /// Checks that `leaves` (index and leaf hash, ascending) stand in the tree of `size` leaves with `root`.
    pub fn verify(&self, leaves: &[(u64, Hash)], size: u64, root: &Hash) -> Result<(), ProofError> {
        if !leaves.is_sorted_by(|a, b| a.0 < b.0) || leaves.last().is_some_and(|last| last.0 >= size) || size == 0 {
            return Err(ProofError::Range);
        }
        let mut rest = self.hashes.iter();
        let found = climb(leaves, 0, size, &mut rest).ok_or(ProofError::Length)?;
        if rest.next().is_some() {
            return Err(ProofError::Length);
        }
        if found == *root { Ok(()) } else { Err(ProofError::Root) }
    }
}

/// Goes down wherever a proven leaf is; at most 64 deep.
fn gather<E>(
    indexes: &[u64],
    low: u64,
    high: u64,
    node: &mut impl FnMut(u8, u64) -> Result<Hash, E>,
    out: &mut Vec<Hash>,
) -> Result<(), E> {
    if indexes.is_empty() {
        out.push(range_root(low, high, node)?);
        return Ok(());
    }
    if high - low == 1 {
        return Ok(());
    }
    let middle = low + split(high - low);
    let (left, right) = indexes.split_at(indexes.partition_point(|index| *index < middle));
    gather(left, low, middle, node, out)?;
    gather(right, middle, high, node, out)
}

/// The root of `low..high` from its leaves and the hashes that are left; `None` when these run out.
fn climb(leaves: &[(u64, Hash)], low: u64, high: u64, rest: &mut core::slice::Iter<'_, Hash>) -> Option<Hash> {
    let Some((_, first)) = leaves.first() else { return rest.next().copied() };
    if high - low == 1 {
        return Some(*first);
    }
    let middle = low + split(high - low);
    let (left, right) = leaves.split_at(leaves.partition_point(|(index, _)| *index < middle));
    let left = climb(left, low, middle, rest)?;
    Some(node_hash(&left, &climb(right, middle, high, rest)?))
}
