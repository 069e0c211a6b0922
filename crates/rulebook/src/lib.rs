//! (scaffold)
#![no_std]
extern crate alloc;
pub mod book;
mod build;
mod compile;
pub mod expression;
pub mod facts;
mod keys;
pub mod number;
pub mod page;
pub mod problem;
pub mod time;
pub mod unit;
pub mod value;
pub mod vocabulary;

pub use build::build;
