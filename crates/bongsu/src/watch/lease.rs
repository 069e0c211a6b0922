//! The lease: a watch's signed word that nothing is tripped, valid for three seconds.
//!
//! It promises that a lease is read whole or refused, that it is of the pinned watch and exchange, and that an old one is not
//! taken for a new one. Who signs payloads needs nothing else of the watch: without a fresh lease, nothing is signed.
//!
//! A lease is a signed note (c2sp.org/signed-note) under the watch's journal key. Its text is
//!
//! ```text
//! bongsu/lease/1
//! exchange upbit
//! watch 4711                 entries of the watch's journal
//! gate 1234 BASE64           size and root of the gate's journal that was copied
//! from 1764000000000         UTC milliseconds
//! until 1764000003000
//! open DOMAIN                one line for each key domain in which nothing is tripped
//! paused SCOPE               one line for each pause
//! ```

use base64ct::{Base64, Encoding};
use journal::Hash;
use journal::note::{Note, SignerKey, VerifierKey};
use std::fmt::Write;

/// How long a lease is good for, in milliseconds: three of its beats, so that two may be lost.
pub const VALID: i64 = 3_000;
/// How far the clocks of watch and gate may be apart, in milliseconds: beyond it a clock is doubtful.
pub const SKEW: i64 = 2_000;
const TITLE: &str = "bongsu/lease/1";

/// What a lease says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The exchange.
    pub exchange: String,
    /// Entries of the watch's journal.
    pub watch: u64,
    /// Size and root of the gate's journal, as copied.
    pub gate: (u64, Hash),
    /// UTC milliseconds.
    pub from: i64,
    /// UTC milliseconds.
    pub until: i64,
    /// Key domains in which nothing is tripped.
    pub open: Vec<String>,
    /// What pauses.
    pub paused: Vec<String>,
}

/// Why a lease is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoLease {
    /// Not signed by the pinned watch.
    Signature(String),
    /// Signed, but not a lease as this program reads it.
    Text(&'static str),
    /// Of another exchange.
    Exchange(String),
    /// Its time is over, in milliseconds.
    Late(i64),
    /// Its time has not come, in milliseconds: a clock is wrong.
    Early(i64),
}

impl std::fmt::Display for NoLease {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            NoLease::Signature(why) => write!(f, "the lease is not signed by the pinned watch: {why}"),
            NoLease::Text(line) => write!(f, "expected the line `{line}` of a lease"),
            NoLease::Exchange(other) => write!(f, "the lease is of {other}"),
            NoLease::Late(ms) => {
                write!(f, "the lease ended {ms} ms ago: is the watch running, and is something tripped?")
            }
            NoLease::Early(ms) => write!(f, "the lease begins in {ms} ms: a clock is wrong"),
        }
    }
}

impl std::error::Error for NoLease {}

impl Lease {
    /// The signed note.
    pub fn sign(&self, key: &SignerKey) -> String {
        let (size, root) = &self.gate;
        let root = Base64::encode_string(root);
        let mut text = format!(
            "{TITLE}\nexchange {}\nwatch {}\ngate {size} {root}\nfrom {}\nuntil {}\n",
            self.exchange, self.watch, self.from, self.until
        );
        for open in &self.open {
            let _written = writeln!(text, "open {open}");
        }
        for paused in &self.paused {
            let _written = writeln!(text, "paused {paused}");
        }
        format!("{text}\n{}", key.sign_note(&text))
    }

    /// Reads a note that is a lease of this watch for this exchange at this moment.
    pub fn open(note: &str, key: &VerifierKey, exchange: &str, now: i64) -> Result<Lease, NoLease> {
        let parsed = Note::parse(note).map_err(|e| NoLease::Signature(e.to_string()))?;
        parsed.verify(key).map_err(|e| NoLease::Signature(e.to_string()))?;
        let lease = Lease::read(parsed.text)?;
        if lease.exchange != exchange {
            return Err(NoLease::Exchange(lease.exchange));
        }
        if now > lease.until {
            return Err(NoLease::Late(now.saturating_sub(lease.until)));
        }
        if lease.from > now.saturating_add(SKEW) {
            return Err(NoLease::Early(lease.from.saturating_sub(now)));
        }
        // Whoever has the key may still not sign for a year.
        if lease.until.saturating_sub(lease.from) > VALID {
            return Err(NoLease::Text("until"));
        }
        Ok(lease)
    }

