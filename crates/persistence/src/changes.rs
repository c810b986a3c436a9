//! The history of records: one row for each change, written in the same transaction as the change itself.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use rapport_domain::access::Ownership;
use rapport_domain::kind::RecordKind;

use crate::activities::Moment;
use crate::connection::{Db, insert_many, native};
use crate::fragment::{Bind, Fragment, Statement};
use crate::outbox::outbox_insert_all;
use crate::schema::changes;
use crate::store::Tx;
use crate::types::{Id, Instant, Json};

/// One field before and after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The field's name in the API.
    pub field: String,
    /// What it was.
    pub old: Value,
    /// What it is.
    pub new: Value,
}

/// One change of one record.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable)]
#[diesel(table_name = changes, treat_none_as_default_value = false)]
pub struct Change {
    /// The id of the change.
    pub id: Id,
    /// The kind of the record.
    pub record_type: String,
    /// The record.
    pub record_id: Id,
    /// The version the change made.
    pub version: i64,
    /// create, update, delete, restore, move, convert, undo …
    pub action: String,
    /// How it came in: session, api_key, cli, system.
    pub via: String,
    /// Who did it.
    pub actor_id: Option<Id>,
    /// The name they had.
    pub actor_name: String,
    /// The request it came with.
    pub request_id: Option<String>,
    /// When.
    pub at: Instant,
    /// What changed.
    pub fields: Json<Vec<FieldChange>>,
}

pub(crate) fn change_insert(tx: &mut Tx<'_>, change: &Change) -> QueryResult<()> {
    diesel::insert_into(changes::table).values(change).execute(&mut **tx).map(drop)
}

/// Many changes at once, each with its event; the records stay with their owners.
pub(crate) fn changes_insert(tx: &mut Tx<'_>, rows: &[&Change]) -> QueryResult<()> {
    changes_insert_from(tx, rows, None)
}

/// The same for changes that give records to somebody else; `from` is whose they all were.
pub(crate) fn changes_insert_from(tx: &mut Tx<'_>, rows: &[&Change], from: Option<Ownership>) -> QueryResult<()> {
    insert_many!(&mut **tx, changes::table, rows.to_vec())?;
    outbox_insert_all(tx, rows, from)
}

/// The history of a record from the newest change down, those below version `before`.
///
/// # Errors
/// When the database fails.
pub fn changes_of(
    db: &mut Db,
    kind: RecordKind,
    record: Uuid,
    before: Option<i64>,
    limit: i64,
) -> QueryResult<Vec<Change>> {
    changes::table
        .filter(changes::record_type.eq(kind.as_str()))
        .filter(changes::record_id.eq(Id(record)))
        .filter(changes::version.lt(before.unwrap_or(i64::MAX)))
        .order(changes::version.desc())
        .limit(limit)
        .load(db)
}

/// The history of a record in the order of time, newest first, what is older than a moment.
///
/// # Errors
/// When the database fails.
pub fn changes_before(
    db: &mut Db,
    kind: RecordKind,
    record: Uuid,
    before: Option<Moment>,
    limit: i64,
) -> QueryResult<Vec<Change>> {
    let mut sql = Fragment::sql(
        "SELECT id, record_type, record_id, version, action, via, actor_id, actor_name, request_id, at, fields FROM changes \
         WHERE record_id = ",
    )
    .bind(record)
    .push(" AND record_type = ")
    .bind(Bind::Text(kind.as_str().to_owned()));
    if let Some(before) = before {
        sql = sql.push(" AND ").append(before.older());
    }
    let sql = sql.push(" ORDER BY at DESC, id DESC LIMIT ").bind(Bind::Integer(limit));
    let query = Statement::<changes::SqlType>::of(sql);
    native!(db, |c| query.load(c))
}

/// What has changed since a version, oldest first: what somebody with that version did not see.
///
/// # Errors
/// When the database fails.
pub fn changes_since(db: &mut Db, kind: RecordKind, record: Uuid, version: i64) -> QueryResult<Vec<Change>> {
    changes::table
        .filter(changes::record_type.eq(kind.as_str()))
        .filter(changes::record_id.eq(Id(record)))
        .filter(changes::version.gt(version))
        .order(changes::version.asc())
        .limit(200)
        .load(db)
}
