//! The only door: one write and one sync for many callers, stamps in order, clean refusals.

mod disk;

use bongsu::store::sequencer::{Clock, Concluder, Observation, Refusal, Rejected, Sequencer, Stamp};
use bongsu::store::{Options, Reader, Store};
use disk::{FOUNDING, FailingDisk, Failure, Folder};
use std::sync::atomic::{AtomicI64, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

/// Echoes; refuses an empty payload; waits for a word at a payload of `wait`.
struct Echo(Receiver<()>);

impl Concluder for Echo {
    fn conclude(&mut self, _: Stamp, observation: &Observation) -> Result<Vec<u8>, Refusal> {
        match observation.payload.as_slice() {
            b"" => Err(Refusal { code: "empty", reason: "expected a payload; give one".into() }),
            b"wait" => {
                self.0.recv().unwrap();
                Ok(b"waited".to_vec())
            }
            payload => Ok(payload.to_vec()),
        }
    }
}

#[derive(Clone)]
struct Hand(Arc<AtomicI64>);

impl Clock for Hand {
    fn now(&self) -> i64 {
        self.0.load(SeqCst)
    }
}

fn see(payload: &[u8]) -> Vec<Observation> {
    vec![Observation { kind: 1, version: 1, principal: "p".into(), payload: payload.into() }]
}

fn start(folder: &Folder) -> (Sequencer, Arc<FailingDisk>, Hand, Sender<()>) {
    let disk = FailingDisk::new(None);
    let options = Options { disk: disk.clone(), segment_bytes: 4 << 20 };
    let store = Store::create_with(&folder.0, &FOUNDING, &options).unwrap();
    let (word, ear) = channel();
    let clock = Hand(Arc::new(AtomicI64::new(2000)));
    (Sequencer::start(store, Echo(ear), clock.clone()).unwrap(), disk, clock, word)
}

#[test]
fn callers_that_wait_together_share_one_write_and_one_sync() {
    let folder = Folder::new("share");
    let (sequencer, disk, _, word) = start(&folder);
    // The first holds the sequencer while fifty more queue up behind it, and the second group
    // is then concluded while its first member waits: nothing else can slip in between.
    let (door, counts) = (sequencer.door(), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        scope.spawn(|| door.submit(see(b"wait")));
        std::thread::sleep(std::time::Duration::from_millis(60));
        for _ in 0..50 {
            let (door, counts) = (sequencer.door(), &counts);
            scope.spawn(move || {
                let answers = door.submit(see(b"x")).unwrap();
                counts.lock().unwrap().push(answers[0].as_ref().unwrap().stamp.index);
            });
        }
        std::thread::sleep(std::time::Duration::from_millis(60));
        disk.writes.store(0, SeqCst);
        disk.syncs.store(0, SeqCst);
        word.send(()).unwrap();
    });
    let mut indexes = counts.into_inner().unwrap();
    indexes.sort_unstable();
    assert_eq!(indexes, (2..52).collect::<Vec<_>>());
    let groups: Vec<u32> = group_sizes(&folder);
    assert_eq!(groups, [1, 51], "genesis, then all callers in one group");
    drop(sequencer.stop().unwrap());
}

fn group_sizes(folder: &Folder) -> Vec<u32> {
    let reader = Reader::open(&folder.0).unwrap();
    let mut groups = reader.groups(0).unwrap();
    let mut sizes = Vec::new();
    while let Some((_, group)) = groups.next_group().unwrap() {
        sizes.push(group.entries().count() as u32);
    }
    sizes
}

#[test]
fn one_group_is_one_write_and_one_sync() {
    let folder = Folder::new("count");
    let disk = FailingDisk::new(None);
    let mut store =
        Store::create_with(&folder.0, &FOUNDING, &Options { disk: disk.clone(), segment_bytes: 4 << 20 }).unwrap();
    for count in [1, 50, 1000] {
        let before = (disk.writes.load(SeqCst), disk.syncs.load(SeqCst), disk.calls.load(SeqCst));
        disk::append(&mut store, count).unwrap();
        // The publisher writes tiles on its own thread: they are counted by waiting for none.
        if count < 256 {
            assert_eq!(
                (disk.writes.load(SeqCst), disk.syncs.load(SeqCst), disk.calls.load(SeqCst)),
                (before.0 + 1, before.1 + 1, before.2 + 2)
            );
        }
    }
}

#[test]
fn stamps_never_go_back_and_refusals_take_no_index() {
    let folder = Folder::new("stamps");
    let (sequencer, _, clock, _word) = start(&folder);
    let door = sequencer.door();
    let mut stamps = Vec::new();
    for (time, payload) in [(3000, &b"a"[..]), (2500, b""), (2500, b"b"), (4000, b"c")] {
        clock.0.store(time, SeqCst);
        match door.submit(see(payload)).unwrap().remove(0) {
            Ok(receipt) => stamps.push((receipt.stamp.index, receipt.stamp.time)),
            Err(refusal) => assert_eq!(refusal.code, "empty"),
        }
    }
    assert_eq!(stamps, [(1, 3000), (2, 3000), (3, 4000)]);
    let many: Vec<_> = (0..1000).flat_map(|_| see(b"many")).collect();
    assert_eq!(door.submit(many).unwrap().len(), 1000);
    let store = sequencer.stop().unwrap();
    assert_eq!(store.size(), 1004);
    assert!(matches!(door.submit(see(b"late")), Err(Rejected::Ended(_))));
}

#[test]
fn a_submission_larger_than_a_group_takes_several_and_answers_once() {
    let folder = Folder::new("large");
    let store = Store::create(&folder.0, &FOUNDING).unwrap();
    let (_word, ear) = channel();
    let sequencer = Sequencer::start(store, Echo(ear), Hand(Arc::new(AtomicI64::new(2000)))).unwrap();
    let large: Vec<_> = (0..24).flat_map(|_| see(&vec![7; 1 << 20])).collect();
    let answers = sequencer.door().submit(large).unwrap();
    assert_eq!(answers.iter().flatten().count(), 24);
    drop(sequencer.stop().unwrap());
    assert!(group_sizes(&folder).len() > 3);
}

#[test]
fn a_failed_sync_ends_the_sequencer_and_a_full_disk_does_not() {
    let folder = Folder::new("ends");
    let (sequencer, disk, _, _word) = start(&folder);
    let door = sequencer.door();
    door.submit(see(b"a")).unwrap();
    disk.fail_now(Failure::SyncError);
    assert!(matches!(door.submit(see(b"b")), Err(Rejected::Ended(_))));
    assert!(matches!(door.submit(see(b"c")), Err(Rejected::Ended(_))));
    assert!(sequencer.stop().is_err());
}
