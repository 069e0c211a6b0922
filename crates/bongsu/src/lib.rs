//! The world around the kernel: storage, doors, desks.
//!
//! - [`store`]: the journal on disk, and the only door to it

pub mod bench_append;
pub mod store;
