//! The contract for programs: see docs/compare-json.md. Amounts are text, exact; a field is always there, `null` or empty
//! where there is nothing.

use super::Comparison;
use super::words;
use crate::assessment::{RuleCard, Score};
use crate::compare::About;
use crate::compare::benchmarks::Benchmark;
use crate::compare::counting::Start;
use crate::compare::countries::{Answer, Countries, DIFFERENCES};
use crate::compare::matrix::{Cell, Five, Matrix, Row, SMALLEST_GROUP};
use crate::compare::required::Required;
use crate::compare::yardstick::Better;
use crate::report::moment::iso;
use kernel::finding::{Finding, Quantity};
use kernel::known::KnownAt;
use rulebook::time::{Instant, Zone};
use serde::Serialize;

/// A comparison as JSON, moments in a zone.
pub fn show(comparison: &Comparison, zone: &Zone) -> String {
    // Plain structs with text keys: there is nothing in them that JSON cannot hold.
    let text = match comparison {
        Comparison::Exchanges(matrix) => serde_json::to_string_pretty(&exchanges(matrix, zone)),
        Comparison::Countries(countries) => serde_json::to_string_pretty(&by_countries(countries, zone)),
    };
    let mut text = text.expect("a comparison is JSON");
    text.push('\n');
    text
}

#[derive(Serialize)]
struct ByExchanges<'a> {
    by: &'static str,
    as_of: String,
    known: Known,
    rulebook: &'a str,
    size: u64,
    laws: &'a [String],
    peer: Option<&'a str>,
    peers: usize,
    smallest_group: usize,
    exchanges: Vec<Exchange<'a>>,
    obligations: Vec<Obligation<'a>>,
}

/// A moment was asked for, or an entry; everything is the last entry.
#[derive(Serialize)]
#[serde(untagged)]
enum Known {
    Entry(u64),
    Time(String),
}

#[derive(Serialize)]
struct Exchange<'a> {
    id: &'a str,
    name_en: &'a str,
    name_ko: &'a str,
    score: Counts,
}

#[derive(Serialize)]
struct Counts {
    met: usize,
    not_met: usize,
    unknown: usize,
    judgement: usize,
    running: usize,
    answered: usize,
    applicable: usize,
}

#[derive(Serialize)]
struct Rule<'a> {
    id: &'a str,
    title_en: &'a str,
    title_ko: &'a str,
    instrument: &'a str,
    status: &'static str,
    from: Option<&'a str>,
    lines: &'a [String],
    cites: &'a [String],
}

#[derive(Serialize)]
struct Obligation<'a> {
    rule: Rule<'a>,
    topics: &'a [String],
    better: Option<&'static str>,
    cells: Vec<JsonCell<'a>>,
    score: Option<Counts>,
    statistics: Option<Statistics<'a>>,
    no_statistics: Option<&'static str>,
    benchmarks: Vec<JsonBenchmark<'a>>,
}

#[derive(Serialize)]
struct JsonCell<'a> {
    exchange: &'a str,
    verdict: &'static str,
    status: &'static str,
    subject: Option<String>,
    subjects: usize,
    alike: usize,
    value: Option<Amount<'a>>,
    required: Option<Amount<'a>>,
    short: Option<Amount<'a>>,
    at_least: bool,
    due: Option<String>,
    missing: &'a [String],
    rank: Option<usize>,
}

/// An exact decimal or fraction and its unit.
#[derive(Serialize)]
struct Amount<'a> {
    value: &'a str,
    unit: &'a str,
}

#[derive(Serialize)]
struct Statistics<'a> {
    count: usize,
    least: Option<Amount<'a>>,
    lower_quartile: Amount<'a>,
    median: Amount<'a>,
    upper_quartile: Amount<'a>,
    most: Option<Amount<'a>>,
}

#[derive(Serialize)]
struct JsonBenchmark<'a> {
    value: Amount<'a>,
    of_en: &'a str,
    of_ko: &'a str,
    since: Option<&'a str>,
    rule: &'a str,
    cites: &'a [String],
}

#[derive(Serialize)]
struct ByCountries<'a> {
    by: &'static str,
    as_of: String,
    known: Known,
    rulebook: &'a str,
    size: u64,
    laws: &'a [String],
    countries: Vec<Country<'a>>,
    topics: Vec<Topic<'a>>,
    without_topic: usize,
}

