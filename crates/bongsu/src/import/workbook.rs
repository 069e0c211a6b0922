//! The first sheet of an Excel workbook.
//!
//! Cells are read one after another, never as a full grid: two stray cells at opposite corners span 17 thousand million.

use super::sheet::{self, Sheet};
use super::{RowError, limits};
use calamine::{DataRef, ExcelDateTime, Reader, Style, Xlsx};
use rulebook::number::Number;
use std::io::{self, Cursor, Read};
use std::path::Path;

/// Reads the first sheet.
pub(super) fn read(path: &Path, bytes: Vec<u8>) -> Result<Sheet, RowError> {
    let broken = |why: String| {
        let hint = "open it in a spreadsheet and save it as .xlsx again";
        RowError::file(path, "not-a-workbook", format!("expected a workbook, but it cannot be read: {why}"), hint)
    };
    let size = unpacked(&bytes).map_err(|e| broken(e.to_string()))?;
    if size > limits::UNPACKED {
        let expected = format!("expected at most {} MB when unpacked, found more", limits::UNPACKED >> 20);
        return Err(RowError::file(path, "too-large", expected, "split the file, or save the table as CSV UTF-8"));
    }
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|e| broken(e.to_string()))?;
    let name = book.sheet_names().first().cloned().ok_or_else(|| broken("it has no sheet".to_owned()))?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(|e| broken(e.to_string()))?;
    let mut rows: Vec<(u64, Vec<String>)> = Vec::new();
    let mut held = 0;
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(|e| broken(e.to_string()))? {
        let (row, column) = cell.get_position();
        let text = text(cell.get_value(), is_percent(cells.styles().get(style)));
        if text.is_empty() {
            continue;
        }
        let (row, column) = (u64::from(row) + 1, column as usize);
        if column >= limits::COLUMNS {
            let expected = format!("expected at most {} columns, found more in row {row}", limits::COLUMNS);
            return Err(RowError::file(path, "too-wide", expected, "clear the stray cells at the right"));
        }
        if rows.last().is_none_or(|(last, _)| *last != row) {
            rows.push((row, Vec::new()));
        }
        if let Some((_, cells)) = rows.last_mut() {
            if cells.len() <= column {
                held += column + 1 - cells.len();
                if held > limits::CELLS {
                    return Err(sheet::too_many(path));
                }
                cells.resize(column + 1, String::new());
            }
            cells[column] = text;
        }
    }
    Ok(Sheet { name: Some(name), rows })
}

/// Bytes of all parts, counted as they unpack up to the limit: what an archive says about itself may be false.
fn unpacked(bytes: &[u8]) -> io::Result<u64> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(io::Error::other)?;
    let mut total = 0;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(io::Error::other)?;
        total += io::copy(&mut part.take(limits::UNPACKED + 1 - total), &mut io::sink())?;
        if total > limits::UNPACKED {
            break;
        }
    }
    Ok(total)
}

/// Whoever types `98.3 %` into a spreadsheet leaves the number 0.983 and a format.
fn is_percent(style: Option<&Style>) -> bool {
    style.and_then(|s| s.number_format.as_ref()).is_some_and(|f| f.format_code.contains('%'))
}

/// A cell as it would be typed.
fn text(value: &DataRef<'_>, percent: bool) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Int(number) => shown(number.to_string(), percent),
        // Rust prints the shortest decimal that is this very float: what was typed, up to the 15 digits that Excel keeps.
        DataRef::Float(number) => shown(number.to_string(), percent),
        DataRef::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        DataRef::DateTime(moment) if moment.is_datetime() => date(moment),
        DataRef::DateTime(length) => format!("{length:?}"),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    }
}

fn shown(number: String, percent: bool) -> String {
    if !percent {
        return number;
    }
    match Number::decimal(&number).and_then(|n| n.multiply(&Number::integer(100))) {
        Some(times) => format!("{times} %"),
        None => number,
    }
}

/// Midnight is a bare date: spreadsheets do not tell the two apart.
fn date(moment: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    match (hour, minute, second) {
        (0, 0, 0) => date,
        _ => format!("{date} {hour:02}:{minute:02}:{second:02}"),
    }
}
