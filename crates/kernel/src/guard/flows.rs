//! Authorisations beside the transfers that used them, and what a block does to both once it was concluded.
//!
//! It promises that a fold asks no rule: what a transfer is stands in the conclusions.

use super::conclusion::Concluded;
use super::names::{Kind, NOBODY, siphash};
use super::state::Guard;
use super::table::Table;
use crate::fact::{BlockRead, Moves, Transfer};
use crate::known::Stamp;
use crate::planted::{Bug, is};
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use rulebook::time::{HOUR, Instant};

/// What an authorisation and its transfer have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FlowKey {
    pub wallet: u32,
    pub asset: u32,
    pub amount: i128,
    pub destination: u32,
    pub tag: Option<Box<str>>,
}

/// Authorisations and transfers of one key.
#[derive(Clone, Debug, Default)]
pub(super) struct Flow {
    pub withdrawals: Vec<u32>,
    pub txs: Vec<u32>,
}

/// Flows by their key, each with its hash, so that a growing table reads no tag. Each withdrawal is put in and found once, and an ordered
/// tree of a million costs three times as much.
#[derive(Clone, Debug, Default)]
pub(super) struct ByKey(Table<(u64, FlowKey, Flow)>);

impl FlowKey {
    fn hash(&self, [k0, k1]: [u64; 2]) -> u64 {
        let tag = self.tag.as_deref().unwrap_or("");
        let mut bytes = [0u8; 32];
        bytes[..16].copy_from_slice(&self.amount.to_be_bytes());
        bytes[16..20].copy_from_slice(&self.destination.to_be_bytes());
        bytes[20..24].copy_from_slice(&self.wallet.to_be_bytes());
        bytes[24..28].copy_from_slice(&self.asset.to_be_bytes());
        bytes[28..].copy_from_slice(&u32::try_from(tag.len()).unwrap_or(u32::MAX).to_be_bytes());
        let hash = siphash::<1, 3>([k0, k1], &bytes);
        if tag.is_empty() { hash } else { siphash::<1, 3>([k0 ^ hash, k1], tag.as_bytes()) }
    }
}

impl ByKey {
    pub fn get(&self, secret: [u64; 2], key: &FlowKey) -> Option<&Flow> {
        self.0.find(key.hash(secret), |(_, known, _)| known == key).map(|(.., flow)| flow)
    }

    pub fn get_mut(&mut self, secret: [u64; 2], key: &FlowKey) -> Option<&mut Flow> {
        self.0.find_mut(key.hash(secret), |(_, known, _)| known == key).map(|(.., flow)| flow)
    }

    /// Changes the flow of a key, which is made where there is none.
    pub fn put(&mut self, secret: [u64; 2], key: FlowKey, change: impl FnOnce(&mut Flow)) {
        let hash = key.hash(secret);
        match self.0.find_mut(hash, |(_, known, _)| *known == key) {
            Some((.., flow)) => change(flow),
            None => {
                let mut flow = Flow::default();
                change(&mut flow);
                self.0.insert(hash, (hash, key, flow), |(hash, ..)| *hash);
            }
        }
    }

    pub fn remove(&mut self, secret: [u64; 2], key: &FlowKey) {
        self.0.remove(key.hash(secret), |(_, known, _)| known == key);
    }
}

/// Authorisations of a wallet and an asset that are laid beside a transfer that nothing covers.
const LATEST: usize = 1_000;

/// All of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Flows {
    pub by_key: ByKey,
    /// The latest authorisations of a wallet and an asset: what a transfer that nothing covers is laid beside, for people.
    pub latest: BTreeMap<(u32, u32), VecDeque<u32>>,
    /// Transfers by number.
    pub txs: Vec<Tx>,
    /// Transfers of a key whose authorisations are all taken by others of another branch.
    pub open: BTreeSet<u32>,
    /// Transfers that wait for their authorisation to be copied from the gate: bounded by what leaves within the grace.
    pub awaited: BTreeMap<u32, Awaited>,
}

/// A transfer that waits for the gate's journal.
#[derive(Clone, Debug)]
pub(super) struct Awaited {
    pub chain: u32,
    /// The block that told of it, with this transfer alone.
    pub block: BlockRead,
    pub seen: Instant,
    /// It waits no longer than this.
    pub until: Instant,
}

/// What became of a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Is {
    /// Nothing leaves: it arrives, or it failed, or it is noted for another reason.
    Noted,
    /// It waits for a reorganisation to be settled.
    Open,
    Authorised(u32),
    Mandated,
    Ticketed,
    Named,
    Unmatched,
}

