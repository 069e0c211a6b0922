//! `bongsu ticket`: one transfer that two people sign offline, for the hour in which the gate is down.
//!
//! A ticket is a signed note: text that a person reads, then one line for each signature. Nothing but `enter` and `review` needs a journal.

use crate::address;
use crate::recorder::{Recorder, now};
use crate::ticket;
use crate::trouble::Trouble;
use clap::Subcommand;
use journal::note::{Algorithm, SignerKey, VerifierKey};
use kernel::fact::{Ticket, TicketReviewed, TicketSignature, TicketSigned};
use kernel::guard::ticket::{SIGNERS, identity_of};
use rulebook::time::{Instant, MINUTE};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// What is to be done.
#[derive(Subcommand)]
pub enum Action {
    /// Make the key of one person: NAME.key stays offline, NAME.pub is given away
    Key {
        /// The person, as they are enrolled
        name: String,
        /// Where the two files go
        #[arg(long, default_value = ".")]
        out: PathBuf,
    },
    /// Write a ticket to be signed
    #[command(
        after_help = "Example:\n  bongsu ticket new k-1 --exchange upbit --wallet hot-btc --asset BTC --chain bitcoin --to bc1q… --cap 150000000 --minutes 30 --reason \"the gate is down\" --out k-1.ticket"
    )]
    New {
        /// Its id
        id: String,
        /// The exchange
        #[arg(long)]
        exchange: String,
        /// The wallet it leaves
        #[arg(long)]
        wallet: String,
        /// The asset
        #[arg(long)]
        asset: String,
        /// Its chain: the address is checked by it
        #[arg(long)]
        chain: String,
        /// The address it reaches
        #[arg(long)]
        to: String,
        /// Destination tag
        #[arg(long)]
        tag: Option<String>,
        /// At most so many base units
        #[arg(long)]
        cap: i128,
        /// How long it lasts from now, at most 60
        #[arg(long, default_value_t = 60)]
        minutes: i64,
        /// Why the gate cannot be asked
        #[arg(long)]
        reason: String,
        /// The file
        #[arg(long)]
        out: PathBuf,
    },
    /// Show a ticket and sign it
    Sign {
        /// The ticket
        file: PathBuf,
        /// NAME.key
        #[arg(long)]
        key: PathBuf,
    },
    /// Say whether it may be used, offline
    Check {
        /// The ticket
        file: PathBuf,
        /// NAME.pub of each person who may have signed
        #[arg(long, required = true)]
        key: Vec<PathBuf>,
    },
    /// Show it to the guard of a journal
    Enter {
        /// The ticket
        file: PathBuf,
        /// NAME.pub of each person who signed
        #[arg(long, required = true)]
        key: Vec<PathBuf>,
        /// The journal's folder
        #[arg(long)]
        data: PathBuf,
    },
    /// Record that somebody who did not sign looked at what it was used for
    Review {
        /// Its id
        id: String,
        /// Who
        #[arg(long)]
        by: String,
        /// What was found
        #[arg(long)]
        finding: String,
        /// The journal's folder
        #[arg(long)]
        data: PathBuf,
        /// The exchange, where several have a guard
        #[arg(long)]
        exchange: Option<String>,
    },
}

