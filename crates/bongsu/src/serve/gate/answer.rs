//! What callers hear: decisions with everything behind them, and what was concluded from any other fact.
//!
//! It promises the same shape for a decision that is new, repeated or only tried.

use kernel::fact::{Reach, Scope};
use kernel::guard::conclusion::{Concluded, Decided, Hold, Unmet, Verdict};
use kernel::guard::state::Status;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The answer to a withdrawal.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Decision {
    /// Its id.
    pub id: String,
    /// `allow`, `hold` or `deny`, as it was decided when it was asked.
    pub verdict: &'static str,
    /// What a hold asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold: Option<HoldShape>,
    /// The deciding rule; left out: the page's default, or what the kernel itself refuses (see `why`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Why, in words, where no rule says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Value in whole won, rounded up; left out while a price is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub won: Option<String>,
    /// Facts that were missing to decide.
    pub missing: Vec<String>,
    /// The other rules, each with the first of its conditions that was not met. In a batch: only where it is not allowed.
    pub unmet: Vec<UnmetShape>,
    /// Rules that only observe and would have decided otherwise.
    pub observed: Vec<String>,
    /// Each value that the rules looked at. Not in a batch, nor when asked again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<BTreeMap<String, String>>,
    /// The hash of the request in hexadecimal: what approvals name. In a batch: only where it is held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// Where it stands now: `held`, `allowed`, `signed`, `denied`, or how it ended.
    pub status: &'static str,
    /// The entry of the journal; left out where it was only tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<u64>,
    /// When it was decided, UTC milliseconds.
    pub time: i64,
    /// It was asked before with the same body.
    pub already: bool,
    /// Hash of the rulebook that decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rulebook: Option<String>,
    /// Hash of the program that answers.
    pub program: String,
}

/// What must happen before a held request may pass.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HoldShape {
    /// How many must approve; 0: it waits for the end of its cause.
    pub approvals: u32,
    /// From which group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Not before this moment, UTC milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
}

/// A rule that did not speak.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct UnmetShape {
    /// The rule.
    pub rule: String,
    /// Its first condition that was not met, and what was missing where it is unknown.
    pub condition: String,
}

/// The answers to a batch, in order.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct BatchAnswers {
    /// One for each item.
    pub answers: Vec<ItemAnswer>,
}

/// The answer to one item: one of the two.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ItemAnswer {
    /// It was decided.
    Decision(Box<Decision>),
    /// It was not taken.
    Problem(Box<super::problem::ProblemBody>),
}

/// Something was recorded.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Recorded {
    /// The entry; left out where it is not durable yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<u64>,
    /// When, UTC milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<i64>,
    /// It stood on record already: nothing new was written.
    pub already: bool,
    /// It is on disk. Only a suspension is ever answered before.
    pub durable: bool,
    /// What followed.
    pub concluded: Vec<Value>,
    /// Hash of the rulebook that held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rulebook: Option<String>,
    /// Hash of the program that answers.
    pub program: String,
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        out.push(digit(byte >> 4));
        out.push(digit(byte & 15));
    }
    out
}

/// The word of a status.
pub fn status(status: &Status) -> &'static str {
    match status {
        Status::Held(_) => "held",
        Status::Allowed => "allowed",
        Status::Signed => "signed",
        Status::Denied => "denied",
        Status::Ended(how) => how.name(),
    }
}

/// The status a verdict leads to.
pub fn status_of(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Allow => "allowed",
        Verdict::Hold(_) => "held",
        Verdict::Deny => "denied",
    }
}

/// A hold as it is sent.
pub fn hold(hold: &Hold) -> HoldShape {
    HoldShape { approvals: hold.approvals, by: hold.by.clone(), until: hold.until.map(|at| at.0) }
}

/// Rules that did not speak, as they are sent.
pub fn unmet(list: &[Unmet]) -> Vec<UnmetShape> {
    list.iter().map(|u| UnmetShape { rule: u.rule.clone(), condition: u.condition.clone() }).collect()
}

