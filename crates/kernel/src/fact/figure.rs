//! Whatever is merely reported: heads, budgets, balances, dates. Its words are rows of one table, not structs.
//!
//! It promises to carry a value exactly. It must never know which word wants which value: the door does.

use super::exact::Exact;
use super::map::{self, Map};
use super::subject::Name;
use alloc::string::String;
use alloc::vec::Vec;
use journal::cbor::{Decoder, Encoder, Error};
use rulebook::time::{Civil, Instant};
use rulebook::unit::Dimension;

/// How well a fact is supported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Grade {
    /// Said by the exchange.
    Declared = 0,
    /// Signed by a system.
    Signed = 1,
    /// Confirmed by a third party.
    Confirmed = 2,
    /// Read on a chain.
    OnChain = 3,
}

/// How sure whoever collected a figure is of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Confidence {
    /// A guess or a rumour.
    Low = 0,
    /// A second-hand report.
    Medium = 1,
    /// The original document was seen.
    High = 2,
}

/// What a figure says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FigureValue {
    /// It is unknown. For an event: the list of its occurrences is not complete.
    Missing,
    /// It is known to be absent. For an event: it did not happen then.
    None,
    /// Yes or no.
    Truth(bool),
    /// A number in the word's unit; its currency where the word leaves that open.
    Number(Exact, Option<Dimension>),
    /// An exact length in milliseconds.
    Length(i64),
    /// A civil length.
    Civil(Civil),
    /// A code.
    Code(String),
    /// A set of codes, ascending, each once.
    Codes(Vec<String>),
    /// An event occurred at the figure's time.
    Happened {
        /// Who or what, for an `event of code`.
        by: Option<String>,
        /// How much, for an event of an amount; none where that is unknown.
        amount: Option<Exact>,
    },
}

/// A reported value of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The exchange; empty for what is the same for all, such as an exchange rate.
    pub exchange: String,
    /// The subject; none for the exchange itself.
    pub subject: Option<Name>,
    /// The word, by its name in the word list.
    pub word: String,
    /// Since when the value is valid, UTC milliseconds; a bare date is its last millisecond in the exchange's zone.
    pub at: Instant,
    /// The value.
    pub value: FigureValue,
    /// How well it is supported.
    pub grade: Grade,
    /// How sure the collector is, where one said.
    pub confidence: Option<Confidence>,
    /// Where it comes from: a URL, a document, a system.
    pub source: String,
    /// Index of the entry whose figure this one replaces, possibly at another time.
    pub corrects: Option<u64>,
}

impl Figure {
    /// Number of this kind of entry.
    pub const KIND: u16 = 4;

    /// The body.
    pub fn encode(&self) -> Vec<u8> {
        Map::default()
            .text(0, &self.exchange)
            .text(1, &self.source)
            .put_if(2, self.subject.as_ref(), |out, name| name.write(out))
            .put_if(3, self.confidence, |out, c| out.u64(c as u64))
            .text(4, &self.word)
            .at(6, self.at)
            .put(8, |out| self.value.write(out))
            .put(10, |out| out.u64(self.grade as u64))
            .put_if(12, self.corrects, |out, entry| out.u64(entry))
            .bytes()
    }

