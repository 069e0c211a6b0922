//! Stopping, which always gets through, and reopening.

use super::answer::Recorded;
use super::problem::Problem;
use super::route::{Call, Reply};
use super::shape::{Resumption, Suspension};
use super::{Gate, fact, limits};
use crate::recorder::now;
use kernel::fact::{Observation, ResumptionMoved, Suspended};
use rulebook::time::Instant;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

/// Stops. Its time is not checked: whoever stops need not have set the clock, so what is far off is taken as now.
pub fn suspend(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let told = call.read::<Suspension>()?;
    let at = gate.of_today(told.at).unwrap_or_else(|_| Instant(now()));
    let (exchange, scope) = (gate.exchange.clone(), fact::scope(&told.scope)?);
    let fact: Observation =
        Suspended { exchange, reason: told.reason, scope, by: call.speaker.holder.clone(), at }.into();
    // What the kernel would refuse pulls no brake.
    gate.state.read(|state| kernel::door::admit(state, &fact)).map_err(Problem::from)?;
    gate.brake.pull();
    let (heard, hear) = sync_channel(1);
    let (door, brake, key) = (gate.door.clone(), gate.brake.clone(), call.speaker.key.clone());
    let observation = super::observation(&fact, &key);
    let record = move || {
        // A full disk is tried again until there is room; a journal that has ended needs a restart, and nothing leaves before.
        loop {
            match door.submit_urgent(vec![observation.clone()]) {
                Ok(answers) => {
                    brake.release();
                    let _gone = heard.send(answers);
                    return;
                }
                Err(crate::store::sequencer::Rejected::Ended(_)) => return,
                Err(_) => std::thread::sleep(Duration::from_secs(1)),
            }
        }
    };
    let spawned = std::thread::Builder::new().name("suspension".into()).spawn(record);
    spawned.map_err(|e| Problem::busy(&format!("no thread to record it: {e}; nothing leaves until a restart")))?;
    match hear.recv_timeout(limits::SUSPENSION) {
        Ok(answers) => {
            let taken = gate.answers(std::slice::from_ref(&fact), Ok(answers))?.pop();
            let lost = || Problem::new("ended", "the journal gave no answer", "ask again after the restart");
            call.reply(201, &gate.told(&taken.unwrap_or_else(|| Err(lost()))?))
        }
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => call.reply(
            202,
            &Recorded {
                entry: None,
                time: None,
                already: false,
                durable: false,
                concluded: Vec::new(),
                rulebook: None,
                program: gate.program.clone(),
            },
        ),
    }
}

/// Asks for the next step of reopening, in the name of the key's holder.
pub fn resume(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let told = call.read::<Resumption>()?;
    let at = gate.of_today(told.at)?;
    let (scope, step) = (fact::scope(&told.scope)?, fact::step(&told)?);
    let (exchange, by) = (gate.exchange.clone(), call.speaker.holder.clone());
    gate.record(call, ResumptionMoved { exchange, reason: told.reason, scope, step, by, at })
}
