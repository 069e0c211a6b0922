//! Credits to customers: refused where they are more than is there, more than their event may cost, or a deposit that is not.
//!
//! It promises that credits that only together are too much are too much, that what looks like an error of unit is named so and
//! that nobody can approve it, and that approvals decide nothing by themselves: the rules are asked again.

use super::breaker::{Passage, Place};
use super::chain::Chain;
use super::conclusion::{Concluded, Credited, Hold, Verdict};
use super::decide::Decider;
use super::flows::Tx;
use super::gate::{STALE, waits_until};
use super::names::{Kind, NOBODY};
use super::state::{Approval, Asked, Asset, Guard, Status};
use super::view::{Keys, Question};
use crate::fact::{BlockRead, CreditAsked, EventDeclared, Sides};
use crate::known::Stamp;
use alloc::collections::{BTreeMap, VecDeque};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use rulebook::time::Instant;

/// How many times an event's budget is far outside it: nobody declares a budget and spends a hundred of it.
const FAR: i128 = 100;

/// Credits and events.
#[derive(Clone, Debug, Default)]
pub struct Credits {
    /// Credits by number.
    asked: Vec<Credit>,
    events: BTreeMap<u32, Event>,
    /// Credited since the moment of the last reading of holdings, by asset: the sum, and when how much.
    outstanding: BTreeMap<u32, (i128, VecDeque<(Instant, i128)>)>,
    /// Deposits that were credited, by chain and height of the block they stood in, as long as blocks are told apart by branch.
    deposits: BTreeMap<(u32, u64), Vec<u32>>,
}

/// A credit that was asked for.
#[derive(Clone, Debug)]
pub struct Credit {
    /// The entry that asked.
    pub entry: Stamp,
    /// What it asked.
    pub fact: CreditAsked,
    /// Where it stands. What is allowed has been posted: it never ends.
    pub status: Status,
    /// Who approved.
    pub approvals: Vec<Approval>,
}

/// A payout event.
#[derive(Clone, Debug)]
struct Event {
    asset: u32,
    budget: i128,
    credited: i128,
}

impl Credits {
    /// The holdings of an asset are those of a moment: what was credited before is in them, what was credited since is not.
    pub(super) fn reconciled(&mut self, asset: u32, at: Instant) {
        let Some((sum, list)) = self.outstanding.get_mut(&asset) else { return };
        while let Some((_, amount)) = list.pop_front_if(|(credited, _)| *credited <= at) {
            *sum = sum.saturating_sub(amount);
        }
    }
}

impl Guard {
    /// A credit by its id.
    pub fn credit(&self, id: &str) -> Option<(u32, &Credit)> {
        let number = self.names.find(Kind::Credit, NOBODY, id)?;
        self.credits.asked.get(number as usize).map(|credit| (number, credit))
    }

    /// Every credit that was asked for, in order.
    pub fn credits(&self) -> &[Credit] {
        &self.credits.asked
    }

    pub(super) fn approve_credit(&mut self, number: u32, approval: Approval) {
        if let Some(credit) = self.credits.asked.get_mut(number as usize) {
            credit.approvals.push(approval);
        }
    }

    pub(super) fn declare(&mut self, fact: &EventDeclared) -> bool {
        let number = self.names.number(Kind::Event, NOBODY, &fact.event);
        let Some((asset, _)) = self.asset(&fact.asset) else { return false };
        let credited = self.credits.events.get(&number).map_or(0, |event| event.credited);
        self.credits.events.insert(number, Event { asset, budget: fact.budget, credited });
        true
    }

    /// Whether an event was declared with this asset and at least this budget.
    pub fn budget(&self, event: &str) -> Option<i128> {
        let number = self.names.find(Kind::Event, NOBODY, event)?;
        self.credits.events.get(&number).map(|event| event.budget)
    }

    /// What an event pays out.
    pub fn event_asset(&self, event: &str) -> Option<&str> {
        let number = self.names.find(Kind::Event, NOBODY, event)?;
        self.credits.events.get(&number).map(|event| self.names.text(Kind::Asset, event.asset))
    }

    fn is_deposit_final(&self, fact: &CreditAsked, tx: &str, asset: u32, chain: u32) -> bool {
        let Some((_, tx)) = self.tx(chain, tx) else { return false };
        let Some(read) = self.chains.get(chain as usize).and_then(Option::as_ref) else { return false };
        let (from, moved, amount) = tx.out;
        // What the exchange moves among its own wallets brings nothing, unless a customer withdrew it to there.
        let brings = from == NOBODY || matches!(tx.is, super::flows::Is::Authorised(_));
        let arrived = brings && tx.to.is_some() && moved == asset && amount == fact.amount && !tx.credited;
        // A block that is no longer told apart was witnessed while it was, or never.
        let witnessed = |hash: &str| read.is_witnessed(hash) || (read.height(hash).is_none() && tx.witnessed);
        arrived && tx.blocks.iter().any(|hash| read.is_final(hash) == Some(true) && witnessed(hash))
    }

