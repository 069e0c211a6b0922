//! Filings: every step that may follow another, and every one that may not, by a table.

use kernel::door::{Accepted, admit};
use kernel::fact::FilingStep::{self, *};
use kernel::fact::*;
use kernel::known::Stamp;
use kernel::state::{State, fold};
use kernel::words::vocabulary;
use rulebook::time::Instant;

const START: i64 = 1_767_225_600_000;

struct World(State);

impl World {
    fn new() -> World {
        let mut world = World(State::new(vocabulary()));
        let (name_en, name_ko) = (String::from("X"), String::from("엑스"));
        world.tell(ExchangeRegistered { id: "x".into(), name_en, name_ko, source: String::new() }.into()).unwrap();
        world
    }

    /// The code of the refusal.
    fn tell(&mut self, fact: Observation) -> Result<(), &'static str> {
        match admit(&self.0, &fact).map_err(|why| why.code.name())? {
            Accepted::Already(_) => Ok(()),
            Accepted::New => {
                let index = self.0.last().map_or(1, |last| last.index + 1);
                fold(&mut self.0, Stamp { index, time: Instant(START + index as i64) }, &fact);
                Ok(())
            }
        }
    }

    fn step(&mut self, version: u64, step: FilingStep, by: &str) -> Result<(), &'static str> {
        self.tell(moved(version, step, by).into())
    }
}

fn moved(version: u64, step: FilingStep, by: &str) -> FilingMoved {
    let submitted = matches!(step, Draft | Submitted);
    FilingMoved {
        exchange: "x".into(),
        id: "f".into(),
        kind: "security-yearly".into(),
        version,
        step,
        at: Instant(START),
        package: submitted.then_some([version as u8; 32]),
        period: submitted.then_some(Period { from: Instant(START - 10), until: Instant(START - 1) }),
        signatories: if step == Submitted { vec![sign("ceo", "p-1"), sign("ciso", "p-2")] } else { vec![] },
        receipt: None,
        reason: "because".into(),
        by: by.into(),
    }
}

fn sign(role: &str, who: &str) -> Signatory {
    Signatory { who: who.into(), role: role.into(), signature: None }
}

/// The steps that lead to each state.
fn path(to: FilingStep) -> &'static [FilingStep] {
    match to {
        Draft => &[Draft],
        Submitted => &[Draft, Submitted],
        UnderReview => &[Draft, Submitted, UnderReview],
        Returned => &[Draft, Submitted, UnderReview, Returned],
        Accepted => &[Draft, Submitted, UnderReview, Accepted],
        Closed => &[Draft, Submitted, UnderReview, Accepted, Closed],
    }
}

fn at(state: FilingStep) -> World {
    let mut world = World::new();
    for step in path(state) {
        let by = if matches!(step, Draft | Submitted) { "p-3" } else { "fss-1" };
        world.step(1, *step, by).unwrap_or_else(|why| panic!("{step:?}: {why}"));
    }
    world
}

#[test]
fn each_step_follows_those_it_may_and_no_others() {
    let allowed = |from: FilingStep, to: FilingStep| {
        matches!(
            (from, to),
            (Draft, Submitted)
                | (Submitted, UnderReview)
                | (UnderReview, Returned | FilingStep::Accepted)
                | (FilingStep::Accepted, Closed)
        )
    };
    let states = FILING_STEPS.map(|(step, ..)| step);
    for from in states {
        for to in states.into_iter().filter(|to| *to != Draft && *to != from) {
            let by = if to == Submitted { "p-3" } else { "fss-9" };
            let mut fact = moved(1, to, by);
            fact.at = Instant(START + 5);
            let expected = if allowed(from, to) { Ok(()) } else { Err("wrong-step") };
            assert_eq!(at(from).tell(fact.into()), expected, "{from:?} to {to:?}");
        }
    }
}

