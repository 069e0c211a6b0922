//! A night at the gate: a thief's block, the incident that it is, the page people look at, and a ticket for what must leave all the same.

use super::stage::{Folder, Gate, TO, key, now, raw, setup};
use journal::note::Algorithm;
use kernel::fact::Ticket;
use kernel::guard::ticket::identity_of;
use rulebook::time::Instant;
use serde_json::{Value, json};
use std::io::Write;

const HOT: &str = "123WBUDmSJv4GctdVEz6Qq6z8nXSKrJ4KX";

fn block(source: &str, height: u64, transfers: &Value) -> String {
    let (hash, parent) = (format!("h{height}"), format!("h{}", height - 1));
    let block = json!({"height": height, "hash": hash, "parent": parent, "time": now(), "transfers": transfers});
    json!({"chain": "bitcoin", "source": source, "block": block}).to_string()
}

fn moved(tx: &str, to: &str, amount: &str) -> Value {
    json!([{"tx": tx, "from": HOT, "to": to, "asset": "BTC", "amount": amount, "fee": "200"}])
}

/// A gate whose chain is read by two nodes, with two people of `break-glass`, and Korea's law beside its policy.
fn gate(folder: &Folder) -> Gate {
    let path = setup(&folder.0);
    let mut file = std::fs::OpenOptions::new().append(true).open(path).unwrap();
    writeln!(
        file,
        "[[chain]]\nchain = \"bitcoin\"\nsources = [\"n1\", \"n2\"]\ndepth = 0\nbehind = 10\nsilence = 3600000"
    )
    .unwrap();
    for name in ["han", "yun"] {
        let identity: String =
            identity_of(key(name).verifier(Algorithm::Ed25519).public()).iter().map(|b| format!("{b:02x}")).collect();
        writeln!(file, "[[person]]\nperson = \"{name}\"\nidentity = \"{identity}\"\ngroups = [\"break-glass\"]")
            .unwrap();
    }
    Gate::start_with(&folder.0, &["--law", "kr", "--desk", "127.0.0.1:0"])
}

#[test]
fn a_thiefs_block_is_an_incident_with_the_laws_clocks() {
    let folder = Folder::new("night");
    let mut gate = gate(&folder);
    for (body, code) in [
        (block("n3", 100, &json!([])), "unknown-subject"),
        (block("n1", 100, &moved("t1", TO, "-5")), "field"),
        (block("n1", 100, &moved("t1", TO, "0.5")), "field"),
        (block("n1", 100, &json!([])).replace("\"h99\"", "\"h100\""), "conflict"),
        (block("n1", 100, &json!([])).replace("bitcoin", "dogecoin"), "unknown-subject"),
        (block("n1", 100, &json!([])).replace("height", "heigth"), "field"),
    ] {
        assert_eq!(gate.code("ops", "/v1/blocks", &body), code, "{body}");
    }
    assert_eq!(gate.code("api", "/v1/blocks", &block("n1", 100, &json!([]))), "role");
    let tell = |gate: &Gate, body: &str| {
        let (status, answer) = gate.send("ops", "POST", "/v1/blocks", body);
        assert_eq!(status, 201, "{answer}");
        answer
    };
    tell(&gate, &block("n1", 100, &json!([])));
    assert_eq!(gate.send("ops", "GET", "/v1/incidents", "").1, json!([]));
    let answer = tell(&gate, &block("n1", 101, &moved("x1", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "4450000000")));
    assert!(answer["concluded"].as_array().unwrap().iter().any(|one| one["kind"] == "tripped"), "{answer}");
    tell(&gate, &block("n2", 100, &json!([])));
    // More of the same night is the same incident.
    tell(&gate, &block("n1", 102, &moved("x2", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "100")));
    let listed = |gate: &Gate| gate.send("ops", "GET", "/v1/incidents", "").1;
    let incidents = listed(&gate);
    assert_eq!(incidents.as_array().map(Vec::len), Some(1), "{incidents}");
    assert!(incidents[0]["incident"].as_str().unwrap().starts_with("stop-"), "{incidents}");
    let reported =
        incidents[0]["at_once"].as_array().unwrap().iter().filter(|c| c["rule"] == "kr.vaupa.11-2.report").count();
    assert_eq!(reported, 2, "a clock of the law runs for each withheld side: {incidents}");

    let page = gate.page.clone().expect("a page");
    let (status, text) = raw(&page, "GET", "", b"", &[]).unwrap();
    let text = String::from_utf8(text).unwrap();
    assert_eq!(status, 200);
    assert!(text.contains("hot-1") && !text.contains("<script"), "{text}");
    let (_, korean) = raw(&page, "GET", "?lang=ko", b"", &[]).unwrap();
    assert!(String::from_utf8(korean).unwrap().contains("lang=\"ko\""));
    let (_, told) = gate.send("lee", "GET", "/v1/guard", "");
    assert_eq!(told["fires"], 4, "{told}");

    gate.kill();
    let gate = Gate::start_with(&folder.0, &["--desk", "127.0.0.1:0"]);
    assert_eq!(listed(&gate), incidents, "a restart opens none anew");
}

