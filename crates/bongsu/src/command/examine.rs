//! `bongsu examine`: a filing done again from its facts, sampled, compared with the journal it came from; what nobody could
//! assess becomes a request.

use crate::command::evidence::moment;
use crate::command::filing::{Checks, evidence, print_verified};
use crate::command::verify::read_key;
use crate::filing::{desk, examine, gather, package, verify};
use crate::lang::Lang;
use crate::recorder;
use crate::trouble::Trouble;
use crate::walk;
use clap::Args;
use rulebook::time::Instant;
use std::path::{Path, PathBuf};

const DAY: i64 = 24 * 3_600_000;

/// The command's arguments.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  bongsu examine october.filing --data SUPERVISOR --key upbit.pub --by fss-2\n  bongsu examine october.filing --data SUPERVISOR --sample 20 --seed 7 --by fss-2\n  bongsu examine UPBIT-COPY --data SUPERVISOR --by fss-2   a copy of the exchange's journal: every filing in it, and what they left out"
)]
pub struct Arguments {
    /// A package, or a copy of the exchange's data folder
    pub what: PathBuf,
    /// The supervisor's journal
    #[arg(long)]
    pub data: PathBuf,
    /// Who examines, as an opaque reference
    #[arg(long)]
    pub by: String,
    /// The key of the exchange's journal; the registered one when left out
    #[arg(long)]
    pub key: Option<String>,
    /// How many entries to draw
    #[arg(long, default_value_t = 0)]
    pub sample: usize,
    /// The seed of the draw: the same seed draws the same entries
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// The exchange's journal, to look for what the package left out
    #[arg(long)]
    pub journal: Option<PathBuf>,
    /// Until when requests are to be answered; fourteen days from now when left out
    #[arg(long)]
    pub due: Option<String>,
    /// How the package is checked.
    #[command(flatten)]
    pub checks: Checks,
}

/// Runs it. Exit code 1: something differs or was left out.
pub fn run(arguments: &Arguments, lang: Lang) -> Result<i32, Trouble> {
    if !arguments.what.is_dir() {
        return one(arguments, &arguments.what, arguments.journal.as_deref(), lang);
    }
    println!("{}", arguments.what.display());
    let mut code = crate::command::verify::run(&arguments.what, arguments.key.as_deref(), lang)?;
    let folder = arguments.what.join("filings");
    let files = std::fs::read_dir(&folder).map_err(|e| Trouble::file(&folder, &e))?;
    let mut packages: Vec<PathBuf> = files.filter_map(|file| Some(file.ok()?.path())).collect();
    packages.retain(|path| path.extension().is_some_and(|end| end == "filing"));
    packages.sort();
    for package in packages {
        println!("\n{}", package.display());
        match one(arguments, &package, Some(&arguments.what), lang) {
            Ok(found) => code = code.max(found),
            Err(why) => {
                println!("{why}");
                code = 1;
            }
        }
    }
    Ok(code)
}

fn one(arguments: &Arguments, file: &Path, journal: Option<&Path>, lang: Lang) -> Result<i32, Trouble> {
    let bytes = package::read(file)?;
    let state = desk::supervisor(&arguments.data)?;
    let key = match &arguments.key {
        Some(text) => Some(read_key(text)?),
        None => desk::known_key(&state, &bytes),
    };
    if key.is_none() {
        let hint = "give --key with the key you were given over another channel, or register the journal as a witness";
        return Err(Trouble::no("the key of that exchange's journal is not known here", hint));
    }
    let mut asked = desk::knows(&state, key, arguments.checks.allow_rulebook);
    // A package that was received before is examined again under the checkpoint it came with.
    let opened = package::Package::open(&bytes)?;
    let hash = opened.hash;
    let known =
        state.filings().values().flat_map(|filing| &filing.versions).any(|version| {
            version.moves.iter().any(|(_, moved)| moved.package == Some(hash) && moved.receipt.is_some())
        });
    if known {
        asked.seen.clear();
    }
    arguments.checks.add(&mut asked)?;
    let verified = verify::verify(&bytes, &asked)?;
    let mut code = print_verified(&verified, lang);
    evidence(&verified, arguments.checks.evidence.as_deref(), lang)?;
    if let (Some(journal), Some(kind)) = (journal, &verified.kind) {
        let omitted = gather::omitted(journal, &verified.package, verified.checkpoint.size, kind)?;
        for entry in &omitted {
            println!(
                "{} #{entry}: {}",
                lang.pick("LEFT OUT", "누락"),
                lang.pick(
                    "the filed rules read it and the package does not hold it",
                    "신고 규칙이 읽는 사실인데 패키지에 없음"
                )
            );
        }
        if omitted.is_empty() {
            println!("{}", lang.pick("nothing was left out of the package", "패키지에서 누락된 사실 없음"));
        }
        code = code.max(i32::from(!omitted.is_empty()));
    }
    if arguments.sample > 0 {
        println!(
            "\n{} {} ({} {})",
            lang.pick("sample of", "표본"),
            arguments.sample,
            lang.pick("seed", "시드"),
            arguments.seed
        );
        for sampled in examine::sample(&verified, arguments.sample, arguments.seed) {
            let says = sampled
                .says
                .unwrap_or_else(|| lang.pick("kept back: ask to reveal it", "비공개: 공개를 요구할 것").into());
            println!("  #{} {says}  {}", sampled.entry, sampled.evidence.join(", "));
        }
    }
    let signed = verified.package.header.kind != verify::REVEALED && !verified.signatories.is_empty();
    if !known && signed {
        let received = desk::receive(&arguments.data, &verified, &bytes, &arguments.by)?;
        println!("{} {}", lang.pick("received, entry", "접수, 항목"), received.entry);
    } else if !known {
        println!(
            "{}",
            lang.pick(
                "not received: nobody has signed it, so it was not submitted",
                "접수하지 않음: 서명이 없어 제출된 것이 아님"
            )
        );
    }
    // Nobody is asked about what was not submitted.
    if known || signed {
        requests(arguments, &verified, lang)?;
    }
    Ok(code)
}

fn requests(arguments: &Arguments, verified: &verify::Verified<'_>, lang: Lang) -> Result<(), Trouble> {
    let Some(book) = verified.book() else { return Ok(()) };
    let state = walk::state(&arguments.data)?;
    let zone = walk::zone(&state);
    let due = match &arguments.due {
        Some(text) => moment(text, "--due", &zone)?,
        None => zone.end_of(zone.date(Instant(recorder::now().saturating_add(14 * DAY)))),
    };
    let (issued, refused) =
        examine::issue(&arguments.data, examine::requests(&state, verified, book, due, &arguments.by))?;
    if !issued.is_empty() {
        println!(
            "\n{}: {}, {} {}",
            lang.pick("requests issued", "발령한 요구"),
            issued.len(),
            lang.pick("due", "기한"),
            zone.show(due)
        );
    }
    for request in &issued {
        let subject = request.subject.as_ref().map_or(String::new(), |n| format!(" {}/{}", n.kind, n.name));
        println!("  {}{subject}: {}  {}", request.rule, request.text, request.penalty);
    }
    refused.iter().for_each(|why| println!("  {} {why}", lang.pick("not issued:", "발령하지 못함:")));
    Ok(())
}
