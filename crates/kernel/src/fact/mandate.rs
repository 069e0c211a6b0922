//! What cannot be asked one by one, and changes of the guard itself.
//!
//! It promises that a class of transfers has caps and an end, and that a change names what it changes by a hash.

use super::field::{either, fact};
use super::wallet::Tier;
use alloc::string::String;
use alloc::vec::Vec;
use journal::Hash;
use rulebook::time::Instant;

either! {
    /// Which addresses.
    Descriptor {
        /// Registered wallets of a tier.
        0 Tier(Tier),
        /// One registered wallet.
        1 Wallet(String),
        /// One address.
        2 Address(String),
    }
}

fact! {
    /// A class of transfers is allowed: sweeps, gas, staking, rebalancing.
    MandateSigned = 34 {
        /// The exchange.
        0 exchange: String,
        /// Its id.
        2 id: String,
        /// Where from.
        4 from: Descriptor,
        /// Where to.
        6 to: Descriptor,
        /// The asset.
        8 asset: String,
        /// Cap of each, in base units.
        10 cap_each: i128,
        /// Cap of all within the window, in base units.
        12 cap_window: i128,
        /// The window's length in milliseconds.
        14 window: i64,
        /// Cap of each fee, in base units of what the fee is paid in.
        16 fee_cap: i128,
        /// Last moment at which it counts.
        18 expires: Instant,
        /// Who signed it.
        20 by: String,
        /// The approved change; absent while the guard is being set up.
        22 change: Option<String>,
    }
}

fact! {
    /// Somebody asks for a change of the guard: it waits for its quorum and its delay.
    PolicyAsked = 35 {
        /// The exchange.
        0 exchange: String,
        /// What changes, in words.
        1 change: String,
        /// Its id; approvals name it.
        2 id: String,
        /// Hash of the body of the fact that will make the change.
        4 makes: Hash,
        /// Who asks: never one of the approvers.
        6 by: String,
        /// When.
        8 at: Instant,
    }
}

impl PolicyAsked {
    /// What approvals sign.
    pub fn request(&self) -> Hash {
        super::withdrawal::request(&self.encode())
    }
}

fact! {
    /// A person and the groups they decide for. One identity is one person, whatever the names.
    PersonEnrolled = 38 {
        /// The exchange.
        0 exchange: String,
        /// The name that approvals use: an opaque reference.
        2 person: String,
        /// A commitment to who it is: the hash of a personnel number or a key that nobody has twice.
        4 identity: Hash,
        /// The groups, ascending, each once; none: no longer.
        6 groups: Vec<String>,
        /// The approved change; absent while the guard is being set up.
        8 change: Option<String>,
    }
}

/// What a change says it makes: the hash over kind and body of another fact.
pub fn makes(kind: u16, body: &[u8]) -> Hash {
    let mut bytes = Vec::from(kind.to_be_bytes());
    bytes.extend_from_slice(body);
    super::withdrawal::request(&bytes)
}
