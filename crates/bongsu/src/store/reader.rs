//! Reading a journal: one entry, all in order, and proofs from the published tiles.
//!
//! It promises what [`Scan`] promises. It writes nothing and needs no lock: any number
//! of readers may stand beside the writer.

use super::StoreError;
use super::group::{Group, Stored};
use super::scan::{Scan, Step, Torn};
use journal::entry::{Header, Salt};
use journal::proof::InclusionProof;
use journal::set_proof::SetProof;
use journal::tree::{self, root_of};
use journal::verify::Body;
use journal::{Hash, checkpoint::Checkpoint, genesis::Genesis, note::Note, tiles};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Bytes of a journal between two remembered places: 100 GB take 1.6 M × 32 bytes = 51 MB.
const STRIDE: u64 = 64 << 10;

/// Where a group starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Index of its first entry.
    pub first: u64,
    /// Its sequence.
    pub sequence: u64,
    /// Its segment.
    pub segment: u64,
    /// Its offset in the segment.
    pub offset: u64,
}

/// An entry as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The leaf.
    pub leaf: Vec<u8>,
    /// Salt and body; `None` when destroyed.
    pub body: Option<(Salt, Vec<u8>)>,
}

impl Record {
    /// The header.
    pub fn header(&self) -> Result<Header<'_>, StoreError> {
        Header::decode(&self.leaf).map_err(|error| StoreError::Fault {
            path: PathBuf::new(),
            fault: journal::verify::Fault::Entry { index: 0, error },
        })
    }

    /// The body as the journal's checks take it.
    pub fn state(&self) -> Body<'_> {
        self.body.as_ref().map_or(Body::Destroyed, |(salt, body)| Body::Present { salt, body })
    }
}

/// Reads a data folder.
#[derive(Debug)]
pub struct Reader {
    dir: PathBuf,
    scan: Scan,
    genesis: Genesis,
    places: Vec<Place>,
    cache: Option<(Place, Group)>,
}