#[test]
fn a_ticket_enters_over_http() {
    let folder = Folder::new("ticket");
    let gate = gate(&folder);
    let from = Instant(now());
    let ticket = Ticket {
        id: "k1".into(),
        wallet: "hot-btc".into(),
        asset: "BTC".into(),
        destination: TO.into(),
        tag: None,
        cap: 150_000_000,
        from,
        until: from.plus(30 * 60_000),
        reason: "the gate was down".into(),
    };
    let text = ticket.text("demo");
    let signed = |names: &[&str]| {
        let lines: String = names.iter().map(|name| key(name).sign_note(&text)).collect();
        format!("{text}\n{lines}")
    };
    let public = |name: &str| key(name).verifier(Algorithm::Ed25519).to_string();
    let keys = json!([public("han"), public("yun")]);
    let body = |note: String| json!({"note": note, "keys": keys}).to_string();
    assert_eq!(gate.code("kim", "/v1/tickets", &body("nothing".into())), "field");
    assert_eq!(
        gate.code("kim", "/v1/tickets", &body(signed(&["han", "yun"]).replace("150000000", "950000000"))),
        "field"
    );
    let alone = gate.code("kim", "/v1/tickets", &body(signed(&["han"])));
    assert_ne!(alone, "none", "one of two signed");
    assert_eq!(gate.code("api", "/v1/tickets", &body(signed(&["han", "yun"]))), "role");
    let (status, answer) = gate.send("kim", "POST", "/v1/tickets", &body(signed(&["han", "yun"])));
    assert_eq!(status, 201, "{answer}");
    assert_eq!(gate.send("kim", "POST", "/v1/tickets", &body(signed(&["han", "yun"]))).0, 200, "once more is the same");
    let (_, told) = gate.send("ops", "POST", "/v1/blocks", &block("n1", 100, &moved("t1", TO, "150000000")));
    let kinds: Vec<&str> =
        told["concluded"].as_array().unwrap().iter().filter_map(|one| one["kind"].as_str()).collect();
    assert!(kinds.contains(&"ticketed") && !kinds.contains(&"tripped"), "{told}");
    let open = |gate: &Gate| gate.send("lee", "GET", "/v1/guard", "").1["tickets"].clone();
    assert_eq!((&open(&gate)[0]["id"], &open(&gate)[0]["used"]), (&json!("k1"), &json!(true)));
    let review = json!({"finding": "as agreed", "at": now()}).to_string();
    assert_eq!(gate.send("kim", "POST", "/v1/tickets/k1/review", &review).0, 201);
    assert_eq!(open(&gate), json!([]));
    assert_eq!(gate.code("kim", "/v1/tickets/k9/review", &review), "unknown-subject");
}
