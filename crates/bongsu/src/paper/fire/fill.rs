//! An incident put into the items of FIRE.

use super::items::{ITEMS, Item, Need, item_of};
use crate::incident::loss;
use crate::paper::answer::{Answer, Group, Phase};
use crate::paper::reading::{Contact, Format, PRIMARY, Reading};
use crate::paper::{Brief, Problem, convert};
use crate::report::moment::iso;
use crate::walk;
use kernel::fact::FigureValue;
use rulebook::facts::Subject;
use rulebook::number::Number;
use rulebook::time::Instant;

/// How far along the incident itself is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It goes on.
    Open,
    /// Services run again.
    Resolved,
    /// Its file is closed.
    Closed,
}

/// The moments that rules compare.
#[derive(Clone, Copy, Debug, Default)]
pub struct Moments {
    /// When it happened.
    pub occurred: Option<Instant>,
    /// When it was noticed.
    pub detected: Option<Instant>,
    /// When services ran again.
    pub resolved: Option<Instant>,
    /// When its file was closed.
    pub closed: Option<Instant>,
    /// When the next report is promised for.
    pub next: Option<Instant>,
}

/// A filled report.
#[derive(Debug)]
pub struct Filled {
    /// The phase that was asked for.
    pub phase: Phase,
    /// The incident's status.
    pub status: Status,
    /// What stands in each item, by its key.
    pub answers: Group,
    /// The moments behind the times.
    pub moments: Moments,
    /// When the report is drawn up for.
    pub at: Instant,
    /// Whether it is on record that no service was disrupted.
    pub no_service: bool,
    /// What was found while reading.
    pub problems: Vec<Problem>,
}

impl Filled {
    /// The column of needs: an incident that is over when it is first reported is reported as one of a later phase.
    pub fn column(&self) -> usize {
        let by_status = match self.status {
            Status::Open => Phase::Initial,
            Status::Resolved => Phase::Intermediate,
            Status::Closed => Phase::Final,
        };
        self.phase.max(by_status).column()
    }

    /// What stands in an item.
    pub fn answer(&self, number: &str) -> Option<&Answer> {
        self.answers.get(item_of(number).key)
    }
}

/// Fills a report.
pub fn fill(brief: &Brief<'_, '_>, phase: Phase) -> Filled {
    let mut reading = Reading::new(brief, Format::Fire);
    let moments = Moments {
        occurred: reading.moment("occurred"),
        detected: reading.moment("detected"),
        resolved: reading.moment("activities_recovered"),
        closed: reading.moment("incident_closed"),
        next: reading.remarks("next_update").last().and_then(|remark| remark.due),
    };
    let status = match moments {
        Moments { closed: Some(_), .. } => Status::Closed,
        Moments { resolved: Some(_), .. } => Status::Resolved,
        _ => Status::Open,
    };
    let no_service = reading.truth(reading.incident(), "services_hit") == Some(false);
    let at = brief.dossier.as_of;
    let mut sheet = Sheet { answers: Group::new() };
    header(&mut sheet, &mut reading, phase, status);
    who(&mut sheet, &mut reading);
    incident(&mut sheet, &mut reading, &moments);
    impact(&mut sheet, &mut reading, phase, no_service);
    closure(&mut sheet, &mut reading);
    let problems = reading.problems;
    let mut filled = Filled { phase, status, answers: sheet.answers, moments, at, no_service, problems };
    let column = filled.column();
    let has_no_place = |item: &&Item| matches!(item.need(column), Need::NotApplicable | Need::NotCollected);
    ITEMS.iter().filter(has_no_place).for_each(|item| drop(filled.answers.remove(item.key)));
    filled
}

/// The answers so far.
struct Sheet {
    answers: Group,
}

impl Sheet {
    fn put(&mut self, number: &str, answer: Option<Answer>) {
        put(&mut self.answers, number, answer);
    }

    fn text(&mut self, number: &str, text: Option<String>) {
        self.put(number, text.map(Answer::Text));
    }

    fn list(&mut self, number: &str, list: Option<Vec<String>>) {
        self.put(number, list.filter(|list| !list.is_empty()).map(Answer::List));
    }
}

fn put(group: &mut Group, number: &str, answer: Option<Answer>) {
    if let Some(answer) = answer {
        group.insert(item_of(number).key, answer);
    }
}

fn text(text: &str) -> Option<Answer> {
    (!text.is_empty()).then(|| Answer::Text(text.to_owned()))
}

/// Values without a scheme of their own.
fn pairs(values: Vec<String>) -> Option<Answer> {
    (!values.is_empty()).then(|| Answer::Rows(values.into_iter().map(|value| vec![String::new(), value]).collect()))
}

