//! Requests at moments fixed beforehand, or each as soon as the one before is answered.
//!
//! It promises that a request is late from the moment it was due: where every caller waits, those behind count their waiting, too (coordinated omission).

use super::super::world;
use super::client::{Answer, Client, Kind};
use crate::recorder::now;
use crate::trouble::Trouble;
use hdrhistogram::Histogram;
use rulebook::time::Instant;
use serde::Serialize;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant as Clock};

/// What is sent, and how.
pub struct Wanted<'w> {
    /// The gate.
    pub url: &'w str,
    /// Requests a second; none: as fast as they are answered.
    pub rate: Option<u64>,
    /// Requests in flight at most.
    pub callers: usize,
    /// For so long.
    pub time: Duration,
    /// A suspension so often.
    pub stops: Option<Duration>,
}

/// What was heard.
pub struct Heard {
    /// Withdrawals allowed.
    pub items: u64,
    /// From the first request due to the last one answered.
    pub took: Duration,
    /// Microseconds of a request from when it was due.
    pub late: Histogram<u64>,
    /// The same of suspensions.
    pub stops: Histogram<u64>,
    /// Requests refused as busy.
    pub busy: u64,
    /// Items with another answer.
    pub others: u64,
}

impl Heard {
    fn new() -> Result<Heard, Trouble> {
        let (late, stops) = (histogram()?, histogram()?);
        Ok(Heard { items: 0, took: Duration::ZERO, late, stops, busy: 0, others: 0 })
    }

    /// Withdrawals allowed a second.
    pub fn a_second(&self) -> u64 {
        self.items.saturating_mul(1_000) / u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX).max(1)
    }

    fn take(&mut self, answer: Answer, late: Duration) {
        self.items += answer.allowed;
        self.busy += u64::from(answer.busy);
        self.others += answer.others;
        self.late.saturating_record(micros(late));
    }

    fn add(&mut self, other: &Heard) {
        self.items += other.items;
        self.busy += other.busy;
        self.others += other.others;
        let _same = self.late.add(&other.late);
    }
}

/// Up to a minute in microseconds, to three digits.
fn histogram() -> Result<Histogram<u64>, Trouble> {
    Histogram::new_with_bounds(1, 60_000_000, 3).map_err(|e| Trouble::no(e.to_string(), "report this as a bug"))
}

fn micros(took: Duration) -> u64 {
    u64::try_from(took.as_micros()).unwrap_or(u64::MAX)
}

#[derive(Serialize)]
struct Item<'i> {
    id: &'i str,
    wallet: &'i str,
    asset: &'i str,
    amount: String,
    destination: &'i str,
    customer: &'i str,
    second_factor: Option<&'i str>,
    at: i64,
}

#[derive(Serialize)]
struct Batch<'i> {
    items: Vec<Item<'i>>,
}

/// Bodies of requests: how many items each holds, and its bytes. Numbers go on from `from`.
pub fn bodies(from: u64, customers: u64, requests: u64, batch: usize) -> Result<Vec<(u64, Vec<u8>)>, Trouble> {
    let mut dice = world::Dice::new(from);
    let at = Instant(now());
    let trouble = |e: String| Trouble::no(e, "report this as a bug");
    (0..requests)
        .map(|request| {
            let first = from + request * batch as u64;
            let asked: Vec<_> = (first..first + batch as u64)
                .map(|number| world::withdrawal(number, dice.roll() % customers.max(1), at))
                .collect();
            let items: Vec<Item<'_>> = asked
                .iter()
                .map(|a| Item {
                    id: &a.id,
                    wallet: &a.wallet,
                    asset: &a.asset,
                    amount: a.amount.to_string(),
                    destination: &a.destination,
                    customer: &a.customer,
                    second_factor: a.second_factor.as_deref(),
                    at: a.at.0,
                })
                .collect();
            let mut bytes = Vec::new();
            match items.as_slice() {
                [one] if batch == 1 => serde_json::to_writer(&mut bytes, one).map_err(|e| trouble(e.to_string()))?,
                _ => ciborium::into_writer(&Batch { items }, &mut bytes).map_err(|e| trouble(e.to_string()))?,
            }
            Ok((batch as u64, bytes))
        })
        .collect()
}

/// Sends.
pub fn load(wanted: &Wanted<'_>, kind: Kind, bodies: &[(u64, Vec<u8>)]) -> Result<Heard, Trouble> {
    let (next, over) = (AtomicU64::new(0), AtomicBool::new(false));
    let began = Clock::now();
    std::thread::scope(|scope| {
        let stopper = wanted.stops.map(|every| {
            scope.spawn({
                let over = &over;
                move || suspensions(wanted.url, every, began, over)
            })
        });
        let one = || call(wanted, kind, bodies, &next, began);
        let callers: Vec<_> = (0..wanted.callers).map(|_| scope.spawn(one)).collect();
        let mut heard = Heard::new()?;
        for caller in callers {
            let own = caller.join().map_err(|_| Trouble::no("a caller panicked", "report this as a bug"))??;
            heard.add(&own);
        }
        heard.took = began.elapsed();
        over.store(true, Relaxed);
        if let Some(stopper) = stopper {
            heard.stops = stopper.join().map_err(|_| Trouble::no("a caller panicked", "report this as a bug"))??;
        }
        Ok(heard)
    })
}

fn call(
    wanted: &Wanted<'_>,
    kind: Kind,
    bodies: &[(u64, Vec<u8>)],
    next: &AtomicU64,
    began: Clock,
) -> Result<Heard, Trouble> {
    let client = Client::new(wanted.url, "asks")?;
    let mut heard = Heard::new()?;
    loop {
        let number = next.fetch_add(1, Relaxed);
        let body = usize::try_from(number).ok().and_then(|number| bodies.get(number));
        let Some((items, body)) = body else { return Ok(heard) };
        let due = match wanted.rate {
            Some(rate) => {
                let due = Duration::from_micros(number.saturating_mul(1_000_000) / rate);
                std::thread::sleep(due.saturating_sub(began.elapsed()));
                due
            }
            None => began.elapsed(),
        };
        if due >= wanted.time {
            return Ok(heard);
        }
        let answer = client.ask(kind, body, *items)?;
        heard.take(answer, began.elapsed().saturating_sub(due));
    }
}

fn suspensions(url: &str, every: Duration, began: Clock, over: &AtomicBool) -> Result<Histogram<u64>, Trouble> {
    let client = Client::new(url, "stops")?;
    let mut late = histogram()?;
    for turn in 1u32.. {
        let due = every * turn;
        std::thread::sleep(due.saturating_sub(began.elapsed()));
        if over.load(Relaxed) {
            break;
        }
        client.suspend()?;
        late.saturating_record(micros(began.elapsed().saturating_sub(due)));
    }
    Ok(late)
}
