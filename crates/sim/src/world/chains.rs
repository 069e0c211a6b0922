//! Transfers on their way, and what sources read of the chains.
//!
//! It promises that sources read late, out of order and again, and that nothing is sent twice unless it failed.

use super::*;

impl World {
    pub(super) fn read_all(&mut self, random: &mut Random) -> Done {
        for chain in 0..2 {
            for source in 0..2 {
                for number in std::mem::take(&mut self.chains[chain].unread[source]) {
                    self.must(self.chains[chain].block(number, source).into(), random)?;
                }
            }
        }
        Ok(())
    }

    pub(super) fn on_chain(&self, id: &str) -> bool {
        self.chains
            .iter()
            .any(|c| c.own().iter().any(|p| p.withdrawal.as_deref() == Some(id) && !p.transfers[0].failed))
    }

    pub(super) fn transfers(&self, asked: &WithdrawalAsked, tx: &str, random: &mut Random) -> Vec<Transfer> {
        let (_, chain, _, from, ..) = ASSETS[usize::from(asked.asset == "ETH")];
        let t = Transfer {
            tx: format!("{tx}:0"),
            from: from.into(),
            to: asked.destination.clone(),
            asset: asked.asset.clone(),
            amount: asked.amount,
            tag: asked.tag.clone(),
            fee: random.between(1, 400).into(),
            fee_asset: None,
            failed: chain == "ether" && random.chance(15),
            log: false,
            what: Moves::Amount,
        };
        let change = Transfer {
            tx: format!("{tx}:1"),
            to: from.into(),
            amount: t.amount / 3 + 7,
            tag: None,
            fee: 0,
            ..t.clone()
        };
        if chain == "bitcoin" { vec![t, change] } else { vec![t] }
    }

    /// Broadcasts what may be signed, once; again where it failed.
    pub(super) fn send(&mut self, random: &mut Random) -> Done {
        let waits =
            |id: &str| self.chains.iter().any(|c| c.waiting.iter().any(|p| p.withdrawal.as_deref() == Some(id)));
        let list: Vec<WithdrawalAsked> = self
            .of(Status::Signed)
            .into_iter()
            .filter(|w| !self.dead.contains(&w.id) && !waits(&w.id) && !self.on_chain(&w.id))
            .collect();
        let Some(asked) = pick(&list, random).cloned() else { return Ok(()) };
        self.number += 1;
        let again = self.sent.contains(&asked.id);
        let tx = if again { format!("{}.{}", asked.id, self.number) } else { asked.id.clone() };
        let transfers = self.transfers(&asked, &tx, random);
        self.sent.insert(asked.id.clone());
        let chain = usize::from(asked.asset == "ETH");
        self.chains[chain].waiting.push(Payment { withdrawal: Some(asked.id), transfers });
        Ok(())
    }

    /// A source reads: in order, or out of it, or again.
    pub(super) fn read(&mut self, random: &mut Random) -> Done {
        let (chain, source) = (usize::from(random.chance(50)), usize::from(random.chance(50)));
        for _ in 0..random.between(1, 4) {
            let unread = &mut self.chains[chain].unread[source];
            let number = if unread.is_empty() || random.chance(10) {
                let last = i64::try_from(self.chains[chain].len() - 1).unwrap_or(0);
                let told = usize::try_from(random.between((last - 40).max(0), last)).unwrap_or(0);
                if self.chains[chain].unread[source].contains(&told) {
                    continue;
                }
                told
            } else if random.chance(80) {
                unread.remove(0)
            } else {
                let at = random.between(0, i64::try_from(unread.len() - 1).unwrap_or(0));
                unread.remove(usize::try_from(at).unwrap_or(0))
            };
            self.must(self.chains[chain].block(number, source).into(), random)?;
        }
        Ok(())
    }
}
