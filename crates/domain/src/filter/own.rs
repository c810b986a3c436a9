//! Filters that ask about nothing but the record itself, and mean the same whoever asks: what rules may ask.

use super::FilterError;
use super::ast::{Filter, Literal, Macro, Operand};
use super::catalogue::{self, Catalogue, FieldKind};
use crate::kind::RecordKind;

/// Refuses a filter that looks through a reference or into a collection, or that depends on who asks. What else may be wrong
/// with it is for [`check`](super::check) to say.
///
/// # Errors
/// `Beyond` and `Personal`.
pub fn require_own(filter: &Filter, kind: RecordKind, catalogue: Catalogue) -> Result<(), FilterError> {
    match filter {
        Filter::True => Ok(()),
        Filter::And(parts) | Filter::Or(parts) => parts.iter().try_for_each(|part| require_own(part, kind, catalogue)),
        Filter::Not(inner) => require_own(inner, kind, catalogue),
        Filter::Any { path, .. } => Err(FilterError::Beyond { path: path.join(".") }),
        Filter::Test { path, value, .. } => {
            if leads_away(path, kind, catalogue) {
                return Err(FilterError::Beyond { path: path.join(".") });
            }
            if is_personal(value) { Err(FilterError::Personal { path: path.join(".") }) } else { Ok(()) }
        }
    }
}

/// Refuses a filter that asks about anything but these fields of the record.
///
/// # Errors
/// `OutOfPlace`.
pub fn require_fields(filter: &Filter, fields: &[&str]) -> Result<(), FilterError> {
    match filter {
        Filter::True => Ok(()),
        Filter::And(parts) | Filter::Or(parts) => parts.iter().try_for_each(|part| require_fields(part, fields)),
        Filter::Not(inner) => require_fields(inner, fields),
        Filter::Any { path, .. } | Filter::Test { path, .. } => {
            let is_among = path.first().is_some_and(|first| fields.contains(&first.as_str()));
            if is_among { Ok(()) } else { Err(FilterError::OutOfPlace { path: path.join(".") }) }
        }
    }
}

fn leads_away(path: &[String], kind: RecordKind, catalogue: Catalogue) -> bool {
    let Some(first) = path.first() else { return false };
    match catalogue::find(catalogue, kind, first) {
        Some(field) => matches!(field.kind, FieldKind::Collection { .. }),
        None => path.len() > 1 && catalogue::find_hop(catalogue, kind, first).is_some(),
    }
}

fn is_personal(value: &Operand) -> bool {
    let names_asker = |literal: &Literal| matches!(literal, Literal::Macro(Macro::Me | Macro::MyTeam));
    match value {
        Operand::None => false,
        Operand::One(literal) => names_asker(literal),
        Operand::Range(low, high) => names_asker(low) || names_asker(high),
        Operand::List(literals) => literals.iter().any(names_asker),
    }
}
