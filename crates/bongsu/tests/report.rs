//! Every form of a report, from one assessment made by hand, against the files in `report/`. `BONGSU_BLESS=1` rewrites them.

use bongsu::assessment::{Assessed, Assessment, Change, JudgementCard, Published, Question, RuleCard};
use bongsu::lang::Lang;
use bongsu::report::{html, json, table, xlsx};
use calamine::{Reader, Xlsx};
use kernel::fact::Name;
use kernel::finding::{Finding, Quantity};
use kernel::known::KnownAt;
use kernel::upcoming::Why;
use rulebook::book::Status;
use rulebook::finding::Verdict;
use rulebook::time::{Instant, Zone};
use std::io::Cursor;
use std::path::Path;

fn check(file: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/report").join(file);
    if std::env::var_os("BONGSU_BLESS").is_some() {
        std::fs::write(&path, found).expect("the folder is there");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    let place = expected.lines().zip(found.lines()).position(|(a, b)| a != b);
    assert!(expected == found, "{file} differs at line {place:?}; BONGSU_BLESS=1 accepts what is printed now");
}

fn seoul() -> Zone {
    Zone::get("Asia/Seoul").expect("the zone is in the table")
}

fn at(text: &str) -> Instant {
    seoul().read(text).expect("a moment")
}

fn quantity(value: &str, unit: &str) -> Option<Quantity> {
    Some(Quantity { value: value.into(), unit: unit.into() })
}

/// A finding with nothing but a verdict.
fn finding(rule: &str, verdict: Verdict, status: Status) -> Finding {
    Finding {
        rule: rule.into(),
        subject: None,
        verdict,
        status,
        value: None,
        required: None,
        short: None,
        at_least: false,
        due: None,
        elapsed: None,
        measured: None,
        missing: vec![],
        judgements: vec![],
        evidence: vec![],
        grade: None,
    }
}

fn rule(id: &str, en: &str, ko: &str, status: Status, line: &str) -> RuleCard {
    let (instrument, title) = match id.split('.').nth(1) {
        Some("vaupa") => ("kr.vaupa", "Virtual Asset User Protection Act · 가상자산이용자보호법"),
        _ => ("kr.daba", "Digital Assets Basic Act (proposed) · 디지털자산기본법안"),
    };
    RuleCard {
        id: id.into(),
        title_en: en.into(),
        title_ko: ko.into(),
        instrument: instrument.into(),
        instrument_title: title.into(),
        authorities: vec!["fsc".into()],
        shared: vec![],
        status,
        open: (status != Status::Binding).then(|| "the size, and whom it binds".into()),
        cites: vec!["Act 7(3)".into(), "Decree 11(1)".into()],
        penalty: Some("100_000_000 KRW, Act 22(1)1".into()),
        lines: vec![line.into()],
        from: Some("2024-07-19".into()),
    }
}

/// One exchange that falls short in every way, one of which little is known.
fn assessment() -> Assessment {
    use Status::{Binding, Proposed};
    let cold = |verdict, value: &str, short: Option<Quantity>, entry| Finding {
        value: quantity(value, ""),
        required: quantity("0.8", ""),
        short,
        evidence: vec![entry],
        grade: Some(0),
        ..finding("kr.vaupa.7-3.published", verdict, Binding)
    };
    let short = Assessed {
        id: "alpha".into(),
        name_en: "Alpha".into(),
        name_ko: "알파".into(),
        findings: vec![
            Finding {
                value: quantity("99999999999", "KRW"),
                required: quantity("100000000000", "KRW"),
                short: quantity("1", "KRW"),
                evidence: vec![3, 4, 5, 9],
                grade: Some(2),
                ..finding("kr.vaupa.6-1", Verdict::NotMet, Binding)
            },
            cold(Verdict::NotMet, "0.7999", quantity("0.0001", ""), 7),
            Finding {
                subject: Some(Name::new("incident", "<alpha> & 2025")),
                due: Some(at("2026-11-30")),
                evidence: vec![11],
                grade: Some(1),
                ..finding("kr.vaupa.6-1.timing", Verdict::NotYetDue, Binding)
            },
            Finding {
                subject: Some(Name::new("abnormal_trade", "t1")),
                elapsed: Some(600_000),
                judgements: vec!["kr.vaupa.measures_suitable".into()],
                ..finding("kr.vaupa.12-1", Verdict::NeedsJudgement, Binding)
            },
            Finding {
                value: quantity("33/637", ""),
                required: quantity("0.1", ""),
                short: quantity("31", "person"),
                at_least: true,
                measured: Some(at("2025-12-31")),
                ..finding("kr.daba.staff", Verdict::NotMet, Proposed)
            },
        ],
        changes: vec![
            Change { at: at("2026-11-30"), why: Why::Due, rule: "kr.vaupa.6-1.timing".into() },
            Change {
                at: seoul().start_of("2027-02-19".parse().expect("a date")),
                why: Why::Begins,
                rule: "kr.daba.staff".into(),
            },
        ],
        published: vec![
            Published { at: at("2024-12-31"), share: "0.819".into(), entry: Some(6) },
            Published { at: at("2025-12-31"), share: "0.7999".into(), entry: Some(7) },
        ],
        entry: Some(12),
    };
    let dark = Assessed {
        id: "beta".into(),
        name_en: "Beta".into(),
        name_ko: "베타".into(),
        findings: vec![
            Finding {
                missing: vec!["users_money".into(), "money_with_institution".into()],
                ..finding("kr.vaupa.6-1", Verdict::CannotBeAssessed, Binding)
            },
            cold(Verdict::Met, "1", None, 8),
            finding("kr.vaupa.6-1.timing", Verdict::NotApplicable, Binding),
            finding("kr.vaupa.12-1", Verdict::NotApplicable, Binding),
            finding("kr.daba.staff", Verdict::NotInForce, Proposed),
        ],
        changes: vec![Change {
            at: seoul().start_of("2027-02-19".parse().expect("a date")),
            why: Why::Begins,
            rule: "kr.daba.staff".into(),
        }],
        published: vec![Published { at: at("2025-12-31"), share: "1".into(), entry: Some(8) }],
        entry: None,
    };
    Assessment {
        question: Question { as_of: at("2026-11-22"), known: KnownAt::Now, exchanges: vec![], laws: vec![] },
        zone: seoul(),
        size: 12,
        rulebook: "by hand".into(),
        exchanges: vec![short, dark],
        rules: vec![
            rule(
                "kr.vaupa.6-1",
                "Users' money fully covered",
                "예치금 전액 예치",
                Binding,
                "money_with_institution / users_money >= minimum_money_share",
            ),
            rule(
                "kr.vaupa.6-1.timing",
                "Covered by the next business day",
                "다음 영업일까지 예치",
                Binding,
                "due = start + 1 day",
            ),
            rule(
                "kr.vaupa.7-3.published",
                "Cold share as published",
                "공개된 콜드월렛 비율",
                Binding,
                "cold_share >= minimum_cold_share",
            ),
            rule("kr.vaupa.12-1", "Suitable measures", "이상거래 조치", Binding, "measures_suitable"),
            rule(
                "kr.daba.staff",
                "Security staff are a share of IT staff",
                "정보보호 전담인력 비율 (안)",
                Proposed,
                "security_staff / it_staff >= daba_staff_share",
            ),
        ],
        judgements: vec![JudgementCard {
            id: "kr.vaupa.measures_suitable".into(),
            asks_en: "Did the measures fit the trade?".into(),
            asks_ko: "조치가 거래에 알맞았는가?".into(),
            look: vec!["its kind and amount".into(), "its effect on the market".into()],
            cites: vec!["Act 12(1)".into()],
        }],
        seen_by: None,
    }
}

#[test]
fn json_is_a_contract() {
    check("assess.json", &json::show(&assessment()));
}

#[test]
fn json_has_exactly_the_documented_fields() {
    let top: serde_json::Value = serde_json::from_str(&json::show(&assessment())).expect("JSON");
    let names = |value: &serde_json::Value| {
        let mut names: Vec<String> = value.as_object().expect("an object").keys().cloned().collect();
        names.sort();
        names.join(" ")
    };
    let documented = include_str!("../../../docs/assess-json.md");
    let rows = |heading: &str| {
        let section = documented.split("\n## ").find(|s| s.starts_with(heading)).expect("the section is there");
        let cells = section.lines().filter_map(|l| l.strip_prefix("| `")?.split('`').next());
        let mut names: Vec<&str> = cells.collect();
        names.sort_unstable();
        names.join(" ")
    };
    assert_eq!(names(&top), rows("The whole"));
    assert_eq!(names(&top["exchanges"][0]), rows("An exchange"));
    assert_eq!(names(&top["exchanges"][0]["score"]), rows("A score"));
    assert_eq!(names(&top["findings"][0]), rows("A finding"));
    assert_eq!(names(&top["changes"][0]), rows("A change"));
}

#[test]
fn pages_are_whole_and_deterministic() {
    for (lang, file) in [(Lang::En, "page-en.html"), (Lang::Ko, "page-ko.html")] {
        let page = html::page(&assessment(), lang);
        assert_eq!(page, html::page(&assessment(), lang));
        // Nothing outside is fetched, nothing runs, and what a journal says cannot become markup.
        for foreign in ["<script", "http://", "https://", "url(", "@import", "<alpha>"] {
            assert!(!page.contains(foreign), "{file}: {foreign}");
        }
        assert_eq!(page.matches("<svg").count(), page.matches("role=\"img\"").count());
        // The style is its own file: the golden page is what it dresses.
        let (head, rest) = page.split_once("<style>").expect("a style");
        let (_, body) = rest.split_once("</style>").expect("its end");
        check(file, &format!("{head}{}", body.replace("><", ">\n<")));
    }
}

#[test]
fn only_binding_law_is_breached() {
    let page = html::page(&assessment(), Lang::Ko);
    assert!(page.contains("<b>2</b> 미준수"), "two binding duties");
    assert!(page.contains("최소 31명"), "the proposed one is shown, with its people");
    assert!(page.contains("<b>0</b> 미준수"), "what is unknown is no breach");
}

#[test]
fn tables_fit_their_width() {
    use unicode_width::UnicodeWidthStr;
    for (lang, file) in [(Lang::En, "table-en.txt"), (Lang::Ko, "table-ko.txt")] {
        let all = table::show(&assessment(), lang, false, true);
        check(file, &all);
        assert!(!all.contains('\x1b') && table::show(&assessment(), lang, true, true).contains('\x1b'));
        for line in all.lines() {
            assert!(line.width() <= 100, "{} columns: {line}", line.width());
        }
        assert!(table::show(&assessment(), lang, false, false).len() < all.len());
    }
}

#[test]
fn workbooks_open_and_keep_amounts_as_text() {
    for (lang, names) in [
        (Lang::En, ["Summary", "Findings", "Rules", "Coming dates", "About"]),
        (Lang::Ko, ["요약", "판단 결과", "규칙", "앞으로 바뀌는 날", "안내"]),
    ] {
        let bytes = xlsx::bytes(&assessment(), lang).expect("a workbook");
        assert_eq!(bytes, xlsx::bytes(&assessment(), lang).expect("a workbook"));
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("it opens");
        assert_eq!(book.sheet_names(), names);
        let findings = book.worksheet_range(names[1]).expect("the sheet is there");
        assert_eq!(findings.height(), 1 + 10, "a header and one row a finding");
        let cells: Vec<_> = findings.rows().nth(1).expect("a row").iter().map(|c| c.to_string()).collect();
        assert!(cells.iter().any(|c| c.contains("99,999,999,999")), "{cells:?}");
        assert!(findings.rows().flatten().all(|c| matches!(c, calamine::Data::String(_) | calamine::Data::Empty)));
    }
}
