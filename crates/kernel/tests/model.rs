//! The record against a slow reading of the same facts, written differently: a list is replayed from the start for every
//! known time, nothing is sorted and nothing is kept from one question to the next.

use kernel::fact::*;
use kernel::known::{KnownAt, Stamp};
use kernel::state::{State, fold};
use kernel::words::vocabulary;
use proptest::prelude::*;
use rulebook::facts::{Datum, Facts};
use rulebook::time::Instant;

const TIMES: i64 = 6;

#[derive(Clone, Debug)]
struct Told {
    at: i64,
    say: u8,
    /// How many entries back the corrected one lies.
    corrects: Option<usize>,
}

fn told() -> impl Strategy<Value = Vec<Told>> {
    let one = (0..TIMES, 0u8..4, proptest::option::weighted(0.3, 1usize..4));
    proptest::collection::vec(one.prop_map(|(at, say, corrects)| Told { at, say, corrects }), 0..24)
}

/// What stands after the first `count` facts: (valid from, entry, what was said).
fn stands(facts: &[Told], count: usize, same: fn(u8, u8) -> bool) -> Vec<(i64, usize, u8)> {
    let mut list: Vec<(i64, usize, u8)> = Vec::new();
    for (i, told) in facts.iter().take(count).enumerate() {
        let entry = i + 2;
        list.retain(|old| told.corrects.is_none_or(|back| old.1 + back != entry));
        list.retain(|old| old.0 != told.at || !same(old.2, told.say));
        list.push((told.at, entry, told.say));
    }
    list.sort();
    list
}

fn world(facts: &[Told], word: &str, value: fn(u8) -> FigureValue) -> State {
    let mut state = State::new(vocabulary());
    let text = || String::from("x");
    let registered = ExchangeRegistered { id: text(), name_en: text(), name_ko: text(), source: text() };
    fold(&mut state, Stamp { index: 1, time: Instant(10) }, &registered.into());
    for (i, told) in facts.iter().enumerate() {
        let entry = i as u64 + 2;
        let figure = Figure {
            exchange: text(),
            subject: None,
            word: word.into(),
            at: Instant(told.at),
            value: value(told.say),
            grade: Grade::Declared,
            confidence: None,
            source: String::new(),
            corrects: told.corrects.map(|back| entry.saturating_sub(back as u64)),
        };
        // Two entries to a moment, so that entry and time are not the same question.
        fold(&mut state, Stamp { index: entry, time: Instant(entry as i64 / 2 * 10) }, &figure.into());
    }
    assert_eq!(state.counts().set_aside, 0);
    state
}

/// Every known time, with how many facts it knows.
fn known_times(facts: usize) -> impl Iterator<Item = (KnownAt, usize)> {
    let entries = (0..=facts).map(|count| (KnownAt::Entry(count as u64 + 1), count));
    let moments = (2..facts + 3).map(move |entry| {
        let at = entry as i64 / 2 * 10;
        let count = (0..facts).filter(|i| (*i as i64 + 2) / 2 * 10 <= at).count();
        (KnownAt::Time(Instant(at)), count)
    });
    entries.chain(moments).chain([(KnownAt::Now, facts)])
}

fn number(say: u8) -> FigureValue {
    if say == 0 { FigureValue::None } else { FigureValue::Number(Exact::new(say.into(), 1).unwrap(), None) }
}

fn said(datum: Datum<'_>) -> u8 {
    match datum {
        Datum::Number(n, None) => n.to_integer().unwrap().try_into().unwrap(),
        Datum::None => 0,
        other => panic!("{other:?}"),
    }
}

fn occurrence(say: u8) -> FigureValue {
    if say == 0 { FigureValue::None } else { FigureValue::Happened { by: Some(say.to_string()), amount: None } }
}

proptest! {
    #[test]
    fn values_agree(facts in told()) {
        let state = world(&facts, "staff", number);
        let word = state.vocabulary().find("staff").unwrap();
        for (known, count) in known_times(facts.len()) {
            let list = stands(&facts, count, |_, _| true);
            let view = state.view("x", known).unwrap();
            for at in -1..=TIMES {
                let expected = list.iter().rfind(|old| old.0 <= at).map(|old| (old.1 as u64, old.2));
                let found = view.value(None, word, Instant(at)).map(|r| (r.evidence.unwrap().entry, said(r.datum)));
                prop_assert_eq!(found, expected, "{:?} at {}", known, at);
            }
            for (after, until) in [(-1, TIMES), (0, 3), (2, 2), (3, 1), (1, 4)] {
                let expected: Vec<(i64, u8)> =
                    list.iter().filter(|old| after < old.0 && old.0 <= until).map(|old| (old.0, old.2)).collect();
                let mut found = Vec::new();
                view.series(None, word, Instant(after), Instant(until), &mut |at, r| found.push((at.0, said(r.datum))));
                prop_assert_eq!(found, expected, "{:?} in ({}, {}]", known, after, until);
            }
        }
    }

    #[test]
    fn events_agree(facts in told()) {
        let state = world(&facts, "reported", occurrence);
        let word = state.vocabulary().find("reported").unwrap();
        for (known, count) in known_times(facts.len()) {
            let list = stands(&facts, count, |old, new| old == new);
            let view = state.view("x", known).unwrap();
            for until in -1..=TIMES {
                let expected: Vec<(i64, u64, String)> = list
                    .iter()
                    .filter(|old| old.0 <= until && old.2 != 0)
                    .map(|old| (old.0, old.1 as u64, old.2.to_string()))
                    .collect();
                let mut found = Vec::new();
                view.events(None, word, Instant(until), &mut |o| {
                    found.push((o.at.0, o.evidence.unwrap().entry, o.by.unwrap().to_string()));
                });
                prop_assert_eq!(found, expected, "{:?} until {}", known, until);
            }
        }
    }
}
