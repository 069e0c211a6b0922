//! What people and programs read of a supervisor's journal: who was heard from, which incidents run against time.

use super::Office;
use crate::incident::summary;
use crate::recorder::now;
use crate::report::moment::iso;
use crate::walk;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use kernel::known::KnownAt;
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
    let found = office.state.read(|state| {
        let book = state.adoptions().last().and_then(|adoption| adoption.book.as_deref());
        let Some(book) = book else { return Ok(Value::Array(Vec::new())) };
        let zone = walk::zone_of(book);
        let rows = summary::rows(state, book, which.exchange.as_deref(), Instant(now()), KnownAt::Now, &laws, None)?;
        let shown = rows.iter().map(|row| {
            let next = row.next.as_ref().and_then(|clock| Some(json!({"rule": clock.id, "due": iso(clock.due?, &zone)})));
            json!({"exchange": row.exchange, "incident": row.incident, "title": row.title, "late": row.late, "next": next})
        });
        Ok::<Value, crate::trouble::Trouble>(Value::Array(shown.collect()))
    });
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
