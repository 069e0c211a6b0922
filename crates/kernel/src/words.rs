//! The word list of this program, read once by whoever starts it.
//!
//! It promises the lists in `words.md`, `topics.md` and `authorities.md` and nothing else. It must never know what a rule does with a word.

use rulebook::vocabulary::Vocabulary;

/// Every quantity and event a rule may name, every topic it may belong to, and every authority that a page may name.
pub fn vocabulary() -> Vocabulary {
    // The pages are part of the program: a broken row is a mistake of whoever built it, and a test finds it first.
    const PAGES: &str =
        concat!(include_str!("words.md"), "\n", include_str!("topics.md"), "\n", include_str!("authorities.md"));
    Vocabulary::read(PAGES).expect("words.md, topics.md and authorities.md are lists")
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
        assert!(list.find_authority("fss").is_some_and(|a| a.short == "FSS" && a.name_ko == "금융감독원"));
        assert!(
            list.authorities().iter().all(|a| ![&a.id, &a.short, &a.name, &a.name_ko].iter().any(|t| t.is_empty()))
        );
    }
}
