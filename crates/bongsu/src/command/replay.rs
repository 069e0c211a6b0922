//! `bongsu replay`: the journal once more, under its own rulebooks or under a draft; differences in words and money.

use crate::command::verify::show;
use crate::lab::{policy, trial};
use crate::lang::Lang;
use crate::pages;
use crate::trouble::Trouble;
use crate::walk;
use clap::{Args, ValueEnum};
use kernel::replay::Replay;
use rulebook::page::Source;
use rulebook::problem::Level;
use std::path::PathBuf;

/// The modes; never mixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// The adopted rulebooks, every conclusion compared
    RePerform,
    /// Each question under a draft, the state as recorded
    ReDecide,
    /// Each question under its own rulebook with the draft laid over; what other rules or limits read are the draft's answers
    Counterfactual,
}

/// In which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Text for a terminal or a pipe.
    Text,
    /// The contract of `docs/guard.md`, for a guard's policy.
    Json,
}

/// What is replayed.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  bongsu replay --data DIR                                           every conclusion drawn again\n  bongsu replay --data DIR --draft law/kr/drafts/daba-budget-7.md    an assessment under a draft of law\n  bongsu replay --data DIR --draft strict                            what a policy would let out or hold back, in won"
)]
pub struct Arguments {
    /// The journal's folder
    #[arg(long)]
    data: PathBuf,
    /// How; without it, a draft is tried as a counterfactual, and no draft re-performs
    #[arg(long, value_enum)]
    mode: Option<Mode>,
    /// A draft of law or a guard's policy, by its path or a shipped one's name
    #[arg(long)]
    draft: Option<PathBuf>,
    /// In which form, for a guard's policy
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Replays; the exit code is 1 when re-performing finds a difference.
pub fn run(arguments: &Arguments, lang: Lang) -> Result<i32, Trouble> {
    let (dir, draft) = (arguments.data.as_path(), arguments.draft.as_ref());
    let mode = arguments.mode.unwrap_or(if draft.is_some() { Mode::Counterfactual } else { Mode::RePerform });
    if let (Mode::ReDecide | Mode::Counterfactual, Some(name)) = (mode, draft)
        && let Some(source) = policy::find(name)?
    {
        let tally = policy::run(dir, source, mode == Mode::Counterfactual)?;
        match arguments.format {
            Format::Text => print!("{}", policy::text(&tally, lang)),
            Format::Json => println!("{:#}", policy::json(&tally)),
        }
        return Ok(0);
    }
    let vocabulary = kernel::words::vocabulary();
    match (mode, draft) {
        (Mode::RePerform, None) => {
            let mut replay = Replay::reperform(vocabulary);
            walk::replay(dir, &mut replay)?;
            finish(&replay);
            Ok(i32::from(!replay.differences.is_empty()))
        }
        (Mode::RePerform, Some(_)) => {
            Err(Trouble::new("re-performing takes the adopted rulebooks", "for a draft: --mode re-decide"))
        }
        (Mode::ReDecide, None) => {
            Err(Trouble::new("re-deciding needs a draft", "write: --draft law/kr/drafts/daba-budget-7.md"))
        }
        (Mode::ReDecide, Some(path)) => {
            let sources =
                pages::read(std::slice::from_ref(path)).and_then(pages::books).map_err(|e| Trouble::file(path, &e))?;
            let sources = sources.into_iter().next().unwrap_or_default();
            let (book, problems) = rulebook::build(vocabulary.clone(), sources);
            if let Some(first) = problems.iter().find(|p| p.level == Level::Error) {
                return Err(Trouble::no(
                    format!("{}: {}", path.display(), first.message),
                    "`bongsu check` shows every problem with its place",
                ));
            }
            let mut replay = Replay::redecide(vocabulary, &book);
            walk::replay(dir, &mut replay)?;
            finish(&replay);
            Ok(0)
        }
        (Mode::Counterfactual, None) => {
            Err(Trouble::new("a counterfactual needs a draft", "write: --draft law/kr/drafts/daba-budget-7.md"))
        }
        (Mode::Counterfactual, Some(path)) => {
            let draft = trial::source(path)?;
            let mut replay = Replay::counterfactual(vocabulary, draft.clone());
            walk::replay(dir, &mut replay)?;
            finish(&replay);
            fed_forward(&replay, &draft);
            Ok(0)
        }
    }
}

/// What was fed forward, and what could not be.
fn fed_forward(replay: &Replay<'_>, draft: &Source) {
    if replay.tally.not_laid > 0 {
        println!(
            "{} assessments were asked under a rulebook that this draft cannot be laid over: it lacks the draft's base",
            replay.tally.not_laid
        );
    }
    let Some(book) = replay.laid() else { return };
    let readers = trial::readers(book, draft);
    let names: Vec<&str> = readers.iter().map(|rule| book.rules[rule.index()].id.as_str()).collect();
    match names.as_slice() {
        [] => println!(
            "nothing was fed forward: no rule of this rulebook reads the verdict of a rule that the draft changes, and no fact comes from a conclusion"
        ),
        names => {
            println!("fed forward to {} that read a changed rule's verdict: {}", rules(names.len()), names.join(", "))
        }
    }
    println!("facts are as recorded: no family of facts comes from a conclusion yet");
}

fn rules(count: usize) -> String {
    if count == 1 { "1 rule".to_string() } else { format!("{count} rules") }
}

fn finish(replay: &Replay<'_>) {
    for difference in &replay.differences {
        print!("{}", show(difference));
    }
    let tally = &replay.tally;
    let compared = match tally.decisions {
        0 => format!("{} findings", tally.findings),
        decisions => format!("{} findings and {decisions} conclusions of the guard", tally.findings),
    };
    println!("{} entries, {compared} compared, {} differ", tally.entries, replay.differences.len());
    if tally.destroyed > 0 {
        println!(
            "{} bodies destroyed; {} findings rest on them and could not be re-performed",
            tally.destroyed, tally.not_reperformed
        );
    }
}
