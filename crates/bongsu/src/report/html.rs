//! The report as one page: the answer first, then the map, then each exchange, what is open, and what the report rests on.
//! Everything is in the file; it reads in the light, in the dark and on paper.

use crate::assessment::{Assessed, Assessment};
use crate::lang::Lang;
use crate::report::amount::amounts;
use crate::report::html_exchange;
use crate::report::{chart, digest, words};
use kernel::finding::Finding;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use rulebook::book::{STATUSES, Status};
use rulebook::finding::{VERDICTS, Verdict};
use rulebook::vocabulary::Vocabulary;

/// The look of the page.
const STYLE: &str = include_str!("page.css");

/// Most dates on a card; the table has them all.
const DATES: usize = 3;

/// An assessment as a page.
pub fn page(assessment: &Assessment, lang: Lang) -> String {
    let words = kernel::words::vocabulary();
    let at = assessment.zone.show(assessment.question.as_of);
    let title = lang.pick("Duties of virtual-asset exchanges", "가상자산거래소 의무 이행 현황");
    let page = html! {
        (DOCTYPE)
        html lang=(lang.pick("en", "ko")) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content={ "Bongsu " (env!("CARGO_PKG_VERSION")) };
                title { (title) " · " (at) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    p.brand { (lang.pick("Bongsu", "봉수")) }
                    h1 { (title) }
                    p { (lang.pick("As of", "기준 시점")) " " strong { (at) } " · "
                        @if let Some(seen) = &assessment.seen_by { (lang.pick("seen by", "열람 기관")) " " strong { (words::authority(&seen.authority, lang)) } " · " }
                        (lang.pick(
                        "Public figures, not evidence. What is unknown says so; nothing is guessed.",
                        "공개 수치이며 증거가 아니다. 모르는 것은 모른다고 적고 추정하지 않는다.")) }
                }
                main {
                    h2 { (lang.pick("The answer", "결론")) }
                    div.cards { @for e in &assessment.exchanges { (card(assessment, e, &words, lang)) } }
                    (chart::rates(assessment, lang))
                    (chart::cold(assessment, lang))
                    (dates(assessment, lang))
                    (map(assessment, lang))
                    @for e in &assessment.exchanges { (html_exchange::section(assessment, e, &words, lang)) }
                    (judgements(assessment, lang))
                    (open(assessment, lang))
                }
                footer {
                    h2 { (lang.pick("What this report rests on", "이 보고서의 근거")) }
                    dl { @for (name, text) in words::about(assessment, lang, |at| crate::report::moment::iso(at, &assessment.zone)) {
                        dt { (name) } dd { (text) }
                    } }
                }
            }
        }
    };
    page.into_string()
}

fn card(assessment: &Assessment, e: &Assessed, words: &Vocabulary, lang: Lang) -> Markup {
    let s = digest::binding(e);
    let below: Vec<&Finding> = digest::below(e).collect();
    html! {
        article.card {
            h3 { a href={ "#" (e.id) } { (lang.pick(&e.name_en, &e.name_ko)) } }
            ul.counts {
                li class=(if s.not_met > 0 { "not-met" } else { "none" }) { b { (s.not_met) } " " (lang.pick("breaches", "미준수")) }
                li.unknown { b { (s.unknown) } " " (lang.pick("unknown", "자료 없음")) }
                li.judge { b { (s.judgement) } " " (lang.pick("to judge", "판단 필요")) }
                li.due { b { (s.running) } " " (lang.pick("not yet due", "기한 전")) }
                li.met { b { (s.met) } " " (lang.pick("met", "준수")) }
            }
            @if s.not_met > 0 {
                h4 { (lang.pick("Breaches of binding law", "구속력 있는 의무 미준수")) }
                ul { @for f in digest::breaches(e) { (short(assessment, f, words, lang)) } }
            }
            @if !below.is_empty() {
                h4 { (lang.pick("Below a standard that does not bind", "구속력 없는 기준 미달")) }
                ul { @for f in &below { (short(assessment, f, words, lang)) } }
            }
            @if !e.changes.is_empty() {
                h4 { (lang.pick("Next dates", "다가오는 날짜")) }
                ul { @for c in e.changes.iter().take(DATES) {
                    li { b { (words::when(c.why, c.at, &assessment.zone)) } " " (words::why(c.why, lang)) ": " (rule_title(assessment, &c.rule, lang)) }
                } }
            }
        }
    }
}

