//! `bongsu key`: keys that speak to a guard.

use crate::trouble::Trouble;
use clap::Subcommand;
use journal::note::{Algorithm, SignerKey};
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// What is done with keys.
#[derive(Subcommand)]
pub enum Action {
    /// Make a key: the secret goes into a file, the public half is printed for whoever enrols it
    New {
        /// The key's name: requests carry it, and so do entries
        name: String,
        /// The file for the secret; NAME.key when left out
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Print the public half of key files
    Show {
        /// Key files
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

/// Does it.
pub fn run(action: &Action) -> Result<i32, Trouble> {
    match action {
        Action::New { name, out } => {
            let mut seed = [0u8; 32];
            getrandom::fill(&mut seed).map_err(|e| Trouble::new(format!("no randomness: {e}"), "check the system"))?;
            let plain = !name.is_empty()
                && name.len() <= kernel::limits::PRINCIPAL
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
            let key = SignerKey::new(name, &seed).ok().filter(|_| plain);
            let hint = "1 to 64 of the letters A–Z, a–z, 0–9 and - _ .";
            let key = key.ok_or_else(|| Trouble::new(format!("`{name}` cannot name a key"), hint))?;
            let path = out.clone().unwrap_or_else(|| PathBuf::from(format!("{name}.key")));
            // Never over another key: there is no second copy of it.
            let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
            let mut file = file.map_err(|e| Trouble::file(&path, &e))?;
            let written = writeln!(file, "{}", key.encode()).and_then(|()| file.sync_all());
            written.map_err(|e| Trouble::file(&path, &e))?;
            eprintln!("{}: secret, keep it where it signs; enrol the line below", path.display());
            println!("{}", key.verifier(Algorithm::Ed25519));
        }
        Action::Show { files } => {
            for path in files {
                println!("{}", read(path)?.verifier(Algorithm::Ed25519));
            }
        }
    }
    Ok(0)
}

/// Reads a key file.
pub fn read(path: &Path) -> Result<SignerKey, Trouble> {
    let text = std::fs::read_to_string(path).map_err(|e| Trouble::file(path, &e))?;
    SignerKey::parse(text.trim_end())
        .map_err(|_| Trouble::new(format!("{}: no secret key", path.display()), "`bongsu key new NAME` makes one"))
}
