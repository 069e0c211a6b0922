//! Filings: their types, their versions, and which step may follow which.
//!
//! It promises that a filing needs the signatories its type asks for, each another person, that who signed or drew it up
//! does not decide on it, and that what was submitted never changes. The types are a page (`filings.md`), not Rust.

use crate::door::refusal;
use crate::fact::{FilingMoved, FilingStep, Name};
use crate::known::Stamp;
use crate::refusal::{Code, Refusal};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use rulebook::number::Number;

const PAGE: &str = include_str!("filings.md");

/// A kind of filing: a row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilingType {
    /// Its id.
    pub id: String,
    /// Roles that must sign.
    pub signatories: Vec<String>,
    /// Rules by id, each with all below it; `order` for the rule of an order.
    pub rules: Vec<String>,
    /// `year`, `month` or `moment`.
    pub period: String,
    /// A figure that moves by more must be explained, in percent.
    pub jump: Number,
    /// What travels beside the facts: `remarks`, `orders`.
    pub with: Vec<String>,
    /// Title in English and in Korean.
    pub title: (String, String),
    /// Why these must sign.
    pub basis: String,
}

impl FilingType {
    /// Whether a rule is among those of the type.
    pub fn covers(&self, rule: &str) -> bool {
        self.rules.iter().any(|prefix| is_below(rule, prefix))
    }
}

/// Whether a rule is the one named, or stands below it.
pub fn is_below(rule: &str, prefix: &str) -> bool {
    rule.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Every kind of filing, in the order of the page.
pub fn types() -> Vec<FilingType> {
    rows("## Types").filter_map(|cells| FilingType::read(&cells)).collect()
}

/// Finds a kind of filing.
pub fn filing_type(id: &str) -> Option<FilingType> {
    types().into_iter().find(|kind| kind.id == id)
}

impl FilingType {
    fn read(cells: &[&str]) -> Option<FilingType> {
        let [id, signatories, rules, period, jump, with, en, ko, basis] = *cells else { return None };
        let list = |text: &str| text.split(',').map(str::trim).filter(|t| !t.is_empty()).map(String::from).collect();
        let jump = jump.strip_suffix('%')?.parse::<i128>().ok()?;
        Some(FilingType {
            id: id.into(),
            signatories: list(signatories),
            rules: list(rules),
            period: period.into(),
            jump: Number::fraction(jump, 100)?,
            with: list(with),
            title: (en.into(), ko.into()),
            basis: basis.into(),
        })
    }
}

/// What a filing keeps back unless it is asked to reveal it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptBack {
    /// `subject`, `word` or `topic`.
    pub what: String,
    /// Which.
    pub name: String,
    /// Why.
    pub why: String,
}

impl KeptBack {
    /// Whether a name is of this kind of subject.
    pub fn is_subject(&self, name: &Name) -> bool {
        self.what == "subject" && self.name == name.kind
    }
}

/// Everything that is kept back.
pub fn kept_back() -> Vec<KeptBack> {
    let row = |cells: Vec<&str>| match *cells {
        [what, name, why] => Some(KeptBack { what: what.into(), name: name.into(), why: why.into() }),
        _ => None,
    };
    rows("## Kept back").filter_map(row).collect()
}

/// The cells of the table under a heading, without its head.
fn rows(heading: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    let section = PAGE.split("\n## ").find(|part| format!("## {part}").starts_with(heading)).unwrap_or("");
    let lines = section.lines().filter(|line| line.starts_with('|')).skip(2);
    lines.map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
}

/// One version of a filing.
#[derive(Clone, Debug)]
pub struct Version {
    /// Its number, from 1.
    pub number: u64,
    /// Every step it took, in order.
    pub moves: Vec<(Stamp, FilingMoved)>,
}

impl Version {
    /// Where it stands.
    pub fn step(&self) -> Option<FilingStep> {
        self.moves.last().map(|(_, last)| last.step)
    }

    /// The step it took last of a kind.
    pub fn took(&self, step: FilingStep) -> Option<&FilingMoved> {
        self.moves.iter().rev().map(|(_, fact)| fact).find(|fact| fact.step == step)
    }

