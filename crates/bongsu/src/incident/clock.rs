//! The clocks that run on an incident: when each started, when it is due, whether and when it was stopped, by how much it
//! is late, and what the notices that did not stop it lack.

use super::dossier::Dossier;
use kernel::assess::is_among;
use kernel::fact::Name;
use rulebook::book::{Book, Due, Duty, RuleId, Status};
use rulebook::evaluate::{At, Evaluator};
use rulebook::facts::Subject;
use rulebook::finding::{Finding, Verdict};
use rulebook::time::Instant;
use serde::Serialize;

/// How a clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It is over its time and nothing stopped it.
    Late,
    /// A quarter of its time is left, or less.
    Soon,
    /// It runs.
    Running,
    /// It was stopped, too late.
    DoneLate,
    /// It was stopped on time.
    DoneOnTime,
    /// The law says "at once" or the like: a person must say whether it was.
    Judged,
    /// Facts are missing.
    Unknown,
    /// The law does not reach this case, or was not in force when it would have started.
    Silent,
}

/// One run of one clock.
#[derive(Clone, Debug)]
pub struct Clock {
    /// The rule.
    pub rule: RuleId,
    /// Its id.
    pub id: String,
    /// What it runs on: the incident, or what belongs with it; none where no such thing is on record.
    pub subject: Option<Name>,
    /// How binding it is.
    pub status: Status,
    /// The rulebook's answer.
    pub verdict: Verdict,
    /// How it stands.
    pub standing: Standing,
    /// When it started.
    pub started: Option<Instant>,
    /// When its time ends.
    pub due: Option<Instant>,
    /// The law's own word for a time that a person must judge, such as `at once (즉시)`.
    pub judged: Option<String>,
    /// When it was stopped.
    pub done: Option<Instant>,
    /// Milliseconds from due to done, or to the moment it is read for; negative while there is time left.
    pub late: Option<i64>,
    /// Milliseconds from start to done, or to the moment it is read for.
    pub elapsed: Option<i64>,
    /// Facts that are missing.
    pub missing: Vec<String>,
    /// Notices that would have stopped it, had they contained what the rule asks for: entry and what each lacks.
    pub lacking: Vec<(u64, Vec<String>)>,
}

impl Clock {
    /// Whether its time ran out before it was stopped.
    pub fn is_late(&self) -> bool {
        matches!(self.standing, Standing::Late | Standing::DoneLate)
    }
}

/// Every run of every clock of these laws on the incident and what belongs with it: the late first, then the soonest due.
pub fn clocks(dossier: &Dossier<'_>, book: &Book, laws: &[String]) -> Vec<Clock> {
    let mut evaluator = Evaluator::new(book, &dossier.view);
    let mut clocks = Vec::new();
    for (index, rule) in book.rules.iter().enumerate() {
        let instrument = &book.instruments[rule.instrument.index()];
        let Some(kind) = rule.kind.filter(|_| is_among(&instrument.id, laws)) else { continue };
        if !matches!(rule.versions.first().map(|v| &v.duty), Some(Duty::Clock { .. })) {
            continue;
        }
        let subjects: Vec<Subject> = if kind == dossier.subject.kind {
            vec![dossier.subject]
        } else {
            dossier.related(book.vocabulary.kind_name(kind)).into_iter().map(|(subject, _)| subject).collect()
        };
        for subject in subjects {
            evaluator.reset();
            let at = evaluator.at(dossier.as_of, rule.instrument);
            let at = At { subject: Some(subject), ..at };
            let runs = evaluator.runs(RuleId::from(index), &at).unwrap_or_else(|unknown| vec![*unknown]);
            clocks.extend(runs.iter().map(|run| clock(dossier, book, run)));
        }
    }
    clocks.sort_by(|a, b| (a.standing, a.due, a.started, &a.id).cmp(&(b.standing, b.due, b.started, &b.id)));
    clocks
}

fn clock(dossier: &Dossier<'_>, book: &Book, run: &Finding) -> Clock {
    let rule = &book.rules[run.rule.index()];
    let version = run.version.and_then(|version| rule.versions.get(version));
    let name =
        |subject: Subject| Name::new(book.vocabulary.kind_name(subject.kind), dossier.registered.record.name(subject));
    let until = run.done.unwrap_or(dossier.as_of);
    let since = |from: Instant| until.0.checked_sub(from.0);
    let judged = match version.map(|version| &version.duty) {
        Some(Duty::Clock { due: Due::Judged(words), .. }) => Some(words.clone()),
        _ => None,
    };
    Clock {
        rule: run.rule,
        id: rule.id.clone(),
        subject: run.subject.map(name),
        status: run.status,
        verdict: run.verdict,
        standing: standing(run, dossier.as_of, judged.is_some()),
        started: run.started,
        due: run.due,
        judged,
        done: run.done,
        late: run.due.and_then(since),
        elapsed: run.started.and_then(since),
        missing: run.missing.clone(),
        lacking: lacking(dossier, book, run),
    }
}

fn standing(run: &Finding, now: Instant, judged: bool) -> Standing {
    match (run.verdict, run.done, run.started, run.due) {
        (Verdict::NotInForce | Verdict::NotApplicable, ..) => Standing::Silent,
        (Verdict::CannotBeAssessed, ..) => Standing::Unknown,
        (Verdict::NeedsJudgement, ..) if judged => Standing::Judged,
        (Verdict::NeedsJudgement, ..) => Standing::Unknown,
        (Verdict::Met, ..) => Standing::DoneOnTime,
        (Verdict::NotMet, Some(_), ..) => Standing::DoneLate,
        (Verdict::NotMet, None, ..) => Standing::Late,
        (Verdict::NotYetDue, _, Some(started), Some(due)) => {
            let (all, left) = (due.0.saturating_sub(started.0), due.0.saturating_sub(now.0));
            if left <= all / 4 { Standing::Soon } else { Standing::Running }
        }
        (Verdict::NotYetDue, ..) => Standing::Running,
    }
}

/// The notices that are of the kind a clock waits for and lack what it asks for.
fn lacking(dossier: &Dossier<'_>, book: &Book, run: &Finding) -> Vec<(u64, Vec<String>)> {
    let version = run.version.and_then(|version| book.rules[run.rule.index()].versions.get(version));
    let Some(Duty::Clock { done, contains, .. }) = version.map(|version| &version.duty) else { return Vec::new() };
    let waits_for = |notice: &kernel::fact::Notice| {
        done.iter().any(|(word, by)| {
            let to = by.map(|by| book.codes[by.index()].as_str());
            book.vocabulary.word(*word).name == notice.word && (to.is_none() || to == notice.to.as_deref())
        })
    };
    let started = run.started.unwrap_or(Instant::NEVER);
    let notices = dossier.notices().into_iter().filter(|(_, notice)| notice.at >= started && waits_for(notice));
    let lacks = |notice: &kernel::fact::Notice| -> Vec<String> {
        contains.iter().filter(|code| !notice.contents.contains(code)).cloned().collect()
    };
    notices.map(|(since, notice)| (since.index, lacks(notice))).filter(|(_, lacks)| !lacks.is_empty()).collect()
}
