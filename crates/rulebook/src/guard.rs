//! What a guard's rules decide about one subject. Deny beats suspend and hold, these beat allow; unknown never allows.

use crate::book::{Duty, Effect, RuleId};
use crate::evaluate::{At, Evaluator, Undecided};
use crate::facts::Facts;
use crate::value::Value;

/// What is decided, and by which rule; `None` where no rule spoke and the page's default counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What happens; `None` where nothing does.
    pub effect: Option<Decided>,
    /// The deciding rule; `None` is the page's default.
    pub rule: Option<RuleId>,
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

    fn rank(&self) -> u8 {
        match self {
            Decided::As(Effect::Allow) => 1,
            Decided::As(Effect::Hold { .. }) | Decided::HoldForUnknown | Decided::Pause => 2,
            Decided::As(Effect::Suspend { .. } | Effect::Deny) => 3,
        }
    }
}

impl<'a, F: Facts> Evaluator<'a, F> {
    /// Decides about the subject of `at` by the guard rules of its kind.
    pub fn decide(&mut self, at: &At<'a>) -> Decision {
        let book = self.book;
        let mut best: Option<(Decided, RuleId)> = None;
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
            let Some(form) = rule.on(self.zone(at).date(at.now)) else { continue };
            let Duty::Guard { when, then, .. } = &form.duty else { continue };
            // An exception inside a quantity that nobody can decide leaves the condition unknown.
            let holds = match self.all(when, at) {
                Ok(value) => value,
                Err(Undecided { why, .. }) => Value::Unknown(why),
            };
            if holds == Value::Truth(false) {
                continue;
            }
            // An undecided exemption does not exempt.
            let sets = self.applied(&rule.exceptions, at).unwrap_or_default();
            if sets.exempt {
                continue;
            }
            let then = sets.then.as_ref().unwrap_or(then);
            let decided = match (holds, then) {
                (Value::Truth(true), then) => Decided::As(then.clone()),
                (_, Effect::Allow) => continue,
                (_, Effect::Deny) => Decided::HoldForUnknown,
                (_, Effect::Suspend { .. }) => Decided::Pause,
                (_, hold) => Decided::As(hold.clone()),
            };
            if best.as_ref().is_none_or(|(b, _)| decided.rank() > b.rank()) {
                best = Some((decided, RuleId::from(i)));
            }
        }
        match best {
            Some((effect, rule)) => Decision { effect: Some(effect), rule: Some(rule) },
            None => {
                let default = book.instruments[at.instrument.index()].default.clone();
                Decision { effect: default.filter(|_| asked).map(Decided::As), rule: None }
            }
        }
    }
}
