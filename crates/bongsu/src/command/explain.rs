//! `bongsu explain`: an entry whole, with its proof; or a rule at an exchange, with the trace of every value.

use crate::command::verify::hex;
use crate::lang::Lang;
use crate::report::trace;
use crate::store::Reader;
use crate::trouble::Trouble;
use crate::walk;
use journal::cbor;
use kernel::body::Body;
use kernel::clocks;
use kernel::fact::Observation;
use kernel::finding::{self, Finding};
use kernel::guard::{self, conclusion::Concluded};
use kernel::known::KnownAt;
use kernel::state::State;
use kernel::view::View;
use rulebook::evaluate::Evaluator;
use rulebook::finding::Verdict;
use rulebook::problem::nearest;
use rulebook::time::Instant;
use std::path::Path;

/// What to explain.
pub struct Arguments<'a> {
    /// The journal's folder.
    pub data: &'a Path,
    /// An entry number or a rule id.
    pub what: &'a str,
    /// The exchange, for a rule.
    pub exchange: Option<&'a str>,
    /// The moment, for a rule.
    pub as_of: Option<&'a str>,
    /// JSON instead of text.
    pub json: bool,
}

/// Explains.
pub fn run(arguments: &Arguments<'_>, lang: Lang) -> Result<i32, Trouble> {
    match arguments.what.parse::<u64>() {
        Ok(entry) => self::entry(arguments.data, entry),
        Err(_) => rule(arguments, lang),
    }
}

fn entry(dir: &Path, index: u64) -> Result<i32, Trouble> {
    let mut reader = Reader::open(dir)?;
    let size = reader.size();
    let Some(record) = reader.read(index)? else {
        return Err(Trouble::new(
            format!("there is no entry {index}"),
            format!("the journal has entries 0 to {}", size.saturating_sub(1)),
        ));
    };
    let header = record.header()?;
    println!("entry      {index}");
    println!("time       {} ms since 1970 (UTC)", header.time);
    println!("principal  {}", header.principal);
    println!("kind       {} version {}", header.kind, header.version);
    println!("body hash  {}", hex(&header.body_hash));
    match &record.body {
        None => println!("body       destroyed; the proof below stays valid"),
        Some((_, bytes)) if header.kind == journal::genesis::KIND => {
            println!("body       Genesis, {} bytes", bytes.len())
        }
        Some((_, bytes)) => {
            let body = Body::decode(header.kind, bytes).map_err(|e| walk::unreadable(index, &e))?;
            println!("\n{:#?}", body.observation);
            if let (true, Some(conclusions)) = (guard::is_guarded(&body.observation), &body.conclusions) {
                let list = guard::conclusion::decode(conclusions).map_err(|e| walk::unreadable(index, &e))?;
                println!("\nconclusions: {}, amounts in base units", list.len());
                list.iter().for_each(explain_one);
            } else if let Some(conclusions) = &body.conclusions {
                let lapses = |bytes: &[u8]| -> Result<Vec<Finding>, cbor::Error> {
                    Ok(clocks::decode(bytes)?.into_iter().map(|lapse| lapse.finding).collect())
                };
                let passed = matches!(body.observation, Observation::TimePassed(_));
                let findings = if passed { lapses(conclusions) } else { finding::decode(conclusions) };
                let findings = findings.map_err(|e| walk::unreadable(index, &e))?;
                println!("\nconclusions: {} findings", findings.len());
                findings.iter().for_each(|f| println!("  {}", one_line(f)));
            }
        }
    }
    match reader.inclusion_proof(index)? {
        Some(proof) => {
            println!("\ninclusion proof (C2SP tlog-proof, against the published checkpoint)\n{}", proof.encode())
        }
        None => println!("\nnot under a published checkpoint yet"),
    }
    Ok(0)
}

/// A conclusion of the guard, with everything that was looked at.
fn explain_one(concluded: &Concluded) {
    println!("  {}", guard::say::one(&|_| 0, concluded));
    let unmet = match concluded {
        Concluded::Decided(decided) => &decided.unmet,
        Concluded::Credited(credited) => &credited.unmet,
        _ => return,
    };
    unmet.iter().for_each(|unmet| println!("    {} did not speak: {}", unmet.rule, unmet.condition));
}

/// A finding in one line.
pub fn one_line(f: &Finding) -> String {
    let subject = f.subject.as_ref().map_or(String::new(), |s| format!(" {}/{}", s.kind, s.name));
    let short =
        f.short.as_ref().map_or(String::new(), |s| format!(", short {} {}", s.value, s.unit).trim_end().to_string());
    let missing = if f.missing.is_empty() { String::new() } else { format!(", missing {}", f.missing.join(", ")) };
    format!("{}{subject}: {}{short}{missing}", f.rule, f.verdict.name())
}

