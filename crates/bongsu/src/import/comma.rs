//! Comma-separated values.

use super::sheet::{self, Sheet};
use super::{RowError, limits};
use csv::ReaderBuilder;
use std::path::Path;

/// Reads the rows of a file. Rows are counted as a spreadsheet does: a line break inside a cell begins no row.
pub(super) fn read(path: &Path, bytes: &[u8]) -> Result<Sheet, RowError> {
    let text = sheet::text(path, bytes)?;
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let (mut breaks, mut held) = (0, 0);
    for record in reader.records() {
        let record = record.map_err(|e| RowError::file(path, "unreadable", format!("cannot be read: {e}"), ""))?;
        let line = record.position().map_or(0, csv::Position::line);
        let row = line.saturating_sub(breaks);
        breaks += record.iter().map(|cell| cell.matches('\n').count() as u64).sum::<u64>();
        let cells: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
        if cells.len() > limits::COLUMNS {
            let expected = format!("expected at most {} columns, found {} in row {row}", limits::COLUMNS, cells.len());
            return Err(RowError::file(path, "too-wide", expected, "a quotation mark may be missing"));
        }
        held += cells.len();
        if held > limits::CELLS {
            return Err(sheet::too_many(path));
        }
        if cells.iter().any(|cell| !cell.is_empty()) {
            rows.push((row, cells));
        }
    }
    Ok(Sheet { name: None, rows })
}
