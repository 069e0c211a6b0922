//! The files in the vault, as the journal knows them.
//!
//! It promises that a file is known once for each statement about it, and answers which of them support a rule at a time. It
//! must never read a file.

use crate::fact::EvidenceKept;
use crate::known::Stamp;
use alloc::vec::Vec;
use journal::Hash;
use rulebook::time::Instant;

/// Every statement about a file, in the order of the journal.
#[derive(Clone, Debug, Default)]
pub struct Vault(Vec<(Stamp, EvidenceKept)>);

impl Vault {
    pub(crate) fn keep(&mut self, fact: &EvidenceKept, since: Stamp) {
        self.0.push((since, fact.clone()));
    }

    /// Every statement.
    pub fn all(&self) -> &[(Stamp, EvidenceKept)] {
        &self.0
    }

    /// The statements about one file.
    pub fn of(&self, hash: &Hash) -> impl Iterator<Item = &(Stamp, EvidenceKept)> {
        self.0.iter().filter(move |(_, fact)| fact.hash == *hash)
    }

    /// Whether every statement that supports a rule has expired by a moment, and there is one.
    pub fn expired_for(&self, exchange: &str, rule: &str, at: Instant) -> bool {
        let mut all = self.0.iter().map(|(_, fact)| fact).filter(|fact| {
            fact.exchange == exchange && fact.rules.iter().any(|prefix| crate::filing::is_below(rule, prefix))
        });
        let first = all.next();
        first.is_some() && first.into_iter().chain(all).all(|fact| fact.expires.is_some_and(|end| end < at))
    }
}
