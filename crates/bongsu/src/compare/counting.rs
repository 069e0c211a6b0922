//! How a rule counts: for each asset or in sum, over which time, from which event. Two numbers that are counted
//! differently are not the same number, so a comparison of countries says it in the cell.
//!
//! It promises to read this from the compiled rule and from nothing else: no page says it a second time.

use rulebook::book::{Book, Due, Duty, Measured, Node, NodeId, OnHoliday, Rule, RuleVersion, Starts};
use rulebook::expression::{Fold, Which};
use rulebook::time::Date;
use rulebook::unit::Type;
use rulebook::vocabulary::WordId;
use std::collections::BTreeSet;

/// One trait of how a rule counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counts {
    /// Each subject of a kind by itself.
    Each(String),
    /// All subjects of a kind in sum.
    InSum(String),
    /// The average over all subjects of a kind.
    AverageOf(String),
    /// Sums over a stretch of time; none is the business year.
    SumOver(Option<String>),
    /// Averages over a stretch of time; none is the business year.
    AverageOver(Option<String>),
    /// How often something happened in a stretch of time; none is the business year.
    TimesIn(Option<String>),
    /// Read at each month end.
    MonthEnd,
    /// Read at each end of a business year.
    BusinessYearEnd,
}

/// What starts a clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// The event's word.
    pub word: String,
    /// What the word means.
    pub meaning_en: String,
    /// The same in Korean.
    pub meaning_ko: String,
    /// Every occurrence starts one.
    pub each: bool,
}

/// What kind of time a clock runs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Runs {
    /// Hours and minutes.
    Hours,
    /// Days, months or years that end with their last day.
    Days,
    /// Working days.
    WorkingDays,
    /// A person judges.
    Judged,
    /// To another event.
    ToEvent,
}

/// The traits of one form of a rule, in order.
pub fn of(book: &Book, rule: &Rule, version: &RuleVersion, day: Date) -> Vec<Counts> {
    let mut found = BTreeSet::new();
    if let Duty::Require { require, measured, .. } = &version.duty {
        if let Some(kind) = rule.kind {
            found.insert(Counts::Each(book.vocabulary.kind_name(kind).to_string()));
        }
        found.extend(measured.map(|measured| match measured {
            Measured::MonthEnd => Counts::MonthEnd,
            Measured::BusinessYearEnd => Counts::BusinessYearEnd,
        }));
        let mut seen = BTreeSet::new();
        require.iter().for_each(|line| gather(book, *line, day, &mut seen, &mut found));
    }
    found.into_iter().collect()
}

fn gather(book: &Book, node: NodeId, day: Date, seen: &mut BTreeSet<u32>, found: &mut BTreeSet<Counts>) {
    if !seen.insert(node.0) {
        return;
    }
    match book.node(node) {
        Node::Over(fold, kind, _) => {
            let kind = book.vocabulary.kind_name(kind).to_string();
            found.extend(match fold {
                Fold::Sum => Some(Counts::InSum(kind)),
                Fold::Average => Some(Counts::AverageOf(kind)),
                Fold::Count => None,
            });
        }
        Node::Window(id) => {
            let window = book.windows[id.index()];
            let length = window.length.map(|l| book.text_of(l).split_whitespace().collect::<Vec<_>>().join(" "));
            found.insert(match window.fold {
                Fold::Sum => Counts::SumOver(length),
                Fold::Average => Counts::AverageOver(length),
                Fold::Count => Counts::TimesIn(length),
            });
        }
        Node::Term(term) => {
            let version = book.terms[term.index()].versions.iter().find(|v| v.period.contains(day));
            version.into_iter().for_each(|v| gather(book, v.is, day, seen, found));
        }
        _ => {}
    }
    book.children(book.node(node)).into_iter().for_each(|child| gather(book, child, day, seen, found));
}

/// What starts the clock of a rule.
pub fn start(book: &Book, version: &RuleVersion, day: Date) -> Option<Start> {
    let Duty::Clock { starts, .. } = &version.duty else { return None };
    let (word, each) = match starts {
        Starts::Each(word, _) => (*word, true),
        Starts::At(node) => event(book, *node, day)?,
    };
    let word = book.vocabulary.word(word);
    let (meaning_en, meaning_ko) = (word.meaning.clone(), word.meaning_ko.clone());
    Some(Start { word: word.name.clone(), meaning_en, meaning_ko, each })
}

fn event(book: &Book, node: NodeId, day: Date) -> Option<(WordId, bool)> {
    match book.node(node) {
        Node::Event(which, word, _) => Some((word, which == Which::Each)),
        Node::Word(word) => Some((word, false)),
        Node::Term(term) => {
            let version = book.terms[term.index()].versions.iter().find(|v| v.period.contains(day))?;
            event(book, version.is, day)
        }
        other => book.children(other).into_iter().find_map(|child| event(book, child, day)),
    }
}

/// The kind of time that the clock of a rule runs in.
pub fn runs(book: &Book, version: &RuleVersion) -> Option<Runs> {
    let Duty::Clock { due, .. } = &version.duty else { return None };
    let Due::At(due) = due else { return Some(Runs::Judged) };
    let mut found = BTreeSet::new();
    lengths(book, *due, 0, &mut found);
    // A clock of hours and days together is named after its hours.
    Some(found.into_iter().next().unwrap_or(Runs::ToEvent))
}

/// Terms may stand for parts of a due date; the book bounds how deep they go, this bounds a book with errors.
const MAX_DEPTH: u32 = 128;

fn lengths(book: &Book, node: NodeId, depth: u32, found: &mut BTreeSet<Runs>) {
    if depth > MAX_DEPTH {
        return;
    }
    let here = match book.type_of(node) {
        Type::Length => Some(Runs::Hours),
        Type::Civil if book.text_of(node).contains("working day") => Some(Runs::WorkingDays),
        Type::Civil => Some(Runs::Days),
        _ => None,
    };
    if here.is_some() {
        found.extend(here);
        return;
    }
    if let Node::Term(term) = book.node(node) {
        book.terms[term.index()].versions.iter().for_each(|v| lengths(book, v.is, depth + 1, found));
    }
    book.children(book.node(node)).into_iter().for_each(|child| lengths(book, child, depth + 1, found));
}

/// What a clock's due date reads, as the page writes it.
pub fn due(book: &Book, version: &RuleVersion) -> Option<String> {
    let Duty::Clock { due, .. } = &version.duty else { return None };
    Some(match due {
        Due::At(node) => book.text_of(*node).split_whitespace().collect::<Vec<_>>().join(" "),
        Due::Judged(words) => words.clone(),
    })
}

/// Whether a due date on a holiday moves on.
pub fn moves_on_holiday(version: &RuleVersion) -> bool {
    matches!(&version.duty, Duty::Clock { on_holiday, .. } if *on_holiday != OnHoliday::Stays)
}
