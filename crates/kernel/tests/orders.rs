//! Orders and requests: every step by a table, and closure that rests on the rule and not on anybody's word.

use kernel::body::Body;
use kernel::conclude::conclude;
use kernel::door::{Accepted, admit};
use kernel::fact::OrderStep::{self, *};
use kernel::fact::*;
use kernel::finding;
use kernel::known::Stamp;
use kernel::replay::Replay;
use kernel::state::{State, fold};
use kernel::words::vocabulary;
use rulebook::finding::Verdict;
use rulebook::time::Instant;

const START: i64 = 1_767_225_600_000;
const DAY: i64 = 86_400_000;

const PAGE: &str = r#"
```page
id   = "t"
zone = "UTC"
```
```rule
id      = "t.reserve"
title   = { en = "Reserve", ko = "준비금" }
cite    = ["Art. 1"]
from    = 2024-01-01
penalty = "5_000 KRW, Art. 9"
require = ["reserve >= 3 bn KRW"]
```
"#;

struct World {
    state: State,
    log: Vec<(Stamp, u16, Vec<u8>)>,
}

impl World {
    /// An exchange under one rule, with a reserve of so many thousand million won, where one is known.
    fn new(reserve: Option<i128>) -> World {
        let mut world = World { state: State::new(vocabulary()), log: Vec::new() };
        let page = RulebookPage { path: "t.md".into(), text: PAGE.into() };
        let pages = vec![(page.path.clone(), page.hash())];
        world.tell(page.into()).unwrap();
        world.tell(RulebookAdopted { id: "t".into(), pages }.into()).unwrap();
        let (name_en, name_ko) = (String::from("X"), String::from("엑스"));
        world.tell(ExchangeRegistered { id: "x".into(), name_en, name_ko, source: String::new() }.into()).unwrap();
        if let Some(reserve) = reserve {
            world.reserve(reserve, -DAY).unwrap();
        }
        world
    }

    fn tell(&mut self, fact: Observation) -> Result<(), &'static str> {
        match admit(&self.state, &fact).map_err(|why| why.code.name())? {
            Accepted::Already(_) => Ok(()),
            Accepted::New => {
                let index = self.state.last().map_or(1, |last| last.index + 1);
                let stamp = Stamp { index, time: Instant(START + index as i64) };
                let conclusions = conclude(&self.state, &fact, stamp);
                let body = Body { observation: fact.clone(), conclusions };
                self.log.push((stamp, fact.kind(), body.encode().unwrap()));
                fold(&mut self.state, stamp, &fact);
                Ok(())
            }
        }
    }

    fn reserve(&mut self, billions: i128, at: i64) -> Result<(), &'static str> {
        let figure = Figure {
            exchange: "x".into(),
            subject: None,
            word: "reserve".into(),
            at: Instant(START + at),
            value: FigureValue::Number(Exact::new(billions * 1_000_000_000, 1).unwrap(), None),
            grade: Grade::Declared,
            confidence: None,
            source: String::new(),
            corrects: None,
        };
        self.tell(figure.into())
    }

    fn evidence(&mut self) {
        let fact = EvidenceKept {
            exchange: "x".into(),
            subject: None,
            hash: [7; 32],
            bytes: 1,
            name: "a".into(),
            media: "text/plain".into(),
            period: None,
            collected: Instant(START),
            received: Instant(START),
            expires: None,
            rules: vec![],
            by: String::new(),
            source: String::new(),
        };
        self.tell(fact.into()).unwrap();
    }

    fn last_verdicts(&self) -> Vec<Verdict> {
        let (_, kind, body) = self.log.last().unwrap();
        let body = Body::decode(*kind, body).unwrap();
        body.conclusions.map_or(vec![], |c| finding::decode(&c).unwrap().iter().map(|f| f.verdict).collect())
    }
}

