//! The first start of a watch: what it pins, written into its own journal before anything else.
//!
//! It promises that what is pinned comes from the operator and never from the gate, and that a later start with other pins says so
//! instead of following them.

use crate::adoption;
use crate::pages;
use crate::recorder::{Recorder, now};
use crate::store::{Founding, Store, StoreError};
use crate::trouble::Trouble;
use journal::note::{SignerKey, VerifierKey};
use kernel::fact::{ChainWatched, ExchangeRegistered, GatePinned, Observation};
use rulebook::page::Source;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What the operator pins.
pub struct Pins {
    /// The exchange.
    pub exchange: String,
    /// Where the gate is.
    pub gate: String,
    /// The verifier key of the gate's journal.
    pub key: VerifierKey,
    /// The key that signs what the gate is asked; its journal knows it with the roles read and suspend.
    pub signer: Option<SignerKey>,
    /// The pages the gate must use.
    pub rulebook: Vec<PathBuf>,
    /// Laws that the gate's journal carries beside them, such as `kr`.
    pub laws: Vec<String>,
    /// Where recorded blocks lie.
    pub blocks: Option<PathBuf>,
    /// How long an outflow waits for its authorisation to be copied, in milliseconds.
    pub grace: i64,
}

/// A chain as `chains.json` in the folder of blocks names it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chain {
    /// Who reads it. The blocks of a source lie in `CHAIN/SOURCE.jsonl`, or come over HTTP.
    pub sources: Vec<String>,
    /// Blocks on top of one that make it final enough.
    #[serde(default)]
    pub depth: u64,
    /// Blocks a source may be behind another.
    pub behind: u64,
    /// Milliseconds a source may be silent while another is not.
    pub silence_ms: i64,
    /// The approved change of the gate's journal that adds it later.
    #[serde(default)]
    pub change: Option<String>,
    /// It is only observed.
    #[serde(default)]
    pub observed: bool,
}

/// The chains of a folder of blocks.
pub fn chains(blocks: Option<&Path>) -> Result<BTreeMap<String, Chain>, Trouble> {
    let Some(blocks) = blocks else { return Ok(BTreeMap::new()) };
    let path = blocks.join("chains.json");
    let text = std::fs::read_to_string(&path).map_err(|e| Trouble::file(&path, &e))?;
    serde_json::from_str(&text)
        .map_err(|e| Trouble::no(format!("{}: {e}", path.display()), "docs/blocks.md has an example"))
}

/// Writes what is pinned, where it is not written yet.
pub fn first(dir: &Path, pins: &Pins) -> Result<(), Trouble> {
    let founding = Founding { role: "watch", semantics: kernel::SEMANTICS, offline_root: None, time: now() };
    match Store::open(dir) {
        Ok((store, _)) => store.close(now())?,
        Err(StoreError::NoJournal { .. }) => Store::create(dir, &founding)?.close(now())?,
        Err(other) => return Err(other.into()),
    }
    let mut recorder = Recorder::open(dir)?;
    let exchange = pins.exchange.clone();
    if recorder.state.exchange(&exchange).is_none() {
        let (name_en, name_ko, source) = (exchange.clone(), exchange.clone(), "watch".to_string());
        recorder.observe(&[ExchangeRegistered { id: exchange.clone(), name_en, name_ko, source }.into()], "setup")?;
    }
    rulebook(&mut recorder, &pins.rulebook, &pins.laws)?;
    let known = |state: &kernel::state::State| state.mirror(&exchange).and_then(|m| m.key()).map(ToString::to_string);
    let mut facts: Vec<Observation> = Vec::new();
    for (name, chain) in chains(pins.blocks.as_deref())? {
        let mut sources = chain.sources.clone();
        sources.sort();
        let (depth, behind, silence) = (chain.depth, chain.behind, chain.silence_ms);
        let (change, observed, exchange) = (chain.change.clone(), chain.observed, exchange.clone());
        let fact = ChainWatched { exchange, chain: name, sources, depth, behind, silence, change, observed };
        if !is_watched(dir, &fact)? {
            facts.push(fact.into());
        }
    }
    let pinned = known(&recorder.state);
    if pinned.is_none() {
        facts.push(GatePinned { exchange: exchange.clone(), key: pins.key.to_string(), grace: pins.grace }.into());
    } else if pinned.as_deref() != Some(&pins.key.to_string()) {
        return Err(Trouble::no(
            format!("this watch has pinned {}", pinned.unwrap_or_default()),
            "another gate is another watch: begin with an empty folder",
        ));
    }
    recorder.observe(&facts, "setup")?;
    recorder.close()
}

/// Adopts the pinned pages in the watch's own journal.
fn rulebook(recorder: &mut Recorder, paths: &[PathBuf], laws: &[String]) -> Result<(), Trouble> {
    let adopted = recorder.state.adoptions().last().map(|adoption| adoption.rulebook.pages.clone());
    if paths.is_empty() {
        let hint = "give the pages the gate must use with --rulebook: they come from you, not from the gate";
        return if adopted.is_some() { Ok(()) } else { Err(Trouble::no("no rulebook is pinned", hint)) };
    }
    let read = pages::read(paths).map_err(|e| Trouble::file(Path::new("rule pages"), &e))?;
    let sources: Vec<Source> = pages::with_law(read, laws);
    let mut listed: Vec<(String, journal::Hash)> = sources
        .iter()
        .map(|s| {
            let page = kernel::fact::RulebookPage { path: s.path.clone(), text: s.text.clone() };
            (s.path.clone(), page.hash())
        })
        .collect();
    listed.sort();
    if adopted.as_ref() == Some(&listed) {
        return Ok(());
    }
    adoption::adopt(recorder, "pinned", sources)
}

/// Whether the journal says this of a chain already.
fn is_watched(dir: &Path, fact: &ChainWatched) -> Result<bool, Trouble> {
    let mut last = None;
    crate::walk::each(dir, |stamp, header, body| {
        if header.kind == ChainWatched::KIND
            && let Some(body) = body
        {
            let body =
                kernel::body::Body::decode(header.kind, body).map_err(|e| crate::walk::unreadable(stamp.index, &e))?;
            if let Observation::ChainWatched(known) = body.observation
                && known.chain == fact.chain
            {
                last = Some(known);
            }
        }
        Ok(())
    })?;
    Ok(last.as_ref() == Some(fact))
}
