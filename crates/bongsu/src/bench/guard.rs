//! `bongsu bench guard`: what a withdrawal costs in the kernel, with twenty rules, six rolling windows and a million customers.
//!
//! It promises that every answer was *allow*, so that each withdrawal was counted in every window, and that the least and the median of
//! many rounds are printed: a machine that others use makes rounds longer and never shorter.

use super::world::{Dice, Told, withdrawal};
use crate::trouble::Trouble;
use kernel::body::join;
use kernel::door::admit;
use kernel::fact::Observation;
use kernel::guard::{conclude, conclusion};
use kernel::state::fold_guarded;
use rulebook::time::Instant;
use std::time::Instant as Clock;

/// 2026-11-24T00:00:00Z.
const START: i64 = 1_795_478_400_000;
/// Withdrawals in a round.
const ROUND: usize = 10_000;
/// Who asks where everything is warm.
const FEW: u64 = 4_096;

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Customers, each with one withdrawal on record before the measurement begins.
    pub customers: u64,
    /// Rounds of ten thousand withdrawals.
    pub rounds: usize,
}

/// Prints nanoseconds for each part of a decision.
pub fn run(size: Size) -> Result<(), Trouble> {
    let before = resident();
    let mut told = Told::new(Instant(START))?;
    let mut number = 0;
    let began = Clock::now();
    for customer in 0..size.customers {
        told.refresh()?;
        number += 1;
        told.tell(&withdrawal(number, customer, told.now).into())?;
    }
    let (took, memory) = (began.elapsed(), resident().saturating_sub(before));
    let live = told.state.guard(super::world::EXCHANGE).map_or(0, |guard| guard.windows.len());
    println!("{} customers with {live} live consumptions told in {took:.2?}", size.customers);
    println!("memory: {memory} bytes in all, {} a customer", memory / size.customers.max(1));
    let mut dice = Dice::new(size.customers);
    for (name, among) in [("random customers", size.customers), ("4,096 customers", FEW.min(size.customers))] {
        let mut rounds = Vec::new();
        for _ in 0..size.rounds {
            told.refresh()?;
            rounds.push(round(&mut told, &mut number, || dice.roll() % among.max(1))?);
        }
        println!("{name}, ns each: least of {} rounds, median", size.rounds);
        for (part, label) in ["door", "conclude", "fold", "body"].iter().enumerate() {
            report(label, rounds.iter().map(|round| round[part]).collect());
        }
        report("conclude + fold", rounds.iter().map(|round| round[1] + round[2]).collect());
    }
    let allowed = told.allowed();
    if allowed as u64 != number {
        let message = format!("{allowed} of {number} withdrawals were allowed: the figures are of something else");
        return Err(Trouble::no(message, "make the limits of bench/policy.md larger, or ask less"));
    }
    Ok(())
}

/// Nanoseconds for all of a round's withdrawals: door, conclude, fold, body.
fn round(told: &mut Told, number: &mut u64, mut customer: impl FnMut() -> u64) -> Result<[u64; 4], Trouble> {
    let mut facts: Vec<Observation> = Vec::with_capacity(ROUND);
    for _ in 0..ROUND {
        *number += 1;
        facts.push(withdrawal(*number, customer(), told.now).into());
    }
    let mut sums = [0; 4];
    for fact in facts {
        let stamp = told.stamp();
        let t0 = Clock::now();
        admit(&told.state, &fact).map_err(|r| Trouble::no(r.to_string(), r.hint))?;
        let t1 = Clock::now();
        let concluded = conclude(&told.state, &fact, stamp);
        let t2 = Clock::now();
        fold_guarded(&mut told.state, stamp, &fact, &concluded);
        let t3 = Clock::now();
        let conclusions = conclusion::encode(&concluded);
        std::hint::black_box(join(&fact.encode(), conclusions.as_deref()));
        let t4 = Clock::now();
        for (sum, (from, to)) in sums.iter_mut().zip([(t0, t1), (t1, t2), (t2, t3), (t3, t4)]) {
            *sum += to.duration_since(from).as_nanos() as u64;
        }
    }
    Ok(sums)
}

fn report(label: &str, mut rounds: Vec<u64>) {
    rounds.sort_unstable();
    let each = |at: usize| rounds.get(at).map_or(0, |sum| sum / ROUND as u64);
    println!("  {label:<16} {:>6} {:>6}", each(0), each(rounds.len() / 2));
}

/// Bytes of this process in memory.
pub(crate) fn resident() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.and_then(|text| text.split(' ').nth(1)?.parse::<u64>().ok());
    pages.unwrap_or(0) * 4096
}
