//! What an asset is worth for limits: the higher of spot and one-day median, over two venues or more.
//!
//! It promises that pushing one market down makes nothing look small, and that fewer than two venues, or stale ones, make the
//! value unknown. The law's own valuation is the law's.

use crate::fact::Exact;
use crate::planted::{Bug, is};
use alloc::collections::{BTreeMap, VecDeque};
use alloc::vec::Vec;
use rulebook::number::Number;
use rulebook::time::{HOUR, Instant, MINUTE};

/// How long a price is good: a market whose feed is silent for an hour has no price.
pub const LASTS: i64 = HOUR;
const DAY: i64 = 24 * HOUR;

/// The prices of one asset.
#[derive(Clone, Debug, Default)]
pub struct Prices {
    venues: BTreeMap<u32, Venue>,
    /// Won for one base unit as a fraction, and until when it is good.
    base: Option<(i128, i128, Instant)>,
    /// The last of those, however old: what left already is valued by it where nothing is good.
    last: Option<(i128, i128)>,
}

#[derive(Clone, Debug, Default)]
struct Venue {
    last: Option<(Instant, Number)>,
    /// One price a minute over the last day.
    day: VecDeque<(Instant, Number)>,
}

impl Prices {
    /// Takes a price in. One that is older than the last of its venue changes nothing.
    pub fn see(&mut self, venue: u32, won: &Exact, at: Instant, decimals: u8) {
        let held = self.venues.entry(venue).or_default();
        if held.last.as_ref().is_some_and(|(last, _)| *last >= at) {
            return;
        }
        held.last = Some((at, won.number().clone()));
        if held.day.back().is_none_or(|(last, _)| at.0.saturating_sub(last.0) >= MINUTE) {
            held.day.push_back((at, won.number().clone()));
        }
        while held.day.front().is_some_and(|(first, _)| *first <= at.plus(-DAY)) {
            held.day.pop_front();
        }
        self.base = self.highest(at, decimals);
        self.last = self.base.map(|(num, den, _)| (num, den)).or(self.last);
    }

    /// The highest of all spots and medians that are good at a moment.
    fn highest(&self, now: Instant, decimals: u8) -> Option<(i128, i128, Instant)> {
        let is_good = |at: Instant| at.plus(LASTS) > now;
        let mut good: Vec<(Instant, &Venue)> = self
            .venues
            .values()
            .filter_map(|v| v.last.as_ref().map(|(at, _)| (*at, v)))
            .filter(|(at, _)| is_good(*at))
            .collect();
        good.sort_by_key(|(at, _)| core::cmp::Reverse(*at));
        // Good while two of them are.
        let (second, _) = good.get(1)?;
        let until = second.plus(LASTS);
        let mut highest: Option<Number> = None;
        for (_, venue) in &good {
            for price in [venue.last.as_ref().map(|(_, won)| won.clone()), venue.median()].into_iter().flatten() {
                if highest.as_ref().is_none_or(|h| price > *h) {
                    highest = Some(price);
                }
            }
        }
        let (num, den) = highest?.parts()?;
        Some((num, den.checked_mul(10i128.checked_pow(u32::from(decimals))?)?, until))
    }

    /// The value of an amount in whole won, rounded up; `None` where no price is good, or it leaves 128 bits.
    #[inline]
    pub fn value(&self, amount: i128, now: Instant) -> Option<i128> {
        let (num, den, until) = self.base?;
        if now >= until && !is(Bug::PriceNeverStale) { None } else { whole(amount, num, den) }
    }

    /// The value of what has left already, by the last good price however old it is: a feed that fell silent makes no theft
    /// of a fee. Never for what is asked.
    pub fn value_of_gone(&self, amount: i128) -> Option<i128> {
        let (num, den) = self.last?;
        whole(amount, num, den)
    }
}

/// An amount at a price in whole won, rounded up.
fn whole(amount: i128, num: i128, den: i128) -> Option<i128> {
    match amount.checked_mul(num) {
        // The denominator is above zero; rounding up is adding one where there is a remainder.
        Some(product) => {
            let (whole, rest) = (product.checked_div_euclid(den)?, product.checked_rem_euclid(den)?);
            whole.checked_add(i128::from(rest != 0))
        }
        None => {
            let exact = Number::integer(amount).multiply(&Number::fraction(num, den)?)?;
            let whole = exact.floor()?;
            whole.checked_add(i128::from(Number::integer(whole) != exact))
        }
    }
}

impl Venue {
    /// The middle price of the day; of an even number the higher of the two.
    fn median(&self) -> Option<Number> {
        let mut prices: Vec<&Number> = self.day.iter().map(|(_, won)| won).collect();
        prices.sort_unstable();
        prices.get(prices.len() / 2).map(|price| (*price).clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(list: &[(u32, i64, i128)]) -> Prices {
        let mut prices = Prices::default();
        for (venue, minute, won) in list {
            prices.see(*venue, &Exact::new(*won, 1).unwrap(), Instant(minute * MINUTE), 2);
        }
        prices
    }

    #[test]
    fn the_higher_of_spot_and_median_of_two_venues() {
        for (list, now, value, why) in [
            (&[(1, 0, 1000)][..], 0, None, "one venue is none"),
            (&[(1, 0, 1000), (2, 0, 900)], 0, Some(10), "the higher venue"),
            (
                &[(1, 0, 1000), (2, 0, 900), (1, 1, 100), (2, 1, 100), (1, 2, 100), (2, 2, 100)],
                2,
                Some(1),
                "a day that fell",
            ),
            (&[(1, 0, 1000), (2, 0, 1000), (1, 1, 1000), (1, 2, 100)], 2, Some(10), "pushed down on one market"),
            (&[(1, 0, 1000), (2, 0, 900)], 60, None, "both silent for an hour"),
            (&[(1, 0, 1000), (2, 0, 900), (1, 59, 1000)], 60, None, "one of two silent for an hour"),
            (&[(1, 5, 1000), (2, 5, 900), (1, 4, 9000)], 5, Some(10), "late prices change nothing"),
            (&[(1, 0, 1001), (2, 0, 900)], 0, Some(11), "rounded up"),
        ] {
            assert_eq!(seen(list).value(1, Instant(now * MINUTE)), value, "{why}");
        }
        assert_eq!(seen(&[(1, 0, 1000), (2, 0, 900)]).value(i128::MAX, Instant(0)), None, "past 128 bits");
    }
}
