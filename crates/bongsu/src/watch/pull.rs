//! The gate's journal, copied into the watch's.
//!
//! It promises that entries are copied in order and only up to what the gate signed, that every checkpoint that says something new
//! or wrong becomes a fact, and that silence becomes one too. It judges nothing: whether entries are the signed ones, and whether
//! they are right, the kernel says.

use super::gate::{Entry, Gate};
use crate::recorder::now;
use crate::trouble::Trouble;
use journal::checkpoint::{Checkpoint, cosigned_at};
use journal::entry::MAX_BODY;
use journal::note::{Note, VerifierKey};
use kernel::fact::{Bytes, GateEntry, GateSigned, GateSilent, Observation, Reach};
use kernel::state::State;
use rulebook::time::Instant;

/// Longest wait for a new checkpoint, in milliseconds: an outflow that waits is looked at again so soon.
const WAIT: u64 = 200;
/// Without a fresh checkpoint for so long the gate is silent, in milliseconds: its idle rhythm is a second, its time is told in
/// whole seconds, and one beat may be lost.
pub const SILENCE: i64 = 4_000;
/// A checkpoint is recorded at least so often while nothing happens, in milliseconds: 1,440 a day.
const RHYTHM: i64 = 60_000;
/// A body that would not fit into an entry of the watch with its leaf and salt is copied as its leaf alone.
const LARGEST: usize = MAX_BODY - 4_096;

/// What the copying needs of its surroundings.
pub trait Desk {
    /// Reads the watch's state.
    fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T;
    /// Records facts, durably; the error says why one was refused.
    fn record(&self, facts: Vec<Observation>) -> Result<(), Trouble>;
}

/// The copying, one step after another.
pub struct Pull {
    gate: Gate,
    exchange: String,
    key: VerifierKey,
    heard: i64,
    recorded: i64,
}

impl Pull {
    /// Copies this gate.
    pub fn new(gate: Gate, exchange: &str, key: VerifierKey) -> Pull {
        Pull { gate, exchange: exchange.into(), key, heard: now(), recorded: 0 }
    }

    /// One look at the gate. An error is for people: the next step tries again.
    pub fn step<D: Desk>(&mut self, desk: &D) -> Result<(), Trouble> {
        let done = self.copy(desk);
        let (since, at) = (self.heard, now());
        if at.saturating_sub(since) > SILENCE {
            let pause = |state: &State| state.guard(&self.exchange)?.stops.pause(&Reach::All).map(|_| ());
            if desk.read(pause).is_none() {
                let (exchange, since, at) = (self.exchange.clone(), Instant(since), Instant(at));
                desk.record(vec![GateSilent { exchange, since, at }.into()])?;
            }
        }
        done
    }

    fn copy<D: Desk>(&mut self, desk: &D) -> Result<(), Trouble> {
        let size = |state: &State| state.mirror(&self.exchange).map_or(0, |mirror| mirror.size());
        let copied = desk.read(size);
        let asked = now();
        let note = self.gate.checkpoint(copied, WAIT)?;
        let signed = Note::parse(&note).ok().and_then(|note| Checkpoint::parse(note.text).ok());
        let mut copied = copied;
        while let Some(signed) = signed.as_ref().filter(|signed| signed.size > copied && self.holds(&note)) {
            let left = usize::try_from(signed.size - copied).unwrap_or(usize::MAX);
            let entries = self.gate.entries(copied)?;
            let facts: Vec<Observation> = entries.into_iter().take(left).map(|entry| self.fact(entry)).collect();
            if facts.is_empty() {
                let what = format!("the gate signed {} entries and hands out {copied}", signed.size);
                return Err(Trouble::no(what, "it is asked again"));
            }
            copied = copied.saturating_add(facts.len() as u64);
            desk.record(facts)?;
        }
        let (tree, waits) = desk.read(|state| {
            let tree = state.mirror(&self.exchange).map(|mirror| (mirror.size(), mirror.tree().root()));
            let guard = state.guard(&self.exchange);
            let waits =
                guard.is_some_and(|guard| guard.awaited().len() > 0 || guard.stops.pause(&Reach::All).is_some());
            (tree, waits)
        });
        let time = cosigned_at(&note, &self.key).ok().and_then(|seconds| i64::try_from(seconds).ok());
        let fits = self.holds(&note) && signed.as_ref().is_some_and(|signed| tree == Some((signed.size, signed.root)));
        let time = time.map(|seconds| seconds.saturating_mul(1_000)).filter(|_| fits);
        let fresh = time.is_some_and(|time| time.saturating_add(SILENCE) > asked);
        if fresh {
            // Told in whole seconds: it may be up to one later.
            self.heard = asked.min(time.unwrap_or(0).saturating_add(1_000)).max(self.heard);
        }
        let new = desk.read(|state| state.mirror(&self.exchange).and_then(|mirror| mirror.signed())) != tree;
        // An old checkpoint ends no silence; what does not hold is news, but said once.
        let stopped = |state: &State| state.guard(&self.exchange)?.stops.trip(&Reach::All).map(|_| ());
        let due = asked.saturating_sub(self.recorded) >= RHYTHM;
        let worth = if fits { fresh && (new || waits || due) } else { due || desk.read(stopped).is_none() };
        if worth {
            self.recorded = asked;
            let fact = GateSigned { exchange: self.exchange.clone(), note, at: Instant(asked) };
            desk.record(vec![fact.into()])?;
        }
        Ok(())
    }

    fn holds(&self, note: &str) -> bool {
        Checkpoint::open(note, &self.key).is_ok()
    }

    fn fact(&self, entry: Entry) -> Observation {
        let body = entry.body.filter(|(_, body)| body.len() <= LARGEST);
        let (salt, body) = body.map_or((None, None), |(salt, body)| (Some(Bytes(salt)), Some(Bytes(body))));
        GateEntry { exchange: self.exchange.clone(), leaf: Bytes(entry.leaf), salt, body }.into()
    }
}
