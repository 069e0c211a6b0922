//! `bongsu words`: the quantities a rule may use, and the topics it may belong to.

use crate::lang::Lang;
use rulebook::vocabulary::{Counted, Of};

/// Prints the word list; a pattern keeps the words whose name or meaning contains it.
pub fn run(pattern: Option<&str>, lang: Lang) -> i32 {
    let vocabulary = kernel::words::vocabulary();
    let mut family = String::new();
    let mut found = 0;
    for (_, word) in vocabulary.words() {
        let has = |p: &str| [&word.name, &word.meaning, &word.meaning_ko].iter().any(|t| t.contains(p));
        if pattern.is_some_and(|p| !has(p)) {
            continue;
        }
        if family != word.family {
            family = word.family.clone();
            println!("\n{family}");
        }
        found += 1;
        let of = match word.of {
            Of::Exchange => String::new(),
            Of::Any => "any subject".to_string(),
            Of::Kind(kind) => vocabulary.kind_name(kind).to_string(),
        };
        let counted = match word.counted {
            None => "",
            Some(Counted::Day) => "daily",
            Some(Counted::Month) => "monthly",
        };
        let meaning = if lang == Lang::Ko { &word.meaning_ko } else { &word.meaning };
        println!("  {:34} {:16} {:14} {:8} {meaning}", word.name, of, word.unit, counted);
    }
    if found == 0 {
        eprintln!("no word contains `{}`", pattern.unwrap_or_default());
        eprintln!("hint: `bongsu words` alone lists all {}", vocabulary.len());
        return 1;
    }
    0
}

/// Prints the list of topics.
pub fn topics(pattern: Option<&str>, lang: Lang) -> i32 {
    let vocabulary = kernel::words::vocabulary();
    let mut family = "";
    for (_, topic) in vocabulary.topics() {
        let has = |p: &str| [&topic.name, &topic.question, &topic.question_ko].iter().any(|t| t.contains(p));
        if pattern.is_some_and(|p| !has(p)) {
            continue;
        }
        if family != topic.family {
            family = &topic.family;
            println!("\n{family}");
        }
        println!("  {:24} {}", topic.name, lang.pick(&topic.question, &topic.question_ko));
    }
    if family.is_empty() {
        eprintln!("no topic contains `{}`", pattern.unwrap_or_default());
        eprintln!("hint: `bongsu words --topics` alone lists all {}", vocabulary.topics().count());
        return 1;
    }
    0
}
