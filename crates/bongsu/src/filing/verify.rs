//! A package checked by anybody, offline: its bytes, a key, and this program are enough.
//!
//! It promises to trust nothing in it: seal, checkpoint, proof, bodies and rulebook are checked, the facts folded, the rules
//! evaluated again, and every finding compared byte for byte. What a package left out it cannot see.

use super::fault::Fault;
use super::gather;
use super::package::{self, Opened, Package};
use super::period;
use journal::Hash;
use journal::checkpoint::{Checkpoint, cosigned_at};
use journal::entry::{Header as Leaf, body_hash};
use journal::genesis::{self, Genesis};
use journal::note::{Algorithm, NoteError, VerifierKey};
use journal::tree::leaf_hash;
use kernel::body::Body;
use kernel::fact::{EvidenceKept, Observation, RulebookPage, Signatory};
use kernel::filing::{FilingType, filing_type};
use kernel::finding::{self, Finding};
use kernel::known::{KnownAt, Stamp};
use kernel::reads;
use kernel::state::{State, fold};
use rulebook::book::Book;
use rulebook::time::Instant;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What whoever checks brings along.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The key of the journal; without it the one that Genesis names, which does not say whose it is.
    pub key: Option<VerifierKey>,
    /// Witnesses that must have cosigned.
    pub witnesses: Vec<VerifierKey>,
    /// Checkpoints seen before, of any journal.
    pub seen: Vec<Checkpoint>,
    /// Pages that are known beside the shipped ones.
    pub pages: BTreeSet<Hash>,
    /// Take any rulebook.
    pub allow_rulebook: bool,
    /// The exchange it should be of.
    pub exchange: Option<String>,
}

/// What was found.
pub struct Verified<'a> {
    /// The package.
    pub package: Package<'a>,
    /// The key that sealed it.
    pub key: VerifierKey,
    /// The hash that names it.
    pub hash: Hash,
    /// Who answers for it, as the journal's key vouches.
    pub signatories: Vec<Signatory>,
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// When it was signed, POSIX seconds.
    pub signed_at: Option<u64>,
    /// Who cosigned, as far as the names say; only the witnesses that were asked for were checked.
    pub cosigners: Vec<String>,
    /// The kind of filing; none where a single entry is revealed.
    pub kind: Option<FilingType>,
    /// The facts, with the places they have in their journal.
    pub facts: Vec<(Stamp, Observation)>,
    /// What they add up to.
    pub state: State,
    /// Entries whose contents are kept back or destroyed.
    pub unseen: BTreeSet<u64>,
    /// The findings as they were filed.
    pub filed: Vec<Finding>,
    /// The findings that follow.
    pub follows: Vec<Finding>,
    /// Where the two differ: filed, and what follows.
    pub differences: Vec<(Option<Finding>, Option<Finding>)>,
    /// Findings that rest on what is kept back.
    pub not_reperformed: usize,
    /// Findings whose trace is not the one that this program prints.
    pub other_traces: usize,
}

impl Verified<'_> {
    /// Whether everything that could be computed again is the same.
    pub fn holds(&self) -> bool {
        self.differences.is_empty() && self.other_traces == 0
    }

    /// The rulebook.
    pub fn book(&self) -> Option<&Arc<Book>> {
        self.state.adoptions().last().and_then(|adoption| adoption.book.as_ref())
    }

    /// The evidence it names.
    pub fn evidence(&self) -> impl Iterator<Item = &EvidenceKept> {
        self.facts.iter().filter_map(|(_, fact)| match fact {
            Observation::EvidenceKept(kept) => Some(kept),
            _ => None,
        })
    }
}

/// The kind that a package of one revealed entry names.
pub const REVEALED: &str = "revealed-entry";

/// Checks a package.
pub fn verify<'a>(bytes: &'a [u8], asked: &Asked) -> Result<Verified<'a>, Fault> {
    let Opened { package, seal, hash } = Package::open(bytes)?;
    let own = named_key(&package)?;
    let key = asked.key.clone().unwrap_or(own.clone());
    let wrong = || Fault::WrongSigner { expected: key.to_string(), found: package.signer.clone() };
    if key != own {
        return Err(wrong());
    }
    seal.verify(&key).map_err(|error| if error == NoteError::Unsigned { wrong() } else { Fault::Seal(error) })?;
    let signatories = package::signatories(&seal, &key)?;
    let checkpoint = Checkpoint::open(package.checkpoint, &key).map_err(Fault::Checkpoint)?;
    for witness in &asked.witnesses {
        cosigned_at(package.checkpoint, witness)
            .map_err(|error| Fault::Witness { name: witness.name().to_string(), error })?;
    }
    not_older(&checkpoint, &asked.seen)?;
    let unseen = proven(&package, &checkpoint)?;
    let (state, facts) = folded(&package)?;
    let header = &package.header;
    if header.semantics > kernel::SEMANTICS {
        return Err(Fault::Semantics { found: header.semantics });
    }
    if let Some(exchange) = asked.exchange.as_ref().filter(|exchange| **exchange != header.exchange) {
        return Err(Fault::NotAsked { what: "exchange", expected: exchange.clone(), found: header.exchange.clone() });
    }
    let signed_at = cosigned_at(package.checkpoint, &key).ok();
    let cosigners = cosigners(&package, &key);
    let mut verified = Verified {
        key,
        hash,
        signatories,
        checkpoint,
        signed_at,
        cosigners,
        kind: None,
        facts,
        state,
        unseen,
        filed: Vec::new(),
        follows: Vec::new(),
        differences: Vec::new(),
        not_reperformed: 0,
        other_traces: 0,
        package,
    };
    if verified.package.header.kind != REVEALED {
        filing(&mut verified, asked)?;
    }
    Ok(verified)
}

