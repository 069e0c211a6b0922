//! Entries of the journal: one, a list, or a stream of them as they become durable.

use super::super::published;
use super::answer::{concluded, hex};
use super::problem::Problem;
use super::route::{Call, Reply};
use super::{Gate, concluded_of};
use crate::store::Reader;
use base64ct::{Base64, Encoding};
use journal::entry::Header;
use serde_json::{Value, json};
use std::sync::PoisonError;

/// Entries of one answer, and of one step of a stream.
const PAGE: u64 = 256;

/// One entry.
pub fn entry(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let text = call.place(0);
    let hint = "an index below the size in /v1/state";
    let unknown = || Problem::new("unknown", format!("no entry {text}"), hint).of("index");
    let index: u64 = text.parse().map_err(|_| unknown())?;
    let mut reader = gate.reader.lock().unwrap_or_else(PoisonError::into_inner);
    reader.refresh().map_err(|e| Problem::new("ended", e.to_string(), "`bongsu verify` checks the journal"))?;
    let shown = shown(&mut reader, index).ok_or_else(unknown)?;
    call.reply(200, &shown)
}

/// An entry as it is sent; `None` beyond the end.
fn shown(reader: &mut Reader, index: u64) -> Option<Value> {
    let record = reader.read(index).ok()??;
    let header: Header<'_> = record.header().ok()?;
    let body = record.body.as_ref().map(|(_, body)| body.as_slice());
    let name = body.and_then(|body| kernel::body::Body::decode(header.kind, body).ok()).map(|b| b.observation.name());
    let followed: Vec<Value> =
        body.map_or_else(Vec::new, |body| concluded_of(header.kind, body).iter().map(concluded).collect());
    Some(json!({"index": header.index, "time": header.time, "kind": header.kind, "fact": name,
                "principal": header.principal, "concluded": followed, "destroyed": body.is_none(),
                "body": body.map(Base64::encode_string), "leaf": hex(&record.leaf)}))
}

/// A list from an index on, or a stream.
pub fn events(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let from = match call.asked("from") {
        Some(text) => text.parse().map_err(|_| {
            Problem::new("field", format!("found {text}"), "an index").of("from").expected("a whole number")
        })?,
        None => 0u64,
    };
    let from = call.last_event.map_or(from, |last| last.saturating_add(1));
    if call.stream {
        return Ok(Reply::Stream(from));
    }
    let mut reader = gate.reader.lock().unwrap_or_else(PoisonError::into_inner);
    reader.refresh().map_err(|e| Problem::new("ended", e.to_string(), "`bongsu verify` checks the journal"))?;
    let end = from.saturating_add(PAGE);
    let list: Vec<Value> = (from..end).map_while(|index| shown(&mut reader, index)).collect();
    let next = from.saturating_add(list.len() as u64);
    call.reply(200, &json!({"entries": list, "next": next}))
}

/// The next part of a stream: events from an index on, as text, and the index after them.
pub fn part(reader: &mut Reader, from: u64) -> Result<(String, u64), crate::store::StoreError> {
    use std::fmt::Write;
    reader.refresh()?;
    let (mut text, mut next) = (String::new(), from);
    for index in from..from.saturating_add(PAGE) {
        let Some(shown) = shown(reader, index) else { break };
        let _never =
            write!(text, "id: {index}\nevent: {}\ndata: {shown}\n\n", shown["fact"].as_str().unwrap_or("entry"));
        next = index.saturating_add(1);
    }
    Ok((text, next))
}

/// The signed checkpoint; with `over` and `wait` the next one.
pub fn checkpoint(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let (over, wait) = (number(call, "over")?, number(call, "wait")?);
    let none = || Problem::new("unknown", "no checkpoint is published yet", "ask again in a second");
    let note = published::checkpoint(&gate.dir, over, wait).ok_or_else(none)?;
    Ok(Reply::Bytes("text/plain; charset=utf-8", note.into_bytes()))
}

/// A tile of the tree.
pub fn tile(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let hint = "a partial tile may be gone: ask for the full one, or for the checkpoint";
    let tile = published::tile(&gate.dir, call.place(0));
    let tile = tile.ok_or_else(|| Problem::new("unknown", "no such tile", hint))?;
    Ok(Reply::Bytes("application/octet-stream", tile))
}

/// Entries whole, as whoever copies the journal needs them.
pub fn whole(gate: &Gate, call: &Call) -> Result<Reply, Problem> {
    let from = number(call, "from")?;
    let mut reader = gate.reader.lock().unwrap_or_else(PoisonError::into_inner);
    let unreadable =
        |e: crate::store::StoreError| Problem::new("ended", e.to_string(), "`bongsu verify` names the place");
    published::entries(&gate.dir, &mut reader, from)
        .map(|bytes| Reply::Bytes("application/cbor", bytes))
        .map_err(unreadable)
}

/// A number of the query; 0 where it is left out.
fn number(call: &Call, name: &'static str) -> Result<u64, Problem> {
    let Some(text) = call.asked(name) else { return Ok(0) };
    text.parse()
        .map_err(|_| Problem::new("field", format!("found {text}"), "a count").of(name).expected("a whole number"))
}
