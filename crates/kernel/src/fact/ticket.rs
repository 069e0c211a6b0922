//! Break-glass tickets: a transfer that two people signed offline, for the hour in which the gate is down.
//!
//! It promises that what is signed is plain text that a person can read before signing, and that it names everything the transfer is.

use super::field::{fact, part};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use journal::Hash;
use rulebook::time::Instant;

part! {
    /// One transfer, once.
    Ticket {
        /// Its id.
        0 id: String,
        /// The wallet it leaves.
        2 wallet: String,
        /// The asset.
        4 asset: String,
        /// The address it reaches.
        6 destination: String,
        /// Destination tag.
        8 tag: Option<String>,
        /// At most so many base units.
        10 cap: i128,
        /// First moment of a block it may stand in.
        12 from: Instant,
        /// Last moment.
        14 until: Instant,
        /// Why the gate could not be asked.
        16 reason: String,
    }
}

impl Ticket {
    /// What is signed: one line for each field, as the text of a signed note.
    pub fn text(&self, exchange: &str) -> String {
        let Ticket { id, wallet, asset, destination, cap, from, until, reason, .. } = self;
        let tag = self.tag.as_deref().unwrap_or("");
        let (from, until) = (from.0, until.0);
        format!(
            "bongsu ticket 1\nexchange {exchange}\nid {id}\nwallet {wallet}\nasset {asset}\nto {destination}\ntag {tag}\n\
             cap {cap}\nfrom {from}\nuntil {until}\nreason {reason}\n"
        )
    }
}

impl Ticket {
    /// Reads the signed text: the exchange and the ticket, where it is written exactly so.
    pub fn parse(text: &str) -> Option<(String, Ticket)> {
        let mut lines = text.lines();
        let mut field = |name: &str| Some(String::from(lines.next()?.strip_prefix(name)?.strip_prefix(' ')?));
        if field("bongsu")? != "ticket 1" {
            return None;
        }
        let exchange = field("exchange")?;
        let ticket = Ticket {
            id: field("id")?,
            wallet: field("wallet")?,
            asset: field("asset")?,
            destination: field("to")?,
            tag: Some(field("tag")?).filter(|tag| !tag.is_empty()),
            cap: field("cap")?.parse().ok()?,
            from: Instant(field("from")?.parse().ok()?),
            until: Instant(field("until")?.parse().ok()?),
            reason: field("reason")?,
        };
        (ticket.text(&exchange) == text).then_some((exchange, ticket))
    }
}

part! {
    /// Who signed a ticket.
    TicketSignature {
        /// The person, as they are enrolled.
        0 by: String,
        /// Their Ed25519 key; its SHA-256 is the identity that they are enrolled with.
        2 public: Hash,
        /// Over the ticket's text.
        4 signature: [u8; 64],
    }
}

fact! {
    /// A quorum signed a ticket; an outflow that it covers needs no authorisation.
    TicketSigned = 41 {
        /// The exchange.
        0 exchange: String,
        /// What was signed.
        2 ticket: Ticket,
        /// By whom.
        4 signatures: Vec<TicketSignature>,
        /// When it was shown.
        6 at: Instant,
    }
}

fact! {
    /// Somebody who did not sign looked at what a ticket was used for.
    TicketReviewed = 47 {
        /// The exchange.
        0 exchange: String,
        /// What was found.
        1 finding: String,
        /// The ticket.
        2 ticket: String,
        /// Who.
        4 by: String,
        /// When.
        6 at: Instant,
    }
}
