//! The one place where the guard asks the rulebook.
//!
//! It promises that what no rule can say stays unknown, and that an exchange that has adopted no rule for outflows is stopped
//! by any of them.

use super::conclusion::{Hold, Unmet, Verdict};
use super::state::Guard;
use super::view::{GuardView, Question};
use super::words::Words;
use crate::fact::Sides;
use crate::planted::{Bug, is};
use crate::view::View;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use rulebook::book::{Book, Effect, RuleId};
use rulebook::evaluate::{At, Evaluator};
use rulebook::facts::Subject;
use rulebook::guard::{Decided, Decision};
use rulebook::time::Instant;
use rulebook::vocabulary::KindId;

/// People who must agree where something could not be decided: unknown is for people, and never for one alone.
pub const UNKNOWN_APPROVALS: u32 = 2;

/// A rulebook and what else is recorded, at one moment.
pub struct Decider<'d> {
    /// The rulebook that holds; none where none was adopted.
    pub book: Option<&'d Book>,
    /// The words the guard answers.
    pub words: &'d Words,
    /// What is recorded about the exchange.
    pub record: Option<View<'d>>,
    /// The moment.
    pub now: Instant,
}

/// What the rules say about something that asks nothing: an outflow, a chain, an exposure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Nothing happens.
    Nothing,
    /// A rule speaks and stops nothing: it warns.
    Warn(Option<String>),
    /// A stop that cannot be justified yet.
    Pause(Option<String>),
    /// A stop.
    Suspend { reach: String, sides: Sides, rule: Option<String> },
}

/// What the rules say to a question.
#[derive(Clone, Debug)]
pub(super) struct Ruled {
    pub verdict: Verdict,
    pub rule: Option<String>,
    pub why: Option<String>,
    pub missing: Vec<String>,
    pub unmet: Vec<Unmet>,
    pub observed: Vec<String>,
}

impl<'d> Decider<'d> {
    fn has(&self, kind: KindId) -> bool {
        self.book.is_some_and(|book| book.rules.iter().any(|rule| rule.kind == Some(kind) && rule.is_guard()))
    }

    fn with<T>(
        &self,
        guard: &Guard,
        kind: KindId,
        question: &Question<'_>,
        then: impl FnOnce(&mut Evaluator<'_, GuardView<'_>>, Decision, &Book, KindId) -> T,
    ) -> Option<T> {
        let book = self.book?;
        // The default is that of the page the rules of this kind stand on.
        let instrument = book.rules.iter().find(|rule| rule.kind == Some(kind) && rule.is_guard())?.instrument;
        let view = GuardView { guard, words: self.words, record: self.record, question, now: self.now };
        let mut evaluator = Evaluator::new(book, &view);
        evaluator.gathering = false;
        let at = At { subject: Some(Subject { kind, id: 0 }), ..evaluator.at(self.now, instrument) };
        let decision = evaluator.decide(&at);
        Some(then(&mut evaluator, decision, book, kind))
    }

    fn answer(&self, guard: &Guard, kind: KindId, question: &Question<'_>) -> Option<Answer> {
        self.with(guard, kind, question, |_, decision, book, _| {
            let rule = decision.rule.map(|rule| book.rules[rule.index()].id.clone());
            match decision.effect {
                None | Some(Decided::As(Effect::Allow)) => Answer::Nothing,
                Some(Decided::Pause) => Answer::Pause(rule),
                Some(Decided::As(Effect::Suspend { sides, scope })) => {
                    let has = |side: &str| sides.iter().any(|s| s == side);
                    let sides = match (has("withdrawals"), has("deposits")) {
                        (true, false) => Sides::Withdrawals,
                        (false, true) => Sides::Deposits,
                        (true, true) => Sides::Both,
                        (false, false) => return Answer::Warn(rule),
                    };
                    Answer::Suspend { reach: scope, sides, rule }
                }
                Some(_) => Answer::Warn(rule),
            }
        })
    }

