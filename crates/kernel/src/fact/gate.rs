//! What a watch records of the gate it does not trust: the key it pinned, the gate's entries, its signed checkpoints, its silence,
//! and what the gate was told.
//!
//! It promises that an entry of the gate stands here byte for byte, so that a watch's journal replays without the gate's.
//! It must never know whether the gate was right.

use super::breaker::Scope;
use super::field::{Bytes, fact};
use alloc::string::String;
use rulebook::time::Instant;

fact! {
    /// An entry of the gate's journal, copied.
    GateEntry = 42 {
        /// The exchange.
        0 exchange: String,
        /// Its leaf.
        2 leaf: Bytes,
        /// Its salt; absent where the body was destroyed or is too large to be copied.
        4 salt: Option<Bytes>,
        /// Its body; absent with the salt.
        6 body: Option<Bytes>,
    }
}

fact! {
    /// From now on this journal is the gate's, and the rulebook that the watch had adopted before is the one the gate must use.
    GatePinned = 43 {
        /// The exchange.
        0 exchange: String,
        /// The verifier key of the gate's journal, in the text form of signed notes. It does not come from the gate.
        2 key: String,
        /// How long an outflow waits for its authorisation to be copied, in milliseconds.
        4 grace: i64,
    }
}

fact! {
    /// A checkpoint of the gate, fetched by the watch.
    GateSigned = 44 {
        /// The exchange.
        0 exchange: String,
        /// The signed note, whole.
        2 note: String,
        /// When the watch began to ask for it, by the watch's clock.
        4 at: Instant,
    }
}

fact! {
    /// The gate was told to stop, or could not be told.
    GateTold = 45 {
        /// The exchange.
        0 exchange: String,
        /// What it said, or why it was not reached.
        1 said: String,
        /// What it was told to stop.
        2 scope: Scope,
        /// When.
        4 at: Instant,
        /// The entry of the gate's journal that acknowledges it; absent where nothing did.
        6 entry: Option<u64>,
    }
}

fact! {
    /// The gate's journal was not heard from for longer than its rhythm.
    GateSilent = 46 {
        /// The exchange.
        0 exchange: String,
        /// When it was heard from last.
        2 since: Instant,
        /// When the watch says so.
        4 at: Instant,
    }
}
