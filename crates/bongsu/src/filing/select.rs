//! Which entries of a journal belong in a filing, and which of them are kept back.
//!
//! It promises completeness by construction: the words are those that the filed rules hang on in the adopted rulebook, not a
//! list somebody wrote. The same selection is made by who prepares a package, and by who looks into the journal for what a
//! package left out.

use kernel::fact::{Name, Observation};
use kernel::filing::{FilingType, KeptBack, is_below};
use kernel::reads::{self, Reads};
use kernel::state::Adoption;
use rulebook::book::{Book, RuleId};
use rulebook::vocabulary::Vocabulary;
use std::collections::BTreeSet;

/// Chooses entries one after another, from the first to the last.
pub struct Selection<'b> {
    vocabulary: &'b Vocabulary,
    reads: Reads,
    exchange: String,
    rules: Vec<String>,
    with: Vec<String>,
    pages: BTreeSet<journal::Hash>,
    adopted: u64,
    mentioned: BTreeSet<Name>,
}

impl<'b> Selection<'b> {
    /// For the rules of a filing under a rulebook.
    pub fn new(book: &'b Book, adoption: &Adoption, kind: &FilingType, exchange: &str, rules: &[String]) -> Self {
        let covered = |id: &RuleId| covers(rules, &book.rules[id.index()].id);
        let filed = (0..book.rules.len()).map(RuleId::from).filter(covered);
        Selection {
            vocabulary: &book.vocabulary,
            reads: reads::of(book, filed),
            exchange: exchange.into(),
            rules: rules.to_vec(),
            with: kind.with.clone(),
            pages: adoption.rulebook.pages.iter().map(|(_, hash)| *hash).collect(),
            adopted: adoption.since.index,
            mentioned: BTreeSet::new(),
        }
    }

    /// Whether an entry belongs in the filing.
    pub fn takes(&mut self, index: u64, fact: &Observation) -> bool {
        match fact {
            Observation::ExchangeRegistered(fact) => fact.id == self.exchange,
            Observation::RulebookPage(page) => self.pages.remove(&page.hash()),
            Observation::RulebookAdopted(_) => index == self.adopted,
            // The shared record answers for what an exchange is silent about: its own words, never those of subjects.
            Observation::Figure(figure) if figure.exchange.is_empty() => {
                figure.subject.is_none() && self.reads.takes(self.vocabulary, fact, &mut BTreeSet::new())
            }
            fact if reads::exchange(fact) != Some(&self.exchange) => false,
            Observation::EvidenceKept(kept) => kept.rules.iter().any(|rule| self.touches(rule)) || self.first(fact),
            Observation::OrderMoved(moved) => {
                self.with.iter().any(|with| with == "orders") && covers(&self.rules, &moved.rule)
            }
            Observation::Remark(remark) => {
                let about = remark.subject.as_ref().is_none_or(|name| self.reads_kind(name));
                // A remark may be the first to name a subject.
                let first = self.first(fact);
                first || about && self.with.iter().any(|with| with == "remarks")
            }
            fact => self.reads.takes(self.vocabulary, fact, &mut self.mentioned),
        }
    }

    /// What was named first by an entry of a family that no rule reads.
    fn first(&mut self, fact: &Observation) -> bool {
        // Only remarks enter a subject into the record; evidence does not.
        matches!(fact, Observation::Remark(_)) && self.reads.takes(self.vocabulary, fact, &mut self.mentioned)
    }

    fn reads_kind(&self, name: &Name) -> bool {
        self.vocabulary.kind(&name.kind).is_some_and(|kind| self.reads.kinds.contains(&kind))
    }

    /// Evidence may name a rule, or all rules of an article.
    fn touches(&self, rule: &str) -> bool {
        self.rules.iter().any(|filed| is_below(rule, filed) || is_below(filed, rule))
    }
}

/// Whether a rule is among those of a filing.
pub fn covers(rules: &[String], rule: &str) -> bool {
    rules.iter().any(|prefix| is_below(rule, prefix))
}

/// Whether a fact is kept back, unless what keeps it is among the revealed.
pub fn is_kept_back(list: &[KeptBack], revealed: &[String], fact: &Observation) -> bool {
    let held = |kept: &&KeptBack| !revealed.contains(&kept.name);
    list.iter().filter(held).any(|kept| match fact {
        Observation::Remark(remark) if kept.what == "topic" => kept.name == remark.topic,
        Observation::Figure(figure) if kept.what == "word" => kept.name == figure.word,
        fact => reads::names(fact).into_iter().any(|name| kept.is_subject(name)),
    })
}

/// Whether a finding is about a subject that is kept back.
pub fn is_subject_kept_back(list: &[KeptBack], revealed: &[String], subject: Option<&Name>) -> bool {
    let held = |kept: &&KeptBack| !revealed.contains(&kept.name);
    subject.is_some_and(|name| list.iter().filter(held).any(|kept| kept.is_subject(name)))
}
