//! The watch as it runs: two real processes, real HTTP, and thieves.

mod delivery;
mod stage;

use bongsu::recorder::now;
use bongsu::store::{NewEntry, Store};
use bongsu::watch::lease::Lease;
use journal::note::VerifierKey;
use kernel::body::Body;
use kernel::fact::{GateTold, Observation, WithdrawalAsked};
use kernel::guard::conclusion::{self, Concluded, Verdict};
use rulebook::time::Instant;
use serde_json::json;
use stage::*;
use std::path::Path;

fn public(stage: &Stage, name: &str) -> VerifierKey {
    let text = std::fs::read_to_string(stage.dir.join(name).join("keys/journal.pub")).unwrap();
    VerifierKey::parse(text.trim_end()).unwrap()
}

fn payload(gate: &Server, id: &str, amount: u64) -> (u16, String) {
    let body = json!({"effects": [{"asset": "BTC", "amount": amount.to_string(), "destination": TO}], "at": now()});
    let (status, answer) =
        signed(&gate.url, "api", "POST", &format!("/v1/withdrawals/{id}/payload"), &body.to_string());
    (status, answer["code"].as_str().unwrap_or("").to_string())
}

#[test]
fn a_stolen_key_trips_the_watch_which_stops_the_gate_and_signs_no_lease() {
    let stage = Stage::new("theft");
    let mut gate = stage.gate(&[]);
    let mut watch = stage.watch(&gate.url);
    copied(&watch, &gate);
    let lease = || get(&watch.url, "/v1/lease");
    let opened = Lease::open(lease().1.as_str().unwrap(), &public(&stage, "watch"), "x", now()).unwrap();
    assert!(opened.opens("hot-1"), "{opened:?}");

    // What was authorised is matched, whoever is quicker: the chain, or the copy of the journal.
    assert_eq!(ask(&gate, "w1", 10_000), "allow");
    stage.block("node-a", &line(100, "h100", "h99", &[("t1:0", TO, 10_000)]));
    stage.block("node-b", &line(100, "h100", "h99", &[("t1:0", TO, 10_000)]));
    until("two blocks and a match", || {
        let state = state(&watch);
        state["fires"] == 1 && state["awaited"] == 0 && state["entries"].as_u64() >= Some(24)
    });
    assert_eq!(lease().0, 200);

    stage.block("node-a", &line(101, "h101", "h100", &[("t2:0", TO, 500_000_000)]));
    let tripped = until("the trip", || state(&watch)["fires"] == 4);
    assert!(tripped.as_millis() < 4_000, "grace and a beat: {tripped:?}");
    assert_eq!((lease().0, lease().1["code"].as_str()), (503, Some("tripped")));
    until("the gate's stop", || signed(&gate.url, "ops", "GET", "/v1/state", "").1["fires"] == 4);
    let stops = signed(&gate.url, "ops", "GET", "/v1/state", "").1["stops"].clone();
    assert_eq!(stops[0]["scope"], json!({"what": "domain", "name": "hot-1", "sides": "both"}), "{stops}");
    assert_ne!(ask(&gate, "w2", 10_000), "allow");

    // What it stopped is an incident in its own journal, and stands on its page.
    until("the incident", || get(&watch.url, "/v1/incidents").1.as_array().is_some_and(|all| all.len() == 1));
    let (status, page) = get(&watch.url, "/guard?lang=ko");
    assert!(status == 200 && page.as_str().unwrap().contains("hot-1"), "{page}");

    // The watch is killed, comes back as it was, and goes on where its journal ends.
    until("the acknowledgement", || told(&stage.dir.join("watch")).is_some());
    watch.kill();
    let mut watch = stage.watch(&gate.url);
    assert_eq!(state(&watch)["fires"], 4);
    let before = state(&watch)["entries"].as_u64().unwrap();
    stage.block("node-b", &line(101, "h101", "h100", &[("t2:0", TO, 500_000_000)]));
    until("the next block", || state(&watch)["entries"].as_u64().unwrap() > before);
    watch.stop();
    gate.stop();
    for journal in ["gate", "watch"] {
        let (fine, said) = stage.verify(journal);
        assert!(fine, "{journal}: {said}");
    }
}

