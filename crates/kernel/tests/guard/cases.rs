//! The histories in `cases/guard`: each row's conclusions are compared word by word.

use kernel::guard::conclusion::{self, Concluded, Verdict};

fn check(name: &str, text: &str) {
    let wrong = crate::history::run(text, &["default.md"]);
    assert!(wrong.is_empty(), "cases/guard/{name}\n{}", wrong.join("\n"));
}

macro_rules! files {
    ($($test:ident = $file:literal;)*) => {
        $(#[test]
        fn $test() {
            check($file, include_str!(concat!("../../../../cases/guard/", $file)));
        })*
    };
}

files! {
    gate = "gate.md";
    watch = "watch.md";
    breaker = "breaker.md";
    credit = "credit.md";
    ticket = "ticket.md";
    adoption = "adoption.md";
    utxo = "utxo.md";
    tag = "tag.md";
}

/// Whoever edits the gate so that it lets a theft out has edited nothing where it is re-performed: the decision differs, and the
/// outflow that follows trips.
#[test]
fn an_edited_gate_is_caught() {
    let mut world = crate::history::World::new(&["default.md"]);
    for (at, fact) in [
        ("2026-11-20 09:00", "list BTC on bitcoin 8"),
        ("+1 s", "wallet hot on bitcoin at bc1hotwalletaddress in d1 hot"),
        ("+1 s", "watch bitcoin from n1 depth 0 behind 3 silence 60 min"),
        ("+1 s", "ask w1 900 BTC from hot to bc1thief for nobody without factor"),
    ] {
        world.row(at, fact);
    }
    assert_eq!(world.replay(), Vec::<u64>::new());
    let (stamp, fact, conclusions) = world.entries.last().cloned().unwrap();
    let mut list = conclusion::decode(&conclusions.unwrap()).unwrap();
    let Some(Concluded::Decided(decided)) = list.first_mut() else { panic!("{list:?}") };
    assert_eq!(decided.verdict, Verdict::Deny);
    decided.verdict = Verdict::Allow;
    let edited = conclusion::encode(&list);
    *world.entries.last_mut().unwrap() = (stamp, fact, edited);
    assert_eq!(world.replay(), vec![stamp.index], "the edited decision");
    let said = world.row("+1 s", "block bitcoin 1a on 0a by n1: t1 900 BTC from hot to bc1thief");
    assert!(said.contains("t1 unmatched 900 BTC from hot") && said.contains("stop domain d1 (unmatched)"), "{said}");
}
