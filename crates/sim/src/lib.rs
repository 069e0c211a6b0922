//! One seed decides everything: a gate on a failing disk, a watch beside it, two chains, people, thieves, and a second model that
//! must agree.
//!
//! It promises that a seed is the same history on every machine (keys and salts of the journal excepted, which no answer hangs
//! on), and that a history that fails names the check, shrinks, and prints one command. It must never know how the kernel decides.
//!
//! - [`disk`]: crashes, torn writes, full disk, failed syncs; [`gate`]: the real store and kernel over it, and the watch
//! - [`second`]: the slow second model; [`chain`]: chains with branches; [`world`]: who does what, and the checks
//! - [`shrink`]: a smaller history that fails as well; [`table`]: its rows

pub mod chain;
pub mod disk;
pub mod gate;
pub mod second;
pub mod shrink;
pub mod table;
pub mod world;
