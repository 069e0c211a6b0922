//! Units and types: what may be added to what, decided when a page is loaded.

use alloc::string::String;
use core::fmt;

/// A dimension a number may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Dimension {
    /// The own unit of whatever asset the subject is. Two assets never add.
    Asset,
    /// Heads.
    Person,
    /// South Korean won.
    Krw,
    /// Euro.
    Eur,
    /// US dollar.
    Usd,
    /// Hong Kong dollar.
    Hkd,
    /// Japanese yen.
    Jpy,
    /// Singapore dollar.
    Sgd,
    /// Pound sterling.
    Gbp,
    /// Swiss franc.
    Chf,
    /// UAE dirham.
    Aed,
    /// Thai baht.
    Thb,
}

const DIMENSIONS: usize = 12;

/// The dimensions in their order, with the names that pages write.
pub const DIMENSION_NAMES: [(Dimension, &str); DIMENSIONS] = [
    (Dimension::Asset, "asset"),
    (Dimension::Person, "person"),
    (Dimension::Krw, "KRW"),
    (Dimension::Eur, "EUR"),
    (Dimension::Usd, "USD"),
    (Dimension::Hkd, "HKD"),
    (Dimension::Jpy, "JPY"),
    (Dimension::Sgd, "SGD"),
    (Dimension::Gbp, "GBP"),
    (Dimension::Chf, "CHF"),
    (Dimension::Aed, "AED"),
    (Dimension::Thb, "THB"),
];

impl Dimension {
    /// The name that pages write.
    pub fn name(self) -> &'static str {
        DIMENSION_NAMES.iter().find(|(d, _)| *d == self).map_or("", |(_, n)| n)
    }

    /// Reads a currency code.
    pub fn currency(text: &str) -> Option<Dimension> {
        DIMENSION_NAMES.iter().find(|(d, n)| *n == text && d.is_currency()).map(|(d, _)| *d)
    }

    /// Whether it is money.
    pub fn is_currency(self) -> bool {
        self >= Dimension::Krw
    }
}

/// A product of powers of dimensions; the plain number has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Unit {
    powers: [i8; DIMENSIONS],
}

impl Unit {
    /// No dimension: counts and shares.
    pub const PLAIN: Unit = Unit { powers: [0; DIMENSIONS] };

    /// One dimension to the first power.
    pub const fn of(dimension: Dimension) -> Unit {
        let mut powers = [0; DIMENSIONS];
        powers[dimension as usize] = 1;
        Unit { powers }
    }

    /// Unit of a product.
    pub fn times(self, other: Unit) -> Unit {
        self.zip(other, i8::saturating_add)
    }

    /// Unit of a quotient.
    pub fn per(self, other: Unit) -> Unit {
        self.zip(other, i8::saturating_sub)
    }

    fn zip(self, other: Unit, f: fn(i8, i8) -> i8) -> Unit {
        let mut powers = self.powers;
        for (a, b) in powers.iter_mut().zip(other.powers) {
            *a = f(*a, b);
        }
        Unit { powers }
    }

    /// The power of one dimension.
    pub fn power(self, dimension: Dimension) -> i8 {
        self.powers.get(dimension as usize).copied().unwrap_or(0)
    }

    /// The currency, when the unit is exactly one currency.
    pub fn currency(self) -> Option<Dimension> {
        DIMENSION_NAMES.iter().map(|(d, _)| *d).find(|d| d.is_currency() && self == Unit::of(*d))
    }

    /// Reads `KRW`, `KRW/asset`, `person`, `asset` or nothing.
    pub fn parse(text: &str) -> Option<Unit> {
        let one = |t: &str| DIMENSION_NAMES.iter().find(|(_, n)| *n == t).map(|(d, _)| Unit::of(*d));
        if text.is_empty() {
            return Some(Unit::PLAIN);
        }
        match text.split_once('/') {
            Some((above, below)) => Some(one(above)?.per(one(below)?)),
            None => one(text),
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut above = String::new();
        let mut below = String::new();
        for (dimension, name) in DIMENSION_NAMES {
            let power = self.power(dimension);
            let side = if power > 0 { &mut above } else { &mut below };
            for _ in 0..power.unsigned_abs() {
                if !side.is_empty() {
                    side.push('·');
                }
                side.push_str(name);
            }
        }
        match (above.is_empty(), below.is_empty()) {
            (_, true) => f.write_str(&above),
            (true, false) => write!(f, "1/{below}"),
            (false, false) => write!(f, "{above}/{below}"),
        }
    }
}

/// What an expression can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Yes or no.
    YesNo,
    /// A number with its unit.
    Number(Unit),
    /// A number written as a plain `0`, which fits every unit.
    Zero,
    /// Money that brings its own currency and takes the one it is compared with.
    Money,
    /// One of a list of words.
    Code,
    /// A set of such words.
    Codes,
    /// A point in time.
    Moment,
    /// An exact length of time, such as `24 h`.
    Length,
    /// A civil length, such as `6 month` or `3 working day`: it ends with its last day.
    Civil,
    /// Already reported as wrong; fits everything, so that one mistake is one message.
    Wrong,
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::YesNo => f.write_str("a yes or no"),
            Type::Number(u) if *u == Unit::PLAIN => f.write_str("a plain number"),
            Type::Number(u) => write!(f, "{u}"),
            Type::Zero => f.write_str("0"),
            Type::Money => f.write_str("money of any currency"),
            Type::Code => f.write_str("a code"),
            Type::Codes => f.write_str("a set of codes"),
            Type::Moment => f.write_str("a moment"),
            Type::Length => f.write_str("an exact length of time"),
            Type::Civil => f.write_str("a civil length (days, months)"),
            Type::Wrong => f.write_str("something wrong"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn prices_times_quantities_are_won() {
        let price = Unit::parse("KRW/asset").unwrap();
        assert_eq!(price.to_string(), "KRW/asset");
        assert_eq!(price.times(Unit::of(Dimension::Asset)), Unit::of(Dimension::Krw));
        assert_eq!(Unit::of(Dimension::Krw).per(Unit::of(Dimension::Krw)), Unit::PLAIN);
        assert_eq!(Unit::parse("won"), None);
    }
}
