//! Everything that one journal adds up to.
//!
//! It promises that folding the same entries gives the same state, evaluates no rule and never fails: a fact that the
//! door would not have admitted, in a journal that something else wrote, is set aside and counted.

use crate::evidence::Vault;
use crate::fact::{ExchangeRegistered, Observation, Remark, RulebookAdopted, RulebookPage};
use crate::filing::{self, Filings};
use crate::guard::conclusion::Concluded;
use crate::guard::mirror::{self, Mirror};
use crate::guard::words::Words;
use crate::guard::{self, Guard, conclusion};
use crate::known::{KnownAt, Stamp};
use crate::layout::Layout;
use crate::order::{self, Orders};
use crate::record::Record;
use crate::view::View;
use crate::witness::{self, Logs};
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use hashbrown::HashTable;
use journal::Hash;
use rulebook::book::Book;
use rulebook::page::Source;
use rulebook::problem::{Level, Problem};
use rulebook::time::Instant;
use rulebook::vocabulary::Vocabulary;
use sha2::{Digest, Sha256};

/// The state of one journal.
#[derive(Clone, Debug)]
pub struct State {
    layout: Arc<Layout>,
    exchanges: BTreeMap<String, Exchange>,
    shared: Record,
    pages: BTreeMap<Hash, Page>,
    adoptions: Vec<Adoption>,
    seen: Seen,
    last: Option<Stamp>,
    passed: Option<Instant>,
    counts: Counts,
    logs: Logs,
    filings: Filings,
    orders: Orders,
    vault: Vault,
    guards: BTreeMap<String, Guard>,
    guard_words: Words,
    mirrors: BTreeMap<String, Mirror>,
    key: [u64; 2],
}

/// An exchange and what is recorded about it.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The entry that registered it last.
    pub since: Stamp,
    /// Name in English.
    pub name_en: String,
    /// Name in Korean.
    pub name_ko: String,
    /// Its record.
    pub record: Record,
}

/// A page in the journal.
#[derive(Clone, Debug)]
pub struct Page {
    /// The entry that brought it first.
    pub since: Stamp,
    /// Path and text.
    pub page: RulebookPage,
}

/// A rulebook and the entry from which on it holds.
#[derive(Clone, Debug)]
pub struct Adoption {
    /// The entry.
    pub since: Stamp,
    /// Its pages.
    pub rulebook: RulebookAdopted,
    /// The book they make; none where a page of it is destroyed or wrong.
    pub book: Option<Arc<Book>>,
}

/// How much was folded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Entries.
    pub entries: u64,
    /// Figures.
    pub figures: u64,
    /// Judgements.
    pub judgements: u64,
    /// Assessments that were asked for.
    pub assessments: u64,
    /// Facts that this program cannot place: another word list, or no door.
    pub set_aside: u64,
}

impl State {
    /// The state of an empty journal.
    pub fn new(vocabulary: Vocabulary) -> State {
        let guard_words = Words::of(&vocabulary);
        let layout = Layout::new(vocabulary);
        State {
            exchanges: BTreeMap::new(),
            shared: Record::new(layout.clone()),
            layout,
            pages: BTreeMap::new(),
            adoptions: Vec::new(),
            seen: Seen::default(),
            last: None,
            passed: None,
            counts: Counts::default(),
            logs: Logs::new(),
            filings: Filings::new(),
            orders: Orders::new(),
            vault: Vault::default(),
            guards: BTreeMap::new(),
            guard_words,
            mirrors: BTreeMap::new(),
            key: [0, 0],
        }
    }

    /// The word list.
    pub fn vocabulary(&self) -> &Vocabulary {
        self.layout.vocabulary()
    }

    /// The layout that every record of this state has.
    pub fn layout(&self) -> &Arc<Layout> {
        &self.layout
    }

    /// The exchanges in order of id.
    pub fn exchanges(&self) -> impl Iterator<Item = (&str, &Exchange)> {
        self.exchanges.iter().map(|(id, exchange)| (id.as_str(), exchange))
    }

