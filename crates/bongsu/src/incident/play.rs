//! A published incident from its first outflow to its last report: recorded in a journal of its own, its clocks run under
//! the law of its day and under a later one, every paper drawn up, the journal verified.

use super::dossier::{self, Dossier};
use super::file::{self, File};
use super::{json, page, text, what_if};
use crate::adoption;
use crate::command::{demo, verify};
use crate::import::{self, Options};
use crate::lang::Lang;
use crate::paper::{FORMS, Problem, Severity};
use crate::recorder::Recorder;
use crate::trouble::Trouble;
use crate::walk;
use include_dir::{Dir, include_dir};
use kernel::known::KnownAt;
use kernel::state::State;
use rulebook::time::Instant;
use std::fmt::Write;
use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

static CASES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../data/incidents");

/// The law a played incident is also read under: the first day of the Network Act as amended by Law 21500.
const LATER: &str = "2026-10-01";

/// Plays a case; the exit code is the verification's.
pub fn run(case: &str, data: Option<&Path>, out: Option<&Path>, laws: &[String], lang: Lang) -> Result<i32, Trouble> {
    let name = Path::new(case).file_name().map_or("incident".into(), |name| name.to_string_lossy().into_owned());
    let dir = demo::fresh(data, &name)?;
    let journal = dir.join("journal");
    let files = files(case, &dir.join("case"))?;
    println!("1. {}", lang.pick("recorded in a journal of its own", "별도 저널에 기록"));
    let facts = record(&journal, &files)?;
    println!("   {facts} {} {}", lang.pick("facts,", "건,"), journal.display());

    let state = walk::state(&journal)?;
    let (exchange, incident) = the_incident(&state)?;
    let end = end_of(&state, &journal, exchange, incident)?;
    let file = open(&state, &journal, exchange, incident, end, laws, 0)?;
    println!("\n2. {}", lang.pick("its clocks, under the law of its day", "당시 법에 따른 기한"));
    print!("{}", text::show(&file, lang, std::io::stdout().is_terminal()));

    println!("\n3. {} {LATER}", lang.pick("the same under the law of", "같은 사고에 다음 날짜의 법을 적용하면:"));
    let (moved, by) = what_if::under(&state, &journal, exchange, incident, LATER)?;
    let later = open(&moved, &journal, exchange, incident, Instant(end.0.saturating_add(by)), laws, by)?;
    print!("{}", text::clocks(&later, lang, std::io::stdout().is_terminal()));

    println!("\n4. {}", lang.pick("papers", "서류"));
    let out = out.map_or_else(|| dir.join("papers"), Path::to_path_buf);
    papers(&file, &out, lang)?;

    println!("\n5. {}", lang.pick("verified from the journal alone", "저널만으로 검증"));
    verify::run(&journal, None, lang)
}

/// The files of a case: a folder's own, or the shipped ones written beside the journal.
fn files(case: &str, copy: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let wanted = |path: &Path| {
        let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
        ["jsonl", "csv", "xlsx"].contains(&ending.as_str())
    };
    let folder = Path::new(case);
    let mut files: Vec<PathBuf> = Vec::new();
    if folder.is_dir() {
        let entries = fs::read_dir(folder).map_err(|e| Trouble::file(folder, &e))?;
        files.extend(entries.filter_map(Result::ok).map(|entry| entry.path()).filter(|path| wanted(path)));
    } else if let Some(shipped) = CASES.get_dir(case) {
        fs::create_dir_all(copy).map_err(|e| Trouble::file(copy, &e))?;
        for file in shipped.files() {
            let path = copy.join(file.path().file_name().unwrap_or_default());
            fs::write(&path, file.contents()).map_err(|e| Trouble::file(&path, &e))?;
            files.extend(Some(path).filter(|path| wanted(path)));
        }
    }
    if files.is_empty() {
        // An incident may have files for a drill only; those lie in a folder of their own.
        let played = |dir: &&Dir<'_>| dir.files().any(|file| wanted(file.path()));
        let names: Vec<String> = CASES.dirs().filter(played).map(|dir| dir.path().display().to_string()).collect();
        return Err(Trouble::new(
            format!("`{case}` is no shipped case and no folder with .jsonl, .csv or .xlsx files"),
            format!("shipped are {}", names.join(", ")),
        ));
    }
    // JSON lines register exchanges and subjects: they come first.
    files.sort_by_key(|path| (path.extension().is_none_or(|e| e != "jsonl"), path.clone()));
    Ok(files)
}

