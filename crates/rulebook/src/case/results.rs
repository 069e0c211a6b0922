//! What the rules say against what a row expects, written as a cell would write it.
//!
//! It promises: a cell that means the same is never a mistake, whatever its writing. It must never know how a fact came into
//! the table.

use super::{Column, Expect, Runner};
use crate::book::{RuleId, TermId};
use crate::case_facts::{CaseFacts, Happened};
use crate::cell;
use crate::evaluate::{At, Evaluator};
use crate::facts::Subject;
use crate::finding::Finding;
use crate::page::Cell;
use crate::time::Instant;
use crate::value::Value;
use crate::vocabulary::Of;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

impl Runner<'_, '_> {
    pub(super) fn compare(&mut self, row: &[Cell], now: Instant, subject: Option<Subject>, keeps: bool) {
        let expects: Vec<(Expect, &Cell)> = self
            .columns
            .iter()
            .zip(row)
            .filter_map(|(column, cell)| match column {
                Column::Expect(e) if !cell.text.is_empty() => Some((*e, cell)),
                _ => None,
            })
            .collect();
        // `short`, `due` and the like belong to the nearest result on their left that this row asks for.
        let rules: Vec<(usize, RuleId)> = self
            .columns
            .iter()
            .zip(row)
            .enumerate()
            .filter_map(|(i, (column, cell))| match column {
                Column::Expect(Expect::Rule(rule)) if !cell.text.is_empty() => Some((i, *rule)),
                _ => None,
            })
            .collect();
        let decision = if expects.iter().any(|(e, _)| matches!(e, Expect::Decision | Expect::By)) {
            Some(self.decide(now, subject, keeps))
        } else {
            None
        };
        for (expect, cell) in expects {
            self.expectations += 1;
            let got = match expect {
                Expect::Decision => decision.as_ref().map_or(String::new(), |(d, _)| d.clone()),
                Expect::By => decision.as_ref().map_or(String::new(), |(_, by)| by.clone()),
                _ => {
                    let column = row.iter().position(|c| c.place == cell.place).unwrap_or(0);
                    let left: Vec<RuleId> = rules.iter().rev().filter(|(i, _)| *i <= column).map(|(_, r)| *r).collect();
                    self.result(expect, &left, &cell.text, now, subject)
                }
            };
            if got != cell.text {
                let name = self
                    .table
                    .table
                    .name
                    .clone()
                    .unwrap_or_else(|| row.first().map_or(String::new(), |c| c.text.clone()));
                self.problems.error(
                    &cell.place,
                    format!("case `{name}` expects `{}`, the rules say `{got}`", cell.text),
                    "this cell",
                    "work the result out from the text of the law: is the rule wrong, or the case?",
                );
            }
        }
    }

    /// A result as a cell would say it; the expected text itself where it means the same.
    fn result(
        &self,
        expect: Expect,
        left: &[RuleId],
        expected: &str,
        now: Instant,
        subject: Option<Subject>,
    ) -> String {
        let mut evaluator = Evaluator::new(self.book, &self.facts);
        let at = evaluator.at(now, self.table.instrument);
        let mut finding = |rule: RuleId| -> Option<Finding> {
            let kind = self.book.rules[rule.index()].kind;
            let subject = subject.filter(|s| Some(s.kind) == kind);
            evaluator.findings(rule, &At { subject, ..at }).into_iter().next()
        };
        let about = || self.table.table.about.as_deref().and_then(|id| self.book.rule(id));
        let of = if left.is_empty() { about().into_iter().collect() } else { left.to_vec() };
        match expect {
            Expect::Rule(rule) => match finding(rule) {
                Some(f) => f.verdict.name().to_string(),
                None => String::new(),
            },
            Expect::Status => {
                of.first().and_then(|r| finding(*r)).map_or(String::new(), |f| f.status.name().to_string())
            }
            Expect::Short => {
                let amount = of.iter().find_map(|r| finding(*r)?.short);
                amount.map_or(String::new(), |a| {
                    if cell::means(expected, &a.value, a.is, self.zone) {
                        expected.to_string()
                    } else {
                        cell::show(&a.value, a.is, self.zone)
                    }
                })
            }
            Expect::Due => of.iter().find_map(|r| finding(*r)?.due).map_or(String::new(), |due| self.zone.show(due)),
            Expect::Elapsed => of
                .iter()
                .find_map(|r| finding(*r)?.elapsed)
                .map_or(String::new(), |ms| format!("{} min", ms / crate::time::MINUTE)),
            Expect::Term(term) => {
                let is = self.book.terms[term.index()].is_type;
                let kind = self.book.terms[term.index()].kind;
                let subject = subject.filter(|s| kind == Some(s.kind));
                let value = self.term(&mut evaluator, term, &At { subject, ..at });
                let value = value.to_owned();
                if cell::means(expected, &value, is, self.zone) {
                    expected.to_string()
                } else {
                    cell::show(&value, is, self.zone)
                }
            }
            Expect::Decision | Expect::By => String::new(),
        }
    }

    fn term<'f>(&self, evaluator: &mut Evaluator<'f, CaseFacts>, term: TermId, at: &At<'f>) -> Value<'f> {
        evaluator.both_ways(
            at,
            &mut |this, at| this.term(term, at),
            &mut |_, yes, no, why| if yes == no { yes } else { Value::Unknown(why) },
            &mut |_, why| Value::Unknown(why),
        )
    }

    /// A guard's decision; in a history an allowed withdrawal counts in every window from then on, where it leaves and where it
    /// arrives.
    fn decide(&mut self, now: Instant, subject: Option<Subject>, keeps: bool) -> (String, String) {
        let vocabulary = &self.book.vocabulary;
        let mut counted = Vec::new();
        if let Some(subject) = subject.filter(|s| vocabulary.kind_name(s.kind) == "withdrawal") {
            use crate::facts::Facts;
            for (name, worth) in LEAVES {
                let Some(word) = vocabulary.find(name) else { continue };
                let amount = self.facts.amount(Some(subject), worth);
                let owner = match vocabulary.word(word).of {
                    Of::Kind(kind) => Some(match self.facts.refers(subject, kind) {
                        Some(owner) => owner,
                        None => {
                            let owner = self.facts.subject(kind, "x");
                            self.facts.refer(subject, owner);
                            owner
                        }
                    }),
                    _ => None,
                };
                self.facts.happened(owner, word, Happened { at: now, by: None, amount });
                counted.push((owner, word));
            }
        }
        let mut evaluator = Evaluator::new(self.book, &self.facts);
        let at = At { subject, ..evaluator.at(now, self.table.instrument) };
        let decision = evaluator.decide(&at);
        let effect = decision.effect.as_ref().map_or("none", |e| e.name()).to_string();
        let by = match (decision.rule, &decision.effect) {
            (Some(rule), _) => self.book.rules[rule.index()].id.clone(),
            (None, Some(_)) => "default".to_string(),
            (None, None) => String::new(),
        };
        if !keeps || effect != "allow" {
            counted.into_iter().for_each(|(owner, word)| self.facts.take_back(owner, word, now));
        }
        (effect, by)
    }
}

/// The windows in which a withdrawal counts, and by which of its words.
const LEAVES: [(&str, &str); 6] = [
    ("wallet.outflow", "value"),
    ("customer.withdrawn", "value"),
    ("destination.received", "value"),
    ("chain.withdrawn", "value"),
    ("asset.withdrawn", "quantity"),
    ("withdrawn", "value"),
];
