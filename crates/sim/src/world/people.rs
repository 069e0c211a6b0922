//! Customers, officers and operators: who asks, approves, shows, ends, stops, reopens and changes.
//!
//! It promises that some of them do what nobody should: approve their own, twice, or for another group; show another payload.

use super::*;

impl World {
    pub(super) fn ask(&mut self, random: &mut Random) -> Result<Option<String>, String> {
        // Now and then somebody pays the same again, and again.
        let last = self.second.rows.iter().rev().find_map(|r| r.fact.clone()).filter(|_| random.chance(25));
        if let Some(last) = last {
            return self.ask_like(&last, random);
        }
        self.number += 1;
        let fact = self.question(random);
        self.tell(fact.into(), random)
    }

    pub(super) fn ask_like(&mut self, asked: &WithdrawalAsked, random: &mut Random) -> Result<Option<String>, String> {
        self.number += 1;
        let fact = WithdrawalAsked {
            asset: asked.asset.clone(),
            wallet: asked.wallet.clone(),
            destination: asked.destination.clone(),
            customer: asked.customer.clone(),
            amount: asked.amount.min(UNIT / 2),
            second_factor: Some("totp".into()),
            ..self.question(random)
        };
        self.tell(fact.into(), random)
    }

    pub(super) fn question(&self, random: &mut Random) -> WithdrawalAsked {
        let (asset, _, wallet, _, won, _) = ASSETS[usize::from(random.chance(50))];
        // In won, so that sums land on the limits as often as near them.
        let sums = [
            50_000_000i128,
            100_000_000,
            250_000_000,
            500_000_000,
            505_000_000,
            1_000_000_000,
            1_005_000_000,
            2_005_000_000,
            3_005_000_000,
        ];
        let most = if random.chance(70) { 4 } else { 8 };
        let sum = sums[usize::try_from(random.between(0, most)).unwrap_or(0)];
        let initiator = pick(&["api", "api", "api", "kim", "lee"], random).copied().unwrap_or("api");
        WithdrawalAsked {
            exchange: x(),
            id: format!("w{}", self.number),
            wallet: wallet.into(),
            asset: asset.into(),
            amount: sum * UNIT / won,
            destination: format!("customer-address-{}", random.between(1, 12)),
            tag: (asset == "ETH" && random.chance(40)).then(|| random.between(1, 3).to_string()),
            customer: format!("c{}", random.between(1, 6)),
            initiator: initiator.into(),
            second_factor: random.chance(97).then(|| "totp".to_string()),
            at: Instant(self.now - if random.chance(4) { random.between(20 * HOUR, 26 * HOUR) } else { 0 }),
        }
    }

    pub(super) fn approve(&mut self, reject: bool, random: &mut Random) -> Done {
        let held: Vec<(String, bool)> = self
            .second
            .rows
            .iter()
            .filter(|r| r.status == Status::Held)
            .map(|r| (r.id.clone(), r.fact.is_some()))
            .collect();
        // Mostly the latest ones: people answer what is on top.
        let from = held.len().saturating_sub(4);
        let Some((id, of_withdrawal)) = pick(&held[from..], random).cloned() else { return Ok(()) };
        let group = if of_withdrawal { "officer" } else { "security" };
        let (by, _, groups) = pick(&PEOPLE, random).copied().unwrap_or(PEOPLE[0]);
        let group = if random.chance(90) { group } else { groups[0] };
        let Some(request) = self.gate.state.guard(X).and_then(|g| g.request(X, &id)) else { return Ok(()) };
        let fact = ApprovalGiven {
            exchange: x(),
            withdrawal: id.clone(),
            by: by.into(),
            group: group.into(),
            request,
            reject,
            at: self.at(),
        };
        self.tell(fact.into(), random)?;
        self.pending(random)
    }

    /// What was changed by a change is made.
    pub(super) fn pending(&mut self, random: &mut Random) -> Done {
        for (id, wallet) in self.pending.clone() {
            if self.second.row(&id).is_some_and(|r| r.status == Status::Allowed) && !self.second.is_incident() {
                self.pending.retain(|(other, _)| *other != id);
                self.must(wallet.into(), random)?;
            }
        }
        Ok(())
    }

    pub(super) fn of(&self, status: Status) -> Vec<WithdrawalAsked> {
        self.second.rows.iter().filter(|r| r.status == status).filter_map(|r| r.fact.clone()).collect()
    }

    pub(super) fn show(&mut self, random: &mut Random) -> Done {
        let mut list = self.of(Status::Allowed);
        if random.chance(15) {
            list.extend(self.of(Status::Held));
            list.extend(self.of(Status::Denied).into_iter().rev().take(3));
        }
        let Some(asked) = pick(&list, random).cloned() else { return Ok(()) };
        let mut effect = Effect {
            asset: asked.asset,
            amount: asked.amount,
            destination: asked.destination,
            tag: asked.tag,
            operation: Operation::Transfer,
        };
        let mut more = Vec::new();
        if random.chance(12) {
            // An edited payload.
            match random.between(1, 5) {
                1 => effect.amount += 1,
                2 => effect.destination = "thief-address".into(),
                3 => effect.tag = Some("9".into()),
                4 => effect.operation = Operation::Delegate,
                _ => more.push(Effect { destination: "thief-address".into(), ..effect.clone() }),
            }
        }
        more.insert(0, effect);
        self.tell(PayloadShown { exchange: x(), withdrawal: asked.id, effect: more, at: self.at() }.into(), random)
            .map(drop)
    }

