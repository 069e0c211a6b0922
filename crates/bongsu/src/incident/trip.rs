//! The incident that a stop of the guard is: what is known the second it happened, as facts like any other.
//!
//! It promises that one night is one incident: a stop while another still stands joins it. It says what the guard saw and
//! what it did, and leaves to people what only they can say: whether it is a breach in law, how severe, who must be told.

use super::dossier::{self, KIND};
use super::loss;
use super::record::{Said, figure, remark, subject};
use crate::trouble::Trouble;
use kernel::fact::{Name, Observation, Reach, Sides};
use kernel::guard::Guard;
use kernel::guard::conclusion::{Concluded, Tripped};
use kernel::known::Stamp;
use kernel::state::State;
use rulebook::time::Instant;
use std::collections::BTreeMap;

/// The ground of VAUPA Decree 17(2) for withholding deposits and withdrawals: an accident.
const GROUND: &str = "incident";

/// What to record after an entry of the guard was folded: nothing, unless something was stopped by what it saw or more of the
/// same was lost. What a person stops is that person's to explain.
pub fn facts(
    state: &State,
    observation: &Observation,
    concluded: &[Concluded],
    stamp: Stamp,
) -> Result<Vec<Observation>, Trouble> {
    let exchange = kernel::reads::exchange(observation).unwrap_or_default();
    let Some(guard) = state.guard(exchange).filter(|_| !matches!(observation, Observation::Suspended(_))) else {
        return Ok(Vec::new());
    };
    let trips: Vec<&Tripped> = concluded
        .iter()
        .filter_map(|concluded| if let Concluded::Tripped(trip) = concluded { Some(trip) } else { None })
        .collect();
    let more = concluded.iter().any(|concluded| matches!(concluded, Concluded::Unmatched(_)));
    let known = open(state, guard, exchange);
    let id = match (&known, trips.is_empty()) {
        (Some(id), _) if more || !trips.is_empty() => id.clone(),
        (None, false) => format!("stop-{}", stamp.index),
        _ => return Ok(Vec::new()),
    };
    let incident = Incident {
        state,
        guard,
        exchange,
        name: Name::new(KIND, &id),
        began: began(guard, observation, concluded, stamp),
    };
    let mut out = Vec::new();
    if known.is_none() {
        incident.opens(&trips, stamp, &mut out)?;
    }
    for trip in &trips {
        incident.blocks(trip, stamp, &mut out)?;
    }
    incident.loses(stamp, &mut out)?;
    incident.traces(concluded, &mut out)?;
    Ok(out)
}

/// The incident that still stands: that of the first stop which has one.
fn open(state: &State, guard: &Guard, exchange: &str) -> Option<String> {
    let on_record = dossier::incidents(state, exchange);
    let mut since: Vec<u64> = guard.stops.all().iter().filter(|s| !s.pause).map(|s| s.since.index).collect();
    since.sort_unstable();
    since.into_iter().map(|index| format!("stop-{index}")).find(|id| on_record.contains(&id.as_str()))
}

/// When it happened: with the first transfer of it, which may have waited for the gate's journal since.
fn began(guard: &Guard, observation: &Observation, concluded: &[Concluded], stamp: Stamp) -> Instant {
    let transfers = concluded.iter().filter_map(|concluded| match concluded {
        Concluded::Tripped(trip) => guard.transfer(trip.tx.as_deref()?),
        Concluded::Unmatched(unmatched) => guard.transfer(&unmatched.tx),
        _ => None,
    });
    if let Some(first) = transfers.map(|(at, _)| at).min() {
        return first.min(stamp.time);
    }
    match observation {
        Observation::BlockRead(fact) => fact.at.min(stamp.time),
        Observation::HoldingsRead(fact) => fact.at.min(stamp.time),
        _ => stamp.time,
    }
}

struct Incident<'s> {
    state: &'s State,
    guard: &'s Guard,
    exchange: &'s str,
    name: Name,
    /// When what was seen in this entry happened.
    began: Instant,
}

