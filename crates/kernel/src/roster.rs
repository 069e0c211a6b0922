//! The subjects of one exchange: their numbers, their names, when they are there and with what they belong.
//!
//! It promises numbers in the order of entry, so that two folds of one journal number alike.

use crate::known::{KnownAt, Stamp};
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use rulebook::facts::{Known, Subject};
use rulebook::time::Instant;
use rulebook::vocabulary::KindId;

#[derive(Clone, Debug)]
pub(crate) struct Roster {
    kinds: Vec<Members>,
    subjects: Vec<Entry>,
}

/// The subjects of a kind.
#[derive(Clone, Debug, Default)]
struct Members {
    by_name: BTreeMap<String, Subject>,
    order: Vec<Subject>,
    complete: Option<Stamp>,
}

#[derive(Clone, Debug)]
struct Entry {
    name: String,
    first: Stamp,
    statements: Vec<Statement>,
}

#[derive(Clone, Debug)]
struct Statement {
    since: Stamp,
    from: Option<Instant>,
    until: Option<Instant>,
    refers: Vec<Subject>,
}

impl Entry {
    fn statement(&self, known: KnownAt) -> Option<&Statement> {
        self.statements.iter().rev().find(|statement| known.knows(statement.since))
    }

    /// A subject that was only ever named is there at all times.
    fn is_there(&self, at: Instant, known: KnownAt) -> bool {
        match self.statement(known) {
            Some(s) => s.from.is_none_or(|from| from <= at) && s.until.is_none_or(|until| at <= until),
            None => true,
        }
    }
}

impl Roster {
    pub fn new(kinds: usize) -> Roster {
        Roster { kinds: vec![Members::default(); kinds], subjects: Vec::new() }
    }

    pub fn find(&self, kind: KindId, name: &str) -> Option<Subject> {
        self.kinds.get(usize::from(kind.0))?.by_name.get(name).copied()
    }

    pub fn name(&self, subject: Subject) -> &str {
        self.entry(subject).map_or("", |entry| &entry.name)
    }

    fn entry(&self, subject: Subject) -> Option<&Entry> {
        self.subjects.get(subject.id as usize)
    }

    pub fn enter(&mut self, kind: KindId, name: &str, first: Stamp) -> Subject {
        if let Some(subject) = self.find(kind, name) {
            return subject;
        }
        // Memory ends before four thousand million subjects do.
        let subject = Subject { kind, id: u32::try_from(self.subjects.len()).unwrap_or(u32::MAX) };
        self.subjects.push(Entry { name: name.into(), first, statements: Vec::new() });
        let at = usize::from(kind.0);
        if self.kinds.len() <= at {
            self.kinds.resize_with(at.saturating_add(1), Members::default);
        }
        self.kinds[at].by_name.insert(name.into(), subject);
        self.kinds[at].order.push(subject);
        subject
    }

    pub fn state(
        &mut self,
        subject: Subject,
        since: Stamp,
        from: Option<Instant>,
        until: Option<Instant>,
        refers: Vec<Subject>,
    ) {
        if let Some(entry) = self.subjects.get_mut(subject.id as usize) {
            entry.statements.push(Statement { since, from, until, refers });
        }
    }

    pub fn complete(&mut self, kind: KindId, since: Stamp) {
        if let Some(members) = self.kinds.get_mut(usize::from(kind.0)) {
            members.complete.get_or_insert(since);
        }
    }

    /// The entry of the latest statement about a subject.
    pub fn last_statement(&self, subject: Subject) -> Option<u64> {
        self.entry(subject)?.statements.last().map(|statement| statement.since.index)
    }

    pub fn refers(&self, subject: Subject, kind: KindId, known: KnownAt) -> Option<Subject> {
        self.entry(subject)?.statement(known)?.refers.iter().copied().find(|other| other.kind == kind)
    }

    /// Visits the subjects of a kind; their list is known once one was named or it was said to be complete.
    pub fn visit(&self, kind: KindId, at: Instant, known: KnownAt, visit: &mut dyn FnMut(Subject)) -> Known {
        let Some(members) = self.kinds.get(usize::from(kind.0)) else { return Known::No };
        let mut answer = match members.complete {
            Some(since) if known.knows(since) => Known::Yes,
            _ => Known::No,
        };
        for subject in &members.order {
            if let Some(entry) = self.entry(*subject).filter(|entry| known.knows(entry.first)) {
                answer = Known::Yes;
                if entry.is_there(at, known) {
                    visit(*subject);
                }
            }
        }
        answer
    }
}
