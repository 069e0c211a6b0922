//! The guard: decides before signing, matches every outflow after, stops, evacuates, reopens in stages.
//!
//! # Facts (kinds of entry) and what they conclude
//!
//! | kind | fact | concludes |
//! |-----:|------|-----------|
//! | 20 | `AssetListed` | |
//! | 21 | `WalletRegistered` | |
//! | 22 | `PriceSeen` | |
//! | 23 | `WithdrawalAsked` | `Decided` |
//! | 24 | `ApprovalGiven` | `Decided` when it settles the request |
//! | 25 | `PayloadShown` | `Signable` |
//! | 26 | `WithdrawalEnded` | |
//! | 27 | `BlockRead` | `Matched`, `Mandated`, `Named`, `Unmatched`, `Retracted`, `Paused`, `Unpaused`, `Tripped`, `Evacuate` |
//! | 28 | `CreditAsked` | `Credited` |
//! | 29 | `EventDeclared` | |
//! | 30 | `HoldingsRead` | |
//! | 31 | `ListChanged` | |
//! | 32 | `Suspended` | `Tripped` |
//! | 33 | `ResumptionMoved` | `Resumed` when two people agree |
//! | 34 | `MandateSigned` | |
//! | 35 | `PolicyAsked` | `Decided` |
//! | 36 | `BalanceRead` | |
//! | 37 | `ChainWatched` | |
//! | 38 | `PersonEnrolled` | |
//!
//! Any of them may conclude `Fires` where the number of fires changed. Conclusions are a list ([`conclusion::Concluded`]).

pub mod conclusion;
pub mod windows;
