//! A gate: the real store, door, conclusions and fold, in the order of the sequencer, without its thread.
//!
//! It promises that nothing is answered before it is durable, and that after a crash only the disk is believed. A watch re-performs
//! every durable entry beside it.

use crate::disk::SimDisk;
use bongsu::lab::random::Random;
use bongsu::store::{Founding, NewEntry, Options, Reader, Store, StoreError};
use kernel::body::Body;
use kernel::conclude::conclude;
use kernel::door::{Accepted, admit};
use kernel::fact::Observation;
use kernel::guard::conclusion::{self, Concluded};
use kernel::known::Stamp;
use kernel::replay::Replay;
use kernel::state::{State, fold_concluded};
use rulebook::time::Instant;
use std::path::PathBuf;
use std::sync::Arc;

/// Small, so that segments are changed often.
const SEGMENT: u64 = 128 << 10;

/// The exchange.
pub const X: &str = "x";

/// One acknowledged entry.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where and when.
    pub stamp: Stamp,
    /// What was told.
    pub fact: Observation,
    /// What followed.
    pub list: Vec<Concluded>,
    body: Vec<u8>,
}

/// What somebody who edits the gate's program makes of its conclusions.
pub type Forge<'f> = &'f dyn Fn(&mut Vec<Concluded>);

/// What the gate answers.
pub enum Told {
    /// Durable.
    Entry(Box<Entry>),
    /// An entry says exactly this.
    Already(u64),
    /// Not admitted, and by which code.
    Refused(String),
    /// No answer: the gate is gone and came back. What it found on its disk that nobody had been told of.
    Lost(Vec<Entry>),
    /// No space: nothing was written.
    Full,
}

/// The gate and the watch.
pub struct Gate {
    dir: PathBuf,
    /// Its disk.
    pub disk: Arc<SimDisk>,
    store: Option<Store>,
    /// Its state.
    pub state: State,
    watch: Replay<'static>,
    /// Everything that was acknowledged or found after a crash.
    pub entries: Vec<Entry>,
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.store = None;
        let _gone = std::fs::remove_dir_all(&self.dir);
    }
}

