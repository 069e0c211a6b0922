//! A withdrawal from the question to its end: asked, approved, shown to the guard before it is signed, ended.
//!
//! It promises that an approval names the very request it approves, by its hash. It must never know what is decided.

use super::field::{choice, either, fact, part};
use alloc::string::String;
use alloc::vec::Vec;
use journal::Hash;
use rulebook::time::Instant;
use sha2::{Digest, Sha256};

fact! {
    /// May this leave?
    WithdrawalAsked = 23 {
        /// The exchange.
        0 exchange: String,
        /// The caller's id: asked again with the same body it is the same question.
        2 id: String,
        /// From this wallet.
        4 wallet: String,
        /// The asset.
        6 asset: String,
        /// In base units.
        8 amount: i128,
        /// To this address.
        10 destination: String,
        /// Destination tag or memo, where the chain has one.
        12 tag: Option<String>,
        /// Whose: an opaque reference.
        14 customer: String,
        /// Who or what asked: never one of the approvers.
        16 initiator: String,
        /// Reference of the proof of a second factor.
        18 second_factor: Option<String>,
        /// When it was asked.
        20 at: Instant,
    }
}

impl WithdrawalAsked {
    /// What approvals sign: SHA-256 over a prefix and the body.
    pub fn request(&self) -> Hash {
        request(&self.encode())
    }
}

/// The hash of a request's body.
pub(crate) fn request(body: &[u8]) -> Hash {
    Sha256::new().chain_update(b"bongsu/request/001\n").chain_update(body).finalize().into()
}

fact! {
    /// Somebody approved or rejected a withdrawal, a change or a step of a resumption.
    ApprovalGiven = 24 {
        /// The exchange.
        0 exchange: String,
        /// Id of the withdrawal or change.
        2 withdrawal: String,
        /// Who: an enrolled person.
        4 by: String,
        /// For which group.
        6 group: String,
        /// Hash of the request that was looked at.
        8 request: Hash,
        /// It is a rejection.
        10 reject: bool,
        /// When.
        12 at: Instant,
    }
}

either! {
    /// What a payload would do.
    Operation {
        /// Moves an amount to a destination.
        0 Transfer,
        /// Lets other code act in the wallet's name.
        1 Delegate,
        /// Something else, by its name.
        2 Other(String),
    }
}

part! {
    /// One effect of a payload.
    Effect {
        /// The asset.
        0 asset: String,
        /// In base units.
        2 amount: i128,
        /// To this address.
        4 destination: String,
        /// Destination tag or memo.
        6 tag: Option<String>,
        /// What it does.
        8 operation: Operation,
    }
}

fact! {
    /// What is about to be signed, decoded by the guard's own decoder.
    PayloadShown = 25 {
        /// The exchange.
        0 exchange: String,
        /// The withdrawal.
        2 withdrawal: String,
        /// What it would do; nothing where it cannot be decoded.
        4 effect: Vec<Effect>,
        /// When.
        6 at: Instant,
    }
}

choice! {
    /// How a withdrawal ends.
    Ending {
        /// Called off before it was signed.
        0 Cancelled = "cancelled",
        /// Its approvals or its time ran out before it was signed.
        1 Expired = "expired",
        /// On its chain for good.
        2 Confirmed = "confirmed",
        /// Proven never to be: its nonce or its coins are spent elsewhere.
        3 CannotConfirm = "cannot confirm",
    }
}

fact! {
    /// A withdrawal ended. Once its payload was accepted it may be signed, and only the chain ends it.
    WithdrawalEnded = 26 {
        /// The exchange.
        0 exchange: String,
        /// The withdrawal.
        2 withdrawal: String,
        /// How.
        4 how: Ending,
        /// When.
        6 at: Instant,
    }
}
