//! What follows from a rule at a moment: one of six answers (or not in force), with the shortfall and the reasons.

use crate::book::*;
use crate::evaluate::{At, CureAt, Evaluator, Undecided};
use crate::expression::{Comparison, Operator};
use crate::facts::{Evidence, Facts, Known, Subject};
use crate::number::Number;
use crate::time::Instant;
use crate::unit::Type;
use crate::value::{Owned, Unknown, Value};
use alloc::string::String;
use alloc::vec::Vec;

/// The answers, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Verdict {
    /// The duty is not fulfilled.
    NotMet,
    /// Facts are missing.
    CannotBeAssessed,
    /// The facts are there; a person must judge.
    NeedsJudgement,
    /// The time for it runs.
    NotYetDue,
    /// The duty is fulfilled.
    Met,
    /// No form of the rule is in force.
    NotInForce,
    /// The rule does not reach this exchange or subject.
    NotApplicable,
}

/// The verdicts with the names that cases and reports use.
pub const VERDICTS: [(Verdict, &str); 7] = [
    (Verdict::NotMet, "not met"),
    (Verdict::CannotBeAssessed, "cannot be assessed"),
    (Verdict::NeedsJudgement, "needs judgement"),
    (Verdict::NotYetDue, "not yet due"),
    (Verdict::Met, "met"),
    (Verdict::NotInForce, "not in force"),
    (Verdict::NotApplicable, "not applicable"),
];

impl Verdict {
    /// The name that cases and reports use.
    pub fn name(self) -> &'static str {
        VERDICTS.iter().find(|(v, _)| *v == self).map_or("", |(_, n)| n)
    }
}

/// An amount in the type it is counted in.
#[derive(Clone, Debug, PartialEq)]
pub struct Amount {
    /// How much.
    pub value: Owned,
    /// Of what.
    pub is: Type,
}

/// What follows from one rule for one subject.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule.
    pub rule: RuleId,
    /// The subject; none is the exchange itself.
    pub subject: Option<Subject>,
    /// The answer.
    pub verdict: Verdict,
    /// How binding; only a binding rule that is not met is a breach.
    pub status: Status,
    /// The form of the rule that was read.
    pub version: Option<usize>,
    /// The left side of the deciding line.
    pub value: Option<Amount>,
    /// Its right side.
    pub required: Option<Amount>,
    /// What is short.
    pub short: Option<Amount>,
    /// It may be more: another line is unknown.
    pub at_least: bool,
    /// When the time ends.
    pub due: Option<Instant>,
    /// When a clock started.
    pub started: Option<Instant>,
    /// When what a clock asks for was done, on time or late.
    pub done: Option<Instant>,
    /// Time since a judged clock started, in milliseconds.
    pub elapsed: Option<i64>,
    /// When a measured rule was read.
    pub measured: Option<Instant>,
    /// The facts that are missing.
    pub missing: Vec<String>,
    /// The judgements that are open.
    pub judgements: Vec<JudgementId>,
    /// The entries it rests on, each once, in order.
    pub evidence: Vec<Evidence>,
}

/// A verdict on its way to being a finding.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub verdict: Verdict,
    pub why: Option<Unknown>,
    pub judged_rule: bool,
    pub status: Option<Status>,
    pub version: Option<usize>,
    pub value: Option<Amount>,
    pub required: Option<Amount>,
    pub short: Option<Amount>,
    pub at_least: bool,
    pub due: Option<Instant>,
    pub started: Option<Instant>,
    pub done: Option<Instant>,
    pub elapsed: Option<i64>,
    pub measured: Option<Instant>,
}

impl Answer {
    pub fn new(verdict: Verdict) -> Answer {
        Answer {
            verdict,
            why: None,
            judged_rule: false,
            status: None,
            version: None,
            value: None,
            required: None,
            short: None,
            at_least: false,
            due: None,
            started: None,
            done: None,
            elapsed: None,
            measured: None,
        }
    }

    pub fn unknown(why: Unknown) -> Answer {
        Answer { why: Some(why), ..Answer::new(Verdict::CannotBeAssessed) }
    }

