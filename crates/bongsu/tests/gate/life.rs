//! A day at the gate: asked, held, approved, shown before it is signed, stopped, reopened, changed, followed.

use super::stage::{Folder, Gate, TO, headers, now, withdrawal};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

fn approval(id: &str, request: &str) -> String {
    json!({"id": id, "group": "withdrawal-officer", "request": request, "at": now()}).to_string()
}

#[test]
fn a_held_withdrawal_needs_two_other_people_who_saw_this_very_request() {
    let folder = Folder::new("held");
    let gate = Gate::start(&folder.0);
    let before = gate.entries();
    // 14 BTC are above the large sum, 1 bn won; kim is who asks, through a system's key.
    let body = withdrawal("large", json!({"amount": null, "quantity": "14", "initiator": "kim"}));
    let (_, tried) = gate.send("api", "POST", "/v1/withdrawals/dry-run", &body);
    assert_eq!(gate.entries(), before, "a dry run writes nothing");
    let (status, held) = gate.send("api", "POST", "/v1/withdrawals", &body);
    assert_eq!(status, 201, "{held}");
    for name in ["verdict", "rule", "hold", "unmet", "values", "won", "request", "rulebook"] {
        assert_eq!(tried[name], held[name], "{name}");
    }
    assert_eq!((&held["verdict"], &held["rule"]), (&json!("hold"), &json!("policy.default.large")), "{held}");
    assert_eq!(held["hold"], json!({"approvals": 2, "by": "withdrawal-officer"}));
    assert_eq!(held["values"]["value"], "2101400007 KRW", "{held}");
    assert!(held["unmet"].as_array().unwrap().iter().any(|u| u["rule"] == "policy.default.single-cap"));
    let request = held["request"].as_str().unwrap().to_string();
    let (_, shown) = gate.send("lee", "GET", "/v1/approvals/large", "");
    assert_eq!((&shown["request"], &shown["what"]["withdrawal"]["destination"]), (&json!(request), &json!(TO)));
    assert_eq!(shown["what"]["withdrawal"]["quantity"], "14");
    let code = |by: &str, body: &str| gate.code(by, "/v1/approvals", body);
    assert_eq!(code("kim", &approval("large", &request)), "same-person", "who asked");
    assert_eq!(code("lee", &approval("large", &"0".repeat(64))), "conflict", "another request");
    assert_eq!(code("lee", &approval("none", &request)), "unknown-subject");
    assert_eq!(code("api", &approval("large", &request)), "role");
    let (status, one) = gate.send("lee", "POST", "/v1/approvals", &approval("large", &request));
    assert_eq!((status, &one["concluded"]), (201, &json!([])), "{one}");
    assert_eq!(code("lee", &approval("large", &request)), "same-person", "twice by one person");
    let (_, two) = gate.send("ops", "POST", "/v1/approvals", &approval("large", &request));
    assert_eq!(two["concluded"][0]["verdict"], "allow", "{two}");
    assert_eq!(gate.send("api", "GET", "/v1/withdrawals/large", "").1["status"], "allowed");
}

#[test]
fn a_payload_must_do_what_was_asked_and_bytes_alone_are_held() {
    let folder = Folder::new("payload");
    let gate = Gate::start(&folder.0);
    gate.send("api", "POST", "/v1/withdrawals", &withdrawal("p", json!({})));
    let effect = |amount: &str, to: &str| {
        json!({"effects": [{"asset": "BTC", "amount": amount, "destination": to}], "at": now()}).to_string()
    };
    let path = "/v1/withdrawals/p/payload";
    let verdict = |body: &str| {
        let (status, answer) = gate.send("api", "POST", path, body);
        assert_eq!(status, 201, "{answer}");
        answer["concluded"][0]["verdict"].as_str().unwrap().to_string()
    };
    assert_eq!(verdict(&effect("10001", TO)), "deny");
    assert_eq!(verdict(&effect("10000", "31nadacWrgPeAQxKRMabhn3fPhnhi3hjKa")), "deny");
    assert_eq!(verdict(&json!({"raw": "0xdeadbeef", "at": now()}).to_string()), "hold");
    assert_eq!(gate.code("api", path, &json!({"at": now()}).to_string()), "field");
    assert_eq!(verdict(&effect("10000", &TO.to_uppercase())), "allow", "another way to write the same address");
    let moment = json!({"at": now()}).to_string();
    assert_eq!(gate.code("api", "/v1/withdrawals/p/cancel", &moment), "too-late", "signed");
    let told = json!({"tx": "ab".repeat(32), "at": now()}).to_string();
    assert_eq!(gate.send("api", "POST", "/v1/withdrawals/p/broadcast", &told).0, 201);
    let ended = json!({"how": "confirmed", "at": now()}).to_string();
    assert_eq!(gate.send("api", "POST", "/v1/withdrawals/p/ended", &ended).0, 201);
    assert_eq!(gate.send("api", "GET", "/v1/withdrawals/p", "").1["status"], "confirmed");
    gate.send("api", "POST", "/v1/withdrawals", &withdrawal("q", json!({})));
    assert_eq!(gate.send("api", "POST", "/v1/withdrawals/q/cancel", &moment).0, 201);
    assert_eq!(gate.send("api", "GET", "/v1/withdrawals/q", "").1["status"], "cancelled");
}