/// Entities of the group, told as `name; identifier`; the remark `none` says that there is none.
fn affected_entities(reading: &Reading<'_, '_, '_>) -> Option<Answer> {
    let remarks = reading.remarks("affected_entity");
    let told: Vec<&str> = remarks.iter().map(|remark| remark.text.trim()).collect();
    let pair = |text: &&str| match text.split_once(';') {
        Some((_, lei)) => vec![String::from("LEI"), lei.trim().to_owned()],
        None => vec![String::new(), (*text).to_owned()],
    };
    match told.as_slice() {
        [] => None,
        ["none"] => Some(Answer::Rows(Vec::new())),
        told => Some(Answer::Rows(told.iter().map(pair).collect())),
    }
}

/// Remarks of the form `scheme; value`, or of a value alone.
fn told_pairs(reading: &Reading<'_, '_, '_>, topic: &str, about: &str) -> Option<Answer> {
    let remarks = reading.remarks(topic);
    let told = remarks.iter().filter(|remark| remark.id == about);
    let rows: Vec<Vec<String>> = told
        .map(|remark| match remark.text.split_once(';') {
            Some((scheme, value)) => vec![scheme.trim().to_owned(), value.trim().to_owned()],
            None => vec![String::new(), remark.text.trim().to_owned()],
        })
        .collect();
    (!rows.is_empty()).then_some(Answer::Rows(rows))
}

fn moment(reading: &Reading<'_, '_, '_>, at: Option<Instant>) -> Option<String> {
    at.map(|at| iso(at, &walk::zone_of(reading.brief.book)))
}

fn header(sheet: &mut Sheet, reading: &mut Reading<'_, '_, '_>, phase: Phase, status: Status) {
    let of = reading.incident();
    sheet.put("01", text("1.0"));
    sheet.put("02", text("Institution-initiated"));
    sheet.put("03", text(reading.brief.lang.pick("en", "ko")));
    sheet.text("04", reading.own_code(None, "seat"));
    sheet.text("06", reading.own_code(of, "report_currency"));
    sheet.put("27", text(phase.name()));
    let status = match status {
        Status::Open => "Open",
        Status::Resolved => "Resolved",
        Status::Closed => "Closed",
    };
    sheet.put("28", text(status));
    sheet.text("41", moment(reading, Some(reading.brief.dossier.as_of)));
}

fn who(sheet: &mut Sheet, reading: &mut Reading<'_, '_, '_>) {
    let of = reading.incident();
    sheet.text("07", Some(reading.legal_name()));
    let lei = reading.own_code(None, "lei");
    sheet.put("08", lei.map(|lei| Answer::Rows(vec![vec![String::from("LEI"), lei]])));
    sheet.put("09", reading.own_code(None, "registration_number").and_then(|number| pairs(vec![number])));
    sheet.text("10", reading.own_text("parent_name"));
    let kinds = reading.codes(None, "entity_kinds", &item_of("11").name());
    sheet.put("11", kinds.and_then(pairs));
    sheet.text("12", reading.own_code(None, "seat"));
    sheet.put("13", reading.own_codes(of, "report_recipients").and_then(pairs));
    let notices = reading.brief.dossier.notices();
    let earlier = notices.iter().filter(|(_, notice)| notice.form.starts_with("fire."));
    let mut history: Vec<String> = earlier.filter_map(|(_, notice)| notice.to.clone()).collect();
    history.sort();
    history.dedup();
    sheet.put("14", pairs(history));
    let contacts: Vec<Group> = reading.contacts().iter().map(contact).collect();
    sheet.put("17", (!contacts.is_empty()).then_some(Answer::Groups(contacts)));
}

fn contact(contact: &Contact) -> Group {
    let mut group = Group::new();
    put(&mut group, "18", text(if contact.id == PRIMARY { "Primary" } else { "Alternate" }));
    put(&mut group, "19", text(&contact.name));
    put(&mut group, "20", text(&contact.email));
    put(&mut group, "21", text(&contact.phone));
    put(&mut group, "22", text(&contact.role));
    put(&mut group, "23", text(&contact.department));
    let recipients = contact.recipients.clone();
    put(&mut group, "24", (!recipients.is_empty()).then_some(Answer::List(recipients)));
    group
}

