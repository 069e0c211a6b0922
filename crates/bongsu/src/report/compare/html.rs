//! A comparison as one page: everything is in the file; it reads in the light, in the dark and on paper. Colour is never
//! alone: each cell has its letter and, where it fits, its number.

use super::{Comparison, html_countries, strip, words};
use crate::assessment::Score;
use crate::compare::About;
use crate::compare::matrix::{Cell, Matrix, Row};
use crate::lang::Lang;
use crate::report::amount::{self, amounts};
use crate::report::digest;
use crate::report::html::class;
use crate::report::moment::iso;
use crate::report::words as fixed;
use kernel::finding::Quantity;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use rulebook::book::Status;
use rulebook::finding::{VERDICTS, Verdict};
use rulebook::time::Zone;
use rulebook::vocabulary::Vocabulary;

/// The look of every report, and what comparisons add.
const STYLE: &str = concat!(include_str!("../page.css"), include_str!("compare.css"));

/// A comparison as a page.
pub fn page(comparison: &Comparison, zone: &Zone, lang: Lang) -> String {
    let (title, about, body) = match comparison {
        Comparison::Exchanges(m) => (lang.pick("Obligations × exchanges", "의무 × 거래소"), &m.about, matrix(m, lang)),
        Comparison::Countries(c) => {
            (lang.pick("Topics × countries", "항목 × 국가"), &c.about, html_countries::body(c, lang))
        }
    };
    let at = zone.show(about.question.as_of);
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
            body.compare {
                header {
                    p.brand { (lang.pick("Bongsu", "봉수")) }
                    h1 { (title) }
                    p { (lang.pick("As of", "기준 시점")) " " strong { (at) } }
                }
                main { (body) }
                (foot(about, comparison, zone, lang))
            }
        }
    };
    page.into_string()
}

fn foot(about: &About, comparison: &Comparison, zone: &Zone, lang: Lang) -> Markup {
    let notes = match comparison {
        Comparison::Exchanges(m) => words::notes(m.about.question.peer.is_some(), lang),
        Comparison::Countries(_) => html_countries::notes(lang),
    };
    html! {
        footer {
            h2 { (lang.pick("What this comparison rests on", "이 비교의 근거")) }
            dl {
                @for (name, text) in words::about(about, lang, |at| iso(at, zone)) { dt { (name) } dd { (text) } }
                @for note in notes { dt { (lang.pick("Note", "참고")) } dd { (note) } }
            }
        }
    }
}

fn matrix(m: &Matrix, lang: Lang) -> Markup {
    let list = kernel::words::vocabulary();
    let reached: Vec<&Row> = m.rows.iter().filter(|r| reaches(r)).collect();
    let numeric: Vec<&&Row> = reached.iter().filter(|r| r.statistics.is_ok()).collect();
    let hidden = m.rows.len() - reached.len();
    html! {
        @if m.about.question.peer.is_some() {
            p.peer { (match lang {
                Lang::En => format!("View of one exchange. The {} others appear only as statistics.", m.peers),
                Lang::Ko => format!("한 거래소의 보기다. 다른 {}곳은 통계로만 나온다.", m.peers),
            }) }
        }
        section {
            h2 { (lang.pick("Heat map", "히트맵")) }
            (legend(lang))
            table.map.heat {
                thead {
                    tr {
                        th scope="col" { (lang.pick("Duty", "의무")) }
                        @for c in &m.columns { th scope="col" { (lang.pick(&c.name_en, &c.name_ko)) } }
                        th scope="col" { (group(m, lang)) }
                    }
                    (rates(m, lang))
                }
                @for rows in reached.chunk_by(|a, b| a.card.instrument == b.card.instrument) {
                    tbody {
                        tr.instrument { th scope="rowgroup" colspan=(m.columns.len() + 2) { (fixed::instrument(&rows[0].card, lang)) } }
                        @for row in rows { tr {
                            th scope="row" { (fixed::title(&row.card, lang)) " " code { (row.card.id) } @if row.card.status != Status::Binding { " " span.label { (fixed::status(row.card.status, lang)) } } }
                            @for cell in &row.cells { (heat(row, cell, &list, lang)) }
                            td.small { (row_score(row, lang)) }
                        } }
                    }
                }
            }
            @if hidden > 0 { p.small { (lang.pick("Left out, for they reach nobody on this day: ", "이 날 아무에게도 해당하지 않거나 시행 전이라 뺀 의무: ")) (hidden) } }
        }
        @if !numeric.is_empty() { section {
            h2 { (lang.pick("Numbers", "수치")) }
            p.small { (lang.pick(
                "Box: quartiles, the line in it the median; thin line: range; dots: exchanges, red where the duty is not met; dashed: required; diamonds: benchmarks.",
                "상자는 사분위수, 안의 선은 중앙값, 가는 선은 범위, 점은 거래소(빨강은 미달), 점선은 기준, 마름모는 벤치마크.")) }
            @for row in numeric { (numbers(m, row, &list, lang)) }
        } }
    }
}

fn legend(lang: Lang) -> Markup {
    html! {
        p.legend {
            @for (verdict, _) in VERDICTS.iter().filter(|(v, _)| *v != Verdict::NotApplicable) {
                span class={ "cell " (class(*verdict, Status::Binding)) } { (fixed::letter(*verdict, lang)) } " "
                (fixed::verdict(*verdict, Status::Binding, lang))
                @if *verdict == Verdict::NotInForce { ", " (fixed::verdict(Verdict::NotApplicable, Status::Binding, lang)) }
                " "
            }
            span class={ "cell " (class(Verdict::NotMet, Status::Recommended)) } { (fixed::letter(Verdict::NotMet, lang)) } " "
            (lang.pick("not met, not binding", "미달(구속력 없음)"))
        }
    }
}

