//! The number a rule asks for, from the page alone: what a comparison of countries shows when no exchange is asked about.
//!
//! It promises the number of the day, exact, before any exception; where a fact is needed for it, there is none.

use crate::compare::yardstick::is_constant;
use kernel::finding::Quantity;
use rulebook::book::{Book, Due, Duty, InstrumentId, LiteralValue, Node, NodeId, ParameterValue, RuleVersion};
use rulebook::cell;
use rulebook::expression::{Comparison, Operator};
use rulebook::time::{Civil, Date};
use rulebook::unit::{Type, Unit};
use rulebook::value::Owned;

/// A number that a rule asks for: `>= 80 %` of what stands on the other side.
#[derive(Clone, Debug, PartialEq)]
pub struct Required {
    /// How the exchange's side must lie to it; `+` where it is added to the number before.
    pub sign: &'static str,
    /// How much.
    pub quantity: Quantity,
    /// It is a part of something: `98 % of clients_hkd`.
    pub share: bool,
    /// What is measured, as the page writes it.
    pub of: String,
    /// The first day of the number, where it is a parameter.
    pub since: Option<Date>,
}

/// The numbers in the lines of a form of a rule, on a day.
pub fn numbers(book: &Book, version: &RuleVersion, instrument: InstrumentId, day: Date) -> Vec<Required> {
    let Duty::Require { require, .. } = &version.duty else { return Vec::new() };
    let mut found = Vec::new();
    for line in require {
        below(book, *line, day, &mut |sign, left, right| {
            let (sign, number, other) = match (is_constant(book, left), is_constant(book, right)) {
                (false, true) => (sign, right, left),
                (true, false) => (turned(sign), left, right),
                (false, false) => return found.extend(parts(book, sign, left, right, instrument, day)),
                (true, true) => return,
            };
            if let Some(quantity) = amount(book, number, instrument, day) {
                let (of, since) = (text(book, other), since(book, number, day));
                found.push(Required { sign: name(sign), quantity, share: false, of, since });
            }
        });
    }
    found
}

/// `held >= 98 % of users + …`: the numbers of a side that is made of parts of facts; none where it is made otherwise.
fn parts(
    book: &Book,
    sign: Comparison,
    left: NodeId,
    right: NodeId,
    instrument: InstrumentId,
    day: Date,
) -> Vec<Required> {
    let (mut products, mut sides) = (Vec::new(), [(sign, right, left), (turned(sign), left, right)].into_iter());
    let Some((sign, _, measured)) = sides.find(|(_, side, _)| {
        products.clear();
        products_of(book, *side, day, &mut products)
    }) else {
        return Vec::new();
    };
    let alone = products.len() == 1;
    let each = products.into_iter().enumerate().filter_map(|(at, (number, whole))| {
        let (measured, whole) = (text(book, measured), text(book, whole));
        Some(Required {
            sign: if at == 0 { name(sign) } else { "+" },
            quantity: amount(book, number, instrument, day)?,
            share: true,
            of: if alone { format!("{measured} / {whole}") } else { whole },
            since: since(book, number, day),
        })
    });
    each.collect()
}

/// The products of a constant and a fact that a side is the sum of; false where it is anything else.
fn products_of(book: &Book, node: NodeId, day: Date, found: &mut Vec<(NodeId, NodeId)>) -> bool {
    match book.node(node) {
        Node::Term(term) => {
            let version = book.terms[term.index()].versions.iter().find(|v| v.period.contains(day));
            version.is_some_and(|v| products_of(book, v.is, day, found))
        }
        Node::Arithmetic(Operator::Multiply, a, b) => {
            match (is_constant(book, a), is_constant(book, b)) {
                (true, false) => found.push((a, b)),
                (false, true) => found.push((b, a)),
                _ => return false,
            }
            true
        }
        Node::Arithmetic(Operator::Add, a, b) => products_of(book, a, day, found) && products_of(book, b, day, found),
        _ => false,
    }
}