    /// What follows from an outflow that nothing covers.
    pub(super) fn outflow(&self, guard: &Guard, question: &Question<'_>) -> Answer {
        self.answer(guard, self.words.outflow, question).unwrap_or_else(|| match question.cause {
            // Fees are burnt by every transfer that was asked for.
            Some("fee") => Answer::Nothing,
            _ => Answer::Suspend { reach: "domain".to_string(), sides: Sides::Both, rule: None },
        })
    }

    /// What follows from what the sources of a chain say.
    pub(super) fn chain(&self, guard: &Guard, question: &Question<'_>) -> Answer {
        let well = question.agreed && !question.lagging;
        let otherwise = if well { Answer::Nothing } else { Answer::Pause(None) };
        self.answer(guard, self.words.chain, question).unwrap_or(otherwise)
    }

    /// What follows from what is held and entrusted.
    pub(super) fn exposure(&self, guard: &Guard, question: &Question<'_>) -> Answer {
        self.answer(guard, self.words.exposure, question).unwrap_or(Answer::Nothing)
    }

    /// What the rules of a kind say to a question.
    pub(super) fn rule(&self, guard: &Guard, kind: KindId, question: &Question<'_>) -> Ruled {
        let nobody = |why: &str| Ruled {
            verdict: Verdict::Hold(Hold { approvals: UNKNOWN_APPROVALS, by: None, until: None }),
            rule: None,
            why: Some(why.to_string()),
            missing: Vec::new(),
            unmet: Vec::new(),
            observed: Vec::new(),
        };
        if !self.has(kind) {
            return nobody("no policy is adopted that speaks of this");
        }
        let now = self.now;
        self.with(guard, kind, question, |evaluator, decision, book, kind| {
            let name = |rule: RuleId| book.rules[rule.index()].id.clone();
            let verdict = match &decision.effect {
                Some(Decided::As(Effect::Allow)) => Verdict::Allow,
                Some(Decided::As(Effect::Hold { .. })) if is(Bug::UnknownAllows) && question.won.is_none() => {
                    Verdict::Allow
                }
                Some(Decided::As(Effect::Deny | Effect::Suspend { .. })) => Verdict::Deny,
                Some(Decided::As(Effect::Hold { approvals: 0, delay: None, by })) => {
                    Verdict::Hold(Hold { approvals: UNKNOWN_APPROVALS, by: by.clone(), until: None })
                }
                Some(Decided::As(Effect::Hold { approvals, by, delay })) => {
                    Verdict::Hold(Hold { approvals: *approvals, by: by.clone(), until: delay.map(|ms| now.plus(ms)) })
                }
                Some(Decided::HoldForUnknown | Decided::Pause) | None => {
                    Verdict::Hold(Hold { approvals: UNKNOWN_APPROVALS, by: None, until: None })
                }
            };
            let missing = decision.why.map_or_else(Vec::new, |why| evaluator.reasons(why).0);
            let unmet = if verdict == Verdict::Allow {
                Vec::new()
            } else {
                let instrument = decision.rule.map_or_else(
                    || book.rules.iter().find(|r| r.kind == Some(kind) && r.is_guard()).map(|r| r.instrument),
                    |rule| Some(book.rules[rule.index()].instrument),
                );
                let at = instrument
                    .map(|instrument| At { subject: Some(Subject { kind, id: 0 }), ..evaluator.at(now, instrument) });
                let list = at.map_or_else(Vec::new, |at| evaluator.unmet(&at));
                let said = list.into_iter().filter(|unmet| Some(unmet.rule) != decision.rule);
                let say = |unmet: rulebook::guard::Unmet| {
                    let mut condition = book.text_of(unmet.condition).to_string();
                    if !unmet.missing.is_empty() {
                        condition.push_str(" (unknown: ");
                        condition.push_str(&unmet.missing.join(", "));
                        condition.push(')');
                    }
                    Unmet { rule: name(unmet.rule), condition }
                };
                said.map(say).collect()
            };
            Ruled {
                verdict,
                rule: decision.rule.map(name),
                why: None,
                missing,
                unmet,
                observed: decision.observed.iter().map(|rule| name(*rule)).collect(),
            }
        })
        .unwrap_or_else(|| nobody("no policy is adopted that speaks of this"))
    }
}
