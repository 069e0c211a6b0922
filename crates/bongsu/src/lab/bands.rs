//! What a standard does to one exchange, in bands: bound; bound if the unknowns are adverse; cannot be said; and the rest.
//!
//! Where facts are missing, they are tried. What could be yes or no is tried as both; a month that is missing among recorded
//! ones is tried at the lowest and at the highest that this exchange ever recorded; an unknown list is tried as empty. What
//! nothing recorded comes near is not tried: then it cannot be said. It must never guess a single value.

use kernel::view::View;
use rulebook::book::{Book, ParameterId, RuleId};
use rulebook::evaluate::Evaluator;
use rulebook::facts::{Datum, Facts, Known, Occurrence, Reading, Subject};
use rulebook::finding::{Finding, Verdict};
use rulebook::number::Number;
use rulebook::time::{Instant, Zone};
use rulebook::unit::Type;
use rulebook::vocabulary::{Counted, Holds, KindId, WordId};
use std::collections::BTreeMap;

/// What becomes of an exchange. In the order of weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    /// It falls short, whatever is unknown.
    Bound,
    /// It falls short if what is unknown is adverse, and need not otherwise.
    IfAdverse,
    /// What is unknown lies too far from what is recorded, or a person must judge.
    CannotBeSaid,
    /// Its time has not come.
    NotYet,
    /// It fulfils the standard.
    Fulfils,
    /// The standard does not reach it, or not yet.
    NotReached,
}

/// Every band with its name in the contract.
pub const BANDS: [(Band, &str); 6] = [
    (Band::Bound, "bound"),
    (Band::IfAdverse, "bound if adverse"),
    (Band::CannotBeSaid, "cannot be said"),
    (Band::NotYet, "not yet"),
    (Band::Fulfils, "fulfils"),
    (Band::NotReached, "not reached"),
];

impl Band {
    /// Its name in the contract.
    pub fn name(self) -> &'static str {
        BANDS.iter().find(|(b, _)| *b == self).map_or("", |(_, n)| n)
    }

    pub(super) fn of(verdict: Verdict) -> Band {
        match verdict {
            Verdict::NotMet => Band::Bound,
            Verdict::CannotBeAssessed | Verdict::NeedsJudgement => Band::CannotBeSaid,
            Verdict::NotYetDue => Band::NotYet,
            Verdict::Met => Band::Fulfils,
            Verdict::NotInForce | Verdict::NotApplicable => Band::NotReached,
        }
    }
}

/// A band and the finding that it rests on.
#[derive(Clone, Debug)]
pub struct Placed {
    /// Which.
    pub band: Band,
    /// The finding by what is recorded; of several subjects the worst.
    pub finding: Finding,
    /// The finding at the adverse end, for [`Band::IfAdverse`].
    pub adverse: Option<Finding>,
    /// What was tried, such as `won_market = yes`.
    pub tried: Vec<String>,
}

/// How many unknowns are tried together: 64 ways, and no exchange of the shipped sets has more than three.
const MOST_TRIED: usize = 6;

/// A parameter held at a value, if one is.
pub type Held<'h> = Option<(ParameterId, &'h Number)>;

/// Places an exchange under a rule at a moment.
pub fn place(view: &View<'_>, book: &Book, rule: RuleId, as_of: Instant, held: Held<'_>) -> Placed {
    let recorded = Assumed { view, zone: zone(book, rule), suppositions: Vec::new() };
    let findings = answer(&recorded, book, rule, as_of, held);
    settle(view, book, rule, as_of, held, findings)
}

/// Places an exchange whose findings by what is recorded are known already.
pub fn settle(
    view: &View<'_>,
    book: &Book,
    rule: RuleId,
    as_of: Instant,
    held: Held<'_>,
    findings: Vec<Finding>,
) -> Placed {
    let Some(finding) = findings.first().cloned() else {
        let nothing = Evaluator::new(book, view).not_in_force(rule);
        return Placed { band: Band::NotReached, finding: nothing, adverse: None, tried: Vec::new() };
    };
    let band = Band::of(finding.verdict);
    if band != Band::CannotBeSaid {
        return Placed { band, finding, adverse: None, tried: Vec::new() };
    }
    let mut trial = Trial { view, book, rule, as_of, held, leaves: Vec::new() };
    let facts = Assumed { view, zone: zone(book, rule), suppositions: Vec::new() };
    trial.branch(facts, findings);
    let bound: Vec<&Leaf> = trial.leaves.iter().filter(|l| l.band == Band::Bound).collect();
    let unknown = trial.leaves.iter().any(|l| l.band == Band::CannotBeSaid);
    let worst = bound.iter().max_by(|a, b| short_of(&a.finding).cmp(&short_of(&b.finding))).copied();
    match worst {
        Some(leaf) if bound.len() == trial.leaves.len() => {
            let mut least = bound[0];
            for other in &bound {
                if short_of(&other.finding) < short_of(&least.finding) {
                    least = other;
                }
            }
            // Bound whichever way; what is certain is the least of what may be short.
            Placed {
                band: Band::Bound,
                finding: least.finding.clone(),
                adverse: Some(leaf.finding.clone()),
                tried: leaf.tried.clone(),
            }
        }
        Some(leaf) => {
            Placed { band: Band::IfAdverse, finding, adverse: Some(leaf.finding.clone()), tried: leaf.tried.clone() }
        }
        None if unknown => Placed { band: Band::CannotBeSaid, finding, adverse: None, tried: Vec::new() },
        None => {
            let band = trial.leaves.iter().map(|l| l.band).min().unwrap_or(Band::CannotBeSaid);
            Placed { band, finding, adverse: None, tried: Vec::new() }
        }
    }
}

