//! A chain: blocks with branches, transfers that wait, and what each source has still to read.
//!
//! It promises that one withdrawal is paid at most once on the chain's own branch. It must never know what the guard says.

use crate::gate::X;
use kernel::fact::{BlockRead, Transfer};
use rulebook::time::Instant;

/// Who reads it.
pub const SOURCES: [&str; 2] = ["n1", "n2"];

/// A payment: what it is for, and the transfers that its transaction makes.
#[derive(Clone, Debug)]
pub struct Payment {
    /// The withdrawal; none for anything else.
    pub withdrawal: Option<String>,
    /// Its outputs.
    pub transfers: Vec<Transfer>,
}

#[derive(Clone, Debug)]
struct Block {
    parent: usize,
    height: u64,
    hash: String,
    at: i64,
    payments: Vec<Payment>,
}

/// One chain.
#[derive(Clone, Debug)]
pub struct Chain {
    /// Its name.
    pub name: &'static str,
    blocks: Vec<Block>,
    tip: usize,
    /// What waits for a block.
    pub waiting: Vec<Payment>,
    /// Blocks that a source has not read yet.
    pub unread: [Vec<usize>; 2],
}

impl Chain {
    /// A chain with one block.
    pub fn new(name: &'static str, at: i64) -> Chain {
        let block = Block { parent: 0, height: 100, hash: "100a".into(), at, payments: Vec::new() };
        Chain { name, blocks: vec![block], tip: 0, waiting: Vec::new(), unread: [vec![0], vec![0]] }
    }

    /// Makes a block of everything that waits.
    pub fn mine(&mut self, at: i64) {
        let payments = std::mem::take(&mut self.waiting);
        self.put(self.tip, at, payments);
    }

    fn put(&mut self, parent: usize, at: i64, payments: Vec<Payment>) {
        let (number, height) = (self.blocks.len(), self.blocks[parent].height + 1);
        let letters: String =
            (0..3).rev().map(|d| char::from(b'a' + u8::try_from(number / 26usize.pow(d) % 26).unwrap_or(0))).collect();
        self.blocks.push(Block { parent, height, hash: format!("{height}{letters}"), at, payments });
        self.tip = number;
        self.unread.iter_mut().for_each(|unread| unread.push(number));
    }

    /// A branch from so many blocks below wins; what it leaves out waits again, as `again` says.
    pub fn fork(&mut self, depth: u64, at: i64, again: impl FnMut(Payment) -> Payment) {
        let mut lost = Vec::new();
        let mut from = self.tip;
        for _ in 0..depth {
            if from == 0 {
                break;
            }
            lost.extend(self.blocks[from].payments.iter().rev().cloned());
            from = self.blocks[from].parent;
        }
        let length = self.blocks[self.tip].height - self.blocks[from].height + 1;
        lost.reverse();
        let mut lost: std::collections::VecDeque<Payment> = lost.into_iter().map(again).collect();
        let mut parent = from;
        for left in (0..length).rev() {
            // Some in each block; what is left goes into the last.
            let count = if left == 0 { lost.len() } else { lost.len().min(1) };
            let payments = lost.drain(..count).collect();
            self.put(parent, at, payments);
            parent = self.tip;
        }
    }

    /// A block as a source tells it.
    pub fn block(&self, number: usize, source: usize) -> BlockRead {
        let block = &self.blocks[number];
        let parent = if number == 0 { "99a".to_string() } else { self.blocks[block.parent].hash.clone() };
        BlockRead {
            exchange: X.into(),
            chain: self.name.into(),
            source: SOURCES[source].into(),
            height: block.height,
            hash: block.hash.clone(),
            parent,
            at: Instant(block.at),
            transfers: block.payments.iter().flat_map(|p| p.transfers.clone()).collect(),
        }
    }

    /// How many blocks were ever made.
    pub fn len(&self) -> usize {
        self.blocks.len()
    }

    /// There is always one.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The payments on its own branch.
    pub fn own(&self) -> Vec<&Payment> {
        let mut all = Vec::new();
        let mut at = self.tip;
        loop {
            all.extend(self.blocks[at].payments.iter());
            if at == 0 {
                return all;
            }
            at = self.blocks[at].parent;
        }
    }
}
