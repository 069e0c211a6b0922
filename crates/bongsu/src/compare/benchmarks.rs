//! What others reach: numbers that may stand beside an obligation, by its topic.
//!
//! They come from rules with the status `reference` in the adopted rulebook, whatever laws were asked for: averages that
//! were published, standards that have lapsed. They promise to be shown only in the unit of the obligation, with their day
//! and source, and never to enter a statistic or a verdict.

use crate::compare::matrix::Measure;
use crate::compare::required;
use kernel::finding::Quantity;
use rulebook::book::{Book, Status};
use rulebook::time::{Date, Instant};
use rulebook::unit::Unit;

/// A number to compare with.
#[derive(Clone, Debug, PartialEq)]
pub struct Benchmark {
    /// How much.
    pub quantity: Quantity,
    /// Of whom, and of what, in English.
    pub of_en: String,
    /// The same in Korean.
    pub of_ko: String,
    /// The first day of the number: of an average the year that was measured.
    pub since: Option<String>,
    /// The rule.
    pub rule: String,
    /// Where it is from.
    pub cites: Vec<String>,
}

/// A benchmark with the topics it belongs to.
#[derive(Clone, Debug)]
pub struct Known {
    topics: Vec<String>,
    measure: Measure,
    benchmark: Benchmark,
}

/// Those that stand beside a rule: of one of its topics, in its unit, and not the rule itself.
pub fn of(known: &[Known], topics: &[String], rule: &str, measure: Option<Measure>) -> Vec<Benchmark> {
    let fits = |k: &&Known| {
        Some(k.measure) == measure && k.benchmark.rule != rule && k.topics.iter().any(|t| topics.contains(t))
    };
    known.iter().filter(fits).map(|k| k.benchmark.clone()).collect()
}

/// The rules of a book that are for reference and ask for one number, as they stood at a moment.
pub fn gather(book: &Book, as_of: Instant) -> Vec<Known> {
    let mut list = Vec::new();
    for rule in book.rules.iter().filter(|r| !r.topics.is_empty() && !r.is_guard()) {
        let instrument = &book.instruments[rule.instrument.index()];
        let day = instrument.zone.date(as_of);
        // A standard that has lapsed was reached once: its last number still says what was asked.
        let begun = |from: Option<Date>| from.is_none_or(|from| from <= day);
        let Some(version) = rule.versions.iter().rev().find(|v| begun(v.period.from)) else { continue };
        let last = version.period.until.map_or(day, |until| until.min(day));
        let numbers = required::numbers(book, version, rule.instrument, last);
        let (Status::Reference, [only]) = (version.status, numbers.as_slice()) else { continue };
        let Some(measure) = measure(&only.quantity) else { continue };
        let names = rule.topics.iter().filter_map(|t| book.vocabulary.topics().nth(usize::from(t.0)));
        list.push(Known {
            topics: names.map(|(_, t)| t.name.clone()).collect(),
            measure,
            benchmark: Benchmark {
                quantity: only.quantity.clone(),
                of_en: rule.title.en.clone(),
                of_ko: rule.title.ko.clone(),
                since: only.since.map(|day| day.to_string()),
                rule: rule.id.clone(),
                cites: version.cite.clone(),
            },
        });
    }
    list
}

fn measure(quantity: &Quantity) -> Option<Measure> {
    // Lengths and texts are no numbers here: nothing published is an average of those yet.
    crate::report::amount::parse(&quantity.value)?;
    Unit::parse(&quantity.unit).map(Measure::Unit)
}
