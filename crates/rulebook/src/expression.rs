//! Conditions as a lawyer writes them, read into a tree that keeps the place of every part.
//!
//! ```text
//! condition  = negation { "and" negation }
//! negation   = "not" negation | group
//! group      = ("any of" | "all of" | "none of" | "at least" N "of") "(" condition { "," condition } ")" | relation
//! relation   = sum [ ("=" | "!=" | "<" | "<=" | ">" | ">=") sum | "is" ("given" | "met" | "not met" | CODE) | ("in" | "within") LIST ]
//! sum        = product { ("+" | "-") product }          product = factor { ("*" | "/" | "of") factor }
//! factor     = atom { "in" CURRENCY | "at" point | "ago" }
//! ```
//!
//! It promises: what is read is exactly what is written, and a mistake has its place. It must never know which words there
//! are, nor any rule: names stay names until the page is built.
//!
//! Here stand the tree and its types; `lexer` cuts the text up, `reader` follows the grammar.

mod lexer;
mod reader;

use crate::number::Number;
use crate::time::Civil;
use crate::unit::{Dimension, Type};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

pub use reader::read;

/// A part of a condition with its place in the text.
#[derive(Clone, Debug)]
pub struct Expression {
    /// What it is.
    pub kind: Part,
    /// Its bytes in the condition's text.
    pub span: Range<usize>,
}

/// A comparison sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// An arithmetic sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// Which of several values to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extreme {
    /// `larger(…)` of amounts, `later(…)` of moments.
    Most,
    /// `smaller(…)`, `earlier(…)`.
    Least,
}

/// How many values become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Fold {
    Sum,
    Average,
    Count,
}

/// Which occurrence of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The first; also what a bare event name means.
    First,
    /// The latest so far.
    Last,
    /// Every one: starts a clock each time.
    Each,
}

/// What is written in a condition.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Part {
    /// A value with its type, and the smallest step its writing suggests (for moved-by-one-step checks).
    Literal {
        value: Literal,
        step: Number,
    },
    Name(String),
    All(Vec<Expression>),
    AtLeast(u32, Vec<Expression>),
    Not(Box<Expression>),
    Compare(Comparison, Box<Expression>, Box<Expression>),
    IsGiven(Box<Expression>),
    IsCode(Box<Expression>, String),
    In(Box<Expression>, String, Range<usize>),
    Within(Box<Expression>, String, Range<usize>),
    /// `'rule.id' is met` (true) or `is not met` (false).
    Verdict(String, bool),
    Arithmetic(Operator, Box<Expression>, Box<Expression>),
    Convert(Box<Expression>, Dimension),
    At(Box<Expression>, Box<Expression>),
    Ago(Box<Expression>),
    Now,
    PreviousMonthEnd,
    PreviousBusinessYearEnd,
    Pick(Extreme, Vec<Expression>),
    /// `sum(asset: …)`.
    Over(Fold, String, Box<Expression>),
    /// `count(ciso)`: the name may be a kind of subject or an event.
    Count(String),
    /// `average(word, 1 year to previous month end, since listed)`.
    Window(Fold, String, Window),
    /// `last e`, `each e`, `reported to kisa`.
    Event(Which, String, Option<String>),
}

/// A literal's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// A number of a type.
    Number(Number, Type),
    /// An exact length in milliseconds.
    Length(i64),
    /// A civil length.
    Civil(Civil),
}

/// The stretch of time a window looks at.
#[derive(Clone, Debug)]
pub struct Window {
    /// `None`: the business year that contains now.
    pub length: Option<Box<Expression>>,
    /// The far end; now unless written.
    pub to: Option<Box<Expression>>,
    /// `business year in force`: clipped to the rule's first day.
    pub in_force: bool,
    /// `since e`: clipped to the first day of an event.
    pub since: Option<String>,
}

/// Why a condition cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Where in the condition's text.
    pub span: Range<usize>,
    /// What was expected.
    pub message: String,
    /// What to do.
    pub hint: &'static str,
}
