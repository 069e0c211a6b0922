//! Median, quartiles, range and ranks, exact.
//!
//! The quartile of order q of n sorted values lies at position 1 + (n − 1)·q; between two values it is interpolated on the
//! straight line, as a fraction. This is the definition of spreadsheets (`QUARTILE.INC`, type 7 of Hyndman and Fan), so
//! whoever checks a figure in a workbook finds the same. With one value all five are that value.

use crate::compare::yardstick::Better;
use rulebook::number::Number;

/// Five numbers of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistics {
    /// How many have a value.
    pub count: usize,
    /// The least value.
    pub least: Number,
    /// A quarter lies at or below it.
    pub lower_quartile: Number,
    /// Half lies at or below it.
    pub median: Number,
    /// Three quarters lie at or below it.
    pub upper_quartile: Number,
    /// The greatest value.
    pub most: Number,
}

/// The five numbers; none of no values, or where a fraction outgrows what is calculated with.
pub fn of(values: &[Number]) -> Option<Statistics> {
    let mut sorted: Vec<&Number> = values.iter().collect();
    sorted.sort();
    let (least, most) = ((*sorted.first()?).clone(), (*sorted.last()?).clone());
    let [lower_quartile, median, upper_quartile] = [1, 2, 3].map(|quarters| quartile(&sorted, quarters));
    Some(Statistics {
        count: sorted.len(),
        least,
        lower_quartile: lower_quartile?,
        median: median?,
        upper_quartile: upper_quartile?,
        most,
    })
}

/// The value at position (n − 1)·quarters / 4, counted from zero.
fn quartile(sorted: &[&Number], quarters: usize) -> Option<Number> {
    let steps = sorted.len().checked_sub(1)?.checked_mul(quarters)?;
    let (whole, part) = (steps / 4, steps % 4);
    let low = *sorted.get(whole)?;
    if part == 0 {
        return Some(low.clone());
    }
    let gap = sorted.get(whole + 1)?.subtract(low)?;
    low.add(&gap.multiply(&Number::fraction(part as i128, 4)?)?)
}

/// Rank of each value: 1 + how many are better. Equal values share a rank; who has no value has none.
pub fn ranks(values: &[Option<&Number>], better: Better) -> Vec<Option<usize>> {
    let mut sorted: Vec<&Number> = values.iter().flatten().copied().collect();
    sorted.sort();
    let rank = |value: &Number| match better {
        Better::Larger => sorted.len() - sorted.partition_point(|other| *other <= value) + 1,
        Better::Smaller => sorted.partition_point(|other| *other < value) + 1,
    };
    values.iter().map(|value| value.map(rank)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<Number> {
        text.split_whitespace().map(|n| crate::report::amount::parse(n).expect("a number")).collect()
    }

    fn check(values: &str, expected: &str) {
        let found = of(&numbers(values)).map(|s| {
            let five = [s.least, s.lower_quartile, s.median, s.upper_quartile, s.most].map(|n| n.to_string());
            format!("{}: {}", s.count, five.join(" "))
        });
        assert_eq!(found.unwrap_or_default(), expected, "of {values}");
    }

    #[test]
    fn quartiles_are_exact() {
        check("", "");
        check("7", "1: 7 7 7 7 7");
        check("2 1", "2: 1 1.25 1.5 1.75 2");
        check("3 1 2", "3: 1 1.5 2 2.5 3");
        check("4 1 3 2", "4: 1 1.75 2.5 3.25 4");
        check("50 10 30 20 40", "5: 10 20 30 40 50");
        check("1/3 1/7 1/2 1/5 1/11 1/13", "6: 1/13 8/77 6/35 0.3 0.5");
        check("-5 5 0 -5", "4: -5 -5 -2.5 1.25 5");
    }

    #[test]
    fn equal_values_share_a_rank() {
        let values = numbers("3 1 3 2");
        let mut list: Vec<Option<&Number>> = values.iter().map(Some).collect();
        list.push(None);
        let shown =
            |better| ranks(&list, better).iter().map(|r| r.map_or("-".into(), |r| r.to_string())).collect::<Vec<_>>();
        assert_eq!(shown(Better::Larger).join(" "), "1 4 1 3 -");
        assert_eq!(shown(Better::Smaller).join(" "), "3 1 3 2 -");
    }
}
