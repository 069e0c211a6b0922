//! Why a fact is not admitted, for whoever has to mend it: a code, the field, what was expected, what was found, a hint.

use alloc::string::String;
use core::fmt;

/// The stable name of a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// A text is empty that may not be.
    Empty,
    /// A text, list or page is too long.
    TooLong,
    /// The exchange is not registered.
    UnknownExchange,
    /// The word list has no such word.
    UnknownWord,
    /// The word list has no such kind of subject.
    UnknownKind,
    /// The word does not belong to that subject.
    WrongSubject,
    /// Signed by another key, or not at all.
    WrongSigner,
    /// Older than what is known already.
    Behind,
    /// Two histories of one journal.
    Fork,
    /// Nothing is recorded of that subject.
    UnknownSubject,
    /// The value has another type than the word.
    WrongType,
    /// The value has another unit or currency than the word.
    WrongUnit,
    /// A quantity is below zero.
    Negative,
    /// A number is too large.
    TooLarge,
    /// A moment lies outside the years this program speaks of.
    OutOfRange,
    /// A stretch ends before it begins.
    Backwards,
    /// A list is out of order or holds something twice.
    Unsorted,
    /// The entry to correct recorded nothing there.
    NothingToCorrect,
    /// The entry to correct is corrected already.
    AlreadyCorrected,
    /// A page that is adopted is not in the journal.
    UnknownPage,
    /// The known time lies after the last entry.
    NotYetKnown,
    /// The table has no such type of filing.
    UnknownType,
    /// The rulebook has no such rule.
    UnknownRule,
    /// The vault has no such file.
    UnknownEvidence,
    /// That step does not follow the last one.
    WrongStep,
    /// Somebody who must sign did not.
    Unsigned,
    /// Another person must do it.
    SamePerson,
    /// An order without a finding that is not met.
    NoGround,
    /// Its rule is not met yet.
    NotMet,
    /// The same id with another body.
    Conflict,
    /// Not while something is stopped.
    Stopped,
    /// No approved change makes it.
    NotApproved,
    /// It is over, or was signed.
    TooLate,
}

impl Code {
    /// As interfaces print it.
    pub fn name(self) -> &'static str {
        match self {
            Code::Empty => "empty",
            Code::TooLong => "too-long",
            Code::UnknownExchange => "unknown-exchange",
            Code::UnknownWord => "unknown-word",
            Code::UnknownKind => "unknown-kind",
            Code::WrongSubject => "wrong-subject",
            Code::WrongSigner => "wrong-signer",
            Code::Behind => "behind",
            Code::Fork => "fork",
            Code::UnknownSubject => "unknown-subject",
            Code::WrongType => "wrong-type",
            Code::WrongUnit => "wrong-unit",
            Code::Negative => "negative",
            Code::TooLarge => "too-large",
            Code::OutOfRange => "out-of-range",
            Code::Backwards => "backwards",
            Code::Unsorted => "unsorted",
            Code::NothingToCorrect => "nothing-to-correct",
            Code::AlreadyCorrected => "already-corrected",
            Code::UnknownPage => "unknown-page",
            Code::NotYetKnown => "not-yet-known",
            Code::UnknownType => "unknown-type",
            Code::UnknownRule => "unknown-rule",
            Code::UnknownEvidence => "unknown-evidence",
            Code::WrongStep => "wrong-step",
            Code::Unsigned => "unsigned",
            Code::SamePerson => "same-person",
            Code::NoGround => "no-ground",
            Code::NotMet => "not-met",
            Code::Conflict => "conflict",
            Code::Stopped => "stopped",
            Code::NotApproved => "not-approved",
            Code::TooLate => "too-late",
        }
    }
}

/// A fact that is not admitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The reason.
    pub code: Code,
    /// The field it lies in.
    pub field: &'static str,
    /// What should have been there.
    pub expected: String,
    /// What was there, cut short where it is long.
    pub found: String,
    /// What to do.
    pub hint: &'static str,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Refusal { code, field, expected, found, hint } = self;
        write!(f, "{} in {field}: expected {expected}, found {found}; {hint}", code.name())
    }
}

impl core::error::Error for Refusal {}
