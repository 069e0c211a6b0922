//! Case tables: facts in, expected results beside them. They are the rules' tests, in the rules' own page.
//!
//! A table whose first column is `case` has one moment a row; one whose first column is `at` is a history, recorded row by
//! row. Columns are facts, or terms and parameters given directly; headed `=`, expected. `Given:` holds what rows share;
//! an empty cell says nothing, `missing` is unknown, `none` known absent.

use crate::book::{Book, CaseTable, InstrumentId, RuleId, TermId};
use crate::case_facts::{CaseFacts, Happened};
use crate::cell::{self, CellValue};
use crate::evaluate::{At, Evaluator};
use crate::facts::Subject;
use crate::finding::Finding;
use crate::page::Cell;
use crate::problem::{Place, Problems, nearest};
use crate::time::{Instant, Zone, read_date};
use crate::unit::Type;
use crate::value::Value;
use crate::vocabulary::{Holds, KindId, Of, WordId};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// The most moments one row may stand for: ten years of days.
const MAX_MOMENTS: usize = 3_700;
/// The most rows of a history: each is answered by looking at all before it. The longest in the law has 30.
const MAX_HISTORY_ROWS: usize = 1_000;
/// The most moments of a history, all rows together: thirty rows of ten years.
const MAX_HISTORY_MOMENTS: usize = 111_000;

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

    // --- one moment a row ----------------------------------------------------------------------------------------

    fn rows(&mut self) {
        let table = &self.table.table;
        let empty = self.facts.clone();
        let mut shared: BTreeMap<String, Cell> =
            table.given.iter().map(|(name, value)| (name.text.clone(), value.clone())).collect();
        for row in &table.rows {
            if row.first().is_some_and(|c| c.text == "given") {
                shared = table
                    .header
                    .iter()
                    .zip(row)
                    .filter(|(_, c)| !c.text.is_empty())
                    .map(|(h, c)| (h.text.clone(), c.clone()))
                    .collect();
                continue;
            }
            self.facts = empty.clone();
            let Some(cells) = self.cells_of(row, &shared) else { continue };
            let Some(now) = cells.iter().find(|(name, ..)| name == "as of").map(|(_, _, cell)| cell.clone()) else {
                self.misfit(&row[0].place, "a case has a day", "add a column `as of`, or say it in `Given:`");
                continue;
            };
            let Some(now_at) = self.zone.read(&now.text) else {
                self.misfit(
                    &now.place,
                    format!("`{}` is not a moment", now.text),
                    "write 2026-01-31 or 2026-01-31 09:00",
                );
                continue;
            };
            let subject = self.place_subjects(&cells);
            for (name, column, cell) in &cells {
                self.give(name, column, cell, subject);
            }
            self.compare(row, now_at, subject, false);
        }
    }

    /// The cells of a row that say something, with what `Given:` adds.
    fn cells_of(&mut self, row: &[Cell], shared: &BTreeMap<String, Cell>) -> Option<Vec<(String, Column, Cell)>> {
        let mut cells: Vec<(String, Column, Cell)> = Vec::new();
        for ((header, column), cell) in self.table.table.header.iter().zip(&self.columns).zip(row) {
            if matches!(column, Column::Expect(_)) {
                continue;
            }
            let cell = if cell.text.is_empty() { shared.get(&header.text).cloned() } else { Some(cell.clone()) };
            if let Some(cell) = cell {
                cells.push((header.text.clone(), column.clone(), cell));
            }
        }
        for (name, cell) in shared {
            if self.table.table.header.iter().any(|h| h.text == *name) {
                continue;
            }
            let header = Cell { text: name.clone(), place: cell.place.clone() };
            match column(self.book, self.table.instrument, &header, None) {
                Ok(column) => cells.push((name.clone(), column, cell.clone())),
                Err((message, hint)) => {
                    self.problems.error(&cell.place, message, "in `Given:`", hint);
                    return None;
                }
            }
        }
        Some(cells)
    }

    /// Makes the subjects of a row, and says which one the row is about.
    fn place_subjects(&mut self, cells: &[(String, Column, Cell)]) -> Option<Subject> {
        let rule_kind = |column: &Column| match column {
            Column::Expect(Expect::Rule(rule)) => self.book.rules[rule.index()].kind,
            _ => None,
        };
        let about = self
            .table
            .table
            .about
            .as_deref()
            .and_then(|id| self.book.rule(id))
            .and_then(|r| self.book.rules[r.index()].kind);
        let mut main = about.or_else(|| self.columns.iter().find_map(rule_kind));
        let mut kinds: Vec<KindId> = main.into_iter().collect();
        for (_, column, _) in cells {
            if let Some(Of::Kind(kind)) = self.kind_of(column) {
                kinds.push(kind);
            }
        }
        for (_, column, cell) in cells {
            let Column::Kind(kind) = column else { continue };
            kinds.retain(|k| k != kind);
            main = main.filter(|m| m != kind);
            self.facts.roster(*kind, cell.text != "missing");
            if !matches!(cell.text.as_str(), "none" | "missing") {
                for name in cell.text.split(',') {
                    self.facts.subject(*kind, name.trim());
                }
            }
        }
        kinds.sort_by_key(|k| self.book.vocabulary.kind_name(*k));
        kinds.dedup();
        let subjects: Vec<Subject> = kinds.iter().map(|kind| self.facts.subject(*kind, "x")).collect();
        let subject = match main {
            Some(main) => subjects.iter().find(|s| s.kind == main).copied(),
            None if subjects.len() == 1 => subjects.first().copied(),
            None => None,
        };
        if let Some(subject) = subject {
            for other in subjects.iter().filter(|s| **s != subject) {
                self.facts.refer(subject, *other);
            }
        }
        subject
    }

    /// Gives one fact for all times.
    fn give(&mut self, name: &str, column: &Column, cell: &Cell, subject: Option<Subject>) {
        let owner = match self.kind_of(column) {
            Some(Of::Kind(kind)) => Some(self.facts.subject(kind, "x")),
            Some(Of::Any) => subject,
            _ => None,
        };
        match column {
            Column::Event(word) => self.give_event(*word, owner, cell),
            Column::Word(word, is) => {
                let name = self.book.vocabulary.word(*word).name.clone();
                if let Some(value) = self.read(cell, *is) {
                    self.facts.constant(owner, &name, value);
                }
            }
            Column::Given(is, _) => {
                if let Some(value) = self.read(cell, *is) {
                    self.facts.constant(owner, name, value);
                }
            }
            _ => {}
        }
    }

    fn give_event(&mut self, word: WordId, owner: Option<Subject>, cell: &Cell) {
        match cell.text.as_str() {
            "missing" => self.facts.unknown_event(owner, word),
            "none" => {}
            text => {
                let split = text.rsplit_once(' ');
                let whole = self.zone.read(text).map(|at| (at, None));
                let found =
                    whole.or_else(|| split.and_then(|(when, by)| Some((self.zone.read(when)?, Some(by.to_string())))));
                match found {
                    Some((at, by)) => self.facts.happened(owner, word, Happened { at, by, amount: None }),
                    None => self.misfit(
                        &cell.place,
                        format!("`{text}` is not a moment"),
                        "write 2026-01-31 09:00, with who or what after it where the event says so",
                    ),
                }
            }
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

    // --- a history -----------------------------------------------------------------------------------------------

    fn history(&mut self) {
        let table = &self.table.table;
        for (name, cell) in &table.given {
            match fact(self.book, self.table.instrument, &name.text) {
                Some(Column::Word(_, is) | Column::Given(is, _)) => {
                    if let Some(value) = self.read(cell, is) {
                        self.facts.record(None, &name.text, Instant::ALWAYS, value);
                    }
                }
                _ => self.misfit(
                    &name.place,
                    format!("`{}` cannot be given for a whole history", name.text),
                    "give quantities and terms; events go into rows",
                ),
            }
        }
        let mut moments_left = MAX_HISTORY_MOMENTS;
        for (at, row) in table.rows.iter().enumerate() {
            let Some(first) = row.first() else { continue };
            if at >= MAX_HISTORY_ROWS {
                return self.misfit(
                    &first.place,
                    format!("a history has at most {MAX_HISTORY_ROWS} rows"),
                    "tell it in several tables",
                );
            }
            let Some(times) = moments(&first.text, self.zone) else {
                self.misfit(
                    &first.place,
                    format!("`{}` is not a moment", first.text),
                    "write 2026-01-31, 2026-01-31 09:00, `days A to B` or `month ends 2026-01 to 2026-12`",
                );
                continue;
            };
            let left = moments_left.checked_sub(times.len()).filter(|_| times.len() <= MAX_MOMENTS);
            let Some(left) = left else {
                let message =
                    format!("a row stands for at most {MAX_MOMENTS} moments, a history for {MAX_HISTORY_MOMENTS}");
                return self.misfit(&first.place, message, "name a shorter stretch");
            };
            moments_left = left;
            let subject = self.row_subject(row);
            for (index, cell) in row.iter().enumerate() {
                if !cell.text.is_empty() {
                    self.record(index, cell, &times, subject);
                }
            }
            let now = times.last().copied().unwrap_or(Instant::ALWAYS);
            self.compare(row, now, subject, true);
        }
    }

    /// The first filled subject column is the row's subject; the others are what it refers to.
    fn row_subject(&mut self, row: &[Cell]) -> Option<Subject> {
        let mut subject: Option<Subject> = None;
        for (column, cell) in self.columns.iter().zip(row) {
            let Column::Kind(kind) = column else { continue };
            if cell.text.is_empty() {
                continue;
            }
            if matches!(cell.text.as_str(), "none" | "missing") {
                self.facts.roster(*kind, cell.text == "none");
                continue;
            }
            let found = self.facts.subject(*kind, &cell.text);
            match subject {
                None => subject = Some(found),
                Some(from) => self.facts.refer(from, found),
            }
        }
        subject
    }

    fn record(&mut self, index: usize, cell: &Cell, times: &[Instant], subject: Option<Subject>) {
        let (Some(column), Some(header)) = (self.columns.get(index).cloned(), self.table.table.header.get(index))
        else {
            return;
        };
        use crate::facts::Facts;
        let owner = match self.kind_of(&column) {
            Some(Of::Any) => subject,
            Some(Of::Kind(kind)) => match subject {
                Some(s) if s.kind == kind => subject,
                Some(s) => self.facts.refers(s, kind).or(subject),
                None => None,
            },
            _ => None,
        };
        match column {
            Column::Event(word) => match cell.text.as_str() {
                "missing" => self.facts.unknown_event(owner, word),
                "none" => {}
                text => {
                    for at in times {
                        let by = (text != "yes").then(|| text.to_string());
                        self.facts.happened(owner, word, Happened { at: *at, by, amount: None });
                    }
                }
            },
            Column::Word(_, is) | Column::Given(is, _) => {
                if let Some(value) = self.read(cell, is) {
                    for at in times {
                        self.facts.record(owner, &header.text, *at, value.clone());
                    }
                }
            }
            _ => {}
        }
    }

    // --- comparing -----------------------------------------------------------------------------------------------

    fn compare(&mut self, row: &[Cell], now: Instant, subject: Option<Subject>, keeps: bool) {
        let expects: Vec<(Expect, &Cell)> = self
            .columns
            .iter()
            .zip(row)
            .filter_map(|(column, cell)| match column {
                Column::Expect(e) if !cell.text.is_empty() => Some((*e, cell)),
                _ => None,
            })
            .collect();
        // `short`, `due` and the like belong to the nearest result on their left that this row asks for.
        let rules: Vec<(usize, RuleId)> = self
            .columns
            .iter()
            .zip(row)
            .enumerate()
            .filter_map(|(i, (column, cell))| match column {
                Column::Expect(Expect::Rule(rule)) if !cell.text.is_empty() => Some((i, *rule)),
                _ => None,
            })
            .collect();
        let decision = if expects.iter().any(|(e, _)| matches!(e, Expect::Decision | Expect::By)) {
            Some(self.decide(now, subject, keeps))
        } else {
            None
        };
        for (expect, cell) in expects {
            self.expectations += 1;
            let got = match expect {
                Expect::Decision => decision.as_ref().map_or(String::new(), |(d, _)| d.clone()),
                Expect::By => decision.as_ref().map_or(String::new(), |(_, by)| by.clone()),
                _ => {
                    let column = row.iter().position(|c| c.place == cell.place).unwrap_or(0);
                    let left: Vec<RuleId> = rules.iter().rev().filter(|(i, _)| *i <= column).map(|(_, r)| *r).collect();
                    self.result(expect, &left, &cell.text, now, subject)
                }
            };
            if got != cell.text {
                let name = self
                    .table
                    .table
                    .name
                    .clone()
                    .unwrap_or_else(|| row.first().map_or(String::new(), |c| c.text.clone()));
                self.problems.error(
                    &cell.place,
                    format!("case `{name}` expects `{}`, the rules say `{got}`", cell.text),
                    "this cell",
                    "work the result out from the text of the law: is the rule wrong, or the case?",
                );
            }
        }
    }

    /// A result as a cell would say it; the expected text itself where it means the same.
    fn result(
        &self,
        expect: Expect,
        left: &[RuleId],
        expected: &str,
        now: Instant,
        subject: Option<Subject>,
    ) -> String {
        let mut evaluator = Evaluator::new(self.book, &self.facts);
        let at = evaluator.at(now, self.table.instrument);
        let mut finding = |rule: RuleId| -> Option<Finding> {
            let kind = self.book.rules[rule.index()].kind;
            let subject = subject.filter(|s| Some(s.kind) == kind);
            evaluator.findings(rule, &At { subject, ..at }).into_iter().next()
        };
        let about = || self.table.table.about.as_deref().and_then(|id| self.book.rule(id));
        let of = if left.is_empty() { about().into_iter().collect() } else { left.to_vec() };
        match expect {
            Expect::Rule(rule) => match finding(rule) {
                Some(f) => f.verdict.name().to_string(),
                None => String::new(),
            },
            Expect::Status => {
                of.first().and_then(|r| finding(*r)).map_or(String::new(), |f| f.status.name().to_string())
            }
            Expect::Short => {
                let amount = of.iter().find_map(|r| finding(*r)?.short);
                amount.map_or(String::new(), |a| {
                    if cell::means(expected, &a.value, a.is, self.zone) {
                        expected.to_string()
                    } else {
                        cell::show(&a.value, a.is, self.zone)
                    }
                })
            }
            Expect::Due => of.iter().find_map(|r| finding(*r)?.due).map_or(String::new(), |due| self.zone.show(due)),
            Expect::Elapsed => of
                .iter()
                .find_map(|r| finding(*r)?.elapsed)
                .map_or(String::new(), |ms| format!("{} min", ms / crate::time::MINUTE)),
            Expect::Term(term) => {
                let is = self.book.terms[term.index()].is_type;
                let kind = self.book.terms[term.index()].kind;
                let subject = subject.filter(|s| kind == Some(s.kind));
                let value = self.term(&mut evaluator, term, &At { subject, ..at });
                let value = value.to_owned();
                if cell::means(expected, &value, is, self.zone) {
                    expected.to_string()
                } else {
                    cell::show(&value, is, self.zone)
                }
            }
            Expect::Decision | Expect::By => String::new(),
        }
    }

    fn term<'f>(&self, evaluator: &mut Evaluator<'f, CaseFacts>, term: TermId, at: &At<'f>) -> Value<'f> {
        evaluator.both_ways(
            at,
            &mut |this, at| this.term(term, at),
            &mut |_, yes, no, why| if yes == no { yes } else { Value::Unknown(why) },
            &mut |_, why| Value::Unknown(why),
        )
    }

    /// A guard's decision; in a history an allowed withdrawal leaves its wallet.
    fn decide(&mut self, now: Instant, subject: Option<Subject>, keeps: bool) -> (String, String) {
        let vocabulary = &self.book.vocabulary;
        let words = (vocabulary.kind("withdrawal"), vocabulary.kind("wallet"), vocabulary.find("wallet.outflow"));
        let mut left = None;
        if let (Some(withdrawal), Some(wallet), Some(outflow)) = words
            && let Some(subject) = subject.filter(|s| s.kind == withdrawal)
        {
            use crate::facts::Facts;
            let wallet = match self.facts.refers(subject, wallet) {
                Some(wallet) => wallet,
                None => {
                    let wallet = self.facts.subject(wallet, "x");
                    self.facts.refer(subject, wallet);
                    wallet
                }
            };
            let amount = self.facts.amount(Some(subject), "value");
            self.facts.happened(Some(wallet), outflow, Happened { at: now, by: None, amount });
            left = Some((wallet, outflow));
        }
        let mut evaluator = Evaluator::new(self.book, &self.facts);
        let at = At { subject, ..evaluator.at(now, self.table.instrument) };
        let decision = evaluator.decide(&at);
        let effect = decision.effect.as_ref().map_or("none", |e| e.name()).to_string();
        let by = match (decision.rule, &decision.effect) {
            (Some(rule), _) => self.book.rules[rule.index()].id.clone(),
            (None, Some(_)) => "default".to_string(),
            (None, None) => String::new(),
        };
        if let (Some((wallet, outflow)), true) = (left, !keeps || effect != "allow") {
            self.facts.take_back(Some(wallet), outflow, now);
        }
        (effect, by)
    }
}

/// The moments a history's first column stands for; one more than [`MAX_MOMENTS`] where they are too many.
fn moments(text: &str, zone: &Zone) -> Option<Vec<Instant>> {
    let mut list = Vec::new();
    if let Some((from, to)) = text.strip_prefix("days ").and_then(|t| t.split_once(" to ")) {
        let (mut day, last) = (read_date(from)?, read_date(to)?);
        while day <= last && list.len() <= MAX_MOMENTS {
            list.push(zone.end_of(day));
            day = day.tomorrow().ok()?;
        }
    } else if let Some((from, to)) = text.strip_prefix("month ends ").and_then(|t| t.split_once(" to ")) {
        let (mut day, last) = (read_date(&format!("{from}-01"))?, read_date(&format!("{to}-01"))?.last_of_month());
        while day <= last && list.len() <= MAX_MOMENTS {
            list.push(zone.end_of(day.last_of_month()));
            day = day.last_of_month().tomorrow().ok()?;
        }
    } else {
        list.push(zone.read(text)?);
    }
    (!list.is_empty()).then_some(list)
}
