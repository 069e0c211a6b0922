//! One parameter moved over many values: the findings of a rule at each, without evaluating the rule for each.
//!
//! A comparison `x >= p`, or `x >= k * p`, changes its answer at one value of `p` alone: `x`, or `x / k`. While no comparison
//! that holds `p` changes its answer, evaluation takes the same path, so the verdict stays the same. One evaluation thus
//! settles the stretch up to the nearest such value, and the next evaluation goes on from there: two or three for a
//! rule with one threshold, however many values are asked about.
//!
//! It promises: where a parameter stands anywhere else than in such comparisons ([`Sites::of`] says so), where an undecided exception was
//! tried both ways, or where what is short does not move along a straight line, each value is evaluated by itself. Both
//! ways give the same findings. It must never know which parameter it is, nor why it is moved.

use crate::book::*;
use crate::evaluate::{At, Evaluator, Undecided};
use crate::expression::Operator;
use crate::facts::Facts;
use crate::finding::{Amount, Finding};
use crate::number::Number;
use crate::time::Instant;
use crate::value::{Owned, Value};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

/// One comparison that holds the parameter.
#[derive(Clone, Copy, Debug)]
struct Site {
    /// The parameter stands left of the sign.
    left: bool,
    /// What it is multiplied by there.
    factor: Option<NodeId>,
}

/// Every comparison that holds a parameter, among all that a rule hangs on.
#[derive(Clone, Debug)]
pub struct Sites {
    at: BTreeMap<NodeId, Site>,
    /// They are the only lines of the rule itself, so that what is short is measured by one of them.
    alone: bool,
}

impl Sites {
    /// The comparisons, or `None` where the parameter stands anywhere else: in a term (which is remembered), in a sum, in a
    /// due date, in another parameter's exception, or on both sides of a sign.
    pub fn of(book: &Book, parameter: ParameterId, rule: RuleId) -> Option<Sites> {
        if !book.parameters.get(parameter.index())?.exceptions.is_empty() {
            return None;
        }
        let mut sites = Sites { at: BTreeMap::new(), alone: true };
        let (mut seen, mut open) = (BTreeSet::new(), Vec::from([Over::Rule(rule)]));
        while let Some(thing) = open.pop() {
            if !seen.insert(thing) {
                continue;
            }
            open.extend(book.needs(thing));
            let conditions = conditions(book, thing);
            for root in book.roots(thing) {
                if conditions.contains(&root) {
                    sites.walk(book, parameter, root)?;
                } else if holds(book, parameter, root) {
                    return None;
                }
            }
        }
        let lines = lines(book, rule);
        sites.alone = lines.is_some_and(|lines| sites.at.keys().all(|node| lines.contains(node)));
        Some(sites)
    }

    fn walk(&mut self, book: &Book, parameter: ParameterId, node: NodeId) -> Option<()> {
        match book.node(node) {
            Node::Parameter(found) if found == parameter => return None,
            Node::Compare(_, a, b) => {
                for (left, side, other) in [(true, a, b), (false, b, a)] {
                    if let Some(factor) = multiple(book, parameter, side)
                        && !holds(book, parameter, other)
                    {
                        self.at.insert(node, Site { left, factor });
                        return Some(());
                    }
                }
            }
            _ => {}
        }
        book.children(book.node(node)).into_iter().try_for_each(|child| self.walk(book, parameter, child))
    }
}

/// The roots of a thing that are conditions, not values that somebody remembers or measures by.
fn conditions(book: &Book, thing: Over) -> BTreeSet<NodeId> {
    let mut list = BTreeSet::new();
    match thing {
        Over::Rule(id) => {
            for version in &book.rules[id.index()].versions {
                list.extend(&version.applies);
                if let Duty::Require { require, .. } = &version.duty {
                    list.extend(require);
                }
            }
        }
        Over::Exception(id) => {
            let exception = &book.exceptions[id.index()];
            list.extend(&exception.when);
            list.extend(exception.sets.require.iter().flatten());
        }
        Over::Term(_) | Over::Parameter(_) => {}
    }
    list
}

