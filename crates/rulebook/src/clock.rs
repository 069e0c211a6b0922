//! Clocks: something is to be done within a time after something happened, once for each time it happened.
//!
//! It promises that the law in force at the start governs, that done is the first notice at or after the start that
//! contains what the rule asks for, and that on time is done no later than due.

use crate::book::{Due, Duty, OnHoliday, RuleId, Starts};
use crate::evaluate::{At, Evaluator, Undecided};
use crate::facts::Facts;
use crate::finding::{Answer, Answered, Finding, Verdict, version_on};
use crate::time::{Civil, Instant};
use crate::value::{Unknown, Value};
use alloc::boxed::Box;
use alloc::vec::Vec;

impl<'a, F: Facts> Evaluator<'a, F> {
    /// The runs of a clock for the subject of `at`, one for each start so far, in order of time; none for a rule that is no
    /// clock. `Err` holds the one finding when it is not known whether it started.
    pub fn runs(&mut self, rule: RuleId, at: &At<'a>) -> Result<Vec<Finding>, Box<Finding>> {
        let at = &At { instrument: self.book.rules[rule.index()].instrument, ..*at };
        let from = self.evidence.len();
        let starts = match self.starts(rule, at).unwrap_or_else(|undecided| Err(undecided.why)) {
            Ok(starts) => starts,
            Err(why) => return Err(Box::new(self.finish(rule, at.subject, Answer::unknown(why), from))),
        };
        let mut runs = Vec::new();
        for start in starts {
            let from = self.evidence.len();
            let answer = self.settled(at, &mut |this, at| this.clock(rule, start, at));
            runs.push(self.finish(rule, at.subject, answer, from));
        }
        Ok(runs)
    }

    /// When a clock started so far, in order of time.
    fn starts(&mut self, id: RuleId, at: &At<'a>) -> Result<Result<Vec<Instant>, Unknown>, Undecided> {
        let rule = &self.book.rules[id.index()];
        let mut times = Vec::new();
        let Some(Duty::Clock { starts, .. }) = rule.versions.first().map(|v| &v.duty) else { return Ok(Ok(times)) };
        match *starts {
            Starts::Each(word, by) => {
                if let Err(why) = self.occurrences(word, by, at, &mut |t| times.push(t)) {
                    return Ok(Err(why));
                }
            }
            Starts::At(node) => match self.node(node, at)? {
                Value::Unknown(why) => return Ok(Err(why)),
                Value::Moment(t) if t != Instant::NEVER => times.push(t),
                _ => {}
            },
        }
        Ok(Ok(times))
    }

    /// The worst run of a clock.
    pub(crate) fn clocks(&mut self, id: RuleId, at: &At<'a>) -> Answered {
        let starts = match self.starts(id, at)? {
            Ok(starts) => starts,
            Err(why) => return Ok(Answer::unknown(why)),
        };
        let mut worst: Option<Answer> = None;
        for start in starts {
            let answer = self.clock(id, start, at)?;
            if worst.as_ref().is_none_or(|w| answer.verdict < w.verdict) {
                worst = Some(answer);
            }
        }
        Ok(worst.unwrap_or_else(|| Answer::new(Verdict::NotApplicable)))
    }

    /// One run of a clock; the form in force at its start governs.
    fn clock(&mut self, id: RuleId, start: Instant, at: &At<'a>) -> Answered {
        let book = self.book;
        let rule = &book.rules[id.index()];
        let zone = self.zone(at);
        let Some(version) = version_on(rule, zone.date(start)) else { return Ok(Answer::new(Verdict::NotInForce)) };
        let form = &rule.versions[version];
        let Duty::Clock { due, done, on_holiday, contains, .. } = &form.duty else {
            return Ok(Answer::new(Verdict::NotApplicable));
        };
        let at = &At { start: Some(start), in_force: form.period.from, ..*at };
        let base = Answer { version: Some(version), started: Some(start), ..Answer::new(Verdict::NotApplicable) };
        match self.all(&form.applies, &At { now: start, ..*at })? {
            Value::Truth(true) => {}
            Value::Unknown(why) => {
                return Ok(Answer { version: Some(version), started: Some(start), ..Answer::undecided(why) });
            }
            _ => return Ok(base),
        }
        let sets = self.applied(&rule.exceptions, at)?;
        let base = Answer { status: sets.status, ..base };
        if sets.exempt {
            return Ok(base);
        }
        let (mut finished, mut hidden): (Option<Instant>, Option<Unknown>) = (None, None);
        for (word, by) in sets.done.as_ref().unwrap_or(done) {
            let mut first = None;
            let found = self.notices(*word, *by, contains, at, &mut |t| {
                if t >= start {
                    first = first.or(Some(t))
                }
            });
            match found {
                Ok(()) => finished = finished.into_iter().chain(first).min(),
                Err(why) => hidden = Some(why),
            }
        }
        let due = match sets.due.as_ref().unwrap_or(due) {
            Due::Judged(_) => {
                let elapsed = finished.unwrap_or(at.now).0.checked_sub(start.0);
                let verdict = Verdict::NeedsJudgement;
                return Ok(Answer { verdict, elapsed, judged_rule: true, done: finished, ..base });
            }
            Due::At(node) => match self.node(*node, at)? {
                Value::Moment(due) => self.roll(due, sets.on_holiday.unwrap_or(*on_holiday), at),
                Value::Unknown(why) => Err(why),
                _ => Err(self.missing("a due date")),
            },
        };
        let due = match due {
            Ok(due) => due,
            Err(why) => return Ok(Answer { version: Some(version), started: Some(start), ..Answer::unknown(why) }),
        };
        let verdict = match (finished, hidden) {
            (Some(done), _) if done <= due => Verdict::Met,
            (_, Some(why)) => {
                return Ok(Answer { version: Some(version), started: Some(start), ..Answer::unknown(why) });
            }
            (Some(_), None) => Verdict::NotMet,
            (None, None) if at.now <= due => Verdict::NotYetDue,
            (None, None) => Verdict::NotMet,
        };
        Ok(Answer { verdict, due: Some(due), done: finished, ..base })
    }

    fn roll(&mut self, due: Instant, on_holiday: OnHoliday, at: &At<'a>) -> Result<Instant, Unknown> {
        let OnHoliday::NextWorkingDay(time) = on_holiday else { return Ok(due) };
        let book = self.book;
        let (zone, holidays) = (self.zone(at), book.holidays(at.instrument));
        let day = zone.date(due);
        match holidays.and_then(|h| h.is_working(day)) {
            Some(true) => return Ok(due),
            Some(false) => {}
            None => return Err(self.missing("the holidays of that time")),
        }
        let next = zone.add(due, Civil { working_days: 1, ..Civil::default() }, holidays);
        match (next, time) {
            (Some(next), None) => Ok(next),
            (Some(next), Some((hour, minute))) => Ok(zone.instant(zone.date(next), hour, minute, 0)),
            (None, _) => Err(self.missing("the holidays of that time")),
        }
    }
}
