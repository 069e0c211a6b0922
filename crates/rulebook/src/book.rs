//! A rulebook ready to run: names resolved to numbers, conditions compiled to nodes, every part with its place on the page.
//!
//! Nothing here can be wrong: [`crate::build`] refuses what does not fit. Nothing here evaluates: see [`crate::evaluate`].

use crate::expression::{Comparison, Extreme, Fold, Operator, Which};
use crate::number::Number;
use crate::page::{Source, Table};
use crate::problem::Place;
use crate::time::{Civil, Date, Holidays, Zone};
use crate::unit::{Dimension, Type, Unit};
use crate::vocabulary::{KindId, TopicId, Vocabulary, WordId};
use alloc::string::String;
use alloc::vec::Vec;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);
        impl $name {
            /// The position in its list.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
        impl From<usize> for $name {
            fn from(at: usize) -> $name {
                $name(u32::try_from(at).unwrap_or(u32::MAX))
            }
        }
    )*};
}

ids! {
    /// A node of a compiled condition.
    NodeId,
    /// A code such as `kisa` or `director`.
    CodeId,
    /// A legal instrument (the `page` head that files share).
    InstrumentId,
    /// A defined term.
    TermId,
    /// A dated number or code list.
    ParameterId,
    /// An open norm that a person answers.
    JudgementId,
    /// A rule.
    RuleId,
    /// An exception.
    ExceptionId,
    /// A window over a quantity.
    WindowId,
    /// A literal.
    LiteralId,
}

/// A run of nodes in [`Book::lists`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Run {
    /// First position.
    pub first: u32,
    /// How many.
    pub len: u32,
}

/// One step of a compiled condition. Children come before their parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Node {
    Literal(LiteralId),
    /// The start of the clock that runs.
    Start,
    Now,
    PreviousMonthEnd,
    PreviousBusinessYearEnd,
    Word(WordId),
    /// Money read in this currency, whatever currency it was recorded in.
    Money(WordId, Dimension),
    Term(TermId),
    Parameter(ParameterId),
    Judgement(JudgementId),
    Event(Which, WordId, Option<CodeId>),
    CountEvents(WordId),
    CountSubjects(KindId),
    All(Run),
    AtLeast(u32, Run),
    Not(NodeId),
    Compare(Comparison, NodeId, NodeId),
    IsGiven(NodeId),
    IsCode(NodeId, CodeId),
    In(NodeId, NodeId),
    Within(NodeId, NodeId),
    Verdict(RuleId, bool),
    Arithmetic(Operator, NodeId, NodeId),
    Convert(NodeId, Dimension, Dimension),
    Pick(Extreme, Run),
    At(NodeId, NodeId),
    Ago(NodeId),
    Over(Fold, KindId, NodeId),
    Window(WindowId),
}

/// A literal's value, and the step by which `check` moves it.
#[derive(Clone, Debug)]
pub struct Literal {
    /// What it is.
    pub value: LiteralValue,
    /// The step its writing suggests, in the literal's own base unit.
    pub step: Number,
}

/// What a literal holds.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum LiteralValue {
    Number(Number),
    Length(i64),
    Civil(Civil),
}

/// A window over a counted quantity or an event.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// What becomes of the values.
    pub fold: Fold,
    /// The word.
    pub word: WordId,
    /// How far back; `None` is the business year.
    pub length: Option<NodeId>,
    /// The far end; `None` is now.
    pub to: Option<NodeId>,
    /// Clipped to the rule's first day.
    pub in_force: bool,
    /// Clipped to the first day of an event.
    pub since: Option<WordId>,
}

/// A legal instrument.
#[derive(Clone, Debug)]
pub struct Instrument {
    /// Its id, such as `kr.vaupa`.
    pub id: String,
    /// The title of its first page, or its id.
    pub title: String,
    /// The zone its civil dates are in.
    pub zone: Zone,
    /// The calendar its working days are by.
    pub calendar: Option<String>,
    /// Who supervises it.
    pub authority: Option<String>,
    /// What a guard does where no rule speaks.
    pub default: Option<Effect>,
    /// When the text was read.
    pub read: Option<Date>,
}

