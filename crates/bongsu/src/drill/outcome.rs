//! What a drill comes to.

use super::tally::{Answered, Moved, Sum, Tally};
use kernel::guard::conclusion::Verdict;
use rulebook::time::Instant;
use std::collections::BTreeMap;

/// The answer of a drill.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What was drawn was drawn from it.
    pub seed: u64,
    /// The pages of the policy.
    pub policy: Vec<String>,
    /// The ordinary month before.
    pub month: Tally,
    /// Won lost so far, as it happened.
    pub fact: Vec<(Instant, i128)>,
    /// Won lost so far, as it would be.
    pub would: Vec<(Instant, i128)>,
    /// Single transfers or credits, as it happened.
    pub transfers: usize,
    /// The first stop that does not end by itself.
    pub stop: Option<Stop>,
    /// What was moved to safety.
    pub moved: Vec<Moved>,
    /// What could not be: wallet, asset, why.
    pub stuck: Vec<(String, String, String)>,
    /// The answers to the requests on record: when, which, the verdict, the rule or why.
    pub requested: Vec<Requested>,
    /// The answers to what was shown for signing.
    pub shown: Vec<(Instant, Verdict, String)>,
    /// The loss by when the evacuation starts.
    pub evacuated: Vec<Evacuated>,
    /// What the rules say to the thief's transfers.
    pub asked: BTreeMap<Answered, Sum>,
    /// What became of the credits, where the case has some.
    pub credits: Option<Credits>,
}

/// An answer to a request on record: when, which, the verdict, the rule or why.
pub type Requested = (Instant, String, Verdict, String);

/// A stop.
#[derive(Clone, Debug)]
pub struct Stop {
    /// When.
    pub at: Instant,
    /// Why.
    pub cause: String,
    /// Won that had left by then.
    pub before: i128,
}

/// The loss where the evacuation starts so long after the trip.
#[derive(Clone, Debug)]
pub struct Evacuated {
    /// Milliseconds from the trip to the first transfer.
    pub start: i64,
    /// Won lost.
    pub loss: i128,
    /// When the last transfer was on its chain.
    pub last: Option<Instant>,
}

/// What became of credits.
#[derive(Clone, Debug, Default)]
pub struct Credits {
    /// All of them.
    pub asked: Sum,
    /// By answer.
    pub answered: BTreeMap<Answered, Sum>,
    /// What was posted: when, which, won.
    pub posted: Vec<(Instant, usize, i128)>,
    /// The first refusal and what it looked like.
    pub first: Option<(Instant, String)>,
}

impl Outcome {
    /// Won lost as it happened.
    pub fn lost(&self) -> i128 {
        self.fact.last().map_or(0, |(_, won)| *won)
    }

    /// Won lost as it would be.
    pub fn would_lose(&self) -> i128 {
        self.would.last().map_or(0, |(_, won)| *won)
    }

    /// Held and refused withdrawals of the month, and its stops.
    pub fn false_alarms(&self) -> (u64, u64, u64) {
        let sum = |map: &BTreeMap<String, u64>| map.values().sum();
        let trips = u64::try_from(self.month.trips.len()).unwrap_or(u64::MAX);
        (sum(&self.month.held), sum(&self.month.denied), trips)
    }
}

/// So many of so many, for each hundred thousand, in tenths, cut; none where there were none.
pub fn per_hundred_thousand(part: u64, of: u64) -> Option<u64> {
    u64::try_from(u128::from(part).checked_mul(1_000_000)?.checked_div(u128::from(of))?).ok()
}
