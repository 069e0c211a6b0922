//! `bongsu template`: an empty sheet to fill in and import.

use crate::import::family::FAMILIES;
use crate::trouble::Trouble;
use std::path::Path;

/// The sheets that are not a word in each column.
const LONG: [(&str, &str, &[&str]); 3] = [
    ("facts", "one fact a row", &["exchange", "subject", "word", "at", "value", "unit", "source", "confidence", "grade", "corrects", "note"]),
    ("exchanges", "the exchanges that facts speak of", &["id", "name_en", "name_ko", "operator", "source"]),
    ("judgement", "answers to open norms", &["exchange", "subject", "judgement", "answer", "reasons", "by", "at", "until"]),
];

/// Prints a template, or writes it as .csv or .xlsx; without a kind lists them.
pub fn run(kind: Option<&str>, out: Option<&Path>) -> Result<i32, Trouble> {
    let Some(kind) = kind else {
        LONG.iter().for_each(|(name, about, _)| println!("{name:14} {about}"));
        FAMILIES.iter().for_each(|f| println!("{:14} {}", f.name, f.about));
        return Ok(0);
    };
    let rows = rows(kind)?;
    match out {
        Some(path) if path.extension().is_some_and(|e| e == "xlsx") => workbook(&rows, path)?,
        Some(path) => std::fs::write(path, comma(&rows)?).map_err(|e| Trouble::file(path, &e))?,
        None => print!("{}", String::from_utf8_lossy(&comma(&rows)?)),
    }
    Ok(0)
}

/// The header, then lines that explain each column and are passed over by the import.
fn rows(kind: &str) -> Result<Vec<Vec<String>>, Trouble> {
    if let Some((_, about, header)) = LONG.iter().find(|(name, ..)| *name == kind) {
        let header: Vec<String> = header.iter().map(ToString::to_string).collect();
        return Ok(vec![header, vec![format!("# {about}; lines that begin so are not read")]]);
    }
    let vocabulary = kernel::words::vocabulary();
    let Some(family) = FAMILIES.iter().find(|f| f.name == kind) else {
        let names: Vec<&str> = LONG.iter().map(|(n, ..)| *n).chain(FAMILIES.iter().map(|f| f.name)).collect();
        return Err(Trouble::new(format!("there is no template `{kind}`"), format!("one of {}", names.join(", "))));
    };
    let (subject, words) = family.words(&vocabulary);
    let mut rows = vec![vec!["exchange".to_string()], vec!["# unit · 단위".to_string()], vec!["# meaning".to_string()], vec!["# 뜻".to_string()]];
    let mut column = |texts: [&str; 4]| rows.iter_mut().zip(texts).for_each(|(row, text)| row.push(text.to_string()));
    if let Some(kind) = subject {
        let name = vocabulary.kind_name(kind);
        column([name, "name", "its name within the exchange", "이름"]);
    }
    column(["at", "date", "the day it is true for, 2026-01-31", "기준일"]);
    words.iter().for_each(|w| column([&w.name, &w.unit, &w.meaning, &w.meaning_ko]));
    column(["source", "text", "where it is from", "출처"]);
    Ok(rows)
}

fn comma(rows: &[Vec<String>]) -> Result<Vec<u8>, Trouble> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(|e| Trouble::new(e.to_string(), ""))?;
    }
    writer.into_inner().map_err(|e| Trouble::new(e.to_string(), ""))
}

fn workbook(rows: &[Vec<String>], path: &Path) -> Result<(), Trouble> {
    let trouble = |e: rust_xlsxwriter::XlsxError| Trouble::new(format!("{}: {e}", path.display()), "check the path and its permissions");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (r, row) in (0u32..).zip(rows) {
        for (c, text) in (0u16..).zip(row) {
            sheet.write_string(r, c, text).map_err(trouble)?;
        }
    }
    sheet.set_freeze_panes(1, 0).map_err(trouble)?;
    sheet.autofit();
    book.save(path).map_err(trouble)
}