    /// Finds an exchange.
    pub fn exchange(&self, id: &str) -> Option<&Exchange> {
        self.exchanges.get(id)
    }

    /// What is the same for all exchanges.
    pub fn shared(&self) -> &Record {
        &self.shared
    }

    /// The record of an exchange; the shared one for the empty id.
    pub fn record(&self, exchange: &str) -> Option<&Record> {
        if exchange.is_empty() { Some(&self.shared) } else { self.exchange(exchange).map(|e| &e.record) }
    }

    /// What rules read about an exchange.
    pub fn view(&self, exchange: &str, known: KnownAt) -> Option<View<'_>> {
        self.exchange(exchange).map(|e| View { record: &e.record, shared: Some(&self.shared), known })
    }

    /// A page by its hash.
    pub fn page(&self, hash: &Hash) -> Option<&Page> {
        self.pages.get(hash)
    }

    /// The adoptions in order.
    pub fn adoptions(&self) -> &[Adoption] {
        &self.adoptions
    }

    /// Keeps the sums that the rules of a book ask for, though it is not adopted.
    pub(crate) fn ask_for(&mut self, book: &Book) {
        let words = &self.guard_words;
        self.guards.values_mut().for_each(|guard| guard.ask_for(book, words));
    }

    /// The rulebook that holds for the entry at `index`: the last one adopted before it.
    pub fn adopted_for(&self, index: u64) -> Option<&Adoption> {
        let before = self.adoptions.partition_point(|adoption| adoption.since.index < index);
        self.adoptions.get(..before)?.last()
    }

    /// The last entry folded.
    pub fn last(&self) -> Option<Stamp> {
        self.last
    }

    /// The journals that are witnessed, by origin.
    pub fn logs(&self) -> &Logs {
        &self.logs
    }

    /// The filings, by exchange and id.
    pub fn filings(&self) -> &Filings {
        &self.filings
    }

    /// The orders and requests, by exchange and id.
    pub fn orders(&self) -> &Orders {
        &self.orders
    }

    /// The files that are kept as evidence.
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// The same state under a secret key for its tables of references: nobody outside can then choose references that
    /// collide. It changes no answer.
    pub fn keyed(mut self, key: [u64; 2]) -> State {
        self.key = key;
        self
    }

    /// The guard of an exchange; none before its first fact.
    pub fn guard(&self, exchange: &str) -> Option<&Guard> {
        self.guards.get(exchange)
    }

    /// The guards in order of exchange.
    pub fn guards(&self) -> impl Iterator<Item = (&str, &Guard)> {
        self.guards.iter().map(|(id, guard)| (id.as_str(), guard))
    }

    /// The words that a guard answers.
    pub fn guard_words(&self) -> &Words {
        &self.guard_words
    }

    /// When time was last said to have passed.
    pub fn passed(&self) -> Option<Instant> {
        self.passed
    }

    /// How much was folded.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The entry that already says exactly this.
    pub(crate) fn already(&self, observation: &Observation) -> Option<u64> {
        if !repeats(observation) {
            return None;
        }
        let entry = self.seen.entry_of(digest(observation))?;
        // What has no `corrects` is said again to return to it: only its latest statement is a repetition.
        let latest = match observation {
            Observation::ExchangeRegistered(fact) => self.exchange(&fact.id)?.since.index,
            Observation::SubjectKnown(fact) => {
                let record = self.record(&fact.exchange)?;
                let kind = self.vocabulary().kind(&fact.subject.kind)?;
                record.roster.last_statement(record.subject(kind, &fact.subject.name)?)?
            }
            Observation::RulebookAdopted(_) => self.adoptions.last()?.since.index,
            Observation::Remark(fact) => {
                let same = |other: &Remark| {
                    (&other.subject, &other.topic, &other.id) == (&fact.subject, &fact.topic, &fact.id)
                };
                let mut said = self.record(&fact.exchange)?.remarks().iter().rev();
                said.find(|(_, other)| same(other))?.0.index
            }
            _ => entry,
        };
        (latest == entry).then_some(entry)
    }
}

