//! An incident put into the fields of the template for major incidents.

use super::fields::{FIELDS, Need, field_of};
use super::lists::family;
use crate::paper::answer::{Answer, Group, Phase};
use crate::paper::codes::codes;
use crate::paper::reading::{Contact, Format, PRIMARY, Reading};
use crate::paper::{Brief, Problem, convert};
use kernel::fact::Remark;
use rulebook::facts::Subject;
use rulebook::number::Number;
use rulebook::time::Instant;

/// A filled report.
#[derive(Debug)]
pub struct Filled {
    /// The report that was asked for.
    pub phase: Phase,
    /// What stands in each field, by its number.
    pub answers: Group,
    /// The moments of fields that hold one, by their number.
    pub moments: Vec<(&'static str, Instant)>,
    /// When the report is drawn up for.
    pub at: Instant,
    /// Whether a cause lies with a third party or another entity.
    pub is_from_outside: bool,
    /// What was found while reading.
    pub problems: Vec<Problem>,
}

impl Filled {
    /// What stands in a field.
    pub fn answer(&self, number: &str) -> Option<&Answer> {
        self.answers.get(number)
    }

    /// Whether a field has this among its values.
    pub fn has(&self, number: &str, value: &str) -> bool {
        self.answer(number).is_some_and(|answer| answer.values().contains(&value))
    }

    /// Whether a criterion triggered the report.
    pub fn is_triggered(&self, criterion: &str) -> bool {
        self.has("2.5", criterion)
    }
}

/// Fills a report.
pub fn fill(brief: &Brief<'_, '_>, phase: Phase) -> Filled {
    let mut form = Form {
        reading: Reading::new(brief, Format::Dora),
        answers: Group::new(),
        moments: Vec::new(),
        is_from_outside: false,
    };
    form.general(phase);
    form.initial();
    form.numbers();
    form.impact();
    form.measures();
    form.causes();
    form.closure();
    let Form { reading, mut answers, moments, is_from_outside } = form;
    let asked = |number: &str| field_of(number).need(phase.column()) != Need::NotAsked;
    answers.retain(|number, _| asked(number));
    // A problem of a field that this report does not ask for is a problem of a later one.
    let early = |problem: &Problem| FIELDS.iter().any(|field| field.name() == problem.item && !asked(field.number));
    let problems = reading.problems.into_iter().filter(|problem| !early(problem)).collect();
    Filled { phase, answers, moments, at: brief.dossier.as_of, is_from_outside, problems }
}

/// Yes or no that say which criteria triggered the report.
const CRITERIA: &[(&str, &str)] = &[
    ("clients_hit", "clients"),
    ("reputation_hit", "reputation"),
    ("lasting", "duration"),
    ("several_member_states", "geography"),
    ("data_loss_harmful", "data_losses"),
    ("critical_services_hit", "critical_services"),
    ("costly", "economic"),
];

/// Kinds of cause that name a technique; for when no technique is recorded.
const TECHNIQUES: &[(&str, &str)] = &[
    ("malicious_ddos", "ddos"),
    ("malicious_identity_theft", "identity_theft"),
    ("malicious_ransomware", "ransomware"),
    ("malicious_hijacking", "hijacking"),
    ("malicious_social", "social_engineering"),
];

/// Origins of a cause that are third parties or other entities.
const OUTSIDE: [&str; 5] = ["group", "outsourced", "not_outsourced", "fourth_party", "utility"];

struct Form<'b, 'a, 's> {
    reading: Reading<'b, 'a, 's>,
    answers: Group,
    moments: Vec<(&'static str, Instant)>,
    is_from_outside: bool,
}

impl Form<'_, '_, '_> {
    fn put(&mut self, number: &str, answer: Option<Answer>) {
        if let Some(answer) = answer {
            self.answers.insert(field_of(number).number, answer);
        }
    }

    fn text(&mut self, number: &str, text: Option<String>) {
        self.put(number, text.filter(|text| !text.is_empty()).map(Answer::Text));
    }

    fn remark(&mut self, number: &str, topic: &str) {
        let text = self.reading.text(topic);
        self.text(number, text);
    }

    fn list(&mut self, number: &str, list: Vec<String>) {
        self.put(number, (!list.is_empty()).then_some(Answer::List(list)));
    }

    fn yes(&mut self, number: &str, word: &str) {
        let truth = self.reading.truth(self.of(), word);
        self.put(number, truth.map(Answer::Yes));
    }

    /// Yes, no, or that it is on record as not known.
    fn known(&mut self, number: &str, word: &str) {
        let value = match self.reading.truth(self.of(), word) {
            Some(true) => Some("yes"),
            Some(false) => Some("no"),
            None => self.reading.is_missing(self.of(), word).then_some("information_not_available"),
        };
        self.text(number, value.map(str::to_owned));
    }

    fn moment(&mut self, number: &'static str, word: &str) {
        if let Some(at) = self.reading.moment(word) {
            self.moments.push((number, at));
            self.text(number, Some(convert::utc(at)));
        }
    }

