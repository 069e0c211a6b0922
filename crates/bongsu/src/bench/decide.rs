//! `bongsu bench decide`: decisions that are durable, through the sequencer and onto the disk, with callers in the same process; then the journal
//! opened and folded again, and every conclusion re-performed.
//!
//! It promises that each withdrawal counted was allowed and synced, and that suspensions are asked for at moments fixed beforehand, so that a slow answer
//! does not thin out the questions behind it. There is no network in it.

use super::guard::resident;
use super::world::{Dice, EXCHANGE, prices, setup, withdrawal};
use crate::recorder::now;
use crate::serve::{Kernel, Shared, observation};
use crate::store::sequencer::{Clock as Time, Door, Sequencer};
use crate::store::{Founding, Store};
use crate::trouble::Trouble;
use crate::walk;
use kernel::fact::{Observation, Reach, Scope, Sides, Suspended};
use kernel::replay::Replay;
use kernel::state::State;
use rulebook::time::{HOUR, Instant};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant as Clock};

/// How much is measured.
#[derive(Clone, Debug)]
pub struct Size {
    /// A new folder for the journal.
    pub data: PathBuf,
    /// Customers, each with a withdrawal on record first.
    pub customers: u64,
    /// Withdrawals measured.
    pub withdrawals: u64,
    /// Withdrawals of a submission.
    pub batch: u64,
    /// Callers at once.
    pub callers: u64,
    /// Milliseconds between two suspensions; none where 0.
    pub suspend: u64,
}

struct System;

impl Time for System {
    fn now(&self) -> i64 {
        now()
    }
}

/// Measures and prints.
pub fn run(size: &Size) -> Result<(), Trouble> {
    let founding = Founding { role: "gate", semantics: kernel::SEMANTICS, offline_root: None, time: now() - 3 * HOUR };
    let store = Store::create(&size.data, &founding)?;
    let state = Shared::new(State::new(kernel::words::vocabulary()).keyed([1, 2]));
    let before = resident();
    let sequencer = Sequencer::start(store, Kernel(state.clone()), System)?;
    let door = sequencer.door();
    let mut facts = setup(Instant(now() - 2 * HOUR));
    facts.extend(prices(Instant(now())));
    submit(&door, facts)?;
    let mut number = 0;
    for from in (0..size.customers).step_by(4_096) {
        let at = Instant(now());
        let asked = (from..(from + 4_096).min(size.customers)).map(|customer| {
            number += 1;
            withdrawal(number, customer, at).into()
        });
        submit(&door, asked.collect())?;
    }
    println!("{} customers; memory {} bytes", size.customers, resident().saturating_sub(before));
    let (took, mut late) = load(&door, size, number)?;
    println!(
        "{} withdrawals in batches of {} by {} callers: {} durable decisions/s",
        size.withdrawals,
        size.batch,
        size.callers,
        u128::from(size.withdrawals) * 1_000 / took.as_millis().max(1)
    );
    percentiles("a batch, from the moment it was asked", &mut late.0);
    percentiles("a suspension, from the moment it was due", &mut late.1);
    let allowed = state.read(|state| {
        let all = state.guard(EXCHANGE).map(|guard| &guard.withdrawals[..]).unwrap_or_default();
        all.iter().filter(|w| w.status == kernel::guard::state::Status::Allowed).count()
    });
    drop((door, state));
    sequencer.stop()?.close(now())?;
    if allowed as u64 != size.customers + size.withdrawals {
        return Err(Trouble::no(format!("only {allowed} were allowed"), "the figures are of something else"));
    }
    again(&size.data)
}

/// Opens and folds the journal as a start does, then re-performs it.
fn again(dir: &Path) -> Result<(), Trouble> {
    let began = Clock::now();
    let (store, recovery) = Store::open(dir)?;
    let opened = began.elapsed();
    let state = walk::state(dir)?;
    let folded = began.elapsed() - opened;
    let each = |took: Duration| took.as_nanos() / u128::from(recovery.size.max(1));
    println!(
        "restart: {} entries checked in {opened:.2?} ({} ns each) and folded in {folded:.2?} ({} ns each)",
        recovery.size,
        each(opened),
        each(folded)
    );
    drop((store, state));
    let began = Clock::now();
    let mut replay = Replay::reperform(kernel::words::vocabulary());
    walk::replay(dir, &mut replay)?;
    let took = began.elapsed();
    if !replay.differences.is_empty() {
        return Err(Trouble::no("conclusions differ", "report this as a bug"));
    }
    let rate = u128::from(replay.tally.decisions) * 1_000 / took.as_millis().max(1);
    println!("re-performed: {} decisions in {took:.2?}, {rate} a second, every one compared", replay.tally.decisions);
    Ok(())
}

