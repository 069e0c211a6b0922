//! What FIRE asks of a filled report: essential items, lists, forms of values, the order of times.

use super::fill::{Filled, Status};
use super::items::{ITEMS, Item, Kind, Need, item_of};
use super::lists::values;
use crate::paper::Problem;
use crate::paper::answer::{Answer, Group, Phase, how_to_record, must_fix};
use crate::paper::reading::{is_email, is_lei, is_phone};
use rulebook::number::Number;
use rulebook::time::Instant;

/// Letters of a short text.
const SHORT: usize = 255;

/// Letters of a long text.
const LONG: usize = 65_535;

/// Every problem of a report, those of reading it first.
pub fn check(filled: &Filled) -> Vec<Problem> {
    let mut problems = filled.problems.clone();
    phase(filled, &mut problems);
    items(filled, &filled.answers, "", &mut problems);
    groups(filled, &mut problems);
    times(filled, &mut problems);
    places(filled, &mut problems);
    problems
}

/// A phase and a status that do not belong together.
fn phase(filled: &Filled, problems: &mut Vec<Problem>) {
    let wrong = match (filled.phase, filled.status) {
        (Phase::Intermediate, Status::Closed) => ("a final report, for the incident is closed", "draw up `fire.final`"),
        (Phase::Final, Status::Open) => {
            ("an incident that is resolved or closed", "record `activities_recovered`, or draw up `fire.intermediate`")
        }
        _ => return,
    };
    problems.push(must_fix(item_of("28").name(), wrong.0, wrong.1));
}

/// The items of the report itself (`within` is empty) or of one group.
fn items(filled: &Filled, answers: &Group, within: &str, problems: &mut Vec<Problem>) {
    for item in ITEMS.iter().filter(|item| item.within == within) {
        let Some(answer) = answers.get(item.key) else {
            let already = problems.iter().any(|problem| problem.item == item.name());
            if item.need(filled.column()) == Need::Essential && !is_excused(filled, item) && !already {
                let hint = match item.record {
                    "" => String::from("it follows from other facts; record those first"),
                    record => how_to_record(record),
                };
                problems.push(must_fix(item.name(), "an answer: it is essential in this phase", hint));
            }
            continue;
        };
        if let Some(expected) = wrong(item, answer) {
            problems.push(must_fix(item.name(), expected, how_to_record(item.record)));
        }
        if let Answer::Groups(groups) = answer {
            groups.iter().for_each(|group| items(filled, group, item.number(), problems));
        }
    }
}

/// An incident that goes on has no time of resolution yet; one that is not closed no time of closure.
fn is_excused(filled: &Filled, item: &Item) -> bool {
    match item.number() {
        "44" => filled.status == Status::Open,
        "45" => filled.status != Status::Closed,
        _ => false,
    }
}

/// What an item expected instead of what it has.
fn wrong(item: &Item, answer: &Answer) -> Option<String> {
    let text = answer.text().unwrap_or_default();
    let letters = text.chars().count();
    let number = |text: &str| crate::report::amount::parse(text);
    match item.kind {
        Kind::Short if letters > SHORT => Some(format!("at most {SHORT} letters; found {letters}")),
        Kind::Long if letters > LONG => Some(format!("at most {LONG} letters; found {letters}")),
        Kind::Email if !is_email(text) => Some(format!("a mail address; found `{text}`")),
        Kind::Phone if !is_phone(text) => Some(format!("a telephone number such as +82 2 1234 5678; found `{text}`")),
        Kind::Integer => {
            let good = number(text).is_some_and(|n| !n.is_negative() && n.to_integer().is_some());
            (!good).then(|| format!("a count of 0 or more; found `{text}`"))
        }
        Kind::Share => {
            let good = number(text).is_some_and(|n| !n.is_negative() && n <= Number::ONE);
            (!good).then(|| format!("a share from 0 to 1; found `{text}`"))
        }
        Kind::Money => number(text).is_none_or(|n| n.is_negative()).then(|| format!("an amount; found `{text}`")),
        Kind::Listed | Kind::ListedMany => {
            let list = values(item.list);
            let stranger = answer.values().into_iter().find(|value| !list.contains(value)).map(str::to_owned);
            stranger.map(|stranger| match item.list {
                "country" => format!("a country of ISO 3166, two letters; found `{stranger}`"),
                "currency" => format!("a currency of ISO 4217; found `{stranger}`"),
                _ => format!("one of {}; found `{stranger}`", list.join(", ")),
            })
        }
        _ => None,
    }
}

