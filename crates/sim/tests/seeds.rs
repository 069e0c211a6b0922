//! A hundred seeds that must pass, in CI.
#![cfg(not(feature = "planted"))]

use sim::table::table;
use sim::world::{Play, play};
use std::collections::BTreeSet;

fn some(seeds: std::ops::Range<u64>) {
    let (mut allowed, mut thefts, mut lost) = (0, 0, 0);
    for seed in seeds {
        let wanted = Play { steps: 120, without: BTreeSet::new(), skip: BTreeSet::new() };
        match play(seed, &wanted) {
            Ok(tally) => (allowed, thefts, lost) = (allowed + tally.allowed, thefts + tally.thefts, lost + tally.lost),
            Err(f) => panic!(
                "{}\nseed {seed}, step {}: {}\nagain: cargo run -p sim -- {seed} --steps 120 --shrink",
                table(&f.rows),
                f.step,
                f.why
            ),
        }
    }
    // A simulation in which nothing happens proves nothing.
    assert!(allowed > 100 && thefts > 10 && lost > 20, "{allowed} allowed, {thefts} thefts, {lost} restarts");
}

#[test]
fn seeds_0_to_49() {
    some(0..50);
}

#[test]
fn seeds_50_to_99() {
    some(50..100);
}
