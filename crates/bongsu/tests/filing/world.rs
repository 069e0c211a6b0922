//! A small exchange on disk under the Virtual Asset User Protection Act.
#![allow(dead_code)]

use bongsu::adoption::adopt;
use bongsu::filing::desk;
use bongsu::filing::package;
use bongsu::filing::verify::{Asked, verify};
use bongsu::lang::Lang;
use bongsu::recorder::Recorder;
use bongsu::{import, pages, walk};
use kernel::fact::*;
use rulebook::page::Source;
use rulebook::time::{Instant, Zone};
use std::path::{Path, PathBuf};

pub fn korea() -> Zone {
    Zone::get("Asia/Seoul").unwrap()
}

pub fn at(text: &str) -> Instant {
    korea().read(text).unwrap()
}

/// A folder that is gone when the test is.
pub struct World(PathBuf);

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl World {
    pub fn new(name: &str) -> World {
        World::with_page(name, "")
    }

    /// An empty journal with the law, and something added to its page.
    pub fn empty(name: &str, added: &str) -> World {
        let dir = std::env::temp_dir().join(format!("bongsu-filing-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        let world = World(dir);
        let wanted = ["law/kr/vaupa.md", "law/calendars/kr.md"];
        let mut sources: Vec<Source> =
            pages::shipped().into_iter().filter(|source| wanted.contains(&source.path.as_str())).collect();
        for source in sources.iter_mut().filter(|source| source.path == "law/kr/vaupa.md") {
            source.text.push_str(added);
        }
        let mut recorder = Recorder::open(world.dir()).unwrap();
        adopt(&mut recorder, "test", sources).unwrap();
        recorder.close().unwrap();
        world
    }

    /// One coin less is held than was entrusted; the cold share is reached, most else is unknown.
    pub fn with_page(name: &str, added: &str) -> World {
        let world = World::empty(name, added);
        let registered =
            ExchangeRegistered { id: "x".into(), name_en: "X".into(), name_ko: "엑스".into(), source: "test".into() };
        let other =
            ExchangeRegistered { id: "y".into(), name_en: "Y".into(), name_ko: "와이".into(), source: "test".into() };
        let asset = || Some(Name::new("asset", "BTC"));
        let mut facts: Vec<Observation> = vec![registered.into(), other.into()];
        facts.push(RosterKnown { exchange: "x".into(), kind: "asset".into() }.into());
        for (word, number) in [("users_quantity", 1_000), ("held", 1_000), ("entrusted", 1_001)] {
            facts.push(figure(word, asset(), number, "2026-09-30"));
        }
        facts.push(figure("cold_quantity", asset(), 850, "2026-09-30"));
        facts.push(Figure { exchange: "y".into(), ..money(1, "2026-09-30") }.into());
        for day in 1..=30 {
            facts.push(figure("krw_price", asset(), 1_000_000 + day, &format!("2026-09-{day:02}")));
        }
        facts.push(money(2_000_000_000, "2026-09-30").into());
        world.tell(&facts);
        world
    }

    /// The public figures of the five won-market exchanges and Upbit's night, under all shipped law.
    pub fn with_public_figures(name: &str) -> World {
        let dir = std::env::temp_dir().join(format!("bongsu-filing-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        let world = World(dir);
        let mut recorder = Recorder::open(world.dir()).unwrap();
        bongsu::adoption::adopt_shipped(&mut recorder).unwrap();
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
        let night = ["subjects.jsonl", "facts.csv", "remarks.csv"].map(|name| format!("incidents/upbit-2025/{name}"));
        for file in ["kr/exchanges.csv", "kr/figures.csv"].map(String::from).into_iter().chain(night) {
            let rows = import::read(&data.join(&file), None).unwrap_or_else(|e| panic!("{file}: {}", e[0]));
            recorder.record(rows, "test").unwrap();
        }
        recorder.close().unwrap();
        world
    }

    pub fn dir(&self) -> &Path {
        &self.0
    }

    pub fn tell(&self, facts: &[Observation]) {
        let mut recorder = Recorder::open(self.dir()).unwrap();
        recorder.observe(facts, "test").unwrap();
        recorder.close().unwrap();
    }

    pub fn drawn(&self) -> Vec<u8> {
        draw(self, &plan(self))
    }

    /// Drawn up and signed by two people.
    pub fn signed(&self) -> Vec<u8> {
        let mut bytes = self.drawn();
        let key = package::key(self.dir()).unwrap();
        for (role, who) in [("cfo", "p-1"), ("ciso", "p-2")] {
            package::sign(&mut bytes, &key, role, who).unwrap();
        }
        bytes
    }
}

pub fn plan(world: &World) -> desk::Plan {
    let state = walk::state(world.dir()).unwrap();
    desk::plan(&state, "assets-monthly", "x", Some("2026-10"), None, None).unwrap()
}

pub fn draw(world: &World, plan: &desk::Plan) -> Vec<u8> {
    let state = walk::state(world.dir()).unwrap();
    desk::draw(world.dir(), &state, plan, Lang::En).unwrap().bytes
}

/// The name of what is wrong; empty where nothing is.
pub fn code(bytes: &[u8]) -> &'static str {
    match verify(bytes, &Asked::default()) {
        Ok(verified) if verified.holds() => "",
        Ok(_) => "does-not-follow",
        Err(fault) => fault.code(),
    }
}

pub fn figure(word: &str, subject: Option<Name>, number: i128, day: &str) -> Observation {
    let value = FigureValue::Number(Exact::new(number, 1).unwrap(), None);
    Figure {
        exchange: "x".into(),
        subject,
        word: word.into(),
        at: at(day),
        value,
        grade: Grade::Declared,
        confidence: None,
        source: "test".into(),
        corrects: None,
    }
    .into()
}

/// Insurance of so much.
pub fn money(won: i128, day: &str) -> Figure {
    let Observation::Figure(figure) = figure("insurance_limit", None, won, day) else { unreachable!() };
    figure
}
