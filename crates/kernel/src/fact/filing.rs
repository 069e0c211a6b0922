//! A filing on its way between an exchange and its supervisor: each step of each version is a fact of its own.
//!
//! It promises that no version is ever replaced: a corrected one is the next version. It must never hold the package, only
//! its hash.

use super::evidence::Period;
use super::map::{self, Map};
use alloc::string::String;
use alloc::vec::Vec;
use journal::Hash;
use journal::cbor::{Decoder, Encoder, Error};
use rulebook::time::Instant;

/// Where a version of a filing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum FilingStep {
    /// Drawn up, not sent.
    Draft = 0,
    /// Sent; from here on nothing of it changes.
    Submitted = 1,
    /// The supervisor looks at it.
    UnderReview = 2,
    /// Sent back with reasons; the next version answers.
    Returned = 3,
    /// Accepted.
    Accepted = 4,
    /// Done with.
    Closed = 5,
}

/// The steps in their order, with the names that interfaces print.
pub const FILING_STEPS: [(FilingStep, &str, &str); 6] = [
    (FilingStep::Draft, "draft", "작성 중"),
    (FilingStep::Submitted, "submitted", "제출"),
    (FilingStep::UnderReview, "under review", "검토 중"),
    (FilingStep::Returned, "returned", "보완 요구"),
    (FilingStep::Accepted, "accepted", "수리"),
    (FilingStep::Closed, "closed", "종결"),
];

impl FilingStep {
    /// As interfaces print it in English.
    pub fn name(self) -> &'static str {
        FILING_STEPS[self as usize].1
    }

    /// As interfaces print it in Korean.
    pub fn name_ko(self) -> &'static str {
        FILING_STEPS[self as usize].2
    }
}

/// Somebody who answers for a filing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signatory {
    /// Who: an opaque reference.
    pub who: String,
    /// As what, such as `ceo` or `ciso`.
    pub role: String,
    /// An Ed25519 signature over the package's hash, where there is one.
    pub signature: Option<Vec<u8>>,
}

/// From which journal a filing came, for a supervisor that received it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Origin of the exchange's journal.
    pub origin: String,
    /// Size of its signed tree.
    pub size: u64,
    /// Root of that tree.
    pub root: Hash,
    /// Entries of that journal that were received, as ascending runs: first, how many, first, how many.
    pub entries: Vec<u64>,
    /// The entry of this journal that each of them stands in, as runs in the same order.
    pub kept: Vec<u64>,
}

/// A filing took a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilingMoved {
    /// The exchange.
    pub exchange: String,
    /// Which filing.
    pub id: String,
    /// What kind of filing, by the table of filing types.
    pub kind: String,
    /// Which version, from 1.
    pub version: u64,
    /// Where it stands from here on.
    pub step: FilingStep,
    /// When, UTC milliseconds.
    pub at: Instant,
    /// SHA-256 of the package; of a draft and of what was submitted.
    pub package: Option<Hash>,
    /// The period it covers.
    pub period: Option<Period>,
    /// Who answers for it.
    pub signatories: Vec<Signatory>,
    /// How a supervisor received it.
    pub receipt: Option<Receipt>,
    /// Why: needed to return it.
    pub reason: String,
    /// Who took the step: an opaque reference.
    pub by: String,
}

impl FilingMoved {
    /// Number of this kind of entry.
    pub const KIND: u16 = 13;

    /// The body.
    pub fn encode(&self) -> Vec<u8> {
        let signatories = (!self.signatories.is_empty()).then_some(&self.signatories);
        Map::default()
            .text(0, &self.exchange)
            .text(1, &self.reason)
            .text(2, &self.id)
            .text(4, &self.kind)
            .put(6, |out| out.u64(self.version))
            .put(8, |out| out.u64(self.step as u64))
            .at(10, self.at)
            .put_if(12, self.package, |out, hash| out.bytes(&hash))
            .put_if(14, self.period, |out, period| period.write(out))
            .put_if(16, signatories, |out, list| {
                out.array(list.len());
                list.iter().for_each(|signatory| signatory.write(out));
            })
            .put_if(18, self.receipt.as_ref(), |out, receipt| receipt.write(out))
            .text(20, &self.by)
            .bytes()
    }

    /// Reads a body.
    pub fn decode(body: &[u8]) -> Result<Self, Error> {
        let (mut exchange, mut reason, mut id, mut kind, mut version) = (None, None, None, None, None);
        let (mut step, mut at, mut package, mut period) = (None, None, None, None);
        let (mut signatories, mut receipt, mut by) = (Vec::new(), None, None);
        map::read(body, |key, from| {
            match key {
                0 => exchange = Some(map::text(from)?),
                1 => reason = Some(map::text(from)?),
                2 => id = Some(map::text(from)?),
                4 => kind = Some(map::text(from)?),
                6 => version = Some(from.u64()?),
                8 => step = Some(read_step(from)?),
                10 => at = Some(map::at(from)?),
                12 => package = Some(from.exactly()?),
                14 => period = Some(Period::read(from)?),
                16 => signatories = map::list(from, Signatory::read)?,
                18 => receipt = Some(Receipt::read(from)?),
                20 => by = Some(map::text(from)?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(Self {
            exchange: map::required(exchange)?,
            id: map::required(id)?,
            kind: map::required(kind)?,
            version: map::required(version)?,
            step: map::required(step)?,
            at: map::required(at)?,
            package,
            period,
            signatories,
            receipt,
            reason: reason.unwrap_or_default(),
            by: map::required(by)?,
        })
    }
}

fn read_step(from: &mut Decoder<'_>) -> Result<FilingStep, Error> {
    let at = from.position();
    let step = usize::try_from(from.u64()?).ok().and_then(|step| FILING_STEPS.get(step));
    step.map(|(step, ..)| *step).ok_or(Error { at, expected: "a step of a filing from 0 to 5" })
}

impl Signatory {
    fn write(&self, out: &mut Encoder) {
        out.array(3);
        out.text(&self.who);
        out.text(&self.role);
        match &self.signature {
            Some(signature) => out.bytes(signature),
            None => out.null(),
        }
    }

    fn read(from: &mut Decoder<'_>) -> Result<Signatory, Error> {
        map::array_of(from, 3)?;
        Ok(Signatory {
            who: map::text(from)?,
            role: map::text(from)?,
            signature: from.optional(|from| from.bytes().map(Vec::from))?,
        })
    }
}

impl Receipt {
    fn write(&self, out: &mut Encoder) {
        out.array(5);
        out.text(&self.origin);
        out.u64(self.size);
        out.bytes(&self.root);
        for list in [&self.entries, &self.kept] {
            out.array(list.len());
            list.iter().for_each(|number| out.u64(*number));
        }
    }

    fn read(from: &mut Decoder<'_>) -> Result<Receipt, Error> {
        map::array_of(from, 5)?;
        Ok(Receipt {
            origin: map::text(from)?,
            size: from.u64()?,
            root: from.exactly()?,
            entries: map::list(from, |from| from.u64())?,
            kept: map::list(from, |from| from.u64())?,
        })
    }
}
