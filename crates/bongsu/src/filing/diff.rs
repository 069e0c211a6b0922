//! Two versions of a filing: which facts, findings and amounts changed.

use super::check::amount;
use super::verify::Verified;
use kernel::finding::Finding;
use std::collections::BTreeMap;

/// What changed from one package to another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff {
    /// Facts that are new: entry and what kind of fact.
    pub added: Vec<(u64, String)>,
    /// Facts that are no longer filed.
    pub removed: Vec<(u64, String)>,
    /// Findings that changed: before and after.
    pub findings: Vec<(Option<Finding>, Option<Finding>)>,
    /// Explanations that are new or other: rule and text.
    pub explained: Vec<(String, String)>,
}

/// Compares two packages that were checked.
pub fn diff(old: &Verified<'_>, new: &Verified<'_>) -> Diff {
    let facts = |verified: &Verified<'_>| -> BTreeMap<u64, String> {
        verified.facts.iter().map(|(stamp, fact)| (stamp.index, super::examine::one_line(fact))).collect()
    };
    let (before, after) = (facts(old), facts(new));
    let only = |these: &BTreeMap<u64, String>, those: &BTreeMap<u64, String>| {
        these.iter().filter(|(index, _)| !those.contains_key(*index)).map(|(i, text)| (*i, text.clone())).collect()
    };
    let same = |a: &Finding, b: &Finding| a.rule == b.rule && a.subject == b.subject;
    let mut findings = Vec::new();
    for was in &old.filed {
        let is = new.filed.iter().find(|is| same(was, is));
        if is.is_none_or(|is| says(is) != says(was)) {
            findings.push((Some(was.clone()), is.cloned()));
        }
    }
    let fresh = new.filed.iter().filter(|is| !old.filed.iter().any(|was| same(was, is)));
    findings.extend(fresh.map(|is| (None, Some(is.clone()))));
    let told = |pair: &&(String, String)| !old.package.explained.contains(pair);
    Diff {
        added: only(&after, &before),
        removed: only(&before, &after),
        findings,
        explained: new.package.explained.iter().filter(told).cloned().collect(),
    }
}

/// What a finding says, without the entries it rests on.
fn says(finding: &Finding) -> Finding {
    Finding { evidence: Vec::new(), grade: None, ..finding.clone() }
}

/// A finding's verdict and amounts in one line.
pub fn line(finding: &Option<Finding>) -> String {
    let Some(finding) = finding else { return "–".into() };
    let mut out = finding.verdict.name().to_string();
    if let Some(value) = &finding.value {
        out.push_str(&format!(", {}", amount(value)));
    }
    if let Some(short) = &finding.short {
        out.push_str(&format!(", short {}", amount(short)));
    }
    if !finding.missing.is_empty() {
        out.push_str(&format!(", missing {}", finding.missing.join(", ")));
    }
    out
}
