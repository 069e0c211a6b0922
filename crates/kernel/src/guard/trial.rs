//! What another policy would have answered to the traffic on record: which withdrawals it lets out, which it holds back.
//!
//! It promises that people, blocks and stops stay as recorded, and that nothing is guessed: a hold that the draft adds waits
//! for approvals that nobody was asked for, so it counts as held back unless enough are on record anyway. It must never know
//! how the answer is shown.

use super::conclusion::{Concluded, Decided, Verdict};
use super::{conclude_under, is_guarded};
use crate::body::Body;
use crate::fact::{Observation, WithdrawalAsked};
use crate::known::Stamp;
use crate::replay::Laid;
use crate::state::{State, fold_concluded};
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use journal::cbor::Error;
use rulebook::book::Book;
use rulebook::page::Source;
use rulebook::vocabulary::Vocabulary;

/// A policy that is tried.
pub enum Draft {
    /// A whole policy in place of whatever was adopted.
    Whole(Arc<Book>),
    /// A draft page, laid over whatever was adopted.
    Over(Source),
}

enum Under {
    Whole(Arc<Book>),
    Laid(Laid),
}

/// The last word about a withdrawal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Allow, hold or deny.
    pub verdict: Verdict,
    /// The rule that said so, or the reason where none did.
    pub by: String,
}

/// A withdrawal and both answers.
#[derive(Clone, Debug)]
pub struct Tried {
    /// What was asked.
    pub asked: WithdrawalAsked,
    /// When, by the journal.
    pub stamp: Stamp,
    /// Whole won at that moment; absent where a price was missing.
    pub won: Option<i128>,
    /// The answer on record.
    pub recorded: Option<Answer>,
    /// The draft's answer.
    pub follows: Option<Answer>,
}

/// A trial in progress.
pub struct Trial {
    /// The state so far.
    pub state: State,
    /// Withdrawals by exchange and id.
    pub tried: BTreeMap<(String, String), Tried>,
    /// Entries that the draft could not be laid over.
    pub not_laid: u64,
    forward: bool,
    under: Under,
}

impl Trial {
    /// Begins before the first entry. Forward: what the draft answers counts in its windows from then on; else each question is
    /// asked with the state as recorded.
    pub fn new(vocabulary: Vocabulary, draft: Draft, forward: bool) -> Trial {
        let under = match draft {
            Draft::Whole(book) => Under::Whole(book),
            Draft::Over(source) => Under::Laid(Laid::new(source)),
        };
        Trial { state: State::new(vocabulary), tried: BTreeMap::new(), not_laid: 0, forward, under }
    }

    /// The next entry; the error says where its body cannot be read.
    pub fn entry(&mut self, stamp: Stamp, kind: u16, body: &[u8]) -> Result<(), Error> {
        let Body { observation, conclusions } = Body::decode(kind, body)?;
        if !is_guarded(&observation) {
            fold_concluded(&mut self.state, stamp, &observation, conclusions.as_deref());
            return Ok(());
        }
        let recorded = match &conclusions {
            Some(bytes) => super::conclusion::decode(bytes)?,
            None => Vec::new(),
        };
        if !is_decided(&observation) {
            fold_concluded(&mut self.state, stamp, &observation, conclusions.as_deref());
            return Ok(());
        }
        let book = match &mut self.under {
            Under::Whole(book) => Some(book.clone()),
            Under::Laid(laid) => laid.book(&self.state, stamp.index),
        };
        let Some(book) = book else {
            self.not_laid = self.not_laid.saturating_add(1);
            fold_concluded(&mut self.state, stamp, &observation, conclusions.as_deref());
            return Ok(());
        };
        // Sums that only the draft asks for are kept from its first question on.
        self.state.ask_for(&book);
        let follows = conclude_under(&self.state, Some(&book), &observation, stamp);
        self.note(&observation, stamp, &recorded, &follows);
        let folded = if self.forward { super::conclusion::encode(&follows) } else { conclusions };
        fold_concluded(&mut self.state, stamp, &observation, folded.as_deref());
        Ok(())
    }

    fn note(&mut self, observation: &Observation, stamp: Stamp, recorded: &[Concluded], follows: &[Concluded]) {
        let exchange: String = crate::reads::exchange(observation).unwrap_or_default().into();
        if let Observation::WithdrawalAsked(asked) = observation {
            let key = (exchange.clone(), asked.id.clone());
            let tried = Tried { asked: asked.clone(), stamp, won: None, recorded: None, follows: None };
            self.tried.entry(key).or_insert(tried);
        }
        for (list, drafts) in [(recorded, false), (follows, true)] {
            for decided in list.iter().filter_map(decided) {
                // A change of the policy has an answer, too, and is no withdrawal.
                let Some(tried) = self.tried.get_mut(&(exchange.clone(), decided.id.clone())) else { continue };
                tried.won = tried.won.or(decided.won);
                let by = decided.rule.clone().or_else(|| decided.why.clone());
                let by = by.unwrap_or_else(|| "the policy's default".to_string());
                let answer = Some(Answer { verdict: decided.verdict.clone(), by });
                if drafts {
                    tried.follows = answer;
                } else {
                    tried.recorded = answer;
                }
            }
        }
    }
}

fn decided(concluded: &Concluded) -> Option<&Decided> {
    if let Concluded::Decided(decided) = concluded { Some(decided) } else { None }
}

/// What is asked again. Blocks are not: what a draft holds back was never broadcast in its world, and an outflow on record
/// would trip it.
fn is_decided(observation: &Observation) -> bool {
    use Observation as O;
    matches!(observation, O::WithdrawalAsked(_) | O::ApprovalGiven(_) | O::GuardLooked(_))
}

impl Tried {
    /// Whether a draft lets it out that stayed.
    pub fn is_let_out(&self) -> bool {
        !allowed(self.recorded.as_ref()) && allowed(self.follows.as_ref())
    }

    /// Whether a draft keeps what was let out.
    pub fn is_held_back(&self) -> bool {
        allowed(self.recorded.as_ref()) && !allowed(self.follows.as_ref())
    }
}

fn allowed(answer: Option<&Answer>) -> bool {
    answer.is_some_and(|answer| answer.verdict == Verdict::Allow)
}
