//! What a machine-readable report reads from the record: codes in the format's own values, texts in the report's language, amounts in
//! its currency, contacts.
//!
//! It promises that a code outside its list is named with the list, and never passed on.

use super::answer::{how_to_record, must_fix};
use super::codes::{Code, codes};
use super::{Brief, Problem, convert};
use crate::lang::Lang;
use kernel::fact::Remark;
use rulebook::facts::{Datum, Facts, Subject};
use rulebook::number::Number;
use rulebook::time::Instant;
use std::collections::BTreeMap;

/// A reporting format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// FSB FIRE 1.0.
    Fire,
    /// Implementing Regulation (EU) 2025/302.
    Dora,
}

/// A person or team that an authority may ask.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// `primary` or another id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Mail address.
    pub email: String,
    /// Telephone.
    pub phone: String,
    /// Role.
    pub role: String,
    /// Department.
    pub department: String,
    /// For which recipients; empty for all.
    pub recipients: Vec<String>,
}

/// A reader of one incident for one format.
pub struct Reading<'b, 'a, 's> {
    /// What the report is drawn up from.
    pub brief: &'b Brief<'a, 's>,
    /// The format.
    pub format: Format,
    /// Codes outside their list, amounts in another currency.
    pub problems: Vec<Problem>,
}

impl<'b, 'a, 's> Reading<'b, 'a, 's> {
    /// A reader.
    pub fn new(brief: &'b Brief<'a, 's>, format: Format) -> Self {
        Reading { brief, format, problems: Vec::new() }
    }

