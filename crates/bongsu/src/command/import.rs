//! `bongsu import`: files into a journal, all or nothing.

use crate::adoption;
use crate::import::{self, Import, Options, Row, RowError, door};
use crate::recorder::{Recorded, Recorder, Unrecorded};
use crate::store::{Reader, StoreError};
use crate::trouble::Trouble;
use crate::walk;
use kernel::state::State;
use std::path::{Path, PathBuf};

/// Reads every file, then records all their facts together. 0: recorded. 1: refused, nothing written. 2: could not be read.
pub fn run(data: &Path, files: &[PathBuf], options: &Options, principal: &str, dry: bool) -> i32 {
    let (rows, skipped) = match read(files, options) {
        Ok(read) => read,
        Err(errors) => return refuse(&errors),
    };
    if skipped > 0 {
        println!(
            "{skipped} rows of companies that are no known exchange were skipped; --company NAME=EXCHANGE names one, --all registers them"
        );
    }
    let refused = match unadmitted(data, &rows, dry) {
        Ok(errors) => errors,
        Err(trouble) => {
            eprintln!("{trouble}");
            return trouble.code;
        }
    };
    if !refused.is_empty() {
        return refuse(&refused);
    }
    if dry {
        println!("{} facts could be read; nothing was written", rows.len());
        return 0;
    }
    match record(data, rows, principal) {
        Ok(recorded) => {
            let from = recorded.first.map(|entry| format!(" from entry {entry}")).unwrap_or_default();
            println!("{} facts written{from}, {} known already", recorded.written, recorded.already);
            0
        }
        Err(Unrecorded::Rows(errors)) => refuse(&errors),
        Err(Unrecorded::Trouble(trouble)) => {
            eprintln!("{trouble}");
            trouble.code
        }
    }
}

/// All rows of all files; or all that is wrong with any of them. Warnings are printed as they come.
fn read(files: &[PathBuf], options: &Options) -> Result<(Vec<Row>, u64), Vec<RowError>> {
    let (mut rows, mut skipped, mut errors) = (Vec::new(), 0, Vec::new());
    for file in files {
        match import::read_with(file, options) {
            Ok(Import { rows: more, warnings, skipped: passed }) => {
                warnings.iter().for_each(|warning| eprintln!("warning: {warning}"));
                rows.extend(more);
                skipped += passed;
            }
            Err(more) => errors.extend(more),
        }
    }
    if errors.is_empty() { Ok((rows, skipped)) } else { Err(errors) }
}

/// Rows that the journal would refuse, found before it is opened for writing: opening an empty folder founds a journal. An
/// existing one is folded here for a dry run only; otherwise the recorder asks it.
fn unadmitted(data: &Path, rows: &[Row], dry: bool) -> Result<Vec<RowError>, Trouble> {
    let state = match Reader::open(data) {
        Err(StoreError::NoJournal { .. }) => State::new(kernel::words::vocabulary()),
        Err(other) => return Err(other.into()),
        Ok(_) if dry => walk::state(data)?,
        Ok(_) => return Ok(Vec::new()),
    };
    Ok(door::against(state, rows))
}

fn record(data: &Path, rows: Vec<Row>, principal: &str) -> Result<Recorded, Unrecorded> {
    let mut recorder = Recorder::open(data)?;
    adoption::adopt_shipped(&mut recorder)?;
    let recorded = recorder.record(rows, principal);
    // A journal closes with its checkpoint also when nothing was written.
    let closed: Result<(), Trouble> = recorder.close();
    let recorded = recorded?;
    closed?;
    Ok(recorded)
}

/// Prints every mistake. An exchange that is not registered is one mistake, in however many rows it stands.
fn refuse(errors: &[RowError]) -> i32 {
    let one = |error: &RowError| (error.code == "unknown-exchange").then(|| error.place.value.clone());
    let mut seen: Vec<(&RowError, usize)> = Vec::new();
    for error in errors {
        let earlier = one(error).and_then(|what| seen.iter_mut().find(|(first, _)| one(first).as_ref() == Some(&what)));
        match earlier {
            Some((_, times)) => *times += 1,
            None => seen.push((error, 1)),
        }
    }
    for (error, times) in &seen {
        let more = if *times > 1 { format!(" and {} more facts", times - 1) } else { String::new() };
        eprintln!("error: {error} [{}]{more}", error.code);
    }
    let mistakes = if seen.len() == 1 { "1 mistake".to_owned() } else { format!("{} mistakes", seen.len()) };
    eprintln!("{mistakes}; nothing was written");
    if errors.iter().any(RowError::is_unreadable) { 2 } else { 1 }
}

/// `NAME=EXCHANGE` of the command line.
pub fn company(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, exchange)) if !name.trim().is_empty() && !exchange.trim().is_empty() => {
            Ok((name.trim().to_owned(), exchange.trim().to_owned()))
        }
        _ => Err("expected NAME=EXCHANGE, such as 두나무=upbit".to_owned()),
    }
}
