//! Who sees what, by the command line: the pages' answer on a day, the first day and the day before, and that nothing of what
//! one authority does not see is in anything that it is shown. `BLESS=1 cargo test -p bongsu --test authorities` writes the texts anew.

#[path = "filing/world.rs"]
mod world;

use bongsu::filing::desk;
use bongsu::filing::package;
use bongsu::filing::verify::{Asked, verify};
use bongsu::lang::Lang;
use bongsu::{pages, walk};
use calamine::{Reader, Xlsx};
use rulebook::book::{Book, Status};
use rulebook::time::Date;
use std::collections::BTreeSet;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;

const BONGSU: &str = env!("CARGO_BIN_EXE_bongsu");
/// The day on which most is looked at.
const DAY: &str = "2026-11-22";

fn folder(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("authorities-{name}"));
    let _fresh = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Exit code and everything printed.
fn run(arguments: &[&str]) -> (i32, String) {
    let done = Command::new(BONGSU).args(arguments).current_dir(root()).output().unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    (done.status.code().unwrap_or(-1), text)
}

fn done(arguments: &[&str]) -> String {
    let (code, text) = run(arguments);
    assert_eq!(code, 0, "{arguments:?}: {text}");
    text
}

fn golden(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/authorities").join(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, found).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "{} differs; BLESS=1 writes it anew\n--- found\n{found}", path.display());
}

/// The law of Korea as shipped.
fn law() -> Book {
    rulebook::build(kernel::words::vocabulary(), pages::shipped_law(&["kr".into()])).0
}

/// A journal with the public figures and one theft that two clocks of the Network Act reach.
fn journal(name: &str) -> String {
    let dir = folder(name).join("journal");
    let dir = dir.to_str().unwrap();
    done(&["import", "--data", dir, "data/kr/exchanges.csv", "data/kr/figures.csv"]);
    for (exchange, incident) in [("upbit", "theft-of-november"), ("korbit", "second-theft")] {
        done(&[
            "incident",
            "open",
            incident,
            "--exchange",
            exchange,
            "--data",
            dir,
            "--occurred",
            "2026-11-20 04:42",
            "--detected",
            "2026-11-20 04:43",
            "--learned",
            "2026-11-20 05:00",
            "--class",
            "theft",
            "--title",
            "Hot wallet drained",
            "--by",
            "desk",
        ]);
        done(&[
            "incident",
            "set",
            incident,
            "breach",
            "yes",
            "--exchange",
            exchange,
            "--data",
            dir,
            "--at",
            "2026-11-20 05:00",
        ]);
    }
    dir.to_string()
}

/// Rules that an authority does not see on the day, by id.
fn unseen(book: &Book, authority: &str) -> BTreeSet<String> {
    let day: Date = DAY.parse().unwrap();
    let sees = |rule: &&rulebook::book::Rule| {
        book.supervisors(rule, day).iter().chain(&book.told(rule, day)).any(|named| named.authority == authority)
    };
    book.rules.iter().filter(|rule| !sees(rule)).map(|rule| rule.id.clone()).collect()
}

/// Whether a text names a rule: the id, and not only as the beginning of a longer one.
fn names(text: &str, id: &str) -> bool {
    text.match_indices(id).any(|(at, _)| {
        let after = text[at + id.len()..].chars().next();
        let before = text[..at].chars().next_back();
        !after.is_some_and(|c| c.is_alphanumeric() || c == '-')
            && !text[at + id.len()..]
                .strip_prefix('.')
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_alphanumeric()))
            && !before.is_some_and(|c| c.is_alphanumeric() || c == '.')
    })
}

/// Everything an authority can be shown, name and text.
fn shown(data: &str, authority: &str, out: &Path) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for (format, lang) in [("table", "en"), ("table", "ko"), ("json", "en"), ("html", "en")] {
        let of =
            ["assess", "--data", data, "--as", authority, "--as-of", DAY, "--all", "--format", format, "--lang", lang];
        texts.push((format!("assess {format} {lang}"), run(&of).1));
    }
    let file = out.join(format!("{authority}.xlsx"));
    let of = ["assess", "--data", data, "--as", authority, "--as-of", DAY, "--format", "xlsx", "--out"];
    let mut text = run(&[&of[..], &[file.to_str().unwrap()]].concat()).1;
    let mut book = Xlsx::new(Cursor::new(std::fs::read(&file).unwrap())).unwrap();
    for sheet in book.sheet_names() {
        for row in book.worksheet_range(&sheet).unwrap().rows() {
            row.iter().for_each(|cell| text.push_str(&format!("{cell}\n")));
        }
    }
    texts.push(("assess xlsx".into(), text));
    texts.push((
        "incident list".into(),
        run(&["incident", "list", "--data", data, "--as", authority, "--as-of", DAY]).1,
    ));
    for law in ["kr.na", "kr.vaupa"] {
        let of = ["assess", "--data", data, "--as", authority, "--as-of", DAY, "--law", law];
        texts.push((format!("assess {law}"), run(&of).1));
    }
    texts
}

