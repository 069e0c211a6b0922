//! The gate: an exchange's guard over HTTP, before anything is signed.
//!
//! It promises that nothing is answered whose request was not signed by an enrolled key with the right role; that an answer is
//! durable before it leaves; that bad input consumes nothing; and that a suspension is always answered. TLS is the reverse
//! proxy's. It must never decide: handlers turn a request into facts, hand them to the one writer, and answer from what was
//! concluded.
//!
//! - `limits`, `problem`: every limit, every code
//! - `signature`, `nonces`: who speaks
//! - `shape`, `amount`, `fact`: what is sent, as the kernel's facts; `answer`: what is heard
//! - `route`: the table of routes; `server`: connections; `openapi`: the API's document
//! - `withdrawals`, `approvals`, `ledger`, `tickets`, `stops`, `enrol`, `looks`, `entries`: the handlers
//! - `load`, `brake`, `explaining`, `clock`: what stands between the handlers and the one writer
//! - `lease`: the watch's word at the payload door
//! - `custody`: co-signers and custodians that ask before they sign
//! - `setup`: the first start

mod amount;
mod answer;
mod approvals;
mod brake;
mod clock;
pub mod custody;
mod enrol;
mod entries;
mod explaining;
pub mod fact;
mod lease;
mod ledger;
pub mod limits;
mod load;
mod looks;
mod nonces;
pub mod openapi;
pub mod problem;
pub mod route;
mod server;
pub mod setup;
pub mod shape;
pub mod signature;
mod stops;
mod tickets;
mod withdrawals;

use super::clock::System;
use super::concluder::{Kernel, Shared, observation};
use super::incidents;
use crate::recorder::now;
use crate::store::sequencer::{Answers, Door, Receipt, Rejected, Sequencer};
use crate::store::{Reader, Store};
use crate::trouble::Trouble;
use crate::walk;
use answer::{Recorded, hex};
use journal::note::VerifierKey;
use kernel::fact::{Observation, RulebookAdopted, makes};
use kernel::guard::conclusion::{Concluded, decode};
use kernel::known::Stamp;
use kernel::state::State;
use problem::Problem;
use rulebook::time::Instant;
use sha2::{Digest, Sha256};
use std::io::Read;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// What every handler needs.
pub struct Gate {
    door: Door,
    state: Shared,
    dir: PathBuf,
    exchange: String,
    program: String,
    nonces: nonces::Nonces,
    load: load::Load,
    brake: Arc<brake::Brake>,
    wanted: explaining::Wanted,
    /// Entries that are durable.
    durable: tokio::sync::watch::Sender<u64>,
    reader: Mutex<Reader>,
    streams: Arc<tokio::sync::Semaphore>,
    lease: Option<Arc<lease::Leases>>,
    custody: Option<custody::book::Book>,
    /// Held while an incident is recorded: a second stop of the same night joins it.
    incident_turn: Mutex<()>,
    /// Which of the custodian's transactions a withdrawal was approved for; held while one is asked.
    custody_turn: Mutex<std::collections::BTreeMap<String, String>>,
}

/// Serves until interrupted. Where a watch is named, nothing is signable without its lease.
pub fn run(
    dir: &Path,
    listen: SocketAddr,
    first: Option<&setup::First>,
    watch: Option<(&str, VerifierKey)>,
    desk: Option<SocketAddr>,
) -> Result<i32, Trouble> {
    if let Some(first) = first {
        setup::first(dir, first)?;
    }
    let (store, _) = Store::open(dir)?;
    let mut state = walk::state(dir)?;
    let exchange = only_exchange(&state)?;
    let mut secret = [0u8; 16];
    getrandom::fill(&mut secret).map_err(|e| Trouble::new(format!("no randomness: {e}"), "check the system"))?;
    let half = |bytes: &[u8]| bytes.iter().fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
    state = state.keyed([half(&secret[..8]), half(&secret[8..])]);
    let size = store.size();
    let bound = custody::bound(&state, &exchange);
    let state = Shared::new(state);
    let wanted = explaining::Wanted::default();
    let concluder =
        explaining::Explaining { kernel: Kernel(state.clone()), state: state.clone(), wanted: wanted.clone() };
    let sequencer = Sequencer::start(store, concluder, System)?;
    let lease = watch.map(|(url, key)| lease::Leases::start(url, key, &exchange)).transpose();
    let lease = lease.map_err(|e| Trouble::new(format!("no thread: {e}"), "too many threads?"))?;
    let gate = Arc::new(Gate {
        door: sequencer.door(),
        state,
        dir: dir.to_path_buf(),
        exchange,
        program: program()?,
        nonces: nonces::Nonces::since(now() / 1_000),
        load: load::Load::default(),
        brake: Arc::default(),
        wanted,
        durable: tokio::sync::watch::Sender::new(size),
        reader: Mutex::new(Reader::open(dir)?),
        streams: Arc::new(tokio::sync::Semaphore::new(limits::STREAMS)),
        lease,
        custody: custody::book::open(dir)?,
        custody_turn: Mutex::new(bound),
        incident_turn: Mutex::new(()),
    });
    let ticking = clock::start(gate.clone())?;
    let served = server::run(gate, listen, desk);
    ticking.stop();
    let store = sequencer.stop()?;
    store.close(now())?;
    served.map(|()| 0)
}

