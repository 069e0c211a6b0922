//! Tables with one moment a row: each row is a world of its own, with what `Given:` adds.
//!
//! It promises: nothing of one row is seen by another. It must never know what result a row expects, only
//! which rule it asks about.

use super::{Column, Expect, Runner, column};
use crate::case_facts::Happened;
use crate::facts::Subject;
use crate::page::Cell;
use crate::vocabulary::{KindId, Of, WordId};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

impl Runner<'_, '_> {
    pub(super) fn rows(&mut self) {
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
        // A draft of a guard's page has sums and no rule: the first kind that a guard decides about is meant.
        let decides = |kind: &KindId| self.book.rules.iter().any(|rule| rule.is_guard() && rule.kind == Some(*kind));
        if self.columns.iter().any(|column| matches!(column, Column::Expect(Expect::Decision))) {
            let mut named = cells.iter().filter_map(|(_, column, _)| match self.kind_of(column) {
                Some(Of::Kind(kind)) => Some(kind),
                _ => None,
            });
            main = main.or_else(|| named.find(decides));
        }
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
}
