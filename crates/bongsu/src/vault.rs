//! The vault: evidence and packages beside the journal, each under its hash, readable by their owner only.
//!
//! It promises that what it kept is whole on disk before it answers, and names what was lost or changed since. The journal
//! holds the hash and what was said about the file; the file is never in it.

use crate::command::verify::hex;
use crate::trouble::Trouble;
use journal::Hash;
use kernel::fact::EvidenceKept;
use kernel::state::State;
use rulebook::time::Instant;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Largest file of evidence: a day of camera pictures; what is longer is kept elsewhere and its hash list filed.
pub const MAX_FILE: u64 = 1 << 32;

/// Where evidence lies.
pub fn path(dir: &Path, hash: &Hash) -> PathBuf {
    dir.join("vault").join(hex(hash))
}

/// Where a package lies.
pub fn filing(dir: &Path, hash: &Hash) -> PathBuf {
    dir.join("filings").join(format!("{}.filing", hex(hash)))
}

/// Copies a file into the vault; gives its hash and length. A file that is there already is checked and kept.
pub fn keep(dir: &Path, file: &Path) -> Result<(Hash, u64), Trouble> {
    let length = fs::metadata(file).map_err(|e| Trouble::file(file, &e))?.len();
    if length > MAX_FILE {
        let hint = "keep it elsewhere and keep a list of hashes here";
        return Err(Trouble::new(format!("{}: {length} bytes; at most {MAX_FILE}", file.display()), hint));
    }
    let mut from = File::open(file).map_err(|e| Trouble::file(file, &e))?;
    let folder = folder(dir, "vault")?;
    let new = folder.join(format!("new-{}", std::process::id()));
    let copied = copy(&mut from, &new);
    let (hash, bytes) = copied.map_err(|e| Trouble::file(&new, &e))?;
    place(&new, &path(dir, &hash), &folder)?;
    Ok((hash, bytes))
}

/// Puts a package under its hash.
pub fn keep_filing(dir: &Path, hash: &Hash, bytes: &[u8]) -> Result<(), Trouble> {
    let folder = folder(dir, "filings")?;
    let new = folder.join(format!("new-{}", std::process::id()));
    copy(&mut &*bytes, &new).map_err(|e| Trouble::file(&new, &e))?;
    place(&new, &filing(dir, hash), &folder)
}

fn folder(dir: &Path, name: &str) -> Result<PathBuf, Trouble> {
    let folder = dir.join(name);
    fs::create_dir_all(&folder).map_err(|e| Trouble::file(&folder, &e))?;
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).map_err(|e| Trouble::file(&folder, &e))?;
    Ok(folder)
}

/// Copies and syncs; the mode is set before the first byte is there.
fn copy(from: &mut dyn Read, to: &Path) -> io::Result<(Hash, u64)> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(to)?;
    let (mut hasher, mut length, mut buffer) = (Sha256::new(), 0u64, vec![0; 1 << 16]);
    loop {
        let read = from.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hasher.update(&buffer[..read]);
        file.write_all(&buffer[..read])?;
        length = length.saturating_add(read as u64);
    }
    file.sync_all()?;
    Ok((hasher.finalize().into(), length))
}

/// One or the other is there, durably.
fn place(new: &Path, path: &Path, folder: &Path) -> Result<(), Trouble> {
    fs::rename(new, path).map_err(|e| Trouble::file(path, &e))?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|e| Trouble::file(folder, &e))
}

/// The hash of a file on disk.
pub fn hash_of(path: &Path) -> io::Result<Hash> {
    let (mut file, mut hasher, mut buffer) = (File::open(path)?, Sha256::new(), vec![0; 1 << 16]);
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(hasher.finalize().into());
        }
        hasher.update(&buffer[..read]);
    }
}

/// What is wrong with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wrong {
    /// It is not there.
    Missing,
    /// It is not what it was.
    Differs,
    /// Others than its owner may read it.
    Readable,
    /// It may not be relied on any more.
    Expired,
}

impl Wrong {
    /// In words, with what to do.
    pub fn say(self, lang: crate::lang::Lang) -> &'static str {
        match self {
            Wrong::Missing => lang.pick(
                "missing: expected the file in the vault; restore it from a copy, then check again",
                "없음: 보관소에 파일이 없음. 사본에서 복원한 뒤 다시 점검할 것",
            ),
            Wrong::Differs => lang.pick(
                "differs: its hash is not the recorded one; restore it from a copy, then check again",
                "불일치: 해시가 기록과 다름. 사본에서 복원한 뒤 다시 점검할 것",
            ),
            Wrong::Readable => lang.pick(
                "readable: others may read it; set its mode to 600",
                "권한: 다른 사용자가 읽을 수 있음. 권한을 600으로 바꿀 것",
            ),
            Wrong::Expired => lang.pick(
                "expired: it no longer supports anything; collect and add a new one",
                "만료: 더 이상 증빙이 되지 않음. 새로 수집해 추가할 것",
            ),
        }
    }
}

/// Checks what the journal says is in the vault; each file once, expiry for each statement.
pub fn check(dir: &Path, state: &State, now: Instant) -> Vec<(EvidenceKept, Wrong)> {
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for (_, kept) in state.vault().all() {
        if seen.insert(kept.hash)
            && let Some(found) = file(&path(dir, &kept.hash), &kept.hash)
        {
            wrong.push((kept.clone(), found));
        }
        if kept.expires.is_some_and(|end| end < now) {
            wrong.push((kept.clone(), Wrong::Expired));
        }
    }
    wrong
}

/// What is wrong with one file.
pub fn file(path: &Path, hash: &Hash) -> Option<Wrong> {
    match hash_of(path) {
        Err(_) => Some(Wrong::Missing),
        Ok(found) if found != *hash => Some(Wrong::Differs),
        Ok(_) => {
            let mode = fs::metadata(path).map_or(0, |about| about.permissions().mode());
            (mode & 0o077 != 0).then_some(Wrong::Readable)
        }
    }
}
