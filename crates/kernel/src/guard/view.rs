//! The guard's state as a rule sees it, for one question at one moment.
//!
//! It promises that asking changes nothing and that what is not recorded is unknown. Windows count the question itself: the
//! withdrawal that would break a limit is the one that is stopped. What is no word of the guard, the record answers.

use super::names::{Kind, NOBODY};
use super::state::Guard;
use super::windows::{Axis, Sum};
use super::words::{Slot, Words};
use crate::view::View;
use rulebook::facts::{Datum, Facts, Known, Occurrence, Reading, Subject, Tally};
use rulebook::number::Number;
use rulebook::time::{HOUR, Instant};
use rulebook::vocabulary::{KindId, WordId};

/// How long a reading of holdings says what may be credited: whoever keeps books closes them once a day. A share of it that may
/// leave within an hour does not hang on the day.
const HOLDINGS_LAST: i64 = 24 * HOUR;

/// What a question is about, by number; [`NOBODY`] where nothing is named or it was never named before.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct Keys {
    pub customer: u32,
    pub destination: u32,
    pub wallet: u32,
    pub asset: u32,
    pub chain: u32,
}

impl Default for Keys {
    fn default() -> Keys {
        Keys { customer: NOBODY, destination: NOBODY, wallet: NOBODY, asset: NOBODY, chain: NOBODY }
    }
}

/// A question and all that is seen of it.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct Question<'q> {
    pub keys: Keys,
    /// Base units and whole won of the withdrawal itself, which counts in every window.
    pub amount: i128,
    pub won: Option<i128>,
    pub second_factor: bool,
    /// The destination as text: it may have no number yet.
    pub destination: &'q str,
    pub matched: Option<bool>,
    pub authority: bool,
    pub cause: Option<&'q str>,
    pub agreed: bool,
    pub lagging: bool,
    pub of_event: bool,
    pub of_deposit: bool,
    pub deposit_final: bool,
    pub value: Option<Number>,
    pub quantity: Option<Number>,
    pub credit: Option<Number>,
    pub outstanding: Option<Number>,
    pub budget: Option<Number>,
    pub event_credited: Option<Number>,
    pub hot: Option<Number>,
    /// What is being read, before it is recorded.
    pub held: Option<Number>,
    pub entrusted: Option<Number>,
}

/// The guard as one question sees it.
pub struct GuardView<'g> {
    /// The state.
    pub guard: &'g Guard,
    /// The words it answers.
    pub words: &'g Words,
    /// What else is recorded about the exchange.
    pub record: Option<View<'g>>,
    /// The question.
    pub question: &'g Question<'g>,
    /// The moment.
    pub now: Instant,
}

fn reading(datum: Datum<'_>) -> Option<Reading<'_>> {
    Some(Reading { datum, evidence: None })
}

fn number(value: Option<&Number>) -> Option<Reading<'_>> {
    reading(value.map_or(Datum::Missing, |number| Datum::Number(number, None)))
}

impl GuardView<'_> {
    fn key(&self, axis: Axis) -> u32 {
        let keys = &self.question.keys;
        match axis {
            Axis::Customer => keys.customer,
            Axis::Destination => keys.destination,
            Axis::Wallet => keys.wallet,
            Axis::Asset => keys.asset,
            Axis::Chain => keys.chain,
            Axis::Exchange => 0,
        }
    }
}

