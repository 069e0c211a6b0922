//! The whole journal once more: every conclusion recomputed from the observations and compared with what was recorded.
//!
//! It promises that equality is byte for byte and that no recorded conclusion is ever an input. Bodies that were destroyed
//! are counted, not guessed; what hung on them cannot be re-performed and is counted too.

use crate::body::Body;
use crate::clocks;
use crate::conclude::{conclude, findings};
use crate::fact::{AssessmentAsked, Observation, TimePassed};
use crate::finding::{self, Finding};
use crate::guard;
use crate::guard::conclusion::{self, Concluded};
use crate::known::Stamp;
use crate::order;
use crate::state::{State, fold_concluded};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use journal::cbor::Error;
use rulebook::book::Book;
use rulebook::page::Source;
use rulebook::problem::Level;
use rulebook::vocabulary::Vocabulary;

/// An entry whose recorded conclusions do not follow, or would not under a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The entry.
    pub entry: u64,
    /// The exchange it is about; empty when it is about none.
    pub exchange: String,
    /// What was recorded; none where a finding is new.
    pub recorded: Option<Finding>,
    /// What follows; none where a recorded finding does not follow at all.
    pub follows: Option<Finding>,
    /// What the guard recorded, and what follows.
    pub guard: Option<(Vec<Concluded>, Vec<Concluded>)>,
}

/// How a replay went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Entries seen.
    pub entries: u64,
    /// Observations folded.
    pub observations: u64,
    /// Findings recomputed and compared.
    pub findings: u64,
    /// Conclusions of the guard recomputed and compared.
    pub decisions: u64,
    /// Bodies that had been destroyed.
    pub destroyed: u64,
    /// Findings that rest on destroyed bodies and could not be re-performed.
    pub not_reperformed: u64,
    /// Assessments under a rulebook that the draft could not be laid over.
    pub not_laid: u64,
}

/// Under which rulebooks conclusions are drawn again.
enum Under<'d> {
    /// The adopted ones.
    Adopted,
    /// A draft with its base, whatever was adopted.
    Draft(&'d Book),
    /// Each adopted one with a draft laid over it.
    Laid(Laid),
}

/// A draft and the adopted rulebooks it was laid over so far, by the entry that adopted them.
pub(crate) struct Laid {
    draft: Source,
    books: BTreeMap<u64, Option<Arc<Book>>>,
}

/// A replay in progress.
pub struct Replay<'d> {
    /// The state so far.
    pub state: State,
    /// How it went so far.
    pub tally: Tally,
    /// Everything that differs.
    pub differences: Vec<Difference>,
    under: Under<'d>,
    destroyed: BTreeSet<u64>,
}

