//! What a witness admits: a journal's own signature, growth only, and a fork proven by two signed checkpoints.

use journal::checkpoint::Checkpoint;
use journal::note::{Algorithm, SignerKey};
use kernel::door::admit;
use kernel::fact::*;
use kernel::known::Stamp;
use kernel::refusal::Code;
use kernel::state::{State, fold};
use kernel::words::vocabulary;
use rulebook::time::Instant;

struct World(State);

impl World {
    fn new() -> World {
        let mut world = World(State::new(vocabulary()));
        let (name_en, name_ko) = ("X".into(), "엑스".into());
        world.tell(ExchangeRegistered { id: "x".into(), name_en, name_ko, source: String::new() });
        world
    }

    fn tell(&mut self, fact: impl Into<Observation>) {
        let fact = fact.into();
        admit(&self.0, &fact).unwrap_or_else(|why| panic!("{fact:?}: {why}"));
        let index = self.0.last().map_or(1, |last| last.index + 1);
        fold(&mut self.0, Stamp { index, time: Instant(index as i64) }, &fact);
    }

    fn check(&self, fact: impl Into<Observation>, expected: Result<(), (Code, &str)>) {
        let found = admit(&self.0, &fact.into());
        assert_eq!(found.as_ref().map(drop).map_err(|why| (why.code, why.field)), expected, "{found:?}");
    }
}

fn key(seed: u8) -> SignerKey {
    SignerKey::new("x.example/log", &[seed; 32]).unwrap()
}

fn registered(key: &SignerKey) -> LogRegistered {
    LogRegistered { exchange: "x".into(), key: key.verifier(Algorithm::Ed25519).to_string() }
}

fn note(key: &SignerKey, size: u64, root: u8) -> String {
    Checkpoint { origin: "x.example/log".into(), size, root: [root; 32] }.sign(key, 1)
}

fn seen(key: &SignerKey, from: u64, size: u64, root: u8) -> CheckpointWitnessed {
    let origin = String::from("x.example/log");
    CheckpointWitnessed { origin, from, size, root: [root; 32], note: note(key, size, root) }
}

#[test]
fn only_growth_signed_by_the_journal_is_admitted() {
    let (mut world, ours, thief) = (World::new(), key(1), key(2));
    world.check(seen(&ours, 0, 5, 5), Err((Code::UnknownSubject, "origin")));
    world.check(LogRegistered { key: "nonsense".into(), ..registered(&ours) }, Err((Code::WrongType, "key")));
    world.tell(registered(&ours));
    world.check(registered(&thief), Err((Code::WrongSigner, "key")));
    world.check(seen(&thief, 0, 5, 5), Err((Code::WrongSigner, "note")));
    world.check(CheckpointWitnessed { size: 6, ..seen(&ours, 0, 5, 5) }, Err((Code::WrongSigner, "size")));
    world.tell(seen(&ours, 0, 5, 5));
    world.check(seen(&ours, 0, 7, 7), Err((Code::Behind, "from")));
    world.check(seen(&ours, 5, 4, 4), Err((Code::Behind, "size")));
    world.check(seen(&ours, 5, 5, 6), Err((Code::Fork, "root")));
    world.tell(seen(&ours, 5, 7, 7));
    assert_eq!(world.0.logs()["x.example/log"].last.as_ref().unwrap().size, 7);
}

#[test]
fn a_fork_is_two_signed_checkpoints_of_one_size() {
    let (mut world, ours, thief) = (World::new(), key(1), key(2));
    world.tell(registered(&ours));
    let fork = |first: String, second: String| ForkSeen { origin: "x.example/log".into(), first, second };
    world.check(fork(note(&ours, 5, 1), note(&ours, 5, 1)), Err((Code::Fork, "second")));
    world.check(fork(note(&ours, 5, 1), note(&ours, 6, 2)), Err((Code::Fork, "second")));
    world.check(fork(note(&ours, 5, 1), note(&thief, 5, 2)), Err((Code::WrongSigner, "second")));
    world.tell(fork(note(&ours, 5, 1), note(&ours, 5, 2)));
    assert_eq!(world.0.logs()["x.example/log"].forks.len(), 1);
}
