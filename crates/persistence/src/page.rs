//! Keyset pages: which order, and where to go on.
//!
//! A page starts after the sort values of the last row of the page before it. Nulls come last in every order on both
//! databases. With one sort column, its non-null rows and its null rows are two index ranges, read one after the other;
//! with several, the order of the first one leads and the rest decides within ties.

use std::cmp::Ordering;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::catalogue;
use crate::fragment::{Bind, Fragment};
use crate::types::{Id, Instant};

/// The value a row has in a sort column.
#[derive(Clone, Debug, PartialEq)]
pub enum SortValue {
    /// Nothing; such rows come last.
    Null,
    /// Text, by its bytes.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A date.
    Date(NaiveDate),
    /// A moment.
    Instant(chrono::DateTime<chrono::Utc>),
}

/// One column of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SortColumn {
    /// The column, or an expression of ours over columns.
    pub column: &'static str,
    /// Whether it can be null.
    pub is_nullable: bool,
    /// Whether large values come first.
    pub is_descending: bool,
}

/// The whole order of a list; ties go by id, in the direction of the last column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// At least one column.
    pub columns: Vec<SortColumn>,
}

/// The place after which a page begins.
#[derive(Clone, Debug, PartialEq)]
pub struct After {
    /// The sort values of the last row, one for each column of the order.
    pub values: Vec<SortValue>,
    /// Its id.
    pub id: Uuid,
}

impl SortValue {
    /// The order of two values of a column, as both databases have it: text by its bytes, nothing last in either direction.
    fn compare(&self, other: &Self, is_descending: bool) -> Ordering {
        let directed = |ordering: Ordering| if is_descending { ordering.reverse() } else { ordering };
        match (self, other) {
            (Self::Null, Self::Null) => Ordering::Equal,
            (Self::Null, _) => Ordering::Greater,
            (_, Self::Null) => Ordering::Less,
            (Self::Text(one), Self::Text(other)) => directed(one.as_bytes().cmp(other.as_bytes())),
            (Self::Integer(one), Self::Integer(other)) => directed(one.cmp(other)),
            (Self::Date(one), Self::Date(other)) => directed(one.cmp(other)),
            (Self::Instant(one), Self::Instant(other)) => directed(one.cmp(other)),
            _ => Ordering::Equal,
        }
    }

    fn bind(&self) -> Option<Bind> {
        match self {
            Self::Null => None,
            Self::Text(text) => Some(Bind::Text(text.clone())),
            Self::Integer(number) => Some(Bind::Integer(*number)),
            Self::Date(date) => Some(Bind::Date(*date)),
            Self::Instant(at) => Some(Bind::Instant(Instant(*at))),
        }
    }
}

/// A range of one index: which rows, and in which order.
#[derive(Clone, Debug)]
pub(crate) struct Segment {
    pub(crate) condition: Fragment,
    pub(crate) order: Fragment,
}

/// What is known of the rows of a range.
#[derive(Clone, Copy, Debug)]
struct Range {
    /// The direction of the ids among equals.
    ids_descend: bool,
    /// The first column is not null in any of the rows.
    is_filled: bool,
}

impl Order {
    /// The order of two rows with these sort values and ids.
    pub(crate) fn compare(&self, one: &After, other: &After) -> Ordering {
        let values = one.values.iter().zip(&other.values).zip(&self.columns);
        let by_value = values.map(|((one, other), column)| one.compare(other, column.is_descending));
        let by_id = if self.is_descending() { other.id.cmp(&one.id) } else { one.id.cmp(&other.id) };
        by_value.fold(Ordering::Equal, Ordering::then).then(by_id)
    }

    fn is_descending(&self) -> bool {
        self.columns.last().is_some_and(|column| column.is_descending)
    }

    /// The order of lists that ask for none, in either direction: scopes and filters have an index in it.
    pub(crate) fn is_by_update(&self) -> bool {
        matches!(self.columns.as_slice(), [only] if only.column == "updated_at")
    }

