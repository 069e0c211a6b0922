//! The examiner's work on a package: done again from the facts, sampled, compared with the journal it came from, and turned
//! into requests for whatever could not be assessed.
//!
//! It promises that the same seed draws the same sample everywhere, and that a request is issued once.

use super::verify::Verified;
use crate::lab::random::Random;
use crate::recorder::{self, Recorder};
use crate::trouble::Trouble;
use kernel::fact::{FigureValue, Name, Observation, OrderKind, OrderMoved, OrderStep};
use kernel::finding::Finding;
use kernel::state::State;
use rulebook::book::Book;
use rulebook::finding::Verdict;
use rulebook::time::Instant;
use std::path::Path;

/// A fact that an examiner asks the papers for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sampled {
    /// Its entry in the exchange's journal.
    pub entry: u64,
    /// What it says, in one line; none where it is kept back.
    pub says: Option<String>,
    /// Files that are said to support the rules: their names.
    pub evidence: Vec<String>,
}

/// Draws entries, each at most once: facts and what is kept back alike, never the pages of the rulebook.
pub fn sample(verified: &Verified<'_>, count: usize, seed: u64) -> Vec<Sampled> {
    let mut pool: Vec<Sampled> = verified
        .facts
        .iter()
        .filter(|(_, fact)| !matches!(fact, Observation::RulebookPage(_) | Observation::RulebookAdopted(_)))
        .map(|(stamp, fact)| Sampled {
            entry: stamp.index,
            says: Some(one_line(fact)),
            evidence: evidence(verified, fact),
        })
        .collect();
    pool.extend(verified.unseen.iter().map(|entry| Sampled { entry: *entry, says: None, evidence: Vec::new() }));
    pool.sort_by_key(|sampled| sampled.entry);
    let mut random = Random::new(seed);
    let mut drawn = Vec::new();
    while drawn.len() < count && !pool.is_empty() {
        let last = i64::try_from(pool.len().saturating_sub(1)).unwrap_or(0);
        drawn.push(pool.remove(usize::try_from(random.between(0, last)).unwrap_or(0)));
    }
    drawn.sort_by_key(|sampled| sampled.entry);
    drawn
}

/// The files whose subject is that of a fact, or that speak of no subject at all.
fn evidence(verified: &Verified<'_>, fact: &Observation) -> Vec<String> {
    let names = kernel::reads::names(fact);
    let about = |subject: &Option<Name>| subject.as_ref().is_none_or(|name| names.contains(&name));
    verified.evidence().filter(|kept| about(&kept.subject)).map(|kept| kept.name.clone()).collect()
}

/// A fact in one line.
pub fn one_line(fact: &Observation) -> String {
    let of = |subject: &Option<Name>| subject.as_ref().map_or(String::new(), |n| format!(" of {}/{}", n.kind, n.name));
    match fact {
        Observation::Figure(figure) => {
            format!("{}{} = {}", figure.word, of(&figure.subject), value(&figure.value))
        }
        Observation::Judged(judged) => {
            let answer = if judged.answer { "yes" } else { "no" };
            format!("{}{}: {answer}, by {}", judged.judgement, of(&judged.subject), judged.by)
        }
        Observation::Notice(notice) => {
            let to = notice.to.as_deref().map_or(String::new(), |to| format!(" to {to}"));
            format!("{}{to}{}", notice.word, of(&notice.subject))
        }
        Observation::Remark(remark) => format!("{}{}", remark.topic, of(&remark.subject)),
        Observation::SubjectKnown(known) => format!("{}/{} is there", known.subject.kind, known.subject.name),
        Observation::RosterKnown(roster) => format!("the list of {} is complete", roster.kind),
        Observation::EvidenceKept(kept) => format!("evidence {}", kept.name),
        Observation::OrderMoved(moved) => format!("order {}: {}", moved.id, moved.step.name()),
        Observation::RulebookPage(page) => format!("page {}", page.path),
        Observation::RulebookAdopted(adopted) => format!("rulebook {}", adopted.id),
        other => other.name().to_string(),
    }
}

