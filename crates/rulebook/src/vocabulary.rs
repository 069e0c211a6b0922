//! The words a rule may name. The list itself belongs to whoever uses the language; this is its form.
//!
//! A list is a Markdown page: each table row under a header that starts with `word | of | unit | counted | unrecorded` is a word,
//! each row under `topic | question` is a topic, and each row under `authority | short` is an authority.

use crate::unit::{Type, Unit};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A word's number in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WordId(pub u16);

/// A kind of subject, such as `asset` or `ciso`, by its number in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindId(pub u8);

/// A topic's number in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TopicId(pub u16);

/// What rules of different countries have in common: a row of a comparison.
#[derive(Clone, Debug)]
pub struct Topic {
    /// Its name in rules, such as `cold-share`.
    pub name: String,
    /// The section of the list it stands in: English · Korean.
    pub family: String,
    /// The question in English.
    pub question: String,
    /// The question in Korean.
    pub question_ko: String,
}

/// Somebody who supervises, certifies or is told.
#[derive(Clone, Debug)]
pub struct Authority {
    /// Its code on pages, such as `fss`.
    pub id: String,
    /// What it is called for short.
    pub short: String,
    /// Its name in English.
    pub name: String,
    /// Its name in Korean.
    pub name_ko: String,
}

/// Whose a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// The exchange itself.
    Exchange,
    /// Each subject of a kind.
    Kind(KindId),
    /// Whatever subject the rule is about.
    Any,
}

/// What a word holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// A value of a type.
    Value(Type),
    /// Moments; each may name who or what, or carry an amount.
    Event {
        /// Each occurrence names a code.
        by: bool,
        /// Each occurrence carries an amount of this unit.
        amount: Option<Unit>,
    },
}

/// The moments that a window over a word counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// The end of each day.
    Day,
    /// Each month end.
    Month,
}

/// One word.
#[derive(Clone, Debug)]
pub struct Word {
    /// Its name in rules.
    pub name: String,
    /// The section of the list it stands in.
    pub family: String,
    /// Whose it is.
    pub of: Of,
    /// What it holds.
    pub holds: Holds,
    /// The unit as the list writes it.
    pub unit: String,
    /// The moments a window counts.
    pub counted: Option<Counted>,
    /// Silence means known absent, not unknown.
    pub absent_if_unrecorded: bool,
    /// Meaning in English.
    pub meaning: String,
    /// Meaning in Korean.
    pub meaning_ko: String,
}

/// A checked word list.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    words: Vec<Word>,
    kinds: Vec<String>,
    by_name: BTreeMap<String, WordId>,
    topics: Vec<Topic>,
    authorities: Vec<Authority>,
}

impl Vocabulary {
    /// Reads a list. Errors name the line and what was expected there.
    pub fn read(markdown: &str) -> Result<Vocabulary, String> {
        let mut list = Vocabulary::default();
        let mut family = String::new();
        let (mut in_table, mut in_topics, mut in_authorities) = (false, false, false);
        for (at, line) in markdown.lines().enumerate() {
            let at = at.saturating_add(1);
            if let Some(heading) = line.strip_prefix("## ") {
                family = heading.trim().to_string();
            }
            let Some(row) = line.trim().strip_prefix('|') else {
                (in_table, in_topics, in_authorities) = (false, false, false);
                continue;
            };
            let cells: Vec<&str> = row.trim_end().trim_end_matches('|').split('|').map(str::trim).collect();
            match cells.first() {
                Some(&"word") => in_table = true,
                Some(&"topic") => in_topics = true,
                Some(&"authority") => in_authorities = true,
                _ if row.starts_with('-') => {}
                _ if in_authorities => list.authority(&cells).map_err(|why| format!("line {at}: {why}"))?,
                _ if in_topics => list.topic(&cells, &family).map_err(|why| format!("line {at}: {why}"))?,
                _ if in_table => list.row(&cells, &family).map_err(|why| format!("line {at}: {why}"))?,
                _ => {}
            }
        }
        Ok(list)
    }

