//! How a guard stands, on a terminal; and the words for it in both languages, which the page uses, too.

use super::{Beacon, Chain, Held, OpenTicket, Stop};
use crate::drill::text::won;
use crate::lang::Lang;
use crate::report::amount::{decimal, grouped};
use crate::report::moment::span;
use kernel::fact::{Reach, ResumptionStep, Scope, Sides};
use kernel::guard::breaker::Stage;
use kernel::guard::conclusion::Evacuation;
use rulebook::time::{Instant, Zone};
use std::collections::BTreeSet;
use std::fmt::Write;

/// What a number of fires means, as the beacons of the Korean coast were read.
pub fn fires(fires: u8, lang: Lang) -> &'static str {
    match fires {
        0 | 1 => lang.pick("calm", "평온"),
        2 => lang.pick("seen: something waits or is not covered yet", "관측: 대기·미확인 있음"),
        3 => lang.pick("near: an exposure warns, or something reopens", "접근: 노출 경고 또는 단계적 재개 중"),
        4 => lang.pick("crossed: something is stopped", "월경: 차단 있음"),
        _ => lang.pick("engaged: everything is stopped", "접전: 전면 차단"),
    }
}

/// What a stop covers.
pub fn scope(scope: &Scope, lang: Lang) -> String {
    let what = match &scope.what {
        Reach::All => lang.pick("everything", "전체").to_string(),
        Reach::Domain(name) => format!("{} {name}", lang.pick("key domain", "키 영역")),
        Reach::Chain(name) => format!("{} {name}", lang.pick("chain", "체인")),
        Reach::Asset(name) => format!("{} {name}", lang.pick("asset", "자산")),
        Reach::Wallet(name) => format!("{} {name}", lang.pick("wallet", "지갑")),
    };
    match scope.sides {
        Sides::Both => what,
        Sides::Withdrawals => format!("{what} · {}", lang.pick("withdrawals", "출금")),
        Sides::Deposits => format!("{what} · {}", lang.pick("deposits", "입금")),
    }
}

/// How far a stop reopened.
pub fn stage(stop: &Stop, lang: Lang) -> String {
    if stop.pause {
        return lang.pick("pauses; ends with its cause", "일시 정지(원인 해소 시 자동 해제)").to_string();
    }
    let cause = |cause: &kernel::fact::Cause| cause.name();
    match &stop.stage {
        Stage::Stopped => lang.pick("stopped", "차단").to_string(),
        Stage::Explained(c) => format!("{}: {}", lang.pick("cause on record", "원인 기록"), cause(c)),
        Stage::Reconciled(_) => lang.pick("reconciled", "대사 완료").to_string(),
        Stage::Told(_) => lang.pick("supervisor and users told", "감독당국·이용자 통지 완료").to_string(),
        Stage::Canary(_, cap) => {
            format!("{} {}", lang.pick("small amounts, a day at most", "소액 재개, 하루"), won(*cap, lang))
        }
        Stage::Percent(_, percent) => format!("{percent} % {}", lang.pick("of the usual", "재개")),
    }
}

/// What may follow, and who may do it.
pub fn next(stop: &Stop, lang: Lang) -> String {
    let Some(step) = &stop.next else {
        return if stop.pause {
            String::new()
        } else {
            lang.pick("nothing: its wallets do not come back", "없음(키 유출 지갑은 재개하지 않음)").to_string()
        };
    };
    let step = match step {
        ResumptionStep::Cause(_) => lang.pick("record the cause", "원인 기록"),
        ResumptionStep::Reconciled => lang.pick("reconcile every asset", "자산별 대사"),
        ResumptionStep::Told => lang.pick("tell the supervisor and the users", "감독당국·이용자 통지"),
        ResumptionStep::Canary(_) => lang.pick("let small amounts out", "소액 재개"),
        ResumptionStep::Percent(_) => lang.pick("let a part of the usual out", "비율 재개"),
        ResumptionStep::Full => lang.pick("reopen", "전면 재개"),
        ResumptionStep::Back => lang.pick("back to a stop", "재차단"),
    };
    let people = match (stop.asked, lang) {
        (0, Lang::En) => "two people of `resumption` who did not stop it".to_string(),
        (n, Lang::En) => format!("{n} asked, one more of `resumption`"),
        (0, Lang::Ko) => "차단하지 않은 재개 담당 2인".to_string(),
        (n, Lang::Ko) => format!("{n}인 요청, 재개 담당 1인 추가"),
    };
    format!("{step} ({people})")
}

