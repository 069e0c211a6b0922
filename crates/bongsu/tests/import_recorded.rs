//! What `bongsu import` writes, and what it writes twice: nothing.

#[path = "import/binary.rs"]
mod binary;

use binary::{bongsu, bytes, folder, golden, here, published};
use std::fs;
use std::path::PathBuf;

const HEAD: &str = "exchange,subject,word,at,value,unit,source,confidence,corrects";

#[test]
fn the_same_file_again_writes_nothing() {
    let folder = folder("again");
    for name in ["exchanges.csv", "figures.csv"] {
        fs::copy(published(name), folder.join(name)).unwrap();
    }
    let import = ["import", "--data", "journal", "exchanges.csv", "figures.csv"];
    let facts = |name| fs::read_to_string(published(name)).unwrap().lines().count() - 1;
    let all = facts("exchanges.csv") + facts("figures.csv");
    // No error, and no warning either: nothing but the count.
    let (code, said) = bongsu(&folder, &import);
    assert!(code == 0 && said.lines().count() == 1 && said.starts_with(&format!("{all} facts written")), "{said}");
    let before = bytes(&folder.join("journal"));
    assert_eq!(bongsu(&folder, &import), (0, format!("0 facts written, {all} known already\n")));
    let after = bytes(&folder.join("journal"));
    let segments = |files: &[(PathBuf, Vec<u8>)]| -> Vec<(PathBuf, Vec<u8>)> {
        files.iter().filter(|(path, _)| path.extension().is_some_and(|e| e == "segment")).cloned().collect()
    };
    assert!(segments(&before) == segments(&after) && !segments(&before).is_empty(), "the entries changed");
    assert_eq!(bongsu(&folder, &["verify", "journal"]).0, 0);
}

#[test]
fn the_same_fact_twice_is_one() {
    let folder = folder("twice");
    let row = "upbit,,staff,2025-04-30,3,person,,,";
    fs::write(folder.join("twice.csv"), format!("{HEAD}\n{row}\n{row}\n")).unwrap();
    fs::copy(here("exchanges.csv"), folder.join("exchanges.csv")).unwrap();
    let (code, said) = bongsu(&folder, &["import", "--data", "journal", "exchanges.csv", "twice.csv"]);
    assert!(code == 0 && said.starts_with("2 facts written") && said.ends_with("1 known already\n"), "{said}");
}

/// Each fact of the JSON lines, read, recorded and known the second time.
#[test]
fn json_lines() {
    let folder = folder("lines");
    fs::copy(here("each.jsonl"), folder.join("each.jsonl")).unwrap();
    let import = ["import", "--data", "journal", "each.jsonl"];
    let (code, said) = bongsu(&folder, &import);
    assert!(code == 0 && said.starts_with("6 facts written"), "{said}");
    assert_eq!(bongsu(&folder, &import), (0, "0 facts written, 6 known already\n".to_owned()));
}

/// A correction names the entry that it replaces; corrected once, the later entry must be named.
#[test]
fn a_correction() {
    let folder = folder("correction");
    fs::copy(here("exchanges.csv"), folder.join("exchanges.csv")).unwrap();
    let import = |name: &str, row: &str| {
        fs::write(folder.join(name), format!("{HEAD}\n{row}\n")).unwrap();
        bongsu(&folder, &["import", "--data", "journal", "exchanges.csv", name])
    };
    let (code, said) = import("first.csv", "upbit,,staff,2025-04-30,3,person,,,");
    assert_eq!(code, 0, "{said}");
    let from = said.split("from entry ").nth(1).and_then(|rest| rest.split(',').next()).unwrap();
    // The exchange is the first entry, the head count the second.
    let entry: u64 = from.parse::<u64>().unwrap() + 1;
    let (code, said) = import("right.csv", &format!("upbit,,staff,2025-04-30,4,person,,,{entry}"));
    assert!(code == 0 && said.starts_with("1 facts written"), "{said}");
    let (code, said) = import("late.csv", &format!("upbit,,staff,2025-04-30,5,person,,,{entry}"));
    golden(
        "corrected-already.txt",
        &format!("exit {code}\n{}", said.replace(&entry.to_string(), "N").replace(&(entry + 1).to_string(), "N+1")),
    );
}

/// Security is a part of IT: more of the part than of the whole is recorded, and pointed out.
#[test]
fn a_security_budget_above_the_whole() {
    let folder = folder("budget");
    fs::copy(here("exchanges.csv"), folder.join("exchanges.csv")).unwrap();
    let table =
        "exchange,at,it_spend,security_spend\nupbit,2025-04-30,3 bn KRW,4 bn KRW\nupbit,2025-05-31,3 bn KRW,1 bn KRW\n";
    fs::write(folder.join("budget.csv"), table).unwrap();
    let rows =
        "upbit,,disclosed_it_staff,2024-12-31,3.5,person,,,\nupbit,,disclosed_security_staff,2024-12-31,4,person,,,\n";
    fs::write(folder.join("staff.csv"), format!("{HEAD}\n{rows}")).unwrap();
    let (code, said) = bongsu(&folder, &["import", "--data", "journal", "exchanges.csv", "budget.csv", "staff.csv"]);
    let said = said.split(" from entry ").next().unwrap();
    golden("above-the-whole.txt", &format!("exit {code}\n{said}\n"));
}
