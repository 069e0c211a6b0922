//! The steps of a filing as a desk takes them: prepared and submitted at the exchange, received and decided at the supervisor.
//!
//! It promises that every version stays, on disk and on record, and that what is on record is the package that was checked.

use super::check::{self, Problem};
use super::gather::{self, Asked};
use super::verify::{self, Verified};
use super::{package, period};
use crate::adoption::adopt_shipped;
use crate::authority::Sight;
use crate::command::verify::hex;
use crate::lang::Lang;
use crate::recorder::{self, Recorder};
use crate::trouble::Trouble;
use crate::{vault, walk};
use journal::Hash;
use journal::checkpoint::Checkpoint;
use journal::note::VerifierKey;
use kernel::fact::{FilingMoved, FilingStep, Notice, Observation, Period, Receipt, Signatory};
use kernel::filing::{Filing, FilingType, filing_type};
use kernel::finding::Finding;
use kernel::state::State;
use rulebook::time::Instant;
use std::collections::BTreeMap;
use std::path::Path;

/// What is to be drawn up.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The type.
    pub kind: FilingType,
    /// Which filing.
    pub id: String,
    /// The exchange.
    pub exchange: String,
    /// The period.
    pub period: Period,
    /// The rules.
    pub rules: Vec<String>,
    /// What is revealed.
    pub revealed: Vec<String>,
    /// Explanations.
    pub explained: Vec<(String, String)>,
}

/// A package drawn up and checked.
pub struct Drawn {
    /// Its version.
    pub version: u64,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The hash that names it.
    pub hash: Hash,
    /// What a supervisor would ask.
    pub problems: Vec<Problem>,
}

/// Reads what is to be filed from the command line.
pub fn plan(
    state: &State,
    kind: &str,
    exchange: &str,
    period: Option<&str>,
    id: Option<&str>,
    order: Option<&str>,
) -> Result<Plan, Trouble> {
    let kind = filing_type(kind).ok_or_else(|| {
        Trouble::new(format!("`{kind}` is no type of filing"), "`bongsu filing types` prints the table")
    })?;
    if state.exchange(exchange).is_none() {
        return Err(gather::no_exchange(state, exchange));
    }
    let zone = walk::zone(state);
    let text = match (period, kind.period.as_str()) {
        (Some(text), _) => text.to_string(),
        (None, "moment") => zone.show(Instant(recorder::now().saturating_sub(60_000))),
        (None, _) => {
            return Err(Trouble::new(format!("{} covers a {}", kind.id, kind.period), "add --period, such as 2026-10"));
        }
    };
    let covered = period::read(&kind, &text, &zone)?;
    let mut rules = kind.rules.clone();
    if rules == ["order"] {
        let id = order.ok_or_else(|| {
            Trouble::new("an answer names the order it answers", "add --order ID; `bongsu order list` shows them")
        })?;
        let known = state.orders().get(&(exchange.into(), id.into())).and_then(|order| order.issued());
        let issued = known.ok_or_else(|| {
            Trouble::new(format!("there is no order `{id}` of {exchange}"), "`bongsu order list` shows them")
        })?;
        rules = vec![issued.rule.clone()];
    }
    let name = |text: &str| text.replace(' ', "T").replace(':', "");
    let id = id.map_or_else(
        || order.map_or_else(|| format!("{}-{}", kind.id, name(&text)), |order| format!("{}-{order}", kind.id)),
        String::from,
    );
    let exchange = exchange.to_string();
    Ok(Plan { kind, id, exchange, period: covered, rules, revealed: Vec::new(), explained: Vec::new() })
}

/// Draws a package up under the published checkpoint, and checks it as its receiver will.
pub fn draw(dir: &Path, state: &State, plan: &Plan, lang: Lang) -> Result<Drawn, Trouble> {
    let key = package::key(dir)?;
    let filing = state.filings().get(&(plan.exchange.clone(), plan.id.clone()));
    let version = filing.and_then(|f| f.versions.last()).map_or(1, |last| last.number.saturating_add(1));
    let asked = Asked {
        kind: &plan.kind,
        id: &plan.id,
        version,
        exchange: &plan.exchange,
        period: plan.period,
        rules: &plan.rules,
        revealed: &plan.revealed,
        explained: &plan.explained,
    };
    let (bytes, hash) = gather::gather(dir, &key, &asked)?;
    let verified = verify::verify(&bytes, &own(state))?;
    let before = before(dir, state, plan, version);
    let problems =
        check::check(&verified, before.as_deref(), &vault::check(dir, state, Instant(recorder::now())), lang);
    drop(verified);
    Ok(Drawn { version, hash, problems, bytes })
}