#[test]
fn a_next_version_follows_a_draft_or_a_return() {
    for (from, expected) in [
        (Draft, Ok(())),
        (Returned, Ok(())),
        (Submitted, Err("wrong-step")),
        (UnderReview, Err("wrong-step")),
        (FilingStep::Accepted, Err("wrong-step")),
        (Closed, Err("wrong-step")),
    ] {
        assert_eq!(at(from).step(2, Draft, "p-3"), expected, "{from:?}");
        assert_eq!(at(from).step(3, Draft, "p-3"), Err("wrong-step"), "{from:?} skips a version");
    }
    let mut world = at(Returned);
    world.step(2, Draft, "p-3").unwrap();
    assert_eq!(world.step(1, Closed, "fss-1"), Err("wrong-step"), "the old version moved");
    let filing = &world.0.filings()[&("x".to_string(), "f".to_string())];
    let kept: Vec<_> = filing.versions.iter().map(|v| (v.number, v.step().unwrap())).collect();
    assert_eq!(kept, [(1, Returned), (2, Draft)]);
}

#[test]
fn nothing_begins_but_with_a_draft_or_a_receipt() {
    for (step, ..) in FILING_STEPS {
        let expected = if step == Draft { Ok(()) } else { Err("wrong-step") };
        assert_eq!(World::new().step(1, step, "p-3"), expected, "{step:?}");
    }
    assert_eq!(World::new().step(2, Draft, "p-3"), Err("wrong-step"));
    let receipt =
        Receipt { origin: "bongsu.journal/0".into(), size: 3, root: [0; 32], entries: vec![1, 2], kept: vec![5, 2] };
    let received = |version| FilingMoved { receipt: Some(receipt.clone()), ..moved(version, Submitted, "fss-1") };
    let mut world = World::new();
    assert_eq!(world.tell(received(2).into()), Ok(()), "the exchange's first version was never sent");
    assert_eq!(world.tell(FilingMoved { at: Instant(START + 1), ..received(2) }.into()), Err("wrong-step"));
    assert_eq!(world.step(2, UnderReview, "p-1"), Err("same-person"));
    assert_eq!(world.step(2, UnderReview, "fss-1"), Ok(()), "who received it may look at it");
    assert_eq!(world.step(2, Returned, "fss-2"), Ok(()));
    assert_eq!(world.tell(received(2).into()), Ok(()), "the same fact again is no step");
    assert_eq!(world.tell(received(4).into()), Ok(()), "a later version answers");
}

#[test]
fn who_must_sign_signs_each_another_person() {
    for (signatories, expected) in [
        (vec![sign("ceo", "p-1"), sign("ciso", "p-2")], Ok(())),
        (vec![sign("ciso", "p-2"), sign("ceo", "p-1"), sign("cfo", "p-4")], Ok(())),
        (vec![], Err("unsigned")),
        (vec![sign("ceo", "p-1")], Err("unsigned")),
        (vec![sign("ciso", "p-1")], Err("unsigned")),
        (vec![sign("ceo", "p-1"), sign("ciso", "p-1")], Err("same-person")),
        (vec![sign("ceo", "p-1"), sign("ceo", "p-2")], Err("unsigned")),
    ] {
        let fact = FilingMoved { signatories: signatories.clone(), ..moved(1, Submitted, "p-3") };
        assert_eq!(at(Draft).tell(fact.into()), expected, "{signatories:?}");
    }
    let one = FilingMoved { kind: "ciso-designation".into(), ..moved(1, Draft, "p-3") };
    let signatories = vec![sign("ceo", "p-1")];
    let sent = FilingMoved { kind: "ciso-designation".into(), signatories, ..moved(1, Submitted, "p-3") };
    let mut world = World::new();
    world.tell(one.into()).unwrap();
    assert_eq!(world.tell(sent.into()), Ok(()), "where the table asks for one, one is enough");
}

#[test]
fn who_answers_for_a_filing_does_not_decide_on_it() {
    for (by, expected) in
        [("fss-1", Ok(())), ("p-1", Err("same-person")), ("p-2", Err("same-person")), ("p-3", Err("same-person"))]
    {
        assert_eq!(at(Submitted).step(1, UnderReview, by), expected, "{by} receives");
        assert_eq!(at(UnderReview).step(1, FilingStep::Accepted, by), expected, "{by} accepts");
        assert_eq!(at(UnderReview).step(1, Returned, by), expected, "{by} returns");
    }
}

