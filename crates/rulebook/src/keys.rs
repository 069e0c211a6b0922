//! The keys of one block, read into types, with a message for each that does not fit.

use crate::book::{Effect, OnHoliday, Period, STATUSES, Status, Title};
use crate::page::{Block, Is, Value};
use crate::problem::{Place, Problems, nearest};
use crate::time::{Date, HOUR, MINUTE, SECOND};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A block being read, with the place for messages.
pub struct Keys<'a> {
    /// The block.
    pub block: &'a Block,
    /// Where messages go.
    pub problems: &'a mut Problems,
}

impl Keys<'_> {
    /// A text that must be there.
    pub fn need(&mut self, key: &str, hint: &str) -> String {
        if let Some(text) = self.text(key) {
            return text;
        }
        if self.block.get(key).is_none() {
            self.problems.error(&self.block.place, format!("`{key}` is missing"), "in this block", hint);
        }
        String::new()
    }

    /// A text, if it is there.
    pub fn text(&mut self, key: &str) -> Option<String> {
        let value = self.block.get(key)?;
        if value.text().is_none() {
            self.problems.error(
                &value.place,
                format!("`{key}` is a text"),
                "not a text",
                format!("write: {key} = \"…\""),
            );
        }
        value.text().map(ToString::to_string)
    }

    /// A list of texts; a single text counts as a list of one.
    pub fn texts(&mut self, key: &str) -> Vec<String> {
        self.list(key).iter().filter_map(|v| v.text()).map(ToString::to_string).collect()
    }

    /// The values of a list of texts, with their places.
    pub fn list(&mut self, key: &str) -> Vec<Value> {
        let Some(value) = self.block.get(key) else { return Vec::new() };
        let items: &[Value] = match &value.is {
            Is::List(list) => list,
            _ => core::slice::from_ref(value),
        };
        for item in items {
            if item.text().is_none() {
                self.problems.error(
                    &item.place,
                    format!("`{key}` is a list of texts"),
                    "not a text",
                    format!("write: {key} = [\"…\"]"),
                );
            }
        }
        items.iter().filter(|v| v.text().is_some()).cloned().collect()
    }

    /// A date, if it is there.
    pub fn date(&mut self, key: &str) -> Option<Date> {
        let value = self.block.get(key)?;
        match value.is {
            Is::Date(date) => Some(date),
            _ => {
                self.problems.error(
                    &value.place,
                    format!("`{key}` is a date"),
                    "not a date",
                    format!("write: {key} = 2024-07-19"),
                );
                None
            }
        }
    }

    /// First and last day in force.
    pub fn period(&mut self) -> Period {
        let period = Period { from: self.date("from"), until: self.date("until") };
        if let (Some(from), Some(until)) = (period.from, period.until)
            && until < from
        {
            let place = self.block.get("until").map_or(&self.block.place, |v| &v.place);
            self.problems.error(
                place,
                format!("ends on {until}, before it starts on {from}"),
                "last day in force",
                "`until` is the last day, not the first day without",
            );
        }
        period
    }

    /// A yes or no, if it is there.
    pub fn truth(&mut self, key: &str) -> Option<bool> {
        let value = self.block.get(key)?;
        match value.is {
            Is::YesNo(truth) => Some(truth),
            _ => {
                self.problems.error(
                    &value.place,
                    format!("`{key}` is true or false"),
                    "",
                    format!("write: {key} = true"),
                );
                None
            }
        }
    }

    /// A name in two languages; one text serves both.
    pub fn title(&mut self) -> Option<Title> {
        let value = self.block.get("title")?;
        match &value.is {
            Is::Text(text, _) => Some(Title { en: text.clone(), ko: text.clone() }),
            Is::Table(table) => {
                let of = |key: &str| {
                    table.iter().find(|(k, _)| k == key).and_then(|(_, v)| v.text()).unwrap_or("").to_string()
                };
                Some(Title { en: of("en"), ko: of("ko") })
            }
            _ => {
                self.problems.error(
                    &value.place,
                    "`title` is a text or { en, ko }",
                    "",
                    "write: title = { en = \"…\", ko = \"…\" }",
                );
                None
            }
        }
    }

    /// The question of an open norm: one text for both languages, or both.
    pub fn question(&mut self) -> Title {
        let Some((value, table)) = self.block.get("asks").and_then(|value| match &value.is {
            Is::Table(table) => Some((value, table)),
            _ => None,
        }) else {
            let text = self.need("asks", "ask the question a person answers yes or no");
            return Title { en: text.clone(), ko: text };
        };
        let of = |key: &str| {
            table.iter().find(|(k, _)| k == key).and_then(|(_, v)| v.text()).filter(|text| !text.is_empty())
        };
        match (of("en"), of("ko"), table.len()) {
            (Some(en), Some(ko), 2) => Title { en: en.to_string(), ko: ko.to_string() },
            _ => {
                self.problems.error(
                    &value.place,
                    "`asks` is one text, or one in English and one in Korean",
                    "not { en, ko }",
                    "write: asks = { en = \"…\", ko = \"…\" }",
                );
                Title::default()
            }
        }
    }

    /// How binding, if said.
    pub fn status(&mut self) -> Option<Status> {
        let value = self.block.get("status")?;
        let text = value.text().unwrap_or("");
        let found = STATUSES.iter().find(|(_, name)| *name == text).map(|(status, _)| *status);
        if found.is_none() {
            let names: Vec<&str> = STATUSES.iter().map(|(_, n)| *n).collect();
            self.problems.error(
                &value.place,
                format!("there is no status `{text}`"),
                "",
                format!("statuses are {}", names.join(", ")),
            );
        }
        if found == Some(Status::Unverified) && self.block.get("open").is_none() {
            self.problems.error(
                &value.place,
                "what is unverified says which question is open",
                "no `open` in this block",
                "write: open = \"what was not seen\"",
            );
        }
        found
    }

    /// Whether a guard's rule decides, if said.
    pub fn enforced(&mut self) -> Option<bool> {
        let value = self.block.get("mode")?;
        match value.text() {
            Some("enforce") => Some(true),
            Some("observe") => Some(false),
            _ => {
                self.problems.error(&value.place, "`mode` is enforce or observe", "", "leave it out to enforce");
                None
            }
        }
    }

    /// Where a due date on a holiday moves, if said.
    pub fn on_holiday(&mut self) -> Option<OnHoliday> {
        let value = self.block.get("on_holiday")?;
        let text = value.text().unwrap_or("");
        let read = || {
            if text == "stays" {
                return Some(OnHoliday::Stays);
            }
            if text == "next working day" {
                return Some(OnHoliday::NextWorkingDay(None));
            }
            let (hour, minute) = text.strip_suffix(" of the next working day")?.split_once(':')?;
            let (hour, minute): (i8, i8) = (hour.parse().ok()?, minute.parse().ok()?);
            ((0..24).contains(&hour) && (0..60).contains(&minute))
                .then_some(OnHoliday::NextWorkingDay(Some((hour, minute))))
        };
        let found = read();
        if found.is_none() {
            self.problems.error(
                &value.place,
                format!("`{text}` moves no due date"),
                "",
                "write `next working day`, `12:00 of the next working day` or `stays`",
            );
        }
        found
    }

    /// What a guard does, if said.
    pub fn effect(&mut self) -> Option<Effect> {
        let value = self.block.get("then")?;
        let found = match &value.is {
            Is::Text(text, _) => plain_effect(text),
            Is::Table(table) => match table.as_slice() {
                [(word, Value { is: Is::Table(inner), .. })] if word == "hold" => self.hold(inner),
                list => self.suspend(list),
            },
            _ => None,
        };
        if found.is_none() {
            self.problems.error(&value.place, "`then` is allow, deny, hold or suspend", "", "write: then = \"deny\", { hold = { approvals = 2, by = \"group\" } } or { suspend = [\"withdrawals\"], scope = \"domain\" }");
        }
        found
    }

    fn hold(&mut self, keys: &[(String, Value)]) -> Option<Effect> {
        let (mut approvals, mut by, mut delay) = (0, None, None);
        for (key, value) in keys {
            match (key.as_str(), &value.is) {
                ("approvals", Is::Number(n)) => approvals = n.parse().ok()?,
                ("by", Is::Text(text, _)) => by = Some(text.clone()),
                ("delay", Is::Text(text, _)) => delay = Some(length(text)?),
                _ => self.unknown(key, &value.place, &["approvals", "by", "delay"]),
            }
        }
        Some(Effect::Hold { approvals, by, delay })
    }

    fn suspend(&mut self, keys: &[(String, Value)]) -> Option<Effect> {
        let (mut sides, mut scope) = (Vec::new(), None);
        for (key, value) in keys {
            match (key.as_str(), &value.is) {
                ("suspend", Is::List(list)) => {
                    for side in list {
                        match side.text() {
                            Some(text @ ("withdrawals" | "deposits")) => sides.push(text.to_string()),
                            _ => self.problems.error(
                                &side.place,
                                "sides are withdrawals and deposits",
                                "",
                                "write: suspend = [\"withdrawals\", \"deposits\"]",
                            ),
                        }
                    }
                }
                ("scope", Is::Text(text, _))
                    if ["asset", "chain", "wallet", "domain", "all"].contains(&text.as_str()) =>
                {
                    scope = Some(text.clone())
                }
                _ => self.unknown(key, &value.place, &["suspend", "scope"]),
            }
        }
        Some(Effect::Suspend { sides, scope: scope? })
    }

    fn unknown(&mut self, key: &str, place: &Place, known: &[&str]) {
        let hint = nearest(key, known.iter().copied())
            .map_or_else(|| format!("keys are {}", known.join(", ")), |n| format!("did you mean `{n}`?"));
        self.problems.error(place, format!("`{key}` does not fit here"), "", hint);
    }
}

/// An effect written as one word.
pub fn plain_effect(text: &str) -> Option<Effect> {
    match text {
        "allow" => Some(Effect::Allow),
        "deny" => Some(Effect::Deny),
        "hold" => Some(Effect::Hold { approvals: 0, by: None, delay: None }),
        _ => None,
    }
}

/// An exact length such as `24 h`, in milliseconds.
fn length(text: &str) -> Option<i64> {
    let (number, unit) = text.split_once(' ')?;
    let by = match unit {
        "h" => HOUR,
        "min" => MINUTE,
        "s" => SECOND,
        _ => return None,
    };
    number.parse::<i64>().ok()?.checked_mul(by).filter(|ms| *ms >= 0)
}
