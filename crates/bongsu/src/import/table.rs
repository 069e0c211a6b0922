//! Rows under a header that is known. The header alone decides what a table is; a column that no form knows is refused,
//! because a misspelt word would be lost in silence.

use super::sheet::{self, Sheet};
use super::{
    Import, Options, Place, Row, RowError, exchanges, facts, file_name, judgements, kisa, limits, notices, remarks,
    wide,
};
use kernel::fact::Observation;
use rulebook::problem;
use rulebook::vocabulary::Vocabulary;
use std::collections::BTreeSet;
use std::path::Path;

/// A form of table.
struct Form {
    /// Its name for `--as` and in messages.
    name: &'static str,
    /// What a person calls it.
    title: &'static str,
    /// Columns that must be there.
    required: &'static [&'static str],
    /// Columns that may.
    optional: &'static [&'static str],
    /// Which template prints it; empty for one that others publish.
    template: &'static str,
    read: fn(&Line<'_>, &mut Found<'_>),
}

/// Every form, the narrower before the wider.
const FORMS: [Form; 7] = [
    Form {
        name: "kisa",
        title: "the KISA disclosure list",
        required: &kisa::REQUIRED,
        optional: &kisa::OTHERS,
        template: "",
        read: kisa::read,
    },
    Form {
        name: "exchanges",
        title: "an exchanges table",
        required: &exchanges::REQUIRED,
        optional: &exchanges::OPTIONAL,
        template: "exchanges",
        read: exchanges::read,
    },
    Form {
        name: "facts",
        title: "a facts table",
        required: &facts::REQUIRED,
        optional: &facts::OPTIONAL,
        template: "facts",
        read: facts::read,
    },
    Form {
        name: "judgement",
        title: "a judgement table",
        required: &judgements::REQUIRED,
        optional: &judgements::OPTIONAL,
        template: "judgement",
        read: judgements::read,
    },
    Form {
        name: "notices",
        title: "a table of notices",
        required: &notices::REQUIRED,
        optional: &notices::OPTIONAL,
        template: "notices",
        read: notices::read,
    },
    Form {
        name: "remarks",
        title: "a table of remarks",
        required: &remarks::REQUIRED,
        optional: &remarks::OPTIONAL,
        template: "remarks",
        read: remarks::read,
    },
    Form {
        name: "wide",
        title: "a table with a word in each column",
        required: &wide::REQUIRED,
        optional: &wide::OPTIONAL,
        template: "staffing",
        read: wide::read,
    },
];

/// A row begins a comment with this: the lines of a template that explain its columns.
pub(super) const COMMENT: &str = "# ";

/// What is gathered from a table.
pub(super) struct Found<'o> {
    pub import: Import,
    pub errors: Vec<RowError>,
    pub options: &'o Options,
    pub words: Vocabulary,
}

impl Found<'_> {
    /// Takes a fact.
    pub fn fact(&mut self, place: Place, observation: impl Into<Observation>) {
        self.import.rows.push(Row { place, observation: observation.into() });
    }

    /// Takes what a cell says, or notes what is wrong with it.
    pub fn keep<T>(&mut self, read: Result<T, RowError>) -> Option<T> {
        read.map_err(|error| self.errors.push(error)).ok()
    }
}

/// A row of cells under its header.
pub(super) struct Line<'t> {
    pub file: &'t str,
    pub sheet: Option<&'t str>,
    pub header: &'t [String],
    pub row: u64,
    pub cells: &'t [String],
}

impl Line<'_> {
    /// The cell of a column; empty where there is none.
    pub fn get(&self, column: &str) -> &str {
        let at = self.header.iter().position(|name| name == column);
        at.and_then(|at| self.cells.get(at)).map_or("", String::as_str)
    }

    /// The place of a cell.
    pub fn place(&self, column: &str) -> Place {
        let value = self.get(column);
        Place {
            file: self.file.to_owned(),
            sheet: self.sheet.map(str::to_owned),
            row: self.row,
            column: Some(column.to_owned()),
            value: Some(shown(value)),
        }
    }

    /// A cell that cannot be taken.
    pub fn wrong(
        &self,
        column: &str,
        code: &'static str,
        expected: impl Into<String>,
        hint: impl Into<String>,
    ) -> RowError {
        RowError { place: self.place(column), code, expected: expected.into(), hint: hint.into() }
    }

    /// The cell of a column that may not be empty.
    pub fn required(&self, column: &str) -> Result<&str, RowError> {
        match self.get(column) {
            "" => Err(self.wrong(
                column,
                "empty",
                "expected a text, found an empty cell",
                "blank is never zero; write `missing` for what is not known",
            )),
            text => Ok(text),
        }
    }
}

