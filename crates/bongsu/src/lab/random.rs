//! Numbers that look drawn and are the same for ever: splitmix64, as published by Steele, Lea and Flood in 2014.
//!
//! It is written out so that a frozen industry never hangs on the version of a package. Not for secrets.

/// A stream of numbers.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The stream of a seed.
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// A stream of its own for one of many things, so that no thing's numbers hang on how many others there are.
    pub fn of(seed: u64, thing: u64) -> Random {
        Random(Random(seed ^ Random(thing).next()).next())
    }

    /// The next number.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let range = u128::from(high.abs_diff(low)) + 1;
        let at = (u128::from(self.next()) * range) >> 64;
        low.saturating_add(i64::try_from(at).unwrap_or(0))
    }

    /// A number from `low` to `high` that is more often in the middle: the mean of two.
    pub fn around(&mut self, low: i64, high: i64) -> i64 {
        (self.between(low, high) + self.between(low, high)) / 2
    }

    /// Yes in so many of a hundred draws.
    pub fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_numbers_are_the_published_ones() {
        // Reference output of splitmix64.c for the seed 1234567.
        let mut random = Random::new(1_234_567);
        let first: Vec<u64> = (0..3).map(|_| random.next()).collect();
        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn draws_stay_inside_and_reach_both_ends() {
        let mut random = Random::of(1, 2);
        let draws: Vec<i64> = (0..1_000).map(|_| random.between(-2, 3)).collect();
        assert_eq!((draws.iter().min(), draws.iter().max()), (Some(&-2), Some(&3)));
    }
}
