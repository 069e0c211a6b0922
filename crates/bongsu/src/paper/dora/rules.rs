//! What the template asks of a filled report: mandatory and conditional fields, lists, forms of values, the order of times.

use super::fields::{FIELDS, Field, Kind, Need, field_of};
use super::fill::Filled;
use super::lists::values;
use crate::paper::Problem;
use crate::paper::answer::{Answer, how_to_record, must_explain, must_fix};
use crate::paper::reading::{is_email, is_lei, is_phone};
use crate::report::amount::parse;
use rulebook::number::Number;
use rulebook::time::Instant;

/// Letters of a text, by the authorities' JSON schema.
const TEXT: usize = 32_767;

/// Every problem of a report, those of reading it first.
pub fn check(filled: &Filled) -> Vec<Problem> {
    let mut problems = filled.problems.clone();
    for field in FIELDS {
        match filled.answer(field.number) {
            Some(answer) => {
                let wrong = wrong(field, answer);
                problems.extend(wrong.map(|expected| must_fix(field.name(), expected, hint(field))));
            }
            None => missing(filled, field, &mut problems),
        }
    }
    figures(filled, &mut problems);
    others(filled, &mut problems);
    times(filled, &mut problems);
    problems
}

fn hint(field: &Field) -> String {
    match field.record {
        "" => String::from("it follows from other facts; record those first"),
        record => how_to_record(record),
    }
}

fn missing(filled: &Filled, field: &Field, problems: &mut Vec<Problem>) {
    if problems.iter().any(|problem| problem.item == field.name()) {
        return;
    }
    let problem = match field.need(filled.phase.column()) {
        Need::Mandatory => must_fix(field.name(), "an answer: it is mandatory in this report", hint(field)),
        Need::Conditional => match condition(filled, field.number) {
            Some(why) => must_fix(field.name(), format!("an answer, for {why}"), hint(field)),
            None => return,
        },
        Need::Explained => must_explain(field.name(), "an answer where it applies", hint(field)),
        Need::Optional | Need::NotAsked => return,
    };
    problems.push(problem);
}

/// Why a conditional field must be filled; none where it need not.
fn condition(filled: &Filled, number: &str) -> Option<&'static str> {
    let detailed = |heads: &[&str]| {
        let values = filled.answer("4.2").map(Answer::values).unwrap_or_default();
        values.iter().any(|value| heads.iter().any(|head| value.contains(head)))
    };
    let some = |number: &str| filled.answer(number).is_some();
    let holds = |holds: bool, why: &'static str| holds.then_some(why);
    let cyber = filled.has("3.23", "cybersecurity-related");
    let transactions = filled.answer("3.9").and_then(Answer::text).and_then(parse).is_some_and(|n| !n.is_zero());
    match number {
        "1.5" => holds(some("1.6"), "an identifier of an affected entity is given"),
        "1.6" => holds(some("1.5"), "the name of an affected entity is given"),
        "1.13" => holds(some("1.14"), "the identifier of the parent is given"),
        "1.14" => holds(some("1.13"), "the name of the parent is given"),
        "2.6" => holds(filled.is_triggered("geographical_spread"), "geographical spread triggered the report"),
        "2.8" => holds(filled.is_from_outside, "a cause lies with a third party or another entity"),
        "3.3" => holds(some("3.16"), "there was downtime"),
        "3.8" => holds(
            filled.is_triggered("clients_financial_counterparts_and_transactions_affected"),
            "clients, counterparts or transactions triggered the report",
        ),
        "3.10" | "3.11" => holds(transactions, "transactions were affected"),
        "3.13" | "3.14" => holds(filled.is_triggered("reputational_impact"), "reputation triggered the report"),
        "3.18" | "3.19" => {
            holds(filled.is_triggered("geographical_spread"), "geographical spread triggered the report")
        }
        "3.20" | "3.21" => holds(filled.is_triggered("data_losses"), "data losses triggered the report"),
        "3.24" => holds(filled.has("3.23", "other"), "the type of incident is another one"),
        "3.25" | "3.35" => holds(cyber, "the incident is a matter of cyber security"),
        "3.26" => holds(filled.has("3.25", "other"), "a technique is another one"),
        "3.29" => holds(filled.has("3.28", "yes"), "infrastructure was hit"),
        "3.32" => holds(filled.has("3.31", "other"), "other authorities were told"),
        "3.34" => holds(some("3.33"), "measures, or why there are none, must be told"),
        "4.3" => holds(
            detailed(&[
                "monitoring_and_control",
                "ICT_risk_management",
                "ict_operations",
                "process_failure_inadequate_ict_systems",
            ]),
            "the detailed root cause asks for more detail",
        ),
        "4.4" => holds(detailed(&["_other"]), "a root cause is another one"),
        "4.16" => holds(some("4.15"), "recurring incidents are counted together"),
        _ => None,
    }
}