/// The one exchange whose guard the journal keeps.
fn only_exchange(state: &State) -> Result<String, Trouble> {
    let mut all = state.guards().map(|(exchange, _)| exchange.to_string());
    match (all.next(), all.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => Err(Trouble::new(
            "the journal has no guard yet",
            "start once with --setup FILE: docs/gate.md has an example of the file",
        )),
        _ => Err(Trouble::new("the journal keeps several guards", "a gate serves one exchange: one journal each")),
    }
}

/// The hash of the program that runs.
fn program() -> Result<String, Trouble> {
    let path = std::env::current_exe().map_err(|e| Trouble::file(Path::new("the program"), &e))?;
    let mut file = std::fs::File::open(&path).map_err(|e| Trouble::file(&path, &e))?;
    let mut hash = Sha256::new();
    let mut part = vec![0u8; 1 << 20];
    loop {
        match file.read(&mut part).map_err(|e| Trouble::file(&path, &e))? {
            0 => break,
            read => hash.update(&part[..read]),
        }
    }
    Ok(hex(&hash.finalize()))
}

/// The hash of the rulebook that holds for an entry: what a change that adopts it names.
fn rulebook_of(state: &State, index: u64) -> Option<String> {
    state.adopted_for(index).map(|adoption| hex(&makes(RulebookAdopted::KIND, &adoption.rulebook.encode())))
}

/// A fact that was taken.
pub struct Taken {
    /// Its entry.
    pub stamp: Stamp,
    /// It stood on record before.
    pub already: bool,
    /// What followed.
    pub concluded: Vec<Concluded>,
}

impl Gate {
    /// Hands facts to the writer and waits until they are durable; each is answered by itself.
    fn submit(&self, facts: &[Observation], by: &str) -> Result<Vec<Result<Taken, Problem>>, Problem> {
        let ticket = self.load.enter()?;
        let answers = self.door.submit(facts.iter().map(|fact| observation(fact, by)).collect());
        drop(ticket);
        let taken = self.answers(facts, answers)?;
        for (fact, taken) in facts.iter().zip(&taken) {
            if let Ok(taken) = taken
                && !taken.already
            {
                self.note_incident(fact, taken);
            }
        }
        Ok(taken)
    }

    /// What the guard stopped by itself is an incident the moment it is durable.
    fn note_incident(&self, fact: &Observation, taken: &Taken) {
        if !incidents::is_one(&taken.concluded) {
            return;
        }
        let _turn = self.incident_turn.lock().unwrap_or_else(PoisonError::into_inner);
        let facts = self.state.read(|state| incidents::of_stop(state, fact, &taken.concluded, taken.stamp));
        let noted = facts.map_err(|e| e.to_string()).and_then(|facts| {
            let list: Vec<_> = facts.iter().map(|fact| observation(fact, "guard")).collect();
            if list.is_empty() { Ok(()) } else { self.door.submit(list).map(drop).map_err(|e| e.to_string()) }
        });
        if let Err(why) = noted {
            eprintln!(
                "the incident of entry {} is not recorded: {why}; `bongsu incident open` does",
                taken.stamp.index
            );
        }
    }

    /// One fact.
    fn submit_one(&self, fact: Observation, by: &str) -> Result<Taken, Problem> {
        let ended = || Problem::new("ended", "the journal gave no answer", "ask again after the restart");
        self.submit(&[fact], by)?.pop().unwrap_or_else(|| Err(ended()))
    }

