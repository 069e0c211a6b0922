//! The second model: what the policy of `policy.md` must answer, written with plain lists, a filter and a sum.
//!
//! It promises that it shares no line with the kernel's windows and decisions. It is told the same entries and disagrees aloud.

use crate::gate::Entry;
use kernel::fact::{Ending, List, Observation, Operation, Reach, ResumptionStep, Sides, Tier, WithdrawalAsked};
use kernel::guard::conclusion::{Concluded, Verdict};
use std::collections::BTreeMap;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const BN: i128 = 1_000_000_000;

/// Where a question stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It waits.
    Held,
    /// It may be signed.
    Allowed,
    /// It may have been signed.
    Signed,
    /// Refused.
    Denied,
    /// Over.
    Ended,
}

/// A withdrawal or a change.
#[derive(Clone, Debug)]
pub struct Row {
    /// The withdrawal; none for a change.
    pub fact: Option<WithdrawalAsked>,
    /// Id.
    pub id: String,
    /// Who asked.
    pub initiator: String,
    /// When it was journaled.
    pub at: i64,
    /// Where it stands.
    pub status: Status,
    /// It waits for time or a pause, from this moment on.
    waits: Option<i64>,
    approvals: Vec<(u8, String, i64)>,
    /// When it was allowed, at which value.
    allowed: Option<(i64, Option<i128>)>,
    back: bool,
}

#[derive(Clone, Debug)]
struct Stop {
    what: Reach,
    sides: Sides,
    pause: bool,
    cap: Option<Cap>,
    by: Vec<u8>,
    asked: Vec<(ResumptionStep, u8)>,
    usual: i128,
    passed: Vec<(i64, i128)>,
}

#[derive(Clone, Copy, Debug)]
enum Cap {
    Won(i128),
    Percent(u8),
}

/// What a rule would have: more people outrank more time.
type Need = (u32, i64, bool);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    Allow,
    Hold,
    Deny,
}

/// Everything that was told.
#[derive(Default)]
pub struct Second {
    /// Withdrawals and changes, in order.
    pub rows: Vec<Row>,
    people: BTreeMap<String, (u8, Vec<String>)>,
    prices: Vec<(String, String, i64, i128)>,
    held: BTreeMap<String, i128>,
    /// Source, chain, address, and until when: a lifted denial lasts for a day.
    denied: Vec<(String, String, String, i64)>,
    stops: Vec<Stop>,
    heard: BTreeMap<String, i64>,
    /// Chain, domain, tier and since when.
    wallets: BTreeMap<String, (String, String, Tier, i64)>,
}

fn says(verdict: &Verdict) -> Says {
    match verdict {
        Verdict::Allow => Says::Allow,
        Verdict::Hold(_) => Says::Hold,
        Verdict::Deny => Says::Deny,
    }
}

impl Second {
    /// Whether something is stopped by a trip.
    pub fn is_incident(&self) -> bool {
        self.stops.iter().any(|s| !s.pause)
    }

    /// Trips, as scopes.
    pub fn trips(&self) -> Vec<Reach> {
        self.stops.iter().filter(|s| !s.pause).map(|s| s.what.clone()).collect()
    }

    /// A row by its id.
    pub fn row(&self, id: &str) -> Option<&Row> {
        self.rows.iter().find(|r| r.id == id)
    }

    fn value(&self, asset: &str, amount: i128, now: i64) -> Option<i128> {
        let mut last: BTreeMap<&str, (i64, i128)> = BTreeMap::new();
        for (_, venue, at, won) in self.prices.iter().filter(|p| p.0 == asset) {
            let held = last.entry(venue).or_insert((*at, *won));
            *held = (*held).max((*at, *won));
        }
        let fresh: Vec<i128> = last.values().filter(|(at, _)| at + HOUR > now).map(|(_, won)| *won).collect();
        if fresh.len() < 2 {
            return None;
        }
        // The price of an asset never moves within a simulation, so spot and median are one number.
        let won = fresh.into_iter().max()? * amount;
        Some(won.div_euclid(UNIT) + i128::from(won.rem_euclid(UNIT) > 0))
    }

    fn inside(&self, now: i64, length: i64, of: impl Fn(&WithdrawalAsked) -> bool) -> Vec<(Option<i128>, i128)> {
        let counts = |r: &&Row| !r.back && r.allowed.is_some_and(|(at, _)| at > now - length && at <= now);
        let rows = self.rows.iter().filter(counts);
        rows.filter_map(|r| Some((r.allowed?.1, r.fact.as_ref().filter(|f| of(f))?.amount))).collect()
    }

