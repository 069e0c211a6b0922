//! A disk that fails where a test wants it to, and folders that clean up after themselves.
#![allow(dead_code, reason = "each test file uses a part")]

use bongsu::store::{Disk, Founding, NewEntry, Options, RealDisk, Store};
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};

/// A folder for one test.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let unique = format!("bongsu-{name}-{}-{}", std::process::id(), NEXT.fetch_add(1, SeqCst));
        let path = std::env::temp_dir().join(unique);
        let _old = std::fs::remove_dir_all(&path);
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.0);
    }
}

pub const FOUNDING: Founding<'_> = Founding { role: "gate", semantics: 1, offline_root: None, time: 1000 };

pub fn entry<'a>(time: i64, body: &'a [u8]) -> NewEntry<'a> {
    NewEntry { kind: 1, version: 1, principal: "p", time, body }
}

pub fn options(segment_bytes: u64) -> Options {
    Options { segment_bytes, ..Options::default() }
}

/// The body of the entry at `index` in these tests.
pub fn body(index: u64) -> Vec<u8> {
    format!("body of entry {index}").into_bytes()
}

/// Appends `count` entries as one group.
pub fn append(store: &mut Store, count: u64) -> Result<u64, bongsu::store::StoreError> {
    let first = store.size();
    let bodies: Vec<_> = (first..first + count).map(body).collect();
    let entries: Vec<_> = bodies.iter().zip(first..).map(|(body, index)| entry(1000 + index as i64, body)).collect();
    store.append_group(&entries)
}

/// What a disk does when its count of calls reaches a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// This call and all later ones fail; a write leaves the first half of its sectors.
    CrashHalf,
    /// The same, but a write leaves every other sector: a device may write in any order.
    CrashSectors,
    /// This call fails for want of space, if it needs any; later ones work.
    NoSpace,
    /// Every sync from this call on fails.
    SyncError,
}

/// A real disk with one failure planned.
pub struct FailingDisk {
    pub calls: AtomicU64,
    pub writes: AtomicU64,
    pub syncs: AtomicU64,
    plan: Mutex<Option<(u64, Failure)>>,
    full: AtomicBool,
}

impl FailingDisk {
    pub fn new(plan: Option<(u64, Failure)>) -> Arc<Self> {
        let zero = || AtomicU64::new(0);
        Arc::new(Self {
            calls: zero(),
            writes: zero(),
            syncs: zero(),
            plan: Mutex::new(plan),
            full: AtomicBool::new(false),
        })
    }

    /// Fails from the next call on.
    pub fn fail_now(&self, failure: Failure) {
        *self.plan.lock().unwrap() = Some((self.calls.load(SeqCst), failure));
    }

    /// Whether files can be allocated.
    pub fn fail_allocations(&self, full: bool) {
        self.full.store(full, SeqCst);
    }

    pub fn heal(&self) {
        *self.plan.lock().unwrap() = None;
    }

    fn call(&self, space: bool, sync: bool) -> io::Result<()> {
        let at = self.calls.fetch_add(1, SeqCst);
        let plan = *self.plan.lock().unwrap();
        match plan {
            Some((from, Failure::CrashHalf | Failure::CrashSectors)) if at >= from => Err(io::Error::other("crashed")),
            Some((from, Failure::NoSpace)) if at == from && space => Err(io::ErrorKind::StorageFull.into()),
            Some((from, Failure::SyncError)) if at >= from && sync => Err(io::Error::other("input/output error")),
            _ => Ok(()),
        }
    }

    fn sync(&self) -> io::Result<()> {
        self.syncs.fetch_add(1, SeqCst);
        self.call(false, true)
    }
}

impl Disk for FailingDisk {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.call(true, false)?;
        RealDisk.create_folder(path)
    }
    fn open(&self, path: &Path, create: bool) -> io::Result<File> {
        self.call(false, false)?;
        RealDisk.open(path, create)
    }
    fn allocate(&self, file: &File, length: u64) -> io::Result<()> {
        self.call(true, false)?;
        if self.full.load(SeqCst) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        RealDisk.allocate(file, length)
    }
    fn write_at(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.writes.fetch_add(1, SeqCst);
        let plan = *self.plan.lock().unwrap();
        let Err(error) = self.call(true, false) else { return RealDisk.write_at(file, bytes, offset) };
        let first = plan.is_some_and(|(from, _)| self.calls.load(SeqCst) == from + 1);
        match plan {
            Some((_, Failure::CrashSectors)) if first => {
                for (sector, at) in bytes.chunks(512).zip((offset..).step_by(512)).skip(1).step_by(2) {
                    file.write_all_at(sector, at)?;
                }
            }
            Some((_, Failure::CrashHalf)) if first => {
                // Up to a sector's border: a device writes a sector whole or not at all.
                let border = (offset + bytes.len() as u64 / 2) / 512 * 512;
                file.write_all_at(&bytes[..border.saturating_sub(offset) as usize], offset)?;
            }
            // All but the last byte: the hardest case for a write that failed for want of space.
            Some((_, Failure::NoSpace)) if first => file.write_all_at(&bytes[..bytes.len() - 1], offset)?,
            _ => {}
        }
        Err(error)
    }
    fn sync_data(&self, file: &File) -> io::Result<()> {
        self.sync()?;
        RealDisk.sync_data(file)
    }
    fn sync_all(&self, file: &File) -> io::Result<()> {
        self.sync()?;
        RealDisk.sync_all(file)
    }
    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.sync()?;
        RealDisk.sync_folder(path)
    }
    fn sync_file_system(&self, _path: &Path) -> io::Result<()> {
        self.sync()
    }
    fn truncate(&self, file: &File, length: u64) -> io::Result<()> {
        self.call(false, false)?;
        RealDisk.truncate(file, length)
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.call(false, false)?;
        RealDisk.rename(from, to)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.call(false, false)?;
        RealDisk.remove(path)
    }
}

/// Copies a folder, flat or deep.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for found in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(found.file_name());
        if found.path().is_dir() {
            copy(&found.path(), &target);
        } else {
            std::fs::copy(found.path(), target).unwrap();
        }
    }
}

/// Every file under a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() { found.extend(files(&entry.path())) } else { found.push(entry.path()) }
    }
    found.sort();
    found
}
