//! A filled report as JSON and as a workbook.

use super::fill::Filled;
use super::items::{GROUPS, ITEMS, Item, Need};
use super::lists::values;
use crate::lang::Lang;
use crate::paper::answer::{Answer, Group};
use crate::paper::workbook::Sheet;
use crate::paper::{Problem, Severity};
use serde_json::{Map, Value, json};

/// The JSON: every item that has an answer, by number and name.
pub fn json(filled: &Filled) -> Vec<u8> {
    let name = |key: &str| key.to_owned();
    let items: Map<String, Value> =
        filled.answers.iter().map(|(key, answer)| (name(key), answer.json(&name))).collect();
    let paper = json!({ "format": "FIRE", "version": "1.0", "items": items });
    let mut bytes = serde_json::to_vec_pretty(&paper).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// The workbook: one row an item, and a second sheet with the lists.
pub fn sheets(filled: &Filled, problems: &[Problem], lang: Lang) -> Vec<Sheet> {
    vec![items(filled, problems, lang), lists(lang)]
}

fn items(filled: &Filled, problems: &[Problem], lang: Lang) -> Sheet {
    let mut rows = Vec::new();
    for item in ITEMS.iter().filter(|item| item.within.is_empty()) {
        rows.push(row(item, "", filled.answers.get(item.key), filled, problems, lang));
        let groups: &[Group] = match filled.answers.get(item.key) {
            Some(Answer::Groups(groups)) => groups,
            _ => &[],
        };
        let inner: Vec<&Item> = ITEMS.iter().filter(|inner| inner.within == item.number()).collect();
        if groups.is_empty() {
            rows.extend(inner.iter().map(|inner| row(inner, "", None, filled, problems, lang)));
        }
        for (at, group) in groups.iter().enumerate() {
            let at = (at + 1).to_string();
            rows.extend(inner.iter().map(|inner| row(inner, &at, group.get(inner.key), filled, problems, lang)));
        }
    }
    let columns = [
        ("No.", "번호", 6),
        ("Group", "구분", 24),
        ("Item", "항목", 34),
        ("Which", "순번", 7),
        ("Initial", "최초", 12),
        ("Intermediate", "중간", 12),
        ("Final", "최종", 12),
        ("Value", "값", 60),
        ("Problem", "문제", 48),
    ];
    Sheet {
        name: lang.pick("Report", "보고서").to_owned(),
        columns: columns.map(|c| (lang.pick(c.0, c.1).to_owned(), c.2)).into(),
        rows,
    }
}

fn row(
    item: &Item,
    at: &str,
    answer: Option<&Answer>,
    filled: &Filled,
    problems: &[Problem],
    lang: Lang,
) -> Vec<String> {
    let label = |pair: [&str; 2]| lang.pick(pair[0], pair[1]).to_owned();
    let need = |column: usize| {
        let text = match item.need(column) {
            Need::Essential => lang.pick("essential", "필수"),
            Need::Optional => lang.pick("optional", "선택"),
            Need::NotApplicable => lang.pick("not applicable", "해당 없음"),
            Need::NotCollected => lang.pick("not collected", "수집 안 함"),
        };
        // The column that binds this report.
        if column == filled.column() { format!("▶ {text}") } else { text.to_owned() }
    };
    let of_it = problems.iter().filter(|problem| problem.item == item.name());
    let said = of_it.map(|problem| {
        let weight = match problem.severity {
            Severity::MustFix => lang.pick("must fix", "수정 필요"),
            Severity::MustExplain => lang.pick("must explain", "설명 필요"),
        };
        format!("{weight}: {} — {}", problem.expected, problem.hint)
    });
    let said = said.collect::<Vec<_>>().join("\n");
    vec![
        item.number().to_owned(),
        label(GROUPS[item.group]),
        label(item.label),
        at.to_owned(),
        need(0),
        need(1),
        need(2),
        answer.map(Answer::shown).unwrap_or_default(),
        said,
    ]
}

fn lists(lang: Lang) -> Sheet {
    let mut seen: Vec<&str> = Vec::new();
    let mut rows = Vec::new();
    for item in ITEMS.iter().filter(|item| !item.list.is_empty()) {
        if seen.contains(&item.list) {
            continue;
        }
        seen.push(item.list);
        let label = lang.pick(item.label[0], item.label[1]);
        rows.extend(
            values(item.list).iter().map(|value| vec![item.number().to_owned(), label.to_owned(), (*value).to_owned()]),
        );
    }
    let columns = [("No.", "번호", 6), ("List", "목록", 34), ("Value", "값", 60)];
    Sheet {
        name: lang.pick("Value lists", "값 목록").to_owned(),
        columns: columns.map(|c| (lang.pick(c.0, c.1).to_owned(), c.2)).into(),
        rows,
    }
}
