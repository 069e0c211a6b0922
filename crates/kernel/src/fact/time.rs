//! The end of a silence: time passed and nothing else happened. The time itself is the entry's.

use super::map::{self, Map};
use alloc::vec::Vec;
use journal::cbor::Error;

/// Time passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimePassed;

impl TimePassed {
    /// Number of this kind of entry.
    pub const KIND: u16 = 9;

    /// The body: an empty map.
    pub fn encode(&self) -> Vec<u8> {
        Map::default().bytes()
    }

    /// Reads a body.
    pub fn decode(body: &[u8]) -> Result<Self, Error> {
        map::read(body, |_, _| Ok(false))?;
        Ok(Self)
    }
}