    pub(super) fn conclude_credit(&self, decider: &Decider<'_>, fact: &CreditAsked, stamp: Stamp) -> Concluded {
        Concluded::Credited(self.weigh_credit(decider, fact, stamp.time, None))
    }

    /// Decides again about a credit that is held, with one more approval or after a delay.
    pub(super) fn credit_again(&self, decider: &Decider<'_>, number: u32, more: Option<&Approval>) -> Option<Credited> {
        let Credit { entry, fact, approvals, .. } = self.credits.asked.get(number as usize)?;
        if entry.time.plus(STALE) < decider.now {
            return Some(refused(&fact.id, "stale: asked more than 24 h ago"));
        }
        let quorum = |hold: &Hold| {
            let delay = hold.until.map_or(0, |until| until.0.saturating_sub(decider.now.0));
            self.has_quorum(hold, delay, approvals, more, entry.time, decider.now)
        };
        let mut again = self.weigh_credit(decider, fact, decider.now, Some(&quorum));
        if let Verdict::Hold(hold) = &mut again.verdict {
            hold.until = hold.until.map(|until| entry.time.plus(until.0.saturating_sub(decider.now.0)));
        }
        Some(again)
    }

    /// Rules, stops and errors of unit together; `quorum` says whether a hold's approvals are there.
    fn weigh_credit(
        &self,
        decider: &Decider<'_>,
        fact: &CreditAsked,
        now: Instant,
        quorum: Option<&dyn Fn(&Hold) -> bool>,
    ) -> Credited {
        let Some((number, asset)) = self.asset(&fact.asset) else {
            return refused(&fact.id, "the asset is not listed");
        };
        // A deposit lies where it arrived; everything else lies in no wallet.
        let nowhere = Place { wallet: NOBODY, domain: NOBODY, chain: asset.chain, asset: number };
        let arrived = fact.deposit.as_deref().and_then(|tx| self.tx(asset.chain, tx)?.1.to);
        let place = arrived.map_or(nowhere, |wallet| self.at(wallet, number));
        let passage = self.stops.passage(&place, Sides::Deposits, None, now);
        if let Passage::Stopped(cause) = passage {
            return refused(&fact.id, cause);
        }
        let event = fact.event.as_deref().map(|event| self.names.find(Kind::Event, NOBODY, event));
        let event = event.map(|number| self.credits.events.get(&number?));
        let hint = event.flatten().and_then(|event| self.unit_error(fact, number, asset, event));
        // An event in another asset than the credit has no budget for it.
        let of_asset = event.map(|event| event.filter(|event| event.asset == number));
        let outstanding = self.credits.outstanding.get(&number).map_or(0, |(sum, _)| *sum);
        let deposit = fact.deposit.as_deref();
        let question = Question {
            keys: Keys { asset: number, chain: asset.chain, ..Keys::default() },
            amount: fact.amount,
            of_event: event.is_some(),
            of_deposit: deposit.is_some(),
            deposit_final: deposit.is_some_and(|tx| self.is_deposit_final(fact, tx, number, asset.chain)),
            credit: asset.units(fact.amount),
            outstanding: asset.units(outstanding),
            budget: of_asset.flatten().and_then(|event| asset.units(event.budget)),
            event_credited: of_asset.flatten().and_then(|event| asset.units(event.credited)),
            ..Question::default()
        };
        let ruled = decider.rule(self, decider.words.ledger, &question);
        let mut verdict = ruled.verdict;
        let mut why = hint.clone().or(ruled.why);
        if let (Verdict::Hold(hold), Some(quorum)) = (&verdict, quorum)
            && quorum(hold)
        {
            verdict = Verdict::Allow;
        }
        // What the policy or people let pass and nobody ever declared is not passed on by an error of unit.
        if hint.is_some() && verdict == Verdict::Allow {
            verdict = Verdict::Deny;
        }
        if let (Passage::Paused(cause), Verdict::Allow) = (passage, &verdict) {
            // It waits for the end of the pause, not for people.
            verdict = Verdict::Hold(Hold { approvals: 0, by: None, until: None });
            why = why.or(Some(cause.to_string()));
        }
        let (credit, rule, missing, unmet) = (fact.id.clone(), ruled.rule, ruled.missing, ruled.unmet);
        Credited { credit, verdict, rule, hint: why, missing, unmet }
    }

    /// The first deposit that was credited and that a block leaves on a branch that lost, with its own height read by as many as
    /// make a deposit final: a chain is rewritten deeper than it counts as final, and may be so again.
    pub(super) fn undone(&self, before: &Chain, chain: &Chain, number: u32, fact: &BlockRead) -> Option<u32> {
        let heights = match () {
            () if before.extends(fact) => return None,
            // One more source reads a known block: only there anything is new.
            () if before.height(&fact.hash).is_some() => fact.height..=fact.height,
            () => 0..=u64::MAX,
        };
        let credited = self.credits.deposits.range((number, *heights.start())..=(number, *heights.end()));
        let replaced =
            credited.filter(|((_, height), _)| chain.own_at(*height).is_some_and(|own| chain.is_witnessed(own)));
        let gone = |tx: &Tx| !tx.blocks.iter().any(|hash| chain.is_own(hash));
        replaced.flat_map(|(_, txs)| txs).copied().find(|tx| self.flows.txs.get(*tx as usize).is_some_and(gone))
    }

