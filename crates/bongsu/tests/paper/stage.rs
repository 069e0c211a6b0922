//! What the tests of papers share: one small incident, written as JSON lines, imported as users import, with edits.

#![allow(dead_code, reason = "each test file uses its part")]

use bongsu::import::{self, Options};
use bongsu::incident::dossier::Dossier;
use bongsu::incident::file;
use bongsu::lang::Lang;
use bongsu::paper::{self, Draft};
use bongsu::recorder::Recorder;
use kernel::known::KnownAt;
use rulebook::book::Book;
use rulebook::time::Zone;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The moments that the three reports of the incident are drawn up for, in Seoul.
pub const INITIAL: &str = "2026-11-02 08:00";
pub const INTERMEDIATE: &str = "2026-11-04 09:00";
pub const FINAL: &str = "2026-11-20 18:00";

/// A file beside the golden texts.
pub fn here(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/paper").join(name)
}

/// The incident's facts.
pub fn facts() -> Vec<Value> {
    let text = fs::read_to_string(here("incident.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The moment of a form.
pub fn moment(form: &str) -> &'static str {
    match form.rsplit_once('.').unwrap().1 {
        "initial" => INITIAL,
        "intermediate" => INTERMEDIATE,
        _ => FINAL,
    }
}

/// Korea's law: papers read the zone of their dates from it.
fn book() -> &'static Book {
    static BOOK: OnceLock<Book> = OnceLock::new();
    BOOK.get_or_init(|| {
        let (book, problems) =
            rulebook::build(kernel::words::vocabulary(), bongsu::pages::shipped_law(&[String::from("kr")]));
        assert!(problems.iter().all(|problem| problem.level != rulebook::problem::Level::Error), "{problems:?}");
        book
    })
}

/// Imports facts into a journal of their own and draws up a paper.
pub fn draw(facts: &[Value], form: &str, at: &str, lang: Lang) -> Draft {
    let thread = format!("{:?}", std::thread::current().id());
    let number: String = thread.chars().filter(char::is_ascii_digit).collect();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("paper-{}-{number}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("facts.jsonl");
    let lines: Vec<String> = facts.iter().map(Value::to_string).collect();
    fs::write(&file, lines.join("\n")).unwrap();
    let import = import::read_with(&file, &Options::default())
        .unwrap_or_else(|errors| panic!("{}", errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")));
    let dir = folder.join("journal");
    let mut recorder = Recorder::open(&dir).unwrap();
    recorder.record(import.rows, "test").unwrap();
    let at = Zone::get("Asia/Seoul").unwrap().read(at).unwrap();
    let dossier = Dossier::open(&recorder.state, "alpha", "A-7", at, KnownAt::Now).unwrap();
    let gathered = file::gather(dossier, book(), &[], &dir, 0).unwrap();
    let draft = (paper::form(form).unwrap().draw)(&gathered.brief(None, lang)).unwrap();
    fs::remove_dir_all(&folder).unwrap();
    draft
}

/// Changes facts as an edit says, several with ` & ` between them:
/// `set WORD VALUE`, `at WORD MOMENT`, `drop WORD`, `say TOPIC TEXT`, `hush TOPIC`, `add JSON`.
pub fn edit(facts: &mut Vec<Value>, edits: &str) {
    for edit in edits.split(" & ") {
        let (verb, rest) = edit.split_once(' ').unwrap();
        let (name, value) = rest.split_once(' ').unwrap_or((rest, ""));
        let of_word = |fact: &Value| fact["word"] == name;
        let of_topic = |fact: &Value| fact["topic"] == name;
        let mut touched = 0;
        let mut each = |fits: &dyn Fn(&Value) -> bool, key: &str| {
            for fact in facts.iter_mut().filter(|fact| fits(fact)) {
                fact[key] = json!(value);
                touched += 1;
            }
        };
        match verb {
            "set" => each(&of_word, "value"),
            "at" => each(&of_word, "at"),
            "say" => each(&of_topic, "text"),
            "drop" | "hush" => {
                let before = facts.len();
                facts.retain(|fact| if verb == "drop" { !of_word(fact) } else { !of_topic(fact) });
                touched = before - facts.len();
            }
            "add" => {
                facts.push(serde_json::from_str(rest).unwrap());
                touched = 1;
            }
            _ => panic!("{edit}"),
        }
        assert!(touched > 0, "nothing to change: {edit}");
    }
}

/// Compares with a golden text; `BONGSU_BLESS=1` writes it anew.
pub fn golden(name: &str, found: &str) {
    let path = here(name);
    if std::env::var_os("BONGSU_BLESS").is_some() {
        fs::write(&path, found).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    let place = expected.lines().zip(found.lines()).position(|(a, b)| a != b);
    assert!(expected == found, "{name} differs at line {place:?}; BONGSU_BLESS=1 accepts this:\n{found}");
}
