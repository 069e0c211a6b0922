//! Killed at any instant: what was acknowledged is there, once, in order.

mod disk;

use bongsu::bench::append::{Args, run};
use bongsu::store::verify::verify;
use bongsu::store::{Reader, Store};
use disk::Folder;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::time::Duration;

/// The victim: this test's own program, told by the environment to append until it is killed.
#[test]
fn append_until_killed() {
    let (Ok(data), Ok(group)) = (std::env::var("BONGSU_KILL_DATA"), std::env::var("BONGSU_KILL_GROUP")) else { return };
    let group = group.parse().unwrap();
    run(&Args { data: data.into(), entries: u64::MAX, size: 200, group, acknowledge: true }).unwrap();
}

#[test]
fn every_acknowledged_entry_is_there_once_after_kill_9_at_any_instant() {
    let folder = Folder::new("kill");
    drop(Store::create(&folder.0, &disk::FOUNDING).unwrap());
    let mut expected = 1;
    // Instants from a fixed sequence, so that a failure comes again: 0.4 to 160 ms.
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    for round in 0..60 {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "append_until_killed", "--nocapture"])
            .env("BONGSU_KILL_DATA", &folder.0)
            .env("BONGSU_KILL_GROUP", [1, 3, 50][round % 3].to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // Every other round the instant counts from the first acknowledgement, however slow the
        // machine is; else from the start, so that recovery is killed too.
        let (mut out, mut said) = (BufReader::new(child.stdout.take().unwrap()), String::new());
        while round % 2 == 0 && acknowledgement(said.lines().last()).is_none() {
            assert!(out.read_line(&mut said).unwrap() > 0, "the program ended: {said}");
        }
        std::thread::sleep(Duration::from_micros(400 + seed % 160_000));
        child.kill().unwrap();
        child.wait().unwrap();
        out.read_to_string(&mut said).unwrap();
        // A last line may be cut off by the kill: only whole lines are acknowledgements.
        let whole = said.rfind('\n').map_or("", |end| &said[..end]);
        for (first, count) in whole.lines().filter_map(|line| acknowledgement(Some(line))) {
            // Entries written but not heard of may lie between two runs, never within one.
            assert!(first >= expected, "entry {first} was acknowledged twice");
            expected = first + count;
        }
        let mut reader = Reader::open(&folder.0).unwrap();
        assert!(reader.size() >= expected, "round {round}: {} of {expected}", reader.size());
        expected = reader.size();
        let last = reader.read(expected - 1).unwrap().unwrap();
        assert_eq!(last.header().unwrap().index, expected - 1);
    }
    assert!(expected > 300, "{expected}");
    let (store, recovery) = Store::open(&folder.0).unwrap();
    assert_eq!(recovery.size, expected);
    store.close(i64::MAX / 2).unwrap();
    assert_eq!(verify(&folder.0, None).unwrap().size, expected);
}

/// The numbers of a line `first count`; the test harness prints other lines.
fn acknowledgement(line: Option<&str>) -> Option<(u64, u64)> {
    let (first, count) = line?.split_once(' ')?;
    Some((first.parse().ok()?, count.parse().ok()?))
}
