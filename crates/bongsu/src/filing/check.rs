//! The supervisor's own check, run at the exchange before anything is sent: the whole list at once, in two severities.
//!
//! It promises that what it lets pass is not sent back for something a program can see. *Must fix* stops a submission;
//! *must explain* lets it go with a text for each rule.

use super::verify::Verified;
use crate::lang::Lang;
use crate::vault::Wrong;
use kernel::fact::{EvidenceKept, Name};
use kernel::finding::{Finding, Quantity};
use kernel::reads;
use rulebook::book::Status;
use rulebook::finding::Verdict;
use rulebook::number::Number;
use std::collections::BTreeSet;

/// How much a problem weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It may not leave.
    MustFix,
    /// It may leave with an explanation.
    MustExplain,
}

/// Something a supervisor would ask about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How much it weighs.
    pub severity: Severity,
    /// What it is, such as `not-met`.
    pub code: &'static str,
    /// The rule; empty where it is about the package.
    pub rule: String,
    /// The subject of the finding.
    pub subject: Option<Name>,
    /// What was found.
    pub what: String,
    /// What to do.
    pub hint: String,
    /// The explanation given for its rule.
    pub explained: Option<String>,
}

impl Problem {
    /// Whether it keeps a filing from being submitted.
    pub fn stops(&self) -> bool {
        self.severity == Severity::MustFix || self.explained.is_none()
    }
}

/// Everything a supervisor would ask about, the weightier first.
pub fn check(
    verified: &Verified<'_>,
    before: Option<&[Finding]>,
    vault: &[(EvidenceKept, Wrong)],
    lang: Lang,
) -> Vec<Problem> {
    let mut found = Found { problems: Vec::new(), verified };
    found.proofs(lang);
    found.evidence(vault, lang);
    found.findings(lang);
    if let Some(before) = before {
        found.jumps(before, lang);
    }
    let explained = |rule: &str| {
        let texts = &verified.package.explained;
        texts.iter().find(|(of, _)| !rule.is_empty() && of == rule).map(|(_, text)| text.clone())
    };
    let mut problems = found.problems;
    for problem in &mut problems {
        problem.explained = explained(&problem.rule);
    }
    problems.sort_by_key(|problem| problem.severity);
    problems
}

struct Found<'v, 'a> {
    problems: Vec<Problem>,
    verified: &'v Verified<'a>,
}

impl Found<'_, '_> {
    fn add(&mut self, severity: Severity, code: &'static str, about: Option<&Finding>, what: String, hint: &str) {
        self.problems.push(Problem {
            severity,
            code,
            rule: about.map(|f| f.rule.clone()).unwrap_or_default(),
            subject: about.and_then(|f| f.subject.clone()),
            what,
            hint: hint.into(),
            explained: None,
        });
    }

    fn proofs(&mut self, lang: Lang) {
        let hint = lang
            .pick("prepare the package again with the program that checks it", "점검하는 프로그램으로 다시 작성할 것");
        for (filed, follows) in &self.verified.differences {
            let about = filed.as_ref().or(follows.as_ref());
            let what = lang.pick("what was filed does not follow from the facts", "신고 내용이 사실에서 도출되지 않음");
            self.add(Severity::MustFix, "does-not-follow", about, what.into(), hint);
        }
    }

    fn evidence(&mut self, vault: &[(EvidenceKept, Wrong)], lang: Lang) {
        let (verified, header) = (self.verified, &self.verified.package.header);
        let hint = lang.pick("`bongsu evidence check` shows the vault", "`bongsu evidence check`로 보관소를 점검할 것");
        let in_package: BTreeSet<_> = verified.evidence().map(|kept| kept.hash).collect();
        for (kept, wrong) in
            vault.iter().filter(|(kept, wrong)| in_package.contains(&kept.hash) && *wrong != Wrong::Expired)
        {
            let what = format!("{}: {}", kept.name, wrong.say(lang));
            self.add(Severity::MustFix, "evidence-differs", None, what, hint);
        }
        let mut told = BTreeSet::new();
        for finding in verified.follows.iter().filter(|finding| is_asked(finding)) {
            let expired = verified.state.vault().expired_for(&header.exchange, &finding.rule, header.period.until);
            if expired && told.insert(finding.rule.clone()) {
                let what = lang.pick("all its evidence has expired", "증빙이 모두 만료됨");
                self.add(Severity::MustFix, "expired-evidence", Some(finding), what.into(), hint);
            }
        }
    }

