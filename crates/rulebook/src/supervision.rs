//! Who supervises a rule on a day, and who is told what is seen: `supervision` and `sharing` blocks.
//!
//! It promises that nobody is named whom a page in force does not name. Only a binding block opens anything: a bill lets nobody
//! look, and neither does a text that was not seen. It must never know what was found about whom.

use crate::book::{Book, InstrumentId, Rule, Status};
use crate::problem::Place;
use crate::time::Date;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

/// A block that names authorities for rules of its page.
#[derive(Clone, Debug)]
pub struct Supervision {
    /// Its name.
    pub id: String,
    /// Its instrument.
    pub instrument: InstrumentId,
    /// They are told, and do not supervise: a `sharing` block.
    pub told: bool,
    /// Rules by id, each with all below it; empty for every rule of the instrument.
    pub rules: Vec<String>,
    /// The authorities from each day on, in order.
    pub values: Vec<(Date, Vec<String>)>,
    /// Where the law says so.
    pub cite: Vec<String>,
    /// How binding. Only what is binding opens anything.
    pub status: Status,
    /// The open question.
    pub open: Option<String>,
    /// Where the block stands.
    pub place: Place,
}

/// Somebody whom a page names, and by which article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named<'b> {
    /// The authority's code.
    pub authority: &'b str,
    /// Since when; none where the head of the page names it.
    pub since: Option<Date>,
    /// The articles.
    pub cite: &'b [String],
}

/// Whether a rule is the one named, or stands below it.
pub fn is_below(rule: &str, prefix: &str) -> bool {
    rule.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

impl Supervision {
    /// Whether a rule of its instrument is among those it is about.
    pub fn covers(&self, rule: &Rule) -> bool {
        self.instrument == rule.instrument
            && (self.rules.is_empty() || self.rules.iter().any(|prefix| is_below(&rule.id, prefix)))
    }

    /// The authorities of a day, and since when it is these.
    pub fn on(&self, day: Date) -> Option<(Date, &[String])> {
        let value = self.values.iter().rev().find(|(from, _)| *from <= day);
        value.map(|(from, list)| (*from, list.as_slice()))
    }
}

impl Book {
    /// Who supervises a rule on a day: everybody whom a binding block names, or the authority of the page's head where no block
    /// is about the rule.
    pub fn supervisors(&self, rule: &Rule, day: Date) -> Vec<Named<'_>> {
        if self.supervisions.iter().any(|block| !block.told && block.covers(rule)) {
            return self.named(rule, day, false);
        }
        let head = self.instruments.get(rule.instrument.index()).and_then(|i| i.authority.as_deref());
        head.map(|authority| Named { authority, since: None, cite: &[] }).into_iter().collect()
    }

    /// Who is told what is seen of a rule on a day, and does not supervise it.
    pub fn told(&self, rule: &Rule, day: Date) -> Vec<Named<'_>> {
        let own = self.supervisors(rule, day);
        let mut told = self.named(rule, day, true);
        told.retain(|named| own.iter().all(|s| s.authority != named.authority));
        told
    }

    fn named(&self, rule: &Rule, day: Date, told: bool) -> Vec<Named<'_>> {
        let mut seen = BTreeSet::new();
        let mut list = Vec::new();
        let blocks =
            self.supervisions.iter().filter(|b| b.told == told && b.status == Status::Binding && b.covers(rule));
        for block in blocks {
            let Some((since, authorities)) = block.on(day) else { continue };
            for authority in authorities.iter().filter(|authority| seen.insert(authority.as_str())) {
                list.push(Named { authority, since: Some(since), cite: &block.cite });
            }
        }
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Source;
    use crate::vocabulary::Vocabulary;
    use alloc::format;
    use alloc::string::ToString;

    const LIST: &str = "\
| word | of | unit | counted | unrecorded | meaning | 뜻 |
|--|--|--|--|--|--|--|
| held | | yes/no | | missing | held | 보유 |

