//! Withdrawals: asked, tried, read, called off, shown before they are signed, broadcast, ended.

use super::answer::{BatchAnswers, Decision, ItemAnswer, hex, hold, status, status_of, unmet};
use super::problem::Problem;
use super::route::{Call, Reply, field};
use super::shape::{Broadcast, Ended, Moment, Payload, WithdrawalAsk, WithdrawalBatch};
use super::{Gate, Taken, amount, fact, limits, rulebook_of};
use crate::recorder::now;
use kernel::fact::{Ending, Name, Observation, PayloadShown, Remark, WithdrawalAsked, WithdrawalEnded};
use kernel::guard::Guard;
use kernel::guard::conclusion::{Concluded, Decided, Verdict};
use kernel::guard::explain::{Explained, explain};
use kernel::guard::names::Kind;
use kernel::known::Stamp;
use rulebook::time::Instant;
use serde::Deserialize;
use serde_json::value::RawValue;

/// Items that are made into facts under one look at the state: some 250 µs.
const AT_ONCE: usize = 256;

/// Asks for one.
pub fn ask(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let asked = call.read::<WithdrawalAsk>()?;
    gate.brake.is_off()?;
    let fact = gate.state.read(|state| made(gate, state.guard(&gate.exchange), call, &asked))?;
    let request = fact.request();
    gate.wanted.want(request);
    let taken = gate.submit_one(fact.clone().into(), &call.speaker.key);
    let explained = gate.wanted.take(&request);
    let decision = decision(gate, &fact, &taken?, None, explained, false)?;
    gate.brake.lets_out(decision.verdict == "allow")?;
    call.reply(if decision.already { 200 } else { 201 }, &decision)
}

/// Asks for several. What cannot be read is answered in its place; the rest goes into one submission.
pub fn batch(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    gate.brake.is_off()?;
    let items = items(call)?;
    if items.len() > limits::BATCH {
        let expected = format!("at most {}", limits::BATCH);
        let hint = "send several batches";
        return Err(Problem::new("too-many", format!("{} items", items.len()), hint).of("items").expected(expected));
    }
    // The writer waits while somebody reads the state, so it is read for some items at a time.
    let mut items = items.into_iter().peekable();
    let mut made: Vec<Result<WithdrawalAsked, Problem>> = Vec::with_capacity(items.len());
    while items.peek().is_some() {
        gate.state.read(|state| {
            let guard = state.guard(&gate.exchange);
            let some = items.by_ref().take(AT_ONCE);
            made.extend(some.map(|item| item.and_then(|asked| self::made(gate, guard, call, &asked))));
        });
    }
    let facts: Vec<Observation> = made.iter().flatten().map(|fact| fact.clone().into()).collect();
    let taken = if facts.is_empty() { Vec::new() } else { gate.submit(&facts, &call.speaker.key)? };
    // One submission is concluded under one rulebook.
    let first = taken.iter().flatten().find(|one| !one.already).map(|one| one.stamp.index);
    let rulebook = first.and_then(|index| gate.state.read(|state| rulebook_of(state, index)));
    let mut taken = taken.into_iter();
    let mut out = Vec::with_capacity(made.len());
    for fact in made {
        let answered = fact.and_then(|fact| {
            let lost = || Err(Problem::new("ended", "no answer", "ask again with the same id"));
            let taken = taken.next().unwrap_or_else(lost)?;
            let rulebook = rulebook.clone().filter(|_| !taken.already);
            decision(gate, &fact, &taken, rulebook, None, true)
        });
        out.push(match answered {
            Ok(decision) => ItemAnswer::Decision(Box::new(decision)),
            Err(problem) => ItemAnswer::Problem(Box::new(problem.body())),
        });
    }
    let lets_out = out.iter().any(|item| matches!(item, ItemAnswer::Decision(d) if d.verdict == "allow"));
    gate.brake.lets_out(lets_out)?;
    call.reply(200, &BatchAnswers { answers: out })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBatch<'b> {
    #[serde(borrow)]
    items: Vec<&'b RawValue>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CborBatch {
    items: Vec<ciborium::Value>,
}

