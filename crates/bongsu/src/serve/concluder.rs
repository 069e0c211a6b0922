//! The kernel behind a sequencer: each observation admitted, concluded and folded, in the order of its stamp.

use crate::store::sequencer::{Concluder, Observation, Refusal, Stamp};
use kernel::body::join;
use kernel::door::{Accepted, admit};
use kernel::fact;
use kernel::guard::{self, conclusion, is_guarded};
use kernel::known;
use kernel::state::{State, fold_concluded, fold_guarded};
use rulebook::time::Instant;
use std::sync::{Arc, PoisonError, RwLock};

/// The state of the journal that is served: one writer, any number of readers.
#[derive(Clone)]
pub struct Shared(Arc<RwLock<State>>);

impl Shared {
    /// Shares a state.
    pub fn new(state: State) -> Shared {
        Shared(Arc::new(RwLock::new(state)))
    }

    /// Reads it.
    pub fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Concludes for the sequencer.
pub struct Kernel(pub Shared);

impl Concluder for Kernel {
    fn conclude(&mut self, stamp: Stamp, observation: &Observation) -> Result<Vec<u8>, Refusal> {
        let fact = fact::Observation::decode(observation.kind, &observation.payload)
            .map_err(|e| Refusal { code: "unreadable", reason: format!("expected {} at byte {}", e.expected, e.at) })?;
        let mut state = self.0.0.write().unwrap_or_else(PoisonError::into_inner);
        match admit(&state, &fact) {
            Ok(Accepted::New) => {}
            Ok(Accepted::Already(entry)) => {
                return Err(Refusal { code: "already", reason: format!("entry {entry} says exactly this") });
            }
            Err(refusal) => return Err(Refusal { code: refusal.code.name(), reason: refusal.to_string() }),
        }
        let stamp = known::Stamp { index: stamp.index, time: Instant(stamp.time) };
        if !is_guarded(&fact) {
            let conclusions = kernel::conclude::conclude(&state, &fact, stamp);
            let body = bounded(join(&observation.payload, conclusions.as_deref()))?;
            fold_concluded(&mut state, stamp, &fact, conclusions.as_deref());
            return Ok(body);
        }
        let concluded = guard::conclude(&state, &fact, stamp);
        let body = bounded(join(&observation.payload, conclusion::encode(&concluded).as_deref()))?;
        fold_guarded(&mut state, stamp, &fact, &concluded);
        Ok(body)
    }
}

fn bounded(body: Vec<u8>) -> Result<Vec<u8>, Refusal> {
    let too_large = || Refusal { code: "too-large", reason: "the body would pass 1 MiB".to_string() };
    Some(body).filter(|body| body.len() <= journal::entry::MAX_BODY).ok_or_else(too_large)
}

/// A fact as the sequencer takes it.
pub fn observation(fact: &fact::Observation, principal: &str) -> Observation {
    Observation { kind: fact.kind(), version: fact::VERSION, principal: principal.to_string(), payload: fact.encode() }
}
