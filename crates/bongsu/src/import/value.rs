//! A cell into a value, by its word.

use super::moment;
use kernel::fact::{Exact, FigureValue, Name};
use rulebook::cell::{self, CellValue};
use rulebook::number::Number;
use rulebook::time::{Instant, Zone};
use rulebook::unit::{Dimension, Type, Unit};
use rulebook::value::Owned;
use rulebook::vocabulary::{Holds, Word};

/// Why a cell says nothing of its word.
pub(super) struct Wrong {
    pub code: &'static str,
    pub expected: String,
    pub hint: String,
}

fn wrong(code: &'static str, expected: impl Into<String>, hint: impl Into<String>) -> Wrong {
    Wrong { code, expected: expected.into(), hint: hint.into() }
}

/// The words that scale a number, as rule pages write them.
const SCALES: [&str; 4] = ["thousand", "million", "bn", "tn"];

/// Reads a cell that carries its unit, such as `3 bn KRW`; an event that happened is `yes` or who it names.
pub(super) fn read(word: &Word, subject: Option<&Name>, text: &str, zone: &Zone) -> Result<FigureValue, Wrong> {
    match (text, word.holds) {
        ("missing", _) => Ok(FigureValue::Missing),
        ("none", _) => Ok(FigureValue::None),
        (_, Holds::Event { by, amount }) => happened(word, by, amount, text, zone),
        (_, Holds::Value(is)) => value(word, is, subject, text, zone),
    }
}

fn value(word: &Word, is: Type, subject: Option<&Name>, text: &str, zone: &Zone) -> Result<FigureValue, Wrong> {
    let asset = asset_unit(is, subject, text)?;
    let text = asset.as_deref().unwrap_or(text);
    let refused = |why: String| {
        let code = if why.contains("found") { "wrong-unit" } else { "wrong-value" };
        wrong(code, expected(word), hint(text))
    };
    if matches!(is, Type::Number(_) | Type::Money | Type::Length | Type::Civil) && !is_amount(text) {
        return Err(refused(String::new()));
    }
    match cell::read(text, is, zone).map_err(refused)? {
        CellValue::Missing => Ok(FigureValue::Missing),
        CellValue::None => Ok(FigureValue::None),
        CellValue::Is(owned, currency) => match owned {
            Owned::Truth(yes) => Ok(FigureValue::Truth(yes)),
            Owned::Number(number) => exact(number).map(|number| FigureValue::Number(number, currency)),
            Owned::Length(ms) => Ok(FigureValue::Length(ms)),
            Owned::Civil(length) => Ok(FigureValue::Civil(length)),
            Owned::Code(code) => Ok(FigureValue::Code(code)),
            Owned::Codes(codes) => Ok(FigureValue::codes(codes.iter().map(String::as_str))),
            Owned::Unknown | Owned::Absent | Owned::Moment(_) => Err(wrong("wrong-type", expected(word), hint(text))),
        },
    }
}

fn exact(number: Number) -> Result<Exact, Wrong> {
    Exact::of(number).ok_or_else(|| wrong("too-large", "expected a number of at most 31 digits", "check the unit"))
}

fn happened(word: &Word, by: bool, amount: Option<Unit>, text: &str, zone: &Zone) -> Result<FigureValue, Wrong> {
    match (by, amount, text) {
        (_, _, "no") => Err(wrong("wrong-value", expected(word), "an event that did not happen is `none`")),
        (true, _, "yes") => Err(wrong("wrong-value", expected(word), "name whom, such as `fss`")),
        (true, _, code) => Ok(FigureValue::Happened { by: Some(code.to_owned()), amount: None }),
        (false, _, "yes") => Ok(FigureValue::Happened { by: None, amount: None }),
        (false, Some(unit), text) => match value(word, Type::Number(unit), None, text, zone)? {
            FigureValue::Number(amount, _) => Ok(FigureValue::Happened { by: None, amount: Some(amount) }),
            _ => Err(wrong("wrong-value", expected(word), "")),
        },
        (false, None, _) => Err(wrong("wrong-value", expected(word), "the time of an event stands in its own column")),
    }
}

