//! What a request is answered that is not taken: problems by RFC 9457, each with a stable code.
//!
//! It promises that a code keeps its meaning and its status, and that whoever gets one learns what to mend.

use super::limits;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::refusal::Refusal;
use schemars::JsonSchema;
use serde::Serialize;

/// Every code with its status and what it means. `docs/gate.md` has the same table; a test compares them.
pub const CODES: &[(&str, u16, &str)] = &[
    ("unsigned", 401, "the request carries no signature"),
    ("signature-malformed", 401, "a signature header cannot be read, or leaves out what it must cover"),
    ("signature-expired", 401, "the signature is older than 5 min, has expired, or comes from a clock that is ahead"),
    ("signature-forgotten", 401, "signed before this server started: it cannot know whether it was seen; sign again"),
    ("signature-wrong", 401, "the signature does not fit the request"),
    ("digest-wrong", 401, "the body is not the one that was signed"),
    ("replayed", 401, "the nonce was used"),
    ("unknown-key", 401, "the key is not enrolled, or no longer"),
    ("role", 403, "the key's roles do not allow this"),
    ("not-found", 404, "there is no such route"),
    ("unknown", 404, "nothing is recorded under that id"),
    ("method", 405, "the route has other methods"),
    ("body-late", 408, "the body did not arrive in time"),
    ("already", 409, "this was said before and is not said twice"),
    ("conflict", 409, "the same id with another body, or a request other than the recorded one"),
    ("same-person", 409, "another person must do it"),
    ("too-late", 409, "it is decided, signed or ended"),
    ("wrong-step", 409, "that step does not follow"),
    ("stopped", 409, "not while something is stopped"),
    ("not-approved", 409, "no approved change makes it"),
    ("not-met", 409, "what must be met before it is not"),
    ("body-too-large", 413, "the body is larger than the route takes"),
    ("media-type", 415, "the body is neither JSON nor, where the route takes it, CBOR"),
    ("malformed", 400, "the body cannot be read"),
    ("unreadable", 400, "the fact cannot be read"),
    ("field", 422, "a field is unknown, missing, or of another type"),
    ("too-many", 422, "more items than a batch takes"),
    ("address", 422, "no address of that chain"),
    ("tag", 422, "no tag of that chain"),
    ("amount", 422, "an amount that is no number, or given twice or not at all"),
    ("below-base-unit", 422, "a fraction of the asset's base unit"),
    ("over-256-bits", 422, "more than 256 bits: no chain can carry it"),
    ("stale-time", 422, "`at` is more than 24 h ago"),
    ("future-time", 422, "`at` is more than 5 min ahead"),
    ("empty", 422, "a text is empty"),
    ("too-long", 422, "a text or list is too long"),
    ("unknown-exchange", 422, "the exchange is not registered"),
    ("unknown-subject", 422, "something named is not registered"),
    ("wrong-unit", 422, "the asset is of another chain than the wallet"),
    ("negative", 422, "an amount below zero"),
    ("too-large", 422, "above 10^30 base units, the kernel's limit"),
    ("out-of-range", 422, "a value outside its range"),
    ("unsorted", 422, "a list out of order, or with something twice"),
    ("unsigned-by", 403, "the person is not enrolled for this"),
    ("holder", 403, "the key's holder is another person"),
    ("refused", 422, "the kernel refuses it; the detail says why"),
    ("no-lease", 503, "the watch gave no fresh lease that opens the wallet's key domain: nothing is signed"),
    ("busy", 503, "too much waits: come again after `Retry-After`"),
    ("stopping", 503, "a suspension is being recorded: ask again with the same id"),
    ("full", 507, "the disk is full: nothing was recorded"),
    ("ended", 503, "the journal has stopped: ask again after the restart with the same id"),
];

/// A request that is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// One of [`CODES`].
    pub code: &'static str,
    /// What happened.
    pub detail: String,
    /// The field it lies in.
    pub field: Option<String>,
    /// What should have been there.
    pub expected: Option<String>,
    /// What to do.
    pub hint: String,
    /// Seconds after which to come again.
    pub retry_after: Option<u32>,
}

/// A problem as it is sent.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub struct ProblemBody {
    /// `urn:bongsu:` and the code.
    r#type: String,
    /// What the code means.
    title: String,
    /// The status.
    status: u16,
    /// The code: it keeps its meaning.
    code: String,
    /// What happened.
    detail: String,
    /// The field it lies in.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// What should have been there.
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<String>,
    /// What to do.
    hint: String,
}

impl Problem {
    /// A problem with a hint.
    pub fn new(code: &'static str, detail: impl Into<String>, hint: impl Into<String>) -> Problem {
        Problem { code, detail: detail.into(), field: None, expected: None, hint: hint.into(), retry_after: None }
    }

    /// The same, of a field.
    pub fn of(mut self, field: impl Into<String>) -> Problem {
        self.field = Some(field.into());
        self
    }

    /// The same, with what was expected.
    pub fn expected(mut self, what: impl Into<String>) -> Problem {
        self.expected = Some(what.into());
        self
    }

    /// Too much waits.
    pub fn busy(what: &str) -> Problem {
        let hint = "ask again with the same id after `Retry-After` seconds";
        Problem { retry_after: Some(limits::RETRY), ..Problem::new("busy", what, hint) }
    }

    /// Status and meaning of the code.
    pub fn meaning(&self) -> (u16, &'static str) {
        CODES
            .iter()
            .find(|(code, ..)| *code == self.code)
            .map_or((500, "a code that is missing from the table"), |(_, status, meaning)| (*status, meaning))
    }

    /// As it is sent.
    pub fn body(&self) -> ProblemBody {
        let (status, title) = self.meaning();
        ProblemBody {
            r#type: format!("urn:bongsu:{}", self.code),
            title: title.to_string(),
            status,
            code: self.code.to_string(),
            detail: self.detail.clone(),
            field: self.field.clone(),
            expected: self.expected.clone(),
            hint: self.hint.clone(),
        }
    }
}

/// What the kernel refuses. Its codes are the problem's, where this table has them.
impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        let code = match refusal.code.name() {
            // Of a person, not of a request.
            "unsigned" => "unsigned-by",
            name => CODES.iter().map(|(code, ..)| *code).find(|code| *code == name).unwrap_or("refused"),
        };
        Problem::new(code, format!("found {}", refusal.found), refusal.hint)
            .of(refusal.field)
            .expected(refusal.expected)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, _) = self.meaning();
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self.body()).unwrap_or_default();
        let mut response = (status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response();
        if let Some(after) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, after.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            let asks = axum::http::HeaderValue::from_static("Signature");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, asks);
        }
        response
    }
}
