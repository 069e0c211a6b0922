//! The lab's answers as one page with pictures: a bar of bands for each draft, a curve for each number that was moved.
//! Drawn in whole tenths of a pixel, so that equal figures give equal bytes; no script, no outside resource.

use super::bands::{BANDS, Band};
use super::cost::Costs;
use super::run::Run;
use super::set::Kind;
use super::sweep::{Point, Range, Sweep};
use super::text;
use crate::lang::Lang;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use rulebook::number::Number;
use std::collections::BTreeMap;

/// The look that every page of the program shares.
const STYLE: &str = include_str!("../report/page.css");

/// What only these pages have.
const OWN: &str = "svg.lab { width: 100%; max-width: 60rem; } svg.lab .series { fill: none; stroke: var(--fire); stroke-width: 2; }\n\
    svg.lab .range { fill: var(--fire); opacity: .18; } svg.lab .if-adverse { fill: var(--amber); } .made-up { color: var(--fire); font-weight: 700; }\n\
    pre { font-size: .75rem; overflow-x: auto; } .legend .if-adverse { background: var(--amber); color: var(--amber-ink); }";

/// The left end, the right end, the top and the bottom of a drawing, in tenths of a pixel.
const FRAME: (i64, i64, i64, i64) = (900, 8_800, 200, 2_000);

/// Tenths of a pixel as SVG writes them.
fn px(tenths: i64) -> String {
    format!("{}.{}", tenths / 10, (tenths % 10).abs())
}

/// A part of a whole along a length, in tenths, cut.
fn part(of: &Number, whole: &Number, length: i64) -> i64 {
    let at = of.multiply(&Number::integer(i128::from(length))).and_then(|n| n.divide(whole)).and_then(|n| n.floor());
    at.and_then(|n| i64::try_from(n).ok()).unwrap_or(0).clamp(0, length)
}

/// The class of a band's colour.
fn class(band: Band) -> &'static str {
    match band {
        Band::Bound => "not-met",
        Band::IfAdverse => "if-adverse",
        Band::CannotBeSaid => "unknown",
        Band::NotYet => "due",
        Band::Fulfils => "met",
        Band::NotReached => "nothing",
    }
}

fn page(title: &str, body: &Markup, words: &str, lang: Lang) -> String {
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
                    p { (lang.pick("A what-if, not law. Nobody is accused of anything.", "가정이며 법이 아니다. 누구의 위반도 뜻하지 않는다.")) }
                }
                main { (body) h2 { (lang.pick("In words", "글로")) } pre { (words) } }
            }
        }
    }
    .into_string()
}

fn legend(lang: Lang) -> Markup {
    html! { p.legend { @for (band, _) in BANDS { span class={ "cell " (class(band)) } { (text::band(band, lang)) } " " } } }
}

fn named(set: &str, kind: Kind, rests_on: &str, lang: Lang) -> Markup {
    html! { h2 { span.made-up { (text::kind(kind, lang)) } " " (set) } p.small { (rests_on) } }
}

/// Runs as a page.
pub fn runs(runs: &[Run], costs: &Costs, lang: Lang) -> String {
    let title = lang.pick("Drafts side by side", "안 비교");
    let body = html! {
        (legend(lang))
        @for run in runs {
            (named(&run.set, run.kind, &run.rests_on, lang))
            table {
                thead { tr {
                    th scope="col" { (lang.pick("Draft", "안")) } th scope="col" { (lang.pick("Exchanges", "거래소")) }
                    th scope="col" { (lang.pick("People short", "부족 인원")) }
                    th scope="col" { (lang.pick("Won short, million", "부족액(백만원)")) }
                    th scope="col" { (lang.pick("Cost a year, million won: low / middle / high", "연 비용(백만원): 낮음 / 중간 / 높음")) }
                } }
                tbody { @for tried in &run.drafts { tr {
                    th scope="row" { code { (tried.name) } br; (tried.title) }
                    td { (bar(&tried.bands, run.exchanges, lang)) }
                    td.number { (tried.short.get("person").map(text::cut).unwrap_or_default()) }
                    td.number { (tried.short.get("KRW").map(text::millions).unwrap_or_default()) }
                    td.number { (text::costs(&tried.cost)) }
                } } }
            }
        }
    };
    page(title, &body, &text::runs(runs, costs, lang), lang)
}

/// One bar of all exchanges by band.
fn bar(bands: &BTreeMap<Band, usize>, exchanges: usize, lang: Lang) -> Markup {
    let whole = Number::integer(exchanges.max(1) as i128);
    let mut from = 0;
    let mut parts = Vec::new();
    for (band, _) in BANDS {
        let count = bands.get(&band).copied().unwrap_or(0);
        let to = from + part(&Number::integer(count as i128), &whole, 3_000);
        if count > 0 {
            parts.push((band, count, from, to));
        }
        from = to;
    }
    html! {
        svg viewBox="0 0 300 18" role="img" class="lab" {
            title { @for (band, count, ..) in &parts { (text::band(*band, lang)) " " (count) ". " } }
            @for (band, count, from, to) in &parts {
                rect x=(px(*from)) y="0" width=(px(to - from)) height="18" class={ "part " (class(*band)) } {}
                @if to - from > 120 { text x=(px((from + to) / 2)) y="13" text-anchor="middle" { (count) } }
            }
        }
    }
}