/// Takes an entry's observation into the state, for families whose fold needs no conclusion. What the guard would have
/// allowed is folded as if it had not: use [`fold_concluded`] where facts of the guard may come.
pub fn fold(state: &mut State, stamp: Stamp, observation: &Observation) {
    fold_concluded(state, stamp, observation, None);
}

/// Takes an entry's observation into the state with what was concluded from it, as the entry carries it.
pub fn fold_concluded(state: &mut State, stamp: Stamp, observation: &Observation, conclusions: Option<&[u8]>) {
    if guard::is_guarded(observation) {
        // Conclusions that cannot be read allow nothing.
        let concluded = conclusions.and_then(|bytes| conclusion::decode(bytes).ok()).unwrap_or_default();
        return fold_guarded(state, stamp, observation, &concluded);
    }
    state.last = Some(stamp);
    let counts = &mut state.counts;
    counts.entries = counts.entries.saturating_add(1);
    if repeats(observation) {
        state.seen.insert(digest(observation), stamp.index);
    }
    let placed = match observation {
        Observation::ExchangeRegistered(fact) => {
            state.register(fact, stamp);
            true
        }
        Observation::SubjectKnown(fact) => {
            state.record_mut(&fact.exchange).is_some_and(|record| record.know(fact, stamp))
        }
        Observation::RosterKnown(fact) => {
            let kind = state.layout.vocabulary().kind(&fact.kind);
            match (state.record_mut(&fact.exchange), kind) {
                (Some(record), Some(kind)) => {
                    record.complete(kind, stamp);
                    true
                }
                _ => false,
            }
        }
        Observation::Figure(fact) => {
            counts.figures = counts.figures.saturating_add(1);
            state.record_mut(&fact.exchange).is_some_and(|record| record.figure(fact, stamp))
        }
        Observation::Judged(fact) => {
            counts.judgements = counts.judgements.saturating_add(1);
            state.record_mut(&fact.exchange).is_some_and(|record| record.judge(fact, stamp))
        }
        Observation::RulebookPage(page) => {
            state.pages.entry(page.hash()).or_insert_with(|| Page { since: stamp, page: page.clone() });
            true
        }
        Observation::RulebookAdopted(rulebook) => {
            let book = state.build(rulebook).ok().map(Arc::new);
            let makes = crate::fact::makes(observation.kind(), &observation.encode());
            for guard in state.guards.values_mut() {
                guard.adopted(&makes);
                book.iter().for_each(|book| guard.ask_for(book, &state.guard_words));
            }
            state.adoptions.push(Adoption { since: stamp, rulebook: rulebook.clone(), book });
            true
        }
        Observation::AssessmentAsked(_) => {
            counts.assessments = counts.assessments.saturating_add(1);
            true
        }
        Observation::Notice(fact) => state.record_mut(&fact.exchange).is_some_and(|record| record.notify(fact, stamp)),
        Observation::Remark(fact) => state.record_mut(&fact.exchange).is_some_and(|record| record.remark(fact, stamp)),
        Observation::EvidenceKept(fact) => {
            state.vault.keep(fact, stamp);
            true
        }
        Observation::FilingMoved(fact) => filing::fold(&mut state.filings, fact, stamp),
        Observation::OrderMoved(fact) => order::fold(&mut state.orders, fact, stamp),
        Observation::LogRegistered(fact) => witness::register(&mut state.logs, fact, stamp),
        Observation::CheckpointWitnessed(fact) => witness::witness(&mut state.logs, fact, stamp),
        Observation::ForkSeen(fact) => witness::fork(&mut state.logs, fact, stamp),
        Observation::AssetListed(_)
        | Observation::WalletRegistered(_)
        | Observation::PriceSeen(_)
        | Observation::WithdrawalAsked(_)
        | Observation::ApprovalGiven(_)
        | Observation::PayloadShown(_)
        | Observation::WithdrawalEnded(_)
        | Observation::BlockRead(_)
        | Observation::CreditAsked(_)
        | Observation::EventDeclared(_)
        | Observation::HoldingsRead(_)
        | Observation::ListChanged(_)
        | Observation::Suspended(_)
        | Observation::ResumptionMoved(_)
        | Observation::MandateSigned(_)
        | Observation::PolicyAsked(_)
        | Observation::BalanceRead(_)
        | Observation::ChainWatched(_)
        | Observation::PersonEnrolled(_)
        | Observation::GuardLooked(_)
        | Observation::KeyEnrolled(_)
        | Observation::TicketSigned(_)
        | Observation::TicketReviewed(_)
        | Observation::GateEntry(_)
        | Observation::GatePinned(_)
        | Observation::GateSigned(_)
        | Observation::GateTold(_)
        | Observation::GateSilent(_) => false, // Folded above.
        Observation::TimePassed(_) => {
            state.passed = Some(stamp.time);
            true
        }
    };
    if !placed {
        state.counts.set_aside = state.counts.set_aside.saturating_add(1);
    }
}

