//! Names and their numbers: terms, parameters, judgements, rules and exceptions, before any of them has a body.
//!
//! It promises: afterwards every name of every page has its number, so that a body may name what stands below it; the same
//! name twice is an error. It must never know what a condition says: bodies wait in [`TermBody`] and in the blocks.

use super::{Builder, Raw};
use crate::book::*;
use crate::compile::{Named, TermBody};
use crate::expression::{self, Part};
use crate::keys::Keys;
use crate::number::Number;
use crate::page::{Block, BlockKind, Is, Value};
use crate::problem::nearest;
use crate::time::read_date;
use crate::unit::{Type, Unit};
use crate::vocabulary::TopicId;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

impl Builder<'_> {
    /// Gives every name its number, so that bodies may name what stands below them.
    pub(super) fn declare(&mut self) {
        let raws = core::mem::take(&mut self.raws);
        for raw in &raws {
            let Raw { block, instrument } = raw;
            if matches!(block.kind, BlockKind::Reading) {
                continue;
            }
            let id = Keys { block, problems: self.compiler.problems }.need("id", "every block has a name");
            if block.kind != BlockKind::Judgement || block.get("cite").is_none() {
                let mut keys = Keys { block, problems: self.compiler.problems };
                if keys.texts("cite").is_empty() {
                    self.error(
                        &block.place,
                        format!("`{id}` cites nothing"),
                        "no `cite`",
                        "name the article: cite = [\"Act 7(3)\"]",
                    );
                }
            }
            match block.kind {
                BlockKind::Define => self.declare_term(block, *instrument, id),
                BlockKind::Parameter => self.declare_parameter(block, *instrument, id),
                BlockKind::Judgement => self.declare_judgement(block, *instrument, id),
                BlockKind::Rule => self.declare_rule(block, *instrument, id),
                BlockKind::Exception => self.declare_exception(block, *instrument, id),
                BlockKind::Supervision | BlockKind::Sharing => self.supervision(block, *instrument, id),
                _ => {}
            }
        }
        self.raws = raws;
    }

    /// Registers a name of a page; the same name twice, or a word's name, is an error.
    fn register(&mut self, block: &Block, instrument: InstrumentId, id: &str, named: Named) {
        let place = block.get("id").map_or(&block.place, |v| &v.place);
        if self.compiler.book.vocabulary.find(id).is_some() {
            self.error(
                place,
                format!("`{id}` is a word of the word list"),
                "",
                "a page's own names must differ from the words",
            );
        }
        if id == "start" || id == "now" {
            self.error(place, format!("`{id}` has a meaning of its own"), "", "choose another name");
        }
        if let Some(old) = self.compiler.names.insert((instrument, id.to_string()), named)
            && old != named
        {
            self.error(place, format!("`{id}` stands twice on this page"), "", "one name, one meaning");
        }
    }

    fn declare_term(&mut self, block: &Block, instrument: InstrumentId, id: String) {
        let kind = self.kind(block);
        let mut keys = Keys { block, problems: self.compiler.problems };
        let version = TermVersion { period: keys.period(), is: NodeId(0), cite: keys.texts("cite") };
        let body = block.get("is").cloned();
        let Some(body) = body else {
            return self.error(&block.place, format!("`{id}` is nothing"), "no `is`", "write: is = \"a + b\"");
        };
        let known = self.compiler.names.get(&(instrument, id.clone()));
        if let Some(Named::Term(at)) = known {
            let at = at.index();
            let clash = self.compiler.book.terms[at].versions.iter().any(|v| v.period.overlaps(&version.period));
            if clash {
                self.error(
                    &block.place,
                    format!("two forms of `{id}` are in force on the same day"),
                    "this one overlaps",
                    "end the older one: until = the day before",
                );
            }
            self.book().terms[at].versions.push(version);
            if let Some(TermBody::Waiting(bodies)) = self.compiler.bodies.get_mut(at) {
                bodies.push(body);
            }
            return;
        }
        let at = TermId::from(self.compiler.book.terms.len());
        self.register(block, instrument, &id, Named::Term(at));
        self.book().terms.push(Term {
            id,
            instrument,
            kind,
            is_type: Type::Wrong,
            versions: Vec::from([version]),
            exceptions: Vec::new(),
        });
        self.compiler.bodies.push(TermBody::Waiting(Vec::from([body])));
    }

    fn declare_parameter(&mut self, block: &Block, instrument: InstrumentId, id: String) {
        let mut keys = Keys { block, problems: self.compiler.problems };
        let unit = keys.need("unit", "write: unit = \"%\", \"KRW\", \"person\", \"h\", \"month\", \"code\" or \"\"");
        let cite = keys.texts("cite");
        let is_type = parameter_type(&unit).unwrap_or(Type::Wrong);
        let values = if is_type == Type::Wrong {
            let place = block.get("unit").map_or(&block.place, |v| &v.place);
            let hint = "units are %, KRW and other currencies, person, h, day, month, code, or nothing";
            self.error(place, format!("there is no unit `{unit}`"), "unknown unit", hint);
            Vec::new()
        } else {
            self.parameter_values(block, &unit)
        };
        let means = match block.get("means").map(|v| &v.is) {
            Some(Is::Table(table)) => {
                table.iter().filter_map(|(k, v)| v.text().map(|t| (k.clone(), t.to_string()))).collect()
            }
            _ => Vec::new(),
        };
        let at = ParameterId::from(self.compiler.book.parameters.len());
        self.register(block, instrument, &id, Named::Parameter(at));
        let place = block.place.clone();
        self.book().parameters.push(Parameter {
            id,
            instrument,
            is_type,
            values,
            means,
            cite,
            place,
            exceptions: Vec::new(),
        });
    }

    pub(super) fn parameter_values(&mut self, block: &Block, unit: &str) -> Vec<(crate::time::Date, ParameterValue)> {
        let mut values = Vec::new();
        let Some(Value { is: Is::Table(table), .. }) = block.get("values") else {
            self.error(
                &block.place,
                "a parameter has dated values",
                "no table `values`",
                "write: values = { 2024-07-19 = 80 }, or {} while nobody has named a number",
            );
            return values;
        };
        for (date, value) in table {
            let Some(date) = read_date(date) else {
                self.error(
                    &value.place,
                    format!("`{date}` is not a date"),
                    "this value's key",
                    "write: 2024-07-19 = 80",
                );
                continue;
            };
            match parameter_value(&value.is, unit) {
                Some(parsed) => values.push((date, parsed)),
                None => self.error(
                    &value.place,
                    format!("this is no value in `{unit}`"),
                    "",
                    "numbers are written without sign, codes as a list of texts",
                ),
            }
        }
        values.sort_by_key(|(date, _)| *date);
        values
    }

    fn declare_judgement(&mut self, block: &Block, instrument: InstrumentId, id: String) {
        let kind = self.kind(block);
        let mut keys = Keys { block, problems: self.compiler.problems };
        let (asks, look, cite) = (keys.question(), keys.texts("look"), keys.texts("cite"));
        if look.is_empty() {
            keys.problems.warn(
                &block.place,
                format!("`{id}` does not say what to look at"),
                "no `look`",
                "list what an assessor should look at",
            );
        }
        let at = JudgementId::from(self.compiler.book.judgements.len());
        self.register(block, instrument, &id, Named::Judgement(at));
        self.book().judgements.push(Judgement { id, instrument, kind, asks, look, cite });
    }

    fn declare_rule(&mut self, block: &Block, instrument: InstrumentId, id: String) {
        let topics = self.topics(block);
        if let Some(known) = self.compiler.rules.get(&id) {
            let known = known.index();
            if topics.is_empty() || self.compiler.book.rules[known].topics == topics {
                return;
            }
            let place = block.get("topic").map_or(&block.place, |v| &v.place);
            return self.error(
                place,
                format!("the forms of `{id}` have different topics"),
                "this one",
                "say it once, in the first form",
            );
        }
        let kind = self.kind(block);
        let title = Keys { block, problems: self.compiler.problems }.title();
        let heading = |part: usize| block.heading.split('·').nth(part).unwrap_or(&block.heading).trim().to_string();
        let title = title.unwrap_or_else(|| Title { en: heading(0), ko: heading(1) });
        let at = RuleId::from(self.compiler.book.rules.len());
        self.compiler.rules.insert(id.clone(), at);
        let place = block.place.clone();
        self.book().rules.push(Rule {
            id,
            title,
            instrument,
            kind,
            topics,
            versions: Vec::new(),
            exceptions: Vec::new(),
            place,
        });
    }

    fn topics(&mut self, block: &Block) -> Vec<TopicId> {
        let mut topics = Vec::new();
        for value in (Keys { block, problems: self.compiler.problems }).list("topic") {
            let name = value.text().unwrap_or("");
            match self.compiler.book.vocabulary.find_topic(name) {
                Some(topic) if topics.contains(&topic) => {}
                Some(topic) => topics.push(topic),
                None => {
                    let known = self.compiler.book.vocabulary.topics().map(|(_, t)| t.name.as_str());
                    let hint = nearest(name, known).map_or_else(
                        || "`bongsu words --topics` lists them; a new one is a row of the list of topics".to_string(),
                        |near| format!("did you mean `{near}`?"),
                    );
                    self.compiler.problems.error(
                        &value.place,
                        format!("there is no topic `{name}`"),
                        "not in the list of topics",
                        hint,
                    );
                }
            }
        }
        topics
    }

    fn declare_exception(&mut self, block: &Block, instrument: InstrumentId, id: String) {
        let at = ExceptionId::from(self.compiler.book.exceptions.len());
        if self.exceptions.contains_key(&id) {
            return self.error(
                &block.place,
                format!("the exception `{id}` stands twice"),
                "",
                "one name, one exception",
            );
        }
        self.exceptions.insert(id.clone(), at);
        let mut keys = Keys { block, problems: self.compiler.problems };
        let (period, cite) = (keys.period(), keys.texts("cite"));
        let place = block.place.clone();
        let over = Over::Rule(RuleId(u32::MAX));
        self.book().exceptions.push(Exception {
            id,
            instrument,
            over,
            period,
            when: Vec::new(),
            beats: Vec::new(),
            sets: Sets::default(),
            cite,
            place,
            exceptions: Vec::new(),
        });
    }
}

