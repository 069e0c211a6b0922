//! (scaffold)
#![no_std]
extern crate alloc;
#[allow(dead_code)] mod book;
#[allow(dead_code)] mod build;
#[allow(dead_code)] mod compile;
#[allow(dead_code)] mod expression;
#[allow(dead_code)] mod keys;
#[allow(dead_code)] mod number;
#[allow(dead_code)] mod page;
#[allow(dead_code)] mod problem;
#[allow(dead_code)] mod time;
#[allow(dead_code)] mod unit;
#[allow(dead_code)] mod vocabulary;
