//! A block as a line of JSON, as `docs/blocks.md` describes it.
//!
//! It promises that a line is read whole or refused with the field that is wrong, and that what is written is read back as it was.

use crate::address;
use kernel::fact::{BlockRead, Moves, Transfer};
use rulebook::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Bytes of a line: 65,536 transfers of 400 bytes are 26 MB; a body of the journal is at most 1 MiB, so nothing longer enters.
pub const LINE: usize = 4 << 20;

/// A block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Its height, or slot, or ledger.
    pub height: u64,
    /// Its hash, as the chain writes it.
    pub hash: String,
    /// The hash of the block before it.
    pub parent: String,
    /// UTC milliseconds, as the block carries it.
    pub time: i64,
    /// What touches wallets of the exchange; more does no harm.
    #[serde(default)]
    pub transfers: Vec<Moved>,
}

/// A transfer: one output of one transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Moved {
    /// Transaction, and which of its outputs or calls: unique within the chain.
    pub tx: String,
    /// The address it leaves.
    pub from: String,
    /// The address it reaches.
    pub to: String,
    /// The asset, as it is listed.
    pub asset: String,
    /// Base units, as a decimal integer.
    pub amount: String,
    /// Destination tag or memo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// Fee that `from` paid, in base units of `fee_asset`; on one output of a transaction, not on each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee: Option<String>,
    /// What the fee is paid in; the asset itself when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee_asset: Option<String>,
    /// It failed: only the fee moved.
    #[serde(default, skip_serializing_if = "is_false")]
    pub failed: bool,
    /// A log that anyone can emit: nothing moved.
    #[serde(default, skip_serializing_if = "is_false")]
    pub log: bool,
    /// Power over the wallet was given: owner, delegate, module, signers, approval, nonce.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// What the chain or the issuer moved by itself: fee, slashing, rebase, rent, dust, clawback.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref)]
fn is_false(value: &bool) -> bool {
    !*value
}

/// Reads a line as a source's block.
pub fn read(line: &str, exchange: &str, chain: &str, source: &str) -> Result<BlockRead, String> {
    if line.len() > LINE {
        return Err(format!("expected a line of at most {LINE} bytes, found {}", line.len()));
    }
    let line: Line = serde_json::from_str(line).map_err(|e| e.to_string())?;
    fact(line, exchange, chain, source)
}

/// A block as a source read it.
pub fn fact(line: Line, exchange: &str, chain: &str, source: &str) -> Result<BlockRead, String> {
    let transfers = line.transfers.iter().map(|line| moved(line, chain)).collect::<Result<Vec<Transfer>, String>>()?;
    let (exchange, chain, source) = (exchange.to_string(), chain.to_string(), source.to_string());
    let Line { height, hash, parent, time, .. } = line;
    Ok(BlockRead { exchange, chain, source, height, hash, parent, at: Instant(time), transfers })
}

fn moved(line: &Moved, chain: &str) -> Result<Transfer, String> {
    // The one spelling that every door keeps; what is no address of its chain stays as it was told, and is nobody's.
    let spelled = |text: &String| address::canonical(chain, text).map_or_else(|_| text.clone(), |found| found.text);
    let units = |field: &str, text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let whole = text.parse::<i128>().ok().filter(|_| digits);
        whole.ok_or_else(|| format!("{}: {field}: expected whole base units, found `{text}`", line.tx))
    };
    let what = match (&line.authority, &line.named) {
        (None, None) => Moves::Amount,
        (Some(authority), None) => Moves::Authority(authority.clone()),
        (None, Some(cause)) => Moves::Named(cause.clone()),
        (Some(_), Some(_)) => return Err(format!("{}: expected one of authority and named, found both", line.tx)),
    };
    Ok(Transfer {
        tx: line.tx.clone(),
        from: spelled(&line.from),
        to: spelled(&line.to),
        asset: line.asset.clone(),
        amount: units("amount", &line.amount)?,
        tag: line.tag.clone(),
        fee: line.fee.as_deref().map_or(Ok(0), |fee| units("fee", fee))?,
        fee_asset: line.fee_asset.clone(),
        failed: line.failed,
        log: line.log,
        what,
    })
}

/// A block as a line, without its end.
pub fn write(block: &BlockRead) -> String {
    let moved = |t: &Transfer| Moved {
        tx: t.tx.clone(),
        from: t.from.clone(),
        to: t.to.clone(),
        asset: t.asset.clone(),
        amount: t.amount.to_string(),
        tag: t.tag.clone(),
        fee: (t.fee != 0).then(|| t.fee.to_string()),
        fee_asset: t.fee_asset.clone(),
        failed: t.failed,
        log: t.log,
        authority: if let Moves::Authority(what) = &t.what { Some(what.clone()) } else { None },
        named: if let Moves::Named(what) = &t.what { Some(what.clone()) } else { None },
    };
    let transfers = block.transfers.iter().map(moved).collect();
    let (hash, parent) = (block.hash.clone(), block.parent.clone());
    let line = Line { height: block.height, hash, parent, time: block.at.0, transfers };
    serde_json::to_string(&line).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"height":7,"hash":"b","parent":"a","time":9,"transfers":[{"tx":"t:0","from":"x","to":"y","asset":"BTC","amount":"5","tag":"1","fee":"2","failed":true}]}"#;

    #[test]
    fn a_line_is_read_back() {
        let block = read(LINE, "x", "bitcoin", "n1").unwrap();
        assert_eq!(write(&block), LINE);
        assert_eq!((block.transfers[0].amount, block.transfers[0].fee, block.transfers[0].failed), (5, 2, true));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (from, to, told) in [
            (r#""amount":"5""#, r#""amount":"-5""#, "expected whole base units"),
            (r#""amount":"5""#, r#""amount":"0.5""#, "expected whole base units"),
            (r#""amount":"5""#, r#""amount":"+5""#, "expected whole base units"),
            (r#""amount":"5""#, r#""amount":5"#, "expected a string"),
            (r#""failed":true"#, r#""faild":true"#, "unknown field"),
            (r#""failed":true"#, r#""authority":"owner","named":"rent""#, "found both"),
            (r#""hash":"b","#, "", "missing field `hash`"),
            (r#"]}"#, "", "EOF"),
        ] {
            let line = LINE.replace(from, to);
            assert_ne!(line, LINE);
            let error = read(&line, "x", "bitcoin", "n1").unwrap_err();
            assert!(error.contains(told), "{line}: {error}");
        }
    }
}
