//! References of the outside as dense numbers: an asset, a wallet, a customer, an address on its chain.
//!
//! It promises one number for one reference, counted from 0 for each kind, and that finding one costs one look into one
//! table. The table is only asked, never walked, so its order and its key change nothing.

use super::table::Table;
use alloc::string::String;
use alloc::vec::Vec;

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
    /// So that a growing table reads no text.
    hash: u64,
    name: Name,
    number: u32,
    kind: Kind,
}

/// Where a text lies, and what it lies within.
#[derive(Clone, Copy, Debug)]
struct Name {
    start: usize,
    length: u32,
    within: u32,
}

/// All references.
#[derive(Clone, Debug, Default)]
pub struct Names {
    table: Table<Slot>,
    names: [Vec<Name>; KINDS],
    /// All texts, one behind the other: a look costs the table, the slot and the text, and no list between.
    texts: String,
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
        self.find_hashed(self.hash(kind, within, text), kind, within, text)
    }

    #[inline]
    fn find_hashed(&self, hash: u64, kind: Kind, within: u32, text: &str) -> Option<u32> {
        let same = |slot: &Slot| {
            slot.hash == hash
                && slot.kind == kind
                && slot.name.within == within
                && self.bytes(slot.name) == text.as_bytes()
        };
        self.table.find(hash, same).map(|slot| slot.number)
    }

    /// The number of a reference, given now if it has none.
    pub fn number(&mut self, kind: Kind, within: u32, text: &str) -> u32 {
        let hash = self.hash(kind, within, text);
        if let Some(number) = self.find_hashed(hash, kind, within, text) {
            return number;
        }
        let list = &mut self.names[kind as usize];
        // Past four billion names everybody shares the last number: nothing is told apart any more, and nothing allowed.
        let number = u32::try_from(list.len()).unwrap_or(NOBODY);
        // A text is part of a body, which has at most 2^20 bytes.
        let name = Name { start: self.texts.len(), length: u32::try_from(text.len()).unwrap_or(0), within };
        self.texts.push_str(text);
        list.push(name);
        self.table.insert(hash, Slot { hash, name, number, kind }, |slot| slot.hash);
        number
    }

    /// The secret key of other tables beside this one.
    pub(super) fn key(&self) -> [u64; 2] {
        self.key
    }

    fn bytes(&self, name: Name) -> &[u8] {
        let end = name.start.saturating_add(name.length as usize);
        self.texts.as_bytes().get(name.start..end).unwrap_or_default()
    }

    /// The reference of a number.
    pub fn text(&self, kind: Kind, number: u32) -> &str {
        let name = self.names[kind as usize].get(number as usize);
        name.and_then(|name| self.texts.get(name.start..name.start.saturating_add(name.length as usize)))
            .unwrap_or_default()
    }

    /// What a number lies within: an address in its chain.
    pub fn within(&self, kind: Kind, number: u32) -> u32 {
        self.names[kind as usize].get(number as usize).map_or(NOBODY, |name| name.within)
    }

    /// How many of a kind there are.
    pub fn len(&self, kind: Kind) -> usize {
        self.names[kind as usize].len()
    }

    fn hash(&self, kind: Kind, within: u32, text: &str) -> u64 {
        // Neither kind nor what it lies within can be taken for letters: they are added to the key.
        let [k0, k1] = self.key;
        siphash::<1, 3>([k0 ^ u64::from(within), k1 ^ (kind as u64) << 56], text.as_bytes())
    }
}

/// SipHash with so many rounds for a word and at the end, over bytes that are all there: `core` has only the streaming one of 2 and 4, which takes
/// twice as long.
pub(super) fn siphash<const EACH: usize, const END: usize>([k0, k1]: [u64; 2], bytes: &[u8]) -> u64 {
    let mut v = [
        k0 ^ 0x736f_6d65_7073_6575,
        k1 ^ 0x646f_7261_6e64_6f6d,
        k0 ^ 0x6c79_6765_6e65_7261,
        k1 ^ 0x7465_6462_7974_6573,
    ];
    let word = |v: &mut [u64; 4], word: u64| {
        v[3] ^= word;
        (0..EACH).for_each(|_| round(v));
        v[0] ^= word;
    };
    let (words, rest) = bytes.as_chunks::<8>();
    for bytes in words {
        word(&mut v, u64::from_le_bytes(*bytes));
    }
    // At most seven bytes are left; the length stands above them.
    let letters = rest.iter().rev().fold(0, |sum: u64, byte| sum << 8 | u64::from(*byte));
    word(&mut v, letters | (bytes.len() as u64 & 0xff) << 56);
    v[2] ^= 0xff;
    (0..END).for_each(|_| round(&mut v));
    v[0] ^ v[1] ^ v[2] ^ v[3]
}

#[inline(always)]
fn round(v: &mut [u64; 4]) {
    let [mut a, mut b, mut c, mut d] = *v;
    a = a.wrapping_add(b);
    b = b.rotate_left(13) ^ a;
    a = a.rotate_left(32);
    c = c.wrapping_add(d);
    d = d.rotate_left(16) ^ c;
    a = a.wrapping_add(d);
    d = d.rotate_left(21) ^ a;
    c = c.wrapping_add(b);
    b = b.rotate_left(17) ^ c;
    c = c.rotate_left(32);
    *v = [a, b, c, d];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_as_the_paper_does() {
        // Appendix A of the paper: key 00 to 0f, message 00 to 0e.
        let key = [0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908];
        let message: Vec<u8> = (0..15).collect();
        assert_eq!(siphash::<2, 4>(key, &message), 0xa129_ca61_49be_45e5);
    }

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
