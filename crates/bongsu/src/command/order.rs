//! `bongsu order`: orders and requests, from the finding they rest on to the retest that closes them.

use crate::authority::Sight;
use crate::command::evidence::{moment, subject_of};
use crate::command::explain::one_line;
use crate::filing::examine;
use crate::lang::Lang;
use crate::recorder::{self, Recorder};
use crate::report::words;
use crate::trouble::Trouble;
use crate::walk;
use clap::{Args, Subcommand};
use kernel::body::Body;
use kernel::fact::{OrderKind, OrderMoved, OrderStep};
use kernel::finding::{self, Finding};
use kernel::order::Order;
use rulebook::finding::Verdict;
use rulebook::time::Instant;
use std::path::{Path, PathBuf};

/// What is to be done.
#[derive(Subcommand)]
pub enum Action {
    /// Issue an order on a rule that is not met, or a request on one that cannot be assessed
    #[command(
        after_help = "Examples:\n  bongsu order issue o-7 --exchange upbit --data DIR --rule kr.vaupa.7-3 --as-of 2026-10-31 --due 2026-12-31 --text \"raise the cold share\" --by fss-2\n  bongsu order issue q-8 --request --exchange upbit --data DIR --rule kr.vaupa.8 --as-of 2026-10-31 --due 2026-12-01 --text \"say what is insured\" --by fss-2"
    )]
    Issue {
        /// Which order.
        #[command(flatten)]
        of: Of,
        /// The rule it rests on
        #[arg(long)]
        rule: String,
        /// kind/name of the finding's subject
        #[arg(long)]
        subject: Option<String>,
        /// The day or moment that its finding is for; now when left out
        #[arg(long)]
        as_of: Option<String>,
        /// Until when
        #[arg(long)]
        due: String,
        /// What is to be done
        #[arg(long)]
        text: String,
        /// Ask for what is not known, instead of ordering what is not met
        #[arg(long)]
        request: bool,
    },
    /// File the plan
    Plan {
        /// Which order.
        #[command(flatten)]
        of: Of,
        /// The plan
        #[arg(long)]
        text: String,
        /// Until when the exchange means to be done
        #[arg(long)]
        due: Option<String>,
    },
    /// Accept the plan
    AcceptPlan(Of),
    /// Send the plan back, with reasons
    ReturnPlan {
        /// Which order.
        #[command(flatten)]
        of: Of,
        /// Reasons
        #[arg(long)]
        text: String,
    },
    /// Say that a milestone was reached
    Milestone {
        /// Which order.
        #[command(flatten)]
        of: Of,
        /// Which
        #[arg(long)]
        text: String,
    },
    /// Hand in evidence that `bongsu evidence add` kept
    Evidence {
        /// Which order.
        #[command(flatten)]
        of: Of,
        /// The hash, or its first letters; may be repeated
        #[arg(long, required = true)]
        hash: Vec<String>,
        /// What it shows
        #[arg(long, default_value = "")]
        text: String,
    },
    /// Move the due date, with reasons
    Extend {
        /// Which order.
        #[command(flatten)]
        of: Of,
        /// Until when
        #[arg(long)]
        due: String,
        /// Reasons
        #[arg(long)]
        text: String,
    },
    /// Try the rule again: the finding is concluded and stands in the journal
    Retest {
        /// Which order.
        #[command(flatten)]
        of: Of,
        /// The day or moment; now when left out
        #[arg(long)]
        as_of: Option<String>,
    },
    /// Close an order whose retest is met
    Close(Of),
    /// Hand an order on to those who punish, with reasons
    Escalate {
        /// Which order.
        #[command(flatten)]
        of: Of,
        /// Reasons
        #[arg(long)]
        text: String,
    },
    /// Every order and request
    #[command(after_help = "Example:\n  bongsu order list --overdue --as-of 2026-12-31 --data DIR")]
    List {
        /// The journal's folder
        #[arg(long)]
        data: PathBuf,
        /// One exchange
        #[arg(long)]
        exchange: Option<String>,
        /// Only those whose due date has passed
        #[arg(long)]
        overdue: bool,
        /// By which day; now when left out
        #[arg(long)]
        as_of: Option<String>,
        /// Only orders on rules that this authority supervises on that day, or is told of
        #[arg(long = "as")]
        seen_by: Option<String>,
    },
}

/// Which order.
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
    #[arg(long)]
    by: String,
}

