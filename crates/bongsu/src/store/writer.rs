//! Writing groups into segments.
//!
//! It promises one write and one fdatasync per group, and that a group is durable when
//! [`Writer::append`] returns. After a failed sync it never writes again: the system may have
//! dropped the pages and called them clean, so a second sync would say yes to nothing.
//!
//! Segments are allocated whole, so a full disk can strike only where one is taken into use, and
//! one more lies in reserve. Zeros are written ahead with the groups: a write into allocated but
//! never written space makes the file system journal the change with the sync (5,500 syncs/s
//! against 7,700 into written zeros), so each 256 kB are first written as zeros together with
//! the group that reaches them, which costs one group in 64 about 0.1 ms.

use super::disk::Disk;
use super::group::{self, HEAD, NewEntry, PAGE};
use super::scan::{Scan, Torn};
use super::segment::{self, SegmentHead};
use super::{Place, StoreError};
use kernel::planted::{Bug, is};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How far zeros are written ahead.
const AHEAD: u64 = 256 << 10;

/// The only writer of a journal's segments.
pub(super) struct Writer {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    segment_bytes: u64,
    head: SegmentHead,
    path: PathBuf,
    file: File,
    at: u64,
    zeroed: u64,
    reserved: bool,
    sequence: u64,
    index: u64,
    poisoned: Option<String>,
    buffer: Vec<u8>,
    leaves: Vec<u8>,
}

impl Writer {
    /// Makes segment 0 with its first group. Segment and group appear together, by a rename.
    pub fn create(
        disk: Arc<dyn Disk>,
        dir: &Path,
        segment_bytes: u64,
        journal_id: [u8; 16],
        genesis: &NewEntry<'_>,
    ) -> Result<(), StoreError> {
        let head = SegmentHead { mark: mark()?, journal_id, number: 0, sequence: 0, first: 0 };
        let (reserve, path) = (segment::reserve(dir), segment::path(dir, 0));
        let mut first = Vec::new();
        group::encode((head.mark, 0, 0), &[*genesis], &mut first, &mut Vec::new())?;
        let page = [head.encode(), first].concat();
        disk.remove(&reserve).map_err(StoreError::io("remove", &reserve))?;
        let file = allocate(&*disk, &reserve, segment_bytes)?;
        disk.write_at(&file, &page, 0).map_err(StoreError::io("write", &reserve))?;
        disk.sync_all(&file).map_err(StoreError::io("sync", &reserve))?;
        disk.rename(&reserve, &path).map_err(StoreError::io("rename", &reserve))?;
        disk.sync_folder(&segment::folder(dir)).map_err(StoreError::io("sync", &path))
    }

    /// Goes on where a scan ended: clears a torn end, and makes what was read durable (it may
    /// have been written but not synced by a process that was killed) by an empty group.
    pub fn resume(
        disk: Arc<dyn Disk>,
        dir: &Path,
        segment_bytes: u64,
        scan: &Scan,
        torn: Option<&Torn>,
    ) -> Result<Self, StoreError> {
        let path = segment::path(dir, scan.head.number);
        let file = disk.open(&path, false).map_err(StoreError::io("open", &path))?;
        disk.allocate(&file, segment_bytes).map_err(full(&path, segment_bytes))?;
        if let Some(torn) = torn {
            let zeros = vec![0; torn.bytes as usize];
            disk.write_at(&file, &zeros, torn.offset).map_err(StoreError::io("write", &path))?;
        }
        disk.sync_all(&file).map_err(StoreError::io("sync", &path))?;
        let reserve = segment::reserve(dir);
        disk.remove(&reserve).map_err(StoreError::io("remove", &reserve))?;
        let mut writer = Self {
            disk,
            dir: dir.into(),
            segment_bytes,
            head: scan.head,
            path,
            file,
            at: scan.at,
            zeroed: scan.at,
            reserved: false,
            sequence: scan.sequence,
            index: scan.index,
            poisoned: None,
            buffer: Vec::new(),
            leaves: Vec::new(),
        };
        writer.reserve()?;
        Ok(writer)
    }

    /// Entries written.
    pub fn size(&self) -> u64 {
        self.index
    }