/// First and last day in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Period {
    /// First day; none is always.
    pub from: Option<Date>,
    /// Last day; none is open.
    pub until: Option<Date>,
}

impl Period {
    /// Whether the day is inside.
    pub fn contains(&self, day: Date) -> bool {
        self.from.is_none_or(|f| f <= day) && self.until.is_none_or(|u| day <= u)
    }

    /// Whether two periods share a day.
    pub fn overlaps(&self, other: &Period) -> bool {
        let before = |end: Option<Date>, start: Option<Date>| matches!((end, start), (Some(e), Some(s)) if e < s);
        !before(self.until, other.from) && !before(other.until, self.from)
    }
}

/// A name in two languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Title {
    /// English.
    pub en: String,
    /// Korean.
    pub ko: String,
}

/// A defined term.
#[derive(Clone, Debug)]
pub struct Term {
    /// Its name on its page.
    pub id: String,
    /// Its instrument.
    pub instrument: InstrumentId,
    /// Each subject has its own.
    pub kind: Option<KindId>,
    /// What it is.
    pub is_type: Type,
    /// Its dated forms.
    pub versions: Vec<TermVersion>,
    /// Exceptions over it.
    pub exceptions: Vec<ExceptionId>,
}

/// A term from a day to a day.
#[derive(Clone, Debug)]
pub struct TermVersion {
    /// When.
    pub period: Period,
    /// What it is then.
    pub is: NodeId,
    /// Where the law says so.
    pub cite: Vec<String>,
}

/// A dated number or list of codes.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name on its page.
    pub id: String,
    /// Its instrument.
    pub instrument: InstrumentId,
    /// What it is.
    pub is_type: Type,
    /// From each day on, in order.
    pub values: Vec<(Date, ParameterValue)>,
    /// What each code means.
    pub means: Vec<(String, String)>,
    /// Where the law says so.
    pub cite: Vec<String>,
    /// Where the block stands.
    pub place: Place,
    /// Exceptions over it.
    pub exceptions: Vec<ExceptionId>,
}

/// One value of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum ParameterValue {
    /// A number and its step.
    Number(Number, Number),
    /// A list of codes.
    Codes(Vec<String>),
    /// An exact length in milliseconds.
    Length(i64),
    /// A civil length.
    Civil(Civil),
}

/// An open norm.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// Its name on its page.
    pub id: String,
    /// Its instrument.
    pub instrument: InstrumentId,
    /// Each subject is judged by itself.
    pub kind: Option<KindId>,
    /// The question, in two languages.
    pub asks: Title,
    /// What an assessor should look at.
    pub look: Vec<String>,
    /// Where the law says so.
    pub cite: Vec<String>,
}

/// How binding a rule is. Only `Binding` counts as breach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub enum Status {
    #[default]
    Binding,
    BestEffort,
    Recommended,
    Proposed,
    Reference,
    Unverified,
}

/// The statuses with the names that pages write.
pub const STATUSES: [(Status, &str); 6] = [
    (Status::Binding, "binding"),
    (Status::BestEffort, "best-effort"),
    (Status::Recommended, "recommended"),
    (Status::Proposed, "proposed"),
    (Status::Reference, "reference"),
    (Status::Unverified, "unverified"),
];

impl Status {
    /// The name that pages write.
    pub fn name(self) -> &'static str {
        STATUSES.iter().find(|(s, _)| *s == self).map_or("", |(_, n)| n)
    }
}

