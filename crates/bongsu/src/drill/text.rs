//! A drill's answer for a terminal, in English and Korean: the loss as it happened against the loss as it would be, then why.

use super::case::{Case, Means};
use super::outcome::{Outcome, per_hundred_thousand};
use super::tally::{Answered, Sum};
use crate::lang::Lang;
use crate::report::{amount, moment};
use kernel::finding::Quantity;
use rulebook::time::{Instant, Zone};
use std::collections::BTreeMap;
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// Columns of a line of text; longer lists go on below.
const WIDTH: usize = 110;

/// The zone that moments are printed in: the cases' own people think in it, and so do the readers.
pub fn zone() -> Zone {
    Zone::get("Asia/Seoul").unwrap_or_else(Zone::utc)
}

/// An amount in won.
pub fn won(won: i128, lang: Lang) -> String {
    amount::show(&Quantity { value: won.to_string(), unit: "KRW".into() }, false, lang)
}

/// A moment to the second.
pub fn at(at: Instant) -> String {
    moment::iso(at, &zone()).get(..19).unwrap_or_default().replace('T', " ")
}

/// A length: with tenths of a second where it is short.
pub fn span(ms: i64, lang: Lang) -> String {
    if ms >= 60_000 {
        return moment::span(ms, lang);
    }
    let (whole, tenth) = (ms / 1_000, ms % 1_000 / 100);
    let number = if tenth == 0 { whole.to_string() } else { format!("{whole}.{tenth}") };
    format!("{number}{}", lang.pick(" s", "초"))
}

/// A part of a whole in per cent with two places, cut.
pub fn percent(part: i128, whole: i128) -> String {
    let basis = part.checked_mul(10_000).and_then(|n| n.checked_div(whole)).unwrap_or(0);
    format!("{}.{:02} %", basis / 100, basis % 100)
}

/// So many of so many, for each hundred thousand.
pub fn rate(part: u64, of: u64) -> String {
    per_hundred_thousand(part, of).map_or_else(|| "-".into(), |tenths| format!("{}.{}", tenths / 10, tenths % 10))
}

/// What a first stop or refusal is.
pub fn means(means: Means, lang: Lang) -> &'static str {
    match means {
        Means::Key => lang.pick("the thief holds the key", "공격자가 키를 보유"),
        Means::Payload => lang.pick("the signers sign what they did not approve", "서명자가 승인하지 않은 것에 서명"),
        Means::Gate => lang.pick("the gate was rewritten", "게이트 변조"),
        Means::Ledger => lang.pick("the ledger credits what is not there", "없는 자산을 원장에 지급"),
    }
}

/// A verdict.
pub fn verdict(name: &str, lang: Lang) -> &str {
    match name {
        "allow" => lang.pick("allowed", "허용"),
        "hold" => lang.pick("held", "보류"),
        _ => lang.pick("refused", "거부"),
    }
}

/// The whole answer.
pub fn show(case: &Case, outcome: &Outcome, lang: Lang) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{} · {}", case.header.id, lang.pick(&case.header.title, &case.header.title_ko));
    let _ = writeln!(
        out,
        "{} · {} {} · {} {}\n",
        means(case.header.means, lang),
        lang.pick("policy", "정책"),
        outcome.policy.join(", "),
        lang.pick("seed", "시드"),
        outcome.seed
    );
    losses(&mut out, case, outcome, lang);
    refusals(&mut out, case, outcome, lang);
    evacuation(&mut out, outcome, lang);
    month(&mut out, outcome, lang);
    list(&mut out, lang.pick("assumed", "가정"), case.assumptions(lang));
    list(&mut out, lang.pick("sources", "출처"), &case.header.sources);
    out
}

fn line(out: &mut String, name: &str, text: &str) {
    let room = " ".repeat(18_usize.saturating_sub(name.width()));
    let _ = writeln!(out, "{name}{room}{text}");
}

