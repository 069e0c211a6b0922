//! The delivery contract: one history of blocks, told in order, repeated, batched, late, and with the branches that lost, ends in
//! the same state.

use crate::history::{World, X};
use kernel::fact::Tier;
use std::collections::{BTreeMap, BTreeSet};

const SETUP: &[&str] = &[
    "list BTC on bitcoin 8",
    "wallet hot on bitcoin at bc1hotwalletaddress in d1 hot",
    "wallet other on bitcoin at bc1otherhotwallet in d2 hot",
    "wallet dep on bitcoin at bc1depositaddress1 in d1 deposit",
    "watch bitcoin from n1+n2 depth 0 behind 50 silence 100 h",
    "mandate sweep BTC from deposit wallets to hot each 5 within 50 in 1 h fee 0.001 until 30 days",
    "price BTC 1_000_000 on own",
    "price BTC 1_000_000 on other",
    "holdings 10_000 BTC entrusted 9_000 BTC",
    "balance hot 1000 BTC",
    "balance other 1000 BTC",
    "balance dep 100 BTC",
];

/// The blocks that are the chain's own in the end.
fn own(theft: bool) -> Vec<String> {
    let mut blocks = Vec::new();
    for height in 101..=120u32 {
        // From 110 on the branch of the letter b.
        let letter = |height| if height >= 110 { 'b' } else { 'a' };
        let (hash, parent) = (format!("{height}{}", letter(height)), format!("{}{}", height - 1, letter(height - 1)));
        let mut transfers = vec![format!("t{height} 1 BTC from hot to bc1customer fee 0.0001")];
        if height % 3 == 0 {
            transfers.push(format!("s{height} 2 BTC from dep to hot fee 0.0001"));
        }
        if height % 4 == 0 {
            transfers.push(format!("i{height} 3 BTC from bc1somebody to dep"));
        }
        if height == 112 {
            // It replaces what the other branch had.
            transfers = vec!["r112 1 BTC from hot to bc1customer fee 0.0002".to_string()];
        }
        if theft && height == 115 {
            transfers.push("x115 1 BTC from hot to bc1customer".to_string());
        }
        blocks.push(format!("{hash} on {parent}: {}", transfers.join("; ")));
    }
    blocks
}

/// The branch that lost: two of its transfers come again on the other, one is replaced.
fn lost() -> Vec<String> {
    vec![
        "110a on 109a: t110 1 BTC from hot to bc1customer fee 0.0001".into(),
        "111a on 110a: t111 1 BTC from hot to bc1customer fee 0.0001; s111 2 BTC from dep to hot fee 0.0001".into(),
        "112a on 111a: t112 1 BTC from hot to bc1customer fee 0.0001".into(),
    ]
}

fn told(block: &str, source: &str) -> String {
    let (head, rest) = block.split_once(": ").unwrap();
    format!("block bitcoin {head} by {source}: {rest}")
}

/// What is left of a world when all is told.
#[derive(Debug, PartialEq, Eq)]
struct End {
    on_chain: BTreeMap<String, Option<String>>,
    balances: BTreeMap<String, Vec<i128>>,
    stops: BTreeSet<String>,
    fires: u8,
}

