//! Full-text search over tokens that the domain made, the same on both databases.
//!
//! SQLite keeps them in an FTS5 table whose rowid is `search_docs.seq`, PostgreSQL in a `tsvector` with a GIN index.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};
use uuid::Uuid;

use rapport_domain::access::Visibility;
use rapport_domain::kind::RecordKind;
use rapport_domain::search::Query;

use crate::connection::Db;
use crate::fragment::{Bind, Fragment};
use crate::satellites::Satellites;
use crate::scope;
use crate::store::Tx;
use crate::types::{Id, Uid};

#[derive(Debug, QueryableByName)]
struct Seq {
    #[diesel(sql_type = BigInt)]
    seq: i64,
}

/// Makes a record findable.
pub(crate) fn index(tx: &mut Tx<'_>, kind: RecordKind, id: Id, around: &Satellites) -> QueryResult<()> {
    match &mut **tx {
        Db::Sqlite(c) => {
            let row: Seq = diesel::sql_query("INSERT INTO search_docs (record_id, record_type, body) VALUES (?, ?, ?) RETURNING seq")
                .bind::<Uid, _>(id)
                .bind::<Text, _>(kind.as_str())
                .bind::<Text, _>(&around.body)
                .get_result(c)?;
            diesel::sql_query("INSERT INTO search_index (rowid, tokens) VALUES (?, ?)")
                .bind::<BigInt, _>(row.seq)
                .bind::<Text, _>(around.tokens.join(" "))
                .execute(c)
                .map(drop)
        }
        Db::Pg(c) => diesel::sql_query("INSERT INTO search_docs (record_id, record_type, body, tokens) VALUES ($1, $2, $3, array_to_tsvector($4))")
            .bind::<Uid, _>(id)
            .bind::<Text, _>(kind.as_str())
            .bind::<Text, _>(&around.body)
            .bind::<Array<Text>, _>(&around.tokens)
            .execute(c)
            .map(drop),
    }
}

/// Makes a record unfindable.
pub(crate) fn forget(tx: &mut Tx<'_>, id: Id) -> QueryResult<()> {
    if let Db::Sqlite(c) = &mut **tx {
        diesel::sql_query("DELETE FROM search_index WHERE rowid IN (SELECT seq FROM search_docs WHERE record_id = ?)").bind::<Uid, _>(id).execute(c)?;
        return diesel::sql_query("DELETE FROM search_docs WHERE record_id = ?").bind::<Uid, _>(id).execute(c).map(drop);
    }
    if let Db::Pg(c) = &mut **tx {
        diesel::sql_query("DELETE FROM search_docs WHERE record_id = $1").bind::<Uid, _>(id).execute(c)?;
    }
    Ok(())
}

/// The condition that a row of `kind` is found by `query`.
pub(crate) fn hits(kind: RecordKind, query: &Query) -> Fragment {
    Fragment::sql("id IN (SELECT record_id FROM search_docs WHERE record_type = ")
        .bind(Bind::Text(kind.as_str().to_owned()))
        .push(" AND ")
        .append(matching(query))
        .push(")")
}

/// The test that a row of `search_docs` has the words of `query`.
fn matching(query: &Query) -> Fragment {
    let words = Fragment::default().search(query.fts5(), query.tsquery());
    query.needles.iter().fold(words, |sql, needle| {
        // Pairs of letters ignore their order, so a longer needle is looked up in the text of the few that are left.
        sql.dialect(" AND instr(body, ", " AND strpos(body, ").bind(Bind::Text(needle.clone())).push(") > 0")
    })
}

/// A record that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Its kind.
    pub kind: RecordKind,
    /// Its id.
    pub id: Uuid,
}

#[derive(Debug, QueryableByName)]
struct HitRow {
    #[diesel(sql_type = Uid)]
    id: Id,
}

/// The ids of the records of one kind that are found, last indexed first.
///
/// # Errors
/// When the database fails.
pub fn search(db: &mut Db, kind: RecordKind, visibility: &Visibility, query: &Query, limit: i64) -> QueryResult<Vec<Hit>> {
    let sql = Fragment::sql("SELECT found.id AS id FROM (SELECT seq, record_id FROM search_docs WHERE record_type = ")
        .bind(Bind::Text(kind.as_str().to_owned()))
        .push(" AND ")
        .append(matching(query))
        .push(") AS hit JOIN ")
        .push(kind.plural())
        .push(" AS found ON found.id = hit.record_id WHERE found.deleted_at IS NULL AND ")
        .append(scope::within(visibility))
        .push(" ORDER BY hit.seq DESC LIMIT ")
        .bind(Bind::Integer(limit));
    let rows: Vec<HitRow> = sql.load_rows(db)?;
    Ok(rows.into_iter().map(|row| Hit { kind, id: row.id.0 }).collect())
}
