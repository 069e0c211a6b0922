//! A comparison as a workbook: one sheet for each matrix, and numbers as numbers, so that a reader can go on calculating.
//!
//! A spreadsheet's numbers are binary floats of about fifteen digits: they are cut here and exact only in JSON, and the
//! sheet `About` says so.

use super::{Comparison, answers, html_countries, words};
use crate::compare::countries::Countries;
use crate::compare::matrix::{Cell, Matrix, Row};
use crate::lang::Lang;
use crate::report::moment::iso;
use crate::report::words as fixed;
use crate::report::{amount, digest};
use crate::trouble::Trouble;
use kernel::finding::Quantity;
use rulebook::finding::Verdict;
use rulebook::number::Number;
use rulebook::time::Zone;
use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};
use std::path::Path;

/// Writes the workbook to a file.
pub fn write(comparison: &Comparison, zone: &Zone, lang: Lang, path: &Path) -> Result<(), Trouble> {
    let bytes = bytes(comparison, zone, lang)
        .map_err(|e| Trouble::new(format!("the workbook cannot be made: {e}"), "ask for fewer exchanges or laws"))?;
    std::fs::write(path, bytes).map_err(|e| Trouble::file(path, &e))
}

/// The workbook; equal comparisons give equal bytes, so the time of writing is left out.
pub fn bytes(comparison: &Comparison, zone: &Zone, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let about = match comparison {
        Comparison::Exchanges(m) => &m.about,
        Comparison::Countries(c) => &c.about,
    };
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_timestamp(about.question.as_of.0.div_euclid(1000).clamp(0, LAST_SECOND))?;
    book.set_properties(&DocProperties::new().set_title("Bongsu").set_author("Bongsu").set_creation_datetime(&made));
    let notes = match comparison {
        Comparison::Exchanges(m) => {
            exchanges(&mut book, m, lang)?;
            words::notes(m.about.question.peer.is_some(), lang)
        }
        Comparison::Countries(c) => {
            countries(&mut book, c, lang)?;
            html_countries::notes(lang)
        }
    };
    let mut rows: Vec<Vec<Value>> = words::about(about, lang, |at| iso(at, zone))
        .into_iter()
        .map(|(name, text)| vec![Value::text(name), Value::Text(text)])
        .collect();
    let exact = lang.pick(
        "Numbers of a workbook have about fifteen digits and are cut; shares are fractions of one, lengths are hours. The JSON form is exact.",
        "통합문서의 수는 약 15자리까지이며 끝을 버린다. 비율은 1에 대한 값, 길이는 시간이다. 정확한 값은 JSON에 있다.",
    );
    rows.extend(notes.into_iter().chain([exact]).map(|n| vec![Value::text(lang.pick("Note", "참고")), Value::text(n)]));
    sheet(&mut book, lang.pick("About", "안내"), &[("", 24), ("", 100)], &rows)?;
    book.save_to_buffer()
}

/// The last second of 9999, where a spreadsheet's calendar ends.
const LAST_SECOND: i64 = 253_402_300_799;
/// Most letters a cell may hold, by the format.
const CELL: usize = 32_767;
/// The paper size's number in the format.
const A4: u8 = 9;

/// What stands in a cell.
enum Value {
    Empty,
    Text(String),
    Number(f64),
    Share(f64),
}

impl Value {
    fn text(text: impl Into<String>) -> Value {
        Value::Text(text.into())
    }

    fn count(n: usize) -> Value {
        // Counts of exchanges and subjects are far below what a float holds exactly.
        u32::try_from(n).map_or(Value::Empty, |n| Value::Number(f64::from(n)))
    }

    fn amount(quantity: Option<&Quantity>, share: bool) -> Value {
        match quantity.and_then(number) {
            Some(n) if share => Value::Share(n),
            Some(n) => Value::Number(n),
            None => quantity.map_or(Value::Empty, |q| Value::text(q.value.as_str())),
        }
    }
}

