//! How a guard stands, as one page that needs no script: what burns first, then what waits for people.

use super::text;
use super::{Beacon, Stop};
use crate::drill::text::won;
use crate::lang::Lang;
use crate::report::amount::decimal;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use rulebook::time::Zone;

/// The style of the page: the report's own.
pub const STYLE: &str = include_str!("../report/page.css");

/// The beacon as a page.
pub fn show(beacon: &Beacon, zone: &Zone, lang: Lang) -> String {
    let name = lang.pick(&beacon.exchange.1, &beacon.exchange.2);
    let page = html! {
        (DOCTYPE)
        html lang=(lang.pick("en", "ko")) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta http-equiv="refresh" content="5";
                title { (name) " · " (text::fires(beacon.fires, lang)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    p.brand { (lang.pick("Bongsu", "봉수")) }
                    h1 { (name) }
                    p { (fires(beacon.fires)) " " strong { (text::fires(beacon.fires, lang)) } " · " (zone.show(beacon.at)) }
                }
                main {
                    (stops(beacon, zone, lang))
                    (waiting(beacon, zone, lang))
                    (tickets(beacon, zone, lang))
                    (chains(beacon, lang))
                }
            }
        }
    };
    page.into_string()
}

/// Five beacons, as many lit as burn.
fn fires(burning: u8) -> Markup {
    let lit = |place: u8| if place <= burning { "var(--fire)" } else { "var(--line)" };
    html! {
        svg role="img" width="120" height="22" viewBox="0 0 120 22" {
            title { (burning) "/5" }
            @for place in 1..=5u8 {
                path transform=(format!("translate({} 0)", u32::from(place - 1) * 24)) fill=(lit(place))
                    d="M4 22 L7 12 L13 12 L16 22 Z M10 0 C15 5 14 9 10 11 C6 9 6 5 10 0 Z" {}
            }
        }
    }
}

fn stops(beacon: &Beacon, zone: &Zone, lang: Lang) -> Markup {
    let class = |stop: &Stop| if stop.pause { "due" } else { "not-met" };
    html! {
        h2 { (lang.pick("Stops", "차단")) }
        @if beacon.stops.is_empty() { p.nothing { (lang.pick("none", "없음")) } } @else {
            table {
                thead { tr { th { (lang.pick("what", "범위")) } th { (lang.pick("since", "시각")) } th { (lang.pick("why", "사유")) }
                    th { (lang.pick("stands at", "단계")) } th { (lang.pick("next", "다음 단계")) } } }
                tbody { @for stop in &beacon.stops { tr {
                    td { span class={ "verdict " (class(stop)) } { (text::scope(&stop.scope, lang)) } }
                    td { (zone.show(stop.since.0)) br; span.small { (text::entry(stop.since.1, lang)) } }
                    td { (stop.cause) }
                    td { (text::stage(stop, lang)) }
                    td { (text::next(stop, lang)) }
                } } }
            }
        }
    }
}

fn waiting(beacon: &Beacon, zone: &Zone, lang: Lang) -> Markup {
    let flight = &beacon.flight;
    html! {
        h2 { (lang.pick("Waiting", "대기")) " · " (beacon.waiting) }
        @if !beacon.held.is_empty() {
            table {
                thead { tr { th { (lang.pick("asked", "요청")) } th { (lang.pick("amount", "금액")) } th { (lang.pick("from, to", "출금 지갑·주소")) }
                    th { (lang.pick("waits for", "대기 사유")) } } }
                tbody { @for held in &beacon.held { tr {
                    td { (zone.show(held.since)) br; span.small { (held.id) " · " (held.customer) } }
                    td.number { (held.quantity.as_ref().map(decimal).unwrap_or_default()) " " (held.asset) br;
                        span.small { (held.won.map_or_else(|| "?".to_string(), |value| won(value, lang))) } }
                    td { @match &held.way { Some((from, to)) => { (from) br; code { (to) } } None => { (lang.pick("credit", "장부 지급")) } } }
                    td { (text::waits_for(held, zone, lang)) }
                } } }
            }
        }
        p { (flight.unsigned) " " (lang.pick("allowed, not signed", "허용·미서명")) " · " (flight.signed) " " (lang.pick("signed, not seen", "서명·미확인"))
            " · " (flight.broadcast) " " (lang.pick("on their chain", "체인 전송")) }
    }
}

fn tickets(beacon: &Beacon, zone: &Zone, lang: Lang) -> Markup {
    html! {
        @if !beacon.tickets.is_empty() {
            h2 { (lang.pick("Tickets to be reviewed", "검토할 비상 티켓")) }
            table { tbody { @for ticket in &beacon.tickets { tr {
                td { (zone.show(ticket.since.0)) br; span.small { (ticket.id) " · " (text::entry(ticket.since.1, lang)) } }
                td { (ticket.way.0) br; code { (ticket.way.1) } }
                td { (ticket.reason) br; span.small { (text::used(ticket, lang)) } }
            } } } }
        }
    }
}

fn chains(beacon: &Beacon, lang: Lang) -> Markup {
    html! {
        h2 { (lang.pick("Chains", "체인")) }
        table { tbody { @for chain in &beacon.chains { tr {
            td { span class={ "verdict " (if chain.is_covered() { "met" } else if chain.sources.is_empty() { "not-met" } else { "below" }) } { (chain.name) } }
            td { (text::watched(chain, beacon.at, lang)) }
        } } } }
        h2 { (lang.pick("If it had to be evacuated now", "지금 대피한다면")) }
        table { tbody { @for plan in &beacon.evacuations {
            @let (moves, stays) = text::evacuation(plan, lang);
            tr { td { (plan.domain) } td { (moves) @for one in stays { br; span.small { (one) } } } }
        } } }
        h2 { (lang.pick("Wallets", "지갑")) }
        table { tbody { @for (tier, value) in &beacon.tiers { tr {
            td { (tier) }
            td.number { (value.map_or_else(|| lang.pick("unknown: a balance or a price is missing", "잔액 또는 가격 없음").to_string(), |v| won(v, lang))) }
        } } } }
    }
}
