//! The certificate in the free text of the list.

use super::super::table::{Found, Line};
use super::super::{Place, RowError};
use super::{CERTIFICATES, Filing};
use kernel::fact::FigureValue;

/// What a text says of a certificate.
#[derive(Debug, PartialEq, Eq)]
enum Held {
    /// It names one: which.
    Yes(&'static str),
    /// It names one that is not, or not yet, a certificate.
    Unsure(&'static str),
    /// It names none. That is silence, not a no.
    Silent,
}

/// Spellings, the longer first: ISMS-P contains ISMS but is another certificate.
const SPELLINGS: [(&str, &str); 5] = [
    ("ISMS-P", "ISMS-P"),
    ("ISMSP", "ISMS-P"),
    ("정보보호및개인정보보호관리체계", "ISMS-P"),
    ("ISMS", "ISMS"),
    ("정보보호관리체계", "ISMS"),
];

/// What stands near a name that is no certificate: preliminary, being prepared, under audit, planned, ended.
const NOT_YET: [&str; 8] = ["예비", "준비", "심사중", "심사진행", "예정", "추진", "만료", "취소"];

fn held(text: &str) -> Held {
    let text: String = text
        .to_uppercase()
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| if "‐‑–—－_".contains(c) { '-' } else { c })
        .collect();
    let mut unsure = None;
    // Each item of the list speaks for itself: a certificate planned for one service does not undo another's.
    for item in text.split([',', ';', '·', '\n']) {
        let Some((_, name)) = SPELLINGS.iter().find(|(spelling, _)| item.contains(spelling)) else { continue };
        if !NOT_YET.iter().any(|word| item.contains(word)) {
            return Held::Yes(name);
        }
        unsure.get_or_insert(*name);
    }
    unsure.map_or(Held::Silent, Held::Unsure)
}

pub(super) fn read(line: &Line<'_>, found: &mut Found<'_>, filing: &Filing) {
    match held(line.get(CERTIFICATES)) {
        Held::Silent => {}
        Held::Yes(name) => {
            let mut figure = filing.figure(None, "isms_certified", FigureValue::Truth(true));
            figure.source = format!("{} ({name})", figure.source);
            found.fact(line.place(CERTIFICATES), figure);
        }
        Held::Unsure(name) => {
            let place: Place = line.place(CERTIFICATES);
            let expected = format!("names {name}, but as preliminary, planned or ended: no certificate was recorded");
            let hint = "record isms_certified by hand if there is one".to_owned();
            found.import.warnings.push(RowError { place, code: "unsure-certificate", expected, hint });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        for (text, says) in [
            ("ISMS-P, ISO/IEC 27001", Held::Yes("ISMS-P")),
            ("isms p", Held::Yes("ISMS-P")),
            ("정보보호 및 개인정보보호 관리체계 인증", Held::Yes("ISMS-P")),
            ("ISMS인증(2024.03), PCI-DSS", Held::Yes("ISMS")),
            ("ISMS-P(예비인증), CSAP", Held::Unsure("ISMS-P")),
            ("ISMS-P 준비 중, ISMS", Held::Yes("ISMS")),
            ("ISO27001, SOC 2", Held::Silent),
            ("", Held::Silent),
        ] {
            assert_eq!(held(text), says, "{text}");
        }
    }
}
