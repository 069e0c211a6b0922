//! A finding as the journal keeps it: names instead of numbers, amounts as exact text, so that it can be read without the
//! rulebook and compared byte for byte when it is re-performed.
//!
//! It promises one encoding. It must never know how a finding came about.

use crate::fact::Name;
use crate::fact::map::{self, Map};
use crate::view::View;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use journal::cbor::{Decoder, Encoder, Error};
use rulebook::book::{Book, STATUSES, Status};
use rulebook::cell;
use rulebook::finding::{Amount, VERDICTS, Verdict};
use rulebook::time::{Instant, Zone};
use rulebook::unit::{Type, Unit};
use rulebook::value::Owned;

/// An exact amount and its unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// An exact decimal or fraction; for a moment its text in the instrument's zone; for lengths with their unit.
    pub value: String,
    /// `KRW`, `person`, …; empty for plain numbers, lengths and moments.
    pub unit: String,
}

/// What followed from one rule for one subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// The subject; none is the exchange itself.
    pub subject: Option<Name>,
    /// The answer.
    pub verdict: Verdict,
    /// How binding the rule is.
    pub status: Status,
    /// Left side of the deciding line.
    pub value: Option<Quantity>,
    /// Its right side.
    pub required: Option<Quantity>,
    /// What is short.
    pub short: Option<Quantity>,
    /// It may be more.
    pub at_least: bool,
    /// When the time ends, UTC milliseconds.
    pub due: Option<Instant>,
    /// Since a judged clock started, in milliseconds.
    pub elapsed: Option<i64>,
    /// When a measured rule was read.
    pub measured: Option<Instant>,
    /// The facts that are missing.
    pub missing: Vec<String>,
    /// The judgements that are open, by full name.
    pub judgements: Vec<String>,
    /// The entries it rests on, ascending.
    pub evidence: Vec<u64>,
    /// The weakest grade among them.
    pub grade: Option<u8>,
}

impl Finding {
    /// A breach is a binding duty that is not met.
    pub fn is_breach(&self) -> bool {
        self.verdict == Verdict::NotMet && self.status == Status::Binding
    }

    /// Names what a rulebook's finding numbers.
    pub fn of(found: &rulebook::finding::Finding, book: &Book, view: &View<'_>) -> Finding {
        let rule = &book.rules[found.rule.index()];
        let zone = &book.instruments[rule.instrument.index()].zone;
        let quantity = |amount: &Option<Amount>| amount.as_ref().map(|a| quantity(a, zone));
        let mut evidence: Vec<u64> = found.evidence.iter().map(|e| e.entry).collect();
        evidence.dedup();
        Finding {
            rule: rule.id.clone(),
            subject: found.subject.map(|s| Name::new(book.vocabulary.kind_name(s.kind), view.record.name(s))),
            verdict: found.verdict,
            status: found.status,
            value: quantity(&found.value),
            required: quantity(&found.required),
            short: quantity(&found.short),
            at_least: found.at_least,
            due: found.due,
            elapsed: found.elapsed,
            measured: found.measured,
            missing: found.missing.clone(),
            judgements: found.judgements.iter().map(|j| book.judgement_name(*j)).collect(),
            grade: found.evidence.iter().map(|e| e.grade).min(),
            evidence,
        }
    }

