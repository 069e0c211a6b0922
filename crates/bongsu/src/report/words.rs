//! The fixed words of a report in both languages: verdicts, statuses, grades, reasons.
//!
//! It promises one wording for every form of a report. It must never know an exchange or a rule by name.

use crate::assessment::{Assessment, JudgementCard, RuleCard};
use crate::lang::Lang;
use kernel::finding::Finding;
use kernel::known::KnownAt;
use kernel::upcoming::Why;
use rulebook::book::Status;
use rulebook::finding::Verdict;
use rulebook::time::{Instant, Zone};
use rulebook::vocabulary::Vocabulary;
use std::sync::LazyLock;

/// What a verdict is called. A duty that does not bind is missed, not breached; Korean has a word for each.
pub fn verdict(verdict: Verdict, status: Status, lang: Lang) -> &'static str {
    match (lang, verdict) {
        (Lang::En, verdict) => verdict.name(),
        (Lang::Ko, Verdict::NotMet) if status != Status::Binding => "미달",
        (Lang::Ko, Verdict::NotMet) => "미준수",
        (Lang::Ko, Verdict::CannotBeAssessed) => "판단 불가(자료 없음)",
        (Lang::Ko, Verdict::NeedsJudgement) => "판단 필요",
        (Lang::Ko, Verdict::NotYetDue) => "기한 전",
        (Lang::Ko, Verdict::Met) => "준수",
        (Lang::Ko, Verdict::NotInForce) => "미시행",
        (Lang::Ko, Verdict::NotApplicable) => "해당 없음",
    }
}

/// One letter for a cell, so that colour is never alone.
pub fn letter(verdict: Verdict, lang: Lang) -> &'static str {
    match verdict {
        Verdict::NotMet => lang.pick("N", "미"),
        Verdict::CannotBeAssessed => "?",
        Verdict::NeedsJudgement => lang.pick("J", "판"),
        Verdict::NotYetDue => lang.pick("D", "기"),
        Verdict::Met => lang.pick("M", "준"),
        Verdict::NotInForce | Verdict::NotApplicable => "·",
    }
}

/// How binding a rule is.
pub fn status(status: Status, lang: Lang) -> &'static str {
    if lang == Lang::En {
        return status.name();
    }
    match status {
        Status::Binding => "의무",
        Status::BestEffort => "노력 의무",
        Status::Recommended => "권고",
        Status::Proposed => "제안(법 아님)",
        Status::Reference => "참고",
        Status::Unverified => "미확인",
    }
}

/// How well the weakest evidence is supported.
pub fn grade(grade: u8, lang: Lang) -> &'static str {
    match grade {
        0 => lang.pick("declared", "자체 진술"),
        1 => lang.pick("system-signed", "시스템 서명"),
        2 => lang.pick("third-party-confirmed", "제3자 확인"),
        _ => lang.pick("on-chain", "온체인"),
    }
}

/// Why something changes by time alone.
pub fn why(why: Why, lang: Lang) -> &'static str {
    match why {
        Why::Due => lang.pick("due", "기한"),
        Why::Measured => lang.pick("measured again", "다시 측정"),
        Why::Begins => lang.pick("comes into force", "시행"),
        Why::Ends => lang.pick("last day in force", "효력 종료"),
    }
}

/// When something changes: what begins does so on a day, not at a time of it.
pub fn when(why: Why, at: Instant, zone: &Zone) -> String {
    if why == Why::Begins { zone.date(at).to_string() } else { zone.show(at) }
}

/// A rule's title.
pub fn title(rule: &RuleCard, lang: Lang) -> &str {
    lang.pick(&rule.title_en, &rule.title_ko)
}

/// An instrument's title; its page is headed `English · 한국어`.
pub fn instrument(rule: &RuleCard, lang: Lang) -> &str {
    let title = rule.instrument_title.as_str();
    title.split_once(" · ").map_or(title, |(en, ko)| lang.pick(en, ko))
}

/// The word list, read once: the names of authorities are wanted for every rule.
static LIST: LazyLock<Vocabulary> = LazyLock::new(kernel::words::vocabulary);

/// An authority by the name it is known under; what is not in the list keeps its code.
pub fn authority(id: &str, lang: Lang) -> &str {
    LIST.find_authority(id).map_or(id, |found| lang.pick(&found.name, &found.name_ko))
}

/// Several, in the order given.
pub fn authorities(ids: &[String], lang: Lang) -> String {
    ids.iter().map(|id| authority(id, lang)).collect::<Vec<_>>().join(", ")
}

/// By which article a rule's findings are shared with whoever reads; nothing where it supervises the rule itself.
pub fn shared(rule: &RuleCard, lang: Lang) -> Option<String> {
    shared_under(&rule.shared, lang)
}

/// The same, of articles.
pub fn shared_under(cites: &[String], lang: Lang) -> Option<String> {
    (!cites.is_empty()).then(|| format!("{} {}", lang.pick("shared under", "공유 근거"), cites.join("; ")))
}

/// A missing fact in plain language: what the word means, and the word itself.
pub fn missing(what: &str, words: &Vocabulary, lang: Lang) -> String {
    let (name, rest) = what.split_once(' ').unwrap_or((what, ""));
    let Some(word) = words.find(name).map(|id| words.word(id)) else { return what.to_string() };
    let meaning = lang.pick(&word.meaning, &word.meaning_ko);
    let rest = if rest.is_empty() { String::new() } else { format!(", {rest}") };
    format!("{meaning} ({name}{rest})")
}