fn record(journal: &Path, files: &[PathBuf]) -> Result<u64, Trouble> {
    let mut rows = Vec::new();
    for path in files {
        let read = import::read_with(path, &Options::default());
        let read = read.map_err(|errors| {
            Trouble::no(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"), "nothing was written")
        })?;
        rows.extend(read.rows);
    }
    let mut recorder = Recorder::open(journal)?;
    adoption::adopt_shipped(&mut recorder)?;
    let recorded = recorder.record(rows, "case")?;
    recorder.close()?;
    Ok(recorded.written)
}

/// The one incident that a case tells of.
fn the_incident(state: &State) -> Result<(&str, &str), Trouble> {
    let all = state.exchanges().flat_map(|(id, _)| dossier::incidents(state, id).into_iter().map(move |i| (id, i)));
    let all: Vec<(&str, &str)> = all.collect();
    match all.as_slice() {
        [one] => Ok(*one),
        others => Err(Trouble::new(
            format!("a case tells of one incident; this one has {}", others.len()),
            "record one subject of the kind `incident`",
        )),
    }
}

/// The last moment the journal speaks of, so that everything has happened.
fn end_of(state: &State, journal: &Path, exchange: &str, incident: &str) -> Result<Instant, Trouble> {
    let dossier = Dossier::open(state, exchange, incident, Instant::NEVER, KnownAt::Now)?;
    let points = super::timeline::points(&dossier, journal)?;
    Ok(points.last().map_or(Instant(crate::recorder::now()), |point| point.at))
}

fn open<'s>(
    state: &'s State,
    journal: &Path,
    exchange: &str,
    incident: &str,
    at: Instant,
    laws: &[String],
    moved: i64,
) -> Result<File<'s>, Trouble> {
    let book = state.adoptions().last().and_then(|adoption| adoption.book.as_deref());
    let book =
        book.ok_or_else(|| Trouble::new("no rulebook is adopted in this journal", "`bongsu adopt` adopts one"))?;
    let dossier = Dossier::open(state, exchange, incident, at, KnownAt::Now)?;
    file::gather(dossier, book, laws, journal, moved)
}

fn papers(file: &File<'_>, out: &Path, lang: Lang) -> Result<(), Trouble> {
    fs::create_dir_all(out).map_err(|e| Trouble::file(out, &e))?;
    let write = |name: &str, bytes: &[u8]| {
        let path = out.join(name);
        fs::write(&path, bytes).map_err(|e| Trouble::file(&path, &e))
    };
    write("incident-en.html", page::show(file, Lang::En).as_bytes())?;
    write("incident-ko.html", page::show(file, Lang::Ko).as_bytes())?;
    write("incident.json", json::show(file).as_bytes())?;
    println!("   {}: incident-en.html, incident-ko.html, incident.json", out.display());
    let mut problems = String::new();
    for form in FORMS {
        let draft = (form.draw)(&file.brief(None, lang))?;
        let names: Vec<&str> = draft.files.iter().map(|(name, _)| name.as_str()).collect();
        for (name, bytes) in &draft.files {
            write(name, bytes)?;
        }
        let state = match draft.problems.len() {
            0 => lang.pick("complete", "완비").to_string(),
            n if draft.is_complete() => format!("{n} {}", lang.pick("to explain", "건 설명 필요")),
            n => format!("{}, {n} {}", lang.pick("draft", "초안"), lang.pick("problems", "건 보완 필요")),
        };
        println!("   {:24} {} — {state}", form.id, names.join(", "));
        for Problem { severity, item, expected, hint } in &draft.problems {
            let weight = match severity {
                Severity::MustFix => lang.pick("must fix", "필수 보완"),
                Severity::MustExplain => lang.pick("must explain", "설명 필요"),
            };
            let _ = writeln!(problems, "{}: {weight}: {item}: {expected} ({hint})", form.id);
        }
    }
    write("problems.txt", problems.as_bytes())?;
    println!(
        "   problems.txt: {}",
        lang.pick("what each draft lacks, and which fact to record for it", "초안별 보완할 사실")
    );
    Ok(())
}
