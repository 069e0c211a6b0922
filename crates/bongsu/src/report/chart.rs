//! Charts as SVG, drawn in whole tenths of a pixel, so that equal figures give equal bytes. No script, no outside resource;
//! each has a title for those who cannot see it.

use crate::assessment::{Assessed, Assessment, Score};
use crate::lang::Lang;
use crate::report::html::class;
use crate::report::{amount, digest, words};
use maud::{Markup, html};
use rulebook::book::Status;
use rulebook::finding::Verdict;
use rulebook::number::Number;
use rulebook::time::Instant;

/// Tenths of a pixel as SVG writes them.
pub fn px(tenths: i64) -> String {
    format!("{}.{}", tenths / 10, (tenths % 10).abs())
}

/// Where a value lies between two ends of a scale, in tenths along a length; what lies outside is put at the end.
pub fn along(value: i128, low: i128, high: i128, length: i64) -> i64 {
    let range = (high - low).max(1);
    let at = (value.clamp(low, high) - low).saturating_mul(i128::from(length)) / range;
    i64::try_from(at).unwrap_or(0)
}

/// A share in hundredths of a per cent, cut.
fn basis(share: &str) -> Option<i128> {
    let (num, den) = amount::parse(share)?.multiply(&Number::integer(10_000))?.parts()?;
    num.checked_div(den)
}

/// The rule whose right side is the line in the chart of cold shares.
const COLD_RULE: &str = "kr.vaupa.7-3.published";

/// The published cold share of each exchange against what is required: one small chart each, all on one scale.
pub fn cold(assessment: &Assessment, lang: Lang) -> Markup {
    let drawn: Vec<&Assessed> = assessment.exchanges.iter().filter(|e| !e.published.is_empty()).collect();
    let times = drawn.iter().flat_map(|e| e.published.iter().map(|p| p.at));
    let (Some(first), last) = (times.min(), assessment.question.as_of) else { return html! {} };
    let required = assessment.exchanges.iter().filter_map(|e| digest::worst(e, COLD_RULE)?.required.as_ref()).next();
    let line = required.and_then(|q| basis(&q.value));
    html! {
        section.charts {
            h3 { (lang.pick("Published cold share", "공개된 콜드월렛 비율")) @if let Some(line) = line { " · " (lang.pick("required", "기준")) " " (line / 100) " %" } }
            div.panels { @for e in &drawn { (panel(assessment, e, first, last, line, lang)) } }
        }
    }
}

fn panel(
    assessment: &Assessment,
    e: &Assessed,
    first: Instant,
    last: Instant,
    line: Option<i128>,
    lang: Lang,
) -> Markup {
    // 0 to 100 % would flatten everything that is published; the scale starts at the lowest tens of all, and says so.
    let lowest = assessment
        .exchanges
        .iter()
        .flat_map(|e| &e.published)
        .filter_map(|p| basis(&p.share))
        .chain(line)
        .min()
        .unwrap_or(0);
    let low = (lowest / 1_000 * 1_000 - 1_000).max(0);
    let x = |at: Instant| 260 + along(i128::from(at.0), i128::from(first.0), i128::from(last.0), 1_480);
    let y = |share: i128| 1_000 - along(share, low, 10_000, 770);
    let points: Vec<(i64, i64)> = e.published.iter().filter_map(|p| Some((x(p.at), y(basis(&p.share)?)))).collect();
    // A published share stands until the next one: the line is a staircase, and its last step reaches the day of the report.
    let mut path = String::new();
    for (at, (x, y)) in points.iter().enumerate() {
        path.push_str(&if at == 0 { format!("M{} {}", px(*x), px(*y)) } else { format!("H{}V{}", px(*x), px(*y)) });
    }
    path.push_str(&format!("H{}", px(x(last))));
    let name = lang.pick(&e.name_en, &e.name_ko);
    let said = e.published.iter().map(|p| format!("{} {}", assessment.zone.date(p.at), percent(&p.share, lang)));
    let now = e.published.last().map(|p| percent(&p.share, lang)).unwrap_or_default();
    let below = line.zip(e.published.last().and_then(|p| basis(&p.share))).is_some_and(|(line, now)| now < line);
    html! {
        svg viewBox="0 0 184 124" role="img" class=(if below { "panel below" } else { "panel" }) {
            title { (name) ": " (said.collect::<Vec<_>>().join("; ")) }
            text x="2" y="9" class="name" { (name) }
            text x="174" y="9" class="now" text-anchor="end" { (now) }
            line x1="26" x2="174" y1="100" y2="100" class="axis" {}
            text x="23" y="103" class="tick" text-anchor="end" { (low / 100) }
            text x="23" y=(px(y(10_000) + 30)) class="tick" text-anchor="end" { "100" }
            @if let Some(line) = line {
                line x1="26" x2="174" y1=(px(y(line))) y2=(px(y(line))) class="limit" {}
                text x="23" y=(px(y(line) + 30)) class="tick limit" text-anchor="end" { (line / 100) }
            }
            path d=(path) class="series" {}
            @for (x, y) in &points { circle cx=(px(*x)) cy=(px(*y)) r="2.4" class="point" {} }
            text x="26" y="114" class="tick" { (month(assessment, first)) }
            text x="174" y="114" class="tick" text-anchor="end" { (month(assessment, last)) }
        }
    }
}

fn month(assessment: &Assessment, at: Instant) -> String {
    let day = assessment.zone.date(at);
    format!("{:04}-{:02}", day.year(), day.month())
}

fn percent(share: &str, lang: Lang) -> String {
    amount::show(&kernel::finding::Quantity { value: share.to_string(), unit: String::new() }, true, lang)
}

