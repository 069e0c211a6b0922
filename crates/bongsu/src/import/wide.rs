//! The wide form: a row is a moment, a column is a word. An empty cell says nothing.

use super::table::{Found, Line};
use super::{RowError, facts, moment, value};
use kernel::fact::Name;
use rulebook::vocabulary::Vocabulary;

pub(super) const REQUIRED: [&str; 2] = ["exchange", "at"];
pub(super) const OPTIONAL: [&str; 5] = ["subject", "source", "confidence", "grade", "note"];

/// Whether a column is a word, or a kind of subject whose names stand in it.
pub(super) fn is_column(name: &str, words: &Vocabulary) -> bool {
    words.find(name).is_some() || words.kind(name).is_some()
}

pub(super) fn read(line: &Line<'_>, found: &mut Found<'_>) {
    let subject = found.keep(subject(line, &found.words));
    let at = found.keep(facts::at(line));
    let told = found.keep(facts::Told::read(line));
    let (Some(subject), Some(at), Some(told)) = (subject, at, told) else { return };
    let zone = moment::zone();
    for name in line.header {
        let text = line.get(name);
        let Some(word) = found.words.find(name).map(|id| found.words.word(id).clone()) else { continue };
        if text.is_empty() {
            continue;
        }
        let values =
            value::of_column(&word, subject.as_ref(), text, at, &zone).map_err(|w| facts::wrong(line, name, w));
        for (at, value) in found.keep(values).into_iter().flatten() {
            found.fact(line.place(name), told.figure(line, word.name.clone(), subject.clone(), at, value));
        }
    }
}

/// The subject of a row: `kind/name` in the column `subject`, or a name in the column of its kind.
fn subject(line: &Line<'_>, words: &Vocabulary) -> Result<Option<Name>, RowError> {
    if let Some(name) = facts::subject(line, "subject")? {
        return Ok(Some(name));
    }
    let mut kinds = words.kinds().filter(|(_, kind)| line.header.iter().any(|column| column == kind));
    let Some((_, kind)) = kinds.next() else { return Ok(None) };
    if let Some((_, other)) = kinds.next() {
        return Err(line.wrong(other, "wrong-subject", "expected one subject in a row", "make a table for each kind"));
    }
    Ok(Some(Name::new(kind, line.required(kind)?)))
}
