//! The word list of this program, read once by whoever starts it.
//!
//! It promises the lists in `words.md` and `topics.md` and nothing else. It must never know what a rule does with a word.

use rulebook::vocabulary::Vocabulary;

/// Every quantity and event a rule may name, and every topic it may belong to.
pub fn vocabulary() -> Vocabulary {
    // The pages are part of the program: a broken row is a mistake of whoever built it, and a test finds it first.
    Vocabulary::read(concat!(include_str!("words.md"), "\n", include_str!("topics.md")))
        .expect("words.md is a word list and topics.md a list of topics")
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
        assert!(list.topics().count() > 30);
        assert!(
            list.topics().all(|(_, t)| !t.question.is_empty() && !t.question_ko.is_empty() && t.family.contains(" · "))
        );
    }
}
