//! The exchange's own codes and what each reporting format calls them: one table for every word that takes a code from a list.
//!
//! Between formats the lists are many to many. Where a format has no such value the cell is empty, and a report that needs one says so.
//! FIRE's values are those of the annexes of its final report (April 2025), DORA's the field values of Implementing
//! Regulation (EU) 2025/302 as its JSON schema spells them.

/// One code.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    /// As the exchange records it.
    pub own: &'static str,
    /// As FIRE says it; empty where FIRE has no such value.
    pub fire: &'static str,
    /// As DORA says it; empty where DORA has no such value.
    pub dora: &'static str,
}

/// The codes of one word.
#[derive(Clone, Copy, Debug)]
pub struct Coded {
    /// The word.
    pub word: &'static str,
    /// Its codes.
    pub codes: &'static [Code],
}

/// A row of the table: own, FIRE, DORA.
const fn row(own: &'static str, fire: &'static str, dora: &'static str) -> Code {
    Code { own, fire, dora }
}

/// The codes of a word; none for a word without a list.
pub fn codes(word: &str) -> &'static [Code] {
    CODED.iter().find(|coded| coded.word == word).map_or(&[], |coded| coded.codes)
}

const IMPACT: &[Code] = &[
    row("none", "None", ""),
    row("insignificant", "Insignificant", ""),
    row("minor", "Minor", ""),
    row("moderate", "Moderate", ""),
    row("substantial", "Substantial", ""),
    row("severe", "Severe", ""),
];

