//! A client of the gate: signed requests over a connection that is kept.

use super::super::world::{self, EXCHANGE};
use crate::recorder::now;
use crate::serve::gate::signature::{self, Message};
use crate::trouble::Trouble;
use journal::note::SignerKey;
use kernel::fact::Observation;
use rulebook::time::Instant;
use serde_json::json;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// What a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One withdrawal, in JSON.
    One,
    /// Several, in CBOR.
    Batch,
}

/// What was heard of one request.
#[derive(Clone, Copy, Debug, Default)]
pub struct Answer {
    /// Items allowed.
    pub allowed: u64,
    /// Refused because too much waits, or while a suspension is being written.
    pub busy: bool,
    /// Items with another answer.
    pub others: u64,
}

/// A key of the measurement, from its name: nothing is protected by it.
pub fn key(name: &str) -> Result<SignerKey, Trouble> {
    let mut seed = [11u8; 32];
    name.bytes().zip(&mut seed).for_each(|(from, to)| *to = from);
    SignerKey::new(name, &seed).map_err(|e| Trouble::no(e.to_string(), "report this as a bug"))
}

/// A client.
pub struct Client {
    agent: ureq::Agent,
    url: String,
    key: SignerKey,
}

impl Client {
    /// A client that speaks with the key of a name.
    pub fn new(url: &str, name: &str) -> Result<Client, Trouble> {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_idle_connections(1)
            .timeout_global(Some(Duration::from_secs(30)));
        Ok(Client { agent: config.build().into(), url: url.into(), key: key(name)? })
    }

    fn post(&self, path: &str, media: &str, body: &[u8]) -> Result<(u16, Vec<u8>), Trouble> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let message = Message { method: "POST", path, query: "", body };
        let nonce = format!("{:x}-{}", now(), NUMBER.fetch_add(1, Relaxed));
        let trouble = |e: String| Trouble::no(format!("the gate does not answer: {e}"), "did it end? see its messages");
        let mut request = ureq::http::Request::builder().method("POST").uri(format!("{}{path}", self.url));
        for (name, value) in signature::sign(&self.key, &message, now() / 1_000, &nonce) {
            request = request.header(name, value);
        }
        let request = request.header("content-type", media).body(body).map_err(|e| trouble(e.to_string()))?;
        let mut answer = self.agent.run(request).map_err(|e| trouble(e.to_string()))?;
        let bytes =
            answer.body_mut().with_config().limit(64 << 20).read_to_vec().map_err(|e| trouble(e.to_string()))?;
        Ok((answer.status().as_u16(), bytes))
    }

    /// Asks; `items` is how many the body holds.
    pub fn ask(&self, kind: Kind, body: &[u8], items: u64) -> Result<Answer, Trouble> {
        // An allow in each of the two languages, as the gate writes it: to read the whole would cost the client more than the gate.
        let (path, media, allow): (_, _, &[u8]) = match kind {
            Kind::One => ("/v1/withdrawals", "application/json", b"\"verdict\":\"allow\""),
            Kind::Batch => ("/v1/withdrawals/batch", "application/cbor", b"\x67verdict\x65allow"),
        };
        let (status, bytes) = self.post(path, media, body)?;
        let allowed = memchr::memmem::find_iter(&bytes, allow).count() as u64;
        let busy = status == 503 || status == 429;
        if !busy && allowed < items && std::env::var_os("BONGSU_BENCH_SHOW").is_some() {
            eprintln!("{status}: {}", String::from_utf8_lossy(&bytes[..bytes.len().min(1_000)]));
        }
        Ok(Answer { allowed, busy, others: if busy { 0 } else { items - allowed } })
    }

    /// Stops the deposits of one asset: withdrawals go on.
    pub fn suspend(&self) -> Result<(), Trouble> {
        let body =
            json!({"scope": {"what": "asset", "name": "POL", "sides": "deposits"}, "reason": "measured", "at": now()});
        let (status, bytes) = self.post("/v1/suspensions", "application/json", body.to_string().as_bytes())?;
        let said = || String::from_utf8_lossy(&bytes).into_owned();
        if status < 300 {
            Ok(())
        } else {
            Err(Trouble::no(format!("a suspension was answered {status}: {}", said()), ""))
        }
    }

    /// Tells fresh prices.
    pub fn prices(&self) -> Result<(), Trouble> {
        for fact in world::prices(Instant(now())) {
            let Observation::PriceSeen(price) = fact else { continue };
            debug_assert_eq!(price.exchange, EXCHANGE);
            let won = price.won.parts().0.to_string();
            let body = json!({"asset": price.asset, "venue": price.venue, "won": won, "at": price.at.0});
            let (status, bytes) = self.post("/v1/prices", "application/json", body.to_string().as_bytes())?;
            if status >= 300 {
                let said = String::from_utf8_lossy(&bytes).into_owned();
                return Err(Trouble::no(format!("a price was answered {status}: {said}"), "report this as a bug"));
            }
        }
        Ok(())
    }
}
