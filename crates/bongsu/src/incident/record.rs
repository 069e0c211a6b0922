//! Incidents recorded by hand: every act is one or a few facts, all or none.

use super::dossier::{Dossier, KIND};
use crate::adoption;
use crate::import::value_of;
use crate::recorder::{self, Recorder};
use crate::trouble::Trouble;
use crate::walk;
use kernel::fact::{Figure, Grade, Name, Observation, Remark, SubjectKnown};
use kernel::known::KnownAt;
use rulebook::time::{Instant, Zone};
use rulebook::vocabulary::Vocabulary;
use std::path::Path;

/// A value as it is told.
pub struct Told<'a> {
    /// A word of the list.
    pub word: &'a str,
    /// In its unit.
    pub value: &'a str,
    /// When it was so.
    pub at: &'a str,
    /// kind/name of what belongs with the incident; none is the incident itself.
    pub subject: Option<&'a str>,
    /// Where it is known from.
    pub source: &'a str,
}

/// A text as it is told.
pub struct Said<'a> {
    /// The topic.
    pub topic: &'a str,
    /// The text.
    pub text: &'a str,
    /// When it was so; none is now.
    pub at: Option<&'a str>,
    /// Which one of its topic.
    pub id: &'a str,
    /// Who is to do it.
    pub owner: &'a str,
    /// Until when.
    pub due: Option<&'a str>,
    /// It is done.
    pub done: bool,
    /// Who writes it.
    pub by: &'a str,
}

/// Records that an incident happened, with its first events, codes and title.
pub fn open(
    dir: &Path,
    exchange: &str,
    incident: &str,
    events: &[(&str, Option<&String>)],
    codes: &[(&str, Option<&String>)],
    title: Option<&str>,
    by: &str,
) -> Result<(), Trouble> {
    let (recorder, zone) = writer(dir)?;
    let kind = recorder.state.vocabulary().kind(KIND);
    let known = |record: &kernel::record::Record| kind.and_then(|kind| record.subject(kind, incident)).is_some();
    if recorder.state.record(exchange).is_some_and(known) {
        return Err(Trouble::new(
            format!("{exchange} has an incident `{incident}` already"),
            "`bongsu incident set` adds to it; a new incident needs a new id",
        ));
    }
    let first = events.iter().find_map(|(_, text)| *text).map(String::as_str).unwrap_or("");
    let began = read(&zone, first)?;
    let name = Name::new(KIND, incident);
    let mut facts = vec![subject(exchange, &name, Vec::new())];
    for (word, text) in events.iter().filter_map(|(word, text)| text.map(|text| (*word, text))) {
        facts.push(figure(recorder.state.vocabulary(), exchange, &name, word, "yes", read(&zone, text)?, "")?);
    }
    for (word, code) in codes.iter().filter_map(|(word, code)| code.map(|code| (*word, code))) {
        facts.push(figure(recorder.state.vocabulary(), exchange, &name, word, code, began, "")?);
    }
    if let Some(title) = title {
        let said = Said { topic: "title", text: title, at: None, id: "", owner: "", due: None, done: false, by };
        facts.push(remark(exchange, &name, &said, began, None));
    }
    write(recorder, &facts)
}

/// Records an event or a value; a subject that is new is recorded as belonging with the incident.
pub fn set(dir: &Path, exchange: &str, incident: &str, told: &Told<'_>) -> Result<(), Trouble> {
    let (recorder, zone) = writer(dir)?;
    let at = read(&zone, told.at)?;
    let dossier = Dossier::open(&recorder.state, exchange, incident, at, KnownAt::Now)?;
    let mut facts = Vec::new();
    let name = match told.subject {
        None => dossier.name(),
        Some(text) => {
            let name = text.split_once('/').map(|(kind, name)| Name::new(kind, name));
            let name = name.filter(|n| !n.kind.is_empty() && !n.name.is_empty()).ok_or_else(|| {
                Trouble::new(format!("--of `{text}` is no kind/name"), "write loss/SOL, blocking/b1 or address/…")
            })?;
            let kind = recorder.state.vocabulary().kind(&name.kind);
            let on_record = kind.and_then(|kind| dossier.registered.record.subject(kind, &name.name)).is_some();
            match (on_record, dossier.concerns(&name)) {
                (false, _) => facts.push(subject(exchange, &name, vec![dossier.name()])),
                (true, true) => {}
                (true, false) => {
                    return Err(Trouble::new(
                        format!("{text} does not belong with {incident}"),
                        "choose another name, or import a subject that refers to the incident",
                    ));
                }
            }
            name
        }
    };
    facts.push(figure(recorder.state.vocabulary(), exchange, &name, told.word, told.value, at, told.source)?);
    write(recorder, &facts)
}

/// Records a remark.
pub fn say(dir: &Path, exchange: &str, incident: &str, said: &Said<'_>) -> Result<(), Trouble> {
    let (recorder, zone) = writer(dir)?;
    let at = said.at.map_or(Ok(Instant(recorder::now())), |text| read(&zone, text))?;
    let due = said.due.map(|text| read(&zone, text)).transpose()?;
    let name = Dossier::open(&recorder.state, exchange, incident, at, KnownAt::Now)?.name();
    write(recorder, &[remark(exchange, &name, said, at, due)])
}

fn writer(dir: &Path) -> Result<(Recorder, Zone), Trouble> {
    let mut recorder = Recorder::open(dir)?;
    adoption::adopt_shipped(&mut recorder)?;
    let zone = walk::zone(&recorder.state);
    Ok((recorder, zone))
}

fn write(mut recorder: Recorder, facts: &[Observation]) -> Result<(), Trouble> {
    let recorded = recorder.observe(facts, "incident")?;
    recorder.close()?;
    let entries = recorded.entries.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    println!("{} facts written, {} known already; entries {entries}", recorded.written, recorded.already);
    Ok(())
}

fn read(zone: &Zone, text: &str) -> Result<Instant, Trouble> {
    zone.read(text).ok_or_else(|| {
        Trouble::new(format!("`{text}` is not a date"), "write 2026-11-22 or \"2026-11-22 09:00\", in Seoul's time")
    })
}

pub(super) fn subject(exchange: &str, name: &Name, refers: Vec<Name>) -> Observation {
    let (exchange, subject, source) = (exchange.to_string(), name.clone(), String::new());
    SubjectKnown { exchange, subject, from: None, until: None, refers, source }.into()
}

pub(super) fn figure(
    vocabulary: &Vocabulary,
    exchange: &str,
    name: &Name,
    word: &str,
    value: &str,
    at: Instant,
    source: &str,
) -> Result<Observation, Trouble> {
    let found = vocabulary
        .find(word)
        .map(|id| vocabulary.word(id))
        .ok_or_else(|| Trouble::new(format!("`{word}` is no word of the list"), "`bongsu words` prints the list"))?;
    let value = value_of(found, Some(name), value)?;
    Ok(Figure {
        exchange: exchange.to_string(),
        subject: Some(name.clone()),
        word: word.to_string(),
        at,
        value,
        grade: Grade::Declared,
        confidence: None,
        source: source.to_string(),
        corrects: None,
    }
    .into())
}

pub(super) fn remark(exchange: &str, name: &Name, said: &Said<'_>, at: Instant, due: Option<Instant>) -> Observation {
    Remark {
        exchange: exchange.to_string(),
        subject: Some(name.clone()),
        at,
        topic: said.topic.to_string(),
        id: said.id.to_string(),
        text: said.text.to_string(),
        owner: said.owner.to_string(),
        due,
        done: said.done,
        by: said.by.to_string(),
        source: String::new(),
    }
    .into()
}
