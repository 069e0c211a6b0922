//! A co-signer and a custodian ask a gate in a process of its own, each with its own key. What is unclear is never approved.

use bongsu::serve::gate::custody::jwt::{Private, Public};
use bongsu::serve::gate::signature::{self, Message};
use journal::note::{Algorithm, SignerKey};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const TO: &str = "bc1q05aktddf9ce4p7hh3stgsf253m4vweu7nkhtmw";

fn pem(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/custody").join(name);
    std::fs::read_to_string(path).unwrap()
}

fn key() -> SignerKey {
    SignerKey::new("api", &[5; 32]).unwrap()
}

struct Gate {
    child: Child,
    url: String,
    dir: PathBuf,
}

impl Gate {
    fn start(dir: &Path) -> Gate {
        let setup = dir.join("setup.toml");
        let old = bongsu::recorder::now() - 2 * 3_600_000;
        let public = key().verifier(Algorithm::Ed25519);
        let text = format!(
            r#"
            exchange = {{ id = "x", name_en = "X", name_ko = "X" }}
            asset = [{{ asset = "BTC", chain = "bitcoin", decimals = 8 }}]
            wallet = [{{ wallet = "hot", chain = "bitcoin", address = "123WBUDmSJv4GctdVEz6Qq6z8nXSKrJ4KX", domain = "d", tier = "hot" }}]
            key = [{{ public = "{public}", holder = "desk", roles = ["ask", "suspend"] }}]
            price = [{{ asset = "BTC", venue = "own", won = "150000000" }}, {{ asset = "BTC", venue = "other", won = "150000000" }}]
            holdings = [{{ asset = "BTC", held = "2000000000000", entrusted = "1900000000000" }}]
            balance = [{{ wallet = "hot", asset = "BTC", balance = "900000000000", at = {old} }}]
            "#
        );
        std::fs::write(&setup, text).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_bongsu"));
        command.args(["serve", "--role", "gate", "--listen", "127.0.0.1:0", "--data"]).arg(dir.join("j"));
        let mut child =
            command.arg("--setup").arg(&setup).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let url = lines.by_ref().map(Result::unwrap).find_map(|l| l.strip_prefix("listening on ").map(str::to_string));
        Gate { child, url: url.expect("the gate listens"), dir: dir.to_path_buf() }
    }

    fn post(&self, path: &str, body: &str, headers: &[(&str, String)]) -> (u16, String) {
        let mut request = ureq::http::Request::builder().method("POST").uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut response = agent.run(request.body(body.as_bytes().to_vec()).unwrap()).unwrap();
        (response.status().as_u16(), response.body_mut().read_to_string().unwrap())
    }