    /// A value of a subject; none for the exchange itself.
    fn datum(&self, of: Option<Subject>, word: &str) -> Option<Datum<'_>> {
        let dossier = self.brief.dossier;
        Some(dossier.view.value(of, dossier.state.vocabulary().find(word)?, dossier.as_of)?.datum)
    }

    /// The incident, as a subject.
    pub fn incident(&self) -> Option<Subject> {
        Some(self.brief.dossier.subject)
    }

    /// A code as recorded.
    pub fn own_code(&self, of: Option<Subject>, word: &str) -> Option<String> {
        match self.datum(of, word)? {
            Datum::Code(code) => Some(code.to_owned()),
            _ => None,
        }
    }

    /// Codes as recorded; none where they are not.
    pub fn own_codes(&self, of: Option<Subject>, word: &str) -> Option<Vec<String>> {
        match self.datum(of, word)? {
            Datum::Codes(codes) => Some(codes.to_vec()),
            Datum::None => Some(Vec::new()),
            _ => None,
        }
    }

    /// Whether it is recorded that a value is not known.
    pub fn is_missing(&self, of: Option<Subject>, word: &str) -> bool {
        matches!(self.datum(of, word), Some(Datum::Missing))
    }

    /// A code in the format's value.
    pub fn code(&mut self, of: Option<Subject>, word: &str, item: &str) -> Option<String> {
        let own = self.own_code(of, word)?;
        self.value(word, &own, item)
    }

    /// Codes in the format's values, each once, in the order of the list.
    pub fn codes(&mut self, of: Option<Subject>, word: &str, item: &str) -> Option<Vec<String>> {
        let own = self.own_codes(of, word)?;
        Some(self.all(word, &own, item))
    }

    /// These codes of a word in the format's values.
    pub fn all(&mut self, word: &str, own: &[String], item: &str) -> Vec<String> {
        let mut values: Vec<String> = own.iter().filter_map(|own| self.value(word, own, item)).collect();
        let order = |value: &String| codes(word).iter().position(|code| self.format.of(code) == value);
        values.sort_by_key(order);
        values.dedup();
        values
    }

    /// One code in the format's value; outside the list it is a problem.
    fn value(&mut self, word: &str, own: &str, item: &str) -> Option<String> {
        let list = codes(word);
        if let Some(code) = list.iter().find(|code| code.own == own && !self.format.of(code).is_empty()) {
            return Some(self.format.of(code).to_owned());
        }
        let known: Vec<&str> = list.iter().filter(|c| !self.format.of(c).is_empty()).map(|c| c.own).collect();
        let expected = format!("one of {}; found `{own}`", known.join(", "));
        if !self.problems.iter().any(|problem| problem.item == item && problem.expected == expected) {
            self.problems.push(must_fix(item, expected, how_to_record(word)));
        }
        None
    }

    /// A number.
    pub fn number(&self, of: Option<Subject>, word: &str) -> Option<Number> {
        match self.datum(of, word)? {
            Datum::Number(number, _) => Some(number.clone()),
            _ => None,
        }
    }

    /// A length in milliseconds.
    pub fn length(&self, of: Option<Subject>, word: &str) -> Option<i64> {
        match self.datum(of, word)? {
            Datum::Length(ms) => Some(ms),
            _ => None,
        }
    }

    /// Yes or no.
    pub fn truth(&self, of: Option<Subject>, word: &str) -> Option<bool> {
        match self.datum(of, word)? {
            Datum::Truth(yes) => Some(yes),
            _ => None,
        }
    }

    /// An amount of the incident in the report's currency: of the open word, else of one whose currency is its own.
    pub fn money(&mut self, word: &str, fixed: &[(&str, &str)], currency: &str, item: &str) -> Option<Number> {
        let incident = self.incident();
        if let Some(Datum::Number(number, Some(found))) = self.datum(incident, word) {
            if found.name() == currency {
                return Some(number.clone());
            }
            let expected = format!("an amount in {currency}, the report's currency; found {}", found.name());
            self.problems.push(must_fix(item, expected, how_to_record(word)));
            return None;
        }
        let same = fixed.iter().find(|(_, of)| *of == currency);
        same.and_then(|(word, _)| self.number(incident, word))
    }

    /// The first moment of an event of the incident.
    pub fn moment(&self, word: &str) -> Option<Instant> {
        self.brief.dossier.moment(word)
    }

    /// A text of the incident, in the report's language where there is one in it.
    pub fn text(&self, topic: &str) -> Option<String> {
        let said = |topic: &str| self.remarks(topic).into_iter().find(|remark| remark.id.is_empty());
        let korean = (self.brief.lang == Lang::Ko).then(|| said(&format!("{topic}.ko"))).flatten();
        korean.or_else(|| said(topic)).map(|remark| remark.text.clone())
    }

    /// The remarks of the incident under a topic as they stood at the report's moment, the latest of each id.
    pub fn remarks(&self, topic: &str) -> Vec<&'s Remark> {
        latest(self.brief.dossier.said().map(|(_, remark)| remark), topic, self.brief.dossier.as_of)
    }

    /// Whether any of these words is on record of a subject.
    pub fn has_any(&self, of: Subject, words: &[&str]) -> bool {
        words.iter().any(|word| self.datum(Some(of), word).is_some())
    }

    /// The remarks of the exchange itself under a topic, likewise.
    pub fn standing(&self, topic: &str) -> Vec<&'s Remark> {
        let view = &self.brief.dossier.view;
        let own = view.record.remarks().iter().filter(|(since, r)| view.known.knows(*since) && r.subject.is_none());
        latest(own.map(|(_, remark)| remark), topic, self.brief.dossier.as_of)
    }

    /// A text of the exchange itself.
    pub fn own_text(&self, topic: &str) -> Option<String> {
        self.standing(topic).first().map(|remark| remark.text.clone())
    }

    /// The exchange's name as its law knows it, or else as it is registered here.
    pub fn legal_name(&self) -> String {
        let registered = self.brief.dossier.registered;
        let name = self.brief.lang.pick(&registered.name_en, &registered.name_ko);
        self.own_text("legal_name").unwrap_or_else(|| name.to_owned())
    }

    /// Contacts: those of the incident before those of the exchange, `primary` first.
    pub fn contacts(&self) -> Vec<Contact> {
        let mut contacts: BTreeMap<&str, Contact> = BTreeMap::new();
        for remark in self.standing("contact").into_iter().chain(self.remarks("contact")) {
            let mut parts = remark.text.split(';').map(|part| part.trim().to_owned());
            let mut next = || parts.next().unwrap_or_default();
            let contact = Contact {
                id: remark.id.clone(),
                name: next(),
                email: next(),
                phone: next(),
                role: next(),
                department: next(),
                recipients: next().split_whitespace().map(str::to_owned).collect(),
            };
            contacts.insert(&remark.id, contact);
        }
        let mut contacts: Vec<Contact> = contacts.into_values().collect();
        contacts.sort_by_key(|contact| (contact.id != PRIMARY, contact.id.clone()));
        contacts
    }

    /// A part of a whole, both counts.
    pub fn share(&self, of: Option<Subject>, part: &str, whole: &str) -> Option<Number> {
        convert::share(&self.number(of, part)?, &self.number(of, whole)?)
    }

    /// What is known of whoever did it: addresses, transactions, and what else was written down.
    pub fn traces(&self) -> Option<String> {
        let dossier = self.brief.dossier;
        let mut lines: Vec<String> = Vec::new();
        for kind in ["address", "transaction"] {
            lines.extend(dossier.related(kind).iter().map(|(_, name)| format!("{kind}: {name}")));
        }
        lines.extend(self.text("artefacts"));
        (!lines.is_empty()).then(|| lines.join("\n"))
    }
}

