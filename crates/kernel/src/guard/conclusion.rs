//! What the guard concludes: a list of these is the conclusion of an entry, as one item of deterministic CBOR.
//!
//! It promises that a fold needs no rule: whatever a rule had a say in stands here.

use crate::fact::field::{Bytes, Field, either, part};
use crate::fact::{ResumptionStep, Scope};
use alloc::string::String;
use alloc::vec::Vec;
use journal::cbor::{Decoder, Encoder, Error};
use rulebook::time::Instant;

part! {
    /// What must happen before a held request may pass.
    Hold {
        /// How many must approve.
        0 approvals: u32,
        /// From which group; absent: any that approves.
        2 by: Option<String>,
        /// Not before this moment.
        4 until: Option<Instant>,
    }
}

either! {
    /// The answer to a question.
    Verdict {
        /// It may pass.
        0 Allow,
        /// It waits.
        1 Hold(Hold),
        /// It may not pass.
        2 Deny,
    }
}

impl Verdict {
    /// The word that texts use.
    pub fn name(&self) -> &'static str {
        match self {
            Verdict::Allow => "allow",
            Verdict::Hold(_) => "hold",
            Verdict::Deny => "deny",
        }
    }
}

part! {
    /// A rule that did not speak, and the first of its conditions that was not met.
    Unmet {
        /// The rule.
        0 rule: String,
        /// The condition, as its page writes it, and what is missing where it is unknown.
        2 condition: String,
    }
}

part! {
    /// The answer to a withdrawal or a change.
    Decided {
        /// Its id.
        0 id: String,
        /// The answer.
        2 verdict: Verdict,
        /// The rule; absent: the page's default, or what the kernel itself refuses (see `why`).
        4 rule: Option<String>,
        /// Value in whole won, rounded up; absent where a price is missing.
        6 won: Option<i128>,
        /// Why, in words, where no rule says it.
        8 why: Option<String>,
        /// What was missing to decide.
        10 missing: Vec<String>,
        /// What the other rules wanted; left out where the answer is to allow.
        12 unmet: Vec<Unmet>,
        /// Rules that only observe and would have decided otherwise.
        14 observed: Vec<String>,
    }
}

part! {
    /// Whether a payload may be signed.
    Signable {
        /// The withdrawal.
        0 withdrawal: String,
        /// The answer.
        2 verdict: Verdict,
        /// What differs.
        4 why: Option<String>,
    }
}

part! {
    /// An outflow and the withdrawal that authorised it.
    Matched {
        /// The transfer.
        0 tx: String,
        /// The withdrawal.
        2 withdrawal: String,
    }
}

part! {
    /// An outflow and the mandate that covers it.
    Mandated {
        /// The transfer.
        0 tx: String,
        /// The mandate.
        2 mandate: String,
    }
}

part! {
    /// An outflow that a ticket covers.
    Ticketed {
        /// The transfer.
        0 tx: String,
        /// The ticket.
        2 ticket: String,
    }
}

part! {
    /// An outflow that the chain or an issuer causes by itself, within its cap.
    Named {
        /// The transfer.
        0 tx: String,
        /// The cause.
        2 cause: String,
    }
}

part! {
    /// An outflow that nothing authorised.
    Unmatched {
        /// The transfer.
        0 tx: String,
        /// The wallet it left.
        2 wallet: String,
        /// The asset.
        4 asset: String,
        /// In base units; 0 where power over the wallet was given away.
        6 amount: i128,
        /// In whole won, rounded up; absent where a price is missing.
        8 won: Option<i128>,
        /// The nearest authorisation and what differs.
        10 why: String,
        /// What it would be: a fee, another cause of the chain's own, `authority`; absent for an amount that moved.
        12 cause: Option<String>,
    }
}

part! {
    /// A stop that ends by itself.
    Paused {
        /// What.
        0 scope: Scope,
        /// Why.
        2 why: String,
    }
}

part! {
    /// A stop that people must end.
    Tripped {
        /// What.
        0 scope: Scope,
        /// Why.
        2 cause: String,
        /// The transfer that tripped it.
        4 tx: Option<String>,
        /// The rule that said so.
        6 rule: Option<String>,
    }
}

