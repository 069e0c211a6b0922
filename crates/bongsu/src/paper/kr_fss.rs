//! The first report of an accident to the FSS. No statute gives it a form or an hour for exchanges; it says what
//! supervisors ask first: what happened, what is lost, whether users can move their assets, what is done, what comes next.

use super::drawing::{Drawing, Plan, draw, exact, won};
use super::incident_parts::{self as parts, blocking_table, blockings, contact, told_so_far};
use super::{Act, Form};
use crate::lang::Lang;

/// The report.
pub const REPORT: Form = Form {
    id: "kr.fss-report",
    title: ("First report of an accident to the FSS", "금융감독원 사고 최초 보고서"),
    acts: &[Act { kind: "incident", word: "reported", to: Some("fss") }],
    draw: |brief| draw(brief, &PLAN),
};

const PLAN: Plan = Plan {
    form: "kr.fss-report",
    title: ("First report of an accident", "사고 최초 보고서"),
    lang: Lang::Ko,
    to: ("Financial Supervisory Service", "금융감독원"),
    body,
};

fn body(d: &mut Drawing<'_, '_, '_>) {
    let lang = d.lang;
    d.section(("Who reports", "보고인"));
    d.field(("Exchange", "가상자산사업자"), Some(d.dossier().registered.name_ko.clone()));
    let found = contact(d, ("Unit in charge, and how to reach it", "담당 부서·연락처"));
    d.contains("contact", found);

    d.section(("The accident", "사고 개요"));
    let title = d.told("title");
    d.field(("In one line", "사고명"), title);
    let class = d.dossier().code("incident_class").map(|code| parts::code(code, lang).to_string());
    let hint = d.set("incident_class", "theft", None);
    d.need("incident_class", ("Kind", "사고 유형"), class, &hint);
    let severity = d.dossier().code("severity").map(|code| parts::code(code, lang).to_string());
    d.field(("Severity", "심각도"), severity);
    let found = d.need_event("occurred", ("When it happened", "발생 일시"));
    d.contains("occurred", found);
    d.need_event("detected", ("When it was noticed", "탐지 일시"));
    d.event("learned", ("When the exchange learned of it", "인지 일시"));
    d.need_text("description", ("What happened", "사고 내용"));
    let cause = d.told("cause");
    if cause.is_none() {
        let hint = d.say("cause");
        d.must_explain(
            "cause",
            ("the cause, or that it is being looked for", "사고 원인 또는 조사 중이라는 사실"),
            &hint,
        );
    }
    d.contains("cause", cause.is_some());
    d.field(("Cause, as far as known", "원인(현재까지 파악)"), cause);

    d.section(("Damage", "피해 현황"));
    let told = d.told("damage");
    let mut found = told.is_some();
    d.field(("Damage", "피해 내용"), told);
    let amount = |d: &Drawing<'_, '_, '_>, word: &str| d.dossier().number(word).map(|n| won(&n, lang));
    let clients = d.dossier().number("clients_affected").map(|n| exact(&n));
    d.field(("Users affected", "영향받은 이용자 수"), clients);
    let (loss, paid) = (amount(d, "users_loss"), amount(d, "users_compensated"));
    d.field(("Loss of users", "이용자 손해액"), loss);
    d.field(("Paid to users", "이용자 배상액"), paid);
    let total = parts::losses(d);
    found |= total.counted > 0;
    if !found {
        let hint = d.say("damage");
        d.must_fix(
            "damage",
            ("what was damaged or taken, in words or as losses", "피해 내용(서술 또는 유출 자산)"),
            &hint,
        );
    }
    d.contains("damage", found);

    d.section(("Deposits and withdrawals of users", "입출금 상태"));
    let blockings = blockings(d);
    if blockings.is_empty() {
        d.text(d.pick(("Nothing is withheld.", "차단한 입출금이 없다.")).to_string());
    }
    blocking_table(d, &blockings);

    d.section(("What was done, what comes next", "조치와 계획"));
    let found = d.need_text("measures", ("Measures", "조치 내용"));
    d.contains("measures", found);
    let rows = d
        .told_each("task")
        .into_iter()
        .map(|task| {
            let state = if task.done { ("done", "완료") } else { ("open", "진행 중") };
            let due = task.due.map_or("—".to_string(), |at| d.at(at));
            vec![task.text.clone(), due, d.pick(state).to_string()]
        })
        .collect();
    d.table(&[("Task", "과제"), ("Until", "기한"), ("State", "상태")], &[60, 22, 18], rows);
    told_so_far(d);
}
