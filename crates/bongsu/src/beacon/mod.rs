//! How the guard of one exchange stands at a moment: the fires, what is stopped and what may follow, what waits, what is on its
//! way, which chains are watched and by whom.
//!
//! It promises to read and never to decide, and that a chain nobody watches is named: what is not watched is never calm. It must never know
//! how it is served; [`text`], [`page`] and [`json`] show it.

pub mod json;
pub mod page;
pub mod text;

use crate::trouble::Trouble;
use kernel::fact::{Cause, ResumptionStep, Scope, Tier};
use kernel::guard::Guard;
use kernel::guard::breaker::Stage;
use kernel::guard::conclusion::Evacuation;
use kernel::guard::credit::Credit;
use kernel::guard::names::{Kind, NOBODY};
use kernel::guard::plan;
use kernel::guard::state::Status;
use kernel::guard::ticket::Ticketing;
use kernel::known::Stamp;
use kernel::state::State;
use rulebook::number::Number;
use rulebook::time::Instant;
use std::collections::{BTreeMap, BTreeSet};
use std::mem::discriminant;

/// Held withdrawals that are shown; the rest is a number. An approver reads a page, not a queue.
pub const SHOWN: usize = 100;

/// How a guard stands.
#[derive(Clone, Debug)]
pub struct Beacon {
    /// The exchange, with its names in English and Korean.
    pub exchange: (String, String, String),
    /// The moment.
    pub at: Instant,
    /// 1 calm to 5 everything is stopped.
    pub fires: u8,
    /// What is stopped or pauses.
    pub stops: Vec<Stop>,
    /// What waits, the oldest first, at most [`SHOWN`].
    pub held: Vec<Held>,
    /// Tickets that wait for a review.
    pub tickets: Vec<OpenTicket>,
    /// How many wait in all.
    pub waiting: u64,
    /// What is on its way.
    pub flight: Flight,
    /// Chains with wallets of the exchange, and chains that are watched.
    pub chains: Vec<Chain>,
    /// Where each key domain's hot wallets would be emptied to, if it had to be now: rehearsed with every look.
    pub evacuations: Vec<Evacuation>,
    /// Won by tier; unknown where a balance was never read or has no price.
    pub tiers: BTreeMap<&'static str, Option<i128>>,
}

/// A stop or a pause.
#[derive(Clone, Debug)]
pub struct Stop {
    /// What.
    pub scope: Scope,
    /// It ends by itself.
    pub pause: bool,
    /// Why.
    pub cause: String,
    /// Since when, and by which entry.
    pub since: (Instant, u64),
    /// How far it reopened.
    pub stage: Stage,
    /// The step that may follow.
    pub next: Option<ResumptionStep>,
    /// Who asked for it already: so many.
    pub asked: usize,
}

/// A held withdrawal or credit.
#[derive(Clone, Debug)]
pub struct Held {
    /// Its id.
    pub id: String,
    /// When it was asked.
    pub since: Instant,
    /// In whole units.
    pub quantity: Option<Number>,
    /// The asset.
    pub asset: String,
    /// In whole won.
    pub won: Option<i128>,
    /// From which wallet to which address; none where the ledger credits.
    pub way: Option<(String, String)>,
    /// Whose.
    pub customer: String,
    /// How many approved, how many must.
    pub approvals: (usize, u32),
    /// Of which group.
    pub by: Option<String>,
    /// Not before.
    pub until: Option<Instant>,
}

/// What is on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flight {
    /// Allowed and not signed: refused at the signer while something is stopped.
    pub unsigned: u64,
    /// Signed and not seen on its chain: only its chain ends it.
    pub signed: u64,
    /// On its chain, not ended.
    pub broadcast: u64,
}

/// A chain.
#[derive(Clone, Debug)]
pub struct Chain {
    /// Its name.
    pub name: String,
    /// Who reads it: name, highest block, time of the last.
    pub sources: Vec<(String, Option<u64>, Instant)>,
    /// The sources tell the same.
    pub agreed: bool,
    /// One is behind or silent.
    pub lagging: bool,
    /// All are.
    pub halted: bool,
    /// It tells what would be stopped, and stops nothing.
    pub observed: bool,
}

