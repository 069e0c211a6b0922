//! What the gate is told when the watch trips: to stop, at once, and again until it says that it did.
//!
//! It promises that every attempt's end is journaled: the gate's entry, or why it was not reached.

use super::gate::Gate;
use super::pull::Desk;
use crate::recorder::now;
use kernel::fact::{GateTold, Reach, Scope};
use rulebook::time::Instant;
use serde_json::{Value, json};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

/// Between attempts, doubled each time: the gate may be restarting.
const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(10);
/// Attempts that failed are journaled at the first and then each tenth: at ten seconds each that is one in 100 s.
const TOLD: u32 = 10;

/// A scope as the gate reads it.
pub fn shape(scope: &Scope) -> Value {
    let (what, name) = match &scope.what {
        Reach::All => ("all", None),
        Reach::Domain(name) => ("domain", Some(name)),
        Reach::Chain(name) => ("chain", Some(name)),
        Reach::Asset(name) => ("asset", Some(name)),
        Reach::Wallet(name) => ("wallet", Some(name)),
    };
    match name {
        Some(name) => json!({"what": what, "name": name, "sides": scope.sides.name()}),
        None => json!({"what": what, "sides": scope.sides.name()}),
    }
}

/// Tells the gate of each stop until the sender is gone.
pub fn run<D: Desk>(gate: &Gate, exchange: &str, stops: &Receiver<(Scope, String)>, desk: &D) {
    let mut waiting: Vec<(Scope, String, u32)> = Vec::new();
    let mut pause = FIRST;
    loop {
        let wait = if waiting.is_empty() { LONGEST } else { pause };
        match stops.recv_timeout(wait) {
            Ok((scope, cause)) => {
                // What is told already waits for its turn once.
                if !waiting.iter().any(|(known, ..)| *known == scope) {
                    waiting.push((scope, cause, 0));
                }
                pause = FIRST;
            }
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {}
        }
        waiting.retain_mut(|(scope, cause, tries)| {
            let at = now();
            let body = json!({"scope": shape(scope), "reason": format!("watch: {cause}"), "at": at}).to_string();
            let (entry, said, done) = match gate.suspend(&body) {
                Ok((status @ (200 | 201), answer)) => {
                    let answer: Value = serde_json::from_slice(&answer).unwrap_or_default();
                    (answer.get("entry").and_then(Value::as_u64), format!("{status}"), true)
                }
                // In force, and not yet durable: asked again until it is.
                Ok((status, answer)) => (None, format!("{status} {}", short(&answer)), false),
                Err(trouble) => (None, trouble.what, false),
            };
            if done || *tries % TOLD == 0 {
                let (exchange, scope, at) = (exchange.to_string(), scope.clone(), Instant(at));
                if let Err(trouble) = desk.record(vec![GateTold { exchange, said, scope, at, entry }.into()]) {
                    eprintln!("what the gate was told is not recorded: {trouble}");
                }
            }
            *tries = tries.saturating_add(1);
            !done
        });
        if !waiting.is_empty() {
            pause = (pause * 2).min(LONGEST);
        }
    }
}

/// The beginning of an answer, for the record.
fn short(answer: &[u8]) -> String {
    String::from_utf8_lossy(answer).chars().take(500).collect()
}
