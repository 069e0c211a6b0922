use crate::{files, none, read, root};
use std::collections::BTreeSet;

/// The crates whose purity the compiler holds.
const PURE: [&str; 3] = ["journal", "rulebook", "kernel"];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 9] =
    ["utils", "util", "common", "helpers", "helper", "models", "services", "misc", "manager"];

/// A file longer than this is usually two things in one.
const LINES: usize = 700;

/// Files that are longer. The list may only shrink.
const LONGER: [&str; 0] = [];

/// Every folder is on the map, and the map names no folder that is gone.
#[test]
fn map() {
    let mapped: BTreeSet<String> = read("ARCHITECTURE.md")
        .lines()
        .filter_map(|line| line.strip_prefix("### `")?.split('`').next().map(|name| name.trim_matches('/').to_owned()))
        .collect();
    let found: BTreeSet<String> = files("")
        .iter()
        .filter_map(|path| {
            let mut parts = path.split('/');
            let (top, next) = (parts.next()?, parts.next()?);
            Some(if top == "crates" { format!("crates/{next}") } else { top.to_owned() })
        })
        .collect();
    let missing = found.difference(&mapped).map(|name| format!("{name}: not on the map"));
    let gone = mapped.difference(&found).map(|name| format!("{name}: on the map, but there is no such folder"));
    none(missing.chain(gone).collect(), "Keep the headings of the code map in ARCHITECTURE.md equal to the folders.");
}

#[test]
fn names() {
    let empty = |path: &&String| path.split(['/', '.']).any(|part| EMPTY_NAMES.contains(&part));
    let problems = files("").iter().filter(empty).cloned().collect();
    none(problems, "Name a file after the thing of the field that it holds.");
}

#[test]
fn sizes() {
    let rust = |path: &&String| path.ends_with(".rs");
    let mut problems = Vec::new();
    for path in files("").iter().filter(rust) {
        let lines = read(path).lines().count();
        match (lines > LINES, LONGER.contains(&path.as_str())) {
            (true, false) => problems.push(format!("{path}: {lines} lines, more than {LINES}")),
            (false, true) => problems.push(format!("{path}: short enough now, take it off the list")),
            _ => {}
        }
    }
    none(problems, "Split a long file by thing, not by layer.");
}

#[test]
fn pure_crates() {
    let mut problems = Vec::new();
    for name in PURE {
        if !read(&format!("crates/{name}/src/lib.rs")).lines().any(|line| line == "#![no_std]") {
            problems.push(format!("crates/{name}/src/lib.rs: no #![no_std]"));
        }
        for path in files(&format!("crates/{name}/src")).iter().filter(|path| path.ends_with(".rs")) {
            for (number, line) in read(path).lines().enumerate() {
                let code = line.split("//").next().unwrap_or_default();
                let words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
                if words.into_iter().any(|word| ["f32", "f64", "HashMap", "HashSet"].contains(&word)) {
                    problems.push(format!("{path}:{}: {}", number + 1, line.trim()));
                }
            }
        }
    }
    none(problems, "A pure crate has no floats, and nothing whose order depends on a hash.");
}

/// A crate begins with a page of prose: what it promises, what it must never know.
#[test]
fn first_page() {
    let problems = files("crates")
        .into_iter()
        .filter(|path| path.ends_with("src/lib.rs") || path.ends_with("src/main.rs"))
        .filter(|path| !read(path).starts_with("//!"))
        .collect();
    none(problems, "Begin the crate with `//!` and its promise.");
}

/// The README lists the instruments on board.
#[test]
fn rule_pages_listed() {
    let readme = read("README.md");
    let problems = files("law")
        .into_iter()
        .filter(|path| path.ends_with(".md") && !path.contains("/drafts/"))
        .filter(|path| !readme.contains(path.as_str()))
        .collect();
    none(problems, "Add the page to the table of instruments in README.md.");
}

/// Links between our own documents lead somewhere.
#[test]
fn links() {
    let mut problems = Vec::new();
    for path in files("").iter().filter(|path| path.ends_with(".md") && !path.starts_with("law/")) {
        let folder = root().join(path).parent().expect("a file lies in a folder").to_owned();
        for link in read(path).split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or_default();
            if !target.is_empty() && !target.contains(':') && !folder.join(target).exists() {
                problems.push(format!("{path}: {link}"));
            }
        }
    }
    none(problems, "Put the link right, or take it out.");
}
