//! The things of an exchange that figures belong to, and whether the list of a kind is complete.
//!
//! A subject is named by its kind and its name within the exchange. People and customers are opaque references.

use super::map::{self, Map};
use alloc::string::String;
use alloc::vec::Vec;
use journal::cbor::{Decoder, Encoder, Error};
use rulebook::time::Instant;

/// Kind and name of a subject, such as (`asset`, `BTC`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// Kind, by its name in the word list.
    pub kind: String,
    /// Name within the exchange.
    pub name: String,
}

impl Name {
    /// A name of a kind.
    pub fn new(kind: &str, name: &str) -> Name {
        Name { kind: kind.into(), name: name.into() }
    }

    pub(crate) fn write(&self, out: &mut Encoder) {
        out.array(2);
        out.text(&self.kind);
        out.text(&self.name);
    }

    pub(crate) fn read(from: &mut Decoder<'_>) -> Result<Name, Error> {
        map::array_of(from, 2)?;
        Ok(Name { kind: map::text(from)?, name: map::text(from)? })
    }
}

/// A subject is there. Said again, the later statement replaces the earlier one whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectKnown {
    /// The exchange it belongs to.
    pub exchange: String,
    /// Kind and name.
    pub subject: Name,
    /// First moment at which it is there, UTC milliseconds; none for always.
    pub from: Option<Instant>,
    /// Last moment at which it is there, UTC milliseconds; none for still.
    pub until: Option<Instant>,
    /// Subjects of other kinds that it belongs with, such as a withdrawal's wallet; at most one of a kind.
    pub refers: Vec<Name>,
    /// Where it is known from.
    pub source: String,
}

impl SubjectKnown {
    /// Number of this kind of entry.
    pub const KIND: u16 = 2;

    /// The body.
    pub fn encode(&self) -> Vec<u8> {
        Map::default()
            .text(0, &self.exchange)
            .text(1, &self.source)
            .put(2, |out| self.subject.write(out))
            .put_if(4, self.from, |out, at| out.i64(at.0))
            .put_if(6, self.until, |out, at| out.i64(at.0))
            .list(8, &self.refers, |out, name| name.write(out))
            .bytes()
    }

    /// Reads a body.
    pub fn decode(body: &[u8]) -> Result<Self, Error> {
        let (mut exchange, mut source, mut subject, mut from, mut until, mut refers) =
            (None, None, None, None, None, None);
        map::read(body, |key, item| {
            match key {
                0 => exchange = Some(map::text(item)?),
                1 => source = Some(map::text(item)?),
                2 => subject = Some(Name::read(item)?),
                4 => from = Some(map::at(item)?),
                6 => until = Some(map::at(item)?),
                8 => refers = Some(map::list(item, Name::read)?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(Self {
            exchange: map::required(exchange)?,
            subject: map::required(subject)?,
            from,
            until,
            refers: map::required(refers)?,
            source: source.unwrap_or_default(),
        })
    }
}

/// The recorded subjects of a kind are all there are; with none recorded: there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterKnown {
    /// The exchange.
    pub exchange: String,
    /// Kind, by its name in the word list.
    pub kind: String,
}

impl RosterKnown {
    /// Number of this kind of entry.
    pub const KIND: u16 = 3;

    /// The body.
    pub fn encode(&self) -> Vec<u8> {
        Map::default().text(0, &self.exchange).text(2, &self.kind).bytes()
    }

    /// Reads a body.
    pub fn decode(body: &[u8]) -> Result<Self, Error> {
        let (mut exchange, mut kind) = (None, None);
        map::read(body, |key, from| {
            match key {
                0 => exchange = Some(map::text(from)?),
                2 => kind = Some(map::text(from)?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(Self { exchange: map::required(exchange)?, kind: map::required(kind)? })
    }
}
