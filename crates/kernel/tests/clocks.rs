//! Clocks that run out: concluded once, by the entry that says that time passed; and the next of many, at once.

use kernel::body::Body;
use kernel::clocks::{self, Deadlines};
use kernel::conclude::conclude;
use kernel::fact::*;
use kernel::known::Stamp;
use kernel::replay::Replay;
use kernel::state::{State, fold};
use kernel::words::vocabulary;
use rulebook::time::Instant;

const HOUR: i64 = 3_600_000;

const PAGE: &str = r#"
```page
id = "t"
zone = "UTC"
```
```rule
id = "t.day"
cite = ["1"]
for = "incident"
from = 1970-01-01
starts = "learned"
due = "start + 24 h"
done = ["reported to kisa"]
```
```rule
id = "t.three"
cite = ["2"]
for = "incident"
from = 1970-01-01
starts = "learned"
due = "start + 72 h"
done = ["final_report"]
```
```rule
id = "t.filed"
cite = ["3"]
from = 1970-01-01
starts = "ciso_duty_arose"
due = "start + 48 h"
done = ["ciso_filed"]
```
"#;

struct Journal {
    state: State,
    entries: Vec<(Stamp, u16, Vec<u8>)>,
}

impl Journal {
    fn new() -> Journal {
        let mut journal = Journal { state: State::new(vocabulary()), entries: Vec::new() };
        let page = RulebookPage { path: "t.md".into(), text: PAGE.into() };
        let pages = vec![(page.path.clone(), page.hash())];
        journal.tell(0, page);
        journal.tell(0, RulebookAdopted { id: "t".into(), pages });
        let (name_en, name_ko) = ("X".into(), "엑스".into());
        journal.tell(0, ExchangeRegistered { id: "x".into(), name_en, name_ko, source: String::new() });
        journal
    }

    /// Writes at an hour; the conclusions, decoded where time passed.
    fn tell(&mut self, hour: i64, fact: impl Into<Observation>) -> Vec<String> {
        let fact = fact.into();
        let stamp = Stamp { index: self.entries.len() as u64 + 1, time: Instant(hour * HOUR) };
        let conclusions = conclude(&self.state, &fact, stamp);
        let body = Body { observation: fact.clone(), conclusions: conclusions.clone() };
        self.entries.push((stamp, fact.kind(), body.encode().unwrap()));
        fold(&mut self.state, stamp, &fact);
        let lapses = conclusions.map_or(Vec::new(), |bytes| clocks::decode(&bytes).unwrap());
        lapses
            .iter()
            .map(|l| format!("{} {} {}", l.exchange, l.finding.rule, l.finding.due.unwrap().0 / HOUR))
            .collect()
    }

    fn event(&mut self, hour: i64, subject: Option<&str>, word: &str, by: Option<&str>) {
        self.tell(
            hour,
            Figure {
                exchange: "x".into(),
                subject: subject.map(|name| Name::new("incident", name)),
                word: word.into(),
                at: Instant(hour * HOUR),
                value: FigureValue::Happened { by: by.map(Into::into), amount: None },
                grade: Grade::Declared,
                confidence: None,
                source: String::new(),
                corrects: None,
            },
        );
    }

    fn replayed(&self) -> Replay<'static> {
        let mut replay = Replay::reperform(vocabulary());
        for (stamp, kind, body) in &self.entries {
            replay.entry(*stamp, *kind, body).unwrap();
        }
        replay
    }
}

#[test]
fn a_clock_that_nobody_stopped_is_concluded_once() {
    let mut journal = Journal::new();
    journal.event(1, Some("a"), "learned", None);
    journal.event(2, Some("b"), "learned", None);
    journal.event(3, None, "ciso_duty_arose", None);
    journal.event(20, Some("b"), "reported", Some("kisa"));
    assert_eq!(
        journal.tell(25, TimePassed::default()),
        Vec::<String>::new(),
        "due is the last moment, and it is not past"
    );
    assert_eq!(journal.tell(26, TimePassed::default()), ["x t.day 25"], "b was reported");
    assert_eq!(journal.tell(27, TimePassed::default()), Vec::<String>::new());
    assert_eq!(journal.tell(100, TimePassed::default()), ["x t.filed 51", "x t.three 73", "x t.three 74"]);
    let replay = journal.replayed();
    assert_eq!((replay.differences.len(), replay.tally.findings), (0, 4));
}

#[test]
fn a_lapse_left_out_or_made_up_is_a_difference() {
    let mut journal = Journal::new();
    journal.event(1, Some("a"), "learned", None);
    journal.tell(26, TimePassed::default());
    let (stamp, kind, honest) = journal.entries.pop().unwrap();
    let body = Body::decode(kind, &honest).unwrap();
    let without = Body { conclusions: None, ..body.clone() };
    journal.entries.push((stamp, kind, without.encode().unwrap()));
    let replay = journal.replayed();
    assert_eq!(replay.differences.len(), 1);
    assert_eq!(replay.differences[0].exchange, "x");
    assert!(replay.differences[0].recorded.is_none());

    journal.entries.pop();
    let mut lapses = clocks::decode(&body.conclusions.clone().unwrap()).unwrap();
    lapses.push(lapses[0].clone());
    let twice = Body { conclusions: Some(clocks::encode(&lapses)), ..body };
    journal.entries.push((stamp, kind, twice.encode().unwrap()));
    assert_eq!(journal.replayed().differences.len(), 1);
}

#[test]
fn the_next_deadline_follows_what_is_told() {
    let mut journal = Journal::new();
    let mut deadlines = Deadlines::default();
    assert_eq!(deadlines.next(Instant(0)), None);
    journal.event(1, Some("a"), "learned", None);
    journal.event(2, Some("b"), "learned", None);
    let kind = vocabulary().kind("incident").unwrap();
    let subject = |journal: &Journal, name: &str| journal.state.record("x").unwrap().subject(kind, name);
    for name in ["a", "b"] {
        deadlines.touch(&journal.state, "x", subject(&journal, name), Instant(3 * HOUR));
    }
    assert_eq!(deadlines.len(), 4);
    assert_eq!(deadlines.next(Instant(3 * HOUR)), Some(Instant(25 * HOUR)));
    journal.event(4, Some("a"), "reported", Some("kisa"));
    deadlines.touch(&journal.state, "x", subject(&journal, "a"), Instant(5 * HOUR));
    assert_eq!(deadlines.next(Instant(5 * HOUR)), Some(Instant(26 * HOUR)));
    assert_eq!(deadlines.next(Instant(26 * HOUR)), Some(Instant(73 * HOUR)));
    journal.event(6, None, "ciso_duty_arose", None);
    deadlines.touch(&journal.state, "x", None, Instant(6 * HOUR));
    let anew = Deadlines::of(&journal.state, &[], Instant(6 * HOUR));
    assert_eq!((deadlines.len(), deadlines.next(Instant(27 * HOUR))), (anew.len(), anew.next(Instant(27 * HOUR))));
    assert_eq!(anew.next(Instant(27 * HOUR)), Some(Instant(54 * HOUR)));
}
