//! The second of the two times: not when something was true, but when it was journaled.

use rulebook::time::Instant;

/// Where and when an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp {
    /// The entry's index.
    pub index: u64,
    /// The entry's time; it never decreases from one entry to the next.
    pub time: Instant,
}

impl Stamp {
    /// What a case gives: known always, supported by no entry. Entry 0 is Genesis and carries no fact.
    pub const GIVEN: Stamp = Stamp { index: 0, time: Instant::ALWAYS };
}

/// What may be taken as known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownAt {
    /// Everything recorded.
    Now,
    /// What was recorded up to an entry, itself included.
    Entry(u64),
    /// What was recorded up to a moment, itself included.
    Time(Instant),
}

impl KnownAt {
    /// Whether an entry is known.
    #[inline]
    pub fn knows(self, entry: Stamp) -> bool {
        match self {
            KnownAt::Now => true,
            KnownAt::Entry(index) => entry.index <= index,
            KnownAt::Time(time) => entry.time <= time,
        }
    }
}
