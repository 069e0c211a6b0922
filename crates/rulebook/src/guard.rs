//! What a guard's rules decide about one subject. Deny beats suspend and hold, these beat allow; unknown never allows.

use crate::book::{Duty, Effect, NodeId, RuleId};
use crate::evaluate::{At, Evaluator, Undecided};
use crate::facts::Facts;
use crate::value::{Unknown, Value};
use alloc::string::String;
use alloc::vec::Vec;

/// What is decided, and by which rule; `None` where no rule spoke and the page's default counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What happens; `None` where nothing does.
    pub effect: Option<Decided>,
    /// The deciding rule; `None` is the page's default.
    pub rule: Option<RuleId>,
    /// Why the deciding rule could not be evaluated, where it could not; [`Evaluator::reasons`] names the facts.
    pub why: Option<Unknown>,
    /// The rules that only observe and would have acted.
    pub observed: Vec<RuleId>,
}

/// A rule that did not speak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmet {
    /// The rule.
    pub rule: RuleId,
    /// Its first condition that is not met or not known.
    pub condition: NodeId,
    /// What is missing to know it.
    pub missing: Vec<String>,
}

/// What happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decided {
    /// An effect as its rule writes it.
    As(Effect),
    /// A refusal that cannot be justified yet: it waits.
    HoldForUnknown,
    /// A stop that cannot be justified yet: it ends by itself.
    Pause,
}

impl Decided {
    /// The word that cases use.
    pub fn name(&self) -> &'static str {
        match self {
            Decided::As(Effect::Allow) => "allow",
            Decided::As(Effect::Hold { .. }) | Decided::HoldForUnknown => "hold",
            Decided::As(Effect::Suspend { .. }) => "suspend",
            Decided::As(Effect::Deny) => "deny",
            Decided::Pause => "pause",
        }
    }

    /// Among holds the one that asks for more people outranks, then the one that asks for more time.
    fn rank(&self) -> (u8, u32, i64) {
        match self {
            Decided::As(Effect::Allow) => (1, 0, 0),
            Decided::As(Effect::Hold { approvals, delay, .. }) => (2, *approvals, delay.unwrap_or(0)),
            Decided::HoldForUnknown | Decided::Pause => (2, 0, 0),
            Decided::As(Effect::Suspend { .. } | Effect::Deny) => (3, 0, 0),
        }
    }
}

impl<'a, F: Facts> Evaluator<'a, F> {
    /// Decides about the subject of `at` by the guard rules of its kind.
    pub fn decide(&mut self, at: &At<'a>) -> Decision {
        let book = self.book;
        let mut best: Option<(Decided, RuleId, Option<Unknown>)> = None;
        let mut observed = Vec::new();
        // The default answers who asks; what is only watched (an outflow) asks nothing.
        let mut asked = false;
        for (i, rule) in book.rules.iter().enumerate() {
            if rule.kind != at.subject.map(|s| s.kind) || !rule.is_guard() {
                continue;
            }
            asked |= rule
                .versions
                .iter()
                .any(|v| matches!(&v.duty, Duty::Guard { then, .. } if !matches!(then, Effect::Suspend { .. })));
            let at = &At { instrument: rule.instrument, ..*at };
            let Some(form) = rule.on(self.day(at)) else { continue };
            let Duty::Guard { when, then, enforced } = &form.duty else { continue };
            // An exception inside a quantity that nobody can decide leaves the condition unknown.
            let holds = match self.all(when, at) {
                Ok(value) => value,
                Err(Undecided { why, .. }) => Value::Unknown(why),
            };
            if matches!(holds, Value::Truth(false)) {
                continue;
            }
            // An undecided exemption does not exempt.
            let sets = self.applied(&rule.exceptions, at).unwrap_or_default();
            if sets.exempt {
                continue;
            }
            let then = sets.then.as_ref().unwrap_or(then);
            let why = if let Value::Unknown(why) = holds { Some(why) } else { None };
            let decided = match (why, then) {
                (None, then) => Decided::As(then.clone()),
                (_, Effect::Allow) => continue,
                (_, Effect::Deny) => Decided::HoldForUnknown,
                (_, Effect::Suspend { .. }) => Decided::Pause,
                (_, hold) => Decided::As(hold.clone()),
            };
            if !sets.enforced.unwrap_or(*enforced) {
                observed.push(RuleId::from(i));
                continue;
            }
            if best.as_ref().is_none_or(|(b, ..)| decided.rank() > b.rank()) {
                best = Some((decided, RuleId::from(i), why));
            }
        }
        match best {
            Some((effect, rule, why)) => Decision { effect: Some(effect), rule: Some(rule), why, observed },
            None => {
                let default = book.instruments[at.instrument.index()].default.clone();
                Decision { effect: default.filter(|_| asked).map(Decided::As), rule: None, why: None, observed }
            }
        }
    }

    /// The guard rules of the subject's kind that did not speak, each with the first of its conditions that stood in the way.
    pub fn unmet(&mut self, at: &At<'a>) -> Vec<Unmet> {
        let book = self.book;
        let mut list = Vec::new();
        for (i, rule) in book.rules.iter().enumerate() {
            if rule.kind != at.subject.map(|s| s.kind) {
                continue;
            }
            let at = &At { instrument: rule.instrument, ..*at };
            let Some(form) = rule.on(self.day(at)) else { continue };
            let Duty::Guard { when, .. } = &form.duty else { continue };
            for condition in when {
                let why = match self.node(*condition, at) {
                    Ok(Value::Truth(true)) => continue,
                    Ok(Value::Unknown(why)) | Err(Undecided { why, .. }) => Some(why),
                    Ok(_) => None,
                };
                let missing = why.map_or_else(Vec::new, |why| self.reasons(why).0);
                list.push(Unmet { rule: RuleId::from(i), condition: *condition, missing });
                break;
            }
        }
        list
    }
}