    fn encode(&self, out: &mut Encoder) {
        let verdict = VERDICTS.iter().position(|(v, _)| *v == self.verdict).unwrap_or(0);
        let status = STATUSES.iter().position(|(s, _)| *s == self.status).unwrap_or(0);
        let listed = |list: &[String]| (!list.is_empty()).then(|| list.to_vec());
        let texts = |out: &mut Encoder, list: Vec<String>| {
            out.array(list.len());
            list.iter().for_each(|text| out.text(text));
        };
        let map = Map::default()
            .text(0, &self.rule)
            .put_if(2, self.subject.as_ref(), |out, name| name.write(out))
            .put(4, |out| out.u64(verdict as u64))
            .put(6, |out| out.u64(status as u64))
            .put_if(8, self.value.as_ref(), write)
            .put_if(10, self.required.as_ref(), write)
            .put_if(12, self.short.as_ref(), write)
            .put_if(14, self.at_least.then_some(()), |out, ()| out.bool(true))
            .put_if(16, self.due, |out, at| out.i64(at.0))
            .put_if(18, self.elapsed, |out, ms| out.i64(ms))
            .put_if(20, self.measured, |out, at| out.i64(at.0))
            .put_if(22, listed(&self.missing), texts)
            .put_if(24, listed(&self.judgements), texts)
            .put_if(26, (!self.evidence.is_empty()).then(|| runs(&self.evidence)), |out, runs| {
                out.array(runs.len());
                runs.iter().for_each(|number| out.u64(*number));
            })
            .put_if(28, self.grade, |out, grade| out.u64(u64::from(grade)));
        out.raw(&map.bytes());
    }

