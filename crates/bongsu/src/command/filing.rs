//! `bongsu filing`: drawn up, checked, submitted, received, decided; every version kept.

use crate::authority::Sight;
use crate::command::evidence::moment;
use crate::command::verify::read_key;
use crate::filing::check::{Problem, Severity};
use crate::filing::{desk, diff, gather, package, period, verify};
use crate::lang::Lang;
use crate::recorder;
use crate::report::words;
use crate::trouble::Trouble;
use crate::{vault, walk};
use clap::{Args, Subcommand};
use journal::checkpoint::Checkpoint;
use journal::note::Note;
use kernel::fact::FilingStep;
use kernel::filing::{kept_back, types};
use rulebook::finding::Verdict;
use rulebook::time::Instant;
use std::path::{Path, PathBuf};

/// What is to be done.
#[derive(Subcommand)]
pub enum Action {
    /// The types of filing, who signs them, and what every filing keeps back
    Types,
    /// Draw a package up, check it and record it as a draft
    #[command(
        after_help = "Examples:\n  bongsu filing prepare assets-monthly --exchange upbit --period 2026-10 --data DIR\n  bongsu filing prepare security-yearly --exchange upbit --period 2025 --data DIR --explain \"kr.isms.1-1-6.budget=rises to 7 % in 2027\" --out yearly.filing\n  bongsu filing prepare order-answer --exchange upbit --order o-7 --data DIR"
    )]
    Prepare {
        /// What is filed.
        #[command(flatten)]
        what: What,
        /// Also write the package to this file
        #[arg(long)]
        out: Option<PathBuf>,
        /// Who draws it up, as an opaque reference
        #[arg(long, default_value = "desk")]
        by: String,
    },
    /// The supervisor's own check, before anything is recorded: the whole list at once
    #[command(
        after_help = "Example:\n  bongsu filing check assets-monthly --exchange upbit --period 2026-10 --data DIR"
    )]
    Check {
        /// What is filed.
        #[command(flatten)]
        what: What,
    },
    /// Submit the latest draft: signatories, and nothing left that must be fixed or explained
    #[command(
        after_help = "Example:\n  bongsu filing submit assets-monthly-2026-10 --exchange upbit --data DIR --sign cfo=p-1 --sign ciso=p-2 --out october.filing"
    )]
    Submit {
        /// Which filing.
        #[command(flatten)]
        of: Of,
        /// ROLE=WHO; each role that its type names, each another person
        #[arg(long, value_parser = pair)]
        sign: Vec<(String, String)>,
        /// Write the signed package to this file
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Receive a package at the supervisor: verify it, keep it, take its facts onto record
    #[command(
        after_help = "Example:\n  bongsu filing receive october.filing --data SUPERVISOR --key upbit.pub --by fss-1"
    )]
    Receive {
        /// The package
        file: PathBuf,
        /// The supervisor's journal
        #[arg(long)]
        data: PathBuf,
        /// Who receives it, as an opaque reference
        #[arg(long)]
        by: String,
        /// How it is checked.
        #[command(flatten)]
        checks: Checks,
        /// The key of the exchange's journal; the registered one when left out
        #[arg(long)]
        key: Option<String>,
    },
    /// Take a filing under review
    Review(Of),
    /// Send a filing back, with reasons; the next version answers
    Return {
        /// Which filing.
        #[command(flatten)]
        of: Of,
        /// What is to be corrected
        #[arg(long)]
        reason: String,
    },
    /// Accept a filing
    Accept(Of),
    /// Close an accepted filing
    Close(Of),
    /// Every filing with every version
    List {
        /// The journal's folder
        #[arg(long)]
        data: PathBuf,
        /// One exchange
        #[arg(long)]
        exchange: Option<String>,
        /// Only what reached this authority: filings on rules that it supervises, or is told of
        #[arg(long = "as")]
        seen_by: Option<String>,
        /// By which day it supervises; today when left out
        #[arg(long, requires = "seen_by")]
        as_of: Option<String>,
    },
    /// One filing: its steps, and what its package says
    Show {
        /// Which filing.
        #[command(flatten)]
        of: Of,
        /// Which version; the latest when left out
        #[arg(long = "number")]
        version: Option<u64>,
        /// Print how each finding came about
        #[arg(long)]
        traces: bool,
    },
    /// What changed between two packages: facts, findings, amounts
    #[command(after_help = "Example:\n  bongsu filing diff september.filing october.filing")]
    Diff {
        /// The earlier package
        a: PathBuf,
        /// The later package
        b: PathBuf,
    },
    /// Reveal one entry that a filing kept back, with its proof
    #[command(after_help = "Example:\n  bongsu filing reveal 4711 --exchange upbit --data DIR --out entry-4711.filing")]
    Reveal {
        /// The entry
        entry: u64,
        /// The exchange
        #[arg(long)]
        exchange: String,
        /// The journal's folder
        #[arg(long)]
        data: PathBuf,
        /// The file to write
        #[arg(long)]
        out: PathBuf,
    },
}

