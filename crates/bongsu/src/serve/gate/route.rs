//! The routes once: router, roles, limits and the API's document are made of this table.
//!
//! It promises that a route answers nobody whose key lacks one of its roles: what names no role answers no one.

use super::answer::{BatchAnswers, Decision, Recorded};
use super::problem::Problem;
use super::shape::*;
use super::{Gate, approvals, enrol, entries, ledger, limits, looks, stops, tickets, withdrawals};
use kernel::fact::Role;
use kernel::fact::Role::{Admin, Approve, Ask, Blocks, Credit, Lists, Policy, Read, Resume, Sign, Suspend};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Who speaks.
#[derive(Clone, Debug)]
pub struct Speaker {
    /// The key's id: the principal of entries.
    pub key: String,
    /// Whose key it is.
    pub holder: String,
}

/// A request whose signature and role are in order.
pub struct Call {
    /// Who speaks.
    pub speaker: Speaker,
    /// What stands in the path, in order.
    pub path: Vec<String>,
    /// The query by name.
    pub query: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The body is CBOR, and so is the answer.
    pub cbor: bool,
    /// `Last-Event-ID`.
    pub last_event: Option<u64>,
    /// A stream is wanted.
    pub stream: bool,
}

/// An answer.
pub enum Reply {
    /// A status, whether it is CBOR, and the bytes.
    Body(u16, bool, Vec<u8>),
    /// Bytes of another media type.
    Bytes(&'static str, Vec<u8>),
    /// Entries as they happen, from an index on.
    Stream(u64),
}

impl Call {
    /// The body as a shape.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let hint = "docs/openapi.json has the shape";
        if self.cbor {
            return ciborium::from_reader(self.body.as_slice())
                .map_err(|e| Problem::new("field", format!("the body: {e}"), hint));
        }
        let mut from = serde_json::Deserializer::from_slice(&self.body);
        let read: T =
            serde_path_to_error::deserialize(&mut from).map_err(|e| field(e.path().to_string(), e.inner()))?;
        from.end().map_err(|e| Problem::new("malformed", format!("behind the body: {e}"), hint))?;
        Ok(read)
    }

    /// An answer in the language of the question.
    pub fn reply<T: Serialize>(&self, status: u16, answer: &T) -> Result<Reply, Problem> {
        let mut bytes = Vec::new();
        let written = if self.cbor {
            ciborium::into_writer(answer, &mut bytes).map_err(|e| e.to_string())
        } else {
            serde_json::to_writer(&mut bytes, answer).map_err(|e| e.to_string())
        };
        written
            .map_err(|e| Problem::new("refused", format!("the answer cannot be written: {e}"), "tell the operator"))?;
        Ok(Reply::Body(status, self.cbor, bytes))
    }

    /// A place of the path.
    pub fn place(&self, at: usize) -> &str {
        self.path.get(at).map_or("", String::as_str)
    }

