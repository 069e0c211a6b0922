//! Every outflow beside an authorisation, once.
//!
//! It promises that the same blocks end in the same state whatever their order, that an authorisation covers one transfer on
//! one branch, and that a transfer that nothing covers is said so the first time any source tells of it. Equal
//! authorisations (wallet, asset, amount, destination, tag) are interchangeable: what counts is how many.

use super::chain::Chain;
use super::conclusion::{Concluded, Mandated, Matched, Named, Paused, Ticketed, Tripped, Unmatched};
use super::decide::{Answer, Decider};
use super::flows::{FlowKey, Is, Tx};
use super::names::{Kind, NOBODY};
use super::plan;
use super::state::{Asset, Guard, Status};
use super::view::{Keys, Question};
use crate::fact::{BlockRead, Descriptor, Ending, Moves, Reach, Scope, Sides, Transfer};
use crate::known::Stamp;
use crate::planted::{Bug, is};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use rulebook::number::Number;
use rulebook::time::Instant;

/// Why a chain stops whose reorganisation took a deposit back that was final and credited.
pub(super) const UNDONE: &str = "a deposit that was credited is no longer on its chain";

/// Where an authorisation for a transfer is.
enum Cover {
    Free(u32),
    /// Another transfer has it, on a branch that lost.
    Takes(u32, u32),
    Waits,
    Hidden,
    None,
}

impl Guard {
    fn place(&self, chain: &Chain, blocks: &[&str], key: &FlowKey, taken: &BTreeSet<u32>) -> Cover {
        let Some(flow) = self.flows.by_key.get(self.names.key(), key) else { return Cover::None };
        let open = |number: &u32| {
            let withdrawal = self.withdrawals.get(*number as usize);
            !taken.contains(number)
                && withdrawal.is_some_and(|w| (w.tx.is_none() || is(Bug::AuthorisationTwice)) && may_be_sent(&w.status))
        };
        if let Some(free) = flow.withdrawals.iter().copied().find(|number| open(number)) {
            return Cover::Free(free);
        }
        let own = |hashes: &[&str]| hashes.iter().any(|hash| chain.is_own(hash));
        let (mut waits, mut hidden) = (false, false);
        for number in &flow.txs {
            let Some((tx, Is::Authorised(withdrawal))) = self.flows.txs.get(*number as usize).map(|tx| (tx, tx.is))
            else {
                continue;
            };
            let theirs: Vec<&str> = tx.blocks.iter().map(|hash| &**hash).collect();
            let pairs = theirs.iter().flat_map(|a| blocks.iter().map(|b| chain.on_one_branch(a, b)));
            let (mut relation, mut gap) = (false, false);
            for pair in pairs {
                relation |= pair == Some(true);
                gap |= pair.is_none();
            }
            match (relation, gap) {
                (false, true) => hidden = true,
                _ if taken.contains(&withdrawal) => {}
                // Also where the two stood together on a branch that lost: should that one win again, the other takes another's.
                _ if own(blocks) && !own(&theirs) => return Cover::Takes(*number, withdrawal),
                (true, _) => {}
                _ => waits = true,
            }
        }
        if waits {
            Cover::Waits
        } else if hidden {
            Cover::Hidden
        } else {
            Cover::None
        }
    }

    /// What a transfer is called among all of its chain.
    pub(super) fn tx(&self, chain: u32, text: &str) -> Option<(u32, &Tx)> {
        let number = self.names.find(Kind::Transfer, chain, text)?;
        self.flows.txs.get(number as usize).map(|tx| (number, tx))
    }

    pub(super) fn key_of(&self, chain: u32, wallet: u32, t: &Transfer) -> Option<FlowKey> {
        Some(FlowKey {
            wallet,
            asset: self.asset(&t.asset)?.0,
            amount: t.amount,
            destination: self.names.find(Kind::Address, chain, &t.to)?,
            tag: t.tag.as_deref().map(Into::into).filter(|_| !is(Bug::TagNotCompared)),
        })
    }

