//! The report to the FSC that deposits or withdrawals of users are withheld (User Protection Act 11(2); the FSS receives it
//! under Decree 23(1)1). One paper tells of every blocking of the incident; each of them counts as reported by it.

use super::drawing::{Drawing, Plan, draw};
use super::incident_parts::{self as parts, Blocking, blockings, contact, told_so_far, truth_of};
use super::{Act, Form, ground};
use crate::lang::Lang;
use rulebook::facts::{Datum, Facts};

/// The report.
pub const REPORT: Form = Form {
    id: "kr.blocking-report",
    title: (
        "Report that deposits or withdrawals are withheld (User Protection Act 11)",
        "입출금 차단 보고서 (가상자산이용자보호법 제11조)",
    ),
    acts: &[Act { kind: "blocking", word: "reported", to: Some("fss") }],
    draw: |brief| draw(brief, &PLAN),
};

const PLAN: Plan = Plan {
    form: "kr.blocking-report",
    title: ("Report that deposits or withdrawals are withheld", "이용자 가상자산 입출금 차단 보고서"),
    lang: Lang::Ko,
    to: ("Financial Services Commission (received by the FSS)", "금융위원회(접수: 금융감독원)"),
    body,
};

/// Grounds that hold only where the terms of service provide for them.
const BY_TERMS: [&str; 2] = ["voice_phishing", "suspicion"];

/// Grounds for withholding deposits, and nothing else.
const DEPOSITS_ONLY: [&str; 2] = ["delisting", "closing"];

