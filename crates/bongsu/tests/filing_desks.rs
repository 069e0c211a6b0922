//! Both desks by the command line: a filing from its draft to its end, an examination, an order from its ground to its retest.

#[path = "filing/world.rs"]
mod world;

use kernel::fact::*;
use std::path::Path;
use std::process::Command;
use world::{World, figure};

/// Runs the program; gives its exit code and everything it printed.
fn bongsu(arguments: &str, dirs: &[(&str, &Path)]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bongsu"));
    let mut words = Vec::new();
    for word in arguments.split(' ') {
        let found = dirs.iter().find(|(name, _)| word.starts_with(name));
        words.push(match found {
            Some((name, dir)) => format!("{}{}", dir.display(), word.strip_prefix(name).unwrap()),
            None => word.replace('_', " "),
        });
    }
    let output = command.args(&words).output().unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.code().unwrap_or(-1), text)
}

/// An exchange that knows everything its monthly filing asks for, or says that it does not.
fn ready(name: &str) -> World {
    let world = World::new(name);
    let first = world::at("2025-10-01").0;
    let price = |day: i64| {
        let Observation::Figure(price) = figure("krw_price", Some(Name::new("asset", "BTC")), 1_000_000, "2025-10-01")
        else {
            unreachable!()
        };
        Figure { at: rulebook::time::Instant(first + day * 24 * 3_600_000), ..price }.into()
    };
    world.tell(&(0..396).map(price).collect::<Vec<_>>());
    // What is still unknown is said to be unknown, until nothing must be fixed.
    for _ in 0..12 {
        let state = bongsu::walk::state(world.dir()).unwrap();
        let plan = world::plan(&world);
        let problems = bongsu::filing::desk::draw(world.dir(), &state, &plan, bongsu::lang::Lang::En).unwrap().problems;
        let unknown: Vec<String> = problems
            .iter()
            .filter(|problem| {
                problem.code == "unknown-fact" && problem.severity == bongsu::filing::check::Severity::MustFix
            })
            .flat_map(|problem| {
                problem.what.trim_start_matches("unknown: ").split(", ").map(String::from).collect::<Vec<_>>()
            })
            .collect();
        if unknown.is_empty() {
            break;
        }
        let list = kernel::words::vocabulary();
        let mut facts: Vec<Observation> = Vec::new();
        for word in unknown {
            if let Some(kind) = list.kind(&word) {
                facts.push(RosterKnown { exchange: "x".into(), kind: list.kind_name(kind).into() }.into());
            } else if list.find(&word).is_some_and(|id| list.word(id).of == rulebook::vocabulary::Of::Exchange) {
                let figure = world::money(0, "2026-09-30");
                facts.push(Figure { word, value: FigureValue::Missing, ..figure }.into());
            }
        }
        facts.dedup();
        world.tell(&facts);
    }
    world
}

fn explain(world: &World) -> String {
    let state = bongsu::walk::state(world.dir()).unwrap();
    let drawn = bongsu::filing::desk::draw(world.dir(), &state, &world::plan(world), bongsu::lang::Lang::En).unwrap();
    let mut rules: Vec<String> = drawn.problems.iter().map(|problem| problem.rule.clone()).collect();
    rules.sort();
    rules.dedup();
    rules.iter().map(|rule| format!(" --explain {rule}=in_work")).collect()
}