    /// A request of the exchange, signed as the gate wants it; repeated while the server's first seconds last.
    fn says(&self, path: &str, body: &Value) -> (u16, Value) {
        for nonce in 0..100 {
            let body = body.to_string();
            let message = Message { method: "POST", path, query: "", body: body.as_bytes() };
            let nonce = format!("nonce-{}-{nonce}", bongsu::recorder::now());
            let signed = signature::sign(&key(), &message, bongsu::recorder::now() / 1_000, &nonce);
            let mut headers: Vec<(&str, String)> = signed.into_iter().collect();
            headers.push(("content-type", "application/json".into()));
            let (status, answer) = self.post(path, &body, &headers);
            if status != 401 {
                return (status, serde_json::from_str(&answer).unwrap());
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        panic!("never taken")
    }

    fn asks(&self, id: &str) -> Value {
        let at = bongsu::recorder::now();
        let body = json!({"id": id, "wallet": "hot", "asset": "BTC", "quantity": "0.5", "destination": TO, "customer": "c", "second_factor": "totp", "at": at});
        let (status, answer) = self.says("/v1/withdrawals", &body);
        assert_eq!((status, &answer["verdict"]), (201, &json!("allow")), "{answer}");
        answer
    }

    /// What the co-signer hears: the action, and why.
    fn cosigner(&self, claims: &Value) -> (String, String) {
        let token = Private::pem(&pem("cosigner.key.pem")).unwrap().sign(claims).unwrap();
        let (status, answer) = self.post("/v1/cosigner/v2/tx_sign_request", &token, &[]);
        assert_eq!(status, 200, "{answer}");
        let said = Public::pem(&pem("gate.pem")).unwrap().read(&answer).unwrap();
        assert_eq!(said["requestId"], claims["requestId"]);
        let text = |name: &str| said[name].as_str().unwrap_or_default().to_string();
        (text("action"), text("rejectionReason"))
    }

    fn webhook(&self, claims: &Value) -> (u16, Value) {
        let token = Private::pem(&pem("cosigner.key.pem")).unwrap().sign(claims).unwrap();
        let (status, answer) = self.post("/v1/custodian-webhook", &token, &[]);
        let said = Public::pem(&pem("gate.pem")).unwrap().read(&answer).unwrap();
        assert_eq!(said["statusCode"], status);
        (status, said)
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _waited = self.child.wait();
    }
}

fn folder(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("bongsu-custody-{name}-{}", std::process::id()));
    let _absent = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

/// A gate whose custodian is registered: on its second start, for the first makes the folder.
fn gate(dir: &Path) -> Gate {
    drop(Gate::start(dir));
    let journal = dir.join("j");
    std::fs::write(journal.join("cosigner.pem"), pem("cosigner.pem")).unwrap();
    std::fs::write(journal.join("gate.key.pem"), pem("gate.key.pem")).unwrap();
    let text = "public = \"cosigner.pem\"\nprivate = \"gate.key.pem\"\n[wallets]\n\"VAULT:0\" = \"hot\"\nw1 = \"hot\"\n[assets]\nBTC = \"BTC\"\nbtc = \"BTC\"\n";
    std::fs::write(journal.join("custody.toml"), text).unwrap();
    Gate::start(dir)
}

/// What a co-signer asks about a withdrawal, with fields laid over.
fn question(id: &str, over: Value) -> Value {
    let mut claims = json!({"requestId": format!("r-{id}"), "txId": format!("t-{id}"), "externalTxId": id, "operation": "TRANSFER",
        "sourceType": "VAULT", "sourceId": "0", "asset": "BTC", "amount": 0.5, "amountStr": "0.50000000", "destAddress": TO,
        "destinations": [{"amountNativeStr": "0.5", "displayDstAddress": TO}]});
    for (name, value) in over.as_object().unwrap() {
        match value {
            Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
            value => claims[name] = value.clone(),
        }
    }
    claims
}

#[test]
fn a_cosigner_is_answered_and_nothing_unclear_is_approved() {
    let dir = folder("cosigner");
    let mut gate = gate(&dir);
    gate.asks("w1");
    let other = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT";
    let old = bongsu::recorder::now() / 1_000 - 400;
    for (over, why) in [
        (json!({"externalTxId": "w9"}), "no withdrawal w9"),
        (json!({"externalTxId": null}), "externalTxId is missing"),
        (json!({"txId": null}), "txId is missing"),
        (json!({"operation": "CONTRACT_CALL"}), "no transfer"),
        (json!({"operation": null}), "operation is missing"),
        (json!({"sourceId": "7"}), "source VAULT:7"),
        (json!({"asset": "ETH"}), "asset ETH"),
        (json!({"amountStr": "0.6"}), "names another amount"),
        (json!({"amountStr": "0.6", "destinations": null}), "amount 60000000 instead of 50000000"),
        (json!({"amountStr": null}), "amountStr is missing"),
        (json!({"amountStr": 0.5}), "amountStr is no text"),
        (json!({"amountStr": "0.500000001", "destinations": null}), "below-base-unit"),
        (json!({"destAddress": other}), "names another address"),
        (json!({"destAddress": other, "destinations": null}), "destination"),
        (json!({"destAddress": "bc1q05aktddf9ce4p7hh3stgsf253m4vweu7nkhtmx", "destinations": null}), "checksum"),
        (json!({"destTag": "7"}), "another tag"),
        (json!({"destinations": []}), "0 destinations"),
        (json!({"destinations": [{}, {}]}), "2 destinations"),
        (json!({"destinations": "none"}), "no list"),
    ] {
        let (action, reason) = gate.cosigner(&question("w1", over.clone()));
        assert_eq!(action, "REJECT", "{over}");
        assert!(reason.contains(why), "{over}: {reason}");
    }
    assert_eq!(gate.cosigner(&question("w1", json!({}))).0, "APPROVE");
    assert_eq!(gate.cosigner(&question("w1", json!({}))).0, "APPROVE", "asked again, as co-signers do");
    let second = json!({"txId": "t-2", "requestId": "r-2"});
    let (action, why) = gate.cosigner(&question("w1", second.clone()));
    assert!(action == "REJECT" && why.contains("another transaction"), "{action} {why}");
    // Tokens that are not the co-signer's get no token.
    let right = Private::pem(&pem("cosigner.key.pem")).unwrap().sign(&question("w1", json!({}))).unwrap();
    let mut cut = right.clone();
    cut.pop();
    let none = format!("eyJhbGciOiJub25lIn0.{}.", right.split('.').nth(1).unwrap());
    let strange = Private::pem(&pem("other.key.pem")).unwrap().sign(&question("w1", json!({}))).unwrap();
    let late = Private::pem(&pem("cosigner.key.pem")).unwrap();
    let late = late.sign(&question("w1", json!({"iat": old}))).unwrap();
    for token in [cut.as_str(), &none, &strange, &late, "", "a.b.c", "not a token"] {
        let (status, answer) = gate.post("/v1/cosigner", token, &[]);
        assert_eq!(status, 401, "{token}: {answer}");
    }
    let nameless = Private::pem(&pem("cosigner.key.pem")).unwrap();
    let nameless = nameless.sign(&question("w1", json!({"requestId": null}))).unwrap();
    assert_eq!(gate.post("/v1/cosigner", &nameless, &[]).0, 422);
    // A restart forgets nothing.
    gate.child.kill().unwrap();
    gate.child.wait().unwrap();
    drop(gate);
    let gate = Gate::start(&dir);
    assert_eq!(gate.cosigner(&question("w1", second)).0, "REJECT");
    assert_eq!(gate.cosigner(&question("w1", json!({}))).0, "APPROVE");
    // While something is stopped the co-signer is asked to come again.
    gate.asks("w2");
    let at = bongsu::recorder::now();
    let stop = json!({"scope": {"what": "all"}, "reason": "a drill", "at": at});
    let (status, answer) = gate.says("/v1/suspensions", &stop);
    assert!(status < 300, "{answer}");
    let (action, why) = gate.cosigner(&question("w2", json!({})));
    assert!(action == "RETRY" && why.contains("stopped"), "{action} {why}");
    let dir = gate.dir.clone();
    drop(gate);
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_webhook_passes_with_200_alone() {
    let dir = folder("webhook");
    let gate = gate(&dir);
    gate.asks("w1");
    let claims = |amount: &str, outputs: usize| {
        let output = json!({"address": TO, "amount": amount});
        json!({"evaluationId": "e-1", "walletId": "w1", "coin": "btc", "sequenceId": "w1", "outputs": vec![output; outputs]})
    };
    assert_eq!(gate.webhook(&claims("50000001", 1)).0, 403);
    assert_eq!(gate.webhook(&claims("50000000", 2)).0, 403);
    let (status, said) = gate.webhook(&claims("50000000", 1));
    assert_eq!((status, &said["evaluationId"]), (200, &json!("e-1")));
    let (status, _) = gate.post("/v1/custodian-webhook", "x", &[]);
    assert_eq!(status, 401);
    drop(gate);
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn tokens_of_another_program_are_read_and_no_other_algorithm() {
    let key = Public::pem(&pem("cosigner.pem")).unwrap();
    assert_eq!(key.read(&pem("openssl.jwt")).unwrap()["requestId"], "r-0");
    assert!(Public::pem(&pem("gate.pem")).unwrap().read(&pem("openssl.jwt")).is_err());
    let eddsa = Private::pem(&pem("other.key.pem")).unwrap().sign(&json!({"a": 1})).unwrap();
    assert_eq!(Public::pem(&pem("other.pem")).unwrap().read(&eddsa).unwrap(), json!({"a": 1}));
    assert!(key.read(&eddsa).is_err());
    for at in 0..eddsa.len() {
        let mut bytes = eddsa.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert!(Public::pem(&pem("other.pem")).unwrap().read(&changed).is_err(), "letter {at}");
    }
    assert!(Public::pem("nothing").is_err() && Private::pem("nothing").is_err());
}
