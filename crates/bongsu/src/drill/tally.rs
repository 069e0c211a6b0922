//! What is counted while the world turns.

use kernel::guard::conclusion::Verdict;
use rulebook::time::Instant;
use std::collections::BTreeMap;

/// The counts.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Withdrawals of customers that were asked for.
    pub asked: u64,
    /// Of these, on their chain for good.
    pub paid: u64,
    /// Of these, that had to wait, by rule.
    pub held: BTreeMap<String, u64>,
    /// Of these, refused, by rule.
    pub denied: BTreeMap<String, u64>,
    /// Outflows that matched nothing.
    pub unmatched: u64,
    /// Sweeps, refills and returns that a mandate covered.
    pub mandated: u64,
    /// Stops that ended by themselves.
    pub pauses: u64,
    /// Stops that did not, with their causes.
    pub trips: Vec<(Instant, String)>,
    /// Facts that the guard was told.
    pub facts: u64,
    /// What the thief took: when, the place of the outflow, won.
    pub taken: Vec<(Instant, usize, i128)>,
    /// What the thief did not get: when it was tried, the place of the outflow, won.
    pub missed: Vec<(Instant, usize, i128)>,
    /// What was moved to safety.
    pub moved: Vec<Moved>,
    /// What the plan said cannot move: wallet, asset, why.
    pub stuck: Vec<(String, String, String)>,
    /// The answers to what was shown for signing on record: when, verdict, why.
    pub shown: Vec<(Instant, Verdict, String)>,
    /// The answers to the thief's transfers, where they were asked for.
    pub answered: BTreeMap<Answered, Sum>,
}

/// One move of the evacuation that is on its chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// When.
    pub at: Instant,
    /// From which wallet.
    pub wallet: String,
    /// The asset.
    pub asset: String,
    /// Won.
    pub won: i128,
}

/// A verdict and its rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Answered {
    /// `allow`, `hold` or `deny`.
    pub verdict: &'static str,
    /// The rule, or why the kernel itself says so; empty where the default counts.
    pub by: String,
}

/// How many, and how much.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many.
    pub count: u64,
    /// Won.
    pub won: i128,
}

impl Sum {
    /// One more.
    pub fn add(&mut self, won: i128) {
        self.count = self.count.saturating_add(1);
        self.won = self.won.saturating_add(won);
    }
}
