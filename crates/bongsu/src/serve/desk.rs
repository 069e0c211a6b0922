//! What people and programs read of a supervisor's journal: who was heard from, which incidents run against time.

use super::Office;
use crate::recorder::now;
use crate::report::moment::iso;
use crate::walk;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use rulebook::time::Instant;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// A journal that was not heard from for so long is silent, in milliseconds: the guard's journals publish every second when
/// idle, and a gap over a minute is a finding.
pub const SILENT: i64 = 60_000;

pub fn routes() -> Router<Arc<Office>> {
    Router::new().route("/healthz", get(health)).route("/v1/logs", get(logs)).route("/v1/incidents", get(incidents))
}

async fn health(State(office): State<Arc<Office>>) -> Json<Value> {
    let entries = office.state.read(|state| state.last().map_or(0, |last| last.index + 1));
    Json(json!({"entries": entries, "journal": office.dir.display().to_string()}))
}

async fn logs(State(office): State<Arc<Office>>) -> Json<Value> {
    Json(office.state.read(|state| logs_of(state, Instant(now()))))
}

/// Every journal that is witnessed: what was cosigned last, when it was heard from, whether it forked.
pub fn logs_of(state: &kernel::state::State, now: Instant) -> Value {
    let zone = walk::zone(state);
    let of = |(origin, log): (&String, &kernel::witness::Log)| {
        let heard = log.last.as_ref().map_or(log.since, |seen| seen.since).time;
        let silent = now.0.saturating_sub(heard.0);
        json!({"origin": origin, "exchange": log.exchange, "size": log.last.as_ref().map_or(0, |seen| seen.size),
               "heard": iso(heard, &zone), "silent_ms": silent, "silent": silent > SILENT,
               "forks": log.forks.iter().map(|stamp| stamp.index).collect::<Vec<_>>()})
    };
    Value::Array(state.logs().iter().map(of).collect())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    exchange: Option<String>,
    law: Option<String>,
}

async fn incidents(State(office): State<Arc<Office>>, Query(which): Query<Which>) -> Response {
    let laws: Vec<String> = which.law.iter().flat_map(|list| list.split(',')).map(str::to_string).collect();
    let found =
        office.state.read(|state| super::incidents::listed(state, which.exchange.as_deref(), &laws, Instant(now())));
    match found {
        Ok(list) => Json(list).into_response(),
        Err(trouble) => problem(StatusCode::NOT_FOUND, "unknown-exchange", &trouble.what, &trouble.hint),
    }
}

/// A problem by RFC 9457.
pub fn problem(status: StatusCode, code: &str, detail: &str, hint: &str) -> Response {
    let body = json!({"type": format!("urn:bongsu:{code}"), "title": status.canonical_reason(), "status": status.as_u16(),
                      "code": code, "detail": detail, "hint": hint});
    (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}
