//! Each planted bug is found: `cargo test -p sim --features planted -- --nocapture` prints after how many seeds.
#![cfg(feature = "planted")]

use kernel::planted::{ALL, plant};
use sim::world::{Play, play};
use std::collections::BTreeSet;

/// Seeds that each bug gets.
const SEEDS: u64 = 200;

#[test]
fn every_planted_bug_is_found() {
    let mut missed = Vec::new();
    let wanted = Play { steps: 300, without: BTreeSet::new(), skip: BTreeSet::new() };
    for bug in ALL {
        plant(Some(bug));
        let found = (0..SEEDS).find_map(|seed| play(seed, &wanted).err().map(|f| (seed + 1, f.step, f.why)));
        plant(None);
        match found {
            Some((seeds, step, why)) => {
                println!("| {bug:?} | {seeds} | {step} | {} |", why.chars().take(90).collect::<String>());
            }
            None => missed.push(bug),
        }
    }
    assert!(missed.is_empty(), "not found within {SEEDS} seeds: {missed:?}");
}
