//! A comparison on a terminal. Columns that do not fit stand in a further block; a value that does not fit leaves only its
//! letter, for half a number is a wrong number.

use super::{Comparison, answers, words};
use crate::assessment::Score;
use crate::compare::countries::Countries;
use crate::compare::matrix::{Cell, Column, Matrix, Row};
use crate::lang::Lang;
use crate::report::amount::{self, amounts};
use crate::report::table::{colour, left, right};
use crate::report::words as fixed;
use kernel::finding::Quantity;
use rulebook::book::Status;
use rulebook::finding::{VERDICTS, Verdict};
use rulebook::time::Zone;
use rulebook::vocabulary::Vocabulary;
use unicode_width::UnicodeWidthStr;

/// As wide as a page of mail.
const WIDTH: usize = 100;
/// Columns of a duty's title.
const TITLE: usize = 36;
/// Columns of an exchange.
const CELL: usize = 12;
/// Exchanges beside each other.
const BESIDE: usize = 5;
/// A country's column.
const COUNTRY: usize = 4;

/// A comparison as text.
pub fn show(comparison: &Comparison, zone: &Zone, lang: Lang, styled: bool) -> String {
    let mut page = Page { out: String::new(), lang, styled, words: kernel::words::vocabulary() };
    match comparison {
        Comparison::Exchanges(matrix) => page.matrix(matrix, zone),
        Comparison::Countries(countries) => page.countries(countries, zone),
    }
    page.out
}

struct Page {
    out: String,
    lang: Lang,
    styled: bool,
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

