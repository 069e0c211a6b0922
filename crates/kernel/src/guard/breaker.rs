//! What is stopped, why, by whom, and how far its resumption has come.
//!
//! A pause ends by itself when its cause ends. A trip is one-way: it ends by steps that two enrolled people ask for, none of
//! whom stopped it. `docs/guard.md` draws the steps.

use super::names::{Kind, NOBODY};
use super::state::{Guard, Wallet};
use super::windows::Axis;
use crate::fact::{Cause, Reach, ResumptionStep, Scope, Sides};
use crate::known::Stamp;
use crate::planted::{Bug, is};
use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::vec::Vec;
use journal::Hash;
use rulebook::time::{HOUR, Instant};

const DAY: i64 = 24 * HOUR;

/// How far a resumption has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Nothing passes.
    Stopped,
    /// The cause is on record.
    Explained(Cause),
    /// Ledger and chain agree.
    Reconciled(Cause),
    /// Supervisor and users know.
    Told(Cause),
    /// A small amount a day passes: a cap in won.
    Canary(Cause, i128),
    /// A part of the usual volume a day passes, in per cent.
    Percent(Cause, u8),
}

/// One stop.
#[derive(Clone, Debug)]
pub struct Stop {
    /// What it covers.
    pub scope: Scope,
    /// The same in numbers.
    what: Covered,
    /// The entry that made it, or made it anew.
    pub since: Stamp,
    /// Why.
    pub cause: String,
    /// It ends by itself.
    pub pause: bool,
    /// Who stopped it: these people do not reopen it.
    pub by: Vec<Hash>,
    /// How far its resumption has come.
    pub stage: Stage,
    /// Who asked for which step.
    pub asked: Vec<(ResumptionStep, Hash)>,
    /// What left of what it covers within a day before it, in whole won.
    pub usual: i128,
    /// What passed within a day, however often it began to reopen.
    passed: VecDeque<(Instant, i128)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Covered {
    All,
    Domain(u32),
    Chain(u32),
    Asset(u32),
    Wallet(u32),
}

/// All stops; a handful.
#[derive(Clone, Debug, Default)]
pub struct Stops {
    list: Vec<Stop>,
}

/// Where something that would pass lies.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct Place {
    pub wallet: u32,
    pub domain: u32,
    pub chain: u32,
    pub asset: u32,
}

