//! What happened when: the journal's entries about an incident, in order of the moments they speak of.
//!
//! It promises to leave nothing out that names the incident or what belongs with it, and to say how well each is supported.

use super::dossier::Dossier;
use super::loss;
use crate::trouble::Trouble;
use crate::walk;
use kernel::fact::{FigureValue, Grade, Name, Observation};
use kernel::known::Stamp;
use rulebook::time::Instant;
use std::path::Path;

/// One point of a timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// When it was true or happened.
    pub at: Instant,
    /// The entry that says so.
    pub since: Stamp,
    /// The incident, or what belongs with it.
    pub subject: Name,
    /// What it is.
    pub what: What,
    /// How well it is supported; none for people's remarks.
    pub grade: Option<Grade>,
    /// Where it is known from.
    pub source: String,
}

/// What a point of a timeline says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// An event of the word list, with whom it concerned.
    Event {
        /// The word.
        word: String,
        /// Whom or what.
        by: Option<String>,
    },
    /// A value of the word list.
    Figure {
        /// The word.
        word: String,
        /// What it says.
        value: FigureValue,
    },
    /// A notice was sent.
    Notice {
        /// The event that sending it is.
        word: String,
        /// To whom.
        to: Option<String>,
        /// What it contains.
        contents: Vec<String>,
    },
    /// Somebody wrote something.
    Remark {
        /// The topic.
        topic: String,
        /// Which one of its topic.
        id: String,
        /// The text.
        text: String,
    },
}

/// The points of an incident's timeline, as known, in order of time and then of the journal.
pub fn points(dossier: &Dossier<'_>, dir: &Path) -> Result<Vec<Point>, Trouble> {
    let mut points = Vec::new();
    walk::each(dir, |stamp, header, body| {
        let Some(body) = body.filter(|_| dossier.view.known.knows(stamp)) else { return Ok(()) };
        if !KINDS.contains(&header.kind) {
            return Ok(());
        }
        let body = kernel::body::Body::decode(header.kind, body).map_err(|e| walk::unreadable(stamp.index, &e))?;
        points.extend(point(dossier, stamp, body.observation));
        Ok(())
    })?;
    points.sort_by_key(|point| (point.at, point.since.index));
    Ok(points)
}

/// The entries after which the losses may be valued otherwise.
pub fn loss_entries(points: &[Point]) -> Vec<Stamp> {
    let mut entries: Vec<Stamp> =
        points.iter().filter(|point| point.subject.kind == loss::KIND).map(|point| point.since).collect();
    entries.sort();
    entries.dedup();
    entries
}

/// The kinds of entry a timeline is made of.
const KINDS: [u16; 3] = [kernel::fact::Figure::KIND, kernel::fact::Notice::KIND, kernel::fact::Remark::KIND];

fn point(dossier: &Dossier<'_>, since: Stamp, observation: Observation) -> Option<Point> {
    let about = |exchange: &str, subject: &Option<Name>| {
        exchange == dossier.exchange && subject.as_ref().is_some_and(|subject| dossier.concerns(subject))
    };
    match observation {
        Observation::Figure(fact) if about(&fact.exchange, &fact.subject) => {
            let what = match fact.value {
                FigureValue::Happened { by, .. } => What::Event { word: fact.word, by },
                value => What::Figure { word: fact.word, value },
            };
            let (subject, grade) = (fact.subject?, Some(fact.grade));
            Some(Point { at: fact.at, since, subject, what, grade, source: fact.source })
        }
        Observation::Notice(fact) if about(&fact.exchange, &fact.subject) => {
            let what = What::Notice { word: fact.word, to: fact.to, contents: fact.contents };
            let (subject, grade) = (fact.subject?, Some(fact.grade));
            Some(Point { at: fact.at, since, subject, what, grade, source: fact.source })
        }
        Observation::Remark(fact) if about(&fact.exchange, &fact.subject) => {
            let what = What::Remark { topic: fact.topic, id: fact.id, text: fact.text };
            Some(Point { at: fact.at, since, subject: fact.subject?, what, grade: None, source: fact.source })
        }
        _ => None,
    }
}
