//! The 76 fields of the template for major incidents (Implementing Regulation (EU) 2025/302, Annexes I and II), in its order: the one
//! table that filling, checking and every file read. <http://data.europa.eu/eli/reg_impl/2025/302/oj>

use Kind::*;

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A value of a list.
    Choice,
    /// Values of a list.
    Choices,
    /// A text.
    Text,
    /// A legal entity identifier.
    Lei,
    /// A mail address.
    Email,
    /// A telephone number with its international prefix.
    Phone,
    /// A moment, universal time.
    Moment,
    /// Yes or no.
    Yes,
    /// A count.
    Integer,
    /// Percent, from 0 to 100 with one decimal.
    Percent,
    /// An amount in the reporting currency.
    Money,
    /// Days, hours and minutes.
    Length,
}

/// Whether a field must be filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It must.
    Mandatory,
    /// It must where its condition holds.
    Conditional,
    /// Without it an explanation is due.
    Explained,
    /// It may.
    Optional,
    /// It is not asked for.
    NotAsked,
}

/// One field.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its number.
    pub number: &'static str,
    /// Its name.
    pub key: &'static str,
    /// Its label in English and Korean.
    pub label: [&'static str; 2],
    /// What it holds.
    pub kind: Kind,
    /// Its need in each report: initial, intermediate, final.
    needs: &'static str,
    /// Its list; empty without one.
    pub list: &'static str,
    /// Its place in the authorities' JSON schema; empty where it depends on a criterion or has none.
    pub path: &'static str,
    /// What to record for it; empty where it follows from the rest.
    pub record: &'static str,
}

impl Field {
    /// Its need in a report.
    pub fn need(&self, column: usize) -> Need {
        match self.needs.as_bytes().get(column) {
            Some(b'Y') => Need::Mandatory,
            Some(b'?') => Need::Conditional,
            Some(b'e') => Need::Explained,
            Some(b'o') => Need::Optional,
            _ => Need::NotAsked,
        }
    }

    /// Its number and English label, as problems name it.
    pub fn name(&self) -> String {
        format!("{} {}", self.number, self.label[0])
    }
}

/// The field of a number.
pub fn field_of(number: &str) -> &'static Field {
    FIELDS.iter().find(|field| field.number == number).expect("every number that the program names is in the table")
}

