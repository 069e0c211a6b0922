//! How a guard stands, as a page and as JSON, for people on the same host.
//!
//! It promises that it only reads, that it listens on this host alone (it asks nobody who they are: a proxy that does stands before it), and that the page runs no
//! script and loads nothing.

use super::Shared;
use crate::beacon::{self, json, page};
use crate::lang::Lang;
use crate::recorder::now;
use crate::trouble::Trouble;
use crate::walk;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rulebook::time::Instant;
use serde::Deserialize;
use std::net::SocketAddr;

/// Nothing but the style of the page itself.
const CSP: &str =
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// `/guard` and `/v1/guard` of a state.
pub fn routes(state: Shared) -> Router {
    Router::new().route("/guard", get(shown)).route("/v1/guard", get(told)).with_state(state)
}

/// Serves both on a host's own address.
pub async fn open(state: Shared, at: SocketAddr) -> Result<(), Trouble> {
    if !at.ip().is_loopback() {
        let hint = "it asks nobody who they are: give 127.0.0.1:PORT, and put a proxy with a sign-in before it";
        return Err(Trouble::new(format!("--desk {at} is not this host alone"), hint));
    }
    let taken = |e: std::io::Error| Trouble::new(format!("{at}: {e}"), "choose another address with --desk");
    let listener = tokio::net::TcpListener::bind(at).await.map_err(taken)?;
    println!("the guard's page is http://{}/guard", listener.local_addr().map_err(taken)?);
    tokio::spawn(async move {
        if let Err(e) = axum::serve(listener, routes(state)).await {
            eprintln!("the guard's page is gone: {e}");
        }
    });
    Ok(())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    #[serde(default)]
    lang: Option<String>,
}

async fn shown(State(state): State<Shared>, Query(which): Query<Which>) -> Response {
    let lang = if which.lang.as_deref() == Some("ko") { Lang::Ko } else { Lang::En };
    let text = state.read(|state| {
        let seen = beacon::look(state, None, Instant(now()))?;
        Ok::<String, Trouble>(page::show(&seen, &walk::zone(state), lang))
    });
    let head = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, CSP),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    match text {
        Ok(text) => (head, text).into_response(),
        Err(trouble) => (StatusCode::SERVICE_UNAVAILABLE, trouble.to_string()).into_response(),
    }
}

async fn told(State(state): State<Shared>) -> Response {
    let seen = state
        .read(|state| Ok::<_, Trouble>(json::show(&beacon::look(state, None, Instant(now()))?, &walk::zone(state))));
    match seen {
        Ok(seen) => ([(header::CACHE_CONTROL, "no-store")], axum::Json(seen)).into_response(),
        Err(trouble) => (StatusCode::SERVICE_UNAVAILABLE, trouble.to_string()).into_response(),
    }
}
