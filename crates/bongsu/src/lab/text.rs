//! The lab's answers for a terminal, in English and Korean: the comparison first, then who, how much and why.

use super::bands::Band;
use super::cost::{Cost, Costs};
use super::run::{Outcome, Ruled, Run, Tried};
use super::set::Kind;
use super::sweep::{Point, Range, Sweep};
use crate::lang::Lang;
use crate::report::amount;
use rulebook::book::Status;
use rulebook::number::Number;
use rulebook::time::{Instant, Zone};
use std::collections::BTreeMap;
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// Columns of a line of text; longer lists go on below.
const WIDTH: usize = 110;

/// Rows of values that a table of a sweep shows; JSON has all.
const ROWS: usize = 11;

/// Eight heights of a bar.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// A band's name.
pub fn band(band: Band, lang: Lang) -> &'static str {
    match band {
        Band::Bound => lang.pick("bound", "구속"),
        Band::IfAdverse => lang.pick("bound if adverse", "불리하면 구속"),
        Band::CannotBeSaid => lang.pick("cannot be said", "판단 불가"),
        Band::NotYet => lang.pick("not yet", "기한 전"),
        Band::Fulfils => lang.pick("fulfils", "충족"),
        Band::NotReached => lang.pick("not reached", "미적용"),
    }
}

/// Made up or real, as a heading says it.
pub fn kind(kind: Kind, lang: Lang) -> &'static str {
    match kind {
        Kind::Synthetic => lang.pick("MADE UP", "가공"),
        Kind::Real => lang.pick("REAL", "실제"),
    }
}

/// Whole millions of won, cut.
pub fn millions(won: &Number) -> String {
    let whole = won.divide(&Number::integer(1_000_000)).and_then(|n| n.floor());
    whole.map_or_else(|| won.to_string(), |n| amount::decimal(&Number::integer(n)))
}

/// A number cut after two places where it goes on; never rounded up.
pub fn cut(number: &Number) -> String {
    if number.parts().is_some() {
        return amount::decimal(number);
    }
    let hundredths = number.multiply(&Number::integer(100)).and_then(|n| n.floor());
    hundredths
        .and_then(|n| Number::fraction(n, 100))
        .map_or_else(|| number.to_string(), |n| format!("≈ {}", amount::decimal(&n)))
}

/// Low, middle and high in millions of won.
pub fn costs(cost: &Cost) -> String {
    if cost[0] == cost[2] {
        return millions(&cost[1]);
    }
    format!("{} / {} / {}", millions(&cost[0]), millions(&cost[1]), millions(&cost[2]))
}

/// Heads, cut after two places.
fn heads(short: &BTreeMap<String, Number>, of: &str) -> String {
    short.get(of).map_or_else(|| "-".to_string(), |n| if of == "KRW" { millions(n) } else { cut(n) })
}

/// Whole people.
fn hires(whole: i128) -> String {
    if whole == 0 { "-".to_string() } else { whole.to_string() }
}

/// All that is short but money and heads: a count of officers, a share.
fn others(short: &BTreeMap<String, Number>) -> String {
    let other = short.iter().filter(|(of, n)| !["KRW", "person"].contains(&of.as_str()) && !n.is_zero());
    other.map(|(of, n)| format!("{} {of}", cut(n))).collect::<Vec<_>>().join(", ")
}

fn pad(text: &str, wide: usize, right: bool) -> String {
    let room = " ".repeat(wide.saturating_sub(text.width()));
    if right { format!("{room}{text}") } else { format!("{text}{room}") }
}

/// A table whose first column is names and whose others are numbers.
fn table(out: &mut String, rows: &[Vec<String>], names: usize) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let wide: Vec<usize> =
        (0..columns).map(|c| rows.iter().filter_map(|r| r.get(c)).map(|t| t.width()).max().unwrap_or(0)).collect();
    for row in rows {
        let cells: Vec<String> = row.iter().zip(&wide).enumerate().map(|(c, (t, w))| pad(t, *w, c >= names)).collect();
        let _ = writeln!(out, "  {}", cells.join("  ").trim_end());
    }
}