/// What is asked of groups as a whole.
fn groups(filled: &Filled, problems: &mut Vec<Problem>) {
    let of = |number: &str| match filled.answer(number) {
        Some(Answer::Groups(groups)) => groups.as_slice(),
        _ => &[],
    };
    let is =
        |group: &Group, number: &str, value: &str| group.get(item_of(number).key).and_then(Answer::text) == Some(value);
    let contacts = of("17");
    if !contacts.is_empty() && !contacts.iter().any(|contact| is(contact, "18", "Primary")) {
        let hint = "write it as a remark `contact` with the id `primary`";
        problems.push(must_fix(item_of("18").name(), "at least one primary contact", hint));
    }
    let recipients: Vec<&str> = match filled.answer("13") {
        Some(Answer::Rows(rows)) => rows.iter().filter_map(|row| row.get(1)).map(String::as_str).collect(),
        _ => Vec::new(),
    };
    for contact in contacts {
        let named = contact.get(item_of("24").key).map(Answer::values).unwrap_or_default();
        if let Some(stranger) = named.into_iter().find(|name| !recipients.contains(name)) {
            let expected =
                format!("some of the recipients of the report ({}); found `{stranger}`", recipients.join(", "));
            problems.push(must_fix(item_of("24").name(), expected, how_to_record("remark contact")));
        }
    }
    let causes = of("76");
    if !causes.is_empty() && !causes.iter().any(|cause| is(cause, "78", "Root")) {
        problems.push(must_fix(item_of("78").name(), "at least one root cause", how_to_record("cause_strength")));
    }
    if filled.no_service && !of("52").is_empty() {
        let expected = "no service, for it is on record that none was hit";
        problems.push(must_fix(item_of("52").name(), expected, how_to_record("services_hit")));
    }
    if let Some(Answer::Rows(rows)) = filled.answer("08")
        && let Some(lei) = rows.iter().find(|row| row[0] == "LEI" && !is_lei(&row[1]))
    {
        let expected = format!("20 characters with right check digits (ISO 17442); found `{}`", lei[1]);
        problems.push(must_fix(item_of("08").name(), expected, how_to_record("lei of exchange")));
    }
}

/// The order of times.
fn times(filled: &Filled, problems: &mut Vec<Problem>) {
    let m = &filled.moments;
    let mut order = |number: &str, early: Option<Instant>, late: Option<Instant>, equal: bool, expected: &str| {
        let (Some(early), Some(late)) = (early, late) else { return };
        if early > late || (early == late && !equal) {
            let hint = "correct the time of one of the two events";
            problems.push(must_fix(item_of(number).name(), expected, hint));
        }
    };
    order("42", m.occurred, m.detected, true, "not later than the time of detection");
    order("44", m.occurred, m.resolved, false, "later than the time of occurrence");
    order("45", m.occurred, m.closed, false, "later than the time of occurrence");
    order("45", m.detected, m.closed, false, "later than the time of detection");
    order("45", m.resolved, m.closed, false, "later than the time of resolution");
    // A next update has no place in a final report, whatever was promised.
    let next = m.next.filter(|_| filled.answer("46").is_some());
    order("46", Some(filled.at), next, false, "later than the time of this report");
}

/// National spread names one country, several jurisdictions several.
fn places(filled: &Filled, problems: &mut Vec<Problem>) {
    let named = filled.answer("74").map_or(0, |answer| answer.values().len());
    let expected = match filled.answer("73").and_then(Answer::text) {
        Some("National") if named > 1 => "one country, for the spread is national",
        Some("Multi-jurisdictional") if named == 1 => "more than one country, for the spread is multi-jurisdictional",
        _ => return,
    };
    problems.push(must_fix(item_of("74").name(), expected, how_to_record("countries_hit")));
}
