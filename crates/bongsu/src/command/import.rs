//! `bongsu import`: files into a journal, all or nothing.

use crate::adoption;
use crate::import::{self, Import, Options, Row, RowError, door};
use crate::recorder::{Recorded, Recorder, Unrecorded};
use crate::store::{Reader, StoreError};
use crate::trouble::Trouble;
use crate::walk;
use kernel::state::State;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Reads every file, then records all their facts together. 0: recorded. 1: refused, nothing written. 2: could not be read.
pub fn run(data: &Path, files: &[PathBuf], options: &Options, principal: &str, dry: bool) -> i32 {
    let (rows, skipped, mut errors) = read(files, options);
    // A file that cannot be read may be the one that registers the exchanges: then only reading is spoken of.
    if errors.iter().any(RowError::is_unreadable) {
        return refuse(&errors);
    }
    if skipped > 0 {
        println!(
            "{skipped} rows of companies that are no known exchange were skipped; --company NAME=EXCHANGE names one, --all registers them"
        );
    }
    match unadmitted(data, &rows) {
        Ok(more) => add(&mut errors, more, files),
        Err(trouble) => {
            eprintln!("{trouble}");
            return trouble.code;
        }
    }
    if !errors.is_empty() {
        return refuse(&errors);
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

/// All rows of all files, how many were passed over, and all that is wrong. Warnings are printed as they come.
fn read(files: &[PathBuf], options: &Options) -> (Vec<Row>, u64, Vec<RowError>) {
    let (mut rows, mut skipped, mut errors) = (Vec::new(), 0, Vec::new());
    for file in files {
        let (Import { rows: more, warnings, skipped: passed }, wrong) = import::read_all(file, options);
        warnings.iter().for_each(|warning| eprintln!("warning: {warning}"));
        rows.extend(more);
        skipped += passed;
        errors.extend(wrong);
    }
    (rows, skipped, errors)
}

/// Puts what the journal refuses beside what reading found, in the order of files and rows. What both found is said once.
fn add(errors: &mut Vec<RowError>, more: Vec<RowError>, files: &[PathBuf]) {
    let cell = |error: &RowError| (error.code, error.place.file.clone(), error.place.row, error.place.column.clone());
    let known: BTreeSet<_> = errors.iter().map(cell).collect();
    errors.extend(more.into_iter().filter(|error| !known.contains(&cell(error))));
    let names: Vec<_> = files.iter().map(|file| file.file_name().unwrap_or_default()).collect();
    errors.sort_by_cached_key(|error| (names.iter().position(|name| **name == *error.place.file), error.place.row));
}

/// Rows that the journal would refuse, found before it is opened for writing: opening founds a journal or adopts rules, and
/// closing signs a checkpoint. A journal is read twice for it, which is seconds for a year of facts.
fn unadmitted(data: &Path, rows: &[Row]) -> Result<Vec<RowError>, Trouble> {
    let state = match Reader::open(data) {
        Err(StoreError::NoJournal { .. }) => State::new(kernel::words::vocabulary()),
        Err(other) => return Err(other.into()),
        Ok(_) => walk::state(data)?,
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
