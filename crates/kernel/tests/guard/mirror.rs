//! A watch beside a gate that it does not trust: two journals, the second fed with the bytes of the first.

use crate::history::{World, X};
use journal::checkpoint::Checkpoint;
use journal::entry::{Header, body_hash};
use journal::genesis::{self, Genesis};
use journal::note::{Algorithm, SignerKey};
use journal::tree::{Tree, leaf_hash};
use kernel::body::Body;
use kernel::fact::*;
use kernel::guard::conclusion::{self, Concluded, Decided, Verdict};
use rulebook::time::Instant;

const SETUP: &[&str] = &[
    "list BTC on bitcoin 8",
    "wallet hot on bitcoin at bc1hotwalletaddress in d1 hot",
    "wallet cold on bitcoin at bc1coldwalletaddres in d9 cold",
    "price BTC 1_000_000 on own",
    "price BTC 1_000_000 on other",
    "balance hot 1000 BTC",
    "holdings 10_000 BTC entrusted 9_000 BTC",
];

struct Pair {
    gate: World,
    watch: World,
    key: SignerKey,
    tree: Tree,
    copied: usize,
    /// What followed in the watch's journal, as it was said.
    said: Vec<String>,
}

fn key(seed: u8) -> SignerKey {
    let genesis = genesis();
    SignerKey::new(&genesis.origin(), &[seed; 32]).unwrap()
}

fn genesis() -> Genesis {
    Genesis {
        journal_id: [5; 16],
        role: "gate".into(),
        format: 1,
        semantics: kernel::SEMANTICS,
        public_key: [0; 32],
        offline_root: None,
    }
}

impl Pair {
    fn new(gate_pages: &[&str], grace: i64) -> Pair {
        let mut gate = World::new(gate_pages);
        gate.row("2026-11-20 09:00", "look");
        let mut watch = World::new(&["default.md"]);
        watch.row("2026-11-20 09:00", "look");
        assert_eq!(watch.row("+0 s", "watch bitcoin from n1 depth 0 behind 50 silence 100 h"), "-");
        let key = key(1);
        let pinned = key.verifier(Algorithm::Ed25519).to_string();
        watch.take(GatePinned { exchange: X.into(), key: pinned, grace }.into()).unwrap();
        let mut pair = Pair { gate, watch, key, tree: Tree::new(), copied: 0, said: Vec::new() };
        let body = genesis().encode();
        pair.copy_entry(0, genesis::KIND, &body).unwrap();
        for row in SETUP {
            let said = pair.gate.row("+0 s", row);
            assert!(!said.contains("refused") && !said.contains("cannot"), "{row}: {said}");
        }
        // How a history names things is not recorded.
        (pair.watch.addresses, pair.watch.digits) = (pair.gate.addresses.clone(), pair.gate.digits.clone());
        pair
    }

    fn copy_entry(&mut self, index: u64, kind: u16, body: &[u8]) -> Result<Vec<Concluded>, String> {
        let salt = [9u8; 16];
        let time = self.gate.now.0;
        let hash = body_hash(&salt, body);
        let mut leaf = Vec::new();
        Header { index, time, kind, version: 1, body_hash: hash, principal: "p" }.encode(&mut leaf);
        let fact = GateEntry {
            exchange: X.into(),
            leaf: Bytes(leaf.clone()),
            salt: Some(Bytes(salt.to_vec())),
            body: Some(Bytes(body.to_vec())),
        };
        let followed = self.watch.take(fact.into())?;
        self.tree.push(leaf_hash(&leaf), |_, _, _| ());
        self.note(&followed);
        Ok(followed)
    }

    fn note(&mut self, list: &[Concluded]) {
        if !list.is_empty() {
            self.said.push(kernel::guard::say::all(&|_| 8, list).replace("policy.default.", ""));
        }
    }

    /// Copies what the gate recorded since, without a checkpoint.
    fn copy(&mut self) {
        self.watch.now = self.watch.now.max(self.gate.now);
        let entries = self.gate.entries[self.copied..].to_vec();
        for (stamp, observation, conclusions) in entries {
            self.copied += 1;
            let kind = observation.kind();
            let body = Body { observation, conclusions }.encode().unwrap();
            self.copy_entry(stamp.index, kind, &body).unwrap();
        }
    }

    /// The watch fetches a checkpoint that the gate signs now.
    fn sign(&mut self) -> String {
        let checkpoint = Checkpoint { origin: genesis().origin(), size: self.tree.size(), root: self.tree.root() };
        self.signed(checkpoint.sign(&self.key, u64::try_from(self.watch.now.0 / 1_000).unwrap()))
    }

    fn signed(&mut self, note: String) -> String {
        let fact = GateSigned { exchange: X.into(), note, at: self.watch.now };
        match self.watch.take(fact.into()) {
            Ok(list) => {
                self.note(&list);
                kernel::guard::say::all(&|_| 8, &list).replace("policy.default.", "")
            }
            Err(why) => why,
        }
    }

