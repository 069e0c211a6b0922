//! Connections and what every request goes through: head and body in time, signature, nonce, role, handler.
//!
//! It promises that each connection has at most one request in flight and a thread for it, that beyond the limit of connections
//! only suspensions are answered, and that nothing but `/healthz` and `/openapi.json` is answered unsigned.

use super::super::page;
use super::problem::Problem;
use super::route::{Call, ROUTES, Reply, Route, Speaker};
use super::signature::{self, Message};
use super::{Gate, custody, entries, limits, openapi};
use crate::recorder::now;
use crate::store::Reader;
use crate::trouble::Trouble;
use axum::Router;
use axum::body::Body;
use axum::extract::{RawPathParams, Request};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, get, on};
use futures_core::Stream;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use kernel::fact::Role;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::sync::{Semaphore, mpsc};

/// The connection came beyond the limit.
#[derive(Clone, Copy)]
struct Crowded(bool);

/// Serves until interrupted.
pub fn run(gate: Arc<Gate>, listen: SocketAddr, desk: Option<SocketAddr>) -> Result<(), Trouble> {
    let threads = limits::CONNECTIONS + limits::RESERVED + limits::STREAMS;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(threads)
        .enable_all()
        .build();
    let runtime = runtime
        .map_err(|e| Trouble::new(format!("the server cannot start: {e}"), "too many open files or threads?"))?;
    let served = runtime.block_on(async move {
        if let Some(at) = desk {
            page::open(gate.state.clone(), at).await?;
        }
        serve(gate, listen).await
    });
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    served
}

async fn serve(gate: Arc<Gate>, listen: SocketAddr) -> Result<(), Trouble> {
    let taken = |e: std::io::Error| Trouble::new(format!("{listen}: {e}"), "choose another address with --listen");
    let listener = tokio::net::TcpListener::bind(listen).await.map_err(taken)?;
    println!("listening on http://{}", listener.local_addr().map_err(taken)?);
    let router = router(gate);
    let (ordinary, reserved) =
        (Arc::new(Semaphore::new(limits::CONNECTIONS)), Arc::new(Semaphore::new(limits::RESERVED)));
    let mut stop = std::pin::pin!(super::super::interrupted());
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => return Ok(()),
        };
        let Ok((stream, _)) = accepted else {
            // Out of descriptors: those that are open will be closed.
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            continue;
        };
        let _small = stream.set_nodelay(true);
        let (permit, crowded) = match ordinary.clone().try_acquire_owned() {
            Ok(permit) => (permit, false),
            Err(_) => match reserved.clone().try_acquire_owned() {
                Ok(permit) => (permit, true),
                Err(_) => continue,
            },
        };
        let service = TowerToHyperService::new(router.clone().layer(axum::Extension(Crowded(crowded))));
        tokio::spawn(async move {
            let mut http = hyper::server::conn::http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(limits::HEAD).keep_alive(!crowded);
            let _closed = http.serve_connection(TokioIo::new(stream), service).await;
            drop(permit);
        });
    }
}

fn router(gate: Arc<Gate>) -> Router {
    let document = openapi::text();
    let json = [(header::CONTENT_TYPE, "application/json")];
    let healthy = gate.clone();
    let mut router = Router::new()
        .route("/openapi.json", get(move || async move { (json, document.clone()) }))
        .route("/healthz", get(move || async move { health(&healthy) }));
    if gate.custody.is_some() {
        // Who asks here signs its token with the key in custody.toml, and knows no other signature.
        for path in ["/v1/cosigner", "/v1/cosigner/v2/tx_sign_request", "/v1/custodian-webhook"] {
            let gate = gate.clone();
            let answer = move |request: Request| custodian(gate.clone(), path == "/v1/custodian-webhook", request);
            router = router.route(path, on(MethodFilter::POST, answer));
        }
    }
    for route in ROUTES {
        let gate = gate.clone();
        let filter = if route.method == "GET" { MethodFilter::GET } else { MethodFilter::POST };
        let answer = move |path: RawPathParams, request: Request| {
            let gate = gate.clone();
            async move {
                let path = path.iter().map(|(_, value)| value.to_string()).collect();
                handle(gate, route, path, request).await.unwrap_or_else(Problem::into_response)
            }
        };
        router = router.route(route.path, on(filter, answer));
    }
    let nowhere = || async { Problem::new("not-found", "no such route", "/openapi.json lists them") };
    let method = || async { Problem::new("method", "another method", "/openapi.json lists them") };
    router.fallback(nowhere).method_not_allowed_fallback(method)
}

