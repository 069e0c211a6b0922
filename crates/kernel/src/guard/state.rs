//! Everything the guard of one exchange adds up to: assets, wallets, lists, people, withdrawals, credits, chains, stops.
//!
//! It promises that it is built by folds alone and that no fold evaluates a rule. Everything is found by dense number.

use super::breaker::Stops;
use super::chain::Chain;
use super::conclusion::Hold;
use super::credit::Credits;
use super::flows::Flows;
use super::names::{Kind, NOBODY, Names, siphash};
use super::price::Prices;
use super::table::Table;
use super::ticket::Ticketing;
use super::windows::Windows;
use crate::fact::{
    AssetListed, BalanceRead, ChainWatched, Ending, HoldingsRead, KeyEnrolled, List, ListChanged, MandateSigned,
    PersonEnrolled, PolicyAsked, PriceSeen, Role, Tier, WalletRegistered,
};
use crate::known::Stamp;
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use alloc::string::String;
use alloc::vec::Vec;
use journal::Hash;
use rulebook::number::Number;
use rulebook::time::{HOUR, Instant, MINUTE};

/// Samples of a wallet's value that are kept: one a minute for a day and an hour, so that any point within a day is found.
const SAMPLES: usize = 25 * 60;

/// How long a denial holds after it was lifted: whoever lifts one for a theft waits a day in plain sight.
const LIFTING: i64 = 24 * HOUR;

/// The guard of one exchange.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    /// References and their numbers.
    pub names: Names,
    /// Assets by number.
    pub assets: Vec<Asset>,
    /// Wallets by number.
    pub wallets: Vec<Wallet>,
    /// Addresses by number, on all chains.
    pub addresses: Vec<Address>,
    /// Chain, first four and last four letters of every known address: what others may be made to look like. Only asked, never
    /// walked.
    likenesses: Table<Face>,
    /// Enrolled people by number.
    pub people: BTreeMap<u32, Person>,
    /// Keys that may speak to the guard, by id; without roles: no longer.
    pub keys: BTreeMap<String, Key>,
    /// Withdrawals by number.
    pub withdrawals: Vec<Withdrawal>,
    /// Changes by number.
    pub changes: Vec<Change>,
    /// Mandates by number.
    pub mandates: Vec<Mandate>,
    /// Tickets by number.
    pub tickets: Vec<Ticketing>,
    /// Held withdrawals, credits and changes that wait for a moment.
    pub waiting: BTreeSet<(Instant, Asked)>,
    /// How many withdrawals and credits are held.
    pub held: u64,
    /// What was allowed within rolling windows.
    pub windows: Windows,
    /// Chains by number.
    pub chains: Vec<Option<Chain>>,
    /// Authorisations and transfers side by side.
    pub(super) flows: Flows,
    /// What is stopped.
    pub stops: Stops,
    /// Credits and their events.
    pub credits: Credits,
    /// Whether the first withdrawal was asked: from then on changes need a quorum.
    pub armed: bool,
    /// Assets whose exposure a rule warns of.
    pub near: BTreeSet<u32>,
    /// Fires that burn.
    pub fires: u8,
    /// How far the gate's journal is copied, where this is a watch's.
    pub gate: Option<Copied>,
}

/// How far the gate's journal is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Everything that the gate had recorded by then is here.
    pub until: Instant,
    /// How long an outflow waits for its authorisation, in milliseconds.
    pub grace: i64,
}

/// A question that may be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Asked {
    Withdrawal(u32),
    Change(u32),
    Credit(u32),
}

/// An asset.
#[derive(Clone, Debug, Default)]
pub struct Asset {
    /// Its chain; [`NOBODY`] for a reference without a listing.
    pub chain: u32,
    /// Digits after the point.
    pub decimals: u8,
    /// 10 to the number of digits.
    pub unit: i128,
    /// Its prices.
    pub prices: Prices,
    /// What is held and entrusted, in whole units, and when it was read.
    pub holdings: Option<Holdings>,
}

/// What is held of an asset.
#[derive(Clone, Debug)]
pub struct Holdings {
    /// The reading's entry.
    pub entry: Stamp,
    /// The moment it is of.
    pub at: Instant,
    /// Base units.
    pub held: i128,
    /// Base units.
    pub entrusted: i128,
    /// Whole units.
    pub held_units: Number,
    /// Whole units.
    pub entrusted_units: Number,
}

