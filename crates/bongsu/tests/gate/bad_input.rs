//! Every bad request gets its code, consumes nothing and loses nothing.

use super::stage::{Folder, Gate, headers, now, raw, withdrawal};
use serde_json::{Value, json};

#[test]
fn a_bad_withdrawal_is_refused_with_its_code_and_its_field() {
    let folder = Folder::new("bad");
    let gate = Gate::start(&folder.0);
    let before = gate.entries();
    let huge = "9".repeat(80);
    for (over, code, field) in [
        (json!({"destination": "bc1q05aktddf9ce4p7hh3stgsf253m4vweu7nkhtmv"}), "address", "destination"),
        (json!({"destination": "0x52908400098527886E0F7030069857D2E4169EE7"}), "address", "destination"),
        (json!({"tag": "7"}), "tag", "tag"),
        (json!({"asset": "DOGE"}), "unknown-subject", "asset"),
        (json!({"wallet": "cold-9"}), "unknown-subject", "wallet"),
        (json!({"amount": "0"}), "out-of-range", "amount"),
        (json!({"amount": "-1"}), "negative", "amount"),
        (json!({"amount": "0.5"}), "below-base-unit", "amount"),
        (json!({"amount": null, "quantity": "0.000000001"}), "below-base-unit", "quantity"),
        (json!({"amount": "1", "quantity": "1"}), "amount", "amount"),
        (json!({"amount": null}), "amount", "amount"),
        (json!({"amount": "a lot"}), "amount", "amount"),
        (json!({"amount": huge}), "over-256-bits", "amount"),
        (json!({"amount": "1000000000000000000000000000001"}), "too-large", "amount"),
        (json!({"at": now() - 25 * 3_600_000}), "stale-time", "at"),
        (json!({"at": now() + 10 * 60_000}), "future-time", "at"),
        (json!({"at": now() / 1_000}), "stale-time", "at"),
        (json!({"at": "today"}), "field", "at"),
        (json!({"id": ""}), "empty", "id"),
        (json!({"id": "x".repeat(200)}), "too-long", "id"),
        (json!({"customer": null}), "field", ""),
        (json!({"colour": "red"}), "field", "colour"),
    ] {
        for path in ["/v1/withdrawals", "/v1/withdrawals/dry-run"] {
            let (status, answer) = gate.send("api", "POST", path, &withdrawal("bad", over.clone()));
            assert!((400..500).contains(&status), "{over}: {answer}");
            assert_eq!(answer["code"], code, "{over}: {answer}");
            if !field.is_empty() {
                assert_eq!(answer["field"], field, "{over}: {answer}");
            }
            assert!(!answer["hint"].as_str().unwrap().is_empty(), "{answer}");
        }
    }
    for (body, code) in [("{", "malformed"), ("", "malformed"), ("[]", "field"), ("{} {}", "field"), ("null", "field")]
    {
        assert_eq!(gate.code("api", "/v1/withdrawals", body), code, "{body}");
    }
    assert_eq!(gate.entries(), before, "nothing was recorded");
    // The id that was refused so often is free.
    let (status, answer) = gate.send("api", "POST", "/v1/withdrawals", &withdrawal("bad", json!({})));
    assert_eq!((status, &answer["verdict"], &answer["already"]), (201, &json!("allow"), &json!(false)), "{answer}");
}

#[test]
fn an_id_is_one_question_for_ever() {
    let folder = Folder::new("id");
    let gate = Gate::start(&folder.0);
    let body = withdrawal("once", json!({}));
    let (first, said) = gate.send("api", "POST", "/v1/withdrawals", &body);
    let before = gate.entries();
    let (again, repeated) = gate.send("api", "POST", "/v1/withdrawals", &body);
    assert_eq!((first, again), (201, 200));
    for name in ["verdict", "entry", "rule", "request", "won", "rulebook", "time"] {
        assert_eq!(said[name], repeated[name], "{name}");
    }
    assert_eq!((&said["already"], &repeated["already"]), (&json!(false), &json!(true)));
    let mut other: Value = serde_json::from_str(&body).unwrap();
    other["amount"] = json!("10001");
    let (status, answer) = gate.send("api", "POST", "/v1/withdrawals", &other.to_string());
    assert_eq!((status, &answer["code"], &answer["field"]), (409, &json!("conflict"), &json!("id")), "{answer}");
    assert_eq!(gate.entries(), before);
}

