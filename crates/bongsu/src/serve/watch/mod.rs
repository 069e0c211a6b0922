//! The watch: an exchange's guard after the broadcast, on its own host, with its own journal and keys.
//!
//! It promises that everything it hears becomes a fact of its own journal before anything follows from it, that a stop reaches the
//! gate at once and until the gate acknowledges it, and that it signs no lease while it is tripped, the gate is silent, or its
//! own journal cannot be written. It must never believe the gate: see [`crate::watch`] and the kernel's `mirror`.
//!
//! - `setup`: the first start: what is pinned
//! - `threads`: what runs beside the server
//! - `doors`: what is answered over HTTP

mod doors;
mod setup;
mod threads;

pub use setup::Pins;

use super::clock::System;
use super::concluder::{Kernel, Shared, observation};
use super::{incidents, page};
use crate::recorder::now;
use crate::store::sequencer::{Door, Receipt, Rejected, Sequencer};
use crate::store::{Store, keys};
use crate::trouble::Trouble;
use crate::walk;
use crate::watch::pull::Desk;
use journal::note::{Algorithm, SignerKey};
use kernel::body::Body;
use kernel::fact::{Observation, Scope};
use kernel::guard::conclusion::{Concluded, decode};
use kernel::known::Stamp;
use kernel::state::State;
use rulebook::time::Instant;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};

/// What every thread of a watch needs.
pub struct Watch {
    door: Door,
    state: Shared,
    key: SignerKey,
    dir: PathBuf,
    exchange: String,
    /// Stops that the gate is to be told of.
    stops: Mutex<Sender<(Scope, String)>>,
    /// The journal took what it was given last.
    writes: AtomicBool,
    /// The threads are to end.
    ends: AtomicBool,
    /// Held while an incident is recorded: a second stop of the same night joins it.
    incident_turn: Mutex<()>,
}

/// Serves until interrupted.
pub fn run(dir: &Path, listen: SocketAddr, pins: &Pins) -> Result<i32, Trouble> {
    setup::first(dir, pins)?;
    let (store, _) = Store::open(dir)?;
    let heard = threads::heard(dir)?;
    let mut secret = [0u8; 16];
    getrandom::fill(&mut secret).map_err(|e| Trouble::new(format!("no randomness: {e}"), "check the system"))?;
    let half = |bytes: &[u8]| bytes.iter().fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
    let state = Shared::new(walk::state(dir)?.keyed([half(&secret[..8]), half(&secret[8..])]));
    let key = keys::read(dir)?;
    let sequencer = Sequencer::start(store, Kernel(state.clone()), System)?;
    let (stops, told) = std::sync::mpsc::channel();
    let watch = Arc::new(Watch {
        door: sequencer.door(),
        state,
        key,
        dir: dir.to_path_buf(),
        exchange: pins.exchange.clone(),
        stops: Mutex::new(stops),
        writes: AtomicBool::new(true),
        ends: AtomicBool::new(false),
        incident_turn: Mutex::new(()),
    });
    let threads = threads::start(&watch, pins, told, &heard)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime
        .map_err(|e| Trouble::new(format!("the server cannot start: {e}"), "too many open files or threads?"))?;
    println!("journal key {}", watch.key.verifier(Algorithm::Ed25519));
    let routes = doors::routes(&watch).merge(page::routes(watch.state.clone()));
    let served = runtime.block_on(super::listen(routes, listen));
    watch.ends.store(true, Ordering::Release);
    // The one who tells the gate ends when nobody can send any more.
    *watch.stops.lock().unwrap_or_else(PoisonError::into_inner) = std::sync::mpsc::channel().0;
    for thread in threads {
        let _joined = thread.join();
    }
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    let store = sequencer.stop()?;
    store.close(now())?;
    served.map(|()| 0)
}

impl Watch {
    /// Records facts and tells whoever must know of what followed. One that is refused does not keep the others out; the error names
    /// the first.
    fn submit(&self, facts: Vec<Observation>, by: &str) -> Result<Vec<Receipt>, Trouble> {
        let urgent = facts.iter().all(|fact| matches!(fact, Observation::BlockRead(_)));
        let list = facts.iter().map(|fact| observation(fact, by)).collect();
        let answers = if urgent { self.door.submit_urgent(list) } else { self.door.submit(list) };
        self.writes.store(!matches!(answers, Err(Rejected::Full(_) | Rejected::Ended(_))), Ordering::Release);
        let answers = answers.map_err(|e| Trouble::new(e.to_string(), "no lease is signed meanwhile"))?;
        let mut refused = None;
        let mut receipts = Vec::with_capacity(answers.len());
        for (fact, answer) in facts.iter().zip(answers) {
            match answer {
                Ok(receipt) => {
                    self.heed(fact, &receipt);
                    receipts.push(receipt);
                }
                Err(refusal) => {
                    let why = || Trouble::no(format!("{} is not taken: {}", fact.name(), refusal.reason), "");
                    refused.get_or_insert_with(why);
                }
            }
        }
        refused.map_or(Ok(receipts), Err)
    }

    /// A stop that followed is told to the gate, and is an incident.
    fn heed(&self, fact: &Observation, receipt: &Receipt) {
        let conclusions = Body::decode(fact.kind(), &receipt.body).ok().and_then(|body| body.conclusions);
        let list = conclusions.and_then(|bytes| decode(&bytes).ok()).unwrap_or_default();
        for concluded in &list {
            if let Concluded::Tripped(tripped) = concluded {
                eprintln!("tripped: {}", tripped.cause);
                self.tell(tripped.scope.clone(), tripped.cause.clone());
            }
        }
        if !incidents::is_one(&list) {
            return;
        }
        let stamp = Stamp { index: receipt.stamp.index, time: Instant(receipt.stamp.time) };
        let _turn = self.incident_turn.lock().unwrap_or_else(PoisonError::into_inner);
        let facts = self.state.read(|state| incidents::of_stop(state, fact, &list, stamp));
        let noted = facts.and_then(|facts| {
            let list: Vec<_> = facts.iter().map(|fact| observation(fact, "watch")).collect();
            let hint = "`bongsu incident open` records it";
            if list.is_empty() {
                Ok(())
            } else {
                self.door.submit(list).map(drop).map_err(|e| Trouble::new(e.to_string(), hint))
            }
        });
        if let Err(trouble) = noted {
            eprintln!("the incident of entry {} is not recorded: {trouble}", stamp.index);
        }
    }

    fn tell(&self, scope: Scope, cause: String) {
        let stops = self.stops.lock().unwrap_or_else(PoisonError::into_inner);
        let _ended = stops.send((scope, cause));
    }
}

impl Desk for Arc<Watch> {
    fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        self.state.read(read)
    }

    fn record(&self, facts: Vec<Observation>) -> Result<(), Trouble> {
        self.submit(facts, "watch").map(drop)
    }
}
