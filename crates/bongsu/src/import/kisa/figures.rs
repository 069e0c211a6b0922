//! Money and heads of the list, with the ratios recomputed.

use super::super::RowError;
use super::super::table::{Found, Line};
use super::{
    Filing, IT_SPEND, IT_STAFF, SECURITY_SPEND, SECURITY_STAFF, SPEND_NOTE, SPEND_RATIO, STAFF, STAFF_NOTE, STAFF_RATIO,
};
use kernel::fact::{Exact, FigureValue};
use rulebook::number::Number;

/// Column, word, unit and the column whose note speaks of it.
const FIGURES: [(&str, &str, &str, &str); 5] = [
    (IT_SPEND, "disclosed_it_spend", "an amount in KRW, such as 4000000000", SPEND_NOTE),
    (SECURITY_SPEND, "disclosed_security_spend", "an amount in KRW, such as 4000000000", SPEND_NOTE),
    (STAFF, "disclosed_staff", "people, such as 1239.6", STAFF_NOTE),
    (IT_STAFF, "disclosed_it_staff", "people, such as 62.4", STAFF_NOTE),
    (SECURITY_STAFF, "disclosed_security_staff", "people, such as 3.1", STAFF_NOTE),
];

/// Notes that say the figures stand elsewhere: attached, see.
const ELSEWHERE: [&str; 3] = ["첨부", "참조", "참고"];

/// The list rounds its ratios to a tenth of a percent: half of that is no disagreement.
const ROUNDING: (i128, i128) = (1, 20);

pub(super) fn read(line: &Line<'_>, found: &mut Found<'_>, filing: &Filing) {
    let figures = FIGURES.map(|(column, word, unit, note)| {
        let number = found.keep(number(line, column, unit, note))?;
        let value = number.clone().and_then(Exact::of).map_or(FigureValue::Missing, |n| FigureValue::Number(n, None));
        found.fact(line.place(column), filing.figure(None, word, value));
        number
    });
    let [it_spend, security_spend, _, it_staff, security_staff] = figures;
    ratio(line, found, SPEND_RATIO, &security_spend, &it_spend);
    ratio(line, found, STAFF_RATIO, &security_staff, &it_staff);
}

/// A figure; none where it is not given. A zero beside `see attachment` is not a zero.
fn number(line: &Line<'_>, column: &str, unit: &str, note: &str) -> Result<Option<Number>, RowError> {
    let text = line.get(column).replace(',', "");
    if text.is_empty() || text == "-" {
        return Ok(None);
    }
    let number = Number::decimal(&text).ok_or_else(|| {
        let hint = "a figure is 0 or more, in the list's own unit";
        line.wrong(column, "wrong-value", format!("expected {unit}"), hint)
    })?;
    let elsewhere = ELSEWHERE.iter().any(|word| line.get(note).contains(word));
    Ok((!(number.is_zero() && elsewhere)).then_some(number))
}

/// Compares a printed ratio with its figures; a disagreement names both.
fn ratio(line: &Line<'_>, found: &mut Found<'_>, column: &str, part: &Option<Number>, whole: &Option<Number>) {
    let printed = line.get(column).trim_end_matches('%').trim_end();
    let (Some(printed), Some(part), Some(whole)) = (Number::decimal(printed), part, whole) else { return };
    let exact = part.multiply(&Number::integer(100)).and_then(|times| times.divide(whole));
    let (Some(exact), Some(rounding)) = (exact, Number::fraction(ROUNDING.0, ROUNDING.1)) else { return };
    let Some(apart) = exact.subtract(&printed) else { return };
    let apart = if apart.is_negative() { apart.negate() } else { Some(apart) };
    if apart.is_some_and(|apart| apart > rounding) {
        let expected = format!("the list says {printed} %, its figures {part} / {whole} give {} %", hundredths(&exact));
        found.import.warnings.push(line.wrong(
            column,
            "ratio-disagrees",
            expected,
            "the figures were recorded, the ratio was not",
        ));
    }
}

/// A percentage cut to two places, for a message.
fn hundredths(number: &Number) -> String {
    let cut = |(num, den): (i128, i128)| num.checked_mul(100)?.checked_div(den);
    match number.parts().and_then(cut) {
        Some(n) => format!("{}.{:02}", n / 100, n % 100),
        None => number.to_string(),
    }
}
