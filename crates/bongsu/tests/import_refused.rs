//! What `bongsu import` says of files that are wrong: one kind of mistake a file, in `import/bad/` or made here, and the exact
//! words in `import/refused.txt`. Nothing is written: no journal is made, and one that is there keeps every byte.
//!
//! `BONGSU_BLESS=1 cargo test -p bongsu --test import_refused` writes the words anew; read them as a clerk would.

#[path = "import/binary.rs"]
mod binary;

use binary::{bongsu, bytes, folder, golden, here};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

/// Files too large or too odd to keep: a hole of 500 MB takes no room on the disk.
fn made(folder: &Path) {
    for name in ["large.csv", "large.jsonl", "large.xlsx"] {
        fs::File::create(folder.join(name)).unwrap().set_len(500 << 20).unwrap();
    }
    fs::create_dir(folder.join("folder.csv")).unwrap();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("letter.txt", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(b"no workbook").unwrap();
    fs::write(folder.join("archive.xlsx"), zip.finish().unwrap().into_inner()).unwrap();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, text) in (0u16..).zip(["exchange", "at", "staff"]) {
        sheet.write_string(0, column, text).unwrap();
    }
    sheet.set_name("2025").unwrap().write_string(1, 0, "upbit").unwrap().write_string(1, 1, "2025-04-30").unwrap();
    sheet.write_string(1, 2, "three").unwrap();
    let whole = book.save_to_buffer().unwrap();
    fs::write(folder.join("truncated.xlsx"), &whole[..whole.len() / 2]).unwrap();
    fs::write(folder.join("wrong-cell.xlsx"), whole).unwrap();
}

#[test]
fn each_mistake_is_named_and_nothing_is_written() {
    let folder = folder("refused");
    for entry in fs::read_dir(here("bad")).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
    }
    made(&folder);
    let mut names: Vec<String> =
        fs::read_dir(&folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert!(names.len() >= 30, "only {} files", names.len());
    names.push("absent.csv".to_owned());
    fs::copy(here("exchanges.csv"), folder.join("exchanges.csv")).unwrap();
    assert_eq!(bongsu(&folder, &["import", "--data", "there", "exchanges.csv"]).0, 0);
    let before = bytes(&folder.join("there"));

    let mut said = String::new();
    for name in &names {
        let started = Instant::now();
        let (code, fresh) = bongsu(&folder, &["import", "--data", "fresh", "exchanges.csv", name]);
        // A file of 500 MB is refused by its size, not read. Debug builds on a busy machine included.
        assert!(started.elapsed() < Duration::from_secs(10), "{name} took {:?}", started.elapsed());
        assert!(!folder.join("fresh").exists(), "{name}: a journal was made");
        said.push_str(&format!("## {name}: exit {code}\n{fresh}\n"));

        let again = bongsu(&folder, &["import", "--data", "there", name]);
        assert_eq!(again, (code, fresh), "{name}: another answer where a journal is");
        assert!(bytes(&folder.join("there")) == before, "{name}: the journal changed");
    }
    golden("refused.txt", &said);
}

/// Good rows of one file do not slip in beside bad rows of another, and all files' mistakes are named in one go.
#[test]
fn all_files_or_none() {
    let folder = folder("several");
    for name in ["unit.csv", "negative.csv", "unknown-exchange.csv", "empty.csv"] {
        fs::copy(here("bad").join(name), folder.join(name)).unwrap();
    }
    fs::copy(here("exchanges.csv"), folder.join("exchanges.csv")).unwrap();
    let files = ["exchanges.csv", "unit.csv", "negative.csv", "unknown-exchange.csv", "empty.csv"];
    let (code, said) = bongsu(&folder, &[&["import", "--data", "fresh"], &files[..]].concat());
    golden("several-files.txt", &format!("exit {code}\n{said}"));
    assert!(!folder.join("fresh").exists());
}
