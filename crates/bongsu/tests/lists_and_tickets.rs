//! Lists and tickets through the real program, on a journal in a folder of its own.

use bongsu::recorder::{Recorder, now};
use journal::note::{Algorithm, VerifierKey};
use kernel::fact::{
    AssetListed, BlockRead, ChainWatched, ExchangeRegistered, Moves, Observation, PersonEnrolled, Tier, Transfer,
    WalletRegistered,
};
use kernel::guard::ticket::identity_of;
use rulebook::time::Instant;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const THIEF: &str = "0x098B716B8Aaf21512996dC57EB0615e2383E2f96";

fn folder(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("bongsu-doors-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

fn bongsu(dir: &Path, line: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bongsu")).args(line.split(' ')).current_dir(dir).output().unwrap()
}

/// What a command that must succeed prints.
fn says(dir: &Path, line: &str) -> String {
    let out = bongsu(dir, line);
    assert!(out.status.success(), "{line}\n{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

/// What a command that must not succeed complains of.
fn refuses(dir: &Path, line: &str) -> String {
    let out = bongsu(dir, line);
    assert_eq!(out.status.code(), Some(1), "{line}\n{}", String::from_utf8_lossy(&out.stdout));
    String::from_utf8(out.stderr).unwrap()
}

/// A guard with a wallet on each of two chains that run Ethereum's machine, and on Bitcoin.
fn guard(dir: &Path, people: &[(&str, [u8; 32], &str)]) {
    let exchange = || String::from("x");
    let mut facts: Vec<Observation> = vec![
        ExchangeRegistered { id: exchange(), name_en: "X".into(), name_ko: "X".into(), source: String::new() }.into(),
    ];
    for (asset, chain, decimals) in [("ETH", "ethereum", 18), ("BNB", "bsc", 18), ("BTC", "bitcoin", 8)] {
        let (asset, chain, source) = (String::from(asset), String::from(chain), String::from("house"));
        let (wallet, address, domain) = (format!("hot-{chain}"), format!("own-{chain}"), String::from("d1"));
        facts.push(
            AssetListed { exchange: exchange(), source: source.clone(), asset, chain: chain.clone(), decimals }.into(),
        );
        facts.push(
            ChainWatched {
                exchange: exchange(),
                chain: chain.clone(),
                sources: vec!["n1".into()],
                depth: 0,
                behind: 3,
                silence: 3_600_000,
                change: None,
                observed: false,
            }
            .into(),
        );
        let tier = Tier::Hot;
        facts.push(
            WalletRegistered { exchange: exchange(), source, wallet, chain, address, domain, tier, change: None }
                .into(),
        );
    }
    for (person, identity, group) in people {
        let groups = vec![(*group).to_string()];
        let (person, identity) = ((*person).to_string(), *identity);
        facts.push(PersonEnrolled { exchange: exchange(), person, identity, groups, change: None }.into());
    }
    let mut recorder = Recorder::open(&dir.join("j")).unwrap();
    recorder.observe(&facts, "setup").unwrap();
    recorder.close().unwrap();
}

/// Who denies and who warns of an address.
fn marks(dir: &Path, chain: &str, address: &str) -> (usize, usize) {
    let state = bongsu::walk::state(&dir.join("j")).unwrap();
    let guard = state.guard("x").unwrap();
    let chain = guard.names.find(kernel::guard::names::Kind::Chain, u32::MAX, chain).unwrap();
    guard
        .find_address(chain, address)
        .and_then(|(_, found)| found.lists())
        .map_or((0, 0), |on| (on.denied.len(), on.hinted.len()))
}

#[test]
fn a_list_is_loaded_as_a_difference() {
    let dir = folder("list");
    guard(&dir, &[]);
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/lists");
    let ofac = data.join("ofac-sdn-2025-12-04.csv").canonicalize().unwrap();
    let load = |file: &str, rest: &str| format!("list load {file} --data j --source ofac --list {rest}");
    let said = says(&dir, &load(ofac.to_str().unwrap(), "deny --dry-run"));
    assert!(said.contains("758 rows, ") && said.contains(" would be added, 0 would be removed"), "{said}");
    let said = says(&dir, &load(ofac.to_str().unwrap(), "deny"));
    assert!(said.contains(" added, 0 removed, 0 stay"), "{said}");
    let again = says(&dir, &load(ofac.to_str().unwrap(), "deny"));
    assert!(again.contains(" 0 added, 0 removed, "), "{again}");
    // One address of Ethereum is the same on every chain that runs its machine, in whichever capitals.
    let small = THIEF.to_lowercase();
    assert_eq!((marks(&dir, "ethereum", &small), marks(&dir, "bsc", &small)), ((1, 0), (1, 0)));
    // The same list without it and with another one.
    let text = std::fs::read_to_string(&ofac).unwrap();
    let left: Vec<&str> = text.lines().filter(|line| !line.to_lowercase().contains(&small)).collect();
    assert_eq!(left.len() + 1, text.lines().count());
    std::fs::write(dir.join("later.csv"), format!("{}\nXBT,1BoatSLRHtKNngkdXEeobR76b53LETtpyT\n", left.join("\n")))
        .unwrap();
    let said = says(&dir, &load("later.csv", "deny"));
    assert!(said.contains(" 1 added, 2 removed, "), "{said}");
    assert_eq!((marks(&dir, "ethereum", &small), marks(&dir, "bsc", &small)), ((0, 0), (0, 0)));
    assert_eq!(marks(&dir, "bitcoin", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"), (1, 0));
    // The same source as hints is another list, and takes nothing from the deny-list.
    let pack = data.join("bitfinex.yaml").canonicalize().unwrap();
    let said = says(&dir, &format!("list load {} --data j --source ofac --list hint", pack.display()));
    assert!(said.starts_with("hint ofac: 135 rows, "), "{said}");
    assert_eq!(marks(&dir, "bitcoin", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"), (1, 0));
    for (name, text) in [("empty.csv", "asset,address\n"), ("half.csv", "asset,address\nXBT,\n"), ("bad.json", "[1]")] {
        std::fs::write(dir.join(name), text).unwrap();
        refuses(&dir, &load(name, "deny"));
    }
    assert_eq!(marks(&dir, "bitcoin", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"), (1, 0), "an empty file removes nothing");
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_ticket_from_two_keys_to_the_review() {
    let dir = folder("ticket");
    let mut people = Vec::new();
    for name in ["han", "yun", "noh"] {
        says(&dir, &format!("ticket key {name}"));
        let key = VerifierKey::parse(std::fs::read_to_string(dir.join(format!("{name}.pub"))).unwrap().trim()).unwrap();
        assert_eq!(key.for_algorithm(Algorithm::Ed25519), key);
        people.push((name, identity_of(key.public()), if name == "noh" { "auditor" } else { "break-glass" }));
    }
    guard(&dir, &people);
    let new = |id: &str, to: &str| {
        format!(
            "ticket new {id} --exchange x --wallet hot-bitcoin --asset BTC --chain bitcoin --to {to} --cap 150000000 \
             --minutes 30 --reason gate-down --out {id}.ticket"
        )
    };
    let slip = refuses(&dir, &new("k0", "1BoatSLRHtKNngkdXEeobR76b53LETtpyU"));
    assert!(slip.contains("a letter is wrong"), "{slip}");
    says(&dir, &new("k1", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"));
    refuses(&dir, "ticket check k1.ticket --key han.pub");
    says(&dir, "ticket sign k1.ticket --key han.key");
    assert!(says(&dir, "ticket sign k1.ticket --key han.key").contains("signed already"));
    refuses(&dir, "ticket check k1.ticket --key han.pub --key han.pub");
    refuses(&dir, "ticket enter k1.ticket --key han.pub --data j");
    says(&dir, "ticket sign k1.ticket --key yun.key");
    assert!(says(&dir, "ticket check k1.ticket --key han.pub --key yun.pub").contains("may be used"));
    // One digit of the cap after it was signed.
    let text = std::fs::read_to_string(dir.join("k1.ticket")).unwrap();
    std::fs::write(dir.join("more.ticket"), text.replace("cap 150000000", "cap 950000000")).unwrap();
    let said = refuses(&dir, "ticket enter more.ticket --key han.pub --key yun.pub --data j");
    assert!(said.contains("does not hold"), "{said}");
    says(&dir, "ticket enter k1.ticket --key han.pub --key yun.pub --data j");
    assert!(says(&dir, "ticket enter k1.ticket --key han.pub --key yun.pub --data j").contains("on record already"));
    // The watch reads the block: the outflow is covered, nothing stops.
    let transfer = Transfer {
        tx: "t1".into(),
        from: "own-bitcoin".into(),
        to: "1BoatSLRHtKNngkdXEeobR76b53LETtpyT".into(),
        asset: "BTC".into(),
        amount: 150_000_000,
        tag: None,
        fee: 0,
        fee_asset: None,
        failed: false,
        log: false,
        what: Moves::Amount,
    };
    let block = BlockRead {
        exchange: "x".into(),
        chain: "bitcoin".into(),
        source: "n1".into(),
        height: 1,
        hash: "b1".into(),
        parent: "b0".into(),
        at: Instant(now()),
        transfers: vec![transfer],
    };
    let mut recorder = Recorder::open(&dir.join("j")).unwrap();
    recorder.observe(&[block.into()], "watch").unwrap();
    let stands = recorder.state.guard("x").unwrap();
    assert!(stands.ticket("k1").unwrap().1.used.is_some() && !stands.stops.is_incident() && stands.fires == 2);
    recorder.close().unwrap();
    refuses(&dir, "ticket review k1 --by han --finding as-agreed --data j");
    says(&dir, "ticket review k1 --by noh --finding as-agreed --data j");
    assert!(says(&dir, "verify j").contains("verified"));
    std::fs::remove_dir_all(dir).unwrap();
}
