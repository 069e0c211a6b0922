//! The file store of a journal: what is acknowledged is durable, in order, once.
//!
//! It promises invariant 1 (no answer before its cause and conclusion are durable), that damage
//! is named and never continued on, and that a body can be destroyed. It must never know what an
//! entry means. `docs/journal-format.md` describes every byte.
//!
//! ```text
//! DIR/lock                    one writer
//! DIR/keys/journal.{key,pub}  signs the checkpoints
//! DIR/segments/00000000.segment, …, reserve
//! DIR/log/checkpoint, tile/…  tlog-tiles, made from the segments
//! ```
//!
//! In reading order: [`group`] (bytes of a group), [`segment`], [`scan`] (torn end or damage),
//! `writer` (one write, one sync), `publish` (tree, tiles, checkpoint), [`reader`], this file
//! (the store), [`verify`], [`sequencer`] (the only door to it) and its `scribe`.

pub mod disk;
mod error;
pub mod group;
pub mod keys;
mod publish;
pub mod reader;
pub mod scan;
mod scribe;
pub mod segment;
pub mod sequencer;
pub mod verify;
mod writer;

pub use disk::{Disk, RealDisk};
pub use error::StoreError;
pub use group::NewEntry;
pub use group::Stored;
pub use reader::{Place, Reader, Record};
pub use scan::Torn;

use journal::checkpoint::{Checkpoint, cosigned_at};
use journal::entry::Header;
use journal::genesis::{self, Genesis};
use journal::note::{Algorithm, SignerKey, VerifierKey};
use publish::Publisher;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use writer::Writer;

/// Bytes of a segment: 200,000 entries of 200 bytes; ten million are fifty files.
pub const SEGMENT_BYTES: u64 = 64 << 20;

/// How a store is opened.
#[derive(Clone)]
pub struct Options {
    /// Where system calls go.
    pub disk: Arc<dyn Disk>,
    /// Size of segments, a multiple of 4096 and at least three pages.
    pub segment_bytes: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { disk: Arc::new(RealDisk), segment_bytes: SEGMENT_BYTES }
    }
}

/// What genesis says beside the random parts.
#[derive(Debug, Clone)]
pub struct Founding<'a> {
    /// Such as `gate`.
    pub role: &'a str,
    /// Number of the semantics.
    pub semantics: u64,
    /// Public key kept offline.
    pub offline_root: Option<[u8; 32]>,
    /// Time of entry 0, UTC ms.
    pub time: i64,
}

/// What a start found and mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// Entries there are.
    pub size: u64,
    /// The torn end that was dropped: a group that was never acknowledged.
    pub torn: Option<Torn>,
    /// Destructions of bodies that a crash had interrupted and that were finished.
    pub finished: Vec<u64>,
}

/// The writer of a journal.
pub struct Store {
    dir: PathBuf,
    writer: Writer,
    reader: Reader,
    publisher: Publisher,
    key: VerifierKey,
    last_time: i64,
    /// Whether the last group has entries, and so could still pass for a torn end.
    open: bool,
    _lock: File,
}

impl Store {
    /// Makes a journal with its keys and genesis, and opens it. A folder in which an earlier
    /// `create` was interrupted is taken up again.
    pub fn create(dir: &Path, founding: &Founding<'_>) -> Result<Self, StoreError> {
        Self::create_with(dir, founding, &Options::default())
    }

    /// [`create`](Self::create) with another disk or segment size.
    pub fn create_with(dir: &Path, founding: &Founding<'_>, options: &Options) -> Result<Self, StoreError> {
        let disk = &options.disk;
        let segments = segment::folder(dir);
        disk.create_folder(&segments).map_err(StoreError::io("make", &segments))?;
        let lock = lock(&**disk, dir)?;
        if segment::last(dir).is_some() {
            return Err(StoreError::Exists { path: dir.into() });
        }
        let mut random = [0; 48];
        let drawn = getrandom::fill(&mut random).map_err(|error| std::io::Error::other(error.to_string()));
        drawn.map_err(StoreError::io("draw keys from", Path::new("/dev/urandom")))?;
        let (journal_id, seed) = (part::<16>(&random, 0), part::<32>(&random, 16));
        let mut genesis = Genesis {
            journal_id,
            role: founding.role.into(),
            format: segment::FORMAT.into(),
            semantics: founding.semantics,
            public_key: [0; 32],
            offline_root: founding.offline_root,
        };
        let wrong = |_| StoreError::Key { path: keys::secret_path(dir) };
        let key = SignerKey::new(&genesis.origin(), &seed).map_err(wrong)?;
        genesis.public_key = *key.verifier(Algorithm::Ed25519).public();
        keys::write(&**disk, dir, &key)?;
        let body = genesis.encode();
        let entry = NewEntry {
            kind: genesis::KIND,
            version: genesis::VERSION,
            principal: "",
            time: founding.time,
            body: &body,
        };
        Writer::create(disk.clone(), dir, options.segment_bytes, journal_id, &entry)?;
        drop(lock);
        Self::open_with(dir, options).map(|(store, _)| store)
    }