impl Incident<'_> {
    fn put(
        &self,
        name: &Name,
        word: &str,
        value: &str,
        at: Instant,
        out: &mut Vec<Observation>,
    ) -> Result<(), Trouble> {
        out.push(figure(self.state.vocabulary(), self.exchange, name, word, value, at, "the guard")?);
        Ok(())
    }

    /// Said again, a subject would lose what was said of it before.
    fn is_known(&self, name: &Name) -> bool {
        let kind = self.state.vocabulary().kind(&name.kind);
        let record = self.state.record(self.exchange);
        kind.zip(record).is_some_and(|(kind, record)| record.subject(kind, &name.name).is_some())
    }

    fn opens(&self, trips: &[&Tripped], stamp: Stamp, out: &mut Vec<Observation>) -> Result<(), Trouble> {
        let name = &self.name;
        out.push(subject(self.exchange, name, Vec::new()));
        self.put(name, "occurred", "yes", self.began, out)?;
        self.put(name, "detected", "yes", stamp.time, out)?;
        self.put(name, "discovered_by", "detection_tool", stamp.time, out)?;
        let theft = self.guard.unmatched_since(self.began).next().is_some();
        let kind = if theft { "theft" } else { "ledger_error" };
        self.put(name, "incident_class", kind, stamp.time, out)?;
        let causes: Vec<&str> = trips.iter().map(|trip| trip.cause.as_str()).collect();
        let title = format!("Stopped by the guard: {}", causes.join("; "));
        let title_ko = format!("통제 시스템이 차단함: {}", causes.join("; "));
        for (topic, text) in [("title", &title), ("title.ko", &title_ko)] {
            let said = Said { topic, text, at: None, id: "", owner: "", due: None, done: false, by: "the guard" };
            out.push(remark(self.exchange, name, &said, stamp.time, None));
        }
        Ok(())
    }

    /// Users are withheld from their assets from now on: on which ground, which side, with which prices on record.
    fn blocks(&self, trip: &Tripped, stamp: Stamp, out: &mut Vec<Observation>) -> Result<(), Trouble> {
        let what = match &trip.scope.what {
            Reach::All => "all".to_string(),
            Reach::Domain(name) => format!("domain-{name}"),
            Reach::Chain(name) => format!("chain-{name}"),
            Reach::Asset(name) => format!("asset-{name}"),
            Reach::Wallet(name) => format!("wallet-{name}"),
        };
        let sides: &[&str] = match trip.scope.sides {
            Sides::Withdrawals => &["withdrawals"],
            Sides::Deposits => &["deposits"],
            Sides::Both => &["withdrawals", "deposits"],
        };
        for side in sides {
            let name = Name::new("blocking", &format!("{}-{what}-{side}", self.name.name));
            out.push(subject(self.exchange, &name, vec![self.name.clone()]));
            for (word, value) in [("ground", GROUND), ("side", side), ("accident", "yes"), ("blocking_began", "yes")] {
                self.put(&name, word, value, stamp.time, out)?;
            }
            // Act 11(3) reckons users' loss from the price when withholding began: it is on record if the guard has one of each asset.
            if self.guard.assets.iter().all(|asset| asset.prices.value(1, stamp.time).is_some()) {
                self.put(&name, "block_price_kept", "yes", stamp.time, out)?;
            }
        }
        Ok(())
    }

    /// What nothing authorised since it began, asset by asset: the sum so far, restated with each entry.
    fn loses(&self, stamp: Stamp, out: &mut Vec<Observation>) -> Result<(), Trouble> {
        let dossier = dossier::Dossier::open(
            self.state,
            self.exchange,
            &self.name.name,
            Instant::NEVER,
            kernel::known::KnownAt::Now,
        );
        let since = dossier.ok().and_then(|dossier| dossier.moment("occurred")).unwrap_or(self.began);
        let mut sums: BTreeMap<&str, (i128, Instant)> = BTreeMap::new();
        for outflow in self.guard.unmatched_since(since) {
            let (sum, first) = sums.entry(outflow.asset).or_insert((0, outflow.at));
            *sum = sum.saturating_add(outflow.amount);
            *first = outflow.at.min(*first);
        }
        for (id, (sum, first)) in sums {
            let Some((_, listed)) = self.guard.asset(id) else { continue };
            let name = Name::new(loss::KIND, &format!("{}-{id}", self.name.name));
            let asset = Name::new("asset", id);
            if !self.is_known(&asset) {
                out.push(subject(self.exchange, &asset, Vec::new()));
            }
            out.push(subject(self.exchange, &name, vec![self.name.clone(), asset]));
            self.put(&name, "loss_began", "yes", first, out)?;
            if let Some(quantity) = listed.units(sum) {
                self.put(&name, "loss_quantity", &format!("{quantity} asset"), first, out)?;
            }
            if let Some(won) = listed.prices.value(sum, stamp.time) {
                self.put(&name, "loss_value", &format!("{won} KRW"), first, out)?;
            }
        }
        Ok(())
    }

    /// Addresses and transactions of whoever took it, for those who may still stop it.
    fn traces(&self, concluded: &[Concluded], out: &mut Vec<Observation>) -> Result<(), Trouble> {
        for concluded in concluded {
            let Concluded::Unmatched(unmatched) = concluded else { continue };
            let found = self.guard.transfer(&unmatched.tx);
            let at = found.map_or(self.began, |(at, _)| at).min(self.began);
            let to = found.map(|(_, to)| to);
            let seen =
                [("transaction", "transaction_seen", Some(unmatched.tx.as_str())), ("address", "address_seen", to)];
            for (kind, word, name) in seen {
                let Some(name) = name.filter(|name| !name.is_empty()) else { continue };
                let name = Name::new(kind, name);
                out.push(subject(self.exchange, &name, vec![self.name.clone()]));
                self.put(&name, word, "yes", at, out)?;
            }
        }
        Ok(())
    }
}