impl Asset {
    /// An amount of base units in whole units.
    pub fn units(&self, amount: i128) -> Option<Number> {
        Number::fraction(amount, self.unit)
    }
}

/// A wallet.
#[derive(Clone, Debug)]
pub struct Wallet {
    /// Its chain.
    pub chain: u32,
    /// Its address.
    pub address: u32,
    /// Its key domain.
    pub domain: u32,
    /// What it is for.
    pub tier: Tier,
    /// The entry that registered it.
    pub since: Stamp,
    /// Base units by asset, and the moment from which blocks move them.
    pub balances: BTreeMap<u32, (i128, Instant)>,
    /// Its value now, and one sample a minute behind it; unknown where a price is missing.
    pub(super) value: Option<(Instant, Option<Number>)>,
    pub(super) samples: VecDeque<(Instant, Option<Number>)>,
}

impl Wallet {
    /// Its value in won as it stood at a moment, to the minute.
    pub fn value_at(&self, at: Instant) -> Option<&Number> {
        match &self.value {
            Some((since, value)) if *since <= at => value.as_ref(),
            _ => {
                let before = self.samples.partition_point(|(since, _)| *since <= at);
                self.samples.get(before.checked_sub(1)?)?.1.as_ref()
            }
        }
    }

    /// Whether its key is at hand: what a thief empties first.
    pub fn is_hot(&self) -> bool {
        matches!(self.tier, Tier::Hot | Tier::Warm)
    }
}

/// The chain of an address, its first four and its last four letters.
type Face = (u32, [u8; 8]);

/// An address. Most are on no list.
#[derive(Clone, Debug, Default)]
pub struct Address {
    /// The wallet of the exchange that it is.
    pub wallet: Option<u32>,
    /// When a withdrawal to it was allowed first.
    pub seen: Option<Instant>,
    /// It is known: others are held against it.
    known: bool,
    lists: Option<Box<Lists>>,
}

/// The lists that an address is on.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    /// Customers who vouch for it ([`NOBODY`]: everybody), and since when.
    pub allowed: Vec<(u32, Instant)>,
    /// Who denies it, and until when: a denial that was lifted still holds for a day.
    pub denied: Vec<(u32, Instant)>,
    /// Who warns of it.
    pub hinted: Vec<u32>,
}

impl Lists {
    /// Whether somebody denies it now.
    pub fn is_denied(&self, now: Instant) -> bool {
        self.denied.iter().any(|(_, until)| *until > now)
    }
}

impl Address {
    /// The lists it is on.
    pub fn lists(&self) -> Option<&Lists> {
        self.lists.as_deref()
    }
}

/// An enrolled person.
#[derive(Clone, Debug)]
pub struct Person {
    /// Who it is, whatever the name.
    pub identity: Hash,
    /// Groups by number.
    pub groups: Vec<u32>,
}

/// A key that may speak to the guard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The Ed25519 public key.
    pub public: [u8; 32],
    /// Whose.
    pub holder: String,
    /// What it may do.
    pub roles: Vec<Role>,
}

/// An approval that counts until it expires.
#[derive(Clone, Debug)]
pub struct Approval {
    /// Who.
    pub identity: Hash,
    /// For which group.
    pub group: u32,
    /// When it was given.
    pub at: Instant,
}

/// Where a question stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// It waits.
    Held(Hold),
    /// It may pass.
    Allowed,
    /// Its payload was accepted: it may be signed, and only the chain ends it.
    Signed,
    /// It may not pass.
    Denied,
    /// It ended.
    Ended(Ending),
}

/// A withdrawal.
#[derive(Clone, Debug)]
pub struct Withdrawal {
    /// The entry that asked.
    pub entry: Stamp,
    /// Base units.
    pub amount: i128,
    /// The wallet it leaves.
    pub wallet: u32,
    /// The asset.
    pub asset: u32,
    /// The address it reaches.
    pub destination: u32,
    /// Whose.
    pub customer: u32,
    /// Who asked.
    pub initiator: u32,
    /// Destination tag.
    pub tag: Option<Box<str>>,
    /// Proof of a second factor.
    pub second_factor: Option<Box<str>>,
    /// When it was asked, by the caller's clock.
    pub at: Instant,
    /// Where it stands.
    pub status: Status,
    /// Where it lies in the windows.
    pub consumed: Option<u64>,
    /// Who approved.
    pub approvals: Vec<Approval>,
    /// The transfer that it is on its chain.
    pub tx: Option<u32>,
}

