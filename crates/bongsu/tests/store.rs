//! The store on real files: what was acknowledged is there, damage is named, bodies can go.

mod disk;

use bongsu::store::verify::verify;
use bongsu::store::{NewEntry, Reader, Store, StoreError, keys, segment};
use disk::{FOUNDING, FailingDisk, Failure, Folder, append, body, copy, entry, files, options};
use journal::note::Algorithm;
use journal::verify as check;
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::Path;
use std::sync::atomic::Ordering::SeqCst;

const SMALL: u64 = 24 << 10;

/// A journal of several small segments, closed.
fn small(folder: &Folder) {
    let mut store = Store::create_with(&folder.0, &FOUNDING, &options(SMALL)).unwrap();
    for count in [1, 3, 2, 1, 4, 60, 1, 2] {
        append(&mut store, count).unwrap();
    }
    store.close(2000).unwrap();
}

fn all(dir: &Path) -> Result<Vec<Vec<u8>>, StoreError> {
    let mut reader = Reader::open(dir)?;
    (0..reader.size()).map(|index| Ok(reader.read(index)?.unwrap().body.map_or(vec![], |(_, body)| body))).collect()
}

fn expect(dir: &Path, size: u64) {
    let bodies = all(dir).unwrap();
    assert_eq!(bodies.len() as u64, size);
    for (index, found) in bodies.iter().enumerate().skip(1) {
        assert_eq!(found, &body(index as u64));
    }
}

#[test]
fn what_is_appended_is_read_back_after_every_reopening() {
    let folder = Folder::new("reopen");
    drop(Store::create_with(&folder.0, &FOUNDING, &options(SMALL)).unwrap());
    let mut size = 1;
    for count in [1u64, 60, 0, 7, 1, 30, 60, 60, 2] {
        let (mut store, recovery) = Store::open_with(&folder.0, &options(SMALL)).unwrap();
        assert_eq!((recovery.size, &recovery.torn), (size, &None));
        assert_eq!(append(&mut store, count).unwrap(), size);
        size += count;
        assert_eq!(store.read(size - 1).unwrap().unwrap().header().unwrap().index, size - 1);
        assert_eq!(store.read(size).unwrap(), None);
        if count % 2 == 0 {
            store.close(5000).unwrap()
        } else {
            drop(store)
        }
        expect(&folder.0, size);
    }
    assert!(segment::path(&folder.0, 2).exists());
    let report = verify(&folder.0, None).unwrap();
    assert_eq!((report.size, report.signed, report.signed_at), (size, size, Some(5)));
}

