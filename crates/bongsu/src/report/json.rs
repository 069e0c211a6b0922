//! The contract for programs: see docs/assess-json.md. Amounts are text, exact; a field is always there, `null` or empty
//! where there is nothing.

use crate::assessment::{Assessed, Assessment, RuleCard, Score};
use crate::lang::Lang;
use crate::report::moment::iso;
use crate::report::words;
use kernel::finding::Quantity;
use kernel::known::KnownAt;
use kernel::upcoming::Why;
use rulebook::book::Status;
use rulebook::time::{Instant, Zone};
use serde::Serialize;

#[derive(Serialize)]
struct Top<'a> {
    as_of: String,
    known: Option<Known>,
    seen_by: Option<&'a str>,
    rulebook: &'a str,
    size: Option<u64>,
    exchanges: Vec<Exchange<'a>>,
    findings: Vec<Finding<'a>>,
    changes: Vec<Change<'a>>,
}

/// A moment was asked for, or an entry; everything is the last entry.
#[derive(Clone, Serialize)]
#[serde(untagged)]
enum Known {
    Entry(u64),
    Time(String),
}

#[derive(Serialize)]
struct Exchange<'a> {
    id: &'a str,
    name_en: &'a str,
    name_ko: &'a str,
    score: Counts,
    entry: Option<u64>,
}

/// Only rules that bind are counted.
#[derive(Serialize)]
struct Counts {
    met: usize,
    not_met: usize,
    unknown: usize,
    judgement: usize,
    running: usize,
    answered: usize,
    applicable: usize,
}

#[derive(Serialize)]
struct Finding<'a> {
    exchange: &'a str,
    rule: &'a str,
    subject: Option<String>,
    as_of: &'a str,
    known: Option<Known>,
    verdict: &'static str,
    value: Option<&'a str>,
    required: Option<&'a str>,
    short: Option<&'a str>,
    at_least: bool,
    unit: Units<'a>,
    due: Option<String>,
    elapsed: Option<i64>,
    missing: &'a [String],
    judgements: &'a [String],
    cites: &'a [String],
    shared: &'a [String],
    evidence: &'a [u64],
    grade: Option<&'static str>,
    status: &'static str,
}

/// A share may be short of people: each amount has its own unit.
#[derive(Serialize)]
struct Units<'a> {
    value: Option<&'a str>,
    required: Option<&'a str>,
    short: Option<&'a str>,
}

#[derive(Serialize)]
struct Change<'a> {
    exchange: &'a str,
    at: String,
    why: &'static str,
    rule: &'a str,
}

/// An assessment as JSON.
pub fn show(assessment: &Assessment) -> String {
    let zone = &assessment.zone;
    let as_of = iso(assessment.question.as_of, zone);
    let seen_by = assessment.seen_by.as_ref().map(|seen| seen.authority.as_str());
    let known = match assessment.question.known {
        // How far the journal has grown is nobody's business who sees a part of it.
        KnownAt::Now if seen_by.is_some() => None,
        KnownAt::Now => Some(Known::Entry(assessment.size.saturating_sub(1))),
        KnownAt::Entry(entry) => Some(Known::Entry(entry)),
        KnownAt::Time(at) => Some(Known::Time(iso(at, zone))),
    };
    let of = |e| findings(e, &assessment.rules, &as_of, &known, zone);
    let top = Top {
        exchanges: assessment.exchanges.iter().map(exchange).collect(),
        findings: assessment.exchanges.iter().flat_map(of).collect(),
        changes: assessment.exchanges.iter().flat_map(|e| changes(e, zone)).collect(),
        as_of: as_of.clone(),
        known: known.clone(),
        rulebook: &assessment.rulebook,
        size: seen_by.is_none().then_some(assessment.size),
        seen_by,
    };
    // Plain structs with text keys: there is nothing in them that JSON cannot hold.
    let mut text = serde_json::to_string_pretty(&top).expect("an assessment is JSON");
    text.push('\n');
    text
}

fn exchange(e: &Assessed) -> Exchange<'_> {
    let score = e.score(|status| status == Status::Binding);
    Exchange { id: &e.id, name_en: &e.name_en, name_ko: &e.name_ko, score: counts(score), entry: e.entry }
}

fn counts(score: Score) -> Counts {
    let Score { met, not_met, unknown, judgement, running } = score;
    Counts { met, not_met, unknown, judgement, running, answered: score.answered(), applicable: score.applicable() }
}

fn findings<'a>(
    e: &'a Assessed,
    rules: &'a [RuleCard],
    as_of: &'a str,
    known: &Option<Known>,
    zone: &Zone,
) -> Vec<Finding<'a>> {
    let value = |q: &'a Option<Quantity>| q.as_ref().map(|q| q.value.as_str());
    let unit = |q: &'a Option<Quantity>| q.as_ref().map(|q| q.unit.as_str());
    let card = |rule: &str| rules.iter().find(|r| r.id == rule);
    let due = |at: Instant| (at != Instant::NEVER).then(|| iso(at, zone));
    let one = |f: &'a kernel::finding::Finding| Finding {
        exchange: &e.id,
        rule: &f.rule,
        subject: f.subject.as_ref().map(|s| format!("{}/{}", s.kind, s.name)),
        as_of,
        known: known.clone(),
        verdict: f.verdict.name(),
        value: value(&f.value),
        required: value(&f.required),
        short: value(&f.short),
        at_least: f.at_least,
        unit: Units { value: unit(&f.value), required: unit(&f.required), short: unit(&f.short) },
        due: f.due.and_then(due),
        elapsed: f.elapsed,
        missing: &f.missing,
        judgements: &f.judgements,
        cites: card(&f.rule).map_or(&[], |r| &r.cites),
        shared: card(&f.rule).map_or(&[], |r| &r.shared),
        evidence: &f.evidence,
        grade: f.grade.map(|g| words::grade(g, Lang::En)),
        status: f.status.name(),
    };
    e.findings.iter().map(one).collect()
}

fn changes<'a>(e: &'a Assessed, zone: &Zone) -> Vec<Change<'a>> {
    let name = |why| match why {
        Why::Due => "due",
        Why::Measured => "measured",
        Why::Begins => "begins",
        Why::Ends => "ends",
    };
    e.changes.iter().map(|c| Change { exchange: &e.id, at: iso(c.at, zone), why: name(c.why), rule: &c.rule }).collect()
}
