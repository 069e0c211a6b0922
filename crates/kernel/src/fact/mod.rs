//! The facts, one file a family; this is the list of them.
//!
//! It promises that every observation has one encoding, of its own kind, and is read back as it was. Keys are integers:
//! an unknown odd key is passed over, an unknown even key is refused. `docs/facts.cddl` describes every body.
//! It must never know the state that facts add up to, nor whether a fact is admissible.

mod assessment;
mod block;
mod breaker;
mod credit;
mod evidence;
mod exact;
mod exchange;
pub(crate) mod field;
mod figure;
mod filing;
mod gate;
mod judgement;
mod key;
mod mandate;
pub(crate) mod map;
mod notice;
mod order;
mod remark;
mod rulebook;
mod subject;
mod ticket;
mod time;
mod wallet;
mod withdrawal;
mod witness;

pub use assessment::AssessmentAsked;
pub use block::{BlockRead, Moves, Transfer};
pub use breaker::{
    Cause, GuardLooked, List, ListChanged, Reach, ResumptionMoved, ResumptionStep, Scope, Sides, Suspended,
};
pub use credit::{CreditAsked, EventDeclared};
pub use evidence::{EvidenceKept, Period};
pub use exact::Exact;
pub use exchange::ExchangeRegistered;
pub use field::Bytes;
pub use figure::{Confidence, Figure, FigureValue, Grade};
pub use filing::{FILING_STEPS, FilingMoved, FilingStep, Receipt, Signatory};
pub use gate::{GateEntry, GatePinned, GateSigned, GateSilent, GateTold};
pub use judgement::Judged;
pub use key::{KeyEnrolled, Role};
pub use mandate::{Descriptor, MandateSigned, PersonEnrolled, PolicyAsked, makes};
pub use notice::Notice;
pub use order::{ORDER_STEPS, OrderKind, OrderMoved, OrderStep};
pub use remark::Remark;
pub use rulebook::{RulebookAdopted, RulebookPage};
pub use subject::{Name, RosterKnown, SubjectKnown};
pub use ticket::{Ticket, TicketReviewed, TicketSignature, TicketSigned};
pub use time::TimePassed;
pub use wallet::{AssetListed, BalanceRead, ChainWatched, HoldingsRead, PriceSeen, Tier, WalletRegistered};
pub use withdrawal::{ApprovalGiven, Effect, Ending, Operation, PayloadShown, WithdrawalAsked, WithdrawalEnded};
pub use witness::{CheckpointWitnessed, ForkSeen, LogRegistered};

use alloc::vec::Vec;
use journal::cbor::Error;

/// Version of every body so far.
pub const VERSION: u16 = 1;

/// The families once, so that the enum, its kinds and its readers cannot drift apart.
macro_rules! observations {
    ($($family:ident),* $(,)?) => {
        /// Something that came from outside.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[allow(missing_docs)]
        pub enum Observation {
            $($family($family),)*
        }

        impl Observation {
            /// The kind its entry carries.
            pub fn kind(&self) -> u16 {
                match self {
                    $(Observation::$family(_) => $family::KIND,)*
                }
            }

            /// The name of its kind.
            pub fn name(&self) -> &'static str {
                match self {
                    $(Observation::$family(_) => stringify!($family),)*
                }
            }

            /// As deterministic CBOR.
            pub fn encode(&self) -> Vec<u8> {
                match self {
                    $(Observation::$family(fact) => fact.encode(),)*
                }
            }

            /// Reads the observation of an entry of this kind.
            pub fn decode(kind: u16, bytes: &[u8]) -> Result<Observation, Error> {
                Ok(match kind {
                    $($family::KIND => Observation::$family($family::decode(bytes)?),)*
                    _ => return Err(Error { at: 0, expected: "a kind of fact this program knows" }),
                })
            }
        }

        $(impl From<$family> for Observation {
            fn from(fact: $family) -> Observation {
                Observation::$family(fact)
            }
        })*
    };
}

observations![
    ExchangeRegistered,
    SubjectKnown,
    RosterKnown,
    Figure,
    Judged,
    RulebookPage,
    RulebookAdopted,
    AssessmentAsked,
    TimePassed,
    Notice,
    Remark,
    EvidenceKept,
    FilingMoved,
    OrderMoved,
    LogRegistered,
    CheckpointWitnessed,
    ForkSeen,
    AssetListed,
    WalletRegistered,
    PriceSeen,
    WithdrawalAsked,
    ApprovalGiven,
    PayloadShown,
    WithdrawalEnded,
    BlockRead,
    CreditAsked,
    EventDeclared,
    HoldingsRead,
    ListChanged,
    Suspended,
    ResumptionMoved,
    MandateSigned,
    PolicyAsked,
    BalanceRead,
    ChainWatched,
    PersonEnrolled,
    GuardLooked,
    KeyEnrolled,
    TicketSigned,
    TicketReviewed,
    GateEntry,
    GatePinned,
    GateSigned,
    GateTold,
    GateSilent,
];