/// The key that entry 0 names.
fn named_key(package: &Package<'_>) -> Result<VerifierKey, Fault> {
    let first = package.entries.first().and_then(|entry| Some((Leaf::decode(entry.leaf).ok()?, entry.content?)));
    let (header, (_, body)) = first.ok_or(Fault::Genesis)?;
    if header.index != 0 || header.kind != genesis::KIND {
        return Err(Fault::Genesis);
    }
    let genesis = Genesis::decode(body).map_err(|_| Fault::Genesis)?;
    if genesis.semantics > kernel::SEMANTICS {
        return Err(Fault::Semantics { found: genesis.semantics });
    }
    VerifierKey::new(&genesis.origin(), Algorithm::Ed25519, &genesis.public_key).map_err(|_| Fault::Genesis)
}

fn not_older(checkpoint: &Checkpoint, seen: &[Checkpoint]) -> Result<(), Fault> {
    for seen in seen.iter().filter(|seen| seen.origin == checkpoint.origin) {
        if seen.size > checkpoint.size {
            return Err(Fault::Stale { seen: seen.size, found: checkpoint.size });
        }
        if seen.size == checkpoint.size && seen.root != checkpoint.root {
            return Err(Fault::Fork { size: seen.size });
        }
    }
    Ok(())
}

/// Checks that every entry stands in the signed tree with the body it brings; gives those that bring none.
fn proven(package: &Package<'_>, checkpoint: &Checkpoint) -> Result<BTreeSet<u64>, Fault> {
    let (mut last, mut last_time) = (None, 0);
    let (mut leaves, mut unseen) = (Vec::with_capacity(package.entries.len()), BTreeSet::new());
    for (position, entry) in package.entries.iter().enumerate() {
        let wrong = |error| Fault::Entry { position: position as u64, error };
        let header = Leaf::decode(entry.leaf).map_err(wrong)?;
        if last.is_some_and(|last| header.index <= last) || header.index >= checkpoint.size || header.time < last_time {
            return Err(Fault::Order { index: header.index });
        }
        (last, last_time) = (Some(header.index), header.time);
        match entry.content {
            Some((salt, body)) if body_hash(salt, body) != header.body_hash => {
                return Err(Fault::Body { index: header.index });
            }
            Some(_) => {}
            None => {
                unseen.insert(header.index);
            }
        }
        leaves.push((header.index, leaf_hash(entry.leaf)));
    }
    let proof = package.proof.as_ref().ok_or(Fault::NoProof)?;
    proof.verify(&leaves, checkpoint.size, &checkpoint.root).map_err(Fault::Proof)?;
    Ok(unseen)
}

/// Folds the facts; each must be about the exchange of the header, or about all.
fn folded(package: &Package<'_>) -> Result<(State, Vec<(Stamp, Observation)>), Fault> {
    let mut state = State::new(kernel::words::vocabulary());
    let mut facts = Vec::with_capacity(package.entries.len());
    let exchange = &package.header.exchange;
    for entry in package.entries.iter().skip(1) {
        let Some((_, body)) = entry.content else { continue };
        // Decoded before, when its proof was checked.
        let Ok(header) = Leaf::decode(entry.leaf) else { continue };
        let index = header.index;
        let body = Body::decode(header.kind, body).map_err(|error| Fault::Fact { index, at: error.at })?;
        if let Some(found) = reads::exchange(&body.observation).filter(|of| !of.is_empty() && of != exchange) {
            return Err(Fault::OtherExchange { header: exchange.clone(), found: found.into(), index });
        }
        let stamp = Stamp { index, time: Instant(header.time) };
        fold(&mut state, stamp, &body.observation);
        facts.push((stamp, body.observation));
    }
    Ok((state, facts))
}

