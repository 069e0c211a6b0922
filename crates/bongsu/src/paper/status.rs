//! The public status of an incident: one page that reads without scripts, the same as JSON for programs, and a feed.
//!
//! It promises to say only what was written for the public (topic `status`), what users were told is withheld, and
//! addresses that are public. No limit, no loss, no internal text, and nothing that has not happened yet.

use super::drawing::{Drawing, Plan, compose};
use super::incident_parts::{self as parts, Blocking};
use super::users_notice::secrets;
use super::{Act, Brief, Draft, Form, Severity, ground, html};
use crate::incident::Dossier;
use crate::lang::Lang;
use crate::report::moment::iso;
use crate::trouble::Trouble;
use maud::{Markup, PreEscaped, html};
use rulebook::time::Instant;
use serde::Serialize;

/// The status.
pub const STATUS: Form = Form {
    id: "status",
    title: ("Public status: page, JSON, Atom feed", "공개 상황판: 웹페이지·JSON·Atom"),
    acts: &[Act { kind: "incident", word: "status_published", to: None }],
    draw,
};

const KOREAN: Plan =
    Plan { form: "status", title: ("Status", "상황 안내"), lang: Lang::Ko, to: ("The public", "공개"), body };
const ENGLISH: Plan = Plan { lang: Lang::En, ..KOREAN };

/// The status as programs read it. Fields are only ever added.
#[derive(Serialize)]
struct Status {
    exchange: String,
    incident: String,
    language: &'static str,
    /// ISO 8601 with the offset of Korea.
    as_of: String,
    /// `withheld` while something is, else `open`.
    state: &'static str,
    withheld: Vec<Withheld>,
    updates: Vec<Update>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_news_by: Option<String>,
    addresses: Vec<String>,
}

#[derive(Serialize)]
struct Withheld {
    side: Option<String>,
    asset: Option<String>,
    reason: Option<String>,
    legal_ground: Option<String>,
    since: String,
    until: Option<String>,
}

#[derive(Serialize)]
struct Update {
    id: String,
    at: String,
    text: String,
}

fn draw(brief: &Brief<'_, '_>) -> Result<Draft, Trouble> {
    let plan = if brief.lang == Lang::Ko { &KOREAN } else { &ENGLISH };
    let drawing = compose(brief, plan);
    let status = read(&drawing);
    let json = serde_json::to_string_pretty(&status)
        .map_err(|e| Trouble::new(format!("the status cannot be written: {e}"), "report this"))?;
    let feed = feed(&status, plan.lang);
    let (contents, problems, document) = drawing.parts();
    let open = problems.iter().any(|problem| problem.severity == Severity::MustFix);
    let mark = if open { ".draft" } else { "" };
    let tag = plan.lang.pick("en", "ko");
    let name = |what: &str, ending: &str| format!("{what}-{tag}{mark}.{ending}");
    let files = vec![
        (name("status", "html"), html::page(&document).into_bytes()),
        (name("status", "json"), format!("{json}\n").into_bytes()),
        (name("status", "atom.xml"), feed.into_bytes()),
    ];
    Ok(Draft { contents, problems, files })
}

/// The blockings that users were told of: the others are not public.
fn public<'s>(d: &Drawing<'_, '_, 's>) -> Vec<Blocking<'s>> {
    let as_of = d.dossier().as_of;
    let told = |b: &Blocking<'_>| b.told.is_some() && b.began.is_some_and(|began| began <= as_of);
    parts::blockings(d).into_iter().filter(told).collect()
}

