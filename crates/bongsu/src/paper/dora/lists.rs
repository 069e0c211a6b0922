//! The values that fields may take, as the authorities' JSON schema spells them.

use crate::paper::codes::codes;

/// The values of a list, each once, in its order.
pub fn values(list: &str) -> Vec<&'static str> {
    if let Some((_, fixed)) = FIXED.iter().find(|(name, _)| *name == list) {
        return fixed.split_whitespace().collect();
    }
    let mut values: Vec<&str> = Vec::new();
    for code in codes(list).iter().filter(|code| !code.dora.is_empty()) {
        if !values.contains(&code.dora) {
            values.push(code.dora);
        }
    }
    values
}

/// Lists that no single fact of the exchange takes its value from. Currencies and countries are those of the European Economic Area.
const FIXED: &[(&str, &str)] = &[
    ("submission", "initial_notification intermediate_report final_report major_incident_reclassified_as_non-major"),
    ("currency", "EUR BGN CZK DKK HUF PLN RON ISK CHF NOK SEK"),
    ("country", "AT BE BG HR CY CZ DK EE ES FI FR DE GR HU IS IE IT LI LT LU LV MT NL NO PL PT RO SE SI SK"),
    ("known", "yes no information_not_available"),
    ("cause_family", "malicious_actions process_failure system_failure_malfunction human_error external_event"),
    (
        "figures",
        "actual_figures_for_clients_affected actual_figures_for_financial_counterparts_affected \
         actual_figures_for_transactions_affected estimates_for_clients_affected \
         estimates_for_financial_counterparts_affected estimates_for_transactions_affected no_impact_on_clients \
         no_impact_on_financial_counterparts no_impact_on_transactions",
    ),
];

/// The family of a detailed root cause.
pub fn family(detailed: &str) -> &'static str {
    let family = |head: &str| detailed.starts_with(head);
    match () {
        () if family("malicious_actions") => "malicious_actions",
        () if family("process_failure") => "process_failure",
        () if family("system_failure") => "system_failure_malfunction",
        () if family("human_error") => "human_error",
        () => "external_event",
    }
}
