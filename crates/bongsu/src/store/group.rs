//! A group: the entries that share one write and one fdatasync.
//!
//! It promises that a group is whole or recognisably not, and that a body in it can be destroyed
//! while the rest stays checkable: bodies have a CRC each, salts lie 16-aligned so that marking
//! one destroyed touches one sector. It must never know which file it is in.
//!
//! | offset  | bytes     | field                                                        |
//! |---------|----------:|--------------------------------------------------------------|
//! | 0       |         4 | `BGRP`                                                       |
//! | 4       |         4 | CRC32C of bytes 8 to 63                                      |
//! | 8       |         8 | mark of the segment                                          |
//! | 16      |         8 | sequence, one more than the group before                     |
//! | 24      |         8 | index of the first entry                                     |
//! | 32      |         4 | n, number of entries; 0 closes what came before              |
//! | 36      |         4 | L, bytes of leaves                                           |
//! | 40      |         4 | B, bytes of bodies                                           |
//! | 44      |         4 | CRC32C of table and leaves                                   |
//! | 48      |        16 | zero                                                         |
//! | 64      |      16 n | salts; `bongsu destroyed` in the place of a destroyed one    |
//! | …       |       8 n | table: length of body, CRC32C of salt ‖ body                 |
//! | …       |         L | leaves, each after its length in two bytes                   |
//! | …       |         B | bodies, one after another                                    |
//! | …       |         – | zeros up to a multiple of 4096                               |

use super::StoreError;
use journal::entry::{Header, MAX_BODY, MAX_PRINCIPAL, Salt, body_hash};
use journal::tiles;
use journal::verify::Body;

/// What a write may tear: groups start at multiples of it, so that writing one never rewrites a
/// byte of another. The page of the system and the sector of today's disks.
pub const PAGE: usize = 4096;
/// Bytes of a group before its salts.
pub const HEAD: usize = 64;
/// Most bytes of a group: a quarter of a segment, 50,000 entries of 200 bytes.
pub const MAX_GROUP: usize = 16 << 20;
/// Most entries of a group.
pub const MAX_ENTRIES: usize = 65_536;
/// Stands where the salt of a destroyed body was. A random salt equals it once in 2¹²⁸.
pub const DESTROYED: Salt = *b"bongsu destroyed";

const MAGIC: &[u8; 4] = b"BGRP";

/// An entry to be appended.
#[derive(Debug, Clone, Copy)]
pub struct NewEntry<'a> {
    /// What it is.
    pub kind: u16,
    /// Version of the kind.
    pub version: u16,
    /// Who brought it, at most 64 bytes.
    pub principal: &'a str,
    /// UTC milliseconds, never below the entry before.
    pub time: i64,
    /// Its body, at most 1 MiB.
    pub body: &'a [u8],
}

/// The head of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    pub(super) mark: u64,
    pub(super) sequence: u64,
    pub(super) first: u64,
    pub(super) count: u32,
    leaves: u32,
    bodies: u32,
    check: u32,
}

impl Head {
    /// Reads the first 64 bytes of a group; `None` where they are not a head.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.first_chunk::<HEAD>()?;
        if &bytes[..4] != MAGIC || word(bytes, 4) != crc32c::crc32c(&bytes[8..]) {
            return None;
        }
        Some(Self {
            mark: long(bytes, 8),
            sequence: long(bytes, 16),
            first: long(bytes, 24),
            count: word(bytes, 32),
            leaves: word(bytes, 36),
            bodies: word(bytes, 40),
            check: word(bytes, 44),
        })
    }

    fn encode(&self, out: &mut [u8]) {
        out[..4].copy_from_slice(MAGIC);
        out[8..16].copy_from_slice(&self.mark.to_be_bytes());
        out[16..24].copy_from_slice(&self.sequence.to_be_bytes());
        out[24..32].copy_from_slice(&self.first.to_be_bytes());
        out[32..36].copy_from_slice(&self.count.to_be_bytes());
        out[36..40].copy_from_slice(&self.leaves.to_be_bytes());
        out[40..44].copy_from_slice(&self.bodies.to_be_bytes());
        out[44..48].copy_from_slice(&self.check.to_be_bytes());
        let check = crc32c::crc32c(&out[8..HEAD]);
        out[4..8].copy_from_slice(&check.to_be_bytes());
    }

    /// Bytes of the whole group, a multiple of [`PAGE`].
    pub fn length(&self) -> u64 {
        padded(self.count.into(), self.leaves.into(), self.bodies.into())
    }

    fn table(&self) -> usize {
        HEAD + 16 * self.count as usize
    }

    fn leaves(&self) -> usize {
        self.table() + 8 * self.count as usize
    }

    fn bodies(&self) -> usize {
        self.leaves() + self.leaves as usize
    }
}

