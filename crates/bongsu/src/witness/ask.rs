//! A journal asks a witness to cosign its published checkpoint.
//!
//! It promises that only a cosignature that holds under the witness's key is kept, beside the journal in `cosigned/`, and
//! that a witness that knows more than this journal is heard: then the journal was cut back, or is a copy.

use super::protocol::Request;
use crate::store::Reader;
use crate::trouble::Trouble;
use journal::checkpoint::{self, Checkpoint};
use journal::note::{Note, VerifierKey};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long an answer may take: a witness syncs one entry to disk, and a late witness stops nothing.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a witness has signed.
pub struct Cosigned {
    /// The size it signed.
    pub size: u64,
    /// Where the checkpoint with its cosignatures lies.
    pub path: PathBuf,
}

/// Asks for a cosignature of the checkpoint last published.
pub fn ask(dir: &Path, url: &str, witness: &VerifierKey) -> Result<Cosigned, Trouble> {
    let mut reader = Reader::open(dir)?;
    reader.refresh()?;
    let note = reader.checkpoint()?;
    let parsed =
        Note::parse(&note).map_err(|e| Trouble::no(format!("the published checkpoint: {e}"), "`bongsu verify`"))?;
    let checkpoint = Checkpoint::parse(parsed.text)
        .map_err(|e| Trouble::no(format!("the published checkpoint: {e}"), "`bongsu verify`"))?;
    let mut old = known(dir, witness);
    // The second try is with the size the witness names.
    for _ in 0..2 {
        if old > checkpoint.size {
            return Err(Trouble::no(
                format!("the witness has cosigned {old} entries; this journal has {}", checkpoint.size),
                "the journal was cut back, or is an older copy: do not write to it; `bongsu verify` the other one",
            ));
        }
        let proof = reader.consistency_proof(old)?.unwrap_or_default();
        let body = Request { old, proof, note: &note }.encode();
        match post(url, &body)? {
            Answer::Signed(lines) => return keep(dir, &note, &lines, &checkpoint, witness),
            Answer::Size(size) if size == checkpoint.size && old == size => {
                return Err(Trouble::no(
                    format!("the witness has cosigned another history of {size} entries: this journal has forked"),
                    "two copies were written to; stop both, and compare them with `bongsu verify`",
                ));
            }
            Answer::Size(size) => old = size,
        }
    }
    Err(Trouble::no("the witness cosigned another checkpoint meanwhile", "ask again"))
}

enum Answer {
    Signed(String),
    Size(u64),
}

fn post(url: &str, body: &str) -> Result<Answer, Trouble> {
    let agent: ureq::Agent =
        ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).http_status_as_error(false).build().into();
    let url = format!("{}/add-checkpoint", url.trim_end_matches('/'));
    let unreachable =
        |e: ureq::Error| Trouble::new(format!("{url}: {e}"), "is the witness running, and is the address right?");
    let mut answer = agent.post(&url).content_type("text/plain; charset=utf-8").send(body).map_err(unreachable)?;
    let status = answer.status().as_u16();
    let text = answer.body_mut().read_to_string().map_err(unreachable)?;
    match (status, text.trim_end().parse()) {
        (200, _) => Ok(Answer::Signed(text)),
        (409, Ok(size)) => Ok(Answer::Size(size)),
        _ => Err(Trouble::no(format!("the witness refused ({status}): {}", text.trim_end()), HINT)),
    }
}

const HINT: &str =
    "403 and 404: register this journal's key with the witness; 409 and 422: it has seen another history";

fn keep(
    dir: &Path,
    note: &str,
    lines: &str,
    checkpoint: &Checkpoint,
    witness: &VerifierKey,
) -> Result<Cosigned, Trouble> {
    // The journal cosigns itself, for the time: only what the witness sent is looked at.
    checkpoint::cosigned_at(&format!("{}\n{lines}", checkpoint.text()), witness).map_err(|e| {
        Trouble::no(format!("what the witness signed does not hold: {e}"), "is --key the witness's key?")
    })?;
    let cosigned = format!("{note}{lines}");
    let folder = dir.join("cosigned");
    let path = folder.join(format!("{}.{}", witness.name().replace('/', "_"), checkpoint.size));
    std::fs::create_dir_all(&folder).map_err(|e| Trouble::file(&folder, &e))?;
    std::fs::write(&path, cosigned).map_err(|e| Trouble::file(&path, &e))?;
    Ok(Cosigned { size: checkpoint.size, path })
}

/// The lines of every witness that cosigned this checkpoint, in the order of their names; what is no cosigned note of this
/// size and root is passed over.
pub fn cosignatures(dir: &Path, checkpoint: &Checkpoint) -> String {
    let ending = format!(".{}", checkpoint.size);
    let entries = std::fs::read_dir(dir.join("cosigned")).into_iter().flatten().filter_map(Result::ok);
    let named = entries.map(|entry| entry.path()).filter(|path| path.to_string_lossy().ends_with(&ending));
    let mut paths: Vec<PathBuf> = named.collect();
    paths.sort();
    let mut lines = String::new();
    for text in paths.iter().filter_map(|path| std::fs::read_to_string(path).ok()) {
        let Ok(note) = Note::parse(&text) else { continue };
        if note.text != checkpoint.text() {
            continue;
        }
        // The journal's own lines stand in the checkpoint already.
        let own = format!("\u{2014} {} ", checkpoint.origin);
        let signatures = text.get(note.text.len()..).unwrap_or("").lines();
        for line in signatures.filter(|line| line.starts_with('\u{2014}') && !line.starts_with(&own)) {
            lines.push_str(line);
            lines.push('\n');
        }
    }
    lines
}

/// The largest size this witness is known to have cosigned.
fn known(dir: &Path, witness: &VerifierKey) -> u64 {
    let prefix = format!("{}.", witness.name().replace('/', "_"));
    let entries = std::fs::read_dir(dir.join("cosigned")).into_iter().flatten().filter_map(Result::ok);
    let size = |name: String| name.strip_prefix(&prefix)?.parse().ok();
    entries.filter_map(|entry| size(entry.file_name().to_string_lossy().into_owned())).max().unwrap_or(0)
}
