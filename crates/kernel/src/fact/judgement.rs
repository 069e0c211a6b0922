//! A person's answer to an open norm, such as whether a need was urgent.

use super::map::{self, Map};
use super::subject::Name;
use alloc::string::String;
use alloc::vec::Vec;
use journal::cbor::Error;
use rulebook::time::Instant;

/// Someone judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The exchange.
    pub exchange: String,
    /// What was judged; none for the exchange itself.
    pub subject: Option<Name>,
    /// The open norm by its full name, such as `kr.vaupa.urgent_need`.
    pub judgement: String,
    /// The answer.
    pub answer: bool,
    /// Why.
    pub reasons: String,
    /// Who: an opaque reference.
    pub by: String,
    /// From when the answer holds, UTC milliseconds.
    pub at: Instant,
    /// Last moment at which it holds, UTC milliseconds; none until another answer.
    pub until: Option<Instant>,
}

impl Judged {
    /// Number of this kind of entry.
    pub const KIND: u16 = 5;

    /// The body.
    pub fn encode(&self) -> Vec<u8> {
        Map::default()
            .text(0, &self.exchange)
            .text(1, &self.reasons)
            .put_if(2, self.subject.as_ref(), |out, name| name.write(out))
            .text(4, &self.judgement)
            .put(6, |out| out.bool(self.answer))
            .text(8, &self.by)
            .at(10, self.at)
            .put_if(12, self.until, |out, at| out.i64(at.0))
            .bytes()
    }

    /// Reads a body.
    pub fn decode(body: &[u8]) -> Result<Self, Error> {
        let (mut exchange, mut reasons, mut subject, mut judgement) = (None, None, None, None);
        let (mut answer, mut by, mut at, mut until) = (None, None, None, None);
        map::read(body, |key, from| {
            match key {
                0 => exchange = Some(map::text(from)?),
                1 => reasons = Some(map::text(from)?),
                2 => subject = Some(Name::read(from)?),
                4 => judgement = Some(map::text(from)?),
                6 => answer = Some(from.bool()?),
                8 => by = Some(map::text(from)?),
                10 => at = Some(map::at(from)?),
                12 => until = Some(map::at(from)?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(Self {
            exchange: map::required(exchange)?,
            subject,
            judgement: map::required(judgement)?,
            answer: map::required(answer)?,
            reasons: reasons.unwrap_or_default(),
            by: map::required(by)?,
            at: map::required(at)?,
            until,
        })
    }
}
