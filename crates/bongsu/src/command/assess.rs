//! `bongsu assess`: exchanges measured against the law, as of a date, by what was known at another.

use crate::assessment::{Assessment, Question, gather};
use crate::authority::Sight;
use crate::lang::Lang;
use crate::recorder::{self, Recorder};
use crate::report::{html, json, proofs, table, xlsx};
use crate::trouble::Trouble;
use crate::walk;
use clap::{Args, ValueEnum};
use kernel::fact::{AssessmentAsked, Observation};
use kernel::known::KnownAt;
use kernel::state::State;
use rulebook::finding::Verdict;
use rulebook::time::Instant;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Text for a terminal or a pipe.
    Table,
    /// The documented contract.
    Json,
    /// One page with charts, for a browser or paper.
    Html,
    /// A workbook; needs `--out`.
    Xlsx,
}

/// The command's arguments.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  bongsu assess --data DIR\n  bongsu assess --data DIR --as-of 2025-11-27 --exchange upbit\n  bongsu assess --data DIR --as-of 2026-11-22 --known 2026-03-01   what was known in March\n  bongsu assess --data DIR --as fss --lang ko   what one authority may see\n  bongsu assess --data DIR --format html --lang ko --out report.html"
)]
pub struct Arguments {
    /// The journal's folder
    #[arg(long)]
    pub data: PathBuf,
    /// The day (its last moment) or moment judged for; now when left out
    #[arg(long)]
    pub as_of: Option<String>,
    /// Take only what was journaled up to this day or moment, or entry number, as known
    #[arg(long)]
    pub known: Option<String>,
    /// One exchange; may be repeated
    #[arg(long)]
    pub exchange: Vec<String>,
    /// Laws, such as kr.vaupa or kr,eu,jp; Korea's when left out; `all` for every adopted one
    #[arg(long, value_delimiter = ',')]
    pub law: Vec<String>,
    /// Only what this authority supervises on that day, or is told by law: fsc, fss, fiu, msit, kisa, …
    #[arg(long = "as", conflicts_with = "record")]
    pub seen_by: Option<String>,
    /// Record the question and its findings in the journal
    #[arg(long)]
    pub record: bool,
    /// What is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    /// Write to this file instead of the terminal
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Write the inclusion proof of every entry of evidence into this folder
    #[arg(long)]
    pub proofs: Option<PathBuf>,
    /// List every finding, not only what needs attention
    #[arg(long)]
    pub all: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments, lang: Lang) -> Result<i32, Trouble> {
    if arguments.format == Format::Xlsx && arguments.out.is_none() {
        return Err(Trouble::new("a workbook cannot be printed", "say where: --out report.xlsx"));
    }
    let answer = if arguments.record { recorded(arguments)? } else { viewed(arguments)? };
    if let Some(note) = before_any_law(&answer) {
        eprintln!("note: {note}");
    }
    if let Some(folder) = &arguments.proofs {
        let written = proofs::write(&answer, &arguments.data, folder)?;
        eprintln!("note: {written} inclusion proofs in {}", folder.display());
    }
    write(&answer, arguments.format, arguments.out.as_deref(), lang, arguments.all)?;
    Ok(0)
}

fn viewed(arguments: &Arguments) -> Result<Assessment, Trouble> {
    let state = walk::state(&arguments.data)?;
    let size = state.last().map_or(1, |s| s.index + 1);
    let Some(authority) = &arguments.seen_by else { return gather(&state, size, question(arguments, &state)?) };
    let mut question = question(arguments, &state)?;
    if arguments.law.is_empty() {
        // Whichever country's law it supervises.
        question.laws.clear();
    }
    let Some(book) = state.adoptions().last().and_then(|a| a.book.as_deref()) else {
        return gather(&state, size, question);
    };
    let sight = Sight::open(book, authority, question.as_of, &question.laws)?;
    Ok(gather(&state, size, question)?.seen_by(sight))
}