/// Text folded at spaces, each further line set in.
fn folded(out: &mut String, first: &str, text: &str) {
    let mut line = first.to_string();
    let indent = " ".repeat(first.width());
    for word in text.split(' ') {
        if line.width() + word.width() + 1 > WIDTH && line.trim() != first.trim() {
            let _ = writeln!(out, "{}", line.trim_end());
            line = indent.clone();
        }
        line.push_str(word);
        line.push(' ');
    }
    let _ = writeln!(out, "{}", line.trim_end());
}

/// The zone in which moments are printed.
fn zone() -> Zone {
    Zone::get("Asia/Seoul").unwrap_or_else(Zone::utc)
}

fn day(at: Instant) -> String {
    zone().show(at)
}

/// Several runs, one for each data set; no sum is formed over them.
pub fn runs(runs: &[Run], costs: &Costs, lang: Lang) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}", lang.pick("Policy lab: what-ifs, not law", "정책 실험실: 가정이며 법이 아님"));
    for run in runs {
        one_run(&mut out, run, lang);
    }
    no_sum(&mut out, runs.iter().map(|r| r.kind), lang);
    foot(&mut out, costs, runs.iter().map(|r| r.as_of).max(), lang);
    out
}

fn heading(out: &mut String, set: &str, of: Kind, exchanges: usize, rests_on: &str, as_of: Instant, lang: Lang) {
    let _ = writeln!(out);
    let at = day(as_of);
    let _ = match lang {
        Lang::En => writeln!(out, "{}: {set}, {exchanges} exchanges, as of {at} ({rests_on})", kind(of, lang)),
        Lang::Ko => writeln!(out, "{}: {set}, 거래소 {exchanges}곳, 기준 {at} ({rests_on})", kind(of, lang)),
    };
}

fn head(lang: Lang) -> Vec<String> {
    [
        lang.pick("bound", "구속"),
        lang.pick("if adverse", "불리하면"),
        lang.pick("cannot say", "판단 불가"),
        lang.pick("not yet", "기한 전"),
        lang.pick("fulfil", "충족"),
        lang.pick("not reached", "미적용"),
        lang.pick("people short", "부족 인원"),
        lang.pick("hires", "채용"),
        lang.pick("won short, m", "부족액(백만원)"),
        lang.pick("cost a year, m won", "연 비용(백만원)"),
        lang.pick("at worst", "불리할 때"),
    ]
    .map(String::from)
    .to_vec()
}

fn counts(bands: &BTreeMap<Band, usize>) -> Vec<String> {
    super::bands::BANDS.iter().map(|(b, _)| bands.get(b).copied().unwrap_or(0).to_string()).collect()
}

fn one_run(out: &mut String, run: &Run, lang: Lang) {
    heading(out, &run.set, run.kind, run.exchanges, &run.rests_on, run.as_of, lang);
    let mut rows = vec![[vec![lang.pick("draft", "안").to_string()], head(lang)].concat()];
    for tried in &run.drafts {
        let mut row = vec![tried.name.clone()];
        row.extend(counts(&tried.bands));
        row.extend([
            heads(&tried.short, "person"),
            hires(tried.hires),
            heads(&tried.short, "KRW"),
            super::text::costs(&tried.cost),
            super::text::costs(&tried.adverse_cost),
        ]);
        rows.push(row);
    }
    table(out, &rows, 1);
    for tried in &run.drafts {
        draft(out, tried, lang);
    }
}

