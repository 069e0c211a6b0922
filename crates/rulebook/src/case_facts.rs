//! The facts of one case: a plain table, slow and easy to check. Real facts are kept elsewhere; a test holds both against each other.

use crate::cell::CellValue;
use crate::facts::{Datum, Facts, Known, Occurrence, Reading, Subject};
use crate::number::Number;
use crate::time::Instant;
use crate::unit::Dimension;
use crate::value::Owned;
use crate::vocabulary::{KindId, WordId};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

type Owner = Option<Subject>;

/// One occurrence as a case writes it.
#[derive(Clone, Debug)]
pub struct Happened {
    /// When.
    pub at: Instant,
    /// Who or what.
    pub by: Option<String>,
    /// How much.
    pub amount: Option<Number>,
}

/// The facts of a case.
#[derive(Clone, Debug, Default)]
pub struct CaseFacts {
    constants: BTreeMap<(Owner, String), CellValue>,
    series: BTreeMap<(Owner, String), BTreeMap<Instant, CellValue>>,
    events: BTreeMap<(Owner, WordId), BTreeMap<Instant, Vec<Happened>>>,
    unknown_events: BTreeSet<(Owner, WordId)>,
    rosters: BTreeMap<KindId, Option<BTreeSet<u32>>>,
    refers: BTreeMap<(Subject, KindId), Subject>,
    names: BTreeMap<String, u32>,
    words: Arc<BTreeMap<WordId, String>>,
}

impl CaseFacts {
    /// No facts; `words` are the names that word numbers stand for.
    pub fn new(words: impl Iterator<Item = (WordId, String)>) -> CaseFacts {
        CaseFacts { words: Arc::new(words.collect()), ..CaseFacts::default() }
    }

    /// The subject of a name, added to its kind's list.
    pub fn subject(&mut self, kind: KindId, name: &str) -> Subject {
        let next = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        let id = *self.names.entry(name.to_string()).or_insert(next);
        // Numbers are given in the order of mention, so a list of them is in that order too.
        self.rosters.entry(kind).or_default().get_or_insert_default().insert(id);
        Subject { kind, id }
    }

    /// Says that a kind's list is unknown (`None`) or empty.
    pub fn roster(&mut self, kind: KindId, known: bool) {
        self.rosters.insert(kind, known.then(BTreeSet::new));
    }

    /// Says which subject another belongs with.
    pub fn refer(&mut self, from: Subject, to: Subject) {
        self.refers.insert((from, to.kind), to);
    }

    /// Gives a value for all times.
    pub fn constant(&mut self, owner: Owner, name: &str, value: CellValue) {
        self.constants.insert((owner, name.to_string()), value);
    }

    /// Records a value from a time on; the same time again corrects.
    pub fn record(&mut self, owner: Owner, name: &str, at: Instant, value: CellValue) {
        self.series.entry((owner, name.to_string())).or_default().insert(at, value);
    }

    /// Records an occurrence.
    pub fn happened(&mut self, owner: Owner, word: WordId, event: Happened) {
        self.events.entry((owner, word)).or_default().entry(event.at).or_default().push(event);
    }

    /// Takes the last occurrence at a time back: the withdrawal did not leave.
    pub fn take_back(&mut self, owner: Owner, word: WordId, at: Instant) {
        if let Some(list) = self.events.get_mut(&(owner, word)).and_then(|events| events.get_mut(&at)) {
            list.pop();
        }
    }

    /// Says that nobody knows whether an event happened.
    pub fn unknown_event(&mut self, owner: Owner, word: WordId) {
        self.unknown_events.insert((owner, word));
    }

    /// The last amount recorded under a name.
    pub fn amount(&self, owner: Owner, name: &str) -> Option<Number> {
        let key = (owner, name.to_string());
        let value = self.constants.get(&key).or_else(|| self.series.get(&key)?.values().next_back())?;
        match value {
            CellValue::Is(Owned::Number(n), _) => Some(n.clone()),
            _ => None,
        }
    }

    fn name(&self, word: WordId) -> String {
        self.words.get(&word).cloned().unwrap_or_default()
    }

    fn look(&self, owner: Owner, name: &str, at: Instant) -> Option<Reading<'_>> {
        let series = self.series.get(&(owner, name.to_string()))?;
        series.range(..=at).next_back().map(|(_, value)| reading(value))
    }
}

fn reading(value: &CellValue) -> Reading<'_> {
    let datum = match value {
        CellValue::Missing => Datum::Missing,
        CellValue::None => Datum::None,
        CellValue::Is(value, currency) => datum(value, *currency),
    };
    Reading { datum, evidence: None }
}

fn datum(value: &Owned, currency: Option<Dimension>) -> Datum<'_> {
    match value {
        Owned::Unknown => Datum::Missing,
        Owned::Absent => Datum::None,
        Owned::Truth(t) => Datum::Truth(*t),
        Owned::Number(n) => Datum::Number(n, currency),
        Owned::Length(ms) => Datum::Length(*ms),
        Owned::Civil(c) => Datum::Civil(*c),
        Owned::Code(c) => Datum::Code(c),
        Owned::Codes(c) => Datum::Codes(c),
        Owned::Moment(t) => Datum::Moment(*t),
    }
}

impl Facts for CaseFacts {
    fn value(&self, owner: Owner, word: WordId, at: Instant) -> Option<Reading<'_>> {
        self.look(owner, &self.name(word), at)
    }

    fn series<'a>(
        &'a self,
        owner: Owner,
        word: WordId,
        after: Instant,
        until: Instant,
        visit: &mut dyn FnMut(Instant, Reading<'a>),
    ) {
        let Some(series) = self.series.get(&(owner, self.name(word))) else { return };
        series.range(..=until).filter(|(t, _)| **t > after).for_each(|(t, value)| visit(*t, reading(value)));
    }

    fn constant(&self, owner: Owner, word: WordId) -> Option<Reading<'_>> {
        self.constants.get(&(owner, self.name(word))).map(reading)
    }

    fn events<'a>(
        &'a self,
        owner: Owner,
        word: WordId,
        until: Instant,
        visit: &mut dyn FnMut(Occurrence<'a>),
    ) -> Known {
        if self.unknown_events.contains(&(owner, word)) {
            return Known::No;
        }
        let events = self.events.get(&(owner, word)).into_iter();
        for e in events.flat_map(|e| e.range(..=until)).flat_map(|(_, at)| at) {
            visit(Occurrence {
                at: e.at,
                by: e.by.as_deref(),
                amount: e.amount.as_ref(),
                contents: None,
                evidence: None,
            });
        }
        Known::Yes
    }

    fn subjects(&self, kind: KindId, _at: Instant, visit: &mut dyn FnMut(Subject)) -> Known {
        match self.rosters.get(&kind) {
            Some(Some(list)) => {
                list.iter().for_each(|id| visit(Subject { kind, id: *id }));
                Known::Yes
            }
            _ => Known::No,
        }
    }

    fn refers(&self, subject: Subject, kind: KindId) -> Option<Subject> {
        self.refers.get(&(subject, kind)).copied()
    }

    fn given(&self, owner: Owner, name: &str, at: Instant) -> Option<Reading<'_>> {
        for owner in owner.map(Some).into_iter().chain([None]) {
            if let Some(value) = self.constants.get(&(owner, name.to_string())) {
                return Some(reading(value));
            }
        }
        self.look(owner, name, at).or_else(|| self.look(None, name, at))
    }

    fn gives_terms(&self) -> bool {
        true
    }
}
