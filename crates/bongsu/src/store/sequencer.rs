//! The only door to a journal: observations in, stamps and durable answers out.
//!
//! It promises invariant 1 and 2: one thread gives indexes and times and draws conclusions, a
//! second one (`scribe`) writes, and an answer leaves when its entry and all before it are
//! durable. What is concluded while a group is written goes into the next group, so a thousand
//! callers share one write and one fdatasync. The state may be one group ahead of the disk; no
//! answer is. It must never know what an observation means, nor read a clock of its own.

use super::group::{MAX_ENTRIES, MAX_GROUP};
use super::scribe::{Job, Scribe};
use super::{NewEntry, Store, StoreError};
use journal::entry::MAX_BODY;
use std::collections::VecDeque;
use std::fmt;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Most observations waiting; more are refused at once. 65,536 are one full group, a tenth of a
/// second at the rate this is built for: a longer queue would only make every answer late.
pub const MAX_WAITING: usize = MAX_ENTRIES;
/// Observations concluded before urgent ones are looked for: 256 × 2 µs is half a millisecond.
pub const SLICE: usize = 256;
/// Without work for so long, the last group is closed.
const IDLE: Duration = Duration::from_millis(10);
/// A checkpoint at least so often, in milliseconds of the clock: with work, and without.
const BUSY_CHECKPOINT: i64 = 100;
const IDLE_CHECKPOINT: i64 = 1000;
/// Bytes of an entry beside its body: salt, row, length, leaf, principal.
const ROW: u64 = 24 + 2 + 53 + 64;
/// Bytes of bodies after which a group is written: so the next body still fits.
const FULL: usize = MAX_GROUP - MAX_BODY - MAX_ENTRIES * ROW as usize - 4096;

/// What came from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// What it is.
    pub kind: u16,
    /// Version of the kind.
    pub version: u16,
    /// Who brought it, at most 64 bytes.
    pub principal: String,
    /// The observation itself.
    pub payload: Vec<u8>,
}

/// Place and time of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Index of the entry.
    pub index: u64,
    /// UTC milliseconds, never decreasing.
    pub time: i64,
}

/// An observation that is not to be journaled, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Stable code for the caller.
    pub code: &'static str,
    /// What was expected, with a hint.
    pub reason: String,
}

/// Draws conclusions. Called in the order of the stamps, on the sequencer's thread.
///
/// When it accepts, it has folded the entry into its state and the body (observation and
/// conclusions, at most 1 MiB) will be written; when the write fails, the sequencer ends and the
/// process with it, so state and journal never part. When it refuses, nothing of the
/// observation remains and the stamp is given to the next. It must not panic.
pub trait Concluder: Send {
    /// The body of the entry, or a refusal.
    fn conclude(&mut self, stamp: Stamp, observation: &Observation) -> Result<Vec<u8>, Refusal>;
}

/// Gives the time. May jump; the sequencer never goes back.
pub trait Clock: Send {
    /// UTC milliseconds.
    fn now(&self) -> i64;
}

/// A durable entry, as its caller hears of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Place and time.
    pub stamp: Stamp,
    /// What was written.
    pub body: Vec<u8>,
}

/// Why a submission has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rejected {
    /// The queue is full: nothing was taken.
    Busy,
    /// No space: nothing was concluded or written.
    Full(String),
    /// The sequencer has ended: whether the entries are durable is known after a restart.
    Ended(String),
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy => write!(f, "expected fewer than {MAX_WAITING} observations waiting; try again later"),
            Self::Full(why) => f.write_str(why),
            Self::Ended(why) => {
                write!(f, "the journal has stopped ({why}); ask again after the restart, with the same id")
            }
        }
    }
}

impl std::error::Error for Rejected {}

/// One answer per observation.
pub type Answers = Vec<Result<Receipt, Refusal>>;

struct Submission {
    observations: Vec<Observation>,
    answer: Asker,
    urgent: bool,
}

#[derive(Default)]
pub(super) struct Queue {
    urgent: VecDeque<Submission>,
    waiting: VecDeque<Submission>,
    count: usize,
    stopping: bool,
    ended: Option<String>,
    /// A group is with the scribe.
    pub(super) writing: bool,
    /// What the scribe could not write.
    pub(super) failed: Option<StoreError>,
}

impl Queue {
    fn is_quiet(&self) -> bool {
        self.waiting.is_empty() && self.urgent.is_empty() && !self.stopping
    }
}