/// A transfer.
#[derive(Clone, Debug)]
pub(super) struct Tx {
    pub chain: u32,
    pub blocks: Vec<Arc<str>>,
    pub is: Is,
    pub key: Option<FlowKey>,
    /// Wallet it left, asset and amount.
    pub out: (u32, u32, i128),
    /// Wallet it reached.
    pub to: Option<u32>,
    /// As many sources as make a deposit final told a block of it while that was told apart by branch.
    pub witnessed: bool,
    /// A credit passed it on.
    pub credited: bool,
    /// What it does to balances: wallet, asset, base units; done while it has an authorisation or needs none.
    pub moves: Vec<(u32, u32, i128)>,
    pub done: bool,
    /// Where it goes, what it burns, and whether it moved anything: what the last source told of it.
    pub destination: u32,
    pub fee: i128,
    pub moved: bool,
    /// What nothing covers of it: asset, amount, and the cause it was asked under.
    pub loose: Option<(u32, i128, Option<Box<str>>)>,
    /// When its first block was made.
    pub at: Instant,
}

/// A transfer that nothing covered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outflow<'g> {
    /// The wallet it left.
    pub wallet: &'g str,
    /// The asset.
    pub asset: &'g str,
    /// Base units.
    pub amount: i128,
    /// The time of its first block.
    pub at: Instant,
}

/// A block without its transfers.
fn head(fact: &BlockRead) -> BlockRead {
    BlockRead {
        exchange: String::new(),
        chain: fact.chain.clone(),
        source: String::new(),
        height: fact.height,
        hash: fact.hash.clone(),
        parent: String::new(),
        at: fact.at,
        transfers: Vec::new(),
    }
}

impl Guard {
    pub(super) fn waiting_in(&self, chain: u32) -> BTreeSet<u32> {
        self.chains.get(chain as usize).and_then(Option::as_ref).map(|chain| chain.waiting.clone()).unwrap_or_default()
    }

    /// Takes a block in with what was concluded from it.
    pub(super) fn fold_block(&mut self, fact: &BlockRead, concluded: &[Concluded], stamp: Stamp) -> bool {
        let number = self.names.number(Kind::Chain, NOBODY, &fact.chain);
        let source = self.names.number(Kind::Source, NOBODY, &fact.source);
        let Some(chain) = self.chains.get_mut(number as usize).and_then(Option::as_mut) else { return false };
        chain.read(fact, source, stamp.time);
        let witnessed = chain.is_witnessed(&fact.hash);
        let hash: Arc<str> = fact.hash.as_str().into();
        let made = fact.at.min(stamp.time);
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for t in fact.transfers.iter().filter(|t| !t.log && seen.insert(&t.tx)) {
            let own = |guard: &Guard, address: &str| guard.find_address(number, address).and_then(|(_, a)| a.wallet);
            let (from, to) = (own(self, &t.from), own(self, &t.to));
            if from.is_some() || to.is_some() {
                self.note(number, t, from, to, made, &hash);
                let known = self.tx(number, &t.tx).map(|(place, _)| place as usize);
                if let Some(tx) = known.and_then(|place| self.flows.txs.get_mut(place)) {
                    tx.witnessed |= witnessed;
                }
            }
        }
        let undone = concluded.iter().find_map(|c| match c {
            Concluded::Tripped(t) | Concluded::WouldTrip(t) if t.cause == super::watch::UNDONE => t.tx.as_deref(),
            _ => None,
        });
        let undone = undone.and_then(|tx| self.names.find(Kind::Transfer, number, tx));
        self.forget_deposits(number, undone);
        for conclusion in concluded {
            if let Concluded::Awaited(u) = conclusion {
                self.await_copy(number, &u.tx, fact, stamp);
            }
            self.note_conclusion(number, conclusion, made);
        }
        // What is final enough was acted on with this very block.
        if let Some(chain) = self.chains.get_mut(number as usize).and_then(Option::as_mut) {
            let mut waiting = core::mem::take(&mut chain.waiting);
            let txs = &self.flows.txs;
            waiting.retain(|tx| {
                txs.get(*tx as usize).is_some_and(|tx| tx.blocks.iter().all(|hash| chain.is_final(hash) != Some(true)))
            });
            chain.waiting = waiting;
        }
        true
    }

