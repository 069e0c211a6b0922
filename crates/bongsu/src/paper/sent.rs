//! A paper that left: the notices to record.
//!
//! It promises that a notice contains what the paper contains, and nothing that somebody wishes it did.

use super::{Act, Brief, Draft, Form};
use crate::trouble::Trouble;
use journal::Hash;
use kernel::fact::{Grade, Name, Notice, Observation};
use kernel::known::Stamp;
use rulebook::time::Instant;
use rulebook::vocabulary::Holds;
use sha2::{Digest, Sha256};

/// How a paper left.
pub struct Sending<'t> {
    /// When.
    pub at: Instant,
    /// To whom, where not as the form says.
    pub to: Option<&'t str>,
    /// Who sent it: an opaque reference.
    pub by: &'t str,
    /// The paper that really left, where it is not the one drawn here.
    pub document: Option<&'t [u8]>,
}

/// The last notice of a form, as known: what the next paper amends.
pub fn before<'s>(dossier: &crate::incident::Dossier<'s>, form: &Form) -> Option<(Stamp, &'s Notice)> {
    dossier.notices().into_iter().rev().find(|(_, notice)| notice.form == form.id)
}

/// The notices that sending a paper is: one for each of the form's events and what it is about.
pub fn notices(
    form: &Form,
    brief: &Brief<'_, '_>,
    draft: &Draft,
    sending: &Sending<'_>,
) -> Result<Vec<Observation>, Trouble> {
    let paper = draft.files.first().map(|(_, bytes)| bytes.as_slice());
    let document = sending.document.or(paper).map(hash);
    let mut found = Vec::new();
    for act in form.acts {
        let to = receiver(act, brief, sending.to)?;
        for subject in about(act, brief, draft) {
            let last = brief.dossier.notices().into_iter().rev().find(|(_, notice)| {
                notice.form == form.id && notice.word == act.word && notice.subject.as_ref() == Some(&subject)
            });
            let notice = Notice {
                exchange: brief.dossier.exchange.to_string(),
                subject: Some(subject),
                word: act.word.to_string(),
                to: to.clone(),
                at: sending.at,
                contents: draft.contents.clone(),
                form: form.id.to_string(),
                document,
                amends: last.map(|(since, _)| since.index),
                by: sending.by.to_string(),
                grade: Grade::Declared,
                source: String::new(),
            };
            found.push(notice.into());
        }
    }
    Ok(found)
}

/// What an act is about. Users have been told the reason of a blocking only by a paper that names it.
fn about(act: &Act, brief: &Brief<'_, '_>, draft: &Draft) -> Vec<Name> {
    if act.kind == crate::incident::dossier::KIND {
        return vec![brief.dossier.name()];
    }
    if act.word == "users_told" && !draft.contents.iter().any(|code| code == "ground") {
        return Vec::new();
    }
    brief.dossier.related(act.kind).into_iter().map(|(_, name)| Name::new(act.kind, name)).collect()
}

/// To whom an act goes; an event without a receiver has none.
fn receiver(act: &Act, brief: &Brief<'_, '_>, named: Option<&str>) -> Result<Option<String>, Trouble> {
    let vocabulary = brief.dossier.state.vocabulary();
    let word = vocabulary.find(act.word).map(|id| vocabulary.word(id));
    let takes = word.is_some_and(|word| matches!(word.holds, Holds::Event { by: true, .. }));
    match (takes, named.or(act.to)) {
        (false, _) => Ok(None),
        (true, Some(to)) => Ok(Some(to.to_string())),
        (true, None) => {
            Err(Trouble::new(format!("to whom `{}` was sent is not said", act.word), "add --to, such as --to kisa"))
        }
    }
}

fn hash(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}
