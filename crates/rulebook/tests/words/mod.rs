//! The word list that the program has: these tests read it from where it lives, since this crate knows no words.

use rulebook::vocabulary::Vocabulary;

/// Every quantity and event a rule may name.
pub fn list() -> Vocabulary {
    Vocabulary::read(concat!(
        include_str!("../../../kernel/src/words.md"),
        "\n",
        include_str!("../../../kernel/src/topics.md")
    ))
    .expect("a word list")
}
