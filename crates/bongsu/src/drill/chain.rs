//! A chain as two nodes read it: blocks in order, one of the nodes silent now and then, a block replaced now and then.
//!
//! Only blocks with something of the exchange in them are made, and an empty one now and then; heights count those.

use kernel::fact::{BlockRead, Transfer};
use rulebook::time::Instant;

/// The nodes, and how long after its time they have read a block, in milliseconds.
pub const NODES: [(&str, i64); 2] = [("node-a", 1_000), ("node-b", 2_000)];

/// The second node says nothing for an hour of every ten days; then it catches up.
const SILENCE: (i64, i64) = (60 * 60_000, 10 * 24 * 3_600_000);

/// One block in so many is replaced by another with the same transfers.
const REPLACED: u64 = 2_000;

/// One block in so many holds a log that anyone can emit, in the name of a wallet.
const LOGGED: u64 = 100;

/// A chain.
#[derive(Clone, Debug)]
pub struct Chain {
    name: String,
    block: i64,
    height: u64,
    parent: String,
    pending: Vec<Transfer>,
    due: bool,
    shift: i64,
}

/// A block as a node has read it, and when.
pub type Seen = (Instant, BlockRead);

impl Chain {
    /// A chain with so many milliseconds from block to block; `number` shifts its node's silence against those of other chains.
    pub fn new(name: &str, block: i64, number: i64) -> Chain {
        Chain {
            name: name.into(),
            block,
            height: 1,
            parent: format!("{name}-0"),
            pending: Vec::new(),
            due: false,
            shift: number * 3_600_000,
        }
    }

    /// Takes transfers that were broadcast; the time of the block they will be in, where none is on its way.
    pub fn broadcast(&mut self, at: Instant, transfers: impl IntoIterator<Item = Transfer>) -> Option<Instant> {
        self.pending.extend(transfers);
        if std::mem::replace(&mut self.due, true) {
            return None;
        }
        let blocks = at.0.div_euclid(self.block).saturating_add(1);
        Some(Instant(blocks.saturating_mul(self.block)))
    }

    /// The block with what is pending, as the nodes read it; last the moment at which both have.
    pub fn make(&mut self, exchange: &str, at: Instant) -> (Vec<Seen>, Vec<Transfer>, Instant) {
        let mut transfers = std::mem::take(&mut self.pending);
        self.due = false;
        let inside = transfers.clone();
        if self.height % LOGGED == LOGGED / 2
            && let Some(first) = transfers.first().cloned()
        {
            transfers.push(Transfer {
                tx: format!("{}-log-{}", self.name, self.height),
                to: format!("{}-dust", self.name),
                amount: 0,
                fee: 0,
                log: true,
                ..first
            });
        }
        let mut seen = Vec::new();
        let mut both = at;
        // A block that will be replaced is read first under a hash that nothing builds on.
        let replaced = self.height.is_multiple_of(REPLACED);
        let hash = format!("{}-{}", self.name, self.height);
        let mut read = |hash: &str, late: i64| {
            for (node, takes) in NODES {
                let when = Instant(self.silent(node, at.0.saturating_add(takes).saturating_add(late)));
                both = both.max(when);
                let block = BlockRead {
                    exchange: exchange.into(),
                    chain: self.name.clone(),
                    source: node.into(),
                    height: self.height,
                    hash: hash.into(),
                    parent: self.parent.clone(),
                    at,
                    transfers: transfers.clone(),
                };
                seen.push((when, block));
            }
        };
        if replaced {
            read(&format!("{hash}-orphan"), 0);
            read(&hash, 3_000);
        } else {
            read(&hash, 0);
        }
        self.parent = hash;
        self.height = self.height.saturating_add(1);
        (seen, inside, both)
    }

    /// When a node has really read what it would read at a moment.
    fn silent(&self, node: &str, at: i64) -> i64 {
        let (length, every) = SILENCE;
        let into = (at - self.shift).rem_euclid(every) - every / 2;
        if node == NODES[1].0 && (0..length).contains(&into) { at.saturating_add(length - into) } else { at }
    }
}
