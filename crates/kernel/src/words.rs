//! The word list of this program, read once by whoever starts it.
//!
//! It promises the list in `words.md` and nothing else. It must never know what a rule does with a word.

use rulebook::vocabulary::Vocabulary;

/// Every quantity and event a rule may name.
pub fn vocabulary() -> Vocabulary {
    // The page is part of the program: a broken row is a mistake of whoever built it, and a test finds it first.
    Vocabulary::read(include_str!("words.md")).expect("words.md is a word list")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_list_is_whole() {
        let list = super::vocabulary();
        for word in ["held", "staff", "eur_rate", "reported", "compensation_limit", "wallet.outflow"] {
            assert!(list.find(word).is_some(), "{word}");
        }
        assert!(list.words().all(|(_, w)| !w.meaning.is_empty() && !w.meaning_ko.is_empty() && !w.family.is_empty()));
    }
}