/// A change of the guard.
#[derive(Clone, Debug)]
pub struct Change {
    /// The fact that asked.
    pub fact: PolicyAsked,
    /// The entry that asked.
    pub entry: Stamp,
    /// Where it stands.
    pub status: Status,
    /// Who approved.
    pub approvals: Vec<Approval>,
    /// It made its change: it makes none any more.
    pub made: bool,
}

impl Change {
    /// Whether it may make its change.
    pub fn is_open(&self) -> bool {
        self.status == Status::Allowed && !self.made
    }
}

impl Mandate {
    /// The most it let pass within any of its windows that holds a moment: blocks come late, and in any order.
    pub(super) fn most(&self, at: Instant) -> i128 {
        let window = self.fact.window;
        let within = |until: Instant| {
            let after = until.plus(window.checked_neg().unwrap_or(0));
            let inside = self.used.iter().filter(move |(when, _)| *when > after && *when <= until);
            inside.fold(0i128, |sum, (_, amount)| sum.saturating_add(*amount))
        };
        let later = self.used.iter().map(|(when, _)| *when).filter(|when| *when > at && *when < at.plus(window));
        later.map(within).fold(within(at), i128::max)
    }
}

/// A mandate and what it let pass.
#[derive(Clone, Debug)]
pub struct Mandate {
    /// What was signed.
    pub fact: MandateSigned,
    /// The asset.
    pub asset: u32,
    /// When and how much, within its window.
    pub used: VecDeque<(Instant, i128)>,
}

impl Guard {
    /// A guard under a secret key for its table of references.
    pub fn keyed(key: [u64; 2]) -> Guard {
        Guard { names: Names::keyed(key), fires: 1, ..Guard::default() }
    }

    /// An asset by its id.
    pub fn asset(&self, id: &str) -> Option<(u32, &Asset)> {
        let number = self.names.find(Kind::Asset, NOBODY, id)?;
        self.assets.get(number as usize).filter(|asset| asset.chain != NOBODY).map(|asset| (number, asset))
    }

    /// A wallet by its id.
    pub fn wallet(&self, id: &str) -> Option<(u32, &Wallet)> {
        let number = self.names.find(Kind::Wallet, NOBODY, id)?;
        self.wallets.get(number as usize).map(|wallet| (number, wallet))
    }

    /// A withdrawal by its id.
    pub fn withdrawal(&self, id: &str) -> Option<(u32, &Withdrawal)> {
        let number = self.names.find(Kind::Withdrawal, NOBODY, id)?;
        self.withdrawals.get(number as usize).map(|withdrawal| (number, withdrawal))
    }

    /// A change by its id.
    pub fn change(&self, id: &str) -> Option<(u32, &Change)> {
        let number = self.names.find(Kind::Change, NOBODY, id)?;
        self.changes.get(number as usize).map(|change| (number, change))
    }

    /// The number of an address, given now if it has none.
    pub(super) fn address(&mut self, chain: u32, text: &str) -> u32 {
        let number = self.names.number(Kind::Address, chain, text);
        if self.addresses.len() <= number as usize {
            self.addresses.resize(self.names.len(Kind::Address), Address::default());
        }
        number
    }

    /// An address where something is recorded about it.
    pub fn find_address(&self, chain: u32, text: &str) -> Option<(u32, &Address)> {
        let number = self.names.find(Kind::Address, chain, text)?;
        self.addresses.get(number as usize).map(|address| (number, address))
    }

    /// Notes an address that others may be made to look like.
    pub(super) fn known_face(&mut self, chain: u32, number: u32) {
        let Some(address) = self.addresses.get_mut(number as usize).filter(|address| !address.known) else { return };
        address.known = true;
        let Some(letters) = face(self.names.text(Kind::Address, number)) else { return };
        let (face, key) = ((chain, letters), self.names.key());
        if self.likenesses.find(hash(key, &face), |known| *known == face).is_none() {
            self.likenesses.insert(hash(key, &face), face, |known| hash(key, known));
        }
    }

