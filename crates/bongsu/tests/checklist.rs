//! The wallet checklist: a line for every control, asked in the reader's language, and answers that lapse.

#[path = "import/binary.rs"]
mod binary;

use binary::{bongsu, folder};
use std::fs;

/// Two controls answered for a year, on a journal of one exchange; what `assess` then says of the checklist.
fn assess(name: &str, as_of: &str, lang: &str) -> String {
    let folder = folder(name);
    let upbit = r#"{"fact":"exchange","id":"upbit","name_en":"Upbit","name_ko":"업비트","source":"s"}"#;
    fs::write(folder.join("upbit.jsonl"), upbit).unwrap();
    let answers = "exchange,judgement,answer,reasons,by,at,until\n\
        upbit,controls.u02_held,no,no second channel,p1,2026-09-03,2027-09-03\n\
        upbit,controls.u03_held,yes,seen on the signer's screen,p1,2026-09-03,2027-09-03\n";
    fs::write(folder.join("answers.csv"), answers).unwrap();
    let (code, said) = bongsu(&folder, &["import", "--data", "journal", "upbit.jsonl", "answers.csv"]);
    assert!(code == 0 && said.starts_with("3 facts written"), "{said}");
    let law = ["--law", "controls", "--all", "--lang", lang];
    let (code, said) = bongsu(&folder, &[&["assess", "--data", "journal", "--as-of", as_of], &law[..]].concat());
    assert_eq!(code, 0, "nothing on a checklist is a breach: {said}");
    assert_eq!(said.lines().filter(|line| line.trim_start().starts_with("controls.")).count(), 43, "{said}");
    said
}

#[test]
fn forty_three_lines_and_an_answer_holds_to_its_last_day() {
    let said = assess("checklist", "2027-09-03", "en");
    assert!(said.contains("needs judgement (not binding): 41"), "{said}");
    assert!(!said.contains("Does the signer see"), "answered: {said}");
}

#[test]
fn the_day_after_it_is_asked_again() {
    let said = assess("checklist-lapsed", "2027-09-04", "en");
    assert!(said.contains("needs judgement (not binding): 43"), "{said}");
    assert!(said.contains("to judge: Does the signer see"), "{said}");
}

#[test]
fn koreans_are_asked_in_korean() {
    let said = assess("checklist-korean", "2026-08-31", "ko");
    assert!(said.contains("판단 필요 (구속력 없음): 43"), "{said}");
    assert!(said.contains("판단할 것: 서명자가 해독된") && !said.contains("Does the signer see"), "{said}");
}
