//! An incident for programs: see docs/incidents.md. Amounts are text, exact; a field is always there, `null` or empty where
//! there is nothing.

use super::clock::Clock;
use super::file::File;
use super::loss;
use super::text::{told_in, what};
use crate::lang::Lang;
use crate::report::moment::iso;
use crate::walk;
use rulebook::number::Number;
use rulebook::time::Instant;
use serde_json::{Value, json};

/// The incident as JSON.
pub fn show(file: &File<'_>) -> String {
    let (dossier, zone) = (&file.dossier, walk::zone_of(file.book));
    let at = |at: Option<Instant>| at.map(|at| iso(at, &zone));
    let total = loss::total(&file.losses);
    let clocks: Vec<Value> = file.clocks.iter().map(|clock| clock_of(file, clock, &at)).collect();
    let duties: Vec<Value> = file
        .duties
        .iter()
        .map(|found| {
            let subject = found.subject.as_ref().map(|s| format!("{}/{}", s.kind, s.name));
            json!({"rule": found.rule, "subject": subject, "verdict": found.verdict.name(), "missing": found.missing,
                   "judgements": found.judgements, "evidence": found.evidence})
        })
        .collect();
    let losses: Vec<Value> = file
        .losses
        .iter()
        .map(|loss| {
            let text = |n: &Option<Number>| n.as_ref().map(Number::to_string);
            json!({"name": loss.name, "asset": loss.asset, "began": at(loss.began), "quantity": text(&loss.quantity),
                   "price": text(&loss.price), "value": text(&loss.value), "stated": loss.stated,
                   "frozen": text(&loss.frozen)})
        })
        .collect();
    let statements: Vec<Value> = file
        .statements
        .iter()
        .map(|s| json!({"entry": s.since.index, "known": iso(s.since.time, &zone), "value": s.total.value.to_string()}))
        .collect();
    let told = told_in(file, Lang::En);
    let events = file.points.iter().filter(|point| told(point) && point.at <= dossier.as_of);
    let timeline: Vec<Value> = events
        .map(|point| {
            json!({"at": iso(point.at, &zone), "entry": point.since.index,
                   "subject": format!("{}/{}", point.subject.kind, point.subject.name),
                   "text": what(&point.what, dossier.state.vocabulary(), Lang::En),
                   "grade": point.grade.map(|g| g as u8), "source": point.source})
        })
        .collect();
    let whole = json!({
        "exchange": dossier.exchange, "incident": dossier.id(), "title": dossier.text("title"),
        "as_of": iso(dossier.as_of, &zone), "class": dossier.code("incident_class"), "severity": dossier.code("severity"),
        "occurred": at(dossier.moment("occurred")), "detected": at(dossier.moment("detected")),
        "learned": at(dossier.moment("learned")),
        "loss": {"value": total.value.to_string(), "unit": "KRW", "frozen": total.frozen.to_string(),
                 "counted": total.counted, "unknown": total.unknown, "of": losses, "statements": statements},
        "clocks": clocks, "duties": duties, "timeline": timeline,
    });
    let mut text = serde_json::to_string_pretty(&whole).unwrap_or_default();
    text.push('\n');
    text
}

fn clock_of(file: &File<'_>, clock: &Clock, at: &dyn Fn(Option<Instant>) -> Option<String>) -> Value {
    let rule = &file.book.rules[clock.rule.index()];
    let lacking: Vec<Value> =
        clock.lacking.iter().map(|(entry, lacks)| json!({"entry": entry, "lacks": lacks})).collect();
    json!({
        "rule": clock.id, "title": {"en": rule.title.en, "ko": rule.title.ko},
        "subject": clock.subject.as_ref().map(|s| format!("{}/{}", s.kind, s.name)),
        "status": crate::report::words::status(clock.status, Lang::En), "verdict": clock.verdict.name(),
        "standing": clock.standing, "started": at(clock.started), "due": at(clock.due), "judged": clock.judged,
        "done": at(clock.done), "late_ms": clock.late, "elapsed_ms": clock.elapsed, "missing": clock.missing,
        "lacking": lacking,
    })
}
