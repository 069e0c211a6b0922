//! The watch's lease at the payload door: without a fresh one that opens the wallet's key domain nothing may be signed.
//!
//! It promises that only a lease of the pinned watch counts, and none that is over. A watch that is silent, tripped or unreachable
//! holds; it never lets out.

use super::problem::Problem;
use crate::recorder::now;
use crate::watch::lease::Lease;
use journal::note::VerifierKey;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

/// A lease is asked for so often: three are lost before the last one ends.
const BEAT: Duration = Duration::from_millis(750);
const PATIENCE: Duration = Duration::from_secs(2);
/// Bytes of a lease: a thousand key domains of sixty.
const NOTE: u64 = 64 << 10;

/// The leases of one watch.
pub struct Leases {
    url: String,
    key: VerifierKey,
    exchange: String,
    last: Mutex<Option<Lease>>,
}

impl Leases {
    /// Asks this watch until nobody asks for its leases any more.
    pub fn start(url: &str, key: VerifierKey, exchange: &str) -> std::io::Result<Arc<Leases>> {
        let url = format!("{}/v1/lease", url.trim_end_matches('/'));
        let leases = Arc::new(Leases { url, key, exchange: exchange.into(), last: Mutex::new(None) });
        let held: Weak<Leases> = Arc::downgrade(&leases);
        let agent: ureq::Agent = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).build().into();
        std::thread::Builder::new().name("lease".into()).spawn(move || {
            while let Some(leases) = held.upgrade() {
                leases.ask(&agent);
                drop(leases);
                std::thread::sleep(BEAT);
            }
        })?;
        Ok(leases)
    }

    fn ask(&self, agent: &ureq::Agent) {
        let Ok(mut answer) = agent.get(&self.url).call() else { return };
        let Ok(bytes) = answer.body_mut().with_config().limit(NOTE).read_to_vec() else { return };
        if let Ok(lease) = Lease::open(&String::from_utf8_lossy(&bytes), &self.key, &self.exchange, now()) {
            let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            // An answer that came late, or again, replaces no newer one.
            if last.as_ref().is_none_or(|known| known.until < lease.until) {
                *last = Some(lease);
            }
        }
    }

    /// Whether a key domain may sign now.
    pub fn opens(&self, domain: &str) -> Result<(), Problem> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = last.as_ref().filter(|lease| lease.until >= now());
        if fresh.is_some_and(|lease| lease.opens(domain)) {
            return Ok(());
        }
        let what = match fresh {
            Some(_) => format!("the watch's lease does not open {domain}"),
            None => "no fresh lease of the watch".to_string(),
        };
        let hint = "is the watch running, and is something tripped? GET /v1/state there says it; nothing was recorded";
        Err(Problem { retry_after: Some(1), ..Problem::new("no-lease", what, hint) })
    }
}
