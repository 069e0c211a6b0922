//! The guard as histories: rows of facts and what follows from each.

mod cases;
mod delivery;
mod history;
mod life;
mod mirror;
