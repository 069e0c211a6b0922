//! An incident as a drill reads it: a header, what there was, what left. The format is in `docs/drills.md`.
//!
//! It promises that what is read can be played: every wallet, asset and request that a row names is there.

use super::spread;
use super::table::{self, MAX_DECIMALS, Row};
use crate::trouble::Trouble;
use include_dir::{Dir, include_dir};
use kernel::fact::{Moves, Operation, Tier};
use rulebook::number::Number;
use rulebook::time::Instant;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

static CASES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../data/incidents");

/// The folder inside an incident's own.
const FOLDER: &str = "drill";

/// How the thief made things leave; it says what a stop can still do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Means {
    /// Holds a key and broadcasts alone: only what is no longer there is safe.
    Key,
    /// Gets the signers to sign something else than they approved: nothing is signed that the gate refuses.
    Payload,
    /// Has rewritten the gate: the exchange's own signer signs until the watch takes its lease away.
    Gate,
    /// Nothing leaves a wallet: the ledger credits what is not there.
    Ledger,
}

/// The header, `drill.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Its id: the name of its folder.
    pub id: String,
    /// What it is, in English.
    pub title: String,
    /// And in Korean.
    pub title_ko: String,
    /// The exchange's id.
    pub exchange: String,
    start: String,
    /// How the thief did it.
    pub means: Means,
    /// Where the facts come from.
    pub sources: Vec<String>,
    /// What is assumed beyond the sources, in English.
    pub assumptions: Vec<String>,
    /// And in Korean.
    pub assumptions_ko: Vec<String>,
    #[serde(default)]
    event: Vec<RawEvent>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEvent {
    at: String,
    en: String,
    ko: String,
}

/// What people did at the time; marks in the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Instant,
    /// In English.
    pub en: String,
    /// In Korean.
    pub ko: String,
}

/// Something of which amounts are counted.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Its id.
    pub id: String,
    /// Its chain.
    pub chain: String,
    /// Digits after the point.
    pub decimals: u8,
    /// Won for a whole unit.
    pub price: Number,
}

impl Asset {
    /// The value of an amount in whole won, cut.
    pub fn won(&self, units: i128) -> i128 {
        let won = Number::integer(units).multiply(&self.price).and_then(|n| n.divide(&table::ten_to(self.decimals)));
        won.and_then(|n| n.floor()).unwrap_or(i128::MAX)
    }

    /// What a sum in won buys, in base units, cut.
    pub fn units(&self, won: i128) -> i128 {
        let units = Number::integer(won).multiply(&table::ten_to(self.decimals)).and_then(|n| n.divide(&self.price));
        units.and_then(|n| n.floor()).unwrap_or(0)
    }
}

/// A wallet of the exchange.
#[derive(Clone, Debug)]
pub struct Wallet {
    /// Its id.
    pub id: String,
    /// Its chain.
    pub chain: String,
    /// Its address.
    pub address: String,
    /// Its key domain.
    pub domain: String,
    /// What it is for.
    pub tier: Tier,
}

/// One transfer of the thief.
#[derive(Clone, Debug)]
pub struct Outflow {
    /// When it was broadcast.
    pub at: Instant,
    /// The wallet, by place.
    pub wallet: usize,
    /// The asset, by place.
    pub asset: usize,
    /// In base units.
    pub amount: i128,
    /// Where to.
    pub destination: String,
    /// A movement, or a change of who may move.
    pub what: Moves,
}

/// A request that was really made, and what became of it.
#[derive(Clone, Debug)]
pub struct Request {
    /// When.
    pub at: Instant,
    /// Its id.
    pub id: String,
    /// The wallet, by place.
    pub wallet: usize,
    /// The asset, by place.
    pub asset: usize,
    /// In base units.
    pub amount: i128,
    /// Where to.
    pub destination: String,
    /// Who asked.
    pub initiator: String,
    /// Proof of a second factor.
    pub second_factor: Option<String>,
}

