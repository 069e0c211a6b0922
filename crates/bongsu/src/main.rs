//! Reads the command line and calls one command.

use bongsu::command;
use bongsu::lang::Lang;
use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// The journal, the rulebook and the replay for virtual-asset exchanges and their supervisor
#[derive(Parser)]
#[command(name = "bongsu", version, about, arg_required_else_help = true)]
struct Line {
    /// Language of what is printed
    #[arg(long, global = true, value_enum, default_value_t)]
    lang: Lang,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check rule pages: names, units, dates, citations, conflicts, cases
    #[command(after_help = "Examples:\n  bongsu check                       the pages the program ships with\n  bongsu check law/kr/vaupa.md       one page\n  bongsu check --strict law policy   warnings count as errors")]
    Check {
        /// Files and folders; the shipped pages when left out
        paths: Vec<PathBuf>,
        /// Count warnings as errors
        #[arg(long)]
        strict: bool,
        /// Skip moving each sign, number and date one step
        #[arg(long)]
        quick: bool,
    },
    /// List the quantities and events a rule may use
    Words {
        /// Only words whose name or meaning contains this
        pattern: Option<String>,
    },
}

fn main() {
    let line = Line::parse();
    let code = match line.command {
        Command::Check { paths, strict, quick } => command::check::run(&paths, strict, !quick),
        Command::Words { pattern } => command::words::run(pattern.as_deref(), line.lang),
    };
    std::process::exit(code);
}
