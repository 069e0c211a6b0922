//! `bongsu demo`: real public figures in, assessed and recorded, a report written, the journal verified; then the night of 2025
//! with a guard.

use crate::assessment::{Question, Score};
use crate::beacon;
use crate::command::{assess, verify};
use crate::drill::{self, case, guarded};
use crate::import;
use crate::lang::Lang;
use crate::pages;
use crate::recorder::Recorder;
use crate::trouble::Trouble;
use crate::walk;
use include_dir::{Dir, include_dir};
use kernel::known::KnownAt;
use rulebook::book::Status;
use rulebook::time::{Instant, Zone};
use std::path::{Path, PathBuf};

static DATA: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../data/kr");

/// The day the figures were collected, and earlier days worth looking at: before the Act, the night of the hack, and
/// the day the Network Act changed.
const DAYS: [(&str, &str); 4] = [
    ("2024-07-18", "before the Act"),
    ("2025-11-27", "Upbit's night"),
    ("2026-10-01", "the CISO becomes an executive"),
    ("2026-11-22", "the figures' last day"),
];

/// Runs the demo in a folder that must not exist; a fresh name beside it when none is given.
pub fn run(dir: Option<&Path>, lang: Lang) -> Result<i32, Trouble> {
    let dir = fresh(dir, "bongsu-demo")?;
    let journal = dir.join("journal");
    println!("1. a journal of its own: {}", journal.display());
    let mut recorder = Recorder::open(&journal)?;
    crate::adoption::adopt_shipped(&mut recorder)?;
    println!("   adopted {} rules of {} instruments", rules(&recorder), instruments(&recorder));

    println!("2. public figures of the five won-market exchanges, each row with its source");
    let inputs = dir.join("input");
    std::fs::create_dir_all(&inputs).map_err(|e| Trouble::file(&inputs, &e))?;
    for name in ["exchanges.csv", "figures.csv"] {
        let path = inputs.join(name);
        let bytes = DATA.get_file(name).map(|f| f.contents()).unwrap_or_default();
        std::fs::write(&path, bytes).map_err(|e| Trouble::file(&path, &e))?;
        let rows = import::read(&path, None)
            .map_err(|errors| Trouble::no(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"), ""))?;
        let recorded = recorder.record(rows, "demo")?;
        println!("   {name}: {} facts recorded", recorded.written);
    }

    println!("3. assessed under Korean law, on four days, and recorded");
    let zone = Zone::get("Asia/Seoul").unwrap_or_else(Zone::utc);
    let mut last = None;
    for (day, why) in DAYS {
        let Some(as_of) = zone.read(day) else { continue };
        let question = Question { as_of, known: KnownAt::Now, exchanges: Vec::new(), laws: vec!["kr".to_string()] };
        let answer = assess::record(&mut recorder, question)?;
        let scores = answer.exchanges.iter().map(|e| e.score(|s| s == Status::Binding));
        let sum = scores.fold(Score::default(), |a, b| Score {
            met: a.met + b.met,
            not_met: a.not_met + b.not_met,
            unknown: a.unknown + b.unknown,
            judgement: a.judgement + b.judgement,
            running: a.running + b.running,
        });
        println!(
            "   {day} {why}: {} binding duties apply, {} can be answered ({} met, {} not met, {} running), {} lack facts, {} wait for a person",
            sum.applicable(),
            sum.answered(),
            sum.met,
            sum.not_met,
            sum.running,
            sum.unknown,
            sum.judgement
        );
        last = Some(answer);
    }
    recorder.close()?;

    println!("4. reports");
    if let Some(answer) = &last {
        for (name, format, lang) in [
            ("report-en.html", assess::Format::Html, Lang::En),
            ("report-ko.html", assess::Format::Html, Lang::Ko),
            ("report.xlsx", assess::Format::Xlsx, lang),
            ("report.json", assess::Format::Json, lang),
        ] {
            let path = dir.join(name);
            assess::write(answer, format, Some(&path), lang, true)?;
            println!("   {}", path.display());
        }
        let proofs = dir.join("proofs");
        let written = crate::report::proofs::write(answer, &journal, &proofs)?;
        println!("   {}: {written} inclusion proofs, one for each entry of evidence", proofs.display());
        println!();
        assess::write(answer, assess::Format::Table, None, lang, false)?;
    }

    println!("\n5. verified from the journal alone");
    let code = verify::run(&journal, None, lang)?;

    println!("\n6. Upbit's night once more, with a guard at the door");
    let night = night(&dir, lang)?;
    println!("\nnext: bongsu explain kr.vaupa.7-3.published --exchange gopax --data {}", journal.display());
    println!("      bongsu incident list --data {}", night.display());
    println!("      bongsu replay --data {} --draft strict", night.display());
    Ok(code)
}

/// Withdrawals of the ordinary month before the night: enough to see that nobody is stopped for nothing.
const TRANSFERS: u64 = 5_000;

/// The drill of 2025: its picture, its journal, and how the guard stands at its end.
fn night(dir: &Path, lang: Lang) -> Result<PathBuf, Trouble> {
    let case = case::open("upbit-2025", 1)?;
    let policy = pages::with_law(guarded::policy(None, case.policy.as_deref())?, &[pages::HOME.to_string()]);
    let options = drill::run::Options { seed: 1, transfers: TRANSFERS, policy, taped: true };
    let (outcome, tape) = drill::run::run(&case, &options)?;
    let shown = drill::text::show(&case, &outcome, lang);
    shown.lines().take_while(|line| !line.starts_with("what the rules")).for_each(|line| println!("   {line}"));
    let journal = dir.join("night");
    guarded::keep(&tape.unwrap_or_default(), &journal)?;
    let state = walk::state(&journal)?;
    let end = state.last().map_or(Instant(0), |last| last.time);
    let stands = beacon::look(&state, None, end)?;
    for (name, page) in [
        ("drill.html", drill::picture::page(&case, &outcome, lang)),
        ("guard.html", beacon::page::show(&stands, &walk::zone(&state), lang)),
    ] {
        let path = dir.join(name);
        std::fs::write(&path, page).map_err(|e| Trouble::file(&path, &e))?;
        println!("   {}", path.display());
    }
    println!("   {}: the night's journal, with the incident and its clocks", journal.display());
    Ok(journal)
}

/// The folder asked for, which must not exist; else the first free name.
pub fn fresh(dir: Option<&Path>, name: &str) -> Result<PathBuf, Trouble> {
    if let Some(dir) = dir {
        if dir.exists() {
            return Err(Trouble::new(
                format!("{} exists; an existing folder is never touched", dir.display()),
                "name another folder, or none",
            ));
        }
        return Ok(dir.to_path_buf());
    }
    let names = std::iter::once(name.to_string()).chain((2..1_000).map(|n| format!("{name}-{n}")));
    names
        .map(PathBuf::from)
        .find(|p| !p.exists())
        .ok_or_else(|| Trouble::new("a thousand such folders stand here", "remove some"))
}

fn rules(recorder: &Recorder) -> usize {
    recorder.state.adoptions().last().and_then(|a| a.book.as_ref()).map_or(0, |b| b.rules.len())
}

fn instruments(recorder: &Recorder) -> usize {
    recorder.state.adoptions().last().and_then(|a| a.book.as_ref()).map_or(0, |b| b.instruments.len())
}
