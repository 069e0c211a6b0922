//! What can go wrong with a store: each names the file, the place and what to do.

use journal::checkpoint::CheckpointError;
use journal::verify::Fault;
use std::path::{Path, PathBuf};
use std::{fmt, io};

/// Why a store refuses.
#[derive(Debug)]
pub enum StoreError {
    /// A system call failed; nothing was changed that a later call would see.
    Io {
        /// What was being done.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// No space for another segment; appending works again when there is.
    Full {
        /// Where space is needed.
        path: PathBuf,
        /// Bytes needed.
        needed: u64,
    },
    /// A write or a sync failed, so nobody knows what the disk holds.
    Poisoned {
        /// The file.
        path: PathBuf,
        /// What the system said first.
        why: String,
    },
    /// A file is not what was written.
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where in it.
        offset: u64,
        /// First entry that cannot be trusted.
        entry: u64,
        /// What was found.
        what: String,
    },
    /// Fewer entries than the journal has signed for.
    Behind {
        /// Size in the published checkpoint.
        signed: u64,
        /// Entries found.
        found: u64,
    },
    /// The entries are not those of the published checkpoint, or contradict each other.
    Fault {
        /// Where it showed.
        path: PathBuf,
        /// What does not hold.
        fault: Fault,
    },
    /// A published checkpoint that does not verify.
    Checkpoint {
        /// The file.
        path: PathBuf,
        /// Why.
        error: CheckpointError,
    },
    /// A key file that cannot be read or is not the journal's.
    Key {
        /// The file.
        path: PathBuf,
    },
    /// Another process writes here.
    Locked {
        /// The folder.
        path: PathBuf,
    },
    /// `create` on a folder that has a journal.
    Exists {
        /// The folder.
        path: PathBuf,
    },
    /// `open` on a folder that has none.
    NoJournal {
        /// The folder.
        path: PathBuf,
    },
    /// A time before the last entry's.
    ClockBack {
        /// Time of the last entry, UTC ms.
        last: i64,
        /// Time given, UTC ms.
        given: i64,
    },
    /// Beyond a limit of the format.
    TooLarge {
        /// What.
        what: &'static str,
        /// The limit.
        limit: usize,
        /// What was given.
        given: usize,
    },
    /// No such entry, or one that may not be destroyed.
    NoEntry {
        /// The index asked for.
        index: u64,
        /// Entries there are.
        size: u64,
    },
}

impl StoreError {
    pub(super) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { doing, path, source }
    }

    pub(super) fn damaged(path: &Path, offset: u64, entry: u64, what: impl Into<String>) -> Self {
        Self::Damaged { path: path.into(), offset, entry, what: what.into() }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { doing, path, source } => {
                write!(f, "{doing} {}: {source}; check the path, its owner and the disk", path.display())
            }
            Self::Full { path, needed } => {
                write!(f, "{}: expected {needed} free bytes for a segment; free some and append again", path.display())
            }
            Self::Poisoned { path, why } => write!(
                f,
                "{}: {why}; what the disk holds is unknown: end this process, check the disk, start again",
                path.display()
            ),
            Self::Damaged { path, offset, entry, what } => write!(
                f,
                "{}, offset {offset}, entry {entry}: {what}; restore this file from a copy, then verify",
                path.display()
            ),
            Self::Behind { signed, found } => write!(
                f,
                "expected the {signed} entries that were signed for, found {found}; restore the last segment from a copy"
            ),
            Self::Fault { path, fault } => write!(f, "{}: {fault}", path.display()),
            Self::Checkpoint { path, error } => {
                write!(f, "{}: {error}; compare with a witness, then remove the file: it is made again", path.display())
            }
            Self::Key { path } => {
                write!(f, "{}: expected the private key of this journal; restore it from a copy", path.display())
            }
            Self::Locked { path } => {
                write!(f, "{}: another process writes here; stop it first", path.display())
            }
            Self::Exists { path } => write!(f, "{}: has a journal already; open it or give another", path.display()),
            Self::NoJournal { path } => write!(f, "{}: expected a journal; create one first", path.display()),
            Self::ClockBack { last, given } => {
                write!(f, "expected a time of at least {last}, the last entry's, got {given}; check the clock")
            }
            Self::TooLarge { what, limit, given } => {
                write!(f, "expected at most {limit} {what}, got {given}; split it")
            }
            Self::NoEntry { index, size } => {
                write!(f, "entry {index}: expected an index from 1 to below {size}; genesis is never destroyed")
            }
        }
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
