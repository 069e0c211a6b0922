//! A number in the form a fact stores: a fraction of two 128-bit integers in lowest terms.
//!
//! It promises that what it holds can be written. It must never know a unit.

use journal::cbor::{Decoder, Encoder, Error};
use rulebook::number::Number;

/// An exact fraction that fits its stored form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exact(Number);

impl Exact {
    /// `num / den` in lowest terms; `None` when `den` is zero or a sign does not fit.
    pub fn new(num: i128, den: i128) -> Option<Exact> {
        Number::fraction(num, den).and_then(Exact::of)
    }

    /// A number that fits; `None` for one beyond 128 bits.
    pub fn of(number: Number) -> Option<Exact> {
        number.parts().is_some().then_some(Exact(number))
    }

    /// The number.
    pub fn number(&self) -> &Number {
        &self.0
    }

    /// Numerator and denominator.
    pub fn parts(&self) -> (i128, i128) {
        // Both constructors asked.
        self.0.parts().unwrap_or((0, 1))
    }

    /// Two items: numerator and denominator.
    pub(super) fn write(&self, out: &mut Encoder) {
        let (num, den) = self.parts();
        out.i128(num);
        out.i128(den);
    }

    pub(super) fn read(from: &mut Decoder<'_>) -> Result<Exact, Error> {
        let at = from.position();
        let (num, den) = (from.i128()?, from.i128()?);
        let exact = Exact::new(num, den).filter(|e| e.parts() == (num, den));
        exact.ok_or(Error { at, expected: "a fraction in lowest terms, its denominator above zero" })
    }
}
