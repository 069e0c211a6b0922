//! The disclosure list of the internet agency, exactly as published: one row a company, thirty columns, years after one another.
//!
//! Year N reports the business year N−1. A zero beside a note that points to an attachment is not a zero but unknown. The
//! ratio columns are rounded: the figures count, and a ratio that disagrees with them is pointed out.

use super::table::{Found, Line};
use super::{RowError, facts, moment};
use kernel::fact::{Exact, ExchangeRegistered, Figure, FigureValue, Grade, Name};
use rulebook::number::Number;
use rulebook::time::{Instant, read_date};

const YEAR: &str = "공시연도(yyyy)";
const COMPANY: &str = "기업명";
const IT_SPEND: &str = "투자현황_정보기술부문 투자액(A)";
const SECURITY_SPEND: &str = "투자현황_정보보호부문 투자액(B)";
const SPEND_RATIO: &str = "투자현황_비율(B/A)";
const SPEND_NOTE: &str = "투자현황_특기사항";
const STAFF: &str = "인력현황_총임직원";
const IT_STAFF: &str = "인력현황_정보기술부문 인력(C)";
const SECURITY_STAFF: &str = "인력현황_정보보호부문 인력(D)";
const STAFF_RATIO: &str = "인력현황_비율(D/C)";
const STAFF_NOTE: &str = "인력현황_특기사항";
const CISO_EXECUTIVE: &str = "인력현황_CISO_임원여부";
const CISO_OTHER_POST: &str = "인력현황_CISO_겸직여부";
const CERTIFICATES: &str = "정보보호 관련 인증·점검·평가 등에 관한 사항";

pub(super) const REQUIRED: [&str; 9] = [YEAR, COMPANY, IT_SPEND, SECURITY_SPEND, SPEND_RATIO, STAFF, IT_STAFF, SECURITY_STAFF, STAFF_RATIO];
pub(super) const OTHERS: [&str; 5] = [SPEND_NOTE, STAFF_NOTE, CISO_EXECUTIVE, CISO_OTHER_POST, CERTIFICATES];

/// The operators of the won-market exchanges, as their names come out of [`plain`].
const OPERATORS: [(&str, &str); 6] =
    [("두나무", "upbit"), ("빗썸", "bithumb"), ("빗썸코리아", "bithumb"), ("코인원", "coinone"), ("코빗", "korbit"), ("스트리미", "gopax")];

/// The figures of the list: column, word, unit, and the note that may say that a zero is not one.
const FIGURES: [(&str, &str, &str); 5] = [
    (IT_SPEND, "disclosed_it_spend", SPEND_NOTE),
    (SECURITY_SPEND, "disclosed_security_spend", SPEND_NOTE),
    (STAFF, "disclosed_staff", STAFF_NOTE),
    (IT_STAFF, "disclosed_it_staff", STAFF_NOTE),
    (SECURITY_STAFF, "disclosed_security_staff", STAFF_NOTE),
];

/// A company's name without what changes between years: its legal form, spaces, letter case.
pub fn plain(name: &str) -> String {
    let mut name = name.to_lowercase();
    for form in ["(주)", "㈜", "주식회사"] {
        name = name.replace(form, "");
    }
    name.split_whitespace().collect()
}

pub(super) fn read(line: &Line<'_>, found: &mut Found<'_>) {
    let company = found.keep(line.required(COMPANY)).map(plain);
    let end = found.keep(year_end(line));
    let (Some(company), Some(end)) = (company, end) else { return };
    let said = found.options.companies.iter().find(|(name, _)| plain(name) == company).map(|(_, id)| id.clone());
    let known = said.or_else(|| OPERATORS.iter().find(|(name, _)| *name == company).map(|(_, id)| (*id).to_owned()));
    let exchange = match known {
        Some(id) => id,
        None if found.options.all => {
            let name = line.get(COMPANY).to_owned();
            let source = format!("{} row {}", line.file, line.row);
            found.fact(line.place(COMPANY), ExchangeRegistered { id: company.clone(), name_en: name.clone(), name_ko: name, source });
            company
        }
        None => {
            found.import.skipped += 1;
            return;
        }
    };
    figures(line, found, &exchange, end);
    officer(line, found, &exchange, end);
    for word in ["disclosed_year_end", "business_year_end"] {
        found.fact(line.place(YEAR), figure(line, &exchange, None, word, end, FigureValue::Happened { by: None, amount: None }));
    }
    // ISMS-P holds an ISMS; a certificate that is not named is not stated to be missing.
    if line.get(CERTIFICATES).to_uppercase().contains("ISMS") {
        found.fact(line.place(CERTIFICATES), figure(line, &exchange, None, "isms_certified", end, FigureValue::Truth(true)));
    }
}

