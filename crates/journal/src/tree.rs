//! The RFC 6962 tree: hashing, growing, and the proofs a grown tree can give.
//!
//! It promises roots and proofs as every Certificate Transparency tool computes them. It must
//! never know what a leaf holds.
//!
//! [`Tree`] keeps, per level of tiles, only the hashes of the one tile that is not yet full: at
//! most 255 × 32 bytes a level, eight levels for 2⁶⁴ entries. That is all that growing and
//! publishing need.

use crate::Hash;
use crate::tiles::WIDTH;
use alloc::vec::Vec;
use sha2::{Digest, Sha256};

/// Hash of a leaf: SHA-256(0x00 ‖ leaf).
#[inline]
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(leaf).finalize().into()
}

/// Hash of two subtrees: SHA-256(0x01 ‖ left ‖ right).
#[inline]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [1u8; 65];
    bytes[1..33].copy_from_slice(left);
    bytes[33..].copy_from_slice(right);
    Sha256::digest(bytes).into()
}

/// Root of a tree without leaves.
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// Root over `hashes`, consumed in place. Pairing neighbours and lifting an odd last one gives
/// the shape of RFC 6962 (the left half is the largest power of two), also where the last stands
/// for a smaller subtree than the others.
pub fn root_of(hashes: &mut [Hash]) -> Hash {
    let mut length = hashes.len();
    while length > 1 {
        for pair in 0..length / 2 {
            hashes[pair] = node_hash(&hashes[2 * pair], &hashes[2 * pair + 1]);
        }
        if length % 2 == 1 {
            hashes[length / 2] = hashes[length - 1];
        }
        length = length.div_ceil(2);
    }
    hashes.first().copied().unwrap_or_else(empty_root)
}

/// A tree that grows by one leaf at a time.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    size: u64,
    /// Of each level of tiles the hashes of the tile being filled.
    open: Vec<Vec<Hash>>,
}

impl Tree {
    /// A tree without leaves.
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf's hash. `full` is told of each tile that it fills: level, index, 256 hashes.
    pub fn push(&mut self, leaf: Hash, mut full: impl FnMut(u8, u64, &[Hash])) {
        let mut hash = leaf;
        for level in 0u8.. {
            let depth = usize::from(level);
            if self.open.len() == depth {
                self.open.push(Vec::with_capacity(WIDTH));
            }
            let tile = &mut self.open[depth];
            tile.push(hash);
            if tile.len() < WIDTH {
                break;
            }
            full(level, self.size >> (8 * (u32::from(level) + 1)), tile);
            hash = root_of(tile);
            tile.clear();
        }
        self.size += 1;
    }

    /// The hashes of the tile being filled at `level`; empty where there is none.
    pub fn partial(&self, level: u8) -> &[Hash] {
        self.open.get(usize::from(level)).map_or(&[], Vec::as_slice)
    }

    /// Levels of tiles in use.
    pub fn levels(&self) -> u8 {
        self.open.len() as u8
    }

    /// Root of the tree as it stands.
    pub fn root(&self) -> Hash {
        let mut below: Option<Hash> = None;
        for tile in &self.open {
            let mut hashes = tile.clone();
            hashes.extend(below);
            if !hashes.is_empty() {
                below = Some(root_of(&mut hashes));
            }
        }
        below.unwrap_or_else(empty_root)
    }
}

/// Proof that the leaf at `index` is in the tree of `size` leaves: its siblings, from the leaf
/// up. `node(level, index)` gives the root of the full subtree of 2^level leaves that starts at
/// leaf index × 2^level. `None` where index ≥ size.
pub fn inclusion_proof<E>(
    index: u64,
    size: u64,
    node: &mut impl FnMut(u8, u64) -> Result<Hash, E>,
) -> Result<Option<Vec<Hash>>, E> {
    if index >= size {
        return Ok(None);
    }
    let (mut low, mut high, mut proof) = (0, size, Vec::new());
    while high - low > 1 {
        let middle = low + split(high - low);
        if index < middle {
            proof.push(range_root(middle, high, node)?);
            high = middle;
        } else {
            proof.push(range_root(low, middle, node)?);
            low = middle;
        }
    }
    proof.reverse();
    Ok(Some(proof))
}

/// Proof that the tree of `old` leaves is the beginning of the tree of `new` leaves, as RFC 6962
/// section 2.1.2 orders it. `None` where old > new; empty where old is 0 or new.
pub fn consistency_proof<E>(
    old: u64,
    new: u64,
    node: &mut impl FnMut(u8, u64) -> Result<Hash, E>,
) -> Result<Option<Vec<Hash>>, E> {
    if old > new {
        return Ok(None);
    }
    if old == 0 {
        return Ok(Some(Vec::new()));
    }
    let (mut low, mut high, mut proof) = (0, new, Vec::new());
    while high != old {
        let middle = low + split(high - low);
        if old <= middle {
            proof.push(range_root(middle, high, node)?);
            high = middle;
        } else {
            proof.push(range_root(low, middle, node)?);
            low = middle;
        }
    }
    // From leaf 0 the subtree is the old tree itself, whose root the verifier has.
    if low > 0 {
        proof.push(range_root(low, high, node)?);
    }
    proof.reverse();
    Ok(Some(proof))
}

/// The largest power of two below `length`, which is at least 2.
pub(crate) fn split(length: u64) -> u64 {
    1 << (length - 1).ilog2()
}

/// Root of the leaves from `low` up to `high`, where `low` is a multiple of a power of two that
/// is at least their number. Recurses once per level, at most 64 deep.
pub(crate) fn range_root<E>(low: u64, high: u64, node: &mut impl FnMut(u8, u64) -> Result<Hash, E>) -> Result<Hash, E> {
    let length = high - low;
    if length.is_power_of_two() {
        let level = length.ilog2();
        return node(level as u8, low >> level);
    }
    let middle = low + split(length);
    let left = range_root(low, middle, node)?;
    Ok(node_hash(&left, &range_root(middle, high, node)?))
}
