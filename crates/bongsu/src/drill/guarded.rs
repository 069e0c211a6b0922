//! A guard in memory: the kernel's own door, conclusions and fold, without a disk under them.

use crate::incident::trip;
use crate::pages;
use crate::store::{Founding, NewEntry, Store};
use crate::trouble::Trouble;
use kernel::body::Body;
use kernel::conclude::conclude;
use kernel::door::{Accepted, admit};
use kernel::fact::{self, ExchangeRegistered, Observation, RulebookAdopted, RulebookPage};
use kernel::guard::{
    self,
    conclusion::{self, Concluded},
};
use kernel::known::Stamp;
use kernel::state::{State, fold_concluded};
use rulebook::book::{Book, Duty, Effect};
use rulebook::page::Source;
use rulebook::time::Instant;
use std::collections::BTreeSet;
use std::path::Path;

/// A guard and how far its journal would be.
#[derive(Clone)]
pub struct Guarded {
    /// What it knows.
    pub state: State,
    next: u64,
    time: Instant,
    /// Every entry so far, where somebody wants to keep them.
    tape: Option<Vec<Taped>>,
}

/// An entry as a journal takes it.
#[derive(Clone)]
pub struct Taped {
    kind: u16,
    time: i64,
    body: Vec<u8>,
}

/// Entries of one write.
const GROUP: usize = 16_384;

/// What a fact led to.
pub type Answer = Vec<Concluded>;

impl Guarded {
    /// A guard of an exchange that has adopted these pages and nothing else, at a moment.
    pub fn new(exchange: &str, policy: &[Source], at: Instant, taped: bool) -> Result<Guarded, Trouble> {
        let tape = taped.then(Vec::new);
        let mut guard = Guarded { state: State::new(kernel::words::vocabulary()), next: 1, time: at, tape };
        let registered = ExchangeRegistered {
            id: exchange.into(),
            name_en: exchange.into(),
            name_ko: exchange.into(),
            source: "drill".into(),
        };
        guard.tell(at, registered.into())?;
        for fact in adoption("policy", policy) {
            guard.tell(at, fact)?;
        }
        Ok(guard)
    }

    /// The policy.
    pub fn book(&self) -> Option<&Book> {
        self.state.adoptions().last()?.book.as_deref()
    }

    /// The groups that its rules ask to approve.
    pub fn groups(&self) -> BTreeSet<String> {
        let duties = self.book().into_iter().flat_map(|book| &book.rules).flat_map(|rule| &rule.versions);
        let holds = duties.filter_map(|version| match &version.duty {
            Duty::Guard { then: Effect::Hold { by, .. }, .. } => by.clone(),
            _ => None,
        });
        holds.collect()
    }

    /// Tells it a fact and hears what follows; time never goes back.
    pub fn tell(&mut self, at: Instant, observation: Observation) -> Result<Answer, Trouble> {
        let accepted = admit(&self.state, &observation)
            .map_err(|r| Trouble::no(format!("{} is not admitted: {r}", observation.name()), r.hint))?;
        if let Accepted::Already(_) = accepted {
            return Ok(Vec::new());
        }
        let answer = self.enter(at, observation.clone())?;
        if self.tape.is_some() {
            // As the gate does: what was stopped is an incident, with its clocks.
            let stamp = Stamp { index: self.next.saturating_sub(1), time: self.time };
            for fact in trip::facts(&self.state, &observation, &answer, stamp)? {
                if matches!(admit(&self.state, &fact), Ok(Accepted::New)) {
                    self.enter(at, fact)?;
                }
            }
        }
        Ok(answer)
    }

    /// Gives the tape out; nothing is taped from then on.
    pub fn untape(&mut self) -> Option<Vec<Taped>> {
        self.tape.take()
    }

    /// Whether its door would let a fact in.
    pub fn admits(&self, observation: &Observation) -> bool {
        admit(&self.state, observation).is_ok()
    }

    /// Decides by other pages from now on, without having been told by the door: as after a change of the program itself.
    pub fn rewrite(&mut self, at: Instant, policy: &[Source]) -> Result<(), Trouble> {
        for fact in adoption("rewritten", policy) {
            self.enter(at, fact)?;
        }
        Ok(())
    }