#[derive(Serialize)]
struct Country<'a> {
    id: &'a str,
    binding: usize,
    other: usize,
    exchanges: Vec<Exchange<'a>>,
}

#[derive(Serialize)]
struct Topic<'a> {
    topic: &'a str,
    family: &'a str,
    question_en: &'a str,
    question_ko: &'a str,
    differs: Vec<&'static str>,
    cells: Vec<CountryCell<'a>>,
}

#[derive(Serialize)]
struct CountryCell<'a> {
    country: &'a str,
    answers: Vec<JsonAnswer<'a>>,
}

#[derive(Serialize)]
struct JsonAnswer<'a> {
    rule: Rule<'a>,
    in_force: bool,
    until: Option<&'a str>,
    required: Vec<JsonRequired<'a>>,
    counts: Vec<String>,
    clock: Option<Clock<'a>>,
    exceptions: &'a [String],
    findings: Vec<JsonFinding<'a>>,
}

#[derive(Serialize)]
struct JsonRequired<'a> {
    sign: &'static str,
    value: Amount<'a>,
    share: bool,
    of: &'a str,
    since: Option<String>,
}

#[derive(Serialize)]
struct Clock<'a> {
    start: Option<&'a str>,
    each: bool,
    meaning_en: Option<&'a str>,
    meaning_ko: Option<&'a str>,
    limit: Option<Amount<'a>>,
    due: &'a str,
    runs: &'static str,
    moves_on_holiday: bool,
}

#[derive(Serialize)]
struct JsonFinding<'a> {
    exchange: &'a str,
    verdict: &'static str,
    subject: Option<String>,
    value: Option<Amount<'a>>,
    required: Option<Amount<'a>>,
    short: Option<Amount<'a>>,
    missing: &'a [String],
}

fn exchanges<'a>(m: &'a Matrix, zone: &Zone) -> ByExchanges<'a> {
    ByExchanges {
        by: "exchanges",
        as_of: iso(m.about.question.as_of, zone),
        known: known(&m.about, zone),
        rulebook: &m.about.rulebook,
        size: m.about.size,
        laws: &m.about.question.laws,
        peer: m.about.question.peer.as_deref(),
        peers: m.peers,
        smallest_group: SMALLEST_GROUP,
        exchanges: m
            .columns
            .iter()
            .map(|c| Exchange { id: &c.id, name_en: &c.name_en, name_ko: &c.name_ko, score: counts(&c.score) })
            .collect(),
        obligations: m.rows.iter().map(|row| obligation(m, row, zone)).collect(),
    }
}

fn obligation<'a>(m: &'a Matrix, row: &'a Row, zone: &Zone) -> Obligation<'a> {
    let cells = m.columns.iter().zip(&row.cells);
    Obligation {
        rule: rule(&row.card),
        topics: &row.topics,
        better: row.better.map(|b| match b {
            Better::Larger => "larger",
            Better::Smaller => "smaller",
        }),
        cells: cells.map(|(column, cell)| json_cell(&column.id, cell, zone)).collect(),
        score: row.score.as_ref().map(counts),
        statistics: row.statistics.as_ref().ok().map(statistics),
        no_statistics: row.statistics.as_ref().err().map(|why| words::incomparable_name(*why)),
        benchmarks: row.benchmarks.iter().map(benchmark).collect(),
    }
}

fn json_cell<'a>(exchange: &'a str, cell: &'a Cell, zone: &Zone) -> JsonCell<'a> {
    let f = &cell.finding;
    JsonCell {
        exchange,
        verdict: f.verdict.name(),
        status: f.status.name(),
        subject: subject(f),
        subjects: cell.subjects,
        alike: cell.alike,
        value: f.value.as_ref().map(amount),
        required: f.required.as_ref().map(amount),
        short: f.short.as_ref().map(amount),
        at_least: f.at_least,
        due: f.due.filter(|d| *d != Instant::NEVER).map(|d| iso(d, zone)),
        missing: &f.missing,
        rank: cell.rank,
    }
}

fn statistics(five: &Five) -> Statistics<'_> {
    Statistics {
        count: five.count,
        least: five.least.as_ref().map(amount),
        lower_quartile: amount(&five.lower_quartile),
        median: amount(&five.median),
        upper_quartile: amount(&five.upper_quartile),
        most: five.most.as_ref().map(amount),
    }
}