/// What is filed.
#[derive(Args)]
pub struct What {
    /// A type of `bongsu filing types`
    kind: String,
    /// The exchange
    #[arg(long)]
    exchange: String,
    /// The journal's folder
    #[arg(long)]
    data: PathBuf,
    /// 2026, 2026-10 or 2026-10-31, as the type asks
    #[arg(long)]
    period: Option<String>,
    /// Its id; made of type and period when left out
    #[arg(long)]
    id: Option<String>,
    /// The order that is answered
    #[arg(long)]
    order: Option<String>,
    /// RULE=TEXT: why a rule is not met, open, or changed
    #[arg(long, value_parser = pair)]
    explain: Vec<(String, String)>,
    /// Reveal what is kept back by default, by its name in `bongsu filing types`
    #[arg(long, value_delimiter = ',')]
    reveal: Vec<String>,
}

/// Which filing.
#[derive(Args)]
pub struct Of {
    /// Its id
    id: String,
    /// The exchange
    #[arg(long)]
    exchange: String,
    /// The journal's folder
    #[arg(long)]
    data: PathBuf,
    /// Who does it, as an opaque reference
    #[arg(long, default_value = "desk")]
    by: String,
}

/// How a package is checked.
#[derive(Args, Default)]
pub struct Checks {
    /// A witness that must have cosigned the checkpoint: its verifier key, or a file with it
    #[arg(long)]
    pub witness: Vec<String>,
    /// A checkpoint seen before; an older one is refused
    #[arg(long)]
    pub seen: Vec<PathBuf>,
    /// Take a rulebook that neither this program nor this journal knows
    #[arg(long)]
    pub allow_rulebook: bool,
    /// Compare the files of evidence in this folder with their recorded hashes
    #[arg(long)]
    pub evidence: Option<PathBuf>,
}

impl Checks {
    /// Adds them to what is asked of a package.
    pub fn add(&self, asked: &mut verify::Asked) -> Result<(), Trouble> {
        for witness in &self.witness {
            asked.witnesses.push(read_key(witness)?);
        }
        for path in &self.seen {
            let text = std::fs::read_to_string(path).map_err(|e| Trouble::file(path, &e))?;
            let hint = "give the file DIR/log/checkpoint, or what a witness cosigned";
            let wrong = |e: String| Trouble::new(format!("{}: {e}", path.display()), hint);
            let note = Note::parse(&text).map_err(|e| wrong(e.to_string()))?;
            asked.seen.push(Checkpoint::parse(note.text).map_err(|e| wrong(e.to_string()))?);
        }
        asked.allow_rulebook = self.allow_rulebook;
        Ok(())
    }
}

/// `NAME=TEXT`.
fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=TEXT")?;
    if name.trim().is_empty() || value.trim().is_empty() {
        return Err("write NAME=TEXT, neither of them empty".into());
    }
    Ok((name.trim().into(), value.trim().into()))
}

