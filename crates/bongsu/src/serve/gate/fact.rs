//! From what callers send to the kernel's facts.
//!
//! It promises that what cannot be meant is refused with its field, before anything is recorded. What needs the whole state to
//! judge is the kernel's to refuse.

use super::amount;
use super::problem::Problem;
use super::shape::*;
use crate::address;
use journal::Hash;
use journal::note::VerifierKey;
use kernel::fact::{
    AssetListed, BalanceRead, Cause, ChainWatched, Descriptor, Effect, EventDeclared, Exact, HoldingsRead, KeyEnrolled,
    List, ListChanged, MandateSigned, Operation, PersonEnrolled, PriceSeen, Reach, ResumptionStep, Role,
    RulebookAdopted, RulebookPage, Scope, Sides, Tier, WalletRegistered,
};
use rulebook::number::Number;
use rulebook::time::Instant;

type Made<T> = Result<T, Problem>;

fn wrong(field: &str, found: &str, expected: &str) -> Problem {
    let found: String = found.chars().take(100).collect();
    Problem::new("field", format!("found {found}"), "docs/gate.md lists what a field takes")
        .of(field)
        .expected(expected)
}

fn base(field: &str, text: &str) -> Made<i128> {
    amount::whole(text).map_err(|problem| problem.of(field))
}

/// A list of bytes in hexadecimal.
pub fn hash(field: &str, text: &str) -> Made<Hash> {
    unhex(text).and_then(|b| b.try_into().ok()).ok_or_else(|| wrong(field, text, "64 hexadecimal digits"))
}

/// Bytes of hexadecimal digits.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let text = text.strip_prefix("0x").unwrap_or(text);
    if !text.len().is_multiple_of(2) || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(text.get(i..i + 2)?, 16).ok()).collect()
}

/// An address in the one form of its chain.
pub fn address(chain: &str, field: &str, text: &str) -> Made<String> {
    match address::canonical(chain, text) {
        Ok(found) => Ok(found.text),
        Err(p) => Err(Problem::new("address", format!("{} is no address on {}", p.found, p.chain), p.hint)
            .of(field)
            .expected(p.expected)),
    }
}

/// A tag that goes with an address of its chain.
pub fn tag(chain: &str, field: &str, text: Option<&str>) -> Made<()> {
    text.map_or(Ok(()), |text| address::check_tag(chain, text)).map_err(|p| {
        Problem::new("tag", format!("{} is no tag on {}", p.found, p.chain), p.hint).of(field).expected(p.expected)
    })
}

fn named<T: Copy>(field: &str, text: &str, all: &[T], name: impl Fn(T) -> &'static str) -> Made<T> {
    all.iter().copied().find(|one| name(*one) == text).ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|one| name(*one)).collect();
        wrong(field, text, &format!("one of {}", names.join(", ")))
    })
}

/// What a stop covers.
pub fn scope(shape: &ScopeShape) -> Made<Scope> {
    let name = || shape.name.clone().ok_or_else(|| wrong("scope.name", "nothing", "which of them"));
    let what = match shape.what.as_str() {
        "all" => Reach::All,
        "domain" => Reach::Domain(name()?),
        "chain" => Reach::Chain(name()?),
        "asset" => Reach::Asset(name()?),
        "wallet" => Reach::Wallet(name()?),
        other => return Err(wrong("scope.what", other, "one of all, domain, chain, asset, wallet")),
    };
    let sides =
        shape.sides.as_deref().map_or(Ok(Sides::Both), |text| named("scope.sides", text, Sides::ALL, Sides::name));
    Ok(Scope { what, sides: sides? })
}

/// A step of a resumption.
pub fn step(shape: &Resumption) -> Made<ResumptionStep> {
    let value = || shape.value.as_deref().ok_or_else(|| wrong("value", "nothing", "the value of this step"));
    Ok(match shape.step.as_str() {
        "cause" => ResumptionStep::Cause(named("value", value()?, Cause::ALL, Cause::name)?),
        "reconciled" => ResumptionStep::Reconciled,
        "told" => ResumptionStep::Told,
        "canary" => ResumptionStep::Canary(base("value", value()?)?),
        "percent" => {
            let percent = value()?;
            ResumptionStep::Percent(percent.parse().map_err(|_| wrong("value", percent, "1 to 99"))?)
        }
        "full" => ResumptionStep::Full,
        "back" => ResumptionStep::Back,
        other => {
            return Err(wrong("step", other, "one of cause, reconciled, told, canary, percent, full, back"));
        }
    })
}

/// An effect of a payload.
pub fn effect(shape: &EffectShape) -> Made<Effect> {
    let operation = match shape.operation.as_deref() {
        None | Some("transfer") => Operation::Transfer,
        Some("delegate") => Operation::Delegate,
        Some(other) => Operation::Other(other.to_string()),
    };
    Ok(Effect {
        asset: shape.asset.clone(),
        amount: base("effects.amount", &shape.amount)?,
        destination: shape.destination.clone(),
        tag: shape.tag.clone(),
        operation,
    })
}

/// Shapes of one exchange.
pub struct Of<'e>(pub &'e str);

