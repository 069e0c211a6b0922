//! The guard: decides before signing, matches every outflow after, stops, evacuates, reopens in stages.
//!
//! # Facts (kinds of entry) and what they conclude
//!
//! | kind | fact | concludes |
//! |-----:|------|-----------|
//! | 20 | `AssetListed` | |
//! | 21 | `WalletRegistered` | |
//! | 22 | `PriceSeen` | |
//! | 23 | `WithdrawalAsked` | `Decided` |
//! | 24 | `ApprovalGiven` | `Decided` or `Credited` when it settles the request |
//! | 25 | `PayloadShown` | `Signable` |
//! | 26 | `WithdrawalEnded` | |
//! | 27 | `BlockRead` | `Matched`, `Mandated`, `Ticketed`, `Named`, `Unmatched`, `Retracted`, `Paused`, `Unpaused`, `Tripped`, `WouldTrip`, `Evacuate` |
//! | 28 | `CreditAsked` | `Credited` |
//! | 29 | `EventDeclared` | |
//! | 30 | `HoldingsRead` | `Tripped` where users' assets are short, `Exposed` where a rule warns |
//! | 31 | `ListChanged` | |
//! | 32 | `Suspended` | `Tripped` |
//! | 33 | `ResumptionMoved` | `Resumed` when two people agree |
//! | 34 | `MandateSigned` | |
//! | 35 | `PolicyAsked` | `Decided` |
//! | 36 | `BalanceRead` | |
//! | 37 | `ChainWatched` | |
//! | 38 | `PersonEnrolled` | |
//! | 39 | `GuardLooked` | `Decided` or `Credited` for what waited, `Paused` for a chain that fell silent |
//! | 40 | `KeyEnrolled` | |
//! | 41 | `TicketSigned` | |
//! | 47 | `TicketReviewed` | |
//! | 42 | `GateEntry` | `Differs` and `Tripped` where the gate recorded what does not follow |
//! | 43 | `GatePinned` | |
//! | 44 | `GateSigned` | what waited for the gate's journal; `Unpaused`; `Tripped` for a fork, a journal that went back, another key |
//! | 45 | `GateTold` | |
//! | 46 | `GateSilent` | `Paused` |
//!
//! Any of them may conclude `Fires` where the number of fires changed. Conclusions are a list ([`conclusion::Concluded`]), and a
//! fold needs them: [`crate::state::fold_concluded`].
//!
//! # In reading order
//!
//! - [`names`]: references as dense numbers; [`price`]: what an amount is worth; [`windows`]: what was allowed within rolling
//!   windows; [`state`]: everything together
//! - [`words`], [`view`], `decide`: how the rulebook is asked
//! - [`door`]: what may enter; [`gate`]: before a signature; [`chain`], `watch`, `flows`: after the broadcast; [`credit`]: the ledger
//! - [`ticket`]: what two people signed for the hour without a gate
//! - [`mirror`]: a watch's copy of its gate
//! - [`breaker`]: what is stopped, and how it reopens; [`plan`]: where the rest goes
//! - [`say`]: conclusions in words
//! - [`trial`]: what another policy would have answered to what is on record

pub mod breaker;
pub mod chain;
pub mod conclusion;
pub mod credit;
mod decide;
pub mod door;
pub mod explain;
mod flows;
pub mod gate;
pub mod mirror;
pub mod names;
pub mod plan;
pub mod price;
pub mod say;
pub mod state;
mod table;
pub mod ticket;
pub mod trial;
pub mod usage;
pub mod view;
mod watch;
pub mod windows;
pub mod words;

pub use flows::Outflow;
pub use state::Guard;

use crate::fact::{HoldingsRead, Observation, Reach, ResumptionMoved, Scope, Sides, makes};
use crate::known::{KnownAt, Stamp};
use crate::state::{State, fold_guarded};
use alloc::vec::Vec;
use conclusion::{Concluded, Exposed, Paused, Resumed, Tripped, Verdict};
use decide::{Answer, Decider};
use names::{Kind, NOBODY};
use rulebook::book::{Book, LiteralValue, Node};
use rulebook::number::Number;
use rulebook::time::{HOUR, Instant};
use view::{Keys, Question};
use windows::Axis;
use words::{Slot, Words};