fn moved(kind: OrderKind, step: OrderStep, by: &str, days: i64) -> OrderMoved {
    OrderMoved {
        exchange: "x".into(),
        id: "o-1".into(),
        kind,
        rule: "t.reserve".into(),
        subject: None,
        as_of: Instant(START + days * DAY),
        step,
        at: Instant(START + days * DAY),
        due: match step {
            Issued => Some(Instant(START + 30 * DAY)),
            Extended => Some(Instant(START + 60 * DAY)),
            _ => None,
        },
        evidence: if step == Evidence { vec![[7; 32]] } else { vec![] },
        text: "text".into(),
        penalty: String::new(),
        by: by.into(),
    }
}

fn person(step: OrderStep) -> &'static str {
    if matches!(step, PlanFiled | Milestone | Evidence) { "p-1" } else { "fss-1" }
}

/// An order after these steps, its reserve short all the while.
fn after(kind: OrderKind, steps: &[OrderStep]) -> World {
    let mut world = World::new((kind == OrderKind::Order).then_some(2));
    world.evidence();
    for (day, step) in steps.iter().enumerate() {
        let fact = moved(kind, *step, person(*step), day as i64);
        world.tell(fact.into()).unwrap_or_else(|why| panic!("{steps:?} at {step:?}: {why}"));
    }
    world
}

#[test]
fn each_step_follows_those_it_may_and_no_others() {
    use OrderKind::{Order, Request};
    let cases: &[(OrderKind, &[OrderStep], &[OrderStep])] = &[
        (Order, &[], &[Issued]),
        (Order, &[Issued], &[PlanFiled, Extended, Escalated]),
        (Order, &[Issued, PlanFiled], &[PlanAccepted, PlanReturned, Extended, Escalated]),
        (Order, &[Issued, PlanFiled, PlanReturned], &[PlanFiled, Extended, Escalated]),
        (Order, &[Issued, PlanFiled, PlanAccepted], &[Milestone, Evidence, Extended, Retested, Escalated]),
        (Order, &[Issued, PlanFiled, PlanAccepted, Milestone], &[Milestone, Evidence, Extended, Retested, Escalated]),
        (Order, &[Issued, PlanFiled, PlanAccepted, Evidence], &[Milestone, Evidence, Extended, Retested, Escalated]),
        // A retest that is not met lets the work go on; closing is refused by the rule, not by the step.
        (Order, &[Issued, PlanFiled, PlanAccepted, Retested], &[Milestone, Evidence, Extended, Retested, Escalated]),
        (Order, &[Issued, PlanFiled, Extended], &[PlanAccepted, PlanReturned, Escalated]),
        (Order, &[Issued, Escalated], &[]),
        (Request, &[], &[Issued]),
        (Request, &[Issued], &[Evidence, Extended, Retested, Escalated]),
        (Request, &[Issued, Evidence], &[Evidence, Extended, Retested, Escalated]),
        (Request, &[Issued, Retested], &[Evidence, Extended, Retested, Escalated]),
        (Request, &[Issued, Escalated], &[]),
    ];
    for (kind, steps, next) in cases {
        for (step, name, _) in ORDER_STEPS {
            let fact = moved(*kind, step, person(step), 20);
            let told = after(*kind, steps).tell(fact.into());
            if next.contains(&step) {
                assert_eq!(told, Ok(()), "{kind:?} {steps:?} then {name}");
            } else {
                let expected: &[&str] = match (step, steps.last()) {
                    (Closed, Some(Retested)) => &["not-met"],
                    // Extended once already to the same day.
                    (Extended, _) if steps.contains(&Extended) => &["backwards"],
                    _ => &["wrong-step"],
                };
                assert!(expected.contains(&told.unwrap_err()), "{kind:?} {steps:?} then {name}: {told:?}");
            }
        }
    }
}

