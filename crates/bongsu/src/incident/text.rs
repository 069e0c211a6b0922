//! An incident on a terminal: what is late first, then what runs, what was lost, what happened when.

use super::clock::{Clock, Standing};
use super::file::File;
use super::loss;
use super::timeline::{Point, What};
use crate::lang::Lang;
use crate::report::amount::decimal;
use crate::report::moment::span;
use crate::report::words;
use crate::walk;
use kernel::fact::{FigureValue, Name, Remark};
use rulebook::book::{Book, Rule, Status};
use rulebook::finding::Verdict;
use rulebook::number::Number;
use rulebook::time::{Instant, Zone};
use rulebook::vocabulary::Vocabulary;
use std::collections::BTreeSet;
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// The incident as text.
pub fn show(file: &File<'_>, lang: Lang, styled: bool) -> String {
    let mut page = Page { out: String::new(), lang, styled, zone: walk::zone_of(file.book), file };
    page.head();
    page.clocks();
    page.duties();
    page.losses();
    page.tasks();
    page.timeline();
    page.out
}

/// Its clocks alone.
pub fn clocks(file: &File<'_>, lang: Lang, styled: bool) -> String {
    let mut page = Page { out: String::new(), lang, styled, zone: walk::zone_of(file.book), file };
    page.clocks();
    page.out
}

struct Page<'f, 's> {
    out: String,
    lang: Lang,
    styled: bool,
    zone: Zone,
    file: &'f File<'s>,
}

impl Page<'_, '_> {
    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.styled { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_string() }
    }

    fn heading(&mut self, en: &str, ko: &str) {
        let text = self.paint("1", self.lang.pick(en, ko));
        self.line("");
        self.line(&text);
    }

    fn show(&self, at: Option<Instant>) -> String {
        at.map_or_else(|| "—".to_string(), |at| self.zone.show(at))
    }

    fn head(&mut self) {
        let (dossier, lang) = (&self.file.dossier, self.lang);
        let name = lang.pick(&dossier.registered.name_en, &dossier.registered.name_ko);
        let title = dossier.text_in("title", lang).unwrap_or("");
        let head = self.paint("1", &format!("{name} · {} {title}", dossier.id()));
        let as_of = format!("{} {}", lang.pick("as of", "기준"), self.zone.show(dossier.as_of));
        let class = [dossier.code("incident_class"), dossier.code("severity")].into_iter().flatten();
        let class = class.collect::<Vec<_>>().join(" · ");
        let mut events = String::new();
        for word in ["occurred", "detected", "learned", "classified_major"] {
            if let Some(at) = dossier.moment(word) {
                let _ = write!(events, " · {} {}", meaning(word, dossier.state.vocabulary(), lang), self.zone.show(at));
            }
        }
        self.line(&head);
        self.line(&format!("{as_of} · {class}{events}"));
    }

    fn clocks(&mut self) {
        self.heading("Clocks", "법정 기한");
        let file = self.file;
        let mut silent = 0usize;
        for clock in &file.clocks {
            if clock.standing == Standing::Silent {
                silent += 1;
                continue;
            }
            let rule = &file.book.rules[clock.rule.index()];
            let line = clock_line(clock, rule, &self.zone, self.lang);
            let mark = self.paint(colour(clock.standing), &left(&line.0, 24));
            self.line(&format!("  {mark} {}", line.1));
            let cites = citation(file.book, rule, clock, self.lang);
            self.line(&format!("  {:24} {}", "", self.paint("2", &cites)));
            for (entry, lacks) in &clock.lacking {
                let lacks = lacks.join(", ");
                self.line(&format!(
                    "  {:24} {} {entry}: {lacks}",
                    "",
                    self.lang.pick("lacks, entry", "누락 기재사항, 기록")
                ));
            }
            if !clock.missing.is_empty() {
                let words: Vec<String> = clock
                    .missing
                    .iter()
                    .map(|what| words::missing(what, file.dossier.state.vocabulary(), self.lang))
                    .collect();
                self.line(&format!("  {:24} {}: {}", "", self.lang.pick("missing", "자료 없음"), words.join(", ")));
            }
        }
        if silent > 0 {
            let text = self
                .lang
                .pick("more do not reach this case, or were not in force then", "개는 해당 없거나 당시 시행 전");
            self.line(&format!("  {silent} {text}"));
        }
    }

    fn duties(&mut self) {
        let file = self.file;
        let speaks = |v: Verdict| !matches!(v, Verdict::NotApplicable | Verdict::NotInForce);
        if !file.duties.iter().any(|f| speaks(f.verdict)) {
            return;
        }
        self.heading("Duties without a clock", "기한 없는 의무");
        for found in file.duties.iter().filter(|f| speaks(f.verdict)) {
            let Some(id) = file.book.rule(&found.rule) else { continue };
            let rule = &file.book.rules[id.index()];
            let verdict = words::verdict(found.verdict, found.status, self.lang);
            let subject = found.subject.as_ref().map(|s| shown(s, &file.dossier.name())).unwrap_or_default();
            self.line(&format!("  {} {} [{}]{subject}", left(verdict, 24), title(rule, self.lang), found.rule));
        }
    }

    fn losses(&mut self) {
        if self.file.losses.is_empty() {
            return;
        }
        self.heading("Loss", "피해");
        let lang = self.lang;
        for loss in &self.file.losses {
            let quantity = loss.quantity.as_ref().map(decimal).unwrap_or_else(|| "?".to_string());
            let value =
                loss.value.as_ref().map_or_else(|| lang.pick("not valued", "평가 없음").to_string(), |n| won(n, lang));
            let how = if loss.stated { lang.pick("stated", "발표") } else { "" };
            let asset = loss.asset.unwrap_or(loss.name);
            self.line(&format!("  {} {:>20} {:>24} {how}", left(asset, 24), quantity, value));
        }
        let total = loss::total(&self.file.losses);
        let text = format!(
            "  {} {:>20} {:>24}   {} {}",
            left(lang.pick("sum", "합계"), 24),
            "",
            won(&total.value, lang),
            lang.pick("of it frozen", "동결·회수"),
            won(&total.frozen, lang)
        );
        let text = self.paint("1", &text);
        self.line(&text);
        if !total.unknown.is_empty() {
            let names = total.unknown.join(", ");
            self.line(&format!(
                "  {}: {names}",
                lang.pick("not in the sum, for want of a value", "평가액이 없어 합계에서 빠짐")
            ));
        }
        if self.file.statements.len() > 1 {
            for statement in &self.file.statements {
                let (entry, value) = (statement.since.index, won(&statement.total.value, lang));
                let words = lang.pick("as known from entry", "기록 이후 알려진 금액, 기록 번호");
                self.line(&format!("  {words} {entry}: {value}"));
            }
        }
    }

    fn tasks(&mut self) {
        for (topic, en, ko) in [("task", "Tasks", "조치"), ("lesson", "Lessons", "교훈")] {
            let remarks: Vec<&Remark> = self.file.dossier.remarks(topic);
            if remarks.is_empty() {
                continue;
            }
            self.heading(en, ko);
            for remark in remarks {
                let late = !remark.done && remark.due.is_some_and(|due| due < self.file.dossier.as_of);
                let state = match (topic, remark.done, late) {
                    ("lesson", ..) => "",
                    (_, true, _) => self.lang.pick("done", "완료"),
                    (_, _, true) => self.lang.pick("late", "지연"),
                    _ => self.lang.pick("open", "진행"),
                };
                let due = remark.due.map(|due| format!(" · {}", self.zone.show(due))).unwrap_or_default();
                let owner = if remark.owner.is_empty() { String::new() } else { format!(" · {}", remark.owner) };
                self.line(&format!("  {} {} {}{owner}{due}", left(state, 6), left(&remark.id, 12), remark.text));
            }
        }
    }

    fn timeline(&mut self) {
        self.heading("Timeline", "경과");
        let (file, lang) = (self.file, self.lang);
        let vocabulary = file.dossier.state.vocabulary();
        for (at, text) in events(file, vocabulary, lang) {
            self.line(&format!("  {}  {text}", left(&self.show(Some(at)), 19)));
        }
    }
}

