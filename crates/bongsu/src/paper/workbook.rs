//! A paper as a workbook. Every cell is text: a spreadsheet's numbers are binary floats, and an amount must stay exact.

use crate::trouble::Trouble;
use rulebook::time::Instant;
use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

/// One sheet.
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Columns with their widths.
    pub columns: Vec<(String, u16)>,
    /// Rows.
    pub rows: Vec<Vec<String>>,
}

/// The workbook, as of a moment: equal sheets give equal bytes.
pub fn bytes(sheets: &[Sheet], title: &str, at: Instant) -> Result<Vec<u8>, Trouble> {
    write(sheets, title, at)
        .map_err(|e| Trouble::new(format!("the workbook cannot be made: {e}"), "ask for the JSON file instead"))
}

/// The last second of 9999, where a spreadsheet's calendar ends.
const LAST_SECOND: i64 = 253_402_300_799;

/// Most letters a cell may hold, by the format.
const CELL: usize = 32_767;

/// The paper size's number in the format.
const A4: u8 = 9;

fn write(sheets: &[Sheet], title: &str, at: Instant) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_timestamp(at.0.div_euclid(1000).clamp(0, LAST_SECOND))?;
    book.set_properties(&DocProperties::new().set_title(title).set_author("Bongsu").set_creation_datetime(&made));
    // Malgun Gothic is on every Korean desktop and has Latin letters too; elsewhere a program picks its own.
    let cell =
        Format::new().set_font_name("Malgun Gothic").set_font_size(10).set_align(FormatAlign::Top).set_text_wrap();
    let head = cell.clone().set_bold().set_background_color(Color::RGB(0x1F_3A_4D)).set_font_color(Color::White);
    for sheet in sheets {
        let page: &mut Worksheet = book.add_worksheet();
        page.set_name(&sheet.name)?.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
        page.set_repeat_rows(0, 0)?.set_freeze_panes(1, 0)?;
        for (at, (title, wide)) in (0u16..).zip(&sheet.columns) {
            page.set_column_width(at, f64::from(*wide))?;
            page.write_string_with_format(0, at, title, &head)?;
        }
        for (row, cells) in (1u32..).zip(&sheet.rows) {
            for (at, text) in (0u16..).zip(cells) {
                page.write_string_with_format(row, at, text.chars().take(CELL).collect::<String>(), &cell)?;
            }
        }
    }
    book.save_to_buffer()
}
