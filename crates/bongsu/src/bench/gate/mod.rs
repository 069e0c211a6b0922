//! `bongsu bench gate`: a gate in a process of its own, over loopback, with every answer synced to the disk, and the client on the same processors.
//!
//! It promises that a latency counts from the moment a request was due, whether or not the client got round to sending it, and that every item of every
//! answer is an allow: other answers are counted by themselves and make the run fail. It must never know how the gate is built.
//!
//! - [`client`]: signed requests over connections that are kept; [`load`]: requests at a fixed rate, or as fast as they are answered

pub mod client;
pub mod load;

use super::world::{self, EXCHANGE};
use crate::recorder::now;
use crate::serve::{Kernel, Shared, observation};
use crate::store::sequencer::{Clock as Time, Sequencer};
use crate::store::{Founding, Store};
use crate::trouble::Trouble;
use client::{Client, Kind, key};
use journal::note::Algorithm;
use kernel::fact::{KeyEnrolled, Observation, Role};
use kernel::state::State;
use load::{Heard, Wanted};
use rulebook::time::{HOUR, Instant};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant as Clock};

/// How much is measured.
#[derive(Clone, Debug)]
pub struct Size {
    /// A new folder for the gate's journal.
    pub data: PathBuf,
    /// Customers, each with a withdrawal on record before the gate starts.
    pub customers: u64,
    /// Withdrawals of a batch.
    pub batch: usize,
    /// Batches in flight where they go as fast as they are answered.
    pub callers: usize,
    /// Seconds of each step.
    pub seconds: u64,
    /// Print JSON.
    pub json: bool,
}

/// Withdrawals a second that bodies are laid out for where nothing sets the rate; when they are used up the step ends.
const MOST: u64 = 450_000;

/// One step of the measurement.
struct Step {
    name: &'static str,
    rate: Option<u64>,
    heard: Heard,
}

struct System;

impl Time for System {
    fn now(&self) -> i64 {
        now()
    }
}

/// Measures and prints.
pub fn run(size: &Size) -> Result<(), Trouble> {
    let sync = device(&size.data)?;
    let before = Clock::now();
    prepare(size)?;
    eprintln!("{} customers on record after {:.1?}", size.customers, before.elapsed());
    let began = Clock::now();
    let mut gate = Gate::start(&size.data)?;
    let restart = began.elapsed();
    // A gate takes no signature of before it started, nor of its first seconds.
    std::thread::sleep(Duration::from_secs(3));
    let traffic = Traffic { size, url: gate.url.clone(), next: size.customers };
    let steps = traffic.steps()?;
    let memory = gate.memory();
    gate.stop();
    let wrong: u64 = steps.iter().map(|step| step.heard.others).sum();
    let report = json!({
        "customers": size.customers, "batch": size.batch, "seconds": size.seconds,
        "fdatasync_us": {"p50": sync[0], "p99": sync[1]},
        "restart_ms": u64::try_from(restart.as_millis()).unwrap_or(0), "resident_bytes": memory,
        "steps": steps.iter().map(Step::json).collect::<Vec<_>>(),
    });
    if size.json {
        println!("{report:#}")
    } else {
        print(&report, &steps)
    }
    if wrong == 0 {
        return Ok(());
    }
    Err(Trouble::no(
        format!("{wrong} answers were no allow"),
        "the figures are of something else; look at the gate's journal",
    ))
}

/// Microseconds of an fdatasync behind 4 KiB on this disk: p50 and p99 of 500.
fn device(dir: &Path) -> Result<[u64; 2], Trouble> {
    std::fs::create_dir_all(dir).map_err(|e| Trouble::file(dir, &e))?;
    let path = dir.join("device");
    let wrong = |e: std::io::Error| Trouble::file(&path, &e);
    let mut file = File::create(&path).map_err(wrong)?;
    let mut took = Vec::new();
    for _ in 0..500 {
        file.write_all(&[7; 4096]).map_err(wrong)?;
        let began = Clock::now();
        file.sync_data().map_err(wrong)?;
        took.push(u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX));
    }
    std::fs::remove_file(&path).map_err(wrong)?;
    took.sort_unstable();
    Ok([took[250], took[495]])
}