fn play(blocks: &[String]) -> (End, BTreeSet<String>) {
    let mut world = World::new(&["default.md"]);
    world.row("2026-11-20 09:00", SETUP[0]);
    for row in &SETUP[1..] {
        assert_eq!(world.row("+1 s", row), "-", "{row}");
    }
    // A wallet's share of an hour asks for an hour of balances.
    world.row("+1 h", "balance hot 1000 BTC");
    for venue in ["own", "other"] {
        world.row("+1 s", &format!("price BTC 1_000_000 on {venue}"));
    }
    for number in 101..=120 {
        let said = world.row("+1 s", &format!("ask w{number} 1 BTC from hot to bc1customer for c{number}"));
        assert_eq!(said, format!("w{number} allow (ordinary)"));
    }
    let (start, mut unmatched) = (world.now, BTreeSet::new());
    for block in blocks {
        // The time of a block is its own, whoever tells it when.
        let hash = block.split(' ').nth(2).unwrap().to_string();
        let height: i64 = hash.trim_end_matches(char::is_alphabetic).parse().unwrap();
        let made = start.plus((height - 100) * 60_000);
        world.blocks.insert(("bitcoin".into(), hash), made);
        let said = world.row("+1 s", block);
        assert!(!said.starts_with("refused") && !said.starts_with("cannot"), "{block}: {said}");
        unmatched.extend(
            said.split("; ").filter(|s| s.contains(" unmatched ")).map(|s| s.split(' ').next().unwrap().to_string()),
        );
    }
    let guard = world.guard();
    let mut on_chain: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for number in 101..=120 {
        let id = format!("w{number}");
        let (place, _) = guard.withdrawal(&id).unwrap();
        let tx = guard.on_chain(place).map(str::to_string);
        assert!(tx.iter().all(|tx| taken.insert(tx.clone())), "{tx:?} is matched twice");
        on_chain.insert(id, tx);
    }
    // Equal authorisations are interchangeable: which of them a transfer has is nobody's question.
    let on_chain = on_chain.into_values().collect::<BTreeSet<_>>().into_iter().enumerate();
    let on_chain = on_chain.map(|(i, tx)| (i.to_string(), tx)).collect();
    let balances = guard.wallets.iter().filter(|w| w.tier != Tier::Cold).enumerate();
    let balances = balances.map(|(i, w)| (i.to_string(), w.balances.values().map(|(b, _)| *b).collect())).collect();
    let stops = guard.stops.all().iter().map(|s| format!("{:?} {}", s.scope, s.pause)).collect();
    assert!(world.state.guard(X).is_some());
    (End { on_chain, balances, stops, fires: guard.fires }, unmatched)
}

/// The five ways, each with a name.
fn ways(theft: bool) -> Vec<(&'static str, Vec<String>)> {
    let (own, lost) = (own(theft), lost());
    let both = |blocks: &[String]| blocks.iter().flat_map(|b| [told(b, "n1"), told(b, "n2")]).collect::<Vec<_>>();
    let straight = both(&own);
    let repeated = straight.iter().flat_map(|b| [b.clone(), b.clone()]).chain(straight.clone()).collect();
    let batched = own.iter().map(|b| told(b, "n1")).chain(own.iter().map(|b| told(b, "n2"))).collect();
    let late = straight.iter().rev().cloned().collect();
    // Seven steps at a time around a list of a length that seven does not divide: every block comes, none in its place.
    let shuffled = (0..straight.len()).map(|i| straight[(i * 7) % straight.len()].clone()).collect();
    let upto = own.iter().position(|b| b.starts_with("110b")).unwrap();
    let mut reorganised = both(&own[..upto]);
    reorganised.extend(lost.iter().map(|b| told(b, "n1")));
    reorganised.extend(both(&own[upto..]));
    reorganised.extend(lost.iter().map(|b| told(b, "n2")));
    vec![
        ("in order", straight),
        ("repeated", repeated),
        ("batched", batched),
        ("late", late),
        ("shuffled", shuffled),
        ("reorganised", reorganised),
    ]
}

#[test]
fn one_history_in_every_way_ends_the_same() {
    let mut first: Option<End> = None;
    for (name, blocks) in ways(false) {
        let (end, unmatched) = play(&blocks);
        assert_eq!(unmatched, BTreeSet::new(), "{name}: a false alarm");
        assert_eq!((end.fires, end.stops.len()), (1, 0), "{name}: {:?}", end.stops);
        let first = first.get_or_insert_with(|| play(&ways(false)[0].1).0);
        assert_eq!(end, *first, "{name}");
        assert!(end.on_chain.values().all(Option::is_some), "{name}: {:?}", end.on_chain);
    }
}

#[test]
fn a_theft_trips_in_every_way() {
    for (name, blocks) in ways(true) {
        let (end, unmatched) = play(&blocks);
        assert_eq!(unmatched.len(), 1, "{name}: one of twenty-one equal transfers has no authorisation: {unmatched:?}");
        assert_eq!(end.fires, 4, "{name}");
        assert!(end.stops.iter().any(|stop| stop.contains("Domain(\"d1\")")), "{name}: {:?}", end.stops);
    }
}
