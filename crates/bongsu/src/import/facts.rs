//! The long form: one fact a row, as in `data/kr/figures.csv`.

use super::RowError;
use super::moment;
use super::table::{Found, Line};
use super::value::{self, Wrong};
use kernel::fact::{Confidence, Figure, Grade, Name};
use rulebook::problem;
use rulebook::vocabulary::{Vocabulary, Word};

pub(super) const REQUIRED: [&str; 4] = ["exchange", "word", "at", "value"];
/// A note is for the reader of the table; the journal keeps the source, where the note can be found again.
pub(super) const OPTIONAL: [&str; 7] = ["subject", "unit", "source", "confidence", "grade", "corrects", "note"];

/// The names of units that stand behind no number.
const NOT_A_UNIT: [&str; 5] = ["yes/no", "code", "codes", "event", "count"];

pub(super) fn read(line: &Line<'_>, found: &mut Found<'_>) {
    let word = match line.required("word") {
        Ok(name) => found
            .words
            .find(name)
            .map(|id| found.words.word(id).clone())
            .ok_or_else(|| unknown_word(line, &found.words)),
        Err(error) => Err(error),
    };
    let word = found.keep(word);
    let subject = found.keep(subject(line, "subject"));
    let at = found.keep(at(line));
    let told = found.keep(Told::read(line));
    let value = match (&word, &subject) {
        (Some(word), Some(subject)) => {
            let text = joined(line, word);
            let value = text.and_then(|text| {
                value::read(word, subject.as_ref(), &text, &moment::zone()).map_err(|w| {
                    // The number may well be right: what is wrong stands in the cell beside it.
                    let in_unit = w.code == "wrong-unit" && !line.get("unit").is_empty();
                    wrong(line, if in_unit { "unit" } else { "value" }, w)
                })
            });
            found.keep(value)
        }
        _ => None,
    };
    let (Some(word), Some(subject), Some(at), Some(told), Some(value)) = (word, subject, at, told, value) else {
        return;
    };
    found.fact(line.place("value"), told.figure(line, word.name, subject, at, value));
}

/// A cell with a reason of its word's.
pub(super) fn wrong(line: &Line<'_>, column: &str, wrong: Wrong) -> RowError {
    line.wrong(column, wrong.code, wrong.expected, wrong.hint)
}

fn unknown_word(line: &Line<'_>, words: &Vocabulary) -> RowError {
    line.wrong("word", "unknown-word", "expected a word of the list", near(line.get("word"), words))
}

/// What to do about a word that is not in the list: a slip has a near miss.
pub(super) fn near(wrong: &str, words: &Vocabulary) -> String {
    let known = words.words().map(|(_, word)| word.name.as_str());
    problem::nearest(wrong, known)
        .map_or_else(|| "`bongsu words` prints the list".to_owned(), |near| format!("did you mean `{near}`?"))
}

/// Value and unit in one text, where the unit is one that stands behind a number.
fn joined(line: &Line<'_>, word: &Word) -> Result<String, RowError> {
    let (value, unit) = (line.required("value")?, line.get("unit"));
    if ["", "missing", "none"].contains(&unit) || ["missing", "none"].contains(&value) {
        return Ok(value.to_owned());
    }
    let same = word.unit == unit || unit == "event" && word.unit.starts_with("event");
    if NOT_A_UNIT.contains(&unit) || unit.starts_with("event") {
        if same {
            return Ok(value.to_owned());
        }
        let hint = format!("`{}` is in {}", word.name, word.unit);
        return Err(line.wrong("unit", "wrong-unit", value::expected(word), hint));
    }
    Ok(format!("{value} {unit}"))
}

/// `kind/name`, or empty for the exchange itself.
pub(super) fn subject(line: &Line<'_>, column: &str) -> Result<Option<Name>, RowError> {
    let text = line.get(column);
    if text.is_empty() {
        return Ok(None);
    }
    named(text).map(Some).ok_or_else(|| {
        line.wrong(
            column,
            "wrong-value",
            "expected kind/name, such as ciso/c1",
            "leave it empty for the exchange itself",
        )
    })
}

/// `kind/name`.
pub(super) fn named(text: &str) -> Option<Name> {
    let (kind, name) = text.split_once('/')?;
    (!kind.is_empty() && !name.is_empty()).then(|| Name::new(kind, name))
}

/// The time of a row.
pub(super) fn at(line: &Line<'_>) -> Result<rulebook::time::Instant, RowError> {
    let text = line.required("at")?;
    moment::read(text, &moment::zone())
        .ok_or_else(|| line.wrong("at", "wrong-date", moment::EXPECTED, "a date is its last instant in Seoul"))
}

/// Where a figure comes from and how well it is supported.
pub(super) struct Told {
    grade: Grade,
    confidence: Option<Confidence>,
    corrects: Option<u64>,
}

impl Told {
    pub fn read(line: &Line<'_>) -> Result<Told, RowError> {
        line.required("exchange")
            .map(drop)
            .or_else(|e| if line.get("exchange").is_empty() && is_shared(line) { Ok(()) } else { Err(e) })?;
        let corrects = match line.get("corrects") {
            "" => None,
            text => Some(text.parse().map_err(|_| {
                line.wrong("corrects", "wrong-value", "expected the index of an entry", "a whole number")
            })?),
        };
        let confidence = confidence(line.get("confidence")).map_err(|expected| {
            line.wrong("confidence", "wrong-value", expected, "leave it empty where nobody said")
        })?;
        let grade = grade(line.get("grade"))
            .map_err(|expected| line.wrong("grade", "wrong-value", expected, "leave it empty for declared"))?;
        Ok(Told { grade, confidence, corrects })
    }

    pub fn figure(
        &self,
        line: &Line<'_>,
        word: String,
        subject: Option<Name>,
        at: rulebook::time::Instant,
        value: kernel::fact::FigureValue,
    ) -> Figure {
        Figure {
            exchange: line.get("exchange").to_owned(),
            subject,
            word,
            at,
            value,
            grade: self.grade,
            confidence: self.confidence,
            source: line.get("source").to_owned(),
            corrects: self.corrects,
        }
    }
}

/// An exchange rate is the same for all: only such rows may leave the exchange empty.
fn is_shared(line: &Line<'_>) -> bool {
    line.get("word").ends_with("_rate") || line.header.iter().any(|name| name.ends_with("_rate"))
}

/// How sure a collector is. What follows from a published figure is as sure as a report at second hand.
pub(super) fn confidence(text: &str) -> Result<Option<Confidence>, &'static str> {
    match text {
        "" => Ok(None),
        "low" => Ok(Some(Confidence::Low)),
        "medium" | "derived" => Ok(Some(Confidence::Medium)),
        "high" => Ok(Some(Confidence::High)),
        _ => Err("expected low, medium, high or derived"),
    }
}

/// How a fact is supported.
pub(super) fn grade(text: &str) -> Result<Grade, &'static str> {
    match text {
        "" | "declared" => Ok(Grade::Declared),
        "signed" => Ok(Grade::Signed),
        "confirmed" => Ok(Grade::Confirmed),
        "on-chain" => Ok(Grade::OnChain),
        _ => Err("expected declared, signed, confirmed or on-chain"),
    }
}