    fn topic(&mut self, cells: &[&str], family: &str) -> Result<(), String> {
        let [name, question, question_ko] = *cells else {
            return Err(format!("{} cells, expected 3", cells.len()));
        };
        if self.find_topic(name).is_some() {
            return Err(format!("the topic `{name}` stands twice"));
        }
        let (question, question_ko) = (question.to_string(), question_ko.to_string());
        self.topics.push(Topic { name: name.to_string(), family: family.to_string(), question, question_ko });
        Ok(())
    }

    fn authority(&mut self, cells: &[&str]) -> Result<(), String> {
        let [id, short, name, name_ko] = cells
            .iter()
            .map(|cell| cell.to_string())
            .collect::<Vec<_>>()
            .try_into()
            .map_err(|found: Vec<String>| format!("{} cells, expected 4", found.len()))?;
        if self.find_authority(&id).is_some() {
            return Err(format!("the authority `{id}` stands twice"));
        }
        self.authorities.push(Authority { id, short, name, name_ko });
        Ok(())
    }

    fn row(&mut self, cells: &[&str], family: &str) -> Result<(), String> {
        let [name, of, unit, counted, unrecorded, meaning, meaning_ko] = *cells else {
            return Err(format!("{} cells, expected 7", cells.len()));
        };
        let word = Word {
            name: name.to_string(),
            family: family.to_string(),
            of: self.of(of)?,
            holds: holds(unit).ok_or_else(|| format!("unknown unit `{unit}`"))?,
            unit: unit.to_string(),
            counted: match counted {
                "" => None,
                "day" => Some(Counted::Day),
                "month" => Some(Counted::Month),
                other => return Err(format!("counted `{other}`, expected day, month or nothing")),
            },
            absent_if_unrecorded: match unrecorded {
                "missing" => false,
                "none" => true,
                other => return Err(format!("unrecorded `{other}`, expected missing or none")),
            },
            meaning: meaning.to_string(),
            meaning_ko: meaning_ko.to_string(),
        };
        self.add(word)
    }

    fn of(&mut self, text: &str) -> Result<Of, String> {
        Ok(match text {
            "" => Of::Exchange,
            "any" => Of::Any,
            kind => {
                let at = self.kinds.iter().position(|k| k == kind).unwrap_or_else(|| {
                    self.kinds.push(kind.to_string());
                    self.kinds.len().saturating_sub(1)
                });
                Of::Kind(KindId(u8::try_from(at).map_err(|_| String::from("more than 256 kinds of subject"))?))
            }
        })
    }

    fn add(&mut self, word: Word) -> Result<(), String> {
        let id = WordId(u16::try_from(self.words.len()).map_err(|_| String::from("more than 65,536 words"))?);
        if self.by_name.insert(word.name.clone(), id).is_some() {
            return Err(format!("`{}` stands twice", word.name));
        }
        self.words.push(word);
        Ok(())
    }

    /// The words in the order of the list.
    pub fn words(&self) -> impl Iterator<Item = (WordId, &Word)> {
        self.words.iter().enumerate().map(|(i, w)| (WordId(u16::try_from(i).unwrap_or(u16::MAX)), w))
    }

    /// The authorities in the order of the list.
    pub fn authorities(&self) -> &[Authority] {
        &self.authorities
    }

    /// Finds an authority by its code.
    pub fn find_authority(&self, id: &str) -> Option<&Authority> {
        self.authorities.iter().find(|authority| authority.id == id)
    }

    /// Finds a word by name.
    pub fn find(&self, name: &str) -> Option<WordId> {
        self.by_name.get(name).copied()
    }

    /// The word of a number.
    pub fn word(&self, id: WordId) -> &Word {
        &self.words[usize::from(id.0)]
    }

    /// Finds a kind of subject by name.
    pub fn kind(&self, name: &str) -> Option<KindId> {
        self.kinds.iter().position(|k| k == name).and_then(|i| u8::try_from(i).ok()).map(KindId)
    }

