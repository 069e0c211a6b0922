//! The question whether an exchange keeps the law. The answers are conclusions and stand beside it in its entry.

use super::map::{self, Map};
use crate::known::KnownAt;
use alloc::string::String;
use alloc::vec::Vec;
use journal::cbor::{Decoder, Encoder, Error};
use rulebook::time::Instant;

/// An assessment was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssessmentAsked {
    /// The exchange.
    pub exchange: String,
    /// The moment it is judged for (valid time), UTC milliseconds.
    pub as_of: Instant,
    /// What may be taken as known: now, or what an earlier entry or time knew.
    pub known: KnownAt,
    /// Laws by their id; empty for all.
    pub laws: Vec<String>,
}

impl AssessmentAsked {
    /// Number of this kind of entry.
    pub const KIND: u16 = 8;

    /// The body.
    pub fn encode(&self) -> Vec<u8> {
        Map::default()
            .text(0, &self.exchange)
            .at(2, self.as_of)
            .put(4, |out| write_known(out, self.known))
            .list(6, &self.laws, |out, law| out.text(law))
            .bytes()
    }

    /// Reads a body.
    pub fn decode(body: &[u8]) -> Result<Self, Error> {
        let (mut exchange, mut as_of, mut known, mut laws) = (None, None, None, None);
        map::read(body, |key, from| {
            match key {
                0 => exchange = Some(map::text(from)?),
                2 => as_of = Some(map::at(from)?),
                4 => known = Some(read_known(from)?),
                6 => laws = Some(map::list(from, map::text)?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(Self {
            exchange: map::required(exchange)?,
            as_of: map::required(as_of)?,
            known: map::required(known)?,
            laws: map::required(laws)?,
        })
    }
}

fn write_known(out: &mut Encoder, known: KnownAt) {
    out.array(if known == KnownAt::Now { 1 } else { 2 });
    match known {
        KnownAt::Now => out.u64(0),
        KnownAt::Entry(index) => {
            out.u64(1);
            out.u64(index);
        }
        KnownAt::Time(at) => {
            out.u64(2);
            out.i64(at.0);
        }
    }
}

fn read_known(from: &mut Decoder<'_>) -> Result<KnownAt, Error> {
    let at = from.position();
    let length = from.array()?;
    Ok(match (from.u64()?, length) {
        (0, 1) => KnownAt::Now,
        (1, 2) => KnownAt::Entry(from.u64()?),
        (2, 2) => KnownAt::Time(map::at(from)?),
        _ => return Err(Error { at, expected: "now, an entry or a time" }),
    })
}
