//! Reads the command line and calls one command.

use bongsu::command;
use bongsu::lang::Lang;
use bongsu::trouble::Trouble;
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
    /// Show all of it on the public figures of Korea's five won-market exchanges
    Demo {
        /// A folder that does not exist yet; `bongsu-demo` when left out
        #[arg(long)]
        data: Option<PathBuf>,
    },
    /// Bring facts from files into a journal: all rows or none
    #[command(
        after_help = "Examples:\n  bongsu import --data DIR data/kr/exchanges.csv data/kr/figures.csv\n  bongsu import --data DIR facts.jsonl\n  bongsu import --data DIR 2025_list.xlsx --company \"두나무=upbit\"   the KISA disclosure list as published"
    )]
    Import {
        /// .jsonl, .csv or .xlsx
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The journal's folder; made on the first write
        #[arg(long)]
        data: PathBuf,
        /// The kind of file, where its header does not tell
        #[arg(long = "as")]
        kind: Option<String>,
        /// The exchange of a company of the disclosure list, as NAME=EXCHANGE
        #[arg(long, value_parser = command::import::company)]
        company: Vec<(String, String)>,
        /// Take every company of the disclosure list
        #[arg(long)]
        all: bool,
        /// Read and check only; write nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Print an empty sheet to fill in, or list them
    #[command(after_help = "Examples:\n  bongsu template\n  bongsu template staffing --out staffing.xlsx")]
    Template {
        /// Which
        kind: Option<String>,
        /// Write to this .csv or .xlsx
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Measure exchanges against the law, as of a date
    Assess(command::assess::Arguments),
    /// Incidents: statutory clocks, losses, tasks, timeline
    Incident {
        #[command(subcommand)]
        action: command::incident::Action,
    },
    /// Play a published incident against the guard: the loss as it happened, and as it would be
    Drill(command::drill::Arguments),
    /// How a guard stands: the fires, what is stopped and what may follow, what waits, who watches
    Beacon(command::beacon::Arguments),
    /// Lists of addresses, loaded as differences
    List {
        #[command(subcommand)]
        action: command::list::Action,
    },
    /// Break-glass tickets: one transfer that two people sign offline, for the hour without a gate
    Ticket {
        #[command(subcommand)]
        action: command::ticket::Action,
    },
    /// Set exchanges beside one another, or the laws of countries
    Compare(command::compare::Arguments),
    /// Draw up a paper about an incident, check it, record that it was sent; without a name, list the papers
    Report(command::report::Arguments),
    /// Evidence: files that support what is said, kept by their hash
    Evidence {
        #[command(subcommand)]
        action: command::evidence::Action,
    },
    /// Filings to a supervisor: drawn up with proofs, checked, submitted, received, decided
    Filing {
        #[command(subcommand)]
        action: command::filing::Action,
    },
    /// Examine a filing: do it again, sample it, ask for what nobody could assess
    Examine(command::examine::Arguments),
    /// Orders and requests: issued, planned, tried again, closed by their rule
    Order {
        #[command(subcommand)]
        action: command::order::Action,
    },
    /// Check rule pages: names, units, dates, citations, conflicts, cases
    #[command(
        after_help = "Examples:\n  bongsu check                       the pages the program ships with\n  bongsu check law/kr/vaupa.md       one page\n  bongsu check --strict law policy   warnings count as errors"
    )]
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
        /// List the topics of rules instead
        #[arg(long)]
        topics: bool,
    },
    /// Who supervises which law on a day, who is told, and what changes ahead
    Authorities(command::authorities::Arguments),
    /// Check a journal from its own bytes and re-perform every conclusion
    #[command(
        after_help = "Examples:\n  bongsu verify DIR\n  bongsu verify DIR --key journal.pub   the key you were given, not the one the journal names\n  bongsu verify october.filing --key upbit.pub   a filing: proofs, rulebook and every finding, offline"
    )]
    Verify {
        /// The journal's folder, or a filing
        path: PathBuf,
        /// How a filing is checked
        #[command(flatten)]
        checks: command::filing::Checks,
        /// The verifier key, or a file that holds it
        #[arg(long)]
        key: Option<String>,
    },
    /// Explain an entry (with its proof), or a rule at an exchange (with its trace)
    #[command(
        after_help = "Examples:\n  bongsu explain 42 --data DIR\n  bongsu explain kr.vaupa.7-3.published --exchange gopax --as-of 2026-11-22 --data DIR"
    )]
    Explain {
        /// An entry number or a rule id
        what: String,
        /// The journal's folder
        #[arg(long)]
        data: PathBuf,
        /// The exchange, for a rule
        #[arg(long)]
        exchange: Option<String>,
        /// The day or moment, for a rule; now when left out
        #[arg(long)]
        as_of: Option<String>,
        /// Print the trace as JSON
        #[arg(long)]
        json: bool,
    },
    /// Replay a journal: re-perform it, or decide its assessments again under a draft
    Replay(command::replay::Arguments),
    /// Try drafts on an industry: whom they bind, by how much, at what cost
    Lab {
        #[command(subcommand)]
        what: command::lab::Lab,
    },
    /// Adopt a rulebook: the shipped law, or these pages
    Adopt {
        /// Files and folders; the shipped law when left out
        paths: Vec<PathBuf>,
        /// The journal's folder
        #[arg(long)]
        data: PathBuf,
        /// The rulebook's name
        #[arg(long)]
        id: String,
    },
    /// Destroy bodies whose retention has ended; proofs stay valid
    Erase {
        /// Entry numbers
        #[arg(required = true)]
        entries: Vec<u64>,
        /// The journal's folder
        #[arg(long)]
        data: PathBuf,
        /// Really destroy them
        #[arg(long)]
        yes: bool,
    },
    /// Serve a journal over HTTP
    #[command(
        after_help = "Examples:\n  bongsu serve --data SUPERVISOR --role supervise --listen 127.0.0.1:8420\n  bongsu serve --data WATCH --role watch --gate http://10.0.0.5:8420 --gate-key gate.pub --exchange upbit --rulebook policy/default.md --blocks BLOCKS --listen 127.0.0.1:8421"
    )]
    Serve {
        /// The journal's folder; made on the first start
        #[arg(long)]
        data: PathBuf,
        /// Which doors it opens
        #[arg(long, value_enum)]
        role: bongsu::serve::Role,
        /// Address and port
        #[arg(long, default_value = "127.0.0.1:8420")]
        listen: std::net::SocketAddr,
        /// Laws whose clocks are watched; Korea's when left out, `all` for every adopted one. Gate, with --setup, and watch: laws that the gate's journal carries beside the policy
        #[arg(long, value_delimiter = ',')]
        law: Vec<String>,
        /// The gate's first start: what it watches over and who may speak
        #[arg(long)]
        setup: Option<PathBuf>,
        /// With --setup: the strict policy, for thin hot wallets
        #[arg(long, requires = "setup")]
        strict: bool,
        /// Gate: serve the guard's page on this host alone, such as 127.0.0.1:8421 (a watch has it at /guard)
        #[arg(long)]
        desk: Option<std::net::SocketAddr>,
        /// Gate: where the watch is; nothing is signable without its lease
        #[arg(long, requires = "watch_key")]
        watch: Option<String>,
        /// Gate: the key of the watch's journal, or a file that holds it
        #[arg(long, requires = "watch")]
        watch_key: Option<String>,
        /// What a watch pins
        #[command(flatten)]
        pins: command::watch::Pinned,
    },
    /// Recorded blocks, as a watch reads them
    Blocks {
        #[command(subcommand)]
        action: command::watch::Blocks,
    },
    /// Keys that speak to a guard: made, shown
    Key {
        #[command(subcommand)]
        action: command::key::Action,
    },
    /// Send one signed request to a gate
    #[command(
        after_help = "Examples:\n  bongsu request GET /v1/state --key ops.key\n  bongsu request POST /v1/withdrawals --key api.key --body @withdrawal.json"
    )]
    Request(command::request::Arguments),
    /// Journals that are watched from outside: cosignatures, silence, forks
    Witness {
        #[command(subcommand)]
        action: command::witness::Action,
    },
    /// Measure this machine
    Bench {
        #[command(subcommand)]
        what: Bench,
    },
}

