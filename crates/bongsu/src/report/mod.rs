//! What people read: one file a form.

pub mod amount;
pub mod chart;
pub mod compare;
pub mod digest;
pub mod html;
pub mod html_exchange;
pub mod json;
pub mod moment;
pub mod problems;
pub mod proofs;
pub mod table;
pub mod trace;
pub mod words;
pub mod xlsx;
