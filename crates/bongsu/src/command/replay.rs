//! `bongsu replay`: the journal once more, under its own rulebooks or under a draft; differences in words and money.

use crate::command::verify::show;
use crate::lab::trial;
use crate::pages;
use crate::trouble::Trouble;
use crate::walk;
use clap::ValueEnum;
use kernel::replay::Replay;
use rulebook::page::Source;
use rulebook::problem::Level;
use std::path::{Path, PathBuf};

/// The modes; never mixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// The adopted rulebooks, every conclusion compared
    RePerform,
    /// Each assessment under a draft, the state as recorded
    ReDecide,
    /// Each assessment under its own rulebook with the draft laid over; verdicts that other rules read are the draft's
    Counterfactual,
}

/// Replays; the exit code is 1 when re-performing finds a difference.
pub fn run(dir: &Path, mode: Mode, draft: Option<&PathBuf>) -> Result<i32, Trouble> {
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
    println!("{} entries, {} findings compared, {} differ", tally.entries, tally.findings, replay.differences.len());
    if tally.destroyed > 0 {
        println!(
            "{} bodies destroyed; {} findings rest on them and could not be re-performed",
            tally.destroyed, tally.not_reperformed
        );
    }
}
