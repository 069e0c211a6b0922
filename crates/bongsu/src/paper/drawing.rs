//! Draws a paper up: looks each item up in the dossier, puts it down, and notes what is missing with the fact to record.
//!
//! It promises that a plan is read once for what is known now and once for what was known when its predecessor was sent,
//! so that what changed needs no bookkeeping.

use super::document::{Change, Document, Part, Section, Table};
use super::{Brief, Draft, Problem, Severity, explanation, html, pdf, xlsx};
use crate::incident::Dossier;
use crate::incident::loss;
use crate::lang::Lang;
use crate::report::amount::{decimal, grouped};
use crate::trouble::Trouble;
use crate::walk;
use kernel::fact::Remark;
use kernel::known::{KnownAt, Stamp};
use rulebook::number::Number;
use rulebook::time::{Instant, Zone};
use std::collections::BTreeSet;

/// A text in English and Korean.
pub type Two = (&'static str, &'static str);

/// What a form consists of.
pub struct Plan {
    /// The id of the form.
    pub form: &'static str,
    /// Its title.
    pub title: Two,
    /// Its language.
    pub lang: Lang,
    /// To whom it goes.
    pub to: Two,
    /// Puts its sections down.
    pub body: fn(&mut Drawing<'_, '_, '_>),
}

/// A paper that is being drawn up.
pub struct Drawing<'b, 'a, 's> {
    /// What it is drawn up from.
    pub brief: &'b Brief<'a, 's>,
    /// The language of the paper; that of the problems is the desk's.
    pub lang: Lang,
    /// The zone its times are in: Korea's.
    pub zone: Zone,
    form: &'static str,
    document: Document,
    contents: BTreeSet<String>,
    problems: Vec<Problem>,
    explained: Vec<(String, String)>,
}

/// Draws up a form whose files are the paper itself as PDF, the same as a page, and the same as a workbook.
pub fn draw(brief: &Brief<'_, '_>, plan: &Plan) -> Result<Draft, Trouble> {
    let mut drawing = compose(brief, plan);
    let changes = brief.before.map(|(since, notice)| drawing.changes_since(since, notice.at, plan));
    drawing.amends(changes);
    drawing.explanations();
    drawing.letters();
    drawing.finish()
}

/// Puts down what is known.
pub fn compose<'b, 'a, 's>(brief: &'b Brief<'a, 's>, plan: &Plan) -> Drawing<'b, 'a, 's> {
    let lang = plan.lang;
    let pick = |two: Two| lang.pick(two.0, two.1).to_string();
    let zone = Zone::get("Asia/Seoul").unwrap_or_else(|| walk::zone_of(brief.book));
    let exchange = brief.dossier.registered;
    let head = vec![
        (pick(("From", "보내는 곳")), lang.pick(&exchange.name_en, &exchange.name_ko).to_string()),
        (pick(("To", "받는 곳")), pick(plan.to)),
        (pick(("Incident", "사고 번호")), brief.dossier.id().to_string()),
        (
            pick(("As of", "기준 시각")),
            format!("{} ({})", zone.show(brief.dossier.as_of), pick(("Korean time", "한국시간"))),
        ),
    ];
    let document = Document { form: plan.form, lang, title: pick(plan.title), head, mark: None, sections: Vec::new() };
    let (contents, problems, explained) = (BTreeSet::new(), Vec::new(), Vec::new());
    let mut drawing = Drawing { brief, lang, zone, form: plan.form, document, contents, problems, explained };
    (plan.body)(&mut drawing);
    drawing
}

