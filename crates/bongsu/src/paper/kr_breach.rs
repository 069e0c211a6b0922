//! The breach report to KISA or the ministry (Network Act 48-3(1), Decree 58-2(1)), and what is confirmed after it (58-2(2)).
//!
//! The decree asks for when it happened, its cause and damage, what was done about it, and who answers for the response.
//! The order of the items is ours: no form of the authority is copied.

use super::drawing::{Drawing, Plan, draw};
use super::incident_parts::{self as parts, blocking_table, blockings, contact, told_so_far};
use super::{Act, Form};
use crate::incident::timeline::{Point, What};
use crate::lang::Lang;

/// The report within 24 hours.
pub const REPORT: Form = Form {
    id: "kr.breach-report",
    title: ("Breach report to KISA or the ministry (Network Act 48-3)", "침해사고 신고서 (정보통신망법 제48조의3)"),
    acts: &[Act { kind: "incident", word: "reported", to: Some("kisa") }],
    draw: |brief| draw(brief, &REPORT_PLAN),
};

/// What is confirmed later, each within 24 hours.
pub const FOLLOW_UP: Form = Form {
    id: "kr.breach-followup",
    title: (
        "Facts confirmed after a breach report (Decree 58-2(2))",
        "침해사고 추가 확인사항 신고서 (시행령 제58조의2제2항)",
    ),
    acts: &[Act { kind: "incident", word: "reported", to: Some("kisa") }],
    draw: |brief| draw(brief, &FOLLOW_UP_PLAN),
};

const REPORT_PLAN: Plan = Plan {
    form: "kr.breach-report",
    title: ("Breach report", "침해사고 신고서"),
    lang: Lang::Ko,
    to: ("Korea Internet & Security Agency (Ministry of Science and ICT)", "한국인터넷진흥원(과학기술정보통신부)"),
    body: report_body,
};

fn report_body(d: &mut Drawing<'_, '_, '_>) {
    d.section(("Who reports", "신고인"));
    d.field(("Operator", "사업자"), Some(d.dossier().registered.name_ko.clone()));
    let found = contact(d, ("Unit that responds, and how to reach it", "대응 담당 부서·연락처"));
    d.contains("contact", found);

    d.section(("The breach", "사고 개요"));
    let title = d.told("title");
    d.field(("In one line", "사고명"), title);
    breach(d);
    let class = d.dossier().code("incident_class").map(|code| parts::code(code, d.lang).to_string());
    d.field(("Kind", "사고 유형"), class);
    let found = d.need_event("occurred", ("When it happened", "발생 일시"));
    d.contains("occurred", found);
    d.event("detected", ("When it was noticed", "탐지 일시"));
    d.need_event("learned", ("When the operator learned of it", "인지 일시"));
    d.need_text("description", ("What happened", "사고 내용"));
    let found = d.need_text("cause", ("Cause", "원인"));
    d.contains("cause", found);

    damage(d);

    d.section(("What was done", "조치 사항"));
    let found = d.need_text("measures", ("Measures", "조치 내용"));
    d.contains("measures", found);
    let blockings = blockings(d);
    blocking_table(d, &blockings);
    told_so_far(d);
}

/// Whether it is a breach at all: a report of something else is a mistake.
fn breach(d: &mut Drawing<'_, '_, '_>) {
    let breach = d.dossier().truth("breach");
    let hint = d.set("breach", "yes", None);
    match breach {
        Some(true) => {}
        None => d.must_fix("breach", ("whether it is a breach of the network", "침해사고 해당 여부"), &hint),
        Some(false) => d.must_explain(
            "breach",
            ("a breach: on record it is none", "침해사고: 기록에는 침해사고가 아니라고 되어 있음"),
            &hint,
        ),
    }
    let value = parts::truth(breach, d.lang);
    d.field(("Breach of the network", "침해사고 해당 여부"), value);
}

