//! Orders and requests: which step may follow which, what is overdue, and what a retest comes to.
//!
//! It promises that an order is closed by the rule it rests on and by nobody's word, and that who answers for it neither
//! accepts its plan, nor tries it again, nor closes it.

use crate::assess;
use crate::door::refusal;
use crate::fact::{Name, OrderKind, OrderMoved, OrderStep};
use crate::finding::Finding;
use crate::known::{KnownAt, Stamp};
use crate::refusal::{Code, Refusal};
use crate::state::State;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use rulebook::finding::Verdict;
use rulebook::time::Instant;

/// An order or a request with every step it took.
#[derive(Clone, Debug)]
pub struct Order {
    /// The steps, oldest first; the first issued it.
    pub moves: Vec<(Stamp, OrderMoved)>,
}

/// Every order by exchange and id.
pub type Orders = BTreeMap<(String, String), Order>;

impl Order {
    /// What issued it.
    pub fn issued(&self) -> Option<&OrderMoved> {
        self.moves.first().map(|(_, fact)| fact)
    }

    /// Where it stands: the last step that is not an extension.
    pub fn step(&self) -> OrderStep {
        let steps = self.moves.iter().rev().map(|(_, fact)| fact.step);
        steps.into_iter().find(|step| *step != OrderStep::Extended).unwrap_or(OrderStep::Issued)
    }

    /// Whether a plan was accepted: then work goes on whatever came after.
    fn planned(&self) -> bool {
        self.moves.iter().any(|(_, fact)| fact.step == OrderStep::PlanAccepted)
    }

    /// Until when it is to be done.
    pub fn due(&self) -> Option<Instant> {
        self.moves.iter().rev().find_map(|(_, fact)| match fact.step {
            OrderStep::Issued | OrderStep::Extended => fact.due,
            _ => None,
        })
    }

    /// Whether it is neither closed nor escalated.
    pub fn is_open(&self) -> bool {
        !matches!(self.step(), OrderStep::Closed | OrderStep::Escalated)
    }

    /// Whether it is open and its due date has passed.
    pub fn is_overdue(&self, now: Instant) -> bool {
        self.is_open() && self.due().is_some_and(|due| due < now)
    }

    /// Whether a person filed its plan, reached a milestone or handed in evidence.
    pub fn answers(&self, who: &str) -> bool {
        let own = |step| matches!(step, OrderStep::PlanFiled | OrderStep::Milestone | OrderStep::Evidence);
        self.moves.iter().any(|(_, fact)| own(fact.step) && fact.by == who)
    }

    /// The last retest, where nothing was handed in since.
    pub fn retest(&self) -> Option<&(Stamp, OrderMoved)> {
        let standing = self.moves.iter().rev().find(|(_, fact)| fact.step != OrderStep::Extended);
        standing.filter(|(_, fact)| fact.step == OrderStep::Retested)
    }
}

/// Whether a step may follow what is on record; what a rule says of it is the door's to ask.
pub fn may_follow(orders: &Orders, fact: &OrderMoved) -> Result<(), Refusal> {
    let order = orders.get(&(fact.exchange.clone(), fact.id.clone()));
    let Some(order) = order else {
        return match fact.step {
            OrderStep::Issued => issued(fact),
            _ => {
                let hint = "issue it first; `bongsu order list` shows what there is";
                Err(refusal(Code::WrongStep, "id", "an order on record", &fact.id, hint))
            }
        };
    };
    let first = order.issued().unwrap_or(fact);
    if (first.kind, &first.rule, &first.subject) != (fact.kind, &fact.rule, &fact.subject) {
        let hint = "an order keeps kind, rule and subject; issue another";
        return Err(refusal(Code::WrongStep, "rule", &first.rule, &fact.rule, hint));
    }
    follows(order, fact)?;
    match fact.step {
        OrderStep::Extended => extended(order, fact),
        OrderStep::PlanAccepted
        | OrderStep::PlanReturned
        | OrderStep::Retested
        | OrderStep::Closed
        | OrderStep::Escalated
            if order.answers(&fact.by) =>
        {
            let hint = "who answers for an order does not decide on it";
            Err(refusal(Code::SamePerson, "by", "another person", &fact.by, hint))
        }
        OrderStep::PlanFiled | OrderStep::PlanReturned | OrderStep::Escalated if fact.text.trim().is_empty() => {
            Err(refusal(Code::Empty, "text", "a text", "nothing", "write the plan, or the reasons"))
        }
        OrderStep::Evidence if fact.evidence.is_empty() => {
            let hint = "`bongsu evidence add` keeps a file and prints its hash";
            Err(refusal(Code::Empty, "evidence", "at least one hash", "none", hint))
        }
        OrderStep::PlanFiled | OrderStep::Milestone | OrderStep::Evidence if first.by == fact.by => {
            let hint = "who issued an order does not answer for it";
            Err(refusal(Code::SamePerson, "by", "another person", &fact.by, hint))
        }
        _ => Ok(()),
    }
}

