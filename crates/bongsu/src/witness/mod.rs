//! Witnessing: another party signs that it saw a journal's checkpoint and that the journal only grew. Without such a
//! signature nobody outside can tell that a journal was cut back or told two ways.
//!
//! - [`protocol`]: the C2SP tlog-witness request, read and written
//! - [`ask`]: a journal asks a witness for its signature

pub mod ask;
pub mod protocol;
