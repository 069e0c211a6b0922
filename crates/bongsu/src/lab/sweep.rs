//! One number of a draft moved over a range: whom each value binds, how short they are, what it costs.
//!
//! Where the rulebook finds that the number stands only in comparisons, two or three evaluations settle all values for one
//! exchange and month; otherwise each value is evaluated by itself. Both give the same, and the answer says which it was.

use super::bands::{self, Band};
use super::cost::{Cost, Costs};
use super::run::{self, Short};
use super::set::{Kind, Set};
use super::trial::Trial;
use crate::trouble::Trouble;
use rulebook::book::{ParameterId, RuleId};
use rulebook::cell::{self, CellValue};
use rulebook::evaluate::Evaluator;
use rulebook::finding::Verdict;
use rulebook::number::Number;
use rulebook::problem::nearest;
use rulebook::threshold::{Sites, Stretch};
use rulebook::time::Instant;
use rulebook::unit::{Type, Unit};
use rulebook::value::Owned;
use std::collections::BTreeMap;

/// Most steps of one sweep: a curve of more points than a screen has is not seen.
pub const MOST_STEPS: usize = 10_000;

/// Which number is moved over which values.
#[derive(Clone, Debug)]
pub struct Range {
    /// The parameter.
    pub parameter: ParameterId,
    /// Its name on its page.
    pub name: String,
    /// What it is counted in, as the page writes it; `%` for a share.
    pub unit: String,
    /// The values, in ascending order.
    pub values: Vec<Number>,
}

/// Reads a range from the command line's words; so many steps have one value more, both ends among them.
pub fn range(trial: &Trial, name: &str, from: &str, to: &str, steps: usize) -> Result<Range, Trouble> {
    let (id, parameter) = trial.parameter(name)?;
    let Type::Number(unit) = parameter.is_type else {
        return Err(Trouble::new(
            format!("`{name}` holds {}; only a number can be moved", parameter.is_type),
            "write a draft for each variant and give them all to `bongsu lab run`",
        ));
    };
    if !(1..=MOST_STEPS).contains(&steps) {
        return Err(Trouble::new(format!("{steps} steps"), format!("--steps is 1 to {MOST_STEPS}")));
    }
    let read = |option: &str, text: &str| read(name, option, text, parameter.is_type, unit);
    let (low, high) = (read("--from", from)?, read("--to", to)?);
    if low >= high {
        return Err(Trouble::new(format!("--from {from} is not below --to {to}"), "the lower end comes first"));
    }
    let last = i128::try_from(steps).unwrap_or(1);
    let value = |at: i128| {
        let part = high.subtract(&low)?.multiply(&Number::fraction(at, last)?)?;
        low.add(&part)
    };
    let values = (0..=last).map(value).collect::<Option<Vec<_>>>();
    let values = values.ok_or_else(|| Trouble::new("the values do not fit", "write fewer digits"))?;
    let unit = if unit == Unit::PLAIN { "%".to_string() } else { unit.to_string() };
    Ok(Range { parameter: id, name: parameter.id.clone(), unit, values })
}

fn read(name: &str, option: &str, text: &str, is: Type, unit: Unit) -> Result<Number, Trouble> {
    let shown = if unit == Unit::PLAIN { "5%".to_string() } else { format!("10 {unit}") };
    let trimmed = text.trim();
    let digits = trimmed.trim_end_matches(|c: char| !c.is_ascii_digit());
    let (number, rest) = (digits, trimmed.get(digits.len()..).unwrap_or("").trim());
    let rest = if rest.is_empty() && unit != Unit::PLAIN { unit.to_string() } else { rest.to_string() };
    let wrong =
        |what: String| Trouble::new(format!("{option} {text}: {what}"), format!("`{name}` is written such as {shown}"));
    if rest.is_empty() {
        return Err(wrong("a share needs its sign".to_string()));
    }
    match cell::read(&format!("{number} {rest}"), is, &rulebook::time::Zone::utc()) {
        Ok(CellValue::Is(Owned::Number(n), _)) if !n.is_negative() => Ok(n),
        Ok(CellValue::Is(Owned::Number(_), _)) => Err(wrong("below zero".to_string())),
        Ok(_) => Err(wrong("not a number".to_string())),
        Err(expected) => Err(wrong(expected)),
    }
}

/// The draft that gives a number its value, among those shipped, for a command that names none.
pub fn known_parameters(trial: &Trial) -> Vec<String> {
    trial.book.parameters.iter().map(|p| p.id.clone()).collect()
}

/// A sweep over one data set.
#[derive(Clone, Debug)]
pub struct Sweep {
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
    /// The rules that the number reaches.
    pub rules: Vec<String>,
    /// Whether every rule was settled by comparisons; otherwise each value was evaluated by itself.
    pub by_comparison: bool,
    /// What each value does.
    pub points: Vec<Point>,
    /// The lowest value at which each exchange is bound, in that order.
    pub crossings: Vec<Crossing>,
}

