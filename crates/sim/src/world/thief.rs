//! Thieves: an edited gate, an authorisation paid twice or to another tag, a stolen key, power given away.
//!
//! It promises that whatever leaves by a thief is on the list of thefts before any source reads it.

use super::*;

impl World {
    pub(super) fn thief(&mut self, random: &mut Random) -> Done {
        self.number += 1;
        let tx = format!("x{}:0", self.number);
        let asset = usize::from(random.chance(50));
        match random.between(1, 5) {
            // The gate's program is edited: it allows what should wait.
            1 if random.chance(20) => {
                let fact = WithdrawalAsked { second_factor: None, at: self.at(), ..self.question(random) };
                let id = fact.id.clone();
                let forge = move |list: &mut Vec<Concluded>| {
                    for c in list {
                        if let Concluded::Decided(d) = c
                            && d.id == id
                        {
                            d.verdict = Verdict::Allow;
                        }
                    }
                };
                match self.gate.tell_forged(self.now + self.skew, &fact.into(), random, Some(&forge)) {
                    Err(why) if why.starts_with("the watch:") => self.ended = true,
                    Ok(Told::Entry(_)) => return Err("check 5: the gate was edited and the watch agreed".into()),
                    // A fault came first; the thief gives up.
                    Err(why) => return Err(why),
                    Ok(Told::Lost(found)) if found.is_empty() => {}
                    Ok(Told::Lost(_)) => self.ended = true,
                    Ok(_) => {}
                }
                Ok(())
            }
            // An authorisation that was paid already is paid once more, or one that waits to another tag.
            2 | 3 => {
                let all: Vec<WithdrawalAsked> = self
                    .of(Status::Signed)
                    .into_iter()
                    .chain(self.of(Status::Ended))
                    .filter(|w| self.sent.contains(&w.id))
                    .collect();
                let Some(mut asked) = pick(&all, random).cloned() else { return Ok(()) };
                if random.chance(30) {
                    asked.tag = Some("8".into());
                } else {
                    // Equal authorisations are interchangeable: any payment of this key may be the one too many.
                    let same = |w: &&WithdrawalAsked| {
                        (&w.asset, w.amount, &w.destination, &w.tag)
                            == (&asked.asset, asked.amount, &asked.destination, &asked.tag)
                    };
                    let rows: Vec<WithdrawalAsked> = self.second.rows.iter().filter_map(|r| r.fact.clone()).collect();
                    self.doubtful.extend(rows.iter().filter(same).map(|w| w.id.clone()));
                }
                let mut transfers = self.transfers(&asked, "", random);
                transfers.truncate(1);
                transfers[0].failed = false;
                // A replayed one is `r`: whether it is the thief's is known by the count alone.
                transfers[0].tx = if asked.tag.as_deref() == Some("8") { tx } else { format!("r{}:0", self.number) };
                self.thefts.insert(transfers[0].tx.clone());
                self.chains[usize::from(asked.asset == "ETH")].waiting.push(Payment { withdrawal: None, transfers });
                Ok(())
            }
            kind => {
                let (name, _, _, from, won, _) = ASSETS[asset];
                let amount =
                    if random.chance(30) { 1 } else { i128::from(random.between(1, 300)) * UNIT * 5_000_000 / won };
                let what =
                    if kind == 4 && random.chance(30) { Moves::Authority("owner".into()) } else { Moves::Amount };
                let t = Transfer {
                    tx: tx.clone(),
                    from: from.into(),
                    to: "thief-address".into(),
                    asset: name.into(),
                    amount,
                    tag: None,
                    fee: 10,
                    fee_asset: None,
                    failed: false,
                    log: false,
                    what,
                };
                self.thefts.insert(tx);
                self.chains[asset].waiting.push(Payment { withdrawal: None, transfers: vec![t] });
                Ok(())
            }
        }
    }
}
