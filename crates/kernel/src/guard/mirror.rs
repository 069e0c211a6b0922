//! A watch's copy of its gate: the gate's journal re-performed beside the watch's own guard.
//!
//! It promises that the gate is never believed: each entry passes the door once more and is concluded once more under the
//! gate's stamps, checkpoints must continue one another under the pinned key, and what follows is folded, not what was
//! recorded. What the watch stops itself changes nothing in the copy. It must never know how entries are fetched.

use super::conclusion::{self, Concluded, Differs, Paused, Tripped};
use super::decide::Decider;
use super::state::{Copied, Guard};
use crate::body::Body;
use crate::conclude::conclude;
use crate::door::{Accepted, admit};
use crate::fact::{Bytes, Ending, GateEntry, GatePinned, GateSigned, GateSilent, Observation, Reach, Scope, Sides};
use crate::known::Stamp;
use crate::limits;
use crate::refusal::{Code, Refusal};
use crate::state::{State, fold_concluded};
use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use journal::Hash;
use journal::checkpoint::{Checkpoint, cosigned_at};
use journal::entry::{Header, body_hash};
use journal::genesis;
use journal::note::{Note, VerifierKey};
use journal::tree::{Tree, leaf_hash};
use rulebook::time::Instant;

/// Longest wait for an authorisation that may be pinned, in milliseconds: after a minute a theft has its second transfer.
pub const LONGEST_GRACE: i64 = 60_000;

/// The copy of a gate.
#[derive(Clone, Debug)]
pub struct Mirror {
    key: Option<VerifierKey>,
    /// What the rulebooks say that the gate may use.
    pinned: BTreeSet<Hash>,
    /// The gate's state.
    state: Box<State>,
    tree: Tree,
    last: Instant,
    signed: Option<(u64, Hash)>,
    /// The rulebook in force is pinned, or an approved change adopted it.
    trusted: bool,
    /// Bodies that were not there: what rests on them cannot be re-performed.
    absent: u64,
    differences: u64,
}

impl Mirror {
    pub(crate) fn new(state: State) -> Mirror {
        Mirror {
            key: None,
            pinned: BTreeSet::new(),
            state: Box::new(state),
            tree: Tree::new(),
            last: Instant(0),
            signed: None,
            trusted: false,
            absent: 0,
            differences: 0,
        }
    }

    pub(crate) fn pin(mut self, fact: &GatePinned, pinned: Option<Hash>) -> Mirror {
        self.key = VerifierKey::parse(&fact.key).ok();
        self.pinned.extend(pinned);
        self
    }

    /// Entries copied.
    pub fn size(&self) -> u64 {
        self.tree.size()
    }

    /// Size and root of the last checkpoint that held.
    pub fn signed(&self) -> Option<(u64, Hash)> {
        self.signed
    }

    /// The tree over the entries copied.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The gate's state, re-performed.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The pinned key.
    pub fn key(&self) -> Option<&VerifierKey> {
        self.key.as_ref()
    }

    /// Bodies that were not there.
    pub fn absent(&self) -> u64 {
        self.absent
    }

    /// Entries whose conclusions do not follow, or that the door would not have let in.
    pub fn differences(&self) -> u64 {
        self.differences
    }

    /// An entry concluded again: what does not hold.
    fn look(&self, fact: &GateEntry) -> Option<Differs> {
        let header = Header::decode(&fact.leaf.0).ok()?;
        let entry = header.index;
        let body = fact.body.as_ref().filter(|_| header.kind != genesis::KIND)?;
        let refused = |why: String| Some(Differs { entry, why, admitted: false, follows: None });
        let body = match Body::decode(header.kind, &body.0) {
            Ok(body) => body,
            Err(error) => return refused(format!("its body cannot be read: expected {}", error.expected)),
        };
        match admit(&self.state, &body.observation) {
            Ok(Accepted::New) => {}
            Ok(Accepted::Already(known)) => return refused(format!("entry {known} says it already")),
            Err(refusal) => return refused(format!("its door refuses {}: {refusal}", body.observation.name())),
        }
        if matches!(body.observation, Observation::WithdrawalAsked(_)) && !self.trusted {
            return refused("it decides under a rulebook that is neither pinned nor approved".to_owned());
        }
        let stamp = Stamp { index: entry, time: Instant(header.time) };
        let follows = conclude(&self.state, &body.observation, stamp);
        if follows == body.conclusions {
            return None;
        }
        let why = format!("{} concludes otherwise", body.observation.name());
        Some(Differs { entry, why, admitted: true, follows: follows.map(Bytes) })
    }