fn submit(door: &Door, facts: Vec<Observation>) -> Result<(), Trouble> {
    let all = facts.iter().map(|fact| observation(fact, "bench")).collect();
    let answers = door.submit(all).map_err(|e| Trouble::no(e.to_string(), "look at the disk"))?;
    match answers.into_iter().find_map(Result::err) {
        Some(refusal) => Err(Trouble::no(refusal.reason, refusal.code)),
        None => Ok(()),
    }
}

/// Latencies of batches and of suspensions, in microseconds.
type Late = (Vec<u64>, Vec<u64>);

/// All callers at once, each with its next batch as soon as the last is answered.
fn load(door: &Door, size: &Size, asked: u64) -> Result<(Duration, Late), Trouble> {
    let (next, over) = (AtomicU64::new(0), AtomicBool::new(false));
    let began = Clock::now();
    std::thread::scope(|scope| {
        let stopper = scope.spawn(|| suspensions(door, size.suspend, &over));
        let callers: Vec<_> = (0..size.callers)
            .map(|caller| {
                let next = &next;
                scope.spawn(move || call(door, size, asked, next, caller))
            })
            .collect();
        let mut late = Vec::new();
        let mut failed = None;
        for caller in callers {
            match caller.join() {
                Ok(Ok(own)) => late.extend(own),
                Ok(Err(trouble)) => failed = Some(trouble),
                Err(_) => failed = Some(Trouble::no("a caller panicked", "report this as a bug")),
            }
        }
        let took = began.elapsed();
        over.store(true, Relaxed);
        let stops = stopper.join().unwrap_or_default();
        failed.map_or(Ok((took, (late, stops))), Err)
    })
}

fn call(door: &Door, size: &Size, asked: u64, next: &AtomicU64, caller: u64) -> Result<Vec<u64>, Trouble> {
    let (mut dice, mut late) = (Dice::new(caller), Vec::new());
    loop {
        let from = next.fetch_add(size.batch, Relaxed);
        if from >= size.withdrawals {
            return Ok(late);
        }
        let at = Instant(now());
        let numbers = from..(from + size.batch).min(size.withdrawals);
        let each = |n| withdrawal(asked + 1 + n, dice.roll() % size.customers.max(1), at).into();
        let facts = numbers.map(each).collect();
        let began = Clock::now();
        submit(door, facts)?;
        late.push(began.elapsed().as_micros() as u64);
    }
}

/// Stops deposits of one asset at fixed moments; withdrawals go on.
fn suspensions(door: &Door, every: u64, over: &AtomicBool) -> Vec<u64> {
    let mut late = Vec::new();
    if every == 0 {
        return late;
    }
    let began = Clock::now();
    for turn in 1u32.. {
        let due = Duration::from_millis(every) * turn;
        std::thread::sleep(due.saturating_sub(began.elapsed()));
        if over.load(Relaxed) {
            break;
        }
        let scope = Scope { what: Reach::Asset("POL".into()), sides: Sides::Deposits };
        let (exchange, by, reason) = (EXCHANGE.to_string(), "officer".to_string(), "measured".to_string());
        let fact = Suspended { exchange, scope, by, reason, at: Instant(now()) };
        if !matches!(door.submit_urgent(vec![observation(&fact.into(), "bench")]), Ok(answers) if answers[0].is_ok()) {
            break;
        }
        late.push((began.elapsed().saturating_sub(due)).as_micros() as u64);
    }
    late
}

fn percentiles(what: &str, late: &mut [u64]) {
    late.sort_unstable();
    let at = |of: usize| late.get((late.len() * of / 1000).min(late.len().saturating_sub(1))).copied().unwrap_or(0);
    println!("{what}, µs: p50 {}, p99 {}, p99.9 {}, most {} of {}", at(500), at(990), at(999), at(1000), late.len());
}