#[derive(Subcommand)]
enum Bench {
    /// Durable entries a second, beside what the disk alone does
    Append {
        /// A folder for the journal that is written
        #[arg(long)]
        data: PathBuf,
        /// Entries
        #[arg(long, default_value_t = 2_000_000)]
        entries: u64,
        /// Bytes of a body
        #[arg(long, default_value_t = 200)]
        size: usize,
        /// Entries in a group
        #[arg(long, default_value_t = 8_192)]
        group: usize,
        /// Print `first count` after each durable group and measure nothing
        #[arg(long)]
        acknowledge: bool,
    },
    /// A made-up industry assessed at every month end
    Assess {
        /// Exchanges
        #[arg(long, default_value_t = 100)]
        exchanges: u32,
        /// Month ends
        #[arg(long, default_value_t = 60)]
        months: u32,
        /// Assets of each exchange, with a price a day
        #[arg(long, default_value_t = 10)]
        assets: u32,
    },
    /// A filing with proofs, verified offline
    Filing {
        /// A folder for the journal that is written
        #[arg(long)]
        data: PathBuf,
        /// Facts
        #[arg(long, default_value_t = 100_000)]
        facts: u32,
    },
    /// Durable decisions through the sequencer, then a restart and a re-performance
    Decide {
        /// A new folder for the journal that is written
        #[arg(long)]
        data: PathBuf,
        /// Customers, each with a withdrawal on record
        #[arg(long, default_value_t = 1_000_000)]
        customers: u64,
        /// Withdrawals
        #[arg(long, default_value_t = 2_000_000)]
        withdrawals: u64,
        /// Withdrawals of a submission
        #[arg(long, default_value_t = 500)]
        batch: u64,
        /// Callers at once
        #[arg(long, default_value_t = 8)]
        callers: u64,
        /// Milliseconds between two suspensions
        #[arg(long, default_value_t = 20)]
        suspend: u64,
    },
    /// A gate in its own process over loopback: most it decides, latencies at fixed rates, suspensions under load
    #[command(
        after_help = "Examples:\n  bongsu bench gate --data /var/tmp/bench\n  bongsu bench gate --data /var/tmp/bench --customers 10000 --seconds 2 --format json"
    )]
    Gate {
        /// A new folder for the gate's journal
        #[arg(long)]
        data: PathBuf,
        /// Customers, each with a withdrawal on record
        #[arg(long, default_value_t = 1_000_000)]
        customers: u64,
        /// Withdrawals of a batch
        #[arg(long, default_value_t = 2_048)]
        batch: usize,
        /// Batches in flight where they go as fast as they are answered
        #[arg(long, default_value_t = 4)]
        callers: usize,
        /// Seconds of each step
        #[arg(long, default_value_t = 5)]
        seconds: u64,
        /// How it is printed
        #[arg(long, value_parser = ["text", "json"], default_value = "text")]
        format: String,
    },
    /// From a block in memory to the stop that follows, on the disk
    Trip {
        /// A new folder for the journal
        #[arg(long)]
        data: PathBuf,
        /// Authorisations that are open
        #[arg(long, default_value_t = 10_000)]
        open: u64,
        /// Transfers of a block
        #[arg(long, default_value_t = 1_000)]
        transfers: u64,
        /// Blocks, each with a theft
        #[arg(long, default_value_t = 200)]
        blocks: u64,
    },
    /// What a withdrawal costs in the kernel: twenty rules, six rolling windows
    Guard {
        /// Customers, each with a withdrawal on record
        #[arg(long, default_value_t = 1_000_000)]
        customers: u64,
        /// Rounds of ten thousand withdrawals
        #[arg(long, default_value_t = 30)]
        rounds: usize,
    },
    /// The next deadline of many open incidents
    Deadlines {
        /// Incidents
        #[arg(long, default_value_t = 1_000)]
        incidents: u32,
        /// Clocks of each
        #[arg(long, default_value_t = 10)]
        clocks: u32,
    },
    /// The shipped made-up industry at 49 month ends and 200 thresholds, beside OpenFisca
    Sweep {
        /// The Python that has openfisca-core
        #[arg(long, default_value = "python3")]
        python: String,
    },
    /// A made-up industry set side by side: every rule at every exchange, statistics and ranks
    Compare {
        /// Exchanges
        #[arg(long, default_value_t = 100)]
        exchanges: u32,
        /// Assets of each exchange, with a price a day
        #[arg(long, default_value_t = 10)]
        assets: u32,
        /// Laws, such as kr; all shipped when left out
        #[arg(long, value_delimiter = ',')]
        law: Vec<String>,
    },
    /// A journal of figures re-performed, every conclusion compared
    Replay {
        /// Figures
        #[arg(long, default_value_t = 1_000_000)]
        figures: u64,
    },
}

