//! Records whose source, status or stage is taken away get another one: every one of them, also those in the trash,
//! each with its line in the history and its event.

use diesel::prelude::*;
use serde_json::json;

use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;

use crate::changes::{Change, FieldChange, changes_insert};
use crate::connection::Db;
use crate::error::StoreError;
use crate::fragment::{Bind, Fragment};
use crate::store::Tx;
use crate::types::{Id, Instant, Json, Uid};

/// How many records one statement writes.
const PORTION: i64 = 500;

/// A reference that records have to something configurable.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reference<'a> {
    /// The kind of the records.
    pub(crate) kind: RecordKind,
    /// The column, whose name is also that of the field.
    pub(crate) column: &'static str,
    /// What it holds.
    pub(crate) from: &'a str,
    /// What it shall hold.
    pub(crate) to: &'a str,
}

#[derive(Debug, QueryableByName)]
pub(crate) struct Touched {
    #[diesel(sql_type = Uid)]
    pub(crate) id: Id,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    pub(crate) version: i64,
}

/// Puts `to` where `from` stands; `also` (` , column = …`) is written along. Answers how many records that were.
pub(crate) fn reassign(
    tx: &mut Tx<'_>,
    context: &Context,
    reference: Reference<'_>,
    also: &Fragment,
) -> Result<i64, StoreError> {
    if reference.from == reference.to {
        return Ok(0);
    }
    let mut total = 0;
    loop {
        let touched = reassign_portion(tx, context, reference, also)?;
        history(tx, context, reference, &touched)?;
        let count = i64::try_from(touched.len()).unwrap_or(i64::MAX);
        total += count;
        if count < PORTION {
            return Ok(total);
        }
    }
}

fn reassign_portion(
    tx: &mut Tx<'_>,
    context: &Context,
    reference: Reference<'_>,
    also: &Fragment,
) -> QueryResult<Vec<Touched>> {
    let table = reference.kind.plural();
    Fragment::sql("UPDATE ")
        .push(table)
        .push(" SET ")
        .append(stamp(context))
        .push(", ")
        .push(reference.column)
        .push(" = ")
        .bind(Bind::Text(reference.to.to_owned()))
        .append(also.clone())
        .push(" WHERE id IN (SELECT id FROM ")
        .push(table)
        .push(" WHERE ")
        .push(reference.column)
        .push(" = ")
        .bind(Bind::Text(reference.from.to_owned()))
        .push(" LIMIT ")
        .bind(Bind::Integer(PORTION))
        .push(") RETURNING id, version")
        .load_rows(tx)
}

/// The columns that say that, when and by whom a record was changed.
pub(crate) fn stamp(context: &Context) -> Fragment {
    let sql = Fragment::sql("version = version + 1, updated_at = ")
        .bind(Bind::Instant(Instant(context.now)))
        .push(", updated_by = ");
    match context.actor.user() {
        Some(user) => sql.bind(user),
        None => sql.push("NULL"),
    }
}

fn history(tx: &mut Tx<'_>, context: &Context, reference: Reference<'_>, touched: &[Touched]) -> QueryResult<()> {
    let field =
        FieldChange { field: reference.column.to_owned(), old: json!(reference.from), new: json!(reference.to) };
    let changes: Vec<_> = touched
        .iter()
        .map(|row| change(context, reference.kind, row.id, row.version, "update", vec![field.clone()]))
        .collect();
    changes_insert(tx, &changes)
}

/// A line of the history, by whoever the context says.
pub(crate) fn change(
    context: &Context,
    kind: RecordKind,
    id: Id,
    version: i64,
    action: &str,
    fields: Vec<FieldChange>,
) -> Change {
    Change {
        id: Id(context.next_id()),
        record_type: kind.as_str().to_owned(),
        record_id: id,
        version,
        action: action.to_owned(),
        via: context.actor.via.as_str().to_owned(),
        actor_id: context.actor.user().map(Id),
        actor_name: context.actor.name.clone(),
        request_id: context.request_id.clone(),
        at: Instant(context.now),
        fields: Json(fields),
    }
}

/// How many records of a kind refer to a key, dead or alive.
pub(crate) fn references(db: &mut Db, kind: RecordKind, column: &str, key: &str) -> QueryResult<i64> {
    let rows: Vec<Count> = Fragment::sql("SELECT COUNT(*) AS n FROM ")
        .push(kind.plural())
        .push(" WHERE ")
        .push(column)
        .push(" = ")
        .bind(Bind::Text(key.to_owned()))
        .load_rows(db)?;
    Ok(rows.first().map_or(0, |row| row.n))
}

#[derive(Debug, QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    n: i64,
}
