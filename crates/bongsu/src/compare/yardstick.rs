//! What a rule measures: which side of its line is the exchange's number, and whether more of it is better.
//!
//! It promises a yardstick only where every exchange is measured by the same line in the same unit: a rule of two lines is
//! decided by one line here and by the other there, and the two numbers say nothing about each other.

use rulebook::book::{Book, Duty, Node, NodeId, Rule, RuleVersion};
use rulebook::expression::Comparison;
use rulebook::unit::{Dimension, Type};

/// Which of two values is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// The larger.
    Larger,
    /// The smaller.
    Smaller,
}

/// Why values of a rule are not set beside each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Incomparable {
    /// The rule compares no number.
    NoNumber,
    /// Several lines decide.
    SeveralLines,
    /// Each asset is counted in its own unit.
    AssetUnits,
    /// The exchanges were measured in different units.
    DifferentUnits,
    /// The group has fewer than [`crate::compare::matrix::SMALLEST_GROUP`] members.
    GroupTooSmall,
    /// No exchange has a value.
    NoValue,
}

/// How the values of a rule compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Yardstick {
    /// Which is better; none for `=` and `!=`.
    pub better: Option<Better>,
    /// The exchange's number stands on the right: `72 h <= first_deposit_delay`.
    pub swapped: bool,
}

/// The yardstick of one form of a rule.
pub fn of(book: &Book, rule: &Rule, version: &RuleVersion) -> Result<Yardstick, Incomparable> {
    let Duty::Require { require, .. } = &version.duty else { return Err(Incomparable::NoNumber) };
    // An exception may put another line in the place of this one, for some exchanges and not for others.
    let replaced = rule.exceptions.iter().any(|e| book.exceptions[e.index()].sets.require.is_some());
    let mut lines = require.iter().filter_map(|line| match book.node(*line) {
        Node::Compare(sign, left, right) if is_amount(book, left) && is_amount(book, right) => {
            Some((sign, left, right))
        }
        _ => None,
    });
    let Some((sign, left, right)) = lines.next() else { return Err(Incomparable::NoNumber) };
    if lines.next().is_some() || replaced {
        return Err(Incomparable::SeveralLines);
    }
    let in_asset_units = |node| matches!(book.type_of(node), Type::Number(unit) if unit.power(Dimension::Asset) != 0);
    if in_asset_units(left) || in_asset_units(right) {
        return Err(Incomparable::AssetUnits);
    }
    let swapped = is_constant(book, left) && !is_constant(book, right);
    let better = match (sign, swapped) {
        (Comparison::GreaterOrEqual | Comparison::Greater, false)
        | (Comparison::LessOrEqual | Comparison::Less, true) => Some(Better::Larger),
        (Comparison::GreaterOrEqual | Comparison::Greater, true)
        | (Comparison::LessOrEqual | Comparison::Less, false) => Some(Better::Smaller),
        (Comparison::Equal | Comparison::NotEqual, _) => None,
    };
    Ok(Yardstick { better, swapped })
}

fn is_amount(book: &Book, node: NodeId) -> bool {
    matches!(book.type_of(node), Type::Number(_) | Type::Money | Type::Length | Type::Zero)
}

/// Whether a value follows from the page alone, from no fact.
pub fn is_constant(book: &Book, node: NodeId) -> bool {
    match book.node(node) {
        Node::Literal(_) | Node::Parameter(_) => true,
        Node::Term(term) => book.terms[term.index()].versions.iter().all(|v| is_constant(book, v.is)),
        node @ (Node::Arithmetic(..) | Node::Pick(..)) => book.children(node).into_iter().all(|c| is_constant(book, c)),
        _ => false,
    }
}
