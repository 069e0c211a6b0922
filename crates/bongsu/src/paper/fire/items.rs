//! The 87 items of FIRE 1.0 (Financial Stability Board, final report of April 2025), in the order of the report: the one table that
//! filling, checking and both files read.
//! <https://fsb.org/2025/04/format-for-incident-reporting-exchange-fire-taxonomy-package>

use Kind::*;

/// What an item holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A decimal number above 0.
    Decimal,
    /// A text of at most 255 letters.
    Short,
    /// A text of at most 65,535 letters.
    Long,
    /// A value of a list.
    Listed,
    /// Values of a list.
    ListedMany,
    /// Pairs of a scheme and a value.
    Pairs,
    /// Triples of a trigger, a recipient and a note.
    Triples,
    /// Pairs of a date, perhaps empty, and a text.
    Rows,
    /// Groups of items.
    Groups,
    /// A mail address.
    Email,
    /// A telephone number.
    Phone,
    /// Texts.
    Strings,
    /// A length of time by ISO 8601.
    Length,
    /// A moment by ISO 8601, with its zone.
    Moment,
    /// A count.
    Integer,
    /// A share from 0 to 1.
    Share,
    /// An amount in the report's currency.
    Money,
}

/// Whether an item must be filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It must.
    Essential,
    /// It may.
    Optional,
    /// It has no place there.
    NotApplicable,
    /// It is not asked of the exchange.
    NotCollected,
}

/// One item.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    /// Its number and name: its key in the JSON.
    pub key: &'static str,
    /// Its label in English and Korean.
    pub label: [&'static str; 2],
    /// Its place in [`GROUPS`].
    pub group: usize,
    /// What it holds.
    pub kind: Kind,
    /// Its need in each column: initial, intermediate, final.
    needs: &'static str,
    /// Its list; empty without one.
    pub list: &'static str,
    /// Number of the item whose group it is of; empty for none.
    pub within: &'static str,
    /// What to record for it; empty where it follows from the rest.
    pub record: &'static str,
}

impl Item {
    /// Its number, two digits.
    pub fn number(&self) -> &'static str {
        self.key.split_once('_').map_or(self.key, |(number, _)| number)
    }

    /// Its need in a column.
    pub fn need(&self, column: usize) -> Need {
        match self.needs.as_bytes().get(column) {
            Some(b'E') => Need::Essential,
            Some(b'O') => Need::Optional,
            Some(b'-') => Need::NotApplicable,
            _ => Need::NotCollected,
        }
    }

    /// Its number and English label, as problems name it.
    pub fn name(&self) -> String {
        format!("{} {}", self.number(), self.label[0])
    }
}

/// The item of a number.
pub fn item_of(number: &str) -> &'static Item {
    ITEMS.iter().find(|item| item.number() == number).expect("every number that the program names is in the table")
}

