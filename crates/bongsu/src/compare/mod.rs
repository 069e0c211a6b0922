//! Comparisons: obligations × exchanges, and topics × countries.
//!
//! They promise exact numbers, two separate figures for how much is known and how much is fulfilled, and that nothing is
//! compared that is not counted alike. They must never know how they are printed.
//!
//! In reading order: [`matrix`] (exchanges), [`worst`] (which subject stands for a rule), [`yardstick`] (what a rule measures), [`statistics`] (quartiles and ranks),
//! [`benchmarks`] (what others reach), [`countries`] (topics), [`required`] (the number that a rule asks for), [`counting`] (how it
//! counts).

pub mod benchmarks;
pub mod counting;
pub mod countries;
pub mod matrix;
pub mod required;
pub mod statistics;
pub mod worst;
pub mod yardstick;

use crate::trouble::Trouble;
use kernel::known::KnownAt;
use kernel::state::State;
use rulebook::book::{Book, Rule};
use rulebook::time::Instant;

/// What was asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// The moment judged for.
    pub as_of: Instant,
    /// What may be taken as known.
    pub known: KnownAt,
    /// Laws, in the order of the columns; empty for all.
    pub laws: Vec<String>,
    /// Exchanges by id; empty for all (of exchanges) or for none (of countries).
    pub exchanges: Vec<String>,
    /// The exchange that sees itself by name, and the others only as statistics.
    pub peer: Option<String>,
}

/// What every comparison says of itself.
#[derive(Clone, Debug)]
pub struct About {
    /// What was asked.
    pub question: Question,
    /// Entries in the journal when it was asked.
    pub size: u64,
    /// The id of the rulebook.
    pub rulebook: String,
}

/// The rulebook a comparison rests on, after a look at whether everything that was named is there.
pub fn rulebook<'s>(state: &'s State, question: &Question) -> Result<(&'s Book, About), Trouble> {
    let adoption = state.adoptions().last();
    let Some((adoption, book)) = adoption.and_then(|a| Some((a, a.book.as_deref()?))) else {
        return Err(Trouble::new(
            "no rulebook is adopted in this journal",
            "`bongsu import --data DIR FILE` adopts the shipped law on its first write",
        ));
    };
    for id in question.exchanges.iter().chain(&question.peer) {
        if state.exchange(id).is_none() {
            let known: Vec<&str> = state.exchanges().map(|(id, _)| id).collect();
            return Err(Trouble::new(
                format!("there is no exchange `{id}` in this journal"),
                format!("known are {}", known.join(", ")),
            ));
        }
    }
    for law in &question.laws {
        if !book.rules.iter().any(|r| !r.is_guard() && is_of(book, r, std::slice::from_ref(law))) {
            return Err(Trouble::new(
                format!("no rule belongs to `{law}` in the rulebook `{}`", adoption.rulebook.id),
                format!(
                    "it holds {}; `bongsu adopt --data DIR` adopts all that the program ships with",
                    countries_of(book).join(", ")
                ),
            ));
        }
    }
    let size = state.last().map_or(1, |s| s.index + 1);
    Ok((book, About { question: question.clone(), size, rulebook: adoption.rulebook.id.clone() }))
}

/// Whether a rule is of these laws.
pub fn is_of(book: &Book, rule: &Rule, laws: &[String]) -> bool {
    kernel::assess::is_among(&book.instruments[rule.instrument.index()].id, laws)
}

/// The country of an instrument: `kr` of `kr.vaupa`.
pub fn country(instrument: &str) -> &str {
    instrument.split('.').next().unwrap_or(instrument)
}

/// Whether pages of this name are the law of a country or union, by its two letters: references and checklists are not.
pub fn is_country(name: &str) -> bool {
    name.len() == 2
}

/// What the instruments of a book begin with, `kr` of `kr.vaupa`, in the order of its pages.
pub fn countries_of(book: &Book) -> Vec<&str> {
    let mut list: Vec<&str> = Vec::new();
    for rule in book.rules.iter().filter(|r| !r.is_guard()) {
        let country = country(&book.instruments[rule.instrument.index()].id);
        if !list.contains(&country) {
            list.push(country);
        }
    }
    list
}
