//! The gate over HTTP, as a watch asks it.
//!
//! It promises that an answer is bounded in time and size. It believes nothing: what comes back is for the kernel to judge.

use crate::recorder::now;
use crate::serve::gate::signature::{self, Message};
use crate::trouble::Trouble;
use journal::cbor::{Decoder, Error};
use journal::note::SignerKey;
use std::time::Duration;

/// How long an answer may take beyond what was asked to wait for: a gate under full load answers in milliseconds.
const PATIENCE: Duration = Duration::from_secs(5);
/// Bytes of an answer: a list of entries has at most 4 MiB and one entry of 1 MiB more.
const ANSWER: u64 = 8 << 20;
const NOTE: u64 = 64 << 10;

/// An entry as the gate hands it out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its leaf.
    pub leaf: Vec<u8>,
    /// Salt and body; none where destroyed.
    pub body: Option<(Vec<u8>, Vec<u8>)>,
}

/// Where the gate is, and the key that signs what it is asked.
pub struct Gate {
    agent: ureq::Agent,
    url: String,
    key: Option<SignerKey>,
}

impl Gate {
    /// A gate at an address.
    pub fn new(url: &str, key: Option<SignerKey>) -> Gate {
        let agent = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).http_status_as_error(false).build();
        Gate { agent: agent.into(), url: url.trim_end_matches('/').to_string(), key }
    }

    fn headers(&self, method: &str, path: &str, body: &str) -> Result<Vec<(&'static str, String)>, Trouble> {
        let Some(key) = &self.key else { return Ok(Vec::new()) };
        let mut random = [0u8; 16];
        getrandom::fill(&mut random).map_err(|e| Trouble::new(format!("no randomness: {e}"), "check the system"))?;
        let nonce: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let message = Message { method, path, query, body: body.as_bytes() };
        Ok(signature::sign(key, &message, now() / 1_000, &nonce))
    }

    fn send(&self, method: &str, path: &str, body: &str, limit: u64) -> Result<(u16, Vec<u8>), Trouble> {
        let url = format!("{}{path}", self.url);
        let wrong = |e: String| Trouble::new(format!("{url}: {e}"), "is the gate running, and is the address right?");
        let mut request = ureq::http::Request::builder().method(method).uri(&url);
        if !body.is_empty() {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in self.headers(method, path, body)? {
            request = request.header(name, value);
        }
        let request = request.body(body.to_string()).map_err(|e| wrong(e.to_string()))?;
        let mut answer = self.agent.run(request).map_err(|e| wrong(e.to_string()))?;
        let status = answer.status().as_u16();
        let bytes = answer.body_mut().with_config().limit(limit).read_to_vec().map_err(|e| wrong(e.to_string()))?;
        Ok((status, bytes))
    }

    fn get(&self, path: &str, limit: u64) -> Result<Vec<u8>, Trouble> {
        match self.send("GET", path, "", limit)? {
            (200, bytes) => Ok(bytes),
            (status, bytes) => Err(Trouble::no(
                format!("{}{path}: {status} {}", self.url, String::from_utf8_lossy(&bytes).trim()),
                "the gate must serve its journal, and know the watch's key",
            )),
        }
    }

    /// The signed note, once it covers more than `over` entries or the wait in milliseconds is over.
    pub fn checkpoint(&self, over: u64, wait: u64) -> Result<String, Trouble> {
        let bytes = self.get(&format!("/v1/journal/checkpoint?over={over}&wait={wait}"), NOTE)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Entries from an index on.
    pub fn entries(&self, from: u64) -> Result<Vec<Entry>, Trouble> {
        let bytes = self.get(&format!("/v1/journal/entries?from={from}"), ANSWER)?;
        read(&bytes).map_err(|e| {
            let what = format!("{}: entries from {from}: expected {} at byte {}", self.url, e.expected, e.at);
            Trouble::no(what, "is it a gate of this version?")
        })
    }

    /// Asks for a stop; status and answer.
    pub fn suspend(&self, body: &str) -> Result<(u16, Vec<u8>), Trouble> {
        self.send("POST", "/v1/suspensions", body, NOTE)
    }
}

fn read(bytes: &[u8]) -> Result<Vec<Entry>, Error> {
    let mut from = Decoder::new(bytes);
    let count = from.array()?;
    let mut list = Vec::new();
    for _ in 0..count {
        let at = from.position();
        if from.array()? != 3 {
            return Err(Error { at, expected: "leaf, salt and body" });
        }
        let leaf = from.bytes()?.to_vec();
        let salt = from.optional(|from| from.bytes().map(<[u8]>::to_vec))?;
        let body = from.optional(|from| from.bytes().map(<[u8]>::to_vec))?;
        list.push(Entry { leaf, body: salt.zip(body) });
    }
    from.finish()?;
    Ok(list)
}
