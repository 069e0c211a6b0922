//! What may enter a journal: every check that needs the state and the word list. One needs a rule: an order is issued and
//! closed by what its rule says. The younger families have a file each.
//!
//! It promises that a refused fact changes nothing and that its sender learns what to mend; and that the same fact twice
//! is one fact. It must never repair a fact: what is wrong is refused, whole.

mod evidence;
mod filing;
mod notice;
mod order;

use crate::fact::{
    AssessmentAsked, ExchangeRegistered, Figure, Judged, Name, Observation, RosterKnown, RulebookAdopted, RulebookPage,
    SubjectKnown,
};
use crate::guard;
use crate::known::KnownAt;
use crate::limits;
use crate::record::{Record, Standing};
use crate::refusal::{Code, Refusal};
use crate::state::State;
use crate::value_check;
use crate::witness;
use alloc::format;
use alloc::string::{String, ToString};
use rulebook::time::Instant;
use rulebook::vocabulary::{KindId, Of};

/// What becomes of an admissible fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// It is new: journal it.
    New,
    /// This entry says exactly this: answer with it, write nothing.
    Already(u64),
}

/// Whether a fact may enter.
pub fn admit(state: &State, observation: &Observation) -> Result<Accepted, Refusal> {
    if guard::is_guarded(observation) {
        return guard::door::admit(state, observation);
    }
    if let Some(entry) = state.already(observation) {
        return Ok(Accepted::Already(entry));
    }
    match observation {
        Observation::ExchangeRegistered(fact) => exchange(fact),
        Observation::SubjectKnown(fact) => subject(state, fact),
        Observation::RosterKnown(fact) => roster(state, fact),
        Observation::Figure(fact) => figure(state, fact),
        Observation::Judged(fact) => judged(state, fact),
        Observation::RulebookPage(fact) => page(fact),
        Observation::RulebookAdopted(fact) => adopted(state, fact),
        Observation::AssessmentAsked(fact) => asked(state, fact),
        Observation::Notice(fact) => notice::notice(state, fact),
        Observation::Remark(fact) => notice::remark(state, fact),
        Observation::EvidenceKept(fact) => evidence::evidence(state, fact),
        Observation::FilingMoved(fact) => filing::filing(state, fact),
        Observation::OrderMoved(fact) => order::order(state, fact),
        Observation::LogRegistered(fact) => witness::admit_log(state, fact),
        Observation::CheckpointWitnessed(fact) => witness::admit_checkpoint(state, fact),
        Observation::ForkSeen(fact) => witness::admit_fork(state, fact),
        // Answered above.
        Observation::AssetListed(_)
        | Observation::WalletRegistered(_)
        | Observation::PriceSeen(_)
        | Observation::WithdrawalAsked(_)
        | Observation::ApprovalGiven(_)
        | Observation::PayloadShown(_)
        | Observation::WithdrawalEnded(_)
        | Observation::BlockRead(_)
        | Observation::CreditAsked(_)
        | Observation::EventDeclared(_)
        | Observation::HoldingsRead(_)
        | Observation::ListChanged(_)
        | Observation::Suspended(_)
        | Observation::ResumptionMoved(_)
        | Observation::MandateSigned(_)
        | Observation::PolicyAsked(_)
        | Observation::BalanceRead(_)
        | Observation::ChainWatched(_)
        | Observation::PersonEnrolled(_)
        | Observation::GuardLooked(_)
        | Observation::KeyEnrolled(_)
        | Observation::TicketSigned(_)
        | Observation::TicketReviewed(_)
        | Observation::GateEntry(_)
        | Observation::GatePinned(_)
        | Observation::GateSigned(_)
        | Observation::GateTold(_)
        | Observation::GateSilent(_) => Ok(()),
        Observation::TimePassed(fact) => laws(&fact.laws),
    }
    .map(|()| Accepted::New)
}

fn exchange(fact: &ExchangeRegistered) -> Result<(), Refusal> {
    text("id", &fact.id, limits::NAME)?;
    text("name_en", &fact.name_en, limits::TITLE)?;
    text("name_ko", &fact.name_ko, limits::TITLE)?;
    at_most("source", fact.source.len(), limits::SOURCE, "bytes")
}

