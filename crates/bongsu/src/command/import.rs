//! `bongsu import`: facts from files into a journal; every bad row is named, and then nothing is written.

use crate::adoption;
use crate::import::{self, Options, RowError};
use crate::recorder::{Recorder, Unrecorded};
use crate::trouble::Trouble;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Imports files; the exit code is 1 when a row is refused, 2 when a file cannot be read.
pub fn run(dir: &Path, files: &[PathBuf], kind: Option<&str>, companies: &[String], all: bool) -> Result<i32, Trouble> {
    let mut options = Options { kind: kind.map(str::to_owned), companies: BTreeMap::new(), all };
    for pair in companies {
        let Some((company, exchange)) = pair.split_once('=') else {
            return Err(Trouble::new(format!("--company `{pair}` names no exchange"), "write --company \"두나무=upbit\""));
        };
        options.companies.insert(company.to_owned(), exchange.to_owned());
    }
    let (mut rows, mut errors) = (Vec::new(), Vec::new());
    let mut skipped = 0;
    for file in files {
        match import::read_with(file, &options) {
            Ok(import) => {
                rows.extend(import.rows);
                skipped += import.skipped;
                import.warnings.iter().for_each(|warning| eprintln!("warning: {warning}"));
            }
            Err(more) => errors.extend(more),
        }
    }
    if !errors.is_empty() {
        return Ok(refuse(&errors));
    }
    let mut recorder = Recorder::open(dir)?;
    adoption::adopt_shipped(&mut recorder)?;
    let recorded = match recorder.record(rows, "import") {
        Ok(recorded) => recorded,
        Err(Unrecorded::Trouble(trouble)) => return Err(trouble),
        Err(Unrecorded::Rows(errors)) => {
            recorder.close()?;
            return Ok(refuse(&errors));
        }
    };
    recorder.close()?;
    println!("{} facts recorded, {} known already", recorded.written, recorded.already);
    if skipped > 0 {
        println!("{skipped} rows of other companies skipped (--company NAME=ID or --all takes them)");
    }
    Ok(0)
}

fn refuse(errors: &[RowError]) -> i32 {
    errors.iter().for_each(|error| eprintln!("error: {error}"));
    eprintln!("{} mistakes; nothing was written", errors.len());
    if errors.iter().any(RowError::is_unreadable) { 2 } else { 1 }
}