fn figures(line: &Line<'_>, found: &mut Found<'_>, exchange: &str, end: Instant) {
    let mut amounts: Vec<Option<Number>> = Vec::new();
    for (column, word, note) in FIGURES {
        let read = amount(line, column, note);
        let Some(amount) = found.keep(read) else {
            amounts.push(None);
            continue;
        };
        let value = match amount.clone().and_then(Exact::of) {
            Some(exact) => FigureValue::Number(exact, None),
            None => FigureValue::Missing,
        };
        amounts.push(amount);
        found.fact(line.place(column), figure(line, exchange, None, word, end, value));
    }
    if let [it, security, _, it_staff, security_staff] = amounts.as_slice() {
        ratio(line, found, SPEND_RATIO, security, it);
        ratio(line, found, STAFF_RATIO, security_staff, it_staff);
        if let (Some(it), Some(security)) = (it, security)
            && security > it
        {
            let expected = "more is spent on security than on IT as a whole".to_owned();
            found.import.warnings.push(line.wrong(SECURITY_SPEND, "explain", expected, "recorded as published; ask for an explanation"));
        }
    }
}

/// An amount as the list writes it: a float without an exponent. `None` is unknown.
fn amount(line: &Line<'_>, column: &str, note: &str) -> Result<Option<Number>, RowError> {
    let text = line.get(column).replace(',', "");
    if text.is_empty() || text == "-" {
        return Ok(None);
    }
    if text.starts_with('-') {
        return Err(line.wrong(column, "negative", "expected no negative figure", "the list has none"));
    }
    let number = Number::decimal(&text).ok_or_else(|| line.wrong(column, "wrong-value", "expected a number, such as 4000000000.0", "leave it empty where it is not known"))?;
    let elsewhere = ["첨부", "별도", "attach"].iter().any(|word| line.get(note).to_lowercase().contains(word));
    Ok(if number.is_zero() && elsewhere { None } else { Some(number) })
}

/// Points out a printed ratio that is further than its rounding from the one that follows.
fn ratio(line: &Line<'_>, found: &mut Found<'_>, column: &str, part: &Option<Number>, whole: &Option<Number>) {
    let (Some(part), Some(whole), Some(printed)) = (part, whole, Number::decimal(line.get(column))) else { return };
    let Some(follows) = part.multiply(&Number::integer(100)).and_then(|p| p.divide(whole)) else { return };
    let (Some(above), Some(below)) = (printed.subtract(&follows), follows.subtract(&printed)) else { return };
    // One decimal is printed: more than a tenth of a point is no rounding.
    let tenth = Number::fraction(1, 10).unwrap_or(Number::ONE);
    if above > tenth || below > tenth {
        let shown = rounded(&follows);
        let expected = format!("the list prints {printed} %, its figures give {shown} %");
        found.import.warnings.push(line.wrong(column, "ratio-disagrees", expected, "the figures count; the printed ratio is not recorded"));
    }
}

/// A percentage cut to two decimals, for a message.
fn rounded(number: &Number) -> String {
    let scaled = number.multiply(&Number::integer(100)).and_then(|n| n.parts()).map(|(num, den)| num / den.max(1));
    scaled.map_or_else(|| number.to_string(), |n| format!("{}.{:02}", n / 100, n % 100))
}

fn officer(line: &Line<'_>, found: &mut Found<'_>, exchange: &str, end: Instant) {
    let ciso = Some(Name::new("ciso", "disclosed"));
    match line.get(CISO_EXECUTIVE) {
        yes_no @ ("O" | "X") => {
            found.fact(line.place(CISO_EXECUTIVE), figure(line, exchange, ciso.clone(), "executive", end, FigureValue::Truth(yes_no == "O")));
        }
        "" | "-" => return,
        _ => found.errors.push(line.wrong(CISO_EXECUTIVE, "wrong-value", "expected O or X", "the list writes O and X")),
    }
    // Another post is said to be held or not; which one the list does not say.
    let posts = match line.get(CISO_OTHER_POST) {
        "X" => FigureValue::None,
        _ => FigureValue::Missing,
    };
    found.fact(line.place(CISO_OTHER_POST), figure(line, exchange, ciso, "other_posts", end, posts));
}

/// The end of the business year a row reports.
fn year_end(line: &Line<'_>) -> Result<Instant, RowError> {
    let text = line.required(YEAR)?;
    let year = text.trim_end_matches(".0").parse::<u16>().ok().filter(|year| (2013..=2200).contains(year));
    let day = year.and_then(|year| read_date(&format!("{:04}-12-31", year - 1)));
    let end = day.map(|day| moment::zone().end_of(day));
    end.ok_or_else(|| line.wrong(YEAR, "wrong-date", "expected the year of disclosure, such as 2025", "four digits"))
}

fn figure(line: &Line<'_>, exchange: &str, subject: Option<Name>, word: &str, at: Instant, value: FigureValue) -> Figure {
    let source = format!("disclosure list {}, {}", line.get(YEAR).trim_end_matches(".0"), line.get(COMPANY));
    let confidence = facts::confidence("high").unwrap_or(None);
    Figure { exchange: exchange.to_owned(), subject, word: word.to_owned(), at, value, grade: Grade::Declared, confidence, source, corrects: None }
}