/// Runs it. Exit code 1: something must be fixed or explained, or does not hold.
pub fn run(action: &Action, lang: Lang) -> Result<i32, Trouble> {
    match action {
        Action::Types => {
            print_types(lang);
            Ok(0)
        }
        Action::Prepare { what, out, by } => {
            let plan = plan(what)?;
            let drawn = desk::prepare(&what.data, &plan, by, lang)?;
            println!(
                "{} {} {}: {} {}",
                plan.id,
                lang.pick("version", "판"),
                drawn.version,
                lang.pick("draft, not submitted; package", "작성 중(미제출), 패키지"),
                desk::name(&drawn.hash)
            );
            if let Some(out) = out {
                std::fs::write(out, &drawn.bytes).map_err(|e| Trouble::file(out, &e))?;
            }
            Ok(problems(&drawn.problems, lang))
        }
        Action::Check { what } => {
            let state = walk::state(&what.data)?;
            let drawn = desk::draw(&what.data, &state, &plan(what)?, lang)?;
            Ok(problems(&drawn.problems, lang))
        }
        Action::Submit { of, sign, out } => match desk::submit(&of.data, &of.exchange, &of.id, sign, &of.by, lang)? {
            Ok(bytes) => {
                println!("{}: {}", of.id, lang.pick("submitted", "제출됨"));
                if let Some(out) = out {
                    std::fs::write(out, &bytes).map_err(|e| Trouble::file(out, &e))?;
                }
                Ok(0)
            }
            Err(list) => {
                println!("{}: {}", of.id, lang.pick("NOT submitted", "제출되지 않음"));
                problems(&list, lang);
                Ok(1)
            }
        },
        Action::Receive { file, data, by, checks, key } => receive(file, data, by, checks, key.as_deref(), lang),
        Action::Review(of) => decide(of, FilingStep::UnderReview, "", lang),
        Action::Return { of, reason } => decide(of, FilingStep::Returned, reason, lang),
        Action::Accept(of) => decide(of, FilingStep::Accepted, "", lang),
        Action::Close(of) => decide(of, FilingStep::Closed, "", lang),
        Action::List { data, exchange, seen_by, as_of } => {
            list(data, exchange.as_deref(), seen_by.as_deref(), as_of.as_deref(), lang)
        }
        Action::Show { of, version, traces } => show(of, *version, *traces, lang),
        Action::Diff { a, b } => compare(a, b, lang),
        Action::Reveal { entry, exchange, data, out } => {
            let key = package::key(data)?;
            let header = package::Header {
                kind: verify::REVEALED.into(),
                id: format!("entry-{entry}"),
                version: 1,
                exchange: exchange.clone(),
                period: kernel::fact::Period { from: Instant(0), until: Instant(0) },
                rules: Vec::new(),
                semantics: kernel::SEMANTICS,
                program: gather::program(),
                revealed: Vec::new(),
            };
            let (bytes, _) = gather::reveal(data, &key, header, *entry)?;
            // What cannot be verified is not handed out: the entry may be of another exchange.
            verify::verify(&bytes, &verify::Asked::default())?;
            std::fs::write(out, bytes).map_err(|e| Trouble::file(out, &e))?;
            println!("{} {entry}: {}", lang.pick("entry", "항목"), out.display());
            Ok(0)
        }
    }
}

fn plan(what: &What) -> Result<desk::Plan, Trouble> {
    let state = walk::state(&what.data)?;
    let (period, id, order) = (what.period.as_deref(), what.id.as_deref(), what.order.as_deref());
    let mut plan = desk::plan(&state, &what.kind, &what.exchange, period, id, order)?;
    for name in &what.reveal {
        if !kept_back().iter().any(|kept| kept.name == *name) {
            let known: Vec<String> = kept_back().into_iter().map(|kept| kept.name).collect();
            let hint = format!("known are {}", known.join(", "));
            return Err(Trouble::new(format!("`{name}` is nothing that is kept back"), hint));
        }
    }
    plan.revealed.clone_from(&what.reveal);
    plan.explained.clone_from(&what.explain);
    Ok(plan)
}

/// Prints the whole list; 1 where something stops.
fn problems(list: &[Problem], lang: Lang) -> i32 {
    for (severity, head) in [
        (Severity::MustFix, lang.pick("must fix", "반드시 수정")),
        (Severity::MustExplain, lang.pick("must explain", "설명 필요")),
    ] {
        let of: Vec<&Problem> = list.iter().filter(|problem| problem.severity == severity).collect();
        if of.is_empty() {
            continue;
        }
        println!("\n{head}: {}", of.len());
        for problem in of {
            let subject = problem.subject.as_ref().map_or(String::new(), |n| format!(" {}/{}", n.kind, n.name));
            println!("  {} {}{subject}: {}", problem.code, problem.rule, problem.what);
            match &problem.explained {
                Some(text) => println!("      {}: {text}", lang.pick("explained", "설명")),
                None => println!("      {}", problem.hint),
            }
        }
    }
    let stops = list.iter().filter(|problem| problem.stops()).count();
    if stops == 0 {
        println!("{}", lang.pick("\nnothing keeps it from being submitted", "\n제출을 막는 문제 없음"));
        return 0;
    }
    println!(
        "\n{stops} {}",
        lang.pick("to fix or explain before it can be submitted", "건을 수정하거나 설명해야 제출 가능")
    );
    1
}