fn subject(state: &State, fact: &SubjectKnown) -> Result<(), Refusal> {
    record(state, &fact.exchange)?;
    named(state, "subject", &fact.subject)?;
    at_most("source", fact.source.len(), limits::SOURCE, "bytes")?;
    for (field, at) in [("from", fact.from), ("until", fact.until)] {
        at.map_or(Ok(()), |at| moment(field, at))?;
    }
    if let (Some(from), Some(until)) = (fact.from, fact.until) {
        forwards("until", from, until)?;
    }
    at_most("refers", fact.refers.len(), limits::REFERS, "subjects")?;
    for (i, other) in fact.refers.iter().enumerate() {
        named(state, "refers", other)?;
        if fact.refers.iter().take(i).any(|earlier| earlier.kind == other.kind) {
            let hint = "a subject belongs with at most one of each kind";
            return Err(refusal(Code::Unsorted, "refers", "each kind once", &other.kind, hint));
        }
    }
    Ok(())
}

fn roster(state: &State, fact: &RosterKnown) -> Result<(), Refusal> {
    record(state, &fact.exchange)?;
    kind(state, "kind", &fact.kind).map(drop)
}

fn figure(state: &State, fact: &Figure) -> Result<(), Refusal> {
    let record = record(state, &fact.exchange)?;
    let vocabulary = state.vocabulary();
    let word = vocabulary.find(&fact.word).ok_or_else(|| {
        refusal(Code::UnknownWord, "word", "a word of the list", &fact.word, "`bongsu words` prints the list")
    })?;
    let row = match &fact.subject {
        Some(name) => Some(named(state, "subject", name)?),
        None => None,
    };
    if record.layout().place(row, word).is_none() {
        let expected = match vocabulary.word(word).of {
            Of::Kind(kind) => format!("a subject of the kind `{}`", vocabulary.kind_name(kind)),
            _ => String::from("no subject: the word is the exchange's own"),
        };
        let found = fact.subject.as_ref().map_or("no subject", |name| &name.kind);
        return Err(refusal(Code::WrongSubject, "subject", &expected, found, "name what the value belongs to"));
    }
    moment("at", fact.at)?;
    at_most("source", fact.source.len(), limits::SOURCE, "bytes")?;
    value_check::fits(vocabulary.word(word), &fact.value)?;
    let Some(entry) = fact.corrects else { return Ok(()) };
    let subject = match (row, &fact.subject) {
        (Some(kind), Some(name)) => record.subject(kind, &name.name).map(Some),
        _ => Some(None),
    };
    let standing = subject.map_or(Standing::Absent, |subject| record.standing(subject, word, entry));
    let (code, found, hint) = match standing {
        Standing::Stands => return Ok(()),
        Standing::Replaced(by) => {
            (Code::AlreadyCorrected, format!("entry {entry}, corrected by entry {by}"), "correct the later entry")
        }
        Standing::Absent => {
            let hint = "a correction keeps exchange, subject and word; give the index of the entry that recorded it";
            (Code::NothingToCorrect, format!("entry {entry}, which recorded nothing there"), hint)
        }
    };
    let expected = format!("an entry whose `{}` of this subject stands", fact.word);
    Err(refusal(code, "corrects", &expected, &found, hint))
}

fn judged(state: &State, fact: &Judged) -> Result<(), Refusal> {
    record(state, &fact.exchange)?;
    if let Some(name) = &fact.subject {
        named(state, "subject", name)?;
    }
    text("judgement", &fact.judgement, limits::NAME)?;
    text("by", &fact.by, limits::NAME)?;
    text("reasons", &fact.reasons, limits::REASONS)?;
    moment("at", fact.at)?;
    let Some(until) = fact.until else { return Ok(()) };
    moment("until", until)?;
    forwards("until", fact.at, until)
}

fn page(fact: &RulebookPage) -> Result<(), Refusal> {
    text("path", &fact.path, limits::PATH)?;
    text("text", &fact.text, limits::PAGE)
}

fn adopted(state: &State, fact: &RulebookAdopted) -> Result<(), Refusal> {
    text("id", &fact.id, limits::NAME)?;
    at_most("pages", fact.pages.len(), limits::PAGES, "pages")?;
    if !fact.pages.is_sorted_by(|(a, _), (b, _)| a < b) {
        let expected = "paths in ascending order, each once";
        return Err(refusal(Code::Unsorted, "pages", expected, "another order", "sort the pages by path"));
    }
    for (path, hash) in &fact.pages {
        if state.page(hash).is_none_or(|known| known.page.path != *path) {
            let hint = "record the page first; its hash covers path and text";
            return Err(refusal(Code::UnknownPage, "pages", "a page in this journal", path, hint));
        }
    }
    guard::door::may_adopt(state, RulebookAdopted::KIND, &fact.encode())
}