pub(super) struct Shared {
    queue: Mutex<Queue>,
    pub(super) bell: Condvar,
}

impl Shared {
    pub(super) fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A door for any number of threads.
#[derive(Clone)]
pub struct Door {
    shared: Arc<Shared>,
}

impl Door {
    /// Submits observations, in order, and waits until all are durable. Others may come between two slices of them.
    pub fn submit(&self, observations: Vec<Observation>) -> Result<Answers, Rejected> {
        self.enter(observations, false)
    }

    /// The same, before all that waits: for suspensions. Never refused for a full queue.
    pub fn submit_urgent(&self, observations: Vec<Observation>) -> Result<Answers, Rejected> {
        self.enter(observations, true)
    }

    fn enter(&self, observations: Vec<Observation>, urgent: bool) -> Result<Answers, Rejected> {
        let (answer, reply) = sync_channel(1);
        let count = observations.len();
        {
            let mut queue = self.shared.lock();
            if let Some(why) = &queue.ended {
                return Err(Rejected::Ended(why.clone()));
            }
            if queue.stopping {
                return Err(Rejected::Ended("stopping".into()));
            }
            if count > MAX_WAITING || (!urgent && queue.count + count > MAX_WAITING) {
                return Err(Rejected::Busy);
            }
            queue.count += count;
            let lane = if urgent { &mut queue.urgent } else { &mut queue.waiting };
            lane.push_back(Submission { observations, answer, urgent });
        }
        self.shared.bell.notify_all();
        reply.recv().unwrap_or_else(|_| Err(Rejected::Ended("the sequencer ended".into())))
    }
}

/// The thread that writes.
pub struct Sequencer {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<Result<Store, StoreError>>>,
}

impl Sequencer {
    /// Takes the store and starts.
    pub fn start<C: Concluder + 'static>(
        store: Store,
        concluder: C,
        clock: impl Clock + 'static,
    ) -> Result<Self, StoreError> {
        let shared = Arc::new(Shared { queue: Mutex::default(), bell: Condvar::new() });
        let path = store.dir().to_path_buf();
        let (next, last) = (store.size(), store.last_time());
        let store = Arc::new(Mutex::new(store));
        let scribe = Scribe::start(shared.clone(), store.clone())?;
        let desk = Desk {
            shared: shared.clone(),
            store,
            scribe,
            concluder,
            clock,
            next,
            last,
            room: false,
            published: i64::MIN,
            dirty: false,
        };
        let spawned = std::thread::Builder::new().name("sequencer".into()).spawn(move || desk.run());
        let thread = Some(spawned.map_err(StoreError::io("start the sequencer of", &path))?);
        Ok(Self { shared, thread })
    }

    /// A door to it.
    pub fn door(&self) -> Door {
        Door { shared: self.shared.clone() }
    }

    /// Answers all that waits, then gives the store back.
    pub fn stop(mut self) -> Result<Store, StoreError> {
        self.shared.lock().stopping = true;
        self.shared.bell.notify_all();
        let ended = self.thread.take().map(JoinHandle::join);
        let lost = || StoreError::Poisoned { path: "sequencer".into(), why: "the thread panicked".into() };
        ended.and_then(Result::ok).unwrap_or_else(|| Err(lost()))
    }
}

struct Desk<C, K> {
    shared: Arc<Shared>,
    store: Arc<Mutex<Store>>,
    scribe: Scribe,
    concluder: C,
    clock: K,
    /// Index of the next entry.
    next: u64,
    /// Time of the last.
    last: i64,
    /// Whether a group will find space behind the one that is being written.
    room: bool,
    published: i64,
    /// Entries since the last checkpoint.
    dirty: bool,
}

/// A group in the making.
#[derive(Default)]
struct Batch {
    /// Submissions whose last entry is in this group, each with its answers.
    done: Vec<(Asker, Answers)>,
    entries: Vec<Concluded>,
    bytes: usize,
    /// An urgent entry is in it: it is written as it is.
    urgent: bool,
}

pub(super) type Asker = SyncSender<Result<Answers, Rejected>>;

/// An entry to be written.
pub(super) struct Concluded {
    pub kind: u16,
    pub version: u16,
    pub principal: String,
    pub receipt: Receipt,
}

impl Concluded {
    pub fn as_new(&self) -> NewEntry<'_> {
        let Self { kind, version, ref principal, ref receipt } = *self;
        NewEntry { kind, version, principal, time: receipt.stamp.time, body: &receipt.body }
    }
}

