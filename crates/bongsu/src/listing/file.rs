//! A published list as rows of chain and address, in the forms that lists are published in.
//!
//! It promises that a file is read whole or refused with its line. It must never know whether an address exists.

use crate::address::chains;
use crate::trouble::Trouble;
use std::path::Path;

/// Most bytes of a file: the largest public list of labels has 2.5 MB.
const LONGEST: u64 = 64 * 1024 * 1024;

/// One address of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its line, from 1; 0 where the form has none.
    pub line: usize,
    /// Its chain.
    pub chain: String,
    /// The address.
    pub address: String,
}

/// Reads a list; `chain` is that of rows which name none.
pub fn read(path: &Path, chain: Option<&str>) -> Result<Vec<Row>, Trouble> {
    let size = std::fs::metadata(path).map_err(|e| Trouble::file(path, &e))?.len();
    if size > LONGEST {
        return Err(Trouble::new(format!("{}: {size} bytes, at most {LONGEST} are read", path.display()), "split it"));
    }
    let text = std::fs::read_to_string(path).map_err(|e| Trouble::file(path, &e))?;
    let end = path.extension().map(|end| end.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let rows = match end.as_str() {
        "json" => labels(&text, chain),
        "yaml" | "yml" => tagpack(&text, chain),
        _ => table(&text, chain),
    };
    let hint = "a table with the columns address and chain or asset, a tagpack (.yaml), or labels by address (.json)";
    let rows = rows.map_err(|what| Trouble::no(format!("{}: {what}", path.display()), hint))?;
    if rows.is_empty() {
        // An empty list would remove everything: whoever means that says so by removing the source.
        return Err(Trouble::no(format!("{}: no address in it", path.display()), hint));
    }
    Ok(rows)
}

fn row(line: usize, chain: Option<&str>, address: &str) -> Result<Row, String> {
    let address = address.trim();
    let chain = chain.map(str::trim).filter(|chain| !chain.is_empty());
    let Some(chain) = chain else { return Err(format!("line {line}: {address} of which chain? (--chain)")) };
    if address.is_empty() {
        return Err(format!("line {line}: an address is missing"));
    }
    Ok(Row { line, chain: of_asset(chain, address).into(), address: address.into() })
}

/// The chain of an asset's name. Tether's and Circle's tokens stand on several: their addresses tell which.
fn of_asset<'a>(name: &'a str, address: &str) -> &'a str {
    match name.to_ascii_uppercase().as_str() {
        "XBT" => "bitcoin",
        "USDT" | "USDC" if address.starts_with("0x") => "ethereum",
        "USDT" | "USDC" if address.starts_with('T') => "tron",
        // Tether's first tokens lay on Bitcoin (Omni).
        "USDT" | "OMNI" => "bitcoin",
        "BEP20" => "bsc",
        "ARB" => "arbitrum",
        _ => chains::name(name),
    }
}

/// Comma-separated, with a header, or chain, address and a remark without one.
fn table(text: &str, chain: Option<&str>) -> Result<Vec<Row>, String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut columns: Option<(usize, Option<usize>)> = None;
    let mut out = Vec::new();
    for (at, record) in reader.records().enumerate() {
        let line = at + 1;
        let record = record.map_err(|e| format!("line {line}: {e}"))?;
        let Some((address, of)) = columns else {
            let place = |names: &[&str]| record.iter().position(|cell| names.contains(&cell.trim()));
            columns = match place(&["address", "banned_address"]) {
                Some(address) => Some((address, place(&["chain", "asset", "currency"]))),
                None => {
                    out.push(row(line, record.get(0), record.get(1).unwrap_or_default())?);
                    Some((1, Some(0)))
                }
            };
            continue;
        };
        let of = of.and_then(|of| record.get(of)).filter(|of| !of.trim().is_empty()).or(chain);
        out.push(row(line, of, record.get(address).unwrap_or_default())?);
    }
    Ok(out)
}

/// Labels by address: `{"0x…": {"name": …}}`.
fn labels(text: &str, chain: Option<&str>) -> Result<Vec<Row>, String> {
    let all: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).map_err(|e| e.to_string())?;
    all.keys().map(|address| row(0, chain.or(address.starts_with("0x").then_some("ethereum")), address)).collect()
}

/// A tagpack: `- address:` and, on a line after it, `currency:`; a currency of the whole pack stands before the first.
fn tagpack(text: &str, chain: Option<&str>) -> Result<Vec<Row>, String> {
    let value = |line: &str, key: &str| {
        let rest = line.trim_start().trim_start_matches("- ").strip_prefix(key)?.strip_prefix(':')?;
        Some(rest.trim().trim_matches(['\'', '"']).to_string())
    };
    let mut whole = chain.map(str::to_string);
    let mut open: Option<(usize, String, Option<String>)> = None;
    let mut out = Vec::new();
    let mut close = |open: &mut Option<(usize, String, Option<String>)>, whole: &Option<String>| match open.take() {
        Some((line, address, of)) => row(line, of.as_deref().or(whole.as_deref()), &address).map(|row| out.push(row)),
        None => Ok(()),
    };
    for (at, line) in text.lines().enumerate() {
        if let Some(address) = value(line, "address") {
            close(&mut open, &whole)?;
            open = Some((at + 1, address, None));
        } else if let Some(currency) = value(line, "currency") {
            match &mut open {
                Some((_, _, of)) => *of = Some(currency),
                None => whole = Some(currency),
            }
        }
    }
    close(&mut open, &whole)?;
    Ok(out)
}
