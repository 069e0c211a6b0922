//! A page as written: Markdown with TOML blocks and case tables, every part with its place.
//!
//! This module knows the form of a page, not the meaning of a rule: which keys a block may have ([`KEYS`]), not what they do.

use crate::problem::{Place, Problems, nearest};
use crate::time::{Date, read_date};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One file of a rulebook.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its path, as messages name it and as a draft's `base` finds it.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// The kinds of block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum BlockKind {
    Page,
    Draft,
    Define,
    Parameter,
    Rule,
    Exception,
    Judgement,
    Reading,
    Holidays,
    Supervision,
    Sharing,
}

/// The keys each kind of block may have. Anything else is an error: a misspelt `until` must not be silence.
pub const KEYS: [(BlockKind, &str, &[&str]); 11] = [
    (BlockKind::Page, "page", &["id", "title", "zone", "calendar", "authority", "read", "default"]),
    (BlockKind::Draft, "draft", &["id", "base", "title", "by", "on"]),
    (BlockKind::Define, "define", &["id", "title", "cite", "for", "from", "until", "is"]),
    (BlockKind::Parameter, "parameter", &["id", "title", "unit", "cite", "values", "means", "status", "open"]),
    (
        BlockKind::Rule,
        "rule",
        &[
            "id",
            "title",
            "cite",
            "for",
            "topic",
            "status",
            "open",
            "from",
            "until",
            "applies",
            "require",
            "short",
            "measured",
            "cure",
            "starts",
            "due",
            "done",
            "on_holiday",
            "contains",
            "penalty",
            "when",
            "then",
            "mode",
            "ground",
        ],
    ),
    (
        BlockKind::Exception,
        "exception",
        &[
            "id",
            "title",
            "over",
            "cite",
            "from",
            "until",
            "when",
            "beats",
            "exempt",
            "is",
            "require",
            "short",
            "due",
            "done",
            "on_holiday",
            "status",
            "open",
            "then",
            "mode",
        ],
    ),
    (BlockKind::Judgement, "judgement", &["id", "title", "for", "cite", "asks", "look"]),
    (BlockKind::Reading, "reading", &["about", "question", "choice", "by", "on"]),
    (BlockKind::Holidays, "holidays", &["calendar", "first", "last", "days", "cite"]),
    (BlockKind::Supervision, "supervision", &["id", "rules", "cite", "values", "status", "open"]),
    (BlockKind::Sharing, "sharing", &["id", "rules", "cite", "values", "status", "open"]),
];

/// A value of a block, with its bytes in the file.
#[derive(Clone, Debug)]
pub struct Value {
    /// What it is.
    pub is: Is,
    /// Where it stands.
    pub place: Place,
}

/// The forms a value has.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Is {
    /// Text and the file offset of its first byte, when it is written without escapes.
    Text(String, Option<usize>),
    /// A number as written, without sign changes or rounding.
    Number(String),
    YesNo(bool),
    Date(Date),
    List(Vec<Value>),
    Table(Vec<(String, Value)>),
    /// Something no block uses, such as a time of day.
    Other,
}

/// One fenced block.
#[derive(Clone, Debug)]
pub struct Block {
    /// What kind.
    pub kind: BlockKind,
    /// Its keys in their order.
    pub keys: Vec<(String, Value)>,
    /// The fence line.
    pub place: Place,
    /// The heading it stands under.
    pub heading: String,
}

impl Block {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.keys.iter().find(|(k, _)| k == key).map(|(_, v)| v)
    }

    /// The text of a key.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Value::text)
    }
}

impl Value {
    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.is {
            Is::Text(text, _) => Some(text),
            _ => None,
        }
    }
}

/// One cell of a table.
#[derive(Clone, Debug)]
pub struct Cell {
    /// Its text, trimmed.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// One case table with what stands above it.
#[derive(Clone, Debug)]
pub struct Table {
    /// The name of a `Case:` line, for a history.
    pub name: Option<String>,
    /// What `Given:` says: name and value.
    pub given: Vec<(Cell, Cell)>,
    /// The columns.
    pub header: Vec<Cell>,
    /// The rows; each has as many cells as the header.
    pub rows: Vec<Vec<Cell>>,
    /// The id of the last rule or term above it.
    pub about: Option<String>,
}

/// A page taken apart.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Which source.
    pub file: usize,
    /// Its blocks in order.
    pub blocks: Vec<Block>,
    /// Its case tables in order.
    pub tables: Vec<Table>,
}

/// The largest page. The longest instrument here has 60 kB; a page of 2 MiB is not one.
pub const MAX_PAGE_BYTES: usize = 2 * 1024 * 1024;

