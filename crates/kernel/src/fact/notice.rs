//! A notice or report that left the exchange: to whom, when, what it contains, and the hash of the paper itself.
//!
//! It promises to say what was sent, not whether that was enough: a clock of the rulebook reads the contents and decides
//! whether it stops. An amended notice is a new one that names its predecessor; both stay.

use super::figure::Grade;
use super::map::{self, Map};
use super::subject::Name;
use alloc::string::String;
use alloc::vec::Vec;
use journal::Hash;
use journal::cbor::{Decoder, Error};
use rulebook::time::Instant;

/// Something was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The exchange that sent it.
    pub exchange: String,
    /// What it is about, such as an incident; none for the exchange itself.
    pub subject: Option<Name>,
    /// The event that sending it is, by its name in the word list: `reported`, `users_informed`, `initial_notification`.
    pub word: String,
    /// To whom, for an `event of code`, such as `kisa`.
    pub to: Option<String>,
    /// When it was sent, UTC milliseconds.
    pub at: Instant,
    /// What it contains, as codes that rules ask for in `contains`: ascending, each once.
    pub contents: Vec<String>,
    /// The form it follows, such as `kr.breach-report` or `fire.initial`; empty for a call or a plain letter.
    pub form: String,
    /// SHA-256 of the paper; none for a call.
    pub document: Option<Hash>,
    /// Index of the entry with the notice that this one amends.
    pub amends: Option<u64>,
    /// Who sent it: an opaque reference.
    pub by: String,
    /// How well it is supported: a receipt of the authority is a confirmation.
    pub grade: Grade,
    /// Where it is known from.
    pub source: String,
}

impl Notice {
    /// Number of this kind of entry.
    pub const KIND: u16 = 10;

    /// The body.
    pub fn encode(&self) -> Vec<u8> {
        Map::default()
            .text(0, &self.exchange)
            .text(1, &self.source)
            .put_if(2, self.subject.as_ref(), |out, name| name.write(out))
            .text(4, &self.word)
            .put_if(6, self.to.as_deref(), |out, to| out.text(to))
            .at(8, self.at)
            .list(10, &self.contents, |out, code| out.text(code))
            .text(11, &self.form)
            .put_if(13, self.document, |out, hash| out.bytes(&hash))
            .put_if(14, self.amends, |out, entry| out.u64(entry))
            .text(15, &self.by)
            .put(16, |out| out.u64(self.grade as u64))
            .bytes()
    }

    /// Reads a body.
    pub fn decode(body: &[u8]) -> Result<Self, Error> {
        let (mut exchange, mut source, mut subject, mut word, mut to) = (None, None, None, None, None);
        let (mut at, mut contents, mut form, mut document) = (None, None, None, None);
        let (mut amends, mut by, mut grade) = (None, None, None);
        map::read(body, |key, from| {
            match key {
                0 => exchange = Some(map::text(from)?),
                1 => source = Some(map::text(from)?),
                2 => subject = Some(Name::read(from)?),
                4 => word = Some(map::text(from)?),
                6 => to = Some(map::text(from)?),
                8 => at = Some(map::at(from)?),
                10 => contents = Some(map::list(from, map::text)?),
                11 => form = Some(map::text(from)?),
                13 => document = Some(hash(from)?),
                14 => amends = Some(from.u64()?),
                15 => by = Some(map::text(from)?),
                16 => grade = Some(Grade::read(from)?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(Self {
            exchange: map::required(exchange)?,
            subject,
            word: map::required(word)?,
            to,
            at: map::required(at)?,
            contents: map::required(contents)?,
            form: form.unwrap_or_default(),
            document,
            amends,
            by: by.unwrap_or_default(),
            grade: map::required(grade)?,
            source: source.unwrap_or_default(),
        })
    }
}

/// Thirty-two bytes.
pub(crate) fn hash(from: &mut Decoder<'_>) -> Result<Hash, Error> {
    let at = from.position();
    from.bytes()?.try_into().map_err(|_| Error { at, expected: "a hash of 32 bytes" })
}