    fn fits(&self, descriptor: &Descriptor, address: &str, wallet: Option<u32>) -> bool {
        match descriptor {
            Descriptor::Address(other) => other == address,
            Descriptor::Wallet(name) => wallet.is_some() && self.names.find(Kind::Wallet, NOBODY, name) == wallet,
            Descriptor::Tier(tier) => {
                wallet.and_then(|wallet| self.wallets.get(wallet as usize)).is_some_and(|wallet| wallet.tier == *tier)
            }
        }
    }

    /// The mandate that covers a transfer.
    fn mandated(
        &self,
        t: &Transfer,
        from: u32,
        to: Option<u32>,
        at: Instant,
        used: &BTreeMap<usize, i128>,
    ) -> Option<usize> {
        let name = match &t.what {
            Moves::Authority(what) => format!("authority:{what}"),
            _ => t.asset.clone(),
        };
        let asset = self.names.find(Kind::Asset, NOBODY, &name)?;
        self.mandates.iter().enumerate().position(|(number, mandate)| {
            let fact = &mandate.fact;
            let own = used.get(&number).copied().unwrap_or(0).saturating_add(t.amount);
            mandate.asset == asset
                && at <= fact.expires
                && t.amount <= fact.cap_each
                && mandate.most(at).saturating_add(own) <= fact.cap_window
                && t.fee <= fact.fee_cap
                && self.fits(&fact.from, &t.from, Some(from))
                && self.fits(&fact.to, &t.to, to)
        })
    }

    /// The nearest authorisation, and what differs.
    fn nearest(&self, key: Option<&FlowKey>, wallet: u32, t: &Transfer) -> String {
        let Some(asset) = self.asset(&t.asset).map(|(number, _)| number) else {
            return format!("{} is no listed asset", t.asset);
        };
        let known = key.and_then(|key| self.flows.by_key.get(self.names.key(), key));
        if known.is_some_and(|flow| !flow.withdrawals.is_empty()) {
            return "its authorisation was used by another transfer".to_string();
        }
        let to = key.map_or(NOBODY, |key| key.destination);
        let latest = self.flows.latest.get(&(wallet, asset)).into_iter().flat_map(|latest| latest.iter().rev());
        let open = latest.filter_map(|number| self.withdrawals.get(*number as usize));
        for w in open.filter(|w| w.tx.is_none() && may_be_sent(&w.status)) {
            let differs = match (w.amount == t.amount, w.destination == to) {
                (true, true) => "the tag differs".to_string(),
                (true, false) => format!("authorised to {}", self.names.text(Kind::Address, w.destination)),
                (false, true) => format!("authorised for {}", w.amount),
                (false, false) => continue,
            };
            return differs;
        }
        "nothing like it was authorised".to_string()
    }

    /// What follows from a block.
    pub(super) fn conclude_block(&self, decider: &Decider<'_>, fact: &BlockRead, stamp: Stamp) -> Vec<Concluded> {
        let mut out = Vec::new();
        let Some(number) = self.names.find(Kind::Chain, NOBODY, &fact.chain) else { return out };
        let Some(before) = self.chains.get(number as usize).and_then(Option::as_ref) else { return out };
        let source = self.names.find(Kind::Source, NOBODY, &fact.source).unwrap_or(NOBODY);
        let mut chain = before.clone();
        chain.read(fact, source, stamp.time);
        let mut reader = Reader {
            guard: self,
            decider,
            chain: &chain,
            number,
            stamp,
            taken: BTreeSet::new(),
            used: BTreeMap::new(),
            tickets: BTreeSet::new(),
            left: BTreeMap::new(),
            out: &mut out,
        };
        reader.read(fact);
        reader.settle();
        reader.settle_awaited(None);
        if let Some(tx) = self.undone(before, &chain, number, fact) {
            reader.undone(tx);
        }
        reader.pause(&fact.chain);
        out
    }

