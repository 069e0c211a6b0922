//! What papers of several forms say of an incident in the same way: its losses, its blockings, who was told.

use super::drawing::{Drawing, Two, exact, won};
use super::ground;
use crate::incident::loss::{self, Total};
use crate::incident::timeline::What;
use crate::lang::Lang;
use crate::report::words;
use rulebook::facts::{Datum, Facts, Subject};
use rulebook::time::Instant;

/// What is not known.
const NOTHING: &str = "—";

/// What a code of an incident is called.
pub fn code(code: &str, lang: Lang) -> &str {
    let (en, ko) = match code {
        "theft" => ("theft of assets", "자산 탈취"),
        "intrusion" => ("intrusion", "침입"),
        "fault" => ("failure of systems", "전산장애"),
        "ledger_error" => ("error of the ledger", "장부 오류"),
        "data_leak" => ("leak of data", "정보 유출"),
        "nil" => ("nil", "없음"),
        "negligible" => ("negligible", "경미"),
        "low" => ("low", "낮음"),
        "medium" => ("medium", "보통"),
        "high" => ("high", "높음"),
        "extreme" => ("extreme", "매우 높음"),
        "deposits" => ("deposits", "입금"),
        "withdrawals" => ("withdrawals", "출금"),
        other => (other, other),
    };
    lang.pick(en, ko)
}

/// Who receives what is sent, by code.
pub fn receiver(code: &str, lang: Lang) -> &str {
    match code {
        "police" => lang.pick("police", "경찰"),
        "other_law_authority" => lang.pick("authority under another law", "다른 법률에 따른 기관"),
        other => words::authority(other, lang),
    }
}

/// Yes or no.
pub fn truth(value: Option<bool>, lang: Lang) -> Option<String> {
    value.map(|yes| if yes { lang.pick("yes", "예") } else { lang.pick("no", "아니요") }.to_string())
}

/// The losses as a table with their sum; the sum.
pub fn losses<'s>(drawing: &mut Drawing<'_, '_, 's>) -> Total<'s> {
    let (lang, losses) = (drawing.lang, drawing.brief.losses);
    let total = loss::total(losses);
    if losses.is_empty() {
        return total;
    }
    let show = |text: Option<String>| text.unwrap_or_else(|| NOTHING.to_string());
    let mut rows: Vec<Vec<String>> = losses
        .iter()
        .map(|loss| {
            vec![
                loss.asset.unwrap_or(loss.name).to_string(),
                show(loss.began.map(|at| drawing.at(at))),
                show(loss.quantity.as_ref().map(exact)),
                show(loss.value.as_ref().map(|value| won(value, lang))),
                show(loss.frozen.as_ref().map(|value| won(value, lang))),
            ]
        })
        .collect();
    let sum = drawing.pick(("Sum", "합계")).to_string();
    let empty = String::new;
    let frozen = losses.iter().any(|loss| loss.frozen.is_some()).then(|| won(&total.frozen, lang));
    rows.push(vec![sum, empty(), empty(), won(&total.value, lang), show(frozen)]);
    drawing.table(
        &[
            ("Asset", "자산"),
            ("First transfer", "최초 유출"),
            ("Quantity", "수량"),
            ("In won at that time", "유출 시점 원화 환산"),
            ("Frozen or returned", "동결·회수"),
        ],
        &[14, 22, 22, 22, 20],
        rows,
    );
    total
}

/// A blocking of deposits or withdrawals.
pub struct Blocking<'s> {
    /// It.
    pub subject: Subject,
    /// Its name.
    pub name: &'s str,
    /// The code of its ground.
    pub ground: Option<String>,
    /// Deposits or withdrawals.
    pub side: Option<String>,
    /// The asset, where it is about one.
    pub asset: Option<&'s str>,
    /// When it began.
    pub began: Option<Instant>,
    /// When users were first told the reason.
    pub told: Option<Instant>,
    /// When it ended.
    pub ended: Option<Instant>,
}

