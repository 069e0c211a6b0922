//! Stopping and starting again, and the lists of addresses.
//!
//! It promises that a stop says what it covers and who made it, so that others can be asked to reopen.

use super::field::{choice, either, fact, part};
use alloc::string::String;
use rulebook::time::Instant;

choice! {
    /// What is known about an address.
    List {
        /// Customers or the exchange vouch for it.
        0 Allow = "allow",
        /// Nothing may go there.
        1 Deny = "deny",
        /// Somebody says something about it: it may hold and never denies.
        2 Hint = "hint",
    }
}

fact! {
    /// An address entered or left a list.
    ListChanged = 31 {
        /// The exchange.
        0 exchange: String,
        /// Who says so: a sanctions list, an explorer, a customer.
        1 source: String,
        /// Which list.
        2 list: List,
        /// The chain.
        4 chain: String,
        /// The address.
        6 address: String,
        /// It entered; otherwise it left.
        8 add: bool,
        /// Who recorded it.
        10 by: String,
        /// When.
        12 at: Instant,
        /// The customer whose list it is; absent: everybody's.
        14 customer: Option<String>,
    }
}

either! {
    /// How far a stop reaches.
    Reach {
        /// Everything.
        0 All,
        /// A key domain.
        1 Domain(String),
        /// A chain.
        2 Chain(String),
        /// An asset.
        3 Asset(String),
        /// A wallet.
        4 Wallet(String),
    }
}

choice! {
    /// What a stop stops.
    Sides {
        /// What leaves.
        0 Withdrawals = "withdrawals",
        /// What is credited.
        1 Deposits = "deposits",
        /// Both.
        2 Both = "both",
    }
}

part! {
    /// What a stop covers.
    Scope {
        /// How far.
        0 what: Reach,
        /// Which sides.
        2 sides: Sides,
    }
}

fact! {
    /// Somebody stopped something. Anyone on call may, at once.
    Suspended = 32 {
        /// The exchange.
        0 exchange: String,
        /// Why.
        1 reason: String,
        /// What.
        2 scope: Scope,
        /// Who.
        4 by: String,
        /// When.
        6 at: Instant,
    }
}

either! {
    /// A step of a resumption.
    ResumptionStep {
        /// The cause is on record: explained, source, ledger or key.
        0 Cause(Cause),
        /// Ledger and chain agree for every asset.
        1 Reconciled,
        /// The supervisor and the users were told.
        2 Told,
        /// A small amount leaves first: the cap in won for one day.
        3 Canary(i128),
        /// A part: of the usual volume, in per cent.
        4 Percent(u8),
        /// All of it.
        5 Full,
        /// Back to a stop.
        6 Back,
    }
}

choice! {
    /// What was the matter.
    Cause {
        /// Nothing was: explained by evidence from outside.
        0 Explained = "explained",
        /// A source of the chain.
        1 Source = "source",
        /// The ledger.
        2 Ledger = "ledger",
        /// A key: its wallets do not come back.
        3 Key = "key",
    }
}

fact! {
    /// Somebody asks for the next step of a resumption; it is taken when two have asked for the same.
    ResumptionMoved = 33 {
        /// The exchange.
        0 exchange: String,
        /// Reasons and evidence.
        1 reason: String,
        /// Of what.
        2 scope: Scope,
        /// Which step.
        4 step: ResumptionStep,
        /// Who.
        6 by: String,
        /// When.
        8 at: Instant,
    }
}

fact! {
    /// Nothing happened, and the guard looks at what waits: delays that are over, requests that a pause held, chains that fell
    /// silent. One held request is answered each time, so that each counts before the next is asked.
    GuardLooked = 39 {
        /// The exchange.
        0 exchange: String,
        /// When.
        2 at: Instant,
    }
}