/// Somebody approved a request.
#[derive(Clone, Debug)]
pub struct Approval {
    /// When.
    pub at: Instant,
    /// The request.
    pub request: String,
    /// Who.
    pub by: String,
    /// For which group.
    pub group: String,
}

/// What was about to be signed.
#[derive(Clone, Debug)]
pub struct Payload {
    /// When.
    pub at: Instant,
    /// The request it was shown for.
    pub request: String,
    /// The asset, by place.
    pub asset: usize,
    /// In base units.
    pub amount: i128,
    /// Where to.
    pub destination: String,
    /// What it does.
    pub operation: Operation,
}

/// A credit on the ledger.
#[derive(Clone, Debug)]
pub struct Credit {
    /// When.
    pub at: Instant,
    /// The asset, by place.
    pub asset: usize,
    /// In base units.
    pub amount: i128,
    /// The payout it belongs to.
    pub event: String,
}

/// A payout event with its budget.
#[derive(Clone, Debug)]
pub struct Payout {
    /// Its id.
    pub event: String,
    /// The asset of the budget, by place.
    pub asset: usize,
    /// In base units.
    pub budget: i128,
}

/// All of an incident.
#[derive(Clone, Debug)]
pub struct Case {
    /// The header.
    pub header: Header,
    /// When it begins.
    pub start: Instant,
    /// What people did.
    pub events: Vec<Event>,
    /// The assets.
    pub assets: Vec<Asset>,
    /// The wallets.
    pub wallets: Vec<Wallet>,
    /// What left, in order of time.
    pub outflows: Vec<Outflow>,
    /// What was really asked.
    pub requests: Vec<Request>,
    /// What was approved.
    pub approvals: Vec<Approval>,
    /// What was about to be signed.
    pub payloads: Vec<Payload>,
    /// What was credited.
    pub credits: Vec<Credit>,
    /// What was held of an asset when credits began, in base units.
    pub held: BTreeMap<usize, i128>,
    /// The payout events.
    pub payouts: Vec<Payout>,
    /// What this exchange's own policy changes in the shipped default: a draft over it.
    pub policy: Option<String>,
    /// The pages that the rewritten gate decides by.
    pub gate: Option<String>,
    /// Milliseconds from block to block, by chain.
    pub blocks: BTreeMap<String, i64>,
}

/// The shipped cases.
pub fn shipped() -> Vec<String> {
    let has = |dir: &&Dir<'_>| dir.get_file(dir.path().join(FOLDER).join("drill.toml")).is_some();
    CASES.dirs().filter(has).filter_map(|dir| Some(dir.path().file_name()?.to_str()?.to_string())).collect()
}

/// Opens a shipped case, or a folder of one's own.
pub fn open(case: &str, seed: u64) -> Result<Case, Trouble> {
    let folder = Path::new(case);
    let mut files = BTreeMap::new();
    if folder.is_dir() {
        let inner = folder.join(FOLDER);
        let folder = if inner.is_dir() { inner } else { folder.to_path_buf() };
        for entry in fs::read_dir(&folder).map_err(|e| Trouble::file(&folder, &e))?.filter_map(Result::ok) {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if ["toml", "csv", "md"].iter().any(|e| path.extension().is_some_and(|x| x == *e)) {
                files.insert(name, fs::read_to_string(&path).map_err(|e| Trouble::file(&path, &e))?);
            }
        }
    } else if let Some(dir) = CASES.get_dir(Path::new(case).join(FOLDER)) {
        for file in dir.files() {
            let name = file.path().file_name().map(|n| n.to_string_lossy().into_owned());
            if let (Some(name), Some(text)) = (name, file.contents_utf8()) {
                files.insert(name, text.to_string());
            }
        }
    }
    if !files.contains_key("drill.toml") {
        return Err(Trouble::new(
            format!("`{case}` is no shipped case and no folder with a drill.toml"),
            format!("shipped are {}", shipped().join(", ")),
        ));
    }
    read(&files, seed)
}

