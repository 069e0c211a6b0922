//! Every fact is read back as it was, and only in its one encoding.

use journal::cbor::Encoder;
use kernel::body::Body;
use kernel::fact::*;
use kernel::known::KnownAt;
use proptest::prelude::*;
use rulebook::time::{Civil, Instant};
use rulebook::unit::Dimension;

fn check(fact: impl Into<Observation>) {
    let fact = fact.into();
    let bytes = fact.encode();
    journal::cbor::check(&bytes).unwrap();
    assert_eq!(Observation::decode(fact.kind(), &bytes).as_ref(), Ok(&fact), "{}", fact.name());
    let body = Body { observation: fact.clone(), conclusions: None };
    assert_eq!(Body::decode(fact.kind(), &body.encode().unwrap()), Ok(body));
}

fn figure(value: FigureValue) -> Figure {
    Figure {
        exchange: "upbit".into(),
        subject: Some(Name::new("asset", "BTC")),
        word: "held".into(),
        at: Instant(1_700_000_000_000),
        value,
        grade: Grade::Confirmed,
        confidence: Some(Confidence::High),
        source: "https://example.org/report.pdf#7".into(),
        corrects: Some(41),
    }
}

fn exact(num: i128, den: i128) -> Exact {
    Exact::new(num, den).unwrap()
}

#[test]
fn each_family_is_read_back() {
    let names = (String::from("Upbit"), String::from("업비트"));
    check(ExchangeRegistered { id: "upbit".into(), name_en: names.0, name_ko: names.1, source: "FIU".into() });
    check(SubjectKnown {
        exchange: "upbit".into(),
        subject: Name::new("withdrawal", "w-1"),
        from: Some(Instant(-1)),
        until: None,
        refers: vec![Name::new("wallet", "hot-1"), Name::new("asset", "ETH")],
        source: String::new(),
    });
    check(RosterKnown { exchange: "upbit".into(), kind: "ciso".into() });
    check(Judged {
        exchange: "upbit".into(),
        subject: None,
        judgement: "kr.vaupa.urgent_need".into(),
        answer: false,
        reasons: "the network was stable".into(),
        by: "p-7".into(),
        at: Instant(5),
        until: Some(Instant(9)),
    });
    let page = RulebookPage { path: "law/kr/vaupa.md".into(), text: "# Act\n".into() };
    check(RulebookAdopted { id: "2026-11".into(), pages: vec![(page.path.clone(), page.hash())] });
    check(page);
    for known in [KnownAt::Now, KnownAt::Entry(u64::MAX), KnownAt::Time(Instant(0))] {
        check(AssessmentAsked { exchange: "upbit".into(), as_of: Instant(1), known, laws: vec!["kr.vaupa".into()] });
    }
    check(Notice {
        exchange: "upbit".into(),
        subject: Some(Name::new("incident", "2025-11-27")),
        word: "reported".into(),
        to: Some("kisa".into()),
        at: Instant(7),
        contents: vec!["cause".into(), "occurred".into()],
        form: "kr.breach-report".into(),
        document: Some([7; 32]),
        amends: Some(41),
        by: "p-1".into(),
        grade: Grade::Confirmed,
        source: "receipt 12".into(),
    });
    check(EvidenceKept {
        exchange: "upbit".into(),
        subject: Some(Name::new("ciso", "c-1")),
        hash: [7; 32],
        bytes: 70_000,
        name: "budget 2026.pdf".into(),
        media: "application/pdf".into(),
        period: Some(Period { from: Instant(-5), until: Instant(5) }),
        collected: Instant(6),
        received: Instant(7),
        expires: None,
        rules: vec!["kr.isms.1-1-6".into(), "kr.na.45-3-4".into()],
        by: "p-7".into(),
        source: "finance".into(),
    });
    let receipt =
        Receipt { origin: "bongsu.journal/00".into(), size: 9, root: [3; 32], entries: vec![1, 4], kept: vec![12, 4] };
    for (receipt, signature) in [(None, None), (Some(receipt), Some(vec![1; 64]))] {
        check(FilingMoved {
            exchange: "upbit".into(),
            id: "assets-monthly-2026-10".into(),
            kind: "assets-monthly".into(),
            version: 2,
            step: FilingStep::Submitted,
            at: Instant(1),
            package: Some([1; 32]),
            period: Some(Period { from: Instant(1), until: Instant(2) }),
            signatories: vec![Signatory { who: "p-1".into(), role: "cfo".into(), signature }],
            receipt,
            reason: String::new(),
            by: "p-3".into(),
        });
    }
    for (step, ..) in ORDER_STEPS {
        check(OrderMoved {
            exchange: "upbit".into(),
            id: "o-1".into(),
            kind: OrderKind::Request,
            rule: "kr.vaupa.7-3".into(),
            subject: None,
            as_of: Instant(8),
            step,
            at: Instant(9),
            due: Some(Instant(10)),
            evidence: vec![[2; 32]],
            text: "say what is held".into(),
            penalty: "100_000_000 KRW, Act 22(1)2".into(),
            by: "fss-2".into(),
        });
    }
    check(Remark {
        exchange: "upbit".into(),
        subject: Some(Name::new("incident", "2025-11-27")),
        at: Instant(-7),
        topic: "task".into(),
        id: "rotate".into(),
        text: "replace every deposit address".into(),
        owner: "p-2".into(),
        due: Some(Instant(9)),
        done: true,
        by: String::new(),
        source: String::new(),
    });
    check(LogRegistered { exchange: "upbit".into(), key: "upbit+1+AQ".into() });
    let (origin, note) = (String::from("upbit"), String::from("upbit\n7\n…"));
    check(CheckpointWitnessed { origin: origin.clone(), from: 0, size: 7, root: [9; 32], note: note.clone() });
    check(ForkSeen { origin, first: note.clone(), second: note });
    check(TimePassed::default());
    check(TimePassed { laws: vec!["kr".into(), "eu.dora".into()] });
}

