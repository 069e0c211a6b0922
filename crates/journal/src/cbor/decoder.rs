//! Reads deterministic CBOR by pulling one item after another; builds no tree, copies nothing.
//!
//! It promises to refuse every encoding that [`Encoder`](super::Encoder) would not have written.
//! A typed reader nests as deep as its types do; only [`Decoder::skip`] recurses, to
//! [`MAX_DEPTH`].

use super::{ARRAY, BYTES, Error, FALSE, MAP, MAX_DEPTH, NEGATIVE, NULL, SIMPLE, TAG, TEXT, TRUE, UNSIGNED};

/// What kind of item comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An integer of any width.
    Integer,
    /// A byte string.
    Bytes,
    /// A text string.
    Text,
    /// An array.
    Array,
    /// A map.
    Map,
    /// A boolean.
    Bool,
    /// Null.
    Null,
}

/// A position in bytes.
#[derive(Debug, Clone)]
pub struct Decoder<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// The fields of a map that are still to come.
#[derive(Debug)]
pub struct Fields {
    left: u64,
    last: Option<u64>,
}

impl Fields {
    /// The key of the next field, or `None` after the last; its value must then be read or
    /// passed to [`Decoder::unknown`]. Refuses keys that do not ascend.
    #[inline]
    pub fn next(&mut self, decoder: &mut Decoder<'_>) -> Result<Option<u64>, Error> {
        if self.left == 0 {
            return Ok(None);
        }
        let at = decoder.at;
        let key = decoder.u64()?;
        if self.last.is_some_and(|last| key <= last) {
            return Err(Error { at, expected: "a key above the one before it" });
        }
        self.left -= 1;
        self.last = Some(key);
        Ok(Some(key))
    }
}

impl<'a> Decoder<'a> {
    /// Starts at the first of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The offset of the next item.
    pub fn position(&self) -> usize {
        self.at
    }

    /// Checks that nothing follows.
    pub fn finish(self) -> Result<(), Error> {
        if self.at == self.bytes.len() { Ok(()) } else { Err(self.wants("the end")) }
    }

    /// The kind of the next item, which stays unread.
    pub fn peek(&self) -> Result<Kind, Error> {
        let first = *self.bytes.get(self.at).ok_or(self.wants("an item"))?;
        match first >> 5 {
            UNSIGNED | NEGATIVE => Ok(Kind::Integer),
            BYTES => Ok(Kind::Bytes),
            TEXT => Ok(Kind::Text),
            ARRAY => Ok(Kind::Array),
            MAP => Ok(Kind::Map),
            TAG => Ok(Kind::Integer),
            _ if first == FALSE || first == TRUE => Ok(Kind::Bool),
            _ if first == NULL => Ok(Kind::Null),
            _ => Err(self.wants("false, true or null")),
        }
    }

    /// An unsigned integer.
    #[inline]
    pub fn u64(&mut self) -> Result<u64, Error> {
        self.head_of(UNSIGNED, "an unsigned integer")
    }

    /// An integer between −2⁶³ and 2⁶³ − 1.
    #[inline]
    pub fn i64(&mut self) -> Result<i64, Error> {
        let start = self.at;
        let (major, value) = self.head()?;
        let wrong = Error { at: start, expected: "an integer of at most 63 bits and a sign" };
        let value = i64::try_from(value).map_err(|_| wrong)?;
        match major {
            UNSIGNED => Ok(value),
            NEGATIVE => Ok(!value),
            _ => Err(wrong),
        }
    }

    /// An integer between −2¹²⁷ and 2¹²⁷ − 1.
    pub fn i128(&mut self) -> Result<i128, Error> {
        let start = self.at;
        match self.head()? {
            (UNSIGNED, value) => Ok(i128::from(value)),
            (NEGATIVE, value) => Ok(!i128::from(value)),
            (TAG, tag @ (2 | 3)) => {
                let wrong = Error { at: start, expected: "a bignum of 9 to 16 bytes without leading zeros" };
                let bytes = self.bytes()?;
                if bytes.len() < 9 || bytes.len() > 16 || bytes[0] == 0 {
                    return Err(wrong);
                }
                let magnitude = bytes.iter().fold(0u128, |sum, &byte| sum << 8 | u128::from(byte));
                let magnitude = i128::try_from(magnitude).map_err(|_| wrong)?;
                Ok(if tag == 2 { magnitude } else { !magnitude })
            }
            _ => Err(Error { at: start, expected: "an integer" }),
        }
    }

