//! The policy lab: the frozen industry is what its seed gives, what is printed is what it was, and one number moved over a range gives the
//! same findings whether it is settled by comparison or evaluated each time. `BONGSU_BLESS=1` writes the golden texts anew.

use bongsu::lab::bands::Band;
use bongsu::lab::cost::Costs;
use bongsu::lab::random::Random;
use bongsu::lab::set::{self, Kind, Set};
use bongsu::lab::{industry, json, picture, run, sweep, text, trial};
use bongsu::lang::Lang;
use kernel::fact::Observation;
use rulebook::book::{Book, RuleId};
use rulebook::evaluate::Evaluator;
use rulebook::finding::Finding;
use rulebook::number::Number;
use rulebook::page::Source;
use rulebook::threshold::Sites;
use rulebook::time::{Instant, Zone};
use rulebook::value::Owned;
use std::path::{Path, PathBuf};

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn golden(file: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lab").join(file);
    if std::env::var_os("BONGSU_BLESS").is_some() {
        std::fs::write(&path, found).expect("a golden text can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    let place = expected.lines().zip(found.lines()).position(|(a, b)| a != b);
    assert!(expected == found, "{file} differs at line {place:?}; BONGSU_BLESS=1 accepts what is printed now");
}

fn at(day: &str) -> Instant {
    Zone::get("Asia/Seoul").expect("a zone").read(day).expect("a day")
}

fn drafts(names: &[&str]) -> Vec<trial::Trial> {
    names.iter().map(|name| trial::draft(Path::new(name), None).unwrap_or_else(|e| panic!("{name}: {e}"))).collect()
}

fn costs() -> Costs {
    Costs::read(None).expect("the shipped page of costs")
}

const FROZEN: &str = "data/industry/synthetic-40";

#[test]
fn the_frozen_industry_is_what_its_seed_gives() {
    let files = industry::files(industry::SHIPPED_SEED, industry::SHIPPED_EXCHANGES);
    for (name, drawn) in [
        ("industry.json", &files.header),
        ("exchanges.csv", &files.exchanges),
        ("months.csv", &files.months),
        ("facts.jsonl", &files.facts),
    ] {
        let frozen = std::fs::read_to_string(root(FROZEN).join(name)).expect("a frozen file");
        assert!(
            frozen == *drawn,
            "{name}: what is drawn has changed; a frozen set never does: raise GENERATOR and freeze a new one"
        );
    }
    assert_ne!(
        files,
        industry::files(industry::SHIPPED_SEED + 1, industry::SHIPPED_EXCHANGES),
        "another seed, another industry"
    );
}

/// The program does not read its own frozen files; so they must hold what it draws.
#[test]
fn the_files_say_what_is_drawn() {
    let mut read: Vec<Observation> = Vec::new();
    for file in industry::FACT_FILES {
        let rows = bongsu::import::read(&root(FROZEN).join(file), None).expect("the importer reads a frozen file");
        read.extend(rows.into_iter().map(|row| row.observation));
    }
    let mut drawn = industry::observations(industry::SHIPPED_SEED, industry::SHIPPED_EXCHANGES);
    let key = |o: &Observation| format!("{o:?}");
    read.sort_by_key(key);
    drawn.sort_by_key(key);
    assert_eq!(read.len(), drawn.len());
    for (a, b) in read.iter().zip(&drawn) {
        assert_eq!(a, b);
    }
}

/// An exchange's figures do not hang on how many others there are, but whether it runs a won market does.
#[test]
fn a_set_of_a_seed_is_the_same_in_any_size() {
    let months = |count| industry::files(3, count).months;
    let of = |text: &str, id: &str| text.lines().filter(|l| l.starts_with(id)).map(String::from).collect::<Vec<_>>();
    assert_eq!(of(&months(40), "synthetic-30,"), of(&months(47), "synthetic-30,"));
}

#[test]
fn drafts_side_by_side_in_golden_words() {
    let trials = drafts(&[
        "daba-ciso-executive",
        "daba-budget-7",
        "daba-budget-10",
        "daba-staff-5",
        "daba-staff-own",
        "daba-staff-mean-of-ratios",
        "daba-staff-10",
    ]);
    let set = set::shipped();
    let run = run::run(&set, &trials, at("2027-12-31"), &costs());
    for tried in &run.drafts {
        assert_eq!(tried.bands.values().sum::<usize>(), 40, "{}: every exchange lies in one band", tried.name);
    }
    golden("run.txt", &text::runs(std::slice::from_ref(&run), &costs(), Lang::En));
    golden("run-ko.txt", &text::runs(std::slice::from_ref(&run), &costs(), Lang::Ko));
    let json = json::runs(std::slice::from_ref(&run), &costs());
    let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(value["total"], serde_json::Value::Null);
    assert_eq!(value["sets"][0]["drafts"][1]["bands"]["bound"], run.drafts[1].bands[&Band::Bound]);
    assert!(picture::runs(&[run], &costs(), Lang::Ko).contains("<svg"));
}

#[test]
fn the_budget_moved_from_five_to_ten_per_cent_in_golden_words() {
    let trial = trial::undrafted().expect("the announced act");
    let range = sweep::range(&trial, "daba_budget_share", "5%", "10%", 200).expect("a range");
    let swept = sweep::sweep(&set::shipped(), &trial, &range, at("2027-12-31"), &costs()).expect("a sweep");
    assert!(swept.by_comparison);
    golden("sweep.txt", &text::sweeps(std::slice::from_ref(&swept), &range, &trial.name, &costs(), Lang::En));
    golden("sweep-ko.txt", &text::sweeps(std::slice::from_ref(&swept), &range, &trial.name, &costs(), Lang::Ko));
    let value: serde_json::Value =
        serde_json::from_str(&json::sweeps(std::slice::from_ref(&swept), &range, &trial.name, &costs())).expect("JSON");
    assert_eq!(value["sets"][0]["points"].as_array().map(Vec::len), Some(201));
    let picture = picture::sweeps(&[swept], &range, &trial.name, &costs(), Lang::En);
    assert!(picture.contains("<svg") && !picture.contains("<script"));
}

/// The sweep at one value says what the run of a draft with that value says.
#[test]
fn a_sweep_passes_through_the_draft() {
    for (draft, parameter, value) in [
        ("daba-budget-7", "daba_budget_share", "7%"),
        ("daba-staff-10", "daba_staff_share", "10%"),
        ("daba-staff-mean-of-ratios", "daba_staff_share", "5%"),
    ] {
        let trials = drafts(&[draft]);
        let range = sweep::range(&trials[0], parameter, "0%", value, 2).expect("a range");
        let swept = sweep::sweep(&set::shipped(), &trials[0], &range, at("2027-12-31"), &costs()).expect("a sweep");
        let run = run::run(&set::shipped(), &trials, at("2027-12-31"), &costs());
        let (point, tried) = (&swept.points[2], &run.drafts[0]);
        let rules = &swept.rules;
        // The draft may touch more rules than the parameter reaches.
        let bound = tried
            .exchanges
            .iter()
            .filter(|e| e.rules.iter().any(|r| rules.contains(&r.rule) && r.band == Band::Bound))
            .count();
        assert_eq!(point.bands[&Band::Bound], bound, "{draft}");
        if tried.exchanges[0].rules.len() == rules.len() {
            assert_eq!(
                (&point.short, &point.adverse, &point.cost),
                (&tried.short, &tried.adverse, &tried.cost),
                "{draft}"
            );
        }
    }
}

fn shapes() -> Book {
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lab/shapes.md")).expect("the page");
    let (book, problems) =
        rulebook::build(kernel::words::vocabulary(), vec![Source { path: "shapes.md".into(), text }]);
    assert!(!problems.iter().any(|p| p.level == rulebook::problem::Level::Error), "{problems:?}");
    book
}

/// Verdict, what is short and whether more may be short, of each subject.
fn said(finding: &Finding, short: Option<rulebook::finding::Amount>) -> String {
    let short = short.map(|a| match a.value {
        Owned::Number(n) => n.to_string(),
        other => format!("{other:?}"),
    });
    format!(
        "{:?} {:?} {short:?} {} {:?} {:?}",
        finding.subject, finding.verdict, finding.at_least, finding.due, finding.missing
    )
}

fn both_ways_agree(set: &Set, book: &Book, parameter: &str, values: &[Number], ends: &[Instant]) -> (usize, usize) {
    let id = book.parameters.iter().position(|p| p.id == parameter).expect("a parameter").into();
    let (mut settled, mut evaluations) = (0, 0);
    for rule in (0..book.rules.len()).map(RuleId::from) {
        let sites = Sites::of(book, id, rule);
        settled += usize::from(sites.is_some());
        for (name, exchange) in set.exchanges() {
            let view = set.view(exchange);
            for end in ends {
                let fast = Evaluator::new(book, &view).sweep(rule, *end, id, sites.as_ref(), values);
                let each = Evaluator::new(book, &view).sweep(rule, *end, id, None, values);
                evaluations += fast.len();
                assert_eq!(each.len(), values.len());
                for stretch in &fast {
                    for at in stretch.first..stretch.end {
                        let one = |s: &rulebook::threshold::Stretch| -> Vec<String> {
                            s.findings.iter().map(|f| said(f, s.short(f, values, at))).collect()
                        };
                        let (a, b) = (one(stretch), one(&each[at]));
                        assert_eq!(a, b, "{} at {name}, value {}", book.rules[rule.index()].id, values[at]);
                    }
                }
            }
        }
    }
    (settled, evaluations)
}

#[test]
fn settled_by_comparison_or_evaluated_each_time_is_the_same() {
    let book = shapes();
    let mut random = Random::new(7);
    let set = set::made_up(11, 20);
    let ends: Vec<Instant> = ["2024-01-31", "2024-12-31", "2025-03-10", "2027-09-30", "2027-12-31"].map(at).to_vec();
    for _ in 0..3 {
        // Values that hit shares exactly, such as 1/12, lie among drawn ones; zero is one of them.
        let mut values: Vec<Number> = (0..30)
            .map(|_| {
                Number::fraction(random.between(0, 24).into(), random.between(60, 240).into()).expect("not by zero")
            })
            .collect();
        values.extend([Number::ZERO, Number::fraction(1, 12).expect("a twelfth")]);
        values.sort();
        let (settled, evaluations) = both_ways_agree(&set, &book, "p", &values, &ends);
        // All but those through a term, with what is short said, and in a sum; `heads` and `officer` hang on another number.
        assert_eq!(settled, book.rules.len() - 3);
        // If nothing were settled, every value would be one evaluation.
        let each = book.rules.len() * set.len() * ends.len() * values.len();
        assert!(evaluations * 2 < each, "{evaluations} evaluations of {each}");
    }
    let heads: Vec<Number> = (0..40).map(|n| Number::fraction(n, 2).expect("a half")).collect();
    both_ways_agree(&set, &book, "h", &heads, &ends);
}

#[test]
fn the_whole_sweep_of_the_shipped_drafts_is_the_same_both_ways() {
    let set = set::made_up(5, 16);
    for (draft, parameter, low, high) in [
        ("daba-budget-7", "daba_budget_share", "5%", "10%"),
        ("daba-staff-10", "daba_staff_share", "0%", "15%"),
        ("daba-staff-10", "daba_staff_floor", "0", "30"),
        ("daba-staff-mean-of-ratios", "daba_staff_share", "2%", "9%"),
    ] {
        let trials = drafts(&[draft]);
        let trial = &trials[0];
        let range = sweep::range(trial, parameter, low, high, 20).expect("a range");
        let ends = run::month_ends(&run::zone(&trial.book), at("2027-12-31"), run::WINDOWS);
        for (rule, sites) in sweep::sites(trial, range.parameter) {
            let fast = sweep::grid(&set, trial, rule, &range, sites.as_ref(), &ends).expect("sums fit");
            let each = sweep::grid(&set, trial, rule, &range, None, &ends).expect("sums fit");
            assert_eq!(fast.cells.len(), 49 * 21);
            assert!(fast == each, "{draft} {parameter}: the two ways differ");
        }
    }
}

#[test]
fn made_up_and_real_are_never_added_up() {
    let folder = root("data/kr");
    let real = set::named(&folder.to_string_lossy()).expect("the public figures");
    assert_eq!(real.iter().map(|s| s.kind).collect::<Vec<_>>(), [Kind::Real]);
    let trials = drafts(&["daba-ciso-any"]);
    let runs: Vec<run::Run> =
        [set::shipped(), real[0].clone()].iter().map(|s| run::run(s, &trials, at("2027-12-31"), &costs())).collect();
    let words = text::runs(&runs, &costs(), Lang::En);
    assert!(words.contains("No total: made-up and real exchanges are never added up."), "{words}");
    assert_eq!(words.matches("daba-ciso-any  ").count(), 2, "two tables");
}

/// A draft of a later year, begun in a year whose figures are there.
#[test]
fn a_draft_can_begin_on_another_day() {
    let day = rulebook::time::read_date("2025-01-01").expect("a day");
    let early = trial::draft(Path::new("daba-budget-phased"), Some(day)).expect("a draft");
    let run = run::run(&set::shipped(), &[early], at("2025-12-31"), &costs());
    let phased = &run.drafts[0];
    assert_eq!(phased.bands[&Band::NotReached], 0);
    // The later steps keep their days: in 2025 five per cent counts.
    let required = phased.exchanges[0].rules[0].required.as_ref().map(|q| q.value.clone());
    assert_eq!(required.as_deref(), Some("0.05"));
}

/// What cannot be done says so, and what to do.
#[test]
fn bad_inputs_have_names_and_hints() {
    let budget = || trial::draft(Path::new("daba-budget-7"), None).expect("a draft");
    let range =
        |name: &str, from: &str, to: &str, count: usize| sweep::range(&budget(), name, from, to, count).map(drop);
    let folder = std::env::temp_dir().join(format!("bongsu-lab-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("exchanges.csv"), "id,name_en,name_ko\n").expect("a file");
    std::fs::write(folder.join("figures.csv"), "exchange,word,at,value\n").expect("a file");
    std::fs::write(folder.join("industry.json"), "{\"name\":\"empty\"}").expect("a file");
    let baseless = folder.join("baseless.md");
    std::fs::write(&baseless, "# x\n```draft\nid = \"x\"\ntitle = \"x\"\nby = \"x\"\n```\n").expect("a file");
    let dir = folder.to_string_lossy().into_owned();
    let own = format!("bongsu-lab-{}", std::process::id());
    let mut found = String::new();
    let mut say = |what: &str, result: Result<(), bongsu::trouble::Trouble>| {
        let error = result.expect_err(what);
        assert!(!error.hint.is_empty(), "{what}: no hint");
        found.push_str(&format!("{what}\n{error}\n\n").replace(&dir, "DIR").replace(&own, "SET"));
    };
    say("an unknown parameter", range("daba_budget_shar", "5%", "10%", 11));
    say("a number without its unit", range("daba_budget_share", "5", "10", 11));
    say("a number in another unit", range("daba_staff_floor", "5%", "10%", 11));
    say("no number at all", range("daba_budget_share", "five", "ten", 11));
    say("below zero", range("daba_budget_share", "-5%", "10%", 11));
    say("the wrong way round", range("daba_budget_share", "10%", "5%", 11));
    say("no step", range("daba_budget_share", "5%", "10%", 0));
    let dedicated = trial::draft(Path::new("daba-ciso-dedicated"), None).expect("a draft");
    say("a list of codes", sweep::range(&dedicated, "daba_compatible_posts", "1%", "2%", 3).map(drop));
    let surcharge = sweep::range(&budget(), "daba_surcharge_theft_share", "1%", "2%", 3).expect("a range");
    say(
        "a number that no rule asks for",
        sweep::sweep(&set::shipped(), &budget(), &surcharge, at("2027-12-31"), &costs()).map(drop),
    );
    say("an unknown draft", trial::draft(Path::new("daba-budget-8"), None).map(drop));
    say(
        "a page that is no draft",
        trial::draft(&root("law/kr/daba.md"), None).map(drop).map_err(|mut e| {
            e.what = e.what.rsplit('/').next().unwrap_or("").to_string();
            e
        }),
    );
    say("a draft without a base", trial::draft(&baseless, None).map(drop));
    say("an unknown set", set::named("synthetic-41").map(drop));
    say("a header that is none", set::named(&dir).map(drop));
    std::fs::remove_file(folder.join("industry.json")).expect("a file");
    say("an empty set", set::named(&dir).map(drop));
    say("a page of costs that is not there", Costs::read(Some(&folder.join("none.md"))).map(drop));
    std::fs::remove_dir_all(&folder).expect("a folder");
    golden("bad-inputs.txt", &found);
}
