//! How a guard stands, as the contract of `docs/guard.md`.

use super::text;
use super::{Beacon, Chain, Held, OpenTicket, Stop};
use crate::lang::Lang;
use crate::report::amount::decimal;
use crate::report::moment::iso;
use kernel::guard::conclusion::Evacuation;
use rulebook::time::Zone;
use serde_json::{Value, json};

/// The beacon as JSON.
pub fn show(beacon: &Beacon, zone: &Zone) -> Value {
    let flight = &beacon.flight;
    let tiers: serde_json::Map<String, Value> =
        beacon.tiers.iter().map(|(tier, won)| ((*tier).to_string(), won.map(|won| won.to_string()).into())).collect();
    json!({
        "exchange": beacon.exchange.0, "at": iso(beacon.at, zone), "fires": beacon.fires,
        "stops": beacon.stops.iter().map(|stop| of_stop(stop, zone)).collect::<Vec<_>>(),
        "held": beacon.held.iter().map(|held| of_held(held, zone)).collect::<Vec<_>>(),
        "waiting": beacon.waiting,
        "tickets": beacon.tickets.iter().map(|ticket| of_ticket(ticket, zone)).collect::<Vec<_>>(),
        "on_the_way": {"unsigned": flight.unsigned, "signed": flight.signed, "broadcast": flight.broadcast},
        "won_by_tier": tiers,
        "evacuations": beacon.evacuations.iter().map(of_evacuation).collect::<Vec<_>>(),
        "chains": beacon.chains.iter().map(|chain| of_chain(chain, zone)).collect::<Vec<_>>(),
    })
}

fn of_stop(stop: &Stop, zone: &Zone) -> Value {
    json!({"scope": text::scope(&stop.scope, Lang::En), "pause": stop.pause, "cause": stop.cause, "since": iso(stop.since.0, zone),
           "entry": stop.since.1, "stage": text::stage(stop, Lang::En), "next": text::next(stop, Lang::En), "asked": stop.asked})
}

fn of_held(held: &Held, zone: &Zone) -> Value {
    json!({"id": held.id, "since": iso(held.since, zone), "quantity": held.quantity.as_ref().map(decimal), "asset": held.asset,
           "won": held.won.map(|won| won.to_string()), "wallet": held.way.as_ref().map(|(from, _)| from), "destination": held.way.as_ref().map(|(_, to)| to), "customer": held.customer,
           "approvals": {"given": held.approvals.0, "wanted": held.approvals.1, "by": held.by},
           "until": held.until.map(|until| iso(until, zone))})
}

fn of_ticket(ticket: &OpenTicket, zone: &Zone) -> Value {
    json!({"id": ticket.id, "since": iso(ticket.since.0, zone), "entry": ticket.since.1, "wallet": ticket.way.0,
           "destination": ticket.way.1, "reason": ticket.reason, "used": ticket.used})
}

fn of_evacuation(plan: &Evacuation) -> Value {
    let moves: Vec<Value> = plan
        .moves
        .iter()
        .map(|one| {
            json!({"wallet": one.wallet, "asset": one.asset, "units": one.amount.to_string(), "to": one.to,
                          "won": one.won.map(|won| won.to_string())})
        })
        .collect();
    let stays: Vec<Value> =
        plan.cannot.iter().map(|one| json!({"wallet": one.wallet, "asset": one.asset, "why": one.why})).collect();
    json!({"domain": plan.domain, "moves": moves, "stays": stays})
}

fn of_chain(chain: &Chain, zone: &Zone) -> Value {
    let sources: Vec<Value> = chain
        .sources
        .iter()
        .map(|(name, height, last)| json!({"source": name, "height": height, "last": height.map(|_| iso(*last, zone))}))
        .collect();
    json!({"chain": chain.name, "sources": sources, "agreed": chain.agreed, "lagging": chain.lagging, "halted": chain.halted, "observed": chain.observed,
           "covered": chain.is_covered()})
}
