//! How much of each limit is used, as the rules themselves would see it.
//!
//! It promises that a limit is read from the adopted rules and its use from the windows, so that nothing is kept twice. A limit
//! that cannot be evaluated is listed as unknown.

use super::names::NOBODY;
use super::view::{GuardView, Keys, Question};
use super::windows::Axis;
use super::words::Slot;
use crate::known::KnownAt;
use crate::state::State;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use rulebook::book::{Book, Duty, LiteralValue, Node, NodeId, Rule};
use rulebook::evaluate::{At, Evaluator};
use rulebook::expression::{Comparison, Fold};
use rulebook::facts::Subject;
use rulebook::number::Number;
use rulebook::time::Instant;
use rulebook::value::Value;

/// A limit of a rule and what is used of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// The rule.
    pub rule: String,
    /// Its condition, as its page writes it.
    pub condition: String,
    /// What is added up, such as `customer.withdrawn`.
    pub word: String,
    /// Over how many milliseconds.
    pub window: i64,
    /// What is used; unknown while a price is missing or the windows do not reach back.
    pub used: Option<String>,
    /// The limit; unknown where a fact is missing.
    pub limit: Option<String>,
    /// The rest, never below zero.
    pub left: Option<String>,
}

/// The limits of the adopted rules for withdrawals that concern these keys, in the order of the pages.
pub fn usage(state: &State, exchange: &str, keys: Keys, now: Instant) -> Vec<Usage> {
    let book = state.adoptions().last().and_then(|adoption| adoption.book.as_deref());
    let (Some(guard), Some(book)) = (state.guard(exchange), book) else { return Vec::new() };
    let words = state.guard_words();
    // Nothing is asked: the windows hold what they hold.
    let question = Question { keys, won: Some(0), ..Question::default() };
    let record = state.view(exchange, KnownAt::Now);
    let view = GuardView { guard, words, record, question: &question, now };
    let mut evaluator = Evaluator::new(book, &view);
    evaluator.gathering = false;
    let mut list = Vec::new();
    for rule in book.rules.iter().filter(|rule| rule.kind == Some(words.withdrawal) && rule.is_guard()) {
        let at = At { subject: Some(Subject { kind: words.withdrawal, id: 0 }), ..evaluator.at(now, rule.instrument) };
        for condition in conditions(book, rule, now) {
            let Node::Compare(Comparison::Greater | Comparison::GreaterOrEqual, left, right) = book.node(condition)
            else {
                continue;
            };
            let Some(sum) = sum(book, left) else { continue };
            let Slot::Sum(axis) = words.slot(sum.word) else { continue };
            let named = match axis {
                Axis::Customer => keys.customer,
                Axis::Destination => keys.destination,
                Axis::Wallet => keys.wallet,
                Axis::Asset => keys.asset,
                Axis::Chain => keys.chain,
                Axis::Exchange => 0,
            };
            if named == NOBODY {
                continue;
            }
            let mut number = |node| match evaluator.node(node, &at) {
                Ok(Value::Number(number)) => Some(number),
                _ => None,
            };
            let (mut used, limit) = (number(left), number(right));
            if sum.counts {
                // A count counts who asks, and nobody does.
                used = used.and_then(|used| used.subtract(&Number::integer(1)));
            }
            let rest = used.as_ref().zip(limit.as_ref()).and_then(|(used, limit)| limit.subtract(used));
            let left = rest.map(|rest| if rest.is_negative() { Number::integer(0) } else { rest });
            list.push(Usage {
                rule: rule.id.clone(),
                condition: book.text_of(condition).to_string(),
                word: book.vocabulary.word(sum.word).name.clone(),
                window: sum.window,
                used: used.map(|n| n.to_string()),
                limit: limit.map(|n| n.to_string()),
                left: left.map(|n| n.to_string()),
            });
        }
    }
    list
}

fn conditions(book: &Book, rule: &Rule, now: Instant) -> Vec<NodeId> {
    let zone = &book.instruments[rule.instrument.index()].zone;
    let Some(form) = rule.on(zone.date(now)) else { return Vec::new() };
    match &form.duty {
        Duty::Guard { when, .. } => when.clone(),
        _ => Vec::new(),
    }
}

struct Summed {
    word: rulebook::vocabulary::WordId,
    window: i64,
    counts: bool,
}

/// The window that a side of a comparison is.
fn sum(book: &Book, node: NodeId) -> Option<Summed> {
    let Node::Window(id) = book.node(node) else { return None };
    let window = book.windows.get(id.index())?;
    let Node::Literal(literal) = book.node(window.length?) else { return None };
    let LiteralValue::Length(ms) = book.literals.get(literal.index())?.value else { return None };
    Some(Summed { word: window.word, window: ms, counts: window.fold == Fold::Count })
}