impl Of<'_> {
    fn exchange(&self) -> String {
        self.0.to_string()
    }

    /// A listed asset.
    pub fn asset(&self, s: &AssetShape) -> AssetListed {
        let (asset, chain, source) = (s.asset.clone(), s.chain.clone(), s.source.clone());
        AssetListed { exchange: self.exchange(), source, asset, chain, decimals: s.decimals }
    }

    /// A registered wallet.
    pub fn wallet(&self, s: &WalletShape) -> Made<WalletRegistered> {
        Ok(WalletRegistered {
            exchange: self.exchange(),
            source: s.source.clone(),
            wallet: s.wallet.clone(),
            chain: s.chain.clone(),
            address: address(&s.chain, "address", &s.address)?,
            domain: s.domain.clone(),
            tier: named("tier", &s.tier, Tier::ALL, Tier::name)?,
            change: s.change.clone(),
        })
    }

    /// A watched chain.
    pub fn chain(&self, s: &ChainShape) -> ChainWatched {
        ChainWatched {
            exchange: self.exchange(),
            chain: s.chain.clone(),
            sources: s.sources.clone(),
            depth: s.depth,
            behind: s.behind,
            silence: s.silence,
            observed: s.observed,
            change: s.change.clone(),
        }
    }

    /// An enrolled person.
    pub fn person(&self, s: &PersonShape) -> Made<PersonEnrolled> {
        Ok(PersonEnrolled {
            exchange: self.exchange(),
            person: s.person.clone(),
            identity: hash("identity", &s.identity)?,
            groups: s.groups.clone(),
            change: s.change.clone(),
        })
    }

    /// An enrolled key.
    pub fn key(&self, s: &KeyShape) -> Made<KeyEnrolled> {
        let expected = "NAME+HASH+BASE64, as `bongsu key new` prints it";
        let key = VerifierKey::parse(s.public.trim()).map_err(|_| wrong("public", &s.public, expected))?;
        let mut roles = Vec::new();
        for role in &s.roles {
            roles.push(named("roles", role, Role::ALL, Role::name)?);
        }
        roles.sort_unstable();
        roles.dedup();
        Ok(KeyEnrolled {
            exchange: self.exchange(),
            key: key.name().to_string(),
            public: *key.public(),
            holder: s.holder.clone(),
            roles,
            change: s.change.clone(),
        })
    }

    /// A signed mandate.
    pub fn mandate(&self, s: &MandateShape, by: &str) -> Made<MandateSigned> {
        Ok(MandateSigned {
            exchange: self.exchange(),
            id: s.id.clone(),
            from: descriptor("from", &s.from)?,
            to: descriptor("to", &s.to)?,
            asset: s.asset.clone(),
            cap_each: base("cap_each", &s.cap_each)?,
            cap_window: base("cap_window", &s.cap_window)?,
            window: s.window,
            fee_cap: base("fee_cap", &s.fee_cap)?,
            expires: Instant(s.expires),
            by: by.to_string(),
            change: s.change.clone(),
        })
    }

    /// A price.
    pub fn price(&self, s: &Price) -> Made<PriceSeen> {
        let won = Number::decimal(&s.won).and_then(Exact::of);
        Ok(PriceSeen {
            exchange: self.exchange(),
            asset: s.asset.clone(),
            venue: s.venue.clone(),
            won: won.ok_or_else(|| wrong("won", &s.won, "a decimal number"))?,
            at: Instant(s.at),
        })
    }

    /// A balance.
    pub fn balance(&self, s: &Balance) -> Made<BalanceRead> {
        let (wallet, asset) = (s.wallet.clone(), s.asset.clone());
        let balance = base("balance", &s.balance)?;
        Ok(BalanceRead { exchange: self.exchange(), wallet, asset, balance, at: Instant(s.at) })
    }

    /// Holdings.
    pub fn holdings(&self, s: &Holdings) -> Made<HoldingsRead> {
        let (held, entrusted) = (base("held", &s.held)?, base("entrusted", &s.entrusted)?);
        Ok(HoldingsRead { exchange: self.exchange(), asset: s.asset.clone(), held, entrusted, at: Instant(s.at) })
    }

    /// A declared event.
    pub fn event(&self, s: &PayoutEvent, by: &str) -> Made<EventDeclared> {
        Ok(EventDeclared {
            exchange: self.exchange(),
            event: s.event.clone(),
            asset: s.asset.clone(),
            budget: base("budget", &s.budget)?,
            by: by.to_string(),
            at: Instant(s.at),
            change: s.change.clone(),
        })
    }

    /// A line of a list.
    pub fn listing(&self, s: &Listing, by: &str) -> Made<ListChanged> {
        Ok(ListChanged {
            exchange: self.exchange(),
            source: s.source.clone(),
            list: named("list", &s.list, List::ALL, List::name)?,
            chain: s.chain.clone(),
            address: address(&s.chain, "address", &s.address)?,
            add: s.add,
            by: by.to_string(),
            at: Instant(s.at),
            customer: s.customer.clone(),
        })
    }
}

/// The pages of a rulebook, and its adoption.
pub fn rulebook(shape: &RulebookShape) -> (Vec<RulebookPage>, RulebookAdopted) {
    let page = |p: &PageShape| RulebookPage { path: p.path.clone(), text: p.text.clone() };
    let pages: Vec<RulebookPage> = shape.pages.iter().map(page).collect();
    let mut listed: Vec<(String, Hash)> = pages.iter().map(|p| (p.path.clone(), p.hash())).collect();
    listed.sort();
    (pages, RulebookAdopted { id: shape.id.clone(), pages: listed })
}

fn descriptor(field: &str, text: &str) -> Made<Descriptor> {
    match text.split_once(':') {
        Some(("tier", tier)) => Ok(Descriptor::Tier(named(field, tier, Tier::ALL, Tier::name)?)),
        Some(("wallet", wallet)) => Ok(Descriptor::Wallet(wallet.to_string())),
        Some(("address", address)) => Ok(Descriptor::Address(address.to_string())),
        _ => Err(wrong(field, text, "tier:…, wallet:… or address:…")),
    }
}
