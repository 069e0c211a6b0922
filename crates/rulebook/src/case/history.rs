//! Tables that are a history: each row is recorded on top of those before it, then asked.
//!
//! It promises: a history ends, however its rows name their stretches. It must never know a row that is still to come.

use super::{Column, Runner, fact};
use crate::case_facts::Happened;
use crate::facts::Subject;
use crate::page::Cell;
use crate::time::{Instant, Zone, read_date};
use crate::vocabulary::Of;
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

/// The most moments one row may stand for: ten years of days.
const MAX_MOMENTS: usize = 3_700;
/// The most rows of a history: each is answered by looking at all before it. The longest in the law has 30.
const MAX_HISTORY_ROWS: usize = 1_000;
/// The most moments of a history, all rows together: thirty rows of ten years.
const MAX_HISTORY_MOMENTS: usize = 111_000;

impl Runner<'_, '_> {
    pub(super) fn history(&mut self) {
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
