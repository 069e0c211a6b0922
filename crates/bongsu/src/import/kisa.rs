//! The list of all companies that filed a security disclosure, as the Internet agency (KISA) publishes it each year.
//!
//! The list of year N reports the business year N-1, so its figures stand at 31 December of N-1. A company's name is its
//! only key.

mod certificate;
mod company;
mod figures;

use super::table::{Found, Line};
use super::{RowError, moment};
use kernel::fact::{Confidence, ExchangeRegistered, Figure, FigureValue, Grade, Name};
use rulebook::time::{Date, Instant};

pub(super) const YEAR: &str = "공시연도(yyyy)";
pub(super) const COMPANY: &str = "기업명";
pub(super) const IT_SPEND: &str = "투자현황_정보기술부문 투자액(A)";
pub(super) const SECURITY_SPEND: &str = "투자현황_정보보호부문 투자액(B)";
pub(super) const SPEND_RATIO: &str = "투자현황_비율(B/A)";
pub(super) const SPEND_NOTE: &str = "투자현황_특기사항";
pub(super) const STAFF: &str = "인력현황_총임직원";
pub(super) const IT_STAFF: &str = "인력현황_정보기술부문 인력(C)";
pub(super) const SECURITY_STAFF: &str = "인력현황_정보보호부문 인력(D)";
pub(super) const STAFF_RATIO: &str = "인력현황_비율(D/C)";
pub(super) const STAFF_NOTE: &str = "인력현황_특기사항";
const CISO_TITLE: &str = "인력현황_CISO_직책명";
const CISO_EXECUTIVE: &str = "인력현황_CISO_임원여부";
const CISO_OTHER_POSTS: &str = "인력현황_CISO_겸직여부";
const CERTIFICATES: &str = "정보보호 관련 인증·점검·평가 등에 관한 사항";

/// The columns that are read.
pub(super) const REQUIRED: [&str; 15] = [
    YEAR,
    COMPANY,
    IT_SPEND,
    SECURITY_SPEND,
    SPEND_RATIO,
    SPEND_NOTE,
    STAFF,
    IT_STAFF,
    SECURITY_STAFF,
    STAFF_RATIO,
    STAFF_NOTE,
    CISO_TITLE,
    CISO_EXECUTIVE,
    CISO_OTHER_POSTS,
    CERTIFICATES,
];
/// The rest of the thirty: about what the company did, for which there are no words.
pub(super) const OTHERS: [&str; 15] = [
    "업종",
    "자율/의무",
    "사전점검 수행여부",
    "투자현황_주요 투자항목",
    "인력현황_정보보호부문 내부인력",
    "인력현황_정보보호부문 외부인력",
    "인력현황_CISO_주요활동건수",
    "인력현황_CPO_직책명",
    "인력현황_CPO_임원여부",
    "인력현황_CPO_겸직여부",
    "인력현황_CPO_주요활동건수",
    "정보보호 활동 현황",
    "정보보호 공시 우수기업",
    "정보보호 투자우수기업 여부",
    "수정공시 여부",
];

/// The list names the office and not who holds it, so what it says is not put on an officer of other sources.
const CISO: &str = "disclosed";

pub(super) fn read(line: &Line<'_>, found: &mut Found<'_>) {
    let company = line.get(COMPANY);
    let exchange = match company::exchange(company, &found.options.companies) {
        Some(exchange) => exchange,
        None if found.options.all && !company.is_empty() => company::plain(company),
        None => {
            found.import.skipped += 1;
            return;
        }
    };
    let Some(filing) = found.keep(Filing::of(line, exchange)) else { return };
    if found.options.all && company::exchange(company, &found.options.companies).is_none() {
        let name = company.to_owned();
        let fact = ExchangeRegistered {
            id: filing.exchange.clone(),
            name_en: name.clone(),
            name_ko: name,
            source: filing.source.clone(),
        };
        found.fact(line.place(COMPANY), fact);
    }
    for word in ["business_year_end", "disclosed_year_end"] {
        found.fact(line.place(YEAR), filing.figure(None, word, FigureValue::Happened { by: None, amount: None }));
    }
    // That it was disclosed is certain, on which day is not: without this, silence would say that it never was.
    found.fact(line.place(YEAR), filing.figure(None, "security_disclosed", FigureValue::Missing));
    figures::read(line, found, &filing);
    ciso(line, found, &filing);
    certificate::read(line, found, &filing);
}

/// What one company filed for one year.
struct Filing {
    exchange: String,
    at: Instant,
    source: String,
}

impl Filing {
    fn of(line: &Line<'_>, exchange: String) -> Result<Filing, RowError> {
        let text = line.required(YEAR)?;
        let year =
            text.strip_suffix(".0").unwrap_or(text).parse::<i16>().ok().filter(|year| (2013..2200).contains(year));
        let end = year.and_then(|year| Date::new(year - 1, 12, 31).ok());
        let (Some(year), Some(end)) = (year, end) else {
            return Err(line.wrong(
                YEAR,
                "wrong-value",
                "expected the year of the disclosure, such as 2025",
                "the list of a year reports the year before",
            ));
        };
        let source = format!("KISA list of security disclosures {year}, {}", line.get(COMPANY));
        Ok(Filing { exchange, at: moment::zone().end_of(end), source })
    }

    fn figure(&self, subject: Option<Name>, word: &str, value: FigureValue) -> Figure {
        Figure {
            exchange: self.exchange.clone(),
            subject,
            word: word.to_owned(),
            at: self.at,
            value,
            grade: Grade::Declared,
            confidence: Some(Confidence::High),
            source: self.source.clone(),
            corrects: None,
        }
    }
}

fn ciso(line: &Line<'_>, found: &mut Found<'_>, filing: &Filing) {
    let subject = || Some(Name::new("ciso", CISO));
    if let Some(Some(executive)) = found.keep(mark(line, CISO_EXECUTIVE)) {
        found.fact(line.place(CISO_EXECUTIVE), filing.figure(subject(), "executive", FigureValue::Truth(executive)));
    }
    if let Some(Some(others)) = found.keep(mark(line, CISO_OTHER_POSTS)) {
        // That there are other posts is known then, which ones is not.
        let posts = if others { FigureValue::Missing } else { FigureValue::None };
        found.fact(line.place(CISO_OTHER_POSTS), filing.figure(subject(), "other_posts", posts));
    }
}

/// `O` or `X`, in Latin letters or as drawn; empty says nothing.
fn mark(line: &Line<'_>, column: &str) -> Result<Option<bool>, RowError> {
    match line.get(column) {
        "" | "-" => Ok(None),
        "O" | "o" | "○" | "◯" => Ok(Some(true)),
        "X" | "x" | "×" => Ok(Some(false)),
        _ => Err(line.wrong(column, "wrong-value", "expected O or X", "leave it empty where the list says nothing")),
    }
}
