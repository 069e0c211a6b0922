//! What may enter the guard.
//!
//! It promises that a question asked twice is one question, that nobody approves twice or approves their own, and that what
//! makes the guard weaker needs an approved change and never enters while something is stopped.

use super::Guard;
use super::breaker::{Stage, Stop};
use super::state::{Approval, Status};
use crate::door::{Accepted, at_most, moment, refusal, text};
use crate::fact::{
    ApprovalGiven, AssetListed, BlockRead, ChainWatched, CreditAsked, Ending, EventDeclared, KeyEnrolled, List,
    ListChanged, MandateSigned, Observation, PayloadShown, PersonEnrolled, PolicyAsked, ResumptionMoved,
    ResumptionStep, Suspended, Tier, WalletRegistered, WithdrawalAsked, WithdrawalEnded, makes,
};
use crate::limits;
use crate::planted::{Bug, is};
use crate::refusal::{Code, Refusal};
use crate::state::State;
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;
use journal::Hash;
use rulebook::time::{HOUR, Instant};

type Admitted = Result<(), Refusal>;

/// The group whose people reopen what was stopped.
pub const RESUMPTION: &str = "resumption";

/// Whether a fact of the guard may enter.
pub fn admit(state: &State, observation: &Observation) -> Result<Accepted, Refusal> {
    let exchange = crate::reads::exchange(observation).unwrap_or_default();
    if exchange.is_empty() || state.exchange(exchange).is_none() {
        return Err(refusal(Code::UnknownExchange, "exchange", "a registered exchange", exchange, "register it first"));
    }
    let fresh;
    let guard = match state.guard(exchange) {
        Some(guard) => guard,
        None => {
            fresh = Guard::keyed([0, 0]);
            &fresh
        }
    };
    if let Some(known) = already(guard, observation).or_else(|r| if is(Bug::IdIgnored) { Ok(None) } else { Err(r) })? {
        return Ok(Accepted::Already(known));
    }
    match observation {
        Observation::AssetListed(fact) => asset(guard, fact),
        Observation::WalletRegistered(fact) => wallet(guard, fact),
        Observation::PriceSeen(fact) => {
            text("venue", &fact.venue, limits::NAME)?;
            listed(guard, "asset", &fact.asset)?;
            moment("at", fact.at)?;
            let (num, den) = fact.won.parts();
            // At a price of nothing every sum would be small.
            amount("won", num, false)?;
            amount("won", den, false)
        }
        Observation::WithdrawalAsked(fact) => withdrawal(guard, fact),
        Observation::ApprovalGiven(fact) => approval(guard, fact, state.not_before()),
        Observation::PayloadShown(fact) => payload(guard, fact),
        Observation::WithdrawalEnded(fact) => ended(guard, fact),
        Observation::BlockRead(fact) => block(guard, fact),
        Observation::CreditAsked(fact) => credit(guard, fact),
        Observation::EventDeclared(fact) => event(guard, fact),
        Observation::HoldingsRead(fact) => {
            listed(guard, "asset", &fact.asset)?;
            amount("held", fact.held, true)?;
            amount("entrusted", fact.entrusted, true)?;
            moment("at", fact.at)
        }
        Observation::BalanceRead(fact) => {
            registered(guard, &fact.wallet)?;
            listed(guard, "asset", &fact.asset)?;
            amount("balance", fact.balance, true)?;
            moment("at", fact.at)
        }
        Observation::ListChanged(fact) => list(guard, fact),
        Observation::Suspended(fact) => suspended(guard, fact),
        Observation::ResumptionMoved(fact) => resumption(guard, fact),
        Observation::MandateSigned(fact) => mandate(guard, fact),
        Observation::PolicyAsked(fact) => policy(fact),
        Observation::ChainWatched(fact) => chain(guard, fact),
        Observation::PersonEnrolled(fact) => person(guard, fact),
        Observation::KeyEnrolled(fact) => key(guard, fact),
        Observation::GuardLooked(fact) => moment("at", fact.at),
        Observation::TicketSigned(fact) => super::ticket::admit(guard, fact),
        Observation::TicketReviewed(fact) => super::ticket::admit_review(guard, fact),
        Observation::GateEntry(_)
        | Observation::GatePinned(_)
        | Observation::GateSigned(_)
        | Observation::GateTold(_)
        | Observation::GateSilent(_) => super::mirror::admit_mirrored(state, observation),
        _ => Ok(()),
    }
    .map(|()| Accepted::New)
}

