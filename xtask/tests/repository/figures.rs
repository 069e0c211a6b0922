use crate::{none, read};
use std::collections::{BTreeMap, BTreeSet};

/// The columns of the fact file, as its README explains them.
const HEADER: &str = "exchange,subject,word,at,value,unit,source,confidence,note";

/// A row of the word list: of what, in which unit.
fn words() -> BTreeMap<String, (String, String)> {
    let page = read("crates/kernel/src/words.md");
    let cells = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    page.lines()
        .map(cells)
        .filter(|row| row.len() >= 8 && row[1] != "word" && !row[1].starts_with('-'))
        .map(|row| (row[1].clone(), (row[2].clone(), row[3].clone())))
        .collect()
}

/// The cells of a line. A cell in quotes may hold commas and doubled quotes.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let cell = cells.last_mut().expect("there is always a cell");
        match letter {
            '"' if quoted && letters.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            _ => cell.push(letter),
        }
    }
    cells
}

fn fits(unit: &str, given: &str) -> bool {
    unit == given || (unit.starts_with("event") && given == "event") || (unit == "h" && given == "min")
}

#[test]
fn figures() {
    let words = words();
    let exchanges: BTreeSet<String> =
        read("data/kr/exchanges.csv").lines().skip(1).map(|line| cells(line)[0].clone()).collect();
    let file = read("data/kr/figures.csv");
    assert_eq!(file.lines().next(), Some(HEADER));
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    for (number, line) in file.lines().enumerate().skip(1) {
        let row = cells(line);
        let mut wrong = |what: &str| problems.push(format!("data/kr/figures.csv:{}: {what}: {line}", number + 1));
        let [exchange, subject, word, at, value, unit, source, confidence, _] = row.as_slice() else {
            wrong("not nine cells");
            continue;
        };
        if !exchanges.contains(exchange) {
            wrong("no such exchange");
        }
        match words.get(word) {
            None => wrong("no such word"),
            Some((of, expected)) => {
                if of != "any" && of != subject.split('/').next().unwrap_or_default() {
                    wrong("the word belongs to another subject");
                }
                if !fits(expected, unit) {
                    wrong(&format!("the unit is {expected}"));
                }
            }
        }
        if value.is_empty() || source.is_empty() || at.len() < 10 {
            wrong("value, source and date are needed");
        }
        if !["high", "medium", "low", "derived"].contains(&confidence.as_str()) {
            wrong("no such confidence");
        }
        let occurrence = if unit == "event" { value.as_str() } else { "" };
        if !seen.insert([exchange, subject, word, at, occurrence].map(str::to_owned)) {
            wrong("said twice");
        }
    }
    none(problems, "data/kr/README.md explains the columns; crates/kernel/src/words.md lists the words.");
}
