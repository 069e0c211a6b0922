//! Credits to customers: refused where they are more than is there, more than their event may cost, or a deposit that is not.
//!
//! It promises that credits that only together are too much are too much, and that what looks like an error of unit is named so.

use super::breaker::{Passage, Place};
use super::conclusion::{Concluded, Credited, Hold, Verdict};
use super::decide::{Decider, UNKNOWN_APPROVALS};
use super::names::{Kind, NOBODY};
use super::state::{Asset, Guard};
use super::view::{Keys, Question};
use crate::fact::{CreditAsked, EventDeclared, Sides};
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
    /// Entry and body of each credit by number.
    asked: Vec<(Stamp, CreditAsked)>,
    events: BTreeMap<u32, Event>,
    /// Credited since the moment of the last reading of holdings, by asset: the sum, and when how much.
    outstanding: BTreeMap<u32, (i128, VecDeque<(Instant, i128)>)>,
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
    /// The entry that asked for a credit, and how.
    pub fn credit(&self, id: &str) -> Option<&(Stamp, CreditAsked)> {
        let number = self.names.find(Kind::Credit, NOBODY, id)?;
        self.credits.asked.get(number as usize)
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
        arrived && tx.blocks.iter().any(|hash| read.is_final(hash) == Some(true) && read.is_witnessed(hash))
    }

    pub(super) fn conclude_credit(&self, decider: &Decider<'_>, fact: &CreditAsked, stamp: Stamp) -> Concluded {
        let (verdict, rule, hint, missing, unmet) = self.decide_credit(decider, fact, stamp);
        Concluded::Credited(Credited { credit: fact.id.clone(), verdict, rule, hint, missing, unmet })
    }

    fn decide_credit(
        &self,
        decider: &Decider<'_>,
        fact: &CreditAsked,
        stamp: Stamp,
    ) -> (Verdict, Option<String>, Option<String>, Vec<String>, Vec<super::conclusion::Unmet>) {
        let deny = |why: &str| (Verdict::Deny, None, Some(why.to_string()), Vec::new(), Vec::new());
        let Some((number, asset)) = self.asset(&fact.asset) else { return deny("the asset is not listed") };
        // A deposit lies where it arrived; everything else lies in no wallet.
        let nowhere = Place { wallet: NOBODY, domain: NOBODY, chain: asset.chain, asset: number };
        let arrived = fact.deposit.as_deref().and_then(|tx| self.tx(asset.chain, tx)?.1.to);
        let place = arrived.map_or(nowhere, |wallet| self.at(wallet, number));
        let passage = self.stops.passage(&place, Sides::Deposits, None, stamp.time);
        if let Passage::Stopped(cause) = passage {
            return deny(cause);
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
        // What the policy lets pass and nobody ever declared is not passed on by an error of unit.
        if hint.is_some() && verdict == Verdict::Allow {
            verdict = Verdict::Deny;
        }
        if let (Passage::Paused(cause), Verdict::Allow) = (passage, &verdict) {
            verdict = Verdict::Hold(Hold { approvals: UNKNOWN_APPROVALS, by: None, until: None });
            why = why.or(Some(cause.to_string()));
        }
        (verdict, ruled.rule, why, ruled.missing, ruled.unmet)
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

    pub(super) fn fold_credit(&mut self, fact: &CreditAsked, allowed: bool, entry: Stamp) -> bool {
        let number = self.names.number(Kind::Credit, NOBODY, &fact.id) as usize;
        if number != self.credits.asked.len() {
            return false;
        }
        self.credits.asked.push((entry, fact.clone()));
        if !allowed {
            return true;
        }
        let Some((number, asset)) = self.asset(&fact.asset) else { return false };
        let chain = asset.chain;
        // A deposit brings what it credits.
        if let Some(tx) = fact.deposit.as_deref() {
            let tx = self.names.find(Kind::Transfer, chain, tx);
            if let Some(tx) = tx.and_then(|tx| self.flows.txs.get_mut(tx as usize)) {
                tx.credited = true;
            }
            return true;
        }
        let (sum, list) = self.credits.outstanding.entry(number).or_default();
        *sum = sum.saturating_add(fact.amount);
        list.push_back((entry.time, fact.amount));
        let event = fact.event.as_deref().and_then(|event| self.names.find(Kind::Event, NOBODY, event));
        if let Some(event) = event.and_then(|event| self.credits.events.get_mut(&event)) {
            event.credited = event.credited.saturating_add(fact.amount);
        }
        true
    }
}