    fn enter(&mut self, at: Instant, observation: Observation) -> Result<Answer, Trouble> {
        self.time = self.time.max(at);
        let stamp = Stamp { index: self.next, time: self.time };
        let concluded = conclude(&self.state, &observation, stamp);
        let answer = match concluded.as_ref().filter(|_| guard::is_guarded(&observation)) {
            Some(bytes) => conclusion::decode(bytes)
                .map_err(|e| Trouble::no(format!("a conclusion cannot be read: {e}"), "report this as a bug"))?,
            None => Vec::new(),
        };
        fold_concluded(&mut self.state, stamp, &observation, concluded.as_deref());
        if let Some(tape) = &mut self.tape {
            let kind = observation.kind();
            let body = Body { observation, conclusions: concluded }.encode();
            let body = body.ok_or_else(|| Trouble::no("a body is too long", "report this as a bug"))?;
            tape.push(Taped { kind, time: self.time.0, body });
        }
        self.next = self.next.saturating_add(1);
        Ok(answer)
    }
}

/// Writes what was taped as a journal of its own, in a new folder.
pub fn keep(tape: &[Taped], dir: &Path) -> Result<(), Trouble> {
    let time = tape.first().map_or(0, |first| first.time);
    let founding = Founding { role: "gate", semantics: kernel::SEMANTICS, offline_root: None, time };
    let mut store = Store::create(dir, &founding)?;
    for group in tape.chunks(GROUP) {
        let entries: Vec<NewEntry<'_>> = group
            .iter()
            .map(|Taped { kind, time, body }| NewEntry {
                kind: *kind,
                version: fact::VERSION,
                principal: "drill",
                time: *time,
                body,
            })
            .collect();
        store.append_group(&entries)?;
    }
    Ok(store.close(tape.last().map_or(time, |last| last.time))?)
}

/// The facts that adopt a policy: its pages, then the adoption.
fn adoption(id: &str, policy: &[Source]) -> Vec<Observation> {
    let pages = policy.iter().map(|s| RulebookPage { path: s.path.clone(), text: s.text.clone() });
    let pages: Vec<RulebookPage> = pages.collect();
    let mut listed: Vec<(String, journal::Hash)> = pages.iter().map(|p| (p.path.clone(), p.hash())).collect();
    listed.sort();
    let mut facts: Vec<Observation> = pages.into_iter().map(Observation::from).collect();
    facts.push(RulebookAdopted { id: id.into(), pages: listed }.into());
    facts
}

/// The pages of a policy: a file, the name of a shipped one, or the shipped default; with the change that a case makes to it.
pub fn policy(named: Option<&Path>, change: Option<&str>) -> Result<Vec<Source>, Trouble> {
    let named = named.unwrap_or(Path::new("default"));
    let shipped = format!("policy/{}.md", named.display());
    let sources = match pages::shipped_policies().into_iter().find(|s| s.path == shipped) {
        Some(page) if !named.exists() => vec![page],
        _ => pages::read(&[named.to_path_buf()])
            .map_err(|e| Trouble::new(e.to_string(), "shipped are default, strict"))?,
    };
    let mut book = with_bases(sources)?;
    if let Some(change) = change {
        book.push(Source { path: "policy/case.md".into(), text: change.into() });
    }
    checked(book)
}

/// A policy's text with the pages it is laid over and the calendars it may name.
pub fn with_bases(sources: Vec<Source>) -> Result<Vec<Source>, Trouble> {
    let books = pages::books(sources).map_err(|e| Trouble::new(e.to_string(), "give one page, or one draft"))?;
    checked(books.into_iter().next().unwrap_or_default())
}

fn checked(book: Vec<Source>) -> Result<Vec<Source>, Trouble> {
    let (_, problems) = rulebook::build(kernel::words::vocabulary(), book.clone());
    match problems.iter().find(|p| p.level == rulebook::problem::Level::Error) {
        Some(first) => {
            let path = book.get(first.file).map_or("", |s| s.path.as_str());
            Err(Trouble::no(format!("{path}: {}", first.message), "`bongsu check` shows every problem with its place"))
        }
        None => Ok(book),
    }
}