impl<'d> Replay<'d> {
    /// Re-performs: each conclusion under the rulebook adopted before it.
    pub fn reperform(vocabulary: Vocabulary) -> Replay<'static> {
        Replay {
            state: State::new(vocabulary),
            tally: Tally::default(),
            differences: Vec::new(),
            under: Under::Adopted,
            destroyed: BTreeSet::new(),
        }
    }

    /// Re-decides: each assessment under a draft, the state as recorded.
    pub fn redecide(vocabulary: Vocabulary, draft: &'d Book) -> Replay<'d> {
        Replay { under: Under::Draft(draft), ..Replay::reperform(vocabulary) }
    }

    /// Counterfactual: each assessment under the rulebook adopted for it with the draft laid over, so that every rule that reads the
    /// verdict of another reads the draft's. The draft's path must lead to its base among the adopted pages.
    ///
    /// Facts stay as recorded: in today's families none comes from a conclusion, so that nothing else could be fed forward.
    pub fn counterfactual(vocabulary: Vocabulary, draft: Source) -> Replay<'static> {
        Replay { under: Under::Laid(Laid::new(draft)), ..Replay::reperform(vocabulary) }
    }

    /// The rulebook with the draft laid over that was used last.
    pub fn laid(&self) -> Option<&Book> {
        match &self.under {
            Under::Laid(laid) => laid.books.values().rev().find_map(|book| book.as_deref()),
            _ => None,
        }
    }

    /// A body that has been destroyed.
    pub fn destroyed(&mut self, stamp: Stamp) {
        self.tally.entries = self.tally.entries.saturating_add(1);
        self.tally.destroyed = self.tally.destroyed.saturating_add(1);
        self.destroyed.insert(stamp.index);
    }

    /// The next entry; the error says where its body cannot be read.
    pub fn entry(&mut self, stamp: Stamp, kind: u16, body: &[u8]) -> Result<(), Error> {
        let body = Body::decode(kind, body)?;
        self.tally.entries = self.tally.entries.saturating_add(1);
        self.tally.observations = self.tally.observations.saturating_add(1);
        match (&body.observation, &mut self.under) {
            (Observation::AssessmentAsked(asked), Under::Draft(draft)) => {
                let draft = *draft;
                self.decide_again(asked, &body, stamp, draft, true)?;
            }
            (Observation::AssessmentAsked(asked), Under::Laid(laid)) => match laid.book(&self.state, stamp.index) {
                Some(book) => self.decide_again(asked, &body, stamp, &book, false)?,
                None => self.tally.not_laid = self.tally.not_laid.saturating_add(1),
            },
            (observation, Under::Adopted) if guard::is_guarded(observation) => {
                // What follows goes on, not what was recorded: whoever edited the gate has edited nothing here.
                let follows = guard::enter(&mut self.state, observation, stamp);
                self.compare_guard(observation, &body, follows, stamp);
                return Ok(());
            }
            (observation, Under::Adopted) => {
                let follows = conclude(&self.state, observation, stamp);
                if follows != body.conclusions {
                    self.compare(observation, &body, stamp)?;
                } else if let Some(bytes) = &follows {
                    let count = match observation {
                        Observation::TimePassed(_) => clocks::decode(bytes)?.len(),
                        _ => finding::decode(bytes)?.len(),
                    };
                    self.count(count);
                }
            }
            _ => {}
        }
        fold_concluded(&mut self.state, stamp, &body.observation, body.conclusions.as_deref());
        Ok(())
    }

    fn count(&mut self, findings: usize) {
        self.tally.findings = self.tally.findings.saturating_add(u64::try_from(findings).unwrap_or(u64::MAX));
    }

    fn compare_guard(&mut self, observation: &Observation, body: &Body, follows: Vec<Concluded>, stamp: Stamp) {
        let count = u64::try_from(follows.len()).unwrap_or(u64::MAX);
        self.tally.decisions = self.tally.decisions.saturating_add(count);
        if conclusion::encode(&follows) == body.conclusions {
            return;
        }
        if !self.destroyed.is_empty() {
            self.tally.not_reperformed = self.tally.not_reperformed.saturating_add(1);
            return;
        }
        // What cannot be read as conclusions of a guard is as good as none.
        let recorded = body.conclusions.as_deref().and_then(|bytes| conclusion::decode(bytes).ok()).unwrap_or_default();
        let exchange = crate::reads::exchange(observation).unwrap_or_default().into();
        let guard = Some((recorded, follows));
        self.differences.push(Difference { entry: stamp.index, exchange, recorded: None, follows: None, guard });
    }

    fn compare_lapses(&mut self, passed: &TimePassed, body: &Body, stamp: Stamp) -> Result<(), Error> {
        let recorded = body.conclusions.as_deref().map_or(Ok(Vec::new()), clocks::decode)?;
        let follows = clocks::lapsed(&self.state, passed, stamp);
        self.count(follows.len());
        let exchanges: BTreeSet<String> = recorded.iter().chain(&follows).map(|lapse| lapse.exchange.clone()).collect();
        let before = self.differences.len();
        for exchange in &exchanges {
            let of = |list: &[clocks::Lapse]| -> Vec<Finding> {
                list.iter().filter(|lapse| lapse.exchange == *exchange).map(|lapse| lapse.finding.clone()).collect()
            };
            self.differ(stamp.index, exchange, of(&recorded), of(&follows));
        }
        self.unless_paired(before, stamp.index, String::new());
        Ok(())
    }

    /// The same findings in another order, or conclusions that are no findings, are a difference without a pair.
    fn unless_paired(&mut self, before: usize, entry: u64, exchange: String) {
        if self.differences.len() == before && self.destroyed.is_empty() {
            self.differences.push(Difference { entry, exchange, recorded: None, follows: None, guard: None });
        }
    }

    fn compare(&mut self, observation: &Observation, body: &Body, stamp: Stamp) -> Result<(), Error> {
        if let Observation::TimePassed(passed) = observation {
            return self.compare_lapses(passed, body, stamp);
        }
        let recorded = match &body.conclusions {
            Some(bytes) => finding::decode(bytes)?,
            None => Vec::new(),
        };
        let (exchange, follows) = match observation {
            Observation::AssessmentAsked(asked) => (asked.exchange.clone(), findings(&self.state, asked, stamp)),
            Observation::OrderMoved(fact) => {
                (fact.exchange.clone(), order::concluded(&self.state, fact, stamp).unwrap_or_default())
            }
            _ => (String::new(), Vec::new()),
        };
        self.count(follows.len());
        let before = self.differences.len();
        self.differ(stamp.index, &exchange, recorded, follows);
        self.unless_paired(before, stamp.index, exchange);
        Ok(())
    }

    fn decide_again(
        &mut self,
        asked: &AssessmentAsked,
        body: &Body,
        stamp: Stamp,
        draft: &Book,
        alone: bool,
    ) -> Result<(), Error> {
        let recorded = match &body.conclusions {
            Some(bytes) => finding::decode(bytes)?,
            None => Vec::new(),
        };
        let Some(view) = self.state.view(&asked.exchange, asked.known) else { return Ok(()) };
        let follows = crate::assess::assess(&view, draft, asked.as_of, &asked.laws);
        self.count(follows.len());
        // Only what the draft speaks of can change; the other rules of the recorded rulebook are not in a draft that stands alone.
        let recorded = recorded.into_iter().filter(|r| !alone || draft.rule(&r.rule).is_some()).collect();
        self.differ(stamp.index, &asked.exchange, recorded, follows);
        Ok(())
    }

    /// Pairs findings by rule and subject, and notes each pair that differs.
    fn differ(&mut self, entry: u64, exchange: &str, recorded: Vec<Finding>, mut follows: Vec<Finding>) {
        let same = |a: &Finding, b: &Finding| a.rule == b.rule && a.subject == b.subject;
        for old in recorded {
            let new = follows.iter().position(|f| same(f, &old)).map(|at| follows.remove(at));
            if new.as_ref() == Some(&old) {
                continue;
            }
            if old.evidence.iter().any(|e| self.destroyed.contains(e)) {
                self.tally.not_reperformed = self.tally.not_reperformed.saturating_add(1);
                continue;
            }
            self.differences.push(Difference {
                entry,
                exchange: exchange.into(),
                recorded: Some(old),
                follows: new,
                guard: None,
            });
        }
        for new in follows {
            self.differences.push(Difference {
                entry,
                exchange: exchange.into(),
                recorded: None,
                follows: Some(new),
                guard: None,
            });
        }
    }
}

impl Laid {
    pub(crate) fn new(draft: Source) -> Laid {
        Laid { draft, books: BTreeMap::new() }
    }

    /// The rulebook adopted for an entry with the draft laid over; `None` where there is none, or where the draft does not fit.
    pub(crate) fn book(&mut self, state: &State, index: u64) -> Option<Arc<Book>> {
        let adoption = state.adopted_for(index)?;
        let draft = &self.draft;
        let lay = || {
            adoption.book.as_ref()?;
            let page = |(_, hash): &(String, journal::Hash)| {
                state.page(hash).map(|p| Source { path: p.page.path.clone(), text: p.page.text.clone() })
            };
            let mut sources: Vec<Source> = adoption.rulebook.pages.iter().filter_map(page).collect();
            sources.push(draft.clone());
            let (book, problems) = rulebook::build(state.vocabulary().clone(), sources);
            (!problems.iter().any(|p| p.level == Level::Error)).then(|| Arc::new(book))
        };
        self.books.entry(adoption.since.index).or_insert_with(lay).clone()
    }
}
