//! The command line: one file a command.

pub mod adopt;
pub mod check;
pub mod erase;
pub mod explain;
pub mod replay;
pub mod verify;
pub mod words;
