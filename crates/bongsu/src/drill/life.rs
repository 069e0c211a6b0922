//! Ordinary life and the thief: what each step of a withdrawal, a sweep, a theft and an evacuation tells the guard.

use super::case::{Means, Request};
use super::setup;
use super::takes;
use super::tally::{Answered, Moved};
use super::world::{Asked, Step, Whose, World};
use crate::trouble::Trouble;
use kernel::fact::{
    ApprovalGiven, Effect, Ending, Moves, Observation, Operation, PayloadShown, Tier, Transfer, WithdrawalAsked,
    WithdrawalEnded,
};
use kernel::guard::conclusion::{Decided, Signable, Verdict};
use rulebook::time::Instant;

/// A fee in won.
const FEE: i128 = 500;

/// A sweep for every so many withdrawals, and so many times as large: what flows in equals what flows out.
const SWEEPS: i64 = 4;

impl World<'_> {
    /// The exchange's own name for whoever asks.
    fn asked(&self, id: String, wallet: usize, asset: usize, amount: i128, destination: String, at: Instant) -> Asked {
        let fact = WithdrawalAsked {
            exchange: self.case.header.exchange.clone(),
            id,
            wallet: self.wallets[wallet].id.clone(),
            asset: self.case.assets[asset].id.clone(),
            amount,
            destination,
            tag: None,
            customer: "unknown".into(),
            initiator: "withdrawal-server".into(),
            second_factor: Some("seen".into()),
            at,
        };
        Asked { fact, wallet, asset, fails: false, whose: Whose::Customers, held: false, waits: false }
    }

    /// A request that is on record.
    pub(super) fn recorded(&self, request: &Request) -> Asked {
        let (destination, id) = (request.destination.clone(), request.id.clone());
        let mut asked = self.asked(id, request.wallet, request.asset, request.amount, destination, request.at);
        asked.fact.customer = request.initiator.clone();
        asked.fact.initiator.clone_from(&request.initiator);
        asked.fact.second_factor.clone_from(&request.second_factor);
        Asked { whose: Whose::Recorded, ..asked }
    }

    /// A customer comes, asks, and the next one is drawn.
    pub(super) fn come(&mut self, at: Instant, number: u64) -> Result<(), Trouble> {
        if self.stopped.is_some() {
            return Ok(());
        }
        let hot: Vec<(usize, usize)> =
            self.usual.keys().filter(|(w, _)| self.wallets[*w].tier == Tier::Hot).copied().collect();
        let worth = |(w, a): &(usize, usize)| self.case.assets[*a].won(self.usual[&(*w, *a)]);
        let weights: Vec<i128> = hot.iter().map(worth).collect();
        let Some(&(wallet, asset)) = hot.get(self.traffic.weighted(&weights)) else { return Ok(()) };
        // What is larger than a twentieth of the hot wallet is paid from elsewhere, and is no part of the drill.
        let most = worth(&(wallet, asset)) / 20;
        let gap = self.traffic.gap(at.0);
        self.later(at.plus(gap), Step::Come(number.saturating_add(1)));
        let chain = self.case.assets[asset].chain.clone();
        let wish = self.traffic.wish(number, &chain, most);
        let amount = self.case.assets[asset].units(wish.won);
        if amount > 0 {
            let mut asked = self.asked(format!("c-{number}"), wallet, asset, amount, wish.destination, at);
            asked.fact.customer = wish.customer;
            asked.fails = wish.fails;
            if !self.began {
                self.tally.asked = self.tally.asked.saturating_add(1);
            }
            self.ask(at, asked)?;
        }
        if self.traffic.one_in(SWEEPS) {
            let won = self.traffic.won(most).saturating_mul(i128::from(SWEEPS)).min(most);
            self.sweep(at, number, wallet, asset, self.case.assets[asset].units(won));
        }
        // Nobody fills up a wallet within the minutes in which it is emptied: that takes people, and the vault.
        if !self.began {
            self.level(at, number, wallet, asset);
        }
        Ok(())
    }

    fn transfer(&self, tx: String, from: usize, to: String, asset: usize, amount: i128) -> Transfer {
        // A chain's own asset is the first one listed on it; fees are paid in it.
        let chain = &self.case.assets[asset].chain;
        let own = self.case.assets.iter().position(|a| a.chain == *chain).unwrap_or(asset);
        Transfer {
            tx,
            from: self.wallets[from].address.clone(),
            to,
            asset: self.case.assets[asset].id.clone(),
            amount,
            tag: None,
            fee: self.case.assets[own].units(FEE),
            fee_asset: (own != asset).then(|| self.case.assets[own].id.clone()),
            failed: false,
            log: false,
            what: Moves::Amount,
        }
    }

    fn sweep(&mut self, at: Instant, number: u64, wallet: usize, asset: usize, amount: i128) {
        let chain = self.case.assets[asset].chain.clone();
        let deposits: Vec<usize> = (0..self.wallets.len())
            .filter(|w| self.wallets[*w].tier == Tier::Deposit && self.wallets[*w].chain == chain)
            .collect();
        let from = usize::try_from(number).unwrap_or(0).checked_rem(deposits.len()).and_then(|n| deposits.get(n));
        let Some(&from) = from else { return };
        if amount > 0 {
            let to = self.wallets[wallet].address.clone();
            let transfer = self.transfer(format!("sweep-{number}"), from, to, asset, amount);
            self.broadcast(at, &chain, vec![transfer]);
            self.flow(wallet, asset, amount);
        }
    }

    fn flow(&mut self, wallet: usize, asset: usize, amount: i128) {
        let balance = self.balances.entry((wallet, asset)).or_insert(0);
        *balance = balance.saturating_add(amount);
    }

    /// Keeps a hot wallet between half and double of what usually lies there, from and to the vault.
    fn level(&mut self, at: Instant, number: u64, wallet: usize, asset: usize) {
        let usual = self.usual.get(&(wallet, asset)).copied().unwrap_or(0);
        let off = self.balances.get(&(wallet, asset)).copied().unwrap_or(0).saturating_sub(usual);
        if off > -usual / 2 && off < usual {
            return;
        }
        let chain = self.case.assets[asset].chain.clone();
        let name = format!("vault-{chain}");
        let Some(vault) = self.wallets.iter().position(|w| w.id == name) else { return };
        let (from, to) = if off < 0 { (vault, wallet) } else { (wallet, vault) };
        let to = self.wallets[to].address.clone();
        let transfer = self.transfer(format!("level-{number}"), from, to, asset, off.abs());
        self.broadcast(at, &chain, vec![transfer]);
        self.flow(wallet, asset, off.saturating_neg());
    }

    /// Asks the guard.
    pub(super) fn ask(&mut self, at: Instant, asked: Asked) -> Result<(), Trouble> {
        let fact = asked.fact.clone();
        self.open.insert(fact.id.clone(), asked);
        self.tell(at, fact.into()).map(drop)
    }

    /// What the guard answers to a withdrawal decides what becomes of it.
    pub(super) fn decided(&mut self, at: Instant, decided: &Decided) {
        let Some(asked) = self.open.get_mut(&decided.id) else { return };
        let (rule, why) = (decided.rule.clone(), decided.why.clone());
        // What waits for nobody is held by a stop, whatever rule allowed it.
        let stop = matches!(&decided.verdict, Verdict::Hold(hold) if hold.approvals == 0);
        let by = if stop { why.or(rule) } else { rule.or(why) }.unwrap_or_default();
        let (whose, first) = (asked.whose, !asked.held);
        asked.held = true;
        asked.waits = matches!(&decided.verdict, Verdict::Hold(hold) if hold.approvals == 0 || hold.until.is_some());
        if let (Whose::Thiefs(place), true) = (whose, first) {
            let won = self.case.outflows.get(place).map_or(0, |o| self.case.assets[o.asset].won(o.amount));
            let verdict = decided.verdict.name();
            self.tally.answered.entry(Answered { verdict, by: by.clone() }).or_default().add(won);
        }
        if whose == Whose::Recorded {
            self.requests.push((at, decided.id.clone(), decided.verdict.clone(), by.clone()));
        }
        let count = whose == Whose::Customers && !self.began && first;
        match &decided.verdict {
            Verdict::Allow => self.later(at.plus(takes::SIGNING), Step::Show(decided.id.clone())),
            Verdict::Hold(hold) => {
                if count {
                    *self.tally.held.entry(by).or_default() += 1;
                }
                // Nobody approves for a thief; what is on record was approved as the case says.
                if whose == Whose::Customers && first && hold.approvals > 0 {
                    self.later(at.plus(takes::APPROVAL), Step::Approve(decided.id.clone(), 1));
                }
                if hold.approvals == 0 || hold.until.is_some() {
                    self.look_later(hold.until.unwrap_or(at).max(at.plus(takes::LOOK)));
                }
            }
            Verdict::Deny => {
                if count {
                    *self.tally.denied.entry(by).or_default() += 1;
                }
                if let Whose::Thiefs(place) = whose {
                    self.miss(at, place);
                }
                self.open.remove(&decided.id);
            }
        }
    }

    /// One approval of what is held; the next follows while it is needed.
    pub(super) fn approve(&mut self, at: Instant, id: &str, number: u32) -> Result<(), Trouble> {
        let Some(asked) = self.open.get(id) else { return Ok(()) };
        if number > setup::APPROVERS {
            return Ok(());
        }
        let groups = self.guard.groups();
        let fact = asked.fact.clone();
        for group in groups {
            let fact = self.approval(&fact, &setup::approver(&group, number), &group, at);
            // Meanwhile it may have been answered.
            if !self.guard.admits(&fact) {
                return Ok(());
            }
            let answer = self.tell(at, fact)?;
            if !answer.is_empty() {
                return Ok(());
            }
        }
        self.later(at.plus(takes::APPROVAL), Step::Approve(id.into(), number + 1));
        Ok(())
    }

    /// An approval of a request.
    pub(super) fn approval(&self, asked: &WithdrawalAsked, by: &str, group: &str, at: Instant) -> Observation {
        ApprovalGiven {
            exchange: self.case.header.exchange.clone(),
            withdrawal: asked.id.clone(),
            by: by.into(),
            group: group.into(),
            request: asked.request(),
            reject: false,
            at,
        }
        .into()
    }

    /// The signer shows what it is about to sign.
    pub(super) fn show(&mut self, at: Instant, id: &str) -> Result<(), Trouble> {
        let Some(asked) = self.open.get(id) else { return Ok(()) };
        // What is on record in a case was shown as the case says, or not at all.
        if asked.whose == Whose::Recorded {
            return Ok(());
        }
        let fact = &asked.fact;
        let effect = Effect {
            asset: fact.asset.clone(),
            amount: fact.amount,
            destination: fact.destination.clone(),
            tag: None,
            operation: Operation::Transfer,
        };
        let exchange = fact.exchange.clone();
        self.tell(at, PayloadShown { exchange, withdrawal: id.into(), effect: vec![effect], at }.into()).map(drop)
    }

    /// Whether it may be signed.
    pub(super) fn signable(&mut self, at: Instant, signable: &Signable) {
        let Some(asked) = self.open.get(&signable.withdrawal) else { return };
        if asked.whose == Whose::Recorded {
            let why = signable.why.clone().unwrap_or_default();
            self.tally.shown.push((at, signable.verdict.clone(), why));
        } else if signable.verdict == Verdict::Allow {
            self.later(at.plus(takes::SIGNING), Step::Broadcast(signable.withdrawal.clone(), false));
        }
    }

    /// A withdrawal is signed and broadcast, unless the watch gives no lease any more.
    pub(super) fn pay(&mut self, at: Instant, id: &str, again: bool) -> Result<(), Trouble> {
        let Some(asked) = self.open.get(id).cloned() else { return Ok(()) };
        let leased = self.stopped.is_none_or(|stop| at < stop.plus(takes::LEASE));
        if let Whose::Thiefs(place) = asked.whose {
            if !leased {
                self.miss(at, place);
                return Ok(());
            }
            self.taken(at, place);
        }
        if !leased {
            return Ok(());
        }
        let mut transfer =
            self.transfer(id.into(), asked.wallet, asked.fact.destination.clone(), asked.asset, asked.fact.amount);
        let chain = self.case.assets[asked.asset].chain.clone();
        if asked.fails && !again {
            transfer.failed = true;
            transfer.tx = format!("{id}-failed");
            let block = self.case.blocks.get(&chain).copied().unwrap_or(1_000);
            self.later(at.plus(block.saturating_mul(2)), Step::Broadcast(id.into(), true));
        } else {
            self.flow(asked.wallet, asked.asset, -asked.fact.amount);
        }
        self.broadcast(at, &chain, vec![transfer]);
        Ok(())
    }

    /// A withdrawal is on its chain for good.
    pub(super) fn end(&mut self, at: Instant, id: &str) -> Result<(), Trouble> {
        let Some(asked) = self.open.remove(id) else { return Ok(()) };
        if asked.whose == Whose::Customers && !self.began {
            self.tally.paid = self.tally.paid.saturating_add(1);
        }
        let (exchange, how) = (asked.fact.exchange, Ending::Confirmed);
        self.tell(at, WithdrawalEnded { exchange, withdrawal: id.into(), how, at }.into()).map(drop)
    }

    /// The incident begins: wallets are as full as what was taken from them.
    pub fn begin(&mut self) {
        self.began = true;
        self.balances.clone_from(&self.usual);
    }

    /// The thief comes.
    pub fn thief(&mut self) {
        for (place, outflow) in self.case.outflows.iter().enumerate() {
            self.later(outflow.at, Step::Take(place));
        }
    }

    /// Nothing the thief came for was signed.
    pub fn missed_all(&mut self) {
        for (place, outflow) in self.case.outflows.iter().enumerate() {
            self.miss(outflow.at, place);
        }
    }

    /// One of the thief's transfers as a request.
    pub(super) fn thiefs(&self, place: usize, at: Instant) -> Asked {
        let outflow = &self.case.outflows[place];
        let (destination, id) = (outflow.destination.clone(), format!("t-{place}"));
        let asked = self.asked(id, outflow.wallet, outflow.asset, outflow.amount, destination, at);
        Asked { whose: Whose::Thiefs(place), ..asked }
    }

    /// The thief takes, if there is still something to take.
    pub(super) fn take(&mut self, at: Instant, place: usize) -> Result<(), Trouble> {
        let Some(outflow) = self.case.outflows.get(place) else { return Ok(()) };
        let (wallet, asset) = (outflow.wallet, outflow.asset);
        if self.case.header.means == Means::Gate {
            if self.stopped.is_some_and(|stop| at >= stop.plus(takes::LEASE)) {
                self.miss(at, place);
                return Ok(());
            }
            let asked = self.thiefs(place, at);
            return self.ask(at, asked);
        }
        if self.emptied.contains(&(wallet, asset)) {
            self.miss(at, place);
            return Ok(());
        }
        let mut transfer =
            self.transfer(format!("thief-{place}"), wallet, outflow.destination.clone(), asset, outflow.amount);
        transfer.what = outflow.what.clone();
        if matches!(outflow.what, Moves::Authority(_)) {
            self.lost.insert(wallet);
        }
        self.taken(at, place);
        self.flow(wallet, asset, -outflow.amount);
        let chain = self.case.assets[asset].chain.clone();
        self.broadcast(at, &chain, vec![transfer]);
        Ok(())
    }

    fn worth(&self, place: usize) -> i128 {
        self.case.outflows.get(place).map_or(0, |o| self.case.assets[o.asset].won(o.amount))
    }

    fn taken(&mut self, at: Instant, place: usize) {
        let won = self.worth(place);
        self.tally.taken.push((at, place, won));
    }

    fn miss(&mut self, at: Instant, place: usize) {
        let won = self.worth(place);
        self.tally.missed.push((at, place, won));
    }

    /// One move of the evacuation is broadcast.
    pub(super) fn evacuate(&mut self, at: Instant, wallet: usize, asset: usize, to: usize) -> Result<(), Trouble> {
        if self.lost.contains(&wallet) {
            let told =
                (self.wallets[wallet].id.clone(), self.case.assets[asset].id.clone(), "power over it was lost".into());
            if !self.tally.stuck.contains(&told) {
                self.tally.stuck.push(told);
            }
            return Ok(());
        }
        let amount = self.balances.get(&(wallet, asset)).copied().unwrap_or(0);
        if amount <= 0 || !self.sent.insert((wallet, asset)) {
            return Ok(());
        }
        let tx = format!("evacuation-{wallet}-{asset}");
        let address = self.wallets[to].address.clone();
        let transfer = self.transfer(tx.clone(), wallet, address, asset, amount);
        self.lands(&tx, wallet, asset);
        let chain = self.case.assets[asset].chain.clone();
        self.broadcast(at, &chain, vec![transfer]);
        Ok(())
    }

    /// A move of the evacuation is in its block.
    pub(super) fn landed(&mut self, at: Instant, (wallet, asset): (usize, usize), amount: i128) {
        self.emptied.insert((wallet, asset));
        self.balances.insert((wallet, asset), 0);
        self.tally.moved.push(Moved {
            at,
            wallet: self.wallets[wallet].id.clone(),
            asset: self.case.assets[asset].id.clone(),
            won: self.case.assets[asset].won(amount),
        });
    }
}
