//! Reading the groups of a journal in order, and telling a torn end from damage.
//!
//! It promises: every group that was acknowledged is given once, in order, or an error names
//! the file, the offset and the first entry lost. The rules:
//!
//! 1. A group counts when its head has its CRC, the segment's mark and the next sequence, and
//!    its content has its CRCs. The next group starts where it ends.
//! 2. Where no group counts: if a head with this segment's mark and the same or a later sequence
//!    follows at any later page, or a later segment exists although something lies here, it is
//!    **damage**. A writer starts a group only when the one before it is durable.
//! 3. Otherwise what lies here is a group whose write was cut short, the **torn end**: it was
//!    never acknowledged, is reported and dropped.
//!
//! An idle writer closes with an empty group, so that after 10 ms damage to the last entries is
//! damage by rule 2 and cannot pass for a torn end.

use super::group::{Group, HEAD, Head, PAGE};
use super::segment::{self, SegmentHead};
use super::{Place, StoreError};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// A position in the segments.
#[derive(Debug)]
pub struct Scan {
    dir: PathBuf,
    path: PathBuf,
    file: File,
    length: u64,
    pub(super) head: SegmentHead,
    pub(super) at: u64,
    pub(super) sequence: u64,
    pub(super) index: u64,
}

/// What lies behind the last whole group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Torn {
    /// The segment.
    pub path: PathBuf,
    /// Where it starts.
    pub offset: u64,
    /// How many bytes, to the last that is not zero.
    pub bytes: u64,
}

/// One step of a scan.
pub(super) enum Step {
    Group(Place, Group),
    End(Option<Torn>),
}

impl Scan {
    /// Starts at the first group of a data folder.
    pub fn start(dir: &Path) -> Result<Self, StoreError> {
        Self::enter(dir, 0, 0, 0)
    }

    /// Starts at a group whose place is known.
    pub(super) fn at(dir: &Path, place: Place) -> Result<Self, StoreError> {
        let (file, path, length, head) = open(dir, place.segment, place.first)?;
        Ok(Self {
            dir: dir.into(),
            path,
            file,
            length,
            head,
            at: place.offset,
            sequence: place.sequence,
            index: place.first,
        })
    }

    fn enter(dir: &Path, number: u64, sequence: u64, index: u64) -> Result<Self, StoreError> {
        let (file, path, length, head) = open(dir, number, index)?;
        if head.number != number || head.sequence != sequence || head.first != index {
            let what = format!(
                "expected segment {number} with group {sequence} and entry {index}, found segment {} with group {} and entry {}",
                head.number, head.sequence, head.first
            );
            return Err(StoreError::damaged(&path, 0, index, what));
        }
        Ok(Self { dir: dir.into(), path, file, length, head, at: PAGE as u64, sequence, index })
    }

    /// The next group. Of a journal that is being written, `live` takes whatever is not a whole
    /// group as not written yet.
    pub(super) fn step(&mut self, live: bool) -> Result<Step, StoreError> {
        loop {
            if live {
                self.length = self.file.metadata().map_err(StoreError::io("read", &self.path))?.len();
            }
            let why = match self.group()? {
                Ok(found) => return Ok(found),
                Err(why) => why,
            };
            let next = segment::path(&self.dir, self.head.number + 1);
            if live && !next.exists() {
                return Ok(Step::End(None));
            }
            let torn = self.tail(why)?;
            if segment::last(&self.dir).is_none_or(|last| last <= self.head.number) {
                return Ok(Step::End(torn));
            }
            if let Some(torn) = torn {
                return Err(StoreError::damaged(
                    &torn.path,
                    torn.offset,
                    self.index,
                    format!("{why}, before a later segment"),
                ));
            }
            let journal_id = self.head.journal_id;
            *self = Self::enter(&self.dir, self.head.number + 1, self.sequence, self.index)?;
            if self.head.journal_id != journal_id {
                return Err(StoreError::damaged(&self.path, 16, self.index, "a segment of another journal"));
            }
        }
    }