fn value(value: &FigureValue) -> String {
    match value {
        FigureValue::Missing => "missing".into(),
        FigureValue::None => "none".into(),
        FigureValue::Truth(yes) => if *yes { "yes" } else { "no" }.into(),
        FigureValue::Number(number, currency) => {
            let currency = currency.map_or(String::new(), |c| format!(" {}", c.name()));
            format!("{}{currency}", number.number())
        }
        FigureValue::Length(ms) => rulebook::cell::length(*ms),
        FigureValue::Civil(length) => {
            format!("{} months {} days {} working days", length.months, length.days, length.working_days)
        }
        FigureValue::Code(code) => code.clone(),
        FigureValue::Codes(codes) => codes.join(", "),
        FigureValue::Happened { by, amount } => {
            let by = by.as_deref().map_or(String::new(), |by| format!(" ({by})"));
            amount.as_ref().map_or(format!("happened{by}"), |amount| format!("{}{by}", amount.number()))
        }
    }
}

/// The requests that follow from what could not be assessed: one for each such finding that no open request asks for.
pub fn requests(state: &State, verified: &Verified<'_>, book: &Book, due: Instant, by: &str) -> Vec<OrderMoved> {
    let header = &verified.package.header;
    let at = Instant(recorder::now());
    let unknown = verified.follows.iter().filter(|found| found.verdict == Verdict::CannotBeAssessed);
    let mut requests: Vec<OrderMoved> = Vec::new();
    for found in unknown {
        let open = state.orders().iter().any(|((exchange, _), order)| {
            let first = order.issued().filter(|first| first.kind == OrderKind::Request && order.is_open());
            *exchange == header.exchange
                && first.is_some_and(|first| first.rule == found.rule && first.subject == found.subject)
        });
        if !open {
            requests.push(request(found, &header.exchange, &header.id, header.period.until, book, at, due, by));
        }
    }
    requests
}

/// The request that a finding asks for.
#[allow(clippy::too_many_arguments)]
pub fn request(
    found: &Finding,
    exchange: &str,
    about: &str,
    as_of: Instant,
    book: &Book,
    at: Instant,
    due: Instant,
    by: &str,
) -> OrderMoved {
    let subject = found.subject.as_ref().map_or(String::new(), |name| format!("-{}-{}", name.kind, name.name));
    let mut id = format!("ask-{about}-{}{subject}", found.rule);
    while id.len() > kernel::limits::NAME {
        id.pop();
    }
    OrderMoved {
        exchange: exchange.into(),
        id,
        kind: OrderKind::Request,
        rule: found.rule.clone(),
        subject: found.subject.clone(),
        as_of,
        step: OrderStep::Issued,
        at,
        due: Some(due),
        evidence: Vec::new(),
        text: format!("tell: {}", found.missing.join(", ")),
        penalty: penalty(book, &found.rule, as_of),
        by: by.into(),
    }
}

/// What the law threatens for a rule, in its form of a day.
pub fn penalty(book: &Book, rule: &str, as_of: Instant) -> String {
    let Some(rule) = book.rule(rule).map(|id| &book.rules[id.index()]) else { return String::new() };
    let day = book.instruments[rule.instrument.index()].zone.date(as_of);
    let version = rule.on(day).or(rule.versions.last());
    version.and_then(|version| version.penalty.clone()).unwrap_or_default()
}

/// Issues requests, each by itself: one that the door refuses does not keep the others back.
pub fn issue(dir: &Path, requests: Vec<OrderMoved>) -> Result<(Vec<OrderMoved>, Vec<String>), Trouble> {
    if requests.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let mut recorder = Recorder::open(dir)?;
    let (mut issued, mut refused) = (Vec::new(), Vec::new());
    for request in requests {
        match recorder.observe(&[request.clone().into()], "examine") {
            Ok(_) => issued.push(request),
            Err(why) => refused.push(format!("{}: {why}", request.id)),
        }
    }
    recorder.close()?;
    Ok((issued, refused))
}
