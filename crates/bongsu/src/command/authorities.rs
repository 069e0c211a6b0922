//! `bongsu authorities`: who supervises which law on a day, who is told, and what changes ahead.

use crate::lang::Lang;
use crate::pages;
use crate::recorder;
use crate::report::words;
use crate::trouble::Trouble;
use crate::walk;
use clap::Args;
use kernel::assess::is_among;
use rulebook::book::{Book, Instrument, InstrumentId, Status};
use rulebook::problem::Level;
use rulebook::supervision::Supervision;
use rulebook::time::{Date, Instant};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;

/// The command's arguments.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  bongsu authorities\n  bongsu authorities --as-of 2024-07-18 --law kr.vaupa\n  bongsu authorities --draft law/kr/drafts/daba-ciso-fss.md   what a draft would change\n  bongsu authorities --names"
)]
pub struct Arguments {
    /// The day; today when left out
    #[arg(long)]
    pub as_of: Option<String>,
    /// Laws, such as kr.vaupa or kr,eu; Korea's when left out; `all` for every one
    #[arg(long, value_delimiter = ',')]
    pub law: Vec<String>,
    /// A draft: its law with the draft laid over, and what the draft moves
    #[arg(long)]
    pub draft: Option<PathBuf>,
    /// The rulebook that this journal has adopted, instead of the shipped pages
    #[arg(long, conflicts_with = "draft")]
    pub data: Option<PathBuf>,
    /// List the authorities by name and code
    #[arg(long)]
    pub names: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments, lang: Lang) -> Result<i32, Trouble> {
    if arguments.names {
        print!("{}", names(lang));
        return Ok(0);
    }
    let laws = match arguments.law.as_slice() {
        [] => vec!["kr".to_string()],
        [all] if all == "all" => Vec::new(),
        others => others.to_vec(),
    };
    let (book, before) = match (&arguments.draft, &arguments.data) {
        (Some(draft), _) => {
            let (book, before) = drafted(draft)?;
            (book, Some(before))
        }
        (None, Some(dir)) => {
            let state = walk::state(dir)?;
            let book = state.adoptions().last().and_then(|a| a.book.as_deref()).cloned();
            let hint = "`bongsu adopt --data DIR --id NAME` adopts the shipped law";
            (book.ok_or_else(|| Trouble::new("no rulebook is adopted in this journal", hint))?, None)
        }
        (None, None) => {
            let sources = pages::shipped().into_iter().filter(|s| !pages::is_draft(s)).collect();
            (rulebook::build(kernel::words::vocabulary(), sources).0, None)
        }
    };
    let zone = walk::zone_of(&book);
    let as_of = match arguments.as_of.as_deref() {
        None => Instant(recorder::now()),
        Some(text) => zone
            .read(text)
            .ok_or_else(|| Trouble::new(format!("--as-of `{text}` is not a date"), "write 2026-11-22"))?,
    };
    let shown = show(&book, before.as_ref(), zone.date(as_of), &laws, lang);
    if shown.is_empty() {
        let hint = "laws are named as the pages are: kr, kr.vaupa";
        return Err(Trouble::new(format!("no page belongs to `{}`", laws.join(", ")), hint));
    }
    print!("{shown}");
    Ok(0)
}

/// The draft over its base, and the base alone.
fn drafted(path: &PathBuf) -> Result<(Book, Book), Trouble> {
    let shown = path.display();
    let sources = pages::read(std::slice::from_ref(path)).map_err(|e| Trouble::file(path, &e))?;
    let Some(draft) = sources.into_iter().find(pages::is_draft) else {
        return Err(Trouble::new(format!("{shown} is no draft"), "a draft has a block ```draft with its base"));
    };
    let over = pages::over_base(draft).map_err(|e| Trouble::file(path, &e))?;
    let base: Vec<_> = over.iter().filter(|source| !pages::is_draft(source)).cloned().collect();
    let mut books = [over, base].into_iter().map(|sources| rulebook::build(kernel::words::vocabulary(), sources));
    match (books.next(), books.next()) {
        (Some((book, problems)), Some((before, _))) if problems.iter().all(|p| p.level != Level::Error) => {
            Ok((book, before))
        }
        _ => Err(Trouble::new(format!("{shown} has errors"), format!("`bongsu check {shown}` lists them"))),
    }
}

/// Every authority by code and name.
fn names(lang: Lang) -> String {
    let mut out = String::new();
    for authority in kernel::words::vocabulary().authorities() {
        let name = lang.pick(&authority.name, &authority.name_ko);
        let _ = writeln!(out, "{:8} {:10} {name}", authority.id, authority.short);
    }
    out
}