/// `p` is `Some(None)`, `k * p` is `Some(Some(k))`.
fn multiple(book: &Book, parameter: ParameterId, node: NodeId) -> Option<Option<NodeId>> {
    let is = |node: NodeId| book.node(node) == Node::Parameter(parameter);
    match book.node(node) {
        Node::Parameter(found) if found == parameter => Some(None),
        Node::Arithmetic(Operator::Multiply, a, b) if is(a) && !holds(book, parameter, b) => Some(Some(b)),
        Node::Arithmetic(Operator::Multiply, a, b) if is(b) && !holds(book, parameter, a) => Some(Some(a)),
        _ => None,
    }
}

/// Whether a parameter is named below a node. What stands inside a term is looked at with the term.
fn holds(book: &Book, parameter: ParameterId, node: NodeId) -> bool {
    let mut open = Vec::from([node]);
    while let Some(node) = open.pop() {
        match book.node(node) {
            Node::Parameter(found) if found == parameter => return true,
            node => open.extend(book.children(node)),
        }
    }
    false
}

/// The lines of a rule whose every form, exceptions included, has exactly one and says itself what is short by it.
fn lines(book: &Book, rule: RuleId) -> Option<BTreeSet<NodeId>> {
    let rule = &book.rules[rule.index()];
    // Two subjects may fall short by two lines.
    if rule.kind.is_some() {
        return None;
    }
    let mut lines = BTreeSet::new();
    for version in &rule.versions {
        let Duty::Require { require, short: None, cure: None, .. } = &version.duty else { return None };
        let [line] = require.as_slice() else { return None };
        lines.insert(*line);
    }
    for exception in &rule.exceptions {
        let sets = &book.exceptions[exception.index()].sets;
        if sets.short.is_some() {
            return None;
        }
        match sets.require.as_deref() {
            None => {}
            Some([line]) => {
                lines.insert(*line);
            }
            Some(_) => return None,
        }
    }
    Some(lines)
}

/// A parameter held at a value while an evaluator works, and what is seen of it.
pub(crate) struct Probe<'a> {
    pub parameter: ParameterId,
    pub value: Number,
    sites: Option<&'a Sites>,
    /// Where a comparison on the path would change its answer.
    breaks: Vec<Number>,
    /// The path hangs on more than comparisons.
    pub unsettled: bool,
    /// What is short as `slope * p + rest`, where the deciding line says so: `p` stands alone right of its sign.
    pub line: Option<(Number, Number)>,
}

/// Values of the parameter that follow one another and have the same findings, but for amounts that move along.
#[derive(Clone, Debug)]
pub struct Stretch {
    /// The first value, by its position.
    pub first: usize,
    /// The position behind the last one.
    pub end: usize,
    /// The findings at the first value.
    pub findings: Vec<Finding>,
    /// What is short as `slope * p + rest`; `None` where it does not move.
    line: Option<(Number, Number)>,
}

impl Stretch {
    /// What a finding of this stretch lacks at one of its values.
    pub fn short(&self, finding: &Finding, values: &[Number], at: usize) -> Option<Amount> {
        let short = finding.short.as_ref()?;
        match &self.line {
            Some((slope, rest)) if at != self.first => {
                let moved = slope.multiply(values.get(at)?)?.add(rest)?;
                Some(Amount { value: Owned::Number(moved), is: short.is })
            }
            _ => Some(short.clone()),
        }
    }

    /// What is short as `slope * p + rest`, for whoever adds up many; `None` where no number is short.
    pub fn line(&self, finding: &Finding) -> Option<(Number, Number)> {
        let Owned::Number(short) = &finding.short.as_ref()?.value else { return None };
        Some(self.line.clone().unwrap_or_else(|| (Number::ZERO, short.clone())))
    }
}