/// A rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its id, such as `kr.vaupa.7-3`.
    pub id: String,
    /// What reports call it.
    pub title: Title,
    /// Its instrument.
    pub instrument: InstrumentId,
    /// One finding for each subject of this kind.
    pub kind: Option<KindId>,
    /// What it has in common with rules of other countries; nothing is concluded from it.
    pub topics: Vec<TopicId>,
    /// Its dated forms, in order.
    pub versions: Vec<RuleVersion>,
    /// Exceptions over it.
    pub exceptions: Vec<ExceptionId>,
    /// Where its first block stands.
    pub place: Place,
}

impl Rule {
    /// The form in force on a day.
    pub fn on(&self, day: Date) -> Option<&RuleVersion> {
        self.versions.iter().find(|v| v.period.contains(day))
    }

    /// Whether any form of it has begun by a day.
    pub fn has_begun(&self, day: Date) -> bool {
        self.versions.iter().any(|v| v.period.from.is_none_or(|from| from <= day))
    }

    /// Whether it decides for a guard instead of measuring a duty.
    pub fn is_guard(&self) -> bool {
        self.versions.iter().any(|v| matches!(v.duty, Duty::Guard { .. }))
    }
}

/// A rule from a day to a day.
#[derive(Clone, Debug)]
pub struct RuleVersion {
    /// When.
    pub period: Period,
    /// How binding.
    pub status: Status,
    /// The open question behind `unverified`.
    pub open: Option<String>,
    /// Where the law says so.
    pub cite: Vec<String>,
    /// Amount and article.
    pub penalty: Option<String>,
    /// To whom it applies: all must hold.
    pub applies: Vec<NodeId>,
    /// What it asks.
    pub duty: Duty,
    /// The legal ground a guard's answer carries toward a customer.
    pub ground: Option<String>,
    /// Where the block stands.
    pub place: Place,
}

/// What a rule asks.
#[derive(Clone, Debug)]
pub enum Duty {
    /// All must hold.
    Require {
        /// The lines.
        require: Vec<NodeId>,
        /// What is short, where the page says how to count it.
        short: Option<NodeId>,
        /// Read only at these moments.
        measured: Option<Measured>,
        /// What may be made good after the moment, and until when.
        cure: Option<Cure>,
    },
    /// Something is done in time.
    Clock {
        /// When it starts.
        starts: Starts,
        /// When it ends.
        due: Due,
        /// What stops it.
        done: Vec<(WordId, Option<CodeId>)>,
        /// Where a due date on a holiday moves.
        on_holiday: OnHoliday,
        /// What the notice must hold.
        contains: Vec<String>,
    },
    /// A guard acts while all of `when` holds.
    Guard {
        /// The conditions.
        when: Vec<NodeId>,
        /// What it does.
        then: Effect,
        /// Decides, or only records what it would decide.
        enforced: bool,
    },
}

/// The moments at which a measured rule is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measured {
    /// Each month end.
    MonthEnd,
    /// Each recorded end of a business year.
    BusinessYearEnd,
}

/// What may be made good after a measurement.
#[derive(Clone, Debug)]
pub struct Cure {
    /// Day of the next month.
    pub day_of_next_month: i8,
    /// The words that are read again.
    pub words: Vec<WordId>,
    /// The terms that are evaluated again.
    pub terms: Vec<TermId>,
}

/// When a clock starts.
#[derive(Clone, Copy, Debug)]
pub enum Starts {
    /// At a moment.
    At(NodeId),
    /// At every occurrence.
    Each(WordId, Option<CodeId>),
}

/// When a clock ends.
#[derive(Clone, Debug)]
pub enum Due {
    /// At a moment.
    At(NodeId),
    /// A person judges, by the words of the law.
    Judged(String),
}

/// What happens to a due date that is no working day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum OnHoliday {
    /// Nothing.
    #[default]
    Stays,
    /// It moves to the end of the next working day, or to a time of it.
    NextWorkingDay(Option<(i8, i8)>),
}

