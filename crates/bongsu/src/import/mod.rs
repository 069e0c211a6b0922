//! Files of people and agencies into facts: every bad row at once, all or nothing.
//!
//! It promises that a fact means what the file says, in its unit, or that the row is named with what was expected. It
//! must never guess a unit, and never know a journal: whether an exchange is registered is the recorder's to say.
//!
//! - [`limits`]: how much is read
//! - `sheet`, `comma`, `workbook`: a file as rows of cells; `table`: those rows under a header that is known
//! - `value`, `moment`: a cell by its word's type
//! - `facts`, `wide`, `exchanges`, `judgements`, `notices`, `remarks`, `kisa`: one form of table each; `lines`: facts as JSON lines
//! - `whole`: parts above their whole, a warning
//! - [`family`]: the words of each template
//! - [`door`]: what the kernel's door would refuse, found before anything is written

mod comma;
pub mod door;
mod exchanges;
mod facts;
pub mod family;
mod judgements;
mod kisa;
pub mod limits;
mod lines;
mod moment;
mod notices;
mod remarks;
mod sheet;
mod table;
mod value;
mod whole;
mod wide;
mod workbook;

use crate::trouble::Trouble;
use kernel::fact::{FigureValue, Name, Observation};
use rulebook::vocabulary::Word;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// Where in a file a fact stands, as the person who wrote it sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// File name.
    pub file: String,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// Row or line, from 1; 0 for the file as a whole.
    pub row: u64,
    /// Column, by its header.
    pub column: Option<String>,
    /// What the cell says.
    pub value: Option<String>,
}

/// A fact with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where it stands.
    pub place: Place,
    /// The fact.
    pub observation: Observation,
}

/// A row that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    /// Where it stands.
    pub place: Place,
    /// Stable code.
    pub code: &'static str,
    /// What was expected.
    pub expected: String,
    /// What to do.
    pub hint: String,
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { file, sheet, row, column, value } = &self.place;
        write!(f, "{file}")?;
        if let Some(sheet) = sheet {
            write!(f, " sheet {sheet}")?;
        }
        if *row > 0 {
            write!(f, " row {row}")?;
        }
        if let Some(column) = column {
            write!(f, ", column {column}")?;
        }
        if let Some(value) = value {
            write!(f, ": `{value}`")?;
        }
        write!(f, " — {}", self.expected)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, " (hint: {})", self.hint) }
    }
}

impl RowError {
    /// Something about a file as a whole: it cannot be read.
    fn file(path: &Path, code: &'static str, expected: impl Into<String>, hint: impl Into<String>) -> RowError {
        let place = Place { file: file_name(path), ..Place::default() };
        RowError { place, code, expected: expected.into(), hint: hint.into() }
    }

    /// Whether the file could not be read at all, so that no row of it was looked at.
    pub fn is_unreadable(&self) -> bool {
        self.place.row == 0
    }
}

/// What the caller says about a file.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Its kind, for one whose header does not tell: `facts`, `wide`, `exchanges`, `judgement`, `notices`, `remarks`, `kisa`, `jsonl`.
    pub kind: Option<String>,
    /// Exchange of a company of the disclosure list, by the company's name.
    pub companies: BTreeMap<String, String>,
    /// Register the companies of the list that are not known, too.
    pub all: bool,
}

/// What a file says.
#[derive(Clone, Debug, Default)]
pub struct Import {
    /// The facts in the order of the file.
    pub rows: Vec<Row>,
    /// What a person should look at; nothing is held back for it.
    pub warnings: Vec<RowError>,
    /// Rows of companies that nobody asked for.
    pub skipped: u64,
}

/// Reads a file; its kind is seen in its ending and its header unless it is said.
pub fn read(path: &Path, as_kind: Option<&str>) -> Result<Vec<Row>, Vec<RowError>> {
    let options = Options { kind: as_kind.map(str::to_owned), ..Options::default() };
    read_with(path, &options).map(|import| import.rows)
}

/// Reads a file, with what the caller says about it and what a person should know.
pub fn read_with(path: &Path, options: &Options) -> Result<Import, Vec<RowError>> {
    let (import, errors) = read_all(path, options);
    if errors.is_empty() { Ok(import) } else { Err(errors) }
}

/// Reads what can be read, beside every mistake: the good rows of a bad file may still be asked of a journal.
pub fn read_all(path: &Path, options: &Options) -> (Import, Vec<RowError>) {
    let as_lines = match options.kind.as_deref() {
        Some(kind) => kind == "jsonl",
        None => ends_with(path, &["jsonl", "ndjson"]),
    };
    let read = if as_lines { lines::read(path) } else { table::read(path, options) };
    let (mut import, mut errors) = match read {
        Ok(read) => read,
        Err(errors) => return (Import::default(), errors),
    };
    import.warnings.extend(whole::warnings(&import.rows));
    errors.extend(door::refusals(&import.rows));
    // One list in the order of the file, whoever found the mistake.
    errors.sort_by_key(|error| error.place.row);
    (import, errors)
}

/// The value that a text gives a word, as every table writes it.
pub fn value_of(word: &Word, subject: Option<&Name>, text: &str) -> Result<FigureValue, Trouble> {
    let read = value::read(word, subject, text, &moment::zone());
    read.map_err(|wrong| Trouble::new(format!("`{text}` for `{}`: {}", word.name, wrong.expected), wrong.hint))
}

fn ends_with(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    endings.contains(&ending.as_str())
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}
