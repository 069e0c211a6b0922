//! What one thing was over time, and what was believed about it before.
//!
//! It promises that nothing is lost: a statement that is replaced moves to the past, with the entry that replaced it, and
//! is still there for whoever asks what was known then. Both lists are sorted by valid time, then by entry.
//! Reading allocates nothing. It must never know what a statement says.

use crate::known::{KnownAt, Stamp};
use alloc::boxed::Box;
use alloc::vec::Vec;
use rulebook::time::Instant;

/// A statement, when it holds, and when it was known.
#[derive(Clone, Debug)]
pub(crate) struct Held<T> {
    /// Valid from then on.
    pub at: Instant,
    /// Known from this entry on.
    pub since: Stamp,
    /// Replaced by this entry; boxed, because few are and every statement pays for the room.
    pub until: Option<Box<Stamp>>,
    /// What it says.
    pub value: T,
}

impl<T> Held<T> {
    #[inline]
    fn stood(&self, known: KnownAt) -> bool {
        known.knows(self.since) && !self.until.as_deref().is_some_and(|replaced| known.knows(*replaced))
    }

    fn order(&self) -> (Instant, u64) {
        (self.at, self.since.index)
    }
}

/// Statements about one thing.
#[derive(Clone, Debug)]
pub(crate) struct Series<T> {
    live: Line<T>,
    past: Line<T>,
}

/// Statements in order. Their moments lie in a list of their own: a search by time touches eight bytes a statement.
#[derive(Clone, Debug)]
struct Line<T> {
    times: Vec<Instant>,
    held: Vec<Held<T>>,
}

impl<T> Default for Series<T> {
    fn default() -> Self {
        Series { live: Line::default(), past: Line::default() }
    }
}

impl<T> Default for Line<T> {
    fn default() -> Self {
        Line { times: Vec::new(), held: Vec::new() }
    }
}

impl<T> Line<T> {
    /// The part that is valid from `at` or earlier. Most questions are about the latest: it is tried first.
    #[inline]
    fn upto(&self, at: Instant) -> &[Held<T>] {
        if self.times.last().is_none_or(|last| *last <= at) {
            return &self.held;
        }
        self.held.get(..self.times.partition_point(|time| *time <= at)).unwrap_or_default()
    }

    fn between(&self, after: Instant, until: Instant) -> &[Held<T>] {
        self.upto(until).get(self.upto(after).len()..).unwrap_or_default()
    }

    /// How many are valid from before `at`. Facts come mostly in order of time: the end is tried first.
    fn before(&self, at: Instant) -> usize {
        if self.times.last().is_none_or(|last| *last < at) {
            return self.times.len();
        }
        self.times.partition_point(|time| *time < at)
    }

    /// Puts a statement behind those of its moment that are older.
    fn insert(&mut self, held: Held<T>) {
        let mut place = self.before(held.at);
        let later = self.held.get(place..).unwrap_or_default();
        place += later.partition_point(|other| other.order() <= held.order());
        self.times.insert(place, held.at);
        self.held.insert(place, held);
    }

    fn remove(&mut self, place: usize) -> Held<T> {
        self.times.remove(place);
        self.held.remove(place)
    }
}

impl<T> Series<T> {
    /// Adds a statement; `replaces(new, old)` says which of those valid at the same moment it takes the place of.
    pub fn add(&mut self, at: Instant, since: Stamp, value: T, replaces: impl Fn(&T, &T) -> bool) {
        let mut next = self.live.before(at);
        while let Some(held) = self.live.held.get(next).filter(|held| held.at == at) {
            if replaces(&value, &held.value) {
                self.retire(next, since);
            } else {
                next = next.saturating_add(1);
            }
        }
        self.live.insert(Held { at, since, until: None, value });
    }

    /// Takes the statement of an entry away; `false` when none of that entry stands.
    pub fn withdraw(&mut self, entry: u64, by: Stamp) -> bool {
        match self.live.held.iter().position(|held| held.since.index == entry) {
            Some(found) => {
                self.retire(found, by);
                true
            }
            None => false,
        }
    }

    fn retire(&mut self, position: usize, by: Stamp) {
        let mut held = self.live.remove(position);
        held.until = Some(Box::new(by));
        self.past.insert(held);
    }

    /// The entry that replaced what an entry said, if one did.
    pub fn replaced(&self, entry: u64) -> Option<u64> {
        let held = self.past.held.iter().find(|held| held.since.index == entry)?;
        held.until.as_deref().map(|by| by.index)
    }

    /// Whether what an entry said still stands.
    pub fn stands(&self, entry: u64) -> bool {
        self.live.held.iter().any(|held| held.since.index == entry)
    }

    /// The latest statement valid at a moment, as known.
    #[inline]
    pub fn latest(&self, at: Instant, known: KnownAt) -> Option<&Held<T>> {
        let live = self.live.upto(at);
        if known == KnownAt::Now {
            return live.last();
        }
        let stood = |held: &&Held<T>| held.stood(known);
        let live = live.iter().rev().find(stood);
        let past = self.past.upto(at).iter().rev().find(stood);
        live.into_iter().chain(past).max_by_key(|held| held.order())
    }

    /// The statements valid from moments in `(after, until]`, as known, in order.
    pub fn within(&self, after: Instant, until: Instant, known: KnownAt) -> impl Iterator<Item = &Held<T>> {
        let past = if known == KnownAt::Now { &[] } else { self.past.between(after, until) };
        merge(self.live.between(after, until), past).filter(move |held| held.stood(known))
    }

    /// Whether anything was ever stated, as known.
    pub fn any(&self, known: KnownAt) -> bool {
        self.live.held.iter().chain(&self.past.held).any(|held| held.stood(known))
    }
}

/// Two sorted lists as one.
fn merge<'a, T>(mut a: &'a [Held<T>], mut b: &'a [Held<T>]) -> impl Iterator<Item = &'a Held<T>> {
    core::iter::from_fn(move || {
        let first = match (a.first(), b.first()) {
            (Some(x), Some(y)) => x.order() <= y.order(),
            (x, _) => x.is_some(),
        };
        let list = if first { &mut a } else { &mut b };
        let (head, rest) = list.split_first()?;
        *list = rest;
        Some(head)
    })
}
