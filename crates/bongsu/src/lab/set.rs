//! A data set that drafts are tried on: the shipped industry, a folder of files, or a journal. Its name and kind go with it.
//!
//! It promises that made-up and real exchanges are never in one set. It must never know what is tried on it.

use super::industry;
use crate::import;
use crate::trouble::Trouble;
use crate::walk;
use kernel::door::{Accepted, admit};
use kernel::fact::Observation;
use kernel::known::Stamp;
use kernel::state::{Exchange, State, fold};
use rulebook::time::{Instant, Zone};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;

/// Whether exchanges are anybody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Made up.
    Synthetic,
    /// Somebody's.
    Real,
}

/// What a folder of files says of itself, in `industry.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Made up or real.
    pub kind: Kind,
    /// What it was drawn from.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub seed: Option<u64>,
    /// The version of what drew it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub generator: Option<u64>,
    /// The first day of its figures.
    pub first: String,
    /// The last day of its figures.
    pub last: String,
    /// The files of facts, in the order in which they are read.
    pub files: Vec<String>,
    /// What it rests on.
    pub assumptions: Vec<String>,
}

/// The name by which the shipped industry is asked for.
pub const SHIPPED: &str = "synthetic-40";

/// Ids of made-up exchanges begin so; nobody else's may.
const MADE_UP: &str = "synthetic-";

/// A data set.
#[derive(Clone, Debug)]
pub struct Set {
    /// Its name.
    pub name: String,
    /// Made up or real.
    pub kind: Kind,
    /// What it rests on, in a line.
    pub rests_on: String,
    /// The last moment of its figures, where it says so.
    pub last: Option<Instant>,
    state: Arc<State>,
    ids: Vec<String>,
}

impl Set {
    /// Its exchanges in order of id.
    pub fn exchanges(&self) -> impl Iterator<Item = (&str, &Exchange)> {
        self.ids.iter().filter_map(|id| Some((id.as_str(), self.state.exchange(id)?)))
    }

    /// How many exchanges it has.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether it has none; a set that was loaded has one or more.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// What rules read about an exchange.
    pub fn view<'s>(&'s self, exchange: &'s Exchange) -> kernel::view::View<'s> {
        kernel::view::View::now(&exchange.record, Some(self.state.shared()))
    }
}

fn zone() -> Zone {
    Zone::get("Asia/Seoul").unwrap_or_else(Zone::utc)
}

/// The industry that the program ships with.
pub fn shipped() -> Set {
    made_up(industry::SHIPPED_SEED, industry::SHIPPED_EXCHANGES)
}

/// An industry drawn from a seed.
pub fn made_up(seed: u64, exchanges: u64) -> Set {
    let mut state = State::new(kernel::words::vocabulary());
    for (index, observation) in (1..).zip(industry::observations(seed, exchanges)) {
        fold(&mut state, Stamp { index, time: Instant(0) }, &observation);
    }
    let ids: Vec<String> = state.exchanges().map(|(id, _)| id.to_string()).collect();
    Set {
        name: format!("synthetic-{}-seed-{seed}", ids.len()),
        kind: Kind::Synthetic,
        rests_on: format!("made up: generator {}, seed {seed}", industry::GENERATOR),
        last: industry::last_day().map(|day| zone().end_of(day)),
        state: Arc::new(state),
        ids,
    }
}

