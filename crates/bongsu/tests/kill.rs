//! Killed at any instant: what was acknowledged is there, once, in order.

mod disk;

use bongsu::store::verify::verify;
use bongsu::store::{Reader, Store};
use disk::Folder;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

/// The example beside this test's own program.
fn program() -> PathBuf {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.pop();
    path.join("examples/append")
}

#[test]
fn every_acknowledged_entry_is_there_once_after_kill_9_at_any_instant() {
    let folder = Folder::new("kill");
    let mut expected = 1;
    // Instants from a fixed sequence, so that a failure comes again: 0.4 to 250 ms.
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    for round in 0..60 {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let group = [1, 3, 50][round % 3].to_string();
        let mut child = Command::new(program())
            .arg(&folder.0)
            .args(["100000000", "200", &group, "acknowledge"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_micros(400 + seed % 250_000));
        child.kill().unwrap();
        child.wait().unwrap();
        let mut said = String::new();
        child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
        // A last line may be cut off by the kill: only whole lines are acknowledgements.
        let whole = said.rfind('\n').map_or("", |end| &said[..end]);
        for line in whole.lines() {
            let (first, count) = line.split_once(' ').unwrap();
            let (first, count): (u64, u64) = (first.parse().unwrap(), count.parse().unwrap());
            // Entries written but not heard of may lie between two runs, never within one.
            assert!(first >= expected, "entry {first} was acknowledged twice");
            expected = first + count;
        }
        let Ok(mut reader) = Reader::open(&folder.0) else {
            assert_eq!(expected, 1, "killed before genesis only");
            continue;
        };
        assert!(reader.size() >= expected, "round {round}: {} of {expected}", reader.size());
        expected = reader.size();
        let last = reader.read(expected - 1).unwrap().unwrap();
        assert_eq!(last.header().unwrap().index, expected - 1);
    }
    assert!(expected > 1000, "{expected}");
    let (store, recovery) = Store::open(&folder.0).unwrap();
    assert_eq!(recovery.size, expected);
    store.close(i64::MAX / 2).unwrap();
    assert_eq!(verify(&folder.0, None).unwrap().size, expected);
}
