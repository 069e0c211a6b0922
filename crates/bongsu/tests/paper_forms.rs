//! Papers from a real journal: every form against the files in `paper_forms/`, the Korean of the PDF read back, what is
//! missing, what was sent, which clocks stop. `BONGSU_BLESS=1` rewrites the files.

use bongsu::incident::clock::{Clock, Standing, clocks};
use bongsu::incident::{Dossier, file};
use bongsu::lang::Lang;
use bongsu::paper::{self, Draft, FORMS, sent};
use bongsu::walk;
use calamine::{Reader, Xlsx};
use kernel::fact::Notice;
use kernel::known::KnownAt;
use kernel::state::State;
use rulebook::time::{Instant, Zone};
use sha2::{Digest, Sha256};
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;

const FORMS_HERE: [&str; 7] = [
    "kr.breach-report",
    "kr.breach-followup",
    "kr.blocking-report",
    "kr.fss-report",
    "kr.users-notice",
    "en.users-notice",
    "status",
];

/// The laws the papers speak of. A journal of two pages keeps its entry numbers when other law is added.
const LAWS: [&str; 3] = ["law/calendars/kr.md", "law/kr/network-act.md", "law/kr/vaupa.md"];

/// Who answers for the response; on record only where a test says so.
const CONTACT: &str =
    r#"{"fact":"remark","exchange":"dasan","at":"2026-01-02","topic":"contact.ko","text":"침해대응팀 02-000-0000"}"#;

fn inputs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/paper_forms")
}

