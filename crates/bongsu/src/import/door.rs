//! What the kernel's door would refuse in any journal, and rows that contradict one another: found while reading, so that
//! one list names every mistake of a file.

use super::{Row, RowError, moment};
use kernel::door::{self, Accepted};
use kernel::fact::{Figure, FigureValue, Observation};
use kernel::known::Stamp;
use kernel::refusal::{Code, Refusal};
use kernel::state::{State, fold};
use rulebook::time::Instant;
use std::collections::{BTreeMap, BTreeSet};

/// Every row that is refused. Whether an exchange is registered, or an entry to correct is there, the journal knows.
pub(super) fn refusals(rows: &[Row]) -> Vec<RowError> {
    let mut state = State::new(kernel::words::vocabulary());
    for exchange in rows.iter().map(|row| exchange(&row.observation)).collect::<BTreeSet<_>>() {
        let fact = kernel::fact::ExchangeRegistered {
            id: exchange.to_owned(),
            name_en: String::new(),
            name_ko: String::new(),
            source: String::new(),
        };
        fold(&mut state, Stamp { index: 0, time: Instant(0) }, &fact.into());
    }
    let mut errors: Vec<RowError> = rows.iter().filter_map(|row| refused(&state, row)).collect();
    errors.extend(contradictions(rows));
    errors
}

/// Every row that a journal with this state would refuse, each admitted after those before it.
pub fn against(mut state: State, rows: &[Row]) -> Vec<RowError> {
    let mut errors = Vec::new();
    for row in rows {
        match door::admit(&state, &row.observation) {
            Ok(Accepted::New) => {
                let index = state.last().map_or(1, |last| last.index + 1);
                let stamp = Stamp { index, time: state.not_before() };
                fold(&mut state, stamp, &row.observation);
            }
            Ok(Accepted::Already(_)) => {}
            Err(refusal) => errors.push(at_cell(row, refusal)),
        }
    }
    errors
}

fn exchange(observation: &Observation) -> &str {
    match observation {
        Observation::SubjectKnown(fact) => &fact.exchange,
        Observation::RosterKnown(fact) => &fact.exchange,
        Observation::Figure(fact) => &fact.exchange,
        Observation::Judged(fact) => &fact.exchange,
        Observation::Notice(fact) => &fact.exchange,
        Observation::Remark(fact) => &fact.exchange,
        _ => "",
    }
}

fn refused(state: &State, row: &Row) -> Option<RowError> {
    let admitted = match &row.observation {
        Observation::Figure(fact) if fact.corrects.is_some() => {
            door::admit(state, &Figure { corrects: None, ..fact.clone() }.into())
        }
        other => door::admit(state, other),
    };
    // What a notice is about may be on record already: that is the journal's to say.
    let elsewhere = |code| matches!(code, Code::UnknownSubject | Code::NothingToCorrect);
    let is_notice = matches!(row.observation, Observation::Notice(_));
    admitted.err().filter(|why| !(is_notice && elsewhere(why.code))).map(|refusal| at_cell(row, refusal))
}

/// A refusal at the cell it speaks of: a row's own place is that of its value.
pub fn at_cell(row: &Row, refusal: Refusal) -> RowError {
    let refusal = in_days(&row.observation, refusal);
    let mut place = row.place.clone();
    if refusal.field != "value" && place.column.is_some() {
        place.column = Some(refusal.field.to_owned());
        place.value = Some(refusal.found);
    }
    let hint = match refusal.code {
        Code::UnknownExchange => "register it first or in the same import: `bongsu template exchanges` prints a sheet",
        _ => refusal.hint,
    };
    RowError {
        place,
        code: refusal.code.name(),
        expected: format!("expected {}", refusal.expected),
        hint: hint.to_owned(),
    }
}

/// A stretch that ends before it begins, in the days that its row speaks of: the kernel counts milliseconds.
fn in_days(observation: &Observation, refusal: Refusal) -> Refusal {
    let stretch = match observation {
        Observation::SubjectKnown(fact) => fact.from.zip(fact.until),
        Observation::Judged(fact) => fact.until.map(|until| (fact.at, until)),
        _ => None,
    };
    let Some((from, until)) = stretch.filter(|_| refusal.code == Code::Backwards) else { return refusal };
    let zone = moment::zone();
    Refusal { expected: format!("{} or later", zone.show(from)), found: zone.show(until), ..refusal }
}

/// Two rows that give one word two values at one moment: the later would silently replace the earlier.
fn contradictions(rows: &[Row]) -> Vec<RowError> {
    let mut said: BTreeMap<(&str, Option<_>, &str, Instant), &Row> = BTreeMap::new();
    let mut errors = Vec::new();
    for row in rows {
        let Observation::Figure(fact) = &row.observation else { continue };
        if fact.corrects.is_some() || matches!(fact.value, FigureValue::Happened { .. }) {
            continue;
        }
        let key = (fact.exchange.as_str(), fact.subject.as_ref(), fact.word.as_str(), fact.at);
        let first = *said.entry(key).or_insert(row);
        let Observation::Figure(other) = &first.observation else { continue };
        if other.value != fact.value {
            let value = first.place.value.clone().unwrap_or_default();
            let expected =
                format!("expected one value of `{}` at a time; row {} says `{value}`", fact.word, first.place.row);
            errors.push(RowError {
                place: row.place.clone(),
                code: "contradiction",
                expected,
                hint: "keep one of the two".to_owned(),
            });
        }
    }
    errors
}