#[test]
fn keys_are_secret_and_there_is_one_writer_and_one_beginning() {
    let folder = Folder::new("keys");
    let store = Store::create_with(&folder.0, &FOUNDING, &options(SMALL)).unwrap();
    let mode = std::fs::metadata(keys::secret_path(&folder.0)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(matches!(Store::open(&folder.0), Err(StoreError::Locked { .. })));
    drop(store);
    assert!(matches!(Store::create(&folder.0, &FOUNDING), Err(StoreError::Exists { .. })));
    assert!(matches!(Store::open(&folder.0.join("none")), Err(StoreError::NoJournal { .. })));
}

#[test]
fn time_never_decreases_and_limits_are_refused_with_nothing_written() {
    let folder = Folder::new("limits");
    let mut store = Store::create_with(&folder.0, &FOUNDING, &options(1 << 20)).unwrap();
    let back = store.append_group(&[entry(1005, b"a"), entry(1004, b"b")]);
    assert!(matches!(back, Err(StoreError::ClockBack { last: 1005, given: 1004 })));
    let long = vec![0; (1 << 20) + 1];
    assert!(matches!(store.append_group(&[entry(1005, &long)]), Err(StoreError::TooLarge { .. })));
    let name = "x".repeat(65);
    let principal = NewEntry { principal: &name, ..entry(1005, b"") };
    assert!(matches!(store.append_group(&[principal]), Err(StoreError::TooLarge { .. })));
    assert_eq!((store.size(), append(&mut store, 1).unwrap()), (1, 1));
}

#[test]
fn proofs_hold_at_every_size_around_the_tiles() {
    let folder = Folder::new("proofs");
    let mut store = Store::create_with(&folder.0, &FOUNDING, &options(1 << 20)).unwrap();
    let key = store.key().clone();
    let mut before = store.publish(1000).unwrap();
    for count in [1u64, 5, 248, 1, 1, 255, 1, 300] {
        append(&mut store, count).unwrap();
        let now = store.publish(9000).unwrap();
        let old = journal::checkpoint::Checkpoint::open(&before, &key).unwrap().size;
        let reader = store.reader().unwrap();
        let growth = reader.consistency_proof(old).unwrap().unwrap();
        check::growth(&before, &now, &growth, &key).unwrap();
        for index in [0, 1, reader.size() / 2, reader.size() - 1] {
            let proof = reader.inclusion_proof(index).unwrap().unwrap();
            let record = reader.read(index).unwrap().unwrap();
            check::entry(&record.leaf, record.state(), &proof, &key).unwrap();
        }
        verify(&folder.0, Some(&key)).unwrap();
        before = now;
    }
    let other = journal::note::SignerKey::new(key.name(), &[1; 32]).unwrap().verifier(Algorithm::Ed25519);
    assert!(matches!(verify(&folder.0, Some(&other)), Err(StoreError::Checkpoint { .. })));
}

#[test]
fn a_destroyed_body_is_gone_from_the_files_and_every_proof_stays() {
    let folder = Folder::new("erase");
    let mut store = Store::create_with(&folder.0, &FOUNDING, &options(1 << 20)).unwrap();
    append(&mut store, 20).unwrap();
    let key = store.key().clone();
    store.publish(3000).unwrap();
    let root = store.root().unwrap();
    for index in [7, 20, 7] {
        store.erase(index).unwrap();
        assert_eq!(store.read(index).unwrap().unwrap().body, None);
    }
    assert!(matches!(store.erase(0), Err(StoreError::NoEntry { .. })));
    assert!(matches!(store.erase(21), Err(StoreError::NoEntry { .. })));
    let proof = store.reader().unwrap().inclusion_proof(7).unwrap().unwrap();
    let leaf = store.read(7).unwrap().unwrap().leaf;
    check::entry(&leaf, check::Body::Destroyed, &proof, &key).unwrap();
    store.close(4000).unwrap();
    for file in files(&folder.0) {
        let bytes = std::fs::read(&file).unwrap();
        let (gone, kept) = (b"body of entry 7", b"body of entry 6");
        assert!(!bytes.windows(15).any(|window| window == gone), "{}", file.display());
        assert_eq!(bytes.windows(15).any(|window| window == kept), file == segment::path(&folder.0, 0));
    }
    let (store, _) = Store::open_with(&folder.0, &options(1 << 20)).unwrap();
    assert_eq!(store.root().unwrap(), root);
    drop(store);
    assert_eq!(verify(&folder.0, Some(&key)).unwrap().destroyed, 2);
}

/// The torn end: the last group cut at every byte, as zeros and as noise.
#[test]
fn a_last_group_torn_at_any_byte_is_dropped_whole_and_all_before_it_stays() {
    let folder = Folder::new("torn");
    let mut store = Store::create_with(&folder.0, &FOUNDING, &options(SMALL)).unwrap();
    append(&mut store, 3).unwrap();
    append(&mut store, 40).unwrap();
    drop(store);
    let path = segment::path(&folder.0, 0);
    let whole = std::fs::read(&path).unwrap();
    // Page of the segment, genesis, empty group of the opening, first group: then the last.
    let start = 4 * 4096;
    let end = whole.iter().rposition(|&byte| byte != 0).unwrap() + 1;
    for cut in start..end {
        let mut torn = whole.clone();
        torn[cut..].fill(0);
        std::fs::write(&path, &torn).unwrap();
        let mut reader = Reader::open(&folder.0).unwrap();
        assert_eq!(reader.size(), 4, "cut at {cut}");
        assert_eq!(reader.read(3).unwrap().unwrap().body.unwrap().1, body(3));
    }
    for cut in (start..end).step_by(97) {
        let mut torn = whole.clone();
        torn[cut..].fill(0xa5);
        std::fs::write(&path, &torn).unwrap();
        let (mut store, recovery) = Store::open_with(&folder.0, &options(SMALL)).unwrap();
        assert_eq!(recovery.size, 4);
        assert_eq!(recovery.torn.unwrap().offset, start as u64);
        append(&mut store, 1).unwrap();
        drop(store);
        expect(&folder.0, 5);
    }
}

/// One flipped bit in each byte of every file: named by `open` or `verify`, or without effect.
#[test]
fn a_flipped_bit_anywhere_is_named_or_without_effect() {
    let folder = Folder::new("flip");
    small(&folder);
    let whole = verify(&folder.0, None).unwrap();
    let mut silent = 0;
    for file in files(&folder.0).into_iter().filter(|file| !file.ends_with("lock")) {
        let bytes = std::fs::read(&file).unwrap();
        let handle = std::fs::File::options().write(true).open(&file).unwrap();
        for (at, &byte) in bytes.iter().enumerate() {
            // All eight bits where structure is dense, one elsewhere: 4 s instead of 30.
            let bits = if at % 4096 < 16 { 0..8 } else { at % 8..at % 8 + 1 };
            for bit in bits {
                handle.write_all_at(&[byte ^ 1 << bit], at as u64).unwrap();
                let key = keys::read(&folder.0).map(|key| key.verifier(Algorithm::Ed25519));
                let found = key.and_then(|key| verify(&folder.0, Some(&key)));
                match found {
                    Err(error) => assert!(!error.to_string().is_empty()),
                    // The closing group at the end may go: it is reported, no entry is lost.
                    Ok(report) if report.torn.is_some() => assert_eq!(report.size, whole.size),
                    // The public key is for giving away, `synced` has a CRC and only saves work.
                    Ok(report) => {
                        assert_eq!(report, whole);
                        assert!(
                            file.ends_with("journal.pub") || file.ends_with("synced"),
                            "{} at {at}",
                            file.display()
                        );
                        silent += 1;
                    }
                }
            }
            handle.write_all_at(&[byte], at as u64).unwrap();
        }
    }
    assert!(silent > 0);
    assert_eq!(verify(&folder.0, None).unwrap(), whole);
}

#[test]
fn lost_moved_and_shortened_segments_are_named() {
    let folder = Folder::new("segments");
    small(&folder);
    let path = |number| segment::path(&folder.0, number);
    assert!(path(2).exists());
    let last = (0..).take_while(|&number| path(number).exists()).last().unwrap();
    let check = |what: &str, break_it: &dyn Fn(&Path)| {
        let copied = Folder::new("segments-copy");
        copy(&folder.0, &copied.0);
        break_it(&copied.0);
        let error = Store::open_with(&copied.0, &options(SMALL)).err().unwrap_or_else(|| panic!("{what}: opened"));
        assert!(error.to_string().contains("entr"), "{what}: {error}");
        assert!(verify(&copied.0, None).is_err(), "{what}");
    };
    for number in 0..=last {
        check("a segment removed", &|dir| std::fs::remove_file(segment::path(dir, number)).unwrap());
        check("a segment cut to its first page", &|dir| {
            std::fs::File::options().write(true).open(segment::path(dir, number)).unwrap().set_len(4096).unwrap();
        });
        check("a segment emptied", &|dir| std::fs::write(segment::path(dir, number), []).unwrap());
    }
    check("two segments exchanged", &|dir| {
        let (a, b, c) = (segment::path(dir, 0), segment::path(dir, 1), dir.join("c"));
        std::fs::rename(&a, &c).unwrap();
        std::fs::rename(&b, &a).unwrap();
        std::fs::rename(&c, &b).unwrap();
    });
    check("a group zeroed in the middle", &|dir| {
        let file = std::fs::File::options().write(true).open(segment::path(dir, 0)).unwrap();
        file.write_all_at(&[0; 4096], 2 * 4096).unwrap();
    });
    check("two groups exchanged", &|dir| {
        let path = segment::path(dir, 0);
        let mut bytes = std::fs::read(&path).unwrap();
        let (one, two) = bytes[3 * 4096..5 * 4096].split_at_mut(4096);
        one.swap_with_slice(two);
        std::fs::write(&path, bytes).unwrap();
    });
}

#[test]
fn a_crash_at_any_call_loses_nothing_acknowledged_and_invents_nothing() {
    let run = |dir: &Path, disk: std::sync::Arc<FailingDisk>| -> u64 {
        let options = bongsu::store::Options { disk, segment_bytes: SMALL };
        let Ok(mut store) = Store::create_with(dir, &FOUNDING, &options) else { return 0 };
        let mut acknowledged = 1;
        for count in [2, 60, 60, 1] {
            if append(&mut store, count).is_err() {
                return acknowledged;
            }
            acknowledged += count;
            if store.publish(2000).is_err() || store.erase(2).is_err() {
                return acknowledged;
            }
        }
        let _closed = store.close(3000);
        acknowledged
    };
    let counting = FailingDisk::new(None);
    let folder = Folder::new("crash-count");
    assert_eq!(run(&folder.0, counting.clone()), 124);
    let calls = counting.calls.load(SeqCst);
    for failure in [Failure::CrashHalf, Failure::CrashSectors] {
        for at in 0..calls {
            let folder = Folder::new("crash");
            let acknowledged = run(&folder.0, FailingDisk::new(Some((at, failure))));
            let opened = Store::open_with(&folder.0, &options(SMALL));
            let (mut store, recovery) = match opened {
                Ok(opened) => opened,
                Err(StoreError::NoJournal { .. }) if acknowledged == 0 => {
                    drop(Store::create_with(&folder.0, &FOUNDING, &options(SMALL)).unwrap());
                    continue;
                }
                Err(error) => panic!("crash at call {at}: {error}"),
            };
            assert!(recovery.size >= acknowledged, "call {at}: {} of {acknowledged}", recovery.size);
            append(&mut store, 1).unwrap();
            let size = store.size();
            store.close(9000).unwrap();
            let bodies = all(&folder.0).unwrap();
            for (index, found) in bodies.iter().enumerate().skip(1).filter(|(index, _)| *index != 2) {
                assert_eq!(found, &body(index as u64), "crash at call {at}");
            }
            assert_eq!(verify(&folder.0, None).unwrap().signed, size);
        }
    }
}

#[test]
fn after_a_failed_sync_nothing_is_written_again() {
    let folder = Folder::new("sync");
    let disk = FailingDisk::new(None);
    let with = bongsu::store::Options { disk: disk.clone(), segment_bytes: SMALL };
    let mut store = Store::create_with(&folder.0, &FOUNDING, &with).unwrap();
    append(&mut store, 1).unwrap();
    disk.fail_now(Failure::SyncError);
    assert!(matches!(append(&mut store, 1), Err(StoreError::Poisoned { .. })));
    disk.heal();
    let calls = disk.calls.load(SeqCst);
    assert!(matches!(append(&mut store, 1), Err(StoreError::Poisoned { .. })));
    assert!(matches!(store.close_group(), Err(StoreError::Poisoned { .. })));
    assert!(matches!(store.ensure_room(), Err(StoreError::Poisoned { .. })));
    assert!(matches!(store.erase(1), Err(StoreError::Poisoned { .. })));
    assert_eq!(disk.calls.load(SeqCst), calls);
}

/// A write that finds no space although space was allocated, as copy-on-write file systems do.
/// All but the last byte arrives, which is a zero: the group must still not count.
#[test]
fn a_write_without_space_leaves_no_group_and_may_be_repeated() {
    let folder = Folder::new("no-space");
    let disk = FailingDisk::new(None);
    let with = bongsu::store::Options { disk: disk.clone(), segment_bytes: SMALL };
    let mut store = Store::create_with(&folder.0, &FOUNDING, &with).unwrap();
    disk.fail_now(Failure::NoSpace);
    assert!(matches!(append(&mut store, 3), Err(StoreError::Full { .. })));
    assert_eq!(Reader::open(&folder.0).unwrap().size(), 1);
    assert_eq!(append(&mut store, 2).unwrap(), 1);
    drop(store);
    expect(&folder.0, 3);
}

#[test]
fn a_full_disk_is_served_by_the_reserve_then_refuses_and_goes_on_when_space_returns() {
    let folder = Folder::new("full");
    let disk = FailingDisk::new(None);
    let with = bongsu::store::Options { disk: disk.clone(), segment_bytes: SMALL };
    let mut store = Store::create_with(&folder.0, &FOUNDING, &with).unwrap();
    disk.fail_allocations(true);
    let mut appended = 1;
    let refused = loop {
        match append(&mut store, 50) {
            Ok(_) => appended += 50,
            Err(refused) => break refused,
        }
    };
    assert!(matches!(refused, StoreError::Full { .. }), "{refused}");
    assert!(appended > 50, "the reserve served");
    assert!(matches!(store.ensure_room(), Err(StoreError::Full { .. })));
    assert_eq!(store.size(), appended);
    disk.fail_allocations(false);
    store.ensure_room().unwrap();
    append(&mut store, 50).unwrap();
    store.close(9000).unwrap();
    expect(&folder.0, appended + 50);
}