/// Whether something may pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Passage<'s> {
    /// Nothing stands in the way.
    Open,
    /// It waits for the end of a pause.
    Paused(&'s str),
    /// It waits because the cap of a resumption is used up.
    Capped(i128),
    /// It may not pass.
    Stopped(&'s str),
}

impl Covered {
    fn covers(self, place: &Place) -> bool {
        match self {
            Covered::All => true,
            Covered::Domain(domain) => place.domain == domain,
            Covered::Chain(chain) => place.chain == chain,
            Covered::Asset(asset) => place.asset == asset,
            Covered::Wallet(wallet) => place.wallet == wallet,
        }
    }
}

fn is_on(sides: Sides, side: Sides) -> bool {
    sides == Sides::Both || sides == side
}

impl Stop {
    /// What may pass within a day; none while nothing may.
    fn cap(&self) -> Option<i128> {
        match self.stage {
            Stage::Canary(_, cap) => Some(cap),
            Stage::Percent(_, percent) => self.usual.checked_mul(i128::from(percent))?.checked_div(100),
            _ => None,
        }
    }

    /// What passed within the day that ends at a moment.
    fn passed(&self, now: Instant) -> i128 {
        let after = now.plus(-DAY);
        let inside = self.passed.iter().filter(|(at, _)| *at > after).map(|(_, won)| *won);
        inside.fold(0, i128::saturating_add)
    }

    /// The stage a step leads to; `None` where it does not follow.
    pub fn after(&self, step: &ResumptionStep) -> Option<Stage> {
        Some(match (&self.stage, step) {
            (Stage::Stopped, ResumptionStep::Cause(cause)) => Stage::Explained(*cause),
            (Stage::Explained(cause), ResumptionStep::Reconciled) => Stage::Reconciled(*cause),
            (Stage::Reconciled(cause), ResumptionStep::Told) => Stage::Told(*cause),
            // The wallets of a lost key never come back: new ones do.
            (Stage::Told(Cause::Key), _) if matches!(self.scope.what, Reach::Domain(_) | Reach::Wallet(_)) => {
                return None;
            }
            (Stage::Told(cause), ResumptionStep::Canary(cap)) if *cap > 0 => Stage::Canary(*cause, *cap),
            (Stage::Canary(cause, _), ResumptionStep::Percent(p)) if (1..100).contains(p) => Stage::Percent(*cause, *p),
            (Stage::Percent(cause, was), ResumptionStep::Percent(p)) if p > was && *p < 100 => {
                Stage::Percent(*cause, *p)
            }
            // Full takes the stop away; the stage before it is the last.
            (Stage::Percent(..), ResumptionStep::Full) => self.stage.clone(),
            (Stage::Canary(cause, _) | Stage::Percent(cause, _), ResumptionStep::Back) => Stage::Told(*cause),
            _ => return None,
        })
    }

    /// Whether nothing is left to reopen: the wallets of a lost key, once everybody is told. They stay stopped, and life goes on
    /// in other wallets.
    pub fn is_retired(&self) -> bool {
        self.stage == Stage::Told(Cause::Key) && matches!(self.scope.what, Reach::Domain(_) | Reach::Wallet(_))
    }

    /// Whether a step retires it.
    pub fn retires(&self, step: &ResumptionStep) -> bool {
        self.after(step).is_some_and(|stage| Stop { stage, ..self.clone() }.is_retired())
    }

    /// Whether a step is taken when one more person asks for it. Going back needs one.
    pub fn is_taken(&self, step: &ResumptionStep) -> bool {
        *step == ResumptionStep::Back || is(Bug::OnePersonResumes) || self.asked.iter().any(|(other, _)| other == step)
    }
}

impl Stops {
    /// All of them.
    pub fn all(&self) -> &[Stop] {
        &self.list
    }

    /// Whether people must reopen something.
    pub fn is_incident(&self) -> bool {
        self.list.iter().any(|stop| !stop.pause && !stop.is_retired())
    }

    /// The trip that covers exactly this.
    pub fn trip(&self, what: &Reach) -> Option<&Stop> {
        self.list.iter().find(|stop| !stop.pause && stop.scope.what == *what)
    }

    /// The pause that covers exactly this.
    pub fn pause(&self, what: &Reach) -> Option<&Stop> {
        self.list.iter().find(|stop| stop.pause && stop.scope.what == *what)
    }

    /// Whether something at a place may pass to a side at a moment, worth so much.
    pub fn passage(&self, place: &Place, side: Sides, won: Option<i128>, now: Instant) -> Passage<'_> {
        let mut passage = Passage::Open;
        for stop in self.list.iter().filter(|stop| is_on(stop.scope.sides, side) && stop.what.covers(place)) {
            if stop.pause {
                if passage == Passage::Open {
                    passage = Passage::Paused(&stop.cause);
                }
                continue;
            }
            let Some(cap) = stop.cap() else { return Passage::Stopped(&stop.cause) };
            let fits = won.and_then(|won| stop.passed(now).checked_add(won)).is_some_and(|sum| sum <= cap);
            if !fits {
                passage = Passage::Capped(cap);
            }
        }
        passage
    }

    /// Counts what passed under a cap.
    pub(super) fn pass(&mut self, place: &Place, won: Option<i128>, now: Instant) {
        for stop in self.list.iter_mut().filter(|stop| !stop.pause && stop.what.covers(place)) {
            stop.passed.push_back((now, won.unwrap_or(0)));
            while stop.passed.front().is_some_and(|(at, _)| *at <= now.plus(-DAY)) {
                stop.passed.pop_front();
            }
        }
    }
}