    /// Forgets deposits whose blocks are no longer told apart, and one that was found to be undone.
    pub(super) fn forget_deposits(&mut self, number: u32, undone: Option<u32>) {
        let Some(chain) = self.chains.get(number as usize).and_then(Option::as_ref) else { return };
        let deposits = &mut self.credits.deposits;
        while let Some((&(of, height), _)) = deposits.range((number, 0)..=(number, u64::MAX)).next()
            && chain.own_at(height).is_none()
        {
            deposits.remove(&(of, height));
        }
        if let Some(undone) = undone {
            deposits.values_mut().for_each(|txs| txs.retain(|tx| *tx != undone));
        }
    }

    /// What a credit far outside its event's budget looks like.
    fn unit_error(&self, fact: &CreditAsked, number: u32, asset: &Asset, event: &Event) -> Option<String> {
        let say = |amount: i128, asset: &Asset| asset.units(amount).map_or_else(String::new, |units| units.to_string());
        let (credit, own) = (say(fact.amount, asset), event.asset == number);
        let budgeted = self.assets.get(event.asset as usize)?;
        let (budget, of) = (say(event.budget, budgeted), self.names.text(Kind::Asset, event.asset));
        if !own {
            // The figures agree and the assets do not: the sum was meant in the other unit.
            let same = asset.units(fact.amount)? <= budgeted.units(event.budget)?;
            let what = if same { "entered in the wrong unit" } else { "of another asset than its event" };
            return Some(format!("{credit} {} where {budget} {of} is declared: {what}", fact.asset));
        }
        let far = event.budget.checked_mul(FAR)?;
        (fact.amount > far).then(|| {
            format!("{credit} {} is more than {FAR} times the budget of {budget}: is the unit right?", fact.asset)
        })
    }

    pub(super) fn fold_credit(&mut self, fact: &CreditAsked, concluded: &[Concluded], entry: Stamp) -> bool {
        let number = self.names.number(Kind::Credit, NOBODY, &fact.id) as usize;
        if number != self.credits.asked.len() {
            return false;
        }
        self.armed = true;
        let (fact, status, approvals) = (fact.clone(), Status::Denied, Vec::new());
        self.credits.asked.push(Credit { entry, fact, status, approvals });
        self.fold_decided(concluded, entry);
        true
    }

    /// Takes an answer in.
    pub(super) fn set_credit(&mut self, credited: &Credited, entry: Stamp) {
        let Some((number, credit)) = self.credit(&credited.credit) else { return };
        if let Status::Held(hold) = &credit.status {
            let waits = (waits_until(hold), Asked::Credit(number));
            self.held = self.held.saturating_sub(1);
            self.waiting.remove(&waits);
        }
        let status = match &credited.verdict {
            Verdict::Allow => Status::Allowed,
            Verdict::Deny => Status::Denied,
            Verdict::Hold(hold) => {
                self.held = self.held.saturating_add(1);
                if hold.until.is_some() || hold.approvals == 0 {
                    self.waiting.insert((waits_until(hold), Asked::Credit(number)));
                }
                Status::Held(hold.clone())
            }
        };
        let Some(credit) = self.credits.asked.get_mut(number as usize) else { return };
        credit.status = status;
        if credited.verdict == Verdict::Allow {
            let fact = credit.fact.clone();
            self.post(&fact, entry);
        }
    }

    /// Counts what is credited.
    fn post(&mut self, fact: &CreditAsked, entry: Stamp) {
        let Some((number, asset)) = self.asset(&fact.asset) else { return };
        let chain = asset.chain;
        // A deposit brings what it credits.
        if let Some(tx) = fact.deposit.as_deref() {
            if let Some(number) = self.names.find(Kind::Transfer, chain, tx)
                && let Some(tx) = self.flows.txs.get_mut(number as usize)
            {
                tx.credited = true;
                let read = self.chains.get(chain as usize).and_then(Option::as_ref);
                let height = read
                    .and_then(|read| tx.blocks.iter().find_map(|hash| read.height(hash).filter(|_| read.is_own(hash))));
                if let Some(height) = height {
                    self.credits.deposits.entry((chain, height)).or_default().push(number);
                }
            }
            return;
        }
        let (sum, list) = self.credits.outstanding.entry(number).or_default();
        *sum = sum.saturating_add(fact.amount);
        list.push_back((entry.time, fact.amount));
        let event = fact.event.as_deref().and_then(|event| self.names.find(Kind::Event, NOBODY, event));
        if let Some(event) = event.and_then(|event| self.credits.events.get_mut(&event)) {
            event.credited = event.credited.saturating_add(fact.amount);
        }
    }
}

pub(super) fn refused(id: &str, why: &str) -> Credited {
    let (missing, unmet) = (Vec::new(), Vec::new());
    Credited { credit: id.into(), verdict: Verdict::Deny, rule: None, hint: Some(why.into()), missing, unmet }
}