/// A quantity as a spreadsheet's number: lengths in hours, all else in its unit.
fn number(quantity: &Quantity) -> Option<f64> {
    let exact = amount::parse(&quantity.value).or_else(|| {
        let (count, unit) = quantity.value.split_once(' ')?;
        let parts = match unit {
            "h" => 1,
            "min" => 60,
            "s" => 3_600,
            "ms" => 3_600_000,
            _ => return None,
        };
        amount::parse(count)?.divide(&Number::integer(parts))
    })?;
    if let Some(whole) = exact.to_integer() {
        return whole.to_string().parse().ok();
    }
    // Fifteen places, cut: what a float holds of a share.
    let (num, den) = exact.multiply(&Number::integer(1_000_000_000_000_000))?.parts()?;
    format!("{}e-15", num.checked_div(den)?).parse().ok()
}

fn unit(quantity: &Quantity) -> &str {
    let is_length = amount::parse(&quantity.value).is_none() && number(quantity).is_some();
    if is_length { "h" } else { &quantity.unit }
}

fn sheet(book: &mut Workbook, name: &str, columns: &[(&str, u16)], rows: &[Vec<Value>]) -> Result<(), XlsxError> {
    // Malgun Gothic is on every Korean desktop and has Latin letters too; elsewhere a program picks its own.
    let cell =
        Format::new().set_font_name("Malgun Gothic").set_font_size(10).set_align(FormatAlign::Top).set_text_wrap();
    let head = cell.clone().set_bold().set_background_color(Color::RGB(0x1F_3A_4D)).set_font_color(Color::White);
    let plain = cell.clone().set_num_format("#,##0.####");
    let share = cell.clone().set_num_format("0.00%");
    let page: &mut Worksheet = book.add_worksheet();
    page.set_name(name)?.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    page.set_freeze_panes(1, 2)?;
    for (at, (title, wide)) in (0u16..).zip(columns) {
        page.set_column_width(at, f64::from(*wide))?;
        page.write_string_with_format(0, at, *title, &head)?;
    }
    for (row, cells) in (1u32..).zip(rows) {
        for (at, value) in (0u16..).zip(cells) {
            match value {
                Value::Empty => page.write_blank(row, at, &cell)?,
                Value::Text(text) => {
                    let text: String = text.chars().take(CELL).collect();
                    page.write_string_with_format(row, at, text, &cell)?
                }
                Value::Number(n) => page.write_number_with_format(row, at, *n, &plain)?,
                Value::Share(n) => page.write_number_with_format(row, at, *n, &share)?,
            };
        }
    }
    let last = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    page.autofilter(0, 0, last, u16::try_from(columns.len().saturating_sub(1)).unwrap_or(0))?;
    Ok(())
}