    fn won(&self, now: i64, length: i64, own: Option<i128>, of: impl Fn(&WithdrawalAsked) -> bool) -> Option<i128> {
        let list = self.inside(now, length, of);
        list.into_iter().map(|(won, _)| won).chain([own]).sum()
    }

    fn covers(&self, what: &Reach, fact: &WithdrawalAsked) -> bool {
        let Some((chain, domain, ..)) = self.wallets.get(&fact.wallet) else { return false };
        match what {
            Reach::All => true,
            Reach::Domain(d) => d == domain,
            Reach::Chain(c) => c == chain,
            Reach::Asset(a) => *a == fact.asset,
            Reach::Wallet(w) => *w == fact.wallet,
        }
    }

    fn stopped(&self, fact: &WithdrawalAsked) -> bool {
        let closed = |s: &&Stop| !s.pause && s.cap.is_none() && s.sides != Sides::Deposits;
        self.stops.iter().filter(closed).any(|s| self.covers(&s.what, fact))
    }

    /// What the rules alone say, and what a hold needs.
    fn rules(&self, f: &WithdrawalAsked, now: i64) -> (Says, Need) {
        let value = self.value(&f.asset, f.amount, now);
        let over = |sum: Option<i128>, limit: i128| sum.map(|sum| sum > limit);
        let seen = self
            .rows
            .iter()
            .filter(|r| r.fact.as_ref().is_some_and(|o| o.destination == f.destination && o.asset == f.asset));
        let seen = seen.filter_map(|r| r.allowed.map(|(at, _)| at)).min();
        let fresh = seen.is_none_or(|at| at > now - DAY);
        let to = self.inside(now, HOUR, |o| o.destination == f.destination && o.asset == f.asset).len() as i128 + 1;
        let units: i128 =
            self.inside(now, HOUR, |o| o.asset == f.asset).iter().map(|(_, a)| a).sum::<i128>() + f.amount;
        let denies = [
            Some(f.second_factor.is_none()),
            Some(self.denied.iter().any(|(_, c, a, until)| {
                *until > now && *a == f.destination && self.wallets.get(&f.wallet).is_some_and(|w| w.0 == *c)
            })),
            over(value, 3 * BN),
            over(self.won(now, HOUR, value, |o| o.wallet == f.wallet), 5 * BN),
        ];
        if denies.contains(&Some(true)) {
            return (Says::Deny, (0, 0, false));
        }
        let holds = [
            (over(value, BN), (2, 0, true)),
            (over(value, 2 * BN), (2, HOUR, true)),
            (if fresh { over(value, BN / 2) } else { Some(false) }, (1, 0, true)),
            (over(self.won(now, DAY, value, |o| o.customer == f.customer), 3 * BN), (2, 0, true)),
            (Some(to > 3), (1, 0, true)),
            (self.held.get(&f.asset).map(|held| units * 100 > held * 4), (2, 0, true)),
            (over(self.won(now, 10 * MINUTE, value, |_| true), 5 * BN / 2), (1, 0, true)),
        ];
        let speak = holds.iter().filter(|(says, _)| *says != Some(false)).map(|(_, need)| *need);
        match speak.max_by_key(|(n, delay, _)| (*n, *delay)) {
            Some(need) => (Says::Hold, need),
            None if denies.contains(&None) => (Says::Hold, (2, 0, false)),
            None => (Says::Allow, (0, 0, false)),
        }
    }

