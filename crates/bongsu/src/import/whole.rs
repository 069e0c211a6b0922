//! A part above its whole: security is a part of IT, IT staff of all staff. There can be reasons, so it is a warning and the
//! facts are recorded as they stand.

use super::{Row, RowError};
use kernel::fact::{Exact, Figure, FigureValue, Observation};
use rulebook::time::Instant;
use std::collections::BTreeMap;

/// Part and whole, as of one moment.
const PAIRS: [(&str, &str); 6] = [
    ("security_spend", "it_spend"),
    ("security_staff", "it_staff"),
    ("it_staff", "staff"),
    ("disclosed_security_spend", "disclosed_it_spend"),
    ("disclosed_security_staff", "disclosed_it_staff"),
    ("disclosed_it_staff", "disclosed_staff"),
];

/// Every part above its whole, at the cell of the part.
pub(super) fn warnings(rows: &[Row]) -> Vec<RowError> {
    let figures: Vec<(&Row, &Figure, &Exact)> = rows.iter().filter_map(number).collect();
    let key = |fact: &Figure, word: &str| (fact.exchange.clone(), word.to_owned(), fact.at);
    let said: BTreeMap<(String, String, Instant), &Exact> =
        figures.iter().map(|(_, fact, number)| (key(fact, &fact.word), *number)).collect();
    let above = |(row, fact, part): &(&Row, &Figure, &Exact)| {
        let (_, whole) = PAIRS.iter().find(|(part, _)| *part == fact.word)?;
        let number = said.get(&key(fact, whole))?.number();
        (part.number() > number).then(|| RowError {
            place: row.place.clone(),
            code: "above-the-whole",
            expected: format!("`{}` {} is above `{whole}` {number}, of which it is a part", fact.word, part.number()),
            hint: "both were taken as they stand; check them, or ask for an explanation".to_owned(),
        })
    };
    figures.iter().filter_map(above).collect()
}

fn number(row: &Row) -> Option<(&Row, &Figure, &Exact)> {
    let Observation::Figure(fact) = &row.observation else { return None };
    let FigureValue::Number(number, _) = &fact.value else { return None };
    Some((row, fact, number))
}