fn text(book: &Book, node: NodeId) -> String {
    book.text_of(node).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn since(book: &Book, node: NodeId, day: Date) -> Option<Date> {
    let Node::Parameter(id) = book.node(node) else { return None };
    book.parameters[id.index()].values.iter().map(|(from, _)| *from).rev().find(|from| *from <= day)
}

/// How long a clock runs, where the page says so by itself: `24 h`.
pub fn limit(book: &Book, version: &RuleVersion, instrument: InstrumentId, day: Date) -> Option<Quantity> {
    let Duty::Clock { due: Due::At(node), .. } = &version.duty else { return None };
    let mut node = *node;
    // Terms are only names for what they hold.
    while let Node::Term(term) = book.node(node) {
        node = book.terms[term.index()].versions.iter().find(|v| v.period.contains(day))?.is;
    }
    match book.node(node) {
        Node::Arithmetic(Operator::Add, start, length) if book.node(start) == Node::Start => {
            amount(book, length, instrument, day)
        }
        _ => None,
    }
}

/// Visits the comparisons of a line, also those behind the names of conditions.
fn below(book: &Book, line: NodeId, day: Date, visit: &mut impl FnMut(Comparison, NodeId, NodeId)) {
    match book.node(line) {
        Node::Compare(sign, left, right) => visit(sign, left, right),
        node @ (Node::All(_) | Node::AtLeast(..)) => {
            book.children(node).into_iter().for_each(|child| below(book, child, day, visit));
        }
        Node::Term(term) => {
            // The book refuses terms that lead back to themselves.
            let version = book.terms[term.index()].versions.iter().find(|v| v.period.contains(day));
            version.into_iter().for_each(|v| below(book, v.is, day, visit));
        }
        _ => {}
    }
}

fn turned(sign: Comparison) -> Comparison {
    match sign {
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        same => same,
    }
}

fn name(sign: Comparison) -> &'static str {
    match sign {
        Comparison::Equal => "=",
        Comparison::NotEqual => "!=",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    }
}

fn amount(book: &Book, node: NodeId, instrument: InstrumentId, day: Date) -> Option<Quantity> {
    let value = constant(book, node, day)?;
    let unit = book.unit_of(node);
    let value = cell::show(&value, Type::Number(Unit::PLAIN), &book.instruments[instrument.index()].zone);
    Some(Quantity { value, unit: unit.to_string() })
}

fn constant(book: &Book, node: NodeId, day: Date) -> Option<Owned> {
    match book.node(node) {
        Node::Literal(id) => Some(match &book.literals[id.index()].value {
            LiteralValue::Number(n) => Owned::Number(n.clone()),
            LiteralValue::Length(ms) => Owned::Length(*ms),
            LiteralValue::Civil(civil) => Owned::Civil(*civil),
        }),
        Node::Parameter(id) => {
            let parameter = &book.parameters[id.index()];
            let (_, value) = parameter.values.iter().rev().find(|(from, _)| *from <= day)?;
            Some(match value {
                ParameterValue::Number(n, _) => Owned::Number(n.clone()),
                ParameterValue::Length(ms) => Owned::Length(*ms),
                ParameterValue::Civil(civil) => Owned::Civil(*civil),
                ParameterValue::Codes(_) => return None,
            })
        }
        Node::Term(id) => {
            let version = book.terms[id.index()].versions.iter().find(|v| v.period.contains(day))?;
            constant(book, version.is, day)
        }
        Node::Arithmetic(sign, a, b) => calculated(sign, constant(book, a, day)?, constant(book, b, day)?),
        _ => None,
    }
}

fn calculated(sign: Operator, a: Owned, b: Owned) -> Option<Owned> {
    match (sign, a, b) {
        (Operator::Add, Owned::Number(a), Owned::Number(b)) => a.add(&b).map(Owned::Number),
        (Operator::Subtract, Owned::Number(a), Owned::Number(b)) => a.subtract(&b).map(Owned::Number),
        (Operator::Multiply, Owned::Number(a), Owned::Number(b)) => a.multiply(&b).map(Owned::Number),
        (Operator::Divide, Owned::Number(a), Owned::Number(b)) => a.divide(&b).map(Owned::Number),
        (Operator::Add, Owned::Length(a), Owned::Length(b)) => a.checked_add(b).map(Owned::Length),
        (Operator::Subtract, Owned::Length(a), Owned::Length(b)) => a.checked_sub(b).map(Owned::Length),
        (Operator::Add, Owned::Civil(a), Owned::Civil(b)) => joined(a, b, 1),
        (Operator::Subtract, Owned::Civil(a), Owned::Civil(b)) => joined(a, b, -1),
        (Operator::Multiply, Owned::Civil(civil), Owned::Number(n))
        | (Operator::Multiply, Owned::Number(n), Owned::Civil(civil)) => {
            scaled(civil, i32::try_from(n.to_integer()?).ok()?).map(Owned::Civil)
        }
        _ => None,
    }
}

fn joined(a: Civil, b: Civil, sign: i32) -> Option<Owned> {
    let b = scaled(b, sign)?;
    Some(Owned::Civil(Civil {
        months: a.months.checked_add(b.months)?,
        days: a.days.checked_add(b.days)?,
        working_days: a.working_days.checked_add(b.working_days)?,
    }))
}

fn scaled(civil: Civil, times: i32) -> Option<Civil> {
    Some(Civil {
        months: civil.months.checked_mul(times)?,
        days: civil.days.checked_mul(times)?,
        working_days: civil.working_days.checked_mul(times)?,
    })
}
