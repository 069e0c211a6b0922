//! Break-glass tickets: what two people signed for the hour in which the gate is down.
//!
//! It promises that a ticket covers one transfer of at most an hour's age, once, and that its use stays on the list of what somebody
//! else has to look at. It is signed offline, so it enters while everything is stopped: its cap is what bounds it.

use super::Guard;
use super::names::{Kind, NOBODY};
use crate::door::{moment, refusal, text};
use crate::fact::{Ticket, TicketReviewed, TicketSigned, Transfer};
use crate::known::Stamp;
use crate::limits;
use crate::refusal::{Code, Refusal};
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use journal::Hash;
use journal::note::{Algorithm, VerifierKey};
use rulebook::time::{HOUR, Instant};
use sha2::{Digest, Sha256};

/// The group whose people sign tickets.
pub const BREAK_GLASS: &str = "break-glass";
/// How many of them must.
pub const SIGNERS: usize = 2;
/// How long a ticket may last.
pub const LASTS: i64 = HOUR;

/// A ticket and what became of it.
#[derive(Clone, Debug)]
pub struct Ticketing {
    /// What was signed.
    pub ticket: Ticket,
    /// The entry.
    pub entry: Stamp,
    /// Who signed.
    pub signers: Vec<Hash>,
    /// The transfer that used it.
    pub used: Option<u32>,
    /// Somebody else looked at it.
    pub reviewed: bool,
}

/// The identity of whoever has a key.
pub fn identity_of(public: &Hash) -> Hash {
    Sha256::digest(public).into()
}

pub(super) fn admit(guard: &Guard, fact: &TicketSigned) -> Result<(), Refusal> {
    let ticket = &fact.ticket;
    for (field, value, most) in [
        ("id", ticket.id.as_str(), limits::NAME),
        ("wallet", &ticket.wallet, limits::NAME),
        ("asset", &ticket.asset, limits::NAME),
        ("destination", &ticket.destination, limits::NAME),
        ("tag", ticket.tag.as_deref().unwrap_or("none"), limits::NAME),
        ("reason", &ticket.reason, limits::REASONS),
    ] {
        text(field, value, most)?;
        // The signed text has a line for each field: a field with two lines could say what nobody read.
        if value.contains('\n') {
            return Err(refusal(Code::Conflict, field, "one line", "two", "write it in one line"));
        }
    }
    super::door::registered(guard, &ticket.wallet)?;
    super::door::listed(guard, "asset", &ticket.asset)?;
    super::door::amount("cap", ticket.cap, false)?;
    moment("from", ticket.from)?;
    moment("until", ticket.until)?;
    moment("at", fact.at)?;
    let lasts = ticket.until.0.saturating_sub(ticket.from.0);
    if !(1..=LASTS).contains(&lasts) {
        let hint = "sign another when the hour is over";
        return Err(refusal(Code::OutOfRange, "until", "at most an hour after `from`", &format!("{lasts} ms"), hint));
    }
    if fact.at > ticket.until {
        let hint = "a ticket is shown before the transfer, or at once: sign another";
        return Err(refusal(Code::TooLate, "until", "a ticket that has not expired", "one that has", hint));
    }
    let mut identities = BTreeSet::new();
    let message = ticket.text(&fact.exchange);
    for signature in &fact.signatures {
        let identity = super::door::enrolled(guard, &signature.by)?;
        if !guard.is_in(&signature.by, BREAK_GLASS) {
            let hint = "enrol them with an approved change, before the day it is needed";
            return Err(refusal(Code::Unsigned, "signatures", "people of `break-glass`", &signature.by, hint));
        }
        if identity_of(&signature.public) != identity {
            let hint = "who signs tickets is enrolled with the hash of their key as identity";
            return Err(refusal(Code::Unsigned, "signatures", "the key this person is enrolled with", "another", hint));
        }
        let key = VerifierKey::new("k", Algorithm::Ed25519, &signature.public);
        if !key.is_ok_and(|key| key.verify(message.as_bytes(), &signature.signature).is_ok()) {
            let hint = "the ticket was changed after it was signed: sign it again";
            return Err(refusal(Code::Unsigned, "signatures", "signatures of this text", &signature.by, hint));
        }
        if !identities.insert(identity) {
            let hint = "two people, not two signatures";
            return Err(refusal(Code::SamePerson, "signatures", "two people", &signature.by, hint));
        }
    }
    if identities.len() < SIGNERS {
        let found = identities.len().to_string();
        return Err(refusal(Code::Unsigned, "signatures", "two people", &found, "let a second one sign"));
    }
    Ok(())
}

