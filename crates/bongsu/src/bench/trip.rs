//! `bongsu bench trip`: from a block in memory to the stop that follows from it, concluded and on the disk.
//!
//! It promises that every block measured holds one theft and stops a key domain that stood open, among transfers that are authorised and transfers of
//! strangers. There is no network in it, and no grace: a watch beside a gate waits for the gate's journal first.

use super::world::{EXCHANGE, prices, setup, withdrawal};
use crate::recorder::now;
use crate::serve::{Kernel, Shared, observation};
use crate::store::sequencer::{Clock as Time, Door, Sequencer};
use crate::store::{Founding, Store};
use crate::trouble::Trouble;
use kernel::body::Body;
use kernel::fact::{BlockRead, ChainWatched, Moves, Observation, Tier, Transfer, WalletRegistered};
use kernel::guard::conclusion::{Concluded, decode};
use kernel::state::State;
use rulebook::time::{HOUR, Instant};
use std::path::PathBuf;
use std::time::Instant as Clock;

/// How much is measured.
#[derive(Clone, Debug)]
pub struct Size {
    /// A new folder for the journal.
    pub data: PathBuf,
    /// Authorisations that are open.
    pub open: u64,
    /// Transfers of a block.
    pub transfers: u64,
    /// Blocks, each with a theft from a key domain of its own.
    pub blocks: u64,
}

/// Of the transfers of a block, one in so many is authorised.
const AUTHORISED: u64 = 50;

struct System;

impl Time for System {
    fn now(&self) -> i64 {
        now()
    }
}

/// Measures and prints.
pub fn run(size: &Size) -> Result<(), Trouble> {
    let founding = Founding { role: "watch", semantics: kernel::SEMANTICS, offline_root: None, time: now() - 3 * HOUR };
    let store = Store::create(&size.data, &founding)?;
    let state = Shared::new(State::new(kernel::words::vocabulary()).keyed([1, 2]));
    let sequencer = Sequencer::start(store, Kernel(state), System)?;
    let door = sequencer.door();
    let mut facts = setup(Instant(now() - 2 * HOUR));
    facts.extend((0..size.blocks).map(|n| wallet(n).into()));
    facts.push(
        ChainWatched {
            exchange: EXCHANGE.into(),
            chain: "ethereum".into(),
            sources: vec!["n1".into()],
            depth: 0,
            behind: 10,
            silence: HOUR,
            observed: false,
            change: None,
        }
        .into(),
    );
    facts.extend(prices(Instant(now())));
    tell(&door, facts)?;
    let at = Instant(now());
    let asked: Vec<_> = (0..size.open).map(|n| withdrawal(n, n, at)).collect();
    for some in asked.chunks(2_048) {
        tell(&door, some.iter().map(|fact| fact.clone().into()).collect())?;
    }
    // Only one of the three chains is watched here.
    let mut open = asked.iter().filter(|asked| asked.wallet == "hot-ethereum");
    let mut late = Vec::new();
    for number in 0..size.blocks {
        let mut transfers: Vec<Transfer> = (0..size.transfers.saturating_sub(1))
            .map(|n| match (n % AUTHORISED == 0).then(|| open.next()).flatten() {
                Some(asked) => {
                    moved(number, n, &format!("0xffff{:036x}", 0), &asked.destination, &asked.asset, asked.amount)
                }
                None => moved(number, n, &format!("0xaaaa{n:036x}"), &format!("0xbbbb{n:036x}"), "ETH", 1_000_000),
            })
            .collect();
        let thief = format!("0xdddd{number:036x}");
        transfers.push(moved(number, size.transfers, &address(number), &thief, "ETH", 1_000_000_000));
        let (hash, parent) = (format!("h{}", number + 1), format!("h{number}"));
        let (exchange, chain, source) = (EXCHANGE.to_string(), "ethereum".to_string(), "n1".to_string());
        let height = number + 1;
        let block = BlockRead { exchange, chain, source, height, hash, parent, at: Instant(now()), transfers };
        let fact = observation(&block.into(), "n1");
        let began = Clock::now();
        let answers = door.submit_urgent(vec![fact]).map_err(|e| Trouble::no(e.to_string(), "look at the disk"))?;
        late.push(u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX));
        let receipt = answers.into_iter().next().and_then(Result::ok);
        let body = receipt.and_then(|receipt| Body::decode(BlockRead::KIND, &receipt.body).ok());
        let list = body.and_then(|body| decode(&body.conclusions?).ok()).unwrap_or_default();
        if !list.iter().any(|one| matches!(one, Concluded::Tripped(_))) {
            return Err(Trouble::no(format!("block {number} stopped nothing"), "the figures are of something else"));
        }
    }
    drop(door);
    sequencer.stop()?.close(now())?;
    late.sort_unstable();
    let at = |of: usize| late.get((late.len() * of / 1000).min(late.len().saturating_sub(1))).copied().unwrap_or(0);
    println!(
        "{} authorisations open, {} transfers a block: block to stop, durable, µs: p50 {}, p99 {}, most {} of {}",
        size.open,
        size.transfers,
        at(500),
        at(990),
        at(1000),
        late.len()
    );
    Ok(())
}

fn address(number: u64) -> String {
    format!("0xcccc{number:036x}")
}

fn wallet(number: u64) -> WalletRegistered {
    let (wallet, domain) = (format!("hot-{number}"), format!("domain-{number}"));
    let (exchange, source, chain) = (EXCHANGE.to_string(), "bench".to_string(), "ethereum".to_string());
    WalletRegistered {
        exchange,
        source,
        wallet,
        chain,
        address: address(number),
        domain,
        tier: Tier::Hot,
        change: None,
    }
}

fn moved(block: u64, place: u64, from: &str, to: &str, asset: &str, amount: i128) -> Transfer {
    Transfer {
        tx: format!("t{block}:{place}"),
        from: from.into(),
        to: to.into(),
        asset: asset.into(),
        amount,
        tag: None,
        fee: 0,
        fee_asset: None,
        failed: false,
        log: false,
        what: Moves::Amount,
    }
}

fn tell(door: &Door, facts: Vec<Observation>) -> Result<(), Trouble> {
    let all = facts.iter().map(|fact| observation(fact, "bench")).collect();
    let answers = door.submit(all).map_err(|e| Trouble::no(e.to_string(), "look at the disk"))?;
    let refused = answers.into_iter().find_map(Result::err);
    refused.map_or(Ok(()), |refusal| Err(Trouble::no(refusal.reason, refusal.code)))
}