fn asked(state: &State, fact: &AssessmentAsked) -> Result<(), Refusal> {
    if state.exchange(&fact.exchange).is_none() {
        return Err(unknown_exchange(&fact.exchange));
    }
    moment("as_of", fact.as_of)?;
    laws(&fact.laws)?;
    let (ahead, found) = match fact.known {
        KnownAt::Now => return Ok(()),
        KnownAt::Entry(index) => (state.last().is_none_or(|last| index > last.index), format!("entry {index}")),
        // What a later time knows would change with the next entry.
        KnownAt::Time(at) => (state.last().is_none_or(|last| at > last.time), format!("{} ms", at.0)),
    };
    if ahead {
        let expected = "an entry or a time that this journal has reached";
        return Err(refusal(Code::NotYetKnown, "known", expected, &found, "leave it out to ask what is known now"));
    }
    Ok(())
}

fn laws(named: &[String]) -> Result<(), Refusal> {
    at_most("laws", named.len(), limits::LAWS, "laws")?;
    named.iter().try_for_each(|law| text("laws", law, limits::NAME))
}

fn record<'s>(state: &'s State, exchange: &str) -> Result<&'s Record, Refusal> {
    state.record(exchange).ok_or_else(|| unknown_exchange(exchange))
}

fn unknown_exchange(found: &str) -> Refusal {
    refusal(Code::UnknownExchange, "exchange", "a registered exchange", found, "register it first")
}

fn kind(state: &State, field: &'static str, found: &str) -> Result<KindId, Refusal> {
    let vocabulary = state.vocabulary();
    vocabulary.kind(found).ok_or_else(|| {
        let known: alloc::vec::Vec<&str> = vocabulary.kinds().map(|(_, name)| name).collect();
        refusal(
            Code::UnknownKind,
            field,
            &format!("one of {}", known.join(", ")),
            found,
            "name a kind of the word list",
        )
    })
}

fn named(state: &State, field: &'static str, name: &Name) -> Result<KindId, Refusal> {
    text(field, &name.name, limits::NAME)?;
    kind(state, field, &name.kind)
}

pub(crate) fn moment(field: &'static str, at: Instant) -> Result<(), Refusal> {
    if (limits::EARLIEST..=limits::LATEST).contains(&at) {
        return Ok(());
    }
    let hint = "give UTC milliseconds; seconds or microseconds land in another century";
    Err(refusal(Code::OutOfRange, field, "a moment from 1900 to 2200", &format!("{} ms", at.0), hint))
}

fn forwards(field: &'static str, from: Instant, until: Instant) -> Result<(), Refusal> {
    if from <= until {
        return Ok(());
    }
    let expected = format!("{} ms or later", from.0);
    Err(refusal(Code::Backwards, field, &expected, &format!("{} ms", until.0), "it ends before it begins"))
}

pub(crate) fn text(field: &'static str, text: &str, limit: usize) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(refusal(Code::Empty, field, "a text", "nothing", "it may not be empty"));
    }
    at_most(field, text.len(), limit, "bytes")
}

pub(crate) fn at_most(field: &'static str, length: usize, limit: usize, what: &str) -> Result<(), Refusal> {
    if length <= limit {
        return Ok(());
    }
    let expected = format!("at most {limit} {what}");
    Err(refusal(
        Code::TooLong,
        field,
        &expected,
        &length.to_string(),
        "shorten it, or keep the rest elsewhere and cite it",
    ))
}

pub(crate) fn refusal(code: Code, field: &'static str, expected: &str, found: &str, hint: &'static str) -> Refusal {
    // What was found is shown, not repeated: a refusal must stay small whatever it was sent.
    let mut short: String = found.chars().take(limits::NAME).collect();
    if short.is_empty() {
        short.push_str("nothing");
    } else if short.len() < found.len() {
        short.push('…');
    }
    Refusal { code, field, expected: expected.to_string(), found: short, hint }
}
