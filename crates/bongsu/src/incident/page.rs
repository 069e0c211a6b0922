//! An incident as one page with a picture: the clocks as bars from start to due, with when each was stopped.

use super::clock::{Clock, Standing};
use super::file::File;
use super::loss;
use super::text::{clock_line, events, title, won};
use crate::lang::Lang;
use crate::report::amount::decimal;
use crate::report::words;
use crate::walk;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use rulebook::book::Status;
use rulebook::time::{Instant, Zone};

const STYLE: &str = include_str!("../report/page.css");

/// The picture shows so much after the incident began, in milliseconds: the longest of the first notices is 72 hours, and
/// what lies beyond is an arrow.
const SHOWN: i64 = 78 * 3_600_000;
/// Width of the picture and of its labels, in tenths of a unit.
const WIDTH: i64 = 9_600;
const LABELS: i64 = 3_300;
const ROW: i64 = 200;
/// Characters of a label: what fits beside the bars.
const LABEL: usize = 42;

/// The incident as a page.
pub fn show(file: &File<'_>, lang: Lang) -> String {
    let (dossier, zone) = (&file.dossier, walk::zone_of(file.book));
    let name = lang.pick(&dossier.registered.name_en, &dossier.registered.name_ko);
    let heading = format!("{name} · {}", dossier.id());
    let speaking: Vec<&Clock> = file.clocks.iter().filter(|clock| clock.standing != Standing::Silent).collect();
    let total = loss::total(&file.losses);
    let events = events(file, dossier.state.vocabulary(), lang);
    let page = html! {
        (DOCTYPE)
        html lang=(lang.pick("en", "ko")) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content={ "Bongsu " (env!("CARGO_PKG_VERSION")) };
                title { (heading) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    p.brand { (lang.pick("Bongsu", "봉수")) }
                    h1 { (heading) }
                    p { (dossier.text_in("title", lang).unwrap_or("")) }
                    p { (lang.pick("As of", "기준 시점")) " " strong { (zone.show(dossier.as_of)) } " · " (lang.pick("loss", "피해")) " "
                        strong { (won(&total.value, lang)) } }
                }
                main {
                    h2 { (lang.pick("Clocks", "법정 기한")) }
                    (picture(file, &speaking, &zone, lang))
                    table {
                        thead { tr { th { (lang.pick("standing", "상태")) } th { (lang.pick("duty", "의무")) } th { (lang.pick("rule", "근거")) } } }
                        tbody { @for clock in &speaking {
                            @let rule = &file.book.rules[clock.rule.index()];
                            @let line = clock_line(clock, rule, &zone, lang);
                            tr class=(class(clock)) { td { (line.0) } td { (line.1) } td { (clock.id) @if clock.status != Status::Binding { " · " (words::status(clock.status, lang)) } } }
                        } }
                    }
                    h2 { (lang.pick("Loss", "피해")) }
                    table { tbody { @for loss in &file.losses { tr {
                        td { (loss.asset.unwrap_or(loss.name)) }
                        td { (loss.quantity.as_ref().map(decimal).unwrap_or_default()) }
                        td { (loss.value.as_ref().map(|n| won(n, lang)).unwrap_or_else(|| lang.pick("not valued", "평가 없음").to_string())) }
                    } }
                    tr { th { (lang.pick("sum", "합계")) } td {} td { strong { (won(&total.value, lang)) } } } } }
                    h2 { (lang.pick("Timeline", "경과")) }
                    table { tbody { @for (at, text) in events { tr { td { (zone.show(at)) } td { (text) } } } } }
                }
            }
        }
    };
    page.into_string()
}

/// The class of a row, as the sheet of styles names verdicts.
fn class(clock: &Clock) -> &'static str {
    match clock.standing {
        Standing::Late | Standing::DoneLate => "not-met",
        Standing::DoneOnTime => "met",
        Standing::Running | Standing::Soon => "due",
        Standing::Judged => "judge",
        Standing::Unknown | Standing::Silent => "unknown",
    }
}

fn px(tenths: i64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn picture(file: &File<'_>, clocks: &[&Clock], zone: &Zone, lang: Lang) -> Markup {
    let starts = clocks.iter().filter_map(|clock| clock.started);
    let Some(from) = starts.chain(file.dossier.moment("occurred")).min() else { return html! {} };
    let x = |at: Instant| {
        let after = at.0.saturating_sub(from.0).clamp(0, SHOWN);
        LABELS + (WIDTH - LABELS - 100) * (after / 1_000) / (SHOWN / 1_000)
    };
    let height = ROW * i64::try_from(clocks.len()).unwrap_or(0) + 300;
    let hours = (0..=SHOWN / 3_600_000).step_by(6);
    html! {
        svg viewBox={ "0 0 " (WIDTH / 10) " " (height / 10) } role="img" class="clocks" {
            title { (lang.pick("Each clock from its start to its due time", "각 기한의 시작과 만료")) " · " (zone.show(from)) }
            @for hour in hours {
                @let at = px(x(Instant(from.0.saturating_add(hour * 3_600_000))));
                line x1=(at) x2=(at) y1="14" y2=(px(height)) class="axis" {}
                text x=(at) y="10" class="tick" text-anchor="middle" { "+" (hour) " h" }
            }
            @for (row, clock) in clocks.iter().enumerate() { (bar(file, clock, i64::try_from(row).unwrap_or(0), &x, lang)) }
        }
    }
}

fn bar(file: &File<'_>, clock: &Clock, row: i64, x: &dyn Fn(Instant) -> i64, lang: Lang) -> Markup {
    let rule = &file.book.rules[clock.rule.index()];
    let y = 250 + ROW * row;
    let start = clock.started.map_or(LABELS, x);
    let end = clock.due.or(clock.done).unwrap_or(file.dossier.as_of);
    let width = (x(end) - start).max(10);
    let whole = title(rule, lang);
    let mut label: String = whole.chars().take(LABEL).collect();
    if label.len() < whole.len() {
        label.push('…');
    }
    html! {
        g class=(class(clock)) {
            title { (clock.id) }
            text x="0" y=(px(y + 40)) class="name" { (label) }
            rect x=(px(start)) y=(px(y - 40)) width=(px(width)) height="9" rx="2" class=(if clock.judged.is_some() { "bar judged" } else { "bar" }) {}
            @if let Some(done) = clock.done { circle cx=(px(x(done))) cy=(px(y + 5)) r="6" class="done" {} }
        }
    }
}