fn draft(out: &mut String, tried: &Tried, lang: Lang) {
    let _ = writeln!(out);
    folded(out, &format!("{}: ", tried.name), &tried.title);
    for says in &tried.says {
        folded(out, "    ", says);
    }
    let other = others(&tried.short);
    if !other.is_empty() {
        let _ = writeln!(out, "  {} {other}", lang.pick("also short:", "그 밖의 부족:"));
    }
    if tried.unpriced > 0 {
        let _ = match lang {
            Lang::En => writeln!(out, "  missed without a figure of how much, so without a price: {}", tried.unpriced),
            Lang::Ko => writeln!(out, "  부족량을 셀 수 없어 비용을 매기지 않은 미달: {}", tried.unpriced),
        };
    }
    why(out, tried, lang);
    for wanted in [Band::Bound, Band::IfAdverse, Band::CannotBeSaid] {
        let group: Vec<(&Outcome, &Ruled)> = tried
            .exchanges
            .iter()
            .flat_map(|e| e.rules.iter().map(move |r| (e, r)))
            .filter(|(_, r)| r.band == wanted)
            .collect();
        if group.is_empty() {
            continue;
        }
        let _ = writeln!(out, "  {}: {}", band(wanted, lang), group.len());
        let mut rows = Vec::new();
        for (e, r) in group {
            rows.push(row(e, r, lang));
        }
        let mut part = String::new();
        table(&mut part, &rows, 6);
        for line in part.lines() {
            let _ = writeln!(out, "  {line}");
        }
    }
}

/// Each rule that somebody is bound by: the condition and where it stands.
fn why(out: &mut String, tried: &Tried, lang: Lang) {
    let mut seen: Vec<&str> = Vec::new();
    for rule in tried.exchanges.iter().flat_map(|e| &e.rules) {
        if seen.contains(&rule.rule.as_str()) || rule.line.is_empty() {
            continue;
        }
        seen.push(&rule.rule);
        let title = lang.pick(&rule.title_en, &rule.title_ko);
        let status = crate::report::words::status(Status::Proposed, lang);
        folded(out, "  ", &format!("{}: {title} [{status}]", rule.rule));
        folded(out, "    ", &rule.line);
        folded(out, "    ", &rule.cites.join("; "));
    }
}

fn row(e: &Outcome, r: &Ruled, lang: Lang) -> Vec<String> {
    let print = |q: &Option<kernel::finding::Quantity>| {
        q.as_ref()
            .map(|q| amount::show(q, q.unit.is_empty() && (r.line.contains('/') || r.line.contains("_share")), lang))
            .unwrap_or_default()
    };
    let about = r.subject.as_ref().map(|s| format!(" {}/{}", s.kind, s.name)).unwrap_or_default();
    let was = r.before.map_or(lang.pick("new", "신설"), |v| crate::report::words::verdict(v, Status::Proposed, lang));
    let is = crate::report::words::verdict(r.after, Status::Proposed, lang);
    let pair = |a: String, b: String| if a.is_empty() && b.is_empty() { String::new() } else { format!("{a} < {b}") };
    let measured = if r.band == Band::Bound { pair(print(&r.value), print(&r.required)) } else { String::new() };
    let lacks =
        |s: &Option<super::run::Short>| s.as_ref().map(|s| quantity(&s.amount, &s.of, lang)).unwrap_or_default();
    let last = match r.band {
        Band::Bound => r.since.map(|at| format!("{} {}", lang.pick("since", "이후"), day(at))).unwrap_or_default(),
        Band::IfAdverse => r.tried.join(", "),
        _ => format!("{}: {}", lang.pick("missing", "없는 자료"), r.missing.join(", ")),
    };
    let short = match r.band {
        Band::IfAdverse => lacks(&r.adverse),
        _ => lacks(&r.short),
    };
    vec![
        lang.pick(&e.name_en, &e.name_ko).to_string(),
        format!("{}{about}", r.rule),
        format!("{was} -> {is}"),
        measured,
        short,
        last,
    ]
}