    fn weigh(&self, f: &WithdrawalAsked, now: i64, row: Option<&Row>) -> Says {
        if f.at.0 + DAY < now || (row.is_none() && now + 5 * MINUTE < f.at.0) || self.stopped(f) {
            return Says::Deny;
        }
        let (mut answer, (people, delay, of_group)) = self.rules(f, now);
        if let (Says::Hold, Some(row)) = (answer, row) {
            let counts =
                |(_, group, at): &&(u8, String, i64)| at + DAY + delay > now && (!of_group || group == "officer");
            let mut who: Vec<u8> = row.approvals.iter().filter(counts).map(|(who, ..)| *who).collect();
            who.sort_unstable();
            who.dedup();
            if who.len() as u32 >= people && row.at + delay <= now {
                answer = Says::Allow;
            }
        }
        if answer != Says::Allow {
            return answer;
        }
        let value = self.value(&f.asset, f.amount, now);
        let stands = |s: &Stop| {
            if s.sides == Sides::Deposits || !self.covers(&s.what, f) {
                return false;
            }
            let passed: i128 = s.passed.iter().filter(|(at, _)| *at > now - DAY).map(|(_, won)| won).sum();
            let fits = |cap: i128| value.is_some_and(|won| passed + won <= cap);
            s.pause
                || !match s.cap {
                    None => false,
                    Some(Cap::Won(cap)) => fits(cap),
                    Some(Cap::Percent(p)) => fits(s.usual * i128::from(p) / 100),
                }
        };
        let chain = self.wallets.get(&f.wallet).map(|(chain, ..)| chain.as_str()).unwrap_or("");
        let silent = self.heard.get(chain).is_some_and(|heard| now - heard > HOUR);
        if silent || self.stops.iter().any(stands) { Says::Hold } else { Says::Allow }
    }

    fn change_ready(&self, row: &Row, now: i64) -> bool {
        let counts = |(_, group, at): &&(u8, String, i64)| group == "security" && at + 2 * DAY > now;
        let mut who: Vec<u8> = row.approvals.iter().filter(counts).map(|(who, ..)| *who).collect();
        who.sort_unstable();
        who.dedup();
        who.len() >= 2 && row.at + DAY <= now
    }

    fn again(&self, row: &Row, now: i64) -> Says {
        match &row.fact {
            Some(fact) => self.weigh(fact, now, Some(row)),
            None if self.change_ready(row, now) => Says::Allow,
            None => Says::Hold,
        }
    }