/// The entry that asked exactly this; a conflict where it asked something else.
fn already(guard: &Guard, observation: &Observation) -> Result<Option<u64>, Refusal> {
    let (id, known) = match observation {
        Observation::WithdrawalAsked(fact) => {
            let Some((_, known)) = guard.withdrawal(&fact.id) else {
                return own_id(guard, &fact.id);
            };
            let same = guard.request(&fact.exchange, &fact.id) == Some(fact.request());
            (&fact.id, same.then_some(known.entry.index))
        }
        Observation::CreditAsked(fact) => {
            let Some((_, known)) = guard.credit(&fact.id) else { return own_id(guard, &fact.id) };
            (&fact.id, (known.fact == *fact).then_some(known.entry.index))
        }
        Observation::PolicyAsked(fact) => {
            let Some((_, known)) = guard.change(&fact.id) else {
                return own_id(guard, &fact.id);
            };
            (&fact.id, (known.fact == *fact).then_some(known.entry.index))
        }
        Observation::TicketSigned(fact) => {
            let Some((_, known)) = guard.ticket(&fact.ticket.id) else { return Ok(None) };
            (&fact.ticket.id, (known.ticket == fact.ticket).then_some(known.entry.index))
        }
        _ => return Ok(None),
    };
    let hint = "an id is one question for ever: ask another question under another id";
    known.map(Some).ok_or_else(|| refusal(Code::Conflict, "id", "the same body as before", id, hint))
}

/// Approvals and decisions name a withdrawal, a credit or a change by its id alone: no id is two of them.
fn own_id(guard: &Guard, id: &str) -> Result<Option<u64>, Refusal> {
    if guard.withdrawal(id).is_none() && guard.credit(id).is_none() && guard.change(id).is_none() {
        return Ok(None);
    }
    let hint = "an id is a withdrawal, a credit or a change: ask under another id";
    Err(refusal(Code::Conflict, "id", "an id of its own", id, hint))
}

/// A rulebook is the policy: once the guard works it changes by an approved change, and never during an incident.
pub(crate) fn may_adopt(state: &State, kind: u16, body: &[u8]) -> Admitted {
    let hash = makes(kind, body);
    for (_, guard) in state.guards() {
        calm(guard, "pages")?;
        if guard.armed && !guard.changes.iter().any(|change| change.fact.makes == hash && change.is_open()) {
            let hint = "ask for the change, and let its quorum approve it";
            return Err(refusal(Code::NotApproved, "pages", "an approved change that makes it", "none", hint));
        }
    }
    Ok(())
}

/// What makes the guard weaker waits until nothing is stopped.
fn calm(guard: &Guard, field: &'static str) -> Admitted {
    if guard.stops.is_incident() {
        let hint = "whoever is inside would do just this; reopen first";
        return Err(refusal(Code::Stopped, field, "nothing stopped", "an incident", hint));
    }
    Ok(())
}

/// What enrols or widens needs an approved change once the guard works.
fn approved(guard: &Guard, change: Option<&str>, kind: u16, body: &[u8]) -> Admitted {
    calm(guard, "change")?;
    if !guard.armed {
        return Ok(());
    }
    let found = change.and_then(|id| guard.change(id));
    let hint = "ask for the change with the hash of this very body, and let its quorum approve it";
    match found {
        Some((_, known)) if known.is_open() && known.fact.makes == makes(kind, body) => Ok(()),
        Some((_, known)) if known.made => {
            let hint = "a change makes its change once: ask for another";
            Err(refusal(Code::NotApproved, "change", "a change that was not made yet", "one that was", hint))
        }
        Some(_) => Err(refusal(Code::NotApproved, "change", "an approved change that makes this", "another", hint)),
        None => Err(refusal(Code::NotApproved, "change", "an approved change", change.unwrap_or("none"), hint)),
    }
}