/// A cell as a message shows it.
pub(super) fn shown(text: &str) -> String {
    let mut short: String = text.chars().take(limits::SHOWN).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// Reads a table.
pub(super) fn read(path: &Path, options: &Options) -> Result<(Import, Vec<RowError>), Vec<RowError>> {
    let Sheet { name, rows } = sheet::read(path).map_err(|e| vec![e])?;
    let file = file_name(path);
    let words = kernel::words::vocabulary();
    let Some(((top, header), rows)) = rows.split_first() else {
        return Err(vec![RowError::file(
            path,
            "empty",
            "expected a header and rows, found nothing",
            "`bongsu template facts` prints a header",
        )]);
    };
    let header: Vec<String> = header.iter().map(|cell| column(cell)).collect();
    let head = Line { file: &file, sheet: name.as_deref(), header: &header, row: *top, cells: &[] };
    let form = form(&head, options, &words).map_err(|e| vec![e])?;
    let mut found = Found { import: Import::default(), errors: Vec::new(), options, words };
    for (row, cells) in rows {
        if cells.first().is_some_and(|cell| cell.starts_with(COMMENT)) {
            continue;
        }
        let line = Line { row: *row, cells, ..head };
        if cells.len() > header.len() && cells.iter().skip(header.len()).any(|cell| !cell.is_empty()) {
            let place = Place { column: None, value: None, ..line.place("") };
            let expected = format!("expected {} cells, found {}", header.len(), cells.len());
            found.errors.push(RowError {
                place,
                code: "too-wide",
                expected,
                hint: "put a text that holds a comma in quotation marks".to_owned(),
            });
        } else {
            (form.read)(&line, &mut found);
        }
        if found.errors.len() > limits::ERRORS {
            found.errors.truncate(limits::ERRORS);
            let place = Place { column: None, value: None, ..line.place("") };
            let expected = format!("the first {} mistakes are listed; what follows was not read", limits::ERRORS);
            found.errors.push(RowError {
                place,
                code: "too-many",
                expected,
                hint: "mend these and import again".to_owned(),
            });
            break;
        }
    }
    Ok((found.import, found.errors))
}

/// A column's name without what publishers vary: line breaks and doubled spaces.
fn column(cell: &str) -> String {
    cell.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The form whose header this is; otherwise the nearest, and what it lacks.
fn form(head: &Line<'_>, options: &Options, words: &Vocabulary) -> Result<&'static Form, RowError> {
    let wrong = |code, expected: String, hint: &str| RowError {
        place: Place { column: None, value: None, ..head.place("") },
        code,
        expected,
        hint: hint.to_owned(),
    };
    let mut seen = BTreeSet::new();
    if let Some(twice) = head.header.iter().find(|name| !name.is_empty() && !seen.insert(name.as_str())) {
        return Err(wrong(
            "wrong-header",
            format!("expected each column once, found `{twice}` twice"),
            "rename or delete one",
        ));
    }
    let fit = |form: &Form| {
        let missing: Vec<&str> = form.required.iter().copied().filter(|name| !seen.contains(name)).collect();
        let known = |name: &str| {
            let listed = form.required.contains(&name) || form.optional.contains(&name);
            listed || form.name == "kisa" || form.name == "wide" && wide::is_column(name, words)
        };
        let strange: Vec<&str> = seen.iter().copied().filter(|name| !known(name)).collect();
        (missing, strange)
    };
    let said = match options.kind.as_deref() {
        None => None,
        Some(kind) => Some(FORMS.iter().find(|form| form.name == kind).ok_or_else(|| {
            let names: Vec<&str> = FORMS.iter().map(|form| form.name).collect();
            wrong(
                "unknown-kind",
                format!("expected a kind of file, found `{kind}`"),
                &format!("one of jsonl, {}", names.join(", ")),
            )
        })?),
    };
    // How far a header is from a form: a column it lacks and a column it has too many count alike.
    let distance = |form: &&Form| {
        let (missing, strange) = fit(form);
        missing.len() + strange.len()
    };
    let Some(nearest) = said.or_else(|| FORMS.iter().min_by_key(distance)) else {
        return Err(wrong("wrong-header", "expected a header".to_owned(), ""));
    };
    let (missing, strange) = fit(nearest);
    if missing.is_empty() && strange.is_empty() {
        return Ok(nearest);
    }
    let list = |what: &str, names: &[&str]| match names {
        [] => String::new(),
        names => format!("; {what}: {}", names.join(", ")),
    };
    let expected =
        format!("expected the header of {}{}{}", nearest.title, list("missing", &missing), list("not known", &strange));
    let near = strange.iter().find_map(|name| {
        let listed = missing.iter().chain(nearest.optional).copied();
        let words = words.words().map(|(_, word)| word.name.as_str()).filter(|_| nearest.name == "wide");
        problem::nearest(name, listed.chain(words)).map(|near| (*name, near))
    });
    let hint = match (nearest.template, near) {
        ("", _) => "give the list as it is published".to_owned(),
        (_, Some((name, near))) => format!("`{name}`: did you mean `{near}`?"),
        (template, None) => {
            format!("`bongsu template {template}` prints an empty sheet; `bongsu words` lists the words")
        }
    };
    Err(wrong("wrong-header", expected, &hint))
}
