//! References of the outside as dense numbers: an asset, a wallet, a customer, an address on its chain.
//!
//! It promises one number for one reference, counted from 0 for each kind, and that finding one costs one look into one
//! table. The table is only asked, never walked, so its order and its key change nothing.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::hash::{Hash as _, Hasher};
use hashbrown::HashTable;

/// What a reference names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
#[repr(u8)]
pub enum Kind {
    Asset,
    Chain,
    Wallet,
    /// Within its chain.
    Address,
    Customer,
    Domain,
    Person,
    Group,
    Venue,
    Source,
    Withdrawal,
    Mandate,
    /// Within its chain.
    Transfer,
    /// Within its chain.
    Block,
    Credit,
    Event,
    Change,
    Ticket,
}

const KINDS: usize = 18;

/// The number of what was never named.
pub const NOBODY: u32 = u32::MAX;

#[derive(Clone, Copy, Debug)]
struct Slot {
    kind: Kind,
    within: u32,
    number: u32,
}

#[derive(Clone, Debug)]
struct Name {
    within: u32,
    text: Box<str>,
}

/// All references.
#[derive(Clone, Debug, Default)]
pub struct Names {
    table: HashTable<Slot>,
    texts: [Vec<Name>; KINDS],
    key: [u64; 2],
}

impl Names {
    /// An empty table under a secret key, so that nobody outside can choose references that collide.
    pub fn keyed(key: [u64; 2]) -> Names {
        Names { key, ..Names::default() }
    }

    /// The number of a reference; `None` for one that was never named.
    #[inline]
    pub fn find(&self, kind: Kind, within: u32, text: &str) -> Option<u32> {
        let same = |slot: &Slot| slot.kind == kind && slot.within == within && self.text(kind, slot.number) == text;
        self.table.find(hash(self.key, kind, within, text), same).map(|slot| slot.number)
    }

    /// The number of a reference, given now if it has none.
    pub fn number(&mut self, kind: Kind, within: u32, text: &str) -> u32 {
        if let Some(number) = self.find(kind, within, text) {
            return number;
        }
        let list = &mut self.texts[kind as usize];
        // Past four billion names everybody shares the last number: nothing is told apart any more, and nothing allowed.
        let number = u32::try_from(list.len()).unwrap_or(NOBODY);
        list.push(Name { within, text: text.into() });
        let (key, texts) = (self.key, &self.texts);
        let rehash = |slot: &Slot| {
            let text = texts[slot.kind as usize].get(slot.number as usize).map_or("", |name| &*name.text);
            hash(key, slot.kind, slot.within, text)
        };
        self.table.insert_unique(hash(key, kind, within, text), Slot { kind, within, number }, rehash);
        number
    }

    /// The reference of a number.
    pub fn text(&self, kind: Kind, number: u32) -> &str {
        self.texts[kind as usize].get(number as usize).map_or("", |name| &name.text)
    }

    /// What a number lies within: an address in its chain.
    pub fn within(&self, kind: Kind, number: u32) -> u32 {
        self.texts[kind as usize].get(number as usize).map_or(NOBODY, |name| name.within)
    }

    /// How many of a kind there are.
    pub fn len(&self, kind: Kind) -> usize {
        self.texts[kind as usize].len()
    }
}

// The one keyed hash of `core`; its successor lives in `std`.
#[expect(deprecated)]
fn hash(key: [u64; 2], kind: Kind, within: u32, text: &str) -> u64 {
    let [k0, k1] = key;
    let mut hasher = core::hash::SipHasher::new_with_keys(k0, k1);
    hasher.write_u64(u64::from(within) << 8 | kind as u64);
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_for_one_reference() {
        let mut names = Names::keyed([1, 2]);
        let btc = names.number(Kind::Chain, NOBODY, "bitcoin");
        let eth = names.number(Kind::Chain, NOBODY, "ethereum");
        let at = |names: &mut Names, chain| names.number(Kind::Address, chain, "x");
        let (a, b) = (at(&mut names, btc), at(&mut names, eth));
        assert_eq!((btc, eth, a, b), (0, 1, 0, 1), "counted by kind; the same address on two chains is two");
        assert_eq!((at(&mut names, btc), names.within(Kind::Address, b)), (a, eth));
        assert_eq!(names.find(Kind::Customer, NOBODY, "bitcoin"), None);
        assert_eq!(names.text(Kind::Chain, eth), "ethereum");
    }
}