fn cosigners(package: &Package<'_>, key: &VerifierKey) -> Vec<String> {
    let note = journal::note::Note::parse(package.checkpoint);
    let lines = note.map(|note| note.signatures).unwrap_or_default();
    lines.iter().filter(|line| line.name != key.name()).map(|line| line.name.to_string()).collect()
}

/// What only a whole filing has: rulebook, type, period, findings.
fn filing(verified: &mut Verified<'_>, asked: &Asked) -> Result<(), Fault> {
    let header = &verified.package.header;
    let state = &verified.state;
    if state.exchange(&header.exchange).is_none() {
        return Err(Fault::NotRegistered { exchange: header.exchange.clone() });
    }
    let adoption = state.adoptions().last().ok_or(Fault::NoRulebook)?;
    let shipped: BTreeSet<Hash> = match asked.allow_rulebook {
        true => BTreeSet::new(),
        false => shipped_pages().collect(),
    };
    for (path, hash) in &adoption.rulebook.pages {
        if state.page(hash).is_none() {
            return Err(Fault::MissingPage { path: path.clone() });
        }
        if !asked.allow_rulebook && !shipped.contains(hash) && !asked.pages.contains(hash) {
            return Err(Fault::UnknownRulebook { path: path.clone() });
        }
    }
    let Some(book) = adoption.book.clone() else {
        let problems = state.build(&adoption.rulebook).err().unwrap_or_default();
        let why = problems.first().map_or("no page".into(), |problem| problem.message.to_string());
        return Err(Fault::BrokenRulebook { why });
    };
    let kind = filing_type(&header.kind).ok_or(Fault::UnknownType { found: header.kind.clone() })?;
    let of_order = kind.rules == ["order"] && header.rules.len() == 1;
    if !of_order && header.rules != kind.rules {
        return Err(Fault::OtherRules { kind: header.kind.clone() });
    }
    period::fits(&kind, header.period, &crate::walk::zone_of(&book))?;
    let signed_ms = verified.signed_at.and_then(|s| i64::try_from(s).ok()).and_then(|s| s.checked_mul(1000));
    if signed_ms.is_none_or(|at| at.saturating_add(999) < header.period.until.0) {
        return Err(Fault::NotOver { until: header.period.until });
    }
    let view = state.view(&header.exchange, KnownAt::Now);
    let view = view.ok_or(Fault::NotRegistered { exchange: header.exchange.clone() })?;
    let as_of = header.period.until;
    let follows = gather::findings(&view, &book, as_of, &header.rules, &header.revealed);
    let filed = finding::decode(verified.package.findings)?;
    if verified.package.traces.len() != filed.len() {
        let expected = "one trace for each finding";
        return Err(Fault::Malformed(journal::cbor::Error { at: 0, expected }));
    }
    let mut differences = Vec::new();
    if finding::encode(&follows) != verified.package.findings {
        (differences, verified.not_reperformed) = differ(&filed, &follows, &verified.unseen);
    }
    if header.program == gather::program() {
        let same = |(found, trace): &(&Finding, &String)| {
            let rests = found.evidence.iter().any(|entry| verified.unseen.contains(entry));
            rests || **trace == gather::trace(&view, &book, found, as_of, &verified.unseen)
        };
        verified.other_traces = filed.iter().zip(&verified.package.traces).filter(|pair| !same(pair)).count();
    }
    (verified.filed, verified.follows, verified.differences) = (filed, follows, differences);
    verified.kind = Some(kind);
    Ok(())
}

type Pairs = Vec<(Option<Finding>, Option<Finding>)>;

/// Pairs findings by rule and subject; those that rest on what is kept back are counted and not compared.
fn differ(filed: &[Finding], follows: &[Finding], unseen: &BTreeSet<u64>) -> (Pairs, usize) {
    let mut left: Vec<&Finding> = follows.iter().collect();
    let (mut pairs, mut skipped) = (Vec::new(), 0);
    for old in filed {
        let same = |new: &&Finding| new.rule == old.rule && new.subject == old.subject;
        let new = left.iter().position(same).map(|at| left.remove(at));
        if new == Some(old) {
            continue;
        }
        if old.evidence.iter().any(|entry| unseen.contains(entry)) {
            skipped += 1;
            continue;
        }
        pairs.push((Some(old.clone()), new.cloned()));
    }
    pairs.extend(left.into_iter().map(|new| (None, Some(new.clone()))));
    // The same findings in another order are not what was concluded either.
    if pairs.is_empty() && skipped == 0 {
        pairs.push((None, None));
    }
    (pairs, skipped)
}

/// The hashes of the pages that this program ships with.
pub fn shipped_pages() -> impl Iterator<Item = Hash> {
    crate::pages::shipped().into_iter().map(|source| RulebookPage { path: source.path, text: source.text }.hash())
}
