//! Every incident in a line: how bad, what is late, what is due next.

use super::clock::{Clock, Standing, clocks};
use super::dossier::{self, Dossier};
use super::loss;
use crate::authority::Sight;
use crate::lang::Lang;
use crate::report::amount::decimal;
use crate::report::moment::span;
use crate::report::words;
use crate::trouble::Trouble;
use kernel::known::KnownAt;
use kernel::state::State;
use rulebook::book::Book;
use rulebook::time::{Instant, Zone};
use std::fmt::Write;

/// One incident.
pub struct Row<'s> {
    /// The exchange.
    pub exchange: &'s str,
    /// Its id.
    pub incident: &'s str,
    /// What it is called.
    pub title: &'s str,
    /// Its loss in won.
    pub loss: String,
    /// Clocks that ran out or were stopped late.
    pub late: usize,
    /// The clock that ends next.
    pub next: Option<Clock>,
    /// Milliseconds until then.
    pub left: i64,
    /// Clocks that run and were not stopped, whose end a person must judge: the law says *at once*.
    pub at_once: Vec<Clock>,
    /// The articles by which it is shared with whoever reads; none where that one supervises a clock of it, or sees everything.
    pub shared: Vec<String>,
}

/// The incidents of one exchange or all: the late first, then the soonest due. With a sight, those that a clock it sees reaches,
/// and nothing that another clock says.
pub fn rows<'s>(
    state: &'s State,
    book: &Book,
    exchange: Option<&str>,
    now: Instant,
    known: KnownAt,
    laws: &[String],
    sight: Option<&Sight>,
) -> Result<Vec<Row<'s>>, Trouble> {
    if let Some(id) = exchange.filter(|id| state.exchange(id).is_none()) {
        let ids: Vec<&str> = state.exchanges().map(|(id, _)| id).collect();
        return Err(Trouble::new(
            format!("no exchange `{id}` is registered"),
            format!("registered are {}", ids.join(", ")),
        ));
    }
    let mut rows = Vec::new();
    for (id, _) in state.exchanges().filter(|(id, _)| exchange.is_none_or(|wanted| wanted == *id)) {
        for incident in dossier::incidents(state, id) {
            let dossier = Dossier::open(state, id, incident, now, known)?;
            let mut clocks = clocks(&dossier, book, laws);
            let mut shared = Vec::new();
            if let Some(sight) = sight {
                clocks.retain(|clock| sight.sees(&clock.id) && clock.standing != Standing::Silent);
                let Some(first) = clocks.first() else { continue };
                if clocks.iter().all(|clock| !sight.shared(&clock.id).is_empty()) {
                    shared = sight.shared(&first.id).to_vec();
                }
            }
            let late = clocks.iter().filter(|clock| clock.is_late()).count();
            let runs = |clock: &&Clock| matches!(clock.standing, Standing::Running | Standing::Soon);
            let next = clocks.iter().filter(runs).min_by_key(|clock| clock.due).cloned();
            let judged = |clock: &&Clock| {
                clock.started.is_some() && clock.done.is_none() && clock.due.is_none() && clock.judged.is_some()
            };
            let at_once = clocks.iter().filter(judged).cloned().collect();
            let left = next.as_ref().and_then(|clock| clock.due).map_or(0, |due| due.0.saturating_sub(now.0));
            let total = loss::total(&loss::losses(&dossier));
            // What was lost is told only where a rule that is seen asks for it.
            let told = sight.is_none_or(|sight| ["loss_quantity", "loss_value"].iter().any(|word| sight.reads(word)));
            let loss = if total.counted == 0 || !told { String::new() } else { decimal(&total.value) };
            rows.push(Row {
                exchange: id,
                incident,
                title: dossier.text("title").unwrap_or(""),
                loss,
                late,
                next,
                left,
                at_once,
                shared,
            });
        }
    }
    let due = |row: &Row<'_>| row.next.as_ref().and_then(|clock| clock.due).unwrap_or(Instant::NEVER);
    rows.sort_by_key(|row| (row.late == 0, due(row), row.exchange, row.incident));
    Ok(rows)
}

/// The rows as text.
pub fn show(rows: &[Row<'_>], zone: &Zone, lang: Lang) -> String {
    if rows.is_empty() {
        return format!("{}\n", lang.pick("No incident is on record.", "기록된 사고가 없다."));
    }
    let mut out = String::new();
    for row in rows {
        let late = match row.late {
            0 => String::new(),
            n => format!(" · {n} {}", lang.pick("late", "건 지연")),
        };
        let loss =
            if row.loss.is_empty() { String::new() } else { format!(" · {} {}", lang.pick("KRW", "원"), row.loss) };
        let _ = writeln!(out, "{} · {} · {}{loss}{late}", row.exchange, row.incident, row.title);
        if let Some((clock, due)) = row.next.as_ref().and_then(|clock| Some((clock, clock.due?))) {
            let (left, next) = (span(row.left, lang), lang.pick("next", "다음"));
            let _ = writeln!(out, "    {next} {} · {} ({left})", zone.show(due), clock.id);
        }
        if let Some(shared) = words::shared_under(&row.shared, lang) {
            let _ = writeln!(out, "    {shared}");
        }
    }
    out
}