impl Guard {
    fn covered(&self, what: &Reach) -> Covered {
        // What was never named covers nothing that exists, and says so by a number that nothing has.
        let number = |kind, name: &str| self.names.find(kind, NOBODY, name).unwrap_or(NOBODY);
        match what {
            Reach::All => Covered::All,
            Reach::Domain(name) => Covered::Domain(number(Kind::Domain, name)),
            Reach::Chain(name) => Covered::Chain(number(Kind::Chain, name)),
            Reach::Asset(name) => Covered::Asset(number(Kind::Asset, name)),
            Reach::Wallet(name) => Covered::Wallet(number(Kind::Wallet, name)),
        }
    }

    /// Whether a stop names something that exists.
    pub fn is_known(&self, what: &Reach) -> bool {
        match self.covered(what) {
            Covered::All => true,
            Covered::Domain(n) | Covered::Chain(n) | Covered::Asset(n) | Covered::Wallet(n) => n != NOBODY,
        }
    }

    /// What left within a day of all that a stop covers, in whole won.
    fn left_within_a_day(&self, what: Covered, now: Instant) -> i128 {
        let sum = |axis, key| self.windows.sum(axis, key, DAY, now).map_or(0, |sum| sum.won);
        let of_wallets = |is: &dyn Fn(&Wallet) -> bool| {
            let numbers = (0u32..).zip(&self.wallets).filter(|(_, wallet)| is(wallet)).map(|(number, _)| number);
            numbers.map(|number| sum(Axis::Wallet, number)).fold(0, i128::saturating_add)
        };
        match what {
            Covered::All => sum(Axis::Exchange, 0),
            Covered::Asset(asset) => sum(Axis::Asset, asset),
            Covered::Wallet(wallet) => sum(Axis::Wallet, wallet),
            Covered::Domain(domain) => of_wallets(&|wallet| wallet.domain == domain),
            Covered::Chain(chain) => of_wallets(&|wallet| wallet.chain == chain),
        }
    }

    /// Stops something, or stops it anew: what had begun to reopen is back at a stop.
    pub(super) fn stop(&mut self, scope: &Scope, cause: &str, pause: bool, by: Option<Hash>, since: Stamp) {
        if is(Bug::TripNotFolded) && !pause {
            return;
        }
        let what = self.covered(&scope.what);
        let usual = self.left_within_a_day(what, since.time);
        let found = self.stops.list.iter_mut().find(|stop| stop.pause == pause && stop.what == what);
        match found {
            Some(stop) => {
                if stop.scope.sides != scope.sides {
                    stop.scope.sides = Sides::Both;
                }
                stop.stage = Stage::Stopped;
                stop.since = since;
                stop.cause = cause.into();
                stop.asked.clear();
                stop.by.extend(by);
            }
            None => self.stops.list.push(Stop {
                scope: scope.clone(),
                what,
                since,
                cause: cause.into(),
                pause,
                by: by.into_iter().collect(),
                stage: Stage::Stopped,
                asked: Vec::new(),
                usual,
                passed: VecDeque::new(),
            }),
        }
    }

    /// Ends a pause.
    pub(super) fn unpause(&mut self, scope: &Scope) {
        let what = self.covered(&scope.what);
        self.stops.list.retain(|stop| !(stop.pause && stop.what == what));
    }

    /// Notes who asked for a step.
    pub(super) fn ask_step(&mut self, scope: &Scope, step: &ResumptionStep, by: Hash) -> bool {
        let what = self.covered(&scope.what);
        let Some(stop) = self.stops.list.iter_mut().find(|stop| !stop.pause && stop.what == what) else { return false };
        stop.asked.retain(|(_, who)| *who != by);
        stop.asked.push((step.clone(), by));
        true
    }

    /// Takes a step.
    pub(super) fn take_step(&mut self, scope: &Scope, step: &ResumptionStep) {
        let what = self.covered(&scope.what);
        if *step == ResumptionStep::Full {
            self.stops.list.retain(|stop| stop.pause || stop.what != what);
            return;
        }
        let Some(stop) = self.stops.list.iter_mut().find(|stop| !stop.pause && stop.what == what) else { return };
        if let Some(stage) = stop.after(step) {
            stop.stage = stage;
            stop.asked.clear();
        }
    }
}
