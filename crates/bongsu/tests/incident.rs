//! Incidents by the command line: a published night played and compared with what a person checked once, and one that is
//! recorded by hand. `BLESS=1 cargo test -p bongsu --test incident` writes the texts anew.

use std::path::{Path, PathBuf};
use std::process::Command;

const BONGSU: &str = env!("CARGO_BIN_EXE_bongsu");

fn folder(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("incident-{name}"));
    let _fresh = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

/// Exit code and everything printed.
fn run(arguments: &[&str]) -> (i32, String) {
    let done = Command::new(BONGSU).args(arguments).output().unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    (done.status.code().unwrap_or(-1), text)
}

fn check(arguments: &[&str], code: i32, expected: &str) {
    let (found, text) = run(arguments);
    assert_eq!(found, code, "{arguments:?}: {text}");
    assert!(text.contains(expected), "{arguments:?}: expected `{expected}` in {text}");
}

/// Compares with a text that stands beside this file.
fn golden(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/incident").join(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, found).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    assert!(found == expected, "{} differs; BLESS=1 writes it anew\n--- found\n{found}", path.display());
}

#[test]
fn the_night_of_2025_under_the_law_of_then_and_of_later() {
    let dir = folder("play");
    let (data, papers) = (dir.join("night"), dir.join("papers"));
    let (data, papers) = (data.to_str().unwrap(), papers.to_str().unwrap());
    let journal = format!("{data}/journal");
    let (code, text) = run(&["incident", "play", "upbit-2025", "--data", data, "--out", papers, "--law", "kr"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("verified: every conclusion follows"), "{text}");
    let files = std::fs::read_dir(papers).unwrap().count();
    assert!(files > 10, "{files} papers");
    let show = |more: &[&str]| {
        let of = [
            "incident",
            "show",
            "upbit-2025-11-27",
            "--exchange",
            "upbit",
            "--data",
            &journal,
            "--law",
            "kr.na,kr.vaupa",
        ];
        run(&[&of, more].concat())
    };
    golden("at-nine.txt", &show(&["--as-of", "2025-11-27 09:00"]).1);
    golden("a-month-on-ko.txt", &show(&["--as-of", "2025-12-27", "--lang", "ko"]).1);
    golden("later-law.txt", &show(&["--under", "2026-10-01", "--as-of", "2026-10-12"]).1);
    // Entries and the times of recording differ from run to run: the rest of the contract is read.
    let (_, text) = show(&["--as-of", "2025-11-27 12:00", "--format", "json"]);
    let whole: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(whole["loss"]["value"], "44480590000");
    let clock = whole["clocks"].as_array().unwrap().iter().find(|clock| clock["rule"] == "kr.na.48-3-1").unwrap();
    assert_eq!(clock["standing"], "done-on-time");
    assert_eq!(clock["started"], "2025-11-27T04:42:00+09:00");
    assert_eq!(clock["done"], "2025-11-27T11:57:00+09:00");
    assert_eq!(clock["elapsed_ms"], 26_100_000);
    let (code, page) = show(&["--as-of", "2025-12-27", "--format", "html", "--lang", "ko"]);
    assert_eq!(code, 0);
    assert!(page.contains("<svg") && page.contains("차단 즉시 보고"), "{page}");
    let (code, _) = show(&["--as-of", "2025-11-28 04:42", "--known", "1"]);
    assert_eq!(code, 2, "before it was recorded, nothing is known of it");
    check(&["incident", "play", "upbit-2025", "--data", data], 2, "exists");
    check(&["incident", "play", "nobody-2020"], 2, "shipped are");
}

#[test]
fn an_incident_by_hand_runs_late_and_is_stopped() {
    let dir = folder("hand");
    let data = dir.join("journal");
    let data = data.to_str().unwrap();
    let table = dir.join("exchange.csv");
    std::fs::write(&table, "id,name_en,name_ko\nx,X,엑스\n").unwrap();
    check(&["import", "--data", data, table.to_str().unwrap()], 0, "facts written");
    let of = ["--exchange", "x", "--data", data];
    let act = |arguments: &[&str], code: i32, expected: &str| {
        check(&[&["incident"], arguments, &of].concat(), code, expected);
    };
    check(&["incident", "list", "--data", data], 0, "No incident is on record");
    act(&["show", "i"], 2, "x has no incident `i`");
    let opened = ["open", "i", "--occurred", "2026-03-02 09:00", "--class", "theft", "--title", "A key is gone"];
    act(&opened, 0, "facts written");
    act(&opened, 2, "already");
    act(&["set", "i", "breach", "yes", "--at", "2026-03-02 09:00"], 0, "1 facts written");
    act(&["set", "i", "learned", "yes", "--at", "2026-03-02 10:00"], 0, "1 facts written");
    act(&["set", "i", "lerned", "yes", "--at", "2026-03-02 10:00"], 2, "no word of the list");
    act(&["set", "i", "severity", "7 KRW", "--of", "loss", "--at", "2026-03-02"], 2, "is no kind/name");
    act(&["set", "i", "loss_value", "3 bn KRW", "--of", "loss/BTC", "--at", "2026-03-02 09:00"], 0, "2 facts written");
    act(&["set", "i", "loss_value", "3 EUR", "--of", "loss/BTC", "--at", "2026-03-02 09:00"], 2, "KRW");
    act(&["say", "i", "task", "rotate the keys", "--id", "keys", "--due", "2026-03-03"], 0, "1 facts written");
    act(&["say", "i", "task", "rotate the keys", "--id", "keys", "--due", "3rd of March"], 2, "is not a date");
    let list = |at: &str, code: i32, expected: &str| {
        check(&["incident", "list", "--data", data, "--law", "kr.na", "--as-of", at], code, expected);
    };
    list("2026-03-02 12:00", 0, "next 2026-03-03 10:00 · kr.na.48-3-1 (22 h)");
    list("2026-03-03 10:01", 1, "1 late");
    // A call that says too little does not stop the clock; the report that says it all does, late.
    let notices = dir.join("notices.csv");
    let send = |row: &str| {
        std::fs::write(&notices, format!("exchange,subject,word,to,at,contents\nx,incident/i,reported,kisa,{row}\n"))
            .unwrap();
        run(&["import", "--data", data, notices.to_str().unwrap()])
    };
    assert_eq!(send("2026-03-02 11:00,contact").0, 0);
    list("2026-03-03 10:01", 1, "1 late");
    act(&["show", "i", "--as-of", "2026-03-03 11:00", "--law", "kr.na"], 1, "lacks, entry");
    let (code, text) = send("2026-03-02 08:00,contact");
    assert!(code == 1 && text.contains("cannot be sent before"), "{text}");
    assert_eq!(send("2026-03-03 12:00,cause contact damage measures occurred").0, 0);
    act(&["show", "i", "--as-of", "2026-03-04", "--law", "kr.na"], 1, "done, late by 2 h");
}
