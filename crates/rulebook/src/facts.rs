//! What the evaluator asks of whoever keeps the facts. It never knows how they are kept.

use crate::number::Number;
use crate::time::{Civil, Instant};
use crate::unit::Dimension;
use crate::vocabulary::{KindId, WordId};
use alloc::string::String;

/// One subject: which kind, and which of them. The keeper of the facts gives the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// Its kind.
    pub kind: KindId,
    /// Its number among all subjects.
    pub id: u32,
}

/// Where a fact stands in the journal, and how well it is supported (a larger grade is better).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// The entry's index.
    pub entry: u64,
    /// 0 declared, 1 signed by a system, 2 confirmed by a third party, 3 on chain.
    pub grade: u8,
}

/// A recorded value, borrowed from the keeper.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Datum<'a> {
    /// Recorded as unknown.
    Missing,
    /// Recorded as absent.
    None,
    /// Yes or no.
    Truth(bool),
    /// A number, with the currency it was recorded in when the word leaves that open.
    Number(&'a Number, Option<Dimension>),
    /// An exact length in milliseconds.
    Length(i64),
    /// A civil length.
    Civil(Civil),
    /// A code.
    Code(&'a str),
    /// A set of codes.
    Codes(&'a [String]),
    /// A moment.
    Moment(Instant),
}

/// A value with what supports it.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// The value.
    pub datum: Datum<'a>,
    /// What supports it; none for what a case gives.
    pub evidence: Option<Evidence>,
}

/// One occurrence of an event.
#[derive(Clone, Copy, Debug)]
pub struct Occurrence<'a> {
    /// When.
    pub at: Instant,
    /// Who or what.
    pub by: Option<&'a str>,
    /// How much; `None` where it is unknown.
    pub amount: Option<&'a Number>,
    /// What it contains, for a notice whose paper was looked at, ascending; none for a bare event, which whoever recorded
    /// it declares to be complete.
    pub contents: Option<&'a [String]>,
    /// What supports it.
    pub evidence: Option<Evidence>,
}

impl Occurrence<'_> {
    /// Whether it contains all that is asked for.
    pub fn contains(&self, asked: &[String]) -> bool {
        self.contents.is_none_or(|contents| asked.iter().all(|code| contents.contains(code)))
    }
}

/// Whether a list is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// All of it was visited.
    Yes,
    /// It was recorded as unknown, or never recorded.
    No,
}

/// What a keeper of sums says about a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tally {
    /// It keeps no sums: visit the occurrences.
    Visit,
    /// It keeps them and cannot tell.
    Unknown,
    /// What the window adds up to, or how many it holds.
    Is(Number),
}

/// A keeper of facts, seen at one known time.
pub trait Facts {
    /// A word's value for a subject (`None`: the exchange itself) as it stood at a time; `None` when unrecorded.
    fn value(&self, subject: Option<Subject>, word: WordId, at: Instant) -> Option<Reading<'_>>;

    /// Visits a word's values recorded for moments in `(after, until]`, in order of time.
    fn series<'a>(
        &'a self,
        subject: Option<Subject>,
        word: WordId,
        after: Instant,
        until: Instant,
        visit: &mut dyn FnMut(Instant, Reading<'a>),
    );

    /// The value a word has at every moment, when it was given once for all (in a case).
    fn constant(&self, _subject: Option<Subject>, _word: WordId) -> Option<Reading<'_>> {
        None
    }

    /// Visits the occurrences of an event up to a time, in order of time.
    fn events<'a>(
        &'a self,
        subject: Option<Subject>,
        word: WordId,
        until: Instant,
        visit: &mut dyn FnMut(Occurrence<'a>),
    ) -> Known;

    /// What the occurrences of an event in `(after, until]` add up to, or how many there are: a guard's keeper knows without
    /// visiting them.
    fn total(&self, _subject: Option<Subject>, _word: WordId, _count: bool, _after: Instant, _until: Instant) -> Tally {
        Tally::Visit
    }

    /// Visits the subjects of a kind there are at a time.
    fn subjects(&self, kind: KindId, at: Instant, visit: &mut dyn FnMut(Subject)) -> Known;

    /// The subject of another kind that a subject belongs with, such as a withdrawal's wallet.
    fn refers(&self, subject: Subject, kind: KindId) -> Option<Subject>;

    /// A person's answer to an open norm, by its full name, or a term or parameter given directly.
    fn given(&self, subject: Option<Subject>, name: &str, at: Instant) -> Option<Reading<'_>>;

    /// Whether [`Facts::given`] may answer for terms and parameters too, as it does in cases.
    fn gives_terms(&self) -> bool {
        false
    }
}
