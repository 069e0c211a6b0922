//! Mutated pages: whatever becomes of a page, it is read to the end, and where it builds, its cases run. Nothing panics.

mod words;

use proptest::collection::vec;
use proptest::prelude::*;
use rulebook::page::Source;
use rulebook::problem::{Level, Problems};

/// Pages of every form: measured rules, clocks, judgements, exceptions, drafts, a guard.
const PAGES: [&str; 6] = [
    include_str!("../../../law/kr/vaupa.md"),
    include_str!("../../../law/kr/network-act.md"),
    include_str!("../../../law/kr/efsr.md"),
    include_str!("../../../law/kr/daba.md"),
    include_str!("../../../law/calendars/kr.md"),
    include_str!("pages/guard.md"),
];

/// Pieces that mean something to the format, and letters that take several bytes.
const PIECES: [&str; 24] = [
    "```",
    "\n",
    "|",
    "=",
    "missing",
    "none",
    "0",
    "9999-12-31",
    "0001-01-01",
    "(",
    ")",
    "not ",
    "at least 3 of (",
    " at previous month end",
    "sum(asset: ",
    "until = 2024-01-01\n",
    "exempt = true\n",
    "콜드월렛",
    "\u{feff}",
    "\"",
    "'",
    "%",
    "170141183460469231731687303715884105727",
    " in EUR",
];

/// One change: where (in thousandths of the page), how much, and what.
#[derive(Clone, Debug)]
enum Change {
    Delete(usize, usize),
    Copy(usize, usize, usize),
    Insert(usize, usize),
    Text(usize, String),
    Splice(usize, usize, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let at = 0..1_000usize;
    prop_oneof![
        (at.clone(), 1..200usize).prop_map(|(at, len)| Change::Delete(at, len)),
        (at.clone(), at.clone(), 1..2_000usize).prop_map(|(from, to, len)| Change::Copy(from, to, len)),
        (at.clone(), 0..PIECES.len()).prop_map(|(at, piece)| Change::Insert(at, piece)),
        (at.clone(), ".{0,12}").prop_map(|(at, text)| Change::Text(at, text)),
        (at.clone(), 0..PAGES.len(), at).prop_map(|(at, page, from)| Change::Splice(at, page, from)),
    ]
}

/// The byte of a letter at so many thousandths.
fn at(text: &str, thousandth: usize) -> usize {
    let mut at = text.len() * thousandth / 1_000;
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

fn part(text: &str, from: usize, len: usize) -> &str {
    let mut end = (from + len).min(text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    &text[from..end]
}

fn apply(text: &mut String, change: &Change) {
    match change {
        Change::Delete(from, len) => {
            let from = at(text, *from);
            let end = from + part(text, from, *len).len();
            text.replace_range(from..end, "");
        }
        Change::Copy(from, to, len) => {
            let piece = part(text, at(text, *from), *len).to_string();
            text.insert_str(at(text, *to), &piece);
        }
        Change::Insert(to, piece) => text.insert_str(at(text, *to), PIECES[*piece]),
        Change::Text(to, words) => text.insert_str(at(text, *to), words),
        Change::Splice(to, page, from) => {
            let piece = part(PAGES[*page], at(PAGES[*page], *from), 1_500).to_string();
            text.insert_str(at(text, *to), &piece);
        }
    }
}

fn check(text: String) {
    let bytes = text.len();
    let sources = vec![Source { path: "page.md".into(), text }];
    let (book, problems) = rulebook::build(words::list(), sources);
    assert!(problems.len() <= 700, "{} messages", problems.len());
    // A token has a byte, and makes at most two nodes (`none of` is a `not` over an `at least`).
    assert!(book.nodes.len() <= 2 * bytes, "{} nodes from {bytes} bytes", book.nodes.len());
    if problems.iter().any(|p| p.level == Level::Error) {
        return;
    }
    let mut found = Problems::default();
    for table in &book.tables {
        rulebook::case::run(&book, table, &mut found);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_page_never_panics(page in 0..PAGES.len(), changes in vec(change(), 1..8)) {
        let mut text = PAGES[page].to_string();
        changes.iter().for_each(|change| apply(&mut text, change));
        check(text);
    }

    #[test]
    fn a_page_with_one_slip_never_panics(page in 0..PAGES.len(), slip in change()) {
        let mut text = PAGES[page].to_string();
        apply(&mut text, &slip);
        check(text);
    }

    #[test]
    fn any_text_never_panics(text in "\\PC{0,400}", bytes in vec(any::<u8>(), 0..400)) {
        check(text);
        check(String::from_utf8_lossy(&bytes).into_owned());
    }

    #[test]
    fn any_condition_never_panics(pieces in vec(0..WORDS.len(), 0..30)) {
        let text: Vec<&str> = pieces.iter().map(|at| WORDS[*at]).collect();
        let _ = rulebook::expression::read(&text.join(" "));
        check(format!("{RULE}require = ['''{}''']\n```\n{TABLE}", text.join(" ")));
    }
}

const RULE: &str = "```page\nid = \"p\"\nzone = \"Asia/Seoul\"\nread = 2026-01-01\n```\n```rule\nid = \"r\"\ncite = [\"c\"]\nfrom = 2020-01-01\n";
const TABLE: &str = "| case | as of | total_assets | won_market | licensed | = r |\n|--|--|--|--|--|--|\n| a | 2026-01-01 | 1 KRW | yes | 2025-01-01 | met |\n";
const WORDS: [&str; 40] = [
    "total_assets",
    "won_market",
    "licensed",
    "it_spend",
    "staff",
    "(",
    ")",
    ",",
    "and",
    "not",
    "any of",
    "none of",
    "at least 1 of",
    "is",
    "given",
    "met",
    "in",
    "within",
    "KRW",
    "EUR",
    "at",
    "ago",
    "now",
    "previous month end",
    "1",
    "0",
    "24 h",
    "1 year",
    "3 working day",
    "%",
    "+",
    "-",
    "*",
    "/",
    ">=",
    "=",
    "sum(",
    "average(",
    "larger(",
    "'r'",
];
