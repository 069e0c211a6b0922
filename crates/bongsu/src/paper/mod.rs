//! Papers that leave the exchange: reports to authorities, notices to users, files for other systems, drawn up from what
//! is on record about an incident and checked for completeness before they leave.
//!
//! It promises that a paper says nothing that is not on record, names everything that it should say and cannot, and that
//! its contents are the codes that the clocks of the law ask for. It must never know a deadline: clocks do.

pub mod answer;
pub mod codes;
pub mod contents;
pub mod convert;
pub mod document;
pub mod dora;
pub mod drawing;
pub mod explanation;
pub mod fire;
pub mod ground;
pub mod html;
pub mod incident_parts;
pub mod kr_blocking;
pub mod kr_breach;
pub mod kr_fss;
pub mod pdf;
pub mod reading;
pub mod sent;
pub mod status;
pub mod stix;
pub mod typeface;
pub mod users_notice;
pub mod workbook;
pub mod xlsx;

use crate::incident::Dossier;
use crate::incident::clock::Clock;
use crate::incident::loss::{Loss, Statement};
use crate::incident::timeline::Point;
use crate::lang::Lang;
use crate::trouble::Trouble;
use kernel::fact::Notice;
use kernel::known::Stamp;
use rulebook::book::Book;

/// A kind of paper.
pub struct Form {
    /// Its id, such as `kr.breach-report` or `fire.initial`: what a notice names as its form.
    pub id: &'static str,
    /// Its title in English and Korean.
    pub title: (&'static str, &'static str),
    /// The events that sending it is: a notice is recorded for each, about the incident or about what belongs with it.
    pub acts: &'static [Act],
    /// Draws it up.
    pub draw: fn(&Brief<'_, '_>) -> Result<Draft, Trouble>,
}

/// An event that sending a paper is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Act {
    /// What it is about: `incident`, or a kind of which each that belongs with the incident is meant, such as `blocking`.
    pub kind: &'static str,
    /// The event, by its name in the word list.
    pub word: &'static str,
    /// To whom, where the event says so and the sender names nobody else.
    pub to: Option<&'static str>,
}

/// What a paper is drawn up from.
#[derive(Clone, Copy)]
pub struct Brief<'a, 's> {
    /// The incident.
    pub dossier: &'a Dossier<'s>,
    /// The rulebook in force.
    pub book: &'a Book,
    /// Its clocks.
    pub clocks: &'a [Clock],
    /// Its losses.
    pub losses: &'a [Loss<'s>],
    /// Every statement of their total.
    pub statements: &'a [Statement<'s>],
    /// Its timeline.
    pub points: &'a [Point],
    /// The last notice by the same form: a paper drawn up again amends it.
    pub before: Option<(Stamp, &'a Notice)>,
    /// The language, where a form leaves it open.
    pub lang: Lang,
}

/// How much a problem weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The paper may not leave.
    MustFix,
    /// The paper may leave with an explanation.
    MustExplain,
}

/// Something that a paper should say and does not, or says against its form's rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How much it weighs.
    pub severity: Severity,
    /// The item of the form, such as `30 incident description`.
    pub item: String,
    /// What was expected.
    pub expected: String,
    /// What to do: which fact to record.
    pub hint: String,
}

/// A paper with what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// What it contains, as codes of the rules' `contains`: ascending, each once.
    pub contents: Vec<String>,
    /// Every problem at once, the weightier first.
    pub problems: Vec<Problem>,
    /// Its files: name and bytes. The first is the paper itself, whose hash a notice carries.
    pub files: Vec<(String, Vec<u8>)>,
}

impl Draft {
    /// Whether it may leave.
    pub fn is_complete(&self) -> bool {
        self.problems.iter().all(|problem| problem.severity != Severity::MustFix)
    }
}

/// Every form.
pub const FORMS: &[&Form] = &[
    &kr_breach::REPORT,
    &kr_breach::FOLLOW_UP,
    &kr_blocking::REPORT,
    &kr_fss::REPORT,
    &users_notice::KOREAN,
    &users_notice::ENGLISH,
    &status::STATUS,
    &fire::INITIAL,
    &fire::INTERMEDIATE,
    &fire::FINAL,
    &dora::INITIAL,
    &dora::INTERMEDIATE,
    &dora::FINAL,
    &stix::BUNDLE,
];

/// Finds a form.
pub fn form(id: &str) -> Option<&'static Form> {
    FORMS.iter().copied().find(|form| form.id == id)
}
