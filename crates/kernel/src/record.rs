//! What is recorded about one exchange, with both times: when it was true and when it was known.
//!
//! It promises that nothing recorded is ever lost and that reading allocates nothing (see `view`). It must never know a
//! rule, nor whether a fact should have been admitted: it keeps what it is given.

use crate::fact::{Figure, FigureValue, Grade, Judged, Name, Notice, Remark, SubjectKnown};
use crate::known::{KnownAt, Stamp};
use crate::layout::Layout;
use crate::roster::Roster;
use crate::series::Series;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use rulebook::facts::Subject;
use rulebook::time::Instant;
use rulebook::vocabulary::{KindId, WordId};

/// A value and how well it is supported.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub value: FigureValue,
    pub grade: Grade,
    /// What a notice contains, behind one pointer because nearly every sample has none; none where a bare event was
    /// declared, which then is as complete as its rule asks.
    pub contents: Option<Box<Contents>>,
}

/// The codes of what a notice contains, ascending.
#[derive(Clone, Debug)]
pub(crate) struct Contents(pub Vec<String>);

/// A person's answer and the last moment at which it holds.
#[derive(Clone, Debug)]
pub(crate) struct Ruling {
    pub answer: FigureValue,
    pub until: Option<Instant>,
}

/// The events that begin what a notice may be about.
const BEGINNINGS: [&str; 3] = ["occurred", "detected", "blocking_began"];

type Row = Vec<Series<Sample>>;

/// The record of one exchange.
#[derive(Clone, Debug)]
pub struct Record {
    layout: Arc<Layout>,
    pub(crate) roster: Roster,
    own: Row,
    rows: Vec<Row>,
    judged: BTreeMap<String, BTreeMap<Option<Subject>, Series<Ruling>>>,
    notices: Vec<(Stamp, Notice)>,
    remarks: Vec<(Stamp, Remark)>,
}

impl Record {
    /// An empty record.
    pub fn new(layout: Arc<Layout>) -> Record {
        let kinds = layout.vocabulary().kinds().count();
        Record {
            layout,
            roster: Roster::new(kinds),
            own: Row::new(),
            rows: Vec::new(),
            judged: BTreeMap::new(),
            notices: Vec::new(),
            remarks: Vec::new(),
        }
    }

    /// The layout, and in it the word list.
    pub fn layout(&self) -> &Arc<Layout> {
        &self.layout
    }

    /// Finds a subject.
    pub fn subject(&self, kind: KindId, name: &str) -> Option<Subject> {
        self.roster.find(kind, name)
    }

    /// A subject's name; empty for one that is not of this record.
    pub fn name(&self, subject: Subject) -> &str {
        self.roster.name(subject)
    }

    /// Finds a subject or enters it, as there from `since` on for all times.
    pub fn enter(&mut self, kind: KindId, name: &str, since: Stamp) -> Subject {
        self.roster.enter(kind, name, since)
    }

    /// Takes a statement about a subject; `false` when the word list lacks a kind it names.
    pub fn know(&mut self, fact: &SubjectKnown, since: Stamp) -> bool {
        let vocabulary = self.layout.vocabulary();
        let kinds: Option<Vec<KindId>> = fact.refers.iter().map(|name| vocabulary.kind(&name.kind)).collect();
        let (Some(kind), Some(kinds)) = (vocabulary.kind(&fact.subject.kind), kinds) else { return false };
        let refers =
            kinds.iter().zip(&fact.refers).map(|(kind, name)| self.roster.enter(*kind, &name.name, since)).collect();
        let subject = self.roster.enter(kind, &fact.subject.name, since);
        self.roster.state(subject, since, fact.from, fact.until, refers);
        true
    }

    /// The list of a kind is complete from this entry on.
    pub fn complete(&mut self, kind: KindId, since: Stamp) {
        self.roster.complete(kind, since);
    }

    /// Takes a value; `false` when the subject has no such word or is not of this record.
    pub fn note(
        &mut self,
        subject: Option<Subject>,
        word: WordId,
        at: Instant,
        value: FigureValue,
        grade: Grade,
        since: Stamp,
    ) -> bool {
        self.keep(subject, word, at, Sample { value, grade, contents: None }, since)
    }

    fn keep(&mut self, subject: Option<Subject>, word: WordId, at: Instant, sample: Sample, since: Stamp) -> bool {
        let Some(place) = self.layout.place(subject.map(|s| s.kind), word) else { return false };
        let row = match subject {
            None => &mut self.own,
            Some(subject) => {
                if self.roster.name(subject).is_empty() {
                    return false;
                }
                let row = subject.id as usize;
                if self.rows.len() <= row {
                    self.rows.resize_with(row.saturating_add(1), Row::new);
                }
                &mut self.rows[row]
            }
        };
        if row.len() <= place {
            row.resize_with(place.saturating_add(1), Series::default);
        }
        row[place].add(at, since, sample, |new, old| {
            let key = key_at_once(&new.value);
            key.is_some() && key == key_at_once(&old.value)
        });
        true
    }