/// Runs it. Exit code 1: something is overdue, or a retest is not met.
pub fn run(action: &Action, lang: Lang) -> Result<i32, Trouble> {
    match action {
        Action::Issue { of, rule, subject, as_of, due, text, request } => {
            let state = walk::state(&of.data)?;
            let zone = walk::zone(&state);
            let now = Instant(recorder::now());
            let as_of = as_of.as_deref().map_or(Ok(now), |text| moment(text, "--as-of", &zone))?;
            let book = state.adoptions().last().and_then(|adoption| adoption.book.as_deref());
            let moved = OrderMoved {
                exchange: of.exchange.clone(),
                id: of.id.clone(),
                kind: if *request { OrderKind::Request } else { OrderKind::Order },
                rule: rule.clone(),
                subject: subject.as_deref().map(subject_of).transpose()?,
                as_of,
                step: OrderStep::Issued,
                at: now,
                due: Some(moment(due, "--due", &zone)?),
                evidence: Vec::new(),
                text: text.clone(),
                penalty: book.map(|book| examine::penalty(book, rule, as_of)).unwrap_or_default(),
                by: of.by.clone(),
            };
            tell(&of.data, moved, lang).map(|_| 0)
        }
        Action::Plan { of, text, due } => step(of, OrderStep::PlanFiled, text, due.as_deref(), None, &[], lang),
        Action::AcceptPlan(of) => step(of, OrderStep::PlanAccepted, "", None, None, &[], lang),
        Action::ReturnPlan { of, text } => step(of, OrderStep::PlanReturned, text, None, None, &[], lang),
        Action::Milestone { of, text } => step(of, OrderStep::Milestone, text, None, None, &[], lang),
        Action::Evidence { of, hash, text } => step(of, OrderStep::Evidence, text, None, None, hash, lang),
        Action::Extend { of, due, text } => step(of, OrderStep::Extended, text, Some(due), None, &[], lang),
        Action::Retest { of, as_of } => step(of, OrderStep::Retested, "", None, as_of.as_deref(), &[], lang),
        Action::Close(of) => step(of, OrderStep::Closed, "", None, None, &[], lang),
        Action::Escalate { of, text } => step(of, OrderStep::Escalated, text, None, None, &[], lang),
        Action::List { data, exchange, overdue, as_of, seen_by } => {
            list(data, exchange.as_deref(), *overdue, as_of.as_deref(), seen_by.as_deref(), lang)
        }
    }
}

/// A step on an order that is on record.
fn step(
    of: &Of,
    step: OrderStep,
    text: &str,
    due: Option<&str>,
    as_of: Option<&str>,
    hashes: &[String],
    lang: Lang,
) -> Result<i32, Trouble> {
    let state = walk::state(&of.data)?;
    let zone = walk::zone(&state);
    let order = state.orders().get(&(of.exchange.clone(), of.id.clone()));
    let first = order.and_then(Order::issued).ok_or_else(|| {
        Trouble::new(format!("there is no order `{}` of {}", of.id, of.exchange), "`bongsu order list` shows them")
    })?;
    let mut evidence = Vec::new();
    for hash in hashes {
        let mut found: Vec<journal::Hash> = state.vault().all().iter().map(|(_, kept)| kept.hash).collect();
        found.sort_unstable();
        found.dedup();
        found.retain(|kept| crate::command::verify::hex(kept).starts_with(hash.as_str()));
        match found.as_slice() {
            [one] => evidence.push(*one),
            others => {
                let hint = "`bongsu evidence list` prints the hashes";
                return Err(Trouble::new(format!("{} files begin with `{hash}`", others.len()), hint));
            }
        }
    }
    let now = Instant(recorder::now());
    let moved = OrderMoved {
        as_of: as_of.map_or(Ok(now), |text| moment(text, "--as-of", &zone))?,
        step,
        at: now,
        due: due.map(|text| moment(text, "--due", &zone)).transpose()?,
        evidence,
        text: text.into(),
        penalty: String::new(),
        by: of.by.clone(),
        ..first.clone()
    };
    let findings = tell(&of.data, moved.clone(), lang)?;
    if step != OrderStep::Retested {
        return Ok(0);
    }
    ask(&of.data, &moved, &findings, lang)?;
    Ok(i32::from(!kernel::order::is_met(&findings)))
}

