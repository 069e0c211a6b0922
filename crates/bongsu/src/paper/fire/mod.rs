//! Reports by FIRE 1.0, the Format for Incident Reporting Exchange of the Financial Stability Board: three phases, one table of items.
//!
//! FIRE has no deadlines and no triggers of its own: those stay with the law of each country. It promises that an answer is a fact
//! on record in FIRE's own values, and that everything a phase asks for and does not get is named.

pub mod files;
pub mod fill;
pub mod items;
pub mod lists;
pub mod rules;

use super::answer::Phase;
use super::{Act, Brief, Draft, Form, contents, workbook};
use crate::trouble::Trouble;

/// A report goes to whom the sender names.
const ACTS: &[Act] = &[Act { kind: "incident", word: "reported", to: None }];

/// The initial report.
pub const INITIAL: Form = Form {
    id: "fire.initial",
    title: ("FIRE 1.0 initial report", "FIRE 1.0 최초 보고"),
    acts: ACTS,
    draw: |brief| draw(brief, Phase::Initial),
};

/// An intermediate report.
pub const INTERMEDIATE: Form = Form {
    id: "fire.intermediate",
    title: ("FIRE 1.0 intermediate report", "FIRE 1.0 중간 보고"),
    acts: ACTS,
    draw: |brief| draw(brief, Phase::Intermediate),
};

/// The final report.
pub const FINAL: Form = Form {
    id: "fire.final",
    title: ("FIRE 1.0 final report", "FIRE 1.0 최종 보고"),
    acts: ACTS,
    draw: |brief| draw(brief, Phase::Final),
};

/// Draws up the report of a phase.
fn draw(brief: &Brief<'_, '_>, phase: Phase) -> Result<Draft, Trouble> {
    let filled = fill::fill(brief, phase);
    let mut problems = rules::check(&filled);
    problems.sort_by_key(|problem| problem.severity);
    let name = format!("fire-{}", phase.name().to_lowercase());
    let book = workbook::bytes(&files::sheets(&filled, &problems, brief.lang), "FIRE 1.0", filled.at)?;
    let files = vec![(format!("{name}.json"), files::json(&filled)), (format!("{name}.xlsx"), book)];
    Ok(Draft { contents: contents::of(FIELDS, &|number| filled.answer(number).is_some()), problems, files })
}

/// Codes of the rules' `contains`, each with the items that say it.
const FIELDS: &[(&str, &[&str])] = &[
    ("reference", &["25"]),
    ("occurred", &["42"]),
    ("detected", &["43"]),
    ("description", &["30"]),
    ("nature", &["31"]),
    ("incident_type", &["31"]),
    ("scope", &["49"]),
    ("impact", &["48", "52"]),
    ("damage", &["68"]),
    ("losses", &["68"]),
    ("discovery", &["33"]),
    ("cause", &["76"]),
    ("root_cause", &["76"]),
    ("measures", &["36"]),
    ("steps", &["36"]),
    ("other_authorities", &["40"]),
    ("authorities_told", &["40"]),
    ("resolved", &["44"]),
    ("contact", &["17"]),
];