/// What a guard does. Later ones outrank earlier ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Lets it pass.
    Allow,
    /// Waits for people or time.
    Hold {
        /// How many must approve.
        approvals: u32,
        /// From which group.
        by: Option<String>,
        /// In milliseconds.
        delay: Option<i64>,
    },
    /// Stops sides of a scope.
    Suspend {
        /// `withdrawals`, `deposits`.
        sides: Vec<String>,
        /// `asset`, `chain`, `wallet`, `domain`, `all`.
        scope: String,
    },
    /// Refuses.
    Deny,
}

/// What an exception is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Over {
    Rule(RuleId),
    Term(TermId),
    Parameter(ParameterId),
    Exception(ExceptionId),
}

/// An exception: while its conditions hold, what it sets replaces what it is over.
#[derive(Clone, Debug)]
pub struct Exception {
    /// Its id.
    pub id: String,
    /// Its instrument.
    pub instrument: InstrumentId,
    /// What it is over.
    pub over: Over,
    /// When it is in force.
    pub period: Period,
    /// All must hold.
    pub when: Vec<NodeId>,
    /// Exceptions it goes before.
    pub beats: Vec<ExceptionId>,
    /// What it replaces.
    pub sets: Sets,
    /// Where the law says so.
    pub cite: Vec<String>,
    /// Where the block stands.
    pub place: Place,
    /// Exceptions over it.
    pub exceptions: Vec<ExceptionId>,
}

/// The keys an exception replaces.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct Sets {
    pub exempt: bool,
    pub is: Option<NodeId>,
    pub require: Option<Vec<NodeId>>,
    pub short: Option<NodeId>,
    pub due: Option<Due>,
    pub done: Option<Vec<(WordId, Option<CodeId>)>>,
    pub on_holiday: Option<OnHoliday>,
    pub status: Option<Status>,
    pub open: Option<String>,
    pub then: Option<Effect>,
    pub enforced: Option<bool>,
}

impl Sets {
    /// The names of the keys it replaces.
    pub fn keys(&self) -> Vec<&'static str> {
        [
            ("exempt", self.exempt),
            ("is", self.is.is_some()),
            ("require", self.require.is_some()),
            ("short", self.short.is_some()),
            ("due", self.due.is_some()),
            ("done", self.done.is_some()),
            ("on_holiday", self.on_holiday.is_some()),
            ("status", self.status.is_some()),
            ("open", self.open.is_some()),
            ("then", self.then.is_some()),
            ("mode", self.enforced.is_some()),
        ]
        .into_iter()
        .filter_map(|(key, set)| set.then_some(key))
        .collect()
    }
}

/// A reading: how a doubtful text was understood, and by whom.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Reading {
    pub about: String,
    pub question: String,
    pub choice: String,
    pub by: String,
    pub on: Option<Date>,
    pub instrument: InstrumentId,
}

/// A draft laid over the base.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Draft {
    pub id: String,
    pub title: String,
    pub by: String,
    pub on: Option<Date>,
}

/// A case table with the instrument its times and names belong to.
#[derive(Clone, Debug)]
pub struct CaseTable {
    /// The table as written.
    pub table: Table,
    /// Its instrument.
    pub instrument: InstrumentId,
    /// Which source it stands in.
    pub file: usize,
}

/// A checked rulebook.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct Book {
    pub vocabulary: Vocabulary,
    pub sources: Vec<Source>,
    pub instruments: Vec<Instrument>,
    pub terms: Vec<Term>,
    pub parameters: Vec<Parameter>,
    pub judgements: Vec<Judgement>,
    pub rules: Vec<Rule>,
    pub exceptions: Vec<Exception>,
    pub readings: Vec<Reading>,
    pub supervisions: Vec<crate::supervision::Supervision>,
    pub drafts: Vec<Draft>,
    pub holidays: Vec<Holidays>,
    pub tables: Vec<CaseTable>,
    pub nodes: Vec<Node>,
    pub types: Vec<Type>,
    pub places: Vec<Place>,
    pub lists: Vec<NodeId>,
    pub literals: Vec<Literal>,
    pub codes: Vec<String>,
    pub windows: Vec<Window>,
}