/// Whether a fact is the guard's.
pub fn is_guarded(observation: &Observation) -> bool {
    (20..50).contains(&observation.kind())
}

/// Draws the conclusions and takes them in at once, without writing them down between: what a gate and a watch do with each entry.
pub fn enter(state: &mut State, observation: &Observation, stamp: Stamp) -> Vec<Concluded> {
    let concluded = conclude(state, observation, stamp);
    fold_guarded(state, stamp, observation, &concluded);
    concluded
}

/// What follows from a fact of the guard.
pub fn conclude(state: &State, observation: &Observation, stamp: Stamp) -> Vec<Concluded> {
    let book = state.adopted_for(stamp.index).and_then(|adoption| adoption.book.as_deref());
    conclude_under(state, book, observation, stamp)
}

/// The same under another rulebook than the one that holds.
pub fn conclude_under(state: &State, book: Option<&Book>, observation: &Observation, stamp: Stamp) -> Vec<Concluded> {
    let exchange = crate::reads::exchange(observation).unwrap_or_default();
    let Some(guard) = state.guard(exchange) else { return Vec::new() };
    let record = state.view(exchange, KnownAt::Now);
    let decider = Decider { book, words: state.guard_words(), record, now: stamp.time };
    let mut out = match (observation, state.mirror(exchange)) {
        (Observation::GateEntry(fact), Some(mirror)) => mirror::conclude_entry(mirror, guard, fact),
        (Observation::GateSigned(fact), Some(mirror)) => mirror::conclude_signed(mirror, guard, &decider, fact, stamp),
        _ => guard.conclude(&decider, observation, stamp),
    };
    let fires = guard.fires_after(observation, &out);
    if fires != guard.fires {
        out.push(Concluded::Fires(fires));
    }
    out
}

impl Guard {
    fn conclude(&self, decider: &Decider<'_>, observation: &Observation, stamp: Stamp) -> Vec<Concluded> {
        match observation {
            Observation::WithdrawalAsked(fact) => one(Concluded::Decided(self.conclude_asked(decider, fact, stamp))),
            Observation::ApprovalGiven(fact) => self.conclude_approval(decider, fact).into_iter().collect(),
            Observation::PolicyAsked(fact) => one(Concluded::Decided(self.conclude_change(decider, fact))),
            Observation::PayloadShown(fact) => {
                self.conclude_payload(fact, stamp.time).map(Concluded::Signable).into_iter().collect()
            }
            Observation::BlockRead(fact) => self.conclude_block(decider, fact, stamp),
            Observation::CreditAsked(fact) => one(self.conclude_credit(decider, fact, stamp)),
            Observation::HoldingsRead(fact) => self.conclude_holdings(decider, fact, stamp),
            Observation::Suspended(fact) => one(Concluded::Tripped(Tripped {
                scope: fact.scope.clone(),
                cause: fact.reason.clone(),
                tx: None,
                rule: None,
            })),
            Observation::ResumptionMoved(fact) => self.conclude_step(fact).into_iter().collect(),
            Observation::GuardLooked(_) => self.look(decider, stamp),
            Observation::GateSilent(fact) => self.conclude_silence(fact),
            _ => Vec::new(),
        }
    }

    /// What is held against what is entrusted: a rule for exposures may stop the asset.
    fn conclude_holdings(&self, decider: &Decider<'_>, fact: &HoldingsRead, stamp: Stamp) -> Vec<Concluded> {
        let Some((number, asset)) = self.asset(&fact.asset) else { return Vec::new() };
        if asset.holdings.as_ref().is_some_and(|known| known.at > fact.at.min(stamp.time)) {
            return Vec::new();
        }
        let keys = Keys { asset: number, chain: asset.chain, ..Keys::default() };
        let (held, entrusted) = (asset.units(fact.held), asset.units(fact.entrusted));
        let question = Question { keys, held, entrusted, hot: self.hot(number), ..Question::default() };
        let (reach, sides, rule) = match decider.exposure(self, &question) {
            Answer::Suspend { reach, sides, rule } => (reach, sides, rule),
            // A warning is news when it begins and when it ends.
            answer => {
                let rule = if let Answer::Warn(rule) = &answer { rule.clone() } else { None };
                let warns = answer != Answer::Nothing;
                let said = self.near.contains(&number) != warns;
                return said
                    .then(|| Exposed { asset: fact.asset.clone(), warns, rule })
                    .map(Concluded::Exposed)
                    .into_iter()
                    .collect();
            }
        };
        let what = if reach == "all" { Reach::All } else { Reach::Asset(fact.asset.clone()) };
        if self.stops.trip(&what).is_some_and(|stop| stop.stage == breaker::Stage::Stopped) {
            return Vec::new();
        }
        let cause = "what is held and what is entrusted do not fit".into();
        one(Concluded::Tripped(Tripped { scope: Scope { what, sides }, cause, tx: None, rule }))
    }

