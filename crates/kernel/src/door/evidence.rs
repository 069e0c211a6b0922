//! Evidence at the door.

use super::{at_most, forwards, moment, named, record, text};
use crate::fact::EvidenceKept;
use crate::limits;
use crate::refusal::Refusal;
use crate::state::State;
use crate::value_check;

pub(super) fn evidence(state: &State, fact: &EvidenceKept) -> Result<(), Refusal> {
    record(state, &fact.exchange)?;
    if let Some(name) = &fact.subject {
        named(state, "subject", name)?;
    }
    text("name", &fact.name, limits::TITLE)?;
    text("media", &fact.media, limits::NAME)?;
    at_most("by", fact.by.len(), limits::NAME, "bytes")?;
    at_most("source", fact.source.len(), limits::SOURCE, "bytes")?;
    value_check::set("rules", &fact.rules)?;
    if let Some(period) = fact.period {
        moment("from", period.from)?;
        moment("until", period.until)?;
        forwards("until", period.from, period.until)?;
    }
    moment("collected", fact.collected)?;
    moment("received", fact.received)?;
    forwards("received", fact.collected, fact.received)?;
    let Some(expires) = fact.expires else { return Ok(()) };
    moment("expires", expires)?;
    forwards("expires", fact.collected, expires)
}
