//! `bongsu bench assess` and `bongsu bench replay`: a made-up industry, assessed at every month end; a journal of figures, replayed.
//!
//! The industry is made up by arithmetic, not drawn: every exchange has every kind of fact that Korean law reads, with
//! values around the limits, so that no rule is skipped for want of facts.

use crate::pages;
use crate::trouble::Trouble;
use kernel::fact::{Exact, ExchangeRegistered, Figure, FigureValue, Grade, Name, Observation};
use kernel::known::Stamp;
use kernel::replay::Replay;
use kernel::state::{State, fold};
use kernel::view::View;
use rulebook::time::{Instant, Zone};
use rulebook::unit::Type;
use rulebook::vocabulary::{Counted, Holds, Of, Vocabulary};
use std::time::Instant as Clock;

/// The size of the industry.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Exchanges.
    pub exchanges: u32,
    /// Month ends.
    pub months: u32,
    /// Assets of each, with a price for every day.
    pub assets: u32,
}

/// Assesses the industry at every month end and prints what it took.
pub fn assess(size: Size) -> Result<(), Trouble> {
    let vocabulary = kernel::words::vocabulary();
    let (book, _) = rulebook::build(vocabulary.clone(), pages::shipped_law(&pages::shipped_laws()));
    let zone = Zone::get("Asia/Seoul").unwrap_or_else(Zone::utc);
    let ends = month_ends(&zone, size.months);
    let started = Clock::now();
    let (state, figures) = industry(&vocabulary, &zone, size, &ends);
    println!("{figures} facts folded in {:.2?}", started.elapsed());
    let rules = book.rules.iter().filter(|r| !r.is_guard()).count();
    for round in 1..=3 {
        let started = Clock::now();
        let (mut findings, mut not_met) = (0u64, 0u64);
        for (_, exchange) in state.exchanges() {
            let view = View::now(&exchange.record, Some(state.shared()));
            for end in &ends {
                kernel::assess::each(&view, &book, *end, &[], |f| {
                    findings += 1;
                    not_met += u64::from(f.verdict == rulebook::finding::Verdict::NotMet);
                });
            }
        }
        let took = started.elapsed();
        println!(
            "round {round}: {} exchanges × {rules} rules × {} month ends: {findings} findings ({not_met} not met) in {took:.2?}, {} ns each",
            size.exchanges,
            ends.len(),
            took.as_nanos() / u128::from(findings.max(1))
        );
    }
    if let Some(peak) = peak_memory() {
        println!("peak memory {peak}");
    }
    Ok(())
}

/// A made-up industry folded into a state, and how many facts that took.
pub(crate) fn industry(vocabulary: &Vocabulary, zone: &Zone, size: Size, ends: &[Instant]) -> (State, u64) {
    let mut state = State::new(vocabulary.clone());
    let mut index = 0;
    for exchange in 0..size.exchanges {
        for fact in facts(vocabulary, zone, exchange, size, ends) {
            index += 1;
            fold(&mut state, Stamp { index, time: Instant(0) }, &fact);
        }
    }
    (state, index)
}

/// Replays a journal of figures in memory, with an assessment every thousand, and prints the rate.
pub fn replay(figures: u64) -> Result<(), Trouble> {
    let vocabulary = kernel::words::vocabulary();
    let sources = pages::shipped_law(&pages::shipped_laws());
    let zone = Zone::get("Asia/Seoul").unwrap_or_else(Zone::utc);
    let entries = journal(&vocabulary, &zone, sources, figures);
    for round in 1..=3 {
        let started = Clock::now();
        let mut replay = Replay::reperform(vocabulary.clone());
        for (stamp, kind, body) in &entries {
            replay.entry(*stamp, *kind, body).map_err(|e| Trouble::new(e.expected, ""))?;
        }
        let took = started.elapsed();
        let rate = u128::from(figures) * 1_000_000_000 / took.as_nanos().max(1);
        println!(
            "round {round}: {figures} figures and {} findings re-performed in {took:.2?}: {rate} figures/s, {} differences",
            replay.tally.findings,
            replay.differences.len()
        );
    }
    Ok(())
}

type Entry = (Stamp, u16, Vec<u8>);

/// The entries of a journal: the law, one exchange, figures, and an assessment after every thousand figures.
fn journal(vocabulary: &Vocabulary, zone: &Zone, sources: Vec<rulebook::page::Source>, figures: u64) -> Vec<Entry> {
    use kernel::fact::{AssessmentAsked, RulebookAdopted, RulebookPage};
    let pages: Vec<RulebookPage> = sources.into_iter().map(|s| RulebookPage { path: s.path, text: s.text }).collect();
    let mut listed: Vec<_> = pages.iter().map(|p| (p.path.clone(), p.hash())).collect();
    listed.sort();
    let mut observations: Vec<Observation> = pages.into_iter().map(Observation::from).collect();
    observations.push(RulebookAdopted { id: "bench".into(), pages: listed }.into());
    observations.push(registered(0).into());
    let words: Vec<_> = vocabulary
        .words()
        .filter(|(_, w)| w.of == Of::Exchange && matches!(w.holds, Holds::Value(Type::Number(_))))
        .collect();
    let ends = month_ends(zone, 60);
    for n in 0..figures {
        let (_, word) = words[(n % words.len() as u64) as usize];
        // A new moment each time round: figures add to the record, as reports do, and do not correct one another.
        let at = Instant(ends[0].0 + i64::try_from(n / words.len() as u64).unwrap_or(0) * 3_600_000);
        let amount = i128::from(n % 97 + 3);
        observations.push(figure(0, None, &word.name, at, number(amount, 1)));
        if n % 1_000 == 999 {
            let asked = AssessmentAsked {
                exchange: name(0),
                as_of: ends[59],
                known: kernel::known::KnownAt::Now,
                laws: vec!["kr.vaupa".into()],
            };
            observations.push(asked.into());
        }
    }
    let mut state = State::new(vocabulary.clone());
    let mut entries = Vec::new();
    for (index, observation) in (1u64..).zip(observations) {
        let stamp = Stamp { index, time: Instant(i64::try_from(index).unwrap_or(i64::MAX)) };
        let conclusions = kernel::conclude::conclude(&state, &observation, stamp);
        fold(&mut state, stamp, &observation);
        let kind = observation.kind();
        entries.extend(kernel::body::Body { observation, conclusions }.encode().map(|body| (stamp, kind, body)));
    }
    entries
}

