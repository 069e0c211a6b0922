//! Segment files: their names and their first page.
//!
//! It promises that a group found in a segment was written to that segment: each has a random
//! mark, which every group in it repeats. A body cannot pose as a group, and a file never holds
//! what another one left, since segments are never recycled.
//!
//! | offset | bytes | field                                |
//! |-------:|------:|--------------------------------------|
//! |      0 |     4 | `BSEG`                               |
//! |      4 |     4 | CRC32C of bytes 8 to 63              |
//! |      8 |     8 | mark, random                         |
//! |     16 |    16 | journal id                           |
//! |     32 |     8 | number of the segment, from 0        |
//! |     40 |     8 | sequence of its first group          |
//! |     48 |     8 | index of its first entry             |
//! |     56 |     2 | format, 1                            |
//! |     58 |  4038 | zero                                 |

use super::group::PAGE;
use std::path::{Path, PathBuf};

/// The number of this format.
pub const FORMAT: u16 = 1;

/// What the first page of a segment says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SegmentHead {
    pub(super) mark: u64,
    pub(super) journal_id: [u8; 16],
    pub(super) number: u64,
    pub(super) sequence: u64,
    pub(super) first: u64,
}

impl SegmentHead {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut page = vec![0; PAGE];
        page[..4].copy_from_slice(b"BSEG");
        page[8..16].copy_from_slice(&self.mark.to_be_bytes());
        page[16..32].copy_from_slice(&self.journal_id);
        page[32..40].copy_from_slice(&self.number.to_be_bytes());
        page[40..48].copy_from_slice(&self.sequence.to_be_bytes());
        page[48..56].copy_from_slice(&self.first.to_be_bytes());
        page[56..58].copy_from_slice(&FORMAT.to_be_bytes());
        let check = crc32c::crc32c(&page[8..64]);
        page[4..8].copy_from_slice(&check.to_be_bytes());
        page
    }

    /// Reads a first page; says what does not hold.
    pub(super) fn decode(page: &[u8]) -> Result<Self, &'static str> {
        let long = |at: usize| page[at..at + 8].iter().fold(0u64, |sum, &byte| sum << 8 | u64::from(byte));
        if page.len() != PAGE || &page[..4] != b"BSEG" {
            return Err("expected the first page of a segment");
        }
        let mut journal_id = [0; 16];
        journal_id.copy_from_slice(&page[16..32]);
        let head = Self { mark: long(8), journal_id, number: long(32), sequence: long(40), first: long(48) };
        if head.encode() != page {
            return Err("the first page of the segment does not have its CRC, or is of a newer format");
        }
        Ok(head)
    }
}

/// The folder of segments in a data folder.
pub fn folder(dir: &Path) -> PathBuf {
    dir.join("segments")
}

/// The file of a segment.
pub fn path(dir: &Path, number: u64) -> PathBuf {
    folder(dir).join(format!("{number:08}.segment"))
}

/// The allocated file that becomes the next segment.
pub fn reserve(dir: &Path) -> PathBuf {
    folder(dir).join("reserve")
}

/// The highest segment there is.
pub(super) fn last(dir: &Path) -> Option<u64> {
    let names = std::fs::read_dir(folder(dir)).ok()?.flatten();
    names.filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".segment")?.parse().ok()).max()
}
