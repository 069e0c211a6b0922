//! What no case notices: each sign, number and date is moved one step, and the cases are run again.
//!
//! A change of the law by one won or one day must turn a case red; where none does, the page says less than it seems to.

use crate::book::*;
use crate::case;
use crate::expression::Comparison;
use crate::number::Number;
use crate::problem::{Place, Problems};
use crate::time::Date;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// One thing that can be moved.
#[derive(Clone, Debug)]
enum Site {
    Sign(NodeId),
    Literal(NodeId, LiteralId),
    AtLeast(NodeId),
    RuleFrom(RuleId, usize),
    RuleUntil(RuleId, usize),
    TermFrom(TermId, usize),
    TermUntil(TermId, usize),
    ExceptionFrom(ExceptionId),
    ExceptionUntil(ExceptionId),
    ValueDate(ParameterId, usize),
    Value(ParameterId, usize),
}

/// How much is run before it is given up: expectations times the nodes of the book (and what each row costs anyway), which
/// no run exceeds. It ends within minutes; all of Korean law takes a twentieth of a second.
const MAX_WORK: usize = 10_000_000_000;
/// What a row costs besides its nodes, in nodes.
const ROW: usize = 200;

/// Moves everything that the tables could notice, and warns of what none does. Returns how many moves were made.
pub fn unnoticed(book: &mut Book, problems: &mut Problems) -> usize {
    let tables: Vec<(CaseTable, BTreeSet<Over>)> = book.tables.iter().map(|t| (t.clone(), book.reach(t))).collect();
    let mut moves = 0;
    let mut left = MAX_WORK;
    for (owner, place, site) in sites(book) {
        // Pages of which no table is here (a draft's base) are checked where their tables are.
        if !book.tables.iter().any(|t| t.file == place.file) {
            continue;
        }
        for up in [true, false] {
            let Some((undo, what)) = apply(book, &site, up) else { continue };
            moves += 1;
            let noticed = tables.iter().any(|(table, reach)| {
                let mut found = Problems::default();
                reach.contains(&owner) && {
                    let expectations = case::run(book, table, &mut found);
                    let each = book.nodes.len().saturating_add(ROW);
                    left = left.saturating_sub(expectations.saturating_mul(each).saturating_add(ROW));
                    found.has_errors()
                }
            });
            undo.restore(book);
            if left == 0 {
                let message = "the cases are too many to be run for each sign, number and date";
                problems.warn(
                    &place,
                    message,
                    "from here on nothing was moved",
                    "split the page, or its longest tables",
                );
                return moves;
            }
            if !noticed {
                problems.warn(&place, format!("no case notices: {what}"), "", "add a case on the other side of it");
            }
        }
    }
    moves
}