    /// Whether an address begins and ends like a known one, and is another. A known address is itself, whoever looks like it
    /// came later.
    pub fn looks_alike(&self, chain: u32, text: &str) -> bool {
        let own = self.names.find(Kind::Address, chain, text);
        self.number_looks_alike(chain, own.unwrap_or(NOBODY), text)
    }

    /// The same for an address whose number is at hand; [`NOBODY`] where it has none.
    pub(super) fn number_looks_alike(&self, chain: u32, number: u32, text: &str) -> bool {
        if self.addresses.get(number as usize).is_some_and(|address| address.known) {
            return false;
        }
        let Some(letters) = face(text) else { return false };
        let face = (chain, letters);
        self.likenesses.find(hash(self.names.key(), &face), |known| *known == face).is_some()
    }

    pub(super) fn list_asset(&mut self, fact: &AssetListed) -> bool {
        let chain = self.names.number(Kind::Chain, NOBODY, &fact.chain);
        let number = self.names.number(Kind::Asset, NOBODY, &fact.asset);
        if self.assets.len() <= number as usize {
            let unlisted = Asset { chain: NOBODY, unit: 1, ..Asset::default() };
            self.assets.resize(self.names.len(Kind::Asset), unlisted);
        }
        let Some(unit) = 10i128.checked_pow(u32::from(fact.decimals)) else { return false };
        let Some(asset) = self.assets.get_mut(number as usize) else { return false };
        (asset.chain, asset.decimals, asset.unit) = (chain, fact.decimals, unit);
        true
    }

    pub(super) fn register(&mut self, fact: &WalletRegistered, since: Stamp) -> bool {
        let chain = self.names.number(Kind::Chain, NOBODY, &fact.chain);
        let domain = self.names.number(Kind::Domain, NOBODY, &fact.domain);
        let address = self.address(chain, &fact.address);
        let number = self.names.number(Kind::Wallet, NOBODY, &fact.wallet);
        if let Some(address) = self.addresses.get_mut(address as usize) {
            address.wallet = Some(number);
        }
        self.known_face(chain, address);
        let wallet = Wallet {
            chain,
            address,
            domain,
            tier: fact.tier,
            since,
            balances: BTreeMap::new(),
            value: None,
            samples: VecDeque::new(),
        };
        match self.wallets.get_mut(number as usize) {
            Some(old) => {
                let (balances, value, samples) =
                    (core::mem::take(&mut old.balances), old.value.take(), core::mem::take(&mut old.samples));
                *old = Wallet { balances, value, samples, ..wallet };
            }
            None => self.wallets.push(wallet),
        }
        true
    }

    pub(super) fn price(&mut self, fact: &PriceSeen, now: Instant) -> bool {
        let venue = self.names.number(Kind::Venue, NOBODY, &fact.venue);
        let Some(number) = self.asset(&fact.asset).map(|(number, _)| number) else { return false };
        let Some(asset) = self.assets.get_mut(number as usize) else { return false };
        // A clock that is ahead must not keep later prices out.
        asset.prices.see(venue, &fact.won, fact.at.min(now), asset.decimals);
        true
    }

    pub(super) fn holdings(&mut self, fact: &HoldingsRead, entry: Stamp) -> bool {
        let Some(number) = self.asset(&fact.asset).map(|(number, _)| number) else { return false };
        let Some(asset) = self.assets.get_mut(number as usize) else { return false };
        let (Some(held_units), Some(entrusted_units)) = (asset.units(fact.held), asset.units(fact.entrusted)) else {
            return false;
        };
        let (held, entrusted, at) = (fact.held, fact.entrusted, fact.at.min(entry.time));
        // A reading of an earlier moment says less than the last.
        if asset.holdings.as_ref().is_none_or(|known| known.at <= at) {
            asset.holdings = Some(Holdings { entry, at, held, entrusted, held_units, entrusted_units });
            self.credits.reconciled(number, at);
        }
        true
    }