/// The items of a batch: at once where all of them can be read, else each by itself.
fn items(call: &Call) -> Result<Vec<Result<WithdrawalAsk, Problem>>, Problem> {
    if let Ok(batch) = call.read::<WithdrawalBatch>() {
        return Ok(batch.items.into_iter().map(Ok).collect());
    }
    if call.cbor {
        let hint = "docs/openapi.json has the shape";
        let read = |item: ciborium::Value| {
            item.deserialized().map_err(|e| Problem::new("field", format!("the item: {e}"), hint))
        };
        return Ok(call.read::<CborBatch>()?.items.into_iter().map(read).collect());
    }
    let mut from = serde_json::Deserializer::from_slice(&call.body);
    let batch: RawBatch<'_> =
        serde_path_to_error::deserialize(&mut from).map_err(|e| field(e.path().to_string(), e.inner()))?;
    from.end().map_err(|e| Problem::new("malformed", format!("behind the body: {e}"), "send one document"))?;
    let read = |item: &RawValue| {
        let mut from = serde_json::Deserializer::from_str(item.get());
        serde_path_to_error::deserialize(&mut from).map_err(|e| field(e.path().to_string(), e.inner()))
    };
    Ok(batch.items.into_iter().map(read).collect())
}

/// The fact of a question.
fn made(gate: &Gate, guard: Option<&Guard>, call: &Call, asked: &WithdrawalAsk) -> Result<WithdrawalAsked, Problem> {
    let unknown = || {
        let hint = "list it with its chain and digits";
        Problem::new("unknown-subject", format!("found {}", asked.asset), hint).of("asset").expected("a listed asset")
    };
    let guard = guard.ok_or_else(unknown)?;
    let (_, listed) = guard.asset(&asked.asset).ok_or_else(unknown)?;
    let chain = guard.names.text(Kind::Chain, listed.chain);
    // Who asked is whose key it is; a system may ask for somebody, a person for nobody else: else nobody is kept from
    // approving their own.
    let holder = &call.speaker.holder;
    let initiator = asked.initiator.as_ref().unwrap_or(holder);
    if initiator != holder && guard.identity(holder).is_some() {
        let hint = "a person's key asks in the name of that person";
        return Err(Problem::new("holder", initiator.as_str(), hint).of("initiator").expected(holder.as_str()));
    }
    fact::tag(chain, "tag", asked.tag.as_deref())?;
    if guard.withdrawal(&asked.id).is_none() {
        gate.of_today(asked.at)?;
    }
    Ok(WithdrawalAsked {
        exchange: gate.exchange.clone(),
        id: asked.id.clone(),
        wallet: asked.wallet.clone(),
        asset: asked.asset.clone(),
        amount: amount::base_units(asked.amount.as_deref(), asked.quantity.as_deref(), listed.decimals)?,
        destination: fact::address(chain, "destination", &asked.destination)?,
        tag: asked.tag.clone(),
        customer: asked.customer.clone(),
        initiator: initiator.clone(),
        second_factor: asked.second_factor.clone(),
        at: Instant(asked.at),
    })
}