    fn await_copy(&mut self, chain: u32, tx: &str, fact: &BlockRead, stamp: Stamp) {
        let (Some((number, _)), Some(t)) = (self.tx(chain, tx), fact.transfers.iter().find(|t| t.tx == tx)) else {
            return;
        };
        let until = stamp.time.plus(self.gate.map_or(0, |copied| copied.grace));
        let block = BlockRead { transfers: Vec::from([t.clone()]), ..head(fact) };
        self.flows.awaited.insert(number, Awaited { chain, block, seen: stamp.time, until });
        // It is not settled by blocks alone.
        self.flows.open.remove(&number);
        self.balance_of(number, true);
    }

    /// The moments up to which transfers wait for the gate's journal.
    pub fn awaited(&self) -> impl ExactSizeIterator<Item = Instant> {
        self.flows.awaited.values().map(|awaited| awaited.until)
    }

    /// Whether a transfer waits for the gate's journal.
    pub(super) fn is_awaited(&self, tx: &str) -> bool {
        self.flows.awaited.values().any(|awaited| awaited.block.transfers.iter().any(|t| t.tx == tx))
    }

    /// Takes in what became of transfers that waited, with an entry that is no block.
    pub(super) fn fold_awaited(&mut self, concluded: &[Concluded]) {
        for conclusion in concluded {
            let tx = match conclusion {
                Concluded::Matched(m) => &m.tx,
                Concluded::Mandated(m) => &m.tx,
                Concluded::Ticketed(t) => &t.tx,
                Concluded::Unmatched(u) => &u.tx,
                Concluded::Retracted(tx) => tx,
                _ => continue,
            };
            let chains = 0..u32::try_from(self.chains.len()).unwrap_or(NOBODY);
            let found = chains.filter_map(|chain| Some((chain, self.tx(chain, tx)?.1.at)));
            for (chain, at) in found.collect::<Vec<_>>() {
                self.note_conclusion(chain, conclusion, at);
            }
        }
    }

    fn note(&mut self, chain: u32, t: &Transfer, from: Option<u32>, to: Option<u32>, at: Instant, hash: &Arc<str>) {
        let number = self.names.number(Kind::Transfer, chain, &t.tx);
        let known = self.flows.txs.get_mut(number as usize).is_some_and(|tx| {
            if !tx.blocks.contains(hash) {
                tx.blocks.push(hash.clone());
            }
            true
        });
        // Another story of it replaces the first one, where it is about a wallet that loses something.
        let burns = |tx: &Tx| tx.fee < t.fee;
        let again = known
            && from.is_some_and(|from| {
                self.tells_otherwise(number, chain, t, from) || self.flows.txs.get(number as usize).is_some_and(burns)
            });
        if known && !again {
            return;
        }
        let asset = self.asset(&t.asset).map(|(asset, _)| asset);
        let moves = !t.failed && t.what == Moves::Amount;
        let key = from.and_then(|from| self.key_of(chain, from, t)).filter(|_| moves && to != from);
        let destination = if from.is_some() { self.address(chain, &t.to) } else { NOBODY };
        // Only a transfer beside an authorisation waits; the conclusions say what the others are.
        let secret = self.names.key();
        let contested = key.as_ref().filter(|key| self.flows.by_key.get(secret, key).is_some()).cloned();
        if let Some(flow) = contested.as_ref().filter(|_| !again).and_then(|key| self.flows.by_key.get_mut(secret, key))
        {
            flow.txs.push(number);
            self.flows.open.insert(number);
        }
        let is = if contested.is_some() { Is::Open } else { Is::Noted };
        let out = (from.unwrap_or(NOBODY), asset.unwrap_or(NOBODY), t.amount);
        let to = to.filter(|_| moves);
        let fee_asset = t.fee_asset.as_deref().map_or(asset, |fee| self.asset(fee).map(|(number, _)| number));
        let fee = from.zip(fee_asset).map(|(wallet, asset)| (wallet, asset, t.fee.saturating_neg()));
        let leaves = from.zip(asset).map(|(wallet, asset)| (wallet, asset, t.amount.saturating_neg()));
        let arrives = to.zip(asset).map(|(wallet, asset)| (wallet, asset, t.amount));
        let changes =
            [fee, leaves.filter(|_| moves), arrives].into_iter().flatten().filter(|(.., by)| *by != 0).collect();
        let blocks = Vec::from([hash.clone()]);
        let (moved, fee) = (!t.failed, t.fee);
        if again {
            self.balance_of(number, false);
            if let Some(tx) = self.flows.txs.get_mut(number as usize) {
                (tx.out, tx.to, tx.moves, tx.at) = (out, to, changes, at);
                (tx.destination, tx.fee, tx.moved) = (destination, fee, moved);
            }
            self.balance_of(number, true);
            return;
        }
        let tx = Tx {
            chain,
            blocks,
            is,
            key: contested,
            out,
            to,
            witnessed: false,
            credited: false,
            moves: changes,
            done: false,
            destination,
            fee,
            moved,
            loose: None,
            at,
        };
        self.flows.txs.push(tx);
        if is != Is::Open {
            self.balance_of(number, true);
        }
    }

