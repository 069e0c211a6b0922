//! The made-up exchange that the guard is measured with: four assets on three chains, hot wallets, two venues, and as many customers as asked for, each with
//! an address of their own.
//!
//! It promises the same traffic from the same numbers, so that every figure can be had again. It must never know who measures.

use crate::trouble::Trouble;
use kernel::body::Body;
use kernel::conclude::conclude;
use kernel::door::admit;
use kernel::fact::{
    AssetListed, BalanceRead, Exact, ExchangeRegistered, HoldingsRead, Observation, PersonEnrolled, PriceSeen,
    RulebookAdopted, RulebookPage, Tier, WalletRegistered, WithdrawalAsked,
};
use kernel::known::Stamp;
use kernel::state::{State, fold_concluded};
use rulebook::time::{HOUR, Instant};

/// The exchange.
pub const EXCHANGE: &str = "x";
/// Asset, chain, digits, won for one whole unit.
pub const ASSETS: [(&str, &str, u8, i128); 4] = [
    ("ETH", "ethereum", 18, 4_500_000),
    ("USDT", "ethereum", 6, 1_450),
    ("POL", "polygon", 18, 330),
    ("BNB", "bsc", 18, 1_200_000),
];
const VENUES: [&str; 2] = ["upbit", "bithumb"];
/// Milliseconds between two prices of a venue.
const PRICED: i64 = 60_000;

/// Numbers that look like chance and are not.
#[derive(Clone, Copy, Debug)]
pub struct Dice(u64);

impl Dice {
    /// A beginning.
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// The next number (splitmix64).
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// What the guard is told before traffic begins, at a moment: the policy, assets, wallets, what lies in them, prices, one person who may stop everything.
pub fn setup(at: Instant) -> Vec<Observation> {
    let x = || EXCHANGE.to_string();
    let source = || "bench".to_string();
    let page = RulebookPage { path: "bench.md".into(), text: include_str!("policy.md").into() };
    let pages = vec![(page.path.clone(), page.hash())];
    let mut facts: Vec<Observation> = vec![
        ExchangeRegistered { id: x(), name_en: x(), name_ko: x(), source: source() }.into(),
        page.into(),
        RulebookAdopted { id: "bench".into(), pages }.into(),
    ];
    for (asset, chain, decimals, _) in ASSETS {
        let (asset, chain) = (asset.to_string(), chain.to_string());
        facts.push(AssetListed { exchange: x(), source: source(), asset, chain, decimals }.into());
    }
    for (n, chain) in ["ethereum", "polygon", "bsc"].into_iter().enumerate() {
        let wallet = format!("hot-{chain}");
        let (address, domain) = (format!("0xffff{n:036x}"), "hot".to_string());
        let chain = chain.to_string();
        let tier = Tier::Hot;
        let source = source();
        facts.push(
            WalletRegistered { exchange: x(), source, wallet, chain, address, domain, tier, change: None }.into(),
        );
    }
    let officer = PersonEnrolled {
        exchange: x(),
        person: "officer".into(),
        identity: [7; 32],
        groups: vec!["on-call".into()],
        change: None,
    };
    facts.push(officer.into());
    facts.extend(prices(at));
    for (asset, chain, decimals, _) in ASSETS {
        // So much that nothing a measurement lets out comes near a tenth of it.
        let whole = 10i128.pow(u32::from(decimals)) * 10_000_000_000_000 / ASSETS.len() as i128;
        let whole = whole.min(kernel::limits::AMOUNT / 4);
        let (held, entrusted) = (whole, whole / 2);
        facts.push(HoldingsRead { exchange: x(), asset: asset.into(), held, entrusted, at }.into());
        let (wallet, asset) = (format!("hot-{chain}"), asset.to_string());
        facts.push(BalanceRead { exchange: x(), wallet, asset, balance: whole, at }.into());
    }
    facts
}

/// A price of every asset on every venue.
pub fn prices(at: Instant) -> Vec<Observation> {
    let each = |venue: &'static str| {
        ASSETS.iter().filter_map(move |(asset, _, _, won)| {
            let (exchange, asset, venue) = (EXCHANGE.to_string(), (*asset).to_string(), venue.to_string());
            Some(PriceSeen { exchange, asset, venue, won: Exact::new(*won, 1)?, at }.into())
        })
    };
    VENUES.into_iter().flat_map(each).collect()
}

