//! One chain as its sources read it: the blocks of the last while, which of them is the chain's own, whether the sources agree.
//!
//! It promises that what it says follows from the set of blocks that were read and by whom, whatever the order, the
//! repetitions and the gaps: the chain's own branch is the path from the highest block, and of two highest from the one
//! whose hash comes first.

use crate::fact::{BlockRead, ChainWatched};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use journal::Hash;
use rulebook::time::Instant;
use sha2::{Digest, Sha256};

/// Blocks behind the highest that are kept: a reorganisation is a few blocks, thirty in a bad year. What is read of older ones
/// is matched as well, but no longer told apart by branch.
pub const KEPT: u64 = 512;

/// Blocks from far above that are remembered until a second source tells them; a source that tells more of them starts anew.
const FAR: usize = 64;

/// A chain.
#[derive(Clone, Debug, Default)]
pub struct Chain {
    sources: Vec<Source>,
    /// Blocks on top of one that make it final enough.
    pub depth: u64,
    behind: u64,
    /// Milliseconds of silence that are one too many.
    pub silence: i64,
    /// It is only observed: nothing is stopped for it.
    pub observed: bool,
    blocks: BTreeMap<Arc<str>, Block>,
    own: BTreeMap<u64, Arc<str>>,
    best: Option<(u64, Arc<str>)>,
    /// Blocks that lost and are no longer kept.
    lost: BTreeSet<Arc<str>>,
    /// Blocks far above every other, and who told them: taken in when a second source does.
    far: BTreeMap<Arc<str>, u32>,
    /// The last entry that read a block of it.
    pub heard: Option<Instant>,
    /// Transfers without an authorisation in blocks that are not final enough.
    pub(super) waiting: BTreeSet<u32>,
}

#[derive(Clone, Debug)]
struct Source {
    number: u32,
    /// It is registered now.
    counts: bool,
    tip: Option<(u64, Arc<str>)>,
    /// Height and time of the first and time of the last block it read.
    first: u64,
    began: Instant,
    last: Instant,
}

/// A block.
#[derive(Clone, Debug)]
pub struct Block {
    height: u64,
    parent: Arc<str>,
    /// One bit a source, by its place.
    seen: u32,
    told: Hash,
    /// Two sources tell different things of it.
    differs: bool,
}

impl Chain {
    pub(super) fn register(&mut self, fact: &ChainWatched, sources: Vec<u32>) {
        (self.depth, self.behind, self.silence) = (fact.depth, fact.behind, fact.silence);
        self.observed = fact.observed;
        // Places are bits of every block: a source keeps its place for ever.
        for number in &sources {
            if !self.sources.iter().any(|source| source.number == *number) {
                let (first, began, last) = (u64::MAX, Instant::NEVER, Instant::ALWAYS);
                self.sources.push(Source { number: *number, counts: true, tip: None, first, began, last });
            }
        }
        for source in &mut self.sources {
            source.counts = sources.contains(&source.number);
        }
    }

    /// Whether a source is registered.
    pub fn has(&self, source: u32) -> bool {
        self.sources.iter().any(|known| known.counts && known.number == source)
    }

    /// Its sources: number, the highest block they read, and the time the last of theirs carries.
    pub fn sources(&self) -> impl Iterator<Item = (u32, Option<u64>, Instant)> {
        let counts = self.sources.iter().filter(|source| source.counts);
        counts.map(|source| (source.number, source.tip.as_ref().map(|(height, _)| *height), source.last))
    }

