//! Values compared, calculated with and picked from; what is unknown stays unknown, and zero times unknown is zero.

use crate::book::NodeId;
use crate::evaluate::{At, Evaluator, Outcome};
use crate::expression::{Comparison, Extreme, Operator};
use crate::facts::Facts;
use crate::number::Number;
use crate::time::{Civil, Instant};
use crate::unit::Dimension;
use crate::value::Value;
use core::cmp::Ordering;

impl<'a, F: Facts> Evaluator<'a, F> {
    #[inline(always)]
    pub(crate) fn compare(&mut self, sign: Comparison, a: &Value<'a>, b: &Value<'a>) -> Value<'a> {
        let order = match (a, b) {
            (Value::Unknown(x), Value::Unknown(y)) => return Value::Unknown(self.both(*x, *y)),
            (Value::Unknown(x), _) | (_, Value::Unknown(x)) => return Value::Unknown(*x),
            (Value::Number(x), Value::Number(y)) => x.cmp(y),
            (Value::Moment(x), Value::Moment(y)) => x.cmp(y),
            (Value::Length(x), Value::Length(y)) => x.cmp(y),
            (Value::Civil(x), Value::Civil(y)) if x.days == y.days && x.working_days == y.working_days => {
                x.months.cmp(&y.months)
            }
            (Value::Civil(x), Value::Civil(y))
                if x.months == 0 && y.months == 0 && x.working_days == y.working_days =>
            {
                x.days.cmp(&y.days)
            }
            _ => return Value::Unknown(self.missing("something to compare")),
        };
        Value::Truth(match sign {
            Comparison::Equal => order == Ordering::Equal,
            Comparison::NotEqual => order != Ordering::Equal,
            Comparison::Less => order == Ordering::Less,
            Comparison::LessOrEqual => order != Ordering::Greater,
            Comparison::Greater => order == Ordering::Greater,
            Comparison::GreaterOrEqual => order != Ordering::Less,
        })
    }

    pub(crate) fn within(&mut self, codes: &Value<'a>, list: &Value<'a>) -> Value<'a> {
        let list = match (codes, list) {
            (Value::Unknown(x), Value::Unknown(y)) => return Value::Unknown(self.both(*x, *y)),
            (Value::Unknown(x), _) | (_, Value::Unknown(x)) => return Value::Unknown(*x),
            (_, Value::Codes(list)) => *list,
            (_, Value::Absent) => &[],
            _ => return Value::Unknown(self.missing("a list of codes")),
        };
        Value::Truth(match codes {
            Value::Code(code) => list.iter().any(|c| c == code),
            Value::Codes(codes) => codes.iter().all(|code| list.contains(code)),
            Value::Absent => true,
            _ => false,
        })
    }

    /// Arithmetic on two values.
    pub fn arithmetic(&mut self, sign: Operator, a: &Value<'a>, b: &Value<'a>, at: &At<'a>) -> Value<'a> {
        let zero = |v: &Value<'_>| matches!(v, Value::Number(n) if n.is_zero());
        if sign == Operator::Multiply && (zero(a) || zero(b)) {
            return Value::Number(Number::ZERO);
        }
        let negative = sign == Operator::Subtract;
        match (a, b) {
            (Value::Unknown(x), Value::Unknown(y)) => Value::Unknown(self.both(*x, *y)),
            (Value::Unknown(x), _) | (_, Value::Unknown(x)) => Value::Unknown(*x),
            (Value::Number(x), Value::Number(y)) => {
                let result = match sign {
                    Operator::Add => x.add(y),
                    Operator::Subtract => x.subtract(y),
                    Operator::Multiply => x.multiply(y),
                    Operator::Divide => x.divide(y),
                };
                let why =
                    if sign == Operator::Divide && y.is_zero() { "division by zero" } else { "a number that fits" };
                self.or_missing(result.map(Value::Number), why)
            }
            (Value::Moment(t), Value::Length(ms)) => {
                Value::Moment(t.plus(if negative { ms.checked_neg().unwrap_or(0) } else { *ms }))
            }
            (Value::Moment(t), Value::Civil(c)) => {
                self.add_civil(*t, if negative { c.negated() } else { Some(*c) }, at)
            }
            (Value::Length(x), Value::Length(y)) => {
                let sum = if negative { x.checked_sub(*y) } else { x.checked_add(*y) };
                self.or_missing(sum.map(Value::Length), "a length that fits")
            }
            (Value::Civil(c), Value::Number(n)) | (Value::Number(n), Value::Civil(c)) => {
                let times = n.to_integer().and_then(|n| i32::try_from(n).ok()).and_then(|n| c.times(n));
                self.or_missing(times.map(Value::Civil), "a whole number of days or months")
            }
            (Value::Length(ms), Value::Number(n)) | (Value::Number(n), Value::Length(ms)) => {
                let times = n
                    .multiply(&Number::integer(i128::from(*ms)))
                    .and_then(|n| n.to_integer())
                    .and_then(|n| i64::try_from(n).ok());
                self.or_missing(times.map(Value::Length), "a whole number of milliseconds")
            }
            _ => Value::Unknown(self.missing("something to calculate with")),
        }
    }

    pub(crate) fn or_missing(&mut self, value: Option<Value<'a>>, what: &str) -> Value<'a> {
        match value {
            Some(value) => value,
            None => Value::Unknown(self.missing(what)),
        }
    }

    /// Adds a civil length by the instrument's zone and calendar.
    pub fn add_civil(&mut self, to: Instant, length: Option<Civil>, at: &At<'a>) -> Value<'a> {
        let holidays = self.book.holidays(at.instrument);
        let sum = length.and_then(|length| self.zone(at).add(to, length, holidays));
        self.or_missing(sum.map(Value::Moment), "the holidays of that time")
    }

    pub(crate) fn convert(&mut self, value: Value<'a>, from: Dimension, to: Dimension, at: &At<'a>) -> Value<'a> {
        let Value::Number(amount) = &value else { return value };
        if from == to || amount.is_zero() {
            return value;
        }
        let mut result = Some(amount.clone());
        for (currency, up) in [(from, true), (to, false)] {
            if currency == Dimension::Krw {
                continue;
            }
            let name = alloc::format!("{}_rate", currency.name().to_lowercase());
            let rate = match self.book.vocabulary.find(&name) {
                Some(word) => self.word(word, None, at),
                None => Value::Unknown(self.missing(&name)),
            };
            let Value::Number(rate) = rate else { return rate };
            result = result.and_then(|r| if up { r.multiply(&rate) } else { r.divide(&rate) });
        }
        self.or_missing(result.map(Value::Number), "a rate that is not zero")
    }

    pub(crate) fn pick(&mut self, extreme: Extreme, list: &[NodeId], at: &At<'a>) -> Outcome<'a> {
        let mut best: Option<Value<'a>> = None;
        let mut why = None;
        for node in list {
            let value = self.node(*node, at)?;
            if let Value::Unknown(u) = value {
                why = self.either(why, Some(u));
                continue;
            }
            best = match best {
                None => Some(value),
                Some(old) => {
                    let sign = if extreme == Extreme::Most { Comparison::Greater } else { Comparison::Less };
                    match self.compare(sign, &value, &old) {
                        Value::Truth(true) => Some(value),
                        Value::Truth(false) => Some(old),
                        other => return Ok(other),
                    }
                }
            };
        }
        Ok(match (why, best) {
            (Some(why), _) => Value::Unknown(why),
            (None, Some(best)) => best,
            (None, None) => Value::Unknown(self.missing("a value")),
        })
    }
}