    /// The column that counts first.
    pub(crate) fn lead(&self) -> Option<&'static str> {
        self.columns.first().map(|column| column.column)
    }

    /// Whether an index has all rows in this order.
    pub(crate) fn has_index(&self) -> bool {
        self.lead().is_some_and(catalogue::has_order)
    }

    /// The ranges to read in turn until the page is full.
    pub(crate) fn segments(&self, after: Option<&After>) -> Vec<Segment> {
        let Some((lead, rest)) = self.columns.split_first() else { return Vec::new() };
        if !lead.is_nullable {
            return vec![Segment { condition: self.beyond(after), order: self.order_by(&self.columns, true) }];
        }
        let lead_is_null = after.is_some_and(|after| after.values.first() == Some(&SortValue::Null));
        let filled = Segment {
            condition: Fragment::sql(lead.column).push(" IS NOT NULL AND ").append(self.beyond(after)),
            order: self.order_by(&self.columns, true),
        };
        let nulls_after = after
            .filter(|_| lead_is_null)
            .map(|after| After { values: after.values.get(1..).unwrap_or_default().to_vec(), id: after.id });
        let empty = Segment {
            condition: Fragment::sql(lead.column).push(" IS NULL AND ").append(
                Self { columns: rest.to_vec() }
                    .beyond_or_tie(nulls_after.as_ref(), Range { ids_descend: self.is_descending(), is_filled: false }),
            ),
            order: self.order_by(rest, false),
        };
        if lead_is_null { vec![empty] } else { vec![filled, empty] }
    }

    /// `is_filled`: the first column is not null in any of the rows.
    fn order_by(&self, columns: &[SortColumn], is_filled: bool) -> Fragment {
        let lead = columns.first().copied().filter(|_| is_filled);
        let listed = columns.iter().fold(Fragment::default(), |sql, column| {
            let direction = if column.is_descending { " DESC" } else { " ASC" };
            let nulls = if column.is_nullable && Some(*column) != lead { " NULLS LAST" } else { "" };
            sql.push(column.column).push(direction).push(nulls).push(", ")
        });
        listed.push(if self.is_descending() { "id DESC" } else { "id ASC" })
    }

    fn beyond(&self, after: Option<&After>) -> Fragment {
        self.beyond_or_tie(after, Range { ids_descend: self.is_descending(), is_filled: true })
    }

    /// The rows of a range behind `after`.
    fn beyond_or_tie(&self, after: Option<&After>, range: Range) -> Fragment {
        let Some(after) = after else { return Fragment::all() };
        let compare = |descending: bool| if descending { " < " } else { " > " };
        let is_filled = range.is_filled || self.columns.first().is_some_and(|lead| !lead.is_nullable);
        if let ([column], [value]) = (self.columns.as_slice(), after.values.as_slice())
            && let Some(bound) = value.bind().filter(|_| is_filled)
        {
            // A row value is one index range on both databases; `a < ? OR (a = ? AND id < ?)` is not.
            return Fragment::sql("(")
                .push(column.column)
                .push(", id)")
                .push(compare(column.is_descending))
                .push("(")
                .bind(bound)
                .push(", ")
                .bind(Bind::Id(Id(after.id)))
                .push(")");
        }
        let tie = Fragment::sql("id").push(compare(range.ids_descend)).bind(Bind::Id(Id(after.id)));
        let expanded = self
            .columns
            .iter()
            .zip(&after.values)
            .rev()
            .fold(tie, |inner, (column, value)| Self::step(*column, value, inner));
        let lead = if is_filled { self.lead_range(after) } else { Fragment::default() };
        Fragment::sql("(").append(lead).append(expanded).push(")")
    }

    /// Behind in this column, or level with it and behind in the next.
    fn step(column: SortColumn, value: &SortValue, inner: Fragment) -> Fragment {
        let name = column.column;
        let Some(bound) = value.bind() else {
            return Fragment::sql("(").push(name).push(" IS NULL AND ").append(inner).push(")");
        };
        let compare = if column.is_descending { " < " } else { " > " };
        let nulls =
            if column.is_nullable { Fragment::sql(" OR ").push(name).push(" IS NULL") } else { Fragment::default() };
        Fragment::sql("(")
            .push(name)
            .push(compare)
            .bind(bound.clone())
            .append(nulls)
            .push(" OR (")
            .push(name)
            .push(" = ")
            .bind(bound)
            .push(" AND ")
            .append(inner)
            .push("))")
    }

    /// `lead <= value`, which lets the planner start in the middle of an index.
    fn lead_range(&self, after: &After) -> Fragment {
        match (self.columns.first(), after.values.first().and_then(SortValue::bind)) {
            (Some(lead), Some(bound)) => Fragment::sql(lead.column)
                .push(if lead.is_descending { " <= " } else { " >= " })
                .bind(bound)
                .push(" AND "),
            _ => Fragment::default(),
        }
    }
}
