//! Exceptions: what each is over, when it holds, what it sets, and which of two goes first.
//!
//! It promises: an exception changes something that can be changed, and two that set the same of one thing on one day have an
//! order. It must never know of exceptions in a ring: those are named whole by [`crate::bounds`].

use super::Builder;
use crate::book::*;
use crate::compile::{Named, Scope};
use crate::keys::Keys;
use crate::page::Block;
use crate::unit::Type;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// The most exceptions over one thing: each is compared with each. The law has never more than four.
const MAX_EXCEPTIONS: usize = 64;

impl Builder<'_> {
    pub(super) fn exception_body(&mut self, block: &Block, id: ExceptionId) {
        let instrument = self.compiler.book.exceptions[id.index()].instrument;
        let target = Keys { block, problems: self.compiler.problems }
            .need("over", "name the rule, term or parameter it is over");
        let Some(over) = self.target(&target, instrument) else {
            let place = block.get("over").map_or(&block.place, |v| &v.place);
            return self.error(
                place,
                format!("there is no rule, term or parameter `{target}`"),
                "",
                "`over` names what the exception changes",
            );
        };
        let (kind, clock, guard) = match over {
            Over::Rule(rule) => {
                let rule = &self.compiler.book.rules[rule.index()];
                let clock = rule.versions.iter().any(|v| matches!(v.duty, Duty::Clock { .. }));
                (rule.kind, clock, rule.is_guard())
            }
            Over::Term(term) => (self.compiler.book.terms[term.index()].kind, false, false),
            _ => (None, false, false),
        };
        // An exception over an exception is about whatever that one is about; words of a subject resolve when it runs.
        let scope = Scope { instrument, kind, clock, guard };
        let when = self.conditions(block, "when", scope);
        if when.is_empty() {
            self.error(&block.place, "an exception says when it holds", "no `when`", "write: when = [\"…\"]");
        }
        let sets = self.sets(block, scope, over);
        let mut beats = Vec::new();
        for name in (Keys { block, problems: self.compiler.problems }).texts("beats") {
            match self.exceptions.get(&name) {
                Some(at) => beats.push(*at),
                None => self.error(
                    &block.place,
                    format!("there is no exception `{name}` to beat"),
                    "",
                    "`beats` names an exception over the same thing",
                ),
            }
        }
        let exception = &mut self.book().exceptions[id.index()];
        exception.over = over;
        exception.when = when;
        exception.sets = sets;
        exception.beats = beats;
        let list = match over {
            Over::Rule(at) => &mut self.compiler.book.rules[at.index()].exceptions,
            Over::Term(at) => &mut self.compiler.book.terms[at.index()].exceptions,
            Over::Parameter(at) => &mut self.compiler.book.parameters[at.index()].exceptions,
            Over::Exception(at) => &mut self.compiler.book.exceptions[at.index()].exceptions,
        };
        list.push(id);
    }

    fn target(&self, name: &str, instrument: InstrumentId) -> Option<Over> {
        if let Some(rule) = self.compiler.rules.get(name) {
            return Some(Over::Rule(*rule));
        }
        match self.compiler.names.get(&(instrument, name.to_string())) {
            Some(Named::Term(term)) => return Some(Over::Term(*term)),
            Some(Named::Parameter(parameter)) => return Some(Over::Parameter(*parameter)),
            _ => {}
        }
        self.exceptions.get(name).map(|at| Over::Exception(*at))
    }

    fn sets(&mut self, block: &Block, scope: Scope, over: Over) -> Sets {
        let is = block.get("is").map(|value| {
            let (node, is) = self.compiler.value(value, scope);
            let wanted = match over {
                Over::Term(term) => self.compiler.book.terms[term.index()].is_type,
                Over::Parameter(parameter) => self.compiler.book.parameters[parameter.index()].is_type,
                _ => {
                    self.error(
                        &value.place,
                        "only a term or a parameter `is` something",
                        "over a rule",
                        "over a rule set `require`, `due`, `status` or `exempt`",
                    );
                    Type::Wrong
                }
            };
            self.compiler.unify(wanted, is, &value.place, "an exception keeps the unit of what it is over");
            node
        });
        let require = block.get("require").map(|_| self.conditions(block, "require", scope));
        let short = block.get("short").map(|v| self.compiler.value(v, scope).0);
        let due = block.get("due").map(|v| self.due(v, scope));
        let done = block.get("done").map(|_| self.done(block));
        let mut keys = Keys { block, problems: self.compiler.problems };
        let sets = Sets {
            exempt: keys.truth("exempt").unwrap_or(false),
            is,
            require,
            short,
            due,
            done,
            on_holiday: keys.on_holiday(),
            status: keys.status(),
            open: keys.text("open"),
            then: keys.effect(),
            enforced: keys.enforced(),
        };
        if sets.keys().is_empty() {
            self.error(
                &block.place,
                "this exception changes nothing",
                "",
                "set `exempt`, `is`, `require`, `due`, `status` or `then`",
            );
        }
        sets
    }

    /// Two exceptions that set the same key of the same thing need an order.
    pub(super) fn conflicts(&mut self) {
        let mut groups: BTreeMap<Over, Vec<ExceptionId>> = BTreeMap::new();
        for (at, exception) in self.compiler.book.exceptions.iter().enumerate() {
            groups.entry(exception.over).or_default().push(ExceptionId::from(at));
        }
        for group in groups.into_values() {
            if let Some(first_too_many) = group.get(MAX_EXCEPTIONS) {
                let place = self.compiler.book.exceptions[first_too_many.index()].place.clone();
                let message = format!("more than {MAX_EXCEPTIONS} exceptions over one thing");
                self.error(&place, message, "one too many", "join their conditions: when = [\"any of (…, …)\"]");
                continue;
            }
            for (i, a) in group.iter().enumerate() {
                for b in group.iter().skip(i.saturating_add(1)) {
                    self.conflict(*a, *b);
                }
            }
        }
    }

    fn conflict(&mut self, first: ExceptionId, second: ExceptionId) {
        let (a, b) = (&self.compiler.book.exceptions[first.index()], &self.compiler.book.exceptions[second.index()]);
        let ordered = a.beats.contains(&second) || b.beats.contains(&first);
        let keys = b.sets.keys();
        let same: Vec<String> = a.sets.keys().iter().filter(|k| keys.contains(k)).map(|k| format!("`{k}`")).collect();
        if !ordered && !same.is_empty() && a.period.overlaps(&b.period) {
            let message = format!("`{}` and `{}` both set {}", a.id, b.id, same.join(", "));
            let hint = format!("say in one of them which goes first: beats = [\"{}\"]", a.id);
            let place = b.place.clone();
            self.error(&place, message, "no order between them", hint);
        }
    }
}
