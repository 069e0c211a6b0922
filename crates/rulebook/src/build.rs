//! Pages into a book: instruments, then drafts laid over their base, then names, then bodies.
//!
//! It promises: every problem of every page is found in one pass; the book may be used only when none is an error. It must
//! never know where pages come from: a base is a path among the sources given.
//!
//! Here stand the entry, heads, drafts and holidays; `declare` gives names their numbers, `bodies` compiles what they stand
//! for, `exceptions` says what changes them and in which order, `supervision` who sees what comes of them.

mod bodies;
mod declare;
mod exceptions;
mod supervision;

use crate::book::*;
use crate::bounds;
use crate::compile::Compiler;
use crate::keys::{Keys, plain_effect};
use crate::page::{Block, BlockKind, Is, Page, Source, Value};
use crate::problem::{Level, Place, Problem, Problems, nearest};
use crate::time::{Holidays, Zone};
use crate::vocabulary::{KindId, Vocabulary};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Builds a book from sources. A draft comes after the pages that are none, wherever it stands: an adoption lists its pages
/// by path, and a draft may come first there. Of several drafts, the later is laid over the earlier.
///
/// The book is complete only when no problem is an error.
pub fn build(vocabulary: Vocabulary, sources: Vec<Source>) -> (Book, Vec<Problem>) {
    let mut problems = Problems::default();
    let mut pages: Vec<Page> =
        sources.iter().enumerate().map(|(file, source)| Page::read(source, file, &mut problems)).collect();
    pages.sort_by_key(|page| page.blocks.iter().any(|block| block.kind == BlockKind::Draft));
    let mut builder = Builder {
        compiler: Compiler {
            book: Book { vocabulary, sources, ..Book::default() },
            problems: &mut problems,
            names: BTreeMap::new(),
            rules: BTreeMap::new(),
            bodies: Vec::new(),
            codes: BTreeMap::new(),
            nest: 0,
        },
        raws: Vec::new(),
        exceptions: BTreeMap::new(),
    };
    builder.instruments(&pages);
    builder.declare();
    builder.bodies();
    builder.conflicts();
    builder.supervised();
    let book = builder.compiler.book;
    bounds::check(&book, &mut problems);
    (book, problems.sorted())
}

/// A block with the instrument it belongs to.
struct Raw {
    block: Block,
    instrument: InstrumentId,
}

struct Builder<'a> {
    compiler: Compiler<'a>,
    raws: Vec<Raw>,
    /// Exceptions by id.
    exceptions: BTreeMap<String, ExceptionId>,
}

