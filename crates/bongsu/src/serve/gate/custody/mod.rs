//! Custodians that ask before they sign: a co-signer's callback and a custodian's policy webhook.
//!
//! It promises that what is unclear is never approved, that a withdrawal is approved for one of the custodian's transactions and no second
//! one, across a restart too, and that an answer is signed by the gate and names the question. It must never decide: it finds the
//! withdrawal that was asked, and shows the gate what is about to be signed.
//!
//! - [`jwt`]: who asks, and who answers; [`book`]: the custodian's names beside ours; [`told`]: what a question says

pub mod book;
pub mod jwt;
pub mod told;

use super::problem::Problem;
use super::{Gate, amount};
use crate::recorder::now;
use kernel::fact::{Effect, Name, Operation, PayloadShown, Remark};
use kernel::guard::conclusion::{Concluded, Verdict};
use kernel::guard::names::Kind;
use kernel::guard::state::Status;
use rulebook::time::Instant;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use told::Told;

/// The topic of the remark that binds a withdrawal to the custodian's transaction.
const TOPIC: &str = "custody";

/// What a custodian is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Sign.
    Approve,
    /// Do not.
    Reject(String),
    /// Ask again: it waits, or nothing can be said now.
    Retry(String),
}

/// A co-signer's question as a token, and the token that answers it. A token that nobody knows gets no token back.
pub fn cosigner(gate: &Gate, body: &[u8]) -> Result<String, Problem> {
    let (custody, claims) = question(gate, body)?;
    let hint = "the answer echoes it, so without one there is nothing to answer";
    let request = claims.get("requestId").and_then(Value::as_str).filter(|id| !id.is_empty());
    let request = request.ok_or_else(|| Problem::new("field", "no requestId", hint).of("requestId"))?;
    let answer = told::cosigner(custody, &claims).map_or_else(Answer::Reject, |told| decide(gate, &told));
    let (action, why) = match answer {
        Answer::Approve => ("APPROVE", None),
        Answer::Reject(why) => ("REJECT", Some(why)),
        Answer::Retry(why) => ("RETRY", Some(why)),
    };
    let mut claims = json!({"action": action, "requestId": request, "iat": now() / 1_000});
    if let Some(why) = why {
        claims["rejectionReason"] = Value::String(why);
    }
    signed(custody, &claims)
}

/// A custodian's webhook: 200 lets it pass, 403 does not, and the token says so too.
pub fn webhook(gate: &Gate, body: &[u8]) -> Result<(u16, String), Problem> {
    let (custody, claims) = question(gate, body)?;
    let hint = "the answer echoes it, so without one there is nothing to answer";
    let evaluation = claims.get("evaluationId").and_then(Value::as_str).filter(|id| !id.is_empty());
    let evaluation = evaluation.ok_or_else(|| Problem::new("field", "no evaluationId", hint).of("evaluationId"))?;
    let answer = told::webhook(custody, &claims).map_or_else(Answer::Reject, |told| decide(gate, &told));
    let (status, why) = match answer {
        Answer::Approve => (200, String::new()),
        Answer::Reject(why) | Answer::Retry(why) => (403, why),
    };
    let claims = json!({"evaluationId": evaluation, "statusCode": status, "reason": why, "iat": now() / 1_000});
    Ok((status, signed(custody, &claims)?))
}

fn signed(custody: &book::Book, claims: &Value) -> Result<String, Problem> {
    custody.private.sign(claims).map_err(|what| Problem::new("ended", what, "check the gate's key for custodians"))
}

/// The claims of a token that the registered key signed, not too old where it says its age.
fn question<'g>(gate: &'g Gate, body: &[u8]) -> Result<(&'g book::Book, Value), Problem> {
    let hint = "docs/custody.md says how a custodian is hooked up";
    let custody = gate.custody.as_ref().ok_or_else(|| Problem::new("not-found", "no custodian is registered", hint))?;
    let token = std::str::from_utf8(body).map_err(|_| Problem::new("unsigned", "the body is no token", hint))?;
    let expected =
        |what: &str| Problem::new("signature-wrong", "the token is not the custodian's", hint).expected(what);
    let claims = custody.public.read(token).map_err(expected)?;
    let second = |name: &str| claims.get(name).and_then(Value::as_i64);
    let time = now() / 1_000;
    let old = second("exp").is_some_and(|exp| exp < time)
        || second("iat").is_some_and(|iat| iat < time - super::limits::SIGNED || iat > time + super::limits::AHEAD);
    if old {
        return Err(Problem::new("signature-expired", "the token is too old or from a clock that is ahead", hint));
    }
    Ok((custody, claims))
}

