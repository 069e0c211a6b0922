//! The fixed words of a comparison in both languages.

use crate::compare::About;
use crate::compare::counting::{Counts, Runs};
use crate::compare::countries::Difference;
use crate::compare::matrix::SMALLEST_GROUP;
use crate::compare::yardstick::{Better, Incomparable};
use crate::lang::Lang;
use kernel::known::KnownAt;
use rulebook::time::Instant;

/// A kind of subject.
pub fn kind(kind: &str, lang: Lang) -> &str {
    match (lang, kind) {
        (Lang::Ko, "asset") => "자산",
        (Lang::Ko, "incident") => "사고",
        (Lang::Ko, "ciso") => "정보보호최고책임자",
        (Lang::Ko, "custodian") => "수탁자",
        (Lang::Ko, "wallet") => "지갑",
        (Lang::Ko, "transfer") => "이전",
        (Lang::Ko, "payout") => "지급",
        (Lang::Ko, "blocking") => "차단",
        (_, other) => other,
    }
}

/// One trait of how a rule counts.
pub fn counts(counts: &Counts, lang: Lang) -> String {
    let over = |length: &Option<String>| match length {
        Some(length) => crate::report::amount::length(length, lang),
        None => lang.pick("the business year", "사업연도").to_string(),
    };
    match (counts, lang) {
        (Counts::Each(k), Lang::En) => format!("per {}", kind(k, lang)),
        (Counts::Each(k), Lang::Ko) => format!("{}별", kind(k, lang)),
        (Counts::InSum(k), Lang::En) => format!("in sum over all {}s", kind(k, lang)),
        (Counts::InSum(k), Lang::Ko) => format!("{} 합산", kind(k, lang)),
        (Counts::AverageOf(k), Lang::En) => format!("average over all {}s", kind(k, lang)),
        (Counts::AverageOf(k), Lang::Ko) => format!("{} 평균", kind(k, lang)),
        (Counts::SumOver(length), Lang::En) => format!("sum over {}", over(length)),
        (Counts::SumOver(length), Lang::Ko) => format!("{} 합계", over(length)),
        (Counts::AverageOver(length), Lang::En) => format!("average over {}", over(length)),
        (Counts::AverageOver(length), Lang::Ko) => format!("{} 평균", over(length)),
        (Counts::TimesIn(length), Lang::En) => format!("times in {}", over(length)),
        (Counts::TimesIn(length), Lang::Ko) => format!("{} 횟수", over(length)),
        (Counts::MonthEnd, _) => lang.pick("read at month ends", "월말 기준").to_string(),
        (Counts::BusinessYearEnd, _) => {
            lang.pick("read at the end of the business year", "사업연도 말 기준").to_string()
        }
    }
}

/// The name of a trait in the contract for programs.
pub fn counts_name(counts: &Counts) -> String {
    let over = |length: &Option<String>| length.clone().unwrap_or_else(|| "business year".to_string());
    match counts {
        Counts::Each(kind) => format!("each {kind}"),
        Counts::InSum(kind) => format!("sum of {kind}"),
        Counts::AverageOf(kind) => format!("average of {kind}"),
        Counts::SumOver(length) => format!("sum over {}", over(length)),
        Counts::AverageOver(length) => format!("average over {}", over(length)),
        Counts::TimesIn(length) => format!("times in {}", over(length)),
        Counts::MonthEnd => "month end".to_string(),
        Counts::BusinessYearEnd => "business year end".to_string(),
    }
}

/// The kind of time a clock runs in.
pub fn runs_name(runs: Runs) -> &'static str {
    match runs {
        Runs::Hours => "hours",
        Runs::Days => "days",
        Runs::WorkingDays => "working days",
        Runs::Judged => "judged",
        Runs::ToEvent => "to an event",
    }
}

/// In what countries differ.
pub fn difference(difference: Difference, lang: Lang) -> &'static str {
    match difference {
        Difference::Counting => lang.pick("what is counted", "세는 방법"),
        Difference::Start => lang.pick("the event that starts the clock", "기산점"),
        Difference::Time => {
            lang.pick("the kind of time (hours, days, working days, judged)", "기간의 종류(시간·일·영업일·판단)")
        }
        Difference::Unit => lang.pick("the unit", "단위"),
    }
}

/// Which value is better.
pub fn better(better: Better, lang: Lang) -> &'static str {
    match better {
        Better::Larger => lang.pick("more is better", "클수록 좋음"),
        Better::Smaller => lang.pick("less is better", "작을수록 좋음"),
    }
}

