//! `bongsu incident`: incidents recorded, their clocks watched, a published one played.

use crate::authority::Sight;
use crate::incident::{dossier::Dossier, file, json};
use crate::incident::{page, play, record, summary, text, what_if};
use crate::lang::Lang;
use crate::pages::named_laws;
use crate::recorder;
use crate::trouble::Trouble;
use crate::walk;
use clap::{Args, Subcommand, ValueEnum};
use kernel::known::KnownAt;
use kernel::state::State;
use rulebook::book::Book;
use rulebook::time::{Instant, Zone};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;

/// What is to be done.
#[derive(Subcommand)]
pub enum Action {
    /// Every incident: what is late, what is due next
    #[command(
        after_help = "Examples:\n  bongsu incident list --data DIR\n  bongsu incident list --data DIR --law kr,eu --as-of \"2025-11-27 09:00\""
    )]
    List {
        /// The journal's folder
        #[arg(long)]
        data: PathBuf,
        /// When and under which law.
        #[command(flatten)]
        at: At,
        /// One exchange
        #[arg(long)]
        exchange: Option<String>,
        /// Only what this authority sees: incidents that a clock it supervises, or is told of, reaches
        #[arg(long = "as")]
        seen_by: Option<String>,
    },
    /// One incident: its clocks, duties, losses, tasks and timeline
    #[command(
        after_help = "Examples:\n  bongsu incident show upbit-2025-11-27 --exchange upbit --data DIR --as-of \"2025-11-27 10:00\"\n  bongsu incident show upbit-2025-11-27 --exchange upbit --data DIR --under 2026-10-01   had it begun that day"
    )]
    Show {
        /// Which incident.
        #[command(flatten)]
        of: Of,
        /// When and under which law.
        #[command(flatten)]
        at: At,
        /// What if it had begun on this day: every moment of it moved by whole days, under the law of then
        #[arg(long)]
        under: Option<String>,
        /// What is printed
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        /// Write to this file instead of the terminal
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Record that an incident happened
    #[command(
        after_help = "Example:\n  bongsu incident open 2026-11-25-hot --exchange upbit --data DIR --occurred \"2026-11-25 04:42\" --detected \"2026-11-25 04:43\" --class theft --title \"Hot wallet drained\""
    )]
    Open {
        /// Which incident.
        #[command(flatten)]
        of: Of,
        /// When it happened
        #[arg(long)]
        occurred: String,
        /// When a system or person noticed it
        #[arg(long)]
        detected: Option<String>,
        /// When the exchange learned of it: an act of a person
        #[arg(long)]
        learned: Option<String>,
        /// theft, intrusion, fault, ledger_error or data_leak
        #[arg(long)]
        class: Option<String>,
        /// nil, negligible, low, medium, high or extreme
        #[arg(long)]
        severity: Option<String>,
        /// In one line
        #[arg(long)]
        title: Option<String>,
        /// Who records it, as an opaque reference
        #[arg(long, default_value = "desk")]
        by: String,
    },
    /// Record an event or a value of an incident, or of what belongs with it
    #[command(
        after_help = "Examples:\n  bongsu incident set 2026-11-25-hot learned yes --at \"2026-11-25 04:50\" --exchange upbit --data DIR\n  bongsu incident set 2026-11-25-hot loss_value \"3 bn KRW\" --of loss/2026-11-25-SOL --at \"2026-11-25 04:42\" --exchange upbit --data DIR"
    )]
    Set {
        /// Which incident.
        #[command(flatten)]
        of: Of,
        /// A word of `bongsu words`
        word: String,
        /// In its unit; `yes` or a code for an event, `missing`, `none`
        value: String,
        /// When it was so
        #[arg(long)]
        at: String,
        /// kind/name of what belongs with the incident, such as loss/SOL or blocking/b1; new ones are recorded
        #[arg(long = "of")]
        subject: Option<String>,
        /// Where it is known from
        #[arg(long, default_value = "")]
        source: String,
    },
    /// Write down a point of the timeline, a cause, a task, a lesson
    #[command(
        after_help = "Examples:\n  bongsu incident say 2026-11-25-hot cause \"a stolen signer key\" --exchange upbit --data DIR\n  bongsu incident say 2026-11-25-hot task \"replace deposit addresses\" --id rotate --owner p-7 --due 2026-11-27 --exchange upbit --data DIR"
    )]
    Say {
        /// Which incident.
        #[command(flatten)]
        of: Of,
        /// event, title, description, cause, measures, task, lesson, …
        topic: String,
        /// The text
        text: String,
        /// When it was so; now when left out
        #[arg(long)]
        at: Option<String>,
        /// Which one of its topic; said again, it replaces the earlier
        #[arg(long, default_value = "")]
        id: String,
        /// Who is to do it
        #[arg(long, default_value = "")]
        owner: String,
        /// Until when
        #[arg(long)]
        due: Option<String>,
        /// It is done
        #[arg(long)]
        done: bool,
        /// Who writes it, as an opaque reference
        #[arg(long, default_value = "desk")]
        by: String,
    },
    /// Play a published incident: record it, run the clocks, draw up every paper
    #[command(
        after_help = "Examples:\n  bongsu incident play upbit-2025\n  bongsu incident play my-incident/ --data DIR --out papers --law kr,eu"
    )]
    Play {
        /// A shipped case, or a folder of facts as `bongsu import` reads them
        case: String,
        /// A folder that does not exist yet; named after the case when left out
        #[arg(long)]
        data: Option<PathBuf>,
        /// Where the papers go; beside the journal when left out
        #[arg(long)]
        out: Option<PathBuf>,
        /// Laws, such as kr or eu.dora
        #[arg(long, value_delimiter = ',', default_value = "kr")]
        law: Vec<String>,
    },
}

