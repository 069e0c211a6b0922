//! `bongsu report`: papers drawn up from what is on record, checked before they leave, recorded once they left.

use crate::adoption;
use crate::incident::clock::{Clock, Standing};
use crate::incident::{dossier::Dossier, file, text};
use crate::lang::Lang;
use crate::paper::{self, Draft, FORMS, Form, Problem, Severity, explanation, sent};
use crate::recorder::{self, Recorder};
use crate::trouble::Trouble;
use crate::walk;
use clap::Args;
use kernel::fact::{Observation, Remark};
use kernel::known::KnownAt;
use kernel::state::State;
use rulebook::book::Book;
use rulebook::time::{Instant, Zone};
use std::path::{Path, PathBuf};

/// What is asked.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  bongsu report\n  bongsu report kr.breach-report --data DIR --exchange upbit --incident upbit-2025-11-27 --as-of \"2025-11-27 11:00\" --out papers\n  bongsu report kr.breach-report --data DIR --exchange upbit --incident upbit-2025-11-27 --as-of \"2025-11-27 11:00\" --sent \"2025-11-27 11:57\""
)]
pub struct Arguments {
    /// Which paper; the list of them when left out
    form: Option<String>,
    /// The journal's folder
    #[arg(long, requires = "form")]
    data: Option<PathBuf>,
    /// The exchange
    #[arg(long, requires = "form")]
    exchange: Option<String>,
    /// The incident
    #[arg(long, requires = "form")]
    incident: Option<String>,
    /// The moment the paper is for; the time of sending, or else now, when left out
    #[arg(long)]
    as_of: Option<String>,
    /// Take only what was journaled up to this entry as known
    #[arg(long, conflicts_with = "explain")]
    known: Option<u64>,
    /// Write the files into this folder
    #[arg(long)]
    out: Option<PathBuf>,
    /// Why the paper leaves although an item must be explained, as `item: reason`; recorded
    #[arg(long)]
    explain: Vec<String>,
    /// It was sent at this time: records the notice
    #[arg(long)]
    sent: Option<String>,
    /// To whom it was sent, where not as the form says
    #[arg(long, requires = "sent")]
    to: Option<String>,
    /// Who sent or explains it, as an opaque reference
    #[arg(long, default_value = "desk")]
    by: String,
    /// The paper that really left, where it is not the one drawn up here
    #[arg(long, requires = "sent")]
    document: Option<PathBuf>,
    /// It really left although it was not complete: its notice contains only what it contains
    #[arg(long, requires = "sent")]
    incomplete: bool,
}

/// Runs it. Exit code 1: the paper may not leave yet.
pub fn run(arguments: &Arguments, lang: Lang) -> Result<i32, Trouble> {
    let Some(id) = &arguments.form else {
        print!("{}", list(lang));
        return Ok(0);
    };
    let form = paper::form(id).ok_or_else(|| {
        let ids: Vec<&str> = FORMS.iter().map(|form| form.id).collect();
        Trouble::new(format!("there is no paper `{id}`"), format!("there are {}", ids.join(", ")))
    })?;
    let asked = Asked {
        form,
        data: given(arguments.data.as_deref(), "--data", "DIR")?,
        exchange: given(arguments.exchange.as_deref(), "--exchange", "upbit")?,
        incident: given(arguments.incident.as_deref(), "--incident", "ID")?,
        arguments,
        lang,
    };
    asked.run()
}

fn given<'t, T: ?Sized>(value: Option<&'t T>, name: &str, example: &str) -> Result<&'t T, Trouble> {
    value.ok_or_else(|| Trouble::new(format!("{name} is missing"), format!("add {name} {example}")))
}

/// Every form in a line.
fn list(lang: Lang) -> String {
    let line = |form: &&Form| format!("{:24} {}\n", form.id, lang.pick(form.title.0, form.title.1));
    FORMS.iter().map(line).collect()
}

struct Asked<'t> {
    form: &'static Form,
    data: &'t Path,
    exchange: &'t str,
    incident: &'t str,
    arguments: &'t Arguments,
    lang: Lang,
}