#[test]
fn an_order_closes_by_its_rule_and_by_nothing_else() {
    let planned = &[Issued, PlanFiled, PlanAccepted, Retested];
    let mut world = after(OrderKind::Order, planned);
    assert_eq!(world.last_verdicts(), [Verdict::NotMet], "the retest concludes a finding");
    assert_eq!(world.tell(moved(OrderKind::Order, Closed, "fss-1", 10).into()), Err("not-met"));
    world.reserve(3, 11 * DAY).unwrap();
    assert_eq!(
        world.tell(moved(OrderKind::Order, Closed, "fss-1", 12).into()),
        Err("not-met"),
        "it must be tried again"
    );
    world.tell(moved(OrderKind::Order, Retested, "fss-1", 10).into()).unwrap();
    assert_eq!(world.last_verdicts(), [Verdict::NotMet], "as of the day before the money came");
    world.tell(moved(OrderKind::Order, Retested, "fss-1", 12).into()).unwrap();
    assert_eq!(world.last_verdicts(), [Verdict::Met]);
    world.tell(moved(OrderKind::Order, Extended, "fss-1", 12).into()).unwrap();
    // What is learned after the retest does not undo it; a new retest would.
    world.reserve(1, 12 * DAY).unwrap();
    assert_eq!(world.tell(moved(OrderKind::Order, Closed, "fss-1", 13).into()), Ok(()));
    assert_eq!(world.tell(moved(OrderKind::Order, Milestone, "p-1", 14).into()), Err("wrong-step"));
}

#[test]
fn evidence_after_a_retest_asks_for_another() {
    let mut world = after(OrderKind::Order, &[Issued, PlanFiled, PlanAccepted]);
    world.reserve(3, DAY).unwrap();
    world.tell(moved(OrderKind::Order, Retested, "fss-1", 5).into()).unwrap();
    world.tell(moved(OrderKind::Order, Evidence, "p-1", 6).into()).unwrap();
    assert_eq!(world.tell(moved(OrderKind::Order, Closed, "fss-1", 7).into()), Err("wrong-step"));
}

#[test]
fn an_order_needs_a_finding_that_is_not_met() {
    let order = |reserve, kind| World::new(reserve).tell(moved(kind, Issued, "fss-1", 0).into());
    assert_eq!(order(Some(2), OrderKind::Order), Ok(()));
    assert_eq!(order(Some(3), OrderKind::Order), Err("no-ground"));
    assert_eq!(order(None, OrderKind::Order), Err("no-ground"), "what is unknown is a request");
    assert_eq!(order(None, OrderKind::Request), Ok(()));
    let fact = OrderMoved { rule: "t.nothing".into(), ..moved(OrderKind::Request, Issued, "fss-1", 0) };
    assert_eq!(World::new(None).tell(fact.into()), Err("unknown-rule"));
}

#[test]
fn a_request_closes_when_its_rule_can_be_assessed() {
    let mut world = after(OrderKind::Request, &[Issued]);
    assert_eq!(
        world.last_verdicts(),
        [Verdict::CannotBeAssessed],
        "what cannot be assessed is the ground of a request"
    );
    world.tell(moved(OrderKind::Request, Retested, "fss-1", 2).into()).unwrap();
    assert_eq!(world.tell(moved(OrderKind::Request, Closed, "fss-1", 3).into()), Err("not-met"));
    world.reserve(1, 3 * DAY).unwrap();
    world.tell(moved(OrderKind::Request, Retested, "fss-1", 4).into()).unwrap();
    assert_eq!(world.last_verdicts(), [Verdict::NotMet]);
    assert_eq!(
        world.tell(moved(OrderKind::Request, Closed, "fss-1", 5).into()),
        Ok(()),
        "it was told; an order may follow"
    );
}

#[test]
fn who_answers_for_an_order_decides_nothing() {
    let cases: &[(&[OrderStep], OrderStep)] = &[
        (&[Issued, PlanFiled], PlanAccepted),
        (&[Issued, PlanFiled], PlanReturned),
        (&[Issued, PlanFiled], Extended),
        (&[Issued, PlanFiled], Escalated),
        (&[Issued, PlanFiled, PlanAccepted], Retested),
        (&[Issued, PlanFiled, PlanAccepted, Evidence], Retested),
        (&[Issued, PlanFiled, PlanAccepted, Retested], Closed),
    ];
    for (steps, step) in cases {
        let told = after(OrderKind::Order, steps).tell(moved(OrderKind::Order, *step, "p-1", 20).into());
        assert_eq!(told, Err("same-person"), "{steps:?} then {step:?}");
    }
    let told = after(OrderKind::Order, &[Issued]).tell(moved(OrderKind::Order, PlanFiled, "fss-1", 1).into());
    assert_eq!(told, Err("same-person"), "who issued it does not plan it");
}

