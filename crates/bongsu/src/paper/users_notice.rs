//! The notice to users of an accident or a blocking, in Korean and in English: what happened, what is withheld and on what
//! legal ground, what users can do, when there will be news.
//!
//! It promises to say only what was written for users: the texts of the desk stay inside, and so does an address that is
//! not public yet.

use super::drawing::{Drawing, Plan, draw};
use super::incident_parts::{blocking_table, blockings};
use super::{Act, Form, ground};
use crate::lang::Lang;
use std::collections::BTreeSet;

const ACTS: &[Act] = &[
    Act { kind: "incident", word: "users_informed", to: None },
    Act { kind: "blocking", word: "users_told", to: None },
];

/// In Korean.
pub const KOREAN: Form = Form {
    id: "kr.users-notice",
    title: ("Notice to users, in Korean", "이용자 안내문"),
    acts: ACTS,
    draw: |brief| draw(brief, &KOREAN_PLAN),
};

/// In English.
pub const ENGLISH: Form = Form {
    id: "en.users-notice",
    title: ("Notice to users, in English", "이용자 안내문(영문)"),
    acts: ACTS,
    draw: |brief| draw(brief, &ENGLISH_PLAN),
};

const KOREAN_PLAN: Plan = Plan {
    form: "kr.users-notice",
    title: ("Notice to users", "이용자 안내"),
    lang: Lang::Ko,
    to: ("Users", "이용자"),
    body,
};

const ENGLISH_PLAN: Plan = Plan { form: "en.users-notice", lang: Lang::En, ..KOREAN_PLAN };

fn body(d: &mut Drawing<'_, '_, '_>) {
    d.section(("What happened", "무슨 일이 있었나"));
    match d.told("notice") {
        Some(text) => {
            d.contains("what", true);
            d.text(text);
        }
        None => {
            let hint = d.say("notice");
            d.must_fix(
                "notice",
                ("what users are told, in the language of the notice", "이용자에게 알릴 내용(안내문의 언어로)"),
                &hint,
            );
        }
    }
    d.event("occurred", ("When", "발생 일시"));
    withheld(d);

    d.section(("What you can do", "이용자가 할 일"));
    match d.told("advice") {
        Some(text) => {
            d.contains("advice", true);
            d.text(text);
        }
        None => {
            let hint = d.say("advice");
            d.must_fix(
                "advice",
                ("what users can do, even where it is nothing", "이용자가 할 일(없으면 없다고)"),
                &hint,
            );
        }
    }
    if let Some(text) = d.told("redress") {
        d.section(("Redress", "피해 보상"));
        d.text(text);
    }
    next_news(d);
    let asked = d.told_for_all("users_contact");
    if asked.is_none() {
        let hint = d.say("users_contact");
        d.must_explain("users_contact", ("where users can ask", "이용자 문의처"), &hint);
    }
    d.contains("contact", asked.is_some());
    d.field(("Questions", "문의"), asked);
    secrets(d);
}

/// What is withheld, and on what ground. The event `users_told` is recorded only where every ground is named.
fn withheld(d: &mut Drawing<'_, '_, '_>) {
    let blockings = blockings(d);
    if blockings.is_empty() {
        return;
    }
    d.section(("Deposits and withdrawals", "입출금 제한"));
    blocking_table(d, &blockings);
    let mut cites = BTreeSet::new();
    for blocking in &blockings {
        match blocking.ground.as_deref() {
            Some(code) => cites.extend(ground::cite(code, d.lang)),
            None => {
                let hint = d.set("ground", "incident", Some(&format!("blocking/{}", blocking.name)));
                let item = format!("{}/ground", blocking.name);
                d.must_fix(&item, ("the reason for withholding", "차단 사유"), &hint);
            }
        }
    }
    d.contains("ground", blockings.iter().all(|b| b.ground.is_some()));
    let act = d.pick(("Virtual Asset User Protection Act, Art. 11", "가상자산이용자보호법 제11조")).to_string();
    let law: Vec<String> = [act].into_iter().chain(cites).collect();
    d.field(("Legal ground", "법적 근거"), Some(law.join("\n")));
}

/// When there will be news: a text, or a moment that has not passed.
fn next_news(d: &mut Drawing<'_, '_, '_>) {
    d.section(("What comes next", "다음 안내"));
    let as_of = d.dossier().as_of;
    let said = d.told_each("next_news");
    let promised = said.iter().filter_map(|remark| remark.due).max();
    let text = said.last().map(|remark| remark.text.clone());
    let (item, hint) = ("next_news", format!("{} --due \"…\"", d.say("next_news")));
    match promised {
        None => d.must_fix(item, ("when there will be news", "다음 안내 시각"), &hint),
        Some(at) if at <= as_of => {
            d.must_fix(item, ("a time that has not passed yet", "아직 지나지 않은 다음 안내 시각"), &hint)
        }
        Some(_) => d.contains("next_news", true),
    }
    let when = promised.map(|at| d.at(at));
    d.field(("By", "늦어도"), when);
    if let Some(text) = text {
        d.text(text);
    }
}

/// No address of whoever took the assets stands in a public text before it is public.
pub fn secrets(d: &mut Drawing<'_, '_, '_>) {
    let dossier = *d.dossier();
    let hidden: Vec<&str> = dossier
        .related("address")
        .into_iter()
        .filter(|(subject, _)| dossier.moments_of(*subject, "address_published").is_empty())
        .map(|(_, name)| name)
        .collect();
    let leaked: Vec<&str> = hidden.into_iter().filter(|name| d.says(name)).collect();
    for name in leaked {
        let hint = d.set("address_published", "yes", Some(&format!("address/{name}")));
        d.must_fix("address", ("no address before it is public", "공개 전 주소는 적지 않음"), &hint);
    }
}