/// Records a step and prints what it concluded.
fn tell(data: &Path, moved: OrderMoved, lang: Lang) -> Result<Vec<Finding>, Trouble> {
    let (id, name) = (moved.id.clone(), lang.pick(moved.step.name(), moved.step.name_ko()));
    let mut recorder = Recorder::open(data)?;
    let recorded = recorder.observe(&[moved.into()], "order")?;
    recorder.close()?;
    let entry = recorded.entries.first().copied().unwrap_or_default();
    println!("{id}: {name}, {} {entry}", lang.pick("entry", "항목"));
    let findings = concluded(data, entry)?;
    findings.iter().for_each(|found| println!("  {}", one_line(found)));
    Ok(findings)
}

/// What an entry concluded, as it stands in the journal.
fn concluded(data: &Path, entry: u64) -> Result<Vec<Finding>, Trouble> {
    let mut reader = crate::store::Reader::open(data)?;
    let Some(record) = reader.read(entry)? else { return Ok(Vec::new()) };
    let Some((_, bytes)) = &record.body else { return Ok(Vec::new()) };
    let body = Body::decode(record.header()?.kind, bytes).map_err(|e| walk::unreadable(entry, &e))?;
    let found = body.conclusions.map_or(Ok(Vec::new()), |c| finding::decode(&c));
    found.map_err(|e| walk::unreadable(entry, &e))
}

/// A retest of an order that cannot be assessed asks for what is missing.
fn ask(data: &Path, moved: &OrderMoved, findings: &[Finding], lang: Lang) -> Result<(), Trouble> {
    if moved.kind == OrderKind::Request {
        return Ok(());
    }
    let state = walk::state(data)?;
    let Some(book) = state.adoptions().last().and_then(|adoption| adoption.book.as_deref()) else { return Ok(()) };
    let order = state.orders().get(&(moved.exchange.clone(), moved.id.clone()));
    let now = Instant(recorder::now());
    let due = order.and_then(Order::due).filter(|due| *due > now).unwrap_or(now.plus(14 * 24 * 3_600_000));
    let unknown = findings.iter().filter(|found| found.verdict == Verdict::CannotBeAssessed);
    let requests = unknown
        .map(|found| examine::request(found, &moved.exchange, &moved.id, moved.as_of, book, now, due, &moved.by))
        .collect();
    let (issued, refused) = examine::issue(data, requests)?;
    issued.iter().for_each(|request| println!("{} {}: {}", lang.pick("asked:", "요구:"), request.id, request.text));
    refused.iter().for_each(|why| println!("{} {why}", lang.pick("asked before:", "이미 요구함:")));
    Ok(())
}

fn list(
    data: &Path,
    exchange: Option<&str>,
    overdue: bool,
    as_of: Option<&str>,
    seen_by: Option<&str>,
    lang: Lang,
) -> Result<i32, Trouble> {
    let state = walk::state(data)?;
    let zone = walk::zone(&state);
    let now = as_of.map_or(Ok(Instant(recorder::now())), |text| moment(text, "--as-of", &zone))?;
    let sight = seen_by.map(|authority| Sight::of(&state, authority, now)).transpose()?;
    let sees =
        |order: &Order| sight.as_ref().is_none_or(|sight| order.issued().is_some_and(|first| sight.sees(&first.rule)));
    let mut late = 0;
    let orders = state.orders().iter().filter(|((of, _), order)| exchange.is_none_or(|e| e == of) && sees(order));
    for ((of, id), order) in orders {
        let is_late = order.is_overdue(now);
        late += i32::from(is_late);
        if overdue && !is_late {
            continue;
        }
        let Some(first) = order.issued() else { continue };
        let kind = match first.kind {
            OrderKind::Order => lang.pick("order", "명령"),
            OrderKind::Request => lang.pick("request", "요구"),
        };
        let subject = first.subject.as_ref().map_or(String::new(), |n| format!(" {}/{}", n.kind, n.name));
        let due = order.due().map_or("–".into(), |due| zone.show(due));
        let mark = if is_late { lang.pick("  OVERDUE", "  기한 경과") } else { "" };
        let step = lang.pick(order.step().name(), order.step().name_ko());
        println!("{of:12} {kind:8} {id}  {step}  {} {due}{mark}", lang.pick("due", "기한"));
        println!("    {}{subject}: {}", first.rule, first.text);
        if !first.penalty.is_empty() {
            println!("    {}", first.penalty);
        }
        if let Some(shared) = sight.as_ref().and_then(|sight| words::shared_under(sight.shared(&first.rule), lang)) {
            println!("    {shared}");
        }
    }
    Ok(i32::from(late > 0))
}