const EACH: [&str; 7] = ["fsc", "fss", "fiu", "msit", "kisa", "crms", "daxa"];

#[test]
fn the_pages_say_who_supervises_on_a_day_and_the_day_before() {
    golden("2024-07-18-en.txt", &done(&["authorities", "--as-of", "2024-07-18", "--law", "kr.vaupa,kr.isms,kr.sfia"]));
    golden(
        "2024-07-19-ko.txt",
        &done(&["authorities", "--as-of", "2024-07-19", "--law", "kr.vaupa,kr.daba", "--lang", "ko"]),
    );
    let draft = ["authorities", "--as-of", DAY, "--law", "kr.na", "--draft", "law/kr/drafts/daba-ciso-fss.md"];
    golden("draft-en.txt", &done(&draft));
    golden("draft-ko.txt", &done(&[&draft[..], &["--lang", "ko"]].concat()));
    let other = ["authorities", "--as-of", DAY, "--law", "kr.daba", "--draft", "law/kr/drafts/daba-staff-5.md"];
    assert!(done(&other).ends_with("What the draft moves\n    nothing: it names no authority\n"), "{}", done(&other));
    assert!(done(&["authorities", "--names"]).contains("fss      FSS        Financial Supervisory Service\n"));
}

#[test]
fn every_rule_of_korea_is_somebodys_or_a_bill() {
    let (book, day) = (law(), DAY.parse().unwrap());
    for rule in &book.rules {
        let bill = book.supervisions.iter().any(|block| block.covers(rule) && block.status != Status::Binding);
        assert!(bill || !book.supervisors(rule, day).is_empty(), "{}", rule.id);
    }
    for (rule, expected) in [
        ("kr.vaupa.7-3", "fsc fss"),
        ("kr.vaupa.11-2.report", "fsc fss"),
        ("kr.sfia.7-3-6.staff", "fiu fss"),
        ("kr.sfia.travel", "fiu"),
        ("kr.na.45-3-1.filing", "msit crms"),
        ("kr.na.48-3-1", "msit kisa"),
        ("kr.na.48-3-4", "msit"),
        ("kr.isd.13-2", "msit"),
        ("kr.isms.1-1-6.it", "kisa (msit)"),
        ("kr.efsr.8-2-1.it", "fsc fss"),
        ("kr.efta.21-5", ""),
        ("kr.daba.ciso", ""),
        ("kr.daxa.delay.first", "daxa"),
    ] {
        let rule = &book.rules[book.rule(rule).unwrap_or_else(|| panic!("{rule}")).index()];
        let own = book.supervisors(rule, day).into_iter().map(|named| named.authority.to_string());
        let told = book.told(rule, day).into_iter().map(|named| format!("({})", named.authority));
        assert_eq!(own.chain(told).collect::<Vec<_>>().join(" "), expected, "{}", rule.id);
    }
}

#[test]
fn nothing_of_what_others_see_is_in_anything_that_is_shown() {
    let (book, data) = (law(), journal("leak"));
    let out = folder("leak-sheets");
    let every: BTreeSet<String> = book.rules.iter().map(|rule| rule.id.clone()).collect();
    for authority in EACH {
        let unseen = unseen(&book, authority);
        assert!(!unseen.is_empty() && unseen.len() < every.len(), "{authority}");
        let (mut seen, texts) = (BTreeSet::new(), shown(&data, authority, &out));
        for (name, text) in &texts {
            let leaked = unseen.iter().find(|id| names(text, id));
            assert_eq!(leaked, None, "{authority}, {name}:\n{text}");
            seen.extend(every.iter().filter(|id| names(text, id)));
        }
        // The search finds what is there: every rule it sees is named somewhere.
        assert_eq!(seen.len(), every.len() - unseen.len(), "{authority}");
        assert!(texts.iter().all(|(_, text)| !text.contains("panicked")), "{authority}");
    }
}

