//! What a custodian's question says, in our words.
//!
//! It promises that a field that is missing, doubled or of another kind is a reason to refuse, and never a guess. Field names are those
//! that the makers publish: `tx_sign_request` of a co-signer's callback, the policy webhook of a custodian.

use super::book::Book;
use serde_json::Value;

/// An amount as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Amount {
    /// Base units.
    Base(String),
    /// Whole units, as a decimal.
    Units(String),
}

/// One transfer that is about to be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Our id of the withdrawal.
    pub withdrawal: String,
    /// The custodian's id of its transaction.
    pub transaction: String,
    /// Our wallet.
    pub wallet: String,
    /// Our asset.
    pub asset: String,
    /// How much.
    pub amount: Amount,
    /// Where to.
    pub destination: String,
    /// Destination tag.
    pub tag: Option<String>,
}

type Read<T> = Result<T, String>;

fn text(claims: &Value, name: &str) -> Read<String> {
    match claims.get(name) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text.clone()),
        Some(_) => Err(format!("{name} is no text")),
        None => Err(format!("{name} is missing")),
    }
}

fn optional(claims: &Value, name: &str) -> Read<Option<String>> {
    match claims.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(_) => text(claims, name).map(Some),
    }
}

fn ours(names: &std::collections::BTreeMap<String, String>, theirs: &str, what: &str) -> Read<String> {
    names.get(theirs).cloned().ok_or_else(|| format!("{what} {theirs} is not in custody.toml"))
}

/// A co-signer's `tx_sign_request`.
pub fn cosigner(book: &Book, claims: &Value) -> Read<Told> {
    let operation = text(claims, "operation")?;
    if operation != "TRANSFER" {
        return Err(format!("operation {operation} is no transfer"));
    }
    let source = format!("{}:{}", text(claims, "sourceType")?, text(claims, "sourceId")?);
    let amount = text(claims, "amountStr")?;
    let destination = text(claims, "destAddress")?;
    let mut tag = optional(claims, "destTag")?;
    // What is signed stands here too: it must be the same one payment.
    if let Some(all) = claims.get("destinations") {
        let all = all.as_array().ok_or("destinations is no list")?;
        let [one] = all.as_slice() else { return Err(format!("{} destinations, one is signed at a time", all.len())) };
        if optional(one, "displayDstAddress")?.is_some_and(|shown| !shown.eq_ignore_ascii_case(&destination)) {
            return Err("destinations names another address".into());
        }
        if optional(one, "amountNativeStr")?.is_some_and(|shown| digits(&shown) != digits(&amount)) {
            return Err("destinations names another amount".into());
        }
        let shown = optional(one, "displayDstTag")?;
        if tag.is_some() && shown.is_some() && shown != tag {
            return Err("destinations names another tag".into());
        }
        tag = tag.or(shown);
    }
    Ok(Told {
        withdrawal: text(claims, "externalTxId")?,
        transaction: text(claims, "txId")?,
        wallet: ours(&book.wallets, &source, "source")?,
        asset: ours(&book.assets, &text(claims, "asset")?, "asset")?,
        amount: Amount::Units(amount),
        destination,
        tag,
    })
}

/// A decimal without the zeros that say nothing.
fn digits(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

/// A custodian's policy webhook. `sequenceId` is the id that the exchange gave its transfer.
pub fn webhook(book: &Book, claims: &Value) -> Read<Told> {
    let outputs = claims.get("outputs").and_then(Value::as_array).ok_or("outputs is no list")?;
    let [output] = outputs.as_slice() else {
        return Err(format!("{} outputs, one is signed at a time", outputs.len()));
    };
    let withdrawal = text(claims, "sequenceId")?;
    Ok(Told {
        transaction: optional(claims, "txRequestId")?.unwrap_or_else(|| withdrawal.clone()),
        withdrawal,
        wallet: ours(&book.wallets, &text(claims, "walletId")?, "wallet")?,
        asset: ours(&book.assets, &text(claims, "coin")?, "coin")?,
        amount: Amount::Base(text(output, "amount")?),
        destination: text(output, "address")?,
        tag: optional(output, "memo")?,
    })
}