fn receive(file: &Path, data: &Path, by: &str, checks: &Checks, key: Option<&str>, lang: Lang) -> Result<i32, Trouble> {
    let bytes = package::read(file)?;
    let state = desk::supervisor(data)?;
    let key = match key {
        Some(text) => Some(read_key(text)?),
        None => desk::known_key(&state, &bytes),
    };
    if key.is_none() {
        let hint = "give --key with the key you were given over another channel, or register the journal as a witness";
        return Err(Trouble::no("the key of that exchange's journal is not known here", hint));
    }
    let mut asked = desk::knows(&state, key, checks.allow_rulebook);
    checks.add(&mut asked)?;
    let verified = verify::verify(&bytes, &asked)?;
    let code = print_verified(&verified, lang);
    evidence(&verified, checks.evidence.as_deref(), lang)?;
    let received = desk::receive(data, &verified, &bytes, by)?;
    println!(
        "{} {}: {} {}, {} {}",
        lang.pick("received, entry", "접수, 항목"),
        received.entry,
        received.written,
        lang.pick("facts new", "건 신규"),
        received.already,
        lang.pick("known already", "건 기존"),
    );
    if received.orders > 0 {
        let text = lang.pick(
            "steps on orders are in the package; take them up with `bongsu order`",
            "건의 명령 이행 단계가 있음. `bongsu order`로 처리",
        );
        println!("{} {text}", received.orders);
    }
    Ok(code)
}

fn decide(of: &Of, step: FilingStep, reason: &str, lang: Lang) -> Result<i32, Trouble> {
    let moved = desk::decide(&of.data, &of.exchange, &of.id, step, &of.by, reason)?;
    println!("{} {} {}: {}", of.id, lang.pick("version", "판"), moved.version, lang.pick(step.name(), step.name_ko()));
    Ok(0)
}

fn list(
    data: &Path,
    exchange: Option<&str>,
    seen_by: Option<&str>,
    as_of: Option<&str>,
    lang: Lang,
) -> Result<i32, Trouble> {
    let state = walk::state(data)?;
    let zone = walk::zone(&state);
    let now = as_of.map_or(Ok(Instant(recorder::now())), |text| moment(text, "--as-of", &zone))?;
    let sight = seen_by.map(|authority| Sight::of(&state, authority, now)).transpose()?;
    for ((of, id), filing) in state.filings().iter().filter(|((of, _), _)| exchange.is_none_or(|e| e == of)) {
        for version in &filing.versions {
            let Some(((_, first), (_, last))) = version.moves.first().zip(version.moves.last()) else { continue };
            let part = match &sight {
                None => Vec::new(),
                // A draft is the exchange's own, and a package that is not kept names no rule.
                Some(_) if last.step == FilingStep::Draft => continue,
                Some(sight) => match desk::part(data, &state, of, id, version.number, sight) {
                    part if part.is_empty() => continue,
                    part => part,
                },
            };
            let saved = if last.step == FilingStep::Draft { lang.pick("  NOT SUBMITTED", "  미제출") } else { "" };
            let covered = first.period.map_or(String::new(), |p| period::show(p, &zone));
            let step = lang.pick(last.step.name(), last.step.name_ko());
            println!("{of:12} {id:40} {:>3}  {step:14} {}  {covered}{saved}", version.number, zone.show(last.at));
            for (rule, shared) in part {
                let shared = words::shared_under(shared, lang).map_or(String::new(), |shared| format!("  {shared}"));
                println!("    {rule}{shared}");
            }
        }
    }
    Ok(0)
}