fn body(d: &mut Drawing<'_, '_, '_>) {
    d.section(("Who reports", "보고인"));
    d.field(("Exchange", "가상자산사업자"), Some(d.dossier().registered.name_ko.clone()));
    let found = contact(d, ("Unit in charge, and how to reach it", "담당 부서·연락처"));
    d.contains("contact", found);

    let as_of = d.dossier().as_of;
    let all: Vec<Blocking<'_>> =
        blockings(d).into_iter().filter(|b| b.began.is_none_or(|began| began <= as_of)).collect();
    if all.is_empty() {
        let hint = d.set("blocking_began", "yes", Some("blocking/b1"));
        d.must_fix("blocking", ("a blocking that belongs with the incident", "사고에 딸린 입출금 차단"), &hint);
    }
    for blocking in &all {
        one(d, blocking);
    }
    let every = |has: fn(&Blocking<'_>) -> bool| !all.is_empty() && all.iter().all(has);
    d.contains("ground", every(|b| b.ground.is_some()));
    d.contains("side", every(|b| b.side.is_some()));
    d.contains("began", every(|b| b.began.is_some()));
    d.contains("users_told", every(|b| b.told.is_some()));

    if all.iter().any(|b| b.ground.as_deref() == Some("incident")) {
        d.section(("The accident", "사고 내용"));
        let title = d.told("title");
        d.field(("In one line", "사고명"), title);
        d.need_event("occurred", ("When it happened", "발생 일시"));
        d.event("detected", ("When it was noticed", "탐지 일시"));
        d.need_text("description", ("What happened", "사고 내용"));
        let measures = d.told("measures");
        d.field(("Measures", "조치 내용"), measures);
    }
    told_so_far(d);
}

fn one(d: &mut Drawing<'_, '_, '_>, b: &Blocking<'_>) {
    let of = format!("blocking/{}", b.name);
    let item = |what: &str| format!("{}/{what}", b.name);
    d.titled(format!("{} · {}", d.pick(("Blocking", "차단")), b.name));
    let hint = d.set("side", "withdrawals", Some(&of));
    let side = b.side.as_ref().map(|_| parts::withheld(b, d.lang));
    d.need(&item("side"), ("What is withheld", "차단 대상"), side, &hint);

    let hint = d.set("ground", "incident", Some(&of));
    let ground = b.ground.as_deref().map(|code| ground::name(code, d.lang).to_string());
    d.need(&item("ground"), ("Reason", "차단 사유"), ground, &hint);
    let cite = b.ground.as_deref().and_then(|code| ground::cite(code, d.lang));
    if b.ground.is_some() && cite.is_none() {
        d.must_explain(&item("ground"), ("a ground of Decree 17", "시행령 제17조에 열거된 사유"), &hint);
    }
    d.field(("Where the law says so", "근거 조문"), cite);
    let ground = b.ground.as_deref().unwrap_or_default();
    if DEPOSITS_ONLY.contains(&ground) && b.side.as_deref() == Some("withdrawals") {
        let hint = d.set("side", "deposits", Some(&of));
        d.must_explain(&item("side"), ("this ground stops deposits only", "이 사유로는 입금만 차단할 수 있음"), &hint);
    }
    if ground == "incident" {
        incident(d, b, &of);
    }
    if BY_TERMS.contains(&ground) {
        let terms = truth_of(d, b.subject, "terms_provide");
        if terms != Some(true) {
            let hint = d.set("terms_provide", "yes", Some(&of));
            d.must_fix(&item("terms_provide"), ("the terms of service provide for it", "약관에 근거가 있음"), &hint);
        }
        let value = parts::truth(terms, d.lang);
        d.field(("In the terms of service", "약관 근거"), value);
    }
    let hint = d.set("blocking_began", "yes", Some(&of));
    let began = b.began.map(|at| d.at(at));
    d.need(&item("blocking_began"), ("Withheld since", "차단 개시 일시"), began, &hint);
    told(d, b, &of);
    let ended = b.ended.map_or_else(|| d.pick(("further notice", "계속")).to_string(), |at| d.at(at));
    d.field(("Withheld until", "차단 종료 일시"), Some(ended));
    let kept = truth_of(d, b.subject, "block_price_kept");
    if kept != Some(true) {
        let hint = d.set("block_price_kept", "yes", Some(&of));
        let expected = ("the price when withholding began is on record", "차단 시점 가격의 기록·보관");
        d.must_explain(&item("block_price_kept"), expected, &hint);
    }
    let value = parts::truth(kept, d.lang);
    d.field(("Price at that time kept", "차단 시점 가격 보관"), value);
}

/// An accident must have happened, and a person must have judged that it was urgent to block.
fn incident(d: &mut Drawing<'_, '_, '_>, b: &Blocking<'_>, of: &str) {
    let accident = truth_of(d, b.subject, "accident");
    if accident != Some(true) {
        let hint = d.set("accident", "yes", Some(of));
        let expected = (
            "an accident of Decree 12 happened or is clearly expected",
            "시행령 제12조의 사고가 발생하였거나 명백히 예상됨",
        );
        d.must_fix(&format!("{}/accident", b.name), expected, &hint);
    }
    let value = parts::truth(accident, d.lang);
    d.field(("Accident of Decree 12", "시행령 제12조의 사고"), value);
    let dossier = *d.dossier();
    let urgent = dossier.view.given(Some(b.subject), "kr.vaupa.urgent_need", dossier.as_of);
    let urgent = urgent.and_then(|reading| if let Datum::Truth(yes) = reading.datum { Some(yes) } else { None });
    if urgent != Some(true) {
        let expected = ("somebody judged that it was urgent to block", "긴급한 차단 필요성에 대한 판단");
        let hint = format!("import a judgement kr.vaupa.urgent_need of {of}");
        d.must_explain(&format!("{}/urgent_need", b.name), expected, &hint);
    }
    let value = parts::truth(urgent, d.lang);
    d.field(("Judged urgent", "긴급한 필요 판단"), value);
}

/// The law wants users told before; whoever told them later says why.
fn told(d: &mut Drawing<'_, '_, '_>, b: &Blocking<'_>, of: &str) {
    let before = b.told.zip(b.began).is_some_and(|(told, began)| told < began);
    if !before {
        let hint = d.set("users_told", "yes", Some(of));
        let expected = ("users were told the reason before the blocking began", "차단 전 이용자 통지");
        d.must_explain(&format!("{}/users_told", b.name), expected, &hint);
    }
    let value = b.told.map(|at| {
        let how =
            if before { ("before the blocking", "차단 전") } else { ("not before the blocking", "차단 후") };
        format!("{} ({})", d.at(at), d.pick(how))
    });
    d.field(("Users told the reason", "이용자 통지 일시"), value);
}
