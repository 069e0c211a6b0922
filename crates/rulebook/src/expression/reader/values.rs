//! What conditions compare: sums, products, names, points of time, events, folds and windows.
//!
//! It promises: signs bind as in arithmetic, and each that nests the tree deeper is counted. It must never know whether a
//! value is an amount, a moment or a code.

use super::{MAX_DEPTH, Read, Reader, Sort};
use crate::expression::{Expression, Extreme, Fold, Operator, Part, Which, Window};
use crate::unit::Dimension;
use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;

impl Reader<'_> {
    pub(super) fn sum(&mut self) -> Read {
        let start = self.start();
        let mut left = self.product()?;
        loop {
            let sign = match self.peek() {
                Some("+") => Operator::Add,
                Some("-") => Operator::Subtract,
                _ => return Ok(left),
            };
            self.link()?;
            self.next += 1;
            let right = self.product()?;
            left = self.node(start, Part::Arithmetic(sign, Box::new(left), Box::new(right)));
        }
    }

    fn product(&mut self) -> Read {
        let start = self.start();
        let mut left = self.factor()?;
        loop {
            let sign = match self.peek() {
                Some("*" | "of") => Operator::Multiply,
                Some("/") => Operator::Divide,
                _ => return Ok(left),
            };
            self.link()?;
            self.next += 1;
            let right = self.factor()?;
            left = self.node(start, Part::Arithmetic(sign, Box::new(left), Box::new(right)));
        }
    }

    fn factor(&mut self) -> Read {
        let start = self.start();
        let mut left = self.atom()?;
        loop {
            if self.peek() == Some("in")
                && let Some(currency) = self.ahead(1).and_then(Dimension::currency)
            {
                self.link()?;
                self.next += 2;
                left = self.node(start, Part::Convert(Box::new(left), currency));
            } else if self.peek() == Some("at") && self.ahead(1) != Some("least") {
                self.link()?;
                self.next += 1;
                let point = self.point()?;
                left = self.node(start, Part::At(Box::new(left), Box::new(point)));
            } else if self.take(&["ago"]) {
                self.link()?;
                left = self.node(start, Part::Ago(Box::new(left)));
            } else {
                return Ok(left);
            }
        }
    }

    fn point(&mut self) -> Read {
        let start = self.start();
        let kind = if self.take(&["now"]) {
            Part::Now
        } else if self.take(&["previous", "month", "end"]) {
            Part::PreviousMonthEnd
        } else if self.take(&["previous", "business", "year", "end"]) {
            Part::PreviousBusinessYearEnd
        } else if self.peek() == Some("previous") {
            return Err(
                self.expected("`previous month end` or `previous business year end`", "write the point in full")
            );
        } else {
            return self.factor();
        };
        Ok(self.node(start, kind))
    }

    fn atom(&mut self) -> Read {
        let start = self.start();
        if self.sort() == Some(Sort::Number) {
            return self.literal();
        }
        if self.take(&["("]) {
            let inner = self.condition()?;
            self.need(")")?;
            return Ok(Expression { kind: inner.kind, span: start..self.end() });
        }
        if matches!(self.peek(), Some("now" | "previous")) {
            return self.point();
        }
        if self.sort() == Some(Sort::Quoted) {
            return Err(self.expected("a value", "a rule id goes with `is met` or `is not met`"));
        }
        if self.ahead(1) == Some("(") {
            match self.peek() {
                Some("larger" | "later") => return self.pick(Extreme::Most),
                Some("smaller" | "earlier") => return self.pick(Extreme::Least),
                Some("sum") => return self.fold(Fold::Sum),
                Some("average") => return self.fold(Fold::Average),
                Some("count") => return self.fold(Fold::Count),
                Some(name) if self.sort() == Some(Sort::Name) && !matches!(name, "of" | "and" | "not") => {
                    return Err(self.fail(
                        format!("there is no function `{name}`"),
                        "functions are larger, smaller, earlier, later, sum, average, count",
                    ));
                }
                _ => {}
            }
        }
        let which = match self.peek() {
            Some("first") => Some(Which::First),
            Some("last") => Some(Which::Last),
            Some("each") => Some(Which::Each),
            _ => None,
        };
        if which.is_some() {
            self.next += 1;
        }
        let name = self.name("a value")?;
        let by = if self.take(&["to"]) { Some(self.name("who or what")?) } else { None };
        Ok(match (which, by) {
            (None, None) => self.node(start, Part::Name(name)),
            (which, by) => self.node(start, Part::Event(which.unwrap_or(Which::First), name, by)),
        })
    }

    fn pick(&mut self, extreme: Extreme) -> Read {
        let start = self.start();
        self.next += 2;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.fail(format!("nested deeper than {MAX_DEPTH}"), "split it into terms"));
        }
        let mut all = Vec::from([self.sum()?]);
        while self.take(&[","]) {
            all.push(self.sum()?);
        }
        self.depth -= 1;
        self.need(")")?;
        Ok(self.node(start, Part::Pick(extreme, all)))
    }

    fn fold(&mut self, fold: Fold) -> Read {
        let start = self.start();
        self.link()?;
        self.next += 2;
        let name = self.name("a quantity or a kind of subject")?;
        if self.take(&[":"]) {
            let each = self.condition()?;
            self.need(")")?;
            return Ok(self.node(start, Part::Over(fold, name, Box::new(each))));
        }
        if fold == Fold::Count && self.take(&[")"]) {
            return Ok(self.node(start, Part::Count(name)));
        }
        if !self.take(&[","]) {
            return Err(self.expected("`,` and a window", "write `sum(x, 1 h)` or `sum(asset: …)`"));
        }
        let mut window = self.window()?;
        if self.take(&[","]) {
            self.need("since")?;
            window.since = Some(self.name("an event")?);
        }
        self.need(")")?;
        Ok(self.node(start, Part::Window(fold, name, window)))
    }

    fn window(&mut self) -> Read<Window> {
        if self.take(&["business", "year"]) {
            let in_force = self.take(&["in", "force"]);
            return Ok(Window { length: None, to: None, in_force, since: None });
        }
        let length = self.atom()?;
        let to = if self.take(&["to"]) { Some(Box::new(self.point()?)) } else { None };
        Ok(Window { length: Some(Box::new(length)), to, in_force: false, since: None })
    }
}