impl Reader {
    /// Opens a journal that may be being written, and reads what is there.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        let mut reader = Self::start(dir)?;
        reader.refresh()?;
        Ok(reader)
    }

    pub(super) fn start(dir: &Path) -> Result<Self, StoreError> {
        let genesis = genesis(dir)?;
        Ok(Self { dir: dir.into(), scan: Scan::start(dir)?, genesis, places: Vec::new(), cache: None })
    }

    /// Reads all groups from where the last reading ended, and gives each to `see`.
    pub(super) fn recover(
        &mut self,
        mut see: impl FnMut(Place, &Group) -> Result<(), StoreError>,
    ) -> Result<Option<Torn>, StoreError> {
        loop {
            match self.scan.step(false)? {
                Step::End(torn) => return Ok(torn),
                Step::Group(place, group) => {
                    self.note(place);
                    see(place, &group)?;
                }
            }
        }
    }

    /// Takes in groups written since; the size then.
    pub fn refresh(&mut self) -> Result<u64, StoreError> {
        while let Step::Group(place, _) = self.scan.step(true)? {
            self.note(place);
        }
        Ok(self.size())
    }

    /// Entries known.
    pub fn size(&self) -> u64 {
        self.scan.index
    }

    /// What entry 0 says.
    pub fn genesis(&self) -> &Genesis {
        &self.genesis
    }

    pub(super) fn scan(&self) -> &Scan {
        &self.scan
    }

    fn note(&mut self, place: Place) {
        let far = |last: &Place| last.segment != place.segment || place.offset - last.offset >= STRIDE;
        if self.places.last().is_none_or(far) {
            self.places.push(place);
        }
    }

    /// One entry, or `None` beyond the end.
    pub fn read(&mut self, index: u64) -> Result<Option<Record>, StoreError> {
        self.with(index, |_, stored| Record {
            leaf: stored.leaf.into(),
            body: match stored.body() {
                Body::Present { salt, body } => Some((*salt, body.into())),
                Body::Destroyed => None,
            },
        })
    }

    /// Runs `then` on one entry in its group.
    pub(super) fn with<T>(
        &mut self,
        index: u64,
        then: impl FnOnce(Place, Stored<'_>) -> T,
    ) -> Result<Option<T>, StoreError> {
        if index >= self.size() {
            return Ok(None);
        }
        let holds = |group: &Group| index.wrapping_sub(group.head().first) < u64::from(group.head().count);
        if !self.cache.as_ref().is_some_and(|(_, group)| holds(group)) {
            let mut groups = self.groups(index)?;
            self.cache = None;
            while let Some((place, group)) = groups.next_group()? {
                if holds(&group) {
                    self.cache = Some((place, group));
                    break;
                }
            }
        }
        let Some((place, group)) = &self.cache else { return Ok(None) };
        let position = (index - group.head().first) as usize;
        Ok(group.entries().nth(position).map(|stored| then(*place, stored)))
    }

    pub(super) fn forget(&mut self) {
        self.cache = None;
    }

    /// Groups in order, from one at or before the entry `from`: the fast way through a journal.
    pub fn groups(&self, from: u64) -> Result<Groups, StoreError> {
        let after = self.places.partition_point(|place| place.first <= from);
        // Empty groups share their first entry with the next: start before all of them.
        let start = self.places[..after].iter().rposition(|place| place.first < from).unwrap_or(0);
        let scan = match self.places.get(start) {
            Some(place) => Scan::at(&self.dir, *place)?,
            None => Scan::start(&self.dir)?,
        };
        Ok(Groups { scan, end: self.size() })
    }

    /// The published checkpoint, as text.
    pub fn checkpoint(&self) -> Result<String, StoreError> {
        let path = self.dir.join("log/checkpoint");
        std::fs::read_to_string(&path).map_err(StoreError::io("read", &path))
    }

    /// Proof that an entry is under the published checkpoint; `None` where it is not yet.
    pub fn inclusion_proof(&self, index: u64) -> Result<Option<InclusionProof>, StoreError> {
        let checkpoint = self.checkpoint()?;
        let size = self.published(&checkpoint)?;
        let hashes = tree::inclusion_proof(index, size, &mut |level, at| self.node(level, at, size))?;
        Ok(hashes.map(|hashes| InclusionProof { index, hashes, checkpoint }))
    }

    /// Proof that the tree of `old` entries is the beginning of the published one.
    pub fn consistency_proof(&self, old: u64) -> Result<Option<Vec<Hash>>, StoreError> {
        let size = self.published(&self.checkpoint()?)?;
        tree::consistency_proof(old, size, &mut |level, at| self.node(level, at, size))
    }

    /// One proof that all these entries (ascending) are under a checkpoint of `size` entries; `None` where one is not.
    pub fn set_proof(&self, indexes: &[u64], size: u64) -> Result<Option<SetProof>, StoreError> {
        // A proof goes from left to right: the tile read last at each level serves many nodes.
        let mut last: BTreeMap<u8, (u64, Vec<Hash>)> = BTreeMap::new();
        SetProof::new(indexes, size, &mut |level, index| {
            let (tile_level, tile, range) = tiles::locate(level, index);
            let hashes = match last.get(&tile_level) {
                Some((at, hashes)) if *at == tile => hashes,
                _ => {
                    let read = self.tile(tile_level, tile, size)?;
                    &last.entry(tile_level).insert_entry((tile, read)).into_mut().1
                }
            };
            let cut = || StoreError::damaged(&self.dir.join("log"), 0, 0, "a tile that is cut off");
            Ok(root_of(&mut hashes.get(range).ok_or_else(cut)?.to_vec()))
        })
    }

    fn tile(&self, level: u8, tile: u64, size: u64) -> Result<Vec<Hash>, StoreError> {
        let log = self.dir.join("log");
        let path = log.join(tiles::tile_path(level, tile, tiles::width(level, tile, size)));
        let full = log.join(tiles::tile_path(level, tile, tiles::WIDTH));
        // A partial tile may be gone since the checkpoint was read: then the full one is there.
        let bytes = std::fs::read(&path).or_else(|_| std::fs::read(&full)).map_err(StoreError::io("read", &path))?;
        tiles::hashes(&bytes).ok_or_else(|| StoreError::damaged(&path, 0, 0, "a tile that is cut off"))
    }

    fn published(&self, note: &str) -> Result<u64, StoreError> {
        use journal::checkpoint::CheckpointError::Note as Bad;
        let parsed = Note::parse(note).map_err(Bad).and_then(|note| Checkpoint::parse(note.text));
        let path = self.dir.join("log/checkpoint");
        Ok(parsed.map_err(|error| StoreError::Checkpoint { path, error })?.size)
    }

    fn node(&self, level: u8, index: u64, size: u64) -> Result<Hash, StoreError> {
        let (tile_level, tile, range) = tiles::locate(level, index);
        let hashes = self.tile(tile_level, tile, size)?;
        let cut = || StoreError::damaged(&self.dir.join("log"), 0, 0, "a tile that is cut off");
        Ok(root_of(&mut hashes.get(range).ok_or_else(cut)?.to_vec()))
    }
}

/// Groups one after another.
#[derive(Debug)]
pub struct Groups {
    scan: Scan,
    end: u64,
}

impl Groups {
    /// The next group with entries.
    pub fn next_group(&mut self) -> Result<Option<(Place, Group)>, StoreError> {
        while self.scan.index < self.end {
            match self.scan.step(true)? {
                Step::Group(place, group) if group.head().count > 0 => return Ok(Some((place, group))),
                Step::Group(..) => {}
                Step::End(_) => break,
            }
        }
        Ok(None)
    }
}

/// The body of entry 0, from the first group.
fn genesis(dir: &Path) -> Result<Genesis, StoreError> {
    let mut scan = Scan::start(dir)?;
    let path = super::segment::path(dir, 0);
    let missing = |what: &str| StoreError::damaged(&path, super::group::PAGE as u64, 0, what);
    let Step::Group(_, group) = scan.step(false)? else { return Err(missing("expected the group of genesis")) };
    match group.entries().next().map(|stored| stored.body()) {
        Some(Body::Present { body, .. }) => Genesis::decode(body).map_err(|error| missing(&error.to_string())),
        _ => Err(missing("expected genesis as the first entry")),
    }
}