fn sites(book: &Book) -> Vec<(Over, Place, Site)> {
    let mut list = Vec::new();
    let mut nodes = |owner: Over, roots: Vec<NodeId>| {
        let mut stack = roots;
        while let Some(id) = stack.pop() {
            let place = book.places.get(id.index()).cloned().unwrap_or_default();
            match book.node(id) {
                Node::Compare(..) => list.push((owner, place, Site::Sign(id))),
                Node::Literal(literal) => list.push((owner, place, Site::Literal(id, literal))),
                Node::AtLeast(count, run) if count > 1 || run.len > 1 && count == run.len => {
                    list.push((owner, place, Site::AtLeast(id)))
                }
                _ => {}
            }
            stack.extend(book.children(book.node(id)));
        }
    };
    for i in 0..book.rules.len() {
        nodes(Over::Rule(RuleId::from(i)), book.roots(Over::Rule(RuleId::from(i))));
    }
    for i in 0..book.terms.len() {
        nodes(Over::Term(TermId::from(i)), book.roots(Over::Term(TermId::from(i))));
    }
    for i in 0..book.exceptions.len() {
        nodes(Over::Exception(ExceptionId::from(i)), book.roots(Over::Exception(ExceptionId::from(i))));
    }
    for (i, rule) in book.rules.iter().enumerate() {
        let (id, owner) = (RuleId::from(i), Over::Rule(RuleId::from(i)));
        for (v, version) in rule.versions.iter().enumerate() {
            if version.period.from.is_some() {
                list.push((owner, version.place.clone(), Site::RuleFrom(id, v)));
            }
            if version.period.until.is_some() {
                list.push((owner, version.place.clone(), Site::RuleUntil(id, v)));
            }
        }
    }
    for (i, term) in book.terms.iter().enumerate() {
        let (id, owner) = (TermId::from(i), Over::Term(TermId::from(i)));
        for (v, version) in term.versions.iter().enumerate() {
            let place = book.places.get(version.is.index()).cloned().unwrap_or_default();
            if version.period.from.is_some() {
                list.push((owner, place.clone(), Site::TermFrom(id, v)));
            }
            if version.period.until.is_some() {
                list.push((owner, place, Site::TermUntil(id, v)));
            }
        }
    }
    for (i, exception) in book.exceptions.iter().enumerate() {
        let (id, owner) = (ExceptionId::from(i), Over::Exception(ExceptionId::from(i)));
        if exception.period.from.is_some() {
            list.push((owner, exception.place.clone(), Site::ExceptionFrom(id)));
        }
        if exception.period.until.is_some() {
            list.push((owner, exception.place.clone(), Site::ExceptionUntil(id)));
        }
    }
    for (i, parameter) in book.parameters.iter().enumerate() {
        let (id, owner) = (ParameterId::from(i), Over::Parameter(ParameterId::from(i)));
        for v in 0..parameter.values.len() {
            list.push((owner, parameter.place.clone(), Site::ValueDate(id, v)));
            list.push((owner, parameter.place.clone(), Site::Value(id, v)));
        }
    }
    list
}

/// What puts a move back.
enum Undo {
    Node(NodeId, Node),
    Literal(LiteralId, LiteralValue),
    Date(Site, Option<Date>),
    Value(ParameterId, usize, ParameterValue),
}

impl Undo {
    fn restore(self, book: &mut Book) {
        match self {
            Undo::Node(id, node) => book.nodes[id.index()] = node,
            Undo::Literal(id, value) => book.literals[id.index()].value = value,
            Undo::Date(site, date) => {
                if let Some(slot) = date_slot(book, &site) {
                    slot.set(date);
                }
            }
            Undo::Value(id, at, value) => book.parameters[id.index()].values[at].1 = value,
        }
    }
}

enum Slot<'b> {
    Open(&'b mut Option<Date>),
    Fixed(&'b mut Date),
}

impl Slot<'_> {
    fn get(&self) -> Option<Date> {
        match self {
            Slot::Open(date) => **date,
            Slot::Fixed(date) => Some(**date),
        }
    }

    fn set(self, to: Option<Date>) {
        match (self, to) {
            (Slot::Open(date), to) => *date = to,
            (Slot::Fixed(date), Some(to)) => *date = to,
            (Slot::Fixed(_), None) => {}
        }
    }
}

fn date_slot<'b>(book: &'b mut Book, site: &Site) -> Option<Slot<'b>> {
    Some(match *site {
        Site::RuleFrom(id, v) => Slot::Open(&mut book.rules[id.index()].versions[v].period.from),
        Site::RuleUntil(id, v) => Slot::Open(&mut book.rules[id.index()].versions[v].period.until),
        Site::TermFrom(id, v) => Slot::Open(&mut book.terms[id.index()].versions[v].period.from),
        Site::TermUntil(id, v) => Slot::Open(&mut book.terms[id.index()].versions[v].period.until),
        Site::ExceptionFrom(id) => Slot::Open(&mut book.exceptions[id.index()].period.from),
        Site::ExceptionUntil(id) => Slot::Open(&mut book.exceptions[id.index()].period.until),
        Site::ValueDate(id, v) => Slot::Fixed(&mut book.parameters[id.index()].values[v].0),
        _ => return None,
    })
}