/// What the last column counts.
fn group(m: &Matrix, lang: Lang) -> &'static str {
    match m.about.question.peer {
        Some(_) => lang.pick("The others", "다른 거래소"),
        None => lang.pick("All", "전체"),
    }
}

fn rates(m: &Matrix, lang: Lang) -> Markup {
    type Rate = fn(&Score) -> (usize, usize);
    let rows: [(&str, Rate); 2] = [
        (lang.pick("Coverage, binding duties", "커버리지(구속력 있는 의무)"), |s| {
            (s.answered(), s.applicable())
        }),
        (lang.pick("Pass rate, binding duties", "준수율(구속력 있는 의무)"), |s| (s.met, s.met + s.not_met)),
    ];
    html! {
        @for (name, rate) in rows { tr.rate {
            th scope="row" { (name) }
            @for c in &m.columns { @let (part, of) = rate(&c.score); td { b { (fixed::share(part, of)) } " " span.small { (part) "/" (of) } } }
            td {}
        } }
    }
}

fn heat(row: &Row, cell: &Cell, list: &Vocabulary, lang: Lang) -> Markup {
    let f = &cell.finding;
    let name = fixed::verdict(f.verdict, f.status, lang);
    if !digest::reaches(f) {
        return html! { td { span.cell.nothing title=(name) { (fixed::letter(f.verdict, lang)) span.hidden { (name) } } } };
    }
    let a = amounts(f, Some(&row.card), list, lang);
    let short = if a.short.is_empty() { &a.gap } else { &a.short };
    let mut said = vec![name.to_string()];
    said.extend(f.subject.as_ref().map(|s| format!("{}/{}", s.kind, s.name)));
    if !a.value.is_empty() && !a.required.is_empty() {
        said.push(format!("{} / {}", a.value, a.required));
    }
    if !short.is_empty() {
        said.push(format!("{} {short}", lang.pick("short", "부족")));
    }
    said.extend((!f.missing.is_empty()).then(|| fixed::all_missing(f, list, lang).join("; ")));
    html! {
        td { span class={ "cell " (class(f.verdict, f.status)) } title=(said.join(" · ")) {
            b aria-hidden="true" { (fixed::letter(f.verdict, lang)) @if cell.alike > 1 { small { "×" (cell.alike) } } }
            span.hidden { (name) }
            @if !a.value.is_empty() { " " span.figure { (a.value) @if !a.required.is_empty() && f.verdict == Verdict::NotMet { " / " (a.required) } } }
            @if !short.is_empty() { span.figure { (lang.pick("short ", "부족 ")) (short) } }
        } }
    }
}

/// Exchanges by their worst verdict: how many have an answer, and how many of these are met, as two numbers.
fn row_score(row: &Row, lang: Lang) -> Markup {
    let Some(s) = row.score else {
        return html! { (words::incomparable(crate::compare::yardstick::Incomparable::GroupTooSmall, lang)) };
    };
    if s.applicable() == 0 {
        return html! { "–" };
    }
    html! {
        (lang.pick("coverage", "커버리지")) " " (s.answered()) "/" (s.applicable()) br;
        (lang.pick("pass rate", "준수율")) " " (s.met) "/" (s.met + s.not_met)
    }
}

fn numbers(m: &Matrix, row: &Row, list: &Vocabulary, lang: Lang) -> Markup {
    let share = |q: &Quantity| amount::is_share([q], Some(&row.card), list);
    let print = |q: &Quantity| amount::show(q, share(q), lang);
    let Ok(five) = &row.statistics else { return html! {} };
    let mut ranked: Vec<(usize, &str, String)> = m
        .columns
        .iter()
        .zip(&row.cells)
        .filter_map(|(c, cell)| {
            Some((cell.rank?, lang.pick(&c.name_en, &c.name_ko), print(cell.finding.value.as_ref()?)))
        })
        .collect();
    ranked.sort_by_key(|(rank, ..)| *rank);
    html! {
        article.numbers {
            h3 { (fixed::title(&row.card, lang)) " " code { (row.card.id) }
                @if row.card.status != Status::Binding { " " span.label { (fixed::status(row.card.status, lang)) } }
                @if let Some(better) = row.better { " " span.small { (words::better(better, lang)) } } }
            (strip::plot(m, row, list, lang))
            dl.five {
                dt { "n" } dd { (five.count) }
                dt { (lang.pick("median", "중앙값")) } dd { (print(&five.median)) }
                dt { (lang.pick("quartiles", "사분위수")) } dd { (print(&five.lower_quartile)) " – " (print(&five.upper_quartile)) }
                @if let (Some(least), Some(most)) = (&five.least, &five.most) {
                    dt { (lang.pick("range", "범위")) } dd { (print(least)) " – " (print(most)) }
                }
            }
            @if !ranked.is_empty() { ol.ranks { @for (rank, name, value) in &ranked { li value=(rank) { (name) " " b { (value) } } } } }
            @for b in &row.benchmarks { p.small {
                "◆ " (print(&b.quantity)) " · " (lang.pick(&b.of_en, &b.of_ko)) " · " code { (b.rule) } @if let Some(day) = &b.since { ", " (words::since(day, lang)) } " · " (b.cites.join("; "))
            } }
        }
    }
}

fn reaches(row: &Row) -> bool {
    row.cells.iter().any(|c| digest::reaches(&c.finding)) || row.score.is_some_and(|s| s.applicable() > 0)
}