/// A duty that is not met in one line: what, whose, and how much is short.
fn short(assessment: &Assessment, f: &Finding, words: &Vocabulary, lang: Lang) -> Markup {
    let a = amounts(f, digest::card(assessment, &f.rule), words, lang);
    let subject = digest::subject(f);
    html! {
        li {
            (rule_title(assessment, &f.rule, lang))
            @if !subject.is_empty() { " (" (subject) ")" }
            @if f.status != Status::Binding { " " span.label { (words::status(f.status, lang)) } }
            @if !a.short.is_empty() { " · " b.short { (lang.pick("short ", "부족 ")) (a.short) } }
            @if !a.gap.is_empty() { " · " b.short { (a.gap) } }
            @if a.short.is_empty() && a.gap.is_empty() && !a.value.is_empty() && !a.required.is_empty() { " · " (a.value) " / " (a.required) }
        }
    }
}

fn rule_title<'a>(assessment: &'a Assessment, rule: &'a str, lang: Lang) -> &'a str {
    digest::card(assessment, rule).map_or(rule, |r| words::title(r, lang))
}

fn dates(assessment: &Assessment, lang: Lang) -> Markup {
    let coming = digest::coming(assessment);
    if coming.is_empty() {
        return html! {};
    }
    html! {
        section.charts {
            h3 { (lang.pick("What changes by time alone", "앞으로 바뀌는 날")) }
            (chart::strip(assessment, &coming, lang))
            table.dates {
                thead { tr {
                    th scope="col" { "#" } th scope="col" { (lang.pick("Date", "날짜")) }
                    th scope="col" { (lang.pick("What", "내용")) } th scope="col" { (lang.pick("Exchanges", "거래소")) }
                } }
                tbody { @for (n, (at, list)) in chart::days(&coming).iter().enumerate() { @for (line, c) in list.iter().enumerate() {
                    tr {
                        @if line == 0 {
                            td rowspan=(list.len()) { (n + 1) }
                            th scope="rowgroup" rowspan=(list.len()) { (words::when(list[0].why, *at, &assessment.zone)) }
                        }
                        td { (words::why(c.why, lang)) ": " (rule_title(assessment, c.rule, lang)) " " code { (c.rule) } }
                        td { @if c.exchanges.len() == assessment.exchanges.len() { (lang.pick("all", "전체")) } @else {
                            (c.exchanges.iter().map(|e| lang.pick(&e.name_en, &e.name_ko)).collect::<Vec<_>>().join(", "))
                        } }
                    }
                } } }
            }
        }
    }
}

/// Duties × exchanges; a duty that reaches nobody has no row.
fn map(assessment: &Assessment, lang: Lang) -> Markup {
    let reaches = |rule: &str| assessment.exchanges.iter().filter_map(|e| digest::worst(e, rule)).any(digest::reaches);
    let hidden = assessment.rules.iter().filter(|r| !reaches(&r.id)).count();
    html! {
        section {
            h2 { (lang.pick("Duties × exchanges", "의무 × 거래소")) }
            p.legend {
                @for (verdict, _) in VERDICTS.iter().filter(|(v, _)| *v != Verdict::NotApplicable) {
                    span class={ "cell " (class(*verdict, Status::Binding)) } { (words::letter(*verdict, lang)) } " "
                    (words::verdict(*verdict, Status::Binding, lang))
                    @if *verdict == Verdict::NotInForce { ", " (words::verdict(Verdict::NotApplicable, Status::Binding, lang)) }
                    " "
                }
                span class={ "cell " (class(Verdict::NotMet, Status::Recommended)) } { (words::letter(Verdict::NotMet, lang)) } " "
                (lang.pick("not met, not binding", "미달(구속력 없음)"))
            }
            table.map {
                thead { tr {
                    th scope="col" { (lang.pick("Duty", "의무")) }
                    @for e in &assessment.exchanges { th scope="col" { (lang.pick(&e.name_en, &e.name_ko)) } }
                } }
                @for group in digest::instruments(assessment) { @if group.iter().any(|r| reaches(&r.id)) {
                    tbody {
                        tr.instrument { th scope="rowgroup" colspan=(assessment.exchanges.len() + 1) { (words::instrument(group[0], lang)) } }
                        @for rule in group.iter().filter(|r| reaches(&r.id)) { tr {
                            th scope="row" { (words::title(rule, lang)) @if rule.status != Status::Binding { " " span.label { (words::status(rule.status, lang)) } } }
                            @for e in &assessment.exchanges { (cell(e, &rule.id, lang)) }
                        } }
                    }
                } }
            }
            @if hidden > 0 { p.small { (hidden) " " (lang.pick("duties reach none of these exchanges on this day and are left out.", "개 의무는 이 날 어느 거래소에도 해당하지 않거나 시행 전이라 뺐다.")) } }
        }
    }
}

