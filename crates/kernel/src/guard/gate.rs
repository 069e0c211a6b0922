//! Withdrawals before they are signed: decided, approved, shown, ended.
//!
//! It promises that what is allowed is counted at once and given back only when it was never signed; that approvals decide
//! nothing by themselves: when the quorum is there, the rules are asked again; and that a payload must do exactly what was
//! asked. Unknown never allows.

use super::breaker::{Passage, Place};
use super::conclusion::{Concluded, Decided, Hold, Signable, Verdict};
use super::credit::refused;
use super::decide::{Decider, Ruled, UNKNOWN_APPROVALS};
use super::names::{Kind, NOBODY};
use super::state::{Approval, Asked, Change, Guard, Status, Withdrawal};
use super::view::Question;
use super::windows::{Consumption, UNPRICED};
use crate::fact::{
    ApprovalGiven, Effect, Ending, Operation, PayloadShown, PolicyAsked, Sides, WithdrawalAsked, WithdrawalEnded,
};
use crate::known::Stamp;
use crate::planted::{Bug, is};
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use journal::Hash;
use rulebook::number::Number;
use rulebook::time::{HOUR, Instant, MINUTE};

/// After this a request is stale: whoever asked has given up or asked again, and the world has moved.
pub const STALE: i64 = 24 * HOUR;
/// How far ahead a caller's clock may be.
pub const AHEAD: i64 = 5 * MINUTE;
/// How long an approval counts: as long as the question it answers.
pub const APPROVAL_LASTS: i64 = 24 * HOUR;

impl Guard {
    /// Where a withdrawal of this wallet and asset lies.
    pub(super) fn at(&self, wallet: u32, asset: u32) -> Place {
        let (chain, domain) = self.wallets.get(wallet as usize).map_or((NOBODY, NOBODY), |w| (w.chain, w.domain));
        Place { wallet, domain, chain, asset }
    }

    pub(super) fn conclude_asked(&self, decider: &Decider<'_>, fact: &WithdrawalAsked, stamp: Stamp) -> Decided {
        let refuse = |why: &str, won| decided(&fact.id, Verdict::Deny, Some(why.to_string()), won);
        let (Some((wallet, _)), Some((asset, listed))) = (self.wallet(&fact.wallet), self.asset(&fact.asset)) else {
            return refuse("the wallet or the asset is unknown", None);
        };
        let won = listed.prices.value(fact.amount, stamp.time);
        if fact.at.plus(STALE) < stamp.time && !is(Bug::StaleIgnored) {
            return refuse("stale: asked more than 24 h ago", won);
        }
        if stamp.time.plus(AHEAD) < fact.at {
            return refuse("asked in the future: the clocks differ", won);
        }
        let question = self.question(fact, wallet, asset, won);
        self.weigh(decider, &fact.id, wallet, asset, &question, None)
    }

