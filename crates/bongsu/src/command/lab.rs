//! `bongsu lab`: drafts tried on an industry, one number of them moved, and the made-up industry itself.

use crate::lab::cost::Costs;
use crate::lab::set::{self, Set};
use crate::lab::{industry, json, picture, run, sweep, text, trial};
use crate::lang::Lang;
use crate::recorder;
use crate::trouble::Trouble;
use clap::{Args, Subcommand, ValueEnum};
use rulebook::time::{Date, Instant, Zone};
use std::io::Write;
use std::path::{Path, PathBuf};

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Text for a terminal or a pipe.
    Text,
    /// The contract of `docs/lab.md`.
    Json,
    /// One page with pictures.
    Html,
}

/// What the lab does.
#[derive(Subcommand)]
pub enum Lab {
    /// Run drafts side by side: who is bound, how short, since when, at what cost, why
    #[command(
        after_help = "Examples:\n  bongsu lab run daba-budget-7 daba-budget-10          two drafts on the shipped made-up industry\n  bongsu lab run law/kr/drafts/daba-staff-5.md --lang ko\n  bongsu lab run daba-budget-7 --data DIR --starting 2024-01-01 --as-of 2024-12-31   a journal of real figures, as if it had begun then\n  bongsu lab run daba-budget-7 --industry synthetic-40 --industry data/kr          two tables, never one sum\n  bongsu lab run daba-staff-5 --format html --out lab.html"
    )]
    Run {
        /// Drafts: files, or names of shipped ones
        #[arg(required = true)]
        drafts: Vec<PathBuf>,
        /// On what, and in which form
        #[command(flatten)]
        on: On,
    },
    /// Move one number of a draft over a range: whom each value binds and what it costs
    #[command(
        after_help = "Examples:\n  bongsu lab sweep daba_budget_share --from 5% --to 10%                 on the shipped made-up industry\n  bongsu lab sweep daba_budget_share --from 5% --to 10% --draft daba-budget-7 --steps 200\n  bongsu lab sweep daba_staff_floor --from 0 --to 20 --steps 20 --draft daba-staff-10\n  bongsu lab sweep daba_staff_share --from 2% --to 12% --format html --out curve.html"
    )]
    Sweep {
        /// The parameter, by its name on its page
        parameter: String,
        /// The lowest value, with its unit: 5% or 10
        #[arg(long)]
        from: String,
        /// The highest value
        #[arg(long)]
        to: String,
        /// How many steps from the one to the other
        #[arg(long, default_value_t = 50)]
        steps: usize,
        /// The draft it is a number of; the announced act alone when left out
        #[arg(long)]
        draft: Option<PathBuf>,
        /// On what, and in which form
        #[command(flatten)]
        on: On,
    },
    /// Draw a made-up industry from a seed, as files that `bongsu import` reads
    #[command(
        after_help = "Examples:\n  bongsu lab industry --seed 7 --exchanges 40 --out industry-7\n  bongsu lab run daba-staff-5 --industry industry-7"
    )]
    Industry {
        /// Where the draws begin; the same seed gives the same files
        #[arg(long, default_value_t = industry::SHIPPED_SEED)]
        seed: u64,
        /// How many exchanges
        #[arg(long, default_value_t = industry::SHIPPED_EXCHANGES)]
        exchanges: u64,
        /// A folder that does not exist yet
        #[arg(long)]
        out: PathBuf,
    },
}

/// On what, as of when, and in which form.
#[derive(Args)]
pub struct On {
    /// A journal's folder
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// A folder of files, or `synthetic-40`, the shipped made-up industry; may be repeated
    #[arg(long)]
    pub industry: Vec<String>,
    /// The day judged for; the last day of the set when left out
    #[arg(long)]
    pub as_of: Option<String>,
    /// Begin the draft on this day instead of its own
    #[arg(long)]
    pub starting: Option<String>,
    /// Another page of costs
    #[arg(long)]
    pub costs: Option<PathBuf>,
    /// What is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Write to this file instead of the terminal
    #[arg(long)]
    pub out: Option<PathBuf>,
}