/// Reads a case from its files by name.
pub fn read(files: &BTreeMap<String, String>, seed: u64) -> Result<Case, Trouble> {
    let text = |name: &str| files.get(name).map(String::as_str);
    let header: Header = toml::from_str(text("drill.toml").unwrap_or_default())
        .map_err(|e| Trouble::new(format!("drill.toml: {e}"), "docs/drills.md has the keys"))?;
    let at = |text: &str| {
        let wrong = || Trouble::new(format!("drill.toml: `{text}` is no moment"), "write 2025-11-26T19:42:00Z");
        table::moment(text).ok_or_else(wrong)
    };
    let start = at(&header.start)?;
    let mut events = Vec::new();
    for event in &header.event {
        events.push(Event { at: at(&event.at)?, en: event.en.clone(), ko: event.ko.clone() });
    }
    let mut case = Case {
        start,
        events,
        assets: Vec::new(),
        wallets: Vec::new(),
        outflows: Vec::new(),
        requests: Vec::new(),
        approvals: Vec::new(),
        payloads: Vec::new(),
        credits: Vec::new(),
        held: BTreeMap::new(),
        payouts: Vec::new(),
        policy: text("policy.md").map(String::from),
        gate: text("gate.md").map(String::from),
        blocks: BTreeMap::new(),
        header,
    };
    case.chains(text("chains.csv").or_else(|| CASES.get_file("chains.csv")?.contents_utf8()).unwrap_or_default())?;
    case.assets(text("assets.csv").unwrap_or_default())?;
    case.wallets(text("wallets.csv").unwrap_or_default())?;
    case.outflows(text("outflows.csv").unwrap_or_default(), seed)?;
    case.requests(text("requests.csv").unwrap_or_default())?;
    case.approvals(text("approvals.csv").unwrap_or_default())?;
    case.payloads(text("payloads.csv").unwrap_or_default())?;
    case.credits(text("credits.csv").unwrap_or_default(), seed)?;
    case.complete()?;
    Ok(case)
}

impl Case {
    fn chains(&mut self, text: &str) -> Result<(), Trouble> {
        table::rows("chains.csv", text, &["chain", "block_ms", "note"], |row| {
            let block = row.whole("block_ms", 1, 86_400_000, 1_000)?;
            self.blocks.insert(row.text("chain")?.into(), i64::try_from(block).unwrap_or(1_000));
            Ok(())
        })
    }

    fn assets(&mut self, text: &str) -> Result<(), Trouble> {
        table::rows("assets.csv", text, &["asset", "chain", "decimals", "won", "note"], |row| {
            let price = row.number("won")?;
            if price.is_zero() {
                return Err(row.wrong("won", "a price above zero"));
            }
            let decimals = row.whole("decimals", 0, u64::from(MAX_DECIMALS), 0)?;
            self.assets.push(Asset {
                id: row.text("asset")?.into(),
                chain: row.text("chain")?.into(),
                decimals: u8::try_from(decimals).unwrap_or(0),
                price,
            });
            Ok(())
        })
    }

    fn wallets(&mut self, text: &str) -> Result<(), Trouble> {
        table::rows("wallets.csv", text, &["wallet", "chain", "address", "domain", "tier", "note"], |row| {
            let tier = match row.text("tier")? {
                "hot" => Tier::Hot,
                "warm" => Tier::Warm,
                "cold" => Tier::Cold,
                "deposit" => Tier::Deposit,
                "evacuation" => Tier::Evacuation,
                _ => return Err(row.wrong("tier", "hot, warm, cold, deposit or evacuation")),
            };
            self.wallets.push(Wallet {
                id: row.text("wallet")?.into(),
                chain: row.text("chain")?.into(),
                address: row.text("address")?.into(),
                domain: row.text("domain")?.into(),
                tier,
            });
            Ok(())
        })
    }