/// Every word with a list.
pub const CODED: &[Coded] = &[
    Coded { word: "impact_financial", codes: IMPACT },
    Coded { word: "impact_operational", codes: IMPACT },
    Coded { word: "impact_reputational", codes: IMPACT },
    Coded { word: "impact_external", codes: IMPACT },
    Coded {
        word: "severity",
        codes: &[
            row("nil", "Nil", ""),
            row("negligible", "Negligible", ""),
            row("low", "Low", ""),
            row("medium", "Medium", ""),
            row("high", "High", ""),
            row("extreme", "Extreme", ""),
        ],
    },
    Coded {
        word: "entity_kinds",
        codes: &[
            row("crypto_provider", "Crypto-asset service provider", "crypto-asset_service_provider"),
            row("trading_venue", "Trading venue", "trading_venue"),
            row("investment_firm", "Investment firm", "investment_firm"),
            row("payment_institution", "Payment institution", "payment_institution"),
            row("emoney_institution", "Electronic money institution", "electronic_money_institution"),
            row("credit_institution", "Credit institution", "credit_institution"),
            row("token_issuer", "Issuer of asset-referenced tokens", "issuer_of_asset-referenced_tokens"),
        ],
    },
    Coded {
        word: "incident_kinds",
        codes: &[
            row("theft", "Financial theft or fraud", "cybersecurity-related"),
            row("intrusion", "Compromise (non-disruptive)", "cybersecurity-related"),
            row("data_leak", "Data breach", "cybersecurity-related"),
            row("disinformation", "Information disorder", "other"),
            row("system_fault", "Business disruption, system or execution failure", "system_failure"),
            row("process_fault", "Business disruption, system or execution failure", "process_failure"),
            row("ledger_error", "Business disruption, system or execution failure", "process_failure"),
            row("payment_fault", "Business disruption, system or execution failure", "payment-related"),
            row("external_event", "Business disruption, system or execution failure", "external_event"),
            row("other", "", "other"),
        ],
    },
    Coded {
        word: "attack_techniques",
        codes: &[
            row("social_engineering", "", "social_engineering_including_phishing"),
            row("ddos", "", "ddos"),
            row("identity_theft", "", "identity_theft"),
            row("ransomware", "", "data_encryption_for_impact_including_ransomware"),
            row("hijacking", "", "resource_hijacking"),
            row("exfiltration", "", "data_exfiltration_and_manipulation_including_identity_theft"),
            row("destruction", "", "data_destruction"),
            row("defacement", "", "defacement"),
            row("supply_chain", "", "supply-chain_attack"),
            row("other", "", "other"),
        ],
    },
    Coded {
        word: "discovered_by",
        codes: &[
            row("incident_response", "Internal: incident response", "it_security"),
            row("security_operations", "Internal: security operations centre", "it_security"),
            row("detection_tool", "Internal: existing detection technique", "monitoring_systems"),
            row("internal_audit", "Internal: internal audit", "internal_audit"),
            row("staff", "Internal: staff", "staff"),
            row("internal_unknown", "Internal: unknown", "other"),
            row("attacker", "External: actor disclosure", "attacker"),
            row("authority", "External: authority or agency", "authority_agency_law_enforcement_body"),
            row("police", "External: law enforcement", "authority_agency_law_enforcement_body"),
            row("third_party", "External: third party", "third-party_provider"),
            row("client", "External: customer or client", "clients"),
            row("counterpart", "External: peer or competitor", "financial_counterparts"),
            row("external_audit", "External: external audit", "external_audit"),
            row("monitoring_service", "External: monitoring service", "monitoring_systems"),
            row("outsider", "External: unrelated party", "other"),
            row("external_unknown", "External: unknown", "other"),
            row("unknown", "Unknown", "other"),
            row("other", "Other", "other"),
        ],
    },
    Coded {
        word: "report_triggers",
        codes: &[
            row("clients", "Operational", "clients_financial_counterparts_and_transactions_affected"),
            row("reputation", "Reputational", "reputational_impact"),
            row("duration", "Operational", "duration_and_service_downtime"),
            row("geography", "Geographic spread", "geographical_spread"),
            row("data_losses", "Operational", "data_losses"),
            row("critical_services", "Operational", "critical_services_affected"),
            row("economic", "Financial", "economic_impact"),
            row("operational", "Operational", ""),
            row("legal", "Legal or regulatory", ""),
            row("external", "External", ""),
            row("incident_kind", "Incident type", ""),
            row("escalation", "Level of internal escalation", ""),
            row("bodies_notified", "Bodies notified", ""),
            row("time", "Time-based requirement", ""),
            row("objectives", "Risk to objectives", ""),
            row("none", "Not triggered", ""),
            row("other", "Other", ""),
        ],
    },
    Coded {
        word: "affected_parties",
        codes: &[
            row("exchange", "Reporting entity", ""),
            row("group", "Other related entities", ""),
            row("counterparts", "Business counterparties", ""),
            row("market", "Other market participants", ""),
            row("vendors", "Third-party vendors or providers", ""),
            row("other_sectors", "Non-financial sectors", ""),
            row("customers", "Customers or consumers", ""),
            row("vulnerable_customers", "Vulnerable customers or consumers", ""),
            row("public", "General public", ""),
        ],
    },
    Coded {
        word: "spread",
        codes: &[
            row("local", "Local", ""),
            row("regional", "Regional", ""),
            row("national", "National", ""),
            row("several_countries", "Multi-jurisdictional", ""),
            row("global", "Global", ""),
        ],
    },
    Coded {
        word: "cross_border_effects",
        codes: &[
            row("clients", "", "clients"),
            row("counterparts", "", "financial_counterparts"),
            row("branch", "", "branch_of_the_financial_entity"),
            row(
                "group",
                "",
                "financial_entities_within_the_group_carrying_out_activities_in_the_respective_member_state",
            ),
            row("market_infrastructure", "", "financial_market_infrastructure"),
            row("shared_vendors", "", "third-party_providers_that_may_be_common_to_other_financial_entities"),
        ],
    },
    Coded {
        word: "reputation_effects",
        codes: &[
            row("media", "", "the_major_ict-related_incident_has_been_reflected_in_the_media"),
            row(
                "complaints",
                "",
                "the_major_ict-related_incident_has_resulted_in_repetitive_complaints_from_different_clients_or_financial_counterparts_on_client-facing_services_or_critical_business_relationships",
            ),
            row(
                "requirements",
                "",
                "the_financial_entity_will_not_be_able_to_or_is_likely_not_to_be_able_to_meet_regulatory_requirements_as_a_result_of_the_major_ict-related_incident",
            ),
            row(
                "clients_lost",
                "",
                "the_financial_entity_will_or_is_likely_to_lose_clients_or_financial_counterparts_with_a_material_impact_on_its_business_as_a_result_of_the_major_ict-related_incident",
            ),
        ],
    },
    Coded {
        word: "data_loss_kinds",
        codes: &[
            row("availability", "", "availability"),
            row("authenticity", "", "authenticity"),
            row("integrity", "", "integrity"),
            row("confidentiality", "", "confidentiality"),
        ],
    },
    Coded {
        word: "bodies_notified",
        codes: &[
            row("police", "Police or law enforcement", "police_law_enforcement"),
            row("csirt", "CSIRT", "csirt"),
            row("data_protection", "Data protection authority", "data_protection_authority"),
            row("cyber_agency", "National cyber-security agency", "national_cybersecurity_agency"),
            row("other", "Other", "other"),
            row("none", "None", "none"),
        ],
    },
    Coded {
        word: "figures_estimated",
        codes: &[
            row("clients", "", "estimates_for_clients_affected"),
            row("counterparts", "", "estimates_for_financial_counterparts_affected"),
            row("transactions", "", "estimates_for_transactions_affected"),
        ],
    },
    Coded {
        word: "durations_known",
        codes: &[
            row("actual", "", "actual_figures"),
            row("estimated", "", "estimates"),
            row("both", "", "actual_figures_and_estimates"),
            row("unknown", "", "no_information_available"),
        ],
    },
    Coded {
        word: "attachment_method",
        codes: &[
            row("embedded", "Embedded", ""),
            row("email", "Email", ""),
            row("file_transfer", "File transfer", ""),
            row("hosted", "Externally hosted", ""),
        ],
    },
    Coded {
        word: "service_disruptions",
        codes: &[
            row("availability_total", "Availability: total", ""),
            row("availability_partial", "Availability: partial", ""),
            row("availability_intermittent", "Availability: intermittent", ""),
            row("availability_degraded", "Availability: degradation", ""),
            row("integrity_manipulation", "Integrity: manipulation", ""),
            row("integrity_corruption", "Integrity: corruption", ""),
            row("integrity_destruction", "Integrity: destruction", ""),
            row("confidentiality_disclosure", "Confidentiality: unintended disclosure", ""),
            row("confidentiality_acquisition", "Confidentiality: unauthorised acquisition", ""),
            row("trust_impersonation", "Trust: impersonation", ""),
            row("trust_disinformation", "Trust: disinformation", ""),
            row("trust_rumour", "Trust: rumour or speculation", ""),
            row("unknown", "Unknown", ""),
            row("other", "Other", ""),
        ],
    },
    Coded {
        word: "service_areas",
        codes: &[
            row("cards", "Cards", ""),
            row("payments", "Payments and cash", ""),
            row("trade", "Trade services", ""),
            row("securities", "Securities", ""),
            row("foreign_exchange", "Foreign exchange", ""),
            row("loans", "Bank loans and deposits", ""),
            row("derivatives", "Derivatives", ""),
            row("commodities", "Commodities", ""),
            row("syndicated_loans", "Syndicated loans", ""),
            row("generic", "Generic", ""),
            row("not_applicable", "Not applicable", ""),
            row("other", "Other", ""),
        ],
    },
    Coded {
        word: "resource_kind",
        codes: &[
            row("people", "People", ""),
            row("property", "Property", ""),
            row("ict_hardware", "Technology: ICT hardware", ""),
            row("ot_hardware", "Technology: OT hardware", ""),
            row("software", "Technology: software", ""),
            row("datastore", "Information: datastore", ""),
            row("files", "Information: file-based data", ""),
            row("own_code", "Information: in-house code", ""),
            row("library", "Information: third-party library", ""),
            row("archive", "Information: archived information", ""),
        ],
    },
    Coded {
        word: "resource_properties",
        codes: &[
            row("availability", "Availability", ""),
            row("integrity", "Integrity", ""),
            row("confidentiality", "Confidentiality", ""),
            row("authenticity", "Authenticity", ""),
            row("accountability", "Accountability", ""),
            row("non_repudiation", "Non-repudiation", ""),
            row("reliability", "Reliability", ""),
        ],
    },
    Coded { word: "cause_strength", codes: &[row("root", "Root", ""), row("contributory", "Contributory", "")] },
    Coded {
        word: "cause_origin",
        codes: &[
            row("internal", "Internal", ""),
            row("group", "Third party: intragroup", ""),
            row("outsourced", "Third party: outsourced provider", ""),
            row("not_outsourced", "Third party: non-outsourced provider", ""),
            row("fourth_party", "Third party: fourth party or further", ""),
            row("utility", "Third party: utility", ""),
            row("force_majeure", "External: force majeure", ""),
            row("threat_actor", "External: threat actor", ""),
            row("market_participant", "External: market participant", ""),
            row("customer", "External: customer", ""),
            row("unknown", "Unknown", ""),
            row("other", "Other", ""),
        ],
    },
    Coded {
        word: "cause_details",
        codes: &[
            row("policy_adherence", "", "monitoring_of_policy_adherence"),
            row("vendors_watched", "", "monitoring_of_third-party_service_providers"),
            row("vulnerabilities_remedied", "", "monitoring_and_verification_of_remediation_of_vulnerabilities"),
            row("access_management", "", "identity_and_access_management"),
            row("cryptography", "", "encryption_and_cryptography"),
            row("logging", "", "logging"),
            row("risk_tolerance", "", "failure_in_specifying_accurate_risk_tolerance_levels"),
            row("threat_assessment", "", "insufficient_vulnerability_and_threat_assessments"),
            row("risk_treatment", "", "inadequate_risk_treatment_measures"),
            row("residual_risk", "", "poor_management_of_residual_ict_risks"),
            row("patching", "", "vulnerability_and_patch_management"),
            row("change_management", "", "change_management"),
            row("capacity", "", "capacity_and_performance_management"),
            row("asset_management", "", "ict_asset_management_and_information_classification"),
            row("backup", "", "backup_and_restore"),
            row("error_handling", "", "error_handling"),
            row("development", "", "inadequate_ict_systems_acquisition_development_and_maintenance"),
            row("testing", "", "insufficient_or_failure_of_software_testing"),
        ],
    },
    Coded { word: "cause_kind", codes: CAUSES },
];