    fn conclude_step(&self, fact: &ResumptionMoved) -> Option<Concluded> {
        let stop = self.stops.trip(&fact.scope.what)?;
        stop.after(&fact.step)?;
        stop.is_taken(&fact.step)
            .then(|| Concluded::Resumed(Resumed { scope: stop.scope.clone(), step: fact.step.clone() }))
    }

    fn look(&self, decider: &Decider<'_>, stamp: Stamp) -> Vec<Concluded> {
        // What the gate holds the gate decides: a watch copies it.
        let due = if self.gate.is_none() { self.conclude_due(decider) } else { None };
        let mut out: Vec<Concluded> = due.into_iter().collect();
        out.extend(self.settle_awaited(decider, stamp, Instant::ALWAYS));
        for (number, chain) in self.chains.iter().enumerate() {
            let Some(chain) = chain.as_ref().filter(|chain| chain.is_halted(decider.now) && !chain.observed) else {
                continue;
            };
            let name = self.names.text(Kind::Chain, u32::try_from(number).unwrap_or(NOBODY));
            let what = Reach::Chain(name.into());
            if self.stops.pause(&what).is_none() && chain.heard.is_some() {
                let (scope, why) = (Scope { what, sides: Sides::Both }, "every source is silent".into());
                out.push(Concluded::Paused(Paused { scope, why }));
            }
        }
        out
    }

    /// How many fires burn when these conclusions are folded: 1 calm, 2 seen (a hold, a pause, an outflow that nothing covers, a ticket
    /// that nobody reviewed, a chain that is only observed), 3
    /// near (an exposure warns, or something is stopped in part), 4 crossed (a stop), 5 engaged (everything is stopped).
    fn fires_after(&self, observation: &Observation, list: &[Concluded]) -> u8 {
        let (mut held, mut near) = (self.held, self.near.len());
        let mut awaited = self.awaited().len();
        let mut seen = self.chains.iter().flatten().any(|chain| !chain.waiting.is_empty());
        seen |= self.observes_after(observation) || self.open_tickets_after(observation) > 0;
        let mut stops: Vec<(Reach, bool, bool)> = self
            .stops
            .all()
            .iter()
            .filter(|stop| !stop.is_retired())
            .map(|stop| {
                let reopening = matches!(stop.stage, breaker::Stage::Canary(..) | breaker::Stage::Percent(..));
                (stop.scope.what.clone(), stop.pause, reopening)
            })
            .collect();
        for conclusion in list {
            match conclusion {
                Concluded::Decided(d) => {
                    // Looked up only where it can matter: most withdrawals are allowed while nothing is held.
                    let is_held = |w: &state::Withdrawal| matches!(w.status, state::Status::Held(_));
                    let was = held > 0 && self.withdrawal(&d.id).is_some_and(|(_, w)| is_held(w));
                    let of_change =
                        || self.change(&d.id).is_some() || matches!(observation, Observation::PolicyAsked(_));
                    let is = matches!(d.verdict, Verdict::Hold(_)) && !of_change();
                    held = held.saturating_sub(u64::from(was)).saturating_add(u64::from(is));
                }
                Concluded::Credited(c) => {
                    let is_held = |credit: &credit::Credit| matches!(credit.status, state::Status::Held(_));
                    let was = held > 0 && self.credit(&c.credit).is_some_and(|(_, credit)| is_held(credit));
                    let is = matches!(c.verdict, Verdict::Hold(_));
                    held = held.saturating_sub(u64::from(was)).saturating_add(u64::from(is));
                }
                Concluded::Exposed(e) if e.warns => near = near.saturating_add(1),
                Concluded::Exposed(_) => near = near.saturating_sub(1),
                Concluded::Unmatched(u) => {
                    seen = true;
                    awaited = awaited.saturating_sub(usize::from(self.is_awaited(&u.tx)));
                }
                Concluded::Awaited(_) => awaited = awaited.saturating_add(1),
                Concluded::Matched(m) => awaited = awaited.saturating_sub(usize::from(self.is_awaited(&m.tx))),
                Concluded::Ticketed(t) => awaited = awaited.saturating_sub(usize::from(self.is_awaited(&t.tx))),
                Concluded::Mandated(m) => awaited = awaited.saturating_sub(usize::from(self.is_awaited(&m.tx))),
                Concluded::Paused(p) => stops.push((p.scope.what.clone(), true, false)),
                Concluded::Unpaused(scope) => stops.retain(|(what, pause, _)| !(*pause && *what == scope.what)),
                Concluded::Tripped(t) => {
                    stops.retain(|(what, pause, _)| *pause || *what != t.scope.what);
                    stops.push((t.scope.what.clone(), false, false));
                }
                Concluded::Resumed(r) => {
                    use crate::fact::ResumptionStep as Step;
                    let reopening = matches!(r.step, Step::Canary(_) | Step::Percent(_));
                    stops.retain(|(what, pause, _)| *pause || *what != r.scope.what);
                    let retired = self.stops.trip(&r.scope.what).is_some_and(|stop| stop.retires(&r.step));
                    if r.step != Step::Full && !retired {
                        stops.push((r.scope.what.clone(), false, reopening));
                    }
                }
                _ => {}
            }
        }
        let closed = |(_, pause, reopening): &&(Reach, bool, bool)| !pause && !reopening;
        if stops.iter().filter(closed).any(|(what, ..)| *what == Reach::All) {
            5
        } else if stops.iter().filter(closed).count() > 0 {
            4
        } else if near > 0 || stops.iter().any(|(_, pause, _)| !pause) {
            3
        } else if held > 0 || seen || awaited > 0 || !stops.is_empty() {
            2
        } else {
            1
        }
    }

