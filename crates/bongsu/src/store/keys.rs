//! The journal's keys: `keys/journal.key` (secret, mode 600) and `keys/journal.pub`.
//!
//! It promises that a key on disk is whole or refused: both files are the text forms of signed
//! notes, whose id is a hash of the rest. It must never print a secret.

use super::StoreError;
use super::disk::Disk;
use journal::note::{Algorithm, SignerKey};
use std::path::{Path, PathBuf};

/// The secret half.
pub fn secret_path(dir: &Path) -> PathBuf {
    dir.join("keys/journal.key")
}

/// The public half, to be given away.
pub fn public_path(dir: &Path) -> PathBuf {
    dir.join("keys/journal.pub")
}

/// Writes the two files and makes them durable.
pub(super) fn write(disk: &dyn Disk, dir: &Path, key: &SignerKey) -> Result<(), StoreError> {
    let folder = dir.join("keys");
    disk.create_folder(&folder).map_err(StoreError::io("make", &folder))?;
    let public = key.verifier(Algorithm::Ed25519).to_string();
    for (path, text) in [(secret_path(dir), key.encode()), (public_path(dir), public)] {
        disk.remove(&path).map_err(StoreError::io("remove", &path))?;
        let file = disk.open(&path, true).map_err(StoreError::io("make", &path))?;
        disk.write_at(&file, format!("{text}\n").as_bytes(), 0).map_err(StoreError::io("write", &path))?;
        disk.sync_all(&file).map_err(StoreError::io("sync", &path))?;
    }
    disk.sync_folder(&folder).map_err(StoreError::io("sync", &folder))
}

/// Reads the secret half.
pub fn read(dir: &Path) -> Result<SignerKey, StoreError> {
    let path = secret_path(dir);
    let text = std::fs::read_to_string(&path).map_err(|_| StoreError::Key { path: path.clone() })?;
    let key = text.strip_suffix('\n').and_then(|text| SignerKey::parse(text).ok());
    key.ok_or(StoreError::Key { path })
}
