//! A made-up industry: exchanges drawn from a seed whose sizes and shares lie where the published figures lie.
//!
//! It promises: the same seed, count and version give the same bytes on every machine, for ever; nothing in it is anybody.
//! A change of what is drawn is a new [`GENERATOR`]. What is assumed is said in [`ASSUMPTIONS`] and in the header of every set.

use super::random::Random;
use kernel::fact::{Exact, ExchangeRegistered, Figure, FigureValue, Grade, Name, Observation, RosterKnown};
use rulebook::time::{Civil, Date, Instant, Zone};
use std::fmt::Write;

/// The version of what is drawn.
pub const GENERATOR: u64 = 1;

/// The seed of the set that the program ships with: the day the public figures were collected.
pub const SHIPPED_SEED: u64 = 20_261_122;

/// How many exchanges the shipped set has.
pub const SHIPPED_EXCHANGES: u64 = 40;

/// Most exchanges of a set: names have three digits.
pub const MAX_EXCHANGES: u64 = 999;

/// Month ends of a set: December 2023 to December 2027.
const MONTHS: i16 = 49;

/// What the numbers rest on. The sources stand in `data/kr` and in `data/industry/README.md`.
pub const ASSUMPTIONS: [&str; 12] = [
    "nobody is meant: names, ids and every figure are made up",
    "one in eight exchanges runs a won market; the survey of the first half of 2025 covered five of seventeen",
    "staff of won markets lie around the published 671, 637, 219, 100 and 78; of the others from 5 to 37 (published mean 21)",
    "IT staff are 21 to 50 % of all at won markets, 25 to 60 % elsewhere; only 21 % was ever published, so this is assumed",
    "security staff are 4 to 16 % of IT staff at won markets, 0 to 16 % elsewhere (all filers 6.2 to 10.6 %)",
    "IT spending is 25 to 50 million won for each head of IT staff and month at won markets, 4 to 12 million elsewhere (one filer: 92.5 bn won a year)",
    "security spending is 5 to 13 % of it at won markets, 2 to 16 % elsewhere (all filers 6.1 to 9.1 %, finance 8.8 to 10.5 %, one exchange 9.9 %)",
    "up to 40 % of security staff are employed by others",
    "staff grow by -0.3 to 1.2 % a month; one in eight exchanges hires IT staff in the second half of 2027 and no security staff",
    "every won market has a CISO, 80 % of them executives; of the others 70 % have one, 45 % of these executives",
    "the first two exchanges disclose each business year; business years are calendar years",
    "of ten exchanges, one has a month of IT staff missing, one a month of IT spending; of twenty, one never says how many security staff it has, one whether it runs a won market, two whether there is a CISO or of what rank",
];

/// One exchange, drawn.
struct Exchange {
    number: u64,
    won: Option<bool>,
    months: Vec<Month>,
    ciso: Ciso,
    discloses: bool,
}

/// One month end; `None` is recorded as missing.
struct Month {
    at: Date,
    staff: i64,
    it_staff: Option<i64>,
    security_staff: Option<i64>,
    outside: Option<i64>,
    it_spend: Option<i64>,
    security_spend: i64,
}

enum Ciso {
    /// Nobody said whether there is one.
    Unknown,
    None,
    One {
        executive: Option<bool>,
        full_time: bool,
        posts: &'static str,
        months: i64,
    },
}

/// The files of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// `industry.json`.
    pub header: String,
    /// `exchanges.csv`.
    pub exchanges: String,
    /// `months.csv`.
    pub months: String,
    /// `facts.jsonl`.
    pub facts: String,
}

/// The names of the files that hold facts, in the order in which they are read.
pub const FACT_FILES: [&str; 3] = ["exchanges.csv", "months.csv", "facts.jsonl"];

/// What stands as the source of every fact of a set.
fn source(seed: u64) -> String {
    format!("made up by bongsu lab industry, generator {GENERATOR}, seed {seed}")
}

