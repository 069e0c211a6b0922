//! One drill from its month to its end: the month is lived once, then each play begins where it ended.

use super::case::{Case, Means, Payload};
use super::guarded::{Guarded, Taped};
use super::outcome::{Credits, Evacuated, Outcome, Stop};
use super::takes;
use super::tally::{Answered, Tally};
use super::world::{Step, World};
use crate::trouble::Trouble;
use kernel::fact::{CreditAsked, Effect, Moves, Observation, PayloadShown};
use kernel::guard::conclusion::{Concluded, Verdict};
use rulebook::page::Source;
use rulebook::time::Instant;

/// What is tried.
pub struct Options {
    /// Everything that is drawn is drawn from it.
    pub seed: u64,
    /// Withdrawals of the ordinary month.
    pub transfers: u64,
    /// The policy with its calendars.
    pub policy: Vec<Source>,
    /// The month and the incident as it would be are wanted as a journal.
    pub taped: bool,
}

/// After the last outflow the world goes on for two hours, so that what was held or evacuated comes to its end.
const AFTER: i64 = 2 * 3_600_000;

/// Runs a drill; the tape is that of the gate.
pub fn run(case: &Case, options: &Options) -> Result<(Outcome, Option<Vec<Taped>>), Trouble> {
    let first = Instant(case.start.0.saturating_sub(super::traffic::MONTH));
    let guard = Guarded::new(&case.header.exchange, &options.policy, first, options.taped)?;
    let mut world = World::new(case, guard, options.seed, options.transfers)?;
    world.until(case.start)?;
    let month = std::mem::take(&mut world.tally);
    world.begin();

    let mut play = play(&world, takes::EVACUATION)?;
    // The other plays are variations: the tape is that of the first.
    let tape = play.guard.untape();
    world.guard.untape();
    let mut evacuated = Vec::new();
    if case.header.means == Means::Key {
        for start in [takes::EVACUATION, 60_000, takes::PERSON, 1_800_000] {
            let tally = self::play(&world, start)?.tally;
            evacuated.push(Evacuated { start, loss: sum(&tally), last: tally.moved.iter().map(|m| m.at).max() });
        }
    }
    let asked = match case.header.means {
        Means::Ledger => Tally::default(),
        _ => asked(&world)?,
    };
    let credits = if case.credits.is_empty() { None } else { Some(credits(world.clone())?) };
    Ok((outcome(case, options, month, &play, evacuated, asked, credits), tape))
}

/// The incident as it would be.
fn play<'c>(world: &World<'c>, start: i64) -> Result<World<'c>, Trouble> {
    let mut world = world.clone();
    world.evacuation = start;
    let case = world.case;
    match case.header.means {
        Means::Key => world.thief(),
        Means::Gate => {
            rewritten(&mut world)?;
            world.thief();
        }
        Means::Payload => {
            for payload in &case.payloads {
                world.later(payload.at, Step::Recorded(Box::new(shown(case, payload))));
            }
            let last = case.payloads.iter().map(|p| p.at).max().unwrap_or(case.start);
            world.until(last.plus(1))?;
            // What the gate refuses is not signed; one payload that passes is enough for the thief.
            if world.tally.shown.iter().any(|(_, verdict, _)| *verdict == Verdict::Allow) {
                world.thief();
            } else {
                world.missed_all();
            }
        }
        Means::Ledger => {}
    }
    world.until(end(case))?;
    Ok(world)
}

fn end(case: &Case) -> Instant {
    let last = case.outflows.iter().map(|o| o.at).chain(case.credits.iter().map(|c| c.at)).max();
    last.unwrap_or(case.start).plus(AFTER)
}

fn shown(case: &Case, payload: &Payload) -> Observation {
    let effect = Effect {
        asset: case.assets[payload.asset].id.clone(),
        amount: payload.amount,
        destination: payload.destination.clone(),
        tag: None,
        operation: payload.operation.clone(),
    };
    let (exchange, withdrawal) = (case.header.exchange.clone(), payload.request.clone());
    PayloadShown { exchange, withdrawal, effect: vec![effect], at: payload.at }.into()
}

