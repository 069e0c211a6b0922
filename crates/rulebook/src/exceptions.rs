//! Exceptions: which of them hold, what they set, and what stands whichever way an undecided one would go.

use crate::book::{ExceptionId, Sets};
use crate::evaluate::{At, Evaluator, Undecided};
use crate::facts::Facts;
use crate::value::{Unknown, Value};
use alloc::vec::Vec;

impl<'a, F: Facts> Evaluator<'a, F> {
    /// What the exceptions that hold here set, the beaten ones left out.
    pub fn applied(&mut self, exceptions: &[ExceptionId], at: &At<'a>) -> Result<Sets, Undecided> {
        let mut sets = Sets::default();
        if exceptions.is_empty() {
            return Ok(sets);
        }
        let book = self.book;
        let mut live: Vec<ExceptionId> = Vec::new();
        for id in exceptions {
            let exception = &book.exceptions[id.index()];
            let day = self.zone(at).date(at.start.unwrap_or(at.now));
            if !exception.period.contains(day) {
                continue;
            }
            let forced = at.forced.iter().flatten().find(|(e, _)| e == id).map(|(_, holds)| *holds);
            let holds = match forced {
                Some(holds) => holds,
                None => match self.all(&exception.when, at)? {
                    Value::Truth(holds) => holds,
                    Value::Unknown(why) => return Err(Undecided { exception: *id, why }),
                    _ => false,
                },
            };
            if holds && !self.applied(&exception.exceptions, at)?.exempt {
                live.push(*id);
            }
        }
        let beaten = |id: &ExceptionId| live.iter().any(|other| book.exceptions[other.index()].beats.contains(id));
        for id in live.iter().filter(|id| !beaten(id)) {
            let set = &book.exceptions[id.index()].sets;
            sets.exempt |= set.exempt;
            sets.is = set.is.or(sets.is);
            sets.short = set.short.or(sets.short);
            sets.require = set.require.clone().or(sets.require);
            sets.due = set.due.clone().or(sets.due);
            sets.done = set.done.clone().or(sets.done);
            sets.on_holiday = set.on_holiday.or(sets.on_holiday);
            sets.status = set.status.or(sets.status);
            sets.open = set.open.clone().or(sets.open);
            sets.then = set.then.clone().or(sets.then);
            sets.enforced = set.enforced.or(sets.enforced);
        }
        Ok(sets)
    }

    /// Runs `f`; an exception that cannot be decided is tried both ways and `agree` says what both have in common.
    pub fn both_ways<T>(
        &mut self,
        at: &At<'a>,
        f: &mut dyn FnMut(&mut Self, &At<'a>) -> Result<T, Undecided>,
        agree: &mut dyn FnMut(&mut Self, T, T, Unknown) -> T,
        give_up: &mut dyn FnMut(&mut Self, Unknown) -> T,
    ) -> T {
        match f(self, at) {
            Ok(result) => result,
            Err(undecided) => {
                // What both ways agree on may change where neither way does.
                if let Some(probe) = &mut self.probe {
                    probe.unsettled = true;
                }
                let Some(free) = at.forced.iter().position(Option::is_none) else {
                    return give_up(self, undecided.why);
                };
                let [yes, no] = [true, false].map(|holds| {
                    let mut forced = at.forced;
                    if let Some(slot) = forced.get_mut(free) {
                        *slot = Some((undecided.exception, holds));
                    }
                    self.both_ways(&At { forced, ..*at }, f, agree, give_up)
                });
                agree(self, yes, no, undecided.why)
            }
        }
    }
}