/// A scope as callers name it.
pub fn scope(scope: &Scope) -> Value {
    let (what, name) = match &scope.what {
        Reach::All => ("all", None),
        Reach::Domain(name) => ("domain", Some(name)),
        Reach::Chain(name) => ("chain", Some(name)),
        Reach::Asset(name) => ("asset", Some(name)),
        Reach::Wallet(name) => ("wallet", Some(name)),
    };
    json!({"what": what, "name": name, "sides": scope.sides.name()})
}

fn decided(d: &Decided) -> Value {
    let hold = if let Verdict::Hold(h) = &d.verdict { Some(hold(h)) } else { None };
    json!({"kind": "decided", "id": d.id, "verdict": d.verdict.name(), "hold": hold, "rule": d.rule,
           "won": d.won.map(|won| won.to_string()), "why": d.why, "missing": d.missing, "unmet": unmet(&d.unmet),
           "observed": d.observed})
}

/// One conclusion as it is sent.
pub fn concluded(one: &Concluded) -> Value {
    let text = |n: &i128| n.to_string();
    match one {
        Concluded::Decided(d) => decided(d),
        Concluded::Signable(s) => {
            json!({"kind": "signable", "withdrawal": s.withdrawal, "verdict": s.verdict.name(), "why": s.why})
        }
        Concluded::Matched(m) => json!({"kind": "matched", "tx": m.tx, "withdrawal": m.withdrawal}),
        Concluded::Mandated(m) => json!({"kind": "mandated", "tx": m.tx, "mandate": m.mandate}),
        Concluded::Awaited(u) => json!({"kind": "awaited", "tx": u.tx, "wallet": u.wallet, "asset": u.asset,
            "amount": text(&u.amount), "won": u.won.as_ref().map(text), "why": u.why}),
        Concluded::Differs(d) => json!({"kind": "differs", "entry": d.entry, "why": d.why, "admitted": d.admitted}),
        Concluded::Ticketed(t) => json!({"kind": "ticketed", "tx": t.tx, "ticket": t.ticket}),
        Concluded::WouldTrip(t) => {
            json!({"kind": "would-trip", "scope": scope(&t.scope), "cause": t.cause, "tx": t.tx, "rule": t.rule})
        }
        Concluded::Named(n) => json!({"kind": "named", "tx": n.tx, "cause": n.cause}),
        Concluded::Unmatched(u) => json!({"kind": "unmatched", "tx": u.tx, "wallet": u.wallet, "asset": u.asset,
            "amount": text(&u.amount), "won": u.won.as_ref().map(text), "why": u.why}),
        Concluded::Paused(p) => json!({"kind": "paused", "scope": scope(&p.scope), "why": p.why}),
        Concluded::Unpaused(s) => json!({"kind": "unpaused", "scope": scope(s)}),
        Concluded::Tripped(t) => {
            json!({"kind": "tripped", "scope": scope(&t.scope), "cause": t.cause, "tx": t.tx, "rule": t.rule})
        }
        Concluded::Evacuate(e) => {
            let moves = e.moves.iter().map(|m| {
                json!({"wallet": m.wallet, "asset": m.asset, "amount": text(&m.amount), "to": m.to,
                       "won": m.won.as_ref().map(text)})
            });
            let cannot = e.cannot.iter().map(|c| json!({"wallet": c.wallet, "asset": c.asset, "why": c.why}));
            json!({"kind": "evacuate", "domain": e.domain, "moves": moves.collect::<Vec<_>>(),
                   "cannot": cannot.collect::<Vec<_>>(), "automatic": e.automatic})
        }
        Concluded::Credited(c) => json!({"kind": "credited", "id": c.credit, "verdict": c.verdict.name(),
            "rule": c.rule, "hint": c.hint, "missing": c.missing, "unmet": unmet(&c.unmet)}),
        Concluded::Resumed(r) => {
            json!({"kind": "resumed", "scope": scope(&r.scope), "step": format!("{:?}", r.step).to_lowercase()})
        }
        Concluded::Retracted(tx) => json!({"kind": "retracted", "tx": tx}),
        Concluded::Fires(n) => json!({"kind": "fires", "fires": n}),
        Concluded::Exposed(e) => json!({"kind": "exposed", "asset": e.asset, "warns": e.warns, "rule": e.rule}),
    }
}
