//! The limits of a filter: what one request may ask of the database.

use super::FilterError;
use super::ast::{Filter, Operand};

/// Longest string form, in bytes.
pub const MAX_BYTES: usize = 4096;
/// Deepest nesting of AND, OR, NOT and ANY; a single test has depth 0.
pub const MAX_DEPTH: usize = 5;
/// Most tests.
pub const MAX_TESTS: usize = 50;
/// Most values of one list.
pub const MAX_VALUES: usize = 200;
/// Most references and collections that one test goes through, enclosing `ANY`s counted.
pub const MAX_HOPS: usize = 3;
/// Deepest nesting that the readers follow; brackets may stand around brackets.
pub(super) const MAX_NESTING: usize = 16;

/// Refuses what is too deep, too long or too wide. Hops are counted when the path is resolved.
pub(super) fn enforce(filter: &Filter) -> Result<(), FilterError> {
    let mut tests = 0;
    walk(filter, 0, &mut tests)
}

fn walk(filter: &Filter, depth: usize, tests: &mut usize) -> Result<(), FilterError> {
    let is_level = matches!(filter, Filter::And(_) | Filter::Or(_) | Filter::Not(_) | Filter::Any { .. });
    if is_level && depth >= MAX_DEPTH {
        return too_complex("at most 5 levels of AND, OR, NOT and ANY");
    }
    match filter {
        Filter::True => Ok(()),
        Filter::And(parts) | Filter::Or(parts) => parts.iter().try_for_each(|part| walk(part, depth + 1, tests)),
        Filter::Not(inner) => walk(inner, depth + 1, tests),
        Filter::Any { filter, .. } => walk(filter, depth + 1, tests),
        Filter::Test { value, .. } => count_test(value, tests),
    }
}

fn count_test(value: &Operand, tests: &mut usize) -> Result<(), FilterError> {
    *tests += 1;
    if *tests > MAX_TESTS {
        return too_complex("at most 50 tests");
    }
    match value {
        Operand::List(values) if values.len() > MAX_VALUES => too_complex("at most 200 values in a list"),
        _ => Ok(()),
    }
}

pub(super) fn too_complex<T>(limit: &'static str) -> Result<T, FilterError> {
    Err(FilterError::TooComplex { limit })
}
