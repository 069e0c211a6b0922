//! What the door refuses, and what it takes for a repetition.

use kernel::door::{Accepted, admit};
use kernel::fact::*;
use kernel::known::{KnownAt, Stamp};
use kernel::limits;
use kernel::refusal::Code;
use kernel::state::{State, fold};
use kernel::words::vocabulary;
use rulebook::time::{Civil, Instant};
use rulebook::unit::Dimension;

struct World(State);

impl World {
    fn new() -> World {
        let mut world = World(State::new(vocabulary()));
        world.tell(registered("upbit", "Upbit"));
        world
    }

    /// Admits and folds; the entry that now says it.
    fn tell(&mut self, fact: impl Into<Observation>) -> u64 {
        let fact = fact.into();
        match admit(&self.0, &fact).unwrap() {
            Accepted::Already(entry) => entry,
            Accepted::New => {
                let index = self.0.last().map_or(1, |last| last.index + 1);
                fold(&mut self.0, Stamp { index, time: Instant(index as i64) }, &fact);
                index
            }
        }
    }

    fn check(&self, fact: impl Into<Observation>, expected: Result<(), (Code, &str)>) {
        let fact = fact.into();
        let found = admit(&self.0, &fact);
        let short = found.as_ref().map(drop).map_err(|why| (why.code, why.field));
        assert_eq!(short, expected, "{fact:?}: {found:?}");
        if let Err(why) = found {
            assert!(!why.expected.is_empty() && !why.found.is_empty() && !why.hint.is_empty(), "{why}");
            assert!(why.to_string().len() < 2_000);
        }
    }
}

fn registered(id: &str, name: &str) -> ExchangeRegistered {
    ExchangeRegistered { id: id.into(), name_en: name.into(), name_ko: name.into(), source: String::new() }
}

fn figure(word: &str, value: FigureValue) -> Figure {
    Figure {
        exchange: "upbit".into(),
        subject: None,
        word: word.into(),
        at: Instant(1_700_000_000_000),
        value,
        grade: Grade::Declared,
        confidence: None,
        source: String::new(),
        corrects: None,
    }
}

fn of(kind: &str, name: &str, figure: Figure) -> Figure {
    Figure { subject: Some(Name::new(kind, name)), ..figure }
}

fn number(num: i128, den: i128) -> FigureValue {
    FigureValue::Number(Exact::new(num, den).unwrap(), None)
}

fn money(currency: Dimension) -> FigureValue {
    FigureValue::Number(Exact::new(5, 1).unwrap(), Some(currency))
}

fn happened(by: Option<&str>, amount: Option<i128>) -> FigureValue {
    FigureValue::Happened { by: by.map(String::from), amount: amount.and_then(|n| Exact::new(n, 1)) }
}

fn civil(months: i32) -> FigureValue {
    FigureValue::Civil(Civil { months, ..Civil::default() })
}

#[test]
fn a_value_fits_its_word() {
    let world = World::new();
    let no = |code| Err((code, "value"));
    let long = || FigureValue::Code("x".repeat(limits::NAME + 1));
    let many = || FigureValue::Codes((100..200).map(|n| n.to_string()).collect());
    for (word, value, expected) in [
        ("staff", number(30, 1), Ok(())),
        ("staff", FigureValue::Missing, Ok(())),
        ("staff", FigureValue::None, Ok(())),
        ("staff", number(61, 2), Ok(())),
        ("staff", number(-1, 1), no(Code::Negative)),
        ("staff", FigureValue::Truth(true), no(Code::WrongType)),
        ("staff", money(Dimension::Krw), no(Code::WrongUnit)),
        ("staff", number(limits::NUMBER + 1, 1), no(Code::TooLarge)),
        ("staff", number(1, limits::NUMBER + 1), no(Code::TooLarge)),
        ("it_spend", money(Dimension::Krw), Ok(())),
        ("it_spend", number(5, 1), Ok(())),
        ("it_spend", money(Dimension::Usd), no(Code::WrongUnit)),
        ("it_spend", number(-5, 1), no(Code::Negative)),
        ("compensation_limit", money(Dimension::Usd), Ok(())),
        ("compensation_limit", number(5, 1), no(Code::WrongUnit)),
        ("fsc_cold_share", number(80, 100), Ok(())),
        ("fsc_cold_share", number(10, 1), Ok(())),
        ("fsc_cold_share", number(80, 1), no(Code::TooLarge)),
        ("fsc_cold_share", number(1001, 100), no(Code::TooLarge)),
        ("money_transferred", FigureValue::Truth(false), Ok(())),
        ("money_transferred", number(1, 1), no(Code::WrongType)),
        ("account_bank", FigureValue::Code("bank".into()), Ok(())),
        ("account_bank", FigureValue::Code(" ".into()), no(Code::Empty)),
        ("account_bank", long(), no(Code::TooLong)),
        ("money_institutions", FigureValue::codes(["bank", "broker"]), Ok(())),
        ("money_institutions", FigureValue::Codes(vec!["b".into(), "a".into()]), no(Code::Unsorted)),
        ("money_institutions", FigureValue::Codes(vec!["a".into(), "a".into()]), no(Code::Unsorted)),
        ("money_institutions", many(), no(Code::TooLong)),
        ("record_retention", civil(180), Ok(())),
        ("record_retention", civil(-1), no(Code::Negative)),
        ("record_retention", civil(i32::MAX), no(Code::TooLarge)),
        ("record_retention", FigureValue::Length(1), no(Code::WrongType)),
        ("reconciliation_interval", FigureValue::Length(300_000), Ok(())),
        ("reconciliation_interval", FigureValue::Length(-1), no(Code::Negative)),
        ("reconciliation_interval", FigureValue::Length(i64::MAX), no(Code::TooLarge)),
        ("licensed", happened(None, None), Ok(())),
        ("licensed", FigureValue::Missing, Ok(())),
        ("licensed", happened(Some("fiu"), None), no(Code::WrongType)),
        ("licensed", happened(None, Some(5)), no(Code::WrongType)),
        ("licensed", FigureValue::Truth(true), no(Code::WrongType)),
        ("reported", happened(Some("fiu"), None), Ok(())),
        ("reported", happened(None, None), no(Code::WrongType)),
    ] {
        world.check(figure(word, value), expected);
    }
    let outflow = |value| of("wallet", "hot", figure("wallet.outflow", value));
    world.check(outflow(happened(None, Some(5))), Ok(()));
    world.check(outflow(happened(None, None)), Ok(()));
    world.check(outflow(happened(None, Some(-5))), no(Code::Negative));
}

