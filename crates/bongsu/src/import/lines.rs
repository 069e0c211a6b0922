//! Facts as JSON lines: one object a line, for systems. Amounts are texts with their unit, as tables write them; a JSON
//! number would pass through a binary float on its way here.

use super::value;
use super::{Import, Place, Row, RowError, facts, file_name, limits, moment, notices, sheet, table};
use kernel::fact::{ExchangeRegistered, Figure, Judged, Name, Notice, Observation, Remark, RosterKnown, SubjectKnown};
use rulebook::time::{Instant, Zone};
use rulebook::vocabulary::Vocabulary;
use serde::Deserialize;
use std::path::Path;

/// A line. Fields that are not known are refused, each fact's own.
#[derive(Deserialize)]
#[serde(tag = "fact", rename_all = "lowercase", deny_unknown_fields)]
enum Fact {
    Exchange {
        id: String,
        name_en: String,
        name_ko: String,
        #[serde(default)]
        source: String,
    },
    Subject {
        exchange: String,
        subject: String,
        from: Option<String>,
        until: Option<String>,
        #[serde(default)]
        refers: Vec<String>,
        #[serde(default)]
        source: String,
    },
    Roster {
        exchange: String,
        kind: String,
    },
    Figure {
        exchange: String,
        subject: Option<String>,
        word: String,
        at: String,
        value: serde_json::Value,
        #[serde(default)]
        source: String,
        #[serde(default)]
        confidence: String,
        #[serde(default)]
        grade: String,
        corrects: Option<u64>,
    },
    Judgement {
        exchange: String,
        subject: Option<String>,
        judgement: String,
        answer: String,
        reasons: String,
        by: String,
        at: String,
        until: Option<String>,
    },
    Notice {
        exchange: String,
        subject: Option<String>,
        word: String,
        to: Option<String>,
        at: String,
        contents: Vec<String>,
        #[serde(default)]
        form: String,
        document: Option<String>,
        amends: Option<u64>,
        #[serde(default)]
        by: String,
        #[serde(default)]
        grade: String,
        #[serde(default)]
        source: String,
    },
    Remark {
        exchange: String,
        subject: Option<String>,
        at: String,
        topic: String,
        #[serde(default)]
        id: String,
        text: String,
        #[serde(default)]
        owner: String,
        due: Option<String>,
        #[serde(default)]
        done: bool,
        #[serde(default)]
        by: String,
        #[serde(default)]
        source: String,
    },
}

/// Reads a file.
pub(super) fn read(path: &Path) -> Result<(Import, Vec<RowError>), Vec<RowError>> {
    let bytes = sheet::bytes(path).map_err(|e| vec![e])?;
    let text = sheet::text(path, &bytes).map_err(|e| vec![e])?;
    let reader = Reader { words: kernel::words::vocabulary(), zone: moment::zone() };
    let (mut import, mut errors) = (Import::default(), Vec::new());
    for (number, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let place = Place { file: file_name(path), row: number as u64 + 1, ..Place::default() };
        match reader.line(line, &place) {
            Ok((place, observation)) => import.rows.push(Row { place, observation }),
            Err(error) => errors.push(error),
        }
        if errors.len() > limits::ERRORS {
            errors.truncate(limits::ERRORS);
            let expected = format!("the first {} mistakes are listed; what follows was not read", limits::ERRORS);
            errors.push(RowError { place, code: "too-many", expected, hint: "mend these and import again".to_owned() });
            break;
        }
    }
    if import.rows.is_empty() && errors.is_empty() {
        return Err(vec![RowError::file(path, "empty", "expected facts, found nothing", "one JSON object a line")]);
    }
    Ok((import, errors))
}

struct Reader {
    words: Vocabulary,
    zone: Zone,
}

