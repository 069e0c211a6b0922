//! Notices: what the door refuses, which of them stops a clock, and what each run of a clock says.

use kernel::door::admit;
use kernel::fact::*;
use kernel::known::{KnownAt, Stamp};
use kernel::refusal::Code;
use kernel::state::{State, fold};
use kernel::words::vocabulary;
use rulebook::evaluate::Evaluator;
use rulebook::facts::Subject;
use rulebook::page::Source;
use rulebook::time::Instant;

const HOUR: i64 = 3_600_000;
/// 2026-01-01T00:00:00Z.
const START: i64 = 1_767_225_600_000;

const PAGE: &str = r#"
```page
id       = "x"
zone     = "UTC"
calendar = "kr"
read     = 2026-01-01
```
## Art. 1
```rule
id       = "x.first"
title    = { en = "A breach is reported within a day", ko = "신고" }
cite     = ["Act 1"]
for      = "incident"
from     = 2025-01-01
starts   = "learned"
due      = "start + 24 h"
done     = ["reported to kisa"]
contains = ["cause", "damage"]
```
```rule
id       = "x.followup"
title    = { en = "New facts too", ko = "추가" }
cite     = ["Act 1"]
for      = "incident"
from     = 2025-01-01
starts   = "each fact_confirmed"
due      = "start + 24 h"
done     = ["reported to kisa"]
```
"#;

struct World(State);

impl World {
    fn new() -> World {
        let mut world = World(State::new(vocabulary()));
        let names = (String::from("X"), String::from("엑스"));
        world.tell(ExchangeRegistered { id: "x".into(), name_en: names.0, name_ko: names.1, source: String::new() });
        let subject = Name::new("incident", "i");
        let nobody = (None, None);
        world.tell(SubjectKnown {
            exchange: "x".into(),
            subject,
            from: nobody.0,
            until: nobody.1,
            refers: vec![],
            source: String::new(),
        });
        world
    }

    fn tell(&mut self, fact: impl Into<Observation>) -> u64 {
        let fact = fact.into();
        admit(&self.0, &fact).unwrap_or_else(|why| panic!("{fact:?}: {why}"));
        let index = self.0.last().map_or(1, |last| last.index + 1);
        fold(&mut self.0, Stamp { index, time: Instant(START + index as i64) }, &fact);
        index
    }

    fn event(&mut self, word: &str, hours: i64) {
        self.tell(Figure {
            exchange: "x".into(),
            subject: Some(Name::new("incident", "i")),
            word: word.into(),
            at: Instant(START + hours * HOUR),
            value: FigureValue::Happened { by: None, amount: None },
            grade: Grade::Declared,
            confidence: None,
            source: String::new(),
            corrects: None,
        });
    }

    /// `verdict, hours from start to done` of each run of a rule, as of so many hours.
    fn runs(&self, rule: &str, hours: i64) -> Vec<String> {
        let (book, problems) = rulebook::build(vocabulary(), vec![Source { path: "x.md".into(), text: PAGE.into() }]);
        let errors: Vec<_> = problems.iter().filter(|p| p.level == rulebook::problem::Level::Error).collect();
        assert!(errors.is_empty(), "{errors:?}");
        let view = self.0.view("x", KnownAt::Now).unwrap();
        let kind = vocabulary().kind("incident").unwrap();
        let subject: Option<Subject> = view.record.subject(kind, "i");
        let id = book.rule(rule).unwrap();
        let mut evaluator = Evaluator::new(&book, &view);
        let at = evaluator.at(Instant(START + hours * HOUR), book.rules[id.index()].instrument);
        let runs = evaluator.runs(id, &rulebook::evaluate::At { subject, ..at }).unwrap();
        let shown = |found: &rulebook::finding::Finding| {
            let from = found.started.unwrap().0;
            let done = found.done.map_or("-".into(), |at| ((at.0 - from) / HOUR).to_string());
            format!("{} {done}", found.verdict.name())
        };
        runs.iter().map(shown).collect()
    }
}

fn notice(hours: i64, contents: &[&str]) -> Notice {
    Notice {
        exchange: "x".into(),
        subject: Some(Name::new("incident", "i")),
        word: "reported".into(),
        to: Some("kisa".into()),
        at: Instant(START + hours * HOUR),
        contents: contents.iter().map(|code| (*code).into()).collect(),
        form: String::new(),
        document: None,
        amends: None,
        by: "p".into(),
        grade: Grade::Declared,
        source: String::new(),
    }
}