fn folder(dir: &Path) -> PathBuf {
    dir.join("gate")
}

/// Writes the gate's journal: its policy, its keys, and one withdrawal of each customer.
fn prepare(size: &Size) -> Result<(), Trouble> {
    let founding = Founding { role: "gate", semantics: kernel::SEMANTICS, offline_root: None, time: now() - 3 * HOUR };
    let store = Store::create(&folder(&size.data), &founding)?;
    let state = Shared::new(State::new(kernel::words::vocabulary()).keyed([1, 2]));
    let sequencer = Sequencer::start(store, Kernel(state), System)?;
    let door = sequencer.door();
    let submit = |facts: Vec<Observation>| {
        let all = facts.iter().map(|fact| observation(fact, "bench")).collect();
        let answers = door.submit(all).map_err(|e| Trouble::no(e.to_string(), "look at the disk"))?;
        let refused = answers.into_iter().find_map(Result::err);
        refused.map_or(Ok(()), |refusal| Err(Trouble::no(refusal.reason, refusal.code)))
    };
    let mut facts = world::setup(Instant(now() - 2 * HOUR));
    for (name, roles) in [("asks", vec![Role::Ask]), ("stops", vec![Role::Suspend]), ("tells", vec![Role::Blocks])] {
        let (key, public) = (name.to_string(), *key(name)?.verifier(Algorithm::Ed25519).public());
        facts.push(
            KeyEnrolled { exchange: EXCHANGE.into(), key, public, holder: name.into(), roles, change: None }.into(),
        );
    }
    facts.extend(world::prices(Instant(now())));
    submit(facts)?;
    for from in (0..size.customers).step_by(4_096) {
        let at = Instant(now());
        let numbers = from..(from + 4_096).min(size.customers);
        submit(numbers.map(|number| world::withdrawal(number, number, at).into()).collect())?;
    }
    drop(door);
    sequencer.stop()?.close(now())?;
    Ok(())
}

/// A gate of this very program.
struct Gate {
    child: Child,
    url: String,
}

impl Gate {
    fn start(dir: &Path) -> Result<Gate, Trouble> {
        let hint = "run `bongsu serve --role gate` on the same folder to see why";
        let trouble = |e: std::io::Error| Trouble::no(format!("the gate does not start: {e}"), hint);
        let program = std::env::current_exe().map_err(trouble)?;
        let mut command = Command::new(program);
        command.args(["serve", "--role", "gate", "--listen", "127.0.0.1:0", "--data"]).arg(folder(dir));
        let mut child = command.stdout(Stdio::piped()).spawn().map_err(trouble)?;
        let out = child.stdout.take().ok_or_else(|| Trouble::no("the gate prints nothing", hint))?;
        let mut lines = BufReader::new(out).lines();
        let url =
            lines.by_ref().map_while(Result::ok).find_map(|l| l.strip_prefix("listening on ").map(str::to_string));
        let url = url.ok_or_else(|| Trouble::no("the gate ended before it listened", hint))?;
        Ok(Gate { child, url })
    }

    /// Bytes of memory it holds; 0 where the system does not say.
    fn memory(&self) -> u64 {
        let text = std::fs::read_to_string(format!("/proc/{}/statm", self.child.id())).unwrap_or_default();
        text.split_whitespace().nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * 4096
    }

    fn stop(&mut self) {
        let _told = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        let _ended = self.child.wait();
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _ended = self.child.wait();
    }
}

/// The traffic of all steps: withdrawals are numbered on from those on record.
struct Traffic<'s> {
    size: &'s Size,
    url: String,
    next: u64,
}

