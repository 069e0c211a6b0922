//! What the repository asks of itself. Each test says how to put right what it finds.
//!
//! - `tidy`: the map, names, sizes, purity, links
//! - `imports`: which crate may use which, and under which licences
//! - `figures`: the public figures speak the words of the word list

mod figures;
mod imports;
mod tidy;

use std::fs;
use std::path::{Path, PathBuf};

/// The root of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace").to_owned()
}

/// A file of the repository.
fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|why| panic!("{path}: {why}"))
}

/// Every file under a folder, by its path from the root. Hidden names and `target` are not looked at.
fn files(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("a folder can be read") {
            let path = entry.expect("a folder can be read").path();
            let name = path.file_name().expect("an entry has a name").to_string_lossy().into_owned();
            if name.starts_with('.') || name == "target" {
                continue;
            }
            if path.is_dir() {
                open.push(path);
            } else {
                let path = path.strip_prefix(root()).expect("it lies under the root");
                found.push(path.to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}

/// Fails with every problem at once.
fn none(problems: Vec<String>, cure: &str) {
    assert!(problems.is_empty(), "\n{}\n{cure}\n", problems.join("\n"));
}
