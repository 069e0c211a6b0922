//! A block of a chain as one source read it. Blocks may repeat, come late, in any order, and contradict one another.
//!
//! It promises that a transfer carries what matching needs. It must never know which transfers are expected.

use super::field::{either, fact, part};
use alloc::string::String;
use alloc::vec::Vec;
use rulebook::time::Instant;

either! {
    /// What a transfer is.
    Moves {
        /// It moves an amount.
        0 Amount,
        /// It gives power over the wallet to somebody: owner, delegate, module, signers, approval, durable nonce.
        1 Authority(String),
        /// What the chain or the issuer takes or moves by itself: fee, slashing, rebase, rent, dust, clawback.
        2 Named(String),
    }
}

part! {
    /// Something that moved, or would have.
    Transfer {
        /// Its transaction and output.
        0 tx: String,
        /// The address it leaves.
        2 from: String,
        /// The address it reaches.
        4 to: String,
        /// The asset.
        6 asset: String,
        /// In base units.
        8 amount: i128,
        /// Destination tag or memo.
        10 tag: Option<String>,
        /// Fee paid by `from`, in base units of `fee_asset`.
        12 fee: i128,
        /// What the fee is paid in; absent: the asset itself.
        14 fee_asset: Option<String>,
        /// It failed: nothing moved but the fee.
        16 failed: bool,
        /// It is a log that anyone can emit: nothing moved.
        18 log: bool,
        /// What it is.
        20 what: Moves,
    }
}

fact! {
    /// A source read a block.
    BlockRead = 27 {
        /// The exchange.
        0 exchange: String,
        /// The chain.
        2 chain: String,
        /// Who read it.
        4 source: String,
        /// Its height.
        6 height: u64,
        /// Its hash, as the chain writes it.
        8 hash: String,
        /// The hash of the block before it.
        10 parent: String,
        /// The time it carries.
        12 at: Instant,
        /// What touches wallets of the exchange.
        14 transfers: Vec<Transfer>,
    }
}