#[test]
fn what_was_drawn_up_is_what_is_submitted() {
    let other = FilingMoved { package: Some([9; 32]), ..moved(1, Submitted, "p-3") };
    assert_eq!(at(Draft).tell(other.into()), Err("wrong-step"));
    let period = Some(Period { from: Instant(START - 20), until: Instant(START - 1) });
    let moved_period = FilingMoved { period, ..moved(1, Submitted, "p-3") };
    assert_eq!(at(Draft).tell(moved_period.into()), Err("wrong-step"));
    let renamed = FilingMoved { kind: "assets-monthly".into(), ..moved(1, Submitted, "p-3") };
    assert_eq!(at(Draft).tell(renamed.into()), Err("wrong-step"));
}

#[test]
fn a_filing_is_checked_like_any_fact() {
    let fact = |change: &dyn Fn(&mut FilingMoved)| {
        let mut fact = moved(1, Draft, "p-3");
        change(&mut fact);
        World::new().tell(fact.into())
    };
    assert_eq!(fact(&|f| f.kind = "poem".into()), Err("unknown-type"));
    assert_eq!(fact(&|f| f.exchange = "y".into()), Err("unknown-exchange"));
    assert_eq!(fact(&|f| f.package = None), Err("empty"));
    assert_eq!(fact(&|f| f.by = " ".into()), Err("empty"));
    assert_eq!(fact(&|f| f.at = Instant(START * 1000)), Err("out-of-range"));
    let backwards = Some(Period { from: Instant(2), until: Instant(1) });
    assert_eq!(fact(&|f| f.period = backwards), Err("backwards"));
    let silent = FilingMoved { reason: " ".into(), ..moved(1, Returned, "fss-1") };
    assert_eq!(at(UnderReview).tell(silent.into()), Err("empty"));
}

#[test]
fn a_fold_sets_aside_what_the_door_would_refuse() {
    let mut world = at(Submitted);
    let before = world.0.counts().set_aside;
    fold(&mut world.0, Stamp { index: 99, time: Instant(START + 99) }, &moved(1, Closed, "fss-1").into());
    assert_eq!(world.0.counts().set_aside, before + 1);
    let filing = &world.0.filings()[&("x".to_string(), "f".to_string())];
    assert_eq!(filing.versions[0].step(), Some(Submitted));
}

#[test]
fn evidence_is_checked_and_expires() {
    let fact = EvidenceKept {
        exchange: "x".into(),
        subject: None,
        hash: [1; 32],
        bytes: 5,
        name: "a.pdf".into(),
        media: "application/pdf".into(),
        period: Some(Period { from: Instant(START), until: Instant(START + 5) }),
        collected: Instant(START + 6),
        received: Instant(START + 7),
        expires: Some(Instant(START + 100)),
        rules: vec!["kr.isms.1-1-6".into()],
        by: "p-1".into(),
        source: String::new(),
    };
    let with = |change: &dyn Fn(&mut EvidenceKept)| {
        let mut fact = fact.clone();
        change(&mut fact);
        World::new().tell(fact.into())
    };
    assert_eq!(with(&|_| {}), Ok(()));
    assert_eq!(with(&|f| f.received = Instant(START)), Err("backwards"));
    assert_eq!(with(&|f| f.expires = Some(Instant(START))), Err("backwards"));
    assert_eq!(with(&|f| f.name = String::new()), Err("empty"));
    assert_eq!(with(&|f| f.rules = vec!["b".into(), "a".into()]), Err("unsorted"));
    let mut world = World::new();
    world.tell(fact.clone().into()).unwrap();
    let expired = |world: &World, rule: &str, at: i64| world.0.vault().expired_for("x", rule, Instant(START + at));
    assert!(!expired(&world, "kr.isms.1-1-6.it", 100), "it holds on its last moment");
    assert!(expired(&world, "kr.isms.1-1-6.it", 101));
    assert!(!expired(&world, "kr.vaupa.7-3", 101), "nothing supports that rule, nothing expired");
    world.tell(EvidenceKept { hash: [2; 32], expires: None, ..fact }.into()).unwrap();
    assert!(!expired(&world, "kr.isms.1-1-6.it", 101), "another file stands");
}
