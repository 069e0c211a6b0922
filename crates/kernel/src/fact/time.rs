//! The end of a silence: time passed and nothing else happened. The time itself is the entry's.

use super::map::{self, Map};
use alloc::string::String;
use alloc::vec::Vec;
use journal::cbor::Error;

/// Time passed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimePassed {
    /// The laws whose clocks are looked at, such as `kr` or `eu.dora`; empty for all of the rulebook.
    pub laws: Vec<String>,
}

impl TimePassed {
    /// Number of this kind of entry.
    pub const KIND: u16 = 9;

    /// The body: an empty map where all laws are looked at.
    pub fn encode(&self) -> Vec<u8> {
        let laws = (!self.laws.is_empty()).then_some(&self.laws);
        Map::default()
            .put_if(2, laws, |out, laws| {
                out.array(laws.len());
                laws.iter().for_each(|law| out.text(law));
            })
            .bytes()
    }

    /// Reads a body.
    pub fn decode(body: &[u8]) -> Result<Self, Error> {
        let mut laws = Vec::new();
        map::read(body, |key, from| {
            match key {
                2 => laws = map::list(from, map::text)?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(Self { laws })
    }
}
