//! Rolling windows against a slow second model: a list, a filter, a sum.

use kernel::guard::windows::{Axis, Consumption, Sum, UNPRICED, Windows};
use proptest::prelude::*;
use rulebook::time::Instant;

const LENGTHS: [i64; 4] = [60_000, 3_600_000, 86_400_000, 30 * 86_400_000];

/// Everything that ever happened, in order.
#[derive(Default)]
struct Slow {
    all: Vec<(Consumption, bool)>,
}

impl Slow {
    fn sum(&self, axis: usize, key: u32, ms: i64, now: i64) -> Sum {
        let inside = self.all.iter().filter(|(c, back)| !back && c.at.0 > now - ms && c.at.0 <= now);
        let of_key: Vec<&Consumption> =
            inside.map(|(c, _)| c).filter(|c| if axis == 5 { key == 0 } else { c.keys[axis] == key }).collect();
        Sum {
            amount: of_key.iter().map(|c| c.amount).sum(),
            won: of_key.iter().filter(|c| c.won >= 0).map(|c| i128::from(c.won)).sum(),
            count: of_key.len() as u32,
            unpriced: of_key.iter().filter(|c| c.won < 0).count() as u32,
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    Consume { wait: i64, keys: [u32; 5], amount: i128, won: i64 },
    GiveBack(usize),
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    // Waits land on the edges of windows as often as between them.
    let wait =
        prop_oneof![Just(0), Just(1), Just(59_999), Just(60_000), 0i64..90_000, 0i64..4_000_000, 0i64..100_000_000];
    let won = prop_oneof![3 => 0i64..1_000_000, 1 => Just(UNPRICED)];
    prop_oneof![
        4 => (wait.clone(), prop::array::uniform5(0u32..3), 1i128..1_000, won)
            .prop_map(|(wait, keys, amount, won)| Step::Consume { wait, keys, amount, won }),
        1 => (0usize..40).prop_map(Step::GiveBack),
        1 => wait.prop_map(Step::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn windows_agree_with_a_list(steps in prop::collection::vec(step(), 1..60), late in 0usize..60) {
        let (mut fast, mut slow, mut now) = (Windows::default(), Slow::default(), 1_700_000_000_000i64);
        let mut numbers = Vec::new();
        for axis in Axis::ALL {
            for ms in &LENGTHS[..3] {
                fast.ask(axis, *ms);
            }
        }
        let mut asked_late = false;
        for (i, step) in steps.into_iter().enumerate() {
            if i == late {
                // A longer window that a new rulebook asks for in the middle.
                Axis::ALL.into_iter().for_each(|axis| fast.ask(axis, LENGTHS[3]));
                asked_late = true;
            }
            match step {
                Step::Consume { wait, keys, amount, won } => {
                    now += wait;
                    let c = Consumption { amount, at: Instant(now), won, keys, back: false };
                    numbers.push(fast.consume(c).unwrap());
                    slow.all.push((c, false));
                }
                Step::GiveBack(which) if which < numbers.len() => {
                    fast.give_back(numbers[which]);
                    slow.all[which].1 = true;
                }
                Step::GiveBack(_) => {}
                Step::Wait(ms) => now += ms,
            }
            for (at, axis) in Axis::ALL.into_iter().enumerate() {
                for key in 0..3 {
                    for ms in &LENGTHS[..3] {
                        let found = fast.sum(axis, key, *ms, Instant(now));
                        prop_assert_eq!(found, Some(slow.sum(at, key, *ms, now)), "{:?} {} {}", axis, key, ms);
                    }
                    if asked_late && let Some(found) = fast.sum(axis, key, LENGTHS[3], Instant(now)) {
                        prop_assert_eq!(found, slow.sum(at, key, LENGTHS[3], now));
                    }
                }
            }
        }
    }
}

#[test]
fn the_edges_of_a_window() {
    let mut windows = Windows::default();
    windows.ask(Axis::Exchange, 60_000);
    let c = Consumption { amount: 5, at: Instant(1_000), won: 7, keys: [0; 5], back: false };
    windows.consume(c).unwrap();
    let count = |now| windows.sum(Axis::Exchange, 0, 60_000, Instant(now)).unwrap().count;
    assert_eq!([count(1_000), count(60_999), count(61_000)], [1, 1, 0]);
}

#[test]
fn a_length_nobody_asked_for_and_one_the_ring_does_not_reach_are_unknown() {
    let mut windows = Windows::default();
    windows.ask(Axis::Exchange, 60_000);
    let c = |at| Consumption { amount: 5, at: Instant(at), won: 7, keys: [0; 5], back: false };
    windows.consume(c(0)).unwrap();
    assert_eq!(windows.sum(Axis::Exchange, 0, 3_600_000, Instant(0)), None, "nobody asked");
    assert_eq!(windows.sum(Axis::Wallet, 0, 60_000, Instant(0)), None, "nobody asked by wallet");
    windows.consume(c(100_000)).unwrap();
    windows.ask(Axis::Exchange, 3_600_000);
    assert_eq!(windows.sum(Axis::Exchange, 0, 3_600_000, Instant(200_000)), None, "what was let go may lie inside");
    assert_eq!(windows.sum(Axis::Exchange, 0, 3_600_000, Instant(3_600_000)).unwrap().count, 1);
}