    /// Whether a chain is only observed once this is folded: what nobody would stop is never calm.
    fn observes_after(&self, observation: &Observation) -> bool {
        let now = if let Observation::ChainWatched(fact) = observation { Some(fact) } else { None };
        let other = |number: usize| {
            let name = self.names.text(Kind::Chain, u32::try_from(number).unwrap_or(NOBODY));
            now.is_none_or(|fact| fact.chain != name)
        };
        now.is_some_and(|fact| fact.observed)
            || self.chains.iter().enumerate().any(|(at, c)| c.as_ref().is_some_and(|c| c.observed) && other(at))
    }

    fn open_tickets_after(&self, observation: &Observation) -> usize {
        let open = self.open_tickets().count();
        match observation {
            Observation::TicketSigned(_) => open.saturating_add(1),
            Observation::TicketReviewed(_) => open.saturating_sub(1),
            _ => open,
        }
    }

    /// Takes a fact in with what was concluded from it; `false` where it cannot be placed.
    pub(crate) fn fold(&mut self, observation: &Observation, concluded: &[Concluded], stamp: Stamp) -> bool {
        let placed = match observation {
            Observation::AssetListed(fact) => self.list_asset(fact),
            Observation::WalletRegistered(fact) => self.register(fact, stamp),
            Observation::PriceSeen(fact) => self.price(fact, stamp.time),
            Observation::WithdrawalAsked(fact) => self.fold_asked(fact, concluded, stamp),
            Observation::ApprovalGiven(fact) => self.fold_approval(fact, concluded, stamp),
            Observation::PayloadShown(fact) => self.fold_payload(fact, concluded),
            Observation::WithdrawalEnded(fact) => self.fold_ended(fact),
            Observation::BlockRead(fact) => self.fold_block(fact, concluded, stamp),
            Observation::CreditAsked(fact) => self.fold_credit(fact, concluded, stamp),
            Observation::EventDeclared(fact) => self.declare(fact),
            Observation::HoldingsRead(fact) => self.holdings(fact, stamp),
            Observation::ListChanged(fact) => self.change_list(fact, stamp.time),
            Observation::ResumptionMoved(fact) => match self.identity(&fact.by) {
                Some((_, identity)) => self.ask_step(&fact.scope, &fact.step, identity),
                None => false,
            },
            Observation::MandateSigned(fact) => self.mandate(fact),
            Observation::PolicyAsked(fact) => self.fold_change(fact, concluded, stamp),
            Observation::BalanceRead(fact) => self.balance(fact, stamp.time),
            Observation::ChainWatched(fact) => self.watch_chain(fact),
            Observation::PersonEnrolled(fact) => self.enrol(fact),
            Observation::KeyEnrolled(fact) => self.enrol_key(fact),
            Observation::GuardLooked(_) => {
                self.windows.advance(stamp.time);
                self.fold_decided(concluded, stamp);
                self.fold_awaited(concluded);
                true
            }
            Observation::TicketSigned(fact) => self.fold_ticket(fact, stamp),
            Observation::TicketReviewed(fact) => self.fold_review(fact),
            Observation::GateSigned(_) => {
                self.fold_awaited(concluded);
                true
            }
            Observation::Suspended(_)
            | Observation::GateEntry(_)
            | Observation::GatePinned(_)
            | Observation::GateSilent(_)
            | Observation::GateTold(_) => true,
            _ => false,
        };
        if let Some(change) = under(observation) {
            self.make(change, &makes(observation.kind(), &observation.encode()));
        }
        let by = match observation {
            Observation::Suspended(fact) => self.identity(&fact.by).map(|(_, identity)| identity),
            _ => None,
        };
        for conclusion in concluded {
            match conclusion {
                Concluded::Tripped(t) => self.stop(&t.scope, &t.cause, false, by, stamp),
                Concluded::Paused(p) => self.stop(&p.scope, &p.why, true, None, stamp),
                Concluded::Unpaused(scope) => self.unpause(scope),
                Concluded::Resumed(r) => self.take_step(&r.scope, &r.step),
                Concluded::Exposed(e) => {
                    let asset = self.asset(&e.asset).map(|(number, _)| number);
                    match (asset, e.warns) {
                        (Some(asset), true) => drop(self.near.insert(asset)),
                        (Some(asset), false) => drop(self.near.remove(&asset)),
                        _ => {}
                    }
                }
                Concluded::Fires(fires) => self.fires = *fires,
                _ => {}
            }
        }
        placed
    }

