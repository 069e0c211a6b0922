//! What stands in an item of a reporting format, whichever format it is.
//!
//! Numbers are texts: an amount of a report must stay exact, and a JSON number is a binary float to many who read it.

use super::{Problem, Severity};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// How far along the reports of an incident are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// The first report.
    Initial,
    /// A report while the incident goes on.
    Intermediate,
    /// The last report.
    Final,
}

impl Phase {
    /// Its place in a table of three columns.
    pub fn column(self) -> usize {
        self as usize
    }

    /// Its name in English, as FIRE writes it.
    pub fn name(self) -> &'static str {
        ["Initial", "Intermediate", "Final"][self.column()]
    }
}

/// The items of a group that may be there several times, by their ids.
pub type Group = BTreeMap<&'static str, Answer>;

/// What stands in an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A text, a number, a moment or a value of a list.
    Text(String),
    /// Yes or no.
    Yes(bool),
    /// Several values.
    List(Vec<String>),
    /// Several pairs or triples.
    Rows(Vec<Vec<String>>),
    /// Groups of items.
    Groups(Vec<Group>),
}

impl Answer {
    /// The answer as JSON; `name` gives the key of an item of a group.
    pub fn json(&self, name: &dyn Fn(&str) -> String) -> Json {
        match self {
            Answer::Text(text) => Json::String(text.clone()),
            Answer::Yes(yes) => Json::Bool(*yes),
            Answer::List(list) => list.iter().cloned().map(Json::String).collect(),
            Answer::Rows(rows) => {
                rows.iter().map(|row| row.iter().cloned().map(Json::String).collect::<Json>()).collect()
            }
            Answer::Groups(groups) => {
                let object = |group: &Group| {
                    Json::Object(group.iter().map(|(id, answer)| (name(id), answer.json(name))).collect::<Map<_, _>>())
                };
                groups.iter().map(object).collect()
            }
        }
    }

    /// The answer as people read it in a cell.
    pub fn shown(&self) -> String {
        match self {
            Answer::Text(text) => text.clone(),
            Answer::Yes(yes) => String::from(if *yes { "yes" } else { "no" }),
            Answer::List(list) => list.join("\n"),
            Answer::Rows(rows) => rows.iter().map(|row| row.join(" | ")).collect::<Vec<_>>().join("\n"),
            Answer::Groups(groups) => groups.len().to_string(),
        }
    }

    /// The text, where it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Answer::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Its values, one by one.
    pub fn values(&self) -> Vec<&str> {
        match self {
            Answer::Text(text) => vec![text],
            Answer::List(list) => list.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }
}

/// A problem that keeps a paper from leaving.
pub fn must_fix(item: impl Into<String>, expected: impl Into<String>, hint: impl Into<String>) -> Problem {
    Problem { severity: Severity::MustFix, item: item.into(), expected: expected.into(), hint: hint.into() }
}

/// A problem that must be explained.
pub fn must_explain(item: impl Into<String>, expected: impl Into<String>, hint: impl Into<String>) -> Problem {
    Problem { severity: Severity::MustExplain, ..must_fix(item, expected, hint) }
}

/// Words that belong with the incident and not to it, by how they begin.
const OF: &[(&str, &str)] = &[
    ("service_", "hit_service"),
    ("resource_", "hit_resource"),
    ("cause_kind", "cause"),
    ("cause_strength", "cause"),
    ("cause_origin", "cause"),
];

/// What to record for an item: `detected` is a word, `remark title` a topic, `lei of exchange` a word of the exchange itself.
pub fn how_to_record(record: &str) -> String {
    match record.strip_prefix("remark ") {
        Some(topic) => format!("write it as a remark: `bongsu incident say … {topic} …`"),
        None => match record.strip_suffix(" of exchange") {
            Some(word) => format!("record `{word}` of the exchange with `bongsu import`"),
            None => {
                let of =
                    OF.iter().find(|(head, _)| record.starts_with(head)).map(|(_, kind)| format!(" --of {kind}/…"));
                format!("record `{record}`: `bongsu incident set … {record} …{}`", of.unwrap_or_default())
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::how_to_record;

    #[test]
    fn a_hint_names_where_a_fact_belongs() {
        for (record, said) in [
            ("detected", "incident set … detected …`"),
            ("cause_kind", "incident set … cause_kind … --of cause/…`"),
            ("cause_details", "incident set … cause_details …`"),
            ("service_downtime", "--of hit_service/…`"),
            ("remark title", "incident say … title …`"),
            ("lei of exchange", "record `lei` of the exchange"),
        ] {
            assert!(how_to_record(record).contains(said), "{record}: {}", how_to_record(record));
        }
    }
}
