//! Rule pages from disk and from the program, grouped into books.
//!
//! The statutes the program ships with are part of it, so that it works from an empty folder. A draft is a book of its own:
//! its base with the draft laid over; the other pages given together are one book.

use include_dir::{Dir, include_dir};
use rulebook::page::{Page, Source};
use rulebook::problem::Problems;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

static LAW: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../law");

static POLICY: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../policy");

/// The pages of law the program ships with, in the order of their paths.
pub fn shipped() -> Vec<Source> {
    embedded(&LAW, "law")
}

/// The guard's policies the program ships with.
pub fn shipped_policies() -> Vec<Source> {
    embedded(&POLICY, "policy")
}

fn embedded(dir: &Dir<'_>, under: &str) -> Vec<Source> {
    fn walk(dir: &Dir<'_>, under: &str, into: &mut Vec<Source>) {
        for file in dir.files() {
            let path = file.path().to_string_lossy();
            if let (true, Some(text)) = (path.ends_with(".md"), file.contents_utf8()) {
                into.push(Source { path: format!("{under}/{path}"), text: text.to_string() });
            }
        }
        dir.dirs().for_each(|d| walk(d, under, into));
    }
    let mut sources = Vec::new();
    walk(dir, under, &mut sources);
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}

/// The shipped pages of these laws (`kr`, `eu`, …) with every calendar, drafts left out: what an assessment adopts.
pub fn shipped_law(laws: &[String]) -> Vec<Source> {
    let wanted =
        |path: &str| path.starts_with("law/calendars/") || laws.iter().any(|l| path.starts_with(&format!("law/{l}/")));
    shipped().into_iter().filter(|s| wanted(&s.path) && !is_draft(s)).collect()
}

/// A policy with laws beside it: the clocks of what is stopped are theirs.
pub fn with_law(mut policy: Vec<Source>, laws: &[String]) -> Vec<Source> {
    let law = if laws.is_empty() { Vec::new() } else { shipped_law(laws) };
    let new: Vec<Source> = law.into_iter().filter(|page| policy.iter().all(|known| known.path != page.path)).collect();
    policy.extend(new);
    policy
}

/// The law an exchange is measured by where none is named: those of other countries bind it only where it does business,
/// which no fact says yet.
pub const HOME: &str = "kr";

/// The laws that a command line names: none is [`HOME`], `all` is every adopted one (an empty list).
pub fn named_laws(named: &[String]) -> Vec<String> {
    match named {
        [] => vec![HOME.to_string()],
        [all] if all == "all" => Vec::new(),
        others => others.to_vec(),
    }
}

/// The laws the program ships with, such as `kr`.
pub fn shipped_laws() -> Vec<String> {
    let names = LAW.dirs().filter_map(|d| d.path().file_name()).map(|n| n.to_string_lossy().into_owned());
    names.filter(|n| n != "calendars").collect()
}

/// The shipped calendars that these sources do not bring themselves.
fn calendars(sources: &[Source]) -> impl Iterator<Item = Source> {
    let own = sources.iter().any(|s| s.text.contains("```holidays"));
    shipped().into_iter().filter(move |s| !own && s.path.starts_with("law/calendars/"))
}

/// Reads every `.md` file of the given files and folders, in the order of their paths.
pub fn read(paths: &[PathBuf]) -> io::Result<Vec<Source>> {
    let mut files = BTreeSet::new();
    for path in paths {
        collect(path, &mut files).map_err(|e| io::Error::new(e.kind(), format!("{}: {e}", path.display())))?;
    }
    files.into_iter().map(|path| source(&path)).collect()
}

fn collect(path: &Path, into: &mut BTreeSet<PathBuf>) -> io::Result<()> {
    if !path.is_dir() {
        into.insert(path.to_path_buf());
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        let path = entry?.path();
        if path.is_dir()
            || path.extension().is_some_and(|e| e == "md") && path.file_name().is_some_and(|n| n != "README.md")
        {
            collect(&path, into)?;
        }
    }
    Ok(())
}

fn source(path: &Path) -> io::Result<Source> {
    let wrong = |e: io::Error| io::Error::new(e.kind(), format!("{}: {e}", path.display()));
    let size = fs::metadata(path).map_err(wrong)?.len();
    if size > rulebook::page::MAX_PAGE_BYTES as u64 {
        return Err(io::Error::other(format!(
            "{}: {size} bytes; a page has at most {}",
            path.display(),
            rulebook::page::MAX_PAGE_BYTES
        )));
    }
    let text = fs::read_to_string(path).map_err(wrong)?;
    Ok(Source { path: path.to_string_lossy().into_owned(), text })
}

/// Whether a page is a draft.
pub fn is_draft(source: &Source) -> bool {
    source.text.lines().any(|l| l.trim_end() == "```draft")
}

/// Groups pages into the sources of one book each: the pages together, then each draft over its base.
pub fn books(sources: Vec<Source>) -> io::Result<Vec<Vec<Source>>> {
    let (drafts, pages): (Vec<Source>, Vec<Source>) = sources.into_iter().partition(is_draft);
    let mut books = Vec::new();
    if !pages.is_empty() {
        let holidays: Vec<Source> = calendars(&pages).collect();
        books.push(pages.into_iter().chain(holidays).collect());
    }
    for draft in drafts {
        books.push(over_base(draft)?);
    }
    Ok(books)
}

/// A draft with its base before it, read from beside the draft (or from the program, for a shipped one).
pub fn over_base(draft: Source) -> io::Result<Vec<Source>> {
    let page = Page::read(&draft, 0, &mut Problems::default());
    let folder = draft.path.rsplit_once('/').map_or(String::new(), |(f, _)| format!("{f}/"));
    let mut sources = Vec::new();
    for (base, _) in page.base() {
        let path = rulebook::join(&folder, &base);
        let shipped = shipped().into_iter().chain(shipped_policies()).find(|s| s.path == path);
        match (fs::metadata(&path), shipped) {
            (Ok(_), _) => sources.push(source(Path::new(&path))?),
            (Err(_), Some(page)) => sources.push(page),
            // The book names what is missing, with a caret in the draft.
            (Err(_), None) => {}
        }
    }
    let holidays: Vec<Source> = calendars(&sources).collect();
    sources.extend(holidays);
    sources.push(draft);
    Ok(sources)
}
