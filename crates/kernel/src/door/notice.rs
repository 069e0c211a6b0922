//! Notices and remarks at the door.

use super::{at_most, moment, named, record, refusal, text};
use crate::fact::{FigureValue, Notice, Remark};
use crate::limits;
use crate::refusal::{Code, Refusal};
use crate::state::State;
use crate::value_check;
use alloc::format;
use alloc::string::ToString;

pub(super) fn notice(state: &State, fact: &Notice) -> Result<(), Refusal> {
    let record = record(state, &fact.exchange)?;
    let vocabulary = state.vocabulary();
    let Some(word) = vocabulary.find(&fact.word) else {
        let hint = "`bongsu words` prints the list";
        return Err(refusal(Code::UnknownWord, "word", "an event of the list", &fact.word, hint));
    };
    let subject = match &fact.subject {
        None => None,
        Some(name) => {
            let kind = named(state, "subject", name)?;
            let Some(subject) = record.subject(kind, &name.name) else {
                let hint = "record what the notice is about first";
                return Err(refusal(Code::UnknownSubject, "subject", "a subject on record", &name.name, hint));
            };
            Some(subject)
        }
    };
    if record.layout().place(subject.map(|s| s.kind), word).is_none() {
        let hint = "`bongsu words` says what each event belongs to";
        return Err(refusal(Code::WrongSubject, "subject", "a subject that has this event", &fact.word, hint));
    }
    let value = FigureValue::Happened { by: fact.to.clone(), amount: None };
    value_check::fits(vocabulary.word(word), &value)?;
    moment("at", fact.at)?;
    for (field, length) in [("form", fact.form.len()), ("by", fact.by.len())] {
        at_most(field, length, limits::NAME, "bytes")?;
    }
    at_most("source", fact.source.len(), limits::SOURCE, "bytes")?;
    value_check::set("contents", &fact.contents)?;
    if let Some(entry) = fact.amends
        && !record.notices().iter().any(|(since, other)| since.index == entry && other.subject == fact.subject)
    {
        let hint = "give the index of the entry with the notice it amends";
        return Err(refusal(Code::NothingToCorrect, "amends", "a notice on record", &entry.to_string(), hint));
    }
    let Some(first) = subject.and_then(|subject| record.began(subject)) else { return Ok(()) };
    if fact.at >= first {
        return Ok(());
    }
    let (expected, found) = (format!("{} ms or later", first.0), format!("{} ms", fact.at.0));
    let hint = "a notice cannot be sent before what it is about; check the time, its zone, or when it occurred";
    Err(refusal(Code::Backwards, "at", &expected, &found, hint))
}

pub(super) fn remark(state: &State, fact: &Remark) -> Result<(), Refusal> {
    record(state, &fact.exchange)?;
    if let Some(name) = &fact.subject {
        named(state, "subject", name)?;
    }
    text("topic", &fact.topic, limits::NAME)?;
    text("text", &fact.text, limits::REMARK)?;
    for (field, length) in [("id", fact.id.len()), ("owner", fact.owner.len()), ("by", fact.by.len())] {
        at_most(field, length, limits::NAME, "bytes")?;
    }
    at_most("source", fact.source.len(), limits::SOURCE, "bytes")?;
    moment("at", fact.at)?;
    fact.due.map_or(Ok(()), |due| moment("due", due))
}
