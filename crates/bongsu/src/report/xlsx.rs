//! The report as a workbook. Amounts and shares are text: a spreadsheet's numbers are binary floats, and won must stay exact.

use crate::assessment::Assessment;
use crate::lang::Lang;
use crate::report::amount::amounts;
use crate::report::moment::iso;
use crate::report::{digest, words};
use crate::trouble::Trouble;
use rulebook::time::Instant;
use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};
use std::path::Path;

/// Writes the workbook to a file.
pub fn write(assessment: &Assessment, lang: Lang, path: &Path) -> Result<(), Trouble> {
    let bytes = bytes(assessment, lang)
        .map_err(|e| Trouble::new(format!("the workbook cannot be made: {e}"), "ask for fewer exchanges or laws"))?;
    std::fs::write(path, bytes).map_err(|e| Trouble::file(path, &e))
}

/// The workbook; equal assessments give equal bytes, so the time of writing is left out.
pub fn bytes(assessment: &Assessment, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_timestamp(assessment.question.as_of.0.div_euclid(1000).clamp(0, LAST_SECOND))?;
    book.set_properties(&DocProperties::new().set_title("Bongsu").set_author("Bongsu").set_creation_datetime(&made));
    sheet(&mut book, lang.pick("Summary", "요약"), &summary(assessment, lang))?;
    sheet(&mut book, lang.pick("Findings", "판단 결과"), &findings(assessment, lang))?;
    sheet(&mut book, lang.pick("Rules", "규칙"), &rules(assessment, lang))?;
    sheet(&mut book, lang.pick("Coming dates", "앞으로 바뀌는 날"), &dates(assessment, lang))?;
    sheet(&mut book, lang.pick("About", "안내"), &about(assessment, lang))?;
    book.save_to_buffer()
}

/// The last second of 9999, where a spreadsheet's calendar ends.
const LAST_SECOND: i64 = 253_402_300_799;

/// Most letters a cell may hold, by the format.
const CELL: usize = 32_767;

/// A table: columns with their widths, then rows.
struct Sheet {
    columns: Vec<(String, u16)>,
    rows: Vec<Vec<String>>,
}

fn columns(list: &[(&str, &str, u16)], lang: Lang) -> Vec<(String, u16)> {
    list.iter().map(|(en, ko, wide)| (lang.pick(en, ko).to_string(), *wide)).collect()
}

fn sheet(book: &mut Workbook, name: &str, sheet: &Sheet) -> Result<(), XlsxError> {
    // Malgun Gothic is on every Korean desktop and has Latin letters too; elsewhere a program picks its own.
    let cell =
        Format::new().set_font_name("Malgun Gothic").set_font_size(10).set_align(FormatAlign::Top).set_text_wrap();
    let head = cell.clone().set_bold().set_background_color(Color::RGB(0x1F_3A_4D)).set_font_color(Color::White);
    let page: &mut Worksheet = book.add_worksheet();
    page.set_name(name)?.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    page.set_freeze_panes(1, 0)?;
    for (at, (title, wide)) in (0u16..).zip(&sheet.columns) {
        page.set_column_width(at, f64::from(*wide))?;
        page.write_string_with_format(0, at, title, &head)?;
    }
    for (row, cells) in (1u32..).zip(&sheet.rows) {
        for (at, text) in (0u16..).zip(cells) {
            let text: String = text.chars().take(CELL).collect();
            page.write_string_with_format(row, at, text, &cell)?;
        }
    }
    let last = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let wide = u16::try_from(sheet.columns.len().saturating_sub(1)).unwrap_or(0);
    page.autofilter(0, 0, last(sheet.rows.len()), wide)?;
    Ok(())
}

/// The paper size's number in the format.
const A4: u8 = 9;

fn summary(assessment: &Assessment, lang: Lang) -> Sheet {
    let columns = columns(
        &[
            ("Exchange", "거래소", 18),
            ("Breaches", "미준수", 10),
            ("Unknown", "판단 불가(자료 없음)", 12),
            ("To judge", "판단 필요", 10),
            ("Not yet due", "기한 전", 10),
            ("Met", "준수", 10),
            ("Coverage", "커버리지", 12),
            ("Pass rate", "준수율", 12),
            ("Below, not binding", "미달(구속력 없음)", 18),
            ("Next date", "다음 날짜", 18),
        ],
        lang,
    );
    let row = |e: &crate::assessment::Assessed| {
        let s = digest::binding(e);
        let next = e.changes.first().map(|c| words::when(c.why, c.at, &assessment.zone)).unwrap_or_default();
        let counts = [s.not_met, s.unknown, s.judgement, s.running, s.met].map(|n| n.to_string());
        let mut cells = vec![lang.pick(&e.name_en, &e.name_ko).to_string()];
        cells.extend(counts);
        cells.push(words::share(s.answered(), s.applicable()));
        cells.push(words::share(s.met, s.met + s.not_met));
        cells.push(digest::below(e).count().to_string());
        cells.push(next);
        cells
    };
    Sheet { columns, rows: assessment.exchanges.iter().map(row).collect() }
}

