//! Nonces that were used, for as long as their signatures count.
//!
//! It promises that no signature is taken twice, across a restart too: a server that starts does not know what was seen
//! before, so it takes only what was signed after it started, by the latest clock that it lets in. Memory is bounded: 1 M
//! nonces of 16 bytes take some 60 MB; full means busy, never forgotten.

use super::limits;
use super::problem::Problem;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// The memory.
pub struct Nonces {
    /// Second at which the server started.
    started: i64,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    all: BTreeSet<[u8; 16]>,
    /// By the second at which they may be forgotten.
    ends: BTreeMap<i64, Vec<[u8; 16]>>,
}

impl Nonces {
    /// Empty, from a second on.
    pub fn since(started: i64) -> Nonces {
        Nonces { started, seen: Mutex::default() }
    }

    /// Whether a signature of `created` may have been seen by a server before this one.
    pub fn remembers(&self, created: i64) -> Result<(), Problem> {
        if created > self.started + limits::AHEAD {
            return Ok(());
        }
        let hint = "sign again: nothing was taken of this one";
        let what = "signed before this server started, or in its first seconds";
        Err(Problem { retry_after: Some(3), ..Problem::new("signature-forgotten", what, hint) })
    }

    /// Takes a nonce of a key, once.
    pub fn take(&self, key: &str, nonce: &str, expires: i64, now: i64) -> Result<(), Problem> {
        let digest = Sha256::new().chain_update(key).chain_update([0]).chain_update(nonce).finalize();
        let mut short = [0; 16];
        short.copy_from_slice(&digest[..16]);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(entry) = seen.ends.first_entry().filter(|entry| *entry.key() < now) {
            for gone in entry.remove() {
                seen.all.remove(&gone);
            }
        }
        if seen.all.contains(&short) {
            let hint = "a nonce is said once: sign each request anew";
            return Err(Problem::new("replayed", "this nonce was used by this key", hint));
        }
        if seen.all.len() >= limits::NONCES {
            return Err(Problem::busy("too many signed requests within five minutes"));
        }
        seen.all.insert(short);
        seen.ends.entry(expires).or_default().push(short);
        Ok(())
    }
}
