//! The histories in `cases/normal` and `cases/attacks`, each from what `cases/life.md` says: normal life stops nothing for good, and
//! no attack gets past. `BONGSU_BLESS=1` writes what follows anew.

use crate::history::World;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

fn cases(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases").join(path)
}

/// What a row says, with every `{n}` and every `{NUMBER+n}` replaced.
fn numbered(text: &str, n: u64) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        let (inside, after) = behind.split_once('}').unwrap_or_else(|| panic!("a brace is open: {text}"));
        let sum: u64 =
            inside.split('+').map(|part| if part == "n" { n } else { part.parse().expect("a number") }).sum();
        out.push_str(before);
        out.push_str(&sum.to_string());
        rest = after;
    }
    out + rest
}

/// What followed from one of many rows, without its number.
fn unnumbered(text: &str, n: u64) -> String {
    let number = n.to_string();
    let word = |word: &str| {
        let stem = word.strip_suffix(&number).filter(|stem| stem.chars().all(char::is_alphabetic) && !stem.is_empty());
        stem.map_or(word.to_string(), |stem| format!("{stem}{{n}}"))
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// A fact; a block that several nodes read is one fact for each.
fn told(world: &mut World, at: &str, fact: &str) -> String {
    let Some((block, rest)) = fact.split_once(" by n1+n2:") else { return world.row(at, fact) };
    let answers = [(at, "n1"), ("+0 s", "n2")].map(|(at, node)| world.row(at, &format!("{block} by {node}:{rest}")));
    let said: Vec<&str> = answers.iter().map(String::as_str).filter(|answer| *answer != "-").collect();
    if said.is_empty() { "-".to_string() } else { said.join("; then ") }
}

/// One row, or many that differ by a number; what followed, each different answer once with how often.
fn row(world: &mut World, at: &str, fact: &str) -> String {
    let Some((at, times)) = at.split_once(" × ") else { return told(world, at, fact) };
    let mut answers: Vec<(String, u64)> = Vec::new();
    for n in 1..=times.parse().expect("how often") {
        let found = unnumbered(&told(world, at, &numbered(fact, n)), n);
        match answers.iter_mut().find(|(known, _)| *known == found) {
            Some((_, count)) => *count += 1,
            None => answers.push((found, 1)),
        }
    }
    answers.iter().map(|(text, count)| format!("{count} × {text}")).collect::<Vec<_>>().join("; ")
}

/// A file with what follows written into its last column, and all of that.
fn play(world: &mut World, text: &str) -> (String, String) {
    let (mut out, mut all) = (String::new(), String::new());
    for line in text.lines() {
        let cells: Vec<&str> =
            line.strip_prefix("| ").map(|l| l.split(" | ").map(str::trim).collect()).unwrap_or_default();
        match cells[..] {
            [at, fact, _] if at != "at" => {
                let found = row(world, at, fact);
                out.push_str(&format!("| {at} | {fact} | {found} |\n"));
                all.push_str(&format!("{found}\n"));
            }
            _ => out.push_str(&format!("{line}\n")),
        }
    }
    (out, all)
}

/// Two folders start with one file, and writing it anew is no time to read it.
static LIFE: Mutex<()> = Mutex::new(());

/// Plays every file of a folder; each file with what followed.
fn folder(name: &str) -> Vec<(String, String, String)> {
    let life_is_ours = LIFE.lock();
    let mut start = World::new(&["default.md"]);
    let life = std::fs::read_to_string(cases("life.md")).expect("the start");
    let mut wrong = Vec::new();
    let mut keep = |path: PathBuf, text: &str, found: &str| {
        if std::env::var_os("BONGSU_BLESS").is_some() {
            std::fs::write(path, found).expect("a history can be written");
        } else if text != found {
            let differs = text.lines().zip(found.lines()).find(|(a, b)| a != b);
            wrong.push(format!(
                "{}\n    expected {}\n    found    {}",
                path.display(),
                differs.map_or("", |d| d.0),
                differs.map_or("", |d| d.1)
            ));
        }
    };
    let (found, _) = play(&mut start, &life);
    keep(cases("life.md"), &life, &found);
    drop(life_is_ours);
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(cases(name)).expect("the folder").filter_map(Result::ok).map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "md") && !path.ends_with("README.md"));
    files.sort();
    let mut played = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(&path).expect("a history");
        let (found, all) = play(&mut start.clone(), &text);
        keep(path.clone(), &text, &found);
        played.push((path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), found, all));
    }
    assert!(wrong.is_empty(), "{}\nBONGSU_BLESS=1 accepts what follows now", wrong.join("\n"));
    played
}

#[test]
fn normal_life_stops_nothing_for_good() {
    let played = folder("normal");
    assert!(played.len() >= 13, "{} histories", played.len());
    for (name, text, all) in &played {
        assert!(!all.contains("stop "), "{name} trips:\n{all}");
        assert!(!all.contains("unmatched"), "{name} has an outflow that matches nothing:\n{all}");
        assert!(!all.contains("cannot read"), "{name}:\n{all}");
        let holds = [" hold ", " deny", "pause "].iter().any(|word| all.contains(word));
        assert!(text.contains("(may hold)") || !holds, "{name} holds:\n{all}");
    }
}

#[test]
fn no_attack_gets_past() {
    let played = folder("attacks");
    assert!(played.len() >= 11, "{} histories", played.len());
    for (name, text, all) in &played {
        assert!(!all.contains("cannot read"), "{name}:\n{all}");
        assert!(text.contains("\nStopped "), "{name} does not say where it is stopped");
        let stopped = ["stop ", " hold ", " deny", "refused:"].iter().any(|word| all.contains(word));
        assert!(stopped, "{name}: nothing stops it:\n{all}");
    }
}