impl Traffic<'_> {
    fn steps(mut self) -> Result<Vec<Step>, Trouble> {
        let mut steps = Vec::new();
        self.warm_up()?;
        let time = Duration::from_secs(self.size.seconds);
        let light = self.step("one, lightly", Some(200), 4, 1, time, None)?;
        steps.push(light);
        let most =
            self.step("batches, as fast as they are answered", None, self.size.callers, self.size.batch, time, None)?;
        let rate = most.heard.items * 1_000 / u64::try_from(most.heard.took.as_millis()).unwrap_or(1).max(1);
        steps.push(most);
        for (name, share) in [("batches at 50 %", 50), ("batches at 70 %", 70), ("batches at 90 %", 90)] {
            let step = self.step(name, Some(rate * share / 100), 16, self.size.batch, time, None)?;
            steps.push(step);
        }
        let stops = Some(Duration::from_millis(100));
        let stopped = self.step(
            "suspensions while batches come at 90 %",
            Some(rate * 90 / 100),
            16,
            self.size.batch,
            time,
            stops,
        )?;
        steps.push(stopped);
        Ok(steps)
    }

    fn warm_up(&mut self) -> Result<(), Trouble> {
        self.step("warm-up", None, 2, self.size.batch, Duration::from_secs(1), None).map(drop)
    }

    /// `rate` in withdrawals a second.
    fn step(
        &mut self,
        name: &'static str,
        rate: Option<u64>,
        callers: usize,
        batch: usize,
        time: Duration,
        stops: Option<Duration>,
    ) -> Result<Step, Trouble> {
        eprintln!("{name} …");
        let tells = Client::new(&self.url, "tells")?;
        tells.prices()?;
        // Bodies are laid out before the clock runs: what is measured is the gate, and the client shares its processors.
        let requests = rate.unwrap_or(MOST).saturating_mul(time.as_secs()).div_ceil(batch as u64).max(1);
        let bodies = load::bodies(self.next, self.size.customers, requests, batch)?;
        self.next += requests * batch as u64;
        let wanted =
            Wanted { url: &self.url, rate: rate.map(|rate| rate.div_ceil(batch as u64).max(1)), callers, time, stops };
        let heard = load::load(&wanted, if batch == 1 { Kind::One } else { Kind::Batch }, &bodies)?;
        Ok(Step { name, rate, heard })
    }
}

impl Step {
    fn json(&self) -> Value {
        let heard = &self.heard;
        let of = |late: &hdrhistogram::Histogram<u64>| {
            json!({"count": late.len(), "p50_us": late.value_at_quantile(0.5), "p99_us": late.value_at_quantile(0.99),
                   "p999_us": late.value_at_quantile(0.999), "max_us": late.max()})
        };
        json!({"step": self.name, "rate_wanted": self.rate, "withdrawals": heard.items, "a_second": heard.a_second(),
               "requests": of(&heard.late), "suspensions": (!heard.stops.is_empty()).then(|| of(&heard.stops)),
               "refused_busy": heard.busy, "others": heard.others})
    }
}

fn print(report: &Value, steps: &[Step]) {
    let number = |name: &str| report[name].as_u64().unwrap_or(0);
    println!(
        "{} customers; restart with them {} ms; {} MiB resident at the end; fdatasync p50 {} µs, p99 {} µs",
        number("customers"),
        number("restart_ms"),
        number("resident_bytes") >> 20,
        report["fdatasync_us"]["p50"],
        report["fdatasync_us"]["p99"]
    );
    println!(
        "{:<40} {:>10} {:>10} {:>9} {:>9} {:>9} {:>9} {:>6}",
        "step", "wanted/s", "heard/s", "p50 µs", "p99 µs", "p99.9 µs", "most µs", "busy"
    );
    let row = |name: &str, wanted: &str, heard: &str, late: &hdrhistogram::Histogram<u64>, busy: &str| {
        let at = |q| late.value_at_quantile(q);
        println!(
            "{name:<40} {wanted:>10} {heard:>10} {:>9} {:>9} {:>9} {:>9} {busy:>6}",
            at(0.5),
            at(0.99),
            at(0.999),
            late.max()
        );
    };
    for step in steps {
        let (heard, wanted) = (&step.heard, step.rate.map_or("most".to_string(), |rate| rate.to_string()));
        row(step.name, &wanted, &heard.a_second().to_string(), &heard.late, &heard.busy.to_string());
        if !heard.stops.is_empty() {
            row("  the suspensions themselves", "", "", &heard.stops, "");
        }
    }
}