#[test]
fn what_only_others_see_changes_nothing_that_is_shown() {
    let data = journal("silent");
    let out = folder("silent-sheets");
    let some = ["fss", "fiu", "kisa"];
    let before = some.map(|authority| shown(&data, authority, &out));
    // An incident that only the ministry and the agency hear of.
    done(&[
        "incident",
        "open",
        "third-theft",
        "--exchange",
        "gopax",
        "--data",
        &data,
        "--occurred",
        "2026-11-21 01:00",
        "--detected",
        "2026-11-21 01:00",
        "--learned",
        "2026-11-21 01:00",
        "--class",
        "theft",
        "--title",
        "Nobody else's business",
        "--by",
        "desk",
    ]);
    let after = some.map(|authority| shown(&data, authority, &out));
    for (at, authority) in some.into_iter().enumerate() {
        for ((name, before), (_, after)) in before[at].iter().zip(&after[at]) {
            let hears = authority == "kisa"
                && (name.starts_with("incident") || name.starts_with("assess") && !name.ends_with("kr.vaupa"));
            assert_eq!(before != after, hears, "{authority}, {name}: before\n{before}\nafter\n{after}");
        }
    }
}

#[test]
fn an_incident_is_seen_by_whom_a_clock_of_it_tells() {
    let data = journal("incidents");
    let list = |authority: &str| run(&["incident", "list", "--data", &data, "--as", authority, "--as-of", DAY]);
    let (code, text) = list("kisa");
    assert!(code == 1 && text.contains("theft-of-november") && text.contains("second-theft"), "{text}");
    for authority in ["fss", "fiu", "crms", "daxa"] {
        assert_eq!(list(authority), (0, "No incident is on record.\n".to_string()), "{authority}");
    }
}

#[test]
fn a_view_begins_on_its_day_and_the_rest_is_refused() {
    let data = journal("days");
    let of = |authority: &str, day: &str, law: &str| {
        run(&["assess", "--data", &data, "--as", authority, "--as-of", day, "--law", law])
    };
    let refused = |authority: &str, law: &str, day: &str| {
        format!(
            "error: refused: `{authority}` neither supervises {law} on {day} nor is told of it\nhint: `bongsu authorities \
             --as-of {day}` says who supervises what, and by which article\n"
        )
    };
    assert_eq!(of("fss", "2024-07-18", "kr.vaupa"), (1, refused("fss", "kr.vaupa", "2024-07-18")));
    let (code, text) = of("fss", "2024-07-19", "kr.vaupa");
    assert!(code == 0 && text.contains("seen by Financial Supervisory Service"), "{text}");
    assert_eq!(of("fss", DAY, "kr.na"), (1, refused("fss", "kr.na", DAY)));
    assert_eq!(of("fss", DAY, "kr.daba"), (1, refused("fss", "kr.daba", DAY)));
    assert_eq!(of("mas", DAY, "kr"), (1, refused("mas", "kr", DAY)));
    let (code, text) = of("fsss", DAY, "kr");
    assert_eq!((code, text.as_str()), (2, "error: there is no authority `fsss`\nhint: did you mean `fss`?\n"));
    let (code, text) = run(&["assess", "--data", &data, "--as", "fss", "--record"]);
    assert!(code == 2 && text.contains("cannot be used with"), "{text}");
}

#[test]
fn what_is_shared_says_by_which_article() {
    let data = journal("shared");
    let of = |authority: &str| {
        done(&["assess", "--data", &data, "--as", authority, "--as-of", DAY, "--law", "kr.isms", "--format", "json"])
    };
    let shared = |authority: &str| {
        let top: serde_json::Value = serde_json::from_str(&of(authority)).unwrap();
        assert!(top["size"].is_null() && top["known"].is_null() && top["seen_by"] == authority, "{top}");
        top["findings"][0]["shared"].clone()
    };
    assert_eq!(shared("msit"), serde_json::json!(["Network Act 47(8)"]));
    assert_eq!(shared("kisa"), serde_json::json!([]));
    let table =
        done(&["assess", "--data", &data, "--as", "msit", "--as-of", DAY, "--law", "kr.isms", "--all", "--lang", "ko"]);
    assert!(table.contains("공유 근거 Network Act 47(8)") && table.contains("열람 기관 과학기술정보통신부"), "{table}");
}