/// Only what the word of a missing fact means; empty for what is no word.
pub fn missing_meaning<'w>(what: &str, words: &'w Vocabulary, lang: Lang) -> &'w str {
    let name = what.split(' ').next().unwrap_or(what);
    words.find(name).map_or("", |id| lang.pick(&words.word(id).meaning, &words.word(id).meaning_ko))
}

/// All missing facts of a finding.
pub fn all_missing(finding: &Finding, words: &Vocabulary, lang: Lang) -> Vec<String> {
    finding.missing.iter().map(|what| missing(what, words, lang)).collect()
}

/// An open judgement: its question, or its name where no card has it.
pub fn judgement<'c>(name: &'c str, cards: &'c [JudgementCard], lang: Lang) -> &'c str {
    cards.iter().find(|c| c.id == name).map_or(name, |c| lang.pick(&c.asks_en, &c.asks_ko))
}

/// Entry numbers with runs drawn together: `3, 7–9`.
pub fn entries(list: &[u64]) -> String {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for &entry in list {
        match runs.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(entry) => *last = entry,
            _ => runs.push((entry, entry)),
        }
    }
    let shown = runs.iter().map(|(a, b)| if a == b { a.to_string() } else { format!("{a}–{b}") });
    shown.collect::<Vec<_>>().join(", ")
}

/// How many of how many, in whole per cent rounded down, so that 100 % means all.
pub fn share(part: usize, of: usize) -> String {
    match part.checked_mul(100).and_then(|p| p.checked_div(of)) {
        Some(percent) => format!("{percent} %"),
        None => "–".to_string(),
    }
}

/// What a report says of itself, line by line.
pub fn about(assessment: &Assessment, lang: Lang, print: impl Fn(Instant) -> String) -> Vec<(&'static str, String)> {
    let last = assessment.size.saturating_sub(1);
    let entry = |n: u64| match lang {
        Lang::En => format!("up to entry {n}"),
        Lang::Ko => format!("항목 {n}까지"),
    };
    let known = match assessment.question.known {
        // How far the journal has grown is nobody's business who sees a part of it.
        KnownAt::Now if assessment.seen_by.is_some() => lang.pick("all that is on record", "기록된 전부").to_string(),
        KnownAt::Now => entry(last),
        KnownAt::Entry(n) => entry(n),
        KnownAt::Time(at) => print(at),
    };
    let laws = assessment.question.laws.join(", ");
    let notes = [
        lang.pick(
            "Public figures are what exchanges, authorities and the press have published. They are not evidence, and what they leave out is not guessed.",
            "공개 수치는 거래소·당국·언론이 공표한 것으로 증거가 아니다. 빠진 것은 추정하지 않는다.",
        ),
        lang.pick(
            "Only a binding duty that is not met counts as a breach. Best-effort, recommended, proposed, reference and unverified rules are shown beside, and never counted.",
            "구속력 있는 의무의 미준수만 위반으로 센다. 노력 의무·권고·제안·참고·미확인 규칙은 함께 보이되 세지 않는다.",
        ),
        lang.pick(
            "Coverage: duties that the facts answer, of those that apply. Pass rate: duties met, of those met or not met.",
            "커버리지: 해당하는 의무 중 자료로 답할 수 있는 비율. 준수율: 준수와 미준수 중 준수의 비율.",
        ),
        lang.pick(
            "Values marked ≈ are cut, never rounded up; the JSON form has them exactly.",
            "≈ 표시 값은 올림 없이 끝자리를 버린 것이다. 정확한 값은 JSON에 있다.",
        ),
        lang.pick(
            "Numbers of evidence are entries of the journal: `bongsu explain` shows one, `bongsu verify` proves that it is there.",
            "증거 번호는 원장의 항목 번호다. `bongsu explain`으로 내용을, `bongsu verify`로 포함 사실을 확인한다.",
        ),
    ];
    let mut rows = vec![
        (lang.pick("As of", "기준 시점"), print(assessment.question.as_of)),
        (lang.pick("Known", "알려진 범위"), known),
        (lang.pick("Laws", "적용 법령"), if laws.is_empty() { lang.pick("all", "전체").to_string() } else { laws }),
        (lang.pick("Rulebook", "규칙집"), assessment.rulebook.clone()),
        match &assessment.seen_by {
            Some(seen) => (lang.pick("Seen by", "열람 기관"), authority(&seen.authority, lang).to_string()),
            None => (lang.pick("Journal", "원장"), format!("{} {}", assessment.size, lang.pick("entries", "개 항목"))),
        },
        (lang.pick("Program", "프로그램"), format!("Bongsu {}", env!("CARGO_PKG_VERSION"))),
    ];
    rows.extend(notes.map(|note| (lang.pick("Note", "참고"), note.to_string())));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_facts_are_said_in_words() {
        let words = kernel::words::vocabulary();
        assert_eq!(missing("held", &words, Lang::Ko), "실제 보유 수량 (held)");
        assert_eq!(
            missing("krw_price 2025-11-27", &words, Lang::En),
            "daily average price in won (krw_price, 2025-11-27)"
        );
        assert_eq!(missing("a rate that is not zero", &words, Lang::En), "a rate that is not zero");
    }

    #[test]
    fn runs_of_entries_are_drawn_together() {
        assert_eq!(entries(&[3, 7, 8, 9, 12]), "3, 7–9, 12");
        assert_eq!(entries(&[]), "");
    }

    #[test]
    fn only_all_is_a_hundred_per_cent() {
        assert_eq!(share(199, 200), "99 %");
        assert_eq!(share(0, 0), "–");
    }
}
