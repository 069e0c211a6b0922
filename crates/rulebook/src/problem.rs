//! What is wrong with a page, and where: for a person with the page open.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// The most errors, and the most warnings, that are kept. Nobody mends more at a sitting, and each costs a look at its page.
const MAX_PROBLEMS: usize = 300;
/// With how many known names a wrong one is compared.
const MAX_NAMES: usize = 1_000;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The rulebook cannot be used.
    Error,
    /// It can, but look.
    Warning,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub level: Level,
    /// Which of the given sources.
    pub file: usize,
    /// The bytes of the source it is about.
    pub span: Range<usize>,
    /// What was expected, in one line, lower case.
    pub message: String,
    /// What stands at the mark.
    pub label: String,
    /// What to do about it.
    pub hint: String,
}

/// All that is wrong, in the order it was found.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    list: Vec<Problem>,
}

impl Problems {
    /// Adds an error.
    pub fn error(&mut self, at: &Place, message: impl Into<String>, label: impl Into<String>, hint: impl Into<String>) {
        self.push(Level::Error, at, message.into(), label.into(), hint.into());
    }

    /// Adds a warning.
    pub fn warn(&mut self, at: &Place, message: impl Into<String>, label: impl Into<String>, hint: impl Into<String>) {
        self.push(Level::Warning, at, message.into(), label.into(), hint.into());
    }

    fn push(&mut self, level: Level, at: &Place, message: String, label: String, hint: String) {
        let before = self.list.iter().filter(|p| p.level == level).count();
        if before > MAX_PROBLEMS {
            return;
        }
        let problem = if before == MAX_PROBLEMS {
            let message = alloc::format!("more than {MAX_PROBLEMS} problems of this kind; the rest is not shown");
            Problem { level, file: at.file, span: at.span.clone(), message, label: String::new(), hint: String::new() }
        } else {
            Problem { level, file: at.file, span: at.span.clone(), message, label, hint }
        };
        if !self.list.contains(&problem) {
            self.list.push(problem);
        }
    }

    /// Whether no further error would be kept: then nobody needs a hint.
    pub fn is_full(&self) -> bool {
        self.list.iter().filter(|p| p.level == Level::Error).count() > MAX_PROBLEMS
    }

    /// Whether any of them is an error.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|p| p.level == Level::Error)
    }

    /// The problems by file and place.
    pub fn sorted(mut self) -> Vec<Problem> {
        self.list.sort_by_key(|p| (p.file, p.span.start, p.level));
        self.list
    }
}

/// A stretch of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Which of the given sources.
    pub file: usize,
    /// Its bytes.
    pub span: Range<usize>,
}

impl Place {
    /// A part of this place, given by byte offsets from its start; stays inside.
    pub fn part(&self, part: &Range<usize>) -> Place {
        let end = self.span.end;
        let at = |offset: usize| self.span.start.saturating_add(offset).min(end);
        Place { file: self.file, span: at(part.start)..at(part.end) }
    }
}

/// The known name nearest to a wrong one, for a hint; `None` when nothing is near.
pub fn nearest<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // A third of the letters may differ: more is another word, not a slip.
    let limit = wrong.chars().count().div_ceil(3).max(1);
    let known = known.filter(|name| name.chars().count().abs_diff(wrong.chars().count()) <= limit);
    known
        .take(MAX_NAMES)
        .map(|name| (distance(wrong, name), name))
        .filter(|(d, _)| *d <= limit)
        .min()
        .map(|(_, name)| name)
}

/// Edit distance by letters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(40).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(40).enumerate() {
        let mut corner = i;
        let mut left = i.saturating_add(1);
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (y, cell) in b.iter().zip(row.iter_mut().skip(1)) {
            let up = *cell;
            left = if x == *y { corner } else { corner.min(up).min(left).saturating_add(1) };
            corner = up;
            *cell = left;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_other_words_are_not() {
        let known = ["cold_value", "users_value", "held"];
        assert_eq!(nearest("cold_valeu", known.into_iter()), Some("cold_value"));
        assert_eq!(nearest("entrusted", known.into_iter()), None);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