/// `synthetic-07`.
fn id(number: u64) -> String {
    format!("synthetic-{number:02}")
}

/// The last day of a set.
pub fn last_day() -> Option<Date> {
    month_ends().last().copied()
}

fn month_ends() -> Vec<Date> {
    // Months are counted from the start of the year 2023; the first is its twelfth.
    let month =
        |n: i16| Date::new(2023 + n / 12, i8::try_from(n % 12 + 1).unwrap_or(1), 1).ok().map(Date::last_of_month);
    (11..11 + MONTHS).filter_map(month).collect()
}

fn draw(seed: u64, number: u64, count: u64) -> Exchange {
    let mut random = Random::of(seed, number);
    let won = number <= (count / 8).max(1);
    let staff = if won {
        // The published sizes, each drawn within a few per cent of itself.
        let published = [671, 637, 219, 100, 78];
        let near = published[usize::try_from((number - 1) % 5).unwrap_or(0)];
        random.between(near * 93 / 100, near * 107 / 100)
    } else {
        random.between(5, 37)
    };
    let pick = |random: &mut Random, at_won: (i64, i64), elsewhere: (i64, i64)| {
        let (low, high) = if won { at_won } else { elsewhere };
        random.around(low, high)
    };
    // Shares are in hundredths of a per cent.
    let it = pick(&mut random, (2_100, 5_000), (2_500, 6_000));
    let security = pick(&mut random, (400, 1_600), (0, 1_600));
    let outside = random.between(0, 4_000);
    let per_head = pick(&mut random, (25_000, 50_000), (4_000, 12_000));
    let spending = if won { random.between(500, 1_300) } else { random.around(200, 1_600) };
    let growth = random.between(-30, 120);
    let hires = number % 8 == 6;
    let ends = month_ends();
    let mut months = Vec::with_capacity(ends.len());
    // Heads in hundredths of a per cent of a head, so that slow growth is not lost to rounding.
    let mut size = staff * 10_000;
    for (n, at) in ends.into_iter().enumerate() {
        let staff = (size / 10_000).max(2);
        let plain = (staff * it / 10_000).max(1);
        let it_staff = if hires && n > 42 { plain * 16 / 10 + 1 } else { plain };
        let security_staff = (plain * security + 5_000) / 10_000;
        // A month's bill wavers by three per cent either way; amounts are whole thousands of won.
        let it_spend = plain * per_head * random.between(970, 1_030) / 1_000 * 1_000;
        let security_spend = it_spend / 1_000 * spending / 10_000 * random.between(970, 1_030) / 1_000 * 1_000;
        let missing = |tenth: u64, month: usize| number % 10 == tenth && n == month && !won;
        months.push(Month {
            at,
            staff: staff + (it_staff - plain),
            it_staff: (!missing(7, 45)).then_some(it_staff),
            security_staff: (number % 20 != 19).then_some(security_staff),
            outside: (number % 20 != 19).then_some(security_staff * outside / 10_000),
            it_spend: (!missing(8, 39)).then_some(it_spend),
            security_spend,
        });
        size = size + size * growth / 10_000;
    }
    Exchange {
        number,
        won: (number % 20 != 14).then_some(won),
        months,
        ciso: ciso(&mut random, number, won),
        discloses: number <= 2,
    }
}

fn ciso(random: &mut Random, number: u64, won: bool) -> Ciso {
    let there = won || random.chance(70);
    let executive = random.chance(if won { 80 } else { 45 });
    let full_time = random.chance(if won { 90 } else { 60 });
    let posts = match (random.between(1, 100), won) {
        (1..=80, true) => "privacy_officer",
        (_, true) => "none",
        (1..=35, false) => "privacy_officer",
        (36..=75, false) => "cio",
        (_, false) => "none",
    };
    let months = random.between(if won { 36 } else { 12 }, 180);
    match (number % 20, there) {
        (16, _) => Ciso::Unknown,
        (_, false) => Ciso::None,
        (rest, true) => Ciso::One { executive: (rest != 17).then_some(executive), full_time, posts, months },
    }
}