/// The pages of these laws as text; with the book before a draft, only what its pages say and what it moves.
pub fn show(book: &Book, before: Option<&Book>, day: Date, laws: &[String], lang: Lang) -> String {
    let mut out = String::new();
    let mut ahead: BTreeSet<(Date, String)> = BTreeSet::new();
    for (index, instrument) in book.instruments.iter().enumerate() {
        let id = InstrumentId::from(index);
        let has_rules = book.rules.iter().any(|rule| rule.instrument == id && !rule.is_guard());
        if !has_rules || !is_among(&instrument.id, laws) {
            continue;
        }
        let _ = writeln!(out, "{}  {}", instrument.id, title(book, id, lang));
        let blocks: Vec<&Supervision> = book.supervisions.iter().filter(|block| block.instrument == id).collect();
        if !blocks.iter().any(|block| !block.told) {
            let _ = writeln!(out, "    {}", head(instrument, lang));
        }
        for block in blocks {
            out.push_str(&lines(book, block, day, lang));
            // Blocks add up, so each says whom its new list takes the place of.
            let mut was = block.on(day).map_or(whom(&[], lang), |(_, list)| whom(list, lang));
            for (from, list) in block.values.iter().filter(|(from, _)| *from > day) {
                let is = whom(list, lang);
                ahead.insert((*from, format!("{}: {was} → {}", named(book, block), role(block, &is, lang))));
                was = is;
            }
        }
    }
    if out.is_empty() {
        return out;
    }
    let title = match lang {
        Lang::En => format!("Who supervises what on {day}\n\n"),
        Lang::Ko => format!("{day} 기준 소관\n\n"),
    };
    out.insert_str(0, &title);
    if !ahead.is_empty() {
        let _ = writeln!(out, "\n{}", lang.pick("What changes ahead", "앞으로 바뀌는 것"));
        for (from, what) in &ahead {
            let _ = writeln!(out, "    {from}  {what}");
        }
    }
    if let Some(before) = before {
        let _ = writeln!(out, "\n{}", lang.pick("What the draft moves", "개정안이 바꾸는 것"));
        let moved = moved(book, before, lang);
        let none = lang.pick("nothing: it names no authority", "없음: 소관을 바꾸지 않는다");
        let lines = if moved.is_empty() { vec![none.to_string()] } else { moved };
        for what in &lines {
            let _ = writeln!(out, "    {what}");
        }
    }
    out
}

/// What a draft says of authorities that its base does not.
fn moved(book: &Book, before: &Book, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    for block in &book.supervisions {
        let instrument = &book.instruments[block.instrument.index()].id;
        let same = |old: &&Supervision| {
            old.id == block.id && old.told == block.told && before.instruments[old.instrument.index()].id == *instrument
        };
        let old = before.supervisions.iter().find(same);
        for (from, list) in &block.values {
            if old.is_some_and(|old| old.values.contains(&(*from, list.clone())) && old.status == block.status) {
                continue;
            }
            let was = old.and_then(|old| old.on(*from)).map_or(whom(&[], lang), |(_, list)| whom(list, lang));
            let is = role(block, &whom(list, lang), lang);
            lines.push(format!("{from}  {}: {was} → {is}", named(book, block)));
        }
    }
    lines
}

/// The page and the rules a block is about: `kr.na 45-3-1, 45-3-3`.
fn named(book: &Book, block: &Supervision) -> String {
    format!("{} {}", book.instruments[block.instrument.index()].id, of(book, block)).trim_end().to_string()
}

/// The heading of an instrument's page in one language.
fn title(book: &Book, id: InstrumentId, lang: Lang) -> String {
    let instrument = &book.instruments[id.index()];
    let file = book.rules.iter().find(|rule| rule.instrument == id).and_then(|rule| book.sources.get(rule.place.file));
    let heading = file.and_then(|source| source.text.lines().find_map(|line| line.strip_prefix("# ")));
    let heading = heading.unwrap_or(&instrument.title).trim();
    heading.split_once(" · ").map_or(heading, |(en, ko)| lang.pick(en, ko)).to_string()
}

fn head(instrument: &Instrument, lang: Lang) -> String {
    match &instrument.authority {
        Some(authority) => words::authority(authority, lang).to_string(),
        None => lang.pick("nobody is named", "정해진 기관 없음").to_string(),
    }
}

/// The names; a list that is empty names nobody.
fn whom(list: &[String], lang: Lang) -> String {
    if list.is_empty() { lang.pick("nobody", "없음").to_string() } else { words::authorities(list, lang) }
}

/// What becomes of whoever is named.
fn role(block: &Supervision, who: &str, lang: Lang) -> String {
    match (lang, block.told) {
        (_, false) => who.to_string(),
        (Lang::En, true) => format!("{who} (told)"),
        (Lang::Ko, true) => format!("{who} (공유)"),
    }
}

/// The rules a block is about, without the id of their page: `45-3-1, 45-3-3`; nothing where it is about all.
fn of(book: &Book, block: &Supervision) -> String {
    let page = &book.instruments[block.instrument.index()].id;
    let short =
        |rule: &String| rule.strip_prefix(page).map_or(rule.as_str(), |rest| rest.trim_start_matches('.')).to_string();
    block.rules.iter().map(short).collect::<Vec<_>>().join(", ")
}

/// A block on a day: who, since when, by which article; below it the rules, where it is not about all.
fn lines(book: &Book, block: &Supervision, day: Date, lang: Lang) -> String {
    let mut text = match block.on(day) {
        Some((since, list)) => {
            let who = role(block, &whom(list, lang), lang);
            match lang {
                Lang::En => format!("    {who} · since {since}"),
                Lang::Ko => format!("    {who} · {since}부터"),
            }
        }
        None => format!("    {}", lang.pick("nobody yet", "아직 없음")),
    };
    let _ = write!(text, " · {}", block.cite.join("; "));
    if block.status != Status::Binding {
        let _ = write!(text, " [{}]", words::status(block.status, lang));
    }
    text.push('\n');
    let rules = of(book, block);
    if !rules.is_empty() {
        let _ = writeln!(text, "        {} {rules}", lang.pick("only", "대상"));
    }
    text
}