fn health(gate: &Gate) -> Response {
    let entries = *gate.durable.borrow();
    axum::Json(serde_json::json!({"entries": entries, "role": "gate"})).into_response()
}

async fn handle(
    gate: Arc<Gate>,
    route: &'static Route,
    path: Vec<String>,
    request: Request,
) -> Result<Response, Problem> {
    let urgent = route.roles == [Role::Suspend];
    if !urgent && request.extensions().get::<Crowded>().is_some_and(|crowded| crowded.0) {
        return Err(Problem::busy("too many connections"));
    }
    let (parts, body) = request.into_parts();
    let cbor = match (route.takes.is_some(), media(&parts.headers)) {
        (false, _) | (true, Some("application/json")) => false,
        (true, Some("application/cbor")) if route.cbor => true,
        (true, found) => {
            let hint = "Content-Type: application/json";
            return Err(Problem::new("media-type", format!("found {}", found.unwrap_or("none")), hint));
        }
    };
    let body = read(body, route.limit).await?;
    let signed_at = now() / 1_000;
    let message = Message {
        method: parts.method.as_str(),
        path: parts.uri.path(),
        query: parts.uri.query().unwrap_or(""),
        body: &body,
    };
    let speaker = speaker(&gate, route, &parts.headers, &message, signed_at, urgent)?;
    let query: Vec<(String, String)> = form(parts.uri.query().unwrap_or(""));
    let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let call = Call {
        speaker,
        path,
        query,
        body,
        cbor,
        last_event: text("last-event-id").and_then(|text| text.parse().ok()),
        stream: text("accept").is_some_and(|accept| accept.contains("text/event-stream")),
    };
    let worker = gate.clone();
    let done = tokio::task::spawn_blocking(move || (route.handle)(&worker, &call)).await;
    let ended = |_| Problem::new("ended", "the request ended early", "ask again with the same id");
    match done.map_err(ended)?? {
        Reply::Body(status, cbor, bytes) => {
            let kind = if cbor { "application/cbor" } else { "application/json" };
            let status = axum::http::StatusCode::from_u16(status).unwrap_or_default();
            Ok((status, [(header::CONTENT_TYPE, kind)], bytes).into_response())
        }
        Reply::Bytes(kind, bytes) => Ok(([(header::CONTENT_TYPE, kind)], bytes).into_response()),
        Reply::Stream(from) => stream(gate, from),
    }
}

/// A custodian's question, answered by a token.
async fn custodian(gate: Arc<Gate>, webhook: bool, request: Request) -> Result<Response, Problem> {
    if request.extensions().get::<Crowded>().is_some_and(|crowded| crowded.0) {
        return Err(Problem::busy("too many connections"));
    }
    let body = read(request.into_body(), limits::BODY).await?;
    let done = tokio::task::spawn_blocking(move || {
        if webhook { custody::webhook(&gate, &body) } else { custody::cosigner(&gate, &body).map(|token| (200, token)) }
    });
    let ended = |_| Problem::new("ended", "the request ended early", "ask again");
    let (status, token) = done.await.map_err(ended)??;
    let status = axum::http::StatusCode::from_u16(status).unwrap_or(axum::http::StatusCode::FORBIDDEN);
    Ok((status, [(header::CONTENT_TYPE, "application/jwt")], token).into_response())
}

/// The media type, without what follows it.
fn media(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    text.split(';').next().map(str::trim)
}

