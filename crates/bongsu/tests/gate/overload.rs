//! Too much at once: refused early with a time to come again, and a stop still gets through.

use super::stage::{Folder, Gate, headers, now, raw, withdrawal};
use serde_json::{Value, json};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

fn stop() -> String {
    json!({"scope": {"what": "asset", "name": "BTC"}, "reason": "overload", "at": now()}).to_string()
}

#[test]
fn when_every_connection_is_taken_a_stop_is_still_answered() {
    let folder = Folder::new("crowd");
    let gate = Gate::start(&folder.0);
    let address = gate.url.strip_prefix("http://").unwrap();
    let crowd: Vec<TcpStream> =
        (0..bongsu::serve::gate::limits::CONNECTIONS).map(|_| TcpStream::connect(address).unwrap()).collect();
    let (status, answer) = gate.send("api", "POST", "/v1/withdrawals", &withdrawal("w", json!({})));
    assert_eq!((status, &answer["code"]), (503, &json!("busy")), "{answer}");
    let (status, answer) = gate.send("kim", "POST", "/v1/suspensions", &stop());
    assert_eq!((status, &answer["durable"]), (201, &json!(true)), "{answer}");
    drop(crowd);
    std::thread::sleep(Duration::from_millis(300));
    let (status, answer) = gate.send("api", "POST", "/v1/withdrawals", &withdrawal("w", json!({})));
    assert_eq!((status, &answer["verdict"]), (201, &json!("deny")), "{answer}");
}

#[test]
fn what_would_wait_too_long_is_refused_early_and_a_stop_goes_first() {
    let folder = Folder::new("flood");
    let gate = Gate::start(&folder.0);
    let (busy, taken) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let flood = |number: usize| {
        let item =
            |n: usize| -> Value { serde_json::from_str(&withdrawal(&format!("{number}-{n}"), json!({}))).unwrap() };
        let body = json!({"items": (0..4_000).map(item).collect::<Vec<_>>()}).to_string();
        let path = "/v1/withdrawals/batch";
        let mut all = headers("api", "POST", path, body.as_bytes(), now() / 1_000);
        all.push(("content-type", "application/json".into()));
        let (status, bytes) = raw(&gate.url, "POST", path, body.as_bytes(), &all).unwrap();
        let answer: Value = serde_json::from_slice(&bytes).unwrap();
        match status {
            200 => taken.fetch_add(1, Ordering::SeqCst),
            503 => {
                assert!(["busy", "stopping"].contains(&answer["code"].as_str().unwrap()), "{answer}");
                busy.fetch_add(1, Ordering::SeqCst)
            }
            other => panic!("{other}: {answer}"),
        };
    };
    let answered = std::thread::scope(|scope| {
        for first in 0..24 {
            let flood = &flood;
            scope.spawn(move || (0..4).for_each(|n| flood(first * 10 + n)));
        }
        std::thread::sleep(Duration::from_secs(3));
        let asked = Instant::now();
        let (status, answer) = gate.send("kim", "POST", "/v1/suspensions", &stop());
        assert!(status == 201 || (status == 202 && answer["durable"] == json!(false)), "{status} {answer}");
        asked.elapsed()
    });
    println!("a stop in the flood was answered after {answered:?}; {taken:?} batches taken, {busy:?} refused");
    assert!(answered < Duration::from_secs(3), "{answered:?}");
    assert!(taken.load(Ordering::SeqCst) > 0);
    assert!(busy.load(Ordering::SeqCst) > 0, "nothing was refused");
    assert_eq!(gate.send("ops", "GET", "/v1/state", "").1["stops"][0]["cause"], "overload");
}