    /// Takes a figure; `false` when the word list lacks its word or kind, or the subject has no such word.
    pub fn figure(&mut self, fact: &Figure, since: Stamp) -> bool {
        let vocabulary = self.layout.vocabulary();
        let Some(word) = vocabulary.find(&fact.word) else { return false };
        let subject = match &fact.subject {
            None => None,
            Some(name) => match vocabulary.kind(&name.kind) {
                Some(kind) => Some(self.roster.enter(kind, &name.name, since)),
                None => return false,
            },
        };
        if let Some(entry) = fact.corrects
            && let Some(series) = self.series_mut(subject, word)
        {
            series.withdraw(entry, since);
        }
        self.note(subject, word, fact.at, fact.value.clone(), fact.grade, since)
    }

    /// Takes a notice: the event that sending it is, with its contents; `false` when the word list lacks its word or kind.
    pub fn notify(&mut self, fact: &Notice, since: Stamp) -> bool {
        let vocabulary = self.layout.vocabulary();
        let Some(word) = vocabulary.find(&fact.word) else { return false };
        let Ok(subject) = self.enter_named(fact.subject.as_ref(), since) else { return false };
        let value = FigureValue::Happened { by: fact.to.clone(), amount: None };
        let contents = Some(Box::new(Contents(fact.contents.clone())));
        self.notices.push((since, fact.clone()));
        self.keep(subject, word, fact.at, Sample { value, grade: fact.grade, contents }, since)
    }

    /// Takes a remark; `false` when the word list lacks the kind of its subject.
    pub fn remark(&mut self, fact: &Remark, since: Stamp) -> bool {
        if self.enter_named(fact.subject.as_ref(), since).is_err() {
            return false;
        }
        self.remarks.push((since, fact.clone()));
        true
    }

    /// The subject of a name, entered where it is new; `Err` when the word list lacks its kind.
    fn enter_named(&mut self, name: Option<&Name>, since: Stamp) -> Result<Option<Subject>, ()> {
        let Some(name) = name else { return Ok(None) };
        let kind = self.layout.vocabulary().kind(&name.kind).ok_or(())?;
        Ok(Some(self.roster.enter(kind, &name.name, since)))
    }

    /// The notices in the order of the journal.
    pub fn notices(&self) -> &[(Stamp, Notice)] {
        &self.notices
    }

    /// The remarks in the order of the journal.
    pub fn remarks(&self) -> &[(Stamp, Remark)] {
        &self.remarks
    }

    /// Takes a person's answer; `false` when the word list lacks the kind of its subject.
    pub fn judge(&mut self, fact: &Judged, since: Stamp) -> bool {
        let subject = match &fact.subject {
            None => None,
            Some(name) => match self.layout.vocabulary().kind(&name.kind) {
                Some(kind) => Some(self.roster.enter(kind, &name.name, since)),
                None => return false,
            },
        };
        let ruling = Ruling { answer: FigureValue::Truth(fact.answer), until: fact.until };
        let answers = self.judged.entry(fact.judgement.clone()).or_default();
        answers.entry(subject).or_default().add(fact.at, since, ruling, |_, _| true);
        true
    }

    #[inline]
    pub(crate) fn series(&self, subject: Option<Subject>, word: WordId) -> Option<&Series<Sample>> {
        let place = self.layout.place(subject.map(|s| s.kind), word)?;
        let row = match subject {
            None => &self.own,
            Some(subject) => self.rows.get(subject.id as usize)?,
        };
        row.get(place)
    }

    fn series_mut(&mut self, subject: Option<Subject>, word: WordId) -> Option<&mut Series<Sample>> {
        let place = self.layout.place(subject.map(|s| s.kind), word)?;
        let row = match subject {
            None => &mut self.own,
            Some(subject) => self.rows.get_mut(subject.id as usize)?,
        };
        row.get_mut(place)
    }

    pub(crate) fn rulings(&self, subject: Option<Subject>, name: &str) -> Option<&Series<Ruling>> {
        self.judged.get(name)?.get(&subject)
    }

    /// The earliest moment at which a subject is said to have occurred, been detected or begun.
    pub fn began(&self, subject: Subject) -> Option<Instant> {
        let vocabulary = self.layout.vocabulary();
        let words = BEGINNINGS.iter().filter_map(|name| vocabulary.find(name));
        let first =
            |word| self.series(Some(subject), word)?.within(Instant::ALWAYS, Instant::NEVER, KnownAt::Now).next();
        words.filter_map(first).map(|held| held.at).min()
    }

    /// Whether what an entry recorded about a word still stands, and otherwise which entry replaced it.
    pub fn standing(&self, subject: Option<Subject>, word: WordId, entry: u64) -> Standing {
        match self.series(subject, word) {
            Some(series) if series.stands(entry) => Standing::Stands,
            Some(series) => series.replaced(entry).map_or(Standing::Absent, Standing::Replaced),
            None => Standing::Absent,
        }
    }

    /// Whether anything is recorded about a word, as known.
    pub(crate) fn has(&self, subject: Option<Subject>, word: WordId, known: KnownAt) -> bool {
        self.series(subject, word).is_some_and(|series| series.any(known))
    }
}

/// What became of a recorded value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It stands.
    Stands,
    /// The entry replaced it.
    Replaced(u64),
    /// That entry recorded nothing there.
    Absent,
}

/// Values with the same key at the same moment correct one another. A word has one value at a time. An event may occur
/// twice at once: to two authorities, or with two amounts, which only `corrects` can replace.
fn key_at_once(value: &FigureValue) -> Option<Option<&str>> {
    match value {
        FigureValue::Happened { amount: Some(_), .. } => None,
        FigureValue::Happened { by, .. } => Some(by.as_deref()),
        _ => Some(None),
    }
}