/// Finds the withdrawal, and shows the gate what is about to be signed.
fn decide(gate: &Gate, told: &Told) -> Answer {
    match show(gate, told) {
        Ok(answer) => answer,
        // Too much waits, a suspension is being written, the disk is full: nothing can be said now.
        Err(problem) if matches!(problem.code, "busy" | "stopping" | "full" | "ended" | "no-lease") => {
            Answer::Retry(problem.detail)
        }
        Err(problem) => Answer::Reject(format!("{}: {}", problem.code, problem.detail)),
    }
}

fn show(gate: &Gate, told: &Told) -> Result<Answer, Problem> {
    gate.brake.is_off()?;
    // One question at a time: two transactions for one withdrawal must not both find it free.
    let mut bound_to = gate.custody_turn.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let no = |why: String| Ok(Answer::Reject(why));
    let found = gate.state.read(|state| {
        let guard = state.guard(&gate.exchange)?;
        let (_, w) = guard.withdrawal(&told.withdrawal)?;
        let (asset, wallet) = (guard.names.text(Kind::Asset, w.asset), guard.names.text(Kind::Wallet, w.wallet));
        let listed = guard.assets.get(w.asset as usize)?;
        let chain = guard.names.text(Kind::Chain, listed.chain).to_string();
        Some((asset.to_string(), wallet.to_string(), listed.decimals, chain, w.status.clone()))
    });
    let Some((asset, wallet, decimals, chain, status)) = found else {
        return no(format!("no withdrawal {} was asked", told.withdrawal));
    };
    match status {
        Status::Held(_) => return Ok(Answer::Retry("it is held".into())),
        Status::Denied => return no("it was denied".into()),
        Status::Ended(how) => return no(format!("it ended: {}", how.name())),
        Status::Allowed | Status::Signed => {}
    }
    if told.wallet != wallet {
        return no(format!("wallet {} instead of {wallet}", told.wallet));
    }
    let bound = bound_to.get(&told.withdrawal).cloned();
    if bound.as_ref().is_some_and(|bound| *bound != told.transaction) {
        return no("it was approved for another transaction of the custodian".into());
    }
    let amount = match &told.amount {
        told::Amount::Base(text) => amount::whole(text)?,
        told::Amount::Units(text) => amount::decimal(text, decimals)?,
    };
    if told.asset != asset {
        return no(format!("asset {} instead of {asset}", told.asset));
    }
    let destination = match crate::address::canonical(&chain, &told.destination) {
        Ok(found) => found.text,
        Err(problem) => return no(problem.to_string()),
    };
    let effect = Effect { asset, amount, destination, tag: told.tag.clone(), operation: Operation::Transfer };
    let (exchange, withdrawal, at) = (gate.exchange.clone(), told.withdrawal.clone(), Instant(now()));
    let payload = PayloadShown { exchange: exchange.clone(), withdrawal: withdrawal.clone(), effect: vec![effect], at };
    let taken = gate.show(payload, TOPIC)?;
    let signable = taken.concluded.iter().find_map(|one| if let Concluded::Signable(s) = one { Some(s) } else { None });
    let Some(signable) = signable else { return Ok(Answer::Retry("the gate did not answer".into())) };
    let why = signable.why.clone().unwrap_or_default();
    match signable.verdict {
        Verdict::Allow => {}
        Verdict::Hold(_) => return Ok(Answer::Retry(why)),
        // A stop may be lifted while the custodian still asks; what differs will differ for ever.
        Verdict::Deny if why.starts_with("stopped") => return Ok(Answer::Retry(why)),
        Verdict::Deny => return no(why),
    }
    if bound.is_none() {
        let remark = Remark {
            exchange,
            subject: Some(Name { kind: "withdrawal".into(), name: withdrawal.clone() }),
            at,
            topic: TOPIC.into(),
            id: withdrawal,
            text: told.transaction.clone(),
            owner: String::new(),
            due: None,
            done: false,
            by: TOPIC.into(),
            source: String::new(),
        };
        gate.submit_one(remark.into(), TOPIC)?;
        bound_to.insert(told.withdrawal.clone(), told.transaction.clone());
    }
    gate.brake.lets_out(true)?;
    Ok(Answer::Approve)
}

/// The custodian's transaction by the withdrawal that was approved for it, as recorded.
pub fn bound(state: &kernel::state::State, exchange: &str) -> BTreeMap<String, String> {
    let remarks = state.exchange(exchange).map(|exchange| exchange.record.remarks()).unwrap_or_default();
    let of = remarks.iter().filter(|(_, said)| said.topic == TOPIC);
    of.map(|(_, said)| (said.id.clone(), said.text.clone())).collect()
}
