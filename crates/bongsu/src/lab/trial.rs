//! A draft and the law it is laid over, both as books, and the rules between which the two differ.
//!
//! It promises that a draft which is wrong, or is none, is named with what to do. It must never know an exchange.

use crate::pages;
use crate::trouble::Trouble;
use rulebook::book::{Book, ExceptionId, Over, Parameter, ParameterId, RuleId, TermId};
use rulebook::page::{BlockKind, Is, Page, Source};
use rulebook::problem::{Level, Problems, nearest};
use rulebook::time::Date;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The page whose rules stand when no draft is named: the act that was announced.
const BASE: &str = "law/kr/daba.md";

/// A draft beside its base.
#[derive(Debug)]
pub struct Trial {
    /// The draft's id, or the base page's.
    pub name: String,
    /// What it would change, in the draft's words.
    pub title: String,
    /// Without the draft.
    pub base: Book,
    /// With it.
    pub book: Book,
    /// The rules of `book` that the draft changes or adds, or that hang on what it changes.
    pub rules: Vec<RuleId>,
    /// What the draft says, one line for each key it sets.
    pub says: Vec<String>,
}

/// Reads a draft by its path, or a shipped one by its name, and begins it on another day if that is asked.
pub fn draft(name: &Path, starting: Option<Date>) -> Result<Trial, Trouble> {
    let source = find(name)?;
    let page = Page::read(&source, 0, &mut Problems::default());
    if !pages::is_draft(&source) {
        return Err(Trouble::new(
            format!("{} is no draft", name.display()),
            "a draft is a page with a ```draft block: id, base, title, by, on; see law/kr/drafts",
        ));
    }
    if page.base().is_empty() {
        return Err(Trouble::new(
            format!("{} is laid over nothing", name.display()),
            "say in its ```draft block what it changes, such as base = [\"../daba.md\"]",
        ));
    }
    let sources = pages::over_base(source).map_err(|e| Trouble::file(name, &e))?;
    let before: Vec<Source> = sources.iter().filter(|s| !pages::is_draft(s)).cloned().collect();
    let base = build(before, name)?;
    let mut book = build(sources, name)?;
    let touched = touched(&book, &page);
    if let Some(day) = starting {
        begin(&mut book, &page, day)?;
    }
    let rules = hanging(&book, &touched);
    if rules.is_empty() {
        return Err(Trouble::new(
            format!("{} changes no rule", name.display()),
            "a block that names a known id changes it; a new id adds a rule",
        ));
    }
    let begun = starting.map(|day| format!("(as if it had begun on {day})"));
    let says = begun.into_iter().chain(says(&book, &page)).collect();
    let (id, title) = book.drafts.last().map(|d| (d.id.clone(), d.title.clone())).unwrap_or_default();
    Ok(Trial { name: id, title, base, book, rules, says })
}

/// The shipped page of the announced act without any draft: for sweeping one of its parameters.
pub fn undrafted() -> Result<Trial, Trouble> {
    let sources =
        pages::shipped().into_iter().filter(|s| s.path == BASE || s.path.starts_with("law/calendars/")).collect();
    let book = build(sources, Path::new(BASE))?;
    let rules = (0..book.rules.len()).map(RuleId::from).filter(|r| !book.rules[r.index()].is_guard()).collect();
    Ok(Trial { name: "kr.daba".into(), title: BASE.into(), base: book.clone(), book, rules, says: Vec::new() })
}

/// A draft's page for laying over adopted pages, whose paths begin at `law/` or `policy/`.
pub fn source(name: &Path) -> Result<Source, Trouble> {
    let found = find(name)?;
    if !pages::is_draft(&found) {
        return Err(Trouble::new(
            format!("{} is no draft", name.display()),
            "a draft is a page with a ```draft block; see law/kr/drafts",
        ));
    }
    let begins = ["law/", "policy/"].iter().find_map(|root| found.path.rfind(root));
    let path = begins.and_then(|at| found.path.get(at..)).unwrap_or(&found.path).to_string();
    Ok(Source { path, ..found })
}

/// The rules that read the verdict of a rule that a draft changes, among those that the draft does not change itself.
pub fn readers(book: &Book, draft: &Source) -> Vec<RuleId> {
    let page = Page::read(draft, 0, &mut Problems::default());
    let touched = touched(book, &page);
    let changed: BTreeSet<RuleId> = hanging(book, &touched).into_iter().collect();
    let all = changed.iter().filter(|rule| !touched.contains(&Over::Rule(**rule)));
    let reads = |rule: &&RuleId| {
        reach(book, **rule)
            .iter()
            .any(|thing| matches!(thing, Over::Rule(other) if other != *rule && changed.contains(other)))
    };
    all.filter(reads).copied().collect()
}

fn find(name: &Path) -> Result<Source, Trouble> {
    if name.exists() {
        let read = pages::read(&[PathBuf::from(name)]).map_err(|e| Trouble::file(name, &e))?;
        return match <[Source; 1]>::try_from(read) {
            Ok([source]) => Ok(source),
            Err(_) => Err(Trouble::new(format!("{} is not one page", name.display()), "name each draft by itself")),
        };
    }
    let wanted = name.to_string_lossy();
    let shipped: Vec<Source> =
        pages::shipped().into_iter().chain(pages::shipped_policies()).filter(pages::is_draft).collect();
    let stem = |path: &str| path.rsplit('/').next().unwrap_or(path).trim_end_matches(".md").to_string();
    if let Some(found) = shipped.iter().find(|s| s.path == wanted || stem(&s.path) == wanted) {
        return Ok(found.clone());
    }
    let names: Vec<String> = shipped.iter().map(|s| stem(&s.path)).collect();
    let hint = nearest(&wanted, names.iter().map(String::as_str))
        .map_or_else(|| format!("shipped drafts are {}", names.join(", ")), |near| format!("did you mean `{near}`?"));
    Err(Trouble::new(format!("there is no draft `{wanted}`"), hint))
}