    /// Looks again at what waited for its authorisation to be copied, now that everything up to a moment is here.
    pub(super) fn settle_awaited(&self, decider: &Decider<'_>, stamp: Stamp, until: Instant) -> Vec<Concluded> {
        let mut out = Vec::new();
        let chains: BTreeSet<u32> = self.flows.awaited.values().map(|awaited| awaited.chain).collect();
        for number in chains {
            let Some(chain) = self.chains.get(number as usize).and_then(Option::as_ref) else { continue };
            let (taken, used, left) = (BTreeSet::new(), BTreeMap::new(), BTreeMap::new());
            let (guard, tickets, out) = (self, BTreeSet::new(), &mut out);
            let mut reader = Reader { guard, decider, chain, number, stamp, taken, tickets, used, left, out };
            reader.settle_awaited(Some(until));
        }
        out
    }
}

/// A withdrawal that may be found on its chain.
fn may_be_sent(status: &Status) -> bool {
    // Somebody may say that it is confirmed before a node has read its block.
    matches!(status, Status::Allowed | Status::Signed | Status::Ended(Ending::Confirmed))
}

/// One block being looked at.
struct Reader<'r> {
    guard: &'r Guard,
    decider: &'r Decider<'r>,
    chain: &'r Chain,
    number: u32,
    stamp: Stamp,
    /// Withdrawals that transfers before this one took.
    taken: BTreeSet<u32>,
    /// What mandates let pass before this one.
    used: BTreeMap<usize, i128>,
    /// Tickets that transfers before this one used.
    tickets: BTreeSet<u32>,
    /// What left wallets with this block.
    left: BTreeMap<(u32, u32), i128>,
    out: &'r mut Vec<Concluded>,
}

