//! Which words of the list the guard answers by itself.
//!
//! It promises that a word is found by its number in one array. It must never know an answer.

use super::windows::Axis;
use alloc::vec;
use alloc::vec::Vec;
use rulebook::vocabulary::{KindId, Vocabulary, WordId};

/// What a word asks the guard for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Slot {
    /// Not the guard's: the record of the exchange answers.
    Elsewhere,
    Value,
    Quantity,
    SecondFactor,
    Sum(Axis),
    Seen,
    AllowListed,
    Listed,
    Denied,
    Hinted,
    LookAlike,
    Balance,
    TierOf,
    Held,
    Entrusted,
    Matched,
    Authority,
    CauseOf,
    OutflowValue,
    Agreed,
    Lagging,
    Credit,
    Outstanding,
    OfEvent,
    OfDeposit,
    DepositFinal,
    Budget,
    EventCredited,
    Hot,
    Incident,
}

const SLOTS: &[(&str, Slot)] = &[
    ("value", Slot::Value),
    ("quantity", Slot::Quantity),
    ("second_factor", Slot::SecondFactor),
    ("withdrawn", Slot::Sum(Axis::Exchange)),
    ("customer.withdrawn", Slot::Sum(Axis::Customer)),
    ("destination.received", Slot::Sum(Axis::Destination)),
    ("chain.withdrawn", Slot::Sum(Axis::Chain)),
    ("wallet.outflow", Slot::Sum(Axis::Wallet)),
    ("asset.withdrawn", Slot::Sum(Axis::Asset)),
    ("destination.seen", Slot::Seen),
    ("destination.allow_listed", Slot::AllowListed),
    ("destination.listed", Slot::Listed),
    ("destination.denied", Slot::Denied),
    ("destination.hinted", Slot::Hinted),
    ("destination.look_alike", Slot::LookAlike),
    ("wallet.balance", Slot::Balance),
    ("wallet.tier", Slot::TierOf),
    ("held", Slot::Held),
    ("entrusted", Slot::Entrusted),
    ("matched", Slot::Matched),
    ("outflow.authority", Slot::Authority),
    ("outflow.cause", Slot::CauseOf),
    ("outflow.value", Slot::OutflowValue),
    ("chain.agreed", Slot::Agreed),
    ("chain.lagging", Slot::Lagging),
    ("credit", Slot::Credit),
    ("credit_outstanding", Slot::Outstanding),
    ("credit_event", Slot::OfEvent),
    ("credit_deposit", Slot::OfDeposit),
    ("deposit_final", Slot::DepositFinal),
    ("event_budget", Slot::Budget),
    ("event_credited", Slot::EventCredited),
    ("exposure.hot", Slot::Hot),
    ("change.incident", Slot::Incident),
];

/// The words of one list.
#[derive(Clone, Debug)]
pub struct Words {
    slots: Vec<Slot>,
    /// What a withdrawal rule is about.
    pub withdrawal: KindId,
    /// What an outflow rule is about.
    pub outflow: KindId,
    /// What a chain rule is about.
    pub chain: KindId,
    /// What a credit rule is about.
    pub ledger: KindId,
    /// What an exposure rule is about.
    pub exposure: KindId,
    /// What a change rule is about.
    pub change: KindId,
}

impl Words {
    /// Finds them in a list; a word that a list of another time does not have is nobody's.
    pub fn of(vocabulary: &Vocabulary) -> Words {
        let mut slots = vec![Slot::Elsewhere; vocabulary.len()];
        for (name, slot) in SLOTS {
            if let Some(place) = vocabulary.find(name).and_then(|word| slots.get_mut(usize::from(word.0))) {
                *place = *slot;
            }
        }
        // A list without a kind has no rule of it: any number that no subject has will do.
        let kind = |name| vocabulary.kind(name).unwrap_or(KindId(u8::MAX));
        Words {
            slots,
            withdrawal: kind("withdrawal"),
            outflow: kind("outflow"),
            chain: kind("chain"),
            ledger: kind("ledger"),
            exposure: kind("exposure"),
            change: kind("change"),
        }
    }

    /// What a word asks for.
    #[inline]
    pub fn slot(&self, word: WordId) -> Slot {
        self.slots.get(usize::from(word.0)).copied().unwrap_or(Slot::Elsewhere)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_on_the_list_and_every_word_of_the_guard_has_a_slot() {
        let list = crate::words::vocabulary();
        for (name, _) in SLOTS {
            assert!(list.find(name).is_some(), "{name}");
        }
        let words = Words::of(&list);
        for (id, word) in list.words().filter(|(_, word)| word.family.starts_with("Guard")) {
            assert_ne!(words.slot(id), Slot::Elsewhere, "{}", word.name);
        }
    }
}
