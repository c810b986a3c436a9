//! Records whose source, status or stage is taken away get another one: every one of them, also those in the trash,
//! each with its line in the history and its event.
//!
//! Nobody comes to what is taken away at the same moment: whoever begins to refer to it holds it ([`hold_row`]) and looks
//! at it as it is then; whoever takes it away, or gives it another meaning, closes it before counting or moving anything.

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
pub(crate) const PORTION: i64 = 500;

/// Keeps records that are about to be moved as they are; whoever is changing one at this moment is waited for, and the
/// record left out if it is no longer meant. SQLite has one writer, who is alone anyway.
pub(crate) fn held() -> Fragment {
    Fragment::default().dialect("", " FOR NO KEY UPDATE")
}

/// Reads the row of a query and keeps it from being removed or given another meaning until the transaction ends.
macro_rules! hold_row {
    ($tx:expr, $query:expr) => {
        match &mut **$tx {
            $crate::connection::Db::Sqlite(c) => $query.get_result(c),
            $crate::connection::Db::Pg(c) => $query.for_key_share().get_result(c),
        }
        .optional()
    };
}
pub(crate) use hold_row;

/// Keeps others from beginning to refer to a key until the transaction ends.
pub(crate) fn close(tx: &mut Tx<'_>, table: &'static str, key: &str) -> QueryResult<()> {
    let sql = Fragment::sql("SELECT version AS n FROM ").push(table).push(" WHERE key = ");
    let _closed: Vec<Count> = sql.bind(Bind::Text(key.to_owned())).dialect("", " FOR UPDATE").load_rows(tx)?;
    Ok(())
}

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
        let held = hold_portion(tx, reference)?;
        if held.is_empty() {
            return Ok(total);
        }
        let touched = write(tx, context, reference, also, &held)?;
        history(tx, context, reference, &touched)?;
        total += i64::try_from(touched.len()).unwrap_or(i64::MAX);
    }
}

fn hold_portion(tx: &mut Tx<'_>, reference: Reference<'_>) -> QueryResult<Vec<Touched>> {
    Fragment::sql("SELECT id, version FROM ")
        .push(reference.kind.plural())
        .push(" WHERE ")
        .push(reference.column)
        .push(" = ")
        .bind(Bind::Text(reference.from.to_owned()))
        .push(" LIMIT ")
        .bind(Bind::Integer(PORTION))
        .append(held())
        .load_rows(tx)
}

fn write(
    tx: &mut Tx<'_>,
    context: &Context,
    reference: Reference<'_>,
    also: &Fragment,
    held: &[Touched],
) -> QueryResult<Vec<Touched>> {
    Fragment::sql("UPDATE ")
        .push(reference.kind.plural())
        .push(" SET ")
        .append(stamp(context))
        .push(", ")
        .push(reference.column)
        .push(" = ")
        .bind(Bind::Text(reference.to.to_owned()))
        .append(also.clone())
        .push(" WHERE id IN (")
        .bind_all(held.iter().map(|row| Bind::Id(row.id)))
        .push(") RETURNING id, version")
        .ad_hoc()
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
    changes_insert(tx, &changes.iter().collect::<Vec<_>>())
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
