//! `bongsu bench filing`: a filing of many facts with proofs, drawn up once and verified again and again.
//!
//! The journal is real: written, signed, and read back from disk. The facts are prices and holdings that the filed rules read.

use crate::adoption::adopt_shipped;
use crate::filing::gather::{Asked, gather};
use crate::filing::{package, period, verify};
use crate::recorder::Recorder;
use crate::trouble::Trouble;
use kernel::fact::{Exact, ExchangeRegistered, Figure, FigureValue, Grade, Name, Observation};
use kernel::filing::filing_type;
use rulebook::time::{Instant, Zone};
use std::path::Path;
use std::time::Instant as Clock;

const DAY: i64 = 24 * 3_600_000;
/// 2026-10-31 in Korea, its last moment.
const END: i64 = 1_793_458_799_999;

/// Draws a package of at least this many facts up under `dir`, and prints how long it takes to verify.
pub fn run(dir: &Path, facts: u32) -> Result<(), Trouble> {
    if dir.exists() {
        return Err(Trouble::new(format!("{} exists", dir.display()), "give a folder that does not exist yet"));
    }
    let started = Clock::now();
    let mut recorder = Recorder::open(dir)?;
    adopt_shipped(&mut recorder)?;
    let mut all: Vec<Observation> = Vec::new();
    for id in ["x", "y"] {
        let (name_en, name_ko) = ("Bench".to_string(), "측정".to_string());
        all.push(ExchangeRegistered { id: id.into(), name_en, name_ko, source: "bench".into() }.into());
    }
    for (at, figure) in figures(facts).enumerate() {
        // Another exchange's facts lie between, so that the proof has something to say.
        if at % 8 == 7 {
            all.push(Figure { exchange: "y".into(), ..figure.clone() }.into());
        }
        all.push(figure.into());
    }
    recorder.observe(&all, "bench")?;
    recorder.close()?;
    println!("{} entries on disk in {:.2?}", all.len(), started.elapsed());
    let started = Clock::now();
    let kind = filing_type("assets-monthly").ok_or_else(|| Trouble::new("no type assets-monthly", ""))?;
    let zone = Zone::get("Asia/Seoul").unwrap_or_else(Zone::utc);
    let asked = Asked {
        kind: &kind,
        id: "bench",
        version: 1,
        exchange: "x",
        period: period::read(&kind, "2026-10", &zone)?,
        rules: &kind.rules,
        revealed: &[],
        explained: &[],
    };
    let (bytes, _) = gather(dir, &package::key(dir)?, &asked)?;
    println!("{} bytes drawn up in {:.2?}", bytes.len(), started.elapsed());
    for round in 1..=5 {
        let (started, before) = (Clock::now(), on_processor());
        let verified = verify::verify(&bytes, &verify::Asked::default())?;
        let (took, busy) = (started.elapsed(), on_processor().saturating_sub(before) / 1_000_000);
        let (facts, findings) = (verified.facts.len(), verified.follows.len());
        let hashes = verified.package.proof.as_ref().map_or(0, |proof| proof.hashes.len());
        println!(
            "round {round}: {facts} facts, {findings} findings, {hashes} hashes of proof: {took:.2?}, {busy} ms of it on a processor, {}",
            if verified.holds() { "all follows" } else { "DIFFERS" }
        );
    }
    Ok(())
}

/// Nanoseconds that this thread has run: where others want the processor too, the clock says more about them than about us.
fn on_processor() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|first| first.parse().ok()).unwrap_or(0)
}

/// A price a day and the holdings of as many assets as it takes, two years each.
fn figures(count: u32) -> impl Iterator<Item = Figure> {
    const DAYS: u32 = 730;
    let per_asset = DAYS + 3;
    (0..count.div_ceil(per_asset)).flat_map(move |asset| {
        let name = Name::new("asset", &format!("A{asset}"));
        let figure = move |word: &str, at: i64, num: i128, name: &Name| Figure {
            exchange: "x".into(),
            subject: Some(name.clone()),
            word: word.into(),
            at: Instant(at),
            value: Exact::new(num, 1).map_or(FigureValue::Missing, |number| FigureValue::Number(number, None)),
            grade: Grade::Signed,
            confidence: None,
            source: "bench".into(),
            corrects: None,
        };
        let prices = (0..DAYS).map({
            let name = name.clone();
            move |day| {
                let price = 1_000 + i128::from(asset) * 7 + i128::from(day % 13);
                figure("krw_price", END - i64::from(DAYS - 1 - day) * DAY, price, &name)
            }
        });
        let held = [("users_quantity", 1_000), ("cold_quantity", 850), ("held", 1_000)];
        prices.chain(held.map(|(word, number)| figure(word, END - 40 * DAY, number, &name)))
    })
}
