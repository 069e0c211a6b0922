//! Tokens into the tree, by recursive descent: one function for each line of the grammar.
//!
//! It promises: reading ends, and no text nests the tree deeper than any stack bears. It must never know what a name stands
//! for, nor whether units fit: that is checked when the page is built.
//!
//! Here stand the cursor and the conditions; `values` reads what they compare, `literal` the numbers in it.

mod literal;
mod values;

use super::lexer::{Sort, Token, lex};
use super::{Comparison, Expression, Part, Unreadable};
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// The deepest nesting a condition may have. The law nests three deep; sixteen times that still fits any stack.
const MAX_DEPTH: usize = 48;
/// The most signs and points of time in one condition: each may nest the tree one deeper. The longest in the law has 9.
const MAX_LINKS: usize = 48;
/// The longest condition in bytes: the longest in the law has 400.
const MAX_LENGTH: usize = 8_192;

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
