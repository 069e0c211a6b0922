//! Shares, lengths and moments in the forms that reporting formats write them. Nothing passes through a float.

use crate::report::moment::iso;
use rulebook::number::Number;
use rulebook::time::{HOUR, Instant, MINUTE, SECOND, Zone};

/// Decimal places of a share from 0 to 1: three more than a percentage of one decimal has, so that neither contradicts the other.
const SHARE_PLACES: u32 = 6;

/// A part of a whole; none where the whole is nothing.
pub fn share(part: &Number, whole: &Number) -> Option<Number> {
    part.divide(whole)
}

/// A share as FIRE writes it: from 0 to 1.
pub fn fraction(share: &Number) -> Option<String> {
    rounded(share, SHARE_PLACES)
}

/// A share as DORA writes it: in percent, one decimal, half up.
pub fn percent(share: &Number) -> Option<String> {
    rounded(&share.multiply(&Number::integer(100))?, 1)
}

/// A number with so many decimal places, half up, without zeros at its end.
pub fn rounded(number: &Number, places: u32) -> Option<String> {
    let (num, den) = number.parts()?;
    let scale = 10_i128.checked_pow(places)?;
    let twice = num.checked_mul(scale)?.checked_mul(2)?.checked_add(den)?;
    let units = twice.div_euclid(den.checked_mul(2)?);
    Some(Number::fraction(units, scale)?.to_string())
}

const DAY: i64 = 24 * HOUR;

/// A length by ISO 8601, such as `P2DT3H` or `PT45M`; thousandths are cut.
pub fn iso_length(ms: i64) -> String {
    let ms = ms.max(0);
    let day = [(ms / DAY, 'D')];
    let time = [(ms % DAY / HOUR, 'H'), (ms % HOUR / MINUTE, 'M'), (ms % MINUTE / SECOND, 'S')];
    let write = |parts: &[(i64, char)]| -> String {
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, unit)| format!("{n}{unit}")).collect()
    };
    match (write(&day), write(&time)) {
        (days, time) if days.is_empty() && time.is_empty() => String::from("PT0S"),
        (days, time) if time.is_empty() => format!("P{days}"),
        (days, time) => format!("P{days}T{time}"),
    }
}

/// A length as DORA writes it, days, hours and minutes; a minute begun counts, for no length may look shorter than it was.
pub fn days_hours_minutes(ms: i64) -> String {
    let minutes = ms.max(0).saturating_add(MINUTE - 1) / MINUTE;
    format!("{:02}:{:02}:{:02}", minutes / 1440, minutes / 60 % 24, minutes % 60)
}

/// A moment in universal time, in whole seconds: `2026-11-22T14:59:00Z`.
pub fn utc(at: Instant) -> String {
    let whole = Instant(at.0.div_euclid(SECOND).saturating_mul(SECOND));
    iso(whole, &Zone::utc()).replace("+00:00", "Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_agree_between_the_formats() {
        let check = |part, whole, fire: &str, dora: &str| {
            let share = share(&Number::integer(part), &Number::integer(whole)).expect("a whole that is something");
            assert_eq!(
                (fraction(&share).as_deref(), percent(&share).as_deref()),
                (Some(fire), Some(dora)),
                "{part}/{whole}"
            );
        };
        check(24, 1000, "0.024", "2.4");
        check(1, 3, "0.333333", "33.3");
        check(2, 3, "0.666667", "66.7");
        check(0, 7, "0", "0");
        check(7, 7, "1", "100");
        check(5, 10_000, "0.0005", "0.1");
        check(4_999, 10_000_000, "0.0005", "0");
        check(9_995, 10_000, "0.9995", "100");
        assert_eq!(share(&Number::ONE, &Number::ZERO), None);
    }

    #[test]
    fn lengths_in_both_forms() {
        let check = |ms, iso: &str, dora: &str| {
            assert_eq!((iso_length(ms), days_hours_minutes(ms)), (iso.to_string(), dora.to_string()));
        };
        check(0, "PT0S", "00:00:00");
        check(59_000, "PT59S", "00:00:01");
        check(54 * MINUTE, "PT54M", "00:00:54");
        check(26 * HOUR + 5 * MINUTE, "P1DT2H5M", "01:02:05");
        check(3 * DAY, "P3D", "03:00:00");
        check(120 * DAY + MINUTE, "P120DT1M", "120:00:01");
    }

    #[test]
    fn moments_of_dora_are_universal() {
        let at = Zone::get("Asia/Seoul").expect("a zone").read("2026-11-22").expect("a day");
        assert_eq!(utc(at), "2026-11-22T14:59:59Z");
    }
}
