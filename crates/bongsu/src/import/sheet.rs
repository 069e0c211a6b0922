//! A file as rows of text cells, whatever its form.

use super::{RowError, comma, ends_with, limits, workbook};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// The one table of a file.
pub(super) struct Sheet {
    /// Name of the sheet in a workbook.
    pub name: Option<String>,
    /// Rows that hold anything, with their numbers from 1.
    pub rows: Vec<(u64, Vec<String>)>,
}

/// How files begin that are zip archives, workbooks among them.
const ZIP: &[u8] = b"PK\x03\x04";
/// How the workbooks of before 2007 begin.
const OLD: &[u8] = b"\xd0\xcf\x11\xe0";

/// Reads a .csv or an .xlsx. What the file is decides its content; its name only says what was meant.
pub(super) fn read(path: &Path) -> Result<Sheet, RowError> {
    let bytes = bytes(path)?;
    if bytes.starts_with(ZIP) {
        return workbook::read(path, bytes);
    }
    if bytes.starts_with(OLD) {
        let hint = "open it and save it as .xlsx or as CSV UTF-8";
        return Err(RowError::file(
            path,
            "old-workbook",
            "expected .xlsx or .csv, found an old or encrypted workbook",
            hint,
        ));
    }
    if ends_with(path, &["xlsx", "xlsm"]) {
        let hint = "save it as .xlsx again; a text table ends in .csv";
        return Err(RowError::file(path, "not-a-workbook", "expected a workbook, but the file is none", hint));
    }
    comma::read(path, &bytes)
}

/// The bytes of a file within the limit: its size is asked first, and what it really holds is counted too, for a pipe has
/// no size and a file may grow.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, RowError> {
    let cannot = |e: std::io::Error| {
        RowError::file(path, "unreadable", format!("cannot be read: {e}"), "check the path and its permissions")
    };
    let large = |size: u64| {
        let expected = format!("expected at most {} MB, found {} MB or more", limits::FILE >> 20, size >> 20);
        RowError::file(
            path,
            "too-large",
            expected,
            "split the file; what is imported already is known and not written twice",
        )
    };
    let file = File::open(path).map_err(cannot)?;
    let about = file.metadata().map_err(cannot)?;
    if about.is_dir() {
        return Err(RowError::file(path, "unreadable", "expected a file, found a folder", "name the files in it"));
    }
    if about.len() > limits::FILE {
        return Err(large(about.len()));
    }
    let mut bytes = Vec::new();
    file.take(limits::FILE + 1).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() as u64 > limits::FILE {
        return Err(large(bytes.len() as u64));
    }
    Ok(bytes)
}

/// The text of a file: UTF-8, with or without its mark.
pub(super) fn text<'b>(path: &Path, bytes: &'b [u8]) -> Result<&'b str, RowError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let line = bytes.iter().take(e.valid_up_to()).filter(|b| **b == b'\n').count() + 1;
        let hint = "save it as CSV UTF-8; spreadsheets in Korea write CP949 otherwise";
        RowError::file(path, "not-utf-8", format!("expected UTF-8, found other bytes in line {line}"), hint)
    })?;
    if text.contains('\0') {
        return Err(RowError::file(path, "not-text", "expected text, found zero bytes", "give .csv, .xlsx or .jsonl"));
    }
    Ok(text)
}

/// More cells than are held.
pub(super) fn too_many(path: &Path) -> RowError {
    let expected = format!("expected at most {} cells, found more", limits::CELLS);
    RowError::file(
        path,
        "too-large",
        expected,
        "split the file; what is imported already is known and not written twice",
    )
}
