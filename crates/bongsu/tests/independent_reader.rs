//! A reader in another language, written from docs/journal-format.md, agrees with this program.

mod disk;

use bongsu::store::{Store, keys, segment};
use disk::{FOUNDING, Folder, append, options};
use std::path::Path;
use std::process::{Command, Output};

const READER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reader/read_journal.py");

fn read(dir: &Path, more: &[&str]) -> Output {
    Command::new("python3").arg(READER).arg(dir).args(more).output().unwrap()
}

#[test]
fn a_reader_in_another_language_finds_the_same_journal_and_the_same_faults() {
    if Command::new("python3").arg("--version").output().is_err() {
        println!("skipped: python3 is not installed, so the independent reader did not run");
        return;
    }
    let folder = Folder::new("reader");
    let mut store = Store::create_with(&folder.0, &FOUNDING, &options(64 << 10)).unwrap();
    for count in [1, 200, 55, 300, 20] {
        append(&mut store, count).unwrap();
        store.publish(5000).unwrap();
    }
    store.erase(3).unwrap();
    let (size, root) = store.root().unwrap();
    let proof = store.reader().unwrap().inclusion_proof(300).unwrap().unwrap();
    let proof_path = folder.0.join("300.tlog-proof");
    std::fs::write(&proof_path, proof.encode()).unwrap();
    store.close(7000).unwrap();
    let key = std::fs::read_to_string(keys::public_path(&folder.0)).unwrap();
    let output = read(&folder.0, &[key.trim(), proof_path.to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report = String::from_utf8(output.stdout).unwrap();
    let hex: String = root.iter().map(|byte| format!("{byte:02x}")).collect();
    for part in [
        format!("\"size\": {size}"),
        "\"destroyed\": 1".into(),
        "\"seconds\": 7".into(),
        hex,
        "\"role\": \"gate\"".into(),
    ] {
        assert!(report.contains(&part), "{part} in {report}");
    }
    // And it refuses what this program refuses: a changed body, leaf, tile, checkpoint.
    let log = folder.0.join("log");
    for (path, at) in [
        (segment::path(&folder.0, 0), 3 * 4096 + 64 + 24 + 30),
        (segment::path(&folder.0, 1), 4096 + 100),
        (log.join("tile/0/000"), 77),
        (log.join("tile/entries/001"), 99),
        (log.join("checkpoint"), 60),
    ] {
        let whole = std::fs::read(&path).unwrap();
        let mut changed = whole.clone();
        changed[at] ^= 1;
        std::fs::write(&path, changed).unwrap();
        assert!(!read(&folder.0, &[]).status.success(), "{}", path.display());
        std::fs::write(&path, whole).unwrap();
    }
    assert!(read(&folder.0, &[]).status.success());
}