    /// A value of the query.
    pub fn asked(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// What is wrong with one field of a JSON body.
pub fn field(path: String, error: &serde_json::Error) -> Problem {
    let hint = "docs/openapi.json has the shape";
    if error.is_syntax() || error.is_eof() {
        return Problem::new("malformed", format!("not JSON: {error}"), hint);
    }
    let problem = Problem::new("field", error.to_string(), hint);
    if path == "." { problem } else { problem.of(path) }
}

/// A handler.
pub type Handler = fn(&Gate, &Call) -> Result<Reply, Problem>;
type Shape = fn(&mut SchemaGenerator) -> Schema;

/// One route.
pub struct Route {
    /// Its method.
    pub method: &'static str,
    /// Its path, with places in braces.
    pub path: &'static str,
    /// Any of these roles may.
    pub roles: &'static [Role],
    /// What it is for.
    pub summary: &'static str,
    /// Bytes of its body at most.
    pub limit: usize,
    /// It takes and gives CBOR too.
    pub cbor: bool,
    /// The shape of its body.
    pub takes: Option<Shape>,
    /// The shape of its answer; any JSON where none is given.
    pub gives: Option<Shape>,
    /// What answers.
    pub handle: Handler,
}

fn shape<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

const fn get(path: &'static str, roles: &'static [Role], summary: &'static str, handle: Handler) -> Route {
    Route { method: "GET", path, roles, summary, limit: 0, cbor: false, takes: None, gives: None, handle }
}

const fn post<T: JsonSchema>(path: &'static str, roles: &'static [Role], summary: &'static str, h: Handler) -> Route {
    let (takes, gives): (Option<Shape>, Option<Shape>) = (Some(shape::<T>), Some(shape::<Recorded>));
    Route { method: "POST", path, roles, summary, limit: limits::BODY, cbor: false, takes, gives, handle: h }
}

const fn giving<T: JsonSchema>(route: Route) -> Route {
    Route { gives: Some(shape::<T>), ..route }
}

const fn batch(route: Route) -> Route {
    Route { cbor: true, limit: limits::BATCH_BODY, ..route }
}

const fn large(route: Route) -> Route {
    Route { limit: limits::PAGES_BODY, ..route }
}

/// Every route but `/healthz` and `/openapi.json`, which are answered unsigned.
pub static ROUTES: &[Route] = &[
    giving::<Decision>(post::<WithdrawalAsk>("/v1/withdrawals", &[Ask], "Ask for a withdrawal", withdrawals::ask)),
    batch(giving::<BatchAnswers>(post::<WithdrawalBatch>(
        "/v1/withdrawals/batch",
        &[Ask],
        "Ask for several; each is answered by itself",
        withdrawals::batch,
    ))),
    giving::<Decision>(post::<WithdrawalAsk>(
        "/v1/withdrawals/dry-run",
        &[Ask, Read],
        "What would be answered; nothing is written",
        withdrawals::dry_run,
    )),
    giving::<Decision>(get(
        "/v1/withdrawals/{id}",
        &[Read, Ask, Approve, Sign],
        "The answer, and where it stands",
        withdrawals::read,
    )),
    post::<Moment>("/v1/withdrawals/{id}/cancel", &[Ask], "Call it off before it is signed", withdrawals::cancel),
    post::<Payload>("/v1/withdrawals/{id}/payload", &[Sign], "May this be signed?", withdrawals::payload),
    post::<Broadcast>("/v1/withdrawals/{id}/broadcast", &[Sign], "It was broadcast", withdrawals::broadcast),
    post::<Ended>("/v1/withdrawals/{id}/ended", &[Sign], "It ended on its chain, or ran out", withdrawals::ended),
    post::<Approval>(
        "/v1/approvals",
        &[Approve],
        "Approve or reject a withdrawal, a credit or a change",
        approvals::give,
    ),
    get("/v1/approvals/{id}", &[Approve, Read], "What is to be approved, and its hash", approvals::show),
    post::<CreditAsk>("/v1/credits", &[Credit], "Ask for a credit before it is posted", ledger::credit),
    post::<PayoutEvent>("/v1/payout-events", &[Credit], "Declare a payout event and its budget", ledger::event),
    post::<Holdings>("/v1/holdings", &[Blocks], "What is held and entrusted of an asset", ledger::holdings),
    large(post::<BlockShape>("/v1/blocks", &[Blocks], "A block that a source read", ledger::block)),
    post::<Balance>("/v1/balances", &[Blocks], "What lies in a wallet", ledger::balance),
    post::<Price>("/v1/prices", &[Blocks], "A price on a venue", ledger::price),
    post::<Listing>("/v1/lists", &[Lists], "An address enters or leaves a list", ledger::listing),
    post::<TicketShape>("/v1/tickets", &[Approve, Admin], "Enter a ticket that two people signed", tickets::enter),
    post::<Review>("/v1/tickets/{id}/review", &[Approve], "Say what a ticket was used for", tickets::review),
    post::<Suspension>("/v1/suspensions", &[Suspend], "Stop: always answered, before all that waits", stops::suspend),
    post::<Resumption>("/v1/resumptions", &[Resume], "Ask for the next step of reopening", stops::resume),
    post::<ChangeAsk>("/v1/changes", &[Policy, Admin], "Ask for a change of the guard", enrol::change),
    large(post::<RulebookShape>("/v1/rulebooks", &[Policy], "Adopt pages", enrol::rulebook)),
    post::<MandateShape>("/v1/mandates", &[Policy], "Sign a mandate", enrol::mandate),
    post::<AssetShape>("/v1/assets", &[Admin], "List an asset", enrol::asset),
    post::<WalletShape>("/v1/wallets", &[Admin], "Register a wallet", enrol::wallet),
    post::<ChainShape>("/v1/chains", &[Admin], "Watch a chain", enrol::chain),
    post::<PersonShape>("/v1/people", &[Admin], "Enrol a person", enrol::person),
    post::<KeyShape>("/v1/keys", &[Admin], "Enrol a key, or take its roles away", enrol::key),
    get("/v1/keys", &[Read, Admin], "The keys and their roles", enrol::keys),
    get("/v1/limits", &[Read, Ask], "Used and left: ?wallet= &asset= &customer= &destination=", looks::limits),
    get("/v1/state", &[Read, Suspend, Resume], "Fires, stops, and how many are held", looks::state),
    get("/v1/guard", &[Read], "How the guard stands: stops, plans, what waits, who watches", looks::guard),
    get("/v1/incidents", &[Read], "Incidents, with the clock of the law that ends next", looks::incidents),
    get("/v1/held", &[Read, Approve], "The queue of what is held", looks::held),
    get(
        "/v1/journal/checkpoint",
        &[Read],
        "The signed checkpoint: ?over= a size, ?wait= milliseconds until there is a larger one",
        entries::checkpoint,
    ),
    get("/v1/journal/tile/{*path}", &[Read], "A tile, as c2sp.org/tlog-tiles lays it out", entries::tile),
    get("/v1/journal/entries", &[Read], "Entries with salts and bodies as CBOR: ?from=", entries::whole),
    get("/v1/entries/{index}", &[Read], "An entry of the journal", entries::entry),
    get("/v1/events", &[Read], "Entries as they happen: ?from= or Last-Event-ID; a stream or a list", entries::events),
];
