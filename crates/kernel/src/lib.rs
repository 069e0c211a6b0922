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
//! - [`conclude`]: what follows from an observation; [`assess`], [`finding`]: an exchange against the law; [`upcoming`]: what
//!   time alone will change
//! - [`clocks`]: what runs, and what ran out
//! - [`witness`]: the journals that are watched from outside
//! - [`filing`], [`order`], [`evidence`]: what passes between an exchange and its supervisor; [`reads`]: every word a rule reads
//! - [`guard`]: withdrawals, outflows, stops: what may leave, what left, and what follows
//! - [`replay`]: the whole journal once more, every conclusion recomputed and compared
#![no_std]
extern crate alloc;

/// The number of the semantics: raised with whatever can alter a conclusion, a fold or the reading of a page.
pub const SEMANTICS: u64 = 1;

pub mod assess;
pub mod body;
pub mod clocks;
pub mod conclude;
pub mod door;
pub mod evidence;
pub mod fact;
pub mod filing;
pub mod finding;
pub mod guard;
pub mod known;
pub mod layout;
pub mod limits;
pub mod order;
pub mod planted;
pub mod reads;
pub mod record;
pub mod refusal;
pub mod replay;
mod roster;
mod series;
pub mod state;
pub mod upcoming;
mod value_check;
pub mod view;
pub mod witness;
pub mod words;