/// The withdrawal of this number, asked by a customer at a moment: between 10,000 and a million won to the customer's own address.
pub fn withdrawal(number: u64, customer: u64, at: Instant) -> WithdrawalAsked {
    let dice = mix(number ^ 0x5bf0_3635);
    let (asset, chain, decimals, won) = ASSETS[(dice % 4) as usize];
    let sum = i128::from(10_000 + dice % 990_000);
    let amount = (sum * 10i128.pow(u32::from(decimals)) / won).max(1);
    // Multiplied by an odd number no two customers below 2^32 share the letters an address is told apart by.
    let face = (customer as u32).wrapping_mul(0x9e37_79b1);
    let (first, last, a, b) = (face >> 16, face & 0xffff, mix(customer), mix(customer ^ 1 << 40));
    WithdrawalAsked {
        exchange: EXCHANGE.into(),
        id: format!("w-{number:012}"),
        wallet: format!("hot-{chain}"),
        asset: asset.into(),
        amount,
        destination: format!("0x{first:04x}{a:016x}{b:016x}{last:04x}"),
        tag: None,
        customer: format!("c-{customer:08}"),
        initiator: "withdrawals".into(),
        second_factor: Some(format!("otp-{number:012}")),
        at,
    }
}

/// A guard in memory that is asked one withdrawal after another.
pub struct Told {
    /// What it knows.
    pub state: State,
    index: u64,
    /// The moment of the next entry.
    pub now: Instant,
    priced: Instant,
}

impl Told {
    /// A guard that was told everything two hours before a moment, so that the values of an hour ago are known.
    pub fn new(at: Instant) -> Result<Told, Trouble> {
        let state = State::new(kernel::words::vocabulary()).keyed([1, 2]);
        let mut told = Told { state, index: 0, now: at.plus(-2 * HOUR), priced: at };
        for fact in setup(told.now) {
            told.tell(&fact)?;
        }
        told.now = at;
        for fact in prices(at) {
            told.tell(&fact)?;
        }
        Ok(told)
    }

    /// The stamp of the next entry; entries come a millisecond apart.
    pub fn stamp(&mut self) -> Stamp {
        self.index += 1;
        self.now = self.now.plus(1);
        Stamp { index: self.index, time: self.now }
    }

    /// Sees to it that prices are fresh.
    pub fn refresh(&mut self) -> Result<(), Trouble> {
        if self.now.0 - self.priced.0 >= PRICED {
            self.priced = self.now;
            for fact in prices(self.now) {
                self.tell(&fact)?;
            }
        }
        Ok(())
    }

    /// Tells it a fact.
    pub fn tell(&mut self, fact: &Observation) -> Result<(), Trouble> {
        let stamp = self.stamp();
        admit(&self.state, fact).map_err(|r| Trouble::no(format!("{}: {r}", fact.name()), r.hint))?;
        let concluded = conclude(&self.state, fact, stamp);
        fold_concluded(&mut self.state, stamp, fact, concluded.as_deref());
        Ok(())
    }

    /// The same for a fact whose body is wanted.
    pub fn body(&mut self, fact: Observation) -> Result<(Stamp, Vec<u8>), Trouble> {
        let stamp = self.stamp();
        let conclusions = conclude(&self.state, &fact, stamp);
        fold_concluded(&mut self.state, stamp, &fact, conclusions.as_deref());
        let body = Body { observation: fact, conclusions }.encode();
        body.map(|body| (stamp, body)).ok_or_else(|| Trouble::no("a body is too long", "report this as a bug"))
    }

    /// How many withdrawals are allowed.
    pub fn allowed(&self) -> usize {
        use kernel::guard::state::Status;
        let all = self.state.guard(EXCHANGE).map(|guard| &guard.withdrawals[..]).unwrap_or_default();
        all.iter().filter(|w| w.status == Status::Allowed).count()
    }
}
