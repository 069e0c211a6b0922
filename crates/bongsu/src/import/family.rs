//! The words of each template: which quantities a person fills in together.

use rulebook::vocabulary::{KindId, Of, Vocabulary, Word};

/// A template.
pub struct Family {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// Its words: a section of the word list, or words by name.
    words: Words,
}

enum Words {
    Section(&'static str),
    Named(&'static [&'static str]),
}

/// Every template with a word in each column.
pub const FAMILIES: [Family; 13] = [
    Family { name: "staffing", about: "heads at each month end", words: Words::Named(&["staff", "it_staff", "security_staff"]) },
    Family { name: "budget", about: "spending of each month", words: Words::Named(&["it_spend", "security_spend"]) },
    Family { name: "assets", about: "quantities and prices of each asset", words: Words::Section("Assets") },
    Family { name: "money", about: "users' money and where it is kept", words: Words::Section("Users' money") },
    Family { name: "cover", about: "insurance, reserve, deposit", words: Words::Section("Cover") },
    Family { name: "exchange", about: "what the exchange is", words: Words::Section("The exchange") },
    Family { name: "ciso", about: "the chief information security officer", words: Words::Section("CISO") },
    Family { name: "certificate", about: "ISMS certificates", words: Words::Named(&["isms_certified", "isms_issued", "isms_audited", "isms_given_up"]) },
    Family { name: "blocking", about: "deposits and withdrawals that are withheld", words: Words::Section("Blocking of deposits and withdrawals") },
    Family { name: "incident", about: "incidents and when each thing happened", words: Words::Section("Incidents") },
    Family { name: "disclosure", about: "figures of the security disclosure", words: Words::Section("Security disclosure") },
    Family { name: "registration", about: "registration with the FIU", words: Words::Section("Registration with the FIU") },
    Family { name: "records", about: "transaction records", words: Words::Section("Records") },
];

impl Family {
    /// The kind of subject its rows are about, and its words of that kind.
    pub fn words<'v>(&self, vocabulary: &'v Vocabulary) -> (Option<KindId>, Vec<&'v Word>) {
        let all: Vec<&Word> = match self.words {
            Words::Section(title) => vocabulary.words().map(|(_, w)| w).filter(|w| w.family.split(" · ").next() == Some(title)).collect(),
            Words::Named(names) => names.iter().filter_map(|name| vocabulary.find(name)).map(|id| vocabulary.word(id)).collect(),
        };
        let kind = all.iter().find_map(|w| match w.of {
            Of::Kind(kind) => Some(kind),
            _ => None,
        });
        // A section may hold words of the exchange beside those of its subjects: the subjects make the sheet.
        let of = |w: &&Word| match (w.of, kind) {
            (Of::Kind(k), Some(kind)) => k == kind,
            (Of::Any, _) => kind.is_some(),
            (Of::Exchange, kind) => kind.is_none(),
            (Of::Kind(_), None) => false,
        };
        (kind, all.into_iter().filter(of).collect())
    }
}
