//! The journals a witness watches: the last checkpoint it cosigned of each, when it heard of it, and forks.
//!
//! It promises that what is cosigned only ever grows: the door admits a checkpoint that names the last one, extends it, and is
//! signed by the journal's own key. That the tree really extends the last one is the consistency proof's to show; whoever
//! submits has checked it, and a restart does not check it again.

use crate::door::{refusal, text};
use crate::fact::{CheckpointWitnessed, ForkSeen, LogRegistered};
use crate::known::Stamp;
use crate::limits;
use crate::refusal::{Code, Refusal};
use crate::state::State;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use journal::Hash;
use journal::checkpoint::Checkpoint;
use journal::note::VerifierKey;

/// One journal.
#[derive(Clone, Debug)]
pub struct Log {
    /// The exchange whose journal it is.
    pub exchange: String,
    /// Its verifier key.
    pub key: String,
    /// The entry that registered it.
    pub since: Stamp,
    /// The last checkpoint cosigned: where it stands here, and what it says.
    pub last: Option<Seen>,
    /// The entries that prove a fork.
    pub forks: Vec<Stamp>,
}

/// A checkpoint that was cosigned.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The entry.
    pub since: Stamp,
    /// Size of the tree.
    pub size: u64,
    /// Its root.
    pub root: Hash,
    /// As the journal signed it.
    pub note: String,
}

/// Every journal by its origin.
pub type Logs = BTreeMap<String, Log>;

pub(crate) fn register(logs: &mut Logs, fact: &LogRegistered, since: Stamp) -> bool {
    let Ok(key) = VerifierKey::parse(&fact.key) else { return false };
    let (exchange, key_text) = (fact.exchange.clone(), fact.key.clone());
    let fresh = Log { exchange, key: key_text, since, last: None, forks: Vec::new() };
    logs.entry(key.name().to_string()).or_insert(fresh);
    true
}

pub(crate) fn witness(logs: &mut Logs, fact: &CheckpointWitnessed, since: Stamp) -> bool {
    let Some(log) = logs.get_mut(&fact.origin) else { return false };
    log.last = Some(Seen { since, size: fact.size, root: fact.root, note: fact.note.clone() });
    true
}

pub(crate) fn fork(logs: &mut Logs, fact: &ForkSeen, since: Stamp) -> bool {
    let Some(log) = logs.get_mut(&fact.origin) else { return false };
    log.forks.push(since);
    true
}

pub(crate) fn admit_log(state: &State, fact: &LogRegistered) -> Result<(), Refusal> {
    if state.exchange(&fact.exchange).is_none() {
        let hint = "register the exchange first";
        return Err(refusal(Code::UnknownExchange, "exchange", "a registered exchange", &fact.exchange, hint));
    }
    text("key", &fact.key, limits::NAME.saturating_mul(2))?;
    let key = VerifierKey::parse(&fact.key).map_err(|why| {
        let hint = "give the text of the journal's keys/journal.pub";
        refusal(Code::WrongType, "key", "a verifier key", &why.to_string(), hint)
    })?;
    match state.logs().get(key.name()) {
        Some(log) if log.key != fact.key => {
            let hint = "a journal keeps its key; a new key needs a new journal or an entry under the old key";
            Err(refusal(Code::WrongSigner, "key", &log.key, &fact.key, hint))
        }
        _ => Ok(()),
    }
}

pub(crate) fn admit_checkpoint(state: &State, fact: &CheckpointWitnessed) -> Result<(), Refusal> {
    let log = known(state, &fact.origin)?;
    let signed = open(log, "note", &fact.note)?;
    if (signed.size, signed.root) != (fact.size, fact.root) {
        let hint = "size and root are those of the signed text";
        return Err(refusal(Code::WrongSigner, "size", &signed.size.to_string(), &fact.size.to_string(), hint));
    }
    let (size, root) = log.last.as_ref().map_or((0, None), |seen| (seen.size, Some(seen.root)));
    if fact.from != size {
        let hint = "another checkpoint was cosigned meanwhile: prove that yours extends that one";
        return Err(refusal(Code::Behind, "from", &size.to_string(), &fact.from.to_string(), hint));
    }
    if fact.size < size {
        let hint = "a journal only grows; an older checkpoint than the last one cosigned is a rollback";
        return Err(refusal(Code::Behind, "size", &format!("{size} or more"), &fact.size.to_string(), hint));
    }
    if fact.size == size && root.is_some_and(|root| root != fact.root) {
        let hint = "two histories of one size: keep both checkpoints, they prove the fork";
        return Err(refusal(Code::Fork, "root", "the root that was cosigned", "another root", hint));
    }
    Ok(())
}

pub(crate) fn admit_fork(state: &State, fact: &ForkSeen) -> Result<(), Refusal> {
    let log = known(state, &fact.origin)?;
    let (first, second) = (open(log, "first", &fact.first)?, open(log, "second", &fact.second)?);
    if first.size == second.size && first.root != second.root {
        return Ok(());
    }
    let hint = "a fork is two checkpoints of one size with two roots, both signed by the journal";
    Err(refusal(Code::Fork, "second", "one size and another root", "no contradiction", hint))
}

fn known<'s>(state: &'s State, origin: &str) -> Result<&'s Log, Refusal> {
    state.logs().get(origin).ok_or_else(|| {
        let hint = "`bongsu witness register` takes the journal's verifier key";
        refusal(Code::UnknownSubject, "origin", "a journal that is witnessed here", origin, hint)
    })
}

fn open(log: &Log, field: &'static str, note: &str) -> Result<Checkpoint, Refusal> {
    let wrong = |why: &str| {
        let hint = "the checkpoint must be signed by the key the journal was registered with";
        refusal(Code::WrongSigner, field, "a checkpoint signed by the journal", why, hint)
    };
    let key = VerifierKey::parse(&log.key).map_err(|why| wrong(&why.to_string()))?;
    Checkpoint::open(note, &key).map_err(|why| wrong(&why.to_string()))
}
