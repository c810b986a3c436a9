//! A piece of SQL whose text is ours and whose values are always bound.
//!
//! Filters, row scopes, sort orders and search hits become fragments, so that typed diesel queries can take conditions
//! that are only known at run time. Text enters a fragment as `&'static str` or from the field catalogue; everything a
//! caller sent enters as a [`Bind`].

use std::marker::PhantomData;

use chrono::NaiveDate;
use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool, Date, Integer, Text, Untyped};
use diesel::sqlite::Sqlite;
use uuid::Uuid;

use crate::connection::{Db, native};
use crate::types::{Id, Instant, Ts, Uid};

/// A bound value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Bind {
    Text(String),
    Integer(i64),
    Small(i32),
    Bool(bool),
    Date(NaiveDate),
    Instant(Instant),
    Id(Id),
}

impl From<Uuid> for Bind {
    fn from(id: Uuid) -> Self {
        Self::Id(Id(id))
    }
}

impl From<Id> for Bind {
    fn from(id: Id) -> Self {
        Self::Id(id)
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Sql(String),
    Bind(Bind),
    /// The same thought in each dialect.
    Dialect {
        sqlite: &'static str,
        postgres: &'static str,
    },
    /// The same thought in each dialect, with values.
    Either {
        sqlite: Fragment,
        postgres: Fragment,
    },
}

/// A boolean or ordering expression put together at run time.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Fragment {
    pieces: Vec<Piece>,
    /// Written by a caller (a filter), so there is no end of different texts: such a statement is not kept prepared.
    is_ad_hoc: bool,
}

impl Fragment {
    /// Text of our own.
    pub(crate) fn sql(text: &str) -> Self {
        Self::default().push(text)
    }

    /// Always true.
    pub(crate) fn all() -> Self {
        Self::sql("1 = 1")
    }

    /// Never true.
    pub(crate) fn none() -> Self {
        Self::sql("1 = 0")
    }

    /// Appends text of our own.
    #[must_use]
    pub(crate) fn push(mut self, text: &str) -> Self {
        if let Some(Piece::Sql(last)) = self.pieces.last_mut() {
            last.push_str(text);
        } else {
            self.pieces.push(Piece::Sql(text.to_owned()));
        }
        self
    }

    /// Appends text that the dialects spell differently.
    #[must_use]
    pub(crate) fn dialect(mut self, sqlite: &'static str, postgres: &'static str) -> Self {
        self.pieces.push(Piece::Dialect { sqlite, postgres });
        self
    }

    /// Appends what the dialects say in different ways with different values.
    #[must_use]
    pub(crate) fn either(mut self, sqlite: Self, postgres: Self) -> Self {
        self.pieces.push(Piece::Either { sqlite, postgres });
        self
    }

    /// Appends a value.
    #[must_use]
    pub(crate) fn bind(mut self, value: impl Into<Bind>) -> Self {
        self.pieces.push(Piece::Bind(value.into()));
        self
    }

    /// Appends values, separated by commas.
    #[must_use]
    pub(crate) fn bind_all(self, values: impl IntoIterator<Item = Bind>) -> Self {
        values
            .into_iter()
            .enumerate()
            .fold(self, |sql, (n, value)| if n == 0 { sql } else { sql.push(", ") }.bind(value))
    }

    /// Appends values in brackets, for `IN`. The last one stands there several times, up to a power of two: lists of all lengths
    /// have a dozen texts, each of which is worth keeping prepared.
    #[must_use]
    pub(crate) fn bind_list(self, values: impl IntoIterator<Item = impl Into<Bind>>) -> Self {
        let mut values: Vec<Bind> = values.into_iter().map(Into::into).collect();
        if let Some(last) = values.last().cloned() {
            values.resize(values.len().next_power_of_two(), last);
        }
        self.push("(").bind_all(values).push(")")
    }

    /// Marks the text as one of very many, not worth keeping prepared.
    #[must_use]
    pub(crate) fn ad_hoc(mut self) -> Self {
        self.is_ad_hoc = true;
        self
    }

    /// Appends another fragment.
    #[must_use]
    pub(crate) fn append(mut self, other: Self) -> Self {
        self.is_ad_hoc |= other.is_ad_hoc;
        for piece in other.pieces {
            match piece {
                Piece::Sql(text) => self = self.push(&text),
                piece => self.pieces.push(piece),
            }
        }
        self
    }

    /// Both hold.
    #[must_use]
    pub(crate) fn and(self, other: Self) -> Self {
        self.push(" AND ").append(other)
    }

    /// The parts, each in brackets, joined by ` AND ` or ` OR `; `empty` where there are none.
    pub(crate) fn join(parts: Vec<Self>, joint: &str, empty: Self) -> Self {
        if parts.is_empty() {
            return empty;
        }
        parts.into_iter().enumerate().fold(Self::default(), |sql, (n, part)| {
            if n == 0 { sql } else { sql.push(joint) }.push("(").append(part).push(")")
        })
    }
}

