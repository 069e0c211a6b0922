//! Topics × countries on the page: each cell the rule, how binding it is, its number, from which event and counted how.

use super::{answers, words};
use crate::compare::countries::{Answer, Countries, Row};
use crate::lang::Lang;
use crate::report::amount::amounts;
use crate::report::html::class;
use crate::report::words as fixed;
use maud::{Markup, html};
use rulebook::book::Status;
use rulebook::vocabulary::Vocabulary;

/// The body of the page.
pub fn body(c: &Countries, lang: Lang) -> Markup {
    let list = kernel::words::vocabulary();
    html! {
        section {
            table.lands {
                thead {
                    tr { th scope="col" { (lang.pick("Topic", "항목")) } @for country in &c.countries { th scope="col" { (country.id) } } }
                    tr { th scope="row" { (lang.pick("Rules in force", "시행 중인 규칙")) }
                        @for country in &c.countries { td.small {
                            (country.rules.0) " " (lang.pick("binding", "의무")) ", " (country.rules.1) " " (lang.pick("other", "그 밖"))
                        } } }
                    @for (at, exchange) in c.exchanges.iter().enumerate() { tr {
                        th scope="row" { (lang.pick(&exchange.name_en, &exchange.name_ko)) }
                        @for country in &c.countries { @if let Some(s) = country.scores.get(at) { td.small {
                            (lang.pick("coverage", "커버리지")) " " b { (fixed::share(s.answered(), s.applicable())) } " " (s.answered()) "/" (s.applicable()) br;
                            (lang.pick("pass rate", "준수율")) " " b { (fixed::share(s.met, s.met + s.not_met)) } " " (s.met) "/" (s.met + s.not_met)
                        } } }
                    } }
                }
                @for rows in c.topics.chunk_by(|a, b| a.topic.family == b.topic.family) {
                    tbody {
                        tr.family { th scope="rowgroup" colspan=(c.countries.len() + 1) {
                            @let family = rows[0].topic.family.as_str();
                            (family.split_once(" · ").map_or(family, |(en, ko)| lang.pick(en, ko)))
                        } }
                        @for row in rows { (topic(c, row, &list, lang)) }
                    }
                }
            }
        }
    }
}

fn topic(c: &Countries, row: &Row, list: &Vocabulary, lang: Lang) -> Markup {
    html! {
        tr {
            th scope="row" {
                (lang.pick(&row.topic.question, &row.topic.question_ko)) br; code { (row.topic.name) }
                @if !row.differs.is_empty() {
                    p.differs { "≠ " (lang.pick("They differ in", "서로 다름")) ": " (row.differs.iter().map(|d| words::difference(*d, lang)).collect::<Vec<_>>().join("; ")) }
                }
            }
            @for cell in &row.cells {
                td { @if cell.is_empty() { span.small { "–" } } @for a in cell { (answer(c, a, list, lang)) } }
            }
        }
    }
}

fn answer(c: &Countries, a: &Answer, list: &Vocabulary, lang: Lang) -> Markup {
    let said = answers::say(a, list, lang);
    let binds = a.card.status == Status::Binding && a.in_force;
    html! {
        div class=(if binds { "answer" } else { "answer other" }) {
            span.label { (fixed::status(a.card.status, lang)) } " " span.asks { (said.asks) }
            @if !said.of.is_empty() { " " code { (said.of) } }
            @if !said.when.is_empty() { br; span.small { (said.when) } }
            @for text in &said.counted { br; span.counted { (text) } }
            br; span.small { @if said.asks != fixed::title(&a.card, lang) { (fixed::title(&a.card, lang)) " " } code { (a.card.id) } " · " (a.card.cites.join("; ")) }
            @for (exchange, f) in c.exchanges.iter().zip(&a.findings) {
                @let amounts = amounts(f, Some(&a.card), list, lang);
                br; span class={ "verdict " (class(f.verdict, f.status)) } { (fixed::letter(f.verdict, lang)) " " (fixed::verdict(f.verdict, f.status, lang)) }
                " " span.small { (lang.pick(&exchange.name_en, &exchange.name_ko))
                    @if !amounts.value.is_empty() { " · " (amounts.value) }
                    @for short in [&amounts.short, &amounts.gap] { @if !short.is_empty() { " · " (lang.pick("short ", "부족 ")) (short) } } }
            }
        }
    }
}

/// What a reader of the page must know.
pub fn notes(lang: Lang) -> Vec<&'static str> {
    vec![
        lang.pick(
            "Which rules belong to a topic stands on the rule pages (`topic`). A dash means that no rule on board answers, not that the country asks nothing.",
            "어느 규칙이 어느 항목인지는 규칙 페이지(`topic`)에 있다. 줄표는 실린 규칙이 답하지 않는다는 뜻이며, 그 나라에 의무가 없다는 뜻이 아니다.",
        ),
        lang.pick(
            "≠ marks rows whose first rules count differently. Two numbers that are counted differently are not the same number.",
            "≠는 각국의 첫 규칙이 서로 다르게 세는 줄이다. 세는 방법이 다른 두 수는 같은 수가 아니다.",
        ),
        lang.pick(
            "A number is the one of the day, before any exception. Only binding rules are counted for coverage and pass rate.",
            "수치는 그 날의 것으로 예외를 적용하기 전이다. 커버리지와 준수율은 구속력 있는 의무만 센다.",
        ),
    ]
}
