//! Histories as text: facts of a guard, row by row, and what is expected to follow. `cases/guard/README.md` describes the form.

mod read;

use kernel::body::Body;
use kernel::conclude::conclude;
use kernel::door::{Accepted, admit};
use kernel::fact::{ExchangeRegistered, Observation, RulebookAdopted, RulebookPage};
use kernel::guard::Guard;
use kernel::guard::conclusion::{self, Concluded};
use kernel::known::Stamp;
use kernel::replay::Replay;
use kernel::state::{State, fold_concluded};
use rulebook::time::{Instant, Zone};
use std::collections::BTreeMap;

pub const X: &str = "x";

/// A guard, and what its history has named so far.
#[derive(Clone)]
pub struct World {
    pub state: State,
    pub now: Instant,
    index: u64,
    /// Digits by asset.
    pub digits: BTreeMap<String, u32>,
    /// Address by wallet.
    pub addresses: BTreeMap<String, String>,
    /// Key by person: the seed is one byte.
    pub keys: BTreeMap<String, u8>,
    /// When a block was made, by chain and hash.
    pub blocks: BTreeMap<(String, String), Instant>,
    zone: Zone,
    /// Every entry, as it would be journaled.
    pub entries: Vec<(Stamp, Observation, Option<Vec<u8>>)>,
}

impl World {
    /// A world in which a policy's pages are adopted.
    pub fn new(pages: &[&str]) -> World {
        let mut world = World {
            state: State::new(kernel::words::vocabulary()),
            now: Instant(0),
            index: 1,
            digits: BTreeMap::new(),
            addresses: BTreeMap::new(),
            keys: BTreeMap::new(),
            blocks: BTreeMap::new(),
            zone: Zone::get("Asia/Seoul").unwrap(),
            entries: Vec::new(),
        };
        let (name_en, name_ko) = (X.to_string(), X.to_string());
        world.take(ExchangeRegistered { id: X.into(), name_en, name_ko, source: String::new() }.into()).unwrap();
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policy/");
        let mut adopted = Vec::new();
        for path in pages {
            let text = std::fs::read_to_string(format!("{folder}{path}")).unwrap();
            let page = RulebookPage { path: (*path).into(), text };
            adopted.push(((*path).to_string(), page.hash()));
            world.take(page.into()).unwrap();
        }
        adopted.sort();
        if !adopted.is_empty() {
            world.take(RulebookAdopted { id: "policy".into(), pages: adopted }.into()).unwrap();
            assert!(world.state.adoptions().last().unwrap().book.is_some(), "the policy has an error");
        }
        world
    }

    pub fn guard(&self) -> &Guard {
        self.state.guard(X).expect("a guard")
    }

    /// Takes a fact in: what followed, or why it was refused.
    pub fn take(&mut self, fact: Observation) -> Result<Vec<Concluded>, String> {
        match admit(&self.state, &fact) {
            Err(refusal) => return Err(format!("refused: {} {}", refusal.code.name(), refusal.field)),
            Ok(Accepted::Already(_)) => return Err("already".to_string()),
            Ok(Accepted::New) => {}
        }
        let stamp = Stamp { index: self.index, time: self.now };
        let bytes = conclude(&self.state, &fact, stamp);
        let list = match &bytes {
            Some(bytes) if kernel::guard::is_guarded(&fact) => conclusion::decode(bytes).unwrap(),
            _ => Vec::new(),
        };
        fold_concluded(&mut self.state, stamp, &fact, bytes.as_deref());
        self.entries.push((stamp, fact, bytes));
        self.index += 1;
        Ok(list)
    }

    /// One row: what followed, as text.
    pub fn row(&mut self, at: &str, fact: &str) -> String {
        self.now = self.moment(at).max(self.now);
        let fact = match read::fact(self, fact) {
            Ok(fact) => fact,
            Err(why) => return format!("cannot read `{fact}`: {why}"),
        };
        match self.take(fact) {
            Err(why) => why,
            Ok(list) => {
                let digits = |asset: &str| self.digits.get(asset).copied().unwrap_or(0);
                // A history names rules as the page it is about does.
                kernel::guard::say::all(&digits, &list).replace("policy.default.", "")
            }
        }
    }

    /// A moment of a row: `2026-11-24 09:00:30`, or `+5 s`, `+2 h` after the last.
    fn moment(&self, text: &str) -> Instant {
        if let Some(ms) = text.strip_prefix('+') {
            return self.now.plus(read::length(ms).unwrap_or_else(|| panic!("`{text}` is no length")));
        }
        let seconds = if text.len() == 19 { text[17..].parse::<i64>().unwrap() } else { 0 };
        let minute = text.get(..16).unwrap_or(text);
        self.zone.read(minute).unwrap_or_else(|| panic!("`{text}` is no moment")).plus(seconds * 1_000)
    }
}

impl World {
    /// Everything once more from the bytes: the entries whose conclusions do not follow.
    pub fn replay(&self) -> Vec<u64> {
        let mut replay = Replay::reperform(kernel::words::vocabulary());
        for (stamp, observation, conclusions) in &self.entries {
            let body = Body { observation: observation.clone(), conclusions: conclusions.clone() };
            replay.entry(*stamp, observation.kind(), &body.encode().unwrap()).unwrap();
        }
        replay.differences.iter().map(|difference| difference.entry).collect()
    }
}

/// A file of histories: the policy each starts with, and its tables.
pub fn run(text: &str, policies: &[&str]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut world: Option<World> = None;
    let (mut base, mut case) = (None::<World>, String::new());
    let mut expected = 0;
    for (number, line) in text.lines().enumerate() {
        if let Some(name) = line.strip_prefix("## ") {
            // What stands before the first case is what all of them start with.
            if let Some(world) = &world {
                wrong.extend(world.replay().iter().map(|entry| format!("{case}: entry {entry} does not follow")));
            }
            base = base.or_else(|| world.take());
            world = base.clone();
            case = name.to_string();
        }
        let Some(row) = line.strip_prefix("| ").and_then(|line| line.trim_end().strip_suffix('|')) else { continue };
        let cells: Vec<&str> = row.split(" | ").map(str::trim).collect();
        let [at, fact, follows] = cells[..] else {
            wrong.push(format!("{}: {} cells, expected 3", number + 1, cells.len()));
            continue;
        };
        if at == "at" {
            continue;
        }
        let world = world.get_or_insert_with(|| World::new(policies));
        let found = world.row(at, fact);
        expected += 1;
        if found != follows {
            wrong.push(format!("{} [{case}]\n    {fact}\n    expected {follows}\n    found    {found}", number + 1));
        }
    }
    assert!(expected > 0, "a file without a row tests nothing");
    wrong
}
