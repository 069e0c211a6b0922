//! Topics × countries: which rule of which law answers a question, with what number, from which event, counted how.
//!
//! It promises that a difference in counting is said and not hidden behind two numbers. Which rules belong to a topic
//! stands on the pages (`topic`), never here.

use crate::assessment::{RuleCard, Score, card};
use crate::compare::counting::{self, Counts, Runs, Start};
use crate::compare::required::{self, Required};
use crate::compare::worst::{self, Measured};
use crate::compare::yardstick;
use crate::compare::{About, Question, countries_of, country, is_country, is_of, rulebook};
use crate::trouble::Trouble;
use kernel::finding::{Finding, Quantity};
use kernel::state::State;
use rulebook::book::{Book, InstrumentId, Rule, RuleId, Status};
use rulebook::time::Instant;
use rulebook::vocabulary::Topic;
use std::collections::BTreeSet;

/// The answer.
#[derive(Clone, Debug)]
pub struct Countries {
    /// What was asked, and of what.
    pub about: About,
    /// The countries in the order of the columns.
    pub countries: Vec<Country>,
    /// The exchanges that were put under the laws.
    pub exchanges: Vec<Named>,
    /// The topics that any of them answers, in the order of the list.
    pub topics: Vec<Row>,
    /// Rules of these laws that say no topic.
    pub without_topic: usize,
}

/// A country's law.
#[derive(Clone, Debug)]
pub struct Country {
    /// Its id, such as `kr`.
    pub id: String,
    /// Its binding rules in force, and those of any other kind, on the day.
    pub rules: (usize, usize),
    /// For each exchange its binding findings by verdict, over all rules of the country.
    pub scores: Vec<Score>,
}

/// An exchange.
#[derive(Clone, Debug)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// Name in English.
    pub name_en: String,
    /// Name in Korean.
    pub name_ko: String,
}

/// A topic.
#[derive(Clone, Debug)]
pub struct Row {
    /// The topic.
    pub topic: Topic,
    /// In what the countries differ.
    pub differs: Vec<Difference>,
    /// One for each country; empty where no rule answers.
    pub cells: Vec<Vec<Answer>>,
}

/// In what the answers of countries differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// What is counted: each asset, or all in sum, over which time.
    Counting,
    /// The event that starts the clock.
    Start,
    /// The kind of time it runs in.
    Time,
    /// The unit of the number.
    Unit,
}

/// The names of the differences in the contract for programs.
pub const DIFFERENCES: [(Difference, &str); 4] = [
    (Difference::Counting, "counting"),
    (Difference::Start, "start"),
    (Difference::Time, "time"),
    (Difference::Unit, "unit"),
];

/// A rule that answers a topic.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The rule.
    pub card: RuleCard,
    /// Whether a form of it is in force on the day.
    pub in_force: bool,
    /// Last day of the form shown.
    pub until: Option<String>,
    /// The numbers it asks for.
    pub required: Vec<Required>,
    /// How it counts.
    pub counts: Vec<Counts>,
    /// What starts its clock.
    pub start: Option<Start>,
    /// How long the clock runs, where the page says it without facts.
    pub limit: Option<Quantity>,
    /// The due date as the page writes it, or the words that a person judges by.
    pub due: Option<String>,
    /// The kind of time the clock runs in.
    pub runs: Option<Runs>,
    /// A due date on a holiday moves on.
    pub moves_on_holiday: bool,
    /// The exceptions over it.
    pub exceptions: Vec<String>,
    /// The worst finding for each exchange.
    pub findings: Vec<Finding>,
}