/// An exchange knows its own rulebook.
fn own(state: &State) -> verify::Asked {
    verify::Asked { pages: pages(state), ..verify::Asked::default() }
}

/// The pages a journal has adopted.
pub fn pages(state: &State) -> std::collections::BTreeSet<Hash> {
    state.adoptions().iter().flat_map(|adoption| adoption.rulebook.pages.iter().map(|(_, hash)| *hash)).collect()
}

/// The findings of the version before this one, or else of the last filing of its type up to this period.
fn before(dir: &Path, state: &State, plan: &Plan, number: u64) -> Option<Vec<Finding>> {
    let mut last = None;
    for ((exchange, id), filing) in state.filings() {
        if *exchange != plan.exchange || filing.kind != plan.kind.id {
            continue;
        }
        let own = *id == plan.id;
        for version in &filing.versions {
            let Some(first) = version.moves.first().map(|(_, moved)| moved) else { continue };
            let earlier = first.period.is_some_and(|period| period.until <= plan.period.until);
            if (own && version.number < number) || (!own && earlier) {
                let place = (own, first.period.map(|period| period.until), version.number);
                if last.is_none_or(|(other, _)| other < place) {
                    last = Some((place, first.package));
                }
            }
        }
    }
    let (_, hash) = last?;
    let bytes = package::read(&vault::filing(dir, &hash?)).ok()?;
    kernel::finding::decode(package::Package::open(&bytes).ok()?.package.findings).ok()
}

/// Draws up the next version, keeps it and records it as a draft.
pub fn prepare(dir: &Path, plan: &Plan, by: &str, lang: Lang) -> Result<Drawn, Trouble> {
    // A clean end publishes a checkpoint over everything that is on record.
    Recorder::open(dir)?.close()?;
    let state = walk::state(dir)?;
    let drawn = draw(dir, &state, plan, lang)?;
    vault::keep_filing(dir, &drawn.hash, &drawn.bytes)?;
    let moved = FilingMoved {
        exchange: plan.exchange.clone(),
        id: plan.id.clone(),
        kind: plan.kind.id.clone(),
        version: drawn.version,
        step: FilingStep::Draft,
        at: Instant(recorder::now()),
        package: Some(drawn.hash),
        period: Some(plan.period),
        signatories: Vec::new(),
        receipt: None,
        reason: String::new(),
        by: by.into(),
    };
    record(dir, moved)?;
    Ok(drawn)
}

/// Records one step.
pub fn record(dir: &Path, moved: FilingMoved) -> Result<u64, Trouble> {
    let mut recorder = Recorder::open(dir)?;
    let recorded = recorder.observe(&[moved.into()], "filing")?;
    recorder.close()?;
    Ok(recorded.entries.first().copied().unwrap_or_default())
}

/// A filing on record.
pub fn filing<'s>(state: &'s State, exchange: &str, id: &str) -> Result<&'s Filing, Trouble> {
    state.filings().get(&(exchange.to_string(), id.to_string())).ok_or_else(|| {
        Trouble::new(format!("there is no filing `{id}` of {exchange}"), "`bongsu filing list` shows what there is")
    })
}

/// The bytes of a version as they were kept.
pub fn kept(dir: &Path, state: &State, exchange: &str, id: &str, version: Option<u64>) -> Result<Vec<u8>, Trouble> {
    let filing = filing(state, exchange, id)?;
    let version = match version {
        None => filing.versions.last(),
        Some(number) => filing.versions.iter().find(|version| version.number == number),
    };
    let hash = version
        .and_then(|v| v.moves.iter().rev().find_map(|(_, moved)| moved.package))
        .ok_or_else(|| Trouble::new("there is no such version", "`bongsu filing list` shows what there is"))?;
    package::read(&vault::filing(dir, &hash))
}

/// The rules of a version's package that an authority may see, with the articles by which it is told of each; none where the
/// package is not the one on record.
pub fn part<'s>(
    dir: &Path,
    state: &State,
    exchange: &str,
    id: &str,
    version: u64,
    sight: &'s Sight,
) -> Vec<(&'s str, &'s [String])> {
    let Ok(bytes) = kept(dir, state, exchange, id, Some(version)) else { return Vec::new() };
    let Ok(opened) = package::Package::open(&bytes) else { return Vec::new() };
    let recorded = state.filings().get(&(exchange.to_string(), id.to_string()));
    let moves = recorded.into_iter().flat_map(|f| &f.versions).filter(|v| v.number == version).flat_map(|v| &v.moves);
    let same = moves.filter_map(|(_, moved)| moved.package).any(|hash| hash == opened.hash);
    if same { sight.part(&opened.package.header.rules) } else { Vec::new() }
}

