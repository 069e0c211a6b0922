//! A guard's policy tried on the withdrawals of a journal: what it would let out, what it would hold back, in won and by rule.
//!
//! The kernel asks again ([`kernel::guard::trial`]); here the answers are summed up and shown. It must never decide anything.

use super::trial;
use crate::drill::text::{at, won as in_won};
use crate::lang::Lang;
use crate::pages;
use crate::report::amount::grouped;
use crate::trouble::Trouble;
use crate::walk;
use kernel::guard::trial::{Answer, Draft, Trial, Tried};
use rulebook::page::Source;
use rulebook::problem::Level;
use rulebook::time::{HOUR, Instant};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Withdrawals and what they are worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Money {
    /// How many.
    pub count: u64,
    /// Whole won of those with a price.
    pub won: i128,
    /// How many had no price.
    pub unpriced: u64,
}

impl Money {
    fn add(&mut self, won: Option<i128>) {
        self.count = self.count.saturating_add(1);
        match won {
            Some(won) => self.won = self.won.saturating_add(won),
            None => self.unpriced = self.unpriced.saturating_add(1),
        }
    }

    fn json(&self) -> Value {
        json!({"withdrawals": self.count, "won": self.won.to_string(), "unpriced": self.unpriced})
    }
}

/// One side of the difference.
#[derive(Clone, Debug, Default)]
pub struct Side {
    /// All of it.
    pub all: Money,
    /// By the answer on record and the draft's.
    pub by_answer: BTreeMap<(String, String), Money>,
    /// The most within a rolling day, and when that day ends.
    pub worst_day: Option<(Instant, i128)>,
    /// The dearest, at most [`EXAMPLES`].
    pub examples: Vec<Tried>,
}

/// Examples that are shown of each side: as many as a person reads.
const EXAMPLES: usize = 5;

/// What a policy would have done.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// The draft.
    pub draft: String,
    /// Withdrawals asked.
    pub asked: Money,
    /// First and last.
    pub span: Option<(Instant, Instant)>,
    /// What it lets out that stayed.
    pub out: Side,
    /// What it keeps that was let out.
    pub back: Side,
    /// Questions that the draft could not be laid over.
    pub not_laid: u64,
}

/// A policy by its path or a shipped one's name, where the page holds rules of a guard; `None` for a draft of law.
pub fn find(name: &Path) -> Result<Option<Source>, Trouble> {
    let read = if name.exists() {
        pages::read(&[PathBuf::from(name)]).map_err(|e| Trouble::file(name, &e))?
    } else {
        let wanted = name.to_string_lossy();
        pages::shipped_policies()
            .into_iter()
            .filter(|s| s.path == wanted || s.path == format!("policy/{wanted}.md"))
            .collect()
    };
    let Ok([source]) = <[Source; 1]>::try_from(read) else { return Ok(None) };
    let sources = pages::books(vec![source.clone()]).map_err(|e| Trouble::file(name, &e))?;
    let (book, _) = rulebook::build(kernel::words::vocabulary(), sources.into_iter().next().unwrap_or_default());
    Ok(book.rules.iter().any(|rule| rule.is_guard()).then_some(source))
}

/// Tries a policy on every withdrawal of a journal.
pub fn run(dir: &Path, source: Source, forward: bool) -> Result<Tally, Trouble> {
    let name = source.path.clone();
    let draft = if pages::is_draft(&source) {
        Draft::Over(trial::source(Path::new(&source.path))?)
    } else {
        let (book, problems) = rulebook::build(kernel::words::vocabulary(), vec![source]);
        if let Some(first) = problems.iter().find(|p| p.level == Level::Error) {
            return Err(Trouble::no(
                format!("{name}: {}", first.message),
                "`bongsu check` shows every problem with its place",
            ));
        }
        Draft::Whole(Arc::new(book))
    };
    let mut trial = Trial::new(kernel::words::vocabulary(), draft, forward);
    walk::each(dir, |stamp, header, body| match body {
        Some(body) => trial.entry(stamp, header.kind, body).map_err(|e| walk::unreadable(stamp.index, &e)),
        None => Ok(()),
    })?;
    Ok(tally(name, &trial))
}

fn tally(draft: String, trial: &Trial) -> Tally {
    let mut all: Vec<&Tried> = trial.tried.values().collect();
    all.sort_by_key(|tried| tried.stamp.index);
    let mut tally = Tally { draft, not_laid: trial.not_laid, ..Tally::default() };
    tally.span = all.first().zip(all.last()).map(|(first, last)| (first.stamp.time, last.stamp.time));
    all.iter().for_each(|tried| tally.asked.add(tried.won));
    tally.out = side(all.iter().copied().filter(|tried| tried.is_let_out()));
    tally.back = side(all.iter().copied().filter(|tried| tried.is_held_back()));
    tally
}

