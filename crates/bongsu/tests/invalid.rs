//! What `bongsu check` says about pages with one kind of mistake each: `invalid/x.md` and the exact words in `invalid/x.txt`.
//!
//! `BONGSU_BLESS=1 cargo test -p bongsu --test invalid` writes the words anew; read them as a lawyer would before committing.

use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn each_mistake_is_named_in_these_words() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/invalid");
    let mut pages: Vec<_> = fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect();
    pages.retain(|path| path.extension().is_some_and(|e| e == "md"));
    pages.sort();
    assert!(pages.len() >= 21, "only {} pages", pages.len());
    let bless = std::env::var_os("BONGSU_BLESS").is_some();
    let mut wrong = Vec::new();
    for page in pages {
        // Run from the folder, so that messages name the page and not where the repository lies.
        let name = page.file_name().unwrap();
        let mut run = Command::new(env!("CARGO_BIN_EXE_bongsu"));
        let output = run.args(["check", "--quick"]).arg(name).current_dir(&folder).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        let golden = page.with_extension("txt");
        if bless {
            fs::write(&golden, &said).unwrap();
        } else if fs::read_to_string(&golden).unwrap_or_default() != said {
            wrong.push(format!("{}:\n{said}", page.display()));
        }
        let fails = !said.contains("0 errors");
        assert_eq!(output.status.code(), Some(i32::from(fails)), "{}", page.display());
    }
    assert!(wrong.is_empty(), "these words changed (BONGSU_BLESS=1 accepts them):\n{}", wrong.join("\n"));
}
