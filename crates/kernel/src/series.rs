//! What one thing was over time, and what was believed about it before.
//!
//! It promises that nothing is lost: a statement that is replaced moves to the past, with the entry that replaced it, and
//! is still there for whoever asks what was known then. Both lists are sorted by valid time, then by entry.
//! Reading allocates nothing. It must never know what a statement says.

use crate::known::{KnownAt, Stamp};
use alloc::vec::Vec;
use rulebook::time::Instant;

/// A statement, when it holds, and when it was known.
#[derive(Clone, Debug)]
pub(crate) struct Held<T> {
    /// Valid from then on.
    pub at: Instant,
    /// Known from this entry on.
    pub since: Stamp,
    /// Replaced by this entry.
    pub until: Option<Stamp>,
    /// What it says.
    pub value: T,
}

impl<T> Held<T> {
    #[inline]
    fn stood(&self, known: KnownAt) -> bool {
        known.knows(self.since) && !self.until.is_some_and(|replaced| known.knows(replaced))
    }

    fn order(&self) -> (Instant, u64) {
        (self.at, self.since.index)
    }
}

/// Statements about one thing.
#[derive(Clone, Debug)]
pub(crate) struct Series<T> {
    live: Vec<Held<T>>,
    past: Vec<Held<T>>,
}

impl<T> Default for Series<T> {
    fn default() -> Self {
        Series { live: Vec::new(), past: Vec::new() }
    }
}

impl<T> Series<T> {
    /// Adds a statement; `replaces(new, old)` says which of those valid at the same moment it takes the place of.
    pub fn add(&mut self, at: Instant, since: Stamp, value: T, replaces: impl Fn(&T, &T) -> bool) {
        let mut next = self.live.partition_point(|held| held.at < at);
        while let Some(held) = self.live.get(next).filter(|held| held.at == at) {
            if replaces(&value, &held.value) {
                self.retire(next, since);
            } else {
                next = next.saturating_add(1);
            }
        }
        self.live.insert(next, Held { at, since, until: None, value });
    }

    /// Takes the statement of an entry away; `false` when none of that entry stands.
    pub fn withdraw(&mut self, entry: u64, by: Stamp) -> bool {
        match self.live.iter().position(|held| held.since.index == entry) {
            Some(found) => {
                self.retire(found, by);
                true
            }
            None => false,
        }
    }

    fn retire(&mut self, position: usize, by: Stamp) {
        let mut held = self.live.remove(position);
        held.until = Some(by);
        let place = self.past.partition_point(|other| other.order() <= held.order());
        self.past.insert(place, held);
    }

    /// The entry that replaced what an entry said, if one did.
    pub fn replaced(&self, entry: u64) -> Option<u64> {
        self.past.iter().find(|held| held.since.index == entry).and_then(|held| held.until).map(|by| by.index)
    }

    /// Whether what an entry said still stands.
    pub fn stands(&self, entry: u64) -> bool {
        self.live.iter().any(|held| held.since.index == entry)
    }

    /// The latest statement valid at a moment, as known.
    #[inline]
    pub fn latest(&self, at: Instant, known: KnownAt) -> Option<&Held<T>> {
        let live = upto(&self.live, at);
        if known == KnownAt::Now {
            return live.last();
        }
        let stood = |held: &&Held<T>| held.stood(known);
        let live = live.iter().rev().find(stood);
        let past = upto(&self.past, at).iter().rev().find(stood);
        live.into_iter().chain(past).max_by_key(|held| held.order())
    }

    /// The statements valid from moments in `(after, until]`, as known, in order.
    pub fn within(&self, after: Instant, until: Instant, known: KnownAt) -> impl Iterator<Item = &Held<T>> {
        let between = |list| {
            let list: &[Held<T>] = upto(list, until);
            list.get(upto(list, after).len()..).unwrap_or_default()
        };
        let past = if known == KnownAt::Now { &[] } else { between(&self.past) };
        merge(between(&self.live), past).filter(move |held| held.stood(known))
    }

    /// Whether anything was ever stated, as known.
    pub fn any(&self, known: KnownAt) -> bool {
        self.live.iter().chain(&self.past).any(|held| held.stood(known))
    }
}

/// The part of a sorted list that is valid from `at` or earlier. Most questions are about the latest: it is tried first.
#[inline]
fn upto<T>(list: &[Held<T>], at: Instant) -> &[Held<T>] {
    if list.last().is_none_or(|held| held.at <= at) {
        return list;
    }
    list.get(..list.partition_point(|held| held.at <= at)).unwrap_or_default()
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
