//! A package from a journal: what its rules read, with proofs against the published checkpoint.
//!
//! It promises to take nothing that no checkpoint covers. It changes nothing and needs no lock.

use super::package::{Entry, Header, Package};
use super::select::{self, Selection, covers};
use crate::report::trace;
use crate::store::{Reader, Stored};
use crate::trouble::Trouble;
use crate::walk::unreadable;
use crate::witness::ask;
use journal::Hash;
use journal::checkpoint::Checkpoint;
use journal::entry::{Header as Leaf, Salt};
use journal::note::{Note, SignerKey};
use kernel::body::Body;
use kernel::fact::{Observation, Period};
use kernel::filing::{FilingType, kept_back};
use kernel::finding::{self, Finding};
use kernel::known::{KnownAt, Stamp};
use kernel::state::{State, fold};
use kernel::view::View;
use rulebook::book::Book;
use rulebook::finding::Verdict;
use rulebook::time::Instant;
use std::collections::BTreeSet;
use std::path::Path;

/// What is to be filed.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The type.
    pub kind: &'a FilingType,
    /// Which filing.
    pub id: &'a str,
    /// Which version.
    pub version: u64,
    /// The exchange.
    pub exchange: &'a str,
    /// The period.
    pub period: Period,
    /// The rules: those of the type, or the one of the order that is answered.
    pub rules: &'a [String],
    /// What is revealed although it is kept back by default.
    pub revealed: &'a [String],
    /// Explanations: rule and text.
    pub explained: &'a [(String, String)],
}

/// An entry taken out of a journal.
pub struct Taken {
    index: u64,
    leaf: Vec<u8>,
    content: Option<(Salt, Vec<u8>)>,
    held: bool,
}

impl Taken {
    fn entry(&self) -> Entry<'_> {
        let content = self.content.as_ref().filter(|_| !self.held);
        Entry { leaf: &self.leaf, content: content.map(|(salt, body)| (salt, body.as_slice())) }
    }
}

/// Hands out the entries under a checkpoint in order, with what they say; none where the body is destroyed.
pub fn each(
    reader: &Reader,
    size: u64,
    mut visit: impl FnMut(&Leaf<'_>, Stored<'_>, Option<Observation>) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    let mut groups = reader.groups(0)?;
    while let Some((_, group)) = groups.next_group()? {
        for stored in group.entries() {
            let header =
                Leaf::decode(stored.leaf).map_err(|e| Trouble::no(e.to_string(), "`bongsu verify` names the place"))?;
            if header.index >= size {
                return Ok(());
            }
            let observation = match stored.body() {
                journal::verify::Body::Present { body, .. } if header.kind != journal::genesis::KIND => {
                    let read = Body::decode(header.kind, body).map_err(|e| unreadable(header.index, &e))?;
                    Some(read.observation)
                }
                _ => None,
            };
            visit(&header, stored, observation)?;
        }
    }
    Ok(())
}

/// The published checkpoint of a journal with the cosignatures that witnesses gave it, as text and read.
pub fn checkpoint(reader: &Reader, dir: &Path) -> Result<(String, Checkpoint), Trouble> {
    let text = reader.checkpoint()?;
    let hint = "`bongsu verify DIR` says what is wrong with the journal";
    let note = Note::parse(&text).map_err(|e| Trouble::no(e.to_string(), hint))?;
    let checkpoint = Checkpoint::parse(note.text).map_err(|e| Trouble::no(e.to_string(), hint))?;
    let cosigned = ask::cosignatures(dir, &checkpoint);
    Ok((text + &cosigned, checkpoint))
}

/// The state a journal adds up to under its published checkpoint.
pub fn state(reader: &Reader, size: u64) -> Result<State, Trouble> {
    let mut state = State::new(kernel::words::vocabulary());
    each(reader, size, |header, _, observation| {
        if let Some(observation) = observation {
            fold(&mut state, Stamp { index: header.index, time: Instant(header.time) }, &observation);
        }
        Ok(())
    })?;
    Ok(state)
}

/// The entries that belong in a filing, ascending.
pub fn take(reader: &Reader, size: u64, state: &State, asked: &Asked<'_>) -> Result<Vec<Taken>, Trouble> {
    let (adoption, book) = adopted(state)?;
    let mut selection = Selection::new(book, adoption, asked.kind, asked.exchange, asked.rules);
    let held = kept_back();
    let mut taken = Vec::new();
    each(reader, size, |header, stored, observation| {
        let wanted = match &observation {
            Some(observation) => selection.takes(header.index, observation),
            None => header.kind == journal::genesis::KIND,
        };
        if wanted {
            let content = match stored.body() {
                journal::verify::Body::Present { salt, body } => Some((*salt, body.to_vec())),
                journal::verify::Body::Destroyed => None,
            };
            let held = observation.is_some_and(|fact| select::is_kept_back(&held, asked.revealed, &fact));
            taken.push(Taken { index: header.index, leaf: stored.leaf.to_vec(), content, held });
        }
        Ok(())
    })?;
    Ok(taken)
}

/// The rulebook a journal has adopted last.
pub fn adopted(state: &State) -> Result<(&kernel::state::Adoption, &Book), Trouble> {
    let last = state.adoptions().last();
    last.and_then(|adoption| Some((adoption, adoption.book.as_deref()?))).ok_or_else(|| {
        Trouble::new(
            "no rulebook is adopted in this journal",
            "`bongsu adopt --data DIR --id NAME` adopts the shipped law",
        )
    })
}