#[test]
fn only_a_complete_notice_stops_a_clock() {
    let mut world = World::new();
    world.event("learned", 0);
    assert_eq!(world.runs("x.first", 10), ["not yet due -"]);
    world.tell(notice(3, &["damage"]));
    assert_eq!(world.runs("x.first", 10), ["not yet due -"], "the cause is missing");
    assert_eq!(world.runs("x.first", 25), ["not met -"]);
    world.tell(notice(30, &["cause", "damage", "measures"]));
    assert_eq!(world.runs("x.first", 29), ["not met -"]);
    assert_eq!(world.runs("x.first", 40), ["not met 30"]);
    world.tell(notice(24, &["cause", "damage"]));
    assert_eq!(world.runs("x.first", 40), ["met 24"], "on time is done no later than due");
}

#[test]
fn an_event_that_is_merely_declared_is_taken_as_complete() {
    let mut world = World::new();
    world.event("learned", 0);
    world.tell(Figure {
        exchange: "x".into(),
        subject: Some(Name::new("incident", "i")),
        word: "reported".into(),
        at: Instant(START + HOUR),
        value: FigureValue::Happened { by: Some("kisa".into()), amount: None },
        grade: Grade::Declared,
        confidence: None,
        source: String::new(),
        corrects: None,
    });
    assert_eq!(world.runs("x.first", 40), ["met 1"]);
}

#[test]
fn each_start_has_a_run_of_its_own() {
    let mut world = World::new();
    world.event("fact_confirmed", 0);
    world.event("fact_confirmed", 30);
    world.tell(notice(2, &[]));
    assert_eq!(world.runs("x.followup", 40), ["met 2", "not yet due -"]);
    world.tell(notice(60, &[]));
    assert_eq!(world.runs("x.followup", 70), ["met 2", "not met 30"]);
    assert_eq!(world.runs("x.first", 70), Vec::<String>::new(), "never learned: no run");
}

#[test]
fn what_the_door_refuses() {
    let mut world = World::new();
    world.event("occurred", 5);
    let check = |world: &World, fact: Notice, expected: Result<(), (Code, &str)>| {
        let found = admit(&world.0, &fact.into());
        assert_eq!(found.as_ref().map(drop).map_err(|why| (why.code, why.field)), expected, "{found:?}");
    };
    check(&world, notice(5, &[]), Ok(()));
    check(&world, notice(4, &[]), Err((Code::Backwards, "at")));
    check(&world, notice(5, &["b", "a"]), Err((Code::Unsorted, "contents")));
    check(&world, Notice { to: None, ..notice(5, &[]) }, Err((Code::WrongType, "value")));
    check(&world, Notice { word: "told".into(), ..notice(5, &[]) }, Err((Code::UnknownWord, "word")));
    check(&world, Notice { word: "staff".into(), ..notice(5, &[]) }, Err((Code::WrongSubject, "subject")));
    let other = Some(Name::new("incident", "j"));
    check(&world, Notice { subject: other, ..notice(5, &[]) }, Err((Code::UnknownSubject, "subject")));
    check(&world, Notice { amends: Some(1), ..notice(5, &[]) }, Err((Code::NothingToCorrect, "amends")));
    let first = world.tell(notice(6, &[]));
    check(&world, Notice { amends: Some(first), ..notice(7, &[]) }, Ok(()));
}

#[test]
fn a_remark_said_again_after_another_is_new() {
    let mut world = World::new();
    let remark = |text: &str| Remark {
        exchange: "x".into(),
        subject: Some(Name::new("incident", "i")),
        at: Instant(START),
        topic: "cause".into(),
        id: String::new(),
        text: text.into(),
        owner: String::new(),
        due: None,
        done: false,
        by: "p".into(),
        source: String::new(),
    };
    let first = world.tell(remark("a stolen key"));
    let already = |world: &World, text: &str| admit(&world.0, &remark(text).into()).unwrap();
    assert_eq!(already(&world, "a stolen key"), kernel::door::Accepted::Already(first));
    world.tell(remark("a biased nonce"));
    assert_eq!(already(&world, "a stolen key"), kernel::door::Accepted::New);
    let record = world.0.record("x").unwrap();
    assert_eq!(record.remarks().len(), 2, "every statement is kept");
}