fn side<'t>(tried: impl Iterator<Item = &'t Tried>) -> Side {
    let mut side = Side::default();
    let list: Vec<&Tried> = tried.collect();
    for one in &list {
        side.all.add(one.won);
        side.by_answer.entry((say(one.recorded.as_ref()), say(one.follows.as_ref()))).or_default().add(one.won);
    }
    let (mut first, mut sum) = (0, 0_i128);
    for last in &list {
        sum = sum.saturating_add(last.won.unwrap_or(0));
        while let Some(early) = list.get(first).filter(|early| early.stamp.time.plus(24 * HOUR) <= last.stamp.time) {
            sum = sum.saturating_sub(early.won.unwrap_or(0));
            first += 1;
        }
        if side.worst_day.is_none_or(|(_, most)| sum > most) {
            side.worst_day = Some((last.stamp.time, sum));
        }
    }
    let mut dear = list;
    dear.sort_by_key(|one| (std::cmp::Reverse(one.won), one.stamp.index));
    side.examples = dear.into_iter().take(EXAMPLES).cloned().collect();
    side
}

fn say(answer: Option<&Answer>) -> String {
    answer.map_or_else(|| "nothing".into(), |answer| format!("{} by {}", answer.verdict.name(), answer.by))
}

/// As text.
pub fn text(tally: &Tally, lang: Lang) -> String {
    let mut out = String::new();
    let span = tally.span.map_or_else(String::new, |(first, last)| format!(", {} – {}", at(first), at(last)));
    let asked = (grouped(&tally.asked.count.to_string()), in_won(tally.asked.won, lang));
    let line = match lang {
        Lang::En => format!("{} on {} withdrawals on record worth {}{span}", tally.draft, asked.0, asked.1),
        Lang::Ko => format!("{}: 기록된 출금 {}건, {}{span}", tally.draft, asked.0, asked.1),
    };
    let _ = writeln!(out, "{line}\n");
    for (name, side) in
        [(lang.pick("let out", "추가 허용"), &tally.out), (lang.pick("held back", "추가 보류·거부"), &tally.back)]
    {
        shown(&mut out, name, side, lang);
    }
    if tally.not_laid > 0 {
        let _ = writeln!(
            out,
            "{} {}",
            tally.not_laid,
            lang.pick(
                "questions were asked under a policy that this draft cannot be laid over",
                "건은 초안을 얹을 수 없는 정책 아래에서 판정됨"
            )
        );
    }
    let _ = writeln!(
        out,
        "{}",
        lang.pick(
            "Blocks, people and stops are as recorded; a hold that the draft adds counts as held back unless the approvals on record meet it.",
            "블록·승인자·차단은 기록 그대로이며, 초안이 새로 요구한 보류는 기록된 승인으로 충족되지 않으면 보류로 셉니다."
        )
    );
    out
}

fn shown(out: &mut String, name: &str, side: &Side, lang: Lang) {
    let unpriced = if side.all.unpriced > 0 {
        format!(" ({} {})", side.all.unpriced, lang.pick("without a price", "건은 가격 없음"))
    } else {
        String::new()
    };
    let _ = writeln!(out, "{name}: {}, {}{unpriced}", grouped(&side.all.count.to_string()), in_won(side.all.won, lang));
    if let Some((end, most)) = side.worst_day.filter(|_| side.all.count > 0) {
        let _ = writeln!(out, "  {}: {} ({})", lang.pick("most in one day", "하루 최대"), in_won(most, lang), at(end));
    }
    for ((recorded, follows), money) in &side.by_answer {
        let count = grouped(&money.count.to_string());
        let _ = writeln!(out, "  {count:>9}  {:>20}  {recorded} → {follows}", in_won(money.won, lang));
    }
    for one in &side.examples {
        let asked = &one.asked;
        let value = one.won.map_or_else(|| "?".into(), |won| in_won(won, lang));
        let (when, id, to) = (at(one.stamp.time), &asked.id, &asked.destination);
        let _ = writeln!(out, "  {}: {when} {id} {value} → {to} ({})", lang.pick("such as", "예"), asked.customer);
    }
    out.push('\n');
}

/// As JSON: `docs/guard.md` describes it.
pub fn json(tally: &Tally) -> Value {
    let side = |side: &Side| {
        let answers: Vec<Value> = side
            .by_answer
            .iter()
            .map(
                |((recorded, follows), money)| json!({"recorded": recorded, "follows": follows, "money": money.json()}),
            )
            .collect();
        let examples: Vec<Value> = side
            .examples
            .iter()
            .map(|one| {
                json!({"entry": one.stamp.index, "exchange": one.asked.exchange, "withdrawal": one.asked.id,
                       "destination": one.asked.destination, "won": one.won.map(|won| won.to_string()),
                       "recorded": say(one.recorded.as_ref()), "follows": say(one.follows.as_ref())})
            })
            .collect();
        json!({"all": side.all.json(), "by_answer": answers, "examples": examples,
               "most_in_a_day": side.worst_day.map(|(end, won)| json!({"until": at(end), "won": won.to_string()}))})
    };
    json!({"draft": tally.draft, "asked": tally.asked.json(), "let_out": side(&tally.out), "held_back": side(&tally.back),
           "from": tally.span.map(|(first, _)| at(first)), "until": tally.span.map(|(_, last)| at(last)), "not_laid": tally.not_laid})
}
