//! The system's clock, and the thread that says that time passed when a clock of the law ends.

use super::Office;
use super::concluder::observation;
use crate::recorder::now;
use crate::store::sequencer::{self, Clock};
use crate::trouble::Trouble;
use kernel::clocks::Deadlines;
use kernel::fact::TimePassed;
use rulebook::time::Instant;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

/// The only clock of a server.
pub struct System;

impl Clock for System {
    fn now(&self) -> i64 {
        now()
    }
}

/// Deadlines are laid out anew so often: a thousand incidents take 25 ms, and an entry that brought a deadline nearer is
/// noticed within this time.
const LOOK: Duration = Duration::from_secs(1);

/// The thread that watches deadlines.
pub struct Ticking {
    stop: mpsc::Sender<()>,
    thread: JoinHandle<()>,
}

impl Ticking {
    /// Ends it.
    pub fn stop(self) {
        let _ended = self.stop.send(());
        let _joined = self.thread.join();
    }
}

/// Takes a turn now and then until it is stopped, or a turn says that it is over.
pub fn ticking(name: &str, mut turn: impl FnMut() -> bool + Send + 'static) -> Result<Ticking, Trouble> {
    let (stop, stopped) = mpsc::channel();
    let run = move || while stopped.recv_timeout(LOOK) == Err(mpsc::RecvTimeoutError::Timeout) && turn() {};
    let thread = std::thread::Builder::new().name(name.into()).spawn(run);
    let thread = thread.map_err(|e| Trouble::new(format!("the clock cannot start: {e}"), "too many threads?"))?;
    Ok(Ticking { stop, thread })
}

/// Starts it.
pub fn start(office: Arc<Office>) -> Result<Ticking, Trouble> {
    let said_full = AtomicBool::new(false);
    ticking("deadlines", move || {
        let (passed, last) = office.state.read(|state| (state.passed(), state.last()));
        let since = passed.or(last.map(|stamp| stamp.time)).unwrap_or(Instant(0));
        let at = Instant(now());
        // A deadline lies between the last look and now: the clocks that ended are to be concluded.
        let due = office
            .state
            .read(|state| Deadlines::of(state, &office.laws, since).next(since))
            .is_some_and(|due| due < at);
        if !due {
            return true;
        }
        let answer = office.door.submit(vec![observation(&TimePassed { laws: office.laws.clone() }.into(), "clock")]);
        match answer {
            Err(sequencer::Rejected::Ended(_)) => return false,
            Err(why) if !said_full.swap(true, Ordering::Relaxed) => {
                eprintln!("time that passed is not recorded: {why}")
            }
            _ => {}
        }
        true
    })
}