    /// Opens a journal to write: reads all of it, drops a torn end, finishes interrupted
    /// destructions, refuses damage and a journal behind its own checkpoint.
    pub fn open(dir: &Path) -> Result<(Self, Recovery), StoreError> {
        Self::open_with(dir, &Options::default())
    }

    /// [`open`](Self::open) with another disk or segment size.
    pub fn open_with(dir: &Path, options: &Options) -> Result<(Self, Recovery), StoreError> {
        if segment::last(dir).is_none() {
            return Err(StoreError::NoJournal { path: dir.into() });
        }
        let lock = lock(&*options.disk, dir)?;
        let mut reader = Reader::start(dir)?;
        let (signer, key) = key_of(dir, reader.genesis())?;
        let signed = published(dir, &key)?;
        let signed_size = signed.as_ref().map_or(0, |checkpoint| checkpoint.size);
        let publisher = Publisher::start(options.disk.clone(), dir, signer, key.name().into(), signed);
        let (mut last_time, mut unfinished, mut open) = (0, Vec::new(), true);
        let torn = reader.recover(|place, group| {
            last_time = in_order(dir, place, group, last_time)?;
            let first = group.head().first;
            open = group.head().count > 0;
            unfinished.extend(
                group.entries().zip(first..).filter(|(stored, _)| stored.half_destroyed()).map(|(_, index)| index),
            );
            publisher.leaves(group.bundle())
        })?;
        let (size, _) = publisher.root()?;
        if size < signed_size {
            return Err(StoreError::Behind { signed: signed_size, found: size });
        }
        let writer = Writer::resume(options.disk.clone(), dir, options.segment_bytes, reader.scan(), torn.as_ref())?;
        let mut store = Self { dir: dir.into(), writer, reader, publisher, key, last_time, open, _lock: lock };
        store.close_group()?;
        for &index in &unfinished {
            store.erase(index)?;
        }
        Ok((store, Recovery { size, torn, finished: unfinished }))
    }

