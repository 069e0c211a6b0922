//! Templates: which words an empty sheet asks for.
//!
//! The words of a kind of subject are those the word list gives it; the exchange's own are chosen by section or named.

use super::{exchanges, facts, judgements, notices, remarks};
use rulebook::vocabulary::{Of, Vocabulary, Word};

/// What the sheets of a template are about.
enum Words {
    /// Every word of a kind of subject, one subject a row.
    Kind(&'static str),
    /// Every word of the exchange's own in a section of the list.
    Section(&'static str),
    /// These.
    These(&'static [&'static str]),
    /// The columns of a form that is not a table of words.
    Form(&'static [&'static str], &'static [&'static str]),
}

/// A template.
pub struct Family {
    /// What `bongsu template` calls it.
    pub name: &'static str,
    /// What it is for, in English and Korean.
    pub about: (&'static str, &'static str),
    words: Words,
}

/// Every template.
pub const FAMILIES: [Family; 19] = [
    Family {
        name: "facts",
        about: ("any fact, one a row", "모든 사실, 한 줄에 하나"),
        words: Words::Form(&facts::REQUIRED, &facts::OPTIONAL),
    },
    Family {
        name: "exchanges",
        about: ("exchanges to register", "거래소 등록"),
        words: Words::Form(&exchanges::REQUIRED, &exchanges::OPTIONAL),
    },
    Family {
        name: "judgement",
        about: ("answers to open norms", "판단"),
        words: Words::Form(&judgements::REQUIRED, &judgements::OPTIONAL),
    },
    Family {
        name: "notices",
        about: ("notices and reports that were sent", "통지·신고 내역"),
        words: Words::Form(&notices::REQUIRED, &notices::OPTIONAL),
    },
    Family {
        name: "remarks",
        about: ("timeline, causes, tasks and lessons in words", "경과·원인·조치·교훈 기록"),
        words: Words::Form(&remarks::REQUIRED, &remarks::OPTIONAL),
    },
    Family {
        name: "exchange",
        about: ("the exchange itself", "사업자"),
        words: Words::Section("The exchange · 사업자"),
    },
    Family {
        name: "staffing",
        about: ("heads by month end", "월말 인력"),
        words: Words::These(&["staff", "it_staff", "security_staff"]),
    },
    Family {
        name: "budget",
        about: ("spending by month", "월별 지출"),
        words: Words::These(&["it_spend", "security_spend"]),
    },
    Family {
        name: "assets",
        about: ("quantities and prices by asset", "자산별 수량과 가격"),
        words: Words::Kind("asset"),
    },
    Family { name: "money", about: ("users' money", "예치금"), words: Words::Section("Users' money · 예치금") },
    Family {
        name: "cover",
        about: ("insurance, reserve, deposit", "보험·적립금·예치금"),
        words: Words::Section("Cover · 보험 등"),
    },
    Family { name: "ciso", about: ("the CISO", "정보보호최고책임자"), words: Words::Kind("ciso") },
    Family {
        name: "certificate",
        about: ("ISMS and ISMS-P", "ISMS·ISMS-P 인증"),
        words: Words::These(&[
            "isms_certified",
            "isms_renewal_pending",
            "isms_issued",
            "isms_audited",
            "isms_given_up",
            "isms_audit_methods",
            "isms_simplified",
        ]),
    },
    Family {
        name: "blocking",
        about: ("deposits and withdrawals withheld", "입출금 차단"),
        words: Words::Kind("blocking"),
    },
    Family { name: "incident", about: ("incidents", "침해사고·전산장애"), words: Words::Kind("incident") },
    Family {
        name: "disclosure",
        about: ("security disclosure", "정보보호 공시"),
        words: Words::Section("Security disclosure · 정보보호 공시"),
    },
    Family {
        name: "registration",
        about: ("registration with the FIU", "가상자산사업자 신고"),
        words: Words::Section("Registration with the FIU · 가상자산사업자 신고"),
    },
    Family {
        name: "records", about: ("trade records", "거래기록"), words: Words::Section("Records · 거래기록")
    },
    Family { name: "order", about: ("orders of supervisors", "감독당국 명령"), words: Words::Kind("order") },
];

/// A column with what it means.
pub struct Column {
    /// Its header.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// What to write, in English and Korean.
    pub meaning: (String, String),
}

