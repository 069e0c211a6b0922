//! A record as a rule sees it: what was true at a moment, by what was known at another.
//!
//! It promises that reading allocates nothing and that the common question (a word, now) is two array lookups and a
//! search by time. What the exchange has not recorded about itself is looked up in the shared record, such as exchange
//! rates. It must never change a record.

use crate::fact::{FigureValue, Grade};
use crate::known::{KnownAt, Stamp};
use crate::record::{Record, Sample};
use crate::series::Held;
use rulebook::facts::{Datum, Evidence, Facts, Known, Occurrence, Reading, Subject};
use rulebook::time::Instant;
use rulebook::vocabulary::{KindId, Of, WordId};

/// A record seen at one known time.
#[derive(Clone, Copy, Debug)]
pub struct View<'r> {
    /// The exchange's record.
    pub record: &'r Record,
    /// What is the same for all exchanges.
    pub shared: Option<&'r Record>,
    /// What may be taken as known.
    pub known: KnownAt,
}

impl<'r> View<'r> {
    /// Everything recorded so far.
    pub fn now(record: &'r Record, shared: Option<&'r Record>) -> View<'r> {
        View { record, shared, known: KnownAt::Now }
    }

    /// The record that answers for a word: the shared one for what the exchange is silent about.
    fn keeper(&self, subject: Option<Subject>, word: WordId) -> &'r Record {
        let silent = || !self.record.has(subject, word, self.known);
        match self.shared {
            Some(shared) if subject.is_none() && self.record.layout().of(word) == Some(Of::Exchange) && silent() => {
                shared
            }
            _ => self.record,
        }
    }
}

impl Facts for View<'_> {
    #[inline]
    fn value(&self, subject: Option<Subject>, word: WordId, at: Instant) -> Option<Reading<'_>> {
        let found = self.record.series(subject, word).and_then(|series| series.latest(at, self.known));
        if let Some(held) = found {
            return reading(held);
        }
        let keeper = self.keeper(subject, word);
        if core::ptr::eq(keeper, self.record) {
            return None;
        }
        reading(keeper.series(subject, word)?.latest(at, self.known)?)
    }

    fn series<'a>(
        &'a self,
        subject: Option<Subject>,
        word: WordId,
        after: Instant,
        until: Instant,
        visit: &mut dyn FnMut(Instant, Reading<'a>),
    ) {
        let Some(series) = self.keeper(subject, word).series(subject, word) else { return };
        for held in series.within(after, until, self.known) {
            if let Some(reading) = reading(held) {
                visit(held.at, reading);
            }
        }
    }

    fn events<'a>(
        &'a self,
        subject: Option<Subject>,
        word: WordId,
        until: Instant,
        visit: &mut dyn FnMut(Occurrence<'a>),
    ) -> Known {
        let Some(series) = self.keeper(subject, word).series(subject, word) else { return Known::Yes };
        let mut answer = Known::Yes;
        for held in series.within(Instant::ALWAYS, until, self.known) {
            match &held.value.value {
                FigureValue::Missing => answer = Known::No,
                FigureValue::Happened { by, amount } => visit(Occurrence {
                    at: held.at,
                    by: by.as_deref(),
                    amount: amount.as_ref().map(|amount| amount.number()),
                    contents: held.value.contents.as_deref().map(|contents| contents.0.as_slice()),
                    evidence: evidence(held.since, held.value.grade),
                }),
                _ => {}
            }
        }
        answer
    }

    fn subjects(&self, kind: KindId, at: Instant, visit: &mut dyn FnMut(Subject)) -> Known {
        self.record.roster.visit(kind, at, self.known, visit)
    }

    fn refers(&self, subject: Subject, kind: KindId) -> Option<Subject> {
        self.record.roster.refers(subject, kind, self.known)
    }

    fn given(&self, subject: Option<Subject>, name: &str, at: Instant) -> Option<Reading<'_>> {
        let held = self.record.rulings(subject, name)?.latest(at, self.known)?;
        if held.value.until.is_some_and(|until| until < at) {
            return None;
        }
        Some(Reading { datum: datum(&held.value.answer)?, evidence: evidence(held.since, Grade::Declared) })
    }
}

#[inline]
fn reading(held: &Held<Sample>) -> Option<Reading<'_>> {
    Some(Reading { datum: datum(&held.value.value)?, evidence: evidence(held.since, held.value.grade) })
}

/// An occurrence is no value.
#[inline]
fn datum(value: &FigureValue) -> Option<Datum<'_>> {
    Some(match value {
        FigureValue::Missing => Datum::Missing,
        FigureValue::None => Datum::None,
        FigureValue::Truth(yes) => Datum::Truth(*yes),
        FigureValue::Number(number, currency) => Datum::Number(number.number(), *currency),
        FigureValue::Length(ms) => Datum::Length(*ms),
        FigureValue::Civil(length) => Datum::Civil(*length),
        FigureValue::Code(code) => Datum::Code(code),
        FigureValue::Codes(codes) => Datum::Codes(codes),
        FigureValue::Happened { .. } => return None,
    })
}

#[inline]
fn evidence(since: Stamp, grade: Grade) -> Option<Evidence> {
    (since != Stamp::GIVEN).then_some(Evidence { entry: since.index, grade: grade as u8 })
}
