//! The period of a filing: a year, a month or a day, as its type asks.

use super::fault::Fault;
use crate::trouble::Trouble;
use kernel::fact::Period;
use kernel::filing::FilingType;
use rulebook::time::{Civil, Instant, Zone, read_date};

/// Reads `2026`, `2026-10` or `2026-10-31`, as the type asks. A business year is named by its last day.
pub fn read(kind: &FilingType, text: &str, zone: &Zone) -> Result<Period, Trouble> {
    let wrong = || {
        let hint = match kind.period.as_str() {
            "year" => "write 2026, or the last day of a business year: 2026-06-30",
            "month" => "write 2026-10",
            _ => "write 2026-10-31 or \"2026-10-31 09:00\"",
        };
        Trouble::new(format!("`{text}` is no {} of {}", kind.period, kind.id), hint)
    };
    let last = match (kind.period.as_str(), text.len()) {
        ("year", 4) => format!("{text}-12-31"),
        ("month", 7) => {
            let first = read_date(&format!("{text}-01")).ok_or_else(wrong)?;
            first.last_of_month().to_string()
        }
        _ => text.to_string(),
    };
    let until = zone.read(&last).ok_or_else(wrong)?;
    let from = first(kind, until, zone).ok_or_else(wrong)?;
    let period = Period { from, until };
    fits(kind, period, zone).map_err(|_| wrong())?;
    Ok(period)
}

/// The first moment of the period of a type that ends at a moment.
fn first(kind: &FilingType, until: Instant, zone: &Zone) -> Option<Instant> {
    let day = zone.date(until);
    match kind.period.as_str() {
        "month" => Some(zone.start_of(day.first_of_month())),
        "year" => {
            let after = Instant(until.0.checked_add(1)?);
            let year = Civil { months: 12, days: 0, working_days: 0 }.negated()?;
            zone.add(after, year, None).map(|at| zone.start_of(zone.date(at)))
        }
        _ => Some(until),
    }
}

/// Whether a period is one of its type.
pub fn fits(kind: &FilingType, period: Period, zone: &Zone) -> Result<(), Fault> {
    let day = zone.date(period.until);
    let whole_end = match kind.period.as_str() {
        "month" => period.until == zone.end_of(day.last_of_month()),
        "year" => period.until == zone.end_of(day),
        _ => true,
    };
    if whole_end && first(kind, period.until, zone) == Some(period.from) {
        return Ok(());
    }
    let found = show(period, zone);
    Err(Fault::OtherPeriod { expected: format!("a {}", kind.period), found })
}

/// As people read it.
pub fn show(period: Period, zone: &Zone) -> String {
    if period.from == period.until {
        return zone.show(period.until);
    }
    format!("{} – {}", zone.date(period.from), zone.date(period.until))
}
