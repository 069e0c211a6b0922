//! What people wrote down: points of a timeline, titles, causes, tasks, lessons.

use super::table::{Found, Line};
use super::{RowError, facts, moment};
use kernel::fact::Remark;
use rulebook::time::Instant;

pub(super) const REQUIRED: [&str; 4] = ["exchange", "at", "topic", "text"];
pub(super) const OPTIONAL: [&str; 8] = ["subject", "id", "owner", "due", "done", "by", "source", "note"];

pub(super) fn read(line: &Line<'_>, found: &mut Found<'_>) {
    let texts = ["exchange", "topic", "text"].map(|column| found.keep(line.required(column)));
    let subject = found.keep(facts::subject(line, "subject"));
    let at = found.keep(facts::at(line));
    let due = found.keep(due(line));
    let done = found.keep(done(line));
    let [Some(exchange), Some(topic), Some(text)] = texts else { return };
    let (Some(subject), Some(at), Some(due), Some(done)) = (subject, at, due, done) else { return };
    let [exchange, topic, text] = [exchange, topic, text].map(str::to_owned);
    let [id, owner, by, source] = ["id", "owner", "by", "source"].map(|column| line.get(column).to_owned());
    found.fact(line.place("text"), Remark { exchange, subject, at, topic, id, text, owner, due, done, by, source });
}

fn due(line: &Line<'_>) -> Result<Option<Instant>, RowError> {
    match line.get("due") {
        "" => Ok(None),
        text => moment::read(text, &moment::zone())
            .map(Some)
            .ok_or_else(|| line.wrong("due", "wrong-date", moment::EXPECTED, "leave it empty where nothing is due")),
    }
}

fn done(line: &Line<'_>) -> Result<bool, RowError> {
    match line.get("done") {
        "" | "no" => Ok(false),
        "yes" => Ok(true),
        _ => Err(line.wrong("done", "wrong-value", "expected yes or no", "leave it empty for no")),
    }
}
