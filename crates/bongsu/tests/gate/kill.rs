//! Killed in the middle of full load, again and again: nothing that a client heard is lost, nothing is doubled.

use super::stage::{Folder, Gate, headers, now, raw, withdrawal};
use bongsu::walk;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Kills; another number by `BONGSU_KILL_ROUNDS`.
const ROUNDS: u64 = 20;
const CONNECTIONS: usize = 4;
const BATCH: usize = 20;

/// The client: this test's own program, told by the environment where the gate listens. It asks until a file says stop, keeps
/// asking the same while the gate is away, and prints what it was answered.
#[test]
fn client() {
    let Ok(folder) = std::env::var("BONGSU_GATE_CLIENT") else { return };
    let folder = Path::new(&folder);
    std::thread::scope(|scope| {
        for connection in 0..CONNECTIONS {
            scope.spawn(move || {
                (0..)
                    .take_while(|_| !folder.join("stop").exists())
                    .for_each(|n| if connection == 0 { single(folder, n) } else { batch(folder, connection, n) })
            });
        }
    });
}

fn single(folder: &Path, n: usize) {
    let body = withdrawal(&format!("s-{n}"), json!({}));
    if let Some(answer) = insist(folder, "/v1/withdrawals", &body) {
        say(&answer);
    }
}

fn batch(folder: &Path, connection: usize, n: usize) {
    let item = |i: usize| -> Value {
        serde_json::from_str(&withdrawal(&format!("b-{connection}-{n}-{i}"), json!({}))).unwrap()
    };
    let body = json!({"items": (0..BATCH).map(item).collect::<Vec<_>>()}).to_string();
    if let Some(answer) = insist(folder, "/v1/withdrawals/batch", &body) {
        answer["answers"].as_array().unwrap().iter().for_each(|a| say(&a["decision"]));
    }
}

fn say(decision: &Value) {
    let (id, verdict) = (decision["id"].as_str().unwrap(), decision["verdict"].as_str().unwrap());
    let line = format!("heard {id} {verdict} {}\n", decision["entry"]);
    std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
}

/// Asks the same until it is answered.
fn insist(folder: &Path, path: &str, body: &str) -> Option<Value> {
    while !folder.join("stop").exists() {
        let url = std::fs::read_to_string(folder.join("url")).unwrap();
        let mut all = headers("api", "POST", path, body.as_bytes(), now() / 1_000);
        all.push(("content-type", "application/json".into()));
        match raw(&url, "POST", path, body.as_bytes(), &all) {
            Ok((200 | 201, bytes)) => return Some(serde_json::from_slice(&bytes).unwrap()),
            // Away, starting, or busy.
            Err(_) | Ok((401 | 503, _)) => std::thread::sleep(Duration::from_millis(20)),
            Ok((status, bytes)) => panic!("{status} {}", String::from_utf8_lossy(&bytes)),
        }
    }
    None
}

#[test]
fn nothing_acknowledged_is_lost_or_doubled_by_kill_9_under_load() {
    let folder = Folder::new("kill");
    let mut gate = Gate::start(&folder.0);
    let tell = |gate: &Gate| {
        std::fs::write(folder.0.join("url.new"), &gate.url).unwrap();
        std::fs::rename(folder.0.join("url.new"), folder.0.join("url")).unwrap();
    };
    tell(&gate);
    let mut client = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::client", "--nocapture"])
        .env("BONGSU_GATE_CLIENT", &folder.0)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let out = BufReader::new(client.stdout.take().unwrap());
    let heard = std::thread::spawn(move || {
        let mut heard: BTreeMap<String, (String, u64)> = BTreeMap::new();
        for line in out.lines().map_while(Result::ok) {
            let Some(line) = line.find("heard ").map(|at| &line[at + 6..]) else { continue };
            let mut words = line.split(' ');
            let (id, verdict) = (words.next().unwrap().to_string(), words.next().unwrap().to_string());
            let entry = words.next().unwrap().parse().unwrap();
            assert_eq!(heard.insert(id.clone(), (verdict, entry)), None, "{id} was answered twice");
        }
        heard
    });
    // Instants from a fixed sequence, so that a failure comes again.
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut sizes = Vec::new();
    let rounds = std::env::var("BONGSU_KILL_ROUNDS").map_or(ROUNDS, |text| text.parse().unwrap());
    for round in 0..rounds {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        std::thread::sleep(Duration::from_millis(100 + seed % 700));
        gate.kill();
        gate = Gate::start(&folder.0);
        sizes.push(gate.entries());
        println!("killed {} times: {} entries", round + 1, sizes.last().unwrap());
        tell(&gate);
    }
    std::thread::sleep(Duration::from_millis(500));
    std::fs::write(folder.0.join("stop"), "").unwrap();
    assert!(client.wait().unwrap().success());
    let heard = heard.join().unwrap();
    gate.kill();
    let mut asked: BTreeMap<String, (String, u64)> = BTreeMap::new();
    walk::each(&gate.dir, |stamp, header, body| {
        let body = kernel::body::Body::decode(header.kind, body.unwrap()).unwrap();
        if let kernel::fact::Observation::WithdrawalAsked(fact) = &body.observation {
            let list = kernel::guard::conclusion::decode(&body.conclusions.unwrap()).unwrap();
            let verdict = list.iter().find_map(|one| match one {
                kernel::guard::conclusion::Concluded::Decided(d) => Some(d.verdict.name().to_string()),
                _ => None,
            });
            let doubled = asked.insert(fact.id.clone(), (verdict.unwrap(), stamp.index));
            assert_eq!(doubled, None, "{} is there twice", fact.id);
        }
        Ok(())
    })
    .unwrap();
    for (id, what) in &heard {
        assert_eq!(asked.get(id), Some(what), "{id} was acknowledged");
    }
    println!("{} heard of {} recorded; sizes after each kill {sizes:?}", heard.len(), asked.len());
    assert!(heard.len() as u64 > rounds * 10, "{} only", heard.len());
    let under_load = sizes.windows(2).filter(|pair| pair[0] < pair[1]).count() as u64;
    assert!(under_load * 2 > rounds, "killed under load: {sizes:?}");
    let verify = Command::new(env!("CARGO_BIN_EXE_bongsu")).arg("verify").arg(&gate.dir).output().unwrap();
    let said = String::from_utf8_lossy(&verify.stdout).into_owned();
    assert!(verify.status.success(), "{said} {}", String::from_utf8_lossy(&verify.stderr));
    println!("{said}");
}
