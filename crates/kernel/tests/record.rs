//! What a rule reads: valid time against known time, corrections, lists, events, judgements.

use kernel::fact::*;
use kernel::known::{KnownAt, Stamp};
use kernel::state::{State, fold};
use kernel::view::View;
use kernel::words::vocabulary;
use rulebook::facts::{Datum, Facts, Subject};
use rulebook::time::Instant;
use rulebook::vocabulary::WordId;

/// A state with `upbit`; entry `n` has the time `1,000 n`.
struct World(State, u64);

impl World {
    fn new() -> World {
        let mut world = World(State::new(vocabulary()), 0);
        let text = || String::from("x");
        world.tell(ExchangeRegistered { id: "upbit".into(), name_en: text(), name_ko: text(), source: text() });
        world
    }

    fn tell(&mut self, fact: impl Into<Observation>) -> u64 {
        self.1 += 1;
        let stamp = Stamp { index: self.1, time: Instant(self.1 as i64 * 1_000) };
        fold(&mut self.0, stamp, &fact.into());
        assert_eq!(self.0.counts().set_aside, 0);
        self.1
    }

    fn word(&self, name: &str) -> WordId {
        self.0.vocabulary().find(name).unwrap()
    }

    fn view(&self, known: KnownAt) -> View<'_> {
        self.0.view("upbit", known).unwrap()
    }

    fn subject(&self, kind: &str, name: &str) -> Subject {
        let kind = self.0.vocabulary().kind(kind).unwrap();
        self.0.record("upbit").unwrap().subject(kind, name).unwrap()
    }

    /// A word of the exchange as text: `-` unrecorded, `?` missing, `none`, or the number.
    fn read(&self, word: &str, at: i64, known: KnownAt) -> String {
        let view = self.view(known);
        show(view.value(None, self.word(word), Instant(at)).map(|r| r.datum))
    }

    fn events(&self, subject: Option<Subject>, word: &str, until: i64, known: KnownAt) -> String {
        let view = self.view(known);
        let mut seen = String::new();
        let all = view.events(subject, self.word(word), Instant(until), &mut |o| {
            seen += &format!("{}{} ", o.at.0, o.by.unwrap_or(""));
        });
        format!("{seen}{all:?}")
    }

    fn subjects(&self, kind: &str, at: i64, known: KnownAt) -> String {
        let view = self.view(known);
        let mut seen = String::new();
        let kind = self.0.vocabulary().kind(kind).unwrap();
        let all = view.subjects(kind, Instant(at), &mut |s| seen += &format!("{} ", view.record.name(s)));
        format!("{seen}{all:?}")
    }
}

fn show(datum: Option<Datum<'_>>) -> String {
    match datum {
        None => "-".into(),
        Some(Datum::Missing) => "?".into(),
        Some(Datum::None) => "none".into(),
        Some(Datum::Number(n, _)) => n.to_string(),
        Some(Datum::Truth(yes)) => yes.to_string(),
        Some(other) => format!("{other:?}"),
    }
}

fn figure(word: &str, at: i64, value: FigureValue) -> Figure {
    Figure {
        exchange: "upbit".into(),
        subject: None,
        word: word.into(),
        at: Instant(at),
        value,
        grade: Grade::Signed,
        confidence: None,
        source: String::new(),
        corrects: None,
    }
}

fn number(n: i128) -> FigureValue {
    FigureValue::Number(Exact::new(n, 1).unwrap(), None)
}

fn happened(by: Option<&str>) -> FigureValue {
    FigureValue::Happened { by: by.map(String::from), amount: None }
}

const NOW: KnownAt = KnownAt::Now;