impl Reader<'_> {
    fn read(&mut self, fact: &BlockRead) {
        let (guard, chain) = (self.guard, self.number);
        let own = |address: &str| guard.find_address(chain, address).and_then(|(_, address)| address.wallet);
        // The same transfer twice in one block is one.
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for t in fact.transfers.iter().filter(|t| !t.log && seen.insert(&t.tx)) {
            let Some(from) = own(&t.from) else { continue };
            let to = own(&t.to);
            let known = guard.tx(self.number, &t.tx);
            if let Some((number, tx)) = known {
                // A second source saw what tripped: the signer need not wait for a person.
                if tx.is == Is::Unmatched && self.chain.seen_by(&fact.hash) == 2 {
                    self.seen_twice(from);
                }
                let waits = matches!(tx.is, Is::Unmatched | Is::Open);
                if waits || !guard.tells_otherwise(number, self.number, t, from) {
                    if tx.fee < t.fee {
                        self.fee(t, from, fact);
                    }
                    continue;
                }
                // Two stories of one transfer: the second must be covered as well, whoever told the first.
                if matches!(tx.is, Is::Authorised(_)) {
                    self.out.push(Concluded::Retracted(t.tx.clone()));
                }
                // A first one that still waits for the gate's journal has waited long enough.
                let first = guard.flows.awaited.get(&number).and_then(|awaited| awaited.block.transfers.first());
                if let Some((first, from)) = first.and_then(|first| Some((first, own(&first.from)?))) {
                    self.outflow(first, from, own(&first.to), fact, &fact.hash, Some(true));
                }
            }
            self.leaves(from, t);
            self.fee(t, from, fact);
            if t.failed && !is(Bug::FailedIsOutflow) {
                continue;
            }
            // Change comes back to where it was.
            if to == Some(from) && t.what == Moves::Amount && !is(Bug::ChangeIsOutflow) {
                continue;
            }
            self.outflow(t, from, to, fact, &fact.hash, None);
        }
    }

    /// What waited for the gate's journal: its authorisation came, or it did not in time.
    fn settle_awaited(&mut self, until: Option<Instant>) {
        let guard = self.guard;
        for (number, awaited) in &guard.flows.awaited {
            let Some(tx) = guard.flows.txs.get(*number as usize).filter(|_| awaited.chain == self.number) else {
                continue;
            };
            let Some(t) = awaited.block.transfers.first() else { continue };
            let own = |address: &str| guard.find_address(self.number, address).and_then(|(_, address)| address.wallet);
            let Some(from) = own(&t.from) else { continue };
            // It may stand in another block by now.
            let hash = tx.blocks.iter().find(|hash| self.chain.is_own(hash)).or(tx.blocks.first());
            let hash: String = hash.map_or(awaited.block.hash.as_str(), |hash| hash).into();
            let over = until.is_some_and(|until| until >= awaited.seen) || self.stamp.time >= awaited.until;
            self.outflow(t, from, own(&t.to), &awaited.block, &hash, Some(over));
        }
    }

    /// Whether what nothing covers may be authorised by what the gate recorded and nobody has copied yet.
    fn may_be_on_its_way(&self) -> bool {
        self.guard.gate.is_some_and(|copied| copied.until < self.stamp.time && copied.grace > 0)
    }

    fn leaves(&mut self, from: u32, t: &Transfer) {
        let mut leave = |asset: &str, amount: i128| {
            if let Some((asset, _)) = self.guard.asset(asset) {
                let left = self.left.entry((from, asset)).or_default();
                *left = left.saturating_add(amount);
            }
        };
        leave(t.fee_asset.as_deref().unwrap_or(&t.asset), t.fee);
        if !t.failed && t.what == Moves::Amount {
            leave(&t.asset, t.amount);
        }
    }

    fn worth(&self, asset: &Asset, amount: i128) -> Option<i128> {
        asset.prices.value(amount, self.stamp.time).or_else(|| asset.prices.value_of_gone(amount))
    }

    fn question<'q>(&self, t: &'q Transfer, from: u32, asset: &str, amount: i128) -> (Question<'q>, Option<i128>) {
        let found = self.guard.asset(asset);
        let won = found.and_then(|(_, asset)| self.worth(asset, amount));
        let asset = found.map_or(NOBODY, |(number, _)| number);
        let keys = Keys { wallet: from, asset, chain: self.number, ..self.guard.keys(from, asset, &t.to, "") };
        let value = won.map(Number::integer);
        (Question { keys, value, destination: &t.to, matched: Some(false), ..Question::default() }, won)
    }

    fn fee(&mut self, t: &Transfer, from: u32, fact: &BlockRead) {
        if t.fee <= 0 {
            return;
        }
        let asset = t.fee_asset.as_deref().unwrap_or(&t.asset);
        let (question, won) = self.question(t, from, asset, t.fee);
        let answer = self.decider.outflow(self.guard, &Question { cause: Some("fee"), ..question });
        if answer != Answer::Nothing {
            let why = "a fee above what the policy lets pass".into();
            self.unmatched(t, from, asset, t.fee, won, why, Some("fee"), &answer, &fact.hash);
        }
    }

    /// `over` says of what waited whether it waited long enough.
    fn outflow(&mut self, t: &Transfer, from: u32, to: Option<u32>, fact: &BlockRead, hash: &str, over: Option<bool>) {
        let guard = self.guard;
        let (question, won) = self.question(t, from, &t.asset, t.amount);
        let tx = || t.tx.clone();
        if let Moves::Named(cause) = &t.what {
            let answer = self.decider.outflow(guard, &Question { cause: Some(cause), ..question });
            match answer {
                Answer::Nothing => self.out.push(Concluded::Named(Named { tx: tx(), cause: cause.clone() })),
                _ => {
                    let why = format!("{cause} above its cap");
                    self.unmatched(t, from, &t.asset, t.amount, won, why, Some(cause), &answer, hash);
                }
            }
            return;
        }
        let authority = matches!(t.what, Moves::Authority(_));
        let key = guard.key_of(self.number, from, t).filter(|_| !authority);
        let cover = match &key {
            Some(key) => guard.place(self.chain, &[hash], key, &self.taken),
            None => Cover::None,
        };
        match cover {
            Cover::Free(withdrawal) => return self.matched(tx(), withdrawal),
            Cover::Takes(other, withdrawal) => {
                let other = guard.names.text(Kind::Transfer, other).into();
                self.out.push(Concluded::Retracted(other));
                return self.matched(tx(), withdrawal);
            }
            Cover::Waits => return,
            Cover::Hidden | Cover::None => {}
        }
        if let Some(mandate) = guard.mandated(t, from, to, fact.at.min(self.stamp.time), &self.used) {
            let used = self.used.entry(mandate).or_default();
            *used = used.saturating_add(t.amount);
            let mandate = guard.mandates.get(mandate).map_or_else(String::new, |mandate| mandate.fact.id.clone());
            self.out.push(Concluded::Mandated(Mandated { tx: tx(), mandate }));
            return;
        }
        if matches!(cover, Cover::Hidden) {
            // Two of one authorisation with a gap between them: known when the gap closes; until then the chain waits.
            self.halt(&fact.chain, "a gap hides whether an authorisation was used twice");
            return;
        }
        if !authority && to.is_some_and(|to| plan::is_evacuation(guard, from, to, self.stamp)) {
            self.out.push(Concluded::Named(Named { tx: tx(), cause: plan::EVACUATION.into() }));
            return;
        }
        let mut nearly = None;
        if !authority {
            match guard.ticketed(t, &guard.wallet_name(from), fact.at, &self.tickets) {
                Ok(number) => {
                    self.tickets.insert(number);
                    let ticket = guard.names.text(Kind::Ticket, number).into();
                    self.out.push(Concluded::Ticketed(Ticketed { tx: tx(), ticket }));
                    return;
                }
                Err(near) => nearly = near,
            }
        }
        let answer = self.decider.outflow(guard, &Question { authority, ..question });
        let why = match &t.what {
            Moves::Authority(what) => format!("power over the wallet changed: {what}"),
            _ => nearly.unwrap_or_else(|| guard.nearest(key.as_ref(), from, t)),
        };
        let amount = if authority { 0 } else { t.amount };
        let cause = authority.then_some("authority");
        let won = won.filter(|_| !authority);
        match over {
            Some(false) => {}
            None if self.may_be_on_its_way() => {
                let (wallet, asset) = (guard.wallet_name(from), t.asset.clone());
                self.out.push(Concluded::Awaited(Unmatched {
                    tx: tx(),
                    wallet,
                    asset,
                    amount,
                    won,
                    why,
                    cause: cause.map(Into::into),
                }));
            }
            _ => self.unmatched(t, from, &t.asset, amount, won, why, cause, &answer, hash),
        }
    }

    fn matched(&mut self, tx: String, withdrawal: u32) {
        self.taken.insert(withdrawal);
        let withdrawal = self.guard.names.text(Kind::Withdrawal, withdrawal).into();
        self.out.push(Concluded::Matched(Matched { tx, withdrawal }));
    }

    #[expect(clippy::too_many_arguments)]
    fn unmatched(
        &mut self,
        t: &Transfer,
        from: u32,
        asset: &str,
        amount: i128,
        won: Option<i128>,
        why: String,
        cause: Option<&str>,
        answer: &Answer,
        hash: &str,
    ) {
        let wallet = self.guard.wallet_name(from);
        self.out.push(Concluded::Unmatched(Unmatched {
            tx: t.tx.clone(),
            wallet,
            asset: asset.into(),
            amount,
            won,
            why,
            cause: cause.map(Into::into),
        }));
        let twice = self.chain.seen_by(hash) >= 2;
        // Not final enough, or on a branch that may never be: it waits, and the fires show it.
        if self.chain.is_final(hash) == Some(true) {
            self.act(answer, from, asset, &t.tx, twice);
        }
    }

    /// Does what a rule says about an outflow that nothing covers.
    fn act(&mut self, answer: &Answer, from: u32, asset: &str, tx: &str, twice: bool) {
        let guard = self.guard;
        match answer {
            Answer::Nothing | Answer::Warn(_) => {}
            Answer::Pause(rule) => {
                let chain = String::from(guard.names.text(Kind::Chain, self.number));
                let why = format!("{} cannot be decided", rule.as_deref().unwrap_or("the policy"));
                self.halt(&chain, &why);
            }
            Answer::Suspend { reach, sides, rule } => {
                let wallet = guard.wallets.get(from as usize);
                let domain = wallet.map_or("", |wallet| guard.names.text(Kind::Domain, wallet.domain));
                let what = match reach.as_str() {
                    "all" => Reach::All,
                    "chain" => Reach::Chain(guard.names.text(Kind::Chain, self.number).into()),
                    "asset" => Reach::Asset(asset.into()),
                    "wallet" => Reach::Wallet(guard.wallet_name(from)),
                    _ => Reach::Domain(domain.into()),
                };
                self.trip(what, *sides, rule, tx, domain, twice);
            }
        }
    }

    fn trip(&mut self, what: Reach, sides: Sides, rule: &Option<String>, tx: &str, domain: &str, twice: bool) {
        let cause = "an outflow that nothing authorised";
        // A stop that somebody made before stops perhaps one side only, and planned nothing.
        let already = |what: &Reach, cause: &str, out: &[Concluded]| {
            let now = out.iter().any(|c| matches!(c, Concluded::Tripped(t) if t.scope.what == *what));
            now || self.guard.stops.trip(what).is_some_and(|stop| {
                stop.is_retired() || (stop.stage == super::breaker::Stage::Stopped && stop.cause == cause)
            })
        };
        if already(&what, cause, self.out) {
            return;
        }
        let scope = Scope { what: what.clone(), sides };
        let said = Tripped { scope, cause: cause.into(), tx: Some(tx.into()), rule: rule.clone() };
        if self.chain.observed {
            self.out.push(Concluded::WouldTrip(said));
            return;
        }
        self.out.push(Concluded::Tripped(said));
        if let Reach::Domain(own) = &what {
            let other = |what: &Reach| matches!(what, Reach::Domain(domain) if domain != own);
            let stops = self.guard.stops.all().iter().filter(|stop| !stop.pause && !stop.is_retired());
            let stops = stops.map(|stop| &stop.scope.what);
            let second = stops.into_iter().any(other)
                || self.out.iter().any(|c| matches!(c, Concluded::Tripped(t) if other(&t.scope.what)));
            let cause = "a second key domain lost an outflow";
            if second && !already(&Reach::All, cause, self.out) {
                let scope = Scope { what: Reach::All, sides: Sides::Both };
                self.out.push(Concluded::Tripped(Tripped {
                    scope,
                    cause: cause.into(),
                    tx: Some(tx.into()),
                    rule: rule.clone(),
                }));
            }
        }
        self.out.push(Concluded::Evacuate(plan::evacuation(self.guard, domain, &self.left, twice, self.stamp)));
    }

    /// A deposit that was credited is no longer on its chain.
    fn undone(&mut self, tx: u32) {
        let what = Reach::Chain(self.guard.names.text(Kind::Chain, self.number).into());
        let (tx, cause) = (self.guard.names.text(Kind::Transfer, tx).into(), UNDONE.into());
        let said = Tripped { scope: Scope { what, sides: Sides::Both }, cause, tx: Some(tx), rule: None };
        self.out.push(if self.chain.observed { Concluded::WouldTrip(said) } else { Concluded::Tripped(said) });
    }

    fn seen_twice(&mut self, from: u32) {
        let guard = self.guard;
        let Some(wallet) = guard.wallets.get(from as usize) else { return };
        let domain = guard.names.text(Kind::Domain, wallet.domain);
        let planned = self.out.iter().any(|c| matches!(c, Concluded::Evacuate(e) if e.domain == domain));
        if !planned && guard.stops.is_incident() {
            self.out.push(Concluded::Evacuate(plan::evacuation(guard, domain, &self.left, true, self.stamp)));
        }
    }

    fn halt(&mut self, chain: &str, why: &str) {
        let what = Reach::Chain(chain.into());
        let known = self.guard.stops.pause(&what).is_some()
            || self.out.iter().any(|c| matches!(c, Concluded::Paused(p) if p.scope.what == what));
        if !known && !self.chain.observed {
            let scope = Scope { what, sides: Sides::Both };
            self.out.push(Concluded::Paused(Paused { scope, why: why.into() }));
        }
    }

    /// Looks again at what waited: transfers of a branch that may have won, and blocks that may be final now.
    fn settle(&mut self) {
        let guard = self.guard;
        for number in &guard.flows.open {
            let Some(tx) = guard.flows.txs.get(*number as usize).filter(|tx| tx.chain == self.number) else { continue };
            let Some(key) = &tx.key else { continue };
            let blocks: Vec<&str> = tx.blocks.iter().map(|hash| &**hash).collect();
            let name: String = guard.names.text(Kind::Transfer, *number).into();
            match guard.place(self.chain, &blocks, key, &self.taken) {
                Cover::Free(withdrawal) => self.matched(name, withdrawal),
                Cover::Takes(other, withdrawal) => {
                    let other = guard.names.text(Kind::Transfer, other).into();
                    self.out.push(Concluded::Retracted(other));
                    self.matched(name, withdrawal);
                }
                Cover::Waits | Cover::Hidden => {}
                Cover::None => {
                    let (from, asset, amount) = tx.out;
                    let asset = String::from(guard.names.text(Kind::Asset, asset));
                    let wallet = guard.wallet_name(from);
                    let won = guard.asset(&asset).and_then(|(_, asset)| self.worth(asset, amount));
                    let why = "its authorisation was used by another transfer".into();
                    let said =
                        Unmatched { tx: name.clone(), wallet, asset: asset.clone(), amount, won, why, cause: None };
                    self.out.push(Concluded::Unmatched(said));
                    self.late(*number, &name, from, &asset, amount, None);
                }
            }
        }
        for number in &self.guard.waiting_in(self.number) {
            let Some(tx) = guard.flows.txs.get(*number as usize) else { continue };
            let name: String = guard.names.text(Kind::Transfer, *number).into();
            let Some((asset, amount, cause)) = &tx.loose else { continue };
            let asset = String::from(guard.names.text(Kind::Asset, *asset));
            self.late(*number, &name, tx.out.0, &asset, *amount, cause.as_deref());
        }
    }

    /// Acts on a transfer without an authorisation that was told of earlier, once it is final enough.
    fn late(&mut self, number: u32, name: &str, from: u32, asset: &str, amount: i128, cause: Option<&str>) {
        let Some(tx) = self.guard.flows.txs.get(number as usize) else { return };
        let Some(hash) = tx.blocks.iter().find(|hash| self.chain.is_final(hash) == Some(true)) else { return };
        let keys = Keys { wallet: from, chain: self.number, ..Keys::default() };
        let value = self.guard.asset(asset).and_then(|(_, asset)| self.worth(asset, amount)).map(Number::integer);
        let authority = cause == Some("authority");
        let cause = cause.filter(|_| !authority);
        let question = Question { keys, value, matched: Some(false), authority, cause, ..Question::default() };
        let answer = self.decider.outflow(self.guard, &question);
        let twice = self.chain.seen_by(hash) >= 2;
        self.act(&answer, from, asset, name, twice);
    }

    /// Pauses or unpauses the chain by what its sources say now.
    fn pause(&mut self, chain: &str) {
        let (agreed, lagging) = (self.chain.agreed(), self.chain.lagging());
        let keys = Keys { chain: self.number, ..Keys::default() };
        let mut answer = self.decider.chain(self.guard, &Question { keys, agreed, lagging, ..Question::default() });
        if self.chain.observed {
            answer = Answer::Nothing;
        }
        let what = Reach::Chain(chain.into());
        let paused = self.guard.stops.pause(&what).is_some();
        let said = self.out.iter().any(|c| matches!(c, Concluded::Paused(p) if p.scope.what == what));
        match answer {
            Answer::Nothing | Answer::Warn(_) => {
                if paused && !said {
                    self.out.push(Concluded::Unpaused(Scope { what, sides: Sides::Both }));
                }
            }
            Answer::Pause(_) | Answer::Suspend { .. } if paused || said => {}
            Answer::Pause(_) | Answer::Suspend { .. } => {
                let sides = if let Answer::Suspend { sides, .. } = answer { sides } else { Sides::Both };
                let why = if agreed { "a source is silent or behind" } else { "the sources disagree" };
                self.out.push(Concluded::Paused(Paused { scope: Scope { what, sides }, why: why.into() }));
            }
        }
    }
}
