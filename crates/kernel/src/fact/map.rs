//! The map that every body is: fields by number, absent ones left out.
//!
//! It promises the order and count that deterministic CBOR asks for. It must never know which fields a fact has.

use alloc::string::String;
use alloc::vec::Vec;
use journal::cbor::{Decoder, Encoder, Error};
use rulebook::time::Instant;

/// Collects fields in ascending order of key.
#[derive(Default)]
pub(crate) struct Map {
    fields: Encoder,
    count: usize,
}

impl Map {
    /// Adds a field.
    pub fn put(mut self, key: u64, write: impl FnOnce(&mut Encoder)) -> Map {
        self.fields.key(key);
        write(&mut self.fields);
        self.count = self.count.saturating_add(1);
        self
    }

    /// Adds a field where there is something to say.
    pub fn put_if<T>(self, key: u64, value: Option<T>, write: impl FnOnce(&mut Encoder, T)) -> Map {
        match value {
            Some(value) => self.put(key, |out| write(out, value)),
            None => self,
        }
    }

    /// Adds a text.
    pub fn text(self, key: u64, value: &str) -> Map {
        self.put(key, |out| out.text(value))
    }

    /// Adds a moment.
    pub fn at(self, key: u64, value: Instant) -> Map {
        self.put(key, |out| out.i64(value.0))
    }

    /// Adds a list.
    pub fn list<T>(self, key: u64, items: &[T], write: impl Fn(&mut Encoder, &T)) -> Map {
        self.put(key, |out| {
            out.array(items.len());
            items.iter().for_each(|item| write(out, item));
        })
    }

    /// The whole map.
    pub fn bytes(self) -> Vec<u8> {
        let mut out = Encoder::new();
        out.map(self.count);
        out.raw(self.fields.as_bytes());
        out.into_bytes()
    }
}

/// Reads a whole body, handing each field to `field`, which answers whether it knows the key.
pub(crate) fn read(body: &[u8], field: impl FnMut(u64, &mut Decoder<'_>) -> Result<bool, Error>) -> Result<(), Error> {
    let mut from = Decoder::new(body);
    read_in(&mut from, field)?;
    from.finish()
}

/// The same for a map inside a body.
pub(crate) fn read_in(
    from: &mut Decoder<'_>,
    mut field: impl FnMut(u64, &mut Decoder<'_>) -> Result<bool, Error>,
) -> Result<(), Error> {
    let mut fields = from.map()?;
    while let Some(key) = fields.next(from)? {
        if !field(key, from)? {
            from.unknown(key)?;
        }
    }
    Ok(())
}

/// A required field that may not have come.
pub(crate) fn required<T>(field: Option<T>) -> Result<T, Error> {
    field.ok_or(Error { at: 0, expected: "every required field of this kind of fact" })
}

pub(crate) fn text(from: &mut Decoder<'_>) -> Result<String, Error> {
    from.text().map(String::from)
}

pub(crate) fn at(from: &mut Decoder<'_>) -> Result<Instant, Error> {
    from.i64().map(Instant)
}

pub(crate) fn list<T>(
    from: &mut Decoder<'_>,
    read: impl Fn(&mut Decoder<'_>) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    // The length is bounded by the bytes that are left, but an item in memory may be larger than its first byte.
    let length = from.array()?;
    (0..length).map(|_| read(from)).collect()
}

/// An array of exactly `length` items, which follow.
pub(crate) fn array_of(from: &mut Decoder<'_>, length: usize) -> Result<(), Error> {
    let at = from.position();
    let found = from.array()?;
    if found == length { Ok(()) } else { Err(Error { at, expected: "an array of its fixed length" }) }
}
