//! Conditions into nodes: every name resolved, every unit checked, once, when the page is loaded.
//!
//! It promises: a mistake is reported at its place and yields [`Type::Wrong`], which fits everything, so that one slip is one
//! message; compiling ends. It must never know a fact or a moment: a node says what to ask, not what the answer is.
//!
//! Here stand the parts of a condition; `names` says what a name stands for, `units` which values meet, `many` what many
//! values come to.

mod many;
mod names;
mod units;

use crate::book::{
    Book, CodeId, InstrumentId, JudgementId, Literal, LiteralId, LiteralValue, Node, NodeId, ParameterId, Run, TermId,
};
use crate::expression::{self, Expression, Part};
use crate::page::{Is, Value};
use crate::problem::{Place, Problems, nearest};
use crate::unit::Type;
use crate::vocabulary::KindId;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// What a name on a page stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// A defined term.
    Term(TermId),
    /// A parameter.
    Parameter(ParameterId),
    /// An open norm.
    Judgement(JudgementId),
}

/// Where a condition stands.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// Whose names come first.
    pub instrument: InstrumentId,
    /// The kind of subject it is about.
    pub kind: Option<KindId>,
    /// Whether `start` means something: in clocks and exceptions over them.
    pub clock: bool,
    /// Whether it runs in a guard, where windows must stay incremental.
    pub guard: bool,
}

/// A term's body before and while it is compiled.
pub enum TermBody {
    /// Not yet.
    Waiting(Vec<Value>),
    /// Being compiled: meeting it again is a cycle.
    Open,
    /// Its type stands in the book.
    Done,
}

/// How deep expressions may stand in one another while they are compiled, the terms they name included. The law's deepest
/// has 24; [`crate::bounds`] counts again when all is compiled.
const MAX_NEST: usize = 128;

/// Compiles conditions into a book.
pub struct Compiler<'a> {
    /// The book that grows.
    pub book: Book,
    /// What is wrong so far.
    pub problems: &'a mut Problems,
    /// Names by instrument.
    pub names: BTreeMap<(InstrumentId, String), Named>,
    /// Rules by id.
    pub rules: BTreeMap<String, crate::book::RuleId>,
    /// The bodies of terms, by term.
    pub bodies: Vec<TermBody>,
    /// Codes by name.
    pub codes: BTreeMap<String, CodeId>,
    /// How deep the expression being compiled stands.
    pub nest: usize,
}

type Typed = (NodeId, Type);