/// The set of a name: the shipped one, or a folder of files that `bongsu import` would read.
pub fn named(name: &str) -> Result<Vec<Set>, Trouble> {
    if name == SHIPPED {
        return Ok(vec![shipped()]);
    }
    let folder = Path::new(name);
    if !folder.is_dir() {
        return Err(Trouble::new(
            format!("there is no data set `{name}`"),
            format!(
                "name a folder with exchanges.csv and its facts, or `{SHIPPED}`, the industry that ships with the program"
            ),
        ));
    }
    let header = header(folder)?;
    let files = header
        .as_ref()
        .map_or_else(|| ["exchanges.csv", "figures.csv"].map(String::from).to_vec(), |h| h.files.clone());
    let mut state = State::new(kernel::words::vocabulary());
    let mut index = 0;
    for file in files {
        let path = folder.join(&file);
        let rows = import::read(&path, None).map_err(|errors| {
            let shown: Vec<String> = errors.iter().take(5).map(ToString::to_string).collect();
            Trouble::no(shown.join("\n"), format!("`bongsu import --dry-run` lists every mistake of {file}"))
        })?;
        for row in rows {
            take(&mut state, &mut index, &row.observation)
                .map_err(|what| Trouble::no(format!("{file} row {}: {what}", row.place.row), "mend the row"))?;
        }
    }
    let title = header.as_ref().map_or_else(|| folder_name(folder), |h| h.name.clone());
    let rests_on = match &header {
        Some(Header { seed: Some(seed), generator: Some(generator), .. }) => {
            format!("made up: generator {generator}, seed {seed}")
        }
        Some(header) => header.assumptions.first().cloned().unwrap_or_default(),
        None => "facts of a folder, as imported".to_string(),
    };
    let last = header.as_ref().and_then(|h| zone().read(&h.last));
    let declared = header.map(|h| h.kind);
    split(&title, &rests_on, last, state, declared)
}

fn folder_name(folder: &Path) -> String {
    folder.canonicalize().ok().and_then(|p| p.file_name().map(|n| n.to_string_lossy().into_owned())).unwrap_or_default()
}

fn take(state: &mut State, index: &mut u64, observation: &Observation) -> Result<(), String> {
    if let Accepted::Already(_) = admit(state, observation).map_err(|refusal| refusal.to_string())? {
        return Ok(());
    }
    *index += 1;
    fold(state, Stamp { index: *index, time: Instant(0) }, observation);
    Ok(())
}

fn header(folder: &Path) -> Result<Option<Header>, Trouble> {
    let path = folder.join("industry.json");
    if !path.is_file() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(&path).map_err(|e| Trouble::file(&path, &e))?;
    let header: Header = serde_json::from_str(&text).map_err(|e| {
        Trouble::new(format!("{}: {e}", path.display()), "`bongsu lab industry` writes a header as it should be")
    })?;
    if header.files.iter().any(|f| f.contains(['/', '\\'])) {
        return Err(Trouble::new(
            format!("{}: a file of another folder is named", path.display()),
            "the files of a set lie beside its header",
        ));
    }
    Ok(Some(header))
}

/// The sets of a journal: real and made-up exchanges apart.
pub fn journal(dir: &Path) -> Result<Vec<Set>, Trouble> {
    let state = walk::state(dir)?;
    let entries = state.counts().entries;
    split(&folder_name(dir), &format!("a journal of {entries} entries"), None, state, None)
}

fn split(
    name: &str,
    rests_on: &str,
    last: Option<Instant>,
    state: State,
    declared: Option<Kind>,
) -> Result<Vec<Set>, Trouble> {
    let state = Arc::new(state);
    let ids = |made_up: bool| -> Vec<String> {
        state.exchanges().map(|(id, _)| id.to_string()).filter(|id| id.starts_with(MADE_UP) == made_up).collect()
    };
    let mut sets = Vec::new();
    for (made_up, kind) in [(false, Kind::Real), (true, Kind::Synthetic)] {
        let ids = ids(made_up);
        if ids.is_empty() {
            continue;
        }
        // A header may call real-looking ids made up; it may not call made-up ones real.
        let kind = if declared == Some(Kind::Synthetic) { Kind::Synthetic } else { kind };
        sets.push(Set { name: name.into(), kind, rests_on: rests_on.into(), last, state: state.clone(), ids });
    }
    if sets.is_empty() {
        return Err(Trouble::new(
            format!("the data set `{name}` holds no exchange"),
            "register exchanges first: `bongsu template exchanges`",
        ));
    }
    Ok(sets)
}