#[test]
fn a_figure_is_about_something_that_there_is() {
    let world = World::new();
    let staff = || figure("staff", number(1, 1));
    let held = |kind, name| of(kind, name, figure("held", number(1, 1)));
    world.check(Figure { exchange: "nowhere".into(), ..staff() }, Err((Code::UnknownExchange, "exchange")));
    world.check(figure("stuff", number(1, 1)), Err((Code::UnknownWord, "word")));
    world.check(held("asset", "BTC"), Ok(()));
    world.check(held("assets", "BTC"), Err((Code::UnknownKind, "subject")));
    world.check(held("ciso", "BTC"), Err((Code::WrongSubject, "subject")));
    world.check(held("asset", ""), Err((Code::Empty, "subject")));
    world.check(held("asset", &"x".repeat(limits::NAME + 1)), Err((Code::TooLong, "subject")));
    world.check(figure("held", number(1, 1)), Err((Code::WrongSubject, "subject")));
    world.check(of("asset", "BTC", staff()), Err((Code::WrongSubject, "subject")));
    world.check(of("asset", "BTC", figure("reported", happened(Some("fiu"), None))), Ok(()));
    world.check(Figure { source: "x".repeat(limits::SOURCE + 1), ..staff() }, Err((Code::TooLong, "source")));
}

#[test]
fn moments_lie_between_1900_and_2200() {
    let world = World::new();
    let bad = Err((Code::OutOfRange, "at"));
    for (at, expected) in [
        (limits::EARLIEST.0 - 1, bad),
        (limits::EARLIEST.0, Ok(())),
        (limits::LATEST.0, Ok(())),
        (limits::LATEST.0 + 1, bad),
        (i64::MIN, bad),
        (i64::MAX, bad),
    ] {
        world.check(Figure { at: Instant(at), ..figure("staff", number(1, 1)) }, expected);
    }
}

#[test]
fn a_correction_names_an_entry_that_stands() {
    let mut world = World::new();
    let at = |at, n, corrects| Figure { at: Instant(at), corrects, ..figure("staff", number(n, 1)) };
    let first = world.tell(at(100, 1, None));
    world.check(at(200, 2, Some(99)), Err((Code::NothingToCorrect, "corrects")));
    world.check(
        Figure { word: "it_staff".into(), ..at(200, 2, Some(first)) },
        Err((Code::NothingToCorrect, "corrects")),
    );
    let unknown = of("asset", "BTC", Figure { corrects: Some(first), ..figure("held", number(1, 1)) });
    world.check(unknown, Err((Code::NothingToCorrect, "corrects")));
    let second = world.tell(at(200, 2, Some(first)));
    world.check(at(300, 3, Some(first)), Err((Code::AlreadyCorrected, "corrects")));
    world.check(at(300, 3, Some(second)), Ok(()));
    let why = admit(&world.0, &at(300, 3, Some(first)).into()).unwrap_err();
    assert!(why.found.contains(&format!("entry {first}, corrected by entry {second}")), "{why}");
}

