//! The published log: tiles, bundles and checkpoint under `log/`, as tlog-tiles lays them out.
//!
//! It promises that a checkpoint appears only when every tile under it is written, and that a
//! checkpoint never goes back. Tiles are synced all at once, each million entries and at a clean
//! end, and `log/synced` says up to where; a start makes the later ones again. It follows the writer on a thread of its own, since a group is
//! durable without it: leaf and node hashes (150 ns an entry) and tile files (8 + 15 kB each 256
//! entries) then overlap with the next group. All of it can be made again from the segments.

use super::StoreError;
use super::disk::Disk;
use journal::Hash;
use journal::checkpoint::Checkpoint;
use journal::note::SignerKey;
use journal::tiles::{self, WIDTH};
use journal::tree::{Tree, leaf_hash};
use journal::verify::Fault;
use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

/// Groups the writer may be ahead: two fill both threads, eight smooth a slow file.
const QUEUE: usize = 8;
/// Entries after which tiles are synced. A start makes again at most so many: 8,000 files, 0.3 s.
/// Syncing them at every checkpoint instead held appending to a quarter of its rate.
const SYNC_EVERY: u64 = 1 << 20;

enum Order {
    Leaves(Vec<u8>),
    Publish { seconds: u64, last: bool, answer: SyncSender<Result<String, StoreError>> },
    Root(SyncSender<Result<(u64, Hash), StoreError>>),
}

/// The handle of the publishing thread.
pub(super) struct Publisher {
    orders: Option<SyncSender<Order>>,
    thread: Option<JoinHandle<()>>,
    log: PathBuf,
}

impl Publisher {
    /// Starts with an empty tree; `signed` is the checkpoint already published.
    pub fn start(disk: Arc<dyn Disk>, dir: &Path, key: SignerKey, origin: String, signed: Option<Checkpoint>) -> Self {
        let log = dir.join("log");
        let (orders, inbox) = sync_channel(QUEUE);
        let state = Log {
            disk,
            log: log.clone(),
            key,
            origin,
            synced: synced(&log, signed.as_ref()),
            signed,
            tree: Tree::new(),
            bundle: Vec::new(),
            pending: Vec::new(),
            folders: HashSet::new(),
            failed: None,
        };
        let thread = std::thread::Builder::new().name("publisher".into()).spawn(move || state.run(&inbox)).ok();
        Self { orders: Some(orders), thread, log }
    }

    /// Hands over the leaves of a durable group; waits where the thread is behind.
    pub fn leaves(&self, bundle: &[u8]) -> Result<(), StoreError> {
        self.order(Order::Leaves(bundle.to_vec()))
    }

    /// Publishes what was handed over; the signed checkpoint. `last` also syncs the tiles.
    pub fn publish(&self, seconds: u64, last: bool) -> Result<String, StoreError> {
        let (answer, reply) = sync_channel(1);
        self.order(Order::Publish { seconds, last, answer })?;
        reply.recv().map_err(|_| self.gone())?
    }

    /// Size and root of what was handed over; an error where it contradicts the published
    /// checkpoint.
    pub fn root(&self) -> Result<(u64, Hash), StoreError> {
        let (answer, reply) = sync_channel(1);
        self.order(Order::Root(answer))?;
        reply.recv().map_err(|_| self.gone())?
    }

    fn order(&self, order: Order) -> Result<(), StoreError> {
        let sent = self.orders.as_ref().map(|orders| orders.send(order));
        if matches!(sent, Some(Ok(()))) { Ok(()) } else { Err(self.gone()) }
    }

    fn gone(&self) -> StoreError {
        StoreError::Poisoned { path: self.log.clone(), why: "the publishing thread has ended".into() }
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
    }
}

struct Log {
    disk: Arc<dyn Disk>,
    log: PathBuf,
    key: SignerKey,
    origin: String,
    signed: Option<Checkpoint>,
    tree: Tree,
    /// Leaves of the bundle that is not yet full.
    bundle: Vec<u8>,
    /// Files not yet written, path and content.
    pending: Vec<(PathBuf, Vec<u8>)>,
    /// Entries whose full tiles are known to be durable.
    synced: u64,
    folders: HashSet<PathBuf>,
    failed: Option<String>,
}

impl Log {
    fn run(mut self, inbox: &Receiver<Order>) {
        while let Ok(order) = inbox.recv() {
            match order {
                Order::Leaves(bundle) => self.grow(&bundle),
                Order::Publish { seconds, last, answer } => {
                    let _gone = answer.send(self.publish(seconds, last));
                }
                Order::Root(answer) => {
                    let _gone = answer.send(self.sound().map(|()| (self.tree.size(), self.tree.root())));
                }
            }
        }
    }

    fn grow(&mut self, bundle: &[u8]) {
        let (synced, known) = (self.synced, self.signed.as_ref().map_or(0, |checkpoint| checkpoint.size));
        for leaf in tiles::entries(bundle).flatten() {
            tiles::push_entry(&mut self.bundle, leaf);
            let (pending, log, size) = (&mut self.pending, &self.log, self.tree.size() + 1);
            self.tree.push(leaf_hash(leaf), |level, index, hashes| {
                if size > synced {
                    pending.push((log.join(tiles::tile_path(level, index, WIDTH)), hashes.concat()));
                }
            });
            if size.is_multiple_of(WIDTH as u64) {
                if size > synced {
                    let path = self.log.join(tiles::entries_path(size / WIDTH as u64 - 1, WIDTH));
                    self.pending.push((path, self.bundle.clone()));
                }
                self.bundle.clear();
            }
            if size == known && self.signed.as_ref().is_some_and(|signed| signed.root != self.tree.root()) {
                self.failed = Some(Fault::Root { size }.to_string());
            }
        }
        if let Err(error) = self.write_files()
            && error.kind() != io::ErrorKind::StorageFull
        {
            self.failed.get_or_insert(error.to_string());
        }
    }

