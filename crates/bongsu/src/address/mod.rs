//! Addresses: whether a text can be an address of its chain, and the one way to write it.
//!
//! It promises that a slip of the keyboard is refused wherever the chain's addresses carry a checksum, that the answer says how much was
//! checked, and that two ways to write one address become one text. It must never know who owns an address, nor whether it was used.
//!
//! - [`check`]: may it enter? [`canonical`]: its one form, and how well it was checked; [`check_tag`]: the tag that goes with it
//! - [`chains`]: the chains and what their addresses look like
//! - [`base58`], [`bech`], [`hex`], [`base32`], [`named`]: the five ways to write one

pub mod base32;
pub mod base58;
pub mod bech;
pub mod chains;
pub mod hex;
pub mod named;

use std::fmt;

/// The longest address that is looked at: a Monero integrated one has 106 letters, a Cardano one of Byron with its path 114.
const LONGEST: usize = 128;

/// Why a text is no address of its chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The chain.
    pub chain: String,
    /// The text.
    pub found: String,
    /// What is wrong, and what was expected.
    pub expected: String,
    /// What to do.
    pub hint: &'static str,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Problem { chain, found, expected, hint } = self;
        write!(f, "{found} is no address on {chain}: {expected}; {hint}")
    }
}

impl std::error::Error for Problem {}

/// How well an address was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assurance {
    /// Its checksum is right: a slip would have been found.
    Checksum,
    /// Its form is right. The chain's addresses have no checksum, or this one was written without.
    Form,
    /// Only length and letters: this program has no rule for the chain.
    Letters,
}

impl Assurance {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Assurance::Checksum => "checksum",
            Assurance::Form => "form, no checksum",
            Assurance::Letters => "letters and length only: no rule for this chain",
        }
    }
}

/// An address in its one form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canonical {
    /// As it is written from here on.
    pub text: String,
    /// How well it was checked.
    pub assurance: Assurance,
}

/// What a form says: the address, or what was expected and a hint.
pub(crate) type Answer = Result<Canonical, (String, &'static str)>;

/// The hint where a checksum is wrong.
pub(crate) const SLIP: &str = "a letter is wrong, missing or too many: copy the address again";
/// The hint where the address is of another kind or network.
pub(crate) const ELSEWHERE: &str = "it is of another network or kind: nothing sent to it would arrive";

pub(crate) fn checked(text: impl Into<String>) -> Answer {
    Ok(Canonical { text: text.into(), assurance: Assurance::Checksum })
}

pub(crate) fn formed(text: impl Into<String>) -> Answer {
    Ok(Canonical { text: text.into(), assurance: Assurance::Form })
}

pub(crate) fn wrong(expected: impl Into<String>, hint: &'static str) -> Answer {
    Err((expected.into(), hint))
}

/// Whether a text can be an address of a chain.
pub fn check(chain: &str, text: &str) -> Result<(), Problem> {
    canonical(chain, text).map(|_| ())
}

/// The one form of an address, and how well it was checked.
pub fn canonical(chain: &str, text: &str) -> Result<Canonical, Problem> {
    let answer = if text.is_empty() || text.len() > LONGEST {
        wrong(format!("between 1 and {LONGEST} letters"), "give the address alone")
    } else if !text.bytes().all(|letter| letter.is_ascii_graphic()) {
        wrong("plain letters without blanks", "give the address alone: a letter of another script may look the same")
    } else {
        match chains::form(chain) {
            Some(form) => form.read(text),
            None => unknown(text),
        }
    };
    let known = |(expected, hint)| {
        // A seed of Stellar in the wrong field must not travel on in an error.
        let seed = text.len() == 56 && text.starts_with('S');
        let found = if seed { "S… (56 letters)".into() } else { text.chars().take(LONGEST).collect() };
        Problem { chain: chain.into(), found, expected, hint }
    };
    answer.map_err(known)
}

/// A chain without a rule: letters that some chain uses, and a length that some chain has.
fn unknown(text: &str) -> Answer {
    let letter = |letter: u8| letter.is_ascii_alphanumeric() || b":-_.".contains(&letter);
    if text.len() < 3 || !text.bytes().all(letter) {
        return wrong("at least three of the letters A–Z, a–z, 0–9 and : - _ .", "copy the address again");
    }
    Ok(Canonical { text: text.into(), assurance: Assurance::Letters })
}

/// Whether a tag can go with an address of a chain.
pub fn check_tag(chain: &str, tag: &str) -> Result<(), Problem> {
    let expected = match chains::tag(chain) {
        chains::Tag::Number32 if is_plain(tag) && tag.parse::<u32>().is_ok() => return Ok(()),
        chains::Tag::Number32 => "a destination tag from 0 to 4294967295, without leading zeros",
        chains::Tag::Bytes(most) if !tag.is_empty() && tag.len() <= most => return Ok(()),
        chains::Tag::Bytes(28) => "a memo of 1 to 28 bytes",
        chains::Tag::Bytes(100) => "a memo of 1 to 100 bytes",
        chains::Tag::Bytes(_) => "a memo of 1 to 256 bytes",
        chains::Tag::None => "no tag: the chain has none",
    };
    let hint = "the receiver says which tag is theirs, in the form their chain knows";
    Err(Problem { chain: chain.into(), found: tag.chars().take(LONGEST).collect(), expected: expected.into(), hint })
}

/// Digits as they are printed: 007 is not 7.
fn is_plain(tag: &str) -> bool {
    tag.bytes().all(|digit| digit.is_ascii_digit()) && (tag == "0" || !tag.starts_with('0'))
}