fn cell(e: &Assessed, rule: &str, lang: Lang) -> Markup {
    let Some(f) = digest::worst(e, rule) else { return html! { td { span.cell.nothing { "·" } } } };
    let count = e.findings.iter().filter(|other| other.rule == rule && other.verdict == f.verdict).count();
    let name = words::verdict(f.verdict, f.status, lang);
    html! {
        td { span class={ "cell " (class(f.verdict, f.status)) } title=(name) {
            span aria-hidden="true" { (words::letter(f.verdict, lang)) @if count > 1 && digest::reaches(f) { small { "×" (count) } } }
            span.hidden { (name) }
        } }
    }
}

/// The class of a verdict's colour. Red is for breaches alone.
pub fn class(verdict: Verdict, status: Status) -> &'static str {
    match verdict {
        Verdict::NotMet if status == Status::Binding => "not-met",
        Verdict::NotMet => "below",
        Verdict::CannotBeAssessed => "unknown",
        Verdict::NeedsJudgement => "judge",
        Verdict::NotYetDue => "due",
        Verdict::Met => "met",
        Verdict::NotInForce | Verdict::NotApplicable => "nothing",
    }
}

fn judgements(assessment: &Assessment, lang: Lang) -> Markup {
    if assessment.judgements.is_empty() {
        return html! {};
    }
    html! {
        section {
            h2 { (lang.pick("Judgements to be made", "사람이 판단할 것")) }
            table {
                thead { tr {
                    th scope="col" { (lang.pick("Question", "질문")) } th scope="col" { (lang.pick("What to look at", "살펴볼 것")) }
                    th scope="col" { (lang.pick("Citations", "근거 조문")) } th scope="col" { (lang.pick("For", "거래소")) }
                } }
                tbody { @for j in &assessment.judgements { tr {
                    th scope="row" { (lang.pick(&j.asks_en, &j.asks_ko)) br; code { (j.id) } }
                    td { ul { @for look in &j.look { li { (look) } } } }
                    td { (j.cites.join("; ")) }
                    td { (assessment.exchanges.iter().filter(|e| digest::waiting(e).contains(j.id.as_str())).map(|e| lang.pick(&e.name_en, &e.name_ko)).collect::<Vec<_>>().join(", ")) }
                } } }
            }
        }
    }
}

fn open(assessment: &Assessment, lang: Lang) -> Markup {
    let open: Vec<_> = assessment.rules.iter().filter_map(|r| Some((r, r.open.as_deref()?))).collect();
    if open.is_empty() {
        return html! {};
    }
    html! {
        section {
            h2 { (lang.pick("Open questions", "확인되지 않은 것")) }
            table {
                thead { tr {
                    th scope="col" { (lang.pick("Duty", "의무")) } th scope="col" { (lang.pick("Status", "성격")) } th scope="col" { (lang.pick("What is open", "확인할 사항")) }
                } }
                tbody { @for (rule, question) in open { tr {
                    th scope="row" { (words::title(rule, lang)) br; code { (rule.id) } }
                    td { (words::status(rule.status, lang)) }
                    td { (question) }
                } } }
            }
            p.small { (STATUSES.iter().filter(|(s, _)| *s != Status::Binding).map(|(s, _)| words::status(*s, lang)).collect::<Vec<_>>().join(" · ")) ": " (lang.pick("never counted as a breach.", "위반으로 세지 않는다.")) }
        }
    }
}
