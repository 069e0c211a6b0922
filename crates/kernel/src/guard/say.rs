//! Conclusions in words, one line each: what histories expect, and what `explain` and a replay's differences print.

use super::conclusion::{Concluded, Verdict};
use crate::fact::{Reach, ResumptionStep, Scope, Sides};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use rulebook::number::Number;

/// Digits after the point of an asset; 0 shows base units.
pub type Digits<'d> = &'d dyn Fn(&str) -> u32;

/// All that followed; `-` for nothing.
pub fn all(digits: Digits<'_>, list: &[Concluded]) -> String {
    let said: Vec<String> = list.iter().map(|concluded| one(digits, concluded)).collect();
    if said.is_empty() { "-".to_string() } else { said.join("; ") }
}

/// How far a stop reaches, in words.
pub fn reach(reach: &Reach) -> String {
    match reach {
        Reach::All => "all".to_string(),
        Reach::Domain(name) => format!("domain {name}"),
        Reach::Chain(name) => format!("chain {name}"),
        Reach::Asset(name) => format!("asset {name}"),
        Reach::Wallet(name) => format!("wallet {name}"),
    }
}

fn scope(scope: &Scope) -> String {
    let what = reach(&scope.what);
    match scope.sides {
        Sides::Both => what,
        sides => format!("{} of {what}", sides.name()),
    }
}

fn verdict(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Hold(hold) => {
            let who = hold.by.as_deref().map_or(String::new(), |by| format!(" {by}"));
            let when = if hold.until.is_some() { " later" } else { "" };
            format!("hold {}{who}{when}", hold.approvals)
        }
        other => other.name().to_string(),
    }
}

fn quantity(digits: Digits<'_>, amount: i128, asset: &str) -> String {
    let unit = 10i128.checked_pow(digits(asset)).and_then(|unit| Number::fraction(amount, unit));
    unit.map_or_else(|| format!("{amount} base units of {asset}"), |number| format!("{number} {asset}"))
}

/// The rule and the reason.
fn because(rule: &Option<String>, why: &Option<String>) -> String {
    let parts: Vec<&str> = rule.as_deref().into_iter().chain(why.as_deref()).collect();
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(": ")) }
}

/// One conclusion.
pub fn one(digits: Digits<'_>, concluded: &Concluded) -> String {
    match concluded {
        Concluded::Decided(d) => {
            let missing =
                if d.missing.is_empty() { String::new() } else { format!(", missing {}", d.missing.join(" ")) };
            format!("{} {}{}{missing}", d.id, verdict(&d.verdict), because(&d.rule, &d.why))
        }
        Concluded::Signable(s) => format!("sign {} {}{}", s.withdrawal, verdict(&s.verdict), because(&None, &s.why)),
        Concluded::Matched(m) => format!("{} = {}", m.tx, m.withdrawal),
        Concluded::Mandated(m) => format!("{} under {}", m.tx, m.mandate),
        Concluded::Ticketed(t) => format!("{} by ticket {}", t.tx, t.ticket),
        Concluded::Named(n) => format!("{} is {}", n.tx, n.cause),
        Concluded::Unmatched(u) => {
            format!("{} unmatched {} from {} ({})", u.tx, quantity(digits, u.amount, &u.asset), u.wallet, u.why)
        }
        Concluded::Paused(p) => format!("pause {} ({})", scope(&p.scope), p.why),
        Concluded::Unpaused(s) => format!("go on {}", scope(s)),
        Concluded::Tripped(t) => format!("stop {}{}", scope(&t.scope), because(&t.rule, &None)),
        Concluded::WouldTrip(t) => format!("would stop {}{}", scope(&t.scope), because(&t.rule, &None)),
        Concluded::Evacuate(e) => {
            let moves =
                e.moves.iter().map(|m| format!("{} {} to {}", quantity(digits, m.amount, &m.asset), m.wallet, m.to));
            let stuck = e.cannot.iter().map(|s| format!("{} {} stays: {}", s.asset, s.wallet, s.why));
            let all: Vec<String> = moves.chain(stuck).collect();
            let how = if e.automatic { " at once" } else { "" };
            format!("evacuate {}{how} [{}]", e.domain, all.join(", "))
        }
        Concluded::Credited(c) => format!("{} {}{}", c.credit, verdict(&c.verdict), because(&c.rule, &c.hint)),
        Concluded::Resumed(r) => {
            let step = match &r.step {
                ResumptionStep::Cause(cause) => format!("cause {}", cause.name()),
                ResumptionStep::Reconciled => "reconciled".to_string(),
                ResumptionStep::Told => "told".to_string(),
                ResumptionStep::Canary(cap) => format!("canary {cap}"),
                ResumptionStep::Percent(percent) => format!("{percent} %"),
                ResumptionStep::Full => "full".to_string(),
                ResumptionStep::Back => "back".to_string(),
            };
            format!("{} {step}", scope(&r.scope))
        }
        Concluded::Retracted(tx) => format!("{tx} retracted"),
        Concluded::Fires(fires) => format!("{fires} fires"),
        Concluded::Awaited(u) => format!("{} awaits its authorisation", u.tx),
        Concluded::Differs(d) => format!("the gate differs at entry {}: {}", d.entry, d.why),
        Concluded::Exposed(e) => {
            let warns = if e.warns { "exposed" } else { "no longer exposed" };
            format!("{} {warns}{}", e.asset, because(&e.rule, &None))
        }
    }
}
