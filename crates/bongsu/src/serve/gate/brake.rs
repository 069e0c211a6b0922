//! Suspensions that are not on record yet.
//!
//! It promises that from the moment a suspension arrives nothing is let out, whether the disk answers or not: invariant 1's
//! one exception. While one is being recorded, everything waits, whatever its scope: some milliseconds, as a rule.

use super::limits;
use super::problem::Problem;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many suspensions are being recorded.
#[derive(Default)]
pub struct Brake(AtomicUsize);

impl Brake {
    /// One arrived.
    pub fn pull(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    /// One is on record, and the guard itself stops from here on.
    pub fn release(&self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }

    /// Nothing is asked while one is being recorded.
    pub fn is_off(&self) -> Result<(), Problem> {
        if self.0.load(Ordering::SeqCst) == 0 {
            return Ok(());
        }
        let hint = "ask again with the same id: the answer then stands";
        let what = "a suspension arrived and is not on disk yet";
        Err(Problem { retry_after: Some(limits::RETRY), ..Problem::new("stopping", what, hint) })
    }

    /// What was decided before a suspension arrived is not let out after it.
    pub fn lets_out(&self, allowed: bool) -> Result<(), Problem> {
        if allowed { self.is_off() } else { Ok(()) }
    }
}
