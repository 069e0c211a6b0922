//! A gate and a watch in processes of their own, each with its journal and keys, over real HTTP.

use bongsu::recorder::now;
use bongsu::serve::gate::signature::{self, Message};
use journal::note::{Algorithm, SignerKey};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub const BONGSU: &str = env!("CARGO_BIN_EXE_bongsu");
/// The hot wallet, and a customer (addresses of BIP 173 and of the gate's tests).
pub const HOT: &str = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
pub const TO: &str = "bc1q05aktddf9ce4p7hh3stgsf253m4vweu7nkhtmw";
pub const POLICY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policy/default.md");

pub fn key(name: &str) -> SignerKey {
    let mut seed = [9u8; 32];
    name.bytes().zip(&mut seed).for_each(|(from, to)| *to = from);
    SignerKey::new(name, &seed).unwrap()
}

/// A process that listens.
pub struct Server {
    child: Child,
    pub url: String,
}

impl Server {
    pub fn start(arguments: &[&str]) -> Server {
        let mut command = Command::new(BONGSU);
        command.arg("serve").args(arguments).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let url = lines.by_ref().map(Result::unwrap).find_map(|l| l.strip_prefix("listening on ").map(str::to_string));
        Server { child, url: url.expect("it listens") }
    }

    /// kill -9.
    pub fn kill(&mut self) {
        let _gone = self.child.kill();
        let _waited = self.child.wait();
    }

    /// As an operator ends it.
    pub fn stop(&mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A folder with a gate's setup, blocks and keys.
pub struct Stage {
    pub dir: PathBuf,
}

impl Stage {
    pub fn new(name: &str) -> Stage {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("watch-{name}"));
        let _fresh = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(dir.join("blocks/bitcoin")).unwrap();
        let chains =
            json!({"bitcoin": {"sources": ["node-a", "node-b"], "depth": 0, "behind": 1000, "silence_ms": 3_600_000}});
        std::fs::write(dir.join("blocks/chains.json"), chains.to_string()).unwrap();
        std::fs::write(dir.join("watch.key"), format!("{}\n", key("watch").encode())).unwrap();
        std::fs::write(dir.join("setup.toml"), setup()).unwrap();
        Stage { dir }
    }

    pub fn path(&self, name: &str) -> String {
        self.dir.join(name).to_str().unwrap().to_string()
    }

    pub fn gate(&self, more: &[&str]) -> Server {
        let (data, file) = (self.path("gate"), self.path("setup.toml"));
        let mut arguments = vec!["--role", "gate", "--listen", "127.0.0.1:0", "--data", &data, "--setup", &file];
        arguments.extend(more);
        let server = Server::start(&arguments);
        // A gate's first seconds are those of signatures that a server before it may have seen.
        until("the gate answers", || signed(&server.url, "ops", "GET", "/v1/state", "").0 == 200);
        server
    }

    pub fn watch(&self, gate: &str) -> Server {
        self.watch_with(gate, &[])
    }

    /// The same with more arguments.
    pub fn watch_with(&self, gate: &str, more: &[&str]) -> Server {
        let (data, public) = (self.path("watch"), self.path("gate/keys/journal.pub"));
        let (blocks, signer) = (self.path("blocks"), self.path("watch.key"));
        let mut arguments = vec![
            "--role",
            "watch",
            "--listen",
            "127.0.0.1:0",
            "--data",
            &data,
            "--gate",
            gate,
            "--gate-key",
            &public,
            "--exchange",
            "x",
            "--rulebook",
            POLICY,
            "--blocks",
            &blocks,
            "--signer",
            &signer,
        ];
        arguments.extend(more);
        Server::start(&arguments)
    }

    /// A source reads a block.
    pub fn block(&self, source: &str, line: &str) {
        let path = self.dir.join(format!("blocks/bitcoin/{source}.jsonl"));
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).unwrap();
        writeln!(file, "{line}").unwrap();
    }

    /// Checks a journal from its bytes and re-performs it.
    pub fn verify(&self, name: &str) -> (bool, String) {
        let done = Command::new(BONGSU).args(["verify", &self.path(name)]).output().unwrap();
        (done.status.success(), String::from_utf8_lossy(&done.stdout).into_owned())
    }
}

