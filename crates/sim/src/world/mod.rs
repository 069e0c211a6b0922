//! Who does what, and what is checked after each entry.
//!
//! It promises that each step draws from a stream of its own, so that leaving one out changes no other's draws.

mod chains;
mod people;
mod thief;

use crate::chain::{Chain, Payment, SOURCES};
use crate::disk::Fault;
use crate::gate::{Entry, Gate, Told, X};
use crate::second::{Second, Status, UNIT};
use bongsu::lab::random::Random;
use kernel::fact::*;
use kernel::guard::conclusion::{Concluded, Verdict};
use rulebook::time::Instant;
use std::collections::{BTreeMap, BTreeSet};

const T0: i64 = 1_795_000_000_000;
const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
/// Asset, chain, hot wallet, its address, won for a unit, whole units held.
const ASSETS: [(&str, &str, &str, &str, i128, i128); 2] = [
    ("BTC", "bitcoin", "hot", "bc1hotwallet", 100_000_000, 400),
    ("ETH", "ether", "hot2", "0xhotwallet2", 5_000_000, 8_000),
];
const PEOPLE: [(&str, u8, &[&str]); 8] = [
    ("kim", 1, &["officer", "security"]),
    ("lee", 2, &["officer"]),
    ("lee2", 2, &["officer", "security"]),
    ("pak", 3, &["officer", "resumption"]),
    ("oh", 4, &["resumption", "security"]),
    ("oh2", 4, &["resumption", "security"]),
    ("yun", 5, &["resumption", "security"]),
    ("api", 9, &["officer"]),
];

/// Kinds of things that happen; each can be left out.
pub const CLASSES: [&str; 22] = [
    "ask", "approve", "reject", "show", "end", "send", "mine", "read", "price", "look", "list", "suspend", "resume",
    "change", "repeat", "fork", "crash", "full", "sync", "clock", "restart", "thief",
];
/// How often each is drawn, in the order of [`CLASSES`].
const WEIGHTS: [i64; 22] = [24, 22, 2, 14, 4, 14, 12, 12, 3, 5, 2, 1, 8, 3, 5, 2, 2, 1, 1, 2, 1, 3];

/// What of a seed is played.
#[derive(Clone, Debug)]
pub struct Play {
    /// Steps at most.
    pub steps: u64,
    /// Classes that are left out.
    pub without: BTreeSet<&'static str>,
    /// Steps that are left out.
    pub skip: BTreeSet<u64>,
}

/// A history that fails.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The step.
    pub step: u64,
    /// The check, and what was found.
    pub why: String,
    /// Its rows.
    pub rows: Vec<Entry>,
}

/// What a history came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Steps played.
    pub steps: u64,
    /// Entries of the journal.
    pub entries: usize,
    /// Withdrawals asked and allowed.
    pub asked: usize,
    /// See above.
    pub allowed: usize,
    /// Thefts that were broadcast.
    pub thefts: usize,
    /// Restarts after a fault.
    pub lost: usize,
}

struct World {
    gate: Gate,
    second: Second,
    chains: [Chain; 2],
    now: i64,
    skew: i64,
    number: u64,
    /// Transfers of thieves, and what they look like.
    thefts: BTreeSet<String>,
    /// Withdrawals that a thief's transfer may have stood in for.
    doubtful: BTreeSet<String>,
    /// What each transfer was said to be: a withdrawal, or nothing.
    is: BTreeMap<String, Option<String>>,
    sent: BTreeSet<String>,
    dead: BTreeSet<String>,
    pending: Vec<(String, WalletRegistered)>,
    ended: bool,
    lost: usize,
}