impl Batch {
    fn is_full(&self) -> bool {
        self.bytes >= FULL || self.entries.len() >= MAX_ENTRIES
    }
}

impl<C: Concluder, K: Clock> Desk<C, K> {
    fn run(mut self) -> Result<Store, StoreError> {
        let result = self.work();
        let Desk { shared, store, scribe, .. } = self;
        scribe.stop();
        let mut queue = shared.lock();
        queue.ended = Some(result.as_ref().err().map_or("stopped".into(), ToString::to_string));
        let left: Vec<_> = queue.urgent.drain(..).collect();
        let rest: Vec<_> = queue.waiting.drain(..).collect();
        let why = queue.ended.clone().unwrap_or_default();
        drop(queue);
        for submission in left.into_iter().chain(rest) {
            let _gone = submission.answer.send(Err(Rejected::Ended(why.clone())));
        }
        result?;
        let store = Arc::try_unwrap(store).ok().map(|store| store.into_inner().unwrap_or_else(PoisonError::into_inner));
        store.ok_or_else(|| StoreError::Poisoned { path: "sequencer".into(), why: "the store is still held".into() })
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&mut self) -> Result<(), StoreError> {
        let mut batch = Batch::default();
        let result = self.groups(&mut batch);
        if let Err(error) = &result {
            // Concluded, and never written: nobody hears of it but that the journal has stopped.
            for (answer, _) in batch.done {
                let _gone = answer.send(Err(Rejected::Ended(error.to_string())));
            }
        }
        result
    }

    fn groups(&mut self, batch: &mut Batch) -> Result<(), StoreError> {
        loop {
            let Some(first) = self.wait()? else { return Ok(()) };
            if let Err(error) = self.ensure_room() {
                let StoreError::Full { .. } = error else { return Err(error) };
                let _gone = first.answer.send(Err(Rejected::Full(error.to_string())));
                continue;
            }
            self.conclude(first, batch)?;
            // While the last group is being written this one grows.
            while !batch.is_full() && !batch.urgent {
                match self.next(MAX_ENTRIES - batch.entries.len()) {
                    Some(next) => self.conclude(next, batch)?,
                    None if self.comes_before_the_disk() => {}
                    None => break,
                }
                if batch.entries.len() >= SLICE && !self.shared.lock().writing {
                    break;
                }
            }
            self.hand_over(batch)?;
        }
    }

    /// Waits while a group is being written and nothing comes; whether something came first. What waits already and does not fit
    /// into this group is for the next.
    fn comes_before_the_disk(&self) -> bool {
        let queue = self.shared.lock();
        if !queue.writing || !queue.is_quiet() {
            return false;
        }
        let waits = |queue: &mut Queue| queue.writing && queue.is_quiet();
        let queue = self.shared.bell.wait_while(queue, waits).unwrap_or_else(PoisonError::into_inner);
        !queue.is_quiet() && !queue.stopping
    }

    /// Until the group before is durable.
    fn written(&self) -> Result<(), StoreError> {
        let queue = self.shared.lock();
        let mut queue = self.shared.bell.wait_while(queue, |q| q.writing).unwrap_or_else(PoisonError::into_inner);
        queue.failed.take().map_or(Ok(()), Err)
    }

    /// That what is concluded next will find space: asked before, because what is concluded cannot be taken back.
    fn ensure_room(&mut self) -> Result<(), StoreError> {
        if self.room {
            return Ok(());
        }
        self.written()?;
        self.store().ensure_room()
    }

    /// The next submission that fits, urgent ones first.
    fn next(&self, room: usize) -> Option<Submission> {
        let mut queue = self.shared.lock();
        let urgent = queue.urgent.front().map(|next| next.observations.len());
        let lane = if urgent.is_some() { &mut queue.urgent } else { &mut queue.waiting };
        if lane.front()?.observations.len() > room {
            return None;
        }
        let next = lane.pop_front()?;
        queue.count = queue.count.saturating_sub(next.observations.len());
        Some(next)
    }