/// A block of one transfer out of the hot wallet, or of none.
pub fn line(height: u64, hash: &str, parent: &str, transfers: &[(&str, &str, u64)]) -> String {
    let moved = |(tx, to, amount): &(&str, &str, u64)| json!({"tx": tx, "from": HOT, "to": to, "asset": "BTC", "amount": amount.to_string(), "fee": "200"});
    let transfers: Vec<Value> = transfers.iter().map(moved).collect();
    // A block's time is its own, whoever tells it when.
    let time = 1_700_000_000_000u64 + height * 600_000;
    json!({"height": height, "hash": hash, "parent": parent, "time": time, "transfers": transfers}).to_string()
}

fn setup() -> String {
    let keys = [
        ("ops", r#"["read", "suspend", "blocks", "admin", "policy"]"#),
        ("api", r#"["ask", "sign"]"#),
        ("watch", r#"["read", "suspend"]"#),
    ];
    let keys = keys.map(|(name, roles)| {
        let public = key(name).verifier(Algorithm::Ed25519);
        format!("[[key]]\npublic = \"{public}\"\nholder = \"{name}\"\nroles = {roles}\n")
    });
    let prices =
        ["own", "other"].map(|venue| format!("[[price]]\nasset = \"BTC\"\nvenue = \"{venue}\"\nwon = \"140000000\"\n"));
    let before = now() - 2 * 3_600_000;
    format!(
        "[exchange]\nid = \"x\"\nname_en = \"X\"\nname_ko = \"엑스\"\n\
         [[asset]]\nasset = \"BTC\"\nchain = \"bitcoin\"\ndecimals = 8\n\
         [[wallet]]\nwallet = \"hot-btc\"\nchain = \"bitcoin\"\naddress = \"{HOT}\"\ndomain = \"hot-1\"\ntier = \"hot\"\n\
         {}{}\
         [[balance]]\nwallet = \"hot-btc\"\nasset = \"BTC\"\nbalance = \"900000000000\"\nat = {before}\n\
         [[holdings]]\nasset = \"BTC\"\nheld = \"1000000000000\"\nentrusted = \"900000000000\"\n",
        keys.concat(),
        prices.concat()
    )
}

/// A signed request: status and answer.
pub fn signed(url: &str, by: &str, method: &str, path: &str, body: &str) -> (u16, Value) {
    let nonce = format!("{:?}-{}", Instant::now(), std::process::id());
    let nonce: String = nonce.chars().filter(char::is_ascii_alphanumeric).collect();
    let (bare, query) = path.split_once('?').unwrap_or((path, ""));
    let message = Message { method, path: bare, query, body: body.as_bytes() };
    let mut headers = signature::sign(&key(by), &message, now() / 1_000, &nonce);
    headers.push(("content-type", "application/json".into()));
    send(url, method, path, body, &headers)
}

/// A request that nobody signed.
pub fn send_plain(url: &str, path: &str, body: &str) -> (u16, Value) {
    send(url, "POST", path, body, &[])
}

pub fn get(url: &str, path: &str) -> (u16, Value) {
    send(url, "GET", path, "", &[])
}

fn send(url: &str, method: &str, path: &str, body: &str, headers: &[(&str, String)]) -> (u16, Value) {
    let mut request = ureq::http::Request::builder().method(method).uri(format!("{url}{path}"));
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let config =
        ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(20)));
    let agent: ureq::Agent = config.build().into();
    let Ok(mut response) = agent.run(request.body(body.to_string()).unwrap()) else { return (0, Value::Null) };
    let text = response.body_mut().read_to_string().unwrap_or_default();
    (response.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

/// Asks a gate for a withdrawal of satoshi; its verdict.
pub fn ask(gate: &Server, id: &str, amount: u64) -> String {
    let body = json!({"id": id, "wallet": "hot-btc", "asset": "BTC", "amount": amount.to_string(), "destination": TO,
                      "customer": "c-1", "second_factor": "totp:1", "at": now()});
    let (_, answer) = signed(&gate.url, "api", "POST", "/v1/withdrawals", &body.to_string());
    answer["verdict"].as_str().unwrap_or(&answer.to_string()).to_string()
}

/// Waits for something that must come, at most half a minute; how long it took.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(30), "{what} does not come");
        std::thread::sleep(Duration::from_millis(20));
    }
    begun.elapsed()
}

/// How a watch stands.
pub fn state(watch: &Server) -> Value {
    get(&watch.url, "/v1/state").1
}

/// Waits until the watch has copied what the gate recorded, and calm is signed.
pub fn copied(watch: &Server, gate: &Server) {
    until("the copy", || {
        let durable = signed(&gate.url, "ops", "GET", "/v1/state", "").1["durable"].as_u64();
        durable.is_some() && state(watch)["gate"]["signed"].as_u64() == durable
    });
}
