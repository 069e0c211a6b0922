//! A journal as others read it over HTTP: the signed checkpoint, the tiles, and entries with their salts and bodies.
//!
//! It promises that nothing beyond the signed checkpoint is handed out, that an answer is bounded, and that whoever waits for a
//! new checkpoint hears of it within a moment. It reads files only: it needs no lock and never waits for the writer.
//!
//! | path | answers |
//! |---|---|
//! | `/v1/journal/checkpoint?over=SIZE&wait=MS` | the signed note; waits until it covers more than SIZE entries |
//! | `/v1/journal/tile/…` | tiles and bundles as tlog-tiles lays them out |
//! | `/v1/journal/entries?from=INDEX` | CBOR: a list of (leaf, salt, body), salt and body null where destroyed |

use super::desk::problem;
use crate::store::{Reader, StoreError};
use axum::Router;
use axum::extract::{Path as Place, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use journal::cbor::Encoder;
use journal::checkpoint::Checkpoint;
use journal::note::Note;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Entries of one answer: at 500 bytes each two megabytes, which a hash checks in ten milliseconds.
pub const ENTRIES: usize = 4_096;
/// Bytes after which an answer ends, but for its last entry.
const BYTES: usize = 4 << 20;
/// Longest wait for a new checkpoint: shorter than what proxies cut off.
const PATIENCE: u64 = 10_000;
/// How often the file is looked at while somebody waits: a checkpoint comes every 100 ms at most.
const LOOK: Duration = Duration::from_millis(10);

/// The doors of a journal in this folder, answered to anybody.
pub fn routes(dir: &Path) -> Router {
    let shelf = Arc::new(Shelf { dir: dir.to_path_buf(), reader: Mutex::new(None) });
    Router::new()
        .route("/v1/journal/checkpoint", get(answer_checkpoint))
        .route("/v1/journal/tile/{*path}", get(answer_tile))
        .route("/v1/journal/entries", get(answer_entries))
        .with_state(shelf)
}

/// A journal's folder, and the one reader of its segments.
struct Shelf {
    dir: PathBuf,
    reader: Mutex<Option<Reader>>,
}

fn signed(dir: &Path) -> Option<(u64, String)> {
    let note = std::fs::read_to_string(dir.join("log/checkpoint")).ok()?;
    let size = Checkpoint::parse(Note::parse(&note).ok()?.text).ok()?.size;
    Some((size, note))
}

/// The signed note, once it covers more than `over` entries or the wait in milliseconds is over; none before the first.
pub fn checkpoint(dir: &Path, over: u64, wait: u64) -> Option<String> {
    let until = Instant::now() + Duration::from_millis(wait.min(PATIENCE));
    loop {
        let found = signed(dir);
        if found.as_ref().is_some_and(|(size, _)| *size > over) || Instant::now() >= until {
            return found.map(|(_, note)| note);
        }
        std::thread::sleep(LOOK);
    }
}

/// A tile; none where no such tile is there, or the path is none of a tile.
pub fn tile(dir: &Path, path: &str) -> Option<Vec<u8>> {
    // Levels, numbers and widths are digits; `x` and `.p` mark them; `entries` is the one word.
    let fits = |part: &str| {
        let part = part.strip_prefix('x').unwrap_or(part);
        let part = part.strip_suffix(".p").unwrap_or(part);
        part == "entries" || (!part.is_empty() && part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let whole = path.len() <= 64 && path.split('/').all(fits);
    whole.then(|| std::fs::read(dir.join("log/tile").join(path)).ok()).flatten()
}

/// Entries from an index on that the checkpoint covers, as CBOR.
pub fn entries(dir: &Path, reader: &mut Reader, from: u64) -> Result<Vec<u8>, StoreError> {
    let covered = signed(dir).map_or(0, |(size, _)| size);
    reader.refresh()?;
    let until = covered.min(reader.size()).min(from.saturating_add(ENTRIES as u64));
    let (mut list, mut bytes) = (Vec::new(), 0);
    for index in from..until {
        if bytes >= BYTES {
            break;
        }
        let Some(record) = reader.read(index)? else { break };
        bytes += record.leaf.len() + record.body.as_ref().map_or(0, |(_, body)| body.len());
        list.push(record);
    }
    let mut out = Encoder::new();
    out.array(list.len());
    for record in list {
        out.array(3);
        out.bytes(&record.leaf);
        match &record.body {
            Some((salt, body)) => {
                out.bytes(salt);
                out.bytes(body);
            }
            None => {
                out.null();
                out.null();
            }
        }
    }
    Ok(out.into_bytes())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wait {
    #[serde(default)]
    over: u64,
    #[serde(default)]
    wait: u64,
}

async fn answer_checkpoint(State(shelf): State<Arc<Shelf>>, Query(wait): Query<Wait>) -> Response {
    match tokio::task::spawn_blocking(move || checkpoint(&shelf.dir, wait.over, wait.wait)).await {
        Ok(Some(note)) => ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], note).into_response(),
        _ => missing("no checkpoint is published yet", "ask again in a second"),
    }
}

async fn answer_tile(State(shelf): State<Arc<Shelf>>, Place(path): Place<String>) -> Response {
    match tile(&shelf.dir, &path) {
        Some(bytes) => ([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response(),
        None => missing("no such tile", "a partial tile may be gone: ask for the full one, or for the checkpoint"),
    }
}

fn missing(what: &str, hint: &str) -> Response {
    problem(StatusCode::NOT_FOUND, "unknown", what, hint)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct From {
    from: u64,
}

async fn answer_entries(State(shelf): State<Arc<Shelf>>, Query(from): Query<From>) -> Response {
    let read = tokio::task::spawn_blocking(move || {
        let mut held = shelf.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let reader = match held.take() {
            Some(reader) => reader,
            None => Reader::open(&shelf.dir)?,
        };
        entries(&shelf.dir, held.insert(reader), from.from)
    })
    .await;
    let wrong =
        |why: &str| problem(StatusCode::INTERNAL_SERVER_ERROR, "unreadable", why, "`bongsu verify` names the place");
    match read {
        Ok(Ok(bytes)) => ([(header::CONTENT_TYPE, "application/cbor")], bytes).into_response(),
        Ok(Err(why)) => wrong(&why.to_string()),
        Err(_) => wrong("the reading ended early"),
    }
}
