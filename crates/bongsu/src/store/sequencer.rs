//! The only door to a journal: observations in, stamps and durable answers out.
//!
//! It promises invariant 1 and 2: one thread gives indexes and times, draws conclusions, and
//! writes; an answer leaves when its entry is durable. All that waits when the thread comes back
//! from the disk goes into one group, so a thousand callers share one write and one fdatasync.
//! It must never know what an observation means, nor read a clock of its own.

use super::group::{MAX_ENTRIES, MAX_GROUP};
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
/// Bytes of bodies after which a group is written: so the next body still fits.
const FULL: usize = MAX_GROUP - MAX_BODY - MAX_ENTRIES * (24 + 2 + 53 + 64) - 4096;

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
    answer: SyncSender<Result<Answers, Rejected>>,
}

#[derive(Default)]
struct Queue {
    urgent: VecDeque<Submission>,
    waiting: VecDeque<Submission>,
    count: usize,
    stopping: bool,
    ended: Option<String>,
}

struct Shared {
    queue: Mutex<Queue>,
    bell: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A door for any number of threads.
#[derive(Clone)]
pub struct Door {
    shared: Arc<Shared>,
}

impl Door {
    /// Submits observations that go into one group, in order, and waits until they are durable.
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
            lane.push_back(Submission { observations, answer });
        }
        self.shared.bell.notify_one();
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
        let desk = Desk { shared: shared.clone(), store, concluder, clock, published: i64::MIN, dirty: false };
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
        self.shared.bell.notify_one();
        let ended = self.thread.take().map(JoinHandle::join);
        let lost = || StoreError::Poisoned { path: "sequencer".into(), why: "the thread panicked".into() };
        ended.and_then(Result::ok).unwrap_or_else(|| Err(lost()))
    }
}

struct Desk<C, K> {
    shared: Arc<Shared>,
    store: Store,
    concluder: C,
    clock: K,
    published: i64,
    /// Entries since the last checkpoint.
    dirty: bool,
}

/// A group in the making.
#[derive(Default)]
struct Batch {
    /// Each submission with its answers so far.
    answers: Vec<(SyncSender<Result<Answers, Rejected>>, Answers)>,
    entries: Vec<Concluded>,
    bytes: usize,
}

struct Concluded {
    kind: u16,
    version: u16,
    principal: String,
    receipt: Receipt,
}

impl Concluded {
    fn as_new(&self) -> NewEntry<'_> {
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
        let mut queue = self.shared.lock();
        queue.ended = Some(result.as_ref().err().map_or("stopped".into(), ToString::to_string));
        let left: Vec<_> = queue.urgent.drain(..).collect();
        let rest: Vec<_> = queue.waiting.drain(..).collect();
        let why = queue.ended.clone().unwrap_or_default();
        drop(queue);
        for submission in left.into_iter().chain(rest) {
            let _gone = submission.answer.send(Err(Rejected::Ended(why.clone())));
        }
        result.map(|()| self.store)
    }

    fn work(&mut self) -> Result<(), StoreError> {
        loop {
            let Some(first) = self.wait()? else { return Ok(()) };
            if let Err(error) = self.store.ensure_room() {
                let StoreError::Full { .. } = error else { return Err(error) };
                let _gone = first.answer.send(Err(Rejected::Full(error.to_string())));
                continue;
            }
            let mut batch = Batch::default();
            self.conclude(first, &mut batch)?;
            while !batch.is_full() {
                let Some(next) = self.next(MAX_ENTRIES - batch.entries.len()) else { break };
                self.conclude(next, &mut batch)?;
            }
            self.answer(batch)?;
            self.checkpoint(BUSY_CHECKPOINT)?;
        }
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
                return Ok(None);
            }
            let quiet = |queue: &mut Queue| queue.waiting.is_empty() && queue.urgent.is_empty() && !queue.stopping;
            let waited = self.shared.bell.wait_timeout_while(queue, IDLE, quiet);
            let idle = waited.map_or(true, |(_, timeout)| timeout.timed_out());
            if idle {
                self.store.close_group().or_else(bearable)?;
                self.checkpoint(if self.dirty { BUSY_CHECKPOINT } else { IDLE_CHECKPOINT })?;
            }
        }
    }

    /// Concludes one submission, in slices between which urgent ones go first. One that is
    /// larger than a group takes several; its answers wait for the last.
    fn conclude(&mut self, submission: Submission, batch: &mut Batch) -> Result<(), StoreError> {
        let Submission { observations, answer } = submission;
        let place = batch.answers.len();
        batch.answers.push((answer, Vec::with_capacity(observations.len())));
        for (position, observation) in observations.into_iter().enumerate() {
            if position > 0 && position % SLICE == 0 {
                self.urgent(batch)?;
            }
            if batch.is_full() {
                self.write(batch)?;
            }
            let stamp = self.stamp(batch);
            let concluded = self.concluder.conclude(stamp, &observation).map(|body| Receipt { stamp, body });
            if let Ok(receipt) = &concluded {
                batch.bytes += receipt.body.len();
                let Observation { kind, version, principal, .. } = observation;
                batch.entries.push(Concluded { kind, version, principal, receipt: receipt.clone() });
            }
            batch.answers[place].1.push(concluded);
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

    fn stamp(&self, batch: &Batch) -> Stamp {
        let last = batch.entries.last().map_or(self.store.last_time(), |entry| entry.receipt.stamp.time);
        Stamp { index: self.store.size() + batch.entries.len() as u64, time: self.clock.now().max(last) }
    }

    /// Writes the entries so far as one group.
    fn write(&mut self, batch: &mut Batch) -> Result<(), StoreError> {
        if batch.entries.is_empty() {
            return Ok(());
        }
        let entries: Vec<NewEntry<'_>> = batch.entries.iter().map(|entry| entry.as_new()).collect();
        self.store.append_group(&entries)?;
        self.dirty = true;
        batch.entries.clear();
        batch.bytes = 0;
        Ok(())
    }

    /// Writes, then tells every caller.
    fn answer(&mut self, mut batch: Batch) -> Result<(), StoreError> {
        let written = self.write(&mut batch);
        for (answer, answers) in batch.answers {
            let told = written.as_ref().map_or_else(|error| Err(Rejected::Ended(error.to_string())), |()| Ok(answers));
            let _gone = answer.send(told);
        }
        written
    }

    fn checkpoint(&mut self, after: i64) -> Result<(), StoreError> {
        let now = self.clock.now().max(self.store.last_time());
        if now.saturating_sub(self.published) < after {
            return Ok(());
        }
        self.store.publish(now).map(drop).or_else(bearable)?;
        (self.published, self.dirty) = (now, false);
        Ok(())
    }
}

/// A full disk delays what is derived and stops nothing.
fn bearable(error: StoreError) -> Result<(), StoreError> {
    match error {
        StoreError::Full { .. } => Ok(()),
        StoreError::Io { source, .. } if source.kind() == std::io::ErrorKind::StorageFull => Ok(()),
        other => Err(other),
    }
}
