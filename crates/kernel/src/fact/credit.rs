//! What the ledger gives to customers: a credit is asked before it is posted.
//!
//! It promises that a payout names its event, so that its declared budget can be held against it.

use super::field::fact;
use alloc::string::String;
use journal::Hash;
use rulebook::time::Instant;

fact! {
    /// May this be credited?
    CreditAsked = 28 {
        /// The exchange.
        0 exchange: String,
        /// The caller's id.
        2 id: String,
        /// To whom: an opaque reference.
        4 customer: String,
        /// The asset.
        6 asset: String,
        /// In base units.
        8 amount: i128,
        /// The payout event it belongs to.
        10 event: Option<String>,
        /// The inflow it passes on: the transfer's `tx`.
        12 deposit: Option<String>,
        /// When it was asked.
        14 at: Instant,
    }
}

impl CreditAsked {
    /// What approvals sign.
    pub fn request(&self) -> Hash {
        super::withdrawal::request(&self.encode())
    }
}

fact! {
    /// A payout event and what it may cost in all.
    EventDeclared = 29 {
        /// The exchange.
        0 exchange: String,
        /// The event.
        2 event: String,
        /// The asset.
        4 asset: String,
        /// In base units.
        6 budget: i128,
        /// Who declared it.
        8 by: String,
        /// When.
        10 at: Instant,
        /// The approved change; absent while the guard is being set up.
        12 change: Option<String>,
    }
}
