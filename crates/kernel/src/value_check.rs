//! Whether a value fits its word: its type, its unit, its sign and its size.

use crate::door::{at_most, refusal, text};
use crate::fact::{Exact, FigureValue};
use crate::limits;
use crate::refusal::{Code, Refusal};
use alloc::format;
use alloc::string::{String, ToString};
use rulebook::number::Number;
use rulebook::time::Civil;
use rulebook::unit::{Dimension, Type, Unit};
use rulebook::vocabulary::{Holds, Word};

const FIELD: &str = "value";

/// Checks a value against its word. Missing and none fit every word.
pub(crate) fn fits(word: &Word, value: &FigureValue) -> Result<(), Refusal> {
    match (word.holds, value) {
        (_, FigureValue::Missing | FigureValue::None) => Ok(()),
        (Holds::Event { by, amount }, FigureValue::Happened { by: who, amount: much }) => {
            happened(word, by, amount, who.as_deref(), much.as_ref())
        }
        (Holds::Value(Type::YesNo), FigureValue::Truth(_)) => Ok(()),
        (Holds::Value(Type::Code), FigureValue::Code(code)) => text(FIELD, code, limits::NAME),
        (Holds::Value(Type::Codes), FigureValue::Codes(codes)) => set(FIELD, codes),
        (Holds::Value(Type::Civil), FigureValue::Civil(length)) => civil(*length),
        (Holds::Value(Type::Length), FigureValue::Length(ms)) => length(*ms),
        (Holds::Value(Type::Money), FigureValue::Number(amount, currency)) => {
            if currency.is_none() {
                let hint = "this word brings its own currency";
                return Err(refusal(Code::WrongUnit, FIELD, "money with its currency", "a plain number", hint));
            }
            size(word, amount)
        }
        (Holds::Value(Type::Number(unit)), FigureValue::Number(amount, currency)) => {
            same_currency(word, unit, *currency)?;
            size(word, amount)
        }
        _ => Err(refusal(Code::WrongType, FIELD, &wanted(word), form(value), "see the word's unit in `bongsu words`")),
    }
}

fn happened(
    word: &Word,
    by: bool,
    amount: Option<Unit>,
    who: Option<&str>,
    much: Option<&Exact>,
) -> Result<(), Refusal> {
    match (by, who) {
        (true, Some(who)) => text(FIELD, who, limits::NAME)?,
        (false, None) => {}
        (true, None) => {
            let hint = "say to whom or by whom it happened";
            return Err(refusal(Code::WrongType, FIELD, &wanted(word), "an event without a code", hint));
        }
        (false, Some(who)) => {
            return Err(refusal(Code::WrongType, FIELD, &wanted(word), who, "this event carries no code"));
        }
    }
    match (amount, much) {
        (None, Some(_)) => {
            Err(refusal(Code::WrongType, FIELD, &wanted(word), "an event with an amount", "leave the amount out"))
        }
        // An amount that is not known may be left out.
        (_, None) => Ok(()),
        (Some(_), Some(much)) => size(word, much),
    }
}

fn same_currency(word: &Word, unit: Unit, currency: Option<Dimension>) -> Result<(), Refusal> {
    match currency {
        Some(found) if unit.currency() != Some(found) => {
            let hint = "the word has its own unit; convert the value or choose another word";
            Err(refusal(Code::WrongUnit, FIELD, &wanted(word), found.name(), hint))
        }
        _ => Ok(()),
    }
}

/// No word of the list can be below zero: they are people, counts, quantities, prices, money held or paid, and shares.
fn size(word: &Word, amount: &Exact) -> Result<(), Refusal> {
    let shown = || amount.number().to_string();
    if amount.number().is_negative() {
        return Err(refusal(
            Code::Negative,
            FIELD,
            &format!("{}, 0 or more", wanted(word)),
            &shown(),
            "check the sign",
        ));
    }
    let (num, den) = amount.parts();
    if num > limits::NUMBER || den > limits::NUMBER {
        let hint = "check the unit: base units and whole coins differ by many digits";
        return Err(refusal(Code::TooLarge, FIELD, "at most 31 digits above and below the line", &shown(), hint));
    }
    if word.unit == "%" && *amount.number() > Number::integer(limits::SHARE) {
        let expected = "a share of at most 1,000 %, as a fraction (80 % is 4/5)";
        return Err(refusal(Code::TooLarge, FIELD, expected, &shown(), "divide a percentage by 100"));
    }
    Ok(())
}

/// Checks a set of codes of a field.
pub(crate) fn set(field: &'static str, codes: &[String]) -> Result<(), Refusal> {
    at_most(field, codes.len(), limits::CODES, "codes")?;
    codes.iter().try_for_each(|code| text(field, code, limits::NAME))?;
    if codes.is_sorted_by(|a, b| a < b) {
        return Ok(());
    }
    Err(refusal(Code::Unsorted, field, "codes in ascending order, each once", "another order", "sort the codes"))
}

fn civil(length: Civil) -> Result<(), Refusal> {
    let Civil { months, days, working_days } = length;
    let parts = [months, days, working_days];
    let shown = || format!("{months} months, {days} days, {working_days} working days");
    if parts.iter().any(|part| *part < 0) {
        return Err(refusal(Code::Negative, FIELD, "a length, 0 or more", &shown(), "check the sign"));
    }
    if parts.iter().any(|part| *part > limits::CIVIL) {
        return Err(refusal(Code::TooLarge, FIELD, "a length of at most a century", &shown(), "check the unit"));
    }
    Ok(())
}

fn length(ms: i64) -> Result<(), Refusal> {
    let shown = || format!("{ms} ms");
    if ms < 0 {
        return Err(refusal(Code::Negative, FIELD, "a length, 0 or more", &shown(), "check the sign"));
    }
    if ms > limits::LENGTH {
        return Err(refusal(Code::TooLarge, FIELD, "a length of at most a century", &shown(), "give milliseconds"));
    }
    Ok(())
}

fn wanted(word: &Word) -> String {
    match word.unit.as_str() {
        "yes/no" => String::from("yes or no"),
        "month" => String::from("a civil length in months or days"),
        "h" => String::from("an exact length"),
        "%" => String::from("a share"),
        "count" => String::from("a plain number"),
        other => format!("a value of unit `{other}`"),
    }
}

fn form(value: &FigureValue) -> &'static str {
    match value {
        FigureValue::Missing => "a missing value",
        FigureValue::None => "none",
        FigureValue::Truth(_) => "yes or no",
        FigureValue::Number(_, None) => "a number",
        FigureValue::Number(_, Some(currency)) => currency.name(),
        FigureValue::Length(_) => "an exact length",
        FigureValue::Civil(_) => "a civil length",
        FigureValue::Code(_) => "a code",
        FigureValue::Codes(_) => "a set of codes",
        FigureValue::Happened { .. } => "an event",
    }
}
