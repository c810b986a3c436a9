//! A checked filter: every name resolved, every value typed, every macro expanded; ready to become SQL or to be evaluated.
//!
//! The meaning is two-valued. A leaf is a *positive* test and is false when its column is null; `Not` is real negation.
//! Whatever is negative in the language (`!=`, `!~`, `NOT IN`, `IS NULL`, `HAS NONE`) is `Not` around the positive leaf,
//! outside of the references its path goes through; so `owner.name != 'Ada'` holds for a record without an owner.
//! A SQL compiler must therefore guard nullable columns: `(col IS NOT NULL AND col = ?)`.

use crate::kind::RecordKind;
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

/// A filter that fits the fields of one kind of record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checked {
    /// Every record.
    True,
    /// No record.
    False,
    /// All of them; at least two.
    And(Vec<Checked>),
    /// Any of them; at least two.
    Or(Vec<Checked>),
    /// Exactly the records that do not match.
    Not(Box<Checked>),
    /// A comparison; false on null. Text compares by its bytes (`BINARY`, `COLLATE "C"`).
    Cmp {
        /// The left side.
        column: Column,
        /// How to compare.
        op: CmpOp,
        /// The right side, to be bound.
        value: Value,
    },
    /// Equal to one of at least one value, all of one type; false on null.
    In {
        /// The left side.
        column: Column,
        /// The values, to be bound.
        values: Vec<Value>,
    },
    /// The column holds something.
    NotNull {
        /// The column.
        column: Column,
    },
    /// Part of a text, ignoring the case of A–Z and of no other letter; false on null.
    ///
    /// `lower(col)` of SQLite and `lower(col COLLATE "C")` of PostgreSQL do exactly that. Compare with `instr`/`strpos`,
    /// `substr`/`left`/`right`, not with `LIKE`: the needle is no pattern.
    Text {
        /// The column.
        column: Column,
        /// Where the needle must stand.
        how: TextMatch,
        /// The text to look for, A–Z already lower-cased, never empty.
        needle: String,
    },
    /// A test of a set of tags; a null set is empty.
    Tags {
        /// The column of the set.
        column: Column,
        /// Any or all of the values.
        how: TagMatch,
        /// At least one value.
        values: Vec<String>,
    },
    /// The set of tags has at least one member.
    HasTags {
        /// The column of the set.
        column: Column,
    },
    /// The record that a reference leads to matches; false when the reference is null.
    Through {
        /// The referring column of this record.
        column: Column,
        /// The kind of the record it leads to.
        target: RecordKind,
        /// The filter on that record.
        inner: Box<Checked>,
    },
    /// At least one record that refers to this one matches.
    Exists {
        /// The kind of the referring records.
        target: RecordKind,
        /// Their column that holds this record's id.
        foreign_key: &'static str,
        /// The filter on them.
        inner: Box<Checked>,
    },
}

/// A column of the record under test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Column {
    /// Its name in the table.
    pub name: &'static str,
    /// Whether it can be null.
    pub is_nullable: bool,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CmpOp {
    /// Equal.
    Eq,
    /// Greater.
    Gt,
    /// Greater or equal.
    Ge,
    /// Less.
    Lt,
    /// Less or equal.
    Le,
}

/// Where a needle must stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextMatch {
    /// Anywhere.
    Contains,
    /// At the beginning.
    StartsWith,
    /// At the end.
    EndsWith,
}

/// How many of the values a set must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TagMatch {
    /// At least one.
    Any,
    /// Every one.
    All,
}

/// A typed value, to be bound and never spliced.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// A text or a code.
    Text(String),
    /// A whole number, or minor units of money.
    Integer(i64),
    /// True or false.
    Bool(bool),
    /// A calendar date.
    Date(NaiveDate),
    /// A moment, to the microsecond.
    Instant(DateTime<Utc>),
    /// An identity.
    Id(Uuid),
}

impl Checked {
    /// All of `parts`, without needless levels.
    #[must_use]
    pub fn all_of(parts: Vec<Self>) -> Self {
        if parts.contains(&Self::False) {
            return Self::False;
        }
        let kept = parts.into_iter().filter(|part| *part != Self::True).collect();
        unwrap_single(kept, Self::And).unwrap_or(Self::True)
    }

    /// Any of `parts`, without needless levels.
    #[must_use]
    pub fn any_of(parts: Vec<Self>) -> Self {
        if parts.contains(&Self::True) {
            return Self::True;
        }
        let kept = parts.into_iter().filter(|part| *part != Self::False).collect();
        unwrap_single(kept, Self::Or).unwrap_or(Self::False)
    }

    /// The opposite, without double negation.
    #[must_use]
    pub fn negate(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    /// How many values it compares with, all of them to be bound.
    #[must_use]
    pub fn values(&self) -> usize {
        match self {
            Self::True | Self::False | Self::NotNull { .. } | Self::HasTags { .. } => 0,
            Self::And(parts) | Self::Or(parts) => parts.iter().map(Self::values).sum(),
            Self::Not(inner) | Self::Through { inner, .. } | Self::Exists { inner, .. } => inner.values(),
            Self::Cmp { .. } | Self::Text { .. } => 1,
            Self::In { values, .. } => values.len(),
            Self::Tags { values, .. } => values.len(),
        }
    }

    /// The same filter for records of which some columns are known: lists over them are decided.
    pub(super) fn assuming(self, known: &[(Column, Value)]) -> Self {
        let each = |parts: Vec<Self>| parts.into_iter().map(|part| part.assuming(known)).collect();
        match self {
            Self::And(parts) => Self::all_of(each(parts)),
            Self::Or(parts) => Self::any_of(each(parts)),
            Self::Not(inner) => inner.assuming(known).negate(),
            Self::In { column, values } => match known.iter().find(|(other, _)| *other == column) {
                Some((_, value)) if values.contains(value) => Self::True,
                Some(_) => Self::False,
                None => Self::In { column, values },
            },
            other => other,
        }
    }
}

/// `None` for nothing, the one itself for one, else the level.
fn unwrap_single(mut parts: Vec<Checked>, level: fn(Vec<Checked>) -> Checked) -> Option<Checked> {
    match parts.len() {
        0 => None,
        1 => parts.pop(),
        _ => Some(level(parts)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(name: &'static str) -> Checked {
        Checked::NotNull { column: Column { name, is_nullable: true } }
    }

    #[test]
    fn levels_that_decide_nothing_disappear() {
        assert_eq!(Checked::all_of(vec![]), Checked::True);
        assert_eq!(Checked::any_of(vec![]), Checked::False);
        assert_eq!(Checked::all_of(vec![Checked::True, leaf("a")]), leaf("a"));
        assert_eq!(Checked::any_of(vec![Checked::True, leaf("a")]), Checked::True);
        assert_eq!(Checked::all_of(vec![leaf("a"), leaf("b")]), Checked::And(vec![leaf("a"), leaf("b")]));
        assert_eq!(leaf("a").negate().negate(), leaf("a"));
    }
}
