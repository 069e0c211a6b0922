//! An assessment of several exchanges, gathered for whoever prints it: findings, the rules behind them, what comes next.
//!
//! It promises to hold everything a report shows, so that every form (table, JSON, page, sheet) shows the same.
//! It must never know how it is printed.

use crate::authority::Sight;
use crate::trouble::Trouble;
use kernel::finding::Finding;
use kernel::known::KnownAt;
use kernel::state::State;
use kernel::upcoming::{Why, upcoming};
use kernel::view::View;
use rulebook::book::{Book, Duty, JudgementId, Rule, RuleVersion, Status};
use rulebook::facts::{Datum, Facts};
use rulebook::finding::Verdict;
use rulebook::time::{Instant, Zone};
use std::collections::BTreeSet;

/// What was asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// The moment judged for.
    pub as_of: Instant,
    /// What may be taken as known.
    pub known: KnownAt,
    /// Exchanges by id; empty for all.
    pub exchanges: Vec<String>,
    /// Laws; empty for all.
    pub laws: Vec<String>,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct Assessment {
    /// What was asked.
    pub question: Question,
    /// The zone its dates are printed in.
    pub zone: Zone,
    /// Entries in the journal when it was asked.
    pub size: u64,
    /// The id of the rulebook.
    pub rulebook: String,
    /// Each exchange, in order of id.
    pub exchanges: Vec<Assessed>,
    /// The rules that were applied, in the order of the pages.
    pub rules: Vec<RuleCard>,
    /// The judgements that findings wait for, in the order of their names.
    pub judgements: Vec<JudgementCard>,
    /// The authority that it was cut down for; none when it is whole.
    pub seen_by: Option<Sight>,
}

/// One exchange.
#[derive(Clone, Debug)]
pub struct Assessed {
    /// Its id.
    pub id: String,
    /// Name in English.
    pub name_en: String,
    /// Name in Korean.
    pub name_ko: String,
    /// Findings in the order of the pages; of one rule the worst first.
    pub findings: Vec<Finding>,
    /// What time alone will change, soonest first.
    pub changes: Vec<Change>,
    /// The cold share it has published, as known, oldest first.
    pub published: Vec<Published>,
    /// The entry that records the findings, if they were recorded.
    pub entry: Option<u64>,
}

/// A share that an exchange has published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The moment it is given for.
    pub at: Instant,
    /// An exact decimal or fraction; 1 is everything.
    pub share: String,
    /// The entry that says so.
    pub entry: Option<u64>,
}

/// Something that time alone will change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// When.
    pub at: Instant,
    /// Why.
    pub why: Why,
    /// The rule's id.
    pub rule: String,
}

/// A rule as a report presents it.
#[derive(Clone, Debug)]
pub struct RuleCard {
    /// Its id.
    pub id: String,
    /// Title in English.
    pub title_en: String,
    /// Title in Korean.
    pub title_ko: String,
    /// The instrument's id.
    pub instrument: String,
    /// The instrument's title, as its page is headed: English · Korean.
    pub instrument_title: String,
    /// Who supervises it on the day that is judged.
    pub authorities: Vec<String>,
    /// The articles by which it is shared with whoever the assessment was cut down for; none where that one supervises it.
    pub shared: Vec<String>,
    /// How binding its present form is.
    pub status: Status,
    /// The open question behind `unverified`.
    pub open: Option<String>,
    /// Articles.
    pub cites: Vec<String>,
    /// Amount and article.
    pub penalty: Option<String>,
    /// The lines of the rule as the page writes them.
    pub lines: Vec<String>,
    /// First day in force of the form shown.
    pub from: Option<String>,
}

/// A question that a person must answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JudgementCard {
    /// Its full name, as findings give it.
    pub id: String,
    /// The question, in English.
    pub asks_en: String,
    /// The question, in Korean; the English one where the page has no other.
    pub asks_ko: String,
    /// What an assessor should look at.
    pub look: Vec<String>,
    /// Articles.
    pub cites: Vec<String>,
}