/// What a held withdrawal or credit waits for.
pub fn waits_for(held: &Held, zone: &Zone, lang: Lang) -> String {
    let (given, wanted) = held.approvals;
    let people = (wanted > 0).then(|| {
        let by = held.by.as_deref().unwrap_or(lang.pick("anyone who may approve", "승인권자"));
        format!("{given}/{wanted} {by}")
    });
    let until = held.until.map(|until| format!("{} {}", lang.pick("not before", "해제"), zone.show(until)));
    let parts: Vec<String> = people.into_iter().chain(until).collect();
    if parts.is_empty() {
        lang.pick("the end of a pause", "정지 해제 대기").to_string()
    } else {
        parts.join(", ")
    }
}

/// How a chain is watched.
pub fn watched(chain: &Chain, at: Instant, lang: Lang) -> String {
    if chain.sources.is_empty() {
        return lang.pick("NOT WATCHED", "감시 없음").to_string();
    }
    let mut parts: Vec<String> = chain
        .sources
        .iter()
        .map(|(name, height, last)| match height {
            Some(height) => {
                let ago = at.0.saturating_sub(last.0).max(0);
                format!("{name} {} ({})", grouped(&height.to_string()), span(ago, lang))
            }
            None => format!("{name} {}", lang.pick("nothing yet", "수신 없음")),
        })
        .collect();
    for (says, word) in [
        (!chain.agreed, lang.pick("they disagree", "불일치")),
        (chain.lagging, lang.pick("one is behind", "지연")),
        (chain.halted, lang.pick("silent", "침묵")),
        (chain.observed, lang.pick("observed: stops nothing", "관찰만 함: 차단하지 않음")),
        (chain.sources.len() == 1, lang.pick("one source only", "단일 소스")),
    ] {
        if says {
            parts.push(word.to_string());
        }
    }
    parts.join(", ")
}

/// What an evacuation would move and what it would leave, in words.
pub fn evacuation(plan: &Evacuation, lang: Lang) -> (String, Vec<String>) {
    let sum = plan.moves.iter().fold(0i128, |sum, one| sum.saturating_add(one.won.unwrap_or(0)));
    let places: BTreeSet<&str> = plan.moves.iter().map(|one| one.to.as_str()).collect();
    let to = places.into_iter().collect::<Vec<_>>().join(", ");
    let moves = match (plan.moves.len(), lang) {
        (0, _) => lang.pick("nothing can move", "이동 가능한 자산 없음").to_string(),
        (n, Lang::En) => format!("{} in {n} moves to {to}", won(sum, lang)),
        (n, Lang::Ko) => format!("{n}건, {} → {to}", won(sum, lang)),
    };
    let stays = plan
        .cannot
        .iter()
        .map(|one| format!("{} {} {}: {}", one.asset, one.wallet, lang.pick("stays", "잔류"), one.why));
    (moves, stays.collect())
}

