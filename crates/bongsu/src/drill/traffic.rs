//! What an ordinary month looks like: how much, when, whose and where to, drawn from a seed. The assumptions are in `docs/drills.md`.
//!
//! No real log of an exchange's hot wallets is public under a usable licence. The sizes follow two whole Ethereum blocks.

use crate::lab::random::Random;
use sha2::{Digest, Sha256};

/// What 133 plain transfers of two Ethereum blocks (17173049 and 17173050, 2 May 2023) were worth in won, at every tenth of them and in the
/// tail: (hundredths of all, won). 83 movements of ether at 2,452,200 won and 50 of two dollar tokens at 1,340 won.
const SIZES: [(i64, i64); 13] = [
    (0, 1_000),
    (10, 25_989),
    (20, 59_613),
    (30, 132_539),
    (40, 176_228),
    (50, 338_450),
    (60, 599_678),
    (70, 774_336),
    (80, 2_495_609),
    (90, 6_253_316),
    (95, 34_410_569),
    (98, 145_677_126),
    (100, 804_431_319),
];

/// Withdrawals in each hour of the Korean day, against 100 on average: quiet before dawn, busy in the evening.
const HOURS: [i64; 24] =
    [110, 85, 60, 45, 35, 35, 45, 65, 95, 130, 125, 115, 110, 110, 110, 110, 110, 110, 115, 120, 130, 140, 150, 140];

/// Customers of the made-up exchange.
const CUSTOMERS: i64 = 20_000;

/// The month.
pub const MONTH: i64 = 30 * 24 * 3_600_000;

/// An hour.
pub const HOUR: i64 = 3_600_000;

/// One withdrawal, before it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Whose.
    pub customer: String,
    /// Where to.
    pub destination: String,
    /// Won.
    pub won: i128,
    /// It fails on its chain at first, and costs a fee.
    pub fails: bool,
}

/// Draws one of everything.
#[derive(Clone, Debug)]
pub struct Traffic {
    random: Random,
    mean: i64,
}

impl Traffic {
    /// The traffic of so many withdrawals a month.
    pub fn new(seed: u64, transfers: u64) -> Traffic {
        let transfers = i64::try_from(transfers).unwrap_or(i64::MAX).max(1);
        Traffic { random: Random::of(seed, 1), mean: MONTH / transfers }
    }

    /// Milliseconds until the next withdrawal, at a moment.
    pub fn gap(&mut self, at: i64) -> i64 {
        let hour = (at / HOUR + 9).rem_euclid(24);
        let busy = HOURS.get(usize::try_from(hour).unwrap_or(0)).copied().unwrap_or(100);
        self.random.between(0, (2 * self.mean).saturating_mul(100) / busy).max(1)
    }

    /// A size in won, at most `most`: what is larger is drawn again as a part of it.
    pub fn won(&mut self, most: i128) -> i128 {
        let place = self.random.between(0, 9_999);
        let (mut low, mut high) = (SIZES[0], SIZES[0]);
        for pair in SIZES.windows(2) {
            if let [from, to] = pair {
                (low, high) = (*from, *to);
                if place < to.0 * 100 {
                    break;
                }
            }
        }
        let wide = (high.0 - low.0).max(1) * 100;
        let won = low.1 + (high.1 - low.1) * (place - low.0 * 100) / wide;
        let won = i128::from(won);
        if won <= most {
            won.max(1)
        } else {
            i128::from(self.random.between(1, i64::try_from(most).unwrap_or(i64::MAX).max(1)))
        }
    }

    /// The next withdrawal. A customer has an address or two; one in ten goes to an address never used before.
    pub fn wish(&mut self, number: u64, chain: &str, most: i128) -> Wish {
        // The smaller of two draws: some customers come often.
        let customer = self.random.between(1, CUSTOMERS).min(self.random.between(1, CUSTOMERS));
        let destination = if self.random.chance(10) {
            address(&format!("{chain} new {number}"))
        } else {
            address(&format!("{chain} {customer} {}", self.random.between(1, 2)))
        };
        let fails = self.random.between(1, 200) == 1;
        Wish { customer: format!("customer-{customer}"), destination, won: self.won(most), fails }
    }

    /// Yes in one of so many draws.
    pub fn one_in(&mut self, many: i64) -> bool {
        self.random.between(1, many.max(1)) == 1
    }

    /// One of a list by weight.
    pub fn weighted(&mut self, weights: &[i128]) -> usize {
        let whole: i128 = weights.iter().sum();
        let mut at = i128::from(self.random.between(0, i64::MAX)) % whole.max(1);
        for (place, weight) in weights.iter().enumerate() {
            if at < *weight {
                return place;
            }
            at -= weight;
        }
        0
    }

    /// A whole number in a range.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        self.random.between(low, high)
    }
}

/// An address that looks like one: forty digits that hang on nothing but what it is called.
fn address(called: &str) -> String {
    let digits = Sha256::digest(called.as_bytes());
    digits.iter().take(20).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_follow_the_blocks() {
        let mut traffic = Traffic::new(1, 1_000);
        let mut drawn: Vec<i128> = (0..100_000).map(|_| traffic.won(i128::MAX)).collect();
        drawn.sort_unstable();
        for (share, won) in SIZES.iter().filter(|(share, _)| (10..=95).contains(share)) {
            let found = drawn.get(usize::try_from(*share).unwrap() * 1_000).copied().unwrap();
            let off = (found - i128::from(*won)).abs() * 10;
            assert!(off < i128::from(*won), "{share} %: {found} is more than a tenth away from {won}");
        }
        assert!(drawn.iter().all(|won| (1..=804_431_319).contains(won)));
    }

    #[test]
    fn a_month_has_the_withdrawals_it_was_given() {
        let mut traffic = Traffic::new(7, 10_000);
        let (mut at, mut count) = (0, 0);
        while at < MONTH {
            at += traffic.gap(at);
            count += 1;
        }
        assert!((9_000..11_500).contains(&count), "{count}");
    }
}
