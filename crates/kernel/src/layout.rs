//! Where a word's values lie in a record: a row for the exchange, a row for each subject, a place in it for each word.
//!
//! It promises that finding a series is two array lookups: no comparison of names, no search. A row has places only for
//! the words of its kind, so that a hundred thousand withdrawals do not each carry room for the head count.

use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use rulebook::vocabulary::{KindId, Of, Vocabulary, WordId};

/// The places of a word list.
#[derive(Debug)]
pub struct Layout {
    vocabulary: Vocabulary,
    places: Vec<Place>,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    of: Of,
    at: u16,
}

impl Layout {
    /// Lays a word list out. Words of any subject come first in every row, so their place is the same everywhere.
    pub fn new(vocabulary: Vocabulary) -> Arc<Layout> {
        let mut any = 0u16;
        for (_, word) in vocabulary.words() {
            any = any.saturating_add(u16::from(word.of == Of::Any));
        }
        let (mut next_any, mut next_own) = (0u16, any);
        let mut next_of_kind = vec![any; vocabulary.kinds().count()];
        let mut places = Vec::new();
        for (_, word) in vocabulary.words() {
            let next = match word.of {
                Of::Any => &mut next_any,
                Of::Exchange => &mut next_own,
                // Every kind in `of` came from this list.
                Of::Kind(kind) => &mut next_of_kind[usize::from(kind.0)],
            };
            places.push(Place { of: word.of, at: *next });
            *next = next.saturating_add(1);
        }
        Arc::new(Layout { vocabulary, places })
    }

    /// The word list.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The place of a word in the row of a kind of subject (`None`: the exchange); `None` when that row has no such word.
    #[inline]
    pub(crate) fn place(&self, row: Option<KindId>, word: WordId) -> Option<usize> {
        let place = self.places.get(usize::from(word.0))?;
        let fits = match place.of {
            Of::Any => true,
            Of::Exchange => row.is_none(),
            Of::Kind(kind) => row == Some(kind),
        };
        fits.then_some(usize::from(place.at))
    }

    /// Whose a word is; `None` for a number the list does not have.
    pub(crate) fn of(&self, word: WordId) -> Option<Of> {
        self.places.get(usize::from(word.0)).map(|place| place.of)
    }
}