impl Reader {
    fn line(&self, line: &str, place: &Place) -> Result<(Place, Observation), RowError> {
        let fact: Fact = serde_json::from_str(line).map_err(|e| {
            // The line is known already: only the reason is wanted.
            let why = e.to_string();
            let why = why.split(" at line ").next().unwrap_or(&why);
            let (why, hint) = if e.is_data() {
                (why, "the facts are exchange, subject, roster, figure, judgement, notice and remark")
            } else {
                (
                    "the line is not JSON",
                    "one JSON object a line, such as {\"fact\":\"roster\",\"exchange\":\"upbit\",\"kind\":\"ciso\"}",
                )
            };
            RowError {
                place: place.clone(),
                code: "wrong-line",
                expected: format!("expected a fact: {why}"),
                hint: hint.to_owned(),
            }
        })?;
        let at = |field: &str, value: &str| Place {
            column: Some(field.to_owned()),
            value: Some(table::shown(value)),
            ..place.clone()
        };
        Ok(match fact {
            Fact::Exchange { id, name_en, name_ko, source } => {
                (at("id", &id), ExchangeRegistered { id, name_en, name_ko, source }.into())
            }
            Fact::Subject { exchange, subject, from, until, refers, source } => {
                let place = at("subject", &subject);
                let refers = refers.iter().map(|name| named(name, at("refers", name))).collect::<Result<_, _>>()?;
                let from = from.map(|text| self.moment(&text, at("from", &text))).transpose()?;
                let until = until.map(|text| self.moment(&text, at("until", &text))).transpose()?;
                let subject = named(&subject, place.clone())?;
                (place, SubjectKnown { exchange, subject, from, until, refers, source }.into())
            }
            Fact::Roster { exchange, kind } => (at("kind", &kind), RosterKnown { exchange, kind }.into()),
            Fact::Figure { exchange, subject, word, at: when, value, source, confidence, grade, corrects } => {
                let wrong =
                    |field: &str, found: &str, expected: &str| wrong(at(field, found), "wrong-value", expected, "");
                let subject =
                    subject.filter(|s| !s.is_empty()).map(|name| named(&name, at("subject", &name))).transpose()?;
                let id = self.words.find(&word).ok_or_else(|| RowError {
                    place: at("word", &word),
                    code: "unknown-word",
                    expected: "expected a word of the list".to_owned(),
                    hint: facts::near(&word, &self.words),
                })?;
                let serde_json::Value::String(text) = value else {
                    let hint = "write it as text with its unit, such as \"48.3 bn KRW\": a JSON number may be rounded on its way";
                    return Err(RowError {
                        place: at("value", &value.to_string()),
                        code: "not-a-text",
                        expected: value::expected(self.words.word(id)),
                        hint: hint.to_owned(),
                    });
                };
                let place = at("value", &text);
                let value = value::read(self.words.word(id), subject.as_ref(), &text, &self.zone)
                    .map_err(|w| RowError { place: place.clone(), code: w.code, expected: w.expected, hint: w.hint })?;
                let when = self.moment(&when, at("at", &when))?;
                let confidence = facts::confidence(&confidence).map_err(|e| wrong("confidence", &confidence, e))?;
                let grade = facts::grade(&grade).map_err(|e| wrong("grade", &grade, e))?;
                (place, Figure { exchange, subject, word, at: when, value, grade, confidence, source, corrects }.into())
            }
            Fact::Judgement { exchange, subject, judgement, answer, reasons, by, at: when, until } => {
                let place = at("answer", &answer);
                let answer = match answer.as_str() {
                    "yes" => true,
                    "no" => false,
                    _ => {
                        return Err(wrong(
                            place,
                            "wrong-value",
                            "expected yes or no",
                            "no answer yet: leave the line out",
                        ));
                    }
                };
                let subject =
                    subject.filter(|s| !s.is_empty()).map(|name| named(&name, at("subject", &name))).transpose()?;
                let until = until.map(|text| self.moment(&text, at("until", &text))).transpose()?;
                let when = self.moment(&when, at("at", &when))?;
                (place, Judged { exchange, subject, judgement, answer, reasons, by, at: when, until }.into())
            }
            Fact::Notice {
                exchange,
                subject,
                word,
                to,
                at: when,
                contents,
                form,
                document,
                amends,
                by,
                grade,
                source,
            } => {
                let subject = self.subject(subject, place)?;
                let when = self.moment(&when, at("at", &when))?;
                let grade = facts::grade(&grade).map_err(|e| wrong(at("grade", &grade), "wrong-value", e, ""))?;
                let hash = |text: String| {
                    let expected = "expected the SHA-256 of the paper, 64 hexadecimal digits";
                    notices::hash(&text).ok_or_else(|| wrong(at("document", &text), "wrong-value", expected, ""))
                };
                let document = document.map(hash).transpose()?;
                let contents = notices::contents(&contents.join(" "));
                let place = at("word", &word);
                let notice = Notice {
                    exchange,
                    subject,
                    word,
                    to,
                    at: when,
                    contents,
                    form,
                    document,
                    amends,
                    by,
                    grade,
                    source,
                };
                (place, notice.into())
            }
            Fact::Remark { exchange, subject, at: when, topic, id, text, owner, due, done, by, source } => {
                let subject = self.subject(subject, place)?;
                let due = due.map(|text| self.moment(&text, at("due", &text))).transpose()?;
                let when = self.moment(&when, at("at", &when))?;
                let place = at("text", &text);
                (place, Remark { exchange, subject, at: when, topic, id, text, owner, due, done, by, source }.into())
            }
        })
    }

    fn subject(&self, name: Option<String>, place: &Place) -> Result<Option<Name>, RowError> {
        let name = name.filter(|name| !name.is_empty());
        let read = |name: String| {
            let value = Some(table::shown(&name));
            named(&name, Place { column: Some("subject".to_owned()), value, ..place.clone() })
        };
        name.map(read).transpose()
    }

    fn moment(&self, text: &str, place: Place) -> Result<Instant, RowError> {
        moment::read(text, &self.zone)
            .ok_or_else(|| wrong(place, "wrong-date", moment::EXPECTED, "a date is its last instant in Seoul"))
    }
}

fn named(text: &str, place: Place) -> Result<Name, RowError> {
    facts::named(text).ok_or_else(|| {
        wrong(place, "wrong-value", "expected kind/name, such as ciso/c1", "leave it out for the exchange itself")
    })
}

fn wrong(place: Place, code: &'static str, expected: &str, hint: &str) -> RowError {
    RowError { place, code, expected: expected.to_owned(), hint: hint.to_owned() }
}
