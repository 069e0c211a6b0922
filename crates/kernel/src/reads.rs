//! Every word, kind of subject and judgement that rules read: what a filing must hold so that its findings follow from it.
//!
//! It promises to leave nothing out that the evaluator could ask for, by going through everything the rules hang on. It may
//! name more than one evaluation touches: both sides of an `or` are read. It must never know a fact.

use crate::fact::{FigureValue, Name, Observation};
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use rulebook::book::{Book, Duty, JudgementId, Measured, Node, NodeId, Over, RuleId, Starts};
use rulebook::vocabulary::{KindId, Vocabulary, WordId};

/// What some rules read.
#[derive(Clone, Debug, Default)]
pub struct Reads {
    /// Words.
    pub words: BTreeSet<WordId>,
    /// Kinds whose list of subjects, or whose subjects, they look at.
    pub kinds: BTreeSet<KindId>,
    /// Judgements, by full name.
    pub judgements: BTreeSet<String>,
}

/// What these rules read, with all they hang on.
pub fn of(book: &Book, rules: impl Iterator<Item = RuleId>) -> Reads {
    let mut reads = Reads::default();
    let mut open: Vec<Over> = rules.map(Over::Rule).collect();
    let mut seen = BTreeSet::new();
    while let Some(at) = open.pop() {
        if !seen.insert(at) {
            continue;
        }
        open.extend(book.needs(at));
        reads.thing(book, at);
        for node in book.roots(at) {
            reads.node(book, node);
        }
    }
    for word in &reads.words {
        if let rulebook::vocabulary::Of::Kind(kind) = book.vocabulary.word(*word).of {
            reads.kinds.insert(kind);
        }
    }
    reads
}

impl Reads {
    /// What stands beside the conditions: subjects, starts, what stops a clock, what is read again.
    fn thing(&mut self, book: &Book, at: Over) {
        match at {
            Over::Rule(id) => {
                let rule = &book.rules[id.index()];
                self.kinds.extend(rule.kind);
                for version in &rule.versions {
                    match &version.duty {
                        Duty::Require { measured, cure, .. } => {
                            if *measured == Some(Measured::BusinessYearEnd) {
                                self.business_year(book);
                            }
                            self.words.extend(cure.iter().flat_map(|cure| cure.words.iter().copied()));
                        }
                        Duty::Clock { starts, done, .. } => {
                            if let Starts::Each(word, _) = starts {
                                self.words.insert(*word);
                            }
                            self.words.extend(done.iter().map(|(word, _)| *word));
                        }
                        Duty::Guard { .. } => {}
                    }
                }
            }
            Over::Term(id) => self.kinds.extend(book.terms[id.index()].kind),
            Over::Exception(id) => {
                let done = book.exceptions[id.index()].sets.done.iter().flatten();
                self.words.extend(done.map(|(word, _)| *word));
            }
            Over::Parameter(_) => {}
        }
    }

    fn business_year(&mut self, book: &Book) {
        self.words.extend(book.vocabulary.find("business_year_end"));
    }

    fn judgement(&mut self, book: &Book, id: JudgementId) {
        self.judgements.insert(book.judgement_name(id));
        self.kinds.extend(book.judgements[id.index()].kind);
    }

    fn node(&mut self, book: &Book, node: NodeId) {
        let mut open = Vec::from([node]);
        while let Some(id) = open.pop() {
            let node = book.node(id);
            open.extend(book.children(node));
            match node {
                Node::Word(word) | Node::Money(word, _) | Node::Event(_, word, _) | Node::CountEvents(word) => {
                    self.words.insert(word);
                }
                Node::Window(window) => {
                    let window = &book.windows[window.index()];
                    self.words.insert(window.word);
                    self.words.extend(window.since);
                    if window.length.is_none() {
                        self.business_year(book);
                    }
                }
                Node::PreviousBusinessYearEnd => self.business_year(book),
                Node::CountSubjects(kind) | Node::Over(_, kind, _) => {
                    self.kinds.insert(kind);
                }
                Node::Judgement(id) => self.judgement(book, id),
                Node::Convert(_, from, to) => {
                    for currency in [from, to] {
                        let word = alloc::format!("{}_rate", currency.name().to_ascii_lowercase());
                        self.words.extend(book.vocabulary.find(&word));
                    }
                }
                _ => {}
            }
        }
    }

    fn reads_kind(&self, vocabulary: &Vocabulary, name: &Name) -> bool {
        vocabulary.kind(&name.kind).is_some_and(|kind| self.kinds.contains(&kind))
    }

    fn reads_word(&self, vocabulary: &Vocabulary, word: &str) -> bool {
        vocabulary.find(word).is_some_and(|word| self.words.contains(&word))
    }

