//! Whether any record can match a filter, as far as the filter alone tells.

use std::collections::HashMap;

use super::checked::{Checked, CmpOp, Column, Value};

/// Values that a column never has.
type Never<'a> = &'a [(&'static str, Value)];

/// Whether a record can match: `false` only when none ever can.
///
/// Looked at are tests of one column that exclude each other. What is found possible may match nothing all the same.
#[must_use]
pub fn can_match(filter: &Checked, never: Never<'_>) -> bool {
    let mut columns = HashMap::new();
    narrow(filter, never, &mut columns) && columns.values().all(Range::is_open)
}

/// What the tests of one column leave of its values.
#[derive(Clone, Debug, Default)]
struct Range<'a> {
    /// One of these, when they are listed.
    listed: Option<Vec<&'a Value>>,
    /// None of these.
    excluded: Vec<&'a Value>,
    /// The least value, and whether it is within.
    low: Option<(&'a Value, bool)>,
    /// The greatest value, and whether it is within.
    high: Option<(&'a Value, bool)>,
    must_be_null: bool,
    must_be_set: bool,
}

type Ranges<'a> = HashMap<&'static str, Range<'a>>;

impl<'a> Range<'a> {
    fn is_open(&self) -> bool {
        let is_crossed = self.low.zip(self.high).is_some_and(|((low, from), (high, to))| {
            alike(low, high) && (low > high || (low == high && !(from && to)))
        });
        let is_emptied = self.listed.as_ref().is_some_and(|values| !values.iter().any(|value| self.holds(value)));
        let is_torn = self.must_be_null && self.must_be_set;
        !(is_crossed || is_emptied || is_torn)
    }

    fn holds(&self, value: &Value) -> bool {
        let is_above = |(low, within): (&Value, bool)| !alike(low, value) || value > low || (within && value == low);
        let is_below =
            |(high, within): (&Value, bool)| !alike(high, value) || value < high || (within && value == high);
        self.low.is_none_or(is_above) && self.high.is_none_or(is_below) && !self.excluded.contains(&value)
    }

    fn test(&mut self, op: CmpOp, value: &'a Value) {
        self.must_be_set = true;
        match op {
            CmpOp::Eq => self.list(std::slice::from_ref(value)),
            CmpOp::Gt | CmpOp::Ge => {
                let is_tighter = self.low.is_none_or(|(low, was)| value > low || (value == low && was));
                self.low = if is_tighter { Some((value, op == CmpOp::Ge)) } else { self.low };
            }
            CmpOp::Lt | CmpOp::Le => {
                let is_tighter = self.high.is_none_or(|(high, was)| value < high || (value == high && was));
                self.high = if is_tighter { Some((value, op == CmpOp::Le)) } else { self.high };
            }
        }
    }

    fn list(&mut self, values: &'a [Value]) {
        self.must_be_set = true;
        let kept = match self.listed.take() {
            Some(before) => before.into_iter().filter(|value| values.contains(value)).collect(),
            None => values.iter().collect(),
        };
        self.listed = Some(kept);
    }

    fn exclude(&mut self, inner: &'a Checked) {
        match inner {
            Checked::NotNull { .. } => self.must_be_null = true,
            Checked::Cmp { op: CmpOp::Eq, value, .. } => self.excluded.push(value),
            Checked::In { values, .. } => self.excluded.extend(values),
            _ => {}
        }
    }
}

fn alike(one: &Value, other: &Value) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
}

/// Notes what a part that must hold says about columns; answers whether it can hold by itself.
fn narrow<'a>(filter: &'a Checked, never: Never<'a>, columns: &mut Ranges<'a>) -> bool {
    match filter {
        Checked::False => false,
        Checked::And(parts) => parts.iter().all(|part| narrow(part, never, columns)),
        Checked::Or(parts) => parts.iter().any(|part| can_match(part, never)),
        Checked::Cmp { column, op, value } => {
            range(columns, *column, never).test(*op, value);
            true
        }
        Checked::In { column, values } => {
            range(columns, *column, never).list(values);
            true
        }
        Checked::NotNull { column } | Checked::Text { column, .. } => {
            range(columns, *column, never).must_be_set = true;
            true
        }
        Checked::Not(inner) => {
            if let Some(column) = column_of(inner) {
                range(columns, column, never).exclude(inner);
            }
            **inner != Checked::True
        }
        Checked::True | Checked::Tags { .. } | Checked::HasTags { .. } => true,
        Checked::Through { .. } | Checked::Exists { .. } => true,
    }
}

fn range<'a, 'b>(columns: &'b mut Ranges<'a>, column: Column, never: Never<'a>) -> &'b mut Range<'a> {
    columns.entry(column.name).or_insert_with(|| Range {
        excluded: never.iter().filter(|(name, _)| *name == column.name).map(|(_, value)| value).collect(),
        ..Range::default()
    })
}

fn column_of(filter: &Checked) -> Option<Column> {
    match filter {
        Checked::NotNull { column } | Checked::Cmp { column, .. } | Checked::In { column, .. } => Some(*column),
        _ => None,
    }
}
