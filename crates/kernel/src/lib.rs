//! Facts, the record they add up to, and the door that admits them.
//!
//! The kernel promises that one list of observations always gives one state, on every machine. It has no clock, no files,
//! no network, no threads, no randomness, no floats and no iteration over hash tables; every "now" is handed in.
//! It must never know where facts come from or where the journal is kept.
//!
//! In reading order:
//!
//! - [`words`]: the quantities and events a fact may speak of
//! - [`fact`]: the observations, one family a file, and their encoding
//! - [`body`]: an observation and what was concluded from it, as an entry carries them
//! - [`known`]: when something was journaled, beside when it was true
//! - [`record`]: what is recorded about one exchange; [`view`]: how a rule reads it
//! - [`state`]: everything one journal adds up to; [`door`]: what may enter it, within [`limits`]
#![no_std]
extern crate alloc;

pub mod body;
pub mod constants;
pub mod door;
pub mod fact;
pub mod known;
pub mod layout;
pub mod limits;
pub mod record;
pub mod refusal;
mod roster;
mod series;
pub mod state;
mod value_check;
pub mod view;
pub mod words;
