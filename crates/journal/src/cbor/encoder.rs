//! Writes deterministic CBOR into a buffer that the caller may reuse.
//!
//! It promises shortest integers and definite lengths. The order of a map's keys is the caller's:
//! [`Encoder::key`] in ascending order, as many as [`Encoder::map`] announced.

use super::{ARRAY, BYTES, FALSE, MAP, NEGATIVE, NULL, TAG, TEXT, TRUE, UNSIGNED};
use alloc::vec::Vec;

/// Appends items to a buffer.
#[derive(Debug, Default)]
pub struct Encoder {
    out: Vec<u8>,
}

impl Encoder {
    /// An encoder with an empty buffer.
    pub fn new() -> Self {
        Self::default()
    }

    /// An encoder that appends to `out`.
    pub fn over(out: Vec<u8>) -> Self {
        Self { out }
    }

    /// The bytes written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// The bytes written so far.
    pub fn as_bytes(&self) -> &[u8] {
        &self.out
    }

    /// An unsigned integer.
    pub fn u64(&mut self, value: u64) {
        self.head(UNSIGNED, value);
    }

    /// A signed integer.
    pub fn i64(&mut self, value: i64) {
        // −1 − n of a negative n is the complement of its bits.
        if value < 0 { self.head(NEGATIVE, !value as u64) } else { self.head(UNSIGNED, value as u64) }
    }

    /// A signed integer of up to 128 bits; a bignum where 64 bits do not hold it.
    pub fn i128(&mut self, value: i128) {
        let (magnitude, major, tag) =
            if value < 0 { (!value as u128, NEGATIVE, 3) } else { (value as u128, UNSIGNED, 2) };
        match u64::try_from(magnitude) {
            Ok(small) => self.head(major, small),
            Err(_) => {
                self.head(TAG, tag);
                let bytes = magnitude.to_be_bytes();
                let zeros = (magnitude.leading_zeros() / 8) as usize;
                self.bytes(&bytes[zeros..]);
            }
        }
    }

    /// A byte string.
    pub fn bytes(&mut self, value: &[u8]) {
        self.head(BYTES, value.len() as u64);
        self.out.extend_from_slice(value);
    }

    /// A text string.
    pub fn text(&mut self, value: &str) {
        self.head(TEXT, value.len() as u64);
        self.out.extend_from_slice(value.as_bytes());
    }

    /// The head of an array of `length` items, which follow.
    pub fn array(&mut self, length: usize) {
        self.head(ARRAY, length as u64);
    }

    /// The head of a map of `length` fields; each is a [`key`](Self::key) and a value.
    pub fn map(&mut self, length: usize) {
        self.head(MAP, length as u64);
    }

    /// The key of the next field; keys of a map ascend.
    pub fn key(&mut self, key: u64) {
        self.head(UNSIGNED, key);
    }

    /// A boolean.
    pub fn bool(&mut self, value: bool) {
        self.out.push(if value { TRUE } else { FALSE });
    }

    /// Null.
    pub fn null(&mut self) {
        self.out.push(NULL);
    }

    /// An item that is already deterministic CBOR, as it stands.
    pub fn raw(&mut self, item: &[u8]) {
        self.out.extend_from_slice(item);
    }

    fn head(&mut self, major: u8, value: u64) {
        let major = major << 5;
        match value {
            0..=23 => self.out.push(major | value as u8),
            24..=0xff => self.out.extend_from_slice(&[major | 24, value as u8]),
            0x100..=0xffff => {
                self.out.push(major | 25);
                self.out.extend_from_slice(&(value as u16).to_be_bytes());
            }
            0x1_0000..=0xffff_ffff => {
                self.out.push(major | 26);
                self.out.extend_from_slice(&(value as u32).to_be_bytes());
            }
            _ => {
                self.out.push(major | 27);
                self.out.extend_from_slice(&value.to_be_bytes());
            }
        }
    }
}