pub(super) fn amount(field: &'static str, value: i128, zero: bool) -> Admitted {
    if value < 0 {
        let hint = "amounts are whole base units; what leaves and what arrives are told apart by fields";
        return Err(refusal(Code::Negative, field, "zero or more", &value.to_string(), hint));
    }
    if value == 0 && !zero {
        return Err(refusal(Code::OutOfRange, field, "more than zero", "0", "nothing is moved by it"));
    }
    if value > limits::AMOUNT {
        let hint = "no asset has so many base units: check the unit";
        return Err(refusal(Code::TooLarge, field, "at most 10^30 base units", &value.to_string(), hint));
    }
    Ok(())
}

pub(super) fn listed(guard: &Guard, field: &'static str, id: &str) -> Admitted {
    text(field, id, limits::NAME)?;
    match guard.asset(id) {
        Some(_) => Ok(()),
        None => Err(refusal(Code::UnknownSubject, field, "a listed asset", id, "list it with its chain and digits")),
    }
}

pub(super) fn registered(guard: &Guard, id: &str) -> Admitted {
    text("wallet", id, limits::NAME)?;
    match guard.wallet(id) {
        Some(_) => Ok(()),
        None => Err(refusal(Code::UnknownSubject, "wallet", "a registered wallet", id, "register it first")),
    }
}

fn asset(guard: &Guard, fact: &AssetListed) -> Admitted {
    text("asset", &fact.asset, limits::NAME)?;
    text("chain", &fact.chain, limits::NAME)?;
    at_most("source", fact.source.len(), limits::SOURCE, "bytes")?;
    at_most("decimals", usize::from(fact.decimals), usize::from(limits::DECIMALS), "digits")?;
    let Some((_, known)) = guard.asset(&fact.asset) else { return Ok(()) };
    let chain = guard.names.text(super::names::Kind::Chain, known.chain);
    if chain == fact.chain && known.decimals == fact.decimals {
        return Ok(());
    }
    let hint = "recorded amounts would change their meaning: list it under another id";
    let (expected, found) = (format!("{chain}, {}", known.decimals), format!("{}, {}", fact.chain, fact.decimals));
    Err(refusal(Code::Conflict, "asset", &expected, &found, hint))
}

fn wallet(guard: &Guard, fact: &WalletRegistered) -> Admitted {
    for (field, value) in
        [("wallet", &fact.wallet), ("chain", &fact.chain), ("address", &fact.address), ("domain", &fact.domain)]
    {
        text(field, value, limits::NAME)?;
    }
    at_most("source", fact.source.len(), limits::SOURCE, "bytes")?;
    // Whoever gave a hot wallet's address to another wallet would hide what leaves it.
    let chain = guard.names.find(super::names::Kind::Chain, super::names::NOBODY, &fact.chain);
    let owner = chain.and_then(|chain| guard.find_address(chain, &fact.address)?.1.wallet);
    let owner = owner.map(|owner| guard.wallet_name(owner)).filter(|owner| *owner != fact.wallet);
    if let Some(owner) = owner {
        let hint = "an address is one wallet's for ever, also when it is retired";
        return Err(refusal(Code::Conflict, "address", "an address that is no wallet's", &owner, hint));
    }
    // Customers get deposit addresses by the thousand; whatever leaves one is looked at like any other outflow.
    if fact.tier == Tier::Deposit && guard.wallet(&fact.wallet).is_none() {
        return Ok(());
    }
    approved(guard, fact.change.as_deref(), WalletRegistered::KIND, &fact.encode())
}

fn withdrawal(guard: &Guard, fact: &WithdrawalAsked) -> Admitted {
    for (field, value) in [
        ("id", &fact.id),
        ("destination", &fact.destination),
        ("customer", &fact.customer),
        ("initiator", &fact.initiator),
    ] {
        text(field, value, limits::NAME)?;
    }
    fact.tag.as_deref().map_or(Ok(()), |tag| text("tag", tag, limits::NAME))?;
    fact.second_factor.as_deref().map_or(Ok(()), |factor| text("second_factor", factor, limits::NAME))?;
    registered(guard, &fact.wallet)?;
    listed(guard, "asset", &fact.asset)?;
    amount("amount", fact.amount, false)?;
    moment("at", fact.at)?;
    let chains = (guard.wallet(&fact.wallet).map(|(_, w)| w.chain), guard.asset(&fact.asset).map(|(_, a)| a.chain));
    if chains.0 != chains.1 {
        let hint = "the same symbol on two chains is two assets";
        return Err(refusal(Code::WrongUnit, "asset", "an asset of the wallet's chain", &fact.asset, hint));
    }
    Ok(())
}

