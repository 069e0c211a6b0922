//! Many values into one: over the subjects of a kind, and over a stretch of time.
//!
//! A window is (after, until]. A quantity counts at stated moments only, and a moment without a value is a hole: the result is
//! unknown, never an average of what is there.

use crate::book::{NodeId, Window, WindowId};
use crate::evaluate::{At, Evaluator, MAX_WINDOW, Outcome};
use crate::expression::{Fold, Operator};
use crate::facts::{Datum, Facts, Known, Subject, Tally};
use crate::number::Number;
use crate::time::{Date, Instant, Zone};
use crate::value::Value;
use crate::vocabulary::{Counted, Holds, KindId};
use alloc::vec::Vec;

impl<'a, F: Facts> Evaluator<'a, F> {
    pub(crate) fn over(&mut self, fold: Fold, kind: KindId, each: NodeId, at: &At<'a>) -> Outcome<'a> {
        let mut subjects = Vec::new();
        if self.facts.subjects(kind, at.now, &mut |s| subjects.push(s)) == Known::No {
            return Ok(Value::Unknown(self.missing(self.book.vocabulary.kind_name(kind))));
        }
        let (mut total, mut why) = (Value::Number(Number::ZERO), None);
        let count = subjects.len();
        for subject in subjects {
            let value = self.node(each, &At { subject: Some(subject), ..*at })?;
            let value = match (fold, value) {
                (_, Value::Unknown(u)) => {
                    why = self.either(why, Some(u));
                    continue;
                }
                (Fold::Count, Value::Truth(true)) => Value::Number(Number::ONE),
                (Fold::Count, _) => Value::Number(Number::ZERO),
                (_, value) => value,
            };
            total = self.arithmetic(Operator::Add, &total, &value, at);
        }
        Ok(match why {
            Some(why) => Value::Unknown(why),
            None if fold == Fold::Average => {
                let count = Value::Number(Number::integer(i128::try_from(count).unwrap_or(0)));
                self.arithmetic(Operator::Divide, &total, &count, at)
            }
            None => total,
        })
    }

    pub(crate) fn window(&mut self, id: WindowId, at: &At<'a>) -> Outcome<'a> {
        let window = self.book.windows[id.index()];
        let until = match window.to {
            None => at.now,
            Some(to) => match self.node(to, at)? {
                Value::Moment(t) => t,
                other => return Ok(other),
            },
        };
        let mut after = match window.length {
            None => match self.business_year_start(&At { now: until, ..*at }) {
                Ok(start) => start,
                Err(why) => return Ok(Value::Unknown(why)),
            },
            Some(length) => {
                let start = match self.node(length, at)? {
                    Value::Length(ms) => Value::Moment(until.plus(ms.checked_neg().unwrap_or(0))),
                    Value::Civil(length) => self.add_civil(until, length.negated(), at),
                    other => other,
                };
                match start {
                    Value::Moment(t) => t,
                    other => return Ok(other),
                }
            }
        };
        let zone = self.zone(at);
        if window.in_force
            && let Some(from) = at.in_force
        {
            after = after.max(zone.start_of(from).plus(-1));
        }
        if let Some(since) = window.since {
            let mut first = None;
            if let Err(why) = self.occurrences(since, None, at, &mut |t| first = first.or(Some(t))) {
                return Ok(Value::Unknown(why));
            }
            if let Some(first) = first {
                after = after.max(zone.start_of(zone.date(first)).plus(-1));
            }
        }
        let word = self.book.vocabulary.word(window.word);
        let owner = self.owner(word.of, at);
        let Ok(owner) = owner else { return Ok(Value::Unknown(self.missing(&word.name))) };
        Ok(match word.holds {
            Holds::Event { .. } => self.sum_events(window, owner, after, until, at),
            Holds::Value(_) => self.sum_series(window, owner, after, until, at),
        })
    }

    pub(crate) fn sum_events(
        &mut self,
        window: Window,
        owner: Option<Subject>,
        after: Instant,
        until: Instant,
        _at: &At<'a>,
    ) -> Value<'a> {
        let word = self.book.vocabulary.word(window.word);
        let (mut total, mut hole) = (Some(Number::ZERO), false);
        let facts = self.facts;
        match facts.total(owner, window.word, window.fold == Fold::Count, after, until) {
            Tally::Is(total) => return Value::Number(total),
            Tally::Unknown => return Value::Unknown(self.missing(&word.name)),
            Tally::Visit => {}
        }
        let (evidence, gathering) = (&mut self.evidence, self.gathering);
        let known = facts.events(owner, window.word, until, &mut |o| {
            if o.at <= after {
                return;
            }
            if gathering {
                evidence.extend(o.evidence);
            }
            let one = Number::ONE;
            let amount = if window.fold == Fold::Count { Some(&one) } else { o.amount };
            match amount {
                Some(amount) => total = total.as_ref().and_then(|t| t.add(amount)),
                None => hole = true,
            }
        });
        match (known, total) {
            (Known::Yes, Some(total)) if !hole => Value::Number(total),
            _ => Value::Unknown(self.missing(&word.name)),
        }
    }

    pub(crate) fn sum_series(
        &mut self,
        window: Window,
        owner: Option<Subject>,
        after: Instant,
        until: Instant,
        at: &At<'a>,
    ) -> Value<'a> {
        let word = self.book.vocabulary.word(window.word);
        let counted = word.counted.unwrap_or(Counted::Day);
        let zone = self.zone(at);
        if until.0.saturating_sub(after.0) > MAX_WINDOW {
            return Value::Unknown(self.missing("a window of at most a hundred years"));
        }
        let mut moments = Moments::new(zone, counted, after, until);
        let (mut total, mut count, mut hole) = (Total::default(), 0i128, None);
        if let Some(reading) = self.facts.constant(owner, window.word) {
            for _ in moments {
                match reading.datum {
                    Datum::Number(n, _) => total.add(n),
                    _ => hole = Some(until),
                }
                count = count.saturating_add(1);
            }
            self.note(reading.evidence);
        } else {
            let mut expected = moments.next();
            let facts = self.facts;
            let (evidence, gathering) = (&mut self.evidence, self.gathering);
            facts.series(owner, window.word, after, until, &mut |t, reading| {
                while let Some(moment) = expected {
                    if moment > t {
                        return;
                    }
                    expected = moments.next();
                    count = count.saturating_add(1);
                    if moment < t {
                        hole = hole.or(Some(moment));
                        continue;
                    }
                    if gathering {
                        evidence.extend(reading.evidence);
                    }
                    match reading.datum {
                        Datum::Number(n, _) => total.add(n),
                        _ => hole = hole.or(Some(moment)),
                    }
                    return;
                }
            });
            hole = hole.or(expected);
        }
        if let Some(moment) = hole {
            let what = alloc::format!("{} {}", word.name, zone.date(moment));
            return Value::Unknown(self.missing(&what));
        }
        if count == 0 {
            let what = alloc::format!("{}: no counted moment in the window", word.name);
            return Value::Unknown(self.missing(&what));
        }
        let total = total.number();
        let result = match window.fold {
            Fold::Average => total.and_then(|t| t.divide(&Number::integer(count))),
            _ => total,
        };
        self.or_missing(result.map(Value::Number), "a number that fits")
    }
}