/// What is answered about a question that was taken; its rulebook is looked up where the caller does not know it.
fn decision(
    gate: &Gate,
    fact: &WithdrawalAsked,
    taken: &Taken,
    rulebook: Option<String>,
    explained: Option<Explained>,
    in_batch: bool,
) -> Result<Decision, Problem> {
    let decided = taken.concluded.iter().find_map(|one| match one {
        Concluded::Decided(d) if d.id == fact.id => Some(d),
        _ => None,
    });
    let hint = "`bongsu verify` checks the journal";
    let decided = decided.ok_or_else(|| Problem::new("refused", "the entry holds no decision", hint))?;
    let index = taken.stamp.index;
    let rulebook = rulebook.or_else(|| gate.state.read(|state| rulebook_of(state, index)));
    let standing = taken
        .already
        .then(|| gate.state.read(|state| Some(status(&state.guard(&gate.exchange)?.withdrawal(&fact.id)?.1.status))));
    let mut decision = shown(gate, decided, taken.stamp);
    // What a batch allows or denies nobody approves: a hash of each costs more than the rest of its answer.
    if !in_batch || matches!(decided.verdict, Verdict::Hold(_)) {
        decision.request = Some(hex(&fact.request()));
    }
    decision.entry = Some(index);
    decision.already = taken.already;
    decision.rulebook = rulebook;
    if let Some(standing) = standing.flatten() {
        decision.status = standing;
    }
    if let Some(explained) = explained {
        decision.unmet = unmet(&explained.unmet);
        decision.values = Some(explained.seen.into_iter().collect());
    }
    Ok(decision)
}

fn shown(gate: &Gate, decided: &Decided, stamp: Stamp) -> Decision {
    Decision {
        id: decided.id.clone(),
        verdict: decided.verdict.name(),
        hold: if let Verdict::Hold(h) = &decided.verdict { Some(hold(h)) } else { None },
        rule: decided.rule.clone(),
        why: decided.why.clone(),
        won: decided.won.map(|won| won.to_string()),
        missing: decided.missing.clone(),
        unmet: unmet(&decided.unmet),
        observed: decided.observed.clone(),
        values: None,
        request: None,
        status: status_of(&decided.verdict),
        entry: None,
        time: stamp.time.0,
        already: false,
        rulebook: None,
        program: gate.program.clone(),
    }
}

/// What would be answered now.
pub fn dry_run(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let asked = call.read::<WithdrawalAsk>()?;
    let decision = gate.state.read(|state| {
        let fact = made(gate, state.guard(&gate.exchange), call, &asked)?;
        if let kernel::door::Accepted::Already(entry) =
            kernel::door::admit(state, &fact.clone().into()).map_err(Problem::from)?
        {
            let hint = "read it, or try another id";
            return Err(Problem::new("already", format!("entry {entry} asked exactly this"), hint).of("id"));
        }
        let last = state.last();
        let index = last.map_or(1, |last| last.index.saturating_add(1));
        let time = Instant(now().max(last.map_or(0, |last| last.time.0)));
        let stamp = Stamp { index, time };
        let hint = "start the gate with a setup";
        let explained =
            explain(state, &fact, stamp).ok_or_else(|| Problem::new("refused", "there is no guard", hint))?;
        let mut decision = shown(gate, &explained.decided, stamp);
        decision.request = Some(hex(&fact.request()));
        decision.unmet = unmet(&explained.unmet);
        decision.values = Some(explained.seen.into_iter().collect());
        decision.rulebook = rulebook_of(state, index);
        Ok(decision)
    })?;
    call.reply(200, &decision)
}

/// One that was asked.
pub fn read(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let id = call.place(0);
    let found = gate.state.read(|state| {
        let guard = state.guard(&gate.exchange)?;
        let (_, w) = guard.withdrawal(id)?;
        Some((w.entry.index, guard.asked(&gate.exchange, id)?))
    });
    let (entry, fact) = found.ok_or_else(|| unknown(id))?;
    let decision = decision(gate, &fact, &gate.recorded(entry)?, None, None, false)?;
    call.reply(200, &decision)
}

fn unknown(id: &str) -> Problem {
    Problem::new("unknown", format!("no withdrawal {id} was asked"), "ask first, or check the id").of("id")
}

/// Called off before it was signed.
pub fn cancel(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let at = gate.of_today(call.read::<Moment>()?.at)?;
    let (exchange, withdrawal) = (gate.exchange.clone(), call.place(0).to_string());
    gate.record(call, WithdrawalEnded { exchange, withdrawal, how: Ending::Cancelled, at })
}