/// Submits the latest draft: signs the package and records who answers for it. Nothing leaves with a problem that stops it.
pub fn submit(
    dir: &Path,
    exchange: &str,
    id: &str,
    signs: &[(String, String)],
    by: &str,
    lang: Lang,
) -> Result<Result<Vec<u8>, Vec<Problem>>, Trouble> {
    let state = walk::state(dir)?;
    let mut bytes = kept(dir, &state, exchange, id, None)?;
    let number = filing(&state, exchange, id)?.versions.last().map_or(0, |version| version.number);
    let key = package::key(dir)?;
    let (hash, period, kind, problems) = {
        let verified = verify::verify(&bytes, &own(&state))?;
        let header = &verified.package.header;
        let kind = filing_type(&header.kind).ok_or_else(|| Trouble::new("its type is gone from the table", ""))?;
        let (id, exchange) = (header.id.clone(), header.exchange.clone());
        let plan = Plan {
            kind,
            id,
            exchange,
            period: header.period,
            rules: Vec::new(),
            revealed: Vec::new(),
            explained: Vec::new(),
        };
        let earlier = before(dir, &state, &plan, number);
        let now = Instant(recorder::now());
        let problems = check::check(&verified, earlier.as_deref(), &vault::check(dir, &state, now), lang);
        (verified.hash, header.period, header.kind.clone(), problems)
    };
    if problems.iter().any(Problem::stops) {
        return Ok(Err(problems));
    }
    let mut signatories = Vec::new();
    for (role, who) in signs {
        signatories.push(package::sign(&mut bytes, &key, role, who)?);
    }
    let moved = FilingMoved {
        exchange: exchange.into(),
        id: id.into(),
        kind,
        version: number,
        step: FilingStep::Submitted,
        at: Instant(recorder::now()),
        package: Some(hash),
        period: Some(period),
        signatories,
        receipt: None,
        reason: String::new(),
        by: by.into(),
    };
    record(dir, moved)?;
    vault::keep_filing(dir, &hash, &bytes)?;
    Ok(Ok(bytes))
}

/// The state of a supervisor's journal; an empty folder becomes one, under the shipped law.
pub fn supervisor(dir: &Path) -> Result<State, Trouble> {
    if !dir.join("segments").exists() {
        let mut recorder = Recorder::open(dir)?;
        adopt_shipped(&mut recorder)?;
        recorder.close()?;
    }
    walk::state(dir)
}

/// What a supervisor knows when a package arrives: rulebooks, keys of journals, the largest checkpoints seen.
pub fn knows(state: &State, key: Option<VerifierKey>, allow_rulebook: bool) -> verify::Asked {
    let mut seen: Vec<Checkpoint> = Vec::new();
    for (origin, log) in state.logs() {
        seen.extend(log.last.as_ref().map(|l| Checkpoint { origin: origin.clone(), size: l.size, root: l.root }));
    }
    let receipts = state.filings().values().flat_map(|f| &f.versions).flat_map(|v| &v.moves);
    for receipt in receipts.filter_map(|(_, moved)| moved.receipt.as_ref()) {
        seen.push(Checkpoint { origin: receipt.origin.clone(), size: receipt.size, root: receipt.root });
    }
    verify::Asked { key, seen, pages: pages(state), allow_rulebook, ..verify::Asked::default() }
}

/// The key under which a supervisor knows the journal that a package comes from.
pub fn known_key(state: &State, bytes: &[u8]) -> Option<VerifierKey> {
    let opened = package::Package::open(bytes).ok()?;
    let log = state.logs().iter().find(|(_, log)| log.key == opened.package.signer)?;
    VerifierKey::parse(&log.1.key).ok()
}

