//! What people look at: fires, stops, what is held, and how much of each limit is used.

use super::super::incidents;
use super::Gate;
use super::answer::{hold, scope};
use super::problem::Problem;
use super::route::{Call, Reply};
use crate::beacon;
use crate::recorder::now;
use kernel::guard::explain::length;
use kernel::guard::names::{Kind, NOBODY};
use kernel::guard::state::Status;
use kernel::guard::usage::usage;
use kernel::guard::view::Keys;
use rulebook::time::Instant;
use serde_json::{Value, json};

/// Rows of the queue that are shown: a desk reads no more at once.
const ROWS: usize = 1_000;

/// Fires, stops, counts.
pub fn state(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let shown = gate.state.read(|state| {
        let guard = state.guard(&gate.exchange)?;
        let stops: Vec<Value> = guard
            .stops
            .all()
            .iter()
            .map(|stop| {
                json!({"scope": scope(&stop.scope), "cause": stop.cause, "pause": stop.pause,
                       "since": {"entry": stop.since.index, "time": stop.since.time.0},
                       "stage": format!("{:?}", stop.stage).to_lowercase()})
            })
            .collect();
        let entries = state.last().map_or(0, |last| last.index.saturating_add(1));
        Some(json!({"exchange": gate.exchange, "fires": guard.fires, "stops": stops, "held": guard.held,
                    "entries": entries, "durable": *gate.durable.borrow(), "stopping": gate.brake.is_off().is_err(),
                    "program": gate.program, "rulebook": super::rulebook_of(state, entries)}))
    });
    call.reply(200, &shown)
}

/// How the guard stands, as `bongsu beacon --format json` has it.
pub fn guard(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let seen = gate.state.read(|state| {
        let seen = beacon::look(state, Some(&gate.exchange), Instant(now()))?;
        Ok::<Value, crate::trouble::Trouble>(beacon::json::show(&seen, &crate::walk::zone(state)))
    });
    call.reply(200, &seen.map_err(|trouble| Problem::new("refused", trouble.what, "start the gate with a setup"))?)
}

/// Incidents, with the clock that ends next under the laws that the journal carries.
pub fn incidents(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let all = gate.state.read(|state| incidents::listed(state, Some(&gate.exchange), &[], Instant(now())));
    call.reply(200, &all.map_err(|trouble| Problem::new("refused", trouble.what, "`bongsu incident list` says more"))?)
}

/// What is held, oldest first.
pub fn held(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let rows = gate.state.read(|state| {
        let Some(guard) = state.guard(&gate.exchange) else { return Vec::new() };
        let is_held = |status: &Status| matches!(status, Status::Held(_));
        let held = guard.withdrawals.iter().enumerate().filter(|(_, w)| is_held(&w.status));
        let withdrawals = held.map(|(number, w)| {
            let number = u32::try_from(number).unwrap_or(NOBODY);
            let Status::Held(h) = &w.status else { return Value::Null };
            json!({"id": guard.names.text(Kind::Withdrawal, number), "kind": "withdrawal",
                   "asset": guard.names.text(Kind::Asset, w.asset), "amount": w.amount.to_string(),
                   "destination": guard.names.text(Kind::Address, w.destination),
                   "since": w.entry.time.0, "hold": hold(h), "approvals": w.approvals.len()})
        });
        let changes = guard.changes.iter().filter(|change| is_held(&change.status)).map(|change| {
            let Status::Held(h) = &change.status else { return Value::Null };
            json!({"id": change.fact.id, "kind": "change", "change": change.fact.change,
                   "since": change.entry.time.0, "hold": hold(h), "approvals": change.approvals.len()})
        });
        let credits = guard.credits().iter().filter(|credit| is_held(&credit.status)).map(|credit| {
            let (Status::Held(h), fact) = (&credit.status, &credit.fact) else { return Value::Null };
            json!({"id": fact.id, "kind": "credit", "asset": fact.asset, "amount": fact.amount.to_string(),
                   "since": credit.entry.time.0, "hold": hold(h), "approvals": credit.approvals.len()})
        });
        withdrawals.chain(credits).chain(changes).take(ROWS).collect()
    });
    call.reply(200, &json!({"held": rows}))
}

/// Used and left by window and rule.
pub fn limits(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let unknown = |what: &str, found: &str| {
        let hint = "leave it out to see the other limits";
        Problem::new("unknown-subject", format!("found {found}"), hint).of(what.to_string())
    };
    let shown = gate.state.read(|state| {
        let hint = "start the gate with a setup";
        let guard = state.guard(&gate.exchange).ok_or_else(|| Problem::new("refused", "there is no guard", hint))?;
        let mut keys = Keys::default();
        if let Some(wallet) = call.asked("wallet") {
            keys.wallet = guard.wallet(wallet).ok_or_else(|| unknown("wallet", wallet))?.0;
        }
        if let Some(asset) = call.asked("asset") {
            let (number, listed) = guard.asset(asset).ok_or_else(|| unknown("asset", asset))?;
            (keys.asset, keys.chain) = (number, listed.chain);
        }
        if let Some(customer) = call.asked("customer") {
            let number = guard.names.find(Kind::Customer, NOBODY, customer);
            keys.customer = number.ok_or_else(|| unknown("customer", customer))?;
        }
        if let Some(destination) = call.asked("destination") {
            let number = guard.find_address(keys.chain, destination).map(|(number, _)| number);
            keys.destination = number.ok_or_else(|| unknown("destination", destination))?;
        }
        let last = state.last().map_or(0, |last| last.time.0);
        let at = Instant(now().max(last));
        let rows: Vec<Value> = usage(state, &gate.exchange, keys, at)
            .iter()
            .map(|u| {
                json!({"rule": u.rule, "condition": u.condition, "word": u.word, "window": length(u.window),
                       "used": u.used, "limit": u.limit, "left": u.left})
            })
            .collect();
        Ok::<Value, Problem>(json!({"limits": rows, "time": at.0, "full": guard.windows.is_full()}))
    })?;
    call.reply(200, &shown)
}