/// The blockings that belong with the incident.
pub fn blockings<'s>(drawing: &Drawing<'_, '_, 's>) -> Vec<Blocking<'s>> {
    let dossier = *drawing.dossier();
    let asset = dossier.state.vocabulary().kind("asset");
    let moment = |subject: Subject, word: &str| dossier.moments_of(subject, word).first().copied();
    let related = dossier.related("blocking").into_iter();
    let read = |(subject, name)| Blocking {
        subject,
        name,
        ground: code_of(drawing, subject, "ground"),
        side: code_of(drawing, subject, "side"),
        asset: asset.and_then(|kind| dossier.view.refers(subject, kind)).map(|a| dossier.registered.record.name(a)),
        began: moment(subject, "blocking_began"),
        told: moment(subject, "users_told"),
        ended: moment(subject, "blocking_ended"),
    };
    related.map(read).collect()
}

fn code_of(drawing: &Drawing<'_, '_, '_>, subject: Subject, word: &str) -> Option<String> {
    let dossier = drawing.dossier();
    let word = dossier.state.vocabulary().find(word)?;
    match dossier.view.value(Some(subject), word, dossier.as_of)?.datum {
        Datum::Code(code) => Some(code.to_string()),
        _ => None,
    }
}

/// Yes or no of a blocking.
pub fn truth_of(drawing: &Drawing<'_, '_, '_>, subject: Subject, word: &str) -> Option<bool> {
    let dossier = drawing.dossier();
    let word = dossier.state.vocabulary().find(word)?;
    match dossier.view.value(Some(subject), word, dossier.as_of)?.datum {
        Datum::Truth(yes) => Some(yes),
        _ => None,
    }
}

/// What a blocking withholds: `withdrawals of SOL`.
pub fn withheld(blocking: &Blocking<'_>, lang: Lang) -> String {
    let side = blocking.side.as_deref().map_or(NOTHING, |side| code(side, lang));
    match (blocking.asset, lang) {
        (None, _) => side.to_string(),
        (Some(asset), Lang::En) => format!("{side} of {asset}"),
        (Some(asset), Lang::Ko) => format!("{asset} {side}"),
    }
}

/// The blockings as a table.
pub fn blocking_table(drawing: &mut Drawing<'_, '_, '_>, blockings: &[Blocking<'_>]) {
    let lang = drawing.lang;
    let show = |drawing: &Drawing<'_, '_, '_>, at: Option<Instant>| at.map_or(NOTHING.to_string(), |at| drawing.at(at));
    let goes_on = drawing.pick(("further notice", "계속"));
    let rows = blockings
        .iter()
        .map(|b| {
            let ended = b.ended.map_or_else(|| goes_on.to_string(), |at| drawing.at(at));
            let reason = b.ground.as_deref().map_or(NOTHING, |g| ground::name(g, lang)).to_string();
            vec![withheld(b, lang), reason, show(drawing, b.began), ended]
        })
        .collect();
    drawing.table(
        &[("What", "대상"), ("Reason", "사유"), ("Since", "시작"), ("Until", "종료")],
        &[20, 40, 20, 20],
        rows,
    );
}

/// What was reported and told so far.
pub fn told_so_far(drawing: &mut Drawing<'_, '_, '_>) {
    let (lang, as_of) = (drawing.lang, drawing.dossier().as_of);
    let mut rows = Vec::new();
    for point in drawing.brief.points.iter().filter(|point| point.at <= as_of) {
        let (word, to) = match &point.what {
            What::Event { word, by } => (word.as_str(), by.as_deref()),
            What::Notice { word, to, .. } => (word.as_str(), to.as_deref()),
            _ => continue,
        };
        let whom = match (word, to) {
            ("reported", Some(to)) => receiver(to, lang),
            ("users_informed" | "users_told", _) => lang.pick("users", "이용자"),
            _ => continue,
        };
        let row = vec![drawing.at(point.at), whom.to_string()];
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    if !rows.is_empty() {
        drawing.section(("Reports and notices so far", "신고·보고·통지 현황"));
        drawing.table(&[("When", "일시"), ("To whom", "받은 곳")], &[30, 70], rows);
    }
}

/// Whom to ask.
pub fn contact(drawing: &mut Drawing<'_, '_, '_>, label: Two) -> bool {
    let value = drawing.told_for_all("contact");
    let found = value.is_some();
    let hint = drawing.say("contact");
    drawing.need("contact", label, value, &hint);
    found
}
