//! The system calls that change a disk, behind a door where tests make them fail.
//!
//! It promises nothing more than the calls themselves: no retry, no buffering. It must never
//! know what is written. Reading needs no door: a failed read changes nothing.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::Path;

/// Everything the store does to a disk.
pub trait Disk: Send + Sync {
    /// Makes a folder and those above it, readable by the owner only; fine if it exists.
    fn create_folder(&self, path: &Path) -> io::Result<()>;
    /// Opens a file to read and write, mode 600, making it if `create`.
    fn open(&self, path: &Path, create: bool) -> io::Result<File>;
    /// Takes space for a file up to `length`; it reads as zeros where nothing was written.
    fn allocate(&self, file: &File, length: u64) -> io::Result<()>;
    /// Writes all of `bytes` at `offset`; after an error any part of them may be there.
    fn write_at(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()>;
    /// fdatasync.
    fn sync_data(&self, file: &File) -> io::Result<()>;
    /// fsync: length and allocation too.
    fn sync_all(&self, file: &File) -> io::Result<()>;
    /// fsync of a folder: names in it.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;
    /// syncfs: everything on the file system that holds `path`.
    fn sync_file_system(&self, path: &Path) -> io::Result<()>;
    /// Cuts a file to `length`.
    fn truncate(&self, file: &File, length: u64) -> io::Result<()>;
    /// Renames, replacing what has the new name.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file or a folder with all in it; fine if there is none.
    fn remove(&self, path: &Path) -> io::Result<()>;
}

/// The disk of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
    }

    fn open(&self, path: &Path, create: bool) -> io::Result<File> {
        OpenOptions::new().read(true).write(true).create(create).mode(0o600).open(path)
    }

    fn allocate(&self, file: &File, length: u64) -> io::Result<()> {
        Ok(rustix::fs::fallocate(file, rustix::fs::FallocateFlags::empty(), 0, length)?)
    }

    fn write_at(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        file.write_all_at(bytes, offset)
    }

    fn sync_data(&self, file: &File) -> io::Result<()> {
        file.sync_data()
    }

    fn sync_all(&self, file: &File) -> io::Result<()> {
        file.sync_all()
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    fn sync_file_system(&self, path: &Path) -> io::Result<()> {
        Ok(rustix::fs::syncfs(File::open(path)?)?)
    }

    fn truncate(&self, file: &File, length: u64) -> io::Result<()> {
        file.set_len(length)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let removed = match std::fs::symlink_metadata(path) {
            Ok(found) if found.is_dir() => std::fs::remove_dir_all(path),
            Ok(_) => std::fs::remove_file(path),
            Err(error) => Err(error),
        };
        match removed {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }
}
