//! Comparisons as people and programs read them: one file a form.

pub mod answers;
pub mod html;
pub mod html_countries;
pub mod json;
pub mod strip;
pub mod table;
pub mod words;
pub mod xlsx;

use crate::compare::countries::Countries;
use crate::compare::matrix::Matrix;

/// One of the two comparisons.
#[derive(Clone, Debug)]
pub enum Comparison {
    /// Obligations × exchanges.
    Exchanges(Matrix),
    /// Topics × countries.
    Countries(Countries),
}