/// What happened so far, each moment and each sentence once, with what else it happened to.
pub fn events(file: &File<'_>, vocabulary: &Vocabulary, lang: Lang) -> Vec<(Instant, String)> {
    let incident = file.dossier.name();
    let mut lines: Vec<(Instant, String, Vec<&Name>)> = Vec::new();
    let told = told_in(file, lang);
    for point in file.points.iter().filter(|point| told(point) && point.at <= file.dossier.as_of) {
        let text = what(&point.what, vocabulary, lang);
        match lines.iter_mut().find(|(at, same, _)| *at == point.at && *same == text) {
            Some((_, _, subjects)) => subjects.push(&point.subject),
            None => lines.push((point.at, text, vec![&point.subject])),
        }
    }
    let line = |(at, text, subjects): (Instant, String, Vec<&Name>)| match subjects.as_slice() {
        [one] => (at, format!("{text}{}", shown(one, &incident))),
        many if many.contains(&&incident) => (at, text),
        many => (at, format!("{text} ({} × {})", many.len(), many.first().map_or("", |name| &name.kind))),
    };
    lines.into_iter().map(line).collect()
}

/// Whether a point happened, and is no value or text; of an event that is told in Korean too, the one in this language.
pub fn told_in<'f>(file: &'f File<'_>, lang: Lang) -> impl Fn(&Point) -> bool + 'f {
    let korean: BTreeSet<&str> =
        file.dossier.remarks("event.ko").into_iter().map(|remark| remark.id.as_str()).collect();
    move |point| match &point.what {
        What::Event { .. } | What::Notice { .. } => true,
        What::Figure { .. } => false,
        What::Remark { topic, .. } if topic == "event.ko" => lang == Lang::Ko,
        What::Remark { topic, id, .. } => topic == "event" && !(lang == Lang::Ko && korean.contains(id.as_str())),
    }
}

