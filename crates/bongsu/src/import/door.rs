//! What the kernel's door would refuse, found before anything is written, so that one reading names every bad row.
//!
//! What only the journal knows is left to the recorder: which exchanges are registered, which entry a correction is of.

use super::{Row, RowError};
use kernel::door::admit;
use kernel::fact::{ExchangeRegistered, Observation};
use kernel::known::Stamp;
use kernel::refusal::Code;
use kernel::state::{State, fold};
use rulebook::time::Instant;

/// The refusals of rows that no journal would admit.
pub(super) fn refusals(rows: &[Row]) -> Vec<RowError> {
    let mut state = State::new(kernel::words::vocabulary());
    let mut index = 0;
    let mut take = |state: &mut State, observation: &Observation| {
        index += 1;
        fold(state, Stamp { index, time: Instant(0) }, observation);
    };
    let mut errors = Vec::new();
    for row in rows {
        if let Some(exchange) = exchange(&row.observation).filter(|id| state.exchange(id).is_none()) {
            let fact = ExchangeRegistered { id: exchange.to_owned(), name_en: exchange.to_owned(), name_ko: exchange.to_owned(), source: String::new() };
            take(&mut state, &fact.into());
        }
        match admit(&state, &row.observation) {
            Ok(_) => take(&mut state, &row.observation),
            Err(refusal) if matches!(refusal.code, Code::UnknownExchange | Code::NothingToCorrect | Code::AlreadyCorrected) => {}
            Err(refusal) => {
                let expected = format!("{}: expected {}, found {}", refusal.field, refusal.expected, refusal.found);
                errors.push(RowError { place: row.place.clone(), code: refusal.code.name(), expected, hint: refusal.hint.to_owned() });
            }
        }
    }
    errors
}

/// The exchange a fact speaks of.
fn exchange(observation: &Observation) -> Option<&str> {
    let id = match observation {
        Observation::Figure(fact) => &fact.exchange,
        Observation::SubjectKnown(fact) => &fact.exchange,
        Observation::RosterKnown(fact) => &fact.exchange,
        Observation::Judged(fact) => &fact.exchange,
        _ => return None,
    };
    (!id.is_empty()).then_some(id.as_str())
}