/// Reads a cell of a column whose unit its header gives: a bare number takes that unit, an event may bring its own times.
pub(super) fn of_column(
    word: &Word,
    subject: Option<&Name>,
    text: &str,
    at: Instant,
    zone: &Zone,
) -> Result<Vec<(Instant, FigureValue)>, Wrong> {
    if let Holds::Event { by, amount: None } = word.holds {
        return text.split(';').map(|part| occurrence(word, by, part.trim(), at, zone)).collect();
    }
    let bare = match text.split_whitespace().collect::<Vec<_>>()[..] {
        [number] => is_number(number),
        [number, scale] => is_number(number) && SCALES.contains(&scale),
        _ => false,
    };
    if !bare {
        return Ok(vec![(at, read(word, subject, text, zone)?)]);
    }
    let unit = match word.unit.as_str() {
        // 0.983 in a column of shares is a share of 98.3 % to one reader and of 0.983 % to another.
        "%" => return Err(wrong("wrong-unit", expected(word), "a share is written with its sign")),
        "money" => return Err(wrong("wrong-unit", expected(word), "write the currency behind the amount")),
        "count" => "",
        other => other.strip_prefix("event of ").unwrap_or(other),
    };
    Ok(vec![(at, read(word, subject, format!("{text} {unit}").trim(), zone)?)])
}

/// `yes`, `none`, `missing`, a moment, or a code with a moment: `fss 2025-11-27 10:58`.
fn occurrence(word: &Word, by: bool, text: &str, at: Instant, zone: &Zone) -> Result<(Instant, FigureValue), Wrong> {
    let dated = |code: &str, when: &str| moment::read(when, zone).map(|at| (at, code.to_owned()));
    let found = match (by, text.split_once(' ')) {
        (true, Some((code, when))) => dated(code, when),
        (true, None) => None,
        (false, _) => dated("yes", text),
    };
    match found {
        Some((at, said)) => Ok((at, read(word, None, &said, zone)?)),
        None if text.contains(char::is_whitespace) || text.starts_with(|c: char| c.is_ascii_digit()) => {
            Err(wrong("wrong-value", expected(word), moment::EXPECTED.replacen("expected", "a time is", 1)))
        }
        None => Ok((at, read(word, None, text, zone)?)),
    }
}

/// An asset's own unit goes by its name: `3 BTC` of asset/BTC, `90 million KRW` for one of it. The text that rule pages
/// write; none where the word is of no asset.
fn asset_unit(is: Type, subject: Option<&Name>, text: &str) -> Result<Option<String>, Wrong> {
    let Type::Number(unit) = is else { return Ok(None) };
    let power = unit.power(Dimension::Asset);
    let (Some((number, found)), Some(asset)) = (text.rsplit_once(' '), subject) else { return Ok(None) };
    match power {
        0 => Ok(None),
        1 if found == "asset" || found == asset.name => Ok(Some(format!("{number} {}", asset.name))),
        1 => {
            let expected = format!("expected a quantity of {}, such as 12.5 {}", asset.name, asset.name);
            Err(wrong("wrong-unit", expected, "another asset's quantity belongs to that asset"))
        }
        _ => {
            let money = found.split('/').next().unwrap_or(found);
            Ok(Some(format!("{number} {money}")))
        }
    }
}

fn is_number(text: &str) -> bool {
    Number::decimal(text.strip_prefix('-').unwrap_or(text)).is_some()
}

/// A number, perhaps a scale, perhaps a unit, and nothing behind it.
fn is_amount(text: &str) -> bool {
    let parts: Vec<&str> = text.split_whitespace().collect();
    let rest = parts.get(1..).unwrap_or_default();
    let rest = if rest.first().is_some_and(|scale| SCALES.contains(scale)) { &rest[1..] } else { rest };
    rest.len() <= 1 || rest == ["working", "day"]
}

/// What a cell of a word should say.
pub(super) fn expected(word: &Word) -> String {
    let unit = word.unit.as_str();
    let what = match unit {
        "person" => "people, such as 12 person".to_owned(),
        "%" => "a share, such as 98.3 %".to_owned(),
        "count" => "a plain number, such as 42".to_owned(),
        "yes/no" => "yes, no, none or missing".to_owned(),
        "code" => "a code, such as fss".to_owned(),
        "codes" => "codes with commas between them".to_owned(),
        "month" => "a length, such as 36 month".to_owned(),
        "h" => "an exact length, such as 24 h or 90 min".to_owned(),
        "asset" => "a quantity of the asset, such as 12.5 BTC".to_owned(),
        "money" => "an amount with its currency, such as 5 million HKD".to_owned(),
        "event" => "yes, none or missing".to_owned(),
        "event of code" => "whom the event names, such as fss, or none or missing".to_owned(),
        "event of KRW" => "an amount in KRW, such as 3 bn KRW, or yes, none or missing".to_owned(),
        "KRW/asset" => "a price, such as 90 million KRW".to_owned(),
        currency => format!("an amount in {currency}, such as 3 bn {currency}"),
    };
    format!("expected {what}")
}

fn hint(text: &str) -> &'static str {
    if text.contains(',') {
        return "write numbers without commas";
    }
    "`bongsu words` lists each word's unit; write `missing` for what is not known"
}