    fn codes(&mut self, number: &str, word: &str) {
        let values = self.reading.codes(self.of(), word, &field_of(number).name()).unwrap_or_default();
        self.list(number, values);
    }

    fn of(&self) -> Option<Subject> {
        self.reading.incident()
    }

    fn currency(&self) -> String {
        self.reading.own_code(self.of(), "report_currency").unwrap_or_default()
    }

    fn general(&mut self, phase: Phase) {
        let submission = ["initial_notification", "intermediate_report", "final_report"][phase.column()];
        self.text("1.1", Some(submission.to_owned()));
        self.text("1.2", Some(self.reading.legal_name()));
        self.text("1.3", self.reading.own_code(None, "lei"));
        let kinds = self.reading.codes(None, "entity_kinds", &field_of("1.4").name()).unwrap_or_default();
        self.list("1.4", kinds);
        let entities = self.reading.remarks("affected_entity");
        let entities: Vec<&&Remark> = entities.iter().filter(|remark| remark.text.trim() != "none").collect();
        let halves = |which: usize| {
            let half = |remark: &&&Remark| remark.text.split(';').nth(which).unwrap_or_default().trim().to_owned();
            let all: Vec<String> = entities.iter().map(half).filter(|half| !half.is_empty()).collect();
            all.join("; ")
        };
        self.text("1.5", Some(halves(0)));
        self.text("1.6", Some(halves(1)));
        let contacts = self.reading.contacts();
        let primary = contacts.iter().find(|contact| contact.id == PRIMARY);
        let second = contacts.iter().find(|contact| contact.id != PRIMARY);
        self.contact(["1.7", "1.8", "1.9"], primary);
        self.contact(["1.10", "1.11", "1.12"], second);
        self.text("1.13", self.reading.own_text("parent_name"));
        self.text("1.14", self.reading.own_code(None, "parent_lei"));
        self.text("1.15", Some(self.currency()));
    }

    fn contact(&mut self, numbers: [&str; 3], contact: Option<&Contact>) {
        let Some(contact) = contact else { return };
        for (number, text) in numbers.into_iter().zip([&contact.name, &contact.email, &contact.phone]) {
            self.text(number, Some(text.clone()));
        }
    }

    fn initial(&mut self) {
        self.text("2.1", Some(self.reading.brief.dossier.id().to_owned()));
        self.moment("2.2", "detected");
        self.moment("2.3", "classified_major");
        self.remark("2.4", "description");
        let item = field_of("2.5").name();
        let mut triggers = self.reading.own_codes(self.of(), "report_triggers").unwrap_or_default();
        // What other formats call a trigger and this one does not is no mistake here.
        let elsewhere = |own: &String| codes("report_triggers").iter().any(|c| c.own == own && c.dora.is_empty());
        triggers.retain(|own| !elsewhere(own));
        let told = CRITERIA.iter().filter(|(word, _)| self.reading.truth(self.of(), word) == Some(true));
        triggers.extend(told.map(|(_, own)| (*own).to_owned()));
        let criteria = self.reading.all("report_triggers", &triggers, &item);
        self.list("2.5", criteria);
        let home = self.reading.own_code(None, "seat");
        let mut countries = self.reading.own_codes(self.of(), "countries_hit").unwrap_or_default();
        // The field asks for other member states of the area.
        let area = super::lists::values("country");
        countries.retain(|country| area.contains(&country.as_str()) && Some(country) != home.as_ref());
        self.list("2.6", countries);
        let found = self.reading.code(self.of(), "discovered_by", &field_of("2.7").name());
        self.text("2.7", found);
        self.remark("2.8", "third_party");
        self.yes("2.9", "continuity_activated");
        self.remark("2.10", "other_information");
        self.text("3.1", self.reading.own_code(self.of(), "authority_reference"));
        self.moment("3.2", "occurred");
        self.moment("3.3", "activities_recovered");
    }

    fn numbers(&mut self) {
        let of = self.of();
        let estimated = self.reading.own_codes(of, "figures_estimated").unwrap_or_default();
        let mut flags = Vec::new();
        for (number, percent, part, whole, own, dora) in [
            ("3.4", "3.5", "clients_affected", "clients_of_service", "clients", "clients"),
            (
                "3.6",
                "3.7",
                "counterparts_affected",
                "counterparts_of_service",
                "counterparts",
                "financial_counterparts",
            ),
            ("3.9", "3.10", "transactions_affected", "transactions_daily_average", "transactions", "transactions"),
        ] {
            let Some(count) = self.reading.number(of, part) else { continue };
            flags.push(match (count.is_zero(), estimated.iter().any(|code| code == own)) {
                (true, _) => format!("no_impact_on_{dora}"),
                (false, true) => format!("estimates_for_{dora}_affected"),
                (false, false) => format!("actual_figures_for_{dora}_affected"),
            });
            let share = if count.is_zero() { Some(Number::ZERO) } else { self.reading.share(of, part, whole) };
            self.text(number, Some(count.to_string()));
            self.text(percent, share.and_then(|share| convert::percent(&share)));
        }
        // Only read, so that a code outside the list is named.
        let _ = self.reading.codes(of, "figures_estimated", &field_of("3.12").name());
        let order = super::lists::values("figures");
        flags.sort_by_key(|flag| order.iter().position(|known| known == flag));
        self.list("3.12", flags);
        self.yes("3.8", "relevant_client_affected");
        let fixed = [("transaction_value_affected", "EUR")];
        self.money("3.11", "transactions_value", &fixed);
        let begun = self.reading.moment("occurred");
        let ended = self.reading.moment("activities_recovered").or_else(|| self.reading.moment("incident_resolved"));
        let lasted = begun.zip(ended).and_then(|(begun, ended)| ended.0.checked_sub(begun.0)).filter(|ms| *ms >= 0);
        let duration = self.reading.length(of, "incident_duration").or(lasted);
        self.text("3.15", duration.map(convert::days_hours_minutes));
        let downtime = self.reading.length(of, "critical_downtime").filter(|ms| *ms > 0);
        self.text("3.16", downtime.map(convert::days_hours_minutes));
        let known = self.reading.code(of, "durations_known", &field_of("3.17").name());
        self.text("3.17", known);
    }

