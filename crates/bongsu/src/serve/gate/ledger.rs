//! What the ledger, the markets and the lists tell: credits and their events, holdings, balances, prices, addresses.

use super::fact::Of;
use super::problem::Problem;
use super::route::{Call, Reply};
use super::shape::{Balance, BlockShape, CreditAsk, Holdings, Listing, PayoutEvent, Price};
use super::{Gate, amount};
use crate::watch::blocks;
use kernel::fact::CreditAsked;
use rulebook::time::Instant;

/// May this be credited?
pub fn credit(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let asked = call.read::<CreditAsk>()?;
    gate.brake.is_off()?;
    let (decimals, known) = gate.state.read(|state| {
        let guard = state.guard(&gate.exchange);
        let asset = guard.and_then(|guard| guard.asset(&asked.asset)).map(|(_, asset)| asset.decimals);
        (asset, guard.is_some_and(|guard| guard.credit(&asked.id).is_some()))
    });
    let decimals = decimals.ok_or_else(|| {
        let hint = "list it with its chain and digits";
        Problem::new("unknown-subject", format!("found {}", asked.asset), hint).of("asset").expected("a listed asset")
    })?;
    if !known {
        gate.of_today(asked.at)?;
    }
    let fact = CreditAsked {
        exchange: gate.exchange.clone(),
        id: asked.id,
        customer: asked.customer,
        asset: asked.asset,
        amount: amount::base_units(asked.amount.as_deref(), asked.quantity.as_deref(), decimals)?,
        event: asked.event,
        deposit: asked.deposit,
        at: Instant(asked.at),
    };
    gate.record(call, fact)
}

/// Declares a payout event.
pub fn event(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let told = call.read::<PayoutEvent>()?;
    // What a change makes was written down before its delay.
    if told.change.is_none() {
        gate.of_today(told.at)?;
    }
    gate.record(call, Of(&gate.exchange).event(&told, &call.speaker.holder)?)
}

/// What is held and entrusted.
pub fn holdings(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let told = call.read::<Holdings>()?;
    gate.of_today(told.at)?;
    gate.record(call, Of(&gate.exchange).holdings(&told)?)
}

/// What lies in a wallet.
pub fn balance(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let told = call.read::<Balance>()?;
    gate.of_today(told.at)?;
    gate.record(call, Of(&gate.exchange).balance(&told)?)
}

/// A block that a source read.
pub fn block(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let told = call.read::<BlockShape>()?;
    let block = blocks::fact(told.block, &gate.exchange, &told.chain, &told.source);
    let hint = "docs/blocks.md lists the fields";
    gate.record(call, block.map_err(|why| Problem::new("field", why, hint).of("block"))?)
}

/// A price.
pub fn price(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let told = call.read::<Price>()?;
    gate.of_today(told.at)?;
    gate.record(call, Of(&gate.exchange).price(&told)?)
}

/// A line of a list.
pub fn listing(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let told = call.read::<Listing>()?;
    gate.of_today(told.at)?;
    gate.record(call, Of(&gate.exchange).listing(&told, &call.speaker.holder)?)
}
