//! The words of search, made anew from the records.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};
use uuid::Uuid;

use rapport_domain::kind::RecordKind;
use rapport_domain::search::tsvector;

use super::{BackupError, Progress, Report};
use crate::connection::Db;
use crate::error::StoreError;
use crate::schema::{search_docs, search_index};
use crate::search::{beside, mark, marked};
use crate::types::Id;

/// What search knows of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The record.
    pub id: Uuid,
    /// What search finds it by.
    pub tokens: Vec<String>,
    /// The folded text that long needles are looked up in.
    pub body: String,
}

/// Whoever knows how records become words.
pub trait Documents {
    /// The documents of these records of one kind, those that are alive.
    ///
    /// # Errors
    /// When the database fails.
    fn documents(&self, db: &mut Db, kind: RecordKind, ids: &[Uuid]) -> Result<Vec<Document>, StoreError>;
}

/// How many records at once.
const PORTION: i64 = 400;

type Row = (i64, Id, String);

/// Fills in the words of every record that was indexed, in the order in which that had happened.
pub(super) fn index(db: &mut Db, engine: &dyn Documents, report: Report<'_>) -> Result<u64, BackupError> {
    let (mut last, mut count) = (i64::MIN, 0);
    loop {
        let rows: Vec<Row> = search_docs::table
            .select((search_docs::seq, search_docs::record_id, search_docs::record_type))
            .filter(search_docs::seq.gt(last))
            .order(search_docs::seq)
            .limit(PORTION)
            .load(db)?;
        let Some((seq, _, _)) = rows.last() else { return Ok(count) };
        last = *seq;
        count += u64::try_from(rows.len()).unwrap_or(u64::MAX);
        let made = documents(db, engine, &rows)?;
        match db {
            Db::Sqlite(c) => write_sqlite(c, &made)?,
            Db::Pg(c) => write_postgres(c, &made)?,
        }
        report(Progress { rows: count, part: "indexing" });
    }
}

/// The document of each row, in the order of the rows.
fn documents(
    db: &mut Db,
    engine: &dyn Documents,
    rows: &[Row],
) -> Result<Vec<(i64, RecordKind, Document)>, BackupError> {
    let mut by_kind: BTreeMap<RecordKind, BTreeMap<Uuid, i64>> = BTreeMap::new();
    for (seq, id, kind) in rows {
        let kind =
            RecordKind::parse(kind).ok_or_else(|| BackupError::Unsound(format!("nobody knows what a '{kind}' is")))?;
        by_kind.entry(kind).or_default().insert(id.0, *seq);
    }
    let mut made = Vec::with_capacity(rows.len());
    for (kind, seqs) in by_kind {
        let ids: Vec<Uuid> = seqs.keys().copied().collect();
        let found = engine.documents(db, kind, &ids)?;
        made.extend(found.into_iter().filter_map(|document| Some((*seqs.get(&document.id)?, kind, document))));
    }
    if made.len() != rows.len() {
        return Err(BackupError::Unsound("records that search should know are not there, or in the trash".into()));
    }
    made.sort_unstable_by_key(|(seq, _, _)| *seq);
    Ok(made)
}

fn write_sqlite(c: &mut SqliteConnection, made: &[(i64, RecordKind, Document)]) -> QueryResult<()> {
    let mut words = Vec::with_capacity(made.len());
    for (seq, kind, document) in made {
        diesel::update(search_docs::table.find(seq))
            .set((search_docs::body.eq(&document.body), search_docs::tokens.eq(beside(&document.tokens))))
            .execute(c)?;
        let tokens = marked(*kind, &document.tokens).join(" ");
        words.push((search_index::rowid.eq(*seq), search_index::tokens.eq(tokens)));
    }
    diesel::insert_into(search_index::table).values(words).execute(c).map(drop)
}

fn write_postgres(c: &mut PgConnection, made: &[(i64, RecordKind, Document)]) -> QueryResult<()> {
    let seqs: Vec<i64> = made.iter().map(|(seq, _, _)| *seq).collect();
    let bodies: Vec<&str> = made.iter().map(|(_, _, document)| document.body.as_str()).collect();
    let words: Vec<String> = made.iter().map(|(_, kind, document)| tsvector(mark(*kind), &document.tokens)).collect();
    diesel::sql_query(
        "UPDATE search_docs SET body = made.body, tokens = made.words::tsvector
         FROM unnest($1, $2, $3) AS made (seq, body, words) WHERE search_docs.seq = made.seq",
    )
    .bind::<Array<BigInt>, _>(seqs)
    .bind::<Array<Text>, _>(bodies)
    .bind::<Array<Text>, _>(words)
    .execute(c)
    .map(drop)
}