/// How many findings have each verdict, among the rules that bind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Met.
    pub met: usize,
    /// Not met.
    pub not_met: usize,
    /// Facts are missing.
    pub unknown: usize,
    /// A person must judge.
    pub judgement: usize,
    /// The time runs.
    pub running: usize,
}

impl Score {
    /// Counts one answer; what does not apply is not counted.
    pub fn add(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Met => self.met += 1,
            Verdict::NotMet => self.not_met += 1,
            Verdict::CannotBeAssessed => self.unknown += 1,
            Verdict::NeedsJudgement => self.judgement += 1,
            Verdict::NotYetDue => self.running += 1,
            Verdict::NotInForce | Verdict::NotApplicable => {}
        }
    }

    /// Of the findings that apply, how many could be answered: met, not met or still running.
    pub fn answered(&self) -> usize {
        self.met + self.not_met + self.running
    }

    /// Findings that apply.
    pub fn applicable(&self) -> usize {
        self.answered() + self.unknown + self.judgement
    }
}

impl Assessed {
    /// Counts the findings whose rule has a status.
    pub fn score(&self, wanted: impl Fn(Status) -> bool) -> Score {
        let mut score = Score::default();
        self.findings.iter().filter(|f| wanted(f.status)).for_each(|f| score.add(f.verdict));
        score
    }
}

/// Answers a question from a state under its last adopted rulebook.
pub fn gather(state: &State, size: u64, question: Question) -> Result<Assessment, Trouble> {
    let adoption = state.adoptions().last();
    let Some((adoption, book)) = adoption.and_then(|a| Some((a, a.book.as_deref()?))) else {
        return Err(Trouble::new(
            "no rulebook is adopted in this journal",
            "`bongsu import --data DIR FILE` adopts the shipped law on its first write",
        ));
    };
    for id in &question.exchanges {
        if state.exchange(id).is_none() {
            let known: Vec<&str> = state.exchanges().map(|(id, _)| id).collect();
            return Err(Trouble::new(
                format!("there is no exchange `{id}` in this journal"),
                format!("known are {}", known.join(", ")),
            ));
        }
    }
    let among = |book: &Book, rule: &Rule| {
        kernel::assess::is_among(&book.instruments[rule.instrument.index()].id, &question.laws)
    };
    let rules: Vec<RuleCard> =
        book.rules.iter().filter(|r| !r.is_guard() && among(book, r)).map(|r| card(book, r, question.as_of)).collect();
    if rules.is_empty() {
        return Err(Trouble::new(
            format!("no rule belongs to `{}`", question.laws.join(", ")),
            "laws are named as the rulebook's pages are: kr, kr.vaupa",
        ));
    }
    let mut exchanges = Vec::new();
    for (id, exchange) in state.exchanges() {
        if !question.exchanges.is_empty() && !question.exchanges.iter().any(|e| e == id) {
            continue;
        }
        let view = View { record: &exchange.record, shared: Some(state.shared()), known: question.known };
        let findings = kernel::assess::assess(&view, book, question.as_of, &question.laws);
        let changes = upcoming(&view, book, question.as_of, &question.laws);
        let changes: Vec<Change> = changes
            .into_iter()
            .map(|c| Change { at: c.at, why: c.why, rule: book.rules[c.rule.index()].id.clone() })
            .collect();
        exchanges.push(Assessed {
            id: id.to_string(),
            name_en: exchange.name_en.clone(),
            name_ko: exchange.name_ko.clone(),
            findings,
            changes,
            published: published(&view, question.as_of),
            entry: None,
        });
    }
    let zone = crate::walk::zone_of(book);
    let judgements = judgements(book, &exchanges);
    Ok(Assessment {
        question,
        zone,
        size,
        rulebook: adoption.rulebook.id.clone(),
        exchanges,
        rules,
        judgements,
        seen_by: None,
    })
}