    /// Whether a fact about a record speaks of what is read. Naming a subject of a kind enters it into the list of that
    /// kind, so the first mention of each is read as well: `mentioned` holds those that were named before.
    pub fn takes(&self, vocabulary: &Vocabulary, fact: &Observation, mentioned: &mut BTreeSet<Name>) -> bool {
        let own = match fact {
            Observation::SubjectKnown(fact) => {
                self.reads_kind(vocabulary, &fact.subject)
                    || fact.refers.iter().any(|name| self.reads_kind(vocabulary, name))
            }
            Observation::RosterKnown(fact) => self.reads_kind(vocabulary, &Name::new(&fact.kind, "")),
            Observation::Figure(fact) => self.reads_word(vocabulary, &fact.word),
            Observation::Notice(fact) => self.reads_word(vocabulary, &fact.word),
            Observation::Judged(fact) => self.judgements.contains(&fact.judgement),
            _ => false,
        };
        let mut first = false;
        for name in names(fact) {
            if self.reads_kind(vocabulary, name) && !mentioned.contains(name) {
                mentioned.insert(name.clone());
                first = true;
            }
        }
        own || first
    }
}

/// The subjects that a fact names.
pub fn names(fact: &Observation) -> Vec<&Name> {
    match fact {
        Observation::SubjectKnown(fact) => core::iter::once(&fact.subject).chain(&fact.refers).collect(),
        Observation::Figure(fact) => fact.subject.iter().collect(),
        Observation::Judged(fact) => fact.subject.iter().collect(),
        Observation::Notice(fact) => fact.subject.iter().collect(),
        Observation::Remark(fact) => fact.subject.iter().collect(),
        Observation::EvidenceKept(fact) => fact.subject.iter().collect(),
        Observation::OrderMoved(fact) => fact.subject.iter().collect(),
        _ => Vec::new(),
    }
}

/// The exchange a fact is about; none for pages, adoptions and what belongs to no exchange.
pub fn exchange(fact: &Observation) -> Option<&str> {
    Some(match fact {
        Observation::ExchangeRegistered(fact) => &fact.id,
        Observation::SubjectKnown(fact) => &fact.exchange,
        Observation::RosterKnown(fact) => &fact.exchange,
        Observation::Figure(fact) => &fact.exchange,
        Observation::Judged(fact) => &fact.exchange,
        Observation::AssessmentAsked(fact) => &fact.exchange,
        Observation::Notice(fact) => &fact.exchange,
        Observation::Remark(fact) => &fact.exchange,
        Observation::EvidenceKept(fact) => &fact.exchange,
        Observation::FilingMoved(fact) => &fact.exchange,
        Observation::OrderMoved(fact) => &fact.exchange,
        Observation::LogRegistered(fact) => &fact.exchange,
        Observation::AssetListed(fact) => &fact.exchange,
        Observation::WalletRegistered(fact) => &fact.exchange,
        Observation::PriceSeen(fact) => &fact.exchange,
        Observation::WithdrawalAsked(fact) => &fact.exchange,
        Observation::ApprovalGiven(fact) => &fact.exchange,
        Observation::PayloadShown(fact) => &fact.exchange,
        Observation::WithdrawalEnded(fact) => &fact.exchange,
        Observation::BlockRead(fact) => &fact.exchange,
        Observation::CreditAsked(fact) => &fact.exchange,
        Observation::EventDeclared(fact) => &fact.exchange,
        Observation::HoldingsRead(fact) => &fact.exchange,
        Observation::ListChanged(fact) => &fact.exchange,
        Observation::Suspended(fact) => &fact.exchange,
        Observation::ResumptionMoved(fact) => &fact.exchange,
        Observation::MandateSigned(fact) => &fact.exchange,
        Observation::PolicyAsked(fact) => &fact.exchange,
        Observation::BalanceRead(fact) => &fact.exchange,
        Observation::ChainWatched(fact) => &fact.exchange,
        Observation::PersonEnrolled(fact) => &fact.exchange,
        Observation::GuardLooked(fact) => &fact.exchange,
        Observation::KeyEnrolled(fact) => &fact.exchange,
        Observation::TicketSigned(fact) => &fact.exchange,
        Observation::TicketReviewed(fact) => &fact.exchange,
        Observation::GateEntry(fact) => &fact.exchange,
        Observation::GatePinned(fact) => &fact.exchange,
        Observation::GateSigned(fact) => &fact.exchange,
        Observation::GateTold(fact) => &fact.exchange,
        Observation::GateSilent(fact) => &fact.exchange,
        Observation::RulebookPage(_)
        | Observation::RulebookAdopted(_)
        | Observation::TimePassed(_)
        | Observation::CheckpointWitnessed(_)
        | Observation::ForkSeen(_) => return None,
    })
}

/// Whether a fact says that something is unknown.
pub fn is_missing(fact: &Observation) -> bool {
    matches!(fact, Observation::Figure(figure) if figure.value == FigureValue::Missing)
}
