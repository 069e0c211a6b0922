//! Case tables: facts in, expected results beside them. They are the rules' tests, in the rules' own page.
//!
//! A table whose first column is `case` has one moment a row; one whose first column is `at` is a history, recorded row by
//! row. Columns are facts, or terms and parameters given directly; headed `=`, expected. `Given:` holds what rows share;
//! an empty cell says nothing, `missing` is unknown, `none` known absent.
//!
//! It promises: a column that means nothing is an error, never passed over. It must never know of any fact outside its table.
//!
//! Here stand the columns and the running; `rows` and `history` read the two forms, `results` compares.

mod history;
mod results;
mod rows;

use crate::book::{Book, CaseTable, InstrumentId, RuleId, TermId};
use crate::case_facts::CaseFacts;
use crate::cell::{self, CellValue};
use crate::page::Cell;
use crate::problem::{Place, Problems, nearest};
use crate::time::Zone;
use crate::unit::Type;
use crate::vocabulary::{Holds, KindId, Of, WordId};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Runs one table; returns how many expectations it holds. What is wrong goes to `problems`.
pub fn run(book: &Book, table: &CaseTable, problems: &mut Problems) -> usize {
    let mut columns = Vec::new();
    for header in &table.table.header {
        match column(book, table.instrument, header, table.table.about.as_deref()) {
            Ok(column) => columns.push(column),
            Err((message, hint)) => {
                problems.error(&header.place, message, "this column", hint);
                return 0;
            }
        }
    }
    let mut runner = Runner {
        book,
        table,
        columns,
        zone: &book.instruments[table.instrument.index()].zone,
        problems,
        facts: CaseFacts::new(book.vocabulary.words().map(|(id, w)| (id, w.name.clone()))),
        expectations: 0,
    };
    if table.table.header.first().is_some_and(|c| c.text == "case") {
        runner.rows()
    } else {
        runner.history()
    }
    runner.expectations
}

/// What a column holds.
#[derive(Clone, Debug)]
enum Column {
    /// `case`, `as of`, `at`.
    Frame,
    /// A list of subjects, or the subject of a row.
    Kind(KindId),
    /// A word with a value.
    Word(WordId, Type),
    /// A word with moments.
    Event(WordId),
    /// A term, parameter or judgement given directly.
    Given(Type, Option<KindId>),
    /// An expected result.
    Expect(Expect),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expect {
    Rule(RuleId),
    Term(TermId),
    Short,
    Due,
    Elapsed,
    Status,
    Decision,
    By,
}

type Misfit = (String, String);

fn column(book: &Book, instrument: InstrumentId, header: &Cell, about: Option<&str>) -> Result<Column, Misfit> {
    let name = header.text.as_str();
    if let Some(expected) = name.strip_prefix('=') {
        return expectation(book, instrument, expected.trim(), about).map(Column::Expect);
    }
    if matches!(name, "case" | "as of" | "at") {
        return Ok(Column::Frame);
    }
    if let Some(kind) = book.vocabulary.kind(name) {
        return Ok(Column::Kind(kind));
    }
    fact(book, instrument, name).ok_or_else(|| {
        let words = book.vocabulary.words().map(|(_, w)| w.name.as_str());
        let terms = book.terms.iter().map(|t| t.id.as_str());
        let hint = nearest(name, words.chain(terms)).map_or_else(
            || "columns are facts of the word list, terms of this page, or `= rule`".to_string(),
            |n| format!("did you mean `{n}`?"),
        );
        (format!("there is no fact or term `{name}`"), hint)
    })
}

fn fact(book: &Book, instrument: InstrumentId, name: &str) -> Option<Column> {
    if let Some(is) = cell::column_type(book, instrument, name) {
        let kind = book.term(instrument, name).map(|t| book.terms[t.index()].kind);
        let kind = kind.or_else(|| book.judgement(instrument, name).map(|j| book.judgements[j.index()].kind)).flatten();
        return Some(Column::Given(is, kind));
    }
    let word = book.vocabulary.find(name)?;
    Some(match book.vocabulary.word(word).holds {
        Holds::Value(is) => Column::Word(word, is),
        Holds::Event { .. } => Column::Event(word),
    })
}

fn expectation(book: &Book, instrument: InstrumentId, name: &str, about: Option<&str>) -> Result<Expect, Misfit> {
    let of_rule = || about.and_then(|id| book.rule(id));
    Ok(match name {
        "short" => Expect::Short,
        "due" => Expect::Due,
        "elapsed" => Expect::Elapsed,
        "status" => Expect::Status,
        "decision" => Expect::Decision,
        "by" => Expect::By,
        "verdict" => match of_rule() {
            Some(rule) => Expect::Rule(rule),
            None => {
                return Err(("`= verdict` follows a rule".to_string(), "name the rule: `= kr.vaupa.7-3`".to_string()));
            }
        },
        _ => match (book.rule(name), book.term(instrument, name)) {
            (Some(rule), _) => Expect::Rule(rule),
            (None, Some(term)) => Expect::Term(term),
            (None, None) => {
                let known = book.rules.iter().map(|r| r.id.as_str()).chain(book.terms.iter().map(|t| t.id.as_str()));
                let hint = nearest(name, known).map_or_else(
                    || "results are rules, terms, verdict, short, due, elapsed, status, decision, by".to_string(),
                    |n| format!("did you mean `{n}`?"),
                );
                return Err((format!("there is no rule or term `{name}`"), hint));
            }
        },
    })
}

struct Runner<'b, 'p> {
    book: &'b Book,
    table: &'b CaseTable,
    columns: Vec<Column>,
    zone: &'b Zone,
    problems: &'p mut Problems,
    facts: CaseFacts,
    expectations: usize,
}

impl<'b> Runner<'b, '_> {
    fn misfit(&mut self, place: &Place, message: impl Into<String>, hint: &str) {
        self.problems.error(place, message, "", hint);
    }

    /// The kind of subject that a column's values belong to.
    fn kind_of(&self, column: &Column) -> Option<Of> {
        match column {
            Column::Word(word, _) | Column::Event(word) => Some(self.book.vocabulary.word(*word).of),
            Column::Given(_, Some(kind)) => Some(Of::Kind(*kind)),
            Column::Given(_, None) => Some(Of::Exchange),
            _ => None,
        }
    }

    fn read(&mut self, cell: &Cell, is: Type) -> Option<CellValue> {
        match cell::read(&cell.text, is, self.zone) {
            Ok(value) => Some(value),
            Err(why) => {
                self.misfit(
                    &cell.place,
                    format!("`{}` does not fit: {why}", cell.text),
                    "`bongsu words` lists each word's unit",
                );
                None
            }
        }
    }
}