part! {
    /// One move of an evacuation.
    Move {
        /// From this wallet.
        0 wallet: String,
        /// The asset.
        2 asset: String,
        /// In base units.
        4 amount: i128,
        /// To this enrolled wallet.
        6 to: String,
        /// In whole won; absent where a price is missing.
        8 won: Option<i128>,
    }
}

part! {
    /// What stays behind.
    Stuck {
        /// In this wallet.
        0 wallet: String,
        /// The asset.
        2 asset: String,
        /// Why it cannot move.
        4 why: String,
    }
}

part! {
    /// What is left in a key domain and where it should go.
    Evacuation {
        /// The domain.
        0 domain: String,
        /// Most valuable first.
        2 moves: Vec<Move>,
        /// What cannot move.
        4 cannot: Vec<Stuck>,
        /// Two sources saw it: the signer may start without a person.
        6 automatic: bool,
    }
}

part! {
    /// The answer to a credit.
    Credited {
        /// Its id.
        0 credit: String,
        /// The answer.
        2 verdict: Verdict,
        /// The rule; absent: the page's default, or what the kernel itself refuses (see `hint`).
        4 rule: Option<String>,
        /// What it looks like: an error of unit, named.
        6 hint: Option<String>,
        /// What was missing to decide.
        8 missing: Vec<String>,
        /// What the other rules wanted; left out where the answer is to allow.
        10 unmet: Vec<Unmet>,
    }
}

part! {
    /// A rule began or ceased to warn of what is held of an asset.
    Exposed {
        /// The asset.
        0 asset: String,
        /// It warns.
        2 warns: bool,
        /// The rule.
        4 rule: Option<String>,
    }
}

part! {
    /// A step of a resumption was taken.
    Resumed {
        /// Of what.
        0 scope: Scope,
        /// The step.
        2 step: ResumptionStep,
    }
}

part! {
    /// The gate's journal says what does not follow.
    Differs {
        /// The entry of the gate's journal.
        0 entry: u64,
        /// What the gate was not allowed to record, or recorded otherwise.
        2 why: String,
        /// The door would have let it in: only its conclusions differ.
        4 admitted: bool,
        /// What follows; absent where nothing does.
        6 follows: Option<Bytes>,
    }
}

either! {
    /// One conclusion.
    Concluded {
        /// A withdrawal or a change was answered.
        0 Decided(Decided),
        /// A payload was answered.
        1 Signable(Signable),
        /// An outflow is authorised.
        2 Matched(Matched),
        /// An outflow is covered by a mandate.
        3 Mandated(Mandated),
        /// An outflow has a cause of its own.
        4 Named(Named),
        /// An outflow is not authorised.
        5 Unmatched(Unmatched),
        /// Something pauses.
        6 Paused(Paused),
        /// A pause ended.
        7 Unpaused(Scope),
        /// Something is stopped until people reopen it.
        8 Tripped(Tripped),
        /// What should leave where.
        9 Evacuate(Evacuation),
        /// A credit was answered.
        10 Credited(Credited),
        /// A step towards reopening was taken.
        11 Resumed(Resumed),
        /// A reorganisation took a transfer back: what it matched is open again.
        12 Retracted(String),
        /// How many fires burn, where that changed.
        13 Fires(u8),
        /// An exposure is too large, or no longer.
        14 Exposed(Exposed),
        /// An outflow is covered by a ticket.
        15 Ticketed(Ticketed),
        /// What a chain that is only observed would have stopped.
        16 WouldTrip(Tripped),
        /// An outflow that nothing authorised yet, while the copy of the gate's journal does not cover the moment it was seen.
        17 Awaited(Unmatched),
        /// The gate differs.
        18 Differs(Differs),
    }
}

/// The conclusions of one entry; `None` where there are none.
pub fn encode(list: &[Concluded]) -> Option<Vec<u8>> {
    if list.is_empty() {
        return None;
    }
    let mut out = Encoder::over(Vec::with_capacity(96));
    out.array(list.len());
    list.iter().for_each(|concluded| concluded.write(&mut out));
    Some(out.into_bytes())
}

/// Reads the conclusions of one entry.
pub fn decode(bytes: &[u8]) -> Result<Vec<Concluded>, Error> {
    let mut from = Decoder::new(bytes);
    let list = Vec::read(&mut from)?;
    from.finish()?;
    Ok(list)
}