fn credit(guard: &Guard, fact: &CreditAsked) -> Admitted {
    text("id", &fact.id, limits::NAME)?;
    text("customer", &fact.customer, limits::NAME)?;
    fact.event.as_deref().map_or(Ok(()), |event| text("event", event, limits::NAME))?;
    fact.deposit.as_deref().map_or(Ok(()), |tx| text("deposit", tx, limits::NAME))?;
    listed(guard, "asset", &fact.asset)?;
    amount("amount", fact.amount, false)?;
    moment("at", fact.at)?;
    if fact.event.is_some() && fact.deposit.is_some() {
        let hint = "a credit passes on a deposit or pays out an event";
        return Err(refusal(Code::Conflict, "deposit", "one ground", "two", hint));
    }
    Ok(())
}

fn event(guard: &Guard, fact: &EventDeclared) -> Admitted {
    text("event", &fact.event, limits::NAME)?;
    text("by", &fact.by, limits::NAME)?;
    listed(guard, "asset", &fact.asset)?;
    amount("budget", fact.budget, true)?;
    moment("at", fact.at)?;
    let known = guard.budget(&fact.event);
    if let Some(budget) = known.filter(|budget| fact.budget > *budget) {
        let (expected, found) = (format!("at most {budget}"), fact.budget.to_string());
        let hint = "a budget that grows after the event began is no budget: declare another event";
        return Err(refusal(Code::Conflict, "budget", &expected, &found, hint));
    }
    if let Some(asset) = guard.event_asset(&fact.event).filter(|asset| *asset != fact.asset) {
        let hint = "a budget in another asset is another budget: declare another event";
        return Err(refusal(Code::Conflict, "asset", asset, &fact.asset, hint));
    }
    // Spending less needs nobody.
    if known.is_some() {
        return Ok(());
    }
    approved(guard, fact.change.as_deref(), EventDeclared::KIND, &fact.encode())
}

fn approval(guard: &Guard, fact: &ApprovalGiven, now: Instant) -> Admitted {
    moment("at", fact.at)?;
    let (status, given, initiator): (&Status, &[Approval], &str) = match guard.withdrawal(&fact.withdrawal) {
        Some((_, w)) => (&w.status, &w.approvals, guard.names.text(super::names::Kind::Person, w.initiator)),
        None => match (guard.credit(&fact.withdrawal), guard.change(&fact.withdrawal)) {
            // A ledger asks for credits, and no person.
            (Some((_, credit)), _) => (&credit.status, &credit.approvals, ""),
            (_, Some((_, change))) => (&change.status, &change.approvals, &change.fact.by),
            _ => {
                let hint = "ask first";
                let expected = "a withdrawal, a credit or a change that was asked";
                return Err(refusal(Code::UnknownSubject, "withdrawal", expected, &fact.withdrawal, hint));
            }
        },
    };
    let Status::Held(_) = status else {
        let hint = "what is decided needs nobody any more";
        return Err(refusal(Code::TooLate, "withdrawal", "one that is held", &fact.withdrawal, hint));
    };
    if guard.request(&fact.exchange, &fact.withdrawal) != Some(fact.request) {
        let hint = "show the approver the request as it is recorded, and sign its hash";
        return Err(refusal(Code::Conflict, "request", "the hash of this request", "another", hint));
    }
    let person = enrolled(guard, &fact.by)?;
    if !guard.is_in(&fact.by, &fact.group) {
        let hint = "a person approves for a group they are enrolled in";
        return Err(refusal(Code::Unsigned, "group", "a group of this person", &fact.group, hint));
    }
    let hint = "somebody else must do it";
    let own = guard.identity(initiator).is_some_and(|(_, identity)| identity == person);
    if (initiator == fact.by || own) && !is(Bug::InitiatorApproves) {
        return Err(refusal(Code::SamePerson, "by", "somebody other than who asked", &fact.by, hint));
    }
    // An approval that ran out by the journal's clock may be given again; the caller's own says nothing.
    let counts = |a: &&Approval| a.identity == person && a.at.plus(super::gate::APPROVAL_LASTS) > now;
    if !fact.reject && !is(Bug::QuorumByName) && given.iter().any(|a| counts(&a)) {
        return Err(refusal(Code::SamePerson, "by", "somebody who has not approved it", &fact.by, hint));
    }
    Ok(())
}