/// The beacon as text.
pub fn show(beacon: &Beacon, zone: &Zone, lang: Lang) -> String {
    let mut out = String::new();
    let name = lang.pick(&beacon.exchange.1, &beacon.exchange.2);
    let _ = writeln!(
        out,
        "{name} · {} · {} {}/5 {}",
        zone.show(beacon.at),
        lang.pick("fires", "봉화"),
        beacon.fires,
        fires(beacon.fires, lang)
    );
    let covered = beacon.chains.iter().filter(|chain| chain.is_covered()).count();
    let _ = writeln!(
        out,
        "{}: {covered}/{}",
        lang.pick("chains read alike by two sources", "두 소스가 일치하는 체인"),
        beacon.chains.len()
    );
    heading(&mut out, lang.pick("Stops", "차단"), beacon.stops.is_empty(), lang);
    for stop in &beacon.stops {
        let _ = writeln!(out, "  {} · {}", scope(&stop.scope, lang), stage(stop, lang));
        let _ = writeln!(out, "    {} · {} · {}", zone.show(stop.since.0), stop.cause, entry(stop.since.1, lang));
        if !stop.pause {
            let _ = writeln!(out, "    {}: {}", lang.pick("next", "다음"), next(stop, lang));
        }
    }
    heading(&mut out, lang.pick("Waiting", "대기"), beacon.waiting == 0, lang);
    for held in &beacon.held {
        let value = held.won.map_or_else(|| "?".to_string(), |value| won(value, lang));
        let quantity = held.quantity.as_ref().map(decimal).unwrap_or_default();
        let way = held.way.as_ref().map(|(from, to)| format!("{from} → {to}"));
        let _ = writeln!(
            out,
            "  {} · {} {quantity} {} · {value} · {} · {} · {}",
            zone.show(held.since),
            held.id,
            held.asset,
            way.unwrap_or_else(|| lang.pick("credit", "장부 지급").to_string()),
            held.customer,
            waits_for(held, zone, lang)
        );
    }
    let more = beacon.waiting.saturating_sub(u64::try_from(beacon.held.len()).unwrap_or(0));
    if more > 0 {
        let _ = writeln!(out, "  {more} {}", lang.pick("more", "건 더 있음"));
    }
    heading(&mut out, lang.pick("On the way", "진행 중"), false, lang);
    let flight = &beacon.flight;
    let _ = writeln!(
        out,
        "  {} {} · {} {} · {} {}",
        flight.unsigned,
        lang.pick("allowed, not signed", "허용·미서명"),
        flight.signed,
        lang.pick("signed, not seen", "서명·미확인"),
        flight.broadcast,
        lang.pick("on their chain", "체인 전송")
    );
    heading(&mut out, lang.pick("Tickets to be reviewed", "검토할 비상 티켓"), beacon.tickets.is_empty(), lang);
    for ticket in &beacon.tickets {
        let (since, entry) = (zone.show(ticket.since.0), entry(ticket.since.1, lang));
        let (from, to) = &ticket.way;
        let _ = writeln!(
            out,
            "  {since} · {} · {from} → {to} · {} · {} · {entry}",
            ticket.id,
            ticket.reason,
            used(ticket, lang)
        );
    }
    heading(
        &mut out,
        lang.pick("If it had to be evacuated now", "지금 대피한다면"),
        beacon.evacuations.is_empty(),
        lang,
    );
    for plan in &beacon.evacuations {
        let (moves, stays) = evacuation(plan, lang);
        let _ = writeln!(out, "  {:<11} {moves}", plan.domain);
        for one in stays {
            let _ = writeln!(out, "              {one}");
        }
    }
    heading(&mut out, lang.pick("Wallets", "지갑"), beacon.tiers.is_empty(), lang);
    for (tier, value) in &beacon.tiers {
        let value = value.map_or_else(
            || lang.pick("unknown: a balance or a price is missing", "잔액 또는 가격 없음").to_string(),
            |v| won(v, lang),
        );
        let _ = writeln!(out, "  {tier:<11} {value}");
    }
    heading(&mut out, lang.pick("Chains", "체인"), beacon.chains.is_empty(), lang);
    for chain in &beacon.chains {
        let _ = writeln!(out, "  {:<11} {}", chain.name, watched(chain, beacon.at, lang));
    }
    out
}

/// Whether a ticket was used.
pub fn used(ticket: &OpenTicket, lang: Lang) -> &'static str {
    if ticket.used { lang.pick("used", "사용됨") } else { lang.pick("not used", "미사용") }
}

/// The number of an entry.
pub fn entry(index: u64, lang: Lang) -> String {
    format!("{} {index}", lang.pick("entry", "기록"))
}

fn heading(out: &mut String, name: &str, none: bool, lang: Lang) {
    let nothing = if none { lang.pick(": none", ": 없음") } else { "" };
    let _ = writeln!(out, "\n{name}{nothing}");
}
