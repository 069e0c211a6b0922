//! A witness and the journals it watches, as processes of their own: growth is cosigned, a fork and a rollback are not.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const BONGSU: &str = env!("CARGO_BIN_EXE_bongsu");

/// A folder of this test alone, emptied first.
fn folder(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("witness-{name}"));
    let _fresh = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

/// Exit code and everything printed.
fn run(arguments: &[&str]) -> (i32, String) {
    let done = Command::new(BONGSU).args(arguments).output().unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    (done.status.code().unwrap_or(-1), text)
}

fn check(arguments: &[&str], code: i32, expected: &str) {
    let (found, text) = run(arguments);
    assert_eq!(found, code, "{arguments:?}: {text}");
    assert!(text.contains(expected), "{arguments:?}: expected `{expected}` in {text}");
}

struct Server(Child, String, String);

impl Server {
    fn start(data: &str) -> Server {
        let mut child = Command::new(BONGSU)
            .args(["serve", "--role", "supervise", "--listen", "127.0.0.1:0", "--data", data])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut after = |prefix: &str| lines.next().unwrap().unwrap().strip_prefix(prefix).unwrap().to_string();
        let key = after("witness key ");
        Server(child, after("listening on "), key)
    }

    /// Asks it to end, as an operator would.
    fn stop(mut self) {
        let pid = self.0.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
        assert!(self.0.wait().unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _gone = self.0.kill();
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &to);
        } else {
            std::fs::copy(&path, &to).unwrap();
        }
    }
}

#[test]
fn growth_is_cosigned_and_another_history_is_not() {
    let dir = folder("fork");
    let at = |name: &str| dir.join(name).to_str().unwrap().to_string();
    let (exchange, supervisor, twin, older) = (at("exchange"), at("supervisor"), at("twin"), at("older"));
    let facts = |name: &str, day: &str| {
        let path = at(name);
        std::fs::write(&path, format!("exchange,word,at,value\nx,staff,{day},10 person\n")).unwrap();
        path
    };
    let registered = at("exchange.csv");
    std::fs::write(&registered, "id,name_en,name_ko\nx,X,엑스\n").unwrap();
    for journal in [&exchange, &supervisor] {
        check(&["import", "--data", journal, &registered], 0, "facts written");
    }
    let public = dir.join("exchange/keys/journal.pub").to_str().unwrap().to_string();
    let server = Server::start(&supervisor);
    let ask = |journal: &str, code: i32, expected: &str| {
        check(&["witness", "ask", &server.1, "--key", &server.2, "--data", journal], code, expected);
    };
    ask(&exchange, 1, "is not witnessed here");
    server.stop();
    check(&["witness", "list", "--data", &supervisor], 0, "no journal is witnessed");
    check(&["witness", "register", "x", &public, "--data", &supervisor], 0, "is witnessed for x");
    check(&["witness", "list", "--data", &supervisor], 1, "never heard from");

    let server = Server::start(&supervisor);
    let ask = |journal: &str, code: i32, expected: &str| {
        check(&["witness", "ask", &server.1, "--key", &server.2, "--data", journal], code, expected);
    };
    ask(&exchange, 0, "entries cosigned by");
    copy(Path::new(&exchange), Path::new(&twin));
    copy(Path::new(&exchange), Path::new(&older));
    check(&["import", "--data", &exchange, &facts("a.csv", "2026-01-31")], 0, "1 facts written");
    ask(&exchange, 0, "entries cosigned by");
    ask(&older, 1, "was cut back");
    check(&["import", "--data", &twin, &facts("b.csv", "2026-02-28")], 0, "1 facts written");
    ask(&twin, 1, "forked");
    check(&["import", "--data", &twin, &facts("c.csv", "2026-03-31")], 0, "1 facts written");
    ask(&twin, 1, "the proof does not show");
    check(&["import", "--data", &exchange, &facts("d.csv", "2026-04-30")], 0, "1 facts written");
    ask(&exchange, 0, "entries cosigned by");
    let wrong = std::fs::read_to_string(&public).unwrap();
    check(&["witness", "ask", &server.1, "--key", wrong.trim(), "--data", &exchange], 1, "does not hold");
    server.stop();
    check(&["witness", "list", "--data", &supervisor], 1, "FORKED");
    check(&["verify", &supervisor], 0, "verified");
}