#[test]
fn valid_time_and_known_time_are_two_times() {
    let mut world = World::new();
    let first = world.tell(figure("staff", 100, number(10)));
    let second = world.tell(figure("staff", 300, number(30)));
    let late = world.tell(figure("staff", 200, number(20)));
    let corrected = world.tell(figure("staff", 100, number(11)));
    let moved = world.tell(Figure { corrects: Some(second), ..figure("staff", 250, number(31)) });
    let check = |at, known, value: &str| assert_eq!(world.read("staff", at, known), value, "{at} {known:?}");
    let entry = KnownAt::Entry;
    for (at, known, value) in [
        (99, NOW, "-"),
        (100, NOW, "11"),
        (200, NOW, "20"),
        (249, NOW, "20"),
        (250, NOW, "31"),
        (9_999, NOW, "31"),
        (9_999, entry(first - 1), "-"),
        (9_999, entry(first), "10"),
        (9_999, entry(second), "30"),
        (250, entry(second), "10"),
        (250, entry(late), "20"),
        (150, entry(late), "10"),
        (150, entry(corrected), "11"),
        (300, entry(corrected), "30"),
        (299, entry(corrected), "20"),
        (299, entry(moved), "31"),
        (150, KnownAt::Time(Instant(late as i64 * 1_000)), "10"),
        (150, KnownAt::Time(Instant(corrected as i64 * 1_000 - 1)), "10"),
        (150, KnownAt::Time(Instant(corrected as i64 * 1_000)), "11"),
    ] {
        check(at, known, value);
    }
}

#[test]
fn a_series_visits_what_a_window_counts() {
    let mut world = World::new();
    for (at, n) in [(100, 1), (200, 2), (300, 3), (200, 4)] {
        world.tell(figure("staff", at, number(n)));
    }
    let check = |after, until, known, seen: &str| {
        let view = world.view(known);
        let mut text = String::new();
        view.series(None, world.word("staff"), Instant(after), Instant(until), &mut |at, reading| {
            text += &format!("{}={} ", at.0, show(Some(reading.datum)));
        });
        assert_eq!(text.trim(), seen, "({after}, {until}] {known:?}");
    };
    check(0, 999, NOW, "100=1 200=4 300=3");
    check(100, 300, NOW, "200=4 300=3");
    check(100, 299, NOW, "200=4");
    check(300, 100, NOW, "");
    check(0, 999, KnownAt::Entry(4), "100=1 200=2 300=3");
    check(0, 999, KnownAt::Entry(3), "100=1 200=2");
}

#[test]
fn missing_none_and_silence_differ() {
    let mut world = World::new();
    world.tell(figure("staff", 100, FigureValue::Missing));
    world.tell(figure("staff", 200, FigureValue::None));
    for (at, value) in [(99, "-"), (100, "?"), (200, "none")] {
        assert_eq!(world.read("staff", at, NOW), value);
    }
}

#[test]
fn events_come_in_order_and_are_corrected_one_by_one() {
    let mut world = World::new();
    let subject = Some(Name::new("incident", "i-1"));
    let report = |at, by, corrects| Figure { subject: subject.clone(), corrects, ..figure("reported", at, by) };
    let fiu = world.tell(report(300, happened(Some("fiu")), None));
    world.tell(report(100, happened(Some("police")), None));
    world.tell(report(300, happened(Some("kisa")), None));
    let before = world.tell(report(300, happened(Some("kisa")), None));
    let moved = world.tell(report(200, happened(Some("fiu")), Some(fiu)));
    let gone = world.tell(report(200, FigureValue::None, Some(moved)));
    let unsure = world.tell(report(400, FigureValue::Missing, None));
    let incident = Some(world.subject("incident", "i-1"));
    for (until, known, seen) in [
        (299, KnownAt::Entry(before), "100police Yes"),
        (300, KnownAt::Entry(before), "100police 300fiu 300kisa Yes"),
        (300, KnownAt::Entry(moved), "100police 200fiu 300kisa Yes"),
        (300, KnownAt::Entry(gone), "100police 300kisa Yes"),
        (300, KnownAt::Entry(unsure), "100police 300kisa Yes"),
        (400, NOW, "100police 300kisa No"),
        (400, KnownAt::Entry(1), "Yes"),
    ] {
        assert_eq!(world.events(incident, "reported", until, known), seen, "{until} {known:?}");
    }
}

#[test]
fn two_amounts_at_one_moment_are_two_occurrences() {
    let mut world = World::new();
    for n in [5, 7] {
        let value = FigureValue::Happened { by: None, amount: Exact::new(n, 1) };
        let subject = Some(Name::new("wallet", "hot-1"));
        world.tell(Figure { subject, ..figure("wallet.outflow", 100, value) });
    }
    let wallet = Some(world.subject("wallet", "hot-1"));
    assert_eq!(world.events(wallet, "wallet.outflow", 100, NOW), "100 100 Yes");
}