    /// Reads a body.
    pub fn decode(body: &[u8]) -> Result<Self, Error> {
        let (mut exchange, mut source, mut subject, mut confidence, mut word) = (None, None, None, None, None);
        let (mut at, mut value, mut grade, mut corrects) = (None, None, None, None);
        map::read(body, |key, from| {
            match key {
                0 => exchange = Some(map::text(from)?),
                1 => source = Some(map::text(from)?),
                2 => subject = Some(Name::read(from)?),
                3 => confidence = Some(read_confidence(from)?),
                4 => word = Some(map::text(from)?),
                6 => at = Some(map::at(from)?),
                8 => value = Some(FigureValue::read(from)?),
                10 => grade = Some(Grade::read(from)?),
                12 => corrects = Some(from.u64()?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(Self {
            exchange: map::required(exchange)?,
            subject,
            word: map::required(word)?,
            at: map::required(at)?,
            value: map::required(value)?,
            grade: map::required(grade)?,
            confidence,
            source: source.unwrap_or_default(),
            corrects,
        })
    }
}

impl Grade {
    pub(crate) fn read(from: &mut Decoder<'_>) -> Result<Grade, Error> {
        let at = from.position();
        Ok(match from.u64()? {
            0 => Grade::Declared,
            1 => Grade::Signed,
            2 => Grade::Confirmed,
            3 => Grade::OnChain,
            _ => return Err(Error { at, expected: "a grade from 0 to 3" }),
        })
    }
}

fn read_confidence(from: &mut Decoder<'_>) -> Result<Confidence, Error> {
    let at = from.position();
    Ok(match from.u64()? {
        0 => Confidence::Low,
        1 => Confidence::Medium,
        2 => Confidence::High,
        _ => return Err(Error { at, expected: "a confidence from 0 to 2" }),
    })
}

impl FigureValue {
    /// A set of codes, put in order.
    pub fn codes<'a>(codes: impl IntoIterator<Item = &'a str>) -> FigureValue {
        let mut codes: Vec<String> = codes.into_iter().map(String::from).collect();
        codes.sort();
        codes.dedup();
        FigureValue::Codes(codes)
    }

    /// An array: which form, then its parts.
    fn write(&self, out: &mut Encoder) {
        let head = |out: &mut Encoder, length, form| {
            out.array(length);
            out.u64(form);
        };
        match self {
            FigureValue::Missing => head(out, 1, 0),
            FigureValue::None => head(out, 1, 1),
            FigureValue::Truth(yes) => {
                head(out, 2, 2);
                out.bool(*yes);
            }
            FigureValue::Number(number, currency) => {
                head(out, 4, 3);
                number.write(out);
                text_or_null(out, currency.map(Dimension::name));
            }
            FigureValue::Length(ms) => {
                head(out, 2, 4);
                out.i64(*ms);
            }
            FigureValue::Civil(length) => {
                head(out, 4, 5);
                [length.months, length.days, length.working_days].into_iter().for_each(|n| out.i64(n.into()));
            }
            FigureValue::Code(code) => {
                head(out, 2, 6);
                out.text(code);
            }
            FigureValue::Codes(codes) => {
                head(out, 2, 7);
                out.array(codes.len());
                codes.iter().for_each(|code| out.text(code));
            }
            FigureValue::Happened { by, amount } => {
                head(out, 3, 8);
                text_or_null(out, by.as_deref());
                match amount {
                    Some(amount) => {
                        out.array(2);
                        amount.write(out);
                    }
                    None => out.null(),
                }
            }
        }
    }

    fn read(from: &mut Decoder<'_>) -> Result<FigureValue, Error> {
        let at = from.position();
        let length = from.array()?;
        Ok(match (from.u64()?, length) {
            (0, 1) => FigureValue::Missing,
            (1, 1) => FigureValue::None,
            (2, 2) => FigureValue::Truth(from.bool()?),
            (3, 4) => FigureValue::Number(Exact::read(from)?, from.optional(read_currency)?),
            (4, 2) => FigureValue::Length(from.i64()?),
            (5, 4) => {
                FigureValue::Civil(Civil { months: small(from)?, days: small(from)?, working_days: small(from)? })
            }
            (6, 2) => FigureValue::Code(map::text(from)?),
            (7, 2) => {
                let codes = map::list(from, map::text)?;
                if !codes.is_sorted_by(|a, b| a < b) {
                    return Err(Error { at, expected: "codes in ascending order, each once" });
                }
                FigureValue::Codes(codes)
            }
            (8, 3) => FigureValue::Happened { by: from.optional(map::text)?, amount: from.optional(read_amount)? },
            _ => return Err(Error { at, expected: "a value in one of its forms" }),
        })
    }
}

fn text_or_null(out: &mut Encoder, text: Option<&str>) {
    match text {
        Some(text) => out.text(text),
        None => out.null(),
    }
}

fn read_amount(from: &mut Decoder<'_>) -> Result<Exact, Error> {
    map::array_of(from, 2)?;
    Exact::read(from)
}

fn read_currency(from: &mut Decoder<'_>) -> Result<Dimension, Error> {
    let at = from.position();
    Dimension::currency(from.text()?).ok_or(Error { at, expected: "the code of a known currency" })
}

fn small(from: &mut Decoder<'_>) -> Result<i32, Error> {
    let at = from.position();
    i32::try_from(from.i64()?).map_err(|_| Error { at, expected: "a length of at most 31 bits" })
}
