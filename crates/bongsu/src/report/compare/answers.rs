//! What a country's rule says to a topic, in words: the number, from which event, counted how.
//!
//! It promises one wording for every form, and that nothing a reader needs to see two numbers as different is left out.

use crate::assessment::RuleCard;
use crate::compare::countries::Answer;
use crate::compare::required::Required;
use crate::lang::Lang;
use crate::report::amount;
use crate::report::compare::words;
use crate::report::words as fixed;
use rulebook::vocabulary::Vocabulary;

/// An answer in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// What is asked for: `≥ 80 %`, `24 h`, or the duty in words.
    pub asks: String,
    /// What the number is measured on, or the condition, as the page writes it.
    pub of: String,
    /// From which event, and how it counts.
    pub counted: Vec<String>,
    /// From which day, until which day, where it is not in force throughout.
    pub when: String,
}

/// Whether a number of a rule is shown in per cent.
pub fn is_share(r: &Required, card: &RuleCard, words_list: &Vocabulary) -> bool {
    r.quantity.unit.is_empty() && r.share || amount::is_share([&r.quantity], Some(card), words_list)
}

/// Says an answer.
pub fn say(answer: &Answer, words_list: &Vocabulary, lang: Lang) -> Said {
    let mut said = Said { when: when(answer, lang), ..Said::default() };
    let mut of: Vec<&str> = Vec::new();
    if answer.runs.is_some() {
        let due = answer.due.clone().unwrap_or_default();
        said.asks = match &answer.limit {
            Some(limit) => match lang {
                Lang::En => format!("within {}", amount::show(limit, false, lang)),
                Lang::Ko => format!("{} 안에", amount::show(limit, false, lang)),
            },
            None => due,
        };
    } else if answer.required.is_empty() {
        // No number: the duty in words, and beside it the condition.
        said.asks = fixed::title(&answer.card, lang).to_string();
        of = answer.card.lines.iter().map(String::as_str).collect();
    } else {
        let one = |r: &Required| {
            let sign = match r.sign {
                ">=" => "≥",
                "<=" => "≤",
                "!=" => "≠",
                other => other,
            };
            format!("{sign} {}", amount::show(&r.quantity, is_share(r, &answer.card, words_list), lang))
        };
        said.asks = answer.required.iter().map(one).collect::<Vec<_>>().join(" · ");
        of = answer.required.iter().map(|r| r.of.as_str()).collect();
    }
    said.of = of.join(" · ");
    if let Some(start) = &answer.start {
        let meaning = lang.pick(&start.meaning_en, &start.meaning_ko);
        said.counted.push(match (lang, start.each) {
            (Lang::En, false) => format!("from: {meaning} ({})", start.word),
            (Lang::En, true) => format!("from each time: {meaning} ({})", start.word),
            (Lang::Ko, false) => format!("기산: {meaning} ({})", start.word),
            (Lang::Ko, true) => format!("매번 기산: {meaning} ({})", start.word),
        });
    }
    if answer.moves_on_holiday {
        said.counted.push(lang.pick("moves on a holiday", "휴일이면 다음 영업일").to_string());
    }
    said.counted.extend(answer.counts.iter().map(|c| words::counts(c, lang)));
    if !answer.exceptions.is_empty() {
        said.counted.push(match lang {
            Lang::En => format!("exceptions: {}", answer.exceptions.len()),
            Lang::Ko => format!("예외 {}개", answer.exceptions.len()),
        });
    }
    said
}

fn when(answer: &Answer, lang: Lang) -> String {
    let from = answer.card.from.as_deref().unwrap_or("");
    match (answer.in_force, &answer.until, lang) {
        (true, None, _) => String::new(),
        (true, Some(until), Lang::En) => format!("until {until}"),
        (true, Some(until), Lang::Ko) => format!("{until}까지"),
        (false, None, Lang::En) => format!("from {from}, not yet in force"),
        (false, None, Lang::Ko) => format!("{from} 시행 예정"),
        (false, Some(until), Lang::En) => format!("{from} to {until}, not in force"),
        (false, Some(until), Lang::Ko) => format!("{from}~{until}, 시행 중 아님"),
    }
}