impl Page {
    /// Takes a source apart and notes what is wrong with its form.
    pub fn read(source: &Source, file: usize, problems: &mut Problems) -> Page {
        let mut page = Page { file, ..Page::default() };
        if source.text.len() > MAX_PAGE_BYTES {
            let at = Place { file, span: 0..0 };
            problems.error(
                &at,
                format!("a page has at most {MAX_PAGE_BYTES} bytes"),
                format!("{} bytes", source.text.len()),
                "split it by instrument",
            );
            return page;
        }
        let mut scan = Scan {
            page: &mut page,
            problems,
            file,
            heading: String::new(),
            name: None,
            given: Vec::new(),
            about: None,
        };
        scan.lines(&source.text);
        page
    }

    /// The paths a draft is laid over, relative to the draft.
    pub fn base(&self) -> Vec<(String, Place)> {
        let draft = self.blocks.iter().find(|b| b.kind == BlockKind::Draft);
        let Some(Is::List(list)) = draft.and_then(|b| b.get("base")).map(|v| &v.is) else { return Vec::new() };
        list.iter().filter_map(|v| v.text().map(|t| (t.to_string(), v.place.clone()))).collect()
    }
}

struct Scan<'a> {
    page: &'a mut Page,
    problems: &'a mut Problems,
    file: usize,
    heading: String,
    name: Option<String>,
    given: Vec<(Cell, Cell)>,
    about: Option<String>,
}

/// A line with its offset, without the line break.
type Line<'t> = (usize, &'t str);

