//! A drill's answer as JSON: the contract of `docs/drills.md`. Won are texts, whole; moments are UTC.

use super::case::{Case, Means};
use super::outcome::{Outcome, per_hundred_thousand};
use super::tally::{Answered, Sum};
use crate::report::moment;
use rulebook::time::{Instant, Zone};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The version of the contract.
const VERSION: u32 = 1;

fn at(instant: Instant) -> String {
    moment::iso(instant, &Zone::utc())
}

fn curve(points: &[(Instant, i128)]) -> Value {
    points.iter().map(|(when, won)| json!([at(*when), won.to_string()])).collect()
}

fn answers(map: &BTreeMap<Answered, Sum>) -> Value {
    map.iter()
        .map(|(a, sum)| json!({ "verdict": a.verdict, "by": a.by, "count": sum.count, "won": sum.won.to_string() }))
        .collect()
}

fn rate(part: u64, of: u64) -> Value {
    let tenths = per_hundred_thousand(part, of);
    tenths.map_or(Value::Null, |tenths| format!("{}.{}", tenths / 10, tenths % 10).into())
}

/// The whole answer.
pub fn show(case: &Case, outcome: &Outcome) -> String {
    let month = &outcome.month;
    let (held, denied, trips) = outcome.false_alarms();
    let means = match case.header.means {
        Means::Key => "key",
        Means::Payload => "payload",
        Means::Gate => "gate",
        Means::Ledger => "ledger",
    };
    let value = json!({
        "drill": case.header.id, "version": VERSION, "title": case.header.title, "title_ko": case.header.title_ko,
        "means": means, "policy": outcome.policy, "seed": outcome.seed, "start": at(case.start),
        "as_it_happened": { "won": outcome.lost().to_string(), "count": outcome.transfers, "curve": curve(&outcome.fact) },
        "as_it_would_be": { "won": outcome.would_lose().to_string(), "curve": curve(&outcome.would) },
        "first_trip": outcome.stop.as_ref().map(|stop| json!({
            "at": at(stop.at), "after_ms": stop.at.0.saturating_sub(case.start.0), "cause": stop.cause, "won_out": stop.before.to_string(),
        })),
        "requested": outcome.requested.iter().map(|(when, id, verdict, by)| json!({ "at": at(*when), "id": id, "verdict": verdict.name(), "by": by })).collect::<Vec<_>>(),
        "shown": outcome.shown.iter().map(|(when, verdict, why)| json!({ "at": at(*when), "verdict": verdict.name(), "why": why })).collect::<Vec<_>>(),
        "asked_first": answers(&outcome.asked),
        "credits": outcome.credits.as_ref().map(|credits| json!({
            "count": credits.asked.count, "won": credits.asked.won.to_string(), "answers": answers(&credits.answered),
            "first_refusal": credits.first.as_ref().map(|(when, hint)| json!({ "at": at(*when), "hint": hint })),
        })),
        "evacuation": {
            "by_start": outcome.evacuated.iter().map(|row| json!({
                "after_ms": row.start, "won_lost": row.loss.to_string(), "done": row.last.map(at),
            })).collect::<Vec<_>>(),
            "moved": outcome.moved.iter().map(|m| json!({ "at": at(m.at), "wallet": m.wallet, "asset": m.asset, "won": m.won.to_string() })).collect::<Vec<_>>(),
            "cannot_move": outcome.stuck.iter().map(|(wallet, asset, why)| json!({ "wallet": wallet, "asset": asset, "why": why })).collect::<Vec<_>>(),
        },
        "month": {
            "withdrawals": month.asked, "paid": month.paid, "mandated": month.mandated, "unmatched": month.unmatched, "pauses": month.pauses, "facts": month.facts,
            "held": { "count": held, "per_100000": rate(held, month.asked), "by_rule": month.held },
            "refused": { "count": denied, "per_100000": rate(denied, month.asked), "by_rule": month.denied },
            "trips": { "count": trips, "per_100000": rate(trips, month.asked), "causes": month.trips.iter().map(|(when, cause)| json!({ "at": at(*when), "cause": cause })).collect::<Vec<_>>() },
        },
        "assumptions": case.header.assumptions, "assumptions_ko": case.header.assumptions_ko, "sources": case.header.sources,
    });
    serde_json::to_string_pretty(&value).map(|text| text + "\n").unwrap_or_default()
}
