//! `bongsu bench append`: how many entries a second become durable, beside what the disk does.
//!
//! It promises that both figures come from one run, one file system and one group size. With
//! `--acknowledge` it prints the index of every durable group, which is what a test needs that
//! kills it.

use crate::store::{Founding, NewEntry, Store, StoreError};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// What to do.
#[derive(Debug, Clone)]
pub struct Args {
    /// Data folder; a journal there is continued.
    pub data: PathBuf,
    /// Entries to append.
    pub entries: u64,
    /// Bytes of a body.
    pub size: usize,
    /// Entries in a group.
    pub group: usize,
    /// Print `first count` after each durable group and measure nothing.
    pub acknowledge: bool,
}

impl Default for Args {
    fn default() -> Self {
        Self { data: "bench".into(), entries: 2_000_000, size: 200, group: 8192, acknowledge: false }
    }
}

/// Appends, and prints the figures or the acknowledgements.
pub fn run(args: &Args) -> Result<(), StoreError> {
    let founding = Founding { role: "bench", semantics: 1, offline_root: None, time: now() };
    let mut store = match Store::open(&args.data) {
        Ok((store, _)) => store,
        Err(StoreError::NoJournal { .. }) => Store::create(&args.data, &founding)?,
        Err(other) => return Err(other),
    };
    let bodies: Vec<Vec<u8>> = (0..args.group).map(|at| vec![at as u8; args.size]).collect();
    let start = Instant::now();
    let (mut done, mut last_publish) = (0, start);
    while done < args.entries {
        let count = (args.entries - done).min(args.group as u64) as usize;
        let time = now().max(store.last_time());
        let entries: Vec<NewEntry<'_>> = bodies[..count]
            .iter()
            .map(|body| NewEntry { kind: 1, version: 1, principal: "bench", time, body })
            .collect();
        let first = store.append_group(&entries)?;
        done += count as u64;
        if args.acknowledge {
            println!("{first} {count}");
            let _closed = std::io::stdout().flush();
        } else if last_publish.elapsed() > Duration::from_millis(100) {
            store.publish(time)?;
            last_publish = Instant::now();
        }
    }
    let time = now().max(store.last_time());
    store.publish(time)?;
    let appended = start.elapsed();
    store.close(time)?;
    if !args.acknowledge {
        report(args, appended)?;
    }
    Ok(())
}

fn report(args: &Args, appended: Duration) -> Result<(), StoreError> {
    let group_bytes = (64 + args.group * (24 + 2 + 53 + 5 + args.size)).next_multiple_of(4096);
    let groups = args.entries.div_ceil(args.group as u64);
    let device = device(&args.data, group_bytes, groups)?;
    let rate = |took: Duration| u128::from(args.entries) * 1_000_000 / took.as_micros().max(1);
    println!(
        "{} entries of {} bytes in groups of {}: {} entries/s durable, tree, tiles and checkpoints included",
        args.entries,
        args.size,
        args.group,
        rate(appended)
    );
    println!("the disk alone, write + fdatasync of the same {group_bytes} bytes: {} entries/s", rate(device));
    Ok(())
}

/// The same number of bytes in the same pieces, written and synced by nothing else.
fn device(dir: &Path, bytes: usize, times: u64) -> Result<Duration, StoreError> {
    let path = dir.join("device");
    let failed = |source| StoreError::Io { doing: "write", path: path.clone(), source };
    let mut file = std::fs::File::create(&path).map_err(failed)?;
    let buffer = vec![7; bytes];
    let start = Instant::now();
    for _ in 0..times {
        file.write_all(&buffer).and_then(|()| file.sync_data()).map_err(failed)?;
    }
    let took = start.elapsed();
    std::fs::remove_file(&path).map_err(failed)?;
    Ok(took)
}

fn now() -> i64 {
    SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_millis() as i64)
}
