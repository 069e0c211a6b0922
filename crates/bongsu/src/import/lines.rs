//! Facts as JSON lines: one object a line, its `fact` says which. The fields are the columns of the tables, so that a line
//! and a row mean the same. Amounts are texts: a JSON number may be a float, and a float is no amount.

use super::table::{Found, Line, shown};
use super::{Import, Options, Place, RowError, exchanges, facts, file_name, judgements, limits, moment, sheet};
use kernel::fact::{Name, RosterKnown, SubjectKnown};
use serde_json::{Map, Value};
use std::path::Path;

/// A kind of line: the columns it must have, those it may have, and who reads it.
struct Kind {
    name: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
    read: fn(&Line<'_>, &mut Found<'_>),
}

const SUBJECT: [&str; 3] = ["exchange", "kind", "name"];
const ROSTER: [&str; 2] = ["exchange", "kind"];

const KINDS: [Kind; 5] = [
    Kind { name: "figure", required: &facts::REQUIRED, optional: &facts::OPTIONAL, read: facts::read },
    Kind { name: "exchange", required: &exchanges::REQUIRED, optional: &exchanges::OPTIONAL, read: exchanges::read },
    Kind { name: "judgement", required: &judgements::REQUIRED, optional: &judgements::OPTIONAL, read: judgements::read },
    Kind { name: "subject", required: &SUBJECT, optional: &["from", "until", "refers", "source"], read: subject },
    Kind { name: "roster", required: &ROSTER, optional: &["source"], read: roster },
];

/// Reads a file of lines.
pub(super) fn read(path: &Path) -> Result<(Import, Vec<RowError>), Vec<RowError>> {
    let bytes = sheet::bytes(path).map_err(|e| vec![e])?;
    let text = sheet::text(path, &bytes).map_err(|e| vec![e])?;
    let (file, options) = (file_name(path), Options::default());
    let mut found = Found { import: Import::default(), errors: Vec::new(), options: &options, words: kernel::words::vocabulary() };
    for (row, line) in (1u64..).zip(text.lines()) {
        if !line.trim().is_empty() {
            let read = object(&file, row, line).and_then(|object| fields(&file, row, &object));
            if let Some((kind, header, cells)) = found.keep(read) {
                let line = Line { file: &file, sheet: None, header: &header, row, cells: &cells };
                (kind.read)(&line, &mut found);
            }
        }
        if found.errors.len() > limits::ERRORS {
            break;
        }
    }
    Ok((found.import, found.errors))
}

fn wrong(file: &str, row: u64, field: Option<&str>, code: &'static str, expected: String, hint: &str) -> RowError {
    let place = Place { file: file.to_owned(), row, column: field.map(str::to_owned), ..Place::default() };
    RowError { place, code, expected, hint: hint.to_owned() }
}

fn object(file: &str, row: u64, line: &str) -> Result<Map<String, Value>, RowError> {
    match serde_json::from_str(line) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(wrong(file, row, None, "not-an-object", "expected an object".to_owned(), "one fact a line: {\"fact\": \"figure\", …}")),
        Err(e) => Err(wrong(file, row, None, "not-json", format!("expected JSON: {e}"), "one fact a line, without line breaks inside")),
    }
}

type Fields = (&'static Kind, Vec<String>, Vec<String>);

fn fields(file: &str, row: u64, object: &Map<String, Value>) -> Result<Fields, RowError> {
    let fact = object.get("fact").and_then(Value::as_str).unwrap_or("");
    let Some(kind) = KINDS.iter().find(|kind| kind.name == fact) else {
        let names: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
        let expected = format!("expected a kind of fact, found `{}`", shown(fact));
        return Err(wrong(file, row, Some("fact"), "unknown-kind", expected, &format!("one of {}", names.join(", "))));
    };
    let (mut header, mut cells) = (Vec::new(), Vec::new());
    for (name, value) in object.iter().filter(|(name, _)| *name != "fact") {
        if !kind.required.contains(&name.as_str()) && !kind.optional.contains(&name.as_str()) {
            let hint = format!("a {} has {}", kind.name, [kind.required, kind.optional].concat().join(", "));
            return Err(wrong(file, row, Some(name), "unknown-field", "no such field".to_owned(), &hint));
        }
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            Value::Number(number) if name == "corrects" => number.to_string(),
            Value::Array(list) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","),
            _ => {
                let expected = format!("expected a text, found {value}");
                return Err(wrong(file, row, Some(name), "not-a-text", expected, "amounts are texts with their unit: \"3 bn KRW\""));
            }
        };
        header.push(name.clone());
        cells.push(text);
    }
    match kind.required.iter().find(|name| !header.iter().any(|h| h == *name)) {
        Some(missing) => Err(wrong(file, row, Some(missing), "missing-field", "this field is missing".to_owned(), "see `bongsu template facts` for the fields")),
        None => Ok((kind, header, cells)),
    }
}

fn subject(line: &Line<'_>, found: &mut Found<'_>) {
    let [exchange, kind, name] = SUBJECT.map(|column| found.keep(line.required(column)));
    let from = found.keep(time(line, "from"));
    let until = found.keep(time(line, "until"));
    let refers: Vec<Name> = line.get("refers").split(',').filter_map(|text| facts::named(text.trim())).collect();
    let (Some(exchange), Some(kind), Some(name), Some(from), Some(until)) = (exchange, kind, name, from, until) else { return };
    let fact = SubjectKnown { exchange: exchange.to_owned(), subject: Name::new(kind, name), from, until, refers, source: line.get("source").to_owned() };
    found.fact(line.place("name"), fact);
}

fn roster(line: &Line<'_>, found: &mut Found<'_>) {
    let [exchange, kind] = ROSTER.map(|column| found.keep(line.required(column)));
    let (Some(exchange), Some(kind)) = (exchange, kind) else { return };
    found.fact(line.place("kind"), RosterKnown { exchange: exchange.to_owned(), kind: kind.to_owned() });
}

fn time(line: &Line<'_>, column: &str) -> Result<Option<rulebook::time::Instant>, RowError> {
    match line.get(column) {
        "" => Ok(None),
        text => moment::read(text, &moment::zone()).map(Some).ok_or_else(|| line.wrong(column, "wrong-date", moment::EXPECTED, "leave it out for always")),
    }
}
