//! (scaffold)
#![no_std]
extern crate alloc;