#[test]
fn a_filing_goes_from_draft_to_closed_and_back_once() {
    let (exchange, supervisor) = (ready("exchange"), World::empty("supervisor", ""));
    let out = std::env::temp_dir().join(format!("bongsu-filing-out-{}", std::process::id()));
    let _ = std::fs::create_dir_all(&out);
    let dirs = [("EXCHANGE", exchange.dir()), ("SUPERVISOR", supervisor.dir()), ("OUT", out.as_path())];
    let run = |arguments: &str, code: i32, says: &str| {
        let (found, text) = bongsu(arguments, &dirs);
        assert!(
            found == code && text.contains(says),
            "`{arguments}` ended {found}, expected {code} and `{says}`:\n{text}"
        );
        text
    };
    let of = "assets-monthly-2026-10 --exchange x --data";
    run("filing check assets-monthly --exchange x --period 2026-10 --data EXCHANGE", 1, "must explain");
    run("filing prepare assets-monthly --exchange x --period 2026-10 --data EXCHANGE", 1, "not submitted");
    run(&format!("filing submit {of} EXCHANGE --sign cfo=p-1 --sign ciso=p-2"), 1, "NOT submitted");
    run("filing list --data EXCHANGE", 0, "NOT SUBMITTED");
    let why = explain(&exchange);
    let prepare = format!("filing prepare assets-monthly --exchange x --period 2026-10 --data EXCHANGE{why}");
    run(&prepare, 0, "nothing keeps it from being submitted");
    run(&format!("filing submit {of} EXCHANGE --sign cfo=p-1"), 1, "unsigned");
    run(&format!("filing submit {of} EXCHANGE --sign cfo=p-1 --sign ciso=p-1"), 1, "same-person");
    run(
        &format!("filing submit {of} EXCHANGE --sign cfo=p-1 --sign ciso=p-2 --by p-3 --out OUT/2.filing"),
        0,
        "submitted",
    );
    run(&prepare, 1, "wrong-step");
    run("verify OUT/2.filing", 0, "verified: every finding follows");
    run("verify OUT/2.filing --key EXCHANGE/keys/journal.pub", 0, "ciso p-2");
    run("verify OUT/2.filing --key SUPERVISOR/keys/journal.pub", 1, "wrong-signer");
    run("--lang ko verify OUT/2.filing", 0, "검증됨");

    let receive = "filing receive OUT/2.filing --data SUPERVISOR --by fss-1";
    run(receive, 1, "not known here");
    run(&format!("{receive} --key EXCHANGE/keys/journal.pub"), 0, "received, entry");
    run(&format!("{receive} --key EXCHANGE/keys/journal.pub"), 1, "wrong-step");
    run(&format!("filing review {of} SUPERVISOR --by fss-1"), 0, "under review");
    run(&format!("filing return {of} SUPERVISOR --by p-1 --reason no"), 1, "same-person");
    run(&format!("filing return {of} SUPERVISOR --by fss-1 --reason the_price_of_one_day_is_missing"), 0, "returned");
    run(&format!("filing accept {of} SUPERVISOR --by fss-1"), 1, "wrong-step");

    // The exchange records the answer in its own journal, mends, and files the next version.
    run(&format!("filing review {of} EXCHANGE --by fss-1"), 0, "under review");
    run(&format!("filing return {of} EXCHANGE --by fss-1 --reason the_price_of_one_day_is_missing"), 0, "returned");
    exchange.tell(&[figure("entrusted", Some(Name::new("asset", "BTC")), 1_000, "2026-10-15")]);
    run(&prepare, 0, "version 3");
    run(
        &format!("filing submit {of} EXCHANGE --sign cfo=p-1 --sign ciso=p-2 --by p-3 --out OUT/3.filing"),
        0,
        "submitted",
    );
    let text = run("filing diff OUT/2.filing OUT/3.filing", 0, "facts added: 1");
    assert!(
        text.contains("entrusted of asset/BTC = 1000") && text.contains("kr.vaupa.7-2 asset/BTC: not met"),
        "{text}"
    );
    run("filing receive OUT/3.filing --data SUPERVISOR --by fss-1 --key EXCHANGE/keys/journal.pub", 0, "1 facts new");
    // The version before lies under an older checkpoint than the one received since.
    run(
        "filing receive OUT/2.filing --data SUPERVISOR --by fss-1 --key EXCHANGE/keys/journal.pub",
        1,
        "stale-checkpoint",
    );
    run(&format!("filing review {of} SUPERVISOR --by fss-1"), 0, "under review");
    run(&format!("filing accept {of} SUPERVISOR --by fss-2"), 0, "accepted");
    run(&format!("filing close {of} SUPERVISOR --by fss-2"), 0, "closed");
    let text = run(&format!("filing show {of} SUPERVISOR --by fss-2"), 0, "returned");
    assert!(text.contains("bongsu.journal/") && text.contains("cfo p-1"), "{text}");
    run("verify SUPERVISOR", 0, "verified");
    run("verify EXCHANGE", 0, "verified");
    let _ = std::fs::remove_dir_all(&out);
}

