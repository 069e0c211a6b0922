//! The delivery contract with the real source, the real watch and real files: one history in order, repeated, batched, late and
//! reorganised ends in the same state.

use super::stage::*;
use serde_json::Value;

/// Six blocks with four authorised transfers, and a branch of two that lost.
fn own() -> Vec<String> {
    vec![
        line(100, "h100", "h99", &[("t1:0", TO, 1_001)]),
        line(101, "h101", "h100", &[("t2:0", TO, 1_002)]),
        line(102, "h102", "h101", &[]),
        line(103, "h103", "h102", &[("t3:0", TO, 1_003), ("t4:0", TO, 1_004)]),
        line(104, "h104", "h103", &[]),
    ]
}

fn lost() -> Vec<String> {
    vec![line(101, "l101", "h100", &[("t2:0", TO, 1_002)]), line(102, "l102", "l101", &[("t3:0", TO, 1_003)])]
}

fn ways() -> Vec<(&'static str, Vec<(&'static str, String)>)> {
    let both = |blocks: &[String]| -> Vec<(&'static str, String)> {
        blocks.iter().flat_map(|b| [("node-a", b.clone()), ("node-b", b.clone())]).collect()
    };
    let straight = both(&own());
    let repeated = straight.iter().flat_map(|b| [b.clone(), b.clone()]).chain(straight.clone()).collect();
    let batched = ["node-a", "node-b"].iter().flat_map(|s| own().into_iter().map(move |b| (*s, b))).collect();
    let late = straight.iter().rev().cloned().collect();
    let mut reorganised = both(&own()[..1]);
    reorganised.extend(both(&lost()));
    reorganised.extend(both(&own()[1..]));
    vec![
        ("in order", straight),
        ("repeated", repeated),
        ("batched", batched),
        ("late", late),
        ("reorganised", reorganised),
    ]
}

/// What is left of a watch: fires, stops, and which transfer each withdrawal is.
fn play(name: &str, blocks: &[(&'static str, String)]) -> (Value, Vec<Option<String>>) {
    let stage = Stage::new(&format!("delivery-{}", name.replace(' ', "-")));
    let mut gate = stage.gate(&[]);
    let mut watch = stage.watch(&gate.url);
    for number in 1..=4 {
        assert_eq!(ask(&gate, &format!("w{number}"), 1_000 + number), "allow");
    }
    copied(&watch, &gate);
    let half = blocks.len() / 2;
    for (source, block) in &blocks[..half] {
        stage.block(source, block);
    }
    let heard = |watch: &Server| state(watch)["entries"].as_u64().unwrap();
    let mut last = 0;
    let mut settled = |watch: &Server| {
        until("quiet", || {
            std::thread::sleep(std::time::Duration::from_millis(300));
            let now = heard(watch);
            std::mem::replace(&mut last, now) == now && state(watch)["awaited"] == 0
        })
    };
    settled(&watch);
    // Restarted in the middle: it goes on where its journal ends.
    watch.stop();
    let mut watch = stage.watch(&gate.url);
    for (source, block) in &blocks[half..] {
        stage.block(source, block);
    }
    settled(&watch);
    let standing = state(&watch);
    let end = serde_json::json!({"fires": standing["fires"], "stops": standing["stops"]});
    watch.stop();
    gate.stop();
    let state = bongsu::walk::state(&stage.dir.join("watch")).unwrap();
    let guard = state.guard("x").unwrap();
    let on_chain = |number| {
        let (place, _) = guard.withdrawal(&format!("w{number}")).unwrap();
        guard.on_chain(place).map(str::to_string)
    };
    let matched = (1..=4).map(on_chain).collect();
    let (fine, said) = stage.verify("watch");
    assert!(fine, "{name}: {said}");
    (end, matched)
}

#[test]
fn one_history_in_every_way_ends_the_same() {
    let expected: Vec<Option<String>> = (1..=4).map(|number| Some(format!("t{number}:0"))).collect();
    for (name, blocks) in ways() {
        let (end, matched) = play(name, &blocks);
        assert_eq!(end, serde_json::json!({"fires": 1, "stops": []}), "{name}");
        assert_eq!(matched, expected, "{name}");
    }
}