/// Plays a seed.
pub fn play(seed: u64, play: &Play) -> Result<Tally, Failure> {
    let fail = |step, why, rows: &[Entry]| Failure { step, why, rows: rows.to_vec() };
    let gate = Gate::new(&seed.to_string(), T0).map_err(|why| fail(0, why, &[]))?;
    let chains = [Chain::new("bitcoin", T0), Chain::new("ether", T0)];
    let mut world = World {
        gate,
        second: Second::default(),
        chains,
        now: T0,
        skew: 0,
        number: 0,
        thefts: BTreeSet::new(),
        doubtful: BTreeSet::new(),
        is: BTreeMap::new(),
        sent: BTreeSet::new(),
        dead: BTreeSet::new(),
        pending: Vec::new(),
        ended: false,
        lost: 0,
    };
    let mut random = Random::of(seed, u64::MAX);
    world.setup(&mut random).map_err(|why| fail(0, why, &world.gate.entries))?;
    let mut played = 0;
    for step in (0..play.steps).filter(|step| !play.skip.contains(step)) {
        played += 1;
        let mut random = Random::of(seed, step);
        let done = world.step(&mut random, seed, play);
        done.map_err(|why| fail(step, why, &world.gate.entries))?;
        if world.ended {
            break;
        }
    }
    if !world.ended {
        world.settle(&mut random).map_err(|why| fail(play.steps, why, &world.gate.entries))?;
    }
    let withdrawals = || world.second.rows.iter().filter(|r| r.fact.is_some());
    Ok(Tally {
        steps: played,
        entries: world.gate.entries.len(),
        asked: withdrawals().count(),
        allowed: withdrawals().filter(|r| !matches!(r.status, Status::Held | Status::Denied)).count(),
        thefts: world.thefts.len(),
        lost: world.lost,
    })
}

type Done = Result<(), String>;

fn x() -> String {
    X.into()
}

fn pick<'l, T>(list: &'l [T], random: &mut Random) -> Option<&'l T> {
    let last = i64::try_from(list.len()).unwrap_or(0) - 1;
    if last < 0 { None } else { list.get(usize::try_from(random.between(0, last)).unwrap_or(0)) }
}

impl World {
    fn at(&self) -> Instant {
        Instant(self.now)
    }

    fn setup(&mut self, random: &mut Random) -> Done {
        let page = RulebookPage { path: "sim.md".into(), text: include_str!("../policy.md").into() };
        let pages = vec![(page.path.clone(), page.hash())];
        let registered = ExchangeRegistered { id: x(), name_en: x(), name_ko: x(), source: "sim".into() };
        self.must(registered.into(), random)?;
        self.must(page.into(), random)?;
        self.must(RulebookAdopted { id: "sim".into(), pages }.into(), random)?;
        if self.gate.state.adoptions().last().is_none_or(|a| a.book.is_none()) {
            return Err("the policy of the simulation has an error".into());
        }
        for (asset, chain, wallet, address, ..) in ASSETS {
            let source = || "sim".to_string();
            self.must(
                AssetListed { exchange: x(), source: source(), asset: asset.into(), chain: chain.into(), decimals: 8 }
                    .into(),
                random,
            )?;
            let domain = if wallet == "hot" { "d1" } else { "d2" };
            let all = [
                (wallet.to_string(), address.to_string(), domain, Tier::Hot),
                (format!("safe-{chain}"), format!("safe-{chain}-address"), "d9", Tier::Evacuation),
            ];
            for (wallet, address, domain, tier) in all {
                let (chain, domain) = (chain.to_string(), domain.to_string());
                self.must(
                    WalletRegistered {
                        exchange: x(),
                        source: source(),
                        wallet,
                        chain,
                        address,
                        domain,
                        tier,
                        change: None,
                    }
                    .into(),
                    random,
                )?;
            }
            let sources = SOURCES.iter().map(|s| (*s).to_string()).collect();
            let depth = if chain == "bitcoin" { 1 } else { 0 };
            let watched = ChainWatched {
                exchange: x(),
                chain: chain.into(),
                sources,
                depth,
                behind: 6,
                silence: HOUR,
                change: None,
                observed: false,
            };
            self.must(watched.into(), random)?;
        }
        for (person, identity, groups) in PEOPLE {
            let groups = groups.iter().map(|g| (*g).to_string()).collect();
            self.must(
                PersonEnrolled { exchange: x(), person: person.into(), identity: [identity; 32], groups, change: None }
                    .into(),
                random,
            )?;
        }
        self.readings(random)?;
        // From the first question on nothing is set up freely.
        self.ask(random)?;
        self.read_all(random)
    }