fn incident(sheet: &mut Sheet, reading: &mut Reading<'_, '_, '_>, moments: &Moments) {
    let of = reading.incident();
    sheet.put("25", text(reading.brief.dossier.id()));
    sheet.list("26", reading.own_codes(of, "related_incidents"));
    sheet.text("29", reading.text("title"));
    sheet.text("30", reading.text("description"));
    let kinds = reading.codes(of, "incident_kinds", &item_of("31").name());
    sheet.list("31", kinds);
    sheet.text("32", reading.traces());
    let found = reading.code(of, "discovered_by", &item_of("33").name());
    sheet.text("33", found);
    let triggers = reading.codes(of, "report_triggers", &item_of("34").name()).unwrap_or_default();
    let triple = |trigger: String| vec![trigger, String::new(), String::new()];
    sheet.put("34", (!triggers.is_empty()).then(|| Answer::Rows(triggers.into_iter().map(triple).collect())));
    sheet.text("35", reading.length(of, "resolution_estimate").map(convert::iso_length));
    sheet.text("36", reading.text("measures"));
    let open = reading.remarks("task").into_iter().filter(|task| !task.done).map(|task| task.text.clone());
    let tasks: Vec<String> = open.collect();
    sheet.text("37", reading.text("actions_planned").or((!tasks.is_empty()).then(|| tasks.join("\n"))));
    sheet.text("38", reading.text("public_reaction"));
    sheet.text("39", reading.text("communications"));
    let bodies = reading.codes(of, "bodies_notified", &item_of("40").name());
    sheet.list("40", bodies);
    for (number, at) in [
        ("42", moments.occurred),
        ("43", moments.detected),
        ("44", moments.resolved),
        ("45", moments.closed),
        ("46", moments.next),
    ] {
        sheet.text(number, moment(reading, at));
    }
}

fn impact(sheet: &mut Sheet, reading: &mut Reading<'_, '_, '_>, phase: Phase, no_service: bool) {
    let of = reading.incident();
    sheet.text("47", reading.text("severity_own"));
    let severity = severity(reading, phase);
    sheet.text("48", severity);
    let parties = reading.codes(of, "affected_parties", &item_of("49").name());
    sheet.list("49", parties);
    sheet.put("50", affected_entities(reading));
    sheet.text("51", reading.text("affected_notes"));
    let related = described(reading, "hit_service", SERVICE);
    let alone = related.len() == 1;
    let services: Vec<Group> =
        related.into_iter().map(|(service, name)| service_group(reading, service, name, alone)).collect();
    sheet.put("52", (no_service || !services.is_empty()).then_some(Answer::Groups(services)));
    let resources: Vec<Group> = described(reading, "hit_resource", &["resource_kind", "resource_properties"])
        .into_iter()
        .map(|(resource, _)| {
            let mut group = Group::new();
            let kind = reading.code(Some(resource), "resource_kind", &item_of("65").name());
            put(&mut group, "65", kind.map(Answer::Text));
            let properties = reading.codes(Some(resource), "resource_properties", &item_of("66").name());
            put(&mut group, "66", properties.map(Answer::List));
            group
        })
        .collect();
    sheet.put("64", (!resources.is_empty()).then_some(Answer::Groups(resources)));
    sheet.text("67", reading.text("service_notes"));
    let loss = gross_loss(reading);
    sheet.text("68", loss.and_then(|loss| convert::rounded(&loss, 2)));
    for (number, word) in [
        ("69", "impact_financial"),
        ("70", "impact_operational"),
        ("71", "impact_reputational"),
        ("72", "impact_external"),
        ("73", "spread"),
    ] {
        let value = reading.code(of, word, &item_of(number).name());
        sheet.text(number, value);
    }
    sheet.list("74", reading.own_codes(of, "countries_hit"));
    sheet.text("75", reading.text("impact_notes"));
}

/// What says something of a service.
const SERVICE: &[&str] = &[
    "service_kinds",
    "service_critical",
    "service_disruptions",
    "service_downtime",
    "service_users_hit",
    "service_areas",
];

/// The subjects of a kind that something is on record of by the report's moment: a bare name is no answer.
fn described<'s>(reading: &Reading<'_, '_, 's>, kind: &str, words: &[&str]) -> Vec<(Subject, &'s str)> {
    let mut related = reading.brief.dossier.related(kind);
    related.retain(|(subject, _)| reading.has_any(*subject, words));
    related
}

/// The severity; in the last report the worst that was ever recorded.
fn severity(reading: &mut Reading<'_, '_, '_>, phase: Phase) -> Option<String> {
    let now = reading.own_code(reading.incident(), "severity")?;
    let order = |code: &str| crate::paper::codes::codes("severity").iter().position(|known| known.own == code);
    let mut worst = now.clone();
    for point in reading.brief.points.iter().filter(|_| phase == Phase::Final) {
        if let crate::incident::timeline::What::Figure { word, value: FigureValue::Code(code) } = &point.what
            && word == "severity"
            && order(code) > order(&worst)
        {
            worst = code.clone();
        }
    }
    reading.all("severity", &[worst], &item_of("48").name()).pop()
}