/// The same for a fact of the guard, whose conclusions are at hand.
pub fn fold_guarded(state: &mut State, stamp: Stamp, observation: &Observation, concluded: &[Concluded]) {
    state.last = Some(stamp);
    state.counts.entries = state.counts.entries.saturating_add(1);
    let placed = match observation {
        Observation::GateEntry(_)
        | Observation::GatePinned(_)
        | Observation::GateSigned(_)
        | Observation::GateTold(_)
        | Observation::GateSilent(_) => state.mirrored(observation, concluded, stamp),
        _ => state.guarded(observation, concluded, stamp),
    };
    if !placed {
        state.counts.set_aside = state.counts.set_aside.saturating_add(1);
    }
}

impl State {
    /// The book that pages make together, or what is wrong with it.
    pub fn build(&self, rulebook: &RulebookAdopted) -> Result<Book, Vec<Problem>> {
        let page = |(_, hash): &(String, Hash)| {
            self.page(hash).map(|p| Source { path: p.page.path.clone(), text: p.page.text.clone() })
        };
        let sources: Vec<Source> = rulebook.pages.iter().filter_map(page).collect();
        let (book, problems) = rulebook::build(self.vocabulary().clone(), sources);
        if problems.iter().any(|p| p.level == Level::Error) { Err(problems) } else { Ok(book) }
    }

    fn guarded(&mut self, observation: &Observation, concluded: &[Concluded], stamp: Stamp) -> bool {
        let Some(exchange) = crate::reads::exchange(observation) else { return false };
        if let Some(guard) = self.guards.get_mut(exchange) {
            return guard.fold(observation, concluded, stamp);
        }
        if !self.exchanges.contains_key(exchange) {
            return false;
        }
        self.found_guard(exchange);
        self.guards.get_mut(exchange).is_some_and(|guard| guard.fold(observation, concluded, stamp))
    }

    fn found_guard(&mut self, exchange: &str) {
        if !self.guards.contains_key(exchange) {
            let mut guard = Guard::keyed(self.key);
            if let Some(book) = self.adoptions.last().and_then(|adoption| adoption.book.as_deref()) {
                guard.ask_for(book, &self.guard_words);
            }
            self.guards.insert(exchange.into(), guard);
        }
    }

    /// Takes in what a watch records of its gate.
    fn mirrored(&mut self, observation: &Observation, concluded: &[Concluded], stamp: Stamp) -> bool {
        let Some(exchange) = crate::reads::exchange(observation) else { return false };
        if !self.exchanges.contains_key(exchange) {
            return false;
        }
        self.found_guard(exchange);
        if let Observation::GatePinned(fact) = observation {
            let pinned = self.adoptions.last().map(|adoption| self.says(&adoption.rulebook));
            let old = self.mirrors.remove(exchange);
            let mirror = old.unwrap_or_else(|| Mirror::new(State::new(self.vocabulary().clone()).keyed(self.key)));
            self.mirrors.insert(exchange.into(), mirror.pin(fact, pinned));
        }
        match (self.mirrors.get_mut(exchange), self.guards.get_mut(exchange)) {
            (Some(mirror), Some(guard)) => mirror::fold(mirror, guard, observation, concluded, stamp),
            _ => false,
        }
    }