fn losses(out: &mut String, case: &Case, outcome: &Outcome, lang: Lang) {
    let ends = outcome.fact.first().zip(outcome.fact.last());
    let when =
        ends.map_or(
            String::new(),
            |((first, _), (last, _))| {
                if first == last { at(*first) } else { format!("{} .. {}", at(*first), at(*last)) }
            },
        );
    let many = outcome.transfers;
    let things = match (case.header.means, lang) {
        (Means::Ledger, Lang::En) => format!("{many} credit{}", if many == 1 { "" } else { "s" }),
        (Means::Ledger, Lang::Ko) => format!("지급 {many}건"),
        (_, Lang::En) => format!("{many} transfer{}", if many == 1 { "" } else { "s" }),
        (_, Lang::Ko) => format!("전송 {many}건"),
    };
    let (lost, would) = (outcome.lost(), outcome.would_lose());
    let happened = format!("{} · {things} · {when}", won(lost, lang));
    line(out, lang.pick("as it happened", "실제 손실"), &happened);
    line(out, lang.pick("as it would be", "통제 적용 시"), &format!("{} · {}", won(would, lang), percent(would, lost)));
    match &outcome.stop {
        Some(stop) => {
            let after = span(stop.at.0.saturating_sub(case.start.0), lang);
            let text = match lang {
                Lang::En => format!("{after} after the start, {}: {}", at(stop.at), stop.cause),
                Lang::Ko => format!("시작 {after} 후, {}: {}", at(stop.at), stop.cause),
            };
            line(out, lang.pick("first trip", "최초 차단"), &text);
            line(out, lang.pick("out by then", "차단 전 유출"), &won(stop.before, lang));
        }
        None => line(out, lang.pick("first trip", "최초 차단"), lang.pick("none", "없음")),
    }
}

fn refusals(out: &mut String, case: &Case, outcome: &Outcome, lang: Lang) {
    for (when, id, answer, by) in &outcome.requested {
        let text = format!("{} · {} · {id} · {by}", verdict(answer.name(), lang), at(*when));
        line(out, lang.pick("asked", "요청"), &text);
    }
    for (when, verdict_, why) in &outcome.shown {
        let text = format!("{} · {} · {why}", verdict(verdict_.name(), lang), at(*when));
        line(out, lang.pick("shown to sign", "서명 전 제출"), &text);
    }
    if let Some(credits) = &outcome.credits {
        if let Some((when, hint)) = &credits.first {
            line(out, lang.pick("first refusal", "최초 거부"), &format!("{} · {hint}", at(*when)));
        }
        let _ = writeln!(out, "\n{}", lang.pick("what the rules say to the credits", "지급에 대한 판단"));
        answers(out, &credits.answered, lang);
    }
    if !outcome.asked.is_empty() {
        let title = match case.header.means {
            Means::Gate => lang.pick(
                "what an honest gate says to each transfer, nobody approving",
                "변조되지 않은 게이트의 판단(승인자 없음)",
            ),
            _ => lang.pick(
                "what the rules say if each transfer were asked for first, nobody approving",
                "각 전송을 먼저 물었을 때의 판단(승인자 없음)",
            ),
        };
        let _ = writeln!(out, "\n{title}");
        answers(out, &outcome.asked, lang);
    }
}

fn answers(out: &mut String, map: &BTreeMap<Answered, Sum>, lang: Lang) {
    for (answered, sum) in map {
        let by = if answered.by.is_empty() { lang.pick("the page's default", "기본값") } else { &answered.by };
        let _ =
            writeln!(out, "  {:8} {:>5}  {:>28}  {by}", verdict(answered.verdict, lang), sum.count, won(sum.won, lang));
    }
}

