//! What an exchange's assessment comes to, rule by rule: the subject that is worst off stands for all.
//!
//! It promises: of two subjects with one verdict the one that has the least part of what it needs is the worse; equal ones
//! stand in the order of the record.

use crate::assessment::Score;
use crate::compare::Question;
use kernel::finding::Finding;
use kernel::state::{Exchange, State};
use kernel::view::View;
use rulebook::book::{Book, InstrumentId, RuleId, Status};
use rulebook::finding::{Amount, Verdict};
use rulebook::number::Number;
use rulebook::value::Owned;

/// The worst finding of each rule of a book, and the binding findings of each instrument by verdict.
#[derive(Clone, Debug)]
pub struct Measured {
    worst: Vec<Option<Worst>>,
    scores: Vec<Score>,
}

/// The worst finding of a rule.
#[derive(Clone, Debug)]
pub struct Worst {
    finding: Finding,
    /// Left and right side, while they are still numbers.
    pub sides: [Option<Amount>; 2],
    /// Subjects that the rule looked at.
    pub subjects: usize,
    /// Subjects with the same verdict.
    pub alike: usize,
}

impl Measured {
    /// The worst finding of a rule; none where the rule is of no law that was asked for.
    pub fn of(&self, rule: RuleId) -> Option<&Worst> {
        self.worst.get(rule.index())?.as_ref()
    }

    /// The same, taken out.
    pub fn take(&mut self, rule: RuleId) -> Option<Worst> {
        self.worst.get_mut(rule.index())?.take()
    }

    /// The binding findings of some instruments by verdict, each subject counted: as an assessment counts.
    pub fn score(&self, wanted: impl Fn(InstrumentId) -> bool) -> Score {
        let mut sum = Score::default();
        for (_, s) in self.scores.iter().enumerate().filter(|(at, _)| wanted(InstrumentId::from(*at))) {
            sum.met += s.met;
            sum.not_met += s.not_met;
            sum.unknown += s.unknown;
            sum.judgement += s.judgement;
            sum.running += s.running;
        }
        sum
    }
}

impl Worst {
    /// Its verdict.
    pub fn verdict(&self) -> Verdict {
        self.finding.verdict
    }

    /// The finding, with the exchange's number as its value also where the page writes it on the right.
    pub fn into_finding(self, swapped: bool) -> Finding {
        let mut finding = self.finding;
        if swapped {
            (finding.value, finding.required) = (finding.required.take(), finding.value.take());
        }
        finding
    }
}

/// Assesses an exchange and keeps the worst of each rule.
pub fn measure(book: &Book, state: &State, exchange: &Exchange, question: &Question) -> Measured {
    let view = View { record: &exchange.record, shared: Some(state.shared()), known: question.known };
    let mut scores = vec![Score::default(); book.instruments.len()];
    let mut worst: Vec<Option<Worst>> = (0..book.rules.len()).map(|_| None).collect();
    kernel::assess::each(&view, book, question.as_of, &question.laws, |found| {
        let instrument = book.rules[found.rule.index()].instrument;
        if let Some(score) = scores.get_mut(instrument.index()).filter(|_| found.status == Status::Binding) {
            score.add(found.verdict);
        }
        let Some(place) = worst.get_mut(found.rule.index()) else { return };
        let keep = || Worst {
            finding: Finding::of(found, book, &view),
            sides: [found.value.clone(), found.required.clone()],
            subjects: 1,
            alike: 1,
        };
        let Some(before) = place else { return *place = Some(keep()) };
        // The evaluator hands the findings of a rule out worst first: a better one only counts.
        let subjects = before.subjects + 1;
        let alike = before.alike + usize::from(found.verdict == before.finding.verdict);
        if found.verdict == before.finding.verdict && is_shorter(found, before) {
            *before = keep();
        }
        (before.subjects, before.alike) = (subjects, alike);
    });
    Measured { worst, scores }
}

/// Whether less of what is needed is there. Units cancel, so one asset compares with another.
fn is_shorter(found: &rulebook::finding::Finding, than: &Worst) -> bool {
    let part = |value: &Option<Amount>, required: &Option<Amount>| {
        number(value.as_ref()?)?.divide(&number(required.as_ref()?)?)
    };
    let [value, required] = &than.sides;
    let parts = part(&found.value, &found.required).zip(part(value, required));
    found.short.is_some() && parts.is_some_and(|(new, old)| new < old)
}

/// A number in what it is counted in: amounts in their unit, lengths in milliseconds.
pub fn number(amount: &Amount) -> Option<Number> {
    match &amount.value {
        Owned::Number(n) => Some(n.clone()),
        Owned::Length(ms) => Some(Number::integer(i128::from(*ms))),
        _ => None,
    }
}