    /// What the pages of a rulebook say, in one hash: where a page lies is not what it says.
    pub(crate) fn says(&self, rulebook: &RulebookAdopted) -> Hash {
        let text = |hash| self.page(hash).map_or("", |page| page.page.text.as_str());
        let mut hashes: Vec<Hash> = rulebook.pages.iter().map(|(_, hash)| Sha256::digest(text(hash)).into()).collect();
        hashes.sort_unstable();
        hashes.iter().fold(Sha256::new(), |sum, hash| sum.chain_update(hash)).finalize().into()
    }

    /// The copy that a watch keeps of the gate of an exchange.
    pub fn mirror(&self, exchange: &str) -> Option<&Mirror> {
        self.mirrors.get(exchange)
    }

    fn record_mut(&mut self, exchange: &str) -> Option<&mut Record> {
        if exchange.is_empty() {
            return Some(&mut self.shared);
        }
        self.exchanges.get_mut(exchange).map(|e| &mut e.record)
    }

    fn register(&mut self, fact: &ExchangeRegistered, since: Stamp) {
        let layout = &self.layout;
        let exchange = self.exchanges.entry(fact.id.clone()).or_insert_with(|| Exchange {
            since,
            name_en: String::new(),
            name_ko: String::new(),
            record: Record::new(layout.clone()),
        });
        exchange.since = since;
        exchange.name_en.clone_from(&fact.name_en);
        exchange.name_ko.clone_from(&fact.name_ko);
    }

    /// The earliest time the next entry may carry.
    pub fn not_before(&self) -> Instant {
        self.last.map_or(Instant(0), |stamp| stamp.time)
    }
}

/// A question asked twice is two questions, and time passes each time; the guard tells repetitions by its own ids; all else
/// said twice is one fact.
fn repeats(observation: &Observation) -> bool {
    !matches!(observation, Observation::AssessmentAsked(_) | Observation::TimePassed(_))
        && !guard::is_guarded(observation)
}

/// Which entry said a fact first or last, by the fact's digest. A table that is only asked, never walked: its order is nobody's.
#[derive(Clone, Debug, Default)]
struct Seen(HashTable<([u64; 2], u64)>);

impl Seen {
    /// The digest is evenly spread already; its first half is the hash.
    fn hash([half, _]: [u64; 2]) -> u64 {
        half
    }

    fn entry_of(&self, digest: [u64; 2]) -> Option<u64> {
        self.0.find(Seen::hash(digest), |(known, _)| *known == digest).map(|(_, entry)| *entry)
    }

    fn insert(&mut self, digest: [u64; 2], entry: u64) {
        match self.0.find_mut(Seen::hash(digest), |(known, _)| *known == digest) {
            Some((_, old)) => *old = entry,
            None => {
                self.0.insert_unique(Seen::hash(digest), (digest, entry), |(known, _)| Seen::hash(*known));
            }
        }
    }
}

/// The first 128 bits of a SHA-256. Two different facts share them once in 2^64 facts by the birthday bound, and whoever
/// makes such a pair on purpose has worked as hard as for any 128-bit hash, to have his own second fact ignored.
fn digest(observation: &Observation) -> [u64; 2] {
    let hash: Hash = Sha256::new()
        .chain_update(observation.kind().to_be_bytes())
        .chain_update(observation.encode())
        .finalize()
        .into();
    let half = |bytes: &[u8]| bytes.iter().fold(0, |sum: u64, byte| sum << 8 | u64::from(*byte));
    let (first, rest) = hash.split_at(8);
    [half(first), half(rest.get(..8).unwrap_or(&[]))]
}