fn padded(count: u64, leaves: u64, bodies: u64) -> u64 {
    (HEAD as u64 + 24 * count + leaves + bodies).next_multiple_of(PAGE as u64)
}

/// Encodes a group into `out`, which is overwritten; `leaves` receives the bytes of its leaves.
/// One pass over the entries: salt, hash, leaf, CRC.
pub(super) fn encode(
    head: (u64, u64, u64),
    entries: &[NewEntry<'_>],
    out: &mut Vec<u8>,
    leaves: &mut Vec<u8>,
) -> Result<(), StoreError> {
    let (mark, sequence, first) = head;
    let length = measure(entries)?;
    out.clear();
    out.resize(length, 0);
    leaves.clear();
    let count = entries.len();
    let (table, first_leaf) = (HEAD + 16 * count, HEAD + 24 * count);
    fill(&mut out[HEAD..table])?;
    let body_start = first_leaf + entries.iter().map(|entry| leaf_length(entry.principal)).sum::<usize>();
    let (mut at, mut leaf) = (body_start, Vec::with_capacity(128));
    for (position, (entry, index)) in entries.iter().zip(first..).enumerate() {
        let salt_at = HEAD + 16 * position;
        let mut salt = [0; 16];
        salt.copy_from_slice(&out[salt_at..salt_at + 16]);
        let check = crc32c::crc32c_append(crc32c::crc32c(&salt), entry.body);
        let row = table + 8 * position;
        out[row..row + 4].copy_from_slice(&(entry.body.len() as u32).to_be_bytes());
        out[row + 4..row + 8].copy_from_slice(&check.to_be_bytes());
        leaf.clear();
        header(entry, index, body_hash(&salt, entry.body)).encode(&mut leaf);
        tiles::push_entry(leaves, &leaf);
        out[at..at + entry.body.len()].copy_from_slice(entry.body);
        at += entry.body.len();
    }
    out[first_leaf..body_start].copy_from_slice(leaves);
    let check = crc32c::crc32c(&out[table..body_start]);
    let (leaves, bodies) = (leaves.len() as u32, (at - body_start) as u32);
    Head { mark, sequence, first, count: count as u32, leaves, bodies, check }.encode(&mut out[..HEAD]);
    Ok(())
}

fn header<'a>(entry: &NewEntry<'a>, index: u64, body_hash: journal::Hash) -> Header<'a> {
    let NewEntry { kind, version, principal, time, .. } = *entry;
    Header { index, time, kind, version, principal, body_hash }
}

fn leaf_length(principal: &str) -> usize {
    2 + journal::entry::FIXED + principal.len()
}

