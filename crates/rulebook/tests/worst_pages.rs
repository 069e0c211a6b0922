//! The worst pages someone could hand in: each comes to an end, with a message where it asks too much. No seconds are
//! asserted; a test that hangs is a failed one.

mod words;

use rulebook::problem::{Level, Problem, Problems};

const HEAD: &str = "```page\nid = \"p\"\nzone = \"Asia/Seoul\"\ncalendar = \"kr\"\nread = 2026-01-01\n```\n";

/// Builds a page, runs its cases when it can be, and returns the expectations and the messages.
fn check(text: String) -> (usize, Vec<Problem>) {
    let sources = vec![rulebook::page::Source { path: "worst.md".into(), text }];
    let (book, mut problems) = rulebook::build(words::list(), sources);
    let mut expectations = 0;
    if !problems.iter().any(|p| p.level == Level::Error) {
        let mut found = Problems::default();
        for table in &book.tables {
            expectations += rulebook::case::run(&book, table, &mut found);
        }
        problems.extend(found.sorted());
    }
    assert!(problems.len() <= 700, "{} messages", problems.len());
    (expectations, problems)
}

fn says(text: String, what: &str) {
    let (_, problems) = check(text);
    assert!(problems.iter().any(|p| p.message.contains(what)), "{what}: {:?}", problems.first());
}

fn term(id: &str, is: &str) -> String {
    format!("```define\nid=\"{id}\"\ncite=\"c\"\nis=\"{is}\"\n```\n")
}

fn rule(id: &str, keys: &str) -> String {
    format!("```rule\nid=\"{id}\"\ncite=\"c\"\nfrom=2020-01-01\n{keys}\n```\n")
}

#[test]
fn two_megabytes_of_brackets() {
    let brackets = "(".repeat(2_000_000);
    says(format!("{HEAD}{}", rule("r", &format!("require=[\"{brackets}\"]"))), "at most 8192 bytes");
    check(format!("{HEAD}{brackets}"));
    check("[".repeat(2_000_000));
    check(format!("{HEAD}```rule\na={}\n```\n", "[".repeat(2_000_000)));
    check(format!("{HEAD}```rule\na={}\n```\n", "{a=".repeat(600_000)));
    check(format!("{HEAD}```rule\na{}=1\n```\n", ".a".repeat(900_000)));
    check(format!("{HEAD}```rule\n[a{}]\n```\n", ".a".repeat(900_000)));
    check("|".repeat(2_000_000));
    check("```x\n".repeat(400_000));
    check(format!("{HEAD}{}", "```rul\n```\n".repeat(190_000)));
    says("x".repeat(2_100_000), "a page has at most");
}

#[test]
fn whatever_nests_without_brackets() {
    for inner in [
        format!("value{} > 0 KRW", " at 1 h ago".repeat(700)),
        format!("{}1 h{} > 0 KRW", "sum(value, ".repeat(500), ")".repeat(500)),
        format!("total_assets{} > 0 KRW", " + total_assets".repeat(500)),
        format!("total_assets{} > 0 KRW", " in KRW".repeat(1_000)),
        format!("total_assets at {}now > 0 KRW", "business_year_end at ".repeat(380)),
        format!("{}won_market", "not ".repeat(2_000)),
    ] {
        says(format!("{HEAD}{}", rule("r", &format!("require=[\"{inner}\"]"))), "more than 48 signs");
    }
}

#[test]
fn terms_that_hang_on_one_another() {
    let chain: String = (0..30_000).map(|i| term(&format!("t{i}"), &format!("t{}", i + 1))).collect();
    says(format!("{HEAD}{chain}{}", term("t30000", "1 KRW")), "hang on one another");
    let upward: String = (1..30_000).map(|i| term(&format!("t{i}"), &format!("t{}", i - 1))).collect();
    says(format!("{HEAD}{}{upward}", term("t0", "1 KRW")), "hang on one another");
    let doubling: String = (1..60).map(|i| term(&format!("t{i}"), &format!("t{0} + t{0}", i - 1))).collect();
    says(format!("{HEAD}{}{doubling}", term("t0", "total_assets")), "takes more than 1000000 steps");
    let rules: String = (1..60)
        .map(|i| rule(&format!("r{i}"), &format!("require=[\"any of ('r{0}' is met, 'r{0}' is not met)\"]", i - 1)))
        .collect();
    says(format!("{HEAD}{}{rules}", rule("r0", "require=[\"won_market\"]")), "takes more than 1000000 steps");
    let ring: String = (0..20_000).map(|i| term(&format!("t{i}"), &format!("t{}", (i + 1) % 20_000))).collect();
    assert!(!check(format!("{HEAD}{ring}")).1.is_empty());
}

#[test]
fn the_deepest_page_that_builds_also_runs() {
    // Forty terms of three steps each stand just under the bound of 128.
    let chain: String = (1..42).map(|i| term(&format!("t{i}"), &format!("t{} + 1 KRW", i - 1))).collect();
    let table = "| case | as of | total_assets | = t41 |\n|--|--|--|--|\n| a | 2026-01-01 | 1 KRW | 42 KRW |\n";
    let (count, problems) = check(format!("{HEAD}{}{chain}{table}", term("t0", "total_assets")));
    assert_eq!((count, problems.len()), (1, 0), "{problems:?}");
}