    /// Takes an entry in; what does not agree is an error.
    pub fn take(&mut self, entry: &Entry) -> Result<(), String> {
        let now = entry.stamp.time.0;
        let decided = |id: &str| {
            entry.list.iter().find_map(|c| match c {
                Concluded::Decided(d) if d.id == id => Some(says(&d.verdict)),
                _ => None,
            })
        };
        let differ = |what: &str, id: &str, model: Says, found: Option<Says>| {
            let why = entry
                .list
                .iter()
                .find_map(|c| if let Concluded::Decided(d) = c { Some(format!("{d:?}")) } else { None });
            Err(format!(
                "check 4: {what} {id}: the second model says {model:?}, recorded is {found:?} {}",
                why.unwrap_or_default()
            ))
        };
        match &entry.fact {
            Observation::WithdrawalAsked(f) => {
                if self.row(&f.id).is_some() {
                    return Err(format!("check 2: {} stands in the journal twice", f.id));
                }
                let (model, found) = (self.weigh(f, now, None), decided(&f.id));
                if found != Some(model) {
                    return differ("asked", &f.id, model, found);
                }
                self.push(Some(f.clone()), &f.id, &f.initiator, now);
            }
            Observation::PolicyAsked(f) => {
                let model = if self.is_incident() { Says::Deny } else { Says::Hold };
                if decided(&f.id) != Some(model) {
                    return differ("change", &f.id, model, decided(&f.id));
                }
                self.push(None, &f.id, &f.by, now);
            }
            Observation::ApprovalGiven(f) => {
                let who = self.people.get(&f.by).map(|(who, _)| *who).unwrap_or(0);
                let Some(place) = self.rows.iter().position(|r| r.id == f.withdrawal) else {
                    return Err(format!("check 4: an approval of {}, which nobody asked", f.withdrawal));
                };
                let row = &self.rows[place];
                let own = row.initiator == f.by || self.people.get(&row.initiator).is_some_and(|(i, _)| *i == who);
                let twice = !f.reject && row.approvals.iter().any(|(w, _, at)| *w == who && now - at < 20 * HOUR);
                if own || twice || row.status != Status::Held {
                    return Err(format!(
                        "check 4: {} approved {}: own {own}, twice {twice}, {:?}",
                        f.by, row.id, row.status
                    ));
                }
                if !f.reject {
                    self.rows[place].approvals.push((who, f.group.clone(), now));
                }
                let model = if f.reject { Says::Deny } else { self.again(&self.rows[place], now) };
                let found = decided(&f.withdrawal).unwrap_or(Says::Hold);
                if model != found {
                    return differ("approved", &f.withdrawal, model, Some(found));
                }
            }
            Observation::GuardLooked(_) => {
                let one = entry
                    .list
                    .iter()
                    .find_map(|c| if let Concluded::Decided(d) = c { Some(d.id.clone()) } else { None });
                let waits = |r: &&Row| r.status == Status::Held && r.waits.is_some_and(|at| at <= now);
                for row in self.rows.iter().filter(waits) {
                    let model = self.again(row, now);
                    let same = one.as_ref() == Some(&row.id);
                    if (same || one.is_none()) && model != decided(&row.id).unwrap_or(Says::Hold) {
                        return differ("looked", &row.id, model, decided(&row.id));
                    }
                }
            }
            Observation::PayloadShown(f) => {
                let Some(row) = self.row(&f.withdrawal) else { return Err("check 4: a payload of nothing".into()) };
                let Some(asked) = &row.fact else { return Err("check 4: a payload of a change".into()) };
                let same = matches!(&f.effect[..], [e] if e.asset == asked.asset && e.amount == asked.amount
                    && e.destination == asked.destination && e.tag == asked.tag && e.operation == Operation::Transfer);
                let stale = row.status == Status::Allowed && asked.at.0 + DAY < now;
                let may =
                    matches!(row.status, Status::Allowed | Status::Signed) && !stale && same && !self.stopped(asked);
                let signs =
                    entry.list.iter().any(|c| matches!(c, Concluded::Signable(s) if s.verdict == Verdict::Allow));
                if may != signs {
                    return Err(format!(
                        "check 6: {} may be signed: the second model says {may}, recorded is {signs}",
                        row.id
                    ));
                }
                if signs && let Some(row) = self.rows.iter_mut().find(|r| r.id == f.withdrawal) {
                    row.status = Status::Signed;
                }
            }
            Observation::WithdrawalEnded(f) => {
                if let Some(row) = self.rows.iter_mut().find(|r| r.id == f.withdrawal) {
                    let people = matches!(f.how, Ending::Cancelled | Ending::Expired);
                    if row.status == Status::Signed && people {
                        return Err(format!("check 4: {} was signed and called off", row.id));
                    }
                    row.back = row.back || (row.status == Status::Allowed && people);
                    row.status = Status::Ended;
                }
            }
            Observation::PersonEnrolled(f) => {
                self.people.insert(f.person.clone(), (f.identity[0], f.groups.clone()));
            }
            Observation::PriceSeen(f) => {
                // A moment that lies ahead of the journal's clock counts as now.
                self.prices.push((f.asset.clone(), f.venue.clone(), f.at.0.min(now), f.won.parts().0));
            }
            Observation::HoldingsRead(f) => drop(self.held.insert(f.asset.clone(), f.held)),
            Observation::ListChanged(f) if f.list == List::Deny => {
                let same =
                    |d: &&mut (String, String, String, i64)| (&d.0, &d.1, &d.2) == (&f.source, &f.chain, &f.address);
                let known = self.denied.iter_mut().find(same);
                match known {
                    Some(known) if f.add => known.3 = i64::MAX,
                    Some(known) if known.3 == i64::MAX => known.3 = now + DAY,
                    None if f.add => self.denied.push((f.source.clone(), f.chain.clone(), f.address.clone(), i64::MAX)),
                    _ => {}
                }
            }
            Observation::BlockRead(f) => drop(self.heard.insert(f.chain.clone(), now)),
            Observation::WalletRegistered(f) => {
                self.wallets.insert(f.wallet.clone(), (f.chain.clone(), f.domain.clone(), f.tier, now));
            }
            Observation::Suspended(f) => {
                let stopped = entry.list.iter().any(|c| matches!(c, Concluded::Tripped(t) if t.scope == f.scope));
                if !stopped {
                    return Err("check 6: a suspension stopped nothing".into());
                }
            }
            Observation::ResumptionMoved(f) => {
                let who = self.people.get(&f.by).map(|(who, _)| *who).unwrap_or(0);
                let back = f.step == ResumptionStep::Back;
                let resumed = entry.list.iter().any(|c| matches!(c, Concluded::Resumed(_)));
                let Some(stop) = self.stops.iter_mut().find(|s| !s.pause && s.what == f.scope.what) else {
                    return Err("check 6: a step of what is not stopped".into());
                };
                let two = stop.asked.iter().any(|(step, other)| *step == f.step && *other != who);
                let own = !back && stop.by.contains(&who);
                if own || resumed != (two || back) {
                    return Err(format!(
                        "check 6: {} asks for {:?}: own stop {own}, two people {two}, taken {resumed}",
                        f.by, f.step
                    ));
                }
                stop.asked.retain(|(_, other)| *other != who);
                stop.asked.push((f.step.clone(), who));
            }
            _ => {}
        }
        self.conclusions(entry, now)
    }

