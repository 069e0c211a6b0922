//! The kernel behind the sequencer, and what it saw where somebody wants to know.
//!
//! It promises that values seen are those of the very decision: they are taken on the sequencer's thread, before the fold. A
//! request that nobody waits for in full costs nothing.

use super::super::concluder::{Kernel, Shared};
use crate::store::sequencer::{Concluder, Observation, Refusal, Stamp};
use journal::Hash;
use kernel::fact::WithdrawalAsked;
use kernel::guard::explain::{Explained, explain};
use kernel::known;
use rulebook::time::Instant;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The requests whose explanations somebody waits for, by their hash.
#[derive(Clone, Default)]
pub struct Wanted(Arc<Asked>);

#[derive(Default)]
struct Asked {
    /// How many, so that nobody takes the lock where none is.
    count: AtomicUsize,
    by_request: Mutex<BTreeMap<Hash, Option<Explained>>>,
}

impl Wanted {
    /// Asks for one.
    pub fn want(&self, request: Hash) {
        let mut wanted = self.0.by_request.lock().unwrap_or_else(PoisonError::into_inner);
        wanted.insert(request, None);
        self.0.count.store(wanted.len(), Ordering::Release);
    }

    /// Takes it away, if it was given.
    pub fn take(&self, request: &Hash) -> Option<Explained> {
        let mut wanted = self.0.by_request.lock().unwrap_or_else(PoisonError::into_inner);
        let given = wanted.remove(request);
        self.0.count.store(wanted.len(), Ordering::Release);
        given.flatten()
    }

    fn is_wanted(&self, request: &Hash) -> bool {
        self.0.by_request.lock().unwrap_or_else(PoisonError::into_inner).contains_key(request)
    }

    fn give(&self, request: Hash, explained: Option<Explained>) {
        let mut wanted = self.0.by_request.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = wanted.get_mut(&request) {
            *slot = explained;
        }
    }
}

/// The kernel that explains on demand.
pub struct Explaining {
    /// The kernel.
    pub kernel: Kernel,
    /// Its state.
    pub state: Shared,
    /// What is wanted.
    pub wanted: Wanted,
}

impl Concluder for Explaining {
    fn conclude(&mut self, stamp: Stamp, observation: &Observation) -> Result<Vec<u8>, Refusal> {
        if self.wanted.0.count.load(Ordering::Acquire) > 0
            && observation.kind == WithdrawalAsked::KIND
            && let Ok(fact) = WithdrawalAsked::decode(&observation.payload)
            && self.wanted.is_wanted(&fact.request())
        {
            let at = known::Stamp { index: stamp.index, time: Instant(stamp.time) };
            self.wanted.give(fact.request(), self.state.read(|state| explain(state, &fact, at)));
        }
        self.kernel.conclude(stamp, observation)
    }
}
