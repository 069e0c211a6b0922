//! Deterministic CBOR (RFC 8949 section 4.2): one value has exactly one encoding.
//!
//! It promises that what [`Decoder`] accepts, [`Encoder`] would have written byte for byte, so a
//! body's hash is a hash of its meaning. It must never know which fields a body has.
//!
//! The subset: integers, bytes, text, arrays, maps with unsigned integer keys, booleans and null.
//! Integers are shortest; those beyond 64 bits are bignums (tags 2 and 3). No floats, no
//! indefinite lengths, no other tags. Key order is ascending and no key occurs twice.
//! An unknown odd key may be skipped, an unknown even key may not ([`Decoder::unknown`]).

mod decoder;
mod encoder;

pub use decoder::{Decoder, Fields, Kind};
pub use encoder::Encoder;

use core::fmt;

/// How deep arrays and maps may nest in a value that is skipped. The bodies of this project nest
/// at most six deep; sixteen leaves room and keeps the recursion of a skip under 2 kB of stack.
pub const MAX_DEPTH: u8 = 16;

/// Why bytes are not the deterministic CBOR that was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Error {
    /// Offset in the decoded bytes.
    pub at: usize,
    /// What should have been there.
    pub expected: &'static str,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at byte {}: expected {}; the body was not written by this format", self.at, self.expected)
    }
}

impl core::error::Error for Error {}

/// Checks that `bytes` are exactly one well-formed deterministic item.
pub fn check(bytes: &[u8]) -> Result<(), Error> {
    let mut decoder = Decoder::new(bytes);
    decoder.skip()?;
    decoder.finish()
}

// The eight major types, as the top three bits of an item's first byte.
const UNSIGNED: u8 = 0;
const NEGATIVE: u8 = 1;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const MAP: u8 = 5;
const TAG: u8 = 6;
const SIMPLE: u8 = 7;

const FALSE: u8 = 0xf4;
const TRUE: u8 = 0xf5;
const NULL: u8 = 0xf6;
