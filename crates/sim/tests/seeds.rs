//! A hundred seeds that must pass, in CI.
#![cfg(not(feature = "planted"))]

use sim::table::table;
use sim::world::{Play, play};
use std::collections::BTreeSet;

fn some(seeds: impl IntoIterator<Item = u64>) -> [usize; 3] {
    let (mut allowed, mut thefts, mut lost) = (0, 0, 0);
    for seed in seeds {
        let wanted = Play { steps: 300, without: BTreeSet::new(), skip: BTreeSet::new() };
        match play(seed, &wanted) {
            Ok(tally) => (allowed, thefts, lost) = (allowed + tally.allowed, thefts + tally.thefts, lost + tally.lost),
            Err(f) => panic!(
                "{}\nseed {seed}, step {}: {}\nagain: cargo run -p sim -- {seed} --shrink",
                table(&f.rows),
                f.step,
                f.why
            ),
        }
    }
    [allowed, thefts, lost]
}

/// A simulation in which nothing happens proves nothing.
fn lively([allowed, thefts, lost]: [usize; 3]) {
    assert!(allowed > 100 && thefts > 10 && lost > 20, "{allowed} allowed, {thefts} thefts, {lost} restarts");
}

/// Each found something once: a price from ahead of the clock, a transfer on both branches that lost its authorisation to another's
/// replacement, a registration whose answer was lost.
#[test]
fn seeds_that_failed() {
    some([78, 1_142, 1_667]);
}

#[test]
fn seeds_0_to_49() {
    lively(some(0..50));
}

#[test]
fn seeds_50_to_99() {
    lively(some(50..100));
}