async fn read(body: Body, limit: usize) -> Result<Vec<u8>, Problem> {
    let late = |_| Problem::new("body-late", "the body did not arrive in time", "send it at once");
    let large = |_| {
        let hint = "send less at once; docs/gate.md has the limits";
        Problem::new("body-too-large", "more bytes than this route takes", hint)
            .expected(format!("at most {limit} bytes"))
    };
    let read = tokio::time::timeout(limits::BODY_TIME, axum::body::to_bytes(body, limit)).await;
    Ok(read.map_err(late)?.map_err(large)?.to_vec())
}

/// Who speaks, once signature, nonce and role are in order. The nonce is taken last: a request that is not the key's takes none.
fn speaker(
    gate: &Gate,
    route: &Route,
    headers: &HeaderMap,
    message: &Message<'_>,
    now: i64,
    urgent: bool,
) -> Result<Speaker, Problem> {
    let signed = signature::read(headers, message)?;
    signed.is_of(now)?;
    let key =
        gate.state.read(|state| state.guard(&gate.exchange).and_then(|guard| guard.keys.get(&signed.key).cloned()));
    let hint = "enrol it with its roles; a key without roles is none any more";
    let key = key.filter(|key| !key.roles.is_empty());
    let key = key.ok_or_else(|| Problem::new("unknown-key", format!("found {}", signed.key), hint))?;
    signed.verify(message, &key.public)?;
    if !route.roles.iter().any(|role| key.roles.contains(role)) {
        let names: Vec<&str> = route.roles.iter().map(|role| role.name()).collect();
        let hint = "use another key, or enrol this one with the role";
        return Err(Problem::new("role", format!("{} may not", signed.key), hint).expected(names.join(" or ")));
    }
    // A stop that is said twice errs on the safe side, so a restart keeps nobody from stopping.
    if !urgent {
        gate.nonces.remembers(signed.created)?;
    }
    gate.nonces.take(&signed.key, &signed.nonce, signed.expires, now)?;
    Ok(Speaker { key: signed.key, holder: key.holder })
}

/// A query by name. What is escaped is refused by whoever looks it up.
fn form(query: &str) -> Vec<(String, String)> {
    let pair = |part: &str| part.split_once('=').map(|(name, value)| (name.to_string(), unescape(value)));
    query.split('&').filter_map(pair).collect()
}

fn unescape(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(byte) = bytes.get(at) {
        let escaped = (*byte == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        match escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(if *byte == b'+' { b' ' } else { *byte });
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Entries as they become durable, until the caller goes away.
fn stream(gate: Arc<Gate>, from: u64) -> Result<Response, Problem> {
    let permit = gate.streams.clone().try_acquire_owned().map_err(|_| Problem::busy("too many streams"))?;
    let (send, receive) = mpsc::channel(4);
    let mut durable = gate.durable.subscribe();
    tokio::spawn(async move {
        let _permit = permit;
        let dir = gate.dir.clone();
        let Ok(Ok(mut reader)) = tokio::task::spawn_blocking(move || Reader::open(&dir)).await else { return };
        let mut at = from;
        loop {
            durable.borrow_and_update();
            let part = tokio::task::spawn_blocking(move || entries::part(&mut reader, at).map(|part| (reader, part)));
            let Ok(Ok((back, (text, next)))) = part.await else { return };
            (reader, at) = (back, next);
            if !text.is_empty() {
                if send.send(text).await.is_err() {
                    return;
                }
                continue;
            }
            // A comment now and then keeps proxies from closing what is only quiet.
            let quiet = tokio::time::timeout(std::time::Duration::from_secs(15), durable.changed()).await;
            match quiet {
                Ok(Err(_)) => return,
                Err(_) if send.send(": quiet\n\n".to_string()).await.is_err() => return,
                _ => {}
            }
        }
    });
    let head = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    Ok((head, Body::from_stream(Parts(receive))).into_response())
}

struct Parts(mpsc::Receiver<String>);

impl Stream for Parts {
    type Item = Result<String, std::convert::Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|part| part.map(Ok))
    }
}