fn all(seed: u64, count: u64) -> Vec<Exchange> {
    (1..=count.min(MAX_EXCHANGES)).map(|number| draw(seed, number, count)).collect()
}

/// A figure that is not counted by month: subject, word, day, value as a cell writes it, and as the journal keeps it.
struct Single {
    subject: Option<Name>,
    word: &'static str,
    at: Date,
    text: String,
    value: FigureValue,
}

fn singles(exchange: &Exchange) -> Vec<Single> {
    let mut list = Vec::new();
    let Some(first) = exchange.months.first().map(|m| m.at) else { return list };
    let mut put = |subject: Option<Name>, word: &'static str, at: Date, text: String, value: FigureValue| {
        list.push(Single { subject, word, at, text, value });
    };
    let truth = |yes: Option<bool>| match yes {
        Some(yes) => ((if yes { "yes" } else { "no" }).to_string(), FigureValue::Truth(yes)),
        None => ("missing".to_string(), FigureValue::Missing),
    };
    let whole = |n: i64, unit: &str| {
        let value = Exact::new(i128::from(n), 1).map_or(FigureValue::Missing, |n| FigureValue::Number(n, None));
        (format!("{n} {unit}"), value)
    };
    let (text, value) = truth(exchange.won);
    put(None, "won_market", first, text, value);
    for month in exchange.months.iter().filter(|m| m.at.month() == 12) {
        let happened = FigureValue::Happened { by: None, amount: None };
        put(None, "business_year_end", month.at, "yes".into(), happened.clone());
        if !exchange.discloses || month.at == first {
            continue;
        }
        let year = exchange.months.iter().filter(|m| m.at.year() == month.at.year());
        let sum = |of: fn(&Month) -> Option<i64>| year.clone().filter_map(of).sum::<i64>();
        put(None, "disclosed_year_end", month.at, "yes".into(), happened);
        for (word, total) in
            [("disclosed_it_spend", sum(|m| m.it_spend)), ("disclosed_security_spend", sum(|m| Some(m.security_spend)))]
        {
            let (text, value) = whole(total, "KRW");
            put(None, word, month.at, text, value);
        }
        for (word, total) in
            [("disclosed_it_staff", sum(|m| m.it_staff)), ("disclosed_security_staff", sum(|m| m.security_staff))]
        {
            // The list prints a yearly average with one decimal place.
            let tenths = (total * 10 + 6) / 12;
            let value =
                Exact::new(i128::from(tenths), 10).map_or(FigureValue::Missing, |n| FigureValue::Number(n, None));
            put(None, word, month.at, format!("{}.{} person", tenths / 10, tenths % 10), value);
        }
    }
    if let Ciso::One { executive, full_time, posts, months } = exchange.ciso {
        let who = || Some(Name::new("ciso", "c1"));
        let (text, value) = truth(executive);
        put(who(), "executive", first, text, value);
        let (text, value) = truth(Some(full_time));
        put(who(), "full_time", first, text, value);
        let value = if posts == "none" { FigureValue::None } else { FigureValue::codes([posts]) };
        put(who(), "other_posts", first, posts.into(), value);
        let length = Civil { months: i32::try_from(months).unwrap_or(0), ..Civil::default() };
        put(who(), "security_work", first, format!("{months} month"), FigureValue::Civil(length));
    }
    list
}

