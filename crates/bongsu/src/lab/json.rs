//! The lab's answers as JSON: the contract of `docs/lab.md`. Numbers are texts, exact; a reader that wants a float makes one.

use super::bands::BANDS;
use super::cost::{Cost, Costs, VIEWS};
use super::run::{Ruled, Run, Short, Tried};
use super::set::Kind;
use super::sweep::{Range, Sweep};
use crate::report::moment;
use kernel::finding::Quantity;
use rulebook::number::Number;
use rulebook::time::{Instant, Zone};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The version of the contract.
const VERSION: u32 = 1;

fn zone() -> Zone {
    Zone::get("Asia/Seoul").unwrap_or_else(Zone::utc)
}

fn at(instant: Instant) -> String {
    moment::iso(instant, &zone())
}

fn kind(of: Kind) -> &'static str {
    match of {
        Kind::Synthetic => "synthetic",
        Kind::Real => "real",
    }
}

fn numbers(map: &BTreeMap<String, Number>) -> Value {
    map.iter().map(|(of, n)| (of.clone(), Value::from(n.to_string()))).collect::<Map<_, _>>().into()
}

fn cost(cost: &Cost) -> Value {
    VIEWS
        .iter()
        .zip(cost)
        .map(|(view, n)| ((*view).to_string(), Value::from(n.to_string())))
        .collect::<Map<_, _>>()
        .into()
}

fn bands(bands: &BTreeMap<super::bands::Band, usize>) -> Value {
    BANDS
        .iter()
        .map(|(b, name)| ((*name).to_string(), Value::from(bands.get(b).copied().unwrap_or(0))))
        .collect::<Map<_, _>>()
        .into()
}

fn quantity(quantity: &Option<Quantity>) -> Value {
    quantity.as_ref().map_or(Value::Null, |q| json!({ "value": q.value, "unit": q.unit }))
}

fn short(short: &Option<Short>) -> Value {
    short.as_ref().map_or(Value::Null, |s| json!({ "of": s.of, "amount": s.amount.to_string() }))
}

fn prices(costs: &Costs, as_of: Option<Instant>) -> Value {
    let list = as_of.map(|at| costs.prices(at)).unwrap_or_default();
    let list: Vec<Value> = list
        .iter()
        .map(|p| json!({ "of": p.of, "view": p.view, "won_a_year": p.won, "since": p.since.to_string(), "cite": p.cite }))
        .collect();
    json!({ "page": costs.path(), "prices": list })
}

/// Runs as JSON.
pub fn runs(runs: &[Run], costs: &Costs) -> String {
    let list: Vec<Value> = runs
        .iter()
        .map(|run| {
            json!({
                "set": run.set, "kind": kind(run.kind), "rests_on": run.rests_on, "as_of": at(run.as_of),
                "exchanges": run.exchanges, "drafts": run.drafts.iter().map(tried).collect::<Vec<_>>(),
            })
        })
        .collect();
    print(
        &json!({ "lab": "run", "version": VERSION, "total": null, "costs": prices(costs, runs.iter().map(|r| r.as_of).max()), "sets": list }),
    )
}

fn tried(tried: &Tried) -> Value {
    let exchanges: Vec<Value> = tried
        .exchanges
        .iter()
        .map(|e| {
            json!({
                "exchange": e.exchange, "name_en": e.name_en, "name_ko": e.name_ko, "band": e.band.name(),
                "rules": e.rules.iter().map(ruled).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "draft": tried.name, "title": tried.title, "says": tried.says, "bands": bands(&tried.bands),
        "short": numbers(&tried.short), "short_if_adverse": numbers(&tried.adverse),
        "cost": cost(&tried.cost), "cost_if_adverse": cost(&tried.adverse_cost),
        "hires": tried.hires.to_string(), "missed_without_figure": tried.unpriced, "exchanges": exchanges,
    })
}

fn ruled(r: &Ruled) -> Value {
    json!({
        "rule": r.rule, "subject": r.subject.as_ref().map(|s| format!("{}/{}", s.kind, s.name)),
        "before": r.before.map(|v| v.name()), "after": r.after.name(), "changed": r.before != Some(r.after),
        "band": r.band.name(), "line": r.line, "cites": r.cites,
        "value": quantity(&r.value), "required": quantity(&r.required), "short": short(&r.short), "short_if_adverse": short(&r.adverse),
        "since": r.since.map(at), "missing": r.missing, "tried": r.tried,
    })
}

/// Sweeps as JSON.
pub fn sweeps(sweeps: &[Sweep], range: &Range, draft: &str, costs: &Costs) -> String {
    let list: Vec<Value> = sweeps
        .iter()
        .map(|sweep| {
            let points: Vec<Value> = sweep
                .points
                .iter()
                .map(|p| {
                    json!({
                        "value": p.value.to_string(), "bands": bands(&p.bands), "short": numbers(&p.short),
                        "short_if_adverse": numbers(&p.adverse), "hires": p.hires.to_string(), "cost": cost(&p.cost), "cost_if_adverse": cost(&p.adverse_cost),
                    })
                })
                .collect();
            let crossings: Vec<Value> =
                sweep.crossings.iter().map(|c| json!({ "exchange": c.exchange, "bound_from": c.value.to_string() })).collect();
            json!({
                "set": sweep.set, "kind": kind(sweep.kind), "rests_on": sweep.rests_on, "as_of": at(sweep.as_of),
                "exchanges": sweep.exchanges, "rules": sweep.rules, "by_comparison": sweep.by_comparison,
                "points": points, "bound_from": crossings,
            })
        })
        .collect();
    print(&json!({
        "lab": "sweep", "version": VERSION, "draft": draft, "parameter": range.name, "unit": range.unit, "total": null,
        "costs": prices(costs, sweeps.iter().map(|s| s.as_of).max()), "sets": list,
    }))
}

fn print(value: &Value) -> String {
    serde_json::to_string_pretty(value).map(|text| text + "\n").unwrap_or_default()
}
