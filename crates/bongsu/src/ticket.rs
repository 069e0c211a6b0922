//! A break-glass ticket as a signed note: what two people sign offline and somebody enters later.
//!
//! It promises that a signature that does not hold is an error. Whether the people are enrolled, the guard says.

use journal::note::{Note, VerifierKey};
use kernel::fact::{Ticket, TicketSignature};

/// A ticket with those of its signatures that these keys made, and the exchange it is for. A line of theirs that does not hold is an
/// error; others are passed over. The error says what is wrong, and a hint.
pub fn open(
    text: &str,
    keys: &[VerifierKey],
) -> Result<(String, Ticket, Vec<TicketSignature>), (String, &'static str)> {
    let note = Note::parse(text).map_err(|_| ("nobody signed it".to_string(), "`bongsu ticket sign`"))?;
    let ticket = Ticket::parse(note.text).ok_or_else(|| ("no ticket".to_string(), "`bongsu ticket new` writes one"));
    let (exchange, ticket) = ticket?;
    let mut signatures = Vec::new();
    for key in keys {
        for line in note.lines_of(key) {
            let wrong = || {
                let hint = "the ticket was changed after it was signed, or the signature is of another key";
                (format!("the signature of {} does not hold", key.name()), hint)
            };
            key.verify(note.text.as_bytes(), &line.bytes).map_err(|_| wrong())?;
            let signature = line.bytes.as_slice().try_into().map_err(|_| wrong())?;
            signatures.push(TicketSignature { by: key.name().into(), public: *key.public(), signature });
        }
    }
    Ok((exchange, ticket, signatures))
}