    /// The group at this position, or why there is none.
    fn group(&mut self) -> Result<Result<Step, &'static str>, StoreError> {
        let Some(head) = self.head_at(self.at)? else { return Ok(Err("no head of a group")) };
        if head.mark != self.head.mark || head.sequence != self.sequence || head.first != self.index {
            return Ok(Err("a group out of its order"));
        }
        if head.length() > super::group::MAX_GROUP as u64 || self.at + head.length() > self.length {
            return Ok(Err("a group that is cut off"));
        }
        let mut bytes = vec![0; head.length() as usize];
        self.file.read_exact_at(&mut bytes, self.at).map_err(StoreError::io("read", &self.path))?;
        match Group::check(bytes, head) {
            Ok(group) => {
                let place =
                    Place { first: self.index, sequence: self.sequence, segment: self.head.number, offset: self.at };
                self.at += head.length();
                self.sequence += 1;
                self.index += u64::from(head.count);
                Ok(Ok(Step::Group(place, group)))
            }
            Err((_, why)) => Ok(Err(why)),
        }
    }

    fn head_at(&self, offset: u64) -> Result<Option<Head>, StoreError> {
        if offset + HEAD as u64 > self.length {
            return Ok(None);
        }
        let mut bytes = [0; HEAD];
        self.file.read_exact_at(&mut bytes, offset).map_err(StoreError::io("read", &self.path))?;
        Ok(Head::decode(&bytes))
    }

    /// Reads on from here to the end of the segment: damage by rule 2, a torn end, or zeros.
    fn tail(&self, why: &'static str) -> Result<Option<Torn>, StoreError> {
        let (mut offset, mut end) = (self.at, self.at);
        let mut chunk = vec![0; 256 * PAGE];
        while offset < self.length {
            let length = chunk.len().min((self.length - offset) as usize);
            self.file.read_exact_at(&mut chunk[..length], offset).map_err(StoreError::io("read", &self.path))?;
            for (page, start) in chunk[..length].chunks(PAGE).zip((offset..).step_by(PAGE)) {
                let Some(last) = page.iter().rposition(|&byte| byte != 0) else { continue };
                end = start + last as u64 + 1;
                let later =
                    Head::decode(page).filter(|head| head.mark == self.head.mark && head.sequence >= self.sequence);
                if later.is_some_and(|_| start > self.at) {
                    let what = format!("{why}, and a later group at offset {start}");
                    return Err(StoreError::damaged(&self.path, self.at, self.index, what));
                }
                // A head with another sequence here: the group that belongs here is gone.
                if later.is_some_and(|head| head.sequence > self.sequence) {
                    return Err(StoreError::damaged(&self.path, self.at, self.index, why));
                }
            }
            offset += length as u64;
        }
        let torn = Torn { path: self.path.clone(), offset: self.at, bytes: end - self.at };
        Ok((torn.bytes > 0).then_some(torn))
    }
}

fn open(dir: &Path, number: u64, entry: u64) -> Result<(File, PathBuf, u64, SegmentHead), StoreError> {
    let path = segment::path(dir, number);
    let file = match File::open(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(match segment::last(dir) {
                None => StoreError::NoJournal { path: dir.into() },
                Some(last) => {
                    StoreError::damaged(&path, 0, entry, format!("the segment is missing, segment {last} is there"))
                }
            });
        }
        other => other.map_err(StoreError::io("open", &path))?,
    };
    let length = file.metadata().map_err(StoreError::io("read", &path))?.len();
    let mut page = vec![0; PAGE];
    if length < PAGE as u64 {
        return Err(StoreError::damaged(&path, 0, entry, "the segment has no first page"));
    }
    file.read_exact_at(&mut page, 0).map_err(StoreError::io("read", &path))?;
    let head = SegmentHead::decode(&page).map_err(|what| StoreError::damaged(&path, 0, entry, what))?;
    Ok((file, path, length, head))
}
