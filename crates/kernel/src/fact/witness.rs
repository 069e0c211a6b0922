//! What a witness sees of other journals: who they are, the checkpoints it cosigned, and the proof of a fork.
//!
//! It promises that a fork is on record with the two signed checkpoints that prove it. A witness sees existence and order,
//! never what an entry says.

use super::map::{self, Map};
use alloc::string::String;
use alloc::vec::Vec;
use journal::Hash;
use journal::cbor::Error;

/// A journal is to be witnessed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRegistered {
    /// The exchange whose journal it is.
    pub exchange: String,
    /// Its verifier key, as signed notes write it; the key's name is the journal's origin.
    pub key: String,
}

/// A checkpoint was found consistent with the one before it, and is cosigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckpointWitnessed {
    /// The journal's origin.
    pub origin: String,
    /// Size of the tree it was proven to extend; 0 for the first.
    pub from: u64,
    /// Size of the tree.
    pub size: u64,
    /// Its root.
    pub root: Hash,
    /// The checkpoint as the journal signed it.
    pub note: String,
}

/// A journal signed two histories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForkSeen {
    /// The journal's origin.
    pub origin: String,
    /// The checkpoint that was cosigned.
    pub first: String,
    /// The other of the same size, signed by the same key, with another root.
    pub second: String,
}

impl LogRegistered {
    /// Number of this kind of entry.
    pub const KIND: u16 = 15;

    /// The body.
    pub fn encode(&self) -> Vec<u8> {
        Map::default().text(0, &self.exchange).text(2, &self.key).bytes()
    }

    /// Reads a body.
    pub fn decode(body: &[u8]) -> Result<Self, Error> {
        let (mut exchange, mut key) = (None, None);
        map::read(body, |number, from| {
            match number {
                0 => exchange = Some(map::text(from)?),
                2 => key = Some(map::text(from)?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(Self { exchange: map::required(exchange)?, key: map::required(key)? })
    }
}

impl CheckpointWitnessed {
    /// Number of this kind of entry.
    pub const KIND: u16 = 16;

    /// The body.
    pub fn encode(&self) -> Vec<u8> {
        Map::default()
            .text(0, &self.origin)
            .put(2, |out| out.u64(self.from))
            .put(4, |out| out.u64(self.size))
            .put(6, |out| out.bytes(&self.root))
            .text(8, &self.note)
            .bytes()
    }

    /// Reads a body.
    pub fn decode(body: &[u8]) -> Result<Self, Error> {
        let (mut origin, mut before, mut size, mut root, mut note) = (None, None, None, None, None);
        map::read(body, |number, from| {
            match number {
                0 => origin = Some(map::text(from)?),
                2 => before = Some(from.u64()?),
                4 => size = Some(from.u64()?),
                6 => root = Some(super::notice::hash(from)?),
                8 => note = Some(map::text(from)?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(Self {
            origin: map::required(origin)?,
            from: map::required(before)?,
            size: map::required(size)?,
            root: map::required(root)?,
            note: map::required(note)?,
        })
    }
}

impl ForkSeen {
    /// Number of this kind of entry.
    pub const KIND: u16 = 17;

    /// The body.
    pub fn encode(&self) -> Vec<u8> {
        Map::default().text(0, &self.origin).text(2, &self.first).text(4, &self.second).bytes()
    }

    /// Reads a body.
    pub fn decode(body: &[u8]) -> Result<Self, Error> {
        let (mut origin, mut first, mut second) = (None, None, None);
        map::read(body, |number, from| {
            match number {
                0 => origin = Some(map::text(from)?),
                2 => first = Some(map::text(from)?),
                4 => second = Some(map::text(from)?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(Self { origin: map::required(origin)?, first: map::required(first)?, second: map::required(second)? })
    }
}