/// May this be signed?
pub fn payload(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let shown = call.read::<Payload>()?;
    gate.brake.is_off()?;
    let at = gate.of_today(shown.at)?;
    let mut effect = Vec::new();
    match (&shown.effects, &shown.raw) {
        (Some(effects), None) => {
            for shape in effects {
                let mut one = fact::effect(shape)?;
                // The one form of an address, where it is one: what is none differs from what was asked anyway.
                let chain = gate.state.read(|state| {
                    let guard = state.guard(&gate.exchange)?;
                    Some(guard.names.text(Kind::Chain, guard.asset(&one.asset)?.1.chain).to_string())
                });
                if let Some(Ok(found)) = chain.map(|chain| crate::address::canonical(&chain, &one.destination)) {
                    one.destination = found.text;
                }
                effect.push(one);
            }
        }
        // Nothing is decoded here yet, so bytes alone are held.
        (None, Some(raw)) if fact::unhex(raw).is_some_and(|bytes| !bytes.is_empty()) => {}
        _ => {
            let hint = "give the decoded effects, or the bytes in hexadecimal, which are held";
            return Err(Problem::new("field", "both or neither", hint).of("effects").expected("`effects` or `raw`"));
        }
    }
    let fact = PayloadShown { exchange: gate.exchange.clone(), withdrawal: call.place(0).to_string(), effect, at };
    let taken = gate.show(fact, &call.speaker.key)?;
    call.reply(201, &gate.told(&taken))
}

impl Gate {
    /// Shows a payload, whoever brought it: never without the watch's lease where there is a watch, and never past a suspension that is
    /// being written.
    pub(super) fn show(&self, fact: PayloadShown, principal: &str) -> Result<Taken, Problem> {
        if let Some(lease) = &self.lease {
            let domain = self.state.read(|state| {
                let guard = state.guard(&self.exchange)?;
                let wallet = guard.wallets.get(guard.withdrawal(&fact.withdrawal)?.1.wallet as usize)?;
                Some(guard.names.text(Kind::Domain, wallet.domain).to_string())
            });
            lease.opens(&domain.ok_or_else(|| unknown(&fact.withdrawal))?)?;
        }
        let taken = self.submit_one(fact.into(), principal)?;
        let allows = |one: &Concluded| matches!(one, Concluded::Signable(s) if s.verdict == Verdict::Allow);
        self.brake.lets_out(taken.concluded.iter().any(allows))?;
        Ok(taken)
    }
}

/// It was broadcast. No rule reads this: the chain's own blocks are what is matched.
pub fn broadcast(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let told = call.read::<Broadcast>()?;
    let (id, at) = (call.place(0), gate.of_today(told.at)?);
    let known =
        gate.state.read(|state| state.guard(&gate.exchange).is_some_and(|guard| guard.withdrawal(id).is_some()));
    if !known {
        return Err(unknown(id));
    }
    let remark = Remark {
        exchange: gate.exchange.clone(),
        subject: Some(Name { kind: "withdrawal".into(), name: id.to_string() }),
        at,
        topic: "broadcast".into(),
        id: told.tx.clone(),
        text: told.tx,
        owner: String::new(),
        due: None,
        done: false,
        by: call.speaker.holder.clone(),
        source: String::new(),
    };
    gate.record(call, remark)
}

/// It ended on its chain, or its time ran out.
pub fn ended(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let told = call.read::<Ended>()?;
    let at = gate.of_today(told.at)?;
    let how = Ending::named(&told.how).filter(|how| *how != Ending::Cancelled).ok_or_else(|| {
        let expected = "confirmed, cannot confirm or expired";
        Problem::new("field", told.how.as_str(), "cancelling has a route of its own").of("how").expected(expected)
    })?;
    gate.record(call, WithdrawalEnded { exchange: gate.exchange.clone(), withdrawal: call.place(0).into(), how, at })
}