    /// The asset that a row names.
    fn asset_of(&self, row: &Row<'_>, column: &str) -> Result<usize, Trouble> {
        let id = row.text(column)?;
        let place = self.assets.iter().position(|asset| asset.id == id);
        let place = place.ok_or_else(|| row.wrong(column, "an asset of assets.csv"))?;
        match row.cell("chain") {
            Some(chain) if self.assets[place].chain != chain => Err(row.wrong("chain", "the asset's chain")),
            _ => Ok(place),
        }
    }

    fn wallet_of(&self, row: &Row<'_>, asset: usize) -> Result<usize, Trouble> {
        let id = row.text("wallet")?;
        let chain = &self.assets[asset].chain;
        let place = self.wallets.iter().position(|wallet| wallet.id == id && wallet.chain == *chain);
        place.ok_or_else(|| row.wrong("wallet", "a wallet of wallets.csv on the asset's chain"))
    }

    fn outflows(&mut self, text: &str, seed: u64) -> Result<(), Trouble> {
        const COLUMNS: [&str; 12] = [
            "time",
            "until",
            "count",
            "chain",
            "asset",
            "amount",
            "won",
            "usd",
            "wallet",
            "destination",
            "what",
            "note",
        ];
        let mut list = Vec::new();
        let mut number = 0;
        table::rows("outflows.csv", text, &COLUMNS, |row| {
            let asset = self.asset_of(row, "asset")?;
            let wallet = self.wallet_of(row, asset)?;
            let amount = row.units("amount", self.assets[asset].decimals)?;
            let destination = row.text("destination")?;
            let what = match row.cell("what").unwrap_or("moves").split_once(':') {
                None if row.cell("what").is_none_or(|w| w == "moves") => Moves::Amount,
                Some(("authority", code)) => Moves::Authority(code.into()),
                _ => return Err(row.wrong("what", "moves, or authority:<code>")),
            };
            number += 1;
            let (stretch, parts) = spread_of(row, amount, seed, number)?;
            for (at, amount) in parts {
                let (destination, what) = (destination.to_string(), what.clone());
                list.push((stretch, Outflow { at, wallet, asset, amount, destination, what }));
            }
            Ok(())
        })?;
        spread::pin_ends(&mut list);
        self.outflows = list.into_iter().map(|(_, outflow)| outflow).collect();
        self.outflows.sort_by_key(|outflow| outflow.at);
        Ok(())
    }

    fn requests(&mut self, text: &str) -> Result<(), Trouble> {
        const COLUMNS: [&str; 10] =
            ["time", "id", "wallet", "chain", "asset", "amount", "destination", "initiator", "second_factor", "note"];
        let mut list = Vec::new();
        table::rows("requests.csv", text, &COLUMNS, |row| {
            let asset = self.asset_of(row, "asset")?;
            list.push(Request {
                at: row.moment("time")?,
                id: row.text("id")?.into(),
                wallet: self.wallet_of(row, asset)?,
                asset,
                amount: row.units("amount", self.assets[asset].decimals)?,
                destination: row.text("destination")?.into(),
                initiator: row.text("initiator")?.into(),
                second_factor: row.cell("second_factor").map(String::from),
            });
            Ok(())
        })?;
        self.requests = list;
        Ok(())
    }

    fn approvals(&mut self, text: &str) -> Result<(), Trouble> {
        table::rows("approvals.csv", text, &["time", "request", "by", "group", "note"], |row| {
            self.approvals.push(Approval {
                at: row.moment("time")?,
                request: self.request_of(row)?,
                by: row.text("by")?.into(),
                group: row.text("group")?.into(),
            });
            Ok(())
        })
    }

    fn request_of(&self, row: &Row<'_>) -> Result<String, Trouble> {
        let id = row.text("request")?;
        let there = self.requests.iter().any(|request| request.id == id);
        if there { Ok(id.into()) } else { Err(row.wrong("request", "an id of requests.csv")) }
    }

