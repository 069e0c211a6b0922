//! What changes by time alone: due dates that run, the next measurement, rules that begin or end.
//!
//! It promises to guess nothing: only what the rulebook and the record already say.

use crate::assess;
use crate::view::View;
use alloc::string::String;
use alloc::vec::Vec;
use rulebook::book::{Book, Duty, Measured, RuleId};
use rulebook::finding::Verdict;
use rulebook::time::Instant;

/// Why a verdict may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Its time ends.
    Due,
    /// The rule is read again.
    Measured,
    /// A form of the rule comes into force.
    Begins,
    /// The form in force ends.
    Ends,
}

/// One change ahead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// When.
    pub at: Instant,
    /// Why.
    pub why: Why,
    /// Which rule.
    pub rule: RuleId,
}

/// The changes after a moment, soonest first.
pub fn upcoming(view: &View<'_>, book: &Book, after: Instant, laws: &[String]) -> Vec<Change> {
    let mut changes = Vec::new();
    assess::each(view, book, after, laws, |found| {
        if let (Verdict::NotYetDue, Some(at)) = (found.verdict, found.due) {
            changes.push(Change { at, why: Why::Due, rule: found.rule });
        }
    });
    for (index, rule) in book.rules.iter().enumerate() {
        let instrument = &book.instruments[rule.instrument.index()];
        if rule.is_guard() || !assess::is_among(&instrument.id, laws) {
            continue;
        }
        let id = RuleId::from(index);
        let zone = &instrument.zone;
        for version in &rule.versions {
            if let Some(from) = version.period.from {
                changes.push(Change { at: zone.start_of(from), why: Why::Begins, rule: id });
            }
            if let Some(until) = version.period.until {
                changes.push(Change { at: zone.end_of(until), why: Why::Ends, rule: id });
            }
        }
        let today = zone.date(after);
        let end = zone.end_of(today.last_of_month());
        let following = || today.last_of_month().tomorrow().ok().map(|d| zone.end_of(d.last_of_month()));
        // Only what is in force at the month end is read then.
        let monthly = |at: &Instant| {
            let form = rule.on(zone.date(*at));
            form.is_some_and(|v| matches!(v.duty, Duty::Require { measured: Some(Measured::MonthEnd), .. }))
        };
        let next = if end > after { Some(end) } else { following() };
        changes.extend(next.filter(monthly).map(|at| Change { at, why: Why::Measured, rule: id }));
    }
    changes.retain(|c| c.at > after && c.at != Instant::NEVER);
    changes.sort_by_key(|c| (c.at, c.why, c.rule));
    changes.dedup();
    changes
}
