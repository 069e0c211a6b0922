//! `bongsu serve --role watch`, and `bongsu blocks`: what a watch pins, and the blocks it reads.

use super::verify::read_key;
use crate::serve::watch::{Pins, run as serve};
use crate::trouble::Trouble;
use crate::watch::blocks as lines;
use clap::{Args, Subcommand};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// What a watch pins. It comes from the operator, never from the gate.
#[derive(Args)]
pub struct Pinned {
    /// Watch: where the gate is
    #[arg(long)]
    gate: Option<String>,
    /// Watch: the key of the gate's journal, or a file that holds it (`keys/journal.pub` of the gate, brought by hand)
    #[arg(long)]
    gate_key: Option<String>,
    /// Watch: the exchange
    #[arg(long)]
    exchange: Option<String>,
    /// Watch: the pages the gate must use
    #[arg(long, value_delimiter = ',')]
    rulebook: Vec<PathBuf>,
    /// Watch: a folder with chains.json and recorded blocks
    #[arg(long)]
    blocks: Option<PathBuf>,
    /// Watch: milliseconds that an outflow waits for its authorisation to be copied
    #[arg(long, default_value_t = 2_000)]
    grace: i64,
    /// Watch: the key file that signs what the gate is asked; the gate knows it with the roles read and suspend
    #[arg(long)]
    signer: Option<PathBuf>,
}

/// Serves as a watch.
pub fn run(dir: &Path, listen: SocketAddr, pinned: &Pinned, laws: Vec<String>) -> Result<i32, Trouble> {
    let given = |value: &Option<String>, name: &str| {
        value.clone().ok_or_else(|| Trouble::new(format!("a watch needs --{name}"), "see `bongsu serve --help`"))
    };
    let pins = Pins {
        exchange: given(&pinned.exchange, "exchange")?,
        gate: given(&pinned.gate, "gate")?,
        key: read_key(&given(&pinned.gate_key, "gate-key")?)?,
        signer: pinned.signer.as_deref().map(super::key::read).transpose()?,
        rulebook: pinned.rulebook.clone(),
        laws,
        blocks: pinned.blocks.clone(),
        grace: pinned.grace,
    };
    serve(dir, listen, &pins)
}

/// What is done with recorded blocks.
#[derive(Subcommand)]
pub enum Blocks {
    /// Read a file of blocks as a watch would, and say what is in it
    Check {
        /// Lines of JSON, as docs/blocks.md describes them
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

/// Does it; 1 where a line cannot be read.
pub fn blocks(action: &Blocks) -> Result<i32, Trouble> {
    let Blocks::Check { files } = action;
    let mut code = 0;
    for file in files {
        let text = std::fs::read_to_string(file).map_err(|e| Trouble::file(file, &e))?;
        let (mut heights, mut parents) = (BTreeMap::<u64, BTreeSet<String>>::new(), BTreeMap::new());
        let (mut blocks, mut transfers, mut wrong, mut repeated) = (0u64, 0u64, 0u64, 0u64);
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            match lines::read(line, "x", "chain", "source") {
                Ok(block) => {
                    blocks += 1;
                    transfers += block.transfers.len() as u64;
                    let known = parents.insert(block.hash.clone(), block.parent);
                    repeated += u64::from(known.is_some());
                    heights.entry(block.height).or_default().insert(block.hash);
                }
                Err(why) => {
                    wrong += 1;
                    println!("{}:{}: {why}", file.display(), number + 1);
                }
            }
        }
        let forks = heights.values().filter(|hashes| hashes.len() > 1).count();
        // The first block has no parent here; every other one without its parent stands behind a gap.
        let gaps = parents.values().filter(|parent| !parents.contains_key(*parent)).count().saturating_sub(1);
        let span = |map: &BTreeMap<u64, BTreeSet<String>>| Some((*map.keys().next()?, *map.keys().next_back()?));
        let from =
            span(&heights).map_or_else(|| "no height".to_string(), |(low, high)| format!("heights {low} to {high}"));
        println!(
            "{}: {blocks} blocks, {from}, {transfers} transfers; {repeated} told again, {forks} heights with several blocks, {gaps} gaps, {wrong} lines that cannot be read",
            file.display()
        );
        code |= i32::from(wrong > 0);
    }
    Ok(code)
}