    fn must(&mut self, fact: Observation, random: &mut Random) -> Done {
        match self.tell(fact.clone(), random)? {
            Some(code) if code != "already" => Err(format!("{} is refused: {code}", fact.name())),
            _ => Ok(()),
        }
    }

    fn readings(&mut self, random: &mut Random) -> Done {
        for (asset, _, wallet, _, won, held) in ASSETS {
            for venue in ["own", "other"] {
                let won = Exact::new(won, 1).ok_or("a price")?;
                self.tell(
                    PriceSeen { exchange: x(), asset: asset.into(), venue: venue.into(), won, at: self.at() }.into(),
                    random,
                )?;
            }
            let (held, at) = (held * UNIT, self.at());
            self.tell(
                HoldingsRead { exchange: x(), asset: asset.into(), held, entrusted: held / 2, at }.into(),
                random,
            )?;
            self.tell(
                BalanceRead { exchange: x(), wallet: wallet.into(), asset: asset.into(), balance: held / 4, at }.into(),
                random,
            )?;
        }
        Ok(())
    }

    /// Tells the gate, again and again by the same id until it answers; why it refused, if it did.
    fn tell(&mut self, fact: Observation, random: &mut Random) -> Result<Option<String>, String> {
        for _ in 0..40 {
            match self.gate.tell(self.now + self.skew, &fact, random)? {
                Told::Entry(entry) => return self.observe(&entry, random).map(|()| None),
                Told::Already(_) => return Ok(Some("already".into())),
                Told::Refused(code) => return Ok(Some(code)),
                Told::Full => {}
                Told::Lost(found) => {
                    self.lost += 1;
                    found.iter().try_for_each(|entry| self.observe(entry, random))?;
                    // A registration has no id: whoever lost the answer reads in the journal that it is there.
                    if matches!(fact, Observation::WalletRegistered(_)) && found.iter().any(|e| e.fact == fact) {
                        return Ok(None);
                    }
                }
            }
        }
        Err("check 2: forty tries and no answer".into())
    }

    /// What is checked after each entry.
    fn observe(&mut self, entry: &Entry, _random: &mut Random) -> Done {
        self.second.take(entry)?;
        for concluded in &entry.list {
            match concluded {
                Concluded::Unmatched(u) if !self.thefts.contains(&u.tx) && !self.is_doubtful(&u.tx) => {
                    return Err(format!("check 7: {} is unmatched and nobody stole: {}", u.tx, u.why));
                }
                Concluded::Unmatched(u) => drop(self.is.insert(u.tx.clone(), None)),
                Concluded::Matched(m) => {
                    self.is.insert(m.tx.clone(), Some(m.withdrawal.clone()));
                    self.matched(entry, &m.tx, &m.withdrawal)?;
                }
                Concluded::Retracted(tx) => drop(self.is.remove(tx)),
                Concluded::Tripped(t) => match &t.tx {
                    Some(tx) if self.thefts.contains(tx) || self.is_doubtful(tx) => {}
                    None if matches!(entry.fact, Observation::Suspended(_)) => {}
                    _ => return Err(format!("check 7: a false trip: {t:?}")),
                },
                _ => {}
            }
        }
        if let Observation::BlockRead(block) = &entry.fact {
            let said = |tx: &str| self.is.contains_key(tx);
            let plain = block.transfers.iter().find(|t| t.tx.starts_with('x') && !said(&t.tx));
            if let Some(t) = plain {
                return Err(format!("check 1: {} left {} and nothing is said of it", t.tx, t.from));
            }
        }
        Ok(())
    }