    /// Missing facts come before open judgements.
    pub fn undecided(why: Unknown) -> Answer {
        let verdict = if why.facts { Verdict::CannotBeAssessed } else { Verdict::NeedsJudgement };
        Answer { why: Some(why), ..Answer::new(verdict) }
    }
}

pub(crate) type Answered = Result<Answer, Undecided>;

impl<'a, F: Facts> Evaluator<'a, F> {
    /// The findings of a rule at a moment: one for each subject, worst first; one alone where it has no subject.
    pub fn findings(&mut self, rule: RuleId, at: &At<'a>) -> Vec<Finding> {
        let kind = self.book.rules[rule.index()].kind;
        let mut subjects = Vec::new();
        match kind {
            Some(kind) if at.subject.is_none_or(|s| s.kind != kind) => {
                if self.facts.subjects(kind, at.now, &mut |s| subjects.push(Some(s))) == Known::No {
                    let why = self.missing(self.book.vocabulary.kind_name(kind));
                    return Vec::from([self.finish(rule, None, Answer::unknown(why), 0)]);
                }
                if subjects.is_empty() {
                    return Vec::from([self.finish(rule, None, Answer::new(Verdict::NotApplicable), 0)]);
                }
            }
            Some(_) => subjects.push(at.subject),
            None => subjects.push(None),
        }
        let mut findings: Vec<Finding> = Vec::new();
        for subject in subjects {
            let from = self.evidence.len();
            let subject_at = if kind.is_some() { At { subject, ..*at } } else { *at };
            let answer = self.answer(rule, &subject_at);
            findings.push(self.finish(rule, subject, answer, from));
        }
        findings.sort_by_key(|f| f.verdict);
        findings
    }

    /// The finding of a rule that has not begun, whose subjects and facts nobody need know yet.
    pub fn not_in_force(&mut self, rule: RuleId) -> Finding {
        self.finish(rule, None, Answer::new(Verdict::NotInForce), self.evidence.len())
    }

    pub(crate) fn finish(
        &mut self,
        rule: RuleId,
        subject: Option<Subject>,
        answer: Answer,
        evidence_from: usize,
    ) -> Finding {
        let (missing, judgements) = answer.why.map_or_else(Default::default, |why| self.reasons(why));
        let mut evidence: Vec<Evidence> = self.evidence.get(evidence_from..).unwrap_or(&[]).to_vec();
        // Mostly runs in order: entries come as they were recorded.
        evidence.sort();
        evidence.dedup();
        let version = answer.version.and_then(|v| self.book.rules[rule.index()].versions.get(v));
        let last = self.book.rules[rule.index()].versions.last();
        let status = answer.status.or(version.or(last).map(|v| v.status)).unwrap_or_default();
        Finding {
            rule,
            subject,
            verdict: answer.verdict,
            status,
            version: answer.version,
            value: answer.value,
            required: answer.required,
            short: answer.short,
            at_least: answer.at_least,
            due: answer.due,
            started: answer.started,
            done: answer.done,
            elapsed: answer.elapsed,
            measured: answer.measured,
            missing,
            judgements,
            evidence,
        }
    }

    fn answer(&mut self, rule: RuleId, at: &At<'a>) -> Answer {
        let at = At { instrument: self.book.rules[rule.index()].instrument, ..*at };
        self.settled(&at, &mut |this, at| this.one_way(rule, at))
    }

