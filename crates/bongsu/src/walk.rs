//! A journal read from its first entry to its last, for whoever folds, replays or explains it.

use crate::store::Reader;
use crate::trouble::Trouble;
use journal::cbor;
use journal::entry::Header;
use journal::verify::Body;
use kernel::known::Stamp;
use kernel::replay::Replay;
use kernel::state::State;
use rulebook::book::Book;
use rulebook::time::{Instant, Zone};
use std::path::Path;

/// Hands each entry out in order; `None` is a body that was destroyed. Entry 0 is Genesis and is not handed out.
pub fn each(
    dir: &Path,
    mut visit: impl FnMut(Stamp, &Header<'_>, Option<&[u8]>) -> Result<(), Trouble>,
) -> Result<u64, Trouble> {
    let reader = Reader::open(dir)?;
    let mut groups = reader.groups(0)?;
    let mut size = 0;
    while let Some((_, group)) = groups.next_group()? {
        for stored in group.entries() {
            let header = Header::decode(stored.leaf).map_err(|e| {
                Trouble::no(format!("entry {size}: {e}"), "`bongsu verify` names the file and the byte")
            })?;
            size = header.index + 1;
            if header.kind == journal::genesis::KIND {
                continue;
            }
            let stamp = Stamp { index: header.index, time: Instant(header.time) };
            match stored.body() {
                Body::Present { body, .. } => visit(stamp, &header, Some(body))?,
                Body::Destroyed => visit(stamp, &header, None)?,
            }
        }
    }
    Ok(size)
}

/// Why a body cannot be read: either another program wrote it, or it is damaged.
pub fn unreadable(index: u64, error: &cbor::Error) -> Trouble {
    Trouble::no(
        format!("entry {index}: its body cannot be read at byte {}: expected {}", error.at, error.expected),
        "a newer bongsu may have written it; if `bongsu verify` names no damage, use that program",
    )
}

/// The state a journal adds up to, folded without evaluating any rule.
pub fn state(dir: &Path) -> Result<State, Trouble> {
    let mut state = State::new(kernel::words::vocabulary());
    each(dir, |stamp, header, body| {
        if let Some(body) = body {
            let body = kernel::body::Body::decode(header.kind, body).map_err(|e| unreadable(stamp.index, &e))?;
            let conclusions = body.conclusions.as_deref();
            kernel::state::fold_concluded(&mut state, stamp, &body.observation, conclusions);
        }
        Ok(())
    })?;
    Ok(state)
}

/// Replays a journal in the mode the replay was made for.
pub fn replay(dir: &Path, replay: &mut Replay<'_>) -> Result<(), Trouble> {
    each(dir, |stamp, header, body| {
        match body {
            Some(body) => replay.entry(stamp, header.kind, body).map_err(|e| unreadable(stamp.index, &e))?,
            None => replay.destroyed(stamp),
        }
        Ok(())
    })?;
    Ok(())
}

/// The zone in which dates on the command line are read: Korea's where the adopted rulebook has Korean law, for laws of
/// other countries beside it do not move the desk; else that of its first instrument.
pub fn zone(state: &State) -> Zone {
    let book = state.adoptions().last().and_then(|a| a.book.as_deref());
    book.map_or_else(Zone::utc, zone_of)
}

/// The same, of a book.
pub fn zone_of(book: &Book) -> Zone {
    let korean = book.instruments.iter().find(|i| i.id.starts_with("kr."));
    korean.or(book.instruments.first()).map_or_else(Zone::utc, |i| i.zone.clone())
}