fn recorded(arguments: &Arguments) -> Result<Assessment, Trouble> {
    // Opening for writing would found a journal; a question is asked of one that is there.
    walk::state(&arguments.data)?;
    let mut recorder = Recorder::open(&arguments.data)?;
    let question = question(arguments, &recorder.state)?;
    let answer = record(&mut recorder, question)?;
    recorder.close()?;
    Ok(answer)
}

/// Asks in the journal: the findings are concluded and stand in the question's entry.
pub fn record(recorder: &mut Recorder, question: Question) -> Result<Assessment, Trouble> {
    let size = recorder.state.last().map_or(1, |s| s.index + 1);
    let mut answer = gather(&recorder.state, size, question)?;
    let asked: Vec<Observation> = answer
        .exchanges
        .iter()
        .map(|e| {
            let question = &answer.question;
            AssessmentAsked {
                exchange: e.id.clone(),
                as_of: question.as_of,
                known: question.known,
                laws: question.laws.clone(),
            }
            .into()
        })
        .collect();
    let recorded = recorder.observe(&asked, "assess")?;
    for (exchange, entry) in answer.exchanges.iter_mut().zip(recorded.entries) {
        exchange.entry = Some(entry);
    }
    Ok(answer)
}

fn question(arguments: &Arguments, state: &State) -> Result<Question, Trouble> {
    let (as_of, known) = moments(arguments.as_of.as_deref(), arguments.known.as_deref(), state)?;
    Ok(Question { as_of, known, exchanges: arguments.exchange.clone(), laws: crate::pages::named_laws(&arguments.law) })
}

/// The two times of a question as the command line gives them: `--as-of` and `--known`.
pub fn moments(as_of: Option<&str>, known: Option<&str>, state: &State) -> Result<(Instant, KnownAt), Trouble> {
    let zone = walk::zone(state);
    let read = |text: &str, what: &str| {
        zone.read(text).ok_or_else(|| {
            Trouble::new(format!("{what} `{text}` is not a date"), "write 2026-11-22 or \"2026-11-22 09:00\"")
        })
    };
    let as_of = match as_of {
        Some(text) => read(text, "--as-of")?,
        None => Instant(recorder::now()),
    };
    let known = match known {
        None => KnownAt::Now,
        Some(text) => match text.parse::<u64>() {
            Ok(entry) => KnownAt::Entry(entry),
            Err(_) => {
                let at = read(text, "--known")?;
                // The end of today lies ahead of the journal: all there is counts as known.
                if state.last().is_none_or(|last| at >= last.time) { KnownAt::Now } else { KnownAt::Time(at) }
            }
        },
    };
    Ok((as_of, known))
}

/// When nothing was in force yet, the reader should hear it before an empty table.
fn before_any_law(answer: &Assessment) -> Option<String> {
    let nothing = answer
        .exchanges
        .iter()
        .flat_map(|e| &e.findings)
        .all(|f| matches!(f.verdict, Verdict::NotInForce | Verdict::NotApplicable));
    let first = answer.rules.iter().filter_map(|r| r.from.as_deref()).min()?;
    nothing.then(|| {
        format!(
            "no rule of this rulebook reached any exchange on {}; the first begins on {first}",
            answer.zone.show(answer.question.as_of)
        )
    })
}

/// Writes an answer in a form, to a file or the terminal.
pub fn write(answer: &Assessment, format: Format, out: Option<&Path>, lang: Lang, all: bool) -> Result<(), Trouble> {
    let terminal = out.is_none() && std::io::stdout().is_terminal();
    let text = match format {
        Format::Table => table::show(answer, lang, terminal, all),
        Format::Json => json::show(answer),
        Format::Html => html::page(answer, lang),
        Format::Xlsx => return xlsx::write(answer, lang, out.unwrap_or(Path::new("report.xlsx"))),
    };
    match out {
        Some(path) => std::fs::write(path, text).map_err(|e| Trouble::file(path, &e)),
        None => std::io::stdout().write_all(text.as_bytes()).map_err(|e| Trouble::file(Path::new("(output)"), &e)),
    }
}
