//! A cell that says when.

use kernel::limits;
use rulebook::time::{Instant, Zone};

/// What a cell with a moment should say.
pub(super) const EXPECTED: &str =
    "expected a date from 1900 to 2200 such as 2025-04-30, or with a time, 2025-04-30 09:00";

/// The zone of every form here: the exchanges are Korean, and a bare date is its last instant there.
pub(super) fn zone() -> Zone {
    // The time zone database is part of the program.
    Zone::get("Asia/Seoul").expect("Asia/Seoul is a zone")
}

/// Reads a date or a date with a time, within the years that facts may speak of.
pub(super) fn read(text: &str, zone: &Zone) -> Option<Instant> {
    zone.read(text).filter(|at| (limits::EARLIEST..=limits::LATEST).contains(at))
}