fn build(sources: Vec<Source>, name: &Path) -> Result<Book, Trouble> {
    let (book, problems) = rulebook::build(kernel::words::vocabulary(), sources);
    match problems.iter().find(|p| p.level == Level::Error) {
        Some(first) => Err(Trouble::no(
            format!("{}: {}", name.display(), first.message),
            "`bongsu check` shows every problem with its place",
        )),
        None => Ok(book),
    }
}

/// What the draft's blocks name.
fn touched(book: &Book, page: &Page) -> BTreeSet<Over> {
    let named = page.blocks.iter().filter_map(|block| {
        let id = block.text("id")?;
        match block.kind {
            BlockKind::Rule => book.rule(id).map(Over::Rule),
            BlockKind::Parameter => parameter(book, id).map(Over::Parameter),
            BlockKind::Define => book.terms.iter().position(|t| t.id == id).map(|at| Over::Term(TermId::from(at))),
            BlockKind::Exception => {
                book.exceptions.iter().position(|e| e.id == id).map(|at| Over::Exception(ExceptionId::from(at)))
            }
            _ => None,
        }
    });
    named.collect()
}

/// The rules that hang on any of these things.
fn hanging(book: &Book, touched: &BTreeSet<Over>) -> Vec<RuleId> {
    let rules = (0..book.rules.len()).map(RuleId::from).filter(|r| !book.rules[r.index()].is_guard());
    rules.filter(|rule| reach(book, *rule).iter().any(|thing| touched.contains(thing))).collect()
}

/// Everything a rule hangs on, itself included.
fn reach(book: &Book, rule: RuleId) -> BTreeSet<Over> {
    let (mut reach, mut open) = (BTreeSet::new(), vec![Over::Rule(rule)]);
    while let Some(at) = open.pop() {
        if reach.insert(at) {
            open.extend(book.needs(at));
        }
    }
    reach
}

impl Trial {
    /// The rules that a parameter reaches.
    pub fn reached(&self, parameter: ParameterId) -> Vec<RuleId> {
        hanging(&self.book, &BTreeSet::from([Over::Parameter(parameter)]))
    }

    /// A parameter by its name on its page, or with the instrument before it.
    pub fn parameter(&self, name: &str) -> Result<(ParameterId, &Parameter), Trouble> {
        if let Some(id) = parameter(&self.book, name) {
            return Ok((id, &self.book.parameters[id.index()]));
        }
        let known: Vec<&str> = self.book.parameters.iter().map(|p| p.id.as_str()).collect();
        let hint = nearest(name, known.iter().copied()).map_or_else(
            || format!("parameters here are {}", known.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        Err(Trouble::new(format!("`{}` has no parameter `{name}`", self.name), hint))
    }
}

fn parameter(book: &Book, name: &str) -> Option<ParameterId> {
    let full = |p: &Parameter| format!("{}.{}", book.instruments[p.instrument.index()].id, p.id);
    book.parameters.iter().position(|p| p.id == name || full(p) == name).map(ParameterId::from)
}

/// Moves the first day of everything the draft dates.
fn begin(book: &mut Book, page: &Page, day: Date) -> Result<(), Trouble> {
    for block in &page.blocks {
        let Some(id) = block.text("id") else { continue };
        match block.kind {
            BlockKind::Rule if block.get("from").is_some() => {
                let Some(rule) = book.rule(id) else { continue };
                let [version] = book.rules[rule.index()].versions.as_mut_slice() else {
                    return Err(Trouble::new(
                        format!("`{id}` has several forms; they cannot all begin on {day}"),
                        "leave --starting out, or write a draft with the dates wanted",
                    ));
                };
                version.period.from = Some(day);
                if version.period.until.is_some_and(|until| until < day) {
                    version.period.until = None;
                }
            }
            BlockKind::Parameter => {
                let Some(found) = parameter(book, id) else { continue };
                let Some(Is::Table(dated)) = block.get("values").map(|v| &v.is) else { continue };
                let first = dated.iter().filter_map(|(date, _)| rulebook::time::read_date(date)).min();
                let values = &mut book.parameters[found.index()].values;
                // What the draft replaces ends where the draft begins; later steps of the draft keep their days.
                values.retain(|(from, _)| first.is_none_or(|first| *from >= first) || *from < day);
                for (from, _) in values.iter_mut() {
                    if Some(*from) == first {
                        *from = day;
                    }
                }
                values.sort_by_key(|(from, _)| *from);
            }
            _ => {}
        }
    }
    Ok(())
}

/// The lines of a draft's blocks that set something, in order, as the page writes them.
fn says(book: &Book, page: &Page) -> Vec<String> {
    let file = book.sources.len().saturating_sub(1);
    let kinds = [BlockKind::Rule, BlockKind::Parameter, BlockKind::Define, BlockKind::Exception];
    let mut lines = Vec::new();
    for block in page.blocks.iter().filter(|b| kinds.contains(&b.kind)) {
        let id = block.text("id").unwrap_or("");
        for (key, value) in &block.keys {
            if !["values", "from", "until", "applies", "require", "when", "is", "exempt"].contains(&key.as_str()) {
                continue;
            }
            let place = rulebook::problem::Place { file, span: value.place.span.clone() };
            let text = book.text_at(&place).split_whitespace().collect::<Vec<_>>().join(" ");
            lines.push(format!("{id}: {key} = {text}"));
        }
    }
    lines
}