fn quantity(amount: &Number, of: &str, lang: Lang) -> String {
    let unit = if ["KRW", "person"].contains(&of) { of } else { "" };
    let shown =
        amount::show(&kernel::finding::Quantity { value: amount.to_string(), unit: unit.into() }, of == "share", lang);
    if unit.is_empty() && of != "share" { format!("{shown} {of}") } else { shown }
}

/// Why there is no total.
fn no_sum(out: &mut String, kinds: impl Iterator<Item = Kind>, lang: Lang) {
    let kinds: Vec<Kind> = kinds.collect();
    if kinds.len() < 2 {
        return;
    }
    let _ = writeln!(out);
    let mixed = kinds.contains(&Kind::Synthetic) && kinds.contains(&Kind::Real);
    let text = if mixed {
        lang.pick(
            "No total: made-up and real exchanges are never added up.",
            "합계 없음: 가공 거래소와 실제 거래소는 더하지 않는다.",
        )
    } else {
        lang.pick("No total: sets may hold the same exchanges.", "합계 없음: 같은 거래소가 여러 자료에 있을 수 있다.")
    };
    let _ = writeln!(out, "{text}");
}

fn foot(out: &mut String, costs: &Costs, as_of: Option<Instant>, lang: Lang) {
    let _ = writeln!(out);
    folded(out, "", lang.pick(
        "bound: short whatever is unknown. if adverse: short if what is missing is adverse within what the exchange itself recorded. cannot say: nothing recorded comes near. Won amounts are whole millions, cut.",
        "구속: 모르는 것이 무엇이든 미달. 불리하면: 없는 자료가 스스로 기록한 범위에서 불리할 때 미달. 판단 불가: 미루어 볼 기록이 없음. 금액은 백만원 미만을 버림.",
    ));
    let Some(as_of) = as_of else { return };
    let prices = costs.prices(as_of);
    folded(out, "", &format!("{} ({}):", lang.pick("prices, won a year", "연간 단가(원)"), costs.path()));
    for price in prices {
        let won = price.won.parse::<i128>().map_or(price.won.clone(), |n| amount::decimal(&Number::integer(n)));
        folded(out, "  ", &format!("{} {}: {won}, {}", price.of, price.view, price.cite));
    }
}

/// A row of bars for numbers of one scale; zero is the lowest bar.
pub fn bars(numbers: &[Number]) -> String {
    let most = numbers.iter().max().cloned().unwrap_or(Number::ZERO);
    let height = |n: &Number| {
        let part = n.multiply(&Number::integer(7)).and_then(|n| n.divide(&most)).and_then(|n| n.floor());
        let at = part.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        BARS[at.min(7)]
    };
    numbers.iter().map(height).collect()
}

/// At most so many of a list, the first and the last among them, by position.
fn evenly(count: usize, most: usize) -> Vec<usize> {
    if count <= most {
        return (0..count).collect();
    }
    (0..most).map(|n| n * (count - 1) / (most - 1)).collect()
}

/// A value of the range as people write it.
pub fn value(number: &Number, unit: &str, lang: Lang) -> String {
    let unit_of = if unit == "%" { "" } else { unit };
    let quantity = kernel::finding::Quantity { value: number.to_string(), unit: unit_of.into() };
    amount::show(&quantity, unit == "%", lang)
}

/// Several sweeps, one for each data set.
pub fn sweeps(sweeps: &[Sweep], range: &Range, draft: &str, costs: &Costs, lang: Lang) -> String {
    let mut out = String::new();
    let show = |n: &Number| value(n, &range.unit, lang);
    let ends = (range.values.first().map(show).unwrap_or_default(), range.values.last().map(show).unwrap_or_default());
    let _ = match lang {
        Lang::En => writeln!(
            out,
            "Policy lab: {} from {} to {} in {} values, under {draft} (a what-if, not law)",
            range.name,
            ends.0,
            ends.1,
            range.values.len()
        ),
        Lang::Ko => writeln!(
            out,
            "정책 실험실: {} {}부터 {}까지 {}개 값, {draft} (가정이며 법이 아님)",
            range.name,
            ends.0,
            ends.1,
            range.values.len()
        ),
    };
    for sweep in sweeps {
        one_sweep(&mut out, sweep, range, lang);
    }
    no_sum(&mut out, sweeps.iter().map(|s| s.kind), lang);
    foot(&mut out, costs, sweeps.iter().map(|s| s.as_of).max(), lang);
    out
}

