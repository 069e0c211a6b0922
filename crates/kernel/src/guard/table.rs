//! A hash table in many parts.
//!
//! It promises that growing never takes long at once: a table of a million entries that doubles holds its writer up for half a second, one of 256
//! parts for two milliseconds each time. It is only asked, never walked.

use alloc::vec::Vec;
use hashbrown::HashTable;

const PARTS: usize = 256;

/// Entries by a hash that the caller knows, and that stands in each entry or follows from it.
#[derive(Clone, Debug)]
pub(super) struct Table<T> {
    parts: Vec<HashTable<T>>,
}

impl<T> Default for Table<T> {
    fn default() -> Table<T> {
        Table { parts: (0..PARTS).map(|_| HashTable::new()).collect() }
    }
}

/// The part of a hash: by bits that the table itself uses neither for places nor for tags.
#[inline]
fn part(hash: u64) -> usize {
    usize::from((hash >> 40) as u8)
}

impl<T> Table<T> {
    /// The entry of a hash that is meant.
    #[inline]
    pub fn find(&self, hash: u64, is: impl FnMut(&T) -> bool) -> Option<&T> {
        self.parts.get(part(hash))?.find(hash, is)
    }

    /// The same, to be changed.
    pub fn find_mut(&mut self, hash: u64, is: impl FnMut(&T) -> bool) -> Option<&mut T> {
        self.parts.get_mut(part(hash))?.find_mut(hash, is)
    }

    /// Puts one in that is not there.
    pub fn insert(&mut self, hash: u64, value: T, hash_of: impl Fn(&T) -> u64) {
        if let Some(table) = self.parts.get_mut(part(hash)) {
            table.insert_unique(hash, value, hash_of);
        }
    }

    /// Takes one out.
    pub fn remove(&mut self, hash: u64, is: impl FnMut(&T) -> bool) {
        if let Some(Ok(found)) = self.parts.get_mut(part(hash)).map(|table| table.find_entry(hash, is)) {
            found.remove();
        }
    }
}
