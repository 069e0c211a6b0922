//! Conditions as a lawyer writes them, read into a tree that keeps the place of every part.
//!
//! ```text
//! condition  = negation { "and" negation }
//! negation   = "not" negation | group
//! group      = ("any of" | "all of" | "none of" | "at least" N "of") "(" condition { "," condition } ")" | relation
//! relation   = sum [ ("=" | "!=" | "<" | "<=" | ">" | ">=") sum | "is" ("given" | "met" | "not met" | CODE) | ("in" | "within") LIST ]
//! sum        = product { ("+" | "-") product }          product = factor { ("*" | "/" | "of") factor }
//! factor     = atom { "in" CURRENCY | "at" point | "ago" }
//! ```

use crate::number::Number;
use crate::time::{Civil, HOUR, MINUTE, SECOND};
use crate::unit::{Dimension, Type, Unit};
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::ops::Range;

/// The deepest nesting a condition may have. The law nests three deep; sixteen times that still fits any stack.
const MAX_DEPTH: usize = 48;
/// The most signs and points of time in one condition: each may nest the tree one deeper. The longest in the law has 9.
const MAX_LINKS: usize = 48;
/// The longest condition in bytes: the longest in the law has 400.
const MAX_LENGTH: usize = 8_192;

/// A part of a condition with its place in the text.
#[derive(Clone, Debug)]
pub struct Expression {
    /// What it is.
    pub kind: Part,
    /// Its bytes in the condition's text.
    pub span: Range<usize>,
}

/// A comparison sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// An arithmetic sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// Which of several values to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extreme {
    /// `larger(…)` of amounts, `later(…)` of moments.
    Most,
    /// `smaller(…)`, `earlier(…)`.
    Least,
}

/// How many values become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Fold {
    Sum,
    Average,
    Count,
}

/// Which occurrence of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The first; also what a bare event name means.
    First,
    /// The latest so far.
    Last,
    /// Every one: starts a clock each time.
    Each,
}

/// What is written in a condition.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Part {
    /// A value with its type, and the smallest step its writing suggests (for moved-by-one-step checks).
    Literal {
        value: Literal,
        step: Number,
    },
    Name(String),
    All(Vec<Expression>),
    AtLeast(u32, Vec<Expression>),
    Not(Box<Expression>),
    Compare(Comparison, Box<Expression>, Box<Expression>),
    IsGiven(Box<Expression>),
    IsCode(Box<Expression>, String),
    In(Box<Expression>, String, Range<usize>),
    Within(Box<Expression>, String, Range<usize>),
    /// `'rule.id' is met` (true) or `is not met` (false).
    Verdict(String, bool),
    Arithmetic(Operator, Box<Expression>, Box<Expression>),
    Convert(Box<Expression>, Dimension),
    At(Box<Expression>, Box<Expression>),
    Ago(Box<Expression>),
    Now,
    PreviousMonthEnd,
    PreviousBusinessYearEnd,
    Pick(Extreme, Vec<Expression>),
    /// `sum(asset: …)`.
    Over(Fold, String, Box<Expression>),
    /// `count(ciso)`: the name may be a kind of subject or an event.
    Count(String),
    /// `average(word, 1 year to previous month end, since listed)`.
    Window(Fold, String, Window),
    /// `last e`, `each e`, `reported to kisa`.
    Event(Which, String, Option<String>),
}

/// A literal's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// A number of a type.
    Number(Number, Type),
    /// An exact length in milliseconds.
    Length(i64),
    /// A civil length.
    Civil(Civil),
}

/// The stretch of time a window looks at.
#[derive(Clone, Debug)]
pub struct Window {
    /// `None`: the business year that contains now.
    pub length: Option<Box<Expression>>,
    /// The far end; now unless written.
    pub to: Option<Box<Expression>>,
    /// `business year in force`: clipped to the rule's first day.
    pub in_force: bool,
    /// `since e`: clipped to the first day of an event.
    pub since: Option<String>,
}

