//! `bongsu erase`: destroys bodies whose retention has ended. Every proof stays valid; a replay counts what it misses.

use crate::recorder::Recorder;
use crate::trouble::Trouble;
use std::path::Path;

/// Destroys the bodies of these entries.
pub fn run(dir: &Path, entries: &[u64], yes: bool) -> Result<i32, Trouble> {
    if !yes {
        return Err(Trouble::new(
            format!("{} bodies would be destroyed for good", entries.len()),
            "add --yes when their retention has ended",
        ));
    }
    crate::walk::state(dir)?;
    let mut recorder = Recorder::open(dir)?;
    for entry in entries {
        recorder.erase(*entry)?;
        println!("entry {entry}: body destroyed; its leaf and every proof stay");
    }
    recorder.close()?;
    println!("note: copies and backups of the folder still hold them");
    Ok(0)
}