fn body(d: &mut Drawing<'_, '_, '_>) {
    let updates = d.told_each("status");
    if updates.is_empty() {
        let hint = format!("{} --id 1", d.say("status"));
        d.must_fix(
            "status",
            ("a text for the public, in the language of the page", "공개용 안내 글(상황판의 언어로)"),
            &hint,
        );
    }
    d.contains("status", !updates.is_empty());
    let silent: Vec<&str> =
        parts::blockings(d).iter().filter(|b| b.began.is_some() && b.told.is_none()).map(|b| b.name).collect();
    for name in silent {
        let hint = d.set("users_told", "yes", Some(&format!("blocking/{name}")));
        d.must_explain(
            &format!("{name}/users_told"),
            ("users were told of every blocking", "모든 차단의 이용자 통지"),
            &hint,
        );
    }
    d.section(("Deposits and withdrawals", "입출금 상태"));
    let blockings = public(d);
    if blockings.is_empty() {
        d.text(d.pick(("Nothing is withheld.", "제한 중인 입출금이 없습니다.")).to_string());
    }
    parts::blocking_table(d, &blockings);
    d.section(("News, the latest first", "안내(최신순)"));
    for update in updates.iter().rev() {
        let at = d.at(update.at);
        d.text(format!("{at}\n{}", update.text));
    }
    if let Some(at) = promised(d.dossier()) {
        let at = d.at(at);
        d.text(format!("{}: {at}", d.pick(("Next news by", "다음 안내"))));
    }
    let addresses = addresses(d.dossier());
    if !addresses.is_empty() {
        d.section(("Addresses to watch for", "주의할 주소"));
        addresses.into_iter().for_each(|address| d.text(address));
    }
    secrets(d);
}

fn read(d: &Drawing<'_, '_, '_>) -> Status {
    let (dossier, lang) = (d.dossier(), d.lang);
    let when = |at: Instant| iso(at, &d.zone);
    let withheld: Vec<Withheld> = public(d)
        .into_iter()
        .map(|b| Withheld {
            reason: b.ground.as_deref().map(|code| ground::name(code, lang).to_string()),
            legal_ground: b.ground.as_deref().and_then(|code| ground::cite(code, lang)),
            asset: b.asset.map(str::to_string),
            since: b.began.map(when).unwrap_or_default(),
            until: b.ended.map(when),
            side: b.side,
        })
        .collect();
    let now = withheld.iter().any(|b| b.until.is_none());
    let updates = d.told_each("status").into_iter().rev();
    let updates = updates.map(|r| Update { id: r.id.clone(), at: when(r.at), text: r.text.clone() }).collect();
    Status {
        exchange: lang.pick(&dossier.registered.name_en, &dossier.registered.name_ko).to_string(),
        incident: dossier.id().to_string(),
        language: lang.pick("en", "ko"),
        as_of: when(dossier.as_of),
        state: if now { "withheld" } else { "open" },
        withheld,
        updates,
        next_news_by: promised(dossier).map(when),
        addresses: addresses(dossier),
    }
}

/// When there will be news; a promise that has passed is none.
fn promised(dossier: &Dossier<'_>) -> Option<Instant> {
    let topics = ["next_news", "next_news.ko"];
    let remarks = topics.into_iter().flat_map(|topic| dossier.remarks(topic));
    remarks
        .filter(|remark| remark.at <= dossier.as_of)
        .filter_map(|remark| remark.due)
        .filter(|due| *due > dossier.as_of)
        .max()
}

/// Addresses that were made public.
fn addresses(dossier: &Dossier<'_>) -> Vec<String> {
    let related = dossier.related("address").into_iter();
    let public = related.filter(|(subject, _)| !dossier.moments_of(*subject, "address_published").is_empty());
    public.map(|(_, name)| name.to_string()).collect()
}

/// The news as an Atom feed (RFC 4287). Ids are names under no host, so that they stay when the page moves.
fn feed(status: &Status, lang: Lang) -> String {
    let title = format!("{} · {}", status.exchange, lang.pick("Status", "상황 안내"));
    let id = format!("urn:bongsu:status:{}:{}", status.incident, status.language);
    let newest = status.updates.first().map_or(status.as_of.as_str(), |update| &update.at);
    let entry = |update: &Update| -> Markup {
        let head: String = update.text.lines().next().unwrap_or_default().chars().take(80).collect();
        html! { entry {
            id { (id) ":" (update.id) }
            title { (head) }
            updated { (update.at) }
            content type="text" { (update.text) }
        } }
    };
    let feed = html! {
        (PreEscaped("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"))
        feed xmlns="http://www.w3.org/2005/Atom" xml:lang=(status.language) {
            id { (id) }
            title { (title) }
            updated { (newest) }
            author { name { (status.exchange) } }
            @for update in &status.updates { (entry(update)) }
        }
    };
    feed.into_string()
}