    fn money(&mut self, number: &str, word: &str, fixed: &[(&str, &str)]) {
        let currency = self.currency();
        let amount = self.reading.money(word, fixed, &currency, &field_of(number).name());
        self.text(number, amount.and_then(|amount| convert::rounded(&amount, 2)));
    }

    fn impact(&mut self) {
        self.codes("3.13", "reputation_effects");
        self.remark("3.14", "reputation");
        self.codes("3.18", "cross_border_effects");
        self.remark("3.19", "cross_border");
        self.codes("3.20", "data_loss_kinds");
        self.remark("3.21", "data_losses");
        self.remark("3.22", "critical_services");
        self.codes("3.23", "incident_kinds");
        self.remark("3.24", "other_type");
        let item = field_of("3.25").name();
        let own = self.reading.own_codes(self.of(), "attack_techniques").filter(|own| !own.is_empty());
        let own = own.unwrap_or_else(|| self.techniques());
        let techniques = self.reading.all("attack_techniques", &own, &item);
        self.list("3.25", techniques);
        self.remark("3.26", "other_technique");
        self.remark("3.27", "functional_areas");
        self.known("3.28", "infrastructure_hit");
        self.remark("3.29", "infrastructure");
        self.known("3.30", "client_finances_hit");
    }

    /// Techniques that follow from the causes.
    fn techniques(&self) -> Vec<String> {
        let causes = self.reading.brief.dossier.related("cause");
        let kinds = causes.iter().filter_map(|(cause, _)| self.reading.own_code(Some(*cause), "cause_kind"));
        kinds.filter_map(|kind| TECHNIQUES.iter().find(|(own, _)| *own == kind)).map(|(_, t)| (*t).to_owned()).collect()
    }

    fn measures(&mut self) {
        self.codes("3.31", "bodies_notified");
        self.remark("3.32", "bodies_notified");
        self.yes("3.33", "temporary_measures");
        self.remark("3.34", "measures");
        self.text("3.35", self.reading.traces());
    }

    fn causes(&mut self) {
        let causes = self.reading.brief.dossier.related("cause");
        let item = field_of("4.2").name();
        let mut own = Vec::new();
        for (cause, _) in causes {
            let strength = self.reading.own_code(Some(cause), "cause_strength");
            if strength.as_deref() != Some("contributory") {
                own.extend(self.reading.own_code(Some(cause), "cause_kind"));
            }
            let origin = self.reading.own_code(Some(cause), "cause_origin");
            self.is_from_outside |= origin.is_some_and(|origin| OUTSIDE.contains(&origin.as_str()));
        }
        let detailed = self.reading.all("cause_kind", &own, &item);
        let mut families: Vec<String> = detailed.iter().map(|value| family(value).to_owned()).collect();
        families.dedup();
        self.list("4.1", families);
        self.list("4.2", detailed);
        self.codes("4.3", "cause_details");
        self.remark("4.4", "other_cause");
        self.remark("4.5", "cause");
    }

    fn closure(&mut self) {
        let mut parts: Vec<String> = self.reading.text("resolution").into_iter().collect();
        if !parts.is_empty() {
            parts.extend(self.reading.remarks("lesson").iter().map(|lesson| lesson.text.clone()));
            parts.extend(self.reading.remarks("remedy").iter().map(|remedy| remedy.text.clone()));
        }
        self.text("4.6", Some(parts.join("\n")));
        self.moment("4.7", "root_cause_fixed");
        self.moment("4.8", "incident_resolved");
        self.remark("4.9", "resolution_delay");
        self.remark("4.10", "critical_function_risk");
        self.remark("4.11", "resolution_authority");
        self.remark("4.12", "economic_threshold");
        self.money("4.13", "gross_loss", &[("costs_and_losses", "EUR")]);
        self.money("4.14", "loss_recovered", &[]);
        self.remark("4.15", "recurring");
        self.moment("4.16", "recurring_since");
    }
}