/// The latest of each id among remarks under a topic that were made by then.
fn latest<'s>(all: impl Iterator<Item = &'s Remark>, topic: &str, by: Instant) -> Vec<&'s Remark> {
    let mut standing: BTreeMap<&str, &Remark> = BTreeMap::new();
    for remark in all.filter(|remark| remark.topic == topic && remark.at <= by) {
        if standing.get(remark.id.as_str()).is_none_or(|earlier| earlier.at <= remark.at) {
            standing.insert(&remark.id, remark);
        }
    }
    standing.into_values().collect()
}

/// The id of the first contact.
pub const PRIMARY: &str = "primary";

impl Format {
    /// A code's value in the format.
    pub fn of(self, code: &Code) -> &'static str {
        match self {
            Format::Fire => code.fire,
            Format::Dora => code.dora,
        }
    }
}

/// Whether a text is a mail address: one `@`, something before it, a domain with a point behind it.
pub fn is_email(text: &str) -> bool {
    let plain =
        |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_graphic() && !b",;:<>()[]\"\\".contains(&c));
    match text.split_once('@') {
        Some((local, domain)) => {
            plain(local)
                && plain(domain)
                && !domain.contains('@')
                && domain.contains('.')
                && domain.split('.').all(|label| !label.is_empty())
        }
        None => false,
    }
}

/// Whether a text is a telephone number by E.164: `+`, then at most 15 digits; spaces and hyphens are let pass.
pub fn is_phone(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('+') else { return false };
    let digits: String = rest.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    (7..=15).contains(&digits.len()) && digits.bytes().all(|c| c.is_ascii_digit()) && !digits.starts_with('0')
}

/// Whether a text is a legal entity identifier: 20 characters, the last two check digits by ISO 7064 (mod 97-10).
pub fn is_lei(text: &str) -> bool {
    let value = |c: u8| match c {
        b'0'..=b'9' => Some(u32::from(c - b'0')),
        b'A'..=b'Z' => Some(u32::from(c - b'A') + 10),
        _ => None,
    };
    let digits = text.bytes().try_fold(0u32, |rest, c| {
        let value = value(c)?;
        Some((rest * if value < 10 { 10 } else { 100 } + value) % 97)
    });
    text.len() == 20 && digits == Some(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contact_details() {
        for (text, good) in [
            ("a@b.kr", true),
            ("a.b+c@d-e.co.kr", true),
            ("a@b", false),
            ("@b.kr", false),
            ("a b@c.kr", false),
            ("a@b@c.kr", false),
            ("a@.kr", false),
        ] {
            assert_eq!(is_email(text), good, "{text}");
        }
        for (text, good) in [
            ("+821012345678", true),
            ("+82 10-1234-5678", true),
            ("010-1234-5678", false),
            ("+0821234567", false),
            ("+8212345678901234", false),
            ("+82x12345", false),
        ] {
            assert_eq!(is_phone(text), good, "{text}");
        }
    }

    #[test]
    fn check_digits() {
        // The identifier of the foundation that issues them, and the same with two digits exchanged.
        assert!(is_lei("506700GE1G29325QX363"));
        assert!(!is_lei("506700GE1G29325QX336"));
        assert!(!is_lei("506700GE1G29325QX36"));
        assert!(!is_lei("506700ge1g29325qx363"));
    }
}
