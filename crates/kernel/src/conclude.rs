//! What follows from an observation. Reads the state, changes nothing: it is the dry run too.

use crate::assess;
use crate::clocks;
use crate::fact::{AssessmentAsked, Observation};
use crate::finding;
use crate::guard;
use crate::known::Stamp;
use crate::order;
use crate::state::State;
use alloc::vec::Vec;
use rulebook::time::Instant;

/// The conclusions of an observation as one item of deterministic CBOR; `None` where nothing follows.
///
/// An assessment concludes findings, an order that is issued or tried again those of its one rule, time that passed the clocks that ran out; every other fact of today's families only adds to the record.
pub fn conclude(state: &State, observation: &Observation, stamp: Stamp) -> Option<Vec<u8>> {
    match observation {
        Observation::AssessmentAsked(asked) => Some(finding::encode(&findings(state, asked, stamp))),
        Observation::OrderMoved(fact) => order::concluded(state, fact, stamp).map(|found| finding::encode(&found)),
        Observation::TimePassed(passed) => {
            Some(clocks::lapsed(state, passed, stamp)).filter(|l| !l.is_empty()).map(|l| clocks::encode(&l))
        }
        _ if guard::is_guarded(observation) => guard::conclusion::encode(&guard::conclude(state, observation, stamp)),
        _ => None,
    }
}

/// The findings an assessment concludes under the rulebook adopted before it; none where there is no such rulebook.
pub fn findings(state: &State, asked: &AssessmentAsked, stamp: Stamp) -> Vec<finding::Finding> {
    let book = state.adopted_for(stamp.index).and_then(|a| a.book.as_deref());
    let view = state.view(&asked.exchange, asked.known);
    match (view, book) {
        (Some(view), Some(book)) => assess::assess(&view, book, asked.as_of, &asked.laws),
        _ => Vec::new(),
    }
}

/// The next moment at which a verdict changes by time alone: a due date, a measurement, a first or last day of a rule.
/// The host owes the state a `TimePassed` then. [`Instant::NEVER`] when nothing is ahead.
pub fn next_deadline(state: &State, after: Instant) -> Instant {
    let Some(book) = state.adoptions().last().and_then(|a| a.book.as_deref()) else { return Instant::NEVER };
    let mut next = Instant::NEVER;
    for (_, exchange) in state.exchanges() {
        let view = crate::view::View::now(&exchange.record, Some(state.shared()));
        for change in crate::upcoming::upcoming(&view, book, after, &[]) {
            next = next.min(change.at);
        }
    }
    next
}
