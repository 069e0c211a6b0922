//! A decision about a withdrawal with everything behind it: what was seen, and where each other rule stopped.
//!
//! It promises the answer that [`super::conclude`] gives to the same question at the same state, and that what is listed as
//! seen is what the rules asked for, no more and no less. It changes nothing: it is the dry run.

use super::conclusion::{Concluded, Decided, Unmet};
use super::view::GuardView;
use super::words::Slot;
use crate::fact::WithdrawalAsked;
use crate::known::{KnownAt, Stamp};
use crate::state::State;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cell::RefCell;
use rulebook::book::Book;
use rulebook::evaluate::{At, Evaluator};
use rulebook::facts::{Datum, Facts, Known, Occurrence, Reading, Subject, Tally};
use rulebook::time::Instant;
use rulebook::vocabulary::{KindId, WordId};

/// A decision and what is behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// The decision.
    pub decided: Decided,
    /// Every rule that did not decide, with the first of its conditions that stood in the way, whatever the answer.
    pub unmet: Vec<Unmet>,
    /// Each value that the rules asked for, by the word and, for a sum, its window; `unknown` where it is not known.
    pub seen: Vec<(String, String)>,
}

/// Decides about a withdrawal and says why; `None` where the exchange has no guard.
pub fn explain(state: &State, fact: &WithdrawalAsked, stamp: Stamp) -> Option<Explained> {
    let concluded = super::conclude(state, &fact.clone().into(), stamp);
    let decided = concluded.into_iter().find_map(|concluded| match concluded {
        Concluded::Decided(decided) => Some(decided),
        _ => None,
    })?;
    let guard = state.guard(&fact.exchange)?;
    let book = state.adopted_for(stamp.index).and_then(|adoption| adoption.book.as_deref());
    let (Some((wallet, _)), Some((asset, listed)), Some(book)) =
        (guard.wallet(&fact.wallet), guard.asset(&fact.asset), book)
    else {
        return Some(Explained { unmet: decided.unmet.clone(), decided, seen: Vec::new() });
    };
    let won = listed.prices.value(fact.amount, stamp.time);
    let question = guard.question(fact, wallet, asset, won);
    let words = state.guard_words();
    let record = state.view(&fact.exchange, KnownAt::Now);
    let view = GuardView { guard, words, record, question: &question, now: stamp.time };
    let seeing = Seeing { view, book, seen: RefCell::default(), now: stamp.time };
    let unmet = seeing.ask(words.withdrawal, decided.rule.as_deref());
    let seen = seeing.seen.into_inner().into_iter().collect();
    Some(Explained { decided, unmet, seen })
}

/// A view that notes what it was asked.
struct Seeing<'g> {
    view: GuardView<'g>,
    book: &'g Book,
    seen: RefCell<BTreeMap<String, String>>,
    now: Instant,
}

impl Seeing<'_> {
    /// Asks every rule of a kind, and lists where those that did not decide stopped.
    fn ask(&self, kind: KindId, decider: Option<&str>) -> Vec<Unmet> {
        let book = self.book;
        let rule = book.rules.iter().find(|rule| rule.kind == Some(kind) && rule.is_guard());
        let Some(instrument) = rule.map(|rule| rule.instrument) else { return Vec::new() };
        let mut evaluator = Evaluator::new(book, self);
        evaluator.gathering = false;
        let at = At { subject: Some(Subject { kind, id: 0 }), ..evaluator.at(self.now, instrument) };
        let _decision = evaluator.decide(&at);
        let list = evaluator.unmet(&at).into_iter();
        let said = list.map(|unmet| {
            let unknown = if unmet.missing.is_empty() {
                String::new()
            } else {
                format!(" (unknown: {})", unmet.missing.join(", "))
            };
            let condition = format!("{}{unknown}", book.text_of(unmet.condition));
            Unmet { rule: book.rules[unmet.rule.index()].id.clone(), condition }
        });
        said.filter(|unmet| Some(unmet.rule.as_str()) != decider).collect()
    }

    fn note(&self, word: WordId, beside: &str, value: String) {
        let name = &self.book.vocabulary.word(word).name;
        self.seen.borrow_mut().insert(format!("{name}{beside}"), value);
    }

    fn unit(&self, word: WordId) -> String {
        // What adds up by asset is in units of it, everything else says its own.
        match self.view.words.slot(word) {
            Slot::Sum(super::windows::Axis::Asset) => String::new(),
            Slot::Sum(_) => String::from(" KRW"),
            _ if self.book.vocabulary.word(word).unit == "KRW" => String::from(" KRW"),
            _ => String::new(),
        }
    }

    fn datum(&self, word: WordId, datum: &Datum<'_>) -> String {
        match datum {
            Datum::Missing => String::from("unknown"),
            Datum::None => String::from("none"),
            Datum::Truth(true) => String::from("yes"),
            Datum::Truth(false) => String::from("no"),
            Datum::Number(number, _) => format!("{number}{}", self.unit(word)),
            Datum::Length(ms) => format!("{ms} ms"),
            Datum::Civil(civil) => format!("{civil:?}"),
            Datum::Code(code) => (*code).to_string(),
            Datum::Codes(codes) => codes.join(", "),
            Datum::Moment(at) => format!("{} ms", at.0),
        }
    }
}

