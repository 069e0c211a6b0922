//! The made-up exchange around a case: its wallets, mandates, approvers and sources, as the guard is told them before the month.

use super::case::{Case, Wallet};
use super::chain::NODES;
use super::guarded::Guarded;
use crate::trouble::Trouble;
use kernel::fact::{
    AssetListed, ChainWatched, Descriptor, EventDeclared, MandateSigned, Observation, PersonEnrolled, Tier,
    WalletRegistered,
};
use rulebook::time::Instant;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Deposit addresses of each chain. `cases/normal` has the sweep of ten thousand.
const DEPOSITS: usize = 5;

/// Approvers of each group.
pub const APPROVERS: u32 = 3;

/// All wallets: the case's, then for every chain with a hot one a vault and deposit addresses.
pub fn wallets(case: &Case) -> Vec<Wallet> {
    let mut all = case.wallets.clone();
    let hot: BTreeSet<&String> = case.wallets.iter().filter(|w| w.tier == Tier::Hot).map(|w| &w.chain).collect();
    for chain in hot {
        let made = |id: String, domain: &str, tier: Tier| Wallet {
            address: format!("{}-{id}", case.header.exchange),
            id,
            chain: chain.clone(),
            domain: domain.into(),
            tier,
        };
        all.push(made(format!("vault-{chain}"), "vault", Tier::Cold));
        all.extend((1..=DEPOSITS).map(|n| made(format!("deposit-{chain}-{n}"), "deposits", Tier::Deposit)));
    }
    all
}

/// Tells a guard all of it.
pub fn tell(guard: &mut Guarded, case: &Case, wallets: &[Wallet], usual: &Usual, at: Instant) -> Result<(), Trouble> {
    let exchange = || case.header.exchange.clone();
    let mut facts: Vec<Observation> = Vec::new();
    for asset in &case.assets {
        let (asset, chain, decimals) = (asset.id.clone(), asset.chain.clone(), asset.decimals);
        facts.push(AssetListed { exchange: exchange(), source: "drill".into(), asset, chain, decimals }.into());
    }
    for wallet in wallets {
        facts.push(
            WalletRegistered {
                exchange: exchange(),
                source: "drill".into(),
                wallet: wallet.id.clone(),
                chain: wallet.chain.clone(),
                address: wallet.address.clone(),
                domain: wallet.domain.clone(),
                tier: wallet.tier,
                change: None,
            }
            .into(),
        );
    }
    let chains: BTreeSet<&String> = wallets.iter().map(|wallet| &wallet.chain).collect();
    for chain in chains {
        facts.push(
            ChainWatched {
                exchange: exchange(),
                chain: chain.clone(),
                sources: NODES.iter().map(|(node, _)| (*node).to_string()).collect(),
                depth: 0,
                behind: 10,
                silence: 45 * 60_000,
                observed: false,
                change: None,
            }
            .into(),
        );
    }
    let mut people: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for group in guard.groups() {
        for n in 1..=APPROVERS {
            people.entry(approver(&group, n)).or_default().insert(group.clone());
        }
    }
    for approval in &case.approvals {
        people.entry(approval.by.clone()).or_default().insert(approval.group.clone());
    }
    for (person, groups) in people {
        let identity = Sha256::digest(person.as_bytes()).into();
        let groups = groups.into_iter().collect();
        facts.push(PersonEnrolled { exchange: exchange(), person, identity, groups, change: None }.into());
    }
    facts.extend(mandates(case, wallets, usual, at));
    for payout in &case.payouts {
        facts.push(
            EventDeclared {
                exchange: exchange(),
                event: payout.event.clone(),
                asset: case.assets[payout.asset].id.clone(),
                budget: payout.budget,
                by: "marketing".into(),
                at,
                change: None,
            }
            .into(),
        );
    }
    for fact in facts {
        guard.tell(at, fact)?;
    }
    Ok(())
}

/// What usually lies in a wallet of an asset, by their places.
pub type Usual = BTreeMap<(usize, usize), i128>;

/// The name of an approver.
pub fn approver(group: &str, number: u32) -> String {
    format!("{group}-{number}")
}

/// Sweeps into each hot wallet, returns to the vault, refills from it.
fn mandates(case: &Case, wallets: &[Wallet], usual: &Usual, at: Instant) -> Vec<Observation> {
    let mut list = Vec::new();
    for ((w, a), units) in usual {
        let (wallet, asset) = (&wallets[*w], &case.assets[*a]);
        if wallet.tier != Tier::Hot {
            continue;
        }
        // A fee's cap is in what the fee is paid in: the chain's own asset, the first one listed.
        let own = case.assets.iter().find(|other| other.chain == asset.chain).unwrap_or(asset);
        let vault = Descriptor::Wallet(format!("vault-{}", wallet.chain));
        let hot = Descriptor::Wallet(wallet.id.clone());
        let ways = [
            ("sweep", Descriptor::Tier(Tier::Deposit), hot.clone()),
            ("return", hot.clone(), vault.clone()),
            ("refill", vault, hot.clone()),
            // What is left when a key is lost, rehearsed every week.
            ("evacuate", hot, Descriptor::Tier(Tier::Evacuation)),
        ];
        for (name, from, to) in ways {
            list.push(
                MandateSigned {
                    exchange: case.header.exchange.clone(),
                    id: format!("{name}-{}-{}", wallet.id, asset.id),
                    from,
                    to,
                    asset: asset.id.clone(),
                    cap_each: units.saturating_mul(2),
                    cap_window: units.saturating_mul(50),
                    window: 24 * 3_600_000,
                    fee_cap: own.units(10_000).max(1),
                    expires: Instant(at.0.saturating_add(366 * 24 * 3_600_000)),
                    by: "treasury".into(),
                    change: None,
                }
                .into(),
            );
        }
    }
    list
}
