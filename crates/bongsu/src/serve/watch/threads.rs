//! What runs beside a watch's server: the copying of the gate, the sources, the one who tells the gate, and the clock.
//!
//! It promises that each goes on after trouble and says it once, and that all end when the watch ends.

use super::{Pins, Watch, setup};
use crate::recorder::now;
use crate::trouble::Trouble;
use crate::walk;
use crate::watch::gate::Gate;
use crate::watch::pull::{Desk, Pull};
use crate::watch::source::{BlockSource, FileSource};
use crate::watch::tell;
use kernel::body::Body;
use kernel::fact::{BlockRead, GuardLooked, Observation, Reach, Scope};
use kernel::guard::names::Kind;
use rulebook::time::Instant;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;
use std::thread::JoinHandle;
use std::time::Duration;

/// How often time that passed is looked at: a grace of two seconds is kept to a fortieth.
const LOOK: Duration = Duration::from_millis(50);
/// Between looks at a file that did not grow, and between attempts at a gate that does not answer.
const IDLE: Duration = Duration::from_millis(10);
const AGAIN: Duration = Duration::from_millis(200);
/// Blocks of one submission: they share one sync, and the first waits for the last.
const BLOCKS: usize = 64;

/// The block that each source of each chain told last, as the journal has it.
pub type Heard = BTreeMap<(String, String), String>;

/// Reads it.
pub fn heard(dir: &Path) -> Result<Heard, Trouble> {
    let mut heard = Heard::new();
    walk::each(dir, |stamp, header, body| {
        if let Some(body) = body.filter(|_| header.kind == BlockRead::KIND) {
            let body = Body::decode(header.kind, body).map_err(|e| walk::unreadable(stamp.index, &e))?;
            if let Observation::BlockRead(block) = body.observation {
                heard.insert((block.chain, block.source), block.hash);
            }
        }
        Ok(())
    })?;
    Ok(heard)
}

/// Starts all of them.
pub fn start(
    watch: &Arc<Watch>,
    pins: &Pins,
    told: Receiver<(Scope, String)>,
    heard: &Heard,
) -> Result<Vec<JoinHandle<()>>, Trouble> {
    let mut threads = Vec::new();
    let mut pull = Pull::new(Gate::new(&pins.gate, pins.signer.clone()), &pins.exchange, pins.key.clone());
    threads.push(spawn(watch, "gate", AGAIN, move |watch| pull.step(watch).map(|()| true))?);
    threads.push(spawn(watch, "clock", LOOK, |watch| look(watch).map(|()| false))?);
    for (chain, config) in setup::chains(pins.blocks.as_deref())? {
        for source in config.sources {
            let Some(folder) = &pins.blocks else { continue };
            let path = folder.join(&chain).join(format!("{source}.jsonl"));
            let behind = heard.get(&(chain.clone(), source.clone())).map(String::as_str);
            let mut from = FileSource::new(&path, &pins.exchange, &chain, &source, behind);
            let principal = source.clone();
            threads.push(spawn(watch, &source, IDLE, move |watch| follow(watch, &mut from, &principal))?);
        }
    }
    // What is stopped and was never acknowledged is told again after a restart; what was told twice is stopped once.
    let stopped: Vec<(Scope, String)> = watch.state.read(|state| {
        let stops = state.guard(&pins.exchange).map(|guard| guard.stops.all()).unwrap_or_default();
        stops.iter().filter(|stop| !stop.pause).map(|stop| (stop.scope.clone(), stop.cause.clone())).collect()
    });
    for (scope, cause) in stopped {
        watch.tell(scope, cause);
    }
    let (gate, desk, exchange) = (Gate::new(&pins.gate, pins.signer.clone()), watch.clone(), pins.exchange.clone());
    let run = move || tell::run(&gate, &exchange, &told, &desk);
    let spawned = std::thread::Builder::new().name("tell".into()).spawn(run);
    threads.push(spawned.map_err(|e| Trouble::new(format!("no thread: {e}"), "too many threads?"))?);
    Ok(threads)
}

/// A thread that takes steps until the watch ends; it rests where a step had nothing to do or went wrong.
fn spawn(
    watch: &Arc<Watch>,
    name: &str,
    rest: Duration,
    mut step: impl FnMut(&Arc<Watch>) -> Result<bool, Trouble> + Send + 'static,
) -> Result<JoinHandle<()>, Trouble> {
    let (watch, title) = (watch.clone(), name.to_string());
    let run = move || {
        let mut said = String::new();
        while !watch.ends.load(Ordering::Acquire) {
            match step(&watch) {
                Ok(true) => said.clear(),
                Ok(false) => std::thread::sleep(rest),
                Err(trouble) => {
                    if trouble.what != said {
                        eprintln!("{title}: {trouble}");
                    }
                    said = trouble.what;
                    std::thread::sleep(rest.max(AGAIN));
                }
            }
        }
    };
    let spawned = std::thread::Builder::new().name(name.into()).spawn(run);
    spawned.map_err(|e| Trouble::new(format!("no thread for {name}: {e}"), "too many threads?"))
}

/// Takes in what a source has; whether there was anything.
fn follow(watch: &Arc<Watch>, source: &mut impl BlockSource, name: &str) -> Result<bool, Trouble> {
    let mut blocks: Vec<Observation> = Vec::new();
    let mut wrong = None;
    while blocks.len() < BLOCKS {
        match source.next() {
            Ok(Some(block)) => blocks.push(block.into()),
            Ok(None) => break,
            Err(why) => {
                wrong = Some(Trouble::no(why, "the source goes on behind it; docs/blocks.md has the form"));
                break;
            }
        }
    }
    let some = !blocks.is_empty();
    if some {
        watch.submit(blocks, name)?;
    }
    wrong.map_or(Ok(some), Err)
}

/// Says that time passed where something waits for it.
fn look(watch: &Arc<Watch>) -> Result<(), Trouble> {
    let at = Instant(now());
    let due = watch.state.read(|state| {
        let guard = state.guard(&watch.exchange)?;
        let over = guard.awaited().any(|until| until <= at);
        let silent = guard.chains.iter().enumerate().any(|(number, chain)| {
            let name = || guard.names.text(Kind::Chain, u32::try_from(number).unwrap_or(u32::MAX)).to_string();
            chain.as_ref().is_some_and(|chain| {
                chain.is_halted(at) && !chain.observed && guard.stops.pause(&Reach::Chain(name())).is_none()
            })
        });
        (over || silent).then_some(())
    });
    if due.is_some() {
        watch.record(vec![GuardLooked { exchange: watch.exchange.clone(), at }.into()])?;
    }
    Ok(())
}