/// The gate's entry that acknowledges a stop, as the watch journaled it.
fn told(dir: &Path) -> Option<u64> {
    let mut found = None;
    bongsu::walk::each(dir, |_, header, body| {
        if let Some(body) = body.filter(|_| header.kind == GateTold::KIND)
            && let Ok(Body { observation: Observation::GateTold(fact), .. }) = Body::decode(header.kind, body)
        {
            found = found.or(fact.entry);
        }
        Ok(())
    })
    .ok()?;
    found
}

#[test]
fn an_edited_gate_lets_a_theft_pass_and_the_watch_does_not() {
    let stage = Stage::new("bigone");
    let mut gate = stage.gate(&[]);
    let watch = stage.watch(&gate.url);
    copied(&watch, &gate);
    assert_eq!(get(&watch.url, "/v1/lease").0, 200);
    // Whoever has the gate's host edits what it answers: a withdrawal far above every limit is journaled as allowed, with the
    // gate's own key and hashes in order.
    gate.stop();
    let dir = stage.dir.join("gate");
    let (mut store, _) = Store::open(&dir).unwrap();
    let at = now();
    let fact: Observation = WithdrawalAsked {
        exchange: "x".into(),
        id: "theft".into(),
        wallet: "hot-btc".into(),
        asset: "BTC".into(),
        amount: 800_000_000_000,
        destination: TO.into(),
        tag: None,
        customer: "thief".into(),
        initiator: "api".into(),
        second_factor: Some("totp:1".into()),
        at: Instant(at),
    }
    .into();
    let before = bongsu::walk::state(&dir).unwrap();
    let stamp = kernel::known::Stamp { index: store.size(), time: Instant(at) };
    let bytes = kernel::conclude::conclude(&before, &fact, stamp).unwrap();
    let mut list = conclusion::decode(&bytes).unwrap();
    for concluded in &mut list {
        if let Concluded::Decided(decided) = concluded {
            assert_ne!(decided.verdict, Verdict::Allow, "an honest gate does not allow it");
            (decided.verdict, decided.rule) = (Verdict::Allow, Some("policy.default.ordinary".into()));
        }
    }
    let body = Body { observation: fact.clone(), conclusions: conclusion::encode(&list) }.encode().unwrap();
    let entry = NewEntry { kind: fact.kind(), version: 1, principal: "api", time: at, body: &body };
    store.append_group(&[entry]).unwrap();
    store.close(at).unwrap();
    let port = gate.url.rsplit(':').next().unwrap().to_string();
    let data = stage.path("gate");
    let gate = Server::start(&["--role", "gate", "--listen", &format!("127.0.0.1:{port}"), "--data", &data]);

    until("the trip", || state_of(&watch) == 5);
    let standing = state(&watch);
    let stops = standing["stops"].as_array().unwrap();
    let cause = stops.iter().find(|stop| stop["pause"] == false).and_then(|stop| stop["cause"].as_str()).unwrap();
    assert!(cause.contains("the gate differs") && cause.contains("concludes otherwise"), "{cause}");
    assert_eq!(standing["gate"]["differences"], 1);
    assert_eq!(get(&watch.url, "/v1/lease").0, 503);
    // The transfer itself has no authorisation, for what follows from the gate's own rules has none.
    stage.block("node-a", &line(100, "h100", "h99", &[("t9:0", TO, 800_000_000_000)]));
    until("the unmatched outflow", || state(&watch)["stops"].as_array().unwrap().len() >= 2);
    until("the stop of the honest part of the gate", || {
        signed(&gate.url, "ops", "GET", "/v1/state", "").1["fires"] == 5
    });
}