    fn findings(&mut self, lang: Lang) {
        let unknown: BTreeSet<&str> = self.verified.facts.iter().filter_map(|(_, fact)| said_unknown(fact)).collect();
        for finding in self.verified.follows.iter().filter(|finding| is_asked(finding)) {
            let missing = finding.missing.join(", ");
            match finding.verdict {
                Verdict::NotMet => {
                    let what = match &finding.short {
                        Some(short) => format!("{} {}", lang.pick("not met, short", "미충족, 부족"), amount(short)),
                        None => lang.pick("not met", "미충족").into(),
                    };
                    let hint = lang.pick("say why, and until when it will be met", "사유와 이행 시기를 설명할 것");
                    self.add(Severity::MustExplain, "not-met", Some(finding), what, hint);
                }
                Verdict::NeedsJudgement => {
                    let what =
                        format!("{}: {}", lang.pick("judgement open", "판단 필요"), finding.judgements.join(", "));
                    let hint = lang
                        .pick("record the judgement, or say why it is open", "판단을 기록하거나 미결 사유를 설명할 것");
                    self.add(Severity::MustExplain, "judgement-open", Some(finding), what, hint);
                }
                Verdict::CannotBeAssessed => {
                    let what = format!("{}: {missing}", lang.pick("unknown", "확인 불가"));
                    // Saying that something is unknown is an answer; saying nothing is not.
                    let said = finding.missing.iter().any(|what| unknown.contains(word_of(what)));
                    let severity = match finding.status {
                        Status::Binding if !said => Severity::MustFix,
                        _ => Severity::MustExplain,
                    };
                    let hint = lang.pick(
                        "record the facts; `bongsu template` prints sheets, `missing` says that nobody knows",
                        "사실을 기록할 것. 알 수 없으면 `missing`으로 기록",
                    );
                    self.add(severity, "unknown-fact", Some(finding), what, hint);
                }
                _ => {}
            }
        }
    }

    fn jumps(&mut self, before: &[Finding], lang: Lang) {
        let Some(most) = self.verified.kind.as_ref().map(|kind| kind.jump.clone()) else { return };
        for finding in self.verified.follows.iter().filter(|finding| is_asked(finding)) {
            let same = |old: &&Finding| old.rule == finding.rule && old.subject == finding.subject;
            let Some(old) = before.iter().find(same) else { continue };
            let (Some(new), Some(old)) = (&finding.value, &old.value) else { continue };
            if jumped(old, new, &most) == Some(true) {
                let what = format!("{} → {}", amount(old), amount(new));
                let hint = lang.pick("say what changed since the version before", "이전 판과 달라진 사유를 설명할 것");
                self.add(Severity::MustExplain, "jump", Some(finding), what, hint);
            }
        }
    }
}

/// The word of what is missing; a window names the day beside it.
fn word_of(missing: &str) -> &str {
    missing.split(' ').next().unwrap_or(missing)
}

/// The word of which a fact says that it is unknown.
fn said_unknown(fact: &kernel::fact::Observation) -> Option<&str> {
    match fact {
        kernel::fact::Observation::Figure(figure) if reads::is_missing(fact) => Some(&figure.word),
        _ => None,
    }
}

/// What a supervisor asks about: duties, and what it recommends; not what is proposed or there for comparison.
fn is_asked(finding: &Finding) -> bool {
    matches!(finding.status, Status::Binding | Status::BestEffort | Status::Recommended)
}

/// An amount in one line.
pub fn amount(quantity: &Quantity) -> String {
    format!("{} {}", quantity.value, quantity.unit).trim_end().to_string()
}

/// Whether a figure moved by more than a share of what it was; none where the two do not compare.
pub fn jumped(old: &Quantity, new: &Quantity, most: &Number) -> Option<bool> {
    let (was, is) = (number(&old.value)?, number(&new.value)?);
    if old.unit != new.unit {
        return None;
    }
    let moved = is.subtract(&was)?;
    let moved = if moved.is_negative() { moved.negate()? } else { moved };
    Some(moved > was.multiply(most)?)
}

/// An exact decimal or fraction, as findings write numbers.
pub fn number(text: &str) -> Option<Number> {
    match text.split_once('/') {
        Some((above, below)) => Number::decimal(above)?.divide(&Number::decimal(below)?),
        None => Number::decimal(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_jumps_when_it_moves_by_more_than_the_share() {
        let quantity = |value: &str, unit: &str| Quantity { value: value.into(), unit: unit.into() };
        let most = Number::fraction(1, 5).unwrap();
        for (old, new, expected) in [
            (("100", "KRW"), ("120", "KRW"), Some(false)),
            (("100", "KRW"), ("121", "KRW"), Some(true)),
            (("100", "KRW"), ("80", "KRW"), Some(false)),
            (("100", "KRW"), ("79", "KRW"), Some(true)),
            (("0", "KRW"), ("1", "KRW"), Some(true)),
            (("0", "KRW"), ("0", "KRW"), Some(false)),
            (("1/3", ""), ("2/5", ""), Some(false)),
            (("1/3", ""), ("0.41", ""), Some(true)),
            (("100", "KRW"), ("100", "USD"), None),
            (("2026-01-01", ""), ("2026-06-01", ""), None),
        ] {
            assert_eq!(jumped(&quantity(old.0, old.1), &quantity(new.0, new.1), &most), expected, "{old:?} {new:?}");
        }
    }
}