#[test]
fn ten_thousand_exceptions() {
    let exception = |id: usize, over: &str| {
        format!("```exception\nid=\"e{id}\"\nover=\"{over}\"\ncite=\"c\"\nwhen=[\"won_market\"]\nexempt=true\n```\n")
    };
    let rule = rule("r", "require=[\"won_market\"]");
    let over_one: String = (0..10_000).map(|i| exception(i, "r")).collect();
    says(format!("{HEAD}{rule}{over_one}"), "more than 64 exceptions over one thing");
    let over_another: String = (1..10_000).map(|i| exception(i, &format!("e{}", i - 1))).collect();
    says(format!("{HEAD}{rule}{}{over_another}", exception(0, "r")), "hang on one another");
}

#[test]
fn long_tables() {
    let rule = rule("r", "require=[\"total_assets > 0 KRW\"]");
    let rows = "|a|1 KRW|met|\n".repeat(100_000);
    let head = "Given: as of = 2026-01-01\n\n|case|total_assets|= r|\n|--|--|--|\n";
    assert_eq!(check(format!("{HEAD}{rule}{head}{rows}")), (100_000, vec![]));
    let wrong = "|a|1 KRW|not met|\n".repeat(100_000);
    says(format!("{HEAD}{rule}{head}{wrong}"), "the rest is not shown");
    let misfits = "|a|1 EUR|met|\n".repeat(100_000);
    says(format!("{HEAD}{rule}{head}{misfits}"), "the rest is not shown");
    let history = "|at|total_assets|= r|\n|--|--|--|\n";
    let rows = "|2026-01-01|1 KRW|met|\n".repeat(50_000);
    says(format!("{HEAD}{rule}{history}{rows}"), "a history has at most");
    let ages = "|days 0001-01-01 to 9999-12-31|1 KRW|met|\n";
    says(format!("{HEAD}{rule}{history}{ages}"), "a row stands for at most");
    let decades = "|days 2001-01-01 to 2010-12-31|1 KRW||\n".repeat(1_000);
    says(format!("{HEAD}{rule}{history}{decades}"), "a row stands for at most");
    let subjects: Vec<String> = (0..200_000).map(|i| format!("c{i}")).collect();
    let list = format!("|case|as of|ciso|= r|\n|--|--|--|--|\n|a|2026-01-01|{}||\n", subjects.join(","));
    check(format!("{HEAD}{rule}{list}"));
}

#[test]
fn numbers_and_times_at_the_edge() {
    let huge = "9".repeat(60_000);
    check(format!(
        "{HEAD}```parameter\nid=\"q\"\nunit=\"KRW\"\ncite=\"c\"\nvalues={{2024-01-01={huge}, 0001-01-01=1, 9999-12-31=0.{huge}}}\n```\n"
    ));
    let max = i128::MAX;
    for inner in [
        format!("total_assets * {max} * {max} * {max} > {max} KRW"),
        format!("total_assets / {max} / {max} - {max} KRW > 0 KRW"),
        "last business_year_end + 9999 year > now".to_string(),
        "last business_year_end + 1000 working day * 100000 > now".to_string(),
        "9999 year ago > now".to_string(),
        "last business_year_end + 100000000 h * 100000000 > now".to_string(),
        "average(it_spend, 9999 year) > 0 KRW".to_string(),
        "at least 4294967295 of (won_market, won_market)".to_string(),
    ] {
        let table = "|at|total_assets|it_spend|business_year_end|= r|\n|--|--|--|--|--|\n\
                     |0001-01-01|1 KRW|1 KRW|yes|x|\n|9999-12-31 23:59|1 KRW|1 KRW|yes|x|\n|9999-12-31|1 KRW|1 KRW|yes|x|\n";
        let row = "Given: as of = 9999-12-31\n\n|case|total_assets|it_spend|business_year_end|= r|\n|--|--|--|--|--|\n|a|1 KRW|1 KRW|0001-01-01|x|\n";
        check(format!("{HEAD}{}{table}\n{row}", rule("r", &format!("require=[\"{inner}\"]"))));
    }
}

#[test]
fn many_names() {
    let unknown: String = (0..30_000).map(|i| term(&format!("a{i}"), &format!("b{i}"))).collect();
    says(format!("{HEAD}{unknown}"), "the rest is not shown");
    let long = "z".repeat(79);
    let near: String = (0..10_000).map(|i| term(&format!("{long}{i}"), &format!("{long}{i}x"))).collect();
    says(format!("{HEAD}{near}"), "the rest is not shown");
    let codes: Vec<String> = (0..600).map(|i| format!("'kr' is met, rank is c{i}")).collect();
    check(format!("{HEAD}{}", rule("r", &format!("require=[\"any of ({})\"]", codes.join(", ")))));
}
