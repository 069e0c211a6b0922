//! What a shortfall costs in a year, by the page of costs: low, middle and high, each with its source.
//!
//! It promises that no price stands in the program, and that what has no price is said to have none.

use crate::trouble::Trouble;
use rulebook::book::{Book, ParameterValue};
use rulebook::number::Number;
use rulebook::page::Source;
use rulebook::problem::Level;
use rulebook::time::{Date, Instant, Zone};
use std::path::Path;

/// The page that ships with the program.
const SHIPPED: &str = include_str!("../../../../data/industry/costs.md");
/// Its path, for messages and for whoever looks it up.
const SHIPPED_PATH: &str = "data/industry/costs.md";

/// The views of a cost, in order, as the page names them.
pub const VIEWS: [&str; 3] = ["low", "middle", "high"];

/// Low, middle and high.
pub type Cost = [Number; 3];

/// A page of costs.
#[derive(Clone, Debug)]
pub struct Costs {
    book: Book,
    path: String,
}

/// A price of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// Of a year of what: `person`, `ciso`.
    pub of: String,
    /// Which view.
    pub view: &'static str,
    /// In won.
    pub won: String,
    /// Since which day.
    pub since: Date,
    /// Who says so.
    pub cite: String,
}

impl Costs {
    /// The page that ships with the program, or another one.
    pub fn read(page: Option<&Path>) -> Result<Costs, Trouble> {
        let (path, text) = match page {
            None => (SHIPPED_PATH.to_string(), SHIPPED.to_string()),
            Some(path) => {
                let text = std::fs::read_to_string(path).map_err(|e| Trouble::file(path, &e))?;
                (path.display().to_string(), text)
            }
        };
        let (book, problems) = rulebook::build(kernel::words::vocabulary(), vec![Source { path: path.clone(), text }]);
        match problems.iter().find(|p| p.level == Level::Error) {
            Some(first) => Err(Trouble::no(
                format!("{path}: {}", first.message),
                "`bongsu check` shows every problem with its place; data/industry/costs.md shows the form",
            )),
            None => Ok(Costs { book, path }),
        }
    }

    /// Where the prices stand.
    pub fn path(&self) -> &str {
        &self.path
    }

    fn zone(&self) -> Zone {
        self.book.instruments.first().map_or_else(Zone::utc, |i| i.zone.clone())
    }

    /// What a year of so many of something costs; `None` where the page has no price of it then.
    pub fn of(&self, what: &str, amount: &Number, as_of: Instant) -> Option<Cost> {
        if what == "KRW" {
            return Some([amount.clone(), amount.clone(), amount.clone()]);
        }
        let day = self.zone().date(as_of);
        let mut cost = [Number::ZERO, Number::ZERO, Number::ZERO];
        for (view, slot) in VIEWS.iter().zip(cost.iter_mut()) {
            let price = self.price(what, view)?.1.iter().rev().find_map(|(from, value)| match value {
                ParameterValue::Number(n, _) if *from <= day => Some(n),
                _ => None,
            })?;
            *slot = amount.multiply(price)?;
        }
        Some(cost)
    }

    fn price(&self, what: &str, view: &str) -> Option<(&rulebook::book::Parameter, &[(Date, ParameterValue)])> {
        let name = format!("{what}_year_{view}");
        let found = self.book.parameters.iter().find(|p| p.id == name)?;
        Some((found, &found.values))
    }

    /// The prices that were used at a moment, for the foot of a report.
    pub fn prices(&self, as_of: Instant) -> Vec<Price> {
        let day = self.zone().date(as_of);
        let mut list = Vec::new();
        for parameter in &self.book.parameters {
            let Some((of, view)) = parameter.id.split_once("_year_") else { continue };
            let Some(view) = VIEWS.iter().copied().find(|v| *v == view) else { continue };
            let standing = parameter.values.iter().rev().find(|(from, _)| *from <= day);
            if let Some((since, ParameterValue::Number(won, _))) = standing {
                let cite = parameter.cite.join("; ");
                list.push(Price { of: of.into(), view, won: won.to_string(), since: *since, cite });
            }
        }
        list
    }
}

/// Adds up; `None` once a sum no longer fits.
pub fn add(a: &Cost, b: &Cost) -> Option<Cost> {
    Some([a[0].add(&b[0])?, a[1].add(&b[1])?, a[2].add(&b[2])?])
}