impl Facts for Seeing<'_> {
    fn value(&self, subject: Option<Subject>, word: WordId, at: Instant) -> Option<Reading<'_>> {
        let reading = self.view.value(subject, word, at);
        let value = reading.map_or_else(|| String::from("unknown"), |reading| self.datum(word, &reading.datum));
        let ago = self.now.0.saturating_sub(at.0);
        let beside = if ago == 0 { String::new() } else { format!(" at {} ago", length(ago)) };
        self.note(word, &beside, value);
        reading
    }

    fn series<'a>(
        &'a self,
        subject: Option<Subject>,
        word: WordId,
        after: Instant,
        until: Instant,
        visit: &mut dyn FnMut(Instant, Reading<'a>),
    ) {
        self.view.series(subject, word, after, until, visit);
    }

    fn events<'a>(
        &'a self,
        subject: Option<Subject>,
        word: WordId,
        until: Instant,
        visit: &mut dyn FnMut(Occurrence<'a>),
    ) -> Known {
        let mut last = None;
        let known = self.view.events(subject, word, until, &mut |occurrence| {
            last = Some(occurrence.at);
            visit(occurrence);
        });
        let value = match (known, last) {
            (Known::No, _) => String::from("unknown"),
            (Known::Yes, None) => String::from("never"),
            (Known::Yes, Some(at)) => format!("{} ms", at.0),
        };
        self.note(word, "", value);
        known
    }

    fn total(&self, subject: Option<Subject>, word: WordId, count: bool, after: Instant, until: Instant) -> Tally {
        let tally = self.view.total(subject, word, count, after, until);
        let window = length(until.0.saturating_sub(after.0));
        let what = if count { "count" } else { "sum" };
        match &tally {
            Tally::Visit => {}
            Tally::Unknown => self.note(word, &format!(" {what} {window}"), String::from("unknown")),
            Tally::Is(number) => {
                let unit = if count { String::new() } else { self.unit(word) };
                self.note(word, &format!(" {what} {window}"), format!("{number}{unit}"));
            }
        }
        tally
    }

    fn subjects(&self, kind: KindId, at: Instant, visit: &mut dyn FnMut(Subject)) -> Known {
        self.view.subjects(kind, at, visit)
    }

    fn refers(&self, subject: Subject, kind: KindId) -> Option<Subject> {
        self.view.refers(subject, kind)
    }

    fn given(&self, subject: Option<Subject>, name: &str, at: Instant) -> Option<Reading<'_>> {
        self.view.given(subject, name, at)
    }
}

/// A length in the largest unit that divides it.
pub fn length(ms: i64) -> String {
    let units = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1_000, "s")];
    let whole = |(size, _): &&(i64, &str)| ms % size == 0 && ms >= *size;
    match units.iter().find(whole) {
        Some((size, unit)) => format!("{} {unit}", ms.checked_div(*size).unwrap_or(0)),
        None => format!("{ms} ms"),
    }
}