    /// A paragraph at an indent, broken at spaces to fit the width.
    fn wrapped(&mut self, text: &str, indent: usize) {
        let pad = " ".repeat(indent);
        let mut line = String::new();
        for word in text.split_whitespace() {
            if !line.is_empty() && indent + line.width() + 1 + word.width() > WIDTH {
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

    fn matrix(&mut self, m: &Matrix, zone: &Zone) {
        let lang = self.lang;
        let title = lang.pick("Obligations × exchanges as of", "의무 × 거래소, 기준");
        let title = self.paint("1", &format!("{title} {}", zone.show(m.about.question.as_of)));
        self.line(&title);
        if m.about.question.peer.is_some() {
            let text = match lang {
                Lang::En => format!("View of one exchange; {} others only as statistics.", m.peers),
                Lang::Ko => format!("한 거래소의 보기. 다른 {}곳은 통계로만.", m.peers),
            };
            self.wrapped(&text, 0);
        }
        let reached: Vec<&Row> = m.rows.iter().filter(|r| reaches(r)).collect();
        let blocks = m.columns.len().div_ceil(BESIDE);
        for (block, columns) in m.columns.chunks(BESIDE).enumerate() {
            self.line("");
            if blocks > 1 {
                self.line(&format!("[{}/{blocks}]", block + 1));
            }
            let first = block * BESIDE;
            self.scores(columns);
            let mut instrument = "";
            for row in &reached {
                if row.card.instrument != instrument {
                    instrument = &row.card.instrument;
                    let name = fixed::instrument(&row.card, lang).to_string();
                    let name = self.paint("1", &name);
                    self.line(&name);
                }
                let cells = row.cells.get(first..first + columns.len()).unwrap_or(&[]);
                self.row(row, cells);
            }
        }
        let hidden = m.rows.len() - reached.len();
        if hidden > 0 {
            self.line("");
            let text = match lang {
                Lang::En => format!("Left out, for they reach nobody on this day: {hidden}."),
                Lang::Ko => format!("이 날 아무에게도 해당하지 않는 의무 {hidden}개는 뺐다."),
            };
            self.wrapped(&text, 0);
        }
        self.shortfalls(m, &reached);
        self.numbers(m, &reached);
        self.line("");
        let letters = VERDICTS.iter().filter(|(v, _)| !matches!(v, Verdict::NotInForce | Verdict::NotApplicable));
        let letters =
            letters.map(|(v, _)| format!("{} {}", fixed::letter(*v, lang), fixed::verdict(*v, Status::Binding, lang)));
        self.wrapped(&letters.collect::<Vec<_>>().join(" · "), 0);
        for note in words::notes(m.about.question.peer.is_some(), lang) {
            self.wrapped(note, 0);
        }
        self.foot(&m.about);
    }

    fn scores(&mut self, columns: &[Column]) {
        let lang = self.lang;
        let names = columns.iter().map(|c| right(&left(lang.pick(&c.name_en, &c.name_ko), CELL), CELL));
        let line = left("", TITLE + 2) + &names.collect::<String>();
        self.line(&line);
        type Rate = fn(&Score) -> (usize, usize);
        let rates: [(&str, Rate); 2] = [
            (lang.pick("coverage (binding)", "커버리지(의무)"), |s| (s.answered(), s.applicable())),
            (lang.pick("pass rate (binding)", "준수율(의무)"), |s| (s.met, s.met + s.not_met)),
        ];
        for (name, rate) in rates {
            let cells = columns.iter().map(|c| {
                let (part, of) = rate(&c.score);
                right(&format!("{part}/{of} {}", fixed::share(part, of)), CELL)
            });
            let line = format!("  {}{}", left(name, TITLE), cells.collect::<String>());
            self.line(&line);
        }
    }

    fn row(&mut self, row: &Row, cells: &[Cell]) {
        let lang = self.lang;
        let status = match row.card.status {
            Status::Binding => String::new(),
            other => format!(" [{}]", fixed::status(other, lang)),
        };
        let title = fit(fixed::title(&row.card, lang), TITLE - 1 - status.width()) + &status;
        let mut line = format!("  {}", left(&title, TITLE));
        for cell in cells {
            let letter = fixed::letter(cell.finding.verdict, lang);
            // A moment or a code says little without its rule; an amount says how far.
            let counted =
                |q: &Quantity| !q.unit.is_empty() || q.value.starts_with(|c: char| c.is_ascii_digit() || c == '-');
            let counted = cell.finding.value.as_ref().is_some_and(|q| counted(q) && q.value.matches('-').count() < 2);
            let a = amounts(&cell.finding, Some(&row.card), &self.words, lang);
            let value = if counted { a.value } else { String::new() };
            let known = !matches!(cell.finding.verdict, Verdict::NotApplicable | Verdict::NotInForce);
            let many = if cell.alike > 1 && known { format!("×{}", cell.alike) } else { String::new() };
            let full = format!("{letter}{many} {value}");
            let text = if !value.is_empty() && known && full.width() < CELL { full } else { format!("{letter}{many}") };
            let text = right(&text, CELL);
            let code = colour(cell.finding.verdict, cell.finding.status == Status::Binding);
            line.push_str(&self.paint(code, &text));
        }
        self.line(&line);
    }

    /// What is not met, with both numbers and what is short: a cell has no room for them.
    fn shortfalls(&mut self, m: &Matrix, rows: &[&Row]) {
        let lang = self.lang;
        let mut begun = false;
        for row in rows {
            let missed = m.columns.iter().zip(&row.cells).filter(|(_, c)| c.finding.verdict == Verdict::NotMet);
            let missed = missed.map(|(column, cell)| {
                let f = &cell.finding;
                let a = amounts(f, Some(&row.card), &self.words, lang);
                let mut text = lang.pick(&column.name_en, &column.name_ko).to_string();
                text.extend(f.subject.as_ref().map(|s| format!(" ({}/{})", s.kind, s.name)));
                if !a.value.is_empty() && !a.required.is_empty() {
                    text.push_str(&format!(" {} / {}", a.value, a.required));
                }
                for short in [a.short, a.gap].iter().filter(|s| !s.is_empty()) {
                    text.push_str(&format!(", {} {short}", lang.pick("short", "부족")));
                }
                text
            });
            let missed: Vec<String> = missed.collect();
            if missed.is_empty() {
                continue;
            }
            if !begun {
                self.heading(lang.pick("Not met: is / required", "미준수·미달: 현재 / 기준"));
                begun = true;
            }
            self.wrapped(&format!("{} ({})", fixed::title(&row.card, lang), row.card.id), 2);
            self.wrapped(&missed.join("; "), 4);
        }
    }

    fn numbers(&mut self, m: &Matrix, rows: &[&Row]) {
        let lang = self.lang;
        let numeric: Vec<&&Row> = rows.iter().filter(|r| r.statistics.is_ok() || !r.benchmarks.is_empty()).collect();
        if numeric.is_empty() {
            return;
        }
        self.heading(lang.pick("Numbers", "수치"));
        for row in numeric {
            let title = format!("{} ({})", fixed::title(&row.card, lang), row.card.id);
            self.wrapped(&title, 2);
            let share = |q: &Quantity| amount::is_share([q], Some(&row.card), &self.words);
            let print = |q: &Quantity| amount::show(q, share(q), lang);
            let mut parts: Vec<String> = Vec::new();
            match &row.statistics {
                Ok(five) => {
                    parts.push(format!("n {}", five.count));
                    parts.push(format!("{} {}", lang.pick("median", "중앙값"), print(&five.median)));
                    let (low, high) = (print(&five.lower_quartile), print(&five.upper_quartile));
                    parts.push(format!("{} {low} – {high}", lang.pick("quartiles", "사분위수")));
                    if let (Some(least), Some(most)) = (&five.least, &five.most) {
                        parts.push(format!("{} {} – {}", lang.pick("range", "범위"), print(least), print(most)));
                    }
                }
                Err(why) => parts.push(words::incomparable(*why, lang)),
            }
            let required = row.cells.iter().find_map(|c| c.finding.required.as_ref());
            parts.extend(required.map(|q| format!("{} {}", lang.pick("required", "기준"), print(q))));
            let lines = parts.join(" · ");
            let mut ranked: Vec<(usize, String)> = Vec::new();
            for (column, cell) in m.columns.iter().zip(&row.cells) {
                if let (Some(rank), Some(value)) = (cell.rank, &cell.finding.value) {
                    ranked.push((
                        rank,
                        format!("{rank}. {} {}", lang.pick(&column.name_en, &column.name_ko), print(value)),
                    ));
                }
            }
            ranked.sort_by_key(|(rank, _)| *rank);
            let ranks = ranked.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(", ");
            let others = row.benchmarks.iter().map(|b| {
                let since = b.since.as_deref().map(|day| format!(", {}", words::since(day, lang))).unwrap_or_default();
                format!("{} {} ({}{since})", print(&b.quantity), lang.pick(&b.of_en, &b.of_ko), b.rule)
            });
            let others: Vec<String> = others.collect();
            self.wrapped(&lines, 4);
            self.wrapped(&ranks, 4);
            if !others.is_empty() {
                self.wrapped(&format!("{}: {}", lang.pick("beside", "참고"), others.join("; ")), 4);
            }
        }
    }

    fn countries(&mut self, c: &Countries, zone: &Zone) {
        let lang = self.lang;
        let title = lang.pick("Topics × countries as of", "항목 × 국가, 기준");
        let title = self.paint("1", &format!("{title} {}", zone.show(c.about.question.as_of)));
        self.line(&title);
        self.line("");
        for country in &c.countries {
            let (binding, other) = country.rules;
            let rules = match lang {
                Lang::En => format!("{binding} binding, {other} other rules in force"),
                Lang::Ko => format!("시행 중인 의무 {binding}개, 그 밖 {other}개"),
            };
            let mut text = format!("{} {rules}", country.id);
            for (exchange, s) in c.exchanges.iter().zip(&country.scores) {
                let rate = |part, of| format!("{part}/{of} ({})", fixed::share(part, of));
                text.push_str(&format!(
                    " · {}: {} {}, {} {}",
                    lang.pick(&exchange.name_en, &exchange.name_ko),
                    lang.pick("coverage", "커버리지"),
                    rate(s.answered(), s.applicable()),
                    lang.pick("pass rate", "준수율"),
                    rate(s.met, s.met + s.not_met),
                ));
            }
            self.wrapped(&text, 2);
        }
        let mut family = String::new();
        for row in &c.topics {
            if family != row.topic.family {
                family.clone_from(&row.topic.family);
                let name = family.split_once(" · ").map_or(family.as_str(), |(en, ko)| lang.pick(en, ko)).to_string();
                self.heading(&name);
            }
            let question = self.paint("1", lang.pick(&row.topic.question, &row.topic.question_ko));
            self.line(&format!("  {question} [{}]", row.topic.name));
            if !row.differs.is_empty() {
                let list: Vec<&str> = row.differs.iter().map(|d| words::difference(*d, lang)).collect();
                self.wrapped(&format!("≠ {}: {}", lang.pick("they differ in", "서로 다름"), list.join("; ")), 4);
            }
            let silent = c.countries.iter().zip(&row.cells).filter(|(_, list)| list.is_empty());
            let silent: Vec<&str> = silent.map(|(country, _)| country.id.as_str()).collect();
            for (country, list) in c.countries.iter().zip(&row.cells) {
                for answer in list {
                    let said = answers::say(answer, &self.words, lang);
                    let status = fixed::status(answer.card.status, lang);
                    let of = if said.of.is_empty() { String::new() } else { format!(" [{}]", said.of) };
                    let mut parts = vec![said.asks + &of];
                    parts.extend(said.counted);
                    parts.extend((!said.when.is_empty()).then_some(said.when));
                    let rest = format!("[{status}] {} ({})", parts.join("; "), answer.card.id);
                    let first = format!("    {}", left(&country.id, COUNTRY));
                    self.hanging(&first, &rest);
                    for (exchange, f) in c.exchanges.iter().zip(&answer.findings) {
                        let a = amounts(f, Some(&answer.card), &self.words, lang);
                        let verdict = fixed::verdict(f.verdict, f.status, lang);
                        let verdict = self.paint(colour(f.verdict, f.status == Status::Binding), verdict);
                        let mut text = format!("{}: {verdict}", lang.pick(&exchange.name_en, &exchange.name_ko));
                        if !a.value.is_empty() {
                            text.push_str(&format!(", {} {}", lang.pick("is", "현재"), a.value));
                        }
                        for short in [a.short, a.gap].iter().filter(|s| !s.is_empty()) {
                            text.push_str(&format!(", {} {short}", lang.pick("short", "부족")));
                        }
                        self.wrapped(&text, 4 + COUNTRY + 2);
                    }
                }
            }
            if !silent.is_empty() {
                self.wrapped(&format!("{}: {}", lang.pick("no rule on board", "실린 규칙 없음"), silent.join(", ")), 4);
            }
        }
        self.line("");
        let text = match lang {
            Lang::En => format!("Rules of these laws that say no topic and are in no row: {}.", c.without_topic),
            Lang::Ko => format!("항목을 밝히지 않은 규칙 {}개는 어느 줄에도 없다.", c.without_topic),
        };
        self.wrapped(&text, 0);
        self.foot(&c.about);
    }

    /// A first piece, and the rest broken into lines that hang beside it.
    fn hanging(&mut self, first: &str, rest: &str) {
        let indent = first.width();
        let before = self.out.len();
        self.wrapped(rest, indent);
        self.out.replace_range(before..before + indent.min(self.out.len() - before), first);
    }

    fn foot(&mut self, about: &crate::compare::About) {
        let text = match self.lang {
            Lang::En => format!("Rulebook {} · {} entries.", about.rulebook, about.size),
            Lang::Ko => format!("규칙집 {} · 항목 {}개.", about.rulebook, about.size),
        };
        self.wrapped(&text, 0);
    }
}

/// Text in so many columns, with a mark where something is cut off.
fn fit(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_string();
    }
    left(text, columns).trim_end().to_string() + "…"
}

/// Whether a rule says anything about an exchange that is shown, or about the others.
fn reaches(row: &Row) -> bool {
    let here = row.cells.iter().any(|c| crate::report::digest::reaches(&c.finding));
    here || row.score.is_some_and(|s| s.applicable() > 0)
}