/// Why there is no statistic.
pub fn incomparable(why: Incomparable, lang: Lang) -> String {
    let text = match why {
        Incomparable::NoNumber => lang.pick("the rule compares no number", "수치를 비교하지 않는 의무"),
        Incomparable::SeveralLines => lang.pick(
            "several lines decide, so the numbers do not compare",
            "여러 기준이 함께 정하므로 수치를 비교할 수 없음",
        ),
        Incomparable::AssetUnits => lang.pick("each asset is counted in its own unit", "자산마다 단위가 다름"),
        Incomparable::DifferentUnits => {
            lang.pick("the exchanges were measured in different units", "거래소마다 단위가 다름")
        }
        Incomparable::NoValue => lang.pick("no exchange has a value", "수치가 있는 거래소 없음"),
        Incomparable::GroupTooSmall => {
            return match lang {
                Lang::En => format!("fewer than {SMALLEST_GROUP} others have a value: no statistic is shown"),
                Lang::Ko => format!("수치가 있는 다른 거래소가 {SMALLEST_GROUP}곳 미만이라 통계를 보이지 않음"),
            };
        }
    };
    text.to_string()
}

/// The name of a reason in the contract for programs.
pub fn incomparable_name(why: Incomparable) -> &'static str {
    match why {
        Incomparable::NoNumber => "no number",
        Incomparable::SeveralLines => "several lines",
        Incomparable::AssetUnits => "asset units",
        Incomparable::DifferentUnits => "different units",
        Incomparable::NoValue => "no value",
        Incomparable::GroupTooSmall => "group under six",
    }
}

/// Since when a number stands.
pub fn since(day: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("since {day}"),
        Lang::Ko => format!("{day}부터"),
    }
}

/// How the quartiles are defined, in one sentence.
pub fn quartiles(lang: Lang) -> &'static str {
    lang.pick(
        "Quartiles: the value at position 1 + (n − 1)·q of the sorted values, between two values on the straight line (as QUARTILE.INC).",
        "사분위수: 정렬한 값의 1 + (n − 1)·q번째 값이며 두 값 사이는 선형 보간한다(QUARTILE.INC와 같음).",
    )
}

/// What a comparison says of itself, line by line.
pub fn about(about: &About, lang: Lang, print: impl Fn(Instant) -> String) -> Vec<(&'static str, String)> {
    let entry = |n: u64| match lang {
        Lang::En => format!("up to entry {n}"),
        Lang::Ko => format!("항목 {n}까지"),
    };
    let known = match about.question.known {
        KnownAt::Now => entry(about.size.saturating_sub(1)),
        KnownAt::Entry(n) => entry(n),
        KnownAt::Time(at) => print(at),
    };
    let laws = about.question.laws.join(", ");
    vec![
        (lang.pick("As of", "기준 시점"), print(about.question.as_of)),
        (lang.pick("Known", "알려진 범위"), known),
        (lang.pick("Laws", "적용 법령"), if laws.is_empty() { lang.pick("all", "전체").to_string() } else { laws }),
        (lang.pick("Rulebook", "규칙집"), about.rulebook.clone()),
        (lang.pick("Journal", "원장"), format!("{} {}", about.size, lang.pick("entries", "개 항목"))),
        (lang.pick("Program", "프로그램"), format!("Bongsu {}", env!("CARGO_PKG_VERSION"))),
    ]
}

/// What a reader of a matrix must know.
pub fn notes(peers: bool, lang: Lang) -> Vec<&'static str> {
    let mut notes = vec![
        lang.pick(
            "A cell shows the worst subject of a rule. Only a binding duty that is not met is a breach.",
            "칸은 규칙의 대상 가운데 가장 나쁜 것을 보인다. 구속력 있는 의무의 미준수만 위반이다.",
        ),
        lang.pick(
            "Coverage: duties that the facts answer, of those that apply. Pass rate: duties met, of those met or not met. They are two numbers.",
            "커버리지: 해당하는 의무 중 자료로 답할 수 있는 비율. 준수율: 준수와 미준수 중 준수의 비율. 둘을 섞지 않는다.",
        ),
        quartiles(lang),
        lang.pick(
            "Rank 1 is the best; equal values share a rank. Benchmarks stand beside and enter no statistic.",
            "1위가 가장 좋고 같은 값은 같은 순위다. 벤치마크는 참고로만 두고 통계에 넣지 않는다.",
        ),
        lang.pick(
            "Values marked ≈ are cut, never rounded up; the JSON form has them exactly.",
            "≈ 표시 값은 올림 없이 끝자리를 버린 것이다. 정확한 값은 JSON에 있다.",
        ),
    ];
    if peers {
        notes.push(lang.pick(
            "View of a peer: the others appear only as medians, quartiles and counts, and in no group of fewer than six. The range is left out, for each end of it is one exchange's figure.",
            "동료 보기: 다른 거래소는 중앙값·사분위수·건수로만 나오고 여섯 곳 미만의 집단은 보이지 않는다. 범위의 양끝은 한 거래소의 수치이므로 뺀다.",
        ));
    }
    notes
}
