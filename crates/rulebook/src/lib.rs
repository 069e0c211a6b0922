//! What ought to happen: rule pages that a lawyer reads, checked and executed.
//!
//! A page is Markdown: headings for articles, TOML blocks that execute, tables that test. It is read ([`page`]), its names
//! resolved and its units checked once ([`build`]), and then it is a [`book::Book`] that nothing can be wrong with. An
//! [`evaluate::Evaluator`] asks whoever keeps the facts ([`facts::Facts`]) and comes to [`finding::Finding`]s: one of six answers, the
//! shortfall, what is missing, the evidence; or, for a guard, to a decision ([`guard`]).
//!
//! It promises: evaluation always ends, never guesses, never rounds; unknown facts make unknown answers, settled where the
//! known parts suffice; the same book over the same facts gives the same answer on every machine, for ever.
//!
//! It must never know where facts come from, nor anything of withdrawals, chains or storage. It has no clock: every "now" is
//! given. The words a rule may use ([`vocabulary`]) belong to whoever uses the language.
//!
//! In reading order: [`page`] (the form), [`expression`] (conditions), [`unit`], [`number`], [`time`], [`vocabulary`], [`book`]
//! (the result), `compile` and `build` (the checks), [`facts`], [`evaluate`], [`finding`], [`guard`], [`threshold`] (one parameter
//! over many values), [`supervision`] (who sees it), then [`case`] (tables that test)
//! and [`mutate`] (what no case notices).
#![no_std]
extern crate alloc;
mod arithmetic;
pub mod book;
mod bounds;
mod build;
pub mod case;
mod case_facts;
pub mod cell;
mod clock;
mod compile;
pub mod evaluate;
mod exceptions;
pub mod expression;
pub mod facts;
pub mod finding;
pub mod guard;
mod keys;
mod memory;
pub mod mutate;
pub mod number;
pub mod page;
pub mod problem;
mod reach;
pub mod supervision;
pub mod threshold;
pub mod time;
pub mod unit;
pub mod value;
pub mod vocabulary;
mod windows;

pub use build::{build, join};
