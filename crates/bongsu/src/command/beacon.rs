//! `bongsu beacon`: how the guard of a journal stands.

use crate::beacon::{self, json, page, text};
use crate::lang::Lang;
use crate::recorder::now;
use crate::trouble::Trouble;
use crate::walk;
use clap::{Args, ValueEnum};
use rulebook::time::Instant;
use std::path::PathBuf;

/// In which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Text for a terminal or a pipe.
    Text,
    /// The contract of `docs/guard.md`.
    Json,
    /// A page.
    Html,
}

/// Whose guard.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  bongsu beacon --data DIR                      the fires, what is stopped, what waits, who watches\n  bongsu beacon --data DIR --format html > guard.html\n  bongsu drill upbit-2025 --record DIR          makes a journal to look at"
)]
pub struct Arguments {
    /// The journal's folder
    #[arg(long)]
    data: PathBuf,
    /// The exchange, where several have a guard
    #[arg(long)]
    exchange: Option<String>,
    /// In which form
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Values and silences at the journal's last entry instead of now
    #[arg(long)]
    at_end: bool,
}

/// Shows it.
pub fn run(arguments: &Arguments, lang: Lang) -> Result<i32, Trouble> {
    let state = walk::state(&arguments.data)?;
    let last = state.last().map(|last| last.time).filter(|_| arguments.at_end);
    let seen = beacon::look(&state, arguments.exchange.as_deref(), last.unwrap_or(Instant(now())))?;
    let zone = walk::zone(&state);
    match arguments.format {
        Format::Text => print!("{}", text::show(&seen, &zone, lang)),
        Format::Json => println!("{:#}", json::show(&seen, &zone)),
        Format::Html => print!("{}", page::show(&seen, &zone, lang)),
    }
    Ok(0)
}
