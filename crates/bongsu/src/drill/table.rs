//! A table of a case: comma-separated values under a header, read column by column. Every error says where and what was expected.

use crate::trouble::Trouble;
use rulebook::number::Number;
use rulebook::time::{Instant, Zone};
use std::collections::BTreeMap;

/// Most rows of a table: an incident with more single transfers is told in sums (`count`).
const MAX_ROWS: usize = 100_000;

/// Most digits after the point: no chain has more than 18, and 30 leave room in 128 bits.
pub const MAX_DECIMALS: u8 = 30;

/// Most base units of an amount, as for every fact.
pub const MAX_UNITS: i128 = 1_000_000_000_000_000_000_000_000_000_000;

/// One row, with its place.
pub struct Row<'t> {
    file: &'t str,
    line: u64,
    cells: BTreeMap<&'t str, &'t str>,
}

/// Calls `each` for every row of a table whose header names exactly these columns, in any order; `needed` must not be empty.
pub fn rows(
    file: &str,
    text: &str,
    columns: &[&str],
    mut each: impl FnMut(&Row<'_>) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let broken = |e: csv::Error| Trouble::new(format!("{file}: {e}"), "a quotation mark or a comma may be missing");
    let header = reader.headers().map_err(broken)?.clone();
    for name in &header {
        if !columns.contains(&name) {
            return Err(Trouble::new(
                format!("{file}: unknown column `{name}`"),
                format!("the columns are {}", columns.join(", ")),
            ));
        }
    }
    for (count, record) in reader.records().enumerate() {
        if count >= MAX_ROWS {
            return Err(Trouble::new(
                format!("{file}: more than {MAX_ROWS} rows"),
                "tell many transfers as a sum with `count`",
            ));
        }
        let record = record.map_err(broken)?;
        let line = record.position().map_or(0, csv::Position::line);
        let cells = header.iter().zip(record.iter()).collect();
        each(&Row { file, line, cells })?;
    }
    Ok(())
}

impl<'t> Row<'t> {
    /// What is wrong with a cell of this row.
    pub fn wrong(&self, column: &str, expected: &str) -> Trouble {
        let found = self.cells.get(column).copied().unwrap_or_default();
        Trouble::new(
            format!("{}:{}: {column} `{found}`: expected {expected}", self.file, self.line),
            "docs/drills.md has the columns",
        )
    }

    /// A cell; none when it is empty or there is no such column.
    pub fn cell(&self, column: &str) -> Option<&'t str> {
        self.cells.get(column).copied().filter(|cell| !cell.is_empty())
    }

    /// A cell that must say something, at most 128 bytes as in every fact.
    pub fn text(&self, column: &str) -> Result<&'t str, Trouble> {
        self.cell(column).filter(|cell| cell.len() <= 128).ok_or_else(|| self.wrong(column, "1 to 128 bytes"))
    }

    /// A moment in UTC.
    pub fn moment(&self, column: &str) -> Result<Instant, Trouble> {
        self.cell(column)
            .and_then(moment)
            .ok_or_else(|| self.wrong(column, "a moment in UTC such as 2025-11-26T19:42:00Z"))
    }

    /// A whole number in a range; `otherwise` when the cell is empty.
    pub fn whole(&self, column: &str, low: u64, high: u64, otherwise: u64) -> Result<u64, Trouble> {
        match self.cell(column) {
            None => Ok(otherwise),
            Some(cell) => cell
                .parse()
                .ok()
                .filter(|n| (low..=high).contains(n))
                .ok_or_else(|| self.wrong(column, &format!("a whole number from {low} to {high}"))),
        }
    }

    /// A decimal that is not negative.
    pub fn number(&self, column: &str) -> Result<Number, Trouble> {
        let number = self.cell(column).and_then(Number::decimal).filter(|n| !n.is_negative());
        number.ok_or_else(|| self.wrong(column, "a decimal number such as 12.5"))
    }

    /// An amount of an asset in base units; digits below the base unit are refused.
    pub fn units(&self, column: &str, decimals: u8) -> Result<i128, Trouble> {
        let number = self.number(column)?;
        let units = number.multiply(&ten_to(decimals)).and_then(|n| n.to_integer());
        units.filter(|n| (0..=MAX_UNITS).contains(n)).ok_or_else(|| {
            self.wrong(column, &format!("at most {decimals} digits after the point and 10^30 base units"))
        })
    }
}

/// Reads a moment in UTC with its `Z`.
pub fn moment(text: &str) -> Option<Instant> {
    let text = text.strip_suffix('Z')?;
    text.contains('T').then(|| Zone::utc().read(text))?
}

/// Ten to the power of an asset's decimals.
pub fn ten_to(decimals: u8) -> Number {
    Number::integer(10_i128.checked_pow(u32::from(decimals.min(MAX_DECIMALS))).unwrap_or(1))
}
