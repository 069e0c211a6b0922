//! (scaffold)
#![no_std]
extern crate alloc;
#[allow(dead_code)] mod expression;
#[allow(dead_code)] mod number;
#[allow(dead_code)] mod page;
#[allow(dead_code)] mod problem;
#[allow(dead_code)] mod time;
#[allow(dead_code)] mod unit;
#[allow(dead_code)] mod vocabulary;