/// Why a condition cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Where in the condition's text.
    pub span: Range<usize>,
    /// What was expected.
    pub message: String,
    /// What to do.
    pub hint: &'static str,
}

/// Reads one condition or term.
pub fn read(text: &str) -> Result<Expression, Unreadable> {
    if text.len() > MAX_LENGTH {
        return Err(Unreadable {
            span: 0..text.len(),
            message: format!("a condition has at most {MAX_LENGTH} bytes, this one {}", text.len()),
            hint: "split it into terms",
        });
    }
    let mut reader = Reader { text, tokens: lex(text)?, next: 0, depth: 0, links: 0 };
    let whole = reader.condition()?;
    match reader.peek() {
        None => Ok(whole),
        Some(extra) => {
            Err(reader.fail(format!("`{extra}` is left over"), "join conditions with `and`, or give each its own line"))
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Sort {
    Number,
    Name,
    Quoted,
    Sign,
}

struct Token {
    sort: Sort,
    span: Range<usize>,
}

fn lex(text: &str) -> Result<Vec<Token>, Unreadable> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    let is = |i: usize, f: fn(&u8) -> bool| bytes.get(i).is_some_and(f);
    while at < bytes.len() {
        let start = at;
        let rest = text.get(at..).unwrap_or("");
        let first = rest.chars().next().unwrap_or(' ');
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let sort = if first.is_ascii_digit() {
            while is(at, |b| b.is_ascii_digit() || *b == b'_') {
                at += 1;
            }
            if is(at, |b| *b == b'.') && is(at + 1, u8::is_ascii_digit) {
                at += 1;
                while is(at, |b| b.is_ascii_digit() || *b == b'_') {
                    at += 1;
                }
            }
            Sort::Number
        } else if first == '_' || first.is_alphabetic() {
            let name = rest.find(|c: char| !(c == '_' || c == '.' || c.is_alphanumeric())).unwrap_or(rest.len());
            at += rest.get(..name).unwrap_or(rest).trim_end_matches('.').len();
            Sort::Name
        } else if first == '\'' {
            match rest.get(1..).and_then(|r| r.find('\'')) {
                Some(len) => at += len + 2,
                None => {
                    return Err(Unreadable {
                        span: start..text.len(),
                        message: "a quoted rule id does not end".into(),
                        hint: "close it with '",
                    });
                }
            }
            Sort::Quoted
        } else {
            let two = ["<=", ">=", "!="].into_iter().any(|s| rest.starts_with(s));
            if !two && !"><=+-*/%(),:".contains(first) {
                return Err(Unreadable {
                    span: start..start + first.len_utf8(),
                    message: format!("`{first}` has no meaning here"),
                    hint: "signs are = != < <= > >= + - * / % ( ) , :",
                });
            }
            at += if two { 2 } else { 1 };
            Sort::Sign
        };
        tokens.push(Token { sort, span: start..at });
    }
    Ok(tokens)
}

struct Reader<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    next: usize,
    depth: usize,
    links: usize,
}

type Read<T = Expression> = Result<T, Unreadable>;

impl<'a> Reader<'a> {
    fn ahead(&self, n: usize) -> Option<&'a str> {
        self.tokens.get(self.next + n).and_then(|t| self.text.get(t.span.clone()))
    }

    fn peek(&self) -> Option<&'a str> {
        self.ahead(0)
    }

    fn sort(&self) -> Option<Sort> {
        self.tokens.get(self.next).map(|t| t.sort)
    }

    fn start(&self) -> usize {
        self.tokens.get(self.next).map_or(self.text.len(), |t| t.span.start)
    }

    fn end(&self) -> usize {
        self.next.checked_sub(1).and_then(|i| self.tokens.get(i)).map_or(0, |t| t.span.end)
    }

    fn fail(&self, message: String, hint: &'static str) -> Unreadable {
        let span = self.tokens.get(self.next).map_or(self.text.len()..self.text.len(), |t| t.span.clone());
        Unreadable { span, message, hint }
    }

    fn expected(&self, what: &str, hint: &'static str) -> Unreadable {
        match self.peek() {
            Some(found) => self.fail(format!("expected {what}, found `{found}`"), hint),
            None => self.fail(format!("expected {what}, found the end"), hint),
        }
    }

    /// Takes these words when they come next.
    fn take(&mut self, words: &[&str]) -> bool {
        let all = words.iter().enumerate().all(|(i, w)| self.ahead(i) == Some(w));
        if all {
            self.next += words.len();
        }
        all
    }

    fn need(&mut self, word: &str) -> Read<()> {
        if self.take(&[word]) {
            Ok(())
        } else {
            Err(self.expected(&format!("`{word}`"), "see the grammar in the rule format"))
        }
    }

    fn name(&mut self, what: &str) -> Read<String> {
        match (self.sort(), self.peek()) {
            (Some(Sort::Name), Some(name)) => {
                self.next += 1;
                Ok(name.to_string())
            }
            _ => Err(self.expected(what, "a name has letters, digits and _")),
        }
    }

    /// Counts what nests the tree one deeper without a bracket of its own.
    fn link(&mut self) -> Read<()> {
        self.links += 1;
        if self.links > MAX_LINKS {
            return Err(self.fail(format!("more than {MAX_LINKS} signs in one condition"), "split it into terms"));
        }
        Ok(())
    }

    fn node(&self, start: usize, kind: Part) -> Expression {
        Expression { kind, span: start..self.end() }
    }

    fn condition(&mut self) -> Read {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.fail(format!("nested deeper than {MAX_DEPTH}"), "split it into terms"));
        }
        let start = self.start();
        let first = self.negation()?;
        let mut all = Vec::from([first]);
        while self.take(&["and"]) {
            all.push(self.negation()?);
        }
        self.depth -= 1;
        Ok(if all.len() == 1 { all.remove(0) } else { self.node(start, Part::All(all)) })
    }

    fn negation(&mut self) -> Read {
        let start = self.start();
        let mut nots = 0usize;
        while self.take(&["not"]) {
            nots += 1;
        }
        self.links += nots;
        if self.links > MAX_LINKS {
            return Err(self.fail(
                format!("more than {MAX_LINKS} signs in one condition, most of them `not`"),
                "write it once or not at all",
            ));
        }
        let mut inner = self.group()?;
        for _ in 0..nots {
            inner = self.node(start, Part::Not(Box::new(inner)));
        }
        Ok(inner)
    }

    fn list(&mut self) -> Read<Vec<Expression>> {
        self.need("(")?;
        let mut all = Vec::from([self.condition()?]);
        while self.take(&[","]) {
            all.push(self.condition()?);
        }
        self.need(")")?;
        Ok(all)
    }

    fn group(&mut self) -> Read {
        let start = self.start();
        if self.take(&["any", "of"]) {
            let list = self.list()?;
            return Ok(self.node(start, Part::AtLeast(1, list)));
        }
        if self.take(&["all", "of"]) {
            let list = self.list()?;
            return Ok(self.node(start, Part::All(list)));
        }
        if self.take(&["none", "of"]) {
            let list = self.list()?;
            let any = self.node(start, Part::AtLeast(1, list));
            return Ok(self.node(start, Part::Not(Box::new(any))));
        }
        if self.take(&["at", "least"]) {
            let count = self.peek().and_then(|t| t.parse::<u32>().ok());
            let Some(count) = count else { return Err(self.expected("how many", "write `at least 2 of (…)`")) };
            self.next += 1;
            self.need("of")?;
            let list = self.list()?;
            return Ok(self.node(start, Part::AtLeast(count, list)));
        }
        self.relation()
    }

    fn relation(&mut self) -> Read {
        let start = self.start();
        if self.sort() == Some(Sort::Quoted) {
            let rule = self.peek().unwrap_or("").trim_matches('\'').to_string();
            self.next += 1;
            self.need("is")?;
            let met = !self.take(&["not"]);
            self.need("met")?;
            return Ok(self.node(start, Part::Verdict(rule, met)));
        }
        let left = self.sum()?;
        let sign = match self.peek() {
            Some("=") => Some(Comparison::Equal),
            Some("!=") => Some(Comparison::NotEqual),
            Some("<") => Some(Comparison::Less),
            Some("<=") => Some(Comparison::LessOrEqual),
            Some(">") => Some(Comparison::Greater),
            Some(">=") => Some(Comparison::GreaterOrEqual),
            _ => None,
        };
        if let Some(sign) = sign {
            self.next += 1;
            let right = self.sum()?;
            return Ok(self.node(start, Part::Compare(sign, Box::new(left), Box::new(right))));
        }
        if self.take(&["is"]) {
            if self.take(&["given"]) {
                return Ok(self.node(start, Part::IsGiven(Box::new(left))));
            }
            if self.peek() == Some("not") {
                return Err(self.expected("a code or `given`", "write `not x is code`"));
            }
            let code = self.name("a code or `given`")?;
            return Ok(self.node(start, Part::IsCode(Box::new(left), code)));
        }
        for (word, within) in [("in", false), ("within", true)] {
            if self.take(&[word]) {
                let at = self.start();
                let list = self.name("a list of codes")?;
                let span = at..self.end();
                let left = Box::new(left);
                return Ok(
                    self.node(start, if within { Part::Within(left, list, span) } else { Part::In(left, list, span) })
                );
            }
        }
        Ok(left)
    }

    fn sum(&mut self) -> Read {
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

    fn literal(&mut self) -> Read {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_the_format_are_read() {
        for text in [
            "cold_value / users_value >= minimum_cold_share",
            "average(krw_price, 1 year to previous month end, since listed)",
            "sum(asset: (users_quantity - cold_quantity) * average_price)",
            "any of (a >= 5 tn KRW, b and c within list_of)",
            "at least 2 of (a, not b, none of (c, d))",
            "sum(wallet.outflow, 1 h) > 20 % of wallet.balance at 1 h ago",
            "start + 2 month * (1 + smaller(count(blocking_extended), 2))",
            "'kr.efsr.8-2-1.it' is not met",
            "earlier(start + 4 h, aware + 24 h)",
            "total_assets at previous business year end",
            "licensed + 1 year > start",
            "last ciso_duty_arose",
            "cover in EUR >= 3_000_000 EUR",
            "sum(it_spend, business year in force) / 3 > 0",
            "start + 3 working day",
            "reported to kisa < start",
        ] {
            if let Err(e) = read(text) {
                panic!("{text}: {e:?}");
            }
        }
    }

    #[test]
    fn mistakes_are_pointed_at() {
        for (text, at, says) in [
            ("a >=", 4..4, "found the end"),
            ("a >= 5 days", 7..11, "`days` is not a unit"),
            ("a & b", 2..3, "`&` has no meaning"),
            ("max(a, b)", 0..3, "no function `max`"),
            ("a b", 2..3, "left over"),
            ("'x' > 3", 4..5, "expected `is`"),
            ("x is not good", 5..8, "expected a code"),
            ("'x", 0..2, "does not end"),
            ("sum(a)", 5..6, "a window"),
            ("previous year", 0..8, "previous month end"),
        ] {
            let e = read(text).unwrap_err();
            assert!(e.message.contains(says), "{text}: {e:?}");
            assert_eq!(e.span, at, "{text}: {e:?}");
        }
    }

    #[test]
    fn the_deepest_nest_is_refused_not_overflowed() {
        let text = format!("{}a{}", "(".repeat(4_000), ")".repeat(4_000));
        assert!(read(&text).unwrap_err().message.contains("deeper"));
        let nots = format!("{} a", "not ".repeat(2_000));
        assert!(read(&nots).unwrap_err().message.contains("most of them `not`"));
        let picks = format!("{}a{}", "larger(".repeat(600), ")".repeat(600));
        assert!(read(&picks).unwrap_err().message.contains("deeper"));
    }
}