const fn field(
    number: &'static str,
    key: &'static str,
    label: [&'static str; 2],
    kind: Kind,
    needs: &'static str,
    [list, path, record]: [&'static str; 3],
) -> Field {
    Field { number, key, label, kind, needs, list, path, record }
}

/// Every field. Needs: `Y` mandatory, `?` on a condition, `e` to be explained when empty, `o` optional, `-` not asked.
#[rustfmt::skip]
pub const FIELDS: &[Field] = &[
    // General
    field("1.1", "submission", ["type of submission", "보고 종류"], Choice, "YYY", ["submission", "incidentSubmission", ""]),
    field("1.2", "submitter", ["name of the submitting entity", "제출 기관명"], Text, "YYY", ["", "submittingEntity.name", "remark legal_name"]),
    field("1.3", "submitter_id", ["identifier of the submitting entity", "제출 기관 식별자"], Lei, "YYY", ["", "submittingEntity.LEI", "lei of exchange"]),
    field("1.4", "entity_types", ["types of the affected entity", "영향 기관 종류"], Choices, "YYY", ["entity_kinds", "affectedEntity.affectedEntityType", "entity_kinds of exchange"]),
    field("1.5", "affected_entities", ["names of affected entities", "영향 기관명"], Text, "???", ["", "affectedEntity.name", "remark affected_entity"]),
    field("1.6", "affected_leis", ["identifiers of affected entities", "영향 기관 식별자"], Text, "???", ["", "affectedEntity.LEI", "remark affected_entity"]),
    field("1.7", "contact_name", ["primary contact: name", "주 연락처 이름"], Text, "YYY", ["", "primaryContact.name", "remark contact"]),
    field("1.8", "contact_email", ["primary contact: mail address", "주 연락처 전자우편"], Email, "YYY", ["", "primaryContact.email", "remark contact"]),
    field("1.9", "contact_phone", ["primary contact: telephone", "주 연락처 전화"], Phone, "YYY", ["", "primaryContact.phone", "remark contact"]),
    field("1.10", "second_name", ["second contact: name", "보조 연락처 이름"], Text, "YYY", ["", "secondaryContact.name", "remark contact"]),
    field("1.11", "second_email", ["second contact: mail address", "보조 연락처 전자우편"], Email, "YYY", ["", "secondaryContact.email", "remark contact"]),
    field("1.12", "second_phone", ["second contact: telephone", "보조 연락처 전화"], Phone, "YYY", ["", "secondaryContact.phone", "remark contact"]),
    field("1.13", "parent", ["name of the ultimate parent", "최상위 모회사명"], Text, "???", ["", "ultimateParentUndertaking.name", "remark parent_name"]),
    field("1.14", "parent_lei", ["identifier of the ultimate parent", "최상위 모회사 식별자"], Lei, "???", ["", "ultimateParentUndertaking.LEI", "parent_lei of exchange"]),
    field("1.15", "currency", ["reporting currency", "보고 통화"], Choice, "YYY", ["currency", "reportCurrency", "report_currency"]),
    // Initial notification
    field("2.1", "reference", ["incident reference of the entity", "기관 사고번호"], Text, "YYY", ["", "incident.financialEntityCode", ""]),
    field("2.2", "detected_at", ["time of detection", "탐지 시각"], Moment, "YYY", ["", "incident.detectionDateTime", "detected"]),
    field("2.3", "classified_at", ["time of classification as major", "중대사고 분류 시각"], Moment, "YYY", ["", "incident.classificationDateTime", "classified_major"]),
    field("2.4", "description", ["description", "설명"], Text, "YYY", ["", "incident.incidentDescription", "remark description"]),
    field("2.5", "criteria", ["criteria that triggered the report", "보고 사유 기준"], Choices, "YYY", ["report_triggers", "", "report_triggers"]),
    field("2.6", "countries", ["member states hit", "영향 회원국"], Choices, "???", ["country", "", "countries_hit"]),
    field("2.7", "discovery", ["how it was discovered", "발견 경로"], Choice, "YYY", ["discovered_by", "incident.incidentDiscovery", "discovered_by"]),
    field("2.8", "third_party", ["third party or other entity it came from", "원인 제공 제3자"], Text, "???", ["", "incident.originatesFromThirdPartyProvider", "remark third_party"]),
    field("2.9", "continuity_plan", ["business continuity plan activated", "업무연속성계획 가동"], Yes, "YYY", ["", "incident.isBusinessContinuityActivated", "continuity_activated"]),
    field("2.10", "other_information", ["other information", "기타 정보"], Text, "ooo", ["", "incident.otherInformation", "remark other_information"]),
    // Intermediate report
    field("3.1", "authority_reference", ["incident reference of the authority", "당국 접수번호"], Text, "-oo", ["", "incident.competentAuthorityCode", "authority_reference"]),
    field("3.2", "occurred_at", ["time of occurrence", "발생 시각"], Moment, "-YY", ["", "incident.incidentOccurrenceDateTime", "occurred"]),
    field("3.3", "recovered_at", ["time of recovery of services", "서비스 복구 시각"], Moment, "-??", ["", "impactAssessment.serviceImpact.serviceRestorationDateTime", "activities_recovered"]),
    field("3.4", "clients", ["clients affected", "영향 고객 수"], Integer, "-YY", ["", "impactAssessment.affectedAssets.affectedClients.number", "clients_affected"]),
    field("3.5", "clients_percent", ["clients affected, percent", "영향 고객 비율"], Percent, "-YY", ["", "impactAssessment.affectedAssets.affectedClients.percentage", "clients_of_service"]),
    field("3.6", "counterparts", ["counterparts affected", "영향 거래상대방 수"], Integer, "-YY", ["", "impactAssessment.affectedAssets.affectedFinancialCounterparts.number", "counterparts_affected"]),
    field("3.7", "counterparts_percent", ["counterparts affected, percent", "영향 거래상대방 비율"], Percent, "-YY", ["", "impactAssessment.affectedAssets.affectedFinancialCounterparts.percentage", "counterparts_of_service"]),
    field("3.8", "relevant_clients", ["relevant clients or counterparts hit", "주요 고객·상대방 영향"], Yes, "-??", ["", "impactAssessment.hasImpactOnRelevantClients", "relevant_client_affected"]),
    field("3.9", "transactions", ["transactions affected", "영향 거래 수"], Integer, "-??", ["", "impactAssessment.affectedAssets.affectedTransactions.number", "transactions_affected"]),
    field("3.10", "transactions_percent", ["transactions affected, percent", "영향 거래 비율"], Percent, "-??", ["", "impactAssessment.affectedAssets.affectedTransactions.percentage", "transactions_daily_average"]),
    field("3.11", "transactions_value", ["value of transactions affected", "영향 거래 금액"], Money, "-??", ["", "impactAssessment.affectedAssets.valueOfAffectedTransactions", "transactions_value"]),
    field("3.12", "figures", ["actual, estimated or none", "수치의 성격"], Choices, "-YY", ["figures", "impactAssessment.affectedAssets.numbersActualEstimate", "transactions_affected"]),
    field("3.13", "reputation", ["impact on reputation", "평판 영향"], Choices, "-??", ["reputation_effects", "", "reputation_effects"]),
    field("3.14", "reputation_context", ["impact on reputation, in words", "평판 영향 설명"], Text, "-??", ["", "", "remark reputation"]),
    field("3.15", "duration", ["duration", "지속 시간"], Length, "-YY", ["", "incident.incidentDuration", "incident_duration"]),
    field("3.16", "downtime", ["service downtime", "서비스 중단 시간"], Length, "-oo", ["", "impactAssessment.serviceImpact.serviceDowntime", "critical_downtime"]),
    field("3.17", "durations_known", ["duration and downtime actual or estimated", "시간 수치의 성격"], Choice, "-YY", ["durations_known", "informationDurationServiceDowntimeActualOrEstimate", "durations_known"]),
    field("3.18", "cross_border", ["types of impact in other member states", "타 회원국 영향 유형"], Choices, "-??", ["cross_border_effects", "", "cross_border_effects"]),
    field("3.19", "cross_border_context", ["impact in other member states, in words", "타 회원국 영향 설명"], Text, "-??", ["", "", "remark cross_border"]),
    field("3.20", "data_losses", ["types of data loss", "데이터 손실 유형"], Choices, "-??", ["data_loss_kinds", "", "data_loss_kinds"]),
    field("3.21", "data_losses_context", ["data losses, in words", "데이터 손실 설명"], Text, "-??", ["", "", "remark data_losses"]),
    field("3.22", "critical_services", ["critical services affected", "영향받은 핵심 서비스"], Text, "-YY", ["", "impactAssessment.criticalServicesAffected", "remark critical_services"]),
    field("3.23", "incident_types", ["types of incident", "사고 유형"], Choices, "-YY", ["incident_kinds", "incident.incidentType.incidentClassification", "incident_kinds"]),
    field("3.24", "other_type", ["other type", "기타 유형"], Text, "-??", ["", "incident.incidentType.otherIncidentClassification", "remark other_type"]),
    field("3.25", "techniques", ["threats and techniques", "위협과 기법"], Choices, "-??", ["attack_techniques", "incident.incidentType.threatTechniques", "attack_techniques"]),
    field("3.26", "other_technique", ["other technique", "기타 기법"], Text, "-??", ["", "incident.incidentType.otherThreatTechniques", "remark other_technique"]),
    field("3.27", "functions", ["functional areas and processes hit", "영향 업무·절차"], Text, "-YY", ["", "impactAssessment.affectedFunctionalAreas", "remark functional_areas"]),
    field("3.28", "infrastructure", ["infrastructure components hit", "기반 구성요소 영향"], Choice, "-YY", ["known", "impactAssessment.isAffectedInfrastructureComponents", "infrastructure_hit"]),
    field("3.29", "infrastructure_context", ["infrastructure components, in words", "기반 구성요소 설명"], Text, "-??", ["", "impactAssessment.affectedInfrastructureComponents", "remark infrastructure"]),
    field("3.30", "client_interests", ["financial interests of clients hit", "고객 재산상 이익 영향"], Choice, "-YY", ["known", "impactAssessment.isImpactOnFinancialInterest", "client_finances_hit"]),
    field("3.31", "authorities", ["other authorities told", "통지한 기타 기관"], Choices, "-YY", ["bodies_notified", "reportingToOtherAuthorities", "bodies_notified"]),
    field("3.32", "other_authorities", ["other authorities, in words", "기타 기관 설명"], Text, "-??", ["", "reportingToOtherAuthoritiesOther", "remark bodies_notified"]),
    field("3.33", "temporary_measures", ["temporary measures taken or planned", "임시 조치 여부"], Yes, "-YY", ["", "impactAssessment.serviceImpact.isTemporaryActionsMeasuresForRecovery", "temporary_measures"]),
    field("3.34", "measures", ["temporary measures, or why none", "임시 조치 내용"], Text, "-??", ["", "impactAssessment.serviceImpact.descriptionOfTemporaryActionsMeasuresForRecovery", "remark measures"]),
    field("3.35", "indicators", ["indicators of compromise", "침해 지표"], Text, "-??", ["", "incident.incidentType.indicatorsOfCompromise", "remark artefacts"]),
    // Final report
    field("4.1", "root_causes", ["root causes, high level", "근본 원인 대분류"], Choices, "--Y", ["cause_family", "incident.rootCauseHLClassification", "cause_kind"]),
    field("4.2", "root_causes_detailed", ["root causes, detailed", "근본 원인 세분류"], Choices, "--Y", ["cause_kind", "incident.rootCausesDetailedClassification", "cause_kind"]),
    field("4.3", "root_causes_additional", ["root causes, additional", "근본 원인 추가 분류"], Choices, "--?", ["cause_details", "incident.rootCausesAdditionalClassification", "cause_details"]),
    field("4.4", "other_root_cause", ["other root cause", "기타 근본 원인"], Text, "--?", ["", "incident.rootCausesOther", "remark other_cause"]),
    field("4.5", "root_cause_context", ["root causes, in words", "근본 원인 설명"], Text, "--Y", ["", "incident.rootCausesInformation", "remark cause"]),
    field("4.6", "resolution", ["resolution and lessons", "해결과 교훈"], Text, "--Y", ["", "incident.incidentResolutionSummary", "remark resolution"]),
    field("4.7", "cause_addressed_at", ["time the root cause was addressed", "근본 원인 조치 시각"], Moment, "--Y", ["", "incident.rootCauseAddressingDateTime", "root_cause_fixed"]),
    field("4.8", "resolved_at", ["time of resolution", "해결 시각"], Moment, "--Y", ["", "incident.incidentResolutionDateTime", "incident_resolved"]),
    field("4.9", "delay", ["why later than planned", "지연 사유"], Text, "--e", ["", "incident.incidentResolutionVsPlannedImplementation", "remark resolution_delay"]),
    field("4.10", "critical_risk", ["risk to critical functions", "핵심 기능 위험"], Text, "--o", ["", "incident.assessmentOfRiskToCriticalFunctions", "remark critical_function_risk"]),
    field("4.11", "for_resolution", ["for resolution authorities", "정리당국용 정보"], Text, "--o", ["", "incident.informationRelevantToResolutionAuthorities", "remark resolution_authority"]),
    field("4.12", "economic_threshold", ["threshold of economic impact", "경제적 영향 기준"], Text, "--Y", ["", "", "remark economic_threshold"]),
    field("4.13", "losses", ["gross direct and indirect loss", "총 직·간접 손실"], Money, "--Y", ["", "incident.grossAmountIndirectDirectCosts", "gross_loss"]),
    field("4.14", "recoveries", ["financial recoveries", "회수액"], Money, "--Y", ["", "incident.financialRecoveriesAmount", "loss_recovered"]),
    field("4.15", "recurring", ["recurring incidents that were not major", "반복된 비중대 사고"], Text, "--o", ["", "incident.recurringNonMajorIncidentsDescription", "remark recurring"]),
    field("4.16", "recurring_since", ["first of the recurring incidents", "반복 사고 최초 발생"], Moment, "--?", ["", "incident.recurringIncidentDate", "recurring_since"]),
];