    fn decode(bytes: &[u8]) -> Result<Finding, Error> {
        let mut found = Finding {
            rule: String::new(),
            subject: None,
            verdict: Verdict::NotApplicable,
            status: Status::Binding,
            value: None,
            required: None,
            short: None,
            at_least: false,
            due: None,
            elapsed: None,
            measured: None,
            missing: Vec::new(),
            judgements: Vec::new(),
            evidence: Vec::new(),
            grade: None,
        };
        let (mut rule, mut verdict, mut status) = (None, None, None);
        map::read(bytes, |key, from| {
            match key {
                0 => rule = Some(map::text(from)?),
                2 => found.subject = Some(Name::read(from)?),
                4 => verdict = Some(one_of(from, &VERDICTS)?),
                6 => status = Some(one_of(from, &STATUSES)?),
                8 => found.value = Some(read(from)?),
                10 => found.required = Some(read(from)?),
                12 => found.short = Some(read(from)?),
                14 => found.at_least = from.bool()?,
                16 => found.due = Some(map::at(from)?),
                18 => found.elapsed = Some(from.i64()?),
                20 => found.measured = Some(map::at(from)?),
                22 => found.missing = map::list(from, map::text)?,
                24 => found.judgements = map::list(from, map::text)?,
                26 => found.evidence = read_runs(from)?,
                28 => {
                    let at = from.position();
                    found.grade =
                        Some(u8::try_from(from.u64()?).map_err(|_| Error { at, expected: "a grade from 0 to 3" })?);
                }
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        found.rule = map::required(rule)?;
        found.verdict = map::required(verdict)?;
        found.status = map::required(status)?;
        Ok(found)
    }
}

fn one_of<T: Copy>(from: &mut Decoder<'_>, list: &[(T, &str)]) -> Result<T, Error> {
    let at = from.position();
    let index = usize::try_from(from.u64()?).ok();
    index.and_then(|i| list.get(i)).map(|(item, _)| *item).ok_or(Error { at, expected: "a number of its list" })
}

fn write(out: &mut Encoder, quantity: &Quantity) {
    out.array(2);
    out.text(&quantity.value);
    out.text(&quantity.unit);
}

fn read(from: &mut Decoder<'_>) -> Result<Quantity, Error> {
    map::array_of(from, 2)?;
    Ok(Quantity { value: map::text(from)?, unit: map::text(from)? })
}

fn quantity(amount: &Amount, zone: &Zone) -> Quantity {
    match (&amount.value, amount.is) {
        (Owned::Number(n), Type::Number(unit)) if unit != Unit::PLAIN => {
            Quantity { value: n.to_string(), unit: unit.to_string() }
        }
        (value, is) => Quantity { value: cell::show(value, is, zone), unit: String::new() },
    }
}

/// Ascending entries as runs: first, how many, first, how many. A year of prices of 200 assets is 73,000 entries, which by
/// themselves fill a third of the largest body; recorded day by day they are one run.
fn runs(entries: &[u64]) -> Vec<u64> {
    let mut runs: Vec<u64> = Vec::new();
    let mut next = None;
    for entry in entries {
        match runs.last_mut() {
            Some(length) if next == Some(*entry) => *length = length.saturating_add(1),
            _ => runs.extend([*entry, 1]),
        }
        next = entry.checked_add(1);
    }
    runs
}

/// More entries than a finding can rest on: a hundred times 200 assets and a year. It bounds what a short run may unfold to.
const MAX_EVIDENCE: u64 = 100 * 200 * 366;

fn read_runs(from: &mut Decoder<'_>) -> Result<Vec<u64>, Error> {
    let at = from.position();
    let expected = "runs of ascending entries, as short as they can be";
    let numbers = map::list(from, |from| from.u64())?;
    let mut entries: Vec<u64> = Vec::new();
    let mut total: u64 = 0;
    for run in numbers.chunks(2) {
        let [first, length] = *run else { return Err(Error { at, expected }) };
        total = total.saturating_add(length);
        let rising = entries.last().is_none_or(|last| *last < first);
        let bounded = rising && length > 0 && total <= MAX_EVIDENCE;
        let end = first.checked_add(length).filter(|_| bounded).ok_or(Error { at, expected })?;
        entries.extend(first..end);
    }
    if runs(&entries) != numbers {
        return Err(Error { at, expected });
    }
    Ok(entries)
}

/// The findings of one assessment as one item of deterministic CBOR.
pub fn encode(findings: &[Finding]) -> Vec<u8> {
    let mut out = Encoder::new();
    out.array(findings.len());
    findings.iter().for_each(|f| f.encode(&mut out));
    out.into_bytes()
}

/// Reads the findings of one assessment.
pub fn decode(bytes: &[u8]) -> Result<Vec<Finding>, Error> {
    let mut from = Decoder::new(bytes);
    let length = from.array()?;
    let findings = (0..length).map(|_| Finding::decode(from.raw()?)).collect::<Result<Vec<_>, _>>()?;
    from.finish()?;
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn findings_are_read_back_as_they_were() {
        let full = Finding {
            rule: "kr.vaupa.7-3".into(),
            subject: Some(Name::new("asset", "BTC")),
            verdict: Verdict::NotMet,
            status: Status::Unverified,
            value: Some(Quantity { value: "79/100".into(), unit: String::new() }),
            required: None,
            short: Some(Quantity { value: "1".into(), unit: "KRW".into() }),
            at_least: true,
            due: Some(Instant(-5)),
            elapsed: Some(0),
            measured: None,
            missing: vec!["held".into()],
            judgements: vec!["kr.vaupa.urgent_need".into()],
            evidence: vec![1, 2, 70_000],
            grade: Some(3),
        };
        let bare = Finding {
            subject: None,
            short: None,
            missing: vec![],
            evidence: vec![],
            grade: None,
            at_least: false,
            ..full.clone()
        };
        let list = vec![full, bare];
        assert_eq!(decode(&encode(&list)), Ok(list));
        assert!(decode(&[0x81, 0xa0]).is_err());
    }

    #[test]
    fn evidence_is_written_as_runs_and_only_the_shortest_are_read() {
        for (entries, written) in
            [(vec![7], vec![7, 1]), (vec![1, 2, 3, 9], vec![1, 3, 9, 1]), (vec![u64::MAX - 1], vec![u64::MAX - 1, 1])]
        {
            assert_eq!(runs(&entries), written);
        }
        for (numbers, good) in [
            (&[1, 3, 9, 1][..], true),
            (&[1, 1, 2, 1], false),
            (&[9, 1, 1, 1], false),
            (&[1, 0], false),
            (&[1], false),
            (&[0, u64::MAX], false),
            (&[u64::MAX, 2], false),
        ] {
            let mut out = Encoder::new();
            out.array(numbers.len());
            numbers.iter().for_each(|n| out.u64(*n));
            assert_eq!(read_runs(&mut Decoder::new(&out.into_bytes())).is_ok(), good, "{numbers:?}");
        }
    }
}