/// Sweeps as a page.
pub fn sweeps(sweeps: &[Sweep], range: &Range, draft: &str, costs: &Costs, lang: Lang) -> String {
    let title = format!("{} · {draft}", range.name);
    let body = html! {
        (legend(lang))
        @for sweep in sweeps {
            (named(&sweep.set, sweep.kind, &sweep.rests_on, lang))
            section.charts {
                h3 { (lang.pick("Exchanges by band", "거래소 수")) }
                (areas(sweep, range, lang))
                @let costly = sweep.points.iter().any(|p| !p.cost[2].is_zero());
                @if costly {
                    h3 { (lang.pick("Cost a year, million won: middle, between low and high", "연 비용(백만원): 중간, 낮음~높음")) }
                    (curve(sweep, range, lang))
                }
            }
        }
    };
    page(&title, &body, &text::sweeps(sweeps, range, draft, costs, lang), lang)
}

fn x(range: &Range, at: usize) -> i64 {
    let (left, right, ..) = FRAME;
    let last = range.values.len().saturating_sub(1).max(1);
    left + (right - left) * i64::try_from(at).unwrap_or(0) / i64::try_from(last).unwrap_or(1)
}

/// The frame, with a tick at five values of the range.
fn frame(range: &Range, top: &str, lang: Lang) -> Markup {
    let (left, right, upper, lower) = FRAME;
    let last = range.values.len().saturating_sub(1);
    let ticks = (0..5).map(|n| n * last / 4).filter_map(|at| Some((x(range, at), range.values.get(at)?)));
    html! {
        line x1=(px(left)) x2=(px(right)) y1=(px(lower)) y2=(px(lower)) class="axis" {}
        line x1=(px(left)) x2=(px(left)) y1=(px(upper)) y2=(px(lower)) class="axis" {}
        text x=(px(left - 60)) y=(px(upper + 40)) class="tick" text-anchor="end" { (top) }
        text x=(px(left - 60)) y=(px(lower)) class="tick" text-anchor="end" { "0" }
        @for (x, value) in ticks {
            text x=(px(x)) y=(px(lower + 150)) class="tick" text-anchor="middle" { (text::value(value, &range.unit, lang)) }
        }
    }
}

/// Bands stacked over the range.
fn areas(sweep: &Sweep, range: &Range, lang: Lang) -> Markup {
    let (_, _, upper, lower) = FRAME;
    let whole = Number::integer(sweep.exchanges.max(1) as i128);
    let height = |point: &Point, until: usize| {
        let sum: usize = BANDS.iter().take(until).map(|(b, _)| point.bands.get(b).copied().unwrap_or(0)).sum();
        lower - part(&Number::integer(sum as i128), &whole, lower - upper)
    };
    let shape = |band: usize| {
        let mut path = String::new();
        for (at, point) in sweep.points.iter().enumerate() {
            path.push_str(&format!(
                "{}{} {}",
                if at == 0 { "M" } else { "L" },
                px(x(range, at)),
                px(height(point, band + 1))
            ));
        }
        for (at, point) in sweep.points.iter().enumerate().rev() {
            path.push_str(&format!("L{} {}", px(x(range, at)), px(height(point, band))));
        }
        path + "Z"
    };
    let said = |point: Option<&Point>| {
        point.map_or(String::new(), |p| {
            format!("{} {}", text::value(&p.value, &range.unit, lang), p.bands.get(&Band::Bound).copied().unwrap_or(0))
        })
    };
    html! {
        svg viewBox="0 0 900 230" role="img" class="lab" {
            title { (text::band(Band::Bound, lang)) ": " (said(sweep.points.first())) " .. " (said(sweep.points.last())) }
            @for (at, (band, _)) in BANDS.iter().enumerate() {
                @if *band != Band::NotReached { path d=(shape(at)) style=(format!("fill: var(--{})", colour(*band))) {} }
            }
            (frame(range, &sweep.exchanges.to_string(), lang))
        }
    }
}

fn colour(band: Band) -> &'static str {
    match band {
        Band::Bound => "red",
        Band::IfAdverse => "amber",
        Band::CannotBeSaid => "grey",
        Band::NotYet => "blue",
        Band::Fulfils | Band::NotReached => "green",
    }
}

/// The middle cost as a line inside the band from low to high.
fn curve(sweep: &Sweep, range: &Range, lang: Lang) -> Markup {
    let (_, _, upper, lower) = FRAME;
    let most = sweep.points.iter().map(|p| p.cost[2].clone()).max().unwrap_or(Number::ONE);
    let y = |n: &Number| lower - part(n, &most, lower - upper);
    let line = |view: usize, first: &str| {
        let points = sweep.points.iter().enumerate();
        points
            .map(|(at, p)| {
                format!("{}{} {}", if at == 0 { first } else { "L" }, px(x(range, at)), px(y(&p.cost[view])))
            })
            .collect::<String>()
    };
    let back: String = sweep
        .points
        .iter()
        .enumerate()
        .rev()
        .map(|(at, p)| format!("L{} {}", px(x(range, at)), px(y(&p.cost[0]))))
        .collect();
    html! {
        svg viewBox="0 0 900 230" role="img" class="lab" {
            title { (lang.pick("cost a year", "연 비용")) " " (sweep.points.first().map(|p| text::costs(&p.cost)).unwrap_or_default()) " .. " (sweep.points.last().map(|p| text::costs(&p.cost)).unwrap_or_default()) }
            path d=(line(2, "M") + &back + "Z") class="range" {}
            path d=(line(1, "M")) class="series" {}
            (frame(range, &text::millions(&most), lang))
        }
    }
}
