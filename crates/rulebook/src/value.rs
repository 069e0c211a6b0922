//! What a condition comes to, and why it may come to nothing.

use crate::number::Number;
use crate::time::{Civil, Instant};
use alloc::string::String;

/// A value while it is being worked with.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// Not known, for the reasons behind the number.
    Unknown(Unknown),
    /// Known absent.
    Absent,
    /// Yes or no.
    Truth(bool),
    /// A number in the unit of its node.
    Number(Number),
    /// An exact length in milliseconds.
    Length(i64),
    /// A civil length.
    Civil(Civil),
    /// A code.
    Code(&'a str),
    /// A set of codes.
    Codes(&'a [String]),
    /// A moment; [`Instant::NEVER`] for what has not happened.
    Moment(Instant),
}

/// Why something is unknown: a node in the evaluator's list of reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// Position in the list.
    pub(crate) reason: u32,
    /// A fact is missing.
    pub facts: bool,
    /// A judgement is open.
    pub judged: bool,
}

/// A value that outlives the facts it was read from: what findings and traces carry.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Owned {
    Unknown,
    Absent,
    Truth(bool),
    Number(Number),
    Length(i64),
    Civil(Civil),
    Code(String),
    Codes(alloc::vec::Vec<String>),
    Moment(Instant),
}

impl Value<'_> {
    /// A copy that owns its parts.
    #[inline]
    pub fn to_owned(&self) -> Owned {
        match self {
            Value::Unknown(_) => Owned::Unknown,
            Value::Absent => Owned::Absent,
            Value::Truth(t) => Owned::Truth(*t),
            Value::Number(n) => Owned::Number(n.clone()),
            Value::Length(ms) => Owned::Length(*ms),
            Value::Civil(c) => Owned::Civil(*c),
            Value::Code(c) => Owned::Code((*c).into()),
            Value::Codes(c) => Owned::Codes(c.to_vec()),
            Value::Moment(t) => Owned::Moment(*t),
        }
    }
}