fn exchanges(book: &mut Workbook, m: &Matrix, lang: Lang) -> Result<(), XlsxError> {
    let names: Vec<&str> = m.columns.iter().map(|c| lang.pick(&c.name_en, &c.name_ko)).collect();
    let list = kernel::words::vocabulary();
    let share = |row: &Row, q: &Quantity| amount::is_share([q], Some(&row.card), &list);
    let mut columns: Vec<(&str, u16)> = vec![
        (lang.pick("Rule", "규칙 ID"), 26),
        (lang.pick("Duty", "의무"), 36),
        (lang.pick("Status", "성격"), 12),
        (lang.pick("Unit", "단위"), 8),
    ];
    columns.extend(names.iter().map(|name| (*name, 14)));
    let head = |row: &Row| {
        let unit = row.cells.iter().find_map(|c| c.finding.value.as_ref()).map(unit).unwrap_or_default();
        vec![
            Value::text(row.card.id.as_str()),
            Value::text(fixed::title(&row.card, lang)),
            Value::text(fixed::status(row.card.status, lang)),
            Value::text(unit),
        ]
    };
    let verdict = |_: &Row, c: &Cell| match c.finding.verdict {
        Verdict::NotApplicable if c.subjects == 0 => Value::Empty,
        verdict => Value::text(fixed::verdict(verdict, c.finding.status, lang)),
    };
    let value = |row: &Row, c: &Cell| match &c.finding.value {
        Some(q) if digest::reaches(&c.finding) => Value::amount(Some(q), share(row, q)),
        _ => Value::Empty,
    };
    let short = |row: &Row, c: &Cell| match &c.finding.short {
        Some(q) => Value::amount(Some(q), q.unit.is_empty() && share(row, q)),
        None => Value::Empty,
    };
    let rank = |_: &Row, c: &Cell| c.rank.map_or(Value::Empty, Value::count);
    type Shown<'a> = &'a dyn Fn(&Row, &Cell) -> Value;
    let matrices: [(&str, Shown<'_>); 4] = [
        (lang.pick("Verdicts", "판단"), &verdict),
        (lang.pick("Values", "현재 값"), &value),
        (lang.pick("Shortfalls", "부족"), &short),
        (lang.pick("Ranks", "순위"), &rank),
    ];
    for (name, of) in matrices {
        let rows: Vec<Vec<Value>> = m
            .rows
            .iter()
            .map(|row| {
                let mut cells = head(row);
                cells.extend(row.cells.iter().map(|c| of(row, c)));
                cells
            })
            .collect();
        sheet(book, name, &columns, &rows)?;
    }
    statistics(book, m, lang, &share)?;
    let columns = [
        (lang.pick("Exchange", "거래소"), 18),
        (lang.pick("Breaches", "미준수"), 10),
        (lang.pick("Unknown", "판단 불가(자료 없음)"), 12),
        (lang.pick("To judge", "판단 필요"), 10),
        (lang.pick("Not yet due", "기한 전"), 10),
        (lang.pick("Met", "준수"), 10),
        (lang.pick("Coverage", "커버리지"), 12),
        (lang.pick("Pass rate", "준수율"), 12),
    ];
    let rows = m.columns.iter().map(|c| {
        let s = &c.score;
        let rate = |part: usize, of: usize| {
            let exact = Number::fraction(part as i128, of as i128);
            Value::amount(exact.map(|n| Quantity { value: n.to_string(), unit: String::new() }).as_ref(), true)
        };
        let mut cells = vec![Value::text(lang.pick(&c.name_en, &c.name_ko))];
        cells.extend([s.not_met, s.unknown, s.judgement, s.running, s.met].map(Value::count));
        cells.extend([rate(s.answered(), s.applicable()), rate(s.met, s.met + s.not_met)]);
        cells
    });
    sheet(book, lang.pick("Coverage and pass rate", "커버리지와 준수율"), &columns, &rows.collect::<Vec<_>>())
}

fn statistics(
    book: &mut Workbook,
    m: &Matrix,
    lang: Lang,
    share: &dyn Fn(&Row, &Quantity) -> bool,
) -> Result<(), XlsxError> {
    let columns = [
        (lang.pick("Rule", "규칙 ID"), 26),
        (lang.pick("Duty", "의무"), 36),
        (lang.pick("Required", "기준"), 12),
        ("n", 6),
        (lang.pick("Least", "최소"), 12),
        (lang.pick("Lower quartile", "제1사분위수"), 12),
        (lang.pick("Median", "중앙값"), 12),
        (lang.pick("Upper quartile", "제3사분위수"), 12),
        (lang.pick("Most", "최대"), 12),
        (lang.pick("Benchmarks", "벤치마크"), 60),
        (lang.pick("Why not", "통계가 없는 이유"), 40),
    ];
    let rows = m.rows.iter().map(|row| {
        let shown = |q: Option<&Quantity>| Value::amount(q, q.is_some_and(|q| share(row, q)));
        let mut cells = vec![
            Value::text(row.card.id.as_str()),
            Value::text(fixed::title(&row.card, lang)),
            shown(row.cells.iter().find_map(|c| c.finding.required.as_ref())),
        ];
        match &row.statistics {
            Ok(five) => {
                cells.push(Value::count(five.count));
                cells.push(shown(five.least.as_ref()));
                cells.extend([&five.lower_quartile, &five.median, &five.upper_quartile].map(|q| shown(Some(q))));
                cells.push(shown(five.most.as_ref()));
            }
            Err(_) => cells.extend((0..6).map(|_| Value::Empty)),
        }
        let beside = row.benchmarks.iter().map(|b| {
            let since = b.since.as_deref().map(|day| words::since(day, lang)).unwrap_or_default();
            let value = amount::show(&b.quantity, share(row, &b.quantity), lang);
            format!("{value} {} ({}) {since}", lang.pick(&b.of_en, &b.of_ko), b.rule)
        });
        cells.push(Value::Text(beside.collect::<Vec<_>>().join("\n")));
        cells.push(
            row.statistics.as_ref().err().map_or(Value::Empty, |why| Value::Text(words::incomparable(*why, lang))),
        );
        cells
    });
    sheet(book, lang.pick("Statistics", "통계"), &columns, &rows.collect::<Vec<_>>())
}

fn countries(book: &mut Workbook, c: &Countries, lang: Lang) -> Result<(), XlsxError> {
    let list = kernel::words::vocabulary();
    let mut columns = vec![(lang.pick("Topic", "항목"), 22), (lang.pick("Question", "물음"), 34)];
    columns.extend(c.countries.iter().map(|country| (country.id.as_str(), 34)));
    columns.push((lang.pick("They differ in", "서로 다름"), 34));
    let rows = c.topics.iter().map(|row| {
        let mut cells = vec![
            Value::text(row.topic.name.as_str()),
            Value::text(lang.pick(&row.topic.question, &row.topic.question_ko)),
        ];
        cells.extend(row.cells.iter().map(|answers| {
            let said = answers.iter().map(|a| {
                let said = answers::say(a, &list, lang);
                let mut lines = vec![format!("[{}] {}", fixed::status(a.card.status, lang), said.asks)];
                lines.extend((!said.when.is_empty()).then_some(said.when));
                lines.extend(said.counted);
                lines.push(a.card.id.clone());
                lines.join("\n")
            });
            Value::Text(said.collect::<Vec<_>>().join("\n\n"))
        }));
        let differs = row.differs.iter().map(|d| words::difference(*d, lang));
        cells.push(Value::Text(differs.collect::<Vec<_>>().join("; ")));
        cells
    });
    sheet(book, lang.pick("Topics × countries", "항목 × 국가"), &columns, &rows.collect::<Vec<_>>())?;
    let mut columns = vec![
        (lang.pick("Topic", "항목"), 22),
        (lang.pick("Country", "국가"), 8),
        (lang.pick("Rule", "규칙 ID"), 28),
        (lang.pick("Status", "성격"), 12),
        (lang.pick("In force", "시행"), 8),
        (lang.pick("Sign", "부등호"), 8),
        (lang.pick("Number", "수치"), 12),
        (lang.pick("Unit", "단위"), 10),
        (lang.pick("Of", "대상"), 36),
        (lang.pick("Counted", "세는 방법"), 40),
        (lang.pick("Citations", "근거 조문"), 26),
    ];
    columns.extend(c.exchanges.iter().map(|e| (lang.pick(&e.name_en, &e.name_ko), 16)));
    let mut rows = Vec::new();
    for row in &c.topics {
        for (country, answers) in c.countries.iter().zip(&row.cells) {
            for a in answers {
                let said = answers::say(a, &list, lang);
                let numbers: Vec<(&str, Option<&Quantity>, bool, &str)> = match (a.required.is_empty(), &a.limit) {
                    (false, _) => {
                        let share = |r| answers::is_share(r, &a.card, &list);
                        a.required.iter().map(|r| (r.sign, Some(&r.quantity), share(r), r.of.as_str())).collect()
                    }
                    (true, Some(limit)) => vec![("<=", Some(limit), false, "")],
                    (true, None) => vec![("", None, false, said.asks.as_str())],
                };
                for (sign, quantity, is_share, of) in numbers {
                    let mut cells = vec![
                        Value::text(row.topic.name.as_str()),
                        Value::text(country.id.as_str()),
                        Value::text(a.card.id.as_str()),
                        Value::text(fixed::status(a.card.status, lang)),
                        Value::text(if a.in_force { lang.pick("yes", "예") } else { lang.pick("no", "아니요") }),
                        Value::text(sign),
                        Value::amount(quantity, is_share),
                        Value::text(quantity.map(unit).unwrap_or_default()),
                        Value::text(of),
                        Value::Text(said.counted.join("; ")),
                        Value::Text(a.card.cites.join("; ")),
                    ];
                    cells.extend(a.findings.iter().map(|f| Value::text(fixed::verdict(f.verdict, f.status, lang))));
                    rows.push(cells);
                }
            }
        }
    }
    sheet(book, lang.pick("Answers", "규칙별"), &columns, &rows)
}
