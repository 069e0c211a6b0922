//! The C2SP tlog-witness door: `POST /add-checkpoint`. The answers are those of the protocol, in plain text.

use super::Office;
use super::concluder::observation;
use crate::recorder::now;
use crate::store::sequencer::{Answers, Rejected};
use crate::witness::protocol;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use journal::checkpoint::{Checkpoint, cosign};
use journal::note::{Note, VerifierKey};
use journal::proof::verify_consistency;
use kernel::fact::{CheckpointWitnessed, ForkSeen};
use kernel::witness::Log;
use std::sync::Arc;

pub fn routes() -> Router<Arc<Office>> {
    Router::new().route("/add-checkpoint", post(add_checkpoint))
}

async fn add_checkpoint(State(office): State<Arc<Office>>, body: String) -> Response {
    let done = tokio::task::spawn_blocking(move || handle(&office, &body)).await;
    match done.unwrap_or(Err(Refused::Later("the request ended early".to_string()))) {
        Ok(line) => (StatusCode::OK, line).into_response(),
        Err(refused) => refused.into_response(),
    }
}

/// Why nothing is signed.
#[derive(Debug)]
enum Refused {
    /// The request is not of the protocol.
    Malformed(String),
    /// Signed by nobody this witness knows for the origin.
    Signer(String),
    /// The origin is not witnessed here.
    Origin(String),
    /// Another size was cosigned last.
    Size(u64),
    /// The size that was cosigned, with another root.
    Fork(u64),
    /// The proof does not hold.
    Proof(String),
    /// Not now.
    Later(String),
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let size =
            |size: u64| (StatusCode::CONFLICT, [(header::CONTENT_TYPE, "text/x.tlog.size")], format!("{size}\n"));
        match self {
            Refused::Malformed(why) => (StatusCode::BAD_REQUEST, format!("expected {why}\n")).into_response(),
            Refused::Signer(why) => (StatusCode::FORBIDDEN, format!("{why}\n")).into_response(),
            Refused::Origin(origin) => {
                (StatusCode::NOT_FOUND, format!("{origin} is not witnessed here\n")).into_response()
            }
            Refused::Size(known) | Refused::Fork(known) => size(known).into_response(),
            Refused::Proof(why) => (StatusCode::UNPROCESSABLE_ENTITY, format!("{why}\n")).into_response(),
            Refused::Later(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")).into_response(),
        }
    }
}

fn handle(office: &Office, body: &str) -> Result<String, Refused> {
    let request = protocol::parse(body).map_err(|why| Refused::Malformed(why.to_string()))?;
    let note = Note::parse(request.note).map_err(|e| Refused::Malformed(format!("a signed note: {e}")))?;
    let said = Checkpoint::parse(note.text).map_err(|e| Refused::Malformed(format!("a checkpoint: {e}")))?;
    let log: Option<Log> = office.state.read(|state| state.logs().get(&said.origin).cloned());
    let log = log.ok_or_else(|| Refused::Origin(said.origin.clone()))?;
    let key = VerifierKey::parse(&log.key).map_err(|e| Refused::Signer(e.to_string()))?;
    let checkpoint = Checkpoint::open(request.note, &key).map_err(|e| Refused::Signer(e.to_string()))?;
    if request.old > checkpoint.size {
        return Err(Refused::Malformed("an old size no larger than the checkpoint's".to_string()));
    }
    let empty = journal::tree::empty_root();
    let (size, root) = log.last.as_ref().map_or((0, empty), |seen| (seen.size, seen.root));
    if let Some(seen) = log.last.as_ref().filter(|seen| seen.size == checkpoint.size && seen.root != checkpoint.root) {
        let origin = checkpoint.origin.clone();
        let fork = ForkSeen { origin, first: seen.note.clone(), second: request.note.to_string() };
        submit(office, &fork.into(), &checkpoint.origin)?;
        eprintln!("FORK: {} signed two histories of {size} entries; both checkpoints are on record", checkpoint.origin);
        return Err(Refused::Fork(size));
    }
    if request.old != size {
        return Err(Refused::Size(size));
    }
    verify_consistency(size, &root, checkpoint.size, &checkpoint.root, &request.proof).map_err(|e| {
        Refused::Proof(format!("the proof does not show that {size} entries grew to {}: {e}", checkpoint.size))
    })?;
    let fact = CheckpointWitnessed {
        origin: checkpoint.origin.clone(),
        from: size,
        size: checkpoint.size,
        root: checkpoint.root,
        note: request.note.to_string(),
    };
    submit(office, &fact.into(), &checkpoint.origin)?;
    Ok(cosign(note.text, &office.key, u64::try_from(now() / 1_000).unwrap_or(0)))
}

/// Records a fact and waits until it is durable.
fn submit(office: &Office, fact: &kernel::fact::Observation, origin: &str) -> Result<(), Refused> {
    // A principal has at most 64 bytes; the origin stands whole in the fact.
    let principal: String = format!("log:{origin}").chars().filter(char::is_ascii).take(64).collect();
    let answers: Result<Answers, Rejected> = office.door.submit(vec![observation(fact, &principal)]);
    let answer = answers.map_err(|e| Refused::Later(e.to_string()))?.into_iter().next();
    match answer {
        Some(Err(refusal)) if refusal.code == "already" => Ok(()),
        // Somebody else's checkpoint came in between.
        Some(Err(refusal)) if refusal.code == "behind" => {
            let size = office.state.read(|state| state.logs().get(origin)?.last.as_ref().map(|seen| seen.size));
            Err(Refused::Size(size.unwrap_or(0)))
        }
        Some(Err(refusal)) => Err(Refused::Signer(refusal.reason)),
        Some(Ok(_)) => Ok(()),
        None => Err(Refused::Later("no answer".to_string())),
    }
}
