//! Reports of major incidents by Implementing Regulation (EU) 2025/302 (DORA): three reports, one table of fields.
//!
//! It promises that an answer is a fact on record in the template's own values, in universal time and percent, and that every
//! mandatory field and every field whose condition holds is there or named. Turning a major incident into a non-major one is
//! not drawn up here: it is a letter.

pub mod fields;
pub mod files;
pub mod fill;
pub mod lists;
pub mod rules;

use super::answer::Phase;
use super::{Act, Brief, Draft, Form, contents};
use crate::trouble::Trouble;

/// The initial notification.
pub const INITIAL: Form = Form {
    id: "dora.initial",
    title: ("DORA initial notification", "DORA 최초 통지"),
    acts: &[Act { kind: "incident", word: "initial_notification", to: None }],
    draw: |brief| draw(brief, Phase::Initial),
};

/// An intermediate report.
pub const INTERMEDIATE: Form = Form {
    id: "dora.intermediate",
    title: ("DORA intermediate report", "DORA 중간 보고"),
    acts: &[Act { kind: "incident", word: "intermediate_report", to: None }],
    draw: |brief| draw(brief, Phase::Intermediate),
};

/// The final report.
pub const FINAL: Form = Form {
    id: "dora.final",
    title: ("DORA final report", "DORA 최종 보고"),
    acts: &[Act { kind: "incident", word: "final_report", to: None }],
    draw: |brief| draw(brief, Phase::Final),
};

/// Draws up one report.
fn draw(brief: &Brief<'_, '_>, phase: Phase) -> Result<Draft, Trouble> {
    let filled = fill::fill(brief, phase);
    let mut problems = rules::check(&filled);
    problems.sort_by_key(|problem| problem.severity);
    let name = format!("dora-{}", phase.name().to_lowercase());
    let files =
        vec![(format!("{name}.json"), files::json(&filled)), (format!("{name}.ir.json"), files::schema(&filled))];
    Ok(Draft { contents: contents::of(CONTENTS, &|number| filled.answer(number).is_some()), problems, files })
}

/// Codes of the rules' `contains`, each with the fields that say it.
const CONTENTS: &[(&str, &[&str])] = &[
    ("reference", &["2.1"]),
    ("detected", &["2.2"]),
    ("classified", &["2.3"]),
    ("description", &["2.4"]),
    ("criteria", &["2.5"]),
    ("discovery", &["2.7"]),
    ("continuity_plan", &["2.9"]),
    ("contact", &["1.7", "1.8", "1.9", "1.10", "1.11", "1.12"]),
    ("occurred", &["3.2"]),
    ("clients", &["3.4", "3.5"]),
    ("counterparts", &["3.6", "3.7"]),
    ("duration", &["3.15"]),
    ("critical_services", &["3.22"]),
    ("incident_type", &["3.23"]),
    ("functions", &["3.27"]),
    ("infrastructure", &["3.28"]),
    ("client_interests", &["3.30"]),
    ("authorities_told", &["3.31"]),
    ("measures", &["3.33", "3.34"]),
    ("root_cause", &["4.1", "4.2", "4.5"]),
    ("resolution", &["4.6"]),
    ("cause_addressed", &["4.7"]),
    ("resolved", &["4.8"]),
    ("losses", &["4.13"]),
    ("recoveries", &["4.14"]),
];