    /// An answer with every exception that nobody can decide tried both ways.
    pub(crate) fn settled(&mut self, at: &At<'a>, answer: &mut dyn FnMut(&mut Self, &At<'a>) -> Answered) -> Answer {
        self.both_ways(at, answer, &mut |_, yes, no, why| agree(yes, no, why), &mut |_, why| Answer::unknown(why))
    }

    fn one_way(&mut self, id: RuleId, at: &At<'a>) -> Answered {
        let book = self.book;
        let rule = &book.rules[id.index()];
        match rule.versions.first().map(|v| &v.duty) {
            Some(Duty::Clock { .. }) => self.clocks(id, at),
            Some(Duty::Require { measured: Some(measured), .. }) => self.measured(id, *measured, at),
            _ => {
                let day = self.zone(at).date(at.now);
                match version_on(rule, day) {
                    Some(version) => self.plain(id, version, at),
                    None => Ok(Answer::new(Verdict::NotInForce)),
                }
            }
        }
    }

    fn plain(&mut self, id: RuleId, version: usize, at: &At<'a>) -> Answered {
        let book = self.book;
        let rule = &book.rules[id.index()];
        let form = &rule.versions[version];
        let Duty::Require { require, short, .. } = &form.duty else { return Ok(Answer::new(Verdict::NotApplicable)) };
        let at = &At { in_force: form.period.from, ..*at };
        let applies = self.all(&form.applies, at)?;
        if applies == Value::Truth(false) {
            return Ok(Answer { version: Some(version), ..Answer::new(Verdict::NotApplicable) });
        }
        let sets = self.applied(&rule.exceptions, at)?;
        let mut answer = if sets.exempt {
            Answer::new(Verdict::NotApplicable)
        } else {
            let lines = sets.require.as_deref().unwrap_or(require);
            let mut answer = match self.all(lines, at)? {
                Value::Truth(true) => Answer::new(Verdict::Met),
                Value::Truth(false) => Answer::new(Verdict::NotMet),
                Value::Unknown(why) => Answer::undecided(why),
                _ => Answer::new(Verdict::NotApplicable),
            };
            self.measure(&mut answer, lines, sets.short.or(*short), at)?;
            answer
        };
        if let Value::Unknown(why) = applies {
            answer = Answer::undecided(why);
        }
        Ok(Answer { version: Some(version), status: sets.status, ..answer })
    }

    /// The deciding line's two sides, and what is short.
    fn measure(
        &mut self,
        answer: &mut Answer,
        lines: &[NodeId],
        short: Option<NodeId>,
        at: &At<'a>,
    ) -> Result<(), Undecided> {
        let tracing = core::mem::replace(&mut self.tracing, false);
        let result = self.measure_lines(answer, lines, short, at);
        self.tracing = tracing;
        result
    }

    fn measure_lines(
        &mut self,
        answer: &mut Answer,
        lines: &[NodeId],
        short: Option<NodeId>,
        at: &At<'a>,
    ) -> Result<(), Undecided> {
        let book = self.book;
        let mut decided = false;
        for line in lines {
            let Node::Compare(sign, left, right) = book.node(*line) else { continue };
            // Of a quotient the parts are kept: what is short is measured by them, and a window is not added up again.
            let (a, parts) = match book.node(left) {
                Node::Arithmetic(Operator::Divide, x, y) => {
                    let (x_value, y_value) = (self.node(x, at)?, self.node(y, at)?);
                    let quotient = self.arithmetic(Operator::Divide, &x_value, &y_value, at);
                    (quotient, Some((x, x_value, y_value)))
                }
                _ => (self.node(left, at)?, None),
            };
            let b = self.node(right, at)?;
            if matches!(a, Value::Unknown(_)) || matches!(b, Value::Unknown(_)) {
                answer.at_least |= answer.verdict == Verdict::NotMet;
            }
            let failed = answer.verdict == Verdict::NotMet && self.compare(sign, &a, &b) == Value::Truth(false);
            if failed && short.is_none() && matches!(sign, Comparison::GreaterOrEqual | Comparison::Greater) {
                let missing = match &parts {
                    Some((x, x_value, y_value)) => self.shortfall_of_quotient(*line, *x, x_value, y_value, &b, at),
                    None => self.shortfall(*line, left, &a, &b, at),
                };
                if larger(&missing, &answer.short) {
                    answer.short = missing;
                    decided = false;
                }
            }
            if !decided && (failed || answer.value.is_none()) {
                decided = failed;
                answer.value = known(&a, book.type_of(left));
                answer.required = known(&b, book.type_of(right));
            }
        }
        if let (Some(node), Verdict::NotMet) = (short, answer.verdict) {
            let value = self.node(node, at)?;
            answer.short = known(&value, book.type_of(node));
        }
        answer.at_least &= answer.short.is_some();
        Ok(())
    }

    /// Of `x / y >= z` it is z·y − x.
    fn shortfall_of_quotient(
        &mut self,
        line: NodeId,
        x: NodeId,
        x_value: &Value<'a>,
        y_value: &Value<'a>,
        b: &Value<'a>,
        at: &At<'a>,
    ) -> Option<Amount> {
        if let Some(probe) = &mut self.probe {
            probe.draw(line, y_value, x_value);
        }
        let whole = self.arithmetic(Operator::Multiply, b, y_value, at);
        let value = self.arithmetic(Operator::Subtract, &whole, x_value, at);
        known(&value, self.book.type_of(x))
    }

    /// Of `x >= y` it is y − x.
    fn shortfall(&mut self, line: NodeId, left: NodeId, a: &Value<'a>, b: &Value<'a>, at: &At<'a>) -> Option<Amount> {
        if !matches!(a, Value::Number(_) | Value::Length(_)) {
            return None;
        }
        if let Some(probe) = &mut self.probe {
            probe.draw(line, &Value::Number(Number::ONE), a);
        }
        let value = self.arithmetic(Operator::Subtract, b, a, at);
        known(&value, self.book.type_of(left))
    }

    /// The measurement that a rule's findings at a moment rest on alone: moments with the same one have the same findings. `None`
    /// where more counts: another kind of rule, a cure, a list of subjects, or no measurement in force.
    pub fn rests_on(&mut self, id: RuleId, as_of: Instant) -> Option<Instant> {
        let book = self.book;
        let rule = &book.rules[id.index()];
        let plain = |v: &RuleVersion| {
            matches!(v.duty, Duty::Require { measured: Some(Measured::BusinessYearEnd), cure: None, .. })
        };
        if rule.kind.is_some() || !rule.versions.iter().all(plain) {
            return None;
        }
        let at = self.at(as_of, rule.instrument);
        let mut last = None;
        let word = book.vocabulary.find("business_year_end")?;
        self.occurrences(word, None, &at, &mut |t| last = Some(t)).ok()?;
        let (last, zone) = (last?, self.zone(&at));
        version_on(rule, zone.date(last))?;
        let today = zone.date(as_of);
        (version_on(rule, today).is_some() || last >= zone.start_of(today)).then_some(last)
    }

    fn measured(&mut self, id: RuleId, measured: Measured, at: &At<'a>) -> Answered {
        let book = self.book;
        let rule = &book.rules[id.index()];
        let zone = self.zone(at);
        let today = zone.date(at.now);
        let last = match measured {
            Measured::MonthEnd if at.now == zone.end_of(today.last_of_month()) => Some(at.now),
            Measured::MonthEnd => Some(zone.previous_month_end(at.now)),
            Measured::BusinessYearEnd => {
                let mut last = None;
                if let Some(word) = book.vocabulary.find("business_year_end") {
                    let found = self.occurrences(word, None, at, &mut |t| last = Some(t));
                    if let Err(why) = found {
                        return Ok(Answer::unknown(why));
                    }
                }
                last
            }
        };
        let now_version = version_on(rule, today);
        let Some((last, version)) = last.and_then(|last| Some((last, version_on(rule, zone.date(last))?))) else {
            let Some(version) = now_version else { return Ok(Answer::new(Verdict::NotInForce)) };
            let applies =
                self.all(&rule.versions[version].applies, &At { in_force: rule.versions[version].period.from, ..*at })?;
            let verdict = if applies == Value::Truth(false) { Verdict::NotApplicable } else { Verdict::NotYetDue };
            return Ok(Answer { version: Some(version), ..Answer::new(verdict) });
        };
        if now_version.is_none() && last < zone.start_of(today) {
            return Ok(Answer::new(Verdict::NotInForce));
        }
        let then = At { now: last, ..*at };
        let mut reading = self.plain(id, version, &then)?;
        reading.measured = Some(last);
        let Duty::Require { cure: Some(cure), .. } = &rule.versions[version].duty else { return Ok(reading) };
        if reading.verdict != Verdict::NotMet {
            return Ok(reading);
        }
        let next_month = zone.date(last).last_of_month().tomorrow().ok();
        let due = next_month
            .and_then(|first| first.checked_add(jiff::Span::new().days(cure.day_of_next_month.saturating_sub(1))).ok());
        let due = due.map_or(Instant::NEVER, |day| zone.end_of(day));
        let cured = CureAt { measured: last, at: at.now.min(due), cure };
        let again = self.plain(id, version, &At { cured: Some(cured), ..then })?;
        let again = Answer { measured: Some(last), ..again };
        if again.verdict == Verdict::Met || at.now > due {
            return Ok(again);
        }
        Ok(Answer { verdict: Verdict::NotYetDue, due: Some(due), ..again })
    }

    /// `'rule' is met` and `is not met` inside a condition.
    pub(crate) fn verdict(&mut self, rule: RuleId, met: bool, at: &At<'a>) -> Result<Value<'a>, Undecided> {
        let at = At { start: None, in_force: None, cured: None, ..*at };
        let subject = at.subject.filter(|s| Some(s.kind) == self.book.rules[rule.index()].kind);
        let worst = self.worst(rule, &At { subject, ..at });
        Ok(match (worst.verdict, worst.why) {
            (Verdict::Met, _) => Value::Truth(met),
            (Verdict::NotMet, _) => Value::Truth(!met),
            (Verdict::CannotBeAssessed | Verdict::NeedsJudgement, Some(why)) => Value::Unknown(why),
            (Verdict::CannotBeAssessed | Verdict::NeedsJudgement, None) => {
                Value::Unknown(self.missing(&self.book.rules[rule.index()].id))
            }
            _ => Value::Truth(false),
        })
    }

    fn worst(&mut self, rule: RuleId, at: &At<'a>) -> Answer {
        let kind = self.book.rules[rule.index()].kind;
        let Some(kind) = kind.filter(|_| at.subject.is_none()) else { return self.answer(rule, at) };
        let mut subjects = Vec::new();
        if self.facts.subjects(kind, at.now, &mut |s| subjects.push(s)) == Known::No {
            return Answer::unknown(self.missing(self.book.vocabulary.kind_name(kind)));
        }
        let mut worst = Answer::new(Verdict::NotApplicable);
        for subject in subjects {
            let answer = self.answer(rule, &At { subject: Some(subject), ..*at });
            if answer.verdict < worst.verdict {
                worst = answer;
            }
        }
        worst
    }
}