/// A running total. Whole numbers, as prices and heads are, add without the work that fractions need.
struct Total {
    whole: i128,
    /// `None` once it no longer fits.
    rest: Option<Number>,
}

impl Default for Total {
    fn default() -> Total {
        Total { whole: 0, rest: Some(Number::ZERO) }
    }
}

impl Total {
    fn add(&mut self, number: &Number) {
        match number.to_integer().and_then(|n| self.whole.checked_add(n)) {
            Some(sum) => self.whole = sum,
            None => self.rest = self.rest.as_ref().and_then(|rest| rest.add(number)),
        }
    }

    fn number(self) -> Option<Number> {
        self.rest?.add(&Number::integer(self.whole))
    }
}

/// The moments at which a quantity counts, in order.
struct Moments<'z> {
    zone: &'z Zone,
    counted: Counted,
    next: Option<Date>,
    until: Instant,
    /// The next moment, where all days of the window have 24 hours: asking the zone for each would be most of the work.
    even: Option<Instant>,
}

/// A day of 24 hours in milliseconds.
const DAY: i64 = 24 * 3_600_000;

impl<'z> Moments<'z> {
    fn new(zone: &'z Zone, counted: Counted, after: Instant, until: Instant) -> Moments<'z> {
        let day = zone.date(after.plus(1));
        let next = match counted {
            Counted::Day => Some(day),
            Counted::Month => Some(day.last_of_month()),
        };
        let even = (counted == Counted::Day && zone.is_even(after, until)).then(|| zone.end_of(day));
        Moments { zone, counted, next, until, even }
    }
}

impl Iterator for Moments<'_> {
    type Item = Instant;

    fn next(&mut self) -> Option<Instant> {
        if let Some(moment) = self.even {
            self.even = Some(moment.plus(DAY));
            return (moment <= self.until).then_some(moment);
        }
        let day = self.next?;
        let moment = self.zone.end_of(day);
        if moment > self.until {
            self.next = None;
            return None;
        }
        let tomorrow = day.tomorrow().ok();
        self.next = match self.counted {
            Counted::Day => tomorrow,
            Counted::Month => tomorrow.map(Date::last_of_month),
        };
        Some(moment)
    }
}
