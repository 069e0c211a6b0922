//! One exchange on the page: a table for each instrument, and by name only what does not reach it.

use crate::assessment::{Assessed, Assessment, RuleCard};
use crate::lang::Lang;
use crate::report::amount::amounts;
use crate::report::html::class;
use crate::report::{digest, words};
use kernel::finding::Finding;
use maud::{Markup, html};
use rulebook::book::Status;
use rulebook::finding::Verdict;
use rulebook::time::Instant;
use rulebook::vocabulary::Vocabulary;
use std::collections::BTreeSet;

/// The section of an exchange.
pub fn section(assessment: &Assessment, e: &Assessed, words: &Vocabulary, lang: Lang) -> Markup {
    html! {
        section.exchange id=(e.id) {
            h2 { (lang.pick(&e.name_en, &e.name_ko)) }
            @if let Some(entry) = e.entry { p.small { (lang.pick("Recorded in entry", "기록된 항목")) " " (entry) } }
            @for group in digest::instruments(assessment) { (instrument(assessment, e, &group, words, lang)) }
        }
    }
}

fn instrument(assessment: &Assessment, e: &Assessed, group: &[&RuleCard], words: &Vocabulary, lang: Lang) -> Markup {
    let of = |rule: &RuleCard| e.findings.iter().filter(|f| f.rule == rule.id).collect::<Vec<&Finding>>();
    let shown: Vec<(&RuleCard, &Finding)> =
        group.iter().flat_map(|r| of(r).into_iter().filter(|f| digest::reaches(f)).map(|f| (*r, f))).collect();
    let silent = |verdict: Verdict| {
        let rules = group.iter().filter(|r| !of(r).is_empty() && of(r).iter().all(|f| f.verdict == verdict));
        rules.map(|r| words::title(r, lang)).collect::<Vec<_>>()
    };
    let silent = [Verdict::NotApplicable, Verdict::NotInForce].map(|v| (v, silent(v)));
    if shown.is_empty() && silent.iter().all(|(_, list)| list.is_empty()) {
        return html! {};
    }
    let (unknown, answered): (Vec<_>, Vec<_>) =
        shown.into_iter().partition(|(_, f)| f.verdict == Verdict::CannotBeAssessed);
    html! {
        h3 { (words::instrument(group[0], lang)) " " span.small { code { (group[0].instrument) } " · " (words::authorities(&group[0].authorities, lang)) } }
        @if !answered.is_empty() { table.findings {
            thead { tr {
                th scope="col" { (lang.pick("Duty", "의무")) }
                th scope="col" { (lang.pick("Verdict", "판단")) }
                th scope="col" { (lang.pick("Is", "현재")) }
                th scope="col" { (lang.pick("Required", "기준")) }
                th scope="col" { (lang.pick("Short", "부족")) }
                th scope="col" { (lang.pick("Missing, or to be judged", "없는 자료·판단할 것")) }
                th scope="col" { (lang.pick("Citation and evidence", "근거 조문과 증거")) }
            } }
            tbody { @for (rule, f) in &answered { (row(assessment, rule, f, words, lang)) } }
        } }
        @if !unknown.is_empty() { table.unknowns {
            thead { tr {
                th scope="col" { span.verdict.unknown { (words::verdict(Verdict::CannotBeAssessed, Status::Binding, lang)) } }
                th scope="col" { (lang.pick("Missing facts", "없는 자료")) }
                th scope="col" { (lang.pick("Required", "기준")) }
                th scope="col" { (lang.pick("Citation and evidence", "근거 조문과 증거")) }
            } }
            tbody { @for same in alike(&unknown) { (unknown_row(same, words, lang)) } }
        } }
        @for (verdict, list) in &silent { @if !list.is_empty() {
            p.small { b { (words::verdict(*verdict, Status::Binding, lang)) " " (list.len()) ": " } (list.join(" · ")) }
        } }
    }
}