/// The gate decides by other pages from now on, and tells nobody; the watch keeps the adopted ones.
fn rewritten(world: &mut World<'_>) -> Result<(), Trouble> {
    let case = world.case;
    let watch = world.guard.clone();
    let text = case.gate.clone().unwrap_or_default();
    let pages = super::guarded::with_bases(vec![Source { path: "policy/gate.md".into(), text }])?;
    world.guard.rewrite(case.start, &pages)?;
    world.watch = Some(watch);
    Ok(())
}

/// What the rules say where each of the thief's transfers is asked of an honest gate.
fn asked(world: &World<'_>) -> Result<Tally, Trouble> {
    let mut world = world.clone();
    let case = world.case;
    for (place, outflow) in case.outflows.iter().enumerate() {
        // Power over a wallet is not asked for as a withdrawal; no gate signs it away.
        if outflow.what == Moves::Amount {
            let asked = world.thiefs(place, outflow.at);
            world.later(outflow.at, Step::Ask(Box::new(asked)));
        }
    }
    world.until(end(case))?;
    Ok(world.tally)
}

/// The credits, one by one.
fn credits(mut world: World<'_>) -> Result<Credits, Trouble> {
    let case = world.case;
    let mut credits = Credits::default();
    for (number, credit) in case.credits.iter().enumerate() {
        world.until(credit.at)?;
        let asset = &case.assets[credit.asset];
        let fact = CreditAsked {
            exchange: case.header.exchange.clone(),
            id: format!("credit-{number}"),
            customer: format!("winner-{number}"),
            asset: asset.id.clone(),
            amount: credit.amount,
            event: Some(credit.event.clone()),
            deposit: None,
            at: credit.at,
        };
        let won = asset.won(credit.amount);
        credits.asked.add(won);
        for concluded in world.tell(credit.at, fact.into())? {
            let Concluded::Credited(credited) = concluded else { continue };
            let unit = || credited.hint.as_ref().map(|_| "an error of unit".to_string());
            let by = credited.rule.clone().or_else(unit).unwrap_or_default();
            let answered = Answered { verdict: credited.verdict.name(), by };
            credits.answered.entry(answered).or_default().add(won);
            if credited.verdict == Verdict::Allow {
                credits.posted.push((credit.at, number, won));
            } else if credits.first.is_none() {
                credits.first = Some((credit.at, credited.hint.unwrap_or_default()));
            }
        }
    }
    Ok(credits)
}

fn sum(tally: &Tally) -> i128 {
    tally.taken.iter().map(|(_, _, won)| won).sum()
}

fn outcome(
    case: &Case,
    options: &Options,
    month: Tally,
    play: &World<'_>,
    evacuated: Vec<Evacuated>,
    asked: Tally,
    credits: Option<Credits>,
) -> Outcome {
    let fact: Vec<(Instant, i128)> = match &credits {
        None => case.outflows.iter().map(|o| (o.at, case.assets[o.asset].won(o.amount))).collect(),
        Some(_) => case.credits.iter().map(|c| (c.at, case.assets[c.asset].won(c.amount))).collect(),
    };
    let would: Vec<(Instant, i128)> = match &credits {
        None => play.tally.taken.iter().map(|(at, _, won)| (*at, *won)).collect(),
        Some(credits) => credits.posted.iter().map(|(at, _, won)| (*at, *won)).collect(),
    };
    let stop = play.tally.trips.first().map(|(at, cause)| Stop {
        at: *at,
        cause: cause.clone(),
        before: would.iter().filter(|(when, _)| when <= at).map(|(_, won)| won).sum(),
    });
    Outcome {
        seed: options.seed,
        policy: options.policy.iter().map(|s| s.path.clone()).filter(|p| !p.starts_with("law/")).collect(),
        month,
        fact: running(&fact),
        would: running(&would),
        transfers: fact.len(),
        stop,
        moved: play.tally.moved.clone(),
        stuck: play.tally.stuck.clone(),
        requested: play.requested().to_vec(),
        shown: play.tally.shown.clone(),
        evacuated,
        asked: asked.answered,
        credits,
    }
}

/// The sum so far after each.
fn running(list: &[(Instant, i128)]) -> Vec<(Instant, i128)> {
    let mut sum = 0_i128;
    let mut running: Vec<(Instant, i128)> = Vec::new();
    for (at, won) in list {
        sum = sum.saturating_add(*won);
        match running.last_mut() {
            Some((last, total)) if last == at => *total = sum,
            _ => running.push((*at, sum)),
        }
    }
    running
}