    /// What is asked, as rules see it.
    pub(super) fn question<'q>(
        &self,
        fact: &'q WithdrawalAsked,
        wallet: u32,
        asset: u32,
        won: Option<i128>,
    ) -> Question<'q> {
        Question {
            keys: self.keys(wallet, asset, &fact.destination, &fact.customer),
            amount: fact.amount,
            quantity: self.assets.get(asset as usize).and_then(|asset| asset.units(fact.amount)),
            won,
            second_factor: fact.second_factor.is_some(),
            destination: &fact.destination,
            value: won.map(Number::integer),
            ..Question::default()
        }
    }

    /// Rules and stops together; `quorum` says whether a hold's approvals are there.
    fn weigh(
        &self,
        decider: &Decider<'_>,
        id: &str,
        wallet: u32,
        asset: u32,
        question: &Question<'_>,
        quorum: Option<&dyn Fn(&Hold) -> bool>,
    ) -> Decided {
        let now = decider.now;
        let won = question.won;
        let place = self.at(wallet, asset);
        let passage = self.stops.passage(&place, Sides::Withdrawals, won, now);
        if let Passage::Stopped(cause) = passage {
            return decided(id, Verdict::Deny, Some(format!("stopped: {cause}")), won);
        }
        let Ruled { mut verdict, rule, mut why, missing, unmet, observed } =
            decider.rule(self, decider.words.withdrawal, question);
        if let (Verdict::Hold(hold), Some(quorum)) = (&verdict, quorum)
            && quorum(hold)
        {
            verdict = Verdict::Allow;
        }
        if verdict == Verdict::Allow {
            let halted =
                self.chains.get(place.chain as usize).and_then(Option::as_ref).is_some_and(|c| c.is_halted(now));
            let waits = match passage {
                Passage::Paused(cause) => Some(format!("paused: {cause}")),
                Passage::Capped(cap) => Some(format!("reopening: at most {cap} won a day")),
                _ if halted => Some("the chain is silent".to_string()),
                _ if self.windows.is_full() => Some("the windows are full".to_string()),
                _ => None,
            };
            if let Some(waits) = waits {
                // It waits for the cause to end, not for people.
                verdict = Verdict::Hold(Hold { approvals: 0, by: None, until: None });
                why = Some(waits);
            }
        }
        let unmet = if verdict == Verdict::Allow { Vec::new() } else { unmet };
        Decided { id: id.into(), verdict, rule, won, why, missing, unmet, observed }
    }

    /// Decides again about a withdrawal that is held, with one more approval or after a delay.
    fn again(&self, decider: &Decider<'_>, number: u32, more: Option<&Approval>) -> Option<Decided> {
        let w = self.withdrawals.get(number as usize)?;
        let listed = self.assets.get(w.asset as usize)?;
        let won = listed.prices.value(w.amount, decider.now);
        let id = self.names.text(Kind::Withdrawal, number);
        if w.at.plus(STALE) < decider.now {
            return Some(decided(id, Verdict::Deny, Some("stale: asked more than 24 h ago".to_string()), won));
        }
        let destination = self.names.text(Kind::Address, w.destination);
        let customer = self.names.text(Kind::Customer, w.customer);
        let question = Question {
            keys: self.keys(w.wallet, w.asset, destination, customer),
            amount: w.amount,
            quantity: listed.units(w.amount),
            won,
            second_factor: w.second_factor.is_some(),
            destination,
            value: won.map(Number::integer),
            ..Question::default()
        };
        let since = w.entry.time;
        let quorum = |hold: &Hold| {
            // The rule gives its delay from now on: it was just evaluated.
            let delay = hold.until.map_or(0, |until| until.0.saturating_sub(decider.now.0));
            self.has_quorum(hold, delay, &w.approvals, more, since, decider.now)
        };
        let mut again = self.weigh(decider, id, w.wallet, w.asset, &question, Some(&quorum));
        if let Verdict::Hold(hold) = &mut again.verdict {
            // A delay runs from the question on, however often it is asked again.
            hold.until = hold.until.map(|until| since.plus(until.0.saturating_sub(decider.now.0)));
        }
        Some(again)
    }

    /// Whether enough people of the group agreed while an approval counts, and the delay since the question is over. An approval
    /// counts for a day longer than the delay that it cannot shorten.
    pub(super) fn has_quorum(
        &self,
        hold: &Hold,
        delay: i64,
        given: &[Approval],
        more: Option<&Approval>,
        since: Instant,
        now: Instant,
    ) -> bool {
        let group = hold.by.as_deref().map(|group| self.names.find(Kind::Group, NOBODY, group).unwrap_or(NOBODY));
        let lasts = APPROVAL_LASTS.saturating_add(delay);
        let counts = |a: &&Approval| {
            (a.at.plus(lasts) > now || is(Bug::ExpiredApprovalCounts)) && group.is_none_or(|group| a.group == group)
        };
        let people: BTreeSet<&Hash> = given.iter().chain(more).filter(counts).map(|a| &a.identity).collect();
        u32::try_from(people.len()).unwrap_or(u32::MAX) >= hold.approvals && since.plus(delay) <= now
    }

    /// The same for a change, whose delay was fixed when it was asked.
    fn is_ready(&self, change: &Change, more: Option<&Approval>, now: Instant) -> bool {
        let Status::Held(hold) = &change.status else { return false };
        let since = change.entry.time;
        let delay = hold.until.map_or(0, |until| until.0.saturating_sub(since.0));
        self.has_quorum(hold, delay, &change.approvals, more, since, now)
    }

    pub(super) fn conclude_approval(&self, decider: &Decider<'_>, fact: &ApprovalGiven) -> Option<Concluded> {
        let (_, identity) = self.identity(&fact.by)?;
        let group = self.names.find(Kind::Group, NOBODY, &fact.group)?;
        let approval = Approval { identity, group, at: decider.now };
        let rejected = (fact.reject && !is(Bug::RejectIgnored)).then(|| format!("rejected by {}", fact.by));
        let deny = |why| Concluded::Decided(decided(&fact.withdrawal, Verdict::Deny, Some(why), None));
        // A hold that goes on is no news, unless it asks for something else now.
        let news = |status: &Status, verdict: &Verdict| match verdict {
            Verdict::Hold(hold) => Status::Held(hold.clone()) != *status,
            _ => true,
        };
        if let Some((number, w)) = self.withdrawal(&fact.withdrawal) {
            if !matches!(w.status, Status::Held(_)) {
                return None;
            }
            if let Some(why) = rejected {
                return Some(deny(why));
            }
            let again = self.again(decider, number, Some(&approval))?;
            return news(&w.status, &again.verdict).then_some(Concluded::Decided(again));
        }
        if let Some((number, credit)) = self.credit(&fact.withdrawal) {
            if !matches!(credit.status, Status::Held(_)) {
                return None;
            }
            if let Some(why) = rejected {
                return Some(Concluded::Credited(refused(&fact.withdrawal, &why)));
            }
            let again = self.credit_again(decider, number, Some(&approval))?;
            return news(&credit.status, &again.verdict).then_some(Concluded::Credited(again));
        }
        let (_, change) = self.change(&fact.withdrawal)?;
        if !matches!(change.status, Status::Held(_)) {
            return None;
        }
        if let Some(why) = rejected {
            return Some(deny(why));
        }
        let ready = self.is_ready(change, Some(&approval), decider.now);
        ready.then(|| Concluded::Decided(decided(&fact.withdrawal, Verdict::Allow, None, None)))
    }

    /// What waited for a moment that has come, or for the end of a pause: one at a time, so that each counts before the next is
    /// asked.
    pub(super) fn conclude_due(&self, decider: &Decider<'_>) -> Option<Concluded> {
        for (_, asked) in self.waiting.iter().take_while(|(at, _)| *at <= decider.now) {
            match asked {
                Asked::Withdrawal(number) => {
                    let again = self.again(decider, *number, None);
                    if let Some(again) = again.filter(|again| !matches!(again.verdict, Verdict::Hold(_))) {
                        return Some(Concluded::Decided(again));
                    }
                }
                Asked::Credit(number) => {
                    let again = self.credit_again(decider, *number, None);
                    if let Some(again) = again.filter(|again| !matches!(again.verdict, Verdict::Hold(_))) {
                        return Some(Concluded::Credited(again));
                    }
                }
                Asked::Change(number) => {
                    let Some(change) = self.changes.get(*number as usize) else { continue };
                    if self.is_ready(change, None, decider.now) {
                        return Some(Concluded::Decided(decided(&change.fact.id, Verdict::Allow, None, None)));
                    }
                }
            }
        }
        None
    }

    pub(super) fn conclude_change(&self, decider: &Decider<'_>, fact: &PolicyAsked) -> Decided {
        let ruled = decider.rule(self, decider.words.change, &Question::default());
        // A change is never waved through: it has a quorum even where a rule forgets to ask for one.
        let verdict = match ruled.verdict {
            Verdict::Allow => Verdict::Hold(Hold { approvals: UNKNOWN_APPROVALS, by: None, until: None }),
            other => other,
        };
        let Ruled { rule, why, missing, unmet, observed, .. } = ruled;
        Decided { id: fact.id.clone(), verdict, rule, won: None, why, missing, unmet, observed }
    }

    pub(super) fn conclude_payload(&self, fact: &PayloadShown, now: Instant) -> Option<Signable> {
        let (_, w) = self.withdrawal(&fact.withdrawal)?;
        let said = |verdict, why: Option<String>| Some(Signable { withdrawal: fact.withdrawal.clone(), verdict, why });
        let deny = |why: &str| said(Verdict::Deny, Some(why.to_string()));
        match &w.status {
            // Whoever collects what is allowed and signs it all at once is in no window any more.
            Status::Allowed if w.at.plus(STALE) < now => return deny("stale: asked more than 24 h ago"),
            Status::Allowed | Status::Signed => {}
            Status::Held(_) => return deny("it is held"),
            Status::Denied => return deny("it was denied"),
            Status::Ended(how) => return deny(&format!("it ended: {}", how.name())),
        }
        // The cap of a reopening was counted when it was allowed: it is not counted twice.
        if let Passage::Stopped(cause) =
            self.stops.passage(&self.at(w.wallet, w.asset), Sides::Withdrawals, Some(0), now)
        {
            return deny(&format!("stopped: {cause}"));
        }
        if fact.effect.is_empty() {
            let hold = Hold { approvals: UNKNOWN_APPROVALS, by: None, until: None };
            return said(Verdict::Hold(hold), Some("the payload cannot be decoded".to_string()));
        }
        match self.differs(w, &fact.effect) {
            None => said(Verdict::Allow, None),
            Some(why) => said(Verdict::Deny, Some(why)),
        }
    }

    /// What a payload does beside or instead of what was asked.
    fn differs(&self, w: &Withdrawal, effects: &[Effect]) -> Option<String> {
        let (asset, destination) =
            (self.names.text(Kind::Asset, w.asset), self.names.text(Kind::Address, w.destination));
        let own =
            self.wallets.get(w.wallet as usize).map_or("", |wallet| self.names.text(Kind::Address, wallet.address));
        // Change comes back to the wallet.
        let mut rest = effects
            .iter()
            .filter(|e| !(e.operation == Operation::Transfer && e.destination == own && own != destination));
        let Some(effect) = rest.next() else { return Some("nothing is paid".to_string()) };
        if rest.next().is_some() {
            return Some("it does more than was asked".to_string());
        }
        match &effect.operation {
            Operation::Transfer => {}
            Operation::Delegate => return Some("it lets other code act for the wallet".to_string()),
            Operation::Other(what) => return Some(format!("it is no transfer: {what}")),
        }
        if effect.asset != asset {
            return Some(format!("asset {} instead of {asset}", effect.asset));
        }
        if effect.amount != w.amount && !is(Bug::PayloadAmount) {
            return Some(format!("amount {} instead of {}", effect.amount, w.amount));
        }
        if effect.destination != destination {
            return Some(format!("destination {} instead of {destination}", effect.destination));
        }
        if effect.tag.as_deref() != w.tag.as_deref() {
            return Some("another tag".to_string());
        }
        None
    }

    // --- folds ---------------------------------------------------------------------------------------------------

    pub(super) fn fold_asked(&mut self, fact: &WithdrawalAsked, concluded: &[Concluded], entry: Stamp) -> bool {
        let (Some((wallet, _)), Some((asset, listed))) = (self.wallet(&fact.wallet), self.asset(&fact.asset)) else {
            return false;
        };
        let chain = listed.chain;
        let number = self.names.number(Kind::Withdrawal, NOBODY, &fact.id);
        if number as usize != self.withdrawals.len() {
            return false;
        }
        self.armed = true;
        let destination = self.address(chain, &fact.destination);
        let customer = self.names.number(Kind::Customer, NOBODY, &fact.customer);
        let initiator = self.names.number(Kind::Person, NOBODY, &fact.initiator);
        self.withdrawals.push(Withdrawal {
            entry,
            amount: fact.amount,
            wallet,
            asset,
            destination,
            customer,
            initiator,
            tag: fact.tag.as_deref().map(Into::into),
            second_factor: fact.second_factor.as_deref().map(Into::into),
            at: fact.at,
            status: Status::Denied,
            consumed: None,
            approvals: Vec::new(),
            tx: None,
        });
        // Whatever is answered: were refusals to leave the cursors where they are, a flood of them would pass over all that ran out since, each time.
        self.windows.advance(entry.time);
        self.decide(concluded, entry, Some((&fact.id, number)));
        true
    }

    /// Takes every decision of an entry in.
    pub(super) fn fold_decided(&mut self, concluded: &[Concluded], entry: Stamp) {
        self.decide(concluded, entry, None);
    }

    /// The same where the number of one id is at hand.
    fn decide(&mut self, concluded: &[Concluded], entry: Stamp, known: Option<(&str, u32)>) {
        for conclusion in concluded {
            if let Concluded::Credited(credited) = conclusion {
                self.set_credit(credited, entry);
            }
            let Concluded::Decided(decided) = conclusion else { continue };
            let known = known.filter(|(id, _)| *id == decided.id).map(|(_, number)| number);
            if let Some(number) = known.or_else(|| self.withdrawal(&decided.id).map(|(number, _)| number)) {
                self.set_withdrawal(number, &decided.verdict, decided.won, entry);
            } else if let Some((number, _)) = self.change(&decided.id) {
                self.set_change(number, &decided.verdict);
            }
        }
    }

    fn set_withdrawal(&mut self, number: u32, verdict: &Verdict, won: Option<i128>, entry: Stamp) {
        let Some(w) = self.withdrawals.get(number as usize) else { return };
        let (place, amount, destination, customer) = (self.at(w.wallet, w.asset), w.amount, w.destination, w.customer);
        let (wallet, asset, chain) = (w.wallet, w.asset, place.chain);
        if let Status::Held(hold) = &w.status {
            self.held = self.held.saturating_sub(1);
            self.waiting.remove(&(waits_until(hold), Asked::Withdrawal(number)));
        }
        let mut consumed = None;
        match verdict {
            Verdict::Allow => {
                let price = won.and_then(|won| i64::try_from(won).ok()).unwrap_or(UNPRICED);
                let keys = [customer, destination, wallet, asset, chain];
                consumed = self.windows.consume(Consumption { amount, at: entry.time, won: price, keys, back: false });
                self.stops.pass(&place, won, entry.time);
                if let Some(address) = self.addresses.get_mut(destination as usize)
                    && address.seen.is_none()
                {
                    address.seen = Some(entry.time);
                    self.known_face(chain, destination);
                }
                self.expect(number);
            }
            Verdict::Hold(hold) => {
                self.held = self.held.saturating_add(1);
                if hold.until.is_some() || hold.approvals == 0 {
                    self.waiting.insert((waits_until(hold), Asked::Withdrawal(number)));
                }
            }
            Verdict::Deny => {}
        }
        if let Some(w) = self.withdrawals.get_mut(number as usize) {
            w.consumed = consumed;
            w.status = match verdict {
                Verdict::Allow => Status::Allowed,
                Verdict::Hold(hold) => Status::Held(hold.clone()),
                Verdict::Deny => Status::Denied,
            };
        }
    }

    fn set_change(&mut self, number: u32, verdict: &Verdict) {
        let Some(change) = self.changes.get_mut(number as usize) else { return };
        if let Status::Held(Hold { until: Some(until), .. }) = &change.status {
            self.waiting.remove(&(*until, Asked::Change(number)));
        }
        change.status = match verdict {
            Verdict::Allow => Status::Allowed,
            Verdict::Hold(hold) => Status::Held(hold.clone()),
            Verdict::Deny => Status::Denied,
        };
        if let Verdict::Hold(Hold { until: Some(until), .. }) = verdict {
            self.waiting.insert((*until, Asked::Change(number)));
        }
    }

    pub(super) fn fold_change(&mut self, fact: &PolicyAsked, concluded: &[Concluded], entry: Stamp) -> bool {
        let number = self.names.number(Kind::Change, NOBODY, &fact.id);
        if number as usize != self.changes.len() {
            return false;
        }
        self.changes.push(Change {
            fact: fact.clone(),
            entry,
            status: Status::Denied,
            approvals: Vec::new(),
            made: false,
        });
        self.fold_decided(concluded, entry);
        true
    }

    pub(super) fn fold_approval(&mut self, fact: &ApprovalGiven, concluded: &[Concluded], entry: Stamp) -> bool {
        let Some((_, identity)) = self.identity(&fact.by) else { return false };
        let group = self.names.number(Kind::Group, NOBODY, &fact.group);
        if !fact.reject {
            let approval = Approval { identity, group, at: entry.time };
            if let Some((number, _)) = self.withdrawal(&fact.withdrawal) {
                self.withdrawals[number as usize].approvals.push(approval);
            } else if let Some((number, _)) = self.credit(&fact.withdrawal) {
                self.approve_credit(number, approval);
            } else if let Some((number, _)) = self.change(&fact.withdrawal) {
                self.changes[number as usize].approvals.push(approval);
            } else {
                return false;
            }
        }
        self.fold_decided(concluded, entry);
        true
    }

    pub(super) fn fold_payload(&mut self, fact: &PayloadShown, concluded: &[Concluded]) -> bool {
        let Some((number, _)) = self.withdrawal(&fact.withdrawal) else { return false };
        let allowed = concluded.iter().any(|c| matches!(c, Concluded::Signable(s) if s.verdict == Verdict::Allow));
        if allowed && let Some(w) = self.withdrawals.get_mut(number as usize) {
            w.status = Status::Signed;
        }
        true
    }

    pub(super) fn fold_ended(&mut self, fact: &WithdrawalEnded) -> bool {
        let Some((number, w)) = self.withdrawal(&fact.withdrawal) else { return false };
        let (was, consumed) = (w.status.clone(), w.consumed);
        if let Status::Held(hold) = &was {
            self.held = self.held.saturating_sub(1);
            self.waiting.remove(&(waits_until(hold), Asked::Withdrawal(number)));
        }
        let unsigned = matches!(was, Status::Allowed);
        let never = matches!(fact.how, Ending::CannotConfirm) && matches!(was, Status::Signed);
        // What was signed stays counted, even when it is proven never to confirm: it was let out.
        if (unsigned && matches!(fact.how, Ending::Cancelled | Ending::Expired)) || is(Bug::GiveBackSigned) {
            consumed.into_iter().for_each(|sequence| self.windows.give_back(sequence));
        }
        if (unsigned && fact.how != Ending::Confirmed) || never {
            self.unexpect(number);
        }
        if let Some(w) = self.withdrawals.get_mut(number as usize) {
            w.status = Status::Ended(fact.how);
        }
        true
    }

    /// The hash that approvals of a withdrawal, a credit or a change sign.
    pub fn request(&self, exchange: &str, id: &str) -> Option<Hash> {
        let asked = self.asked(exchange, id).map(|fact| fact.request());
        let asked = asked.or_else(|| self.credit(id).map(|(_, credit)| credit.fact.request()));
        asked.or_else(|| self.change(id).map(|(_, change)| change.fact.request()))
    }

    /// A withdrawal as it was asked.
    pub fn asked(&self, exchange: &str, id: &str) -> Option<WithdrawalAsked> {
        self.withdrawal(id).map(|(number, w)| {
            let text = |kind, number| String::from(self.names.text(kind, number));
            WithdrawalAsked {
                exchange: exchange.into(),
                id: text(Kind::Withdrawal, number),
                wallet: text(Kind::Wallet, w.wallet),
                asset: text(Kind::Asset, w.asset),
                amount: w.amount,
                destination: text(Kind::Address, w.destination),
                tag: w.tag.as_deref().map(Into::into),
                customer: text(Kind::Customer, w.customer),
                initiator: text(Kind::Person, w.initiator),
                second_factor: w.second_factor.as_deref().map(Into::into),
                at: w.at,
            }
        })
    }
}

fn decided(id: &str, verdict: Verdict, why: Option<String>, won: Option<i128>) -> Decided {
    let (id, missing, unmet, observed) = (id.into(), Vec::new(), Vec::new(), Vec::new());
    Decided { id, verdict, rule: None, won, why, missing, unmet, observed }
}

/// From when on a hold is looked at again without anybody's approval: what waits for the end of a pause, at any time.
pub(super) fn waits_until(hold: &Hold) -> Instant {
    hold.until.unwrap_or(Instant::ALWAYS)
}