fn damage(d: &mut Drawing<'_, '_, '_>) {
    d.section(("Damage", "피해 내용"));
    let told = d.told("damage");
    let clients = d.dossier().number("clients_affected").map(|n| super::drawing::exact(&n));
    let has_text = told.is_some();
    d.field(("Damage", "피해 내용"), told);
    d.field(("Users affected", "영향받은 이용자 수"), clients);
    let total = parts::losses(d);
    let found = has_text || total.counted > 0;
    if !found {
        let hint = d.say("damage");
        d.must_fix(
            "damage",
            ("what was damaged or taken, in words or as losses", "피해 내용(서술 또는 유출 자산)"),
            &hint,
        );
    }
    if !total.unknown.is_empty() {
        let of: Vec<String> = total.unknown.iter().map(|name| format!("loss/{name}")).collect();
        let hint = d.set("loss_value", "\"… KRW\"", Some(&of.join(", ")));
        d.must_explain("losses", ("every loss in won", "모든 유출 자산의 원화 환산액"), &hint);
    }
    d.contains("damage", found);
}

const FOLLOW_UP_PLAN: Plan = Plan {
    form: "kr.breach-followup",
    title: ("Facts confirmed after a breach report", "침해사고 추가 확인사항 신고서"),
    body: follow_up_body,
    ..REPORT_PLAN
};

fn follow_up_body(d: &mut Drawing<'_, '_, '_>) {
    d.section(("Who reports", "신고인"));
    d.field(("Operator", "사업자"), Some(d.dossier().registered.name_ko.clone()));
    let found = contact(d, ("Unit that responds, and how to reach it", "대응 담당 부서·연락처"));
    d.contains("contact", found);
    d.section(("The report that this follows", "최초 신고"));
    let title = d.told("title");
    d.field(("In one line", "사고명"), title);
    let as_of = d.dossier().as_of;
    let reports: Vec<&Point> = d.brief.points.iter().filter(|p| p.at <= as_of && is_report(&p.what)).collect();
    let Some(last) = reports.last().copied() else {
        let hint = "bongsu report kr.breach-report … --sent";
        return d.must_fix("first-report", ("a breach report that this follows", "선행하는 침해사고 신고"), hint);
    };
    let first = d.at(reports[0].at);
    d.field(("First reported", "최초 신고 일시"), Some(first));
    let latest = d.at(last.at);
    d.field(
        ("Last reported", "직전 신고 일시"),
        Some(format!("{latest} ({} {})", d.pick(("entry", "기록")), last.since.index)),
    );

    let confirmed = d.dossier().moments_of(d.dossier().subject, "fact_confirmed");
    let confirmed: Vec<_> = confirmed.into_iter().filter(|at| *at > last.at).collect();
    let texts = d.told_each("confirmed");
    d.section(("What was confirmed", "추가로 확인된 사실"));
    if confirmed.is_empty() {
        let hint = d.set("fact_confirmed", "yes", None);
        d.must_fix(
            "fact_confirmed",
            ("a fact confirmed since the last report", "직전 신고 이후 확인된 사실의 확인 시각"),
            &hint,
        );
    }
    let mut rows = Vec::new();
    for at in &confirmed {
        let said: Vec<&str> = texts.iter().filter(|remark| remark.at == *at).map(|r| r.text.as_str()).collect();
        if said.is_empty() {
            let item = format!("confirmed/{}", rows.len() + 1);
            let hint = format!("{} --at \"{}\"", d.say("confirmed"), d.at(*at));
            d.must_fix(&item, ("what was confirmed at that time", "그 시각에 확인된 내용"), &hint);
        }
        rows.push(vec![d.at(*at), if said.is_empty() { "—".to_string() } else { said.join("\n") }]);
    }
    let all_said = !rows.is_empty() && rows.iter().all(|row| row[1] != "—");
    d.contains("confirmed", all_said);
    d.table(&[("Confirmed at", "확인 일시"), ("What", "내용")], &[26, 74], rows);

    // What the breach report would say now, set against what it would have said then.
    let now = super::drawing::compose(d.brief, &REPORT_PLAN);
    let changes = now.changes_since(last.since, last.at, &REPORT_PLAN);
    d.changes(("What changed since the last report", "직전 신고 이후 바뀐 내용"), changes);
}

/// Whether a point is a report of the breach to those whom the follow-up goes to.
fn is_report(what: &What) -> bool {
    let to = match what {
        What::Event { word, by } if word == "reported" => by.as_deref(),
        What::Notice { word, to, .. } if word == "reported" => to.as_deref(),
        _ => None,
    };
    matches!(to, Some("kisa" | "msit" | "other_law_authority"))
}
