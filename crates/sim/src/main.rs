//! `cargo run -p sim -- SEED`: plays seeds, shrinks what fails, prints one command that plays it again.

use sim::shrink::shrink;
use sim::table::table;
use sim::world::{CLASSES, Play, play};
use std::collections::BTreeSet;
use std::process::ExitCode;
use std::time::Instant;

const USAGE: &str =
    "sim SEED | --seeds A..B  [--steps N] [--without CLASS,…] [--skip N,N-M,…] [--shrink] [--plant BUG] [--verbose]";

struct Asked {
    seeds: std::ops::Range<u64>,
    play: Play,
    shrink: bool,
    verbose: bool,
}

fn main() -> ExitCode {
    match asked(std::env::args().skip(1)).map(run) {
        Ok(code) => code,
        Err(why) => {
            eprintln!("{why}\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn asked(mut words: impl Iterator<Item = String>) -> Result<Asked, String> {
    let mut asked = Asked {
        seeds: 0..0,
        play: Play { steps: 300, without: BTreeSet::new(), skip: BTreeSet::new() },
        shrink: false,
        verbose: false,
    };
    let number = |text: &str| text.parse::<u64>().map_err(|_| format!("`{text}` is no number"));
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
        match word.as_str() {
            "--seeds" => {
                let range = value()?;
                let (a, b) = range.split_once("..").ok_or("expected A..B")?;
                asked.seeds = number(a)?..number(b)?;
            }
            "--steps" => asked.play.steps = number(&value()?)?,
            "--without" => {
                for name in value()?.split(',') {
                    let class = CLASSES.iter().find(|class| **class == name);
                    asked
                        .play
                        .without
                        .insert(class.ok_or_else(|| format!("`{name}` is none of {}", CLASSES.join(", ")))?);
                }
            }
            "--skip" => {
                for part in value()?.split(',') {
                    let (a, b) = part.split_once('-').unwrap_or((part, part));
                    asked.play.skip.extend(number(a)?..=number(b)?);
                }
            }
            "--shrink" => asked.shrink = true,
            "--verbose" => asked.verbose = true,
            "--plant" => plant(&value()?)?,
            seed => asked.seeds = number(seed)?..number(seed)? + 1,
        }
    }
    if asked.seeds.is_empty() { Err("which seed?".into()) } else { Ok(asked) }
}

#[cfg(feature = "planted")]
fn plant(name: &str) -> Result<(), String> {
    use kernel::planted::{ALL, plant};
    let bug = ALL.iter().find(|bug| format!("{bug:?}") == name);
    plant(Some(*bug.ok_or_else(|| format!("`{name}` is none of {ALL:?}"))?));
    Ok(())
}

#[cfg(not(feature = "planted"))]
fn plant(_: &str) -> Result<(), String> {
    Err("bugs are planted with `--features planted` only".into())
}

fn run(asked: Asked) -> ExitCode {
    let (began, mut steps, mut entries) = (Instant::now(), 0, 0);
    for seed in asked.seeds.clone() {
        match play(seed, &asked.play) {
            Ok(tally) => {
                (steps, entries) = (steps + tally.steps, entries + tally.entries);
                if asked.verbose {
                    println!("seed {seed}: {tally:?}");
                }
            }
            Err(failure) => {
                println!("seed {seed}, step {}: {}", failure.step, failure.why);
                let (small, failure) =
                    if asked.shrink { shrink(seed, &asked.play, failure) } else { (asked.play.clone(), failure) };
                if asked.shrink || asked.verbose {
                    println!("{}\n{}", failure.why, table(&failure.rows));
                }
                println!("again: cargo run -p sim -- {seed} {}", words(&small));
                return ExitCode::FAILURE;
            }
        }
    }
    let ms = began.elapsed().as_millis().max(1);
    println!(
        "{} seeds, {steps} steps, {entries} entries, {ms} ms, {} steps/s",
        asked.seeds.count(),
        u128::from(steps) * 1000 / ms
    );
    ExitCode::SUCCESS
}

/// The arguments that play a play.
fn words(play: &Play) -> String {
    let mut out = format!("--steps {}", play.steps);
    if !play.without.is_empty() {
        out.push_str(&format!(" --without {}", play.without.iter().copied().collect::<Vec<_>>().join(",")));
    }
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for step in &play.skip {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *step => *last = *step,
            _ => ranges.push((*step, *step)),
        }
    }
    if !ranges.is_empty() {
        let one = |(a, b): &(u64, u64)| if a == b { a.to_string() } else { format!("{a}-{b}") };
        out.push_str(&format!(" --skip {}", ranges.iter().map(one).collect::<Vec<_>>().join(",")));
    }
    out
}