/// Runs the command.
pub fn run(lab: &Lab, lang: Lang) -> Result<i32, Trouble> {
    match lab {
        Lab::Run { drafts, on } => {
            let starting = starting(on)?;
            let trials = drafts.iter().map(|d| trial::draft(d, starting)).collect::<Result<Vec<_>, _>>()?;
            let (sets, costs) = (sets(on)?, Costs::read(on.costs.as_deref())?);
            let mut runs = Vec::new();
            for set in &sets {
                runs.push(run::run(set, &trials, as_of(on, set)?, &costs));
            }
            let answer = match on.format {
                Format::Text => text::runs(&runs, &costs, lang),
                Format::Json => json::runs(&runs, &costs),
                Format::Html => picture::runs(&runs, &costs, lang),
            };
            write(&answer, on.out.as_deref())
        }
        Lab::Sweep { parameter, from, to, steps, draft, on } => {
            let trial = match draft {
                Some(draft) => trial::draft(draft, starting(on)?)?,
                None if on.starting.is_some() => {
                    return Err(Trouble::new(
                        "--starting moves a draft, and none is named",
                        "name one: --draft daba-budget-7",
                    ));
                }
                None => trial::undrafted()?,
            };
            let range = sweep::range(&trial, parameter, from, to, *steps)?;
            let (sets, costs) = (sets(on)?, Costs::read(on.costs.as_deref())?);
            let mut sweeps = Vec::new();
            for set in &sets {
                sweeps.push(sweep::sweep(set, &trial, &range, as_of(on, set)?, &costs)?);
            }
            let answer = match on.format {
                Format::Text => text::sweeps(&sweeps, &range, &trial.name, &costs, lang),
                Format::Json => json::sweeps(&sweeps, &range, &trial.name, &costs),
                Format::Html => picture::sweeps(&sweeps, &range, &trial.name, &costs, lang),
            };
            write(&answer, on.out.as_deref())
        }
        Lab::Industry { seed, exchanges, out } => draw(*seed, *exchanges, out),
    }
}

fn sets(on: &On) -> Result<Vec<Set>, Trouble> {
    let mut sets = Vec::new();
    if let Some(dir) = &on.data {
        sets.extend(set::journal(dir)?);
    }
    for name in &on.industry {
        sets.extend(set::named(name)?);
    }
    if on.data.is_none() && on.industry.is_empty() {
        sets.push(set::shipped());
    }
    Ok(sets)
}

fn zone() -> Zone {
    Zone::get("Asia/Seoul").unwrap_or_else(Zone::utc)
}

fn as_of(on: &On, set: &Set) -> Result<Instant, Trouble> {
    match (&on.as_of, set.last) {
        (Some(text), _) => zone().read(text).ok_or_else(|| {
            Trouble::new(format!("--as-of `{text}` is not a date"), "write 2027-12-31 or \"2027-12-31 09:00\"")
        }),
        (None, Some(last)) => Ok(last),
        (None, None) => Ok(Instant(recorder::now())),
    }
}

fn starting(on: &On) -> Result<Option<Date>, Trouble> {
    let read = |text: &String| {
        rulebook::time::read_date(text)
            .ok_or_else(|| Trouble::new(format!("--starting `{text}` is not a day"), "write 2024-01-01"))
    };
    on.starting.as_ref().map(read).transpose()
}

fn draw(seed: u64, exchanges: u64, out: &Path) -> Result<i32, Trouble> {
    if !(1..=industry::MAX_EXCHANGES).contains(&exchanges) {
        return Err(Trouble::new(
            format!("{exchanges} exchanges"),
            format!("an industry has 1 to {}", industry::MAX_EXCHANGES),
        ));
    }
    if out.exists() {
        return Err(Trouble::new(
            format!("{} is there already", out.display()),
            "a set is never overwritten: name a folder that does not exist",
        ));
    }
    std::fs::create_dir_all(out).map_err(|e| Trouble::file(out, &e))?;
    let files = industry::files(seed, exchanges);
    let named = [
        ("industry.json", &files.header),
        (industry::FACT_FILES[0], &files.exchanges),
        (industry::FACT_FILES[1], &files.months),
        (industry::FACT_FILES[2], &files.facts),
    ];
    for (name, text) in named {
        let path = out.join(name);
        std::fs::write(&path, text).map_err(|e| Trouble::file(&path, &e))?;
    }
    println!("{exchanges} made-up exchanges in {}", out.display());
    Ok(0)
}

fn write(answer: &str, out: Option<&Path>) -> Result<i32, Trouble> {
    match out {
        Some(path) => std::fs::write(path, answer).map_err(|e| Trouble::file(path, &e))?,
        None => std::io::stdout().write_all(answer.as_bytes()).map_err(|e| Trouble::file(Path::new("(output)"), &e))?,
    }
    Ok(0)
}
