//! Pages into a book: instruments, then drafts laid over their base, then names, then bodies.
//!
//! Every problem of every page is found in one pass; the book may be used only when none is an error.

use crate::book::*;
use crate::bounds;
use crate::compile::{Compiler, Named, Scope, TermBody};
use crate::expression::{self, Part};
use crate::keys::{Keys, plain_effect};
use crate::number::Number;
use crate::page::{Block, BlockKind, Is, Page, Source, Value};
use crate::problem::{Place, Problem, Problems, nearest};
use crate::time::{Holidays, Zone, read_date};
use crate::unit::{Type, Unit};
use crate::vocabulary::{KindId, Vocabulary, WordId};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// The most exceptions over one thing: each is compared with each. The law has never more than four.
const MAX_EXCEPTIONS: usize = 64;

/// Builds a book from sources. A draft's base must stand before it.
///
/// The book is complete only when no problem is an error.
pub fn build(vocabulary: Vocabulary, sources: Vec<Source>) -> (Book, Vec<Problem>) {
    let mut problems = Problems::default();
    let pages: Vec<Page> =
        sources.iter().enumerate().map(|(file, source)| Page::read(source, file, &mut problems)).collect();
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

    /// Gives every name its number, so that bodies may name what stands below them.
    fn declare(&mut self) {
        let raws = core::mem::take(&mut self.raws);
        for raw in &raws {
            let Raw { block, instrument } = raw;
            if matches!(block.kind, BlockKind::Reading) {
                continue;
            }
            let id = Keys { block, problems: self.compiler.problems }.need("id", "every block has a name");
            if block.kind != BlockKind::Judgement || block.get("cite").is_none() {
                let mut keys = Keys { block, problems: self.compiler.problems };
                if keys.texts("cite").is_empty() {
                    self.error(
                        &block.place,
                        format!("`{id}` cites nothing"),
                        "no `cite`",
                        "name the article: cite = [\"Act 7(3)\"]",
                    );
                }
            }
            match block.kind {
                BlockKind::Define => self.declare_term(block, *instrument, id),
                BlockKind::Parameter => self.declare_parameter(block, *instrument, id),
                BlockKind::Judgement => self.declare_judgement(block, *instrument, id),
                BlockKind::Rule => self.declare_rule(block, *instrument, id),
                BlockKind::Exception => self.declare_exception(block, *instrument, id),
                _ => {}
            }
        }
        self.raws = raws;
    }

    /// Registers a name of a page; the same name twice, or a word's name, is an error.
    fn register(&mut self, block: &Block, instrument: InstrumentId, id: &str, named: Named) {
        let place = block.get("id").map_or(&block.place, |v| &v.place);
        if self.compiler.book.vocabulary.find(id).is_some() {
            self.error(
                place,
                format!("`{id}` is a word of the word list"),
                "",
                "a page's own names must differ from the words",
            );
        }
        if id == "start" || id == "now" {
            self.error(place, format!("`{id}` has a meaning of its own"), "", "choose another name");
        }
        if let Some(old) = self.compiler.names.insert((instrument, id.to_string()), named)
            && old != named
        {
            self.error(place, format!("`{id}` stands twice on this page"), "", "one name, one meaning");
        }
    }

    fn declare_term(&mut self, block: &Block, instrument: InstrumentId, id: String) {
        let kind = self.kind(block);
        let mut keys = Keys { block, problems: self.compiler.problems };
        let version = TermVersion { period: keys.period(), is: NodeId(0), cite: keys.texts("cite") };
        let body = block.get("is").cloned();
        let Some(body) = body else {
            return self.error(&block.place, format!("`{id}` is nothing"), "no `is`", "write: is = \"a + b\"");
        };
        let known = self.compiler.names.get(&(instrument, id.clone()));
        if let Some(Named::Term(at)) = known {
            let at = at.index();
            let clash = self.compiler.book.terms[at].versions.iter().any(|v| v.period.overlaps(&version.period));
            if clash {
                self.error(
                    &block.place,
                    format!("two forms of `{id}` are in force on the same day"),
                    "this one overlaps",
                    "end the older one: until = the day before",
                );
            }
            self.book().terms[at].versions.push(version);
            if let Some(TermBody::Waiting(bodies)) = self.compiler.bodies.get_mut(at) {
                bodies.push(body);
            }
            return;
        }
        let at = TermId::from(self.compiler.book.terms.len());
        self.register(block, instrument, &id, Named::Term(at));
        self.book().terms.push(Term {
            id,
            instrument,
            kind,
            is_type: Type::Wrong,
            versions: Vec::from([version]),
            exceptions: Vec::new(),
        });
        self.compiler.bodies.push(TermBody::Waiting(Vec::from([body])));
    }

    fn declare_parameter(&mut self, block: &Block, instrument: InstrumentId, id: String) {
        let mut keys = Keys { block, problems: self.compiler.problems };
        let unit = keys.need("unit", "write: unit = \"%\", \"KRW\", \"person\", \"h\", \"month\", \"code\" or \"\"");
        let cite = keys.texts("cite");
        let is_type = parameter_type(&unit).unwrap_or(Type::Wrong);
        let values = if is_type == Type::Wrong {
            let place = block.get("unit").map_or(&block.place, |v| &v.place);
            let hint = "units are %, KRW and other currencies, person, h, day, month, code, or nothing";
            self.error(place, format!("there is no unit `{unit}`"), "unknown unit", hint);
            Vec::new()
        } else {
            self.parameter_values(block, &unit)
        };
        let means = match block.get("means").map(|v| &v.is) {
            Some(Is::Table(table)) => {
                table.iter().filter_map(|(k, v)| v.text().map(|t| (k.clone(), t.to_string()))).collect()
            }
            _ => Vec::new(),
        };
        let at = ParameterId::from(self.compiler.book.parameters.len());
        self.register(block, instrument, &id, Named::Parameter(at));
        let place = block.place.clone();
        self.book().parameters.push(Parameter {
            id,
            instrument,
            is_type,
            values,
            means,
            cite,
            place,
            exceptions: Vec::new(),
        });
    }

    fn parameter_values(&mut self, block: &Block, unit: &str) -> Vec<(crate::time::Date, ParameterValue)> {
        let mut values = Vec::new();
        let Some(Value { is: Is::Table(table), .. }) = block.get("values") else {
            self.error(
                &block.place,
                "a parameter has dated values",
                "no table `values`",
                "write: values = { 2024-07-19 = 80 }, or {} while nobody has named a number",
            );
            return values;
        };
        for (date, value) in table {
            let Some(date) = read_date(date) else {
                self.error(
                    &value.place,
                    format!("`{date}` is not a date"),
                    "this value's key",
                    "write: 2024-07-19 = 80",
                );
                continue;
            };
            match parameter_value(&value.is, unit) {
                Some(parsed) => values.push((date, parsed)),
                None => self.error(
                    &value.place,
                    format!("this is no value in `{unit}`"),
                    "",
                    "numbers are written without sign, codes as a list of texts",
                ),
            }
        }
        values.sort_by_key(|(date, _)| *date);
        values
    }

    fn declare_judgement(&mut self, block: &Block, instrument: InstrumentId, id: String) {
        let kind = self.kind(block);
        let mut keys = Keys { block, problems: self.compiler.problems };
        let (asks, look, cite) =
            (keys.need("asks", "ask the question a person answers yes or no"), keys.texts("look"), keys.texts("cite"));
        if look.is_empty() {
            keys.problems.warn(
                &block.place,
                format!("`{id}` does not say what to look at"),
                "no `look`",
                "list what an assessor should look at",
            );
        }
        let at = JudgementId::from(self.compiler.book.judgements.len());
        self.register(block, instrument, &id, Named::Judgement(at));
        self.book().judgements.push(Judgement { id, instrument, kind, asks, look, cite });
    }

    fn declare_rule(&mut self, block: &Block, instrument: InstrumentId, id: String) {
        if self.compiler.rules.contains_key(&id) {
            return;
        }
        let kind = self.kind(block);
        let title = Keys { block, problems: self.compiler.problems }.title();
        let heading = |part: usize| block.heading.split('·').nth(part).unwrap_or(&block.heading).trim().to_string();
        let title = title.unwrap_or_else(|| Title { en: heading(0), ko: heading(1) });
        let at = RuleId::from(self.compiler.book.rules.len());
        self.compiler.rules.insert(id.clone(), at);
        let place = block.place.clone();
        self.book().rules.push(Rule {
            id,
            title,
            instrument,
            kind,
            versions: Vec::new(),
            exceptions: Vec::new(),
            place,
        });
    }

    fn declare_exception(&mut self, block: &Block, instrument: InstrumentId, id: String) {
        let at = ExceptionId::from(self.compiler.book.exceptions.len());
        if self.exceptions.contains_key(&id) {
            return self.error(
                &block.place,
                format!("the exception `{id}` stands twice"),
                "",
                "one name, one exception",
            );
        }
        self.exceptions.insert(id.clone(), at);
        let mut keys = Keys { block, problems: self.compiler.problems };
        let (period, cite) = (keys.period(), keys.texts("cite"));
        let place = block.place.clone();
        let over = Over::Rule(RuleId(u32::MAX));
        self.book().exceptions.push(Exception {
            id,
            instrument,
            over,
            period,
            when: Vec::new(),
            beats: Vec::new(),
            sets: Sets::default(),
            cite,
            place,
            exceptions: Vec::new(),
        });
    }

    /// Compiles what the names stand for.
    fn bodies(&mut self) {
        for term in 0..self.compiler.book.terms.len() {
            self.compiler.term_type(TermId::from(term), &Place::default());
        }
        let raws = core::mem::take(&mut self.raws);
        let mut exceptions = 0usize;
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for Raw { block, instrument } in &raws {
            match block.kind {
                BlockKind::Rule => self.rule_version(block, *instrument),
                BlockKind::Exception if seen.insert(block.text("id").unwrap_or("").to_string()) => {
                    self.exception_body(block, ExceptionId::from(exceptions));
                    exceptions = exceptions.saturating_add(1);
                }
                BlockKind::Reading => self.reading(block, *instrument),
                _ => {}
            }
        }
        for rule in &mut self.compiler.book.rules {
            rule.versions.sort_by_key(|v| v.period.from);
        }
    }

    fn reading(&mut self, block: &Block, instrument: InstrumentId) {
        let mut keys = Keys { block, problems: self.compiler.problems };
        let reading = Reading {
            about: keys.need("about", "name the rule or term it is about"),
            question: keys.need("question", "say what is doubtful"),
            choice: keys.need("choice", "say how it was read"),
            by: keys.need("by", "say who chose"),
            on: keys.date("on"),
            instrument,
        };
        let known = self.compiler.rules.contains_key(&reading.about)
            || self.compiler.names.contains_key(&(instrument, reading.about.clone()))
            || self.exceptions.contains_key(&reading.about)
            || reading.about.is_empty();
        if !known {
            let place = block.get("about").map_or(&block.place, |v| &v.place);
            self.error(
                place,
                format!("there is no rule or term `{}` on this page", reading.about),
                "",
                "a reading is about a rule, a term, a parameter or an exception",
            );
        }
        self.book().readings.push(reading);
    }

    fn conditions(&mut self, block: &Block, key: &str, scope: Scope) -> Vec<NodeId> {
        let values = Keys { block, problems: self.compiler.problems }.list(key);
        values.iter().map(|value| self.compiler.condition(value, scope)).collect()
    }

    fn rule_version(&mut self, block: &Block, instrument: InstrumentId) {
        let id = block.text("id").unwrap_or("").to_string();
        let Some(&rule) = self.compiler.rules.get(&id) else { return };
        let kind = self.kind(block);
        if kind != self.compiler.book.rules[rule.index()].kind {
            self.error(
                &block.place,
                format!("the forms of `{id}` are about different subjects"),
                "this one",
                "give every form the same `for`",
            );
        }
        let guard = block.get("then").is_some();
        let scope = Scope { instrument, kind, clock: block.get("starts").is_some(), guard };
        let applies = self.conditions(block, "applies", scope);
        let duty = self.duty(block, scope, &id);
        let mut keys = Keys { block, problems: self.compiler.problems };
        let version = RuleVersion {
            period: keys.period(),
            status: keys.status().unwrap_or_default(),
            open: keys.text("open"),
            cite: keys.texts("cite"),
            penalty: keys.text("penalty"),
            applies,
            duty,
            ground: keys.text("ground"),
            place: block.place.clone(),
        };
        if version.period.from.is_none() {
            self.error(
                &block.place,
                format!("`{id}` does not say since when"),
                "no `from`",
                "write: from = 2024-07-19",
            );
        }
        if self.compiler.book.rules[rule.index()].versions.iter().any(|v| v.period.overlaps(&version.period)) {
            self.error(
                &block.place,
                format!("two forms of `{id}` are in force on the same day"),
                "this one overlaps",
                "end the older one: until = the day before",
            );
        }
        self.book().rules[rule.index()].versions.push(version);
    }

    fn duty(&mut self, block: &Block, scope: Scope, id: &str) -> Duty {
        let has = |key: &str| block.get(key).is_some();
        let forms = [has("require"), has("starts") || has("due") || has("done"), has("then") || has("when")];
        if forms.iter().filter(|f| **f).count() != 1 {
            self.error(
                &block.place,
                format!("`{id}` is not one kind of rule"),
                "",
                "a rule has `require`, or `starts`, `due` and `done`, or `when` and `then`",
            );
        }
        if has("then") || has("when") {
            let when = self.conditions(block, "when", scope);
            let mut keys = Keys { block, problems: self.compiler.problems };
            let enforced = keys.enforced().unwrap_or(true);
            let then = keys.effect().unwrap_or(Effect::Deny);
            if when.is_empty() || !has("then") {
                self.error(
                    &block.place,
                    format!("`{id}` has no `when` or no `then`"),
                    "",
                    "a guard's rule says when and what then",
                );
            }
            return Duty::Guard { when, then, enforced };
        }
        if scope.clock {
            return self.clock(block, scope, id);
        }
        let require = self.conditions(block, "require", scope);
        let short = block.get("short").map(|v| self.compiler.value(v, scope).0);
        let measured = block.get("measured").and_then(|value| match value.text() {
            Some("month end") => Some(Measured::MonthEnd),
            Some("business year end") => Some(Measured::BusinessYearEnd),
            _ => {
                self.error(
                    &value.place,
                    "rules are measured at `month end` or `business year end`",
                    "",
                    "leave it out to read the rule at any time",
                );
                None
            }
        });
        let cure = self.cure(block, scope, measured);
        Duty::Require { require, short, measured, cure }
    }

    fn cure(&mut self, block: &Block, scope: Scope, measured: Option<Measured>) -> Option<Cure> {
        let value = block.get("cure")?;
        let hint = "write: cure = { by = \"day 10 of next month\", with = [\"reserve\"] }";
        let Is::Table(table) = &value.is else {
            self.error(&value.place, "`cure` is a table", "", hint);
            return None;
        };
        if measured.is_none() {
            self.error(
                &value.place,
                "only a measured rule can be cured",
                "no `measured`",
                "write: measured = \"month end\"",
            );
        }
        let of = |key: &str| table.iter().find(|(k, _)| k == key).map(|(_, v)| v);
        let day = of("by")
            .and_then(Value::text)
            .and_then(|t| t.strip_prefix("day ")?.strip_suffix(" of next month")?.parse::<i8>().ok());
        let Some(day_of_next_month) = day.filter(|d| (1..=28).contains(d)) else {
            self.error(&value.place, "`by` is a day of the next month, 1 to 28", "", hint);
            return None;
        };
        let mut cure = Cure { day_of_next_month, words: Vec::new(), terms: Vec::new() };
        if let Some(Is::List(list)) = of("with").map(|v| &v.is) {
            for item in list {
                let name = item.text().unwrap_or("");
                match (
                    self.compiler.names.get(&(scope.instrument, name.to_string())),
                    self.compiler.book.vocabulary.find(name),
                ) {
                    (Some(Named::Term(term)), _) => cure.terms.push(*term),
                    (_, Some(word)) => cure.words.push(word),
                    _ => self.error(
                        &item.place,
                        format!("there is no quantity or term `{name}`"),
                        "",
                        "`with` names what may be made good",
                    ),
                }
            }
        }
        Some(cure)
    }

    fn clock(&mut self, block: &Block, scope: Scope, id: &str) -> Duty {
        for key in ["starts", "due", "done"] {
            if block.get(key).is_none() {
                self.error(
                    &block.place,
                    format!("`{id}` has no `{key}`"),
                    "",
                    "a clock has `starts`, `due` and `done`",
                );
            }
        }
        let starts = block.get("starts").map_or(Starts::At(NodeId(0)), |value| self.starts(value, scope));
        let due = block.get("due").map_or(Due::Judged(String::new()), |value| self.due(value, scope));
        let done = self.done(block);
        let mut keys = Keys { block, problems: self.compiler.problems };
        Duty::Clock {
            starts,
            due,
            done,
            on_holiday: keys.on_holiday().unwrap_or_default(),
            contains: keys.texts("contains"),
        }
    }

    fn starts(&mut self, value: &Value, scope: Scope) -> Starts {
        if let Some(name) = value.text().and_then(|t| t.trim().strip_prefix("each ")) {
            let (name, by) = match name.split_once(" to ") {
                Some((name, by)) => (name.trim(), Some(by.trim())),
                None => (name.trim(), None),
            };
            return match self.compiler.event_by(name, by, &value.place) {
                Some((word, by)) => Starts::Each(word, by),
                None => Starts::At(NodeId(0)),
            };
        }
        let (node, is) = self.compiler.value(value, Scope { clock: false, ..scope });
        if !matches!(is, Type::Moment | Type::Wrong) {
            self.error(
                &value.place,
                "a clock starts at a moment",
                format!("this is {is}"),
                "name an event: starts = \"learned\"",
            );
        }
        Starts::At(node)
    }

    fn due(&mut self, value: &Value, scope: Scope) -> Due {
        if let Some(words) = value.text().and_then(|t| t.strip_prefix("judged:")) {
            return Due::Judged(words.trim().to_string());
        }
        let (node, is) = self.compiler.value(value, Scope { clock: true, ..scope });
        if !matches!(is, Type::Moment | Type::Wrong) {
            self.error(
                &value.place,
                "a clock ends at a moment",
                format!("this is {is}"),
                "write: due = \"start + 24 h\"",
            );
        }
        Due::At(node)
    }

    fn done(&mut self, block: &Block) -> Vec<(WordId, Option<CodeId>)> {
        let values = Keys { block, problems: self.compiler.problems }.list("done");
        let mut done = Vec::new();
        for value in values {
            let (name, by) = match value.text().unwrap_or("").split_once(" to ") {
                Some((name, by)) => (name.trim(), Some(by.trim())),
                None => (value.text().unwrap_or("").trim(), None),
            };
            done.extend(self.compiler.event_by(name, by, &value.place));
        }
        done
    }

    fn exception_body(&mut self, block: &Block, id: ExceptionId) {
        let instrument = self.compiler.book.exceptions[id.index()].instrument;
        let target = Keys { block, problems: self.compiler.problems }
            .need("over", "name the rule, term or parameter it is over");
        let Some(over) = self.target(&target, instrument) else {
            let place = block.get("over").map_or(&block.place, |v| &v.place);
            return self.error(
                place,
                format!("there is no rule, term or parameter `{target}`"),
                "",
                "`over` names what the exception changes",
            );
        };
        let (kind, clock, guard) = match over {
            Over::Rule(rule) => {
                let rule = &self.compiler.book.rules[rule.index()];
                let clock = rule.versions.iter().any(|v| matches!(v.duty, Duty::Clock { .. }));
                (rule.kind, clock, rule.is_guard())
            }
            Over::Term(term) => (self.compiler.book.terms[term.index()].kind, false, false),
            _ => (None, false, false),
        };
        // An exception over an exception is about whatever that one is about; words of a subject resolve when it runs.
        let scope = Scope { instrument, kind, clock, guard };
        let when = self.conditions(block, "when", scope);
        if when.is_empty() {
            self.error(&block.place, "an exception says when it holds", "no `when`", "write: when = [\"…\"]");
        }
        let sets = self.sets(block, scope, over);
        let mut beats = Vec::new();
        for name in (Keys { block, problems: self.compiler.problems }).texts("beats") {
            match self.exceptions.get(&name) {
                Some(at) => beats.push(*at),
                None => self.error(
                    &block.place,
                    format!("there is no exception `{name}` to beat"),
                    "",
                    "`beats` names an exception over the same thing",
                ),
            }
        }
        let exception = &mut self.book().exceptions[id.index()];
        exception.over = over;
        exception.when = when;
        exception.sets = sets;
        exception.beats = beats;
        let list = match over {
            Over::Rule(at) => &mut self.compiler.book.rules[at.index()].exceptions,
            Over::Term(at) => &mut self.compiler.book.terms[at.index()].exceptions,
            Over::Parameter(at) => &mut self.compiler.book.parameters[at.index()].exceptions,
            Over::Exception(at) => &mut self.compiler.book.exceptions[at.index()].exceptions,
        };
        list.push(id);
    }

    fn target(&self, name: &str, instrument: InstrumentId) -> Option<Over> {
        if let Some(rule) = self.compiler.rules.get(name) {
            return Some(Over::Rule(*rule));
        }
        match self.compiler.names.get(&(instrument, name.to_string())) {
            Some(Named::Term(term)) => return Some(Over::Term(*term)),
            Some(Named::Parameter(parameter)) => return Some(Over::Parameter(*parameter)),
            _ => {}
        }
        self.exceptions.get(name).map(|at| Over::Exception(*at))
    }

    fn sets(&mut self, block: &Block, scope: Scope, over: Over) -> Sets {
        let is = block.get("is").map(|value| {
            let (node, is) = self.compiler.value(value, scope);
            let wanted = match over {
                Over::Term(term) => self.compiler.book.terms[term.index()].is_type,
                Over::Parameter(parameter) => self.compiler.book.parameters[parameter.index()].is_type,
                _ => {
                    self.error(
                        &value.place,
                        "only a term or a parameter `is` something",
                        "over a rule",
                        "over a rule set `require`, `due`, `status` or `exempt`",
                    );
                    Type::Wrong
                }
            };
            self.compiler.unify(wanted, is, &value.place, "an exception keeps the unit of what it is over");
            node
        });
        let require = block.get("require").map(|_| self.conditions(block, "require", scope));
        let short = block.get("short").map(|v| self.compiler.value(v, scope).0);
        let due = block.get("due").map(|v| self.due(v, scope));
        let done = block.get("done").map(|_| self.done(block));
        let mut keys = Keys { block, problems: self.compiler.problems };
        let sets = Sets {
            exempt: keys.truth("exempt").unwrap_or(false),
            is,
            require,
            short,
            due,
            done,
            on_holiday: keys.on_holiday(),
            status: keys.status(),
            open: keys.text("open"),
            then: keys.effect(),
            enforced: keys.enforced(),
        };
        if sets.keys().is_empty() {
            self.error(
                &block.place,
                "this exception changes nothing",
                "",
                "set `exempt`, `is`, `require`, `due`, `status` or `then`",
            );
        }
        sets
    }

    /// Two exceptions that set the same key of the same thing need an order.
    fn conflicts(&mut self) {
        let mut groups: BTreeMap<Over, Vec<ExceptionId>> = BTreeMap::new();
        for (at, exception) in self.compiler.book.exceptions.iter().enumerate() {
            groups.entry(exception.over).or_default().push(ExceptionId::from(at));
        }
        for group in groups.into_values() {
            if let Some(first_too_many) = group.get(MAX_EXCEPTIONS) {
                let place = self.compiler.book.exceptions[first_too_many.index()].place.clone();
                let message = format!("more than {MAX_EXCEPTIONS} exceptions over one thing");
                self.error(&place, message, "one too many", "join their conditions: when = [\"any of (…, …)\"]");
                continue;
            }
            for (i, a) in group.iter().enumerate() {
                for b in group.iter().skip(i.saturating_add(1)) {
                    self.conflict(*a, *b);
                }
            }
        }
    }

    fn conflict(&mut self, first: ExceptionId, second: ExceptionId) {
        let (a, b) = (&self.compiler.book.exceptions[first.index()], &self.compiler.book.exceptions[second.index()]);
        let ordered = a.beats.contains(&second) || b.beats.contains(&first);
        let keys = b.sets.keys();
        let same: Vec<String> = a.sets.keys().iter().filter(|k| keys.contains(k)).map(|k| format!("`{k}`")).collect();
        if !ordered && !same.is_empty() && a.period.overlaps(&b.period) {
            let message = format!("`{}` and `{}` both set {}", a.id, b.id, same.join(", "));
            let hint = format!("say in one of them which goes first: beats = [\"{}\"]", a.id);
            let place = b.place.clone();
            self.error(&place, message, "no order between them", hint);
        }
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

fn parameter_type(unit: &str) -> Option<Type> {
    Some(match unit {
        "code" => Type::Codes,
        "%" | "" => Type::Number(Unit::PLAIN),
        "h" | "min" => Type::Length,
        "day" | "month" | "year" | "working day" => Type::Civil,
        other => Type::Number(Unit::parse(other)?),
    })
}

fn parameter_value(is: &Is, unit: &str) -> Option<ParameterValue> {
    match (is, unit) {
        (Is::List(list), "code") => list
            .iter()
            .map(|v| v.text().map(ToString::to_string))
            .collect::<Option<Vec<_>>>()
            .map(ParameterValue::Codes),
        (Is::Number(text), "h" | "min" | "day" | "month" | "year" | "working day") => {
            let read = expression::read(&format!("{text} {unit}")).ok()?;
            match read.kind {
                Part::Literal { value: expression::Literal::Length(ms), .. } => Some(ParameterValue::Length(ms)),
                Part::Literal { value: expression::Literal::Civil(civil), .. } => Some(ParameterValue::Civil(civil)),
                _ => None,
            }
        }
        (Is::Number(text), _) if unit != "code" => {
            let places = text.split_once('.').map_or(0, |(_, p)| p.len());
            let mut step = Number::ONE;
            for _ in 0..places {
                step = step.divide(&Number::integer(10))?;
            }
            let (mut value, hundred) = (Number::decimal(text)?, Number::integer(100));
            if unit == "%" {
                value = value.divide(&hundred)?;
                step = step.divide(&hundred)?;
            }
            Some(ParameterValue::Number(value, step))
        }
        _ => None,
    }
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