    fn fold(&mut self, fact: &GateEntry, concluded: &[Concluded]) -> Option<(Observation, Vec<Concluded>, Stamp)> {
        let header = Header::decode(&fact.leaf.0).ok()?;
        self.tree.push(leaf_hash(&fact.leaf.0), |_, _, _| ());
        self.last = Instant(header.time);
        if header.kind == genesis::KIND {
            return None;
        }
        let differs = concluded.iter().find_map(|c| if let Concluded::Differs(d) = c { Some(d) } else { None });
        self.differences = self.differences.saturating_add(u64::from(differs.is_some()));
        let Some(body) = &fact.body else {
            self.absent = self.absent.saturating_add(1);
            return None;
        };
        if differs.is_some_and(|differs| !differs.admitted) {
            return None;
        }
        let body = Body::decode(header.kind, &body.0).ok()?;
        let follows = match differs {
            Some(differs) => differs.follows.as_ref().map(|bytes| bytes.0.clone()),
            None => body.conclusions,
        };
        let stamp = Stamp { index: header.index, time: Instant(header.time) };
        if let Observation::RulebookAdopted(rulebook) = &body.observation {
            // Once the gate works, its door lets in only what an approved change adopts.
            let armed = self.state.guards().any(|(_, guard)| guard.armed);
            self.trusted = armed || self.pinned.contains(&self.state.says(rulebook));
        }
        fold_concluded(&mut self.state, stamp, &body.observation, follows.as_deref());
        let follows = follows.and_then(|bytes| conclusion::decode(&bytes).ok()).unwrap_or_default();
        Some((body.observation, follows, stamp))
    }
}

/// What follows from an entry of the gate.
pub(super) fn conclude_entry(mirror: &Mirror, guard: &Guard, fact: &GateEntry) -> Vec<Concluded> {
    let Some(differs) = mirror.look(fact) else { return Vec::new() };
    let cause = format!("the gate differs at entry {}: {}", differs.entry, differs.why);
    let mut out = Vec::from([Concluded::Differs(differs)]);
    out.extend(trip(guard, cause));
    out
}

/// A gate that is not what it says stops everything, once.
fn trip(guard: &Guard, cause: String) -> Option<Concluded> {
    let stopped = guard.stops.trip(&Reach::All).is_some_and(|stop| stop.stage == super::breaker::Stage::Stopped);
    let scope = Scope { what: Reach::All, sides: Sides::Both };
    (!stopped).then_some(Concluded::Tripped(Tripped { scope, cause, tx: None, rule: None }))
}

/// What follows from a checkpoint of the gate.
pub(super) fn conclude_signed(
    mirror: &Mirror,
    guard: &Guard,
    decider: &Decider<'_>,
    fact: &GateSigned,
    stamp: Stamp,
) -> Vec<Concluded> {
    let until = match mirror.check(fact) {
        Ok(until) => until,
        Err(why) => return trip(guard, why).into_iter().collect(),
    };
    let mut out = guard.settle_awaited(decider, stamp, until);
    let (what, sides) = (Reach::All, Sides::Both);
    if guard.stops.pause(&what).is_some() {
        out.push(Concluded::Unpaused(Scope { what, sides }));
    }
    out
}

impl Mirror {
    /// Up to when the copy is complete, if this checkpoint is the copy's.
    fn check(&self, fact: &GateSigned) -> Result<Instant, String> {
        let key = self.key.as_ref().ok_or("no key is pinned")?;
        let signed = Checkpoint::open(&fact.note, key)
            .map_err(|e| format!("the gate's checkpoint is not one of the pinned key: {e}"))?;
        let seconds = cosigned_at(&fact.note, key)
            .map_err(|e| format!("the gate's checkpoint carries no time of the pinned key: {e}"))?;
        if signed.size < self.tree.size() {
            return Err(format!("the gate's journal went back from {} entries to {}", self.tree.size(), signed.size));
        }
        if signed.size == self.tree.size() && signed.root != self.tree.root() {
            return Err(format!("the gate's journal has another history of {} entries than was copied", signed.size));
        }
        let moment = i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000);
        // By the gate's clock, and never later than the watch began to ask.
        Ok(Instant(moment).min(fact.at))
    }
}