pub(super) fn enrolled(guard: &Guard, name: &str) -> Result<Hash, Refusal> {
    text("by", name, limits::NAME)?;
    guard.identity(name).map(|(_, identity)| identity).ok_or_else(|| {
        refusal(Code::Unsigned, "by", "an enrolled person", name, "enrol people with their groups first")
    })
}

fn payload(guard: &Guard, fact: &PayloadShown) -> Admitted {
    asked(guard, &fact.withdrawal)?;
    moment("at", fact.at)?;
    at_most("effect", fact.effect.len(), limits::EFFECTS, "effects")?;
    for effect in &fact.effect {
        at_most("asset", effect.asset.len(), limits::NAME, "bytes")?;
        at_most("destination", effect.destination.len(), limits::NAME, "bytes")?;
        amount("amount", effect.amount, true)?;
    }
    Ok(())
}

fn asked<'g>(guard: &'g Guard, id: &str) -> Result<&'g super::state::Withdrawal, Refusal> {
    text("withdrawal", id, limits::NAME)?;
    guard
        .withdrawal(id)
        .map(|(_, w)| w)
        .ok_or_else(|| refusal(Code::UnknownSubject, "withdrawal", "a withdrawal that was asked", id, "ask first"))
}

fn ended(guard: &Guard, fact: &WithdrawalEnded) -> Admitted {
    let w = asked(guard, &fact.withdrawal)?;
    moment("at", fact.at)?;
    let wrong = |code, expected: &str, found: &str, hint| Err(refusal(code, "how", expected, found, hint));
    let by_people = matches!(fact.how, Ending::Cancelled | Ending::Expired);
    match &w.status {
        Status::Signed if by_people => {
            let hint = "what may be signed ends on its chain: confirmed, or proven never to be";
            wrong(Code::TooLate, "confirmed or cannot confirm", fact.how.name(), hint)
        }
        Status::Ended(how) => wrong(Code::TooLate, "one that goes on", how.name(), "it ended already"),
        Status::Denied => wrong(Code::TooLate, "one that goes on", "denied", "it was never allowed"),
        // On its chain it was found, whoever forgot to show its payload.
        Status::Allowed | Status::Held(_) if !by_people && w.tx.is_none() => {
            let hint = "it was not signed: cancel it";
            wrong(Code::WrongStep, "cancelled or expired", fact.how.name(), hint)
        }
        Status::Allowed if by_people && w.tx.is_some() => {
            let hint = "it is on its chain: it ends there";
            wrong(Code::TooLate, "confirmed or cannot confirm", fact.how.name(), hint)
        }
        _ => Ok(()),
    }
}

fn block(guard: &Guard, fact: &BlockRead) -> Admitted {
    text("hash", &fact.hash, limits::NAME)?;
    text("parent", &fact.parent, limits::NAME)?;
    moment("at", fact.at)?;
    at_most("transfers", fact.transfers.len(), limits::TRANSFERS, "transfers")?;
    if fact.hash == fact.parent {
        let hint = "a block that is its own parent links nothing";
        return Err(refusal(Code::Conflict, "parent", "the block before", &fact.parent, hint));
    }
    let number = guard.names.find(super::names::Kind::Chain, super::names::NOBODY, &fact.chain);
    let chain = number.and_then(|number| guard.chains.get(number as usize)).and_then(Option::as_ref);
    let Some(chain) = chain else {
        let hint = "register the chain with its sources first";
        return Err(refusal(Code::UnknownSubject, "chain", "a chain that is watched", &fact.chain, hint));
    };
    let source = guard.names.find(super::names::Kind::Source, super::names::NOBODY, &fact.source);
    if !source.is_some_and(|source| chain.has(source)) {
        let hint = "a block of somebody unknown proves nothing";
        return Err(refusal(Code::UnknownSubject, "source", "a source of this chain", &fact.source, hint));
    }
    for t in &fact.transfers {
        text("tx", &t.tx, limits::NAME)?;
        for (field, value) in [("from", &t.from), ("to", &t.to), ("asset", &t.asset)] {
            at_most(field, value.len(), limits::NAME, "bytes")?;
        }
        amount("amount", t.amount, true)?;
        amount("fee", t.fee, true)?;
    }
    Ok(())
}