impl Compiler<'_> {
    /// Compiles one condition, which must be a yes or no.
    pub fn condition(&mut self, value: &Value, scope: Scope) -> NodeId {
        let (node, kind) = self.value(value, scope);
        if !matches!(kind, Type::YesNo | Type::Wrong) {
            self.problems.error(
                &value.place,
                "a condition is a yes or no",
                format!("this is {kind}"),
                "compare it: x >= y, x is code, x in list",
            );
        }
        node
    }

    /// Compiles one expression of any type.
    pub fn value(&mut self, value: &Value, scope: Scope) -> Typed {
        let Is::Text(text, at) = &value.is else {
            self.problems.error(&value.place, "an expression is written as text", "not text", "put it in quotes");
            return self.wrong(value.place.clone());
        };
        let place = match at {
            Some(at) => Place { file: value.place.file, span: *at..at.saturating_add(text.len()) },
            None => value.place.clone(),
        };
        match expression::read(text) {
            Ok(expression) => self.expression(&expression, scope, &place),
            Err(why) => {
                let at = if at.is_some() { place.part(&why.span) } else { place.clone() };
                self.problems.error(&at, why.message, "", why.hint);
                self.wrong(place)
            }
        }
    }

    fn wrong(&mut self, place: Place) -> Typed {
        self.push(Node::Now, Type::Wrong, place)
    }

    fn push(&mut self, node: Node, is: Type, place: Place) -> Typed {
        let id = NodeId::from(self.book.nodes.len());
        self.book.nodes.push(node);
        self.book.types.push(is);
        self.book.places.push(place);
        (id, is)
    }

    fn run(&mut self, nodes: &[NodeId]) -> Run {
        let first = u32::try_from(self.book.lists.len()).unwrap_or(u32::MAX);
        self.book.lists.extend_from_slice(nodes);
        Run { first, len: u32::try_from(nodes.len()).unwrap_or(0) }
    }

    /// The number of a code, new or known.
    pub fn code(&mut self, code: &str) -> CodeId {
        if let Some(known) = self.codes.get(code) {
            return *known;
        }
        let id = CodeId::from(self.book.codes.len());
        self.book.codes.push(code.to_string());
        self.codes.insert(code.to_string(), id);
        id
    }

    fn expression(&mut self, x: &Expression, scope: Scope, base: &Place) -> Typed {
        if self.nest >= MAX_NEST {
            let place = base.part(&x.span);
            let message = format!("more than {MAX_NEST} steps hang on one another");
            self.problems.error(&place, message, "too deep", "define it in fewer steps");
            return self.wrong(place);
        }
        self.nest = self.nest.saturating_add(1);
        let typed = self.part(x, scope, base);
        self.nest = self.nest.saturating_sub(1);
        typed
    }

    fn part(&mut self, x: &Expression, scope: Scope, base: &Place) -> Typed {
        let place = base.part(&x.span);
        match &x.kind {
            Part::Literal { value, step } => self.literal(value, step, place),
            Part::Name(name) => self.name(name, scope, place),
            Part::All(list) => {
                let nodes = self.truths(list, scope, base);
                let run = self.run(&nodes);
                self.push(Node::All(run), Type::YesNo, place)
            }
            Part::AtLeast(count, list) => {
                if *count == 0 || *count as usize > list.len() {
                    self.problems.error(
                        &place,
                        format!("at least {count} of {}", list.len()),
                        "never decides anything",
                        "count from 1 to the length of the list",
                    );
                }
                let nodes = self.truths(list, scope, base);
                let run = self.run(&nodes);
                self.push(Node::AtLeast(*count, run), Type::YesNo, place)
            }
            Part::Not(inner) => {
                let inner = self.truth(inner, scope, base);
                self.push(Node::Not(inner), Type::YesNo, place)
            }
            Part::Compare(sign, left, right) => self.compare(*sign, left, right, scope, base, place),
            Part::IsGiven(inner) => {
                let (inner, _) = self.expression(inner, scope, base);
                self.push(Node::IsGiven(inner), Type::YesNo, place)
            }
            Part::IsCode(inner, code) => {
                let (node, is) = self.expression(inner, scope, base);
                self.expect(is, Type::Code, &base.part(&inner.span), "`is` compares a code");
                let code = self.code(code);
                self.push(Node::IsCode(node, code), Type::YesNo, place)
            }
            Part::In(inner, list, at) => {
                let (node, is) = self.expression(inner, scope, base);
                self.expect(is, Type::Code, &base.part(&inner.span), "`in` looks a code up in a list");
                let (list, is) = self.name(list, scope, base.part(at));
                self.expect(is, Type::Codes, &base.part(at), "`in` wants a list of codes");
                self.push(Node::In(node, list), Type::YesNo, place)
            }
            Part::Within(inner, list, at) => {
                let (node, is) = self.expression(inner, scope, base);
                self.expect(is, Type::Codes, &base.part(&inner.span), "`within` wants a set of codes on its left");
                let (list, is) = self.name(list, scope, base.part(at));
                self.expect(is, Type::Codes, &base.part(at), "`within` wants a list of codes on its right");
                self.push(Node::Within(node, list), Type::YesNo, place)
            }
            Part::Verdict(rule, met) => match self.rules.get(rule) {
                Some(rule) => self.push(Node::Verdict(*rule, *met), Type::YesNo, place),
                None => {
                    let near = nearest(rule, self.rules.keys().map(String::as_str)).map_or_else(
                        || "rule ids stand in `rule` blocks".to_string(),
                        |n| format!("did you mean `{n}`?"),
                    );
                    self.problems.error(&place, format!("there is no rule `{rule}`"), "unknown rule", near);
                    self.wrong(place)
                }
            },
            Part::Arithmetic(sign, left, right) => self.arithmetic(*sign, left, right, scope, base, place),
            Part::Convert(inner, to) => self.convert(inner, *to, scope, base, place),
            Part::At(inner, point) => self.at(inner, point, scope, base, place),
            Part::Ago(inner) => {
                let (node, is) = self.expression(inner, scope, base);
                if !matches!(is, Type::Length | Type::Civil | Type::Wrong) {
                    self.problems.error(
                        &place,
                        "`ago` follows a length of time",
                        format!("this is {is}"),
                        "write `1 h ago` or `1 year ago`",
                    );
                }
                self.push(Node::Ago(node), Type::Moment, place)
            }
            Part::Now => self.push(Node::Now, Type::Moment, place),
            Part::PreviousMonthEnd => self.push(Node::PreviousMonthEnd, Type::Moment, place),
            Part::PreviousBusinessYearEnd => self.push(Node::PreviousBusinessYearEnd, Type::Moment, place),
            Part::Pick(extreme, list) => {
                let mut typed: Vec<Typed> = Vec::new();
                let mut is = Type::Zero;
                for item in list {
                    let (node, next) = self.expression(item, scope, base);
                    is = self.unify(is, next, &base.part(&item.span), "all of them must be comparable");
                    typed.push((node, next));
                }
                let nodes = self.settled(typed, is);
                let run = self.run(&nodes);
                self.push(Node::Pick(*extreme, run), is, place)
            }
            Part::Over(fold, kind, each) => self.over(*fold, kind, each, scope, base, place),
            Part::Count(name) => self.count(name, place),
            Part::Window(fold, word, window) => self.window(*fold, word, window, scope, base, place),
            Part::Event(which, name, by) => self.event(*which, name, by.as_deref(), place),
        }
    }

    fn truths(&mut self, list: &[Expression], scope: Scope, base: &Place) -> Vec<NodeId> {
        list.iter().map(|item| self.truth(item, scope, base)).collect()
    }

    fn truth(&mut self, x: &Expression, scope: Scope, base: &Place) -> NodeId {
        let (node, is) = self.expression(x, scope, base);
        self.expect(is, Type::YesNo, &base.part(&x.span), "`and`, `not` and lists join yes-or-no conditions");
        node
    }

    fn expect(&mut self, is: Type, wanted: Type, place: &Place, why: &str) {
        if is != wanted && is != Type::Wrong {
            self.problems.error(place, why.to_string(), format!("this is {is}"), format!("expected {wanted}"));
        }
    }

    fn literal(&mut self, value: &expression::Literal, step: &crate::number::Number, place: Place) -> Typed {
        let (value, is) = match value {
            expression::Literal::Number(number, is) => (LiteralValue::Number(number.clone()), *is),
            expression::Literal::Length(ms) => (LiteralValue::Length(*ms), Type::Length),
            expression::Literal::Civil(civil) => (LiteralValue::Civil(*civil), Type::Civil),
        };
        let id = LiteralId::from(self.book.literals.len());
        self.book.literals.push(Literal { value, step: step.clone() });
        self.push(Node::Literal(id), is, place)
    }

    fn at(&mut self, inner: &Expression, point: &Expression, scope: Scope, base: &Place, place: Place) -> Typed {
        let (node, is) = self.expression(inner, scope, base);
        let (point_node, point_is) = self.expression(point, scope, base);
        self.expect(point_is, Type::Moment, &base.part(&point.span), "`at` wants a moment");
        // A guard keeps its windows as it goes; a moving point of any other form would make it look back over all time.
        let fixed = match self.book.node(point_node) {
            Node::Ago(length) => {
                self.book.type_of(length) == Type::Length && matches!(self.book.node(length), Node::Literal(_))
            }
            _ => false,
        };
        if scope.guard && !(fixed && matches!(self.book.node(node), Node::Word(_))) {
            self.problems.error(
                &place,
                "a guard reads back only one quantity, by a fixed length",
                "",
                "write `wallet.balance at 1 h ago`",
            );
        }
        self.push(Node::At(node, point_node), is, place)
    }
}
