//! A history as rows in the form of `cases/guard`.

use crate::gate::Entry;
use kernel::fact::*;
use std::fmt::Write;

/// The rows of the entries, with what followed.
pub fn table(entries: &[Entry]) -> String {
    let mut out = String::from("| at | fact | follows |\n|----|------|---------|\n");
    let mut last = None;
    for entry in entries.iter().filter(|e| kernel::guard::is_guarded(&e.fact)) {
        let ms = last.map_or(0, |last| entry.stamp.time.0 - last);
        last = Some(entry.stamp.time.0);
        let follows = kernel::guard::say::all(&|_: &str| 8, &entry.list);
        let _ = writeln!(out, "| +{ms} ms | {} | {follows} |", fact(&entry.fact));
    }
    out
}

fn units(amount: i128, asset: &str) -> String {
    format!("{}.{:08} {asset}", amount / 100_000_000, amount % 100_000_000)
}

fn scope(scope: &Scope) -> String {
    let what = match &scope.what {
        Reach::All => "all".to_string(),
        Reach::Domain(n) => format!("domain {n}"),
        Reach::Chain(n) => format!("chain {n}"),
        Reach::Asset(n) => format!("asset {n}"),
        Reach::Wallet(n) => format!("wallet {n}"),
    };
    if scope.sides == Sides::Both { what } else { format!("{} of {what}", scope.sides.name()) }
}

fn fact(fact: &Observation) -> String {
    let tag = |tag: &Option<String>| tag.as_ref().map_or(String::new(), |tag| format!(" tag {tag}"));
    match fact {
        Observation::AssetListed(f) => format!("list {} on {} {}", f.asset, f.chain, f.decimals),
        Observation::WalletRegistered(f) => {
            let under = f.change.as_ref().map_or(String::new(), |c| format!(" under {c}"));
            format!("wallet {} on {} at {} in {} {}{under}", f.wallet, f.chain, f.address, f.domain, f.tier.name())
        }
        Observation::ChainWatched(f) => {
            let (from, min) = (f.sources.join("+"), f.silence / 60_000);
            format!("watch {} from {from} depth {} behind {} silence {min} min", f.chain, f.depth, f.behind)
        }
        Observation::PersonEnrolled(f) => {
            format!("enrol {} as {} in {}", f.person, f.identity[0], f.groups.join(", "))
        }
        Observation::PriceSeen(f) => format!("price {} {} on {}", f.asset, f.won.parts().0, f.venue),
        Observation::BalanceRead(f) => format!("balance {} {}", f.wallet, units(f.balance, &f.asset)),
        Observation::HoldingsRead(f) => {
            format!("holdings {} entrusted {}", units(f.held, &f.asset), units(f.entrusted, &f.asset))
        }
        Observation::WithdrawalAsked(f) => {
            let factor = if f.second_factor.is_none() { " without factor" } else { "" };
            let (amount, tag) = (units(f.amount, &f.asset), tag(&f.tag));
            format!(
                "ask {} {amount} from {} to {} for {} by {}{tag}{factor}",
                f.id, f.wallet, f.destination, f.customer, f.initiator
            )
        }
        Observation::ApprovalGiven(f) => {
            format!("{} {} by {} for {}", if f.reject { "reject" } else { "approve" }, f.withdrawal, f.by, f.group)
        }
        Observation::PayloadShown(f) => {
            let one = |e: &Effect| {
                let what = if e.operation == Operation::Delegate { "delegate " } else { "" };
                format!("{what}{} to {}{}", units(e.amount, &e.asset), e.destination, tag(&e.tag))
            };
            format!("show {} {}", f.withdrawal, f.effect.iter().map(one).collect::<Vec<_>>().join("; "))
        }
        Observation::WithdrawalEnded(f) => format!("end {} {}", f.withdrawal, f.how.name()),
        Observation::BlockRead(f) => {
            let one = |t: &Transfer| {
                let what = match &t.what {
                    Moves::Amount => units(t.amount, &t.asset),
                    Moves::Authority(code) => format!("authority:{code}"),
                    Moves::Named(code) => format!("named:{code} {}", units(t.amount, &t.asset)),
                };
                let failed = if t.failed { " failed" } else { "" };
                format!("{} {what} from {} to {}{} fee 0.{:08}{failed}", t.tx, t.from, t.to, tag(&t.tag), t.fee)
            };
            let all = f.transfers.iter().map(one).collect::<Vec<_>>().join("; ");
            format!("block {} {} on {} by {}: {all}", f.chain, f.hash, f.parent, f.source)
        }
        Observation::ListChanged(f) => {
            let un = if f.add { "" } else { "un" };
            format!("{un}{} {} {} by {}", f.list.name(), f.chain, f.address, f.source)
        }
        Observation::Suspended(f) => format!("suspend {} by {}: {}", scope(&f.scope), f.by, f.reason),
        Observation::ResumptionMoved(f) => {
            let step = match &f.step {
                ResumptionStep::Cause(c) => format!("cause {}", c.name()),
                ResumptionStep::Reconciled => "reconciled".into(),
                ResumptionStep::Told => "told".into(),
                ResumptionStep::Canary(n) => format!("canary {n}"),
                ResumptionStep::Percent(p) => format!("percent {p}"),
                ResumptionStep::Full => "full".into(),
                ResumptionStep::Back => "back".into(),
            };
            format!("resume {} {step} by {}", scope(&f.scope), f.by)
        }
        Observation::PolicyAsked(f) => format!("change {} by {} that {}", f.id, f.by, f.change),
        Observation::GuardLooked(_) => "look".into(),
        other => other.name().to_string(),
    }
}