#[test]
fn a_stop_stops_and_two_others_reopen_it() {
    let folder = Folder::new("stop");
    let gate = Gate::start(&folder.0);
    let all = json!({"what": "all"});
    let unknown = json!({"scope": {"what": "chain", "name": "mars"}, "reason": "x", "at": now()}).to_string();
    assert_eq!(gate.code("kim", "/v1/suspensions", &unknown), "unknown-subject");
    let stop = json!({"scope": all, "reason": "strange outflow", "at": 0}).to_string();
    let (status, answer) = gate.send("kim", "POST", "/v1/suspensions", &stop);
    assert_eq!((status, &answer["durable"], &answer["concluded"][0]["kind"]), (201, &json!(true), &json!("tripped")));
    let (_, denied) = gate.send("api", "POST", "/v1/withdrawals", &withdrawal("s", json!({})));
    assert_eq!((&denied["verdict"], &denied["why"]), (&json!("deny"), &json!("stopped: strange outflow")), "{denied}");
    let state = gate.send("ops", "GET", "/v1/state", "").1;
    assert_eq!((&state["fires"], &state["stops"][0]["stage"]), (&json!(5), &json!("stopped")), "{state}");
    let step = |step: &str, value: Value| {
        json!({"scope": all, "step": step, "value": value, "reason": "looked", "at": now()}).to_string()
    };
    let path = "/v1/resumptions";
    assert_eq!(gate.code("kim", path, &step("cause", json!("ledger"))), "same-person", "who stopped it");
    assert_eq!(gate.code("lee", path, &step("full", Value::Null)), "wrong-step");
    assert_eq!(gate.code("lee", path, &step("cause", json!("weather"))), "field");
    assert_eq!(gate.code("api", path, &step("cause", json!("ledger"))), "role");
    let (_, one) = gate.send("lee", "POST", path, &step("cause", json!("ledger")));
    assert_eq!(one["concluded"], json!([]), "{one}");
    assert_eq!(gate.code("lee", path, &step("cause", json!("ledger"))), "same-person");
    let (_, two) = gate.send("ops", "POST", path, &step("cause", json!("ledger")));
    assert_eq!(two["concluded"][0]["kind"], "resumed", "{two}");
    // While it is stopped nothing makes the guard weaker.
    let list = json!({"list": "allow", "source": "desk", "chain": "bitcoin", "address": TO, "add": true, "at": now()});
    assert_eq!(gate.code("ops", "/v1/lists", &list.to_string()), "stopped");
}

#[test]
fn a_guard_that_works_changes_only_by_an_approved_change() {
    let folder = Folder::new("change");
    let gate = Gate::start(&folder.0);
    gate.send("api", "POST", "/v1/withdrawals", &withdrawal("arms", json!({})));
    let public = super::stage::key("new").verifier(journal::note::Algorithm::Ed25519).to_string();
    let shape = json!({"public": public, "holder": "park", "roles": ["read"]});
    assert_eq!(gate.code("ops", "/v1/keys", &shape.to_string()), "not-approved");
    let ask = json!({"id": "c-1", "change": "a key for the auditor", "makes": {"key": shape}, "at": now()}).to_string();
    let (status, asked) = gate.send("ops", "POST", "/v1/changes", &ask);
    assert_eq!((status, &asked["concluded"][0]["verdict"]), (201, &json!("hold")), "{asked}");
    let (_, shown) = gate.send("kim", "GET", "/v1/approvals/c-1", "");
    assert_eq!(shown["what"]["change"]["change"], "a key for the auditor");
    assert_eq!(gate.send("new", "GET", "/v1/state", "").1["code"], "unknown-key");
    let group = shown["hold"]["by"].as_str().unwrap_or("security-officer");
    let give = json!({"id": "c-1", "group": group, "request": shown["request"], "at": now()}).to_string();
    for by in ["kim", "lee"] {
        let (status, answer) = gate.send(by, "POST", "/v1/approvals", &give);
        assert_eq!(status, 201, "{by} {answer}");
    }
    // A delay may be asked for too; while it runs the change makes nothing.
    let (_, shown) = gate.send("kim", "GET", "/v1/approvals/c-1", "");
    let mut made = shape.clone();
    made["change"] = json!("c-1");
    if shown["status"] == "allowed" {
        made["roles"] = json!(["read", "admin"]);
        assert_eq!(gate.code("ops", "/v1/keys", &made.to_string()), "not-approved", "another key than was approved");
        made["roles"] = json!(["read"]);
        assert_eq!(gate.send("ops", "POST", "/v1/keys", &made.to_string()).0, 201);
        assert_eq!(gate.send("new", "GET", "/v1/state", "").0, 200);
    } else {
        assert!(shown["hold"]["until"].as_i64().unwrap() > now(), "{shown}");
        assert_eq!(gate.code("ops", "/v1/keys", &made.to_string()), "not-approved");
    }
}

