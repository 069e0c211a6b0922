//! What people answered to open norms.

use super::moment;
use super::table::{Found, Line};
use super::{RowError, facts};
use kernel::fact::Judged;

pub(super) const REQUIRED: [&str; 6] = ["exchange", "judgement", "answer", "reasons", "by", "at"];
pub(super) const OPTIONAL: [&str; 3] = ["subject", "until", "note"];

pub(super) fn read(line: &Line<'_>, found: &mut Found<'_>) {
    let texts = ["exchange", "judgement", "reasons", "by"].map(|column| found.keep(line.required(column)));
    let subject = found.keep(facts::subject(line, "subject"));
    let answer = found.keep(answer(line));
    let at = found.keep(facts::at(line));
    let until = found.keep(until(line));
    let [Some(exchange), Some(judgement), Some(reasons), Some(by)] = texts else { return };
    let (Some(subject), Some(answer), Some(at), Some(until)) = (subject, answer, at, until) else { return };
    let [exchange, judgement, reasons, by] = [exchange, judgement, reasons, by].map(str::to_owned);
    found.fact(line.place("answer"), Judged { exchange, subject, judgement, answer, reasons, by, at, until });
}

fn answer(line: &Line<'_>) -> Result<bool, RowError> {
    match line.required("answer")? {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(line.wrong("answer", "wrong-value", "expected yes or no", "no answer yet: leave the row out")),
    }
}

fn until(line: &Line<'_>) -> Result<Option<rulebook::time::Instant>, RowError> {
    match line.get("until") {
        "" => Ok(None),
        text => moment::read(text, &moment::zone())
            .map(Some)
            .ok_or_else(|| line.wrong("until", "wrong-date", moment::EXPECTED, "leave it empty until another answer")),
    }
}
