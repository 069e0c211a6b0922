//! Keys that may speak to the guard: whose they are, and for what.
//!
//! It promises that a key says nothing it was not enrolled for. It must never know how a request is signed.

use super::field::{choice, fact};
use alloc::string::String;
use alloc::vec::Vec;
use journal::Hash;

choice! {
    /// What a key may do. What no role names is refused.
    Role {
        /// Ask for withdrawals and cancel them.
        0 Ask = "ask",
        /// Approve and reject, in the name of its holder.
        1 Approve = "approve",
        /// Show payloads, tell of broadcasts and endings.
        2 Sign = "sign",
        /// Ask for credits, declare events.
        3 Credit = "credit",
        /// Change the lists of addresses.
        4 Lists = "lists",
        /// Ask for changes, sign mandates, adopt pages.
        5 Policy = "policy",
        /// Stop.
        6 Suspend = "suspend",
        /// Reopen.
        7 Resume = "resume",
        /// Tell what is read outside: blocks, prices, balances, holdings.
        8 Blocks = "blocks",
        /// Read.
        9 Read = "read",
        /// Enrol assets, chains, wallets, people and keys.
        10 Admin = "admin",
    }
}

fact! {
    /// A key may speak to the guard.
    KeyEnrolled = 40 {
        /// The exchange.
        0 exchange: String,
        /// Its id: requests name it, and entries carry it as their principal.
        2 key: String,
        /// The Ed25519 public key.
        4 public: Hash,
        /// Whose: a person's name where it approves, else what holds it.
        6 holder: String,
        /// What it may do, ascending, each once; none: no longer.
        8 roles: Vec<Role>,
        /// The approved change; absent while the guard is being set up.
        10 change: Option<String>,
    }
}