impl Facts for GuardView<'_> {
    #[inline]
    fn value(&self, _subject: Option<Subject>, word: WordId, at: Instant) -> Option<Reading<'_>> {
        let (guard, asked) = (self.guard, self.question);
        let lists = || guard.addresses.get(asked.keys.destination as usize)?.lists();
        match self.words.slot(word) {
            Slot::Elsewhere => self.record.as_ref()?.value(None, word, at),
            Slot::Value | Slot::OutflowValue => number(asked.value.as_ref()),
            Slot::Quantity => number(asked.quantity.as_ref()),
            Slot::SecondFactor => reading(Datum::Truth(asked.second_factor)),
            Slot::AllowListed => {
                let vouches = |(who, _): &(u32, Instant)| *who == NOBODY || *who == asked.keys.customer;
                let listed = lists().is_some_and(|lists| lists.allowed.iter().any(vouches));
                reading(Datum::Truth(listed))
            }
            Slot::Denied => reading(Datum::Truth(lists().is_some_and(|lists| lists.is_denied(self.now)))),
            Slot::Hinted => reading(Datum::Truth(lists().is_some_and(|lists| !lists.hinted.is_empty()))),
            Slot::LookAlike => {
                let (chain, number) = (asked.keys.chain, asked.keys.destination);
                reading(Datum::Truth(guard.number_looks_alike(chain, number, asked.destination)))
            }
            Slot::Balance => number(guard.wallets.get(asked.keys.wallet as usize)?.value_at(at)),
            Slot::TierOf => reading(Datum::Code(guard.wallets.get(asked.keys.wallet as usize)?.tier.name())),
            Slot::Held if asked.held.is_some() => number(asked.held.as_ref()),
            Slot::Entrusted if asked.entrusted.is_some() => number(asked.entrusted.as_ref()),
            Slot::Held | Slot::Entrusted => {
                let holdings = guard.assets.get(asked.keys.asset as usize)?.holdings.as_ref()?;
                if asked.credit.is_some() && holdings.at.plus(HOLDINGS_LAST) <= self.now {
                    return reading(Datum::Missing);
                }
                let held = self.words.slot(word) == Slot::Held;
                number(Some(if held { &holdings.held_units } else { &holdings.entrusted_units }))
            }
            Slot::Matched => reading(asked.matched.map_or(Datum::Missing, Datum::Truth)),
            Slot::Authority => reading(Datum::Truth(asked.authority)),
            Slot::CauseOf => reading(asked.cause.map_or(Datum::None, Datum::Code)),
            Slot::Agreed => reading(Datum::Truth(asked.agreed)),
            Slot::Lagging => reading(Datum::Truth(asked.lagging)),
            Slot::Credit => number(asked.credit.as_ref()),
            Slot::Outstanding => number(asked.outstanding.as_ref()),
            Slot::OfEvent => reading(Datum::Truth(asked.of_event)),
            Slot::OfDeposit => reading(Datum::Truth(asked.of_deposit)),
            Slot::DepositFinal => reading(Datum::Truth(asked.deposit_final)),
            Slot::Budget => number(asked.budget.as_ref()),
            Slot::EventCredited => number(asked.event_credited.as_ref()),
            Slot::Hot => number(asked.hot.as_ref()),
            Slot::Incident => reading(Datum::Truth(guard.stops.is_incident())),
            // Events have occurrences, not values.
            Slot::Sum(_) | Slot::Seen | Slot::Listed => None,
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
        if let (Slot::Elsewhere, Some(record)) = (self.words.slot(word), &self.record) {
            record.series(subject, word, after, until, visit);
        }
    }

    fn events<'a>(
        &'a self,
        _subject: Option<Subject>,
        word: WordId,
        until: Instant,
        visit: &mut dyn FnMut(Occurrence<'a>),
    ) -> Known {
        let once = |at| Occurrence { at, by: None, amount: None, contents: None, evidence: None };
        let address = self.guard.addresses.get(self.question.keys.destination as usize);
        match self.words.slot(word) {
            Slot::Seen => {
                address.and_then(|a| a.seen).filter(|at| *at <= until).into_iter().for_each(|at| visit(once(at)));
                Known::Yes
            }
            Slot::Listed => {
                let vouches = |who: u32| who == NOBODY || who == self.question.keys.customer;
                let since = address
                    .and_then(|a| a.lists())
                    .into_iter()
                    .flat_map(|lists| &lists.allowed)
                    .filter(|(who, _)| vouches(*who));
                let first = since.map(|(_, at)| *at).min();
                first.filter(|at| *at <= until).into_iter().for_each(|at| visit(once(at)));
                Known::Yes
            }
            Slot::Elsewhere => match &self.record {
                Some(record) => record.events(None, word, until, visit),
                None => Known::No,
            },
            // Sums are kept, single occurrences are not.
            _ => Known::No,
        }
    }

    fn total(&self, _subject: Option<Subject>, word: WordId, count: bool, after: Instant, until: Instant) -> Tally {
        let Slot::Sum(axis) = self.words.slot(word) else { return Tally::Visit };
        let key = self.key(axis);
        let kept = until == self.now;
        let length = until.0.saturating_sub(after.0);
        // Somebody who was never seen before has consumed nothing.
        let sum = match key {
            NOBODY => Some(Sum::default()),
            _ => self.guard.windows.sum(axis, key, length, until),
        };
        let Some(sum) = sum.filter(|_| kept) else { return Tally::Unknown };
        if count {
            return Tally::Is(Number::integer(i128::from(sum.count).saturating_add(1)));
        }
        let total = if axis == Axis::Asset {
            let amount = sum.amount.checked_add(self.question.amount);
            amount.and_then(|amount| self.guard.assets.get(key as usize)?.units(amount))
        } else {
            let own = self.question.won;
            sum.value().and_then(|won| won.checked_add(own?)).map(Number::integer)
        };
        total.map_or(Tally::Unknown, Tally::Is)
    }

    fn subjects(&self, _kind: KindId, _at: Instant, _visit: &mut dyn FnMut(Subject)) -> Known {
        // A guard decides about one thing; it never goes through all.
        Known::No
    }

    fn refers(&self, _subject: Subject, kind: KindId) -> Option<Subject> {
        // Each question has one of each kind; which one, its keys say.
        Some(Subject { kind, id: 0 })
    }

    fn given(&self, _subject: Option<Subject>, name: &str, at: Instant) -> Option<Reading<'_>> {
        self.record.as_ref()?.given(None, name, at)
    }
}

impl Guard {
    /// The keys of a withdrawal by what it names.
    pub(super) fn keys(&self, wallet: u32, asset: u32, destination: &str, customer: &str) -> Keys {
        let chain = self.assets.get(asset as usize).map_or(NOBODY, |asset| asset.chain);
        Keys {
            customer: self.names.find(Kind::Customer, NOBODY, customer).unwrap_or(NOBODY),
            destination: self.names.find(Kind::Address, chain, destination).unwrap_or(NOBODY),
            wallet,
            asset,
            chain,
        }
    }
}