    pub(super) fn balance(&mut self, fact: &BalanceRead, now: Instant) -> bool {
        let at = fact.at.min(now);
        let (Some((wallet, _)), Some((asset, _))) = (self.wallet(&fact.wallet), self.asset(&fact.asset)) else {
            return false;
        };
        if let Some(held) = self.wallets.get_mut(wallet as usize) {
            let newer = held.balances.get(&asset).is_none_or(|(_, known)| *known <= at);
            if newer {
                held.balances.insert(asset, (fact.balance, at));
            }
        }
        self.sample(wallet, at);
        true
    }

    /// Moves a wallet's balance by what a block says, unless the balance was read after that block.
    pub(super) fn shift(&mut self, wallet: u32, asset: u32, by: i128, at: Instant) {
        let Some(held) = self.wallets.get_mut(wallet as usize) else { return };
        if let Some((balance, since)) = held.balances.get_mut(&asset)
            && at > *since
        {
            *balance = balance.saturating_add(by);
        }
        self.sample(wallet, at);
    }

    /// Values a hot wallet at a moment. Valuing ten thousand deposit addresses helps nobody.
    fn sample(&mut self, wallet: u32, at: Instant) {
        let Some(held) = self.wallets.get(wallet as usize).filter(|wallet| wallet.is_hot()) else { return };
        if held.value.as_ref().is_some_and(|(last, _)| *last > at) {
            return;
        }
        let value = |(asset, (balance, _)): (&u32, &(i128, Instant))| {
            if *balance <= 0 {
                return Some(0);
            }
            self.assets.get(*asset as usize)?.prices.value(*balance, at)
        };
        let won = held.balances.iter().map(value).try_fold(0i128, |sum, won| sum.checked_add(won?));
        let Some(held) = self.wallets.get_mut(wallet as usize) else { return };
        if let Some(last) = held.value.take()
            && held.samples.back().is_none_or(|(sampled, _)| last.0.0.saturating_sub(sampled.0) >= MINUTE)
        {
            held.samples.push_back(last);
            if held.samples.len() > SAMPLES {
                held.samples.pop_front();
            }
        }
        held.value = Some((at, won.map(Number::integer)));
    }

    pub(super) fn change_list(&mut self, fact: &ListChanged, now: Instant) -> bool {
        // It cools down from its entry on: whoever adds it would date it back. Lists of years are taken over while it is set up.
        let since = if self.armed { now } else { fact.at.min(now) };
        let chain = self.names.number(Kind::Chain, NOBODY, &fact.chain);
        let number = self.address(chain, &fact.address);
        let source = self.names.number(Kind::Source, NOBODY, &fact.source);
        let customer = fact.customer.as_deref().map_or(NOBODY, |who| self.names.number(Kind::Customer, NOBODY, who));
        let Some(address) = self.addresses.get_mut(number as usize) else { return false };
        let lists = address.lists.get_or_insert_default();
        match fact.list {
            List::Allow => {
                if !fact.add {
                    lists.allowed.retain(|(who, _)| *who != customer);
                } else if !lists.allowed.iter().any(|(who, _)| *who == customer) {
                    lists.allowed.push((customer, since));
                }
            }
            List::Deny => {
                let listed = lists.denied.iter().any(|(who, until)| *who == source && *until == Instant::NEVER);
                lists.denied.retain(|(who, until)| *who != source && *until > now);
                if fact.add {
                    lists.denied.push((source, Instant::NEVER));
                } else if listed && self.armed {
                    lists.denied.push((source, now.plus(LIFTING)));
                }
            }
            List::Hint => {
                lists.hinted.retain(|who| *who != source);
                if fact.add {
                    lists.hinted.push(source);
                }
            }
        }
        if fact.list == List::Allow && fact.add {
            self.known_face(chain, number);
        }
        true
    }

    pub(super) fn enrol(&mut self, fact: &PersonEnrolled) -> bool {
        let person = self.names.number(Kind::Person, NOBODY, &fact.person);
        let groups: Vec<u32> = fact.groups.iter().map(|group| self.names.number(Kind::Group, NOBODY, group)).collect();
        if groups.is_empty() {
            self.people.remove(&person);
        } else {
            self.people.insert(person, Person { identity: fact.identity, groups });
        }
        true
    }