impl Builder<'_> {
    fn book(&mut self) -> &mut Book {
        &mut self.compiler.book
    }

    fn error(&mut self, place: &Place, message: impl Into<String>, label: impl Into<String>, hint: impl Into<String>) {
        self.compiler.problems.error(place, message, label, hint);
    }

    fn instruments(&mut self, pages: &[Page]) {
        let mut of_file: BTreeMap<usize, InstrumentId> = BTreeMap::new();
        let drafted = pages.iter().any(|p| p.blocks.iter().any(|b| b.kind == BlockKind::Draft));
        for page in pages {
            let draft = page.blocks.iter().find(|b| b.kind == BlockKind::Draft);
            let heads: Vec<&Block> = page.blocks.iter().filter(|b| b.kind == BlockKind::Page).collect();
            if let Some(second) = heads.get(1) {
                self.error(&second.place, "a file has one `page` head", "the second one", "one file, one instrument");
            }
            let instrument = match (heads.first(), draft) {
                (Some(head), _) => Some(self.head(head)),
                (None, Some(draft)) => self.base(page, draft, &of_file),
                (None, None) => None,
            };
            if let Some(draft) = draft {
                let mut keys = Keys { block: draft, problems: self.compiler.problems };
                let entry = Draft {
                    id: keys.need("id", "name the draft"),
                    title: keys.need("title", "say what it would change"),
                    by: keys.need("by", "say who proposes it"),
                    on: keys.date("on"),
                };
                self.book().drafts.push(entry);
            }
            if let Some(instrument) = instrument {
                of_file.insert(page.file, instrument);
            }
            self.blocks(page, instrument, draft.is_some());
            if draft.is_some() == drafted
                && let Some(instrument) = instrument
            {
                let tables =
                    page.tables.iter().map(|table| CaseTable { table: table.clone(), instrument, file: page.file });
                self.compiler.book.tables.extend(tables);
            }
        }
    }

    fn blocks(&mut self, page: &Page, instrument: Option<InstrumentId>, draft: bool) {
        // What stands before the draft, by kind and id: what it adds itself is not laid over again.
        let mut base: BTreeMap<(BlockKind, String), Vec<usize>> = BTreeMap::new();
        for (at, raw) in self.raws.iter().enumerate().filter(|_| draft) {
            base.entry((raw.block.kind, raw.block.text("id").unwrap_or("").to_string())).or_default().push(at);
        }
        for block in &page.blocks {
            match block.kind {
                BlockKind::Page | BlockKind::Draft => {}
                BlockKind::Holidays => self.holidays(block),
                _ => match instrument {
                    Some(instrument) if draft => self.lay_over(block, instrument, &base),
                    Some(instrument) => self.raws.push(Raw { block: block.clone(), instrument }),
                    None => {
                        self.error(
                            &block.place,
                            "a page starts with a `page` head",
                            "no head above",
                            "write ```page with id, zone, calendar, authority and read",
                        );
                        return;
                    }
                },
            }
        }
    }

    fn head(&mut self, head: &Block) -> InstrumentId {
        let mut keys = Keys { block: head, problems: self.compiler.problems };
        let id = keys.need("id", "name the instrument, such as kr.vaupa");
        let zone_name = keys.need("zone", "name the zone of its civil dates, such as Asia/Seoul");
        let title = keys.title().map_or_else(|| id.clone(), |t| t.en);
        let calendar = keys.text("calendar");
        let authority = keys.text("authority");
        let read = keys.date("read");
        let default = keys.text("default");
        let zone = Zone::get(&zone_name);
        if zone.is_none() && !zone_name.is_empty() {
            let place = head.get("zone").map_or(&head.place, |v| &v.place);
            keys.problems.error(
                place,
                format!("there is no zone `{zone_name}`"),
                "",
                "IANA names look like Asia/Seoul",
            );
        }
        let default = default.and_then(|text| {
            let effect = plain_effect(&text);
            if effect.is_none() {
                let place = head.get("default").map_or(&head.place, |v| &v.place);
                keys.problems.error(place, "`default` is allow, hold or deny", "", "a guard that does not know holds");
            }
            effect
        });
        if let Some(name) = &authority {
            let place = head.get("authority").map_or(&head.place, |v| &v.place);
            self.known_authority(name, place, Level::Warning);
        }
        let found = self.book().instruments.iter().position(|i| i.id == id);
        if let Some(known) = found {
            let instrument = &self.compiler.book.instruments[known];
            if instrument.calendar != calendar || instrument.authority != authority {
                self.error(
                    &head.place,
                    format!("another page heads `{id}` differently"),
                    "this head",
                    "files of one instrument share one head",
                );
            }
            return InstrumentId::from(known);
        }
        let zone = zone.unwrap_or_else(Zone::utc);
        self.book().instruments.push(Instrument { id, title, zone, calendar, authority, default, read });
        InstrumentId::from(self.compiler.book.instruments.len().saturating_sub(1))
    }

    /// The instrument a draft without a head writes on: that of its first base.
    fn base(&mut self, page: &Page, draft: &Block, of_file: &BTreeMap<usize, InstrumentId>) -> Option<InstrumentId> {
        let folder = |path: &str| path.rsplit_once('/').map_or(String::new(), |(f, _)| format!("{f}/"));
        let own = self.compiler.book.sources.get(page.file).map_or(String::new(), |s| folder(&s.path));
        let mut first = None;
        for (path, place) in page.base() {
            let wanted = join(&own, &path);
            let file = self.compiler.book.sources.iter().position(|s| s.path == wanted);
            match file.and_then(|f| of_file.get(&f)) {
                Some(instrument) => first = first.or(Some(*instrument)),
                None => self.error(
                    &place,
                    format!("the base `{path}` is not here"),
                    "",
                    "a base is a path relative to the draft, and stands before it",
                ),
            }
        }
        if page.base().is_empty() {
            self.error(
                &draft.place,
                "a draft says what it is laid over",
                "no `base`",
                "write: base = [\"../daba.md\"]",
            );
        }
        first
    }

    fn holidays(&mut self, block: &Block) {
        let mut keys = Keys { block, problems: self.compiler.problems };
        let id = keys.need("calendar", "name the calendar, such as kr");
        let (first, last) = (keys.date("first"), keys.date("last"));
        let mut days = Vec::new();
        if let Some(Is::List(list)) = block.get("days").map(|v| &v.is) {
            for day in list {
                match day.is {
                    Is::Date(date) => days.push(date),
                    _ => keys.problems.error(&day.place, "holidays are dates", "", "write: 2026-01-01"),
                }
            }
        }
        days.sort_unstable();
        if first.is_none() || last.is_none() {
            keys.problems.error(
                &block.place,
                "a holiday table says which stretch it covers",
                "",
                "write: first = 2024-01-01 and last = 2027-12-31",
            );
        }
        match self.book().holidays.iter_mut().find(|h| h.id == id) {
            Some(table) => {
                table.days.extend(days);
                table.days.sort_unstable();
                table.first = table.first.min(first);
                table.last = table.last.max(last);
            }
            None => self.book().holidays.push(Holidays { id, first, last, days }),
        }
    }

    /// Lays a draft's block over the base: known ids change only in the keys given, new ids are added.
    fn lay_over(&mut self, block: &Block, instrument: InstrumentId, base: &BTreeMap<(BlockKind, String), Vec<usize>>) {
        let id = block.text("id").unwrap_or("").to_string();
        let Some(known) = base.get(&(block.kind, id)) else {
            self.raws.push(Raw { block: block.clone(), instrument });
            return;
        };
        for at in known {
            let Some(raw) = self.raws.get_mut(*at) else { continue };
            for (key, value) in &block.keys {
                match raw.block.keys.iter_mut().find(|(k, _)| k == key) {
                    Some((_, old)) if key == "values" => merge_values(old, value),
                    Some((_, old)) => *old = value.clone(),
                    None => raw.block.keys.push((key.clone(), value.clone())),
                }
            }
        }
    }

    fn kind(&mut self, block: &Block) -> Option<KindId> {
        let value = block.get("for")?;
        let name = value.text().unwrap_or("");
        let kind = self.compiler.book.vocabulary.kind(name);
        if kind.is_none() {
            let known: Vec<&str> = self.compiler.book.vocabulary.kinds().map(|(_, k)| k).collect();
            let hint = nearest(name, known.iter().copied())
                .map_or_else(|| format!("kinds are {}", known.join(", ")), |n| format!("did you mean `{n}`?"));
            self.compiler.problems.error(&value.place, format!("there is no kind of subject `{name}`"), "", hint);
        }
        kind
    }
}

fn merge_values(old: &mut Value, new: &Value) {
    let (Is::Table(old), Is::Table(new)) = (&mut old.is, &new.is) else {
        *old = new.clone();
        return;
    };
    // ISO dates sort as text.
    if let Some(first) = new.iter().map(|(date, _)| date.clone()).min() {
        old.retain(|(date, _)| *date < first);
    }
    old.extend(new.iter().cloned());
}

/// Joins a folder and a relative path with `..` in it.
pub fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." if parts.last().is_some_and(|p| *p != "..") => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    let root = if folder.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}
