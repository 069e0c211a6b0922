//! Approvals: what is to be approved, decoded, and the answer of the person whose key signs.

use super::Gate;
use super::answer::{hex, hold, status};
use super::fact;
use super::problem::Problem;
use super::route::{Call, Reply};
use super::shape::Approval;
use kernel::fact::ApprovalGiven;
use kernel::guard::names::Kind;
use kernel::guard::state::Status;
use serde_json::json;

/// Approves or rejects, in the name of the key's holder and of nobody else.
pub fn give(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let told = call.read::<Approval>()?;
    let at = gate.of_today(told.at)?;
    let (exchange, by) = (gate.exchange.clone(), call.speaker.holder.clone());
    let request = fact::hash("request", &told.request)?;
    gate.record(
        call,
        ApprovalGiven { exchange, withdrawal: told.id, by, group: told.group, request, reject: told.reject, at },
    )
}

/// A withdrawal, credit or change as it is recorded, and the hash that an approval names.
pub fn show(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let id = call.place(0);
    let shown = gate.state.read(|state| {
        let guard = state.guard(&gate.exchange)?;
        let request = hex(&guard.request(&gate.exchange, id)?);
        let (what, standing, given) = if let Some((_, w)) = guard.withdrawal(id) {
            let asked = guard.asked(&gate.exchange, id)?;
            let quantity = guard.assets.get(w.asset as usize).and_then(|asset| asset.units(w.amount));
            let what = json!({"withdrawal": {"id": asked.id, "wallet": asked.wallet, "asset": asked.asset,
                "amount": asked.amount.to_string(), "quantity": quantity.map(|q| q.to_string()),
                "destination": asked.destination, "tag": asked.tag, "customer": asked.customer,
                "initiator": asked.initiator, "second_factor": asked.second_factor, "at": asked.at.0}});
            (what, &w.status, &w.approvals)
        } else if let Some((_, credit)) = guard.credit(id) {
            let asked = &credit.fact;
            let quantity = guard.asset(&asked.asset).and_then(|(_, asset)| asset.units(asked.amount));
            let what = json!({"credit": {"id": asked.id, "asset": asked.asset, "amount": asked.amount.to_string(),
                "quantity": quantity.map(|q| q.to_string()), "customer": asked.customer, "event": asked.event,
                "deposit": asked.deposit, "at": asked.at.0}});
            (what, &credit.status, &credit.approvals)
        } else {
            let (_, change) = guard.change(id)?;
            let what = json!({"change": {"id": change.fact.id, "change": change.fact.change, "by": change.fact.by,
                "makes": hex(&change.fact.makes), "at": change.fact.at.0}});
            (what, &change.status, &change.approvals)
        };
        let given: Vec<_> =
            given.iter().map(|a| json!({"group": guard.names.text(Kind::Group, a.group), "at": a.at.0})).collect();
        let hold = if let Status::Held(h) = standing { Some(hold(h)) } else { None };
        Some(json!({"what": what, "request": request, "status": status(standing), "hold": hold, "given": given}))
    });
    let hint = "ask first, or check the id";
    let shown = shown.ok_or_else(|| Problem::new("unknown", format!("nothing was asked as {id}"), hint).of("id"))?;
    call.reply(200, &shown)
}