#[test]
fn the_ledger_asks_before_it_posts() {
    let folder = Folder::new("ledger");
    let gate = Gate::start(&folder.0);
    let event = json!({"event": "lucky box", "asset": "BTC", "budget": "1000", "at": now()}).to_string();
    assert_eq!(gate.send("api", "POST", "/v1/payout-events", &event).0, 201);
    let ask = |id: &str, amount: &str| {
        json!({"id": id, "customer": "c", "asset": "BTC", "amount": amount, "event": "lucky box", "at": now()})
            .to_string()
    };
    let (_, small) = gate.send("api", "POST", "/v1/credits", &ask("cr-1", "900"));
    assert_eq!(small["concluded"][0]["verdict"], "allow", "{small}");
    // 620,000 BTC.
    let (_, large) = gate.send("api", "POST", "/v1/credits", &ask("cr-2", "62000000000000"));
    assert_eq!(large["concluded"][0]["verdict"], "deny", "{large}");
}

#[test]
fn entries_can_be_followed_and_taken_up_again() {
    let folder = Folder::new("follow");
    let gate = Gate::start(&folder.0);
    let from = gate.entries();
    let (_, first) = gate.send("api", "POST", "/v1/withdrawals", &withdrawal("f1", json!({})));
    let mut stream = follow(&gate, &format!("/v1/events?from={from}"), None);
    assert_eq!(next(&mut stream), (from, "WithdrawalAsked".to_string()));
    gate.send("api", "POST", "/v1/withdrawals", &withdrawal("f2", json!({})));
    assert_eq!(next(&mut stream), (from + 1, "WithdrawalAsked".to_string()), "as it happens");
    drop(stream);
    let mut stream = follow(&gate, "/v1/events", Some(from));
    assert_eq!(next(&mut stream).0, from + 1, "after Last-Event-ID");
    let (_, list) = gate.send("ops", "GET", &format!("/v1/events?from={from}"), "");
    assert_eq!((list["entries"].as_array().unwrap().len(), &list["next"]), (2, &json!(from + 2)));
    let (_, entry) = gate.send("ops", "GET", &format!("/v1/entries/{from}"), "");
    assert_eq!((&entry["principal"], &entry["concluded"][0]["id"]), (&json!("api"), &json!("f1")), "{entry}");
    assert_eq!(first["entry"], json!(from));
    assert_eq!(gate.send("ops", "GET", "/v1/entries/999999", "").1["code"], "unknown");
    let (_, limits) = gate.send("ops", "GET", "/v1/limits?customer=c-1&asset=BTC&wallet=hot-btc", "");
    let row = |rule: &str| limits["limits"].as_array().unwrap().iter().find(|r| r["rule"] == rule).cloned().unwrap();
    let day = row("policy.default.customer-day");
    assert_eq!((&day["used"], &day["left"]), (&json!("30022"), &json!("4999969978")), "{day}");
}

/// Opens a stream of events.
fn follow(gate: &Gate, path: &str, last: Option<u64>) -> BufReader<TcpStream> {
    let address = gate.url.strip_prefix("http://").unwrap();
    let mut socket = TcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(std::time::Duration::from_secs(20))).unwrap();
    let mut head = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\naccept: text/event-stream\r\n");
    last.iter().for_each(|last| head += &format!("last-event-id: {last}\r\n"));
    headers("ops", "GET", path, b"", now() / 1_000).iter().for_each(|(n, v)| head += &format!("{n}: {v}\r\n"));
    socket.write_all((head + "\r\n").as_bytes()).unwrap();
    BufReader::new(socket)
}

/// The next event: its id and its name.
fn next(stream: &mut BufReader<TcpStream>) -> (u64, String) {
    let (mut id, mut line) = (None, String::new());
    loop {
        line.clear();
        assert!(stream.read_line(&mut line).unwrap() > 0, "the stream ended");
        if let Some(text) = line.strip_prefix("id: ") {
            id = Some(text.trim().parse().unwrap());
        }
        if let (Some(name), Some(id)) = (line.strip_prefix("event: "), id) {
            return (id, name.trim().to_string());
        }
    }
}