    /// Appends entries as one group: one write, one fdatasync. Returns the index of the first
    /// when all are durable. After [`StoreError::Poisoned`] the process must end; after
    /// [`StoreError::Full`] nothing was written and it may be tried again.
    pub fn append_group(&mut self, entries: &[NewEntry<'_>]) -> Result<u64, StoreError> {
        let mut last = self.last_time;
        for entry in entries {
            if entry.time < last {
                return Err(StoreError::ClockBack { last, given: entry.time });
            }
            last = entry.time;
        }
        let first = self.writer.size();
        self.writer.append(entries)?;
        self.publisher.leaves(self.writer.leaves())?;
        (self.last_time, self.open) = (last, self.open || !entries.is_empty());
        Ok(first)
    }

    /// Closes with an empty group, so that the entries before can no longer pass for a torn end;
    /// nothing to do where the last group is empty. The sequencer calls it after 10 ms without
    /// work.
    pub fn close_group(&mut self) -> Result<(), StoreError> {
        if self.open {
            self.writer.append(&[])?;
            self.open = false;
        }
        Ok(())
    }

    /// That the next group will find space; asked before conclusions are drawn.
    pub fn ensure_room(&mut self) -> Result<(), StoreError> {
        self.writer.ensure_room()
    }

    /// Whether a group of whatever size will find space behind one with so many bytes of entries that is not written yet. No is
    /// no refusal: ask [`ensure_room`](Self::ensure_room) when it is written.
    pub fn has_room_behind(&self, bytes: u64) -> bool {
        self.writer.has_room_behind(bytes)
    }

    /// Publishes tiles and a checkpoint over all entries, cosigned at `time` (UTC ms); its text.
    pub fn publish(&mut self, time: i64) -> Result<String, StoreError> {
        self.publish_as(time, false)
    }

    fn publish_as(&mut self, time: i64, last: bool) -> Result<String, StoreError> {
        let published = self.publisher.publish(time.max(0) as u64 / 1000, last);
        if let Err(StoreError::Poisoned { why, .. }) = &published {
            return Err(self.writer.poison(why.clone()));
        }
        published
    }

    /// Size and root of the tree over all entries.
    pub fn root(&self) -> Result<(u64, journal::Hash), StoreError> {
        self.publisher.root()
    }

    /// Entries there are.
    pub fn size(&self) -> u64 {
        self.writer.size()
    }

    /// Time of the last entry, UTC ms.
    pub fn last_time(&self) -> i64 {
        self.last_time
    }

    /// What entry 0 says.
    pub fn genesis(&self) -> &Genesis {
        self.reader.genesis()
    }

    /// The public key of the journal.
    pub fn key(&self) -> &VerifierKey {
        &self.key
    }

    /// The reading side, up to date.
    pub fn reader(&mut self) -> Result<&mut Reader, StoreError> {
        self.reader.refresh()?;
        Ok(&mut self.reader)
    }

    /// One entry, or `None` beyond the end.
    pub fn read(&mut self, index: u64) -> Result<Option<Record>, StoreError> {
        self.reader()?.read(index)
    }

    /// Destroys body and salt of an entry, durably; every proof stays. Again is fine. Copies and
    /// backups are not within reach.
    pub fn erase(&mut self, index: u64) -> Result<(), StoreError> {
        let size = self.size();
        let found = self
            .reader()?
            .with(index, |place, stored| (place, stored.salt_at, stored.body_at, stored.body_length()))?;
        let (place, salt_at, body_at, length) =
            found.filter(|_| index > 0).ok_or(StoreError::NoEntry { index, size })?;
        self.reader.forget();
        // A destruction that is cut short in the last group must not make it look torn.
        self.close_group()?;
        self.writer.destroy(place, salt_at, body_at, length)
    }

    /// Closes, publishes at `time` (UTC ms), and gives back the space allocated ahead.
    pub fn close(mut self, time: i64) -> Result<(), StoreError> {
        self.close_group()?;
        self.publish_as(time, true)?;
        self.writer.trim()
    }

    /// The data folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }
}

/// Times of a group never decrease; the last.
fn in_order(dir: &Path, place: Place, group: &group::Group, mut last: i64) -> Result<i64, StoreError> {
    for (stored, index) in group.entries().zip(place.first..) {
        let path = segment::path(dir, place.segment);
        let header = Header::decode(stored.leaf);
        let header = header.map_err(|error| StoreError::damaged(&path, place.offset, index, error.to_string()))?;
        if header.index != index || header.time < last {
            let what = format!(
                "expected index {index} and a time of at least {last}, found {} and {}",
                header.index, header.time
            );
            return Err(StoreError::damaged(&path, place.offset, index, what));
        }
        last = header.time;
    }
    Ok(last)
}

fn key_of(dir: &Path, genesis: &Genesis) -> Result<(SignerKey, VerifierKey), StoreError> {
    let signer = keys::read(dir)?;
    let key = signer.verifier(Algorithm::Ed25519);
    if key.public() != &genesis.public_key || key.name() != genesis.origin() {
        return Err(StoreError::Key { path: keys::secret_path(dir) });
    }
    Ok((signer, key))
}

/// The checkpoint that was published, if any.
fn published(dir: &Path, key: &VerifierKey) -> Result<Option<Checkpoint>, StoreError> {
    let path = dir.join("log/checkpoint");
    let bytes = match std::fs::read(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        other => other.map_err(StoreError::io("read", &path))?,
    };
    let note = String::from_utf8_lossy(&bytes);
    let opened = Checkpoint::open(&note, key).and_then(|checkpoint| cosigned_at(&note, key).map(|_| checkpoint));
    opened.map(Some).map_err(|error| StoreError::Checkpoint { path, error })
}

fn lock(disk: &dyn Disk, dir: &Path) -> Result<File, StoreError> {
    let path = dir.join("lock");
    let file = disk.open(&path, true).map_err(StoreError::io("open", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(_) => Err(StoreError::Locked { path: dir.into() }),
    }
}

fn part<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(&bytes[at..at + N]);
    out
}
