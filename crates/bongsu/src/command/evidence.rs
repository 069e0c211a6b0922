//! `bongsu evidence`: files that support what is said, kept by their hash.

use crate::command::verify::hex;
use crate::lang::Lang;
use crate::recorder::{self, Recorder};
use crate::trouble::Trouble;
use crate::{vault, walk};
use clap::Subcommand;
use kernel::fact::{EvidenceKept, Name, Period};
use rulebook::time::{Instant, Zone};
use std::path::{Path, PathBuf};

/// What is to be done.
// Parsed once a run: a box would only make the arguments harder to read.
#[allow(clippy::large_enum_variant)]
#[derive(Subcommand)]
pub enum Action {
    /// Copy files into the vault and record what they support
    #[command(
        after_help = "Example:\n  bongsu evidence add budget.pdf --data DIR --exchange upbit --for kr.isms.1-1-6 --for kr.na.45-3-4 --from 2026-01-01 --until 2026-12-31 --collected 2027-01-10 --expires 2028-01-10 --by p-7"
    )]
    Add {
        /// The files
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The journal's folder
        #[arg(long)]
        data: PathBuf,
        /// The exchange
        #[arg(long)]
        exchange: String,
        /// A rule it supports, with all below it; may be repeated
        #[arg(long = "for")]
        rules: Vec<String>,
        /// kind/name of what it is about, such as ciso/c-1
        #[arg(long)]
        subject: Option<String>,
        /// First day of the period it speaks of
        #[arg(long, requires = "until")]
        from: Option<String>,
        /// Last day of the period it speaks of
        #[arg(long, requires = "from")]
        until: Option<String>,
        /// When it was collected; now when left out
        #[arg(long)]
        collected: Option<String>,
        /// When it was received; now when left out
        #[arg(long)]
        received: Option<String>,
        /// Until when it may be relied on
        #[arg(long)]
        expires: Option<String>,
        /// Media type; guessed from the name when left out
        #[arg(long)]
        media: Option<String>,
        /// Where it comes from
        #[arg(long, default_value = "")]
        source: String,
        /// Who collected it, as an opaque reference
        #[arg(long, default_value = "desk")]
        by: String,
    },
    /// What is in the vault, and which rules it supports
    List {
        /// The journal's folder
        #[arg(long)]
        data: PathBuf,
        /// Only what supports this rule
        #[arg(long = "for")]
        rule: Option<String>,
    },
    /// Files that are missing, changed, readable by others or expired
    Check {
        /// The journal's folder
        #[arg(long)]
        data: PathBuf,
        /// By which day; now when left out
        #[arg(long)]
        as_of: Option<String>,
    },
}

/// Runs it. Exit code 1: something is wrong with a file.
pub fn run(action: &Action, lang: Lang) -> Result<i32, Trouble> {
    match action {
        Action::Add {
            files,
            data,
            exchange,
            rules,
            subject,
            from,
            until,
            collected,
            received,
            expires,
            media,
            source,
            by,
        } => {
            let state = walk::state(data)?;
            if state.exchange(exchange).is_none() {
                return Err(crate::filing::gather::no_exchange(&state, exchange));
            }
            let zone = walk::zone(&state);
            let at = |text: &Option<String>, what: &str| -> Result<Option<Instant>, Trouble> {
                text.as_deref().map(|text| moment(text, what, &zone)).transpose()
            };
            let now = Instant(recorder::now());
            let period = match (from, at(until, "--until")?) {
                (Some(from), Some(until)) => {
                    let first = moment(from, "--from", &zone)?;
                    // A day begins with its first moment.
                    let first = if from.len() == 10 { zone.start_of(zone.date(first)) } else { first };
                    Some(Period { from: first, until })
                }
                _ => None,
            };
            let received = at(received, "--received")?.unwrap_or(now);
            let collected = at(collected, "--collected")?.unwrap_or(received.min(now));
            let mut rules = rules.clone();
            rules.sort();
            rules.dedup();
            let mut facts = Vec::new();
            for file in files {
                let (hash, bytes) = vault::keep(data, file)?;
                let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                let media = media.clone().unwrap_or_else(|| guess(&name).into());
                println!("{}  {name}", hex(&hash));
                let fact = EvidenceKept {
                    exchange: exchange.clone(),
                    subject: subject.as_deref().map(subject_of).transpose()?,
                    hash,
                    bytes,
                    name,
                    media,
                    period,
                    collected,
                    received,
                    expires: at(expires, "--expires")?,
                    rules: rules.clone(),
                    by: by.clone(),
                    source: source.clone(),
                };
                facts.push(fact.into());
            }
            let mut recorder = Recorder::open(data)?;
            recorder.observe(&facts, "evidence")?;
            recorder.close()?;
            Ok(0)
        }
        Action::List { data, rule } => list(data, rule.as_deref(), lang),
        Action::Check { data, as_of } => {
            let state = walk::state(data)?;
            let zone = walk::zone(&state);
            let now = match as_of {
                Some(text) => moment(text, "--as-of", &zone)?,
                None => Instant(recorder::now()),
            };
            let wrong = vault::check(data, &state, now);
            for (kept, wrong) in &wrong {
                println!("{} {}: {}", hex(&kept.hash), kept.name, wrong.say(lang));
            }
            if wrong.is_empty() {
                println!(
                    "{} {}",
                    state.vault().all().len(),
                    lang.pick("files, all as recorded", "개 파일 모두 기록과 일치")
                );
            }
            Ok(i32::from(!wrong.is_empty()))
        }
    }
}

fn list(data: &Path, rule: Option<&str>, lang: Lang) -> Result<i32, Trouble> {
    let state = walk::state(data)?;
    let zone = walk::zone(&state);
    for (stamp, kept) in state.vault().all() {
        let supports = |prefix: &String| rule.is_none_or(|rule| kernel::filing::is_below(rule, prefix));
        if rule.is_some() && !kept.rules.iter().any(supports) {
            continue;
        }
        let covers = kept.period.map_or("–".into(), |p| format!("{} – {}", zone.date(p.from), zone.date(p.until)));
        let expires = kept.expires.map_or("–".into(), |at| zone.show(at));
        println!("{}  {}  {} bytes  #{}", hex(&kept.hash), kept.name, kept.bytes, stamp.index);
        println!(
            "    {} {covers}  {} {}  {} {}  {} {expires}  {} {}",
            lang.pick("covers", "대상 기간"),
            lang.pick("collected", "수집"),
            zone.show(kept.collected),
            lang.pick("received", "접수"),
            zone.show(kept.received),
            lang.pick("expires", "만료"),
            lang.pick("for", "규칙"),
            if kept.rules.is_empty() { "–".into() } else { kept.rules.join(", ") }
        );
    }
    Ok(0)
}

/// `kind/name`.
pub fn subject_of(text: &str) -> Result<Name, Trouble> {
    let parts = text.split_once('/');
    parts.map(|(kind, name)| Name::new(kind, name)).ok_or_else(|| {
        Trouble::new(format!("`{text}` is no subject"), "write kind/name, such as ciso/c-1 or asset/BTC")
    })
}

/// A moment of the command line.
pub fn moment(text: &str, what: &str, zone: &Zone) -> Result<Instant, Trouble> {
    zone.read(text).ok_or_else(|| {
        Trouble::new(format!("{what} `{text}` is not a date"), "write 2026-11-22 or \"2026-11-22 09:00\"")
    })
}

fn guess(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).as_deref() {
        Some("pdf") => "application/pdf",
        Some("csv") => "text/csv",
        Some("txt" | "md") => "text/plain",
        Some("json") => "application/json",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/octet-stream",
    }
}
