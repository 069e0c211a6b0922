//! The reasoning of every rule at one exchange, as text: any change of reasoning shows in review as a difference.
//!
//! `BONGSU_BLESS=1 cargo test -p bongsu --test traces` rewrites the files; read the difference before you commit it.

use bongsu::import;
use bongsu::pages;
use bongsu::report::trace;
use kernel::door::{Accepted, admit};
use kernel::finding::Finding;
use kernel::known::Stamp;
use kernel::state::{State, fold};
use kernel::view::View;
use rulebook::book::RuleId;
use rulebook::evaluate::Evaluator;
use rulebook::time::{Instant, Zone};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/kr").join(name)
}

/// The public figures, folded as an import would record them.
fn state() -> State {
    let mut state = State::new(kernel::words::vocabulary());
    let mut index = 0;
    for name in ["exchanges.csv", "figures.csv"] {
        for row in import::read(&data(name), None).unwrap() {
            if admit(&state, &row.observation).unwrap() == Accepted::New {
                index += 1;
                fold(&mut state, Stamp { index, time: Instant(0) }, &row.observation);
            }
        }
    }
    state
}

#[test]
fn every_rule_reasons_as_it_did() {
    let (book, _) = rulebook::build(kernel::words::vocabulary(), pages::shipped_law(&["kr".to_string()]));
    let state = state();
    let upbit = &state.exchange("upbit").unwrap().record;
    let view = View::now(upbit, Some(state.shared()));
    let as_of = Zone::get("Asia/Seoul").unwrap().read("2026-11-22").unwrap();
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for (index, rule) in book.rules.iter().enumerate() {
        let id = RuleId::from(index);
        let out = files.entry(book.instruments[rule.instrument.index()].id.clone()).or_default();
        let mut evaluator = Evaluator::new(&book, &view);
        let at = evaluator.at(as_of, rule.instrument);
        for found in evaluator.findings(id, &at) {
            let named = Finding::of(&found, &book, &view);
            writeln!(out, "{}", bongsu::command::explain::one_line(&named)).unwrap();
            write!(out, "{}", trace::text(&trace::lines(&book, &view, id, found.subject, as_of))).unwrap();
        }
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/traces");
    for (instrument, text) in &files {
        let path = folder.join(format!("{instrument}.txt"));
        if std::env::var_os("BONGSU_BLESS").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, text).unwrap();
        }
        let golden = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(golden == *text, "{} differs; BONGSU_BLESS=1 rewrites it", path.display());
    }
    assert!(files.len() >= 9, "one file an instrument");
}