    /// Whether a source tells of a known transfer that it takes something else, or to somewhere else, or that it did not fail.
    pub(super) fn tells_otherwise(&self, number: u32, chain: u32, t: &Transfer, from: u32) -> bool {
        let Some(tx) = self.flows.txs.get(number as usize).filter(|_| !t.failed) else { return false };
        let asset = self.asset(&t.asset).map_or(NOBODY, |(asset, _)| asset);
        let destination = self.names.find(Kind::Address, chain, &t.to).unwrap_or(NOBODY);
        !tx.moved || tx.out != (from, asset, t.amount) || tx.destination != destination
    }

    /// Lets a transfer move balances, or takes that back.
    fn balance_of(&mut self, number: u32, done: bool) {
        let Some(tx) = self.flows.txs.get_mut(number as usize).filter(|tx| tx.done != done) else { return };
        tx.done = done;
        let (at, moves) = (tx.at, tx.moves.clone());
        for (wallet, asset, by) in moves {
            self.shift(wallet, asset, if done { by } else { by.saturating_neg() }, at);
        }
    }

    fn note_conclusion(&mut self, chain: u32, conclusion: &Concluded, at: Instant) {
        let find = |guard: &Guard, tx: &str| guard.names.find(Kind::Transfer, chain, tx);
        match conclusion {
            Concluded::Matched(m) => {
                let withdrawal = self.names.find(Kind::Withdrawal, NOBODY, &m.withdrawal);
                if let (Some(tx), Some(withdrawal)) = (find(self, &m.tx), withdrawal) {
                    self.beside(tx);
                    self.set(tx, Is::Authorised(withdrawal));
                    if let Some(withdrawal) = self.withdrawals.get_mut(withdrawal as usize) {
                        withdrawal.tx = Some(tx);
                    }
                }
            }
            Concluded::Mandated(m) => {
                let mandate = self.names.find(Kind::Mandate, NOBODY, &m.mandate);
                if let Some(tx) = find(self, &m.tx) {
                    self.set(tx, Is::Mandated);
                    let amount = self.flows.txs.get(tx as usize).map_or(0, |tx| tx.out.2);
                    if let Some(mandate) = mandate.and_then(|number| self.mandates.get_mut(number as usize)) {
                        let oldest = at.plus(mandate.fact.window.saturating_mul(2).checked_neg().unwrap_or(0));
                        mandate.used.push_back((at, amount));
                        while mandate.used.front().is_some_and(|(first, _)| *first <= oldest) {
                            mandate.used.pop_front();
                        }
                    }
                }
            }
            Concluded::Ticketed(t) => {
                let ticket = self.ticket(&t.ticket).map(|(number, _)| number);
                if let Some(tx) = find(self, &t.tx) {
                    self.set(tx, Is::Ticketed);
                    if let Some(ticket) = ticket.and_then(|number| self.tickets.get_mut(number as usize)) {
                        ticket.used = Some(tx);
                    }
                }
            }
            Concluded::Named(n) => {
                if let Some(tx) = find(self, &n.tx) {
                    self.set(tx, Is::Named);
                }
            }
            Concluded::Unmatched(u) => {
                if let Some(tx) = find(self, &u.tx) {
                    self.set(tx, Is::Unmatched);
                    let asset = self.names.find(Kind::Asset, NOBODY, &u.asset).unwrap_or(NOBODY);
                    if let Some(tx) = self.flows.txs.get_mut(tx as usize) {
                        tx.loose = Some((asset, u.amount, u.cause.as_deref().map(Into::into)));
                    }
                    if let Some(chain) = self.chains.get_mut(chain as usize).and_then(Option::as_mut) {
                        chain.waiting.insert(tx);
                    }
                }
            }
            Concluded::Retracted(tx) => {
                let Some(number) = find(self, tx) else { return };
                let was = self.flows.txs.get(number as usize).map(|tx| tx.is);
                if let Some(Is::Authorised(withdrawal)) = was
                    && let Some(withdrawal) = self.withdrawals.get_mut(withdrawal as usize)
                {
                    withdrawal.tx = None;
                }
                if !is(Bug::RetractionForgotten) {
                    self.set(number, Is::Open);
                }
            }
            _ => {}
        }
    }