/// What a point says.
pub fn what(what: &What, vocabulary: &Vocabulary, lang: Lang) -> String {
    let by =
        |by: &Option<String>| by.as_deref().map(|by| format!(": {}", words::authority(by, lang))).unwrap_or_default();
    match what {
        What::Event { word, by: to } => format!("{}{}", meaning(word, vocabulary, lang), by(to)),
        What::Notice { word, to, .. } => format!("{}{}", meaning(word, vocabulary, lang), by(to)),
        What::Remark { text, .. } => text.clone(),
        What::Figure { word, value } => format!("{}: {}", meaning(word, vocabulary, lang), figure(value)),
    }
}

fn figure(value: &FigureValue) -> String {
    match value {
        FigureValue::Number(n, _) => decimal(n.number()),
        FigureValue::Code(code) => code.clone(),
        FigureValue::Codes(codes) => codes.join(", "),
        FigureValue::Truth(yes) => if *yes { "yes" } else { "no" }.to_string(),
        FigureValue::Length(ms) => span(*ms, Lang::En),
        FigureValue::None => "none".to_string(),
        _ => "missing".to_string(),
    }
}

/// A word by its meaning.
pub fn meaning<'v>(word: &'v str, vocabulary: &'v Vocabulary, lang: Lang) -> &'v str {
    let found = vocabulary.find(word).map(|id| vocabulary.word(id));
    found.map_or(word, |word| lang.pick(&word.meaning, &word.meaning_ko))
}

/// An amount in won.
pub fn won(amount: &Number, lang: Lang) -> String {
    match lang {
        Lang::En => format!("KRW {}", decimal(amount)),
        Lang::Ko => format!("{}원", decimal(amount)),
    }
}

/// A subject that is not the incident itself, in brackets behind a line.
fn shown(subject: &Name, incident: &Name) -> String {
    if subject == incident { String::new() } else { format!(" ({} {})", subject.kind, subject.name) }
}

/// The title of a rule.
pub fn title(rule: &Rule, lang: Lang) -> &str {
    lang.pick(&rule.title.en, &rule.title.ko)
}

/// A clock as its standing and its sentence.
pub fn clock_line(clock: &Clock, rule: &Rule, zone: &Zone, lang: Lang) -> (String, String) {
    let show = |at: Option<Instant>| at.map_or_else(|| "—".to_string(), |at| zone.show(at));
    let by = clock.late.map(|ms| span(ms, lang)).unwrap_or_default();
    let took = clock.elapsed.map(|ms| span(ms, lang)).unwrap_or_default();
    let standing = match clock.standing {
        Standing::Late => format!("✗ {} {by}", lang.pick("LATE by", "지연")),
        Standing::Soon => format!("! {} {by}", lang.pick("soon, left", "임박, 남은 시간")),
        Standing::Running => format!("· {} {by}", lang.pick("left", "남은 시간")),
        Standing::DoneLate => format!("✗ {} {by}", lang.pick("done, late by", "지연 이행")),
        Standing::DoneOnTime => format!("✓ {}, {took}", lang.pick("on time", "기한 내")),
        Standing::Judged if clock.done.is_some() => format!("? {} {took}", lang.pick("done after", "이행까지")),
        Standing::Judged => format!("? {} {took}", lang.pick("not done for", "미이행 경과")),
        Standing::Unknown => format!("? {}", lang.pick("cannot be said", "알 수 없음")),
        Standing::Silent => format!("  {}", lang.pick("does not apply", "해당 없음")),
    };
    let due = match (&clock.judged, clock.due) {
        (Some(words), _) => words.trim_start_matches("judged:").trim().to_string(),
        (None, due) => format!("{} {}", lang.pick("due", "기한"), show(due)),
    };
    let subject = clock.subject.as_ref().filter(|s| s.kind != super::dossier::KIND);
    let subject = subject.map(|s| format!(" ({} {})", s.kind, s.name)).unwrap_or_default();
    (standing, format!("{}{subject} · {due}", title(rule, lang)))
}

fn citation(book: &Book, rule: &Rule, clock: &Clock, lang: Lang) -> String {
    let instrument = &book.instruments[rule.instrument.index()];
    let status = match clock.status {
        Status::Binding => String::new(),
        other => format!(" · {}", words::status(other, lang)),
    };
    format!("{} · {}{status}", clock.id, instrument.id)
}

fn colour(standing: Standing) -> &'static str {
    match standing {
        Standing::Late | Standing::DoneLate => "1;31",
        Standing::Soon => "1;33",
        Standing::Running => "36",
        Standing::DoneOnTime => "32",
        Standing::Judged | Standing::Unknown => "33",
        Standing::Silent => "2",
    }
}

fn left(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(text.width())))
}