impl Book {
    /// A node.
    pub fn node(&self, id: NodeId) -> Node {
        // A book with errors may name a node that was never made.
        self.nodes.get(id.index()).copied().unwrap_or(Node::Now)
    }

    /// The nodes of a run.
    pub fn run(&self, run: Run) -> &[NodeId] {
        let first = run.first as usize;
        self.lists.get(first..first.saturating_add(run.len as usize)).unwrap_or(&[])
    }

    /// The direct children of a node.
    pub fn children(&self, node: Node) -> Vec<NodeId> {
        match node {
            Node::All(run) | Node::AtLeast(_, run) | Node::Pick(_, run) => self.run(run).to_vec(),
            Node::Compare(_, a, b)
            | Node::In(a, b)
            | Node::Within(a, b)
            | Node::Arithmetic(_, a, b)
            | Node::At(a, b) => Vec::from([a, b]),
            Node::Not(a)
            | Node::IsGiven(a)
            | Node::IsCode(a, _)
            | Node::Convert(a, ..)
            | Node::Ago(a)
            | Node::Over(_, _, a) => Vec::from([a]),
            Node::Window(id) => {
                let window = self.windows[id.index()];
                window.length.into_iter().chain(window.to).collect()
            }
            Node::Literal(_)
            | Node::Start
            | Node::Now
            | Node::PreviousMonthEnd
            | Node::PreviousBusinessYearEnd
            | Node::Word(_)
            | Node::Money(..)
            | Node::Term(_)
            | Node::Parameter(_)
            | Node::Judgement(_)
            | Node::Event(..)
            | Node::CountEvents(_)
            | Node::CountSubjects(_)
            | Node::Verdict(..) => Vec::new(),
        }
    }

    /// The type of a node.
    pub fn type_of(&self, id: NodeId) -> Type {
        self.types.get(id.index()).copied().unwrap_or(Type::Wrong)
    }

    /// The unit of a number node; plain for all else.
    pub fn unit_of(&self, id: NodeId) -> Unit {
        match self.type_of(id) {
            Type::Number(unit) => unit,
            _ => Unit::PLAIN,
        }
    }

    /// The text of a node as the page writes it.
    pub fn text_of(&self, id: NodeId) -> &str {
        self.places.get(id.index()).map_or("", |place| self.text_at(place))
    }

    /// The text at a place.
    pub fn text_at(&self, place: &Place) -> &str {
        self.sources.get(place.file).and_then(|s| s.text.get(place.span.clone())).unwrap_or("")
    }

    /// Finds a rule by id.
    pub fn rule(&self, id: &str) -> Option<RuleId> {
        self.rules.iter().position(|r| r.id == id).map(RuleId::from)
    }

    /// Finds a term by name on an instrument.
    pub fn term(&self, instrument: InstrumentId, id: &str) -> Option<TermId> {
        self.terms.iter().position(|t| t.instrument == instrument && t.id == id).map(TermId::from)
    }

    /// Finds a judgement by name on an instrument.
    pub fn judgement(&self, instrument: InstrumentId, id: &str) -> Option<JudgementId> {
        self.judgements.iter().position(|t| t.instrument == instrument && t.id == id).map(JudgementId::from)
    }

    /// A judgement's name outside its page, such as `kr.vaupa.urgent_need`.
    pub fn judgement_name(&self, id: JudgementId) -> String {
        let judgement = &self.judgements[id.index()];
        alloc::format!("{}.{}", self.instruments[judgement.instrument.index()].id, judgement.id)
    }

    /// The holidays of an instrument's calendar.
    pub fn holidays(&self, instrument: InstrumentId) -> Option<&Holidays> {
        let calendar = self.instruments.get(instrument.index())?.calendar.as_deref()?;
        self.holidays.iter().find(|h| h.id == calendar)
    }
}