pub(crate) fn version_on(rule: &Rule, day: crate::time::Date) -> Option<usize> {
    rule.versions.iter().position(|v| v.period.contains(day))
}

fn known(value: &Value<'_>, is: Type) -> Option<Amount> {
    match value {
        Value::Unknown(_) => None,
        value => Some(Amount { value: value.to_owned(), is }),
    }
}

fn larger(new: &Option<Amount>, old: &Option<Amount>) -> bool {
    let number = |a: &Option<Amount>| match a {
        Some(Amount { value: Owned::Number(n), .. }) => Some(n.clone()),
        Some(Amount { value: Owned::Length(ms), .. }) => Some(Number::integer(i128::from(*ms))),
        _ => None,
    };
    match (number(new), number(old)) {
        (Some(new), Some(old)) => new > old,
        (Some(_), None) => true,
        _ => false,
    }
}

/// What both ways of an undecided exception have in common.
fn agree(yes: Answer, no: Answer, why: Unknown) -> Answer {
    if yes.verdict != no.verdict {
        return Answer::unknown(why);
    }
    let same = |a: Option<Amount>, b: Option<Amount>| if a == b { a } else { None };
    Answer {
        verdict: yes.verdict,
        why: yes.why.or(no.why),
        judged_rule: yes.judged_rule && no.judged_rule,
        status: if yes.status == no.status { yes.status } else { None },
        version: if yes.version == no.version { yes.version } else { None },
        value: same(yes.value, no.value),
        required: same(yes.required, no.required),
        at_least: yes.at_least || no.at_least,
        short: same(yes.short, no.short),
        due: if yes.due == no.due { yes.due } else { None },
        started: if yes.started == no.started { yes.started } else { None },
        done: if yes.done == no.done { yes.done } else { None },
        elapsed: if yes.elapsed == no.elapsed { yes.elapsed } else { None },
        measured: if yes.measured == no.measured { yes.measured } else { None },
    }
}
