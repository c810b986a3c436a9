//! Evaluating a checked filter in memory, with the meaning that the SQL has.

use super::checked::{Checked, CmpOp, Column, TagMatch, TextMatch, Value};
use crate::kind::RecordKind;

/// A record that a filter can be evaluated on.
pub trait Source {
    /// What a column holds, `None` for null.
    fn value(&self, column: &str) -> Option<Value>;
    /// The set of tags in a column; empty for null.
    fn tags(&self, column: &str) -> Vec<String>;
    /// The record that a column refers to, `None` for null.
    fn referred(&self, column: &str, target: RecordKind) -> Option<&dyn Source>;
    /// The records of `target` whose `foreign_key` refers to this one.
    fn members(&self, target: RecordKind, foreign_key: &str) -> Vec<&dyn Source>;
}

/// Whether the record matches.
#[must_use]
pub fn is_match(filter: &Checked, record: &dyn Source) -> bool {
    match filter {
        Checked::True => true,
        Checked::False => false,
        Checked::And(parts) => parts.iter().all(|part| is_match(part, record)),
        Checked::Or(parts) => parts.iter().any(|part| is_match(part, record)),
        Checked::Not(inner) => !is_match(inner, record),
        Checked::Cmp { column, op, value } => holds(record, column, |found| compare(found, *op, value)),
        Checked::In { column, values } => holds(record, column, |found| values.contains(found)),
        Checked::NotNull { column } => holds(record, column, |_| true),
        Checked::Text { column, how, needle } => holds(record, column, |found| has_text(found, *how, needle)),
        Checked::Tags { column, how, values } => has_tags(&record.tags(column.name), *how, values),
        Checked::HasTags { column } => !record.tags(column.name).is_empty(),
        Checked::Through { column, target, inner } => {
            record.referred(column.name, *target).is_some_and(|other| is_match(inner, other))
        }
        Checked::Exists { target, foreign_key, inner } => {
            record.members(*target, foreign_key).into_iter().any(|member| is_match(inner, member))
        }
    }
}

fn holds(record: &dyn Source, column: &Column, test: impl Fn(&Value) -> bool) -> bool {
    record.value(column.name).is_some_and(|found| test(&found))
}

/// Values of different types never compare; a catalogue that fits its table does not let that happen.
fn compare(found: &Value, op: CmpOp, value: &Value) -> bool {
    if std::mem::discriminant(found) != std::mem::discriminant(value) {
        return false;
    }
    match op {
        CmpOp::Eq => found == value,
        CmpOp::Gt => found > value,
        CmpOp::Ge => found >= value,
        CmpOp::Lt => found < value,
        CmpOp::Le => found <= value,
    }
}

fn has_text(found: &Value, how: TextMatch, needle: &str) -> bool {
    let Value::Text(text) = found else { return false };
    let text = text.to_ascii_lowercase();
    match how {
        TextMatch::Contains => text.contains(needle),
        TextMatch::StartsWith => text.starts_with(needle),
        TextMatch::EndsWith => text.ends_with(needle),
    }
}

fn has_tags(found: &[String], how: TagMatch, values: &[String]) -> bool {
    match how {
        TagMatch::Any => values.iter().any(|value| found.contains(value)),
        TagMatch::All => values.iter().all(|value| found.contains(value)),
    }
}
