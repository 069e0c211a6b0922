//! What a watch answers over HTTP: the lease, how it stands, and blocks that others read.

use super::Watch;
use crate::recorder::now;
use crate::serve::desk::problem;
use crate::serve::gate::problem::Problem;
use crate::serve::gate::signature::{self, Message};
use crate::serve::published;
use crate::watch::blocks;
use crate::watch::lease::{Lease, VALID};
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use kernel::fact::{Observation, Reach, Role};
use kernel::guard::Guard;
use kernel::guard::breaker::{Stage, Stop};
use kernel::guard::names::Kind;
use kernel::guard::say;
use rulebook::time::Instant;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Bytes of a request: some blocks.
const BODY: usize = 8 << 20;

pub fn routes(watch: &Arc<Watch>) -> Router {
    Router::new()
        .route("/healthz", get(health))
        .route("/v1/lease", get(lease))
        .route("/v1/state", get(state))
        .route("/v1/incidents", get(incidents))
        .route("/v1/blocks", post(take))
        .with_state(watch.clone())
        .layer(DefaultBodyLimit::max(BODY))
        .merge(published::routes(&watch.dir))
}

async fn health() -> Json<Value> {
    Json(json!({"role": "watch"}))
}

async fn lease(State(watch): State<Arc<Watch>>) -> Response {
    match watch.lease() {
        Ok(lease) => {
            let note = lease.sign(&watch.key);
            ([(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")], note)
                .into_response()
        }
        Err((code, why)) => {
            problem(StatusCode::SERVICE_UNAVAILABLE, code, &why, "nothing is to be signed without a lease")
        }
    }
}

impl Watch {
    /// The lease of this moment, or why there is none.
    pub fn lease(&self) -> Result<Lease, (&'static str, String)> {
        if !self.writes.load(Ordering::Acquire) {
            return Err(("full", "the watch's journal cannot be written".into()));
        }
        self.state.read(|state| {
            let none = |why: &str| Err(("not-ready", why.to_string()));
            let Some(guard) = state.guard(&self.exchange) else { return none("nothing is copied yet") };
            let Some(gate) = state.mirror(&self.exchange).and_then(|mirror| mirror.signed()) else {
                return none("the gate was not heard from yet");
            };
            if let Some(stop) = guard.stops.all().iter().find(|stop| stop.scope.what == Reach::All && closes(stop)) {
                let code = if stop.pause { "paused" } else { "tripped" };
                return Err((code, stop.cause.clone()));
            }
            let open = open(guard);
            if open.is_empty() {
                return Err(("tripped", "no key domain is open".into()));
            }
            let narrow = guard.stops.all().iter().filter(|stop| !matches!(stop.scope.what, Reach::Domain(_)));
            let paused = narrow.map(|stop| say::reach(&stop.scope.what)).collect();
            let (exchange, from) = (self.exchange.clone(), now());
            let watch = state.last().map_or(0, |stamp| stamp.index + 1);
            Ok(Lease { exchange, watch, gate, from, until: from + VALID, open, paused })
        })
    }
}

/// Key domains in which nothing is stopped.
fn open(guard: &Guard) -> Vec<String> {
    let name = |number: usize| guard.names.text(Kind::Domain, u32::try_from(number).unwrap_or(u32::MAX)).to_string();
    let all = (0..guard.names.len(Kind::Domain)).map(name);
    let closed = |domain: &String| {
        let of = |stop: &&Stop| matches!(&stop.scope.what, Reach::Domain(name) if name == domain);
        guard.stops.all().iter().filter(of).any(closes)
    };
    all.filter(|domain| !closed(domain)).collect()
}

/// A stop that reopens in part is a matter of the gate's caps.
fn closes(stop: &Stop) -> bool {
    !matches!(stop.stage, Stage::Canary(..) | Stage::Percent(..))
}

async fn state(State(watch): State<Arc<Watch>>) -> Json<Value> {
    let lease = watch.lease().is_ok();
    Json(watch.state.read(|state| {
        let Some(guard) = state.guard(&watch.exchange) else { return json!({"ready": false}) };
        let mirror = state.mirror(&watch.exchange);
        let stops: Vec<Value> = guard
            .stops
            .all()
            .iter()
            .map(|stop| {
                json!({"what": say::reach(&stop.scope.what), "sides": stop.scope.sides.name(), "pause": stop.pause,
                       "cause": stop.cause, "stage": format!("{:?}", stop.stage)})
            })
            .collect();
        json!({"exchange": watch.exchange, "fires": guard.fires, "lease": lease, "stops": stops,
               "awaited": guard.awaited().len(), "entries": state.last().map_or(0, |stamp| stamp.index + 1),
               "gate": {"copied": mirror.map_or(0, |m| m.size()), "signed": mirror.and_then(|m| m.signed()).map(|(size, _)| size),
                        "covers_until": guard.gate.map(|copied| copied.until.0), "differences": mirror.map_or(0, |m| m.differences()),
                        "not_reperformed": mirror.map_or(0, |m| m.absent())}})
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Teller {
    chain: String,
    source: String,
}

async fn incidents(State(watch): State<Arc<Watch>>) -> Response {
    let found = watch.state.read(|state| crate::serve::incidents::listed(state, None, &[], Instant(now())));
    match found {
        Ok(list) => Json(list).into_response(),
        Err(trouble) => problem(StatusCode::SERVICE_UNAVAILABLE, "not-ready", &trouble.what, &trouble.hint),
    }
}

/// Blocks that somebody else read, one on a line, signed by a key that the gate's journal enrolled with the role `blocks`. Each line is answered by
/// itself. A request that is sent again does no harm, as a block that is told again does none: no nonce is remembered.
async fn take(
    State(watch): State<Arc<Watch>>,
    uri: Uri,
    headers: HeaderMap,
    Query(teller): Query<Teller>,
    body: String,
) -> Response {
    let query = uri.query().unwrap_or("");
    let message = Message { method: "POST", path: uri.path(), query, body: body.as_bytes() };
    let speaker = match watch.speaker(&headers, &message) {
        Ok(speaker) => speaker,
        Err(problem) => return problem.into_response(),
    };
    let taken = tokio::task::spawn_blocking(move || {
        let lines = body.lines().filter(|line| !line.trim().is_empty());
        let answers = lines.map(|line| {
            let block = blocks::read(line, &watch.exchange, &teller.chain, &teller.source)?;
            let hash = block.hash.clone();
            let receipts = watch.submit(vec![Observation::from(block)], &speaker).map_err(|e| e.what)?;
            Ok(json!({"hash": hash, "entry": receipts.first().map(|receipt| receipt.stamp.index)}))
        });
        answers
            .map(|answer: Result<Value, String>| answer.unwrap_or_else(|why| json!({"refused": why})))
            .collect::<Vec<_>>()
    })
    .await;
    match taken {
        Ok(list) => Json(Value::Array(list)).into_response(),
        Err(_) => {
            problem(StatusCode::INTERNAL_SERVER_ERROR, "ended", "the request ended early", "send the blocks again")
        }
    }
}

impl Watch {
    /// The key that signed a request, where it may tell blocks.
    fn speaker(&self, headers: &HeaderMap, message: &Message<'_>) -> Result<String, Problem> {
        let signed = signature::read(headers, message)?;
        signed.is_of(now() / 1_000)?;
        // As the gate's journal enrolled it, re-performed like everything else of it.
        let key = self.state.read(|state| {
            let copied = state.mirror(&self.exchange)?.state();
            copied.guard(&self.exchange)?.keys.get(&signed.key).cloned()
        });
        let hint = "enrol it at the gate with the role `blocks`; the watch learns of it from the gate's journal";
        let key = key.ok_or_else(|| Problem::new("unknown-key", format!("found {}", signed.key), hint))?;
        signed.verify(message, &key.public)?;
        if !key.roles.contains(&Role::Blocks) {
            return Err(Problem::new("role", format!("{} may not", signed.key), hint).expected("blocks"));
        }
        Ok(signed.key)
    }
}
