//! One exchange measured against a rulebook at a moment, by what was known at another.
//!
//! It promises that the same record and the same book give the same findings in the same order. It must never know who asks.

use crate::finding::Finding;
use crate::view::View;
use alloc::string::String;
use alloc::vec::Vec;
use rulebook::book::{Book, InstrumentId, RuleId};
use rulebook::evaluate::Evaluator;
use rulebook::time::Instant;

/// Whether an instrument is among the laws asked for: `kr` takes `kr.vaupa` and all others of Korea; none takes all.
pub fn is_among(instrument: &str, laws: &[String]) -> bool {
    laws.is_empty()
        || laws.iter().any(|law| {
            instrument.strip_prefix(law.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
}

/// The findings of every rule of these laws, in the order of the pages.
pub fn assess(view: &View<'_>, book: &Book, as_of: Instant, laws: &[String]) -> Vec<Finding> {
    let mut findings = Vec::new();
    every(view, book, as_of, laws, true, |found| findings.push(Finding::of(found, book, view)));
    findings
}

/// The findings of one rule, by its id; none where the book has no such rule.
pub fn one(view: &View<'_>, book: &Book, rule: &str, as_of: Instant) -> Vec<Finding> {
    let Some(id) = book.rule(rule) else { return Vec::new() };
    let mut evaluator = Evaluator::new(book, view);
    evaluator.gathering = true;
    let mut findings = Vec::new();
    of_rule(&mut evaluator, book, id, as_of, &mut |found| findings.push(Finding::of(found, book, view)));
    findings
}

/// The findings of the rules whose id is wanted, in the order of the pages.
pub fn some(view: &View<'_>, book: &Book, as_of: Instant, wanted: impl Fn(&str) -> bool) -> Vec<Finding> {
    let mut evaluator = Evaluator::new(book, view);
    evaluator.gathering = true;
    let mut findings = Vec::new();
    for (index, _) in book.rules.iter().enumerate().filter(|(_, rule)| !rule.is_guard() && wanted(&rule.id)) {
        of_rule(&mut evaluator, book, RuleId::from(index), as_of, &mut |f| findings.push(Finding::of(f, book, view)));
    }
    findings
}

/// Hands each finding out as the evaluator leaves it, without names and evidence: for sweeps over many exchanges and moments.
pub fn each(
    view: &View<'_>,
    book: &Book,
    as_of: Instant,
    laws: &[String],
    visit: impl FnMut(&rulebook::finding::Finding),
) {
    every(view, book, as_of, laws, false, visit);
}

fn every(
    view: &View<'_>,
    book: &Book,
    as_of: Instant,
    laws: &[String],
    evidence: bool,
    mut visit: impl FnMut(&rulebook::finding::Finding),
) {
    let mut evaluator = Evaluator::new(book, view);
    evaluator.gathering = evidence;
    let wanted: Vec<bool> = book.instruments.iter().map(|i| is_among(&i.id, laws)).collect();
    for (index, rule) in book.rules.iter().enumerate() {
        if rule.is_guard() || !wanted.get(rule.instrument.index()).copied().unwrap_or(false) {
            continue;
        }
        of_rule(&mut evaluator, book, RuleId::from(index), as_of, &mut visit);
    }
}

fn of_rule<'a>(
    evaluator: &mut Evaluator<'a, View<'a>>,
    book: &'a Book,
    id: RuleId,
    as_of: Instant,
    visit: &mut impl FnMut(&rulebook::finding::Finding),
) {
    let rule = &book.rules[id.index()];
    evaluator.reset();
    if !rule.has_begun(book.instruments[rule.instrument.index()].zone.date(as_of)) {
        visit(&evaluator.not_in_force(id));
        return;
    }
    let at = evaluator.at(as_of, InstrumentId(rule.instrument.0));
    evaluator.findings(id, &at).iter().for_each(visit);
}