impl<'s> Drawing<'_, '_, 's> {
    /// The incident.
    pub fn dossier(&self) -> &Dossier<'s> {
        self.brief.dossier
    }

    /// One of two texts, in the language of the paper.
    pub fn pick(&self, two: Two) -> &'static str {
        self.lang.pick(two.0, two.1)
    }

    /// A moment as the paper writes it.
    pub fn at(&self, at: Instant) -> String {
        self.zone.show(at)
    }

    /// What is written under a topic, in the language of the paper: Korean stands under `cause.ko` or `cause`, English under
    /// `cause`. A text in Hangul is none in English.
    pub fn told(&self, topic: &str) -> Option<String> {
        let dossier = self.dossier();
        let korean = if self.lang == Lang::Ko { dossier.text(&format!("{topic}.ko")) } else { None };
        korean.or_else(|| dossier.text(topic).filter(|text| self.reads(text))).map(str::to_string)
    }

    /// The same, of a text that stands for the exchange itself where the incident has none of its own.
    pub fn told_for_all(&self, topic: &str) -> Option<String> {
        self.told(topic).or_else(|| {
            let known = self.dossier().view.known;
            let own = self.dossier().registered.record.remarks().iter().rev();
            let own = own.filter(|(since, remark)| known.knows(*since) && remark.subject.is_none());
            let find = |topic: &str| own.clone().find(|(_, remark)| remark.topic == topic).map(|(_, r)| r.text.clone());
            let korean = if self.lang == Lang::Ko { find(&format!("{topic}.ko")) } else { None };
            korean.or_else(|| find(topic).filter(|text| self.reads(text)))
        })
    }

    /// The remarks of a topic in the language of the paper, each id once, in order of time.
    pub fn told_each(&self, topic: &str) -> Vec<&'s Remark> {
        let dossier = self.dossier();
        let korean = if self.lang == Lang::Ko { dossier.remarks(&format!("{topic}.ko")) } else { Vec::new() };
        let plain = dossier.remarks(topic).into_iter().filter(|remark| self.reads(&remark.text));
        let rest: Vec<&Remark> = plain.filter(|remark| !korean.iter().any(|other| other.id == remark.id)).collect();
        let mut all: Vec<&Remark> = korean.into_iter().chain(rest).filter(|r| r.at <= dossier.as_of).collect();
        all.sort_by_key(|remark| (remark.at, &remark.id));
        all
    }

    /// Whether a text can stand in a paper of this language.
    fn reads(&self, text: &str) -> bool {
        self.lang == Lang::Ko || !text.chars().any(is_hangul)
    }

    /// Begins a section.
    pub fn section(&mut self, title: Two) {
        let title = self.pick(title).to_string();
        self.titled(title);
    }

    /// Begins a section with a title of its own.
    pub fn titled(&mut self, title: String) {
        self.document.sections.push(Section { title, parts: Vec::new() });
    }

    fn put(&mut self, part: Part) {
        if let Some(section) = self.document.sections.last_mut() {
            section.parts.push(part);
        }
    }

    /// A value that the paper says where it is known.
    pub fn field(&mut self, label: Two, value: Option<String>) {
        let label = self.pick(label).to_string();
        self.put(Part::Field { label, value });
    }

    /// A value that the paper must say.
    pub fn need(&mut self, item: &str, label: Two, value: Option<String>, hint: &str) {
        if value.is_none() {
            self.must_fix(item, label, hint);
        }
        self.field(label, value);
    }

    /// A text that the paper must say; whether it does.
    pub fn need_text(&mut self, topic: &'static str, label: Two) -> bool {
        let value = self.told(topic);
        let found = value.is_some();
        let hint = self.say(topic);
        self.need(topic, label, value, &hint);
        found
    }

    /// A moment that the paper must say; whether it does.
    pub fn need_event(&mut self, word: &'static str, label: Two) -> bool {
        let value = self.dossier().moment(word).map(|at| self.at(at));
        let found = value.is_some();
        let hint = self.set(word, "yes", None);
        self.need(word, label, value, &hint);
        found
    }

    /// A moment that the paper says where it is known.
    pub fn event(&mut self, word: &str, label: Two) {
        let value = self.dossier().moment(word).map(|at| self.at(at));
        self.field(label, value);
    }

    /// Running text.
    pub fn text(&mut self, text: String) {
        self.put(Part::Text(text));
    }

    /// A table; without rows it is left out.
    pub fn table(&mut self, head: &[Two], widths: &[i32], rows: Vec<Vec<String>>) {
        if !rows.is_empty() {
            let head = head.iter().map(|two| self.pick(*two).to_string()).collect();
            self.put(Part::Table(Table { head, widths: widths.to_vec(), rows }));
        }
    }

    /// The paper contains what the law calls by this code.
    pub fn contains(&mut self, code: &str, yes: bool) {
        if yes {
            self.contents.insert(code.to_string());
        }
    }

    /// The paper may not leave like this.
    pub fn must_fix(&mut self, item: &str, expected: Two, hint: &str) {
        let expected = self.brief.lang.pick(expected.0, expected.1).to_string();
        let (severity, item, hint) = (Severity::MustFix, item.to_string(), hint.to_string());
        self.problems.push(Problem { severity, item, expected, hint });
    }

    /// The paper may leave like this once somebody has said why.
    pub fn must_explain(&mut self, item: &str, expected: Two, hint: &str) {
        if let Some(reason) = explanation::of(self.dossier(), self.form, item) {
            self.explained.push((self.lang.pick(expected.0, expected.1).to_string(), reason.to_string()));
            return;
        }
        let expected = self.brief.lang.pick(expected.0, expected.1).to_string();
        let (severity, item, hint) = (Severity::MustExplain, item.to_string(), hint.to_string());
        self.problems.push(Problem { severity, item, expected, hint });
    }

    /// Whether the paper says this anywhere.
    pub fn says(&self, what: &str) -> bool {
        self.document.texts().iter().any(|text| text.contains(what))
    }

    /// How a text is recorded.
    pub fn say(&self, topic: &str) -> String {
        let tagged = self.lang.pick("", ".ko");
        format!("bongsu incident say {} {topic}{tagged} \"…\"", self.dossier().id())
    }

    /// How a fact is recorded, of the incident or of what belongs with it.
    pub fn set(&self, word: &str, value: &str, of: Option<&str>) -> String {
        let of = of.map(|of| format!(" --of {of}")).unwrap_or_default();
        format!("bongsu incident set {} {word} {value} --at \"…\"{of}", self.dossier().id())
    }

    /// What this paper says otherwise than it would have said at an earlier moment, by what was known at an entry.
    pub fn changes_since(&self, since: Stamp, at: Instant, plan: &Plan) -> Vec<Change> {
        self.document.changes(&drawn_at(self.brief, since, at, plan))
    }

    fn amends(&mut self, changes: Option<Vec<Change>>) {
        let (Some((since, notice)), Some(changes)) = (self.brief.before, changes) else { return };
        let earlier = match self.lang {
            Lang::En => format!("entry {} of {}", since.index, self.at(notice.at)),
            Lang::Ko => format!("{} 제출(기록 {}번)", self.at(notice.at), since.index),
        };
        self.document.head.push((self.pick(("Amends", "정정 대상")).to_string(), earlier));
        self.changes(("What changed since the paper it amends", "종전 보고 이후 바뀐 내용"), changes);
        // What changed is what a reader who knows the earlier paper looks for.
        if let Some(section) = self.document.sections.pop() {
            self.document.sections.insert(0, section);
        }
    }

    /// A section that sets what was said against what is said.
    pub fn changes(&mut self, title: Two, changes: Vec<Change>) {
        self.section(title);
        if changes.is_empty() {
            self.text(self.pick(("Nothing changed.", "바뀐 내용이 없다.")).to_string());
        }
        let silent = || "—".to_string();
        let row = |c: Change| vec![c.item, c.before.unwrap_or_else(silent), c.now.unwrap_or_else(silent)];
        let rows = changes.into_iter().map(row).collect();
        self.table(&[("Item", "항목"), ("Before", "종전"), ("Now", "현재")], &[26, 37, 37], rows);
    }

    fn explanations(&mut self) {
        if self.explained.is_empty() {
            return;
        }
        let rows = std::mem::take(&mut self.explained).into_iter().map(|(item, reason)| vec![item, reason]).collect();
        self.section(("Explanations", "소명"));
        self.table(&[("Item", "항목"), ("Explanation", "소명 내용")], &[40, 60], rows);
    }

    /// Letters that the typeface of papers lacks.
    fn letters(&mut self) {
        let lacking: BTreeSet<char> = self.document.texts().iter().flat_map(|text| pdf::lacking(text)).collect();
        if !lacking.is_empty() {
            let letters: String = lacking.into_iter().collect();
            let expected = ("letters that the PDF's typeface has", "PDF 글꼴에 있는 글자");
            self.must_explain(
                "letters",
                expected,
                &format!("{letters}: write them in Hangul or Latin letters; the page and the workbook show them"),
            );
        }
    }

    /// Sorts the problems and marks the paper while it may not leave; how many must be mended.
    fn mark(&mut self) -> usize {
        self.problems.sort_by_key(|problem| problem.severity);
        let open = self.problems.iter().filter(|problem| problem.severity == Severity::MustFix).count();
        if open > 0 {
            self.document.mark = Some(match self.lang {
                Lang::En => format!("DRAFT — {open} to mend"),
                Lang::Ko => format!("초안 DRAFT — 보완할 사항 {open}건"),
            });
        }
        open
    }

    /// What it contains, what is wrong with it, and the paper, for a form with files of its own.
    pub fn parts(mut self) -> (Vec<String>, Vec<Problem>, Document) {
        self.explanations();
        self.mark();
        (self.contents.into_iter().collect(), self.problems, self.document)
    }

    fn finish(mut self) -> Result<Draft, Trouble> {
        let open = self.mark();
        if open > 0 {
            let rows = self.problems.iter().map(|p| vec![p.item.clone(), p.expected.clone(), p.hint.clone()]).collect();
            self.section(("To mend before it leaves", "제출 전 보완할 사항"));
            self.table(&[("Item", "항목"), ("Expected", "필요한 내용"), ("What to do", "할 일")], &[18, 32, 50], rows);
        }
        let name = |ending: &str| {
            let incident: String = self.dossier().id().chars().map(|c| if plain(c) { c } else { '_' }).collect();
            let mark = if open > 0 { ".draft" } else { "" };
            format!("{incident}.{}{mark}.{ending}", self.form)
        };
        let files = vec![
            (name("pdf"), pdf::bytes(&self.document, self.dossier().as_of)?),
            (name("html"), html::page(&self.document).into_bytes()),
            (name("xlsx"), xlsx::bytes(&self.document, self.dossier().as_of)?),
        ];
        Ok(Draft { contents: self.contents.into_iter().collect(), problems: self.problems, files })
    }
}

