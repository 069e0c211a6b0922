//! What callers send: the bodies of requests, in JSON and, for batches, CBOR. The API's document is made of these.
//!
//! It promises that a field nobody knows is refused. It must never know what is decided.

use schemars::JsonSchema;
use serde::Deserialize;

/// A withdrawal that is asked.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawalAsk {
    /// The caller's id: one question for ever.
    pub id: String,
    /// From this registered wallet.
    pub wallet: String,
    /// The listed asset.
    pub asset: String,
    /// In base units, as digits.
    pub amount: Option<String>,
    /// Instead of `amount`: in whole units, as a decimal.
    pub quantity: Option<String>,
    /// To this address.
    pub destination: String,
    /// Destination tag or memo.
    pub tag: Option<String>,
    /// Whose: an opaque reference.
    pub customer: String,
    /// Who asked; the key's holder when left out. A key held by an enrolled person can name nobody else.
    pub initiator: Option<String>,
    /// Reference of the proof of a second factor.
    pub second_factor: Option<String>,
    /// When it was asked, UTC milliseconds.
    pub at: i64,
}

/// Several withdrawals, each answered by itself, in order; an earlier one counts before a later one is asked.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawalBatch {
    /// At most 8,192.
    pub items: Vec<WithdrawalAsk>,
}

/// Something ends or happens at a moment.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// UTC milliseconds.
    pub at: i64,
}

/// What is about to be signed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Payload {
    /// What it would do, decoded.
    pub effects: Option<Vec<EffectShape>>,
    /// Instead of `effects`: the bytes in hexadecimal, which this program cannot decode: it is held.
    pub raw: Option<String>,
    /// UTC milliseconds.
    pub at: i64,
}

/// One effect of a payload.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EffectShape {
    /// The asset.
    pub asset: String,
    /// In base units, as digits.
    pub amount: String,
    /// To this address.
    pub destination: String,
    /// Destination tag or memo.
    pub tag: Option<String>,
    /// `transfer` when left out; `delegate`, or anything else by its name.
    pub operation: Option<String>,
}

/// A transaction was broadcast.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Broadcast {
    /// The transaction.
    pub tx: String,
    /// UTC milliseconds.
    pub at: i64,
}

/// A withdrawal ended on its chain.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ended {
    /// `confirmed`, `cannot confirm` or `expired`.
    pub how: String,
    /// UTC milliseconds.
    pub at: i64,
}

/// An approval or a rejection, by the holder of the key that signs it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Id of the withdrawal or change.
    pub id: String,
    /// For which group.
    pub group: String,
    /// The hash of the request that was looked at, in hexadecimal.
    pub request: String,
    /// It is a rejection.
    #[serde(default)]
    pub reject: bool,
    /// UTC milliseconds.
    pub at: i64,
}

/// A credit that is asked.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditAsk {
    /// The caller's id: one question for ever.
    pub id: String,
    /// To whom: an opaque reference.
    pub customer: String,
    /// The asset.
    pub asset: String,
    /// In base units, as digits.
    pub amount: Option<String>,
    /// Instead of `amount`: in whole units.
    pub quantity: Option<String>,
    /// The payout event it belongs to.
    pub event: Option<String>,
    /// The inflow it passes on.
    pub deposit: Option<String>,
    /// UTC milliseconds.
    pub at: i64,
}

/// A payout event and what it may cost.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayoutEvent {
    /// The event.
    pub event: String,
    /// The asset.
    pub asset: String,
    /// In base units, as digits.
    pub budget: String,
    /// UTC milliseconds.
    pub at: i64,
    /// The approved change; needed once the guard works.
    #[serde(default)]
    pub change: Option<String>,
}

/// A block that a source read.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BlockShape {
    /// The chain, as it is watched.
    pub chain: String,
    /// Who read it: a source of the chain.
    pub source: String,
    /// The block, as docs/blocks.md describes it.
    pub block: crate::watch::blocks::Line,
}

/// A ticket that two people signed offline.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketShape {
    /// The file that `bongsu ticket sign` wrote, as text.
    pub note: String,
    /// The public keys of those who signed.
    pub keys: Vec<String>,
}

/// Somebody looked at what a ticket was used for.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// What was found.
    pub finding: String,
    /// UTC milliseconds.
    pub at: i64,
}

/// What is held and entrusted of an asset.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Holdings {
    /// The asset.
    pub asset: String,
    /// In base units, as digits.
    pub held: String,
    /// In base units, as digits.
    pub entrusted: String,
    /// UTC milliseconds.
    pub at: i64,
}

/// What lies in a wallet.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Balance {
    /// The wallet.
    pub wallet: String,
    /// The asset.
    pub asset: String,
    /// In base units, as digits.
    pub balance: String,
    /// UTC milliseconds.
    pub at: i64,
}

/// A price on a venue.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// The asset.
    pub asset: String,
    /// Where.
    pub venue: String,
    /// Won for one whole unit, as a decimal.
    pub won: String,
    /// UTC milliseconds.
    pub at: i64,
}

