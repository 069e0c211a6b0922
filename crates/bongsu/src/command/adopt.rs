//! `bongsu adopt`: from this entry on, these pages are the rulebook.

use crate::adoption::adopt;
use crate::pages;
use crate::recorder::Recorder;
use crate::trouble::Trouble;
use std::path::{Path, PathBuf};

/// Adopts pages; the shipped law when none are given.
pub fn run(dir: &Path, id: &str, paths: &[PathBuf]) -> Result<i32, Trouble> {
    let sources = if paths.is_empty() {
        pages::shipped_law(&pages::shipped_laws())
    } else {
        let read = pages::read(paths).map_err(|e| Trouble::file(Path::new("rule pages"), &e))?;
        if read.iter().any(pages::is_draft) {
            return Err(Trouble::new(
                "a draft is not adopted as it is",
                "try it with `bongsu replay --mode re-decide --draft FILE`; adopt the page it becomes",
            ));
        }
        pages::books(read)
            .map_err(|e| Trouble::file(Path::new("rule pages"), &e))?
            .into_iter()
            .next()
            .unwrap_or_default()
    };
    let mut recorder = Recorder::open(dir)?;
    adopt(&mut recorder, id, sources)?;
    recorder.close()?;
    println!("adopted `{id}`: it holds from the next entry on");
    Ok(0)
}