#[test]
fn a_batch_with_bad_items_answers_each_by_itself() {
    let folder = Folder::new("batch");
    let gate = Gate::start(&folder.0);
    let item = |id: &str, over: Value| -> Value { serde_json::from_str(&withdrawal(id, over)).unwrap() };
    let items = json!({"items": [
        item("b1", json!({})),
        item("b2", json!({"destination": "nowhere"})),
        json!("no object"),
        item("b3", json!({"amount": "0"})),
        item("b4", json!({"colour": 1})),
        item("b1", json!({"amount": "2"})),
        item("b5", json!({"second_factor": null})),
        item("b6", json!({})),
    ]});
    let check = |answers: &Value| {
        let said: Vec<String> = answers["answers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|a| a["decision"]["verdict"].as_str().or(a["problem"]["code"].as_str()).unwrap().to_string())
            .collect();
        assert_eq!(
            said,
            ["allow", "address", "field", "out-of-range", "field", "conflict", "deny", "allow"],
            "{answers}"
        );
    };
    let (status, answers) = gate.send("api", "POST", "/v1/withdrawals/batch", &items.to_string());
    assert_eq!(status, 200, "{answers}");
    check(&answers);
    let before = gate.entries();
    // The same in CBOR: the same answers, and nothing new.
    let mut body = Vec::new();
    ciborium::into_writer(&items, &mut body).unwrap();
    let mut all = headers("api", "POST", "/v1/withdrawals/batch", &body, now() / 1_000);
    all.push(("content-type", "application/cbor".into()));
    let (status, bytes) = raw(&gate.url, "POST", "/v1/withdrawals/batch", &body, &all).unwrap();
    assert_eq!(status, 200);
    let answers: Value = ciborium::from_reader(bytes.as_slice()).unwrap();
    check(&answers);
    assert_eq!(answers["answers"][0]["decision"]["already"], json!(true));
    assert_eq!(gate.entries(), before);
    let many = json!({"items": vec![json!(1); 8_193]});
    assert_eq!(gate.code("api", "/v1/withdrawals/batch", &many.to_string()), "too-many");
}

#[test]
fn who_does_not_sign_rightly_is_not_answered() {
    let folder = Folder::new("signed");
    let gate = Gate::start(&folder.0);
    let before = gate.entries();
    let path = "/v1/withdrawals";
    let body = withdrawal("w", json!({}));
    let json_type = ("content-type", "application/json".to_string());
    let code = |headers: &[(&'static str, String)], body: &str, method: &str, path: &str| {
        let mut all = headers.to_vec();
        all.push(json_type.clone());
        let (status, bytes) = raw(&gate.url, method, path, body.as_bytes(), &all).unwrap();
        let answer: Value = serde_json::from_slice(&bytes).unwrap();
        assert!(status == 401 || status == 403, "{status} {answer}");
        answer["code"].as_str().unwrap().to_string()
    };
    let signed = |by: &str, ago: i64| headers(by, "POST", path, body.as_bytes(), now() / 1_000 - ago);
    assert_eq!(code(&[], &body, "POST", path), "unsigned");
    assert_eq!(code(&signed("nobody", 0), &body, "POST", path), "unknown-key");
    assert_eq!(code(&signed("kim", 0), &body, "POST", path), "role");
    assert_eq!(code(&signed("api", 301), &body, "POST", path), "signature-expired");
    assert_eq!(code(&signed("api", -60), &body, "POST", path), "signature-expired");
    assert_eq!(code(&signed("api", 200), &body, "POST", path), "signature-forgotten");
    assert_eq!(code(&signed("api", 0), &body.replace("10000", "99999"), "POST", path), "digest-wrong");
    assert_eq!(code(&signed("api", 0), &body, "POST", "/v1/withdrawals/dry-run"), "signature-wrong");
    assert_eq!(code(&signed("api", 0), &body, "POST", "/v1/withdrawals?x=1"), "signature-wrong");
    let change = |name: &str, from: &str, to: &str| {
        let mut all = signed("api", 0);
        all.iter_mut().filter(|(n, _)| *n == name).for_each(|(_, v)| *v = v.replacen(from, to, 1));
        code(&all, &body, "POST", path)
    };
    assert_eq!(change("signature-input", "keyid=\"api\"", "keyid=\"ops\""), "signature-wrong");
    assert_eq!(change("signature-input", "\"@method\" ", ""), "signature-malformed");
    assert_eq!(change("signature-input", " \"content-digest\"", ""), "signature-malformed");
    assert_eq!(change("signature-input", ";nonce=", ";tag="), "signature-malformed");
    assert_eq!(change("signature-input", ";created=", ";created=1;created="), "signature-malformed");
    assert_eq!(change("signature", "sig=:", "sig=:AAAA"), "signature-malformed");
    assert_eq!(change("content-digest", "sha-256", "sha-512"), "digest-wrong");
    assert_eq!(gate.entries(), before, "nothing was recorded");
    // Taken once, and never again.
    let once = signed("api", 0);
    let mut all = once.clone();
    all.push(json_type.clone());
    assert_eq!(raw(&gate.url, "POST", path, body.as_bytes(), &all).unwrap().0, 201);
    assert_eq!(code(&once, &body, "POST", path), "replayed");
}

#[test]
fn a_restart_takes_nothing_that_the_server_before_it_may_have_taken() {
    let folder = Folder::new("restart");
    let mut gate = Gate::start(&folder.0);
    let body = r#"{"asset":"BTC","venue":"own","won":"150000000","at":"#.to_string() + &now().to_string() + "}";
    let mut all = headers("ops", "POST", "/v1/prices", body.as_bytes(), now() / 1_000);
    all.push(("content-type", "application/json".into()));
    assert_eq!(raw(&gate.url, "POST", "/v1/prices", body.as_bytes(), &all).unwrap().0, 201);
    gate.kill();
    let gate = Gate::start(&folder.0);
    let (status, bytes) = raw(&gate.url, "POST", "/v1/prices", body.as_bytes(), &all).unwrap();
    let answer: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!((status, &answer["code"]), (401, &json!("signature-forgotten")), "{answer}");
}

#[test]
fn bodies_methods_and_media_have_limits() {
    let folder = Folder::new("limits");
    let gate = Gate::start(&folder.0);
    let large = withdrawal("w", json!({"tag": "x".repeat(200 << 10)}));
    assert_eq!(gate.code("api", "/v1/withdrawals", &large), "body-too-large");
    assert_eq!(gate.send("api", "GET", "/v1/nowhere", "").1["code"], "not-found");
    assert_eq!(gate.send("api", "GET", "/v1/withdrawals/batch/x/y", "").1["code"], "not-found");
    assert_eq!(gate.send("api", "DELETE", "/v1/withdrawals", "").1["code"], "method");
    let body = withdrawal("w", json!({}));
    let mut all = headers("api", "POST", "/v1/withdrawals", body.as_bytes(), now() / 1_000);
    all.push(("content-type", "text/plain".into()));
    let (status, bytes) = raw(&gate.url, "POST", "/v1/withdrawals", body.as_bytes(), &all).unwrap();
    assert_eq!((status, String::from_utf8_lossy(&bytes).contains("\"media-type\"")), (415, true));
    for path in ["/healthz", "/openapi.json"] {
        assert_eq!(raw(&gate.url, "GET", path, b"", &[]).unwrap().0, 200, "{path}");
    }
    assert_eq!(raw(&gate.url, "GET", "/v1/state", b"", &[]).unwrap().0, 401);
}

#[test]
fn a_setup_with_wrong_rows_names_each_of_them_and_records_nothing() {
    let folder = Folder::new("setup");
    let file = super::stage::setup(&folder.0);
    let good = std::fs::read_to_string(&file).unwrap();
    let bad = good.replace("tier = \"hot\"", "tier = \"tepid\"").replace("won = \"150000000\"", "won = \"dear\"");
    assert_ne!(good, bad);
    std::fs::write(&file, bad).unwrap();
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_bongsu"))
        .args(["serve", "--role", "gate", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder.0.join("journal"))
        .arg("--setup")
        .arg(&file)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert_eq!(run.status.code(), Some(1), "{said}");
    for part in ["row ", "column tier", "tepid", "column won", "dear", "nothing of the file was recorded"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    std::fs::write(&file, good).unwrap();
    let gate = Gate::start(&folder.0);
    assert!(gate.send("api", "GET", "/v1/withdrawals/w", "").1["code"] == "unknown");
}