fn show(of: &Of, version: Option<u64>, traces: bool, lang: Lang) -> Result<i32, Trouble> {
    let state = walk::state(&of.data)?;
    let zone = walk::zone(&state);
    for version in &desk::filing(&state, &of.exchange, &of.id)?.versions {
        for (stamp, moved) in &version.moves {
            let step = lang.pick(moved.step.name(), moved.step.name_ko());
            println!("{:>3}  {}  {step:14} {} #{}", version.number, zone.show(moved.at), moved.by, stamp.index);
            for signatory in &moved.signatories {
                println!("       {} {}", signatory.role, signatory.who);
            }
            if let Some(receipt) = &moved.receipt {
                println!(
                    "       {} {}, {} {}",
                    lang.pick("from", "출처"),
                    receipt.origin,
                    receipt.size,
                    lang.pick("entries", "항목")
                );
            }
            if !moved.reason.is_empty() {
                println!("       {}", moved.reason);
            }
        }
    }
    let bytes = desk::kept(&of.data, &state, &of.exchange, &of.id, version)?;
    let asked = verify::Asked { pages: desk::pages(&state), allow_rulebook: true, ..verify::Asked::default() };
    let verified = verify::verify(&bytes, &asked)?;
    println!();
    let code = print_verified(&verified, lang);
    for (finding, trace) in verified.filed.iter().zip(&verified.package.traces) {
        if matches!(finding.verdict, Verdict::NotInForce | Verdict::NotApplicable) && !traces {
            continue;
        }
        println!("{}", crate::command::explain::one_line(finding));
        if traces {
            print!("{trace}");
        }
    }
    Ok(code)
}

fn compare(a: &Path, b: &Path, lang: Lang) -> Result<i32, Trouble> {
    let (old, new) = (package::read(a)?, package::read(b)?);
    let asked = verify::Asked { allow_rulebook: true, ..verify::Asked::default() };
    let (old, new) = (verify::verify(&old, &asked)?, verify::verify(&new, &asked)?);
    let diff = diff::diff(&old, &new);
    for (head, list) in [
        (lang.pick("facts added", "추가된 사실"), &diff.added),
        (lang.pick("facts removed", "빠진 사실"), &diff.removed),
    ] {
        println!("{head}: {}", list.len());
        list.iter().for_each(|(entry, text)| println!("  #{entry} {text}"));
    }
    println!("{}: {}", lang.pick("findings changed", "달라진 판정"), diff.findings.len());
    for (was, is) in &diff.findings {
        let Some(about) = is.as_ref().or(was.as_ref()) else { continue };
        let subject = about.subject.as_ref().map_or(String::new(), |n| format!(" {}/{}", n.kind, n.name));
        println!("  {}{subject}: {} → {}", about.rule, diff::line(was), diff::line(is));
    }
    for (rule, text) in &diff.explained {
        println!("{} {rule}: {text}", lang.pick("explained", "설명"));
    }
    Ok(0)
}

fn print_types(lang: Lang) {
    for kind in types() {
        println!("{:18} {}", kind.id, lang.pick(&kind.title.0, &kind.title.1));
        println!("{:18}   {}: {}", "", lang.pick("signed by", "서명"), kind.signatories.join(", "));
        println!("{:18}   {}: {}", "", lang.pick("rules", "규칙"), kind.rules.join(", "));
        println!("{:18}   {}", "", kind.basis);
    }
    println!("\n{}", lang.pick("kept back unless --reveal names it", "--reveal로 지정하지 않으면 비공개"));
    for kept in kept_back() {
        println!("{:18} {:8} {}", kept.name, kept.what, kept.why);
    }
}

