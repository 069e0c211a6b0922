//! What time alone will change: due dates that run, rules that begin and end, the next measurement.

use kernel::conclude::next_deadline;
use kernel::fact::{ExchangeRegistered, Figure, FigureValue, Grade, Observation, RulebookAdopted, RulebookPage};
use kernel::known::Stamp;
use kernel::state::{State, fold};
use rulebook::time::{Instant, Zone};

const PAGE: &str = r#"
```page
id = "t"
zone = "Asia/Seoul"
```
```rule
id = "t.report"
cite = ["1"]
from = 2026-01-01
starts = "ciso_duty_arose"
due = "start + 6 month"
done = ["ciso_filed"]
```
```rule
id = "t.reserve"
cite = ["2"]
from = 2026-12-01
until = 2027-02-10
measured = "month end"
require = ["reserve >= 3 bn KRW"]
```
"#;

fn zone() -> Zone {
    Zone::get("Asia/Seoul").unwrap()
}

fn happened(word: &str, at: &str) -> Observation {
    let value = FigureValue::Happened { by: None, amount: None };
    let (exchange, source) = ("x".to_string(), String::new());
    Figure {
        exchange,
        subject: None,
        word: word.into(),
        at: zone().read(at).unwrap(),
        value,
        grade: Grade::Declared,
        confidence: None,
        source,
        corrects: None,
    }
    .into()
}

fn state(more: &[Observation]) -> State {
    let page = RulebookPage { path: "t.md".into(), text: PAGE.into() };
    let adopted = RulebookAdopted { id: "t".into(), pages: vec![("t.md".into(), page.hash())] };
    let exchange =
        ExchangeRegistered { id: "x".into(), name_en: "X".into(), name_ko: "X".into(), source: String::new() };
    let mut state = State::new(kernel::words::vocabulary());
    let facts = [page.into(), adopted.into(), exchange.into(), happened("ciso_duty_arose", "2026-03-31 09:00")];
    for (index, fact) in (1u64..).zip(facts.iter().chain(more)) {
        fold(&mut state, Stamp { index, time: Instant(0) }, fact);
    }
    state
}

fn check(state: &State, after: &str, next: &str) {
    assert_eq!(zone().show(next_deadline(state, zone().read(after).unwrap())), next, "after {after}");
}

#[test]
fn the_next_deadline_is_the_soonest_of_due_begun_measured_and_ended() {
    let running = state(&[]);
    for (after, next) in [
        ("2026-04-01", "2026-09-30"),
        ("2026-09-30", "2026-12-01 00:00"),
        ("2026-12-01", "2026-12-31"),
        ("2026-12-31", "2027-01-31"),
        ("2027-02-01", "2027-02-10"),
        ("2027-02-10", "never"),
    ] {
        check(&running, after, next);
    }
    check(&state(&[happened("ciso_filed", "2026-04-02")]), "2026-05-01", "2026-12-01 00:00");
    check(&State::new(kernel::words::vocabulary()), "2026-05-01", "never");
}
