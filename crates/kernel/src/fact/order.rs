//! An order or a request of a supervisor, and each step until it is closed.
//!
//! It promises that what an order rests on is a rule and a moment, so that its ground and its retest are concluded by the
//! rulebook and not written down by anybody.

use super::map::{self, Map};
use super::subject::Name;
use alloc::string::String;
use alloc::vec::Vec;
use journal::Hash;
use journal::cbor::{Decoder, Error};
use rulebook::time::Instant;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum OrderKind {
    /// Something is to be put right.
    Order = 0,
    /// Something is to be told: what nobody could assess.
    Request = 1,
}

/// What happened to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum OrderStep {
    /// It was issued: its ground is concluded.
    Issued = 0,
    /// The exchange filed its plan.
    PlanFiled = 1,
    /// The plan was accepted.
    PlanAccepted = 2,
    /// The plan was sent back.
    PlanReturned = 3,
    /// A milestone of the plan was reached.
    Milestone = 4,
    /// Evidence was handed in.
    Evidence = 5,
    /// The due date was moved.
    Extended = 6,
    /// The rule was tried again: the finding is concluded.
    Retested = 7,
    /// It is done.
    Closed = 8,
    /// It was handed on to those who punish.
    Escalated = 9,
}

/// The steps in their order, with the names that interfaces print.
pub const ORDER_STEPS: [(OrderStep, &str, &str); 10] = [
    (OrderStep::Issued, "issued", "발령"),
    (OrderStep::PlanFiled, "plan filed", "이행계획 제출"),
    (OrderStep::PlanAccepted, "plan accepted", "이행계획 승인"),
    (OrderStep::PlanReturned, "plan returned", "이행계획 반려"),
    (OrderStep::Milestone, "milestone", "중간 이행"),
    (OrderStep::Evidence, "evidence", "증빙 제출"),
    (OrderStep::Extended, "extended", "기한 연장"),
    (OrderStep::Retested, "retested", "재점검"),
    (OrderStep::Closed, "closed", "종결"),
    (OrderStep::Escalated, "escalated", "제재 이관"),
];

impl OrderStep {
    /// As interfaces print it in English.
    pub fn name(self) -> &'static str {
        ORDER_STEPS[self as usize].1
    }

    /// As interfaces print it in Korean.
    pub fn name_ko(self) -> &'static str {
        ORDER_STEPS[self as usize].2
    }
}

/// An order or a request took a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderMoved {
    /// The exchange it is addressed to.
    pub exchange: String,
    /// Which order.
    pub id: String,
    /// Order or request.
    pub kind: OrderKind,
    /// The rule it rests on, by id.
    pub rule: String,
    /// The subject of the finding; none for the exchange itself.
    pub subject: Option<Name>,
    /// The moment its finding is for: of the ground when it is issued, of the new finding at a retest. UTC milliseconds.
    pub as_of: Instant,
    /// The step.
    pub step: OrderStep,
    /// When it was taken, UTC milliseconds.
    pub at: Instant,
    /// Until when it is to be done: when issued, planned or extended. UTC milliseconds.
    pub due: Option<Instant>,
    /// Hashes of the evidence handed in.
    pub evidence: Vec<Hash>,
    /// What is asked, planned, reached or decided.
    pub text: String,
    /// What the law threatens: amount and article.
    pub penalty: String,
    /// Who took the step: an opaque reference.
    pub by: String,
}

impl OrderMoved {
    /// Number of this kind of entry.
    pub const KIND: u16 = 14;

    /// The body.
    pub fn encode(&self) -> Vec<u8> {
        let evidence = (!self.evidence.is_empty()).then_some(&self.evidence);
        Map::default()
            .text(0, &self.exchange)
            .text(1, &self.text)
            .text(2, &self.id)
            .text(3, &self.penalty)
            .put(4, |out| out.u64(self.kind as u64))
            .text(6, &self.rule)
            .put_if(8, self.subject.as_ref(), |out, name| name.write(out))
            .at(10, self.as_of)
            .put(12, |out| out.u64(self.step as u64))
            .at(14, self.at)
            .put_if(16, self.due, |out, at| out.i64(at.0))
            .put_if(18, evidence, |out, list| {
                out.array(list.len());
                list.iter().for_each(|hash| out.bytes(hash));
            })
            .text(20, &self.by)
            .bytes()
    }

    /// Reads a body.
    pub fn decode(body: &[u8]) -> Result<Self, Error> {
        let (mut exchange, mut text, mut id, mut penalty, mut kind) = (None, None, None, None, None);
        let (mut rule, mut subject, mut as_of, mut step, mut at) = (None, None, None, None, None);
        let (mut due, mut evidence, mut by) = (None, Vec::new(), None);
        map::read(body, |key, from| {
            match key {
                0 => exchange = Some(map::text(from)?),
                1 => text = Some(map::text(from)?),
                2 => id = Some(map::text(from)?),
                3 => penalty = Some(map::text(from)?),
                4 => kind = Some(read_kind(from)?),
                6 => rule = Some(map::text(from)?),
                8 => subject = Some(Name::read(from)?),
                10 => as_of = Some(map::at(from)?),
                12 => step = Some(read_step(from)?),
                14 => at = Some(map::at(from)?),
                16 => due = Some(map::at(from)?),
                18 => evidence = map::list(from, |from| from.exactly())?,
                20 => by = Some(map::text(from)?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(Self {
            exchange: map::required(exchange)?,
            id: map::required(id)?,
            kind: map::required(kind)?,
            rule: map::required(rule)?,
            subject,
            as_of: map::required(as_of)?,
            step: map::required(step)?,
            at: map::required(at)?,
            due,
            evidence,
            text: text.unwrap_or_default(),
            penalty: penalty.unwrap_or_default(),
            by: map::required(by)?,
        })
    }
}

fn read_kind(from: &mut Decoder<'_>) -> Result<OrderKind, Error> {
    let at = from.position();
    match from.u64()? {
        0 => Ok(OrderKind::Order),
        1 => Ok(OrderKind::Request),
        _ => Err(Error { at, expected: "0 for an order or 1 for a request" }),
    }
}

fn read_step(from: &mut Decoder<'_>) -> Result<OrderStep, Error> {
    let at = from.position();
    let step = usize::try_from(from.u64()?).ok().and_then(|step| ORDER_STEPS.get(step));
    step.map(|(step, ..)| *step).ok_or(Error { at, expected: "a step of an order from 0 to 9" })
}