/// Kinds of cause. DORA knows three malicious ones: what an insider did, what deceived people, and the rest, which is damage,
/// manipulation or theft.
const CAUSES: &[Code] = &[
    row("process", "Internal process", "process_failure_other"),
    row(
        "process_design",
        "Internal process: design",
        "process_failure_inadequacy_of_internal_policies_procedures_and_documentation",
    ),
    row("process_roles", "Internal process: roles", "process_failure_insufficient_unclear_roles_and_responsibilities"),
    row(
        "process_monitoring",
        "Internal process: monitoring and escalation",
        "process_failure_insufficient_monitoring_or_failure_of_monitoring_and_control",
    ),
    row("process_service_levels", "Internal process: service levels", "process_failure_other"),
    row("process_risk", "Internal process", "process_failure_ICT_risk_management_process_failure"),
    row(
        "process_operations",
        "Internal process",
        "process_failure_insufficient_or_failure_of_ict_operations_and_ict_security_operations",
    ),
    row("process_projects", "Internal process", "process_failure_insufficient_or_failure_of_ict_project_management"),
    row("human", "Human", "human_error_other"),
    row("human_omission", "Human: error", "human_error_omission"),
    row("human_mistake", "Human: error", "human_error_mistake"),
    row("human_miscommunication", "Human: error", "human_error_miscommunication"),
    row("human_environment", "Human: adverse environment", "human_error_other"),
    row("human_management", "Human: management failure", "human_error_other"),
    row("human_resources", "Human: management failure", "human_error_inadequate_human_resources"),
    row("human_skills", "Human", "human_error_skills_knowledge"),
    row("system", "Information system", "system_failure_other"),
    row(
        "system_development",
        "Information system: design, development or testing",
        "process_failure_inadequate_ict_systems_acquisition_development_and_maintenance",
    ),
    row(
        "system_change",
        "Information system: change control",
        "process_failure_insufficient_or_failure_of_ict_operations_and_ict_security_operations",
    ),
    row("system_capacity", "Information system: capacity", "system_failure_hardware_capacity_and_performance"),
    row("system_maintenance", "Information system: maintenance or obsolescence", "system_failure_hardware_maintenance"),
    row(
        "system_obsolete",
        "Information system: maintenance or obsolescence",
        "system_failure_hardware_obsolescence_ageing",
    ),
    row(
        "system_integration",
        "Information system: complexity or integration",
        "system_failure_software_compatibility_configuration",
    ),
    row("system_software", "Information system", "system_failure_software_performance"),
    row("system_network", "Information system", "system_failure_network_configuration"),
    row("system_damage", "Information system", "system_failure_physical_damage"),
    row("external", "External dependency", "external_event_other"),
    row("external_operations", "External dependency: operational", "external_event_third-party_failures"),
    row("external_security", "External dependency: security", "external_event_third-party_failures"),
    row("external_business", "External dependency: business-driven", "external_event_third-party_failures"),
    row("hazard", "Hazard", "external_event_other"),
    row("hazard_natural", "Hazard: natural", "external_event_natural_disasters_force_majeure"),
    row("hazard_human", "Hazard: human-induced", "external_event_other"),
    row("malicious", "Malicious", "malicious_actions_deliberate_physical_damage_manipulation_theft"),
    row(
        "malicious_ddos",
        "Malicious: denial of service",
        "malicious_actions_deliberate_physical_damage_manipulation_theft",
    ),
    row("malicious_identity_theft", "Malicious: identity theft", "malicious_actions_fraudulent_actions"),
    row("malicious_insider", "Malicious: insider", "malicious_actions_deliberate_internal_actions"),
    row("malicious_malware", "Malicious: malware", "malicious_actions_deliberate_physical_damage_manipulation_theft"),
    row(
        "malicious_physical",
        "Malicious: physical manipulation, damage, theft or loss",
        "malicious_actions_deliberate_physical_damage_manipulation_theft",
    ),
    row(
        "malicious_ransomware",
        "Malicious: ransomware",
        "malicious_actions_deliberate_physical_damage_manipulation_theft",
    ),
    row(
        "malicious_hijacking",
        "Malicious: resource hijacking",
        "malicious_actions_deliberate_physical_damage_manipulation_theft",
    ),
    row("malicious_social", "Malicious: social engineering", "malicious_actions_fraudulent_actions"),
    row("malicious_spam", "Malicious: spam", "malicious_actions_fraudulent_actions"),
    row(
        "malicious_web",
        "Malicious: web application targeting",
        "malicious_actions_deliberate_physical_damage_manipulation_theft",
    ),
];
