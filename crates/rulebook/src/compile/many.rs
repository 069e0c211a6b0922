//! What turns many values into one: sums over subjects, windows over time, events and their counts.

use super::{Compiler, Scope, Typed};
use crate::book::{CodeId, Node, Window, WindowId};
use crate::expression::{self, Expression, Fold, Which};
use crate::problem::{Place, nearest};
use crate::unit::{Dimension, Type, Unit};
use crate::vocabulary::{Holds, KindId, WordId};
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

impl Compiler<'_> {
    pub(super) fn over(
        &mut self,
        fold: Fold,
        kind: &str,
        each: &Expression,
        scope: Scope,
        base: &Place,
        place: Place,
    ) -> Typed {
        let Some(kind_id) = self.kind(kind, &place) else { return self.wrong(place) };
        let inner = Scope { kind: Some(kind_id), ..scope };
        let (node, is) = self.expression(each, inner, base);
        let is = match fold {
            Fold::Count => {
                self.expect(is, Type::YesNo, &base.part(&each.span), "`count` counts where a condition holds");
                Type::Number(Unit::PLAIN)
            }
            _ => {
                match is {
                    Type::Number(unit) if unit.power(Dimension::Asset) != 0 => {
                        self.problems.error(
                            &place,
                            "amounts of different assets never add",
                            format!("each is in {unit}"),
                            "multiply by a price first",
                        );
                    }
                    Type::Number(_) | Type::Zero | Type::Wrong => {}
                    _ => self.problems.error(&place, "only numbers add up", format!("each is {is}"), ""),
                }
                is
            }
        };
        self.push(Node::Over(fold, kind_id, node), is, place)
    }

    pub(super) fn kind(&mut self, kind: &str, place: &Place) -> Option<KindId> {
        let found = self.book.vocabulary.kind(kind);
        if found.is_none() {
            let known: Vec<&str> = self.book.vocabulary.kinds().map(|(_, k)| k).collect();
            self.problems.error(
                place,
                format!("there is no kind of subject `{kind}`"),
                "",
                format!("kinds are {}", known.join(", ")),
            );
        }
        found
    }

    pub(super) fn count(&mut self, name: &str, place: Place) -> Typed {
        let plain = Type::Number(Unit::PLAIN);
        if let Some(kind) = self.book.vocabulary.kind(name) {
            return self.push(Node::CountSubjects(kind), plain, place);
        }
        match self.event_word(name, &place) {
            Some(word) => self.push(Node::CountEvents(word), plain, place),
            None => self.wrong(place),
        }
    }

    pub(super) fn event_word(&mut self, name: &str, place: &Place) -> Option<WordId> {
        match self.book.vocabulary.find(name) {
            Some(word) if matches!(self.book.vocabulary.word(word).holds, Holds::Event { .. }) => Some(word),
            Some(_) => {
                self.problems.error(
                    place,
                    format!("`{name}` is a quantity, not an event"),
                    "",
                    "events are moments: `bongsu words` lists them",
                );
                None
            }
            None => {
                let events = self
                    .book
                    .vocabulary
                    .words()
                    .filter(|(_, w)| matches!(w.holds, Holds::Event { .. }))
                    .map(|(_, w)| w.name.as_str());
                let hint = nearest(name, events)
                    .map_or_else(|| "`bongsu words` lists the events".to_string(), |n| format!("did you mean `{n}`?"));
                self.problems.error(place, format!("there is no event `{name}`"), "unknown event", hint);
                None
            }
        }
    }

    /// An event with who or what, checked.
    pub fn event_by(&mut self, name: &str, by: Option<&str>, place: &Place) -> Option<(WordId, Option<CodeId>)> {
        let word = self.event_word(name, place)?;
        let named = matches!(self.book.vocabulary.word(word).holds, Holds::Event { by: true, .. });
        if by.is_some() && !named {
            self.problems.error(place, format!("`{name}` does not say to whom"), "", "leave `to …` out");
            return None;
        }
        Some((word, by.map(|by| self.code(by))))
    }

    pub(super) fn event(&mut self, which: Which, name: &str, by: Option<&str>, place: Place) -> Typed {
        if which == Which::Each {
            self.problems.error(&place, "`each` starts clocks", "no single moment", "use it alone in `starts`");
        }
        match self.event_by(name, by, &place) {
            Some((word, by)) => self.push(Node::Event(which, word, by), Type::Moment, place),
            None => self.wrong(place),
        }
    }

    pub(super) fn window(
        &mut self,
        fold: Fold,
        name: &str,
        window: &expression::Window,
        scope: Scope,
        base: &Place,
        place: Place,
    ) -> Typed {
        let Some(word) = self.book.vocabulary.find(name) else { return self.unknown(name, scope.instrument, place) };
        self.own(word, scope, &place);
        let entry = self.book.vocabulary.word(word).clone();
        let is = match (entry.holds, fold) {
            (Holds::Value(Type::Number(unit)), Fold::Sum | Fold::Average) if entry.counted.is_some() => {
                Type::Number(unit)
            }
            (Holds::Event { amount: Some(unit), .. }, Fold::Sum) => Type::Number(unit),
            (Holds::Event { .. }, Fold::Count) => Type::Number(Unit::PLAIN),
            _ => {
                self.problems.error(
                    &place,
                    "a window wants a quantity counted at stated times, or an event",
                    format!("`{name}` is neither here"),
                    "`bongsu words` says which are counted by day or month",
                );
                Type::Wrong
            }
        };
        let length = window.length.as_ref().map(|length| {
            let (node, is) = self.expression(length, scope, base);
            if !matches!(is, Type::Length | Type::Civil | Type::Wrong) {
                self.problems.error(
                    &base.part(&length.span),
                    "a window has a length of time",
                    format!("this is {is}"),
                    "write `1 h` or `1 year`",
                );
            }
            if scope.guard && is == Type::Civil {
                self.problems.error(
                    &base.part(&length.span),
                    "a guard's windows are exact lengths",
                    "a civil length",
                    "write hours: 720 h",
                );
            }
            node
        });
        let to = window.to.as_ref().map(|to| {
            let (node, is) = self.expression(to, scope, base);
            self.expect(is, Type::Moment, &base.part(&to.span), "a window ends at a moment");
            node
        });
        let since = window.since.as_ref().and_then(|since| self.event_word(since, &place));
        let id = WindowId::from(self.book.windows.len());
        self.book.windows.push(Window { fold, word, length, to, in_force: window.in_force, since });
        self.push(Node::Window(id), is, place)
    }
}
