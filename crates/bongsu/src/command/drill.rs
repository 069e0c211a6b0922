//! `bongsu drill`: an incident that happened, against the guard.

use crate::drill::{case, guarded, json, picture, run, text};
use crate::lang::Lang;
use crate::pages;
use crate::trouble::Trouble;
use clap::{Args, ValueEnum};
use std::io::Write;
use std::path::{Path, PathBuf};

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Text for a terminal or a pipe.
    Text,
    /// The contract of `docs/drills.md`.
    Json,
    /// One page with a picture.
    Html,
}

/// What is tried.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  bongsu drill                                     list the shipped incidents\n  bongsu drill upbit-2025                          against the shipped default policy\n  bongsu drill phemex-2025 --policy strict         against another; a page of one's own too\n  bongsu drill bybit-2025 --format html --out bybit.html\n  bongsu drill FOLDER                              an incident of one's own: docs/drills.md"
)]
pub struct Arguments {
    /// A shipped incident or a folder; lists them when left out
    case: Option<String>,
    /// A policy page, or `strict`; the shipped default when left out
    #[arg(long)]
    policy: Option<PathBuf>,
    /// What is not published, and the ordinary month, are drawn from it
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Withdrawals of the ordinary month before
    #[arg(long, default_value_t = 100_000)]
    transfers: u64,
    /// In which form
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write to this file
    #[arg(long)]
    out: Option<PathBuf>,
    /// Keep the month and the incident as a journal in this new folder: for `verify`, `replay --draft`, `explain`
    #[arg(long)]
    record: Option<PathBuf>,
}

/// Most withdrawals of a month: a drill keeps all of it in memory.
const MOST: u64 = 10_000_000;

/// Runs a drill, or lists them.
pub fn run(arguments: &Arguments, lang: Lang) -> Result<i32, Trouble> {
    let Some(name) = &arguments.case else {
        for id in case::shipped() {
            let case = case::open(&id, arguments.seed)?;
            println!("{id:16} {}", lang.pick(&case.header.title, &case.header.title_ko));
        }
        return Ok(0);
    };
    if !(1..=MOST).contains(&arguments.transfers) {
        return Err(Trouble::new(format!("--transfers {}", arguments.transfers), format!("a month has 1 to {MOST}")));
    }
    let case = case::open(name, arguments.seed)?;
    // What a case changes, it changes in the default.
    let change = case.policy.as_deref().filter(|_| arguments.policy.is_none());
    let policy = guarded::policy(arguments.policy.as_deref(), change)?;
    let taped = arguments.record.is_some();
    let policy = if taped { pages::with_law(policy, &[pages::HOME.to_string()]) } else { policy };
    let options = run::Options { seed: arguments.seed, transfers: arguments.transfers, policy, taped };
    let (outcome, tape) = run::run(&case, &options)?;
    if let (Some(dir), Some(tape)) = (&arguments.record, &tape) {
        guarded::keep(tape, dir)?;
    }
    let answer = match arguments.format {
        Format::Text => text::show(&case, &outcome, lang),
        Format::Json => json::show(&case, &outcome),
        Format::Html => picture::page(&case, &outcome, lang),
    };
    match &arguments.out {
        Some(path) => std::fs::write(path, answer).map_err(|e| Trouble::file(path, &e))?,
        None => {
            std::io::stdout().write_all(answer.as_bytes()).map_err(|e| Trouble::file(Path::new("(output)"), &e))?;
        }
    }
    Ok(0)
}