fn benchmark(b: &Benchmark) -> JsonBenchmark<'_> {
    let value = amount(&b.quantity);
    JsonBenchmark { value, of_en: &b.of_en, of_ko: &b.of_ko, since: b.since.as_deref(), rule: &b.rule, cites: &b.cites }
}

fn by_countries<'a>(c: &'a Countries, zone: &Zone) -> ByCountries<'a> {
    let countries = c.countries.iter().map(|country| Country {
        id: &country.id,
        binding: country.rules.0,
        other: country.rules.1,
        exchanges: c
            .exchanges
            .iter()
            .zip(&country.scores)
            .map(|(e, score)| Exchange { id: &e.id, name_en: &e.name_en, name_ko: &e.name_ko, score: counts(score) })
            .collect(),
    });
    let topics = c.topics.iter().map(|row| Topic {
        topic: &row.topic.name,
        family: &row.topic.family,
        question_en: &row.topic.question,
        question_ko: &row.topic.question_ko,
        differs: DIFFERENCES.iter().filter(|(d, _)| row.differs.contains(d)).map(|(_, name)| *name).collect(),
        cells: c
            .countries
            .iter()
            .zip(&row.cells)
            .map(|(country, answers)| CountryCell {
                country: &country.id,
                answers: answers.iter().map(|a| answer(c, a)).collect(),
            })
            .collect(),
    });
    ByCountries {
        by: "countries",
        as_of: iso(c.about.question.as_of, zone),
        known: known(&c.about, zone),
        rulebook: &c.about.rulebook,
        size: c.about.size,
        laws: &c.about.question.laws,
        countries: countries.collect(),
        topics: topics.collect(),
        without_topic: c.without_topic,
    }
}

fn answer<'a>(c: &'a Countries, a: &'a Answer) -> JsonAnswer<'a> {
    let required = |r: &'a Required| JsonRequired {
        sign: r.sign,
        value: amount(&r.quantity),
        share: r.share,
        of: &r.of,
        since: r.since.map(|day| day.to_string()),
    };
    let findings = c.exchanges.iter().zip(&a.findings).map(|(e, f)| JsonFinding {
        exchange: &e.id,
        verdict: f.verdict.name(),
        subject: subject(f),
        value: f.value.as_ref().map(amount),
        required: f.required.as_ref().map(amount),
        short: f.short.as_ref().map(amount),
        missing: &f.missing,
    });
    let start = a.start.as_ref();
    let text = |f: fn(&Start) -> &String| start.map(|s| f(s).as_str());
    JsonAnswer {
        rule: rule(&a.card),
        in_force: a.in_force,
        until: a.until.as_deref(),
        required: a.required.iter().map(required).collect(),
        counts: a.counts.iter().map(words::counts_name).collect(),
        clock: a.runs.map(|runs| Clock {
            start: text(|s| &s.word),
            each: start.is_some_and(|s| s.each),
            meaning_en: text(|s| &s.meaning_en),
            meaning_ko: text(|s| &s.meaning_ko),
            limit: a.limit.as_ref().map(amount),
            due: a.due.as_deref().unwrap_or(""),
            runs: words::runs_name(runs),
            moves_on_holiday: a.moves_on_holiday,
        }),
        exceptions: &a.exceptions,
        findings: findings.collect(),
    }
}

fn rule(card: &RuleCard) -> Rule<'_> {
    Rule {
        id: &card.id,
        title_en: &card.title_en,
        title_ko: &card.title_ko,
        instrument: &card.instrument,
        status: card.status.name(),
        from: card.from.as_deref(),
        lines: &card.lines,
        cites: &card.cites,
    }
}

fn known(about: &About, zone: &Zone) -> Known {
    match about.question.known {
        KnownAt::Now => Known::Entry(about.size.saturating_sub(1)),
        KnownAt::Entry(entry) => Known::Entry(entry),
        KnownAt::Time(at) => Known::Time(iso(at, zone)),
    }
}

fn counts(score: &Score) -> Counts {
    let Score { met, not_met, unknown, judgement, running } = *score;
    Counts { met, not_met, unknown, judgement, running, answered: score.answered(), applicable: score.applicable() }
}

fn amount(q: &Quantity) -> Amount<'_> {
    Amount { value: &q.value, unit: &q.unit }
}

fn subject(f: &Finding) -> Option<String> {
    f.subject.as_ref().map(|s| format!("{}/{}", s.kind, s.name))
}