#[test]
fn an_order_is_checked_like_any_fact() {
    let with = |step: OrderStep, steps: &[OrderStep], change: &dyn Fn(&mut OrderMoved)| {
        let mut fact = moved(OrderKind::Order, step, person(step), 9);
        change(&mut fact);
        after(OrderKind::Order, steps).tell(fact.into())
    };
    assert_eq!(with(Issued, &[], &|f| f.exchange = "y".into()), Err("unknown-exchange"));
    assert_eq!(with(Issued, &[], &|f| f.text = String::new()), Err("empty"));
    assert_eq!(with(Issued, &[], &|f| f.due = None), Err("empty"));
    assert_eq!(with(Issued, &[], &|f| f.due = Some(f.at)), Err("backwards"));
    assert_eq!(with(Issued, &[], &|f| f.subject = Some(Name::new("dragon", "d"))), Err("unknown-kind"));
    assert_eq!(with(PlanFiled, &[Issued], &|f| f.text = " ".into()), Err("empty"));
    assert_eq!(with(PlanFiled, &[Issued], &|f| f.rule = "t.other".into()), Err("wrong-step"));
    assert_eq!(with(PlanFiled, &[Issued], &|f| f.kind = OrderKind::Request), Err("wrong-step"));
    let planned = &[Issued, PlanFiled, PlanAccepted];
    assert_eq!(with(Evidence, planned, &|f| f.evidence = vec![]), Err("empty"));
    assert_eq!(with(Evidence, planned, &|f| f.evidence = vec![[9; 32]]), Err("unknown-evidence"));
    assert_eq!(with(Extended, &[Issued], &|f| f.due = Some(Instant(START + 30 * DAY))), Err("backwards"));
    assert_eq!(with(Extended, &[Issued], &|f| f.text = " ".into()), Err("empty"));
}

#[test]
fn overdue_is_open_past_its_due_date() {
    let order = |world: &World| world.state.orders()[&("x".to_string(), "o-1".to_string())].clone();
    let issued = order(&after(OrderKind::Order, &[Issued]));
    assert!(!issued.is_overdue(Instant(START + 30 * DAY)));
    assert!(issued.is_overdue(Instant(START + 30 * DAY + 1)));
    let extended = order(&after(OrderKind::Order, &[Issued, Extended]));
    assert!(!extended.is_overdue(Instant(START + 60 * DAY)));
    assert!(!order(&after(OrderKind::Order, &[Issued, Escalated])).is_overdue(Instant(START + 90 * DAY)));
}

#[test]
fn what_orders_conclude_is_re_performed() {
    let mut world = after(OrderKind::Order, &[Issued, PlanFiled, PlanAccepted, Retested]);
    world.reserve(3, 5 * DAY).unwrap();
    world.tell(moved(OrderKind::Order, Retested, "fss-1", 6).into()).unwrap();
    world.tell(moved(OrderKind::Order, Closed, "fss-1", 7).into()).unwrap();
    let replayed = |log: &[(Stamp, u16, Vec<u8>)]| {
        let mut replay = Replay::reperform(vocabulary());
        log.iter().for_each(|(stamp, kind, body)| replay.entry(*stamp, *kind, body).unwrap());
        (replay.tally.findings, replay.differences)
    };
    assert_eq!(replayed(&world.log), (3, vec![]));
    let (_, kind, body) = &mut world.log[8];
    let mut forged = Body::decode(*kind, body).unwrap();
    let mut found = finding::decode(&forged.conclusions.unwrap()).unwrap();
    found[0].verdict = Verdict::Met;
    forged.conclusions = Some(finding::encode(&found));
    *body = forged.encode().unwrap();
    let (_, differences) = replayed(&world.log);
    assert_eq!(differences.len(), 1);
    assert_eq!(differences[0].exchange, "x");
}
