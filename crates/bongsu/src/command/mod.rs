//! The command line: one file a command.

pub mod adopt;
pub mod assess;
pub mod authorities;
pub mod beacon;
pub mod check;
pub mod compare;
pub mod demo;
pub mod drill;
pub mod erase;
pub mod evidence;
pub mod examine;
pub mod explain;
pub mod filing;
pub mod import;
pub mod incident;
pub mod key;
pub mod lab;
pub mod order;
pub mod replay;
pub mod report;
pub mod request;
pub mod template;
pub mod verify;
pub mod witness;
pub mod words;