/// Gathers a package and seals it with the journal's key.
pub fn gather(dir: &Path, key: &SignerKey, asked: &Asked<'_>) -> Result<(Vec<u8>, Hash), Trouble> {
    let reader = Reader::open(dir)?;
    let (text, checkpoint) = checkpoint(&reader, dir)?;
    let state = state(&reader, checkpoint.size)?;
    let (_, book) = adopted(&state)?;
    let view = state.view(asked.exchange, KnownAt::Now).ok_or_else(|| no_exchange(&state, asked.exchange))?;
    let taken = take(&reader, checkpoint.size, &state, asked)?;
    let indexes: Vec<u64> = taken.iter().map(|entry| entry.index).collect();
    let proof = reader.set_proof(&indexes, checkpoint.size)?;
    let findings = findings(&view, book, asked.period.until, asked.rules, asked.revealed);
    let unseen: BTreeSet<u64> = taken.iter().filter(|t| t.entry().content.is_none()).map(|t| t.index).collect();
    let traces = findings.iter().map(|f| self::trace(&view, book, f, asked.period.until, &unseen)).collect();
    let package = Package {
        header: Header {
            kind: asked.kind.id.clone(),
            id: asked.id.into(),
            version: asked.version,
            exchange: asked.exchange.into(),
            period: asked.period,
            rules: asked.rules.to_vec(),
            semantics: kernel::SEMANTICS,
            program: program(),
            revealed: asked.revealed.to_vec(),
        },
        checkpoint: &text,
        entries: taken.iter().map(Taken::entry).collect(),
        proof,
        findings: &finding::encode(&findings),
        traces,
        explained: asked.explained.to_vec(),
        signer: key.verifier(journal::note::Algorithm::Ed25519).to_string(),
    };
    Ok(package.seal(key))
}

/// The name and version of this program, as a package carries it.
pub fn program() -> String {
    format!("bongsu {}", env!("CARGO_PKG_VERSION"))
}

/// An exchange that a journal does not know.
pub fn no_exchange(state: &State, asked: &str) -> Trouble {
    let known: Vec<&str> = state.exchanges().map(|(id, _)| id).collect();
    Trouble::new(format!("there is no exchange `{asked}` in this journal"), format!("known are {}", known.join(", ")))
}

/// The findings of a filing: those of its rules, without those about subjects that are kept back.
pub fn findings(view: &View<'_>, book: &Book, as_of: Instant, rules: &[String], revealed: &[String]) -> Vec<Finding> {
    let held = kept_back();
    let mut findings = kernel::assess::some(view, book, as_of, |rule| covers(rules, rule));
    findings.retain(|found| !select::is_subject_kept_back(&held, revealed, found.subject.as_ref()));
    findings
}

/// How a finding came about, as text; empty where it rests on what is kept back, or on nothing.
pub fn trace(view: &View<'_>, book: &Book, found: &Finding, as_of: Instant, unseen: &BTreeSet<u64>) -> String {
    if found.verdict == Verdict::NotInForce || found.evidence.iter().any(|entry| unseen.contains(entry)) {
        return String::new();
    }
    let Some(rule) = book.rule(&found.rule) else { return String::new() };
    let subject = found.subject.as_ref().and_then(|name| {
        let kind = book.vocabulary.kind(&name.kind)?;
        view.record.subject(kind, &name.name)
    });
    trace::text(&trace::lines(book, view, rule, subject, as_of))
}

/// One entry alone, sealed: what was kept back, revealed with its proof.
pub fn reveal(dir: &Path, key: &SignerKey, header: Header, index: u64) -> Result<(Vec<u8>, Hash), Trouble> {
    let mut reader = Reader::open(dir)?;
    let (text, checkpoint) = checkpoint(&reader, dir)?;
    let mut taken = Vec::new();
    for index in [0, index] {
        let record = reader.read(index)?.filter(|_| index < checkpoint.size).ok_or_else(|| {
            Trouble::new(
                format!("there is no entry {index} under the checkpoint"),
                "`bongsu filing show` lists what is kept back",
            )
        })?;
        if record.body.is_none() {
            return Err(Trouble::no(
                format!("the body of entry {index} was destroyed"),
                "nothing can reveal it any more",
            ));
        }
        taken.push(Taken { index, leaf: record.leaf, content: record.body, held: false });
    }
    taken.dedup_by_key(|entry| entry.index);
    let indexes: Vec<u64> = taken.iter().map(|entry| entry.index).collect();
    let package = Package {
        header,
        checkpoint: &text,
        entries: taken.iter().map(Taken::entry).collect(),
        proof: reader.set_proof(&indexes, checkpoint.size)?,
        findings: &finding::encode(&[]),
        traces: Vec::new(),
        explained: Vec::new(),
        signer: key.verifier(journal::note::Algorithm::Ed25519).to_string(),
    };
    Ok(package.seal(key))
}

/// The entries of a journal that belong in a package and are not in it.
pub fn omitted(dir: &Path, package: &Package<'_>, size: u64, kind: &FilingType) -> Result<Vec<u64>, Trouble> {
    let reader = Reader::open(dir)?;
    let state = state(&reader, size)?;
    let header = &package.header;
    let asked = Asked {
        kind,
        id: &header.id,
        version: header.version,
        exchange: &header.exchange,
        period: header.period,
        rules: &header.rules,
        revealed: &header.revealed,
        explained: &[],
    };
    let have: BTreeSet<&[u8]> = package.entries.iter().map(|entry| entry.leaf).collect();
    let taken = take(&reader, size, &state, &asked)?;
    Ok(taken.iter().filter(|entry| !have.contains(entry.leaf.as_slice())).map(|entry| entry.index).collect())
}
