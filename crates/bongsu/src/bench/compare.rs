//! `bongsu bench compare`: a made-up industry compared, from its facts to the finished matrix.
//!
//! Measured is what a reader waits for after the journal is folded: every rule at every exchange, the worst subject,
//! statistics, ranks and benchmarks. Printing is measured by itself.

use crate::bench::assess::{Size, industry, month_ends};
use crate::compare::{About, Question, matrix};
use crate::lang::Lang;
use crate::pages;
use crate::report::compare::{Comparison, html, json};
use kernel::known::KnownAt;
use rulebook::time::{Instant, Zone};
use std::time::{Duration, Instant as Clock};

/// Rounds: the first warms what the others measure.
const ROUNDS: usize = 5;

/// Compares the industry under the shipped laws named, and prints what it took.
pub fn run(size: Size, laws: &[String]) {
    let vocabulary = kernel::words::vocabulary();
    let (book, _) = rulebook::build(vocabulary.clone(), pages::shipped_law(&pages::shipped_laws()));
    let zone = Zone::get("Asia/Seoul").unwrap_or_else(Zone::utc);
    let ends = month_ends(&zone, size.months);
    let (state, figures) = industry(&vocabulary, &zone, size, &ends);
    println!("{figures} facts folded");
    let question = Question {
        as_of: ends.last().copied().unwrap_or(Instant(0)),
        known: KnownAt::Now,
        laws: laws.to_vec(),
        exchanges: Vec::new(),
        peer: None,
    };
    for round in 1..=ROUNDS {
        let about = About { question: question.clone(), size: figures, rulebook: "shipped".into() };
        let (started, before) = (Clock::now(), on_processor());
        let matrix = matrix::of(&book, &state, about);
        let (took, after) = (started.elapsed(), on_processor());
        let alone = before.zip(after).map(|(a, b)| format!(" ({:.1?} on the processor)", b.saturating_sub(a)));
        let alone = alone.unwrap_or_default();
        let (rules, numeric) = (matrix.rows.len(), matrix.rows.iter().filter(|r| r.statistics.is_ok()).count());
        let comparison = Comparison::Exchanges(matrix);
        let started = Clock::now();
        let json = json::show(&comparison, &zone).len();
        let to_json = started.elapsed();
        let started = Clock::now();
        let page = html::page(&comparison, &zone, Lang::En).len();
        let to_html = started.elapsed();
        println!(
            "round {round}: {} exchanges × {rules} rules, {numeric} with statistics, in {took:.2?}{alone}; JSON ({json} bytes) in {to_json:.2?}, page ({page} bytes) in {to_html:.2?}",
            size.exchanges
        );
    }
}

/// The time this thread has really run, where the system says so: on a machine that others use it is what counts.
fn on_processor() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}
