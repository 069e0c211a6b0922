//! Terms that were evaluated once and are asked for again at the same moment.
//!
//! The value of cold storage is a year of prices for each asset, and four rules of one Act ask for it. Facts do not change while an
//! evaluator looks at them, so a term's value depends on what is in its key alone; whoever turns to other facts or another moment
//! calls [`Evaluator::forget`]. With its value a term gives back its evidence, so that no finding loses any.

use crate::book::{ExceptionId, TermId};
use crate::evaluate::{At, Evaluator};
use crate::facts::{Evidence, Facts, Subject};
use crate::time::{Date, Instant};
use crate::value::Value;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// All that a term's value can depend on, the facts apart.
pub(crate) type Key =
    (TermId, Option<Subject>, Instant, Option<Instant>, Option<Date>, [Option<(ExceptionId, bool)>; 3]);

/// What is remembered.
#[derive(Default)]
pub(crate) struct Memory<'a> {
    terms: BTreeMap<Key, (Value<'a>, u32, u32)>,
    evidence: Vec<Evidence>,
}

impl Memory<'_> {
    pub(crate) fn clear(&mut self) {
        self.terms.clear();
        self.evidence.clear();
    }
}

impl<'a, F: Facts> Evaluator<'a, F> {
    /// The key under which a term may be remembered. A trace wants every step; a cure reads some words at another time.
    pub(crate) fn remembers(&self, term: TermId, at: &At<'a>) -> Option<Key> {
        let plain = !self.tracing && at.cured.is_none();
        plain.then_some((term, at.subject, at.now, at.start, at.in_force, at.forced))
    }

    /// A remembered value; its evidence counts again.
    pub(crate) fn recall(&mut self, key: &Key) -> Option<Value<'a>> {
        let (value, first, last) = self.memory.terms.get(key)?;
        if self.gathering {
            self.evidence.extend_from_slice(self.memory.evidence.get(*first as usize..*last as usize).unwrap_or(&[]));
        }
        Some(value.clone())
    }

    /// Remembers a value with the evidence noted since `from`, each entry once.
    pub(crate) fn remember(&mut self, key: Key, value: &Value<'a>, from: usize) {
        let Some(noted) = self.evidence.get_mut(from..) else { return };
        noted.sort();
        let first = self.memory.evidence.len();
        self.memory.evidence.extend_from_slice(noted);
        let mut kept = first;
        for at in first..self.memory.evidence.len() {
            if at == first || self.memory.evidence[at] != self.memory.evidence[kept - 1] {
                self.memory.evidence[kept] = self.memory.evidence[at];
                kept += 1;
            }
        }
        self.memory.evidence.truncate(kept);
        let index = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.memory.terms.insert(key, (value.clone(), index(first), index(kept)));
    }
}
