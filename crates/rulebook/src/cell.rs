//! Table cells into values and values into what a cell would say.

use crate::book::Book;
use crate::number::Number;
use crate::time::{Civil, HOUR, Instant, MINUTE, SECOND, Zone};
use crate::unit::{Dimension, Type, Unit};
use crate::value::Owned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A cell's value, owned.
#[derive(Clone, Debug, PartialEq)]
pub enum CellValue {
    /// `missing`: recorded as unknown.
    Missing,
    /// `none`: known absent.
    None,
    /// A value; money of an open currency brings its own.
    Is(Owned, Option<Dimension>),
}

/// Reads a cell as a value of a type. The error says what was expected.
pub fn read(text: &str, is: Type, zone: &Zone) -> Result<CellValue, String> {
    match text {
        "missing" => return Ok(CellValue::Missing),
        "none" => return Ok(CellValue::None),
        _ => {}
    }
    let plain = |value| Ok(CellValue::Is(value, None));
    match is {
        Type::YesNo => match text {
            "yes" => plain(Owned::Truth(true)),
            "no" => plain(Owned::Truth(false)),
            _ => Err("expected yes, no, none or missing".to_string()),
        },
        Type::Code => plain(Owned::Code(text.to_string())),
        Type::Codes => plain(Owned::Codes(text.split(',').map(|c| c.trim().to_string()).collect())),
        Type::Moment => zone
            .read(text)
            .map(|t| CellValue::Is(Owned::Moment(t), None))
            .ok_or_else(|| "expected a date, or a date and a time".to_string()),
        Type::Number(_) | Type::Money | Type::Length | Type::Civil | Type::Zero | Type::Wrong => amount(text, is),
    }
}

fn amount(text: &str, is: Type) -> Result<CellValue, String> {
    let mut words = text.split_whitespace();
    let digits = words.next().unwrap_or("");
    let (sign, digits) = digits.strip_prefix('-').map_or((1, digits), |d| (-1, d));
    let mut value = Number::decimal(digits).ok_or_else(|| format!("expected {is}, such as 3 bn KRW"))?;
    let mut unit = words.next();
    let scale = match unit {
        Some("thousand") => 1_000,
        Some("million") => 1_000_000,
        Some("bn") => 1_000_000_000,
        Some("tn") => 1_000_000_000_000,
        _ => 1,
    };
    if scale != 1 {
        unit = words.next();
    }
    if let (Some("working"), Some("day")) = (unit, words.next()) {
        unit = Some("working day");
    }
    value = value.multiply(&Number::integer(scale * sign)).ok_or("expected a number that fits")?;
    let whole = |by: i64| {
        value
            .multiply(&Number::integer(i128::from(by)))
            .and_then(|v| v.to_integer())
            .and_then(|v| i64::try_from(v).ok())
    };
    let whole = |by| whole(by).ok_or_else(|| "expected a whole number".to_string());
    let small = |by| whole(by).and_then(|v| i32::try_from(v).map_err(|_| "expected a smaller number".to_string()));
    let found = match (unit, is) {
        (Some("h"), Type::Length) => Owned::Length(whole(HOUR)?),
        (Some("min"), Type::Length) => Owned::Length(whole(MINUTE)?),
        (Some("s"), Type::Length) => Owned::Length(whole(SECOND)?),
        (Some("month"), Type::Civil) => Owned::Civil(Civil { months: small(1)?, ..Civil::default() }),
        (Some("year"), Type::Civil) => Owned::Civil(Civil { months: small(12)?, ..Civil::default() }),
        (Some("day"), Type::Civil) => Owned::Civil(Civil { days: small(1)?, ..Civil::default() }),
        (Some("working day"), Type::Civil) => Owned::Civil(Civil { working_days: small(1)?, ..Civil::default() }),
        (Some("%"), Type::Number(Unit::PLAIN)) => {
            Owned::Number(value.divide(&Number::integer(100)).ok_or("expected a number that fits")?)
        }
        (None, Type::Number(Unit::PLAIN) | Type::Zero) => Owned::Number(value),
        (Some(code), Type::Money) => match Dimension::currency(code) {
            Some(currency) => return Ok(CellValue::Is(Owned::Number(value), Some(currency))),
            None => return Err("expected an amount with its currency, such as 5 million HKD".to_string()),
        },
        (Some(unit), Type::Number(wanted)) if fits(unit, wanted) => Owned::Number(value),
        (Some(unit), _) => return Err(format!("expected {is}, found `{unit}`")),
        (None, _) => return Err(format!("expected {is}, found no unit")),
    };
    Ok(CellValue::Is(found, None))
}

/// Whether a unit as a cell writes it fits: an asset is written by its name, a price by its currency.
fn fits(unit: &str, wanted: Unit) -> bool {
    match wanted.power(Dimension::Asset) {
        1 => Unit::parse(unit).is_none(),
        -1 => Unit::parse(unit).is_some_and(|u| u.per(Unit::of(Dimension::Asset)) == wanted),
        _ => Unit::parse(unit) == Some(wanted),
    }
}

/// What a cell would say.
pub fn show(value: &Owned, is: Type, zone: &Zone) -> String {
    match value {
        Owned::Unknown => "missing".to_string(),
        Owned::Absent => "none".to_string(),
        Owned::Truth(true) => "yes".to_string(),
        Owned::Truth(false) => "no".to_string(),
        Owned::Number(n) => match is {
            Type::Number(unit) if unit != Unit::PLAIN => format!("{n} {unit}"),
            _ => n.to_string(),
        },
        Owned::Length(ms) => length(*ms),
        Owned::Civil(c) => civil(*c),
        Owned::Code(c) => c.clone(),
        Owned::Codes(c) => c.join(", "),
        Owned::Moment(t) if *t == Instant::NEVER => "none".to_string(),
        Owned::Moment(t) => zone.show(*t),
    }
}

/// A length in the largest unit that is exact.
pub fn length(ms: i64) -> String {
    for (unit, by) in [("h", HOUR), ("min", MINUTE), ("s", SECOND)] {
        if ms % by == 0 {
            return format!("{} {unit}", ms / by);
        }
    }
    format!("{ms} ms")
}

fn civil(c: Civil) -> String {
    let parts = [(c.months, "month"), (c.days, "day"), (c.working_days, "working day")];
    let parts: Vec<String> = parts.iter().filter(|(n, _)| *n != 0).map(|(n, unit)| format!("{n} {unit}")).collect();
    if parts.is_empty() { "0 day".to_string() } else { parts.join(" + ") }
}

/// Whether an expected cell means this value.
pub fn means(expected: &str, value: &Owned, is: Type, zone: &Zone) -> bool {
    match value {
        Owned::Number(n) if n.is_zero() => {
            matches!(Number::decimal(expected.split_whitespace().next().unwrap_or("")), Some(e) if e.is_zero())
        }
        Owned::Unknown | Owned::Absent => expected == show(value, is, zone),
        _ => match read(expected, is, zone) {
            Ok(CellValue::Is(e, _)) => e == *value,
            _ => expected == show(value, is, zone),
        },
    }
}

/// The type that a column of a case has, by its name on the instrument's page.
pub fn column_type(book: &Book, instrument: crate::book::InstrumentId, name: &str) -> Option<Type> {
    let parameter = || book.parameters.iter().find(|p| p.instrument == instrument && p.id == name).map(|p| p.is_type);
    book.term(instrument, name)
        .map(|t| book.terms[t.index()].is_type)
        .or_else(parameter)
        .or_else(|| book.judgement(instrument, name).map(|_| Type::YesNo))
}
