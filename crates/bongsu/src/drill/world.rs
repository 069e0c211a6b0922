//! What happens around the guard, event by event: customers ask, signers sign, chains make blocks and two nodes read them, the thief
//! takes, the evacuation moves what is left. Whatever the guard is told goes through the kernel; whatever it answers decides what
//! happens next.

use super::case::{Case, Wallet};
use super::chain::Chain;
use super::guarded::{Answer, Guarded};
use super::outcome::Requested;
use super::setup::{self, Usual};
use super::takes;
use super::tally::Tally;
use super::traffic::{MONTH, Traffic};
use crate::trouble::Trouble;
use kernel::fact::{
    BalanceRead, BlockRead, Exact, GuardLooked, HoldingsRead, Observation, PriceSeen, Reach, Scope, Sides, Suspended,
    Tier, Transfer, WithdrawalAsked,
};
use kernel::guard::conclusion::{Concluded, Evacuation, Tripped, Verdict};
use rulebook::time::Instant;
use std::collections::{BTreeMap, BTreeSet};

/// What lies in a hot wallet of which nothing was taken, in won.
const QUIET_WALLET: i128 = 50_000_000_000;

/// Prices, balances and holdings are read every so often, in milliseconds.
const READINGS: i64 = 1_800_000;

/// Every chain makes a block at least so often, in milliseconds: silence can be told from having nothing to say.
const BEAT: i64 = 15 * 60_000;

/// Something that will happen.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// A customer comes.
    Come(u64),
    /// Something is asked.
    Ask(Box<Asked>),
    /// The next approval of what is held.
    Approve(String, u32),
    /// Its payload is shown.
    Show(String),
    /// It is broadcast; once more, where it failed.
    Broadcast(String, bool),
    /// A chain makes its next block.
    Block(String),
    /// A node has read a block.
    Read(Box<BlockRead>),
    /// A withdrawal is closed.
    End(String),
    /// Prices, balances and holdings are read.
    Readings,
    /// Every chain makes a block, whether or not something of ours is in it.
    Beat,
    /// The thief's next transfer.
    Take(usize),
    /// Something that is on record.
    Recorded(Box<Observation>),
    /// One move of the evacuation.
    Evacuate(usize, usize, usize),
    /// The watch has decided an entry of the gate again, and otherwise.
    Differs(String),
    /// The guard looks at what waits for time to pass.
    Look,
}

/// A withdrawal on its way.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) fact: WithdrawalAsked,
    pub(super) wallet: usize,
    pub(super) asset: usize,
    /// It fails on its chain the first time.
    pub(super) fails: bool,
    /// Whose it is.
    pub(super) whose: Whose,
    /// The hold was counted.
    pub(super) held: bool,
    /// It waits for time to pass, and for nobody.
    pub(super) waits: bool,
}

/// Whose a withdrawal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// A customer's of ordinary life.
    Customers,
    /// On record in the case.
    Recorded,
    /// The thief's, by the place of its outflow.
    Thiefs(usize),
}

/// The world of one play.
#[derive(Clone)]
pub struct World<'c> {
    pub(super) case: &'c Case,
    pub(super) wallets: Vec<Wallet>,
    /// The guard that answers.
    pub(super) guard: Guarded,
    /// The watch, where the one that answers is not to be trusted.
    pub(super) watch: Option<Guarded>,
    pub(super) traffic: Traffic,
    pub(super) usual: Usual,
    pub(super) balances: Usual,
    pub(super) open: BTreeMap<String, Asked>,
    chains: BTreeMap<String, Chain>,
    /// Wallet, asset and won of what waits for a block of its chain and changes what the world knows when it is in.
    landing: BTreeMap<String, (usize, usize)>,
    queue: BTreeMap<(Instant, u64), Step>,
    number: u64,
    looking: bool,
    /// The answers to the requests on record, in the month before or later.
    pub(super) requests: Vec<Requested>,
    /// What was moved to safety before the thief came for it.
    pub(super) emptied: BTreeSet<(usize, usize)>,
    planned: BTreeMap<(usize, usize), Instant>,
    /// Moves of the evacuation that are broadcast.
    pub(super) sent: BTreeSet<(usize, usize)>,
    /// Wallets over which the thief has the power.
    pub(super) lost: BTreeSet<usize>,
    /// It is the incident now, and no longer the month.
    pub(super) began: bool,
    /// When the first stop of the incident was that does not end by itself.
    pub(super) stopped: Option<Instant>,
    /// Milliseconds from a trip to the first transfer of an evacuation that starts by itself.
    pub(super) evacuation: i64,
    /// What was counted.
    pub tally: Tally,
}

