//! The command line: one file a command.

pub mod adopt;
pub mod assess;
pub mod check;
pub mod compare;
pub mod demo;
pub mod drill;
pub mod erase;
pub mod explain;
pub mod import;
pub mod incident;
pub mod lab;
pub mod replay;
pub mod report;
pub mod template;
pub mod verify;
pub mod witness;
pub mod words;