/// Whether what a watch records of its gate may enter.
pub(super) fn admit_mirrored(state: &State, observation: &Observation) -> Result<(), Refusal> {
    let refusal = |field, expected: &str, found: String, hint| {
        let code = Code::OutOfRange;
        Err(Refusal { code, field, expected: expected.to_string(), found, hint })
    };
    let exchange = crate::reads::exchange(observation).unwrap_or_default();
    let mirror = state.mirror(exchange);
    match (observation, mirror) {
        (Observation::GatePinned(fact), _) => {
            if let Err(error) = VerifierKey::parse(&fact.key) {
                return refusal("key", "the text of a verifier key", error.to_string(), "it is in keys/journal.pub");
            }
            if !(0..=LONGEST_GRACE).contains(&fact.grace) {
                let hint = "an outflow waits so long for its authorisation to be copied; two seconds are usual";
                return refusal("grace", "0 to 60,000 ms", fact.grace.to_string(), hint);
            }
            if mirror.and_then(Mirror::key).is_some_and(|key| key.to_string() != fact.key) {
                let hint = "another gate is another watch: begin with an empty folder";
                return refusal("key", "the key that is pinned", fact.key.clone(), hint);
            }
            Ok(())
        }
        (_, None) => {
            refusal("exchange", "an exchange whose gate is pinned", exchange.to_string(), "pin the gate first")
        }
        (Observation::GateEntry(fact), Some(mirror)) => {
            let hint = "fetch the entry again: it was cut off or altered on its way";
            let Ok(header) = Header::decode(&fact.leaf.0) else {
                return refusal("leaf", "the header of an entry", format!("{} bytes", fact.leaf.0.len()), hint);
            };
            if header.index != mirror.size() || Instant(header.time) < mirror.last {
                return refusal("leaf", "the entry after the last", header.index.to_string(), hint);
            }
            if (header.index == 0) != (header.kind == genesis::KIND) {
                return refusal("leaf", "genesis at 0 and nowhere else", header.index.to_string(), hint);
            }
            match (&fact.salt, &fact.body) {
                (None, None) => Ok(()),
                (Some(salt), Some(body)) => match <&[u8; 16]>::try_from(salt.0.as_slice()) {
                    Ok(salt) if body_hash(salt, &body.0) == header.body_hash => Ok(()),
                    _ => refusal("body", "the body whose hash the leaf has", header.index.to_string(), hint),
                },
                _ => refusal("salt", "salt and body, or neither", header.index.to_string(), hint),
            }
        }
        (Observation::GateSigned(fact), Some(mirror)) => {
            crate::door::at_most("note", fact.note.len(), limits::NOTE, "bytes")?;
            crate::door::moment("at", fact.at)?;
            // A note of more than was copied settles nothing; one that cannot be read is news.
            let size = Note::parse(&fact.note).ok().and_then(|note| Checkpoint::parse(note.text).ok()).map(|c| c.size);
            if size.is_some_and(|size| size > mirror.size()) {
                let hint = "copy the entries first";
                return refusal("note", "a checkpoint of what was copied", size.unwrap_or(0).to_string(), hint);
            }
            Ok(())
        }
        (Observation::GateTold(fact), _) => {
            crate::door::at_most("said", fact.said.len(), limits::REASONS, "bytes")?;
            crate::door::moment("at", fact.at)
        }
        (Observation::GateSilent(fact), _) => {
            crate::door::moment("since", fact.since)?;
            crate::door::moment("at", fact.at)
        }
        _ => Ok(()),
    }
}

/// Takes in what a watch records of its gate.
pub(crate) fn fold(
    mirror: &mut Mirror,
    guard: &mut Guard,
    observation: &Observation,
    concluded: &[Concluded],
    stamp: Stamp,
) -> bool {
    match observation {
        Observation::GatePinned(fact) => {
            let until = guard.gate.map_or(Instant::ALWAYS, |copied| copied.until);
            guard.gate = Some(Copied { until, grace: fact.grace });
        }
        Observation::GateEntry(fact) => {
            if let Some((inner, follows, inner_stamp)) = mirror.fold(fact, concluded) {
                guard.copy(&inner, follows, inner_stamp);
            }
        }
        Observation::GateSigned(fact) if !concluded.iter().any(|c| matches!(c, Concluded::Tripped(_))) => {
            if let Ok(until) = mirror.check(fact) {
                mirror.signed = Some((mirror.tree.size(), mirror.tree.root()));
                if let Some(copied) = &mut guard.gate {
                    copied.until = copied.until.max(until);
                }
            }
        }
        _ => {}
    }
    guard.fold(observation, concluded, stamp)
}

impl Guard {
    /// Takes in what the gate recorded and re-performing confirmed, as far as outflows are matched with it. What the gate saw of
    /// chains and what it stopped itself stays the gate's.
    fn copy(&mut self, observation: &Observation, mut follows: Vec<Concluded>, stamp: Stamp) {
        match observation {
            Observation::AssetListed(_)
            | Observation::WalletRegistered(_)
            | Observation::PriceSeen(_)
            | Observation::WithdrawalAsked(_)
            | Observation::ApprovalGiven(_)
            | Observation::PayloadShown(_)
            | Observation::HoldingsRead(_)
            | Observation::ListChanged(_)
            | Observation::MandateSigned(_)
            | Observation::PolicyAsked(_)
            | Observation::BalanceRead(_)
            | Observation::PersonEnrolled(_)
            | Observation::TicketSigned(_)
            | Observation::TicketReviewed(_)
            | Observation::GuardLooked(_) => {}
            // The gate may have read the block that this watch has yet to read.
            Observation::WithdrawalEnded(fact) if fact.how != Ending::Confirmed => {}
            _ => return,
        }
        follows.retain(|c| matches!(c, Concluded::Decided(_) | Concluded::Signable(_)));
        self.fold(observation, &follows, stamp);
    }

    pub(super) fn conclude_silence(&self, fact: &GateSilent) -> Vec<Concluded> {
        if self.stops.pause(&Reach::All).is_some() {
            return Vec::new();
        }
        let ms = fact.at.0.saturating_sub(fact.since.0);
        let scope = Scope { what: Reach::All, sides: Sides::Both };
        let why = format!("the gate's journal is silent since {ms} ms");
        Vec::from([Concluded::Paused(Paused { scope, why })])
    }
}