/// Records that a package was received: its facts into the supervisor's own journal, and from where each came.
pub fn receive(dir: &Path, verified: &Verified<'_>, bytes: &[u8], by: &str) -> Result<Received, Trouble> {
    let mut recorder = Recorder::open(dir)?;
    let header = &verified.package.header;
    let mut received = Received { orders: 0, ..Received::default() };
    let (mut places, mut batch): (BTreeMap<u64, u64>, Vec<(u64, Observation)>) = (BTreeMap::new(), Vec::new());
    for (stamp, fact) in &verified.facts {
        let fact = match fact {
            Observation::RulebookPage(_) | Observation::RulebookAdopted(_) => continue,
            Observation::ExchangeRegistered(fact) if recorder.state.exchange(&fact.id).is_some() => continue,
            // What was done about an order is the exchange's word; the supervisor records the steps it takes up.
            Observation::OrderMoved(_) => {
                received.orders += 1;
                continue;
            }
            fact => fact,
        };
        let moved = match fact {
            Observation::Figure(figure) if figure.corrects.is_some() => {
                flush(&mut recorder, &mut batch, &mut places, &mut received)?;
                let corrects = figure.corrects.and_then(|entry| places.get(&entry).copied());
                kernel::fact::Figure { corrects, ..figure.clone() }.into()
            }
            Observation::Notice(notice) if notice.amends.is_some() => {
                flush(&mut recorder, &mut batch, &mut places, &mut received)?;
                let amends = notice.amends.and_then(|entry| places.get(&entry).copied());
                Observation::from(Notice { amends, ..notice.clone() })
            }
            fact => fact.clone(),
        };
        batch.push((stamp.index, moved));
    }
    flush(&mut recorder, &mut batch, &mut places, &mut received)?;
    vault::keep_filing(dir, &verified.hash, bytes)?;
    let (entries, kept): (Vec<u64>, Vec<u64>) = places.into_iter().unzip();
    let checkpoint = &verified.checkpoint;
    let moved = FilingMoved {
        exchange: header.exchange.clone(),
        id: header.id.clone(),
        kind: header.kind.clone(),
        version: header.version,
        step: FilingStep::Submitted,
        at: Instant(recorder::now()),
        package: Some(verified.hash),
        period: Some(header.period),
        signatories: verified.signatories.clone(),
        receipt: Some(Receipt {
            origin: checkpoint.origin.clone(),
            size: checkpoint.size,
            root: checkpoint.root,
            entries: runs(&entries),
            kept: runs(&kept),
        }),
        reason: String::new(),
        by: by.into(),
    };
    let recorded = recorder.observe(&[moved.into()], "filing")?;
    recorder.close()?;
    received.entry = recorded.entries.first().copied().unwrap_or_default();
    Ok(received)
}

/// What was received.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// Facts that are new.
    pub written: u64,
    /// Facts that were on record already.
    pub already: u64,
    /// Steps on orders that were left to the desk.
    pub orders: u64,
    /// The entry of the receipt.
    pub entry: u64,
}

fn flush(
    recorder: &mut Recorder,
    batch: &mut Vec<(u64, Observation)>,
    places: &mut BTreeMap<u64, u64>,
    received: &mut Received,
) -> Result<(), Trouble> {
    let (indexes, facts): (Vec<u64>, Vec<Observation>) = std::mem::take(batch).into_iter().unzip();
    let recorded = recorder.observe(&facts, "received")?;
    received.written += recorded.written;
    received.already += recorded.already;
    places.extend(indexes.into_iter().zip(recorded.entries));
    Ok(())
}

/// Numbers as runs of consecutive ones: first, how many, first, how many.
fn runs(numbers: &[u64]) -> Vec<u64> {
    let mut runs: Vec<u64> = Vec::new();
    let mut next = None;
    for number in numbers {
        match runs.last_mut() {
            Some(length) if next == Some(*number) => *length = length.saturating_add(1),
            _ => runs.extend([*number, 1]),
        }
        next = number.checked_add(1);
    }
    runs
}

/// A step that a supervisor takes.
pub fn decide(
    dir: &Path,
    exchange: &str,
    id: &str,
    step: FilingStep,
    by: &str,
    reason: &str,
) -> Result<FilingMoved, Trouble> {
    let state = walk::state(dir)?;
    let filing = filing(&state, exchange, id)?;
    let moved = FilingMoved {
        exchange: exchange.into(),
        id: id.into(),
        kind: filing.kind.clone(),
        version: filing.versions.last().map_or(0, |version| version.number),
        step,
        at: Instant(recorder::now()),
        package: None,
        period: None,
        signatories: Vec::<Signatory>::new(),
        receipt: None,
        reason: reason.into(),
        by: by.into(),
    };
    record(dir, moved.clone())?;
    Ok(moved)
}

/// A package's name as it is printed.
pub fn name(hash: &Hash) -> String {
    hex(hash)
}
