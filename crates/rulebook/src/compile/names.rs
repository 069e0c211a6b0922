//! What a name in a condition stands for: `start`, a term, parameter or judgement of a page, or a word.
//!
//! It promises: a page's own names go before the words, and an unknown name is met with the nearest known one. It must never
//! know what a term comes to: only its type, compiled when first asked for.

use super::{Compiler, MAX_NEST, Named, Scope, TermBody, Typed};
use crate::book::{InstrumentId, Node, TermId};
use crate::expression::Which;
use crate::problem::{Place, nearest};
use crate::unit::Type;
use crate::vocabulary::{Holds, Of, WordId};
use alloc::format;
use alloc::string::ToString;

impl Compiler<'_> {
    pub(super) fn name(&mut self, name: &str, scope: Scope, place: Place) -> Typed {
        if name == "start" {
            if !scope.clock {
                self.problems.error(
                    &place,
                    "`start` is the start of a clock",
                    "no clock here",
                    "give the rule `starts`, `due` and `done`",
                );
            }
            return self.push(Node::Start, Type::Moment, place);
        }
        if let Some(named) = self.find(name, scope.instrument) {
            return match named {
                Named::Term(id) => {
                    let is = self.term_type(id, &place);
                    self.push(Node::Term(id), is, place)
                }
                Named::Parameter(id) => {
                    let is = self.book.parameters[id.index()].is_type;
                    self.push(Node::Parameter(id), is, place)
                }
                Named::Judgement(id) => self.push(Node::Judgement(id), Type::YesNo, place),
            };
        }
        let Some(word) = self.book.vocabulary.find(name) else {
            return self.unknown(name, scope.instrument, place);
        };
        self.own(word, scope, &place);
        match self.book.vocabulary.word(word).holds {
            Holds::Value(is) => self.push(Node::Word(word), is, place),
            Holds::Event { .. } => self.push(Node::Event(Which::First, word, None), Type::Moment, place),
        }
    }

    /// A word of one subject means nothing where no subject is.
    pub(super) fn own(&mut self, word: WordId, scope: Scope, place: &Place) {
        let vocabulary = &self.book.vocabulary;
        if let (Of::Kind(kind), None) = (vocabulary.word(word).of, scope.kind) {
            let (kind, name) = (vocabulary.kind_name(kind).to_string(), &vocabulary.word(word).name);
            let hint = format!("give the block `for = \"{kind}\"`, or fold it: `sum({kind}: …)`, `count({kind}: …)`");
            self.problems.error(place, format!("`{name}` belongs to each {kind}"), format!("no {kind} here"), hint);
        }
    }

    fn find(&self, name: &str, instrument: InstrumentId) -> Option<Named> {
        if let Some(named) = self.names.get(&(instrument, name.to_string())) {
            return Some(*named);
        }
        let (page, local) = name.rsplit_once('.')?;
        let other = self.book.instruments.iter().position(|i| i.id == page)?;
        self.names.get(&(InstrumentId::from(other), local.to_string())).copied()
    }

    pub(super) fn unknown(&mut self, name: &str, instrument: InstrumentId, place: Place) -> Typed {
        if self.problems.is_full() {
            return self.wrong(place);
        }
        let here = self.names.keys().filter(|(i, _)| *i == instrument).map(|(_, n)| n.as_str());
        let words = self.book.vocabulary.words().map(|(_, w)| w.name.as_str());
        let elsewhere = self.names.keys().find(|(_, n)| n == name).and_then(|(i, n)| {
            self.book.instruments.get(i.index()).map(|i| format!("write `{}.{n}`: terms belong to their page", i.id))
        });
        let hint = match nearest(name, here.chain(words)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => elsewhere.unwrap_or_else(|| "`bongsu words` lists the quantities a rule may use".to_string()),
        };
        self.problems.error(&place, format!("there is no quantity or term `{name}`"), "unknown name", hint);
        self.wrong(place)
    }

    /// The type of a term, compiling it when that has not happened yet.
    pub fn term_type(&mut self, id: TermId, used: &Place) -> Type {
        match self.bodies.get(id.index()) {
            Some(TermBody::Waiting(_)) => {}
            // A ring: named whole, once, by [`crate::bounds`].
            Some(TermBody::Open) => return Type::Wrong,
            _ => return self.book.terms[id.index()].is_type,
        }
        if self.nest >= MAX_NEST {
            self.problems.error(
                used,
                format!("more than {MAX_NEST} steps hang on one another"),
                "too deep",
                "define it in fewer steps",
            );
            return Type::Wrong;
        }
        let Some(TermBody::Waiting(bodies)) =
            self.bodies.get_mut(id.index()).map(|b| core::mem::replace(b, TermBody::Open))
        else {
            return Type::Wrong;
        };
        let term = &self.book.terms[id.index()];
        let scope = Scope { instrument: term.instrument, kind: term.kind, clock: false, guard: false };
        let mut is = Type::Zero;
        for (version, body) in bodies.iter().enumerate() {
            let (node, next) = self.value(body, scope);
            is = self.unify(is, next, &body.place, "every form of a term has one type");
            if let Some(version) = self.book.terms[id.index()].versions.get_mut(version) {
                version.is = node;
            }
        }
        self.book.terms[id.index()].is_type = is;
        if let Some(body) = self.bodies.get_mut(id.index()) {
            *body = TermBody::Done;
        }
        is
    }
}