/// Which incident.
#[derive(Args)]
pub struct Of {
    /// Its id
    pub incident: String,
    /// The exchange
    #[arg(long)]
    pub exchange: String,
    /// The journal's folder
    #[arg(long)]
    pub data: PathBuf,
}

/// When, by what was known, under which law.
#[derive(Args)]
pub struct At {
    /// The moment judged for; now when left out
    #[arg(long)]
    pub as_of: Option<String>,
    /// Take only what was journaled up to this entry as known
    #[arg(long)]
    pub known: Option<u64>,
    /// Laws, such as kr,eu.dora; Korea's when left out; `all` for every adopted one
    #[arg(long, value_delimiter = ',')]
    pub law: Vec<String>,
}

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Text for a terminal or a pipe.
    Text,
    /// For programs.
    Json,
    /// One page with a picture, for a browser or paper.
    Html,
}

/// Runs it. Exit code 1: a clock is late.
pub fn run(action: &Action, lang: Lang) -> Result<i32, Trouble> {
    match action {
        Action::List { data, at, exchange, seen_by } => {
            let state = walk::state(data)?;
            let book = book(&state)?;
            let now = moment(at.as_of.as_deref(), &walk::zone_of(book), "--as-of")?;
            // An authority looks at whichever law it supervises, unless it names one.
            let laws = if seen_by.is_some() && at.law.is_empty() { Vec::new() } else { named_laws(&at.law) };
            let sight = seen_by.as_ref().map(|authority| Sight::open(book, authority, now, &laws)).transpose()?;
            let rows = summary::rows(&state, book, exchange.as_deref(), now, known(at), &laws, sight.as_ref())?;
            print(&summary::show(&rows, &walk::zone_of(book), lang), None)?;
            Ok(i32::from(rows.iter().any(|row| row.late > 0)))
        }
        Action::Show { of, at, under, format, out } => {
            let mut state = walk::state(&of.data)?;
            let mut by = 0;
            if let Some(day) = under {
                (state, by) = what_if::under(&state, &of.data, &of.exchange, &of.incident, day)?;
            }
            let book = book(&state)?;
            let zone = walk::zone_of(book);
            let moved = what_if::moved(&state, &of.exchange, &of.incident, at.as_of.as_deref(), &zone)?;
            let dossier = Dossier::open(&state, &of.exchange, &of.incident, moved, known(at))?;
            let file = file::gather(dossier, book, &named_laws(&at.law), &of.data, by)?;
            let shown = match format {
                Format::Text => text::show(&file, lang, out.is_none() && std::io::stdout().is_terminal()),
                Format::Json => json::show(&file),
                Format::Html => page::show(&file, lang),
            };
            print(&shown, out.as_ref())?;
            Ok(i32::from(file.clocks.iter().any(|clock| clock.is_late())))
        }
        Action::Open { of, occurred, detected, learned, class, severity, title, by } => {
            let events = [("occurred", Some(occurred)), ("detected", detected.as_ref()), ("learned", learned.as_ref())];
            let codes = [("incident_class", class.as_ref()), ("severity", severity.as_ref())];
            record::open(&of.data, &of.exchange, &of.incident, &events, &codes, title.as_deref(), by)?;
            Ok(0)
        }
        Action::Set { of, word, value, at, subject, source } => {
            let told = record::Told { word, value, at, subject: subject.as_deref(), source };
            record::set(&of.data, &of.exchange, &of.incident, &told)?;
            Ok(0)
        }
        Action::Say { of, topic, text, at, id, owner, due, done, by } => {
            let said = record::Said { topic, text, at: at.as_deref(), id, owner, due: due.as_deref(), done: *done, by };
            record::say(&of.data, &of.exchange, &of.incident, &said)?;
            Ok(0)
        }
        Action::Play { case, data, out, law } => {
            play::run(case, data.as_deref(), out.as_deref(), &named_laws(law), lang)
        }
    }
}

/// The rulebook a journal has adopted, or the shipped one where it has none.
fn book(state: &State) -> Result<&Book, Trouble> {
    state.adoptions().last().and_then(|adoption| adoption.book.as_deref()).ok_or_else(|| {
        Trouble::new(
            "no rulebook is adopted in this journal",
            "`bongsu import --data DIR FILE` adopts the shipped law on its first write",
        )
    })
}

fn known(at: &At) -> KnownAt {
    at.known.map_or(KnownAt::Now, KnownAt::Entry)
}

fn moment(text: Option<&str>, zone: &Zone, what: &str) -> Result<Instant, Trouble> {
    match text {
        None => Ok(Instant(recorder::now())),
        Some(text) => zone.read(text).ok_or_else(|| {
            Trouble::new(format!("{what} `{text}` is not a date"), "write 2026-11-22 or \"2026-11-22 09:00\"")
        }),
    }
}

fn print(text: &str, out: Option<&PathBuf>) -> Result<(), Trouble> {
    match out {
        Some(path) => std::fs::write(path, text).map_err(|e| Trouble::file(path, &e)),
        None => {
            let _closed = std::io::stdout().write_all(text.as_bytes());
            Ok(())
        }
    }
}