    fn answers(
        &self,
        facts: &[Observation],
        answers: Result<Answers, Rejected>,
    ) -> Result<Vec<Result<Taken, Problem>>, Problem> {
        let answers = answers.map_err(|rejected| match rejected {
            Rejected::Busy => Problem::busy("the queue is full"),
            Rejected::Full(why) => Problem::new("full", why, "make room: nothing was recorded"),
            Rejected::Ended(why) => Problem {
                retry_after: Some(limits::RETRY),
                ..Problem::new("ended", why, "ask again after the restart with the same id")
            },
        })?;
        if let Some(last) = answers.iter().rev().find_map(|answer| answer.as_ref().ok()) {
            let size = last.stamp.index.saturating_add(1);
            self.durable.send_if_modified(|known| std::mem::replace(known, size.max(*known)) < size);
        }
        let one = |(fact, answer): (&Observation, Result<Receipt, _>)| match answer {
            Ok(receipt) => {
                let stamp = Stamp { index: receipt.stamp.index, time: Instant(receipt.stamp.time) };
                let concluded = concluded_of(fact.kind(), &receipt.body);
                Ok(Taken { stamp, already: false, concluded })
            }
            Err(refusal) => self.refused(fact, refusal),
        };
        Ok(facts.iter().zip(answers).map(one).collect())
    }

    /// The kernel says again why it refused, in fields; what stood on record is read from there.
    fn refused(&self, fact: &Observation, refusal: crate::store::sequencer::Refusal) -> Result<Taken, Problem> {
        match self.state.read(|state| kernel::door::admit(state, fact)) {
            Err(refusal) => Err(refusal.into()),
            Ok(kernel::door::Accepted::Already(entry)) => self.recorded(entry),
            // It would be taken now: somebody was quicker, and asking again tells.
            Ok(kernel::door::Accepted::New) => Err(Problem::new("refused", refusal.reason, "ask again")),
        }
    }

    /// An entry from disk, as it was answered.
    fn recorded(&self, entry: u64) -> Result<Taken, Problem> {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let gone =
            |e: String| Problem::new("unknown", format!("entry {entry}: {e}"), "`bongsu verify` checks the journal");
        reader.refresh().map_err(|e| gone(e.to_string()))?;
        let record = reader.read(entry).map_err(|e| gone(e.to_string()))?;
        let record = record.ok_or_else(|| gone("is not durable yet".into()))?;
        let header = record.header().map_err(|e| gone(e.to_string()))?;
        let stamp = Stamp { index: header.index, time: Instant(header.time) };
        let (_, body) = record.body.as_ref().ok_or_else(|| gone("its body was destroyed".into()))?;
        Ok(Taken { stamp, already: true, concluded: concluded_of(header.kind, body) })
    }

    /// What a handler answers about a fact that was taken.
    fn told(&self, taken: &Taken) -> Recorded {
        Recorded {
            entry: Some(taken.stamp.index),
            time: Some(taken.stamp.time.0),
            already: taken.already,
            durable: true,
            concluded: taken.concluded.iter().map(answer::concluded).collect(),
            rulebook: self.state.read(|state| rulebook_of(state, taken.stamp.index)),
            program: self.program.clone(),
        }
    }

    /// Records one fact and answers what followed.
    fn record(&self, call: &route::Call, fact: impl Into<Observation>) -> Result<route::Reply, Problem> {
        let taken = self.submit_one(fact.into(), &call.speaker.key)?;
        call.reply(if taken.already { 200 } else { 201 }, &self.told(&taken))
    }

    /// Whether a caller's time is of this day.
    fn of_today(&self, at: i64) -> Result<Instant, Problem> {
        let now = now();
        let hint = "give the UTC milliseconds of the moment; both clocks must be set";
        if at.saturating_add(kernel::guard::gate::STALE) < now {
            return Err(Problem::new("stale-time", format!("{at} ms; it is {now} ms"), hint).of("at"));
        }
        if at > now.saturating_add(kernel::guard::gate::AHEAD) {
            return Err(Problem::new("future-time", format!("{at} ms; it is {now} ms"), hint).of("at"));
        }
        Ok(Instant(at))
    }
}

fn concluded_of(kind: u16, body: &[u8]) -> Vec<Concluded> {
    let body = kernel::body::Body::decode(kind, body).ok();
    body.and_then(|body| decode(&body.conclusions?).ok()).unwrap_or_default()
}
