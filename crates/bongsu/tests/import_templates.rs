//! Every template, filled in with one row as a person would, is read back with a fact for each word: from a text table and
//! from a workbook whose numbers are numbers.

use bongsu::command::template;
use bongsu::import::family::{Column, FAMILIES, Family};
use bongsu::import::{RowError, read};
use bongsu::lang::Lang;
use calamine::Reader;
use std::path::{Path, PathBuf};
use std::process::Command;

fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("import-templates");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// What a person writes in a column.
fn cell(family: &str, column: &Column) -> &'static str {
    match (column.name.as_str(), column.unit.as_str()) {
        ("exchange" | "id", _) => "upbit",
        ("at", _) => "2025-04-30",
        ("until" | "due", _) => "2026-04-30",
        ("confidence", _) => "high",
        ("grade", _) => "signed",
        ("corrects" | "subject" | "amends", _) => "",
        ("document", _) => "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
        ("word", _) if family == "notices" => "reported",
        ("word", _) => "staff",
        ("value", _) => "3",
        ("unit", _) => "person",
        ("judgement", _) => "kr.vaupa.urgent_need",
        (_, "%") => "98.3 %",
        (_, "yes/no") => "yes",
        (_, "money") => "5 million HKD",
        (_, "codes") => "one, two",
        (_, "event") => "yes",
        (_, "event of code" | "code") => "fss",
        (_, "name") => "BTC",
        (_, "text") => "some text",
        _ => "12",
    }
}

/// The rows of an empty sheet, as the program writes them in a form.
fn empty(family: &Family, ending: &str) -> Vec<Vec<String>> {
    let path = folder().join(format!("{}.{ending}", family.name));
    // An earlier run may have left it, or not.
    let _ = std::fs::remove_file(&path);
    assert_eq!(template::run(Some(family.name), Some(&path), Lang::En), 0, "{}", path.display());
    if ending == "csv" {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        return reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    }
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(&path).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    sheet.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
}

/// Writes rows in a form, under a name of their own.
fn write(family: &Family, ending: &str, rows: &[Vec<String>]) -> PathBuf {
    let path = folder().join(format!("{}-filled.{ending}", family.name));
    if ending == "csv" {
        let mut writer = csv::Writer::from_path(&path).unwrap();
        rows.iter().for_each(|row| writer.write_record(row).unwrap());
        writer.flush().unwrap();
        return path;
    }
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0u32..).zip(rows) {
        for (column, text) in (0u16..).zip(cells) {
            // Whoever types a number into a spreadsheet leaves a number.
            match text.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number).unwrap(),
                Err(_) => sheet.write_string(row, column, text).unwrap(),
            };
        }
    }
    book.save(&path).unwrap();
    path
}

#[test]
fn every_template_filled_in_is_read_back() {
    let words = kernel::words::vocabulary();
    for family in &FAMILIES {
        let columns = family.columns(&words);
        let facts = columns.iter().filter(|column| words.find(&column.name).is_some()).count().max(1);
        for ending in ["csv", "xlsx"] {
            let mut rows = empty(family, ending);
            let header: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
            assert_eq!(rows[0], header, "{} .{ending}", family.name);
            rows.push(columns.iter().map(|column| cell(family.name, column).to_owned()).collect());
            let path = write(family, ending, &rows);
            let read = read(&path, None).unwrap_or_else(|errors: Vec<RowError>| {
                panic!("{}", errors.iter().map(|error| format!("{error}\n")).collect::<String>())
            });
            assert_eq!(read.len(), facts, "{} .{ending}", family.name);
        }
    }
}

/// `bongsu template` names each template, and a header that is wrong names the template that prints the right one.
#[test]
fn templates_are_listed_by_the_names_that_messages_use() {
    let output = Command::new(env!("CARGO_BIN_EXE_bongsu")).arg("template").output().unwrap();
    let listed = String::from_utf8(output.stdout).unwrap();
    let names: Vec<&str> = listed.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(names, FAMILIES.iter().map(|family| family.name).collect::<Vec<_>>());

    let path = folder().join("lacks.csv");
    std::fs::write(&path, "exchange,judgement,answer,reasons,at\n").unwrap();
    let said = read(&path, None).unwrap_err()[0].to_string();
    assert!(said.contains("a judgement table") && said.contains("`bongsu template judgement`"), "{said}");
    assert!(Family::find("judgement").is_some());
    // The same name is the kind on the command line.
    assert_eq!(read(&path, Some("judgement")).unwrap_err()[0].to_string(), said);
}