impl Month {
    fn figures(&self) -> [(&'static str, Option<i64>); 6] {
        [
            ("staff", Some(self.staff)),
            ("it_staff", self.it_staff),
            ("security_staff", self.security_staff),
            ("security_staff_outside", self.outside),
            ("it_spend", self.it_spend),
            ("security_spend", Some(self.security_spend)),
        ]
    }
}

/// The facts of a set, as they would be imported from its files.
pub fn observations(seed: u64, count: u64) -> Vec<Observation> {
    let zone = Zone::get("Asia/Seoul").unwrap_or_else(Zone::utc);
    let figure = |number: u64, subject: Option<Name>, word: &str, at: Instant, value: FigureValue| {
        Observation::from(Figure {
            exchange: id(number),
            subject,
            word: word.into(),
            at,
            value,
            grade: Grade::Declared,
            confidence: None,
            source: source(seed),
            corrects: None,
        })
    };
    let exchanges = all(seed, count);
    let mut list: Vec<Observation> = Vec::new();
    for e in &exchanges {
        list.push(
            ExchangeRegistered {
                id: id(e.number),
                name_en: id(e.number),
                name_ko: name_ko(e.number),
                source: source(seed),
            }
            .into(),
        );
    }
    for e in &exchanges {
        for month in &e.months {
            for (word, value) in month.figures() {
                let value = value.and_then(|n| Exact::new(i128::from(n), 1));
                let value = value.map_or(FigureValue::Missing, |n| FigureValue::Number(n, None));
                list.push(figure(e.number, None, word, zone.end_of(month.at), value));
            }
        }
    }
    for e in &exchanges {
        for single in singles(e) {
            list.push(figure(e.number, single.subject, single.word, zone.end_of(single.at), single.value));
        }
        if !matches!(e.ciso, Ciso::Unknown) {
            list.push(RosterKnown { exchange: id(e.number), kind: "ciso".into() }.into());
        }
    }
    list
}

fn name_ko(number: u64) -> String {
    format!("가공거래소-{number:02}")
}

/// The files of a set: what `bongsu import` reads, and a header that says what it is.
pub fn files(seed: u64, count: u64) -> Files {
    let exchanges = all(seed, count);
    let mut files = Files {
        header: header(seed, exchanges.len()),
        exchanges: String::from("id,name_en,name_ko,source\n"),
        months: String::from(
            "exchange,at,staff,it_staff,security_staff,security_staff_outside,it_spend,security_spend,source\n",
        ),
        facts: String::new(),
    };
    let source = source(seed);
    for e in &exchanges {
        let _ = writeln!(files.exchanges, "{},{},{},\"{source}\"", id(e.number), id(e.number), name_ko(e.number));
        for month in &e.months {
            let cells = month.figures().map(|(_, n)| n.map_or_else(|| "missing".to_string(), |n| n.to_string()));
            let _ = writeln!(files.months, "{},{},{},\"{source}\"", id(e.number), month.at, cells.join(","));
        }
        for single in singles(e) {
            let mut line = serde_json::json!({
                "fact": "figure", "exchange": id(e.number), "word": single.word, "at": single.at.to_string(),
                "value": single.text, "source": source,
            });
            if let (Some(name), Some(line)) = (&single.subject, line.as_object_mut()) {
                line.insert("subject".into(), format!("{}/{}", name.kind, name.name).into());
            }
            let _ = writeln!(files.facts, "{line}");
        }
        if !matches!(e.ciso, Ciso::Unknown) {
            let line = serde_json::json!({ "fact": "roster", "exchange": id(e.number), "kind": "ciso" });
            let _ = writeln!(files.facts, "{line}");
        }
    }
    files
}

fn header(seed: u64, count: usize) -> String {
    let ends = month_ends();
    let day = |date: Option<&Date>| date.map(ToString::to_string).unwrap_or_default();
    let header = super::set::Header {
        name: format!("synthetic-{count}-seed-{seed}"),
        kind: super::set::Kind::Synthetic,
        seed: Some(seed),
        generator: Some(GENERATOR),
        first: day(ends.first()),
        last: day(ends.last()),
        files: FACT_FILES.map(String::from).to_vec(),
        assumptions: ASSUMPTIONS.map(String::from).to_vec(),
    };
    serde_json::to_string_pretty(&header).map(|text| text + "\n").unwrap_or_default()
}