    fn is_doubtful(&self, tx: &str) -> bool {
        tx.split(['.', ':']).next().is_some_and(|id| self.doubtful.contains(id))
    }

    /// A transfer and its authorisation say the same.
    fn matched(&self, entry: &Entry, tx: &str, withdrawal: &str) -> Done {
        let row =
            self.second.row(withdrawal).ok_or_else(|| format!("check 1: {tx} = {withdrawal}, which nobody asked"))?;
        let Observation::BlockRead(block) = &entry.fact else { return Ok(()) };
        let (Some(t), Some(asked)) = (block.transfers.iter().find(|t| t.tx == tx), &row.fact) else { return Ok(()) };
        let same =
            t.asset == asked.asset && t.amount == asked.amount && t.to == asked.destination && t.tag == asked.tag;
        let may = !matches!(row.status, Status::Held | Status::Denied) && !t.failed;
        if same && may { Ok(()) } else { Err(format!("check 1: {tx} = {withdrawal}: same {same}, allowed {may}")) }
    }

    fn step(&mut self, random: &mut Random, seed: u64, play: &Play) -> Done {
        self.pass(random)?;
        let total: i64 = WEIGHTS.iter().sum();
        let mut at = random.between(1, total);
        let place = WEIGHTS.iter().position(|weight| {
            at -= weight;
            at <= 0
        });
        let class = CLASSES[place.unwrap_or(0)];
        if play.without.contains(class) || (class == "thief" && seed % 2 == 1) {
            return Ok(());
        }
        self.happen(class, random)
    }

    /// Time passes: a little, or to the very edge of a window, or a day.
    fn pass(&mut self, random: &mut Random) -> Done {
        let before = self.now;
        match random.between(1, 100) {
            1..=60 => self.now += random.between(0, 20_000),
            61..=80 => self.now += random.between(1_000, 5 * MINUTE),
            81..=95 => {
                let gate = self.now + self.skew;
                let length = pick(&[10 * MINUTE, HOUR, 24 * HOUR], random).copied().unwrap_or(HOUR);
                let near = |edge: i64| edge > gate && edge < gate + 2 * HOUR;
                let rows = self.second.rows.iter().rev().take(30);
                let edges: Vec<(i64, Option<WithdrawalAsked>)> =
                    rows.map(|r| (r.at + length, r.fact.clone())).filter(|(edge, _)| near(*edge)).collect();
                if let Some((edge, asked)) = pick(&edges, random) {
                    self.now += edge - gate - i64::from(random.chance(30));
                    // Whoever knows a limit asks the moment it is free again.
                    if let Some(asked) = asked.as_ref().filter(|_| random.chance(70)) {
                        self.ask_like(asked, random)?;
                    }
                }
            }
            96..=98 => self.now += random.between(10 * MINUTE, 3 * HOUR),
            99 => self.now += random.between(20 * HOUR, 60 * HOUR),
            _ => {}
        }
        // Blocks and prices come by themselves, most of the time.
        if self.now - before > 20 * MINUTE {
            if random.chance(80) {
                self.readings(random)?;
            }
            if random.chance(80) {
                self.chains.iter_mut().for_each(|chain| chain.mine(self.now));
                self.read_all(random)?;
            }
        }
        Ok(())
    }

