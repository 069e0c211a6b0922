//! Incidents of a guard's journal: the one that a stop is, and all of them with what is due next.
//!
//! It promises that what was stopped is recorded after it is durable, and that nothing here is needed for a stop to hold.

use crate::incident::clock::Clock;
use crate::incident::{summary, trip};
use crate::report::moment::iso;
use crate::trouble::Trouble;
use crate::walk;
use kernel::fact::Observation;
use kernel::guard::conclusion::Concluded;
use kernel::known::{KnownAt, Stamp};
use kernel::state::State;
use rulebook::time::Instant;
use serde_json::{Value, json};

/// Whether something was stopped, or more of the same was lost.
pub fn is_one(concluded: &[Concluded]) -> bool {
    concluded.iter().any(|one| matches!(one, Concluded::Tripped(_) | Concluded::Unmatched(_)))
}

/// The facts to record after an entry that stopped something; those that stand already are left out.
pub fn of_stop(
    state: &State,
    fact: &Observation,
    concluded: &[Concluded],
    stamp: Stamp,
) -> Result<Vec<Observation>, Trouble> {
    trip::facts(state, fact, concluded, stamp)
}

/// Every incident with the clock that ends next.
pub fn listed(state: &State, exchange: Option<&str>, laws: &[String], now: Instant) -> Result<Value, Trouble> {
    let book = state.adoptions().last().and_then(|adoption| adoption.book.as_deref());
    let Some(book) = book else { return Ok(Value::Array(Vec::new())) };
    let zone = walk::zone_of(book);
    let rows = summary::rows(state, book, exchange, now, KnownAt::Now, laws, None)?;
    let shown = rows.iter().map(|row| {
        let next = row.next.as_ref().and_then(|clock| Some(json!({"rule": clock.id, "due": iso(clock.due?, &zone)})));
        let judged = |clock: &Clock| {
            json!({"rule": clock.id, "subject": clock.subject.as_ref().map(|name| &name.name), "says": clock.judged,
                   "since": clock.started.map(|at| iso(at, &zone))})
        };
        let at_once: Vec<Value> = row.at_once.iter().map(judged).collect();
        json!({"exchange": row.exchange, "incident": row.incident, "title": row.title, "late": row.late, "next": next, "at_once": at_once})
    });
    Ok(Value::Array(shown.collect()))
}