#[test]
fn the_same_fact_twice_is_one_fact() {
    let mut world = World::new();
    let staff = |n| figure("staff", number(n, 1));
    let first = world.tell(staff(1));
    assert_eq!(world.tell(staff(1)), first);
    let second = world.tell(staff(2));
    assert_eq!(world.tell(staff(1)), first, "a late repetition does not undo a correction");
    let back = world.tell(Figure { corrects: Some(second), ..staff(1) });
    assert!(back > second, "a correction does");

    let named = |name| registered("bithumb", name);
    let old = world.tell(named("Bithumb"));
    assert_eq!(world.tell(named("Bithumb")), old);
    let new = world.tell(named("Bithumb Korea"));
    assert!(world.tell(named("Bithumb")) > new, "a name may come back");

    let asked = || AssessmentAsked { exchange: "upbit".into(), as_of: Instant(0), known: KnownAt::Now, laws: vec![] };
    assert_ne!(world.tell(asked()), world.tell(asked()), "a question asked twice is two questions");
    assert_ne!(world.tell(TimePassed::default()), world.tell(TimePassed::default()));
}

#[test]
fn the_other_families_are_checked() {
    let mut world = World::new();
    world.check(registered("", "Nobody"), Err((Code::Empty, "id")));
    world.check(registered("x", &"x".repeat(limits::TITLE + 1)), Err((Code::TooLong, "name_en")));

    let subject = |from: i64, until: i64, refers: &[(&str, &str)]| SubjectKnown {
        exchange: "upbit".into(),
        subject: Name::new("withdrawal", "w"),
        from: Some(Instant(from)),
        until: Some(Instant(until)),
        refers: refers.iter().map(|(kind, name)| Name::new(kind, name)).collect(),
        source: String::new(),
    };
    world.check(subject(1, 1, &[("wallet", "hot"), ("asset", "BTC")]), Ok(()));
    world.check(subject(2, 1, &[]), Err((Code::Backwards, "until")));
    world.check(subject(i64::MIN, 1, &[]), Err((Code::OutOfRange, "from")));
    world.check(subject(1, 2, &[("wallets", "hot")]), Err((Code::UnknownKind, "refers")));
    world.check(subject(1, 2, &[("wallet", "a"), ("wallet", "b")]), Err((Code::Unsorted, "refers")));
    world.check(subject(1, 2, &[("wallet", "a"); limits::REFERS + 1]), Err((Code::TooLong, "refers")));

    let roster = |kind: &str| RosterKnown { exchange: "upbit".into(), kind: kind.into() };
    world.check(roster("ciso"), Ok(()));
    world.check(roster("cfo"), Err((Code::UnknownKind, "kind")));

    let judged = |reasons: &str, until| Judged {
        exchange: "upbit".into(),
        subject: None,
        judgement: "kr.vaupa.urgent_need".into(),
        answer: true,
        reasons: reasons.into(),
        by: "p".into(),
        at: Instant(5),
        until: Some(Instant(until)),
    };
    world.check(judged("because", 5), Ok(()));
    world.check(judged("", 5), Err((Code::Empty, "reasons")));
    world.check(judged("because", 4), Err((Code::Backwards, "until")));

    let page = |text: String| RulebookPage { path: "law/kr/vaupa.md".into(), text };
    world.check(page("x".repeat(limits::PAGE)), Ok(()));
    world.check(page("x".repeat(limits::PAGE + 1)), Err((Code::TooLong, "text")));
    let hash = page("x".into()).hash();
    let adopted = |paths: &[&str]| RulebookAdopted {
        id: "a".into(),
        pages: paths.iter().map(|path| ((*path).into(), hash)).collect(),
    };
    world.check(adopted(&["law/kr/vaupa.md"]), Err((Code::UnknownPage, "pages")));
    world.tell(page("x".into()));
    world.check(adopted(&["law/kr/vaupa.md"]), Ok(()));
    world.check(adopted(&["law/kr/other.md"]), Err((Code::UnknownPage, "pages")));
    world.check(adopted(&["b", "a"]), Err((Code::Unsorted, "pages")));
    let entry = world.tell(adopted(&["law/kr/vaupa.md"]));
    assert!(world.0.adopted_for(entry).is_none(), "an adoption holds from the next entry on");
    assert_eq!(world.0.adopted_for(entry + 1).unwrap().since.index, entry);

    let asked =
        |exchange: &str, known| AssessmentAsked { exchange: exchange.into(), as_of: Instant(0), known, laws: vec![] };
    world.check(asked("upbit", KnownAt::Entry(entry)), Ok(()));
    world.check(asked("upbit", KnownAt::Entry(entry + 1)), Err((Code::NotYetKnown, "known")));
    world.check(asked("upbit", KnownAt::Time(Instant(i64::MAX))), Err((Code::NotYetKnown, "known")));
    world.check(asked("", KnownAt::Now), Err((Code::UnknownExchange, "exchange")));
}

#[test]
fn folding_what_no_door_admits_sets_it_aside() {
    let mut world = World::new();
    let stamp = Stamp { index: 9, time: Instant(9) };
    for (n, fact) in [
        Observation::from(figure("stuff", number(1, 1))),
        figure("held", number(1, 1)).into(),
        Figure { exchange: "nowhere".into(), ..figure("staff", number(1, 1)) }.into(),
        RosterKnown { exchange: "upbit".into(), kind: "cfo".into() }.into(),
    ]
    .iter()
    .enumerate()
    {
        fold(&mut world.0, stamp, fact);
        assert_eq!(world.0.counts().set_aside, n as u64 + 1);
    }
}