    fn later(&mut self, ms: i64) {
        self.gate.now = self.gate.now.max(self.watch.now).plus(ms);
        self.watch.now = self.gate.now;
    }

    fn ask(&mut self, id: &str) {
        let said = self.gate.row("+0 s", &format!("ask {id} 1 BTC from hot to bc1customer for c1"));
        assert_eq!(said, format!("{id} allow (ordinary)"));
    }

    fn block(&mut self, block: &str) -> String {
        self.watch.row("+0 s", &format!("block bitcoin {block}"))
    }

    fn ready(grace: i64) -> Pair {
        let mut pair = Pair::new(&["default.md"], grace);
        pair.later(3_600_000);
        for venue in ["own", "other"] {
            pair.gate.row("+0 s", &format!("price BTC 1_000_000 on {venue}"));
        }
        pair.copy();
        assert_eq!(pair.sign(), "-");
        assert_eq!(pair.said, [""; 0]);
        pair
    }
}

#[test]
fn an_authorisation_on_its_way_is_no_theft() {
    let mut pair = Pair::ready(2_000);
    pair.ask("w1");
    pair.later(500);
    assert_eq!(pair.block("1a on 0a by n1: t1 1 BTC from hot to bc1customer"), "t1 awaits its authorisation; 2 fires");
    pair.later(500);
    pair.copy();
    assert_eq!(pair.sign(), "t1 = w1; 1 fires");
    let guard = pair.watch.guard();
    assert_eq!(guard.on_chain(guard.withdrawal("w1").unwrap().0), Some("t1"));
    // Another like it, which is one too many.
    pair.later(100);
    assert_eq!(pair.block("2a on 1a by n1: t2 1 BTC from hot to bc1customer"), "t2 awaits its authorisation; 2 fires");
    pair.later(1_000);
    let said = pair.sign();
    assert!(said.contains("t2 unmatched") && said.contains("stop domain d1"), "{said}");
    assert_eq!(pair.watch.replay(), [0; 0]);
}

#[test]
fn a_theft_trips_when_the_copy_covers_it() {
    let mut pair = Pair::ready(2_000);
    pair.later(500);
    assert_eq!(pair.block("1a on 0a by n1: t1 7 BTC from hot to bc1thief"), "t1 awaits its authorisation; 2 fires");
    // A checkpoint of an earlier second does not cover the moment.
    assert_eq!(pair.sign(), "-");
    pair.later(600);
    let said = pair.sign();
    assert!(said.contains("t1 unmatched") && said.contains("stop domain d1") && said.ends_with("4 fires"), "{said}");
    assert_eq!(pair.sign(), "-", "said once");
    assert_eq!(pair.watch.replay(), [0; 0]);
}

#[test]
fn a_silent_gate_hides_no_theft() {
    let mut pair = Pair::ready(2_000);
    pair.later(100);
    pair.block("1a on 0a by n1: t1 7 BTC from hot to bc1thief");
    pair.later(1_999);
    assert_eq!(pair.watch.row("+0 s", "look"), "-");
    let since = pair.watch.now.plus(-2_000);
    let silent = GateSilent { exchange: X.into(), since, at: pair.watch.now };
    let said = pair.watch.take(silent.into()).unwrap();
    assert!(matches!(&said[..], [Concluded::Paused(_), ..]), "{said:?}");
    let said = pair.watch.row("+1 s", "look");
    assert!(said.contains("t1 unmatched") && said.contains("stop domain d1"), "{said}");
    let said = pair.sign();
    assert!(said.starts_with("go on"), "the pause ends, the stop does not: {said}");
    assert_eq!(pair.watch.guard().fires, 4);
    assert_eq!(pair.watch.replay(), [0; 0]);
}

#[test]
fn an_edited_gate_is_caught_and_its_authorisation_counts_for_nothing() {
    let mut pair = Pair::ready(2_000);
    let said = pair.gate.row("+0 s", "ask w9 900 BTC from hot to bc1thief for c9");
    assert!(!said.contains("allow"), "{said}");
    // Whoever edited the gate lets it answer otherwise.
    let (_, _, conclusions) = pair.gate.entries.last_mut().unwrap();
    let mut list = conclusion::decode(conclusions.as_ref().unwrap()).unwrap();
    for concluded in &mut list {
        if let Concluded::Decided(decided) = concluded {
            *decided = Decided { verdict: Verdict::Allow, rule: None, ..decided.clone() };
        }
    }
    *conclusions = conclusion::encode(&list);
    pair.copy();
    let said = pair.said.join(" | ");
    assert!(
        said.contains("the gate differs at entry") && said.contains("stop all") && said.contains("5 fires"),
        "{said}"
    );
    assert_eq!(pair.watch.state.mirror(X).unwrap().differences(), 1);
    pair.later(1_000);
    let said = pair.block("1a on 0a by n1: t1 900 BTC from hot to bc1thief");
    assert!(!said.contains("t1 = w9"), "{said}");
    pair.later(3_000);
    let said = pair.sign();
    assert!(said.contains("t1 unmatched"), "{said}");
    assert_eq!(pair.watch.replay(), [0; 0]);
}

