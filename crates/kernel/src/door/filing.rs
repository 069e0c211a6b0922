//! Filings at the door.

use super::{at_most, forwards, moment, record, text};
use crate::fact::FilingMoved;
use crate::filing::{self, filing_type, unknown_type};
use crate::limits;
use crate::refusal::Refusal;
use crate::state::State;

pub(super) fn filing(state: &State, fact: &FilingMoved) -> Result<(), Refusal> {
    record(state, &fact.exchange)?;
    text("exchange", &fact.exchange, limits::NAME)?;
    text("id", &fact.id, limits::NAME)?;
    text("by", &fact.by, limits::NAME)?;
    if filing_type(&fact.kind).is_none() {
        return Err(unknown_type(&fact.kind));
    }
    moment("at", fact.at)?;
    at_most("reason", fact.reason.len(), limits::REASONS, "bytes")?;
    if let Some(period) = fact.period {
        moment("from", period.from)?;
        moment("until", period.until)?;
        forwards("until", period.from, period.until)?;
    }
    at_most("signatories", fact.signatories.len(), limits::SIGNATORIES, "people")?;
    for signatory in &fact.signatories {
        text("signatories", &signatory.who, limits::NAME)?;
        text("signatories", &signatory.role, limits::NAME)?;
        let length = signatory.signature.as_ref().map_or(0, |bytes| bytes.len());
        at_most("signatories", length, limits::NAME, "bytes")?;
    }
    if let Some(receipt) = &fact.receipt {
        text("receipt", &receipt.origin, limits::NAME)?;
    }
    filing::may_follow(state.filings(), fact)
}
