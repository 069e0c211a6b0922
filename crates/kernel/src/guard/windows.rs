//! What was allowed within rolling windows: how often, how much, worth what, by customer, destination, wallet, asset, chain and
//! in all.
//!
//! It promises that a sum is exact for (t − length, t] at every t, to the millisecond, and that asking for it costs the same
//! however much lies in the window. One ring holds every consumption once; each length has a cursor at the first consumption
//! inside; each pair of axis and length that a rule asks for has a sum for each key. A sum that the ring does not reach back
//! for is unknown. It must never know a rule.

use crate::planted::{Bug, is};
use alloc::collections::VecDeque;
use alloc::vec;
use alloc::vec::Vec;
use rulebook::time::Instant;

/// What consumptions are added up by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Axis {
    /// Whose.
    Customer,
    /// Where to.
    Destination,
    /// Where from.
    Wallet,
    /// What; the only one whose amounts add.
    Asset,
    /// Over which chain.
    Chain,
    /// Everything.
    Exchange,
}

impl Axis {
    /// All of them.
    pub const ALL: [Axis; 6] =
        [Axis::Customer, Axis::Destination, Axis::Wallet, Axis::Asset, Axis::Chain, Axis::Exchange];
}

/// The shortest window: a minute. Shorter ones would be bursts within one call.
pub const SHORTEST: i64 = 60_000;
/// The longest window: thirty days.
pub const LONGEST: i64 = 30 * 24 * 3_600_000;

/// Consumptions in the ring at most: 32 million take 2 GiB, ten a second for 37 days. Full means that everything waits.
pub const CAPACITY: usize = 1 << 25;

/// One allowed withdrawal. 64 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Consumption {
    /// In base units of its asset.
    pub amount: i128,
    /// When it was allowed.
    pub at: Instant,
    /// In whole won; [`UNPRICED`] where that is unknown.
    pub won: i64,
    /// Numbers of customer, destination, wallet, asset and chain.
    pub keys: [u32; 5],
    /// It was given back: it counts for nothing.
    pub back: bool,
}

/// The value of a consumption without a price.
pub const UNPRICED: i64 = -1;

impl Consumption {
    fn key(&self, axis: Axis) -> u32 {
        let [customer, destination, wallet, asset, chain] = self.keys;
        match axis {
            Axis::Customer => customer,
            Axis::Destination => destination,
            Axis::Wallet => wallet,
            Axis::Asset => asset,
            Axis::Chain => chain,
            Axis::Exchange => 0,
        }
    }
}

/// What a window adds up to for one key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Base units; adds up only by asset.
    pub amount: i128,
    /// Whole won of those with a price.
    pub won: i128,
    /// How many.
    pub count: u32,
    /// How many of them have no price.
    pub unpriced: u32,
}

impl Sum {
    /// Bounds: amounts are at most 10^30 and the ring holds 2^25, so no sum leaves 128 bits and no count 32.
    fn add(&mut self, c: &Consumption) {
        if c.back {
            return;
        }
        self.amount = self.amount.saturating_add(c.amount);
        self.count = self.count.saturating_add(1);
        if c.won == UNPRICED {
            self.unpriced = self.unpriced.saturating_add(1);
        } else {
            self.won = self.won.saturating_add(i128::from(c.won));
        }
    }

    fn take(&mut self, c: &Consumption) {
        if c.back {
            return;
        }
        self.amount = self.amount.saturating_sub(c.amount);
        self.count = self.count.saturating_sub(1);
        if c.won == UNPRICED {
            self.unpriced = self.unpriced.saturating_sub(1);
        } else {
            self.won = self.won.saturating_sub(i128::from(c.won));
        }
    }

    /// Whole won; `None` while one of them has no price.
    pub fn value(&self) -> Option<i128> {
        (self.unpriced == 0).then_some(self.won)
    }
}

/// One length and the first consumption inside.
#[derive(Clone, Debug)]
struct Length {
    ms: i64,
    /// Sequence number.
    cursor: u64,
    /// The axes that are asked for, and the sums by key.
    axes: Vec<(Axis, Vec<Sum>)>,
}

/// All windows of one exchange.
#[derive(Clone, Debug)]
pub struct Windows {
    ring: VecDeque<Consumption>,
    /// Sequence number of the ring's first.
    first: u64,
    /// Everything after this moment is in the ring.
    since: Instant,
    lengths: Vec<Length>,
}

impl Default for Windows {
    fn default() -> Windows {
        Windows { ring: VecDeque::new(), first: 0, since: Instant::ALWAYS, lengths: Vec::new() }
    }
}

