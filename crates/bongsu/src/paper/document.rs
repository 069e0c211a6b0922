//! A paper before it is a file: titled sections of fields, texts and tables, which every renderer reads.
//!
//! It promises that two drawings of one paper can be set against each other: what changed is told by comparing them, and
//! by no list of its own.

use crate::lang::Lang;
use std::collections::BTreeMap;

/// A paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The form it follows.
    pub form: &'static str,
    /// The language it is in.
    pub lang: Lang,
    /// Its title.
    pub title: String,
    /// From whom, to whom, about what, as of when.
    pub head: Vec<(String, String)>,
    /// Says across every page that it may not leave yet; none on a paper that may.
    pub mark: Option<String>,
    /// What follows.
    pub sections: Vec<Section>,
}

/// A part of a paper under one title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The title.
    pub title: String,
    /// What stands under it.
    pub parts: Vec<Part>,
}

/// A piece of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A labelled value; none is said as missing.
    Field {
        /// What it is.
        label: String,
        /// What is on record.
        value: Option<String>,
    },
    /// Running text.
    Text(String),
    /// Rows of cells.
    Table(Table),
}

/// Rows of cells; the first cell of a row names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The column titles.
    pub head: Vec<String>,
    /// The share of the width that each column takes.
    pub widths: Vec<i32>,
    /// The rows, each as long as the head.
    pub rows: Vec<Vec<String>>,
}

/// Something that two drawings of a paper do not say alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The item: section, label, row.
    pub item: String,
    /// What the earlier paper said; none where it was silent.
    pub before: Option<String>,
    /// What the later one says; none where it is silent.
    pub now: Option<String>,
}

impl Document {
    /// What a missing value is called.
    pub fn missing(lang: Lang) -> &'static str {
        lang.pick("not on record", "기록 없음")
    }

    /// Every text of the paper, in reading order.
    pub fn texts(&self) -> Vec<&str> {
        let mut texts = vec![self.title.as_str()];
        texts.extend(self.head.iter().flat_map(|(name, text)| [name.as_str(), text.as_str()]));
        texts.extend(self.mark.as_deref());
        for section in &self.sections {
            texts.push(&section.title);
            for part in &section.parts {
                match part {
                    Part::Field { label, value } => {
                        texts.push(label);
                        texts.extend(value.as_deref());
                    }
                    Part::Text(text) => texts.push(text),
                    Part::Table(table) => {
                        texts.extend(table.head.iter().map(String::as_str));
                        texts.extend(table.rows.iter().flatten().map(String::as_str));
                    }
                }
            }
        }
        texts
    }

    /// Each item with what the paper says of it, in reading order. An item that is said twice is numbered.
    fn items(&self) -> Vec<(String, String)> {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let mut items = Vec::new();
        let mut put = |item: String, value: String| {
            let times = seen.entry(item.clone()).or_default();
            *times = times.saturating_add(1);
            let item = if *times > 1 { format!("{item} ({times})") } else { item };
            items.push((item, value));
        };
        for section in &self.sections {
            for part in &section.parts {
                match part {
                    Part::Field { label, value: Some(value) } => {
                        put(format!("{} · {label}", section.title), value.clone());
                    }
                    Part::Field { value: None, .. } => {}
                    Part::Text(text) => put(section.title.clone(), text.clone()),
                    Part::Table(table) => {
                        for row in &table.rows {
                            let name = row.first().map_or("", String::as_str);
                            let cells = table.head.iter().zip(row).skip(1).filter(|(_, cell)| !cell.is_empty());
                            let cells: Vec<String> = cells.map(|(head, cell)| format!("{head} {cell}")).collect();
                            put(format!("{} · {name}", section.title), cells.join(", "));
                        }
                    }
                }
            }
        }
        items
    }

    /// What this paper says otherwise than an earlier drawing of it: in its own order, then what it no longer says.
    pub fn changes(&self, earlier: &Document) -> Vec<Change> {
        let (before, now) = (earlier.items(), self.items());
        let find = |items: &[(String, String)], item: &str| {
            items.iter().find(|(name, _)| name == item).map(|(_, value)| value.clone())
        };
        let said = now.iter().map(|(item, value)| Change {
            item: item.clone(),
            before: find(&before, item),
            now: Some(value.clone()),
        });
        let gone = before.iter().filter(|(item, _)| find(&now, item).is_none());
        let gone = gone.map(|(item, value)| Change { item: item.clone(), before: Some(value.clone()), now: None });
        said.chain(gone).filter(|change| change.before != change.now).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(fields: &[(&str, Option<&str>)], rows: &[&[&str]]) -> Document {
        let field = |(label, value): &(&str, Option<&str>)| Part::Field {
            label: label.to_string(),
            value: value.map(str::to_string),
        };
        let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(ToString::to_string).collect()).collect();
        let head = ["Asset", "Quantity"].map(String::from).to_vec();
        let table = Part::Table(Table { head, widths: vec![1, 1], rows });
        Document {
            form: "test",
            lang: Lang::En,
            title: "Test".into(),
            head: Vec::new(),
            mark: None,
            sections: vec![
                Section { title: "What".into(), parts: fields.iter().map(field).collect() },
                Section { title: "Loss".into(), parts: vec![table] },
            ],
        }
    }

    #[test]
    fn changes() {
        let then = document(&[("Cause", None), ("Damage", Some("54 bn"))], &[&["SOL", "1"], &["BONK", "2"]]);
        let now = document(&[("Cause", Some("a stolen key")), ("Damage", Some("44.5 bn"))], &[&["SOL", "1"]]);
        let said: Vec<String> = now
            .changes(&then)
            .iter()
            .map(|c| {
                format!("{}: {} -> {}", c.item, c.before.as_deref().unwrap_or("-"), c.now.as_deref().unwrap_or("-"))
            })
            .collect();
        let expected =
            ["What · Cause: - -> a stolen key", "What · Damage: 54 bn -> 44.5 bn", "Loss · BONK: Quantity 2 -> -"];
        assert_eq!(said, expected);
        assert!(now.changes(&now).is_empty());
    }
}
