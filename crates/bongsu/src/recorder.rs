//! The writing side of a journal for commands: facts in, admitted together or not at all, concluded, durable.
//!
//! It promises that one bad row keeps every row out, and that what is recorded twice is written once. One writer per
//! journal: the store's lock holds. It must never know a rule.

use crate::import::door::at_cell;
use crate::import::{Row, RowError};
use crate::store::{Founding, NewEntry, Store, StoreError};
use crate::trouble::Trouble;
use crate::walk;
use journal::entry::MAX_BODY;
use kernel::body::Body;
use kernel::conclude::conclude;
use kernel::door::{Accepted, admit};
use kernel::fact::{self, Observation};
use kernel::known::Stamp;
use kernel::refusal::{Code, Refusal};
use kernel::state::{State, fold_concluded};
use rulebook::time::Instant;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// What became of a list of facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Entries written.
    pub written: u64,
    /// Facts that were known already.
    pub already: u64,
    /// The first entry written.
    pub first: Option<u64>,
    /// The entry of each fact, in order.
    pub entries: Vec<u64>,
}

/// Why nothing was recorded.
#[derive(Debug)]
pub enum Unrecorded {
    /// Rows that are not admitted; all of them.
    Rows(Vec<RowError>),
    /// The journal cannot be written.
    Trouble(Trouble),
}

impl From<Trouble> for Unrecorded {
    fn from(trouble: Trouble) -> Unrecorded {
        Unrecorded::Trouble(trouble)
    }
}

impl From<Unrecorded> for Trouble {
    fn from(why: Unrecorded) -> Trouble {
        match why {
            Unrecorded::Trouble(trouble) => trouble,
            Unrecorded::Rows(rows) => {
                Trouble::no(rows.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"), "")
            }
        }
    }
}

/// A journal open for writing, with the state it adds up to.
pub struct Recorder {
    store: Store,
    /// The state after the last entry.
    pub state: State,
}

/// Most entries of one group: what one write and one fdatasync carry, and so what a crash keeps or loses together. A larger
/// import is several groups; one that a crash cut short is completed by importing again, for facts known already are not
/// written twice.
const GROUP: usize = 16_384;

impl Recorder {
    /// Opens the journal of a folder; the first write to an empty folder makes Genesis and keys.
    pub fn open(dir: &Path) -> Result<Recorder, Trouble> {
        Recorder::open_as(dir, "supervise")
    }

    /// The same for another role than a supervisor's: it stands in Genesis.
    pub fn open_as(dir: &Path, role: &'static str) -> Result<Recorder, Trouble> {
        let store = match Store::open(dir) {
            Ok((store, recovery)) => {
                if let Some(torn) = recovery.torn {
                    eprintln!(
                        "note: {}: a group that was never acknowledged was dropped at the end ({torn:?})",
                        dir.display()
                    );
                }
                store
            }
            Err(StoreError::NoJournal { .. }) => {
                Store::create(dir, &Founding { role, semantics: kernel::SEMANTICS, offline_root: None, time: now() })?
            }
            Err(other) => return Err(other.into()),
        };
        let wrote = store.genesis().semantics;
        if wrote > kernel::SEMANTICS {
            return Err(Trouble::new(
                format!(
                    "{}: written under semantics {wrote}, this program speaks up to {}",
                    dir.display(),
                    kernel::SEMANTICS
                ),
                "use a newer bongsu",
            ));
        }
        let state = walk::state(dir)?;
        Ok(Recorder { store, state })
    }

    /// Records rows of an import: all of them, or none and every reason why.
    pub fn record(&mut self, rows: Vec<Row>, principal: &str) -> Result<Recorded, Unrecorded> {
        let mut draft = self.draft();
        let mut errors = Vec::new();
        for row in &rows {
            if let Err(refusal) = draft.take(&row.observation) {
                errors.push(at_cell(row, refusal));
            }
        }
        if !errors.is_empty() {
            return Err(Unrecorded::Rows(errors));
        }
        Ok(self.write(draft, principal)?)
    }

    /// Records observations of the program itself; a refusal is trouble.
    pub fn observe(&mut self, observations: &[Observation], principal: &str) -> Result<Recorded, Trouble> {
        let mut draft = self.draft();
        for observation in observations {
            draft
                .take(observation)
                .map_err(|r| Trouble::no(format!("{} is not admitted: {r}", observation.name()), r.hint))?;
        }
        self.write(draft, principal)
    }

    fn draft(&self) -> Draft {
        Draft {
            state: self.state.clone(),
            next: self.store.size(),
            time: now().max(self.store.last_time()),
            bodies: Vec::new(),
            recorded: Recorded::default(),
        }
    }

    fn write(&mut self, draft: Draft, principal: &str) -> Result<Recorded, Trouble> {
        for group in draft.bodies.chunks(GROUP) {
            let entries: Vec<NewEntry<'_>> = group
                .iter()
                .map(|(kind, body)| NewEntry { kind: *kind, version: fact::VERSION, principal, time: draft.time, body })
                .collect();
            self.store.append_group(&entries)?;
        }
        self.state = draft.state;
        Ok(draft.recorded)
    }

    /// Destroys the body of an entry for good.
    pub fn erase(&mut self, index: u64) -> Result<(), Trouble> {
        Ok(self.store.erase(index)?)
    }

    /// Closes the journal with a checkpoint over everything.
    pub fn close(self) -> Result<(), Trouble> {
        let time = now().max(self.store.last_time());
        Ok(self.store.close(time)?)
    }
}

/// Facts on their way in: folded into a copy of the state, so that each is admitted after those before it.
struct Draft {
    state: State,
    next: u64,
    time: i64,
    bodies: Vec<(u16, Vec<u8>)>,
    recorded: Recorded,
}

impl Draft {
    fn take(&mut self, observation: &Observation) -> Result<(), Refusal> {
        if let Accepted::Already(entry) = admit(&self.state, observation)? {
            self.recorded.already += 1;
            self.recorded.entries.push(entry);
            return Ok(());
        }
        let stamp = Stamp { index: self.next, time: Instant(self.time) };
        let conclusions = conclude(&self.state, observation, stamp);
        let body = Body { observation: observation.clone(), conclusions: conclusions.clone() };
        let body = body.encode().unwrap_or_default();
        if body.is_empty() || body.len() > MAX_BODY {
            return Err(Refusal {
                code: Code::TooLarge,
                field: "conclusions",
                expected: format!("a body of 1 to {MAX_BODY} bytes"),
                found: format!("{} bytes", body.len()),
                hint: "ask about fewer laws at once",
            });
        }
        self.bodies.push((observation.kind(), body));
        fold_concluded(&mut self.state, stamp, observation, conclusions.as_deref());
        self.recorded.first.get_or_insert(self.next);
        self.recorded.entries.push(self.next);
        self.recorded.written += 1;
        self.next += 1;
        Ok(())
    }
}

/// UTC milliseconds by the system's clock: the only place where commands read it.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
