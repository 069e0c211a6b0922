//! Drafts run over data sets, each beside its base: who is bound, how short, since when, at what cost, and why.
//!
//! It promises: made-up and real exchanges are never added up; of two rules that ask for the same thing the larger shortfall counts,
//! not the sum, because one hire serves both; what a band rests on is carried with it. It must never know how it is printed.

use super::bands::{self, Band, Placed};
use super::cost::{self, Cost, Costs};
use super::set::{Kind, Set};
use super::trial::Trial;
use kernel::fact::Name;
use kernel::finding::Quantity;
use rulebook::book::{Book, Duty, Node, RuleId};
use rulebook::finding::{Amount, Finding, Verdict};
use rulebook::number::Number;
use rulebook::time::{Instant, Zone};
use rulebook::unit::{Type, Unit};
use rulebook::value::Owned;
use std::collections::BTreeMap;

/// How many month ends are looked back to say since when; the shipped set has as many.
pub const WINDOWS: usize = 49;

/// A run over one data set.
#[derive(Clone, Debug)]
pub struct Run {
    /// The set's name.
    pub set: String,
    /// Made up or real.
    pub kind: Kind,
    /// What the set rests on.
    pub rests_on: String,
    /// The moment judged for.
    pub as_of: Instant,
    /// Exchanges of the set.
    pub exchanges: usize,
    /// One for each draft, in the order given.
    pub drafts: Vec<Tried>,
}

/// One draft over one set.
#[derive(Clone, Debug)]
pub struct Tried {
    /// The draft's id.
    pub name: String,
    /// What it would change.
    pub title: String,
    /// What it says, line by line.
    pub says: Vec<String>,
    /// Each exchange, in order of id.
    pub exchanges: Vec<Outcome>,
    /// How many exchanges lie in each band.
    pub bands: BTreeMap<Band, usize>,
    /// What those who are bound are short of, by what it is counted in.
    pub short: BTreeMap<String, Number>,
    /// What would be short as well if the unknowns were adverse: the whole, not the difference.
    pub adverse: BTreeMap<String, Number>,
    /// People to hire where nobody is hired in part: each exchange's shortfall made whole, then added.
    pub hires: i128,
    /// A year's cost of `short`.
    pub cost: Cost,
    /// A year's cost of `adverse`.
    pub adverse_cost: Cost,
    /// Rules that some exchange misses without a figure of how much.
    pub unpriced: usize,
}

/// One exchange under one draft.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Its id.
    pub exchange: String,
    /// Its name in English.
    pub name_en: String,
    /// Its name in Korean.
    pub name_ko: String,
    /// The heaviest band of its rules.
    pub band: Band,
    /// Each rule that the draft touches.
    pub rules: Vec<Ruled>,
}

/// One rule at one exchange, with and without the draft.
#[derive(Clone, Debug)]
pub struct Ruled {
    /// The rule's id.
    pub rule: String,
    /// Its title in English.
    pub title_en: String,
    /// Its title in Korean.
    pub title_ko: String,
    /// The subject the finding is about.
    pub subject: Option<Name>,
    /// The verdict without the draft; none where the draft adds the rule.
    pub before: Option<Verdict>,
    /// The verdict with it.
    pub after: Verdict,
    /// The band.
    pub band: Band,
    /// The line that decided, as the page writes it.
    pub line: String,
    /// Where the law or the draft says so.
    pub cites: Vec<String>,
    /// What is.
    pub value: Option<Quantity>,
    /// What must be.
    pub required: Option<Quantity>,
    /// What is short for certain.
    pub short: Option<Short>,
    /// What is short at the adverse end.
    pub adverse: Option<Short>,
    /// The first month end at which it is not met under the draft.
    pub since: Option<Instant>,
    /// The facts or judgements that are missing.
    pub missing: Vec<String>,
    /// What was tried at the adverse end.
    pub tried: Vec<String>,
}

/// An amount and what it is counted in: `KRW`, `person`, a kind of subject, or a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Short {
    /// Counted in.
    pub of: String,
    /// How much.
    pub amount: Number,
}

