//! The exchanges that facts may speak of.

use super::table::{Found, Line};
use kernel::fact::ExchangeRegistered;

pub(super) const REQUIRED: [&str; 3] = ["id", "name_en", "name_ko"];
pub(super) const OPTIONAL: [&str; 3] = ["operator", "source", "note"];

pub(super) fn read(line: &Line<'_>, found: &mut Found<'_>) {
    let [id, name_en, name_ko] = REQUIRED.map(|column| found.keep(line.required(column)));
    let (Some(id), Some(name_en), Some(name_ko)) = (id, name_en, name_ko) else { return };
    let fact = ExchangeRegistered {
        id: id.to_owned(),
        name_en: name_en.to_owned(),
        name_ko: name_ko.to_owned(),
        source: line.get("source").to_owned(),
    };
    found.fact(line.place("id"), fact);
}