#[test]
fn each_form_of_value_is_read_back() {
    for value in [
        FigureValue::Missing,
        FigureValue::None,
        FigureValue::Truth(true),
        FigureValue::Number(exact(4, 5), None),
        FigureValue::Number(exact(-(1 << 100), 3), Some(Dimension::Krw)),
        FigureValue::Number(exact(i128::MAX, i128::MAX - 1), None),
        FigureValue::Length(-3_600_000),
        FigureValue::Civil(Civil { months: 6, days: -1, working_days: i32::MAX }),
        FigureValue::Code("fiu".into()),
        FigureValue::codes(["b", "a", "b"]),
        FigureValue::codes([]),
        FigureValue::Happened { by: None, amount: None },
        FigureValue::Happened { by: Some("fsc".into()), amount: Some(exact(7, 2)) },
    ] {
        check(figure(value));
    }
    check(Figure {
        subject: None,
        confidence: None,
        corrects: None,
        source: String::new(),
        ..figure(FigureValue::None)
    });
}

#[test]
fn unknown_odd_keys_are_passed_over_and_even_ones_refused() {
    for (key, read) in [(99, true), (98, false)] {
        let mut out = Encoder::new();
        out.map(1);
        out.key(key);
        out.text("from the future");
        assert_eq!(Observation::decode(TimePassed::KIND, out.as_bytes()).is_ok(), read, "{key}");
    }
}

#[test]
fn what_no_encoder_writes_is_refused() {
    let whole = Observation::from(figure(FigureValue::Number(exact(1, 2), None))).encode();
    for cut in 0..whole.len() {
        assert!(Observation::decode(Figure::KIND, &whole[..cut]).is_err(), "cut at {cut}");
    }
    let half = whole.windows(3).position(|w| w == [0x03, 0x01, 0x02]).unwrap();
    for (parts, why) in [([2, 4], "not in lowest terms"), ([1, 0], "a zero denominator"), ([1, 0x20], "a negative one")]
    {
        let mut changed = whole.clone();
        changed[half + 1..half + 3].copy_from_slice(&parts);
        assert!(Observation::decode(Figure::KIND, &changed).is_err(), "{why}");
    }
    assert!(Observation::decode(0, &whole).is_err(), "Genesis is no observation");
    assert!(Observation::decode(u16::MAX, &whole).is_err(), "a kind of the future");
}

#[test]
fn a_page_hash_covers_path_and_text_and_where_one_ends() {
    let hash = |path: &str, text: &str| RulebookPage { path: path.into(), text: text.into() }.hash();
    assert_ne!(hash("a", "b"), hash("a", "c"));
    assert_ne!(hash("a", "b"), hash("c", "b"));
    assert_ne!(hash("ab", "c"), hash("a", "bc"));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused_and_what_is_read_is_written_alike(kind in 0u16..40, bytes: Vec<u8>) {
        if let Ok(fact) = Observation::decode(kind, &bytes) {
            prop_assert_eq!(Observation::decode(kind, &fact.encode()), Ok(fact));
        }
    }

    #[test]
    fn any_figure_is_read_back(
        word in ".{0,40}", at: i64, num: i128, den in 1i128.., entry: Option<u64>, codes: Vec<String>,
    ) {
        prop_assume!(num != i128::MIN);
        let mut fact = figure(FigureValue::Number(exact(num, den), None));
        (fact.word, fact.at, fact.corrects) = (word, Instant(at), entry);
        check(fact.clone());
        fact.value = FigureValue::codes(codes.iter().map(String::as_str));
        check(fact);
    }
}
