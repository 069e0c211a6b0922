//! Amounts as people read them. What cannot be written exactly is cut, never rounded up, and marked `≈`: nothing that
//! misses a threshold may look as if it reached it.

use crate::assessment::RuleCard;
use crate::lang::Lang;
use kernel::finding::{Finding, Quantity};
use rulebook::finding::Verdict;
use rulebook::number::Number;
use rulebook::vocabulary::Vocabulary;

/// Places after the point where a value goes on for ever.
const PLACES: u32 = 2;

/// The amounts of one finding, ready to print; empty where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    /// What is.
    pub value: String,
    /// What must be.
    pub required: String,
    /// What is short.
    pub short: String,
    /// How far a share is off, in percentage points.
    pub gap: String,
}

/// Prints the amounts of a finding of a rule.
pub fn amounts(finding: &Finding, rule: Option<&RuleCard>, words: &Vocabulary, lang: Lang) -> Amounts {
    let share = is_share(finding.value.iter().chain(&finding.required), rule, words);
    let print = |q: &Option<Quantity>| q.as_ref().map(|q| show(q, share, lang)).unwrap_or_default();
    let mut short = print(&finding.short);
    if finding.at_least && !short.is_empty() {
        short = match lang {
            Lang::En => format!("at least {short}"),
            Lang::Ko => format!("최소 {short}"),
        };
    }
    let gap = if share && finding.verdict == Verdict::NotMet {
        gap(finding, lang).unwrap_or_default()
    } else {
        String::new()
    };
    // A shortfall that is itself a share says the same as the gap.
    if finding.short.as_ref().is_some_and(|q| q.unit.is_empty()) && !gap.is_empty() {
        short.clear();
    }
    Amounts { value: print(&finding.value), required: print(&finding.required), short, gap }
}

/// One amount.
pub fn show(quantity: &Quantity, share: bool, lang: Lang) -> String {
    let Some(number) = parse(&quantity.value) else { return text(&quantity.value, lang) };
    match quantity.unit.as_str() {
        "" if share => percent(&number, lang),
        "" => decimal(&number),
        "KRW" if lang == Lang::Ko => format!("{}원", decimal(&number)),
        "person" if lang == Lang::Ko => format!("{}명", decimal(&number)),
        "person" => format!("{} {}", decimal(&number), if quantity.value == "1" { "person" } else { "people" }),
        "KRW" => format!("KRW {}", decimal(&number)),
        unit => format!("{} {unit}", decimal(&number)),
    }
}

/// Reads what a finding writes: a decimal or a fraction, with a sign.
pub fn parse(text: &str) -> Option<Number> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |d| (true, d));
    let number = match digits.split_once('/') {
        Some((num, den)) => Number::decimal(num)?.divide(&Number::decimal(den)?)?,
        None => Number::decimal(digits)?,
    };
    if negative { number.negate() } else { Some(number) }
}

/// Whether the plain numbers of a rule are shares: by a fraction among them, or by what the rule's lines speak of.
pub fn is_share<'q>(
    quantities: impl IntoIterator<Item = &'q Quantity>,
    rule: Option<&RuleCard>,
    words: &Vocabulary,
) -> bool {
    let plain = |q: &&Quantity| q.unit.is_empty();
    let numbers: Vec<Number> = quantities.into_iter().filter(plain).filter_map(|q| parse(&q.value)).collect();
    let fraction = numbers.iter().any(|n| n.to_integer().is_none());
    let spoken =
        rule.is_some_and(|r| r.lines.iter().any(|line| line.contains(['/', '%']) || names_a_share(line, words)));
    !numbers.is_empty() && (fraction || spoken)
}

fn names_a_share(line: &str, words: &Vocabulary) -> bool {
    let mut names = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    names.any(|name| name.ends_with("_share") || words.find(name).is_some_and(|id| words.word(id).unit == "%"))
}

fn gap(finding: &Finding, lang: Lang) -> Option<String> {
    let (value, required) = (parse(&finding.value.as_ref()?.value)?, parse(&finding.required.as_ref()?.value)?);
    let gap = required.subtract(&value)?;
    let gap = if gap.is_negative() { gap.negate()? } else { gap };
    let points = decimal(&gap.multiply(&Number::integer(100))?);
    Some(match lang {
        Lang::En => format!("{points} pp"),
        Lang::Ko => format!("{points} %p"),
    })
}