fn findings(assessment: &Assessment, lang: Lang) -> Sheet {
    let words_list = kernel::words::vocabulary();
    let columns = columns(
        &[
            ("Exchange", "거래소", 12),
            ("Instrument", "법령", 24),
            ("Rule", "규칙 ID", 24),
            ("Title", "규칙", 28),
            ("Subject", "대상", 16),
            ("Status", "성격", 12),
            ("Verdict", "판단", 18),
            ("Value", "현재", 16),
            ("Required", "기준", 16),
            ("Short", "부족", 18),
            ("Gap (pp)", "차이(%p)", 12),
            ("Due", "기한", 18),
            ("Missing facts", "없는 자료", 40),
            ("To judge", "판단할 것", 40),
            ("Citations", "근거 조문", 28),
            ("Grade", "증거 등급", 16),
            ("Evidence entries", "증거 항목", 20),
        ],
        lang,
    );
    let mut rows = Vec::new();
    for e in &assessment.exchanges {
        for f in &e.findings {
            let rule = digest::card(assessment, &f.rule);
            let a = amounts(f, rule, &words_list, lang);
            let due = f.due.filter(|d| *d != Instant::NEVER).map(|d| assessment.zone.show(d)).unwrap_or_default();
            let asks: Vec<&str> =
                f.judgements.iter().map(|j| words::judgement(j, &assessment.judgements, lang)).collect();
            rows.push(vec![
                lang.pick(&e.name_en, &e.name_ko).to_string(),
                rule.map_or("", |r| words::instrument(r, lang)).to_string(),
                f.rule.clone(),
                rule.map_or("", |r| words::title(r, lang)).to_string(),
                digest::subject(f),
                words::status(f.status, lang).to_string(),
                words::verdict(f.verdict, f.status, lang).to_string(),
                a.value,
                a.required,
                a.short,
                a.gap,
                due,
                words::all_missing(f, &words_list, lang).join("\n"),
                asks.join("\n"),
                rule.map(|r| r.cites.join("\n")).unwrap_or_default(),
                f.grade.map_or("", |g| words::grade(g, lang)).to_string(),
                words::entries(&f.evidence),
            ]);
        }
    }
    Sheet { columns, rows }
}

fn rules(assessment: &Assessment, lang: Lang) -> Sheet {
    let columns = columns(
        &[
            ("Rule", "규칙 ID", 24),
            ("Title", "규칙", 30),
            ("Instrument", "법령", 28),
            ("Authority", "소관", 22),
            ("Status", "성격", 12),
            ("From", "시행일", 12),
            ("Lines", "내용", 60),
            ("Citations", "근거 조문", 28),
            ("Penalty", "제재", 24),
            ("Open question", "미확인 사항", 44),
        ],
        lang,
    );
    let row = |r: &crate::assessment::RuleCard| {
        vec![
            r.id.clone(),
            words::title(r, lang).to_string(),
            words::instrument(r, lang).to_string(),
            words::authorities(&r.authorities, lang),
            words::status(r.status, lang).to_string(),
            r.from.clone().unwrap_or_default(),
            r.lines.join("\n"),
            r.cites.iter().cloned().chain(words::shared(r, lang)).collect::<Vec<_>>().join("\n"),
            r.penalty.clone().unwrap_or_default(),
            r.open.clone().unwrap_or_default(),
        ]
    };
    Sheet { columns, rows: assessment.rules.iter().map(row).collect() }
}

fn dates(assessment: &Assessment, lang: Lang) -> Sheet {
    let columns = columns(
        &[
            ("Date", "날짜", 18),
            ("What", "내용", 16),
            ("Rule", "규칙 ID", 26),
            ("Title", "규칙", 34),
            ("Exchanges", "거래소", 40),
        ],
        lang,
    );
    let row = |c: &digest::Coming<'_>| {
        vec![
            words::when(c.why, c.at, &assessment.zone),
            words::why(c.why, lang).to_string(),
            c.rule.to_string(),
            digest::card(assessment, c.rule).map_or("", |r| words::title(r, lang)).to_string(),
            c.exchanges.iter().map(|e| lang.pick(&e.name_en, &e.name_ko)).collect::<Vec<_>>().join(", "),
        ]
    };
    Sheet { columns, rows: digest::coming(assessment).iter().map(row).collect() }
}

fn about(assessment: &Assessment, lang: Lang) -> Sheet {
    let rows = words::about(assessment, lang, |at| iso(at, &assessment.zone));
    let rows = rows.into_iter().map(|(name, text)| vec![name.to_string(), text]).collect();
    Sheet { columns: columns(&[("What", "항목", 24), ("", "내용", 90)], lang), rows }
}
