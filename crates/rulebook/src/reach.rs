//! What hangs on what: the things a rule, term, parameter or exception needs, and all that a case table can notice.

use crate::book::*;
use crate::vocabulary::WordId;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

impl Book {
    /// The conditions and values a thing is made of.
    pub fn roots(&self, at: Over) -> Vec<NodeId> {
        let mut roots: Vec<NodeId> = Vec::new();
        match at {
            Over::Rule(id) => {
                for version in &self.rules[id.index()].versions {
                    roots.extend(&version.applies);
                    match &version.duty {
                        Duty::Require { require, short, .. } => roots.extend(require.iter().chain(short)),
                        Duty::Clock { starts, due, .. } => {
                            if let Starts::At(node) = starts {
                                roots.push(*node);
                            }
                            if let Due::At(node) = due {
                                roots.push(*node);
                            }
                        }
                        Duty::Guard { when, .. } => roots.extend(when),
                    }
                }
            }
            Over::Term(id) => roots.extend(self.terms[id.index()].versions.iter().map(|v| v.is)),
            Over::Parameter(_) => {}
            Over::Exception(id) => {
                let exception = &self.exceptions[id.index()];
                let sets = &exception.sets;
                roots.extend(&exception.when);
                roots.extend(sets.is.iter().chain(sets.short.iter()).chain(sets.require.iter().flatten()));
                if let Some(Due::At(node)) = sets.due {
                    roots.push(node);
                }
            }
        }
        roots
    }

    /// The exceptions over a thing.
    pub fn exceptions_over(&self, at: Over) -> &[ExceptionId] {
        match at {
            Over::Rule(id) => &self.rules[id.index()].exceptions,
            Over::Term(id) => &self.terms[id.index()].exceptions,
            Over::Parameter(id) => &self.parameters[id.index()].exceptions,
            Over::Exception(id) => &self.exceptions[id.index()].exceptions,
        }
    }

    /// What a thing needs directly, through its conditions and its exceptions.
    pub fn needs(&self, at: Over) -> Vec<Over> {
        let mut list: Vec<Over> = self.exceptions_over(at).iter().map(|e| Over::Exception(*e)).collect();
        let mut nodes = self.roots(at);
        while let Some(node) = nodes.pop() {
            match self.node(node) {
                Node::Term(term) => list.push(Over::Term(term)),
                Node::Parameter(parameter) => list.push(Over::Parameter(parameter)),
                Node::Verdict(rule, _) => list.push(Over::Rule(rule)),
                node => nodes.extend(self.children(node)),
            }
        }
        list
    }

    /// Every word that the answer of a rule may hang on, in any of its forms.
    pub fn words_of(&self, rule: RuleId) -> BTreeSet<WordId> {
        let (mut words, mut seen, mut open) = (BTreeSet::new(), BTreeSet::new(), Vec::from([Over::Rule(rule)]));
        while let Some(at) = open.pop() {
            if !seen.insert(at) {
                continue;
            }
            if let Over::Rule(id) = at {
                for version in &self.rules[id.index()].versions {
                    if let Duty::Clock { starts, done, .. } = &version.duty {
                        words.extend(done.iter().map(|(word, _)| *word));
                        if let Starts::Each(word, _) = starts {
                            words.insert(*word);
                        }
                    }
                }
            }
            let mut nodes = self.roots(at);
            while let Some(node) = nodes.pop() {
                let node = self.node(node);
                match node {
                    Node::Word(word) | Node::Money(word, _) | Node::Event(_, word, _) | Node::CountEvents(word) => {
                        words.insert(word);
                    }
                    Node::Window(window) => {
                        let window = self.windows[window.index()];
                        words.extend([Some(window.word), window.since].into_iter().flatten());
                    }
                    _ => {}
                }
                nodes.extend(self.children(node));
            }
            open.extend(self.needs(at));
        }
        words
    }

    /// Everything the expected results of a table hang on.
    pub fn reach(&self, table: &CaseTable) -> BTreeSet<Over> {
        let mut open: Vec<Over> = Vec::new();
        let about = table.table.about.as_deref();
        for header in &table.table.header {
            let Some(name) = header.text.strip_prefix('=') else { continue };
            let name = name.trim();
            let rule = self.rule(name).or_else(|| about.and_then(|id| self.rule(id)));
            match (self.term(table.instrument, name), rule) {
                (Some(term), _) => open.push(Over::Term(term)),
                (None, Some(rule)) => open.push(Over::Rule(rule)),
                (None, None) => {}
            }
            // A decision is the work of every rule of a guard.
            if matches!(name, "decision" | "by") {
                let guards = self.rules.iter().enumerate().filter(|(_, r)| r.is_guard());
                open.extend(guards.map(|(i, _)| Over::Rule(RuleId::from(i))));
            }
        }
        let mut reach = BTreeSet::new();
        while let Some(at) = open.pop() {
            if reach.insert(at) {
                open.extend(self.needs(at));
            }
        }
        reach
    }
}
