//! The clocks that run: every start of every rule that asks for something within a time, and which of them ran out.
//!
//! It promises that a clock that nobody stopped is concluded once, by the entry that says that time passed. It must never
//! know a clock by name: which rules are clocks is the rulebook's to say.

use crate::assess::is_among;
use crate::fact::TimePassed;
use crate::fact::map::{self, Map};
use crate::finding::{self, Finding};
use crate::known::{KnownAt, Stamp};
use crate::state::State;
use crate::view::View;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;
use journal::cbor::{Decoder, Encoder, Error};
use rulebook::book::{Book, Duty, RuleId};
use rulebook::evaluate::{At, Evaluator};
use rulebook::facts::{Facts, Subject};
use rulebook::finding::Verdict;
use rulebook::time::Instant;

/// Hands out each run of each clock of these laws at a moment: of one subject, or of all and of the exchange itself.
pub fn each(
    view: &View<'_>,
    book: &Book,
    laws: &[String],
    as_of: Instant,
    only: Option<Subject>,
    visit: &mut dyn FnMut(&rulebook::finding::Finding),
) {
    let mut evaluator = Evaluator::new(book, view);
    let mut subjects = Vec::new();
    for (index, rule) in book.rules.iter().enumerate() {
        let id = RuleId::from(index);
        let among = is_among(&book.instruments[rule.instrument.index()].id, laws);
        if !among || !matches!(rule.versions.first().map(|v| &v.duty), Some(Duty::Clock { .. })) {
            continue;
        }
        if only.is_some_and(|subject| Some(subject.kind) != rule.kind) {
            continue;
        }
        subjects.clear();
        match (only, rule.kind) {
            (Some(subject), _) => subjects.push(Some(subject)),
            (None, None) => subjects.push(None),
            (None, Some(kind)) => {
                view.subjects(kind, as_of, &mut |subject| subjects.push(Some(subject)));
            }
        }
        for subject in &subjects {
            evaluator.reset();
            let at = At { subject: *subject, ..evaluator.at(as_of, rule.instrument) };
            evaluator.runs(id, &at).unwrap_or_default().iter().for_each(&mut *visit);
        }
    }
}

/// A clock that ran out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lapse {
    /// The exchange.
    pub exchange: String,
    /// What follows from its rule.
    pub finding: Finding,
}

/// The clocks of the laws looked at that ran out since time was last said to have passed, up to a stamp, and that nobody stopped: in order of
/// the moment, then of exchange and rule.
pub fn lapsed(state: &State, passed: &TimePassed, stamp: Stamp) -> Vec<Lapse> {
    let Some(book) = state.adopted_for(stamp.index).and_then(|adoption| adoption.book.as_deref()) else {
        return Vec::new();
    };
    let (after, until) = (state.passed().unwrap_or(Instant::ALWAYS), stamp.time);
    let mut lapses = Vec::new();
    for (id, exchange) in state.exchanges() {
        let view = View { record: &exchange.record, shared: Some(state.shared()), known: KnownAt::Now };
        each(&view, book, &passed.laws, until, None, &mut |run| {
            let ran_out = run.due.is_some_and(|due| due >= after && due < until);
            if run.verdict == Verdict::NotMet && run.done.is_none() && ran_out {
                lapses.push(Lapse { exchange: id.into(), finding: Finding::of(run, book, &view) });
            }
        });
    }
    lapses.sort_by(|a, b| {
        let key = |lapse: &Lapse| (lapse.finding.due, lapse.exchange.clone(), lapse.finding.rule.clone());
        key(a).cmp(&key(b))
    });
    lapses
}

/// As one item of deterministic CBOR.
pub fn encode(lapses: &[Lapse]) -> Vec<u8> {
    let mut out = Encoder::new();
    out.array(lapses.len());
    for lapse in lapses {
        let map = Map::default().text(0, &lapse.exchange);
        out.raw(&map.put(2, |out| out.raw(&finding::encode(core::slice::from_ref(&lapse.finding)))).bytes());
    }
    out.into_bytes()
}

/// Reads what [`encode`] wrote.
pub fn decode(bytes: &[u8]) -> Result<Vec<Lapse>, Error> {
    let mut from = Decoder::new(bytes);
    let lapses = map::list(&mut from, |from| {
        let (mut exchange, mut found) = (None, None);
        map::read(from.raw()?, |key, from| {
            match key {
                0 => exchange = Some(map::text(from)?),
                2 => found = finding::decode(from.raw()?)?.pop(),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(Lapse { exchange: map::required(exchange)?, finding: map::required(found)? })
    })?;
    from.finish()?;
    Ok(lapses)
}

/// What a clock runs on: a subject of an exchange, or the exchange itself.
type Owner = (String, Option<Subject>);

/// The running clocks in order of when they end, for a host that must know the next moment at once: the next of ten
/// thousand is a look at the first of an ordered set, where going through them all takes tens of milliseconds.
///
/// Whoever folds an entry says what it touched. A rule that becomes due earlier by time alone, without any entry, is not
/// seen before the next one: a host that is asked for certainty makes it anew.
#[derive(Clone, Debug, Default)]
pub struct Deadlines {
    laws: Vec<String>,
    by_time: BTreeSet<(Instant, String, Option<Subject>, RuleId)>,
    of: BTreeMap<Owner, Vec<(Instant, RuleId)>>,
}

impl Deadlines {
    /// Those of a state under these laws, at a moment.
    pub fn of(state: &State, laws: &[String], now: Instant) -> Deadlines {
        let mut deadlines = Deadlines { laws: laws.to_vec(), ..Deadlines::default() };
        for (id, _) in state.exchanges() {
            deadlines.touch(state, id, None, now);
        }
        deadlines
    }

    /// Looks again at a subject of an exchange, or at all of the exchange, after an entry about it.
    pub fn touch(&mut self, state: &State, exchange: &str, subject: Option<Subject>, now: Instant) {
        let Some(book) = state.adoptions().last().and_then(|adoption| adoption.book.as_deref()) else { return };
        let Some(view) = state.view(exchange, KnownAt::Now) else { return };
        let stale: Vec<_> = match subject {
            Some(_) => alloc::vec![(exchange.into(), subject)],
            None => self.of.keys().filter(|(id, _)| id == exchange).cloned().collect(),
        };
        for owner in stale {
            for (at, rule) in self.of.remove(&owner).unwrap_or_default() {
                self.by_time.remove(&(at, owner.0.clone(), owner.1, rule));
            }
        }
        each(&view, book, &self.laws.clone(), now, subject, &mut |run| {
            if let (Verdict::NotYetDue, Some(due)) = (run.verdict, run.due) {
                self.by_time.insert((due, exchange.into(), run.subject, run.rule));
                self.of.entry((exchange.into(), run.subject)).or_default().push((due, run.rule));
            }
        });
    }

    /// The next moment at which a clock ends, after a moment.
    pub fn next(&self, after: Instant) -> Option<Instant> {
        let from = (Instant(after.0.saturating_add(1)), String::new(), None, RuleId::from(0));
        self.by_time.range(from..).next().map(|(at, ..)| *at)
    }

    /// How many clocks run.
    pub fn len(&self) -> usize {
        self.by_time.len()
    }

    /// Whether none runs.
    pub fn is_empty(&self) -> bool {
        self.by_time.is_empty()
    }
}
