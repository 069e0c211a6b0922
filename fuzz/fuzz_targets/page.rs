//! Any bytes as a rule page: it is read, built and, where it can be, its cases run. Nothing may panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rulebook::page::Source;
use rulebook::problem::{Level, Problems};
use rulebook::vocabulary::Vocabulary;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let words = Vocabulary::read(include_str!("../../crates/kernel/src/words.md")).expect("a word list");
    let (mut book, problems) = rulebook::build(words, vec![Source { path: "page.md".into(), text }]);
    if problems.iter().any(|p| p.level == Level::Error) {
        return;
    }
    let mut found = Problems::default();
    for table in &book.tables {
        rulebook::case::run(&book, table, &mut found);
    }
    if !found.has_errors() {
        rulebook::mutate::unnoticed(&mut book, &mut found);
    }
});
