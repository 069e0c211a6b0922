//! The world around the kernel: storage, doors, desks.
//!
//! - [`store`]: the journal on disk, and the only door to it
//! - [`pages`]: rule pages from disk and from the program
//! - [`serve`]: the doors over HTTP; [`witness`]: journals that are watched from outside
//! - [`address`]: whether a text can be an address of its chain
//! - [`authority`]: what one authority may see
//! - [`listing`]: lists of addresses as somebody publishes them
//! - [`incident`]: everything on record about one incident
//! - [`filing`]: what passes between an exchange and its supervisor; [`vault`]: the files it rests on
//! - [`beacon`]: how a guard stands: fires, stops, what waits, which chains are watched
//! - [`drill`]: published incidents played against the guard
//! - [`bench`]: measurements against the limits
//! - [`command`]: the command line, one file a command
//! - [`report`]: what people read, one file a form

pub mod address;
pub mod adoption;
pub mod assessment;
pub mod authority;
pub mod beacon;
pub mod bench;
pub mod command;
pub mod compare;
pub mod drill;
pub mod filing;
pub mod import;
pub mod incident;
pub mod lab;
pub mod lang;
pub mod listing;
pub mod pages;
pub mod paper;
pub mod recorder;
pub mod report;
pub mod serve;
pub mod store;
pub mod ticket;
pub mod trouble;
pub mod vault;
pub mod walk;
pub mod watch;
pub mod witness;
