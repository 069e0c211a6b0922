//! Orders and requests at the door: the one place where a rule has a say in what may enter.

use super::{at_most, moment, named, record, refusal, text};
use crate::fact::{OrderKind, OrderMoved, OrderStep};
use crate::finding::Finding;
use crate::known::KnownAt;
use crate::limits;
use crate::order::{self, findings, is_answered, is_met};
use crate::refusal::{Code, Refusal};
use crate::state::State;
use alloc::string::String;
use alloc::vec::Vec;
use rulebook::finding::Verdict;

pub(super) fn order(state: &State, fact: &OrderMoved) -> Result<(), Refusal> {
    record(state, &fact.exchange)?;
    text("exchange", &fact.exchange, limits::NAME)?;
    text("id", &fact.id, limits::NAME)?;
    text("by", &fact.by, limits::NAME)?;
    if let Some(name) = &fact.subject {
        named(state, "subject", name)?;
    }
    at_most("text", fact.text.len(), limits::REASONS, "bytes")?;
    at_most("penalty", fact.penalty.len(), limits::TITLE, "bytes")?;
    at_most("evidence", fact.evidence.len(), limits::CODES, "hashes")?;
    moment("at", fact.at)?;
    moment("as_of", fact.as_of)?;
    fact.due.map_or(Ok(()), |due| moment("due", due))?;
    if let Some(unknown) = fact.evidence.iter().find(|hash| state.vault().of(hash).next().is_none()) {
        let hint = "`bongsu evidence add` keeps the file first";
        return Err(refusal(Code::UnknownEvidence, "evidence", "a file in the vault", &hex(unknown), hint));
    }
    order::may_follow(state.orders(), fact)?;
    match fact.step {
        OrderStep::Issued => ground(state, fact),
        OrderStep::Closed => retested(state, fact),
        _ => Ok(()),
    }
}

/// An order needs a rule, and that it is not met; a request needs a rule.
fn ground(state: &State, fact: &OrderMoved) -> Result<(), Refusal> {
    let book = state.adoptions().last().and_then(|adoption| adoption.book.as_deref());
    if book.is_none_or(|book| book.rule(&fact.rule).is_none()) {
        let hint = "`bongsu assess --all` lists the rules";
        return Err(refusal(Code::UnknownRule, "rule", "a rule of the adopted rulebook", &fact.rule, hint));
    }
    if fact.kind == OrderKind::Request {
        return Ok(());
    }
    let found = findings(state, &fact.exchange, &fact.rule, fact.subject.as_ref(), fact.as_of, KnownAt::Now, u64::MAX);
    if found.iter().any(|found| found.verdict == Verdict::NotMet) {
        return Ok(());
    }
    let hint = "an order rests on a rule that is not met then; what is unknown is a request";
    Err(refusal(Code::NoGround, "as_of", "a finding that is not met", &verdicts(&found), hint))
}

/// What was tried again last must be met; what was asked must be known.
fn retested(state: &State, fact: &OrderMoved) -> Result<(), Refusal> {
    let key = (fact.exchange.clone(), fact.id.clone());
    let retest = state.orders().get(&key).and_then(|order| order.retest());
    let hint = "`bongsu order retest` tries the rule again; an order closes when its rule is met";
    let Some((stamp, retest)) = retest else {
        return Err(refusal(Code::NotMet, "step", "a retest before it", "none since the last step", hint));
    };
    // By what the retest knew, under the rulebook that held then: what it concluded, concluded again.
    let known = KnownAt::Entry(stamp.index);
    let subject = retest.subject.as_ref();
    let found = findings(state, &retest.exchange, &retest.rule, subject, retest.as_of, known, stamp.index);
    let (done, expected) = match fact.kind {
        OrderKind::Order => (is_met(&found), "a retest that is met"),
        OrderKind::Request => (is_answered(&found), "a retest that can be assessed"),
    };
    if done { Ok(()) } else { Err(refusal(Code::NotMet, "step", expected, &verdicts(&found), hint)) }
}

fn verdicts(found: &[Finding]) -> String {
    let mut names: Vec<&str> = found.iter().map(|found| found.verdict.name()).collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() { String::from("no finding") } else { names.join(", ") }
}

fn hex(hash: &journal::Hash) -> String {
    hash.iter().map(|byte| alloc::format!("{byte:02x}")).collect()
}
