//! Counts and sums by the values of some columns: facets, board columns, list totals, reports.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use rapport_domain::filter::{Field, FieldKind};

use crate::connection::Db;
use crate::fragment::{Bind, Fragment};
use crate::records::{Approach, Selection};

/// What to group by and what to add up.
#[derive(Clone, Debug)]
pub struct Grouping {
    /// At most two fields; texts, codes, flags, references and tags.
    pub by: Vec<&'static Field>,
    /// A money field to add up, per currency.
    pub sum: Option<&'static Field>,
    /// Whether to add up the amount weighted by the probability as well.
    pub is_weighted: bool,
}

/// One group in one currency; a group with several currencies is several rows.
#[derive(Clone, Debug, PartialEq, QueryableByName)]
pub struct Group {
    /// The value of the first field, as text.
    #[diesel(sql_type = Nullable<Text>)]
    pub first: Option<String>,
    /// The value of the second field.
    #[diesel(sql_type = Nullable<Text>)]
    pub second: Option<String>,
    /// ISO 4217.
    #[diesel(sql_type = Nullable<Text>)]
    pub currency: Option<String>,
    /// How many records.
    #[diesel(sql_type = BigInt)]
    pub count: i64,
    /// Minor units.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub total: Option<i64>,
    /// Minor units, each amount times its probability.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub weighted: Option<i64>,
}

/// The groups of a selection, most populous first, at most `limit` of them.
///
/// # Errors
/// When the database fails.
pub fn record_groups(db: &mut Db, selection: &Selection, grouping: &Grouping, limit: i64) -> QueryResult<Vec<Group>> {
    let keys = [grouping.by.first().copied(), grouping.by.get(1).copied()];
    let mut sql = Fragment::sql("SELECT ");
    for (key, name) in keys.iter().zip([" AS first, ", " AS second, "]) {
        sql = match key {
            Some(field) => as_text(sql, field),
            None => sql.push("CAST(NULL AS text)"),
        }
        .push(name);
    }
    let mut columns: Vec<&str> = keys.iter().flatten().map(|field| column_of(field)).collect();
    sql = match grouping.sum.map(|field| (field.column, field.kind)) {
        Some((amount, FieldKind::Money { currency_column })) => {
            columns.push(currency_column);
            let weighted = if grouping.is_weighted { "probability" } else { "100" };
            sql.push(currency_column).push(" AS currency, COUNT(*) AS count, CAST(SUM(").push(amount).push(") AS BIGINT) AS total, CAST(SUM((")
                .push(amount)
                .push(" * ")
                .push(weighted)
                .push(" + 50) / 100) AS BIGINT) AS weighted FROM ")
        }
        _ => sql.push("CAST(NULL AS text) AS currency, COUNT(*) AS count, CAST(NULL AS BIGINT) AS total, CAST(NULL AS BIGINT) AS weighted FROM "),
    };
    sql = sql.push(selection.kind.plural());
    if keys.iter().flatten().any(|field| field.kind == FieldKind::Tags) {
        // Ids are unique among all kinds, so the tags of a record are found by its id alone.
        sql = sql.push(" LEFT JOIN record_tags ON record_id = id");
    }
    sql = sql.push(" WHERE ").append(selection.condition(Approach::FROM_HITS));
    if !columns.is_empty() {
        sql = sql.push(" GROUP BY ").push(&columns.join(", "));
    }
    sql.push(" ORDER BY count DESC, first, second, currency LIMIT ").bind(Bind::Integer(limit)).load_rows(db)
}

/// The column that holds the values of a field: those of tags stand in a table of their own, one row for each.
fn column_of(field: &Field) -> &'static str {
    if field.kind == FieldKind::Tags { "tag" } else { field.column }
}

/// A key as text: ids in hexadecimal, so that both databases answer alike.
fn as_text(sql: Fragment, field: &Field) -> Fragment {
    match field.kind {
        FieldKind::Id | FieldKind::Ref { .. } => {
            sql.dialect("lower(hex(", "CAST((").push(field.column).dialect("))", ") AS text)")
        }
        _ => sql.push("CAST(").push(column_of(field)).push(" AS text)"),
    }
}
