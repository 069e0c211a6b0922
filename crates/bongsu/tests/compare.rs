//! `bongsu compare`, end to end: pages and figures as text into a journal, matrices as text out, against the files in
//! `compare/`. `BONGSU_BLESS=1` rewrites them.

use calamine::{Data, Reader, Xlsx, open_workbook};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

fn inputs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compare")
}

fn bongsu(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bongsu")).args(arguments).current_dir(inputs()).output().expect("it starts")
}

/// The journal of the folder's pages and figures, made once.
fn journal() -> &'static str {
    static JOURNAL: OnceLock<String> = OnceLock::new();
    JOURNAL.get_or_init(|| {
        let dir = std::env::temp_dir().join(format!("bongsu-compare-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        let dir = dir.to_string_lossy().into_owned();
        for arguments in [
            &["adopt", "--data", &dir, "--id", "example", "kr.md", "jp.md", "reference.md"][..],
            &["import", "--data", &dir, "exchanges.csv", "figures.csv"],
        ] {
            let output = bongsu(arguments);
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        dir
    })
}

fn compare(arguments: &[&str]) -> Output {
    bongsu(&[&["compare", "--data", journal(), "--as-of", "2026-11-22"], arguments].concat())
}

fn printed(arguments: &[&str]) -> String {
    let output = compare(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

fn refused(arguments: &[&str]) -> String {
    let output = compare(arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).expect("text")
}

fn check(file: &str, found: &str) {
    let path = inputs().join(file);
    if std::env::var_os("BONGSU_BLESS").is_some() {
        std::fs::write(&path, found).expect("the folder is there");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    let place = expected.lines().zip(found.lines()).position(|(a, b)| a != b);
    assert!(expected == found, "{file} differs at line {place:?}; BONGSU_BLESS=1 accepts what is printed now");
}

const ONE_UNDER_TWO: [&str; 6] = ["--by", "countries", "--exchange", "a", "--exchange", "b"];

#[test]
fn tables_are_these_and_fit_their_width() {
    use unicode_width::UnicodeWidthStr;
    for (file, arguments) in [
        ("exchanges-en.txt", &["--law", "kr,jp"][..]),
        ("exchanges-ko.txt", &["--law", "kr", "--lang", "ko"]),
        ("peer-a.txt", &["--law", "kr", "--peer", "a"]),
        ("peer-f.txt", &["--law", "kr", "--peer", "f", "--lang", "ko"]),
        ("countries-en.txt", &ONE_UNDER_TWO),
        ("countries-ko.txt", &["--by", "countries", "--law", "kr,jp", "--lang", "ko"]),
    ] {
        let text = printed(arguments);
        check(file, &text);
        assert!(!text.contains('\x1b'), "colour is for a terminal");
        let widest = text.lines().map(UnicodeWidthStr::width).max();
        assert!(widest <= Some(100), "{file}: {widest:?} columns");
    }
}

#[test]
fn json_is_a_contract() {
    check("exchanges.json", &printed(&["--format", "json", "--law", "kr"]));
    check("countries.json", &printed(&[&ONE_UNDER_TWO[..], &["--format", "json"]].concat()));
}

fn json(arguments: &[&str]) -> serde_json::Value {
    serde_json::from_str(&printed(&[arguments, &["--format", "json"]].concat())).expect("JSON")
}

#[test]
fn json_has_exactly_the_documented_fields() {
    let documented = include_str!("../../../docs/compare-json.md");
    let rows = |heading: &str| {
        let section = documented.split("\n## ").find(|s| s.starts_with(heading)).expect("the section is there");
        let cells = section.lines().filter_map(|l| l.strip_prefix("| `")?.split('`').next());
        let mut names: Vec<&str> = cells.collect();
        names.sort_unstable();
        names.join(" ")
    };
    let same = |value: &serde_json::Value, heading: &str| {
        let mut names: Vec<&str> = value.as_object().expect(heading).keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names.join(" "), rows(heading), "{heading}");
    };
    let by_exchanges = json(&["--law", "kr"]);
    let cold = &by_exchanges["obligations"][0];
    same(&by_exchanges, "By exchanges");
    same(&by_exchanges["exchanges"][0], "An exchange");
    same(&by_exchanges["exchanges"][0]["score"], "A score");
    same(cold, "An obligation");
    same(&cold["rule"], "A rule");
    same(&cold["cells"][0], "A cell");
    same(&cold["cells"][0]["value"], "An amount");
    same(&cold["statistics"], "Statistics");
    same(&cold["benchmarks"][0], "A benchmark");
    let by_countries = json(&ONE_UNDER_TWO);
    let topic = &by_countries["topics"][0];
    same(&by_countries, "By countries");
    same(&by_countries["countries"][0], "A country");
    same(topic, "A topic");
    same(&topic["cells"][0], "A country's cell");
    let answer = &topic["cells"][0]["answers"][0];
    same(answer, "An answer");
    same(&answer["required"][0], "A required number");
    same(&answer["findings"][0], "A finding");
    let report = by_countries["topics"].as_array().expect("topics").iter().find(|t| t["topic"] == "first-report");
    same(&report.expect("it is there")["cells"][0]["answers"][0]["clock"], "A clock");
}

#[test]
fn the_worst_subject_stands_for_a_rule() {
    // 41 of 42 BTC, 5 of 10 ETH, 7 of 7 XRP: the half is worse than the whole coin that is missing.
    let by_exchanges = json(&["--law", "kr", "--exchange", "b"]);
    let held =
        by_exchanges["obligations"].as_array().expect("rules").iter().find(|o| o["rule"]["id"] == "kr.example.held");
    let held = held.expect("it is there");
    let cell = &held["cells"][0];
    assert_eq!((&cell["subject"], &cell["subjects"], &cell["alike"]), (&"asset/ETH".into(), &3.into(), &2.into()));
    assert_eq!(cell["short"]["value"], "5");
    assert_eq!(held["no_statistics"], "asset units");
    // The comparison of countries shows the same subject.
    let by_countries = json(&["--law", "kr", "--by", "countries", "--exchange", "b"]);
    let text = by_countries["topics"].to_string();
    assert!(text.contains("asset/ETH") && !text.contains("asset/BTC"), "{text}");
}

#[test]
fn a_peer_sees_no_figure_of_another() {
    for format in ["table", "json", "html"] {
        let text = printed(&["--law", "kr", "--peer", "a", "--format", format]);
        assert!(text.contains("Alpha"));
        for other in ["Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Theta", "베타"] {
            assert!(!text.contains(other), "{format} names {other}");
        }
        // The lowest of the others, and the reserves, of which fewer than six are known.
        for figure in ["79.9", "0.799", "2999999999", "2,999,999,999", "20000000000", "20,000,000,000"] {
            assert!(!text.contains(figure), "{format} tells {figure}");
        }
    }
    let view = json(&["--law", "kr", "--peer", "a"]);
    let of = |rule: &str| {
        view["obligations"]
            .as_array()
            .expect("rules")
            .iter()
            .find(|o| o["rule"]["id"] == rule)
            .cloned()
            .expect("it is there")
    };
    let (cold, cover) = (of("kr.example.cold"), of("kr.example.cover"));
    // b, c, d, e, g and h have published a share; only b and c know their reserve.
    assert_eq!(cold["statistics"]["count"], 6);
    assert!(cold["statistics"]["least"].is_null() && cold["statistics"]["most"].is_null());
    assert_eq!(cold["cells"][0]["rank"], 1);
    assert_eq!(cover["no_statistics"], "group under six");
    assert!(cover["statistics"].is_null() && cover["cells"][0]["rank"].is_null());
    // Seven others must fulfil the duty on reserves, so their verdicts may be counted.
    assert_eq!(cover["score"]["applicable"], 7);
}

#[test]
fn what_is_not_there_is_named_with_what_is() {
    for (arguments, says) in [
        (
            &["--exchange", "z"][..],
            "error: there is no exchange `z` in this journal\nhint: known are a, b, c, d, e, f, g, h",
        ),
        (&["--peer", "z"], "error: there is no exchange `z` in this journal"),
        (
            &["--law", "kr,us"],
            "error: no rule belongs to `us` in the rulebook `example`\nhint: it holds jp, kr, reference",
        ),
        (&["--law", "kr.exam"], "error: no rule belongs to `kr.exam`"),
        (&["--peer", "a", "--exchange", "b"], "error: a peer's view is over all exchanges"),
        (&["--by", "countries", "--peer", "a"], "error: --peer is for the comparison of exchanges"),
        (&["--format", "xlsx"], "error: a workbook cannot be printed"),
    ] {
        let said = refused(arguments);
        assert!(said.contains(says), "{arguments:?}: {said}");
    }
}

#[test]
fn pages_are_whole_and_deterministic() {
    for (file, arguments) in [
        ("exchanges.html", &["--law", "kr,jp"][..]),
        ("countries.html", &[&ONE_UNDER_TWO[..], &["--lang", "ko"]].concat()),
    ] {
        let page = printed(&[arguments, &["--format", "html"]].concat());
        for foreign in ["<script", "http://", "https://", "url(", "@import"] {
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
fn workbooks_hold_numbers_as_numbers() {
    let path = std::env::temp_dir().join(format!("bongsu-compare-{}.xlsx", std::process::id()));
    let out = path.to_string_lossy().into_owned();
    let cells = |arguments: &[&str], sheet: &str, names: &[&str]| {
        printed(&[arguments, &["--format", "xlsx", "--out", &out]].concat());
        let mut book: Xlsx<_> = open_workbook(&path).expect("it opens");
        assert_eq!(book.sheet_names(), names);
        let range = book.worksheet_range(sheet).expect("the sheet is there");
        range.rows().map(<[Data]>::to_vec).collect::<Vec<_>>()
    };
    let names = ["Verdicts", "Values", "Shortfalls", "Ranks", "Statistics", "Coverage and pass rate", "About"];
    let values = cells(&["--law", "kr"], "Values", &names);
    assert_eq!(values[1][4..7], [Data::Float(0.985), Data::Float(0.8), Data::Float(0.799)]);
    let delay = values.iter().find(|row| row[0] == Data::String("kr.example.delay".into())).expect("it is there");
    assert_eq!(delay[3..6], [Data::String("h".into()), Data::Float(72.0), Data::Float(96.0)]);
    let shortfalls = cells(&["--law", "kr"], "Shortfalls", &names);
    assert_eq!(shortfalls[2][5], Data::Float(1.0), "Beta lacks one won");
    let statistics = cells(&["--law", "kr"], "Statistics", &names);
    assert_eq!(statistics[1][2..9].iter().filter(|c| matches!(c, Data::Float(_))).count(), 7);
    let answers = cells(&["--by", "countries"], "Answers", &["Topics × countries", "Answers", "About"]);
    assert_eq!(
        answers[1][5..8],
        [Data::String(">=".into()), Data::Float(0.95), Data::String(String::new())]
            .map(|c| if c == Data::String(String::new()) { Data::Empty } else { c })
    );
    let _ = std::fs::remove_file(&path);
}

#[test]
fn the_law_of_a_day_is_compared_and_not_that_of_another() {
    let at = |day: &str| {
        let output = bongsu(&["compare", "--data", journal(), "--by", "countries", "--law", "kr", "--as-of", day]);
        String::from_utf8(output.stdout).expect("text")
    };
    assert!(at("2024-06-30").contains("≥ 70 % [published_cold_share]"));
    assert!(at("2025-01-01").contains("≥ 80 % [published_cold_share]"));
    assert!(at("2026-12-31").contains("from 2027-01-01, not yet in force"));
    assert!(!at("2027-01-01").contains("not yet in force"));
    assert!(at("2023-12-31").contains("≥ 70 % [published_cold_share]; from 2024-01-01, not yet in force"));
}