impl Gate {
    /// A fresh one.
    pub fn new(name: &str, at: i64) -> Result<Gate, String> {
        use std::sync::atomic::{AtomicU64, Ordering};
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let unique = format!("sim-{name}-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let dir = std::env::temp_dir().join(unique);
        let disk = Arc::new(SimDisk::default());
        let founding = Founding { role: "gate", semantics: kernel::SEMANTICS, offline_root: None, time: at };
        let options = Options { disk: disk.clone(), segment_bytes: SEGMENT };
        let store = Store::create_with(&dir, &founding, &options).map_err(|e| e.to_string())?;
        let words = kernel::words::vocabulary();
        let (state, watch) = (State::new(words.clone()), Replay::reperform(words));
        Ok(Gate { dir, disk, store: Some(store), state, watch, entries: Vec::new() })
    }

    /// Tells it a fact at a moment of its own clock.
    pub fn tell(&mut self, now: i64, fact: &Observation, random: &mut Random) -> Result<Told, String> {
        self.tell_forged(now, fact, random, None)
    }

    /// The same, by a gate whose program somebody edited: it records other conclusions than follow.
    pub fn tell_forged(
        &mut self,
        now: i64,
        fact: &Observation,
        random: &mut Random,
        forge: Option<Forge<'_>>,
    ) -> Result<Told, String> {
        match admit(&self.state, fact) {
            Err(refusal) => return Ok(Told::Refused(refusal.code.name().to_string())),
            Ok(Accepted::Already(entry)) => return Ok(Told::Already(entry)),
            Ok(Accepted::New) => {}
        }
        let store = self.store.as_mut().ok_or("the gate is not there")?;
        if let Err(error) = store.ensure_room() {
            return match error {
                StoreError::Full { .. } => Ok(Told::Full),
                _ => self.restart(random).map(Told::Lost),
            };
        }
        let stamp = Stamp { index: store.size(), time: Instant(now.max(store.last_time())) };
        let mut conclusions = conclude(&self.state, fact, stamp);
        let guarded = kernel::guard::is_guarded(fact);
        let decode = |bytes: &Option<Vec<u8>>| match bytes {
            Some(bytes) if guarded => conclusion::decode(bytes).map_err(|e| format!("a conclusion at byte {}", e.at)),
            _ => Ok(Vec::new()),
        };
        let mut list = decode(&conclusions)?;
        if let Some(forge) = forge {
            forge(&mut list);
            conclusions = conclusion::encode(&list);
        }
        let body = Body { observation: fact.clone(), conclusions: conclusions.clone() }.encode().unwrap_or_default();
        fold_concluded(&mut self.state, stamp, fact, conclusions.as_deref());
        let entry = NewEntry { kind: fact.kind(), version: 1, principal: "sim", time: stamp.time.0, body: &body };
        let published = match store.append_group(&[entry]) {
            // A checkpoint now and then; a full disk delays it.
            Ok(_) if random.chance(5) => match store.publish(stamp.time.0) {
                Ok(_) | Err(StoreError::Full { .. }) => Ok(()),
                Err(StoreError::Io { source, .. }) if source.kind() == std::io::ErrorKind::StorageFull => Ok(()),
                Err(other) => Err(other),
            },
            Ok(_) => Ok(()),
            Err(other) => Err(other),
        };
        if published.is_err() {
            return self.restart(random).map(Told::Lost);
        }
        let entry = Entry { stamp, fact: fact.clone(), list, body };
        self.entries.push(entry.clone());
        self.watch(&entry)?;
        Ok(Told::Entry(Box::new(entry)))
    }

    /// The watch concludes again.
    fn watch(&mut self, entry: &Entry) -> Result<(), String> {
        let told = self.watch.entry(entry.stamp, entry.fact.kind(), &entry.body);
        told.map_err(|e| format!("the watch cannot read entry {} at byte {}", entry.stamp.index, e.at))?;
        match self.watch.differences.last() {
            Some(d) => Err(format!("the watch: entry {} does not follow: {:?}", d.entry, d.guard)),
            None => Ok(()),
        }
    }

    /// Everything in memory is gone; what the disk has must be what was acknowledged, and at most one group more.
    pub fn restart(&mut self, random: &mut Random) -> Result<Vec<Entry>, String> {
        self.store = None;
        self.disk.power(random).map_err(|e| e.to_string())?;
        self.open()
    }

    /// The process ends in order and starts again.
    pub fn restart_cleanly(&mut self) -> Result<Vec<Entry>, String> {
        let before = format!("{:?}", self.state.guard(X));
        self.store = None;
        self.disk.kept();
        let found = self.open()?;
        if !found.is_empty() || before != format!("{:?}", self.state.guard(X)) {
            return Err("check 5: the state after a restart is not the state before it".into());
        }
        Ok(found)
    }

    fn open(&mut self) -> Result<Vec<Entry>, String> {
        let options = Options { disk: self.disk.clone(), segment_bytes: SEGMENT };
        let (store, _) = Store::open_with(&self.dir, &options).map_err(|e| format!("check 2: after a crash: {e}"))?;
        self.store = Some(store);
        self.state = bongsu::walk::state(&self.dir).map_err(|e| format!("{e:?}"))?;
        let mut reader = Reader::open(&self.dir).map_err(|e| e.to_string())?;
        let (size, known) = (reader.size(), self.entries.len() as u64 + 1);
        if size < known {
            return Err(format!("check 2: {known} entries were acknowledged, {size} are there"));
        }
        let mut found = Vec::new();
        for index in 1..size {
            let record = reader.read(index).map_err(|e| e.to_string())?.ok_or("an entry is gone")?;
            let header = record.header().map_err(|e| e.to_string())?;
            let (kind, stamp) = (header.kind, Stamp { index, time: Instant(header.time) });
            let body = record.body.as_ref().map(|(_, body)| body.clone()).ok_or("a body is gone")?;
            match self.entries.get(index as usize - 1) {
                Some(entry) if entry.body == body && entry.stamp == stamp => {}
                Some(_) => return Err(format!("check 2: entry {index} is another than was acknowledged")),
                None => {
                    let read = Body::decode(kind, &body).map_err(|e| format!("entry {index}, byte {}", e.at))?;
                    let guarded = kernel::guard::is_guarded(&read.observation);
                    let bytes = read.conclusions.filter(|_| guarded);
                    let list = bytes.map_or(Ok(Vec::new()), |b| conclusion::decode(&b)).map_err(|e| e.to_string())?;
                    let entry = Entry { stamp, fact: read.observation, list, body };
                    self.entries.push(entry.clone());
                    self.watch(&entry)?;
                    found.push(entry);
                }
            }
        }
        if found.len() > 1 {
            return Err(format!("check 2: {} entries nobody wrote in one group", found.len()));
        }
        Ok(found)
    }
}
