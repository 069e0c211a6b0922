//! Explanations of what a paper lacks: a paper that must be explained may leave once somebody has said why.
//!
//! It promises that an explanation is on record like everything else a paper says: a remark of the topic `explanation`
//! whose id is the form and the item.

use crate::incident::Dossier;

/// The topic that explanations stand under.
pub const TOPIC: &str = "explanation";

/// The id of the explanation of an item of a form.
pub fn id(form: &str, item: &str) -> String {
    format!("{form}/{item}")
}

/// The explanation of an item, as known.
pub fn of<'s>(dossier: &Dossier<'s>, form: &str, item: &str) -> Option<&'s str> {
    let id = id(form, item);
    dossier.remarks(TOPIC).into_iter().find(|remark| remark.id == id).map(|remark| remark.text.as_str())
}
