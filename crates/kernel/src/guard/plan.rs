//! The evacuation plan: what is left in the hot wallets of a key domain and where it goes, most valuable first.
//!
//! It promises that it names only addresses enrolled before, in another key domain, long enough ago, and that it names what
//! cannot move and why. The guard hands a signer this plan; it never holds a key.

use super::conclusion::{Evacuation, Move, Stuck};
use super::names::Kind;
use super::state::{Guard, Wallet};
use crate::fact::{Reach, Tier};
use crate::known::Stamp;
use crate::planted::{Bug, is};
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use rulebook::time::HOUR;

/// How long an address must have been enrolled before anything is sent there: whoever enrols one for a theft must wait three
/// days in plain sight.
pub const COOL_DOWN: i64 = 72 * HOUR;

/// What a transfer is called that carries out a plan.
pub const EVACUATION: &str = "evacuation";

/// Plans the evacuation of a domain; `left` is what leaves with the block that is being looked at.
pub fn evacuation(
    guard: &Guard,
    domain: &str,
    left: &BTreeMap<(u32, u32), i128>,
    automatic: bool,
    stamp: Stamp,
) -> Evacuation {
    let (mut moves, mut cannot) = (Vec::new(), Vec::new());
    for (number, wallet) in guard.wallets.iter().enumerate() {
        if !wallet.is_hot() || guard.names.text(Kind::Domain, wallet.domain) != domain {
            continue;
        }
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        let name = guard.wallet_name(number);
        let target = target(guard, wallet, stamp);
        for (asset, (balance, _)) in &wallet.balances {
            let gone = left.get(&(number, *asset)).copied().unwrap_or(0);
            let amount = balance.saturating_sub(gone);
            if amount <= 0 {
                continue;
            }
            let asset_name = String::from(guard.names.text(Kind::Asset, *asset));
            match &target {
                Ok(to) => {
                    let won = guard.assets.get(*asset as usize).and_then(|a| a.prices.value(amount, stamp.time));
                    moves.push(Move { wallet: name.clone(), asset: asset_name, amount, to: to.clone(), won });
                }
                Err(why) => cannot.push(Stuck { wallet: name.clone(), asset: asset_name, why: (*why).into() }),
            }
        }
    }
    // What has no price may be worth anything: it goes after what is known to be worth much, before nothing.
    moves.sort_by(|a, b| (b.won, &a.wallet, &a.asset).cmp(&(a.won, &b.wallet, &b.asset)));
    Evacuation { domain: domain.into(), moves, cannot, automatic }
}

/// Where a wallet's rest goes: the first enrolled wallet of its chain in another domain that has cooled down.
fn target(guard: &Guard, wallet: &Wallet, stamp: Stamp) -> Result<String, &'static str> {
    let (mut waits, mut lost) = (false, false);
    for (number, other) in (0u32..).zip(&guard.wallets) {
        match refuge(guard, wallet, number, other, stamp) {
            Refuge::None => {}
            Refuge::Waits => waits = true,
            Refuge::Lost => lost = true,
            Refuge::Open => return Ok(guard.wallet_name(number)),
        }
    }
    Err(if waits {
        "its evacuation address was enrolled less than 72 h ago"
    } else if lost {
        "its evacuation address is stopped itself"
    } else {
        "no evacuation address is enrolled on its chain in another key domain"
    })
}

/// Whether a transfer between two wallets carries out a plan: the first is stopped, and the second is where its rest may go.
pub(super) fn is_evacuation(guard: &Guard, from: u32, to: u32, stamp: Stamp) -> bool {
    let (Some(wallet), Some(other)) = (guard.wallets.get(from as usize), guard.wallets.get(to as usize)) else {
        return false;
    };
    is_stopped(guard, from, wallet) && matches!(refuge(guard, wallet, to, other, stamp), Refuge::Open)
}

/// What an enrolled wallet is to another one's rest.
enum Refuge {
    None,
    Waits,
    Lost,
    Open,
}

fn refuge(guard: &Guard, wallet: &Wallet, number: u32, other: &Wallet, stamp: Stamp) -> Refuge {
    if other.tier != Tier::Evacuation || other.chain != wallet.chain || other.domain == wallet.domain {
        Refuge::None
    } else if is_stopped(guard, number, other) {
        // A lost key saves nothing: what is stopped itself is no refuge.
        Refuge::Lost
    } else if other.since.time.plus(COOL_DOWN) > stamp.time && !is(Bug::EvacuationEarly) {
        Refuge::Waits
    } else {
        Refuge::Open
    }
}

fn is_stopped(guard: &Guard, number: u32, wallet: &Wallet) -> bool {
    let (name, domain) = (guard.wallet_name(number), guard.names.text(Kind::Domain, wallet.domain));
    guard.stops.all().iter().filter(|stop| !stop.pause).any(|stop| match &stop.scope.what {
        Reach::Domain(what) => what == domain,
        Reach::Wallet(what) => *what == name,
        _ => false,
    })
}
