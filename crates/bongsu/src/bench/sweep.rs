//! `bongsu bench sweep`: the shipped industry at every month end and 200 budget standards, beside OpenFisca where it is installed.
//!
//! The announced budget duty is taken as if it had begun in December 2023, so that every one of the 49 month ends has a measurement
//! to look back at.

use crate::lab::{run, set, sweep, trial};
use crate::trouble::Trouble;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant as Clock};

/// The draft whose rule is swept, its number, and its ends.
const DRAFT: &str = "daba-budget-10";
const PARAMETER: &str = "daba_budget_share";
/// 200 values are 199 steps.
const STEPS: usize = 199;
/// Enough that a round which others interrupt does not stand in the middle.
const ROUNDS: usize = 51;
/// The peer's script, from the root of the repository.
const PEER: &str = "benches/openfisca/sweep.py";

/// Measures and prints; the peer runs under this Python.
pub fn run(python: &str) -> Result<(), Trouble> {
    let day = rulebook::time::read_date("2023-12-01");
    let trial = trial::draft(Path::new(DRAFT), day)?;
    let range = sweep::range(&trial, PARAMETER, "5%", "10%", STEPS)?;
    let set = set::shipped();
    let last = set.last.unwrap_or(rulebook::time::Instant::NEVER);
    let ends = run::month_ends(&run::zone(&trial.book), last, run::WINDOWS);
    let sites = sweep::sites(&trial, range.parameter);
    let Some((rule, sites)) = sites.first() else { return Err(Trouble::new("no rule hangs on the number", "")) };
    let took = |sites: Option<&rulebook::threshold::Sites>| {
        let started = Clock::now();
        let grid = sweep::grid(&set, &trial, *rule, &range, sites, &ends);
        (started.elapsed(), grid)
    };
    println!("{} exchanges × {} month ends × {} thresholds of {PARAMETER}", set.len(), ends.len(), range.values.len());
    let mut rounds = Vec::new();
    let mut fast = None;
    for _ in 0..ROUNDS {
        let (time, grid) = took(sites.as_ref());
        rounds.push(time);
        fast = grid;
    }
    rounds.sort();
    let middle = rounds.get(ROUNDS / 2).copied().unwrap_or_default();
    println!("settled by comparison: median {}, least {}", ms(middle), ms(rounds.first().copied().unwrap_or_default()));
    let (time, each) = took(None);
    println!("each value evaluated:  {}", ms(time));
    let cells = |grid: &Option<sweep::Grid>| -> (i64, i64) {
        let cells = grid.iter().flat_map(|g| &g.cells);
        cells.fold((0, 0), |(bound, unknown), c| (bound + c.bound, unknown + c.unknown))
    };
    let (bound, unknown) = cells(&fast);
    println!("both ways the same: {}; {bound} findings of not met, {unknown} unknown", fast == each && fast.is_some());
    peer(python);
    Ok(())
}

fn ms(time: Duration) -> String {
    let micros = time.as_micros();
    format!("{}.{:03} ms", micros / 1_000, micros % 1_000)
}

/// Runs the peer, if its script and its package are here.
fn peer(python: &str) {
    if !Path::new(PEER).exists() {
        println!("OpenFisca: {PEER} is not here; run this from the root of the repository");
        return;
    }
    match Command::new(python).arg(PEER).output() {
        Ok(out) if out.status.success() => print!("{}", String::from_utf8_lossy(&out.stdout)),
        Ok(out) => {
            let said = String::from_utf8_lossy(&out.stderr);
            println!("OpenFisca: not run: {}", said.lines().last().unwrap_or("no reason given"));
            println!(
                "hint: python3 -m venv venv && venv/bin/pip install openfisca-core; then --python venv/bin/python"
            );
        }
        Err(error) => println!("OpenFisca: {python}: {error}"),
    }
}