/// A ticket that nobody has reviewed.
#[derive(Clone, Debug)]
pub struct OpenTicket {
    /// Its id.
    pub id: String,
    /// The entry and its time.
    pub since: (Instant, u64),
    /// From which wallet to which address.
    pub way: (String, String),
    /// What it was for.
    pub reason: String,
    /// A transfer used it.
    pub used: bool,
}

impl Chain {
    /// Two who read it and agree: what a calm guard needs.
    pub fn is_covered(&self) -> bool {
        self.sources.len() > 1 && self.agreed && !self.lagging && !self.halted && !self.observed
    }
}

/// How the guard of an exchange stands; of the only one where none is named.
pub fn look(state: &State, exchange: Option<&str>, at: Instant) -> Result<Beacon, Trouble> {
    let guarded: Vec<&str> = state.exchanges().map(|(id, _)| id).filter(|id| state.guard(id).is_some()).collect();
    let id = match (exchange, guarded.as_slice()) {
        (Some(id), _) => id,
        (None, [only]) => only,
        (None, []) => {
            return Err(Trouble::new("this journal has no guard", "`bongsu drill upbit-2025 --record DIR` makes one"));
        }
        (None, many) => {
            return Err(Trouble::new("several exchanges have a guard here", format!("--exchange {}", many.join("|"))));
        }
    };
    let (Some(guard), Some(registered)) = (state.guard(id), state.exchange(id)) else {
        return Err(Trouble::new(format!("`{id}` has no guard here"), format!("there are {}", guarded.join(", "))));
    };
    let mut beacon = Beacon {
        exchange: (id.into(), registered.name_en.clone(), registered.name_ko.clone()),
        at,
        fires: guard.fires,
        stops: guard.stops.all().iter().map(stop).collect(),
        held: Vec::new(),
        waiting: guard.held,
        tickets: guard.open_tickets().map(open_ticket).collect(),
        flight: Flight::default(),
        chains: chains(guard, at),
        evacuations: evacuations(guard, state.last().unwrap_or(Stamp { index: 0, time: at })),
        tiers: tiers(guard, at),
    };
    for (number, withdrawal) in guard.withdrawals.iter().enumerate() {
        match &withdrawal.status {
            Status::Held(hold) if beacon.held.len() < SHOWN => beacon.held.push(held(guard, number, hold, at)),
            Status::Allowed if withdrawal.tx.is_none() => beacon.flight.unsigned += 1,
            Status::Signed if withdrawal.tx.is_none() => beacon.flight.signed += 1,
            Status::Allowed | Status::Signed => beacon.flight.broadcast += 1,
            _ => {}
        }
    }
    let credits = guard.credits().iter().filter_map(|credit| held_credit(guard, credit, at));
    beacon.held.extend(credits);
    beacon.held.sort_by_key(|held| held.since);
    beacon.held.truncate(SHOWN);
    Ok(beacon)
}

fn stop(stop: &kernel::guard::breaker::Stop) -> Stop {
    use ResumptionStep as Step;
    let steps =
        [Step::Cause(Cause::Explained), Step::Reconciled, Step::Told, Step::Canary(1), Step::Percent(99), Step::Full];
    let next = steps.into_iter().find(|step| !stop.pause && stop.after(step).is_some());
    let same = |step: &ResumptionStep| next.as_ref().is_some_and(|next| discriminant(next) == discriminant(step));
    let asked = stop.asked.iter().filter(|(step, _)| same(step)).count();
    Stop {
        scope: stop.scope.clone(),
        pause: stop.pause,
        cause: stop.cause.clone(),
        since: (stop.since.time, stop.since.index),
        stage: stop.stage.clone(),
        next,
        asked,
    }
}