/// An address enters or leaves a list.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Listing {
    /// `allow`, `deny` or `hint`.
    pub list: String,
    /// Who says so.
    pub source: String,
    /// The chain.
    pub chain: String,
    /// The address.
    pub address: String,
    /// It enters; otherwise it leaves.
    pub add: bool,
    /// The customer whose list it is; everybody's when left out.
    pub customer: Option<String>,
    /// UTC milliseconds.
    pub at: i64,
}

/// How far a stop reaches.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScopeShape {
    /// `all`, `domain`, `chain`, `asset` or `wallet`.
    pub what: String,
    /// Which; left out for `all`.
    pub name: Option<String>,
    /// `withdrawals`, `deposits` or `both`, which it is when left out.
    pub sides: Option<String>,
}

/// A stop.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Suspension {
    /// What.
    pub scope: ScopeShape,
    /// Why.
    pub reason: String,
    /// UTC milliseconds.
    pub at: i64,
}

/// A step towards reopening.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resumption {
    /// Of what.
    pub scope: ScopeShape,
    /// `cause`, `reconciled`, `told`, `canary`, `percent`, `full` or `back`.
    pub step: String,
    /// Of a cause: `explained`, `source`, `ledger` or `key`. Of a canary: won a day. Of a percentage: 1 to 99.
    pub value: Option<String>,
    /// Reasons and evidence.
    pub reason: String,
    /// UTC milliseconds.
    pub at: i64,
}

/// A change of the guard: what will make it, and why.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeAsk {
    /// Its id. The enrolment that makes it carries it as `change`.
    pub id: String,
    /// What changes, in words.
    pub change: String,
    /// What will make it.
    pub makes: Makes,
    /// UTC milliseconds.
    pub at: i64,
}

/// What makes a change: the body that will be sent once it is approved.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Makes {
    Wallet(WalletShape),
    Chain(ChainShape),
    Person(PersonShape),
    Key(KeyShape),
    Mandate(MandateShape),
    Rulebook(RulebookShape),
    Event(PayoutEvent),
}

/// An asset that can be withdrawn.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssetShape {
    /// Its id here.
    pub asset: String,
    /// The chain it moves on.
    pub chain: String,
    /// Digits after the point of one whole unit.
    pub decimals: u8,
    /// Where it is known from.
    #[serde(default)]
    pub source: String,
}

/// A wallet of the exchange.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WalletShape {
    /// Its id here.
    pub wallet: String,
    /// Its chain.
    pub chain: String,
    /// Its address.
    pub address: String,
    /// Its key domain.
    pub domain: String,
    /// `hot`, `warm`, `cold`, `deposit` or `evacuation`.
    pub tier: String,
    /// Where it is known from.
    #[serde(default)]
    pub source: String,
    /// The approved change.
    pub change: Option<String>,
}

/// A chain and who reads it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChainShape {
    /// The chain.
    pub chain: String,
    /// The sources, ascending.
    pub sources: Vec<String>,
    /// Blocks on top of one that make it final enough.
    pub depth: u64,
    /// Blocks a source may be behind another.
    pub behind: u64,
    /// Milliseconds a source may be silent while another is not.
    pub silence: i64,
    /// It is only observed: what would be stopped is told, and nothing is stopped.
    #[serde(default)]
    pub observed: bool,
    /// The approved change.
    pub change: Option<String>,
}

/// A person and the groups they decide for.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonShape {
    /// The name that approvals use.
    pub person: String,
    /// Who it is: 64 hexadecimal digits, the hash of something that nobody has twice.
    pub identity: String,
    /// The groups, ascending; none: no longer.
    #[serde(default)]
    pub groups: Vec<String>,
    /// The approved change.
    pub change: Option<String>,
}

/// A key that may speak to the guard.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyShape {
    /// The public key as `bongsu key new` prints it: its name is the key's id.
    pub public: String,
    /// Whose: a person's name where it approves.
    pub holder: String,
    /// Roles; none: no longer.
    #[serde(default)]
    pub roles: Vec<String>,
    /// The approved change.
    pub change: Option<String>,
}

/// A class of transfers that is allowed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MandateShape {
    /// Its id.
    pub id: String,
    /// Where from: `tier:hot`, `wallet:ID` or `address:TEXT`.
    pub from: String,
    /// Where to, likewise.
    pub to: String,
    /// The asset.
    pub asset: String,
    /// Cap of each, in base units.
    pub cap_each: String,
    /// Cap of all within the window, in base units.
    pub cap_window: String,
    /// The window's length in milliseconds.
    pub window: i64,
    /// Cap of each fee, in base units.
    pub fee_cap: String,
    /// Last moment at which it counts, UTC milliseconds.
    pub expires: i64,
    /// The approved change.
    pub change: Option<String>,
}

/// A rulebook to adopt.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RulebookShape {
    /// Its name.
    pub id: String,
    /// All of its pages.
    pub pages: Vec<PageShape>,
}

/// One page.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PageShape {
    /// Its path, such as `policy/default.md`.
    pub path: String,
    /// Its text.
    pub text: String,
}
