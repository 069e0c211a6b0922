//! C2SP tlog-tiles: under which paths a tree is published, and what the files hold.
//!
//! It promises that any tlog-tiles client can read a journal's tree and leaves. It must never
//! touch a file: it names paths and encodes contents.

use crate::Hash;
use alloc::{format, string::String, vec::Vec};

/// Hashes of a full tile: the height of a tile is 8.
pub const WIDTH: usize = 256;

/// Path of a tile of hashes, relative to the log: `tile/0/x001/234`, and `.p/W` where it holds
/// only `width` of 256.
pub fn tile_path(level: u8, index: u64, width: usize) -> String {
    path(&format!("tile/{level}"), index, width)
}

/// Path of a bundle of leaves: `tile/entries/x001/234`, and `.p/W` where it is partial.
pub fn entries_path(index: u64, width: usize) -> String {
    path("tile/entries", index, width)
}

fn path(folder: &str, index: u64, width: usize) -> String {
    let mut groups = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        groups = format!("x{:03}/{groups}", rest % 1000);
        rest /= 1000;
    }
    if width < WIDTH { format!("{folder}/{groups}.p/{width}") } else { format!("{folder}/{groups}") }
}

/// How many hashes the tile at `level` and `index` holds in a tree of `size` leaves, 0 to 256.
pub fn width(level: u8, index: u64, size: u64) -> usize {
    // Level 8 would span 2⁶⁴ leaves and more: no tree has it.
    let hashes = if level > 7 { 0 } else { size >> (8 * u32::from(level)) };
    let first = index.saturating_mul(WIDTH as u64);
    hashes.saturating_sub(first).min(WIDTH as u64) as usize
}

/// Where the root of a full subtree (2^level leaves, the index-th of them) lies: the level and
/// index of its tile, and which hashes of the tile it is the root of.
pub fn locate(level: u8, index: u64) -> (u8, u64, core::ops::Range<usize>) {
    let within = u32::from(level % 8);
    let first = index << within;
    let start = (first % WIDTH as u64) as usize;
    (level / 8, first / WIDTH as u64, start..start + (1 << within))
}

/// The hashes of a tile file, or `None` where its length is no multiple of 32.
pub fn hashes(tile: &[u8]) -> Option<Vec<Hash>> {
    let (whole, rest) = tile.as_chunks::<32>();
    rest.is_empty().then(|| whole.to_vec())
}

/// Appends a leaf to a bundle: its length in two bytes, then the leaf. `false`, and nothing
/// appended, where it is longer than 65,535 bytes.
pub fn push_entry(bundle: &mut Vec<u8>, leaf: &[u8]) -> bool {
    let Ok(length) = u16::try_from(leaf.len()) else { return false };
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(leaf);
    true
}

/// The leaves of a bundle, one after another; an `Err` with the offset where it is cut off.
pub fn entries(bundle: &[u8]) -> Entries<'_> {
    Entries { bundle, at: 0 }
}

/// Iterator over the leaves of a bundle.
#[derive(Debug, Clone)]
pub struct Entries<'a> {
    bundle: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Entries<'a> {
    type Item = Result<&'a [u8], usize>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = &self.bundle[self.at..];
        if rest.is_empty() {
            return None;
        }
        let leaf = rest
            .split_first_chunk::<2>()
            .and_then(|(length, rest)| rest.get(..usize::from(u16::from_be_bytes(*length))));
        match leaf {
            Some(leaf) => {
                self.at += 2 + leaf.len();
                Some(Ok(leaf))
            }
            None => Some(Err(core::mem::replace(&mut self.at, self.bundle.len()))),
        }
    }
}
