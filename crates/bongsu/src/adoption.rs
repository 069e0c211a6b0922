//! Adopting a rulebook: its pages go into the journal, so that the journal alone can be replayed.

use crate::recorder::Recorder;
use crate::trouble::Trouble;
use kernel::fact::{Observation, RulebookAdopted, RulebookPage};
use rulebook::page::Source;
use rulebook::problem::Level;

/// Records pages and adopts them under an id. A book with an error is refused with its first problem.
pub fn adopt(recorder: &mut Recorder, id: &str, sources: Vec<Source>) -> Result<(), Trouble> {
    let (_, problems) = rulebook::build(kernel::words::vocabulary(), sources.clone());
    if let Some(first) = problems.iter().find(|p| p.level == Level::Error) {
        let path = sources.get(first.file).map_or("", |s| s.path.as_str());
        return Err(Trouble::no(
            format!("{path}: {}", first.message),
            "`bongsu check` shows every problem with its place",
        ));
    }
    let pages: Vec<RulebookPage> = sources.into_iter().map(|s| RulebookPage { path: s.path, text: s.text }).collect();
    let mut listed: Vec<(String, journal::Hash)> = pages.iter().map(|p| (p.path.clone(), p.hash())).collect();
    listed.sort();
    let mut facts: Vec<Observation> = pages.into_iter().map(Observation::from).collect();
    facts.push(RulebookAdopted { id: id.to_string(), pages: listed }.into());
    recorder.observe(&facts, "rulebook")?;
    Ok(())
}

/// Adopts the law the program ships with, where the journal has no rulebook yet.
pub fn adopt_shipped(recorder: &mut Recorder) -> Result<(), Trouble> {
    if !recorder.state.adoptions().is_empty() {
        return Ok(());
    }
    let laws = crate::pages::shipped_laws();
    adopt(recorder, &format!("shipped with bongsu {}", env!("CARGO_PKG_VERSION")), crate::pages::shipped_law(&laws))
}
