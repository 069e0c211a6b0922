//! Obligations × exchanges: the worst answer of each rule for each exchange, and how the exchanges lie to one another.
//!
//! It promises: a column counts like an assessment does; statistics only over values that were measured by one line in one
//! unit; in the view of a peer no figure of another exchange, and none of a group of fewer than [`SMALLEST_GROUP`]: what a
//! reader must not see is not in the answer at all.

use crate::assessment::{RuleCard, Score, card};
use crate::compare::benchmarks::{self, Benchmark};
use crate::compare::statistics::{self, Statistics};
use crate::compare::worst::{self, Measured, Worst, number};
use crate::compare::yardstick::{self, Better, Incomparable};
use crate::compare::{About, Question, is_of, rulebook};
use crate::trouble::Trouble;
use kernel::finding::{Finding, Quantity};
use kernel::state::{Exchange, State};
use rulebook::book::{Book, RuleId, Status};
use rulebook::cell;
use rulebook::finding::{Amount, Verdict};
use rulebook::number::Number;
use rulebook::unit::{Type, Unit};
use rulebook::value::Owned;

/// Of fewer than six, a member who knows its own value learns too much of each other.
pub const SMALLEST_GROUP: usize = 6;

/// The answer.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// What was asked, and of what.
    pub about: About,
    /// The exchanges that are shown by name.
    pub columns: Vec<Column>,
    /// How many others there are, in the view of a peer.
    pub peers: usize,
    /// The rules in the order of the pages.
    pub rows: Vec<Row>,
}

/// An exchange.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its id.
    pub id: String,
    /// Name in English.
    pub name_en: String,
    /// Name in Korean.
    pub name_ko: String,
    /// Its findings by verdict, binding rules only: as an assessment counts them.
    pub score: Score,
}

/// A rule.
#[derive(Clone, Debug)]
pub struct Row {
    /// The rule.
    pub card: RuleCard,
    /// Its topics by name.
    pub topics: Vec<String>,
    /// Which value is better, where values compare.
    pub better: Option<Better>,
    /// One for each column.
    pub cells: Vec<Cell>,
    /// Exchanges by their worst verdict; of the others in the view of a peer, and none where these are too few.
    pub score: Option<Score>,
    /// The group's five numbers, or why there are none.
    pub statistics: Result<Five, Incomparable>,
    /// What others reach, in the unit of the statistics.
    pub benchmarks: Vec<Benchmark>,
}

/// One rule at one exchange.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The finding of the worst subject; `value` is always the exchange's side.
    pub finding: Finding,
    /// Subjects that the rule looked at.
    pub subjects: usize,
    /// Subjects with the same verdict as the worst.
    pub alike: usize,
    /// The exchange's place in its group; the best is 1.
    pub rank: Option<usize>,
}

/// Statistics as amounts; the range is left out where it would show one exchange's figure to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Five {
    /// How many have a value.
    pub count: usize,
    /// The least.
    pub least: Option<Quantity>,
    /// The lower quartile.
    pub lower_quartile: Quantity,
    /// The median.
    pub median: Quantity,
    /// The upper quartile.
    pub upper_quartile: Quantity,
    /// The greatest.
    pub most: Option<Quantity>,
}

/// Compares the exchanges of a journal under its last rulebook.
pub fn gather(state: &State, question: &Question) -> Result<Matrix, Trouble> {
    if question.peer.is_some() && !question.exchanges.is_empty() {
        return Err(Trouble::new(
            "a peer's view is over all exchanges: a chosen group could be chosen to single one out",
            "leave out --exchange, or --peer",
        ));
    }
    let (book, about) = rulebook(state, question)?;
    Ok(of(book, state, about))
}

/// The same with a book given.
pub fn of(book: &Book, state: &State, about: About) -> Matrix {
    let question = &about.question;
    let wanted = |id: &str| question.exchanges.is_empty() || question.exchanges.iter().any(|e| e == id);
    let exchanges: Vec<(&str, &Exchange)> = state.exchanges().filter(|(id, _)| wanted(id)).collect();
    let mut all: Vec<Measured> = exchanges.iter().map(|(_, e)| worst::measure(book, state, e, question)).collect();
    let own = question.peer.as_deref().map(|peer| exchanges.iter().position(|(id, _)| *id == peer));
    let shown = |at: usize| own.is_none_or(|own| own == Some(at));
    let columns = exchanges.iter().zip(&all).enumerate().filter(|(at, _)| shown(*at));
    let columns = columns.map(|(_, ((id, exchange), measured))| Column {
        id: id.to_string(),
        name_en: exchange.name_en.clone(),
        name_ko: exchange.name_ko.clone(),
        score: measured.score(|_| true),
    });
    let columns: Vec<Column> = columns.collect();
    let known = benchmarks::gather(book, question.as_of);
    let rules = book.rules.iter().enumerate().filter(|(_, r)| !r.is_guard() && is_of(book, r, &question.laws));
    let rows =
        rules.map(|(at, _)| row(book, question, RuleId::from(at), &mut all, own.map(|own| own.unwrap_or(0)), &known));
    let rows: Vec<Row> = rows.collect();
    let peers = if own.is_some() { exchanges.len().saturating_sub(1) } else { 0 };
    Matrix { columns, peers, rows, about }
}