fn list(guard: &Guard, fact: &ListChanged) -> Admitted {
    for (field, value) in
        [("chain", &fact.chain), ("address", &fact.address), ("source", &fact.source), ("by", &fact.by)]
    {
        text(field, value, limits::NAME)?;
    }
    moment("at", fact.at)?;
    // Denying more is always possible; vouching for more, or denying less, waits until nothing is stopped.
    match (fact.list, fact.add) {
        (List::Allow, true) | (List::Deny, false) => calm(guard, "list"),
        _ => Ok(()),
    }
}

fn suspended(guard: &Guard, fact: &Suspended) -> Admitted {
    text("reason", &fact.reason, limits::REASONS)?;
    text("by", &fact.by, limits::NAME)?;
    moment("at", fact.at)?;
    if guard.is_known(&fact.scope.what) {
        return Ok(());
    }
    let hint = "stop everything if you are in doubt";
    Err(refusal(Code::UnknownSubject, "scope", "something that exists", &format!("{:?}", fact.scope.what), hint))
}

fn resumption(guard: &Guard, fact: &ResumptionMoved) -> Admitted {
    text("reason", &fact.reason, limits::REASONS)?;
    moment("at", fact.at)?;
    let Some(stop) = guard.stops.trip(&fact.scope.what) else {
        let hint = "a pause ends by itself; name the scope as it was stopped";
        return Err(refusal(
            Code::UnknownSubject,
            "scope",
            "something stopped",
            &format!("{:?}", fact.scope.what),
            hint,
        ));
    };
    let person = enrolled(guard, &fact.by)?;
    if !guard.is_in(&fact.by, RESUMPTION) {
        return Err(refusal(Code::Unsigned, "by", "a person of the group `resumption`", &fact.by, "enrol them first"));
    }
    if stop.by.contains(&person) && !is(Bug::ResumedByTripper) && fact.step != ResumptionStep::Back {
        let hint = "who stopped it does not reopen it";
        return Err(refusal(Code::SamePerson, "by", "somebody who did not stop it", &fact.by, hint));
    }
    if stop.after(&fact.step).is_none() {
        let (expected, hint) = follows(stop);
        return Err(refusal(Code::WrongStep, "step", expected, &format!("{:?}", fact.step), hint));
    }
    if stop.asked.iter().any(|(step, who)| *step == fact.step && *who == person) {
        return Err(refusal(Code::SamePerson, "by", "a second person", &fact.by, "somebody else must agree"));
    }
    if fact.step == ResumptionStep::Reconciled {
        reconciled(guard, stop)?;
    }
    Ok(())
}

/// Which step follows, for whoever asked for another.
fn follows(stop: &Stop) -> (&'static str, &'static str) {
    match stop.stage {
        Stage::Stopped => ("the cause", "record what was the matter first"),
        Stage::Explained(_) => ("reconciled", "compare ledger and chain for every asset first"),
        Stage::Reconciled(_) => ("told", "tell the supervisor and the users first"),
        Stage::Told(crate::fact::Cause::Key) if !matches!(stop.scope.what, crate::fact::Reach::All) => {
            ("nothing", "wallets of a lost key never come back: enrol new ones in another domain")
        }
        Stage::Told(_) => ("a canary above zero", "a small amount leaves first"),
        Stage::Canary(..) => ("1 to 99 per cent, or back", "a part leaves before all of it does"),
        Stage::Percent(..) => ("a larger part, full, or back", "it goes up step by step"),
    }
}

