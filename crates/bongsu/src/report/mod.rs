//! What people read: one file a form.

pub mod problems;