fn evacuation(out: &mut String, outcome: &Outcome, lang: Lang) {
    if !outcome.evacuated.is_empty() {
        let _ = writeln!(
            out,
            "\n{}",
            lang.pick("the loss, by when the evacuation starts after the trip", "대피 시작 시점별 손실")
        );
        for row in &outcome.evacuated {
            let saved = outcome.lost().saturating_sub(row.loss);
            let text =
                format!("{} · {} {}", won(row.loss, lang), lang.pick("saved", "보전"), percent(saved, outcome.lost()));
            let _ = writeln!(out, "  {:>8}  {text}", span(row.start, lang));
        }
    }
    if !outcome.moved.is_empty() {
        let whole: i128 = outcome.moved.iter().map(|moved| moved.won).sum();
        let text = match lang {
            Lang::En if outcome.moved.len() == 1 => format!("{} in 1 transfer", won(whole, lang)),
            Lang::En => format!("{} in {} transfers", won(whole, lang), outcome.moved.len()),
            Lang::Ko => format!("{}건, {}", outcome.moved.len(), won(whole, lang)),
        };
        let _ = writeln!(out, "  {} {text}", lang.pick("moved to safety:", "안전지갑 이동:"));
    }
    for (wallet, asset, why) in &outcome.stuck {
        let _ = writeln!(out, "  {} {wallet} {asset}: {why}", lang.pick("cannot move:", "이동 불가:"));
    }
}

fn month(out: &mut String, outcome: &Outcome, lang: Lang) {
    let month = &outcome.month;
    let (held, denied, trips) = outcome.false_alarms();
    let _ = writeln!(
        out,
        "\n{}",
        lang.pick(
            "the ordinary month before (drawn from the seed); rates per 100,000 withdrawals",
            "직전 한 달의 정상 거래(시드로 생성), 10만 건당"
        )
    );
    let rows = [
        (lang.pick("withdrawals", "출금"), month.asked, String::new()),
        (lang.pick("paid", "지급 완료"), month.paid, String::new()),
        (lang.pick("under mandates", "사전승인 이동"), month.mandated, String::new()),
        (lang.pick("false trips", "오차단"), trips, rate(trips, month.asked)),
        (lang.pick("unmatched", "미일치 유출"), month.unmatched, rate(month.unmatched, month.asked)),
        (lang.pick("refused", "거부"), denied, rate(denied, month.asked)),
        (lang.pick("held", "보류"), held, rate(held, month.asked)),
        (lang.pick("pauses", "일시정지"), month.pauses, rate(month.pauses, month.asked)),
    ];
    for (name, count, rate) in rows {
        let room = " ".repeat(16_usize.saturating_sub(name.width()));
        let _ = writeln!(
            out,
            "{}",
            format!("  {name}{room}{:>9}  {rate:>8}", amount::grouped(&count.to_string())).trim_end()
        );
    }
    for (name, map) in [(lang.pick("held", "보류"), &month.held), (lang.pick("refused", "거부"), &month.denied)] {
        for (rule, count) in map {
            let by = if rule.is_empty() { lang.pick("the page's default", "기본값") } else { rule };
            let _ = writeln!(out, "    {name} {count} · {by}");
        }
    }
    for (when, cause) in month.trips.iter().take(10) {
        let _ = writeln!(out, "    {} {} · {cause}", lang.pick("false trip", "오차단"), at(*when));
    }
}

fn list(out: &mut String, title: &str, lines: &[String]) {
    let _ = writeln!(out, "\n{title}");
    for text in lines {
        let mut line = String::from("  -");
        for word in text.split(' ') {
            if line.width() + word.width() >= WIDTH {
                let _ = writeln!(out, "{line}");
                line = String::from("   ");
            }
            line.push(' ');
            line.push_str(word);
        }
        let _ = writeln!(out, "{line}");
    }
}

impl Case {
    /// The assumptions in a language.
    pub fn assumptions(&self, lang: Lang) -> &[String] {
        match lang {
            Lang::En => &self.header.assumptions,
            Lang::Ko => &self.header.assumptions_ko,
        }
    }
}
