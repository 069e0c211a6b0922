//! What the guard keeps watch over: assets, chains, wallets, and what they are worth.
//!
//! It promises that amounts are whole base units of a listed asset. It must never know a rule.

use super::Exact;
use super::field::{choice, fact};
use alloc::string::String;
use alloc::vec::Vec;
use rulebook::time::Instant;

fact! {
    /// An asset can be withdrawn. The same symbol on two chains is two assets.
    AssetListed = 20 {
        /// The exchange.
        0 exchange: String,
        /// Where it is known from.
        1 source: String,
        /// Its id here.
        2 asset: String,
        /// The chain it moves on.
        4 chain: String,
        /// Digits after the point of one whole unit.
        6 decimals: u8,
    }
}

choice! {
    /// How near the internet a wallet is, and what it is for.
    Tier {
        /// Signs by itself.
        0 Hot = "hot",
        /// Signs with people.
        1 Warm = "warm",
        /// Apart from the internet.
        2 Cold = "cold",
        /// Receives from a customer.
        3 Deposit = "deposit",
        /// Where the rest goes when a key is lost; enrolled before, in another key domain.
        4 Evacuation = "evacuation",
    }
}

fact! {
    /// A wallet of the exchange. Whatever leaves its address needs a reason.
    WalletRegistered = 21 {
        /// The exchange.
        0 exchange: String,
        /// Where it is known from.
        1 source: String,
        /// Its id here.
        2 wallet: String,
        /// Its chain.
        4 chain: String,
        /// Its address.
        6 address: String,
        /// Its key domain: all that shares seed, signer host or administrators.
        8 domain: String,
        /// What it is for.
        10 tier: Tier,
        /// The approved change that enrolled it; absent while the guard is being set up.
        12 change: Option<String>,
    }
}

fact! {
    /// A price was seen on a venue.
    PriceSeen = 22 {
        /// The exchange.
        0 exchange: String,
        /// The asset.
        2 asset: String,
        /// Where.
        4 venue: String,
        /// Won for one whole unit.
        6 won: Exact,
        /// When.
        8 at: Instant,
    }
}

fact! {
    /// What is held of an asset and what users have entrusted, by the ledger, at one moment.
    HoldingsRead = 30 {
        /// The exchange.
        0 exchange: String,
        /// The asset.
        2 asset: String,
        /// Held, in base units.
        4 held: i128,
        /// Entrusted, in base units.
        6 entrusted: i128,
        /// When.
        8 at: Instant,
    }
}

fact! {
    /// What lies in a wallet of one asset.
    BalanceRead = 36 {
        /// The exchange.
        0 exchange: String,
        /// The wallet.
        2 wallet: String,
        /// The asset.
        4 asset: String,
        /// In base units.
        6 balance: i128,
        /// When.
        8 at: Instant,
    }
}

fact! {
    /// A chain is read, from where, and when its blocks count.
    ChainWatched = 37 {
        /// The exchange.
        0 exchange: String,
        /// The chain.
        2 chain: String,
        /// The sources, ascending, each once. With fewer than two nothing can be compared.
        4 sources: Vec<String>,
        /// Blocks on top of one that make it final enough; 0 is at sight.
        6 depth: u64,
        /// Blocks a source may be behind another, and milliseconds it may be silent while another is not.
        8 behind: u64,
        /// See `behind`.
        10 silence: i64,
        /// The approved change that enrolled it; absent while the guard is being set up.
        12 change: Option<String>,
        /// It is only observed: what would be stopped is told, and nothing is stopped.
        14 observed: bool,
    }
}