/// The paper as it would have been drawn at an entry, for a moment.
fn drawn_at(brief: &Brief<'_, '_>, since: Stamp, at: Instant, plan: &Plan) -> Document {
    let known = KnownAt::Entry(since.index);
    let dossier = Dossier { as_of: at, ..brief.dossier.known(known) };
    let losses = loss::losses(&dossier);
    let statements: Vec<_> = brief.statements.iter().filter(|s| known.knows(s.since)).cloned().collect();
    let points: Vec<_> = brief.points.iter().filter(|p| known.knows(p.since) && p.at <= at).cloned().collect();
    let (losses, statements, points) = (losses.as_slice(), statements.as_slice(), points.as_slice());
    let then = Brief { dossier: &dossier, clocks: &[], losses, statements, points, before: None, ..*brief };
    compose(&then, plan).document
}

fn plain(c: char) -> bool {
    c.is_alphanumeric() || c == '-' || c == '_' || c == '.'
}

/// A letter of Korean.
pub fn is_hangul(c: char) -> bool {
    matches!(c, '가'..='힣' | 'ㄱ'..='ㆎ' | '\u{1100}'..='\u{11ff}')
}

/// A number with every digit it has; cut and marked where it has no end.
pub fn exact(number: &Number) -> String {
    let text = number.to_string();
    if text.contains('/') { decimal(number) } else { grouped(&text) }
}

/// An amount of won; what is less than one won is cut, and said so.
pub fn won(number: &Number, lang: Lang) -> String {
    let whole = number.parts().and_then(|(num, den)| num.checked_div(den));
    let amount = match whole {
        Some(whole) if number.to_integer().is_none() => format!("≈ {}", grouped(&whole.to_string())),
        Some(whole) => grouped(&whole.to_string()),
        None => decimal(number),
    };
    match lang {
        Lang::En => format!("KRW {amount}"),
        Lang::Ko => format!("{amount}원"),
    }
}