impl<'a, F: Facts> Evaluator<'a, F> {
    /// The findings of a rule at a moment, with a parameter at each of these values (in ascending order) at all times.
    ///
    /// `sites` are those of this parameter and this rule. Without them every value is evaluated by itself.
    pub fn sweep(
        &mut self,
        rule: RuleId,
        as_of: Instant,
        parameter: ParameterId,
        sites: Option<&'a Sites>,
        values: &[Number],
    ) -> Vec<Stretch> {
        let book = self.book;
        let instrument = book.rules[rule.index()].instrument;
        let begun = book.rules[rule.index()].has_begun(book.instruments[instrument.index()].zone.date(as_of));
        let at = self.at(as_of, instrument);
        let mut stretches = Vec::new();
        let mut first = 0;
        while let Some(value) = values.get(first) {
            // A term that holds the parameter is remembered for one value of it.
            if sites.is_none() {
                self.forget();
            }
            self.reset();
            let probe = Probe {
                parameter,
                value: value.clone(),
                sites,
                breaks: Vec::new(),
                unsettled: sites.is_none(),
                line: None,
            };
            self.probe = Some(probe);
            let findings = if begun { self.findings(rule, &at) } else { Vec::from([self.not_in_force(rule)]) };
            let seen = self.probe.take();
            let (end, line) = seen.map_or((first.saturating_add(1), None), |seen| seen.reach(first, values, &findings));
            stretches.push(Stretch { first, end, findings, line });
            first = end;
        }
        stretches
    }

    /// Notes where the answer of a comparison would change, if it is one that holds the parameter.
    pub(crate) fn note_break(
        &mut self,
        node: NodeId,
        a: &Value<'a>,
        b: &Value<'a>,
        at: &At<'a>,
    ) -> Result<(), Undecided> {
        let Some(Probe { sites: Some(sites), .. }) = self.probe else { return Ok(()) };
        let Some(site) = sites.at.get(&node) else { return Ok(()) };
        let Value::Number(other) = (if site.left { b } else { a }) else { return Ok(()) };
        let factor = match site.factor {
            None => Value::Number(Number::ONE),
            Some(node) => self.node(node, at)?,
        };
        let place = match &factor {
            Value::Number(factor) if factor.is_zero() => return Ok(()),
            Value::Number(factor) if *factor == Number::ONE => Some(other.clone()),
            Value::Number(factor) => other.divide(factor),
            // Zero times unknown is zero, all else times unknown is not.
            _ => Some(Number::ZERO),
        };
        if let Some(probe) = &mut self.probe {
            match place {
                Some(place) if probe.breaks.contains(&place) => {}
                Some(place) => probe.breaks.push(place),
                None => probe.unsettled = true,
            }
        }
        Ok(())
    }
}

impl Probe<'_> {
    /// How far the findings at `first` reach, and along which line what is short moves on the way.
    fn reach(self, first: usize, values: &[Number], findings: &[Finding]) -> (usize, Option<(Number, Number)>) {
        let next = first.saturating_add(1);
        let Some(value) = values.get(first).filter(|_| !self.unsettled) else { return (next, None) };
        let alone = self.sites.is_some_and(|s| s.alone);
        let nearest = self.breaks.iter().filter(|b| *b >= value).min();
        if nearest == Some(value) {
            return (values.partition_point(|v| v <= value).max(next), None);
        }
        let end = nearest.map_or(values.len(), |nearest| values.partition_point(|v| v < nearest).max(next));
        let short = findings.iter().find_map(|f| f.short.as_ref());
        match (self.breaks.as_slice(), short) {
            ([], _) | (_, None) => (end, None),
            ([root], Some(Amount { value: Owned::Number(short), .. })) if alone => {
                // Nothing is short at the root: the line goes through it and through what is short here.
                let drawn = || {
                    let slope = short.divide(&value.subtract(root)?)?;
                    let rest = slope.multiply(root)?.negate()?;
                    Some((slope, rest))
                };
                match self.line.or_else(drawn) {
                    Some(line) => (end, Some(line)),
                    None => (next, None),
                }
            }
            // What is short may hang on more than one line: it is not known how it moves.
            _ => (next, None),
        }
    }

    /// Notes the line of a shortfall `z * y - x`, or of `z - x`, whose z is the parameter.
    pub fn draw(&mut self, site: NodeId, slope: &Value<'_>, rest: &Value<'_>) {
        let alone = self.sites.and_then(|s| s.at.get(&site)).is_some_and(|s| !s.left && s.factor.is_none());
        self.line = match (slope, rest) {
            (Value::Number(slope), Value::Number(x)) if alone => x.negate().map(|rest| (slope.clone(), rest)),
            _ => None,
        };
    }
}