/// Prints what a package is and whether it holds; 1 where it does not.
pub fn print_verified(verified: &verify::Verified<'_>, lang: Lang) -> i32 {
    let header = &verified.package.header;
    let zone = verified.book().map_or_else(rulebook::time::Zone::utc, |book| walk::zone_of(book));
    let row = |name: &str, value: String| println!("{name:24} {value}");
    row(lang.pick("filing", "신고"), format!("{} {} ({})", header.id, header.version, header.kind));
    row(lang.pick("exchange", "사업자"), header.exchange.clone());
    if header.kind != verify::REVEALED {
        row(lang.pick("period", "기간"), period::show(header.period, &zone));
    }
    row(
        lang.pick("journal", "저널"),
        format!("{}, {} {}", verified.checkpoint.origin, verified.checkpoint.size, lang.pick("entries", "항목")),
    );
    row(lang.pick("sealed by", "봉인"), verified.key.to_string());
    for signatory in &verified.signatories {
        row(lang.pick("signed by", "서명"), format!("{} {}", signatory.role, signatory.who));
    }
    row(
        lang.pick("cosigned by", "증인"),
        if verified.cosigners.is_empty() { "–".into() } else { verified.cosigners.join(", ") },
    );
    row(lang.pick("facts proven", "증명된 사실"), verified.facts.len().to_string());
    row(lang.pick("kept back or destroyed", "비공개·파기"), verified.unseen.len().to_string());
    if header.kind == verify::REVEALED {
        for (stamp, fact) in &verified.facts {
            println!("#{} {}", stamp.index, crate::filing::examine::one_line(fact));
        }
        println!("{}", lang.pick("verified: the entry is in the journal", "검증됨: 저널에 있는 항목임"));
        return 0;
    }
    row(lang.pick("findings re-performed", "재수행한 판정"), verified.follows.len().to_string());
    let mut by_verdict: Vec<(&str, usize)> = Vec::new();
    for finding in &verified.follows {
        let name = words::verdict(finding.verdict, finding.status, lang);
        match by_verdict.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => by_verdict.push((name, 1)),
        }
    }
    let counted: Vec<String> = by_verdict.iter().map(|(name, count)| format!("{count} {name}")).collect();
    row("", counted.join(", "));
    if verified.not_reperformed > 0 {
        row(lang.pick("resting on what is unseen", "비공개 사실에 근거"), verified.not_reperformed.to_string());
    }
    for (rule, text) in &verified.package.explained {
        println!("{} {rule}: {text}", lang.pick("explained", "설명"));
    }
    for (filed, follows) in &verified.differences {
        let about = filed.as_ref().or(follows.as_ref());
        let Some(about) = about else {
            println!("{}", lang.pick("DIFFERENCE: the findings are in another order", "불일치: 판정의 순서가 다름"));
            continue;
        };
        let subject = about.subject.as_ref().map_or(String::new(), |n| format!(" {}/{}", n.kind, n.name));
        let (was, is) = (diff::line(filed), diff::line(follows));
        let both = if was == is {
            lang.pick("differs in its details", "세부 내용이 다름").to_string()
        } else {
            format!("{} {was}, {} {is}", lang.pick("filed", "신고"), lang.pick("follows", "도출"))
        };
        println!("{} {}{subject}: {both}", lang.pick("DIFFERENCE", "불일치"), about.rule);
    }
    if verified.other_traces > 0 {
        println!(
            "{} {}",
            verified.other_traces,
            lang.pick("traces are not those that follow", "건의 판정 근거가 다름")
        );
    }
    if verified.holds() {
        println!(
            "{}",
            lang.pick("verified: every finding follows from the facts", "검증됨: 모든 판정이 사실에서 도출됨")
        );
        return 0;
    }
    println!(
        "{}",
        lang.pick(
            "NOT VERIFIED: findings do not follow from the facts",
            "검증 실패: 사실에서 도출되지 않는 판정이 있음"
        )
    );
    1
}

/// Compares files of evidence with what was recorded of them.
pub fn evidence(verified: &verify::Verified<'_>, folder: Option<&Path>, lang: Lang) -> Result<(), Trouble> {
    let Some(folder) = folder else { return Ok(()) };
    for kept in verified.evidence() {
        let by_hash = folder.join(crate::command::verify::hex(&kept.hash));
        let path = if by_hash.exists() { by_hash } else { folder.join(&kept.name) };
        match vault::hash_of(&path) {
            Err(_) => println!("{} {}", kept.name, lang.pick("is not in that folder", "파일이 폴더에 없음")),
            Ok(hash) if hash == kept.hash => {
                println!("{} {}", kept.name, lang.pick("is what was recorded", "기록과 일치"))
            }
            Ok(_) => {
                let what = "expected the file whose hash was recorded, found another";
                return Err(crate::filing::Fault::Evidence { path, what }.into());
            }
        }
    }
    Ok(())
}

/// `bongsu verify FILE`.
pub fn verify_file(path: &Path, key: Option<&str>, checks: &Checks, lang: Lang) -> Result<i32, Trouble> {
    let bytes = package::read(path)?;
    let mut asked = verify::Asked { key: key.map(read_key).transpose()?, ..verify::Asked::default() };
    checks.add(&mut asked)?;
    let verified = verify::verify(&bytes, &asked)?;
    let code = print_verified(&verified, lang);
    if asked.key.is_none() {
        println!("note: checked against the key the package names itself; give --key to know whose it is");
    }
    evidence(&verified, checks.evidence.as_deref(), lang)?;
    Ok(code)
}
