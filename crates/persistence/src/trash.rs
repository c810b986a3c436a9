//! The trash of every owned table.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use uuid::Uuid;

use rapport_domain::access::Visibility;
use rapport_domain::kind::RecordKind;

use crate::connection::Db;
use crate::fragment::{Bind, Fragment};
use crate::scope;
use crate::types::{Id, Instant, Ts, Uid};

/// A deleted record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trashed {
    /// Its kind.
    pub kind: RecordKind,
    /// Its id.
    pub id: Id,
    /// Its number.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// When it was deleted.
    pub deleted_at: Instant,
    /// By whom.
    pub deleted_by: Option<Id>,
}

#[derive(Debug, QueryableByName)]
struct Row {
    #[diesel(sql_type = Uid)]
    id: Id,
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Ts)]
    deleted_at: Instant,
    #[diesel(sql_type = Nullable<Uid>)]
    deleted_by: Option<Id>,
}

/// The deleted records of one kind, the last one first.
///
/// # Errors
/// When the database fails.
pub fn trash_list(db: &mut Db, kind: RecordKind, visibility: &Visibility, limit: i64) -> QueryResult<Vec<Trashed>> {
    let sql = Fragment::sql("SELECT id, number, name, deleted_at, deleted_by FROM ")
        .push(kind.plural())
        .push(" WHERE deleted_at IS NOT NULL AND ")
        .append(scope::within(visibility))
        .push(" ORDER BY deleted_at DESC, id DESC LIMIT ")
        .bind(Bind::Integer(limit));
    let rows: Vec<Row> = sql.load_rows(db)?;
    let trashed = |row: Row| Trashed {
        kind,
        id: row.id,
        number: row.number,
        name: row.name,
        deleted_at: row.deleted_at,
        deleted_by: row.deleted_by,
    };
    Ok(rows.into_iter().map(trashed).collect())
}

/// The ids of what has been in the trash since before `before`, the oldest first.
///
/// # Errors
/// When the database fails.
pub fn trash_expired(db: &mut Db, kind: RecordKind, before: Instant, limit: i64) -> QueryResult<Vec<Uuid>> {
    #[derive(QueryableByName)]
    struct Expired {
        #[diesel(sql_type = Uid)]
        id: Id,
    }
    let sql = Fragment::sql("SELECT id FROM ")
        .push(kind.plural())
        .push(" WHERE deleted_at IS NOT NULL AND deleted_at < ")
        .bind(Bind::Instant(before))
        .push(" ORDER BY deleted_at, id LIMIT ")
        .bind(Bind::Integer(limit));
    let rows: Vec<Expired> = sql.load_rows(db)?;
    Ok(rows.into_iter().map(|row| row.id.0).collect())
}
