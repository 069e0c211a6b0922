//! The world around the kernel: storage, doors, desks.
//!
//! - [`store`]: the journal on disk, and the only door to it
//! - [`pages`]: rule pages from disk and from the program
//! - [`serve`]: the doors over HTTP; [`witness`]: journals that are watched from outside
//! - [`incident`]: everything on record about one incident
//! - [`drill`]: published incidents played against the guard
//! - [`command`]: the command line, one file a command
//! - [`report`]: what people read, one file a form

pub mod adoption;
pub mod assessment;
pub mod bench_append;
pub mod bench_assess;
pub mod bench_deadlines;
pub mod command;
pub mod compare;
pub mod drill;
pub mod import;
pub mod incident;
pub mod lab;
pub mod lang;
pub mod pages;
pub mod paper;
pub mod recorder;
pub mod report;
pub mod serve;
pub mod store;
pub mod trouble;
pub mod walk;
pub mod witness;