/// Every kind of fact about one exchange.
fn facts(vocabulary: &Vocabulary, zone: &Zone, exchange: u32, size: Size, ends: &[Instant]) -> Vec<Observation> {
    let mut list: Vec<Observation> = vec![registered(exchange).into()];
    let first = ends.first().copied().unwrap_or(Instant(0));
    let start = Instant(first.0 - 366 * 24 * 3_600_000);
    for (_, word) in vocabulary.words() {
        let subject = match word.of {
            Of::Exchange => None,
            Of::Kind(kind) if vocabulary.kind_name(kind) == "asset" => continue,
            Of::Kind(kind) => Some(Name::new(vocabulary.kind_name(kind), "one")),
            Of::Any => continue,
        };
        let moments: &[Instant] =
            if word.counted == Some(Counted::Month) { ends } else { std::slice::from_ref(&start) };
        for (at, n) in moments.iter().zip(0u32..) {
            if let Some(value) = sample(word.holds, exchange.wrapping_add(n)) {
                list.push(figure(exchange, subject.clone(), &word.name, *at, value));
            }
        }
    }
    for asset in 0..size.assets {
        let subject = Some(Name::new("asset", &format!("A{asset}")));
        for (word, amount) in
            [("held", 100), ("entrusted", 100), ("cold_quantity", 79 + i128::from(asset % 4)), ("users_quantity", 100)]
        {
            list.push(figure(exchange, subject.clone(), word, start, number(amount, 1)));
        }
        let mut day = zone.date(start);
        let last = zone.date(ends.last().copied().unwrap_or(start));
        while day <= last {
            let price = 1_000 + i128::from(day.day()) * 7 + i128::from(asset);
            list.push(figure(exchange, subject.clone(), "krw_price", zone.end_of(day), number(price, 1)));
            let Ok(next) = day.tomorrow() else { break };
            day = next;
        }
    }
    list
}

/// A value near where limits lie.
fn sample(holds: Holds, n: u32) -> Option<FigureValue> {
    Some(match holds {
        Holds::Value(Type::YesNo) => FigureValue::Truth(!n.is_multiple_of(5)),
        Holds::Value(Type::Number(_)) => number(i128::from(n % 40 + 60), 100),
        Holds::Value(Type::Money) => {
            FigureValue::Number(Exact::new(i128::from(n), 1)?, Some(rulebook::unit::Dimension::Krw))
        }
        Holds::Value(Type::Code) => FigureValue::Code("other".into()),
        Holds::Value(Type::Codes) => FigureValue::None,
        Holds::Value(Type::Civil) => FigureValue::Civil(rulebook::time::Civil { months: 36, ..Default::default() }),
        Holds::Value(Type::Length) => FigureValue::Length(3_600_000),
        Holds::Value(_) => return None,
        Holds::Event { by, amount } => {
            FigureValue::Happened { by: by.then(|| "fss".into()), amount: amount.and_then(|_| Exact::new(1, 1)) }
        }
    })
}

fn number(num: i128, den: i128) -> FigureValue {
    Exact::new(num, den).map_or(FigureValue::Missing, |n| FigureValue::Number(n, None))
}

fn name(exchange: u32) -> String {
    format!("x{exchange:03}")
}

fn registered(exchange: u32) -> ExchangeRegistered {
    ExchangeRegistered {
        id: name(exchange),
        name_en: name(exchange),
        name_ko: name(exchange),
        source: "made up".into(),
    }
}

fn figure(exchange: u32, subject: Option<Name>, word: &str, at: Instant, value: FigureValue) -> Observation {
    Figure {
        exchange: name(exchange),
        subject,
        word: word.into(),
        at,
        value,
        grade: Grade::Declared,
        confidence: None,
        source: "made up".into(),
        corrects: None,
    }
    .into()
}

/// Month ends up to November 2026, oldest first.
pub(crate) fn month_ends(zone: &Zone, months: u32) -> Vec<Instant> {
    let mut end = zone.read("2026-11-30").unwrap_or(Instant(0));
    let mut list = Vec::new();
    for _ in 0..months.max(1) {
        list.push(end);
        end = zone.previous_month_end(end);
    }
    list.reverse();
    list
}

/// The most memory this process has used, where the system says so.
fn peak_memory() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|l| l.strip_prefix("VmHWM:")).map(|v| v.trim().to_string())
}