fn short_of(finding: &Finding) -> Option<Number> {
    match &finding.short.as_ref()?.value {
        rulebook::value::Owned::Number(n) => Some(n.clone()),
        _ => None,
    }
}

fn zone(book: &Book, rule: RuleId) -> Zone {
    book.instruments[book.rules[rule.index()].instrument.index()].zone.clone()
}

fn answer(facts: &Assumed<'_>, book: &Book, rule: RuleId, as_of: Instant, held: Held<'_>) -> Vec<Finding> {
    let mut evaluator = Evaluator::new(book, facts);
    evaluator.gathering = false;
    if let Some((parameter, value)) = held {
        let stretches = evaluator.sweep(rule, as_of, parameter, None, std::slice::from_ref(value));
        return stretches.into_iter().next().map(|s| s.findings).unwrap_or_default();
    }
    let instrument = book.rules[rule.index()].instrument;
    if !book.rules[rule.index()].has_begun(book.instruments[instrument.index()].zone.date(as_of)) {
        return vec![evaluator.not_in_force(rule)];
    }
    let at = evaluator.at(as_of, instrument);
    evaluator.findings(rule, &at)
}

struct Trial<'t> {
    view: &'t View<'t>,
    book: &'t Book,
    rule: RuleId,
    as_of: Instant,
    held: Held<'t>,
    leaves: Vec<Leaf>,
}

/// The end of one way of trying.
struct Leaf {
    band: Band,
    finding: Finding,
    tried: Vec<String>,
}

impl Trial<'_> {
    /// Tries the first unknown that can be tried, each way, and goes on from there.
    fn branch(&mut self, facts: Assumed<'_>, findings: Vec<Finding>) {
        let Some(finding) = findings.first() else { return };
        let band = Band::of(finding.verdict);
        let open = band == Band::CannotBeSaid && facts.suppositions.len() < MOST_TRIED;
        let unknown = findings.iter().flat_map(|f| {
            let judged = f.judgements.iter().map(|j| self.book.judgement_name(*j));
            f.missing.iter().cloned().chain(judged)
        });
        let ways = unknown.filter(|_| open).find_map(|what| facts.ways(&what, self.book));
        let Some(ways) = ways else {
            let tried = facts.suppositions.iter().map(Supposition::text).collect();
            self.leaves.push(Leaf { band, finding: finding.clone(), tried });
            return;
        };
        for way in ways {
            let mut suppositions = facts.suppositions.clone();
            suppositions.push(way);
            let facts = Assumed { view: self.view, zone: facts.zone.clone(), suppositions };
            let findings = answer(&facts, self.book, self.rule, self.as_of, self.held);
            self.branch(facts, findings);
        }
    }
}

/// One unknown and what it is taken to be.
#[derive(Clone, Debug)]
enum Supposition {
    Truth(WordId, String, bool),
    /// Every missing month of a word.
    Months(WordId, String, Number),
    NoneOf(KindId, String),
    /// The list stays unknown: the other way of an empty one.
    SomeOf(KindId, String),
    Judged(String, bool),
}

impl Supposition {
    fn text(&self) -> String {
        let yes = |yes: bool| if yes { "yes" } else { "no" };
        match self {
            Supposition::Truth(_, name, truth) => format!("{name} = {}", yes(*truth)),
            Supposition::Months(_, name, number) => format!("{name} in missing months = {number}"),
            Supposition::NoneOf(_, name) => format!("no {name}"),
            Supposition::SomeOf(_, name) => format!("a {name} of whom nothing is known"),
            Supposition::Judged(name, truth) => format!("{name} judged {}", yes(*truth)),
        }
    }
}

/// A record with suppositions where it is silent.
struct Assumed<'a> {
    view: &'a View<'a>,
    zone: Zone,
    suppositions: Vec<Supposition>,
}