/// Runs drafts over a set at a moment.
pub fn run(set: &Set, trials: &[Trial], as_of: Instant, costs: &Costs) -> Run {
    Run {
        set: set.name.clone(),
        kind: set.kind,
        rests_on: set.rests_on.clone(),
        as_of,
        exchanges: set.len(),
        drafts: trials.iter().map(|trial| tried(set, trial, as_of, costs)).collect(),
    }
}

fn tried(set: &Set, trial: &Trial, as_of: Instant, costs: &Costs) -> Tried {
    let ends = month_ends(&zone(&trial.book), as_of, WINDOWS);
    let mut exchanges = Vec::new();
    for (id, exchange) in set.exchanges() {
        let view = set.view(exchange);
        let rules: Vec<Ruled> = trial
            .rules
            .iter()
            .map(|rule| {
                let placed = bands::place(&view, &trial.book, *rule, as_of, None);
                let before = trial
                    .base
                    .rule(&trial.book.rules[rule.index()].id)
                    .map(|rule| bands::place(&view, &trial.base, rule, as_of, None).finding.verdict);
                let since = (placed.band == Band::Bound).then(|| {
                    let not_met =
                        |end: &&Instant| bands::place(&view, &trial.book, *rule, **end, None).band == Band::Bound;
                    // From the latest month end backwards: since when without a break.
                    ends.iter().rev().take_while(not_met).last().copied()
                });
                ruled(&trial.book, &view, *rule, placed, before, since.flatten(), as_of)
            })
            .collect();
        let band = rules.iter().map(|r| r.band).min().unwrap_or(Band::NotReached);
        exchanges.push(Outcome {
            exchange: id.to_string(),
            name_en: exchange.name_en.clone(),
            name_ko: exchange.name_ko.clone(),
            band,
            rules,
        });
    }
    total(trial, exchanges, as_of, costs)
}

/// The instant's zone is that of the instrument a draft is laid over.
pub fn zone(book: &Book) -> Zone {
    book.instruments.first().map_or_else(Zone::utc, |i| i.zone.clone())
}

/// The last month ends up to a moment, oldest first; the moment itself counts when it is one.
pub fn month_ends(zone: &Zone, as_of: Instant, count: usize) -> Vec<Instant> {
    let mut end = zone.end_of(zone.date(as_of).last_of_month());
    if end > as_of {
        end = zone.previous_month_end(as_of);
    }
    let mut list = Vec::new();
    for _ in 0..count {
        list.push(end);
        end = zone.previous_month_end(end);
    }
    list.reverse();
    list
}

#[allow(clippy::too_many_arguments)]
fn ruled(
    book: &Book,
    view: &kernel::view::View<'_>,
    rule: RuleId,
    placed: Placed,
    before: Option<Verdict>,
    since: Option<Instant>,
    as_of: Instant,
) -> Ruled {
    let named = &book.rules[rule.index()];
    let shown = kernel::finding::Finding::of(&placed.finding, book, view);
    let bound = placed.band == Band::Bound;
    let version =
        placed.finding.version.and_then(|v| named.versions.get(v)).or_else(|| named.on(zone(book).date(as_of)));
    let lines = version.map(|v| lines(book, &v.duty)).unwrap_or_default();
    Ruled {
        rule: named.id.clone(),
        title_en: named.title.en.clone(),
        title_ko: named.title.ko.clone(),
        subject: shown.subject,
        before,
        after: placed.finding.verdict,
        band: placed.band,
        line: lines.join("; "),
        cites: version.map(|v| v.cite.clone()).unwrap_or_default(),
        value: shown.value,
        required: shown.required,
        short: short(book, rule, &placed.finding).filter(|_| bound),
        adverse: placed.adverse.as_ref().and_then(|f| short(book, rule, f)),
        since,
        missing: shown.missing.into_iter().chain(shown.judgements).collect(),
        tried: placed.tried,
    }
}

fn lines(book: &Book, duty: &Duty) -> Vec<String> {
    match duty {
        Duty::Require { require, .. } => {
            require.iter().map(|n| book.text_of(*n).split_whitespace().collect::<Vec<_>>().join(" ")).collect()
        }
        _ => Vec::new(),
    }
}

