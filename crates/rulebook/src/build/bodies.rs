//! What the names stand for: the forms of rules with their duties, clocks and cures, and the recorded readings.
//!
//! It promises: a rule is one kind of duty, each of its forms says since when, and no two are in force on one day. It must
//! never give out names: those all stand already. What an exception changes is in `exceptions`.

use super::{Builder, Raw};
use crate::book::*;
use crate::compile::{Named, Scope};
use crate::keys::Keys;
use crate::page::{Block, BlockKind, Is, Value};
use crate::problem::Place;
use crate::unit::Type;
use crate::vocabulary::WordId;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

impl Builder<'_> {
    /// Compiles what the names stand for.
    pub(super) fn bodies(&mut self) {
        for term in 0..self.compiler.book.terms.len() {
            self.compiler.term_type(TermId::from(term), &Place::default());
        }
        let raws = core::mem::take(&mut self.raws);
        let mut exceptions = 0usize;
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for Raw { block, instrument } in &raws {
            match block.kind {
                BlockKind::Rule => self.rule_version(block, *instrument),
                BlockKind::Exception if seen.insert(block.text("id").unwrap_or("").to_string()) => {
                    self.exception_body(block, ExceptionId::from(exceptions));
                    exceptions = exceptions.saturating_add(1);
                }
                BlockKind::Reading => self.reading(block, *instrument),
                _ => {}
            }
        }
        for rule in &mut self.compiler.book.rules {
            rule.versions.sort_by_key(|v| v.period.from);
        }
    }

    fn reading(&mut self, block: &Block, instrument: InstrumentId) {
        let mut keys = Keys { block, problems: self.compiler.problems };
        let reading = Reading {
            about: keys.need("about", "name the rule or term it is about"),
            question: keys.need("question", "say what is doubtful"),
            choice: keys.need("choice", "say how it was read"),
            by: keys.need("by", "say who chose"),
            on: keys.date("on"),
            instrument,
        };
        let known = self.compiler.rules.contains_key(&reading.about)
            || self.compiler.names.contains_key(&(instrument, reading.about.clone()))
            || self.exceptions.contains_key(&reading.about)
            || self.compiler.book.supervisions.iter().any(|s| s.instrument == instrument && s.id == reading.about)
            || reading.about.is_empty();
        if !known {
            let place = block.get("about").map_or(&block.place, |v| &v.place);
            self.error(
                place,
                format!("there is no rule or term `{}` on this page", reading.about),
                "",
                "a reading is about a rule, a term, a parameter, an exception or who supervises",
            );
        }
        self.book().readings.push(reading);
    }

    pub(super) fn conditions(&mut self, block: &Block, key: &str, scope: Scope) -> Vec<NodeId> {
        let values = Keys { block, problems: self.compiler.problems }.list(key);
        values.iter().map(|value| self.compiler.condition(value, scope)).collect()
    }

    fn rule_version(&mut self, block: &Block, instrument: InstrumentId) {
        let id = block.text("id").unwrap_or("").to_string();
        let Some(&rule) = self.compiler.rules.get(&id) else { return };
        let kind = self.kind(block);
        if kind != self.compiler.book.rules[rule.index()].kind {
            self.error(
                &block.place,
                format!("the forms of `{id}` are about different subjects"),
                "this one",
                "give every form the same `for`",
            );
        }
        let guard = block.get("then").is_some();
        let scope = Scope { instrument, kind, clock: block.get("starts").is_some(), guard };
        let applies = self.conditions(block, "applies", scope);
        let duty = self.duty(block, scope, &id);
        let mut keys = Keys { block, problems: self.compiler.problems };
        let version = RuleVersion {
            period: keys.period(),
            status: keys.status().unwrap_or_default(),
            open: keys.text("open"),
            cite: keys.texts("cite"),
            penalty: keys.text("penalty"),
            applies,
            duty,
            ground: keys.text("ground"),
            place: block.place.clone(),
        };
        // A law has a first day; a policy holds while it is adopted.
        if version.period.from.is_none() && !guard {
            self.error(
                &block.place,
                format!("`{id}` does not say since when"),
                "no `from`",
                "write: from = 2024-07-19",
            );
        }
        if self.compiler.book.rules[rule.index()].versions.iter().any(|v| v.period.overlaps(&version.period)) {
            self.error(
                &block.place,
                format!("two forms of `{id}` are in force on the same day"),
                "this one overlaps",
                "end the older one: until = the day before",
            );
        }
        self.book().rules[rule.index()].versions.push(version);
    }

    fn duty(&mut self, block: &Block, scope: Scope, id: &str) -> Duty {
        let has = |key: &str| block.get(key).is_some();
        let forms = [has("require"), has("starts") || has("due") || has("done"), has("then") || has("when")];
        if forms.iter().filter(|f| **f).count() != 1 {
            self.error(
                &block.place,
                format!("`{id}` is not one kind of rule"),
                "",
                "a rule has `require`, or `starts`, `due` and `done`, or `when` and `then`",
            );
        }
        if has("then") || has("when") {
            let when = self.conditions(block, "when", scope);
            let mut keys = Keys { block, problems: self.compiler.problems };
            let enforced = keys.enforced().unwrap_or(true);
            let then = keys.effect().unwrap_or(Effect::Deny);
            if when.is_empty() || !has("then") {
                self.error(
                    &block.place,
                    format!("`{id}` has no `when` or no `then`"),
                    "",
                    "a guard's rule says when and what then",
                );
            }
            return Duty::Guard { when, then, enforced };
        }
        if scope.clock {
            return self.clock(block, scope, id);
        }
        let require = self.conditions(block, "require", scope);
        let short = block.get("short").map(|v| self.compiler.value(v, scope).0);
        let measured = block.get("measured").and_then(|value| match value.text() {
            Some("month end") => Some(Measured::MonthEnd),
            Some("business year end") => Some(Measured::BusinessYearEnd),
            _ => {
                self.error(
                    &value.place,
                    "rules are measured at `month end` or `business year end`",
                    "",
                    "leave it out to read the rule at any time",
                );
                None
            }
        });
        let cure = self.cure(block, scope, measured);
        Duty::Require { require, short, measured, cure }
    }

    fn cure(&mut self, block: &Block, scope: Scope, measured: Option<Measured>) -> Option<Cure> {
        let value = block.get("cure")?;
        let hint = "write: cure = { by = \"day 10 of next month\", with = [\"reserve\"] }";
        let Is::Table(table) = &value.is else {
            self.error(&value.place, "`cure` is a table", "", hint);
            return None;
        };
        if measured.is_none() {
            self.error(
                &value.place,
                "only a measured rule can be cured",
                "no `measured`",
                "write: measured = \"month end\"",
            );
        }
        let of = |key: &str| table.iter().find(|(k, _)| k == key).map(|(_, v)| v);
        let day = of("by")
            .and_then(Value::text)
            .and_then(|t| t.strip_prefix("day ")?.strip_suffix(" of next month")?.parse::<i8>().ok());
        let Some(day_of_next_month) = day.filter(|d| (1..=28).contains(d)) else {
            self.error(&value.place, "`by` is a day of the next month, 1 to 28", "", hint);
            return None;
        };
        let mut cure = Cure { day_of_next_month, words: Vec::new(), terms: Vec::new() };
        if let Some(Is::List(list)) = of("with").map(|v| &v.is) {
            for item in list {
                let name = item.text().unwrap_or("");
                match (
                    self.compiler.names.get(&(scope.instrument, name.to_string())),
                    self.compiler.book.vocabulary.find(name),
                ) {
                    (Some(Named::Term(term)), _) => cure.terms.push(*term),
                    (_, Some(word)) => cure.words.push(word),
                    _ => self.error(
                        &item.place,
                        format!("there is no quantity or term `{name}`"),
                        "",
                        "`with` names what may be made good",
                    ),
                }
            }
        }
        Some(cure)
    }

    fn clock(&mut self, block: &Block, scope: Scope, id: &str) -> Duty {
        for key in ["starts", "due", "done"] {
            if block.get(key).is_none() {
                self.error(
                    &block.place,
                    format!("`{id}` has no `{key}`"),
                    "",
                    "a clock has `starts`, `due` and `done`",
                );
            }
        }
        let starts = block.get("starts").map_or(Starts::At(NodeId(0)), |value| self.starts(value, scope));
        let due = block.get("due").map_or(Due::Judged(String::new()), |value| self.due(value, scope));
        let done = self.done(block);
        let mut keys = Keys { block, problems: self.compiler.problems };
        Duty::Clock {
            starts,
            due,
            done,
            on_holiday: keys.on_holiday().unwrap_or_default(),
            contains: keys.texts("contains"),
        }
    }

    fn starts(&mut self, value: &Value, scope: Scope) -> Starts {
        if let Some(name) = value.text().and_then(|t| t.trim().strip_prefix("each ")) {
            let (name, by) = match name.split_once(" to ") {
                Some((name, by)) => (name.trim(), Some(by.trim())),
                None => (name.trim(), None),
            };
            return match self.compiler.event_by(name, by, &value.place) {
                Some((word, by)) => Starts::Each(word, by),
                None => Starts::At(NodeId(0)),
            };
        }
        let (node, is) = self.compiler.value(value, Scope { clock: false, ..scope });
        if !matches!(is, Type::Moment | Type::Wrong) {
            self.error(
                &value.place,
                "a clock starts at a moment",
                format!("this is {is}"),
                "name an event: starts = \"learned\"",
            );
        }
        Starts::At(node)
    }

    pub(super) fn due(&mut self, value: &Value, scope: Scope) -> Due {
        if let Some(words) = value.text().and_then(|t| t.strip_prefix("judged:")) {
            return Due::Judged(words.trim().to_string());
        }
        let (node, is) = self.compiler.value(value, Scope { clock: true, ..scope });
        if !matches!(is, Type::Moment | Type::Wrong) {
            self.error(
                &value.place,
                "a clock ends at a moment",
                format!("this is {is}"),
                "write: due = \"start + 24 h\"",
            );
        }
        Due::At(node)
    }

    pub(super) fn done(&mut self, block: &Block) -> Vec<(WordId, Option<CodeId>)> {
        let values = Keys { block, problems: self.compiler.problems }.list("done");
        let mut done = Vec::new();
        for value in values {
            let (name, by) = match value.text().unwrap_or("").split_once(" to ") {
                Some((name, by)) => (name.trim(), Some(by.trim())),
                None => (value.text().unwrap_or("").trim(), None),
            };
            done.extend(self.compiler.event_by(name, by, &value.place));
        }
        done
    }
}