| authority | short | name | 이름 |
|--|--|--|--|
| fsc | FSC | Commission | 위원회 |
| fss | FSS | Service | 감독원 |
| kisa | KISA | Agency | 진흥원 |
";

    const PAGE: &str = "\
```page
id = \"x\"
zone = \"Asia/Seoul\"
authority = \"fsc\"
```
```rule
id = \"x.1\"
cite = [\"1\"]
from = 2024-01-01
require = [\"held\"]
```
```rule
id = \"x.1.a\"
cite = [\"1\"]
from = 2024-01-01
require = [\"held\"]
```
```rule
id = \"x.10\"
cite = [\"10\"]
from = 2024-01-01
require = [\"held\"]
```
";

    /// Builds the page with more text; what is said of each rule on a day: `x.1 fsc fss (kisa)`, told ones in brackets.
    fn check(more: &str, day: &str, expected: &[&str]) {
        let vocabulary = Vocabulary::read(LIST).expect("a list");
        let source = Source { path: "x.md".into(), text: format!("{PAGE}{more}") };
        let (book, problems) = crate::build(vocabulary, Vec::from([source]));
        let mut found: Vec<String> =
            problems.iter().map(|p| format!("{:?}: {} ({})", p.level, p.message, p.hint)).collect();
        let day: Date = day.parse().expect("a date");
        let broken = problems.iter().any(|p| p.level == crate::problem::Level::Error);
        for rule in book.rules.iter().filter(|_| !broken) {
            let own = book.supervisors(rule, day).iter().map(|n| format!(" {}", n.authority)).collect::<String>();
            let told = book.told(rule, day).iter().map(|n| format!(" ({})", n.authority)).collect::<String>();
            found.push(format!("{}{own}{told}", rule.id));
        }
        let expected: Vec<String> = expected.iter().map(ToString::to_string).collect();
        assert_eq!(found, expected, "{more}");
    }

    fn block(kind: &str, id: &str, rest: &str) -> String {
        format!("```{kind}\nid = \"{id}\"\ncite = [\"Act 9\"]\n{rest}\n```\n")
    }

    #[test]
    fn the_head_speaks_where_no_block_does() {
        check("", "2024-01-01", &["x.1 fsc", "x.1.a fsc", "x.10 fsc"]);
    }

    #[test]
    fn a_block_begins_on_its_day_and_is_about_the_rules_below_those_it_names() {
        let all = block("supervision", "all", "values = { 2024-07-19 = [\"fsc\"] }");
        let some = block("supervision", "some", "rules = [\"x.1\"]\nvalues = { 2025-01-01 = [\"fss\"] }");
        let both = format!("{all}{some}");
        check(&both, "2024-07-18", &["x.1", "x.1.a", "x.10"]);
        check(&both, "2024-07-19", &["x.1 fsc", "x.1.a fsc", "x.10 fsc"]);
        check(&both, "2024-12-31", &["x.1 fsc", "x.1.a fsc", "x.10 fsc"]);
        check(&both, "2025-01-01", &["x.1 fsc fss", "x.1.a fsc fss", "x.10 fsc"]);
        let moved = block("supervision", "all", "values = { 2024-07-19 = [\"fsc\"], 2026-01-01 = [\"fss\"] }");
        check(&moved, "2025-12-31", &["x.1 fsc", "x.1.a fsc", "x.10 fsc"]);
        check(&moved, "2026-01-01", &["x.1 fss", "x.1.a fss", "x.10 fss"]);
    }

    #[test]
    fn who_is_told_does_not_supervise() {
        let told = block("sharing", "told", "rules = [\"x.10\"]\nvalues = { 2025-01-01 = [\"kisa\", \"fsc\"] }");
        check(&told, "2024-12-31", &["x.1 fsc", "x.1.a fsc", "x.10 fsc"]);
        check(&told, "2025-01-01", &["x.1 fsc", "x.1.a fsc", "x.10 fsc (kisa)"]);
    }

    #[test]
    fn a_bill_and_what_was_not_seen_open_nothing() {
        for status in ["proposed", "unverified", "reference"] {
            let rest = format!("values = {{ 2024-01-01 = [\"fss\"] }}\nstatus = \"{status}\"\nopen = \"when\"");
            check(&block("supervision", "all", &rest), "2026-01-01", &["x.1", "x.1.a", "x.10"]);
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let wrong = block("supervision", "all", "values = { 2024-01-01 = [\"fsss\"] }");
        check(&wrong, "2026-01-01", &["Error: there is no authority `fsss` (did you mean `fss`?)"]);
        let wrong = block("sharing", "all", "rules = [\"x.2\"]\nvalues = { 2024-01-01 = [\"fss\"] }");
        check(&wrong, "2026-01-01", &["Error: no rule of this page is `x.2` or below it (did you mean `x.1`?)"]);
        let twice = format!("{0}{0}", block("sharing", "all", "values = { 2024-01-01 = [\"fss\"] }"));
        check(
            &twice,
            "2026-01-01",
            &["Error: `all` stands twice (a new day is a value of the first, not a second block)"],
        );
        let hole = block("supervision", "some", "rules = [\"x.1\"]\nvalues = { 2024-01-01 = [\"fss\"] }");
        let hint = "name it in a `supervision` block; until then the authority of the head supervises it";
        check(
            &hole,
            "2026-01-01",
            &[
                &format!("Warning: no block of this page says who supervises `x.10` ({hint})"),
                "x.1 fss",
                "x.1.a fss",
                "x.10 fsc",
            ],
        );
    }
}
