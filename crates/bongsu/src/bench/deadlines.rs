//! `bongsu bench deadlines`: a thousand open incidents with ten clocks each; the next deadline, and what an entry costs.

use crate::trouble::Trouble;
use kernel::clocks::Deadlines;
use kernel::fact::{
    ExchangeRegistered, Figure, FigureValue, Grade, Name, Observation, RulebookAdopted, RulebookPage, SubjectKnown,
};
use kernel::known::Stamp;
use kernel::state::{State, fold};
use rulebook::time::Instant;
use std::fmt::Write;
use std::time::Instant as Clock;

/// 2026-01-01T00:00:00Z.
const START: i64 = 1_767_225_600_000;
const MINUTE: i64 = 60_000;

/// Prints how long the next deadline of so many incidents takes.
pub fn run(incidents: u32, clocks: u32) -> Result<(), Trouble> {
    let mut state = State::new(kernel::words::vocabulary());
    let mut index = 0;
    let mut tell = |state: &mut State, fact: Observation| {
        index += 1;
        fold(state, Stamp { index, time: Instant(START) }, &fact);
    };
    let page = RulebookPage { path: "bench.md".into(), text: page(clocks) };
    let pages = vec![(page.path.clone(), page.hash())];
    tell(&mut state, page.into());
    tell(&mut state, RulebookAdopted { id: "bench".into(), pages }.into());
    let (name_en, name_ko) = ("X".to_string(), "엑스".to_string());
    tell(&mut state, ExchangeRegistered { id: "x".into(), name_en, name_ko, source: String::new() }.into());
    for incident in 0..incidents {
        let name = Name::new("incident", &format!("i-{incident}"));
        let (exchange, subject, source) = ("x".to_string(), name.clone(), String::new());
        tell(&mut state, SubjectKnown { exchange, subject, from: None, until: None, refers: vec![], source }.into());
        tell(&mut state, learned(name, START + i64::from(incident) * MINUTE));
    }
    let now = Instant(START + i64::from(incidents) * MINUTE);
    let started = Clock::now();
    let mut deadlines = Deadlines::of(&state, &[], now);
    println!("{} clocks of {incidents} incidents run; laid out in {:.2?}", deadlines.len(), started.elapsed());
    let started = Clock::now();
    let mut at = now;
    let mut seen = 0u32;
    while let Some(next) = deadlines.next(at) {
        (at, seen) = (next, seen + 1);
    }
    let each = started.elapsed() / seen.max(1);
    println!("next deadline: {each:.2?} each, {seen} moments walked");
    let kind = state.vocabulary().kind("incident");
    let subject = kind.and_then(|kind| state.record("x")?.subject(kind, "i-0"));
    let rounds = 1_000;
    let started = Clock::now();
    for _ in 0..rounds {
        deadlines.touch(&state, "x", subject, now);
    }
    println!("an entry about one incident: {:.2?} until the next deadline is known again", started.elapsed() / rounds);
    Ok(())
}

fn learned(name: Name, at: i64) -> Observation {
    Figure {
        exchange: "x".into(),
        subject: Some(name),
        word: "learned".into(),
        at: Instant(at),
        value: FigureValue::Happened { by: None, amount: None },
        grade: Grade::Declared,
        confidence: None,
        source: String::new(),
        corrects: None,
    }
    .into()
}

fn page(clocks: u32) -> String {
    let mut text = String::from("```page\nid = \"bench\"\nzone = \"UTC\"\n```\n");
    for clock in 1..=clocks {
        let _ = write!(
            text,
            "```rule\nid = \"bench.{clock}\"\ncite = [\"1\"]\nfor = \"incident\"\nfrom = 2020-01-01\nstarts = \"learned\"\ndue = \"start + {} h\"\ndone = [\"reported to kisa\"]\n```\n",
            24 * clock
        );
    }
    text
}
