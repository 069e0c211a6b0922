//! `bongsu list`: lists of addresses into a journal, as differences.

use crate::listing::{Loading, difference, file};
use crate::recorder::{Recorder, now};
use crate::trouble::Trouble;
use clap::{Subcommand, ValueEnum};
use kernel::fact::List;
use rulebook::time::Instant;
use std::path::PathBuf;

/// As what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum As {
    /// Nothing goes there: a sanctions list.
    Deny,
    /// Somebody says something about it: it may hold and never denies. Labels of explorers.
    Hint,
    /// Somebody vouches for it, from a day after it was listed.
    Allow,
}

/// What is to be done.
#[derive(Subcommand)]
pub enum Action {
    /// Load a list: what is new is added, what left it since the last time is removed
    #[command(
        after_help = "Examples:\n  bongsu list load data/lists/ofac-sdn-2025-12-04.csv --data DIR --list deny --source ofac-sdn\n  bongsu list load data/lists/bitfinex.yaml --data DIR --list hint --source graphsense\n  bongsu list load own.csv --data DIR --list allow --source customer-desk --customer c-1"
    )]
    Load {
        /// .csv, .yaml (a tagpack) or .json (labels by address)
        file: PathBuf,
        /// The journal's folder
        #[arg(long)]
        data: PathBuf,
        /// As what
        #[arg(long, value_enum)]
        list: As,
        /// Who publishes it: the name under which it is loaded again
        #[arg(long)]
        source: String,
        /// Whose allow-list; everybody's when left out
        #[arg(long)]
        customer: Option<String>,
        /// The chain of rows that name none
        #[arg(long)]
        chain: Option<String>,
        /// The exchange, where several have a guard
        #[arg(long)]
        exchange: Option<String>,
        /// Who loads it
        #[arg(long, default_value = "cli")]
        by: String,
        /// Say what would change, and change nothing
        #[arg(long)]
        dry_run: bool,
    },
}

/// Does it.
pub fn run(action: &Action) -> Result<i32, Trouble> {
    let Action::Load { file, data, list, source, customer, chain, exchange, by, dry_run } = action;
    let list = match list {
        As::Deny => List::Deny,
        As::Hint => List::Hint,
        As::Allow => List::Allow,
    };
    if customer.is_some() && list != List::Allow {
        return Err(Trouble::new("only an allow-list is a customer's", "leave --customer out"));
    }
    let rows = file::read(file, chain.as_deref())?;
    let mut recorder = Recorder::open(data)?;
    let exchange = exchange_of(&recorder, exchange.as_deref())?;
    let at = Instant(now());
    let loading = Loading { exchange: &exchange, list, source, customer: customer.as_deref(), by, at };
    let changes = difference(recorder.state.guard(&exchange), &loading, &rows);
    if !dry_run && !changes.facts.is_empty() {
        recorder.observe(&changes.facts, by)?;
    }
    for odd in &changes.odd {
        eprintln!("note: {odd}; it is listed as it is written");
    }
    let will = if *dry_run { "would be " } else { "" };
    println!(
        "{} {}: {} rows, {} {will}added, {} {will}removed, {} stay",
        list.name(),
        source,
        rows.len(),
        changes.added,
        changes.removed,
        changes.kept
    );
    if changes.postponed > 0 {
        println!("{} that left the list stay denied while something is stopped: load it again then", changes.postponed);
    }
    recorder.close()?;
    Ok(0)
}

/// The one exchange of a journal, or the one that is named.
pub(super) fn exchange_of(recorder: &Recorder, named: Option<&str>) -> Result<String, Trouble> {
    let all: Vec<&str> = recorder.state.exchanges().map(|(id, _)| id).collect();
    match (named, all.as_slice()) {
        (Some(name), _) if all.contains(&name) => Ok(name.into()),
        (None, [only]) => Ok((*only).into()),
        (Some(name), _) => Err(Trouble::new(format!("no exchange `{name}` in this journal"), all.join(", "))),
        (None, _) => Err(Trouble::new(format!("{} exchanges in this journal", all.len()), "say which: --exchange")),
    }
}
