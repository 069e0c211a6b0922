//! Who supervises and who is told: the blocks read, their rules and authorities looked up.

use super::Builder;
use crate::book::*;
use crate::keys::Keys;
use crate::page::{Block, BlockKind};
use crate::problem::{Level, Place, nearest};
use crate::supervision::{Supervision, is_below};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

impl Builder<'_> {
    /// Reads a `supervision` or `sharing` block.
    pub(super) fn supervision(&mut self, block: &Block, instrument: InstrumentId, id: String) {
        let told = block.kind == BlockKind::Sharing;
        let mut keys = Keys { block, problems: self.compiler.problems };
        let (rules, cite) = (keys.texts("rules"), keys.texts("cite"));
        let (status, open) = (keys.status().unwrap_or_default(), keys.text("open"));
        let mut values = Vec::new();
        for (date, value) in self.parameter_values(block, "code") {
            if let ParameterValue::Codes(codes) = value {
                let place = block.get("values").map_or(&block.place, |v| &v.place);
                codes.iter().for_each(|code| self.known_authority(code, place, Level::Error));
                values.push((date, codes));
            }
        }
        let twice = |s: &Supervision| s.id == id && s.instrument == instrument && s.told == told;
        if self.compiler.book.supervisions.iter().any(twice) {
            let hint = "a new day is a value of the first, not a second block";
            return self.error(&block.place, format!("`{id}` stands twice"), "the second one", hint);
        }
        let place = block.place.clone();
        let read = Supervision { id, instrument, told, rules, values, cite, status, open, place };
        self.book().supervisions.push(read);
    }

    /// Says so where a code is not in the list of authorities. A vocabulary without such a list knows nobody and asks nothing.
    pub(super) fn known_authority(&mut self, code: &str, place: &Place, level: Level) {
        let list = &self.compiler.book.vocabulary;
        if list.authorities().is_empty() || list.find_authority(code).is_some() {
            return;
        }
        let hint = nearest(code, list.authorities().iter().map(|a| a.id.as_str())).map_or_else(
            || "`bongsu authorities --names` lists them; a new one is a row of that list".into(),
            |near| format!("did you mean `{near}`?"),
        );
        let message = format!("there is no authority `{code}`");
        match level {
            Level::Error => self.compiler.problems.error(place, message, "not in the list of authorities", hint),
            Level::Warning => self.compiler.problems.warn(place, message, "not in the list of authorities", hint),
        }
    }

    /// When all rules stand: does each block name rules that there are, and is each rule of such a page covered?
    pub(super) fn supervised(&mut self) {
        let book = &self.compiler.book;
        let mut wrong = Vec::new();
        for block in &book.supervisions {
            let own =
                || book.rules.iter().filter(|rule| rule.instrument == block.instrument).map(|rule| rule.id.as_str());
            for prefix in block.rules.iter().filter(|prefix| !own().any(|rule| is_below(rule, prefix))) {
                let hint = nearest(prefix, own()).map_or_else(
                    || "name rules of this page by their ids".into(),
                    |near| format!("did you mean `{near}`?"),
                );
                wrong.push((block.place.clone(), format!("no rule of this page is `{prefix}` or below it"), hint));
            }
        }
        let mut holes = Vec::new();
        for rule in book.rules.iter().filter(|rule| !rule.is_guard()) {
            let blocks = || book.supervisions.iter().filter(|b| !b.told && b.instrument == rule.instrument);
            if blocks().next().is_some() && !blocks().any(|block| block.covers(rule)) {
                holes.push((rule.place.clone(), format!("no block of this page says who supervises `{}`", rule.id)));
            }
        }
        for (place, message, hint) in wrong {
            self.error(&place, message, "this block", hint);
        }
        for (place, message) in holes {
            let hint = "name it in a `supervision` block; until then the authority of the head supervises it";
            self.compiler.problems.warn(&place, message, "this rule", hint);
        }
    }
}
