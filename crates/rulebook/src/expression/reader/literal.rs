//! A number with its scale and unit: `3 tn KRW`, `24 h`, `10 day`, `3 working day`, `20 %`.
//!
//! It promises: a literal is exact, and knows the smallest step its writing suggests. It must never know what it is compared
//! with.

use super::{Read, Reader};
use crate::expression::{Literal, Part};
use crate::number::Number;
use crate::time::{Civil, HOUR, MINUTE, SECOND};
use crate::unit::{Dimension, Type, Unit};
use alloc::format;

impl Reader<'_> {
    pub(super) fn literal(&mut self) -> Read {
        let start = self.start();
        let digits = self.peek().unwrap_or("");
        let Some(mut value) = Number::decimal(digits) else {
            return Err(self.fail(
                format!("`{digits}` is no number that fits 128 bits"),
                "write digits, `_` between them, one `.`",
            ));
        };
        self.next += 1;
        let places = digits.split_once('.').map_or(0, |(_, p)| p.bytes().filter(u8::is_ascii_digit).count());
        let mut step = Number::ONE;
        let mut scale = |by: i128, value: &mut Number| {
            let by = Number::integer(by);
            *value = value.multiply(&by).unwrap_or(Number::ZERO);
            step = step.multiply(&by).unwrap_or(Number::ONE);
        };
        for (word, by) in
            [("thousand", 1_000), ("million", 1_000_000), ("bn", 1_000_000_000), ("tn", 1_000_000_000_000)]
        {
            if self.take(&[word]) {
                scale(by, &mut value);
            }
        }
        for _ in 0..places {
            step = step.divide(&Number::integer(10)).unwrap_or(Number::ONE);
        }
        let whole = |value: &Number, by: i64, at: &Reader<'_>| {
            value
                .multiply(&Number::integer(i128::from(by)))
                .and_then(|v| v.to_integer())
                .and_then(|v| i64::try_from(v).ok())
                .ok_or_else(|| {
                    at.fail("a length of time has whole milliseconds, days or months".into(), "write a whole number")
                })
        };
        let small = |v: i64, at: &Reader<'_>| {
            i32::try_from(v)
                .ok()
                .filter(|v| *v < 120_000)
                .ok_or_else(|| at.fail("longer than 10,000 years".into(), "write a shorter length"))
        };
        let literal = match self.peek() {
            Some("%") => {
                self.next += 1;
                let hundred = Number::integer(100);
                value = value.divide(&hundred).unwrap_or(value);
                step = step.divide(&hundred).unwrap_or(step);
                Literal::Number(value, Type::Number(Unit::PLAIN))
            }
            Some(unit @ ("h" | "min" | "s")) => {
                let by = match unit {
                    "h" => HOUR,
                    "min" => MINUTE,
                    _ => SECOND,
                };
                let length = whole(&value, by, self)?;
                self.next += 1;
                step = Number::integer(i128::from(by));
                Literal::Length(length)
            }
            Some(unit @ ("day" | "month" | "year")) => {
                let n = small(whole(&value, if unit == "year" { 12 } else { 1 }, self)?, self)?;
                self.next += 1;
                Literal::Civil(if unit == "day" {
                    Civil { days: n, ..Civil::default() }
                } else {
                    Civil { months: n, ..Civil::default() }
                })
            }
            Some("working") if self.ahead(1) == Some("day") => {
                let n = small(whole(&value, 1, self)?, self)?;
                // Counting working days walks them one by one; 1,000 is four years of office days.
                if n > 1_000 {
                    return Err(self.fail("more than 1,000 working days".into(), "write months"));
                }
                self.next += 2;
                Literal::Civil(Civil { working_days: n, ..Civil::default() })
            }
            Some(unit @ ("days" | "months" | "years" | "hours" | "minutes")) => {
                return Err(self.fail(
                    format!("`{unit}` is not a unit"),
                    "units are written in the singular: 24 h, 10 day, 6 month, 3 working day",
                ));
            }
            Some("person") => {
                self.next += 1;
                Literal::Number(value, Type::Number(Unit::of(Dimension::Person)))
            }
            Some(code) if Dimension::currency(code).is_some() => {
                self.next += 1;
                let currency = Dimension::currency(code).unwrap_or(Dimension::Krw);
                // One step of money is one unit of it, whatever scale it is written in.
                step = if places == 0 || step > Number::ONE { Number::ONE } else { step };
                Literal::Number(value, Type::Number(Unit::of(currency)))
            }
            _ if value.is_zero() => Literal::Number(value, Type::Zero),
            _ => Literal::Number(value, Type::Number(Unit::PLAIN)),
        };
        Ok(self.node(start, Part::Literal { value: literal, step }))
    }
}
