//! Incidents: everything on record about one, the clocks of the law that run on it, what was lost, what happened when.
//!
//! It promises to read and never to decide: a clock's answer is the rulebook's, an amount is a figure on record or the
//! product of two, a moment of the timeline is an entry of the journal. Reports are drawn from here ([`Dossier`]).
//!
//! - [`dossier`]: an incident's facts by word and topic
//! - [`clock`]: each run of each clock, with what is lacking
//! - [`loss`]: what was taken, in won, and every earlier statement of it
//! - [`timeline`]: the journal's entries about it, in order of when they were true
//! - [`trip`]: the incident that a stop of the guard is

pub mod clock;
pub mod dossier;
pub mod file;
pub mod json;
pub mod loss;
pub mod page;
pub mod play;
pub mod record;
pub mod summary;
pub mod text;
pub mod timeline;
pub mod trip;
pub mod what_if;

pub use dossier::Dossier;
