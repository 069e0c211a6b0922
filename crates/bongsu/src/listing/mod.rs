//! Lists of addresses that somebody publishes, laid beside what is recorded of the same source.
//!
//! It promises that loading a list is a difference: what is new is added, what left the list is removed, and the same list twice is nothing.
//! Whether a list may deny or only warn is what it is loaded as. It must never know what a rule makes of it.

pub mod file;

use crate::address::{self, chains};
use file::Row;
use kernel::fact::{List, ListChanged, Observation};
use kernel::guard::Guard;
use kernel::guard::names::{Kind, NOBODY};
use rulebook::time::Instant;
use std::collections::BTreeSet;

/// As what a list is loaded, and for whom.
#[derive(Clone, Debug)]
pub struct Loading<'l> {
    /// The exchange.
    pub exchange: &'l str,
    /// Which list.
    pub list: List,
    /// Who publishes it: the name under which it is loaded again.
    pub source: &'l str,
    /// Whose allow-list; absent: everybody's.
    pub customer: Option<&'l str>,
    /// Who loads it.
    pub by: &'l str,
    /// When.
    pub at: Instant,
}

/// What a list changes.
#[derive(Clone, Debug, Default)]
pub struct Difference {
    /// The facts: removals first.
    pub facts: Vec<Observation>,
    /// How many are new.
    pub added: usize,
    /// How many left.
    pub removed: usize,
    /// How many stay.
    pub kept: usize,
    /// Rows whose address is none of their chain; they count as they are written, so that no list loses a row to a form.
    pub odd: Vec<String>,
    /// Removals that wait until nothing is stopped.
    pub postponed: usize,
}

/// Lays a list beside what is recorded.
pub fn difference(guard: Option<&Guard>, loading: &Loading<'_>, rows: &[Row]) -> Difference {
    let mut out = Difference::default();
    let mut listed: BTreeSet<(String, String)> = BTreeSet::new();
    for row in rows {
        let text = match address::canonical(&row.chain, &row.address) {
            Ok(found) => found.text,
            Err(problem) => {
                out.odd.push(format!("line {}: {problem}", row.line));
                row.address.clone()
            }
        };
        listed.extend(chains_of(guard, &row.chain, &text).into_iter().map(|chain| (chain, text.clone())));
    }
    let recorded = guard.map(|guard| recorded(guard, loading)).unwrap_or_default();
    let stopped = guard.is_some_and(|guard| guard.stops.is_incident());
    let fact = |(chain, address): &(String, String), add| {
        Observation::from(ListChanged {
            exchange: loading.exchange.into(),
            source: loading.source.into(),
            list: loading.list,
            chain: chain.clone(),
            address: address.clone(),
            add,
            by: loading.by.into(),
            at: loading.at,
            customer: loading.customer.map(str::to_string),
        })
    };
    let gone: Vec<_> = recorded.difference(&listed).collect();
    // Denying less waits until nothing is stopped, like everything that makes the guard weaker.
    if stopped && loading.list == List::Deny {
        out.postponed = gone.len();
    } else {
        out.removed = gone.len();
        out.facts.extend(gone.into_iter().map(|pair| fact(pair, false)));
    }
    let new: Vec<_> = listed.difference(&recorded).collect();
    out.added = new.len();
    out.kept = listed.len() - new.len();
    out.facts.extend(new.into_iter().map(|pair| fact(pair, true)));
    out
}

/// The chains, by the names this guard has for them, on which an address is the same: all that run Ethereum's machine share theirs.
fn chains_of(guard: Option<&Guard>, chain: &str, address: &str) -> BTreeSet<String> {
    let own = chains::name(chain);
    let evm = |name: &str| matches!(chains::form(name), Some(chains::Form::Evm)) && address.starts_with("0x");
    // Chains it has assets on: a chain that only lists speak of would grow with every list.
    let known = guard.into_iter().flat_map(|guard| {
        let chains: BTreeSet<u32> = guard.assets.iter().map(|asset| asset.chain).filter(|c| *c != NOBODY).collect();
        chains.into_iter().map(|number| guard.names.text(Kind::Chain, number).to_string())
    });
    let mut found: BTreeSet<String> =
        known.filter(|name| chains::name(name) == own || (evm(name) && evm(own))).collect();
    if !found.iter().any(|name| chains::name(name) == own) {
        found.insert(own.into());
    }
    found
}

/// What is recorded of the same source.
fn recorded(guard: &Guard, loading: &Loading<'_>) -> BTreeSet<(String, String)> {
    let source = guard.names.find(Kind::Source, NOBODY, loading.source);
    let customer = match loading.customer {
        Some(who) => guard.names.find(Kind::Customer, NOBODY, who),
        None => Some(NOBODY),
    };
    let holds = |lists: &kernel::guard::state::Lists| match loading.list {
        List::Deny => source.is_some_and(|source| lists.denied.contains(&(source, Instant::NEVER))),
        List::Hint => source.is_some_and(|source| lists.hinted.contains(&source)),
        List::Allow => customer.is_some_and(|who| lists.allowed.iter().any(|(held, _)| *held == who)),
    };
    let listed = guard.addresses.iter().enumerate().filter(|(_, address)| address.lists().is_some_and(holds));
    listed
        .filter_map(|(number, _)| {
            let number = u32::try_from(number).ok()?;
            let chain = guard.names.text(Kind::Chain, guard.names.within(Kind::Address, number));
            Some((chain.to_string(), guard.names.text(Kind::Address, number).to_string()))
        })
        .collect()
}