    /// Lays a transfer that came before its authorisation beside it.
    fn beside(&mut self, number: u32) {
        let Some(awaited) = self.flows.awaited.get(&number) else { return };
        let t = awaited.block.transfers.first();
        let from = t.and_then(|t| self.find_address(awaited.chain, &t.from)).and_then(|(_, address)| address.wallet);
        let key = t.zip(from).and_then(|(t, from)| self.key_of(awaited.chain, from, t));
        let Some(tx) = self.flows.txs.get_mut(number as usize).filter(|tx| tx.key.is_none()) else { return };
        tx.key = key;
        if let Some(key) = tx.key.clone() {
            self.flows.by_key.put(self.names.key(), key, |flow| flow.txs.push(number));
        }
    }

    fn set(&mut self, number: u32, is: Is) {
        self.flows.awaited.remove(&number);
        if is == Is::Open {
            self.flows.open.insert(number);
        } else {
            self.flows.open.remove(&number);
        }
        if let Some(tx) = self.flows.txs.get_mut(number as usize) {
            tx.is = is;
        }
        self.balance_of(number, is != Is::Open);
    }

    /// Enters an authorisation among those that transfers are matched with.
    pub(super) fn expect(&mut self, number: u32) {
        let Some(w) = self.withdrawals.get(number as usize) else { return };
        let (wallet, asset, amount, destination) = (w.wallet, w.asset, w.amount, w.destination);
        let key =
            FlowKey { wallet, asset, amount, destination, tag: w.tag.clone().filter(|_| !is(Bug::TagNotCompared)) };
        self.flows.by_key.put(self.names.key(), key, |flow| flow.withdrawals.push(number));
        let latest = self.flows.latest.entry((wallet, asset)).or_default();
        if latest.len() >= LATEST {
            latest.pop_front();
        }
        latest.push_back(number);
    }

    /// Takes an authorisation that will never be used out.
    pub(super) fn unexpect(&mut self, number: u32) {
        let Some(w) = self.withdrawals.get(number as usize) else { return };
        let (wallet, asset, amount, destination) = (w.wallet, w.asset, w.amount, w.destination);
        let key =
            FlowKey { wallet, asset, amount, destination, tag: w.tag.clone().filter(|_| !is(Bug::TagNotCompared)) };
        let secret = self.names.key();
        if let Some(flow) = self.flows.by_key.get_mut(secret, &key) {
            flow.withdrawals.retain(|other| *other != number);
            if flow.withdrawals.is_empty() && flow.txs.is_empty() {
                self.flows.by_key.remove(secret, &key);
            }
        }
    }

    /// Transfers that nothing covered, from a moment of their chains on, the latest first.
    pub fn unmatched_since(&self, since: Instant) -> impl Iterator<Item = Outflow<'_>> {
        // They are numbered as they were read: those of a late block may stand behind younger ones, by an hour at most in a bad week.
        let young = move |tx: &&Tx| tx.at >= since.plus(-HOUR);
        let late = move |tx: &&Tx| tx.is == Is::Unmatched && tx.at >= since;
        self.flows.txs.iter().rev().take_while(young).filter(late).map(|tx| {
            let (wallet, asset, amount) = tx.out;
            let name = |kind, number| self.names.text(kind, number);
            Outflow { wallet: name(Kind::Wallet, wallet), asset: name(Kind::Asset, asset), amount, at: tx.at }
        })
    }

    /// When a transfer's first block was made, and the address it reached, on whichever chain it is.
    pub fn transfer(&self, tx: &str) -> Option<(Instant, &str)> {
        let chains = 0..u32::try_from(self.chains.len()).unwrap_or(NOBODY);
        let (_, tx) = chains.into_iter().find_map(|chain| self.tx(chain, tx))?;
        let to = if tx.destination == NOBODY { "" } else { self.names.text(Kind::Address, tx.destination) };
        Some((tx.at, to))
    }

    /// The transfer a withdrawal is on its chain, if it is on the chain's own branch.
    pub fn on_chain(&self, withdrawal: u32) -> Option<&str> {
        let number = self.withdrawals.get(withdrawal as usize)?.tx?;
        let tx = self.flows.txs.get(number as usize)?;
        let chain = self.chains.get(tx.chain as usize)?.as_ref()?;
        let own = tx.blocks.iter().any(|hash| chain.is_own(hash));
        own.then(|| self.names.text(Kind::Transfer, number))
    }
}