impl<'c> World<'c> {
    /// A world at rest, with a month of so many withdrawals ahead.
    pub fn new(case: &'c Case, mut guard: Guarded, seed: u64, transfers: u64) -> Result<World<'c>, Trouble> {
        let wallets = setup::wallets(case);
        let usual = usual(case, &wallets);
        let first = Instant(case.start.0.saturating_sub(MONTH));
        setup::tell(&mut guard, case, &wallets, &usual, first)?;
        let mut chains = BTreeMap::new();
        for (number, name) in wallets.iter().map(|w| &w.chain).collect::<BTreeSet<_>>().into_iter().enumerate() {
            let block = case.blocks.get(name).copied().unwrap_or(1_000);
            chains.insert(name.clone(), Chain::new(name, block, i64::try_from(number).unwrap_or(0)));
        }
        let mut world = World {
            case,
            wallets,
            guard,
            watch: None,
            traffic: Traffic::new(seed, transfers),
            balances: usual.clone(),
            usual,
            open: BTreeMap::new(),
            chains,
            landing: BTreeMap::new(),
            queue: BTreeMap::new(),
            number: 0,
            looking: false,
            requests: Vec::new(),
            emptied: BTreeSet::new(),
            planned: BTreeMap::new(),
            sent: BTreeSet::new(),
            lost: BTreeSet::new(),
            began: false,
            stopped: None,
            evacuation: takes::EVACUATION,
            tally: Tally::default(),
        };
        world.later(first, Step::Readings);
        world.later(first, Step::Beat);
        // Rules that look back an hour find one.
        world.later(first.plus(4 * READINGS), Step::Come(0));
        for request in &case.requests {
            world.later(request.at, Step::Ask(Box::new(world.recorded(request))));
        }
        for approval in &case.approvals {
            let request = world.case.requests.iter().find(|r| r.id == approval.request).map(|r| world.recorded(r));
            let Some(request) = request else { continue };
            let fact = world.approval(&request.fact, &approval.by, &approval.group, approval.at);
            world.later(approval.at, Step::Recorded(Box::new(fact)));
        }
        Ok(world)
    }

    /// The answers to the requests on record.
    pub fn requested(&self) -> &[Requested] {
        &self.requests
    }

    pub(super) fn later(&mut self, at: Instant, step: Step) {
        self.number = self.number.saturating_add(1);
        self.queue.insert((at, self.number), step);
    }

    /// Lets everything happen up to a moment, itself left out.
    pub fn until(&mut self, end: Instant) -> Result<(), Trouble> {
        while let Some(entry) = self.queue.first_entry() {
            let (at, _) = *entry.key();
            if at >= end {
                return Ok(());
            }
            let step = entry.remove();
            self.happen(at, step)?;
        }
        Ok(())
    }

    fn happen(&mut self, at: Instant, step: Step) -> Result<(), Trouble> {
        match step {
            Step::Come(number) => self.come(at, number),
            Step::Ask(asked) => self.ask(at, *asked),
            Step::Approve(id, number) => self.approve(at, &id, number),
            Step::Show(id) => self.show(at, &id),
            Step::Broadcast(id, again) => self.pay(at, &id, again),
            Step::End(id) => self.end(at, &id),
            Step::Block(chain) => self.block(at, &chain),
            Step::Read(block) => self.tell(at, (*block).into()).map(drop),
            Step::Readings => self.readings(at),
            Step::Beat => {
                let chains: Vec<String> = self.chains.keys().cloned().collect();
                for chain in chains {
                    self.broadcast(at, &chain, Vec::new());
                }
                self.later(at.plus(BEAT), Step::Beat);
                Ok(())
            }
            Step::Take(place) => self.take(at, place),
            // What was allowed at once needs no approval that is on record.
            Step::Recorded(fact) if !self.guard.admits(&fact) => Ok(()),
            Step::Recorded(fact) => self.tell(at, *fact).map(drop),
            Step::Evacuate(wallet, asset, to) => self.evacuate(at, wallet, asset, to),
            Step::Differs(why) => self.differs(at, why),
            Step::Look => self.look(at),
        }
    }

    /// Tells the guards a fact and lets what follows happen.
    pub(super) fn tell(&mut self, at: Instant, fact: Observation) -> Result<Answer, Trouble> {
        self.tally.facts = self.tally.facts.saturating_add(1);
        let answer = self.guard.tell(at, fact.clone())?;
        if let Some(watch) = &mut self.watch {
            // What the gate let pass may be nothing to end or to approve for a watch that did not.
            let again = if watch.admits(&fact) { watch.tell(at, fact)? } else { Vec::new() };
            if let Some(why) = otherwise(&answer, &again) {
                self.later(at.plus(takes::PULL), Step::Differs(why));
            }
            // What was rewritten decides about requests; what stops is the watch's word.
            self.stops(at, &again);
        } else {
            self.stops(at, &answer);
        }
        self.answers(at, &answer)?;
        Ok(answer)
    }

    /// The watch stops everything: what the gate recorded does not follow from the adopted pages.
    fn differs(&mut self, at: Instant, why: String) -> Result<(), Trouble> {
        let Some(watch) = &mut self.watch else { return Ok(()) };
        if self.stopped.is_some() {
            return Ok(());
        }
        let scope = Scope { what: Reach::All, sides: Sides::Both };
        let (exchange, by) = (self.case.header.exchange.clone(), "watch".to_string());
        let answer = watch.tell(at, Suspended { exchange, reason: why, scope, by, at }.into())?;
        self.stops(at, &answer);
        Ok(())
    }

    /// What stops, ends by itself, or leaves.
    fn stops(&mut self, at: Instant, answer: &Answer) {
        for concluded in answer {
            match concluded {
                Concluded::Unmatched(_) => self.tally.unmatched = self.tally.unmatched.saturating_add(1),
                Concluded::Mandated(_) => self.tally.mandated = self.tally.mandated.saturating_add(1),
                Concluded::Paused(_) => self.tally.pauses = self.tally.pauses.saturating_add(1),
                Concluded::Tripped(tripped) => {
                    self.tally.trips.push((at, because(tripped, answer)));
                    if self.began {
                        self.stopped.get_or_insert(at);
                    }
                }
                Concluded::Evacuate(plan) if self.began => self.plan(at, plan),
                _ => {}
            }
        }
    }

    /// What was asked goes on its way.
    fn answers(&mut self, at: Instant, answer: &Answer) -> Result<(), Trouble> {
        for concluded in answer {
            match concluded {
                Concluded::Decided(decided) => self.decided(at, decided),
                Concluded::Signable(signable) => self.signable(at, signable),
                _ => {}
            }
        }
        Ok(())
    }

    /// The evacuation begins: by itself where two nodes saw the outflow, by a person otherwise.
    fn plan(&mut self, at: Instant, plan: &Evacuation) {
        let start = if plan.automatic { self.evacuation } else { takes::PERSON.max(self.evacuation) };
        let mut next = at.plus(start);
        for step in &plan.moves {
            let place = |id: &str| self.wallets.iter().position(|w| w.id == id);
            let asset = self.case.assets.iter().position(|a| a.id == step.asset);
            let (Some(from), Some(to), Some(asset)) = (place(&step.wallet), place(&step.to), asset) else { continue };
            // A plan that may start earlier than an older one counts instead of it.
            if self.planned.get(&(from, asset)).is_none_or(|planned| next < *planned) {
                self.planned.insert((from, asset), next);
                self.later(next, Step::Evacuate(from, asset, to));
                next = next.plus(takes::EACH);
            }
        }
        for stuck in &plan.cannot {
            let told = (stuck.wallet.clone(), stuck.asset.clone(), stuck.why.clone());
            if !self.tally.stuck.contains(&told) {
                self.tally.stuck.push(told);
            }
        }
    }

    /// Puts transfers on their way into the next block of their chain.
    pub(super) fn broadcast(&mut self, at: Instant, chain: &str, transfers: Vec<Transfer>) {
        let due = self.chains.get_mut(chain).and_then(|c| c.broadcast(at, transfers));
        if let Some(due) = due {
            self.later(due, Step::Block(chain.into()));
        }
    }

    /// A transfer that empties a wallet when it is in its block.
    pub(super) fn lands(&mut self, tx: &str, wallet: usize, asset: usize) {
        self.landing.insert(tx.into(), (wallet, asset));
    }

    fn block(&mut self, at: Instant, chain: &str) -> Result<(), Trouble> {
        let Some(made) = self.chains.get_mut(chain) else { return Ok(()) };
        let (seen, inside, both) = made.make(&self.case.header.exchange, at);
        for (when, block) in seen {
            self.later(when, Step::Read(Box::new(block)));
        }
        for transfer in inside {
            if let Some(place) = self.landing.remove(&transfer.tx) {
                self.landed(at, place, transfer.amount);
            } else if !transfer.failed && self.open.contains_key(&transfer.tx) {
                self.later(both.plus(takes::CLOSING), Step::End(transfer.tx));
            }
        }
        Ok(())
    }

    /// Lets the guard look at once, and again every so often while something waits for it.
    pub(super) fn look_later(&mut self, at: Instant) {
        if !std::mem::replace(&mut self.looking, true) {
            self.later(at, Step::Look);
        }
    }

    fn look(&mut self, at: Instant) -> Result<(), Trouble> {
        self.looking = false;
        // One request is answered each time, so that each counts before the next is asked.
        loop {
            let answer = self.tell(at, GuardLooked { exchange: self.case.header.exchange.clone(), at }.into())?;
            if !answer.iter().any(|c| matches!(c, Concluded::Decided(_))) {
                break;
            }
        }
        if self.open.values().any(|asked| asked.waits) {
            self.look_later(at.plus(takes::LOOK));
        }
        Ok(())
    }

    fn readings(&mut self, at: Instant) -> Result<(), Trouble> {
        let case = self.case;
        let exchange = || case.header.exchange.clone();
        for (place, asset) in case.assets.iter().enumerate() {
            let Some(won) = Exact::of(asset.price.clone()) else { continue };
            for venue in ["venue-1", "venue-2"] {
                let (asset, venue, won) = (asset.id.clone(), venue.to_string(), won.clone());
                self.tell(at, PriceSeen { exchange: exchange(), asset, venue, won, at }.into())?;
            }
            let hot: i128 = self.usual.iter().filter(|((_, a), _)| *a == place).map(|(_, units)| units).sum();
            let held = case.held.get(&place).copied().unwrap_or_else(|| hot.saturating_mul(50));
            // Users own all of it but a hundredth.
            let entrusted = held - held / 100;
            self.tell(at, HoldingsRead { exchange: exchange(), asset: asset.id.clone(), held, entrusted, at }.into())?;
        }
        for ((wallet, asset), balance) in self.balances.clone() {
            let (wallet, asset) = (self.wallets[wallet].id.clone(), case.assets[asset].id.clone());
            self.tell(at, BalanceRead { exchange: exchange(), wallet, asset, balance: balance.max(0), at }.into())?;
        }
        if self.stopped.is_none() {
            self.later(at.plus(READINGS), Step::Readings);
        }
        Ok(())
    }
}

/// What usually lies where: of what was taken as much as was taken, and enough for ordinary life in other hot wallets.
fn usual(case: &Case, wallets: &[Wallet]) -> Usual {
    let mut usual = Usual::new();
    for outflow in &case.outflows {
        let units = usual.entry((outflow.wallet, outflow.asset)).or_insert(0);
        *units = outflow.amount.saturating_add(*units);
    }
    for (w, wallet) in wallets.iter().enumerate().filter(|(_, w)| w.tier == Tier::Hot) {
        for (a, asset) in case.assets.iter().enumerate().filter(|(_, a)| a.chain == wallet.chain) {
            usual.entry((w, a)).or_insert_with(|| asset.units(QUIET_WALLET));
        }
    }
    usual
}

/// Why something tripped, with the transfer and what is known of it.
fn because(tripped: &Tripped, answer: &Answer) -> String {
    let unmatched = answer.iter().find_map(|c| match c {
        Concluded::Unmatched(u) if Some(&u.tx) == tripped.tx.as_ref() => Some(u),
        _ => None,
    });
    match (unmatched, &tripped.tx) {
        (Some(u), _) => format!("{}: {} from {} ({})", tripped.cause, u.tx, u.wallet, u.why),
        (None, Some(tx)) => format!("{}: {tx}", tripped.cause),
        (None, None) => tripped.cause.clone(),
    }
}

/// Where a second answer to a request is another than the first.
fn otherwise(first: &Answer, second: &Answer) -> Option<String> {
    let verdicts = |answer: &Answer| {
        answer.iter().find_map(|c| match c {
            Concluded::Decided(d) => Some((d.id.clone(), d.verdict.clone())),
            _ => None,
        })
    };
    match (verdicts(first), verdicts(second)) {
        (Some((id, Verdict::Allow)), Some((_, again))) if again != Verdict::Allow => {
            Some(format!("the gate allowed {id}; the adopted pages say {}", again.name()))
        }
        _ => None,
    }
}