/// What one value does.
#[derive(Clone, Debug)]
pub struct Point {
    /// The value.
    pub value: Number,
    /// Exchanges in each band.
    pub bands: BTreeMap<Band, usize>,
    /// What is short for certain, by what it is counted in.
    pub short: BTreeMap<String, Number>,
    /// What is short if the unknowns are adverse: the whole.
    pub adverse: BTreeMap<String, Number>,
    /// People to hire where nobody is hired in part.
    pub hires: i128,
    /// A year's cost of `short`.
    pub cost: Cost,
    /// A year's cost of `adverse`.
    pub adverse_cost: Cost,
}

/// Where an exchange begins to be bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crossing {
    /// Its id.
    pub exchange: String,
    /// Name in English.
    pub name_en: String,
    /// Name in Korean.
    pub name_ko: String,
    /// The lowest value of the sweep at which it is bound.
    pub value: Number,
}

/// The sites of a parameter at each rule it reaches; `None` where a rule is to be evaluated for each value.
pub fn sites(trial: &Trial, parameter: ParameterId) -> Vec<(RuleId, Option<Sites>)> {
    let rules = trial.reached(parameter);
    rules.into_iter().map(|rule| (rule, Sites::of(&trial.book, parameter, rule))).collect()
}

/// Band and shortfalls of one exchange at one value.
type Seen = (Band, BTreeMap<String, Number>, BTreeMap<String, Number>);

/// Sweeps a set at a moment.
pub fn sweep(set: &Set, trial: &Trial, range: &Range, as_of: Instant, costs: &Costs) -> Result<Sweep, Trouble> {
    let sites = sites(trial, range.parameter);
    if sites.is_empty() {
        let known = known_parameters(trial);
        let hint = nearest(&range.name, known.iter().map(String::as_str).filter(|k| *k != range.name)).map_or_else(
            || "the page names it, but no rule asks for it".to_string(),
            |near| format!("did you mean `{near}`?"),
        );
        return Err(Trouble::new(format!("no rule hangs on `{}`", range.name), hint));
    }
    let values = &range.values;
    let nobody = || BTreeMap::from(bands::BANDS.map(|(b, _)| (b, 0)));
    let mut points: Vec<Point> = values
        .iter()
        .map(|value| Point {
            value: value.clone(),
            bands: nobody(),
            short: BTreeMap::new(),
            adverse: BTreeMap::new(),
            hires: 0,
            cost: [Number::ZERO, Number::ZERO, Number::ZERO],
            adverse_cost: [Number::ZERO, Number::ZERO, Number::ZERO],
        })
        .collect();
    let mut crossings = Vec::new();
    for (id, exchange) in set.exchanges() {
        let view = set.view(exchange);
        let seen = one(&view, trial, range, &sites, as_of);
        for (point, (band, short, adverse)) in points.iter_mut().zip(&seen) {
            *point.bands.entry(*band).or_default() += 1;
            point.hires += short.get(run::PERSON).map_or(0, run::whole);
            add(&mut point.short, short);
            add(&mut point.adverse, adverse);
        }
        if let Some(at) = seen.iter().position(|(band, ..)| *band == Band::Bound) {
            crossings.push(Crossing {
                exchange: id.to_string(),
                name_en: exchange.name_en.clone(),
                name_ko: exchange.name_ko.clone(),
                value: values[at].clone(),
            });
        }
    }
    for point in &mut points {
        point.cost = run::price(costs, &point.short, as_of);
        point.adverse_cost = run::price(costs, &point.adverse, as_of);
    }
    crossings.sort_by(|a, b| a.value.cmp(&b.value).then_with(|| a.exchange.cmp(&b.exchange)));
    Ok(Sweep {
        set: set.name.clone(),
        kind: set.kind,
        rests_on: set.rests_on.clone(),
        as_of,
        exchanges: set.len(),
        rules: sites.iter().map(|(rule, _)| trial.book.rules[rule.index()].id.clone()).collect(),
        by_comparison: sites.iter().all(|(_, sites)| sites.is_some()),
        points,
        crossings,
    })
}

fn one(
    view: &kernel::view::View<'_>,
    trial: &Trial,
    range: &Range,
    sites: &[(RuleId, Option<Sites>)],
    as_of: Instant,
) -> Vec<Seen> {
    let (book, values) = (&trial.book, &range.values);
    let mut seen: Vec<Seen> = vec![(Band::NotReached, BTreeMap::new(), BTreeMap::new()); values.len()];
    let mut evaluator = Evaluator::new(book, view);
    evaluator.gathering = false;
    for (rule, sites) in sites {
        evaluator.forget();
        for stretch in evaluator.sweep(*rule, as_of, range.parameter, sites.as_ref(), values) {
            let worst = stretch.findings.first();
            let unknown =
                worst.is_some_and(|f| matches!(f.verdict, Verdict::CannotBeAssessed | Verdict::NeedsJudgement));
            for at in stretch.first..stretch.end {
                let (band, short, adverse) = if unknown {
                    // What an unknown does hangs on the value, even where the finding does not.
                    let held = Some((range.parameter, &values[at]));
                    let placed = bands::settle(view, book, *rule, as_of, held, stretch.findings.clone());
                    let certain = run::short(book, *rule, &placed.finding).filter(|_| placed.band == Band::Bound);
                    let adverse = placed.adverse.as_ref().and_then(|f| run::short(book, *rule, f));
                    (placed.band, certain, adverse)
                } else {
                    let finding = worst.filter(|f| f.verdict == Verdict::NotMet);
                    let short =
                        finding.and_then(|f| stretch.short(f, values, at)).and_then(|amount| match amount.value {
                            Owned::Number(n) => Some(Short { of: run::counted(book, *rule, amount.is), amount: n }),
                            _ => None,
                        });
                    (worst.map_or(Band::NotReached, |f| Band::of(f.verdict)), short, None)
                };
                let (old, certain, worse) = &mut seen[at];
                *old = (*old).min(band);
                let adverse = adverse.or_else(|| short.clone());
                largest(certain, short);
                largest(worse, adverse);
            }
        }
    }
    seen
}