/// Compares the countries of a journal's last rulebook.
pub fn gather(state: &State, question: &Question) -> Result<Countries, Trouble> {
    if question.peer.is_some() {
        return Err(Trouble::new(
            "--peer is for the comparison of exchanges",
            "name the exchange with --exchange: only its verdicts are shown",
        ));
    }
    let (book, about) = rulebook(state, question)?;
    let countries = countries(book, question);
    let of_country = |rule: &Rule| country(&book.instruments[rule.instrument.index()].id);
    let wanted =
        |rule: &&Rule| !rule.is_guard() && is_of(book, rule, &question.laws) && countries.contains(&of_country(rule));
    let numbered = book.rules.iter().enumerate().filter(|(_, rule)| wanted(rule));
    let rules: Vec<(RuleId, &Rule)> = numbered.map(|(at, rule)| (RuleId::from(at), rule)).collect();
    let mut exchanges = Vec::new();
    let mut found: Vec<Measured> = Vec::new();
    for (id, exchange) in state.exchanges().filter(|(id, _)| question.exchanges.iter().any(|e| e == id)) {
        exchanges.push(Named { id: id.into(), name_en: exchange.name_en.clone(), name_ko: exchange.name_ko.clone() });
        found.push(worst::measure(book, state, exchange, question));
    }
    let mut topics = Vec::new();
    for (id, topic) in book.vocabulary.topics() {
        let cells = countries.iter().map(|c| {
            let of = rules.iter().filter(|(_, r)| r.topics.contains(&id) && of_country(r) == *c);
            let mut answers: Vec<Answer> = of.map(|(id, _)| answer(book, *id, question.as_of, &found)).collect();
            // What binds now comes first; the pages' order decides the rest.
            answers.sort_by_key(|a| (a.card.status != Status::Binding, !a.in_force));
            answers
        });
        let cells: Vec<Vec<Answer>> = cells.collect();
        if cells.iter().any(|c| !c.is_empty()) {
            topics.push(Row { topic: topic.clone(), differs: differences(&cells), cells });
        }
    }
    let without_topic = rules.iter().filter(|(_, r)| r.topics.is_empty()).count();
    let countries = countries.into_iter().map(|c| {
        let of = rules.iter().filter(|(_, r)| of_country(r) == c);
        let (mut binding, mut other) = (0, 0);
        for (_, rule) in of {
            let day = book.instruments[rule.instrument.index()].zone.date(question.as_of);
            match rule.on(day).map(|v| v.status) {
                Some(Status::Binding) => binding += 1,
                Some(_) => other += 1,
                None => {}
            }
        }
        let here = |i: InstrumentId| country(&book.instruments[i.index()].id) == c;
        let scores = found.iter().map(|measured| measured.score(here));
        Country { id: c.to_string(), rules: (binding, other), scores: scores.collect() }
    });
    Ok(Countries { countries: countries.collect(), exchanges, topics, without_topic, about })
}

/// The columns: as the laws were named, or in the order of the pages.
fn countries<'b>(book: &'b Book, question: &Question) -> Vec<&'b str> {
    let mut all = countries_of(book);
    if question.laws.is_empty() {
        all.retain(|c| is_country(c));
    } else {
        let place = |c: &&str| question.laws.iter().position(|law| country(law) == *c);
        all.retain(|c| place(c).is_some());
        all.sort_by_key(place);
    }
    all
}

fn answer(book: &Book, id: RuleId, as_of: Instant, found: &[Measured]) -> Answer {
    let rule = &book.rules[id.index()];
    let day = book.instruments[rule.instrument.index()].zone.date(as_of);
    let on = rule.on(day);
    let version = on.or_else(|| rule.versions.last());
    // A form that is not in force is shown with the numbers of its first or last day.
    let day = version.map_or(day, |v| {
        let day = v.period.from.map_or(day, |from| from.max(day));
        v.period.until.map_or(day, |until| until.min(day))
    });
    let swapped = version.is_some_and(|v| yardstick::of(book, rule, v).is_ok_and(|y| y.swapped));
    Answer {
        card: card(book, rule, as_of),
        in_force: on.is_some(),
        until: version.and_then(|v| v.period.until).map(|d| d.to_string()),
        required: version.map(|v| required::numbers(book, v, rule.instrument, day)).unwrap_or_default(),
        counts: version.map(|v| counting::of(book, rule, v, day)).unwrap_or_default(),
        start: version.and_then(|v| counting::start(book, v, day)),
        limit: version.and_then(|v| required::limit(book, v, rule.instrument, day)),
        due: version.and_then(|v| counting::due(book, v)),
        runs: version.and_then(|v| counting::runs(book, v)),
        moves_on_holiday: version.is_some_and(counting::moves_on_holiday),
        exceptions: rule.exceptions.iter().map(|e| book.exceptions[e.index()].id.clone()).collect(),
        findings: found.iter().filter_map(|m| Some(m.of(id)?.clone().into_finding(swapped))).collect(),
    }
}

/// In what the first answers of the countries differ: those that a reader sets beside each other.
fn differences(cells: &[Vec<Answer>]) -> Vec<Difference> {
    let first: Vec<&Answer> = cells.iter().filter_map(|c| c.first()).collect();
    let clocks: Vec<&&Answer> = first.iter().filter(|a| a.runs.is_some()).collect();
    let numbers: Vec<&&Answer> = first.iter().filter(|a| !a.required.is_empty()).collect();
    let units = |a: &&&Answer| a.required.iter().map(|r| r.quantity.unit.clone()).collect::<BTreeSet<_>>();
    let many = |count: usize| count > 1;
    let differs = [
        (Difference::Counting, many(numbers.iter().map(|a| &a.counts).collect::<BTreeSet<_>>().len())),
        (
            Difference::Start,
            many(clocks.iter().map(|a| a.start.as_ref().map(|s| &s.word)).collect::<BTreeSet<_>>().len()),
        ),
        (Difference::Time, many(clocks.iter().map(|a| a.runs).collect::<BTreeSet<_>>().len())),
        (Difference::Unit, many(numbers.iter().map(units).collect::<BTreeSet<_>>().len())),
    ];
    differs.into_iter().filter(|(_, yes)| *yes).map(|(d, _)| d).collect()
}