#[test]
fn an_order_is_seen_by_whom_its_rule_tells() {
    let data = journal("orders");
    for (id, rule, by) in
        [("cover", "kr.vaupa.8", "fss-1"), ("staff", "kr.isms.1-1-6.it", "kisa-1"), ("it", "kr.sfia.7-3-6.it", "fiu-1")]
    {
        done(&[
            "order",
            "issue",
            id,
            "--request",
            "--exchange",
            "upbit",
            "--data",
            &data,
            "--rule",
            rule,
            "--as-of",
            "2026-11-20",
            "--due",
            "2099-12-31",
            "--text",
            "say it",
            "--by",
            by,
        ]);
    }
    let list = |authority: &str| {
        let of = ["order", "list", "--data", &data, "--as", authority, "--as-of", "2100-01-01"];
        let (code, text) = run(&of);
        let ids = ["cover", "staff", "it"].into_iter().filter(|id| text.contains(&format!(" {id}  issued")));
        (code, ids.collect::<Vec<_>>().join(" "), text.contains("shared under Network Act 47(8)"))
    };
    // All three are overdue by then: the exit code tells it to whoever sees one, and to nobody else.
    for (authority, code, ids, shared) in [
        ("fsc", 1, "cover", false),
        ("fss", 1, "cover it", false),
        ("fiu", 1, "it", false),
        ("kisa", 1, "staff", false),
        ("msit", 1, "staff", true),
        ("crms", 0, "", false),
        ("daxa", 0, "", false),
    ] {
        assert_eq!(list(authority), (code, ids.to_string(), shared), "{authority}");
    }
}

#[test]
fn a_filing_is_seen_by_whom_its_rules_tell_and_only_its_part() {
    let world = world::World::with_public_figures("authorities");
    let supervisor = folder("filings").join("journal");
    let data = supervisor.to_str().unwrap();
    done(&["import", "--data", data, "data/kr/exchanges.csv"]);
    let state = walk::state(world.dir()).unwrap();
    let key = package::key(world.dir()).unwrap();
    for (kind, period, roles) in [
        ("assets-monthly", "2026-10", &["cfo", "ciso"][..]),
        ("ciso-designation", "2026-10-31", &["ceo"]),
        ("security-yearly", "2025", &["ceo", "ciso"]),
    ] {
        let plan = desk::plan(&state, kind, "upbit", Some(period), None, None).unwrap();
        let mut bytes = desk::draw(world.dir(), &state, &plan, Lang::En).unwrap().bytes;
        for role in roles {
            package::sign(&mut bytes, &key, role, &format!("p-{role}")).unwrap();
        }
        let verified = verify(&bytes, &Asked::default()).unwrap();
        desk::receive(&supervisor, &verified, &bytes, "desk-1").unwrap();
    }
    let book = law();
    let list =
        |authority: &str, day: &str| done(&["filing", "list", "--data", data, "--as", authority, "--as-of", day]);
    for (authority, filings) in [
        ("fsc", "assets-monthly security-yearly"),
        ("fss", "assets-monthly security-yearly"),
        ("fiu", "security-yearly"),
        ("msit", "ciso-designation security-yearly"),
        ("crms", "ciso-designation security-yearly"),
        ("kisa", "security-yearly"),
        ("daxa", ""),
    ] {
        let text = list(authority, DAY);
        let kinds = ["assets-monthly", "ciso-designation", "security-yearly"].into_iter();
        let found: Vec<&str> = kinds.filter(|kind| text.contains(kind)).collect();
        assert_eq!(found.join(" "), filings, "{authority}: {text}");
        assert_eq!(unseen(&book, authority).iter().find(|id| names(&text, id)), None, "{authority}: {text}");
    }
    let fiu: Vec<String> = list("fiu", DAY).lines().skip(1).map(|line| line.trim().to_string()).collect();
    assert!(fiu.len() == 7 && fiu.iter().all(|rule| rule.starts_with("kr.sfia.7-3-6.")), "{fiu:?}");
    assert!(list("msit", DAY).contains("    kr.isms.1-1-6.it  shared under Network Act 47(8)\n"));
    // The radio service took the filings of the CISO over on 2020-08-05.
    assert_eq!(list("crms", "2020-08-05"), list("crms", DAY));
    let before = run(&["filing", "list", "--data", data, "--as", "crms", "--as-of", "2020-08-04"]);
    assert!(
        before.0 == 1
            && before.1.starts_with("error: refused: `crms` neither supervises any adopted law on 2020-08-04"),
        "{before:?}"
    );
    // What an exchange has only drawn up is its own.
    let draft = ["filing", "list", "--data", world.dir().to_str().unwrap(), "--as", "fss"];
    assert!(
        run(&[
            "filing",
            "prepare",
            "assets-monthly",
            "--exchange",
            "korbit",
            "--period",
            "2026-10",
            "--data",
            draft[3]
        ])
        .1
        .contains("to fix")
    );
    assert!(done(&draft[..4]).contains("NOT SUBMITTED"));
    assert_eq!(done(&draft), "");
}