    fn push(&mut self, fact: Option<WithdrawalAsked>, id: &str, initiator: &str, at: i64) {
        let (id, initiator) = (id.to_string(), initiator.to_string());
        let (waits, approvals, allowed) = (None, Vec::new(), None);
        self.rows.push(Row { fact, id, initiator, at, status: Status::Denied, waits, approvals, allowed, back: false });
    }

    fn conclusions(&mut self, entry: &Entry, now: i64) -> Result<(), String> {
        for concluded in &entry.list {
            match concluded {
                Concluded::Decided(d) => {
                    let Some(place) = self.rows.iter().position(|r| r.id == d.id) else { continue };
                    let fact = self.rows[place].fact.clone();
                    let row = &mut self.rows[place];
                    row.status = match &d.verdict {
                        Verdict::Allow => Status::Allowed,
                        Verdict::Deny => Status::Denied,
                        Verdict::Hold(h) => {
                            row.waits = h.until.map(|u| u.0).or((h.approvals == 0).then_some(i64::MIN));
                            Status::Held
                        }
                    };
                    let (Verdict::Allow, Some(fact)) = (&d.verdict, fact) else { continue };
                    let won = self.value(&fact.asset, fact.amount, now);
                    if won != d.won {
                        return Err(format!("check 3: {} is worth {won:?}, recorded is {:?}", d.id, d.won));
                    }
                    self.rows[place].allowed = Some((now, won));
                    let covered: Vec<bool> =
                        self.stops.iter().map(|s| !s.pause && self.covers(&s.what, &fact)).collect();
                    for (stop, _) in self.stops.iter_mut().zip(covered).filter(|(_, covered)| *covered) {
                        stop.passed.push((now, won.unwrap_or(0)));
                    }
                }
                Concluded::Tripped(t) => {
                    let by = match &entry.fact {
                        Observation::Suspended(f) => self.people.get(&f.by).map(|(who, _)| *who),
                        _ => None,
                    };
                    let usual = self
                        .inside(now, DAY, |f| self.covers(&t.scope.what, f))
                        .iter()
                        .filter_map(|(won, _)| *won)
                        .sum();
                    match self.stops.iter_mut().find(|s| !s.pause && s.what == t.scope.what) {
                        Some(stop) => {
                            if stop.sides != t.scope.sides {
                                stop.sides = Sides::Both;
                            }
                            stop.cap = None;
                            stop.asked.clear();
                            stop.by.extend(by);
                        }
                        None => self.stops.push(Stop {
                            what: t.scope.what.clone(),
                            sides: t.scope.sides,
                            pause: false,
                            cap: None,
                            by: by.into_iter().collect(),
                            asked: Vec::new(),
                            usual,
                            passed: Vec::new(),
                        }),
                    }
                }
                Concluded::Paused(p) => self.stops.push(Stop {
                    what: p.scope.what.clone(),
                    sides: p.scope.sides,
                    pause: true,
                    cap: None,
                    by: Vec::new(),
                    asked: Vec::new(),
                    usual: 0,
                    passed: Vec::new(),
                }),
                Concluded::Unpaused(s) => self.stops.retain(|stop| !stop.pause || stop.what != s.what),
                Concluded::Resumed(r) => {
                    if r.step == ResumptionStep::Full {
                        self.stops.retain(|s| s.pause || s.what != r.scope.what);
                    } else if let Some(stop) = self.stops.iter_mut().find(|s| !s.pause && s.what == r.scope.what) {
                        stop.cap = match r.step {
                            ResumptionStep::Canary(won) => Some(Cap::Won(won)),
                            ResumptionStep::Percent(p) => Some(Cap::Percent(p)),
                            _ => None,
                        };
                        stop.asked.clear();
                    }
                }
                Concluded::Evacuate(e) => {
                    for step in &e.moves {
                        let good = self.wallets.get(&step.to).is_some_and(|(_, domain, tier, since)| {
                            *tier == Tier::Evacuation && *domain != e.domain && since + 3 * DAY <= now
                        });
                        if !good {
                            return Err(format!("check 6: an evacuation to {}, which has not cooled down", step.to));
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Base units of a whole unit; both assets have eight digits.
pub const UNIT: i128 = 100_000_000;