/// What a finding lacks, with what it is counted in.
pub fn short(book: &Book, rule: RuleId, finding: &Finding) -> Option<Short> {
    let Amount { value: Owned::Number(amount), is } = finding.short.as_ref()? else { return None };
    Some(Short { of: counted(book, rule, *is), amount: amount.clone() })
}

/// What a shortfall of a rule is counted in. A count of subjects is counted in them.
pub fn counted(book: &Book, rule: RuleId, is: Type) -> String {
    match is {
        Type::Number(unit) if unit != Unit::PLAIN => unit.to_string(),
        _ => {
            let duties = book.rules[rule.index()].versions.iter().map(|v| &v.duty);
            let lines = duties.filter_map(|d| match d {
                Duty::Require { require, .. } => Some(require),
                _ => None,
            });
            let kind = lines.flatten().find_map(|line| match book.node(*line) {
                Node::Compare(_, a, _) => match book.node(a) {
                    Node::CountSubjects(kind) => Some(book.vocabulary.kind_name(kind).to_string()),
                    _ => None,
                },
                _ => None,
            });
            kind.unwrap_or_else(|| "share".to_string())
        }
    }
}

/// The largest shortfall of each kind among the rules of one exchange.
fn largest<'r>(shorts: impl Iterator<Item = &'r Short>) -> BTreeMap<String, Number> {
    let mut largest: BTreeMap<String, Number> = BTreeMap::new();
    for short in shorts {
        let slot = largest.entry(short.of.clone()).or_insert(Number::ZERO);
        if short.amount > *slot {
            *slot = short.amount.clone();
        }
    }
    largest
}

fn total(trial: &Trial, exchanges: Vec<Outcome>, as_of: Instant, costs: &Costs) -> Tried {
    let mut bands: BTreeMap<Band, usize> = bands::BANDS.iter().map(|(b, _)| (*b, 0)).collect();
    let (mut short, mut adverse) = (BTreeMap::new(), BTreeMap::new());
    let (mut unpriced, mut hires) = (0, 0);
    for outcome in &exchanges {
        *bands.entry(outcome.band).or_default() += 1;
        let certain = largest(outcome.rules.iter().filter_map(|r| r.short.as_ref()));
        let worst = largest(outcome.rules.iter().filter_map(|r| r.adverse.as_ref().or(r.short.as_ref())));
        hires += certain.get(PERSON).map_or(0, whole);
        sum(&mut short, &certain);
        sum(&mut adverse, &worst);
        unpriced += outcome.rules.iter().filter(|r| r.band == Band::Bound && r.short.is_none()).count();
    }
    Tried {
        name: trial.name.clone(),
        title: trial.title.clone(),
        says: trial.says.clone(),
        cost: price(costs, &short, as_of),
        adverse_cost: price(costs, &adverse, as_of),
        exchanges,
        bands,
        short,
        adverse,
        hires,
        unpriced,
    }
}

/// What people are counted in.
pub const PERSON: &str = "person";

/// The least whole number that is not below; zero for what is negative.
pub fn whole(number: &Number) -> i128 {
    // Minus the floor of minus: the ceiling.
    number.negate().and_then(|n| n.floor()).and_then(i128::checked_neg).unwrap_or(0).max(0)
}

fn sum(into: &mut BTreeMap<String, Number>, more: &BTreeMap<String, Number>) {
    for (of, amount) in more {
        let slot = into.entry(of.clone()).or_insert(Number::ZERO);
        // Amounts of facts have 31 digits; a few hundred of them stay far below the bound of numbers.
        if let Some(total) = slot.add(amount) {
            *slot = total;
        }
    }
}

/// The year's cost of all that has a price.
pub fn price(costs: &Costs, short: &BTreeMap<String, Number>, as_of: Instant) -> Cost {
    let none = [Number::ZERO, Number::ZERO, Number::ZERO];
    short
        .iter()
        .filter_map(|(of, amount)| costs.of(of, amount, as_of))
        .fold(none, |a, b| cost::add(&a, &b).unwrap_or(a))
}