    /// The leaves of the last group, as a bundle.
    pub fn leaves(&self) -> &[u8] {
        &self.leaves
    }

    /// Writes a group; where it lies, when it is durable.
    pub fn append(&mut self, entries: &[NewEntry<'_>]) -> Result<Place, StoreError> {
        self.alive()?;
        let length = group::measure(entries)? as u64;
        if length > self.segment_bytes - PAGE as u64 {
            let limit = self.segment_bytes as usize - PAGE;
            return Err(StoreError::TooLarge {
                what: "bytes in a group of this segment size",
                limit,
                given: length as usize,
            });
        }
        if self.at + length > self.segment_bytes {
            self.roll()?;
        }
        let mut buffer = std::mem::take(&mut self.buffer);
        let mut leaves = std::mem::take(&mut self.leaves);
        let head = (self.head.mark, self.sequence, self.index);
        let written = group::encode(head, entries, &mut buffer, &mut leaves).and_then(|()| self.write(&mut buffer));
        (self.buffer, self.leaves) = (buffer, leaves);
        written?;
        let place = Place { first: self.index, sequence: self.sequence, segment: self.head.number, offset: self.at };
        self.at += length;
        self.sequence += 1;
        self.index += entries.len() as u64;
        Ok(place)
    }

    /// The one write and the one sync. The buffer ends as the zeros that were written ahead.
    fn write(&mut self, buffer: &mut Vec<u8>) -> Result<(), StoreError> {
        let end = self.at + buffer.len() as u64;
        if end > self.zeroed {
            let ahead = end.next_multiple_of(AHEAD).min(self.segment_bytes);
            buffer.resize((ahead - self.at) as usize, 0);
            self.zeroed = ahead;
        }
        if let Err(error) = self.disk.write_at(&self.file, buffer, self.at) {
            return Err(self.unwrite(error));
        }
        let synced = if is(Bug::AckBeforeSync) { Ok(()) } else { self.disk.sync_data(&self.file) };
        synced.map_err(|error| self.poison(format!("sync: {error}")))
    }

    /// After a write that found no space: nothing of the group may be taken for a group later,
    /// also when all of it but zeros arrived. Any other failed write poisons.
    fn unwrite(&mut self, error: io::Error) -> StoreError {
        if error.kind() != io::ErrorKind::StorageFull {
            return self.poison(format!("write: {error}"));
        }
        let cleared =
            self.disk.write_at(&self.file, &[0; PAGE], self.at).and_then(|()| self.disk.sync_data(&self.file));
        match cleared {
            Ok(()) => StoreError::Full { path: self.path.clone(), needed: self.segment_bytes },
            Err(again) => self.poison(format!("write: {error}, then {again}")),
        }
    }

    /// Takes the reserve into use and allocates the next.
    fn roll(&mut self) -> Result<(), StoreError> {
        self.reserve()?;
        if !self.reserved {
            return Err(StoreError::Full { path: segment::folder(&self.dir), needed: self.segment_bytes });
        }
        let head = SegmentHead {
            mark: mark()?,
            number: self.head.number + 1,
            sequence: self.sequence,
            first: self.index,
            journal_id: self.head.journal_id,
        };
        let (reserve, path) = (segment::reserve(&self.dir), segment::path(&self.dir, head.number));
        let file = self.disk.open(&reserve, false).map_err(StoreError::io("open", &reserve))?;
        let taken = self
            .disk
            .write_at(&file, &head.encode(), 0)
            .and_then(|()| self.disk.sync_all(&file))
            .and_then(|()| self.disk.rename(&reserve, &path))
            .and_then(|()| self.disk.sync_folder(&segment::folder(&self.dir)));
        taken.map_err(|error| self.poison(format!("new segment: {error}")))?;
        (self.head, self.path, self.file) = (head, path, file);
        (self.at, self.zeroed, self.reserved) = (PAGE as u64, PAGE as u64, false);
        self.reserve()
    }

    /// Allocates a reserve if there is none and the disk has room; a full disk is no error yet.
    fn reserve(&mut self) -> Result<(), StoreError> {
        if self.reserved {
            return Ok(());
        }
        let reserve = segment::reserve(&self.dir);
        match allocate(&*self.disk, &reserve, self.segment_bytes) {
            Ok(_) => self.reserved = true,
            Err(StoreError::Full { .. }) => self.disk.remove(&reserve).map_err(StoreError::io("remove", &reserve))?,
            Err(other) => return Err(other),
        }
        Ok(())
    }

    /// That the next group, of whatever size, will find space.
    pub fn ensure_room(&mut self) -> Result<(), StoreError> {
        self.alive()?;
        self.reserve()?;
        let left = self.segment_bytes - self.at;
        if self.reserved || left >= (group::MAX_GROUP as u64).min(self.segment_bytes - PAGE as u64) {
            return Ok(());
        }
        Err(StoreError::Full { path: segment::folder(&self.dir), needed: self.segment_bytes })
    }

    /// The same for a group behind one that is not written yet and has so many bytes of entries.
    pub fn has_room_behind(&self, bytes: u64) -> bool {
        let (whole, first) = (self.segment_bytes - PAGE as u64, (HEAD as u64 + bytes).next_multiple_of(PAGE as u64));
        let largest = (group::MAX_GROUP as u64).min(whole);
        let left = self.segment_bytes - self.at;
        match left.checked_sub(first) {
            Some(after) => self.reserved || after >= largest,
            // The first takes the reserve, and there may be no other behind it.
            None => self.reserved && whole.checked_sub(first).is_some_and(|after| after >= largest),
        }
    }

    /// Overwrites bytes of a segment that a body and its salt occupied, salt first: from then on
    /// the body counts as destroyed, and a start finishes what a crash interrupts.
    pub fn destroy(&mut self, place: Place, salt_at: usize, body_at: usize, length: usize) -> Result<(), StoreError> {
        self.alive()?;
        let path = segment::path(&self.dir, place.segment);
        let file = self.disk.open(&path, false).map_err(StoreError::io("open", &path))?;
        for (bytes, at) in [(&group::DESTROYED[..], salt_at), (&vec![0; length][..], body_at)] {
            let done =
                self.disk.write_at(&file, bytes, place.offset + at as u64).and_then(|()| self.disk.sync_data(&file));
            done.map_err(|error| self.poison(format!("destroy: {error}")))?;
        }
        Ok(())
    }

    /// Gives back what was allocated ahead: the last segment ends with its last group.
    pub fn trim(&mut self) -> Result<(), StoreError> {
        self.alive()?;
        self.disk.truncate(&self.file, self.at).map_err(StoreError::io("cut", &self.path))?;
        self.disk.sync_all(&self.file).map_err(|error| self.poison(format!("sync: {error}")))?;
        let reserve = segment::reserve(&self.dir);
        self.reserved = false;
        self.disk.remove(&reserve).map_err(StoreError::io("remove", &reserve))
    }

    /// Ends all writing.
    pub fn poison(&mut self, why: String) -> StoreError {
        self.poisoned.get_or_insert(why);
        self.alive().err().unwrap_or(StoreError::NoJournal { path: self.dir.clone() })
    }

    fn alive(&self) -> Result<(), StoreError> {
        match &self.poisoned {
            None => Ok(()),
            Some(why) => Err(StoreError::Poisoned { path: self.path.clone(), why: why.clone() }),
        }
    }
}

fn allocate(disk: &dyn Disk, path: &Path, bytes: u64) -> Result<File, StoreError> {
    let file = disk.open(path, true).map_err(full(path, bytes))?;
    disk.allocate(&file, bytes).map_err(full(path, bytes))?;
    disk.sync_all(&file).map_err(StoreError::io("sync", path))?;
    Ok(file)
}

fn full(path: &Path, needed: u64) -> impl FnOnce(io::Error) -> StoreError {
    let path = path.to_path_buf();
    move |source| match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full { path, needed },
        _ => StoreError::Io { doing: "allocate", path, source },
    }
}

fn mark() -> Result<u64, StoreError> {
    let failed = |error: getrandom::Error| io::Error::other(error.to_string());
    getrandom::u64().map_err(failed).map_err(StoreError::io("draw a mark from", Path::new("/dev/urandom")))
}