fn main() {
    leave_quietly_on_a_broken_pipe();
    let line = Line::parse();
    let code = run(line).unwrap_or_else(|trouble| {
        eprintln!("{trouble}");
        trouble.code
    });
    std::process::exit(code);
}

fn run(line: Line) -> Result<i32, Trouble> {
    let lang = line.lang;
    match line.command {
        Command::Demo { data } => command::demo::run(data.as_deref(), lang),
        Command::Import { files, data, kind, company, all, dry_run } => {
            let options = bongsu::import::Options { kind, companies: company.into_iter().collect(), all };
            Ok(command::import::run(&data, &files, &options, "import", dry_run))
        }
        Command::Template { kind, out } => Ok(command::template::run(kind.as_deref(), out.as_deref(), lang)),
        Command::Assess(arguments) => command::assess::run(&arguments, lang),
        Command::Drill(arguments) => command::drill::run(&arguments, lang),
        Command::Beacon(arguments) => command::beacon::run(&arguments, lang),
        Command::List { action } => command::list::run(&action),
        Command::Ticket { action } => command::ticket::run(&action),
        Command::Compare(arguments) => command::compare::run(&arguments, lang),
        Command::Serve {
            data,
            role: bongsu::serve::Role::Gate,
            listen,
            law,
            setup,
            strict,
            desk,
            watch,
            watch_key,
            ..
        } => {
            let key = watch_key.as_deref().map(command::verify::read_key).transpose()?;
            let first = setup.map(|file| bongsu::serve::gate::setup::First { file, strict, laws: law });
            bongsu::serve::gate::run(&data, listen, first.as_ref(), watch.as_deref().zip(key), desk)
        }
        Command::Key { action } => command::key::run(&action),
        Command::Request(arguments) => command::request::run(&arguments),
        Command::Serve { data, role: bongsu::serve::Role::Watch, listen, law, pins, .. } => {
            command::watch::run(&data, listen, &pins, law)
        }
        Command::Blocks { action } => command::watch::blocks(&action),
        Command::Serve { data, role, listen, law, .. } => {
            bongsu::serve::run(&data, role, listen, &bongsu::pages::named_laws(&law))
        }
        Command::Witness { action } => command::witness::run(&action, lang),
        Command::Incident { action } => command::incident::run(&action, lang),
        Command::Report(arguments) => command::report::run(&arguments, lang),
        Command::Check { paths, strict, quick } => Ok(command::check::run(&paths, strict, !quick)),
        Command::Words { pattern, topics: false } => Ok(command::words::run(pattern.as_deref(), lang)),
        Command::Words { pattern, topics: true } => Ok(command::words::topics(pattern.as_deref(), lang)),
        Command::Authorities(arguments) => command::authorities::run(&arguments, lang),
        Command::Verify { path, key, checks } if path.is_file() => {
            command::filing::verify_file(&path, key.as_deref(), &checks, lang)
        }
        Command::Verify { path, key, .. } => command::verify::run(&path, key.as_deref(), lang),
        Command::Evidence { action } => command::evidence::run(&action, lang),
        Command::Filing { action } => command::filing::run(&action, lang),
        Command::Examine(arguments) => command::examine::run(&arguments, lang),
        Command::Order { action } => command::order::run(&action, lang),
        Command::Explain { what, data, exchange, as_of, json } => command::explain::run(
            &command::explain::Arguments {
                data: &data,
                what: &what,
                exchange: exchange.as_deref(),
                as_of: as_of.as_deref(),
                json,
            },
            lang,
        ),
        Command::Replay(arguments) => command::replay::run(&arguments, lang),
        Command::Lab { what } => command::lab::run(&what, lang),
        Command::Adopt { paths, data, id } => command::adopt::run(&data, &id, &paths),
        Command::Erase { entries, data, yes } => command::erase::run(&data, &entries, yes),
        Command::Bench { what: Bench::Append { data, entries, size, group, acknowledge } } => {
            bongsu::bench::append::run(&bongsu::bench::append::Args { data, entries, size, group, acknowledge })?;
            Ok(0)
        }
        Command::Bench { what: Bench::Assess { exchanges, months, assets } } => {
            bongsu::bench::assess::assess(bongsu::bench::assess::Size { exchanges, months, assets })?;
            Ok(0)
        }
        Command::Bench { what: Bench::Filing { data, facts } } => {
            bongsu::bench::filing::run(&data, facts)?;
            Ok(0)
        }
        Command::Bench { what: Bench::Decide { data, customers, withdrawals, batch, callers, suspend } } => {
            let size = bongsu::bench::decide::Size { data, customers, withdrawals, batch, callers, suspend };
            bongsu::bench::decide::run(&size)?;
            Ok(0)
        }
        Command::Bench { what: Bench::Gate { data, customers, batch, callers, seconds, format } } => {
            let size = bongsu::bench::gate::Size { data, customers, batch, callers, seconds, json: format == "json" };
            bongsu::bench::gate::run(&size)?;
            Ok(0)
        }
        Command::Bench { what: Bench::Trip { data, open, transfers, blocks } } => {
            bongsu::bench::trip::run(&bongsu::bench::trip::Size { data, open, transfers, blocks })?;
            Ok(0)
        }
        Command::Bench { what: Bench::Guard { customers, rounds } } => {
            bongsu::bench::guard::run(bongsu::bench::guard::Size { customers, rounds })?;
            Ok(0)
        }
        Command::Bench { what: Bench::Deadlines { incidents, clocks } } => {
            bongsu::bench::deadlines::run(incidents, clocks)?;
            Ok(0)
        }
        Command::Bench { what: Bench::Sweep { python } } => {
            bongsu::bench::sweep::run(&python)?;
            Ok(0)
        }
        Command::Bench { what: Bench::Compare { exchanges, assets, law } } => {
            bongsu::bench::compare::run(bongsu::bench::assess::Size { exchanges, months: 24, assets }, &law);
            Ok(0)
        }
        Command::Bench { what: Bench::Replay { figures } } => {
            bongsu::bench::assess::replay(figures)?;
            Ok(0)
        }
    }
}

/// `bongsu … | head` closes our output early; that is no fault, and the shell's number for it is 141.
fn leave_quietly_on_a_broken_pipe() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if panic.to_string().contains("Broken pipe") {
            std::process::exit(141);
        }
        usual(panic);
    }));
}