    /// Whoever drew it up, submitted or signed it; not who received it.
    pub fn answers(&self, who: &str) -> bool {
        let sent = |fact: &FilingMoved| matches!(fact.step, FilingStep::Draft | FilingStep::Submitted);
        let own = |fact: &FilingMoved| sent(fact) && fact.receipt.is_none() && fact.by == who;
        self.moves.iter().any(|(_, fact)| own(fact) || fact.signatories.iter().any(|s| s.who == who))
    }
}

/// One filing with every version.
#[derive(Clone, Debug)]
pub struct Filing {
    /// What kind.
    pub kind: String,
    /// The versions, oldest first.
    pub versions: Vec<Version>,
}

/// Every filing by exchange and id.
pub type Filings = BTreeMap<(String, String), Filing>;

/// Whether a step may follow what is on record.
pub fn may_follow(filings: &Filings, fact: &FilingMoved) -> Result<(), Refusal> {
    let filing = filings.get(&(fact.exchange.clone(), fact.id.clone()));
    let last = filing.and_then(|filing| filing.versions.last());
    if let Some(filing) = filing
        && filing.kind != fact.kind
    {
        let hint = "a filing keeps its type; give another id";
        return Err(refusal(Code::WrongStep, "kind", &filing.kind, &fact.kind, hint));
    }
    let stands = last.and_then(|version| Some((version, version.step()?)));
    match fact.step {
        FilingStep::Draft => new_version(stands, fact)?,
        // A supervisor receives what was never a draft in its own journal.
        FilingStep::Submitted if fact.receipt.is_some() => {
            new_version(stands, fact)?;
            signed(fact)?;
        }
        step => {
            let Some((version, at)) = stands.filter(|(version, _)| version.number == fact.version) else {
                let hint = "name the latest version; earlier ones are on record and do not move";
                let expected = last.map_or("a version that was drawn up".into(), |v| format!("version {}", v.number));
                return Err(refusal(Code::WrongStep, "version", &expected, &fact.version.to_string(), hint));
            };
            follows(at, step)?;
            if step == FilingStep::Submitted {
                same_package(version, fact)?;
                signed(fact)?;
            } else if version.answers(&fact.by) {
                let hint = "who drew up, signed or submitted a filing does not decide on it";
                return Err(refusal(Code::SamePerson, "by", "another person", &fact.by, hint));
            }
        }
    }
    if fact.step == FilingStep::Returned && fact.reason.trim().is_empty() {
        return Err(refusal(Code::Empty, "reason", "reasons", "nothing", "say what is to be corrected"));
    }
    Ok(())
}

fn new_version(stands: Option<(&Version, FilingStep)>, fact: &FilingMoved) -> Result<(), Refusal> {
    let next = match stands {
        None if fact.receipt.is_some() => fact.version,
        None => 1,
        Some((version, FilingStep::Draft | FilingStep::Returned)) => version.number.saturating_add(1),
        Some((version, step)) => {
            let found = format!("version {}, {}", version.number, step.name());
            let hint = "what was submitted does not change; a supervisor may return it, or give another id";
            return Err(refusal(Code::WrongStep, "step", "a version that was returned", &found, hint));
        }
    };
    // A supervisor sees only what was sent to it: drafts between are not its own.
    let later = fact.receipt.is_some() && fact.version >= next;
    if fact.version != next && !later {
        let hint = "versions count up one by one";
        return Err(refusal(Code::WrongStep, "version", &next.to_string(), &fact.version.to_string(), hint));
    }
    if fact.package.is_none() {
        return Err(refusal(Code::Empty, "package", "the hash of the package", "none", "prepare the package first"));
    }
    Ok(())
}

fn follows(at: FilingStep, step: FilingStep) -> Result<(), Refusal> {
    let next: &[FilingStep] = match at {
        FilingStep::Draft => &[FilingStep::Submitted],
        FilingStep::Submitted => &[FilingStep::UnderReview],
        FilingStep::UnderReview => &[FilingStep::Returned, FilingStep::Accepted],
        FilingStep::Accepted => &[FilingStep::Closed],
        FilingStep::Returned | FilingStep::Closed => &[],
    };
    if next.contains(&step) {
        return Ok(());
    }
    let names: Vec<&str> = next.iter().map(|step| step.name()).collect();
    let after = |what: &str| format!("{what}, after {}", at.name());
    let expected = if names.is_empty() { after("nothing of this version") } else { after(&names.join(" or ")) };
    let hint = "docs/filings.md draws which step follows which";
    Err(refusal(Code::WrongStep, "step", &expected, step.name(), hint))
}

