//! What the guard is made of, and its changes: assets, wallets, chains, people, keys, mandates, rulebooks.

use super::Gate;
use super::answer::hex;
use super::fact::{self, Of};
use super::problem::Problem;
use super::route::{Call, Reply};
use super::shape::{
    AssetShape, ChainShape, ChangeAsk, KeyShape, Makes, MandateShape, PayoutEvent, PersonShape, RulebookShape,
    WalletShape,
};
use kernel::fact::{Observation, PolicyAsked, makes};
use serde_json::json;

/// Asks for a change. What will make it is hashed here, so that an approver sees a change and its hash is right.
pub fn change(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let asked = call.read::<ChangeAsk>()?;
    let at = gate.of_today(asked.at)?;
    let by = call.speaker.holder.clone();
    let id = Some(asked.id.clone());
    let of = Of(&gate.exchange);
    let made: Observation = match asked.makes {
        Makes::Wallet(shape) => of.wallet(&WalletShape { change: id, ..shape })?.into(),
        Makes::Chain(shape) => of.chain(&ChainShape { change: id, ..shape }).into(),
        Makes::Person(shape) => of.person(&PersonShape { change: id, ..shape })?.into(),
        Makes::Key(shape) => of.key(&KeyShape { change: id, ..shape })?.into(),
        Makes::Mandate(shape) => of.mandate(&MandateShape { change: id, ..shape }, &by)?.into(),
        Makes::Event(shape) => of.event(&PayoutEvent { change: id, ..shape }, &by)?.into(),
        Makes::Rulebook(shape) => fact::rulebook(&shape).1.into(),
    };
    let hash = makes(made.kind(), &made.encode());
    let exchange = gate.exchange.clone();
    gate.record(call, PolicyAsked { exchange, change: asked.change, id: asked.id, makes: hash, by, at })
}

/// Adopts pages; once the guard works, by an approved change.
pub fn rulebook(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let shape = call.read::<RulebookShape>()?;
    let (pages, adopted) = fact::rulebook(&shape);
    let sources = pages.iter().map(|p| rulebook::page::Source { path: p.path.clone(), text: p.text.clone() }).collect();
    let (_, problems) = rulebook::build(kernel::words::vocabulary(), sources);
    if let Some(first) = problems.iter().find(|p| p.level == rulebook::problem::Level::Error) {
        let path = shape.pages.get(first.file).map_or("", |page| page.path.as_str());
        let hint = "`bongsu check` shows every problem with its place";
        return Err(Problem::new("field", format!("{path}: {}", first.message), hint).of("pages"));
    }
    // The pages are written only when the adoption would be: alone they change nothing.
    let mut facts: Vec<Observation> = pages.into_iter().map(Observation::from).collect();
    let sorted = adopted.pages.is_sorted_by(|(a, _), (b, _)| a < b);
    if !sorted {
        return Err(Problem::new("unsorted", "a path is there twice", "each page once").of("pages"));
    }
    facts.push(adopted.into());
    let taken = gate.submit(&facts, &call.speaker.key)?;
    let lost = || Err(Problem::new("ended", "the journal gave no answer", "ask again"));
    let last = taken.into_iter().next_back().unwrap_or_else(lost)?;
    call.reply(if last.already { 200 } else { 201 }, &gate.told(&last))
}

/// Signs a mandate.
pub fn mandate(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let shape = call.read::<MandateShape>()?;
    gate.record(call, Of(&gate.exchange).mandate(&shape, &call.speaker.holder)?)
}

/// Lists an asset.
pub fn asset(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    gate.record(call, Of(&gate.exchange).asset(&call.read::<AssetShape>()?))
}

/// Registers a wallet.
pub fn wallet(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    gate.record(call, Of(&gate.exchange).wallet(&call.read::<WalletShape>()?)?)
}

/// Watches a chain.
pub fn chain(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    gate.record(call, Of(&gate.exchange).chain(&call.read::<ChainShape>()?))
}

/// Enrols a person.
pub fn person(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    gate.record(call, Of(&gate.exchange).person(&call.read::<PersonShape>()?)?)
}

/// Enrols a key.
pub fn key(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    gate.record(call, Of(&gate.exchange).key(&call.read::<KeyShape>()?)?)
}

/// The keys.
pub fn keys(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let list = gate.state.read(|state| {
        let keys = state.guard(&gate.exchange).into_iter().flat_map(|guard| &guard.keys);
        keys.map(|(id, key)| {
            let roles: Vec<&str> = key.roles.iter().map(|role| role.name()).collect();
            json!({"key": id, "public": hex(&key.public), "holder": key.holder, "roles": roles})
        })
        .collect::<Vec<_>>()
    });
    call.reply(200, &json!({"keys": list}))
}