    pub(super) fn end(&mut self, random: &mut Random) -> Done {
        let (unsigned, signed) = (self.of(Status::Allowed), self.of(Status::Signed));
        let (asked, how) = match random.between(1, 4) {
            1 => (pick(&unsigned, random), Ending::Cancelled),
            2 => (pick(&signed, random), Ending::Cancelled),
            3 => (pick(&signed, random).filter(|w| !self.sent.contains(&w.id)), Ending::CannotConfirm),
            _ => (pick(&signed, random).filter(|w| self.on_chain(&w.id)), Ending::Confirmed),
        };
        let Some(asked) = asked.cloned() else { return Ok(()) };
        if how == Ending::CannotConfirm {
            self.dead.insert(asked.id.clone());
        }
        let ended = WithdrawalEnded { exchange: x(), withdrawal: asked.id.clone(), how, at: self.at() };
        self.tell(ended.into(), random)?;
        // What was given back is asked for again, and what was not is, too.
        for _ in 0..random.between(0, 3) {
            self.ask_like(&asked, random)?;
        }
        Ok(())
    }

    pub(super) fn suspend(&mut self, random: &mut Random) -> Done {
        let what = match random.between(1, 4) {
            1 => Reach::Domain("d1".into()),
            2 => Reach::Chain("ether".into()),
            3 => Reach::Wallet("hot".into()),
            _ => Reach::Asset("BTC".into()),
        };
        let by = pick(&PEOPLE, random).map_or("kim", |p| p.0).to_string();
        let scope = Scope { what, sides: if random.chance(70) { Sides::Both } else { Sides::Withdrawals } };
        self.must(Suspended { exchange: x(), reason: "drill".into(), scope, by, at: self.at() }.into(), random)
    }

    /// The next step of a stop, by whoever; two people in a row most of the time.
    pub(super) fn resume(&mut self, random: &mut Random) -> Done {
        let Some(what) = pick(&self.second.trips(), random).cloned() else { return Ok(()) };
        let Some(stop) = self.gate.state.guard(X).and_then(|g| g.stops.trip(&what)).cloned() else {
            return Err("check 6: a trip of the second model is not the guard's".into());
        };
        use kernel::guard::breaker::Stage;
        let step = match &stop.stage {
            Stage::Stopped => ResumptionStep::Cause(if random.chance(80) { Cause::Explained } else { Cause::Source }),
            Stage::Explained(_) => ResumptionStep::Reconciled,
            Stage::Reconciled(_) => ResumptionStep::Told,
            Stage::Told(_) => ResumptionStep::Canary(600_000_000),
            Stage::Canary(..) if random.chance(10) => ResumptionStep::Back,
            Stage::Canary(..) => ResumptionStep::Percent(50),
            Stage::Percent(..) => ResumptionStep::Full,
        };
        if step == ResumptionStep::Reconciled {
            self.readings(random)?;
        }
        for _ in 0..random.between(1, 4) {
            let by = pick(&["pak", "oh", "oh2", "yun", "kim"], random).copied().unwrap_or("pak").to_string();
            let scope = stop.scope.clone();
            let fact = ResumptionMoved {
                exchange: x(),
                reason: "minutes".into(),
                scope,
                step: step.clone(),
                by,
                at: self.at(),
            };
            self.tell(fact.into(), random)?;
            if self.gate.state.guard(X).and_then(|g| g.stops.trip(&what)).is_none_or(|now| now.stage != stop.stage) {
                break;
            }
        }
        Ok(())
    }

    pub(super) fn change(&mut self, random: &mut Random) -> Done {
        self.number += 1;
        let (id, chain) = (format!("p{}", self.number), ASSETS[usize::from(random.chance(50))].1);
        let (wallet, address) = (format!("safe-{id}"), format!("safe-{id}-address"));
        let made = WalletRegistered {
            exchange: x(),
            source: "sim".into(),
            wallet,
            chain: chain.into(),
            address,
            domain: "d9".into(),
            tier: Tier::Evacuation,
            change: Some(id.clone()),
        };
        let makes = makes(WalletRegistered::KIND, &made.encode());
        self.tell(
            PolicyAsked {
                exchange: x(),
                change: "another safe".into(),
                id: id.clone(),
                makes,
                by: "kim".into(),
                at: self.at(),
            }
            .into(),
            random,
        )?;
        // Before it is approved nothing is enrolled.
        if self.tell(made.clone().into(), random)?.is_none() {
            return Err(format!("check 4: {id} was enrolled without its quorum"));
        }
        self.pending.push((id, made));
        Ok(())
    }

    /// A client asks the same again, or something else under the same id.
    pub(super) fn repeat(&mut self, random: &mut Random) -> Done {
        let all: Vec<WithdrawalAsked> = self.second.rows.iter().filter_map(|r| r.fact.clone()).collect();
        let Some(mut asked) = pick(&all, random).cloned() else { return Ok(()) };
        let other = random.chance(40);
        asked.amount += i128::from(other);
        let found = self.tell(asked.clone().into(), random)?;
        let expected = if other { "conflict" } else { "already" };
        if found.as_deref() == Some(expected) {
            Ok(())
        } else {
            Err(format!("check 2: {} once more is {found:?}, not {expected}", asked.id))
        }
    }
}