/// Coverage and pass rate of each exchange: two numbers, beside one bar of everything that applies, so that a high pass
/// rate over little that is known does not look like much.
pub fn rates(assessment: &Assessment, lang: Lang) -> Markup {
    let rows: Vec<_> = assessment.exchanges.iter().map(|e| (e, digest::binding(e))).collect();
    let rate = |part: usize, of: usize| format!("{} ({part}/{of})", words::share(part, of));
    let said = |s: &Score| {
        let (coverage, pass) = (rate(s.answered(), s.applicable()), rate(s.met, s.met + s.not_met));
        format!("{} {coverage} · {} {pass}", lang.pick("coverage", "커버리지"), lang.pick("pass rate", "준수율"))
    };
    html! {
        section.charts {
            h3 { (lang.pick("Coverage and pass rate, binding duties", "커버리지와 준수율 (구속력 있는 의무)")) }
            svg viewBox=(format!("0 0 760 {}", rows.len() * 26 + 4)) role="img" class="rates" {
                title { @for (e, s) in &rows { (lang.pick(&e.name_en, &e.name_ko)) ": " (said(s)) ". " } }
                @for (row, (e, s)) in rows.iter().enumerate() {
                    @let y = row * 26 + 4;
                    text x="2" y=(y + 13) class="name" { (lang.pick(&e.name_en, &e.name_ko)) }
                    @for (verdict, count, from, to) in parts(s) {
                        rect x=(px(from)) y=(y) width=(px(to - from)) height="18" class={ "part " (class(verdict, Status::Binding)) } {}
                        @if to - from > 240 { text x=(px((from + to) / 2)) y=(y + 13) text-anchor="middle" class={ "part " (class(verdict, Status::Binding)) } { (words::letter(verdict, lang)) " " (count) } }
                    }
                    text x="480" y=(y + 13) { (said(s)) }
                }
            }
        }
    }
}

/// The parts of a bar with their counts and ends, in tenths; worst first, as the verdicts are.
fn parts(s: &Score) -> Vec<(Verdict, usize, i64, i64)> {
    let counts = [
        (Verdict::NotMet, s.not_met),
        (Verdict::Met, s.met),
        (Verdict::NotYetDue, s.running),
        (Verdict::NeedsJudgement, s.judgement),
        (Verdict::CannotBeAssessed, s.unknown),
    ];
    let end = |sum: usize| 1_000 + along(sum as i128, 0, s.applicable() as i128, 3_700);
    let mut sum = 0;
    let mut list = Vec::new();
    for (verdict, count) in counts {
        if count > 0 {
            list.push((verdict, count, end(sum), end(sum + count)));
        }
        sum += count;
    }
    list
}

/// The coming dates on a strip of time; the numbers are those of the table below it.
pub fn strip(assessment: &Assessment, coming: &[digest::Coming<'_>], lang: Lang) -> Markup {
    let start = assessment.question.as_of;
    let Some(end) = coming.last().map(|c| c.at) else { return html! {} };
    let x = |at: Instant| 140 + along(i128::from(at.0), i128::from(start.0), i128::from(end.0), 8_720);
    let days = days(coming);
    // Marks that would touch are stacked.
    let mut marks: Vec<(i64, i64)> = Vec::new();
    for (at, _) in &days {
        let here = x(*at);
        let level = (0..6).find(|l| marks.iter().all(|(x, other)| other != l || here - x > 190)).unwrap_or(6);
        marks.push((here, level));
    }
    let top = marks.iter().map(|(_, level)| *level).max().unwrap_or(0) * 190 + 160;
    let (first, last) = (assessment.zone.date(start).year(), assessment.zone.date(end).year());
    let years: Vec<(i16, i64)> = (first + 1..=last).filter_map(|y| Some((y, x(new_year(assessment, y)?)))).collect();
    html! {
        svg viewBox=(format!("0 0 900 {}", px(top + 260))) role="img" class="strip" {
            title { @for (n, (at, _)) in days.iter().enumerate() { (n + 1) ": " (assessment.zone.show(*at)) ". " } }
            line x1="14" x2="886" y1=(px(top)) y2=(px(top)) class="axis" {}
            @for (year, x) in &years {
                line x1=(px(*x)) x2=(px(*x)) y1=(px(top - 40)) y2=(px(top + 60)) class="axis" {}
                text x=(px(*x)) y=(px(top + 180)) class="tick" text-anchor="middle" { (year) }
            }
            text x="14" y=(px(top + 180)) class="tick" { (lang.pick("as of", "기준 시점")) }
            @for (n, (x, level)) in marks.iter().enumerate() {
                @let y = top - level * 190;
                circle cx=(px(*x)) cy=(px(y)) r="8.5" class="mark" {}
                text x=(px(*x)) y=(px(y + 35)) class="number" text-anchor="middle" { (n + 1) }
            }
        }
    }
}

fn new_year(assessment: &Assessment, year: i16) -> Option<Instant> {
    let day = rulebook::time::Date::new(year, 1, 1).ok()?;
    Some(assessment.zone.start_of(day))
}

/// The coming dates, those of one moment together.
pub fn days<'c, 'a>(coming: &'c [digest::Coming<'a>]) -> Vec<(Instant, Vec<&'c digest::Coming<'a>>)> {
    let mut days: Vec<(Instant, Vec<&digest::Coming<'a>>)> = Vec::new();
    for c in coming {
        match days.last_mut() {
            Some((at, list)) if *at == c.at => list.push(c),
            _ => days.push((c.at, vec![c])),
        }
    }
    days
}
