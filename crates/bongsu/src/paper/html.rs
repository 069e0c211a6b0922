//! A paper as one page: everything is in the file; it reads in the light, in the dark and on paper.

use super::document::{Document, Part, Table};
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("paper.css");

/// The page.
pub fn page(document: &Document) -> String {
    let lang = document.lang;
    let page = html! {
        (DOCTYPE)
        html lang=(lang.pick("en", "ko")) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (document.title) @if let Some((_, text)) = document.head.first() { " · " (text) } }
                style { (PreEscaped(STYLE)) }
            }
            body {
                @if let Some(mark) = &document.mark { p.mark { (mark) } }
                header {
                    h1 { (document.title) }
                    dl { @for (name, text) in &document.head { dt { (name) } dd { (text) } } }
                }
                main {
                    @for section in &document.sections { section {
                        h2 { (section.title) }
                        @for part in runs(&section.parts) { (part) }
                    } }
                }
                footer { code { (document.form) } }
            }
        }
    };
    page.into_string()
}

/// The parts of a section; fields that follow one another are one table.
fn runs(parts: &[Part]) -> Vec<Markup> {
    let mut out = Vec::new();
    let mut rest = parts;
    while let Some(first) = rest.first() {
        let fields = rest.iter().take_while(|part| matches!(part, Part::Field { .. })).count();
        let (run, after) = rest.split_at(fields.max(1));
        out.push(match first {
            Part::Field { .. } => html! { table.fields { tbody { @for part in run { (field(part)) } } } },
            Part::Text(text) => {
                html! { @for line in text.lines().filter(|line| !line.trim().is_empty()) { p { (line) } } }
            }
            Part::Table(table) => rows(table),
        });
        rest = after;
    }
    out
}

fn field(part: &Part) -> Markup {
    let Part::Field { label, value } = part else { return html! {} };
    html! { tr {
        th scope="row" { (label) }
        @match value {
            Some(value) => td { (lines(value)) },
            None => td.missing { "—" },
        }
    } }
}

fn rows(table: &Table) -> Markup {
    html! { table.rows {
        thead { tr { @for head in &table.head { th scope="col" { (head) } } } }
        tbody { @for row in &table.rows { tr { @for (at, cell) in row.iter().enumerate() {
            @if at == 0 { th scope="row" { (lines(cell)) } } @else { td { (lines(cell)) } }
        } } } }
    } }
}

fn lines(text: &str) -> Markup {
    html! { @for (at, line) in text.lines().enumerate() { @if at > 0 { br; } (line) } }
}
