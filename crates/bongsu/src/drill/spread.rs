//! How a sum that is published becomes single transfers that are not: by a rule that is stated, and a seed.
//!
//! It promises that the parts add up to the sum and lie between its first and last moment.

use super::case::Outflow;
use crate::lab::random::Random;
use rulebook::time::Instant;
use std::collections::BTreeSet;

/// Splits an amount into `count` parts between two moments. Each part has a drawn weight from 50 to 150, so none is more than
/// about three times another; each moment is drawn evenly, to the second. What happens at one moment is split evenly.
pub fn spread(from: Instant, until: Instant, count: u64, amount: i128, seed: u64, number: u64) -> Vec<(Instant, i128)> {
    let mut random = Random::of(seed, number);
    let weights: Vec<i64> = (0..count).map(|_| if until == from { 1 } else { random.between(50, 150) }).collect();
    let whole: i128 = weights.iter().map(|w| i128::from(*w)).sum::<i128>().max(1);
    let seconds = until.0.saturating_sub(from.0) / 1_000;
    let mut left = amount;
    let last = weights.len().saturating_sub(1);
    let mut parts = Vec::new();
    for (place, weight) in weights.iter().enumerate() {
        let share = if count == 1 || place == last { left } else { amount / whole * i128::from(*weight) };
        left -= share;
        let second = if count == 1 || until == from { 0 } else { random.between(0, seconds) };
        parts.push((Instant(from.0.saturating_add(second.saturating_mul(1_000))), share));
    }
    parts
}

/// What is spread begins and ends when the sources say: of all that was drawn within one stretch, the earliest is put at the
/// stretch's beginning and the latest at its end.
pub fn pin_ends(list: &mut [((Instant, Instant), Outflow)]) {
    let stretches: BTreeSet<(Instant, Instant)> = list.iter().map(|(stretch, _)| *stretch).collect();
    for (from, until) in stretches {
        let within = |(stretch, _): &&mut ((Instant, Instant), Outflow)| *stretch == (from, until);
        if let Some((_, last)) = list.iter_mut().filter(within).max_by_key(|(_, outflow)| outflow.at) {
            last.at = until;
        }
        if let Some((_, first)) = list.iter_mut().filter(within).min_by_key(|(_, outflow)| outflow.at) {
            first.at = from;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up_and_stay_inside() {
        for (count, amount) in [(1, 7), (10, 88_317_000_000_000), (240, 3), (6, 520_000_000_000_000)] {
            let parts = spread(Instant(1_000), Instant(61_000), count, amount, 1, 2);
            assert_eq!(parts.iter().map(|(_, part)| part).sum::<i128>(), amount);
            assert!(parts.iter().all(|(at, part)| (1_000..=61_000).contains(&at.0) && *part >= 0));
            assert_eq!(parts, spread(Instant(1_000), Instant(61_000), count, amount, 1, 2));
        }
        assert_ne!(
            spread(Instant(0), Instant(60_000), 9, 900, 1, 1),
            spread(Instant(0), Instant(60_000), 9, 900, 2, 1)
        );
    }
}