/// Findings of one rule that wait for the same facts, together: they differ only in their subjects.
fn alike<'s, 'a>(unknown: &'s [(&'a RuleCard, &'a Finding)]) -> Vec<&'s [(&'a RuleCard, &'a Finding)]> {
    unknown.chunk_by(|(_, a), (_, b)| a.rule == b.rule && a.missing == b.missing && a.required == b.required).collect()
}

fn unknown_row(same: &[(&RuleCard, &Finding)], words: &Vocabulary, lang: Lang) -> Markup {
    let (rule, f) = same[0];
    let subjects: Vec<String> = same.iter().map(|(_, f)| digest::subject(f)).filter(|s| !s.is_empty()).collect();
    let a = amounts(f, Some(rule), words, lang);
    html! {
        tr {
            th scope="row" {
                (words::title(rule, lang)) " " span.label { (words::status(f.status, lang)) }
                br; code { (rule.id) } @if !subjects.is_empty() { span.small { " · " (subjects.join(", ")) } }
            }
            td { @for (at, name) in f.missing.iter().enumerate() {
                @if at > 0 { " · " } (words::missing_meaning(name, words, lang)) " " code { (name) }
            } }
            td.number { (a.required) }
            td.small { (support(rule, same.iter().map(|(_, f)| *f), lang)) }
        }
    }
}

/// Articles, and the entries that some findings of one rule rest on.
fn support<'f>(rule: &RuleCard, findings: impl Iterator<Item = &'f Finding> + Clone, lang: Lang) -> Markup {
    let entries: BTreeSet<u64> = findings.clone().flat_map(|f| f.evidence.iter().copied()).collect();
    let entries: Vec<u64> = entries.into_iter().collect();
    let grade = findings.filter_map(|f| f.grade).min();
    html! {
        (rule.cites.join("; "))
        @if let Some(shared) = words::shared(rule, lang) { br; b { (shared) } }
        @if !entries.is_empty() { br; (lang.pick("entries", "항목")) " " (words::entries(&entries)) }
        @if let Some(grade) = grade { " (" (words::grade(grade, lang)) ")" }
    }
}

fn row(assessment: &Assessment, rule: &RuleCard, f: &Finding, words: &Vocabulary, lang: Lang) -> Markup {
    let a = amounts(f, Some(rule), words, lang);
    let subject = digest::subject(f);
    let due = f.due.filter(|d| *d != Instant::NEVER);
    html! {
        tr {
            th scope="row" {
                (words::title(rule, lang))
                @if !subject.is_empty() { " · " (subject) }
                br; code { (rule.id) } " " span.label { (words::status(f.status, lang)) }
            }
            td { span class={ "verdict " (class(f.verdict, f.status)) } { (words::verdict(f.verdict, f.status, lang)) }
                @if let Some(due) = due { br; span.small { (lang.pick("due", "기한")) " " (assessment.zone.show(due)) } }
                @if let Some(ms) = f.elapsed { br; span.small { (lang.pick("elapsed", "경과")) " " (rulebook::cell::length(ms)) } }
                @if let Some(at) = f.measured { br; span.small { (lang.pick("measured", "측정")) " " (assessment.zone.show(at)) } }
            }
            td.number { (a.value) }
            td.number { (a.required) }
            td.number { b { (a.short) } @if !a.short.is_empty() && !a.gap.is_empty() { br; } (a.gap) }
            td { @if !f.missing.is_empty() || !f.judgements.is_empty() { ul {
                @for name in &f.missing { li { (words::missing(name, words, lang)) } }
                @for name in &f.judgements { li { (words::judgement(name, &assessment.judgements, lang)) } }
            } } }
            td.small { (support(rule, std::iter::once(f), lang))
                @if let Some(penalty) = rule.penalty.as_ref().filter(|_| f.is_breach()) { br; (lang.pick("Penalty", "제재")) ": " (penalty) }
            }
        }
    }
}