fn same_package(version: &Version, fact: &FilingMoved) -> Result<(), Refusal> {
    let drawn = version.took(FilingStep::Draft);
    if drawn.is_some_and(|draft| draft.package == fact.package && draft.period == fact.period) {
        return Ok(());
    }
    let hint = "what is submitted is the draft itself; prepare a new version for anything else";
    Err(refusal(Code::WrongStep, "package", "package and period of the draft", "another", hint))
}

/// The signatories its type asks for, each another person.
fn signed(fact: &FilingMoved) -> Result<(), Refusal> {
    let Some(kind) = filing_type(&fact.kind) else { return Err(unknown_type(&fact.kind)) };
    for (at, signatory) in fact.signatories.iter().enumerate() {
        if fact.signatories.iter().take(at).any(|other| other.who == signatory.who) {
            let hint = "one person signs once, whatever the roles; another person is needed";
            return Err(refusal(Code::SamePerson, "signatories", "each another person", &signatory.who, hint));
        }
    }
    for role in &kind.signatories {
        if !fact.signatories.iter().any(|signatory| signatory.role == *role) {
            let found: Vec<&str> = fact.signatories.iter().map(|s| s.role.as_str()).collect();
            let found = if found.is_empty() { "nobody".into() } else { found.join(", ") };
            let hint = "`bongsu filing types` says who signs what and why; add --sign ROLE=WHO";
            return Err(refusal(Code::Unsigned, "signatories", &format!("a signature of the {role}"), &found, hint));
        }
    }
    Ok(())
}

pub(crate) fn unknown_type(found: &str) -> Refusal {
    refusal(Code::UnknownType, "kind", "a type of the table", found, "`bongsu filing types` prints the table")
}

/// Takes a step onto record; `false` for one that may not follow.
pub(crate) fn fold(filings: &mut Filings, fact: &FilingMoved, since: Stamp) -> bool {
    if may_follow(filings, fact).is_err() {
        return false;
    }
    let key = (fact.exchange.clone(), fact.id.clone());
    let filing = filings.entry(key).or_insert_with(|| Filing { kind: fact.kind.clone(), versions: Vec::new() });
    match filing.versions.last_mut() {
        Some(version) if version.number == fact.version => version.moves.push((since, fact.clone())),
        _ => filing.versions.push(Version { number: fact.version, moves: Vec::from([(since, fact.clone())]) }),
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;

    #[test]
    fn every_row_of_the_page_is_read() {
        let rows = PAGE.lines().filter(|line| line.starts_with("| ")).count();
        // Two of them are heads.
        assert_eq!(types().len() + kept_back().len() + 2, rows);
        let ids: BTreeSet<String> = types().into_iter().map(|kind| kind.id).collect();
        assert!(ids.contains("security-yearly") && ids.contains("order-answer"), "{ids:?}");
        for kind in types() {
            assert!(!kind.signatories.is_empty() && !kind.rules.is_empty(), "{kind:?}");
            assert!(["year", "month", "moment"].contains(&kind.period.as_str()), "{kind:?}");
            assert!(kind.with.iter().all(|with| with == "remarks" || with == "orders"), "{kind:?}");
        }
        let list = crate::words::vocabulary();
        for kept in kept_back() {
            let known = match kept.what.as_str() {
                "subject" => list.kind(&kept.name).is_some(),
                "word" => list.find(&kept.name).is_some(),
                what => what == "topic",
            };
            assert!(known, "{kept:?}");
        }
    }

    #[test]
    fn a_rule_takes_those_below_it_and_no_others() {
        for (rule, prefix, below) in [
            ("kr.na.45-3-1", "kr.na.45-3-1", true),
            ("kr.na.45-3-1.rank", "kr.na.45-3-1", true),
            ("kr.na.45-3-11", "kr.na.45-3-1", false),
            ("kr.na.45-3", "kr.na.45-3-1", false),
        ] {
            assert_eq!(is_below(rule, prefix), below, "{rule} {prefix}");
        }
    }
}