fn check(file: &str, found: &str) {
    let path = inputs().join(file);
    if std::env::var_os("BONGSU_BLESS").is_some() {
        std::fs::write(&path, found).expect("the folder is there");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    let place = expected.lines().zip(found.lines()).position(|(a, b)| a != b);
    assert!(expected == found, "{file} differs at line {place:?}; BONGSU_BLESS=1 accepts what is printed now\n{found}");
}

fn at(text: &str) -> Instant {
    Zone::get("Asia/Seoul").and_then(|zone| zone.read(text)).expect("a moment")
}

/// A journal of its own, destroyed with the test.
struct Journal {
    dir: PathBuf,
}

impl Journal {
    fn new(name: &str) -> Journal {
        let dir = std::env::temp_dir().join(format!("bongsu-papers-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).expect("a folder");
        // By the program and not in this process: a child that another test starts would keep the writer's lock a moment.
        let data = dir.join("journal");
        let adopt = ["adopt", "--data", data.to_str().expect("a path"), "--id", "test"];
        let (code, printed) = run(&adopt.into_iter().chain(LAWS).collect::<Vec<_>>());
        assert_eq!(code, 0, "{printed}");
        Journal { dir }
    }

    fn with(name: &str, facts: &[&str]) -> Journal {
        let journal = Journal::new(name);
        journal.import(facts);
        journal
    }

    fn data(&self) -> PathBuf {
        self.dir.join("journal")
    }

    fn out(&self) -> PathBuf {
        self.dir.join("papers")
    }

    fn import(&self, facts: &[&str]) {
        let path = self.dir.join("facts.jsonl");
        std::fs::write(&path, facts.join("\n")).expect("a file");
        let data = self.data();
        let data = data.to_str().expect("a path");
        let (code, printed) = run(&["import", "--data", data, path.to_str().expect("a path")]);
        assert_eq!(code, 0, "{printed}");
    }

    fn state(&self) -> State {
        walk::state(&self.data()).expect("the journal reads")
    }

    /// `bongsu report FORM` on this journal: exit code and what it prints, with the folder taken out.
    fn report(&self, form: &str, more: &[&str]) -> (i32, String) {
        let (data, out) = (self.data(), self.out());
        let mut arguments = vec!["report", form, "--data", data.to_str().expect("a path"), "--exchange", "dasan"];
        arguments.extend(["--incident", "i1", "--out", out.to_str().expect("a path")]);
        arguments.extend(more);
        let (code, printed) = run(&arguments);
        (code, printed.replace(&self.dir.display().to_string(), "DIR"))
    }

    fn notices(&self) -> Vec<(u64, Notice)> {
        let state = self.state();
        let record = state.record("dasan").expect("the exchange");
        record.notices().iter().map(|(since, notice)| (since.index, notice.clone())).collect()
    }

    fn clock(&self, rule: &str, as_of: &str) -> Clock {
        let state = self.state();
        let book = state.adoptions().last().and_then(|a| a.book.as_deref()).expect("a book");
        let dossier = Dossier::open(&state, "dasan", "i1", at(as_of), KnownAt::Now).expect("the incident");
        clocks(&dossier, book, &[]).into_iter().find(|clock| clock.id == rule).expect("the clock")
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

fn run(arguments: &[&str]) -> (i32, String) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut command = Command::new(env!("CARGO_BIN_EXE_bongsu"));
    let output = command.args(arguments).current_dir(root).output().expect("it starts");
    let (out, wrong) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.code().unwrap_or(-1), format!("{out}{wrong}"))
}

fn facts() -> Vec<String> {
    let text = std::fs::read_to_string(inputs().join("incident.jsonl")).expect("the facts");
    text.lines().map(str::to_string).collect()
}

fn incident(name: &str, more: &[&str]) -> Journal {
    let facts = facts();
    let all: Vec<&str> = facts.iter().map(String::as_str).chain(more.iter().copied()).collect();
    Journal::with(name, &all)
}

fn draw(state: &State, data: &Path, form: &str, as_of: &str, lang: Lang) -> Draft {
    let book = state.adoptions().last().and_then(|a| a.book.as_deref()).expect("a book");
    let dossier = Dossier::open(state, "dasan", "i1", at(as_of), KnownAt::Now).expect("the incident");
    let file = file::gather(dossier, book, &[], data, 0).expect("the file");
    let form = paper::form(form).expect("the form");
    (form.draw)(&file.brief(sent::before(&file.dossier, form), lang)).expect("a draft")
}

fn problems(draft: &Draft) -> String {
    let line = |p: &paper::Problem| format!("  {:?} {} — {} — {}\n", p.severity, p.item, p.expected, p.hint);
    format!("  contains {}\n{}", draft.contents.join(", "), draft.problems.iter().map(line).collect::<String>())
}

#[test]
fn every_form_is_tested_here() {
    let ours = |id: &&str| id.starts_with("kr.") || id.starts_with("en.") || *id == "status";
    let known: Vec<&str> = FORMS.iter().map(|form| form.id).filter(ours).collect();
    assert_eq!(known, FORMS_HERE);
}

#[test]
fn complete_papers() {
    let confirmed = [
        CONTACT,
        r#"{"fact":"notice","exchange":"dasan","subject":"incident/i1","word":"reported","to":"kisa","at":"2026-10-05 08:30","contents":["occurred"],"by":"p1"}"#,
        r#"{"fact":"figure","exchange":"dasan","subject":"incident/i1","word":"fact_confirmed","at":"2026-10-05 09:10","value":"yes"}"#,
        r#"{"fact":"remark","exchange":"dasan","subject":"incident/i1","at":"2026-10-05 09:10","topic":"confirmed.ko","text":"유출 수량을 블록체인 기록과 대조하여 확정하였다."}"#,
        r#"{"fact":"figure","exchange":"dasan","subject":"loss/l1","word":"loss_frozen","at":"2026-10-05 09:30","value":"2_300_000_000 KRW"}"#,
    ];
    let journal = incident("complete", &confirmed);
    let state = journal.state();
    for form in FORMS_HERE {
        let lang = if form == "en.users-notice" { Lang::En } else { Lang::Ko };
        let draft = draw(&state, &journal.data(), form, "2026-10-05 10:00", lang);
        assert!(draft.problems.is_empty(), "{form}\n{}", problems(&draft));
        let again = draw(&state, &journal.data(), form, "2026-10-05 10:00", lang);
        for ((name, bytes), (_, others)) in draft.files.iter().zip(&again.files) {
            assert!(bytes == others, "{name}: the same paper in other bytes");
        }
        for (name, bytes) in draft.files.iter().filter(|(name, _)| !name.ends_with(".pdf") && !name.ends_with(".xlsx"))
        {
            check(name, std::str::from_utf8(bytes).expect("text"));
        }
        if let Some((name, pdf)) = draft.files.iter().find(|(name, _)| name.ends_with(".pdf")) {
            let page = draft.files.iter().find(|(name, _)| name.ends_with(".html")).expect("a page");
            let texts = texts_of(std::str::from_utf8(&page.1).expect("text"));
            assert!(texts.len() > 10, "{name}: {texts:?}");
            read_back(name, pdf, &texts);
            let (name, workbook) = &draft.files[2];
            let cells = cells_of(workbook);
            let page = std::str::from_utf8(&page.1).expect("text");
            for value in page.split("<td>").skip(1).map(|rest| texts_of(&format!("<body><td>{rest}"))) {
                let value = value.first().map_or("", String::as_str);
                assert!(cells.contains(&letters(value)), "{name} lacks `{value}`");
            }
        }
    }
}

/// Every cell of every sheet, run together.
fn cells_of(workbook: &[u8]) -> String {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(workbook.to_vec())).expect("a workbook");
    let sheets: Vec<String> = book.sheet_names();
    let ranges = sheets.iter().map(|name| book.worksheet_range(name).expect("a sheet"));
    ranges.map(|range| range.cells().map(|(_, _, cell)| letters(&cell.to_string())).collect::<String>()).collect()
}

/// The texts of a page, without tags.
fn texts_of(page: &str) -> Vec<String> {
    let body = page.split("<body>").nth(1).expect("a body");
    let texts = body.split('<').filter_map(|piece| piece.split_once('>')).map(|(_, text)| text.trim());
    let plain =
        |text: &str| text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    texts.filter(|text| !text.is_empty()).map(plain).collect()
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Every text of the page stands in the PDF, in this order, by a reader in Rust and, where it is installed, by Poppler's.
fn read_back(name: &str, pdf: &[u8], texts: &[String]) {
    let document = lopdf::Document::load_mem(pdf).expect("a PDF");
    let pages: Vec<u32> = document.get_pages().keys().copied().collect();
    let found = letters(&document.extract_text(&pages).expect("its text"));
    let mut rest = found.as_str();
    for text in texts {
        let text = letters(text);
        // The form's id stands at the foot of each page, which a reader may give first or last.
        let Some(place) = rest.find(&text) else {
            assert!(found.contains(&text), "{name} lacks `{text}`; it says\n{found}");
            continue;
        };
        if place < 400 {
            rest = &rest[place + text.len()..];
        }
    }
    let path = std::env::temp_dir().join(format!("bongsu-papers-{}-{name}", std::process::id()));
    std::fs::write(&path, pdf).expect("a file");
    match Command::new("pdftotext").args(["-raw", path.to_str().expect("a path"), "-"]).output() {
        Ok(output) => {
            let found = letters(&String::from_utf8_lossy(&output.stdout));
            for text in texts {
                assert!(found.contains(&letters(text)), "{name}: pdftotext lacks `{text}`; it says\n{found}");
            }
        }
        Err(_) => eprintln!("pdftotext is not installed: only the reader in Rust was asked"),
    }
    let _ = std::fs::remove_file(&path);
}

/// An incident of which nobody knows more than when it happened: everything that is missing, with the fact to record.
#[test]
fn what_is_missing() {
    let facts = facts();
    let bare: Vec<&str> = facts
        .iter()
        .map(String::as_str)
        .filter(|line| {
            let about = ["\"fact\":\"exchange\"", "\"fact\":\"subject\"", "\"occurred\"", "\"blocking_began\""];
            about.iter().any(|what| line.contains(what))
        })
        .collect();
    let journal = Journal::with("missing", &bare);
    let state = journal.state();
    let mut found = String::new();
    for form in FORMS_HERE {
        for lang in [Lang::En, Lang::Ko] {
            let draft = draw(&state, &journal.data(), form, "2026-10-05 10:00", lang);
            assert!(!draft.is_complete(), "{form}");
            assert!(draft.files.iter().all(|(name, _)| name.contains(".draft.")), "{form}: its files say draft");
            found.push_str(&format!("{form} {lang:?}\n{}", problems(&draft)));
        }
    }
    check("missing.txt", &found);
}

/// An address that is not public yet stands in no public text; once it is public, it may.
#[test]
fn an_address_stays_inside() {
    let thief = "Thief111111111111111111111111111";
    let leak = format!(
        r#"{{"fact":"remark","exchange":"dasan","subject":"incident/i1","at":"2026-10-05 09:30","topic":"notice.ko","text":"자산은 {thief}로 갔습니다."}}"#
    );
    let journal = incident("address", &[CONTACT, &leak]);
    let draft = draw(&journal.state(), &journal.data(), "kr.users-notice", "2026-10-05 10:00", Lang::En);
    let items: Vec<&str> = draft.problems.iter().map(|p| p.item.as_str()).collect();
    assert_eq!(items, ["address"]);
    let status = |journal: &Journal| {
        let draft = draw(&journal.state(), &journal.data(), "status", "2026-10-05 10:00", Lang::Ko);
        draft.files.iter().map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned()).collect::<String>()
    };
    assert!(!status(&journal).contains(thief));
    let public = format!(
        r#"{{"fact":"figure","exchange":"dasan","subject":"address/{thief}","word":"address_published","at":"2026-10-05 09:40","value":"yes"}}"#
    );
    journal.import(&[&public]);
    assert!(status(&journal).contains(thief));
    assert!(draw(&journal.state(), &journal.data(), "kr.users-notice", "2026-10-05 10:00", Lang::En).is_complete());
}

/// The PDF shows a box for a letter that its typeface lacks, so the paper says which.
#[test]
fn a_letter_that_the_typeface_lacks() {
    let cause = r#"{"fact":"remark","exchange":"dasan","subject":"incident/i1","at":"2026-10-05 09:00","topic":"cause.ko","text":"金庫 열쇠가 유출되었다."}"#;
    let journal = incident("letters", &[CONTACT, cause]);
    let draft = draw(&journal.state(), &journal.data(), "kr.breach-report", "2026-10-05 10:00", Lang::En);
    let found: Vec<(&str, bool)> =
        draft.problems.iter().map(|p| (p.item.as_str(), p.hint.starts_with("庫金:"))).collect();
    assert_eq!(found, [("letters", true)]);
    assert!(draft.is_complete());
}

/// Refused, sent although incomplete, amended: the clock of the law stops for the complete report alone.
#[test]
fn sent_incomplete_then_amended() {
    let journal = incident("flow", &[]);
    let clock = |as_of: &str| journal.clock("kr.na.48-3-1", as_of);
    assert_eq!(clock("2026-10-05 20:00").standing, Standing::Running);
    let mut printed = String::new();
    let mut say =
        |title: &str, (code, text): (i32, String)| printed.push_str(&format!("# {title}: exit {code}\n{text}\n"));

    let size = journal.state().last();
    say("drawn", journal.report("kr.breach-report", &["--as-of", "2026-10-05 10:00"]));
    say("refused as sent", journal.report("kr.breach-report", &["--sent", "2026-10-05 10:05"]));
    assert_eq!(journal.state().last(), size, "nothing was recorded");

    let first = ["--as-of", "2026-10-05 10:00", "--sent", "2026-10-05 10:05", "--incomplete", "--by", "p1"];
    say("sent although incomplete", journal.report("kr.breach-report", &first));
    assert_eq!(clock("2026-10-05 20:00").standing, Standing::Running);
    assert_eq!(clock("2026-10-05 20:00").lacking.len(), 1);
    let incomplete = journal.notices()[0].clone();
    assert_eq!(incomplete.1.contents, ["cause", "damage", "measures", "occurred"]);

    let frozen = r#"{"fact":"figure","exchange":"dasan","subject":"loss/l1","word":"loss_frozen","at":"2026-10-05 11:00","value":"2_300_000_000 KRW"}"#;
    journal.import(&[CONTACT, frozen]);
    say("complete", journal.report("kr.breach-report", &["--as-of", "2026-10-05 12:00"]));
    let page = std::fs::read_to_string(journal.out().join("i1.kr.breach-report.html")).expect("a page");
    check("amended.html", &page);
    let paper = std::fs::read(journal.out().join("i1.kr.breach-report.pdf")).expect("the paper");
    let second = ["--as-of", "2026-10-05 12:00", "--sent", "2026-10-05 12:20", "--to", "msit"];
    say("sent", journal.report("kr.breach-report", &second));
    check("flow.txt", &printed);

    let complete = journal.notices()[1].clone();
    assert_eq!(complete.1.contents, ["cause", "contact", "damage", "measures", "occurred"]);
    assert_eq!(complete.1.amends, Some(incomplete.0));
    assert_eq!(complete.1.to.as_deref(), Some("msit"));
    let hash: [u8; 32] = Sha256::digest(&paper).into();
    assert_eq!(complete.1.document, Some(hash), "the notice carries the hash of the paper that was written");
    let stopped = clock("2026-10-05 20:00");
    assert_eq!(stopped.standing, Standing::DoneOnTime);
    assert_eq!(stopped.done, Some(at("2026-10-05 12:20")));
}

/// The paper that really left may be another than the one drawn up here.
#[test]
fn the_paper_that_really_left() {
    let journal = incident("document", &[CONTACT]);
    let letter = journal.dir.join("letter.pdf");
    std::fs::write(&letter, b"a letter").expect("a file");
    let given = ["--sent", "2026-10-05 12:20", "--document", letter.to_str().expect("a path")];
    assert_eq!(journal.report("kr.breach-report", &given).0, 0);
    let hash: [u8; 32] = Sha256::digest(b"a letter").into();
    assert_eq!(journal.notices()[0].1.document, Some(hash));
    let late = journal.report("kr.breach-report", &["--as-of", "2026-10-05 13:00", "--sent", "2026-10-05 12:20"]);
    assert_eq!(late.0, 2, "{}", late.1);
    let nobody = journal.report("kr.breach-rport", &[]);
    assert!(nobody.0 == 2 && nobody.1.contains("there is no paper"), "{}", nobody.1);
}

/// What must be explained is explained on record; the paper says so.
#[test]
fn explained() {
    let journal = incident("explained", &[CONTACT]);
    let untold = facts().into_iter().find(|line| line.contains("\"users_told\"")).expect("the fact");
    let later = untold.replace("05:20", "05:40").replace("\"value\":\"yes\"", "\"value\":\"yes\",\"corrects\":NUMBER");
    let entry = journal.state().last().map(|last| last.index).expect("entries");
    // The fact is the 21st of its file, which the contact ends.
    let number = entry - (facts().len() as u64) + 20;
    journal.import(&[&later.replace("NUMBER", &number.to_string())]);
    let (code, printed) = journal.report("kr.blocking-report", &["--sent", "2026-10-05 05:50"]);
    assert!(code == 1 && printed.contains("b1/users_told"), "{printed}");
    let reason = "b1/users_told: 유출이 이어져 먼저 막고 곧바로 알렸다";
    let (code, printed) = journal.report("kr.blocking-report", &["--sent", "2026-10-05 05:50", "--explain", reason]);
    assert_eq!(code, 0, "{printed}");
    let page = std::fs::read_to_string(journal.out().join("i1.kr.blocking-report.html")).expect("a page");
    assert!(page.contains("<h2>소명</h2>") && page.contains("유출이 이어져 먼저 막고 곧바로 알렸다"), "{page}");
    let notice = journal.notices()[0].1.clone();
    assert_eq!(notice.subject.map(|s| s.kind), Some("blocking".into()));
    let clock = journal.clock("kr.vaupa.11-2.report", "2026-10-05 20:00");
    assert_eq!((clock.standing, clock.done), (Standing::Judged, Some(at("2026-10-05 05:50"))));
}

/// One notice to users is two events: users informed of the incident, and told the reason of the blocking.
#[test]
fn users_notice_is_two_events() {
    let journal = incident("users", &[]);
    let (code, printed) = journal.report("kr.users-notice", &["--sent", "2026-10-05 10:00"]);
    assert_eq!(code, 0, "{printed}");
    let words: Vec<(String, Option<String>)> =
        journal.notices().into_iter().map(|(_, notice)| (notice.word, notice.subject.map(|s| s.name))).collect();
    let expected = [("users_informed", "i1"), ("users_told", "b1")];
    assert_eq!(words, expected.map(|(word, name)| (word.to_string(), Some(name.to_string()))));
}

/// A follow-up stops the clock of each fact confirmed since the report.
#[test]
fn follow_up_stops_its_clock() {
    let journal = incident("follow-up", &[CONTACT]);
    assert_eq!(journal.report("kr.breach-report", &["--sent", "2026-10-05 08:30"]).0, 0);
    let (code, printed) = journal.report("kr.breach-followup", &["--sent", "2026-10-05 10:00"]);
    assert!(code == 1 && printed.contains("fact_confirmed"), "{printed}");
    journal.import(&[
        r#"{"fact":"figure","exchange":"dasan","subject":"incident/i1","word":"fact_confirmed","at":"2026-10-05 09:10","value":"yes"}"#,
        r#"{"fact":"remark","exchange":"dasan","subject":"incident/i1","at":"2026-10-05 09:10","topic":"confirmed.ko","text":"유출 수량을 확정하였다."}"#,
    ]);
    assert_eq!(journal.clock("kr.na.48-3-1.followup", "2026-10-05 20:00").standing, Standing::Running);
    let (code, printed) = journal.report("kr.breach-followup", &["--sent", "2026-10-05 10:00"]);
    assert_eq!(code, 0, "{printed}");
    assert_eq!(journal.clock("kr.na.48-3-1.followup", "2026-10-05 20:00").standing, Standing::DoneOnTime);
}
