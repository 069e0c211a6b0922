//! A draft over adopted pages: re-deciding sees the draft and its base alone; the counterfactual sees every rule that reads a verdict the
//! draft changes.

use kernel::body::Body;
use kernel::conclude::conclude;
use kernel::fact::{
    AssessmentAsked, Exact, ExchangeRegistered, Figure, FigureValue, Grade, Observation, RulebookAdopted, RulebookPage,
};
use kernel::known::{KnownAt, Stamp};
use kernel::replay::Replay;
use kernel::state::{State, fold};
use rulebook::page::Source;
use rulebook::time::{Instant, Zone};

const STAFFED: &str = r#"
```page
id        = "test.staffed"
zone      = "Asia/Seoul"
authority = "fsc"
read      = 2026-11-24
```
```parameter
id     = "least"
unit   = "person"
cite   = ["test"]
values = { 2024-01-01 = 3 }
```
```rule
id      = "test.staffed"
cite    = ["test"]
from    = 2024-01-01
require = ["staff >= least"]
```
"#;

/// On a page of its own: whoever misses the duty of the other page must have an officer for it.
const READER: &str = r#"
```page
id        = "test.reader"
zone      = "Asia/Seoul"
authority = "fsc"
read      = 2026-11-24
```
```rule
id      = "test.reader"
cite    = ["test"]
from    = 2024-01-01
applies = ["'test.staffed' is not met"]
require = ["it_staff >= 1 person"]
```
"#;

const DRAFT: &str = r#"
```draft
id    = "five"
base  = ["../staffed.md"]
title = "five people"
by    = "nobody"
on    = 2026-11-24
```
```parameter
id     = "least"
values = { 2024-01-01 = 5 }
```
"#;

fn draft(path: &str) -> Source {
    Source { path: path.into(), text: DRAFT.into() }
}

/// The entries of a journal in which an exchange of four people and no IT staff was assessed.
fn journal() -> Vec<(Stamp, u16, Vec<u8>)> {
    let zone = Zone::get("Asia/Seoul").expect("a zone");
    let at = zone.read("2025-01-31").expect("a day");
    let pages = [("law/x/staffed.md", STAFFED), ("law/x/reader.md", READER)]
        .map(|(path, text)| RulebookPage { path: path.into(), text: text.into() });
    let mut listed: Vec<_> = pages.iter().map(|p| (p.path.clone(), p.hash())).collect();
    listed.sort();
    let mut observations: Vec<Observation> = pages.map(Observation::from).to_vec();
    observations.push(RulebookAdopted { id: "test".into(), pages: listed }.into());
    observations.push(
        ExchangeRegistered { id: "x".into(), name_en: "x".into(), name_ko: "x".into(), source: "test".into() }.into(),
    );
    for (word, heads) in [("staff", 4), ("it_staff", 0)] {
        let value = FigureValue::Number(Exact::new(heads, 1).expect("a number"), None);
        observations.push(
            Figure {
                exchange: "x".into(),
                subject: None,
                word: word.into(),
                at,
                value,
                grade: Grade::Declared,
                confidence: None,
                source: "test".into(),
                corrects: None,
            }
            .into(),
        );
    }
    let asked = AssessmentAsked { exchange: "x".into(), as_of: at, known: KnownAt::Now, laws: vec![] };
    observations.push(asked.into());
    let mut state = State::new(kernel::words::vocabulary());
    let mut entries = Vec::new();
    for (index, observation) in (1u64..).zip(observations) {
        let stamp = Stamp { index, time: Instant(i64::try_from(index).expect("few")) };
        let conclusions = conclude(&state, &observation, stamp);
        fold(&mut state, stamp, &observation);
        let kind = observation.kind();
        entries.push((stamp, kind, Body { observation, conclusions }.encode().expect("a body")));
    }
    entries
}

/// `rule: recorded -> follows` for each difference.
fn differences(mut replay: Replay<'_>) -> (Vec<String>, u64) {
    for (stamp, kind, body) in journal() {
        replay.entry(stamp, kind, &body).expect("an entry");
    }
    let name = |f: &Option<kernel::finding::Finding>| f.as_ref().map_or("nothing", |f| f.verdict.name());
    let said = replay.differences.iter().map(|d| {
        let rule = d.recorded.as_ref().or(d.follows.as_ref()).map(|f| f.rule.clone()).unwrap_or_default();
        format!("{rule}: {} -> {}", name(&d.recorded), name(&d.follows))
    });
    (said.collect(), replay.tally.not_laid)
}

#[test]
fn the_draft_alone_and_the_draft_fed_forward() {
    let vocabulary = kernel::words::vocabulary;
    let base = Source { path: "law/x/staffed.md".into(), text: STAFFED.into() };
    let (book, problems) = rulebook::build(vocabulary(), vec![base, draft("law/x/drafts/five.md")]);
    assert!(problems.is_empty(), "{problems:?}");
    let alone = differences(Replay::redecide(vocabulary(), &book));
    assert_eq!(alone, (vec!["test.staffed: met -> not met".to_string()], 0));
    let fed = differences(Replay::counterfactual(vocabulary(), draft("law/x/drafts/five.md")));
    let both = ["test.staffed: met -> not met", "test.reader: not applicable -> not met"].map(String::from);
    let (mut said, not_laid) = fed;
    said.sort();
    let mut both = both.to_vec();
    both.sort();
    assert_eq!((said, not_laid), (both, 0));
}

#[test]
fn a_draft_whose_base_was_not_adopted_is_counted_and_changes_nothing() {
    let elsewhere = differences(Replay::counterfactual(kernel::words::vocabulary(), draft("law/y/drafts/five.md")));
    assert_eq!(elsewhere, (vec![], 1));
}