impl Asked<'_> {
    fn run(&self) -> Result<i32, Trouble> {
        let arguments = self.arguments;
        if arguments.sent.is_none() && arguments.explain.is_empty() {
            let state = walk::state(self.data)?;
            let (draft, _) = self.draw(&state)?;
            return Ok(i32::from(!draft.is_complete()));
        }
        let mut recorder = Recorder::open(self.data)?;
        adoption::adopt_shipped(&mut recorder)?;
        let done = self.record(&mut recorder);
        recorder.close()?;
        done
    }

    /// Explains first, then draws, then records what was sent.
    fn record(&self, recorder: &mut Recorder) -> Result<i32, Trouble> {
        let explanations = self.explanations(&recorder.state)?;
        if !explanations.is_empty() {
            recorder.observe(&explanations, "report")?;
        }
        let (draft, notices) = self.draw(&recorder.state)?;
        let complete = i32::from(!draft.is_complete());
        let Some(notices) = notices else { return Ok(complete) };
        if !draft.problems.is_empty() && !self.arguments.incomplete {
            let (what, hint) = match self.lang {
                Lang::En => (
                    "the paper is not complete; nothing is recorded",
                    "mend it, or explain what must be explained (--explain \"item: reason\"); if it really left like this, add --incomplete",
                ),
                Lang::Ko => (
                    "서류가 완비되지 않아 기록하지 않았다",
                    "보완하거나 소명한다(--explain \"항목: 이유\"). 실제로 이대로 제출했으면 --incomplete를 붙인다",
                ),
            };
            return Err(Trouble::no(what, hint));
        }
        let recorded = recorder.observe(&notices, "report")?;
        let entries = recorded.entries.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
        println!("{} {entries}", self.lang.pick("recorded as sent: entry", "제출 기록: 항목"));
        self.clocks(&recorder.state, &recorded.entries)?;
        Ok(complete)
    }

    /// Draws the paper up, prints what is wrong with it, writes its files; the notices where it was sent.
    fn draw(&self, state: &State) -> Result<(Draft, Option<Vec<Observation>>), Trouble> {
        let (book, arguments) = (book(state)?, self.arguments);
        let zone = walk::zone_of(book);
        let sent = arguments.sent.as_deref().map(|text| read(&zone, text, "--sent")).transpose()?;
        let as_of = match (arguments.as_of.as_deref(), sent) {
            (Some(text), _) => read(&zone, text, "--as-of")?,
            (None, Some(sent)) => sent,
            (None, None) => Instant(recorder::now()),
        };
        if sent.is_some_and(|sent| as_of > sent) {
            let hint = "draw it up for the time it was drawn up for, or leave --as-of out";
            return Err(Trouble::new("a paper cannot tell what happened after it was sent", hint));
        }
        let known = arguments.known.map_or(KnownAt::Now, KnownAt::Entry);
        let dossier = Dossier::open(state, self.exchange, self.incident, as_of, known)?;
        let file = file::gather(dossier, book, &[], self.data, 0)?;
        let brief = file.brief(sent::before(&file.dossier, self.form), self.lang);
        let mut draft = (self.form.draw)(&brief)?;
        let explained = |problem: &Problem| {
            let reason = || explanation::of(&file.dossier, self.form.id, &problem.item);
            problem.severity == Severity::MustExplain && reason().is_some()
        };
        draft.problems.retain(|problem| !explained(problem));
        self.show(state, &file.dossier, &zone, &draft);
        self.write(&draft)?;
        let Some(at) = sent else { return Ok((draft, None)) };
        let read = |path: &PathBuf| std::fs::read(path).map_err(|e| Trouble::file(path, &e));
        let document = arguments.document.as_ref().map(read).transpose()?;
        let sending =
            sent::Sending { at, to: arguments.to.as_deref(), by: &arguments.by, document: document.as_deref() };
        let notices = sent::notices(self.form, &brief, &draft, &sending)?;
        Ok((draft, Some(notices)))
    }

    fn show(&self, state: &State, dossier: &Dossier<'_>, zone: &Zone, draft: &Draft) {
        let lang = self.lang;
        let title = lang.pick(self.form.title.0, self.form.title.1);
        let entry = self.arguments.known.or(state.last().map(|last| last.index)).unwrap_or(0);
        let (as_of, known) = (lang.pick("as of", "기준"), lang.pick("known up to entry", "기록 번호"));
        println!("{} · {title}", self.form.id);
        println!("{} · {} · {as_of} {} · {known} {entry}", self.exchange, self.incident, zone.show(dossier.as_of));
        if let Some((since, notice)) = sent::before(dossier, self.form) {
            println!("{} {} ({})", lang.pick("amends entry", "정정 대상 기록"), since.index, zone.show(notice.at));
        }
        for (severity, en, ko) in [
            (Severity::MustFix, "To mend before it leaves", "제출 전 보완할 사항"),
            (
                Severity::MustExplain,
                "To explain (--explain \"item: reason\")",
                "소명할 사항 (--explain \"항목: 이유\")",
            ),
        ] {
            let found: Vec<&Problem> = draft.problems.iter().filter(|problem| problem.severity == severity).collect();
            if found.is_empty() {
                continue;
            }
            println!("\n{}", lang.pick(en, ko));
            for problem in found {
                println!("  {} — {}\n      {}", problem.item, problem.expected, problem.hint);
            }
        }
        let contents = if draft.contents.is_empty() { "—".to_string() } else { draft.contents.join(", ") };
        println!("\n{}: {contents}", lang.pick("Contains", "기재사항"));
    }

    fn write(&self, draft: &Draft) -> Result<(), Trouble> {
        let Some(out) = &self.arguments.out else { return Ok(()) };
        std::fs::create_dir_all(out).map_err(|e| Trouble::file(out, &e))?;
        for (name, bytes) in &draft.files {
            let path = out.join(name);
            std::fs::write(&path, bytes).map_err(|e| Trouble::file(&path, &e))?;
            println!("{}", path.display());
        }
        Ok(())
    }

    fn explanations(&self, state: &State) -> Result<Vec<Observation>, Trouble> {
        let arguments = self.arguments;
        let zone = walk::zone(state);
        let text = arguments.as_of.as_deref().or(arguments.sent.as_deref());
        let at = text.map_or(Ok(Instant(recorder::now())), |text| read(&zone, text, "--as-of"))?;
        let name = Dossier::open(state, self.exchange, self.incident, at, KnownAt::Now)?.name();
        let one = |text: &String| {
            let parts = text.split_once(':').map(|(item, reason)| (item.trim(), reason.trim()));
            let Some((item, reason)) = parts.filter(|(item, reason)| !item.is_empty() && !reason.is_empty()) else {
                let hint = "write --explain \"cause: still being looked for\"";
                return Err(Trouble::new(format!("--explain `{text}` is no `item: reason`"), hint));
            };
            Ok(Remark {
                exchange: self.exchange.to_string(),
                subject: Some(name.clone()),
                at,
                topic: explanation::TOPIC.to_string(),
                id: explanation::id(self.form.id, item),
                text: reason.to_string(),
                owner: String::new(),
                due: None,
                done: false,
                by: arguments.by.clone(),
                source: String::new(),
            }
            .into())
        };
        arguments.explain.iter().map(one).collect()
    }

    /// Prints the clocks that waited for this notice, as they stand when it was sent: stopped, or what they still miss.
    fn clocks(&self, state: &State, entries: &[u64]) -> Result<(), Trouble> {
        let book = book(state)?;
        let Some(text) = &self.arguments.sent else { return Ok(()) };
        let sent = read(&walk::zone_of(book), text, "--sent")?;
        let dossier = Dossier::open(state, self.exchange, self.incident, sent, KnownAt::Now)?;
        let file = file::gather(dossier, book, &[], self.data, 0)?;
        let lacks = |clock: &Clock| clock.lacking.iter().any(|(entry, _)| entries.contains(entry));
        let stopped = |clock: &Clock| clock.done == Some(sent);
        for clock in file.clocks.iter().filter(|clock| clock.standing != Standing::Silent) {
            if !stopped(clock) && !lacks(clock) {
                continue;
            }
            let rule = &book.rules[clock.rule.index()];
            let (standing, line) = text::clock_line(clock, rule, &walk::zone_of(book), self.lang);
            println!("  {standing} {line}");
            for (_, lacks) in clock.lacking.iter().filter(|(entry, _)| entries.contains(entry)) {
                println!(
                    "      {}: {}",
                    self.lang.pick("does not stop it; lacks", "기한을 멈추지 않음. 누락"),
                    lacks.join(", ")
                );
            }
        }
        Ok(())
    }
}

/// The rulebook that a journal has adopted.
fn book(state: &State) -> Result<&Book, Trouble> {
    state.adoptions().last().and_then(|adoption| adoption.book.as_deref()).ok_or_else(|| {
        Trouble::new("no rulebook is adopted in this journal", "`bongsu import --data DIR FILE` adopts the shipped law")
    })
}

fn read(zone: &Zone, text: &str, what: &str) -> Result<Instant, Trouble> {
    zone.read(text).ok_or_else(|| {
        Trouble::new(format!("{what} `{text}` is not a date"), "write 2026-11-22 or \"2026-11-22 09:00\"")
    })
}
