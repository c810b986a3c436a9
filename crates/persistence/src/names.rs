//! The names of records and people, for views that mention them.

use diesel::prelude::*;
use diesel::sql_types::Text;
use uuid::Uuid;

use rapport_domain::kind::RecordKind;

use crate::connection::{Db, native};
use crate::fragment::{Fragment, Statement};
use crate::types::{Id, Uid};

/// The names of these users, teams or owned records; one statement, however many.
///
/// # Errors
/// When the database fails.
pub fn names_of(db: &mut Db, kind: RecordKind, ids: &[Uuid]) -> QueryResult<Vec<(Uuid, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = Fragment::sql("SELECT id, name FROM ").push(kind.plural()).push(" WHERE id IN ");
    let query = Statement::<(Uid, Text)>::of(sql.bind_list(ids.iter().copied()));
    let rows: Vec<(Id, String)> = native!(db, |c| query.load(c))?;
    Ok(rows.into_iter().map(|(id, name)| (id.0, name)).collect())
}

#[derive(Debug, QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    n: i64,
}

/// How many living records of `kind`, those in `without` left out, refer to `id` in this column.
///
/// # Errors
/// When the database fails.
pub fn referrers(db: &mut Db, kind: RecordKind, column: &'static str, id: Uuid, without: &[Uuid]) -> QueryResult<i64> {
    let mut sql = Fragment::sql("SELECT COUNT(*) AS n FROM ")
        .push(kind.plural())
        .push(" WHERE deleted_at IS NULL AND ")
        .push(column)
        .push(" = ")
        .bind(id);
    if !without.is_empty() {
        sql = sql.push(" AND id NOT IN ").bind_list(without.iter().copied());
    }
    let rows: Vec<Count> = sql.load_rows(db)?;
    Ok(rows.first().map_or(0, |row| row.n))
}
