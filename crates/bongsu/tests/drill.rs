//! Drills: cases are read whole or refused with their place, sums come out as published, and what is printed is what it was.
//! `BONGSU_BLESS=1` writes the golden texts anew.

use bongsu::drill::case::{self, Case};
use bongsu::drill::{guarded, json, picture, run, text};
use bongsu::lang::Lang;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

fn golden(file: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drill").join(file);
    if std::env::var_os("BONGSU_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
        std::fs::write(&path, found).expect("a golden text can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    let place = expected.lines().zip(found.lines()).position(|(a, b)| a != b);
    assert!(expected == found, "{file} differs at line {place:?}; BONGSU_BLESS=1 accepts what is printed now");
}

fn shipped(id: &str) -> Case {
    case::open(id, 1).unwrap_or_else(|e| panic!("{id}: {e}"))
}

fn units(case: &Case, asset: &str) -> i128 {
    case.outflows.iter().filter(|o| case.assets[o.asset].id == asset).map(|o| o.amount).sum()
}

/// The published sums, whatever the seed.
#[test]
fn what_is_spread_adds_up_to_what_is_published() {
    for seed in [1, 2, 99] {
        let open = |id: &str| case::open(id, seed).unwrap_or_else(|e| panic!("{id}: {e}"));
        let upbit = open("upbit-2025");
        assert_eq!(units(&upbit, "SOL"), 88_317_000_000_000, "88,317 SOL");
        assert_eq!(units(&upbit, "BONK"), 10_312_239_000_000_000, "103,122.39 m BONK");
        let won: i128 = upbit.outflows.iter().map(|o| upbit.assets[o.asset].won(o.amount)).sum();
        assert!((44_480_590_000 - won).abs() < 10_000, "44,480,590,000 won but for cut prices: {won}");
        let ends = upbit.outflows.first().zip(upbit.outflows.last()).map(|(a, b)| (text::at(a.at), text::at(b.at)));
        assert_eq!(ends, Some(("2025-11-27 04:42:00".into(), "2025-11-27 05:36:00".into())));
        assert_eq!(units(&open("coincheck-2018"), "XEM"), 526_300_010_000_000, "526,300,010 XEM");
        assert_eq!(units(&open("upbit-2019"), "ETH"), 342_000 * 10_i128.pow(18));
        let credits: i128 = open("bithumb-2026").credits.iter().map(|c| c.amount).sum();
        assert_eq!(credits, 620_000 * 10_i128.pow(8));
    }
}

#[test]
fn every_shipped_case_says_what_it_assumes_and_where_it_comes_from() {
    let all = case::shipped();
    assert!(all.len() >= 7, "{all:?}");
    for id in all {
        let header = shipped(&id).header;
        assert_eq!(header.id, id, "the id is the folder's name");
        assert!(!header.sources.is_empty() && !header.assumptions.is_empty(), "{id}");
        assert_eq!(header.assumptions.len(), header.assumptions_ko.len(), "{id}: as many in Korean");
    }
}

const HEADER: &str = "id = \"x\"\ntitle = \"x\"\ntitle_ko = \"x\"\nexchange = \"x\"\nstart = \"2025-01-01T00:00:00Z\"\nmeans = \"key\"\nsources = []\nassumptions = []\nassumptions_ko = []\n";

/// A small case with one file of it replaced, and what is said about it.
fn refused(file: &str, text: &str) -> String {
    let mut files: BTreeMap<String, String> = [
        ("drill.toml", HEADER),
        ("assets.csv", "asset,chain,decimals,won\nETH,ethereum,18,4000000\n"),
        ("wallets.csv", "wallet,chain,address,domain,tier\nhot,ethereum,0x1,hot,hot\n"),
        ("outflows.csv", "time,asset,amount,wallet,destination\n2025-01-01T00:00:00Z,ETH,1.5,hot,0x2\n"),
    ]
    .map(|(name, text)| (name.to_string(), text.to_string()))
    .into();
    assert!(case::read(&files, 1).is_ok(), "the case is good before");
    files.insert(file.into(), text.into());
    case::read(&files, 1)
        .err()
        .map_or_else(|| "taken".into(), |trouble| format!("{}\n  {}", trouble.what, trouble.hint))
}

#[test]
fn what_is_wrong_with_a_case_is_said_with_its_place() {
    let header = |from: &str, to: &str| HEADER.replace(from, to);
    let outflow = |row: &str| format!("time,until,count,asset,amount,wallet,destination,what\n{row}\n");
    let mut found = String::new();
    for (file, content) in [
        ("drill.toml", String::new()),
        ("drill.toml", header("\"key\"", "\"magic\"")),
        ("drill.toml", header("00:00Z", "00:00")),
        ("drill.toml", header("2025-01-01", "2025-01-02")),
        ("drill.toml", header("means", "meens")),
        ("drill.toml", header("\"key\"", "\"gate\"")),
        ("drill.toml", header("\"key\"", "\"payload\"")),
        ("assets.csv", "asset,chain,decimals,won\nETH,ethereum,31,1\n".into()),
        ("assets.csv", "asset,chain,decimals,won\nETH,ethereum,18,0\n".into()),
        ("assets.csv", "asset,chain,decimals,won\nETH,ethereum,18,-1\n".into()),
        ("assets.csv", "asset,chain,decimals,won\nETH,ethereum\n".into()),
        ("wallets.csv", "wallet,chain,address,domain,tier\nhot,ethereum,0x1,hot,lukewarm\n".into()),
        ("wallets.csv", "wallet,chain,address,domain,tier\nhot,tron,0x1,hot,hot\n".into()),
        ("wallets.csv", "wallet,chain,address,domain,tier\nhot,nowhere,0x1,hot,hot\nhot,ethereum,0x1,hot,hot\n".into()),
        ("outflows.csv", outflow("")),
        ("outflows.csv", outflow("2025-01-01,,,ETH,1,hot,0x2,")),
        ("outflows.csv", outflow("2025-01-01T00:00:00Z,,,BTC,1,hot,0x2,")),
        ("outflows.csv", outflow("2025-01-01T00:00:00Z,,,ETH,1,cold,0x2,")),
        ("outflows.csv", outflow("2025-01-01T00:00:00Z,,,ETH,-1,hot,0x2,")),
        ("outflows.csv", outflow("2025-01-01T00:00:00Z,,,ETH,0.0000000000000000001,hot,0x2,")),
        ("outflows.csv", outflow("2025-01-01T00:00:00Z,,,ETH,1000000000001,hot,0x2,")),
        ("outflows.csv", outflow("2025-01-01T00:00:00Z,,,ETH,1,hot,,")),
        ("outflows.csv", outflow("2025-01-01T00:00:00Z,,0,ETH,1,hot,0x2,")),
        ("outflows.csv", outflow("2025-01-01T00:00:00Z,2024-01-01T00:00:00Z,2,ETH,1,hot,0x2,")),
        ("outflows.csv", outflow("2025-01-01T00:00:00Z,,,ETH,1,hot,0x2,vanishes")),
        ("outflows.csv", "time,coin\n".into()),
        ("approvals.csv", "time,request,by,group\n2025-01-01T00:00:00Z,r,a,b\n".into()),
    ] {
        found.push_str(&format!("{file}: {:?}\n{}\n\n", content, refused(file, &content)));
    }
    golden("bad-cases.txt", &found);
}

#[test]
fn a_case_that_is_not_there_names_those_that_are() {
    let trouble = case::open("atlantis-2030", 1).expect_err("no such case");
    assert!(trouble.hint.contains("upbit-2025"), "{}", trouble.hint);
}

/// Withdrawals of the month in these tests: few, so that they are quick. `docs/drills.md` has the figures for a hundred thousand.
const TRANSFERS: u64 = 400;

fn drilled(id: &str) -> (Case, bongsu::drill::outcome::Outcome) {
    let case = shipped(id);
    let policy = guarded::policy(None, case.policy.as_deref()).expect("the shipped policy");
    let options = run::Options { seed: 1, transfers: TRANSFERS, policy, taped: false };
    let (outcome, _) = run::run(&case, &options).unwrap_or_else(|e| panic!("{id}: {e}"));
    (case, outcome)
}

#[test]
fn every_shipped_case_is_played() {
    for id in case::shipped() {
        let (case, outcome) = drilled(&id);
        assert!(outcome.month.trips.is_empty(), "{id}: a false trip: {:?}", outcome.month.trips);
        assert!(outcome.month.asked > 300 && outcome.month.paid > 300, "{id}: the month was lived");
        assert!(outcome.would_lose() <= outcome.lost(), "{id}: no guard makes it worse");
        golden(&format!("{id}.txt"), &text::show(&case, &outcome, Lang::En));
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_does_not() {
    let (case, outcome) = drilled("upbit-2025");
    let (_, again) = drilled("upbit-2025");
    assert_eq!(json::show(&case, &outcome), json::show(&case, &again));
    golden("upbit-2025.json", &json::show(&case, &outcome));
    golden("upbit-2025-ko.txt", &text::show(&case, &outcome, Lang::Ko));
    golden("upbit-2025.svg", &picture::svg(&case, &outcome, Lang::Ko).into_string());
    let other = case::open("upbit-2025", 2).expect("the case");
    let policy = guarded::policy(None, None).expect("the shipped policy");
    let (other_outcome, _) =
        run::run(&other, &run::Options { seed: 2, transfers: TRANSFERS, policy, taped: false }).expect("a play");
    assert_ne!(outcome.fact, other_outcome.fact);
}

/// A drill that is kept is a journal like any other: it verifies, re-performs, and shows what another policy would have done.
#[test]
fn a_drill_is_kept_as_a_journal_and_another_policy_is_tried_on_it() {
    let case = shipped("upbit-2019");
    let policy = bongsu::pages::with_law(guarded::policy(None, None).expect("the shipped policy"), &["kr".to_string()]);
    let options = run::Options { seed: 1, transfers: TRANSFERS, policy, taped: true };
    let (_, tape) = run::run(&case, &options).expect("a play");
    let dir = std::env::temp_dir().join(format!("bongsu-drill-{}", std::process::id()));
    guarded::keep(&tape.expect("a tape"), &dir).expect("a journal");
    let bongsu = |words: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_bongsu")).args(words).args(["--data"]).arg(&dir).output();
        let output = output.expect("the program runs");
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    };
    let verified =
        Command::new(env!("CARGO_BIN_EXE_bongsu")).arg("verify").arg(&dir).status().expect("the program runs");
    assert!(verified.success());
    assert!(bongsu(&["replay"]).contains(" 0 differ"));
    golden("upbit-2019-default.txt", &bongsu(&["replay", "--draft", "default"]));
    golden("upbit-2019-strict.txt", &bongsu(&["replay", "--draft", "strict"]));
    golden(
        "upbit-2019-strict.json",
        &bongsu(&["replay", "--draft", "strict", "--format", "json", "--mode", "re-decide"]),
    );
    // What was stopped is an incident on whose clocks the law runs.
    let listed = bongsu(&["incident", "list"]);
    let id = listed.split(" · ").find(|word| word.starts_with("stop-")).expect("an incident");
    let shown = bongsu(&["incident", "show", id, "--exchange", "upbit", "--as-of", "2019-11-27 15:00"]);
    golden("upbit-2019-incident.txt", &shown);
    golden("upbit-2019-beacon.txt", &bongsu(&["beacon", "--at-end"]));
    golden("upbit-2019-beacon.json", &bongsu(&["beacon", "--at-end", "--format", "json"]));
    let page = bongsu(&["beacon", "--at-end", "--format", "html", "--lang", "ko"]);
    assert!(page.contains("월경: 차단 있음") && page.contains("재개 담당 2인") && !page.contains("<script"), "{page}");
    std::fs::remove_dir_all(&dir).expect("the folder can go");
}
