//! An exchange that facts may speak of.

use super::map::{self, Map};
use alloc::string::String;
use alloc::vec::Vec;
use journal::cbor::Error;

/// An exchange was entered; entered again, its names changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExchangeRegistered {
    /// Short id, such as `upbit`; never empty, never changes.
    pub id: String,
    /// Name in English.
    pub name_en: String,
    /// Name in Korean.
    pub name_ko: String,
    /// Where it is known from: a URL or a document.
    pub source: String,
}

impl ExchangeRegistered {
    /// Number of this kind of entry.
    pub const KIND: u16 = 1;

    /// The body.
    pub fn encode(&self) -> Vec<u8> {
        Map::default().text(0, &self.id).text(1, &self.source).text(2, &self.name_en).text(4, &self.name_ko).bytes()
    }

    /// Reads a body.
    pub fn decode(body: &[u8]) -> Result<Self, Error> {
        let (mut id, mut source, mut name_en, mut name_ko) = (None, None, None, None);
        map::read(body, |key, from| {
            match key {
                0 => id = Some(map::text(from)?),
                1 => source = Some(map::text(from)?),
                2 => name_en = Some(map::text(from)?),
                4 => name_ko = Some(map::text(from)?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(Self {
            id: map::required(id)?,
            name_en: map::required(name_en)?,
            name_ko: map::required(name_ko)?,
            source: source.unwrap_or_default(),
        })
    }
}
