//! A real gate in a process of its own, and a client that signs.

use bongsu::serve::gate::signature::{self, Message};
use journal::note::{Algorithm, SignerKey};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// An address on Bitcoin that customers withdraw to.
pub const TO: &str = "bc1q05aktddf9ce4p7hh3stgsf253m4vweu7nkhtmw";

static NONCE: AtomicU64 = AtomicU64::new(0);

/// UTC milliseconds.
pub fn now() -> i64 {
    bongsu::recorder::now()
}

/// A folder that goes away.
pub struct Folder(pub PathBuf);

impl Folder {
    /// Made anew.
    pub fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("bongsu-gate-{name}-{}", std::process::id()));
        let _absent = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.0);
    }
}

/// The key of a name; its seed is the name.
pub fn key(name: &str) -> SignerKey {
    let mut seed = [7u8; 32];
    name.bytes().zip(&mut seed).for_each(|(from, to)| *to = from);
    SignerKey::new(name, &seed).unwrap()
}

/// The setup of `docs/gate.md`, with keys that the tests have.
pub fn setup(dir: &Path) -> PathBuf {
    let page = include_str!("../../../../docs/gate.md");
    let start = page.find("```toml\n").unwrap() + 8;
    let mut text = page[start..][..page[start..].find("```").unwrap()].to_string();
    for name in ["ops", "api", "kim", "lee"] {
        let line = format!("public = \"{name}+…\"");
        assert!(text.contains(&line), "docs/gate.md: {line}");
        text = text.replace(&line, &format!("public = \"{}\"", key(name).verifier(Algorithm::Ed25519)));
    }
    // The wallet has been watched for two hours.
    text.push_str(&format!(
        "[[balance]]\nwallet = \"hot-btc\"\nasset = \"BTC\"\nbalance = \"900000000000\"\nat = {}\n",
        now() - 2 * 3_600_000
    ));
    let path = dir.join("setup.toml");
    std::fs::write(&path, text).unwrap();
    path
}

/// A running gate.
pub struct Gate {
    child: Child,
    /// Where it listens.
    pub url: String,
    /// Its journal.
    pub dir: PathBuf,
    /// Where its page is, if anywhere.
    pub page: Option<String>,
}

impl Gate {
    /// Starts one; the folder's first start sets it up.
    pub fn start(folder: &Path) -> Gate {
        Gate::start_with(folder, &[])
    }

    /// The same with more arguments.
    pub fn start_with(folder: &Path, more: &[&str]) -> Gate {
        let dir = folder.join("journal");
        let file = folder.join("setup.toml");
        if !file.exists() {
            setup(folder);
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_bongsu"));
        command.args(["serve", "--role", "gate", "--listen", "127.0.0.1:0", "--data"]).arg(&dir);
        command.arg("--setup").arg(&file).args(more).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut page = None;
        let url = lines.by_ref().map(Result::unwrap).find_map(|l| {
            page = page.take().or(l.strip_prefix("the guard's page is ").map(str::to_string));
            l.strip_prefix("listening on ").map(str::to_string)
        });
        let gate = Gate { child, url: url.expect("the gate listens"), dir, page };
        // Its first seconds are those of the signatures that a server before it may have seen.
        while gate.send("ops", "GET", "/v1/state", "").0 == 401 {
            std::thread::sleep(Duration::from_millis(100));
        }
        gate
    }

    /// kill -9.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// A signed request: status and body.
    pub fn send(&self, by: &str, method: &str, path: &str, body: &str) -> (u16, Value) {
        send(&self.url, by, method, path, body).expect("an answer")
    }

    /// A signed request, and the code of its problem.
    pub fn code(&self, by: &str, path: &str, body: &str) -> String {
        let (status, answer) = self.send(by, "POST", path, body);
        assert!(status >= 400, "taken: {answer}");
        answer["code"].as_str().unwrap_or("none").to_string()
    }

    /// How many entries are durable.
    pub fn entries(&self) -> u64 {
        self.send("ops", "GET", "/v1/state", "").1["durable"].as_u64().unwrap()
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _waited = self.child.wait();
    }
}

/// The headers of a request by a key, signed now.
pub fn headers(by: &str, method: &str, path: &str, body: &[u8], created: i64) -> Vec<(&'static str, String)> {
    let (bare, query) = path.split_once('?').unwrap_or((path, ""));
    let nonce = format!("{}-{}", std::process::id(), NONCE.fetch_add(1, Ordering::Relaxed) + 10_000_000);
    signature::sign(&key(by), &Message { method, path: bare, query, body }, created, &nonce)
}

/// Sends with these headers.
pub fn raw(
    url: &str,
    method: &str,
    path: &str,
    body: &[u8],
    headers: &[(&'static str, String)],
) -> Result<(u16, Vec<u8>), ureq::Error> {
    let mut request = ureq::http::Request::builder().method(method).uri(format!("{url}{path}"));
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let config =
        ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(20)));
    let agent: ureq::Agent = config.build().into();
    let mut response = agent.run(request.body(body.to_vec()).unwrap())?;
    let bytes = response.body_mut().with_config().limit(64 << 20).read_to_vec()?;
    Ok((response.status().as_u16(), bytes))
}

/// Signs and sends.
pub fn send(url: &str, by: &str, method: &str, path: &str, body: &str) -> Result<(u16, Value), ureq::Error> {
    let mut all = headers(by, method, path, body.as_bytes(), now() / 1_000);
    all.push(("content-type", "application/json".into()));
    let (status, bytes) = raw(url, method, path, body.as_bytes(), &all)?;
    Ok((status, serde_json::from_slice(&bytes).unwrap_or(Value::Null)))
}

/// A withdrawal of an amount of satoshi, with more fields laid over.
pub fn withdrawal(id: &str, over: Value) -> String {
    let mut body = serde_json::json!({"id": id, "wallet": "hot-btc", "asset": "BTC", "amount": "10000",
        "destination": TO, "customer": "c-1", "second_factor": "totp:1", "at": now()});
    for (name, value) in over.as_object().into_iter().flatten() {
        match value {
            Value::Null => drop(body.as_object_mut().unwrap().remove(name)),
            value => body[name] = value.clone(),
        }
    }
    body.to_string()
}