impl QueryId for Fragment {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Expression for Fragment {
    type SqlType = Bool;
}

impl<QS> AppearsOnTable<QS> for Fragment {}
impl<QS> SelectableExpression<QS> for Fragment {}
impl<G> ValidGrouping<G> for Fragment {
    type IsAggregate = is_aggregate::No;
}

macro_rules! walk {
    ($backend:ty, |$sqlite:ident, $postgres:ident| $text:expr) => {
        impl QueryFragment<$backend> for Fragment {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, $backend>) -> QueryResult<()> {
                if self.is_ad_hoc {
                    out.unsafe_to_cache_prepared();
                }
                for piece in &self.pieces {
                    match piece {
                        Piece::Sql(text) => out.push_sql(text),
                        Piece::Dialect { sqlite: $sqlite, postgres: $postgres } => out.push_sql($text),
                        Piece::Either { sqlite: $sqlite, postgres: $postgres } => {
                            QueryFragment::<$backend>::walk_ast($text, out.reborrow())?;
                        }
                        Piece::Bind(Bind::Text(v)) => out.push_bind_param::<Text, _>(v)?,
                        Piece::Bind(Bind::Integer(v)) => out.push_bind_param::<BigInt, _>(v)?,
                        Piece::Bind(Bind::Small(v)) => out.push_bind_param::<Integer, _>(v)?,
                        Piece::Bind(Bind::Bool(v)) => out.push_bind_param::<Bool, _>(v)?,
                        Piece::Bind(Bind::Date(v)) => out.push_bind_param::<Date, _>(v)?,
                        Piece::Bind(Bind::Instant(v)) => out.push_bind_param::<Ts, _>(v)?,
                        Piece::Bind(Bind::Id(v)) => out.push_bind_param::<Uid, _>(v)?,
                    }
                }
                Ok(())
            }
        }
    };
}
walk!(Sqlite, |sqlite, _postgres| sqlite);
walk!(Pg, |_sqlite, postgres| postgres);

impl QueryFragment<crate::connection::MultiBackend> for Fragment {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, crate::connection::MultiBackend>) -> QueryResult<()> {
        crate::connection::MultiBackend::walk_variant_ast(self, out)
    }
}

// ---------------------------------------------------------------- whole statements

impl Fragment {
    /// Runs the fragment as a whole statement; rows are read by column name.
    pub(crate) fn load_rows<T>(self, db: &mut Db) -> QueryResult<Vec<T>>
    where
        T: QueryableByName<diesel::sqlite::Sqlite> + QueryableByName<diesel::pg::Pg> + 'static,
    {
        let whole = Statement::<Untyped>::of(self);
        native!(db, |c| whole.load(c))
    }

    /// Runs the fragment as a whole statement without rows; answers how many rows it has changed. Unlike
    /// [`diesel::sql_query`] it is kept prepared.
    pub(crate) fn run(self, db: &mut Db) -> QueryResult<usize> {
        let whole = Statement::<Untyped>::of(self);
        native!(db, |c| whole.execute(c))
    }
}

/// A fragment that is a statement of its own, whose rows have these columns ([`Untyped`] for rows that are read by name).
#[derive(Debug)]
pub(crate) struct Statement<Columns> {
    sql: Fragment,
    columns: PhantomData<Columns>,
}

impl<Columns> Statement<Columns> {
    /// The whole text.
    pub(crate) const fn of(sql: Fragment) -> Self {
        Self { sql, columns: PhantomData }
    }
}

impl<Columns> QueryId for Statement<Columns> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Columns, DB: Backend> QueryFragment<DB> for Statement<Columns>
where
    Fragment: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.sql.walk_ast(pass)
    }
}

impl<Columns> Query for Statement<Columns> {
    type SqlType = Columns;
}

impl<Columns, C> RunQueryDsl<C> for Statement<Columns> {}

#[cfg(test)]
mod tests {
    use super::*;

    /// The statement as it is prepared, and its values.
    fn of_list(numbers: std::ops::Range<i64>) -> (String, String) {
        let sql = Fragment::sql("SELECT 1 WHERE 1 IN ").bind_list(numbers.map(Bind::Integer));
        let told = diesel::debug_query::<Sqlite, _>(&Statement::<Untyped>::of(sql)).to_string();
        let (text, values) = told.split_once(" -- binds: ").unwrap_or((&told, ""));
        (text.to_owned(), values.to_owned())
    }

    #[test]
    fn lists_of_all_lengths_have_few_texts_and_their_own_values() {
        let texts: std::collections::HashSet<_> = (1..=500).map(|length| of_list(0..length).0).collect();
        assert_eq!(texts.len(), 10);
        assert_eq!(of_list(0..3), ("SELECT 1 WHERE 1 IN (?, ?, ?, ?)".to_owned(), "[0, 1, 2, 2]".to_owned()));
        assert_eq!(of_list(0..1).0, "SELECT 1 WHERE 1 IN (?)");
    }
}
