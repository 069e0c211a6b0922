//! An incident's facts by word and topic, as they stood at one moment and were known at another.

use crate::lang::Lang;
use crate::trouble::Trouble;
use kernel::fact::{Name, Notice, Remark};
use kernel::known::{KnownAt, Stamp};
use kernel::state::{Exchange, State};
use kernel::view::View;
use rulebook::facts::{Datum, Facts, Subject};
use rulebook::number::Number;
use rulebook::time::Instant;
use rulebook::vocabulary::WordId;
use std::collections::BTreeMap;

/// The kind of subject that an incident is.
pub const KIND: &str = "incident";

/// All that is on record about one incident.
#[derive(Clone, Copy)]
pub struct Dossier<'s> {
    /// The state it is read from.
    pub state: &'s State,
    /// Id of the exchange.
    pub exchange: &'s str,
    /// The exchange.
    pub registered: &'s Exchange,
    /// The incident.
    pub subject: Subject,
    /// What rules read.
    pub view: View<'s>,
    /// The moment it is read for.
    pub as_of: Instant,
}

impl<'s> Dossier<'s> {
    /// Opens the dossier of an incident.
    pub fn open(
        state: &'s State,
        exchange: &str,
        incident: &str,
        as_of: Instant,
        known: KnownAt,
    ) -> Result<Dossier<'s>, Trouble> {
        let Some((exchange, registered)) = state.exchanges().find(|(id, _)| *id == exchange) else {
            let ids: Vec<&str> = state.exchanges().map(|(id, _)| id).collect();
            return Err(Trouble::new(
                format!("no exchange `{exchange}` is registered"),
                if ids.is_empty() {
                    "`bongsu import` registers exchanges".to_string()
                } else {
                    format!("registered are {}", ids.join(", "))
                },
            ));
        };
        let kind = state.vocabulary().kind(KIND);
        let view = View { record: &registered.record, shared: Some(state.shared()), known };
        let is_known = |subject: &Subject| {
            let mut found = false;
            view.subjects(subject.kind, Instant::NEVER, &mut |other| found |= other == *subject);
            found
        };
        let subject = kind.and_then(|kind| registered.record.subject(kind, incident)).filter(is_known);
        let Some(subject) = subject else {
            let names = incidents(state, exchange);
            let hint = match names.as_slice() {
                [] => "`bongsu incident open` records the first one".to_string(),
                names => format!("on record are {}", names.join(", ")),
            };
            return Err(Trouble::new(format!("{exchange} has no incident `{incident}`"), hint));
        };
        Ok(Dossier { state, exchange, registered, subject, view, as_of })
    }

    /// The incident's id.
    pub fn id(&self) -> &'s str {
        self.registered.record.name(self.subject)
    }

    /// The same incident as it was known at another time.
    pub fn known(&self, known: KnownAt) -> Dossier<'s> {
        Dossier { view: View { known, ..self.view }, ..*self }
    }

    fn word(&self, word: &str) -> Option<WordId> {
        self.state.vocabulary().find(word)
    }

    fn datum(&self, subject: Subject, word: &str) -> Option<Datum<'_>> {
        Some(self.view.value(Some(subject), self.word(word)?, self.as_of)?.datum)
    }

    /// Every moment at which an event of a subject occurred, ascending.
    pub fn moments_of(&self, subject: Subject, word: &str) -> Vec<Instant> {
        let mut moments = Vec::new();
        if let Some(word) = self.word(word) {
            self.view.events(Some(subject), word, self.as_of, &mut |o| moments.push(o.at));
        }
        moments
    }

    /// The first moment at which an event of the incident occurred.
    pub fn moment(&self, word: &str) -> Option<Instant> {
        self.moments_of(self.subject, word).first().copied()
    }

    /// A code of the incident.
    pub fn code(&self, word: &str) -> Option<&str> {
        match self.datum(self.subject, word)? {
            Datum::Code(code) => Some(code),
            _ => None,
        }
    }

    /// A set of codes of the incident; empty where it is not recorded.
    pub fn codes(&self, word: &str) -> &[String] {
        match self.datum(self.subject, word) {
            Some(Datum::Codes(codes)) => codes,
            _ => &[],
        }
    }

    /// A number of a subject, such as a loss.
    pub fn number_of(&self, subject: Subject, word: &str) -> Option<Number> {
        match self.datum(subject, word)? {
            Datum::Number(number, _) => Some(number.clone()),
            _ => None,
        }
    }

    /// A number of the incident.
    pub fn number(&self, word: &str) -> Option<Number> {
        self.number_of(self.subject, word)
    }

    /// An exact length of the incident, in milliseconds.
    pub fn length(&self, word: &str) -> Option<i64> {
        match self.datum(self.subject, word)? {
            Datum::Length(ms) => Some(ms),
            _ => None,
        }
    }

    /// Yes or no of the incident.
    pub fn truth(&self, word: &str) -> Option<bool> {
        match self.datum(self.subject, word)? {
            Datum::Truth(yes) => Some(yes),
            _ => None,
        }
    }

    /// Yes or no of the exchange itself.
    pub fn exchange_truth(&self, word: &str) -> Option<bool> {
        match self.view.value(None, self.word(word)?, self.as_of)?.datum {
            Datum::Truth(yes) => Some(yes),
            _ => None,
        }
    }

    /// What stands under a topic that has one statement, such as `title`.
    pub fn text(&self, topic: &str) -> Option<&'s str> {
        self.remarks(topic).into_iter().find(|remark| remark.id.is_empty()).map(|remark| remark.text.as_str())
    }

    /// The same in a language: Korean stands under the topic with `.ko` behind it, such as `title.ko`, where there is any.
    pub fn text_in(&self, topic: &str, lang: Lang) -> Option<&'s str> {
        let korean = || self.text(&format!("{topic}.ko"));
        if lang == Lang::Ko { korean().or_else(|| self.text(topic)) } else { self.text(topic) }
    }

    /// What stands under a topic, the latest statement of each id, in the order of the ids.
    pub fn remarks(&self, topic: &str) -> Vec<&'s Remark> {
        let mut standing: BTreeMap<&str, &Remark> = BTreeMap::new();
        for (_, remark) in self.said().filter(|(_, remark)| remark.topic == topic) {
            standing.insert(&remark.id, remark);
        }
        standing.into_values().collect()
    }

    /// Every remark about the incident, as known, in the order of the journal.
    pub fn said(&self) -> impl Iterator<Item = (Stamp, &'s Remark)> {
        let (known, record) = (self.view.known, self.view.record);
        let name = self.name();
        let all = record.remarks().iter().map(|(since, remark)| (*since, remark));
        all.filter(move |(since, remark)| known.knows(*since) && remark.subject.as_ref() == Some(&name))
    }

    /// The notices about the incident or about what belongs with it, as known and sent so far, in order of sending.
    pub fn notices(&self) -> Vec<(Stamp, &'s Notice)> {
        let known = self.view.known;
        let all = self.view.record.notices().iter().map(|(since, notice)| (*since, notice));
        let mut notices: Vec<_> = all
            .filter(|(since, notice)| known.knows(*since) && notice.at <= self.as_of)
            .filter(|(_, notice)| notice.subject.as_ref().is_some_and(|subject| self.concerns(subject)))
            .collect();
        notices.sort_by_key(|(since, notice)| (notice.at, since.index));
        notices
    }

    /// Kind and name of the incident.
    pub fn name(&self) -> Name {
        Name::new(KIND, self.id())
    }

    /// Whether a subject is the incident or belongs with it.
    pub fn concerns(&self, name: &Name) -> bool {
        if name.kind == KIND {
            return name.name == self.id();
        }
        let kind = self.state.vocabulary().kind(&name.kind);
        let subject = kind.and_then(|kind| self.view.record.subject(kind, &name.name));
        subject.is_some_and(|subject| self.view.refers(subject, self.subject.kind) == Some(self.subject))
    }

    /// The subjects of a kind that belong with the incident, in the order they were recorded, with their names.
    pub fn related(&self, kind: &str) -> Vec<(Subject, &'s str)> {
        let mut found = Vec::new();
        if let Some(kind) = self.state.vocabulary().kind(kind) {
            self.view.subjects(kind, self.as_of, &mut |subject| {
                if self.view.refers(subject, self.subject.kind) == Some(self.subject) {
                    found.push(subject);
                }
            });
        }
        found.into_iter().map(|subject| (subject, self.registered.record.name(subject))).collect()
    }
}

/// The incidents of an exchange, in the order they were recorded.
pub fn incidents<'s>(state: &'s State, exchange: &str) -> Vec<&'s str> {
    let Some(registered) = state.exchange(exchange) else { return Vec::new() };
    let Some(kind) = state.vocabulary().kind(KIND) else { return Vec::new() };
    let mut found = Vec::new();
    let view = View::now(&registered.record, None);
    view.subjects(kind, Instant::NEVER, &mut |subject| found.push(subject));
    found.into_iter().map(|subject| registered.record.name(subject)).collect()
}
