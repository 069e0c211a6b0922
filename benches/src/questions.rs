//! Questions with one right answer, put to every engine: what each says is printed, not judged.

use crate::{ours, peers};

struct Question {
    about: &'static str,
    right: &'static str,
    /// In our language; what a fact's word is, the word list says.
    ours: &'static str,
    /// For the peers; `$x` is a fact.
    plain: &'static str,
    /// What is known; a fact that is not here is unknown.
    facts: &'static [(&'static str, &'static str)],
}

const TWELVE: &[(&str, &str)] = &[
    ("m1", "0.05"),
    ("m2", "0.05"),
    ("m3", "0.05"),
    ("m4", "0.05"),
    ("m5", "0.05"),
    ("m6", "0.05"),
    ("m7", "0.05"),
    ("m8", "0.05"),
    ("m9", "0.05"),
    ("m10", "0.05"),
    ("m11", "0.05"),
    ("m12", "0.05"),
];

const QUESTIONS: &[Question] = &[
    Question {
        about: "twelve shares of 5 %: is their mean at least 5 %",
        right: "yes",
        ours: "(m1 + m2 + m3 + m4 + m5 + m6 + m7 + m8 + m9 + m10 + m11 + m12) / 12 >= 5 %",
        plain: "($m1 + $m2 + $m3 + $m4 + $m5 + $m6 + $m7 + $m8 + $m9 + $m10 + $m11 + $m12) / 12.0 >= 0.05",
        facts: TWELVE,
    },
    Question {
        about: "7 of 100: is it 7 %, as a quotient",
        right: "yes",
        ours: "security / it >= 7 %",
        plain: "$security / $it >= 0.07",
        facts: &[("security", "7.0"), ("it", "100.0")],
    },
    Question {
        about: "the same, both recorded as whole numbers",
        right: "yes",
        ours: "security / it >= 7 %",
        plain: "$security / $it >= 0.07",
        facts: &[("security", "7"), ("it", "100")],
    },
    Question {
        about: "7 of 100: is it 7 %, as a product",
        right: "yes",
        ours: "security >= it * 7 %",
        plain: "$security >= $it * 0.07",
        facts: &[("security", "7.0"), ("it", "100.0")],
    },
    Question {
        about: "3 of 60: is it 5 %, as a quotient",
        right: "yes",
        ours: "it_staff / staff >= 5 %",
        plain: "$it_staff / $staff >= 0.05",
        facts: &[("it_staff", "3.0"), ("staff", "60.0")],
    },
    Question {
        about: "is 10^30 + 1 more than 10^30",
        right: "yes",
        ours: "wei > 1_000_000_000_000_000_000_000_000_000_000",
        plain: "$wei > 1000000000000000000000000000000",
        facts: &[("wei", "1000000000000000000000000000001")],
    },
    Question {
        about: "is 0.1 + 0.2 equal to 0.3",
        right: "yes",
        ours: "x + y = 0.3",
        plain: "$x + $y == 0.3",
        facts: &[("x", "0.1"), ("y", "0.2")],
    },
    Question {
        about: "unknown and no",
        right: "no",
        ours: "x > 1 and y > 1",
        plain: "$x > 1 && $y > 1",
        facts: &[("y", "0")],
    },
    Question {
        about: "no and unknown",
        right: "no",
        ours: "y > 1 and x > 1",
        plain: "$y > 1 && $x > 1",
        facts: &[("y", "0")],
    },
    Question {
        about: "unknown and yes",
        right: "unknown",
        ours: "x > 1 and y > 1",
        plain: "$x > 1 && $y > 1",
        facts: &[("y", "2")],
    },
    Question { about: "not unknown", right: "unknown", ours: "not x > 1", plain: "!($x > 1)", facts: &[] },
    Question {
        about: "zero divided by zero, at least 0",
        right: "unknown",
        ours: "x / y >= 0",
        plain: "$x / $y >= 0.0",
        facts: &[("x", "0"), ("y", "0")],
    },
    Question {
        about: "an age of 23 (recorded in hours) against a limit written as 1 (meant as a day)",
        right: "refused",
        ours: "destination_age < 1 day",
        plain: "$destination_age < 1",
        facts: &[("destination_age", "23")],
    },
];

/// Prints what every engine answers.
pub fn print() {
    let mut head = String::from("| question | right | bongsu |");
    let mut line = String::from("|---|---|---|");
    for (engine, _) in peers::ENGINES {
        head.push_str(&format!(" {engine} |"));
        line.push_str("---|");
    }
    println!("{head}\n{line}");
    for q in QUESTIONS {
        let ours = match ours::compile(q.ours) {
            Ok((book, node)) => ours::Condition::new(&book, &ours::Row::new(&book, q.facts), node, false).answer(),
            Err(says) => format!("refused: {says}"),
        };
        let theirs: String = peers::ENGINES
            .iter()
            .map(|(_, compile)| {
                format!(" {} |", compile(q.plain, q.facts).map_or_else(|says| says, |mut peer| peer.answer()))
            })
            .collect();
        println!("| {} | {} | {ours} |{theirs}", q.about, q.right);
    }
}
