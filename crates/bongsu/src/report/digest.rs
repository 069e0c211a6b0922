//! What a reader must see first, drawn from an assessment once for every form.
//!
//! It promises that only a binding duty counts as a breach, and that nothing is added up across rules: two rules may
//! ask for the same people.

use crate::assessment::{Assessed, Assessment, Change, RuleCard, Score};
use kernel::finding::Finding;
use kernel::upcoming::Why;
use rulebook::book::Status;
use rulebook::finding::Verdict;
use rulebook::time::Instant;
use std::collections::{BTreeMap, BTreeSet};

/// The card of a rule.
pub fn card<'a>(assessment: &'a Assessment, rule: &str) -> Option<&'a RuleCard> {
    assessment.rules.iter().find(|r| r.id == rule)
}

/// Counts what binds.
pub fn binding(exchange: &Assessed) -> Score {
    exchange.score(|status| status == Status::Binding)
}

/// Binding duties that are not met.
pub fn breaches(exchange: &Assessed) -> impl Iterator<Item = &Finding> {
    exchange.findings.iter().filter(|f| f.is_breach())
}

/// Standards that do not bind, or whose text was not seen, and are not reached.
pub fn below(exchange: &Assessed) -> impl Iterator<Item = &Finding> {
    exchange.findings.iter().filter(|f| f.verdict == Verdict::NotMet && !f.is_breach())
}

/// Whether a finding says anything about the exchange.
pub fn reaches(finding: &Finding) -> bool {
    !matches!(finding.verdict, Verdict::NotApplicable | Verdict::NotInForce)
}

/// The worst finding of a rule for an exchange.
pub fn worst<'a>(exchange: &'a Assessed, rule: &str) -> Option<&'a Finding> {
    exchange.findings.iter().filter(|f| f.rule == rule).min_by_key(|f| f.verdict)
}

/// The rules in the order of the pages, by instrument.
pub fn instruments(assessment: &Assessment) -> Vec<Vec<&RuleCard>> {
    let mut groups: Vec<Vec<&RuleCard>> = Vec::new();
    for rule in &assessment.rules {
        match groups.iter_mut().find(|g| g[0].instrument == rule.instrument) {
            Some(group) => group.push(rule),
            None => groups.push(vec![rule]),
        }
    }
    groups
}

/// A date on which something changes, for whom.
#[derive(Clone, Debug)]
pub struct Coming<'a> {
    /// When.
    pub at: Instant,
    /// Why.
    pub why: Why,
    /// The rule's id.
    pub rule: &'a str,
    /// The exchanges, in the order of the report.
    pub exchanges: Vec<&'a Assessed>,
}

/// What changes by time alone, soonest first, with the exchanges it concerns together.
pub fn coming(assessment: &Assessment) -> Vec<Coming<'_>> {
    let mut dates: BTreeMap<(Instant, Why, &str), Vec<&Assessed>> = BTreeMap::new();
    for exchange in &assessment.exchanges {
        for Change { at, why, rule } in &exchange.changes {
            let whom = dates.entry((*at, *why, rule)).or_default();
            if whom.last().is_none_or(|e| e.id != exchange.id) {
                whom.push(exchange);
            }
        }
    }
    dates.into_iter().map(|((at, why, rule), exchanges)| Coming { at, why, rule, exchanges }).collect()
}

/// The judgements that an exchange's findings wait for, each once.
pub fn waiting(exchange: &Assessed) -> BTreeSet<&str> {
    exchange.findings.iter().flat_map(|f| f.judgements.iter().map(String::as_str)).collect()
}

/// The subject of a finding as text: `asset/BTC`; empty for the exchange itself.
pub fn subject(finding: &Finding) -> String {
    finding.subject.as_ref().map(|s| format!("{}/{}", s.kind, s.name)).unwrap_or_default()
}