    /// Keeps the sums that the rules of a book ask for.
    pub(crate) fn ask_for(&mut self, book: &Book, words: &Words) {
        // A stop reopens by parts of what left within a day: of everything, of an asset, of a wallet.
        for axis in [Axis::Exchange, Axis::Asset, Axis::Wallet] {
            self.windows.ask(axis, 24 * HOUR);
        }
        for window in &book.windows {
            let Slot::Sum(axis) = words.slot(window.word) else { continue };
            let Some(Node::Literal(literal)) = window.length.map(|node| book.node(node)) else { continue };
            if let LiteralValue::Length(ms) = book.literals[literal.index()].value {
                self.windows.ask(axis, ms);
            }
        }
    }

    /// The next moment at which something that waits is due.
    pub fn next_due(&self, after: Instant) -> Instant {
        let from = (Instant(after.0.saturating_add(1)), state::Asked::Withdrawal(0));
        self.waiting.range(from..).next().map_or(Instant::NEVER, |(at, _)| *at)
    }

    /// What is left in hot wallets of an asset, in whole units.
    pub fn hot(&self, asset: u32) -> Option<Number> {
        let hot = self.wallets.iter().filter(|w| w.is_hot()).filter_map(|w| w.balances.get(&asset)).map(|(b, _)| *b);
        self.assets.get(asset as usize)?.units(hot.fold(0i128, i128::saturating_add))
    }
}

/// The change that a fact stands under.
fn under(observation: &Observation) -> Option<&str> {
    match observation {
        Observation::WalletRegistered(fact) => fact.change.as_deref(),
        Observation::MandateSigned(fact) => fact.change.as_deref(),
        Observation::EventDeclared(fact) => fact.change.as_deref(),
        Observation::ChainWatched(fact) => fact.change.as_deref(),
        Observation::PersonEnrolled(fact) => fact.change.as_deref(),
        Observation::KeyEnrolled(fact) => fact.change.as_deref(),
        _ => None,
    }
}

fn one(conclusion: Concluded) -> Vec<Concluded> {
    Vec::from([conclusion])
}