/// Does it.
pub fn run(action: &Action) -> Result<i32, Trouble> {
    match action {
        Action::Key { name, out } => key(name, out),
        Action::New { id, exchange, wallet, asset, chain, to, tag, cap, minutes, reason, out } => {
            let found = address::canonical(chain, to).map_err(|problem| Trouble::no(problem.to_string(), ""))?;
            if let Some(tag) = tag {
                address::check_tag(chain, tag).map_err(|problem| Trouble::no(problem.to_string(), ""))?;
            }
            if !(1..=60).contains(minutes) {
                return Err(Trouble::no(format!("{minutes} minutes"), "a ticket lasts at most 60 minutes"));
            }
            let from = Instant(now());
            let ticket = Ticket {
                id: id.clone(),
                wallet: wallet.clone(),
                asset: asset.clone(),
                destination: found.text,
                tag: tag.clone(),
                cap: *cap,
                from,
                until: from.plus(minutes.saturating_mul(MINUTE)),
                reason: reason.clone(),
            };
            let text = ticket.text(exchange);
            if Ticket::parse(&text).is_none() || *cap <= 0 {
                return Err(Trouble::no(
                    "a field has two lines, or the cap is not above zero",
                    "write each in one line",
                ));
            }
            create(out, &format!("{text}\n"), 0o644)?;
            println!("{text}address checked by {}\nnow: bongsu ticket sign {}", found.assurance.name(), out.display());
            Ok(0)
        }
        Action::Sign { file, key } => sign(file, key),
        Action::Check { file, key } => {
            let (exchange, ticket, signatures) = open(file, key)?;
            print!("{}", ticket.text(&exchange));
            for signature in &signatures {
                println!("signed by {} (identity {})", signature.by, hex(&identity_of(&signature.public)));
            }
            let mut identities: Vec<_> = signatures.iter().map(|signature| identity_of(&signature.public)).collect();
            identities.sort_unstable();
            identities.dedup();
            if identities.len() < SIGNERS {
                return Err(Trouble::no(
                    format!("{} of {SIGNERS} people signed", identities.len()),
                    "let another sign",
                ));
            }
            if ticket.until < Instant(now()) {
                return Err(Trouble::no("it has expired", "sign another"));
            }
            println!("may be used; the guard asks besides whether they are enrolled in `break-glass`");
            Ok(0)
        }
        Action::Enter { file, key, data } => {
            let (exchange, ticket, signatures) = open(file, key)?;
            let id = ticket.id.clone();
            let mut recorder = Recorder::open(data)?;
            let fact = TicketSigned { exchange, ticket, signatures, at: Instant(now()) };
            let recorded = recorder.observe(&[fact.into()], "ticket")?;
            recorder.close()?;
            match recorded.written {
                0 => println!("{id}: on record already, entry {}", recorded.entries.first().copied().unwrap_or(0)),
                _ => println!("{id}: entry {}; somebody who did not sign reviews it", recorded.first.unwrap_or(0)),
            }
            Ok(0)
        }
        Action::Review { id, by, finding, data, exchange } => {
            let mut recorder = Recorder::open(data)?;
            let exchange = super::list::exchange_of(&recorder, exchange.as_deref())?;
            let (ticket, by, finding) = (id.clone(), by.clone(), finding.clone());
            let fact = TicketReviewed { exchange, finding, ticket, by, at: Instant(now()) };
            recorder.observe(&[fact.into()], "ticket")?;
            recorder.close()?;
            println!("{id}: reviewed");
            Ok(0)
        }
    }
}

fn key(name: &str, out: &Path) -> Result<i32, Trouble> {
    let mut seed = [0u8; 32];
    getrandom::fill(&mut seed).map_err(|e| Trouble::new(format!("no randomness: {e}"), "try again"))?;
    let key = SignerKey::new(name, &seed)
        .map_err(|_| Trouble::no(format!("`{name}` cannot be a key's name"), "one word without +"))?;
    let public = key.verifier(Algorithm::Ed25519);
    create(&out.join(format!("{name}.key")), &format!("{}\n", key.encode()), 0o600)?;
    create(&out.join(format!("{name}.pub")), &format!("{public}\n"), 0o644)?;
    println!("identity {}", hex(&identity_of(public.public())));
    println!("enrol {name} in `break-glass` with this identity; keep {name}.key where no server reads it");
    Ok(0)
}

fn sign(file: &Path, key: &Path) -> Result<i32, Trouble> {
    let note = read(file)?;
    let key = SignerKey::parse(read(key)?.trim_end())
        .map_err(|_| Trouble::no(format!("{}: no private key", key.display()), "`bongsu ticket key` makes one"))?;
    // Before the first signature there is the text and an empty line.
    let text = note.rsplit_once("\n\n").map(|(text, _)| format!("{text}\n")).unwrap_or_default();
    if Ticket::parse(&text).is_none() {
        return Err(Trouble::no(format!("{}: no ticket", file.display()), "`bongsu ticket new` writes one"));
    }
    print!("{text}");
    let line = key.sign_note(&text);
    if note.lines().any(|known| known == line.trim_end()) {
        println!("signed already");
        return Ok(0);
    }
    std::fs::write(file, format!("{note}{line}")).map_err(|e| Trouble::file(file, &e))?;
    print!("signed: {line}");
    Ok(0)
}

fn open(file: &Path, keys: &[PathBuf]) -> Result<(String, Ticket, Vec<TicketSignature>), Trouble> {
    let keys = keys.iter().map(|path| {
        let key = VerifierKey::parse(read(path)?.trim_end());
        key.map_err(|_| Trouble::no(format!("{}: no public key", path.display()), "give NAME.pub"))
    });
    let keys = keys.collect::<Result<Vec<_>, Trouble>>()?;
    ticket::open(&read(file)?, &keys).map_err(|(what, hint)| Trouble::no(format!("{}: {what}", file.display()), hint))
}

fn read(path: &Path) -> Result<String, Trouble> {
    std::fs::read_to_string(path).map_err(|e| Trouble::file(path, &e))
}

/// A new file; one that exists is not written over.
fn create(path: &Path, text: &str, mode: u32) -> Result<(), Trouble> {
    let file = std::fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|e| Trouble::file(path, &e))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