    /// The name of a kind.
    pub fn kind_name(&self, id: KindId) -> &str {
        self.kinds.get(usize::from(id.0)).map_or("", |k| k)
    }

    /// All kinds in order.
    pub fn kinds(&self) -> impl Iterator<Item = (KindId, &str)> {
        self.kinds.iter().enumerate().map(|(i, k)| (KindId(u8::try_from(i).unwrap_or(u8::MAX)), k.as_str()))
    }

    /// The topics in the order of the list.
    pub fn topics(&self) -> impl Iterator<Item = (TopicId, &Topic)> {
        self.topics.iter().enumerate().map(|(i, t)| (TopicId(u16::try_from(i).unwrap_or(u16::MAX)), t))
    }

    /// Finds a topic by name.
    pub fn find_topic(&self, name: &str) -> Option<TopicId> {
        self.topics().find(|(_, t)| t.name == name).map(|(id, _)| id)
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether the list is empty.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

fn holds(unit: &str) -> Option<Holds> {
    Some(Holds::Value(match unit {
        "event" => return Some(Holds::Event { by: false, amount: None }),
        "event of code" => return Some(Holds::Event { by: true, amount: None }),
        "yes/no" => Type::YesNo,
        "code" => Type::Code,
        "codes" => Type::Codes,
        "month" => Type::Civil,
        "h" => Type::Length,
        "money" => Type::Money,
        "%" | "count" => Type::Number(Unit::PLAIN),
        other => match other.strip_prefix("event of ") {
            Some(amount) => return Some(Holds::Event { by: false, amount: Some(Unit::parse(amount)?) }),
            None if other.is_empty() => return None,
            None => Type::Number(Unit::parse(other)?),
        },
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::Dimension;

    fn check(row: &str) -> Result<Vocabulary, String> {
        Vocabulary::read(&format!("## F\n| word | of | unit | counted | unrecorded | meaning | ko |\n|--|--|\n{row}\n"))
    }

    #[test]
    fn rows_become_words() {
        let list = check("| held | asset | asset |  | missing | held | 보유 |").unwrap();
        let word = list.word(list.find("held").unwrap());
        assert_eq!(word.of, Of::Kind(list.kind("asset").unwrap()));
        assert_eq!(word.holds, Holds::Value(Type::Number(Unit::of(Dimension::Asset))));
        assert!(!word.absent_if_unrecorded);
    }

    #[test]
    fn bad_rows_say_what_was_expected() {
        for (row, says) in [
            ("| a |  | won |  | missing | m | m |", "unknown unit `won`"),
            ("| a |  | KRW | week | missing | m | m |", "counted `week`"),
            ("| a |  | KRW |  | maybe | m | m |", "unrecorded `maybe`"),
            ("| a |  | KRW |  | missing | m |", "6 cells"),
            ("| a |  | KRW |  | missing | m | m |\n| a |  | KRW |  | missing | m | m |", "stands twice"),
            ("\n| topic | question | ko |\n|--|--|\n| a | b |", "2 cells, expected 3"),
            (
                "\n| topic | question | ko |\n|--|--|\n| a | b | c |\n| a | b | c |",
                "line 8: the topic `a` stands twice",
            ),
        ] {
            assert!(check(row).unwrap_err().contains(says), "{row}");
        }
    }

    #[test]
    fn topics_stand_beside_words() {
        let list =
            check("| a |  | KRW |  | missing | m | m |\n\n## G\n| topic | question | ko |\n|--|--|\n| t | q | k |")
                .unwrap();
        let topics: Vec<_> = list.topics().map(|(id, t)| (id, t.name.as_str(), t.family.as_str())).collect();
        assert_eq!(topics, [(list.find_topic("t").unwrap(), "t", "G")]);
        assert_eq!((list.len(), list.find_topic("a")), (1, None));
    }
}