fn one_sweep(out: &mut String, sweep: &Sweep, range: &Range, lang: Lang) {
    heading(out, &sweep.set, sweep.kind, sweep.exchanges, &sweep.rests_on, sweep.as_of, lang);
    let how = if sweep.by_comparison {
        lang.pick("settled by comparison", "비교로 판정")
    } else {
        lang.pick("each value evaluated by itself", "값마다 다시 평가")
    };
    let _ = writeln!(out, "  {}: {} ({how})", lang.pick("rules", "규칙"), sweep.rules.join(", "));
    let columns = evenly(sweep.points.len(), 60);
    let curve = |name: &str, of: &dyn Fn(&Point) -> Number, shown: &dyn Fn(&Number) -> String, out: &mut String| {
        let numbers: Vec<Number> = columns.iter().map(|at| of(&sweep.points[*at])).collect();
        if numbers.iter().all(Number::is_zero) {
            return;
        }
        let ends = (numbers.first().map(shown).unwrap_or_default(), numbers.last().map(shown).unwrap_or_default());
        let _ = writeln!(out, "  {} {}  {} .. {}", pad(name, 20, false), bars(&numbers), ends.0, ends.1);
    };
    let count = |b: Band| move |p: &Point| Number::integer(p.bands.get(&b).copied().unwrap_or(0) as i128);
    curve(band(Band::Bound, lang), &count(Band::Bound), &amount::decimal, out);
    let of = |of: &'static str| move |p: &Point| p.short.get(of).cloned().unwrap_or(Number::ZERO);
    curve(lang.pick("people short", "부족 인원"), &of("person"), &cut, out);
    curve(lang.pick("won short, m", "부족액(백만원)"), &of("KRW"), &millions, out);
    curve(lang.pick("cost, middle, m", "연 비용(중간, 백만원)"), &|p| p.cost[1].clone(), &millions, out);
    let mut rows = vec![[vec![range.name.clone()], head(lang)].concat()];
    for at in evenly(sweep.points.len(), ROWS) {
        let point = &sweep.points[at];
        let mut row = vec![value(&point.value, &range.unit, lang)];
        row.extend(counts(&point.bands));
        row.extend([
            heads(&point.short, "person"),
            hires(point.hires),
            heads(&point.short, "KRW"),
            costs(&point.cost),
            costs(&point.adverse_cost),
        ]);
        rows.push(row);
    }
    table(out, &rows, 1);
    whom(out, sweep, range, lang);
}

/// Whom each value binds first: those bound at the lowest value, then those who join.
fn whom(out: &mut String, sweep: &Sweep, range: &Range, lang: Lang) {
    let mut groups: Vec<(&Number, Vec<&str>)> = Vec::new();
    for crossing in &sweep.crossings {
        let name = lang.pick(&crossing.name_en, &crossing.name_ko);
        match groups.last_mut() {
            Some((at, names)) if **at == crossing.value => names.push(name),
            _ => groups.push((&crossing.value, vec![name])),
        }
    }
    let _ = writeln!(out, "  {}", lang.pick("whom it binds, from which value on:", "누가 어느 값부터 구속되는가:"));
    if groups.is_empty() {
        let _ = writeln!(out, "    {}", lang.pick("nobody", "없음"));
    }
    for (at, names) in groups {
        let first = format!("    {}  ", pad(&value(at, &range.unit, lang), 10, true));
        folded(out, &first, &names.join(", "));
    }
}
