//! How long submissions wait, and whether one more is taken.
//!
//! It promises that whoever is taken is answered soon: the queue is bounded by waiting time, whatever a request costs.

use super::limits;
use super::problem::Problem;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// The submissions that wait.
#[derive(Default)]
pub struct Load {
    waiting: Mutex<(u64, BTreeMap<u64, Instant>)>,
}

/// One that waits; gone when it is dropped.
pub struct Ticket<'l> {
    load: &'l Load,
    number: u64,
}

impl Load {
    /// Takes one more, or says when to come again.
    pub fn enter(&self) -> Result<Ticket<'_>, Problem> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.1.first_key_value().is_some_and(|(_, since)| since.elapsed() > limits::LATE) {
            return Err(Problem::busy("what was asked before this has waited a second"));
        }
        waiting.0 += 1;
        let number = waiting.0;
        waiting.1.insert(number, Instant::now());
        Ok(Ticket { load: self, number })
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        let mut waiting = self.load.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.1.remove(&self.number);
    }
}