#[test]
fn lists_are_unknown_until_someone_names_one_or_says_there_is_none() {
    let mut world = World::new();
    let known = |name: &str, from, until| SubjectKnown {
        exchange: "upbit".into(),
        subject: Name::new("ciso", name),
        from,
        until,
        refers: Vec::new(),
        source: String::new(),
    };
    let none = world.tell(RosterKnown { exchange: "upbit".into(), kind: "ciso".into() });
    let a = world.tell(known("a", Some(Instant(100)), None));
    let ended = world.tell(known("a", Some(Instant(100)), Some(Instant(200))));
    world.tell(known("b", Some(Instant(201)), None));
    let asset = world.tell(Figure { subject: Some(Name::new("asset", "BTC")), ..figure("held", 1, number(1)) });
    for (kind, at, known, seen) in [
        ("ciso", 500, KnownAt::Entry(none - 1), "No"),
        ("ciso", 500, KnownAt::Entry(none), "Yes"),
        ("ciso", 500, KnownAt::Entry(a), "a Yes"),
        ("ciso", 99, KnownAt::Entry(a), "Yes"),
        ("ciso", 500, KnownAt::Entry(ended), "Yes"),
        ("ciso", 200, NOW, "a Yes"),
        ("ciso", 201, NOW, "b Yes"),
        ("asset", 0, KnownAt::Entry(asset - 1), "No"),
        ("asset", 0, NOW, "BTC Yes"),
    ] {
        assert_eq!(world.subjects(kind, at, known), seen, "{kind} {at} {known:?}");
    }
}

#[test]
fn a_withdrawal_belongs_with_its_wallet() {
    let mut world = World::new();
    let known = |wallet| SubjectKnown {
        exchange: "upbit".into(),
        subject: Name::new("withdrawal", "w"),
        from: None,
        until: None,
        refers: vec![Name::new("asset", "BTC"), Name::new("wallet", wallet)],
        source: String::new(),
    };
    let first = world.tell(known("hot"));
    world.tell(known("cold"));
    let wallet = world.0.vocabulary().kind("wallet").unwrap();
    let withdrawal = world.subject("withdrawal", "w");
    for (at, name) in [(KnownAt::Entry(first), "hot"), (NOW, "cold")] {
        let view = world.view(at);
        assert_eq!(view.record.name(view.refers(withdrawal, wallet).unwrap()), name);
    }
    assert_eq!(world.view(KnownAt::Entry(first - 1)).refers(withdrawal, wallet), None);
}

#[test]
fn the_shared_record_answers_where_the_exchange_is_silent() {
    let mut world = World::new();
    let shared = world.tell(Figure { exchange: String::new(), ..figure("eur_rate", 100, number(1_500)) });
    assert_eq!(world.read("eur_rate", 100, NOW), "1500");
    assert_eq!(world.read("eur_rate", 100, KnownAt::Entry(shared - 1)), "-");
    world.tell(figure("eur_rate", 200, number(1_600)));
    assert_eq!(world.read("eur_rate", 200, NOW), "1600");
    assert_eq!(world.read("eur_rate", 150, NOW), "-", "an exchange that speaks for itself speaks for all times");
    assert_eq!(world.read("eur_rate", 150, KnownAt::Entry(shared)), "1500");
}

#[test]
fn the_latest_judgement_holds_until_it_ends() {
    let mut world = World::new();
    let judged = |answer, at, until: Option<i64>| Judged {
        exchange: "upbit".into(),
        subject: None,
        judgement: "kr.vaupa.urgent_need".into(),
        answer,
        reasons: "r".into(),
        by: "p".into(),
        at: Instant(at),
        until: until.map(Instant),
    };
    let first = world.tell(judged(true, 100, None));
    world.tell(judged(false, 200, Some(300)));
    for (at, known, answer) in [
        (99, NOW, "-"),
        (100, NOW, "true"),
        (200, NOW, "false"),
        (300, NOW, "false"),
        (301, NOW, "-"),
        (301, KnownAt::Entry(first), "true"),
    ] {
        let view = world.view(known);
        let given = view.given(None, "kr.vaupa.urgent_need", Instant(at));
        assert_eq!(show(given.map(|r| r.datum)), answer, "{at} {known:?}");
    }
}