    pub(super) fn enrol_key(&mut self, fact: &KeyEnrolled) -> bool {
        let key = Key { public: fact.public, holder: fact.holder.clone(), roles: fact.roles.clone() };
        self.keys.insert(fact.key.clone(), key);
        true
    }

    pub(super) fn mandate(&mut self, fact: &MandateSigned) -> bool {
        let number = self.names.number(Kind::Mandate, NOBODY, &fact.id) as usize;
        // Authority changes are mandated under a name that is no listed asset, such as `authority:delegate`.
        let asset = self.names.number(Kind::Asset, NOBODY, &fact.asset);
        let unlisted = Asset { chain: NOBODY, unit: 1, ..Asset::default() };
        self.assets.resize(self.assets.len().max(self.names.len(Kind::Asset)), unlisted);
        let mandate = Mandate { fact: fact.clone(), asset, used: VecDeque::new() };
        match self.mandates.get_mut(number) {
            Some(old) => *old = Mandate { used: core::mem::take(&mut old.used), ..mandate },
            None => self.mandates.push(mandate),
        }
        true
    }

    pub(super) fn watch_chain(&mut self, fact: &ChainWatched) -> bool {
        let number = self.names.number(Kind::Chain, NOBODY, &fact.chain) as usize;
        let sources: Vec<u32> =
            fact.sources.iter().map(|source| self.names.number(Kind::Source, NOBODY, source)).collect();
        if self.chains.len() <= number {
            self.chains.resize(self.names.len(Kind::Chain), None);
        }
        let Some(slot) = self.chains.get_mut(number) else { return false };
        match slot {
            Some(chain) => chain.register(fact, sources),
            None => {
                let mut chain = Chain::default();
                chain.register(fact, sources);
                *slot = Some(chain);
            }
        }
        true
    }

    /// Notes that the change a fact stands under is made.
    pub(super) fn make(&mut self, change: &str, makes: &Hash) {
        let Some((number, _)) = self.change(change).filter(|(_, known)| known.fact.makes == *makes) else { return };
        if let Some(change) = self.changes.get_mut(number as usize) {
            change.made = true;
        }
    }

    /// Notes that a rulebook was adopted under a change that says so by its hash.
    pub(crate) fn adopted(&mut self, makes: &Hash) {
        if let Some(change) = self.changes.iter_mut().find(|change| change.fact.makes == *makes && change.is_open()) {
            change.made = true;
        }
    }

    /// The identity of an enrolled person.
    pub fn identity(&self, name: &str) -> Option<(&Person, Hash)> {
        let person = self.people.get(&self.names.find(Kind::Person, NOBODY, name)?)?;
        Some((person, person.identity))
    }

    /// Whether a person may speak for a group.
    pub fn is_in(&self, name: &str, group: &str) -> bool {
        let group = self.names.find(Kind::Group, NOBODY, group);
        self.identity(name).is_some_and(|(person, _)| group.is_some_and(|group| person.groups.contains(&group)))
    }

    /// The name of a wallet.
    pub fn wallet_name(&self, number: u32) -> String {
        self.names.text(Kind::Wallet, number).into()
    }
}

fn hash(key: [u64; 2], (chain, letters): &Face) -> u64 {
    let [k0, k1] = key;
    siphash::<1, 3>([k0 ^ u64::from(*chain), k1], letters)
}

/// The first and last four letters after what every address of its chain begins with; none for a short one.
fn face(address: &str) -> Option<[u8; 8]> {
    let bare = ["0x", "bc1q", "bc1p"].iter().find_map(|prefix| address.strip_prefix(prefix)).unwrap_or(address);
    let bytes = bare.as_bytes();
    if bytes.len() < 12 {
        return None;
    }
    let (first, last) = (bytes.get(..4)?, bytes.get(bytes.len().checked_sub(4)?..)?);
    let mut face = [0u8; 8];
    // Hexadecimal addresses are the same in capitals.
    let letters =
        first.iter().chain(last).map(|byte| if address.starts_with("0x") { byte.to_ascii_lowercase() } else { *byte });
    face.iter_mut().zip(letters).for_each(|(to, from)| *to = from);
    Some(face)
}
