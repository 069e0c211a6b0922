//! A journal of facts and findings verifies; a forged conclusion, a flipped byte, a removed or moved entry does not.

use bongsu::adoption::adopt;
use bongsu::command::verify;
use bongsu::lang::Lang;
use bongsu::recorder::Recorder;
use bongsu::store::{Founding, NewEntry, Reader, Store};
use bongsu::walk;
use kernel::body::Body;
use kernel::fact::{AssessmentAsked, Exact, ExchangeRegistered, Figure, FigureValue, Grade, Observation};
use kernel::finding;
use kernel::known::KnownAt;
use kernel::replay::Replay;
use rulebook::finding::Verdict;
use rulebook::page::Source;
use rulebook::time::Zone;
use std::path::{Path, PathBuf};

const PAGE: &str = r#"# Test
```page
id = "t"
zone = "Asia/Seoul"
```
```rule
id = "t.reserve"
cite = ["Art. 1"]
from = 2024-01-01
require = ["reserve >= 3 bn KRW"]
```
"#;

fn folder(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("bongsu-verify-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    dir
}

fn at(text: &str) -> rulebook::time::Instant {
    Zone::get("Asia/Seoul").unwrap().read(text).unwrap()
}

fn reserve(won: i128, day: &str) -> Observation {
    let value = FigureValue::Number(Exact::new(won, 1).unwrap(), None);
    let source = "test".to_string();
    Figure {
        exchange: "x".into(),
        subject: None,
        word: "reserve".into(),
        at: at(day),
        value,
        grade: Grade::Declared,
        confidence: None,
        source,
        corrects: None,
    }
    .into()
}

fn asked(day: &str) -> Observation {
    AssessmentAsked { exchange: "x".into(), as_of: at(day), known: KnownAt::Now, laws: vec![] }.into()
}

/// A rulebook, an exchange, two reserves, two assessments: entries 1 to 7.
fn journal(name: &str) -> PathBuf {
    let dir = folder(name);
    let mut recorder = Recorder::open(&dir).unwrap();
    adopt(&mut recorder, "test", vec![Source { path: "t.md".into(), text: PAGE.into() }]).unwrap();
    let exchange =
        ExchangeRegistered { id: "x".into(), name_en: "X".into(), name_ko: "엑스".into(), source: "test".into() };
    let facts = [
        exchange.into(),
        reserve(4_000_000_000, "2025-01-01"),
        asked("2025-06-01"),
        reserve(2_000_000_000, "2025-12-31"),
        asked("2026-01-01"),
    ];
    recorder.observe(&facts, "test").unwrap();
    recorder.close().unwrap();
    dir
}

fn verdicts(dir: &Path) -> Vec<Verdict> {
    let mut list = Vec::new();
    walk::each(dir, |_, header, body| {
        let body = Body::decode(header.kind, body.unwrap()).unwrap();
        list.extend(body.conclusions.iter().flat_map(|c| finding::decode(c).unwrap()).map(|f| f.verdict));
        Ok(())
    })
    .unwrap();
    list
}

/// The same entries in another journal with good hashes and signatures, after `forge` had its way with them.
fn forged(name: &str, forge: impl FnOnce(&mut Vec<(u16, i64, Vec<u8>)>)) -> PathBuf {
    let (from, to) = (journal(&format!("{name}-from")), folder(name));
    let mut entries = Vec::new();
    walk::each(&from, |stamp, header, body| {
        entries.push((header.kind, stamp.time.0, body.unwrap().to_vec()));
        Ok(())
    })
    .unwrap();
    forge(&mut entries);
    let time = entries[0].1;
    let mut store =
        Store::create(&to, &Founding { role: "supervise", semantics: kernel::SEMANTICS, offline_root: None, time })
            .unwrap();
    let new: Vec<NewEntry<'_>> = entries
        .iter()
        .map(|(kind, time, body)| NewEntry { kind: *kind, version: 1, principal: "test", time: *time, body })
        .collect();
    store.append_group(&new).unwrap();
    store.close(time + 1).unwrap();
    to
}

#[test]
fn an_honest_journal_verifies() {
    let dir = journal("honest");
    assert_eq!(verdicts(&dir), [Verdict::Met, Verdict::NotMet]);
    assert_eq!(verify::run(&dir, None, Lang::En).unwrap(), 0);
    let key = dir.join("keys/journal.pub");
    assert_eq!(verify::run(&dir, Some(key.to_str().unwrap()), Lang::Ko).unwrap(), 0);
    let other = journal("other").join("keys/journal.pub");
    assert!(verify::run(&dir, Some(other.to_str().unwrap()), Lang::En).is_err());
}

#[test]
fn an_altered_conclusion_is_found_though_every_hash_is_right() {
    let dir = forged("conclusion", |entries| {
        let (kind, _, body) = entries.last_mut().unwrap();
        let mut decoded = Body::decode(*kind, body).unwrap();
        let mut findings = finding::decode(&decoded.conclusions.unwrap()).unwrap();
        findings[0].verdict = Verdict::Met;
        findings[0].short = None;
        decoded.conclusions = Some(finding::encode(&findings));
        *body = decoded.encode().unwrap();
    });
    assert_eq!(verdicts(&dir), [Verdict::Met, Verdict::Met]);
    assert_eq!(verify::run(&dir, None, Lang::En).unwrap(), 1);
    let mut replay = Replay::reperform(kernel::words::vocabulary());
    walk::replay(&dir, &mut replay).unwrap();
    let difference = &replay.differences[0];
    assert_eq!((difference.entry, replay.differences.len()), (7, 1));
    assert_eq!(verify::show(difference), "entry 7 x t.reserve: recorded met, follows not met, short 1000000000 KRW\n");
}

#[test]
fn an_altered_observation_a_removed_entry_and_a_moved_pair_are_found() {
    type Forge = fn(&mut Vec<(u16, i64, Vec<u8>)>);
    let forges: [(&str, Forge); 3] = [
        ("observation", |entries| {
            entries[5].2 =
                Body { observation: reserve(5_000_000_000, "2025-12-31"), conclusions: None }.encode().unwrap()
        }),
        ("removed", |entries| {
            entries.remove(5);
        }),
        ("moved", |entries| entries.swap(5, 6)),
    ];
    for (name, forge) in forges {
        let dir = forged(name, forge);
        assert_eq!(verify::run(&dir, None, Lang::En).unwrap(), 1, "{name}");
    }
}

#[test]
fn one_flipped_byte_is_named() {
    let dir = journal("flip");
    let path = dir.join("segments/00000000.segment");
    let mut bytes = std::fs::read(&path).unwrap();
    let position = bytes.windows(7).position(|w| w == b"reserve").unwrap();
    bytes[position] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let trouble = verify::run(&dir, None, Lang::En).unwrap_err();
    assert_eq!(trouble.code, 1);
    assert!(trouble.what.contains("00000000.segment") && trouble.what.contains("entry"), "{}", trouble.what);
}

#[test]
fn a_destroyed_body_is_counted_and_leaves_every_proof_valid() {
    let dir = journal("erase");
    let before = Reader::open(&dir).unwrap().inclusion_proof(6).unwrap().unwrap().encode();
    let mut recorder = Recorder::open(&dir).unwrap();
    recorder.erase(6).unwrap();
    recorder.close().unwrap();
    assert_eq!(verify::run(&dir, None, Lang::En).unwrap(), 0);
    let after = Reader::open(&dir).unwrap().inclusion_proof(6).unwrap().unwrap();
    assert_eq!(after.encode().lines().nth(1), before.lines().nth(1));
    let mut replay = Replay::reperform(kernel::words::vocabulary());
    walk::replay(&dir, &mut replay).unwrap();
    assert_eq!((replay.tally.destroyed, replay.tally.not_reperformed, replay.differences.len()), (1, 1, 0));
}

#[test]
fn a_draft_is_decided_again_in_words_and_won() {
    let dir = journal("draft");
    let base = Source { path: "t.md".into(), text: PAGE.into() };
    let draft = "```draft\nid = \"d\"\nbase = [\"t.md\"]\ntitle = \"five\"\nby = \"test\"\non = 2026-01-01\n```\n```rule\nid = \"t.reserve\"\nrequire = [\"reserve >= 5 bn KRW\"]\n```\n";
    let (book, problems) =
        rulebook::build(kernel::words::vocabulary(), vec![base, Source { path: "d.md".into(), text: draft.into() }]);
    assert!(problems.is_empty(), "{problems:?}");
    let mut replay = Replay::redecide(kernel::words::vocabulary(), &book);
    walk::replay(&dir, &mut replay).unwrap();
    let shown: Vec<String> = replay.differences.iter().map(verify::show).collect();
    assert_eq!(
        shown,
        [
            "entry 5 x t.reserve: recorded met, follows not met, short 1000000000 KRW\n",
            "entry 7 x t.reserve: recorded not met, short 1000000000 KRW, follows not met, short 3000000000 KRW\n",
        ]
    );
}

#[test]
fn the_same_fact_twice_is_written_once() {
    let dir = journal("twice");
    let mut recorder = Recorder::open(&dir).unwrap();
    let recorded = recorder.observe(&[reserve(4_000_000_000, "2025-01-01")], "test").unwrap();
    assert_eq!((recorded.written, recorded.already, recorded.entries), (0, 1, vec![4]));
}
