//! A filled report as JSON: our own, one key a field, and the authorities' schema.

use super::fields::{FIELDS, Kind};
use super::fill::Filled;
use crate::paper::answer::Answer;
use crate::report::amount::parse;
use rulebook::number::Number;
use serde_json::{Map, Value, json};

/// The JSON: every field that has an answer, by number and name, in the order of the template.
pub fn json(filled: &Filled) -> Vec<u8> {
    let mut fields = String::new();
    for field in FIELDS {
        let Some(answer) = filled.answer(field.number) else { continue };
        let comma = if fields.is_empty() { "" } else { "," };
        let key = Value::String(format!("{} {}", field.number, field.key));
        fields.push_str(&format!("{comma}\n    {key}: {}", answer.json(&str::to_owned)));
    }
    format!("{{\n  \"format\": \"(EU) 2025/302\",\n  \"fields\": {{{fields}\n  }}\n}}\n").into_bytes()
}

/// Fields that have their place with the criterion that asks for them.
const WITH_CRITERION: &[(&str, &[(&str, &str)])] = &[
    (
        "geographical_spread",
        &[
            ("2.6", "countryCodeMaterialityThresholds"),
            ("3.18", "memberStatesImpactType"),
            ("3.19", "memberStatesImpactTypeDescription"),
        ],
    ),
    ("data_losses", &[("3.20", "dataLosseMaterialityThresholds"), ("3.21", "dataLossesDescription")]),
    ("reputational_impact", &[("3.13", "reputationalImpactType"), ("3.14", "reputationalImpactDescription")]),
    ("economic_impact", &[("4.12", "economicImpactMaterialityThreshold")]),
];

/// The JSON of the authorities' schema (DORA IR 1.2.1).
pub fn schema(filled: &Filled) -> Vec<u8> {
    let mut root = Map::new();
    for field in FIELDS.iter().filter(|field| !field.path.is_empty()) {
        if let Some(value) = filled.answer(field.number).and_then(|answer| value(field.kind, answer)) {
            place(&mut root, field.path, value);
        }
    }
    for (key, role) in [
        ("submittingEntity", "SUBMITTING_ENTITY"),
        ("affectedEntity", "AFFECTED_ENTITY"),
        ("ultimateParentUndertaking", "ULTIMATE_PARENT_UNDERTAKING_ENTITY"),
    ] {
        if let Some(Value::Object(entity)) = root.get_mut(key) {
            entity.insert(String::from("entityType"), json!(role));
        }
    }
    // Several affected entities are one object each there, and one text of names here.
    if let Some(entity) = root.get_mut("affectedEntity") {
        let kinds = entity["affectedEntityType"].clone();
        let split = |key: &str| -> Vec<String> {
            entity[key].as_str().unwrap_or_default().split("; ").map(str::to_owned).collect()
        };
        let (names, ids) = (split("name"), split("LEI"));
        let one = |at: usize, name: &String| {
            let mut one = json!({ "entityType": "AFFECTED_ENTITY", "affectedEntityType": kinds });
            if !name.is_empty() {
                one["name"] = json!(name);
            }
            if let Some(id) = ids.get(at).filter(|id| !id.is_empty()) {
                one["LEI"] = json!(id);
            }
            one
        };
        *entity = names.iter().enumerate().map(|(at, name)| one(at, name)).collect();
    }
    let criteria = filled.answer("2.5").map(Answer::values).unwrap_or_default();
    let types: Vec<Value> = criteria.iter().map(|criterion| classification(filled, criterion)).collect();
    if !types.is_empty() {
        place(&mut root, "incident.classificationTypes", Value::Array(types));
    }
    let mut bytes = serde_json::to_vec_pretty(&root).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn classification(filled: &Filled, criterion: &str) -> Value {
    let mut object = json!({ "classificationCriterion": criterion });
    let fields = WITH_CRITERION.iter().find(|(of, _)| *of == criterion).map_or(&[][..], |(_, fields)| fields);
    for (number, key) in fields {
        if let Some(answer) = filled.answer(number) {
            object[*key] = answer.json(&str::to_owned);
        }
    }
    object
}

/// A value as the schema wants it: counts, percentages and amounts are numbers there, amounts in thousands.
fn value(kind: Kind, answer: &Answer) -> Option<Value> {
    let number = |text: &str| text.parse::<serde_json::Number>().ok().map(Value::Number);
    match (kind, answer) {
        (Kind::Integer | Kind::Percent, Answer::Text(text)) => number(text),
        (Kind::Money, Answer::Text(text)) => number(&parse(text)?.divide(&Number::integer(1_000))?.to_string()),
        (_, answer) => Some(answer.json(&str::to_owned)),
    }
}

/// Puts a value at a path of keys.
fn place(root: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => drop(root.insert(path.to_owned(), value)),
        Some((head, rest)) => {
            let next = root.entry(head).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(next) = next {
                place(next, rest, value);
            }
        }
    }
}
