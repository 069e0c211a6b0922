//! What keeps evaluation short: nothing hangs on itself, and nothing hangs on too much.
//!
//! A term may name a term that names a term; a page of 2 MiB could so ask for 2^60 steps, or for more stack than there is.
//! Both are counted here once, when the book is built, so that evaluating needs no watch.

use crate::book::*;
use crate::problem::{Place, Problems};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// How many steps may hang on one another. The law's longest chain has 24; a thread's 2 MiB hold this many several times.
const MAX_HEIGHT: u32 = 128;
/// How many steps one answer may take. The law's costliest rule takes about 200; a million are half a second.
const MAX_STEPS: u64 = 1_000_000;
/// What a step inside `sum(asset: …)` counts for: each subject takes it. Exchanges here list tens to hundreds of assets.
const SUBJECTS: u64 = 100;

/// How much of a ring a message names.
const MAX_SHOWN: usize = 6;

/// How high and how costly a thing is, all it needs included.
#[derive(Clone, Copy)]
struct Weight {
    height: u32,
    steps: u64,
}

/// Finds rings, and things that hang on too much.
pub fn check(book: &Book, problems: &mut Problems) {
    let mut known: BTreeMap<Over, Option<Weight>> = BTreeMap::new();
    let all = (0..book.rules.len())
        .map(|at| Over::Rule(RuleId::from(at)))
        .chain((0..book.parameters.len()).map(|at| Over::Parameter(ParameterId::from(at))))
        .chain((0..book.terms.len()).map(|at| Over::Term(TermId::from(at))))
        .chain((0..book.exceptions.len()).map(|at| Over::Exception(ExceptionId::from(at))));
    for start in all {
        if known.contains_key(&start) {
            continue;
        }
        known.insert(start, None);
        // Depth-first with a stack of its own, so that a long chain cannot exhaust the program's.
        let mut stack = Vec::from([(start, book.needs(start))]);
        while let Some((at, rest)) = stack.last_mut() {
            match rest.pop() {
                None => {
                    let at = *at;
                    stack.pop();
                    let weight = weigh(book, at, &known);
                    known.insert(at, Some(weight));
                    too_much(book, at, weight, problems);
                }
                Some(next) => match known.get(&next) {
                    Some(Some(_)) => {}
                    // Known, but not weighed: it waits further down the stack.
                    Some(None) => {
                        let ring: Vec<Over> = stack.iter().map(|(at, _)| *at).skip_while(|at| *at != next).collect();
                        circle(book, &ring, problems);
                    }
                    None => {
                        known.insert(next, None);
                        stack.push((next, book.needs(next)));
                    }
                },
            }
        }
    }
}

/// Says which things need one another.
fn circle(book: &Book, ring: &[Over], problems: &mut Problems) {
    let Some(first) = ring.first() else { return };
    let (place, name) = named(book, *first);
    let mut names: Vec<String> =
        ring.iter().skip(1).take(MAX_SHOWN).map(|at| format!("`{}`", named(book, *at).1)).collect();
    if ring.len() > MAX_SHOWN {
        names.push("…".into());
    }
    names.push(format!("`{name}`"));
    let hint = "rules, terms and exceptions may not need one another in a ring: let one of them stand by itself";
    problems.error(
        &place,
        format!("`{name}` hangs on itself"),
        format!("needs {}", names.join(", which needs ")),
        hint,
    );
}

fn weigh(book: &Book, at: Over, known: &BTreeMap<Over, Option<Weight>>) -> Weight {
    let mut total = Weight { height: 1, steps: 1 };
    let mut add = |over: Over, depth: u32, times: u64| {
        // Within a ring nothing is known; the ring is an error already.
        let of = known.get(&over).copied().flatten().unwrap_or(Weight { height: 0, steps: 0 });
        total.height = total.height.max(depth.saturating_add(of.height));
        total.steps = total.steps.saturating_add(times.saturating_mul(of.steps.saturating_add(1)));
    };
    for exception in book.exceptions_over(at) {
        add(Over::Exception(*exception), 1, 1);
    }
    let mut nodes: Vec<(NodeId, u32, u64)> = book.roots(at).into_iter().map(|node| (node, 1, 1)).collect();
    while let Some((id, depth, times)) = nodes.pop() {
        let node = book.node(id);
        let (inner, times) = match node {
            Node::Term(term) => (Some(Over::Term(term)), times),
            Node::Parameter(parameter) => (Some(Over::Parameter(parameter)), times),
            Node::Verdict(rule, _) => {
                let each = if book.rules[rule.index()].kind.is_some() { SUBJECTS } else { 1 };
                (Some(Over::Rule(rule)), times.saturating_mul(each))
            }
            Node::Over(..) => (None, times.saturating_mul(SUBJECTS)),
            _ => (None, times),
        };
        // Every node is a step, whatever it names; a rule weighed as nothing still is one.
        add(inner.unwrap_or(at), depth, times);
        let depth = depth.saturating_add(1);
        nodes.extend(book.children(node).into_iter().map(|child| (child, depth, times)));
    }
    total
}

fn too_much(book: &Book, at: Over, weight: Weight, problems: &mut Problems) {
    let (place, name) = named(book, at);
    if weight.height > MAX_HEIGHT {
        let message = format!("more than {MAX_HEIGHT} steps hang on one another in `{name}`");
        problems.error(&place, message, "too deep", "define it in fewer steps");
    }
    if weight.steps > MAX_STEPS {
        let message = format!("`{name}` takes more than {MAX_STEPS} steps to answer");
        problems.error(
            &place,
            message,
            "too costly",
            "name a term once instead of many times; fold once instead of inside a fold",
        );
    }
}

/// Where a thing stands and what it is called.
fn named(book: &Book, at: Over) -> (Place, String) {
    match at {
        Over::Rule(at) => (book.rules[at.index()].place.clone(), book.rules[at.index()].id.clone()),
        Over::Parameter(at) => (book.parameters[at.index()].place.clone(), book.parameters[at.index()].id.clone()),
        Over::Exception(at) => (book.exceptions[at.index()].place.clone(), book.exceptions[at.index()].id.clone()),
        Over::Term(at) => {
            let term = &book.terms[at.index()];
            let place = term.versions.first().and_then(|v| book.places.get(v.is.index())).cloned().unwrap_or_default();
            (place, term.id.clone())
        }
    }
}
