//! The whole journal once more: every conclusion recomputed from the observations and compared with what was recorded.
//!
//! It promises that equality is byte for byte and that no recorded conclusion is ever an input. Bodies that were destroyed
//! are counted, not guessed; what hung on them cannot be re-performed and is counted too.

use crate::body::Body;
use crate::clocks;
use crate::conclude::{conclude, findings};
use crate::fact::{AssessmentAsked, Observation};
use crate::finding::{self, Finding};
use crate::known::Stamp;
use crate::order;
use crate::state::{State, fold};
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use journal::cbor::Error;
use rulebook::book::Book;
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
    /// Bodies that had been destroyed.
    pub destroyed: u64,
    /// Findings that rest on destroyed bodies and could not be re-performed.
    pub not_reperformed: u64,
}

/// A replay in progress.
pub struct Replay<'d> {
    /// The state so far.
    pub state: State,
    /// How it went so far.
    pub tally: Tally,
    /// Everything that differs.
    pub differences: Vec<Difference>,
    draft: Option<&'d Book>,
    destroyed: BTreeSet<u64>,
}

impl<'d> Replay<'d> {
    /// Re-performs: each conclusion under the rulebook adopted before it.
    pub fn reperform(vocabulary: Vocabulary) -> Replay<'static> {
        Replay {
            state: State::new(vocabulary),
            tally: Tally::default(),
            differences: Vec::new(),
            draft: None,
            destroyed: BTreeSet::new(),
        }
    }

    /// Re-decides: each assessment under a draft, the state as recorded.
    pub fn redecide(vocabulary: Vocabulary, draft: &'d Book) -> Replay<'d> {
        Replay { draft: Some(draft), ..Replay::reperform(vocabulary) }
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
        match (&body.observation, self.draft) {
            (Observation::AssessmentAsked(asked), Some(draft)) => self.decide_again(asked, &body, stamp, draft)?,
            (observation, None) => {
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
        fold(&mut self.state, stamp, &body.observation);
        Ok(())
    }

    fn count(&mut self, findings: usize) {
        self.tally.findings = self.tally.findings.saturating_add(u64::try_from(findings).unwrap_or(u64::MAX));
    }

    fn compare_lapses(&mut self, body: &Body, stamp: Stamp) -> Result<(), Error> {
        let recorded = body.conclusions.as_deref().map_or(Ok(Vec::new()), clocks::decode)?;
        let follows = clocks::lapsed(&self.state, stamp);
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
            self.differences.push(Difference { entry, exchange, recorded: None, follows: None });
        }
    }

    fn compare(&mut self, observation: &Observation, body: &Body, stamp: Stamp) -> Result<(), Error> {
        if let Observation::TimePassed(_) = observation {
            return self.compare_lapses(body, stamp);
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

    fn decide_again(&mut self, asked: &AssessmentAsked, body: &Body, stamp: Stamp, draft: &Book) -> Result<(), Error> {
        let recorded = match &body.conclusions {
            Some(bytes) => finding::decode(bytes)?,
            None => Vec::new(),
        };
        let Some(view) = self.state.view(&asked.exchange, asked.known) else { return Ok(()) };
        let follows = crate::assess::assess(&view, draft, asked.as_of, &asked.laws);
        self.count(follows.len());
        // Only what the draft speaks of can change; the other rules of the recorded rulebook are not in it.
        let recorded = recorded.into_iter().filter(|r| draft.rule(&r.rule).is_some()).collect();
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
            self.differences.push(Difference { entry, exchange: exchange.into(), recorded: Some(old), follows: new });
        }
        for new in follows {
            self.differences.push(Difference { entry, exchange: exchange.into(), recorded: None, follows: Some(new) });
        }
    }
}
