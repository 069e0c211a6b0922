//! Instants, civil dates and the zone that joins them.
//!
//! An instant is a count of UTC milliseconds; a bare date is its last millisecond in the page's zone. Civil lengths
//! (days, months, working days) end with the last instant of their last day and never compare with hours.
//! Nothing here reads a clock: every "now" is given.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

pub use jiff::civil::Date;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub i64);

impl Instant {
    /// Later than every time: when something that has not happened happens.
    pub const NEVER: Instant = Instant(i64::MAX);
    /// Earlier than every time.
    pub const ALWAYS: Instant = Instant(i64::MIN);

    /// Moved by an exact length in milliseconds. Never stays never; what overflows becomes it.
    pub fn plus(self, ms: i64) -> Instant {
        if self == Instant::NEVER { self } else { Instant(self.0.checked_add(ms).unwrap_or(i64::MAX)) }
    }
}

/// One second in milliseconds.
pub const SECOND: i64 = 1_000;
/// One minute in milliseconds.
pub const MINUTE: i64 = 60_000;
/// One hour in milliseconds.
pub const HOUR: i64 = 3_600_000;

/// Working days are counted one by one; ten thousand are forty years of them.
const MAX_WORKING_DAYS: i32 = 10_000;

/// A civil length. It is added to a moment's date: months first, then days, then working days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Civil {
    /// Calendar months.
    pub months: i32,
    /// Calendar days.
    pub days: i32,
    /// Working days by the page's calendar.
    pub working_days: i32,
}

impl Civil {
    /// `n` times as long; `None` on overflow.
    pub fn times(self, n: i32) -> Option<Civil> {
        Some(Civil {
            months: self.months.checked_mul(n)?,
            days: self.days.checked_mul(n)?,
            working_days: self.working_days.checked_mul(n)?,
        })
    }

    /// The opposite length; `None` on overflow.
    pub fn negated(self) -> Option<Civil> {
        self.times(-1)
    }
}

/// The holidays of one calendar: working days are Monday to Friday without them.
#[derive(Clone, Debug, Default)]
pub struct Holidays {
    /// Calendar name, such as `kr`.
    pub id: String,
    /// First covered day; outside the covered stretch nothing can be said about working days.
    pub first: Option<Date>,
    /// Last covered day.
    pub last: Option<Date>,
    /// Sorted, without Saturdays and Sundays unless declared.
    pub days: Vec<Date>,
}

impl Holidays {
    /// Whether the day is worked; `None` outside the covered stretch.
    pub fn is_working(&self, day: Date) -> Option<bool> {
        if matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            return Some(false);
        }
        if self.first.is_none_or(|f| day < f) || self.last.is_none_or(|l| day > l) {
            return None;
        }
        Some(self.days.binary_search(&day).is_err())
    }
}

/// A zone by its IANA name; the table is part of the program, so that a replay does not depend on the host.
#[derive(Clone)]
pub struct Zone(TimeZone);

impl Zone {
    /// Coordinated universal time.
    pub fn utc() -> Zone {
        Zone(TimeZone::UTC)
    }

    /// Looks a zone up, such as `Asia/Seoul`.
    pub fn get(name: &str) -> Option<Zone> {
        TimeZone::get(name).ok().map(Zone)
    }

    /// The civil date of an instant; instants past the year 9999 count as its last day.
    pub fn date(&self, at: Instant) -> Date {
        match Timestamp::from_millisecond(at.0) {
            Ok(stamp) => self.0.to_datetime(stamp).date(),
            Err(_) if at.0 < 0 => Date::MIN,
            Err(_) => Date::MAX,
        }
    }

    /// The last instant of a day.
    pub fn end_of(&self, day: Date) -> Instant {
        match day.tomorrow() {
            Ok(next) => self.start_of(next).plus(-1),
            Err(_) => Instant::NEVER,
        }
    }

    /// The first instant of a day.
    pub fn start_of(&self, day: Date) -> Instant {
        self.instant(day, 0, 0, 0)
    }

    /// The instant of a wall-clock time; in a fold the first one, in a gap the one that follows.
    pub fn instant(&self, day: Date, hour: i8, minute: i8, second: i8) -> Instant {
        match day.at(hour, minute, second, 0).to_zoned(self.0.clone()) {
            Ok(zoned) => Instant(zoned.timestamp().as_millisecond()),
            Err(_) => Instant::NEVER,
        }
    }

    /// Whether the clock is not changed anywhere in a stretch, so that every day of it has 24 hours.
    pub fn is_even(&self, from: Instant, to: Instant) -> bool {
        let Ok(start) = Timestamp::from_millisecond(from.0) else { return false };
        self.0.following(start).next().is_none_or(|change| change.timestamp().as_millisecond() > to.0)
    }

    /// The last instant of the month before the one that contains `at`.
    pub fn previous_month_end(&self, at: Instant) -> Instant {
        self.start_of(self.date(at).first_of_month()).plus(-1)
    }

    /// The last instant of the year before the one that contains `at`.
    pub fn previous_year_end(&self, at: Instant) -> Instant {
        self.start_of(self.date(at).first_of_year()).plus(-1)
    }

