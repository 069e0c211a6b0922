//! A trace for people: each condition, what it came to, and which entries it rests on.

use kernel::view::View;
use rulebook::book::{Book, InstrumentId, Node, Over, RuleId};
use rulebook::cell;
use rulebook::evaluate::{At, Evaluator, Step};
use rulebook::facts::Subject;
use rulebook::time::{Instant, Zone};
use rulebook::value::Owned;
use std::fmt::Write;

/// One line of a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// How deep it stands.
    pub depth: u32,
    /// The text of the page.
    pub text: String,
    /// What it came to.
    pub value: String,
    /// The article, where the text is a term or a parameter.
    pub cite: String,
    /// The entries it rests on.
    pub entries: Vec<u64>,
}

/// Evaluates a rule for a subject with a trace; the lines stand in reading order, each above its parts.
pub fn lines(book: &Book, view: &View<'_>, rule: RuleId, subject: Option<Subject>, as_of: Instant) -> Vec<Line> {
    let mut evaluator = Evaluator::new(book, view);
    evaluator.tracing = true;
    let instrument = book.rules[rule.index()].instrument;
    let at = At { subject, ..evaluator.at(as_of, InstrumentId(instrument.0)) };
    evaluator.findings(rule, &at);
    let zone = &book.instruments[instrument.index()].zone;
    let evidence = |step: &Step| {
        let run = evaluator.evidence.get(step.evidence.0 as usize..step.evidence.1 as usize).unwrap_or(&[]);
        let mut entries: Vec<u64> = run.iter().map(|e| e.entry).collect();
        entries.sort_unstable();
        entries.dedup();
        entries
    };
    let line = |step: &Step| Line {
        depth: step.depth,
        text: book.text_of(step.node).split_whitespace().collect::<Vec<_>>().join(" "),
        value: shown(book, step, zone),
        cite: cite(book, book.node(step.node)),
        entries: evidence(step),
    };
    upright(&evaluator.steps).into_iter().filter(|s| !matches!(book.node(s.node), Node::Literal(_))).map(line).collect()
}

/// Steps come children first; a reader wants the parent first.
fn upright(steps: &[Step]) -> Vec<&Step> {
    let mut out: Vec<&Step> = Vec::new();
    let mut starts: Vec<(u32, usize)> = Vec::new();
    for step in steps {
        let mut start = out.len();
        while let Some((depth, at)) = starts.last() {
            if *depth <= step.depth {
                break;
            }
            start = *at;
            starts.pop();
        }
        out.insert(start, step);
        starts.push((step.depth, start));
    }
    out
}

fn shown(book: &Book, step: &Step, zone: &Zone) -> String {
    match &step.value {
        Owned::Unknown => "unknown".to_string(),
        value => cell::show(value, book.type_of(step.node), zone),
    }
}

fn cite(book: &Book, node: Node) -> String {
    match node {
        Node::Term(id) => book.terms[id.index()].versions.first().map_or(String::new(), |v| v.cite.join(", ")),
        Node::Parameter(id) => book.parameters[id.index()].cite.join(", "),
        Node::Judgement(id) => book.judgements[id.index()].cite.join(", "),
        _ => String::new(),
    }
}

/// The lines as text.
pub fn text(lines: &[Line]) -> String {
    let mut out = String::new();
    for line in lines {
        let indent = "  ".repeat(line.depth as usize + 1);
        let _ = write!(out, "{indent}{} = {}", line.text, line.value);
        if !line.cite.is_empty() {
            let _ = write!(out, "   [{}]", line.cite);
        }
        if !line.entries.is_empty() {
            let _ = write!(out, "   {}", entries(&line.entries));
        }
        out.push('\n');
    }
    out
}

/// A list of entries, shortened in the middle: a year of prices has 365.
pub fn entries(list: &[u64]) -> String {
    match list {
        [] => String::new(),
        [one] => format!("entry {one}"),
        [first, .., last] if list.len() > 8 => format!("{} entries {first}…{last}", list.len()),
        list => format!("entries {}", list.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
    }
}

/// The exceptions over a rule, as a reader of the trace should know them.
pub fn exceptions(book: &Book, rule: RuleId) -> Vec<String> {
    let over = |id: &rulebook::book::ExceptionId| {
        let exception = &book.exceptions[id.index()];
        format!("{} ({})", exception.id, exception.cite.join(", "))
    };
    let mut list: Vec<String> = book.rules[rule.index()].exceptions.iter().map(over).collect();
    for need in book.needs(Over::Rule(rule)) {
        let exceptions = match need {
            Over::Term(id) => &book.terms[id.index()].exceptions,
            Over::Parameter(id) => &book.parameters[id.index()].exceptions,
            _ => continue,
        };
        list.extend(exceptions.iter().map(over));
    }
    list
}