#[test]
fn blocks_that_others_read_are_signed_and_each_line_is_answered() {
    let stage = Stage::new("blocks");
    let gate = stage.gate(&["--law", "kr"]);
    let watch = stage.watch_with(&gate.url, &["--law", "kr"]);
    copied(&watch, &gate);
    let path = "/v1/blocks?chain=bitcoin&source=node-a";
    let good = line(100, "h100", "h99", &[]);
    let body = format!("{good}\nnot json\n{}\n", good.replace("h99", "h100"));
    assert_eq!(send_plain(&watch.url, path, &body).1["code"], "unsigned");
    assert_eq!(signed(&watch.url, "api", "POST", path, &body).1["code"], "role");
    assert_eq!(signed(&watch.url, "nobody", "POST", path, &body).1["code"], "unknown-key");
    let before = state(&watch)["entries"].clone();
    let (status, answers) = signed(&watch.url, "ops", "POST", path, &body);
    assert_eq!((status, answers.as_array().map(Vec::len)), (200, Some(3)), "{answers}");
    assert!(answers[0]["entry"].is_u64() && answers[1]["refused"].is_string(), "{answers}");
    assert!(answers[2]["refused"].as_str().unwrap().contains("parent"), "{answers}");
    assert_eq!(state(&watch)["entries"].as_u64(), before.as_u64().map(|entries| entries + 1), "one was consumed");
    // Of today: the law that such a stop starts clocks under is younger than the made-up blocks.
    let theft = line(101, "h101", "h100", &[("t1:0", TO, 500_000_000)]);
    let theft = theft.replace("1700060600000", &now().to_string());
    signed(&watch.url, "ops", "POST", path, &theft);
    assert_eq!(ask(&gate, "w1", 10_000), "allow");
    copied(&watch, &gate);
    until("the trip", || state_of(&watch) == 4);
    let clocks = || get(&watch.url, "/v1/incidents").1[0]["at_once"].as_array().map_or(0, Vec::len);
    until("the law's clocks", || clocks() >= 2);
}

fn state_of(watch: &Server) -> u64 {
    state(watch)["fires"].as_u64().unwrap_or(0)
}

#[test]
fn nothing_is_signable_without_a_lease() {
    let stage = Stage::new("lease");
    // The watch needs the gate's key, and the gate the watch's: the gate is founded first.
    stage.gate(&[]).stop();
    let mut gate = stage.gate(&[]);
    let mut watch = stage.watch(&gate.url);
    copied(&watch, &gate);
    gate.stop();
    let (url, public) = (watch.url.clone(), stage.path("watch/keys/journal.pub"));
    let port = gate.url.rsplit(':').next().unwrap().to_string();
    let data = stage.path("gate");
    let listen = format!("127.0.0.1:{port}");
    let gate = Server::start(&[
        "--role",
        "gate",
        "--listen",
        &listen,
        "--data",
        &data,
        "--watch",
        &url,
        "--watch-key",
        &public,
    ]);
    until("the gate answers", || signed(&gate.url, "ops", "GET", "/v1/state", "").0 == 200);
    copied(&watch, &gate);
    assert_eq!(ask(&gate, "w1", 10_000), "allow");
    until("a lease", || payload(&gate, "w1", 10_000).0 == 201);
    assert_eq!(ask(&gate, "w2", 10_001), "allow");
    watch.kill();
    // A lease lives three seconds; behind it nothing is signed, and nothing is recorded of the attempt.
    until("the end of the lease", || ask_payload_is_held(&gate));
    assert_eq!(payload(&gate, "w2", 10_001), (503, "no-lease".into()));
}

fn ask_payload_is_held(gate: &Server) -> bool {
    payload(gate, "nobody-asked", 1).1 == "unknown" && payload(gate, "w2", 10_001).1 == "no-lease"
}

#[test]
fn a_silent_gate_pauses_and_its_return_ends_the_pause() {
    let stage = Stage::new("silent");
    let mut gate = stage.gate(&[]);
    let watch = stage.watch(&gate.url);
    copied(&watch, &gate);
    gate.kill();
    until("the pause", || get(&watch.url, "/v1/lease").1["code"] == "paused");
    // A theft meanwhile is no less one.
    let port = gate.url.rsplit(':').next().unwrap().to_string();
    let data = stage.path("gate");
    let _gate = Server::start(&["--role", "gate", "--listen", &format!("127.0.0.1:{port}"), "--data", &data]);
    until("the end of the pause", || get(&watch.url, "/v1/lease").0 == 200);
}
