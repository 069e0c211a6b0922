//! A file that supports what an exchange says: kept beside the journal, known to it by its hash.
//!
//! It promises to keep four times apart: the period a file speaks of, when it was collected, when it was received, and when
//! it expires. It must never hold the file: the vault does.

use super::map::{self, Map};
use super::subject::Name;
use alloc::string::String;
use alloc::vec::Vec;
use journal::Hash;
use journal::cbor::{Decoder, Encoder, Error};
use rulebook::time::Instant;

/// A file was put into the vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceKept {
    /// The exchange it speaks of.
    pub exchange: String,
    /// What it is about; none for the exchange itself.
    pub subject: Option<Name>,
    /// SHA-256 of the file.
    pub hash: Hash,
    /// Length of the file in bytes.
    pub bytes: u64,
    /// The name it had.
    pub name: String,
    /// Media type, such as `application/pdf`.
    pub media: String,
    /// First and last moment of the period it speaks of, UTC milliseconds; none where it speaks of no period.
    pub period: Option<Period>,
    /// When it was collected, UTC milliseconds.
    pub collected: Instant,
    /// When it was received, UTC milliseconds.
    pub received: Instant,
    /// Last moment at which it may be relied on, UTC milliseconds; none where it does not expire.
    pub expires: Option<Instant>,
    /// The rules it supports, by id, ascending, each once: one file serves many.
    pub rules: Vec<String>,
    /// Who collected it: an opaque reference.
    pub by: String,
    /// Where it comes from: a system, an office, a URL.
    pub source: String,
}

/// A stretch of time, both ends included, UTC milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// First moment.
    pub from: Instant,
    /// Last moment.
    pub until: Instant,
}

impl Period {
    pub(crate) fn write(self, out: &mut Encoder) {
        out.array(2);
        out.i64(self.from.0);
        out.i64(self.until.0);
    }

    pub(crate) fn read(from: &mut Decoder<'_>) -> Result<Period, Error> {
        map::array_of(from, 2)?;
        Ok(Period { from: map::at(from)?, until: map::at(from)? })
    }
}

impl EvidenceKept {
    /// Number of this kind of entry.
    pub const KIND: u16 = 12;

    /// The body.
    pub fn encode(&self) -> Vec<u8> {
        Map::default()
            .text(0, &self.exchange)
            .text(1, &self.source)
            .put_if(2, self.subject.as_ref(), |out, name| name.write(out))
            .put(4, |out| out.bytes(&self.hash))
            .put(6, |out| out.u64(self.bytes))
            .text(8, &self.name)
            .text(10, &self.media)
            .put_if(12, self.period, |out, period| period.write(out))
            .at(14, self.collected)
            .at(16, self.received)
            .put_if(18, self.expires, |out, at| out.i64(at.0))
            .list(20, &self.rules, |out, rule| out.text(rule))
            .text(21, &self.by)
            .bytes()
    }

    /// Reads a body.
    pub fn decode(body: &[u8]) -> Result<Self, Error> {
        let (mut exchange, mut source, mut subject, mut hash, mut bytes) = (None, None, None, None, None);
        let (mut name, mut media, mut period, mut collected, mut received) = (None, None, None, None, None);
        let (mut expires, mut rules, mut by) = (None, None, None);
        map::read(body, |key, from| {
            match key {
                0 => exchange = Some(map::text(from)?),
                1 => source = Some(map::text(from)?),
                2 => subject = Some(Name::read(from)?),
                4 => hash = Some(from.exactly()?),
                6 => bytes = Some(from.u64()?),
                8 => name = Some(map::text(from)?),
                10 => media = Some(map::text(from)?),
                12 => period = Some(Period::read(from)?),
                14 => collected = Some(map::at(from)?),
                16 => received = Some(map::at(from)?),
                18 => expires = Some(map::at(from)?),
                20 => rules = Some(map::list(from, map::text)?),
                21 => by = Some(map::text(from)?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(Self {
            exchange: map::required(exchange)?,
            subject,
            hash: map::required(hash)?,
            bytes: map::required(bytes)?,
            name: map::required(name)?,
            media: map::required(media)?,
            period,
            collected: map::required(collected)?,
            received: map::required(received)?,
            expires,
            rules: map::required(rules)?,
            by: by.unwrap_or_default(),
            source: source.unwrap_or_default(),
        })
    }
}
