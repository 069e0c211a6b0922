//! Evaluation: a compiled condition over facts comes to a value, or to reasons why not. It always ends and never guesses.
//!
//! Reasons of unknowns, steps of a trace and evidence go to lists that an [`Evaluator`] keeps from one evaluation to the
//! next, so that evaluating allocates nothing once they have grown. Three-valued logic: what the known parts settle is
//! settled; zero times unknown is zero; division by zero is unknown.

use crate::book::*;
use crate::expression::Which;
use crate::facts::{Datum, Evidence, Facts, Known, Reading, Subject};
use crate::memory::Memory;
use crate::number::Number;
use crate::threshold::Probe;
use crate::time::{Date, HOUR, Instant, Zone};
use crate::unit::Dimension;
use crate::value::{Owned, Unknown, Value};
use crate::vocabulary::{KindId, Of, WordId};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// How many undecided exceptions are tried both ways: three deep is eight ways, and the law has never more than two.
pub const MAX_FORKS: usize = 3;
/// The exceptions being tried one way. (A literal length: rustc 1.95 fails on a named one inside closures.)
pub type Forced = [Option<(ExceptionId, bool)>; 3];
/// The longest window over a counted quantity: its moments are visited one by one, and a hundred years have 36,525 days.
pub(crate) const MAX_WINDOW: i64 = 36_525 * 24 * HOUR;
/// How deep terms, rules and exceptions may call one another while evaluating; the book refuses circles, this bounds the rest.
const MAX_DEPTH: u32 = 128;

/// An exception that could not be decided; the finding tries it both ways.
#[derive(Clone, Copy, Debug)]
pub struct Undecided {
    /// Which.
    pub exception: ExceptionId,
    /// Why.
    pub why: Unknown,
}

/// A value, or an exception to be tried both ways.
pub type Outcome<'a> = Result<Value<'a>, Undecided>;

/// What the cure of a measured rule reads again: these words and terms, at this time.
#[derive(Clone, Copy)]
pub struct CureAt<'a> {
    /// When the rule was measured.
    pub measured: Instant,
    /// When the cured quantities are read.
    pub at: Instant,
    /// Which they are.
    pub cure: &'a Cure,
}

/// Where an evaluation stands.
#[derive(Clone, Copy)]
pub struct At<'a> {
    /// The moment it is about.
    pub now: Instant,
    /// The subject it is about.
    pub subject: Option<Subject>,
    /// The instrument whose zone and calendar count.
    pub instrument: InstrumentId,
    /// The start of the clock that runs.
    pub start: Option<Instant>,
    /// The first day of the rule's form, for `business year in force`.
    pub in_force: Option<Date>,
    /// What a cure reads again.
    pub cured: Option<CureAt<'a>>,
    /// Exceptions being tried one way.
    pub forced: Forced,
}

/// One step of a trace.
#[derive(Clone, Debug)]
pub struct Step {
    /// The node.
    pub node: NodeId,
    /// How deep it stands below the condition.
    pub depth: u32,
    /// What it came to.
    pub value: Owned,
    /// Its evidence, as a run of the evaluator's list.
    pub evidence: (u32, u32),
}

enum Reason {
    Fact(String),
    Judgement(JudgementId),
    Both(u32, u32),
}

/// Evaluates conditions of a book over facts. Keep one and use it again.
pub struct Evaluator<'a, F> {
    /// The book.
    pub book: &'a Book,
    /// The facts.
    pub facts: &'a F,
    reasons: Vec<Reason>,
    /// Evidence read so far.
    pub evidence: Vec<Evidence>,
    /// Steps so far, when tracing.
    pub steps: Vec<Step>,
    /// Whether steps are noted.
    pub tracing: bool,
    /// Whether evidence is noted; a sweep over many moments needs none.
    pub gathering: bool,
    pub(crate) memory: Memory<'a>,
    /// A parameter that is held at a value.
    pub(crate) probe: Option<Probe<'a>>,
    /// The day of the moment that was asked for last: finding it takes as long as three conditions.
    today: Option<(InstrumentId, Instant, Date)>,
    depth: u32,
    indent: u32,
}

