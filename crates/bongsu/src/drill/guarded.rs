//! A guard in memory: the kernel's own door, conclusions and fold, without a disk under them.

use crate::pages;
use crate::trouble::Trouble;
use kernel::conclude::conclude;
use kernel::door::admit;
use kernel::fact::{ExchangeRegistered, Observation, RulebookAdopted, RulebookPage};
use kernel::guard::conclusion::{self, Concluded};
use kernel::known::Stamp;
use kernel::state::{State, fold};
use rulebook::book::{Book, Duty, Effect};
use rulebook::page::Source;
use rulebook::time::Instant;
use std::collections::BTreeSet;

/// A guard and how far its journal would be.
#[derive(Clone)]
pub struct Guarded {
    /// What it knows.
    pub state: State,
    next: u64,
    time: Instant,
}

/// What a fact led to.
pub type Answer = Vec<Concluded>;

impl Guarded {
    /// A guard of an exchange that has adopted these pages and nothing else, at a moment.
    pub fn new(exchange: &str, policy: &[Source], at: Instant) -> Result<Guarded, Trouble> {
        let mut guard = Guarded { state: State::new(kernel::words::vocabulary()), next: 1, time: at };
        let registered = ExchangeRegistered {
            id: exchange.into(),
            name_en: exchange.into(),
            name_ko: exchange.into(),
            source: "drill".into(),
        };
        guard.tell(at, registered.into())?;
        let pages: Vec<RulebookPage> =
            policy.iter().map(|s| RulebookPage { path: s.path.clone(), text: s.text.clone() }).collect();
        let mut listed: Vec<(String, journal::Hash)> = pages.iter().map(|p| (p.path.clone(), p.hash())).collect();
        listed.sort();
        for page in pages {
            guard.tell(at, page.into())?;
        }
        guard.tell(at, RulebookAdopted { id: "policy".into(), pages: listed }.into())?;
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
        admit(&self.state, &observation)
            .map_err(|r| Trouble::no(format!("{} is not admitted: {r}", observation.name()), r.hint))?;
        self.time = self.time.max(at);
        let stamp = Stamp { index: self.next, time: self.time };
        let concluded = conclude(&self.state, &observation, stamp);
        let answer = match &concluded {
            Some(bytes) => conclusion::decode(bytes)
                .map_err(|e| Trouble::no(format!("a conclusion cannot be read: {e}"), "report this as a bug"))?,
            None => Vec::new(),
        };
        fold(&mut self.state, stamp, &observation);
        self.next = self.next.saturating_add(1);
        Ok(answer)
    }
}

/// The pages of a policy: a file, or the one the program ships with.
pub fn policy(path: Option<&std::path::Path>) -> Result<Vec<Source>, Trouble> {
    let sources = match path {
        Some(path) => pages::read(&[path.to_path_buf()])
            .map_err(|e| Trouble::new(e.to_string(), "check the path and its permissions"))?,
        None => return Err(Trouble::new("no policy is shipped yet", "name one with --policy")),
    };
    with_calendars(sources)
}

/// A policy's text as its pages, with the calendars it may name.
pub fn with_calendars(sources: Vec<Source>) -> Result<Vec<Source>, Trouble> {
    let books = pages::books(sources).map_err(|e| Trouble::new(e.to_string(), "give one page, or one draft"))?;
    let book = books.into_iter().next().unwrap_or_default();
    let (_, problems) = rulebook::build(kernel::words::vocabulary(), book.clone());
    match problems.iter().find(|p| p.level == rulebook::problem::Level::Error) {
        Some(first) => {
            let path = book.get(first.file).map_or("", |s| s.path.as_str());
            Err(Trouble::no(format!("{path}: {}", first.message), "`bongsu check` shows every problem with its place"))
        }
        None => Ok(book),
    }
}
