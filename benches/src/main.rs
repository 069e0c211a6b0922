//! Bongsu's rule language beside the engines one could have used instead: how fast, and what each answers.
//!
//! `cargo run --release -p benches` prints both tables of docs/performance.md, headings Conditions and Peers;
//! `-- ours` times our side alone.

mod ours;
mod peers;
mod questions;

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Rounds of a measurement; the median is reported, with the least and the most.
const ROUNDS: usize = 7;
/// How long one round takes: long beside a timer tick and a context switch.
const ROUND: Duration = Duration::from_millis(100);

const GUARD: &str = "value > 100_000_000 KRW and destination_age < 24 h and sum_last_hour > 500_000_000 KRW";
const GUARD_PLAIN: &str = "$value > 100000000 && $destination_age < 24 && $sum_last_hour > 500000000";
const LAW: &str = "security / it >= 7 %";
const LAW_DATED: &str = "security / it >= security_share";
const LAW_PLAIN: &str = "$security / $it >= 0.07";
const FACTS: [(&str, &str); 5] = [
    ("value", "150000000"),
    ("destination_age", "3"),
    ("sum_last_hour", "600000001"),
    ("security", "700000001.0"),
    ("it", "9999999999.0"),
];

fn main() {
    let alone = std::env::args().nth(1).as_deref() == Some("ours");
    println!("| condition | engine | ns | of 7 rounds |\n|---|---|---:|---:|");
    for (name, ours, plain) in
        [("guard", GUARD, Some(GUARD_PLAIN)), ("law", LAW, Some(LAW_PLAIN)), ("law, dated", LAW_DATED, None)]
    {
        time(name, ours, plain.filter(|_| !alone));
    }
    if !alone {
        println!();
        questions::print();
    }
}

fn time(name: &str, ours: &str, plain: Option<&str>) {
    let (book, node) = ours::compile(ours).expect("the condition is well-formed");
    let facts = ours::Row::new(&book, &FACTS);
    for (engine, tracing) in [("bongsu", false), ("bongsu, with trace", true)] {
        let mut condition = ours::Condition::new(&book, &facts, node, tracing);
        assert_eq!(condition.answer(), "yes", "{engine}");
        report(name, engine, &mut || {
            black_box(black_box(&mut condition).evaluate());
        });
    }
    let Some(plain) = plain else { return };
    for (engine, compile) in peers::ENGINES {
        let mut condition = compile(plain, &FACTS).expect("the condition is well-formed");
        if condition.answer() != "yes" {
            println!("| {name} | {engine} | | answers {} |", condition.answer());
        }
        report(name, engine, &mut || condition.evaluate());
    }
}

fn report(name: &str, engine: &str, f: &mut dyn FnMut()) {
    let mut turns: u32 = 1_000;
    let mut run = |turns: u32| {
        let start = Instant::now();
        for _ in 0..turns {
            f();
        }
        start.elapsed()
    };
    while run(turns) < ROUND {
        turns = turns.saturating_mul(2);
    }
    let mut tenths: Vec<u128> =
        (0..ROUNDS).map(|_| run(turns).as_nanos().saturating_mul(10).div_ceil(u128::from(turns))).collect();
    tenths.sort_unstable();
    let show = |at: usize| tenths.get(at).map_or_else(String::new, |t| format!("{}.{}", t / 10, t % 10));
    println!("| {name} | {engine} | {} | {} to {} |", show(ROUNDS / 2), show(0), show(ROUNDS - 1));
}
