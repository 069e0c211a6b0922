//! `bongsu witness`: journals registered, cosignatures asked for, who was heard from.

use crate::lang::Lang;
use crate::recorder::{Recorder, now};
use crate::report::moment::span;
use crate::trouble::Trouble;
use crate::walk;
use crate::witness::ask;
use clap::Subcommand;
use journal::note::VerifierKey;
use kernel::fact::{LogRegistered, Observation};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What is to be done.
#[derive(Subcommand)]
pub enum Action {
    /// The supervisor: take a journal's key, so that its checkpoints are cosigned
    #[command(after_help = "Example:\n  bongsu witness register upbit upbit/keys/journal.pub --data SUPERVISOR")]
    Register {
        /// The exchange
        exchange: String,
        /// Its journal's verifier key, or the file that holds it
        key: String,
        /// The supervisor's journal
        #[arg(long)]
        data: PathBuf,
    },
    /// The exchange: ask a witness to cosign the journal's checkpoint
    #[command(after_help = "Example:\n  bongsu witness ask http://127.0.0.1:8420 --key fss.pub --data DIR --every 1")]
    Ask {
        /// The witness's address
        url: String,
        /// The witness's key, as `bongsu serve` prints it, or the file that holds it
        #[arg(long)]
        key: String,
        /// The journal's folder
        #[arg(long)]
        data: PathBuf,
        /// Ask again every so many seconds, for ever
        #[arg(long)]
        every: Option<u64>,
    },
    /// The supervisor: every journal, its last cosigned size, how long it has been silent, forks
    List {
        /// The supervisor's journal
        #[arg(long)]
        data: PathBuf,
    },
}

/// Runs it. Exit code 1: a journal is silent or forked, or the witness refused.
pub fn run(action: &Action, lang: Lang) -> Result<i32, Trouble> {
    match action {
        Action::Register { exchange, key, data } => register(exchange, key, data),
        Action::Ask { url, key, data, every } => asked(url, key, data, *every),
        Action::List { data } => list(data, lang),
    }
}

fn read_key(text: &str) -> Result<VerifierKey, Trouble> {
    let found = std::fs::read_to_string(text).unwrap_or_else(|_| text.to_string());
    VerifierKey::parse(found.trim())
        .map_err(|e| Trouble::new(format!("this is no verifier key: {e}"), "give keys/journal.pub or its text"))
}

fn register(exchange: &str, key: &str, data: &Path) -> Result<i32, Trouble> {
    let key = read_key(key)?;
    let mut recorder = Recorder::open(data)?;
    let fact: Observation = LogRegistered { exchange: exchange.to_string(), key: key.to_string() }.into();
    let recorded = recorder.observe(&[fact], "witness")?;
    recorder.close()?;
    let entry = recorded.entries.first().copied().unwrap_or(0);
    println!("{} is witnessed for {exchange} (entry {entry})", key.name());
    Ok(0)
}

fn asked(url: &str, key: &str, data: &Path, every: Option<u64>) -> Result<i32, Trouble> {
    let key = read_key(key)?;
    loop {
        let answer = ask::ask(data, url, &key).map(|cosigned| {
            println!("{} entries cosigned by {}: {}", cosigned.size, key.name(), cosigned.path.display());
        });
        let Some(seconds) = every else { return answer.map(|()| 0) };
        // A late witness stops nothing: it is said, and asked again. A witness that refuses has seen another history.
        match answer {
            Err(trouble) if trouble.code == 1 => return Err(trouble),
            Err(trouble) => eprintln!("{trouble}"),
            Ok(()) => {}
        }
        std::thread::sleep(Duration::from_secs(seconds.max(1)));
    }
}

fn list(data: &Path, lang: Lang) -> Result<i32, Trouble> {
    let state = walk::state(data)?;
    if state.logs().is_empty() {
        println!("{}", lang.pick("no journal is witnessed here", "감시하는 저널이 없다"));
        return Ok(0);
    }
    let mut fine = true;
    for (origin, log) in state.logs() {
        let heard = log.last.as_ref().map(|seen| seen.since.time);
        let silent = heard.map(|at| now().saturating_sub(at.0));
        let quiet = match silent {
            None => lang.pick("never heard from", "수신 없음").to_string(),
            Some(ms) => format!("{} {}", lang.pick("heard from", "마지막 수신"), span(ms, lang)),
        };
        let ago = if silent.is_some() { lang.pick(" ago", " 전") } else { "" };
        let size = log.last.as_ref().map_or(0, |seen| seen.size);
        let forks: Vec<String> = log.forks.iter().map(|stamp| stamp.index.to_string()).collect();
        let fork = match forks.as_slice() {
            [] => String::new(),
            entries => format!(" · {} ({})", lang.pick("FORKED", "이중 기록"), entries.join(", ")),
        };
        fine &= forks.is_empty() && silent.is_some_and(|ms| ms <= crate::serve::SILENT);
        println!("{} · {origin} · {size} {} · {quiet}{ago}{fork}", log.exchange, lang.pick("entries", "건"));
    }
    Ok(i32::from(!fine))
}