fn parameter_type(unit: &str) -> Option<Type> {
    Some(match unit {
        "code" => Type::Codes,
        "%" | "" => Type::Number(Unit::PLAIN),
        "h" | "min" => Type::Length,
        "day" | "month" | "year" | "working day" => Type::Civil,
        other => Type::Number(Unit::parse(other)?),
    })
}

fn parameter_value(is: &Is, unit: &str) -> Option<ParameterValue> {
    match (is, unit) {
        (Is::List(list), "code") => list
            .iter()
            .map(|v| v.text().map(ToString::to_string))
            .collect::<Option<Vec<_>>>()
            .map(ParameterValue::Codes),
        (Is::Number(text), "h" | "min" | "day" | "month" | "year" | "working day") => {
            let read = expression::read(&format!("{text} {unit}")).ok()?;
            match read.kind {
                Part::Literal { value: expression::Literal::Length(ms), .. } => Some(ParameterValue::Length(ms)),
                Part::Literal { value: expression::Literal::Civil(civil), .. } => Some(ParameterValue::Civil(civil)),
                _ => None,
            }
        }
        (Is::Number(text), _) if unit != "code" => {
            let places = text.split_once('.').map_or(0, |(_, p)| p.len());
            let mut step = Number::ONE;
            for _ in 0..places {
                step = step.divide(&Number::integer(10))?;
            }
            let (mut value, hundred) = (Number::decimal(text)?, Number::integer(100));
            if unit == "%" {
                value = value.divide(&hundred)?;
                step = step.divide(&hundred)?;
            }
            Some(ParameterValue::Number(value, step))
        }
        _ => None,
    }
}