impl Scan<'_> {
    fn place(&self, start: usize, text: &str) -> Place {
        Place { file: self.file, span: start..start.saturating_add(text.len()) }
    }

    fn lines(&mut self, text: &str) {
        let mut lines: Vec<Line<'_>> = Vec::new();
        let mut at = 0usize;
        for line in text.split_inclusive('\n') {
            lines.push((at, line.trim_end_matches(['\n', '\r'])));
            at = at.saturating_add(line.len());
        }
        let mut i = 0;
        while let Some(&(start, line)) = lines.get(i) {
            let rest = lines.get(i..).unwrap_or(&[]);
            i = i.saturating_add(if line.starts_with("```") {
                self.fence(text, rest)
            } else if line.starts_with('|') {
                self.table(rest)
            } else if let Some(words) = line.strip_prefix("Given:") {
                self.given(start.saturating_add(6), words, rest)
            } else {
                if let Some(name) = line.strip_prefix("Case:") {
                    self.name = Some(name.trim().to_string());
                } else if line.starts_with('#') {
                    self.heading = line.trim_start_matches('#').trim().to_string();
                }
                1
            });
        }
    }

    /// Reads a fenced block; returns how many lines it takes.
    fn fence(&mut self, text: &str, lines: &[Line<'_>]) -> usize {
        let Some(&(start, open)) = lines.first() else { return 1 };
        let place = self.place(start, open);
        let word = open.trim_start_matches('`').trim();
        let close = lines.iter().skip(1).position(|(_, l)| l.trim_end() == "```");
        let Some(close) = close else {
            self.problems.error(
                &place,
                "this block does not end",
                "opened here",
                "close it with a line of three backticks",
            );
            return lines.len();
        };
        let taken = close.saturating_add(2);
        let Some((kind, _, keys)) = KEYS.iter().find(|(_, name, _)| *name == word) else {
            // Other fences are prose: a formula, an example. One that names itself is meant to be a block.
            if let Some(near) = nearest(word, KEYS.iter().map(|(_, n, _)| *n)) {
                let inside = lines.iter().skip(1).take(close);
                let meant = inside.map(|(_, l)| l).any(|l| l.starts_with("id ") || l.starts_with("id="));
                let (message, hint) = (format!("`{word}` is no kind of block"), format!("did you mean `{near}`?"));
                match meant {
                    true => self.problems.error(&place, message, "unknown kind of block", hint),
                    false => self.problems.warn(&place, message, "read as prose", hint),
                }
            }
            return taken;
        };
        let from = lines.get(1).map_or(start, |(at, _)| *at);
        let to = lines.get(close.saturating_add(1)).map_or(from, |(at, _)| *at);
        let body = text.get(from..to).unwrap_or("");
        let (table, errors) = DeTable::parse_recoverable(body);
        if let Some(error) = errors.iter().min_by_key(|e| e.span().map_or(0, |s| s.start)) {
            // What follows the first slip is guessed at by the reader of TOML; a block with a hole in it says nothing.
            let span = error.span().unwrap_or(0..0);
            let (start, end) = (from.saturating_add(span.start), from.saturating_add(span.end));
            let at = Place { file: self.file, span: start..end };
            let hint = "texts stand in quotes, lists in [ ], dates and numbers bare: from = 2024-07-19";
            self.problems.error(
                &at,
                format!("this block cannot be read: {}", error.message()),
                "here, or just before",
                hint,
            );
            return taken;
        }
        let mut block = Block { kind: *kind, keys: Vec::new(), place, heading: self.heading.clone() };
        for (key, value) in table.get_ref() {
            let span = key.span();
            let at = Place { file: self.file, span: from.saturating_add(span.start)..from.saturating_add(span.end) };
            let name = key.get_ref().to_string();
            if !keys.contains(&name.as_str()) {
                let hint = match nearest(&name, keys.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("keys of a {word}: {}", keys.join(", ")),
                };
                self.problems.error(&at, format!("a {word} has no key `{name}`"), "unknown key", hint);
                continue;
            }
            let value = convert(value, body, from, self.file);
            block.keys.push((name, value));
        }
        block.keys.sort_by_key(|(_, v)| v.place.span.start);
        if matches!(kind, BlockKind::Rule | BlockKind::Define) {
            self.about = block.text("id").map(ToString::to_string);
        }
        self.page.blocks.push(block);
        taken
    }

    /// Reads `Given: a = 1; b = 2`, which may run over several lines.
    fn given(&mut self, start: usize, words: &str, lines: &[Line<'_>]) -> usize {
        let mut taken = 1usize;
        let mut parts = Vec::from([(start, words)]);
        for &(at, line) in lines.iter().skip(1) {
            if line.trim().is_empty() || line.starts_with('|') {
                break;
            }
            taken = taken.saturating_add(1);
            parts.push((at, line));
        }
        self.given.clear();
        for (mut at, line) in parts {
            for item in line.split(';') {
                if let Some((name, value)) = item.split_once('=') {
                    let after = at.saturating_add(name.len()).saturating_add(1);
                    let pair = (self.cell(at, name), self.cell(after, value));
                    self.given.push(pair);
                } else if !item.trim().is_empty() {
                    let place = self.place(at, item);
                    self.problems.error(
                        &place,
                        "`Given:` is a list of `name = value`",
                        "no `=` here",
                        "write: Given: as of = 2026-01-01; held = 42 BTC",
                    );
                }
                at = at.saturating_add(item.len()).saturating_add(1);
            }
        }
        taken
    }

    fn cell(&self, start: usize, text: &str) -> Cell {
        let trimmed = text.trim();
        let lead = text.len().saturating_sub(text.trim_start().len());
        Cell { text: trimmed.to_string(), place: self.place(start.saturating_add(lead), trimmed) }
    }

    fn cells(&self, (start, line): Line<'_>) -> Vec<Cell> {
        let body = line.trim_end();
        let body = body.strip_prefix('|').unwrap_or(body);
        let body = body.strip_suffix('|').unwrap_or(body);
        let mut at = start.saturating_add(1);
        let mut cells = Vec::new();
        for part in body.split('|') {
            cells.push(self.cell(at, part));
            at = at.saturating_add(part.len()).saturating_add(1);
        }
        cells
    }

    /// Reads a table; one whose first column is `case` or `at` is a case table.
    fn table(&mut self, lines: &[Line<'_>]) -> usize {
        let count = lines.iter().take_while(|(_, l)| l.starts_with('|')).count();
        let rows = lines.get(..count).unwrap_or(&[]);
        let Some(&first) = rows.first() else { return 1 };
        let ruled = rows.get(1).is_some_and(|(_, l)| l.len() > 1 && l.bytes().all(|b| b"|-: ".contains(&b)));
        let header = self.cells(first);
        let is_case = matches!(header.first().map(|c| c.text.as_str()), Some("case" | "at"));
        if !ruled || !is_case {
            if header.iter().any(|c| c.text.starts_with('=')) {
                let place = self.place(first.0, first.1);
                self.problems.error(
                    &place,
                    "a case table starts with a column `case` or `at` over a line of dashes",
                    "expected results, but no case table",
                    "name the first column `case` (one moment a row) or `at` (a history)",
                );
            }
            return count;
        }
        let mut table = Table {
            name: self.name.take(),
            given: core::mem::take(&mut self.given),
            header,
            rows: Vec::new(),
            about: self.about.clone(),
        };
        for &row in rows.iter().skip(2) {
            let cells = self.cells(row);
            if cells.len() != table.header.len() {
                let place = self.place(row.0, row.1);
                self.problems.error(
                    &place,
                    format!("{} cells under {} columns", cells.len(), table.header.len()),
                    "this row",
                    "give each column a cell, empty if need be",
                );
                continue;
            }
            table.rows.push(cells);
        }
        self.page.tables.push(table);
        count
    }
}

fn convert(value: &Spanned<DeValue<'_>>, body: &str, from: usize, file: usize) -> Value {
    let span = value.span();
    let place = Place { file, span: from.saturating_add(span.start)..from.saturating_add(span.end) };
    let is = match value.get_ref() {
        DeValue::String(text) => {
            Is::Text(text.to_string(), verbatim(text, body, &span).map(|at| from.saturating_add(at)))
        }
        DeValue::Integer(number) => Is::Number(number.to_string()),
        DeValue::Float(number) => Is::Number(number.as_str().to_string()),
        DeValue::Boolean(truth) => Is::YesNo(*truth),
        DeValue::Datetime(when) => match (when.date, when.time) {
            (Some(date), None) => match read_date(&date.to_string()) {
                Some(date) => Is::Date(date),
                None => Is::Other,
            },
            _ => Is::Other,
        },
        DeValue::Array(list) => Is::List(list.iter().map(|v| convert(v, body, from, file)).collect()),
        DeValue::Table(table) => {
            Is::Table(table.iter().map(|(k, v)| (k.get_ref().to_string(), convert(v, body, from, file))).collect())
        }
    };
    Value { is, place }
}

/// Where a string's text starts in the body, when the file holds it letter for letter.
fn verbatim(text: &str, body: &str, span: &Range<usize>) -> Option<usize> {
    let raw = body.get(span.clone())?;
    let quote = if raw.starts_with("\"\"\"") || raw.starts_with("'''") { 3 } else { 1 };
    let inner = raw.get(quote..raw.len().checked_sub(quote)?)?;
    let skip = if quote == 3 && inner.starts_with('\n') { 1 } else { 0 };
    (inner.get(skip..)? == text).then_some(span.start.checked_add(quote)?.checked_add(skip)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> (Page, Vec<String>) {
        let mut problems = Problems::default();
        let page = Page::read(&Source { path: "p.md".into(), text: text.into() }, 0, &mut problems);
        (
            page,
            problems
                .sorted()
                .into_iter()
                .map(|p| format!("{}..{} {} ({})", p.span.start, p.span.end, p.message, p.hint))
                .collect(),
        )
    }

    #[test]
    fn blocks_keep_the_place_of_every_text() {
        let text = "## A\n```rule\nid = \"r\"\nrequire = [\"\"\"\na >= b\"\"\"]\nfrom = 2024-07-19\n```\n";
        let (page, problems) = check(text);
        assert!(problems.is_empty(), "{problems:?}");
        let rule = &page.blocks[0];
        assert_eq!(rule.heading, "A");
        let Is::List(list) = &rule.get("require").unwrap().is else { panic!() };
        let Is::Text(condition, Some(at)) = &list[0].is else { panic!() };
        assert_eq!(&text[*at..*at + condition.len()], "a >= b");
    }

    #[test]
    fn wrong_forms_are_named() {
        for (text, says) in [
            ("```rule\nunitl = 2024-01-01\n```", "a rule has no key `unitl` (did you mean `until`?)"),
            ("```rule\nid = \"a\"\n", "does not end"),
            ("```rule\nid = = \n```", "TOML"),
            ("```ruel\nid = 1\n```", "`ruel` is no kind of block"),
            ("| x | = verdict |\n|---|---|\n| a | met |", "starts with a column `case`"),
            ("| case | = verdict |\n|---|---|\n| a |", "1 cells under 2 columns"),
            ("Given: a 1\n", "a list of `name = value`"),
        ] {
            let (_, problems) = check(text);
            assert!(
                problems.iter().any(|p| p.contains(says)) || (says == "TOML" && !problems.is_empty()),
                "{text}: {problems:?}"
            );
        }
    }

    #[test]
    fn given_and_case_belong_to_the_next_table_only() {
        let (page, _) = check(
            "Case: one\nGiven: a = 1;\n b = 2\n\n| at | = x |\n|---|---|\n| 2026-01-01 | yes |\n\n| case | = x |\n|--|--|\n| c | no |\n",
        );
        assert_eq!(page.tables.len(), 2);
        assert_eq!(page.tables[0].name.as_deref(), Some("one"));
        assert_eq!(page.tables[0].given.len(), 2);
        assert!(page.tables[1].given.is_empty());
        assert_eq!(page.tables[1].name, None);
    }
}
