//! The policy lab: a draft tried on an industry before anybody is bound by it.
//!
//! A draft is laid over the law ([`trial`]) and run over a data set that has a name ([`set`]): whom it binds, by how much, since
//! when, at what cost ([`run`]), in bands that say how much hangs on what is not known ([`bands`]). One number of it can be moved
//! over a range ([`sweep`]). A guard's policy is tried on the withdrawals of a journal ([`policy`]). The shipped industry is made up from a seed ([`industry`]) and frozen, so that comparisons repeat.
//!
//! It promises: made-up and real exchanges are never added up; no price and no threshold stands in the program; the same set and
//! the same draft give the same answer on every machine. It must never write to a journal.

pub mod bands;
pub mod cost;
pub mod industry;
pub mod json;
pub mod picture;
pub mod policy;
pub mod random;
pub mod run;
pub mod set;
pub mod sweep;
pub mod text;
pub mod trial;
