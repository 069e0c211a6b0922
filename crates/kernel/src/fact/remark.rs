//! What people write about a subject in their own words: a title, a description, a cause, a task, a lesson.
//!
//! It promises to keep every statement. Said again under the same topic and id, the later one stands and the earlier
//! stays on record. No rule reads a remark.

use super::map::{self, Map};
use super::subject::Name;
use alloc::string::String;
use alloc::vec::Vec;
use journal::cbor::Error;
use rulebook::time::Instant;

/// Someone wrote something down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The exchange.
    pub exchange: String,
    /// What it is about; none for the exchange itself.
    pub subject: Option<Name>,
    /// When it was so, UTC milliseconds; a point of the timeline.
    pub at: Instant,
    /// What kind of statement: `event` (of the timeline), `title`, `description`, `cause`, `task`, `lesson`, …
    pub topic: String,
    /// Which one of its topic, such as the id of a task; empty where a topic has one.
    pub id: String,
    /// The text.
    pub text: String,
    /// Who is to do it: an opaque reference; empty for nobody.
    pub owner: String,
    /// Until when a task is to be done, UTC milliseconds.
    pub due: Option<Instant>,
    /// Whether a task is done.
    pub done: bool,
    /// Who wrote it: an opaque reference.
    pub by: String,
    /// Where it is known from.
    pub source: String,
}

impl Remark {
    /// Number of this kind of entry.
    pub const KIND: u16 = 11;

    /// The body.
    pub fn encode(&self) -> Vec<u8> {
        Map::default()
            .text(0, &self.exchange)
            .text(1, &self.source)
            .put_if(2, self.subject.as_ref(), |out, name| name.write(out))
            .at(4, self.at)
            .text(6, &self.topic)
            .text(8, &self.id)
            .text(10, &self.text)
            .text(11, &self.owner)
            .put_if(12, self.due, |out, at| out.i64(at.0))
            .put(14, |out| out.bool(self.done))
            .text(15, &self.by)
            .bytes()
    }

    /// Reads a body.
    pub fn decode(body: &[u8]) -> Result<Self, Error> {
        let (mut exchange, mut source, mut subject, mut at, mut topic) = (None, None, None, None, None);
        let (mut id, mut text, mut owner, mut due, mut done, mut by) = (None, None, None, None, None, None);
        map::read(body, |key, from| {
            match key {
                0 => exchange = Some(map::text(from)?),
                1 => source = Some(map::text(from)?),
                2 => subject = Some(Name::read(from)?),
                4 => at = Some(map::at(from)?),
                6 => topic = Some(map::text(from)?),
                8 => id = Some(map::text(from)?),
                10 => text = Some(map::text(from)?),
                11 => owner = Some(map::text(from)?),
                12 => due = Some(map::at(from)?),
                14 => done = Some(from.bool()?),
                15 => by = Some(map::text(from)?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(Self {
            exchange: map::required(exchange)?,
            subject,
            at: map::required(at)?,
            topic: map::required(topic)?,
            id: map::required(id)?,
            text: map::required(text)?,
            owner: owner.unwrap_or_default(),
            due,
            done: map::required(done)?,
            by: by.unwrap_or_default(),
            source: source.unwrap_or_default(),
        })
    }
}
