//! Measurements against the limits of `docs/performance.md`, one file a subject; nothing else depends on them.

pub mod append;
pub mod assess;
pub mod compare;
pub mod deadlines;
pub mod decide;
pub mod filing;
pub mod gate;
pub mod guard;
pub mod sweep;
pub mod trip;
pub mod world;
