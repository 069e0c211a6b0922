//! The first start of a gate: a file that says what the guard watches over, who may speak, and what is known.
//!
//! It promises that a wrong line keeps every line out, and that each wrong line is named. A guard that stands already is left as
//! it is: from then on changes go through the API.

use super::fact::Of;
use super::problem::Problem;
use super::shape::{
    AssetShape, Balance, ChainShape, Holdings, KeyShape, Listing, MandateShape, PayoutEvent, PersonShape, Price,
    WalletShape,
};
use crate::adoption::adopt;
use crate::import::{Place, Row, RowError};
use crate::pages;
use crate::recorder::{Recorder, now};
use crate::trouble::Trouble;
use kernel::fact::{ExchangeRegistered, Observation};
use rulebook::page::Source;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};
use toml::{Spanned, Table, Value};

/// Sections of the file: each row is one of the shapes that the API takes, and `at` is now where it is left out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Sections {
    exchange: Option<Exchange>,
    asset: Vec<Spanned<Table>>,
    chain: Vec<Spanned<Table>>,
    wallet: Vec<Spanned<Table>>,
    person: Vec<Spanned<Table>>,
    key: Vec<Spanned<Table>>,
    mandate: Vec<Spanned<Table>>,
    price: Vec<Spanned<Table>>,
    balance: Vec<Spanned<Table>>,
    holdings: Vec<Spanned<Table>>,
    event: Vec<Spanned<Table>>,
    list: Vec<Spanned<Table>>,
}

impl Default for Sections {
    fn default() -> Sections {
        let none = Vec::new;
        Sections {
            exchange: None,
            asset: none(),
            chain: none(),
            wallet: none(),
            person: none(),
            key: none(),
            mandate: none(),
            price: none(),
            balance: none(),
            holdings: none(),
            event: none(),
            list: none(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exchange {
    id: String,
    name_en: String,
    name_ko: String,
}

/// What a gate is founded with.
pub struct First {
    /// The file.
    pub file: PathBuf,
    /// The strict policy instead of the default one.
    pub strict: bool,
    /// Laws beside the policy, such as `kr`: the clocks of what is stopped are theirs.
    pub laws: Vec<String>,
}

/// Sets a guard up from a file, unless the journal has one.
pub fn first(dir: &Path, first: &First) -> Result<(), Trouble> {
    let First { file, strict, laws } = first;
    let mut recorder = Recorder::open_as(dir, "gate")?;
    if recorder.state.guards().next().is_some() {
        eprintln!("note: the guard is set up already; {} is not read again", file.display());
        return recorder.close();
    }
    let rows = read(file, now())?;
    let id = if *strict { "policy/strict" } else { "policy/default" };
    adopt(&mut recorder, id, pages::with_law(policy(*strict), laws))?;
    match recorder.record(rows, "setup") {
        Ok(recorded) => println!("set up: {} facts", recorded.written),
        Err(why) => {
            let mut trouble = Trouble::from(why);
            trouble.hint = "nothing of the file was recorded: mend these rows and start again".into();
            return Err(trouble);
        }
    }
    recorder.close()
}

/// The shipped policy.
pub fn policy(strict: bool) -> Vec<Source> {
    let wanted = |source: &Source| source.path == "policy/default.md" || (strict && source.path == "policy/strict.md");
    pages::shipped_policies().into_iter().filter(wanted).collect()
}

/// The facts of a file.
pub fn read(file: &Path, now: i64) -> Result<Vec<Row>, Trouble> {
    let text = std::fs::read_to_string(file).map_err(|e| Trouble::file(file, &e))?;
    let name = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let sections: Sections =
        toml::from_str(&text).map_err(|e| Trouble::no(format!("{name}: {e}"), "docs/gate.md has an example"))?;
    let exchange = sections
        .exchange
        .ok_or_else(|| Trouble::no(format!("{name}: no [exchange]"), "give id, name_en and name_ko"))?;
    if sections.key.is_empty() {
        return Err(Trouble::no(
            format!("{name}: no [[key]]"),
            "without a key nobody can speak: `bongsu key new NAME`",
        ));
    }
    let of = Of(&exchange.id);
    let mut lines = Lines { text: &text, name, now, rows: Vec::new(), wrong: Vec::new() };
    let registered = ExchangeRegistered {
        id: exchange.id.clone(),
        source: String::new(),
        name_en: exchange.name_en,
        name_ko: exchange.name_ko,
    };
    lines
        .rows
        .push(Row { place: Place { file: lines.name.clone(), ..Place::default() }, observation: registered.into() });
    lines.each(sections.asset, false, |s: AssetShape| Ok(of.asset(&s).into()));
    lines.each(sections.chain, false, |s: ChainShape| Ok(of.chain(&s).into()));
    lines.each(sections.wallet, false, |s: WalletShape| Ok(of.wallet(&s)?.into()));
    lines.each(sections.person, false, |s: PersonShape| Ok(of.person(&s)?.into()));
    lines.each(sections.key, false, |s: KeyShape| Ok(of.key(&s)?.into()));
    lines.each(sections.mandate, false, |s: MandateShape| Ok(of.mandate(&s, "setup")?.into()));
    lines.each(sections.price, true, |s: Price| Ok(of.price(&s)?.into()));
    lines.each(sections.balance, true, |s: Balance| Ok(of.balance(&s)?.into()));
    lines.each(sections.holdings, true, |s: Holdings| Ok(of.holdings(&s)?.into()));
    lines.each(sections.event, true, |s: PayoutEvent| Ok(of.event(&s, "setup")?.into()));
    lines.each(sections.list, true, |s: Listing| Ok(of.listing(&s, "setup")?.into()));
    if lines.wrong.is_empty() {
        return Ok(lines.rows);
    }
    let said: Vec<String> = lines.wrong.iter().map(ToString::to_string).collect();
    Err(Trouble::no(said.join("\n"), "nothing of the file was recorded: mend these rows and start again"))
}

struct Lines<'t> {
    text: &'t str,
    name: String,
    now: i64,
    rows: Vec<Row>,
    wrong: Vec<RowError>,
}

impl Lines<'_> {
    fn each<T: DeserializeOwned>(
        &mut self,
        tables: Vec<Spanned<Table>>,
        dated: bool,
        make: impl Fn(T) -> Result<Observation, Problem>,
    ) {
        for table in tables {
            let line = self.text.get(..table.span().start).map_or(0, |before| before.matches('\n').count()) + 1;
            let mut place = Place { file: self.name.clone(), row: line as u64, ..Place::default() };
            let mut table = table.into_inner();
            if dated && !table.contains_key("at") {
                table.insert("at".into(), Value::Integer(self.now));
            }
            let shape = table.try_into::<T>().map_err(|e| RowError {
                place: place.clone(),
                code: "field",
                expected: e.message().to_string(),
                hint: "docs/gate.md lists what a row takes".into(),
            });
            match shape.map(&make) {
                Ok(Ok(observation)) => self.rows.push(Row { place, observation }),
                Ok(Err(problem)) => {
                    place.column = problem.field.clone();
                    let expected = problem.expected.clone().unwrap_or(problem.meaning().1.into());
                    let expected = format!("{}; expected {expected}", problem.detail);
                    self.wrong.push(RowError { place, code: problem.code, expected, hint: problem.hint });
                }
                Err(wrong) => self.wrong.push(wrong),
            }
        }
    }
}
