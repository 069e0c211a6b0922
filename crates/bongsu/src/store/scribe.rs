//! The thread that writes a group while the sequencer concludes the next.
//!
//! It promises that callers are answered after their group is durable and in no other order, and that after a failed write it
//! writes nothing any more: the sequencer hears of it before it hands anything else over, and ends. It must never know what is written.

use super::sequencer::{Answers, Asker, Concluded, Rejected, Shared, bearable};
use super::{NewEntry, Store, StoreError};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

/// A group to be written.
pub(super) struct Job {
    /// Who is answered when it is durable.
    pub done: Vec<(Asker, Answers)>,
    /// What is written; nothing where all was refused.
    pub entries: Vec<Concluded>,
    /// The time of the checkpoint that is due behind it.
    pub publish: Option<i64>,
}

/// The thread.
pub(super) struct Scribe {
    jobs: SyncSender<Job>,
    thread: JoinHandle<()>,
}

impl Scribe {
    /// Starts it.
    pub fn start(shared: Arc<Shared>, store: Arc<Mutex<Store>>) -> Result<Scribe, StoreError> {
        let path = store.lock().unwrap_or_else(PoisonError::into_inner).dir().to_path_buf();
        let (jobs, inbox) = sync_channel(1);
        let spawned = std::thread::Builder::new().name("scribe".into()).spawn(move || run(&inbox, &shared, &store));
        let thread = spawned.map_err(StoreError::io("start the scribe of", &path))?;
        Ok(Scribe { jobs, thread })
    }

    /// Hands a group over. The one before must be durable.
    pub fn write(&self, job: Job) {
        // The thread ends only when this end is dropped; were it gone, nobody would be answered, and the sequencer would wait.
        let _gone = self.jobs.send(job);
    }

    /// Ends the thread, which then holds the store no more.
    pub fn stop(self) {
        drop(self.jobs);
        let _panicked = self.thread.join();
    }
}

/// Says that the scribe is free, and what went wrong; also when it panics.
struct End<'s> {
    shared: &'s Shared,
    failed: Option<StoreError>,
}

impl Drop for End<'_> {
    fn drop(&mut self) {
        let mut queue = self.shared.lock();
        queue.writing = false;
        queue.failed = self.failed.take();
        drop(queue);
        self.shared.bell.notify_all();
    }
}

fn run(inbox: &Receiver<Job>, shared: &Shared, store: &Mutex<Store>) {
    while let Ok(Job { done, entries, publish }) = inbox.recv() {
        let lost = StoreError::Poisoned { path: "sequencer".into(), why: "the scribe panicked".into() };
        let mut end = End { shared, failed: Some(lost) };
        let mut store = store.lock().unwrap_or_else(PoisonError::into_inner);
        let written = append(&mut store, &entries);
        for (answer, answers) in done {
            let told = written.as_ref().map_or_else(|error| Err(Rejected::Ended(error.to_string())), |()| Ok(answers));
            let _gone = answer.send(told);
        }
        let published = written.and_then(|()| match publish {
            Some(now) => store.publish(now).map(drop).or_else(bearable),
            None => Ok(()),
        });
        drop(store);
        end.failed = published.err();
    }
}

fn append(store: &mut Store, entries: &[Concluded]) -> Result<(), StoreError> {
    if entries.is_empty() {
        return Ok(());
    }
    let new: Vec<NewEntry<'_>> = entries.iter().map(Concluded::as_new).collect();
    store.append_group(&new).map(drop)
}