    /// Takes a block in as a source read it.
    pub(super) fn read(&mut self, fact: &BlockRead, source: u32, at: Instant) {
        self.heard = Some(self.heard.map_or(at, |heard| heard.max(at)));
        let Some(place) = self.sources.iter().position(|known| known.number == source) else { return };
        let hash: Arc<str> = fact.hash.as_str().into();
        let told = told(fact);
        let mut bit = 1u32.checked_shl(u32::try_from(place).unwrap_or(u32::MAX)).unwrap_or(0);
        if let Some(source) = self.sources.get_mut(place) {
            if is_higher(fact.height, &hash, source.tip.as_ref()) {
                source.tip = Some((fact.height, hash.clone()));
            }
            source.first = source.first.min(fact.height);
            // A block may carry a time ahead of its reading: nobody else is silent for it.
            let made = fact.at.min(at);
            source.began = source.began.min(made);
            source.last = source.last.max(made);
        }
        if self.best.as_ref().is_some_and(|(best, _)| fact.height.saturating_add(KEPT) < *best) {
            return;
        }
        if !self.blocks.contains_key(&hash) && self.is_far(fact.height) {
            // A height from nowhere would make everything real too old to be told apart.
            if self.far.len() >= FAR {
                self.far.clear();
            }
            let seen = self.far.entry(hash.clone()).or_default();
            *seen |= bit;
            if seen.count_ones() < 2 {
                return;
            }
            bit = *seen;
            self.far.remove(&hash);
        }
        if let Some(block) = self.blocks.get_mut(&hash) {
            block.seen |= bit;
            block.differs |= block.told != told;
            return;
        }
        let parent: Arc<str> = fact.parent.as_str().into();
        self.blocks.insert(hash.clone(), Block { height: fact.height, parent, seen: bit, told, differs: false });
        let above = self.own.get(&fact.height.saturating_add(1)).and_then(|hash| self.blocks.get(hash));
        if is_higher(fact.height, &hash, self.best.as_ref()) {
            self.best = Some((fact.height, hash.clone()));
            self.follow(hash);
        } else if above.is_some_and(|above| above.parent == hash) || !self.own.contains_key(&fact.height) {
            self.follow(hash);
        }
        let Some((best, _)) = self.best else { return };
        let floor = best.saturating_sub(KEPT);
        let own = &self.own;
        let lost =
            self.blocks.iter().filter(|(hash, block)| block.height < floor && own.get(&block.height) != Some(*hash));
        self.lost.extend(lost.map(|(hash, _)| hash.clone()));
        self.own = self.own.split_off(&floor);
        self.blocks.retain(|_, block| block.height >= floor);
    }

    /// Whether a height is so far above all that one source alone is not believed, where there are two.
    fn is_far(&self, height: u64) -> bool {
        let above = self.best.as_ref().is_some_and(|(best, _)| height > best.saturating_add(KEPT));
        above && self.sources.iter().filter(|source| source.counts).count() > 1
    }

    /// Makes a block and everything below it the chain's own, as far as it is known.
    fn follow(&mut self, mut hash: Arc<str>) {
        while let Some(block) = self.blocks.get(&hash) {
            let (height, parent) = (block.height, block.parent.clone());
            if self.own.insert(height, hash.clone()) == Some(hash) {
                return;
            }
            let below = self.blocks.get(&parent).map(|parent| parent.height);
            if below.and_then(|below| below.checked_add(1)) != Some(height) {
                return;
            }
            hash = parent;
        }
    }

    /// The height of a block that is still told apart by branch.
    pub fn height(&self, hash: &str) -> Option<u64> {
        self.blocks.get(hash).map(|block| block.height)
    }

    /// The chain's own block at a height.
    pub fn own_at(&self, height: u64) -> Option<&str> {
        self.own.get(&height).map(|hash| &**hash)
    }

    /// Whether a block can only lengthen the chain, and make nothing of it another's.
    pub fn extends(&self, fact: &BlockRead) -> bool {
        self.best.as_ref().is_none_or(|(height, hash)| *height < fact.height && **hash == *fact.parent)
    }

    /// Whether a block is the chain's own. One that is too old to be told apart is.
    pub fn is_own(&self, hash: &str) -> bool {
        match self.blocks.get(hash) {
            Some(block) => self.own.get(&block.height).is_some_and(|own| &**own == hash),
            None => !self.lost.contains(hash),
        }
    }