impl<'a, F: Facts> Evaluator<'a, F> {
    /// A new evaluator.
    pub fn new(book: &'a Book, facts: &'a F) -> Self {
        Evaluator {
            book,
            facts,
            reasons: Vec::new(),
            evidence: Vec::new(),
            steps: Vec::new(),
            tracing: false,
            gathering: true,
            memory: Memory::default(),
            probe: None,
            today: None,
            depth: 0,
            indent: 0,
        }
    }

    /// Makes room for the next rule; terms that are known stay known.
    pub fn reset(&mut self) {
        self.evidence.clear();
        self.steps.clear();
        self.indent = 0;
    }

    /// Forgets everything, before other facts or another moment.
    pub fn forget(&mut self) {
        self.memory.clear();
        self.reasons.clear();
        self.evidence.clear();
        self.steps.clear();
        self.indent = 0;
    }

    /// A starting point: no subject, no clock.
    pub fn at(&self, now: Instant, instrument: InstrumentId) -> At<'a> {
        At { now, subject: None, instrument, start: None, in_force: None, cured: None, forced: [None; MAX_FORKS] }
    }

    /// The zone of an instrument.
    pub fn zone(&self, at: &At<'_>) -> &'a Zone {
        &self.book.instruments[at.instrument.index()].zone
    }

    /// The day of a moment in the zone of its instrument.
    pub(crate) fn day(&mut self, at: &At<'_>) -> Date {
        match self.today {
            Some((instrument, now, day)) if instrument == at.instrument && now == at.now => day,
            _ => {
                let day = self.zone(at).date(at.now);
                self.today = Some((at.instrument, at.now, day));
                day
            }
        }
    }

    /// Notes what supports a value.
    #[inline]
    pub(crate) fn note(&mut self, evidence: Option<Evidence>) {
        if self.gathering {
            self.evidence.extend(evidence);
        }
    }

    // --- reasons -------------------------------------------------------------------------------------------------

    fn reason(&mut self, reason: Reason) -> u32 {
        self.reasons.push(reason);
        u32::try_from(self.reasons.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// Unknown for want of a fact.
    pub fn missing(&mut self, what: &str) -> Unknown {
        let reason = self.reason(Reason::Fact(what.to_string()));
        Unknown { reason, facts: true, judged: false }
    }

    /// Unknown until a person answers.
    pub fn open(&mut self, judgement: JudgementId) -> Unknown {
        let reason = self.reason(Reason::Judgement(judgement));
        Unknown { reason, facts: false, judged: true }
    }

    /// Unknown for both reasons.
    pub fn both(&mut self, a: Unknown, b: Unknown) -> Unknown {
        let reason = self.reason(Reason::Both(a.reason, b.reason));
        Unknown { reason, facts: a.facts || b.facts, judged: a.judged || b.judged }
    }

    pub(crate) fn either(&mut self, a: Option<Unknown>, b: Option<Unknown>) -> Option<Unknown> {
        match (a, b) {
            (Some(a), Some(b)) => Some(self.both(a, b)),
            (a, b) => a.or(b),
        }
    }

    /// The facts and the judgements behind an unknown, sorted, each once.
    pub fn reasons(&self, why: Unknown) -> (Vec<String>, Vec<JudgementId>) {
        let (mut facts, mut judged) = (Vec::new(), Vec::new());
        let mut stack = Vec::from([why.reason]);
        while let Some(at) = stack.pop() {
            match self.reasons.get(at as usize) {
                Some(Reason::Fact(name)) => facts.push(name.clone()),
                Some(Reason::Judgement(id)) => judged.push(*id),
                Some(Reason::Both(a, b)) => stack.extend([*a, *b]),
                None => {}
            }
        }
        facts.sort_unstable();
        facts.dedup();
        judged.sort_unstable();
        judged.dedup();
        (facts, judged)
    }

    // --- logic ---------------------------------------------------------------------------------------------------

    /// Whether all conditions hold: one that is known not to settles it.
    pub fn all(&mut self, list: &[NodeId], at: &At<'a>) -> Outcome<'a> {
        let mut why = None;
        for node in list {
            let value = self.node(*node, at);
            match known(&value)? {
                Value::Truth(true) => {}
                Value::Unknown(u) => why = self.either(why, Some(*u)),
                Value::Truth(false) => return Ok(Value::Truth(false)),
                _ => why = Some(self.missing("a yes or no")),
            }
        }
        Ok(why.map_or(Value::Truth(true), Value::Unknown))
    }

    pub(crate) fn at_least(&mut self, count: u32, list: &[NodeId], at: &At<'a>) -> Outcome<'a> {
        let (mut yes, mut open, mut why) = (0u32, 0u32, None);
        for node in list {
            match self.node(*node, at)? {
                Value::Truth(true) => yes = yes.saturating_add(1),
                Value::Unknown(u) => {
                    open = open.saturating_add(1);
                    why = self.either(why, Some(u));
                }
                _ => {}
            }
        }
        Ok(match why {
            _ if yes >= count => Value::Truth(true),
            Some(why) if yes.saturating_add(open) >= count => Value::Unknown(why),
            _ => Value::Truth(false),
        })
    }

    // --- nodes ---------------------------------------------------------------------------------------------------

    /// What a node comes to.
    pub fn node(&mut self, id: NodeId, at: &At<'a>) -> Outcome<'a> {
        if self.tracing { self.traced(id, at) } else { self.bare(id, at) }
    }

    fn traced(&mut self, id: NodeId, at: &At<'a>) -> Outcome<'a> {
        let first = u32::try_from(self.evidence.len()).unwrap_or(u32::MAX);
        let depth = self.indent;
        self.indent = depth.saturating_add(1);
        let value = self.bare(id, at);
        self.indent = depth;
        if let Ok(value) = &value {
            let last = u32::try_from(self.evidence.len()).unwrap_or(u32::MAX);
            self.steps.push(Step { node: id, depth, value: value.to_owned(), evidence: (first, last) });
        }
        value
    }

    fn bare(&mut self, id: NodeId, at: &At<'a>) -> Outcome<'a> {
        let book = self.book;
        Ok(match book.node(id) {
            Node::Literal(literal) => {
                return Ok(match &book.literals[literal.index()].value {
                    LiteralValue::Number(n) => Value::Number(n.clone()),
                    LiteralValue::Length(ms) => Value::Length(*ms),
                    LiteralValue::Civil(c) => Value::Civil(*c),
                });
            }
            Node::Start => at.start.map_or_else(|| Value::Unknown(self.missing("the start of a clock")), Value::Moment),
            Node::Now => Value::Moment(at.now),
            Node::PreviousMonthEnd => Value::Moment(self.zone(at).previous_month_end(at.now)),
            Node::PreviousBusinessYearEnd => match self.business_year_start(at) {
                Ok(start) => Value::Moment(start),
                Err(why) => Value::Unknown(why),
            },
            Node::Word(word) => return Ok(self.word(word, None, at)),
            Node::Money(word, currency) => return Ok(self.word(word, Some(currency), at)),
            Node::Term(term) => return self.term(term, at),
            Node::Parameter(parameter) => return self.parameter(parameter, at),
            Node::Judgement(judgement) => self.judgement(judgement, at),
            Node::Event(which, word, by) => self.event(which, word, by, at),
            Node::CountEvents(word) => self.count_events(word, at),
            Node::CountSubjects(kind) => self.count_subjects(kind, at),
            Node::All(run) => return self.all(book.run(run), at),
            Node::AtLeast(count, run) => return self.at_least(count, book.run(run), at),
            Node::Not(inner) => match self.node(inner, at)? {
                Value::Truth(t) => Value::Truth(!t),
                other => other,
            },
            Node::Compare(sign, a, b) => {
                let a = self.node(a, at);
                let a = known(&a)?;
                let b = self.node(b, at);
                let b = known(&b)?;
                if self.probe.is_some() {
                    self.note_break(id, a, b, at)?;
                }
                return Ok(self.compare(sign, a, b));
            }
            Node::IsGiven(inner) => match self.node(inner, at)? {
                Value::Unknown(u) => Value::Unknown(u),
                Value::Absent | Value::Moment(Instant::NEVER) => Value::Truth(false),
                _ => Value::Truth(true),
            },
            Node::IsCode(inner, code) => match self.node(inner, at)? {
                Value::Unknown(u) => Value::Unknown(u),
                Value::Code(c) => Value::Truth(c == book.codes[code.index()]),
                Value::Absent => Value::Truth(book.codes[code.index()] == "none"),
                _ => Value::Truth(false),
            },
            Node::In(inner, list) => {
                let (code, list) = (self.node(inner, at)?, self.node(list, at)?);
                match (self.within(&code, &list), code) {
                    // An empty set is within every list, but a code that is not there is in none.
                    (Value::Truth(_), Value::Absent) => Value::Truth(false),
                    (found, _) => found,
                }
            }
            Node::Within(inner, list) => {
                let (codes, list) = (self.node(inner, at)?, self.node(list, at)?);
                self.within(&codes, &list)
            }
            Node::Verdict(rule, met) => return self.verdict(rule, met, at),
            Node::Arithmetic(sign, a, b) => {
                let a = self.node(a, at);
                let a = known(&a)?;
                let b = self.node(b, at);
                return Ok(self.arithmetic(sign, a, known(&b)?, at));
            }
            Node::Convert(inner, from, to) => {
                let value = self.node(inner, at)?;
                self.convert(value, from, to, at)
            }
            Node::Pick(extreme, run) => return self.pick(extreme, book.run(run), at),
            Node::At(inner, point) => match self.node(point, at)? {
                Value::Moment(now) => return self.node(inner, &At { now, ..*at }),
                other => other,
            },
            Node::Ago(length) => match self.node(length, at)? {
                Value::Length(ms) => Value::Moment(at.now.plus(ms.checked_neg().unwrap_or(0))),
                Value::Civil(length) => self.add_civil(at.now, length.negated(), at),
                other => other,
            },
            Node::Over(fold, kind, each) => return self.over(fold, kind, each, at),
            Node::Window(window) => return self.window(window, at),
        })
    }

    /// The subject a word's value belongs to here; `Err` when no such subject is known.
    pub(crate) fn owner(&self, of: Of, at: &At<'a>) -> Result<Option<Subject>, KindId> {
        match of {
            Of::Exchange => Ok(None),
            Of::Any => Ok(at.subject),
            Of::Kind(kind) => match at.subject {
                Some(subject) if subject.kind == kind => Ok(Some(subject)),
                Some(subject) => self.facts.refers(subject, kind).map(Some).ok_or(kind),
                None => Err(kind),
            },
        }
    }

    // Inlined, like `datum` and `compare`, so that the value is written where it is wanted: a fifth of a condition's time.
    #[inline(always)]
    pub(crate) fn word(&mut self, word: WordId, currency: Option<Dimension>, at: &At<'a>) -> Value<'a> {
        let entry = self.book.vocabulary.word(word);
        let reading = match self.owner(entry.of, at) {
            Ok(owner) => {
                let when = match at.cured {
                    Some(c) if c.measured == at.now && c.cure.words.contains(&word) => c.at,
                    _ => at.now,
                };
                self.facts.constant(owner, word).or_else(|| self.facts.value(owner, word, when))
            }
            // A case may give a value once for whatever subject the row is about.
            Err(_) if self.facts.gives_terms() => self.facts.constant(at.subject, word),
            Err(_) => None,
        };
        match reading {
            Some(reading) => self.datum(reading, currency, &entry.name, at),
            None if entry.absent_if_unrecorded => Value::Absent,
            None => Value::Unknown(self.missing(&entry.name)),
        }
    }

    #[inline(always)]
    pub(crate) fn datum(
        &mut self,
        reading: Reading<'a>,
        currency: Option<Dimension>,
        name: &str,
        at: &At<'a>,
    ) -> Value<'a> {
        self.note(reading.evidence);
        match reading.datum {
            Datum::Missing => Value::Unknown(self.missing(name)),
            Datum::None => Value::Absent,
            Datum::Truth(t) => Value::Truth(t),
            Datum::Number(n, recorded) => match (recorded, currency) {
                (Some(from), Some(to)) if from != to => self.convert(Value::Number(n.clone()), from, to, at),
                _ => Value::Number(n.clone()),
            },
            Datum::Length(ms) => Value::Length(ms),
            Datum::Civil(c) => Value::Civil(c),
            Datum::Code(c) => Value::Code(c),
            Datum::Codes(c) => Value::Codes(c),
            Datum::Moment(t) => Value::Moment(t),
        }
    }

    /// A term or parameter that was given directly, as cases do.
    pub(crate) fn given(&mut self, name: &str, at: &At<'a>) -> Option<Value<'a>> {
        if !self.facts.gives_terms() {
            return None;
        }
        let reading = self.facts.given(at.subject, name, at.now)?;
        Some(self.datum(reading, None, name, at))
    }

    /// What a term comes to.
    pub fn term(&mut self, id: TermId, at: &At<'a>) -> Outcome<'a> {
        let book = self.book;
        let term = &book.terms[id.index()];
        let now = match at.cured {
            Some(c) if c.measured == at.now && c.cure.terms.contains(&id) => c.at,
            _ => at.now,
        };
        let at = &At { now, ..*at };
        if let Some(value) = self.given(&term.id, at) {
            return Ok(value);
        }
        let at = &At { instrument: term.instrument, ..*at };
        let day = self.day(at);
        let Some(version) = term.versions.iter().find(|v| v.period.contains(day)) else {
            return Ok(Value::Unknown(self.missing(&term.id)));
        };
        // What is written down needs no memory.
        if let (Node::Literal(_), true, false) = (book.node(version.is), term.exceptions.is_empty(), self.tracing) {
            return self.bare(version.is, at);
        }
        let key = self.remembers(id, at);
        if let Some(value) = key.as_ref().and_then(|key| self.recall(key)) {
            return Ok(value);
        }
        let from = self.evidence.len();
        let value = self.deeper(&term.id, |this| {
            let applied = this.applied(&term.exceptions, at)?;
            this.node(applied.is.unwrap_or(version.is), at)
        })?;
        if let Some(key) = key {
            self.remember(key, &value, from);
        }
        Ok(value)
    }

    pub(crate) fn parameter(&mut self, id: ParameterId, at: &At<'a>) -> Outcome<'a> {
        let book = self.book;
        let parameter = &book.parameters[id.index()];
        if let Some(probe) = self.probe.as_ref().filter(|p| p.parameter == id) {
            return Ok(Value::Number(probe.value.clone()));
        }
        if let Some(value) = self.given(&parameter.id, at) {
            return Ok(value);
        }
        let at = &At { instrument: parameter.instrument, ..*at };
        self.deeper(&parameter.id, |this| {
            let applied = this.applied(&parameter.exceptions, at)?;
            if let Some(is) = applied.is {
                return this.node(is, at);
            }
            let day = this.day(at);
            Ok(match parameter.values.iter().rev().find(|(from, _)| *from <= day) {
                Some((_, ParameterValue::Number(n, _))) => Value::Number(n.clone()),
                Some((_, ParameterValue::Codes(codes))) => Value::Codes(codes),
                Some((_, ParameterValue::Length(ms))) => Value::Length(*ms),
                Some((_, ParameterValue::Civil(c))) => Value::Civil(*c),
                None => Value::Unknown(this.missing(&parameter.id)),
            })
        })
    }

    pub(crate) fn deeper(&mut self, name: &str, f: impl FnOnce(&mut Self) -> Outcome<'a>) -> Outcome<'a> {
        if self.depth >= MAX_DEPTH {
            return Ok(Value::Unknown(self.missing(name)));
        }
        self.depth = self.depth.saturating_add(1);
        let result = f(self);
        self.depth = self.depth.saturating_sub(1);
        result
    }

    fn judgement(&mut self, id: JudgementId, at: &At<'a>) -> Value<'a> {
        let judgement = &self.book.judgements[id.index()];
        let full;
        let name = if self.facts.gives_terms() {
            judgement.id.as_str()
        } else {
            full = self.book.judgement_name(id);
            full.as_str()
        };
        let owner = match judgement.kind {
            None => None,
            Some(kind) => match self.owner(Of::Kind(kind), at) {
                Ok(owner) => owner,
                Err(_) => return Value::Unknown(self.open(id)),
            },
        };
        match self.facts.given(owner, name, at.now) {
            Some(Reading { datum: Datum::Truth(answer), evidence }) => {
                self.note(evidence);
                Value::Truth(answer)
            }
            None => Value::Unknown(self.open(id)),
            Some(reading) => self.datum(reading, None, name, at),
        }
    }

    // --- events --------------------------------------------------------------------------------------------------

    /// Visits the occurrences of an event so far; `Err` when they are not known.
    pub fn occurrences(
        &mut self,
        word: WordId,
        by: Option<CodeId>,
        at: &At<'a>,
        visit: &mut dyn FnMut(Instant),
    ) -> Result<(), Unknown> {
        self.notices(word, by, &[], at, visit)
    }

    /// Visits the occurrences of an event so far that contain all that is asked for.
    pub(crate) fn notices(
        &mut self,
        word: WordId,
        by: Option<CodeId>,
        asked: &[String],
        at: &At<'a>,
        visit: &mut dyn FnMut(Instant),
    ) -> Result<(), Unknown> {
        let book = self.book;
        let entry = book.vocabulary.word(word);
        let Ok(owner) = self.owner(entry.of, at) else { return Ok(()) };
        let by = by.map(|by| book.codes[by.index()].as_str());
        let facts = self.facts;
        let (evidence, gathering) = (&mut self.evidence, self.gathering);
        let known = facts.events(owner, word, at.now, &mut |o| {
            if (by.is_none() || o.by == by) && o.contains(asked) {
                if gathering {
                    evidence.extend(o.evidence);
                }
                visit(o.at);
            }
        });
        match known {
            Known::Yes => Ok(()),
            Known::No => Err(self.missing(&entry.name)),
        }
    }

    pub(crate) fn event(&mut self, which: Which, word: WordId, by: Option<CodeId>, at: &At<'a>) -> Value<'a> {
        let (mut first, mut last) = (Instant::NEVER, Instant::NEVER);
        let found = self.occurrences(word, by, at, &mut |t| {
            if first == Instant::NEVER {
                first = t;
            }
            last = t;
        });
        match found {
            Err(why) => Value::Unknown(why),
            Ok(()) => Value::Moment(if which == Which::Last { last } else { first }),
        }
    }

    fn count_events(&mut self, word: WordId, at: &At<'a>) -> Value<'a> {
        let mut count = 0i128;
        match self.occurrences(word, None, at, &mut |_| count = count.saturating_add(1)) {
            Ok(()) => Value::Number(Number::integer(count)),
            Err(why) => Value::Unknown(why),
        }
    }

    fn count_subjects(&mut self, kind: KindId, at: &At<'a>) -> Value<'a> {
        let mut count = 0i128;
        match self.facts.subjects(kind, at.now, &mut |_| count = count.saturating_add(1)) {
            Known::Yes => Value::Number(Number::integer(count)),
            Known::No => Value::Unknown(self.missing(self.book.vocabulary.kind_name(kind))),
        }
    }

    /// The last instant of the business year before the one that contains now: the latest recorded end before today,
    /// else the end of the last calendar year.
    pub(crate) fn business_year_start(&mut self, at: &At<'a>) -> Result<Instant, Unknown> {
        let zone = self.zone(at);
        let today = zone.start_of(zone.date(at.now));
        let mut latest = None;
        if let Some(word) = self.book.vocabulary.find("business_year_end") {
            self.occurrences(word, None, at, &mut |t| {
                if t < today {
                    latest = Some(t);
                }
            })?;
        }
        Ok(latest.unwrap_or_else(|| zone.previous_year_end(at.now)))
    }
}

/// The value where it lies: moving it out would copy 48 bytes that were only just written, and stall on them.
pub(crate) fn known<'v, 'a>(outcome: &'v Outcome<'a>) -> Result<&'v Value<'a>, Undecided> {
    outcome.as_ref().map_err(|undecided| *undecided)
}
