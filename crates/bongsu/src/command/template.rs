//! `bongsu template`: an empty sheet to fill in, which `bongsu import` reads back.

use crate::import::family::{Column, FAMILIES, Family};
use crate::lang::Lang;
use crate::trouble::Trouble;
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use std::io::Write;
use std::path::Path;

/// Prints a template as CSV, or writes it as .csv or .xlsx; 2 when it cannot be written.
pub fn run(kind: Option<&str>, out: Option<&Path>, lang: Lang) -> i32 {
    match kind {
        None => {
            for Family { name, about, .. } in &FAMILIES {
                println!("  {name:12} {}", lang.pick(about.0, about.1));
            }
            0
        }
        Some(kind) => match sheet(kind, out) {
            Ok(()) => 0,
            Err(trouble) => {
                eprintln!("{trouble}");
                trouble.code
            }
        },
    }
}

fn sheet(kind: &str, out: Option<&Path>) -> Result<(), Trouble> {
    let family = Family::find(kind).ok_or_else(|| {
        let names: Vec<&str> = FAMILIES.iter().map(|family| family.name).collect();
        Trouble::new(format!("no template `{kind}`"), format!("one of {}", names.join(", ")))
    })?;
    let rows = rows(&family.columns(&kernel::words::vocabulary()));
    let Some(path) = out else {
        let bytes = comma(&rows).map_err(|e| Trouble::new(e.to_string(), ""))?;
        // A reader that hangs up early, such as `head`, is no mistake.
        let _ = std::io::stdout().write_all(&bytes);
        return Ok(());
    };
    if path.exists() {
        return Err(Trouble::new(
            format!("{}: is there already", path.display()),
            "a filled-in sheet is never overwritten: choose another name",
        ));
    }
    let bytes = match path.extension().and_then(|e| e.to_str()) {
        Some("xlsx") => workbook(family.name, &rows).map_err(|e| Trouble::new(e.to_string(), ""))?,
        // The mark makes spreadsheets read UTF-8.
        Some("csv") => [b"\xef\xbb\xbf".to_vec(), comma(&rows).map_err(|e| Trouble::new(e.to_string(), ""))?].concat(),
        _ => {
            return Err(Trouble::new(
                format!("{}: neither .csv nor .xlsx", path.display()),
                "the ending says the form",
            ));
        }
    };
    std::fs::write(path, bytes).map_err(|e| Trouble::file(path, &e))
}

/// Header, units, meanings. The rows that explain begin with `# ` and are passed over when the sheet is read back.
fn rows(columns: &[Column]) -> [Vec<String>; 4] {
    let row = |mark: &str, text: &dyn Fn(&Column) -> String| {
        columns.iter().enumerate().map(|(i, c)| if i == 0 { format!("{mark}{}", text(c)) } else { text(c) }).collect()
    };
    [
        row("", &|c| c.name.clone()),
        row("# ", &|c| c.unit.clone()),
        row("# ", &|c| c.meaning.0.clone()),
        row("# ", &|c| c.meaning.1.clone()),
    ]
}

/// As comma-separated values.
fn comma(rows: &[Vec<String>]) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row)?;
    }
    Ok(writer.into_inner()?)
}

/// As a workbook. Every cell is text, so that a date stays a date and an amount keeps all its digits.
fn workbook(name: &str, rows: &[Vec<String>]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(name)?;
    let (text, head) = (Format::new().set_num_format("@"), Format::new().set_num_format("@").set_bold());
    let note = Format::new().set_num_format("@").set_italic().set_text_wrap();
    for (row, cells) in (0u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(cells) {
            if row == 0 {
                sheet.set_column_width(column, 20)?;
                sheet.set_column_format(column, &text)?;
            }
            sheet.write_string_with_format(row, column, cell, if row == 0 { &head } else { &note })?;
        }
    }
    sheet.set_freeze_panes(4, 0)?;
    book.save_to_buffer()
}