const fn item(
    key: &'static str,
    label: [&'static str; 2],
    group: usize,
    kind: Kind,
    needs: &'static str,
    [list, within, record]: [&'static str; 3],
) -> Item {
    Item { key, label, group, kind, needs, list, within, record }
}

/// The groups of items, in English and Korean.
pub const GROUPS: &[[&str; 2]] = &[
    ["Message header", "머리부"],
    ["1.1 Reporting entity", "1.1 보고 기관"],
    ["1.2 Receiving entity", "1.2 수신 기관"],
    ["1.3 Contacts", "1.3 연락처"],
    ["2.1 References", "2.1 참조"],
    ["2.2 Incident", "2.2 사고"],
    ["2.3 Changes since the previous report", "2.3 이전 보고 이후 변경"],
    ["2.4 Times", "2.4 시각"],
    ["3.1 Severity", "3.1 심각도"],
    ["3.2 Affected parties", "3.2 영향받은 당사자"],
    ["3.3 Services and resources", "3.3 서비스와 자원"],
    ["3.4 Impact", "3.4 영향"],
    ["4.1 Cause", "4.1 원인"],
    ["4.2 Lessons", "4.2 교훈"],
    ["4.3 Attachments", "4.3 첨부"],
];

/// Every item. Needs: `E` essential, `O` optional, `-` not applicable, `X` not collected from the exchange.
#[rustfmt::skip]
pub const ITEMS: &[Item] = &[
    // Message header
    item("01_fire_version", ["FIRE version", "FIRE 버전"], 0, Decimal, "EEE", ["", "", ""]),
    item("02_report_type", ["report type", "보고 유형"], 0, Listed, "EEE", ["report_type", "", ""]),
    item("03_language", ["report language", "보고 언어"], 0, Listed, "EEE", ["language", "", ""]),
    item("04_language_country", ["country of the report language", "보고 언어의 국가"], 0, Listed, "EEE", ["country", "", "seat of exchange"]),
    item("05_language_customisation", ["local label set", "현지 용어집"], 0, Short, "OOO", ["", "", ""]),
    item("06_currency", ["report currency", "보고 통화"], 0, Listed, "EEE", ["currency", "", "report_currency"]),
    // 1.1 Reporting entity
    item("07_entity_name", ["entity name", "기관명"], 1, Short, "EEE", ["", "", "remark legal_name"]),
    item("08_entity_global_ids", ["global identifiers", "국제 식별자"], 1, Pairs, "OOO", ["", "", "lei of exchange"]),
    item("09_entity_local_ids", ["local identifiers", "국내 식별자"], 1, Pairs, "OOO", ["", "", "registration_number of exchange"]),
    item("10_ultimate_parent", ["name of the ultimate parent", "최상위 모회사명"], 1, Short, "OOO", ["", "", "remark parent_name"]),
    item("11_entity_types", ["entity types", "기관 종류"], 1, Pairs, "EEE", ["", "", "entity_kinds of exchange"]),
    item("12_entity_country", ["country of the entity", "소재국"], 1, Listed, "OOO", ["country", "", "seat of exchange"]),
    // 1.2 Receiving entity
    item("13_recipients", ["recipients", "수신 기관"], 2, Pairs, "EEE", ["", "", "report_recipients"]),
    item("14_recipient_history", ["who received earlier reports", "이전 보고 수신 기관"], 2, Pairs, "OOO", ["", "", ""]),
    item("15_forwarding_sender", ["forwarding sender", "이첩 기관"], 2, Pairs, "XXX", ["", "", ""]),
    item("16_forwarding_recipients", ["forwarding recipients", "이첩 수신 기관"], 2, Pairs, "XXX", ["", "", ""]),
    // 1.3 Contacts
    item("17_contacts", ["contacts", "연락처"], 3, Groups, "EEE", ["", "", "remark contact"]),
    item("18_contact_type", ["type of contact", "연락처 구분"], 3, Listed, "EEE", ["contact_type", "17", "remark contact"]),
    item("19_contact_name", ["name", "이름"], 3, Short, "EEE", ["", "17", "remark contact"]),
    item("20_contact_email", ["mail address", "전자우편"], 3, Email, "EEE", ["", "17", "remark contact"]),
    item("21_contact_phone", ["telephone", "전화"], 3, Phone, "EEE", ["", "17", "remark contact"]),
    item("22_contact_role", ["role", "직책"], 3, Short, "OOO", ["", "17", "remark contact"]),
    item("23_contact_department", ["department", "부서"], 3, Short, "OOO", ["", "17", "remark contact"]),
    item("24_contact_recipients", ["for which recipients", "해당 수신 기관"], 3, Strings, "OOO", ["", "17", "remark contact"]),
    // 2.1 References
    item("25_incident_id", ["incident id of the entity", "기관 사고번호"], 4, Short, "OOO", ["", "", ""]),
    item("26_related_incidents", ["related incidents", "관련 사고번호"], 4, Strings, "OOO", ["", "", "related_incidents"]),
    // 2.2 Incident
    item("27_phase", ["report phase", "보고 단계"], 5, Listed, "EEE", ["phase", "", ""]),
    item("28_status", ["incident status", "사고 상태"], 5, Listed, "EEE", ["status", "", ""]),
    item("29_title", ["title", "제목"], 5, Short, "EEE", ["", "", "remark title"]),
    item("30_description", ["description", "설명"], 5, Long, "EEE", ["", "", "remark description"]),
    item("31_incident_types", ["incident types", "사고 유형"], 5, ListedMany, "OEE", ["incident_kinds", "", "incident_kinds"]),
    item("32_artefacts", ["traces left behind", "침해 흔적"], 5, Long, "OOO", ["", "", "remark artefacts"]),
    item("33_discovery", ["how it was discovered", "발견 경로"], 5, Listed, "OEE", ["discovered_by", "", "discovered_by"]),
    item("34_triggers", ["reporting triggers", "보고 사유"], 5, Triples, "OEE", ["report_triggers", "", "report_triggers"]),
    item("35_resolution_estimate", ["estimated time to resolution", "해결 예상 시간"], 5, Length, "OO-", ["", "", "resolution_estimate"]),
    // 2.3 Changes since the previous report
    item("36_actions_taken", ["actions taken", "취한 조치"], 6, Long, "OEE", ["", "", "remark measures"]),
    item("37_actions_planned", ["actions planned", "계획한 조치"], 6, Long, "OE-", ["", "", "remark actions_planned"]),
    item("38_public_reaction", ["public reaction", "대중 반응"], 6, Long, "OOE", ["", "", "remark public_reaction"]),
    item("39_communications", ["communications issued", "대외 공지"], 6, Long, "OOE", ["", "", "remark communications"]),
    item("40_bodies_notified", ["bodies notified", "통지한 기관"], 6, ListedMany, "OOE", ["bodies_notified", "", "bodies_notified"]),
    // 2.4 Times
    item("41_reported_at", ["time of report", "보고 시각"], 7, Moment, "EEE", ["", "", ""]),
    item("42_occurred_at", ["time of occurrence", "발생 시각"], 7, Moment, "OOO", ["", "", "occurred"]),
    item("43_detected_at", ["time of detection", "탐지 시각"], 7, Moment, "OOE", ["", "", "detected"]),
    item("44_resolved_at", ["time of resolution", "해결 시각"], 7, Moment, "-EE", ["", "", "activities_recovered"]),
    item("45_closed_at", ["time of closure", "종결 시각"], 7, Moment, "--E", ["", "", "incident_closed"]),
    item("46_next_update_at", ["time of the next update", "다음 보고 시각"], 7, Moment, "OO-", ["", "", "remark next_update"]),
    // 3.1 Severity
    item("47_entity_severity", ["severity on the entity's own scale", "자체 심각도"], 8, Short, "OOO", ["", "", "remark severity_own"]),
    item("48_severity", ["standard severity", "표준 심각도"], 8, Listed, "EEE", ["severity", "", "severity"]),
    // 3.2 Affected parties
    item("49_affected_parties", ["types of affected party", "영향받은 당사자 유형"], 9, ListedMany, "OOE", ["affected_parties", "", "affected_parties"]),
    item("50_affected_entities", ["affected entities of the group", "영향받은 계열사"], 9, Pairs, "OOE", ["", "", "remark affected_entity"]),
    item("51_affected_notes", ["notes on affected parties", "영향받은 당사자 비고"], 9, Long, "OOO", ["", "", "remark affected_notes"]),
    // 3.3 Services and resources
    item("52_services", ["services affected", "영향받은 서비스"], 10, Groups, "OEE", ["", "", "services_hit"]),
    item("53_service_name", ["name of the service", "서비스명"], 10, Short, "OEE", ["", "52", ""]),
    item("54_service_types", ["types of the service", "서비스 종류"], 10, Pairs, "OEE", ["", "52", "service_kinds"]),
    item("55_service_critical", ["recipients for whom it is critical", "핵심 서비스로 보는 기관"], 10, Strings, "OOO", ["", "52", "service_critical"]),
    item("56_service_disruptions", ["types of disruption", "장애 유형"], 10, ListedMany, "OEE", ["service_disruptions", "52", "service_disruptions"]),
    item("57_service_downtime", ["downtime", "중단 시간"], 10, Length, "OEE", ["", "52", "service_downtime"]),
    item("58_users_number", ["affected end users", "영향받은 이용자 수"], 10, Integer, "OEE", ["", "52", "service_users_hit"]),
    item("59_users_share", ["share of end users affected", "영향받은 이용자 비율"], 10, Share, "OEE", ["", "52", "service_users"]),
    item("60_transaction_types", ["types of transaction affected", "영향받은 거래 유형"], 10, ListedMany, "OOO", ["service_areas", "52", "service_areas"]),
    item("61_transactions_number", ["transactions affected", "영향받은 거래 수"], 10, Integer, "OOO", ["", "52", "transactions_affected"]),
    item("62_transactions_share", ["share of transactions affected", "영향받은 거래 비율"], 10, Share, "OOO", ["", "52", "transactions_daily_average"]),
    item("63_transactions_value", ["value of transactions affected", "영향받은 거래 금액"], 10, Money, "OOO", ["", "52", "transactions_value"]),
    item("64_resources", ["resources affected", "영향받은 자원"], 10, Groups, "OOE", ["", "", "resource_kind"]),
    item("65_resource_type", ["type of the resource", "자원 종류"], 10, Listed, "OOE", ["resource_kind", "64", "resource_kind"]),
    item("66_resource_properties", ["properties that suffered", "영향받은 속성"], 10, ListedMany, "OOE", ["resource_properties", "64", "resource_properties"]),
    item("67_service_notes", ["notes on services and resources", "서비스·자원 비고"], 10, Long, "OOO", ["", "", "remark service_notes"]),
    // 3.4 Impact
    item("68_financial_loss", ["financial loss, gross", "재무 손실(총액)"], 11, Money, "OOO", ["", "", "gross_loss"]),
    item("69_impact_financial", ["financial impact", "재무적 영향"], 11, Listed, "OOO", ["impact_financial", "", "impact_financial"]),
    item("70_impact_operational", ["operational impact", "운영상 영향"], 11, Listed, "OOO", ["impact_operational", "", "impact_operational"]),
    item("71_impact_reputational", ["impact on reputation", "평판 영향"], 11, Listed, "OOO", ["impact_reputational", "", "impact_reputational"]),
    item("72_impact_external", ["external impact", "외부 영향"], 11, Listed, "OOO", ["impact_external", "", "impact_external"]),
    item("73_spread", ["geographic spread", "지리적 범위"], 11, Listed, "OEE", ["spread", "", "spread"]),
    item("74_countries", ["countries", "국가"], 11, ListedMany, "OOO", ["country", "", "countries_hit"]),
    item("75_impact_notes", ["notes on impact", "영향 비고"], 11, Long, "OOO", ["", "", "remark impact_notes"]),
    // 4.1 Cause
    item("76_causes", ["causes identified", "파악된 원인"], 12, Groups, "OOE", ["", "", "cause_kind"]),
    item("77_cause_type", ["type of the cause", "원인 유형"], 12, Listed, "OOE", ["cause_kind", "76", "cause_kind"]),
    item("78_cause_strength", ["strength of the cause", "원인의 정도"], 12, Listed, "OOO", ["cause_strength", "76", "cause_strength"]),
    item("79_cause_origin", ["origin", "출처"], 12, Listed, "OOE", ["cause_origin", "76", "cause_origin"]),
    item("80_cause_identity", ["identity of the origin", "출처의 신원"], 12, Pairs, "OOO", ["", "76", "remark cause_identity"]),
    item("81_cause_notes", ["notes on the cause", "원인 비고"], 12, Long, "OOO", ["", "76", "remark cause"]),
    // 4.2 Lessons
    item("82_lessons", ["lessons identified", "교훈"], 13, Groups, "--E", ["", "", "remark lesson"]),
    item("83_lesson", ["lesson", "교훈 내용"], 13, Long, "--E", ["", "82", "remark lesson"]),
    item("84_remedies", ["remedial actions", "개선 조치"], 13, Rows, "--E", ["", "82", "remark remedy"]),
    // 4.3 Attachments
    item("85_attachment_method", ["method of attachment", "첨부 방법"], 14, Listed, "OOO", ["attachment_method", "", "attachment_method"]),
    item("86_attachment_instructions", ["how to fetch attachments", "첨부 안내"], 14, Long, "OOO", ["", "", "remark attachments"]),
    item("87_attachments", ["embedded attachments", "내장 첨부"], 14, Strings, "OOO", ["", "", ""]),
];