/// What a field expected instead of what it has.
fn wrong(field: &Field, answer: &Answer) -> Option<String> {
    let text = answer.text().unwrap_or_default();
    let letters = text.chars().count();
    let number = |good: fn(&Number) -> bool| parse(text).is_some_and(|n| !n.is_negative() && good(&n));
    match field.kind {
        Kind::Text if letters > TEXT => Some(format!("at most {TEXT} letters; found {letters}")),
        Kind::Lei if !is_lei(text) => {
            Some(format!("20 characters with right check digits (ISO 17442); found `{text}`"))
        }
        Kind::Email if !is_email(text) => Some(format!("a mail address; found `{text}`")),
        Kind::Phone if !is_phone(text) => Some(format!("a telephone number such as +82 2 1234 5678; found `{text}`")),
        Kind::Integer if !number(|n| n.to_integer().is_some()) => Some(format!("a count of 0 or more; found `{text}`")),
        Kind::Percent if !number(|n| *n <= Number::integer(100)) => Some(format!("0 to 100 percent; found `{text}`")),
        Kind::Money if !number(|_| true) => Some(format!("an amount of 0 or more; found `{text}`")),
        Kind::Choice | Kind::Choices => {
            let list = values(field.list);
            let stranger = answer.values().into_iter().find(|value| !list.contains(value));
            stranger.map(|stranger| format!("one of {}; found `{stranger}`", list.join(", ")))
        }
        _ => None,
    }
}

/// One statement about clients, counterparts and transactions each: actual, estimated, or none affected.
fn figures(filled: &Filled, problems: &mut Vec<Problem>) {
    let field = field_of("3.12");
    if field.need(filled.phase.column()) == Need::NotAsked || filled.answer("3.12").is_none() {
        return;
    }
    for (what, word) in [
        ("clients", "clients_affected"),
        ("financial_counterparts", "counterparts_affected"),
        ("transactions", "transactions_affected"),
    ] {
        let said = filled.answer("3.12").map(Answer::values).unwrap_or_default();
        let of_it = |value: &&str| {
            value.contains(&format!("_{what}")) && (what != "clients" || !value.contains("counterparts"))
        };
        if said.iter().filter(|value| of_it(value)).count() != 1 {
            let what = what.replace('_', " ");
            let expected = format!("a statement about {what}: how many, or 0");
            problems.push(must_fix(field.name(), expected, how_to_record(word)));
        }
    }
}

/// `none` beside something.
fn others(filled: &Filled, problems: &mut Vec<Problem>) {
    let told = filled.answer("3.31").map(|answer| answer.values().len()).unwrap_or_default();
    if filled.has("3.31", "none") && told > 1 {
        let field = field_of("3.31");
        problems.push(must_fix(field.name(), "`none` alone, or the bodies without it", hint(field)));
    }
}

/// The order of times.
fn times(filled: &Filled, problems: &mut Vec<Problem>) {
    let at = |number: &str| -> Option<Instant> {
        let there = filled.answer(number).is_some();
        filled.moments.iter().find(|(of, _)| *of == number && there).map(|(_, at)| *at)
    };
    for (early, late, expected) in [
        ("3.2", "2.2", "not earlier than the time of occurrence"),
        ("2.2", "2.3", "not earlier than the time of detection"),
        ("3.2", "3.3", "not earlier than the time of occurrence"),
        ("3.2", "4.7", "not earlier than the time of occurrence"),
        ("3.2", "4.8", "not earlier than the time of occurrence"),
        ("4.16", "3.2", "not earlier than the first of the recurring incidents"),
    ] {
        if at(early).zip(at(late)).is_some_and(|(early, late)| late < early) {
            let hint = "correct the time of one of the two events";
            problems.push(must_fix(field_of(late).name(), expected, hint));
        }
    }
}
