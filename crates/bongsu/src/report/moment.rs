//! Moments as ISO 8601 with the offset of the zone they are read in.

use crate::lang::Lang;
use rulebook::time::{HOUR, Instant, MINUTE, SECOND, Zone};

/// `2026-11-22T23:59:59.999+09:00`; thousandths only where there are any.
pub fn iso(at: Instant, zone: &Zone) -> String {
    let local = Instant(at.0.saturating_add(offset(at, zone)));
    let utc = Zone::utc();
    let day = utc.date(local);
    let of_day = local.0.saturating_sub(utc.start_of(day).0);
    let thousandths = of_day.rem_euclid(SECOND);
    let part = if thousandths == 0 { String::new() } else { format!(".{thousandths:03}") };
    let minutes = offset(at, zone) / MINUTE;
    let (sign, ahead) = if minutes < 0 { ('-', -minutes) } else { ('+', minutes) };
    let (hour, minute, second) = (of_day / HOUR, of_day / MINUTE % 60, of_day / SECOND % 60);
    format!("{day}T{hour:02}:{minute:02}:{second:02}{part}{sign}{:02}:{:02}", ahead / 60, ahead % 60)
}

/// How far the zone's clocks are ahead, in whole minutes: what the zone shows, read as if it were UTC, less the moment.
/// A shown time has lost its thousandths, so what is left of a minute is made whole.
fn offset(at: Instant, zone: &Zone) -> i64 {
    let shown = Zone::utc().read(&zone.show(at)).map_or(at.0, |wall| wall.0);
    let ahead = shown.saturating_sub(at.0);
    -((-ahead).div_euclid(MINUTE).saturating_mul(MINUTE))
}

/// A length as people say it, in its two largest units: `6 h 16 min`, `2 d 3 h`; seconds only below a minute.
pub fn span(ms: i64, lang: Lang) -> String {
    let (day, ms) = (24 * HOUR, ms.saturating_abs());
    let units = [
        (day, lang.pick("d", "일")),
        (HOUR, lang.pick("h", "시간")),
        (MINUTE, lang.pick("min", "분")),
        (SECOND, lang.pick("s", "초")),
    ];
    let large = units.iter().position(|(unit, _)| ms >= *unit).unwrap_or(3);
    let show = |n: i64, name: &str| if lang == Lang::Ko { format!("{n}{name}") } else { format!("{n} {name}") };
    let (unit, name) = units[large];
    let first = show(ms / unit, name);
    match units.get(large + 1).filter(|(next, _)| *next >= MINUTE) {
        Some((next, name)) if ms % unit >= *next => format!("{first} {}", show(ms % unit / next, name)),
        _ => first,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(zone: &str, utc: &str, expected: &str) {
        let at = Zone::utc().read(utc).expect("a moment");
        assert_eq!(iso(at, &Zone::get(zone).expect("a zone")), expected);
    }

    #[test]
    fn moments_carry_the_offset_of_their_zone() {
        check("Asia/Seoul", "2026-11-22 14:59:00", "2026-11-22T23:59:00+09:00");
        check("UTC", "2026-11-22", "2026-11-22T23:59:59.999+00:00");
        check("Europe/Paris", "2026-03-29 00:59:59", "2026-03-29T01:59:59+01:00");
        check("Europe/Paris", "2026-03-29 01:00:00", "2026-03-29T03:00:00+02:00");
        check("Europe/Paris", "2026-10-25 01:30:00", "2026-10-25T02:30:00+01:00");
        check("America/New_York", "2026-01-01 04:30:00", "2025-12-31T23:30:00-05:00");
        let seoul = Zone::get("Asia/Seoul").expect("a zone");
        assert_eq!(iso(seoul.read("2026-11-22").expect("a day"), &seoul), "2026-11-22T23:59:59.999+09:00");
    }

    #[test]
    fn lengths_are_said_in_two_units() {
        let check =
            |ms, en, ko| assert_eq!((span(ms, Lang::En), span(ms, Lang::Ko)), (String::from(en), String::from(ko)));
        check(0, "0 s", "0초");
        check(59_999, "59 s", "59초");
        check(60_000, "1 min", "1분");
        check(-(6 * HOUR + 16 * MINUTE), "6 h 16 min", "6시간 16분");
        check(24 * HOUR, "1 d", "1일");
        check(51 * HOUR + 59 * MINUTE, "2 d 3 h", "2일 3시간");
    }
}