fn issued(fact: &OrderMoved) -> Result<(), Refusal> {
    if fact.text.trim().is_empty() {
        return Err(refusal(Code::Empty, "text", "what is asked", "nothing", "say what is to be done or told"));
    }
    match fact.due {
        Some(due) if due > fact.at => Ok(()),
        Some(due) => {
            let (expected, found) = (format!("after {} ms", fact.at.0), format!("{} ms", due.0));
            Err(refusal(Code::Backwards, "due", &expected, &found, "give a day that is still to come"))
        }
        None => Err(refusal(Code::Empty, "due", "a due date", "none", "an order says until when")),
    }
}

fn extended(order: &Order, fact: &OrderMoved) -> Result<(), Refusal> {
    let hint = "an extension is later than the due date it moves, and says why";
    if order.answers(&fact.by) {
        return Err(refusal(Code::SamePerson, "by", "another person", &fact.by, hint));
    }
    if fact.text.trim().is_empty() {
        return Err(refusal(Code::Empty, "text", "reasons", "nothing", hint));
    }
    if fact.due > order.due() {
        return Ok(());
    }
    let shown = |due: Option<Instant>| due.map_or("none".into(), |due| format!("{} ms", due.0));
    Err(refusal(Code::Backwards, "due", &format!("after {}", shown(order.due())), &shown(fact.due), hint))
}

fn follows(order: &Order, fact: &OrderMoved) -> Result<(), Refusal> {
    use OrderStep::*;
    let (at, kind) = (order.step(), fact.kind);
    let work: &[OrderStep] = &[Milestone, Evidence, Extended, Retested, Escalated];
    let next: &[OrderStep] = match (kind, at) {
        (_, Closed | Escalated) => &[],
        (OrderKind::Order, Issued | PlanReturned) => &[PlanFiled, Extended, Escalated],
        (OrderKind::Order, PlanFiled) => &[PlanAccepted, PlanReturned, Extended, Escalated],
        (OrderKind::Order, Retested) if order.planned() => {
            &[Milestone, Evidence, Extended, Retested, Closed, Escalated]
        }
        (OrderKind::Order, _) => work,
        // A request is answered: it needs no plan.
        (OrderKind::Request, Retested) => &[Evidence, Extended, Retested, Closed, Escalated],
        (OrderKind::Request, _) => &[Evidence, Extended, Retested, Escalated],
    };
    if next.contains(&fact.step) {
        return Ok(());
    }
    let names: Vec<&str> = next.iter().map(|step| step.name()).collect();
    let names = if names.is_empty() { "nothing".to_string() } else { names.join(", ") };
    let hint = "docs/filings.md draws which step follows which";
    Err(refusal(Code::WrongStep, "step", &format!("{names}, after {}", at.name()), fact.step.name(), hint))
}

/// Takes a step onto record; `false` for one that may not follow.
pub(crate) fn fold(orders: &mut Orders, fact: &OrderMoved, since: Stamp) -> bool {
    if may_follow(orders, fact).is_err() {
        return false;
    }
    let key = (fact.exchange.clone(), fact.id.clone());
    orders.entry(key).or_insert_with(|| Order { moves: Vec::new() }).moves.push((since, fact.clone()));
    true
}

/// What a rule says of one subject (or of all of them, where none is named) under the rulebook that holds for an entry.
pub fn findings(
    state: &State,
    exchange: &str,
    rule: &str,
    subject: Option<&Name>,
    as_of: Instant,
    known: KnownAt,
    entry: u64,
) -> Vec<Finding> {
    let book = state.adopted_for(entry).and_then(|adoption| adoption.book.as_deref());
    let (Some(view), Some(book)) = (state.view(exchange, known), book) else { return Vec::new() };
    let mut findings = assess::one(&view, book, rule, as_of);
    findings.retain(|found| subject.is_none() || found.subject.as_ref() == subject);
    findings
}

/// The findings that issuing or retesting an order concludes; none for any other step.
pub fn concluded(state: &State, fact: &OrderMoved, stamp: Stamp) -> Option<Vec<Finding>> {
    matches!(fact.step, OrderStep::Issued | OrderStep::Retested).then(|| {
        findings(state, &fact.exchange, &fact.rule, fact.subject.as_ref(), fact.as_of, KnownAt::Now, stamp.index)
    })
}

/// Whether findings close an order: each is met, or no longer applies.
pub fn is_met(findings: &[Finding]) -> bool {
    let done = |found: &Finding| matches!(found.verdict, Verdict::Met | Verdict::NotApplicable);
    !findings.is_empty() && findings.iter().all(done)
}

/// Whether findings answer a request: nothing of it is unknown or open any more.
pub fn is_answered(findings: &[Finding]) -> bool {
    let open = |found: &Finding| matches!(found.verdict, Verdict::CannotBeAssessed | Verdict::NeedsJudgement);
    !findings.is_empty() && !findings.iter().any(open)
}
