//! An incident as desks, papers and programs present it: the dossier with everything that follows from it, gathered once.

use super::clock::{self, Clock};
use super::dossier::{Dossier, KIND};
use super::loss::{self, Loss, Statement};
use super::timeline::{self, Point};
use crate::lang::Lang;
use crate::paper::Brief;
use crate::trouble::Trouble;
use kernel::assess::{is_among, one};
use kernel::fact::Notice;
use kernel::finding::Finding;
use kernel::known::Stamp;
use rulebook::book::{Book, Duty};
use rulebook::time::Instant;
use std::path::Path;

/// Everything about an incident.
pub struct File<'s> {
    /// Its facts.
    pub dossier: Dossier<'s>,
    /// The rulebook it is read by.
    pub book: &'s Book,
    /// Its clocks.
    pub clocks: Vec<Clock>,
    /// What other rules say of the incident and of what belongs with it: whether users were told before a block.
    pub duties: Vec<Finding>,
    /// Its losses.
    pub losses: Vec<Loss<'s>>,
    /// Every statement of their total, the oldest first.
    pub statements: Vec<Statement<'s>>,
    /// Its timeline.
    pub points: Vec<Point>,
}

impl<'s> File<'s> {
    /// What a paper is drawn up from.
    pub fn brief<'a>(&'a self, before: Option<(Stamp, &'a Notice)>, lang: Lang) -> Brief<'a, 's> {
        Brief {
            dossier: &self.dossier,
            book: self.book,
            clocks: &self.clocks,
            losses: &self.losses,
            statements: &self.statements,
            points: &self.points,
            before,
            lang,
        }
    }
}

/// Gathers the file of an incident from the journal in `dir`, under these laws; a what-if has moved it by so many
/// milliseconds.
pub fn gather<'s>(
    dossier: Dossier<'s>,
    book: &'s Book,
    laws: &[String],
    dir: &Path,
    moved: i64,
) -> Result<File<'s>, Trouble> {
    let mut points = timeline::points(&dossier, dir)?;
    points.iter_mut().for_each(|point| point.at = Instant(point.at.0.saturating_add(moved)));
    Ok(File {
        clocks: clock::clocks(&dossier, book, laws),
        duties: duties(&dossier, book, laws),
        losses: loss::losses(&dossier),
        statements: loss::statements(&dossier, &timeline::loss_entries(&points)),
        points,
        dossier,
        book,
    })
}

/// The findings of rules that are no clocks on the incident and what belongs with it, the worst first.
fn duties(dossier: &Dossier<'_>, book: &Book, laws: &[String]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in &book.rules {
        let instrument = &book.instruments[rule.instrument.index()];
        let requires = matches!(rule.versions.first().map(|v| &v.duty), Some(Duty::Require { .. }));
        let Some(kind) = rule.kind.filter(|_| requires && is_among(&instrument.id, laws)) else { continue };
        let kind = book.vocabulary.kind_name(kind);
        let named = |name: &kernel::fact::Name| dossier.concerns(name);
        if kind == KIND || !dossier.related(kind).is_empty() {
            let found = one(&dossier.view, book, &rule.id, dossier.as_of);
            findings.extend(found.into_iter().filter(|f| f.subject.as_ref().is_some_and(named)));
        }
    }
    findings.sort_by(|a, b| (a.verdict, &a.rule, &a.subject).cmp(&(b.verdict, &b.rule, &b.subject)));
    findings
}