#[test]
fn an_examination_samples_asks_and_finds_what_was_left_out() {
    let (exchange, supervisor) = (ready("examined"), World::empty("examiner", ""));
    let out = std::env::temp_dir().join(format!("bongsu-examine-out-{}", std::process::id()));
    let _ = std::fs::create_dir_all(&out);
    let dirs = [("EXCHANGE", exchange.dir()), ("SUPERVISOR", supervisor.dir()), ("OUT", out.as_path())];
    let run = |arguments: &str, code: i32, says: &str| {
        let (found, text) = bongsu(arguments, &dirs);
        assert!(
            found == code && text.contains(says),
            "`{arguments}` ended {found}, expected {code} and `{says}`:\n{text}"
        );
        text
    };
    let why = explain(&exchange);
    run(&format!("filing prepare assets-monthly --exchange x --period 2026-10 --data EXCHANGE{why}"), 0, "version 1");
    let of = "assets-monthly-2026-10 --exchange x --data EXCHANGE";
    run(&format!("filing submit {of} --sign cfo=p-1 --sign ciso=p-2 --by p-3 --out OUT/a.filing"), 0, "submitted");
    let examine = "examine OUT/a.filing --data SUPERVISOR --by fss-2 --key EXCHANGE/keys/journal.pub";
    let first = run(&format!("{examine} --sample 5 --seed 7 --journal EXCHANGE"), 0, "nothing was left out");
    assert!(first.contains("requests issued") && first.contains("received, entry"), "{first}");
    let drawn = |text: &str| text.lines().filter(|line| line.starts_with("  #")).map(String::from).collect::<Vec<_>>();
    assert_eq!(drawn(&first).len(), 5);
    let second = run(&format!("{examine} --sample 5 --seed 7"), 0, "verified");
    assert_eq!(drawn(&first), drawn(&second), "the same seed draws the same entries");
    assert!(!second.contains("requests issued") && !second.contains("received, entry"), "once is enough: {second}");
    assert_ne!(drawn(&first), drawn(&run(&format!("{examine} --sample 5 --seed 8"), 0, "verified")));
    let requests = run("order list --data SUPERVISOR", 0, "request");
    assert!(requests.contains("kr.vaupa.") && requests.contains("tell: "), "{requests}");
    run("order list --overdue --as-of 2027-12-31 --data SUPERVISOR", 1, "OVERDUE");
    // A copy of the exchange's folder: the journal whole, and every package in it against the journal. The draft was signed since.
    let whole =
        run("examine EXCHANGE --data OUT/fresh --by fss-9 --key EXCHANGE/keys/journal.pub", 0, "requests issued");
    assert!(whole.contains("every conclusion follows") && whole.contains("nothing was left out"), "{whole}");
    run(&format!("filing prepare assets-monthly --exchange x --period 2026-09 --data EXCHANGE{why}"), 1, "version 1");
    let whole = run("examine EXCHANGE --data OUT/fresh --by fss-9 --key EXCHANGE/keys/journal.pub", 0, "not received");
    assert!(!whole.contains("requests issued"), "{whole}");
    run("verify OUT/fresh", 0, "verified");
    // A package under the same checkpoint with its last fact left out is sealed all the same; the journal shows it.
    use bongsu::filing::package::{self, Package};
    let bytes = std::fs::read(out.join("a.filing")).unwrap();
    let mut cut = Package::open(&bytes).unwrap().package;
    let left_out = cut.entries.pop().unwrap();
    let index = journal::entry::Header::decode(left_out.leaf).unwrap().index;
    let indexes: Vec<u64> =
        cut.entries.iter().map(|entry| journal::entry::Header::decode(entry.leaf).unwrap().index).collect();
    let reader = bongsu::store::Reader::open(exchange.dir()).unwrap();
    let note = journal::note::Note::parse(cut.checkpoint).unwrap();
    let size = journal::checkpoint::Checkpoint::parse(note.text).unwrap().size;
    let key = package::key(exchange.dir()).unwrap();
    // The published checkpoint has moved on; its tiles still prove the older size.
    cut.proof = reader.set_proof(&indexes, size).unwrap();
    let (sealed, _) = cut.seal(&key);
    std::fs::write(out.join("cut.filing"), sealed).unwrap();
    let text = run(&format!("{} --journal EXCHANGE", examine.replace("a.filing", "cut.filing")), 1, "LEFT OUT");
    assert!(text.contains(&format!("#{index}")), "{text}");
    let _ = std::fs::remove_dir_all(&out);
}

