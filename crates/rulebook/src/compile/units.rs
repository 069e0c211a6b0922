//! Which values may meet, and in which unit: comparing, adding, multiplying, converting.
//!
//! It promises: two values meet only in one unit, and money without a currency takes the one it meets. It must never know a
//! rate or an amount.

use super::{Compiler, Scope, Typed};
use crate::book::{Node, NodeId};
use crate::expression::{Comparison, Expression, Operator};
use crate::problem::Place;
use crate::unit::{Dimension, Type, Unit};
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

impl Compiler<'_> {
    /// The type two values share, or a message.
    pub fn unify(&mut self, a: Type, b: Type, place: &Place, why: &str) -> Type {
        match (a, b) {
            (Type::Wrong, _) | (_, Type::Wrong) => Type::Wrong,
            (Type::Zero, other) => other,
            (Type::Number(_), Type::Zero) | (Type::Money, Type::Zero) => a,
            (Type::Money, Type::Number(unit)) if unit.currency().is_some() => b,
            (Type::Number(unit), Type::Money) if unit.currency().is_some() => a,
            _ if a == b => a,
            _ => {
                let hint = match (a, b) {
                    (Type::Length, Type::Civil) | (Type::Civil, Type::Length) => {
                        "hours are exact, days and months are civil: they never compare"
                    }
                    (Type::Number(x), Type::Number(y)) if x.currency().is_some() && y.currency().is_some() => {
                        "convert one: `x in KRW` uses the recorded rate"
                    }
                    (Type::Number(_), Type::Number(_)) => "give both the same unit",
                    _ => "compare like with like",
                };
                self.problems.error(place, why.to_string(), format!("{a} against {b}"), hint);
                Type::Wrong
            }
        }
    }

    /// Gives money without a currency the one it meets.
    pub(super) fn settle(&mut self, node: NodeId, to: Dimension) {
        if self.book.type_of(node) != Type::Money {
            return;
        }
        if let Some(is) = self.book.types.get_mut(node.index()) {
            *is = Type::Number(Unit::of(to));
        }
        match self.book.node(node) {
            Node::Word(word) => self.book.nodes[node.index()] = Node::Money(word, to),
            Node::Arithmetic(_, a, b) => {
                self.settle(a, to);
                self.settle(b, to);
            }
            Node::At(a, _) => self.settle(a, to),
            Node::Pick(_, run) => {
                for item in self.book.run(run).to_vec() {
                    self.settle(item, to);
                }
            }
            _ => {}
        }
    }

    pub(super) fn settled(&mut self, typed: Vec<Typed>, is: Type) -> Vec<NodeId> {
        if let Type::Number(unit) = is
            && let Some(currency) = unit.currency()
        {
            for (node, _) in &typed {
                self.settle(*node, currency);
            }
        }
        typed.into_iter().map(|(node, _)| node).collect()
    }

    fn pair(
        &mut self,
        left: &Expression,
        right: &Expression,
        scope: Scope,
        base: &Place,
        place: &Place,
        why: &str,
    ) -> (NodeId, NodeId, Type) {
        let a = self.expression(left, scope, base);
        let b = self.expression(right, scope, base);
        let is = self.unify(a.1, b.1, place, why);
        let nodes = self.settled(Vec::from([a, b]), is);
        (nodes[0], nodes[1], is)
    }

    pub(super) fn compare(
        &mut self,
        sign: Comparison,
        left: &Expression,
        right: &Expression,
        scope: Scope,
        base: &Place,
        place: Place,
    ) -> Typed {
        let (a, b, is) = self.pair(left, right, scope, base, &place, "only values of one unit compare");
        match is {
            Type::YesNo | Type::Code | Type::Codes => {
                self.problems.error(
                    &place,
                    "signs compare amounts and moments",
                    format!("these are {is}"),
                    "write `x`, `not x`, `x is code`, `x in list`",
                );
            }
            Type::Money => {
                self.problems.error(&place, "in which currency?", "both bring their own", "write `x in KRW`");
            }
            _ => {}
        }
        self.push(Node::Compare(sign, a, b), Type::YesNo, place)
    }

    pub(super) fn arithmetic(
        &mut self,
        sign: Operator,
        left: &Expression,
        right: &Expression,
        scope: Scope,
        base: &Place,
        place: Place,
    ) -> Typed {
        let (a, ta) = self.expression(left, scope, base);
        let (b, tb) = self.expression(right, scope, base);
        let plain = |t: Type| if t == Type::Zero { Type::Number(Unit::PLAIN) } else { t };
        let is = match (sign, plain(ta), plain(tb)) {
            (_, Type::Wrong, _) | (_, _, Type::Wrong) => Type::Wrong,
            (Operator::Add | Operator::Subtract, Type::Moment, Type::Length | Type::Civil) => Type::Moment,
            (Operator::Add | Operator::Subtract, Type::Moment, Type::Moment) => {
                self.problems.error(
                    &place,
                    "two moments do not add",
                    "both are moments",
                    "compare them: `a + 24 h >= b`",
                );
                Type::Wrong
            }
            (Operator::Add | Operator::Subtract, Type::Civil, Type::Civil) => {
                self.problems.error(
                    &place,
                    "civil lengths only add to moments",
                    "both are lengths",
                    "add them one after the other: `start + 1 month + 3 day`",
                );
                Type::Wrong
            }
            (Operator::Add | Operator::Subtract, _, _) => {
                let is = self.unify(ta, tb, &place, "only values of one unit add");
                if !matches!(is, Type::Number(_) | Type::Zero | Type::Money | Type::Length | Type::Wrong) {
                    self.problems.error(&place, "amounts add", format!("these are {is}"), "");
                }
                self.settled(Vec::from([(a, ta), (b, tb)]), is);
                is
            }
            (Operator::Multiply, Type::Number(x), Type::Number(y)) => Type::Number(x.times(y)),
            (Operator::Divide, Type::Number(x), Type::Number(y)) => Type::Number(x.per(y)),
            (Operator::Multiply, Type::Civil, Type::Number(Unit::PLAIN))
            | (Operator::Multiply, Type::Number(Unit::PLAIN), Type::Civil) => Type::Civil,
            (Operator::Multiply, Type::Length, Type::Number(Unit::PLAIN))
            | (Operator::Multiply, Type::Number(Unit::PLAIN), Type::Length) => Type::Length,
            (_, x, y) => {
                let sign = if sign == Operator::Multiply { "multiplied" } else { "divided" };
                self.problems.error(
                    &place,
                    format!("these cannot be {sign}"),
                    format!("{x} and {y}"),
                    "numbers multiply and divide; `x in KRW` gives money a currency",
                );
                Type::Wrong
            }
        };
        self.push(Node::Arithmetic(sign, a, b), is, place)
    }

    pub(super) fn convert(
        &mut self,
        inner: &Expression,
        to: Dimension,
        scope: Scope,
        base: &Place,
        place: Place,
    ) -> Typed {
        let (node, is) = self.expression(inner, scope, base);
        let unit = Type::Number(Unit::of(to));
        match is {
            Type::Money => {
                self.settle(node, to);
                (node, unit)
            }
            Type::Number(from) => match from.currency() {
                Some(from) => self.push(Node::Convert(node, from, to), unit, place),
                None => {
                    self.problems.error(&place, "only money has a currency", format!("this is {is}"), "");
                    self.wrong(place)
                }
            },
            Type::Zero => self.push(Node::Convert(node, to, to), unit, place),
            _ => {
                self.expect(is, unit, &place, "only money has a currency");
                self.wrong(place)
            }
        }
    }
}