    /// A byte string.
    #[inline]
    pub fn bytes(&mut self) -> Result<&'a [u8], Error> {
        let length = self.head_of(BYTES, "a byte string")?;
        self.take(length)
    }

    /// A byte string of exactly `N` bytes.
    pub fn exactly<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let at = self.at;
        self.bytes()?.try_into().map_err(|_| Error { at, expected: "a byte string of its fixed length" })
    }

    /// A text string.
    #[inline]
    pub fn text(&mut self) -> Result<&'a str, Error> {
        let length = self.head_of(TEXT, "a text string")?;
        let at = self.at;
        core::str::from_utf8(self.take(length)?).map_err(|_| Error { at, expected: "UTF-8" })
    }

    /// The length of an array, whose items follow. It never exceeds the bytes that are left, so
    /// it may be used to reserve memory.
    #[inline]
    pub fn array(&mut self) -> Result<usize, Error> {
        let length = self.head_of(ARRAY, "an array")?;
        self.fits(length, 1)
    }

    /// The fields of a map, pulled with [`Fields::next`].
    #[inline]
    pub fn map(&mut self) -> Result<Fields, Error> {
        let left = self.head_of(MAP, "a map")?;
        self.fits(left, 2)?;
        Ok(Fields { left, last: None })
    }

    /// A boolean.
    pub fn bool(&mut self) -> Result<bool, Error> {
        match self.bytes.get(self.at) {
            Some(&FALSE) => self.step(false),
            Some(&TRUE) => self.step(true),
            _ => Err(self.wants("false or true")),
        }
    }

    /// Null.
    pub fn null(&mut self) -> Result<(), Error> {
        match self.bytes.get(self.at) {
            Some(&NULL) => self.step(()),
            _ => Err(self.wants("null")),
        }
    }

    /// Null, or what `read` reads.
    pub fn optional<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<Option<T>, Error> {
        if self.bytes.get(self.at) == Some(&NULL) {
            return self.step(None);
        }
        read(self).map(Some)
    }

    /// Passes over the value of a key that the reader does not know: odd keys only.
    pub fn unknown(&mut self, key: u64) -> Result<(), Error> {
        if key.is_multiple_of(2) {
            return Err(self.wants("a key this program knows (an unknown even key must be understood)"));
        }
        self.skip()
    }

    /// Passes over one item, checking it.
    pub fn skip(&mut self) -> Result<(), Error> {
        self.skip_at(MAX_DEPTH)
    }

    /// The bytes of one item, checked; with [`Encoder::raw`](super::Encoder::raw) it can be kept
    /// without knowing it.
    pub fn raw(&mut self) -> Result<&'a [u8], Error> {
        let start = self.at;
        self.skip()?;
        Ok(&self.bytes[start..self.at])
    }

    fn skip_at(&mut self, depth: u8) -> Result<(), Error> {
        let deeper = depth.checked_sub(1).ok_or(self.wants("less nesting"));
        match self.peek()? {
            Kind::Integer => self.i128().map(drop),
            Kind::Bytes => self.bytes().map(drop),
            Kind::Text => self.text().map(drop),
            Kind::Bool => self.bool().map(drop),
            Kind::Null => self.null(),
            Kind::Array => {
                let deeper = deeper?;
                (0..self.array()?).try_for_each(|_| self.skip_at(deeper))
            }
            Kind::Map => {
                let deeper = deeper?;
                let mut fields = self.map()?;
                while fields.next(self)?.is_some() {
                    self.skip_at(deeper)?;
                }
                Ok(())
            }
        }
    }

    #[inline]
    fn head_of(&mut self, major: u8, expected: &'static str) -> Result<u64, Error> {
        let at = self.at;
        match self.head()? {
            (found, value) if found == major => Ok(value),
            _ => Err(Error { at, expected }),
        }
    }

    /// The major type and argument of the next item; only shortest forms.
    #[inline]
    fn head(&mut self) -> Result<(u8, u64), Error> {
        let first = *self.bytes.get(self.at).ok_or(self.wants("an item"))?;
        let (major, short) = (first >> 5, first & 31);
        if major == SIMPLE {
            return Err(self.wants("an integer, a string, an array or a map"));
        }
        if short < 24 {
            self.at += 1;
            return Ok((major, u64::from(short)));
        }
        if short > 27 {
            return Err(self.wants("a definite length"));
        }
        let width = 1usize << (short - 24);
        let start = self.at + 1;
        let tail = self.bytes.get(start..start + width).ok_or(self.wants("more bytes"))?;
        let value = tail.iter().fold(0u64, |sum, &byte| sum << 8 | u64::from(byte));
        // The smallest value that needs this width: 24, 2⁸, 2¹⁶, 2³².
        let least = [24, 1 << 8, 1 << 16, 1 << 32][usize::from(short - 24)];
        if value < least {
            return Err(self.wants("the shortest form of an integer"));
        }
        self.at = start + width;
        Ok((major, value))
    }

    #[inline]
    fn take(&mut self, length: u64) -> Result<&'a [u8], Error> {
        let length = self.fits(length, 1)?;
        let taken = &self.bytes[self.at..self.at + length];
        self.at += length;
        Ok(taken)
    }

    /// `count` things of at least `each` bytes must fit in what is left: this bounds every
    /// allocation by the size of the input.
    fn fits(&self, count: u64, each: usize) -> Result<usize, Error> {
        let left = (self.bytes.len() - self.at) / each;
        match usize::try_from(count) {
            Ok(count) if count <= left => Ok(count),
            _ => Err(self.wants("a length within the bytes that are left")),
        }
    }

    fn step<T>(&mut self, value: T) -> Result<T, Error> {
        self.at += 1;
        Ok(value)
    }

    fn wants(&self, expected: &'static str) -> Error {
        Error { at: self.at, expected }
    }
}
