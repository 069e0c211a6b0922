//! What can be wrong with a package: each by name, with what to do.

use journal::cbor;
use journal::checkpoint::CheckpointError;
use journal::entry::EntryError;
use journal::note::NoteError;
use journal::proof::ProofError;
use rulebook::time::Instant;
use std::fmt;
use std::path::PathBuf;

/// Why a package is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Fault {
    /// Another kind of file.
    NotAPackage,
    /// Fewer bytes than it says.
    Truncated { said: u64, found: u64 },
    /// The seal is no signed note of a filing.
    Seal(NoteError),
    /// The bytes are not those that were sealed.
    Altered,
    /// Sealed by another key than the one given or the one of its journal.
    WrongSigner { expected: String, found: String },
    /// Not the encoding of a package.
    Malformed(cbor::Error),
    /// The checkpoint.
    Checkpoint(CheckpointError),
    /// A witness whose cosignature was asked for.
    Witness { name: String, error: CheckpointError },
    /// The checkpoint is older than one that was seen.
    Stale { seen: u64, found: u64 },
    /// Two checkpoints of one size with two roots.
    Fork { size: u64 },
    /// An entry is no header.
    Entry { position: u64, error: EntryError },
    /// Entries out of order, repeated, or beyond the checkpoint.
    Order { index: u64 },
    /// Salt or body are not those of the header.
    Body { index: u64 },
    /// No proof at all.
    NoProof,
    /// The proof.
    Proof(ProofError),
    /// Entry 0 is not Genesis, or Genesis names another key.
    Genesis,
    /// Written under semantics of a later program.
    Semantics { found: u64 },
    /// A body that this program cannot read.
    Fact { index: u64, at: usize },
    /// A fact of another exchange.
    OtherExchange { header: String, found: String, index: u64 },
    /// The exchange itself is not among the facts.
    NotRegistered { exchange: String },
    /// No rulebook was adopted.
    NoRulebook,
    /// A page of the rulebook is not in the package.
    MissingPage { path: String },
    /// The pages make no book.
    BrokenRulebook { why: String },
    /// A page that the one who checks does not know.
    UnknownRulebook { path: String },
    /// The table has no such type.
    UnknownType { found: String },
    /// Other rules than its type asks for.
    OtherRules { kind: String },
    /// A period that is none of its type, or findings for another moment.
    OtherPeriod { expected: String, found: String },
    /// The checkpoint was signed before the period ended.
    NotOver { until: Instant },
    /// Another exchange, filing or period than was asked for.
    NotAsked { what: &'static str, expected: String, found: String },
    /// A file of evidence.
    Evidence { path: PathBuf, what: &'static str },
}

impl Fault {
    /// As interfaces print it.
    pub fn code(&self) -> &'static str {
        match self {
            Fault::NotAPackage => "not-a-package",
            Fault::Truncated { .. } => "truncated",
            Fault::Seal(_) => "bad-seal",
            Fault::Altered => "altered",
            Fault::WrongSigner { .. } => "wrong-signer",
            Fault::Malformed(_) => "malformed",
            Fault::Checkpoint(_) => "bad-checkpoint",
            Fault::Witness { .. } => "no-witness",
            Fault::Stale { .. } => "stale-checkpoint",
            Fault::Fork { .. } => "fork",
            Fault::Entry { .. } => "bad-entry",
            Fault::Order { .. } => "entries-out-of-order",
            Fault::Body { .. } => "altered-body",
            Fault::NoProof => "missing-proof",
            Fault::Proof(_) => "broken-proof",
            Fault::Genesis => "other-journal",
            Fault::Semantics { .. } => "newer-semantics",
            Fault::Fact { .. } => "unreadable-fact",
            Fault::OtherExchange { .. } => "other-exchange",
            Fault::NotRegistered { .. } => "not-registered",
            Fault::NoRulebook => "no-rulebook",
            Fault::MissingPage { .. } => "missing-page",
            Fault::BrokenRulebook { .. } => "broken-rulebook",
            Fault::UnknownRulebook { .. } => "unknown-rulebook",
            Fault::UnknownType { .. } => "unknown-type",
            Fault::OtherRules { .. } => "other-rules",
            Fault::OtherPeriod { .. } => "other-period",
            Fault::NotOver { .. } => "period-not-over",
            Fault::NotAsked { .. } => "not-what-was-asked",
            Fault::Evidence { .. } => "evidence-differs",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.code())?;
        match self {
            Fault::NotAPackage => {
                f.write_str("expected the first line of a filing; give the file that `filing prepare` wrote")
            }
            Fault::Truncated { said, found } => {
                write!(f, "expected {said} bytes and a seal, found {found}; the file was cut off: fetch it again")
            }
            Fault::Seal(error) => write!(f, "{error}; fetch the file again, or ask the exchange for it"),
            Fault::Altered => f.write_str(
                "expected the bytes that were sealed; the file was changed after that: ask the exchange for it again",
            ),
            Fault::WrongSigner { expected, found } => {
                write!(
                    f,
                    "expected the seal of {expected}, found {found}; whose key is it? ask the exchange over another channel"
                )
            }
            Fault::Malformed(error) => {
                write!(f, "at byte {}: expected {}; a newer bongsu may have written it", error.at, error.expected)
            }
            Fault::Checkpoint(error) => error.fmt(f),
            Fault::Witness { name, error } => {
                write!(f, "witness {name}: {error}; ask for a package under a cosigned checkpoint")
            }
            Fault::Stale { seen, found } => {
                write!(
                    f,
                    "expected a checkpoint of at least {seen} entries, which was seen before, found {found}; ask for a package under the present one"
                )
            }
            Fault::Fork { size } => {
                write!(
                    f,
                    "two checkpoints of {size} entries have different roots: the journal signed two histories; keep both files and tell the witness"
                )
            }
            Fault::Entry { position, error } => write!(f, "entry at position {position}: {error}"),
            Fault::Order { index } => write!(
                f,
                "entry {index}: expected ascending entries under the checkpoint; the package was put together wrongly"
            ),
            Fault::Body { index } => {
                write!(f, "entry {index}: expected the body that its header was made from; body or salt was changed")
            }
            Fault::NoProof => f.write_str(
                "expected the proof that the entries are in the journal; ask the exchange to prepare the package again",
            ),
            Fault::Proof(error) => error.fmt(f),
            Fault::Genesis => {
                f.write_str("expected entry 0 to name the key of the checkpoint; the entries are of another journal")
            }
            Fault::Semantics { found } => write!(f, "written under semantics {found}; use a newer bongsu"),
            Fault::Fact { index, at } => {
                write!(f, "entry {index}: cannot be read at byte {at}; a newer bongsu may have written it")
            }
            Fault::OtherExchange { header, found, index } => {
                write!(
                    f,
                    "entry {index} is about `{found}`, the header says `{header}`; ask for the package of that exchange"
                )
            }
            Fault::NotRegistered { exchange } => write!(
                f,
                "expected the entry that registered `{exchange}`; the header may name another exchange than the facts"
            ),
            Fault::NoRulebook => {
                f.write_str("expected an adopted rulebook; `bongsu adopt` it at the exchange and prepare again")
            }
            Fault::MissingPage { path } => write!(
                f,
                "expected the page {path} of the adopted rulebook; ask the exchange to prepare the package again"
            ),
            Fault::BrokenRulebook { why } => {
                write!(f, "the pages make no rulebook: {why}; `bongsu check` shows every problem")
            }
            Fault::UnknownRulebook { path } => {
                write!(
                    f,
                    "{path} is no page that this program ships with or this journal has adopted; read it, then adopt it or add --allow-rulebook"
                )
            }
            Fault::UnknownType { found } => {
                write!(f, "`{found}` is no type of filing; `bongsu filing types` prints the table")
            }
            Fault::OtherRules { kind } => {
                write!(f, "expected the rules that the table names for {kind}; the exchange may use another bongsu")
            }
            Fault::OtherPeriod { expected, found } => {
                write!(f, "expected {expected}, found {found}; the header speaks of another period than the findings")
            }
            Fault::NotOver { until } => {
                write!(f, "signed before {} ms, when the period ends; prepare it when the period is over", until.0)
            }
            Fault::NotAsked { what, expected, found } => {
                write!(f, "expected {what} `{expected}`, found `{found}`; take the package that was asked for")
            }
            Fault::Evidence { path, what } => {
                write!(f, "{}: {what}; ask the exchange for the file that it recorded", path.display())
            }
        }
    }
}

impl std::error::Error for Fault {}

impl From<cbor::Error> for Fault {
    fn from(error: cbor::Error) -> Fault {
        Fault::Malformed(error)
    }
}

impl From<Fault> for crate::trouble::Trouble {
    fn from(fault: Fault) -> crate::trouble::Trouble {
        crate::trouble::Trouble::no(fault.to_string(), "")
    }
}
