//! `docs/rule-format.md` is right: its examples run, and its table of keys is the one that pages are read by.

mod words;

use rulebook::page::{KEYS, Source};
use rulebook::problem::Problems;

const PAGE: &str = include_str!("../../../docs/rule-format.md");

/// The examples as pages: one that brings a head or a draft of its own starts a new one.
fn examples() -> Vec<String> {
    let mut pages: Vec<String> = Vec::new();
    for part in PAGE.split("````markdown\n").skip(1) {
        let example = part.split("````").next().unwrap();
        match pages.last_mut() {
            Some(page) if !example.starts_with("```page") && !example.starts_with("```draft") => page.push_str(example),
            _ => pages.push(example.to_string()),
        }
    }
    pages
}

fn check(pages: &[(&str, &str)], expectations: usize) {
    let sources = pages.iter().map(|(path, text)| Source { path: path.to_string(), text: text.to_string() });
    let (book, problems) = rulebook::build(words::list(), sources.collect());
    assert!(problems.is_empty(), "{problems:#?}");
    let mut found = Problems::default();
    let count: usize = book.tables.iter().map(|table| rulebook::case::run(&book, table, &mut found)).sum();
    assert!(!found.has_errors(), "{:#?}", found.sorted());
    assert_eq!(count, expectations);
}

#[test]
fn the_examples_run() {
    let pages = examples();
    let [law, guard, draft] = pages.as_slice() else { panic!("{} pages", pages.len()) };
    check(&[("example.md", law)], 32);
    check(&[("guard.md", guard)], 8);
    check(&[("example.md", law), ("draft.md", draft)], 2);
    // An adoption lists pages by path: a draft may stand first.
    check(&[("a-draft.md", draft), ("example.md", law)], 2);
}

#[test]
fn the_table_of_keys_is_the_one_pages_are_read_by() {
    let rows: Vec<String> = KEYS
        .iter()
        .map(|(_, block, keys)| {
            let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
            format!("| `{block}` | {} |\n", keys.join(", "))
        })
        .collect();
    assert!(PAGE.contains(&rows.concat()), "the table under `## Keys` should say:\n\n{}", rows.concat());
}
