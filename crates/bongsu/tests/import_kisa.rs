//! The disclosure list of the Internet agency, from `data/kr/kisa-made-up-2025.csv`, whose companies are all made up: every
//! fact that comes of it, as text in `import/kisa-facts.txt`, the same from the .csv and from a workbook as published.

#[path = "import/binary.rs"]
mod binary;

use binary::{bongsu, folder, golden, published};
use bongsu::import::{Import, Options, read_with};
use kernel::fact::{FigureValue, Observation};
use std::fmt::Write;
use std::path::Path;

const LIST: &str = "kisa-made-up-2025.csv";

/// As published: one sheet named by the year, its header in row 1, figures as numbers of the spreadsheet.
fn workbook(path: &Path) {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("2025").unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(published(LIST)).unwrap();
    for (row, record) in (0u32..).zip(reader.records()) {
        for (column, cell) in (0u16..).zip(record.unwrap().iter()) {
            match cell.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number).unwrap(),
                Err(_) => sheet.write_string(row, column, cell).unwrap(),
            };
        }
    }
    book.save(path).unwrap();
}

fn facts(import: &Import) -> String {
    let mut text = String::new();
    let zone = rulebook::time::Zone::get("Asia/Seoul").unwrap();
    for row in &import.rows {
        match &row.observation {
            Observation::ExchangeRegistered(fact) => writeln!(text, "\n{}: registered as {}", fact.id, fact.name_ko),
            Observation::Figure(fact) => {
                let subject =
                    fact.subject.as_ref().map_or(String::new(), |name| format!("{}/{} ", name.kind, name.name));
                let value = match &fact.value {
                    FigureValue::Number(number, _) => number.number().to_string(),
                    FigureValue::Truth(yes) => if *yes { "yes" } else { "no" }.to_owned(),
                    FigureValue::Happened { .. } => "happened".to_owned(),
                    FigureValue::Missing => "missing".to_owned(),
                    FigureValue::None => "none".to_owned(),
                    other => format!("{other:?}"),
                };
                writeln!(text, "  {subject}{} {}: {value} — {}", fact.word, zone.show(fact.at), fact.source)
            }
            other => writeln!(text, "  {}", other.name()),
        }
        .unwrap();
    }
    for warning in &import.warnings {
        let column = warning.place.column.as_deref().unwrap_or_default();
        writeln!(text, "\nwarning: row {}, {column}: {} [{}]", warning.place.row, warning.expected, warning.code)
            .unwrap();
    }
    text
}

#[test]
fn every_fact_of_the_list_the_same_from_both_forms() {
    let book = folder("kisa").join("2025.xlsx");
    workbook(&book);
    let options = Options { all: true, ..Options::default() };
    let [text, cells] = [published(LIST), book].map(|path| facts(&read_with(&path, &options).unwrap()));
    assert_eq!(text, cells);
    golden("kisa-facts.txt", &text);
}

/// One company by its name in whatever form, the rest passed over; then everyone, and what is known is not written twice.
#[test]
fn one_company_and_all_on_the_command_line() {
    let folder = folder("kisa-command");
    std::fs::copy(published(LIST), folder.join("list.csv")).unwrap();
    std::fs::copy(published("exchanges.csv"), folder.join("exchanges.csv")).unwrap();
    let both = ["import", "--data", "journal", "exchanges.csv", "list.csv"];
    let mut said = String::new();
    for more in [
        &["--company", "가나다거래소=upbit", "--company", "주식회사 러머버=gopax"][..],
        &[],
        &["--company", "가나다"],
        &["--all"],
    ] {
        let (code, answer) = bongsu(&folder, &[&both[..], more].concat());
        // Where entries begin depends on how many pages of law are shipped.
        let answer: String = answer
            .lines()
            .map(|line| match (line.split_once(" from entry "), line.split_once(", ")) {
                (Some((written, _)), Some((_, known))) => format!("{written}, {known}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        writeln!(said, "$ {}\n{answer}exit {code}\n", more.join(" ")).unwrap();
    }
    golden("kisa-command.txt", &said);
}