    /// Waits for work; closes the group and publishes meanwhile. `None` when asked to stop.
    fn wait(&mut self) -> Result<Option<Submission>, StoreError> {
        loop {
            if let Some(next) = self.next(MAX_ENTRIES) {
                return Ok(Some(next));
            }
            let queue = self.shared.lock();
            if queue.stopping && queue.waiting.is_empty() && queue.urgent.is_empty() {
                drop(queue);
                return self.written().map(|()| None);
            }
            let waited = self.shared.bell.wait_timeout_while(queue, IDLE, |queue| queue.is_quiet());
            let idle = waited.map_or(true, |(_, timeout)| timeout.timed_out());
            if idle {
                self.written()?;
                // Nothing is being written: room is asked for anew.
                self.room = false;
                self.store().close_group().or_else(bearable)?;
                if let Some(now) = self.due(if self.dirty { BUSY_CHECKPOINT } else { IDLE_CHECKPOINT }) {
                    self.store().publish(now).map(drop).or_else(bearable)?;
                }
            }
        }
    }

    /// Concludes one submission, in slices between which urgent ones go first, and behind which the group is handed over when
    /// the scribe is free. Its answers wait for its last entry.
    fn conclude(&mut self, submission: Submission, batch: &mut Batch) -> Result<(), StoreError> {
        let Submission { observations, answer, urgent } = submission;
        let mut answers = Vec::with_capacity(observations.len());
        let concluded = self.slices(observations, &mut answers, batch);
        batch.urgent |= urgent;
        batch.done.push((answer, answers));
        concluded
    }

    fn slices(&mut self, all: Vec<Observation>, answers: &mut Answers, batch: &mut Batch) -> Result<(), StoreError> {
        let mut full: Option<String> = None;
        for (position, observation) in all.into_iter().enumerate() {
            if position > 0 && position % SLICE == 0 {
                self.urgent(batch)?;
            }
            let sliced = position > 0 && position % SLICE == 0 && (batch.urgent || !self.shared.lock().writing);
            if full.is_none() && (sliced || batch.is_full()) {
                self.hand_over(batch)?;
                match self.ensure_room() {
                    Err(error @ StoreError::Full { .. }) => full = Some(error.to_string()),
                    other => other?,
                }
            }
            // The disk became full in the middle: what is concluded stands, the rest is refused.
            if let Some(reason) = &full {
                answers.push(Err(Refusal { code: "full", reason: reason.clone() }));
                continue;
            }
            let stamp = Stamp { index: self.next, time: self.clock.now().max(self.last) };
            let concluded = self.concluder.conclude(stamp, &observation).map(|body| Receipt { stamp, body });
            if let Ok(receipt) = &concluded {
                (self.next, self.last) = (self.next.saturating_add(1), stamp.time);
                batch.bytes += receipt.body.len();
                let Observation { kind, version, principal, .. } = observation;
                batch.entries.push(Concluded { kind, version, principal, receipt: receipt.clone() });
            }
            answers.push(concluded);
        }
        Ok(())
    }

    fn urgent(&mut self, batch: &mut Batch) -> Result<(), StoreError> {
        loop {
            let mut queue = self.shared.lock();
            let Some(next) = queue.urgent.pop_front() else { return Ok(()) };
            queue.count = queue.count.saturating_sub(next.observations.len());
            drop(queue);
            self.conclude(next, batch)?;
        }
    }

    /// Gives the group to the scribe, once the one before is durable.
    fn hand_over(&mut self, batch: &mut Batch) -> Result<(), StoreError> {
        self.written()?;
        let Batch { done, entries, .. } = std::mem::take(batch);
        self.dirty |= !entries.is_empty();
        let bytes = entries.iter().map(|entry| entry.receipt.body.len() as u64 + ROW).sum();
        let room = self.store().has_room_behind(bytes);
        self.room = room;
        let publish = self.due(BUSY_CHECKPOINT);
        self.shared.lock().writing = true;
        self.scribe.write(Job { done, entries, publish });
        Ok(())
    }

    /// The time of the checkpoint that is due, which counts as published.
    fn due(&mut self, after: i64) -> Option<i64> {
        let now = self.clock.now().max(self.last);
        if now.saturating_sub(self.published) < after {
            return None;
        }
        (self.published, self.dirty) = (now, false);
        Some(now)
    }
}

/// A full disk delays what is derived and stops nothing.
pub(super) fn bearable(error: StoreError) -> Result<(), StoreError> {
    match error {
        StoreError::Full { .. } => Ok(()),
        StoreError::Io { source, .. } if source.kind() == std::io::ErrorKind::StorageFull => Ok(()),
        other => Err(other),
    }
}