fn held(guard: &Guard, number: usize, hold: &kernel::guard::conclusion::Hold, at: Instant) -> Held {
    let withdrawal = &guard.withdrawals[number];
    let name = |kind, number| guard.names.text(kind, number).to_string();
    let asset = guard.assets.get(withdrawal.asset as usize);
    Held {
        id: name(Kind::Withdrawal, u32::try_from(number).unwrap_or(NOBODY)),
        since: withdrawal.entry.time,
        quantity: asset.and_then(|asset| asset.units(withdrawal.amount)),
        asset: name(Kind::Asset, withdrawal.asset),
        won: asset.and_then(|asset| asset.prices.value(withdrawal.amount, at)),
        way: Some((name(Kind::Wallet, withdrawal.wallet), name(Kind::Address, withdrawal.destination))),
        customer: name(Kind::Customer, withdrawal.customer),
        approvals: (withdrawal.approvals.len(), hold.approvals),
        by: hold.by.clone(),
        until: hold.until,
    }
}

fn open_ticket(known: &Ticketing) -> OpenTicket {
    let ticket = &known.ticket;
    OpenTicket {
        id: ticket.id.clone(),
        since: (known.entry.time, known.entry.index),
        way: (ticket.wallet.clone(), ticket.destination.clone()),
        reason: ticket.reason.clone(),
        used: known.used.is_some(),
    }
}

fn held_credit(guard: &Guard, credit: &Credit, at: Instant) -> Option<Held> {
    let Status::Held(hold) = &credit.status else { return None };
    let asked = &credit.fact;
    let asset = guard.asset(&asked.asset).map(|(_, asset)| asset);
    Some(Held {
        id: asked.id.clone(),
        since: credit.entry.time,
        quantity: asset.and_then(|asset| asset.units(asked.amount)),
        asset: asked.asset.clone(),
        won: asset.and_then(|asset| asset.prices.value(asked.amount, at)),
        way: None,
        customer: asked.customer.clone(),
        approvals: (credit.approvals.len(), hold.approvals),
        by: hold.by.clone(),
        until: hold.until,
    })
}

fn chains(guard: &Guard, at: Instant) -> Vec<Chain> {
    let with_wallets: BTreeSet<u32> = guard.wallets.iter().map(|wallet| wallet.chain).collect();
    let watched = (0u32..).zip(&guard.chains).filter(|(_, chain)| chain.is_some()).map(|(number, _)| number);
    let all: BTreeSet<u32> = with_wallets.into_iter().chain(watched).collect();
    let of = |number: u32| {
        let name = guard.names.text(Kind::Chain, number).to_string();
        match guard.chains.get(number as usize).and_then(Option::as_ref) {
            Some(chain) => Chain {
                name,
                sources: chain
                    .sources()
                    .map(|(source, height, last)| (guard.names.text(Kind::Source, source).to_string(), height, last))
                    .collect(),
                agreed: chain.agreed(),
                lagging: chain.lagging(),
                halted: chain.is_halted(at),
                observed: chain.observed,
            },
            None => Chain { name, sources: Vec::new(), agreed: false, lagging: false, halted: false, observed: false },
        }
    };
    all.into_iter().map(of).collect()
}

fn evacuations(guard: &Guard, stamp: Stamp) -> Vec<Evacuation> {
    let hot: BTreeSet<u32> =
        guard.wallets.iter().filter(|wallet| wallet.is_hot()).map(|wallet| wallet.domain).collect();
    let plan = |domain| plan::evacuation(guard, guard.names.text(Kind::Domain, domain), &BTreeMap::new(), false, stamp);
    hot.into_iter().map(plan).collect()
}

fn tiers(guard: &Guard, at: Instant) -> BTreeMap<&'static str, Option<i128>> {
    let mut tiers: BTreeMap<&'static str, Option<i128>> = BTreeMap::new();
    for wallet in guard.wallets.iter().filter(|wallet| wallet.tier != Tier::Deposit) {
        let sum = tiers.entry(wallet.tier.name()).or_insert(Some(0));
        if wallet.balances.is_empty() {
            *sum = None;
        }
        for (asset, (balance, _)) in &wallet.balances {
            let won = match balance {
                ..=0 => Some(0),
                more => guard.assets.get(*asset as usize).and_then(|asset| asset.prices.value(*more, at)),
            };
            *sum = sum.zip(won).and_then(|(sum, won)| sum.checked_add(won));
        }
    }
    tiers
}
