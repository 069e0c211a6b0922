//! Exact numbers: every amount, share and count a rule touches.
//!
//! A number is a fraction. Sums of averages over different day counts have denominators that no fixed width holds
//! (the least common multiple of 1 to 365 has 522 bits), so a fraction that outgrows 128 bits goes on as a big one and
//! comes back when it can. Nothing is ever rounded here; past [`MAX_BITS`] the answer is `None`, which callers treat as unknown.
//!
//! A fraction is brought to lowest terms only where someone looks at its parts or it would outgrow 128 bits: the greatest
//! common divisor of two amounts costs 60 ns, and comparing needs none.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use core::cmp::Ordering;
use core::fmt;
use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};

/// A sum over 365 day counts needs 522 bits below and about 128 more above; two such numbers multiplied stay under 2,048.
/// Beyond that a page is computing something no law asks for, and time per operation would no longer be bounded.
pub const MAX_BITS: u64 = 2_048;

/// An exact fraction. Equal values compare equal whatever their form.
#[derive(Clone)]
pub struct Number(Form);

/// `num / den`, `den > 0`. Packed: left alone, 128-bit integers lie at multiples of 16 bytes, and every recorded value is 16
/// to 32 bytes longer.
#[derive(Clone, Copy)]
#[repr(Rust, packed(8))]
struct Small {
    num: i128,
    den: i128,
}

#[derive(Clone)]
enum Form {
    /// Lowest terms or not.
    Small(Small),
    /// Lowest terms; does not fit `Small`.
    Big(Box<BigRational>),
}

impl Default for Number {
    fn default() -> Number {
        Number::integer(0)
    }
}

impl Number {
    /// Zero.
    pub const ZERO: Number = Number::integer(0);
    /// One.
    pub const ONE: Number = Number::integer(1);

    /// A whole number.
    pub const fn integer(value: i128) -> Number {
        Number(Form::Small(Small { num: value, den: 1 }))
    }

    /// `num / den`; `None` when `den` is zero.
    pub fn fraction(num: i128, den: i128) -> Option<Number> {
        match den {
            0 => None,
            1.. => Some(Number(Form::Small(Small { num, den }))),
            _ => match (num.checked_neg(), den.checked_neg()) {
                (Some(num), Some(den)) => Some(Number(Form::Small(Small { num, den }))),
                _ => Number::from_big(BigRational::new(BigInt::from(num), BigInt::from(den))),
            },
        }
    }

    /// Reads `1_000.25`: digits with `_` between them and at most one point; no sign, no exponent.
    pub fn decimal(text: &str) -> Option<Number> {
        let mut num: i128 = 0;
        let mut den: i128 = 1;
        let mut point = false;
        let mut digits = 0;
        for c in text.bytes() {
            match c {
                b'0'..=b'9' => {
                    digits += 1;
                    num = num.checked_mul(10)?.checked_add(i128::from(c.wrapping_sub(b'0')))?;
                    if point {
                        den = den.checked_mul(10)?;
                    }
                }
                b'_' if digits > 0 => {}
                b'.' if !point && digits > 0 => point = true,
                _ => return None,
            }
        }
        if digits == 0 || text.ends_with(['_', '.']) {
            return None;
        }
        Number::fraction(num, den)
    }

    /// `true` for zero.
    pub fn is_zero(&self) -> bool {
        matches!(self.0, Form::Small(Small { num: 0, .. }))
    }

