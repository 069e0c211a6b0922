//! One condition of Bongsu's language over facts in an array.

use rulebook::book::{Book, InstrumentId, NodeId};
use rulebook::evaluate::{At, Evaluator};
use rulebook::facts::{Datum, Evidence, Facts, Known, Occurrence, Reading, Subject};
use rulebook::number::Number;
use rulebook::page::Source;
use rulebook::problem::Level;
use rulebook::time::Instant;
use rulebook::unit::Type;
use rulebook::value::Value;
use rulebook::vocabulary::{Holds, KindId, Vocabulary, WordId};

/// 2026-11-24T00:00:00Z.
const NOW: Instant = Instant(1_795_478_400_000);
const HOUR: i64 = 3_600_000;

/// Words of the conditions, each with its unit.
const WORDS: &[(&str, &str)] = &[
    ("value", "KRW"),
    ("destination_age", "h"),
    ("sum_last_hour", "KRW"),
    ("security", "KRW"),
    ("it", "KRW"),
    ("staff", "person"),
    ("it_staff", "person"),
    ("wei", "count"),
    ("x", "count"),
    ("y", "count"),
    ("z", "count"),
    ("m1", "%"),
    ("m2", "%"),
    ("m3", "%"),
    ("m4", "%"),
    ("m5", "%"),
    ("m6", "%"),
    ("m7", "%"),
    ("m8", "%"),
    ("m9", "%"),
    ("m10", "%"),
    ("m11", "%"),
    ("m12", "%"),
];

/// A page with the condition as its one term; `Err` is what the loader says.
pub fn compile(condition: &str) -> Result<(Book, NodeId), String> {
    let mut list =
        String::from("## Bench\n| word | of | unit | counted | unrecorded | meaning | ko |\n|--|--|--|--|--|--|--|\n");
    for (word, unit) in WORDS {
        list.push_str(&format!("| {word} |  | {unit} |  | missing | m | m |\n"));
    }
    let text = format!(
        "```page\nid = \"bench\"\nzone = \"Asia/Seoul\"\n```\n\
         ```parameter\nid = \"security_share\"\nunit = \"%\"\ncite = [\"1\"]\nvalues = {{ 2020-01-01 = 7 }}\n```\n\
         ```define\nid = \"condition\"\ncite = [\"1\"]\nis = \"{condition}\"\n```\n"
    );
    let vocabulary = Vocabulary::read(&list)?;
    let (book, problems) = rulebook::build(vocabulary, Vec::from([Source { path: String::from("bench.md"), text }]));
    let node = book.terms.first().and_then(|t| t.versions.first()).map(|v| v.is);
    match (problems.into_iter().find(|p| p.level == Level::Error), node) {
        (Some(problem), _) => Err(problem.message),
        (None, Some(node)) => Ok((book, node)),
        (None, None) => Err(String::from("no term")),
    }
}

enum Held {
    Number(Number),
    Length(i64),
}

/// Facts of the exchange: one place for each word, filled before anything is evaluated.
pub struct Row(Vec<Option<Held>>);

impl Row {
    /// The facts by name, as decimal text; the others are unrecorded.
    pub fn new(book: &Book, facts: &[(&str, &str)]) -> Row {
        Row(book
            .vocabulary
            .words()
            .map(|(_, word)| {
                let (_, text) = facts.iter().find(|(name, _)| *name == word.name)?;
                Some(match word.holds {
                    Holds::Value(Type::Length) => Held::Length(text.parse::<i64>().ok()?.checked_mul(HOUR)?),
                    _ => Held::Number(Number::decimal(text)?),
                })
            })
            .collect())
    }
}

impl Facts for Row {
    fn value(&self, _subject: Option<Subject>, word: WordId, _at: Instant) -> Option<Reading<'_>> {
        let datum = match self.0.get(usize::from(word.0))?.as_ref()? {
            Held::Number(n) => Datum::Number(n, None),
            Held::Length(ms) => Datum::Length(*ms),
        };
        Some(Reading { datum, evidence: Some(Evidence { entry: u64::from(word.0), grade: 1 }) })
    }

    fn series<'a>(
        &'a self,
        _: Option<Subject>,
        _: WordId,
        _: Instant,
        _: Instant,
        _: &mut dyn FnMut(Instant, Reading<'a>),
    ) {
    }

    fn events<'a>(&'a self, _: Option<Subject>, _: WordId, _: Instant, _: &mut dyn FnMut(Occurrence<'a>)) -> Known {
        Known::No
    }

    fn subjects(&self, _: KindId, _: Instant, _: &mut dyn FnMut(Subject)) -> Known {
        Known::No
    }

    fn refers(&self, _: Subject, _: KindId) -> Option<Subject> {
        None
    }

    fn given(&self, _: Option<Subject>, _: &str, _: Instant) -> Option<Reading<'_>> {
        None
    }
}

/// A condition ready to be evaluated again and again.
pub struct Condition<'a> {
    evaluator: Evaluator<'a, Row>,
    node: NodeId,
    at: At<'a>,
}

impl<'a> Condition<'a> {
    pub fn new(book: &'a Book, facts: &'a Row, node: NodeId, tracing: bool) -> Condition<'a> {
        let mut evaluator = Evaluator::new(book, facts);
        evaluator.tracing = tracing;
        let at = evaluator.at(NOW, InstrumentId(0));
        Condition { evaluator, node, at }
    }

    /// One evaluation, as a finding makes it.
    pub fn evaluate(&mut self) -> Value<'a> {
        self.evaluator.reset();
        self.evaluator.node(self.node, &self.at).unwrap_or_else(|undecided| Value::Unknown(undecided.why))
    }

    pub fn answer(&mut self) -> String {
        match self.evaluate() {
            Value::Truth(true) => String::from("yes"),
            Value::Truth(false) => String::from("no"),
            Value::Unknown(why) => format!("unknown ({})", self.evaluator.reasons(why).0.join(", ")),
            other => format!("{other:?}"),
        }
    }
}
