//! Tickets: signed offline by two people for an hour without a gate, entered, and reviewed by somebody else.

use super::Gate;
use super::problem::Problem;
use super::route::{Call, Reply};
use super::shape::{Review, TicketShape};
use crate::recorder::now;
use crate::ticket;
use journal::note::VerifierKey;
use kernel::fact::{TicketReviewed, TicketSigned};
use rulebook::time::Instant;

/// Enters a ticket. What bounds it is signed; who brings it needs no trust.
pub fn enter(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let told = call.read::<TicketShape>()?;
    let key = |(at, text): (usize, &String)| {
        let wrong =
            |_| Problem::new("field", format!("found {text}"), "give what NAME.pub holds").of(format!("keys[{at}]"));
        VerifierKey::parse(text.trim()).map_err(wrong)
    };
    let keys = told.keys.iter().enumerate().map(key).collect::<Result<Vec<_>, Problem>>()?;
    let opened = ticket::open(&told.note, &keys).map_err(|(what, hint)| Problem::new("field", what, hint).of("note"));
    let (exchange, ticket, signatures) = opened?;
    if exchange != gate.exchange {
        let hint = "a ticket is for one exchange";
        return Err(Problem::new("field", format!("found {exchange}"), hint)
            .of("note")
            .expected(gate.exchange.clone()));
    }
    gate.record(call, TicketSigned { exchange, ticket, signatures, at: Instant(now()) })
}

/// Somebody who did not sign says what it was used for.
pub fn review(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let told = call.read::<Review>()?;
    let at = gate.of_today(told.at)?;
    let (exchange, ticket, by) = (gate.exchange.clone(), call.place(0).to_string(), call.speaker.holder.clone());
    gate.record(call, TicketReviewed { exchange, ticket, finding: told.finding, by, at })
}
