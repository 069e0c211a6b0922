//! A drill's answer as one page with a picture: the loss so far as it happened against the loss so far as it would be. Drawn in whole
//! tenths of a pixel, so that equal figures give equal bytes; no script, no outside resource.

use super::case::Case;
use super::outcome::Outcome;
use super::text;
use crate::lang::Lang;
use crate::report::amount;
use crate::report::chart::{along, px};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use rulebook::time::Instant;

/// The look that every page of the program shares.
const STYLE: &str = include_str!("../report/page.css");

/// What only this page has.
const OWN: &str = "svg.drill { width: 100%; max-width: 60rem; } svg.drill .fact { fill: none; stroke: var(--red); stroke-width: 2; }\n\
    svg.drill .fact-area { fill: var(--red); opacity: .12; stroke: none; } svg.drill .would { fill: none; stroke: var(--green-ink); stroke-width: 2.4; }\n\
    svg.drill .trip { stroke: var(--fire); stroke-width: 1.4; } svg.drill .event { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 2 3; }\n\
    svg.drill text.fact-name { fill: var(--red); font-weight: 700; stroke: none; } svg.drill text.would-name { fill: var(--green-ink); font-weight: 700; stroke: none; }\n\
    svg.drill text.trip-name { fill: var(--fire); font-weight: 700; stroke: none; } pre { font-size: .75rem; overflow-x: auto; }";

/// The left end, the right end, the top and the bottom of the drawing, in tenths of a pixel.
const FRAME: (i64, i64, i64, i64) = (900, 8_700, 500, 3_200);

/// A page.
pub fn page(case: &Case, outcome: &Outcome, lang: Lang) -> String {
    let title = lang.pick(&case.header.title, &case.header.title_ko);
    html! {
        (DOCTYPE)
        html lang=(lang.pick("en", "ko")) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) (PreEscaped(OWN)) }
            }
            body {
                header {
                    p.brand { (lang.pick("Bongsu", "봉수")) }
                    h1 { (title) }
                    p { (lang.pick("A drill: what a guard would have done. Nobody is accused of anything.", "모의훈련: 통제가 있었다면 어떻게 되었을지를 보인다. 누구의 위반도 뜻하지 않는다.")) }
                }
                main { (svg(case, outcome, lang)) h2 { (lang.pick("In words", "글로")) } pre { (text::show(case, outcome, lang)) } }
            }
        }
    }
    .into_string()
}

/// The picture alone.
pub fn svg(case: &Case, outcome: &Outcome, lang: Lang) -> Markup {
    let (left, right, upper, lower) = FRAME;
    let (first, last) = ends(case, outcome);
    let most = outcome.lost().max(outcome.would_lose()).max(1);
    let x = |at: Instant| left + along(i128::from(at.0), i128::from(first.0), i128::from(last.0), right - left);
    let y = |won: i128| lower - along(won, 0, most, lower - upper);
    // A loss stands until the next one: the lines are staircases from nothing to the end.
    let stairs = |curve: &[(Instant, i128)]| {
        let mut path = format!("M{} {}", px(left), px(lower));
        for (at, won) in curve {
            path.push_str(&format!("H{}V{}", px(x(*at)), px(y(*won))));
        }
        path + &format!("H{}", px(right))
    };
    let (fact, would) = (stairs(&outcome.fact), stairs(&outcome.would));
    let area = format!("{fact}V{}Z", px(lower));
    let ticks = (0..5_i64).map(|n| Instant(first.0.saturating_add(last.0.saturating_sub(first.0) / 4 * n)));
    let said = |name: &str, won: i128| format!("{name}: {}", text::won(won, lang));
    let happened = said(lang.pick("as it happened", "실제"), outcome.lost());
    let would_be = said(lang.pick("as it would be", "통제 적용 시"), outcome.would_lose());
    // Seconds where minutes would repeat.
    let day = if last.0.saturating_sub(first.0) < 600_000 { 11..19 } else { 5..16 };
    let shown = case.events.iter().filter(|event| (first..=last).contains(&event.at));
    html! {
        svg viewBox="0 0 900 380" role="img" class="drill" {
            title { (happened) ". " (would_be) "." }
            line x1=(px(left)) x2=(px(right)) y1=(px(lower)) y2=(px(lower)) class="axis" {}
            line x1=(px(left)) x2=(px(left)) y1=(px(upper)) y2=(px(lower)) class="axis" {}
            @for quarter in 1..=4_i128 {
                line x1=(px(left)) x2=(px(right)) y1=(px(y(most / 4 * quarter))) y2=(px(y(most / 4 * quarter))) class="axis" {}
                text x=(px(left - 60)) y=(px(y(most / 4 * quarter) + 35)) class="tick" text-anchor="end" { (short(most / 4 * quarter, lang)) }
            }
            @for at in ticks {
                text x=(px(x(at))) y=(px(lower + 170)) class="tick" text-anchor="middle" { (text::at(at).get(day.clone()).unwrap_or_default()) }
            }
            path d=(area) class="fact-area" {}
            @for (n, event) in shown.enumerate() {
                line x1=(px(x(event.at))) x2=(px(x(event.at))) y1=(px(upper)) y2=(px(lower)) class="event" {}
                text x=(px(x(event.at) + 40)) y=(px(lower - 60 - i64::try_from(n).unwrap_or(0) % 3 * 150)) class="tick" text-anchor=(if x(event.at) > 6_500 { "end" } else { "start" }) { (lang.pick(&event.en, &event.ko)) }
            }
            path d=(fact) class="fact" {}
            path d=(would) class="would" {}
            @if let Some(stop) = &outcome.stop {
                line x1=(px(x(stop.at))) x2=(px(x(stop.at))) y1=(px(upper - 120)) y2=(px(lower)) class="trip" {}
                text x=(px(x(stop.at) + 40)) y=(px(upper - 60)) class="trip-name" {
                    (lang.pick("trip", "차단")) " +" (text::span(stop.at.0.saturating_sub(case.start.0), lang))
                }
            }
            text x=(px(right)) y="18" class="fact-name" text-anchor="end" { (happened) }
            text x=(px(right)) y="34" class="would-name" text-anchor="end" { (would_be) }
            text x=(px(left)) y=(px(lower + 400)) class="tick" { (lang.pick("Korean time", "한국 시각")) }
        }
    }
}

/// From the start to a tenth past the last loss or the first trip; at least a minute.
fn ends(case: &Case, outcome: &Outcome) -> (Instant, Instant) {
    let points = outcome.fact.iter().chain(&outcome.would).map(|(at, _)| *at);
    let last = points.chain(outcome.stop.as_ref().map(|stop| stop.at)).max().unwrap_or(case.start);
    let length = last.0.saturating_sub(case.start.0).max(60_000);
    (case.start, Instant(case.start.0.saturating_add(length + length / 10)))
}

/// A sum for an axis: in hundred millions (억) or thousand millions (bn), cut.
fn short(won: i128, lang: Lang) -> String {
    match lang {
        Lang::En if won >= 10_000_000_000 => format!("{} bn", won / 1_000_000_000),
        Lang::En => format!("{} m", won / 1_000_000),
        Lang::Ko => format!("{}억", amount::grouped(&(won / 100_000_000).to_string())),
    }
}