    /// Writes what is pending; on an error the rest stays pending.
    fn write_files(&mut self) -> io::Result<()> {
        let mut files = std::mem::take(&mut self.pending).into_iter();
        while let Some((path, content)) = files.next() {
            if let Err(error) = self.write_file(&path, &content) {
                self.pending = std::iter::once((path, content)).chain(files).collect();
                return Err(error);
            }
        }
        Ok(())
    }

    fn write_file(&mut self, path: &Path, content: &[u8]) -> io::Result<()> {
        if let Some(folder) = path.parent()
            && !self.folders.contains(folder)
        {
            self.disk.create_folder(folder)?;
            self.folders.insert(folder.into());
        }
        let file = self.disk.open(path, true)?;
        self.disk.write_at(&file, content, 0)?;
        // A file left by a start that was interrupted may be longer.
        if file.metadata()?.len() != content.len() as u64 {
            self.disk.truncate(&file, content.len() as u64)?;
        }
        Ok(())
    }

    fn sound(&self) -> Result<(), StoreError> {
        match &self.failed {
            Some(why) => Err(StoreError::Poisoned { path: self.log.clone(), why: why.clone() }),
            None => Ok(()),
        }
    }

    fn publish(&mut self, seconds: u64, last: bool) -> Result<String, StoreError> {
        self.sound()?;
        self.add_partial_files();
        self.write_files().map_err(StoreError::io("write", &self.log))?;
        if last || self.tree.size() - self.synced >= SYNC_EVERY {
            self.sync().map_err(|error| self.fail(&error))?;
        }
        let checkpoint = Checkpoint { origin: self.origin.clone(), size: self.tree.size(), root: self.tree.root() };
        let note = checkpoint.sign(&self.key, seconds);
        self.replace("checkpoint", note.as_bytes())?;
        self.remove_partial_folders(checkpoint.size).map_err(StoreError::io("remove", &self.log))?;
        self.signed = Some(checkpoint);
        Ok(note)
    }

    fn add_partial_files(&mut self) {
        let size = self.tree.size();
        if self.signed.as_ref().is_some_and(|signed| signed.size == size) && self.synced >= size {
            return;
        }
        for level in 0..self.tree.levels() {
            let hashes = self.tree.partial(level);
            if !hashes.is_empty() {
                let path = tiles::tile_path(level, size >> (8 * (u32::from(level) + 1)), hashes.len());
                self.pending.push((self.log.join(path), hashes.concat()));
            }
        }
        if !self.bundle.is_empty() {
            let width = (size % WIDTH as u64) as usize;
            let path = tiles::entries_path(size / WIDTH as u64, width);
            self.pending.push((self.log.join(path), self.bundle.clone()));
        }
    }

    /// Of each tile that was partial at the last checkpoint and is full now.
    fn remove_partial_folders(&mut self, size: u64) -> io::Result<()> {
        let before = self.signed.as_ref().map_or(0, |signed| signed.size);
        for level in 0..self.tree.levels() {
            let span = 8 * (u32::from(level) + 1);
            let index = before >> span;
            if size >> span == index {
                continue;
            }
            let mut paths = vec![tiles::tile_path(level, index, 1)];
            if level == 0 {
                paths.push(tiles::entries_path(index, 1));
            }
            for path in paths {
                if let Some(folder) = self.log.join(path).parent() {
                    self.folders.remove(folder);
                    self.disk.remove(folder)?;
                }
            }
        }
        Ok(())
    }

    /// Makes all tiles durable, then says so.
    fn sync(&mut self) -> io::Result<()> {
        self.disk.sync_file_system(&self.log)?;
        self.synced = self.tree.size();
        self.replace("synced", synced_line(self.synced).as_bytes()).map_err(io::Error::other)
    }

    /// Puts a small file in the place of another, durably: one or the other is there.
    fn replace(&mut self, name: &str, content: &[u8]) -> Result<(), StoreError> {
        let (new, path) = (self.log.join(format!("{name}.new")), self.log.join(name));
        self.write_file(&new, content).map_err(StoreError::io("write", &new))?;
        let file = self.disk.open(&new, false).map_err(StoreError::io("open", &new))?;
        self.disk.sync_all(&file).map_err(|error| self.fail(&error))?;
        self.disk.rename(&new, &path).map_err(StoreError::io("rename", &new))
    }

    fn fail(&mut self, error: &io::Error) -> StoreError {
        let why = format!("sync: {error}");
        self.failed = Some(why.clone());
        StoreError::Poisoned { path: self.log.clone(), why }
    }
}

/// What `log/synced` says, never more than was signed; a file that is not whole says nothing.
fn synced(log: &Path, signed: Option<&Checkpoint>) -> u64 {
    let line = std::fs::read_to_string(log.join("synced")).unwrap_or_default();
    let said = line.split(' ').next().and_then(|size| size.parse().ok()).filter(|&size| synced_line(size) == line);
    said.unwrap_or(0).min(signed.map_or(0, |checkpoint| checkpoint.size))
}

/// The size in decimal, and the CRC32C of that in hex.
fn synced_line(size: u64) -> String {
    let digits = size.to_string();
    format!("{digits} {:08x}\n", crc32c::crc32c(digits.as_bytes()))
}