impl Family {
    /// Finds a template.
    pub fn find(name: &str) -> Option<&'static Family> {
        FAMILIES.iter().find(|family| family.name == name)
    }

    /// Its columns in order.
    pub fn columns(&self, list: &Vocabulary) -> Vec<Column> {
        let kind = |word: &Word| match word.of {
            Of::Kind(kind) => list.kind_name(kind).to_owned(),
            Of::Any => "any".to_owned(),
            Of::Exchange => String::new(),
        };
        let chosen = |word: &Word| match self.words {
            // Whether it was reported is asked of whatever is dealt with one by one.
            Words::Kind(of) => kind(word) == of || kind(word) == "any" && REPORTED.contains(&of),
            Words::Section(section) => word.family == section && word.of == Of::Exchange,
            Words::These(names) => names.contains(&word.name.as_str()),
            Words::Form(..) => false,
        };
        let head = match self.words {
            Words::Form(required, optional) => {
                return required.iter().chain(optional).map(|name| plain(name)).collect();
            }
            Words::Kind(of) => vec!["exchange", of, "at"],
            Words::Section(_) | Words::These(_) => vec!["exchange", "at"],
        };
        // What the guard sums up itself is nobody's to type in.
        let typed = |word: &Word| !word.family.starts_with("Guard");
        let words = list.words().filter(|(_, word)| chosen(word) && typed(word)).map(|(_, word)| Column {
            name: word.name.clone(),
            unit: word.unit.clone(),
            meaning: (word.meaning.clone(), word.meaning_ko.clone()),
        });
        let tail = ["source", "confidence", "note"].map(plain);
        head.into_iter().map(plain).chain(words).chain(tail).collect()
    }
}

/// Kinds that are reported to authorities.
const REPORTED: [&str; 2] = ["blocking", "incident"];

/// A column that is no word.
fn plain(name: &str) -> Column {
    let (unit, en, ko) = match name {
        "exchange" => ("id", "the exchange's id, such as upbit", "거래소 아이디"),
        "id" => ("id", "short id that never changes", "변하지 않는 짧은 아이디"),
        "name_en" => ("text", "name in English", "영문명"),
        "name_ko" => ("text", "name in Korean", "국문명"),
        "operator" => ("text", "company that runs it; not recorded", "운영사(기록하지 않음)"),
        "subject" => ("kind/name", "such as ciso/c1; empty for the exchange itself", "종류/이름, 사업자 자신이면 비움"),
        "at" => (
            "date",
            "since when: 2025-04-30 is its last instant in Seoul; 2025-04-30 09:00",
            "기준일(서울 시각, 날짜만 쓰면 그날의 끝)",
        ),
        "until" => ("date", "until when; empty for still", "종료일, 계속되면 비움"),
        "word" => ("word", "a word of `bongsu words`", "어휘 이름"),
        "value" => ("", "in its unit; missing = unknown, none = known absent", "값; missing 모름, none 없음"),
        "unit" => ("", "the word's unit; event for events", "단위"),
        "source" => ("text", "address or document", "출처"),
        "confidence" => ("code", "high, medium, low or derived", "신뢰도"),
        "grade" => ("code", "declared, signed, confirmed or on-chain", "근거 등급"),
        "corrects" => ("entry", "index of the entry it replaces", "정정 대상 기록 번호"),
        "judgement" => ("id", "the open norm, such as kr.vaupa.urgent_need", "판단 대상"),
        "answer" => ("yes/no", "yes or no", "판단"),
        "contents" => ("codes", "what it contains, between spaces; none if nothing asked for", "기재사항(공백 구분)"),
        "to" => ("code", "to whom, such as kisa or fss", "수신 기관"),
        "form" => ("id", "the form it follows; empty for a call", "서식"),
        "document" => ("hash", "SHA-256 of the paper; empty for a call", "문서 해시"),
        "amends" => ("entry", "index of the notice it amends", "수정 대상 통지 기록 번호"),
        "topic" => ("code", "event, title, description, cause, task, lesson, …", "주제"),
        "text" => ("text", "in your own words", "내용"),
        "owner" => ("id", "who is to do it", "담당자(가명)"),
        "due" => ("date", "until when", "기한"),
        "done" => ("yes/no", "whether it is done", "완료 여부"),
        "reasons" => ("text", "why", "이유"),
        "by" => ("id", "who, as an opaque reference", "판단한 사람(가명)"),
        "note" => ("text", "for the reader of the sheet; not recorded", "비고(기록하지 않음)"),
        _ => ("name", "its name within the exchange; the same name is the same one", "사업자 안에서의 이름"),
    };
    Column { name: name.to_owned(), unit: unit.to_owned(), meaning: (en.to_owned(), ko.to_owned()) }
}
