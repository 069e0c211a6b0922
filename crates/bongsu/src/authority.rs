//! What one authority may see on a day: the rules it supervises, and those it is told of by law.
//!
//! It promises that the answer comes from the pages alone, and that a refusal says nothing but what every reader of the law
//! knows. It is a view for a desk or a paper, and no lock: whoever holds the folder of a journal holds all of it.

use crate::trouble::Trouble;
use kernel::assess::is_among;
use kernel::state::State;
use rulebook::book::{Book, RuleId};
use rulebook::problem::nearest;
use rulebook::supervision::is_below;
use rulebook::time::Instant;
use std::collections::{BTreeMap, BTreeSet};

/// The rules that an authority may see.
#[derive(Clone, Debug)]
pub struct Sight {
    /// Its code.
    pub authority: String,
    /// The day, as it is printed.
    pub day: String,
    /// Each rule, with the articles by which it is told; none where it supervises.
    rules: BTreeMap<String, Vec<String>>,
    /// Words that these rules read.
    words: BTreeSet<String>,
}

impl Sight {
    /// What an authority may see of these laws at a moment.
    pub fn open(book: &Book, authority: &str, as_of: Instant, laws: &[String]) -> Result<Sight, Trouble> {
        let known = book.vocabulary.authorities();
        if book.vocabulary.find_authority(authority).is_none() {
            let ids = || known.iter().map(|a| a.id.as_str());
            let hint = nearest(authority, ids()).map_or_else(
                || format!("known are {}", ids().collect::<Vec<_>>().join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(Trouble::new(format!("there is no authority `{authority}`"), hint));
        }
        let day = crate::walk::zone_of(book).date(as_of).to_string();
        let mut sight = Sight { authority: authority.into(), day, rules: BTreeMap::new(), words: BTreeSet::new() };
        for (index, rule) in book.rules.iter().enumerate() {
            let instrument = &book.instruments[rule.instrument.index()];
            if !is_among(&instrument.id, laws) {
                continue;
            }
            let day = instrument.zone.date(as_of);
            let own = book.supervisors(rule, day).iter().any(|named| named.authority == authority);
            let told = book.told(rule, day).into_iter().find(|named| named.authority == authority);
            let shared = match (own, told) {
                (true, _) => Vec::new(),
                (false, Some(named)) => named.cite.to_vec(),
                (false, None) => continue,
            };
            sight.rules.insert(rule.id.clone(), shared);
            let words = book.words_of(RuleId::from(index));
            sight.words.extend(words.into_iter().map(|word| book.vocabulary.word(word).name.clone()));
        }
        if sight.rules.is_empty() {
            return Err(sight.refusal(&if laws.is_empty() { "any adopted law".into() } else { laws.join(", ") }));
        }
        Ok(sight)
    }

    /// The same of every law that a journal has adopted.
    pub fn of(state: &State, authority: &str, as_of: Instant) -> Result<Sight, Trouble> {
        let Some(book) = state.adoptions().last().and_then(|adoption| adoption.book.as_deref()) else {
            let hint = "`bongsu adopt --data DIR --id NAME` adopts the shipped law";
            return Err(Trouble::new("no rulebook is adopted in this journal", hint));
        };
        Sight::open(book, authority, as_of, &[])
    }

    /// Whether it may see what is found under a rule.
    pub fn sees(&self, rule: &str) -> bool {
        self.rules.contains_key(rule)
    }

    /// Of rules that are named with all below them, those it may see, with the articles by which it is told of each.
    pub fn part<'s>(&'s self, prefixes: &[String]) -> Vec<(&'s str, &'s [String])> {
        let among = |rule: &str| prefixes.iter().any(|prefix| is_below(rule, prefix));
        self.rules
            .iter()
            .filter(|(rule, _)| among(rule))
            .map(|(rule, shared)| (rule.as_str(), shared.as_slice()))
            .collect()
    }

    /// The articles by which it is told of a rule; none where it supervises.
    pub fn shared(&self, rule: &str) -> &[String] {
        self.rules.get(rule).map_or(&[], |cites| cites)
    }

    /// Whether any of its rules reads a word.
    pub fn reads(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// The refusal for what it may not see: the same whether or not there is anything to see.
    pub fn refusal(&self, what: &str) -> Trouble {
        Trouble::no(
            format!("refused: `{}` neither supervises {what} on {} nor is told of it", self.authority, self.day),
            format!("`bongsu authorities --as-of {}` says who supervises what, and by which article", self.day),
        )
    }
}