pub(super) fn admit_review(guard: &Guard, fact: &TicketReviewed) -> Result<(), Refusal> {
    text("ticket", &fact.ticket, limits::NAME)?;
    text("finding", &fact.finding, limits::REASONS)?;
    moment("at", fact.at)?;
    let person = super::door::enrolled(guard, &fact.by)?;
    let Some((_, known)) = guard.ticket(&fact.ticket) else {
        return Err(refusal(Code::UnknownSubject, "ticket", "a ticket on record", &fact.ticket, "look at the list"));
    };
    if known.signers.contains(&person) {
        return Err(refusal(
            Code::SamePerson,
            "by",
            "somebody who did not sign it",
            &fact.by,
            "somebody else must look",
        ));
    }
    if known.reviewed {
        return Err(refusal(Code::TooLate, "ticket", "one that is open", &fact.ticket, "it was reviewed"));
    }
    if known.used.is_none() && fact.at <= known.ticket.until {
        let hint = "wait until it was used, or is over";
        return Err(refusal(Code::WrongStep, "ticket", "one that was used or is over", &fact.ticket, hint));
    }
    Ok(())
}

impl Guard {
    /// A ticket by its id.
    pub fn ticket(&self, id: &str) -> Option<(u32, &Ticketing)> {
        let number = self.names.find(Kind::Ticket, NOBODY, id)?;
        self.tickets.get(number as usize).map(|ticket| (number, ticket))
    }

    /// Tickets that nobody has reviewed.
    pub fn open_tickets(&self) -> impl Iterator<Item = &Ticketing> {
        self.tickets.iter().filter(|ticket| !ticket.reviewed)
    }

    /// The ticket that covers a transfer, or why the one that nearly does not.
    pub(super) fn ticketed(
        &self,
        t: &Transfer,
        wallet: &str,
        at: Instant,
        taken: &BTreeSet<u32>,
    ) -> Result<u32, Option<String>> {
        let mut near = None;
        for (number, held) in self.tickets.iter().enumerate() {
            let (ticket, number) = (&held.ticket, u32::try_from(number).unwrap_or(NOBODY));
            if ticket.wallet != wallet || ticket.asset != t.asset || ticket.destination != t.to {
                continue;
            }
            let differs = if ticket.tag != t.tag {
                "has another tag"
            } else if t.amount > ticket.cap {
                "has a lower cap"
            } else if at < ticket.from || at > ticket.until {
                "is for another hour"
            } else if held.used.is_some() || taken.contains(&number) {
                "was used by another transfer"
            } else {
                return Ok(number);
            };
            near = Some(format!("ticket {} {differs}", ticket.id));
        }
        Err(near)
    }

    pub(super) fn fold_ticket(&mut self, fact: &TicketSigned, entry: Stamp) -> bool {
        let number = self.names.number(Kind::Ticket, NOBODY, &fact.ticket.id) as usize;
        if number != self.tickets.len() {
            return false;
        }
        let signers = fact.signatures.iter().map(|signature| identity_of(&signature.public)).collect();
        self.tickets.push(Ticketing { ticket: fact.ticket.clone(), entry, signers, used: None, reviewed: false });
        true
    }

    pub(super) fn fold_review(&mut self, fact: &TicketReviewed) -> bool {
        let Some(number) = self.ticket(&fact.ticket).map(|(number, _)| number) else { return false };
        match self.tickets.get_mut(number as usize) {
            Some(ticket) => ticket.reviewed = true,
            None => return false,
        }
        true
    }
}