    /// `true` below zero.
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Form::Small(small) => small.num < 0,
            Form::Big(b) => b.is_negative(),
        }
    }

    /// The value as an integer, if it is one and fits.
    pub fn to_integer(&self) -> Option<i128> {
        match self.parts() {
            Some((num, 1)) => Some(num),
            _ => None,
        }
    }

    /// The largest whole number that is not above, if it fits.
    pub fn floor(&self) -> Option<i128> {
        match &self.0 {
            Form::Small(small) => Some(small.num.div_euclid(small.den)),
            Form::Big(big) => big.floor().to_integer().to_i128(),
        }
    }

    /// Numerator and denominator in lowest terms when both fit 128 bits: the form in which facts are stored.
    pub fn parts(&self) -> Option<(i128, i128)> {
        match self.0 {
            Form::Small(Small { num, den }) => Some(lowest(num, den)),
            Form::Big(_) => None,
        }
    }

    fn big(&self) -> BigRational {
        match &self.0 {
            Form::Small(small) => BigRational::new(BigInt::from(small.num), BigInt::from(small.den)),
            Form::Big(b) => (**b).clone(),
        }
    }

    fn from_big(b: BigRational) -> Option<Number> {
        if let (Some(num), Some(den)) = (b.numer().to_i128(), b.denom().to_i128()) {
            return Some(Number(Form::Small(Small { num, den })));
        }
        if b.numer().bits() > MAX_BITS || b.denom().bits() > MAX_BITS {
            return None;
        }
        Some(Number(Form::Big(Box::new(b))))
    }

    /// What `small` makes of two small fractions, in lowest terms if need be, else what `big` makes of both.
    fn operate(
        &self,
        other: &Number,
        small: fn([i128; 4]) -> Option<Number>,
        big: fn(BigRational, BigRational) -> BigRational,
    ) -> Option<Number> {
        if let (Form::Small(x), Form::Small(y)) = (&self.0, &other.0) {
            let (Small { num: a, den: b }, Small { num: c, den: d }) = (*x, *y);
            let result = small([a, b, c, d]).or_else(|| {
                let ((a, b), (c, d)) = (lowest(a, b), lowest(c, d));
                small([a, b, c, d])
            });
            if result.is_some() {
                return result;
            }
        }
        Number::from_big(big(self.big(), other.big()))
    }

    /// Sum; `None` past [`MAX_BITS`].
    pub fn add(&self, other: &Number) -> Option<Number> {
        let small = |[a, b, c, d]: [i128; 4]| {
            if b == d {
                return Number::fraction(a.checked_add(c)?, b);
            }
            Number::fraction(a.checked_mul(d)?.checked_add(c.checked_mul(b)?)?, b.checked_mul(d)?)
        };
        self.operate(other, small, |x, y| x + y)
    }

    /// Negation; `None` past [`MAX_BITS`].
    pub fn negate(&self) -> Option<Number> {
        if let Form::Small(Small { num, den }) = self.0
            && let Some(num) = num.checked_neg()
        {
            return Some(Number(Form::Small(Small { num, den })));
        }
        Number::from_big(-self.big())
    }

    /// Difference; `None` past [`MAX_BITS`].
    pub fn subtract(&self, other: &Number) -> Option<Number> {
        self.add(&other.negate()?)
    }

    /// Product; `None` past [`MAX_BITS`].
    pub fn multiply(&self, other: &Number) -> Option<Number> {
        self.operate(other, |[a, b, c, d]| Number::fraction(a.checked_mul(c)?, b.checked_mul(d)?), |x, y| x * y)
    }

    /// Quotient; `None` for division by zero or past [`MAX_BITS`].
    pub fn divide(&self, other: &Number) -> Option<Number> {
        if other.is_zero() {
            return None;
        }
        self.operate(other, |[a, b, c, d]| Number::fraction(a.checked_mul(d)?, b.checked_mul(c)?), |x, y| x / y)
    }
}

/// The product of two 128-bit numbers: its upper and lower half.
fn wide(x: u128, y: u128) -> (u128, u128) {
    const LOW: u128 = u64::MAX as u128;
    let (a, b, c, d) = (x >> 64, x & LOW, y >> 64, y & LOW);
    // Each product of two halves is at most (2^64 - 1)^2, so that two more halves can be added without leaving 128 bits.
    let low = b * d;
    let middle = a * d + (low >> 64);
    let other = b * c + (middle & LOW);
    (a * c + (middle >> 64) + (other >> 64), (other << 64) | (low & LOW))
}

/// A fraction in lowest terms, `den > 0`.
fn lowest(num: i128, den: i128) -> (i128, i128) {
    if den == 1 {
        return (num, den);
    }
    // The divisor is at least 1 and at most `den`, so neither division can fail.
    let by = num.gcd(&den);
    (num.checked_div(by).unwrap_or(num), den.checked_div(by).unwrap_or(den))
}

impl Ord for Number {
    fn cmp(&self, other: &Number) -> Ordering {
        if let (Form::Small(x), Form::Small(y)) = (&self.0, &other.0) {
            let (Small { num: a, den: b }, Small { num: c, den: d }) = (*x, *y);
            if b == d {
                return a.cmp(&c);
            }
            if let (Some(ad), Some(cb)) = (a.checked_mul(d), c.checked_mul(b)) {
                return ad.cmp(&cb);
            }
            // A tenth of what is held of an asset with 18 digits does not fit 128 bits; it fits 256.
            let signs = a.signum().cmp(&c.signum());
            if signs != Ordering::Equal {
                return signs;
            }
            let sizes = wide(a.unsigned_abs(), d.unsigned_abs()).cmp(&wide(c.unsigned_abs(), b.unsigned_abs()));
            return if a < 0 { sizes.reverse() } else { sizes };
        }
        self.big().cmp(&other.big())
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Number) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// An exact decimal where one exists (`41.99999999`), else the fraction (`7/3`).
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Form::Small(Small { num, den: 1 }) = self.0 {
            return write!(f, "{num}");
        }
        let b = self.big();
        match decimal_places(b.denom()) {
            Some(0) => write!(f, "{}", b.numer()),
            Some(places) => {
                let scaled = (b * BigRational::from_integer(BigInt::from(10).pow(places))).to_integer();
                let digits = scaled.abs().to_string();
                let width = places as usize;
                let padded: String = if digits.len() <= width {
                    format!("{digits:0>wide$}", wide = width.saturating_add(1))
                } else {
                    digits
                };
                let (whole, part) = padded.split_at(padded.len().saturating_sub(width));
                let sign = if scaled.is_negative() { "-" } else { "" };
                write!(f, "{sign}{whole}.{part}")
            }
            None => write!(f, "{}/{}", b.numer(), b.denom()),
        }
    }
}

