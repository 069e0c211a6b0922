//! Amounts as callers write them: whole base units, or a decimal of the asset.
//!
//! It promises that no digit is dropped: what is finer than a base unit is refused. It must never round.

use super::problem::Problem;

/// Base units of an amount that is given in one of two ways.
pub fn base_units(amount: Option<&str>, quantity: Option<&str>, decimals: u8) -> Result<i128, Problem> {
    match (amount, quantity) {
        (Some(amount), None) => whole(amount),
        (None, Some(quantity)) => decimal(quantity, decimals),
        _ => {
            let hint = "give `amount` in base units, or `quantity` in whole units, as a string";
            let what = if amount.is_some() { "amount and quantity" } else { "neither amount nor quantity" };
            Err(Problem::new("amount", what, hint).of("amount").expected("one of `amount`, `quantity`"))
        }
    }
}

/// A whole number of base units.
pub fn whole(text: &str) -> Result<i128, Problem> {
    let (sign, digits) = signed(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        let code = if fraction(digits) { "below-base-unit" } else { "amount" };
        let hint = "a string of digits; use `quantity` for a decimal";
        return Err(Problem::new(code, short(text), hint).of("amount").expected("whole base units"));
    }
    number(sign, digits, "amount")
}

/// A decimal of whole units.
pub fn decimal(text: &str, decimals: u8) -> Result<i128, Problem> {
    let (sign, digits) = signed(text);
    let (before, after) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if before.is_empty() || !plain(before) || !plain(after) || digits.ends_with('.') {
        let hint = "digits with at most one point, such as \"0.5\"";
        return Err(Problem::new("amount", short(text), hint).of("quantity").expected("a decimal number"));
    }
    let after = after.trim_end_matches('0');
    let places = usize::from(decimals);
    if after.len() > places {
        let hint = "the rest would be lost: give fewer digits";
        let expected = format!("at most {places} digits after the point");
        return Err(Problem::new("below-base-unit", short(text), hint).of("quantity").expected(expected));
    }
    number(sign, &format!("{before}{after:0<places$}"), "quantity")
}

fn signed(text: &str) -> (bool, &str) {
    text.strip_prefix('-').map_or((false, text), |rest| (true, rest))
}

fn fraction(digits: &str) -> bool {
    digits.split_once('.').is_some_and(|(a, b)| (a.to_string() + b).bytes().all(|c| c.is_ascii_digit()))
}

fn number(negative: bool, digits: &str, field: &str) -> Result<i128, Problem> {
    let digits = digits.trim_start_matches('0');
    // 2^256, as text: longer is larger, and of the same length the later text is.
    const BITS_256: &str = "115792089237316195423570985008687907853269984665640564039457584007913129639936";
    if digits.len() > BITS_256.len() || (digits.len() == BITS_256.len() && digits >= BITS_256) {
        let hint = "no chain carries so much: check the unit";
        return Err(Problem::new("over-256-bits", short(digits), hint).of(field).expected("below 2^256"));
    }
    if digits.is_empty() {
        return Ok(0);
    }
    let Some(value) = digits.parse::<i128>().ok().filter(|value| *value <= kernel::limits::AMOUNT) else {
        let hint = "no asset has so many base units: check the unit";
        let expected = "at most 10^30 base units";
        return Err(Problem::new("too-large", short(digits), hint).of(field).expected(expected));
    };
    if negative {
        let hint = "what leaves and what arrives are told apart by routes";
        return Err(Problem::new("negative", format!("-{}", short(digits)), hint).of(field).expected("above zero"));
    }
    Ok(value)
}

/// At most 100 letters of what came.
fn short(text: &str) -> String {
    text.chars().take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_or_refused() {
        let code = |r: Result<i128, Problem>| r.map_err(|p| p.code);
        for (text, expected) in [
            ("1", Ok(1)),
            ("0", Ok(0)),
            ("007", Ok(7)),
            ("-1", Err("negative")),
            ("-0", Ok(0)),
            ("1.5", Err("below-base-unit")),
            ("1e9", Err("amount")),
            ("", Err("amount")),
            ("+1", Err("amount")),
            ("1 000", Err("amount")),
            ("1000000000000000000000000000000", Ok(10i128.pow(30))),
            ("1000000000000000000000000000001", Err("too-large")),
            ("115792089237316195423570985008687907853269984665640564039457584007913129639935", Err("too-large")),
            ("115792089237316195423570985008687907853269984665640564039457584007913129639936", Err("over-256-bits")),
        ] {
            assert_eq!(code(whole(text)), expected, "{text}");
        }
        for (text, expected) in [
            ("0.00000001", Ok(1)),
            ("0.000000001", Err("below-base-unit")),
            ("1.50", Ok(150_000_000)),
            ("1.5000000000", Ok(150_000_000)),
            ("1", Ok(100_000_000)),
            (".5", Err("amount")),
            ("1.", Err("amount")),
            ("1.2.3", Err("amount")),
            ("-0.5", Err("negative")),
        ] {
            assert_eq!(code(decimal(text, 8)), expected, "{text}");
        }
        assert_eq!(code(base_units(None, None, 8)), Err("amount"));
        assert_eq!(code(base_units(Some("1"), Some("1"), 8)), Err("amount"));
    }
}