/// Every asset was read after the stop, and nothing is short.
fn reconciled(guard: &Guard, stop: &Stop) -> Admitted {
    let names = |number: usize| {
        guard.names.text(super::names::Kind::Asset, u32::try_from(number).unwrap_or(u32::MAX)).to_string()
    };
    let hint = "read what is held and entrusted of every asset; cover what is short";
    for (number, asset) in guard.assets.iter().enumerate().filter(|(_, a)| a.chain != super::names::NOBODY) {
        let Some(read) = asset.holdings.as_ref().filter(|read| read.entry > stop.since && read.at >= stop.since.time)
        else {
            let expected = format!("{} read after the stop", names(number));
            return Err(refusal(Code::NotMet, "step", &expected, "no reading since", hint));
        };
        if read.held < read.entrusted {
            let found = format!("{} held, {} entrusted", read.held, read.entrusted);
            return Err(refusal(Code::NotMet, "step", &format!("{} covered", names(number)), &found, hint));
        }
    }
    Ok(())
}

fn mandate(guard: &Guard, fact: &MandateSigned) -> Admitted {
    text("id", &fact.id, limits::NAME)?;
    text("asset", &fact.asset, limits::NAME)?;
    text("by", &fact.by, limits::NAME)?;
    amount("cap_each", fact.cap_each, true)?;
    amount("cap_window", fact.cap_window, true)?;
    amount("fee_cap", fact.fee_cap, true)?;
    moment("expires", fact.expires)?;
    if !(HOUR / 60..=super::windows::LONGEST).contains(&fact.window) {
        let hint = "a window is a minute to thirty days";
        return Err(refusal(
            Code::OutOfRange,
            "window",
            "a minute to thirty days",
            &format!("{} ms", fact.window),
            hint,
        ));
    }
    approved(guard, fact.change.as_deref(), MandateSigned::KIND, &fact.encode())
}

fn policy(fact: &PolicyAsked) -> Admitted {
    text("id", &fact.id, limits::NAME)?;
    text("change", &fact.change, limits::REASONS)?;
    text("by", &fact.by, limits::NAME)?;
    moment("at", fact.at)
}

fn chain(guard: &Guard, fact: &ChainWatched) -> Admitted {
    text("chain", &fact.chain, limits::NAME)?;
    at_most("sources", fact.sources.len(), limits::SOURCES, "sources")?;
    if fact.sources.is_empty() || !fact.sources.is_sorted_by(|a, b| a < b) {
        let hint = "sort the sources; with one of them nothing can be compared";
        return Err(refusal(Code::Unsorted, "sources", "one or more, ascending, each once", "another list", hint));
    }
    if fact.silence <= 0 {
        let hint = "how long a source may be silent while another is not";
        return Err(refusal(Code::OutOfRange, "silence", "more than 0 ms", &fact.silence.to_string(), hint));
    }
    approved(guard, fact.change.as_deref(), ChainWatched::KIND, &fact.encode())
}

fn person(guard: &Guard, fact: &PersonEnrolled) -> Admitted {
    text("person", &fact.person, limits::NAME)?;
    at_most("groups", fact.groups.len(), limits::GROUPS, "groups")?;
    let names: Vec<_> = fact.groups.iter().map(|group| text("groups", group, limits::NAME)).collect();
    names.into_iter().collect::<Result<Vec<()>, Refusal>>()?;
    if !fact.groups.is_sorted_by(|a, b| a < b) {
        let hint = "sort the groups";
        return Err(refusal(Code::Unsorted, "groups", "ascending, each once", "another order", hint));
    }
    approved(guard, fact.change.as_deref(), PersonEnrolled::KIND, &fact.encode())
}

fn key(guard: &Guard, fact: &KeyEnrolled) -> Admitted {
    // An entry's principal has at most this.
    text("key", &fact.key, limits::PRINCIPAL)?;
    text("holder", &fact.holder, limits::NAME)?;
    if !fact.roles.is_sorted_by(|a, b| a < b) {
        let hint = "sort the roles as the list of roles does";
        return Err(refusal(Code::Unsorted, "roles", "ascending, each once", "another order", hint));
    }
    let twin = |(id, known): &(&alloc::string::String, &super::state::Key)| {
        **id != fact.key && known.public == fact.public && !known.roles.is_empty()
    };
    if let Some((other, _)) = guard.keys.iter().find(twin) {
        let hint = "one key has one name: an entry must say who spoke";
        return Err(refusal(Code::Conflict, "public", "a key of its own", other, hint));
    }
    approved(guard, fact.change.as_deref(), KeyEnrolled::KIND, &fact.encode())
}