fn rule(arguments: &Arguments<'_>, lang: Lang) -> Result<i32, Trouble> {
    let state = walk::state(arguments.data)?;
    let Some(book) = state.adoptions().last().and_then(|a| a.book.as_deref()) else {
        return Err(Trouble::new(
            "no rulebook is adopted in this journal",
            "`bongsu adopt --data DIR` adopts the shipped law",
        ));
    };
    let Some(id) = book.rule(arguments.what) else {
        let near = nearest(arguments.what, book.rules.iter().map(|r| r.id.as_str()));
        return Err(Trouble::new(
            format!("there is no rule `{}`", arguments.what),
            near.map_or("`bongsu assess --all` lists the rules".into(), |n| format!("did you mean `{n}`?")),
        ));
    };
    let exchange = one_exchange(&state, arguments.exchange)?;
    let as_of = match arguments.as_of {
        None => Instant(crate::recorder::now()),
        Some(text) => walk::zone(&state)
            .read(text)
            .ok_or_else(|| Trouble::new(format!("--as-of `{text}` is not a date"), "write 2026-11-22"))?,
    };
    let kept = &state.exchange(exchange).ok_or_else(|| Trouble::new("that exchange is gone", ""))?.record;
    let view = View { record: kept, shared: Some(state.shared()), known: KnownAt::Now };
    let mut evaluator = Evaluator::new(book, &view);
    let at = evaluator.at(as_of, book.rules[id.index()].instrument);
    let findings = evaluator.findings(id, &at);
    let rule = &book.rules[id.index()];
    let zone = &book.instruments[rule.instrument.index()].zone;
    if arguments.json {
        return json(book, &view, id, &findings, as_of);
    }
    println!("{}  {}", rule.id, lang.pick(&rule.title.en, &rule.title.ko));
    println!("{exchange}, as of {}", zone.show(as_of));
    for found in &findings {
        let named = Finding::of(found, book, &view);
        println!("\n{}", one_line(&named));
        if let Some(version) = found.version.and_then(|v| rule.versions.get(v)) {
            let from = version.period.from.map_or(String::new(), |d| d.to_string());
            println!("  {} [{}], in force from {from}", version.status.name(), version.cite.join(", "));
        }
        if let Some(due) = found.due {
            println!("  due {}", zone.show(due));
        }
        for judgement in &found.judgements {
            let judgement = &book.judgements[judgement.index()];
            let asks = lang.pick(&judgement.asks.en, &judgement.asks.ko);
            println!("  to be judged: {asks}  look at: {}", judgement.look.join("; "));
        }
        if found.verdict != Verdict::NotInForce {
            print!("{}", trace::text(&trace::lines(book, &view, id, found.subject, as_of)));
        }
    }
    let exceptions = trace::exceptions(book, id);
    if !exceptions.is_empty() {
        println!("\nexceptions considered: {}", exceptions.join("; "));
    }
    Ok(0)
}

fn one_exchange<'s>(state: &'s State, asked: Option<&'s str>) -> Result<&'s str, Trouble> {
    let known: Vec<&str> = state.exchanges().map(|(id, _)| id).collect();
    match (asked, known.as_slice()) {
        (Some(id), _) if known.contains(&id) => Ok(id),
        (Some(id), _) => Err(Trouble::new(
            format!("there is no exchange `{id}` in this journal"),
            format!("known are {}", known.join(", ")),
        )),
        (None, [only]) => Ok(only),
        (None, _) => Err(Trouble::new(
            "a rule is explained for one exchange",
            format!("add --exchange with one of {}", known.join(", ")),
        )),
    }
}

fn json(
    book: &rulebook::book::Book,
    view: &View<'_>,
    id: rulebook::book::RuleId,
    findings: &[rulebook::finding::Finding],
    as_of: Instant,
) -> Result<i32, Trouble> {
    let list: Vec<serde_json::Value> = findings
        .iter()
        .map(|found| {
            let named = Finding::of(found, book, view);
            let lines = trace::lines(book, view, id, found.subject, as_of);
            let steps: Vec<serde_json::Value> = lines
                .iter()
                .map(|l| serde_json::json!({ "depth": l.depth, "text": l.text, "value": l.value, "cite": l.cite, "entries": l.entries }))
                .collect();
            serde_json::json!({ "rule": named.rule, "verdict": named.verdict.name(), "trace": steps })
        })
        .collect();
    println!("{}", serde_json::to_string_pretty(&list).map_err(|e| Trouble::new(e.to_string(), ""))?);
    Ok(0)
}
