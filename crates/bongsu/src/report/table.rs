//! The report on a terminal: the answer first, then what needs attention. Colour only where it is asked for; Hangul is
//! two columns wide.

use crate::assessment::{Assessed, Assessment};
use crate::lang::Lang;
use crate::report::amount::amounts;
use crate::report::{digest, words};
use kernel::finding::Finding;
use rulebook::book::Status;
use rulebook::finding::{VERDICTS, Verdict};
use rulebook::vocabulary::Vocabulary;
use std::fmt::Write;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// As wide as a page of mail; wider terminals are not filled, because long lines are hard to read.
const WIDTH: usize = 100;

/// Most dates shown; the other forms have them all.
const DATES: usize = 8;

/// An assessment as text. Without `all`, only what is not met or not yet due is listed; the rest is counted.
pub fn show(assessment: &Assessment, lang: Lang, styled: bool, all: bool) -> String {
    at_width(assessment, lang, styled, all, WIDTH)
}

/// The same at a width in columns.
pub fn at_width(assessment: &Assessment, lang: Lang, styled: bool, all: bool, width: usize) -> String {
    let mut page = Page { out: String::new(), lang, styled, width, words: kernel::words::vocabulary() };
    page.summary(assessment);
    for exchange in &assessment.exchanges {
        page.exchange(assessment, exchange, all);
    }
    page.dates(assessment);
    page.foot(assessment, all);
    page.out
}

struct Page {
    out: String,
    lang: Lang,
    styled: bool,
    width: usize,
    words: Vocabulary,
}