impl Assumed<'_> {
    /// The ways an unknown can be tried; `None` where nothing recorded comes near, or where it was tried already.
    fn ways(&self, what: &str, book: &Book) -> Option<Vec<Supposition>> {
        let name = what.split([' ', ':']).next().unwrap_or(what);
        if let Some(word) = book.vocabulary.find(name) {
            let known =
                |s: &Supposition| matches!(s, Supposition::Truth(w, ..) | Supposition::Months(w, ..) if *w == word);
            if self.suppositions.iter().any(known) {
                return None;
            }
            let entry = book.vocabulary.word(word);
            return match entry.holds {
                Holds::Value(Type::YesNo) => {
                    Some([true, false].map(|truth| Supposition::Truth(word, name.into(), truth)).to_vec())
                }
                Holds::Value(Type::Number(_)) if entry.counted == Some(Counted::Month) => {
                    let (low, high) = self.range(word)?;
                    Some([low, high].map(|n| Supposition::Months(word, name.into(), n)).to_vec())
                }
                _ => None,
            };
        }
        if let Some(kind) = book.vocabulary.kind(name) {
            let known =
                |s: &Supposition| matches!(s, Supposition::NoneOf(k, _) | Supposition::SomeOf(k, _) if *k == kind);
            if self.suppositions.iter().any(known) {
                return None;
            }
            return Some(vec![Supposition::NoneOf(kind, name.into()), Supposition::SomeOf(kind, name.into())]);
        }
        let judged = |s: &Supposition| matches!(s, Supposition::Judged(j, _) if j == name);
        let is_judgement = (0..book.judgements.len()).any(|at| book.judgement_name(at.into()) == name);
        (is_judgement && !self.suppositions.iter().any(judged))
            .then(|| [true, false].map(|truth| Supposition::Judged(name.into(), truth)).to_vec())
    }

    /// The lowest and the highest value this exchange recorded of a word.
    fn range(&self, word: WordId) -> Option<(Number, Number)> {
        let mut range: Option<(Number, Number)> = None;
        self.view.series(None, word, Instant::ALWAYS, Instant::NEVER, &mut |_, reading| {
            if let Datum::Number(n, _) = reading.datum {
                range = Some(match range.take() {
                    None => (n.clone(), n.clone()),
                    Some((low, high)) => (low.min(n.clone()), high.max(n.clone())),
                });
            }
        });
        range
    }

    fn months(&self, word: WordId) -> Option<&Number> {
        self.suppositions.iter().find_map(|s| match s {
            Supposition::Months(w, _, n) if *w == word => Some(n),
            _ => None,
        })
    }

    fn plain<'s>(&'s self, word: WordId) -> Option<Datum<'s>> {
        self.suppositions.iter().find_map(|s| match s {
            Supposition::Truth(w, _, truth) if *w == word => Some(Datum::Truth(*truth)),
            Supposition::Months(w, _, n) if *w == word => Some(Datum::Number(n, None)),
            _ => None,
        })
    }
}

impl Facts for Assumed<'_> {
    fn value(&self, subject: Option<Subject>, word: WordId, at: Instant) -> Option<Reading<'_>> {
        match self.view.value(subject, word, at) {
            Some(reading) if reading.datum != Datum::Missing => Some(reading),
            found => self.plain(word).map(|datum| Reading { datum, evidence: None }).or(found),
        }
    }

    fn series<'a>(
        &'a self,
        subject: Option<Subject>,
        word: WordId,
        after: Instant,
        until: Instant,
        visit: &mut dyn FnMut(Instant, Reading<'a>),
    ) {
        let Some(number) = self.months(word) else { return self.view.series(subject, word, after, until, visit) };
        let supposed = Reading { datum: Datum::Number(number, None), evidence: None };
        let mut values: BTreeMap<Instant, Reading<'a>> = BTreeMap::new();
        let mut end = until;
        if self.zone.end_of(self.zone.date(until).last_of_month()) != until {
            end = self.zone.previous_month_end(until);
        }
        // A window has at most a hundred years of months.
        for _ in 0..1_200 {
            if end <= after {
                break;
            }
            values.insert(end, supposed);
            end = self.zone.previous_month_end(end);
        }
        self.view.series(subject, word, after, until, &mut |at, reading| {
            if reading.datum != Datum::Missing {
                values.insert(at, reading);
            }
        });
        values.into_iter().for_each(|(at, reading)| visit(at, reading));
    }

    fn events<'a>(
        &'a self,
        subject: Option<Subject>,
        word: WordId,
        until: Instant,
        visit: &mut dyn FnMut(Occurrence<'a>),
    ) -> Known {
        self.view.events(subject, word, until, visit)
    }

    fn subjects(&self, kind: KindId, at: Instant, visit: &mut dyn FnMut(Subject)) -> Known {
        match self.view.subjects(kind, at, visit) {
            Known::No if self.suppositions.iter().any(|s| matches!(s, Supposition::NoneOf(k, _) if *k == kind)) => {
                Known::Yes
            }
            known => known,
        }
    }

    fn refers(&self, subject: Subject, kind: KindId) -> Option<Subject> {
        self.view.refers(subject, kind)
    }

    fn given(&self, subject: Option<Subject>, name: &str, at: Instant) -> Option<Reading<'_>> {
        let supposed = self.suppositions.iter().find_map(|s| match s {
            Supposition::Judged(judged, truth) if judged == name => Some(Datum::Truth(*truth)),
            _ => None,
        });
        self.view.given(subject, name, at).or_else(|| supposed.map(|datum| Reading { datum, evidence: None }))
    }
}
