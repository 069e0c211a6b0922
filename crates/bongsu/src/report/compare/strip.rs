//! The numbers of an obligation as a box plot with its points, in whole tenths of a pixel, so that equal figures give equal
//! bytes. The box is from quartile to quartile, the line in it the median, the whiskers the range, the dashed line what is
//! required, the diamonds benchmarks.

use crate::compare::matrix::{Matrix, Row};
use crate::lang::Lang;
use crate::report::amount;
use crate::report::chart::{along, px};
use kernel::finding::Quantity;
use maud::{Markup, html};
use rulebook::finding::Verdict;
use rulebook::number::Number;
use rulebook::vocabulary::Vocabulary;

/// Left and right end of the scale in tenths of a pixel.
const ENDS: (i64, i64) = (60, 5_940);
/// Steps that a scale is cut into: a tenth of a pixel is finer than an eye.
const STEPS: i128 = 1_000_000;

/// A number of a row on the scale.
fn number(quantity: &Quantity) -> Option<Number> {
    amount::parse(&quantity.value).or_else(|| {
        let (count, unit) = quantity.value.split_once(' ')?;
        let by = match unit {
            "h" => 3_600_000,
            "min" => 60_000,
            "s" => 1_000,
            "ms" => 1,
            _ => return None,
        };
        amount::parse(count)?.multiply(&Number::integer(by))
    })
}

/// The plot of a row; nothing where no two things could be told apart on it.
pub fn plot(m: &Matrix, row: &Row, words: &Vocabulary, lang: Lang) -> Markup {
    let share = |q: &Quantity| amount::is_share([q], Some(&row.card), words);
    let print = |q: &Quantity| amount::show(q, share(q), lang);
    let points: Vec<(String, Number, Verdict, &Quantity)> = m
        .columns
        .iter()
        .zip(&row.cells)
        .filter_map(|(column, cell)| {
            let value = cell.finding.value.as_ref()?;
            let name = lang.pick(&column.name_en, &column.name_ko).to_string();
            Some((name, number(value)?, cell.finding.verdict, value))
        })
        .collect();
    let required = row.cells.iter().find_map(|c| c.finding.required.as_ref());
    let limit = required.and_then(number);
    let five = row.statistics.as_ref().ok();
    let beside: Vec<(Number, &crate::compare::benchmarks::Benchmark)> =
        row.benchmarks.iter().filter_map(|b| Some((number(&b.quantity)?, b))).collect();
    let quartiles =
        five.and_then(|f| Some([number(&f.lower_quartile)?, number(&f.median)?, number(&f.upper_quartile)?]));
    let range = five.and_then(|f| Some([number(f.least.as_ref()?)?, number(f.most.as_ref()?)?]));
    let mut all: Vec<(&Number, String)> = points.iter().map(|(_, n, _, q)| (n, print(q))).collect();
    all.extend(limit.iter().zip(required).map(|(n, q)| (n, print(q))));
    all.extend(beside.iter().map(|(n, b)| (n, print(&b.quantity))));
    if let (Some([lower, _, upper]), Some(f)) = (&quartiles, five) {
        all.extend([(lower, print(&f.lower_quartile)), (upper, print(&f.upper_quartile))]);
    }
    let least = all.iter().min_by_key(|(n, _)| *n);
    let most = all.iter().max_by_key(|(n, _)| *n);
    let (Some((low, low_text)), Some((high, high_text))) = (least, most) else { return html! {} };
    let x = |n: &Number| ENDS.0 + along(part(n, low, high), 0, STEPS, ENDS.1 - ENDS.0);
    let said = points.iter().map(|(name, _, _, q)| format!("{name} {}", print(q)));
    html! {
        svg viewBox="0 0 600 64" role="img" class="box" {
            title { (crate::report::words::title(&row.card, lang)) ": " (said.collect::<Vec<_>>().join("; ")) }
            line x1=(px(ENDS.0)) x2=(px(ENDS.1)) y1="46" y2="46" class="axis" {}
            text x=(px(ENDS.0)) y="62" class="tick" { (low_text) }
            @if low != high { text x=(px(ENDS.1)) y="62" class="tick" text-anchor="end" { (high_text) } }
            @if let Some([least, most]) = &range { line x1=(px(x(least))) x2=(px(x(most))) y1="24" y2="24" class="whisker" {} }
            @if let Some([lower, median, upper]) = &quartiles {
                rect x=(px(x(lower))) y="14" width=(px((x(upper) - x(lower)).max(10))) height="20" class="quartiles" {}
                line x1=(px(x(median))) x2=(px(x(median))) y1="14" y2="34" class="median" {}
            }
            @if let Some(limit) = &limit { line x1=(px(x(limit))) x2=(px(x(limit))) y1="11" y2="52" class="limit" {} }
            @for (n, b) in &beside {
                @let at = x(n);
                path d=(format!("M{} 41L{} 46L{} 51L{} 46Z", px(at), px(at + 50), px(at), px(at - 50))) class="beside" { title { (lang.pick(&b.of_en, &b.of_ko)) " " (print(&b.quantity)) } }
            }
            @for (name, n, verdict, q) in &points {
                circle cx=(px(x(n))) cy="24" r="3.6" class=(if *verdict == Verdict::NotMet { "point off" } else { "point" }) { title { (name) " " (print(q)) } }
            }
            @if let (Some(q), Some(limit)) = (required, &limit) {
                @let at = x(limit);
                text x=(px(at)) y="8" class="tick limit" text-anchor=(anchor(at)) { (lang.pick("required", "기준")) " " (print(q)) }
            }
        }
    }
}

/// Text at the end of the scale turns inwards.
fn anchor(at: i64) -> &'static str {
    match at {
        at if at < ENDS.0 + 900 => "start",
        at if at > ENDS.1 - 900 => "end",
        _ => "middle",
    }
}

/// Where a number lies between two ends, in steps, cut.
fn part(n: &Number, low: &Number, high: &Number) -> i128 {
    let whole = || {
        let range = high.subtract(low)?;
        let share = n.subtract(low)?.divide(&range)?;
        let (num, den) = share.multiply(&Number::integer(STEPS))?.parts()?;
        num.checked_div(den)
    };
    // Ends that are one: everything lies in the middle.
    whole().unwrap_or(STEPS / 2)
}
