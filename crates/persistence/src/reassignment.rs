//! Records whose source, status or stage is taken away get another one: every one of them, also those in the trash,
//! each with its line in the history and its event.
//!
//! Nobody comes to what is taken away at the same moment: whoever begins to refer to it holds it ([`hold_row`]) and looks
//! at it as it is then; whoever takes it away, or gives it another meaning, closes it before counting or moving anything.

use diesel::prelude::*;
use serde_json::json;

use rapport_domain::access::Ownership;
use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;

use crate::changes::{Change, FieldChange, changes_insert_from};
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
        let ids: Vec<Id> = held.iter().map(|row| row.id).collect();
        let touched = rewrite(tx, context, &reference.rewrite(also), &ids, |_| vec![reference.change()])?;
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

impl Reference<'_> {
    fn rewrite(&self, also: &Fragment) -> Rewrite<'static> {
        let set = Fragment::sql(self.column).push(" = ").bind(Bind::Text(self.to.to_owned())).append(also.clone());
        Rewrite { kind: self.kind, action: "update", set, from: None }
    }

    fn change(&self) -> FieldChange {
        FieldChange { field: self.column.to_owned(), old: json!(self.from), new: json!(self.to) }
    }
}

/// What is written into many records at once.
#[derive(Clone, Debug)]
pub(crate) struct Rewrite<'a> {
    /// The kind of the records.
    pub(crate) kind: RecordKind,
    /// What the history calls it.
    pub(crate) action: &'a str,
    /// Columns and their new values, as SQL.
    pub(crate) set: Fragment,
    /// Whose the records were, where this gives them to somebody else.
    pub(crate) from: Option<Ownership>,
}

/// Writes into a portion of records, each with a version more, its line in the history and its event. They must be held.
pub(crate) fn rewrite(
    tx: &mut Tx<'_>,
    context: &Context,
    rewrite: &Rewrite<'_>,
    ids: &[Id],
    fields: impl Fn(Id) -> Vec<FieldChange>,
) -> QueryResult<Vec<Touched>> {
    let touched: Vec<Touched> = Fragment::sql("UPDATE ")
        .push(rewrite.kind.plural())
        .push(" SET ")
        .append(stamp(context))
        .push(", ")
        .append(rewrite.set.clone())
        .push(" WHERE id IN (")
        .bind_all(ids.iter().copied().map(Bind::Id))
        .push(") RETURNING id, version")
        .ad_hoc()
        .load_rows(tx)?;
    let line = |row: &Touched| change(context, rewrite.kind, row.id, row.version, rewrite.action, fields(row.id));
    let changes: Vec<_> = touched.iter().map(line).collect();
    changes_insert_from(tx, &changes.iter().collect::<Vec<_>>(), rewrite.from)?;
    Ok(touched)
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