    /// Whether a block is final enough; `None` for one that is not the chain's own.
    pub fn is_final(&self, hash: &str) -> Option<bool> {
        let Some(block) = self.blocks.get(hash) else { return self.is_own(hash).then_some(true) };
        let (best, _) = self.best.as_ref()?;
        self.is_own(hash).then(|| best.saturating_sub(block.height) >= self.depth)
    }

    /// Whether a second source read a block, where there is one. Of what is not told apart by branch (it is too old, or from far above) nobody can say.
    pub fn is_witnessed(&self, hash: &str) -> bool {
        let sources = self.sources.iter().filter(|source| source.counts).count();
        self.blocks.get(hash).is_some_and(|block| block.seen.count_ones() >= if sources > 1 { 2 } else { 1 })
    }

    /// How many sources read a block.
    pub fn seen_by(&self, hash: &str) -> u32 {
        self.blocks.get(hash).map_or(0, |block| block.seen.count_ones())
    }

    /// Whether two blocks stand on one branch; `None` where a gap hides it.
    pub fn on_one_branch(&self, one: &str, other: &str) -> Option<bool> {
        let (Some(a), Some(b)) = (self.blocks.get(one), self.blocks.get(other)) else {
            // Too old to be told apart: everything stands on it.
            return Some(true);
        };
        let ((mut hash, high), low, low_hash) =
            if a.height >= b.height { ((one, a), b, other) } else { ((other, b), a, one) };
        let mut block = high;
        while block.height > low.height {
            hash = &block.parent;
            block = self.blocks.get(hash)?;
        }
        Some(hash == low_hash)
    }

    /// Whether the sources tell the same: each has read the chain's own block at the lowest of their heights, less the depth
    /// that may still change, and nobody told another story of a block.
    pub fn agreed(&self) -> bool {
        if self.blocks.values().any(|block| block.differs) {
            return false;
        }
        let tips = self.sources.iter().filter(|source| source.counts).filter_map(|source| source.tip.as_ref());
        let Some(lowest) = tips.map(|(height, _)| *height).min() else { return true };
        let height = lowest.saturating_sub(self.depth);
        let Some(block) = self.own.get(&height).and_then(|hash| self.blocks.get(hash)) else { return true };
        let must = self.sources.iter().enumerate().filter(|(_, s)| s.counts && s.tip.is_some() && s.first <= height);
        must.map(|(place, _)| place)
            .all(|place| block.seen.checked_shr(u32::try_from(place).unwrap_or(0)).unwrap_or(0) & 1 == 1)
    }

    /// Whether a source is behind the others, or silent while they are not, by more than the chain is registered with. One that
    /// has read nothing yet has as long from when the first of the others began.
    pub fn lagging(&self) -> bool {
        let counts = || self.sources.iter().filter(|source| source.counts);
        let begun = || counts().filter(|source| source.tip.is_some());
        let highest = begun().filter_map(|source| source.tip.as_ref()).map(|(height, _)| *height).max();
        let (first, began) = (begun().map(|source| source.first).min(), begun().map(|source| source.began).min());
        let last = begun().map(|source| source.last).max();
        let (Some(highest), Some(last), Some(first), Some(began)) = (highest, last, first, began) else { return false };
        counts().any(|source| {
            let (height, heard) = source.tip.as_ref().map_or((first, began), |(height, _)| (*height, source.last));
            highest.saturating_sub(height) > self.behind || last.0.saturating_sub(heard.0) > self.silence
        })
    }

    /// Whether nobody has read anything for too long.
    pub fn is_halted(&self, now: Instant) -> bool {
        self.heard.is_some_and(|heard| now.0.saturating_sub(heard.0) > self.silence)
    }
}

/// Higher, or as high with the hash that comes first.
fn is_higher(height: u64, hash: &str, than: Option<&(u64, Arc<str>)>) -> bool {
    than.is_none_or(|(best, known)| height > *best || (height == *best && *hash < **known))
}