impl Page {
    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.styled { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_string() }
    }

    fn heading(&mut self, text: &str) {
        let text = self.paint("1", text);
        self.line("");
        self.line(&text);
    }

    fn summary(&mut self, assessment: &Assessment) {
        let lang = self.lang;
        let at = assessment.zone.show(assessment.question.as_of);
        let seen = assessment.seen_by.as_ref().map_or(String::new(), |seen| {
            format!(" · {} {}", lang.pick("seen by", "열람 기관"), words::authority(&seen.authority, lang))
        });
        let title = self.paint("1", &format!("{} {at}{seen}", lang.pick("Duties as of", "의무 이행 현황, 기준")));
        self.line(&title);
        self.line("");
        let head = match lang {
            Lang::En => ["exchange", "breaches", "unknown", "to judge", "running", "coverage", "pass rate"],
            Lang::Ko => ["거래소", "미준수", "자료 없음", "판단 필요", "기한 전", "커버리지", "준수율"],
        };
        let columns = [16, 10, 11, 11, 10, 22, 18];
        let mut lines = vec![head.map(String::from)];
        for e in &assessment.exchanges {
            let s = digest::binding(e);
            let (decided, name) = (s.met + s.not_met, lang.pick(&e.name_en, &e.name_ko));
            let rate = |part, of| format!("{part}/{of} ({})", words::share(part, of));
            lines.push([
                name.to_string(),
                s.not_met.to_string(),
                s.unknown.to_string(),
                s.judgement.to_string(),
                s.running.to_string(),
                rate(s.answered(), s.applicable()),
                rate(s.met, decided),
            ]);
        }
        for (at, cells) in lines.iter().enumerate() {
            let mut line = String::from("  ");
            for (column, (cell, wide)) in cells.iter().zip(columns).enumerate() {
                let cell = if column == 0 { left(cell, wide) } else { right(cell, wide) };
                line.push_str(&if column == 1 && at > 0 && cells[1] != "0" { self.paint("1;31", &cell) } else { cell });
            }
            self.line(&line);
        }
        self.line(&format!("  {}", lang.pick("Binding duties only.", "구속력 있는 의무만 셈.")));
    }

    fn exchange(&mut self, assessment: &Assessment, exchange: &Assessed, all: bool) {
        self.heading(self.lang.pick(&exchange.name_en, &exchange.name_ko).to_string().as_str());
        for (verdict, _) in VERDICTS {
            for binding in [true, false] {
                let among = |f: &&Finding| f.verdict == verdict && (f.status == Status::Binding) == binding;
                let group: Vec<&Finding> = exchange.findings.iter().filter(among).collect();
                if group.is_empty() {
                    continue;
                }
                let name = words::verdict(verdict, group[0].status, self.lang);
                let kind = if binding {
                    String::new()
                } else {
                    format!(" ({})", self.lang.pick("not binding", "구속력 없음"))
                };
                let title = self.paint(colour(verdict, binding), &format!("{name}{kind}: {}", group.len()));
                self.line(&format!("  {title}"));
                let listed = matches!(verdict, Verdict::NotMet | Verdict::NotYetDue);
                if listed || all {
                    group.iter().for_each(|f| self.finding(assessment, f));
                }
            }
        }
    }

    fn finding(&mut self, assessment: &Assessment, finding: &Finding) {
        let lang = self.lang;
        let rule = digest::card(assessment, &finding.rule);
        let mut title = rule.map_or("", |r| words::title(r, lang)).to_string();
        let subject = digest::subject(finding);
        if !subject.is_empty() {
            let _ = write!(title, " · {subject}");
        }
        if finding.status != Status::Binding {
            let _ = write!(title, " [{}]", words::status(finding.status, lang));
        }
        // An id and a title beside each other, or below each other where they do not fit.
        let id = self.paint("2", &finding.rule);
        if finding.rule.width() < 31 && title.width() + 35 <= self.width {
            self.line(&format!("    {id}{}{title}", " ".repeat(31 - finding.rule.width())));
        } else {
            self.line(&format!("    {id}"));
            self.wrapped(&title, 6);
        }
        let a = amounts(finding, rule, &self.words, lang);
        let mut parts = Vec::new();
        if !a.value.is_empty() && !a.required.is_empty() {
            parts.push(format!(
                "{} {} / {} {}",
                lang.pick("is", "현재"),
                a.value,
                lang.pick("required", "기준"),
                a.required
            ));
        }
        if !a.short.is_empty() {
            parts.push(format!("{} {}", lang.pick("short", "부족"), a.short));
        }
        if !a.gap.is_empty() {
            parts.push(format!("{} {}", lang.pick("gap", "차이"), a.gap));
        }
        if let Some(due) = finding.due.filter(|d| *d != rulebook::time::Instant::NEVER) {
            parts.push(format!("{} {}", lang.pick("due", "기한"), assessment.zone.show(due)));
        }
        if !parts.is_empty() {
            self.wrapped(&parts.join(" · "), 6);
        }
        if !finding.missing.is_empty() {
            let list = words::all_missing(finding, &self.words, lang).join("; ");
            self.wrapped(&format!("{}: {list}", lang.pick("missing", "없는 자료")), 6);
        }
        for name in &finding.judgements {
            let asks = words::judgement(name, &assessment.judgements, lang).to_string();
            self.wrapped(&format!("{}: {asks}", lang.pick("to judge", "판단할 것")), 6);
        }
        let mut foot = rule.map(|r| r.cites.join("; ")).unwrap_or_default();
        if !finding.evidence.is_empty() {
            let entries = words::entries(&finding.evidence);
            let grade = finding.grade.map(|g| format!(" ({})", words::grade(g, lang))).unwrap_or_default();
            let _ = write!(
                foot,
                "{}{} {entries}{grade}",
                if foot.is_empty() { "" } else { " · " },
                lang.pick("entries", "증거")
            );
        }
        self.wrapped(&foot, 6);
        if let Some(shared) = rule.and_then(|rule| words::shared(rule, lang)) {
            self.wrapped(&shared, 6);
        }
    }

    fn dates(&mut self, assessment: &Assessment) {
        let coming = digest::coming(assessment);
        if coming.is_empty() {
            return;
        }
        let lang = self.lang;
        self.heading(lang.pick("What changes by time alone", "앞으로 바뀌는 날"));
        for c in coming.iter().take(DATES) {
            let title = digest::card(assessment, c.rule).map_or(c.rule, |r| words::title(r, lang));
            let whom = if c.exchanges.len() == assessment.exchanges.len() {
                lang.pick("all", "전체").to_string()
            } else {
                c.exchanges.iter().map(|e| lang.pick(&e.name_en, &e.name_ko)).collect::<Vec<_>>().join(", ")
            };
            let line = format!(
                "{}  {}: {title} ({}) · {whom}",
                words::when(c.why, c.at, &assessment.zone),
                words::why(c.why, lang),
                c.rule
            );
            self.wrapped(&line, 2);
        }
        if coming.len() > DATES {
            self.line(&format!("  {} {}", lang.pick("later:", "이후:"), coming.len() - DATES));
        }
    }

    fn foot(&mut self, assessment: &Assessment, all: bool) {
        let lang = self.lang;
        self.line("");
        if !all {
            self.wrapped(
                lang.pick(
                    "`--all` lists every finding with its missing facts and questions.",
                    "`--all`은 없는 자료와 판단할 것까지 모두 보여 준다.",
                ),
                0,
            );
        }
        if let Some(seen) = &assessment.seen_by {
            return self.seen_by(assessment, &seen.authority);
        }
        let text = match lang {
            Lang::En => format!(
                "Rulebook {} · {} entries · `bongsu explain ENTRY` shows the evidence, `bongsu verify` proves it.",
                assessment.rulebook, assessment.size
            ),
            Lang::Ko => format!(
                "규칙집 {} · 항목 {}개 · 증거는 `bongsu explain ENTRY`로 보고 `bongsu verify`로 증명한다.",
                assessment.rulebook, assessment.size
            ),
        };
        self.wrapped(&text, 0);
    }

    /// The foot of a report that is a part: how large the whole is stays unsaid.
    fn seen_by(&mut self, assessment: &Assessment, authority: &str) {
        let name = words::authority(authority, self.lang);
        let text = match self.lang {
            Lang::En => format!(
                "Rulebook {}. Only what {name} supervises on that day, or is told by law; `bongsu authorities` says who sees what.",
                assessment.rulebook
            ),
            Lang::Ko => format!(
                "규칙집 {}. 기준일에 {name}이(가) 감독하거나 법에 따라 공유받는 것만 보인다. 소관은 `bongsu authorities`로 확인한다.",
                assessment.rulebook
            ),
        };
        self.wrapped(&text, 0);
    }

    /// A paragraph at an indent, broken at spaces to fit the width.
    fn wrapped(&mut self, text: &str, indent: usize) {
        let pad = " ".repeat(indent);
        let mut line = String::new();
        for word in text.split_whitespace() {
            if !line.is_empty() && indent + line.width() + 1 + word.width() > self.width {
                self.line(&format!("{pad}{line}"));
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        if !line.is_empty() {
            self.line(&format!("{pad}{line}"));
        }
    }
}

/// The colour of a verdict on a terminal.
pub fn colour(verdict: Verdict, binding: bool) -> &'static str {
    match verdict {
        Verdict::NotMet if binding => "1;31",
        Verdict::NotMet | Verdict::CannotBeAssessed => "33",
        Verdict::NeedsJudgement => "35",
        Verdict::NotYetDue => "36",
        Verdict::Met => "32",
        Verdict::NotInForce | Verdict::NotApplicable => "2",
    }
}

/// Text at the left of so many columns, cut where it does not fit.
pub fn left(text: &str, columns: usize) -> String {
    let mut shown = String::new();
    for letter in text.chars() {
        if shown.width() + letter.width().unwrap_or(0) >= columns {
            break;
        }
        shown.push(letter);
    }
    let rest = columns.saturating_sub(shown.width());
    shown + &" ".repeat(rest)
}

/// Text at the right of so many columns.
pub fn right(text: &str, columns: usize) -> String {
    " ".repeat(columns.saturating_sub(text.width())) + text
}
