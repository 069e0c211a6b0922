//! A disk that forgets: what was written and not synced may be lost, whole or by sectors, when the machine crashes.
//!
//! It promises that everything it does follows from the faults it was told of. It works on real files, because the store reads
//! real files; a crash puts the old bytes back. Names (rename, remove) are never forgotten, which is said in docs/sim.md.

use bongsu::lab::random::Random;
use bongsu::store::{Disk, RealDisk};
use std::fs::File;
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// What goes wrong at a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The machine stops: this call and all after it fail, and unsynced writes are torn.
    Crash,
    /// No space for this and the next calls that need some.
    Full,
    /// A sync fails; the process must end.
    Sync,
}

/// A write that is not durable yet: inode, place, what stood there, what was written.
struct Unsynced {
    inode: u64,
    file: File,
    at: u64,
    old: Vec<u8>,
}

#[derive(Default)]
struct Inner {
    calls: u64,
    plan: Option<(u64, Fault)>,
    crashed: bool,
    unsynced: Vec<Unsynced>,
}

/// The simulated disk.
#[derive(Default)]
pub struct SimDisk(Mutex<Inner>);

impl SimDisk {
    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Plans a fault so many calls ahead.
    pub fn plan(&self, ahead: u64, fault: Fault) {
        let mut inner = self.inner();
        inner.plan = Some((inner.calls + ahead, fault));
    }

    /// The power is back: of each unsynced write every sector is there or not, as the seed says.
    pub fn power(&self, random: &mut Random) -> io::Result<()> {
        let mut inner = self.inner();
        let lost = std::mem::take(&mut inner.unsynced);
        for write in lost.iter().rev() {
            for (number, sector) in write.old.chunks(512).enumerate() {
                if random.chance(60) {
                    write.file.write_all_at(sector, write.at + 512 * number as u64)?;
                }
            }
        }
        *inner = Inner { calls: inner.calls, ..Inner::default() };
        Ok(())
    }

    /// The process ended and the machine did not: the system still writes everything.
    pub fn kept(&self) {
        let mut inner = self.inner();
        *inner = Inner { calls: inner.calls, ..Inner::default() };
    }

    fn call(&self, space: bool, sync: bool) -> io::Result<()> {
        let mut inner = self.inner();
        let at = inner.calls;
        inner.calls += 1;
        if inner.crashed {
            return Err(io::Error::other("crashed"));
        }
        match inner.plan {
            Some((from, Fault::Crash)) if at >= from => {
                inner.crashed = true;
                Err(io::Error::other("crashed"))
            }
            Some((from, Fault::Full)) if at >= from && space => {
                if at > from + 6 {
                    inner.plan = None;
                }
                Err(io::ErrorKind::StorageFull.into())
            }
            Some((from, Fault::Sync)) if at >= from && sync => Err(io::Error::other("input/output error")),
            _ => Ok(()),
        }
    }

    fn durable(&self, file: &File) -> io::Result<()> {
        let inode = file.metadata()?.ino();
        self.inner().unsynced.retain(|write| write.inode != inode);
        Ok(())
    }
}

impl Disk for SimDisk {
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
        RealDisk.allocate(file, length)
    }
    fn write_at(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        let called = self.call(true, false);
        // A write at which the machine stops may have reached the device in part.
        let crashed = self.inner().crashed;
        if called.is_ok() || (crashed && self.inner().plan.take().is_some()) {
            let mut old = vec![0; bytes.len()];
            let length = file.metadata()?.len();
            let there = usize::try_from(length.saturating_sub(offset)).unwrap_or(0).min(bytes.len());
            file.read_exact_at(&mut old[..there], offset)?;
            file.write_all_at(bytes, offset)?;
            let inode = file.metadata()?.ino();
            self.inner().unsynced.push(Unsynced { inode, file: file.try_clone()?, at: offset, old });
        }
        called
    }
    fn sync_data(&self, file: &File) -> io::Result<()> {
        self.call(false, true)?;
        self.durable(file)
    }
    fn sync_all(&self, file: &File) -> io::Result<()> {
        self.call(false, true)?;
        self.durable(file)
    }
    fn sync_folder(&self, _path: &Path) -> io::Result<()> {
        self.call(false, true)
    }
    fn sync_file_system(&self, _path: &Path) -> io::Result<()> {
        self.call(false, true)?;
        self.inner().unsynced.clear();
        Ok(())
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