    fn happen(&mut self, class: &'static str, random: &mut Random) -> Done {
        match class {
            "ask" => self.ask(random).map(drop),
            "approve" | "reject" => self.approve(class == "reject", random),
            "show" => self.show(random),
            "end" => self.end(random),
            "send" => self.send(random),
            "mine" => {
                let chain = usize::from(random.chance(50));
                self.chains[chain].mine(self.now);
                if random.chance(70) { self.read_all(random) } else { Ok(()) }
            }
            "read" => self.read(random),
            "price" => self.readings(random),
            "look" => self.tell(GuardLooked { exchange: x(), at: self.at() }.into(), random).map(drop),
            "list" => {
                let (address, add) = (format!("customer-address-{}", random.between(1, 12)), random.chance(40));
                let (list, chain) = (List::Deny, ASSETS[usize::from(random.chance(50))].1.to_string());
                let fact = ListChanged {
                    exchange: x(),
                    source: "OFAC".into(),
                    list,
                    chain,
                    address,
                    add,
                    by: "ops".into(),
                    at: self.at(),
                    customer: None,
                };
                self.tell(fact.into(), random).map(drop)
            }
            "suspend" => self.suspend(random),
            "resume" => self.resume(random),
            "change" => self.change(random),
            "repeat" => self.repeat(random),
            "fork" => {
                let (chain, depth) = (usize::from(random.chance(50)), random.between(1, 30));
                let utxo = chain == 0;
                let mut draw = random.clone();
                let number = &mut self.number;
                let again = |payment: Payment| {
                    let Some(id) = payment.withdrawal.clone().filter(|_| utxo && draw.chance(30)) else {
                        return payment;
                    };
                    // Replaced: another transaction with a higher fee pays the same.
                    *number += 1;
                    let (id, number) = (id, *number);
                    let bump = |(out, t): (usize, Transfer)| Transfer { tx: format!("{id}.{number}:{out}"), ..t };
                    Payment {
                        withdrawal: payment.withdrawal,
                        transfers: payment.transfers.into_iter().enumerate().map(bump).collect(),
                    }
                };
                self.chains[chain].fork(u64::try_from(depth).unwrap_or(1), self.now, again);
                if random.chance(60) { self.read_all(random) } else { Ok(()) }
            }
            "crash" | "full" | "sync" => {
                let fault = match class {
                    "crash" => Fault::Crash,
                    "full" => Fault::Full,
                    _ => Fault::Sync,
                };
                self.gate.disk.plan(u64::try_from(random.between(0, 12)).unwrap_or(0), fault);
                Ok(())
            }
            "clock" => {
                self.skew = if random.chance(60) { 0 } else { random.between(-2 * HOUR, 2 * HOUR) };
                Ok(())
            }
            "restart" => {
                self.gate.disk.kept();
                self.gate.restart_cleanly().map(drop)
            }
            _ => self.thief(random),
        }
    }

    /// The end: everybody catches up, and the whole is counted once more.
    fn settle(&mut self, random: &mut Random) -> Done {
        self.skew = 0;
        self.gate.disk.kept();
        for _ in 0..3 {
            self.now += MINUTE;
            self.chains.iter_mut().for_each(|chain| chain.mine(self.now));
            self.read_all(random)?;
        }
        let mut taken = BTreeSet::new();
        for chain in &self.chains {
            for payment in chain.own() {
                let out = &payment.transfers[0];
                if out.failed {
                    continue;
                }
                match self.is.get(&out.tx) {
                    Some(Some(withdrawal)) if taken.insert(withdrawal.clone()) => {}
                    Some(Some(withdrawal)) => {
                        return Err(format!("check 1: {withdrawal} covers {} and another", out.tx));
                    }
                    Some(None) if self.second.is_incident() => {}
                    Some(None) => {
                        let tripped = self
                            .gate
                            .entries
                            .iter()
                            .any(|e| e.list.iter().any(|c| matches!(c, Concluded::Tripped(t) if t.tx.is_some())));
                        if !tripped {
                            return Err(format!("check 1: {} is unmatched for good and nothing was stopped", out.tx));
                        }
                    }
                    None => return Err(format!("check 1: {} left and nothing is said of it", out.tx)),
                }
            }
        }
        self.gate.restart_cleanly().map(drop)
    }
}
