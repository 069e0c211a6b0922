//! Values given once for all times, as a case gives them.
//!
//! It promises that what is given for a subject is found before what is given for the exchange.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use rulebook::facts::{Datum, Reading, Subject};
use rulebook::unit::Dimension;
use rulebook::value::Owned;
use rulebook::vocabulary::WordId;

/// A value for all times.
#[derive(Clone, Debug)]
pub struct Constant {
    /// The value; unknown and absent are values too.
    pub value: Owned,
    /// The currency of money whose word leaves it open.
    pub currency: Option<Dimension>,
}

impl From<Owned> for Constant {
    fn from(value: Owned) -> Constant {
        Constant { value, currency: None }
    }
}

impl Constant {
    pub(crate) fn reading(&self) -> Reading<'_> {
        let datum = match &self.value {
            Owned::Unknown => Datum::Missing,
            Owned::Absent => Datum::None,
            Owned::Truth(yes) => Datum::Truth(*yes),
            Owned::Number(number) => Datum::Number(number, self.currency),
            Owned::Length(ms) => Datum::Length(*ms),
            Owned::Civil(length) => Datum::Civil(*length),
            Owned::Code(code) => Datum::Code(code),
            Owned::Codes(codes) => Datum::Codes(codes),
            Owned::Moment(at) => Datum::Moment(*at),
        };
        Reading { datum, evidence: None }
    }
}

/// All of them, sorted by whose they are: the exchange's first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Constants {
    words: BTreeMap<WordId, Vec<(Option<Subject>, Constant)>>,
    names: BTreeMap<String, Vec<(Option<Subject>, Constant)>>,
}

impl Constants {
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.names.is_empty()
    }

    pub fn give_word(&mut self, subject: Option<Subject>, word: WordId, value: Constant) {
        put(self.words.entry(word).or_default(), subject, value);
    }

    pub fn give_name(&mut self, subject: Option<Subject>, name: &str, value: Constant) {
        put(self.names.entry(name.into()).or_default(), subject, value);
    }

    /// What was given for exactly this subject.
    #[inline]
    pub fn word(&self, subject: Option<Subject>, word: WordId) -> Option<&Constant> {
        if self.words.is_empty() {
            return None;
        }
        exactly(self.words.get(&word)?, subject)
    }

    /// What was given for this subject, else for the exchange.
    pub fn name(&self, subject: Option<Subject>, name: &str) -> Option<&Constant> {
        let list = self.names.get(name)?;
        exactly(list, subject).or_else(|| exactly(list, None))
    }
}

fn put(list: &mut Vec<(Option<Subject>, Constant)>, subject: Option<Subject>, value: Constant) {
    match list.binary_search_by_key(&subject, |(of, _)| *of) {
        Ok(found) => list[found].1 = value,
        Err(place) => list.insert(place, (subject, value)),
    }
}

fn exactly(list: &[(Option<Subject>, Constant)], subject: Option<Subject>) -> Option<&Constant> {
    let found = list.binary_search_by_key(&subject, |(of, _)| *of).ok()?;
    list.get(found).map(|(_, constant)| constant)
}
