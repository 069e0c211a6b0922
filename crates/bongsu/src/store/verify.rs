//! Checking a data folder from its files and a public key: hashes, order, checkpoint, tiles.
//!
//! It promises to trust nothing recorded, and to name the first thing that does not hold. It
//! changes nothing and needs no lock. Whether conclusions were right is a replay's to say.

use super::reader::Reader;
use super::{StoreError, Torn, segment};
use journal::Hash;
use journal::checkpoint::{Checkpoint, cosigned_at};
use journal::note::{Algorithm, VerifierKey};
use journal::tiles::{self, WIDTH};
use journal::tree::Tree;
use journal::verify::{Checker, Fault};
use std::path::{Path, PathBuf};

/// What was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Entries in the segments.
    pub size: u64,
    /// Root over them.
    pub root: Hash,
    /// Entries under the published checkpoint.
    pub signed: u64,
    /// When that was signed, POSIX seconds.
    pub signed_at: Option<u64>,
    /// Bodies that were destroyed.
    pub destroyed: u64,
    /// A group at the end that was never acknowledged, or is being written now.
    pub torn: Option<Torn>,
}

/// Checks all of `dir` against `key`; without one, against the key that genesis names, which
/// shows that the files agree with each other but not whose they are.
pub fn verify(dir: &Path, key: Option<&VerifierKey>) -> Result<Report, StoreError> {
    let mut reader = Reader::start(dir)?;
    let genesis = reader.genesis().clone();
    let own = VerifierKey::new(&genesis.origin(), Algorithm::Ed25519, &genesis.public_key);
    let own = own.map_err(|_| StoreError::Key { path: segment::path(dir, 0) })?;
    let key = key.unwrap_or(&own);
    let signed = super::published(dir, key)?;
    let mut walk = Walk { log: dir.join("log"), signed, checker: Checker::new(), bundle: Vec::new() };
    walk.at_signed_size()?;
    let torn = reader.recover(|place, group| {
        let path = segment::path(dir, place.segment);
        group.entries().try_for_each(|stored| walk.entry(&path, stored.leaf, stored.body()))
    })?;
    let size = walk.checker.tree().size();
    let signed = walk.signed.as_ref().map_or(0, |checkpoint| checkpoint.size);
    if size < signed {
        return Err(StoreError::Behind { signed, found: size });
    }
    let note = std::fs::read_to_string(dir.join("log/checkpoint"));
    let signed_at = note.ok().and_then(|note| cosigned_at(&note, key).ok());
    Ok(Report { size, root: walk.checker.tree().root(), signed, signed_at, destroyed: walk.checker.destroyed(), torn })
}

struct Walk {
    log: PathBuf,
    signed: Option<Checkpoint>,
    checker: Checker,
    bundle: Vec<u8>,
}

impl Walk {
    fn entry(&mut self, path: &Path, leaf: &[u8], body: journal::verify::Body<'_>) -> Result<(), StoreError> {
        let signed = self.signed.as_ref().map_or(0, |checkpoint| checkpoint.size);
        let size = self.checker.tree().size() + 1;
        let mut full = Vec::new();
        let told = self.checker.entry(leaf, body, |level, index, hashes| full.push((level, index, hashes.concat())));
        told.map_err(|fault| StoreError::Fault { path: path.into(), fault })?;
        tiles::push_entry(&mut self.bundle, leaf);
        for (level, index, content) in full.into_iter().filter(|_| size <= signed) {
            self.same(&tiles::tile_path(level, index, WIDTH), &content, size)?;
        }
        if size.is_multiple_of(WIDTH as u64) {
            let bundle = std::mem::take(&mut self.bundle);
            if size <= signed {
                self.same(&tiles::entries_path(size / WIDTH as u64 - 1, WIDTH), &bundle, size)?;
            }
        }
        self.at_signed_size()
    }

    /// Where the checkpoint stands: its root, and the partial tiles it asks for.
    fn at_signed_size(&self) -> Result<(), StoreError> {
        let tree = self.checker.tree();
        let Some(signed) = self.signed.as_ref().filter(|signed| signed.size == tree.size()) else { return Ok(()) };
        let fault = |fault: Fault| StoreError::Fault { path: self.log.join("checkpoint"), fault };
        self.checker.checkpoint(signed).map_err(fault)?;
        self.partials(tree)
    }

    fn partials(&self, tree: &Tree) -> Result<(), StoreError> {
        let size = tree.size();
        for level in 0..tree.levels() {
            let hashes = tree.partial(level);
            if !hashes.is_empty() {
                self.same(
                    &tiles::tile_path(level, size >> (8 * (u32::from(level) + 1)), hashes.len()),
                    &hashes.concat(),
                    size,
                )?;
            }
        }
        if self.bundle.is_empty() {
            return Ok(());
        }
        self.same(&tiles::entries_path(size / WIDTH as u64, (size % WIDTH as u64) as usize), &self.bundle, size)
    }

    fn same(&self, path: &str, content: &[u8], size: u64) -> Result<(), StoreError> {
        let path = self.log.join(path);
        let found = std::fs::read(&path).map_err(StoreError::io("read", &path))?;
        if found == content {
            return Ok(());
        }
        let offset = found.iter().zip(content).position(|(a, b)| a != b).unwrap_or(found.len().min(content.len()));
        let what = "the file is not what the entries make it; remove log/ and start: it is made again";
        Err(StoreError::damaged(&path, offset as u64, size - 1, what))
    }
}