/// Bytes that `entries` take as one group; refuses what no group may hold.
pub(super) fn measure(entries: &[NewEntry<'_>]) -> Result<usize, StoreError> {
    let refuse = |what, limit, given| Err(StoreError::TooLarge { what, limit, given });
    if entries.len() > MAX_ENTRIES {
        return refuse("entries in a group", MAX_ENTRIES, entries.len());
    }
    let (mut leaves, mut bodies) = (0u64, 0u64);
    for entry in entries {
        if entry.body.len() > MAX_BODY {
            return refuse("bytes in a body", MAX_BODY, entry.body.len());
        }
        if entry.principal.len() > MAX_PRINCIPAL {
            return refuse("bytes in a principal", MAX_PRINCIPAL, entry.principal.len());
        }
        leaves += leaf_length(entry.principal) as u64;
        bodies += entry.body.len() as u64;
    }
    let length = padded(entries.len() as u64, leaves, bodies) as usize;
    if length > MAX_GROUP { refuse("bytes in a group", MAX_GROUP, length) } else { Ok(length) }
}

fn fill(salts: &mut [u8]) -> Result<(), StoreError> {
    getrandom::fill(salts).map_err(|error| StoreError::Io {
        doing: "draw salts from",
        path: "/dev/urandom".into(),
        source: std::io::Error::other(error.to_string()),
    })
}

/// A whole group, checked.
#[derive(Debug, Clone)]
pub struct Group {
    bytes: Vec<u8>,
    head: Head,
}

impl Group {
    /// Checks the bytes of a group against its head; says what does not hold and of which entry.
    pub fn check(bytes: Vec<u8>, head: Head) -> Result<Self, (u64, &'static str)> {
        let whole = |what| Err((head.first, what));
        if bytes.len() as u64 != head.length() {
            return whole("a group that is cut off");
        }
        let (table, bodies) = (head.table(), head.bodies());
        if crc32c::crc32c(&bytes[table..bodies]) != head.check {
            return whole("leaves that do not have their CRC");
        }
        let end = bodies + head.bodies as usize;
        if bytes[end..].iter().any(|&byte| byte != 0) {
            return whole("padding that is not zero");
        }
        let group = Self { bytes, head };
        let (mut at, mut index) = (bodies, head.first);
        for position in 0..head.count as usize {
            let (salt, length, check) = group.row(position);
            let body = group.bytes.get(at..at + length).filter(|_| at + length <= end);
            let Some(body) = body else { return Err((index, "a body beyond its group")) };
            if *salt != DESTROYED && crc32c::crc32c_append(crc32c::crc32c(salt), body) != check {
                return Err((index, "a body that does not have its CRC"));
            }
            at += length;
            index += 1;
        }
        if at != end || group.leaves().filter(|leaf| leaf.is_ok()).count() != head.count as usize {
            return Err((head.first, "more leaves or bodies than entries"));
        }
        Ok(group)
    }

    /// The head.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The leaves as one bundle.
    pub fn bundle(&self) -> &[u8] {
        &self.bytes[self.head.leaves()..self.head.bodies()]
    }

    fn leaves(&self) -> tiles::Entries<'_> {
        tiles::entries(self.bundle())
    }

    fn row(&self, position: usize) -> (&Salt, usize, u32) {
        let row = self.head.table() + 8 * position;
        let salt = self.bytes[HEAD + 16 * position..].first_chunk::<16>().unwrap_or(&DESTROYED);
        (salt, word(&self.bytes, row) as usize, word(&self.bytes, row + 4))
    }

    /// The entries in order.
    pub fn entries(&self) -> impl Iterator<Item = Stored<'_>> {
        let mut at = self.head.bodies();
        self.leaves().flatten().enumerate().map(move |(position, leaf)| {
            let (salt, length, _) = self.row(position);
            let body_at = at;
            at += length;
            Stored { leaf, salt, body: &self.bytes[body_at..at], salt_at: HEAD + 16 * position, body_at }
        })
    }
}

/// An entry inside a group.
#[derive(Debug, Clone, Copy)]
pub struct Stored<'a> {
    /// The leaf: an encoded header.
    pub leaf: &'a [u8],
    salt: &'a Salt,
    body: &'a [u8],
    pub(super) salt_at: usize,
    pub(super) body_at: usize,
}

impl<'a> Stored<'a> {
    /// Salt and body, or that they are destroyed.
    pub fn body(&self) -> Body<'a> {
        if *self.salt == DESTROYED { Body::Destroyed } else { Body::Present { salt: self.salt, body: self.body } }
    }

    /// Marked destroyed, but the body is not yet zero: a crash came between the two writes.
    pub(super) fn half_destroyed(&self) -> bool {
        *self.salt == DESTROYED && self.body.iter().any(|&byte| byte != 0)
    }

    pub(super) fn body_length(&self) -> usize {
        self.body.len()
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    bytes[at..at + 4].iter().fold(0, |sum, &byte| sum << 8 | u32::from(byte))
}

fn long(bytes: &[u8], at: usize) -> u64 {
    bytes[at..at + 8].iter().fold(0, |sum, &byte| sum << 8 | u64::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The closing group that docs/journal-format.md shows.
    #[test]
    fn a_closing_group_is_the_example_of_the_format_page() {
        let (mut out, mut leaves) = (Vec::new(), Vec::new());
        assert!(encode((0x0102_0304_0506_0708, 1, 1), &[], &mut out, &mut leaves).is_ok());
        let shown: String = out[..HEAD].iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(include_str!("../../../../docs/journal-format.md").contains(&shown), "{shown}");
        assert_eq!((out.len(), &out[HEAD..], leaves.len()), (PAGE, &[0; PAGE - HEAD][..], 0));
    }
}