    fn read(text: &str) -> Result<Lease, NoLease> {
        let mut lines = text.lines().peekable();
        if lines.next() != Some(TITLE) {
            return Err(NoLease::Text(TITLE));
        }
        let mut next = |name: &'static str| {
            let rest = lines.next().and_then(|line| line.strip_prefix(name)?.strip_prefix(' '));
            rest.map(str::to_string).ok_or(NoLease::Text(name))
        };
        let number = |name, text: String| text.parse::<u64>().map_err(|_| NoLease::Text(name));
        let exchange = next("exchange")?;
        let watch = number("watch", next("watch")?)?;
        let gate = next("gate")?;
        let (size, root) = gate.split_once(' ').ok_or(NoLease::Text("gate"))?;
        let mut hash = [0; 32];
        let whole = Base64::decode(root, &mut hash).is_ok_and(|bytes| bytes.len() == 32);
        let size = size.parse().ok().filter(|_| whole).ok_or(NoLease::Text("gate"))?;
        let from = i64::try_from(number("from", next("from")?)?).map_err(|_| NoLease::Text("from"))?;
        let until = i64::try_from(number("until", next("until")?)?).map_err(|_| NoLease::Text("until"))?;
        let (mut open, mut paused) = (Vec::new(), Vec::new());
        for line in lines {
            match line.split_once(' ') {
                Some(("open", domain)) => open.push(domain.to_string()),
                Some(("paused", scope)) => paused.push(scope.to_string()),
                _ => return Err(NoLease::Text("open")),
            }
        }
        Ok(Lease { exchange, watch, gate: (size, hash), from, until, open, paused })
    }

    /// Whether it lets the key domain of a wallet sign.
    pub fn opens(&self, domain: &str) -> bool {
        self.open.iter().any(|open| open == domain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use journal::note::Algorithm;

    fn lease() -> Lease {
        Lease {
            exchange: "upbit".into(),
            watch: 9,
            gate: (7, [3; 32]),
            from: 10_000,
            until: 13_000,
            open: vec!["hot 1".into()],
            paused: vec!["chain solana".into()],
        }
    }

    #[test]
    fn a_lease_is_read_back_and_ends() {
        let key = SignerKey::new("bongsu.journal/watch", &[1; 32]).unwrap();
        let public = key.verifier(Algorithm::Ed25519);
        let note = lease().sign(&key);
        let open = |note: &str, exchange: &str, now| Lease::open(note, &public, exchange, now);
        assert_eq!(open(&note, "upbit", 12_000), Ok(lease()));
        assert!(lease().opens("hot 1") && !lease().opens("hot"));
        assert_eq!(open(&note, "upbit", 13_001), Err(NoLease::Late(1)));
        assert_eq!(open(&note, "upbit", 7_999), Err(NoLease::Early(2_001)));
        assert_eq!(open(&note, "gopax", 12_000), Err(NoLease::Exchange("upbit".into())));
        let other = SignerKey::new("bongsu.journal/watch", &[2; 32]).unwrap();
        assert!(matches!(open(&lease().sign(&other), "upbit", 12_000), Err(NoLease::Signature(_))));
        let altered = note.replace("until 13000", "until 99000");
        assert!(matches!(open(&altered, "upbit", 12_000), Err(NoLease::Signature(_))));
        let long = Lease { until: 99_000, ..lease() }.sign(&key);
        assert_eq!(open(&long, "upbit", 12_000), Err(NoLease::Text("until")));
        let text = "bongsu.journal/watch\n7\nAAAA\n";
        let none = format!("{text}\n{}", key.sign_note(text));
        assert_eq!(open(&none, "upbit", 12_000), Err(NoLease::Text(TITLE)), "a checkpoint is no lease");
    }
}