/// What a source tells of a block, in one hash.
fn told(fact: &BlockRead) -> Hash {
    let plain = BlockRead { exchange: String::new(), source: String::new(), ..fact.clone() };
    Sha256::digest(plain.encode()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    fn block(source: u32, text: &str) -> (u32, BlockRead) {
        // `3b<2a`: block b of height 3 on top of block a of height 2.
        let (hash, parent) = text.split_once('<').unwrap();
        let height = hash.trim_end_matches(|c: char| c.is_alphabetic()).parse().unwrap();
        let at = Instant(i64::try_from(height).unwrap() * 1_000);
        let (hash, parent) = (hash.into(), parent.into());
        let (exchange, chain, name) = ("x".into(), "c".into(), format!("{source}"));
        (source, BlockRead { exchange, chain, source: name, height, hash, parent, at, transfers: Vec::new() })
    }

    fn chain(blocks: &[(u32, &str)]) -> Chain {
        let mut chain = Chain::default();
        chain.register(
            &ChainWatched {
                exchange: "x".into(),
                chain: "c".into(),
                sources: Vec::new(),
                depth: 1,
                behind: 2,
                silence: 10_000,
                observed: false,
                change: None,
            },
            Vec::from([1, 2]),
        );
        for (source, text) in blocks {
            let (source, fact) = block(*source, text);
            chain.read(&fact, source, fact.at);
        }
        chain
    }

    fn own(chain: &Chain) -> String {
        chain.own.values().map(|hash| &**hash).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_same_blocks_in_any_order_are_the_same_chain() {
        let all = [(1, "1a<0a"), (1, "2a<1a"), (1, "3a<2a"), (1, "2b<1a"), (1, "3b<2b"), (1, "4b<3b"), (2, "4b<3b")];
        let straight = own(&chain(&all));
        assert_eq!(straight, "1a 2b 3b 4b");
        for rotate in 0..all.len() {
            for step in [1, 2, 3, 5] {
                let order: Vec<_> = (0..all.len()).map(|i| all[(rotate + i * step) % all.len()]).collect();
                let twice: Vec<_> = order.iter().chain(&order).copied().collect();
                assert_eq!(own(&chain(&twice)), straight, "from {rotate} by {step}");
            }
        }
    }

    #[test]
    fn branches() {
        let chain = chain(&[(1, "1a<0a"), (1, "2a<1a"), (1, "2b<1a"), (1, "3b<2b"), (1, "9z<8z")]);
        for (one, other, same) in [
            ("1a", "3b", Some(true)),
            ("2a", "3b", Some(false)),
            ("2a", "2b", Some(false)),
            ("3b", "3b", Some(true)),
            ("9z", "2a", None),
            ("0a", "2a", Some(true)),
        ] {
            assert_eq!(chain.on_one_branch(one, other), same, "{one} {other}");
            assert_eq!(chain.on_one_branch(other, one), same, "{other} {one}");
        }
    }

    #[test]
    fn sources_agree_lag_and_catch_up() {
        let mut blocks = Vec::from([(1, "1a<0a"), (2, "1a<0a"), (1, "2a<1a"), (2, "2a<1a")]);
        let says = |blocks: &[(u32, &str)]| (chain(blocks).agreed(), chain(blocks).lagging());
        assert_eq!(says(&blocks), (true, false));
        blocks.extend([(1, "3a<2a"), (1, "4a<3a"), (1, "5a<4a")]);
        assert_eq!(says(&blocks), (true, true), "three behind where two may be");
        blocks.extend([(2, "3a<2a"), (2, "4a<3a")]);
        assert_eq!(says(&blocks), (true, false));
        blocks.extend([(2, "4b<3b"), (2, "5b<4b"), (2, "6b<5b")]);
        assert!(!chain(&blocks).agreed(), "the second source went another way");
        blocks.extend([(1, "3b<2a"), (2, "3b<2a"), (1, "4b<3b"), (1, "5b<4b"), (1, "6b<5b")]);
        assert_eq!(says(&blocks), (true, false), "and the first followed");
    }
}
