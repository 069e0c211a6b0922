//! What an incident took: by asset, in won at the price of its moment, restated as facts improve.
//!
//! It promises that a total says what it does not count, and that no earlier statement is lost.

use super::dossier::Dossier;
use kernel::known::{KnownAt, Stamp};
use rulebook::facts::Facts;
use rulebook::number::Number;
use rulebook::time::Instant;

/// The kind of subject that a loss is.
pub const KIND: &str = "loss";

/// One loss: of one asset, or of one transfer.
#[derive(Clone, Debug, PartialEq)]
pub struct Loss<'s> {
    /// Its name within the exchange.
    pub name: &'s str,
    /// The asset, where it is known.
    pub asset: Option<&'s str>,
    /// When the first transfer left.
    pub began: Option<Instant>,
    /// How much of the asset.
    pub quantity: Option<Number>,
    /// Won for one unit at that moment.
    pub price: Option<Number>,
    /// In won: quantity times price, or else as somebody states it.
    pub value: Option<Number>,
    /// Whether the value is only stated, and not computed here.
    pub stated: bool,
    /// What of it was frozen or returned, in won.
    pub frozen: Option<Number>,
}

/// A sum with what it leaves out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Total<'s> {
    /// In won.
    pub value: Number,
    /// Frozen or returned, in won.
    pub frozen: Number,
    /// Losses that are counted.
    pub counted: usize,
    /// Losses without a value.
    pub unknown: Vec<&'s str>,
}

/// A total as it was known from an entry on.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement<'s> {
    /// The entry that changed it.
    pub since: Stamp,
    /// What was known then.
    pub total: Total<'s>,
}

/// The losses of an incident, as known.
pub fn losses<'s>(dossier: &Dossier<'s>) -> Vec<Loss<'s>> {
    let asset_kind = dossier.state.vocabulary().kind("asset");
    let related = dossier.related(KIND).into_iter();
    let read = |(subject, name)| {
        let asset = asset_kind.and_then(|kind| dossier.view.refers(subject, kind));
        let number = |word: &str| dossier.number_of(subject, word);
        let (quantity, price, stated) = (number("loss_quantity"), number("loss_price"), number("loss_value"));
        let computed = quantity.as_ref().zip(price.as_ref()).and_then(|(quantity, price)| quantity.multiply(price));
        Loss {
            name,
            asset: asset.map(|asset| dossier.registered.record.name(asset)),
            began: dossier.moments_of(subject, "loss_began").first().copied(),
            stated: computed.is_none() && stated.is_some(),
            value: computed.or(stated),
            quantity,
            price,
            frozen: number("loss_frozen"),
        }
    };
    related.map(read).collect()
}

/// The sum of losses.
pub fn total<'s>(losses: &[Loss<'s>]) -> Total<'s> {
    let mut total = Total::default();
    for loss in losses {
        match loss.value.as_ref().and_then(|value| total.value.add(value)) {
            Some(sum) => {
                total.value = sum;
                total.counted += 1;
            }
            None => total.unknown.push(loss.name),
        }
        if let Some(sum) = loss.frozen.as_ref().and_then(|frozen| total.frozen.add(frozen)) {
            total.frozen = sum;
        }
    }
    total
}

/// Every statement of the total, the oldest first: one for each group of entries in `changes` that changed it.
pub fn statements<'s>(dossier: &Dossier<'s>, changes: &[Stamp]) -> Vec<Statement<'s>> {
    let mut statements: Vec<Statement<'s>> = Vec::new();
    let known = |since: &&Stamp| dossier.view.known.knows(**since);
    for (at, since) in changes.iter().enumerate().filter(|(_, since)| known(since)) {
        // Facts that were written together are one statement, the one after the last of them.
        if changes.get(at + 1).filter(known).is_some_and(|next| next.time == since.time) {
            continue;
        }
        let total = total(&losses(&dossier.known(KnownAt::Entry(since.index))));
        let same = statements.last().is_some_and(|last| last.total == total);
        if !same && total != Total::default() {
            statements.push(Statement { since: *since, total });
        }
    }
    statements
}