/// One service. The incident's own numbers stand for those of its only service.
fn service_group(reading: &mut Reading<'_, '_, '_>, service: Subject, name: &str, alone: bool) -> Group {
    let (of, incident) = (Some(service), reading.incident().filter(|_| alone));
    let mut group = Group::new();
    put(&mut group, "53", text(name));
    put(&mut group, "54", reading.own_codes(of, "service_kinds").and_then(pairs));
    if reading.truth(of, "service_critical") == Some(true) {
        let recipients = reading.own_codes(reading.incident(), "report_recipients");
        put(&mut group, "55", recipients.map(Answer::List));
    }
    let disruptions = reading.codes(of, "service_disruptions", &item_of("56").name());
    put(&mut group, "56", disruptions.map(Answer::List));
    let downtime = reading.length(of, "service_downtime");
    let downtime = downtime.or_else(|| incident.and_then(|of| reading.length(Some(of), "critical_downtime")));
    put(&mut group, "57", downtime.map(|ms| Answer::Text(convert::iso_length(ms))));
    let users = reading.number(of, "service_users_hit");
    let users = users.or_else(|| incident.and_then(|of| reading.number(Some(of), "clients_affected")));
    put(&mut group, "58", count(users));
    let share = reading.share(of, "service_users_hit", "service_users");
    let share =
        share.or_else(|| incident.and_then(|of| reading.share(Some(of), "clients_affected", "clients_of_service")));
    put(&mut group, "59", share.and_then(|share| convert::fraction(&share)).map(Answer::Text));
    let areas = reading.codes(of, "service_areas", &item_of("60").name());
    put(&mut group, "60", areas.map(Answer::List));
    if incident.is_some() {
        put(&mut group, "61", count(reading.number(incident, "transactions_affected")));
        let share = reading.share(incident, "transactions_affected", "transactions_daily_average");
        put(&mut group, "62", share.and_then(|share| convert::fraction(&share)).map(Answer::Text));
        let currency = reading.own_code(incident, "report_currency").unwrap_or_default();
        let fixed = [("transaction_value_affected", "EUR")];
        let value = reading.money("transactions_value", &fixed, &currency, &item_of("63").name());
        put(&mut group, "63", value.and_then(|value| convert::rounded(&value, 2)).map(Answer::Text));
    }
    group
}

fn count(number: Option<Number>) -> Option<Answer> {
    number.map(|number| Answer::Text(number.to_string()))
}

/// The gross loss in the report's currency; without one stated, in won, what was taken, if all of it has a value.
fn gross_loss(reading: &mut Reading<'_, '_, '_>) -> Option<Number> {
    let currency = reading.own_code(reading.incident(), "report_currency")?;
    let stated = reading.money("gross_loss", &[("costs_and_losses", "EUR")], &currency, &item_of("68").name());
    let total = loss::total(reading.brief.losses);
    let whole = currency == "KRW" && total.counted > 0 && total.unknown.is_empty();
    stated.or(whole.then_some(total.value))
}

fn closure(sheet: &mut Sheet, reading: &mut Reading<'_, '_, '_>) {
    let causes: Vec<Group> = described(reading, "cause", &["cause_kind", "cause_strength", "cause_origin"])
        .into_iter()
        .map(|(cause, name)| {
            let of = Some(cause);
            let mut group = Group::new();
            for (number, word) in [("77", "cause_kind"), ("78", "cause_strength"), ("79", "cause_origin")] {
                let value = reading.code(of, word, &item_of(number).name());
                put(&mut group, number, value.map(Answer::Text));
            }
            put(&mut group, "80", told_pairs(reading, "cause_identity", name));
            let notes = reading.remarks("cause").into_iter().find(|remark| remark.id == name);
            put(&mut group, "81", notes.map(|remark| Answer::Text(remark.text.clone())));
            group
        })
        .collect();
    sheet.put("76", (!causes.is_empty()).then_some(Answer::Groups(causes)));
    let remedies = reading.remarks("remedy");
    let lessons: Vec<Group> = reading
        .remarks("lesson")
        .into_iter()
        .map(|lesson| {
            let mut group = Group::new();
            put(&mut group, "83", text(&lesson.text));
            let of_it = |id: &str| id == lesson.id || id.split_once('/').is_some_and(|(head, _)| head == lesson.id);
            let rows = remedies.iter().filter(|remedy| of_it(&remedy.id)).map(|remedy| {
                let day = remedy.due.map(|due| walk::zone_of(reading.brief.book).date(due).to_string());
                vec![day.unwrap_or_default(), remedy.text.clone()]
            });
            let rows: Vec<Vec<String>> = rows.collect();
            put(&mut group, "84", (!rows.is_empty()).then_some(Answer::Rows(rows)));
            group
        })
        .collect();
    sheet.put("82", (!lessons.is_empty()).then_some(Answer::Groups(lessons)));
    let method = reading.code(reading.incident(), "attachment_method", &item_of("85").name());
    sheet.text("85", method);
    sheet.text("86", reading.text("attachments"));
}
