//! (scaffold)
#![no_std]
extern crate alloc;
pub mod book;
mod bounds;
mod build;
pub mod case;
mod case_facts;
pub mod cell;
mod compile;
pub mod evaluate;
pub mod expression;
pub mod facts;
pub mod finding;
pub mod guard;
mod keys;
pub mod mutate;
pub mod number;
pub mod page;
pub mod problem;
mod reach;
pub mod time;
pub mod unit;
pub mod value;
pub mod vocabulary;

pub use build::{build, join};
