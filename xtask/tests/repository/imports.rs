use crate::{files, none, read, root};
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// What each of our crates may use of the others. `benches` and `sim` see everything; nothing sees them.
const MAY_USE: [(&str, &[&str]); 8] = [
    ("journal", &[]),
    ("rulebook", &[]),
    ("kernel", &["journal", "rulebook"]),
    ("bongsu", &["journal", "rulebook", "kernel"]),
    ("sim", &["journal", "rulebook", "kernel", "bongsu"]),
    ("benches", &["journal", "rulebook", "kernel", "bongsu", "sim"]),
    ("fuzz", &["rulebook", "kernel"]),
    ("xtask", &[]),
];

/// Licences that ask for no more than their text beside a binary. Copyleft, source-available and network
/// clauses are not on the list: an exchange must be able to run a changed Bongsu without talking to a lawyer.
const LICENCES: [&str; 9] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "MIT",
    "Unicode-3.0", // the tables of Unicode, as data
    "Unlicense",
    "Zlib",
];

/// The packages a manifest depends on, in whatever kind of table.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut inside = false;
    for line in manifest.lines().map(str::trim) {
        if let Some(table) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            inside = table.ends_with("dependencies");
            if let Some((_, name)) = table.split_once("dependencies.") {
                names.insert(name.to_owned());
            }
        } else if inside && !line.starts_with('#') {
            let name = line.split(['.', '=', ' ']).next().unwrap_or_default();
            names.insert(name.trim_matches('"').to_owned());
        }
    }
    names.remove("");
    names
}

#[test]
fn directions() {
    let manifests: BTreeMap<String, String> = files("")
        .into_iter()
        .filter_map(|path| Some((path.strip_suffix("/Cargo.toml")?.rsplit('/').next()?.to_owned(), read(&path))))
        .collect();
    let mut problems = Vec::new();
    for (name, manifest) in &manifests {
        let Some((_, may)) = MAY_USE.iter().find(|(of, _)| of == name) else {
            problems.push(format!("{name}: a new crate; say here what it may use"));
            continue;
        };
        let ours = dependencies(manifest).into_iter().filter(|used| manifests.contains_key(used));
        problems.extend(ours.filter(|used| !may.contains(&used.as_str())).map(|used| format!("{name} uses {used}")));
    }
    none(problems, "Imports run journal, rulebook -> kernel -> bongsu -> sim and never back.");
}

/// Every package of what we ship and test, on this machine, as `name version|licence`. The peers in `benches` are not
/// shipped. What was built before needs no network.
fn packages() -> BTreeSet<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let tree = |network: &[&str]| {
        Command::new(&cargo)
            .args(["tree", "--locked", "--edges", "normal,build,dev", "--prefix", "none", "--format", "{p}|{l}"])
            .args(network)
            .current_dir(root())
            .output()
            .expect("cargo runs")
    };
    let mut out = tree(&["--offline"]);
    if !out.status.success() {
        out = tree(&[]);
    }
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let text = String::from_utf8_lossy(&out.stdout);
    text.lines().map(|line| line.trim_end_matches(" (*)").to_owned()).filter(|line| !line.is_empty()).collect()
}

#[test]
fn licences() {
    let packages = packages();
    assert!(packages.len() > 10, "cargo tree lists the packages: {packages:?}");
    let good = |line: &&String| line.split_once('|').is_some_and(|(_, licence)| allowed(licence));
    let problems = packages.iter().filter(|line| !good(line)).cloned().collect();
    none(problems, "Choose another package, or add the licence with its reason.");
}

/// Whether an SPDX expression leaves us a choice from the list. Every part of an `AND` must, one part of an `OR` is
/// enough. An exception (`WITH …`) only ever permits more. The old `/` means `OR`.
fn allowed(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ").replace(['(', ')'], " ");
    let plain = |part: &str| LICENCES.contains(&part.split(" WITH ").next().unwrap_or_default().trim());
    expression.split(" AND ").all(|all| all.split(" OR ").any(plain))
}

#[test]
fn expressions() {
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0-only OR MIT", true),
        ("MIT/Apache-2.0", true),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("MIT AND GPL-3.0-only", false),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("BUSL-1.1", false),
        ("", false),
    ] {
        assert_eq!(allowed(expression), expected, "{expression}");
    }
}

#[test]
fn manifests() {
    let manifest = "[package]\nname = \"a\"\n[dependencies]\n# b = \"1\"\nc.workspace = true\nd = { version = \"1\" }\n\
                    [target.'cfg(unix)'.dev-dependencies]\ne=\"1\"\n[build-dependencies.f]\nversion = \"1\"\n[lints]\ng = 1";
    let names: Vec<String> = dependencies(manifest).into_iter().collect();
    assert_eq!(names, ["c", "d", "e", "f"]);
}