    /// Adds a civil length to the date of `at`; `None` where the calendar's holidays are not known or years run out.
    pub fn add(&self, at: Instant, length: Civil, holidays: Option<&Holidays>) -> Option<Instant> {
        if at == Instant::NEVER {
            return Some(at);
        }
        let span = Span::new().try_months(length.months).ok()?.try_days(length.days).ok()?;
        let mut day = self.date(at).checked_add(span).ok()?;
        let mut left = length.working_days;
        if left.checked_abs().is_none_or(|days| days > MAX_WORKING_DAYS) {
            return None;
        }
        while left != 0 {
            let step = Span::new().days(left.signum());
            day = day.checked_add(step).ok()?;
            if holidays?.is_working(day)? {
                left = left.checked_sub(left.signum())?;
            }
        }
        Some(self.end_of(day))
    }

    /// `YYYY-MM-DD` for the last instant of a day, else with the time to the minute, or the second where it has one.
    pub fn show(&self, at: Instant) -> String {
        use alloc::format;
        if at == Instant::NEVER {
            return String::from("never");
        }
        let day = self.date(at);
        if at == self.end_of(day) {
            return format!("{day}");
        }
        match Timestamp::from_millisecond(at.0) {
            Ok(stamp) => {
                let t = self.0.to_datetime(stamp).time();
                if t.second() == 0 {
                    format!("{day} {:02}:{:02}", t.hour(), t.minute())
                } else {
                    format!("{day} {:02}:{:02}:{:02}", t.hour(), t.minute(), t.second())
                }
            }
            Err(_) => format!("{}", at.0),
        }
    }

    /// Reads `2026-11-22` (its last instant), `2026-11-22 09:00` or `2026-11-22 09:00:30`.
    pub fn read(&self, text: &str) -> Option<Instant> {
        let (day, time) = match text.split_once([' ', 'T']) {
            Some((day, time)) => (day, Some(time)),
            None => (text, None),
        };
        let day = read_date(day)?;
        let Some(time) = time else { return Some(self.end_of(day)) };
        let mut parts = time.split(':').map(|p| if p.len() == 2 { p.parse::<i8>().ok() } else { None });
        let (hour, minute) = (parts.next()??, parts.next()??);
        let second = parts.next().unwrap_or(Some(0))?;
        let valid = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..60).contains(&second);
        (valid && parts.next().is_none()).then(|| self.instant(day, hour, minute, second))
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.iana_name().unwrap_or("zone"))
    }
}

/// Reads exactly `YYYY-MM-DD`.
pub fn read_date(text: &str) -> Option<Date> {
    if text.len() != 10
        || !text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() })
    {
        return None;
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seoul() -> Zone {
        Zone::get("Asia/Seoul").unwrap()
    }

    #[test]
    fn civil_lengths_end_with_their_last_day() {
        let months = |m| Civil { months: m, ..Civil::default() };
        for (from, length, to) in [
            ("2025-12-31", 4, "2026-04-30"),
            ("2026-08-31", 6, "2027-02-28"),
            ("2026-08-31 09:00", 6, "2027-02-28"),
            ("2026-03-31", -1, "2026-02-28"),
        ] {
            let z = seoul();
            assert_eq!(z.show(z.add(z.read(from).unwrap(), months(length), None).unwrap()), to, "{from} + {length}");
        }
    }

    #[test]
    fn previous_month_end_is_the_month_before_even_on_the_last_day() {
        let z = seoul();
        for (at, end) in
            [("2026-01-31", "2025-12-31"), ("2026-02-01 00:00", "2026-01-31"), ("2026-03-15", "2026-02-28")]
        {
            assert_eq!(z.show(z.previous_month_end(z.read(at).unwrap())), end, "{at}");
        }
    }

    #[test]
    fn working_days_skip_weekends_and_holidays_and_stop_where_the_table_ends() {
        let day = |t| read_date(t).unwrap();
        let table = Holidays {
            id: "kr".into(),
            first: Some(day("2026-01-01")),
            last: Some(day("2026-12-31")),
            days: [day("2026-01-01")].into(),
        };
        let z = seoul();
        let three = Civil { working_days: 3, ..Civil::default() };
        let add = |from| z.add(z.read(from).unwrap(), three, Some(&table)).map(|t| z.show(t));
        assert_eq!(add("2026-01-02").as_deref(), Some("2026-01-07"));
        assert_eq!(add("2026-12-30"), None);
    }

    #[test]
    fn dates_are_read_strictly() {
        let z = seoul();
        for bad in ["2026-1-01", "2026-02-30", "2026-01-01 9:00", "2026-01-01 24:00", "2026-01-01 09:00:00:00", "today"]
        {
            assert!(z.read(bad).is_none(), "{bad}");
        }
        assert_eq!(z.show(z.read("2026-01-01 09:00:07").unwrap()), "2026-01-01 09:00:07");
    }

    #[test]
    fn summer_time_moves_the_end_of_the_day() {
        let z = Zone::get("Europe/Paris").unwrap();
        let night = z.end_of(read_date("2026-03-29").unwrap()).0 - z.start_of(read_date("2026-03-29").unwrap()).0;
        assert_eq!(night, 23 * HOUR - 1);
    }
}
