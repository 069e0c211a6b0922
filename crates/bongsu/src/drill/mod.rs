//! Drills: an incident that happened, played against the guard, with the traffic of an ordinary month before and around it.
//!
//! A case ([`case`]) says what left, when and how; what is published only as a sum is spread by a stated rule ([`spread`]). The month
//! before is drawn from a seed ([`traffic`]). All of it passes through the kernel as a journal's facts would ([`guarded`], [`world`]), under the
//! policy that is tried. What comes out ([`outcome`]) is printed as text, JSON or a page with a picture.
//!
//! It promises: the same case, policy and seed give the same bytes; nothing the guard says is made up here, only what happens around
//! it. It must never write to a journal.

pub mod case;
pub mod chain;
pub mod guarded;
pub mod json;
mod life;
pub mod outcome;
pub mod picture;
pub mod run;
pub mod setup;
pub mod spread;
pub mod table;
pub mod takes;
pub mod tally;
pub mod text;
pub mod traffic;
pub mod world;
