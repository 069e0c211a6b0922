//! Machine-readable incident reports: FIRE, DORA and STIX, from facts imported as users import them.

#[path = "paper/stage.rs"]
mod stage;

use bongsu::lang::Lang;
use bongsu::paper::codes::CODED;
use bongsu::paper::dora::fields::{self, FIELDS};
use bongsu::paper::fire::items::{self, ITEMS};
use bongsu::paper::{Draft, Severity, dora, fire};
use serde_json::Value;
use stage::{draw, edit, facts, golden, moment};
use std::collections::BTreeSet;
use std::io::{Cursor, Read};
use std::process::Command;

const REPORTS: [&str; 6] =
    ["fire.initial", "fire.intermediate", "fire.final", "dora.initial", "dora.intermediate", "dora.final"];

fn problems(draft: &Draft) -> String {
    let line = |p: &bongsu::paper::Problem| format!("{:?}: {}: {} ({})", p.severity, p.item, p.expected, p.hint);
    draft.problems.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn json(draft: &Draft) -> Value {
    serde_json::from_slice(&draft.files[0].1).unwrap()
}

/// Each report of the fixed incident is complete, and is these bytes.
#[test]
fn golden_reports() {
    for form in REPORTS {
        let draft = draw(&facts(), form, moment(form), Lang::En);
        assert!(draft.is_complete() && draft.problems.is_empty(), "{form}\n{}", problems(&draft));
        for (name, bytes) in draft.files.iter().filter(|(name, _)| name.ends_with(".json")) {
            golden(name, std::str::from_utf8(bytes).unwrap());
        }
        assert_eq!(draw(&facts(), form, moment(form), Lang::En).files, draft.files, "the same facts, the same bytes");
    }
}

/// What the clocks of DORA ask of each report is in it.
#[test]
fn contents_stop_the_clocks() {
    let sources = bongsu::pages::shipped_law(&[String::from("eu")]);
    let page = &sources.iter().find(|source| source.path == "law/eu/dora.md").unwrap().text;
    for form in ["dora.initial", "dora.intermediate", "dora.final"] {
        let (_, step) = form.split_once('.').unwrap();
        let id = format!("\"eu.dora.19-4.{step}\"");
        let mut lines = page.lines().skip_while(|line| !(line.starts_with("id ") && line.ends_with(&id)));
        let asked = lines.find_map(|line| line.strip_prefix("contains")).unwrap();
        let draft = draw(&facts(), form, moment(form), Lang::En);
        let codes: Vec<&str> = asked.split('"').skip(1).step_by(2).collect();
        assert!(codes.len() > 5, "{asked}");
        for code in codes {
            assert!(draft.contents.iter().any(|has| has == code), "{form} lacks {code}: {:?}", draft.contents);
        }
        assert!(draft.contents.is_sorted_by(|a, b| a < b));
    }
    let mut facts = facts();
    edit(&mut facts, "drop continuity_activated");
    let draft = draw(&facts, "dora.initial", stage::INITIAL, Lang::En);
    assert!(!draft.contents.iter().any(|code| code == "continuity_plan"));
}

/// Nineteen, thirty-three and forty-eight of FIRE's 87 items are essential; DORA's 76 fields are 15, 10, 35 and 16.
#[test]
fn counts() {
    assert_eq!(ITEMS.len(), 87);
    assert!(ITEMS.iter().map(|item| item.number().parse::<usize>().unwrap()).eq(1..=87));
    let essential = |column| ITEMS.iter().filter(|item| item.need(column) == items::Need::Essential).count();
    assert_eq!([0, 1, 2].map(essential), [19, 33, 48]);
    let section = |head: &str| FIELDS.iter().filter(|field| field.number.starts_with(head)).count();
    assert_eq!(["1.", "2.", "3.", "4."].map(section), [15, 10, 35, 16]);
    assert!(FIELDS.iter().all(|field| field.need(2) != fields::Need::NotAsked));
    // An empty incident lacks what is essential and follows from no fact: nothing is made up.
    let bare: Vec<Value> = facts()
        .into_iter()
        .filter(|fact| fact["fact"] == "exchange" || fact["subject"] == "incident/A-7" && fact["fact"] == "subject")
        .collect();
    let draft = draw(&bare, "fire.initial", stage::INITIAL, Lang::En);
    let lacking: Vec<&str> = draft.problems.iter().map(|p| p.item.split(' ').next().unwrap()).collect();
    assert_eq!(lacking, ["04", "06", "11", "13", "17", "29", "30", "48"], "{}", problems(&draft));
}

/// Every code of the table is in the word's row of the word list, and every list of codes there is in the table.
#[test]
fn codes_are_those_of_the_word_list() {
    let words = kernel::words::vocabulary();
    for coded in CODED {
        let word = words.word(words.find(coded.word).unwrap_or_else(|| panic!("no word `{}`", coded.word)));
        let said: BTreeSet<&str> = word.meaning.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
        // The kinds of cause are too many for a row: `docs/incidents.md` lists them.
        let page = include_str!("../../../docs/incidents.md");
        for code in coded.codes {
            let listed = if coded.word == "cause_kind" {
                page.contains(&format!("| {} |", code.own))
            } else {
                said.contains(code.own)
            };
            assert!(listed, "`{}` of `{}` is not in the list", code.own, coded.word);
            assert!(!code.fire.is_empty() || !code.dora.is_empty(), "{} of {} is of no format", code.own, coded.word);
        }
        let own: BTreeSet<&str> = coded.codes.iter().map(|code| code.own).collect();
        assert_eq!(own.len(), coded.codes.len(), "{} has a code twice", coded.word);
    }
    // A word whose meaning lists codes behind a colon has them in the table.
    let listed = words.words().filter(|(_, word)| word.family.starts_with("Incident reports"));
    for (_, word) in listed.filter(|(_, word)| word.unit.starts_with("code") && word.meaning.contains(": ")) {
        let known = CODED.iter().any(|coded| coded.word == word.name) || word.name == "sharing";
        assert!(known, "{} lists codes that no table has", word.name);
    }
}

/// Every value of a table is one that the format's list has.
#[test]
fn lists_hold_every_value() {
    for item in ITEMS.iter().filter(|item| !item.list.is_empty()) {
        assert!(fire::lists::values(item.list).len() > usize::from(item.list != "report_type"), "{}", item.name());
    }
    for field in FIELDS.iter().filter(|field| !field.list.is_empty()) {
        assert!(dora::lists::values(field.list).len() > 1, "{}", field.name());
    }
    assert_eq!(fire::lists::values("cause_kind").len(), 33);
    assert_eq!(fire::lists::values("report_triggers").len(), 13);
    assert_eq!(dora::lists::values("cause_kind").len(), 28);
    assert_eq!(dora::lists::values("cause_details").len(), 18);
    assert_eq!(dora::lists::values("report_triggers").len(), 7);
    assert_eq!(dora::lists::values("discovered_by").len(), 11);
    assert_eq!(dora::lists::values("attack_techniques").len(), 10);
}

/// The same facts in both formats: a share from 0 to 1 and a percentage, two forms of a length, two clocks.
#[test]
fn formats_agree() {
    for (clients, of, fire, dora) in [
        ("2400", "100000", "0.024", "2.4"),
        ("1", "3", "0.333333", "33.3"),
        ("7", "7", "1", "100"),
        ("0", "9", "0", "0"),
    ] {
        let mut facts = facts();
        edit(&mut facts, &format!("set clients_affected {clients} & set clients_of_service {of}"));
        let by_fire = json(&draw(&facts, "fire.intermediate", stage::INTERMEDIATE, Lang::En));
        let by_dora = json(&draw(&facts, "dora.intermediate", stage::INTERMEDIATE, Lang::En));
        let service = &by_fire["items"]["52_services"][0];
        let fields = &by_dora["fields"];
        assert_eq!(
            (service["59_users_share"].as_str(), fields["3.5 clients_percent"].as_str()),
            (Some(fire), Some(dora))
        );
        assert_eq!(service["58_users_number"], fields["3.4 clients"]);
        assert_eq!(service["57_service_downtime"], "P1DT11H");
        assert_eq!(fields["3.16 downtime"], "01:11:00");
        assert_eq!(service["63_transactions_value"], fields["3.11 transactions_value"]);
        assert_eq!(by_fire["items"]["43_detected_at"], "2026-11-02T03:40:00+09:00");
        assert_eq!(fields["2.2 detected_at"], "2026-11-01T18:40:00Z");
        assert_eq!(by_fire["items"]["25_incident_id"], fields["2.1 reference"]);
    }
}

/// Each rule with a change of the facts that breaks it: form, change, item, what is said.
const FIRE_RULES: &[(&str, &str, &str, &str)] = &[
    ("fire.initial", "drop report_currency", "06", "essential"),
    ("fire.initial", "set report_currency EURO", "06", "ISO 4217; found `EURO`"),
    ("fire.initial", "set seat ZZ", "04", "ISO 3166, two letters; found `ZZ`"),
    ("fire.initial", "set lei 9884001BNGSUKRTEST15", "08", "check digits"),
    ("fire.initial", "set entity_kinds bank", "11", "crypto_provider, trading_venue"),
    ("fire.initial", "drop report_recipients", "13", "essential"),
    ("fire.initial", "hush contact", "17", "essential"),
    (
        "fire.initial",
        r#"hush contact & add {"fact":"remark","exchange":"alpha","at":"2026-01-01","topic":"contact","id":"second","text":"N; n@a.kr; +8221234567"}"#,
        "18",
        "at least one primary contact",
    ),
    ("fire.initial", "say contact ; a@b.kr; +8221234567", "19", "essential"),
    ("fire.initial", "say contact N; a.b.kr; +8221234567", "20", "a mail address; found `a.b.kr`"),
    (
        "fire.initial",
        "say contact N; a@b.kr; 02-123",
        "21",
        "a telephone number such as +82 2 1234 5678; found `02-123`",
    ),
    (
        "fire.initial",
        "say contact N; a@b.kr; +8221234567; ; ; kisa",
        "24",
        "some of the recipients of the report (cnb, fss); found `kisa`",
    ),
    ("fire.intermediate", "at incident_closed 2026-11-04 08:00", "28", "a final report"),
    ("fire.final", "drop activities_recovered & drop incident_closed", "28", "resolved or closed"),
    ("fire.initial", "hush title", "29", "essential"),
    ("fire.initial", LONG_TITLE, "29", "at most 255 letters; found 256"),
    ("fire.initial", "hush description", "30", "essential"),
    ("fire.intermediate", "drop incident_kinds", "31", "essential"),
    ("fire.intermediate", "set incident_kinds theft, burglary", "31", "external_event; found `burglary`"),
    ("fire.intermediate", "set incident_kinds other", "31", "found `other`"),
    ("fire.intermediate", "drop discovered_by", "33", "essential"),
    ("fire.intermediate", "set discovered_by dog", "33", "found `dog`"),
    ("fire.intermediate", "drop report_triggers", "34", "essential"),
    ("fire.intermediate", "hush measures", "36", "essential"),
    ("fire.intermediate", "hush actions_planned", "37", "essential"),
    ("fire.final", "hush public_reaction", "38", "essential"),
    ("fire.final", "hush communications", "39", "essential"),
    ("fire.final", "drop bodies_notified", "40", "essential"),
    ("fire.initial", "at detected 2026-11-02 03:09", "42", "not later than the time of detection"),
    ("fire.final", "drop detected", "43", "essential"),
    ("fire.intermediate", "at activities_recovered 2026-11-02 03:10", "44", "later than the time of occurrence"),
    ("fire.final", "drop activities_recovered", "44", "essential"),
    ("fire.final", "at incident_closed 2026-11-03 15:00", "45", "later than the time of resolution"),
    ("fire.final", "at incident_closed 2026-11-02 03:40", "45", "later than the time of detection"),
    ("fire.final", "at incident_closed 2026-11-02 03:10", "45", "later than the time of occurrence"),
    ("fire.intermediate", NEXT_AT_ONCE, "46", "later than the time of this report"),
    ("fire.initial", "drop severity", "48", "essential"),
    ("fire.initial", "set severity awful", "48", "nil, negligible, low, medium, high, extreme; found `awful`"),
    ("fire.final", "drop affected_parties", "49", "essential"),
    ("fire.final", "hush affected_entity", "50", "essential"),
    ("fire.intermediate", DROP_SERVICE, "52", "essential"),
    (
        "fire.intermediate",
        r#"add {"fact":"figure","exchange":"alpha","subject":"incident/A-7","word":"services_hit","at":"2026-11-02 08:00","value":"no"}"#,
        "52",
        "none was hit",
    ),
    ("fire.intermediate", "drop service_kinds", "54", "essential"),
    ("fire.intermediate", "drop service_disruptions", "56", "essential"),
    ("fire.intermediate", "set service_disruptions gone", "56", "found `gone`"),
    ("fire.intermediate", "drop critical_downtime", "57", "essential"),
    ("fire.intermediate", "drop clients_affected", "58", "essential"),
    ("fire.intermediate", "set clients_affected 2.5", "58", "a count of 0 or more; found `2.5`"),
    ("fire.intermediate", "set clients_of_service 2000", "59", "a share from 0 to 1; found `1.2`"),
    ("fire.intermediate", "set transactions_affected 12001", "62", "a share from 0 to 1"),
    ("fire.final", "drop resource_kind", "65", "essential"),
    ("fire.final", "set resource_kind cloud", "65", "found `cloud`"),
    ("fire.final", "drop resource_properties", "66", "essential"),
    ("fire.intermediate", "set gross_loss 5 USD", "68", "an amount in EUR, the report's currency; found USD"),
    (
        "fire.intermediate",
        "set impact_financial huge",
        "69",
        "none, insignificant, minor, moderate, substantial, severe; found `huge`",
    ),
    ("fire.intermediate", "drop spread", "73", "essential"),
    ("fire.intermediate", "set countries_hit KR, JP", "74", "one country, for the spread is national"),
    ("fire.intermediate", "set spread several_countries", "74", "more than one country"),
    ("fire.intermediate", "set countries_hit Korea", "74", "found `Korea`"),
    ("fire.final", "drop cause_kind", "77", "essential"),
    ("fire.final", "set cause_kind fate", "77", "found `fate`"),
    ("fire.final", "set cause_strength contributory", "78", "at least one root cause"),
    ("fire.final", "drop cause_origin", "79", "essential"),
    ("fire.final", "hush lesson", "82", "essential"),
    ("fire.final", "hush remedy", "84", "essential"),
];

const LONG_TITLE: &str = concat!(
    "say title ",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
);

const NEXT_AT_ONCE: &str = r#"hush next_update & add {"fact":"remark","exchange":"alpha","subject":"incident/A-7","at":"2026-11-04 08:00","topic":"next_update","text":"soon","due":"2026-11-04 09:00"}"#;

/// A service that nothing but a name is on record of is no answer.
const DROP_SERVICE: &str = "drop service_kinds & drop service_critical & drop service_disruptions";

const DORA_RULES: &[(&str, &str, &str, &str)] = &[
    ("dora.initial", "drop lei", "1.3", "mandatory"),
    ("dora.initial", "set lei 9884001BNGSUKRTEST15", "1.3", "check digits"),
    ("dora.initial", "drop entity_kinds", "1.4", "mandatory"),
    ("dora.initial", "set entity_kinds bank", "1.4", "found `bank`"),
    (
        "dora.initial",
        r#"add {"fact":"remark","exchange":"alpha","subject":"incident/A-7","at":"2026-11-02 07:00","topic":"affected_entity","text":"Alpha Paris SA"}"#,
        "1.6",
        "the name of an affected entity is given",
    ),
    ("dora.initial", "hush contact", "1.7", "mandatory"),
    ("dora.initial", "say contact N; nobody; +8221234567", "1.8", "a mail address"),
    ("dora.initial", "say contact N; a@b.kr; 02", "1.9", "a telephone number"),
    (
        "dora.initial",
        r#"hush contact & add {"fact":"remark","exchange":"alpha","at":"2026-01-01","topic":"contact","id":"primary","text":"N; n@a.kr; +8221234567"}"#,
        "1.10",
        "mandatory",
    ),
    (
        "dora.initial",
        r#"add {"fact":"remark","exchange":"alpha","at":"2026-01-01","topic":"parent_name","text":"Alpha Holding"}"#,
        "1.14",
        "the name of the parent is given",
    ),
    (
        "dora.initial",
        r#"add {"fact":"figure","exchange":"alpha","word":"parent_lei","at":"2026-01-01","value":"9884001PARENTKRTES10"}"#,
        "1.13",
        "the identifier of the parent is given",
    ),
    ("dora.initial", "drop report_currency", "1.15", "mandatory"),
    ("dora.initial", "set report_currency KRW", "1.15", "one of EUR, "),
    ("dora.initial", "drop detected", "2.2", "mandatory"),
    ("dora.initial", "at detected 2026-11-02 05:01", "2.3", "not earlier than the time of detection"),
    ("dora.intermediate", "at detected 2026-11-02 03:09", "2.2", "not earlier than the time of occurrence"),
    ("dora.initial", "drop classified_major", "2.3", "mandatory"),
    ("dora.initial", "hush description", "2.4", "mandatory"),
    ("dora.initial", "drop report_triggers & drop critical_services_hit & drop clients_hit", "2.5", "mandatory"),
    ("dora.initial", "set report_triggers bad_luck", "2.5", "found `bad_luck`"),
    ("dora.initial", "set report_triggers geography", "2.6", "geographical spread triggered"),
    ("dora.initial", "drop discovered_by", "2.7", "mandatory"),
    ("dora.initial", "set discovered_by dog", "2.7", "found `dog`"),
    ("dora.final", "set cause_origin outsourced", "2.8", "a third party or another entity"),
    ("dora.initial", "drop continuity_activated", "2.9", "mandatory"),
    ("dora.intermediate", "drop occurred", "3.2", "mandatory"),
    ("dora.intermediate", "drop activities_recovered & set critical_downtime 35 h", "3.3", "there was downtime"),
    ("dora.intermediate", "at activities_recovered 2026-11-02 03:09", "3.3", "not earlier than the time of occurrence"),
    ("dora.intermediate", "drop clients_affected", "3.4", "mandatory"),
    ("dora.intermediate", "set clients_affected 2.5", "3.4", "a count"),
    ("dora.intermediate", "drop clients_of_service", "3.5", "mandatory"),
    ("dora.intermediate", "set clients_of_service 2000", "3.5", "0 to 100 percent; found `120`"),
    ("dora.intermediate", "drop counterparts_affected", "3.6", "mandatory"),
    ("dora.intermediate", "set counterparts_affected 1 & drop counterparts_of_service", "3.7", "mandatory"),
    ("dora.intermediate", "drop relevant_client_affected", "3.8", "triggered the report"),
    ("dora.intermediate", "drop transactions_daily_average", "3.10", "transactions were affected"),
    ("dora.intermediate", "drop transaction_value_affected", "3.11", "transactions were affected"),
    ("dora.intermediate", "drop transactions_affected", "3.12", "a statement about transactions"),
    ("dora.intermediate", "set figures_estimated everything", "3.12", "found `everything`"),
    ("dora.intermediate", "set report_triggers reputation", "3.13", "reputation triggered"),
    ("dora.intermediate", "set report_triggers reputation", "3.14", "reputation triggered"),
    ("dora.intermediate", "drop activities_recovered", "3.15", "mandatory"),
    ("dora.intermediate", "drop durations_known", "3.17", "mandatory"),
    ("dora.intermediate", "set report_triggers geography", "3.18", "geographical spread triggered"),
    ("dora.intermediate", "set report_triggers geography", "3.19", "geographical spread triggered"),
    ("dora.intermediate", "set report_triggers data_losses", "3.20", "data losses triggered"),
    ("dora.intermediate", "set report_triggers data_losses", "3.21", "data losses triggered"),
    ("dora.intermediate", "hush critical_services", "3.22", "mandatory"),
    ("dora.intermediate", "drop incident_kinds", "3.23", "mandatory"),
    ("dora.intermediate", "set incident_kinds other", "3.24", "the type of incident is another one"),
    ("dora.intermediate", "drop attack_techniques", "3.25", "a matter of cyber security"),
    ("dora.intermediate", "set attack_techniques other", "3.26", "a technique is another one"),
    ("dora.intermediate", "hush functional_areas", "3.27", "mandatory"),
    ("dora.intermediate", "drop infrastructure_hit", "3.28", "mandatory"),
    ("dora.intermediate", "hush infrastructure", "3.29", "infrastructure was hit"),
    ("dora.intermediate", "drop client_finances_hit", "3.30", "mandatory"),
    ("dora.intermediate", "drop bodies_notified", "3.31", "mandatory"),
    ("dora.intermediate", "set bodies_notified police, none", "3.31", "`none` alone"),
    ("dora.intermediate", "set bodies_notified other", "3.32", "other authorities were told"),
    ("dora.intermediate", "drop temporary_measures", "3.33", "mandatory"),
    ("dora.intermediate", "hush measures", "3.34", "measures, or why there are none"),
    ("dora.intermediate", NO_TRACES, "3.35", "a matter of cyber security"),
    ("dora.final", "drop cause_kind", "4.1", "mandatory"),
    ("dora.final", "set cause_kind fate", "4.2", "found `fate`"),
    ("dora.final", "set cause_kind process_monitoring", "4.3", "more detail"),
    ("dora.final", "set cause_kind human", "4.4", "a root cause is another one"),
    ("dora.final", "hush cause", "4.5", "mandatory"),
    ("dora.final", "hush resolution", "4.6", "mandatory"),
    ("dora.final", "drop root_cause_fixed", "4.7", "mandatory"),
    ("dora.final", "at root_cause_fixed 2026-11-01", "4.7", "not earlier than the time of occurrence"),
    ("dora.final", "drop incident_resolved", "4.8", "mandatory"),
    ("dora.final", "at incident_resolved 2026-11-01", "4.8", "not earlier than the time of occurrence"),
    ("dora.final", "hush economic_threshold", "4.12", "mandatory"),
    ("dora.final", "drop gross_loss", "4.13", "mandatory"),
    ("dora.final", "set gross_loss 5 USD", "4.13", "an amount in EUR"),
    ("dora.final", "drop loss_recovered", "4.14", "mandatory"),
    (
        "dora.final",
        r#"add {"fact":"remark","exchange":"alpha","subject":"incident/A-7","at":"2026-11-18","topic":"recurring","text":"Two before."}"#,
        "4.16",
        "recurring incidents",
    ),
];

/// Addresses and transactions move to another incident.
const NO_TRACES: &str = r#"add {"fact":"subject","exchange":"alpha","subject":"incident/B-1"} & add {"fact":"subject","exchange":"alpha","subject":"address/solana:9aThiefWallet","refers":["incident/B-1"]} & add {"fact":"subject","exchange":"alpha","subject":"transaction/solana:4bTx","refers":["incident/B-1"]}"#;

fn check(rules: &[(&str, &str, &str, &str)]) {
    for (form, change, item, said) in rules {
        let mut facts = facts();
        edit(&mut facts, change);
        let draft = draw(&facts, form, moment(form), Lang::En);
        let found = draft
            .problems
            .iter()
            .find(|problem| problem.item.split(' ').next() == Some(item) && problem.expected.contains(said));
        let Some(found) = found else { panic!("{form}, {change}: {item} {said}\n{}", problems(&draft)) };
        assert!(found.severity == Severity::MustFix && !draft.is_complete() && !found.hint.is_empty(), "{change}");
    }
}

#[test]
fn every_rule_of_fire() {
    check(FIRE_RULES);
    // Every essential item that a fact fills has a case.
    let follows = ["01", "02", "03", "07", "27", "28", "41", "53", "83"];
    let cased: BTreeSet<&str> = FIRE_RULES.iter().map(|(.., item, _)| *item).chain(follows).collect();
    let essential = |item: &&items::Item| (0..3).any(|column| item.need(column) == items::Need::Essential);
    for item in ITEMS.iter().filter(essential) {
        let inner = ITEMS.iter().any(|inner| inner.within == item.number() && cased.contains(inner.number()));
        assert!(cased.contains(item.number()) || inner, "no case for {}", item.name());
    }
}

#[test]
fn every_rule_of_dora() {
    check(DORA_RULES);
    let follows = ["1.1", "1.2", "2.1"];
    let cased: BTreeSet<&str> = DORA_RULES.iter().map(|(.., item, _)| *item).chain(follows).collect();
    let same = ["1.5", "1.11", "1.12", "3.9"];
    for field in FIELDS {
        let asked = (0..3).any(|c| matches!(field.need(c), fields::Need::Mandatory | fields::Need::Conditional));
        assert!(!asked || cased.contains(field.number) || same.contains(&field.number), "no case for {}", field.name());
    }
}

/// An incident that is over when it is first reported is reported by the later column.
#[test]
fn the_status_moves_the_column() {
    let facts = facts();
    let late = draw(&facts, "fire.initial", "2026-11-03 20:00", Lang::En);
    assert!(late.is_complete(), "{}", problems(&late));
    let mut lacking = facts.clone();
    edit(&mut lacking, "hush measures");
    let late = draw(&lacking, "fire.initial", "2026-11-03 20:00", Lang::En);
    assert!(problems(&late).contains("36 actions taken"), "{}", problems(&late));
    let early = draw(&lacking, "fire.initial", stage::INITIAL, Lang::En);
    assert!(early.is_complete(), "{}", problems(&early));
}

/// The last report says the worst severity that was reached.
#[test]
fn the_worst_severity_stays() {
    let at = |form, at| json(&draw(&facts(), form, at, Lang::En))["items"]["48_severity"].clone();
    assert_eq!(at("fire.intermediate", "2026-11-13 09:00"), "Medium");
    assert_eq!(at("fire.final", stage::FINAL), "Extreme");
}

/// Korean texts where there are some, Korean labels in the workbook.
#[test]
fn a_korean_report() {
    let draft = draw(&facts(), "fire.initial", stage::INITIAL, Lang::Ko);
    let paper = json(&draft);
    assert_eq!(paper["items"]["29_title"], "핫월렛에서 자산 무단 유출");
    assert_eq!(paper["items"]["03_language"], "ko");
    let sheet = strings(&draft.files[1].1);
    assert!(
        sheet.contains("연락처 구분") && sheet.contains("필수") && sheet.contains("Institution-initiated"),
        "{sheet}"
    );
}

/// The workbook has a row for each item, with its needs, its value and its problem, and the lists.
#[test]
fn a_workbook() {
    let mut facts = facts();
    edit(&mut facts, "set severity awful");
    let draft = draw(&facts, "fire.final", stage::FINAL, Lang::En);
    let (name, bytes) = &draft.files[1];
    assert_eq!(name, "fire-final.xlsx");
    let text = strings(bytes);
    for item in ITEMS {
        assert!(text.contains(&format!(">{}<", item.label[0])), "{}", item.name());
    }
    assert!(text.contains("not collected") && text.contains("must fix: one of nil"), "{text}");
    assert!(text.contains("Malicious: ransomware"), "the lists are there");
}

fn strings(workbook: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut text = String::new();
    archive.by_name("xl/sharedStrings.xml").unwrap().read_to_string(&mut text).unwrap();
    text
}

/// A bundle of the incident's traces: these bytes, without a problem.
#[test]
fn a_bundle() {
    let draft = draw(&facts(), "stix.bundle", stage::FINAL, Lang::En);
    assert!(draft.problems.is_empty(), "{}", problems(&draft));
    golden("stix.json", std::str::from_utf8(&draft.files[0].1).unwrap());
    let mut bare = facts();
    edit(&mut bare, NO_TRACES);
    assert!(problems(&draw(&bare, "stix.bundle", stage::FINAL, Lang::En)).contains("an address or a transaction"));
    let mut bright = facts();
    edit(
        &mut bright,
        r#"add {"fact":"figure","exchange":"alpha","subject":"incident/A-7","word":"sharing","at":"2026-11-02 08:00","value":"white"}"#,
    );
    let draft = draw(&bright, "stix.bundle", stage::FINAL, Lang::En);
    assert!(problems(&draft).contains("found `white`"), "{}", problems(&draft));
    assert!(
        String::from_utf8_lossy(&draft.files[0].1).contains("TLP:RED"),
        "what cannot be read is not shared further"
    );
}

/// The public validator accepts it. It runs where `stix2_validator` is installed, or where `BONGSU_STIX_VALIDATOR` names it.
#[test]
fn the_public_validator_accepts_the_bundle() {
    let validator = std::env::var("BONGSU_STIX_VALIDATOR").unwrap_or_else(|_| String::from("stix2_validator"));
    match Command::new(&validator).args(["--version", "2.1"]).arg(stage::here("stix.json")).output() {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success() && said.contains("STIX JSON: Valid"), "{said}");
        }
        Err(_) => eprintln!("{validator} is not installed: the bundle was not validated"),
    }
}
