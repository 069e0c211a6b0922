//! A paper as a workbook: one row an item, a sheet of its own for each table. Values are text, so that won stay exact.

use super::document::{Document, Part};
use crate::trouble::Trouble;
use rulebook::time::Instant;
use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, XlsxError};

/// The workbook; equal papers give equal bytes, so the time of writing is left out.
pub fn bytes(document: &Document, as_of: Instant) -> Result<Vec<u8>, Trouble> {
    write(document, as_of)
        .map_err(|e| Trouble::new(format!("the workbook cannot be made: {e}"), "shorten the longest text"))
}

/// The last second of 9999, where a spreadsheet's calendar ends.
const LAST_SECOND: i64 = 253_402_300_799;

/// Most letters a cell may hold, by the format.
const CELL: usize = 32_767;

/// The paper size's number in the format.
const A4: u8 = 9;

fn write(document: &Document, as_of: Instant) -> Result<Vec<u8>, XlsxError> {
    let lang = document.lang;
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_timestamp(as_of.0.div_euclid(1000).clamp(0, LAST_SECOND))?;
    book.set_properties(
        &DocProperties::new().set_title(&document.title).set_author("Bongsu").set_creation_datetime(&made),
    );
    let columns =
        [lang.pick("Section", "구분"), lang.pick("Item", "항목"), lang.pick("Value", "내용")].map(String::from);
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut tables = Vec::new();
    if let Some(mark) = &document.mark {
        rows.push(vec![mark.clone(), String::new(), String::new()]);
    }
    rows.extend(document.head.iter().map(|(name, text)| vec![document.title.clone(), name.clone(), text.clone()]));
    for section in &document.sections {
        for part in &section.parts {
            match part {
                Part::Field { label, value } => {
                    rows.push(vec![section.title.clone(), label.clone(), value.clone().unwrap_or_default()]);
                }
                Part::Text(text) => rows.push(vec![section.title.clone(), String::new(), text.clone()]),
                Part::Table(table) => tables.push((section.title.as_str(), table)),
            }
        }
    }
    sheet(&mut book, lang.pick("Paper", "서식"), &columns, &[24, 28, 80], &rows)?;
    for (at, (title, table)) in tables.iter().enumerate() {
        // A sheet's name has at most 31 letters, none of them []:*?/\, and may not come twice.
        let title: String = title.chars().filter(|c| !"[]:*?/\\'".contains(*c)).take(24).collect();
        sheet(&mut book, &format!("{} {title}", at + 2), &table.head, &table.widths, &table.rows)?;
    }
    book.save_to_buffer()
}

fn sheet(
    book: &mut Workbook,
    name: &str,
    head: &[String],
    widths: &[i32],
    rows: &[Vec<String>],
) -> Result<(), XlsxError> {
    let cell =
        Format::new().set_font_name("Malgun Gothic").set_font_size(10).set_align(FormatAlign::Top).set_text_wrap();
    let bold = cell.clone().set_bold().set_background_color(Color::RGB(0x1F_3A_4D)).set_font_color(Color::White);
    let page = book.add_worksheet();
    page.set_name(name)?.set_paper_size(A4).set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    page.set_freeze_panes(1, 0)?;
    for (at, (title, wide)) in (0u16..).zip(head.iter().zip(widths)) {
        page.set_column_width(at, f64::from(*wide))?;
        page.write_string_with_format(0, at, title, &bold)?;
    }
    for (row, cells) in (1u32..).zip(rows) {
        for (at, text) in (0u16..).zip(cells) {
            let text: String = text.chars().take(CELL).collect();
            page.write_string_with_format(row, at, text, &cell)?;
        }
    }
    Ok(())
}