fn largest(into: &mut BTreeMap<String, Number>, short: Option<Short>) {
    let Some(Short { of, amount }) = short else { return };
    let slot = into.entry(of).or_insert(Number::ZERO);
    if amount > *slot {
        *slot = amount;
    }
}

fn add(into: &mut BTreeMap<String, Number>, more: &BTreeMap<String, Number>) {
    for (of, amount) in more {
        let slot = into.entry(of.clone()).or_insert(Number::ZERO);
        if let Some(sum) = slot.add(amount) {
            *slot = sum;
        }
    }
}

/// How many are bound and how short they are together, for one rule, at every month end and every value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Values of the parameter.
    pub values: usize,
    /// Month end by month end, value by value.
    pub cells: Vec<Cell>,
}

/// One month end at one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Exchanges that fall short.
    pub bound: i64,
    /// Exchanges of which it is not known.
    pub unknown: i64,
    /// What they are short of together, in the rule's unit.
    pub short: Number,
}

/// Sums that begin at one value and end before another, so that a stretch costs two additions however long it is.
struct Steps {
    bound: Vec<i64>,
    unknown: Vec<i64>,
    slope: Vec<Number>,
    rest: Vec<Number>,
}

/// Fills a grid for one rule. `sites` are those of the parameter; without them each value is evaluated by itself.
pub fn grid(
    set: &Set,
    trial: &Trial,
    rule: RuleId,
    range: &Range,
    sites: Option<&Sites>,
    ends: &[Instant],
) -> Option<Grid> {
    let count = range.values.len();
    let new = || Steps {
        bound: vec![0; count + 1],
        unknown: vec![0; count + 1],
        slope: vec![Number::ZERO; count + 1],
        rest: vec![Number::ZERO; count + 1],
    };
    let mut months: Vec<Steps> = ends.iter().map(|_| new()).collect();
    for (_, exchange) in set.exchanges() {
        let view = set.view(exchange);
        let mut evaluator = Evaluator::new(&trial.book, &view);
        evaluator.gathering = false;
        // Month ends between two measurements look back at the same one.
        let mut before: Option<(Instant, Vec<Stretch>)> = None;
        for (end, steps) in ends.iter().zip(&mut months) {
            evaluator.forget();
            let measurement = sites.and_then(|_| evaluator.rests_on(rule, *end));
            let stretches = match before.take() {
                Some((at, stretches)) if Some(at) == measurement => stretches,
                _ => evaluator.sweep(rule, *end, range.parameter, sites, &range.values),
            };
            stretches.iter().try_for_each(|stretch| steps.take(stretch))?;
            before = measurement.map(|at| (at, stretches));
        }
    }
    let mut cells = Vec::with_capacity(ends.len() * count);
    for steps in months {
        let (mut bound, mut unknown, mut slope, mut rest) = (0, 0, Number::ZERO, Number::ZERO);
        for (at, value) in range.values.iter().enumerate() {
            bound += steps.bound[at];
            unknown += steps.unknown[at];
            slope = slope.add(&steps.slope[at])?;
            rest = rest.add(&steps.rest[at])?;
            cells.push(Cell { bound, unknown, short: slope.multiply(value)?.add(&rest)? });
        }
    }
    Some(Grid { values: count, cells })
}

impl Steps {
    fn take(&mut self, stretch: &Stretch) -> Option<()> {
        let Some(finding) = stretch.findings.first() else { return Some(()) };
        let counts = match finding.verdict {
            Verdict::NotMet => &mut self.bound,
            Verdict::CannotBeAssessed | Verdict::NeedsJudgement => &mut self.unknown,
            _ => return Some(()),
        };
        counts[stretch.first] += 1;
        counts[stretch.end] -= 1;
        if let Some((slope, rest)) = stretch.line(finding) {
            self.slope[stretch.first] = self.slope[stretch.first].add(&slope)?;
            self.rest[stretch.first] = self.rest[stretch.first].add(&rest)?;
            self.slope[stretch.end] = self.slope[stretch.end].subtract(&slope)?;
            self.rest[stretch.end] = self.rest[stretch.end].subtract(&rest)?;
        }
        Some(())
    }
}
