//! `bongsu check`: rule pages read as a whole; every problem with its place, every case run, and what no case notices.

use crate::pages;
use crate::report::problems;
use rulebook::page::Source;
use rulebook::problem::{Level, Problem, Problems};
use std::io::IsTerminal;
use std::path::PathBuf;

/// Checks pages; the exit code is 0 when nothing is wrong, 1 when a page is, 2 when a page cannot be read.
pub fn run(paths: &[PathBuf], strict: bool, moves: bool) -> i32 {
    let sources = if paths.is_empty() { Ok(pages::shipped()) } else { pages::read(paths) };
    let books = sources.and_then(pages::books);
    let books = match books {
        Ok(books) if !books.is_empty() => books,
        Ok(_) => {
            eprintln!(
                "error: no rule page there\nhint: pages are .md files; without a path the shipped ones are checked"
            );
            return 2;
        }
        Err(e) => {
            eprintln!("error: {e}\nhint: give files or folders of rule pages");
            return 2;
        }
    };
    let (mut errors, mut warnings, mut expectations, mut tables) = (0usize, 0usize, 0usize, 0usize);
    for sources in books {
        let checked = check_book(sources, moves);
        expectations += checked.expectations;
        tables += checked.tables;
        for problem in &checked.problems {
            match problem.level {
                Level::Error => errors += 1,
                Level::Warning => warnings += 1,
            }
        }
        print!("{}", problems::show(&checked.problems, &checked.sources, std::io::stdout().is_terminal()));
    }
    println!("{expectations} expectations in {tables} tables; {errors} errors, {warnings} warnings");
    i32::from(errors > 0 || strict && warnings > 0)
}

/// What checking one book found.
pub struct Checked {
    /// The pages, for messages.
    pub sources: Vec<Source>,
    /// All that is wrong.
    pub problems: Vec<Problem>,
    /// How many expected results were compared.
    pub expectations: usize,
    /// In how many tables.
    pub tables: usize,
}

/// Builds one book, runs its cases, and moves each sign, number and date one step.
pub fn check_book(sources: Vec<Source>, moves: bool) -> Checked {
    let (mut book, mut problems) = rulebook::build(kernel::words::vocabulary(), sources.clone());
    let mut checked = Checked { sources, problems: Vec::new(), expectations: 0, tables: 0 };
    if !problems.iter().any(|p| p.level == Level::Error) {
        let mut found = Problems::default();
        for table in &book.tables {
            checked.expectations += rulebook::case::run(&book, table, &mut found);
            checked.tables += 1;
        }
        let clean = !found.has_errors();
        if clean && moves {
            rulebook::mutate::unnoticed(&mut book, &mut found);
        }
        problems.extend(found.sorted());
    }
    checked.problems = problems;
    checked
}
