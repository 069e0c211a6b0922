//! The same night under another law: every moment of an incident moved by whole days, so that it begins on a chosen day.
//!
//! It promises to touch nothing that is recorded: the moved facts are folded into a state of their own and never written.
//! The time of day stays; a weekday may not, and then working days fall elsewhere.

use super::dossier::{Dossier, KIND};
use crate::trouble::Trouble;
use crate::walk;
use kernel::fact::{Name, Observation};
use kernel::known::KnownAt;
use kernel::state::{State, fold};
use rulebook::time::{Instant, Zone};
use std::path::Path;

const DAY: i64 = 86_400_000;

/// The state of the journal in `dir`, had the incident begun on `day`, and by how many milliseconds it was moved.
pub fn under(state: &State, dir: &Path, exchange: &str, incident: &str, day: &str) -> Result<(State, i64), Trouble> {
    let zone = walk::zone(state);
    let dossier = Dossier::open(state, exchange, incident, Instant::NEVER, KnownAt::Now)?;
    let began = dossier.registered.record.began(dossier.subject).ok_or_else(|| {
        Trouble::new(format!("when {incident} began is not on record"), "record `occurred` or `detected` first")
    })?;
    let target =
        zone.read(day).ok_or_else(|| Trouble::new(format!("--under `{day}` is not a date"), "write 2026-10-01"))?;
    let start = |at: Instant| zone.start_of(zone.date(at)).0;
    let by = start(target).saturating_sub(start(began));
    if by % DAY != 0 {
        return Err(Trouble::new(
            format!("{day} is not whole days from when {incident} began"),
            "the zone changed its clocks in between; choose another day",
        ));
    }
    let mut moved = State::new(kernel::words::vocabulary());
    walk::each(dir, |stamp, header, body| {
        let Some(body) = body else { return Ok(()) };
        let body = kernel::body::Body::decode(header.kind, body).map_err(|e| walk::unreadable(stamp.index, &e))?;
        fold(&mut moved, stamp, &shift(body.observation, exchange, &dossier, by));
        Ok(())
    })?;
    Ok((moved, by))
}

/// The moment an incident is read for: as asked; else now, or a month after it began where that is earlier than today.
pub fn moved(
    state: &State,
    exchange: &str,
    incident: &str,
    as_of: Option<&str>,
    zone: &Zone,
) -> Result<Instant, Trouble> {
    if let Some(text) = as_of {
        return zone.read(text).ok_or_else(|| {
            Trouble::new(format!("--as-of `{text}` is not a date"), "write 2026-11-22 or \"2026-11-22 09:00\"")
        });
    }
    let now = Instant(crate::recorder::now());
    let dossier = Dossier::open(state, exchange, incident, now, KnownAt::Now)?;
    let began = dossier.registered.record.began(dossier.subject);
    // A what-if may lie ahead: it is read when all of it has happened.
    Ok(began.filter(|began| *began > now).map_or(now, |began| Instant(began.0.saturating_add(31 * DAY))))
}

fn shift(observation: Observation, exchange: &str, dossier: &Dossier<'_>, by: i64) -> Observation {
    let ours = |of: &str, name: &Option<Name>| {
        of == exchange
            && name
                .as_ref()
                .is_some_and(|name| name.kind == KIND && name.name == dossier.id() || dossier.concerns(name))
    };
    let moved = |at: Instant| Instant(at.0.saturating_add(by));
    match observation {
        Observation::Figure(mut fact) if ours(&fact.exchange, &fact.subject) => {
            fact.at = moved(fact.at);
            fact.into()
        }
        Observation::Notice(mut fact) if ours(&fact.exchange, &fact.subject) => {
            fact.at = moved(fact.at);
            fact.into()
        }
        Observation::Remark(mut fact) if ours(&fact.exchange, &fact.subject) => {
            (fact.at, fact.due) = (moved(fact.at), fact.due.map(moved));
            fact.into()
        }
        Observation::Judged(mut fact) if ours(&fact.exchange, &fact.subject) => {
            (fact.at, fact.until) = (moved(fact.at), fact.until.map(moved));
            fact.into()
        }
        other => other,
    }
}
