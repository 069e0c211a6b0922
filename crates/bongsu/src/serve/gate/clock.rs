//! The thread that looks when something waits: delays that are over, pauses that ended, chains that fell silent, requests that
//! ran out.
//!
//! It promises that it writes only when something follows, and that what runs out is ended by an entry of its own.

use super::super::clock::{Ticking, ticking};
use super::Gate;
use crate::recorder::now;
use crate::trouble::Trouble;
use kernel::conclude::conclude;
use kernel::fact::{Ending, GuardLooked, Observation, WithdrawalEnded};
use kernel::guard::gate::STALE;
use kernel::guard::names::Kind;
use kernel::guard::state::Status;
use kernel::known::Stamp;
use rulebook::time::Instant;
use std::sync::Arc;

/// Looks in one turn at most: what is left is looked at in the next.
const LOOKS: usize = 1_000;

/// Starts it.
pub fn start(gate: Arc<Gate>) -> Result<Ticking, Trouble> {
    // Withdrawals are numbered in the order of their entries, so what ran out is a beginning of the list.
    let mut ran_out = 0;
    ticking("guard clock", move || {
        look(&gate);
        ran_out = expire(&gate, ran_out);
        true
    })
}

/// Looks while something follows.
fn look(gate: &Gate) {
    for _ in 0..LOOKS {
        let at = Instant(now());
        let fact: Observation = GuardLooked { exchange: gate.exchange.clone(), at }.into();
        let follows = gate.state.read(|state| {
            let last = state.last();
            let index = last.map_or(1, |last| last.index.saturating_add(1));
            let time = last.map_or(at, |last| last.time.max(at));
            conclude(state, &fact, Stamp { index, time }).is_some()
        });
        if !follows || gate.submit_one(fact, "clock").is_err() {
            return;
        }
    }
}

/// Ends what is a day old and was never signed; the number of the first that is younger.
fn expire(gate: &Gate, from: usize) -> usize {
    let at = Instant(now());
    let (ended, next) = gate.state.read(|state| {
        let Some(guard) = state.guard(&gate.exchange) else { return (Vec::new(), from) };
        let old = guard.withdrawals.iter().skip(from).take_while(|w| w.entry.time.plus(STALE) < at).take(LOOKS);
        let mut ended = Vec::new();
        let mut next = from;
        for w in old {
            let open = matches!(w.status, Status::Held(_)) || (w.status == Status::Allowed && w.tx.is_none());
            if open {
                let id = guard.names.text(Kind::Withdrawal, u32::try_from(next).unwrap_or(u32::MAX)).to_string();
                ended.push(id);
            }
            next = next.saturating_add(1);
        }
        (ended, next)
    });
    let fact = |withdrawal| {
        let exchange = gate.exchange.clone();
        WithdrawalEnded { exchange, withdrawal, how: Ending::Expired, at }.into()
    };
    let facts: Vec<Observation> = ended.into_iter().map(fact).collect();
    // What somebody signed meanwhile is refused, and rightly so; a busy writer is asked again in the next turn.
    match facts.is_empty() || gate.submit(&facts, "clock").is_ok() {
        true => next,
        false => from,
    }
}
