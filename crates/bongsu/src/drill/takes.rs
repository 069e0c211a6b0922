//! How long people and machines take, in milliseconds. Each is an assumption that `docs/drills.md` states.

/// From the answer to the payload, and from there to the broadcast.
pub const SIGNING: i64 = 1_000;
/// From a hold to the first approval, and from one approval to the next.
pub const APPROVAL: i64 = 600_000;
/// From a trip to the first transfer of an evacuation that starts by itself.
pub const EVACUATION: i64 = 10_000;
/// From a trip to the first transfer of an evacuation that a person starts.
pub const PERSON: i64 = 600_000;
/// From one transfer of the evacuation to the next.
pub const EACH: i64 = 1_000;
/// How long a signer goes on after the watch gave its last lease.
pub const LEASE: i64 = 5_000;
/// From an entry of the gate's journal to the watch having decided it again.
pub const PULL: i64 = 1_000;
/// From the last read of a block to a withdrawal of it being closed.
pub const CLOSING: i64 = 10_000;
/// From one look at what waits for time to pass to the next.
pub const LOOK: i64 = 60_000;