fn row(
    book: &Book,
    question: &Question,
    id: RuleId,
    all: &mut [Measured],
    own: Option<usize>,
    known: &[benchmarks::Known],
) -> Row {
    let rule = &book.rules[id.index()];
    let day = book.instruments[rule.instrument.index()].zone.date(question.as_of);
    let version = rule.on(day).or_else(|| rule.versions.last());
    let yardstick = version.map_or(Err(Incomparable::NoNumber), |v| yardstick::of(book, rule, v));
    let swapped = yardstick.is_ok_and(|y| y.swapped);
    // Each rule is looked at once, so its findings are taken and not copied.
    let worst: Vec<Option<Worst>> = all.iter_mut().map(|m| m.take(id)).collect();
    let side = usize::from(swapped);
    let values: Vec<Option<&Amount>> = worst
        .iter()
        .map(|w| w.as_ref().filter(|w| applies(w.verdict())).and_then(|w| w.sides[side].as_ref()))
        .collect();
    let group = |at: &usize| own != Some(*at);
    let (statistics, measure) = match yardstick {
        Ok(_) => five(&values, own, book, rule.instrument),
        Err(why) => (Err(why), None),
    };
    let numbers: Vec<Option<Number>> = values.iter().map(|v| v.and_then(number)).collect();
    let better = yardstick.ok().and_then(|y| y.better);
    let ranked = statistics.is_ok().then_some(better).flatten();
    let ranks = ranked.map(|better| statistics::ranks(&numbers.iter().map(Option::as_ref).collect::<Vec<_>>(), better));
    let mut score = Score::default();
    let others = worst.iter().enumerate().filter(|(at, _)| group(at)).filter_map(|(_, w)| w.as_ref());
    others.for_each(|w| score.add(w.verdict()));
    let cells = worst.into_iter().enumerate().filter(|(at, _)| own.is_none_or(|own| own == *at));
    let cells = cells.map(|(at, w)| cell(book, id, w, swapped, ranks.as_ref().and_then(|r| *r.get(at)?)));
    let cells: Vec<Cell> = cells.collect();
    let topics = rule.topics.iter().filter_map(|t| book.vocabulary.topics().nth(usize::from(t.0)));
    let topics: Vec<String> = topics.map(|(_, t)| t.name.clone()).collect();
    Row {
        card: card(book, rule, question.as_of),
        better,
        cells,
        score: (own.is_none() || score.applicable() >= SMALLEST_GROUP).then_some(score),
        benchmarks: benchmarks::of(known, &topics, &rule.id, measure),
        statistics,
        topics,
    }
}

fn applies(verdict: Verdict) -> bool {
    !matches!(verdict, Verdict::NotInForce | Verdict::NotApplicable)
}

fn cell(book: &Book, id: RuleId, worst: Option<Worst>, swapped: bool, rank: Option<usize>) -> Cell {
    let (subjects, alike) = worst.as_ref().map_or((0, 0), |w| (w.subjects, w.alike));
    let finding = worst.map_or_else(|| nothing(&book.rules[id.index()].id), |w| w.into_finding(swapped));
    Cell { finding, subjects, alike, rank }
}

/// What stands where a rule made no finding.
fn nothing(rule: &str) -> Finding {
    Finding {
        rule: rule.to_string(),
        subject: None,
        verdict: Verdict::NotApplicable,
        status: Status::Binding,
        value: None,
        required: None,
        short: None,
        at_least: false,
        due: None,
        elapsed: None,
        measured: None,
        missing: Vec::new(),
        judgements: Vec::new(),
        evidence: Vec::new(),
        grade: None,
    }
}

/// What the values of a group are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// A unit; plain for shares and counts.
    Unit(Unit),
    /// Lengths of time.
    Length,
}

fn measure_of(amount: &Amount) -> Measure {
    match (&amount.value, amount.is) {
        (Owned::Length(_), _) => Measure::Length,
        (_, Type::Number(unit)) => Measure::Unit(unit),
        _ => Measure::Unit(Unit::PLAIN),
    }
}

/// The five numbers of a group: of all, or of the others in the view of a peer.
fn five(
    values: &[Option<&Amount>],
    own: Option<usize>,
    book: &Book,
    instrument: rulebook::book::InstrumentId,
) -> (Result<Five, Incomparable>, Option<Measure>) {
    let known: Vec<&Amount> = values.iter().flatten().copied().filter(|a| number(a).is_some()).collect();
    let Some(first) = known.first().map(|a| measure_of(a)) else { return (Err(Incomparable::NoValue), None) };
    if known.iter().any(|a| measure_of(a) != first) {
        return (Err(Incomparable::DifferentUnits), None);
    }
    let group = values.iter().enumerate().filter(|(at, _)| own != Some(*at));
    let group: Vec<Number> = group.filter_map(|(_, v)| v.and_then(number)).collect();
    if own.is_some() && group.len() < SMALLEST_GROUP {
        return (Err(Incomparable::GroupTooSmall), Some(first));
    }
    let zone = &book.instruments[instrument.index()].zone;
    let show = |n: Number| match first {
        Measure::Unit(unit) => Quantity { value: n.to_string(), unit: unit.to_string() },
        Measure::Length => match n.to_integer().and_then(|ms| i64::try_from(ms).ok()) {
            Some(ms) => Quantity { value: cell::show(&Owned::Length(ms), Type::Length, zone), unit: String::new() },
            // A quartile between two whole milliseconds.
            None => Quantity { value: format!("{n} ms"), unit: String::new() },
        },
    };
    let Some(Statistics { count, least, lower_quartile, median, upper_quartile, most }) = statistics::of(&group) else {
        return (Err(Incomparable::NoValue), Some(first));
    };
    let five = Five {
        count,
        least: own.is_none().then(|| show(least)),
        lower_quartile: show(lower_quartile),
        median: show(median),
        upper_quartile: show(upper_quartile),
        most: own.is_none().then(|| show(most)),
    };
    (Ok(five), Some(first))
}
