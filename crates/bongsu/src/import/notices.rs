//! Notices and reports that were sent: to whom, when, and what they contained.

use super::table::{Found, Line};
use super::{RowError, facts};
use kernel::fact::Notice;

pub(super) const REQUIRED: [&str; 5] = ["exchange", "subject", "word", "at", "contents"];
pub(super) const OPTIONAL: [&str; 8] = ["to", "form", "document", "amends", "by", "grade", "source", "note"];

pub(super) fn read(line: &Line<'_>, found: &mut Found<'_>) {
    let texts = ["exchange", "word"].map(|column| found.keep(line.required(column)));
    let subject = found.keep(facts::subject(line, "subject"));
    let at = found.keep(facts::at(line));
    let document = found.keep(document(line));
    let amends = found.keep(amends(line));
    let grade = found.keep(grade(line));
    let [Some(exchange), Some(word)] = texts else { return };
    let (Some(subject), Some(at), Some(document), Some(amends), Some(grade)) = (subject, at, document, amends, grade)
    else {
        return;
    };
    let text = |column: &str| line.get(column).to_owned();
    let notice = Notice {
        exchange: exchange.to_owned(),
        subject,
        word: word.to_owned(),
        to: Some(text("to")).filter(|to| !to.is_empty()),
        at,
        contents: contents(line.get("contents")),
        form: text("form"),
        document,
        amends,
        by: text("by"),
        grade,
        source: text("source"),
    };
    found.fact(line.place("word"), notice);
}

/// Codes between spaces, semicolons or commas, put in order; `none` for a notice that contains nothing asked for.
pub(super) fn contents(text: &str) -> Vec<String> {
    let codes = text.split([' ', ';', ',']).filter(|code| !code.is_empty() && *code != "none");
    let mut codes: Vec<String> = codes.map(str::to_owned).collect();
    codes.sort();
    codes.dedup();
    codes
}

/// A SHA-256 in hexadecimal.
pub(super) fn hash(text: &str) -> Option<journal::Hash> {
    let mut hash = [0u8; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (byte, at) in hash.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
    }
    Some(hash)
}

fn document(line: &Line<'_>) -> Result<Option<journal::Hash>, RowError> {
    match line.get("document") {
        "" => Ok(None),
        text => hash(text).map(Some).ok_or_else(|| {
            let expected = "expected the SHA-256 of the paper, 64 hexadecimal digits";
            line.wrong("document", "wrong-value", expected, "leave it empty for a call")
        }),
    }
}

fn amends(line: &Line<'_>) -> Result<Option<u64>, RowError> {
    match line.get("amends") {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| {
            line.wrong("amends", "wrong-value", "expected the index of an entry", "leave it empty for a first notice")
        }),
    }
}

fn grade(line: &Line<'_>) -> Result<kernel::fact::Grade, RowError> {
    facts::grade(line.get("grade"))
        .map_err(|expected| line.wrong("grade", "wrong-value", expected, "leave it empty for declared"))
}
