//! `bongsu compare`: exchanges beside one another under one law, or laws beside one another.

use crate::command::assess::{Format, moments};
use crate::compare::{Question, countries, matrix};
use crate::lang::Lang;
use crate::pages;
use crate::report::compare::{Comparison, html, json, table, xlsx};
use crate::trouble::Trouble;
use crate::walk;
use clap::{Args, ValueEnum};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

/// What stands in the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum By {
    /// Obligations × exchanges.
    Exchanges,
    /// Topics × countries.
    Countries,
}

/// The command's arguments.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  bongsu compare --data DIR --law kr                       every exchange under Korean law\n  bongsu compare --data DIR --law kr --format html --out map.html --lang ko\n  bongsu compare --data DIR --law kr --peer upbit          itself by name, the others only as statistics\n  bongsu compare --data DIR --by countries                 what each country asks, topic by topic\n  bongsu compare --data DIR --by countries --law kr,eu,jp,hk --exchange upbit   one exchange under four laws"
)]
pub struct Arguments {
    /// The journal's folder
    #[arg(long)]
    pub data: PathBuf,
    /// What stands in the columns
    #[arg(long, value_enum, default_value_t = By::Exchanges)]
    pub by: By,
    /// The day (its last moment) or moment judged for; now when left out
    #[arg(long)]
    pub as_of: Option<String>,
    /// Take only what was journaled up to this day or moment, or entry number, as known
    #[arg(long)]
    pub known: Option<String>,
    /// Laws, such as kr or kr.vaupa, in the order of the columns; of exchanges Korea's when left out, of countries all;
    /// `all` for every adopted one
    #[arg(long, value_delimiter = ',')]
    pub law: Vec<String>,
    /// One exchange; may be repeated. Of exchanges all when left out, of countries none
    #[arg(long)]
    pub exchange: Vec<String>,
    /// The view of this exchange: itself by name, the others only as statistics over groups of six or more
    #[arg(long)]
    pub peer: Option<String>,
    /// What is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    /// Write to this file instead of the terminal
    #[arg(long)]
    pub out: Option<PathBuf>,
}

/// Runs the command.
pub fn run(arguments: &Arguments, lang: Lang) -> Result<i32, Trouble> {
    if arguments.format == Format::Xlsx && arguments.out.is_none() {
        return Err(Trouble::new("a workbook cannot be printed", "say where: --out comparison.xlsx"));
    }
    let state = walk::state(&arguments.data)?;
    let (as_of, known) = moments(arguments.as_of.as_deref(), arguments.known.as_deref(), &state)?;
    // Exchanges are compared under the law that binds them; countries are what the other comparison is about.
    let laws = match arguments.by {
        By::Exchanges => pages::named_laws(&arguments.law),
        By::Countries if arguments.law.iter().any(|law| law == "all") => Vec::new(),
        By::Countries => arguments.law.clone(),
    };
    let question = Question { as_of, known, laws, exchanges: arguments.exchange.clone(), peer: arguments.peer.clone() };
    let comparison = match arguments.by {
        By::Exchanges => Comparison::Exchanges(matrix::gather(&state, &question)?),
        By::Countries => Comparison::Countries(countries::gather(&state, &question)?),
    };
    let (zone, out) = (walk::zone(&state), arguments.out.as_deref());
    let text = match arguments.format {
        Format::Table => table::show(&comparison, &zone, lang, out.is_none() && std::io::stdout().is_terminal()),
        Format::Json => json::show(&comparison, &zone),
        Format::Html => html::page(&comparison, &zone, lang),
        Format::Xlsx => {
            xlsx::write(&comparison, &zone, lang, out.unwrap_or(Path::new("comparison.xlsx")))?;
            return Ok(0);
        }
    };
    match out {
        Some(path) => std::fs::write(path, text).map_err(|e| Trouble::file(path, &e))?,
        None => {
            std::io::stdout().write_all(text.as_bytes()).map_err(|e| Trouble::file(Path::new("(output)"), &e))?;
        }
    }
    Ok(0)
}