fn percent(number: &Number, lang: Lang) -> String {
    match number.multiply(&Number::integer(100)) {
        Some(percent) => format!("{} %", decimal(&percent)),
        None => text(&number.to_string(), lang),
    }
}

/// Digits in groups of three; cut after [`PLACES`] where they go on.
pub fn decimal(number: &Number) -> String {
    let exact = number.to_string();
    let places = exact.split_once('.').map_or(0, |(_, part)| part.len());
    if !exact.contains('/') && places <= 4 {
        return grouped(&exact);
    }
    let cut = number
        .multiply(&Number::integer(10_i128.pow(PLACES)))
        .and_then(|n| n.parts())
        .and_then(|(num, den)| num.checked_div(den));
    let Some(cut) = cut else { return exact };
    let (whole, part) = (cut / 100, (cut % 100).unsigned_abs());
    let sign = if cut < 0 && whole == 0 { "-" } else { "" };
    grouped(&format!("≈ {sign}{whole}.{part:02}"))
}

/// `12345.6` becomes `12,345.6`.
pub fn grouped(text: &str) -> String {
    let (whole, part) = text.split_once('.').map_or((text, None), |(w, p)| (w, Some(p)));
    let first = whole.find(|c: char| c.is_ascii_digit()).unwrap_or(whole.len());
    let (lead, digits) = whole.split_at(first);
    let mut out = lead.to_string();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    part.map_or(out.clone(), |part| format!("{out}.{part}"))
}

/// A length as a page writes it, `1 year` or `24 h`.
pub fn length(value: &str, lang: Lang) -> String {
    if lang == Lang::En { value.to_string() } else { lengths(value) }
}

/// Values that are not numbers: yes, no, lengths, dates, codes.
fn text(value: &str, lang: Lang) -> String {
    if lang == Lang::En {
        return value.to_string();
    }
    let known = match value {
        "yes" => "예",
        "no" => "아니요",
        "none" => "없음",
        "missing" => "자료 없음",
        _ => return lengths(value),
    };
    known.to_string()
}

/// `3 month + 5 working day` becomes `3개월 + 5영업일`; everything else stays.
fn lengths(value: &str) -> String {
    let one = |part: &str| {
        let (digits, unit) = part.split_once(' ')?;
        digits.parse::<i64>().ok()?;
        let unit = match unit {
            "h" => "시간",
            "min" => "분",
            "s" => "초",
            "month" => "개월",
            "year" => "년",
            "day" => "일",
            "working day" => "영업일",
            _ => return None,
        };
        Some(format!("{digits}{unit}"))
    };
    value.split(" + ").map(one).collect::<Option<Vec<_>>>().map_or_else(|| value.to_string(), |parts| parts.join(" + "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &str, unit: &str, share: bool, en: &str, ko: &str) {
        let quantity = Quantity { value: value.into(), unit: unit.into() };
        assert_eq!((show(&quantity, share, Lang::En).as_str(), show(&quantity, share, Lang::Ko).as_str()), (en, ko));
    }

    #[test]
    fn amounts_read_well_and_never_round_up() {
        check("12345678900", "KRW", false, "KRW 12,345,678,900", "12,345,678,900원");
        check("3", "person", false, "3 people", "3명");
        check("1", "person", false, "1 person", "1명");
        check("0.985", "", true, "98.5 %", "98.5 %");
        check("33/637", "", true, "≈ 5.18 %", "≈ 5.18 %");
        check("79999999/100000001", "", true, "≈ 79.99 %", "≈ 79.99 %");
        check("-1/3", "", false, "≈ -0.33", "≈ -0.33");
        check("1", "", true, "100 %", "100 %");
        check("24 h", "", false, "24 h", "24시간");
        check("3 month + 5 working day", "", false, "3 month + 5 working day", "3개월 + 5영업일");
        check("2026-11-22 09:00", "", false, "2026-11-22 09:00", "2026-11-22 09:00");
        check("none", "", false, "none", "없음");
    }
}