impl Assessment {
    /// What one authority may see of it: the rules it supervises and those it is told of, and nothing that hangs on any other.
    pub fn seen_by(mut self, sight: Sight) -> Assessment {
        self.rules.retain(|rule| sight.sees(&rule.id));
        for rule in &mut self.rules {
            rule.shared = sight.shared(&rule.id).to_vec();
        }
        for exchange in &mut self.exchanges {
            exchange.findings.retain(|finding| sight.sees(&finding.rule));
            exchange.changes.retain(|change| sight.sees(&change.rule));
            if !sight.reads("published_cold_share") {
                exchange.published.clear();
            }
        }
        let open: BTreeSet<&String> =
            self.exchanges.iter().flat_map(|e| &e.findings).flat_map(|f| &f.judgements).collect();
        self.judgements.retain(|card| open.contains(&card.id));
        self.seen_by = Some(sight);
        self
    }
}

/// What a chart of the cold share is drawn from; what was recorded as absent or unknown leaves a gap.
fn published(view: &View<'_>, until: Instant) -> Vec<Published> {
    let mut list = Vec::new();
    let Some(word) = view.record.layout().vocabulary().find("published_cold_share") else { return list };
    view.series(None, word, Instant::ALWAYS, until, &mut |at, reading| {
        if let Datum::Number(share, _) = reading.datum {
            list.push(Published { at, share: share.to_string(), entry: reading.evidence.map(|e| e.entry) });
        }
    });
    list
}

/// The judgements that any finding waits for.
fn judgements(book: &Book, exchanges: &[Assessed]) -> Vec<JudgementCard> {
    let open: BTreeSet<&String> = exchanges.iter().flat_map(|e| &e.findings).flat_map(|f| &f.judgements).collect();
    let named = (0..book.judgements.len())
        .map(JudgementId::from)
        .map(|id| (book.judgement_name(id), &book.judgements[id.index()]));
    let mut cards: Vec<JudgementCard> = named
        .filter(|(name, _)| open.contains(name))
        .map(|(id, j)| JudgementCard {
            id,
            asks_en: j.asks.en.clone(),
            asks_ko: j.asks.ko.clone(),
            look: j.look.clone(),
            cites: j.cite.clone(),
        })
        .collect();
    cards.sort_by(|a, b| a.id.cmp(&b.id));
    cards
}

/// A rule as a report presents it, in its form of a day.
pub fn card(book: &Book, rule: &Rule, as_of: Instant) -> RuleCard {
    let instrument = &book.instruments[rule.instrument.index()];
    let day = instrument.zone.date(as_of);
    let version = rule.on(day).or_else(|| rule.versions.last());
    let supervisors = book.supervisors(rule, day).iter().map(|named| named.authority.to_string()).collect();
    RuleCard {
        id: rule.id.clone(),
        title_en: rule.title.en.clone(),
        title_ko: rule.title.ko.clone(),
        instrument: instrument.id.clone(),
        instrument_title: heading(book, rule).unwrap_or_else(|| instrument.title.clone()),
        authorities: supervisors,
        shared: Vec::new(),
        status: version.map(|v| v.status).unwrap_or_default(),
        open: version.and_then(|v| v.open.clone()),
        cites: version.map(|v| v.cite.clone()).unwrap_or_default(),
        penalty: version.and_then(|v| v.penalty.clone()),
        lines: version.map(|v| lines(book, v)).unwrap_or_default(),
        from: version.and_then(|v| v.period.from).map(|d| d.to_string()),
    }
}

/// The heading of the page that an instrument's first rule stands on, in both languages.
fn heading(book: &Book, rule: &Rule) -> Option<String> {
    let first = book.rules.iter().find(|r| r.instrument == rule.instrument)?;
    let text = &book.sources.get(first.place.file)?.text;
    text.lines().find_map(|line| line.strip_prefix("# ")).map(|line| line.trim().to_string())
}

fn lines(book: &Book, version: &RuleVersion) -> Vec<String> {
    let text = |node: &rulebook::book::NodeId| book.text_of(*node).split_whitespace().collect::<Vec<_>>().join(" ");
    match &version.duty {
        Duty::Require { require, .. } => require.iter().map(text).collect(),
        Duty::Clock { due: rulebook::book::Due::At(node), .. } => vec![format!("due = {}", text(node))],
        Duty::Clock { due: rulebook::book::Due::Judged(words), .. } => vec![format!("due: {words}")],
        Duty::Guard { when, .. } => when.iter().map(text).collect(),
    }
}
