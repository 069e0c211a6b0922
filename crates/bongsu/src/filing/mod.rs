//! Filings: what an exchange hands its supervisor, so that everything in it can be checked without asking anybody.
//!
//! It promises that a package holds every fact about every word that its rules read, that each fact is proven to stand in the
//! signed journal, and that the findings follow from them, computed again by whoever receives it. `docs/filing-format.md`
//! describes every byte. It must never let out what would make a filing a target map unless it is asked to.
//!
//! In reading order: [`package`] (bytes), [`select`] (which facts), [`gather`] (from a journal), [`verify`] (by anybody, offline),
//! [`check`] (what must be fixed or explained), [`diff`] (two versions), [`desk`] (steps on record), [`examine`] (the supervisor).

pub mod check;
pub mod desk;
pub mod diff;
pub mod examine;
pub mod fault;
pub mod gather;
pub mod package;
pub mod period;
pub mod select;
pub mod verify;

pub use fault::Fault;
pub use package::Package;