#[test]
fn an_order_is_issued_planned_tried_again_and_closed() {
    let world = World::new("order");
    let dirs = [("DIR", world.dir())];
    let run = |arguments: &str, code: i32, says: &str| {
        let (found, text) = bongsu(arguments, &dirs);
        assert!(
            found == code && text.contains(says),
            "`{arguments}` ended {found}, expected {code} and `{says}`:\n{text}"
        );
        text
    };
    let on =
        "--rule kr.vaupa.7-2 --subject asset/BTC --as-of 2026-10-31 --due 2027-12-31 --text hold_what_was_entrusted";
    let of = "--exchange x --data DIR --by";
    run(&format!("order issue o-1 {on} {of} fss-1"), 0, "not met, short 1");
    run(
        &format!("order issue o-2 --rule kr.vaupa.8 --as-of 2026-10-31 --due 2027-12-31 --text cover {of} fss-1"),
        1,
        "no-ground",
    );
    run(&format!("order close o-1 {of} fss-1"), 1, "wrong-step");
    run(&format!("order plan o-1 --text buy_one {of} p-1"), 0, "plan filed");
    run(&format!("order accept-plan o-1 {of} p-1"), 1, "same-person");
    run(&format!("order return-plan o-1 --text by_when? {of} fss-1"), 0, "plan returned");
    run(&format!("order plan o-1 --text buy_one_in_November --due 2026-11-30 {of} p-1"), 0, "plan filed");
    run(&format!("order accept-plan o-1 {of} fss-1"), 0, "plan accepted");
    run(&format!("order extend o-1 --due 2028-01-31 --text a_holiday {of} fss-1"), 0, "extended");
    std::fs::write(world.dir().join("receipt.txt"), "one coin").unwrap();
    let text =
        run("evidence add DIR/receipt.txt --exchange x --data DIR --for kr.vaupa.7-2 --by p-1", 0, "receipt.txt");
    let hash = &text[..12];
    run(&format!("order evidence o-1 --hash {hash} {of} p-1"), 0, "evidence");
    run(&format!("order evidence o-1 --hash ffff {of} p-1"), 2, "0 files");
    run(&format!("order retest o-1 --as-of 2026-11-20 {of} fss-1"), 1, "not met, short 1");
    run(&format!("order close o-1 {of} fss-1"), 1, "not-met");
    world.tell(&[figure("held", Some(Name::new("asset", "BTC")), 1_001, "2026-11-15")]);
    run(&format!("order retest o-1 --as-of 2026-11-20 {of} p-1"), 1, "same-person");
    run(&format!("order retest o-1 --as-of 2026-11-20 {of} fss-1"), 0, "met");
    let text = run("order list --data DIR", 0, "100_000_000 KRW, Act 22(1)2");
    assert!(text.contains("retested  due 2028-01-31"), "{text}");
    run(&format!("order close o-1 {of} fss-2"), 0, "closed");
    run("order list --overdue --as-of 2030-01-01 --data DIR", 0, "");
    run("verify DIR", 0, "findings re-performed    3");
    run("evidence list --data DIR --for kr.vaupa.7-2", 0, "receipt.txt");
    run("evidence check --data DIR", 0, "all as recorded");
    std::fs::write(world.dir().join("vault").join(text_hash(&world)), "two coins").unwrap();
    run("evidence check --data DIR", 1, "differs");
    run("--lang ko order list --data DIR", 0, "종결");
}

fn text_hash(world: &World) -> String {
    let file = std::fs::read_dir(world.dir().join("vault")).unwrap().next().unwrap().unwrap();
    file.file_name().to_string_lossy().into_owned()
}