    fn payloads(&mut self, text: &str) -> Result<(), Trouble> {
        const COLUMNS: [&str; 8] = ["time", "request", "chain", "asset", "amount", "destination", "operation", "note"];
        table::rows("payloads.csv", text, &COLUMNS, |row| {
            let asset = self.asset_of(row, "asset")?;
            self.payloads.push(Payload {
                at: row.moment("time")?,
                request: self.request_of(row)?,
                asset,
                amount: row.units("amount", self.assets[asset].decimals)?,
                destination: row.text("destination")?.into(),
                operation: match row.text("operation")? {
                    "transfer" => Operation::Transfer,
                    "delegate" => Operation::Delegate,
                    other => Operation::Other(other.into()),
                },
            });
            Ok(())
        })
    }

    fn credits(&mut self, text: &str, seed: u64) -> Result<(), Trouble> {
        const COLUMNS: [&str; 10] =
            ["time", "until", "count", "asset", "amount", "event", "budget", "budget_asset", "held", "note"];
        let mut number = 0;
        table::rows("credits.csv", text, &COLUMNS, |row| {
            let asset = self.asset_of(row, "asset")?;
            let decimals = self.assets[asset].decimals;
            let amount = row.units("amount", decimals)?;
            let event = row.text("event")?;
            let of = self.asset_of(row, "budget_asset")?;
            if self.payouts.iter().all(|payout| payout.event != event) {
                let budget = row.units("budget", self.assets[of].decimals)?;
                self.payouts.push(Payout { event: event.into(), asset: of, budget });
            }
            self.held.insert(asset, row.units("held", decimals)?);
            number += 1;
            for (at, amount) in spread_of(row, amount, seed, number)?.1 {
                self.credits.push(Credit { at, asset, amount, event: event.into() });
            }
            Ok(())
        })?;
        self.credits.sort_by_key(|credit| credit.at);
        Ok(())
    }

    /// What no single row can say.
    fn complete(&self) -> Result<(), Trouble> {
        let wrong =
            |what: String, hint: &str| Err(Trouble::new(format!("{}: {what}", self.header.id), hint.to_string()));
        if self.outflows.is_empty() && self.credits.is_empty() {
            return wrong("nothing left and nothing was credited".into(), "fill outflows.csv or credits.csv");
        }
        let first = self.outflows.iter().map(|o| o.at).chain(self.credits.iter().map(|c| c.at)).min();
        if first.is_some_and(|first| first < self.start) {
            return wrong("something left before the incident's `start`".into(), "move `start` to the first outflow");
        }
        if let Some(wallet) = self.wallets.iter().find(|wallet| !self.blocks.contains_key(&wallet.chain)) {
            return wrong(format!("chain `{}` has no block time", wallet.chain), "add it to a chains.csv of the case");
        }
        if self.header.means == Means::Gate && self.gate.is_none() {
            return wrong("the rewritten gate's pages are missing".into(), "add gate.md");
        }
        if self.header.means == Means::Payload && self.payloads.is_empty() {
            return wrong("what was signed is missing".into(), "fill requests.csv and payloads.csv");
        }
        Ok(())
    }
}

/// First and last moment of a row.
type Stretch = (Instant, Instant);

/// One of its transfers: when, and how much.
type Part = (Instant, i128);

/// The single transfers of a row: one at `time`, or `count` between `time` and `until`.
fn spread_of(row: &Row<'_>, amount: i128, seed: u64, number: u64) -> Result<(Stretch, Vec<Part>), Trouble> {
    let from = row.moment("time")?;
    let until = if row.cell("until").is_some() { row.moment("until")? } else { from };
    if until < from {
        return Err(row.wrong("until", "a moment that is not before `time`"));
    }
    let count = row.whole("count", 1, 10_000, 1)?;
    Ok(((from, until), spread::spread(from, until, count, amount, seed, number)))
}