#[test]
fn what_the_watch_stops_is_not_in_the_copy() {
    let mut pair = Pair::ready(2_000);
    // The copy covers the very moment: nothing can be on its way.
    let said = pair.block("1a on 0a by n1: t1 7 BTC from hot to bc1thief");
    assert!(said.contains("stop domain d1"), "{said}");
    assert_eq!(pair.watch.guard().fires, 4);
    // The gate knows nothing of it, goes on, and is right to conclude what it does.
    pair.ask("w2");
    pair.copy();
    assert_eq!(pair.watch.state.mirror(X).unwrap().differences(), 0);
    assert_eq!(pair.watch.state.mirror(X).unwrap().state().guard(X).unwrap().fires, 1);
    assert_eq!(pair.watch.replay(), [0; 0]);
}

#[test]
fn another_rulebook_than_the_pinned_one_trips_at_the_first_question() {
    let mut pair = Pair::new(&["default.md", "strict.md"], 2_000);
    pair.later(3_600_000);
    pair.copy();
    assert_eq!(pair.sign(), "-", "before the first question anything may be set up");
    pair.gate.row("+0 s", "ask w1 1 BTC from hot to bc1customer for c1");
    pair.copy();
    let said = pair.said.join(" | ");
    assert!(said.contains("neither pinned nor approved") && said.contains("stop all"), "{said}");
}

#[test]
fn forks_rollbacks_and_other_keys_trip() {
    let origin = genesis().origin();
    type Forge = fn(&Pair, &str) -> String;
    let cases: [(&str, Forge); 4] = [
        ("another history", |pair, origin| {
            Checkpoint { origin: origin.into(), size: pair.tree.size(), root: [7; 32] }.sign(&pair.key, 1_800_000_000)
        }),
        ("went back", |pair, origin| {
            Checkpoint { origin: origin.into(), size: 3, root: [7; 32] }.sign(&pair.key, 1_800_000_000)
        }),
        ("not one of the pinned key", |pair, origin| {
            let checkpoint = Checkpoint { origin: origin.into(), size: pair.tree.size(), root: pair.tree.root() };
            checkpoint.sign(&key(2), 1_800_000_000)
        }),
        ("not one of the pinned key", |_, _| "nothing of the kind".to_string()),
    ];
    for (why, note) in cases {
        let mut pair = Pair::ready(2_000);
        let note = note(&pair, &origin);
        let said = pair.signed(note);
        assert!(said.contains("stop all"), "{why}: {said}");
        let guard = pair.watch.guard();
        let stop = guard.stops.trip(&Reach::All).unwrap();
        assert!(stop.cause.contains(why), "{why}: {}", stop.cause);
        assert_eq!(guard.gate.unwrap().until.0, pair.watch.now.0 / 1_000 * 1_000, "it covers nothing new");
        assert_eq!(pair.watch.replay(), [0; 0]);
    }
    let mut pair = Pair::ready(2_000);
    let ahead = Checkpoint { origin, size: pair.tree.size() + 1, root: [7; 32] }.sign(&pair.key, 1_800_000_000);
    assert_eq!(pair.signed(ahead), "refused: out-of-range note", "entries first");
}

#[test]
fn entries_that_are_cut_off_or_altered_do_not_enter() {
    let mut pair = Pair::ready(2_000);
    let body = Body { observation: GuardLooked { exchange: X.into(), at: Instant(1) }.into(), conclusions: None };
    let size = pair.watch.state.mirror(X).unwrap().size();
    let refused = |index| Err(format!("refused: out-of-range {index}"));
    let body = body.encode().unwrap();
    assert_eq!(pair.copy_entry(size + 1, GuardLooked::KIND, &body), refused("leaf"));
    assert_eq!(pair.copy_entry(size - 1, GuardLooked::KIND, &body), refused("leaf"));
    assert_eq!(pair.copy_entry(size, genesis::KIND, &body), refused("leaf"));
    let mut leaf = Vec::new();
    let time = pair.gate.now.0;
    Header { index: size, time, kind: 39, version: 1, body_hash: [1; 32], principal: "" }.encode(&mut leaf);
    let (exchange, leaf) = (X.to_string(), Bytes(leaf));
    let altered = GateEntry { exchange, leaf, salt: Some(Bytes(vec![0; 16])), body: Some(Bytes(body)) };
    assert_eq!(pair.watch.take(altered.into()), Err("refused: out-of-range body".to_string()));
}