/// How many decimal places write a fraction with this denominator exactly; `None` when it has another prime than 2 and 5.
fn decimal_places(den: &BigInt) -> Option<u32> {
    let mut rest = den.clone();
    let mut count = [0u32; 2];
    for (i, prime) in [2u8, 5].into_iter().enumerate() {
        let prime = BigInt::from(prime);
        loop {
            let (quotient, remainder) = rest.div_rem(&prime);
            if !remainder.is_zero() {
                break;
            }
            rest = quotient;
            if let Some(c) = count.get_mut(i) {
                *c = c.saturating_add(1);
            }
        }
    }
    let [twos, fives] = count;
    (rest == BigInt::from(1)).then_some(twos.max(fives))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(text: &str) -> Number {
        match text.split_once('/') {
            Some((a, b)) => Number::decimal(a).unwrap().divide(&Number::decimal(b).unwrap()).unwrap(),
            None => Number::decimal(text).unwrap(),
        }
    }

    #[test]
    fn reads_and_prints() {
        for (text, shown) in [
            ("1_000", "1000"),
            ("0.50", "0.5"),
            ("41.99999999", "41.99999999"),
            ("7/3", "7/3"),
            ("3/60", "0.05"),
            ("1/8", "0.125"),
        ] {
            assert_eq!(n(text).to_string(), shown, "{text}");
        }
        for bad in ["", "_1", "1_", "1.", ".5", "1.2.3", "1e3", "-1", "１"] {
            assert!(Number::decimal(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn seven_of_a_hundred_is_seven_per_cent() {
        assert_eq!(n("7/100"), n("0.07"));
        assert_eq!(n("3/60"), n("5/100"));
        let mut sum = Number::ZERO;
        for _ in 0..12 {
            sum = sum.add(&n("0.05")).unwrap();
        }
        assert_eq!(sum.divide(&n("12")).unwrap(), n("0.05"));
    }

    #[test]
    fn grows_past_128_bits_and_comes_back() {
        let big = Number::integer(i128::MAX);
        let product = big.multiply(&big).unwrap();
        assert!(product > big);
        assert_eq!(product.divide(&big).unwrap(), big);
        let mut sum = Number::ZERO;
        for days in 1..=366 {
            sum = sum.add(&Number::fraction(1, days).unwrap()).unwrap();
        }
        let mut rest = sum;
        for days in 1..=366 {
            rest = rest.subtract(&Number::fraction(1, days).unwrap()).unwrap();
        }
        assert!(rest.is_zero());
    }

    #[test]
    fn compares_past_128_bits_as_big_fractions_do() {
        let parts = [1, 2, 3, 7, u64::MAX as i128, 1 << 64, 10i128.pow(30), i128::MAX - 1, i128::MAX];
        let all = || parts.into_iter().flat_map(|num| [num, -num]).flat_map(|num| parts.map(|den| (num, den)));
        for (a, b) in all() {
            for (c, d) in all() {
                let (x, y) = (Number::fraction(a, b).unwrap(), Number::fraction(c, d).unwrap());
                assert_eq!(x.cmp(&y), x.big().cmp(&y.big()), "{a}/{b} {c}/{d}");
            }
        }
    }

    #[test]
    fn floors_of_both_forms() {
        let half = n("7/2");
        assert_eq!((half.floor(), half.negate().unwrap().floor(), n("3").floor()), (Some(3), Some(-4), Some(3)));
        let mut sum = Number::ZERO;
        for days in 1..=366 {
            sum = sum.add(&Number::fraction(1, days).unwrap()).unwrap();
        }
        assert_eq!((sum.parts(), sum.floor()), (None, Some(6)));
    }

    #[test]
    fn refuses_what_is_out_of_bounds() {
        let mut x = Number::integer(i128::MAX);
        while let Some(next) = x.multiply(&x) {
            x = next;
        }
        assert!(n("1").divide(&Number::ZERO).is_none());
    }
}