impl Windows {
    /// Keeps a sum from now on. A length that was not asked for before is unknown as far as the ring does not reach back.
    pub fn ask(&mut self, axis: Axis, ms: i64) {
        let ms = ms.clamp(SHORTEST, LONGEST);
        let at = match self.lengths.iter().position(|length| length.ms == ms) {
            Some(at) => at,
            None => {
                self.lengths.push(Length { ms, cursor: self.first, axes: Vec::new() });
                self.lengths.len().saturating_sub(1)
            }
        };
        let Some(length) = self.lengths.get_mut(at) else { return };
        if length.axes.iter().any(|(known, _)| *known == axis) {
            return;
        }
        let mut sums = Vec::new();
        let skip = usize::try_from(length.cursor.saturating_sub(self.first)).unwrap_or(usize::MAX);
        for c in self.ring.iter().skip(skip) {
            slot(&mut sums, c.key(axis)).add(c);
        }
        length.axes.push((axis, sums));
    }

    /// How many consumptions are held.
    pub fn len(&self) -> usize {
        self.ring.len()
    }

    /// Whether nothing is held.
    pub fn is_empty(&self) -> bool {
        self.ring.is_empty()
    }

    /// Whether nothing more fits.
    pub fn is_full(&self) -> bool {
        self.ring.len() >= CAPACITY
    }

    /// Takes a consumption in; its sequence number gives it back. Times never decrease. `None` when nothing more fits.
    pub fn consume(&mut self, consumption: Consumption) -> Option<u64> {
        self.advance(consumption.at);
        if self.is_full() {
            return None;
        }
        let sequence = self.first.saturating_add(self.ring.len() as u64);
        self.ring.push_back(consumption);
        for length in &mut self.lengths {
            for (axis, sums) in &mut length.axes {
                slot(sums, consumption.key(*axis)).add(&consumption);
            }
        }
        Some(sequence)
    }

    /// Gives a consumption back: from now on it counts nowhere.
    pub fn give_back(&mut self, sequence: u64) {
        let place = sequence.checked_sub(self.first).and_then(|place| usize::try_from(place).ok());
        let Some(held) = place.and_then(|place| self.ring.get_mut(place)) else { return };
        let consumption = *held;
        held.back = true;
        for length in self.lengths.iter_mut().filter(|length| length.cursor <= sequence) {
            for (axis, sums) in &mut length.axes {
                slot(sums, consumption.key(*axis)).take(&consumption);
            }
        }
    }

    /// Moves every cursor to a moment, and lets go of what no length reaches.
    pub fn advance(&mut self, now: Instant) {
        let mut kept = u64::MAX;
        for length in &mut self.lengths {
            let after = now.0.saturating_sub(length.ms);
            let after = planted_edge(after, length.ms, now);
            while let Some(c) = at(&self.ring, self.first, length.cursor).filter(|c| c.at.0 <= after) {
                for (axis, sums) in &mut length.axes {
                    slot(sums, c.key(*axis)).take(&c);
                }
                length.cursor = length.cursor.saturating_add(1);
            }
            kept = kept.min(length.cursor);
        }
        while self.first < kept {
            let Some(gone) = self.ring.pop_front() else { break };
            self.since = self.since.max(gone.at);
            self.first = self.first.saturating_add(1);
        }
    }

    /// The sum of a key over (now − length, now]; `None` when it is not kept, or not that far back. `now` is not before the last
    /// consumption.
    pub fn sum(&self, axis: Axis, key: u32, ms: i64, now: Instant) -> Option<Sum> {
        let length = self.lengths.iter().find(|length| length.ms == ms)?;
        let (_, sums) = length.axes.iter().find(|(known, _)| *known == axis)?;
        let after = now.0.saturating_sub(ms);
        if after < self.since.0 {
            return None;
        }
        let mut sum = sums.get(key as usize).copied().unwrap_or_default();
        let after = planted_edge(after, ms, now);
        // What ran out since the cursor was moved: as a rule none or a few.
        let mut cursor = length.cursor;
        while let Some(c) = at(&self.ring, self.first, cursor).filter(|c| c.at.0 <= after) {
            if c.key(axis) == key {
                sum.take(&c);
            }
            cursor = cursor.saturating_add(1);
        }
        Some(sum)
    }
}

/// The edge as planted bugs see it; without them, the edge.
#[inline]
fn planted_edge(after: i64, ms: i64, now: Instant) -> i64 {
    if is(Bug::FixedWindows) {
        return now.0.saturating_sub(now.0.checked_rem(ms).unwrap_or(0)).saturating_sub(1);
    }
    if is(Bug::WindowEdge) { after.saturating_sub(1) } else { after }
}

fn at(ring: &VecDeque<Consumption>, first: u64, sequence: u64) -> Option<Consumption> {
    let place = usize::try_from(sequence.checked_sub(first)?).ok()?;
    ring.get(place).copied()
}

/// The sum of a key; numbers are dense, so the list grows by as much as there are keys.
fn slot(sums: &mut Vec<Sum>, key: u32) -> &mut Sum {
    let key = key as usize;
    if sums.len() <= key {
        let room = key.saturating_add(1).saturating_sub(sums.len());
        sums.extend(vec![Sum::default(); room]);
    }
    &mut sums[key]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_consumption_takes_a_cache_line() {
        assert_eq!(size_of::<Consumption>(), 64);
    }
}