fn apply(book: &mut Book, site: &Site, up: bool) -> Option<(Undo, String)> {
    if let Some(slot) = date_slot(book, site) {
        let old = slot.get()?;
        let new = if up { old.tomorrow().ok()? } else { old.yesterday().ok()? };
        slot.set(Some(new));
        let what = match site {
            Site::RuleUntil(..) | Site::TermUntil(..) | Site::ExceptionUntil(_) => "the last day",
            Site::ValueDate(..) => "a value's first day",
            _ => "the first day",
        };
        return Some((Undo::Date(site.clone(), Some(old)), format!("{what} {old} becomes {new}")));
    }
    match *site {
        Site::Sign(id) => {
            let Node::Compare(sign, a, b) = book.node(id) else { return None };
            let moved = match (sign, up) {
                (Comparison::GreaterOrEqual, true) => Comparison::Greater,
                (Comparison::Greater, true) => Comparison::GreaterOrEqual,
                (Comparison::LessOrEqual, true) => Comparison::Less,
                (Comparison::Less, true) => Comparison::LessOrEqual,
                (Comparison::Equal, true) => Comparison::NotEqual,
                (Comparison::NotEqual, true) => Comparison::Equal,
                _ => return None,
            };
            book.nodes[id.index()] = Node::Compare(moved, a, b);
            Some((
                Undo::Node(id, Node::Compare(sign, a, b)),
                format!("`{}` becomes `{}` in `{}`", sign_text(sign), sign_text(moved), book.text_of(id).trim()),
            ))
        }
        Site::AtLeast(id) => {
            let Node::AtLeast(count, run) = book.node(id) else { return None };
            let moved = if up { count + 1 } else { count - 1 };
            if moved == 0 || moved > run.len {
                return None;
            }
            book.nodes[id.index()] = Node::AtLeast(moved, run);
            Some((Undo::Node(id, Node::AtLeast(count, run)), format!("at least {count} becomes {moved}")))
        }
        Site::Literal(node, id) => {
            let old = book.literals[id.index()].value.clone();
            let step = book.literals[id.index()].step.clone();
            let step = if up { step } else { step.negate()? };
            let moved = match &old {
                LiteralValue::Number(n) => LiteralValue::Number(n.add(&step)?),
                LiteralValue::Length(ms) => {
                    LiteralValue::Length(ms.checked_add(i64::try_from(step.to_integer()?).ok()?)?)
                }
                LiteralValue::Civil(c) => {
                    let by = if up { 1 } else { -1 };
                    let mut c = *c;
                    let part = if c.months != 0 {
                        &mut c.months
                    } else if c.working_days != 0 {
                        &mut c.working_days
                    } else {
                        &mut c.days
                    };
                    *part = part.checked_add(by)?;
                    LiteralValue::Civil(c)
                }
            };
            let by = if up { "up" } else { "down" };
            let text = book.text_of(node).trim().to_string();
            book.literals[id.index()].value = moved;
            Some((Undo::Literal(id, old), format!("`{text}` moves one step {by}")))
        }
        Site::Value(id, at) => {
            let old = book.parameters[id.index()].values[at].1.clone();
            let name = book.parameters[id.index()].id.clone();
            let (moved, what) = match &old {
                ParameterValue::Number(n, step) => {
                    let step = if up { step.clone() } else { step.negate()? };
                    let moved = n.add(&step)?;
                    let shown = format!("`{name}` {n} becomes {moved}");
                    (ParameterValue::Number(moved, Number::ONE), shown)
                }
                _ => return None,
            };
            book.parameters[id.index()].values[at].1 = moved;
            Some((Undo::Value(id, at, old), what))
        }
        _ => None,
    }
}

fn sign_text(sign: Comparison) -> &'static str {
    match sign {
        Comparison::Equal => "=",
        Comparison::NotEqual => "!=",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    }
}
